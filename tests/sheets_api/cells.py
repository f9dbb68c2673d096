"""updateCells, appendCells, repeatCell and setDataValidation: typed cells by tab id."""

from collections.abc import Callable
from typing import Any

from tests.sheets_api import coercion, formats, formulas
from tests.sheets_api.errors import invalid, unsupported
from tests.sheets_api.masks import Mask, merged, parse_mask
from tests.sheets_api.protection import guard
from tests.sheets_api.ranges import beyond_grid, box_within
from tests.sheets_api.state import EMPTY, Box, Cell, Json, Spreadsheet, Tab
from tests.sheets_api.structure import check_room

WRITABLE = {"userEnteredValue", "userEnteredFormat", "note", "dataValidation"}
NO_FIELDS = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"


def update_cells(draft: Spreadsheet, request: Json) -> None:
    """Write cells to a range, or from a corner on. What of a range is not given is cleared."""
    mask = _mask(request)
    rows = [row.get("values") or [] for row in request.get("rows") or []]
    height, width = len(rows), max(map(len, rows), default=0)
    if ("range" in request) == ("start" in request):
        raise invalid("Must specify either a range or a start.")
    if "range" in request:
        tab = draft.edit(request["range"].get("sheetId", 0))
        box = box_within(tab, request["range"])
        if height > box.bottom - box.top:
            raise _beyond("row", box.top + height - 1, box.bottom - 1)
        if width > box.right - box.left:
            raise _beyond("column", box.left + width - 1, box.right - 1)
    else:
        start = request["start"]
        tab = draft.edit(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        box = Box(top, left, top + height, left + width)
        if box.bottom > len(tab.rows) or box.right > len(tab.columns):
            raise beyond_grid(tab, box)
        if not width:
            return
    is_range = "range" in request

    def given(row: int, column: int) -> Json | None:
        values = rows[row - box.top] if row - box.top < height else []
        place = column - box.left
        return values[place] if place < len(values) else {} if is_range else None

    _write(draft, tab, box, mask, given)


def _beyond(word: str, tried: int, last: int) -> Exception:
    return invalid(
        f"Attempting to write {word}: {tried}, beyond the last requested {word} of: {last}"
    )


def append_cells(draft: Spreadsheet, request: Json) -> None:
    """Write rows below the last row of the tab that holds a value. The grid grows for them."""
    mask = _mask(request)
    tab = draft.edit(request.get("sheetId", 0))
    rows = [row.get("values") or [] for row in request.get("rows") or []]
    width = max(map(len, rows), default=0)
    if width > len(tab.columns):
        raise unsupported("appendCells of rows wider than the grid")
    top = tab.rows_used()
    check_room(draft, tab, max(len(tab.rows), top + len(rows)), len(tab.columns))
    tab.grow(row_count=top + len(rows))

    def given(row: int, column: int) -> Json | None:
        values = rows[row - top]
        return values[column] if column < len(values) else None

    _write(draft, tab, Box(top, 0, top + len(rows), width), mask, given)


def repeat_cell(draft: Spreadsheet, request: Json) -> None:
    mask = _mask(request)
    tab = draft.edit(request.get("range", {}).get("sheetId", 0))
    box = box_within(tab, request.get("range", {}))
    data = request.get("cell", {})
    if "formulaValue" in data.get("userEnteredValue", {}):
        raise unsupported("repeatCell with a formula, which Google shifts from cell to cell")
    _write(draft, tab, box, mask, lambda row, column: data)


def set_data_validation(draft: Spreadsheet, request: Json) -> None:
    tab = draft.edit(request.get("range", {}).get("sheetId", 0))
    box = box_within(tab, request.get("range", {}))
    rule = {name: value for name, value in (request.get("rule") or {}).items() if value}
    condition = rule.get("condition", {})
    if rule and not condition.get("type"):
        raise invalid("A data validation rule must have a condition.")
    if condition.get("type") == "ONE_OF_LIST" and not condition.get("values"):
        raise invalid("ONE_OF_LIST conditions must have at least one value.")
    data = {"dataValidation": rule} if rule else {}
    _write(draft, tab, box, {"dataValidation": {}}, lambda row, column: data)


def _mask(request: Json) -> Mask:
    if not request.get("fields"):
        raise invalid(NO_FIELDS)
    mask = parse_mask(request["fields"], "CellData") or {name: {} for name in sorted(WRITABLE)}
    if read_only := set(mask) - WRITABLE:
        raise invalid(f"The fields {sorted(read_only)} of a cell are read-only.")
    return mask


def _write(
    draft: Spreadsheet, tab: Tab, box: Box, mask: Mask,
    given: Callable[[int, int], Json | None],
) -> None:  # fmt: skip
    """Put into each cell of a box what is given for it; None leaves the cell alone."""
    guard(tab, box)
    covered = tab.covered(box)
    for number in range(box.top, box.bottom):
        row = tab.rows[number]
        cells = [*row.cells, *[EMPTY] * (box.right - len(row.cells))]
        for column in range(box.left, box.right):
            data = given(number, column)
            if data is not None and (number, column) not in covered:
                cells[column] = _changed(draft, cells[column], data, mask)
        tab.rows[number] = row.with_cells(cells)


def _changed(draft: Spreadsheet, cell: Cell, data: Json, mask: Mask) -> Cell:
    changes: dict[str, Any] = {}
    if "userEnteredValue" in mask:
        entered = coercion.typed(data.get("userEnteredValue", {}))
        formulas.check(draft, entered)
        changes |= {"entered": entered, "result": None}
    if "userEnteredFormat" in mask:
        new = merged(cell.format, data.get("userEnteredFormat"), mask["userEnteredFormat"])
        number_format = (new or {}).get("numberFormat")
        if number_format and not formats.is_known(number_format):
            raise unsupported(f"the number format {number_format}")
        changes["format"] = new or None
    if "note" in mask:
        changes["note"] = data.get("note") or None
    if "dataValidation" in mask:
        changes["validation"] = data.get("dataValidation")
    return cell._replace(**changes)
