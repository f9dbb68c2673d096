"""How far key results have come, and how their scores roll up (docs/rules.md, 3, 4)."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from math import copysign, fsum, isinf
from operator import mul
from typing import NamedTuple

from okr.board import Weeks, Window
from okr.model import KeyResult, Kind
from okr.values import Report

FARTHEST = 1e12
"""Progress ends here, so that a slip of a hundred digits still is a number that can be printed."""


def exact(number: float) -> float:
    """Round to nine decimals, so that 0.8 - 0.7 compares as people would compare it."""
    return round(number, 9)


def at_least(number: float, mark: float) -> bool:
    """Compare two numbers as rounded to nine decimals; far apart, they need no rounding."""
    apart = number - mark
    if apart > 1e-8:
        return True
    return apart >= -1e-8 and exact(number) >= exact(mark)


def is_met(key_result: KeyResult, value: float) -> bool:
    """Tell whether a value keeps to the bound of a keep kind, the bound included."""
    target = key_result.target or 0.0
    if key_result.kind is Kind.KEEP_BELOW:
        return at_least(target, value)
    return at_least(value, target)


def progress(key_result: KeyResult, value: float | None, weeks: Weeks | None) -> float | None:
    """Measure how far a key result has moved from its start to its target.

    Args:
        key_result: Increase and decrease: the way between start and target is linear, and movement
            past either end is kept. Done: the value is 1 or 0.
        value: The newest value of the day.
        weeks: For a keep kind with check-ins, how many weeks met the bound.

    Returns:
        0.0 at the start, 1.0 at the target, raw; None without a value or a definition.
    """
    if key_result.undefined or value is None:
        return None
    if key_result.kind.is_way:
        return _way(key_result.start, value, key_result.target)
    if not key_result.kind.is_keep:
        return 1.0 if at_least(value, 1.0) else 0.0
    if weeks is not None and weeks.reported:
        return exact(weeks.met / weeks.reported)
    return 1.0 if is_met(key_result, value) else 0.0


def _way(start: float | None, value: float, target: float | None) -> float | None:
    """Give the share of the way from start to target that lies behind a value."""
    if start is None or target is None or start == target:
        return None
    gone, whole = value - start, target - start
    if isinf(gone) or isinf(whole):
        gone, whole = value / 4 - start / 4, target / 4 - start / 4
    share = gone / whole
    return round(share if -FARTHEST < share < FARTHEST else copysign(FARTHEST, share), 9)


def score(reached: float | None) -> float | None:
    """Hold progress within 0 and 1, so that one runaway key result cannot hide a stuck one."""
    if reached is None or 0.0 <= reached <= 1.0:
        return reached
    return 1.0 if reached > 1.0 else 0.0


def weeks_met(
    key_result: KeyResult,
    reports: Iterable[Report],
    window: Window | None,
    day: date,
) -> Weeks:
    """Count the ISO weeks of a window, up to a day, in which a keep kind was reported and met.

    The last value of each week decides. Weeks are counted as elapsed from the one in which the
    window starts to the one in which the day, or the window's end, lies.
    """
    last: dict[int, float] = {}
    until = day if window is None else min(day, window.end)
    since = date.min if window is None else window.start
    first, final = since.toordinal(), until.toordinal()
    for ordinal, value in reports:
        if first <= ordinal <= final:
            last[_week(ordinal)] = value
    met = sum(is_met(key_result, value) for value in last.values())
    elapsed = None if window is None else max(0, week_of(until) - week_of(since) + 1)
    return Weeks(met, len(last), elapsed)


def week_of(day: date) -> int:
    """Number the ISO weeks through, from Monday to Sunday, across the ends of years."""
    return _week(day.toordinal())


def _week(ordinal: int) -> int:
    return (ordinal - 1) // 7


class Part(NamedTuple):
    """One part of a roll-up: its weight, and its score with what is missing at 0 and at 1."""

    weight: float
    score: float | None
    low: float
    high: float


_part = partial(tuple.__new__, Part)  # as Part(), which for tuples this small is half the work


class RolledUp(NamedTuple):
    """A score with its range; None, 0 and 1 where no part has any data."""

    score: float | None
    low: float
    high: float


def part(weight: float, reached: float | None) -> Part:
    """Make the part that a single key result plays: known, or anything from 0 to 1."""
    if reached is None:
        return _part((weight, None, 0.0, 1.0))
    return _part((weight, reached, reached, reached))


def roll_up(parts: Sequence[Part]) -> RolledUp:
    """Take the weighted mean; without any weight at all, every part weighs the same.

    A part of weight 0 does not count. One without data counts as 0 in the score and as 1 in what
    is possible.
    """
    weighing = [one for one in parts if one.weight] or [one._replace(weight=1.0) for one in parts]
    weights, scores, lows, highs = zip(*weighing, strict=True) if weighing else ((),) * 4
    if scores.count(None) == len(scores):
        return RolledUp(None, 0.0, 1.0)
    heaviest = max(weights)
    shares = [weight / heaviest for weight in weights]
    score = _mean(shares, lows)
    return RolledUp(score, score, score if lows == highs else _mean(shares, highs))


def _mean(shares: Sequence[float], numbers: Sequence[float]) -> float:
    """Take a weighted mean; the sum is exact, so that sorting the sheet changes no score."""
    return exact(fsum(map(mul, shares, numbers)) / fsum(shares))
