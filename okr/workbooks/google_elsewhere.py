"""Rows of a sheet in a layout of its own: in which tab they stand, and how they are known there."""

from dataclasses import replace

from okr.cells import read_id, read_text
from okr.columns import Header, known_tab
from okr.model import Cell
from okr.reading import Origin, Reading, Tab
from okr.row_names import NAMING, content_key
from okr.tables import Row, Table, find_tables
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_grid import CHECKED_IN, NOWHERE, Elsewhere, Grid, Look, headed_at
from okr.workbooks.google_refresh import Known, Refresher
from okr.workbooks.interface import RefusedError, RowReference
from okr.workbooks.locating import locate, reference_name

_MOVED = "Nothing was saved: the columns of “{}” are being moved about. Save again in a moment."


def look_for(
    calls: Calls,
    refresher: Refresher,
    reference: RowReference,
    tabs: tuple[str, ...] = CHECKED_IN,
) -> tuple[Known, Look]:
    """Look afresh at what a change of a row touches, wherever the row stands.

    Gives what is known of the sheet, too. A layout of its own in which the row is not as it was is
    read anew first: by now the sheet may be in the board's layout.

    Raises:
        RefusedError: If the row is in a layout of its own, and is not there.
    """
    known = refresher.known()
    try:
        return known, _look_for(calls, known, reference, tabs, elsewhere(known.reading, reference))
    except RefusedError:
        refresher.refresh()
    known = refresher.known()
    there = elsewhere(known.reading, reference, may_be_renamed=True)
    return known, _look_for(calls, known, reference, tabs, there)


def _look_for(
    calls: Calls,
    known: Known,
    reference: RowReference,
    tabs: tuple[str, ...],
    there: Elsewhere | None,
) -> Look:
    if there is None:
        return calls.look(known.layout, known.rows, tabs)
    look = calls.look(known.layout.naming(there.tab, there.name), known.rows, tabs)
    grid = look.grids.get(there.name)
    if grid is None:
        raise RefusedError(_MOVED.format(there.tab))
    grids = {**look.grids, there.name: _headed(grid, there)}
    return replace(look, grids=grids, elsewhere=there)


def elsewhere(
    reading: Reading, reference: RowReference, *, may_be_renamed: bool = False
) -> Elsewhere | None:
    """Say where a row stands; None in the board's own layout.

    A row of another ID that has its title is the one only with ``may_be_renamed``: a reading may
    be older than the ID that is looked for.

    Raises:
        RefusedError: If it is not there, or not alone.
    """
    name = known_tab(reference.tab) or reference.tab
    table = find_tables(reading, []).get(name)
    origin = table.tab.origin if table is not None else None
    if table is None or origin is None:
        return None
    row = _found(table, reference, reading, may_be_renamed)
    home = origin.lines[row.number]
    own = _own_cells(table, row, origin)
    places = {column: spot[1] for column, spot in own.items()}
    title = NAMING[name][0]
    content = ((title, read_text(_raw(reading, home.tab, home.row, home.column))),)
    has_id = "ID" in places and bool(read_id(row.cell("ID")))
    row_id = read_id(row.cell("ID")) if has_id else _key(table, row)
    return Elsewhere(
        name,
        home.tab,
        {**places, title: home.column},
        {column: origin.headers.get((home.tab, at), "") for column, at in places.items()},
        RowReference(name, row_id if has_id else None, content),
        row_id,
        row_id if has_id or title != "Key result" else reference_name(table, row),
    )


def _key(table: Table, row: Row) -> str:
    return content_key(table.name, *(row.cell(column) for column in NAMING[table.name]))


def _found(table: Table, reference: RowReference, reading: Reading, may_be_renamed: bool) -> Row:
    """Find a row as the page saw it, else by the very words that stand in its cell."""
    try:
        return locate(table, reference)
    except RefusedError:
        said = {reference.id, *(text for _, text in reference.content[:1])} - {None}
        rows = [row for row in table.rows([]) if _title(table, row, reading) & said]
        is_other = reference.id is not None and any(read_id(row.cell("ID")) for row in rows)
        if len(rows) != 1 or (is_other and not may_be_renamed):
            raise
        return rows[0]


def _title(table: Table, row: Row, reading: Reading) -> set[str | None]:
    spot = row.spot(NAMING[table.name][0])
    return {
        read_text(_raw(reading, spot.tab, spot.row, spot.column)),
        row.text(NAMING[table.name][0]),
    }


def _raw(reading: Reading, tab: str, row: int, column: int) -> Cell:
    there: Tab | None = next((one for one in reading.sheet if one.title == tab), None)
    cells = there.rows[row] if there is not None and row < len(there.rows) else ()
    return cells[column] if column < len(cells) else ""


def _own_cells(table: Table, row: Row, origin: Origin) -> dict[str, tuple[int, int]]:
    """Give the cells that stand in the row for it alone; no other is ever written."""
    home = origin.lines[row.number]
    return {
        column: (spot.row, spot.column)
        for column, place in table.columns.items()
        if (spot := origin.spots.get((row.number, place))) is not None
        and (row.number, place) not in origin.shared
        and (spot.tab, spot.row) == (home.tab, home.row)
    }


def _headed(grid: Grid, there: Elsewhere) -> Grid:
    """Head a tab as it was read; its headers must stand where they stood."""
    header = Header(NOWHERE, there.places, there.titles)
    at = headed_at(grid, header)
    if at is None:
        raise RefusedError(_MOVED.format(there.tab))
    return replace(grid, header=replace(header, row=at), is_elsewhere=True)
