"""What the forms of objectives and key results ask, and how changes are said."""

from datetime import UTC, date, datetime

import pytest

from okr.cells import read_number
from okr.columns import KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.views import edit, edit_told
from okr.views.edit import Form, build_edit, build_new_key_result, build_new_objective
from okr.views.edit_told import spell
from okr.workbooks.drafting import draft_edit
from okr.workbooks.editing import EDITABLE
from okr.workbooks.interface import CellEdit, Conflict, SavedRow
from tests.unit.boards import a_board, standing_of
from tests.unit.readings import DAY, KEY_RESULT, OBJECTIVE, a_key_result, a_tab, an_objective

PERCENT = a_key_result(unit="%", start=0.2, target=0.5, current=0.3)
PEOPLE = a_tab("People", [{"Email": "ada@example.com", "Name": "Ada King", "Team": ""}])


def a_form(**held: Cell) -> Form:
    board = a_board(None, [PERCENT], PEOPLE)
    return build_edit(board.snapshot, standing_of(board).key_result, {**PERCENT, **held})


@pytest.mark.parametrize(
    ("column", "cell", "is_share", "text"),
    [
        ("Target", 0.45, True, "45%"),
        ("Target", 0.45, False, "0.45"),
        ("Target", 1200.0, False, "1200"),
        ("Confidence", 0.7, False, "70%"),
        ("Confidence", 7.0, False, "7"),
        ("Due", 46188.0, False, "2026-06-15"),
        ("Due", 1e300, False, "1e+300"),
        ("Current", 1.6, True, "160%"),
        ("Current", 92.6, True, "92.6"),
        ("Current", -92.6, True, "-92.6"),
        ("Current", 926.0, True, "92600%"),
        ("Current", 92.6, False, "92.6"),
        ("Current", True, False, "TRUE"),
        ("Target", "soon", True, "soon"),
        ("Weight", "", False, ""),
    ],
)
def test_a_cell_is_written_as_people_type_it(
    column: str, cell: Cell, is_share: bool, text: str
) -> None:
    one = standing_of(a_board(None, [PERCENT])).key_result

    assert spell(column, cell, one if is_share else None) == text


@pytest.mark.parametrize(
    ("target", "current", "text"),
    [
        pytest.param(0.95, 92.6, "92.6", id="a percent among shares"),
        pytest.param(1.0, 92.6, "92.6", id="of all"),
        pytest.param(1.8, 0.05, "5%", id="far from a large share"),
        pytest.param("", 92.6, "9260%", id="beside nothing"),
        pytest.param(95.0, 92.6, "92.6", id="whole percents"),
        pytest.param(95.0, 0.926, "0.926", id="a share among percents"),
    ],
)
def test_a_number_off_the_scale_is_written_as_it_stands(
    target: Cell, current: float, text: str
) -> None:
    row = a_key_result(unit="%", start=0.0, target=target, current=current)
    board = a_board(None, [row])
    form = build_edit(board.snapshot, standing_of(board).key_result, row)

    assert next(one.text for one in form.fields if one.column == "Current") == text


@pytest.mark.parametrize(
    ("unit", "start", "target", "current", "typed", "meant"),
    [
        ("%", 0.8, 0.95, 92.6, "92.6%", 0.926),
        ("%", 0.0, 0.5, 92.6125, "92.6125%", 0.926125),
        ("%", 0.2, 0.08, 7.0, "7%", 0.07),
        ("%", 20.0, 60.0, 0.45, "45", 45.0),
        ("%", 20.0, 60.0, 0.07, "7", 7.0),
        ("", 0.2, 0.6, 45.0, "45%", 0.45),
    ],
)
def test_what_is_advised_for_mixed_scales_is_taken_by_form_and_sheet(
    unit: str, start: float, target: float, current: float, typed: str, meant: float
) -> None:
    row = a_key_result(unit=unit, start=start, target=target, current=current)
    board = a_board(None, [row])
    one = standing_of(board).key_result
    [problem] = [one for one in board.snapshot.problems if one.column == "Current"]
    assert problem.remedy.split()[1].rstrip(",") == typed

    form = build_edit(board.snapshot, one, row)
    texts = {field.column: field.text for field in form.fields} | {"Current": typed}
    changed = form.changed(texts)
    assert not edit.unclear(form, changed, texts)
    draft = draft_edit(
        board.snapshot,
        one,
        edit.signed(form, changed, texts),
        held=row,
        by="ada@example.com",
        operation="op",
        when=datetime(2026, 5, 20, tzinfo=UTC),
    )
    assert [(cell.column, cell.seen) for cell in draft.cells] == [("Current", current)]
    assert draft.cells[0].wanted == pytest.approx(meant)
    assert read_number(typed, "Current", "en_GB")[0] == pytest.approx(meant)


def test_every_column_that_people_may_change_is_asked_for() -> None:
    board = a_board()
    objective = board.objectives[0].objective
    asked = {field.column for field in build_edit(board.snapshot, objective, OBJECTIVE).fields}
    of_key_result = build_edit(board.snapshot, standing_of(board).key_result, KEY_RESULT)

    assert asked == {*EDITABLE[OBJECTIVES]}
    assert {one.column for one in of_key_result.fields} == {*EDITABLE[KEY_RESULTS]} - {"Progress"}


def test_a_name_in_the_sheet_is_the_person_of_that_name() -> None:
    owner = next(one for one in a_form(Owner="Ada King").fields if one.column == "Owner")

    assert owner.text == "Ada King"
    assert owner.options == {"Ada King": "Ada King"}


def test_an_unknown_word_stays_until_it_is_changed() -> None:
    kind = next(one for one in a_form(Kind="grow").fields if one.column == "Kind")

    assert (kind.text, kind.options["grow"]) == ("grow", "grow")
    assert not a_form(Kind="grow").changed({"Kind": "grow"})


def test_only_what_says_something_else_counts_as_changed() -> None:
    form = a_form()
    typed = {field.column: field.text for field in form.fields}

    assert form.changed(typed) == {}
    assert form.changed({**typed, "Target": "60%"}) == {"Target": "60%"}


def test_a_new_row_takes_all_that_is_filled_once_something_was_typed() -> None:
    board = a_board()
    form = build_new_key_result(board.snapshot, board.objectives[0].objective)
    offered = {"Objective": "O-1", "Owner": "ada@example.com", "Key result": "", "Unit": ""}

    assert form.changed(offered) == {}
    assert form.changed({**offered, "Key result": "Win"}) == {
        "Objective": "O-1",
        "Owner": "ada@example.com",
        "Key result": "Win",
    }


def test_a_new_objective_of_the_organisation_needs_no_team() -> None:
    board = a_board()
    organisation = board.snapshot.settings.organisation
    form = build_new_objective(board.snapshot, organisation, board.cycle, DAY)
    texts = {field.column: field.text for field in form.fields}

    assert (texts["Team"], texts["Cycle"]) == ("", "2026-Q2")


@pytest.mark.parametrize(
    ("used", "day", "cycle", "listed"),
    [
        pytest.param("", date(2026, 10, 1), "2026-Q4", {"2026-Q4", ""}, id="none"),
        pytest.param("2026-H2", date(2026, 10, 1), "2026-H2", {"2026-H2", ""}, id="half years"),
        pytest.param("Q4 2026", date(2026, 10, 1), "Q4 2026", {"Q4 2026", ""}, id="their words"),
        pytest.param("2026-Q2", DAY, "2026-Q2", {"2026-Q2", ""}, id="the quarter"),
        pytest.param(
            *("2026-Q2", date(2026, 10, 1), "2026-Q4", {"2026-Q4", "2026-Q2", ""}), id="one over"
        ),
    ],
)
def test_a_new_objective_has_the_cycle_of_the_day_and_may_have_none(
    used: str, day: date, cycle: str, listed: set[str]
) -> None:
    board = a_board([an_objective(cycle=used)], day=day)
    form = build_new_objective(board.snapshot, "Growth", board.cycle, day)
    field = next(one for one in form.fields if one.column == "Cycle")

    assert (field.text, {*field.options}) == (cycle, listed)
    assert form.changed({"Objective": "Win", "Cycle": ""}) == {"Objective": "Win"}


@pytest.mark.parametrize(
    ("typed", "signed", "is_unclear"),
    [("60", "60%", False), ("60%", "60%", False), ("0.6", "0.6", True), ("soon", "soon", False)],
)
def test_numbers_in_percent_need_no_sign_where_they_can_mean_one_thing(
    typed: str, signed: str, is_unclear: bool
) -> None:
    changed, everything = {"Target": typed}, {"Unit": "%", "Target": typed}

    assert edit.signed(a_form(), changed, everything) == {"Target": signed}
    assert bool(edit.unclear(a_form(), changed, everything)) is is_unclear


def test_whole_percents_stay_whole() -> None:
    row = a_key_result(unit="%", start=20.0, target=50.0)
    board = a_board(None, [row])
    form = build_edit(board.snapshot, standing_of(board).key_result, row)

    assert next(one.text for one in form.fields if one.column == "Target") == "50"
    assert edit.signed(form, {"Target": "60"}, {"Unit": "%"}) == {"Target": "60"}


def saved(*cells: CellEdit, remark: str = "") -> SavedRow:
    return SavedRow("KR-1", "Key results", cells, remark=remark)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (saved(CellEdit("Target", 0.45, 0.5)), "Saved: Target 45% → 50%."),
        (saved(CellEdit("Current", 92.6, 0.926)), "Saved: Current 92.6 → 92.6%."),
        (saved(CellEdit("Owner", "", "Ada")), "Saved: Owner blank → Ada."),
        (saved(), "It stood so already: nothing was written."),
        (saved(CellEdit("Unit", "", "x"), remark="So."), "Saved: Unit blank → x. So."),
        (
            saved(CellEdit("ID", "", "KR-7"), CellEdit("Objective", "", "O-1"))
            and saved(
                CellEdit("ID", "", "KR-7"),
                CellEdit("Objective", "", "O-1"),
                CellEdit("Key result", "", "Win\nall"),
            ),
            "Added: “Win all” as KR-7.",
        ),
    ],
)
def test_a_change_is_said_as_before_and_after(change: SavedRow, sentence: str) -> None:
    one = standing_of(a_board(None, [PERCENT])).key_result

    assert edit_told.say_change(change, one) == sentence


def test_away_from_its_row_a_change_names_it() -> None:
    one = standing_of(a_board()).key_result
    said = edit_told.say_change(saved(CellEdit("Objective", "O-1", "O-2")), one, is_here=False)

    assert said == "Saved in “Raise activation”: Objective O-1 → O-2."


def test_what_was_kept_is_said_as_it_stands() -> None:
    one = standing_of(a_board(None, [PERCENT])).key_result
    target = Conflict("Target", "Key results!G2", 0.5, 0.6, 0.7)
    owner = Conflict("Owner", "Key results!D2", "Ada", "", "Leo")

    assert edit_told.say_kept([target], one) == "Kept as it stands in the sheet: Target 60%."
    said = edit_told.say_kept([target, owner], one, is_here=False)
    where = f"in “{one.title}”"
    assert said == f"Kept as it stands in the sheet {where}: Target 60%, Owner blank."


def test_two_values_of_a_conflict_are_put_side_by_side() -> None:
    one = standing_of(a_board(None, [PERCENT])).key_result
    conflict = Conflict("Target", "Key results!G2", 0.5, 0.6, 0.7)
    [choice] = edit_told.choices([conflict], one)

    assert (choice.seen, choice.theirs, choice.mine) == ("50%", "60%", "70%")


def test_a_closed_board_says_why() -> None:
    assert edit.why_closed(True, None).startswith("This board only shows")
    assert "1 May 2026" in edit.why_closed(False, date(2026, 5, 1))
    assert edit.why_closed(False, None) == ""
