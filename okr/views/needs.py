"""What key results still need: the rate asked for, the rate held, until when there is time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from okr.board import Board, KeyResultStanding
from okr.changes import rank
from okr.listings import Listing
from okr.model import Status
from okr.reach import reach_of
from okr.views import formats
from okr.views.outlook import rate_words
from okr.views.pieces import Mark, mark

MOST = 12
"""How many are listed; the rest stands in the table to download."""

OVER = (Status.ACHIEVED, Status.MISSED, Status.DROPPED, Status.NOT_STARTED)


@dataclass(frozen=True, slots=True)
class Need:
    """One key result with a way still to go, as a row."""

    title: str
    href: str
    team: str
    mark: Mark
    value: str
    needed: str
    held: str
    share: str
    projected: str
    until: str


def list_needs(
    standings: Sequence[KeyResultStanding],
    board: Board,
    to: Callable[..., str],
) -> list[Need]:
    """List the key results that have a way to go, those that need the most first.

    Args:
        standings: Those to choose from.
        board: The board that they stand on.
        to: Leads to the page with other choices.
    """
    open_ones = [
        one for one in standings if one.pace.required_rate is not None and one.status not in OVER
    ]
    open_ones.sort(key=lambda one: (rank(one.status), -(one.gap or 0.0)))
    return [_need(one, board, to(key_result=one.key_result.key)) for one in open_ones[:MOST]]


def _need(one: KeyResultStanding, board: Board, href: str) -> Need:
    kept, pace = one.key_result, one.pace
    return Need(
        title=kept.title,
        href=href,
        team=one.objective.team if one.objective else "",
        mark=mark(one.status, one.word, one.is_stale),
        value=formats.value_of_target(one.value, kept.target, kept.unit, kept.kind),
        needed=_rate(pace.required_rate, kept.unit),
        held=_rate(pace.achieved_rate, kept.unit),
        share=_share(pace.ratio),
        projected="too early" if pace.projected is None else formats.share(pace.projected),
        until=_until(one, board),
    )


def _share(ratio: float | None) -> str:
    """Say what part of what is needed is held; "" where that is none or not known."""
    return f"{formats.share(ratio)} of needed" if ratio and ratio > 0 else ""


def _rate(rate: float | None, unit: str) -> str:
    return "–" if rate is None else rate_words(rate, unit).removesuffix(" a week")


def _until(one: KeyResultStanding, board: Board) -> str:
    """Say until when there is time at the best rate so far."""
    reach = reach_of(board.snapshot, one, board.day)
    if reach is None or reach.last_day is None:
        return "–"
    if reach.last_day < board.day:
        return "too late"
    return formats.day(reach.last_day, board.day)


def needs_listing(standings: Sequence[KeyResultStanding], board: Board) -> Listing:
    """Put all figures of key results into a table to take along."""
    headers = (
        "Team", "Objective", "Key result", "Owner", "Status", "Start", "Value", "Target", "Unit",
        "Progress", "Expected", "Points behind", "Confidence", "Needed a week", "Held a week",
        "Projected", "In reach until", "Updated on",
    )  # fmt: skip
    rows = []
    for one in standings:
        kept, pace, reach = one.key_result, one.pace, reach_of(board.snapshot, one, board.day)
        rows.append((
            one.objective.team if one.objective else "",
            one.objective.title if one.objective else "",
            kept.title,
            kept.owner,
            one.word,
            kept.start,
            one.value,
            kept.target,
            kept.unit,
            one.progress,
            one.expected,
            one.gap,
            one.confidence,
            pace.required_rate,
            pace.achieved_rate,
            pace.projected,
            reach.last_day if reach else None,
            one.updated_on,
        ))  # fmt: skip
    return Listing("Key results and their pace", headers, tuple(rows))
