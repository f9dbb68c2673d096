"""Problems that depend on the day: check-ins dated in the future, and cells overtaken by them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from okr.findings import dated_problems
from okr.model import Cell, Problem
from tests.unit.readings import (
    DAY,
    Cells,
    a_change,
    a_check_in,
    a_key_result,
    a_snapshot,
    check_ins,
    history,
    serial,
)


def found(*rows: Cells, current: Cell = 42.0, day: date = DAY, changes: list[Cells] | None = None):  # type: ignore[no-untyped-def]
    """Find the problems of a key result with these check-ins, in a workbook read on the day."""
    tabs = [check_ins(*rows), *([history(*changes)] if changes else [])]
    snapshot = a_snapshot(None, [a_key_result(current=current)], *tabs)
    assert snapshot.problems == ()
    return [*dated_problems(snapshot, day)]


def places(problems: list[Problem]) -> list[str]:
    return [one.cell for one in problems]


@pytest.mark.parametrize(
    ("when", "is_named"),
    [
        pytest.param(datetime(2026, 5, 19), False, id="yesterday"),
        pytest.param(datetime(2026, 5, 20), False, id="today"),
        pytest.param(datetime(2026, 5, 20, 23, 59), False, id="late today"),
        pytest.param(datetime(2026, 5, 21), True, id="tomorrow"),
        pytest.param(datetime(2026, 6, 30), True, id="next month"),
    ],
)
def test_a_check_in_dated_in_the_future_is_named(when: datetime, is_named: bool) -> None:
    problems = found(a_check_in(when=serial(when)))

    assert places(problems) == (["Check-ins!A2"] if is_named else [])
    assert all(one.severity == "warning" and one.remedy for one in problems)
    assert all(f"{when:%Y-%m-%d}" in one.message for one in problems)


def test_a_look_back_takes_no_later_check_in_for_a_slip() -> None:
    assert found(a_check_in(), day=DAY - timedelta(days=30)) == []


def test_every_check_in_of_the_future_is_named() -> None:
    rows = [a_check_in(when=serial(DAY) + ahead, value=42.0) for ahead in (-1, 2, 1)]

    assert sorted(places(found(*rows))) == ["Check-ins!A3", "Check-ins!A4"]


@pytest.mark.parametrize(
    ("current", "value", "is_named"),
    [
        pytest.param(42.0, 42.0, False, id="the same"),
        pytest.param(40.0, 42.0, True, id="another"),
        pytest.param("", 42.0, False, id="nothing in Current"),
        pytest.param(0.0, 42.0, True, id="zero in Current"),
        pytest.param(42.0, "", False, id="a check-in without a value"),
        pytest.param(0.3, 0.1 + 0.2, False, id="the same but for the noise of floats"),
    ],
)
def test_a_cell_that_differs_from_the_newest_check_in_is_named_with_both_cells(
    current: Cell, value: Cell, is_named: bool
) -> None:
    problems = found(a_check_in(value=value), current=current)

    assert places(problems) == (["Key results!H2"] if is_named else [])
    assert all("Check-ins!C2" in one.message for one in problems)
    assert all("Key results!H2" in one.message for one in problems)


def test_only_the_newest_value_of_the_day_counts() -> None:
    rows = [
        a_check_in(when=serial(DAY) - 9, value=1.0),
        a_check_in(when=serial(DAY) - 2, value=42.0),
        a_check_in(when=serial(DAY) - 1, value=""),
        a_check_in(when=serial(DAY) - 2, value=42.0),
    ]

    assert found(*rows) == []


def test_of_two_check_ins_of_one_moment_the_later_row_is_the_newest() -> None:
    assert found(a_check_in(value=1.0), a_check_in(value=42.0)) == []
    assert places(found(a_check_in(value=42.0), a_check_in(value=1.0))) == ["Key results!H2"]


def test_a_value_typed_into_the_cell_after_the_check_in_is_the_newer_one() -> None:
    typed = a_change(when=serial(date(2026, 5, 19)), before=40.0, after=42.0)

    assert found(a_check_in(value=40.0), current=42.0, changes=[typed]) == []


def test_a_value_typed_into_the_cell_before_the_check_in_is_overtaken() -> None:
    typed = a_change(when=serial(date(2026, 5, 12)), before=36.0, after=42.0)

    assert places(found(a_check_in(value=44.0), current=42.0, changes=[typed])) == [
        "Key results!H2"
    ]


def test_today_begins_in_the_workbooks_time_zone() -> None:
    snapshot = a_snapshot(None, None, check_ins(a_check_in(when=serial(date(2026, 5, 21)))))
    late = replace(snapshot, read_at=datetime(2026, 5, 21, 0, 30, tzinfo=UTC))

    assert [*dated_problems(late, DAY)] == []


def test_without_check_ins_there_is_nothing_to_find() -> None:
    assert [*dated_problems(a_snapshot(), DAY)] == []
