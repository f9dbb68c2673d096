"""Whom a picture is of: the organisation, a team, one objective, or one person."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from okr import scoring
from okr.assess import roll_up_team, stand_together
from okr.board import Board, KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.columns import normalise
from okr.model import Status, Team
from okr.pictures.choice import Choice, PictureError
from okr.views import formats
from okr.views.pieces import Names
from okr.views.summary import counted, is_behind

Measure = Callable[[Board], TeamStanding]
"""Takes the standing of one subject from a board of any day."""

HOLDS = (Status.ON_TRACK, Status.ACHIEVED, Status.TOO_EARLY)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a picture is of.

    ``teams`` are the names of the teams whose objectives are listed. ``keys`` narrows that down to
    some objectives and key results; None lists them all. ``is_wide`` tells that it stands above
    other teams, so that a table of these belongs to it.
    """

    title: str
    about: str
    teams: tuple[str, ...]
    measure: Measure
    keys: frozenset[str] | None = None
    is_wide: bool = False
    answer: Callable[[TeamStanding], str] | None = None


def find_subject(board: Board, choice: Choice) -> Subject:
    """Find whom a choice names.

    Raises:
        PictureError: If the board has no such objective, person or team.
    """
    if choice.objective:
        return _objective(board, choice.objective)
    if choice.person:
        return _person(board, choice.person)
    return _team(board, choice.team, choice.below)


# --- a team, with or without those below it -------------------------------------------------------


def _team(board: Board, asked: str, has_below: bool) -> Subject:
    top = board.top.team.name
    team = _known_team(board, asked) if asked else board.top.team
    lead = Names(board.snapshot).of(team.lead)
    about = f"led by {lead}" if lead else ""
    below = _below(board, team.name)
    if team.name == top:
        listed = below if has_below else (top,)
        wide = " · ".join(filter(None, ("all teams" if len(below) > 1 else "", about)))
        return Subject(top, wide, listed, lambda one: one.organisation, is_wide=True)
    if has_below and len(below) > 1:
        names = frozenset(below)
        return Subject(team.name, about, below, lambda one: _all_of(one, team, names), is_wide=True)
    return Subject(team.name, about, (team.name,), lambda one: _own(one, team))


def _known_team(board: Board, asked: str) -> Team:
    for standing in board.teams:
        if normalise(standing.team.name) == normalise(asked):
            return standing.team
    raise PictureError(
        f"There is no team “{asked}”",
        "Neither the Teams tab nor an objective of this workbook names that team.",
        f"Its teams are: {formats.listing((one.team.name for one in board.teams), 12)}.",
    )


def _below(board: Board, name: str) -> tuple[str, ...]:
    """List a team and all teams below it, in the order of the tree."""
    found = [name]
    for standing in board.teams:
        if standing.team.parent in found:
            found.append(standing.team.name)
    return tuple(found)


def _own(board: Board, team: Team) -> TeamStanding:
    found = (one for one in board.teams if one.team.name == team.name)
    return next(found, None) or roll_up_team(team, ())


def _all_of(board: Board, team: Team, names: frozenset[str]) -> TeamStanding:
    inside = [one for one in board.teams if one.team.name in names]
    return roll_up_team(team, [objective for one in inside for objective in one.objectives])


# --- one objective --------------------------------------------------------------------------------


def _objective(board: Board, asked: str) -> Subject:
    found = _known_objective(board, asked)
    objective = found.objective
    team = Team(objective.team or board.top.team.name)
    key = objective.key

    def measure(one: Board) -> TeamStanding:
        everything = (*one.objectives, *one.enclosing)
        return roll_up_team(team, [each for each in everything if each.objective.key == key])

    return Subject(
        objective.title,
        team.name,
        (team.name,),
        measure,
        frozenset((key, *(one.key_result.key for one in found.key_results))),
        answer=_say_objective,
    )


def _known_objective(board: Board, asked: str) -> ObjectiveStanding:
    """Find an objective by its ID, or else by its exact title."""
    listed = (*board.objectives, *board.enclosing)
    wanted = normalise(asked)
    for name in ("id", "key", "title"):
        for standing in listed:
            if normalise(getattr(standing.objective, name) or "") == wanted:
                return standing
    cycle = board.cycle.name if board.cycle else "this workbook"
    raise PictureError(
        f"There is no objective “{asked}” in {cycle}",
        "No objective there has that ID or that title.",
        "Take the ID from the ID column of the Objectives tab, or add its cycle to the address.",
    )


def _say_objective(whole: TeamStanding) -> str:
    """Sum an objective up: how many key results hold, and which one needs help."""
    word = whole.objectives[0].word if whole.objectives else "no data"
    return _say_key_results(f"{_capital(word.partition(':')[0])}: ", counted(whole))


def _say_key_results(first: str, standings: Sequence[KeyResultStanding]) -> str:
    if not standings:
        return f"{first}no key result counts yet."
    held, total = sum(one.status in HOLDS for one in standings), len(standings)
    if held == total:
        everyone = "the one key result holds" if total == 1 else f"all {total} key results hold"
        return f"{first}{everyone} pace."
    said = f"{first}{held} of {formats.count(total, 'key result')} {_hold(held)} pace"
    worst = [one for one in standings if is_behind(one)]
    worst = worst or [one for one in standings if one.status is Status.AT_RISK]
    if not worst:
        return f"{said}; {total - held} {'has' if total - held == 1 else 'have'} no value."
    first_one = max(worst, key=lambda one: one.gap or 0.0)
    return f"{said}; “{first_one.key_result.title}” needs help first."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _hold(number: int) -> str:
    return "holds" if number == 1 else "hold"


# --- one person -----------------------------------------------------------------------------------


def _person(board: Board, asked: str) -> Subject:
    names = Names(board.snapshot)
    name = names.of(asked)

    def is_theirs(standing: KeyResultStanding, objective: ObjectiveStanding) -> bool:
        owner = standing.key_result.owner or objective.objective.owner
        return normalise(names.of(owner)) == normalise(name)

    def measure(one: Board) -> TeamStanding:
        return _together_of(Team(name), _owned(one, is_theirs))

    owned = list(_owned(board, is_theirs))
    if not owned:
        raise PictureError(
            f"{asked} owns no key result here",
            "No Owner cell of the shown cycle holds that name or address.",
            "Write the address as the Owner column does, or choose another cycle.",
        )
    keys = {one.key_result.key for each in owned for one in each.key_results}
    return Subject(
        name,
        formats.count(len(keys), "key result"),
        tuple(dict.fromkeys(one.objective.team or board.top.team.name for one in owned)),
        measure,
        frozenset(keys | {one.objective.key for one in owned}),
        answer=lambda whole: _capital(_say_key_results("", counted(whole))),
    )


def _owned(
    board: Board, is_theirs: Callable[[KeyResultStanding, ObjectiveStanding], bool]
) -> Iterable[ObjectiveStanding]:
    """Give each objective in which somebody owns key results, with those alone."""
    for objective in board.objectives:
        own = tuple(one for one in objective.key_results if is_theirs(one, objective))
        if own and objective.objective.is_counted:
            yield replace(objective, key_results=own)


def _together_of(team: Team, objectives: Iterable[ObjectiveStanding]) -> TeamStanding:
    """Roll up the key results of one person, each by its own weight."""
    objectives = list(objectives)
    key_results = [one for objective in objectives for one in objective.key_results]
    counting = [one for one in key_results if one.is_counted]
    parts = [scoring.part(one.key_result.weight, one.score) for one in counting]
    due = [
        scoring.part(one.key_result.weight, one.expected * one.pass_mark)
        for one in counting
        if one.expected is not None
    ]
    return stand_together(team, objectives, key_results, parts, due)
