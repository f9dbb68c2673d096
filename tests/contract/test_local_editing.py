"""Editing an .xlsx file: what is written, where, and all that stays as it was."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from okr.model import Cell
from okr.workbooks.interface import (
    CellEdit,
    ConflictError,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
)
from okr.workbooks.local import LocalWorkbook
from tests.contract.local_fixtures import NOON, a_draft, edit_part, parts, rich_workbook, rows
from tests.processes import run_side_by_side

KEY_RESULTS = "xl/worksheets/sheet2.xml"
BY = "bo@example.com"
JULY = 46204.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return rich_workbook(tmp_path / "OKRs.xlsx")


def an_edit(*cells: tuple[str, Cell, Cell], row: str = "KR-1", **changes: Any) -> EditDraft:
    edits = tuple(CellEdit(*cell) for cell in cells or (("Target", 0.05, 0.04),))
    said = {"operation": "op-1", "by": BY, "when": NOON, **changes}
    return EditDraft(row=RowReference("Key results", row, ()), cells=edits, **said)


def a_row(*cells: tuple[str, Cell], **changes: Any) -> RowDraft:
    said = {"operation": "op-1", "by": BY, "when": NOON, **changes}
    filled = cells or (("Objective", "O-1"), ("Key result", "=New"), ("Target", 9.0))
    return RowDraft(tab="Key results", cells=filled, **said)


def test_a_tab_is_changed_in_the_named_cells_alone(path: Path) -> None:
    before = parts(path)[KEY_RESULTS].decode()
    LocalWorkbook(path).save_edit(an_edit())
    after = parts(path)[KEY_RESULTS].decode()

    start, end = before.index('<row r="2"'), before.index('<row r="3"')
    assert (after[:start], after[after.index('<row r="3"') :]) == (before[:start], before[end:])
    assert rows(path, "Key results")[1] == [
        *("Cut churn", "O-1", "KR-1", "kept", 0.08, 0.5, 0.04, "decrease")
    ]


def test_every_other_part_stays_byte_for_byte(path: Path) -> None:
    workbook = LocalWorkbook(path)
    workbook.save_edit(an_edit())  # adds the tab of the history
    before = parts(path)
    workbook.save_edit(an_edit(("Target", 0.04, 0.03), operation="op-2"))
    after = parts(path)

    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {KEY_RESULTS, "xl/worksheets/sheet5.xml"}


def test_what_people_put_beside_their_cells_is_still_there(path: Path) -> None:
    LocalWorkbook(path).save_edit(an_edit(("Current", 0.08, 0.07)))
    LocalWorkbook(path).add_row(a_row(operation="op-2"))

    book = load_workbook(path)
    sheet = book["Key results"]
    assert sheet["A2"].comment is not None and sheet["A2"].comment.text == "Ask Anna"
    assert (sheet["E2"].value, sheet["E2"].number_format) == (0.07, "0.0%")
    assert sheet["E2"].fill.fgColor.rgb == "00FFEE99"
    assert (sheet["E3"].value, sheet["E6"].value) == ("=40+2", "=1/0")
    assert load_workbook(path, data_only=True)["Key results"]["E3"].value == 42
    assert len(sheet.data_validations.dataValidation) == len(sheet.conditional_formatting) == 1
    assert sheet.freeze_panes == "B2" and "E5:F5" in sheet.merged_cells
    assert list(book.defined_names) == ["Budget"]
    assert len(book["Marketing plan"]._charts) == 1  # type: ignore[attr-defined]


def test_an_edit_with_nothing_to_do_leaves_the_file_alone(path: Path) -> None:
    content = path.read_bytes()
    saved = LocalWorkbook(path).save_edit(an_edit(("Target", 0.07, 0.05)))

    assert (saved.written, path.read_bytes()) == ((), content)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param("KR-2", "holds a formula", id="a formula"),
        pytest.param("KR-4", "is merged with others", id="merged"),
        pytest.param("KR-5", "holds an error", id="an error"),
    ],
)
def test_a_cell_that_must_not_be_written_is_a_conflict(path: Path, row: str, words: str) -> None:
    content = path.read_bytes()
    with pytest.raises(ConflictError, match=words) as caught:
        LocalWorkbook(path).save_edit(an_edit(("Current", 7.0, 8.0), row=row))

    assert caught.value.conflicts[0].obstacle == words
    assert path.read_bytes() == content


def test_a_protected_tab_is_left(path: Path) -> None:
    edit_part(
        path,
        KEY_RESULTS,
        lambda part: part.replace("</sheetData>", '</sheetData><sheetProtection sheet="1"/>'),
    )
    with pytest.raises(ConflictError, match="is on a protected tab"):
        LocalWorkbook(path).save_edit(an_edit())
    with pytest.raises(ConflictError, match="is on a protected tab"):
        LocalWorkbook(path).save_edit(an_edit(("State", "", "dropped")))
    with pytest.raises(RefusedError, match="a new row of “Key results” is on a protected tab"):
        LocalWorkbook(path).add_row(a_row())


def test_a_missing_column_is_added_at_the_right(path: Path) -> None:
    saved = LocalWorkbook(path).save_edit(an_edit(("State", "", "dropped"), ("Due", "", JULY)))

    found = rows(path, "Key results")
    assert found[0][8:] == ["State", "Due"]
    assert found[1][8:] == ["dropped", datetime(2026, 7, 1)]
    assert load_workbook(path)["Key results"]["J2"].number_format == "yyyy-mm-dd"
    assert [cell.column for cell in saved.written] == ["State", "Due"]


def test_a_day_that_people_formatted_keeps_its_format(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Key results"
    for cells in (["ID", "Objective", "Key result", "Due"], ["KR-1", "O-1", "x", date(2026, 6, 1)]):
        sheet.append(cells)
    sheet["D2"].number_format = "d mmm"
    book.save(path)

    LocalWorkbook(path).save_edit(an_edit(("Due", 46174.0, JULY)))

    cell = load_workbook(path)["Key results"]["D2"]
    assert (cell.value, cell.number_format) == (datetime(2026, 7, 1), "d mmm")


def test_a_workbook_that_counts_from_1904_gets_the_same_day(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    sheet = book.worksheets[0]
    sheet.title = "Key results"
    for cells in (["ID", "Objective", "Key result", "Due"], ["KR-1", "O-1", "x"]):
        sheet.append(cells)
    book.save(path)

    workbook = LocalWorkbook(path)
    workbook.save_edit(an_edit(("Due", "", JULY)))
    saved = workbook.add_row(
        a_row(("Objective", "O-1"), ("Key result", "y"), ("Due", JULY), operation="op-2")
    )

    found = load_workbook(path)["Key results"]
    assert [found["D2"].value, found["D3"].value] == [datetime(2026, 7, 1)] * 2
    [tab] = [tab for tab in workbook.read().tabs if tab.title == "Key results"]
    assert tab.rows[2] == (saved.row_id, "O-1", "y", JULY)


def test_a_new_row_stands_below_the_last_one(path: Path) -> None:
    saved = LocalWorkbook(path).add_row(a_row())

    assert rows(path, "Key results")[6][:3] == ["=New", "O-1", saved.row_id]
    assert rows(path, "_History")[1:] == [
        [NOON, saved.row_id, "Key results", "ID", None, saved.row_id, BY, "board"]
    ]


def test_a_table_grows_by_a_new_row_and_not_by_an_edit(path: Path) -> None:
    book = load_workbook(path)
    from openpyxl.worksheet.table import Table

    book["Objectives"].add_table(Table(displayName="Aims", ref="A1:B2"))
    book.save(path)
    workbook = LocalWorkbook(path)
    edit = an_edit(("Objective", "Win the market", "Win all"), row="O-1")
    workbook.save_edit(
        EditDraft("op-1", RowReference("Objectives", "O-1", ()), edit.cells, BY, NOON)
    )

    assert load_workbook(path)["Objectives"].tables["Aims"].ref == "A1:B2"


def test_control_characters_are_left_out_and_the_edit_is_done_once(path: Path) -> None:
    workbook = LocalWorkbook(path)
    edit = an_edit(("Key result", "Cut churn", "Cut\x07 churn\r\nby half"))
    workbook.save_edit(edit)

    assert rows(path, "Key results")[1][0] == "Cut churn\nby half"
    assert LocalWorkbook(path).save_edit(edit).was_there


def test_an_open_file_is_left_alone(path: Path) -> None:
    (path.parent / f"~${path.name}").touch()
    with pytest.raises(RefusedError, match="is open in Excel"):
        LocalWorkbook(path).save_edit(an_edit())
    with pytest.raises(RefusedError, match="is open in Excel"):
        LocalWorkbook(path).add_row(a_row())


def test_an_operation_is_known_though_its_moment_is_another(path: Path) -> None:
    workbook = LocalWorkbook(path)
    workbook.save_edit(an_edit())
    book = load_workbook(path)
    book["Key results"]["G2"] = 0.05
    book.save(path)
    again = workbook.save_edit(an_edit(when=NOON.replace(second=7)))

    assert again.was_there
    assert rows(path, "Key results")[1][6] == 0.05


def change_many(path: str, number: int) -> None:
    workbook = LocalWorkbook(Path(path))
    for at in range(10):
        workbook.add_row(a_row(operation=f"op {number} {at}"))
        workbook.save_check_in(a_draft("KR-2", operation=f"check-in {number} {at}"))
    done = 0
    while done < 10:  # both count the same cell up, each from what it finds
        [tab] = [tab for tab in workbook.read().tabs if tab.title == "Key results"]
        seen = tab.rows[4][6]
        assert isinstance(seen, float)
        edit = an_edit(
            ("Target", seen, seen + 1),
            row="KR-4",
            operation=f"count {number} {seen}",
            by=f"person {number}",
        )
        try:
            done += len(workbook.save_edit(edit).written)
        except ConflictError:
            continue


def test_two_processes_lose_nothing_and_double_nothing(path: Path) -> None:
    assert run_side_by_side(change_many, [(str(path), one) for one in range(2)]) == [0, 0]
    found = rows(path, "Key results")
    assert found[4][6] == 29  # nine, and ten times up by each
    assert len({row[2] for row in found[6:]}) == len(found[6:]) == 20
    told = rows(path, "_History")[1:]
    counted = [(row[4], row[5]) for row in told if row[3] == "Target"]
    assert counted == [(n, n + 1) for n in range(9, 29)]
