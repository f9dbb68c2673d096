"""The objectives and key results that were found in a tab, each cell with its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from okr.cells import is_blank, read_id
from okr.layout import Shape
from okr.layouts.grid import Grid, Place
from okr.layouts.headings import Heading, Taken
from okr.layouts.spellings import OBJECTIVE_ID, OBJECTIVE_OWNER
from okr.model import Cell

OBJECTIVE_LEVEL = ("Team", "Cycle", OBJECTIVE_ID, OBJECTIVE_OWNER, "Supports", "Type")
"""Columns that speak of the objective, also where they stand beside its key results."""


@dataclass(frozen=True, slots=True)
class Held:
    """A cell of a row: what it says, where it stands, and whether others hold a share in it.

    ``place`` is None where nothing stands in the sheet for it, as for a cycle that is the name of
    its tab; then ``tab`` is of no use either.
    """

    cell: Cell
    place: Place | None = None
    is_shared: bool = False
    lacks_value: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """A row that was found: an objective, or a key result with its objective where known."""

    grid: Grid
    row: int
    title: Held
    cells: dict[str, Held] = field(default_factory=dict)
    objective: "Line | None" = None
    reference: Held | None = None
    """What the row says of its objective where that stands in another tab."""

    @property
    def text(self) -> str:
        """Give the title as people read it."""
        return read_id(self.title.cell)

    def says(self, role: str) -> Cell:
        """Give the cell of a role; blank where there is none."""
        held = self.cells.get(role)
        return "" if held is None else held.cell


@dataclass(slots=True, eq=False)
class Scan:
    """What was found in one tab, and in which shape."""

    grid: Grid
    shape: Shape
    confidence: float
    reason: str
    objectives: list[Line] = field(default_factory=list)
    key_results: list[Line] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    taken: dict[int, Taken] = field(default_factory=dict)
    facts: dict[str, Held] = field(default_factory=dict)
    """What stands above the rows and holds for all of them: team, cycle, owner."""

    @property
    def title(self) -> str:
        """Give the title of the tab."""
        return self.grid.tab.title

    def roles(self) -> set[str]:
        """List what columns were taken for."""
        return {one.role for one in self.taken.values() if one.role}


def unread(grid: Grid, reason: str, confidence: float = 1.0) -> Scan:
    """Say of a tab that it is not read."""
    return Scan(grid, Shape.UNREAD, confidence, reason)


def hold(grid: Grid, row: int, column: int) -> Held:
    """Take a cell as it is; one that is merged over several rows is shared by them."""
    place = grid.anchor(row, column)
    is_merged = (row, column) in grid.anchors
    return Held(grid.own(*place), place, is_merged, grid.has_formula(*place))


def is_empty(held: Held | None) -> bool:
    """Tell whether nothing stands in a cell."""
    return held is None or (is_blank(held.cell) and not held.lacks_value)


def cells_of(
    grid: Grid, row: int, heading: Heading | None, roles: Iterable[str]
) -> dict[str, Held]:
    """Take the cells of a row by the roles of their columns; blanks as well."""
    if heading is None:
        return {}
    return {role: hold(grid, row, heading.places[role]) for role in roles if role in heading.places}
