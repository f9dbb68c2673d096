"""spreadsheets.batchUpdate: many requests on one draft, all of them or none."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.sheets_api import (
    arranging,
    cells,
    metadata,
    protection,
    reading,
    structure,
    tabs,
)
from tests.sheets_api.errors import ApiError, invalid
from tests.sheets_api.masks import child, parse_mask, pick
from tests.sheets_api.ranges import clamped, parse_range, without_zero_id
from tests.sheets_api.state import Json, Spreadsheet

Silent = Callable[[Spreadsheet, Json], None]

SILENT: dict[str, Silent] = {
    "updateCells": cells.update_cells,
    "appendCells": cells.append_cells,
    "repeatCell": cells.repeat_cell,
    "setDataValidation": cells.set_data_validation,
    "insertDimension": structure.insert_dimension,
    "deleteDimension": structure.delete_dimension,
    "moveDimension": structure.move_dimension,
    "appendDimension": structure.append_dimension,
    "updateDimensionProperties": arranging.update_dimension_properties,
    "sortRange": arranging.sort_range,
    "mergeCells": arranging.merge_cells,
    "unmergeCells": arranging.unmerge_cells,
    "setBasicFilter": arranging.set_basic_filter,
    "clearBasicFilter": arranging.clear_basic_filter,
    "updateSheetProperties": tabs.update_sheet_properties,
    "updateSpreadsheetProperties": tabs.update_spreadsheet_properties,
    "deleteSheet": lambda draft, r: tabs.delete_sheet(draft, r.get("sheetId", 0)),
    "deleteNamedRange": lambda d, r: tabs.delete_named_range(d, r.get("namedRangeId", "")),
    "updateNamedRange": lambda d, r: tabs.update_named_range(
        d, r.get("namedRange", {}), r.get("fields", "")
    ),
    "updateProtectedRange": lambda d, r: protection.update(
        d, r.get("protectedRange", {}), r.get("fields", "")
    ),
    "deleteProtectedRange": lambda d, r: protection.delete(d, r.get("protectedRangeId", 0)),
}


class Batch:
    """Applies the requests of a batchUpdate. It holds the source of the ids that it gives out."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._telling: dict[str, Callable[[Spreadsheet, Json], Json]] = {
            "addSheet": lambda draft, r: tabs.add_sheet(draft, r, random),
            "addNamedRange": self._add_named_range,
            "addProtectedRange": self._add_protected_range,
            "createDeveloperMetadata": lambda draft, r: metadata.create(
                draft, r.get("developerMetadata", {}), self._new_id()
            ),
            "updateDeveloperMetadata": lambda draft, r: metadata.update(
                draft, r.get("dataFilters") or [], r.get("developerMetadata", {}),
                r.get("fields", ""),
            ),
            "deleteDeveloperMetadata": lambda draft, r: metadata.delete(
                draft, r.get("dataFilter", {})
            ),
        }  # fmt: skip

    def apply(self, draft: Spreadsheet, options: Json, body: Json) -> Json:
        """Apply all requests in order; give the replies, and the new state if it was asked for.

        Raises:
            ApiError: If any request is invalid. The draft is then to be thrown away.
        """
        requests = body.get("requests") or []
        if not requests:
            raise invalid("Must specify at least one request.")
        replies = [self._reply(draft, number, request) for number, request in enumerate(requests)]
        answer: Json = {"spreadsheetId": draft.id, "replies": replies}
        if body.get("includeSpreadsheetInResponse"):
            answer["updatedSpreadsheet"] = _updated(draft, options, body)
        if options.get("fields"):
            mask = parse_mask(options["fields"], "BatchUpdateSpreadsheetResponse")
            updated = answer.pop("updatedSpreadsheet", None)
            answer = pick(answer, mask)
            if updated is not None and child(mask, "updatedSpreadsheet") is not None:
                answer["updatedSpreadsheet"] = updated
        return answer

    def _reply(self, draft: Spreadsheet, number: int, request: Json) -> Json:
        if len(request) != 1:
            raise invalid(f"Invalid requests[{number}]: exactly one kind of request must be set.")
        [(kind, wanted)] = request.items()
        try:
            if kind in SILENT:
                SILENT[kind](draft, wanted)
                return {}
            said = self._telling[kind](draft, wanted)
        except ApiError as error:
            message = f"Invalid requests[{number}].{kind}: {error.message}"
            raise ApiError(error.status, message, error.details) from None
        except KeyError as error:
            message = f"Invalid requests[{number}].{kind}: Must specify {error}."
            raise invalid(message) from None
        return {kind: said}

    def _new_id(self) -> int:
        return self._random.randrange(1, 2**31)

    def _add_named_range(self, draft: Spreadsheet, request: Json) -> Json:
        new_id = str(self._new_id())
        stored = tabs.add_named_range(draft, request.get("namedRange", {}), new_id)
        return {"namedRange": stored | {"range": without_zero_id(stored["range"])}}

    def _add_protected_range(self, draft: Spreadsheet, request: Json) -> Json:
        wanted: Any = request.get("protectedRange", {})
        stored = protection.add(draft, wanted, keeps_out=False, new_id=self._new_id())
        return {"protectedRange": protection.shown(stored)}


def _updated(draft: Spreadsheet, options: Json, body: Json) -> Json:
    areas = [clamped(parse_range(draft, text)) for text in body.get("responseRanges") or []]
    mask = None
    if options.get("fields"):
        whole = parse_mask(options["fields"], "BatchUpdateSpreadsheetResponse")
        mask = child(whole, "updatedSpreadsheet")
        if mask is None:
            return {}
    return reading.present(draft, areas, mask, bool(body.get("responseIncludeGridData")))
