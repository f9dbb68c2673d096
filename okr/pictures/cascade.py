"""What the picture of a cascade shows: one page a slide, with the cards where the page has them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from okr.board import Board, TeamStanding
from okr.cascade import Cascade
from okr.debt import find_debt
from okr.pictures.address_code import qr_code
from okr.pictures.choice import Choice, PictureError
from okr.pictures.content import Json, Origin, address_of, blank_of, lacking, stamp_of, unbroken
from okr.pictures.legible import Reader
from okr.pictures.look import SIZES
from okr.pictures.subjects import find_subject
from okr.supports import Tie, find_standing
from okr.views import formats
from okr.views.addresses import Address
from okr.views.cascade_cards import Card, make_cards
from okr.views.cascade_map import Type, bow_ends, heights
from okr.views.cascade_scope import Scope, choose_scope
from okr.views.summary import when
from okr.views.tree import Drawing, Room, Twig, lay_out

MOST_PAGES = 100
MOST_LEVELS = 12

TYPE = Type(size=float(SIZES["secondary"]), line=22.5, edge=9.0, gap=3.0, bar=48.0, turn=44.0)


@dataclass(frozen=True, slots=True)
class Field:
    """Where on a canvas the cards may stand, below the head and above the foot."""

    room: Room
    height: float


FIELDS: Mapping[str, Field] = {
    "slide": Field(Room(1488.0, 236.0, 160.0, 12.0, 10.0, 14.0), 600.0),
    "portrait": Field(Room(984.0, 236.0, 160.0, 12.0, 10.0, 14.0), 1000.0),
}
"""The room on each canvas: six cards wide on a slide, four on a portrait."""


@dataclass(frozen=True, slots=True)
class Slide:
    """One page: what it is about, the part of the cascade on it, and where that stands."""

    about: str
    twigs: tuple[Twig, ...]
    drawing: Drawing


def build_cascade_content(board: Board, choice: Choice, origin: Origin, reader: Reader) -> Json:
    """Collect what a picture of the cascade shows.

    The whole comes first, folded until it fits; what was folded away follows on pages of its own.

    Raises:
        PictureError: If the board does not have what is asked for.
    """
    scope = _scope(board, choice)
    field = FIELDS[choice.size]
    every = make_cards(board, scope, Address("cascade"), frozenset(scope.cascade.nodes))
    slides = list(_slides(scope, every, field))
    number = max(1, min(choice.page, len(slides)))
    wanted = enumerate(slides, 1) if not choice.page else [(number, slides[number - 1])]
    debt, address = find_debt(board), address_of(board, choice, origin)
    health = formats.share(debt.health) if debt.health is not None else ""
    shown: Json = {
        **blank_of(choice),
        "title": _title(scope, board),
        "when": when(board),
        "summary": f"Alignment health {health}: {debt.arithmetic}" if health else "",
        "empty": None,
        "address": address,
        "total": len(slides),
        "slides": [_slide(one, at, scope.cascade, every) for at, one in wanted],
        "stamp": stamp_of(board, _all_shown(board), origin),
    }
    cleaned: Json = reader.clean(shown)
    stamp = [*cleaned["stamp"], *lacking(reader.missing)]
    return {**cleaned, "qr": qr_code(address), "stamp": [unbroken(line) for line in stamp]}


def _scope(board: Board, choice: Choice) -> Scope:
    """Find what is asked for, as the page does.

    Raises:
        PictureError: If the board has no such team or objective.
    """
    if choice.objective and find_standing(board, choice.objective) is None:
        find_subject(board, choice)  # says what is wrong
    team = find_subject(board, Choice(team=choice.team)).title if choice.team else ""
    query = {"focus": choice.objective} if choice.objective else {}
    scope = choose_scope(board, team or board.top.team.name, query)
    if not scope.cascade.nodes:
        raise PictureError(
            "There is nothing to show yet",
            "No objective of this cycle is there to be drawn.",
            "Type objectives into the “Objectives” tab, or choose another cycle.",
        )
    return scope


def _title(scope: Scope, board: Board) -> str:
    if scope.focus is not None:
        return scope.focus.objective.title
    name = board.organisation.team.name if scope.is_whole else scope.team
    return f"How the goals of {name} hang together"


def _all_shown(board: Board) -> TeamStanding:
    """Give the standing of all; drafts and dropped ones stand on the cards, so none is missing."""
    counted = tuple(one for one in board.organisation.objectives if one.objective.is_counted)
    return replace(board.organisation, objectives=counted)


# --- pages ----------------------------------------------------------------------------------------


def _slides(scope: Scope, cards: Mapping[str, Card], field: Field) -> Iterator[Slide]:
    """Deal a cascade out to pages: the whole folded, then what was folded away."""
    cascade = scope.cascade
    open_ends: list[tuple[str, Sequence[str]]] = [("", cascade.roots)]
    number = 0
    while open_ends and number < MOST_PAGES:
        about, roots = open_ends.pop(0)
        for slide in _fitting(cascade, cards, roots, field, about):
            yield slide
            number += 1
            folded = [*_folded(cascade, slide.twigs)]
            groups = _grouped(cascade, cards, folded, field)
            open_ends.extend((f"what page {number} folds away", group) for group in groups)


def _grouped(
    cascade: Cascade, cards: Mapping[str, Card], keys: Sequence[str], field: Field
) -> Iterator[Sequence[str]]:
    """Put small trees on a page together, as many as fit it unfolded."""
    held: list[str] = []
    for key in keys:
        if held and not _fits(_drawn(_whole(cascade, [*held, key]), cards, field), field):
            yield held
            held = []
        held.append(key)
    if held:
        yield held


def _whole(cascade: Cascade, keys: Sequence[str]) -> tuple[Twig, ...]:
    return tuple(_twig(cascade, key, MOST_LEVELS) for key in keys)


def _fits(drawing: Drawing, field: Field) -> bool:
    return drawing.height <= field.height and drawing.width <= field.room.width + 1


def _fitting(
    cascade: Cascade,
    cards: Mapping[str, Card],
    roots: Sequence[str],
    field: Field,
    about: str,
) -> Iterator[Slide]:
    """Unfold some trees as far as they fit a page; if not even their tops do, over several."""
    first = cascade.nodes[roots[0]].depth
    deepest = max(one.depth for root in roots for one in cascade.within(root)) - first + 1
    fewest = 2 if len(roots) == 1 and cascade.nodes[roots[0]].below else 1
    for levels in range(min(deepest, MOST_LEVELS), fewest - 1, -1):
        twigs = tuple(_twig(cascade, one, levels) for one in roots)
        drawing = _drawn(twigs, cards, field)
        if _fits(drawing, field):
            yield Slide(about, twigs, drawing)
            return
    yield from _parted(cascade, cards, roots, field, about)


def _parted(
    cascade: Cascade, cards: Mapping[str, Card], roots: Sequence[str], field: Field, about: str
) -> Iterator[Slide]:
    """Spread the tops of trees, or the children of one, over as many pages as they need."""
    is_single = len(roots) == 1 and bool(cascade.nodes[roots[0]].below)
    keys = list(cascade.nodes[roots[0]].below) if is_single else list(roots)
    while keys:
        number = len(keys)
        while True:
            leaves = tuple(Twig(key) for key in keys[:number])
            twigs = (Twig(roots[0], leaves),) if is_single else leaves
            drawing = _drawn(twigs, cards, field)
            if drawing.height <= field.height or number == 1:
                break
            number = max(1, min(number - 1, int(number * field.height / drawing.height)))
        yield Slide(about, twigs, drawing)
        keys = keys[number:]


def _drawn(twigs: Sequence[Twig], cards: Mapping[str, Card], field: Field) -> Drawing:
    return lay_out(twigs, heights(cards, TYPE), field.room)


def _twig(cascade: Cascade, key: str, levels: int) -> Twig:
    if levels <= 1:
        return Twig(key)
    return Twig(key, tuple(_twig(cascade, one, levels - 1) for one in cascade.nodes[key].below))


def _folded(cascade: Cascade, twigs: Sequence[Twig]) -> Iterator[str]:
    """Name what stands on a page without what is below it."""
    open_ends = [*reversed(twigs)]
    while open_ends:
        twig = open_ends.pop()
        if not twig.below and cascade.nodes[twig.key].below:
            yield twig.key
        open_ends.extend(reversed(twig.below))


# --- cards and lines as data ----------------------------------------------------------------------


def _slide(slide: Slide, number: int, cascade: Cascade, cards: Mapping[str, Card]) -> Json:
    places = slide.drawing.places
    folded = frozenset(_folded(cascade, slide.twigs))
    lines: dict[str, list[Any]] = {"solid": [], "dashed": [], "dotted": []}
    for key, points in slide.drawing.lines.items():
        lines[_STYLES[cascade.nodes[key].tie]].append([[*point] for point in points])
    bows = [
        {"style": _STYLES[tie], "ends": bow_ends(places[key], places[other])}
        for key in places
        for other, tie in cascade.nodes[key].also
        if other in places
    ]
    return {
        "number": number,
        "about": slide.about,
        "cards": [
            {
                **_card(cards[key]),
                **asdict(at),
                "hidden": cascade.beneath(key) if key in folded else 0,
            }
            for key, at in places.items()
        ],
        **lines,
        "bows": bows,
        "height": slide.drawing.height,
        "has_across": bool(lines["dashed"]) or any(one["style"] == "dashed" for one in bows),
        "has_unlinked": bool(lines["dotted"]),
    }


_STYLES = {
    Tie.TOP: "solid",
    Tie.CONTRIBUTES: "solid",
    Tie.ACROSS: "dashed",
    Tie.UNLINKED: "dotted",
}


def _card(card: Card) -> Json:
    also = f"also {', '.join(one.text for one in card.also)}" if card.also else ""
    return {
        "title": card.title,
        "lines": [one for one in (card.about, card.tie_words, also) if one],
        "mark": asdict(card.mark) if card.mark else None,
        "score": card.score,
        "bar": asdict(card.bar) if card.bar else None,
        "style": _STYLES[Tie(card.tie)],
        "is_focus": card.is_focus,
        "is_quiet": card.is_quiet,
    }
