"""The requests that add to a sheet what it lacks: tabs, headers, rows, words, formats, guards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from okr.model import Cell
from okr.workbooks.google_reading import (
    Layout,
)
from okr.workbooks.preparing import (
    Column,
    Form,
    FoundTab,
    Plan,
    TabPlan,
)
from okr.workbooks.row_ids import tab_gid

NEW_ROWS = 1000

_NUMBER_FORMATS: Mapping[Form, Mapping[str, str]] = {
    Form.DAY: {"type": "DATE", "pattern": "yyyy-mm-dd"},
    Form.MOMENT: {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"},
    Form.SHARE: {"type": "PERCENT", "pattern": "0%"},
}
_GUARD = "OKR Board finds rows by what stands here. Think twice before you change it."

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the sheet has shown; the shapes are those of Google's grids, by gid."""

    layout: Layout
    tabs: Mapping[str, FoundTab]
    gids: Mapping[str, int]
    shapes: Mapping[int, Mapping[str, int]]


def build_requests(plan: Plan, seen: Seen, operation: str) -> list[Json]:
    """Turn a plan into the requests of one batch."""
    taken = set(seen.shapes)
    requests: list[Json] = []
    for tab in plan.tabs:
        if tab.is_new:
            gid = tab_gid(operation, tab.title, taken)
            taken.add(gid)
            requests.append(_add_tab(tab, gid))
        else:
            gid = seen.gids[tab.name]
            requests += _make_room(tab, gid, seen.shapes[gid])
        requests += _fill(tab, gid)
        requests += _rules(tab, gid)
    return requests


def _add_tab(tab: TabPlan, gid: int) -> Json:
    shape = {"rowCount": NEW_ROWS, "columnCount": len(tab.headers)}
    return {
        "addSheet": {"properties": {"sheetId": gid, "title": tab.title, "gridProperties": shape}}
    }


def _make_room(tab: TabPlan, gid: int, shape: Mapping[str, int]) -> Iterator[Json]:
    """Make columns for headers, and rows below them.

    The columns are inserted rather than written into: whatever somebody types or inserts at this
    very moment, the headers land in cells that are new and empty.
    """
    if shape.get("rowCount", 1) <= tab.header_row + 1:
        yield {"appendDimension": {"sheetId": gid, "dimension": "ROWS", "length": NEW_ROWS}}
    width, count = shape.get("columnCount", 1), len(tab.headers)
    if tab.is_blank and width < count:
        lacking = count - width
        yield {"appendDimension": {"sheetId": gid, "dimension": "COLUMNS", "length": lacking}}
    if tab.is_blank or not count:
        return
    first = tab.headers[0].place
    if first >= width:  # a column may only be inserted before another one
        lacking = first - width + 1
        yield {"appendDimension": {"sheetId": gid, "dimension": "COLUMNS", "length": lacking}}
    span = {"dimension": "COLUMNS", "startIndex": first, "endIndex": first + count}
    yield {"insertDimension": {"range": {"sheetId": gid, **span}, "inheritFromBefore": False}}


def _fill(tab: TabPlan, gid: int) -> Iterator[Json]:
    """Type headers and rows; whatever is appended lands below all that stands there."""
    headers = [_typed(column.header) for column in tab.headers]
    rows = [{"values": [_typed(cell) for cell in row]} for row in tab.rows]
    fields = "userEnteredValue"
    if tab.is_blank:
        bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
        rows.insert(0, {"values": [cell | bold for cell in headers]})
        fields += ",userEnteredFormat.textFormat.bold"
    elif headers:
        corner = {
            "sheetId": gid,
            "rowIndex": tab.header_row,
            "columnIndex": tab.headers[0].place,
        }
        yield {"updateCells": {"start": corner, "rows": [{"values": headers}], "fields": fields}}
    if rows:
        yield {"appendCells": {"sheetId": gid, "rows": rows, "fields": fields}}


def _typed(cell: Cell) -> Json:
    if cell == "":
        return {}
    kind = "stringValue" if isinstance(cell, str) else "numberValue"
    return {"userEnteredValue": {kind: cell}}


def _rules(tab: TabPlan, gid: int) -> Iterator[Json]:
    """Freeze, offer words, format and guard."""
    if tab.frozen:
        properties = {"sheetId": gid, "gridProperties": {"frozenRowCount": tab.frozen}}
        fields = "gridProperties.frozenRowCount"
        yield {"updateSheetProperties": {"properties": properties, "fields": fields}}
    below = tab.header_row + 1
    for column, words in tab.choices:
        values = [{"userEnteredValue": word} for word in words]
        rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "showCustomUi": True}
        yield {"setDataValidation": {"range": _span(gid, below, column), "rule": rule}}
    for column, form in tab.forms:
        cell = {"userEnteredFormat": {"numberFormat": dict(_NUMBER_FORMATS[form])}}
        fields = "userEnteredFormat.numberFormat"
        repeated = {"range": _span(gid, below, column), "cell": cell, "fields": fields}
        yield {"repeatCell": repeated}
    guarded: list[Json] = [_span(gid, tab.header_row, column) for column in tab.guards]
    if tab.guards_all:
        guarded.append({"sheetId": gid})
    for span in guarded:
        protected = {"range": span, "description": _GUARD, "warningOnly": True}
        yield {"addProtectedRange": {"protectedRange": protected}}


def _span(gid: int, first_row: int, column: Column) -> Json:
    """Name a column from a row on."""
    place = {"startColumnIndex": column.place, "endColumnIndex": column.place + 1}
    return {"sheetId": gid, "startRowIndex": first_row, **place}
