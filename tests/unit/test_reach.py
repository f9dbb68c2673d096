"""Until when a target stays within reach."""

from datetime import date, timedelta
from typing import Any

import pytest

from okr.reach import Reach, reach_of
from okr.views.addresses import Address
from okr.views.needs import list_needs
from tests.unit.boards import a_board, standing_of
from tests.unit.readings import DAY, a_check_in, a_key_result, an_objective, check_ins, serial


def reach(*reports: tuple[date, float], day: date = DAY, **row: Any) -> Reach | None:
    said = check_ins(*(a_check_in(when=serial(when), value=value) for when, value in reports))
    board = a_board(None, [a_key_result(**{"start": 0.0, "target": 90.0, **row})], said, day=day)
    return reach_of(board.snapshot, standing_of(board), day)


STEADY = ((date(2026, 4, 29), 28.0), (date(2026, 5, 20), 28.0))
"""28 in the first four weeks, then nothing: at its best one a day."""


def test_the_last_day_is_that_on_which_the_best_rate_still_suffices() -> None:
    found = reach(*STEADY)
    assert found is not None and found.best is not None

    assert found.best.a_week == pytest.approx(7.0)
    assert (found.best.since, found.best.until) == (date(2026, 4, 1), date(2026, 4, 29))
    assert found.last_day == date(2026, 4, 29)  # 62 are left: 62 days before 30 June
    assert not found.is_met


def test_a_falling_target_is_reached_by_falling() -> None:
    found = reach((date(2026, 4, 29), 62.0), (DAY, 41.0), start=90.0, target=0.0)
    assert found is not None and found.best is not None

    assert found.best.a_week == pytest.approx(-7.0)
    assert found.last_day == date(2026, 5, 20)


def test_what_never_came_nearer_has_no_best_rate() -> None:
    found = reach((date(2026, 4, 29), -3.0), (DAY, -5.0))

    assert found == Reach(90.0, False, None, None)


def test_a_jump_of_a_few_days_is_no_rate() -> None:
    found = reach((date(2026, 4, 8), 50.0), day=date(2026, 4, 10))

    assert found is not None and found.best is None


def test_what_is_reached_needs_no_time() -> None:
    assert reach((DAY, 90.0)) == Reach(90.0, True, None, None)


def test_an_aspiration_has_to_reach_its_pass_mark() -> None:
    said = check_ins(a_check_in(when=serial(DAY), value=65.0))
    rows = [a_key_result(start=0.0, target=90.0)]
    board = a_board([an_objective(type="aspirational")], rows, said)
    found = reach_of(board.snapshot, standing_of(board), DAY)

    assert found is not None
    assert (round(found.goal, 9), found.is_met) == (63.0, True)


@pytest.mark.parametrize(
    "row", [{"kind": "keep above"}, {"kind": "done"}, {"target": ""}, {"start": 90.0}]
)
def test_what_has_no_way_has_no_reach(row: dict[str, Any]) -> None:
    assert reach((DAY, 1.0), **row) is None


def test_without_a_value_there_is_no_reach() -> None:
    assert reach(current="") is None


@pytest.mark.parametrize(
    ("unit", "target", "values", "said"),
    [
        ("€", 45_000.0, (36.0, 42.0), ("+€\u00a07,676", "+€\u00a01.5", "under 1% of needed")),
        ("%", 45.0, (36.0, 42.0), ("+51.2\u00a0pts", "+150\u00a0pts", "293% of needed")),
        ("points", 45.0, (42.0, 42.0), ("+0.51", "0", "")),
        ("points", 45.0, (43.0, 42.0), ("+0.51", "−0.25", "")),
    ],
)
def test_rates_are_written_in_figures_that_mean_something(
    unit: str, target: float, values: tuple[float, float], said: tuple[str, str, str]
) -> None:
    reports = check_ins(
        a_check_in(id="C-1", when=serial(DAY - timedelta(days=28)), value=values[0]),
        a_check_in(id="C-2", when=serial(DAY), value=values[1]),
    )
    board = a_board(None, [a_key_result(unit=unit, target=target)], reports)
    [need] = list_needs(board.key_results, board, Address("progress").here)

    assert (need.needed, need.held, need.share) == said
