"""What a fresh look has found: the cells, what may be written, and the anchors."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from okr.cells import read_text
from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, Header
from okr.model import Cell
from okr.workbooks.google_reading import area
from okr.workbooks.interface import RowReference

ROW_KEY = "okr.row"
COLUMN_KEY = "okr.column"
CHECKED_IN = (KEY_RESULTS, CHECK_INS, HISTORY)
"""The tabs that a check-in touches."""
NOWHERE = -1
"""The row of headers of a tab that has none, in a layout of its own: above its first row."""

ENDLESS = {"rowCount": 10**8, "columnCount": 10**5}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: what it shows, the formula behind it, and the format of its number."""

    value: Cell = ""
    formula: str = ""
    is_computed: bool = False
    is_error: bool = False
    number_format: Json | None = None


EMPTY = GridCell()


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its 0-based number, its cells, and the anchors on it, number to what they hold.

    ``columns`` are the anchors of the tab's columns, place to number; only the headers bear them.
    """

    number: int
    cells: tuple[GridCell, ...] = ()
    anchors: Mapping[int, str] = field(default_factory=dict)
    columns: Mapping[int, int] = field(default_factory=dict)

    def cell(self, column: int | None) -> GridCell:
        """Give a cell; an empty one beyond the row's end, or where the column is not there."""
        if column is None or column >= len(self.cells):
            return EMPTY
        return self.cells[column]

    @property
    def values(self) -> tuple[Cell, ...]:
        """Give what the cells show."""
        return tuple(cell.value for cell in self.cells)

    def bearing(self, anchors: Mapping[int, str]) -> "GridRow":
        """Give the row with other anchors."""
        return replace(self, anchors=anchors)


@dataclass(frozen=True, slots=True)
class Grid:
    """One tab as it stands: its header, its rows by their number, and what bars a write.

    ``tokens`` are those of operations and turns that were there at that moment. ``anchors`` are
    those of columns, place to number; ``height`` and ``width`` count all rows and columns.
    """

    name: str
    gid: int
    title: str
    header: Header | None
    rows: Mapping[int, GridRow]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    barred: tuple[Json, ...] = ()
    is_elsewhere: bool = False
    tokens: Mapping[int, str] = field(default_factory=dict)
    anchors: Mapping[int, int] = field(default_factory=dict)
    height: int = 0
    width: int = 0

    def column(self, name: str) -> int | None:
        """Find a column by its header."""
        return self.header.columns.get(name) if self.header else None

    def row(self, number: int) -> GridRow:
        """Give a row; an empty one where the tab holds nothing."""
        return self.rows.get(number) or GridRow(number)

    @property
    def values(self) -> tuple[tuple[Cell, ...], ...]:
        """Give what the cells show, from the first row to the last that was looked at."""
        return tuple(self.row(number).values for number in range(max(self.rows, default=-1) + 1))

    @property
    def last(self) -> int:
        """Give the number of the last row that holds anything, as far as it was looked at."""
        said = (row.number for row in self.rows.values() if any(one != "" for one in row.values))
        return max(said, default=-1)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing at all stands in the tab, as far as it was looked at."""
        return self.last < 0

    def is_covered(self, row: int, column: int) -> bool:
        """Tell whether a cell lies under others that it is merged with, so that it takes nothing.

        The first of merged cells does.
        """
        under = (merge for merge in self.merged if _holds(merge, row, column))
        return any(merge[:2] != (row, column) for merge in under)

    def obstacle(self, row: int, column: int) -> str:
        """Say what keeps a cell from being written; "" where nothing does."""
        cell = self.row(row).cell(column)
        if cell.is_error:
            return "shows an error"
        if cell.is_computed:
            return "holds a formula"
        if any(_holds(merge, row, column) for merge in self.merged):
            return "is merged with others"
        if any(_bars(protection, row, column) for protection in self.barred):
            return "is protected"
        return ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A row in a tab of another layout, and what of it may be written.

    ``name`` is the board's word for what the row is, ``tab`` the title of its tab. ``places`` and
    ``titles`` are the columns of the cells that are the row's alone, and their headers. The row is
    known by ``reference``, the very words in it; ``row_id`` is its name in ``_History``, and
    ``known_as`` that in check-ins.
    """

    name: str
    tab: str
    places: Mapping[str, int]
    titles: Mapping[str, str]
    reference: RowReference
    row_id: str
    known_as: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a fresh look found: the tokens of operations, number to value, and the tabs.

    ``elsewhere`` is set where the row that it is about stands in a layout of its own.
    """

    tokens: Mapping[int, str]
    grids: Mapping[str, Grid]
    elsewhere: Elsewhere | None = None


def headed_at(grid: Grid, header: Header) -> int | None:
    """Find the row in which the headers of a layout of its own stand, each where it stood.

    ``NOWHERE`` if there are none to be found; None if they are not there.
    """
    titles = {header.columns[name]: title for name, title in header.titles.items() if title}
    if not titles:
        return NOWHERE
    return next((row for row in sorted(grid.rows) if _says(grid.row(row), titles)), None)


def _says(row: GridRow, titles: Mapping[int, str]) -> bool:
    return all(read_text(row.cell(at).value) == text for at, text in titles.items())


def as_headed(grid: Grid, before: Grid) -> Grid:
    """Head a tab of another layout as it was headed before; one of the board's own stays."""
    if not before.is_elsewhere or before.header is None:
        return grid
    at = headed_at(grid, before.header)
    header = before.header if at is None else replace(before.header, row=at)
    return replace(grid, header=header, is_elsewhere=True)


def _holds(box: tuple[int, int, int, int], row: int, column: int) -> bool:
    top, left, bottom, right = box
    return top <= row <= bottom and left <= column <= right


def _bars(protection: Json, row: int, column: int) -> bool:
    if not _holds(area(protection.get("range", {}), ENDLESS), row, column):
        return False
    gaps = protection.get("unprotectedRanges", ())
    return not any(_holds(area(gap, ENDLESS), row, column) for gap in gaps)
