"""From configuration to a workbook: what wins, what counts as what, and sentences for mistakes."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from okr.snapshot import build_snapshot
from okr.workbooks.google import GoogleWorkbook
from okr.workbooks.interface import ReadError
from okr.workbooks.local import LocalWorkbook
from okr.workbooks.opening import (
    Configuration,
    is_google,
    make_demo_workbook,
    open_workbook,
    read_configuration,
)

ADDRESS = "https://docs.google.com/spreadsheets/d/1AbC/edit#gid=0"
KEY = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"


def secrets(folder: Path, text: str) -> Path:
    path = folder / ".streamlit" / "secrets.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_with_nothing_configured_it_is_the_demo(tmp_path: Path) -> None:
    configuration = read_configuration({}, tmp_path / "none.toml")

    assert configuration.is_demo
    assert (configuration.workbook, configuration.is_read_only) == (None, False)


def test_the_secrets_file_names_workbook_and_key(tmp_path: Path) -> None:
    path = secrets(
        tmp_path,
        f'[okr]\nworkbook = "{ADDRESS}"\nread_only = true\n'
        '[gcp_service_account]\nclient_email = "board@example.com"\n',
    )

    assert read_configuration({}, path) == Configuration(
        ADDRESS, {"client_email": "board@example.com"}, None, is_read_only=True
    )


def test_the_environment_wins(tmp_path: Path) -> None:
    path = secrets(tmp_path, '[okr]\nworkbook = "a.xlsx"\n[gcp_service_account]\na = "b"\n')
    environ = {
        "OKR_WORKBOOK": ADDRESS,
        "GOOGLE_APPLICATION_CREDENTIALS": "/keys/board.json",
        "OKR_SHEETS_API": "http://127.0.0.1:8080",
    }

    assert read_configuration(environ, path) == Configuration(
        ADDRESS, Path("/keys/board.json"), "http://127.0.0.1:8080"
    )


def test_what_is_named_outright_wins_over_all() -> None:
    configuration = read_configuration({"OKR_WORKBOOK": ADDRESS}, workbook="a.xlsx")

    assert configuration.workbook == "a.xlsx"


def test_a_path_in_the_secrets_file_counts_from_the_project(tmp_path: Path) -> None:
    path = secrets(tmp_path, '[okr]\nworkbook = "sheets/OKRs.xlsx"\n')

    assert read_configuration({}, path).workbook == str(tmp_path / "sheets" / "OKRs.xlsx")


def test_blank_is_not_configured(tmp_path: Path) -> None:
    path = secrets(tmp_path, '[okr]\nworkbook = " "\n')

    assert read_configuration({"OKR_WORKBOOK": " "}, path).is_demo


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("[okr\n", "is not valid TOML.*line 1", id="broken"),
        pytest.param("[okr]\nworkbook = 5\n", "workbook is not a text", id="no text"),
        pytest.param('[okr]\nread_only = "yes"\n', "neither true nor false", id="no boolean"),
        pytest.param('okr = "a.xlsx"\n', r"okr is not a section", id="no section"),
    ],
)
def test_a_mistake_in_the_secrets_file_is_a_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(ReadError, match=sentence):
        read_configuration({}, secrets(tmp_path, text))


@pytest.mark.parametrize(
    ("workbook", "expected"),
    [(ADDRESS, True), (KEY, True), ("OKRs.xlsx", False), ("/srv/okr/2026.xlsx", False)],
)
def test_addresses_and_keys_are_google_the_rest_are_files(workbook: str, expected: bool) -> None:
    assert is_google(workbook) is expected


def test_a_path_opens_a_file() -> None:
    workbook = open_workbook(Configuration("OKRs.xlsx"))

    assert isinstance(workbook, LocalWorkbook)
    assert workbook.location == "OKRs.xlsx"


def test_an_address_opens_a_google_sheet() -> None:
    key = {"client_email": "a", "private_key": "b", "token_uri": "c"}
    workbook = open_workbook(Configuration(ADDRESS, key))

    assert isinstance(workbook, GoogleWorkbook)


def test_a_google_sheet_without_a_key_says_where_to_put_it() -> None:
    with pytest.raises(ReadError, match="gcp_service_account"):
        open_workbook(Configuration(ADDRESS))


def age(path: Path, by: timedelta) -> None:
    then = path.stat().st_mtime - by.total_seconds()
    os.utime(path, (then, then))


def test_the_demo_is_made_once(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(path: Path) -> None:
        made.append(path)
        path.write_bytes(b"demo %d" % len(made))

    demo = tmp_path / ".okr" / "demo.xlsx"
    for _ in range(2):
        assert open_workbook(Configuration(), make, demo).location == str(demo)
    assert made == [demo]

    age(demo, timedelta(days=8))
    open_workbook(Configuration(), make, demo)
    assert len(made) == 2


def test_a_demo_that_somebody_has_saved_to_is_never_made_anew(tmp_path: Path) -> None:
    demo = tmp_path / "demo.xlsx"
    open_workbook(Configuration(), lambda path: path.touch(), demo)
    demo.write_bytes(b"a check-in")
    age(demo, timedelta(days=100))
    open_workbook(Configuration(), lambda path: path.touch(), demo)

    assert demo.read_bytes() == b"a check-in"


def test_a_demo_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReadError, match="could not be made"):
        open_workbook(Configuration(), lambda path: path.touch(), tmp_path / "file" / "demo.xlsx")


def test_the_demo_is_a_workbook(tmp_path: Path) -> None:
    make_demo_workbook(tmp_path / "demo.xlsx")
    titles = [tab.title for tab in LocalWorkbook(tmp_path / "demo.xlsx").read().tabs]

    assert titles[:3] == ["Objectives", "Key results", "Check-ins"]


def test_answers_to_the_layout_of_a_sheet_may_be_configured(tmp_path: Path) -> None:
    sheet = Path(__file__).parents[1] / "layouts" / "merged_base_target.xlsx"
    path = secrets(
        tmp_path,
        f'[okr]\nworkbook = "{sheet}"\n[okr.layout]\nyear = 2026\n'
        '[okr.layout."Q3"]\n"read as" = "not read"\n',
    )

    reading = open_workbook(read_configuration({}, path)).read()
    cycles = {one.cycle for one in build_snapshot(reading).objectives}
    assert cycles == {"2026", "Q4 2026"}


def test_an_address_of_something_else_is_named_before_any_key_is_asked_for() -> None:
    with pytest.raises(ReadError, match="not the address of a Google Sheet"):
        open_workbook(Configuration("https://example.com/x"))
