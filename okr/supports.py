"""Who supports whom on a board: each link between two objectives, and which way it goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from okr import scoring
from okr.board import Board, ObjectiveStanding
from okr.columns import normalise
from okr.levels import Level, Levels
from okr.model import Objective


class Tie(StrEnum):
    """How an objective hangs together with what it stands under."""

    TOP = "top"
    CONTRIBUTES = "contributes"
    ACROSS = "supports across"
    UNLINKED = "not linked"


@dataclass(frozen=True, slots=True)
class Link:
    """One objective that supports another. ``steps`` leads up the line of teams, None across it."""

    child: ObjectiveStanding
    parent: Objective
    steps: int | None

    @property
    def tie(self) -> Tie:
        """Tell a contribution to the own team, or one above it, from support for another."""
        return Tie.ACROSS if self.steps is None else Tie.CONTRIBUTES


@dataclass(frozen=True, slots=True)
class TeamLink:
    """How often one team supports another, and how the supporting work stands.

    ``score`` rolls the supporting objectives up with equal weights, as children do (rule 4).
    """

    from_team: str
    to_team: str
    count: int
    score: float | None
    is_upward: bool


def counted_of(board: Board) -> tuple[ObjectiveStanding, ...]:
    """List the objectives that count in the cycle of a board: no drafts, none that was dropped."""
    return tuple(
        one
        for one in board.objectives
        if one.objective.is_counted
        and (board.cycle is None or one.objective.cycle == board.cycle.name)
    )


def find_standing(board: Board, asked: str) -> ObjectiveStanding | None:
    """Find an objective, in the cycle or around it, by its ID or key, else by its title."""
    shown = (*board.objectives, *board.enclosing)
    wanted = asked.strip().casefold()
    found = (one for one in shown if wanted and one.objective.key.casefold() == wanted)
    alike = (one for one in shown if wanted and normalise(one.objective.title) == normalise(wanted))
    return next(found, None) or next(alike, None)


def links_of(board: Board, levels: Levels) -> tuple[Link, ...]:
    """List what the counted objectives of a board support, loops cut."""
    known = {one.key: one for one in board.snapshot.objectives}
    return tuple(
        Link(one, known[key], levels.steps_up(one.objective.team, known[key].team))
        for one in counted_of(board)
        for key in one.parents
        if key in known
    )


def team_links(links: Iterable[Link], levels: Levels) -> tuple[TeamLink, ...]:
    """Count who supports whom, by teams in the order of the tree; a team itself is left out."""
    pairs: dict[tuple[str, str], list[Link]] = {}
    for one in links:
        pair = levels.team_of(one.child.objective.team), levels.team_of(one.parent.team)
        if pair[0] != pair[1]:
            pairs.setdefault(pair, []).append(one)
    ordered = sorted(pairs, key=lambda pair: (levels.rank(pair[0]), levels.rank(pair[1])))
    return tuple(_team_link(pair, pairs[pair]) for pair in ordered)


def _team_link(pair: tuple[str, str], links: Sequence[Link]) -> TeamLink:
    supporting: Mapping[str, ObjectiveStanding] = {
        one.child.objective.key: one.child for one in links
    }
    parts = [
        scoring.Part(1.0, one.score, one.low or 0.0, one.high or 0.0) for one in supporting.values()
    ]
    is_upward = links[0].steps is not None
    return TeamLink(*pair, len(links), scoring.roll_up(parts).score, is_upward)


def silos(board: Board, links: Iterable[TeamLink], levels: Levels) -> tuple[str, ...]:
    """Name the teams with objectives that support no other team and are supported by none."""
    tied = {name for one in links for name in (one.from_team, one.to_team)}
    apart = (Level.ORGANISATION, Level.PERSON)
    return tuple(
        one.team.name
        for one in board.teams
        if any(two.objective.is_counted for two in one.objectives)
        and one.team.name not in tied
        and levels.level(one.team.name) not in apart
    )
