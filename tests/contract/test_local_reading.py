"""Reading an .xlsx file: every kind of cell, what only its XML tells, and files that are none."""

import os
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from okr.model import Cell
from okr.workbooks.interface import ReadError
from okr.workbooks.local import LocalWorkbook
from tests.contract.local_fixtures import edit_part, rich_workbook, tab_rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return rich_workbook(tmp_path / "OKRs 2026.xlsx")


def a_file(path: Path, *cells: object, number_format: str = "") -> Path:
    """Make a workbook with some cells in the third row, from the third column on."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Objectives"
    for place, value in enumerate(cells):
        cell = sheet.cell(3, 3 + place)
        cell.value = value  # type: ignore[assignment]
        if number_format:
            cell.number_format = number_format
    book.save(path)
    return path


def test_tabs_begin_at_their_first_row_and_column(tmp_path: Path) -> None:
    reading = LocalWorkbook(a_file(tmp_path / "a.xlsx", "Objective")).read()

    assert tab_rows(reading, "Objectives") == [[], [], ["", "", "Objective"]]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param(5, 5.0, id="whole number"),
        pytest.param(True, True, id="boolean"),
        pytest.param("2026-05-20", "2026-05-20", id="text that looks like a date"),
        pytest.param(date(2026, 5, 20), 46162.0, id="day"),
        pytest.param(datetime(2026, 5, 20, 18, 0), 46162.75, id="moment"),
        pytest.param(time(6, 0), 0.25, id="time"),
        pytest.param(timedelta(hours=36), 1.5, id="duration"),
    ],
)
def test_a_cell_is_read_as_what_it_holds(tmp_path: Path, value: object, cell: Cell) -> None:
    reading = LocalWorkbook(a_file(tmp_path / "a.xlsx", value)).read()

    [read] = tab_rows(reading, "Objectives")[2][2:]
    assert (read, type(read)) == (cell, type(cell))


@pytest.mark.parametrize("number", [-5.0, 0.0, 0.123456789, 45.0, 60.0, 60.5, 3e6])
def test_a_number_that_is_shown_as_a_date_stays_the_number(tmp_path: Path, number: float) -> None:
    path = a_file(tmp_path / "a.xlsx", number, number_format="yyyy-mm-dd")

    assert tab_rows(LocalWorkbook(path).read(), "Objectives")[2][2:] == [number]


def test_errors_formulas_and_merged_areas_are_told_apart(path: Path) -> None:
    reading = LocalWorkbook(path).read()

    rows = tab_rows(reading, "Key results")
    assert (rows[2][4], rows[5][4]) == (42.0, "#DIV/0!")
    objectives, key_results = reading.tabs[:2]
    assert objectives.formulas_without_value == {(2, 1)}
    assert key_results.merged == ((4, 4, 4, 5),)


def test_hidden_rows_and_tabs_are_told(path: Path) -> None:
    edit_part(
        path,
        "xl/worksheets/sheet2.xml",
        lambda part: part.replace('<row r="4"', '<row r="4" hidden="1"'),
    )
    edit_part(
        path,
        "xl/workbook.xml",
        lambda part: part.replace('sheetId="3" state="visible"', 'sheetId="3" state="hidden"'),
    )

    tabs = {tab.title: tab for tab in LocalWorkbook(path).read().tabs}
    assert tabs["Key results"].hidden_rows == {3}
    assert [title for title, tab in tabs.items() if tab.is_hidden] == ["Check-ins"]


def test_a_tab_that_the_board_does_not_know_is_named_and_not_read(path: Path) -> None:
    assert tab_rows(LocalWorkbook(path).read(), "Marketing plan") == []


def test_source_and_moment_are_told(path: Path) -> None:
    reading = LocalWorkbook(path).read()

    assert (reading.source.title, reading.source.location) == ("OKRs 2026", str(path))
    assert abs(datetime.now(UTC) - reading.read_at) < timedelta(minutes=1)


def test_a_file_that_has_not_changed_is_not_read_again(path: Path) -> None:
    workbook = LocalWorkbook(path)
    first = workbook.read()
    assert workbook.read() is first

    os.utime(path)
    assert workbook.read().revision == first.revision


def test_rows_that_have_not_changed_are_the_same_objects(path: Path) -> None:
    workbook = LocalWorkbook(path)
    before = workbook.read().tabs[1]
    edit_part(
        path, "xl/worksheets/sheet2.xml", lambda part: part.replace("<v>0.08</v>", "<v>0.06</v>")
    )
    after = workbook.read().tabs[1]

    assert [old is new for old, new in zip(before.rows, after.rows, strict=True)] == [
        True,
        False,
        *[True] * 4,
    ]


def test_a_checkbox_that_was_a_number_is_a_change(path: Path) -> None:
    edit_part(
        path, "xl/worksheets/sheet2.xml", lambda part: part.replace("<v>0.08</v>", "<v>1</v>")
    )
    workbook = LocalWorkbook(path)
    workbook.read()
    edit_part(
        path,
        "xl/worksheets/sheet2.xml",
        lambda part: part.replace('t="n"><v>1</v>', 't="b"><v>1</v>'),
    )

    assert tab_rows(workbook.read(), "Key results")[1][4] is True


def test_dates_counted_from_1904_are_the_same_days(tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.xlsx", date(2026, 5, 20))
    edit_part(
        path,
        "xl/workbook.xml",
        lambda part: part.replace("<workbookPr/>", '<workbookPr date1904="1"/>'),
    )
    edit_part(path, "xl/worksheets/sheet1.xml", lambda part: part.replace("46162", "44700"))

    assert tab_rows(LocalWorkbook(path).read(), "Objectives")[2][2:] == [46162.0]


def test_a_stray_cell_far_out_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Objectives"
    sheet["A1"], sheet["XFD1048576"] = "Objective", "x"
    book.save(tmp_path / "a.xlsx")

    with pytest.raises(ReadError, match=r"“Objectives” reach to XFD1048576.*delete"):
        LocalWorkbook(tmp_path / "a.xlsx").read()


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "is empty", id="nothing in it"),
        pytest.param(b"ID;Objective\n", "is not an .xlsx workbook", id="a text renamed"),
        pytest.param(OLE + b"\0" * 600, "is an old .xls file", id="old Excel"),
        pytest.param(
            OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password", id="encrypted"
        ),
        pytest.param(b"PK\x03\x04abc", "could not be read: it is cut short", id="cut short"),
    ],
)
def test_what_is_not_a_workbook_is_refused_with_what_it_is(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=sentence):
        LocalWorkbook(path).read()


def test_every_way_to_cut_a_workbook_short_is_a_sentence(path: Path) -> None:
    whole = path.read_bytes()
    for length in range(4, len(whole) - 1, 97):
        path.write_bytes(whole[:length])
        with pytest.raises(ReadError, match="could not be read"):
            LocalWorkbook(path).read()


def test_a_zip_file_of_something_else_is_a_sentence(tmp_path: Path) -> None:
    for name, content in (
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("letter.txt", b"Dear Anna"),
    ):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as file:
            file.writestr(name, content)
        with pytest.raises(ReadError, match=r"OpenDocument|it holds no workbook"):
            LocalWorkbook(tmp_path / "a.xlsx").read()


def test_a_part_that_is_not_xml_is_a_sentence(path: Path) -> None:
    edit_part(path, "xl/worksheets/sheet2.xml", lambda part: part[: len(part) // 2])

    with pytest.raises(ReadError, match="could not be read"):
        LocalWorkbook(path).read()


def test_a_missing_file_and_a_folder_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="There is no file"):
        LocalWorkbook(tmp_path / "none.xlsx").read()
    with pytest.raises(ReadError, match="is a folder"):
        LocalWorkbook(tmp_path).read()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_sentence(path: Path) -> None:
    path.chmod(0o000)
    with pytest.raises(ReadError, match="may not read"):
        LocalWorkbook(path).read()
