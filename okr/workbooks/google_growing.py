"""What the tabs that grow say by now: as last read, and what a fresh look found below that."""

from collections.abc import Mapping, Sequence

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, find_header
from okr.model import Cell
from okr.workbooks.editing import last_lines
from okr.workbooks.entries import Cells
from okr.workbooks.google_grid import Grid, Look
from okr.workbooks.row_ids import check_in_id

Rows = Sequence[Sequence[Cell]]


def grown_rows(look: Look, name: str, read: Rows) -> list[Sequence[Cell]]:
    """Give the rows of a growing tab: those as last read, then what a fresh look found below."""
    grid = look.grids.get(name)
    fresh = grid.rows if grid else {}
    return [*read, *(fresh[number].values for number in sorted(fresh) if number >= len(read))]


def are_rows_moved(grid: Grid, read: Rows) -> bool:
    """Tell whether columns or rows of a growing tab stand elsewhere than when they were read.

    Somebody who sorts them moves those that are not looked at again. Where one that came since has
    gone up among them, one of them has come down, to where it is looked at.
    """
    then = find_header(grid.name, read)
    if then is None:
        return False
    if grid.header is None or grid.header.columns != then.columns:
        return True
    places = sorted(then.columns.values())  # what people keep beside these is theirs

    def said(row: Sequence[Cell]) -> tuple[Cell, ...]:
        return tuple(row[at] if at < len(row) else "" for at in places)

    if said(grid.row(len(read) - 1).values) != said(read[-1]):
        return True
    below = {said(row.values) for row in grid.rows.values() if row.number >= len(read)}
    below = {one for one in below if any(cell != "" for cell in one)}
    return bool(below) and any(said(row) in below for row in read)


def history_lines(look: Look, read: Rows) -> Sequence[Mapping[str, Cell]]:
    """Give the last rows of ``_History`` as they are now."""
    grid = look.grids.get(HISTORY)
    return last_lines(grid.header if grid else None, grown_rows(look, HISTORY, read))


def mentioned_ids(tab: str, check_ins: Rows) -> list[str]:
    """Give the IDs that check-ins speak of, so that no row without one is given theirs."""
    header = find_header(CHECK_INS, check_ins) if tab == KEY_RESULTS else None
    column = header.columns.get("Key result") if header else None
    return [] if column is None else [str(row[column]) for row in check_ins if column < len(row)]


def find_check_in(look: Look, rows: Rows, operation: str) -> Cells | None:
    """Find the row of an operation, column to cell; None where it is not there."""
    grid, wanted = look.grids.get(CHECK_INS), check_in_id(operation)
    column = grid.column("ID") if grid else None
    if grid is None or grid.header is None or column is None:
        return None
    for row in rows:
        if column < len(row) and row[column] == wanted:
            places = grid.header.columns.items()
            return tuple((name, row[at] if at < len(row) else "") for name, at in places)
    return None
