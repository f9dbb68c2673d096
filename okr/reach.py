"""Until when a target stays within reach: the best rate that a key result has ever held."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta

from okr.board import KeyResultStanding
from okr.model import Snapshot
from okr.pace import LOOK_BACK
from okr.scoring import exact
from okr.values import Known, known_on

SHORTEST = timedelta(days=14)
"""A rate of fewer days is a jump, and nothing to count on."""


Point = tuple[date, float]
"""A value at the end of a day."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in the key result's own unit a week, and the days between which it was held."""

    a_week: float
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Reach:
    """How a target can still be met.

    ``goal`` is the value that passes: the target, or the share of the way that success asks for.
    ``best`` is the best rate towards it so far; None where it never came nearer. ``last_day`` is
    the last day on which the goal could still be met at that rate, starting from today's value;
    it lies before the day in question where that is too late already. ``is_met`` says that the
    value is there.
    """

    goal: float
    is_met: bool
    best: Rate | None
    last_day: date | None


def reach_of(snapshot: Snapshot, standing: KeyResultStanding, day: date) -> Reach | None:
    """Say until when a key result stays within reach.

    Returns:
        None for what has no way from start to target, no window, or no value.
    """
    one, window = standing.key_result, standing.window
    if not one.kind.is_way or one.undefined or window is None or standing.value is None:
        return None
    if one.start is None or one.target is None:
        return None
    way = one.target - one.start
    goal = one.start + standing.pass_mark * way
    left = (goal - standing.value) * (1 if way > 0 else -1)
    if left <= 0:
        return Reach(goal, True, None, None)
    check_ins = snapshot.check_ins.get(one.key, ())
    known = known_on(one, check_ins, snapshot.changes.get(one.key, ()), day)
    best = _best(known, one.start, way > 0, window.start, min(day, window.end))
    last_day = None
    if best is not None:
        days = min(7 * left / abs(best.a_week), 36500.0)
        last_day = window.end - timedelta(days=-int(-days // 1))
    return Reach(goal, False, best, last_day)


def _best(known: Known, start: float, is_rising: bool, opened: date, until: date) -> Rate | None:
    """Find the best rate of any four weeks; while there are not so many, of the time so far."""
    if not known.is_reported or until - opened < SHORTEST:
        return None
    points = _points(known, start, opened, until)
    direction = 1 if is_rising else -1
    ends = [until - timedelta(days=back) for back in range((until - opened - SHORTEST).days + 1)]
    rates = [_rate(points, max(opened, end - LOOK_BACK), end) for end in ends]
    best = max(rates, key=lambda rate: (direction * rate.a_week, rate.until))
    return best if direction * best.a_week > 0 else None


def _points(known: Known, start: float, opened: date, until: date) -> list[Point]:
    """List the values of the window by day, from its first day on; the newest holds to the last."""
    at_first = known.value_on(opened)
    by_day = {opened: start if at_first is None else at_first}
    for ordinal, value in known.reports:
        if opened < (day := date.fromordinal(ordinal)) <= until:
            by_day[day] = value
    by_day.setdefault(until, by_day[max(by_day)])
    return sorted(by_day.items())


def _rate(points: list[Point], since: date, until: date) -> Rate:
    """Measure a rate between two days; between two reports the value is taken to move evenly.

    Otherwise whoever reports seldom would seem to have come far on a single day.
    """
    moved = _between(points, until) - _between(points, since)
    return Rate(exact(moved / ((until - since).days / 7)), since, until)


def _between(points: list[Point], day: date) -> float:
    after = bisect_left(points, day, key=_day)
    if points[after][0] == day:
        return points[after][1]
    (since, before), (until, value) = points[after - 1], points[after]
    return before + (value - before) * ((day - since) / (until - since))


def _day(point: Point) -> date:
    return point[0]
