"""How to read a page: what its bars, marks and words mean, for whoever sees it first."""

from dataclasses import dataclass

from okr.model import Settings, Status
from okr.views import formats, pieces
from okr.views.pieces import Mark


@dataclass(frozen=True, slots=True)
class Meaning:
    """A mark, or else a word, and what it means."""

    mark: Mark | None
    word: str
    text: str


def meanings(settings: Settings) -> tuple[Meaning, ...]:
    """Say what stands on a page, with the thresholds of the workbook."""
    risk, off = (formats.plain(gap) for gap in (settings.gap_at_risk, settings.gap_off_track))
    old = formats.plain(settings.check_in_every + settings.grace)
    early, aspired = formats.share(settings.too_early), formats.share(settings.pass_aspirational)
    said = (
        (Status.ACHIEVED, "the target is reached"),
        (Status.ON_TRACK, f"at most {risk} points behind pace"),
        (Status.AT_RISK, f"more than {risk}, at most {off} points behind pace"),
        (Status.OFF_TRACK, f"more than {off} points behind pace"),
        (Status.MISSED, "the time is over, and the target was not reached"),
        (Status.TOO_EARLY, f"less than {early} of the time has passed"),
        (Status.NOT_STARTED, "its time has not begun"),
        (Status.NO_DATA, "nobody has given a value yet, which counts as 0%"),
    )
    return (
        Meaning(None, "Bar", "how far it has come from start to target"),
        Meaning(None, "Upright line", "the pace: where it should be by today"),
        Meaning(None, "Hatched", "what values that are still missing could add"),
        *(Meaning(pieces.mark(status, status.value), "", text) for status, text in said),
        Meaning(
            pieces.mark(Status.ON_TRACK, "hollow", is_stale=True),
            "",
            f"the same status, by a value older than {old} days",
        ),
        Meaning(None, "Committed", "all of it is expected"),
        Meaning(None, "Aspirational", f"{aspired} of it is a success, and its pace is set by that"),
    )
