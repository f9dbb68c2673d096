"""Where in a spreadsheet: A1 ranges and grid ranges, as they are read and as they are echoed."""

import re
from typing import Any, NamedTuple

from tests.sheets_api.errors import ApiError, invalid
from tests.sheets_api.state import Box, Json, Spreadsheet, Tab

_CELL = r"\$?(?:[A-Za-z]{1,3})?\$?(?:[1-9]\d{0,7})?"
_CELLS = re.compile(rf"({_CELL})(?::({_CELL}))?")
_QUOTED = re.compile(r"'((?:[^']|'')+)'(?:!(.+))?", re.DOTALL)
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FAR = 2**31


class Area(NamedTuple):
    """A rectangle on a tab. `is_cell` if it was given as one cell, where writing may spread."""

    tab: Tab
    box: Box
    is_cell: bool = False


def column_letters(index: int) -> str:
    letters = ""
    while index >= 0:
        letters = chr(65 + index % 26) + letters
        index = index // 26 - 1
    return letters


def column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def echo(tab: Tab, box: Box) -> str:
    """Write a rectangle as Google does: the title quoted where it must be, one cell as one."""
    first = f"{column_letters(box.left)}{box.top + 1}"
    last = f"{column_letters(box.right - 1)}{box.bottom}"
    return f"{quoted(tab.title)}!{first}" + ("" if first == last else f":{last}")


def quoted(title: str) -> str:
    looks_like_a_cell = re.fullmatch(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*", title)
    looks_like_a_word = _PLAIN_TITLE.fullmatch(title) and not looks_like_a_cell
    return title if looks_like_a_word else "'" + title.replace("'", "''") + "'"


def parse_range(book: Spreadsheet, text: str) -> Area:
    """Find what an A1 range speaks of. Its end may lie beyond the grid; its start may not.

    Raises:
        ApiError: If it names no tab or named range, or starts beyond the grid.
    """
    tab, cells = _tab_and_cells(book, text)
    if tab is None:
        raise invalid(f"Unable to parse range: {text}")
    if cells is None:
        return Area(tab, tab.box)
    corners = _corners(cells)
    if corners is None:
        if area := _named(book, cells):
            return area
        raise invalid(f"Unable to parse range: {text}")
    box = _box(*corners)
    check_start(tab, box)
    return Area(tab, box, is_cell=corners[1] is None)


def check_start(tab: Tab, box: Box) -> None:
    if box.top >= len(tab.rows) or box.left >= len(tab.columns):
        raise beyond_grid(tab, box)


def beyond_grid(tab: Tab, box: Box) -> ApiError:
    shown = Box(
        box.top, box.left,
        box.bottom if box.bottom < FAR else len(tab.rows),
        box.right if box.right < FAR else len(tab.columns),
    )  # fmt: skip
    return invalid(
        f"Range ({echo(tab, shown)}) exceeds grid limits. "
        f"Max rows: {len(tab.rows)}, max columns: {len(tab.columns)}"
    )


def clamped(area: Area) -> Area:
    box, tab = area.box, area.tab
    bottom, right = min(box.bottom, len(tab.rows)), min(box.right, len(tab.columns))
    return area._replace(box=Box(box.top, box.left, bottom, right))


def _tab_and_cells(book: Spreadsheet, text: str) -> tuple[Tab | None, str | None]:
    if match := _QUOTED.fullmatch(text):
        return book.titled(match[1].replace("''", "'")), match[2]
    title, mark, cells = text.rpartition("!")
    if mark:
        return book.titled(title), cells
    if _corners(text) or _named(book, text):
        return book.tabs[0], text
    return book.titled(text), None


def _corners(text: str) -> tuple[str, str | None] | None:
    match = _CELLS.fullmatch(text)
    if not match or not match[1]:
        return None
    if match[2] is None:
        is_one_cell = bool(re.search(r"[A-Za-z]", match[1]) and re.search(r"\d", match[1]))
        return (match[1], None) if is_one_cell else None
    return (match[1], match[2]) if match[2] else None


def _box(first: str, last: str | None) -> Box:
    left, top = _column_and_row(first)
    right, bottom = _column_and_row(last if last is not None else first)
    tops = sorted(n for n in (top, bottom) if n is not None)
    lefts = sorted(n for n in (left, right) if n is not None)
    return Box(
        tops[0] if tops else 0,
        lefts[0] if lefts else 0,
        FAR if bottom is None else tops[-1] + 1,
        FAR if right is None else lefts[-1] + 1,
    )


def _column_and_row(corner: str) -> tuple[int | None, int | None]:
    letters = re.search(r"[A-Za-z]+", corner)
    digits = re.search(r"\d+", corner)
    return column_index(letters[0]) if letters else None, int(digits[0]) - 1 if digits else None


def _named(book: Spreadsheet, name: str) -> Area | None:
    for named in book.named_ranges:
        if named["name"] == name:
            tab = book.tab(named["range"]["sheetId"])
            return Area(tab, box_of(tab, named["range"]))
    return None


# ---------------------------------------------------------------- grid ranges


def box_of(tab: Tab, grid_range: Json) -> Box:
    """Give the rectangle of a GridRange; an end that it does not give is the grid's."""
    return Box(
        grid_range.get("startRowIndex", 0),
        grid_range.get("startColumnIndex", 0),
        grid_range.get("endRowIndex", len(tab.rows)),
        grid_range.get("endColumnIndex", len(tab.columns)),
    )


def box_within(tab: Tab, grid_range: Json) -> Box:
    """Give the rectangle of a GridRange that a request names.

    Raises:
        ApiError: If it is empty or leaves the grid.
    """
    box = box_of(tab, grid_range)
    if box.top < 0 or box.left < 0 or box.top >= box.bottom or box.left >= box.right:
        raise invalid(f"The range is empty or upside down: {grid_range}")
    if box.bottom > len(tab.rows) or box.right > len(tab.columns):
        raise beyond_grid(tab, box)
    return box


def grid_range(sheet_id: int, box: Box) -> Json:
    return {
        "sheetId": sheet_id,
        "startRowIndex": box.top,
        "endRowIndex": box.bottom,
        "startColumnIndex": box.left,
        "endColumnIndex": box.right,
    }


def without_zero_id(place: dict[str, Any]) -> dict[str, Any]:
    """Leave a sheet id of 0 out of a range, as proto3 does."""
    return {k: v for k, v in place.items() if k != "sheetId" or v != 0}
