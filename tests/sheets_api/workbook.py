"""From an .xlsx file to a spreadsheet, as Google's import would make it, as far as tests need."""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.styles.numbers import is_date_format, is_datetime
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from tests.sheets_api import formats
from tests.sheets_api.coercion import plain
from tests.sheets_api.state import (
    BLANK_ROW,
    COLUMN_COUNT,
    FAILURES,
    PLAIN_COLUMN,
    ROW_COUNT,
    Box,
    Cell,
    Column,
    Formula,
    Json,
    Row,
    Spreadsheet,
    Tab,
)

KINDS = {"date": "DATE", "time": "TIME", "datetime": "DATE_TIME"}


def load(path: Path, spreadsheet_id: str) -> Spreadsheet:
    """Read a workbook: values, formulas with their cached values, and what lies over the grid."""
    book = load_workbook(path)
    has_formulas = any(c.data_type == "f" for ws in book for row in ws.iter_rows() for c in row)
    cached = load_workbook(path, data_only=True) if has_formulas else book
    tabs = [_tab(sheet, cached[sheet.title], i) for i, sheet in enumerate(book.worksheets)]
    return Spreadsheet(spreadsheet_id, path.stem, tabs)


def _tab(sheet: Worksheet, cached: Worksheet, sheet_id: int) -> Tab:
    rows = [
        _row(cells, cached, bool(sheet.row_dimensions[number].hidden))
        for number, cells in enumerate(sheet.iter_rows(), start=1)
    ]
    rows += [BLANK_ROW] * (ROW_COUNT - len(rows))
    width = max(COLUMN_COUNT, sheet.max_column)
    tab = Tab(sheet_id, sheet.title, rows, [PLAIN_COLUMN] * width)
    tab.hidden = sheet.sheet_state != "visible"
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            first = dimension.min or 1
            for place in range(first - 1, min(dimension.max or first, width)):
                tab.columns[place] = Column(hidden_by_user=True)
    _lay_over(tab, sheet)
    return tab


def _row(cells: tuple[Any, ...], cached: Worksheet, is_hidden: bool) -> Row:
    return Row(hidden_by_user=is_hidden).with_cells([_cell(cell, cached) for cell in cells])


def _cell(cell: XlsxCell, cached: Worksheet) -> Cell:
    value: Any = cell.value
    note = cell.comment.text if cell.comment else None
    if value is None and note is None:
        return Cell()
    number_format = _number_format(cell.number_format)
    shape = {"numberFormat": number_format} if number_format else None
    if cell.data_type == "f":
        text = value if isinstance(value, str) else str(value.text)
        result = cached.cell(cell.row, cell.column).value
        shown = FAILURES.get(result) if isinstance(result, str) else None
        return Cell(Formula(text), shown or _literal(result), shape, note)
    if cell.data_type == "e" and value in FAILURES:
        return Cell(Formula(f"={value}"), FAILURES[value], shape, note)
    return Cell(_literal(value), None, shape, note)


def _literal(value: Any) -> Any:
    """Give a cell's value as Google keeps it: days and times are serial numbers."""
    if isinstance(value, datetime | date | time | timedelta):
        return plain(round(float(to_excel(value)), 9))  # type: ignore[no-untyped-call]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return plain(value)
    return str(value) or None


def _number_format(code: str) -> Json | None:
    if code == "General":
        return None
    if code == "@":
        return {"type": "TEXT"}
    pattern = re.sub(r"\[\$-[^\]]*\]|\\|;@", "", code)
    if is_date_format(code):
        kind = KINDS[is_datetime(code) or "date"]
        wanted = {"type": kind, "pattern": pattern.lower()}
        return wanted if formats.is_known(wanted) else {"type": kind}
    wanted = {"type": "PERCENT" if "%" in pattern else "NUMBER", "pattern": pattern}
    return wanted if formats.is_known(wanted) else None


def _lay_over(tab: Tab, sheet: Worksheet) -> None:
    for merged in sheet.merged_cells.ranges:
        tab.merges.append(
            Box(merged.min_row - 1, merged.min_col - 1, merged.max_row, merged.max_col)
        )
    if sheet.freeze_panes:
        frozen = sheet[sheet.freeze_panes]
        pairs = {"frozenRowCount": frozen.row - 1, "frozenColumnCount": frozen.column - 1}
        tab.frozen = {name: count for name, count in pairs.items() if count}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and (condition := _list_condition(rule.formula1 or "")):
            for part in rule.sqref.ranges:
                box = Box(part.min_row - 1, part.min_col - 1, part.max_row, part.max_col)
                _validate(
                    tab, box, {"condition": condition, "strict": rule.showErrorMessage or False}
                )


def _list_condition(formula: str) -> Json:
    if formula.startswith('"'):
        words = formula.strip('"').split(",")
        values = [{"userEnteredValue": word.strip()} for word in words]
        return {"type": "ONE_OF_LIST", "values": values}
    return {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": f"={formula.lstrip('=')}"}]}


def _validate(tab: Tab, box: Box, rule: Json) -> None:
    rule = {name: value for name, value in rule.items() if value}
    for row in range(box.top, min(box.bottom, len(tab.rows))):
        for column in range(box.left, min(box.right, len(tab.columns))):
            tab.put(row, column, tab.cell(row, column)._replace(validation=rule))
