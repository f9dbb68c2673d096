"""Cascade: does it all hang together?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from okr.assess import ALL_CYCLES
from okr.board import Board
from okr.debt import find_debt
from okr.gaps import Debt, Gap, GapKind
from okr.views import formats, html
from okr.views.addresses import Address
from okr.views.cascade_across import Across, build_across
from okr.views.cascade_cards import Link
from okr.views.cascade_focus import Focus, build_focus
from okr.views.cascade_gaps import GapList, build_gaps, gaps_among, summary
from okr.views.cascade_map import Map, build_map
from okr.views.cascade_outline import Outline, build_outline
from okr.views.cascade_scope import VIEWS, Scope, choose_scope
from okr.views.empties import lack_of_objectives
from okr.views.status import file_name
from okr.views.summary import Empty, when

MOST_LEVEL_LINKS = 6


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: its words, how many it shows, and the address that chooses it."""

    text: str
    href: str
    is_chosen: bool
    number: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A picture of the same as a file: its form, where it is, and the name of the file."""

    form: str
    href: str
    name: str


@dataclass(frozen=True, slots=True)
class CascadePage:
    """Everything that the Cascade page shows; of the four views, the chosen one alone is there."""

    title: str
    when: str
    about: str
    out: str
    answer: str
    health: str
    health_words: str
    arithmetic: str
    parts: tuple[str, ...]
    gaps_words: str
    gaps_href: str
    views: tuple[Option, ...]
    levels: tuple[Option, ...] = ()
    unknown: str = ""
    focus: Focus | None = None
    map: Map | None = None
    outline: Outline | None = None
    across: Across | None = None
    gaps: GapList | None = None
    empty: Empty | None = None
    downloads: tuple[Download, ...] = ()
    beyond: Link | None = None


def build_cascade_page(
    board: Board,
    team: str,
    address: Address,
    *,
    find: str = "",
    has_pictures: bool = True,
    debt: Debt | None = None,
) -> CascadePage:
    """Show how the goals of a cycle hang together.

    Args:
        board: Everything computed of the cycle.
        team: The name of the chosen team; that of the organisation shows all.
        address: The open page; its ``view``, ``focus``, ``levels``, ``turned`` and ``sort`` choose.
        find: Words that the outline is searched for.
        has_pictures: Whether pictures of the same are given out by their addresses.
        debt: What is missing between the goals, where it is known already.
    """
    debt = debt or find_debt(board)
    scope = choose_scope(board, team, address.query)
    inside = _teams_inside(board, scope)
    gaps = gaps_among(debt, _keys_inside(scope), inside)
    page = CascadePage(
        title=_title(scope, board),
        when=when(board),
        about=_about(scope, board),
        out=address.here(focus=None, team=None, turned=None, levels=None),
        answer=_answer(gaps, debt, board, scope),
        health=formats.share(debt.health) if debt.health is not None else "",
        health_words="Alignment health"
        if scope.is_whole
        else f"Alignment health of all of {board.organisation.team.name}",
        arithmetic=debt.arithmetic,
        parts=tuple(f"{one.held} of {one.of} {one.words}" for one in debt.parts),
        gaps_words=summary(gaps),
        gaps_href=address.here(view="gaps"),
        views=tuple(_views(scope, address, len(gaps))),
        unknown=scope.unknown,
        focus=build_focus(board, scope.focus, address) if scope.focus else None,
        empty=_empty(board, scope, address),
        beyond=_beyond(board, scope, address),
    )
    if scope.view == "outline":
        return replace(page, outline=build_outline(board, scope, address, find))
    if scope.view == "across":
        return replace(page, across=_across(debt, board, scope, address))
    if scope.view == "gaps":
        return replace(page, gaps=build_gaps(board, gaps, address))
    return _with_map(page, board, scope, address, has_pictures)


def _across(debt: Debt, board: Board, scope: Scope, address: Address) -> Across:
    """Show which teams support which; of the chosen one, where one is chosen."""
    teams = [one.team.name for one in board.teams]
    return build_across(debt, teams, address, "" if scope.is_whole or scope.focus else scope.team)


def _with_map(
    page: CascadePage, board: Board, scope: Scope, address: Address, has_pictures: bool
) -> CascadePage:
    """Put the map on the page, with the links that unfold it and give it out."""
    drawn = build_map(board, scope, address)
    return replace(
        page,
        map=drawn,
        levels=tuple(_levels(drawn, scope, address)),
        downloads=_downloads(board, scope, address) if has_pictures else (),
    )


def draw_cascade(page: CascadePage) -> tuple[html.Block, html.Block]:
    """Draw the page in two parts: up to where the outline is searched, and the view itself."""
    return html.draw("cascade", page, "head"), html.draw("cascade", page, "body")


def _keys_inside(scope: Scope) -> frozenset[str] | None:
    """Name what gaps are told of: all that is shown, of the whole also what no card shows."""
    return None if scope.is_whole else frozenset(scope.cascade.nodes)


def _teams_inside(board: Board, scope: Scope) -> frozenset[str]:
    """Name the chosen team and those below it."""
    found = {scope.team}
    for one in board.teams:
        if one.team.parent in found:
            found.add(one.team.name)
    return frozenset() if scope.focus else frozenset(found)


def _title(scope: Scope, board: Board) -> str:
    if scope.focus is not None:
        return "Cascade"
    return "Cascade" if scope.is_whole else f"Cascade of {scope.team}"


def _about(scope: Scope, board: Board) -> str:
    """Say what of the whole is shown."""
    if scope.is_whole:
        return ""
    number = sum(one.standing is not None for one in scope.cascade.nodes.values())
    total = len(board.objectives) + len(board.enclosing)
    whose = "this one" if scope.focus else f"those of {scope.team}"
    return (
        f"Shown are {number} of {formats.count(total, 'objective')}: {whose}, "
        "and all above and below."
    )


def _answer(gaps: Sequence[Gap], debt: Debt, board: Board, scope: Scope) -> str:
    """Say whether what is shown hangs together, in one sentence."""
    if debt.health is None:
        return "There is nothing to hang together yet."
    kinds = Counter(one.kind for one in gaps)
    loose, bare, skips = (kinds[one] for one in (GapKind.ORPHAN, GapKind.UNSUPPORTED, GapKind.SKIP))
    said = []
    if loose:
        said.append(
            f"{formats.count(loose, 'objective')} {'supports' if loose == 1 else 'support'} nothing"
        )
    if bare:
        number = formats.count(bare, "key result")
        said.append(f"nobody supports {number} of {board.organisation.team.name}")
    if skips and not said:
        verb = "skips" if skips == 1 else "skip"
        said.append(f"{formats.count(skips, 'objective')} {verb} a level")
    if not said:
        return "It all hangs together." if scope.is_whole else "All that is shown hangs together."
    sentence = " and ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _views(scope: Scope, address: Address, gaps: int) -> Iterable[Option]:
    words = {"map": "Map", "outline": "Outline", "across": "Across teams", "gaps": "Gaps"}
    for view in VIEWS:
        href = address.here(view=view if view != VIEWS[0] else None, sort=None)
        number = str(gaps) if view == "gaps" else ""
        yield Option(words[view], href, view == scope.view, number)


def _levels(drawn: Map, scope: Scope, address: Address) -> Iterable[Option]:
    """Offer to unfold some levels, or all."""
    if drawn.deepest < 2:
        return
    for level in range(1, min(drawn.deepest, MOST_LEVEL_LINKS) + 1):
        is_chosen = not scope.turned and drawn.levels == level
        text = "1 level" if level == 1 else str(level)
        yield Option(text, address.here(levels=str(level), turned=None), is_chosen)
    if drawn.deepest > MOST_LEVEL_LINKS:
        is_all = not scope.turned and drawn.levels == drawn.deepest
        yield Option("all", address.here(levels=str(drawn.deepest), turned=None), is_all)


def _beyond(board: Board, scope: Scope, address: Address) -> Link | None:
    """Lead to the objectives of other cycles that support what is shown."""
    shown = {one.objective.key for one in (*board.objectives, *board.enclosing)}
    nodes = scope.cascade.nodes.values()
    below = {key for one in nodes if one.standing for key in one.standing.children} - shown
    if not below:
        return None
    number = formats.count(len(below), "objective")
    verb = "supports" if len(below) == 1 else "support"
    return Link(f"{number} of other cycles {verb} these: show all cycles", _all_cycles(address))


def _all_cycles(address: Address) -> str:
    return address.here(cycle=ALL_CYCLES, turned=None, levels=None)


def _downloads(board: Board, scope: Scope, address: Address) -> tuple[Download, ...]:
    """Name the pictures of the same selection; a PDF holds all pages."""
    kept = {name: address.query[name] for name in ("cycle", "as_of") if address.query.get(name)}
    if scope.focus is not None:
        kept["focus"] = scope.focus.objective.key
    elif not scope.is_whole:
        kept["team"] = scope.team
    tail = f"?{urlencode(kept)}" if kept else ""
    what = scope.focus.objective.title if scope.focus else scope.team
    day = board.day.isoformat()
    return tuple(
        Download(form.upper(), f"cascade.{form}{tail}", file_name(f"cascade {what}", day, form))
        for form in ("png", "svg", "pdf")
    )


def _empty(board: Board, scope: Scope, address: Address) -> Empty | None:
    """Say what will stand here, where there is nothing yet."""
    if scope.cascade.nodes:
        return None
    title = "Here stands how every team's goals carry the company's"
    lack = lack_of_objectives(board, address, title)
    if lack is not None:
        return lack
    cycle = f" in {board.cycle.name}" if board.cycle else ""
    return Empty(
        title,
        f"There is no objective{cycle} yet.",
        "Type objectives into the “Objectives” tab, and in Supports what each of them serves.",
    )
