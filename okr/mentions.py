"""What the rest of a workbook says of a column or a tab: who refers to it, what was told of it."""

from collections.abc import Iterator, Mapping, Sequence

from okr.cells import is_blank, read_id, read_text
from okr.columns import HISTORY, KEY_RESULTS, REQUIRED, known_tab
from okr.model import Cell
from okr.registers import folded
from okr.tables import Table
from okr.telling import BOARD


def rows_below(table: Table) -> Sequence[Sequence[Cell]]:
    """Give the rows below the headers, as they were read."""
    return table.tab.rows[table.header.row + 1 :]


def cells_at(table: Table, place: int) -> Iterator[Cell]:
    """Give the cells of a column that hold anything."""
    rows = rows_below(table)
    return (row[place] for row in rows if len(row) > place and not is_blank(row[place]))


def names_at(table: Table, place: int) -> list[str]:
    """Give the names in a column of single ones, folded."""
    return [folded(read_id(cell)) for cell in cells_at(table, place)]


def parts_of(text: str) -> Iterator[str]:
    """Part a cell of references at ``;`` and line breaks."""
    return (read_id(part) for part in text.replace("\n", ";").split(";"))


def names_in(tables: Mapping[str, Table], columns: Sequence[tuple[str, str]]) -> set[str]:
    """Gather the references in some columns, folded."""
    texts = {read_text(cell) for tab, column in columns for cell in _cells(tables.get(tab), column)}
    return {folded(part) for text in texts for part in parts_of(text)} - {""}


def _cells(table: Table | None, column: str) -> Iterator[Cell]:
    place = None if table is None else table.columns.get(column)
    return iter(()) if table is None or place is None else cells_at(table, place)


def titles_of(table: Table) -> set[str]:
    """Give the titles by which rows are found without their IDs, folded."""
    title = REQUIRED.get(table.name, ("",))[-1]
    return {folded(read_id(cell)) for cell in _cells(table, title)}


def told_rows(tables: Mapping[str, Table], tab: str) -> set[str]:
    """Give the IDs that ``_History`` names of a tab, folded."""
    return {folded(read_id(row)) for name, row, _ in _told(tables) if name == tab} - {""}


def told_columns(tables: Mapping[str, Table], tab: str) -> set[str]:
    """Give the columns of a tab in which ``_History`` tells of changes."""
    return {read_text(column) for name, _, column in _told(tables) if name == tab}


def told_check_ins(tables: Mapping[str, Table]) -> int:
    """Count the check-ins that ``_History`` tells of: the board writes Current by them alone."""
    table = tables.get(HISTORY)
    if table is None or not {"Tab", "Column", "Source"} <= table.columns.keys():
        return 0
    places = [table.columns[name] for name in ("Tab", "Column", "Source")]
    said = (tuple(row[at] for at in places) for row in rows_below(table) if len(row) > max(places))
    return sum(one == (KEY_RESULTS, "Current", BOARD) for one in said)


def _told(tables: Mapping[str, Table]) -> Iterator[tuple[str, Cell, Cell]]:
    """Give tab, row ID and column of each line of ``_History``."""
    table = tables.get(HISTORY)
    if table is None or not {"Tab", "Row ID", "Column"} <= table.columns.keys():
        return
    places = [table.columns[name] for name in ("Tab", "Row ID", "Column")]
    for row in rows_below(table):
        if len(row) > max(places):
            tab, row_id, column = (row[at] for at in places)
            yield known_tab(str(tab)) or str(tab), row_id, column
