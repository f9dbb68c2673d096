"""Reading a workbook: each rule of it is a line in one of these tables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okr.assess import build_board
from okr.columns import COLUMNS
from okr.model import (
    Cell,
    Commitment,
    Kind,
    Problem,
    RollUp,
    Settings,
    Snapshot,
    State,
    Status,
)
from okr.reading import Reading, Tab
from okr.report import as_json, as_markdown
from okr.snapshot import build_snapshot
from tests.unit.readings import (
    DAY,
    KEY_RESULT,
    Cells,
    a_change,
    a_check_in,
    a_key_result,
    a_reading,
    a_snapshot,
    a_tab,
    a_workbook,
    an_objective,
    check_ins,
    cycles,
    history,
    said,
    serial,
    teams,
)
from tests.unit.readings import settings as a_settings_tab

BROKEN = "#REF!"
APRIL, MAY, JULY = (serial(date(2026, month, 1)) for month in (4, 5, 7))


def words(problems: Iterable[Problem]) -> str:
    return "\n".join(f"{one.message} {one.remedy}" for one in problems)


def only(snapshot: Snapshot) -> Problem:
    [problem] = snapshot.problems
    return problem


def test_a_sound_workbook_has_no_problem() -> None:
    found = a_snapshot(None, None, check_ins(a_check_in()), history(a_change()))

    assert found.problems == ()
    assert [one.id for one in found.objectives] == ["O-1"]
    assert [one.id for one in found.key_results] == ["KR-1"]


# --- one cell, one problem ------------------------------------------------------------------------

TEXT_COLUMNS = {
    "Objectives": ("ID", "Team", "Owner", "Supports", "Closing note"),
    "Key results": ("ID", "Owner", "Unit", "Link"),
    "Check-ins": ("Note", "By", "ID"),
}
LISTS = {"Objectives": ("Type", "State", "Roll-up"), "Key results": ("Kind", "State")}
NUMBERS = {
    "Objectives": ("Cycle", "Weight", "Grade"),
    "Key results": ("Objective", "Start", "Target", "Current", "Weight", "Due", "Grade"),
    "Check-ins": ("When", "Key result", "Value"),
}


def with_cell(tab: str, column: str, cell: Cell) -> Snapshot:
    """Read a workbook in which one cell is not as it should be."""
    rows: dict[str, Cells] = {
        "Objectives": an_objective(),
        "Key results": a_key_result(),
        "Check-ins": a_check_in(),
    }
    rows[tab] = {**rows[tab], column: cell}
    return build_snapshot(a_workbook(*(a_tab(title, [row]) for title, row in rows.items())))


@pytest.mark.parametrize(
    ("tab", "column"),
    [
        (tab, column)
        for kinds in (TEXT_COLUMNS, LISTS, NUMBERS)
        for tab, columns in kinds.items()
        for column in columns
    ],
)
@pytest.mark.parametrize("mark", [BROKEN, "#N/A", "#DIV/0!"])
def test_a_broken_formula_is_one_error_that_names_its_cell(
    tab: str, column: str, mark: str
) -> None:
    found = with_cell(tab, column, mark)

    problem = next(one for one in found.problems if one.column == column)
    assert (problem.severity, problem.tab, problem.row) == ("error", tab, 2)
    assert problem.value == mark
    assert "broken formula" in problem.message and mark in problem.message
    assert [one.cell for one in found.problems].count(problem.cell) == 1


@pytest.mark.parametrize("tab", ["Key results", "Check-ins"])
def test_a_broken_formula_in_confidence_is_a_warning_and_the_row_is_still_scored(tab: str) -> None:
    found = with_cell(tab, "Confidence", BROKEN)

    assert only(found).severity == "warning"
    assert build_board(found, None, DAY).key_results[0].score is not None


@pytest.mark.parametrize(("tab", "title"), [("Objectives", "Objective"), ("Key results", "KR")])
def test_a_title_that_is_a_broken_formula_is_an_error(tab: str, title: str) -> None:
    column = "Key result" if title == "KR" else title
    found = with_cell(tab, column, BROKEN)

    assert ("error", f"{tab}!{'D' if title == 'Objective' else 'C'}2") in said(found.problems)


@pytest.mark.parametrize(
    ("tab", "column", "cell", "severity", "message"),
    [
        pytest.param("Objectives", "Type", "bold", "warning", '"bold"', id="type"),
        pytest.param("Objectives", "State", "paused", "warning", '"paused"', id="state"),
        pytest.param("Objectives", "Roll-up", "magic", "warning", '"magic"', id="roll-up"),
        pytest.param("Key results", "Kind", "sideways", "warning", '"sideways"', id="kind"),
        pytest.param("Key results", "State", 7.0, "warning", "State 7 ", id="number for a word"),
        pytest.param("Objectives", "Weight", -2.0, "error", "counts as 1", id="negative weight"),
        pytest.param("Key results", "Weight", -1.0, "error", "counts as 1", id="negative too"),
        pytest.param("Key results", "Weight", "heavy", "error", "counts as 1", id="word as weight"),
        pytest.param("Objectives", "Grade", 7.0, "warning", "0.0 and 1.0", id="grade of ten"),
        pytest.param("Objectives", "Cycle", "FY26", "error", '"FY26"', id="fiscal year"),
        pytest.param("Objectives", "Cycle", "spring", "error", '"spring"', id="season"),
        pytest.param("Key results", "Target", "soon", "error", '"soon"', id="word as target"),
        pytest.param("Key results", "Target", "", "error", "no target", id="no target"),
        pytest.param("Key results", "Target", 32.0, "error", "equals Start", id="target is start"),
        pytest.param("Key results", "Kind", "decrease", "warning", "decrease", id="other way"),
        pytest.param("Key results", "Current", "about 40", "error", "not a number", id="words"),
        pytest.param("Key results", "Current", "42,5", "warning", "42.5", id="text as number"),
        pytest.param("Key results", "Current", "1 200", "warning", "1200", id="spaced number"),
        pytest.param("Key results", "Current", True, "error", "not a number", id="checkbox"),
        pytest.param("Key results", "Due", "whenever", "error", "date", id="no date"),
        pytest.param("Key results", "Due", "June 20, 2026", "warning", "20 June", id="text date"),
        pytest.param("Key results", "Due", APRIL, "error", "2026-04-01", id="due on the start"),
        pytest.param("Key results", "Due", APRIL - 9, "error", "2026-03-23", id="due before"),
        pytest.param("Key results", "Due", JULY, "warning", "2026-07-01", id="due after the end"),
        pytest.param("Key results", "Confidence", 7.0, "warning", "of ten", id="of ten"),
        pytest.param("Key results", "Confidence", 70.0, "warning", "percent", id="percent"),
        pytest.param("Key results", "Confidence", "shaky", "warning", '"shaky"', id="feeling"),
        pytest.param("Key results", "Link", "see wiki", "warning", "no web address", id="no link"),
        pytest.param("Key results", "Link", "javascript:alert(1)", "warning", "no web", id="code"),
        pytest.param("Key results", "Link", 12.0, "warning", "no web address", id="number as link"),
        pytest.param("Key results", "Objective", "O-9", "error", "O-9", id="unknown objective"),
        pytest.param("Key results", "Objective", "", "error", "no objective", id="no objective"),
        pytest.param("Objectives", "Supports", "O-9", "warning", "O-9", id="supports nothing"),
        pytest.param("Objectives", "Supports", "o-1", "warning", "itself", id="supports itself"),
        pytest.param("Objectives", "Supports", "KR-1", "warning", "itself", id="by its key result"),
        pytest.param("Check-ins", "Key result", "KR-9", "error", "KR-9", id="unknown key result"),
        pytest.param("Check-ins", "Key result", "", "error", "no key result", id="of nothing"),
        pytest.param("Check-ins", "When", "", "error", "no date", id="no date in a check-in"),
        pytest.param("Check-ins", "When", "recently", "error", "recently", id="unreadable date"),
        pytest.param("Check-ins", "When", serial(date(2025, 5, 18)), "warning", "2025", id="year"),
        pytest.param("Check-ins", "Value", "fine", "error", '"fine"', id="word as value"),
        pytest.param("Check-ins", "Value", "42,5", "warning", "42.5", id="text value"),
    ],
)
def test_a_bad_cell_is_named_with_what_is_wrong_and_how_to_mend_it(
    tab: str, column: str, cell: Cell, severity: str, message: str
) -> None:
    found = with_cell(tab, column, cell)

    problem = next(one for one in found.problems if one.column == column)
    assert (problem.severity, problem.tab, problem.row) == (severity, tab, 2)
    assert problem.cell == found.tabs[tab].cell(column, 2)
    assert message in problem.message
    assert problem.remedy
    assert len([one for one in found.problems if one.cell == problem.cell]) == 1


@pytest.mark.parametrize(
    ("tab", "column", "day"),
    [
        pytest.param("Key results", "Due", date(2026, 7, 1), id="due after the end"),
        pytest.param("Check-ins", "When", date(2025, 5, 18), id="a check-in long before"),
    ],
)
def test_a_date_that_is_off_is_shown_as_a_date(tab: str, column: str, day: date) -> None:
    [problem] = with_cell(tab, column, serial(day)).problems

    assert problem.value == day.isoformat()


def test_the_remedy_names_the_cells_of_which_one_is_to_change() -> None:
    [same] = with_cell("Key results", "Target", 32.0).problems
    [order] = a_snapshot(None, None, a_settings_tab(gap_at_risk=30.0)).problems

    assert same.remedy == "Change Start or Target, so that they differ."
    assert order.remedy == (
        "Change gap_at_risk or gap_off_track, so that gap_at_risk is the lower one."
    )


@pytest.mark.parametrize(
    ("tab", "column", "cell"),
    [
        pytest.param("Key results", "Start", 0.0, id="zero start"),
        pytest.param("Key results", "Current", 0.0, id="zero current"),
        pytest.param("Key results", "Current", "", id="no current"),
        pytest.param("Key results", "Start", "", id="blank start of an increase"),
        pytest.param("Key results", "Kind", "", id="no kind"),
        pytest.param("Key results", "Kind", "Keep Above", id="kind in capitals"),
        pytest.param("Key results", "Due", serial(date(2026, 6, 30)), id="due on the last day"),
        pytest.param("Key results", "Due", serial(date(2026, 6, 1)), id="due within"),
        pytest.param("Key results", "Objective", "Newcomers feel at home", id="by title"),
        pytest.param("Key results", "Confidence", "70%", id="70%"),
        pytest.param("Key results", "Confidence", "7/10", id="7/10"),
        pytest.param("Key results", "Confidence", "high", id="high"),
        pytest.param("Objectives", "Cycle", "Q2 2026", id="cycle spelled otherwise"),
        pytest.param("Objectives", "Team", "", id="no team"),
        pytest.param("Check-ins", "ID", "", id="no ID"),
        pytest.param("Check-ins", "Value", "", id="check-in without a value"),
        pytest.param("Check-ins", "Key result", "raise activation", id="check-in by title"),
        pytest.param("Check-ins", "When", "2026-05-18", id="ISO date"),
        pytest.param("Check-ins", "Note", "=1+1", id="note like a formula"),
        pytest.param("Check-ins", "Note", "Loading dock is open", id="note like a waiting cell"),
    ],
)
def test_what_is_sound_is_no_problem(tab: str, column: str, cell: Cell) -> None:
    assert words(with_cell(tab, column, cell).problems) == ""


# --- defaults -------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0"])
def test_what_is_blank_has_its_default(blank: str) -> None:
    [objective] = a_snapshot(
        [
            an_objective(
                cycle=blank, team=blank, type=blank, weight=blank, state=blank, roll_up=blank
            )
        ]
    ).objectives

    assert objective.cycle is None
    assert objective.team == "Acme OKRs"
    assert objective.commitment is Commitment.COMMITTED
    assert objective.weight == 1
    assert objective.state is State.ACTIVE
    assert objective.roll_up is RollUp.KEY_RESULTS


def test_an_unknown_word_counts_as_blank() -> None:
    [objective] = a_snapshot(
        [an_objective(type="bold", state="paused", roll_up="magic")]
    ).objectives

    assert objective.commitment is Commitment.COMMITTED
    assert objective.state is State.ACTIVE
    assert objective.roll_up is RollUp.KEY_RESULTS


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("current", "", None),
        ("current", 0.0, 0),
        ("weight", "", 1),
        ("weight", 0.0, 0),
        ("weight", -3.0, 1),
        ("weight", "heavy", 1),
        ("start", "", 0),
        ("start", 0.0, 0),
        ("target", "", None),
        ("confidence", "", None),
        ("confidence", 0.0, 0),
        ("confidence", 7.0, 0.7),
        ("confidence", 70.0, 0.7),
        ("confidence", "low", 0.2),
        ("grade", 0.0, 0),
        ("grade", "", None),
        ("due", "", None),
    ],
)
def test_blank_is_not_zero(column: str, cell: Cell, value: float | None) -> None:
    [key_result] = a_snapshot(None, [a_key_result(**{column: cell})]).key_results

    assert getattr(key_result, column) == value


@pytest.mark.parametrize(
    ("cell", "locale", "value"),
    [
        pytest.param("12,5", "en_US", 12.5, id="comma can only part decimals"),
        pytest.param("1.234,5", "en_US", 1234.5, id="both marks"),
        pytest.param("1 200", "en_US", 1200, id="space"),
        pytest.param("45%", "en_US", 0.45, id="percent"),
        pytest.param("1,234", "en_US", 1234, id="two readings in America"),
        pytest.param("1,234", "de_DE", 1.234, id="two readings in Germany"),
    ],
)
def test_the_locale_decides_where_a_text_can_mean_two_numbers(
    cell: str, locale: str, value: float
) -> None:
    found = a_snapshot(None, [a_key_result(current=cell, unit="")], locale=locale)

    assert found.key_results[0].current == pytest.approx(value)
    assert f"{value:g}" in found.problems[0].message


def test_settings_may_name_the_locale_for_the_whole_workbook() -> None:
    found = a_snapshot(
        None, [a_key_result(current="1,234")], a_settings_tab(locale="de_DE"), locale="en_US"
    )

    assert found.key_results[0].current == pytest.approx(1.234)


# --- kinds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "kind", "undefined"),
    [
        pytest.param({"start": 1.0, "target": 9.0}, Kind.INCREASE, False, id="upwards"),
        pytest.param({"start": 9.0, "target": 1.0}, Kind.DECREASE, False, id="downwards"),
        pytest.param({"start": "", "target": 9.0}, Kind.INCREASE, False, id="from nothing"),
        pytest.param({"start": 0.0, "target": -9.0}, Kind.DECREASE, False, id="below zero"),
        pytest.param({"start": 9.0, "target": 9.0}, Kind.INCREASE, True, id="no way"),
        pytest.param({"start": "", "target": 0.0}, Kind.INCREASE, True, id="no way from nothing"),
        pytest.param({"target": "", "current": True}, Kind.DONE, False, id="ticked"),
        pytest.param({"target": "", "current": False}, Kind.DONE, False, id="not ticked"),
        pytest.param({"target": "", "current": "TRUE"}, Kind.DONE, False, id="TRUE as text"),
        pytest.param({"target": "", "current": 3.0}, Kind.INCREASE, True, id="no target"),
        pytest.param({"kind": "decrease", "start": 9.0, "target": 1.0}, Kind.DECREASE, False),
        pytest.param({"kind": "decrease", "start": ""}, Kind.DECREASE, True, id="no start"),
        pytest.param({"kind": "increase", "start": "low"}, Kind.INCREASE, True, id="start unread"),
        pytest.param({"kind": "keep above", "start": ""}, Kind.KEEP_ABOVE, False, id="bound"),
        pytest.param({"kind": "keep_below", "start": 45.0}, Kind.KEEP_BELOW, False, id="at start"),
        pytest.param({"kind": "keep above", "target": ""}, Kind.KEEP_ABOVE, True, id="boundless"),
        pytest.param({"kind": "DONE", "target": "", "current": "x"}, Kind.DONE, False, id="x"),
        pytest.param({"kind": "done", "target": "", "current": ""}, Kind.DONE, False, id="open"),
    ],
)
def test_the_kind_says_what_must_be_there(
    cells: dict[str, Cell], kind: Kind, undefined: bool
) -> None:
    found = a_snapshot(None, [a_key_result(**{"kind": "", **cells})])

    assert found.key_results[0].kind is kind
    assert bool(found.key_results[0].undefined) is undefined
    assert any(one.severity == "error" for one in found.problems) is undefined


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((cell, 1) for cell in (True, "TRUE", "yes", "Yes", "done", "x", "X", 1.0, "1")),
        *((cell, 0) for cell in (False, "FALSE", "no", 0.0)),
        ("", None),
        ("half", None),
    ],
)
def test_what_means_done(cell: Cell, value: float | None) -> None:
    row = a_key_result(kind="done", start="", target="", current=cell)

    assert a_snapshot(None, [row]).key_results[0].current == value


def test_a_decrease_without_a_start_asks_for_it() -> None:
    problem = only(a_snapshot(None, [a_key_result(kind="decrease", start="", target=5.0)]))

    assert (problem.severity, problem.column) == ("error", "Start")


def test_a_sheet_that_has_only_progress_goes_from_0_to_1() -> None:
    row: Cells = {"Objective": "O-1", "Key result": "Raise activation", "Progress": 0.4}
    [key_result] = a_snapshot(None, [row]).key_results

    assert (key_result.start, key_result.target, key_result.current) == (0, 1, 0.4)
    assert key_result.kind is Kind.INCREASE


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        pytest.param({"start": 0.2, "target": 0.6, "current": 45.0}, "Current", id="current"),
        pytest.param({"start": 20.0, "target": 60.0, "current": 0.45}, "Current", id="other way"),
        pytest.param({"start": 0.2, "target": 60.0, "current": 45.0}, "Start", id="start"),
        pytest.param(
            {"kind": "keep above", "start": "", "target": 0.995, "current": 99.7},
            "Current",
            id="a bound",
        ),
    ],
)
def test_a_fraction_beside_a_percent_is_named(cells: dict[str, Cell], column: str) -> None:
    problem = only(a_snapshot(None, [a_key_result(**{"unit": "%", **cells})]))

    assert (problem.severity, problem.column) == ("warning", column)
    assert "a fraction beside a percent" in problem.message


def test_a_percent_checked_in_beside_a_fraction_is_named() -> None:
    row = a_key_result(start=0.2, target=0.6, current="", unit="%")
    problem = only(a_snapshot(None, [row], check_ins(a_check_in(value=45.0))))

    assert (problem.tab, problem.column, problem.row) == ("Check-ins", "Value", 2)
    assert "a fraction beside a percent" in problem.message


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"start": 0.0, "target": 50.0, "current": 0.4, "unit": "M€"}, id="millions"),
        pytest.param({"start": 0.9, "target": 0.5, "current": 2.0, "unit": "s"}, id="seconds"),
        pytest.param({"start": 0.2, "target": 0.6, "current": 0.7, "unit": "%"}, id="beyond"),
        pytest.param({"start": 0.2, "target": 0.6, "current": 0.0, "unit": "%"}, id="zero"),
    ],
)
def test_numbers_of_one_scale_are_no_fraction_beside_a_percent(cells: dict[str, Cell]) -> None:
    assert words(a_snapshot(None, [a_key_result(**{"kind": "", **cells})]).problems) == ""


@pytest.mark.parametrize(
    ("cell", "current", "severities"),
    [
        pytest.param(0.45, 0.45, [], id="fraction"),
        pytest.param(1.25, 1.25, [], id="beyond the target"),
        pytest.param(45.0, 0.45, ["warning"], id="percent"),
        pytest.param("45%", 0.45, ["warning"], id="text"),
    ],
)
def test_a_progress_in_percent_is_read_as_such_with_a_warning(
    cell: Cell, current: float, severities: list[str]
) -> None:
    row: Cells = {"Objective": "O-1", "Key result": "Raise activation", "Progress": cell}
    found = a_snapshot(None, [row])

    assert found.key_results[0].current == pytest.approx(current)
    assert [one.severity for one in found.problems] == severities


# --- IDs and references ---------------------------------------------------------------------------


def test_of_doubled_ids_the_first_row_keeps_it_and_both_are_scored() -> None:
    rows = [a_key_result(), a_key_result(key_result="Keep them", current=45.0)]
    found = a_snapshot(None, rows, check_ins(a_check_in()))
    board = build_board(found, None, DAY)

    assert [one.id for one in found.key_results] == ["KR-1", None]
    assert len({one.key for one in found.key_results}) == 2
    assert [one.progress for one in board.key_results] == [pytest.approx(10 / 13), 1]
    assert [*found.check_ins] == [found.key_results[0].key]
    assert said(found.problems) == [("error", "Key results!A3")]


def test_a_reference_to_a_doubled_id_means_the_first_row() -> None:
    found = a_snapshot([an_objective(), an_objective(objective="Another aim")])

    assert found.key_results[0].objective == found.objectives[0].key


@pytest.mark.parametrize(
    ("own", "reference"),
    [
        pytest.param("O-1", "O-1", id="as it is"),
        pytest.param("O-1", "o-1", id="in another case"),
        pytest.param("O-1", " O-1 ", id="with spaces"),
        pytest.param("O-1", "O-1\u200b", id="with what nobody sees"),
        pytest.param(12.0, 12.0, id="numbers"),
        pytest.param(12.0, "12", id="a number by its text"),
        pytest.param("12", 12.0, id="a text by its number"),
        pytest.param("", "Newcomers feel at home", id="no ID, by title"),
        pytest.param("O-1", "Newcomers feel at home", id="by title"),
        pytest.param("O-1", " newcomers  feel at HOME", id="by title in another case"),
    ],
)
def test_a_key_result_finds_its_objective_by_id_or_title(own: Cell, reference: Cell) -> None:
    found = a_snapshot([an_objective(id=own)], [a_key_result(objective=reference)])

    assert words(found.problems) == ""
    assert found.key_results[0].objective == found.objectives[0].key


def test_ids_that_look_like_numbers_are_text() -> None:
    found = a_snapshot([an_objective(id=12.0)], [a_key_result(id=7.0, objective=12.0)])

    assert (found.objectives[0].id, found.key_results[0].id) == ("12", "7")


def test_an_id_goes_before_a_title_that_reads_the_same() -> None:
    named = an_objective(id="O-1", objective="O-2")
    meant = an_objective(id="O-2", objective="Another aim")
    found = a_snapshot([named, meant], [a_key_result(objective="O-2")])

    assert found.key_results[0].objective == found.objectives[1].key


def test_a_title_written_exactly_goes_before_one_in_another_case() -> None:
    rows = [an_objective(id="O-1", objective="GROW"), an_objective(id="O-2", objective="Grow")]
    found = a_snapshot(rows, [a_key_result(objective="Grow")])

    assert found.key_results[0].objective == "O-2"


def test_a_title_that_several_objectives_share_is_a_warning_and_means_the_first() -> None:
    rows = [an_objective(id="O-1"), an_objective(id="O-2")]
    found = a_snapshot(rows, [a_key_result(objective="Newcomers feel at home")])

    assert found.key_results[0].objective == "O-1"
    assert ("warning", "Key results!B2") in said(found.problems)


def test_a_key_result_whose_objective_is_not_found_is_listed_and_counts_nowhere() -> None:
    found = a_snapshot(None, [a_key_result(), a_key_result(id="KR-2", objective="O-9")])
    board = build_board(found, found.cycles[0], DAY)

    assert [one.key_result.id for one in board.key_results] == ["KR-1", "KR-2"]
    assert [one.is_counted for one in board.key_results] == [True, False]
    assert board.organisation.counted == 1
    assert said(found.problems) == [("error", "Key results!B3")]


def test_rows_without_ids_are_known_by_content() -> None:
    rows = [a_key_result(id="") for _ in range(3)]
    found = a_snapshot([an_objective(id="")], [{**row, "Objective": ""} for row in rows])

    assert [one.id for one in found.key_results] == [None] * 3
    assert len({one.key for one in found.key_results}) == 3


def test_rows_that_all_say_the_same_are_told_apart_quickly() -> None:
    found = a_snapshot(None, [a_key_result(id="")] * 6_000)

    assert len({one.key for one in found.key_results}) == 6_000


def test_a_key_of_content_does_not_hang_on_the_row_number() -> None:
    before = a_snapshot([an_objective(id="")])
    after = a_snapshot([an_objective(id="O-2", objective="Another aim"), an_objective(id="")])

    assert before.objectives[0].key == after.objectives[1].key


@pytest.mark.parametrize(
    ("supports", "keys"),
    [
        pytest.param("O-2", ("O-2",), id="an objective"),
        pytest.param("KR-2", ("KR-2",), id="a key result"),
        pytest.param("Be first", ("O-2",), id="an exact title"),
        pytest.param("Win the race", ("KR-2",), id="a key result's title"),
        pytest.param("O-2; O-3", ("O-2", "O-3"), id="two"),
        pytest.param("O-2\nO-3\r\n", ("O-2", "O-3"), id="two lines"),
        pytest.param("O-2;;\n O-3 ;", ("O-2", "O-3"), id="untidy"),
        pytest.param("O-2; o-2; Be first", ("O-2",), id="one thing three times"),
    ],
)
def test_supports_names_one_or_more_by_id_or_title(supports: str, keys: tuple[str, ...]) -> None:
    others = [an_objective(id="O-2", objective="Be first"), an_objective(id="O-3", objective="Be")]
    results = [
        a_key_result(),
        a_key_result(id="KR-2", objective="O-2", key_result="Win the race"),
        a_key_result(id="KR-3", objective="O-3"),
    ]
    found = a_snapshot([an_objective(supports=supports), *others], results)

    assert words(found.problems) == ""
    assert found.objectives[0].supports == keys


def test_supports_may_hold_a_number_that_is_an_id() -> None:
    rows = [an_objective(supports=2.0), an_objective(id=2.0, objective="Be first")]
    results = [a_key_result(), a_key_result(id="KR-2", objective=2.0)]

    assert a_snapshot(rows, results).objectives[0].supports == ("2",)


def test_objectives_that_support_each_other_are_a_loop() -> None:
    rows = [
        an_objective(id="O-1", supports="O-2"),
        an_objective(id="O-2", supports="O-3", objective="Be first"),
        an_objective(id="O-3", supports="O-1", objective="Be best"),
    ]
    results = [a_key_result(id=f"KR-{n}", objective=f"O-{n}") for n in (1, 2, 3)]
    problem = only(a_snapshot(rows, results))

    assert (problem.severity, problem.column) == ("warning", "Supports")
    assert "O-1 → O-2 → O-3 → O-1" in problem.message


@pytest.mark.parametrize(
    ("own", "other", "is_named"),
    [
        ("2026-Q2", "2026-Q1", True),
        ("2026-Q2", "2025", True),
        ("2026-Q2", "2026", False),
        ("2026-Q2", "2026 H1", False),
        ("2026-Q2", "2026-Q2", False),
        ("2026-Q2", "", False),
    ],
)
def test_supports_across_cycles_that_share_no_day_is_named(
    own: str, other: str, is_named: bool
) -> None:
    rows = [
        an_objective(cycle=own, supports="O-2"),
        an_objective(id="O-2", objective="Be first", cycle=other),
    ]
    found = a_snapshot(rows, [a_key_result(), a_key_result(id="KR-2", objective="O-2")])

    assert any(one.column == "Supports" for one in found.problems) is is_named
    assert found.objectives[0].supports == ("O-2",)


def test_supports_of_a_key_result_without_a_home_says_so() -> None:
    rows = [an_objective(supports="KR-9")]
    found = a_snapshot(rows, [a_key_result(), a_key_result(id="KR-9", objective="O-9")])

    [problem] = [one for one in found.problems if one.column == "Supports"]
    assert "There is no" not in problem.message


# --- what shows only together ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "is_named"),
    [({}, True), ({"state": "draft"}, False), ({"state": "dropped"}, False)],
)
def test_an_objective_without_a_key_result_is_named(
    changes: dict[str, Cell], is_named: bool
) -> None:
    rows = [an_objective(), an_objective(id="O-2", objective="Be first", **changes)]
    expected = [("warning", "Objectives!D3")] if is_named else []

    assert said(a_snapshot(rows).problems) == expected


def test_an_objective_that_rolls_up_children_but_has_none_is_named() -> None:
    rows = [an_objective(), an_objective(id="O-2", objective="Be first", roll_up="children")]

    assert said(a_snapshot(rows).problems) == [("warning", "Objectives!J3")]


@pytest.mark.parametrize(
    ("weights", "severities"),
    [
        pytest.param((0.0, 0.0), ["warning"], id="all zero"),
        pytest.param((0.0, 1.0), [], id="one counts"),
        pytest.param((0.0, ""), [], id="blank is 1"),
    ],
)
def test_weights_that_sum_to_zero_are_named(weights: Sequence[Cell], severities: list[str]) -> None:
    rows = [
        a_key_result(id=f"KR-{at}", key_result=f"Raise {at}", weight=weight)
        for at, weight in enumerate(weights)
    ]

    assert [one.severity for one in a_snapshot(None, rows).problems] == severities


def test_weights_of_a_teams_objectives_that_sum_to_zero_are_named() -> None:
    rows = [an_objective(weight=0.0), an_objective(id="O-2", objective="Be first", weight=0.0)]
    found = a_snapshot(rows, [a_key_result(), a_key_result(id="KR-2", objective="O-2")])

    assert said(found.problems) == [("warning", "Objectives!H2")]


# --- cycles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "name", "starts", "ends"),
    [
        ("2026-Q4", "2026-Q4", (2026, 10, 1), (2026, 12, 31)),
        ("Q4 2026", "Q4 2026", (2026, 10, 1), (2026, 12, 31)),
        ("2026 H2", "2026 H2", (2026, 7, 1), (2026, 12, 31)),
        ("2026", "2026", (2026, 1, 1), (2026, 12, 31)),
        (2026.0, "2026", (2026, 1, 1), (2026, 12, 31)),
        ("Nov 2026", "Nov 2026", (2026, 11, 1), (2026, 11, 30)),
        (serial(date(2026, 11, 1)), "Nov 2026", (2026, 11, 1), (2026, 11, 30)),
    ],
)
def test_cycles_without_a_tab_are_read_from_their_names(
    cell: Cell, name: str, starts: tuple[int, int, int], ends: tuple[int, int, int]
) -> None:
    found = a_snapshot([an_objective(cycle=cell)])
    [cycle] = found.cycles

    assert found.problems == ()
    assert (cycle.name, cycle.starts, cycle.ends) == (name, date(*starts), date(*ends))
    assert found.objectives[0].cycle == name


def test_spellings_of_one_period_are_one_cycle() -> None:
    rows = [an_objective(), an_objective(id="O-2", objective="Be first", cycle="Q2 2026")]
    found = a_snapshot(rows)

    assert [one.name for one in found.cycles] == ["2026-Q2"]
    assert {one.cycle for one in found.objectives} == {"2026-Q2"}


@pytest.mark.parametrize("cell", ["FY26", "FY 2026", serial(date(2026, 11, 15)), True])
def test_a_cycle_whose_dates_are_not_known_asks_for_them_and_its_objectives_are_listed(
    cell: Cell,
) -> None:
    found = a_snapshot([an_objective(cycle=cell)])

    assert said(found.problems) == [("error", "Objectives!B2")]
    assert "Cycles tab" in only(found).remedy
    assert found.objectives[0].cycle is None


def test_the_cycles_tab_says_the_dates() -> None:
    tab = cycles(("FY26", APRIL, JULY), ("Spring", "2026-03-01", "2026-05-31"))
    found = a_snapshot([an_objective(cycle="fy26")], None, tab)

    assert found.problems == ()
    assert [(one.name, one.starts, one.ends) for one in found.cycles] == [
        ("FY26", date(2026, 4, 1), date(2026, 7, 1)),
        ("Spring", date(2026, 3, 1), date(2026, 5, 31)),
    ]
    assert found.objectives[0].cycle == "FY26"


@pytest.mark.parametrize(
    ("row", "severity", "cell"),
    [
        pytest.param(("FY26", "", ""), "error", "Cycles!A2", id="no dates"),
        pytest.param(("FY26", JULY, APRIL), "error", "Cycles!C2", id="ends before it starts"),
        pytest.param(("FY26", APRIL, APRIL), "error", "Cycles!C2", id="ends as it starts"),
        pytest.param(("FY26", APRIL, "late"), "error", "Cycles!C2", id="unreadable"),
        pytest.param(("", APRIL, JULY), "warning", "Cycles!A2", id="no name"),
        pytest.param((BROKEN, APRIL, JULY), "error", "Cycles!A2", id="broken name"),
    ],
)
def test_a_bad_row_of_the_cycles_tab_is_named(
    row: tuple[Cell, Cell, Cell], severity: str, cell: str
) -> None:
    found = a_snapshot(None, None, cycles(row))

    assert (severity, cell) in said(found.problems)
    assert [one.name for one in found.cycles] == ["2026-Q2"]


def test_dates_that_the_cycles_tab_leaves_out_are_read_from_the_name() -> None:
    found = a_snapshot(None, None, cycles(("2026-Q2", serial(date(2026, 4, 6)), "")))

    assert (found.cycles[0].starts, found.cycles[0].ends) == (date(2026, 4, 6), date(2026, 6, 30))
    assert found.problems == ()


def test_cycles_may_lie_inside_one_another() -> None:
    rows = [an_objective(cycle="2026"), an_objective(id="O-2", objective="Be first")]
    year, quarter = a_snapshot(rows).cycles

    assert year.encloses(quarter) and not quarter.encloses(year)


# --- teams, people, settings ----------------------------------------------------------------------


def test_teams_without_a_tab_are_those_that_objectives_name() -> None:
    found = a_snapshot([an_objective(team="Growth"), an_objective(id="O-2", team="growth ")])

    assert {one.team for one in found.objectives} == {"Growth"}
    assert found.teams == ()
    board = build_board(found, None, DAY)
    assert [(one.team.name, one.team.parent) for one in board.teams] == [
        ("Acme OKRs", None),
        ("Growth", "Acme OKRs"),
    ]


@pytest.mark.parametrize(
    ("pairs", "said_of"),
    [
        pytest.param((("Acme", ""), ("Growth", "Acme")), [], id="sound"),
        pytest.param((("Acme", ""), ("growth", "ACME")), [], id="in another case"),
        pytest.param((("Acme", ""), ("Growth", "Sales")), ["Teams!B3"], id="unknown parent"),
        pytest.param((("Growth", "Growth"),), ["Teams!B2"], id="its own parent"),
        pytest.param(
            (("Growth", "Sales"), ("Sales", "Growth")), ["Teams!B2", "Teams!B3"], id="a circle"
        ),
        pytest.param((("Growth", ""), ("Growth", "")), ["Teams!A3"], id="listed twice"),
        pytest.param((("Growth", ""), ("", "Growth")), ["Teams!A3"], id="no name"),
        pytest.param((("Sales", ""),), ["Objectives!C2"], id="not listed"),
    ],
)
def test_the_teams_tab(pairs: tuple[tuple[str, str], ...], said_of: list[str]) -> None:
    found = a_snapshot(None, None, teams(*pairs))

    assert [one.cell for one in found.problems] == said_of
    assert {one.severity for one in found.problems} <= {"warning"}
    build_board(found, None, DAY)


def test_people_are_known_by_email_and_name() -> None:
    rows = [
        {"Email": "ada@example.com", "Name": "Ada", "Team": "Growth"},
        {"Email": "ben@example.com", "Name": "", "Team": ""},
        {"Email": "", "Name": "", "Team": ""},
    ]
    found = a_snapshot(None, None, a_tab("People", rows))

    assert [(one.email, one.name) for one in found.people] == [
        ("ada@example.com", "Ada"),
        ("ben@example.com", "ben@example.com"),
    ]


def test_settings_have_their_defaults() -> None:
    assert a_snapshot().settings == Settings(organisation="Acme OKRs")
    assert Settings() == Settings(
        gap_at_risk=10,
        gap_off_track=25,
        too_early=0.1,
        check_in_every=7,
        grace=3,
        pass_committed=1,
        pass_aspirational=0.7,
        grade_green=0.7,
        grade_amber=0.4,
        confidence_high=0.7,
        confidence_low=0.4,
        locale="en_US",
        refresh_seconds=15,
        key_results_least=3,
        key_results_most=5,
        objectives_most=5,
        words_least=4,
        words_most=18,
        days_most=366,
        weight_most=0.6,
        safe_confidence=0.9,
        safe_by=0.5,
    )


@pytest.mark.parametrize(
    ("name", "cell", "value", "severities"),
    [
        pytest.param("gap_at_risk", 12.0, 12, [], id="a number"),
        pytest.param("Gap at risk", 12.0, 12, [], id="name in words"),
        pytest.param("gap_at_risk", "12 points", 12, [], id="with its unit"),
        pytest.param("gap_at_risk", 0.12, 12, ["warning"], id="a gap in percent"),
        pytest.param("gap_at_risk", "12%", 12, ["warning"], id="a gap in percent, as text"),
        pytest.param("gap_at_risk", 0.0, 0, [], id="zero"),
        pytest.param("gap_at_risk", "wide", 10, ["error"], id="a word"),
        pytest.param("gap_at_risk", -5.0, 10, ["error"], id="negative"),
        pytest.param("gap_at_risk", BROKEN, 10, ["error"], id="broken"),
        pytest.param("gap_at_risk", True, 10, ["error"], id="checkbox"),
        pytest.param("gap_at_risk", "", 10, [], id="blank"),
        pytest.param("too_early", 0.2, 0.2, [], id="a share"),
        pytest.param("too_early", 20.0, 0.2, ["warning"], id="a share in percent"),
        pytest.param("too_early", "20%", 0.2, ["warning"], id="a share as text"),
        pytest.param("check_in_every", "14 days", 14, [], id="days"),
        pytest.param("check_in_every", 0.0, 7, ["error"], id="never"),
        pytest.param("grace", "1 day", 1, [], id="one day"),
        pytest.param("refresh_seconds", "30 seconds", 30, [], id="seconds"),
        pytest.param("key_results_most", "4 key results", 4, [], id="an amount"),
        pytest.param("objectives_most", 0.0, 5, ["error"], id="no objectives"),
        pytest.param("words_least", 0.0, 0, [], id="no words"),
        pytest.param("weight_most", 0.7, 0.7, [], id="a share of the weight"),
        pytest.param("pass_aspirational", 150.0, 0.7, ["error"], id="beyond all"),
        pytest.param("organisation", "Acme", "Acme", [], id="a name"),
        pytest.param("timezone", "Europe/Berlin", "Europe/Berlin", [], id="a zone"),
        pytest.param("timezone", "Middle-earth", "", ["warning"], id="no zone"),
        pytest.param("locale", "de_DE", "de_DE", [], id="a locale"),
        pytest.param("locale", "German", "en_US", ["warning"], id="no locale"),
    ],
)
def test_a_setting_is_read_or_its_default_holds(
    name: str, cell: Cell, value: object, severities: list[str]
) -> None:
    found = a_snapshot(None, None, a_settings_tab(**{name: cell}))
    field = name.lower().replace(" ", "_")

    assert getattr(found.settings, field) == pytest.approx(value)
    assert [one.severity for one in found.problems] == severities
    assert {one.cell for one in found.problems} <= {"Settings!B2"}


@pytest.mark.parametrize("name", ["colour", BROKEN, 12.0])
def test_a_setting_that_is_none_is_named_once(name: Cell) -> None:
    found = a_snapshot(None, None, a_tab("Settings", [{"Setting": name, "Value": 1.0}]))

    assert only(found).cell == "Settings!A2"


@pytest.mark.parametrize(
    ("values", "cell"),
    [
        ({"gap_at_risk": 30.0}, "Settings!B2"),
        ({"grade_amber": 0.9}, "Settings!B2"),
        ({"confidence_high": 0.3}, "Settings!B2"),
        ({"gap_at_risk": 30.0, "gap_off_track": 40.0}, None),
    ],
)
def test_thresholds_in_the_wrong_order_are_named(values: dict[str, Cell], cell: str | None) -> None:
    found = a_snapshot(None, None, a_settings_tab(**values))

    assert [one.cell for one in found.problems] == ([cell] if cell else [])


@pytest.mark.parametrize(
    ("setting", "google", "zone"),
    [
        ("Europe/Berlin", "America/New_York", "Europe/Berlin"),
        ("", "America/New_York", "America/New_York"),
        ("Middle-earth", "America/New_York", "America/New_York"),
        ("", "", "UTC"),
        ("", "GMT-07:00 or so", "UTC"),
    ],
)
def test_days_begin_in_the_workbooks_time_zone(setting: str, google: str, zone: str) -> None:
    found = build_snapshot(a_reading(None, None, a_settings_tab(timezone=setting), timezone=google))

    assert str(found.read_at.tzinfo) == zone


# --- check-ins and history ------------------------------------------------------------------------


def test_check_ins_are_grouped_by_key_result_and_ordered_by_when_then_row() -> None:
    tab = check_ins(
        a_check_in(when=MAY + 2, value=3.0),
        a_check_in(when=MAY, value=1.0),
        a_check_in(when=MAY + 2, value=4.0),
        a_check_in(when=MAY + 1, value=2.0),
        a_check_in(key_result="KR-2", value=9.0),
    )
    rows = [a_key_result(), a_key_result(id="KR-2", key_result="Keep them")]
    found = a_snapshot(None, rows, tab)

    assert [one.value for one in found.check_ins["KR-1"]] == [1, 2, 3, 4]
    assert [one.row for one in found.check_ins["KR-1"]] == [3, 5, 2, 4]
    assert [one.value for one in found.check_ins["KR-2"]] == [9]


@pytest.mark.parametrize(
    ("cells", "value", "confidence"),
    [
        pytest.param({}, 42, 0.7, id="plain"),
        pytest.param({"value": ""}, None, 0.7, id="no value"),
        pytest.param({"value": 0.0}, 0, 0.7, id="zero"),
        pytest.param({"value": "41,5"}, 41.5, 0.7, id="text"),
        pytest.param({"value": "fine"}, None, 0.7, id="unreadable value"),
        pytest.param({"confidence": ""}, 42, None, id="no confidence"),
        pytest.param({"confidence": "low"}, 42, 0.2, id="in words"),
        pytest.param({"confidence": 8.0}, 42, 0.8, id="of ten"),
        pytest.param({"confidence": "who knows"}, 42, None, id="unreadable confidence"),
        pytest.param({"confidence": -0.1}, 42, None, id="negative confidence"),
    ],
)
def test_the_cells_of_a_check_in(
    cells: dict[str, Cell], value: float | None, confidence: float | None
) -> None:
    [entry] = a_snapshot(None, None, check_ins(a_check_in(**cells))).check_ins["KR-1"]

    assert (entry.value, entry.confidence) == (value, confidence)


@pytest.mark.parametrize(
    ("cell", "value"), [(True, 1), ("yes", 1), (1.0, 1), ("no", 0), (False, 0), (0.5, None)]
)
def test_a_check_in_of_kind_done_is_done_or_not(cell: Cell, value: float | None) -> None:
    row = a_key_result(kind="done", start="", target="", current="")
    found = a_snapshot(None, [row], check_ins(a_check_in(value=cell)))

    assert found.check_ins["KR-1"][0].value == value
    assert bool(found.problems) is (value is None)


@pytest.mark.parametrize("cells", [{"when": ""}, {"when": "soon"}, {"key_result": "KR-9"}])
def test_a_check_in_without_a_date_or_a_key_result_does_not_count(cells: dict[str, Cell]) -> None:
    found = a_snapshot(None, None, check_ins(a_check_in(**cells), a_check_in(value=40.0)))

    assert [one.value for one in found.check_ins["KR-1"]] == [40]


@pytest.mark.parametrize(
    ("day", "is_named"),
    [
        pytest.param(date(2026, 4, 1), False, id="first day"),
        pytest.param(date(2026, 6, 30), False, id="last day"),
        pytest.param(date(2026, 7, 6), False, id="the closing check-in"),
        pytest.param(date(2026, 3, 27), False, id="where it began"),
        pytest.param(date(2026, 3, 1), True, id="long before"),
        pytest.param(date(2026, 8, 1), True, id="long after"),
    ],
)
def test_a_check_in_far_outside_the_cycle_is_named(day: date, is_named: bool) -> None:
    found = a_snapshot(None, None, check_ins(a_check_in(when=serial(day))))

    assert said(found.problems) == ([("warning", "Check-ins!A2")] if is_named else [])
    assert len(found.check_ins["KR-1"]) == 1


ODD = st.sampled_from(
    ["", " ", BROKEN, "Loading...", "Err:502", "=1+1", "\u200bKR-1", "KR-1\u00a0", "Ein\nWort"]
)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.floats(),
    st.booleans(),
    st.text(max_size=8),
    st.integers(40_000, 50_000).map(float),
    st.sampled_from(["KR-1", "O-1", "O-2", "2026-Q2", "2026", "45%", "1,5", "done", "#N/A"]),
    ODD,
)


QUIETLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def with_care(plain: Reading, title: str) -> Reading:
    """Give a tab formulas without a value, far to its right: such rows are read cell by cell."""
    tabs = [
        replace(tab, formulas_without_value=frozenset((row, 99) for row in range(1, len(tab.rows))))
        if tab.title == title
        else tab
        for tab in plain.tabs
    ]
    return replace(plain, tabs=tuple(tabs))


@QUIETLY
@given(st.lists(st.fixed_dictionaries({name: CELLS for name in COLUMNS["Check-ins"]}), max_size=4))
def test_a_check_in_reads_the_same_by_the_quick_way_and_with_care(rows: list[Cells]) -> None:
    rows = [{**row, "Key result": "KR-1"} for row in rows]
    plain = a_reading(None, None, check_ins(*rows)) if rows else a_reading()
    found, careful = build_snapshot(plain), build_snapshot(with_care(plain, "Check-ins"))

    assert careful.check_ins == found.check_ins
    assert careful.problems == found.problems


SOUND_OR_NOT: dict[str, st.SearchStrategy[Cell]] = {
    "ID": st.sampled_from(["", "KR-1", "KR-2", "kr-1", "KR-1\u00a0", "A  B", 7.0]),
    "Objective": st.sampled_from(["O-1", "O-1 ", "o-1", "Newcomers feel at home", "O-9", ""]),
    "Key result": st.sampled_from(["Raise activation", "Cut churn", " ", "", "#REF!", 3.0]),
    "Kind": st.sampled_from(["", "increase", "decrease", "keep above", "done", "Increase", "?"]),
    **{
        column: st.sampled_from(["", 0.0, 0.4, 1.0, 32.0, 45.0, "45", True, 1e-9, -3.0])
        for column in ("Start", "Target", "Current")
    },
    "Unit": st.sampled_from(["", "%", " %", "points", 1.0]),
    "Weight": st.sampled_from(["", 0.0, 2.0, -1.0, "two"]),
    "Due": st.sampled_from(["", serial(date(2026, 6, 1)), 0.0, "2026-06-01", True]),
    "Confidence": st.sampled_from(["", 0.0, 0.7, 1.0, 7.0, "high", True]),
    "State": st.sampled_from(["", "active", "dropped", "Active", 1.0]),
    "Grade": st.sampled_from(["", 0.7, 7.0]),
    "Link": st.sampled_from(["", "https://example.com", " x"]),
    "Pace": st.sampled_from(["", "2026-05-01: 40"]),
}


@settings(QUIETLY, max_examples=200)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                column: st.just(cell) | (SOUND_OR_NOT.get(column, ODD))
                for column, cell in KEY_RESULT.items()
            }
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_a_key_result_reads_the_same_by_the_quick_way_and_with_care(
    rows: list[Cells], has_start: bool
) -> None:
    if not has_start:
        rows = [{name: row[name] for name in row if name != "Start"} for row in rows]
    plain = a_reading(None, rows)
    found, careful = build_snapshot(plain), build_snapshot(with_care(plain, "Key results"))

    assert careful.key_results == found.key_results
    assert careful.problems == found.problems


def test_history_is_grouped_by_the_row_that_changed() -> None:
    tab = history(
        a_change(when=MAY + 2, after=40.0),
        a_change(when=MAY, after=38.0),
        a_change(row_id="kr-1", column="TARGET", when=MAY + 1),
        a_change(row_id="O-1", tab="Objectives", column="Weight"),
        a_change(row_id="KR-9"),
        a_change(when="", row_id="KR-1"),
        a_change(row_id=""),
    )
    found = a_snapshot(None, None, tab)

    assert [one.after for one in found.changes["KR-1"] if one.column == "Current"] == [38, 40]
    assert [one.column for one in found.changes["KR-1"]] == ["Current", "Target", "Current"]
    assert [one.column for one in found.changes["O-1"]] == ["Weight"]
    assert set(found.changes) == {"KR-1", "O-1"}


# --- tabs -----------------------------------------------------------------------------------------


def test_only_two_tabs_are_required() -> None:
    assert a_snapshot().problems == ()


@pytest.mark.parametrize("missing", ["Objectives", "Key results"])
def test_a_missing_required_tab_is_an_error_and_the_other_is_read(missing: str) -> None:
    kept = [tab for tab in a_reading().tabs if tab.title != missing]
    found = build_snapshot(a_workbook(*kept))

    assert ("error", missing) in {(one.severity.value, one.tab) for one in found.problems}
    assert len(found.objectives) + len(found.key_results) == 1


def test_an_empty_workbook_names_both_tabs() -> None:
    found = build_snapshot(a_workbook())

    assert [(one.severity, one.tab, one.row) for one in found.problems] == [
        ("error", "Objectives", 0),
        ("error", "Key results", 0),
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param([], "empty", id="empty"),
        pytest.param([["", " "], []], "empty", id="blank cells"),
        pytest.param([["Mood", "Colour"], ["good", "red"]], "headers", id="no known headers"),
    ],
)
def test_a_tab_without_headers_says_so(rows: list[list[Cell]], message: str) -> None:
    found = build_snapshot(a_workbook(a_reading().tabs[0], Tab("Key results", rows)))

    [problem] = [one for one in found.problems if one.tab == "Key results"]
    assert problem.severity == "error"
    assert message in problem.message


@pytest.mark.parametrize("title", ["Check-ins", "Teams", "Cycles", "People", "Settings"])
def test_an_empty_tab_that_is_not_required_is_no_problem(title: str) -> None:
    headers = Tab(title, [[*COLUMNS[title]]])

    assert a_snapshot(None, None, Tab(title, [])).problems == ()
    assert a_snapshot(None, None, headers).problems == ()


@pytest.mark.parametrize(
    ("tab", "column"),
    [
        ("Objectives", "Objective"),
        ("Key results", "Objective"),
        ("Key results", "Key result"),
        ("Check-ins", "Key result"),
        ("Check-ins", "When"),
        ("Teams", "Team"),
        ("Cycles", "Cycle"),
    ],
)
def test_a_missing_column_is_named_once_for_all_its_rows(tab: str, column: str) -> None:
    tabs = {
        "Objectives": a_tab("Objectives", [an_objective()]),
        "Key results": a_tab("Key results", [a_key_result(), a_key_result(id="KR-2")]),
        "Check-ins": check_ins(a_check_in(), a_check_in()),
        "Teams": a_tab("Teams", [{"Team": "Growth", "Parent": "", "Lead": "Ada"}]),
        "Cycles": cycles(("2026-Q2", "", "")),
    }
    rows = [
        [cell for cell, name in zip(row, tabs[tab].rows[0], strict=True) if name != column]
        for row in tabs[tab].rows
    ]
    found = build_snapshot(a_workbook(*{**tabs, tab: Tab(tab, rows)}.values()))

    [problem] = [one for one in found.problems if one.tab == tab]
    assert problem.severity == "error"
    assert column in problem.message


def test_of_two_tabs_of_one_meaning_one_is_read_and_the_other_named() -> None:
    second = a_tab("KRs", [a_key_result(id="KR-2")])
    found = build_snapshot(a_workbook(second, *a_reading().tabs))

    assert [one.id for one in found.key_results] == ["KR-1"]
    assert (only(found).severity, only(found).tab) == ("warning", "KRs")


def test_two_headers_of_one_meaning_are_named_at_the_one_that_is_not_read() -> None:
    row = {**a_key_result(), "Baseline": 1.0}
    found = a_snapshot(None, [row])

    assert found.key_results[0].start == 32
    assert only(found).column == "Baseline"
    assert said(found.problems) == [("warning", "Key results!Q1")]


def test_titles_above_the_headers_shift_the_rows_that_problems_name() -> None:
    objectives, key_results = a_reading(None, [a_key_result(current="soon")]).tabs
    key_results = replace(key_results, rows=[["Spring"], [], *key_results.rows])
    found = build_snapshot(a_workbook(objectives, key_results))

    assert said(found.problems) == [("error", "Key results!H4")]


def test_unknown_tabs_and_columns_are_left_alone() -> None:
    row = {"Mood": BROKEN, **a_key_result(), "Colour": BROKEN}
    found = a_snapshot(None, [row], Tab("Canteen", [["Mon", "Tue"], [BROKEN]]))

    assert found.problems == ()


def test_problems_speak_of_columns_as_the_sheet_spells_them() -> None:
    row: Cells = {"Objective": "O-1", "KR": "Raise activation", "Baseline": 1.0, "Goal": "soon"}
    problem = only(a_snapshot(None, [row]))

    assert (problem.column, problem.cell) == ("Goal", "Key results!D2")


# --- surprises ------------------------------------------------------------------------------------


def key_results_marked(rows: Sequence[Cells], **marks: object) -> Snapshot:
    objectives = a_reading().tabs[0]
    return build_snapshot(a_workbook(objectives, a_tab("Key results", rows, **marks)))


@pytest.mark.parametrize(
    ("column", "place"),
    [("ID", 0), ("Key result", 2), ("Start", 5), ("Target", 6), ("Current", 7), ("Weight", 9)],
)
def test_a_formula_without_a_value_is_no_data_with_a_warning(column: str, place: int) -> None:
    rows = [{**a_key_result(), column: ""}]
    found = key_results_marked(rows, formulas_without_value=frozenset({(1, place)}))

    at = [one for one in found.problems if one.column == column]
    assert [one.severity for one in at] == ["warning"]
    assert "formula" in at[0].message and "Excel or LibreOffice" in at[0].remedy


@pytest.mark.parametrize(("column", "place"), [("Start", 5), ("Target", 6)])
def test_a_key_result_measured_by_a_formula_without_a_value_is_not_scored(
    column: str, place: int
) -> None:
    rows = [{**a_key_result(), column: ""}]
    found = key_results_marked(rows, formulas_without_value=frozenset({(1, place)}))

    assert found.key_results[0].undefined


def test_a_row_made_of_formulas_without_values_is_named() -> None:
    blank = dict.fromkeys(a_key_result(), "")
    cells = frozenset((2, place) for place in range(15))
    found = key_results_marked([a_key_result(), blank], formulas_without_value=cells)

    assert ("warning", "Key results!C3") in said(found.problems)


@pytest.mark.parametrize("title", ["Objectives", "Check-ins"])
def test_formulas_without_values_are_named_in_every_tab(title: str) -> None:
    row: Cells = an_objective(cycle="") if title == "Objectives" else a_check_in(key_result="")
    tab = a_tab(title, [row], formulas_without_value=frozenset({(1, 1)}))
    other = [one for one in a_reading().tabs if one.title != title]
    found = build_snapshot(a_workbook(tab, *other))

    assert said(one for one in found.problems if one.tab == title) == [("warning", f"{title}!B2")]


def test_merged_cells_among_the_rows_are_named() -> None:
    rows = [a_key_result(), a_key_result(id="KR-2", objective="")]
    found = key_results_marked(rows, merged=((1, 1, 2, 1),))

    assert ("warning", "Key results!B2") in said(found.problems)
    assert "merged" in words(found.problems)


def test_a_merged_title_above_the_headers_is_no_problem() -> None:
    assert key_results_marked([a_key_result()], merged=((0, 0, 0, 3),)).problems == ()


def test_a_hidden_row_that_counts_is_named() -> None:
    rows = [a_key_result(id=f"KR-{at}", key_result=f"Raise {at}") for at in range(4)]
    found = key_results_marked(rows, hidden_rows=frozenset({2, 3, 99}))

    problem = only(found)
    assert (problem.severity, problem.tab, problem.row) == ("warning", "Key results", 3)
    assert problem.cell == "Key results!C3"
    assert problem.message.startswith("2 rows")


def test_hidden_rows_that_hold_nothing_are_no_problem() -> None:
    assert key_results_marked([a_key_result()], hidden_rows=frozenset({0, 7})).problems == ()


def test_a_hidden_tab_that_counts_is_named() -> None:
    problem = only(key_results_marked([a_key_result()], is_hidden=True))

    assert (problem.severity, problem.tab) == ("warning", "Key results")


def test_the_boards_own_hidden_tab_is_no_problem() -> None:
    tab = a_tab("_History", [a_change()], is_hidden=True)

    layout = a_tab("_Layout", [{"A": 1.0}], is_hidden=True)
    assert a_snapshot(None, None, tab, layout).problems == ()


# --- every row is listed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"target": ""}, id="no target"),
        pytest.param({"start": BROKEN}, id="broken start"),
        pytest.param({"target": 32.0}, id="no way"),
        pytest.param({"objective": "O-9"}, id="unknown objective"),
        pytest.param({"state": "dropped"}, id="dropped"),
        pytest.param({"id": BROKEN}, id="broken ID"),
        pytest.param({"current": "soon"}, id="unreadable current"),
        pytest.param({"key_result": 7.0}, id="a number as title"),
    ],
)
def test_every_key_result_with_a_title_is_listed(changes: dict[str, Cell]) -> None:
    rows = [a_key_result(**{"id": "KR-0", **changes}), a_key_result(key_result="Keep them")]
    found = a_snapshot(None, rows)

    assert len(found.key_results) == 2
    assert build_board(found, None, DAY).key_results[-1].status is Status.ON_TRACK


def test_a_row_without_a_title_that_says_something_is_named() -> None:
    found = a_snapshot(None, [a_key_result(), a_key_result(key_result="")])

    assert said(found.problems) == [("warning", "Key results!C3")]


def test_a_row_of_spaces_is_blank() -> None:
    spaces: Cells = dict.fromkeys(a_key_result(), " ")
    tab = check_ins(a_check_in(), dict.fromkeys(a_check_in(), "\u00a0"))

    assert a_snapshot(None, [a_key_result(), spaces], tab).problems == ()


# --- laws -----------------------------------------------------------------------------------------


@st.composite
def wild_tabs(draw: st.DrawFn) -> Tab:
    """Draw a known tab with some of its headers in any order, and any cells below them."""
    title = draw(st.sampled_from([*COLUMNS]))
    headers = draw(st.lists(st.sampled_from([*COLUMNS[title], "Mood"]), min_size=2, unique=True))
    width = st.lists(CELLS, max_size=len(headers) + 1)
    rows: list[list[Cell]] = [[*headers], *draw(st.lists(width, max_size=5))]
    spot = st.tuples(st.integers(0, 6), st.integers(0, 12))
    return Tab(
        title,
        rows,
        formulas_without_value=draw(st.frozensets(spot, max_size=3)),
        merged=tuple(draw(st.lists(spot.map(lambda at: (*at, at[0] + 1, at[1] + 2)), max_size=2))),
        is_hidden=draw(st.booleans()),
        hidden_rows=draw(st.frozensets(st.integers(0, 9), max_size=3)),
    )


wild = st.lists(wild_tabs(), max_size=5, unique_by=lambda tab: tab.title).map(
    lambda tabs: a_workbook(*tabs)
)


def titled_rows(reading: Reading, tab: str, column: str) -> set[int]:
    """Find the 1-based rows in which somebody has typed a title."""
    for one in reading.tabs:
        if one.title != tab or column not in one.rows[0]:
            continue
        if sum(name in COLUMNS[tab] for name in one.rows[0]) < 2:
            continue
        place = one.rows[0].index(column)
        return {
            number
            for number, cells in enumerate(one.rows[1:], 2)
            if place < len(cells) and is_title(cells[place])
        }
    return set()


def is_title(cell: Cell) -> bool:
    """Tell whether a cell holds something that people can see, other than a broken formula."""
    if not isinstance(cell, str):
        return True
    seen = re.sub(r"[\s\u200b-\u200f\u2060\ufeff]", "", cell)
    return bool(seen) and not re.match(r"#N/A|#REF!|Loading|Err:", seen)


@settings(max_examples=60, deadline=None)
@given(wild)
def test_whatever_stands_in_the_cells_every_titled_row_is_listed(reading: Reading) -> None:
    found = build_snapshot(reading)

    listed = {one.place.row for one in found.objectives}
    assert titled_rows(reading, "Objectives", "Objective") <= listed
    listed = {one.place.row for one in found.key_results}
    assert titled_rows(reading, "Key results", "Key result") <= listed


@settings(max_examples=50, deadline=None)
@given(wild, st.sampled_from([DAY, date(1900, 1, 1), date(9999, 12, 31)]))
def test_whatever_stands_in_the_cells_a_board_can_be_printed(reading: Reading, day: date) -> None:
    found = build_snapshot(reading)

    for cycle in (None, *found.cycles):
        board = build_board(found, cycle, day)
        as_markdown(board)
        assert not re.search(r": -?(NaN|Infinity)", as_json(board))


@settings(max_examples=60, deadline=None)
@given(wild)
def test_each_problem_names_a_place_that_is_there_and_a_mend(reading: Reading) -> None:
    sizes = {tab.title: len(tab.rows) for tab in reading.tabs}

    for problem in build_snapshot(reading).problems:
        tab, _, cell = problem.cell.rpartition("!")
        assert tab == problem.tab
        assert re.fullmatch(r"[A-Z]+[1-9][0-9]*", cell)
        assert problem.row >= 0
        if problem.row:
            assert cell.endswith(str(problem.row))
            assert problem.column in {*COLUMNS[tab], "Mood", ""}
        else:
            assert tab in sizes or "no tab" in problem.message or tab == "Settings"
        assert problem.message and problem.remedy
        assert problem.message.endswith(".") and problem.remedy.endswith(".")


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from([*COLUMNS["Key results"]]), CELLS))
def test_one_bad_row_never_hides_the_others(cells: dict[str, Cell]) -> None:
    bad = dict.fromkeys(a_key_result(), "") | cells
    alone, beside = a_snapshot(), a_snapshot(None, [a_key_result(), bad])

    assert beside.key_results[:1] == alone.key_results
    assert beside.objectives == alone.objectives


@settings(max_examples=10, deadline=None)
@given(st.permutations([*range(6)]))
def test_the_order_of_rows_changes_no_reading(order: list[int]) -> None:
    rows = [a_key_result(id=f"KR-{at}", key_result=f"Raise {at}", due="soon") for at in range(6)]
    found = a_snapshot(None, [rows[at] for at in order])

    assert {one.id: one.objective for one in found.key_results} == {
        f"KR-{at}": "O-1" for at in range(6)
    }
    assert len(found.problems) == 6


def test_a_reading_of_many_rows_is_quick_and_whole() -> None:
    days = [datetime(2026, 4, 1) + timedelta(hours=at % 2000) for at in range(6_000)]
    rows = [a_check_in(when=serial(day), value=float(at)) for at, day in enumerate(days)]
    found = a_snapshot(None, None, check_ins(*rows))

    assert len(found.check_ins["KR-1"]) == 6_000
