"""The workbook in each era, made from that of the next one where only plain cells differ."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from okr.columns import CHECK_INS, KEY_RESULTS, OBJECTIVES
from okr.looking_back import Past
from okr.model import Change, KeyResult, Kind, Objective, Snapshot
from okr.parsing import parse_key_result, parse_objective
from okr.reading import Reading
from okr.snapshot import build_snapshot
from okr.tables import Table, find_tables
from okr.values import end_of

E = TypeVar("E", Objective, KeyResult)

_OF_ALL = ("Owner", "Weight", "State", "Grade")
PLAIN = {
    OBJECTIVES: frozenset((*_OF_ALL, "Type", "Roll-up", "Closing note")),
    KEY_RESULTS: frozenset(
        (*_OF_ALL, "Start", "Target", "Current", "Due", "Pace", "Confidence", "Link")
    ),
}
"""Columns whose cells matter to nothing but their own row: no reference is followed by them."""


def snapshots_of(past: Past, days: Sequence[date]) -> list[Snapshot]:
    """Give the workbook as it was known at the end of some days, which are in order.

    From day to day only those rows are read anew whose cells differ, as long as no reference, no
    title and no check-in does. Their problems are left out: who looks at a past day alone has them
    by ``as_of``.
    """
    found: list[Snapshot] = []
    for day in reversed(days):
        reading = past.on(day)
        earlier = _stepped(found[-1], reading, day) if found else None
        found.append(earlier or build_snapshot(reading))
    return found[::-1]


def _stepped(later: Snapshot, reading: Reading, day: date) -> Snapshot | None:
    """Step back from a later day by the rows that differ; None where that is not all there is."""
    if later.reading is None or later.layout is not None:
        return None
    before, after = find_tables(reading, []), find_tables(later.reading, [])
    if before.keys() != after.keys() or any(one.is_elsewhere for one in before.values()):
        return None
    if CHECK_INS in before and before[CHECK_INS].tab.rows != after[CHECK_INS].tab.rows:
        return None
    rows = {name: _differing(before[name], after[name]) for name in PLAIN if name in before}
    objectives = _objectives(later, before, rows.get(OBJECTIVES, []))
    key_results = _key_results(later, before, rows.get(KEY_RESULTS, []))
    if objectives is None or key_results is None:
        return None
    return replace(
        later,
        objectives=objectives,
        key_results=key_results,
        changes=_until(later.changes, day),
        reading=reading,
        read_at=reading.read_at.astimezone(later.read_at.tzinfo),
    )


def _differing(before: Table, after: Table) -> list[int] | None:
    """List the rows whose cells differ; None where more than plain cells do."""
    if len(before.tab.rows) != len(after.tab.rows):
        return None
    plain = {before.columns[name] for name in PLAIN[before.name] if name in before.columns}
    found = []
    for number, (one, other) in enumerate(zip(before.tab.rows, after.tab.rows, strict=True)):
        if one is other or one == other:
            continue
        width = max(len(one), len(other))
        cells = ([*row, *[""] * (width - len(row))] for row in (one, other))
        places = {place for place, (a, b) in enumerate(zip(*cells, strict=True)) if a != b}
        if places - plain:
            return None
        found.append(number)
    return found


def _objectives(
    later: Snapshot, tables: Mapping[str, Table], numbers: Sequence[int] | None
) -> tuple[Objective, ...] | None:
    """Read some objectives anew; what is found by other rows stays."""
    if not numbers:
        return None if numbers is None else later.objectives
    settings, known = later.settings, list(later.objectives)
    for at, number in _places(known, numbers):
        one, row = known[at], tables[OBJECTIVES].row(number, [])
        read = parse_objective(row, one.key, one.id, settings.organisation, settings.locale)
        known[at] = replace(read, team=one.team, cycle=one.cycle, supports=one.supports)
    return tuple(known)


def _key_results(
    later: Snapshot, tables: Mapping[str, Table], numbers: Sequence[int] | None
) -> tuple[KeyResult, ...] | None:
    """Read some key results anew; None where one became a thing to do, or no longer is.

    Its check-ins are then read in another way.
    """
    if not numbers:
        return None if numbers is None else later.key_results
    known = list(later.key_results)
    for at, number in _places(known, numbers):
        one, row = known[at], tables[KEY_RESULTS].row(number, [])
        read = parse_key_result(row, one.key, one.id, one.objective, later.settings.locale)
        if (read.kind is Kind.DONE) is not (one.kind is Kind.DONE):
            return None
        known[at] = read
    return tuple(known)


def _places(known: Sequence[E], numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Find entities by the numbers of their rows; a row without a title is none."""
    wanted = {number + 1: number for number in numbers}
    return [(at, wanted[one.place.row]) for at, one in enumerate(known) if one.place.row in wanted]


def _until(changes: Mapping[str, tuple[Change, ...]], day: date) -> dict[str, tuple[Change, ...]]:
    """Leave out what was changed after a day."""
    last = end_of(day)
    kept = {key: tuple(one for one in all_ if one.known <= last) for key, all_ in changes.items()}
    return {key: all_ for key, all_ in kept.items() if all_}
