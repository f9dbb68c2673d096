"""What carries an objective: how each supporting one stands, and how much it holds the whole back.

Where the score comes from the supporting objectives, bringing one of them to its pace lifts the
score by a known amount; elsewhere their shares of what is behind are all that can be said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from okr.board import Board, ObjectiveStanding
from okr.model import RollUp
from okr.scoring import exact


@dataclass(frozen=True, slots=True)
class Support:
    """One supporting objective.

    ``behind`` is how far its score is behind its pace, from 0 to 1; None where nothing is
    expected of it. ``share`` is its part of what all of them are behind; None where none is.
    ``lift`` is what the supported score would gain, were this one on its pace; None where the
    score does not come from it.
    """

    standing: ObjectiveStanding
    behind: float | None
    share: float | None = None
    lift: float | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """All that supports one objective, what holds it back most first.

    ``behind`` sums what they are behind. ``what_if`` is the score with all of them on pace, None
    where the score does not come from them.
    """

    standing: ObjectiveStanding
    supports: tuple[Support, ...]
    behind: float
    what_if: float | None


def contribution_to(standing: ObjectiveStanding, board: Board) -> Contribution:
    """Work out what the objectives that directly support one add to it, drafts left out.

    Those of other cycles that the board does not show are left out too.
    """
    known = {one.objective.key: one for one in (*board.objectives, *board.enclosing)}
    below = [known[key] for key in standing.children if key in known]
    counted = [one for one in below if one.objective.is_counted]
    lags = {one.objective.key: _behind(one) for one in counted}
    whole = exact(sum(lag or 0.0 for lag in lags.values()))
    is_rolled_up = standing.objective.roll_up is RollUp.CHILDREN
    number = len(_counted_below(standing, board)) if is_rolled_up else 0
    supports = [_support(one, lags, whole, number) for one in counted]
    lifted = (standing.score or 0.0) + whole / number if number else None
    return Contribution(
        standing=standing,
        supports=tuple(sorted(supports, key=lambda one: -(one.behind or 0.0))),
        behind=whole,
        what_if=None if lifted is None else exact(lifted),
    )


def _counted_below(standing: ObjectiveStanding, board: Board) -> Sequence[str]:
    """Name all that a score is the mean of, shown or not."""
    is_counted = {one.key: one.is_counted for one in board.snapshot.objectives}
    return [key for key in standing.children if is_counted.get(key)]


def _behind(standing: ObjectiveStanding) -> float | None:
    """Measure how far a score is behind its pace; no data counts as 0, as in a roll-up."""
    if standing.expected is None:
        return None
    return exact(max(0.0, standing.expected * standing.pass_mark - (standing.score or 0.0)))


def _support(
    standing: ObjectiveStanding, lags: Mapping[str, float | None], whole: float, number: int
) -> Support:
    lag = lags[standing.objective.key]
    if lag is None:
        return Support(standing, None)
    return Support(
        standing,
        lag,
        share=exact(lag / whole) if whole else None,
        lift=exact(lag / number) if number else None,
    )
