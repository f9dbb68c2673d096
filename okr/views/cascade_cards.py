"""The cards of the cascade: which are unfolded, and what stands on each."""

from collections.abc import Mapping
from dataclasses import dataclass

from okr.board import Board, ObjectiveStanding
from okr.cascade import Cascade, Node
from okr.model import Objective, State
from okr.supports import Tie
from okr.views import formats, pieces
from okr.views.addresses import Address
from okr.views.cascade_scope import Scope, to_focus, to_turned
from okr.views.pieces import Bar, Mark, Names

MOST_LEVELS = 12
"""Deeper than that a map is not drawn: the card there leads on."""

LONGEST_TITLE = 140
"""What a card shows of a title; the rest stands in its focus and in the outline."""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    """One objective on the map, or a team under which unlinked objectives stand.

    ``tie`` is how it hangs below the card above, ``tie_words`` say so. ``also`` are the further
    objectives that it supports. ``hidden`` counts what is folded away below it.
    """

    key: str
    title: str
    href: str
    about: str
    mark: Mark | None
    score: str
    bar: Bar | None
    tie: str
    tie_words: str
    also: tuple[Link, ...]
    turn: str
    hidden: int
    is_open: bool
    is_focus: bool = False
    is_quiet: bool = False


def open_nodes(scope: Scope, most: int) -> frozenset[str]:
    """Name the cards whose children are shown.

    Levels are unfolded from the top as asked for, else as many as keep within ``most`` cards. What
    leads to the objective in focus is always open, and so is that objective.
    """
    cascade = scope.cascade
    levels = scope.levels or _fitting(cascade, most)
    by_depth = {
        node.key for node in cascade.nodes.values() if node.below and node.depth < levels - 1
    }
    turned = {key for key in scope.turned if key in cascade.nodes and cascade.nodes[key].below}
    opened = (by_depth | _path(scope)) ^ turned
    return frozenset(key for key in opened if cascade.nodes[key].depth < MOST_LEVELS - 1)


def _fitting(cascade: Cascade, most: int) -> int:
    """Count the levels that show no more cards than can be read at once."""
    sizes: dict[int, int] = {}
    for node in cascade.nodes.values():
        sizes[node.depth] = sizes.get(node.depth, 0) + 1
    total, levels = 0, 0
    for depth in range(len(sizes)):
        total += sizes[depth]
        if total > most and depth > 0:
            break
        levels = depth + 1
    return levels


def _path(scope: Scope) -> set[str]:
    """Name the objective in focus, and the cards that lead to it."""
    key = scope.focus.objective.key if scope.focus else None
    found: set[str] = set()
    while key is not None:
        if scope.cascade.nodes[key].below:
            found.add(key)
        key = scope.cascade.nodes[key].above
    return found


def make_cards(
    board: Board, scope: Scope, address: Address, opened: frozenset[str]
) -> dict[str, Card]:
    """Make a card of all that is unfolded, in order."""
    return _Cards(board, scope, address, opened).all()


class _Cards:
    """Makes the cards of a map."""

    def __init__(
        self, board: Board, scope: Scope, address: Address, opened: frozenset[str]
    ) -> None:
        self._names = Names(board.snapshot)
        self._known: Mapping[str, Objective] = {one.key: one for one in board.snapshot.objectives}
        self._shown = {one.objective.key for one in (*board.objectives, *board.enclosing)}
        self._cycle = board.cycle.name if board.cycle else None
        self._scope = scope
        self._address = address
        self._opened = opened

    def all(self) -> dict[str, Card]:
        """Make a card of all that is unfolded, in order."""
        cascade = self._scope.cascade
        cards: dict[str, Card] = {}
        open_ends = [*reversed(cascade.roots)]
        while open_ends:
            node = cascade.nodes[open_ends.pop()]
            cards[node.key] = self._card(node)
            if node.key in self._opened:
                open_ends.extend(reversed(node.below))
        return cards

    def _card(self, node: Node) -> Card:
        is_open = node.key in self._opened
        hidden = 0 if is_open else self._scope.cascade.beneath(node.key)
        turn = to_turned(self._address, self._scope, node.key) if node.below else ""
        if node.depth >= MOST_LEVELS - 1 and node.below and node.standing is not None:
            turn = to_focus(self._address, node.key)
        if node.standing is None:
            return self._team(node, hidden, turn, is_open)
        return self._objective(node, node.standing, hidden, turn, is_open)

    def _team(self, node: Node, hidden: int, turn: str, is_open: bool) -> Card:
        number = sum(self._scope.cascade.nodes[key].standing is not None for key in node.below)
        about = formats.count(number, "objective")
        return Card(
            key=node.key,
            title=f"Below {node.team}",
            href=self._address.here(team=node.team, focus=None, turned=None, levels=None),
            about=f"{about} that {'supports' if number == 1 else 'support'} nothing",
            mark=None,
            score="",
            bar=None,
            tie=node.tie.value,
            tie_words="",
            also=(),
            turn=turn,
            hidden=hidden,
            is_open=is_open,
        )

    def _objective(
        self, node: Node, standing: ObjectiveStanding, hidden: int, turn: str, is_open: bool
    ) -> Card:
        objective = standing.objective
        mark = status_mark(standing)
        about = (objective.id, node.team, self._names.of(objective.owner), self._when(objective))
        focus = self._scope.focus
        return Card(
            key=node.key,
            title=shortened(objective.title),
            href=to_focus(self._address, node.key),
            about=" · ".join(filter(None, about)),
            mark=mark,
            score=formats.share(standing.score) if standing.score is not None else "",
            bar=pieces.score_bar(standing, mark.tone, standing.pass_mark),
            tie=node.tie.value,
            tie_words=_TIE_WORDS[node.tie],
            also=tuple(self._also(key) for key, _ in node.also),
            turn=turn,
            hidden=hidden,
            is_open=is_open,
            is_focus=focus is not None and focus.objective.key == node.key,
            is_quiet=not objective.is_counted,
        )

    def _when(self, objective: Objective) -> str:
        return "" if objective.cycle == self._cycle else objective.cycle or "no cycle"

    def _also(self, key: str) -> Link:
        one = self._known[key]
        href = to_focus(self._address, key) if key in self._shown else ""
        return Link(one.id or shortened(one.title, 32), href)


_TIE_WORDS = {
    Tie.TOP: "",
    Tie.CONTRIBUTES: "",
    Tie.ACROSS: "supports across teams",
    Tie.UNLINKED: "not linked",
}


def status_mark(standing: ObjectiveStanding) -> Mark:
    """Mark an objective with its status in a word; a draft is called that."""
    is_draft = standing.objective.state is State.DRAFT
    word = standing.status.value if standing.status else standing.word
    made = pieces.mark(standing.status, "draft" if is_draft else word)
    return Mark("dashed", "quiet", "draft") if is_draft else made


def shortened(title: str, longest: int = LONGEST_TITLE) -> str:
    """Shorten an endless title, between two words where there are any."""
    if len(title) <= longest:
        return title
    cut = title[:longest].rsplit(" ", 1)[0]
    return f"{cut if len(cut) > longest / 2 else title[:longest]}…"
