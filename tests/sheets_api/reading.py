"""spreadsheets.get: a spreadsheet as one object, cut to a field mask and to ranges."""

from collections.abc import Callable
from typing import Any

from tests.sheets_api import formats, formulas, metadata, protection
from tests.sheets_api.coercion import as_extended
from tests.sheets_api.masks import Mask, child, parse_mask, pick
from tests.sheets_api.ranges import Area, clamped, grid_range, parse_range, without_zero_id
from tests.sheets_api.state import EMPTY, Box, Cell, Json, Metadata, Spreadsheet, Tab


def get(book: Spreadsheet, options: Json, _: object = None) -> Json:
    areas = [clamped(parse_range(book, text)) for text in options.get("ranges") or []]
    mask = parse_mask(options["fields"], "Spreadsheet") if options.get("fields") else None
    return present(book, areas, mask, bool(options.get("includeGridData")))


def get_by_filter(book: Spreadsheet, options: Json, body: Json) -> Json:
    areas = [area for f in body.get("dataFilters") or [] for area in metadata.areas(book, f)]
    mask = parse_mask(options["fields"], "Spreadsheet") if options.get("fields") else None
    return present(
        book, areas, mask, bool(body.get("includeGridData")), bool(body.get("dataFilters"))
    )


def present(
    book: Spreadsheet, areas: list[Area], mask: Mask | None, has_grid: bool, is_cut: bool = False
) -> Json:
    """Give a spreadsheet: of the tabs only those that the areas lie on, if there are any areas.

    With a mask, the mask alone says whether cells are given.
    """
    wanted = {} if mask is None else mask
    data_mask = None
    if (sheet_mask := child(wanted, "sheets")) is not None:
        data_mask = child(sheet_mask, "data")
    if mask is None and not has_grid:
        data_mask = None
    named = {area.tab.sheet_id for area in areas}
    tabs = [(i, t) for i, t in enumerate(book.tabs) if t.sheet_id in named or not (areas or is_cut)]
    answer = _properties(book)
    answer["sheets"] = [_sheet(book, tab, index) for index, tab in tabs]
    answer = dict(pick(answer, wanted))
    if data_mask is not None:
        for sheet, (_, tab) in zip(answer["sheets"], tabs, strict=True):
            own = [area.box for area in areas if area.tab.sheet_id == tab.sheet_id] or [tab.box]
            sheet["data"] = [_grid(book, tab, box, data_mask) for box in own]
    if not answer.get("sheets", True):
        del answer["sheets"]
    return answer


def _properties(book: Spreadsheet) -> Json:
    answer: Json = {
        "spreadsheetId": book.id,
        "properties": {
            "title": book.title, "locale": book.locale,
            "autoRecalc": "ON_CHANGE", "timeZone": book.time_zone,
        },
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
        "namedRanges": [n | {"range": without_zero_id(n["range"])} for n in book.named_ranges],
        "developerMetadata": _entries(book, "SPREADSHEET"),
    }  # fmt: skip
    return {key: value for key, value in answer.items() if value != []}


def _entries(book: Spreadsheet, type_: str, sheet_id: int | None = None) -> list[Json]:
    entries = book.metadata.values()
    return [metadata.shown(e) for e in entries if (e.type, e.sheet_id) == (type_, sheet_id)]


def _sheet(book: Spreadsheet, tab: Tab, index: int) -> Json:
    answer: Json = {
        "properties": sheet_properties(tab, index),
        "merges": [without_zero_id(grid_range(tab.sheet_id, box)) for box in tab.merges],
        "protectedRanges": [protection.shown(protected) for protected in tab.protected],
        "developerMetadata": _entries(book, "SHEET", tab.sheet_id),
        "tables": tab.tables,
    }
    if tab.basic_filter:
        shown = tab.basic_filter | {"range": without_zero_id(tab.basic_filter["range"])}
        answer["basicFilter"] = shown
    return {key: value for key, value in answer.items() if value != []}


def sheet_properties(tab: Tab, index: int) -> Json:
    grid = {"rowCount": len(tab.rows), "columnCount": len(tab.columns)}
    answer: Json = {
        "sheetId": tab.sheet_id, "title": tab.title, "index": index, "sheetType": "GRID",
        "gridProperties": grid | {name: n for name, n in tab.frozen.items() if n},
    }  # fmt: skip
    if tab.hidden:
        answer["hidden"] = True
    if tab.tab_color:
        colour = {name: share for name, share in tab.tab_color.items() if share}
        answer |= {"tabColor": colour, "tabColorStyle": {"rgbColor": colour}}
    return answer


# ---------------------------------------------------------------- grid data


def _grid(book: Spreadsheet, tab: Tab, box: Box, mask: Mask) -> Json:
    answer: Json = {"startRow": box.top, "startColumn": box.left}
    answer = {key: value for key, value in pick(answer, mask).items() if value}
    if (row_mask := child(mask, "rowData")) is not None and (
        rows := _rows(book, tab, box, row_mask)
    ):
        answer["rowData"] = rows
    anchors = _by_line(book, tab)
    if (lines := child(mask, "rowMetadata")) is not None:
        shown = [
            _line(row._asdict(), anchors.get(("ROW", i), []), lines)
            for i, row in enumerate(tab.rows[box.top : box.bottom], start=box.top)
        ]
        answer["rowMetadata"] = shown
    if (lines := child(mask, "columnMetadata")) is not None:
        answer["columnMetadata"] = [
            _line(column._asdict(), anchors.get(("COLUMN", i), []), lines)
            for i, column in enumerate(tab.columns[box.left : box.right], start=box.left)
        ]
    return answer


def _by_line(book: Spreadsheet, tab: Tab) -> dict[tuple[str, int | None], list[Metadata]]:
    lines: dict[tuple[str, int | None], list[Metadata]] = {}
    for entry in book.metadata.values():
        if entry.sheet_id == tab.sheet_id and entry.line is not None:
            lines.setdefault((entry.type, entry.line), []).append(entry)
    return lines


def _line(line: Json, entries: list[Metadata], mask: Mask) -> Json:
    answer: Json = {
        "hiddenByUser": line["hidden_by_user"],
        "hiddenByFilter": line.get("hidden_by_filter", False),
        "pixelSize": line["pixel_size"],
        "developerMetadata": [metadata.shown(entry) for entry in entries],
    }
    return dict(pick({name: value for name, value in answer.items() if value}, mask))


def _rows(book: Spreadsheet, tab: Tab, box: Box, row_mask: Mask) -> list[Json]:
    cell_mask = child(row_mask, "values")
    if cell_mask is None:
        return []
    show = _cell_shower(book, tab, cell_mask)
    rows: list[Json] = []
    for row in tab.rows[box.top : box.bottom]:
        cells = row.cells[box.left : box.right]
        rows.append({"values": [show(cell) for cell in cells]} if cells else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cell_shower(book: Spreadsheet, tab: Tab, mask: Mask) -> Callable[[Cell], Json]:
    def effective(cell: Cell) -> Any:
        return as_extended(formulas.effective(book, tab, cell))

    def formatted(cell: Cell) -> str | None:
        number_format = (cell.format or {}).get("numberFormat")
        value = formulas.effective(book, tab, cell)
        return None if value is None else formats.shown(value, number_format, book.locale)

    makers: dict[str, Callable[[Cell], Any]] = {
        "userEnteredValue": lambda cell: as_extended(cell.entered),
        "effectiveValue": effective,
        "formattedValue": formatted,
        "userEnteredFormat": lambda cell: cell.format,
        "note": lambda cell: cell.note,
        "dataValidation": lambda cell: cell.validation,
    }
    chosen = [(n, f, mask.get(n, {})) for n, f in makers.items() if not mask or n in mask]

    def show(cell: Cell) -> Json:
        if cell is EMPTY:
            return {}
        found = ((name, make(cell), inner) for name, make, inner in chosen)
        return {name: pick(value, inner) for name, value, inner in found if value is not None}

    return show
