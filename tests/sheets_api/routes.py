"""Which path is which method of the API, and what each takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.sheets_api import append, drive, metadata, reading, values
from tests.sheets_api.errors import bad_field
from tests.sheets_api.state import Json

STANDARD = {"fields", "alt", "prettyPrint", "key", "access_token", "quotaUser", "$.xgafv"}
BOOLEANS = {"includeGridData", "includeValuesInResponse", "prettyPrint"}
RENDER = ("valueRenderOption", "dateTimeRenderOption", "majorDimension")
RESPONSE = ("includeValuesInResponse", "responseValueRenderOption", "responseDateTimeRenderOption")
BOOK = r"/v4/spreadsheets/(?P<id>[^/:?]+)"


@dataclass(frozen=True)
class Route:
    """One method of the API."""

    name: str
    verb: str
    pattern: re.Pattern[str]
    act: Callable[..., Any]  # of a version (or the store), the options and the body
    is_write: bool
    request: str | None = None  # the messages that it takes and gives
    response: str | None = None
    parameters: tuple[str, ...] = ()
    needs_write_scope: bool = False
    is_drive: bool = False


def _route(
    name: str, verb: str, path: str, act: Callable[..., Any], is_write: bool, request: str | None,
    response: str | None, parameters: tuple[str, ...] = (), needs_write_scope: bool = False,
) -> Route:  # fmt: skip
    pattern = re.compile(path if path.startswith("/drive") else BOOK + path)
    return Route(
        name, verb, pattern, act, is_write, request, response, parameters,
        needs_write_scope or is_write, path.startswith("/drive"),
    )  # fmt: skip


def sheets_routes(batch_update: Callable[..., Any]) -> list[Route]:
    """List the methods of Sheets; the first that fits a path is it."""
    r = _route
    return [
        r("spreadsheets.batchUpdate", "POST", ":batchUpdate", batch_update, True,
          "BatchUpdateSpreadsheetRequest", None),
        r("spreadsheets.getByDataFilter", "POST", ":getByDataFilter", reading.get_by_filter, False,
          "GetSpreadsheetByDataFilterRequest", None, (), True),
        r("developerMetadata.search", "POST", "/developerMetadata:search", metadata.search, False,
          "SearchDeveloperMetadataRequest", "SearchDeveloperMetadataResponse", (), True),
        r("developerMetadata.get", "GET", r"/developerMetadata/(?P<metadataId>\d+)", metadata.get,
          False, None, "DeveloperMetadata", (), True),
        r("values.batchGetByDataFilter", "POST", "/values:batchGetByDataFilter",
          metadata.batch_get, False, "BatchGetValuesByDataFilterRequest",
          "BatchGetValuesByDataFilterResponse", (), True),
        r("values.batchUpdateByDataFilter", "POST", "/values:batchUpdateByDataFilter",
          metadata.batch_update, True, "BatchUpdateValuesByDataFilterRequest",
          "BatchUpdateValuesByDataFilterResponse"),
        r("values.batchGet", "GET", "/values:batchGet", values.batch_get, False, None,
          "BatchGetValuesResponse", ("ranges", *RENDER)),
        r("values.batchUpdate", "POST", "/values:batchUpdate", values.batch_update, True,
          "BatchUpdateValuesRequest", "BatchUpdateValuesResponse"),
        r("values.batchClear", "POST", "/values:batchClear", values.batch_clear, True,
          "BatchClearValuesRequest", "BatchClearValuesResponse"),
        r("values.append", "POST", "/values/(?P<range>.+):append", append.append, True,
          "ValueRange", "AppendValuesResponse",
          ("valueInputOption", "insertDataOption", *RESPONSE)),
        r("values.clear", "POST", "/values/(?P<range>.+):clear", values.clear, True,
          "ClearValuesRequest", "ClearValuesResponse"),
        r("values.update", "PUT", "/values/(?P<range>.+)", values.update, True, "ValueRange",
          "UpdateValuesResponse", ("valueInputOption", *RESPONSE)),
        r("values.get", "GET", "/values/(?P<range>.+)", values.get, False, None, "ValueRange",
          RENDER),
        r("spreadsheets.get", "GET", "", reading.get, False, None, None,
          ("ranges", "includeGridData")),
    ]  # fmt: skip


DRIVE = r"/drive/v3/files"
DRIVE_PARAMETERS = ("supportsAllDrives", "includeItemsFromAllDrives", "q", "pageSize", "orderBy")
DRIVE_ROUTES = [
    _route("drive.create", "POST", DRIVE, drive.create, True, None, None, DRIVE_PARAMETERS),
    _route("drive.list", "GET", DRIVE, drive.listing, False, None, None, DRIVE_PARAMETERS),
    _route("drive.get", "GET", DRIVE + r"/(?P<fileId>[^/]+)", drive.get, False, None, None,
           DRIVE_PARAMETERS),
    _route("drive.delete", "DELETE", DRIVE + r"/(?P<fileId>[^/]+)", drive.delete, True, None, None,
           DRIVE_PARAMETERS),
]  # fmt: skip


def options_of(route: Route, match: re.Match[str], query: str) -> Json:
    """Read the path and the query of a request.

    Raises:
        ApiError: If the query has a parameter that the method does not.
    """
    options: Json = {name: unquote(text) for name, text in match.groupdict().items()}
    for name, given in parse_qs(query, keep_blank_values=True).items():
        if name not in STANDARD and name not in route.parameters:
            raise bad_field(
                "",
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                f"parameter. Field '{name}' could not be found in request message.",
            )
        options[name] = given if name == "ranges" else _option(name, given[-1])
    return options


def _option(name: str, text: str) -> str | bool:
    if name not in BOOLEANS:
        return text
    if text.lower() not in ("true", "false", "1", "0"):
        raise bad_field(name, f"Invalid value at '{name}' (TYPE_BOOL), \"{text}\"")
    return text.lower() in ("true", "1")
