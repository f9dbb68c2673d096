"""All traffic is traffic that the published description of the API knows."""

import importlib.util
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.sheets_api import SheetsApi
from tests.sheets_api.schema import KINDS, MESSAGES

SCALARS: dict[str, Any] = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}


@cache
def published() -> Any:
    spec = importlib.util.find_spec("googleapiclient")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("google-api-python-client is not installed")
    folder = Path(spec.submodule_search_locations[0], "discovery_cache", "documents")
    return json.loads((folder / "sheets.v4.json").read_text(encoding="utf-8"))


def methods(resource: Any) -> Iterator[Any]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods(inner)


def method_of(verb: str, path: str) -> Any:
    """Find the published method for a path: that with the longest template that fits."""
    fitting = []
    for method in methods(published()):
        pattern = re.sub(r"\\{(\w+)\\}", r"(.+)", re.escape("/" + method["path"]))
        if verb == method["httpMethod"] and re.fullmatch(pattern, path):
            fitting.append(method)
    return max(fitting, key=lambda method: len(method["path"]))


def misfits(schema: Any, value: Any, where: str) -> Iterator[str]:
    """Name what of a JSON value a published schema does not know."""
    schema = published()["schemas"][schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type")
    if value is None or kind == "any":
        return
    if kind == "object" and isinstance(value, dict):
        for name, item in value.items():
            inner = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            yield from misfits(inner, item, f"{where}.{name}") if inner else [f"{where}.{name}?"]
    elif kind == "array" and isinstance(value, list):
        for place, item in enumerate(value):
            yield from misfits(schema["items"], item, f"{where}[{place}]")
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where} = {value!r}: no such value"
    elif kind in ("object", "array") or not isinstance(value, SCALARS[kind]):
        yield f"{where} = {value!r}: not of type {kind}"


def entry_misfits(entry: Any) -> Iterator[str]:
    url = urlsplit(entry["path"])
    method = method_of(entry["method"], url.path)
    for name, _ in parse_qsl(url.query, keep_blank_values=True):
        if name not in method["parameters"] and name not in published()["parameters"]:
            yield f"query {name}"
    if entry["status"] == 200:
        yield from misfits(method["response"], entry["response"], "response")
    if "request" in method:
        yield from misfits(method["request"], entry["request"], "request")


def a_working_day(api: SheetsApi, client: Any) -> None:
    """Go through what the program does: read, check in, anchor, edit, arrange, throw away."""
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    place = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 4}
    anchor = {"metadataId": 9, "metadataKey": "okr.row", "metadataValue": "KR-3",
              "visibility": "DOCUMENT", "location": {"dimensionRange": row}}  # fmt: skip
    lookup = {"developerMetadataLookup": {"metadataId": 9}}
    cells = [{"userEnteredValue": {"numberValue": 46348},
              "userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}},
             {"userEnteredValue": {"stringValue": "=1"}, "note": "n"}]  # fmt: skip
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "done"}]}}
    api.human.edit("Key results!C2", "=1/0")
    api.human.protect("Check-ins!Z1")
    api.human.set_filter("Key results", "B", ["Win customers"])
    client.batch(
        {"createDeveloperMetadata": {"developerMetadata": anchor}},
        {"appendCells": {"sheetId": 7, "rows": [{"values": cells}], "fields": "*"}},
        {"setDataValidation": {"range": place, "rule": rule}},
        {"addSheet": {"properties": {"title": "New", "tabColorStyle": {"rgbColor": {"red": 1}}}}},
        {"addNamedRange": {"namedRange": {"name": "All", "range": place}}},
        {"addProtectedRange": {"protectedRange": {"range": place, "warningOnly": True}}},
        {"mergeCells": {"range": place | {"startColumnIndex": 20}, "mergeType": "MERGE_ROWS"}},
        {"insertDimension": {"range": row}},
        {"moveDimension": {"source": row, "destinationIndex": 9}},
        {"updateDimensionProperties": {"range": row, "properties": {"hiddenByUser": True},
                                       "fields": "hiddenByUser"}},
        includeSpreadsheetInResponse=True,
        responseIncludeGridData=True,
    )  # fmt: skip
    client.get(includeGridData=True)
    renders = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
    client.get("/values:batchGet", ranges=["'Key results'", "'Check-ins'!A1:Z9"], **renders)
    client.get("/developerMetadata/9")
    client.post("/developerMetadata:search", {"dataFilters": [lookup]})
    client.post("/values:batchGetByDataFilter", {"dataFilters": [lookup]})
    client.post(":getByDataFilter", {"dataFilters": [lookup], "includeGridData": True})
    body = {"valueInputOption": "RAW", "includeValuesInResponse": True,
            "data": [{"dataFilter": lookup, "values": [["x", None, 3]]}]}  # fmt: skip
    client.post("/values:batchUpdateByDataFilter", body)
    client.put("/values/A1", [["ID"]], includeValuesInResponse=True)
    client.post("/values/Check-ins:append", {"values": [[1]]}, valueInputOption="RAW")
    client.post("/values/Check-ins!A9:clear", {})
    client.post("/values:batchClear", {"ranges": ["Check-ins!A9"]})
    client.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}}, {"clearBasicFilter": {}})


def test_a_working_day_is_spoken_in_google_s_own_words(api: SheetsApi, client: Any) -> None:
    a_working_day(api, client)
    assert [(e["path"], e["response"]) for e in api.journal if e["status"] != 200] == []
    assert [fault for entry in api.journal for fault in entry_misfits(entry)] == []


def test_the_server_knows_no_message_or_field_that_google_does_not() -> None:
    schemas = published()["schemas"]
    for kind in KINDS:
        assert kind in schemas["Request"]["properties"]
    for name, fields in MESSAGES.items():
        published_name = f"{name[0].upper()}{name[1:]}Request" if name in KINDS else name
        unknown = set(fields) - set(schemas[published_name].get("properties", {}))
        assert not unknown, f"{published_name} has no {sorted(unknown)}"
