"""The weeks in which bounds were kept, on many days at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from okr import scoring
from okr.board import Weeks, Window
from okr.courses import Flags, Told, value_of
from okr.model import Change, KeyResult
from okr.values import end_of, known_on

Counts = npt.NDArray[np.int64]


class KeptWeeks(NamedTuple):
    """For each day the weeks met, reported and elapsed.

    The first two are -1 where nothing was reported by then, so that no weeks count.
    """

    met: Counts
    reported: Counts
    elapsed: Counts


def kept_weeks(
    told: Told,
    window: Window | None,
    is_reported: Flags,
    has_gap: bool,
    days: Sequence[date],
    locale: str,
) -> KeptWeeks:
    """Count the weeks of a keep kind on each day, as ``scoring.weeks_met`` does on one.

    Args:
        told: The key result and what was told of it.
        window: Its window, None without one.
        is_reported: Whether anything was reported, on each day.
        has_gap: Whether its cell was changed at moments that nobody saw. Such a change is known
            only until the next one, so each day is looked at for itself.
        days: The days, one after the other.
        locale: Decides how texts are read.
    """
    if not has_gap:
        return _in_one_go(told, window, is_reported, days, locale)
    found = KeptWeeks(*(np.full(len(days), -1, dtype=np.int64) for _ in range(3)))
    for place, day in enumerate(days):
        if is_reported[place]:
            weeks = _on(told, window, day, locale)
            found.met[place], found.reported[place] = weeks.met, weeks.reported
            found.elapsed[place] = weeks.elapsed or 0
    return found


def _on(told: Told, window: Window | None, day: date, locale: str) -> Weeks:
    key_result, by_then = _as_of(told.key_result, told.changes, day, locale)
    known = known_on(key_result, told.check_ins, by_then, day, locale)
    return scoring.weeks_met(key_result, known.reports, window, day)


def _as_of(
    key_result: KeyResult, changes: Sequence[Change], day: date, locale: str
) -> tuple[KeyResult, Sequence[Change]]:
    """Give a key result with what its cell held at the end of a day, and the changes by then."""
    last = end_of(day)
    later = [one for one in changes if one.when > last and one.column == "Current"]
    if later:
        held = value_of(key_result.kind, later[0].before, locale)
        key_result = replace(key_result, current=held)
    return key_result, [one for one in changes if one.when <= last]


def _in_one_go(
    told: Told, window: Window | None, is_reported: Flags, days: Sequence[date], locale: str
) -> KeptWeeks:
    """Follow the reports from the first to the last, and note the counts of each day."""
    last = days[-1]
    known = known_on(told.key_result, told.check_ins, told.changes, last, locale)
    since = date.min if window is None else window.start
    until = last if window is None else window.end
    met, reported = (np.zeros(len(days), dtype=np.int64) for _ in range(2))
    weeks: dict[int, bool] = {}
    for ordinal, value in known.reports:
        day = date.fromordinal(ordinal)
        if not since <= day <= until:
            continue
        week, is_met = scoring.week_of(day), scoring.is_met(told.key_result, value)
        place = max(0, (day - days[0]).days)
        met[place] += is_met - weeks.get(week, False)
        reported[place] += week not in weeks
        weeks[week] = is_met
    return KeptWeeks(
        np.where(is_reported, met.cumsum(), -1),
        np.where(is_reported, reported.cumsum(), -1),
        _elapsed(window, days[0], len(days)),
    )


@lru_cache(maxsize=256)
def _elapsed(window: Window | None, first: date, count: int) -> Counts:
    """Count the weeks that have begun by each day, from the one in which the window starts."""
    if window is None:
        return np.zeros(count, dtype=np.int64)
    days = (min(first + timedelta(days=number), window.end) for number in range(count))
    before = scoring.week_of(window.start) - 1
    return np.array([max(0, scoring.week_of(day) - before) for day in days], dtype=np.int64)
