"""Goalposts that were moved: where they stood first, when they moved, and both scores."""

from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest

from okr.explain import explain_key_result
from okr.goalposts import Goalposts, Move, goalposts
from okr.model import Cell, Change
from okr.report import as_object
from tests.unit.snapshots import (
    DAY,
    SETTINGS,
    a_board,
    a_bound,
    a_change,
    a_check_in,
    a_deed,
    a_fall,
    a_key_result,
    a_rise,
    a_snapshot,
    stand,
)

EARLY, LATER = datetime(2026, 4, 20, 12), datetime(2026, 5, 11, 12)


def moved(column: str, *cells: Cell) -> list[Change]:
    """Tell of a cell that held one thing after the other, from 20 April on, three weeks apart."""
    pairs = pairwise(cells)
    days = (EARLY, LATER, datetime(2026, 5, 18, 12))
    return [
        a_change(day, before, after, column)
        for day, (before, after) in zip(days, pairs, strict=False)
    ]


def posts(key_result: Any, changes: list[Change], day: date = DAY) -> Goalposts:
    return goalposts(
        a_snapshot(key_results=[key_result], changes={"KR-1": changes}), key_result, day
    )


@pytest.mark.parametrize(
    ("cells", "first", "moves"),
    [
        pytest.param((80.0, 100.0), 80.0, [(80.0, 100.0)], id="once"),
        pytest.param((80.0, 90.0, 100.0), 80.0, [(80.0, 90.0), (90.0, 100.0)], id="twice"),
        pytest.param(("", 100.0), 100.0, [], id="typed in"),
        pytest.param(("", 80.0, 100.0), 80.0, [(80.0, 100.0)], id="typed in, then moved"),
        pytest.param((80.0, "#REF!", 100.0), 80.0, [(80.0, 100.0)], id="broken meanwhile"),
        pytest.param((100.0, "", 100.0), 100.0, [], id="emptied and typed again"),
        pytest.param((0.0, 100.0), 0.0, [(0.0, 100.0)], id="from nought"),
        pytest.param((5.0, 0.0, 3.0), 5.0, [(5.0, 0.0), (0.0, 3.0)], id="to nought"),
        pytest.param(("80", "1e2"), 80.0, [(80.0, 100.0)], id="as texts"),
    ],
)
def test_the_first_target_and_its_moves(
    cells: tuple[Cell, ...], first: float, moves: list[tuple[float, float]]
) -> None:
    found = posts(a_rise(), moved("Target", *cells))

    assert found.target == first
    assert [(one.before, one.after) for one in found.moves] == moves


def test_every_goalpost_is_followed() -> None:
    key_result = a_rise(start=10.0, weight=2.0, due=date(2026, 6, 1))
    changes = [
        *moved("Start", 5.0, 10.0),
        *moved("Weight", 1.0, 2.0),
        *moved("Due", 46203.0, 46174.0),  # 30 June, 1 June
    ]

    found = posts(key_result, changes)

    assert (found.start, found.target, found.weight) == (5.0, 100.0, 1.0)
    assert found.due == date(2026, 6, 30)
    assert Move(EARLY, "Due", date(2026, 6, 30), date(2026, 6, 1)) in found.moves


def test_other_columns_move_no_goalpost() -> None:
    assert posts(a_rise(), moved("Current", 1.0, 2.0)).moves == ()
    assert posts(a_deed(), moved("Target", 1.0, 2.0)).moves == ()


OLD, NEW = "2026-05-01: 40", "2026-05-01: 60"


@pytest.mark.parametrize(
    ("cells", "moves"),
    [
        pytest.param(("", NEW), [(None, NEW)], id="no longer even"),
        pytest.param((OLD, NEW), [(OLD, NEW)], id="other checkpoints"),
        pytest.param((OLD, ""), [(OLD, None)], id="even again"),
        pytest.param((OLD, "", OLD), [(OLD, None), (None, OLD)], id="even meanwhile"),
        pytest.param(("", ""), [], id="still even"),
    ],
)
def test_a_blank_pace_is_even_so_that_checkpoints_move_it(
    cells: tuple[Cell, ...], moves: list[tuple[str | None, str | None]]
) -> None:
    found = posts(a_rise(), moved("Pace", *cells)).moves

    assert [(one.before, one.after) for one in found] == moves


@pytest.mark.parametrize(
    ("cells", "told", "opens", "number"),
    [
        pytest.param(("", NEW), [], date(2026, 4, 19), 1, id="under way"),
        pytest.param(("", NEW), [], date(2026, 4, 20), 0, id="by its first day"),
        pytest.param((OLD, NEW), [], date(2026, 4, 21), 1, id="changed before its first day"),
        pytest.param(
            ("", NEW), [a_change(EARLY, "", "KR-1", "ID")], date(2026, 4, 1), 0, id="a new row"
        ),
    ],
)
def test_a_pace_is_set_until_there_is_one_to_move(
    cells: tuple[Cell, ...], told: list[Change], opens: date, number: int
) -> None:
    changes = {"KR-1": [*told, *moved("Pace", *cells)]}
    snapshot = a_snapshot(key_results=[a_rise()], changes=changes)

    assert len(goalposts(snapshot, a_rise(), DAY, opens).moves) == number


def test_both_scores_are_given() -> None:
    standing = stand(a_rise(current=60.0), changes=moved("Target", 80.0, 100.0))

    assert (standing.score, standing.first_score) == (0.6, 0.75)
    assert [one.column for one in standing.moved] == ["Target"]


def test_a_bound_that_was_moved_is_judged_by_both() -> None:
    said = [a_check_in(date(2026, 5, 4), 85.0), a_check_in(date(2026, 5, 12), 92.0)]
    standing = stand(a_bound(), check_ins=said, changes=moved("Target", 80.0, 90.0))

    assert (standing.score, standing.first_score) == (0.5, 1.0)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([], id="never moved"),
        pytest.param(moved("Weight", 1.0, 2.0), id="only its weight"),
        pytest.param(moved("Target", 100.0, 90.0, 100.0), id="moved and moved back"),
    ],
)
def test_there_is_one_score_where_the_goalposts_are_the_first(changes: list[Change]) -> None:
    standing = stand(a_rise(current=60.0), changes=changes)

    assert (standing.first_progress, standing.first_score) == (None, None)
    assert len(standing.moved) == len(changes)


SENTENCES: list[Any] = [
    pytest.param(
        a_rise(current=60.0), moved("Target", 80.0, 100.0), "target of 80: 75.0%", id="target"
    ),
    pytest.param(
        a_fall(current=60.0), moved("Start", 120.0, 100.0), "start of 120: 50.0%", id="start"
    ),
    pytest.param(
        a_key_result(current=0.3, start=0.2, target=0.5, unit="%"),
        [*moved("Start", 0.1, 0.2), *moved("Target", 0.45, 0.5)],
        "start of 10% and target of 45%: 57.1%",
        id="both, in percent",
    ),
]


@pytest.mark.parametrize(("key_result", "changes", "sentence"), SENTENCES)
def test_a_second_sentence_says_so(key_result: Any, changes: list[Change], sentence: str) -> None:
    said = explain_key_result(stand(key_result, changes=changes), SETTINGS)

    line, _, first = said.partition("; ")
    assert first == f"against the first {sentence}"
    assert "→" in line


def test_the_report_has_both_scores_and_the_moves() -> None:
    board = a_board(
        key_results=[a_rise(current=60.0)], changes={"KR-1": moved("Target", 80.0, 100.0)}
    )
    [said] = as_object(board)["key_results"]

    assert (said["score"], said["first_score"]) == (0.6, 0.75)
    assert said["goalpost_moves"] == [
        {"when": "2026-04-20T12:00:00", "column": "Target", "before": 80.0, "after": 100.0}
    ]
