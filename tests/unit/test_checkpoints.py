"""A pace of one's own: how it is read, what it expects, and how that is printed."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.board import Window
from okr.explain import explain_key_result
from okr.figures import expected_on
from okr.model import Checkpoint, Commitment, Kind
from tests.unit.readings import a_key_result as a_row
from tests.unit.readings import a_snapshot as read
from tests.unit.readings import said
from tests.unit.snapshots import DAY, SETTINGS, a_fall, a_rise, an_objective, stand

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
PACE = (Checkpoint(MAY, 20.0), Checkpoint(JUNE, 40.0))
WINDOW = Window(date(2026, 4, 1), date(2026, 6, 30))

CELLS: list[Any] = [
    pytest.param("", (), [], id="blank"),
    pytest.param("2026-05-01: 36; 2026-06-01: 40", (36.0, 40.0), [], id="two"),
    pytest.param("2026-05-01: 36\n2026-06-01: 40;", (36.0, 40.0), [], id="on lines"),
    pytest.param("2026-05-01:36", (36.0,), [], id="one"),
    pytest.param("2026-05-01: 36,5", (36.5,), [], id="a comma"),
    pytest.param("5/1/2026: 36", (36.0,), ["warning"], id="by locale"),
    pytest.param("2026-05-01: 45", (45.0,), [], id="the target early"),
    pytest.param("by May", (), ["error"], id="words"),
    pytest.param("2026-05-01: soon", (), ["error"], id="no number"),
    pytest.param("#REF!", (), ["error"], id="broken"),
    pytest.param(46143.0, (), ["error"], id="a date alone"),
    pytest.param("2026-05-01: 36; 2026-05-01: 40", (), ["error"], id="one day twice"),
    pytest.param("2026-06-01: 36; 2026-05-01: 40", (), ["error"], id="out of order"),
    pytest.param("2026-05-01: 40; 2026-06-01: 36", (), ["error"], id="a step back"),
    pytest.param("2026-05-01: 50", (), ["error"], id="beyond the target"),
    pytest.param("2026-05-01: 20", (), ["error"], id="before the start"),
    pytest.param("2026-03-01: 36", (36.0,), ["error"], id="before the window"),
    pytest.param("2026-07-01: 36", (36.0,), ["error"], id="after the window"),
    pytest.param("2026-06-30: 40", (40.0,), ["error"], id="less than the target at the end"),
    pytest.param("2026-06-30: 45", (45.0,), [], id="the target at the end"),
]


@pytest.mark.parametrize(("cell", "values", "severities"), CELLS)
def test_a_cell_is_read_or_says_why_not(
    cell: Any, values: tuple[float, ...], severities: list[str]
) -> None:
    snapshot = read(None, [a_row(pace=cell)])

    assert tuple(one.value for one in snapshot.key_results[0].pace) == values
    assert said(snapshot.problems) == [(one, "Key results!P2") for one in severities]
    assert all(one.remedy for one in snapshot.problems)


@pytest.mark.parametrize("kind", ["done", "keep above"])
def test_a_pace_means_nothing_where_there_is_no_way(kind: str) -> None:
    snapshot = read(None, [a_row(kind=kind, current="", pace="2026-05-01: 36")])

    assert snapshot.key_results[0].pace == ()
    assert [one.column for one in snapshot.problems if one.column == "Pace"] == ["Pace"]


EXPECTED = [
    (date(2026, 3, 1), 0.0),
    (date(2026, 4, 1), 0.0),
    (date(2026, 4, 16), 0.1),
    (MAY, 0.2),
    (JUNE, 0.4),
    (date(2026, 6, 30), 1.0),
    (date(2026, 7, 9), 1.0),
]


@pytest.mark.parametrize(("day", "share"), EXPECTED)
def test_the_way_between_checkpoints_is_even(day: date, share: float) -> None:
    assert expected_on(a_rise(pace=PACE), WINDOW, day) == share


def test_a_falling_one_has_its_pace_too() -> None:
    pace = (Checkpoint(MAY, 80.0),)

    assert expected_on(a_fall(pace=pace), WINDOW, MAY) == 0.2


@given(st.dictionaries(st.integers(-20, 120), st.floats(0, 100), max_size=5), st.integers(-5, 100))
def test_what_is_expected_is_a_share_that_never_falls(points: dict[int, float], days: int) -> None:
    pace = tuple(
        Checkpoint(WINDOW.start + timedelta(days=number), value)
        for number, value in zip(sorted(points), sorted(points.values()), strict=True)
    )
    one, day = a_rise(pace=pace), WINDOW.start + timedelta(days=days)
    now, later = expected_on(one, WINDOW, day), expected_on(one, WINDOW, day + timedelta(days=1))

    assert now is not None and later is not None
    assert 0.0 <= now <= later <= 1.0


def test_status_and_line_go_by_it() -> None:
    one = a_rise(current=30.0, pace=PACE)
    standing = stand(one)

    assert (standing.expected, standing.gap, standing.status) == (0.322580645, 2.258065, "on track")
    assert explain_key_result(standing, SETTINGS) == (
        "(30 − 0) / (100 − 0) = 30.0% · day 19 of 31 from 20.0% on 1 May to 40.0% on 1 Jun "
        "expects 32.3% · 2.3 points behind → on track"
    )
    assert stand(a_rise(current=30.0)).status == "at risk"


def test_an_aspiration_asks_for_its_share_of_it() -> None:
    stretch = an_objective(commitment=Commitment.ASPIRATIONAL)
    standing = stand(a_rise(current=30.0, pace=PACE), objective=stretch)

    assert "expects 70% of 32.3% = 22.6% · 7.4 points ahead" in explain_key_result(
        standing, SETTINGS
    )


def test_it_is_projected_by_how_far_its_own_pace_is_kept() -> None:
    standing = stand(a_rise(current=30.0, pace=PACE))

    assert standing.pace.projected == pytest.approx(0.93)


def test_a_key_result_on_an_even_pace_is_as_before() -> None:
    plain, paced = stand(a_rise(current=30.0)), stand(a_rise(current=30.0, pace=()))

    assert (plain.expected, plain.leg) == (paced.expected, None)
    assert DAY > MAY and Kind.INCREASE is plain.key_result.kind
