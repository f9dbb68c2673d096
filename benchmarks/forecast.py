"""How far off a forecast is: several methods on made-up courses whose ends are known."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from random import Random

from benchmarks.measuring import Figure

WEEKS = 13
SAMPLES = 300
SEED = 1
SHARES = (0.25, 0.5, 0.75)
"""How much of the window is gone when the end is forecast."""

Course = Callable[[float, Random], float]
"""Progress after a share of the window, for one key result."""

Method = Callable[[Sequence[tuple[float, float]], float], float]
"""Forecasts progress at the end from what was reported by a share of the window."""


def _steady(reach: float) -> Course:
    return lambda share, _: reach * share


def _late(reach: float) -> Course:
    return lambda share, _: reach * share**1.8


def _early(reach: float) -> Course:
    return lambda share, _: reach * (1 - (1 - share) ** 2)


def _steps(reach: float) -> Course:
    return lambda share, _: reach * int(4 * share + 0.5) / 4


def _stalled(reach: float) -> Course:
    return lambda share, _: min(1.6 * reach * share, 0.6 * reach)


def _noisy(reach: float) -> Course:
    return lambda share, rng: reach * share + (rng.gauss(0, 0.08) if 0 < share < 1 else 0.0)


SHAPES: dict[str, Callable[[float], Course]] = {
    "steady": _steady,
    "late": _late,
    "early": _early,
    "steps": _steps,
    "stalled": _stalled,
    "noisy": _noisy,
}


def _at(reports: Sequence[tuple[float, float]], share: float) -> float:
    """Give the newest progress reported by a share of the window; 0 before the first."""
    return next((value for when, value in reversed(reports) if when <= share), 0.0)


def _linear(reports: Sequence[tuple[float, float]], gone: float) -> float:
    """Let it go on as since the start: this is what the board shows as projected."""
    return reports[-1][1] / gone


def _last_weeks(reports: Sequence[tuple[float, float]], gone: float) -> float:
    """Let it go on as in the last 28 days."""
    back = min(gone, 4 / WEEKS)
    rate = (reports[-1][1] - _at(reports, gone - back)) / back
    return reports[-1][1] + rate * (1 - gone)


def _mixed(reports: Sequence[tuple[float, float]], gone: float) -> float:
    """Stand in the middle between the two."""
    return (_linear(reports, gone) + _last_weeks(reports, gone)) / 2


def _still(reports: Sequence[tuple[float, float]], _: float) -> float:
    """Let nothing move any more: how far off one is without any forecast."""
    return reports[-1][1]


METHODS: dict[str, Method] = {
    "as since the start": _linear,
    "as in the last 28 days": _last_weeks,
    "the mean of both": _mixed,
    "no forecast": _still,
}


def errors(method: Method, shape: str, gone: float) -> list[float]:
    """Give the points by which a method misses the true end, for many courses of one shape."""
    rng = Random(f"{SEED} {shape} {gone}")
    missed = []
    for _ in range(SAMPLES):
        course = SHAPES[shape](rng.uniform(0.3, 1.3))
        weeks = [week / WEEKS for week in range(1, WEEKS) if week / WEEKS <= gone]
        told = [share for share in weeks if rng.random() < 0.85] or weeks[-1:]
        reports = [(share, course(share, rng)) for share in told]
        missed.append(100 * abs(method(reports, gone) - course(1.0, rng)))
    return missed


def table() -> dict[str, dict[str, float]]:
    """Give the mean miss in points by method and shape, over all shares of the window."""
    return {
        name: {
            shape: statistics.fmean(miss for gone in SHARES for miss in errors(method, shape, gone))
            for shape in SHAPES
        }
        for name, method in METHODS.items()
    }


def measure() -> Iterator[Figure]:
    """Compare the methods: their mean miss against that of the one that the board shows."""
    found = table()
    shown = statistics.fmean(found["as since the start"].values())
    for name, by_shape in found.items():
        mean = statistics.fmean(by_shape.values())
        detail = ", ".join(f"{shape} {miss:.1f}" for shape, miss in by_shape.items())
        yield Figure(f"forecast {name}: miss", mean / shown, None, f"{mean:.1f} points: {detail}")
