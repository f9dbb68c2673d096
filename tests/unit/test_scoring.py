"""Progress and score of one key result (docs/rules.md, 3)."""

from datetime import date, datetime, timedelta

import pytest

from okr.model import Cycle, KeyResult, Kind, State, Status
from tests.unit.snapshots import (
    DAY,
    QUARTER,
    a_bound,
    a_check_in,
    a_deed,
    a_fall,
    a_key_result,
    a_rise,
    an_objective,
    stand,
)

MONDAY = date(2026, 4, 6)
AFTER = QUARTER.ends + timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "target", "current", "progress", "score"),
    [
        pytest.param(32, 45, 42, 10 / 13, 10 / 13, id="the example of the design"),
        pytest.param(0, 100, 0, 0.0, 0.0, id="at the start"),
        pytest.param(0, 100, 100, 1.0, 1.0, id="at the target"),
        pytest.param(0, 100, 125, 1.25, 1.0, id="beyond the target: 125%"),
        pytest.param(0, 100, -25, -0.25, 0.0, id="below the start: −25%"),
        pytest.param(0.08, 0.05, 0.07, 1 / 3, 1 / 3, id="a decrease"),
        pytest.param(100, 10, 10, 1.0, 1.0, id="a decrease at its target"),
        pytest.param(100, 0, -10, 1.1, 1.0, id="a decrease beyond its target"),
        pytest.param(100, 0, 120, -0.2, 0.0, id="a decrease that rose"),
        pytest.param(-50, 50, 0, 0.5, 0.5, id="through zero"),
        pytest.param(-10, -20, -15, 0.5, 0.5, id="among negatives"),
        pytest.param(0.1, 0.4, 0.3, 2 / 3, 2 / 3, id="binary fractions"),
        pytest.param(0, 1e-6, 5e-7, 0.5, 0.5, id="very small"),
        pytest.param(0, 1e15, 25e13, 0.25, 0.25, id="very large"),
    ],
)
def test_progress_is_how_far_current_has_come_from_start_to_target(
    start: float, target: float, current: float, progress: float, score: float
) -> None:
    kind = Kind.INCREASE if target > start else Kind.DECREASE
    now = stand(a_key_result(kind=kind, start=start, target=target, current=current))

    assert now.progress == pytest.approx(progress, abs=1e-9)
    assert now.score == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize("key_result", [a_rise(), a_fall(), a_bound(), a_deed()])
def test_blank_is_not_zero(key_result: KeyResult) -> None:
    now = stand(key_result)

    assert (now.value, now.progress, now.score, now.gap) == (None, None, None, None)


@pytest.mark.parametrize(
    "undefined", ["target equals start", "there is no target", "there is no start"]
)
def test_what_cannot_be_scored_has_no_numbers_and_says_so(undefined: str) -> None:
    now = stand(a_rise(start=5.0, target=5.0, current=5.0, undefined=undefined))

    assert (now.progress, now.score, now.expected, now.gap, now.status) == (None,) * 5
    assert (now.value, now.word, now.is_counted) == (5.0, "cannot be scored", False)


def test_a_way_without_length_is_no_crash() -> None:
    assert stand(a_rise(start=5.0, target=5.0, current=5.0)).progress is None


@pytest.mark.parametrize(
    ("kind", "target", "current", "score"),
    [
        pytest.param(Kind.KEEP_ABOVE, 90, 91, 1.0, id="above"),
        pytest.param(Kind.KEEP_ABOVE, 90, 90, 1.0, id="the bound is included"),
        pytest.param(Kind.KEEP_ABOVE, 90, 89.9, 0.0, id="not above"),
        pytest.param(Kind.KEEP_ABOVE, 0.1 + 0.2, 0.3, 1.0, id="above, as people compare"),
        pytest.param(Kind.KEEP_BELOW, 5, 4, 1.0, id="below"),
        pytest.param(Kind.KEEP_BELOW, 5, 5, 1.0, id="the bound is included below"),
        pytest.param(Kind.KEEP_BELOW, 5, 5.1, 0.0, id="not below"),
        pytest.param(Kind.KEEP_BELOW, 0.1, 0.8 - 0.7, 1.0, id="below, as people compare"),
        pytest.param(Kind.KEEP_ABOVE, 0, 0, 1.0, id="a bound of zero"),
        pytest.param(Kind.KEEP_BELOW, -1, -2, 1.0, id="a bound below zero"),
    ],
)
def test_a_bound_without_check_ins_is_met_or_not(
    kind: Kind, target: float, current: float, score: float
) -> None:
    now = stand(a_bound(kind=kind, target=target, current=current))

    assert (now.progress, now.score, now.weeks) == (score, score, None)


def weekly(*values: float, first: date = MONDAY) -> list[tuple[date, float]]:
    return [(first + timedelta(weeks=number), value) for number, value in enumerate(values)]


@pytest.mark.parametrize(
    ("reports", "day", "met", "reported", "elapsed"),
    [
        pytest.param(weekly(95, 95, 80), DAY, 2, 3, 8, id="a share of the weeks"),
        pytest.param(weekly(80, 80), DAY, 0, 2, 8, id="never met"),
        pytest.param(
            [(MONDAY, 95), (MONDAY + timedelta(6), 80)],
            DAY,
            0,
            1,
            8,
            id="the last value of the week, which ends on Sunday",
        ),
        pytest.param(
            [(MONDAY + timedelta(6), 80), (MONDAY + timedelta(7), 95)],
            DAY,
            1,
            2,
            8,
            id="Sunday and Monday lie in two weeks",
        ),
        pytest.param(
            [(datetime(2026, 4, 7, 9), 80), (datetime(2026, 4, 7, 17), 95)],
            DAY,
            1,
            1,
            8,
            id="the last value of the day",
        ),
        pytest.param([(QUARTER.starts, 95)], QUARTER.starts, 1, 1, 1, id="the first day"),
        pytest.param(weekly(95), MONDAY - timedelta(1), 0, 0, 1, id="not reported yet"),
        pytest.param(
            [(QUARTER.starts - timedelta(1), 80), (MONDAY, 95)], DAY, 1, 1, 8, id="before it"
        ),
        pytest.param([(QUARTER.ends, 95)], QUARTER.ends, 1, 1, 14, id="the last day"),
        pytest.param([(MONDAY, 95), (AFTER, 80)], AFTER, 1, 1, 14, id="after it does not count"),
        pytest.param(weekly(95, 95), date(2026, 9, 1), 2, 2, 14, id="weeks stop at its end"),
    ],
)
def test_a_bound_with_check_ins_is_scored_by_its_weeks(
    reports: list[tuple[date, float]], day: date, met: int, reported: int, elapsed: int
) -> None:
    said = [a_check_in(when, value) for when, value in reports]
    now = stand(a_bound(current=0.0), day, check_ins=said)

    if not reported:
        assert now.weeks is None or now.weeks.reported == 0
        return
    assert now.weeks is not None
    assert (now.weeks.met, now.weeks.reported, now.weeks.elapsed) == (met, reported, elapsed)
    assert now.score == now.progress == pytest.approx(met / reported, abs=1e-9)


def test_weeks_go_on_across_a_new_year_of_53_weeks() -> None:
    """2026-W53 runs from Monday, 28 December to Sunday, 3 January 2027."""
    winter = Cycle("Winter", date(2026, 12, 21), date(2027, 1, 17))
    said = [
        a_check_in(date(2026, 12, 31), 80.0),
        a_check_in(date(2027, 1, 3), 95.0),  # still 2026-W53, and its last word
        a_check_in(date(2027, 1, 4), 80.0),  # 2027-W01
    ]

    now = stand(
        a_bound(),
        date(2027, 1, 10),
        objective=an_objective(cycle="Winter"),
        check_ins=said,
        cycles=(winter,),
        cycle=winter,
    )

    assert now.weeks is not None
    assert (now.weeks.met, now.weeks.reported, now.weeks.elapsed) == (1, 2, 3)


@pytest.mark.parametrize(("current", "score"), [(1.0, 1.0), (0.0, 0.0)])
def test_a_deed_is_done_or_not(current: float, score: float) -> None:
    now = stand(a_deed(current=current))

    assert (now.progress, now.score) == (score, score)


def test_the_value_of_the_day_is_scored_not_the_cell() -> None:
    now = stand(a_rise(current=90.0), check_ins=[a_check_in(DAY, 40.0)])

    assert (now.value, now.progress) == (40.0, 0.4)


def test_a_key_result_without_an_objective_is_listed_and_counts_nowhere() -> None:
    now = stand(a_rise(objective=None, current=40.0))

    assert (now.objective, now.is_counted, now.status) == (None, False, None)
    assert (now.progress, now.word, now.expected, now.gap) == (0.4, "no objective", None, None)


def test_a_state_of_done_is_a_word_and_not_a_value() -> None:
    now = stand(a_rise(state=State.DONE, current=40.0))

    assert (now.progress, now.is_counted) == (0.4, True)
    assert now.status is not Status.ACHIEVED
