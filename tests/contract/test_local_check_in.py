"""Saving a check-in to an .xlsx file: what is written, where, and all that stays as it was."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from okr.workbooks.interface import RefusedError
from okr.workbooks.local import LocalWorkbook
from okr.workbooks.xlsx_writing import write_workbook
from tests.contract.local_fixtures import (
    NOON,
    a_draft,
    edit_part,
    parts,
    rich_workbook,
    rows,
    tab_rows,
)
from tests.processes import run_side_by_side

KEY_RESULTS = "xl/worksheets/sheet2.xml"
CHECK_INS = "xl/worksheets/sheet3.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return rich_workbook(tmp_path / "OKRs.xlsx")


def test_a_check_in_is_a_row_a_line_of_history_and_a_mirror(path: Path) -> None:
    saved = LocalWorkbook(path).save_check_in(a_draft())

    by = "bo@example.com"
    row = [saved.id, NOON, "KR-1", 0.07, 0.8, "=1+1 is text", by]
    assert rows(path, "Check-ins")[2:] == [row]
    assert rows(path, "_History")[1:] == [
        [NOON, "KR-1", "Key results", "Current", 0.08, 0.07, by, "board"],
        [NOON, "KR-1", "Key results", "Confidence", 0.5, 0.8, by, "board"],
    ]
    assert rows(path, "Key results")[1][4:6] == [0.07, 0.8]
    assert (saved.is_mirrored, saved.was_there, saved.remark) == (True, False, "")


def test_every_other_part_stays_byte_for_byte(path: Path) -> None:
    workbook = LocalWorkbook(path)
    workbook.save_check_in(a_draft())  # adds the tab of the history
    before = parts(path)
    workbook.save_check_in(a_draft(operation="op-2"))
    after = parts(path)

    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {CHECK_INS, "xl/worksheets/sheet5.xml", "xl/tables/table1.xml"}


def test_a_tab_is_changed_in_the_named_cells_alone(path: Path) -> None:
    before = parts(path)[KEY_RESULTS].decode()
    LocalWorkbook(path).save_check_in(a_draft())
    after = parts(path)[KEY_RESULTS].decode()

    start, end = before.index('<row r="2"'), before.index('<row r="3"')
    assert (after[:start], after[after.index('<row r="3"') :]) == (before[:start], before[end:])


def test_formulas_keep_their_values_and_cells_their_looks(path: Path) -> None:
    LocalWorkbook(path).save_check_in(a_draft())

    sheet = load_workbook(path)["Key results"]
    assert (sheet["E3"].value, sheet["E2"].number_format) == ("=40+2", "0.0%")
    assert sheet["E2"].fill.fgColor.rgb == "00FFEE99"
    assert load_workbook(path, data_only=True)["Key results"]["E3"].value == 42
    assert load_workbook(path).calculation.fullCalcOnLoad


def test_what_people_put_beside_their_cells_is_still_there(path: Path) -> None:
    LocalWorkbook(path).save_check_in(a_draft())

    book = load_workbook(path)
    sheet = book["Key results"]
    assert sheet["A2"].comment is not None and sheet["A2"].comment.text == "Ask Anna"
    assert len(sheet.data_validations.dataValidation) == len(sheet.conditional_formatting) == 1
    assert sheet.freeze_panes == "B2" and "E5:F5" in sheet.merged_cells
    assert list(book.defined_names) == ["Budget"]
    assert len(book["Marketing plan"]._charts) == 1  # type: ignore[attr-defined]


def test_a_table_grows_by_the_new_row(path: Path) -> None:
    LocalWorkbook(path).save_check_in(a_draft())

    table = load_workbook(path)["Check-ins"].tables["Updates"]
    assert (table.ref, table.autoFilter.ref) == ("A1:G3", "A1:G3")


def test_what_is_told_of_it_is_what_a_reading_gives(path: Path) -> None:
    workbook = LocalWorkbook(path)
    saved = workbook.save_check_in(a_draft())

    header, *_, last = tab_rows(workbook.read(), "Check-ins")
    assert dict(zip(header, last, strict=True)) == dict(saved.cells)


def test_values_and_moments_have_their_formats(path: Path) -> None:
    LocalWorkbook(path).save_check_in(a_draft())

    sheet = load_workbook(path)["Check-ins"]
    formats = [sheet.cell(3, column).number_format for column in (2, 4, 5)]
    assert formats == ["yyyy-mm-dd hh:mm", "0.0%", "0%"]


def test_styles_are_added_once(path: Path) -> None:
    workbook = LocalWorkbook(path)
    workbook.save_check_in(a_draft())
    once = parts(path)["xl/styles.xml"]
    workbook.save_check_in(a_draft(operation="op-2"))

    assert parts(path)["xl/styles.xml"] == once


def test_the_same_operation_is_saved_once(path: Path) -> None:
    workbook = LocalWorkbook(path)
    first = workbook.save_check_in(a_draft())
    content = path.read_bytes()
    again = LocalWorkbook(path).save_check_in(a_draft())

    assert (again.id, again.was_there, again.is_mirrored) == (first.id, True, True)
    assert dict(again.cells) == dict(first.cells)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("key_result", "row", "before", "remark"),
    [
        pytest.param("KR-2", 2, "=40+2", "Current holds a formula", id="a formula"),
        pytest.param("KR-4", 4, 7, "Current is merged with others", id="merged"),
        pytest.param("KR-5", 5, "=1/0", "Current holds an error", id="an error"),
    ],
)
def test_a_cell_that_must_not_be_written_is_left(
    path: Path, key_result: str, row: int, before: object, remark: str
) -> None:
    saved = LocalWorkbook(path).save_check_in(a_draft(key_result))

    assert rows(path, "Key results")[row][4] == before
    assert rows(path, "Check-ins")[-1][2:4] == [key_result, 0.07]
    assert (saved.is_mirrored, saved.remark.startswith(remark)) == (False, True)


def test_a_protected_tab_is_left(path: Path) -> None:
    def protect(part: str) -> str:
        return part.replace("</sheetData>", '</sheetData><sheetProtection sheet="1"/>')

    edit_part(path, KEY_RESULTS, protect)
    saved = LocalWorkbook(path).save_check_in(a_draft())

    assert "Current is on a protected tab" in saved.remark
    assert rows(path, "Key results")[1][4] == 0.08


def test_a_check_in_older_than_the_newest_does_not_change_current(path: Path) -> None:
    saved = LocalWorkbook(path).save_check_in(a_draft(when=datetime(2026, 5, 1, 9, 0)))

    assert rows(path, "Key results")[1][4] == 0.08
    assert saved.remark.startswith("A newer check-in is there")


def test_the_newest_is_told_by_the_clock_of_the_workbook(path: Path) -> None:
    ahead = datetime.now().replace(microsecond=0) + timedelta(hours=14)
    workbook = LocalWorkbook(path)
    workbook.save_check_in(a_draft(value=0.09, when=ahead, operation="op-2"))

    late = a_draft(when=ahead - timedelta(days=2), written=ahead + timedelta(minutes=1))
    saved = workbook.save_check_in(late)

    assert rows(path, "Key results")[1][4] == 0.09
    assert saved.remark.startswith("A newer check-in is there")


def test_without_a_value_current_stays(path: Path) -> None:
    saved = LocalWorkbook(path).save_check_in(a_draft(value=None, confidence=None))

    assert rows(path, "Key results")[1][4:6] == [0.08, 0.5]
    assert rows(path, "Check-ins")[-1][3:5] == [None, None]
    assert saved.is_mirrored


SHIP_IT = (("Key result", "Ship it"), ("Objective", "O-1"))


def test_a_row_without_an_id_is_known_by_its_content_and_given_one(path: Path) -> None:
    saved = LocalWorkbook(path).save_check_in(a_draft(None, content=SHIP_IT, value=True))

    row = rows(path, "Key results")[3]
    assert row[2:6] == [saved.key_result_id, "kept", True, 0.8]
    assert saved.key_result_id.startswith("KR-") and len(saved.key_result_id) == 7
    assert rows(path, "Check-ins")[-1][2] == saved.key_result_id


def test_two_people_who_save_to_a_row_without_an_id_mean_the_same_row(path: Path) -> None:
    one, two = LocalWorkbook(path), LocalWorkbook(path)
    first = one.save_check_in(a_draft(None, content=SHIP_IT, value=True))
    second = two.save_check_in(a_draft(None, content=SHIP_IT, value=False, operation="op-2"))

    assert first.key_result_id == second.key_result_id


def test_a_sheet_without_a_column_of_ids_is_given_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(
        path,
        {
            "Objectives": [["Objective"], ["Win"]],
            "Key results": [["Objective", "KR", "Now"], ["Win", "Ship it", 1]],
        },
    )
    draft = a_draft(None, content=(("Key result", "Ship it"), ("Objective", "Win")), value=2.0)
    saved = LocalWorkbook(path).save_check_in(draft)

    assert rows(path, "Key results") == [
        ["Objective", "KR", "Now", "ID"],
        ["Win", "Ship it", 2, saved.key_result_id],
    ]
    assert load_workbook(path).sheetnames == ["Objectives", "Key results", "Check-ins", "_History"]


def test_columns_that_a_tab_of_check_ins_lacks_are_added_at_its_right(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(
        path,
        {
            "Objectives": [["ID", "Objective"], ["O-1", "Win"]],
            "Key results": [["ID", "Objective", "KR"], ["KR-1", "O-1", "Ship it"]],
            "Updates": [["Date", "KR", "Mood"], [NOON, "KR-1", "fine"]],
        },
    )
    saved = LocalWorkbook(path).save_check_in(a_draft())

    header, _, last = rows(path, "Updates")
    assert header == ["Date", "KR", "Mood", "Value", "Confidence", "Note", "By", "ID"]
    assert last == [NOON, "KR-1", None, 0.07, 0.8, "=1+1 is text", "bo@example.com", saved.id]


def a_prefilled_workbook(path: Path, formula_in: str) -> Path:
    """Make a tab of check-ins in which a formula has been filled down beyond the data."""
    book = Workbook()
    for row in (["ID", "Objective", "Key result"], ["KR-1", "O-1", "Ship it"]):
        book.worksheets[0].append(row)
    book.worksheets[0].title = "Key results"
    sheet = book.create_sheet("Check-ins")
    sheet.append(["When", "Key result", "Value", "Note", "By", "ID", "Week"])
    for row_number in (2, 3, 4):
        sheet[f"{formula_in}{row_number}"] = f'=IF(A{row_number}="","",1)'
    book.save(path)
    return path


def test_formulas_filled_down_beside_are_kept(tmp_path: Path) -> None:
    path = a_prefilled_workbook(tmp_path / "a.xlsx", "G")
    saved = LocalWorkbook(path).save_check_in(a_draft())

    row = rows(path, "Check-ins")[1]
    assert (row[5], row[6], row[7]) == (saved.id, '=IF(A2="","",1)', 0.8)


def test_formulas_filled_down_where_a_row_would_stand_are_passed_by(tmp_path: Path) -> None:
    path = a_prefilled_workbook(tmp_path / "a.xlsx", "C")
    saved = LocalWorkbook(path).save_check_in(a_draft())

    found = rows(path, "Check-ins")
    assert [row[2] for row in found[1:4]] == [f'=IF(A{n}="","",1)' for n in (2, 3, 4)]
    assert found[4][5] == saved.id


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("=HYPERLINK(1)", id="formula"),
        pytest.param(" <b>&amp;\"'</b> ]]> ", id="markup"),
        pytest.param("two\nlines\tand a tab", id="white space"),
        pytest.param("_x0041_ stays", id="looks like an escape"),
        pytest.param("😀 日本語 ‏עברית", id="far scripts"),
        pytest.param("007", id="digits"),
    ],
)
def test_text_comes_back_as_it_was_typed(path: Path, text: str) -> None:
    workbook = LocalWorkbook(path)
    saved = workbook.save_check_in(a_draft(note=text))

    assert tab_rows(workbook.read(), "Check-ins")[-1][5] == text == dict(saved.cells)["Note"]
    assert load_workbook(path)["Check-ins"]["F3"].data_type == "s"


def test_what_xml_cannot_hold_is_left_out(path: Path) -> None:
    workbook = LocalWorkbook(path)
    workbook.save_check_in(a_draft(note="bell\x07 and\r\nhalf \ud83d a pair\ufffe"))

    assert tab_rows(workbook.read(), "Check-ins")[-1][5] == "bell and\nhalf  a pair"


Spoil = Callable[[Path], object]


@pytest.mark.parametrize(
    ("spoil", "changes", "sentence"),
    [
        pytest.param(None, {"note": "x" * 32_768}, "32,768 characters", id="a note too long"),
        pytest.param(None, {"value": float("nan")}, "not a number", id="no number"),
        pytest.param(None, {"key_result": "KR-9"}, "KR-9 is not in “Key results”", id="gone"),
        pytest.param(
            lambda path: edit_part(path, KEY_RESULTS, lambda part: part.replace("KR-2", "KR-1")),
            {},
            "KR-1 stands in “Key results” more than once, in rows 2 and 3",
            id="doubled",
        ),
        pytest.param(
            lambda path: edit_part(
                path,
                CHECK_INS,
                lambda part: (
                    part.replace("<t>When", "<t>W")
                    .replace("<t>Key result<", "<t>K<")
                    .replace("<t>Value", "<t>V")
                    .replace("<t>Confidence", "<t>C")
                    .replace("<t>Note", "<t>N")
                    .replace("<t>By", "<t>B")
                ),
            ),
            {},
            "“Check-ins” has no headers",
            id="headers gone",
        ),
        pytest.param(lambda path: path.chmod(0o444), {}, "is read-only", id="read-only"),
        pytest.param(
            lambda path: (path.parent / f".~lock.{path.name}#").touch(),
            {},
            "is open in LibreOffice",
            id="open in LibreOffice",
        ),
        pytest.param(
            lambda path: (path.parent / f"~${path.name}").touch(),
            {},
            "is open in Excel",
            id="open in Excel",
        ),
        pytest.param(lambda path: path.unlink(), {}, "There is no file", id="no file"),
    ],
)
def test_what_cannot_be_saved_is_refused_and_nothing_changes(
    path: Path, spoil: Spoil | None, changes: dict[str, object], sentence: str
) -> None:
    if spoil:
        spoil(path)
    before = path.read_bytes() if path.exists() else b""
    with pytest.raises(RefusedError, match=f"^Nothing was saved: .*{sentence}"):
        LocalWorkbook(path).save_check_in(a_draft(**changes))

    assert (path.read_bytes() if path.exists() else b"") == before
    assert not list(path.parent.glob("*.tmp"))


def test_a_file_that_changes_at_that_very_moment_is_not_overwritten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = rich_workbook(path.parent / "other.xlsx")
    edit_part(other, KEY_RESULTS, lambda part: part.replace("0.08", "0.01"))
    sync = os.fsync

    def meanwhile(number: int) -> None:
        shutil.copy(other, path)
        sync(number)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(RefusedError, match="changed by another program"):
        LocalWorkbook(path).save_check_in(a_draft())

    assert path.read_bytes() == other.read_bytes()


def test_a_full_disk_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RefusedError, match="No space left on device"):
        LocalWorkbook(path).save_check_in(a_draft())

    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.tmp"))


def test_rights_and_links_stay_as_they_are(path: Path) -> None:
    path.chmod(0o640)
    link = path.parent / "link.xlsx"
    link.symlink_to(path)
    LocalWorkbook(link).save_check_in(a_draft())

    assert link.is_symlink() and path.stat().st_mode & 0o777 == 0o640
    assert len(rows(path, "Check-ins")) == 3


def test_dates_counted_from_1904_are_written_so(path: Path) -> None:
    edit_part(
        path,
        "xl/workbook.xml",
        lambda part: part.replace("<workbookPr/>", '<workbookPr date1904="1"/>'),
    )
    workbook = LocalWorkbook(path)
    saved = workbook.save_check_in(a_draft())

    assert tab_rows(workbook.read(), "Check-ins")[-1][1] == dict(saved.cells)["When"] == 46162.5


def test_a_workbook_whose_xml_has_prefixes_is_written_to(path: Path) -> None:
    import re

    def prefixed(part: str) -> str:
        part = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", part)
        return part.replace("<x:worksheet xmlns=", "<x:worksheet xmlns:x=")

    for name in (KEY_RESULTS, CHECK_INS):
        edit_part(path, name, prefixed)
    workbook = LocalWorkbook(path)
    saved = workbook.save_check_in(a_draft())

    assert tab_rows(workbook.read(), "Check-ins")[-1][0] == saved.id
    assert tab_rows(workbook.read(), "Key results")[1][4] == 0.07
    assert rows(path, "Check-ins")[-1][0] == saved.id


def save_many(path: str, process: int) -> None:
    workbook = LocalWorkbook(path)

    def save(thread: int) -> None:
        for number in range(2):
            own = a_draft(operation=f"{process}-{thread}-{number}", value=float(thread))
            shared = replace(own, operation=f"shared-{thread}")
            workbook.save_check_in(own)
            workbook.save_check_in(shared)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(save, range(10)))


def test_ten_threads_in_each_of_two_processes_lose_nothing_and_double_nothing(path: Path) -> None:
    assert run_side_by_side(save_many, [(str(path), one) for one in range(2)]) == [0, 0]
    ids = [row[0] for row in rows(path, "Check-ins")[2:]]
    assert len(ids) == len(set(ids)) == 2 * 10 * 2 + 10
    told = [row for row in rows(path, "_History")[1:] if row[3] in ("Current", "Value")]
    assert len(told) == len(ids)
