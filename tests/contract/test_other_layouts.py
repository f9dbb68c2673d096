"""Writing to a sheet in a layout of its own, whichever home it lives in: little, and with care."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from okr.columns import ANSWERS, CHECK_INS, COLUMNS, HISTORY, KEY_RESULTS, LAYOUT, OBJECTIVES
from okr.model import Cell, KeyResult, Snapshot
from okr.reading import Reading
from okr.snapshot import build_snapshot
from okr.workbooks.drafting import draft_edit, held_cells, reference_to
from okr.workbooks.interface import (
    AnswerDraft,
    CheckInDraft,
    ConflictError,
    RefusedError,
    RowDraft,
    SavedCheckIn,
)
from tests.contract.google_fixtures import WHEN
from tests.contract.test_workbook_contract import HOMES, Home, MakeHome

BY = "ada@example.com"
Rows = list[list[Cell]]

FLAT: Rows = [
    ["Our plan"],
    ["Objective", "Key result", "Who", "Base", "Target", "Actual", "Sure", "Comment"],
    ["Win", "Cut churn", "Ada", 8, 5, 7, "", "kept"],
    ["", "Raise NPS", "Bo", 32, 45, 33, "", "kept"],
    ["Last", "Sell more", "Cy", 0, "$20K", "$5K", "", "kept"],
]
BLOCKS: Rows = [
    ["Objective 1: Win"],
    ["Key Result", "Base", "Target", "Actual"],
    ["KR1: Cut churn", 8, 5, 7],
    ["KR2: Raise NPS", 32, 45, 33],
]
SHARES: Rows = [["Objective", "Key result", "Progress"], ["Win", "Cut churn", 40], ["", "Sell", 70]]
NAMED: Rows = [
    ["ID", "Objective", "Key result", "Target", "Current"],
    ["K1", "Win", "Cut churn", 5, 7],
    ["K2", "Win", "Raise NPS", 45, 33],
]
ALIKE: Rows = [
    ["Objective", "Key result", "Target", "Current"],
    ["Win", "Raise NPS", 45, 33],
    ["Last", "Raise NPS", 50, 40],
]


@pytest.fixture(params=HOMES)
def a_home(request: pytest.FixtureRequest, tmp_path: Path) -> MakeHome:
    make = HOMES[request.param]
    return lambda tabs: make(tabs, tmp_path)


@pytest.fixture
def home(a_home: MakeHome) -> Iterator[Home]:
    with a_home({"Plan": FLAT}) as made:
        yield made


def sheet(home: Home) -> dict[str, Rows]:
    """Give the tabs as they stand, without blanks at the ends of rows."""
    reading = home.another().read()
    return {tab.title: list(map(_trimmed, tab.rows)) for tab in reading.sheet or reading.tabs}


def _trimmed(row: object) -> list[Cell]:
    cells = list(row)  # type: ignore[call-overload]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def seen(home: Home) -> tuple[Reading, Snapshot]:
    reading = home.workbook.read()
    return reading, build_snapshot(reading)


def one_called(snapshot: Snapshot, title: str) -> KeyResult:
    return next(one for one in snapshot.key_results if one.title == title)


def check_in(
    home: Home, title: str = "Cut churn", value: float | None = 6.0, **more: object
) -> SavedCheckIn:
    _, snapshot = seen(home)
    said = {"operation": "op-1", "confidence": None, "note": "", "by": BY, "when": WHEN, **more}
    key_result = reference_to(snapshot, one_called(snapshot, title))
    return home.workbook.save_check_in(CheckInDraft(key_result=key_result, value=value, **said))  # type: ignore[arg-type]


def edit(home: Home, title: str, typed: dict[str, str], **more: str) -> object:
    reading, snapshot = seen(home)
    entity = one_called(snapshot, title)
    draft = draft_edit(
        snapshot,
        entity,
        typed,
        held=held_cells(reading, entity),
        by=BY,
        operation=more.get("operation", "op-1"),
        when=WHEN.astimezone(),
    )
    return home.workbook.save_edit(draft)


# ---------------------------------------------------------------- check-ins


def test_a_check_in_is_a_row_of_a_tab_that_the_board_adds(home: Home) -> None:
    before = sheet(home)["Plan"]
    saved = check_in(home)

    after = sheet(home)
    assert saved.key_result_id == "Cut churn"
    assert after[CHECK_INS][0] == ["When", "Key result", "Value", "Confidence", "Note", "By", "ID"]
    assert after[CHECK_INS][1][1:3] == ["Cut churn", 6.0]
    changed = {
        (row, at)
        for row, (one, other) in enumerate(zip(before, after["Plan"], strict=True))
        for at, (was, now) in enumerate(zip(one, other, strict=True))
        if was != now
    }
    assert changed == {(2, 5)}
    assert after["Plan"][2][5] == 6.0


def test_the_board_reads_what_it_has_checked_in(home: Home) -> None:
    check_in(home)
    _, snapshot = seen(home)

    one = one_called(snapshot, "Cut churn")
    assert [entry.value for entry in snapshot.check_ins[one.key]] == [6.0]
    assert one.current == 6.0
    assert [change.column for change in snapshot.changes[one.key]] == ["Current"]
    assert {problem.severity.value for problem in snapshot.problems} <= {"warning"}


def test_the_same_operation_is_saved_once(home: Home) -> None:
    check_in(home)
    again = check_in(home)

    assert again.was_there
    assert len(sheet(home)[CHECK_INS]) == 2


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        pytest.param(SHARES, "Cut churn", id="a share of 100 is not Current"),
        pytest.param(FLAT, "Sell more", id="a number with its unit"),
    ],
)
def test_only_a_cell_that_is_current_in_so_many_words_follows(
    a_home: MakeHome, rows: Rows, title: str
) -> None:
    with a_home({"Plan": rows}) as home:
        saved = check_in(home, title)

        assert not saved.is_mirrored
        assert saved.remark
        after = sheet(home)
        assert after["Plan"] == [_trimmed(_as_read(row)) for row in rows]
        assert after[CHECK_INS][1][1] == title


def _as_read(row: list[Cell]) -> list[Cell]:
    return [float(cell) if type(cell) is int else cell for cell in row]


def test_a_key_result_below_its_heading_is_known_by_its_title(a_home: MakeHome) -> None:
    with a_home({"Tracker": BLOCKS}) as home:
        saved = check_in(home)

        assert saved.is_mirrored
        assert sheet(home)["Tracker"][2] == ["KR1: Cut churn", 8.0, 5.0, 6.0]
        assert sheet(home)[CHECK_INS][1][1] == "Cut churn"


def test_a_key_result_with_an_id_is_known_by_it(a_home: MakeHome) -> None:
    with a_home({"Plan": NAMED}) as home:
        check_in(home)

        assert sheet(home)[CHECK_INS][1][1] == "K1"
        assert sheet(home)["Plan"][1] == ["K1", "Win", "Cut churn", 5.0, 6.0]


def test_of_two_key_results_of_one_title_neither_is_written(a_home: MakeHome) -> None:
    with a_home({"Plan": ALIKE}) as home:
        before = sheet(home)
        with pytest.raises(RefusedError, match="title of its own"):
            check_in(home, "Raise NPS")

        assert sheet(home) == before


def test_a_row_is_found_where_it_stands_by_now(home: Home) -> None:
    _, snapshot = seen(home)
    key_result = reference_to(snapshot, one_called(snapshot, "Raise NPS"))
    for cell, value in {"B3": "Raise NPS", "F3": 33, "B4": "Cut churn", "F4": 7}.items():
        home.edit("Plan", cell, value)
    draft = CheckInDraft("op-1", key_result, 40.0, None, "", BY, WHEN)
    try:
        home.workbook.save_check_in(draft)
    except RefusedError:
        return  # its objective is another one now, so it is not the row that was meant

    assert sheet(home)["Plan"][3][5] == 7.0


# ---------------------------------------------------------------- edits


def test_an_edit_changes_its_cell_and_nothing_else(home: Home) -> None:
    edit(home, "Raise NPS", {"Target": "50"})

    after = sheet(home)
    assert after["Plan"][3] == ["", "Raise NPS", "Bo", 32.0, 50.0, 33.0, "", "kept"]
    assert [row[2:6] for row in after[HISTORY][1:]] == [[KEY_RESULTS, "Target", 45.0, 50.0]]


def test_an_edit_of_what_others_have_changed_is_a_conflict(home: Home) -> None:
    reading, snapshot = seen(home)
    entity = one_called(snapshot, "Raise NPS")
    draft = draft_edit(
        snapshot,
        entity,
        {"Target": "50"},
        held=held_cells(reading, entity),
        by=BY,
        operation="op-1",
        when=WHEN.astimezone(),
    )
    home.edit("Plan", "E4", 47)

    with pytest.raises(ConflictError):
        home.workbook.save_edit(draft)
    assert sheet(home)["Plan"][3][4] == 47.0


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        pytest.param("Raise NPS", {"Objective": "Last"}, id="drawn from the row above"),
        pytest.param("Sell more", {"Target": "5"}, id="a number with its unit"),
    ],
)
def test_a_cell_that_is_not_the_rows_alone_is_never_written(
    home: Home, title: str, typed: dict[str, str]
) -> None:
    before = sheet(home)
    with pytest.raises(RefusedError, match="for this row alone"):
        edit(home, title, typed)

    assert sheet(home) == before


@pytest.mark.parametrize("tab", [OBJECTIVES, KEY_RESULTS])
def test_no_row_is_added_among_those_of_people(home: Home, tab: str) -> None:
    before = sheet(home)
    cells = (("Objective", "Win"), ("Key result", "New"))
    draft = RowDraft("op-1", tab, cells if tab == KEY_RESULTS else cells[:1], BY, WHEN)
    with pytest.raises(RefusedError, match="Add it in the sheet"):
        home.workbook.add_row(draft)

    assert sheet(home) == before


# ---------------------------------------------------------------- answers


def an_answer(**changes: object) -> AnswerDraft:
    said = {"operation": "op-1", "tab": "", "asked": "year", "said": "2026", "by": BY, "when": WHEN}
    return AnswerDraft(**{**said, **changes})  # type: ignore[arg-type]


@pytest.fixture
def quarters(a_home: MakeHome) -> Iterator[Home]:
    with a_home({"Q3": FLAT[1:3], "Q4": FLAT[1:2] + FLAT[4:]}) as made:
        yield made


def cycles(home: Home) -> set[str | None]:
    return {one.cycle for one in seen(home)[1].objectives}


def test_an_answer_is_kept_and_holds_from_then_on(quarters: Home) -> None:
    before = sheet(quarters)
    assert cycles(quarters) == {None}

    assert quarters.workbook.save_answer(an_answer())
    assert cycles(quarters) == {"Q3 2026", "Q4 2026"}
    after = sheet(quarters)
    assert after[LAYOUT][0] == [*ANSWERS]
    assert after[LAYOUT][1][:4] == ["", "year", "2026", BY]
    assert {title: after[title] for title in before} == before


def test_the_same_answer_is_kept_once_and_another_holds_instead(quarters: Home) -> None:
    quarters.workbook.save_answer(an_answer())
    assert not quarters.workbook.save_answer(an_answer(operation="op-2"))
    assert quarters.workbook.save_answer(an_answer(operation="op-3", said="2025"))

    assert cycles(quarters) == {"Q3 2025", "Q4 2025"}
    assert len(sheet(quarters)[LAYOUT]) == 3


# ---------------------------------------------------------------- known by their headers

OWN_NAMED: dict[str, Rows] = {
    OBJECTIVES: [[*COLUMNS[OBJECTIVES]], ["O-1", "2026-Q2", "Growth", "Win"]],
    "KRs 2026": [
        ["Our key results"],
        [one for one in COLUMNS[KEY_RESULTS] if one != "Progress"],
        ["KR-1", "O-1", "Cut churn", "Ada", "", 8, 5, 7, "%"],
        ["KR-2", "O-1", "Raise NPS", "Bo", "", 32, 45, 33, ""],
    ],
}


def test_a_tab_with_the_boards_headers_is_written_to_under_its_own_title(a_home: MakeHome) -> None:
    with a_home(OWN_NAMED) as home:
        saved = check_in(home, "Raise NPS", 40.0, confidence=0.7)
        edit(home, "Cut churn", {"Weight": "2", "State": "dropped"}, operation="op-2")

        after, columns = sheet(home), OWN_NAMED["KRs 2026"][1]
        assert saved.key_result_id == "KR-2"
        row = dict(zip(columns, after["KRs 2026"][3], strict=False))
        assert (row["ID"], row["Current"], row["Confidence"]) == ("KR-2", 40, 0.7)
        row = dict(zip(columns, after["KRs 2026"][2], strict=False))
        assert (row["Current"], row["Weight"], row["State"]) == (7, 2, "dropped")
        assert KEY_RESULTS not in after
        assert {one[2] for one in after[HISTORY][1:]} == {KEY_RESULTS}
