"""What is sent to one row of people's, and whether that is where it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from okr.cells import read_id
from okr.model import Cell
from okr.workbooks.entries import same
from okr.workbooks.google_grid import EMPTY, Grid, GridRow
from okr.workbooks.google_planning import Target
from okr.workbooks.google_replies import made_anchor, row_after, row_before
from okr.workbooks.interface import CellEdit

Seen = tuple[GridRow, GridRow]
"""A row and the headers of its tab, as a reply shows them."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent to a row: how the tab looked before, the row, its anchor, and its cells."""

    grid: Grid
    target: Target
    anchor: int
    cells: tuple[CellEdit, ...]

    def column(self, cell: CellEdit) -> int:
        """Give the place of a cell's column, which was looked up before it was sent."""
        return self.grid.column(cell.column) or 0

    @property
    def columns(self) -> set[int]:
        """Give the places of all columns that are written to."""
        return {self.column(cell) for cell in self.cells}

    def is_where(self, seen: Seen) -> bool:
        """Tell whether a row and its columns are those that were meant."""
        row, headers = seen
        return self.has_columns(headers.values) and self.is_in(row.values)

    def seen_in(self, reply: Mapping[str, Any]) -> "Sent | None":
        """Take the anchor that a batch has made, and the row as its reply shows it.

        None if there is no anchor, or if the row or its columns have moved.
        """
        row, anchor = self.target.row, made_anchor(reply) or self.anchor
        now = row_after(reply, self.grid, row)
        headers = row_after(reply, self.grid, headers_of(self.grid))
        if not anchor or not self.is_where((now, headers)):
            return None
        return replace(self, anchor=anchor, target=replace(self.target, row=now))

    def before(self, seen: Seen) -> GridRow | None:
        """Say how what was written to looked before; None where that cannot be told for certain."""
        row, headers = seen
        if self.has_columns(headers.values):
            return row_before(self.grid, self.columns, row.values)
        return self.row_under(headers.values)

    def has_columns(self, headers: Sequence[Cell]) -> bool:
        """Tell whether the columns written to, and that of the ID, are where they were.

        A header that was only renamed has not moved.
        """
        places = self.columns | {self.grid.column("ID") or 0}
        before = headers_of(self.grid).values
        return not any(
            _has_moved(at_place(before, at), at_place(headers, at), before, headers)
            for at in places
        )

    def row_under(self, headers: Sequence[Cell]) -> GridRow:
        """Lay the row out as it would stand under headers that have been moved about."""
        before, row = headers_of(self.grid).values, self.target.row
        cells = [
            row.cell(before.index(header)) if header != "" and header in before else EMPTY
            for header in headers
        ]
        return GridRow(row.number, tuple(cells))

    def is_in(self, values: Sequence[Cell]) -> bool:
        """Tell whether a row is the one that was meant.

        A row that is only now given its ID is known by its content, for its ID cell shows what was
        written there, whichever row it is.
        """
        shown = {
            name: values[at] if at < len(values) else ""
            for name, at in (self.grid.header.columns if self.grid.header else {}).items()
        }
        own = read_id(shown.get("ID", ""))
        if not self.target.is_new_id:
            return own == self.target.id or self._is_else(values)
        content = self.target.reference.content
        return own in ("", self.target.id) and all(
            read_id(shown.get(name, "")) == read_id(text) for name, text in content
        )

    def _is_else(self, values: Sequence[Cell]) -> bool:
        """Tell whether a row that has lost its ID says all else that the row said."""
        written = self.columns | {self.grid.column("ID") or 0}
        width = max(len(values), len(self.target.row.cells))
        pairs = [
            (at_place(values, at), self.target.row.cell(at).value)
            for at in range(width)
            if at not in written
        ]
        return any(one != "" for one, _ in pairs) and all(same(*pair) for pair in pairs)


def headers_of(grid: Grid) -> GridRow:
    """Give the row of headers of a tab."""
    return grid.row(grid.header.row if grid.header else 0)


def marked(grid: Grid | None, anchor: int) -> Seen | None:
    """Find the row that an anchor is on, with the headers above it."""
    rows = grid.rows.values() if grid else ()
    row = next((row for row in rows if anchor in row.anchors), None)
    return None if grid is None or row is None else (row, headers_of(grid))


def holds(sent: Sent, grid: Grid, is_before: bool = False) -> bool:
    """Tell whether the row that was meant holds all that was sent, wherever it stands by now.

    With ``is_before``: whether it still holds all that was seen there.
    """
    own = grid.column("ID")
    places = [
        (grid.column(cell.column), cell.seen if is_before else cell.wanted) for cell in sent.cells
    ]
    rows = [row for row in grid.rows.values() if read_id(row.cell(own).value) == sent.target.id]
    return len(rows) == 1 and all(
        at is not None and same(rows[0].cell(at).value, wanted) for at, wanted in places
    )


def _has_moved(old: Cell, new: Cell, before: Sequence[Cell], headers: Sequence[Cell]) -> bool:
    return old != new and (old in headers or (new != "" and new in before))


def at_place(values: Sequence[Cell], column: int) -> Cell:
    """Give the value in a column; "" beyond the row's end."""
    return values[column] if column < len(values) else ""
