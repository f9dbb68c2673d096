"""The cascade as a map: a card for each objective, in a tree that folds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from okr.board import Board
from okr.cascade import Cascade
from okr.supports import Tie
from okr.views.addresses import Address
from okr.views.cascade_cards import Card, make_cards, open_nodes
from okr.views.cascade_scope import Scope
from okr.views.text_width import count_lines, width_of
from okr.views.tree import Drawing, HeightOf, Place, Point, Room, Twig, lay_out

MOST_CARDS = 60
"""So many cards are legible at once; levels are unfolded as long as there are no more."""


@dataclass(frozen=True, slots=True)
class Type:
    """The type that a card is set in; all in one unit.

    ``edge`` goes around, ``gap`` stands above the status. A bar is at least ``bar`` wide, and
    ``turn`` is what unfolds a card beside its title.
    """

    size: float
    line: float
    edge: float
    gap: float
    bar: float
    turn: float


PAGE_TYPE = Type(size=14.0, line=18.0, edge=8.0, gap=3.0, bar=40.0, turn=36.0)
REGULAR = 0.96
"""How wide regular type is to semibold."""

ROOMS = tuple(Room(width, 180.0, 124.0, 8.0, 8.0, 12.0) for width in (1516.0, 1140.0, 952.0))
"""Three widths of a page, of 8, 6 and 5 cards; where not even the last fits, the map is a list."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A card with those below it, and where it stands on each width of page."""

    card: Card
    spots: tuple[Place, ...]
    below: tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class Strokes:
    """The lines of one width of page, as paths: contributions, support across, and unlinked."""

    width: float
    height: float
    solid: str
    dashed: str
    dotted: str


@dataclass(frozen=True, slots=True)
class Map:
    """Everything that the map shows."""

    branches: tuple[Branch, ...]
    strokes: tuple[Strokes, ...]
    shown: int
    hidden: int
    levels: int
    deepest: int
    has_across: bool
    has_unlinked: bool
    has_also: bool


def build_map(board: Board, scope: Scope, address: Address) -> Map:
    """Lay the chosen part of the cascade out, unfolded as far as it stays legible."""
    cascade = scope.cascade
    opened = open_nodes(scope, MOST_CARDS)
    cards = make_cards(board, scope, address, opened)
    twigs = twigs_of(cascade, opened)
    height_of = heights(cards, PAGE_TYPE)
    drawings = [lay_out(twigs, height_of, room) for room in ROOMS]
    ties = {Tie(card.tie) for card in cards.values()}
    shown = sum(cascade.nodes[key].standing is not None for key in cards)
    total = sum(one.standing is not None for one in cascade.nodes.values())
    deepest = max((node.depth for node in cascade.nodes.values()), default=0)
    levels = max((cascade.nodes[key].depth for key in cards), default=0)
    strokes = tuple(strokes_of(one, cascade, cards) for one in drawings)
    return Map(
        branches=tuple(_branch(one, cards, drawings) for one in twigs),
        strokes=strokes,
        shown=shown,
        hidden=total - shown,
        levels=levels + 1,
        deepest=deepest + 1,
        has_across=Tie.ACROSS in ties or any(one.dashed for one in strokes),
        has_unlinked=Tie.UNLINKED in ties,
        has_also=any(card.also for card in cards.values()),
    )


def twigs_of(cascade: Cascade, opened: frozenset[str]) -> tuple[Twig, ...]:
    """Take the part of a cascade that is unfolded."""

    def twig(key: str) -> Twig:
        below = cascade.nodes[key].below if key in opened else ()
        return Twig(key, tuple(map(twig, below)))

    return tuple(map(twig, cascade.roots))


# --- geometry -------------------------------------------------------------------------------------


def heights(cards: Mapping[str, Card], set_in: Type) -> HeightOf:
    """Say how tall each card is, by the lines that its texts take."""

    def height(key: str, width: float) -> float:
        card, inner = cards[key], width - 2 * set_in.edge - 2
        texts = (card.about, _also_words(card), card.tie_words)
        lines = sum(count_lines(text, set_in.size * REGULAR, inner) for text in texts if text)
        lines += count_lines(card.title, set_in.size, inner - (set_in.turn if card.turn else 0))
        lines += _state_lines(card, set_in, inner)
        return lines * set_in.line + 2 * set_in.edge + set_in.gap

    return height


def _state_lines(card: Card, set_in: Type, inner: float) -> int:
    """Count the lines of status, score and bar: one where all three fit beside each other."""
    if card.mark is None:
        return 0
    words = width_of(f"{card.mark.word} {card.score}", set_in.size)
    return 1 if words + set_in.size * 1.5 + 16 + set_in.bar <= inner else 2


def _also_words(card: Card) -> str:
    return f"also {', '.join(one.text for one in card.also)}" if card.also else ""


def _branch(twig: Twig, cards: Mapping[str, Card], drawings: Sequence[Drawing]) -> Branch:
    return Branch(
        cards[twig.key],
        tuple(one.places[twig.key] for one in drawings),
        tuple(_branch(below, cards, drawings) for below in twig.below),
    )


def strokes_of(drawing: Drawing, cascade: Cascade, cards: Mapping[str, Card]) -> Strokes:
    """Draw the lines of a map: those of the tree, then what is supported beside it.

    Those beside it run behind other cards, where many cannot be told apart; so they are drawn for
    the card in focus alone. Each card names what else it supports.
    """
    paths: dict[Tie, list[str]] = {tie: [] for tie in Tie}
    for key, points in drawing.lines.items():
        paths[cascade.nodes[key].tie].append(_path_of(points))
    for key in cards:
        for other, tie in cascade.nodes[key].also:
            if other in cards and (cards[key].is_focus or cards[other].is_focus):
                paths[tie].append(_bow(drawing.places[key], drawing.places[other]))
    return Strokes(
        drawing.width,
        drawing.height,
        " ".join((*paths[Tie.TOP], *paths[Tie.CONTRIBUTES])),
        " ".join(paths[Tie.ACROSS]),
        " ".join(paths[Tie.UNLINKED]),
    )


def _path_of(points: Iterable[Point]) -> str:
    """Write a line as SVG does."""
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in points)


def _bow(child: Place, parent: Place) -> str:
    """Draw a bow from a card up to another that it supports too; it runs behind the cards."""
    x1, y1, x2, y2 = bow_ends(child, parent)
    middle = (y1 + y2) / 2
    bends = (x1, middle, x2, middle, x2, y2)
    return f"M{_short(x1)} {_short(y1)}C" + " ".join(_short(one) for one in bends)


def bow_ends(child: Place, parent: Place) -> tuple[float, float, float, float]:
    """Find where a bow leaves a card, and where it reaches another."""
    return (
        child.x + child.width * 0.8,
        child.y,
        parent.x + parent.width * 0.8,
        parent.y + parent.height,
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
