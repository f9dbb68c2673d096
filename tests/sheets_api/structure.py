"""Rows and columns: inserted, deleted, moved, hidden; and what must move with them."""

from collections.abc import Callable
from typing import NamedTuple

from tests.sheets_api import references
from tests.sheets_api.errors import invalid
from tests.sheets_api.protection import guard
from tests.sheets_api.state import BLANK_ROW, EMPTY, PLAIN_COLUMN, Box, Json, Spreadsheet, Tab

MAX_CELLS = 10_000_000
SPAN_KEYS = {
    "ROWS": ("startRowIndex", "endRowIndex"),
    "COLUMNS": ("startColumnIndex", "endColumnIndex"),
}
LINE_TYPES = {"ROWS": "ROW", "COLUMNS": "COLUMN"}
Span = tuple[int, int]


class Shift(NamedTuple):
    """How a change to rows or columns moves single lines, and spans of them."""

    line: Callable[[int], int | None]
    span: Callable[[Span], Span | None]


def insertion(at: int, count: int) -> Shift:
    def line(index: int) -> int:
        return index + count if index >= at else index

    def span(ends: Span) -> Span:
        start, end = ends
        return line(start), end + count if end > at else end

    return Shift(line, span)


def deletion(start: int, end: int) -> Shift:
    def edge(index: int) -> int:
        return index if index <= start else max(start, index - (end - start))

    def line(index: int) -> int | None:
        return None if start <= index < end else edge(index)

    def span(ends: Span) -> Span | None:
        first, last = edge(ends[0]), edge(ends[1])
        return (first, last) if first < last else None

    return Shift(line, span)


def permutation(places: dict[int, int]) -> Shift:
    """Lines that change places. A span moves only if all of it moves together."""

    def line(index: int) -> int:
        return places.get(index, index)

    def span(ends: Span) -> Span:
        new = [line(index) for index in range(*ends)] if ends[1] - ends[0] < 10_000 else []
        is_together = new and new == list(range(new[0], new[0] + len(new)))
        return (new[0], new[-1] + 1) if is_together else ends

    return Shift(line, span)


def apply_shift(draft: Spreadsheet, tab: Tab, dimension: str, shift: Shift) -> None:
    """Move all that points at rows or columns of a tab: anchors, merges, ranges."""
    move_anchors(draft, tab, dimension, shift)
    references.follow_shift(draft, tab, dimension, shift.line, shift.span)
    merges = (_shifted_box(box, dimension, shift) for box in tab.merges)
    tab.merges = [b for b in merges if b and (b.bottom - b.top) * (b.right - b.left) > 1]
    tab.protected = _shifted_all(tab.protected, tab, dimension, shift)
    draft.named_ranges = _shifted_all(draft.named_ranges, tab, dimension, shift)
    filters = _shifted_all([tab.basic_filter] if tab.basic_filter else [], tab, dimension, shift)
    tab.basic_filter = filters[0] if filters else None


def move_anchors(draft: Spreadsheet, tab: Tab, dimension: str, shift: Shift) -> None:
    """Move the developer metadata of rows or columns; that of a deleted line vanishes."""
    for entry in list(draft.metadata.values()):
        if entry.sheet_id == tab.sheet_id and entry.type == LINE_TYPES[dimension]:
            assert entry.line is not None
            line = shift.line(entry.line)
            if line is None:
                del draft.metadata[entry.id]
            else:
                draft.metadata[entry.id] = entry._replace(line=line)


def _shifted_box(box: Box, dimension: str, shift: Shift) -> Box | None:
    ends = (box.top, box.bottom) if dimension == "ROWS" else (box.left, box.right)
    new = shift.span(ends)
    if new is None:
        return None
    if dimension == "ROWS":
        return box._replace(top=new[0], bottom=new[1])
    return box._replace(left=new[0], right=new[1])


def _shifted_all(holders: list[Json], tab: Tab, dimension: str, shift: Shift) -> list[Json]:
    """Shift the ranges of named ranges, protected ranges or filters that lie on a tab."""
    kept = []
    for holder in holders:
        place = holder["range"]
        start_key, end_key = SPAN_KEYS[dimension]
        if place.get("sheetId", 0) == tab.sheet_id and start_key in place and end_key in place:
            new = shift.span((place[start_key], place[end_key]))
            if new is None:
                continue
            holder = holder | {"range": place | {start_key: new[0], end_key: new[1]}}
        kept.append(holder)
    return kept


# ---------------------------------------------------------------- changes


def insert_lines(draft: Spreadsheet, tab: Tab, dimension: str, at: int, count: int) -> None:
    if dimension == "ROWS":
        check_room(draft, tab, len(tab.rows) + count, len(tab.columns))
        tab.rows[at:at] = [BLANK_ROW] * count
    else:
        check_room(draft, tab, len(tab.rows), len(tab.columns) + count)
        tab.columns[at:at] = [PLAIN_COLUMN] * count
        _each_row(tab, lambda cells: cells[:at] + [EMPTY] * count + cells[at:])
    apply_shift(draft, tab, dimension, insertion(at, count))


def delete_lines(draft: Spreadsheet, tab: Tab, dimension: str, start: int, end: int) -> None:
    count = len(tab.rows) if dimension == "ROWS" else len(tab.columns)
    if start <= 0 and end >= count:
        raise invalid(f"You can't delete all the {dimension.lower()} on the sheet.")
    if end > count:
        word = dimension.lower()[:-1]
        raise invalid(
            f"Cannot delete a {word} that doesn't exist. Tried to delete {word} index {end - 1} "
            f"but there are only {count} {word}s."
        )
    if dimension == "ROWS":
        del tab.rows[start:end]
    else:
        del tab.columns[start:end]
        _each_row(tab, lambda cells: cells[:start] + cells[end:])
    apply_shift(draft, tab, dimension, deletion(start, end))


def move_lines(draft: Spreadsheet, tab: Tab, dimension: str, start: int, end: int, to: int) -> None:
    """Move lines so that they stand before the line that is now at `to`."""
    count = len(tab.rows) if dimension == "ROWS" else len(tab.columns)
    if end > count or to > count or start < to < end:
        raise invalid(f"Cannot move {dimension} [{start}, {end}) to {to} on a grid of {count}.")
    moved = list(range(start, end))
    rest = [i for i in range(count) if not start <= i < end]
    cut = to if to <= start else to - len(moved)
    order = rest[:cut] + moved + rest[cut:]
    if dimension == "ROWS":
        tab.rows = [tab.rows[i] for i in order]
    else:
        tab.columns = [tab.columns[i] for i in order]
        _each_row(tab, lambda cells: [cells[i] if i < len(cells) else EMPTY for i in order])
    places = {old: new for new, old in enumerate(order) if old != new}
    apply_shift(draft, tab, dimension, permutation(places))


def _each_row(tab: Tab, change: Callable[[list], list]) -> None:  # type: ignore[type-arg]
    tab.rows = [row.with_cells(change(list(row.cells))) if row.cells else row for row in tab.rows]


def check_room(draft: Spreadsheet, tab: Tab | None, rows: int, columns: int) -> None:
    """Refuse to give a tab, or a new one, a grid with which the workbook would be too large."""
    others = sum(len(t.rows) * len(t.columns) for t in draft.tabs if t is not tab)
    if others + rows * columns > MAX_CELLS:
        raise invalid(
            "This action would increase the number of cells in the workbook above the limit of "
            f"{MAX_CELLS} cells."
        )


# ---------------------------------------------------------------- requests


def lines_of(draft: Spreadsheet, place: Json) -> tuple[Tab, str, int, int]:
    tab = draft.edit(place.get("sheetId", 0))
    dimension = place.get("dimension")
    if dimension not in SPAN_KEYS:
        raise invalid("No dimension specified.")
    count = len(tab.rows) if dimension == "ROWS" else len(tab.columns)
    start, end = place.get("startIndex", 0), place.get("endIndex", count)
    if start < 0 or end <= start:
        raise invalid(f"The dimension range [{start}, {end}) is empty or upside down.")
    return tab, dimension, start, end


def _line_box(tab: Tab, dimension: str, start: int, end: int) -> Box:
    if dimension == "ROWS":
        return tab.box._replace(top=start, bottom=end)
    return tab.box._replace(left=start, right=end)


def insert_dimension(draft: Spreadsheet, request: Json) -> None:
    tab, dimension, start, end = lines_of(draft, request["range"])
    count = len(tab.rows) if dimension == "ROWS" else len(tab.columns)
    is_last = start == count and request.get("inheritFromBefore")
    if start >= count and not is_last:
        raise invalid(
            f"range.startIndex[{start}] must be less than the grid size ({count}) "
            "if inheritFromBefore is false."
        )
    insert_lines(draft, tab, dimension, start, end - start)


def delete_dimension(draft: Spreadsheet, request: Json) -> None:
    tab, dimension, start, end = lines_of(draft, request["range"])
    guard(tab, _line_box(tab, dimension, start, end))
    delete_lines(draft, tab, dimension, start, end)


def move_dimension(draft: Spreadsheet, request: Json) -> None:
    tab, dimension, start, end = lines_of(draft, request["source"])
    guard(tab, _line_box(tab, dimension, start, end))
    move_lines(draft, tab, dimension, start, end, request.get("destinationIndex", 0))


def append_dimension(draft: Spreadsheet, request: Json) -> None:
    tab, length = draft.edit(request.get("sheetId", 0)), request.get("length", 0)
    if length <= 0:
        raise invalid("The length must be positive.")
    dimension = request.get("dimension")
    if dimension not in SPAN_KEYS:
        raise invalid("No dimension specified.")
    rows = len(tab.rows) + (length if dimension == "ROWS" else 0)
    columns = len(tab.columns) + (length if dimension == "COLUMNS" else 0)
    check_room(draft, tab, rows, columns)
    tab.grow(rows, columns)
