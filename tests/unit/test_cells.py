"""Reading one cell: the tables are the specification, the laws hold for every cell."""

import math
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from okr.cells import (
    Finding,
    is_blank,
    is_error,
    read_choice,
    read_confidence,
    read_date,
    read_day,
    read_done,
    read_id,
    read_moment,
    read_number,
    read_text,
    read_weight,
)
from okr.model import Cell, Severity, State
from okr.serials import LAST_SERIAL, day_of, moment_of, serial_of

BROKEN = (
    *("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#ERROR!", "#SPILL!"),
    *("#CALC!", "#BUSY!", "#GETTING_DATA", "#BEZUG!", "#NV", "Loading...", "loading…", "Err:502"),
)
LOCALES = ("en_US", "en_GB", "en_IN", "de_DE", "de_CH", "fr_FR", "sv_SE", "es_ES", "pt_BR", "he_IL")
DATE_LOCALES = (
    *(
        "en_US",
        "en_GB",
        "en_CA",
        "en_IN",
        "de_DE",
        "fr_FR",
        "es_MX",
        "it_IT",
        "pt_BR",
        "nl_NL",
        "sv_SE",
    ),
    *("pl_PL", "cs_CZ", "hu_HU", "tr_TR", "ru_RU", "uk_UA", "el_GR", "ja_JP", "ko_KR", "zh_CN"),
)


def severity(finding: Finding | None) -> Severity | None:
    return None if finding is None else finding.severity


def message(finding: Finding | None) -> str:
    assert finding is not None
    return finding.message


# --- numbers


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        pytest.param(12.5, 12.5, id="a number as it is"),
        pytest.param(0.0, 0.0, id="zero is a number"),
        pytest.param(7, 7.0, id="a whole number from a file"),
        pytest.param("", None, id="blank is not zero"),
        pytest.param(" \u00a0\t", None, id="spaces are blank"),
        pytest.param("\u200b", None, id="what nobody can see is blank"),
    ],
)
def test_a_number_or_a_blank_needs_no_finding(cell: Cell, number: float | None) -> None:
    assert read_number(cell, "Current", "en_US") == (number, None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("12,5", 12.5, id="a comma before one digit"),
        pytest.param("12.5", 12.5, id="a dot before one digit"),
        pytest.param("1234,567", 1234.567, id="four digits cannot be a group"),
        pytest.param("0,123", 0.123, id="no group begins with zero"),
        pytest.param(",5", 0.5, id="nothing before the comma"),
        pytest.param("1.234,5", 1234.5, id="dots group, a comma parts"),
        pytest.param("1,234.5", 1234.5, id="commas group, a dot parts"),
        pytest.param("1.234,567", 1234.567, id="the last of two marks parts"),
        pytest.param("1.234.567", 1234567, id="a doubled mark groups"),
        pytest.param("1,23,456", 123456, id="groups as in India"),
        pytest.param("12,34,567.8", 1234567.8, id="groups as in India, and a part"),
        pytest.param("1 200", 1200, id="a space groups"),
        pytest.param("1\u00a0200", 1200, id="a no-break space groups"),
        pytest.param("1\u202f234,5", 1234.5, id="a narrow space groups"),
        pytest.param("1'200", 1200, id="an apostrophe groups"),
        pytest.param("1\u2019234.50", 1234.5, id="a curly apostrophe groups"),
        pytest.param("1 234,567", 1234.567, id="a space has grouped already"),
        pytest.param("45%", 0.45, id="percent"),
        pytest.param("12,5 %", 0.125, id="percent after a space"),
        pytest.param("%45", 0.45, id="percent in front"),
        pytest.param("-3", -3, id="a hyphen as minus"),
        pytest.param("\u22123", -3, id="a minus as minus"),
        pytest.param("\u200e-3", -3, id="a minus after a direction mark"),
        pytest.param("+3", 3, id="plus"),
        pytest.param("1e5", 100000, id="scientific"),
        pytest.param("1,5E-3", 0.0015, id="scientific with a comma"),
        pytest.param("007", 7, id="leading zeros"),
    ],
)
@pytest.mark.parametrize("locale", ["en_US", "de_DE", ""])
def test_a_text_with_one_reading_is_read_in_every_locale_with_a_warning(
    text: str, number: float, locale: str
) -> None:
    value, finding = read_number(text, "Current", locale)

    assert value == number
    assert severity(finding) is Severity.WARNING
    assert message(finding).endswith(f"is text; it was read as {read_text(float(number))}.")


@pytest.mark.parametrize(
    ("text", "locale", "number"),
    [
        pytest.param("1,234", "en_US", 1234, id="a comma groups in English"),
        pytest.param("1,234", "de_DE", 1.234, id="a comma parts in German"),
        pytest.param("1.234", "en_US", 1.234, id="a dot parts in English"),
        pytest.param("1.234", "de_DE", 1234, id="a dot groups in German"),
        pytest.param("-1,234%", "en_IN", -12.34, id="sign and percent do not matter"),
        pytest.param("1,234", "en-GB", 1234, id="a locale with a hyphen"),
        pytest.param("1,234", "fr_FR", 1.234, id="a comma parts in French"),
    ],
)
def test_of_two_readings_the_locale_takes_one_and_says_so(
    text: str, locale: str, number: float
) -> None:
    value, finding = read_number(text, "Current", locale)

    assert value == number
    assert severity(finding) is Severity.WARNING
    assert f"it was read as {read_text(float(number))} (locale {locale})." in message(finding)


@pytest.mark.parametrize("locale", ["fr_FR", "", "xx_YY", "no such locale"])
def test_of_two_readings_none_is_guessed_where_the_locale_knows_neither(locale: str) -> None:
    value, finding = read_number("1.234", "Current", locale)

    assert value is None
    assert severity(finding) is Severity.ERROR
    assert message(finding) == 'Current "1.234" is text, and could mean 1234 or 1.234.'


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("soon", id="a word"),
        pytest.param("$20K", id="a unit"),
        pytest.param("(3)", id="brackets: minus, or a remark"),
        pytest.param("1,23,4", id="groups of no country"),
        pytest.param("0,123,456", id="a first group of zero"),
        pytest.param("1 23", id="two numbers"),
        pytest.param("1 234'567", id="two marks for groups"),
        pytest.param("1,5,5", id="two decimal marks"),
        pytest.param("1,234.5.6", id="marks out of order"),
        pytest.param("5.", id="an unfinished number"),
        pytest.param("--3", id="two signs"),
        pytest.param("45%%", id="two percent signs"),
        pytest.param("10²", id="a power"),
        pytest.param("½", id="a fraction"),
        pytest.param("24.12.2026", id="a date"),
        pytest.param("1_000", id="an underscore"),
        pytest.param("nan", id="nan as text"),
        pytest.param("inf", id="infinity as text"),
        pytest.param("1e999", id="too large"),
        pytest.param("9" * 400, id="too long"),
        pytest.param(math.nan, id="nan"),
        pytest.param(-math.inf, id="infinity"),
        pytest.param(10**400, id="a whole number beyond floats"),
        pytest.param(10**5000, id="a whole number beyond spelling"),
        pytest.param(True, id="a checkbox"),
    ],
)
def test_what_is_no_number_is_an_error(cell: Cell) -> None:
    value, finding = read_number(cell, "Target", "en_US")

    assert value is None
    assert severity(finding) is Severity.ERROR
    assert message(finding).startswith("Target ")
    assert message(finding).endswith(" is not a number.")


def test_a_number_as_text_is_named_with_its_mend() -> None:
    _, finding = read_number("12,5", "Current", "de_DE")

    assert finding == Finding(
        Severity.WARNING,
        'Current "12,5" is text; it was read as 12.5.',
        "Type 12,5 in a cell that is formatted as a number.",
    )


def test_a_number_with_its_unit_is_told_where_the_unit_goes() -> None:
    _, finding = read_number("$20K", "Target", "en_US")

    assert finding and "Unit column" in finding.remedy


def test_a_long_text_is_cut_within_a_message() -> None:
    _, finding = read_number("word " * 1000, "Current", "en_US")

    assert len(message(finding)) < 80


@pytest.mark.parametrize("mark", BROKEN)
def test_a_broken_formula_is_named_in_every_column(mark: str) -> None:
    assert is_error(mark)
    for finding in (
        read_number(mark, "X", "en_US")[1],
        read_weight(mark, "X", "en_US")[1],
        read_date(mark, "X", "en_US")[1],
        read_moment(mark, "X", "en_US")[1],
        read_done(mark, "X")[1],
        read_choice(mark, "X", tuple(State))[1],
    ):
        assert severity(finding) is Severity.ERROR
        assert f"X holds a broken formula: it gives {mark} instead" in message(finding)
    assert severity(read_confidence(mark, "X")[1]) is Severity.WARNING


@pytest.mark.parametrize("cell", ["#1 priority!", "#sales", "# N/A", "Loading dock", "", 1.0, True])
def test_what_merely_looks_like_an_error_is_not_one(cell: Cell) -> None:
    assert not is_error(cell)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3), st.sampled_from(LOCALES))
def test_a_number_is_read_back_as_each_locale_writes_it(number: float, locale: str) -> None:
    text = format_decimal(number, locale=locale)

    value, finding = read_number(text, "Current", locale)

    assert value == float(number)
    assert severity(finding) is Severity.WARNING


# --- weights


@pytest.mark.parametrize(
    ("cell", "weight", "found"),
    [
        pytest.param(2.0, 2.0, None, id="a weight"),
        pytest.param(0.0, 0.0, None, id="zero is a weight"),
        pytest.param("", 1.0, None, id="blank is one"),
        pytest.param("2", 2.0, Severity.WARNING, id="a text is read"),
        pytest.param(-1.0, 1.0, Severity.ERROR, id="negative counts as one"),
        pytest.param("\u22122", 1.0, Severity.ERROR, id="negative text counts as one"),
        pytest.param("heavy", 1.0, Severity.ERROR, id="unreadable counts as one"),
    ],
)
def test_a_weight_always_counts(cell: Cell, weight: float, found: Severity | None) -> None:
    value, finding = read_weight(cell, "Weight", "en_US")

    assert (value, severity(finding)) == (weight, found)
    assert found is not Severity.ERROR or message(finding).endswith("It counts as 1.")


# --- dates


@pytest.mark.parametrize(
    ("serial", "moment"),
    [
        pytest.param(1.0, datetime(1899, 12, 31), id="the first"),
        pytest.param(46380.0, datetime(2026, 12, 24), id="a day"),
        pytest.param(46380.75, datetime(2026, 12, 24, 18), id="a fraction is the time of day"),
        pytest.param(46380.999999, datetime(2026, 12, 25), id="rounded to the second"),
        pytest.param(LAST_SERIAL, datetime(9999, 12, 31, 23, 59, 59), id="the last"),
        pytest.param(46380, datetime(2026, 12, 24), id="a whole number from a file"),
    ],
)
def test_a_serial_number_is_a_moment_and_a_day(serial: float, moment: datetime) -> None:
    assert read_moment(serial, "When", "en_US") == (moment, None)
    assert read_date(serial, "Due", "en_US") == (moment.date(), None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2026-12-24", datetime(2026, 12, 24), id="a day"),
        pytest.param(" 2026-12-24 ", datetime(2026, 12, 24), id="spaces around"),
        pytest.param("20261224", datetime(2026, 12, 24), id="without hyphens"),
        pytest.param("2026-12-24 18:30", datetime(2026, 12, 24, 18, 30), id="a time"),
        pytest.param("2026-12-24T18:30:05", datetime(2026, 12, 24, 18, 30, 5), id="a T"),
        pytest.param("2026-12-24T18:30:05.9", datetime(2026, 12, 24, 18, 30, 5), id="a part"),
    ],
)
def test_iso_text_is_a_date_without_a_finding(text: str, moment: datetime) -> None:
    assert read_moment(text, "When", "de_DE") == (moment, None)
    assert read_date(text, "Due", "de_DE") == (moment.date(), None)


@pytest.mark.parametrize("zone", ["Z", "+05:30", "-0800"])
def test_a_time_zone_is_left_out_with_a_warning(zone: str) -> None:
    value, finding = read_moment(f"2026-11-03T10:00{zone}", "When", "en_US")

    assert value == datetime(2026, 11, 3, 10)
    assert severity(finding) is Severity.WARNING
    assert "time zone, which was left out: it was read as 3 November 2026, 10:00." in message(
        finding
    )


@pytest.mark.parametrize(
    ("text", "locale", "moment"),
    [
        pytest.param("24.12.2026", "de_DE", datetime(2026, 12, 24), id="German"),
        pytest.param("12/24/2026", "en_US", datetime(2026, 12, 24), id="American"),
        pytest.param("24/12/2026", "en_GB", datetime(2026, 12, 24), id="British"),
        pytest.param("3/4/2026", "en_US", datetime(2026, 3, 4), id="month first in America"),
        pytest.param("3/4/2026", "en_GB", datetime(2026, 4, 3), id="day first in Britain"),
        pytest.param("26-12-24", "sv_SE", datetime(2026, 12, 24), id="year first in Sweden"),
        pytest.param("24.12.26", "de_DE", datetime(2026, 12, 24), id="a year of two digits"),
        pytest.param("2026/1/5", "en_US", datetime(2026, 1, 5), id="a year in front"),
        pytest.param("2026. 12. 24.", "hu_HU", datetime(2026, 12, 24), id="Hungarian"),
        pytest.param("2026年12月24日", "ja_JP", datetime(2026, 12, 24), id="Japanese"),
        pytest.param("24 Dec 2026", "en_US", datetime(2026, 12, 24), id="a month's short name"),
        pytest.param("December 24th, 2026", "en_GB", datetime(2026, 12, 24), id="an ordinal"),
        pytest.param("24. Dezember 2026", "de_DE", datetime(2026, 12, 24), id="a German month"),
        pytest.param("24 déc. 2026", "fr_FR", datetime(2026, 12, 24), id="a French month"),
        pytest.param("24 de diciembre de 2026", "es_ES", datetime(2026, 12, 24), id="fillers"),
        pytest.param("24 Dec 2026", "ja_JP", datetime(2026, 12, 24), id="English everywhere"),
        pytest.param("24.12.2026 18:30", "de_DE", datetime(2026, 12, 24, 18, 30), id="a time"),
        pytest.param("12/24/26, 6:30 PM", "en_US", datetime(2026, 12, 24, 18, 30), id="pm"),
        pytest.param("12/24/2026 12:05 a.m.", "en_US", datetime(2026, 12, 24, 0, 5), id="am"),
    ],
)
def test_another_text_is_a_date_in_the_order_of_the_locale_with_a_warning(
    text: str, locale: str, moment: datetime
) -> None:
    for value, finding in (read_moment(text, "When", locale), read_date(text, "When", locale)):
        assert value in (moment, moment.date())
        assert severity(finding) is Severity.WARNING
        assert f'When "{text}" is text; it was read as {moment.day} ' in message(finding)
        assert finding and finding.remedy.startswith(f"Type {moment.date()} ")


@pytest.mark.parametrize(
    ("cell", "locale"),
    [
        pytest.param("13/13/2026", "en_US", id="no such month"),
        pytest.param("24/12/2026", "en_US", id="no such month in America"),
        pytest.param("12/24/2026", "en_GB", id="no such month in Britain"),
        pytest.param("3/4/2026", "sv_SE", id="a year at the end in Sweden"),
        pytest.param("3/4/2026", "", id="no locale to decide"),
        pytest.param("2026-02-30", "en_US", id="no such day"),
        pytest.param("2026-12-24 25:00", "en_US", id="no such hour"),
        pytest.param("12/24/2026 13:00 pm", "en_US", id="no such hour of pm"),
        pytest.param("24 Dec", "en_US", id="no year"),
        pytest.param("1/2/3", "en_US", id="a year of one digit"),
        pytest.param("0000-00-00", "en_US", id="the year zero"),
        pytest.param("0001-01-01", "en_US", id="before all serial numbers"),
        pytest.param("2026-W12", "en_US", id="a week"),
        pytest.param("2026", "en_US", id="a year"),
        pytest.param("soon", "en_US", id="a word"),
        pytest.param("," * 100_000, "en_US", id="commas without end"),
        pytest.param(0.5, "en_US", id="a time without a day"),
        pytest.param(-3.0, "en_US", id="a negative number"),
        pytest.param(2958466.0, "en_US", id="the year 10000"),
        pytest.param(20261224.0, "en_US", id="a date as a number"),
        pytest.param(math.nan, "en_US", id="nan"),
        pytest.param(math.inf, "en_US", id="infinity"),
        pytest.param(10**400, "en_US", id="a number beyond floats"),
        pytest.param(True, "en_US", id="a checkbox"),
    ],
)
def test_what_is_no_date_is_an_error(cell: Cell, locale: str) -> None:
    for value, finding in (read_moment(cell, "Due", locale), read_date(cell, "Due", locale)):
        assert value is None
        assert severity(finding) is Severity.ERROR
        assert message(finding).startswith("Due ")
        assert finding and "2026-12-24" in finding.remedy


def test_a_blank_date_is_unknown() -> None:
    assert read_date("  ", "Due", "en_US") == (None, None)
    assert read_moment("", "When", "en_US") == (None, None)


@given(
    st.datetimes(datetime(1899, 12, 31), datetime(9999, 12, 31)).map(
        lambda at: at.replace(microsecond=0)
    )
)
def test_a_moment_survives_its_serial_number(moment: datetime) -> None:
    assert moment_of(serial_of(moment)) == moment
    assert day_of(serial_of(moment)) == moment.date()
    assert day_of(serial_of(moment.date())) == moment.date()


@given(st.floats(1, LAST_SERIAL))
def test_the_day_of_a_serial_number_is_that_of_its_moment(serial: float) -> None:
    assert day_of(serial) == moment_of(serial).date()
    assert abs(serial_of(moment_of(serial)) - serial) * 86400 <= 0.501


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(DATE_LOCALES))
def test_a_date_is_read_back_as_each_locale_writes_it(day: date, locale: str) -> None:
    for width in ("short", "medium", "long"):
        assert read_date(format_date(day, width, locale=locale), "Due", locale)[0] == day


def test_a_moment_counts_by_its_own_clock() -> None:
    assert serial_of(datetime(2026, 12, 24, 18, tzinfo=UTC)) == 46380.75
    assert serial_of(date(2026, 12, 24) + timedelta(days=1)) == 46381.0


# --- words


@pytest.mark.parametrize(
    ("cell", "confidence", "found"),
    [
        pytest.param(0.7, 0.7, None, id="a share"),
        pytest.param(0.0, 0.0, None, id="none at all"),
        pytest.param(1.0, 1.0, None, id="one is certain"),
        pytest.param(7.0, 0.7, Severity.WARNING, id="of ten"),
        pytest.param(7, 0.7, Severity.WARNING, id="of ten from a file"),
        pytest.param(10.0, 1.0, Severity.WARNING, id="ten of ten"),
        pytest.param(70.0, 0.7, Severity.WARNING, id="percent"),
        pytest.param(100.0, 1.0, Severity.WARNING, id="all percent"),
        pytest.param("70%", 0.7, None, id="a percent sign"),
        pytest.param("7/10", 0.7, None, id="a fraction"),
        pytest.param("4 / 5", 0.8, None, id="a fraction of another whole"),
        pytest.param("High", 0.8, None, id="high"),
        pytest.param("medium", 0.5, None, id="medium"),
        pytest.param("low", 0.2, None, id="low"),
        pytest.param("On track", 0.8, None, id="on track"),
        pytest.param("at-risk", 0.5, None, id="at risk"),
        pytest.param("OFF_TRACK", 0.2, None, id="off track"),
        pytest.param("0,7", 0.7, Severity.WARNING, id="a number as text"),
        pytest.param("7", 0.7, Severity.WARNING, id="of ten as text"),
        pytest.param("", None, None, id="blank"),
        pytest.param("maybe", None, Severity.WARNING, id="a word"),
        pytest.param("1,234", None, Severity.WARNING, id="two readings"),
        pytest.param("150%", None, Severity.WARNING, id="more than all"),
        pytest.param("11/10", None, Severity.WARNING, id="more than the whole"),
        pytest.param("7/0", None, Severity.WARNING, id="of nothing"),
        pytest.param(-0.1, None, Severity.WARNING, id="negative"),
        pytest.param(101.0, None, Severity.WARNING, id="above a hundred"),
        pytest.param(46213.0, None, Severity.WARNING, id="7/10 that became a date"),
        pytest.param(math.nan, None, Severity.WARNING, id="nan"),
        pytest.param(True, None, Severity.WARNING, id="a checkbox"),
    ],
)
def test_a_confidence_is_read_however_it_was_put(
    cell: Cell, confidence: float | None, found: Severity | None
) -> None:
    value, finding = read_confidence(cell, "Confidence")

    assert (value, severity(finding)) == (confidence, found)


def test_a_confidence_of_another_scale_says_how_it_was_read() -> None:
    _, finding = read_confidence(7.0, "Confidence")

    assert finding == Finding(
        Severity.WARNING, "Confidence 7 was read as 7 of ten, which is 0.7.", "Type 70%."
    )


@pytest.mark.parametrize(
    ("cells", "done", "found"),
    [
        pytest.param(
            (True, "TRUE", "Yes", "done", "X", "✓", "✔️", 1.0, 1, "1"), 1.0, None, id="done"
        ),
        pytest.param(
            (False, "false", "no", "Not done", "open", 0.0, 0, "0"), 0.0, None, id="not done"
        ),
        pytest.param(("", "  "), None, None, id="blank is unknown"),
        pytest.param((0.5, 2.0, "half", "-", math.nan), None, Severity.ERROR, id="anything else"),
    ],
)
def test_done_is_one_or_nought(
    cells: tuple[Cell, ...], done: float | None, found: Severity | None
) -> None:
    for cell in cells:
        value, finding = read_done(cell, "Current")
        assert (value, severity(finding)) == (done, found), cell


@pytest.mark.parametrize("cell", ["dropped", "DROPPED", " Dropped ", "drop-ped", "dro_pped"])
def test_a_choice_is_found_by_what_counts_in_its_name(cell: str) -> None:
    assert read_choice(cell, "State", tuple(State)) == (State.DROPPED, None)


def test_an_unknown_choice_counts_as_blank_and_lists_the_choices() -> None:
    assert read_choice("", "State", tuple(State)) == (None, None)
    assert read_choice("activ", "State", tuple(State)) == (
        None,
        Finding(
            Severity.WARNING,
            'State "activ" is not a known choice; it counts as blank.',
            "Choose one of: draft, active, done, dropped.",
        ),
    )


# --- what a person sees


@pytest.mark.parametrize(
    ("cell", "text", "row_id"),
    [
        pytest.param(12.0, "12", "12", id="an ID that became a number"),
        pytest.param(12, "12", "12", id="a whole number from a file"),
        pytest.param(-0.0, "0", "0", id="zero has no sign"),
        pytest.param(12.5, "12.5", "12.5", id="a number"),
        pytest.param(1e300, "1e+300", "1e+300", id="a number without end"),
        pytest.param(True, "TRUE", "TRUE", id="a checkbox"),
        pytest.param(False, "FALSE", "FALSE", id="an empty checkbox"),
        pytest.param("  KR-1 \n", "KR-1", "KR-1", id="blanks around"),
        pytest.param("one\n two", "one\n two", "one two", id="line breaks"),
        pytest.param("\ufeffKR-\u200b1\u00a0", "KR-\u200b1", "KR-1", id="what nobody can see"),
    ],
)
def test_text_is_what_a_person_sees(cell: Cell, text: str, row_id: str) -> None:
    assert (read_text(cell), read_id(cell)) == (text, row_id)


@pytest.mark.parametrize("cell", [0.0, False, "0", "-", "#N/A"])
def test_nought_is_not_blank(cell: Cell) -> None:
    assert not is_blank(cell)


# --- the laws of every cell

NEARLY = st.text("0123456789 .,'%-+eE/:TZ#!()年月日\u202f", max_size=24)
CELLS = st.one_of(st.text(), NEARLY, st.floats(), st.integers(), st.booleans())


@given(CELLS, st.sampled_from((*LOCALES, "", "xx")))
def test_no_cell_ever_raises_and_each_finding_is_a_sentence_with_a_mend(
    cell: Cell, locale: str
) -> None:
    reads = (
        read_number(cell, "X", locale),
        read_weight(cell, "X", locale),
        read_date(cell, "X", locale),
        read_moment(cell, "X", locale),
        read_confidence(cell, "X"),
        read_done(cell, "X"),
        read_choice(cell, "X", tuple(State)),
    )
    for value, finding in reads:
        assert value is not None or finding is not None or is_blank(cell)
        assert not isinstance(value, float) or math.isfinite(value)
        if finding is not None:
            assert finding.message.startswith("X ") and finding.message.endswith(".")
            assert "\n" not in finding.message and finding.remedy.endswith(".")


def test_a_clean_sheet_never_waits_for_babel() -> None:
    code = (
        "import sys; from okr import cells, cycles;"
        "cells.read_number(1.5, 'X', 'de_DE'); cells.read_date('2026-12-24', 'X', 'de_DE');"
        "sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        pytest.param(46405.0, "2027-01-18", id="a day"),
        pytest.param(46405, "2027-01-18", id="a day that came as an int"),
        pytest.param(46405.5, "2027-01-18 12:00", id="a moment"),
        pytest.param(46405 + 1 / 86400, "2027-01-18 00:00:01", id="to the second"),
        pytest.param(-3.0, "-3", id="no day"),
        pytest.param(float("inf"), "inf", id="no number"),
        pytest.param(" soon ", "soon", id="a text"),
        pytest.param(True, "TRUE", id="a box"),
    ],
)
def test_a_date_is_shown_as_a_date(cell: Cell, shown: str) -> None:
    assert read_day(cell) == shown
