"""The periods that OKRs are set for: read from their names, and chosen by the day."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from okr.cells import MONTHS, Finding, read_id
from okr.columns import normalise
from okr.model import Cell, Cycle, Severity
from okr.serials import day_of

_YEAR = r"(?P<year>(?:19|20|21)[0-9]{2})"
_ANY_YEAR = r"(?P<year>(?:19|20|21)[0-9]{2}|'?[0-9]{2})"
_SEP = r"[\s\-_/.,]"
_PART = r"(?P<part>q(?:uarter)?\s?[1-4]|[1-4]q|h[12]|[12]h)"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_NUMBER = r"(?P<month>1[0-2]|0[1-9])"

_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        _YEAR,
        rf"{_ANY_YEAR}{_SEP}+{_PART}",
        rf"{_YEAR}{_PART}",
        rf"{_PART}(?:{_SEP}+|(?=')){_ANY_YEAR}",
        rf"{_PART}{_YEAR}",
        rf"{_YEAR}{_SEP}*{_MONTH}",
        rf"{_MONTH}{_SEP}*{_ANY_YEAR}",
        rf"{_YEAR}\s*[\-/.]\s*{_NUMBER}",
        rf"{_NUMBER}\s*[\-/.]\s*{_YEAR}",
    )
)

_MONTH_NUMBERS = {
    short.lower(): number for number, month in enumerate(MONTHS, 1) for short in (month, month[:3])
} | {"sept": 9}

_OLDEST_DATE, _NEWEST_DATE = 20000, 80000
"""Between these serials, of 1954 and 2119, a number in a Cycle cell can only be a date."""


def parse_cycle(name: str) -> Cycle | None:
    """Read a period from its name, which the cycle keeps as it was written.

    Returns:
        None where the name does not say one period alone, as ``FY26`` does not.
    """
    text = " ".join(name.split()).casefold().replace("\u2013", "-")
    for pattern in _NAMES:
        match = pattern.fullmatch(text)
        if match is not None:
            months = _months(match.groupdict())
            return months and _span(name, _year(match["year"]), *months)
    return None


def _months(said: dict[str, str | None]) -> tuple[int, int] | None:
    """Give the first and last month of the part of a year that a name says."""
    part, month = said.get("part"), said.get("month")
    if part:
        length = 3 if "q" in part else 6
        last = int(re.sub(r"[^0-9]", "", part)) * length
        return last - length + 1, last
    if not month:
        return 1, 12
    number = int(month) if month.isdecimal() else _MONTH_NUMBERS.get(month)
    return None if number is None else (number, number)


def _year(digits: str) -> int:
    """Give a year in full; one of two digits lies in this century."""
    year = int(digits.lstrip("'"))
    return year if year >= 100 else 2000 + year


def _span(name: str, year: int, first: int, last: int) -> Cycle:
    """Build the cycle from the first day of one month to the last day of another."""
    after = date(year + last // 12, last % 12 + 1, 1)
    return Cycle(name, date(year, first, 1), after - timedelta(days=1))


def cycle_text(cell: Cell) -> str:
    """Give a Cycle cell as a name, also where the sheet took the name for a number or a date.

    Typed into a sheet, ``2026`` becomes a number and ``Nov 2026`` the first day of the month.
    """
    if isinstance(cell, str | bool) or not _OLDEST_DATE < cell < _NEWEST_DATE or cell % 1:
        return read_id(cell)
    day = day_of(cell)
    return f"{MONTHS[day.month - 1][:3]} {day.year}" if day.day == 1 else day.isoformat()


def needs_dates(name: str) -> Finding:
    """Ask for the dates of a cycle whose name does not say them."""
    return Finding(
        Severity.ERROR,
        f'The dates of the cycle "{name}" cannot be read from its name.',
        f'Add "{name}" to the Cycles tab, with its first day in Starts and its last in Ends.',
    )


def same_period(a: Cycle, b: Cycle) -> bool:
    """Tell whether two cycles begin and end on the same days, whatever they are called."""
    return (a.starts, a.ends) == (b.starts, b.ends)


def pick_cycle(cycles: Sequence[Cycle], day: date) -> Cycle | None:
    """Choose the cycle to show first: the shortest that contains the day, else the newest."""
    around = [cycle for cycle in cycles if cycle.contains(day)]
    if around:
        return min(around, key=lambda cycle: (cycle.ends - cycle.starts, -cycle.starts.toordinal()))
    return max(cycles, key=lambda cycle: (cycle.starts, cycle.ends), default=None)


def cycle_for_new(cycles: Sequence[Cycle], shown: Cycle | None, day: date) -> str:
    """Name the cycle to offer for a new objective: the one shown, else the one around the day.

    A cycle that has ended, shown only because none is around the day, is not offered. Where none
    is left, it is the quarter of the calendar, such as ``2026-Q4``.
    """
    current = pick_cycle(cycles, day)
    if shown is not None and (shown != current or day <= shown.ends):
        return shown.name
    if current is not None and current.contains(day):
        return current.name
    return f"{day.year}-Q{(day.month + 2) // 3}"


def find_cycle(cycles: Sequence[Cycle], name: str) -> Cycle | None:
    """Find a cycle by its name, or else by the period that the name says."""
    wanted = normalise(name)
    for cycle in cycles:
        if normalise(cycle.name) == wanted:
            return cycle
    period = parse_cycle(name)
    return next((cycle for cycle in cycles if period and same_period(cycle, period)), None)
