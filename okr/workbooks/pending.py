"""What was saved and no reading shows yet, put into the reading for everybody to see at once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from okr.cells import read_id
from okr.columns import CHECK_INS, COLUMNS, KEY_RESULTS, known_tab
from okr.model import Cell
from okr.reading import Reading, Tab
from okr.tables import Row, Table, find_tables
from okr.workbooks.entries import same
from okr.workbooks.interface import RowReference, SavedCheckIn, SavedRow
from okr.workbooks.locating import matching_rows


@dataclass(frozen=True, slots=True)
class Pending:
    """A saved check-in, the row that it is of as the page knew it, and when it was saved."""

    key_result: RowReference
    saved: SavedCheckIn
    since: datetime


@dataclass(frozen=True, slots=True)
class PendingCell:
    """A cell that was saved: what a reading may still show there, and what it shall show."""

    column: str
    before: tuple[Cell, ...]
    after: Cell


@dataclass(frozen=True, slots=True)
class PendingRow:
    """Saved cells of a row as the page knew it, None for a new one, and when they were saved."""

    row: RowReference | None
    saved: SavedRow
    since: datetime
    cells: tuple[PendingCell, ...]


def pending_row(row: RowReference | None, saved: SavedRow, since: datetime) -> PendingRow:
    """Note what an edit or a new row has left in the sheet."""
    cells = [PendingCell(cell.column, (cell.seen,), cell.wanted) for cell in saved.written]
    has_own_id = any(cell.column == "ID" for cell in cells)
    if row is not None and row.id is None and saved.row_id and not has_own_id:
        cells.insert(0, PendingCell("ID", ("",), saved.row_id))
    return PendingRow(row, saved, since, tuple(cells))


def with_next(
    pending: Sequence[Pending | PendingRow], one: Pending | PendingRow
) -> tuple[Pending | PendingRow, ...]:
    """Add what was saved last; of a cell that was saved before, only the last value counts."""
    if isinstance(one, Pending) or one.row is None:
        return (*pending, one)
    before: dict[str, tuple[Cell, ...]] = {}
    rest: list[Pending | PendingRow] = []
    columns = {cell.column for cell in one.cells}
    for other in pending:
        is_same = isinstance(other, PendingRow) and _mean_one_row(other, one)
        if not isinstance(other, PendingRow) or not is_same or other.row is None:
            rest.append(other)
            continue
        before |= {cell.column: cell.before for cell in other.cells if cell.column in columns}
        kept = tuple(cell for cell in other.cells if cell.column not in columns)
        if kept:
            rest.append(replace(other, cells=kept))
    cells = tuple(
        replace(cell, before=(*before.get(cell.column, ()), *cell.before)) for cell in one.cells
    )
    return (*rest, replace(one, cells=cells))


def _mean_one_row(one: PendingRow, other: PendingRow) -> bool:
    return (known_tab(one.saved.tab), one.saved.row_id) == (
        known_tab(other.saved.tab),
        other.saved.row_id,
    )


def still_open(
    reading: Reading, pending: Sequence[Pending | PendingRow]
) -> tuple[Pending | PendingRow, ...]:
    """Keep what a reading does not show yet."""
    found: list[Pending | PendingRow] = []
    for one in pending:
        shown = with_pending(reading, [one])
        if shown is not reading:
            found.append(one)
            reading = shown
    return tuple(found)


def _holds(table: Table, check_in_id: str) -> bool:
    place = table.columns.get("ID")
    return place is not None and any(
        read_id(cells[place]) == check_in_id for cells in table.tab.rows if place < len(cells)
    )


def with_pending(reading: Reading, pending: Sequence[Pending | PendingRow]) -> Reading:
    """Put what was saved into a reading that does not show it yet."""
    for one in pending:
        if isinstance(one, Pending):
            reading = _with_check_ins(reading, [one])
        else:
            reading = _with_row(reading, one)
    return reading


def _with_row(reading: Reading, one: PendingRow) -> Reading:
    """Put a new row, or the changed cells of one, into a reading.

    A cell that holds neither what stood there before nor what was saved has been changed since.
    """
    table = find_tables(reading, []).get(known_tab(one.saved.tab) or "")
    if table is None:
        return reading
    rows = list(table.tab.rows)
    by_id = matching_rows(table, RowReference(one.saved.tab, one.saved.row_id, ()))
    if one.row is None:
        if by_id:
            return reading
        rows.append(_laid_out([(cell.column, cell.after) for cell in one.cells], table.columns))
    else:
        found = by_id or matching_rows(table, one.row)
        cells = _open_cells(found[0], one.cells) if len(found) == 1 else []
        if not cells:
            return reading
        number = found[0].number
        rows[number] = _laid_out(cells, table.columns, rows[number])
    tabs = tuple(
        replace(tab, rows=tuple(rows)) if tab is table.tab else tab for tab in reading.tabs
    )
    mark = hashlib.sha256(repr(one.cells).encode("utf-8", "surrogatepass")).hexdigest()[:6]
    revision = f"{reading.revision}+{one.saved.row_id}.{mark}"
    return replace(reading, tabs=tabs, revision=revision)


def _open_cells(row: Row, cells: Sequence[PendingCell]) -> list[tuple[str, Cell]]:
    """Give the cells of a row that still hold what stood there before."""
    return [
        (cell.column, cell.after)
        for cell in cells
        if cell.column in row.table.columns
        and not same(row.cell(cell.column), cell.after)
        and any(same(row.cell(cell.column), before) for before in cell.before)
    ]


def _with_check_ins(reading: Reading, pending: Sequence[Pending]) -> Reading:
    """Add check-ins to a reading that does not hold them yet; one that it holds is left out.

    The key result's row gets what the saving gave to it: an ID where it had none, and the value and
    confidence where they were mirrored. The revision tells one such reading from another.
    """
    tables = find_tables(reading, [])
    check_ins = tables.get(CHECK_INS)
    missing = [one for one in pending if check_ins is None or not _holds(check_ins, one.saved.id)]
    if not missing:
        return reading
    tabs = {tab.title: tab for tab in reading.tabs}
    if check_ins is None:
        _add(tabs, _headed([one.saved for one in missing]))
    else:
        rows = [_laid_out(one.saved.cells, check_ins.columns) for one in missing]
        _add(tabs, replace(check_ins.tab, rows=(*check_ins.tab.rows, *rows)))
    if KEY_RESULTS in tables:
        _add(tabs, _followed(tables[KEY_RESULTS], missing))
    revision = "+".join([reading.revision, *(one.saved.id for one in missing)])
    return replace(reading, tabs=tuple(tabs.values()), revision=revision)


def _add(tabs: dict[str, Tab], tab: Tab) -> None:
    tabs[tab.title] = tab


def _headed(saved: Sequence[SavedCheckIn]) -> Tab:
    """Make the tab of check-ins that the workbook does not show yet."""
    headers = tuple(COLUMNS[CHECK_INS])
    places = {column: place for place, column in enumerate(headers)}
    return Tab(CHECK_INS, (headers, *(_laid_out(one.cells, places) for one in saved)))


def _laid_out(
    cells: Sequence[tuple[str, Cell]], places: Mapping[str, int], before: Sequence[Cell] = ()
) -> tuple[Cell, ...]:
    """Put cells where their columns stand; those of unknown columns stand nowhere."""
    known = {places[column]: cell for column, cell in cells if column in places}
    width = max([len(before) - 1, *known]) + 1
    row: list[Cell] = [*before, *[""] * (width - len(before))]
    for place, cell in known.items():
        row[place] = cell
    return tuple(row)


def _followed(table: Table, pending: Sequence[Pending]) -> Tab:
    """Let the rows of key results say what has been written to them."""
    rows = list(table.tab.rows)
    for one in pending:
        saved = one.saved
        by_id = matching_rows(table, RowReference(KEY_RESULTS, saved.key_result_id, ()))
        found = by_id or matching_rows(table, one.key_result)
        if len(found) != 1:
            continue
        number = found[0].number
        cells = [one for one in _mirrored(saved) if not (table.is_elsewhere and one[0] == "ID")]
        rows[number] = _laid_out(cells, table.columns, rows[number])
    return replace(table.tab, rows=tuple(rows))


def _mirrored(saved: SavedCheckIn) -> list[tuple[str, Cell]]:
    """Name the cells of a key result that follow its check-in."""
    said = dict(saved.cells)
    cells: list[tuple[str, Cell]] = [("ID", saved.key_result_id)]
    if saved.is_mirrored:
        pairs = (("Current", said.get("Value", "")), ("Confidence", said.get("Confidence", "")))
        cells += [(column, cell) for column, cell in pairs if cell != ""]
    return cells
