"""Cycles: what their names say, and which one a day shows first."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.cycles import (
    cycle_for_new,
    cycle_text,
    find_cycle,
    needs_dates,
    parse_cycle,
    pick_cycle,
    same_period,
)
from okr.model import Cell, Cycle, Severity


def a_cycle(name: str) -> Cycle:
    cycle = parse_cycle(name)
    assert cycle is not None
    return cycle


YEAR, H2, Q3, Q4, NOVEMBER = map(a_cycle, ("2026", "2026 H2", "2026-Q3", "2026-Q4", "Nov 2026"))


@pytest.mark.parametrize(
    ("names", "starts", "ends"),
    [
        pytest.param(
            (
                *("2026-Q4", "Q4 2026", "2026 Q4", "Q4-2026", "2026q4", "Q4/26", "Q4 26", "Q4'26"),
                *("Q4 '26", "4Q 26", "26 Q4", "Quarter 4, 2026", " q4  2026 ", "2026_Q4"),
            ),
            date(2026, 10, 1),
            date(2026, 12, 31),
            id="a quarter",
        ),
        pytest.param(("Q1 2026",), date(2026, 1, 1), date(2026, 3, 31), id="the first quarter"),
        pytest.param(
            ("2026 H2", "H2 2026", "H2-26", "2H 2026"),
            date(2026, 7, 1),
            date(2026, 12, 31),
            id="a half",
        ),
        pytest.param(("2026",), date(2026, 1, 1), date(2026, 12, 31), id="a year"),
        pytest.param(
            (
                *("Nov 2026", "November 2026", "NOV. 2026", "2026 Nov", "2026-11", "Nov-26"),
                *("11/2026", "2026/11", "2026.11"),
            ),
            date(2026, 11, 1),
            date(2026, 11, 30),
            id="a month",
        ),
        pytest.param(("Sept 2026", "2026-09"), date(2026, 9, 1), date(2026, 9, 30), id="September"),
        pytest.param(("Feb 2028",), date(2028, 2, 1), date(2028, 2, 29), id="a leap year"),
        pytest.param(("2026-12",), date(2026, 12, 1), date(2026, 12, 31), id="December"),
    ],
)
def test_a_name_says_its_period_and_is_kept_as_written(
    names: tuple[str, ...], starts: date, ends: date
) -> None:
    for name in names:
        assert parse_cycle(name) == Cycle(name, starts, ends)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("FY26", id="a fiscal year"),
        pytest.param("FY2026", id="a fiscal year in full"),
        pytest.param("FY26 Q4", id="a fiscal quarter"),
        pytest.param("Q4 FY26", id="a fiscal quarter, turned round"),
        pytest.param("Sprint 12", id="a sprint"),
        pytest.param("26", id="two digits alone"),
        pytest.param("Q4", id="no year"),
        pytest.param("Q5 2026", id="no such quarter"),
        pytest.param("H3 2026", id="no such half"),
        pytest.param("2026-13", id="no such month"),
        pytest.param("2026-4", id="a month or a quarter"),
        pytest.param("11-26", id="a month or a day"),
        pytest.param("Foo 2026", id="a word"),
        pytest.param("Q3-Q4 2026", id="two quarters"),
        pytest.param("2026-11-26", id="a day"),
        pytest.param("T2 2026", id="a third or a quarter"),
        pytest.param("1200", id="a number"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_name_that_does_not_say_one_period_asks_for_dates(name: str) -> None:
    finding = needs_dates(name)

    assert parse_cycle(name) is None
    assert finding.severity is Severity.ERROR
    assert f'"{name}"' in finding.message
    assert "Cycles tab" in finding.remedy


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        pytest.param(2026.0, "2026", id="a year that became a number"),
        pytest.param(46327.0, "Nov 2026", id="a month that became a date"),
        pytest.param(46327, "Nov 2026", id="a date from a file"),
        pytest.param(46352.0, "2026-11-26", id="Nov-26 that became a day"),
        pytest.param(46327.5, "46327.5", id="no day"),
        pytest.param(float("nan"), "nan", id="nan"),
        pytest.param(1e300, "1e+300", id="a number without end"),
        pytest.param(" 2026-Q4\n", "2026-Q4", id="text"),
        pytest.param("", "", id="blank"),
        pytest.param(True, "TRUE", id="a checkbox"),
    ],
)
def test_a_cell_is_named_as_it_was_typed(cell: Cell, name: str) -> None:
    assert cycle_text(cell) == name


@pytest.mark.parametrize(
    ("cycles", "day", "shown"),
    [
        pytest.param((YEAR, H2, Q4, NOVEMBER), date(2026, 11, 3), NOVEMBER, id="the shortest"),
        pytest.param((YEAR, Q3, Q4), date(2026, 12, 31), Q4, id="its last day included"),
        pytest.param((YEAR, Q4, Q3), date(2026, 2, 1), YEAR, id="the one around the day"),
        pytest.param((Q3, H2, YEAR), date(2027, 1, 1), H2, id="the newest, then the longest"),
        pytest.param((Q4, Q3), date(2025, 1, 1), Q4, id="the newest, though to come"),
        pytest.param((), date(2026, 1, 1), None, id="none"),
    ],
)
def test_shown_first_is_the_shortest_around_the_day_else_the_newest(
    cycles: tuple[Cycle, ...], day: date, shown: Cycle | None
) -> None:
    assert pick_cycle(cycles, day) == shown


@pytest.mark.parametrize(
    ("cycles", "shown", "day", "offered"),
    [
        pytest.param((), None, date(2026, 12, 31), "2026-Q4", id="the quarter of the day"),
        pytest.param((), None, date(2027, 1, 1), "2027-Q1", id="the quarter after it"),
        pytest.param((Q3, Q4), Q4, date(2026, 11, 3), "2026-Q4", id="the one shown"),
        pytest.param((Q3, Q4), Q3, date(2026, 11, 3), "2026-Q3", id="one shown that is over"),
        pytest.param((YEAR, H2), YEAR, date(2026, 11, 3), "2026", id="a longer one shown"),
        pytest.param((H2, YEAR), None, date(2026, 11, 3), "2026 H2", id="of all, that of the day"),
        pytest.param((Q3, Q4), Q4, date(2026, 12, 31), "2026-Q4", id="its last day included"),
        pytest.param((Q3, Q4), Q4, date(2027, 1, 1), "2027-Q1", id="none but those that are over"),
        pytest.param((Q3, Q4), None, date(2027, 1, 1), "2027-Q1", id="of all, none of the day"),
        pytest.param((Q4,), Q4, date(2026, 9, 30), "2026-Q4", id="the one to come, shown"),
        pytest.param((Q4,), None, date(2026, 9, 30), "2026-Q3", id="of all, only one to come"),
    ],
)
def test_a_new_objective_is_offered_the_cycle_shown_else_that_of_the_day(
    cycles: tuple[Cycle, ...], shown: Cycle | None, day: date, offered: str
) -> None:
    assert cycle_for_new(cycles, shown, day) == offered


def test_of_equal_cycles_the_first_is_shown() -> None:
    other = Cycle("Autumn", Q4.starts, Q4.ends)

    assert pick_cycle((other, Q4), date(2026, 11, 3)) is other
    assert pick_cycle((other, Q4), date(2030, 1, 1)) is other
    assert same_period(other, Q4)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("2026-q4", "2026-Q4", id="its name"),
        pytest.param("Q4 2026", "2026-Q4", id="its period"),
        pytest.param("fy 26", "FY26", id="a name without a period"),
        pytest.param("autumn", "Autumn", id="its own name before an equal period"),
        pytest.param("2025-Q4", None, id="another period"),
        pytest.param("Sprint 12", None, id="a name that nobody knows"),
    ],
)
def test_a_cycle_is_found_by_its_name_or_its_period(name: str, found: str | None) -> None:
    fiscal = Cycle("FY26", date(2026, 4, 1), date(2027, 3, 31))
    cycles = (YEAR, Q4, Cycle("Autumn", Q4.starts, Q4.ends), fiscal)

    cycle = find_cycle(cycles, name)

    assert (cycle and cycle.name) == found


@given(st.one_of(st.text(), st.from_regex(r"[QqHh1-4]{1,2}[ \-/']{0,2}[0-9]{2,4}", fullmatch=True)))
def test_no_name_ever_raises_and_a_period_has_days(name: str) -> None:
    cycle = parse_cycle(name)

    assert cycle is None or (cycle.name == name and cycle.starts < cycle.ends)


@given(st.one_of(st.floats(), st.integers(), st.text(), st.booleans()))
def test_no_cell_ever_raises(cell: Cell) -> None:
    assert isinstance(cycle_text(cell), str)
