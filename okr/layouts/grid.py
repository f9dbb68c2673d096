"""The cells of a tab as people see them: merged ones hold their value everywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from okr.cells import is_blank, is_error, read_text
from okr.model import Cell
from okr.reading import Tab

Place = tuple[int, int]
"""A cell of a tab by its 0-based row and column."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One tab, with a way from each merged cell to the one that holds the value."""

    tab: Tab
    anchors: dict[Place, Place] = field(default_factory=dict)

    @property
    def rows(self) -> Sequence[Sequence[Cell]]:
        """Give the rows as they were read."""
        return self.tab.rows

    def anchor(self, row: int, column: int) -> Place:
        """Give the cell that holds the value of a merged one; any other stands for itself."""
        return self.anchors.get((row, column), (row, column))

    def own(self, row: int, column: int) -> Cell:
        """Give what stands in a cell itself; blank beyond the end of its row."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if 0 <= column < len(cells) else ""

    def cell(self, row: int, column: int) -> Cell:
        """Give what people see in a cell."""
        return self.own(*self.anchor(row, column))

    def text(self, row: int, column: int) -> str:
        """Give the words in a cell; "" for a number, a broken formula, and a blank."""
        cell = self.cell(row, column)
        return read_text(cell) if isinstance(cell, str) and not is_error(cell) else ""

    def has_formula(self, row: int, column: int) -> bool:
        """Tell whether a cell is known to hold a formula, whose value the file does not hold."""
        return (row, column) in self.tab.formulas_without_value

    def filled(self, row: int) -> list[int]:
        """List the columns of a row in which anything stands."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return [at for at, cell in enumerate(cells) if cell != "" and not is_blank(cell)]

    def width(self) -> int:
        """Count the columns."""
        return max(map(len, self.rows), default=0)


def grid_of(tab: Tab) -> Grid:
    """Look at a tab with its merged areas."""
    return Grid(tab, dict(_anchors(tab)))


def _anchors(tab: Tab) -> Iterator[tuple[Place, Place]]:
    height = len(tab.rows)
    for top, left, bottom, right in tab.merged:
        for row in range(top, min(bottom, height + 500) + 1):
            for column in range(left, min(right, left + 200) + 1):
                yield (row, column), (top, left)
