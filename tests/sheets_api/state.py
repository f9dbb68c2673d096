"""What a spreadsheet holds. Cells and rows never change; a change puts new ones in their place.

A change is made on a draft, which shares with the old version all that it does not touch, so that
a refused batch leaves no trace and an old version can be read again.
"""

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from tests.sheets_api.errors import invalid

Json = dict[str, Any]

ROW_COUNT, COLUMN_COUNT = 1000, 26
MAX_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it was entered, with its equals sign."""

    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that a cell shows: Google's name of it, and the sign in the cell."""

    type: str
    sign: str
    message: str = ""


FAILURES = {
    sign: Failure(type_, sign)
    for type_, sign in [
        ("REF", "#REF!"), ("DIVIDE_BY_ZERO", "#DIV/0!"), ("VALUE", "#VALUE!"), ("NAME", "#NAME?"),
        ("N_A", "#N/A"), ("NUM", "#NUM!"), ("NULL_VALUE", "#NULL!"), ("ERROR", "#ERROR!"),
    ]
}  # fmt: skip

Literal = str | int | float | bool
Entered = Literal | Formula | None
Effective = Literal | Failure | None


class Cell(NamedTuple):
    """One cell. `result` is what a formula shows when the evaluator does not know it."""

    entered: Entered = None
    result: Effective = None
    format: Json | None = None
    note: str | None = None
    validation: Json | None = None


EMPTY = Cell()


class Row(NamedTuple):
    """One row: its cells up to the last that holds anything, and how it is shown."""

    cells: tuple[Cell, ...] = ()
    hidden_by_user: bool = False
    hidden_by_filter: bool = False
    pixel_size: int = 21

    def cell(self, column: int) -> Cell:
        return self.cells[column] if column < len(self.cells) else EMPTY

    def with_cells(self, cells: list[Cell] | tuple[Cell, ...]) -> "Row":
        end = len(cells)
        while end and cells[end - 1] == EMPTY:
            end -= 1
        return self._replace(cells=tuple(cells[:end]))

    def has_data(self) -> bool:
        return any(cell.entered is not None for cell in self.cells)


class Column(NamedTuple):
    """How one column is shown."""

    hidden_by_user: bool = False
    pixel_size: int = 100


BLANK_ROW, PLAIN_COLUMN = Row(), Column()


class Box(NamedTuple):
    """A rectangle of cells, from the first row and column up to, not including, the last."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: "Box") -> bool:
        return (
            self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )


@dataclass
class Tab:
    """One tab: its grid, and what lies over the grid."""

    sheet_id: int
    title: str
    rows: list[Row] = field(default_factory=lambda: [BLANK_ROW] * ROW_COUNT)
    columns: list[Column] = field(default_factory=lambda: [PLAIN_COLUMN] * COLUMN_COUNT)
    frozen: Json = field(default_factory=dict)
    hidden: bool = False
    tab_color: Json | None = None
    merges: list[Box] = field(default_factory=list)
    basic_filter: Json | None = None
    protected: list[Json] = field(default_factory=list)
    tables: list[Json] = field(default_factory=list)  # shown only; no request makes or keeps them

    @property
    def box(self) -> Box:
        return Box(0, 0, len(self.rows), len(self.columns))

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row].cell(column) if row < len(self.rows) else EMPTY

    def put(self, row: int, column: int, cell: Cell) -> None:
        old = self.rows[row]
        cells = list(old.cells)
        cells += [EMPTY] * (column + 1 - len(cells))
        cells[column] = cell
        self.rows[row] = old.with_cells(cells)

    def covered(self, box: Box) -> set[tuple[int, int]]:
        """Find the cells that a merge covers: what is written there is lost."""
        return {
            (row, column)
            for merge in self.merges
            if merge.meets(box)
            for row in range(merge.top, merge.bottom)
            for column in range(merge.left, merge.right)
            if (row, column) != (merge.top, merge.left)
        }

    def rows_used(self) -> int:
        """Count the rows up to the last one that holds a value."""
        for number in range(len(self.rows), 0, -1):
            if self.rows[number - 1].has_data():
                return number
        return 0

    def grow(self, row_count: int = 0, column_count: int = 0) -> None:
        self.rows += [BLANK_ROW] * (row_count - len(self.rows))
        self.columns += [PLAIN_COLUMN] * (column_count - len(self.columns))

    def copy(self) -> "Tab":
        return replace(
            self, rows=self.rows[:], columns=self.columns[:], frozen=dict(self.frozen),
            merges=self.merges[:], protected=self.protected[:],
        )  # fmt: skip


class Metadata(NamedTuple):
    """One developer metadata entry. `sheet_id` and `line` say where, as far as its type needs."""

    id: int
    key: str
    value: str
    visibility: str
    type: str  # SPREADSHEET, SHEET, ROW, COLUMN
    sheet_id: int | None = None
    line: int | None = None


@dataclass
class Spreadsheet:
    """One version of a spreadsheet."""

    id: str
    title: str
    tabs: list[Tab]
    locale: str = "en_US"
    time_zone: str = "Etc/GMT"
    named_ranges: list[Json] = field(default_factory=list)
    metadata: dict[int, Metadata] = field(default_factory=dict)
    results: dict[str, Effective] = field(default_factory=dict)  # of formulas, set by a test
    _own: set[int] = field(default_factory=set, repr=False)

    def draft(self) -> "Spreadsheet":
        """Begin a new version. Tabs are shared until `edit` asks for one to change."""
        return replace(
            self, tabs=self.tabs[:], named_ranges=self.named_ranges[:],
            metadata=dict(self.metadata), results=dict(self.results), _own=set(),
        )  # fmt: skip

    def tab(self, sheet_id: int) -> Tab:
        for tab in self.tabs:
            if tab.sheet_id == sheet_id:
                return tab
        raise invalid(f"No grid with id: {sheet_id}")

    def edit(self, sheet_id: int) -> Tab:
        """Give a tab that may be changed: a copy of its own for this version."""
        tab = self.tab(sheet_id)
        if sheet_id not in self._own:
            place = self.tabs.index(tab)
            tab = self.tabs[place] = tab.copy()
            self._own.add(sheet_id)
        return tab

    def titled(self, title: str) -> Tab | None:
        return next((tab for tab in self.tabs if tab.title == title), None)

    def add(self, tab: Tab, index: int | None = None) -> None:
        self.tabs.insert(len(self.tabs) if index is None else index, tab)
        self._own.add(tab.sheet_id)
