"""What was saved and no reading shows yet, put into the reading for everybody to see at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from okr.cells import read_id
from okr.columns import CHECK_INS, COLUMNS, KEY_RESULTS
from okr.model import Cell
from okr.reading import Reading, Tab
from okr.tables import Table, find_tables
from okr.workbooks.interface import RowReference, SavedCheckIn
from okr.workbooks.locating import matching_rows


@dataclass(frozen=True, slots=True)
class Pending:
    """A saved check-in, the row that it is of as the page knew it, and when it was saved."""

    key_result: RowReference
    saved: SavedCheckIn
    since: datetime


def is_shown(reading: Reading, check_in_id: str) -> bool:
    """Tell whether a reading holds a check-in already."""
    table = find_tables(reading, []).get(CHECK_INS)
    return table is not None and _holds(table, check_in_id)


def _holds(table: Table, check_in_id: str) -> bool:
    place = table.columns.get("ID")
    return place is not None and any(
        read_id(cells[place]) == check_in_id for cells in table.tab.rows if place < len(cells)
    )


def with_pending(reading: Reading, pending: Sequence[Pending]) -> Reading:
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
        rows[number] = _laid_out(_mirrored(saved), table.columns, rows[number])
    return replace(table.tab, rows=tuple(rows))


def _mirrored(saved: SavedCheckIn) -> list[tuple[str, Cell]]:
    """Name the cells of a key result that follow its check-in."""
    said = dict(saved.cells)
    cells: list[tuple[str, Cell]] = [("ID", saved.key_result_id)]
    if saved.is_mirrored:
        pairs = (("Current", said.get("Value", "")), ("Confidence", said.get("Confidence", "")))
        cells += [(column, cell) for column, cell in pairs if cell != ""]
    return cells
