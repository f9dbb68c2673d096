"""Problems that depend on the day: dates in the future, and cells that a check-in has overtaken."""

from collections.abc import Iterator
from datetime import date

from okr.columns import CHECK_INS, KEY_RESULTS
from okr.model import CheckIn, KeyResult, Problem, Severity, Snapshot, TabColumns
from okr.scales import on_the_scale_of
from okr.serials import last_second
from okr.values import known_on, newest_value


def dated_problems(snapshot: Snapshot, day: date) -> Iterator[Problem]:
    """Find the problems of a snapshot that show only on a day.

    Whether a cell is behind its newest check-in is judged by the sheet as it was read, also where
    one looks back at an earlier day: the cell then held something else.
    """
    here, there = snapshot.tabs.get(KEY_RESULTS), snapshot.tabs.get(CHECK_INS)
    if here is None or there is None:
        return
    read_on = max(day, snapshot.read_at.date())
    last = last_second(day)
    for key_result in snapshot.key_results:
        entries = snapshot.check_ins.get(key_result.key, ())
        for entry in reversed(entries):
            if entry.second <= last:
                break
            yield _future(entry, there)
        differing = _overtaken(snapshot, key_result, entries, read_on)
        if differing is not None:
            yield _differs(key_result, differing, here, there)


def _future(entry: CheckIn, there: TabColumns) -> Problem:
    return Problem(
        severity=Severity.WARNING,
        tab=there.title,
        row=entry.row,
        column=there.headers.get("When", "When"),
        cell=there.cell("When", entry.row),
        value=entry.when.isoformat(" ", "minutes"),
        message=(
            "The check-in is dated in the future, so it does not count "
            f"before {entry.when:%Y-%m-%d}."
        ),
        remedy="Correct the date if it is a slip.",
    )


def _overtaken(
    snapshot: Snapshot, key_result: KeyResult, entries: tuple[CheckIn, ...], day: date
) -> CheckIn | None:
    """Find the newest check-in of a day where Current holds something else and is not newer."""
    if key_result.current is None:
        return None
    newest = newest_value(entries, day)
    if newest is None or newest.value is None or newest.value == key_result.current:
        return None
    if round(newest.value, 9) == round(key_result.current, 9) or _is_slip(key_result, newest.value):
        return None
    changes = snapshot.changes.get(key_result.key, ())
    if changes:
        known = known_on(key_result, entries, changes, day, snapshot.settings.locale)
        return None if known.value == key_result.current else newest
    return newest


def _is_slip(key_result: KeyResult, newest: float) -> bool:
    """Tell whether Current says the same on another scale, which its cell is told of already."""
    others = (key_result.start, key_result.target)
    meant = on_the_scale_of(others, key_result.current, key_result.unit)
    return meant is not None and round(meant, 9) == round(newest, 9)


def _differs(
    key_result: KeyResult, newest: CheckIn, here: TabColumns, there: TabColumns
) -> Problem:
    """Name both cells where Current and the newest check-in say different things."""
    cell = here.cells.get((key_result.key, "Current"))
    cell = cell or here.cell("Current", key_result.place.row)
    other = there.cell("Value", newest.row)
    return Problem(
        severity=Severity.WARNING,
        tab=key_result.place.tab,
        row=key_result.place.row,
        column=here.headers.get("Current", "Current"),
        cell=cell,
        value=f"{key_result.current:.10g}",
        message=(
            f"Current is {key_result.current:.10g} in {cell}, but the newest check-in says "
            f"{newest.value:.10g} in {other}. The check-in counts."
        ),
        remedy="Check in the value that is right, or type the check-in's value into Current.",
    )
