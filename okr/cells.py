"""From one raw cell to a typed value, with at most one finding. No cell ever raises."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from okr.columns import normalise
from okr.model import EPOCH, Cell, Severity
from okr.serials import FIRST_SERIAL, LAST_SERIAL, day_of, moment_of

if TYPE_CHECKING:  # babel is imported where a text needs it, so that a clean sheet never waits
    from babel import Locale

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a cell; it becomes a Problem once the row and column are known."""

    severity: Severity
    message: str
    remedy: str


Read = tuple[T | None, Finding | None]
"""The value or None, and what was found. A plain tuple, because it is made a million times over."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_FIRST_DAY = EPOCH + timedelta(days=FIRST_SERIAL)
_LONGEST = 64
"""No number and no date is written in more characters, so longer text need not be searched."""
_SHOWN = 40

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_EDGES = _INVISIBLE + " \t\r\n\u00a0\u202f"
_ERROR = re.compile(
    r"#(?:[A-Z][A-Z0-9_/]*[!?]|N/A|NV|GETTING_DATA)|(?i:loading)(?:\.\.\.|…)|Err:[0-9]{3}"
)

# --- what a person sees ---------------------------------------------------------------------


def _trim(text: str) -> str:
    """Take away the blanks around a text, also those that nobody can see."""
    bare = text.strip()
    return bare if bare.isprintable() else bare.strip(_EDGES)


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing, or nothing that can be seen."""
    return isinstance(cell, str) and not _trim(cell)


def is_error(cell: Cell) -> bool:
    """Tell whether a cell shows the mark of a broken formula, such as ``#REF!``."""
    return isinstance(cell, str) and _ERROR.fullmatch(_trim(cell)) is not None


def read_text(cell: Cell) -> str:
    """Give a cell as people see it: 12 for 12.0, TRUE for a checkbox; line breaks are kept."""
    if isinstance(cell, str):
        return _trim(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return _spell_odd(cell)


def _spell_odd(number: float) -> str:
    """Spell a number that is not a short whole one; an int may be too long for Python to spell."""
    try:
        return repr(number)
    except ValueError:
        return "a number of thousands of digits"


def read_id(cell: Cell) -> str:
    """Give a cell as an ID: on one line, single-spaced, without characters that nobody can see."""
    text = " ".join(cell.split()) if isinstance(cell, str) else read_text(cell)
    if text.isprintable():
        return text
    return " ".join(text.translate(dict.fromkeys(map(ord, _INVISIBLE))).split())


def _quote(cell: Cell) -> str:
    """Show a cell within a sentence: text in quotes, on one line, and not without end."""
    text = " ".join(read_text(cell).split())
    short = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return f'"{short}"' if isinstance(cell, str) else short


def _error(message: str, remedy: str) -> Finding:
    return Finding(Severity.ERROR, message, remedy)


def _warning(message: str, remedy: str) -> Finding:
    return Finding(Severity.WARNING, message, remedy)


def _broken(cell: Cell, column: str) -> Finding:
    """Say that a formula is broken; the mark that the cell shows says how."""
    message = f"{column} holds a broken formula: it gives {read_text(cell)} instead of a value."
    return _error(message, "Mend the formula in this cell, or type the value over it.")


# --- numbers --------------------------------------------------------------------------------

_SPACES = re.compile(r"[ \u00a0\u2007\u2009\u202f]")
_SCIENTIFIC = re.compile(r"([0-9]+(?:[.,][0-9]+)?)[eE]([+-]?[0-9]{1,4})")
_WELL_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+")
_INDIAN_GROUPED = re.compile(r"[1-9][0-9]?(?: [0-9]{2})+ [0-9]{3}")
_PLAIN = re.compile(r"[0-9]*")
_DIGIT = re.compile(r"[0-9]")
_UNIT = re.compile(r"[^\W\d_]|[$€£¥₹]")
_GROUPS = ("", " ", "'", ",", ".")
_POINTS = (".", ",")


def read_number(cell: Cell, column: str, locale: str) -> Read[float]:
    """Read a number cell as it is, and a text where it can mean one number alone.

    Where a text can mean two, as ``1,234`` can, the locale decides. Every text that is read
    leaves a warning which names the value.
    """
    if type(cell) is float and math.isfinite(cell):
        return cell, None
    if isinstance(cell, str):
        return _read_text_number(_trim(cell), column, locale)
    number = _as_finite(cell)
    return number, None if number is not None else _no_number(cell, column)


def _as_finite(cell: Cell) -> float | None:
    """Give an int or float as a float; None for a checkbox, and for what has no finite value."""
    if isinstance(cell, str | bool):
        return None
    try:
        return float(cell) if math.isfinite(cell) else None
    except OverflowError:
        return None


def _read_text_number(text: str, column: str, locale: str) -> Read[float]:
    """Read a number that stands in its cell as text."""
    if not text:
        return None, None
    if is_error(text):
        return None, _broken(text, column)
    readings = number_readings(text)
    if len(readings) > 1:
        return _decide(text, readings, column, locale)
    for number in readings.values():
        return number, _was_text(text, column, number, read_text(number), locale)
    return None, _no_number(text, column)


def _decide(text: str, readings: Mapping[str, float], column: str, locale: str) -> Read[float]:
    """Let the locale choose between two readings; where it knows neither, nobody guesses."""
    decimal, group = _symbols(locale)
    mark = "," if "," in text else "."
    use = "decimal" if mark == decimal else "group" if mark == group else ""
    if use:
        number = readings[use]
        return number, _was_text(
            text, column, number, f"{read_text(number)} (locale {locale})", locale
        )
    both = " or ".join(sorted(map(read_text, readings.values()), key=len))
    message = f"{column} {_quote(text)} is text, and could mean {both}."
    return None, _error(message, "Type the number again in a cell that is formatted as a number.")


def _was_text(text: str, column: str, number: float, shown: str, locale: str) -> Finding:
    """Say which number a text was read as, and how to type it where the workbook lives."""
    typed = _spell_percent(number) if "%" in text else read_text(number)
    decimal = _symbols(locale)[0] or "."
    return _warning(
        f"{column} {_quote(text)} is text; it was read as {shown}.",
        f"Type {typed.replace('.', decimal)} in a cell that is formatted as a number.",
    )


def _spell_percent(number: float) -> str:
    return f"{read_text(round(number * 100, 9))}%"


def _no_number(cell: Cell, column: str) -> Finding:
    """Say that a cell is not a number; where one stands beside a unit, say where the unit goes."""
    remedy = "Type a number such as 1200 or 45%."
    if isinstance(cell, str) and _SCIENTIFIC.fullmatch(_trim(cell).lstrip("+-")):
        remedy = f"It is too large. {remedy}"
    elif isinstance(cell, str) and _DIGIT.search(cell) and _UNIT.search(cell):
        remedy = "Type the number alone, such as 20000, and its unit in the Unit column."
    return _error(f"{column} {_quote(cell)} is not a number.", remedy)


def number_readings(text: str) -> dict[str, float]:
    """Give every number that a text can mean, by the use of its mark: ``decimal`` or ``group``.

    Empty where it can mean none; one entry where the marks leave no doubt.
    """
    sign, body, exponent = _take_apart(text)
    scientific = _SCIENTIFIC.fullmatch(body)
    if scientific and not exponent:
        written = {"decimal": scientific[1].replace(",", ".")}
        exponent = int(scientific[2])
    else:
        written = _plain_readings(body)
    numbers = {use: float(f"{sign}{digits}e{exponent}") for use, digits in written.items()}
    return {use: number for use, number in numbers.items() if math.isfinite(number)}


def _take_apart(text: str) -> tuple[str, str, int]:
    """Part a text into its sign, its digits and marks, and the power of ten of a percent sign."""
    body = _SPACES.sub(" ", text.strip(_EDGES)).replace("\u2212", "-").replace("\u2019", "'")
    if len(body) > _LONGEST:
        return "", "", 0
    sign, body = (body[0], body[1:].lstrip(_EDGES)) if body[:1] in ("+", "-") else ("", body)
    bare = body.removesuffix("%") if body.endswith("%") else body.removeprefix("%")
    return sign, bare.strip(), 0 if bare == body else -2


def _plain_readings(body: str) -> dict[str, str]:
    """Try every pair of marks for groups and decimals, and keep the readings that differ."""
    found: dict[str, str] = {}
    for group in _GROUPS:
        for point in _POINTS:
            digits = "" if group == point else _read_marked(body, group, point)
            if digits and digits not in found.values():
                found["group" if group else "decimal"] = digits
    return found


def _read_marked(body: str, group: str, point: str) -> str:
    """Read digits by the marks for groups and decimals; "" where they do not fit the body."""
    whole, mark, rest = body.partition(point)
    if mark and not (rest and _is_digits(rest)):
        return ""
    if group and not _is_grouped(whole, group):
        return ""
    digits = whole.replace(group, "") if group else whole
    return f"{digits or '0'}.{rest or '0'}" if _is_digits(digits) and (digits or rest) else ""


def _is_digits(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None


def _is_grouped(whole: str, group: str) -> bool:
    """Tell whether digits stand in groups of three, or as India groups them: 12,34,567."""
    if group == " ":
        return _WELL_GROUPED.fullmatch(whole) is not None
    if group not in whole or " " in whole:
        return False
    spaced = whole.replace(group, " ")
    is_indian = group == "," and _INDIAN_GROUPED.fullmatch(spaced) is not None
    return is_indian or _WELL_GROUPED.fullmatch(spaced) is not None


@lru_cache(maxsize=64)
def _locale(name: str) -> "Locale | None":
    """Find a locale by its name, or else by its language; None where babel knows neither."""
    from babel import Locale, UnknownLocaleError

    plain = name.replace("-", "_")
    for known in (plain, plain.partition("_")[0]):
        try:
            return Locale.parse(known)
        except (ValueError, TypeError, UnknownLocaleError):
            continue
    return None


@lru_cache(maxsize=64)
def _symbols(name: str) -> tuple[str, str]:
    """Give the marks for decimals and groups; both "" where the locale is not known."""
    locale = _locale(name)
    if locale is None:
        return "", ""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_decimal_symbol(locale), get_group_symbol(locale)


def read_weight(cell: Cell, column: str, locale: str) -> tuple[float, Finding | None]:
    """Read a weight. Blank is 1; what is negative or unreadable is an error and counts as 1."""
    number, finding = read_number(cell, column, locale)
    if number is None:
        return 1.0, finding and _error(f"{finding.message} It counts as 1.", finding.remedy)
    if number < 0:
        message = f"{column} {_quote(cell)} is negative. It counts as 1."
        return 1.0, _error(message, "Type 0 to leave the row out, or a weight above 0.")
    return number, finding


# --- dates ----------------------------------------------------------------------------------

_ISO = re.compile(r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4})(?:[T ].*)?")
_MARK = r"\s*[./\-年月년월]\s*"
_NUMERIC_DAY = re.compile(rf"([0-9]{{1,4}}){_MARK}([0-9]{{1,2}}){_MARK}([0-9]{{1,4}})[.日일]?")
_CLOCK = re.compile(
    r"[\s,T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s*(?:([ap])\.?\s?m\.?)?$", re.I
)
_TOKENS = re.compile(r"[0-9]+|[^\W\d_]+")
_FILLERS = frozenset({"st", "nd", "rd", "th", "er", "de", "del", "of", "the", "г", "р"})
_TYPE_A_DATE = "Type the date as year-month-day, such as 2026-12-24."


def read_day(cell: Cell) -> str:
    """Give the cell of a date as people see it: 2026-12-24 for its serial number."""
    if not isinstance(cell, str | bool) and FIRST_SERIAL <= cell <= LAST_SERIAL:
        return _iso(moment_of(cell))
    return read_text(cell)


def _iso(moment: datetime) -> str:
    """Spell a moment as every sheet knows it, as short as it can be."""
    return moment.isoformat(" ", "seconds").removesuffix(":00").removesuffix(" 00:00")


def read_date(cell: Cell, column: str, locale: str) -> Read[date]:
    """Read a day: a serial number, ISO text, or another text in the order of the locale."""
    if type(cell) is float and FIRST_SERIAL <= cell <= LAST_SERIAL:
        return day_of(cell), None
    moment, finding = _read_when(cell, column, locale, _spell_day)
    return None if moment is None else moment.date(), finding


def read_moment(cell: Cell, column: str, locale: str) -> Read[datetime]:
    """Read a moment by the workbook's own clock, to the second.

    ISO text that names a time zone keeps its clock time, and a warning says so.
    """
    if type(cell) is float and FIRST_SERIAL <= cell <= LAST_SERIAL:
        return moment_of(cell), None
    return _read_when(cell, column, locale, _spell_moment)


def _read_when(
    cell: Cell, column: str, locale: str, spell: Callable[[datetime], str]
) -> Read[datetime]:
    """Read a cell that is not a plain serial number; ``spell`` puts the result into words."""
    if not isinstance(cell, str):
        return _read_odd_serial(cell, column)
    text = read_id(cell)
    if not text:
        return None, None
    iso = _parse_iso(text)
    moment = iso or _parse_local(text, locale)
    if moment is None or moment.replace(tzinfo=None) < _FIRST_DAY:
        return None, _broken(text, column) if is_error(text) else _no_date(text, column, locale)
    plain = moment.replace(microsecond=0, tzinfo=None)
    if iso is None:
        return plain, _was_date_text(text, column, spell(plain), plain)
    return plain, None if moment.tzinfo is None else _has_zone(text, column, spell(plain))


def _no_date(text: str, column: str, locale: str) -> Finding:
    """Say that a text is not a date, and by which locale it was tried."""
    tried = f" (locale {locale})" if _DIGIT.search(text) and locale else ""
    return _error(f"{column} {_quote(text)} cannot be read as a date{tried}.", _TYPE_A_DATE)


def _read_odd_serial(cell: Cell, column: str) -> Read[datetime]:
    """Read a whole serial number that came as an int; anything else here is not a date."""
    serial = _as_finite(cell)
    if serial is not None and FIRST_SERIAL <= serial <= LAST_SERIAL:
        return moment_of(serial), None
    return None, _error(f"{column} {_quote(cell)} is not a date.", _TYPE_A_DATE)


def _was_date_text(text: str, column: str, shown: str, moment: datetime) -> Finding:
    """Say which day a text was read as; the remedy is the one spelling that every sheet knows."""
    return _warning(
        f"{column} {_quote(text)} is text; it was read as {shown}.",
        f"Type {_iso(moment)} in a cell that is formatted as a date.",
    )


def _has_zone(text: str, column: str, shown: str) -> Finding:
    return _warning(
        f"{column} {_quote(text)} names a time zone, which was left out: it was read as {shown}.",
        "Type the moment by the workbook's clock, without a time zone.",
    )


def _spell_day(moment: datetime) -> str:
    """Name the month in words, so that nobody takes it for the day."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _spell_moment(moment: datetime) -> str:
    clock = moment.time().isoformat("seconds").removesuffix(":00")
    return _spell_day(moment) if clock == "00:00" else f"{_spell_day(moment)}, {clock}"


def _parse_iso(text: str) -> datetime | None:
    """Read ISO text, with or without a time; None where it is anything else."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _parse_local(text: str, locale: str) -> datetime | None:
    """Read a day as the locale writes it, in numbers or with the month's name, and its time."""
    if len(text) > _LONGEST:
        return None
    clock = _CLOCK.search(text)
    day = text[: clock.start()] if clock else text
    parts = _numeric_parts(day, locale) or _named_parts(day, locale)
    try:
        return datetime(*parts, *_clock_parts(clock)) if parts else None
    except ValueError:
        return None


def _clock_parts(clock: re.Match[str] | None) -> tuple[int, int, int]:
    """Give hour, minute and second; midnight where a text says no time."""
    if clock is None:
        return 0, 0, 0
    hour = int(clock[1])
    return _full_hour(hour, clock[4]), int(clock[2]), int(clock[3] or 0)


def _full_hour(hour: int, half: str | None) -> int:
    """Count an hour of am or pm from midnight; -1 where no such hour exists."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        return -1
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _numeric_parts(text: str, locale: str) -> tuple[int, int, int] | None:
    """Read year, month and day from ``24.12.2026`` in the order of the locale."""
    match = _NUMERIC_DAY.fullmatch(text)
    if match is None:
        return None
    order = "ymd" if len(match[1]) == 4 else _date_order(locale)
    parts = dict(zip(order, match.groups(), strict=False))
    year = _full_year(parts.get("y", ""))
    return None if year is None else (year, int(parts["m"]), int(parts["d"]))


def _named_parts(text: str, locale: str) -> tuple[int, int, int] | None:
    """Read year, month and day from ``24 December 2026`` or ``Dec 24, 2026``."""
    tokens = [token for token in _TOKENS.findall(_fold(text)) if token not in _FILLERS]
    numbers = [token for token in tokens if token.isdecimal()]
    months = [_month_names(locale).get(token) for token in tokens if not token.isdecimal()]
    if len(numbers) != 2 or len(months) != 1 or months[0] is None:
        return None
    is_year_first = len(numbers[0]) == 4 or (
        len(numbers[1]) != 4 and _date_order(locale).startswith("y")
    )
    day, year = reversed(numbers) if is_year_first else numbers
    full = _full_year(year)
    return None if full is None or len(day) > 2 else (full, months[0], int(day))


def _fold(text: str) -> str:
    """Make spellings of one word equal: not case, nor how its accents are encoded."""
    return unicodedata.normalize("NFC", text.casefold())


def _full_year(digits: str) -> int | None:
    """Give a year of four digits as it is and one of two in this century; None for another."""
    if len(digits) not in (2, 4):
        return None
    return int(digits) + (2000 if len(digits) == 2 else 0)


@lru_cache(maxsize=64)
def _date_order(name: str) -> str:
    """Give the order of a locale's dates, such as ``mdy``; "" where the locale is not known."""
    locale = _locale(name)
    if locale is None:
        return ""
    from babel.dates import get_date_format

    pattern = str(get_date_format("short", locale=locale).pattern).lower()
    return "".join(sorted("ymd", key=pattern.find))


@lru_cache(maxsize=64)
def _month_names(name: str) -> Mapping[str, int]:
    """Map the names of months to their numbers: English ones, and those of the locale."""
    names = {short: at for at, month in enumerate(MONTHS, 1) for short in (month, month[:3])}
    locale = _locale(name)
    if locale is not None:
        for context in locale.months.values():
            for width in ("wide", "abbreviated"):
                names |= {month: at for at, month in context[width].items()}
    return {_fold(month).strip("."): at for month, at in names.items()}


# --- words ----------------------------------------------------------------------------------

_CONFIDENCES = {
    "high": 0.8,
    "medium": 0.5,
    "low": 0.2,
    "ontrack": 0.8,
    "atrisk": 0.5,
    "offtrack": 0.2,
}
_SCALES = ((1, ""), (10, " of ten"), (100, " percent"))
_FRACTION = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,2})?) ?/ ?([0-9]{1,3})")
_DONE = {
    **dict.fromkeys(("true", "yes", "y", "done", "x", "✓", "✔", "☑", "✅", "1"), 1.0),
    **dict.fromkeys(("false", "no", "n", "notdone", "open", "☐", "0"), 0.0),
}


def read_confidence(cell: Cell, column: str) -> Read[float]:
    """Read a belief from 0 to 1, however it was put; what cannot be read is a warning."""
    if type(cell) is float and 0.0 <= cell <= 1.0:
        return cell, None
    if is_blank(cell):
        return None, None
    if isinstance(cell, str):
        return _read_confidence_text(_trim(cell), column)
    return _scale(cell, _as_finite(cell), column)


def _read_confidence_text(text: str, column: str) -> Read[float]:
    """Read a word, a share such as ``70%`` or ``7/10``, or a number that stands as text."""
    word = _CONFIDENCES.get(normalise(text))
    if word is not None:
        return word, None
    fraction = _FRACTION.fullmatch(text)
    if fraction is None and "%" not in text:
        return _scale(text, _only_reading(text), column)
    share = _share(fraction) if fraction else _only_reading(text)
    if share is not None and 0.0 <= share <= 1.0:
        return share, None
    return None, _no_confidence(text, column)


def _only_reading(text: str) -> float | None:
    """Give the number that a text means, None where it means none or may mean two."""
    readings = [*number_readings(text).values()]
    return readings[0] if len(readings) == 1 else None


def _share(fraction: re.Match[str]) -> float | None:
    whole = float(fraction[2])
    return float(fraction[1].replace(",", ".")) / whole if whole else None


def _scale(cell: Cell, number: float | None, column: str) -> Read[float]:
    """Take a number up to 1 as it is, up to 10 as of ten, up to 100 as percent."""
    if number is None or not 0.0 <= number <= 100.0:
        return None, _no_confidence(cell, column)
    whole, said = next(scale for scale in _SCALES if number <= scale[0])
    share = number / whole
    if not said and not isinstance(cell, str):
        return share, None
    text = " is text; it" if isinstance(cell, str) else ""
    shown = f"{read_text(number)}{said}, which is {share}" if said else str(share)
    message = f"{column} {_quote(cell)}{text} was read as {shown}."
    return share, _warning(message, f"Type {_spell_percent(share)}.")


def _no_confidence(cell: Cell, column: str) -> Finding:
    """Say that a confidence counts as not given; the row is still scored, so it is a warning."""
    if is_error(cell):
        return replace(_broken(cell, column), severity=Severity.WARNING)
    message = f"{column} {_quote(cell)} cannot be read; it counts as not given."
    return _warning(message, "Type a share such as 70%, or high, medium or low.")


def read_done(cell: Cell, column: str) -> Read[float]:
    """Read whether something is done: 1.0 or 0.0, None where the cell is blank."""
    if is_blank(cell):
        return None, None
    if is_error(cell):
        return None, _broken(cell, column)
    done = _DONE.get(normalise(read_text(cell).replace("\ufe0f", "")))
    if done is not None:
        return done, None
    message = f"{column} {_quote(cell)} says neither done nor not done."
    return None, _error(message, "Type TRUE or FALSE, yes or no.")


def read_choice(cell: Cell, column: str, choices: Sequence[str]) -> Read[str]:
    """Find the choice that a cell names; an unknown word counts as blank, with a warning."""
    if is_blank(cell):
        return None, None
    if is_error(cell):
        return None, _broken(cell, column)
    word = normalise(read_text(cell))
    for choice in choices:
        if normalise(choice) == word:
            return choice, None
    message = f"{column} {_quote(cell)} is not a known choice; it counts as blank."
    return None, _warning(message, f"Choose one of: {', '.join(choices)}.")
