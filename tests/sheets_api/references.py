"""Cell references inside formulas, rewritten when the rows or columns that they name move."""

import re
from collections.abc import Callable

from tests.sheets_api.ranges import column_index, column_letters
from tests.sheets_api.state import Cell, Formula, Row, Spreadsheet, Tab

Line = Callable[[int], int | None]
Span = Callable[[tuple[int, int]], tuple[int, int] | None]
_CORNER = r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)"
_REFERENCE = re.compile(
    rf"""(?P<text>"(?:[^"]|"")*")
    | (?P<title>(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!)?(?<![\w$.]){_CORNER}(?::{_CORNER})?(?![\w(!])""",
    re.VERBOSE,
)


def follow_shift(draft: Spreadsheet, moved: Tab, dimension: str, line: Line, span: Span) -> None:
    """Rewrite every formula whose references name lines of a tab that have moved."""
    for tab in draft.tabs[:]:
        for number, row in enumerate(tab.rows):
            if not any(cell.entered.__class__ is Formula for cell in row.cells):
                continue

            def rewrite(match: re.Match[str], own: bool = tab is moved) -> str:
                title = (match["title"] or "").rstrip("!").strip("'").replace("''", "'")
                is_meant = title == moved.title if title else own
                return _moved(match, dimension, line, span) if is_meant else match[0]

            new = _with_formulas(draft, row, rewrite)
            if new is not row:
                draft.edit(tab.sheet_id).rows[number] = new


def follow_row(draft: Spreadsheet, row: Row, old: int, new: int) -> Row:
    """Give a row that was sorted elsewhere: what its formulas say of their own row moves along."""

    def rewrite(match: re.Match[str]) -> str:
        row_numbers = {match[6], match[10] or match[6]}
        is_own = row_numbers == {str(old + 1)} and not match[5] and not match[9]
        if match["title"] or not is_own:
            return match[0]
        return _moved(match, "ROWS", lambda _: new, lambda _: (new, new + 1))

    return _with_formulas(draft, row, rewrite)


def _with_formulas(
    draft: Spreadsheet, row: Row, rewrite: Callable[[re.Match[str]], str]
) -> Row:  # fmt: skip
    cells = [_rewritten(draft, cell, rewrite) for cell in row.cells]
    return (
        row if all(a is b for a, b in zip(cells, row.cells, strict=True)) else row.with_cells(cells)
    )


def _rewritten(
    draft: Spreadsheet, cell: Cell, rewrite: Callable[[re.Match[str]], str]
) -> Cell:  # fmt: skip
    if not isinstance(cell.entered, Formula):
        return cell
    old = cell.entered.text
    text = _REFERENCE.sub(lambda m: m[0] if m["text"] else rewrite(m), old)
    if text == old:
        return cell
    # A result that a test has set for the formula belongs to it under its new text too.
    return cell._replace(entered=Formula(text), result=draft.results.get(old, cell.result))


def _moved(match: re.Match[str], dimension: str, line: Line, span: Span) -> str:
    """Write one reference anew; the groups are title, then twice: sign, letters, sign, digits."""
    first, last = match.group(3, 4, 5, 6), match.group(7, 8, 9, 10)
    title = match["title"] or ""
    ends = [_place(corner, dimension) for corner in (first, last) if corner[1]]
    if len(ends) == 1:
        place = line(ends[0])
        return "#REF!" if place is None else title + _corner(first, dimension, place)
    new = span((min(ends), max(ends) + 1))
    if new is None:
        return "#REF!"
    return f"{title}{_corner(first, dimension, new[0])}:{_corner(last, dimension, new[1] - 1)}"


def _place(corner: tuple[str, ...], dimension: str) -> int:
    return int(corner[3]) - 1 if dimension == "ROWS" else column_index(corner[1])


def _corner(corner: tuple[str, ...], dimension: str, place: int) -> str:
    before, letters, between, digits = corner
    if dimension == "ROWS":
        return f"{before}{letters}{between}{place + 1}"
    return f"{before}{column_letters(place)}{between}{digits}"
