"""Known columns that a tab has no header for, beside a header that may stand in their place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from okr.cells import is_blank, is_error, number_readings, read_text
from okr.columns import (
    CHECK_INS,
    COLUMNS,
    CYCLES,
    DAYS,
    HISTORY,
    KEY_RESULTS,
    OBJECTIVES,
    REQUIRED,
    missing_columns,
    normalise,
)
from okr.cycles import parse_cycle
from okr.layouts.contents import looks_like_id
from okr.mentions import (
    names_at,
    names_in,
    rows_below,
    titles_of,
    told_columns,
    told_rows,
)
from okr.model import Cell, Commitment, CycleState, Kind, RollUp, State
from okr.parsing import has_only_progress
from okr.tables import Table

_NUMBERS = frozenset(("Start", "Target", "Current", "Value", "Weight", "Grade", "Confidence"))
_WORDS: Mapping[tuple[str, str], AbstractSet[str]] = {
    (OBJECTIVES, "Type"): {normalise(one.value) for one in Commitment},
    (OBJECTIVES, "State"): {normalise(one.value) for one in State},
    (OBJECTIVES, "Roll-up"): {normalise(one.value) for one in RollUp},
    (KEY_RESULTS, "Kind"): {normalise(one.value) for one in Kind},
    (KEY_RESULTS, "State"): {normalise(one.value) for one in State},
    (CYCLES, "State"): {normalise(one.value) for one in CycleState},
}
_REFERENCES: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = {
    (OBJECTIVES, "ID"): ((KEY_RESULTS, "Objective"), (OBJECTIVES, "Supports")),
    (KEY_RESULTS, "ID"): ((CHECK_INS, "Key result"), (OBJECTIVES, "Supports")),
    (KEY_RESULTS, "Objective"): ((OBJECTIVES, "ID"), (OBJECTIVES, "Objective")),
    (CHECK_INS, "Key result"): ((KEY_RESULTS, "ID"), (KEY_RESULTS, "Key result")),
}
"""The columns that hold the same names as a column: they tell what it was."""

_FEW = 3
"""Columns that a tab laid out by the board may lack, for a text to be missed at its place."""

_MOST = 400
"""Cells of a column that are looked at."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A column that a tab has no header for, and the header that may stand in its place.

    ``names`` are the references, folded, that only this column would explain.
    """

    table: Table
    column: str
    place: int
    reason: str
    names: frozenset[str] = frozenset()

    @property
    def is_naming(self) -> bool:
        """Tell whether other rows refer to its rows by it."""
        return self.column in ("ID", _title(self.table))

    @property
    def header(self) -> str:
        """Give the header that is not known."""
        return read_text(self.table.tab.rows[self.table.header.row][self.place])


def _title(table: Table) -> str:
    """Name the column without which rows of a tab that others refer to are not read."""
    return REQUIRED.get(table.name, ("",))[-1]


def lost_columns(table: Table, tables: Mapping[str, Table]) -> Iterator[Loss]:
    """Match the headers that are not known with the columns that are missing."""
    missing = _missing(table)
    unknown = _unknown(table) if missing else []
    told = told_columns(tables, table.name) if missing and unknown else set()
    for place in unknown:
        cells = list(_below(table, place))
        found = [one for column in missing if (one := _loss(table, column, place, cells, tables))]
        sure = [one for one in found if one.names] or [one for one in found if one.column in told]
        beside = [one for one in found if _stands_between(table, one.column, place)]
        best = next(iter(sure if len(sure) == 1 else beside), None)
        if best is None or not _is_missed(best, sure, beside, tables):
            continue
        missing.remove(best.column)
        yield replace(best, reason=best.reason or _reason(best, told))


def _missing(table: Table) -> list[str]:
    """List the columns that the tab has no header for; none where it stands elsewhere."""
    if table.is_elsewhere or table.name == HISTORY:
        return []
    is_share = table.name == KEY_RESULTS and has_only_progress(table)
    needless = {"Progress", *(("Start", "Target", "Current") if is_share else ())}
    return [one for one in COLUMNS[table.name] if one not in {*table.columns, *needless}]


def _unknown(table: Table) -> list[int]:
    """List the places of headers that the board does not know."""
    known = {*table.columns.values(), *(place for place, _ in table.header.doubled)}
    cells = enumerate(table.tab.rows[table.header.row])
    return [at for at, cell in cells if at not in known and not is_blank(cell)]


def _below(table: Table, place: int) -> Iterator[Cell]:
    """Give the first cells below a header that hold anything."""
    for row in rows_below(table)[:_MOST]:
        if len(row) > place and not is_blank(row[place]) and not is_error(row[place]):
            yield row[place]


def _loss(
    table: Table, column: str, place: int, cells: Sequence[Cell], tables: Mapping[str, Table]
) -> Loss | None:
    """Take a column for the missing one where what stands in it looks so."""
    if not cells:
        return None
    near = _REFERENCES.get((table.name, column))
    if column == _title(table) and _looks_so(table.name, column, cells):
        own_ids = table.columns.get("ID")
        ids = names_at(table, own_ids) if own_ids is not None else ()
        return Loss(table, column, place, "", frozenset((*ids, *names_at(table, place))))
    if near is None:
        return Loss(table, column, place, "") if _looks_so(table.name, column, cells) else None
    names = names_in(tables, near)
    if column == "ID":
        names = (names - titles_of(table)) | told_rows(tables, table.name)
    own = names_at(table, place)
    shared = frozenset(names.intersection(own))
    is_id = column == "ID" and len(set(own)) == len(own) and _looks_so(table.name, column, cells)
    if is_id or (shared and sum(name in shared for name in own) * 4 >= len(own)):
        return Loss(table, column, place, "", shared)
    return None


def _looks_so(tab: str, column: str, cells: Sequence[Cell]) -> bool:
    """Tell whether most cells could stand in a column."""
    return sum(map(_look(tab, column), cells)) * 10 >= len(cells) * 7


def _look(tab: str, column: str) -> Callable[[Cell], bool]:
    words = _WORDS.get((tab, column))
    if words is not None:
        return lambda cell: isinstance(cell, str) and normalise(cell) in words
    if column in DAYS:
        return lambda cell: isinstance(cell, float) and 40_000 < cell < 60_000
    if column in _NUMBERS:
        return lambda cell: isinstance(cell, bool | float) or bool(number_readings(str(cell)))
    if column == "ID":
        return looks_like_id
    if column == "Cycle":
        return lambda cell: isinstance(cell, str) and parse_cycle(cell.strip()) is not None
    return lambda cell: isinstance(cell, str)


def _stands_between(table: Table, column: str, place: int) -> bool:
    """Tell whether a header stands between the two that the board itself puts around a column."""
    order = [*COLUMNS[table.name]]
    before = [name for name, where in table.columns.items() if where < place]
    after = [name for name, where in table.columns.items() if where > place]
    first = order.index(max(before, key=table.columns.__getitem__)) if before else -1
    last = order.index(min(after, key=table.columns.__getitem__)) if after else len(order)
    return first < order.index(column) < last


def _is_missed(
    loss: Loss, sure: Sequence[Loss], beside: Sequence[Loss], tables: Mapping[str, Table]
) -> bool:
    """Tell whether there is enough to say that a column was lost, and not merely never there."""
    if loss in sure:
        return True
    if len(beside) > 1:
        return False
    if loss.column in missing_columns(loss.table.name, loss.table.header):
        return True
    if (loss.table.name, loss.column) in ((KEY_RESULTS, "Target"), (CHECK_INS, "Value")):
        return True
    if (loss.table.name, loss.column) == (KEY_RESULTS, "Current") and CHECK_INS not in tables:
        return True
    return len(_missing(loss.table)) <= _FEW


def _reason(loss: Loss, told: AbstractSet[str]) -> str:
    if loss.column == _title(loss.table):
        return "without it no row of the tab is read"
    if loss.names:
        return "its cells hold names that other cells refer to"
    if loss.column in told:
        return f"“{HISTORY}” tells that there was one"
    return "it stands where the board puts that column, and its cells look so"
