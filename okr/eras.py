"""The eras of a cycle: runs of days in which only values and confidences were changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from okr.cells import read_id
from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS
from okr.era_snapshots import snapshots_of
from okr.looking_back import TOLD_OF, Past, as_of
from okr.model import Change, Snapshot
from okr.reading import Reading, Tab
from okr.registers import folded
from okr.row_names import key_results_named_by
from okr.snapshot import build_snapshot
from okr.tables import Table, find_tables
from okr.telling import BOARD, EXISTS

MEASURED = ("Current", "Confidence")
"""The columns whose changes are followed day by day, and begin no era."""

NAMED = frozenset({"ID", "Key result", "Kind", "Progress"})
"""The columns on which it depends which check-ins are a key result's, and how they are read."""


@dataclass(frozen=True, slots=True)
class Era:
    """The days from one to another, both included, and the workbook as it was known then.

    Its snapshot has the check-ins and changes of those key results alone whose own differ from one
    era to the next; all others are as in the newest snapshot.
    """

    first: date
    last: date
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Eras:
    """A cycle in eras, and the workbook as it was known on the last day of all.

    ``steady`` holds the keys of key results that are the same all along, but for their values.
    """

    newest: Snapshot
    steady: frozenset[str]
    eras: tuple[Era, ...]


def eras_of(snapshot: Snapshot, first: date, last: date) -> Eras:
    """Part the days from one to another into eras."""
    newest = as_of(snapshot, last)
    if newest.reading is None or newest.changed_until is None:
        return Eras(newest, _keys(newest), (Era(first, last, newest),))
    changes = [one for one in Past(newest).changes if _begins_era(one)]
    starts = sorted({one.when.date() for one in changes if first < one.when.date() <= last})
    if not starts:
        return Eras(newest, _keys(newest), (Era(first, last, newest),))
    steady = _steady(newest, [one for one in changes if one.when.date() > first])
    past = Past(build_snapshot(_reduced(newest, newest.reading, steady)))
    ends = [*(day - timedelta(days=1) for day in starts), last]
    known = snapshots_of(past, ends)
    eras = tuple(map(Era, [first, *starts], ends, known))
    return Eras(newest, steady, eras)


def _keys(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(one.key for one in snapshot.key_results)


def _begins_era(change: Change) -> bool:
    """Tell whether a change is more than a new value; a check-in itself says when it is from."""
    if change.tab == KEY_RESULTS:
        return change.column not in MEASURED
    return change.tab in TOLD_OF and not (change.tab == CHECK_INS and _names_check_in(change))


def _names_check_in(change: Change) -> bool:
    """Tell whether the board just names what it saved; one dated otherwise is told to come then."""
    return change.source.casefold() == BOARD and change.column != EXISTS


def _steady(snapshot: Snapshot, changes: Sequence[Change]) -> frozenset[str]:
    """Find the key results whose check-ins and changes are the same in all eras."""
    mentioned = _mentioned(snapshot, [one for one in changes if one.tab == CHECK_INS])
    return frozenset(
        one.key
        for one in snapshot.key_results
        if one.id is not None
        and not {folded(one.id), folded(one.title)} & mentioned
        and not any(_is_unsteady(change) for change in snapshot.changes.get(one.key, ()))
    )


def _is_unsteady(change: Change) -> bool:
    return change.column in NAMED


def _mentioned(snapshot: Snapshot, changes: Sequence[Change]) -> set[str]:
    """List whose check-ins were changed, by what these say or said."""
    if not changes or snapshot.reading is None:
        return set()
    said = [read_id(cell) for one in changes if one.column == "Key result"
            for cell in (one.before, one.after)]  # fmt: skip
    nameless = {one.row_id for one in changes if one.row_id.startswith("~")}
    said += [name for row_id in nameless for name in key_results_named_by(row_id)]
    ids = {one.row_id for one in changes}
    table = find_tables(snapshot.reading, []).get(CHECK_INS)
    for row in table.rows([]) if table else ():
        if read_id(row.cell("ID")) in ids:
            said.append(read_id(row.cell("Key result")))
    return {folded(one) for one in said}


# --- what has to be read anew for each era --------------------------------------------------------


def _reduced(snapshot: Snapshot, reading: Reading, steady: frozenset[str]) -> Reading:
    """Leave out of a reading the check-ins and value changes of steady key results."""
    tables = find_tables(reading, [])
    rows = {entry.row - 1 for key in steady for entry in snapshot.check_ins.get(key, ())}
    told = {
        change.row - 1
        for key in steady
        for change in snapshot.changes.get(key, ())
        if change.column in MEASURED
    }
    fewer = {CHECK_INS: rows, HISTORY: told}
    tabs = {
        id(tables[name].tab): _without(tables[name], fewer[name])
        for name in fewer
        if name in tables
    }
    return replace(reading, tabs=tuple(tabs.get(id(tab), tab) for tab in reading.tabs))


def _without(table: Table, numbers: Collection[int]) -> Tab:
    """Leave rows out; those below move up."""
    rows = [cells for number, cells in enumerate(table.tab.rows) if number not in numbers]
    return replace(table.tab, rows=rows, formulas_without_value=frozenset())
