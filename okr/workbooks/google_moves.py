"""Where the columns of a tab stand by now, as far as their headers tell."""

from collections.abc import Sequence
from dataclasses import replace

from okr.model import Cell
from okr.workbooks.google_grid import NOWHERE, Grid, GridRow

WIDEST = 1000
"""So many columns are told where they stand, where none has moved."""


def headers_of(grid: Grid) -> GridRow:
    """Give the row of headers of a tab; a blank one where it has none."""
    if grid.header is not None and grid.header.row == NOWHERE:
        return GridRow(0)
    return grid.row(grid.header.row if grid.header else 0)


def at_place(values: Sequence[Cell], column: int) -> Cell:
    """Give the value in a column; "" beyond the row's end."""
    return values[column] if column < len(values) else ""


def moves_of(before: Sequence[Cell], headers: Sequence[Cell]) -> dict[int, int]:
    """Say where each column stands by now, as far as its header tells."""
    if not are_moved(before, headers):
        return {place: place for place in range(WIDEST)}
    at = {header: place for place, header in enumerate(headers) if header != ""}
    moves = {place: at[header] for place, header in enumerate(before) if header in at}
    lost = [place for place, header in enumerate(before) if header != "" and place not in moves]
    new = [place for place, header in enumerate(headers) if header != "" and header not in before]
    if len(lost) == len(new) == 1:  # it was moved and renamed
        return moves | {lost[0]: new[0]}
    kept = {place: place for place in range(len(before)) if place in new and place not in moves}
    return moves | kept


def laid_out_under(grid: Grid, headers: Sequence[Cell]) -> Grid:
    """Lay a tab out as it would stand under headers that may have been moved about."""
    if not are_moved(headers_of(grid).values, headers):
        return grid
    places = moves_of(headers_of(grid).values, headers)
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


def are_moved(before: Sequence[Cell], headers: Sequence[Cell]) -> bool:
    """Tell whether any column stands elsewhere than before."""
    return any(has_moved(*pair, before, headers) for pair in zip(before, headers, strict=False))


def has_moved(old: Cell, new: Cell, before: Sequence[Cell], headers: Sequence[Cell]) -> bool:
    """Tell whether a place has another column now; one that was only renamed has not moved."""
    return old != new and (old in headers or (new != "" and new in before))
