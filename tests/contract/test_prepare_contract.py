"""What init adds to a workbook, whichever home it lives in, and what it leaves as it is."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from okr.columns import CHECK_INS, COLUMNS, CYCLES, HISTORY, KEY_RESULTS, OBJECTIVES, SETTINGS
from okr.columns import letters as letters_of
from okr.model import Cell
from okr.snapshot import build_snapshot
from okr.workbooks.interface import RefusedError, UnknownOutcomeError, Workbook
from okr.workbooks.local import LocalWorkbook
from okr.workbooks.preparing import LAID_OUT
from tests.contract.google_fixtures import COMPANY, GoogleHome, draft, google_home
from tests.contract.local_fixtures import edit_part, parts, rich_workbook
from tests.sheets_api.published import entry_misfits

Tabs = Mapping[str, Sequence[Sequence[Cell]]]

NOTHING = ["Nothing was missing."]
FOREIGN: dict[str, list[list[Cell]]] = {
    "Goals": [["Our goals"], ["Ref", "Quarter", "Goal", "Lead", "Notes"], ["", "", "Win", "", "x"]],
    "KRs": [["KR", "Goal", "Objective", "Baseline", "Actual"], ["Cut churn", 5, "Win", 8, 7]],
    "Config": [["Value", "Name"], [9, "gap_at_risk"]],
}


@dataclass
class Home:
    """A workbook, and what can be seen of it past the board."""

    workbook: Workbook
    titles: Callable[[], list[str]]
    rows: Callable[[str], list[list[Any]]]
    frozen: Callable[[str], int]
    offered: Callable[[str, str, int], list[str]]
    shown_as: Callable[[str, str, int], str]

    def place(self, tab: str, header: str, row: int = 1) -> str:
        """Give the letters of a column by its header."""
        return letters_of(self.rows(tab)[row - 1].index(header))


@contextmanager
def in_google(tabs: Tabs, _: Path) -> Iterator[Home]:
    with google_home({title: [list(row) for row in rows] for title, rows in tabs.items()}) as home:
        yield a_google_home(home)


def a_google_home(home: GoogleHome) -> Home:
    def tab(title: str) -> Any:
        return next(t for t in home.api.spreadsheets["demo"].tabs if t.title == title)

    def cell(title: str, column: str, row: int) -> Any:
        return tab(title).cell(row - 1, openpyxl.utils.column_index_from_string(column) - 1)

    def offered(title: str, column: str, row: int) -> list[str]:
        rule = cell(title, column, row).validation or {"condition": {}}
        return [one["userEnteredValue"] for one in rule["condition"].get("values", [])]

    def shown_as(title: str, column: str, row: int) -> str:
        shape = (cell(title, column, row).format or {}).get("numberFormat", {})
        return str(shape.get("pattern", "General"))

    return Home(
        home.workbook,
        lambda: [t.title for t in home.api.spreadsheets["demo"].tabs],
        home.rows,
        lambda title: int(tab(title).frozen.get("frozenRowCount", 0)),
        offered,
        shown_as,
    )


@contextmanager
def in_a_file(tabs: Tabs, folder: Path) -> Iterator[Home]:
    path = folder / "Acme OKRs.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tabs.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
    yield a_file_home(path)


def a_file_home(path: Path) -> Home:
    def sheet(title: str) -> Any:
        return openpyxl.load_workbook(path)[title]

    def rows(title: str) -> list[list[Any]]:
        found = [list(row) for row in sheet(title).iter_rows(values_only=True)]
        return [["" if cell is None else cell for cell in row] for row in found]

    def offered(title: str, column: str, row: int) -> list[str]:
        rules = sheet(title).data_validations.dataValidation
        own = [rule for rule in rules if f"{column}{row}" in rule.sqref]
        return own[0].formula1.strip('"').split(",") if own else []

    def shown_as(title: str, column: str, row: int) -> str:
        there = sheet(title)
        number_format = there[f"{column}{row}"].number_format
        return number_format if number_format != "General" else look_of(there, column)

    def look_of(there: Any, column: str) -> str:
        return str(there.column_dimensions[column].number_format)

    return Home(
        LocalWorkbook(path),
        lambda: openpyxl.load_workbook(path).sheetnames,
        rows,
        lambda title: int((sheet(title).freeze_panes or "A1")[1:]) - 1,
        offered,
        shown_as,
    )


HOMES: dict[str, Callable[[Tabs, Path], AbstractContextManager[Home]]] = {
    "google": in_google,
    "file": in_a_file,
}

MakeHome = Callable[[Tabs], AbstractContextManager[Home]]


@pytest.fixture(params=HOMES)
def a_home(request: pytest.FixtureRequest, tmp_path: Path) -> MakeHome:
    make = HOMES[request.param]
    return lambda tabs: make(tabs, tmp_path)


# --- Both homes -----------------------------------------------------------------------------------


def test_an_empty_workbook_gets_every_tab_and_its_own_tab_is_left(a_home: MakeHome) -> None:
    with a_home({"Sheet1": []}) as home:
        said = home.workbook.prepare()

        assert home.titles() == ["Sheet1", *COLUMNS]
        assert home.rows("Sheet1") in ([], [[""]])
        for tab, headers in LAID_OUT.items():
            assert tuple(home.rows(tab)[0]) == headers
            assert home.frozen(tab) == 1
        assert [line for line in said if "Settings" in line] == [
            "Added the tab “Settings”, with every setting at its default."
        ]


def test_a_second_run_does_nothing_and_says_so(a_home: MakeHome) -> None:
    for tabs in ({"Sheet1": []}, COMPANY, FOREIGN):
        with a_home(tabs) as home:
            home.workbook.prepare()

            assert home.workbook.prepare() == NOTHING


def test_list_columns_offer_their_words_and_dates_look_like_dates(a_home: MakeHome) -> None:
    with a_home(COMPANY) as home:
        home.workbook.prepare()

        kind, due = home.place(KEY_RESULTS, "Kind"), home.place(KEY_RESULTS, "Due")
        assert home.offered(KEY_RESULTS, kind, 2)[:2] == ["increase", "decrease"]
        assert home.offered(KEY_RESULTS, kind, 90)[-1] == "done"
        assert home.offered(OBJECTIVES, home.place(OBJECTIVES, "Roll-up"), 2)[1] == "children"
        assert home.offered(CYCLES, home.place(CYCLES, "State"), 2)[0] == "planning"
        assert home.shown_as(KEY_RESULTS, due, 9) == "yyyy-mm-dd"
        assert home.shown_as(CYCLES, home.place(CYCLES, "Starts"), 2) == "yyyy-mm-dd"
        assert home.shown_as(HISTORY, "A", 7) == "yyyy-mm-dd hh:mm"
        for column in ("Start", "Target", "Current"):
            assert home.shown_as(KEY_RESULTS, home.place(KEY_RESULTS, column), 9) == "General"


def test_missing_headers_come_after_those_that_are_there(a_home: MakeHome) -> None:
    with a_home(COMPANY) as home:
        said = home.workbook.prepare()

        row = home.rows(OBJECTIVES)[0]
        assert row[:4] == ["ID", "Cycle", "Team", "Objective"]
        assert sorted(row) == sorted(LAID_OUT[OBJECTIVES])
        assert (
            "Added to “Key results” the columns Owner, Kind, Unit, Weight, Due, State, Grade, Link "
            "and Pace." in said
        )


def test_known_spellings_count_as_there(a_home: MakeHome) -> None:
    with a_home(FOREIGN) as home:
        home.workbook.prepare()

        goals = home.rows("Goals")[1]
        assert goals[:5] == ["Ref", "Quarter", "Goal", "Lead", "Notes"]
        assert not {"ID", "Cycle", "Objective", "Owner"} & {*goals}
        assert home.frozen("Goals") == 2
        key_results = home.rows("KRs")[0]
        assert not {"Key result", "Start", "Target", "Current"} & {*key_results}
        assert home.rows("Config") == [["Value", "Name"], [9, "gap_at_risk"]]
        assert not {OBJECTIVES, KEY_RESULTS, SETTINGS} & {*home.titles()}


def test_what_the_board_says_is_the_same_as_before(a_home: MakeHome) -> None:
    for tabs in (COMPANY, FOREIGN):
        with a_home(tabs) as home:
            before = build_snapshot(home.workbook.read())
            home.workbook.prepare()
            after = build_snapshot(home.workbook.read())

            assert after.problems == before.problems
            assert after.key_results == before.key_results
            assert after.objectives == before.objectives
            assert after.settings == before.settings


def test_a_sheet_that_says_only_progress_goes_on_being_read_so(a_home: MakeHome) -> None:
    tabs: Tabs = {KEY_RESULTS: [["Objective", "Key result", "Progress"], ["Win", "Cut", 0.4]]}
    with a_home(tabs) as home:
        home.workbook.prepare()

        assert not {"Start", "Target", "Current"} & {*home.rows(KEY_RESULTS)[0]}
        [key_result] = build_snapshot(home.workbook.read()).key_results
        assert (key_result.current, key_result.target) == (0.4, 1.0)


def test_words_are_offered_as_people_spell_them(a_home: MakeHome) -> None:
    tabs: Tabs = {OBJECTIVES: [["Objective", "Type", "State"], ["Win", "Committed", "nearly"]]}
    with a_home(tabs) as home:
        home.workbook.prepare()

        assert home.offered(OBJECTIVES, "B", 2) == ["Committed", "aspirational"]
        assert home.offered(OBJECTIVES, "C", 2) == ["draft", "active", "done", "dropped"]


def test_a_column_of_numbers_goes_on_looking_as_it_does(a_home: MakeHome) -> None:
    tabs: Tabs = {KEY_RESULTS: [["Objective", "Key result", "Confidence"], ["Win", "Cut", 7]]}
    with a_home(tabs) as home:
        home.workbook.prepare()

        assert home.shown_as(KEY_RESULTS, "C", 2) == "General"
        assert home.shown_as(KEY_RESULTS, "C", 3) == "General"


def test_a_tab_without_known_headers_is_said_and_left_alone(a_home: MakeHome) -> None:
    tabs: Tabs = {"Teams": [["Mannschaft", "über"], ["Rot", "Firma"]]}
    with a_home(tabs) as home:
        said = home.workbook.prepare()

        assert home.rows("Teams") == [["Mannschaft", "über"], ["Rot", "Firma"]]
        assert said[-1].startswith("“Teams” was left alone: no row of it holds two headers")
        assert "Team, Parent, Lead, Description" in said[-1]
        assert home.workbook.prepare() == [said[-1], "Nothing else was missing."]


def test_an_empty_tab_of_a_known_name_gets_its_headers(a_home: MakeHome) -> None:
    with a_home({"Teams": [], "Settings": []}) as home:
        said = home.workbook.prepare()

        assert home.rows("Teams")[0] == ["Team", "Parent", "Lead", "Description"]
        assert home.rows("Settings")[2][:2] == ["gap_at_risk", 10]
        assert "Gave “Teams” its headers." in said


def test_what_stands_beside_the_headers_is_not_run_over(a_home: MakeHome) -> None:
    people: list[list[Cell]] = [["Email", "Name", ""], ["a@example.com", "Ada", "on leave"]]
    with a_home({"People": people}) as home:
        home.workbook.prepare()

        found = home.rows("People")
        assert [row[:3] for row in found] == people or found[1][2:] == ["", "on leave"]
        assert "Team" in found[0]
        assert "on leave" in found[1] and found[1].index("on leave") != found[0].index("Team")


def test_a_check_in_fits_into_what_was_prepared(a_home: MakeHome) -> None:
    with a_home({name: COMPANY[name] for name in (OBJECTIVES, KEY_RESULTS)}) as home:
        home.workbook.prepare()
        saved = home.workbook.save_check_in(draft())

        assert home.rows(CHECK_INS)[1][1] == "KR-1"
        assert saved.is_mirrored
        assert home.workbook.prepare() == NOTHING


# --- Google ---------------------------------------------------------------------------------------


@pytest.fixture
def google() -> Iterator[GoogleHome]:
    with google_home() as home:
        yield home


def tab_of(google: GoogleHome, title: str) -> Any:
    return next(t for t in google.api.spreadsheets["demo"].tabs if t.title == title)


def test_it_is_two_looks_and_one_batch(google: GoogleHome) -> None:
    with google.counted() as first:
        google.workbook.prepare()
    with google.counted() as second:
        google.workbook.prepare()

    assert first == ["GET", "GET", "POST :batchUpdate"]
    assert second == ["GET", "GET"]


def test_a_sheet_without_known_tabs_is_read_first_for_it_may_hold_okrs_of_its_own() -> None:
    with google_home({"Sheet1": []}) as google, google.counted() as asked:
        google.workbook.prepare()

    assert asked == ["GET", "GET", "GET /values:batchGet", "POST :batchUpdate"]


def test_a_sheet_with_okrs_in_another_layout_is_left_alone(a_home: MakeHome) -> None:
    tabs: Tabs = {"Plan": [["Objective", "Key result", "Progress"], ["Win", "Cut churn", 0.4]]}
    with a_home(tabs) as home:
        with pytest.raises(RefusedError, match=r"“Plan”.*convert"):
            home.workbook.prepare()
        assert home.titles() == ["Plan"]


def test_all_that_is_sent_is_in_the_published_api(google: GoogleHome) -> None:
    google.api.human.make_table(f"{KEY_RESULTS}!A1:G4", {2: "TEXT"})
    google.workbook.prepare()

    assert [wrong for entry in google.api.journal for wrong in entry_misfits(entry)] == []


def test_ids_and_history_warn_before_a_change(google: GoogleHome) -> None:
    google.workbook.prepare()

    ranges = {}
    for title in (OBJECTIVES, KEY_RESULTS, CHECK_INS, HISTORY):
        [one] = tab_of(google, title).protected
        assert one["warningOnly"]
        ranges[title] = {name: n for name, n in one["range"].items() if name != "sheetId"}
    id_column = {"startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": 1}
    assert ranges[OBJECTIVES] == ranges[KEY_RESULTS] == id_column
    assert (ranges[CHECK_INS]["startColumnIndex"], ranges[HISTORY]) == (6, {})


def test_what_people_have_laid_over_a_column_is_left(google: GoogleHome) -> None:
    google.edit(KEY_RESULTS, "H1", "State")
    google.edit(KEY_RESULTS, "I1", "Due")
    google.api.human.format(f"{KEY_RESULTS}!I3", "DATE", "d mmm")
    google.api.human.protect(f"{KEY_RESULTS}!A2:A4", warning_only=True)
    rule = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=A1:A2"}]}}
    tab = tab_of(google, KEY_RESULTS)
    tab.put(2, 7, tab.cell(2, 7)._replace(validation=rule))
    google.workbook.prepare()

    there = tab_of(google, KEY_RESULTS)
    assert [there.cell(row, 7).validation for row in (1, 2, 3)] == [None, rule, None]
    assert [bool(there.cell(row, 8).format) for row in (1, 2, 3)] == [False, True, False]
    assert len(there.protected) == 1
    kinds = [one["range"].get("startColumnIndex") for one in google.sent("setDataValidation")]
    assert 7 not in kinds


def test_a_column_that_a_native_table_types_is_left(google: GoogleHome) -> None:
    google.edit(KEY_RESULTS, "H1", "State")
    google.api.human.make_table(f"{KEY_RESULTS}!A1:H4", {7: "DROPDOWN", 6: "PERCENT"})
    google.workbook.prepare()

    assert tab_of(google, KEY_RESULTS).cell(1, 7).validation is None
    assert not any("Table" in kind for kind in _kinds(google))


def _kinds(google: GoogleHome) -> set[str]:
    batches = [e["request"] for e in google.api.journal if ":batchUpdate" in e["path"]]
    return {kind for body in batches for one in body["requests"] for kind in one}


def test_frozen_rows_and_cut_merges_are_left(google: GoogleHome) -> None:
    google.api.human.merge(f"{OBJECTIVES}!A1:A2")
    tab_of(google, KEY_RESULTS).frozen["frozenRowCount"] = 3
    said = google.workbook.prepare()

    assert tab_of(google, OBJECTIVES).frozen == {}
    assert tab_of(google, KEY_RESULTS).frozen == {"frozenRowCount": 3}
    assert not any("Froze" in line and "Objectives" in line for line in said)


def test_a_grid_that_is_full_grows(google: GoogleHome) -> None:
    book = google.api.spreadsheets["demo"]
    tab = next(tab for tab in book.tabs if tab.title == OBJECTIVES)
    del tab.columns[4:], tab.rows[2:]
    headless = next(tab for tab in book.tabs if tab.title == HISTORY)
    del headless.rows[1:]
    google.workbook.prepare()

    assert google.row(OBJECTIVES, 1)[4] == "Owner"
    assert tab_of(google, OBJECTIVES).cell(1, 6).validation
    assert len(tab_of(google, HISTORY).rows) > 100
    assert google.workbook.prepare() == NOTHING


def test_a_protected_tab_is_left_and_said(google: GoogleHome) -> None:
    google.api.human.protect(KEY_RESULTS)
    said = google.workbook.prepare()

    assert google.row(KEY_RESULTS, 1) == COMPANY[KEY_RESULTS][0]
    assert "“Key results” is protected against the board, so it was left alone." in said


def test_protected_columns_are_left(google: GoogleHome) -> None:
    google.api.human.protect(f"{KEY_RESULTS}!A:A")
    google.api.human.protect(f"{OBJECTIVES}!E1:Z1")
    said = google.workbook.prepare()

    assert len(tab_of(google, KEY_RESULTS).protected) == 1
    assert google.row(OBJECTIVES, 1) == COMPANY[OBJECTIVES][0]
    assert any("were not added to “Objectives”: the cells right of" in line for line in said)


def test_a_column_inserted_at_this_very_moment_loses_nothing(google: GoogleHome) -> None:
    def insert() -> None:
        google.api.human.insert_column(OBJECTIVES, "A", ["Ours", "mine"])

    google.api.human.before_apply(1, insert, path=":batchUpdate")
    said = google.workbook.prepare()

    header, row = google.rows(OBJECTIVES)
    assert [header[at] for at in (0, 1, 2, 3)] == ["Ours", "ID", "Cycle", "Team"]
    kept = {**dict(zip(header, row, strict=False))}
    assert (kept["Ours"], kept["ID"], kept["Objective"]) == ("mine", "O-1", "Customers stay")
    assert header.count("Objective") == 1
    assert any("Somebody moved the columns of “Objectives”" in line for line in said)


def test_a_tab_added_at_this_very_moment_is_not_added_twice() -> None:
    with google_home({"Sheet1": []}) as google:
        act = google.api.human.add_tab
        google.api.human.before_apply(1, lambda: act("Teams", [["Team", "Lead"]]), path=":batchU")
        said = google.workbook.prepare()

        assert google.rows("Teams") == [["Team", "Lead", "Parent", "Description"]]
        assert "Added to “Teams” the columns Parent and Description." in said


@pytest.mark.parametrize("kind", ["status", "reset", "html", "hang"])
@pytest.mark.parametrize("applied", [True, False], ids=["applied", "lost"])
def test_an_answer_that_never_came_adds_nothing_twice(
    google: GoogleHome, kind: str, applied: bool
) -> None:
    if kind == "hang":
        google.wait_little_for_write()
    fault: dict[str, Any] = {"status": 503} if kind == "status" else {}
    fault |= {"seconds": 1.0} if kind == "hang" else {}
    google.api.faults.add(kind, applied=applied, method="POST", path=":batchUpdate", **fault)
    google.workbook.prepare()

    assert [len(tab_of(google, title).protected) for title in (OBJECTIVES, HISTORY)] == [1, 1]
    assert google.row(OBJECTIVES, 1).count("Owner") == 1
    assert google.workbook.prepare() == NOTHING


def test_when_google_stays_away_the_outcome_is_unknown(google: GoogleHome) -> None:
    google.workbook.read()
    google.api.faults.add("status", status=503, times=None, path="batchUpdate|developerMetadata/")

    with pytest.raises(UnknownOutcomeError, match="Run init again in a minute"):
        google.workbook.prepare()


def test_a_sheet_that_may_only_be_read_is_a_refusal(google: GoogleHome) -> None:
    google.api.faults.add("status", status=403, times=None, method="POST", path=":batchUpdate")

    with pytest.raises(RefusedError, match=r"Nothing was added: .*Share the sheet"):
        google.workbook.prepare()


# --- A file ---------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "OKRs.xlsx"
    said = LocalWorkbook(path).prepare()
    home = a_file_home(path)

    assert home.titles() == [*COLUMNS]
    assert said[0].startswith("Made “OKRs.xlsx” with the tabs “Objectives”, “Key results”,")
    assert home.offered(OBJECTIVES, "G", 500) == ["committed", "aspirational"]
    assert home.shown_as(KEY_RESULTS, home.place(KEY_RESULTS, "Due"), 9) == "yyyy-mm-dd"
    assert LocalWorkbook(path).prepare() == NOTHING


def test_a_new_file_is_an_xlsx_file(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"Name a new one that ends in \.xlsx"):
        LocalWorkbook(tmp_path / "OKRs.ods").prepare()


def test_everything_else_in_a_file_stays_byte_for_byte(tmp_path: Path) -> None:
    path = rich_workbook(tmp_path / "rich.xlsx")
    before = parts(path)
    LocalWorkbook(path).prepare()
    after = parts(path)

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/worksheets/sheet3.xml",
    }
    sheet = openpyxl.load_workbook(path)[KEY_RESULTS]
    assert sheet.freeze_panes == "B2"
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["H2:H99"] == '"increase,decrease,done"'
    assert sheet["E2"].number_format == "0.0%" and sheet["A2"].comment.text == "Ask Anna"
    assert [str(one) for one in sheet.merged_cells.ranges] == ["E5:F5"]


def test_a_second_run_leaves_the_file_untouched(tmp_path: Path) -> None:
    path = rich_workbook(tmp_path / "rich.xlsx")
    LocalWorkbook(path).prepare()
    before = path.read_bytes()

    assert LocalWorkbook(path).prepare() == NOTHING
    assert path.read_bytes() == before


def test_new_headers_look_like_the_others(tmp_path: Path) -> None:
    path = rich_workbook(tmp_path / "rich.xlsx")
    book = openpyxl.load_workbook(path)
    book[OBJECTIVES]["B1"].font = openpyxl.styles.Font(bold=True)
    book.save(path)
    LocalWorkbook(path).prepare()

    assert openpyxl.load_workbook(path)[OBJECTIVES]["C1"].font.b


def test_columns_that_look_some_way_are_left_and_others_keep_their_width(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = KEY_RESULTS
    sheet.append(["Objective", "Key result", "Due", "Confidence"])
    sheet.append(["Win", "Cut churn"])
    sheet.column_dimensions["C"].number_format = "d mmm"
    sheet.column_dimensions.group("D", "F", hidden=False)
    for column in "ABDEF":
        sheet.column_dimensions[column].width = 33
    rule = DataValidation(type="list", formula1='"yes,no"')
    rule.add("C2:D9")
    sheet.add_data_validation(rule)
    book.save(path)
    LocalWorkbook(path).prepare()
    home = a_file_home(path)

    assert home.shown_as(KEY_RESULTS, "C", 5) == "d mmm"
    assert home.shown_as(KEY_RESULTS, "D", 5) == "0%"
    after = openpyxl.load_workbook(path)[KEY_RESULTS]
    widths = {
        get_column_letter(at): found.width
        for found in after.column_dimensions.values()
        for at in range(found.min, found.max + 1)
    }
    assert {widths[column] for column in "ABDEF"} == {33}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("<sheetViews>.*</sheetViews>", "", id="no views"),
        pytest.param("<sheetFormatPr[^>]*/>", "", id="no default height"),
        pytest.param('encoding="UTF-8"', 'encoding="utf-8"', id="another declaration"),
    ],
)
def test_what_a_tab_leaves_out_is_put_where_it_belongs(tmp_path: Path, old: str, new: str) -> None:
    path = rich_workbook(tmp_path / "rich.xlsx")
    edit_part(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(old, new, xml, flags=re.DOTALL))
    LocalWorkbook(path).prepare()

    names = re.findall(
        r"<(sheetPr|dimension|sheetViews|sheetFormatPr|cols|sheetData|dataValidations|pageMargins)\b",
        parts(path)["xl/worksheets/sheet1.xml"].decode(),
    )
    order = ("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData")
    order += ("dataValidations", "pageMargins")
    assert names == [name for name in order if name in names]
    assert openpyxl.load_workbook(path)[OBJECTIVES].freeze_panes == "A2"


def test_a_tab_whose_xml_has_prefixes_and_extensions_is_prepared(tmp_path: Path) -> None:
    path = rich_workbook(tmp_path / "rich.xlsx")
    sheet = "xl/worksheets/sheet1.xml"
    newer = (
        '<ext xmlns:x14="urn:x14" uri="{1}"><x14:dataValidations xmlns:xm="urn:xm">'
        '<x14:dataValidation type="list"><xm:sqref>B2:B9</xm:sqref></x14:dataValidation>'
        "</x14:dataValidations></ext>"
    )

    def rewrite(xml: str) -> str:
        xml = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", xml)
        xml = xml.replace("<x:worksheet xmlns=", "<x:worksheet xmlns:x=")
        return xml.replace("</x:worksheet>", f"<x:extLst>{newer}</x:extLst></x:worksheet>")

    edit_part(path, sheet, rewrite)
    LocalWorkbook(path).prepare()
    xml = parts(path)[sheet].decode()

    assert newer in xml
    assert '<x:pane ySplit="1"' in xml and '<x:dataValidations count="3">' in xml
    assert re.findall(r"<(?!/|x:|x14:|xm:|\?|ext\b)", xml) == []
    assert LocalWorkbook(path).prepare() == NOTHING


def test_locked_tabs_and_locked_structure_are_left_and_said(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = OBJECTIVES
    sheet.append(["ID", "Objective"])
    sheet.protection.enable()
    book.create_chartsheet("Teams")
    book.security.lockStructure = True
    book.save(path)
    before = path.read_bytes()
    said = LocalWorkbook(path).prepare()

    assert "“Objectives” is protected against the board, so it was left alone." in said
    assert "“Teams” is not a tab of cells, so nothing was added to it. Rename it." in said
    assert "The tab “Cycles” was not added: the file's structure is locked." in said
    assert said[-1] == "Nothing else was missing."
    assert path.read_bytes() == before


def test_a_file_that_is_open_elsewhere_is_refused(tmp_path: Path) -> None:
    path = rich_workbook(tmp_path / "rich.xlsx")
    (tmp_path / ".~lock.rich.xlsx#").write_text("somebody")
    before = path.read_bytes()

    with pytest.raises(
        RefusedError, match=r"Nothing was added: .*LibreOffice.*then run init again"
    ):
        LocalWorkbook(path).prepare()
    assert path.read_bytes() == before


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    path = tmp_path / "OKRs.xlsx"
    command = [sys.executable, "-m", "okr", "init", str(path)]
    first = subprocess.run(command, capture_output=True, text=True, check=True)
    second = subprocess.run(command, capture_output=True, text=True, check=True)

    assert first.stdout.startswith(f"{path}:\nMade “OKRs.xlsx”")
    assert second.stdout == f"{path}:\nNothing was missing.\n"
