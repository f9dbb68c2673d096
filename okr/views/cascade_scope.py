"""What the Cascade page is asked to show: everything, a team, or one objective with all around."""

from collections.abc import Mapping
from dataclasses import dataclass

from okr.board import Board, ObjectiveStanding
from okr.cascade import Cascade, build_cascade, keys_around, keys_of_team
from okr.supports import find_standing
from okr.views.addresses import Address

VIEWS = ("map", "outline", "across", "gaps")
SEPARATOR = ";"
"""Parts the keys of cards that were unfolded or folded, in the address."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One selection of the cascade, and how it is looked at.

    ``keys`` are the objectives that were asked for: of a team, or the one in focus; None where
    all are shown. ``levels`` is how many are unfolded, None to let the room decide. ``turned`` are
    the cards that are the other way. ``unknown`` says what was asked for and is not there.
    """

    view: str
    team: str
    focus: ObjectiveStanding | None
    keys: frozenset[str] | None
    levels: int | None
    turned: frozenset[str]
    cascade: Cascade
    unknown: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether it shows everything."""
        return self.keys is None


def choose_scope(board: Board, team: str, query: Mapping[str, str]) -> Scope:
    """Read what an address asks for; what cannot be shown is replaced by all there is."""
    asked = query.get("focus", "")
    focus = find_standing(board, asked)
    whole = board.top.team.name
    keys: frozenset[str] | None = None
    if focus is not None:
        keys = frozenset([focus.objective.key])
    elif team != whole:
        keys = frozenset(keys_of_team(board, team))
    levels = query.get("levels", "")
    return Scope(
        view=query["view"] if query.get("view") in VIEWS else VIEWS[0],
        team=team,
        focus=focus,
        keys=keys,
        levels=int(levels[:3]) if levels.isascii() and levels.isdecimal() else None,
        turned=frozenset(filter(None, query.get("turned", "").split(SEPARATOR))),
        cascade=_cascade(board, keys, focus is None),
        unknown=_unknown(asked) if asked and focus is None else "",
    )


def _cascade(board: Board, keys: frozenset[str] | None, has_teams: bool) -> Cascade:
    around = None if keys is None else keys_around(board, keys)
    return build_cascade(board, around, has_teams=has_teams)


def _unknown(asked: str) -> str:
    return f"There is no objective “{asked}” in this cycle or around it; this shows all instead."


def to_focus(address: Address, key: str | None) -> str:
    """Lead to one objective with all around it, in the same view; None leads back to all."""
    view = address.query.get("view")
    is_list = view in ("across", "gaps")
    return address.here(focus=key, turned=None, levels=None, view=None if is_list else view)


def to_turned(address: Address, scope: Scope, key: str) -> str:
    """Lead to the same page with one card folded that is unfolded, or the other way round."""
    turned = scope.turned ^ {key}
    return address.here(turned=SEPARATOR.join(sorted(turned)) or None)
