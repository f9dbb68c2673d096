"""The commands: what they print, what they write, and with which status they end."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from okr.__main__ import main
from okr.workbooks import opening
from okr.workbooks.interface import CheckInDraft, SavedCheckIn, UnknownOutcomeError
from okr.workbooks.local import LocalWorkbook

ROOT = Path(__file__).parents[2]

Rows = Sequence[Sequence[Any]]

OBJECTIVES: Rows = [
    ["ID", "Cycle", "Team", "Objective"],
    ["O-1", "2026-Q2", "Growth", "Newcomers feel at home"],
]
KEY_RESULTS: Rows = [
    ["ID", "Objective", "Key result", "Kind", "Start", "Target", "Current", "Unit", "Confidence"],
    ["KR-1", "O-1", "Raise activation", "increase", 32, 45, 42, None, None],
    ["KR-2", "O-1", "Ship the tour", "done", None, None, False, None, None],
    ["KR-3", "O-1", "Grow the share", "increase", 0.2, 0.6, 0.3, "%", None],
    [None, "O-1", "Twice", "increase", 1, 9, 3, None, None],
    [None, "O-1", "Twice", "increase", 1, 9, 4, None, None],
]
DAY = ["--as-of", "2026-05-20"]
BY = ["--by", "ada@example.com"]


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what this machine has configured out of the tests."""
    for name in ("OKR_WORKBOOK", "OKR_SHEETS_API", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    read = opening.read_configuration
    monkeypatch.setattr(
        opening,
        "read_configuration",
        lambda workbook=None: read(None, tmp_path / "secrets.toml", workbook=workbook),
    )


def write(path: Path, **tabs: Rows) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tabs.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return write(tmp_path / "acme.xlsx", Objectives=OBJECTIVES, Key_results=KEY_RESULTS)


def rows_of(path: Path, tab: str) -> list[dict[str, Any]]:
    """Read a tab back with openpyxl, which is not what wrote it."""
    book = load_workbook(path)
    if tab not in book.sheetnames:
        return []
    headers, *rows = book[tab].iter_rows(values_only=True)
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


def run(*arguments: object) -> int:
    """Run a command in this process; wrong usage ends it as it would end the process."""
    try:
        return main([str(one) for one in arguments])
    except SystemExit as end:
        return int(end.code or 0)


# --- report and check -----------------------------------------------------------------------------


def test_report_prints_one_json_object(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", "--format", "json", "--workbook", workbook, *DAY) == 0

    whole = json.loads(capsys.readouterr().out)
    assert (whole["as_of"], whole["cycle"]) == ("2026-05-20", "2026-Q2")
    assert [one["id"] for one in whole["key_results"]] == ["KR-1", "KR-2", "KR-3", None, None]


def test_report_prints_markdown(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", "--format", "markdown", "--workbook", workbook, *DAY) == 0

    assert capsys.readouterr().out.startswith("# acme: 2026-Q2\n")


@pytest.mark.parametrize("command", ["report", "digest"])
@pytest.mark.parametrize("rows", [[], [["Rent", 900, 910], ["Water", 40, 41]]])
def test_a_workbook_without_okrs_is_refused_and_not_called_quiet(
    command: str, rows: Rows, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "--workbook", write(tmp_path / "budget.xlsx", Budget=rows)) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "no tab of “budget” could be read as OKRs" in printed.err


def test_a_digest_of_values_without_dates_does_not_say_that_nothing_is_old(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = ["Objective", "Key result", "Start", "Target", "Current"]
    book = write(
        tmp_path / "acme.xlsx",
        Objectives=[["ID", "Objective"], ["O-1", "Grow"]],
        Key_results=[headers, ["O-1", "Sell", 0, 10, 9]],
    )
    assert run("digest", "--workbook", book, *DAY) == 0

    said = capsys.readouterr().out
    assert "not every value has a date" in said and "nothing is old" not in said
    assert "Nobody needs help" not in said


def test_report_shows_what_was_known_on_the_day(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(workbook)
    history = book["_History"] if "_History" in book.sheetnames else book.create_sheet("_History")
    history.delete_rows(1, 99)
    history.append(["When", "Row ID", "Tab", "Column", "Before", "After", "By", "Source"])
    told = ["KR-1", "Key results", "Key result", "What it was called", "?", "", "sheet"]
    history.append([datetime(2026, 5, 21, 9), *told])
    book.save(workbook)

    run("report", "--format", "json", "--workbook", workbook, *DAY)
    then = json.loads(capsys.readouterr().out)["key_results"][0]["title"]
    run("report", "--format", "json", "--workbook", workbook, "--as-of", "2026-05-21")
    later = json.loads(capsys.readouterr().out)["key_results"][0]["title"]

    assert (then, later != then) == ("What it was called", True)


def test_a_day_to_come_is_said(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", "--workbook", workbook, "--as-of", "2199-05-21") == 0

    assert "2199-05-21 has not come yet" in capsys.readouterr().err


@pytest.mark.parametrize(("cycle", "status"), [("all", 0), ("q2 2026", 0), ("2019-Q1", 1)])
def test_report_takes_a_cycle(
    workbook: Path, cycle: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report", "--cycle", cycle, "--workbook", workbook, *DAY) == status

    assert ("2019-Q1" in capsys.readouterr().err) is bool(status)


def test_report_reads_what_is_configured(
    workbook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OKR_WORKBOOK", str(workbook))

    assert run("report", *DAY) == 0
    assert "acme" in capsys.readouterr().out


def test_report_writes_nothing(workbook: Path) -> None:
    before = workbook.read_bytes()

    assert run("report", "--workbook", workbook) == 0
    assert run("check", "--workbook", workbook) == 0
    assert workbook.read_bytes() == before


def test_check_lists_errors_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [KEY_RESULTS[0], ["KR-1", "O-1", "Raise activation", "sideways", 32, "soon", 42]]
    path = write(tmp_path / "bad.xlsx", Objectives=OBJECTIVES, Key_results=rows)

    assert run("check", "--workbook", path, *DAY) == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith("error: Key results!F2 'soon': Target")
    assert second.startswith("warning: Key results!D2 'sideways': Kind")
    assert last == "1 error, 1 warning"


def test_check_ends_with_0_where_there_are_only_warnings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [KEY_RESULTS[0], ["KR-1", "O-1", "Raise activation", "sideways", 32, 45, 42]]
    path = write(tmp_path / "odd.xlsx", Objectives=OBJECTIVES, Key_results=rows)

    assert run("check", "--workbook", path, *DAY) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 1 warning"


def test_check_says_that_a_tab_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "half.xlsx", Objectives=OBJECTIVES)

    assert run("check", "--workbook", path, *DAY) == 1
    assert "no tab “Key results”" in capsys.readouterr().out


def test_check_names_formulas_that_have_no_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [KEY_RESULTS[0], ["KR-1", "O-1", "Raise activation", "increase", 32, 45, "=40+2"]]
    path = write(tmp_path / "formula.xlsx", Objectives=OBJECTIVES, Key_results=rows)

    assert run("check", "--workbook", path, *DAY) == 0
    assert "warning: Key results!G2" in capsys.readouterr().out


# --- what ends otherwise --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no command"),
        pytest.param(["dance"], id="unknown command"),
        pytest.param(["report", "--format", "xml"], id="unknown format"),
        pytest.param(["report", "--as-of", "soon"], id="no date"),
        pytest.param(["report", "--as-of", "0001-01-01"], id="a date before all cycles"),
        pytest.param(["check-in"], id="no key result"),
        pytest.param(["check-in", "KR-1", *BY], id="no value"),
        pytest.param(["check-in", "KR-1", "--value", "1"], id="nobody"),
        pytest.param(
            ["check-in", "KR-1", "--value", "1", *BY, "--workbook", ""], id="an empty workbook"
        ),
        pytest.param(["report", "--workbook", " "], id="a blank workbook"),
        pytest.param(["init", ""], id="an empty workbook to prepare"),
        pytest.param(["convert", "", "-o", "new.xlsx"], id="an empty source"),
        pytest.param(["demo"], id="no path"),
        pytest.param(["demo", "x.xlsx", "--teams", "-1"], id="fewer than no teams"),
        pytest.param(["demo", "x.xlsx", "--teams", "many"], id="no number"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2

    assert "usage:" in capsys.readouterr().err


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that is refused; give the one line that it says about it."""
    assert run(*arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    assert "Traceback" not in line
    return line


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("none.xlsx", None, id="no such file"),
        pytest.param("empty.xlsx", b"", id="empty file"),
        pytest.param("words.xlsx", b"Objective,Owner\n", id="another kind of file"),
        pytest.param("torn.xlsx", b"PK\x03\x04 and no more", id="torn"),
    ],
)
@pytest.mark.parametrize("command", [["report"], ["check"], ["check-in", "KR-1", "--value", "1"]])
def test_a_workbook_that_is_none_is_refused_with_a_sentence(
    tmp_path: Path,
    name: str,
    content: bytes | None,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    more = BY if command[0] == "check-in" else []

    assert name in refused(capsys, *command, *more, "--workbook", path)


def test_a_google_sheet_without_a_key_is_refused_with_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = "https://docs.google.com/spreadsheets/d/demo/edit"

    assert "service account" in refused(capsys, "report", "--workbook", url)


def test_an_outcome_that_nobody_knows_ends_with_3(
    workbook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost(self: LocalWorkbook, draft: CheckInDraft) -> SavedCheckIn:
        raise UnknownOutcomeError("No answer came.\nTry again with the same operation.")

    monkeypatch.setattr(LocalWorkbook, "save_check_in", lost)

    assert run("check-in", "KR-1", "--value", "43", *BY, "--workbook", workbook) == 3
    assert capsys.readouterr().err == "okr: No answer came. Try again with the same operation.\n"


# --- check-in -------------------------------------------------------------------------------------


def test_a_check_in_is_a_row_that_current_and_confidence_mirror(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--confidence", "70%", "--note", "The new tour helps.", *BY, *DAY]

    assert run("check-in", "KR-1", "--value", "43.5", *more, "--workbook", workbook) == 0
    [saved] = rows_of(workbook, "Check-ins")
    assert saved["Key result"] == "KR-1"
    assert (saved["Value"], saved["Confidence"]) == (43.5, 0.7)
    assert (saved["Note"], saved["By"]) == ("The new tour helps.", "ada@example.com")
    assert saved["When"].date() == date(2026, 5, 20)
    assert saved["ID"] in capsys.readouterr().out
    row = rows_of(workbook, "Key results")[0]
    assert (row["Current"], row["Confidence"]) == (43.5, 0.7)


def test_a_check_in_shows_in_the_next_report(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("check-in", "KR-1", "--value", "43.5", *BY, "--workbook", workbook)

    one = reported(capsys, workbook)
    assert (one["current"], one["undated"]) == (43.5, False)


def test_a_check_in_of_an_earlier_day_was_not_known_on_that_day(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = ["--as-of", "2025-01-02"]
    run("check-in", "KR-1", "--value", "43.5", *BY, *day, "--workbook", workbook)

    then, now = reported(capsys, workbook, *day), reported(capsys, workbook)
    assert (then["current"], then["undated"]) == (42, True)
    assert (now["current"], now["updated_on"]) == (43.5, "2025-01-02")


def reported(capsys: pytest.CaptureFixture[str], workbook: Path, *more: str) -> Any:
    """Give what a report says of the first key result."""
    capsys.readouterr()
    cycle = ["--cycle", "2026-Q2"]
    assert run("report", "--format", "json", "--workbook", workbook, *cycle, *more) == 0
    return json.loads(capsys.readouterr().out)["key_results"][0]


@pytest.mark.parametrize(
    ("reference", "value", "saved"),
    [
        ("KR-1", "43", 43),
        ("kr-1", "-5", -5),
        ("raise activation", "0", 0),
        ("KR-1", "1,234.5", 1234.5),
        ("KR-2", "yes", True),
        ("KR-2", "FALSE", False),
        ("KR-3", "45%", 0.45),
        ("KR-3", "0.45", 0.45),
    ],
)
def test_a_value_is_read_on_the_scale_of_its_key_result(
    workbook: Path, reference: str, value: str, saved: object
) -> None:
    assert run("check-in", reference, "--value", value, *BY, *DAY, "--workbook", workbook) == 0

    assert rows_of(workbook, "Check-ins")[0]["Value"] == saved


def test_a_note_is_never_evaluated(workbook: Path) -> None:
    note = ["--note", "=1+1"]
    assert run("check-in", "KR-1", "--value", "43", *note, *BY, *DAY, "--workbook", workbook) == 0

    sheet = load_workbook(workbook)["Check-ins"]
    [cell] = [one for one in sheet[2] if one.value == "=1+1"]
    assert cell.data_type in ("s", "inlineStr")
    assert run("check", "--workbook", workbook, *DAY) == 0


def test_the_same_operation_never_writes_twice(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--value", "43", *BY, *DAY, "--operation", "cron-7", "--workbook", str(workbook)]

    assert run("check-in", "KR-1", *arguments) == 0
    before = workbook.read_bytes()
    assert run("check-in", "KR-1", *arguments) == 0
    assert workbook.read_bytes() == before
    assert "before" in capsys.readouterr().out.splitlines()[-1]
    assert len(rows_of(workbook, "Check-ins")) == 1


@pytest.mark.parametrize(
    ("key_result", "more"),
    [
        pytest.param("KR-2", ["--value", "yes"], id="another key result"),
        pytest.param("KR-1", ["--value", "44"], id="another value"),
        pytest.param("KR-1", ["--value", "43", "--confidence", "70%"], id="another confidence"),
    ],
)
def test_the_operation_of_another_check_in_is_refused(
    workbook: Path, key_result: str, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    same = [*BY, "--operation", "cron-7", "--workbook", str(workbook)]
    assert run("check-in", "KR-1", "--value", "43", *same) == 0
    before = workbook.read_bytes()
    capsys.readouterr()

    line = refused(capsys, "check-in", key_result, *more, *same)
    assert "Nothing was saved" in line and "KR-1, with value 43" in line
    assert workbook.read_bytes() == before


def test_a_check_in_is_of_the_cycle_that_is_named(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of_it = ["check-in", "KR-1", "--value", "43", *BY, "--workbook", str(workbook), "--cycle"]

    assert "nonsense" in refused(capsys, *of_it, "nonsense")
    assert rows_of(workbook, "Check-ins") == []
    assert run(*of_it, "2026-Q2") == 0


def test_a_check_in_of_another_cycle_is_refused(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(workbook)
    book["Objectives"].append(["O-2", "2026-Q3", "Growth", "Newcomers stay"])
    book.save(workbook)
    of_it = ["KR-1", "--value", "43", *BY, "--workbook", str(workbook), "--cycle", "2026-Q3"]

    assert "no key result “KR-1” in 2026-Q3" in refused(capsys, "check-in", *of_it)


def test_a_check_in_that_finds_no_workbook_says_that_nothing_was_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of_it = ["KR-1", "--value", "43", *BY, "--workbook", str(tmp_path / "gone.xlsx")]

    assert "Nothing was saved. " in refused(capsys, "check-in", *of_it)


def test_two_check_ins_are_two_rows(workbook: Path) -> None:
    for value in ("43", "43"):
        run("check-in", "KR-1", "--value", value, *BY, *DAY, "--workbook", workbook)

    saved = rows_of(workbook, "Check-ins")
    assert len(saved) == 2
    assert len({one["ID"] for one in saved}) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["KR-9", "--value", "1", *BY], "KR-9", id="unknown key result"),
        pytest.param(["Twice", "--value", "1", *BY], "several", id="a title that two rows have"),
        pytest.param(["KR-1", "--value", "soon", *BY], "soon", id="unreadable value"),
        pytest.param(["KR-1", "--value", "#REF!", *BY], "#REF!", id="a broken formula's mark"),
        pytest.param(["KR-2", "--value", "half", *BY], "half", id="neither done nor not"),
        pytest.param(["KR-3", "--value", "45", *BY], "45%", id="a percent for a share"),
        pytest.param(["KR-1", "--value", "", *BY], "nothing to save", id="nothing"),
        pytest.param(["KR-1", "--value", "1", "--by", " "], "By is empty", id="nobody"),
        pytest.param(
            ["KR-1", "--value", "1", "--confidence", "shaky", *BY], "shaky", id="confidence"
        ),
        pytest.param(
            ["KR-1", "--value", "1", "--confidence", "7000", *BY],
            "Confidence “7000” cannot be read. Type a share",
            id="confidence beyond all scales",
        ),
        pytest.param(["KR-1", "--value", "1e309", *BY], "It is too large", id="beyond all numbers"),
        pytest.param(
            ["KR-1", "--value", "1", "--note", "a\x01b", *BY],
            "U+0001",
            id="no workbook's character",
        ),
        pytest.param(
            ["KR-1", "--value", "1", "--note", "x" * 10_001, *BY], "10,000", id="too long a note"
        ),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_sentence_and_writes_nothing(
    workbook: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = workbook.read_bytes()

    assert said in refused(capsys, "check-in", *arguments, "--workbook", workbook)
    assert workbook.read_bytes() == before


def test_a_percent_sign_is_refused_where_the_sheet_counts_whole_percents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [KEY_RESULTS[0], ["KR-1", "O-1", "Grow the share", "increase", 20, 60, 30, "%"]]
    path = write(tmp_path / "whole.xlsx", Objectives=OBJECTIVES, Key_results=rows)

    line = refused(capsys, "check-in", "KR-1", "--value", "45%", *BY, "--workbook", path)
    assert "Type 45, without the sign" in line
    assert run("check-in", "KR-1", "--value", "45", *BY, "--workbook", path) == 0


def test_a_board_that_is_read_only_takes_no_check_in(
    workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secrets.toml").write_text("[okr]\nread_only = true\n")

    line = refused(capsys, "check-in", "KR-1", "--value", "1", *BY, "--workbook", workbook)
    assert "read_only" in line
    assert run("report", "--workbook", workbook) == 0


# --- help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "silent"),
    [("demo", "--workbook"), ("demo", "--cycle"), ("init", "--as-of"), ("convert", "--workbook")],
)
def test_help_is_silent_of_options_that_do_nothing(
    command: str, silent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "--help") == 0
    assert silent not in capsys.readouterr().out


def test_help_says_what_each_size_of_the_demo_counts(capsys: pytest.CaptureFixture[str]) -> None:
    run("demo", "--help")

    said = " ".join(capsys.readouterr().out.split())
    assert "the departments and regions that hold them come on top" in said
    assert "`" not in said


# --- demo -----------------------------------------------------------------------------------------


def demo(path: Path, *more: object) -> int:
    return run("demo", path, "--teams", 3, "--key-results", 20, "--check-ins", 60, *DAY, *more)


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(path)
    return {sheet.title: [*sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def test_the_demo_is_the_same_for_the_same_seed_and_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / f"{name}.xlsx" for name in ("one", "two", "other")]

    assert [demo(path, "--seed", seed) for path, seed in zip(paths, (7, 7, 8), strict=True)] == [
        *(0, 0, 0)
    ]
    assert contents(paths[0]) == contents(paths[1]) != contents(paths[2])
    assert "Check-ins 60" in capsys.readouterr().out


def test_the_demo_is_a_workbook_that_can_be_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo(tmp_path / "demo.xlsx")
    capsys.readouterr()

    assert run("report", "--format", "json", "--workbook", tmp_path / "demo.xlsx", *DAY) == 0
    whole = json.loads(capsys.readouterr().out)
    assert len(whole["key_results"]) >= 10
    assert whole["organisation"]["score"] is not None


def test_the_demo_does_not_write_over_a_file(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = workbook.read_bytes()

    assert "is there already" in refused(capsys, "demo", workbook)
    assert workbook.read_bytes() == before
    assert demo(workbook, "--replace") == 0


def test_the_demo_needs_a_place(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "demo.xlsx" in refused(capsys, "demo", workbook / "demo.xlsx")


# --- the process ----------------------------------------------------------------------------------


def test_a_report_of_a_file_waits_for_no_heavy_import(workbook: Path) -> None:
    code = (
        "import sys; from okr.__main__ import main; "
        f"status = main(['report', '--workbook', {str(workbook)!r}]); "
        "heavy = {'pandas', 'streamlit', 'gspread', 'google', 'altair', 'openpyxl'}; "
        "print(status, sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.stderr.splitlines()[-1] == "0 []"


def test_the_process_ends_with_the_status_and_no_trace(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "okr", "report", "--workbook", str(tmp_path / "none.xlsx")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("okr: ") and len(ended.stderr.splitlines()) == 1


def test_a_check_in_at_another_day_keeps_the_time_of_day(workbook: Path) -> None:
    run("check-in", "KR-1", "--value", "1", *BY, "--as-of", "2026-04-02", "--workbook", workbook)

    when = rows_of(workbook, "Check-ins")[0]["When"]
    assert isinstance(when, datetime)
    assert when.date() == date(2026, 4, 2)
