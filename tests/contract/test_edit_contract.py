"""What the board may expect of edits and new rows, whichever home the workbook lives in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from okr.columns import HISTORY, KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.workbooks.editing import Found, give_way, insist, plan_edit, undo_of
from okr.workbooks.interface import (
    CellEdit,
    Conflict,
    ConflictError,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
)
from tests.contract.google_fixtures import COMPANY, WHEN, WHEN_SERIAL, draft
from tests.contract.test_workbook_contract import HOMES, Home, MakeHome

BY = "ada@example.com"
WIDE: dict[str, list[list[Cell]]] = {
    OBJECTIVES: [
        ["ID", "Cycle", "Team", "Objective", "State"],
        ["O-1", "2026-Q2", "Growth", "Customers stay", ""],
        ["", "2026-Q2", "Growth", "Customers come", "draft"],
    ],
    KEY_RESULTS: [
        ["ID", "Objective", "Key result", "Start", "Target", "Current", "Due", "State", "Ours"],
        ["KR-1", "O-1", "Cut churn", 8, 5, 7, "", "", "kept"],
        ["KR-2", "O-1", "Answer within a day", 40, 90, "", "", "active", "kept"],
        ["", "O-1", "Raise NPS", 32, 45, 33, "", "", "kept"],
    ],
    HISTORY: COMPANY[HISTORY],
}


@pytest.fixture(params=HOMES)
def a_home(request: pytest.FixtureRequest, tmp_path: Path) -> MakeHome:
    make = HOMES[request.param]
    return lambda tabs: make(tabs, tmp_path)


@pytest.fixture
def home(a_home: MakeHome) -> Iterator[Home]:
    with a_home(WIDE) as made:
        yield made


def an_edit(*cells: tuple[str, Cell, Cell], row: str | None = "KR-1", **changes: Any) -> EditDraft:
    """Draft an edit; a test names only what matters to it."""
    content = changes.pop("content", (("Key result", "Cut churn"), ("Objective", "O-1")))
    tab = changes.pop("tab", KEY_RESULTS)
    edits = tuple(CellEdit(*cell) for cell in cells or (("Target", 5.0, 4.0),))
    said = {"operation": "op-1", "by": BY, "when": WHEN, **changes}
    return EditDraft(row=RowReference(tab, row, content), cells=edits, **said)


def a_row(*cells: tuple[str, Cell], tab: str = KEY_RESULTS, **changes: Any) -> RowDraft:
    said = {"operation": "op-1", "by": BY, "when": WHEN, **changes}
    return RowDraft(tab=tab, cells=cells, **said)


NEW = (("Objective", "O-1"), ("Key result", "Win back 20"), ("Target", 20.0))


def told(home: Home) -> list[list[Cell]]:
    """Give what ``_History`` tells, without its moments."""
    return [row[1:] for row in home.rows(HISTORY)[1:]]


# ---------------------------------------------------------------- edits


def test_an_edit_is_its_cells_and_a_line_of_history_each(home: Home) -> None:
    saved = home.workbook.save_edit(an_edit(("Target", 5.0, 4.5), ("State", "", "draft")))

    assert home.rows(KEY_RESULTS)[1] == [
        *("KR-1", "O-1", "Cut churn", 8.0, 4.5, 7.0, "", "draft", "kept")
    ]
    assert told(home) == [
        ["KR-1", KEY_RESULTS, "Target", 5.0, 4.5, BY, "board"],
        ["KR-1", KEY_RESULTS, "State", "", "draft", BY, "board"],
    ]
    assert home.rows(HISTORY)[1][0] == pytest.approx(WHEN_SERIAL, abs=1e-6)
    assert saved.row_id == "KR-1" and not saved.was_there
    assert saved.written == (CellEdit("Target", 5.0, 4.5), CellEdit("State", "", "draft"))


def test_an_edit_touches_nothing_else(home: Home) -> None:
    before = home.rows(KEY_RESULTS)
    home.workbook.save_edit(an_edit())
    after = home.rows(KEY_RESULTS)

    before[1][4] = 4.0
    assert after == before
    assert home.rows(OBJECTIVES) == [[*row] for row in _trimmed(WIDE[OBJECTIVES])]


def _trimmed(rows: list[list[Cell]]) -> list[list[Cell]]:
    return [row[: max(at + 1 for at, cell in enumerate(row) if cell != "")] for row in rows]


def test_an_objective_can_be_edited_too(home: Home) -> None:
    edit = an_edit(("Objective", "Customers stay", "Customers love us"), row="O-1", tab=OBJECTIVES)
    saved = home.workbook.save_edit(edit)

    assert home.rows(OBJECTIVES)[1][3] == "Customers love us"
    assert told(home)[0][:3] == ["O-1", OBJECTIVES, "Objective"]
    assert saved.row_id == "O-1"


def test_what_has_changed_meanwhile_is_a_conflict_and_nothing_is_written(home: Home) -> None:
    home.edit(KEY_RESULTS, "E2", 6)
    with pytest.raises(ConflictError, match=r"Target in Key results!E2 .*from 5 to 6") as caught:
        home.workbook.save_edit(an_edit(("Target", 5.0, 4.0), ("State", "", "draft")))

    [conflict] = caught.value.conflicts
    assert (conflict.column, conflict.cell) == ("Target", "Key results!E2")
    assert (conflict.seen, conflict.found, conflict.wanted) == (5.0, 6.0, 4.0)
    assert home.rows(KEY_RESULTS)[1][4] == 6.0
    assert home.rows(KEY_RESULTS)[1][7] == ""
    assert told(home) == []


def test_a_conflict_tells_days_as_days() -> None:
    conflict = Conflict("Due", "Key results!J2", 46377.0, 46378.0, "", "")
    draft = an_edit(("Due", 46377.0, ""))
    with pytest.raises(ConflictError, match="from 2026-12-21 to 2026-12-22, and you want blank"):
        plan_edit(draft, lambda _: Found(conflict.found, conflict.cell, ""))


def test_whoever_has_seen_a_conflict_chooses(home: Home) -> None:
    home.edit(KEY_RESULTS, "E2", 6)
    edit = an_edit(("Target", 5.0, 4.0), ("State", "", "draft"))
    with pytest.raises(ConflictError) as caught:
        home.workbook.save_edit(edit)

    theirs = give_way(edit, caught.value.conflicts)
    assert theirs is not None and [cell.column for cell in theirs.cells] == ["State"]
    home.workbook.save_edit(insist(edit, caught.value.conflicts))
    assert home.rows(KEY_RESULTS)[1][4] == 4.0
    assert told(home)[0][3:5] == [6.0, 4.0]


def test_what_is_already_as_wanted_is_nothing_to_do(home: Home) -> None:
    home.edit(KEY_RESULTS, "E2", 4)
    saved = home.workbook.save_edit(an_edit())

    assert (saved.written, saved.row_id, told(home)) == ((), "KR-1", [])


@pytest.mark.parametrize(
    ("formula", "words"),
    [pytest.param("=2+3", "holds a formula", id="formula")],
)
def test_a_cell_that_must_not_be_written_is_a_conflict(
    home: Home, formula: str, words: str
) -> None:
    home.edit(KEY_RESULTS, "E2", formula)
    with pytest.raises(ConflictError, match=words) as caught:
        home.workbook.save_edit(an_edit())

    assert caught.value.conflicts[0].obstacle == words
    assert told(home) == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "@x", "007", "1/2", "TRUE", "'quoted", "a\nb"])
def test_what_people_type_stays_text(home: Home, text: str) -> None:
    home.workbook.save_edit(an_edit(("Key result", "Cut churn", text)))

    assert home.rows(KEY_RESULTS)[1][2] == text


@pytest.mark.parametrize("value", [True, False, 0.0, -1.5, 46203.0])
def test_a_value_is_of_its_kind(home: Home, value: Cell) -> None:
    home.workbook.save_edit(an_edit(("Current", 7.0, value)))

    found = home.rows(KEY_RESULTS)[1][5]
    assert (found, type(found)) == (value, type(value))


def test_a_cell_can_be_emptied(home: Home) -> None:
    home.workbook.save_edit(an_edit(("Current", 7.0, "")))

    assert home.rows(KEY_RESULTS)[1][5] == ""


def test_a_row_without_an_id_is_found_by_its_content_and_given_one(home: Home) -> None:
    content = (("Key result", "Raise NPS"), ("Objective", "O-1"))
    saved = home.workbook.save_edit(an_edit(("Target", 45.0, 50.0), row=None, content=content))

    assert home.rows(KEY_RESULTS)[3][:5] == [saved.row_id, "O-1", "Raise NPS", 32.0, 50.0]
    assert saved.row_id.startswith("KR-") and len(saved.row_id) == 7
    assert told(home) == [
        [saved.row_id, KEY_RESULTS, "ID", "", saved.row_id, BY, "board"],
        [saved.row_id, KEY_RESULTS, "Target", 45.0, 50.0, BY, "board"],
    ]
    assert saved.written == (CellEdit("Target", 45.0, 50.0),)


def test_a_row_without_an_id_can_be_renamed(home: Home) -> None:
    content = (("Objective", "Customers come"), ("Team", "Growth"), ("Cycle", "2026-Q2"))
    edit = an_edit(
        ("Objective", "Customers come", "Come they do"), row=None, tab=OBJECTIVES, content=content
    )
    saved = home.workbook.save_edit(edit)
    again = home.workbook.save_edit(edit)

    assert home.rows(OBJECTIVES)[2][3] == "Come they do"
    assert saved.row_id.startswith("O-")
    assert (again.row_id, again.was_there) == (saved.row_id, True)
    assert len(told(home)) == 2


def test_the_same_operation_never_writes_twice(home: Home) -> None:
    first = home.workbook.save_edit(an_edit())
    home.edit(KEY_RESULTS, "E2", 5)
    again = home.workbook.save_edit(an_edit())
    elsewhere = home.another().save_edit(an_edit())

    assert home.rows(KEY_RESULTS)[1][4] == 5.0
    assert [again.was_there, elsewhere.was_there] == [True, True]
    assert first.written == again.written == elsewhere.written
    assert len(told(home)) == 1


def test_an_edit_can_be_undone_and_done_again(home: Home) -> None:
    saved = home.workbook.save_edit(an_edit(("Target", 5.0, 4.0), ("Due", "", 46203.0)))
    back = undo_of(saved, operation="op-2", by=BY, when=WHEN + timedelta(minutes=1))
    undone = home.workbook.save_edit(back)

    assert home.rows(KEY_RESULTS)[1][4:7] == [5.0, 7.0, ""]
    again = undo_of(undone, operation="op-3", by=BY, when=WHEN + timedelta(minutes=2))
    home.workbook.save_edit(again)
    assert home.rows(KEY_RESULTS)[1][4:7] == [4.0, 7.0, 46203.0]
    assert len(told(home)) == 6


def test_an_undo_never_undoes_what_others_did_since(home: Home) -> None:
    saved = home.workbook.save_edit(an_edit())
    home.edit(KEY_RESULTS, "E2", 3)
    with pytest.raises(ConflictError):
        home.workbook.save_edit(undo_of(saved, operation="op-2", by=BY, when=WHEN))

    assert home.rows(KEY_RESULTS)[1][4] == 3.0


def test_a_key_result_moves_to_another_objective(home: Home) -> None:
    home.workbook.save_edit(an_edit(("Objective", "O-1", "Customers come")))

    assert home.rows(KEY_RESULTS)[1][1] == "Customers come"


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        pytest.param(an_edit(row="KR-404"), "KR-404 is not in “Key results” any more", id="gone"),
        pytest.param(an_edit(("ID", "KR-1", "KR-7")), "does not change “ID”", id="ID"),
        pytest.param(an_edit(("Ours", "kept", "x")), "does not change “Ours”", id="foreign"),
        pytest.param(an_edit(("Cycle", "", "x"), tab="Cycles"), "change “Cycles”", id="tab"),
        pytest.param(an_edit(("Key result", "Cut churn", " ")), "is empty", id="no title"),
        pytest.param(an_edit(("Target", 5.0, float("nan"))), "not a number", id="NaN"),
        pytest.param(an_edit(("Target", 5.0, float("inf"))), "not a number", id="infinite"),
        pytest.param(an_edit(("Owner", "", "x" * 60_000)), "60,000 characters", id="long"),
        pytest.param(
            an_edit(("Target", 5.0, 1.0), ("Target", 5.0, 2.0)), "named twice", id="twice"
        ),
    ],
)
def test_what_cannot_be_saved_is_refused(home: Home, edit: EditDraft, message: str) -> None:
    before = home.rows(KEY_RESULTS)
    with pytest.raises(RefusedError, match=message):
        home.workbook.save_edit(edit)

    assert home.rows(KEY_RESULTS) == before
    assert told(home) == []


def test_a_doubled_id_is_refused(home: Home) -> None:
    home.edit(KEY_RESULTS, "A3", "KR-1")
    with pytest.raises(RefusedError, match="KR-1 stands in “Key results” more than once"):
        home.workbook.save_edit(an_edit())


def test_columns_and_tabs_go_by_their_names(a_home: MakeHome) -> None:
    tabs: dict[str, list[list[Cell]]] = {
        "Objectives": WIDE[OBJECTIVES],
        "KRs": [
            ["Actual", "Ours", "Goal value", "KR", "Objective", "To", "Key"],
            [7, "mine", 1, "Cut churn", "O-1", 5, "KR-1"],
        ],
    }
    with a_home(tabs) as home:
        home.workbook.save_edit(an_edit(("Target", 5.0, 4.0), tab="KRs"))

        assert home.rows("KRs")[1] == [7.0, "mine", 1.0, "Cut churn", "O-1", 4.0, "KR-1"]
        assert told(home) == [["KR-1", KEY_RESULTS, "Target", 5.0, 4.0, BY, "board"]]


def test_nothing_is_lost_when_several_edit_at_once(home: Home) -> None:
    workbooks = [home.workbook, home.another()]
    edits = [
        an_edit(("Start", 8.0, 9.0), operation="a"),
        an_edit(("Target", 5.0, 4.0), operation="b"),
        an_edit(("Current", 7.0, 6.0), operation="c"),
        an_edit(("Start", 40.0, 41.0), row="KR-2", operation="d"),
        an_edit(("Target", 90.0, 95.0), row="KR-2", operation="e"),
        an_edit(("State", "active", "dropped"), row="KR-2", operation="f"),
    ]
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(workbooks[n % 2].save_edit, one) for n, one in enumerate(edits)]
        assert not any(job.result().was_there for job in jobs)

    rows = home.rows(KEY_RESULTS)
    assert rows[1][3:6] == [9.0, 4.0, 6.0]
    assert (rows[2][3:5], rows[2][7]) == ([41.0, 95.0], "dropped")
    assert len(told(home)) == 6


def test_of_two_who_change_one_cell_one_is_told(home: Home) -> None:
    workbooks = [home.workbook, home.another()]
    edits = [an_edit(("Target", 5.0, float(n)), operation=f"op-{n}") for n in (3, 4)]
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(workbook.save_edit, one)
            for workbook, one in zip(workbooks, edits, strict=True)
        ]
        errors = [job.exception() for job in jobs]

    assert sorted(type(error).__name__ for error in errors) == ["ConflictError", "NoneType"]
    [line] = told(home)
    assert line[3:5] == [5.0, home.rows(KEY_RESULTS)[1][4]]


# ---------------------------------------------------------------- new rows


def test_a_new_row_is_appended_with_an_id(home: Home) -> None:
    saved = home.workbook.add_row(a_row(*NEW))

    assert saved.row_id.startswith("KR-") and len(saved.row_id) == 7
    assert home.rows(KEY_RESULTS)[4] == [saved.row_id, "O-1", "Win back 20", "", 20.0]
    assert told(home) == [[saved.row_id, KEY_RESULTS, "ID", "", saved.row_id, BY, "board"]]
    assert saved.written == (
        CellEdit("ID", "", saved.row_id),
        *(CellEdit(column, "", cell) for column, cell in NEW),
    )


def test_an_objective_is_appended_too(home: Home) -> None:
    saved = home.workbook.add_row(a_row(("Objective", "=Grow"), tab=OBJECTIVES))

    assert home.rows(OBJECTIVES)[3] == [saved.row_id, "", "", "=Grow"]
    assert saved.row_id.startswith("O-")


def test_a_row_is_added_once(home: Home) -> None:
    first = home.workbook.add_row(a_row(*NEW))
    again = home.workbook.add_row(a_row(*NEW))
    elsewhere = home.another().add_row(a_row(*NEW))
    other = home.workbook.add_row(a_row(*NEW, operation="op-2"))

    assert first.row_id == again.row_id == elsewhere.row_id != other.row_id
    assert [one.was_there for one in (first, again, elsewhere, other)] == [False, True, True, False]
    assert len(home.rows(KEY_RESULTS)) == 6


def test_a_row_that_somebody_deleted_does_not_come_back(home: Home) -> None:
    first = home.workbook.add_row(a_row(*NEW))
    for column in "ABCDE":
        home.edit(KEY_RESULTS, f"{column}5", "")
    again = home.another().add_row(a_row(*NEW))

    assert (again.row_id, again.was_there) == (first.row_id, True)
    assert not any("Win back 20" in row for row in home.rows(KEY_RESULTS))


def test_taking_back_a_new_row_drops_it(home: Home) -> None:
    saved = home.workbook.add_row(a_row(*NEW))
    home.workbook.save_edit(undo_of(saved, operation="op-2", by=BY, when=WHEN))

    assert home.rows(KEY_RESULTS)[4][7] == "dropped"
    assert home.rows(KEY_RESULTS)[4][2] == "Win back 20"


def test_a_new_row_can_be_edited_at_once(home: Home) -> None:
    saved = home.workbook.add_row(a_row(*NEW))
    home.workbook.save_edit(an_edit(("Target", 20.0, 25.0), row=saved.row_id, operation="op-2"))

    assert home.rows(KEY_RESULTS)[4][4] == 25.0


def test_many_new_rows_at_once_are_all_there(home: Home) -> None:
    workbooks = [home.workbook, home.another()]
    rows = [
        a_row(("Objective", "O-1"), ("Key result", f"New {n}"), operation=f"op-{n}")
        for n in range(12)
    ]
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(workbooks[n % 2].add_row, one) for n, one in enumerate(rows)]
        ids = {job.result().row_id for job in jobs}

    found = home.rows(KEY_RESULTS)[4:]
    assert {row[0] for row in found} == ids and len(ids) == 12
    assert sorted(str(row[2]) for row in found) == sorted(f"New {n}" for n in range(12))
    assert len(told(home)) == 12


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param(a_row(("Objective", "O-1")), "Key result is empty", id="no title"),
        pytest.param(a_row(*NEW, ("ID", "KR-9")), "does not change “ID”", id="own ID"),
        pytest.param(a_row(("Team", "Growth"), tab="Teams"), "change “Teams”", id="tab"),
        pytest.param(a_row(*NEW, ("Owner", "x" * 60_000)), "60,000 characters", id="long"),
    ],
)
def test_a_row_that_cannot_be_added_is_refused(home: Home, row: RowDraft, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        home.workbook.add_row(row)

    assert len(home.rows(KEY_RESULTS)) == 4
    assert told(home) == []


def test_the_history_is_made_at_first_need(a_home: MakeHome) -> None:
    with a_home({name: WIDE[name] for name in (OBJECTIVES, KEY_RESULTS)}) as home:
        home.workbook.save_edit(an_edit(("Target", 5.0, 4.0), ("State", "", "draft")))
        home.workbook.add_row(a_row(*NEW, operation="op-2"))

        assert home.rows(HISTORY)[0] == COMPANY[HISTORY][0]
        assert len(told(home)) == 3


# ---------------------------------------------------------------- check-ins beside them


def test_a_check_in_that_nothing_mirrors_names_itself_in_history(home: Home) -> None:
    home.edit(KEY_RESULTS, "F2", "=3+4")
    saved = home.workbook.save_check_in(draft(confidence=None))

    assert told(home) == [[saved.id, "Check-ins", "Value", "", 6.5, BY, "board"]]


def test_the_id_that_a_check_in_gives_is_told(home: Home) -> None:
    saved = home.workbook.save_check_in(draft(None, 35.0, None, title="Raise NPS"))

    own = saved.key_result_id
    assert told(home) == [
        [own, KEY_RESULTS, "ID", "", own, BY, "board"],
        [own, KEY_RESULTS, "Current", 33.0, 35.0, BY, "board"],
    ]
