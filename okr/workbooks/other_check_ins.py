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
    columns: Columns, rows: Rows, names: Collection[str], when: datetime, now: datetime
) -> frozenset[str]:
    """Name the columns of a key result of which a check-in of a later moment says something.

    One that is dated after ``now`` does not count yet.
    """
    first, last = serial(when), serial(now)
    found = _said_of(columns, rows, names, lambda moment: first < moment <= last)
    return frozenset(name for name, values in found.items() if values)


def older_values(
    columns: Columns, rows: Rows, names: Collection[str], when: datetime
) -> Mapping[str, Collection[Cell]]:
    """Give what check-ins of a moment no later say of each column of a key result."""
    return _said_of(columns, rows, names, lambda moment: moment <= serial(when))


def _said_of(
    columns: Columns, rows: Rows, names: Collection[str], is_of: Callable[[float], bool]
) -> dict[str, list[Cell]]:
    """Collect what check-ins of some moments say, by the columns that mirror it."""
    said: dict[str, list[Cell]] = {name: [] for name in MIRRORING.values()}

    def cell(row: Sequence[Cell], name: str) -> Cell:
        place = columns.get(name)
        return row[place] if place is not None and place < len(row) else ""

    for row in rows:
        moment = cell(row, "When")
        is_own = folded(read_id(cell(row, "Key result"))) in names
        if is_own and isinstance(moment, float) and is_of(moment):
            for column, name in MIRRORING.items():
                if cell(row, column) != "":
                    said[name].append(cell(row, column))
    return said
