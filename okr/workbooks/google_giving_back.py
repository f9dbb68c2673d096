"""What gives a wrongly written row back what it had, by a fresh look at its tab."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from okr.cells import read_id
from okr.model import Cell
from okr.row_names import NAMING
from okr.workbooks.entries import same
from okr.workbooks.google_anchors import NAMELESS, anchor_of
from okr.workbooks.google_grid import Grid, GridCell, GridRow
from okr.workbooks.google_moves import (
    are_moved,
    at_place,
    headers_of,
    laid_out_under,
    moves_of,
)
from okr.workbooks.google_planning import Target
from okr.workbooks.google_sent import Seen, Sent, is_meant
from okr.workbooks.interface import CellEdit, RowReference


def is_anywhere(sent: Sent, seen: Seen, grid: Grid) -> bool:
    """Tell whether any row but the one that was meant still holds anything of what was sent."""
    moves = moves_of(seen[1], headers_of(grid))
    return bool(_holding(sent, seen[0].values, grid, moves))


def giving_back(sent: Sent, seen: Seen, before: GridRow, grid: Grid) -> Sent | None:
    """Say what gives a wrongly written row back what it had, by a fresh look at its tab.

    None if the row cannot be told; no cells if it holds nothing any more of what was sent.
    """
    moves = moves_of(seen[1], headers_of(grid))
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
    target = _as_it_was(grid, row, old)
    return Sent(
        grid,
        target,
        anchor_of(target) or 0,
        cells,
        {str(place): place for place in old},
        {str(place): cell.formula for place, cell in old.items() if cell.formula},
    )


def beside(sent: Sent, grid: Grid) -> tuple[Sent, Seen, GridRow] | None:
    """Find in a fresh look what was sent to the right row, but under headers that had moved.

    It stands in a column that was not meant and held something else before. Gives those cells, the
    row as it stands, and how it was; None where there are none. That the right column holds what
    was sent proves nothing: another process may have written it there since.
    """
    headers = headers_of(grid)
    moves = moves_of(headers_of(sent.grid), headers)
    rows = [row for row in grid.rows.values() if is_meant(sent, grid, row)]
    if len(rows) != 1 or not are_moved(headers_of(sent.grid), headers):
        return None
    others = {to: at for at, to in moves.items()} | _nameless(sent, moves, headers, rows[0])
    places: dict[str, int] = {}
    for cell in sent.cells:
        found = [to for to, at in others.items() if _is_beside(sent, cell, at, rows[0].cell(to))]
        if len(found) == 1:
            places[cell.column] = found[0]
    if not places:
        return None
    number = sent.target.row.number
    seen_then = replace(sent.grid, rows={**sent.grid.rows, number: sent.target.row})
    was = laid_out_under(seen_then, headers)
    cells = tuple(cell for cell in sent.cells if cell.column in places)
    there = Sent(was, sent.target, sent.anchor, cells, places)
    return there, (rows[0], headers), was.row(number)


def _nameless(
    sent: Sent, moves: Mapping[int, int], headers: GridRow, row: GridRow
) -> dict[int, None]:
    """Name the columns without a header, if it is known that the row held nothing in any."""
    was = sent.target.row
    if any(was.cell(at).value != "" for at in range(len(was.cells)) if at not in moves):
        return {}
    known = {*moves.values()}
    places = range(len(row.cells))
    return {at: None for at in places if at not in known and headers.cell(at).value == ""}


def _is_beside(sent: Sent, cell: CellEdit, place: int | None, now: GridCell) -> bool:
    """Tell whether a cell for which it was not meant, and held something else, shows what was sent.

    The column may have been meant for another cell of the same row.
    """
    was = sent.target.row.cell(place).value
    is_new = same(now.value, cell.wanted) and not same(was, cell.wanted)
    own = (one for one in sent.cells if sent.column(one) == place)
    return is_new and cell.wanted != "" and not any(same(one.wanted, cell.wanted) for one in own)


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


def _holding(
    sent: Sent, shown: Sequence[Cell], grid: Grid, moves: Mapping[int, int]
) -> list[GridRow]:
    """Find the rows that hold anything of what was sent; those with IDs of others do by right."""
    headers = headers_of(grid).values
    first = grid.header.row if grid.header else 0
    rows = [row for row in grid.rows.values() if row.number >= first]
    rows = [row for row in rows if _landed(sent, row, moves, headers)]
    place = sent.grid.header.columns.get("ID") if sent.grid.header else None
    own = read_id(at_place(shown, place)) if place is not None else sent.target.id
    if place not in set(moves) - sent.columns:
        return rows
    others = {sent.target.id, *(sent.own_id(row.values) for row in sent.others)} - {own, ""}
    return [row for row in rows if read_id(row.cell(moves[place]).value) not in others]


def _found_again(
    sent: Sent, shown: Sequence[Cell], grid: Grid, moves: Mapping[int, int]
) -> GridRow | None:
    """Find the row that was wrongly written to, by what it was seen to hold; None if it is gone.

    Its ID will do, for people may have gone on with the row; where it has none, its title; then all
    that was not written to.
    """
    columns = sent.grid.header.columns if sent.grid.header else {}
    untouched = set(moves) - sent.columns

    def by(names: Iterable[str]) -> Collection[int]:
        return {place for name in names if (place := columns.get(name)) in untouched}

    def alike(among: Collection[int]) -> list[GridRow]:
        return [
            row
            for row in rows
            if all(same(at_place(shown, at), row.cell(moves[at]).value) for at in among)
        ]

    rows = _holding(sent, shown, grid, moves)
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
