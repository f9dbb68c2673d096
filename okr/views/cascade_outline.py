"""The cascade as an indented table: to read, to sort, to copy, for thousands of objectives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from okr.board import Board, ObjectiveStanding
from okr.cascade import Node
from okr.supports import Tie
from okr.views import formats
from okr.views.addresses import Address
from okr.views.cascade_cards import status_mark
from okr.views.cascade_scope import Scope, to_focus
from okr.views.pieces import Mark, Names
from okr.views.tokens import ORDER

MOST_INDENTS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One objective; ``under`` names what else it supports, or that it supports nothing."""

    title: str
    href: str
    depth: int
    id: str
    team: str
    owner: str
    mark: Mark
    score: str
    key_results: int
    under: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column, where its head leads to, and how the table is sorted by it, as ARIA says it."""

    name: str
    href: str
    sorted: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that the outline shows; ``note`` says what is left out or out of order."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    note: str
    in_order: str


Key = Callable[[ObjectiveStanding], tuple[object, ...]]

_RANKS = {status: rank for rank, status in enumerate(ORDER)}


def build_outline(board: Board, scope: Scope, address: Address, find: str = "") -> Outline:
    """List the chosen objectives, those that hold every word of ``find``.

    In the order of the cascade each is indented below what it supports; sorted by a column, or
    searched, the list is flat.
    """
    names = Names(board.snapshot)
    sort = address.query.get("sort", "")
    keys = _keys(names)
    by = sort.removeprefix("-")
    nodes = [one for one in scope.cascade.nodes.values() if one.standing is not None]
    found = [one for one in nodes if _holds(one, names, find)]
    is_flat = by in keys or bool(find.strip())
    if by in keys:
        chosen = keys[by]
        found.sort(key=lambda one: chosen(_standing(one)), reverse=sort.startswith("-"))
    titles = {one.key: one.id or f"“{one.title}”" for one in board.snapshot.objectives}
    total = formats.count(len(nodes), "objective")
    return Outline(
        columns=tuple(_column(name, sort, address) for name in _COLUMNS),
        lines=tuple(_line(one, names, titles, address, is_flat) for one in found),
        note=f"{formats.plain(len(found), 0)} of {total}" if len(found) < len(nodes) else total,
        in_order=address.here(sort=None) if by in keys else "",
    )


_COLUMNS = ("objective", "id", "team", "owner", "status", "score", "key results", "supports")


def _standing(node: Node) -> ObjectiveStanding:
    assert node.standing is not None
    return node.standing


def _keys(names: Names) -> Mapping[str, Key]:
    """Say what each column is sorted by; what has no value comes last."""
    return {
        "objective": lambda one: (one.objective.title.casefold(),),
        "id": lambda one: (not one.objective.id, _natural(one.objective.id or "")),
        "team": lambda one: (one.objective.team.casefold(),),
        "owner": lambda one: (not one.objective.owner, names.of(one.objective.owner).casefold()),
        "status": lambda one: (_RANKS.get(one.status, len(ORDER)),) if one.status else (99,),
        "score": lambda one: (one.score is None, one.score or 0.0),
        "key results": lambda one: (len(one.key_results),),
        "supports": lambda one: (len(one.parents),),
    }


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """Part an ID into letters and numbers, so that O-9 comes before O-10."""
    parts: list[tuple[int, str]] = []
    digits = letters = ""
    for letter in f"{text} ":
        if letter.isdecimal():
            digits += letter
            continue
        if digits:
            parts.append((int(digits), letters))
            digits = letters = ""
        letters += letter
    return (*parts, (-1, letters))


def _holds(node: Node, names: Names, find: str) -> bool:
    """Tell whether an objective holds every word that is looked for."""
    words = find.casefold().split()
    if not words:
        return True
    one = _standing(node).objective
    mark = status_mark(_standing(node)).word
    text = f"{one.title} {one.id or ''} {node.team} {names.of(one.owner)} {mark}".casefold()
    return all(word in text for word in words)


def _column(name: str, sort: str, address: Address) -> Column:
    order = "descending" if sort == f"-{name}" else "ascending" if sort == name else ""
    turned = {"ascending": f"-{name}", "descending": None}.get(order, name)
    is_number = name in ("score", "key results")
    heading = "ID" if name == "id" else name.capitalize()
    return Column(heading, address.here(sort=turned), order, is_number)


def _line(
    node: Node, names: Names, titles: Mapping[str, str], address: Address, is_flat: bool
) -> Line:
    standing = _standing(node)
    one = standing.objective
    above = [titles[key] for key in standing.parents if key in titles]
    return Line(
        title=one.title,
        href=to_focus(address, node.key),
        depth=0 if is_flat else min(node.depth, MOST_INDENTS),
        id=one.id or "",
        team=node.team,
        owner=names.of(one.owner),
        mark=status_mark(standing),
        score=formats.share(standing.score) if standing.score is not None else "",
        key_results=len(standing.key_results),
        under="not linked" if node.tie is Tie.UNLINKED else ", ".join(above),
    )
