from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.sheets_api import coercion, formats, formulas, workbook
from tests.sheets_api.coercion import a_cell
from tests.sheets_api.errors import ApiError
from tests.sheets_api.state import EMPTY, FAILURES, Box, Formula, Spreadsheet, Tab


@pytest.mark.parametrize(
    "value", ["=1+1", "007", "1,5", "TRUE", "2026-11-22", "'quoted", 0, 1.5, False]
)
def test_raw_is_kept_as_it_is(value: Any) -> None:
    kept = coercion.raw(value, "values[0][0]")
    assert kept == value
    assert type(kept) is type(value)


def test_raw_empty_text_empties_the_cell() -> None:
    assert coercion.raw("", "values[0][0]") is None


@pytest.mark.parametrize(
    ("entered", "value"),
    [
        ("0042", 42),
        ("42.01", 42.01),
        ("-3", -3),
        ("true", True),
        ("=1+1", Formula("=1+1")),
        ("'=1+1", "=1+1"),
        ("3_1_0", "3_1_0"),
        ("test_update 1", "test_update 1"),
        ("Win 3 customers", "Win 3 customers"),
        ("45%", 0.45),
        ("2026-11-22", 46348),
    ],
)
def test_user_entered_is_read_as_if_typed(entered: str, value: Any) -> None:
    assert coercion.user_entered(entered, "", "en_US")[0] == value


@pytest.mark.parametrize(
    ("entered", "locale"),
    [("1,5", "en_US"), ("3 May", "en_US"), ("May 3", "en_US"), ("1e5", "en_US"), ("$5", "en_US"),
     ("1.5", "de_DE"), ("+49 30", "en_US"), ("12:30", "en_US")],
)  # fmt: skip
def test_user_entered_that_no_recording_shows_is_refused(entered: str, locale: str) -> None:
    with pytest.raises(ApiError, match="Unsupported by this test server: USER_ENTERED"):
        coercion.user_entered(entered, "", locale)


@pytest.mark.parametrize(
    ("extended", "value"),
    [
        ({"numberValue": 2.0}, 2),
        ({"numberValue": 0}, 0),
        ({"stringValue": "=1+1"}, "=1+1"),
        ({"boolValue": False}, False),
        ({"formulaValue": "=1+1"}, Formula("=1+1")),
        ({}, None),
    ],
)
def test_typed_values_are_exact(extended: dict[str, Any], value: Any) -> None:
    assert coercion.typed(extended) == value


@pytest.mark.parametrize(
    "extended",
    [
        {"numberValue": 1, "stringValue": "1"},
        {"formulaValue": "1"},
        {"errorValue": {"type": "REF"}},
    ],
)
def test_typed_values_that_make_no_sense_are_refused(extended: dict[str, Any]) -> None:
    with pytest.raises(ApiError):
        coercion.typed(extended)


def test_a_text_may_be_fifty_thousand_long_and_no_longer() -> None:
    assert coercion.raw("x" * 50_000, "") == "x" * 50_000
    with pytest.raises(ApiError, match="50000 characters"):
        coercion.raw("x" * 50_001, "")


@pytest.mark.parametrize(
    ("value", "kind", "pattern", "locale", "shown"),
    [
        (1.45, None, None, "en_US", "1.45"),
        (1.45, None, None, "de_DE", "1,45"),
        (1 / 3, None, None, "en_US", "0.3333333333"),
        (0.5, "PERCENT", "0%", "en_US", "50%"),
        (1234.5, "NUMBER", "#,##0.00", "en_US", "1,234.50"),
        (1234.5, "NUMBER", "#,##0.00", "de_DE", "1.234,50"),
        (-5, "CURRENCY", '"$"#,##0', "en_US", "-$5"),
        (43831, "DATE", "yyyy-mm-dd", "en_US", "2020-01-01"),
        (43831.5, "DATE_TIME", "d mmm yyyy hh:mm", "en_US", "1 Jan 2020 12:00"),
        (True, None, None, "en_US", "TRUE"),
        (FAILURES["#REF!"], None, None, "en_US", "#REF!"),
    ],
)
def test_a_value_is_shown_in_its_format(
    value: Any, kind: str | None, pattern: str | None, locale: str, shown: str
) -> None:
    number_format = {"type": kind, "pattern": pattern} if kind else None
    assert formats.shown(value, number_format, locale) == shown


def a_book(*rows: list[Any]) -> tuple[Spreadsheet, Tab]:
    tab = Tab(0, "A b")
    for number, values in enumerate(rows):
        for column, value in enumerate(values):
            tab.put(number, column, a_cell(value))
    return Spreadsheet("demo", "t", [tab, Tab(1, "Other")]), tab


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+1", 2),
        ("=3/2", 1.5),
        ("=-2^2*3%", 0.12),
        ("=(1+2)*3-A1", 4),
        ("='A b'!A1/$B$1", 2.5),
        ("=SUM(A1:B1,1)", 8),
        ("=AVERAGE(A1:C1)", 3.5),
        ("=A1&\"x\"", "5x"),
        ("=Z9", 0),
        ("=A1/Z9", FAILURES["#DIV/0!"]),
        ("=C1+1", FAILURES["#VALUE!"]),
        ("=#REF!+1", FAILURES["#REF!"]),
        ("=Nowhere!A1", FAILURES["#REF!"]),
        ("=D1+1", replace(FAILURES["#REF!"], message="Circular dependency detected.")),
    ],
)  # fmt: skip
def test_plain_formulas_are_worked_out(formula: str, value: Any) -> None:
    book, tab = a_book([5, 2, "text", "=D1"])
    assert formulas.effective(book, tab, a_cell(formula)) == value


def test_other_formulas_show_the_result_they_were_given() -> None:
    book, tab = a_book()
    assert formulas.effective(book, tab, a_cell("=TODAY()", 46348)) == 46348
    book.results["=TODAY()"] = 46349
    assert formulas.effective(book, tab, a_cell("=TODAY()")) == 46349


def test_a_workbook_is_read_with_what_lies_over_its_grid(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Key results"
    sheet.append(["Due", "At", "Share", "Sum", "Bad", None])
    sheet.append([date(2026, 11, 22), datetime(2026, 11, 22, 12), 0.45, "=C2*2", "#REF!", True])
    sheet["C2"].number_format = "0%"
    sheet.append(["hidden"])
    sheet.row_dimensions[3].hidden = True
    sheet.merge_cells("A5:B6")
    sheet.freeze_panes = "B2"
    book.save(tmp_path / "Company.xlsx")

    loaded = workbook.load(tmp_path / "Company.xlsx", "demo")

    tab = loaded.tabs[0]
    shown = [formulas.effective(loaded, tab, cell) for cell in tab.rows[1].cells]
    assert shown == [46348, 46348.5, 0.45, 0.9, FAILURES["#REF!"], True]
    assert tab.cell(1, 0).format == {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}
    assert tab.cell(1, 2).format == {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}
    assert tab.rows[2].hidden_by_user
    assert tab.merges == [Box(4, 0, 6, 2)]
    assert tab.frozen == {"frozenRowCount": 1, "frozenColumnCount": 1}
    assert (loaded.title, tab.title, tab.cell(900, 3)) == ("Company", "Key results", EMPTY)
