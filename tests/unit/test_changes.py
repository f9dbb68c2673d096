"""What changed between two days: each sort of change, and what is none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from okr.board import KeyResultStanding
from okr.changes import Changes, compare
from okr.goalposts import Move
from okr.model import Status
from okr.views.changes import list_changes, moved, value, words_of_changes
from okr.views.progress_blocks import words_of_move
from tests.unit.boards import a_board, standing_of
from tests.unit.readings import DAY

BOARD = a_board()
ONE = replace(standing_of(BOARD), is_undated=False)
SINCE = DAY - timedelta(days=7)
SORTS = (
    "won",
    "slipped",
    "recovered",
    "first_data",
    "moved",
    "new",
    "dropped",
    "doubted",
)


def stood(**changes: object) -> KeyResultStanding:
    """Let the key result stand otherwise than it does."""
    if changes.get("status"):
        changes["word"] = str(changes["status"])
    return replace(ONE, **changes)  # type: ignore[arg-type]


def changed(then: KeyResultStanding | None, now: KeyResultStanding = ONE) -> Changes:
    return compare([then] if then else [], [now], SINCE, DAY)


@pytest.mark.parametrize(
    ("then", "now", "sorts"),
    [
        ({}, {}, set()),
        ({"status": Status.AT_RISK}, {"status": Status.ACHIEVED}, {"won"}),
        ({"status": Status.ACHIEVED}, {"status": Status.ACHIEVED}, set()),
        ({"status": Status.ON_TRACK}, {"status": Status.AT_RISK}, {"slipped"}),
        ({"status": Status.ACHIEVED}, {"status": Status.ON_TRACK}, {"slipped"}),
        ({"status": Status.OFF_TRACK}, {"status": Status.AT_RISK}, {"recovered"}),
        ({"status": Status.NO_DATA, "value": None, "progress": None}, {}, {"first_data"}),
        (
            {"status": Status.NO_DATA, "value": None, "progress": None},
            {"status": Status.OFF_TRACK},
            {"first_data"},
        ),
        ({"progress": 0.5}, {"progress": 0.75}, {"moved"}),
        ({"progress": 0.5}, {"progress": 0.25}, {"moved"}),
        ({"confidence": 0.8}, {"confidence": 0.6}, {"doubted"}),
        ({"confidence": 0.8}, {"confidence": 0.61}, set()),
        ({"confidence": 0.6}, {"confidence": 0.8}, set()),
        ({"confidence": None}, {"confidence": 0.1}, set()),
        ({}, {"status": Status.DROPPED, "progress": 0.1, "confidence": 0.0}, {"dropped"}),
        ({"status": Status.DROPPED}, {"status": Status.DROPPED}, set()),
        ({"status": Status.DROPPED}, {"status": Status.OFF_TRACK}, set()),
        (None, {}, {"new"}),
        (None, {"status": Status.ACHIEVED}, {"new", "won"}),
    ],
)
def test_each_change_is_of_its_sort(
    then: Mapping[str, object] | None, now: Mapping[str, object], sorts: set[str]
) -> None:
    found = changed(None if then is None else stood(**then), stood(**now))

    assert {sort for sort in SORTS if getattr(found, sort)} == sorts


UNDATED = {"is_undated": True, "updated_on": None, "confidence": 0.9}
DATED = {"is_undated": False, "updated_on": DAY, "confidence": 0.3}


@pytest.mark.parametrize(
    ("then", "now", "sorts"),
    [
        (
            {"status": Status.ACHIEVED, "progress": 9.0},
            {"status": Status.TOO_EARLY},
            {"first_data"},
        ),
        ({"status": Status.OFF_TRACK, "progress": 0.1}, {}, {"first_data"}),
        ({"status": Status.ON_TRACK}, {"status": Status.ACHIEVED}, {"first_data", "won"}),
        ({"status": Status.ACHIEVED}, {"status": Status.ACHIEVED}, {"first_data"}),
        ({"status": Status.ON_TRACK}, {"status": Status.AT_RISK, **UNDATED}, {"slipped"}),
        ({"value": None, "progress": None, "is_undated": False}, {}, {"first_data"}),
        ({}, {**UNDATED, "confidence": 0.3}, {"doubted"}),
        (
            {"status": Status.NO_DATA, "value": None, "progress": None},
            {"status": Status.ACHIEVED, **UNDATED},
            set(),
        ),
    ],
)
def test_what_nobody_had_dated_is_compared_with_nothing(
    then: Mapping[str, object], now: Mapping[str, object], sorts: set[str]
) -> None:
    """An undated cell is the value on every day: it may have come later than the first check-in."""
    found = changed(stood(**{**UNDATED, **then}), stood(**{**DATED, **now}))

    assert {sort for sort in SORTS if getattr(found, sort)} == sorts


def test_a_first_date_is_told_as_one_and_the_scores_are_not_subtracted() -> None:
    off = stood(**DATED, status=Status.OFF_TRACK, note="Counted at last.")
    found = changed(stood(**UNDATED, status=Status.ACHIEVED, progress=2.0), off)
    [part] = list_changes(found, BOARD.snapshot)

    assert part.title == "First values"
    assert [line.what for line in part.lines] == [
        f"off track, {value(off)}: the first value with a date"
    ]
    whole = BOARD.organisation
    then, now = replace(whole, score=0.9), replace(whole, score=0.1)
    assert words_of_move(then, now, found) == (
        "The score is 10%; on 13 May it was 90%, but 1 value has no date on one of the two days."
    )
    assert words_of_move(then, now, changed(ONE)) == "The score fell from 90% to 10%."


def test_what_is_no_longer_there_is_gone() -> None:
    found = compare([ONE], [], SINCE, DAY)

    assert found.gone == (ONE,)


@pytest.mark.parametrize(("days", "counts"), [(0, True), (6, True), (7, False), (-1, False)])
def test_a_goalpost_counts_from_the_day_after_the_first_to_the_last(
    days: int, counts: bool
) -> None:
    when = a_board().snapshot.read_at.replace(tzinfo=None)
    when = when.replace(year=DAY.year, month=DAY.month, day=DAY.day) - timedelta(days=days)
    move = Move(when, "Target", 40.0, 45.0)

    assert bool(changed(ONE, stood(moved=(move,))).goalposts) is counts


def step(key: str, progress: float) -> KeyResultStanding:
    return replace(ONE, key_result=replace(ONE.key_result, key=key), progress=progress)


def test_the_largest_step_stands_first_whichever_way_it_went() -> None:
    then = [step("a", 0.5), step("b", 0.5), step("c", 0.5)]
    found = compare(then, [step("a", 0.6), step("b", 0.1), step("c", 0.7)], SINCE, DAY)

    assert [pair.now.key_result.key for pair in found.moved] == ["b", "c", "a"]


def test_all_are_counted_where_the_largest_few_are_listed() -> None:
    then = [step(str(number), 0.1) for number in range(9)]
    now = [
        replace(step(str(number), 0.11 + number / 100), updated_on=DAY if number < 7 else SINCE)
        for number in range(9)
    ]
    [part] = list_changes(compare(then, now, SINCE, DAY), BOARD.snapshot)

    assert (part.title, len(part.lines), part.of) == ("Largest steps", 5, 9)
    said = words_of_changes([part], now, SINCE, DAY)
    assert said == "7 of 9 key results were updated since 13 May; 5 are worth a line."
    assert words_of_changes([], now[7:], SINCE, DAY) == "Nothing changed since 13 May."


def test_steps_of_less_than_a_point_are_not_worth_a_line() -> None:
    found = changed(stood(progress=0.5), stood(progress=0.503))

    assert [part.title for part in list_changes(found, BOARD.snapshot)] == []


@pytest.mark.parametrize(
    ("move", "unit", "words"),
    [
        (("Target", 0.4, 0.45), "%", "Target changed from 40% to 45%"),
        (("Weight", 1.0, 2.0), "%", "Weight changed from 1 to 2"),
        (("Due", date(2026, 6, 1), None), "", "Due changed from 1 Jun 2026 to blank"),
        (("Start", 0.0, 3.0), "cups", "Start changed from 0 cups to 3 cups"),
    ],
)
def test_a_goalpost_is_written_in_its_unit(
    move: tuple[str, float, float], unit: str, words: str
) -> None:
    when = BOARD.snapshot.read_at

    assert moved(Move(when, *move), unit) == words
