"""What other check-ins say of a key result, which one more that is saved has to know."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from okr.cells import read_id
from okr.model import Cell
from okr.registers import folded
from okr.tables import Table
from okr.workbooks.entries import serial

MIRRORING = {"Value": "Current", "Confidence": "Confidence"}
"""Which column of a key result follows which one of its check-ins."""

Columns = Mapping[str, int]
Rows = Iterable[Sequence[Cell]]


def names_of(table: Table | None, row_id: str, title: str) -> frozenset[str]:
    """Say by which words check-ins may mean a key result, folded, as a reading takes them.

    These are its ID, and its title, if no other row has that for a title or an ID. ``title`` is
    that of a row which does not show its ID yet. In a layout of its own ``row_id`` may be a title,
    and the row have an ID all the same.
    """
    rows = table.rows([]) if table else ()
    said = [(folded(read_id(r.cell("ID"))), folded(read_id(r.cell("Key result")))) for r in rows]
    own = folded(row_id)
    named = next((one for key, one in said if key == own), folded(title))
    is_alone = [one for _, one in said].count(named) <= 1 and all(key != named for key, _ in said)
    keys = {key for key, one in said if one == named} if is_alone else set()
    return frozenset({own, named if is_alone else "", *keys} - {""})


def newer_columns(
    columns: Columns,
    rows: Rows,
    names: Collection[str],
    when: datetime,
    now: datetime,
    own: str = "",
) -> frozenset[str]:
    """Name the columns of a key result of which a newer check-in says something.

    Newer is one of a later moment, or of the same one and in a lower row; one that is
    dated after ``now`` does not count yet. ``own`` is the ID of the check-in that is asked for;
    one that is not among the rows will stand below them all.
    """
    first, last = serial(when), serial(now)

    def is_newer(moment: float, is_below: bool) -> bool:
        return first < moment <= last or (moment == first and is_below)

    found = _said_of(columns, rows, names, own, is_newer)
    return frozenset(name for name, values in found.items() if values)


def older_values(
    columns: Columns, rows: Rows, names: Collection[str], when: datetime, own: str = ""
) -> Mapping[str, Collection[Cell]]:
    """Give what older check-ins say of each column of a key result; see ``newer_columns``."""
    first = serial(when)

    def is_older(moment: float, is_below: bool) -> bool:
        return moment < first or (moment == first and not is_below)

    return _said_of(columns, rows, names, own, is_older)


def _said_of(
    columns: Columns,
    rows: Rows,
    names: Collection[str],
    own: str,
    is_wanted: Callable[[float, bool], bool],
) -> dict[str, list[Cell]]:
    """Collect what some check-ins say, by the columns that mirror it.

    Which ones is told by their moment, and whether they stand below the one whose ID is ``own``.
    """
    is_below = False
    said: dict[str, list[Cell]] = {name: [] for name in MIRRORING.values()}

    def cell(row: Sequence[Cell], name: str) -> Cell:
        place = columns.get(name)
        return row[place] if place is not None and place < len(row) else ""

    for row in rows:
        moment = cell(row, "When")
        is_of_it = folded(read_id(cell(row, "Key result"))) in names
        if is_of_it and isinstance(moment, float) and is_wanted(moment, is_below):
            for column, name in MIRRORING.items():
                if cell(row, column) != "":
                    said[name].append(cell(row, column))
        is_below = is_below or (own != "" and cell(row, "ID") == own)
    return said
