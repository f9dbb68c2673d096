"""The figures of one key result on a day: all that its status and its pace follow from."""

from datetime import date
from typing import NamedTuple

from okr import scoring
from okr.board import Weeks, Window
from okr.model import Cycle, KeyResult
from okr.values import Known


class Figures(NamedTuple):
    """The numbers of a key result on a day; None where there is nothing to work them out from.

    ``expected`` is the share of the window that is gone; ``gap`` says how far progress is behind,
    in points. A tuple rather than a dataclass: it is made for every key result of every reading.
    """

    day: date
    window: Window | None
    pass_mark: float
    value: float | None
    confidence: float | None
    weeks: Weeks | None
    progress: float | None
    score: float | None
    expected: float | None
    gap: float | None

    @property
    def is_before(self) -> bool:
        """Tell whether the window has not opened yet."""
        return self.window is not None and self.day < self.window.start

    @property
    def is_over(self) -> bool:
        """Tell whether the last day of the window has gone by."""
        return self.window is not None and self.day > self.window.end


def figures_of(
    key_result: KeyResult, known: Known, window: Window | None, pass_mark: float, day: date
) -> Figures:
    """Work out the figures of a key result; one that cannot be scored has its value alone."""
    value, confidence, weeks = known.value, known.confidence, None
    if key_result.undefined:
        return Figures(day, window, pass_mark, value, confidence, None, None, None, None, None)
    if key_result.kind.is_keep and known.is_reported:
        weeks = scoring.weeks_met(key_result, known.reports, window, day)
    reached, gone = scoring.progress(key_result, value, weeks), expected(window, day)
    score, behind = scoring.score(reached), gap(gone, pass_mark, reached)
    return Figures(day, window, pass_mark, value, confidence, weeks, reached, score, gone, behind)


def window_of(cycle: Cycle | None, due: date | None) -> Window | None:
    """Give the days from the start of the cycle to Due, or to the end of the cycle.

    A Due on or before the start is a problem of the sheet; the end of the cycle is used then.
    """
    if cycle is None:
        return None
    end = due if due is not None and due > cycle.starts else cycle.ends
    return Window(cycle.starts, end)


def expected(window: Window | None, day: date) -> float | None:
    """Say where progress should be on a day, by the calendar: 0 on the first day, 1 on the last."""
    if window is None:
        return None
    if day >= window.end:
        return 1.0
    if day <= window.start:
        return 0.0
    return (day - window.start).days / (window.end - window.start).days


def gap(expects: float | None, pass_mark: float, reached: float | None) -> float | None:
    """Measure, in points, how far progress is behind pace; negative where it is ahead."""
    if expects is None or reached is None:
        return None
    return round(100 * (expects * pass_mark - reached), 6) + 0.0
