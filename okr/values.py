"""Whose number is current: the newest of check-ins and seen changes of Current (rule 2)."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from okr.cells import (
    day_of_second,
    last_second,
    ordinal_of,
    read_confidence,
    read_done,
    read_number,
)
from okr.model import Cell, Change, CheckIn, KeyResult, Kind

UNDATED = datetime.min
"""Stands for the moment of a value that nobody dated: it is older than any check-in."""

Step = tuple[datetime, float | None]
"""What a cell held from a moment on; None where it was emptied."""

Report = tuple[int, float]
"""A value, and the day on which it was reported, by its ordinal."""


class Known(NamedTuple):
    """What was known of a key result at the end of a day.

    ``value`` is the newest one, None where there never was one; ``is_reported`` tells whether any
    value was reported on a known day. ``check_ins`` are those that count by then. ``updated_on`` is
    the day of the newest value or check-in, None where nothing has a date. ``steps`` follow the
    Current cell through its seen changes; empty where none was seen.
    """

    value: float | None
    is_reported: bool
    check_ins: Sequence[CheckIn]
    updated_on: date | None
    confidence: float | None
    steps: Sequence[Step] = ()

    @property
    def is_undated(self) -> bool:
        """Tell whether there is a value, but nothing that says of when."""
        return self.value is not None and self.updated_on is None

    @property
    def reports(self) -> list[Report]:
        """Give what was reported on a known day, in order; of one moment, the cell first."""
        said = [one for one in self.check_ins if one.value is not None]
        if not self.steps:
            return [(ordinal_of(one.second), one.value) for one in said if one.value is not None]
        both = [step for step in self.steps if step[0] != UNDATED]
        both += [(one.when, one.value) for one in said]
        both.sort(key=_moment)
        return [(moment.toordinal(), value) for moment, value in both if value is not None]

    def value_on(self, day: date) -> float | None:
        """Give the value as it stood at the end of an earlier day, None where there was none yet.

        Beside check-ins, a cell that was never seen to change says nothing of the past: it most
        often repeats the newest check-in.
        """
        if self.steps:
            return _newest(self.steps, _said(self.check_ins, day), end_of(day))[1]
        said = newest_value(self.check_ins, day)
        if said is not None:
            return said.value
        return None if self.is_reported else self.value


@lru_cache(maxsize=64)
def end_of(day: date) -> datetime:
    """Give the last moment of a day."""
    return datetime.combine(day, time.max)


def known_on(
    key_result: KeyResult,
    check_ins: Sequence[CheckIn],
    changes: Sequence[Change],
    day: date,
    locale: str = "",
) -> Known:
    """Collect what was known of a key result at the end of a day.

    Args:
        key_result: Its Current and Confidence cells are those of the snapshot.
        check_ins: All of its check-ins, ordered by When, then row.
        changes: What ``_History`` says of its row, ordered by When, then row.
        day: The day in question; check-ins and changes after it do not count.
        locale: The workbook's, by which a number that was kept as text is read.
    """
    if check_ins and check_ins[-1].second > last_second(day):
        check_ins = check_ins[: bisect_right(check_ins, last_second(day), key=_second)]
    steps = _steps(key_result, changes, locale) if changes else ()
    if steps:
        return _with_seen_cell(key_result, check_ins, changes, steps, day)
    said = newest_value(check_ins, day)
    return Known(
        key_result.current if said is None else said.value,
        said is not None,
        check_ins,
        day_of_second(check_ins[-1].second) if check_ins else None,
        _confidence(key_result, check_ins, changes, day),
    )


def _with_seen_cell(
    key_result: KeyResult,
    check_ins: Sequence[CheckIn],
    changes: Sequence[Change],
    steps: Sequence[Step],
    day: date,
) -> Known:
    """Weigh check-ins against a Current cell that was seen to change."""
    last = end_of(day)
    steps = [step for step in steps if step[0] <= last]
    said = _said(check_ins, day)
    newest, value = _newest(steps, said, last)
    dated = [check_ins[-1].when] if check_ins else []
    if value is not None and newest != UNDATED:
        dated.append(newest)
    return Known(
        value=value,
        is_reported=said is not None
        or any(moment != UNDATED and held is not None for moment, held in steps),
        check_ins=check_ins,
        updated_on=max(dated).date() if dated else None,
        confidence=_confidence(key_result, check_ins, changes, day),
        steps=steps,
    )


_second = attrgetter("second")


def _moment(report: Step) -> datetime:
    return report[0]


def newest_value(check_ins: Sequence[CheckIn], day: date) -> CheckIn | None:
    """Find the newest check-in of a value, up to the end of a day."""
    last = last_second(day)
    for entry in reversed(check_ins):
        if entry.second <= last and entry.value is not None:
            return entry
    return None


def _said(check_ins: Sequence[CheckIn], day: date) -> Step | None:
    """Give the newest value that was checked in, up to the end of a day, and when."""
    one = newest_value(check_ins, day)
    return None if one is None or one.value is None else (one.when, one.value)


def _newest(steps: Sequence[Step], said: Step | None, last: datetime) -> Step:
    """Choose between what a cell held by a moment and what was said; an empty cell says nothing."""
    held = next((step for step in reversed(steps) if step[0] <= last), (UNDATED, None))
    if said is not None and (held[1] is None or said[0] >= held[0]):
        return said
    return held


def _confidence(
    key_result: KeyResult, check_ins: Sequence[CheckIn], changes: Sequence[Change], day: date
) -> float | None:
    """Take the newest stated confidence: a check-in's, or the cell's as it was seen to change."""
    said = None
    for one in reversed(check_ins):
        if one.confidence is not None:
            said = one
            break
    steps = _belief_steps(key_result, changes) if changes else ()
    if steps:
        belief = (said.when, said.confidence) if said else None
        return _newest(steps, belief, end_of(day))[1]
    return said.confidence if said else key_result.confidence


def _steps(key_result: KeyResult, changes: Sequence[Change], locale: str) -> list[Step]:
    """Follow the Current cell through its seen changes.

    Before its first seen change it held what that change found there, undated. Where it now holds
    something else than after its last seen change, it was changed later, at an unseen moment.
    """
    seen = [change for change in changes if change.column == "Current"]
    if not seen:
        return []
    kind = key_result.kind
    steps: list[Step] = [(UNDATED, _value(kind, seen[0].before, locale))]
    steps += [(change.when, _value(kind, change.after, locale)) for change in seen]
    if steps[-1][1] != key_result.current:
        steps.append((seen[-1].when, key_result.current))
    return steps


def _belief_steps(key_result: KeyResult, changes: Sequence[Change]) -> list[Step]:
    """Follow the Confidence cell through its seen changes, as the Current cell is followed."""
    seen = [change for change in changes if change.column == "Confidence"]
    if not seen:
        return []
    steps: list[Step] = [(UNDATED, read_confidence(seen[0].before, "")[0])]
    steps += [(change.when, read_confidence(change.after, "")[0]) for change in seen]
    if steps[-1][1] != key_result.confidence:
        steps.append((seen[-1].when, key_result.confidence))
    return steps


def _value(kind: Kind, cell: Cell, locale: str) -> float | None:
    """Read a cell that ``_History`` kept; what it held was reported when it was read."""
    read = read_done(cell, "") if kind is Kind.DONE else read_number(cell, "", locale)
    return read[0]
