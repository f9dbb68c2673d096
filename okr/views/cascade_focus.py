"""One objective of the cascade: what it supports, what carries it, and what holds it back."""

from collections.abc import Iterable
from dataclasses import dataclass

from okr.board import Board, ObjectiveStanding
from okr.contribution import Contribution, Support, contribution_to
from okr.explain import explain_objective
from okr.model import RollUp
from okr.views import formats, pieces
from okr.views.addresses import Address
from okr.views.cascade_cards import Link, status_mark
from okr.views.cascade_scope import to_focus
from okr.views.pieces import Bar, CellLink, Mark, Names


@dataclass(frozen=True, slots=True)
class Carrier:
    """One objective that supports the one in focus; ``pull`` says what it holds back."""

    title: str
    href: str
    about: str
    mark: Mark
    bar: Bar
    score: str
    pull: str
    share: float


@dataclass(frozen=True, slots=True)
class Focus:
    """Everything that is said of the objective in focus."""

    title: str
    about: str
    mark: Mark
    bar: Bar
    score: str
    arithmetic: str
    parents: tuple[Link, ...]
    answer: str
    what_if: str
    carriers: tuple[Carrier, ...]
    cell: CellLink
    page: Link
    edit: str
    out: str


def build_focus(board: Board, standing: ObjectiveStanding, address: Address) -> Focus:
    """Show what carries an objective, what holds it back most first."""
    objective, names = standing.objective, Names(board.snapshot)
    found = contribution_to(standing, board)
    mark = status_mark(standing)
    team = objective.team or board.top.team.name
    about = (objective.id, team, names.of(objective.owner), objective.cycle)
    edit = address.to("team", team=team, cycle=objective.cycle, edit=objective.key)
    return Focus(
        title=objective.title,
        about=" · ".join(filter(None, about)),
        mark=mark,
        bar=pieces.score_bar(standing, mark.tone, standing.pass_mark),
        score=formats.share(standing.score) if standing.score is not None else "",
        arithmetic=explain_objective(standing),
        parents=tuple(_parents(board, standing, address)),
        answer=_answer(found),
        what_if=_what_if(found),
        carriers=tuple(_carrier(one, address, names, team) for one in found.supports),
        cell=pieces.cell_link(board.snapshot.source, objective.place.cell),
        page=Link(team, address.to("team", team=team, cycle=objective.cycle)),
        edit=edit if address.has_forms else "",
        out=to_focus(address, None),
    )


def _parents(board: Board, standing: ObjectiveStanding, address: Address) -> Iterable[Link]:
    shown = {one.objective.key for one in (*board.objectives, *board.enclosing)}
    known = {one.key: one for one in board.snapshot.objectives}
    for key in standing.parents:
        if key in known:
            yield Link(known[key].title, to_focus(address, key) if key in shown else "")


def _answer(found: Contribution) -> str:
    """Say how many carry it, and who holds it back most."""
    number = len(found.supports)
    if not number:
        return "No objective supports it here."
    behind = [one for one in found.supports if one.behind]
    carries = f"{formats.count(number, 'objective')} {'supports' if number == 1 else 'support'} it"
    if not behind:
        return f"{carries}; none is behind its pace."
    first = behind[0]
    if number == 1:
        return f"{carries} and is {formats.points(100 * (first.behind or 0.0))} behind its pace."
    return (
        f"{carries}; {len(behind)} {'is' if len(behind) == 1 else 'are'} behind pace, "
        f"“{first.standing.objective.title}” the most."
    )


def _what_if(found: Contribution) -> str:
    """Print what the score would be with all on pace, so that it adds up; or why it would stay."""
    behind = [one for one in found.supports if one.behind]
    if not behind:
        return ""
    if found.what_if is None or not behind[0].lift:
        if found.standing.objective.roll_up is RollUp.CHILDREN:
            return ""
        return (
            "Its score comes from its own key results, so the shares say who is behind, "
            "not what that costs."
        )
    number = round((behind[0].behind or 0.0) / behind[0].lift)
    now = round(100 * (found.standing.score or 0.0), 1)
    lags = [round(100 * (one.behind or 0.0), 1) for one in behind]
    printed = " + ".join(f"{lag:.1f}" for lag in lags)
    lag = f"({printed})" if len(lags) > 1 else printed
    return f"With all on pace: {now:.1f} + {lag} / {number} = {now + sum(lags) / number:.1f}%."


def _carrier(one: Support, address: Address, names: Names, team: str) -> Carrier:
    standing = one.standing
    objective = standing.objective
    mark = status_mark(standing)
    about = (objective.id, objective.team if objective.team != team else "")
    return Carrier(
        title=objective.title,
        href=to_focus(address, objective.key),
        about=" · ".join(filter(None, (*about, names.of(objective.owner)))),
        mark=mark,
        bar=pieces.score_bar(standing, mark.tone, standing.pass_mark),
        score=formats.share(standing.score) if standing.score is not None else "",
        pull=_pull(one),
        share=round(100 * (one.share or 0.0), 1),
    )


def _pull(one: Support) -> str:
    """Say how far one is behind, its share of that, and what it would bring."""
    if one.behind is None:
        return "nothing is expected of it"
    if not one.behind:
        return "holds its pace"
    said = f"{100 * one.behind:.1f} points behind, {formats.share(one.share)} of the gap"
    return f"{said}; on pace it would add {100 * one.lift:.1f}" if one.lift else said
