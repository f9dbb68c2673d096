"""Where each card of a tree stands, and the lines between them: the same for pages and pictures.

A card stands above what is below it. Few children hang below it in a list; many are dealt out over
columns side by side, so that the whole fills its room as evenly as the tree lets it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
HeightOf = Callable[[str, float], float]
"""Says how tall the card of a key is in a width."""

TRIES = (1.0, 1.15, 1.3, 1.45, 1.6, 1.8, 2.0, 2.4, 3.0, 5.0)
"""How much taller than an even share a column may become; the best of them is taken."""

MOST_FITTED = 24
"""So many trees are fitted into each other's gaps; of more, each row begins below the one above."""


@dataclass(frozen=True, slots=True)
class Twig:
    """One card, and those below it."""

    key: str
    below: tuple["Twig", ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """The room for a drawing, all in one unit.

    ``card`` is the width of a card, ``least`` that of one that is indented often; ``across`` and
    ``down`` are the gaps between cards, ``indent`` how far children stand to the right.
    """

    width: float
    card: float
    least: float
    across: float
    down: float
    indent: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card stands."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A tree that is laid out: a place for each card, and a line to it from the one above."""

    width: float
    height: float
    places: Mapping[str, Place]
    lines: Mapping[str, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class _Block:
    """A card with all below it, measured from its own upper left corner."""

    width: float
    height: float
    places: Mapping[str, Place]
    lines: Mapping[str, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class _Stack:
    """Blocks that stand in one column, at heights of their own."""

    blocks: tuple[_Block, ...]
    tops: tuple[float, ...]
    width: float
    height: float


def lay_out(roots: Sequence[Twig], height_of: HeightOf, room: Room) -> Drawing:
    """Find the arrangement of a forest that is the least tall, within the width of a room.

    Where a single card does not fit, the drawing is as wide as that card.
    """
    known: dict[tuple[str, float], float] = {}

    def height(key: str, width: float) -> float:
        if (key, width) not in known:
            known[key, width] = height_of(key, width)
        return known[key, width]

    if not roots:
        return Drawing(0.0, 0.0, {}, {})
    hung: dict[tuple[str, float], _Block] = {}
    columns = max(1, int((room.width + room.across) // (room.card + room.across)))
    cards = [one for root in roots for one in _walk(root)]
    even = sum(height(one.key, room.card) + room.down for one in cards) / columns
    deals = (_Arranger(height, room, even * share, hung).deal(roots) for share in TRIES)
    return _drawing(min(deals, key=lambda one: _worth(one, room)), room)


def _worth(stacks: Sequence["_Stack"], room: Room) -> tuple[bool, float]:
    """Say how good an arrangement is, the least being the best."""
    spots = list(_fit(stacks, room))
    width = max(x + stack.width for x, _, stack in spots)
    return width > room.width, max(y + stack.height for _, y, stack in spots)


def _drawing(stacks: Sequence["_Stack"], room: Room) -> Drawing:
    places: dict[str, Place] = {}
    lines: dict[str, tuple[Point, ...]] = {}
    width = height = 0.0
    for x, y, stack in _fit(stacks, room):
        for block, top in zip(stack.blocks, stack.tops, strict=True):
            _add(block, x, y + top, places, lines)
        width, height = max(width, x + stack.width), max(height, y + stack.height)
    return Drawing(width, height, places, lines)


def _fit(stacks: Sequence["_Stack"], room: Room) -> Iterator[tuple[float, float, "_Stack"]]:
    """Set trees side by side and below each other."""
    fit = _fitted if len(stacks) <= MOST_FITTED else _shelved
    return fit(stacks, room.width, room.across * 2, room.down * 2)


def _walk(root: Twig) -> Iterator[Twig]:
    open_ends = [root]
    while open_ends:
        twig = open_ends.pop()
        yield twig
        open_ends.extend(twig.below)


class _Arranger:
    """Arranges a forest in columns of about one height."""

    def __init__(
        self,
        height: HeightOf,
        room: Room,
        column: float,
        hung: dict[tuple[str, float], _Block],
    ) -> None:
        """Take what is the same in every try: ``hung`` keeps what hangs in a single column."""
        self._height = height
        self._hung = hung
        self._room = room
        self._column = column
        self._stem = room.indent / 2

    def deal(self, roots: Sequence[Twig]) -> list[_Stack]:
        """Arrange each tree; those of a single card share columns."""
        return list(self._dealt(roots, self._room.width, 0.0, self._column))

    def _block(self, twig: Twig, width: float, taken: float) -> _Block:
        """Lay out a card and all below it; ``taken`` is what indents took of its width."""
        if width >= 2 * self._room.card:
            return self._laid_out(twig, width, taken)
        if (twig.key, taken) not in self._hung:
            self._hung[twig.key, taken] = self._laid_out(twig, 0.0, taken)
        return self._hung[twig.key, taken]

    def _laid_out(self, twig: Twig, width: float, taken: float) -> _Block:
        room = self._room
        card = max(room.least, room.card - taken)
        own = Place(0.0, 0.0, card, self._height(twig.key, card))
        places, lines = {twig.key: own}, {}
        total_width, bottom = card, own.height
        for x, y, stack in self._below(twig, width, taken, own):
            for child, block, top in zip(_dealt_keys(stack), stack.blocks, stack.tops, strict=True):
                lines[child] = self._line(own, x, y, y + top, block.places[child])
                _add(block, x, y + top, places, lines)
            total_width, bottom = max(total_width, x + stack.width), max(bottom, y + stack.height)
        return _Block(total_width, bottom, places, lines)

    def _below(
        self, twig: Twig, width: float, taken: float, own: Place
    ) -> Iterable[tuple[float, float, _Stack]]:
        """Place what is below a card: an only child under it, others indented or in columns."""
        room, start = self._room, own.height + self._room.down
        if len(twig.below) == 1:
            [stack] = self._dealt(twig.below, width, taken, float("inf"))
            return [(0.0, start, stack)]
        if not twig.below:
            return []
        [hanging] = self._dealt(twig.below, 0.0, taken + room.indent, float("inf"))
        if own.height + hanging.height <= self._column or width < 2 * room.card:
            return [(room.indent, start, hanging)]
        inner = width - room.indent
        stacks = list(self._dealt(twig.below, inner, room.indent, self._column - start))
        shelved = _shelved(stacks, inner, room.across + room.indent, room.down * 1.5)
        return [(room.indent + x, start + y, stack) for x, y, stack in shelved]

    def _dealt(
        self, twigs: Sequence[Twig], width: float, taken: float, most: float
    ) -> Iterator[_Stack]:
        """Deal twigs out to columns of at most a height; a large one has a stack of its own."""
        held: list[_Block] = []
        for twig in twigs:
            block = self._block(twig, 0.0, taken)
            has_room = width >= 2 * self._room.card
            is_large = has_room and bool(twig.below) and block.height > most
            if held and self._sum(held) + self._room.down + block.height > most:
                yield self._stack(held)
                held = []
            if is_large:
                if held:
                    yield self._stack(held)
                    held = []
                yield self._stack([self._block(twig, width, taken)])
            else:
                held.append(block)
        if held:
            yield self._stack(held)

    def _sum(self, blocks: Sequence[_Block]) -> float:
        return sum(one.height for one in blocks) + self._room.down * (len(blocks) - 1)

    def _stack(self, blocks: Sequence[_Block]) -> _Stack:
        tops, y = [], 0.0
        for block in blocks:
            tops.append(y)
            y += block.height + self._room.down
        width = max(one.width for one in blocks)
        return _Stack(tuple(blocks), tuple(tops), width, y - self._room.down)

    def _line(self, own: Place, x: float, y: float, top: float, child: Place) -> tuple[Point, ...]:
        """Lead from a card down its own gutter, along to that of a column, and into a child."""
        stem = self._stem
        if x == 0.0:
            return ((stem, own.height), (stem, top))
        entry = top + min(2 * stem + 4, child.height / 2)
        gutter = x - stem
        if gutter <= stem:
            return ((stem, own.height), (stem, entry), (x, entry))
        bus = y - self._room.down / 2
        return ((stem, own.height), (stem, bus), (gutter, bus), (gutter, entry), (x, entry))


def _shelved(
    stacks: Sequence[_Stack], width: float, across: float, down: float
) -> Iterator[tuple[float, float, _Stack]]:
    """Set stacks side by side, and on below where the width is used up."""
    x = y = tallest = 0.0
    for stack in stacks:
        if x and x + stack.width > width:
            x, y, tallest = 0.0, y + tallest + down, 0.0
        yield x, y, stack
        x, tallest = x + stack.width + across, max(tallest, stack.height)


def _fitted(
    stacks: Sequence[_Stack], width: float, across: float, down: float
) -> Iterator[tuple[float, float, _Stack]]:
    """Set each stack as high up as it fits, and there as far to the left."""
    taken: list[tuple[float, float, float]] = []
    for stack in stacks:
        starts = [0.0, *(right for _, right, _ in taken if right + stack.width <= width)]
        spots = []
        for x in starts:
            over = (low for left, right, low in taken if left < x + stack.width and x < right)
            spots.append((max(over, default=0.0), x))
        y, x = min(spots)
        taken.append((x, x + stack.width + across, y + stack.height + down))
        yield x, y, stack


def _dealt_keys(stack: _Stack) -> list[str]:
    """Name the card on top of each block of a stack."""
    return [next(iter(block.places)) for block in stack.blocks]


def _add(
    block: _Block,
    x: float,
    y: float,
    places: dict[str, Place],
    lines: dict[str, tuple[Point, ...]],
) -> None:
    """Take over a block, moved to where it stands."""
    for key, at in block.places.items():
        places[key] = Place(at.x + x, at.y + y, at.width, at.height)
    for key, points in block.lines.items():
        lines[key] = tuple((a + x, b + y) for a, b in points)
