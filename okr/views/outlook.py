"""Will it make it? What the rates of a key result lead to, each with its assumption."""

from datetime import date, timedelta
from typing import Final

from okr.board import KeyResultStanding
from okr.explain import explain_key_result
from okr.model import Kind, Settings, Status
from okr.reach import Reach
from okr.views import formats

MOST_LETTERS: Final = 16
"""How long a value with its unit may be beside a chart."""


def carry_on(standing: KeyResultStanding, goal: float, day: date) -> tuple[date, float, str] | None:
    """Carry the rate of the last four weeks on, to the goal or else to the end of the window.

    Returns:
        The day and the value that it leads to, and words for it; None without a rate.
    """
    one, window, value = standing.key_result, standing.window, standing.value
    rate = standing.pace.achieved_rate
    if window is None or value is None or rate is None or one.start is None:
        return None
    days = (window.end - day).days
    end = value + rate / 7 * days
    is_rising = goal > one.start
    if rate and (end >= goal) == is_rising:
        needs = (goal - value) / (rate / 7)
        if 0 <= needs <= days:
            until = day + timedelta(days=-int(-needs // 1))
            return until, goal, f"there by\n{formats.day(until)}"
    way = abs(goal - one.start)
    if abs(end - one.start) > 2 * way:
        return None
    return window.end, end, f"{short_quantity(end, one.unit)}\nat this rate"


def short_quantity(value: float, unit: str) -> str:
    """Write a value for a label; a long unit stands in the words above the chart."""
    text = formats.quantity(value, unit)
    return text if len(text) <= MOST_LETTERS else formats.quantity(value)


def find(standing: KeyResultStanding, day: date) -> str:
    """Say in a few words whether a key result will make it."""
    one, status, window = standing.key_result, standing.status, standing.window
    if one.undefined or status is None:
        return f"No outlook: {standing.word}"
    if standing.value is None:
        return "No value yet, so no outlook"
    if status in (Status.DROPPED, Status.NOT_STARTED, Status.ACHIEVED, Status.MISSED):
        return f"{status.value.capitalize()}: {_stands(standing)}"
    if not one.kind.is_way or window is None:
        return f"{status.value.capitalize()}: {_stands(standing)}"
    if status is Status.TOO_EARLY:
        return f"Too early to tell: {_stands(standing)}"
    goal = (one.start or 0.0) + standing.pass_mark * ((one.target or 0.0) - (one.start or 0.0))
    carried = carry_on(standing, goal, day)
    if carried is None:
        return f"{status.value.capitalize()}: {_stands(standing)}"
    until, end, _ = carried
    if end == goal:
        return f"At the rate of the last weeks it gets there by {formats.day(until)}"
    shown, wanted = (formats.quantity(number, one.unit) for number in (end, goal))
    return f"At the rate of the last weeks it ends at {shown}, short of {wanted}"


def _stands(standing: KeyResultStanding) -> str:
    one = standing.key_result
    return formats.value_of_target(standing.value, one.target, one.unit, one.kind)


def outlook(
    standing: KeyResultStanding, reach: Reach | None, day: date, settings: Settings
) -> list[str]:
    """Print the arithmetic, then what follows from it and on which assumption."""
    sentences = [explain_key_result(standing, settings)]
    if standing.is_stale and standing.updated_on is not None:
        sentences.append(f"{(day - standing.updated_on).days} days without a value.")
    if reach is None or standing.window is None or reach.is_met or day > standing.window.end:
        return sentences
    sentences.append(_projected(standing, settings))
    sentences += _rates(standing)
    sentences += _in_reach(standing, reach, day)
    return [sentence for sentence in sentences if sentence]


def _projected(standing: KeyResultStanding, settings: Settings) -> str:
    """Say where the whole time so far leads, and that it is assumed to go on like that."""
    projected, window, gone = standing.pace.projected, standing.window, standing.expected
    if window is None or standing.progress is None:
        return ""
    if projected is None:
        least = formats.share(settings.too_early)
        return f"No projection before {least} of the window is gone; {formats.share(gone)} is."
    reached = f"{100 * standing.progress:.1f}% / {100 * (gone or 0.0):.1f}%"
    return (
        f"Projected: {formats.share(projected)} of the way ({reached}), "
        f"if it goes on as it did since {formats.day(window.start)}."
    )


def _rates(standing: KeyResultStanding) -> list[str]:
    """Put the rate that is needed beside the one that was held."""
    pace, unit = standing.pace, standing.key_result.unit
    said = []
    if pace.required_rate is not None:
        said.append(f"Needed from now on: {rate_words(pace.required_rate, unit)}.")
    if pace.achieved_rate is not None:
        share = "" if pace.ratio is None else f", {formats.share(pace.ratio)} of what is needed"
        said.append(f"Held in the last 4 weeks: {rate_words(pace.achieved_rate, unit)}{share}.")
    return said


def rate_words(rate: float, unit: str) -> str:
    """Write a rate with its sign: ``+1.9 pts a week``, ``−2.5 a week``.

    From 100 on it has no decimals: they would mean nothing.
    """
    by = 0.01 if unit == "%" else 1.0
    whole = round(rate / by) * by if abs(rate / by) >= 100 else rate
    return f"{formats.change(whole, 0.0, unit, Kind.INCREASE)} a week"


def _in_reach(standing: KeyResultStanding, reach: Reach, day: date) -> list[str]:
    """Say until when there is time, at the best rate that was ever held."""
    if reach.best is None or reach.last_day is None:
        return []
    best, unit = reach.best, standing.key_result.unit
    span = f"{formats.day(best.since)} to {formats.day(best.until)}"
    rate = f"its best rate so far, {rate_words(best.a_week, unit)} ({span})"
    if reach.last_day >= day:
        return [f"At {rate}, it stays in reach until {formats.day(reach.last_day)}."]
    return [f"Even at {rate}, it would have had to begin by {formats.day(reach.last_day)}."]
