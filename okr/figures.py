"""The figures of one key result on a day: all that its status and its pace follow from."""

from datetime import date
from typing import NamedTuple

from okr import scoring
from okr.board import Leg, Weeks, Window
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
    value, confidence = known.value, known.confidence
    if key_result.undefined:
        return Figures(day, window, pass_mark, value, confidence, None, None, None, None, None)
    weeks = None
    if key_result.kind.is_keep and known.is_reported:
        weeks = scoring.weeks_met(key_result, known.moments, known.values, window, day)
    reached = scoring.progress(key_result, value, weeks)
    due = expected_on(key_result, window, day)
    return Figures(
        day=day,
        window=window,
        pass_mark=pass_mark,
        value=value,
        confidence=confidence,
        weeks=weeks,
        progress=reached,
        score=scoring.score(reached),
        expected=due,
        gap=gap(due, pass_mark, reached),
    )


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
    length = (window.end - window.start).days
    gone = (day - window.start).days
    return 1.0 if length <= 0 else min(1.0, max(0.0, gone / length))


def expected_on(key_result: KeyResult, window: Window | None, day: date) -> float | None:
    """Say where progress of a key result should be on a day, by its own pace where it has one."""
    leg = leg_of(key_result, window, day)
    if leg is None:
        return expected(window, day)
    gone = (day - leg.first).days / (leg.last - leg.first).days
    return scoring.exact(leg.low + (leg.high - leg.low) * min(1.0, max(0.0, gone)))


def leg_of(key_result: KeyResult, window: Window | None, day: date) -> Leg | None:
    """Find the part of its pace that a key result is on; None where its pace is even.

    Between its checkpoints the way is even, as it is from the start of the window to the first and
    from the last to the end. Checkpoints outside of the window do not count.
    """
    start, target = key_result.start, key_result.target
    if not key_result.pace or window is None or start is None or target is None:
        return None
    first, low = window.start, 0.0
    for checkpoint in key_result.pace:
        if window.start < checkpoint.day < window.end:
            high = (checkpoint.value - start) / (target - start)
            if day <= checkpoint.day:
                return Leg(first, low, checkpoint.day, high)
            first, low = checkpoint.day, high
    return None if first == window.start else Leg(first, low, window.end, 1.0)


def gap(expects: float | None, pass_mark: float, reached: float | None) -> float | None:
    """Measure, in points, how far progress is behind pace; negative where it is ahead."""
    if expects is None or reached is None:
        return None
    return round(100 * (expects * pass_mark - reached), 6) + 0.0
