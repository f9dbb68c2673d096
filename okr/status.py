"""What the figures mean on a day: status, age, the two needles, grades (docs/rules.md)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from okr.board import Window
from okr.figures import Figures
from okr.model import Commitment, KeyResult, Settings, Status
from okr.scoring import at_least, is_met

ON_TRACK, AT_RISK, OFF_TRACK = Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK
"""By names of their own: Python takes longer to find a member of an enumeration than to judge."""

CANNOT_BE_SCORED = "cannot be scored"
NO_CYCLE = "no cycle"
NEVER_MEASURED = "missed, never measured"

WORST_FIRST = (
    Status.MISSED,
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.NO_DATA,
    Status.ON_TRACK,
    Status.TOO_EARLY,
    Status.NOT_STARTED,
    Status.ACHIEVED,
)
"""The order in which the status of an objective follows from its key results."""

WORSE_THAN_SILENCE = WORST_FIRST[: WORST_FIRST.index(Status.NO_DATA) + 1]
"""What holds for an objective even where the status of another of its parts is not known."""


def is_stale(updated_on: date | None, day: date, settings: Settings) -> bool | None:
    """Tell whether the newest value or check-in is older than people agreed; None without one."""
    if updated_on is None:
        return None
    return (day - updated_on).days > settings.check_in_every + settings.grace


def key_result_status(
    key_result: KeyResult, figures: Figures, is_dropped: bool, settings: Settings
) -> tuple[Status | None, str]:
    """Decide the status of a key result and its word: the first of rule 5 that matches.

    Args:
        key_result: Its kind and bound, and why it cannot be scored where it cannot.
        figures: What was worked out of it for the day.
        is_dropped: Whether it, or its objective, was given up.
        settings: The thresholds of the company.
    """
    if is_dropped:
        return _say(Status.DROPPED)
    if key_result.undefined:
        return None, CANNOT_BE_SCORED
    if _has_arrived(key_result, figures):
        return _say(Status.ACHIEVED)
    if figures.is_over:
        return _after(figures)
    if figures.is_before:
        return _say(Status.NOT_STARTED)
    if figures.value is None:
        return _say(Status.NO_DATA)
    if figures.window is None:
        return None, NO_CYCLE
    return _say(_under_way(key_result, figures, settings))


_SAID = {status: (status, status.value) for status in Status}
"""Each status and its word; Python takes longer to ask a member for its value than to find it."""


def _say(status: Status) -> tuple[Status, str]:
    return _SAID[status]


def _has_arrived(key_result: KeyResult, figures: Figures) -> bool:
    """Tell whether the target is reached by the value of the day; a bound to keep never is."""
    reached = figures.progress
    return reached is not None and not key_result.kind.is_keep and at_least(reached, 1.0)


def _after(figures: Figures) -> tuple[Status, str]:
    """Judge a key result whose window is over."""
    if figures.value is None or figures.score is None:
        return Status.MISSED, NEVER_MEASURED
    weeks = figures.weeks
    if weeks is not None and weeks.reported * 2 < (weeks.elapsed or 0):
        return _say(Status.NO_DATA)
    return _by_score(figures.score, figures.pass_mark)


def _by_score(score: float, pass_mark: float) -> tuple[Status, str]:
    return _say(Status.ACHIEVED if at_least(score, pass_mark) else Status.MISSED)


def _under_way(key_result: KeyResult, figures: Figures, settings: Settings) -> Status:
    """Judge a key result with a value, within its window."""
    if key_result.kind.is_keep:
        return ON_TRACK if is_met(key_result, figures.value or 0.0) else OFF_TRACK
    if not key_result.kind.is_way:
        return _by_confidence(figures.confidence, settings)
    if not at_least(figures.expected or 0.0, settings.too_early):
        return Status.TOO_EARLY
    return _by_gap(figures.gap or 0.0, settings)


def _by_confidence(confidence: float | None, settings: Settings) -> Status:
    """Judge what is either done or not by what its owner believes."""
    if confidence is None:
        return Status.NO_DATA
    if at_least(confidence, settings.confidence_high):
        return ON_TRACK
    return OFF_TRACK if not at_least(confidence, settings.confidence_low) else AT_RISK


def _by_gap(behind: float, settings: Settings) -> Status:
    """Judge by the points that progress is behind pace, the thresholds included."""
    if behind <= settings.gap_at_risk:
        return ON_TRACK
    return AT_RISK if behind <= settings.gap_off_track else OFF_TRACK


def disagreement(status: Status | None, confidence: float | None, settings: Settings) -> str:
    """Say where the computed status and the owner's belief point in different directions."""
    if confidence is None:
        return ""
    if status is OFF_TRACK and at_least(confidence, settings.confidence_high):
        return "says high confidence, is off track"
    if status is ON_TRACK and not at_least(confidence, settings.confidence_low):
        return "says low confidence, is on track"
    return ""


def objective_status(
    parts: Sequence[Status | None],
    *,
    score: float | None,
    pass_mark: float,
    window: Window | None,
    day: date,
) -> tuple[Status | None, str]:
    """Decide the status of an objective from those of its counted parts, and print its count.

    Args:
        parts: The statuses of its counted key results, or of the objectives that it rolls up.
        score: Its own score; decides after the window.
        pass_mark: The score that is a success.
        window: The days of its cycle, None without one.
        day: The day in question.
    """
    if not parts:
        return _say(Status.NO_DATA)
    if window is not None and day > window.end:
        if score is None:
            return Status.MISSED, NEVER_MEASURED
        return _by_score(score, pass_mark)
    worst = worst_of(parts)
    if worst is None:
        return None, NO_CYCLE
    return worst, f"{_say(worst)[1]}: {parts.count(worst)} of {len(parts)}"


def worst_of(parts: Sequence[Status | None]) -> Status | None:
    """Find the worst status; None where a part has none, and no other is as bad as no data."""
    for status in WORST_FIRST:
        if status in parts:
            return None if None in parts and status not in WORSE_THAN_SILENCE else status
    return None


class Colour(StrEnum):
    """How good a final grade is; printed as a word beside the colour."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def grade_colour(grade: float, commitment: Commitment, settings: Settings) -> Colour:
    """Judge a final grade: all of what was committed is asked for, and most of an aspiration."""
    green, amber = settings.grade_green, settings.grade_amber
    if commitment is Commitment.COMMITTED:
        green, amber = settings.pass_committed, settings.grade_green
    if at_least(grade, green):
        return Colour.GREEN
    return Colour.AMBER if at_least(grade, amber) else Colour.RED
