"""The forms that change the sheet as Streamlit runs them, on a workbook in a file."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from okr import shell
from okr.model import Cell
from okr.views import edit
from okr.workbooks.interface import EditDraft, RowDraft, SavedRow, UnknownOutcomeError
from okr.workbooks.live import LiveWorkbook
from okr.workbooks.local import LocalWorkbook
from okr.workbooks.opening import Configuration
from okr.workbooks.xlsx_writing import write_workbook
from tests.unit.readings import a_key_result, an_objective

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
ADA = "ada@example.com"
UNKNOWN = "It did not say whether the change was saved. Save it again."

OBJECTIVES = [
    an_objective(),
    an_objective(id="O-2", objective="Costs fall", supports="O-1; O-99", owner="Leo Santos"),
    an_objective(id="O-3", objective="Help is near", team="Care"),
]
KEY_RESULTS = [
    a_key_result(),
    a_key_result(
        **{"id": "KR-2", "key_result": "Cut churn", "kind": "decrease", "unit": "%"},
        **{"start": 0.08, "target": 0.05, "current": 0.07, "confidence": 0.7},
    ),
    a_key_result(id="KR-3", key_result="Answer calls", objective="O-3"),
]


class UnsureWorkbook(LocalWorkbook):
    """A file that once does not say whether a change was saved, though it was; it counts saves."""

    is_unsure = False
    drafts: list[EditDraft | RowDraft]

    def save_edit(self, draft: EditDraft) -> SavedRow:
        self.drafts = [*getattr(self, "drafts", []), draft]
        saved = super().save_edit(draft)
        return self._tell(saved)

    def add_row(self, draft: RowDraft) -> SavedRow:
        self.drafts = [*getattr(self, "drafts", []), draft]
        return self._tell(super().add_row(draft))

    def _tell(self, saved: SavedRow) -> SavedRow:
        if self.is_unsure:
            self.is_unsure = False
            raise UnknownOutcomeError(UNKNOWN)
        return saved


class Board:
    """The Team page of Growth on a file."""

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        self.workbook = UnsureWorkbook(path)
        self.live = LiveWorkbook(self.workbook, clock=lambda: NOW)
        shell.install(self.live, lambda: NOW, Configuration("x", None, None, read_only))
        self.app = AppTest.from_file(str(ROOT / "pages" / "team.py"), default_timeout=15)
        self.app.session_state["kept"] = {"by": ADA}

    def open(self, **query: str) -> "Board":
        for name in ("edit", "add", "key_result"):
            if name in self.app.query_params:
                del self.app.query_params[name]
        for name, text in {"team": "Growth", **query}.items():
            self.app.query_params[name] = text
        return self.run()

    def run(self) -> "Board":
        self.app.run()
        assert not self.app.exception
        return self

    def refresh(self) -> "Board":
        """Draw the page anew as when somebody has changed the sheet."""
        self.live.refresh_once()
        return self.run()

    @property
    def html(self) -> str:
        return "\n".join(block.proto.body for block in self.app.get("html"))

    @property
    def refusals(self) -> list[str]:
        """What is said to be in the way."""
        return re.findall(r'role="alert">([^<]+)</p>', self.html)

    def field(self, label: str) -> Any:
        kinds = (self.app.text_input, self.app.selectbox, self.app.multiselect, self.app.text_area)
        return next(field for kind in kinds for field in kind if field.label == label)

    def unfold(self) -> "Board":
        self.more().click()
        return self.run()

    def more(self) -> Any:
        """Find the button that asks for the fields that are seldom changed."""
        return next(one for one in self.app.button if one.label.startswith("More fields"))

    def fill(self, **typed: Any) -> "Board":
        if {"Due", "Link", "Weight", "Grade", "Confidence", "Closing_note"} & {*typed}:
            self.unfold()
        for label, text in typed.items():
            self.field(label.replace("_", " ")).set_value(text)
        return self.run()

    def press(self, label: str) -> "Board":
        next(button for button in self.app.button if button.label == label).click()
        return self.run()

    def cell(self, tab: str, row_id: str, column: str) -> Any:
        rows = list(load_workbook(self.path)[tab].iter_rows(values_only=True))
        at = rows[0].index(column)
        return next(row[at] for row in rows if row[0] == row_id)

    def type_by_hand(self, tab: str, row_id: str, column: str, value: Cell) -> None:
        """Change a cell as somebody does who has the file open."""
        book = load_workbook(self.path)
        rows = list(book[tab].iter_rows())
        at = [cell.value for cell in rows[0]].index(column)
        next(row for row in rows if row[0].value == row_id)[at].value = value
        book.save(self.path)


@pytest.fixture
def board(scanned_once: None, tmp_path: Path) -> Iterator[Board]:
    board = Board(laid_out(tmp_path / "okrs.xlsx"))
    yield board
    board.live.stop()
    shell.install(None)


def laid_out(path: Path) -> Path:
    people = [["Email", "Name"], [ADA, "Ada King"], ["leo@example.com", "Leo Santos"]]
    tabs = {
        name: [[*rows[0]], *([*row.values()] for row in rows)]
        for name, rows in (("Objectives", OBJECTIVES), ("Key results", KEY_RESULTS))
    }
    write_workbook(path, {**tabs, "People": people})
    return path


# --- the form -------------------------------------------------------------------------------------


def test_each_row_leads_quietly_to_its_form(board: Board) -> None:
    page = board.open()

    for link in ("edit=KR-1", "edit=O-1", "add=O-1", "add=objective"):
        assert f"{link}&amp;" in page.html or f'{link}"' in page.html
    assert not page.app.text_input


def test_it_hints_at_the_craft_as_it_is_filled(board: Board) -> None:
    page = board.open(add="objective")
    assert "Hint:" not in page.html

    page.fill(Objective="Launch the app in 20 countries")
    assert page.html.count("Hint:") == 2
    assert "“20” is a number" in page.html

    page.fill(Objective="Newcomers feel at home in the app")
    assert "Hint:" not in page.html


def test_it_is_filled_with_what_the_sheet_holds(board: Board) -> None:
    page = board.open(edit="KR-2").unfold()

    held = {label: page.field(label).value for label in ("Start", "Target", "Current", "Unit")}
    assert held == {"Start": "8%", "Target": "5%", "Current": "7%", "Unit": "%"}
    assert (page.field("Confidence").value, page.field("Kind").value) == ("70%", "decrease")
    assert (page.field("Objective").value, page.field("Owner").value) == ("O-1", ADA)
    assert page.field("By").value == ADA


def test_an_objective_is_asked_for_all_its_columns(board: Board) -> None:
    page = board.open(edit="O-2").unfold()

    labels = {
        field.label
        for kind in (page.app.text_input, page.app.selectbox, page.app.multiselect)
        for field in kind
    }
    columns = set(OBJECTIVES[0]) - {"ID", "Closing note"}
    assert labels == {*columns, "By"}
    assert page.field("Supports").value == ["O-1", "O-99"]
    assert page.field("Owner").value == "Leo Santos"
    assert page.field("Closing note").value == ""


def test_what_is_seldom_changed_waits_until_somebody_asks_for_it(board: Board) -> None:
    page = board.open(edit="KR-2")
    labels = [field.label for field in page.app.text_input]
    seldom = {"Due", "Pace", "Weight", "Confidence", "Grade", "Progress", "Link"}
    assert seldom.isdisjoint(labels)
    assert page.more().label == "More fields: Confidence 70%, …"

    page.fill(Target="4%").unfold()
    assert [page.field(label).value for label in ("Target", "Due", "Link")] == ["4%", "", ""]
    assert re.findall('data-focus="st-key-([^"]+)-[^"-]+"', page.html) == ["Key-result", "Due"]
    assert "More fields" not in " ".join(button.label for button in page.app.button)
    page.field("Link").set_value("the wiki")
    assert "Link is no web address" in page.run().html
    page.press("Save change")
    assert page.cell("Key results", "KR-2", "Link") == "the wiki"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2", "Link 2"),
        ("12.5 %", "Link 12.5 %"),
        ("**2**", "Link"),
        (":material/home:", "Link"),
        ("[a](b)", "Link"),
        ("https://example.com/long", "Link"),
        ("2 of the largest", "Link 2 of the largest"),
        ("2 of all the largest", "Link"),
    ],
)
def test_what_waits_is_told_where_it_is_short_and_no_markup(text: str, told: str) -> None:
    fields = (edit.Field("Link", edit.Ask.LINE, text, 100, {}),)
    form = edit.Form("KR-1", "Key results", "", "", "", fields, is_new=False)
    assert form.more == f"More fields: {told}, …"


def test_a_state_that_is_not_active_never_waits() -> None:
    assert edit.Field("State", edit.Ask.CHOICE, "active", 100, {}).waits
    assert not edit.Field("State", edit.Ask.CHOICE, "paused", 100, {}).waits


def test_it_is_checked_as_it_is_filled(board: Board) -> None:
    page = board.open(edit="KR-1")
    assert "equals Start" not in page.html

    assert "Target equals Start" in page.fill(Target="32").html
    assert "is not a number" in page.fill(Target="soon").html
    assert page.cell("Key results", "KR-1", "Target") == 45


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "There is nothing to save"),
        ({"Target": "soon"}, "is not a number"),
        ({"Key_result": ""}, "Key result is empty"),
        ({"Due": "some day"}, "Due"),
    ],
)
def test_what_is_refused_stays_in_the_form(
    board: Board, typed: dict[str, Any], sentence: str
) -> None:
    page = board.open(edit="KR-1").fill(**typed).press("Save change")

    assert sentence in page.html
    page.type_by_hand("Key results", "KR-3", "Unit", "calls")
    assert sentence in page.refresh().html
    for label, text in typed.items():
        assert page.field(label.replace("_", " ")).value == text
    assert page.cell("Key results", "KR-1", "Target") == 45
    assert page.app.query_params["edit"] == "KR-1"


def test_to_mend_what_is_listed_is_asked_for_as_long_as_something_is(board: Board) -> None:
    page = board.open(edit="KR-2").fill(Target="0.3").press("Save change")
    assert edit.STILL_UNCLEAR in page.refresh().html

    assert edit.STILL_UNCLEAR not in page.fill(Target="4%").html


@pytest.mark.parametrize(
    ("typed", "mended", "left"),
    [
        ({}, {"Target": "50"}, ""),
        ({"Key_result": ""}, {"Key_result": "Raise it"}, ""),
        ({"Target": "soon"}, {"Target": "50"}, ""),
        ({"Target": "soon"}, {"Target": "45"}, ""),
        ({"Target": "soon"}, {"Target": "later"}, edit.STILL_UNCLEAR),
        ({"Target": "soon", "Start": "once"}, {"Target": "50"}, edit.STILL_UNCLEAR),
        ({"Target": "soon", "Start": "once"}, {"Target": "50", "Start": "30"}, ""),
    ],
)
def test_what_is_in_the_way_goes_as_it_is_mended(
    board: Board, typed: dict[str, Any], mended: dict[str, Any], left: str
) -> None:
    page = board.open(edit="KR-1").fill(**typed).press("Save change")
    assert page.refusals

    assert "".join(page.fill(**mended).refusals) == left


@pytest.mark.parametrize("act", ["Save change", "Drop"])
def test_who_signs_is_asked_for_until_somebody_does(board: Board, act: str) -> None:
    del board.app.session_state["kept"]["by"]
    page = board.open(edit="KR-1").fill(**{"Target": "50"} if act == "Save change" else {})
    assert "By is empty" in "".join(page.press(act).refusals)
    assert "By is empty" in "".join(page.refresh().refusals)

    assert not page.fill(By=ADA).refusals


def test_a_finding_is_said_once_though_it_is_in_the_way(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Target="soon").press("Save change")

    assert page.html.count("is not a number") == 1
    assert page.refusals == [edit.STILL_UNCLEAR]


def test_what_the_sheet_has_against_it_stays_until_it_is_sent_again(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Target="50")
    page.workbook.is_unsure = True

    assert page.press("Save change").fill(Target="51").refusals == [UNKNOWN]


def test_nobody_changes_anything_without_a_name(board: Board) -> None:
    del board.app.session_state["kept"]["by"]
    page = board.open(edit="KR-1").fill(Target="50").press("Save change")

    assert "By is empty" in page.html
    assert page.cell("Key results", "KR-1", "Target") == 45


# --- saving ---------------------------------------------------------------------------------------


def test_a_saved_change_is_said_and_stands_in_its_row(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Target="50", Owner="leo@example.com").press("Save change")

    assert page.cell("Key results", "KR-1", "Target") == 50
    assert page.cell("Key results", "KR-1", "Owner") == "leo@example.com"
    assert f"Saved: Owner {ADA} → leo@example.com, Target 45 → 50." in page.html
    assert "42 of 50 points" in page.html
    assert "edit" not in page.app.query_params
    assert not page.app.text_input
    assert page.run().html.count("Saved: ") == 1


def test_it_is_undone_as_long_as_nobody_else_has_changed_it(board: Board) -> None:
    page = board.open(edit="KR-2").fill(Target="4%").press("Save change")
    assert "Saved: Target 5% → 4%." in page.html

    page.press("Undo")
    assert page.cell("Key results", "KR-2", "Target") == 0.05
    assert "Saved: Target 4% → 5%." in page.html


@pytest.mark.parametrize(("choice", "target"), [("mine", 0.05), ("theirs", 0.045)])
def test_who_undoes_what_somebody_has_changed_since_chooses(
    board: Board, choice: str, target: float
) -> None:
    page = board.open(edit="KR-2").fill(Target="4%").press("Save change")
    page.type_by_hand("Key results", "KR-2", "Target", 0.045)
    page.press("Undo").refresh()

    assert page.refusals == [edit.UNDO_IN_THE_WAY]
    said = " ".join(page.html.split())
    assert "was 4% when it was saved" in said
    assert "<dt>Stands there now</dt><dd>4.5%</dd>" in said
    assert "<dt>You want</dt><dd>5%</dd>" in said
    assert page.cell("Key results", "KR-2", "Target") == 0.045

    page.app.radio[0].set_value(choice)
    page.run().press("Undo")
    assert page.cell("Key results", "KR-2", "Target") == target
    is_kept = choice == "theirs"
    assert ("Kept as it stands in the sheet: Target 4.5%." in page.html) is is_kept
    assert ("Saved: Target 4.5% → 5%." in page.html) is not is_kept
    assert page.html.count('class="saved"') == 1
    assert not page.refusals and not page.app.radio
    assert any(button.label == "Undo" for button in page.app.button) is not is_kept


def test_what_was_kept_is_said_until_the_next_change(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Target="50").press("Save change")
    page.type_by_hand("Key results", "KR-1", "Target", 60)
    page.press("Undo").press("Undo").open(edit="KR-2").open()
    assert "Kept as it stands in the sheet: Target 60." in page.html
    assert "Kept as it stands in the sheet in “Raise activation”" in page.open(team="Care").html

    page.open(edit="KR-1").fill(Unit="users").press("Save change").press("Undo")
    assert "Saved: Unit users → points." in page.html
    assert "Kept" not in page.html


def test_an_undo_that_was_left_asks_anew(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Target="50").press("Save change")
    page.type_by_hand("Key results", "KR-1", "Target", 60)
    page.press("Undo").open(edit="KR-1").open()
    assert not page.app.radio and not page.refusals

    page.type_by_hand("Key results", "KR-1", "Target", 50)
    page.press("Undo")
    assert page.cell("Key results", "KR-1", "Target") == 45


def test_an_undo_of_unknown_outcome_is_sent_again_as_it_was(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Target="50").press("Save change")
    page.workbook.is_unsure = True
    assert page.press("Undo").refusals == [UNKNOWN]
    page.press("Undo")

    _, first, second = page.workbook.drafts
    assert first == second
    assert page.cell("Key results", "KR-1", "Target") == 45


def test_a_percentage_needs_no_sign(board: Board) -> None:
    page = board.open(edit="KR-2").fill(Target="4").press("Save change")
    assert page.cell("Key results", "KR-2", "Target") == 0.04

    page.open(edit="KR-2").fill(Target="0.3").press("Save change")
    assert "may mean 0.3% or 30%" in page.html
    assert page.cell("Key results", "KR-2", "Target") == 0.04


def test_what_the_form_advises_for_mixed_scales_it_takes(board: Board) -> None:
    board.type_by_hand("Key results", "KR-2", "Current", 7.1)
    page = board.refresh().open(edit="KR-2")
    assert page.field("Current").value == "7.1"

    page.fill(Target="4%").press("Save change")
    assert page.cell("Key results", "KR-2", "Current") == 7.1

    page.open(edit="KR-2").fill(Target="5%")
    assert "Type 7.1%, with its sign, if that is meant" in page.html
    page.fill(Current="7.1%").press("Save change")
    assert page.cell("Key results", "KR-2", "Current") == 0.071
    assert "Saved: Target 4% → 5%, Current 7.1 → 7.1%." in page.html


def test_a_key_result_moves_to_another_objective(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Objective="O-3").press("Save change")

    assert page.cell("Key results", "KR-1", "Objective") == "O-3"
    assert "Saved in “Raise activation”: Objective O-1 → O-3." in page.html


def test_it_is_dropped_and_restored(board: Board) -> None:
    page = board.open(edit="KR-1").press("Drop")
    assert page.cell("Key results", "KR-1", "State") == "dropped"
    assert "Saved: State blank → dropped." in page.html

    page.open(edit="KR-1").press("Restore")
    assert page.cell("Key results", "KR-1", "State") is None
    assert "Saved: State dropped → blank." in page.html
    assert "Drop" in [button.label for button in page.open(edit="KR-1").app.button]


def test_dropping_a_row_saves_what_was_typed_beside_it(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Target="55").press("Drop")

    assert page.cell("Key results", "KR-1", "State") == "dropped"
    assert page.cell("Key results", "KR-1", "Target") == 55
    assert "Target 45 → 55" in page.html
    assert "State blank → dropped" in page.html


def test_an_objective_is_changed_cell_by_cell(board: Board) -> None:
    page = board.open(edit="O-2").fill(Type="aspirational", Supports=["O-1"]).press("Save change")

    assert page.cell("Objectives", "O-2", "Type") == "aspirational"
    assert page.cell("Objectives", "O-2", "Supports") == "O-1"


def test_a_key_result_is_added_below_its_objective(board: Board) -> None:
    page = board.open(add="O-1")
    assert page.field("Owner").value == ADA
    assert "equals" not in page.html
    page.fill(Key_result="=1+1 <b>win</b>", Target="10").press("Add key result")

    [draft] = page.workbook.drafts
    assert dict(draft.cells)["Objective"] == "O-1"  # type: ignore[arg-type]
    rows = list(load_workbook(page.path)["Key results"].iter_rows(values_only=True))
    assert rows[-1][1:3] == ("O-1", "=1+1 <b>win</b>")
    assert "Added: “=1+1 &lt;b&gt;win&lt;/b&gt;” as KR-" in page.html
    page.press("Undo")
    assert page.cell("Key results", str(rows[-1][0]), "State") == "dropped"


def test_an_objective_is_added_for_the_team_and_cycle_that_are_shown(board: Board) -> None:
    page = board.open(add="objective").fill(Objective="Be found").press("Add objective")

    rows = list(load_workbook(page.path)["Objectives"].iter_rows(values_only=True))
    assert rows[-1][1:4] == ("2026-Q2", "Growth", "Be found")
    assert "Added: “Be found” as O-" in page.html


@pytest.mark.parametrize("cycle", ["2026-Q2", ""])
def test_the_first_objective_of_a_sheet_is_offered_the_quarter_and_may_have_no_cycle(
    scanned_once: None, tmp_path: Path, cycle: str
) -> None:
    tabs = {"Objectives": [[*OBJECTIVES[0]]], "Key results": [[*KEY_RESULTS[0]]]}
    write_workbook(tmp_path / "new.xlsx", tabs)
    page = Board(tmp_path / "new.xlsx").open(add="objective")
    try:
        field = page.field("Cycle")
        assert (field.value, field.options) == ("2026-Q2", ["2026-Q2", edit.NO_CYCLE])

        page.fill(Objective="Be found", Cycle=cycle).press("Add objective")

        assert page.cell("Objectives", added(page), "Cycle") == (cycle or None)
    finally:
        page.live.stop()
        shell.install(None)


def added(page: Board) -> str:
    """Give the ID of the row that was added."""
    return re.findall(r"Added: “[^”]+” as (O-\w+)", page.html)[0]


def test_the_cycle_of_an_objective_is_emptied(board: Board) -> None:
    page = board.open(edit="O-1").fill(Cycle="").press("Save change")

    assert page.cell("Objectives", "O-1", "Cycle") is None


# --- two people, and an answer that never came ----------------------------------------------------


def conflict(board: Board) -> Board:
    page = board.open(edit="KR-1").fill(Target="50", Unit="users")
    page.type_by_hand("Key results", "KR-1", "Target", 48)
    return page.press("Save change")


def test_both_values_stand_side_by_side_and_nothing_is_written(board: Board) -> None:
    page = conflict(board)

    assert "somebody has changed this row since the form opened" in page.html
    said = " ".join(page.html.split())
    assert "was 45 when this form opened" in said
    assert "<dt>Stands there now</dt><dd>48</dd>" in said
    assert "<dt>You want</dt><dd>50</dd>" in said
    assert page.cell("Key results", "KR-1", "Target") == 48
    assert page.cell("Key results", "KR-1", "Unit") == "points"


@pytest.mark.parametrize(("choice", "target"), [("mine", 50), ("theirs", 48)])
def test_the_person_chooses(board: Board, choice: str, target: float) -> None:
    page = conflict(board)
    page.app.radio[0].set_value(choice)
    page.run().press("Save change")

    assert page.cell("Key results", "KR-1", "Target") == target
    assert page.cell("Key results", "KR-1", "Unit") == "users"
    assert not page.app.radio


MANY = {"Target": ("50", 48.0), "Unit": ("users", "u"), "Current": ("40", 41.0)}
"""Cells that two people change: what is typed into the form, and by hand into the sheet."""


@pytest.mark.parametrize(
    ("side", "each", "written"),
    [
        ("mine", (), (50, "users", 40)),
        ("theirs", (), (48, "u", 41)),
        ("each", ("Unit",), (48, "users", 41)),
        ("each", ("Current", "Target"), (50, "u", 40)),
    ],
)
def test_of_many_cells_the_person_chooses_all_or_each(
    board: Board, side: str, each: tuple[str, ...], written: tuple[object, ...]
) -> None:
    page = board.open(edit="KR-1").fill(Link="https://example.org/ours")
    page.fill(**{column: mine for column, (mine, _) in MANY.items()})
    for column, (_, theirs) in MANY.items():
        page.type_by_hand("Key results", "KR-1", column, theirs)
    page.press("Save change")
    [asked] = page.app.radio
    assert asked.label == "These 3 cells"
    asked.set_value(side)
    page.run()
    if each:
        [names] = page.app.button_group
        assert {*names.options} == {*MANY}
        names.set_value([*each])
        page.run()
    page.press("Save change")

    assert tuple(page.cell("Key results", "KR-1", column) for column in MANY) == written
    assert page.cell("Key results", "KR-1", "Link") == "https://example.org/ours"
    assert not page.app.radio


def test_keeping_all_that_stands_there_is_an_answer(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Target="50", Unit="users")
    page.type_by_hand("Key results", "KR-1", "Target", 48)
    page.type_by_hand("Key results", "KR-1", "Unit", "u")
    page.press("Save change").press("Save change")

    assert "Kept as it stands in the sheet: Target 48, Unit u." in page.html
    assert not page.refusals and not page.app.radio and not page.app.text_input
    assert "edit" not in page.app.query_params
    assert all(button.label != "Undo" for button in page.app.button)
    assert page.cell("Key results", "KR-1", "Target") == 48
    assert len(page.workbook.drafts) == 1

    page.open(edit="KR-1").fill(Target="52").press("Save change")
    assert page.cell("Key results", "KR-1", "Target") == 52


def test_what_was_mended_to_something_else_is_kept_too(board: Board) -> None:
    page = board.open(edit="KR-1").fill(Target="50")
    page.type_by_hand("Key results", "KR-1", "Target", 48)
    page.press("Save change").fill(Target="soon").press("Save change")
    assert "is not a number" in page.html and page.app.radio

    page.fill(Target="51").press("Save change")
    assert "Kept as it stands in the sheet: Target 48." in page.html


def test_a_formula_is_left_as_it_is(board: Board) -> None:
    board.type_by_hand("Key results", "KR-1", "Target", "=40+5")
    page = board.open(edit="KR-1").fill(Target="50", Unit="users").press("Save change")

    assert "formula" in page.html
    assert not page.app.radio
    page.press("Save change")
    assert page.cell("Key results", "KR-1", "Target") == "=40+5"
    assert page.cell("Key results", "KR-1", "Unit") == "users"


@pytest.mark.parametrize(
    ("query", "typed", "act"),
    [
        ({"edit": "KR-1"}, {"Target": "50"}, "Save change"),
        ({"add": "O-1"}, {"Key_result": "Win", "Target": "9"}, "Add key result"),
    ],
)
def test_an_unknown_outcome_sends_the_same_again_and_writes_once(
    board: Board, query: dict[str, str], typed: dict[str, str], act: str
) -> None:
    page = board.open(**query).fill(**typed)
    page.workbook.is_unsure = True
    page.press(act)
    assert UNKNOWN in page.html
    page.type_by_hand("Key results", "KR-3", "Unit", "calls")
    assert UNKNOWN in page.refresh().html
    page.press(act)

    first, second = page.workbook.drafts
    assert first == second
    assert not page.app.text_input
    rows = list(load_workbook(page.path)["Key results"].iter_rows(values_only=True))
    assert len(rows) == len(KEY_RESULTS) + (2 if "add" in query else 1)


@pytest.mark.parametrize(
    ("query", "tab", "field", "act"),
    [
        ({"edit": "KR-1"}, "Key results", "Key result", "Save change"),
        ({"edit": "O-1"}, "Objectives", "Objective", "Save change"),
        ({"add": "O-1"}, "Objectives", "Key result", "Add key result"),
    ],
)
def test_a_form_whose_row_has_gone_keeps_what_was_typed_until_it_is_back(
    board: Board, query: dict[str, str], tab: str, field: str, act: str
) -> None:
    row_id, title = next(iter(query.values())), "Typed for minutes"
    page = board.open(**query).fill(**{field.replace(" ", "_"): title})
    page.type_by_hand(tab, row_id, "ID", "GONE-1")

    assert "is kept here: save it once the row is back" in page.refresh().html
    assert page.field(field).value == title
    if "edit" in query:
        assert "is not in" in page.press(act).html
        assert "is not in" in page.refresh().html
    page.type_by_hand(tab, "GONE-1", "ID", row_id)
    assert "is kept here" not in page.refresh().html
    assert page.field(field).value == title
    page.press(act)
    assert not page.app.text_input
    changed = load_workbook(page.path)["Key results" if field == "Key result" else tab]
    assert title in {cell for row in changed.iter_rows(values_only=True) for cell in row}


# --- closed, elsewhere, hostile -------------------------------------------------------------------


@pytest.mark.parametrize("query", [{"edit": "KR-1"}, {"add": "O-1"}, {"add": "objective"}])
def test_nothing_is_changed_on_another_day(board: Board, query: dict[str, str]) -> None:
    page = board.open(as_of="2026-05-18", **query)

    assert "change it on the page of today" in page.html
    assert not page.app.text_input
    assert "edit=KR-2" not in page.html and "Add a key result" not in page.html


def test_nothing_is_changed_where_the_board_only_shows(tmp_path: Path) -> None:
    board = Board(laid_out(tmp_path / "okrs.xlsx"), read_only=True)
    page = board.open(edit="KR-1")
    board.live.stop()
    shell.install(None)

    assert "This board only shows" in page.html
    assert not page.app.text_input


@pytest.mark.parametrize("choice", ["edit", "key_result"])
def test_what_stands_on_another_teams_page_leads_there(board: Board, choice: str) -> None:
    page = board.open(**{choice: "KR-3"})

    assert "“Answer calls” stands on the page of Care in 2026-Q2." in page.html
    assert f"team=Care&amp;cycle=2026-Q2&amp;{choice}=KR-3" in page.html
    assert not page.app.text_input


def test_what_is_not_there_is_said(board: Board) -> None:
    assert "There is no objective or key result “KR-99”" in board.open(edit="KR-99").html


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "=IMPORTXML(1)", "![](http://x/y.png)", "+1", "שלום 🎉"]
)
def test_hostile_text_is_stored_as_typed_and_stays_text(board: Board, text: str) -> None:
    board.app.session_state["kept"]["by"] = text
    typed = {"Key_result": text, "Unit": text, "Link": text}
    page = board.open(edit="KR-1").fill(**typed).press("Save change")

    columns = ("Key result", "Unit", "Link")
    assert [page.cell("Key results", "KR-1", column) for column in columns] == [text] * 3
    rows = load_workbook(page.path)["_History"].iter_rows(values_only=True)
    assert {row[6] for row in rows} == {"By", text}
    assert "<script>alert" not in page.html
    page.open(edit="KR-1")
    assert page.field("Key result").value == text


FRAME = 10
"""Messages that the frame takes around a page with a form: what was counted at the websocket."""


def blocks_of(block: Any) -> int:
    """Count what a page draws: each block and element is a message."""
    return sum(1 + blocks_of(one) for one in getattr(block, "children", {}).values())


def messages(page: Board) -> int:
    return FRAME + blocks_of(page.app.main)


def test_a_form_keeps_within_the_messages_of_a_page(board: Board) -> None:
    assert messages(board.open(edit="KR-1")) <= 26
    board.fill(Target="soon")
    assert "is not a number" in board.html
    assert messages(board) <= 27
    assert messages(board.unfold()) <= 33


MINE = {
    "Due": "2026-06-20",
    "Pace": "2026-05-01: 20",
    "Start": "30",
    "Grade": "0.6",
    "Confidence": "60%",
}
"""What is typed where not every number will do."""


def test_a_conflict_keeps_within_the_messages_of_a_page(board: Board) -> None:
    """The largest that there may be: all fields are drawn, and two have changed each line."""
    page = board.open(edit="KR-1").unfold()
    lines = [field for field in page.app.text_input if field.label != "Key result"]
    for field in lines:
        field.set_value(MINE.get(field.label, "44"))
    page.run()
    for field in lines:
        page.type_by_hand("Key results", "KR-1", field.label, 41.0)
    page.press("Save change")
    page.app.radio[0].set_value("each")
    page.run()

    assert [*page.app.button_group[0].options] == [field.label for field in lines]
    assert page.html.count("Stands there now") == len(lines) > 7
    assert messages(page) <= 40
