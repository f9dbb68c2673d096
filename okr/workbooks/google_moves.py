"""Where the columns of a tab stand by now, as far as their headers and their anchors tell."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from okr.model import Cell
from okr.workbooks.google_grid import NOWHERE, Grid, GridRow

WIDEST = 1000
"""So many columns are told where they stand, where none has moved."""


def headers_of(grid: Grid) -> GridRow:
    """Give the row of headers of a tab, with the anchors of its columns; blank if it has none."""
    if grid.header is not None and grid.header.row == NOWHERE:
        return GridRow(0, columns=grid.anchors)
    return replace(grid.row(grid.header.row if grid.header else 0), columns=grid.anchors)


def at_place(values: Sequence[Cell], column: int) -> Cell:
    """Give the value in a column; "" beyond the row's end."""
    return values[column] if column < len(values) else ""


def moves_of(before: GridRow, headers: GridRow) -> dict[int, int]:
    """Say where each column stands by now, as far as its header or, without it, its anchor tells.

    The header goes first: cells that are cut and pasted leave the anchor of their column behind.
    """
    if not are_moved(before, headers):
        return {place: place for place in range(WIDEST)}
    olds, news = before.values, headers.values
    at = {header: place for place, header in enumerate(news) if header != ""}
    moves = {place: at[header] for place, header in enumerate(olds) if header in at}
    taken = set(moves.values())
    moves |= {
        place: to
        for place, to in _by_anchor(before, headers).items()
        if place not in moves and to not in taken
    }
    told = {*moves, *before.columns} if headers.columns else {*moves}
    taken = set(moves.values())
    lost = [at for at, header in enumerate(olds) if header != "" and at not in told]
    new = [to for to, header in enumerate(news) if header not in {"", *olds} and to not in taken]
    if len(lost) == len(new) == 1:  # it was moved and renamed
        return moves | {lost[0]: new[0]}
    return moves | {at: at for at in range(len(olds)) if at in new and at not in told}


def _by_anchor(before: GridRow, headers: GridRow) -> dict[int, int]:
    """Say where each column stands that has the anchor it had."""
    there = {anchor: place for place, anchor in headers.columns.items()}
    return {at: there[anchor] for at, anchor in before.columns.items() if anchor in there}


def laid_out_under(grid: Grid, headers: GridRow) -> Grid:
    """Lay a tab out as it would stand under headers that may have been moved about."""
    if not are_moved(headers_of(grid), headers):
        return grid
    places = moves_of(headers_of(grid), headers)
    at = {to: place for place, to in places.items()}
    width = max(len(headers.values), max(at, default=0) + 1)
    rows = {
        number: replace(row, cells=tuple(row.cell(at.get(to)) for to in range(width)))
        for number, row in grid.rows.items()
    }
    header = grid.header
    if header is not None:
        columns = {name: places[at] for name, at in header.columns.items() if at in places}
        header = replace(header, columns=columns)
    return replace(grid, rows=rows, header=header, anchors=headers.columns)


def are_moved(before: GridRow, headers: GridRow) -> bool:
    """Tell whether any column stands elsewhere than before."""
    places = range(min(len(before.values), len(headers.values)))
    return bool(moved_among(places, before, headers))


def moved_among(places: Iterable[int], before: GridRow, headers: GridRow) -> list[int]:
    """Give the places that have another column now; one that was only renamed has not moved."""
    olds, news = set(before.values), set(headers.values)
    shifted = {at for at, to in _by_anchor(before, headers).items() if at != to}

    def has_moved(at: int) -> bool:
        old, new = at_place(before.values, at), at_place(headers.values, at)
        return old != new and (old in news or (new != "" and new in olds))

    return [at for at in places if at in shifted or has_moved(at)]
