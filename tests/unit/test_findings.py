"""Problems that depend on the day: dates in the future, and cells that differ from a check-in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from okr.columns import CHECK_INS, KEY_RESULTS
from okr.findings import dated_problems
from okr.model import Change, CheckIn, Problem, Severity, TabColumns
from tests.unit.snapshots import DAY, a_change, a_check_in, a_rise, a_snapshot

TABS = {
    KEY_RESULTS: TabColumns("Key results", {"Current": "H"}, {"Current": "Actual"}),
    CHECK_INS: TabColumns("Check-ins", {"When": "A", "Value": "C"}, {"When": "Date"}),
}
EARLIER, LATER = DAY - timedelta(days=20), DAY + timedelta(days=20)


def find(
    current: float | None,
    said: Sequence[CheckIn],
    changes: Sequence[Change] = (),
    day: date = DAY,
) -> list[Problem]:
    """Find the problems of a day in a workbook that was read on the day of most tests."""
    key_result = a_rise(current=current)
    snapshot = a_snapshot(
        key_results=[key_result], check_ins={"KR-1": said}, changes={"KR-1": changes}
    )
    return list(dated_problems(replace(snapshot, tabs=TABS), day))


def test_a_cell_that_differs_from_the_newest_check_in_is_named_with_it() -> None:
    [problem] = find(40.0, [a_check_in(EARLIER, 54.0, row=7)])

    assert problem.severity is Severity.WARNING
    assert (problem.column, problem.value) == ("Actual", "40")
    assert problem.cell.startswith("Key results!H")
    assert problem.cell in problem.message
    assert "Check-ins!C7" in problem.message


@pytest.mark.parametrize(
    ("current", "said", "changes"),
    [
        pytest.param(54.0, [a_check_in(EARLIER, 54.0)], [], id="they agree"),
        pytest.param(0.1 + 0.2, [a_check_in(EARLIER, 0.3)], [], id="they agree to people"),
        pytest.param(None, [a_check_in(EARLIER, 54.0)], [], id="the cell is blank"),
        pytest.param(40.0, [], [], id="no check-in"),
        pytest.param(40.0, [a_check_in(EARLIER, None, 0.5)], [], id="no check-in of a value"),
        pytest.param(
            40.0, [a_check_in(EARLIER, 54.0)], [a_change(DAY, 54.0, 40.0)], id="the cell is newer"
        ),
    ],
)
def test_cells_that_say_the_same_or_are_newer_are_left_alone(
    current: float | None, said: list[CheckIn], changes: list[Change]
) -> None:
    assert find(current, said, changes) == []


def test_a_check_in_of_the_future_is_named_with_its_cell() -> None:
    [problem] = find(None, [a_check_in(LATER, 54.0, row=7)])

    assert (problem.cell, problem.row, problem.column) == ("Check-ins!A7", 7, "Date")
    assert problem.severity is Severity.WARNING
    assert LATER.isoformat() in problem.message


def test_the_day_itself_is_not_the_future() -> None:
    assert find(54.0, [a_check_in(DAY, 54.0)]) == []


@pytest.mark.parametrize("day", [EARLIER, EARLIER - timedelta(days=1)])
def test_a_look_back_does_not_take_what_followed_for_a_difference(day: date) -> None:
    """On an earlier day the newest check-in was another; the cell says what it says today."""
    said = [a_check_in(EARLIER, 20.0), a_check_in(DAY, 54.0)]

    assert {problem.column for problem in find(54.0, said, day=day)} == {"Date"}


@pytest.mark.parametrize(("said", "told"), [(0.926, 0), (0.9, 1)])
def test_a_slip_of_scale_is_not_told_a_second_time_as_a_difference(said: float, told: int) -> None:
    key_result = replace(a_rise(current=92.6), start=0.8, target=0.95, unit="%")
    check_ins = {"KR-1": [a_check_in(EARLIER, said)]}
    snapshot = a_snapshot(key_results=[key_result], check_ins=check_ins)

    assert len(list(dated_problems(replace(snapshot, tabs=TABS), DAY))) == told
