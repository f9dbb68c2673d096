"""Pace: projected end, required and achieved rate a week (docs/rules.md, 7)."""

from datetime import date, timedelta

import pytest

from okr.board import Pace
from okr.model import Commitment, Cycle, KeyResult
from tests.unit.snapshots import (
    DAY,
    QUARTER,
    a_bound,
    a_change,
    a_check_in,
    a_deed,
    a_fall,
    a_rise,
    an_objective,
    stand,
)

AFTER = QUARTER.ends + timedelta(days=1)
WEEKS = Cycle("Ten weeks", date(2026, 1, 5), date(2026, 3, 16))
IN_WEEKS = {"objective": an_objective(cycle=WEEKS.name), "cycles": (WEEKS,), "cycle": WEEKS}


def week(number: float) -> date:
    """Give a day of a window of ten weeks."""
    return WEEKS.starts + timedelta(weeks=number)


def pace(key_result: KeyResult, number: float, *said: tuple[float, float]) -> Pace:
    """Measure the pace of a key result in a week, after check-ins in others."""
    check_ins = [a_check_in(week(when), value) for when, value in said]
    return stand(key_result, week(number), check_ins=check_ins, **IN_WEEKS).pace


@pytest.mark.parametrize(
    ("current", "day", "projected"),
    [
        pytest.param(40.0, WEEKS.starts + timedelta(35), 0.8, id="half the way gone"),
        pytest.param(-10.0, WEEKS.starts + timedelta(35), -0.2, id="the wrong way"),
        pytest.param(120.0, WEEKS.starts + timedelta(35), 2.4, id="beyond the target"),
        pytest.param(10.0, WEEKS.starts + timedelta(7), 1.0, id="at exactly 10%"),
        pytest.param(10.0, WEEKS.starts + timedelta(6), None, id="not before 10%"),
        pytest.param(10.0, WEEKS.starts, None, id="not on the first day"),
        pytest.param(10.0, WEEKS.starts - timedelta(1), None, id="not before it"),
        pytest.param(90.0, WEEKS.ends, 0.9, id="the last day: where it is"),
        pytest.param(90.0, WEEKS.ends + timedelta(30), 0.9, id="after it: where it is"),
        pytest.param(None, WEEKS.starts + timedelta(35), None, id="no value"),
    ],
)
def test_projected_is_progress_over_expected(
    current: float | None, day: date, projected: float | None
) -> None:
    assert stand(a_rise(current=current), day, **IN_WEEKS).pace.projected == projected


@pytest.mark.parametrize(
    ("key_result", "number", "rate"),
    [
        pytest.param(a_rise(current=40.0), 5, 12.0, id="60 left in 5 weeks"),
        pytest.param(a_rise(current=-20.0), 5, 24.0, id="more, from below the start"),
        pytest.param(a_fall(current=60.0), 5, -12.0, id="a decrease has a negative rate"),
        pytest.param(a_rise(current=100.0), 5, 0.0, id="nothing left"),
        pytest.param(a_rise(current=120.0), 5, 0.0, id="nothing, beyond the target"),
        pytest.param(a_fall(current=-5.0), 5, 0.0, id="nothing, for a decrease"),
        pytest.param(a_rise(current=40.0), 69 / 7, 420.0, id="the day before the last"),
        pytest.param(a_rise(current=40.0), 10, None, id="no week is left on the last day"),
        pytest.param(a_rise(current=40.0), 11, None, id="nor after it"),
        pytest.param(a_rise(current=40.0), 0, 6.0, id="the first day"),
        pytest.param(a_rise(), 5, None, id="no value"),
    ],
)
def test_the_required_rate_is_what_is_left_over_the_weeks_left(
    key_result: KeyResult, number: float, rate: float | None
) -> None:
    assert pace(key_result, number).required_rate == rate


@pytest.mark.parametrize(
    ("key_result", "rate"),
    [
        pytest.param(a_rise(current=40.0), 6.0, id="30 are left to the pass mark of 70"),
        pytest.param(a_rise(current=70.0), 0.0, id="at the pass mark"),
        pytest.param(a_rise(current=80.0), 0.0, id="past the pass mark"),
        pytest.param(a_fall(current=60.0), -6.0, id="a decrease passes at 30"),
    ],
)
def test_an_aspirational_one_is_required_to_reach_its_pass_mark(
    key_result: KeyResult, rate: float
) -> None:
    home = an_objective(cycle=WEEKS.name, commitment=Commitment.ASPIRATIONAL)
    now = stand(key_result, week(5), **(IN_WEEKS | {"objective": home}))

    assert now.pace.required_rate == rate


def test_due_ends_the_weeks_that_are_left() -> None:
    now = stand(a_rise(current=40.0, due=week(7)), week(5), **IN_WEEKS)

    assert now.pace.required_rate == 30.0


@pytest.mark.parametrize(
    ("said", "number", "rate"),
    [
        pytest.param([(2, 20), (3, 30), (6, 60)], 6, 10.0, id="40 in four weeks"),
        pytest.param([(1, 10), (6, 50)], 6, 10.0, id="a gap: what was known 28 days ago"),
        pytest.param([(1, 10)], 6, 0.0, id="nothing said for 28 days: nothing moved"),
        pytest.param([(2, 20), (4, 10)], 6, -2.5, id="the wrong way"),
        pytest.param([(1, 20)], 2, 10.0, id="since the window opened at its start"),
        pytest.param([(0, 10), (2, 20)], 2, 5.0, id="or at what was said on its first day"),
        pytest.param([(-1, 10), (2, 20)], 2, 5.0, id="or before it"),
        pytest.param([(5, 50)], 6, 50 / 6, id="first said within 28 days: since the start"),
        pytest.param([(0, 10)], 0, None, id="no time has gone by"),
        pytest.param([(8, 80)], 6, None, id="said after the day"),
    ],
)
def test_the_achieved_rate_is_that_of_the_last_28_days(
    said: list[tuple[float, float]], number: float, rate: float | None
) -> None:
    achieved = pace(a_rise(), number, *said).achieved_rate

    assert achieved == (None if rate is None else pytest.approx(rate, abs=1e-9))


def test_a_decrease_is_achieved_downwards() -> None:
    assert pace(a_fall(), 6, (2, 80), (6, 40)).achieved_rate == -10.0


def test_a_value_that_nobody_dated_has_not_moved_at_any_rate() -> None:
    now = pace(a_rise(current=40.0), 5)

    assert (now.achieved_rate, now.ratio, now.required_rate) == (None, None, 12.0)


def test_values_typed_into_the_cell_move_too() -> None:
    changes = [a_change(week(2), 0.0, 20.0), a_change(week(6), 20.0, 60.0)]

    now = stand(a_rise(current=60.0), week(6), changes=changes, **IN_WEEKS)

    assert now.pace.achieved_rate == 10.0


@pytest.mark.parametrize(
    ("key_result", "said", "ratio"),
    [
        pytest.param(a_rise(), [(1, 20), (5, 60)], 1.25, id="10 achieved where 8 are asked"),
        pytest.param(a_fall(), [(1, 80), (5, 40)], 1.25, id="the same for a decrease"),
        pytest.param(a_rise(), [(1, 60), (5, 20)], -0.625, id="the wrong way"),
        pytest.param(a_rise(), [(1, 20), (5, 100)], None, id="nothing is asked any more"),
    ],
)
def test_the_ratio_is_achieved_over_required(
    key_result: KeyResult, said: list[tuple[float, float]], ratio: float | None
) -> None:
    assert pace(key_result, 5, *said).ratio == ratio


@pytest.mark.parametrize(
    "key_result",
    [
        pytest.param(a_bound(current=95.0), id="keep"),
        pytest.param(a_deed(current=0.0), id="done"),
        pytest.param(
            a_rise(undefined="there is no target", target=None, current=4.0), id="undefined"
        ),
    ],
)
def test_other_kinds_have_no_pace(key_result: KeyResult) -> None:
    assert stand(key_result).pace == Pace(None, None, None, None)


@pytest.mark.parametrize("day", [DAY, AFTER])
def test_without_a_cycle_there_is_no_pace(day: date) -> None:
    said = [a_check_in(date(2026, 4, 20), 40.0)]
    now = stand(a_rise(), day, objective=an_objective(cycle=None), check_ins=said)

    assert now.pace == Pace(None, None, None, None)
