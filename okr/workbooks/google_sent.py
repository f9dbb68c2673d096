"""What is sent to one row of people's, and whether that is where it went."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from okr.cells import read_id
from okr.model import Cell
from okr.workbooks.entries import same
from okr.workbooks.google_anchors import anchor_of, lacking
from okr.workbooks.google_grid import NOWHERE, Grid, GridRow
from okr.workbooks.google_moves import (
    WIDEST,
    are_moved,
    at_place,
    headers_of,
    laid_out_under,
    moved_among,
    moves_of,
)
from okr.workbooks.google_planning import Target
from okr.workbooks.google_replies import headers_after, row_after
from okr.workbooks.interface import CellEdit

Seen = tuple[GridRow, GridRow]
"""A row and the headers of its tab, as a reply shows them."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent to a row: how the tab looked before, the row, its anchor, and its cells.

    ``places`` and ``formulas`` are those of cells that are given back what they had.
    """

    grid: Grid
    target: Target
    anchor: int
    cells: tuple[CellEdit, ...]
    places: Mapping[str, int] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)

    def column(self, cell: CellEdit) -> int:
        """Give the place of a cell's column, which was looked up before it was sent."""
        place = self.places.get(cell.column)
        return (self.grid.column(cell.column) or 0) if place is None else place

    @property
    def columns(self) -> set[int]:
        """Give the places of all columns that are written to."""
        return {self.column(cell) for cell in self.cells}

    @property
    def is_anchored(self) -> bool:
        """Tell whether the row, and all columns that hold it in place, have their anchors."""
        return not lacking(self.grid, self.target, self.columns)

    def is_where(self, seen: Seen) -> bool:
        """Tell whether a row and its columns are those that were meant."""
        return self.has_columns(seen[1], self.columns) and self.is_in(self.laid_back(seen))

    def is_headed(self, headers: GridRow) -> bool:
        """Tell whether a row is that of the headers: it has some of them, if there are any.

        It is another one where rows were inserted above it.
        """
        before = {value for value in headers_of(self.grid).values if value != ""}
        return not before or any(value in before for value in headers.values)

    def is_laid_out(self, seen: Seen) -> bool:
        """Tell whether all columns are where they were."""
        return not are_moved(headers_of(self.grid), seen[1])

    def held_by(self, seen: Seen) -> int:
        """Count the cells of a row that hold what was sent, where it was sent to."""
        values = seen[0].values
        return sum(same(at_place(values, self.column(one)), one.wanted) for one in self.cells)

    def is_lost(self, seen: Seen, now: Grid | None = None) -> bool:
        """Tell whether a cell is blank where something was sent: it was merged at that moment.

        With ``now``, a later look that has shown the row: whether it is covered still, or nothing
        of what was sent is there. Else somebody has emptied it since.
        """
        row, _ = seen
        lost = [one for one in self.cells if one.wanted != ""]
        lost = [one for one in lost if row.cell(self.column(one)).value == ""]
        if now is None:
            return bool(lost)
        is_there = self.held_by(seen) > 0
        return any(
            now.is_covered(row.number, self.column(one)) or not (is_there or one.seen != "")
            for one in lost
        )

    def is_held(self, seen: Seen) -> bool:
        """Tell whether every cell holds what was sent; what a formula gives may differ by now."""
        cells = [(one, seen[0].cell(self.column(one))) for one in self.cells]
        return all(
            bool(now.formula) if one.column in self.formulas else same(now.value, one.wanted)
            for one, now in cells
        )

    def seen_in(self, reply: Mapping[str, Any]) -> "Sent | None":
        """Take the row, and all anchors, as the reply to a batch shows them.

        None if it has no anchor, or if the row, its headers or any column have moved.
        """
        row, headers = self.target.row, headers_after(reply, self.grid)
        now = row_after(reply, self.grid, row)
        target = replace(self.target, row=now)
        anchor = anchor_of(target)
        if not anchor or not self.is_headed(headers) or not self.is_laid_out((now, headers)):
            return None  # the row would be laid out otherwise than its tab was seen
        if now.values != row.values and not self.is_in(now.values):
            return None
        below = row_after(reply, self.grid, GridRow(row.number + 1))
        rows = {**self.grid.rows, below.number: self.grid.row(below.number).bearing(below.anchors)}
        grid = replace(self.grid, rows=rows, anchors=headers.columns)
        return replace(self, grid=grid, anchor=anchor, target=target)

    def still(self) -> "Sent":
        """Leave out the cells that do not hold any more what was seen there."""
        row = self.target.row
        cells = (one for one in self.cells if same(row.cell(self.column(one)).value, one.seen))
        return replace(self, cells=tuple(cells))

    def uncovered(self) -> "Sent":
        """Leave out the cells that a sort has brought under others that these are merged with."""
        number = self.target.row.number
        cells = (one for one in self.cells if not self.grid.is_covered(number, self.column(one)))
        return replace(self, cells=tuple(cells))

    def is_own(self, seen: Seen, before: GridRow) -> bool:
        """Tell whether a row that says something else by now is the one that was meant after all.

        ``before`` is how it looked when it was last seen.
        """
        is_meant = before.number == self.target.row.number
        return is_meant and self.has_columns(seen[1], self.columns)

    def under(self, headers: GridRow) -> "Sent":
        """Lay out what was sent as its columns stand by now, as if they had moved after it."""
        moves = moves_of(headers_of(self.grid), headers)
        if self.is_laid_out((headers, headers)) or not self.columns <= moves.keys():
            return self
        number = self.target.row.number
        known = replace(self.grid, rows={**self.grid.rows, number: self.target.row})
        grid = laid_out_under(known, headers)
        places = {cell.column: moves[self.column(cell)] for cell in self.cells}
        target = replace(self.target, row=grid.row(number))
        return replace(self, grid=grid, target=target, places=places)

    def has_columns(self, headers: GridRow, places: Collection[int]) -> bool:
        """Tell whether columns are where they were.

        A header that was only renamed has not moved.
        """
        if self.grid.header is not None and self.grid.header.row == NOWHERE:
            headers = replace(headers, cells=())  # those are people's: only the anchors tell
        return not moved_among(places, headers_of(self.grid), headers)

    def is_in(self, values: Sequence[Cell]) -> bool:
        """Tell whether a row is the one that was meant.

        A row that is only now given its ID, or given it back, is known by its content, for its ID
        cell shows what was written there, whichever row it is. So is one of another layout, which
        is given none.
        """
        place = self.grid.column("ID")
        own = at_place(values, place) if place is not None else ""
        if self.is_given_id:
            return read_id(own) in ("", self.target.id) and self.is_named(values)
        is_own = self.is_named(values) if self.is_nameless else read_id(own) == self.target.id
        return is_own or self._is_else(values)

    @property
    def is_given_id(self) -> bool:
        """Tell whether the row is only now given its ID, or given it back."""
        return self.target.is_new_id or self.grid.column("ID") in self.columns

    @property
    def is_nameless(self) -> bool:
        """Tell whether the row is known by its content, for its ID stands nowhere in the sheet."""
        return self.grid.is_elsewhere and self.target.reference.id is None

    def is_named(
        self,
        values: Sequence[Cell],
        now: Mapping[str, Cell] | None = None,
        grid: Grid | None = None,
    ) -> bool:
        """Tell whether a row says what its reference says; ``now`` is what it says instead.

        ``grid`` is the tab that the row stands in, if that is not the one of before.
        """
        said = {**dict(self.target.reference.content), **(now or {})}
        there = self.grid if grid is None else grid
        places = there.header.columns if there.header else {}
        return all(
            read_id(at_place(values, places[name]) if name in places else "") == read_id(cell)
            for name, cell in said.items()
        )

    def _is_else(self, values: Sequence[Cell]) -> bool:
        """Tell whether a row without an ID says all else that the row said, and no other did."""
        if self.own_id(values) or not any(values[at] != "" for at in self._unsaid(values)):
            return False
        return self.says_else(values, self.target.row) and not any(
            self.says_else(values, row) for row in self.others if not self.own_id(row.values)
        )

    def says_else(self, values: Sequence[Cell], row: GridRow) -> bool:
        """Tell whether values are those of a row but for its ID and for what was written."""
        width = max(values, row.values, key=len)
        return all(same(at_place(values, at), row.cell(at).value) for at in self._unsaid(width))

    def _unsaid(self, values: Sequence[Cell]) -> list[int]:
        """Give the places of what neither was written nor is its ID."""
        known = {*self.columns, self.grid.column("ID")}
        return [at for at in range(len(values)) if at not in known]

    @property
    def others(self) -> list[GridRow]:
        """Give all rows that were seen but the one that is meant."""
        return [row for row in self.grid.rows.values() if row.number != self.target.row.number]

    def own_id(self, values: Sequence[Cell]) -> str:
        """Give the ID that a row says it has; "" where it has none."""
        place = self.grid.column("ID")
        return "" if place is None else read_id(at_place(values, place))

    def laid_back(self, seen: Seen) -> list[Cell]:
        """Give the values of a row as they would stand under the headers of before."""
        row, headers = seen
        moves = moves_of(headers_of(self.grid), headers)
        width = max(len(row.cells), len(self.target.row.cells))
        return [at_place(row.values, moves.get(at, WIDEST)) for at in range(width)]


def marked(sent: Sent, grid: Grid | None) -> Seen | None:
    """Find the row that was written to, with the headers above it: the one that its anchor is on.

    A sort may leave that behind. An ID that the board has made is typed by nobody, so the row that
    shows it is the one.
    """
    rows = list(grid.rows.values()) if grid else []
    own = [cell.wanted for cell in sent.cells if cell.column == "ID" and sent.target.is_new_id]
    given = [row for row in rows if grid and row.cell(grid.column("ID")).value in own]
    row = next((row for row in rows if sent.anchor in row.anchors), None)
    row = given[0] if len(given) == 1 else row
    return None if grid is None or row is None else (row, headers_of(grid))


def is_copied(sent: Sent, seen: Seen, grid: Grid) -> bool:
    """Tell whether the row with the anchor holds what was sent, too: what was found is its copy."""
    anchored = (row for row in grid.rows.values() if sent.anchor in row.anchors)
    return any(row.number != seen[0].number and sent.held_by((row, seen[1])) for row in anchored)


def holds(sent: Sent, grid: Grid, is_before: bool = False) -> bool:
    """Tell whether the row that was meant holds all that was sent, wherever it stands by now.

    With ``is_before``: whether it still holds all that was seen there.
    """
    places = [
        (grid.column(cell.column), cell.seen if is_before else cell.wanted) for cell in sent.cells
    ]
    rows = [row for row in grid.rows.values() if is_meant(sent, grid, row, is_before)]
    if not is_before:  # a row that has its old name still was not given the new one
        others = [row for row in grid.rows.values() if row not in rows]
        rows += [row for row in others if is_meant(sent, grid, row, is_before=True)]
    return len(rows) == 1 and all(
        at is not None and same(rows[0].cell(at).value, wanted) for at, wanted in places
    )


def is_meant(sent: Sent, grid: Grid, row: GridRow, is_before: bool = False) -> bool:
    """Tell whether a row of a fresh look is the one that was meant, by its ID or what names it.

    A row that was sent its ID is known by what names it, for any row would show that ID.
    """
    own = read_id(row.cell(grid.column("ID")).value)
    if not (sent.is_nameless or sent.is_given_id):
        return own == sent.target.id
    names = {name for name, _ in sent.target.reference.content}
    said = {one.column: one.seen if is_before else one.wanted for one in sent.cells}
    is_named = sent.is_named(row.values, {name: said[name] for name in names & said.keys()}, grid)
    return is_named and (sent.is_nameless or own in ("", sent.target.id))
