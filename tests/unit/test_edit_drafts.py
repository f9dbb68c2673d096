"""What a person types into the form of a row: understood, or refused in words."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from okr.columns import KEY_RESULTS, OBJECTIVES
from okr.model import Cell, KeyResult, Objective, Severity, Snapshot, Source
from okr.reading import Reading, Tab
from okr.snapshot import build_snapshot
from okr.workbooks.drafting import (
    check_fields,
    draft_edit,
    draft_key_result,
    draft_objective,
    held_cells,
)
from okr.workbooks.interface import CellEdit, EditDraft, RefusedError, RowDraft

NOW = datetime(2026, 5, 20, 9, 0, 0, 500, tzinfo=UTC)
HOW: dict[str, Any] = {"by": "ada@example.com", "operation": "op-1", "when": NOW}
TABS = (
    Tab(
        "Goals",
        (
            ("ID", "Cycle", "Team", "Objective", "Supports", "Weight", "State"),
            ("O-1", "2026-Q2", "Growth", "Customers stay", "Long gone", "", ""),
            ("", "2026-Q2", "Growth", "Customers come", "", 2.0, "draft"),
        ),
    ),
    Tab(
        KEY_RESULTS,
        (
            (
                *("ID", "Objective", "Key result", "Kind", "Start", "Target", "Current", "Unit"),
                *("Due", "Confidence", "Weight", "Grade", "State", "Owner", "Link"),
            ),
            ("KR-1", "O-1", "Cut churn", "", 0.08, 0.05, "high", "%", 46203.0, "high", ""),
            ("", "Customers come", "Ship it", "done", "", True, False),
        ),
    ),
    Tab("Teams", (("Team", "Parent"), ("Growth", ""), ("Product", ""))),
)


def a_snapshot(locale: str = "en_US") -> Snapshot:
    return build_snapshot(a_reading(locale))


def a_reading(locale: str = "en_US") -> Reading:
    return Reading(Source("OKRs", "a.xlsx"), NOW, "1", TABS, locale, "UTC")


def entity(key: str) -> Objective | KeyResult:
    snapshot = a_snapshot()
    every: list[Objective | KeyResult] = [*snapshot.objectives, *snapshot.key_results]
    return next(one for one in every if key in (one.id, one.title))


def an_edit(key: str, typed: dict[str, str], locale: str = "en_US") -> EditDraft:
    reading, snapshot = a_reading(locale), a_snapshot(locale)
    one = entity(key)
    return draft_edit(snapshot, one, typed, held=held_cells(reading, one), **HOW)


def only_cell(key: str, column: str, text: str, locale: str = "en_US") -> Cell:
    [cell] = an_edit(key, {column: text}, locale).cells
    assert cell.column == column
    return cell.wanted


def test_an_edit_names_the_row_what_was_seen_and_what_is_wanted() -> None:
    edit = an_edit("KR-1", {"Target": "4%", "Owner": " bo@example.com ", "Unit": "%"})

    assert edit.cells == (
        CellEdit("Target", 0.05, 0.04),
        CellEdit("Owner", "", "bo@example.com"),
    )
    assert (edit.row.tab, edit.row.id) == (KEY_RESULTS, "KR-1")
    assert (edit.operation, edit.by) == ("op-1", "ada@example.com")
    assert edit.when == datetime(2026, 5, 20, 9, 0)


def test_a_row_without_an_id_goes_by_what_it_says() -> None:
    edit = an_edit("Customers come", {"Weight": "3"})

    assert (edit.row.tab, edit.row.id) == ("Goals", None)
    assert edit.row.content == (
        ("Objective", "Customers come"),
        ("Team", "Growth"),
        ("Cycle", "2026-Q2"),
    )


@pytest.mark.parametrize(
    ("key", "column", "text", "cell"),
    [
        pytest.param("KR-1", "Kind", "Keep Above", "keep above", id="a word of a list"),
        pytest.param("KR-1", "State", "DROPPED", "dropped", id="state"),
        pytest.param("O-1", "Type", "aspirational", "aspirational", id="type"),
        pytest.param("O-1", "Roll-up", "Children", "children", id="roll-up"),
        pytest.param("KR-1", "Target", "45%", 0.45, id="percent"),
        pytest.param("KR-1", "Target", "-1,5", -1.5, id="decimal comma"),
        pytest.param("KR-1", "Target", "1 200", 1200.0, id="spaced"),
        pytest.param("KR-1", "Target", "", "", id="emptied"),
        pytest.param("KR-1", "Current", "7", 7.0, id="current"),
        pytest.param("Ship it", "Current", "yes", True, id="done"),
        pytest.param("Ship it", "Target", "no", False, id="not done"),
        pytest.param("KR-1", "Weight", "0", 0.0, id="weight"),
        pytest.param("KR-1", "Grade", "0.7", 0.7, id="grade"),
        pytest.param("KR-1", "Confidence", "7/10", 0.7, id="confidence"),
        pytest.param("KR-1", "Due", "2026-06-15", 46188.0, id="day"),
        pytest.param("KR-1", "Due", "15 June 2026", 46188.0, id="day in words"),
        pytest.param("KR-1", "Objective", "customers come", "Customers come", id="by title"),
        pytest.param("Ship it", "Objective", "o-1", "O-1", id="by ID"),
        pytest.param("Ship it", "Objective", "Customers stay", "O-1", id="ID for title"),
        pytest.param("O-1", "Supports", "Customers come", "Customers come", id="supports"),
        pytest.param("O-1", "Supports", "KR-1;Long gone", "KR-1; Long gone", id="kept reference"),
        pytest.param("O-1", "Cycle", "2026-q3", "2026-q3", id="a cycle by its name"),
        pytest.param("O-1", "Cycle", "2026-Q2 ", None, id="the same cycle"),
        pytest.param("O-1", "Team", "product", "Product", id="a team as it is spelled"),
        pytest.param("O-1", "Team", "Sales", "Sales", id="a new team"),
        pytest.param("O-1", "Closing note", "a\nb", "a\nb", id="lines"),
        pytest.param("KR-1", "Link", "a\nb\x0bc", "a b c", id="one line"),
        pytest.param("KR-1", "Key result", "=IMPORTXML(1)", "=IMPORTXML(1)", id="no formula"),
        pytest.param("KR-1", "Current", "high", None, id="unreadable stays refused"),
    ],
)
def test_what_is_typed_is_understood(key: str, column: str, text: str, cell: Cell | None) -> None:
    if cell is None:
        with pytest.raises(RefusedError):
            an_edit(key, {column: text})
    else:
        found = only_cell(key, column, text)
        assert (found, type(found)) == (cell, type(cell))


@pytest.mark.parametrize(
    ("locale", "number"), [("en_US", 1234.0), ("de_DE", 1.234)], ids=["en", "de"]
)
def test_the_locale_decides(locale: str, number: float) -> None:
    assert only_cell("KR-1", "Target", "1,234", locale) == number


@pytest.mark.parametrize(
    ("key", "column", "text", "message"),
    [
        pytest.param("KR-1", "Key result", " ", "Key result is empty", id="no title"),
        pytest.param("KR-1", "Target", "soon", "not a number.*Type a number", id="words"),
        pytest.param("KR-1", "Target", "nan", "not a number", id="NaN"),
        pytest.param("KR-1", "Target", "1e999", "not a number", id="endless"),
        pytest.param("KR-1", "Link", "a\x00b", r"U\+0000.*Type Link anew", id="no character"),
        pytest.param("KR-1", "Key result", "\u200b", "Key result is empty", id="nothing to see"),
        pytest.param("KR-1", "Kind", "sideways", "not a known choice.*Choose one of", id="kind"),
        pytest.param("KR-1", "Weight", "-1", "is negative", id="weight"),
        pytest.param("KR-1", "Grade", "7", "not within 0.0 and 1.0", id="grade"),
        pytest.param("KR-1", "Grade", "good", "not a number. Type a grade from 0.0", id="good"),
        pytest.param("O-1", "Grade", "0.7 of 1", "not a number. Type a grade from 0.0", id="of 1"),
        pytest.param("KR-1", "Grade", "#REF!", "broken formula.*Mend the formula", id="formula"),
        pytest.param("KR-1", "Due", "0000-01-01", "cannot be read as a date", id="year 0"),
        pytest.param("KR-1", "Due", "someday", "cannot be read as a date", id="no day"),
        pytest.param("KR-1", "Confidence", "huge", "cannot be read", id="confidence"),
        pytest.param("Ship it", "Current", "7", "neither done nor not done", id="done"),
        pytest.param("KR-1", "Objective", "O-9", "There is no objective “O-9”", id="objective"),
        pytest.param("KR-1", "Objective", "", "names no objective", id="no objective"),
        pytest.param("O-1", "Supports", "O-9", "to support", id="supports nothing"),
        pytest.param("O-1", "Supports", "O-1", "supports itself", id="supports itself"),
        pytest.param("O-1", "Cycle", "someday", "someday", id="cycle"),
        pytest.param("O-1", "ID", "O-2", "does not change “ID”", id="ID"),
        pytest.param("O-1", "Closing note", "x" * 10_001, "10,001 characters", id="long"),
        pytest.param("KR-1", "Unit", "%", "nothing to save", id="nothing new"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_words(
    key: str, column: str, text: str, message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        an_edit(key, {column: text})


def test_nobody_is_no_one_to_change_things() -> None:
    with pytest.raises(RefusedError, match="By is empty"):
        draft_objective(a_snapshot(), {"Objective": "x"}, **{**HOW, "by": " "})


def test_a_kind_that_is_typed_says_how_the_rest_is_read() -> None:
    edit = an_edit("KR-1", {"Kind": "done", "Current": "yes"})

    assert [cell.wanted for cell in edit.cells] == ["done", True]


# ---------------------------------------------------------------- new rows


def test_a_new_row_holds_what_was_filled() -> None:
    typed = {"Key result": "Win 20", "Objective": "Customers stay", "Target": "20", "Unit": ""}
    row = draft_key_result(a_snapshot(), typed, **HOW)

    assert isinstance(row, RowDraft) and row.tab == KEY_RESULTS
    assert dict(row.cells) == {"Objective": "O-1", "Key result": "Win 20", "Target": 20.0}
    assert draft_objective(a_snapshot(), {"Objective": "Grow"}, **HOW).tab == "Goals"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"Objective": "O-1"}, "Key result is empty"),
        ({"Key result": "Win 20"}, "names no objective"),
        ({"Key result": "Win 20", "Objective": "O-1", "Target": "much"}, "not a number"),
    ],
)
def test_a_new_key_result_needs_a_title_and_an_objective(
    typed: dict[str, str], message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        draft_key_result(a_snapshot(), typed, **HOW)


# ---------------------------------------------------------------- as it is filled


def said(tab: str, typed: dict[str, str], key: str = "") -> dict[str, tuple[Severity, str]]:
    one = entity(key) if key else None
    held = held_cells(a_reading(), one) if one else None
    found = check_fields(a_snapshot(), tab, typed, entity=one, held=held)
    assert all((problem.row, problem.cell) == (0, "") for problem in found)
    return {problem.column: (problem.severity, problem.message) for problem in found}


@pytest.mark.parametrize(
    ("typed", "column", "message"),
    [
        pytest.param({"Target": "x"}, "Target", "is not a number", id="unreadable"),
        pytest.param({"Start": "5", "Target": "5"}, "Target", "equals Start", id="no way"),
        pytest.param({"Kind": "decrease"}, "Start", "There is no start", id="no start"),
        pytest.param({"Target": ""}, "Target", "There is no target", id="no target"),
        pytest.param(
            {"Kind": "increase", "Start": "9", "Target": "5"}, "Kind", "the other way", id="way"
        ),
        pytest.param(
            {"Start": "0.1", "Target": "0.5", "Current": "45", "Unit": "%"},
            "Current",
            "another scale",
            id="scales",
        ),
        pytest.param({"Target": "1,234"}, "Target", "is read as 1234", id="two readings"),
        pytest.param({"Due": "2026-12-24"}, "Due", "lies after the end of 2026-Q2", id="due"),
        pytest.param({"Due": "2026-01-24"}, "Due", "is not after the start", id="due early"),
        pytest.param({"Due": "24.6.2026"}, "Due", "is read as 2026-06-24", id="due in locale"),
        pytest.param({"Link": "the wiki"}, "Link", "no web address", id="link"),
    ],
)
def test_a_form_is_checked_in_the_words_of_sheet_health(
    typed: dict[str, str], column: str, message: str
) -> None:
    base = {"Key result": "Win", "Objective": "O-1", "Target": "20"}
    if column == "Due" and "." in typed["Due"]:
        snapshot = a_snapshot("de_DE")
        found = {p.column: p.message for p in check_fields(snapshot, KEY_RESULTS, base | typed)}
        assert message in found[column]
    else:
        assert message in said(KEY_RESULTS, base | typed)[column][1]


@pytest.mark.parametrize(("header", "is_told"), [("Link", True), ("URL", True), ("Source", False)])
def test_a_form_tells_what_sheet_health_tells_under_any_header(header: str, is_told: bool) -> None:
    table = (
        ("ID", "Objective", "Key result", "Target", header, "Deadline"),
        ("KR-1", "O-1", "Win", 20.0, "the CRM", 46387.0),
    )
    tabs = (TABS[0], Tab(KEY_RESULTS, table))
    snapshot = build_snapshot(replace(a_reading(), tabs=tabs))
    typed = {"Key result": "Win", "Objective": "O-1", "Target": "20"}
    found = check_fields(snapshot, KEY_RESULTS, {**typed, "Link": "the CRM", "Due": "2026-12-31"})

    assert {one.column for one in found} == {*(("Link",) if is_told else ()), "Due"}
    of_row = [one.message for one in snapshot.problems if one.tab == KEY_RESULTS]
    assert sorted(of_row) == sorted(one.message for one in found)


def test_a_sound_form_has_nothing_to_say() -> None:
    typed = {"Key result": "Win", "Objective": "O-1", "Target": "20", "Due": "2026-06-01"}
    typed |= {"Link": "HTTPS://example.com/report?week=2"}

    assert said(KEY_RESULTS, typed) == {}
    assert said(OBJECTIVES, {"Objective": "Grow", "Cycle": "2026-Q2", "Team": "growth"}) == {}


def test_what_cannot_be_saved_comes_first() -> None:
    typed = {"Key result": "", "Objective": "O-1", "Target": "1,234", "Weight": "-1"}
    found = check_fields(a_snapshot(), KEY_RESULTS, typed)

    assert [problem.severity for problem in found] == ["error", "error", "warning"]


def test_a_row_is_checked_with_what_it_holds() -> None:
    found = said(KEY_RESULTS, {"Target": "8%"}, "KR-1")

    assert "equals Start" in found["Target"][1]
    assert "high" in found["Current"][1]


def test_a_team_that_nobody_knows_is_a_remark() -> None:
    severity, message = said(OBJECTIVES, {"Objective": "Grow", "Team": "Sales"})["Team"]

    assert (severity, "is not in the Teams tab" in message) == (Severity.WARNING, True)


@pytest.mark.parametrize("column", ["Key result", "Owner", "Target", "Due", "Weight", "Link"])
@pytest.mark.parametrize("text", ["=1+1", "\x00", "🙂" * 30, "\u202e", "1e308", "x" * 60_000])
def test_nothing_that_is_typed_is_a_trace(column: str, text: str) -> None:
    check_fields(a_snapshot(), KEY_RESULTS, {column: text})
    try:
        an_edit("KR-1", {column: text})
    except RefusedError as error:
        assert str(error)
