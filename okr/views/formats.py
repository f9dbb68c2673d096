"""How numbers, units, dates and ages are written on the board."""

from collections.abc import Iterable
from datetime import date, datetime
from math import floor, isfinite, log10

from okr.model import Kind

MINUS = "\u2212"
PART = ","
_SYMBOLS = frozenset("€$£¥₹₩₪₺₽₴₦฿₫₱")
_CODES = frozenset(
    (
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "JPY",
        "CNY",
        "INR",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "CAD",
        "AUD",
    )
)
NBSP = "\u00a0"
_SCALES = ((1e12, f"{NBSP}T"), (1e9, f"{NBSP}B"), (1e6, f"{NBSP}M"))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _is_money(unit: str) -> bool:
    return unit in _CODES or (unit != "" and all(letter in _SYMBOLS for letter in unit))


def _digits(value: float) -> int:
    """Choose the decimals: one, and below 1 as many as show two figures that mean something."""
    if value == 0 or abs(value) >= 1:
        return 1
    return max(1, min(6, 1 - floor(log10(abs(value)))))


def plain(value: float, decimals: int | None = None) -> str:
    """Write a number: thousands parted, a real minus, no zeros that say nothing."""
    places = _digits(value) if decimals is None else decimals
    text = f"{abs(value):,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.replace(",", PART)
    return f"{MINUS}{text}" if value < 0 and text.strip("0.") else text


def _scale(values: Iterable[float]) -> tuple[float, str]:
    """Choose millions or more for numbers so large that their last digits say nothing."""
    largest = max((abs(value) for value in values), default=0.0)
    return next(((by, name) for by, name in _SCALES if largest >= by), (1.0, ""))


def quantity(
    value: float,
    unit: str = "",
    *,
    scale: tuple[float, str] | None = None,
    decimals: int | None = None,
) -> str:
    """Write a value with its unit; values in ``%`` are fractions."""
    if not isfinite(value):
        return "no number"
    if unit == "%":
        return f"{plain(value * 100, decimals)}%"
    by, name = scale or _scale([value])
    number = plain(value / by, decimals)
    if _is_money(unit):
        sign, number = (MINUS, number[1:]) if number.startswith(MINUS) else ("", number)
        return f"{sign}{unit}{NBSP}{number}{name}"
    return f"{number}{name} {unit}".strip()


def value_of_target(
    value: float | None, target: float | None, unit: str, kind: Kind = Kind.INCREASE
) -> str:
    """Write where a key result stands and where it should: ``12 of 20 customers``."""
    if kind is Kind.DONE:
        return "no data" if value is None else "done" if value >= 1 else "not done yet"
    if target is None:
        return "no data" if value is None else quantity(value, unit)
    goal = quantity(target, unit)
    if value is None:
        return f"no data, {_BETWEEN[kind]} {goal}"
    return _pair(value, target, unit, kind)


_BETWEEN = {
    Kind.INCREASE: "of",
    Kind.DECREASE: "down to",
    Kind.KEEP_ABOVE: "at least",
    Kind.KEEP_BELOW: "at most",
    Kind.DONE: "of",
}


def _pair(value: float, target: float, unit: str, kind: Kind) -> str:
    """Write value and target on one scale, exactly enough that different numbers look different."""
    scale = _scale([value, target])
    shown = [quantity(number, unit, scale=scale) for number in (value, target)]
    if shown[0] == shown[1] and value != target:
        shown = [quantity(number, unit, scale=scale, decimals=3) for number in (value, target)]
    now, goal = shown
    if unit and not _is_money(unit) and unit != "%":
        now = now.removesuffix(f" {unit}")
    comma = "" if kind is Kind.INCREASE else ","
    return f"{now}{comma} {_BETWEEN[kind]} {goal}"


def goal(target: float | None, unit: str, kind: Kind) -> str:
    """Write what a key result aims at, in words: ``at least 95%``."""
    if kind is Kind.DONE or target is None:
        return "done" if kind is Kind.DONE else ""
    word = {Kind.INCREASE: "up to", Kind.DECREASE: "down to"}.get(kind, _BETWEEN[kind])
    return f"{word} {quantity(target, unit)}"


def change(value: float | None, before: float | None, unit: str, kind: Kind) -> str:
    """Write what a week brought, signed; "" where there is nothing to compare."""
    if value is None or before is None or kind is Kind.DONE:
        return ""
    moved = round(value - before, 9)
    if moved == 0:
        return "0"
    size = quantity(abs(moved), unit)
    if unit == "%":
        size = f"{size.removesuffix('%')}{NBSP}pts"
    elif unit and not _is_money(unit):
        size = size.removesuffix(f" {unit}")
    return f"{MINUS if moved < 0 else '+'}{size}"


def share(value: float | None) -> str:
    """Write a score in whole percent; what is not quite all, or nothing, is not rounded to it."""
    if value is None:
        return "no data"
    percent = value * 100
    if 99.5 <= percent < 100:
        return "99%"
    if 0 < percent < 0.5:
        return "under 1%"
    return f"{plain(percent, 0)}%"


def signed(value: float) -> str:
    """Write a whole number with its sign; nought has none."""
    whole = round(value)
    return "0" if whole == 0 else f"{MINUS if whole < 0 else '+'}{abs(whole)}"


def points(value: float) -> str:
    """Write a distance in points: ``1 point``, ``12 points``."""
    whole = round(abs(value))
    return f"{whole} point{'' if whole == 1 else 's'}"


def count(number: int, one: str, many: str = "") -> str:
    """Write a number of things: ``1 key result``, ``1,200 key results``."""
    return f"{plain(number, 0)} {one if number == 1 else many or one + 's'}"


def day(when: date, today: date | None = None) -> str:
    """Write a date as ``20 Nov``, with its year where that is not today's."""
    year = f" {when.year}" if today is not None and when.year != today.year else ""
    return f"{when.day} {_MONTHS[when.month - 1]}{year}"


def full_day(when: date) -> str:
    """Write a date with its year: ``20 Nov 2026``."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def moment(when: datetime) -> str:
    """Write a date and time: ``20 Nov 2026, 09:40``."""
    return f"{full_day(when)}, {when:%H:%M}"


def age(when: date | None, today: date) -> str:
    """Write how old a value is: ``today``, ``3 d``; "" for one without a date."""
    if when is None:
        return ""
    days = (today - when).days
    return "today" if days <= 0 else f"{days} d"


def days_ago(when: date, today: date) -> str:
    """Write how long ago something was, in words: ``3 days ago``."""
    days = (today - when).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"


def listing(names: Iterable[str], most: int = 3) -> str:
    """Name things in a sentence: ``Care, Platform and 2 more``."""
    all_names = list(names)
    shown, rest = all_names[:most], len(all_names) - most
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([*filter(None, [", ".join(shown[:-1])]), *shown[-1:]])
