"""Each guard of the write path is broken once, and the property must turn red for it.

Without this nobody knows whether the interleavings come to the places that the guards are for. The
number beside each is that of the interleavings until it was noticed; those that take more than a
few are for the long run.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest

from okr.workbooks import (
    google_editing,
    google_mirroring,
    google_recording,
    google_saving,
    google_writing,
)
from okr.workbooks.google_failures import Trouble
from okr.workbooks.google_grid import Grid
from okr.workbooks.google_mirroring import Mirrors
from okr.workbooks.google_sending import Sender
from tests.property.sheet import Witness
from tests.property.soak import run, witnessed
from tests.property.world import Size

Break = Callable[[pytest.MonkeyPatch], None]

SORTED = Size(2, 3, hand=0.6, faults=(0.0,), kinds=("check-in",), sorts_only=True)
EDITED = replace(SORTED, kinds=("edit",))
CALM = Size(3, 2, hand=0.6, faults=(0.0,), kinds=("check-in",), has_kills=False)
CONTESTED = replace(CALM, kinds=("edit",))
LOSSY = Size(3, 2, hand=0.1, faults=(0.5,), kinds=("check-in", "edit", "row"), has_kills=False)
MOST = 60
RARELY = pytest.mark.skipif(
    "OKR_SOAK" not in os.environ, reason="takes many interleavings; `make soak` runs it"
)


def _set(where: object, name: str, value: object) -> Break:
    return lambda patch: patch.setattr(where, name, value)


def _numberless(patch: pytest.MonkeyPatch) -> None:
    """Let no token ever stand in another's way."""
    create, random = google_writing.create_token, Random(1)

    def create_any(token: google_writing.Token) -> object:
        return create(replace(token, id=random.randrange(1, 2**31)))

    for module in (google_saving, google_editing, google_recording):
        patch.setattr(module, "create_token", create_any)


def _as_it_was(mirror: object, *_: object) -> object:
    return mirror


def _blindly(sender: Sender, body: dict[str, object], token: object) -> object:
    """Send until there is an answer."""
    for _ in range(5):
        try:
            return sender._calls.batch(body)
        except google_saving.RequestFailedError as failure:
            if not failure.trouble.is_unknown:
                raise
    return None


GUARDS = [
    pytest.param(
        _set(google_mirroring, "is_row_of", lambda *_: True),
        SORTED,
        "never put back",
        id="a mirror reads the ID back",  # 1
    ),
    pytest.param(
        _set(google_mirroring, "_is_row", lambda *_: True),
        CALM,
        "",
        id="a new anchor is checked",  # 50
        marks=RARELY,
    ),
    pytest.param(
        _set(Mirrors, "_put_back", lambda *_: None),
        SORTED,
        "never put back",
        id="a mirror puts back",  # 4
    ),
    pytest.param(
        _set(google_mirroring, "rebase", _as_it_was),
        CALM,
        "typed since",
        id="a mirror is written only if nothing has changed",  # 1
    ),
    pytest.param(
        _set(google_saving, "newer_columns", lambda *_: frozenset()),
        CALM,
        "does not hold",
        id="an older check-in leaves the newer one's value",  # 50
        marks=RARELY,
    ),
    pytest.param(
        _set(google_mirroring, "_keep", lambda *_: None),
        LOSSY,
        "does not hold",
        id="a mirror that failed is owed",  # 13
        marks=RARELY,
    ),
    pytest.param(
        _set(Grid, "obstacle", lambda *_: ""),
        Size(2, 3, hand=0.7, faults=(0.0,), kinds=("check-in",)),
        "formula",
        id="a formula is left alone",  # 5
    ),
    pytest.param(_numberless, LOSSY, "times", id="the token", marks=RARELY),  # 14
    pytest.param(
        _set(Sender, "_send", _blindly),
        LOSSY,
        "",
        id="unknown is looked into",  # 18
        marks=RARELY,
    ),
    pytest.param(
        _set(Trouble, "is_unknown", property(lambda _: False)),
        LOSSY,
        "refused and is there",
        id="unknown is not refused",  # 22
        marks=RARELY,
    ),
    pytest.param(
        _set(google_editing, "plan_edit", lambda draft, _: draft.cells),
        CONTESTED,
        "was seen",
        id="the three-way compare",  # 6
    ),
    pytest.param(
        _set(google_editing, "hold_in_place", lambda *_: []),
        EDITED,
        "",
        id="a row is held in place",  # 1
    ),
    pytest.param(
        _set(google_editing._Sent, "is_in", lambda *_: True),
        EDITED,
        "never put back",
        id="an edit reads the ID back",  # 1
    ),
    pytest.param(
        _set(google_editing.RowSaver, "_put_right", lambda *_: None),
        EDITED,
        "never put back",
        id="an edit puts back",  # 42
        marks=RARELY,
    ),
    pytest.param(
        _set(google_editing.RowSaver, "_take_back", lambda *_: None),
        replace(CONTESTED, writers=2, hand=0.7),
        "which was not made",
        id="history takes back what was not made",  # 22
        marks=RARELY,
    ),
    pytest.param(
        _set(google_saving, "check_in_history", lambda *_: []),
        CALM,
        "history does not tell",
        id="history is told",  # 1
    ),
]


@pytest.fixture(scope="module")
def witness() -> Iterator[Witness]:
    with witnessed() as made:
        yield made


@pytest.mark.parametrize(("break_guard", "size", "word"), GUARDS)
def test_a_broken_guard_is_noticed(
    witness: Witness,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
    break_guard: Break,
    size: Size,
    word: str,
) -> None:
    break_guard(monkeypatch)
    for seed in range(MOST):
        found = run(witness, seed, size)
        if any(word in wrong for wrong in found.wrongs):
            record_property("interleavings until red", seed + 1)
            print(f"red after {seed + 1}")
            return
    pytest.fail(f"{MOST} interleavings found nothing wrong")
