"""What is sent to one row of people's, and whether that is where it went."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from okr.cells import read_id
from okr.model import Cell
from okr.watching import NAMING
from okr.workbooks.entries import same
from okr.workbooks.google_grid import NOWHERE, Grid, GridCell, GridRow
from okr.workbooks.google_planning import Target
from okr.workbooks.google_replies import NOTHING, made_anchor, only_one, row_after, rows_before
from okr.workbooks.interface import CellEdit, RowReference

NAMELESS = "-"
"""What the anchor of a row says that has no ID, while it is given back what it had."""
WIDEST = 1000

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
        row, headers = seen
        if not self.has_columns(headers.values, self.columns):
            return False
        moves = _moves(headers_of(self.grid).values, headers.values)
        width = max(len(row.cells), len(self.target.row.cells))
        return self.is_in([at_place(row.values, moves.get(at, WIDEST)) for at in range(width)])

    def is_laid_out(self, seen: Seen) -> bool:
        """Tell whether all columns are where they were."""
        return not _are_moved(headers_of(self.grid).values, seen[1].values)

    def is_held_by(self, seen: Seen) -> bool:
        """Tell whether a row holds anything of what was sent, where it was sent to."""
        values = seen[0].values
        return any(same(at_place(values, self.column(one)), one.wanted) for one in self.cells)

    def seen_in(self, reply: Mapping[str, Any]) -> "Sent | None":
        """Take the anchor that a batch has made, and the row as its reply shows it.

        None if there is no anchor, or if the row or its columns have moved.
        """
        row, anchor = self.target.row, made_anchor(reply) or self.anchor
        now = row_after(reply, self.grid, row)
        headers = row_after(reply, self.grid, headers_of(self.grid))
        places = self.columns | {self.grid.column("ID") or 0}
        if not anchor or not self.has_columns(headers.values, places):
            return None
        if not self.is_in(now.values):
            return None
        return replace(self, anchor=anchor, target=replace(self.target, row=now))

    def before(self, seen: Seen, now: Grid | None = None) -> GridRow | None:
        """Say how what was written to looked before; None where that cannot be told for certain.

        Of rows that are alike but for what was written, those that still stand in the tab ``now``
        cannot be the one.
        """
        if not self._are_columns_known(seen[1].values):
            return None
        rows: Sequence[GridRow] = rows_before(self._then(seen), self.columns, seen[0].values)
        if now is not None:
            rows = _without_standing(rows, seen[1].values, now)
        return only_one(rows, self.columns)

    def _are_columns_known(self, headers: Sequence[Cell]) -> bool:
        """Tell whether each column that was written to can be told, or is one without a header."""
        moves = _moves(headers_of(self.grid).values, headers)
        known = set(moves.values())
        return all(at in known or at_place(headers, at) == "" for at in self.columns)

    def _then(self, seen: Seen) -> Grid:
        """Give the tab as it was seen last before, laid out as its columns stand by now."""
        fresh = {self.target.row.number: self.target.row}
        grid = replace(self.grid, rows={**self.grid.rows, **fresh})
        headers = seen[1].values
        return _laid_out(grid, headers)

    def has_columns(self, headers: Sequence[Cell], places: Collection[int]) -> bool:
        """Tell whether columns are where they were.

        A header that was only renamed has not moved.
        """
        if self.grid.header is not None and self.grid.header.row == NOWHERE:
            return True
        before = headers_of(self.grid).values
        return not any(
            _has_moved(at_place(before, at), at_place(headers, at), before, headers)
            for at in places
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

    def is_named(self, values: Sequence[Cell], now: Mapping[str, Cell] | None = None) -> bool:
        """Tell whether a row says what its reference says; ``now`` is what it says instead."""
        said = {**dict(self.target.reference.content), **(now or {})}
        places = self.grid.header.columns if self.grid.header else {}
        return all(
            read_id(at_place(values, places[name]) if name in places else "") == read_id(cell)
            for name, cell in said.items()
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


def giving_back(sent: Sent, seen: Seen, before: GridRow, grid: Grid) -> Sent | None:
    """Say what gives a wrongly written row back what it had, by a fresh look at its tab.

    None if the row cannot be found any more; no cells if none holds what was sent.
    """
    moves = _moves(seen[1].values, headers_of(grid).values)
    row = _found_again(sent, seen[0].values, grid, moves)
    if row is None:
        return None
    landed = _landed(sent, row, moves, headers_of(grid).values)
    old = {landed[place]: before.cell(place) for place in landed}
    cells = tuple(
        CellEdit(str(place), cell.wanted, old[place].value)
        for cell in sent.cells
        if (place := landed.get(sent.column(cell))) is not None
    )
    return Sent(
        grid,
        _as_it_was(grid, row, old),
        min(row.anchors, default=0),
        cells,
        {str(place): place for place in old},
        {str(place): cell.formula for place, cell in old.items() if cell.formula},
    )


def _laid_out(grid: Grid, headers: Sequence[Cell]) -> Grid:
    """Lay a tab out as it would stand under headers that may have been moved about."""
    if not _are_moved(headers_of(grid).values, headers):
        return grid
    places = _moves(headers_of(grid).values, headers)
    at = {to: place for place, to in places.items()}
    rows = {
        number: replace(row, cells=tuple(row.cell(at.get(to)) for to in range(len(headers))))
        for number, row in grid.rows.items()
    }
    header = grid.header
    if header is not None:
        columns = {name: places[at] for name, at in header.columns.items() if at in places}
        header = replace(header, columns=columns)
    return replace(grid, rows=rows, header=header)


def _moves(before: Sequence[Cell], headers: Sequence[Cell]) -> dict[int, int]:
    """Say where each column stands by now, as far as its header tells."""
    if not _are_moved(before, headers):
        return {place: place for place in range(WIDEST)}
    at = {header: place for place, header in enumerate(headers) if header != ""}
    moves = {place: at[header] for place, header in enumerate(before) if header in at}
    lost = [place for place, header in enumerate(before) if header != "" and place not in moves]
    new = [place for place, header in enumerate(headers) if header != "" and header not in before]
    if len(lost) == len(new) == 1:  # it was moved and renamed
        return moves | {lost[0]: new[0]}
    kept = {place: place for place in range(len(before)) if place in new and place not in moves}
    return moves | kept


def _landed(
    sent: Sent, row: GridRow, moves: Mapping[int, int], headers: Sequence[Cell]
) -> dict[int, int]:
    """Say where in a row what was sent stands by now, by the place that it was sent to.

    A column without a header that was moved is known by what it holds, if it alone holds that.
    """
    known = set(moves.values())
    others = [at for at in range(len(row.cells)) if at not in known and at_place(headers, at) == ""]
    landed: dict[int, int] = {}
    for cell in sent.cells:
        place = sent.column(cell)
        among = [moves[place]] if place in moves else others
        found = [at for at in among if same(row.cell(at).value, cell.wanted)]
        if len(found) == 1:
            landed[place] = found[0]
    return landed


def _without_standing(
    rows: Sequence[GridRow], headers: Sequence[Cell], now: Grid
) -> Sequence[GridRow]:
    """Leave out rows that stand in a tab just as they were, each once.

    A blank row never goes, so it can be the one only if all others stand.
    """
    moves = _moves(headers, headers_of(now).values)
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


def _found_again(
    sent: Sent, shown: Sequence[Cell], grid: Grid, moves: Mapping[int, int]
) -> GridRow | None:
    """Find the row that was wrongly written to, by what it was seen to hold; None if it is gone.

    Its ID will do, for people may have gone on with the row; where it has none, its title; then all
    that was not written to.
    """
    columns = sent.grid.header.columns if sent.grid.header else {}
    untouched = set(moves) - sent.columns

    headers = headers_of(grid).values

    def by(names: Iterable[str]) -> Collection[int]:
        return {place for name in names if (place := columns.get(name)) in untouched}

    def alike(among: Collection[int]) -> list[GridRow]:
        return [
            row
            for row in rows
            if all(same(at_place(shown, at), row.cell(moves[at]).value) for at in among)
        ]

    first = grid.header.row if grid.header else 0
    rows = [row for row in grid.rows.values() if row.number >= first]
    rows = [row for row in rows if _landed(sent, row, moves, headers)]
    place = columns.get("ID")
    if place in untouched and read_id(at_place(shown, place)) != sent.target.id:
        # The row that was meant holds what was sent by right, if that went there since.
        rows = [row for row in rows if read_id(row.cell(moves[place]).value) != sent.target.id]
    for telling in (by(["ID"]), by(NAMING[grid.name]), untouched & set(range(len(shown)))):
        found = alike(telling)
        is_said = any(at_place(shown, at) != "" for at in telling)
        if len(found) == 1 and (is_said or telling == untouched):
            return found[0]
    return next((row for row in rows if sent.anchor in row.anchors), None)


def _as_it_was(grid: Grid, row: GridRow, old: Mapping[int, GridCell]) -> Target:
    """Name a row by what it says when it has been given back what it had."""

    def says(name: str) -> str:
        place = grid.column(name)
        was = old.get(place) if place is not None else None
        return read_id((was or row.cell(place)).value)

    content = tuple((name, says(name)) for name in NAMING[grid.name])
    own = says("ID")
    return Target(
        RowReference(grid.name, own or None, content), row, own or NAMELESS, is_new_id=not own
    )


def headers_of(grid: Grid) -> GridRow:
    """Give the row of headers of a tab; a blank one where it has none."""
    if grid.header is not None and grid.header.row == NOWHERE:
        return GridRow(0)
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
    places = [
        (grid.column(cell.column), cell.seen if is_before else cell.wanted) for cell in sent.cells
    ]
    rows = [row for row in grid.rows.values() if _is_meant(sent, grid, row, is_before)]
    return len(rows) == 1 and all(
        at is not None and same(rows[0].cell(at).value, wanted) for at, wanted in places
    )


def _is_meant(sent: Sent, grid: Grid, row: GridRow, is_before: bool) -> bool:
    """Tell whether a row of a fresh look is the one that was meant, by its ID or what names it.

    A row that was sent its ID is known by what names it, for any row would show that ID.
    """
    own = read_id(row.cell(grid.column("ID")).value)
    if not (sent.is_nameless or sent.is_given_id):
        return own == sent.target.id
    names = {name for name, _ in sent.target.reference.content}
    said = {one.column: one.seen if is_before else one.wanted for one in sent.cells}
    is_named = sent.is_named(row.values, {name: said[name] for name in names & said.keys()})
    return is_named and (sent.is_nameless or own in ("", sent.target.id))


def _are_moved(before: Sequence[Cell], headers: Sequence[Cell]) -> bool:
    return any(_has_moved(*pair, before, headers) for pair in zip(before, headers, strict=False))


def _has_moved(old: Cell, new: Cell, before: Sequence[Cell], headers: Sequence[Cell]) -> bool:
    return old != new and (old in headers or (new != "" and new in before))


def at_place(values: Sequence[Cell], column: int) -> Cell:
    """Give the value in a column; "" beyond the row's end."""
    return values[column] if column < len(values) else ""
