"""How fast a key result moves and would have to move, per week in its own unit (rule 7)."""

from datetime import date, timedelta
from math import isfinite

from okr.board import Pace, Window
from okr.figures import Figures
from okr.making import maker
from okr.model import KeyResult, Settings
from okr.scoring import at_least, exact
from okr.values import Known

LOOK_BACK = timedelta(days=28)
NO_PACE = Pace()
_pace = maker(Pace)


def pace_of(key_result: KeyResult, figures: Figures, known: Known, settings: Settings) -> Pace:
    """Project the end and compare the rate needed with the rate achieved.

    Kinds other than increase and decrease, and what cannot be scored, have no pace.
    """
    start, target, value = key_result.start, key_result.target, figures.value
    if figures.progress is None or figures.window is None or not key_result.kind.is_way:
        return NO_PACE
    if start is None or target is None or value is None:
        return NO_PACE
    goal = start + figures.pass_mark * (target - start)
    required = _required(goal - value, target > start, figures.window, figures.day)
    achieved = _achieved(start, value, known, figures.window, figures.day)
    ratio = None if not required or achieved is None else _finite(achieved / required)
    return _pace(_projected(figures, settings), required, achieved, ratio)


def _finite(number: float) -> float | None:
    """Round a number, and keep what is beyond all numbers out of the report."""
    return exact(number) if isfinite(number) else None


def _projected(figures: Figures, settings: Settings) -> float | None:
    """Extend progress to the end of the window; not while it is too early to tell."""
    gone = figures.expected or 0.0
    if gone == 0 or figures.progress is None or not at_least(gone, settings.too_early):
        return None
    return exact(figures.progress / gone)


def _required(left: float, is_rising: bool, window: Window, day: date) -> float | None:
    """Spread what is left to the pass mark over the weeks left, negative where it should fall.

    Beyond the pass mark nothing is required; on the last day and after it there is no week left.
    """
    weeks = (window.end - day).days / 7
    if weeks <= 0:
        return None
    is_passed = left <= 0 if is_rising else left >= 0
    return 0.0 if is_passed else _finite(left / weeks)


def _achieved(start: float, value: float, known: Known, window: Window, day: date) -> float | None:
    """Measure the movement of the last 28 days, or of the days since the window opened.

    Where nothing was known 28 days ago, it is measured from the start of the window, at which the
    key result stood at its own start. A value that nobody dated has no movement.
    """
    if not known.is_reported:
        return None
    since = day - LOOK_BACK if day - window.start > LOOK_BACK else window.start
    before = known.value_on(since)
    if before is None:
        since, before = window.start, start
    days = (day - since).days
    return None if days <= 0 else _finite((value - before) / (days / 7))
