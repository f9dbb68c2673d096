"""Each guard of the write path is broken once, and the property must turn red for it.

Without this nobody knows whether the interleavings come to the places that the guards are for. Each
says after how many interleavings it was noticed (`-s` shows it); those that take more than ten
are for the long run.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest

from okr.workbooks import (
    google_adding,
    google_editing,
    google_mirroring,
    google_placing,
    google_planning,
    google_recording,
    google_saving,
    google_writing,
)
from okr.workbooks.google_failures import Trouble
from okr.workbooks.google_grid import Grid
from okr.workbooks.google_placing import Placer
from okr.workbooks.google_planning import Target
from okr.workbooks.google_replies import headers_after, row_after
from okr.workbooks.google_retracting import Retracter
from okr.workbooks.google_sending import Sender
from okr.workbooks.google_sent import Sent
from tests.property.sheet import Witness
from tests.property.soak import retold, run, witnessed
from tests.property.world import BOARD, Size
from tests.sheets_api.store import Store

Break = Callable[[pytest.MonkeyPatch], None]

SORTED = Size(2, 3, hand=0.6, faults=(0.0,), kinds=("check-in",), sorts_only=True)
EDITED = replace(SORTED, kinds=("edit",))
CALM = Size(3, 2, hand=0.6, faults=(0.0,), kinds=("check-in",), has_kills=False)
CONTESTED = replace(CALM, kinds=("edit",))
MOVING = replace(CALM, kinds=("check-in", "edit"), moves_columns=True)
ADDING = replace(CALM, hand=0.7, kinds=("row",), moves_columns=True)
CROWDED = Size(6, 3, hand=0.1, faults=(0.0,), kinds=("check-in", "edit"), has_kills=False)
LOSSY = Size(3, 2, hand=0.1, faults=(0.5,), kinds=("check-in", "edit", "row"), has_kills=False)
WATCHED = Size(4, 3, hand=0.3, faults=(0.0,), kinds=("watch",), has_kills=False)
MOST = 300
CONTROLLED = 150


@dataclass(frozen=True)
class Guard:
    """A rule of the write path, how it is broken, and what the audit then says."""

    rule: str
    breaks: Break
    size: Size
    says: str
    is_rare: bool = False


def _set(where: object, name: str, value: object) -> Break:
    return lambda patch: patch.setattr(where, name, value)


def _numberless(*modules: Any) -> Break:
    """Let no token ever stand in another's way."""

    def breaks(patch: pytest.MonkeyPatch) -> None:
        create, random = google_writing.create_token, Random(1)
        for module in modules:
            patch.setattr(
                module,
                "create_token",
                lambda token: create(replace(token, id=random.randrange(1, 2**31))),
            )

    return breaks


def _by_number(patch: pytest.MonkeyPatch) -> None:
    """Write to the row where one of that name was found the first time."""
    find, known = google_editing.find_target, dict[Any, int]()

    def find_by_number(look: Any, reference: Any, taken: Any = ()) -> Target:
        target = find(look, reference, taken)
        number = known.setdefault((reference.tab, target.id), target.row.number)
        return replace(target, row=look.grids[google_editing.known_tab(reference.tab)].row(number))

    patch.setattr(google_editing, "find_target", find_by_number)
    patch.setattr(Sent, "is_in", lambda *_: True)


def _by_place(grid: Grid, name: str) -> int | None:
    """Take each column to be where it was in the beginning."""
    headers = BOARD.get(grid.name, [[]])[0]
    return headers.index(name) if name in headers else None


def _unchecked(sent: Sent, reply: Any) -> Sent | None:
    """Take the anchors, whichever row and columns they were made on."""
    row, headers = row_after(reply, sent.grid, sent.target.row), headers_after(reply, sent.grid)
    anchor = min(row.anchors, default=0)
    grid = replace(sent.grid, anchors=headers.columns)
    return replace(sent, grid=grid, anchor=anchor) if anchor else None


def _unheaded(patch: pytest.MonkeyPatch) -> None:
    """Write where columns stood; either guard alone would do."""
    patch.setattr(google_placing, "hold_columns", lambda *_: [])
    patch.setattr(Sent, "has_columns", lambda *_: True)


def _forgetful(patch: pytest.MonkeyPatch) -> None:
    """Look neither for the token of an operation nor for its row."""
    patch.setattr(google_saving, "is_token_of", lambda *_: False)
    patch.setattr(google_saving, "find_check_in", lambda *_: None)


def _blindly(sender: Sender, body: dict[str, object], token: object) -> object:
    """Send until there is an answer."""
    for _ in range(5):
        try:
            return sender._calls.batch(body)
        except google_saving.RequestFailedError as failure:
            if not failure.trouble.is_unknown:
                raise
    return None


@contextmanager
def _piecemeal(store: Store, spreadsheet_id: str) -> Iterator[Any]:
    """Keep what a batch has done before it is refused."""
    with store.lock:
        draft = store.find(spreadsheet_id).draft()
        try:
            yield draft
        finally:
            store.put(draft)


def _apart(patch: pytest.MonkeyPatch) -> None:
    """Send history in a batch of its own, after the cells."""
    place = Placer.place

    def place_apart(placer: Placer, sent: Sent, others: Any) -> Any:
        history = [one for one in others if "appendCells" in one]
        seen = place(placer, sent, [one for one in others if "appendCells" not in one])
        if history:
            placer._calls.batch({"requests": history})
        return seen

    patch.setattr(Placer, "place", place_apart)


GUARDS = [
    Guard(
        "a row is found again by its ID",
        _by_number,
        CONTESTED,
        "",
    ),
    Guard("columns are found by their headers", _set(Grid, "column", _by_place), MOVING, ""),
    Guard(
        "three-way compare",
        _set(google_planning, "plan_edit", lambda draft, _: draft.cells),
        CONTESTED,
        "was seen",
    ),
    Guard(
        "a formula is left alone",
        _set(Grid, "obstacle", lambda *_: ""),
        Size(2, 3, hand=0.7, faults=(0.0,), kinds=("check-in",)),
        "formula",
        is_rare=True,
    ),
    Guard(
        "a row is held in place",
        _set(google_placing, "hold_row", lambda *_: []),
        EDITED,
        "",
        is_rare=True,
    ),
    Guard(
        "a new row's columns are held in place",
        _set(google_adding, "hold_columns", lambda *_: []),
        ADDING,
        "not as it was typed",
    ),
    Guard("the ID is read back", _set(Sent, "is_in", lambda *_: True), EDITED, "never put back"),
    Guard(
        "columns are held in place, or else their headers are read back",
        _unheaded,
        MOVING,
        "",
        is_rare=True,
    ),
    Guard(
        "what went elsewhere is put back",
        _set(Placer, "_put_right", lambda *_: True),
        EDITED,
        "never put back",
        is_rare=True,
    ),
    Guard("a new anchor is checked", _set(Sent, "seen_in", _unchecked), CALM, "", is_rare=True),
    Guard(
        "a mirror is written only where nothing has changed",
        _set(google_mirroring, "rebase", lambda mirror, *_: mirror),
        CALM,
        "typed since",
    ),
    Guard(
        "an older check-in leaves the newer one's value",
        _set(google_saving, "newer_columns", lambda *_: frozenset()),
        CALM,
        "does not hold",
        is_rare=True,
    ),
    Guard(
        "a mirror that failed is owed",
        _set(google_mirroring, "_keep", lambda *_: None),
        LOSSY,
        "does not hold",
        is_rare=True,
    ),
    Guard(
        "the operation's token",
        _numberless(google_saving, google_editing, google_adding),
        LOSSY,
        "times",
        is_rare=True,
    ),
    Guard("the operation is looked for first", _forgetful, LOSSY, "times", is_rare=True),
    Guard(
        "no blind resend after unknown", _set(Sender, "_send", _blindly), LOSSY, "", is_rare=True
    ),
    Guard(
        "unknown is not called refused",
        _set(Trouble, "is_unknown", property(lambda _: False)),
        LOSSY,
        "refused and is there",
        is_rare=True,
    ),
    Guard(
        "edits take turns",
        _set(google_editing, "next_turn", lambda *_: []),
        CROWDED,
        "another process had just written",
    ),
    Guard(
        "mirrors take turns",
        _set(google_mirroring, "next_turn", lambda *_: []),
        CROWDED,
        "another process had just written",
        is_rare=True,
    ),
    Guard(
        "a check-in is told in history",
        _set(google_saving, "check_in_history", lambda *_: []),
        CALM,
        "history does not tell",
    ),
    Guard("history in the same batch", _apart, LOSSY, "history tells"),
    Guard(
        "history takes back what was not made",
        _set(Retracter, "retract", lambda *_: None),
        replace(CONTESTED, writers=2, hand=0.7),
        "which was not made",
        is_rare=True,
    ),
    Guard(
        "a hand edit is recorded once among all",
        _numberless(google_recording),
        WATCHED,
        "recorded twice",
        is_rare=True,
    ),
    Guard("Google's batches are atomic", _set(Store, "change", _piecemeal), ADDING, ""),
    Guard(
        "an edit's batch is atomic too",
        _set(Store, "change", _piecemeal),
        EDITED,
        "history tells",
        is_rare=True,
    ),
]


@pytest.fixture(scope="module")
def witness() -> Iterator[Witness]:
    with witnessed() as made:
        yield made


SIZES = [SORTED, EDITED, CALM, CONTESTED, MOVING, ADDING, CROWDED, LOSSY, WATCHED]


@pytest.mark.skipif("OKR_SOAK" not in os.environ, reason="takes long; `make soak` runs it")
@pytest.mark.parametrize("size", SIZES)
def test_with_all_guards_in_place_nothing_is_wrong(witness: Witness, size: Size) -> None:
    """So that it is the broken guard which turns it red."""
    for seed in range(CONTROLLED):
        found = run(witness, seed, size)
        assert not found.wrongs, retold(found)


@pytest.mark.parametrize(
    "guard",
    [
        pytest.param(
            guard,
            id=guard.rule,
            marks=[
                pytest.mark.skipif(
                    guard.is_rare and "OKR_SOAK" not in os.environ,
                    reason="takes many interleavings; `make soak` runs it",
                )
            ],
        )
        for guard in GUARDS
    ],
)
def test_a_broken_guard_is_noticed(witness: Witness, guard: Guard) -> None:
    for seed in range(MOST):
        with pytest.MonkeyPatch.context() as patch:
            guard.breaks(patch)
            found = run(witness, seed, guard.size)
        if told := [wrong for wrong in found.wrongs if guard.says in wrong]:
            print(f"red after {seed + 1}: {told[0][:150]}")
            return
    pytest.fail(f"{MOST} interleavings found nothing wrong")
