"""What is sent to one row of people's, and whether that is where it went."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from okr.cells import read_id
from okr.model import Cell
from okr.watching import NAMING
from okr.workbooks.entries import same
from okr.workbooks.google_grid import NOWHERE, Grid, GridRow
from okr.workbooks.google_moves import (
    WIDEST,
    are_moved,
    at_place,
    has_moved,
    headers_of,
    laid_out_under,
    moves_of,
)
from okr.workbooks.google_planning import Target
from okr.workbooks.google_replies import NOTHING, made_anchor, only_one, row_after, rows_before
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

    def is_where(self, seen: Seen) -> bool:
        """Tell whether a row and its columns are those that were meant."""
        return self.has_columns(seen[1].values, self.columns) and self.is_in(self._laid_back(seen))

    def is_headed(self, headers: GridRow) -> bool:
        """Tell whether a row is that of the headers: it has some of them, if there are any.

        It is another one where rows were inserted above it.
        """
        before = {value for value in headers_of(self.grid).values if value != ""}
        return not before or any(value in before for value in headers.values)

    def is_laid_out(self, seen: Seen) -> bool:
        """Tell whether all columns are where they were."""
        return not are_moved(headers_of(self.grid).values, seen[1].values)

    def held_by(self, seen: Seen) -> int:
        """Count the cells of a row that hold what was sent, where it was sent to."""
        values = seen[0].values
        return sum(same(at_place(values, self.column(one)), one.wanted) for one in self.cells)

    def is_lost(self, seen: Seen) -> bool:
        """Tell whether a cell is blank where something was sent: it was merged at that moment."""
        values = seen[0].values
        return any(
            one.wanted != "" and at_place(values, self.column(one)) == "" for one in self.cells
        )

    def seen_in(self, reply: Mapping[str, Any]) -> "Sent | None":
        """Take the anchor that a batch has made, and the row as its reply shows it.

        None if there is no anchor, or if the row, its headers or any column have moved.
        """
        row, anchor = self.target.row, made_anchor(reply) or self.anchor
        now = row_after(reply, self.grid, row)
        headers = row_after(reply, self.grid, headers_of(self.grid))
        if not anchor or not self.is_headed(headers) or not self.is_laid_out((now, headers)):
            return None  # the row would be laid out otherwise than its tab was seen
        if now.values != row.values and not self.is_in(now.values):
            return None
        return replace(self, anchor=anchor, target=replace(self.target, row=now))

    def before(self, seen: Seen, now: Grid | None = None) -> GridRow | None:
        """Say how what was written to looked before; None where that cannot be told for certain.

        Of rows that are alike but for what was written, those that still stand in the tab ``now``
        cannot be the one; where people have changed the row beyond that, it is the only one that
        stands there no more. The row that was meant may be the one, too, if it has lost its ID or
        was sent another name, and stands there no more.
        """
        if not self._are_columns_known(seen[1].values):
            return None
        then, own = self._then(seen), self.target.row.number
        rows: Sequence[GridRow] = rows_before(then, self.columns, seen[0].values)
        if self._may_be_own(seen):
            if now is None:
                return None
            rows = [row for row in rows if row.number != own]
            if not any(is_meant(self, now, row, is_before=True) for row in now.rows.values()):
                rows = [then.row(own), *rows]
        if now is not None:
            rows = _without_standing(rows, seen[1].values, now) if rows else self._gone(then, now)
        return only_one(rows, self.columns)

    def _gone(self, then: Grid, now: Grid) -> Sequence[GridRow]:
        """Find the rows that stand in a tab no more; none if the one that was meant is of them."""
        rows = _gone_rows(then, now)
        is_own = any(row.number == self.target.row.number for row in rows)
        return () if is_own else rows

    def is_own(self, seen: Seen, before: GridRow) -> bool:
        """Tell whether a row that says something else by now is the one that was meant after all.

        ``before`` is how it looked when it was last seen.
        """
        is_meant = before.number == self.target.row.number
        return is_meant and self.has_columns(seen[1].values, self.columns)

    def under(self, headers: GridRow) -> "Sent":
        """Lay out what was sent as its columns stand by now, as if they had moved after it."""
        moves = moves_of(headers_of(self.grid).values, headers.values)
        if self.is_laid_out((headers, headers)) or not self.columns <= moves.keys():
            return self
        number = self.target.row.number
        known = replace(self.grid, rows={**self.grid.rows, number: self.target.row})
        grid = laid_out_under(known, headers.values)
        places = {cell.column: moves[self.column(cell)] for cell in self.cells}
        target = replace(self.target, row=grid.row(number))
        return replace(self, grid=grid, target=target, places=places)

    def _are_columns_known(self, headers: Sequence[Cell]) -> bool:
        """Tell whether each column that was written to can be told, or is one without a header."""
        moves = moves_of(headers_of(self.grid).values, headers)
        known = set(moves.values())
        return all(at in known or at_place(headers, at) == "" for at in self.columns)

    def _then(self, seen: Seen) -> Grid:
        """Give the tab as it was seen last before, laid out as its columns stand by now."""
        fresh = {self.target.row.number: self.target.row}
        grid = replace(self.grid, rows={**self.grid.rows, **fresh})
        headers = seen[1].values
        return laid_out_under(grid, headers)

    def has_columns(self, headers: Sequence[Cell], places: Collection[int]) -> bool:
        """Tell whether columns are where they were.

        A header that was only renamed has not moved.
        """
        if self.grid.header is not None and self.grid.header.row == NOWHERE:
            return True
        before = headers_of(self.grid).values
        return not any(
            has_moved(at_place(before, at), at_place(headers, at), before, headers) for at in places
        )

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
        if self._own_id(values) or not any(values[at] != "" for at in self._unsaid(values)):
            return False
        return self._says_else(values, self.target.row) and not any(
            self._says_else(values, row) for row in self._others if not self._own_id(row.values)
        )

    def _may_be_own(self, seen: Seen) -> bool:
        """Tell whether a row that does not show its ID may be the one that was meant."""
        values = self._laid_back(seen)
        own = self._own_id(values)
        is_another = own != "" and any(self._own_id(row.values) == own for row in self._others)
        is_sure = is_another or self.is_in(values)
        return not is_sure and self._says_else(values, self.target.row)

    def _says_else(self, values: Sequence[Cell], row: GridRow) -> bool:
        """Tell whether values are those of a row but for its ID and for what was written."""
        width = max(values, row.values, key=len)
        return all(same(at_place(values, at), row.cell(at).value) for at in self._unsaid(width))

    def _unsaid(self, values: Sequence[Cell]) -> list[int]:
        """Give the places of what neither was written nor is its ID."""
        known = {*self.columns, self.grid.column("ID")}
        return [at for at in range(len(values)) if at not in known]

    @property
    def _others(self) -> list[GridRow]:
        return [row for row in self.grid.rows.values() if row.number != self.target.row.number]

    def _own_id(self, values: Sequence[Cell]) -> str:
        place = self.grid.column("ID")
        return "" if place is None else read_id(at_place(values, place))

    def _laid_back(self, seen: Seen) -> list[Cell]:
        """Give the values of a row as they would stand under the headers of before."""
        row, headers = seen
        moves = moves_of(headers_of(self.grid).values, headers.values)
        width = max(len(row.cells), len(self.target.row.cells))
        return [at_place(row.values, moves.get(at, WIDEST)) for at in range(width)]


def _without_standing(
    rows: Sequence[GridRow], headers: Sequence[Cell], now: Grid
) -> Sequence[GridRow]:
    """Leave out rows that stand in a tab just as they were, each once.

    A blank row never goes, so it can be the one only if all others stand.
    """
    moves = moves_of(headers, headers_of(now).values)
    left = [row for row in rows if row is not NOTHING]
    for stands in now.rows.values():
        places = [(at, to) for at, to in moves.items() if at < WIDEST and to < WIDEST]
        same_row = (
            row
            for row in left
            if all(same(row.cell(at).value, stands.cell(to).value) for at, to in places)
        )
        if (gone := next(same_row, None)) is not None:
            left.remove(gone)
    return left or [row for row in rows if row is NOTHING]


def _gone_rows(then: Grid, now: Grid) -> list[GridRow]:
    """Find the rows of which neither the ID nor, without one, what names them is in a tab now."""
    standing = {name for row in now.rows.values() for name in _names(now, row)}
    rows = [row for row in then.rows.values() if then.header and row.number > then.header.row]
    return [row for row in rows if (names := _names(then, row)) and names[0] not in standing]


def _names(grid: Grid, row: GridRow) -> list[tuple[str, ...]]:
    """Say what names a row: its ID, if it has one, and what else does."""
    own = read_id(row.cell(grid.column("ID")).value)
    said = tuple(read_id(row.cell(grid.column(name)).value) for name in NAMING[grid.name])
    return [name for name in ((own,), said) if any(name)]


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
