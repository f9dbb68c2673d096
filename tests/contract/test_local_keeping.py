"""What a local file keeps of everything the board knows nothing of, and which files are refused."""

import zipfile
from pathlib import Path

import pytest

from okr.workbooks.interface import RefusedError
from okr.workbooks.local import LocalWorkbook
from tests.contract.local_fixtures import a_draft, edit_part, parts, rich_workbook, rows

MACROS = bytes(range(256)) * 9
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def add_part(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(name, content)


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    path = rich_workbook(tmp_path / "signed.xlsx")
    add_part(path, "_xmlsignatures/origin.sigs", b"")
    add_part(path, "_xmlsignatures/sig1.xml", b"<Signature/>")
    return path


def test_a_signed_file_is_read_and_never_written(signed: Path) -> None:
    before = signed.read_bytes()
    workbook = LocalWorkbook(signed)
    assert workbook.read().tabs

    with pytest.raises(RefusedError, match="carries a digital signature, which any change would"):
        workbook.save_check_in(a_draft())
    with pytest.raises(RefusedError, match=r"Nothing was added: .* carries a digital signature"):
        workbook.prepare()
    assert signed.read_bytes() == before
    assert not list(signed.parent.glob("*.tmp"))


def test_macros_are_kept_byte_for_byte(tmp_path: Path) -> None:
    path = rich_workbook(tmp_path / "macros.xlsm")
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    edit_part(path, "[Content_Types].xml", lambda xml: xml.replace(plain, MACRO_TYPE))
    add_part(path, "xl/vbaProject.bin", MACROS)
    before = parts(path)
    LocalWorkbook(path).save_check_in(a_draft())
    LocalWorkbook(path).prepare()

    after = parts(path)
    assert after["xl/vbaProject.bin"] == MACROS
    assert MACRO_TYPE in after["[Content_Types].xml"].decode()
    kept = [name for name in before if before[name] == after[name]]
    assert {"xl/charts/chart1.xml", "xl/worksheets/sheet4.xml", "xl/tables/table1.xml"} - {
        *kept
    } == {
        "xl/tables/table1.xml"  # the table of check-ins has grown by its row
    }
    assert rows(path, "Check-ins")[2][2] == "KR-1"
