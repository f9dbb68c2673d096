"""A new workbook: laid out for people, exact for programs, whole or not at all."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from okr.workbooks.interface import RefusedError
from okr.workbooks.local import LocalWorkbook
from okr.workbooks.xlsx_writing import write_workbook
from tests.contract.local_fixtures import tab_rows

TABS = {
    "Objectives": [["ID", "Objective", "Type"], ["O-1", "=Win & <hold>", "committed"]],
    "Key results": [
        ["ID", "Objective", "Key result", "Current", "Due", "Confidence"],
        ["KR-1", "O-1", "Cut churn", 0.08, date(2026, 6, 30), 0.5],
        ["KR-2", "O-1", "Ship it", True, None, ""],
    ],
    "Check-ins": [["When", "Key result"], [datetime(2026, 5, 20, 9, 30), "KR-1"]],
    "Teams": [],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "new" / "OKRs.xlsx"
    write_workbook(path, TABS, formats={"Key results!F": "0%", "Key results!D2": "0.0%"})
    return path


def test_what_was_written_is_what_is_read(path: Path) -> None:
    reading = LocalWorkbook(path).read()

    assert tab_rows(reading, "Objectives")[1] == ["O-1", "=Win & <hold>", "committed"]
    assert tab_rows(reading, "Key results")[1:] == [
        ["KR-1", "O-1", "Cut churn", 0.08, 46203.0, 0.5],
        ["KR-2", "O-1", "Ship it", True],
    ]
    assert tab_rows(reading, "Check-ins")[1] == [pytest.approx(46162.395833333), "KR-1"]
    assert tab_rows(reading, "Teams") == []


def test_it_looks_as_people_like_to_find_it(path: Path) -> None:
    book = load_workbook(path)
    sheet = book["Key results"]

    assert sheet["A1"].font.b and sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["C"].width > 40
    formats = [sheet[cell].number_format for cell in ("D2", "E2", "F2", "D3")]
    assert formats == ["0.0%", "yyyy-mm-dd", "0%", "General"]
    assert book["Check-ins"]["A2"].value == datetime(2026, 5, 20, 9, 30)
    assert book["Objectives"]["B2"].data_type == "s"


def test_list_columns_offer_their_words(path: Path) -> None:
    [rule] = load_workbook(path)["Objectives"].data_validations.dataValidation

    assert rule.formula1 == '"committed,aspirational"'
    assert "C2" in rule.sqref and not rule.showErrorMessage


def test_a_file_that_is_there_is_replaced_only_when_asked(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(RefusedError, match="is there already"):
        write_workbook(path, {"Objectives": [["Objective"]]})
    assert path.read_bytes() == before

    write_workbook(path, {"Objectives": [["Objective"]]}, replace=True)
    assert [tab.title for tab in LocalWorkbook(path).read().tabs] == ["Objectives"]


def test_a_place_that_cannot_be_written_to_is_a_sentence(path: Path) -> None:
    with pytest.raises(RefusedError, match="could not be written"):
        write_workbook(path / "below a file.xlsx", TABS)


def test_what_is_written_can_be_checked_in_to(path: Path) -> None:
    from tests.contract.local_fixtures import a_draft

    workbook = LocalWorkbook(path)
    saved = workbook.save_check_in(a_draft())

    assert tab_rows(workbook.read(), "Check-ins")[-1][-1] == saved.id
    assert load_workbook(path)["Check-ins"]["C3"].number_format == "0.0%"
