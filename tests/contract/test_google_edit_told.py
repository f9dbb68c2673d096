"""What an edit is called of which the sheet does not hold what was sent."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from okr.columns import HISTORY, KEY_RESULTS, OBJECTIVES, Header
from okr.model import Cell
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_giving_back import beside, giving_back
from okr.workbooks.google_grid import Grid, GridCell, GridRow
from okr.workbooks.google_planning import Target
from okr.workbooks.google_sent import Sent
from okr.workbooks.interface import (
    CellEdit,
    ConflictError,
    EditDraft,
    RowReference,
    SavedRow,
    UnknownOutcomeError,
)
from tests.contract.google_fixtures import COMPANY, WHEN, GoogleHome, google_home

KR_1 = RowReference(KEY_RESULTS, "KR-1", (("Key result", "Cut churn"), ("Objective", "O-1")))
TABS: dict[str, list[list[Cell]]] = {
    OBJECTIVES: COMPANY[OBJECTIVES],
    KEY_RESULTS: [
        ["ID", "Objective", "Key result", "Start", "Target", "Current", "Ours"],
        ["KR-1", "O-1", "Cut churn", 8, 5, 7, "a"],
    ],
    HISTORY: COMPANY[HISTORY],
}


@pytest.fixture
def home() -> Iterator[GoogleHome]:
    with google_home({title: [[*row] for row in rows] for title, rows in TABS.items()}) as made:
        yield made


def an_edit(operation: str = "op-1", **wanted: float) -> EditDraft:
    seen = dict(zip(TABS[KEY_RESULTS][0], TABS[KEY_RESULTS][1], strict=True))
    cells = tuple(CellEdit(name, seen[name], value) for name, value in wanted.items())
    return EditDraft(operation, KR_1, cells, "ada@example.com", WHEN)


def test_what_another_process_logged_is_not_called_there_where_it_does_not_stand(
    home: GoogleHome,
) -> None:
    home.workbook.save_edit(an_edit(Target=4))
    standing = home.another().save_edit(an_edit(Target=4))
    home.edit(KEY_RESULTS, "E2", 5)
    gone = home.another().save_edit(an_edit(Target=4))

    assert (standing.was_there, standing.remark) == (True, "")
    assert "does not stand there now" in gone.remark
    assert home.row(KEY_RESULTS, 2)[4] == 5


def test_a_row_that_is_gone_does_not_hold_what_was_logged(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(Target=4))
    home.api.human.delete_row(KEY_RESULTS, 2)

    assert "does not stand there now" in home.another().save_edit(an_edit(Target=4)).remark


def test_an_edit_into_a_cell_that_is_merged_in_that_instant_is_refused(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit("op-0", Current=6))
    home.before_the_batch(lambda: home.api.human.merge(f"'{KEY_RESULTS}'!D2:E2"))

    with pytest.raises(ConflictError, match="merged"):
        home.workbook.save_edit(an_edit(Target=4))
    lines = [row[3:6] for row in home.rows(HISTORY)[1:] if row[3] == "Target"]
    assert lines == [["Target", 5, 4], ["Target", 4, 5]]


def test_what_stands_in_a_row_that_lost_its_id_is_not_called_refused(home: GoogleHome) -> None:
    """Its answer was lost, and a hand has blanked a cell of it and the ID."""
    home.workbook.read()
    home.workbook.save_edit(an_edit("op-0", Current=6))
    calls = home.workbook._edits._calls
    send = calls.batch

    def lose(body: dict[str, Any]) -> dict[str, Any]:
        calls.batch = send  # type: ignore[method-assign]
        send(body)
        home.edit(KEY_RESULTS, "D2", None)
        home.edit(KEY_RESULTS, "A2", None)
        raise RequestFailedError(Trouble.LOST, "no answer")

    calls.batch = lose  # type: ignore[method-assign]
    first: SavedRow | None = None
    with suppress(UnknownOutcomeError):
        first = home.workbook.save_edit(an_edit(Start=9, Target=4))
    again = home.workbook.save_edit(an_edit(Start=9, Target=4))

    assert "does not stand there now" in (first or again).remark
    assert home.row(KEY_RESULTS, 2)[4] == 4
    assert [line[3:6] for line in home.rows(HISTORY)[2:]] == [["Start", 8, 9], ["Target", 5, 4]]


def test_what_was_taken_beside_a_merged_cell_is_told_and_the_rest_too(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit("op-0", Current=6))
    home.before_the_batch(lambda: home.api.human.merge(f"'{KEY_RESULTS}'!D2:E2"))

    saved = home.workbook.save_edit(an_edit(Start=9, Target=4))

    assert [cell.column for cell in saved.written] == ["Start"]
    assert "The rest was not saved" in saved.remark and "merged" in saved.remark
    lines = [row[3:6] for row in home.rows(HISTORY)[1:] if row[3] == "Target"]
    assert lines == [["Target", 5, 4], ["Target", 4, 5]]


def test_what_was_emptied_after_a_lost_answer_is_not_taken_for_a_merge(home: GoogleHome) -> None:
    """Another process had saved the same, and somebody has emptied a cell of it since."""
    home.workbook.save_edit(an_edit("op-0", Current=6))
    home.api.faults.add("status", status=503, path=":batchUpdate")
    home.api.faults.add("status", status=503, path="developerMetadata/", times=None)
    with pytest.raises(UnknownOutcomeError):
        home.workbook.save_edit(an_edit(Start=9, Target=4))
    home.api.faults.clear()
    home.another().save_edit(an_edit(Start=9, Target=4))
    home.edit(KEY_RESULTS, "E2", None)

    saved = home.workbook.save_edit(an_edit(Start=9, Target=4))

    assert "does not stand there now" in saved.remark
    assert [line[3:6] for line in home.rows(HISTORY)[2:]] == [["Start", 8, 9], ["Target", 5, 4]]


def test_what_never_stood_in_its_row_is_written_anew(home: GoogleHome) -> None:
    """Its answer was lost; the cell was merged just then, and is not any more."""
    home.workbook.save_edit(an_edit("op-0", Start=9))
    home.edit(KEY_RESULTS, "F2", None)
    human = home.api.human
    human.before_apply(1, lambda: human.merge(f"'{KEY_RESULTS}'!E2:F2"), path=":batchUpdate")
    home.api.faults.add("reset", applied=True, path=":batchUpdate")
    home.api.faults.add("status", status=503, path="developerMetadata/", times=None)
    reference = RowReference(KEY_RESULTS, "KR-1", ())
    cell = CellEdit("Current", "", 6)
    emptied = EditDraft("op-1", reference, (cell,), "ada@example.com", WHEN)
    with pytest.raises(UnknownOutcomeError):
        home.workbook.save_edit(emptied)
    home.api.faults.clear()
    human.unmerge(f"'{KEY_RESULTS}'!E2:F2")

    saved = home.workbook.save_edit(emptied)

    assert (saved.remark, home.row(KEY_RESULTS, 2)[5]) == ("", 6)


def a_grid(*rows: list[Cell]) -> Grid:
    cells = {n: GridRow(n, tuple(GridCell(one) for one in row)) for n, row in enumerate(rows)}
    columns = {str(name): at for at, name in enumerate(rows[0])}
    return Grid(KEY_RESULTS, 1, KEY_RESULTS, Header(0, columns, {}), cells)


BEFORE = a_grid(["ID", "Key result", "Target", "Current"], ["KR-1", "Cut churn", 5.0, 7.0])


@pytest.mark.parametrize(
    ("now", "given"),
    [
        ([["ID", "Current", "Key result", "Target"], ["KR-1", 6.0, "Cut churn", 6.0]], {3: 5.0}),
        ([["ID", "Current", "Key result", "Target"], ["KR-1", 7.0, "Cut churn", 6.0]], {3: 5.0}),
        ([["ID", "Current", "Key result", "Target"], ["KR-1", 6.0, "Cut churn", 5.0]], None),
        ([["ID", "Key result", "Target", "Current"], ["KR-1", "Cut churn", 6.0, 6.0]], None),
        (
            [["ID", "Key result", "Target", "", "Current"], ["KR-1", "Cut churn", 5.0, 6.0, 6.0]],
            {3: ""},
        ),
    ],
    ids=[
        "also where it was meant",
        "only beside",
        "only where it was meant",
        "nothing moved",
        "a new column",
    ],
)
def test_what_went_under_a_moved_header_is_found_though_the_right_cell_holds_it_too(
    now: list[list[Cell]], given: dict[int, Cell] | None
) -> None:
    target = Target(KR_1, BEFORE.row(1), "KR-1", is_new_id=False)
    grid = a_grid(*now)
    found = beside(Sent(BEFORE, target, 1, (CellEdit("Current", 7.0, 6.0),)), grid)

    back = giving_back(*found, grid) if found else None
    assert (back and {back.column(one): one.wanted for one in back.cells}) == given


BARE: dict[str, list[list[Cell]]] = {
    OBJECTIVES: COMPANY[OBJECTIVES],
    KEY_RESULTS: [
        ["ID", "Objective", "Key result", "Start"],
        ["N-9", "O-1", "Nine"],
        ["N-7", "O-1", "Seven"],
        ["", "O-1", "None"],
    ],
    HISTORY: COMPANY[HISTORY],
}
FLAT: dict[str, list[list[Cell]]] = {
    "Plan": [
        ["Objective", "Key result", "Who", "Base", "Target", "Actual"],
        ["Win", "Cut churn", "Ada", 8, 5, 7],
        ["", "New"],
        ["", "Raise NPS", "Bo", 32, 45, 33],
    ],
}


def an_edit_of_all(row: str | None, title: str, aim: str, **wanted: Cell) -> EditDraft:
    """Draft an edit of each cell that tells a row from others but for its ID."""
    cells = {"Key result": f"{title}!", **wanted}
    return EditDraft(
        "op-1",
        RowReference(KEY_RESULTS, row, (("Key result", title), ("Objective", aim))),
        tuple(
            CellEdit(name, title if name == "Key result" else "", cell)
            for name, cell in cells.items()
        ),
        "ada@example.com",
        WHEN,
    )


@pytest.mark.parametrize("victim", ["Seven", "None"])
def test_another_row_that_differs_by_what_was_sent_is_not_taken_for_the_one_that_was_meant(
    victim: str,
) -> None:
    with google_home({title: [[*row] for row in rows] for title, rows in BARE.items()}) as home:
        workbook, calls = home.workbook, home.workbook._edits._calls
        find, taken = calls.batch, [0]

        def move_at_the_second(body: dict[str, Any]) -> dict[str, Any]:
            taken[0] += 1
            if taken[0] == 2:  # the anchor is made; now a sort leaves it behind
                number = [row[2] for row in home.rows(KEY_RESULTS)].index(victim) + 1
                rows = home.rows(KEY_RESULTS)
                for at, cell in enumerate(rows[1]):
                    home.edit(KEY_RESULTS, f"{'ABC'[at]}{number}", cell)
                for at, cell in enumerate(rows[number - 1]):
                    home.edit(KEY_RESULTS, f"{'ABC'[at]}2", cell)
            return find(body)

        calls.batch = move_at_the_second  # type: ignore[method-assign]
        workbook.save_edit(an_edit_of_all("N-9", "Nine", "O-1", Start=4.0))

        assert sorted(row[:4] for row in home.rows(KEY_RESULTS)[1:]) == sorted(
            [["N-9", "O-1", "Nine!", 4], ["N-7", "O-1", "Seven"], ["", "O-1", "None"]]
        )


def test_a_row_that_is_known_by_its_name_alone_can_be_renamed() -> None:
    with google_home({title: [[*row] for row in rows] for title, rows in FLAT.items()}) as home:
        home.workbook.read()
        saved = home.workbook.save_edit(an_edit_of_all(None, "New", "Win"))

        assert [row[1] for row in home.rows("Plan")[1:]] == [*("Cut churn", "New!", "Raise NPS")]
        assert (saved.remark, saved.was_there) == ("", False)
        assert len(home.rows(HISTORY)) == 2


def test_a_renamed_row_that_could_not_be_looked_at_is_told_at_the_next_try() -> None:
    with google_home({title: [[*row] for row in rows] for title, rows in FLAT.items()}) as home:
        home.workbook.read()
        placer = home.workbook._edits._placer
        look = placer._look
        placer._look = lambda grid: None
        with pytest.raises(UnknownOutcomeError):
            home.workbook.save_edit(an_edit_of_all(None, "New", "Win"))
        placer._look = look

        assert home.workbook.save_edit(an_edit_of_all(None, "New", "Win")).remark == ""
        assert [row[1] for row in home.rows("Plan")[1:]] == [*("Cut churn", "New!", "Raise NPS")]
        assert len(home.rows(HISTORY)) == 2
