"""A header or a tab that is not known any more is said once, at its place, and never guessed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from okr.columns import CHECK_INS, CYCLES, HISTORY, KEY_RESULTS, OBJECTIVES
from okr.model import Cell, KeyResult, Objective, Place, Problem, Snapshot
from okr.reading import Reading, Tab
from okr.snapshot import build_snapshot
from tests.unit.readings import (
    a_change,
    a_check_in,
    a_key_result,
    a_reading,
    a_workbook,
    an_objective,
    check_ins,
    cycles,
    history,
    serial,
)

DUE = serial(date(2026, 6, 20))


def a_company(*more: Tab) -> Reading:
    """Build a sound workbook in which every column holds something."""
    objectives = [
        an_objective(weight=1.0, roll_up="key results"),
        an_objective(
            id="O-2", objective="Support is quick", supports="KR-1", weight=2.0, state="done"
        ),
    ]
    sure: dict[str, Cell] = {"weight": 1.0, "due": DUE, "confidence": 0.6, "state": "active"}
    key_results = [
        a_key_result(**sure),
        a_key_result(id="KR-2", objective="O-2", key_result="Halve the wait", **sure),
        a_key_result(id="KR-3", objective="O-2", key_result="Answer at once", **sure),
    ]
    entries = check_ins(a_check_in(), a_check_in(key_result="KR-2"), a_check_in(key_result="KR-3"))
    years = cycles(("2026-Q2", serial(date(2026, 4, 1)), serial(date(2026, 6, 30))))
    return a_reading(objectives, key_results, entries, years, *more)


def renamed(reading: Reading, title: str, old: str, new: str) -> Snapshot:
    """Read a workbook in which somebody has renamed a header."""
    tabs = []
    for tab in reading.tabs:
        headers = [new if tab.title == title and cell == old else cell for cell in tab.rows[0]]
        tabs.append(replace(tab, rows=[headers, *tab.rows[1:]]))
    return build_snapshot(replace(reading, tabs=tuple(tabs)))


def test_a_company_in_which_nothing_was_lost_has_no_problem() -> None:
    assert build_snapshot(a_company()).problems == ()


@pytest.mark.parametrize(
    ("tab", "column", "severity"),
    [
        (KEY_RESULTS, "ID", "error"),
        (KEY_RESULTS, "Objective", "error"),
        (KEY_RESULTS, "Key result", "error"),
        (KEY_RESULTS, "Kind", "warning"),
        (KEY_RESULTS, "Start", "error"),
        (KEY_RESULTS, "Target", "error"),
        (KEY_RESULTS, "Current", "error"),
        (KEY_RESULTS, "Unit", "warning"),
        (KEY_RESULTS, "Weight", "error"),
        (KEY_RESULTS, "Due", "error"),
        (KEY_RESULTS, "Confidence", "warning"),
        (KEY_RESULTS, "State", "warning"),
        (OBJECTIVES, "ID", "error"),
        (OBJECTIVES, "Cycle", "error"),
        (OBJECTIVES, "Team", "warning"),
        (OBJECTIVES, "Objective", "error"),
        (OBJECTIVES, "Supports", "warning"),
        (OBJECTIVES, "Weight", "error"),
        (CHECK_INS, "When", "error"),
        (CHECK_INS, "Key result", "error"),
        (CHECK_INS, "Value", "error"),
        (CHECK_INS, "Note", "warning"),
        (CYCLES, "Starts", "error"),
    ],
)
def test_a_renamed_header_is_one_finding_that_names_it_and_the_column(
    tab: str, column: str, severity: str
) -> None:
    reading = a_company()
    found = renamed(reading, tab, column, "Zz")

    [problem] = found.problems
    rows = next(one.rows for one in reading.tabs if one.title == tab)
    letter = "ABCDEFGHIJKLMNOP"[list(rows[0]).index(column)]
    assert (problem.severity, problem.cell, problem.column) == (severity, f"{tab}!{letter}1", "Zz")
    assert f"“{column}”" in problem.message and f"“{column}”" in problem.remedy
    assert column not in found.tabs[tab].letters


def test_what_is_left_out_is_counted() -> None:
    [problem] = renamed(a_company(), KEY_RESULTS, "ID", "Nr").problems

    assert "4 other findings that come of it are left out." in problem.message


def test_a_problem_of_another_column_stays() -> None:
    reading = a_company()
    tabs = {tab.title: tab for tab in reading.tabs}
    rows = [list(row) for row in tabs[KEY_RESULTS].rows]
    rows[2][list(rows[0]).index("Current")] = "soon"
    spoilt = replace(tabs[KEY_RESULTS], rows=rows)
    found = renamed(
        replace(reading, tabs=tuple({**tabs, KEY_RESULTS: spoilt}.values())),
        KEY_RESULTS,
        "Target",
        "Zz",
    )

    assert {one.cell for one in found.problems} == {f"{KEY_RESULTS}!G1", f"{KEY_RESULTS}!H3"}


PLAIN: dict[str, Cell] = {
    "Objective": "O-1",
    "Key result": "Raise activation",
    "Target": 45.0,
    "Current": 42.0,
}


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param({"Budget": 9.0}, id="numbers that could be a start"),
        pytest.param({"Jira": "AB-12"}, id="names that nobody refers to"),
        pytest.param({"Remarks": "fine"}, id="words"),
        pytest.param({"Zz": ""}, id="nothing"),
    ],
)
def test_a_column_that_was_never_there_is_not_missed(beside: dict[str, Cell]) -> None:
    found = build_snapshot(a_reading(None, [{**PLAIN, **beside}]))

    assert found.problems == ()


def test_what_history_tells_of_is_missed_wherever_it_stood() -> None:
    row = {"Zz": 32.0, **PLAIN}
    told = history(a_change(column="Start", row_id="~x"))
    [problem] = build_snapshot(a_reading(None, [row], told)).problems

    assert problem.cell == f"{KEY_RESULTS}!A1"
    assert "“Start”" in problem.message and HISTORY in problem.message


# --- tabs -----------------------------------------------------------------------------------------


def retitled(reading: Reading, old: str, new: str) -> Reading:
    tabs = [replace(tab, title=new) if tab.title == old else tab for tab in reading.tabs]
    return replace(reading, tabs=tuple(tabs))


def told(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    return [(one.severity.value, one.cell) for one in problems]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(CHECK_INS, "Check ins old", [("error", "Check ins old!A1")], id="marked"),
        pytest.param(CHECK_INS, "Diary", [], id="another word, and nothing tells"),
        pytest.param(CYCLES, "Cycles 2026", [("warning", "Cycles 2026!A1")], id="with a year"),
    ],
)
def test_a_renamed_tab_is_named(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    found = build_snapshot(retitled(a_company(), old, new))

    assert told(found.problems) == expected


def test_check_ins_that_history_tells_of_are_missed() -> None:
    written = a_change(source="board", column="Current")
    found = build_snapshot(retitled(a_company(history(written)), CHECK_INS, "Diary"))

    [problem] = found.problems
    assert (problem.severity, problem.tab) == ("error", CHECK_INS)
    assert "1 row" in problem.message and HISTORY in problem.message


@pytest.mark.parametrize(
    ("old", "new"), [(KEY_RESULTS, "KRs 2026"), (OBJECTIVES, "Plan of the company")]
)
def test_a_tab_is_known_by_the_boards_own_headers(old: str, new: str) -> None:
    draft = [
        an_objective(id="O-1"),
        an_objective(id="O-2", objective="Later", state="draft"),
    ]
    rows = [
        a_key_result(pace="2026-05-20: 40"),
        a_key_result(id="KR-2", key_result="Given up", state="dropped"),
        a_key_result(id="KR-3", objective="O-2", key_result="Not yet"),
    ]
    plain = a_reading(draft, rows, check_ins(a_check_in()))
    other = build_snapshot(retitled(plain, old, new))
    same = build_snapshot(plain)

    def bare(snapshot: Snapshot) -> tuple[list[Objective], list[KeyResult]]:
        nowhere = Place("", 0, "")
        return (
            [replace(one, place=nowhere) for one in snapshot.objectives],
            [replace(one, place=nowhere) for one in snapshot.key_results],
        )

    assert bare(other) == bare(same)
    assert other.check_ins == same.check_ins
    assert told(other.problems) == [("warning", f"{new}!A1")]
    places = [one.place for one in other.objectives] + [one.place for one in other.key_results]
    assert {one.tab for one in places} == {*({OBJECTIVES, KEY_RESULTS} - {old}), new}


def test_of_two_tabs_with_the_boards_headers_none_is_chosen_for_the_other() -> None:
    objectives, key_results = a_reading().tabs
    first, second = (replace(key_results, title=title) for title in ("KRs Q1", "KRs Q2"))
    found = build_snapshot(a_workbook(objectives, first, second))

    assert not [one for one in found.problems if "read as that tab" in one.message]


def test_the_title_goes_before_the_headers() -> None:
    objectives, key_results = a_reading().tabs
    found = build_snapshot(a_workbook(objectives, key_results, replace(key_results, title="Copy")))

    assert [one.place.tab for one in found.key_results] == [KEY_RESULTS]
    assert found.problems == ()
