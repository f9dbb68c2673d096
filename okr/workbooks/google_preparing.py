"""Preparing a Google Sheet: one look at its tabs, and one atomic batch that adds what they lack."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from okr.columns import REQUIRED, find_header
from okr.model import Cell
from okr.workbooks.drafting import new_operation
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_looks import parse_rows
from okr.workbooks.google_preparing_requests import Seen, build_requests
from okr.workbooks.google_reading import (
    GROWING,
    LAST_COLUMN,
    METADATA_FIELDS,
    Sheet,
    area,
    parse_layout,
    quoted,
)
from okr.workbooks.google_sending import Appender
from okr.workbooks.google_writing import Token, create_token
from okr.workbooks.preparing import (
    Column,
    FoundTab,
    Plan,
    TabPlan,
    choose,
    describe,
    plan_workbook,
    refuse_other_layout,
)

FIRST_ROWS = 200
"""Rows of a tab that only grows which are looked at: it may hold 100,000 of them."""

GRID_FIELDS = (
    "sheets(properties(sheetId),merges,"
    "protectedRanges(range,unprotectedRanges,warningOnly,requestingUserCanEdit),"
    "tables(range,columnProperties(columnIndex,columnType)),"
    "data(startRow,startColumn,rowData(values("
    "effectiveValue,userEnteredFormat(numberFormat),dataValidation(condition(type))))))"
)

_ENDLESS = {"rowCount": 10**8, "columnCount": 10**5}
Json = dict[str, Any]

_UNKNOWN = (
    "Google did not say whether the sheet was prepared. Run init again in a minute: it adds only "
    "what is missing then."
)


class Preparer(Appender):
    """Adds to a sheet what it lacks of the board's layout."""

    what = "the sheet"
    unknown = _UNKNOWN

    def prepare(self) -> list[str]:
        """Look, plan, and send; where somebody has changed the tabs in between, once more.

        Raises:
            RequestFailedError: If nothing was written, because of Google.
            UnknownOutcomeError: If that cannot be told.
        """
        try:
            return self._prepare_once()
        except RequestFailedError as failure:
            if failure.trouble is not Trouble.INVALID or "protected" in failure.message:
                raise
        return self._prepare_once()

    def _prepare_once(self) -> list[str]:
        seen = self._look()
        if not {*REQUIRED} <= {sheet.known for sheet in seen.layout.sheets}:
            refuse_other_layout(self._refresher.known().reading)
        taken = [sheet.title for sheet in seen.layout.sheets]
        plan = plan_workbook(seen.tabs, taken)
        if not plan.does_anything:
            return describe(plan)
        reply = self._apply(plan, seen)
        self._refresher.forget_layout()
        return describe(plan, list(_moved(plan, seen, reply)))

    def _look(self) -> Seen:
        """See how the known tabs stand; of all others only that they are there."""
        metadata = self._calls.metadata(METADATA_FIELDS)
        layout = parse_layout(metadata)
        shapes = {
            one["properties"].get("sheetId", 0): one["properties"].get("gridProperties", {})
            for one in metadata.get("sheets", ())
        }
        chosen = choose([sheet.title for sheet in layout.known])
        sheets = {sheet.title: sheet for sheet in layout.known}
        named = {name: sheets[title] for name, title in chosen.items()}
        ranges = [_range(sheet) for sheet in named.values()]
        reply = self._calls.metadata(GRID_FIELDS, ranges) if ranges else {}
        parts = {one["properties"].get("sheetId", 0): one for one in reply.get("sheets", ())}
        tabs = {
            name: found_tab(name, sheet, parts.get(sheet.gid, {}), shapes[sheet.gid])
            for name, sheet in named.items()
        }
        return Seen(layout, tabs, {name: one.gid for name, one in named.items()}, shapes)

    def _apply(self, plan: Plan, seen: Seen) -> Json:
        """Send the batch once; give its reply, which is empty where it was lost."""
        operation = f"init-{new_operation()}"
        requests = build_requests(plan, seen, operation)
        there = [(tab.title, tab.header_row + 1) for tab in plan.tabs if not tab.is_new]
        shown: Json = {}
        if there:
            headers = [f"{quoted(title)}!{row}:{row}" for title, row in there]
            shown = {"includeSpreadsheetInResponse": True, "responseRanges": headers}

        def with_token(token: Token) -> Json:
            return {"requests": [create_token(token), *requests], **shown}

        reply, _ = self._sender.append(operation, {}, with_token)
        return reply or {}


# --- What stands there ----------------------------------------------------------------------------


def _range(sheet: Sheet) -> str:
    rows = f"!A1:{LAST_COLUMN}{FIRST_ROWS}" if sheet.known in GROWING else ""
    return quoted(sheet.title) + rows


def found_tab(name: str, sheet: Sheet, part: Json, shape: Mapping[str, int]) -> FoundTab:
    """Read how one tab stands. A column that a native table types counts as formatted by people."""
    rows: dict[int, tuple[Cell, ...]] = {}
    offering: set[tuple[int, int]] = set()
    formatted: set[tuple[int, int]] = set()
    for data in part.get("data", ()):
        rows |= {row.number: row.values for row in parse_rows(data)}
        offering |= _spots(data, lambda cell: "dataValidation" in cell)
        formatted |= _spots(data, lambda cell: "numberFormat" in cell.get("userEnteredFormat", {}))
    values = tuple(rows.get(number, ()) for number in range(max(rows, default=-1) + 1))
    header = find_header(name, values)
    first = header.row + 1 if header else 0
    typed = set(_table_columns(part))
    protections = part.get("protectedRanges", ())
    barring = [one for one in protections if not _lets_write(one)]
    width = shape.get("columnCount", 1)
    return FoundTab(
        name,
        sheet.title,
        values,
        header,
        sheet.merged,
        shape.get("frozenRowCount", 0),
        typed | {column for row, column in offering if row >= first},
        typed | {column for row, column in formatted if row >= first},
        set(_guarded(protections, first, width)),
        tuple(area(one.get("range", {}), _ENDLESS) for one in barring),
        any(_is_whole(one.get("range", {}), shape) for one in barring),
    )


def _spots(data: Json, holds: Callable[[Json], bool]) -> set[tuple[int, int]]:
    """Find the cells of a part of a grid that hold something."""
    top, left = data.get("startRow", 0), data.get("startColumn", 0)
    return {
        (row, column)
        for row, cells in enumerate(data.get("rowData", ()), start=top)
        for column, cell in enumerate(cells.get("values", ()), start=left)
        if holds(cell)
    }


def _table_columns(part: Json) -> Iterator[int]:
    """Name the columns of native tables that have a type: its rules do not show on their cells."""
    for table in part.get("tables", ()):
        left = table.get("range", {}).get("startColumnIndex", 0)
        for column in table.get("columnProperties", ()):
            if column.get("columnType", "COLUMN_TYPE_UNSPECIFIED") != "COLUMN_TYPE_UNSPECIFIED":
                yield left + column.get("columnIndex", 0)


def _lets_write(protection: Json) -> bool:
    return bool(protection.get("warningOnly") or protection.get("requestingUserCanEdit"))


def _is_whole(span: Json, shape: Mapping[str, int]) -> bool:
    """Tell whether a range takes in all of a tab, so that not even its rows may be frozen."""
    top, left, bottom, right = area(span, _ENDLESS)
    rows, columns = shape.get("rowCount", 1), shape.get("columnCount", 1)
    return (top, left) == (0, 0) and bottom >= rows - 1 and right >= columns - 1


def _guarded(protections: Sequence[Json], first: int, width: int) -> Iterator[int]:
    """Name the columns in which people have protected anything below the headers."""
    for protection in protections:
        _, left, bottom, right = area(protection.get("range", {}), _ENDLESS)
        if bottom >= first:
            yield from range(left, min(right + 1, width))


def _moved(plan: Plan, seen: Seen, reply: Json) -> Iterator[str]:
    """Name the tabs whose headers do not stand where the plan has put its rules."""
    shown: dict[int, dict[int, tuple[Cell, ...]]] = {}
    for sheet in reply.get("updatedSpreadsheet", {}).get("sheets", ()):
        rows = {
            row.number: row.values for data in sheet.get("data", ()) for row in parse_rows(data)
        }
        shown[sheet.get("properties", {}).get("sheetId", 0)] = rows
    for tab in plan.tabs:
        rows = shown.get(seen.gids.get(tab.name, -1), {})
        if rows and not _is_as_planned(tab, rows.get(tab.header_row, ())):
            yield (
                f"Somebody moved the columns of “{tab.title}” at this very moment. Look whether "
                "its drop-downs and formats stand in the right ones."
            )


def _is_as_planned(tab: TabPlan, cells: Sequence[Cell]) -> bool:
    ruled: Collection[Column] = {
        *tab.headers,
        *(column for column, _ in (*tab.choices, *tab.forms)),
        *tab.guards,
    }
    return all(
        column.place < len(cells) and str(cells[column.place]).strip() == column.header
        for column in ruled
    )
