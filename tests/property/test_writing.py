"""Whatever happens between any two requests: nothing is lost, doubled, or written over."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.property.sheet import Witness
from tests.property.soak import QUICK, retold, run, witnessed
from tests.property.world import Size

RUNS = 128
PART = 32
BIG = Size(writers=8, operations=2)
"""Writers in threads of their own play another story each time; they belong to ``make soak``."""

SORTED = Size(
    writers=2, operations=3, hand=0.5, faults=(0.0,), kinds=("check-in",), sorts_only=True
)
"""Nothing but check-ins, and a hand that sorts before every second request."""


@pytest.fixture(scope="module")
def witness() -> Iterator[Witness]:
    with witnessed() as made:
        yield made


@pytest.mark.parametrize("first", range(0, RUNS, PART))
def test_a_small_run_keeps_every_promise(witness: Witness, first: int) -> None:
    for seed in range(first, first + PART):
        found = run(witness, seed, QUICK)
        assert not found.wrongs, retold(found)


@pytest.mark.parametrize("first", range(20_000, 20_016, 4))
def test_eight_writers_at_once_keep_every_promise(witness: Witness, first: int) -> None:
    for seed in range(first, first + 4):
        found = run(witness, seed, BIG)
        assert not found.wrongs, retold(found)


def test_mirrors_hold_under_a_hand_that_sorts(witness: Witness) -> None:
    figures: Counter[str] = Counter()
    for seed in range(30_000, 30_020):
        found = run(witness, seed, SORTED)
        assert not found.wrongs, retold(found)
        figures.update(found.figures)

    assert figures["mirrors due"] > 30
    assert figures["mirrors held at once"] > 0.5 * figures["mirrors due"]


def test_the_same_seed_tells_the_same_story(witness: Witness) -> None:
    first = run(witness, 7, QUICK).world.retold()
    assert run(witness, 7, QUICK).world.retold() == first
