"""The Settings tab: what of it holds, and where the default does."""

import re
from collections.abc import Iterable
from dataclasses import fields
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from okr.cells import Finding, Read, read_number, read_text
from okr.columns import normalise
from okr.model import Cell, Settings, Severity
from okr.tables import Row

_NAMES = {normalise(one.name): one.name for one in fields(Settings)}
_TEXTS = {"organisation", "timezone", "locale"}
_GAPS = {"gap_at_risk", "gap_off_track"}
_SHARES = {
    "too_early",
    "pass_committed",
    "pass_aspirational",
    "grade_green",
    "grade_amber",
    "confidence_high",
    "confidence_low",
}
_POSITIVE = {"check_in_every", "refresh_seconds"}
_RISING = (
    ("gap_at_risk", "gap_off_track"),
    ("grade_amber", "grade_green"),
    ("confidence_low", "confidence_high"),
)
"""Thresholds of which the first must not lie above the second."""

_UNIT = re.compile(r"\s*(?:points?|days?|seconds?)$", re.IGNORECASE)
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,8})*")


def read_settings(rows: Iterable[Row], locale: str) -> Settings:
    """Read the settings, by the workbook's locale; a later row of the same name wins."""
    found: dict[str, str | float] = {"locale": locale}
    where: dict[str, Row] = {}
    for row in rows:
        name = _name(row)
        value = None if name is None else _value(row, name, locale)
        if name is not None and value is not None:
            found[name], where[name] = value, row
    settings = Settings(**found)  # type: ignore[arg-type]
    _report_order(settings, where)
    return settings


def _name(row: Row) -> str | None:
    """Find the setting that a row is about; None where it is blank or unknown."""
    typed = row.text("Setting")
    name = _NAMES.get(normalise(typed))
    if typed and name is None:
        message = f"“{typed}” is not a setting of the board, so it does nothing."
        row.warn("Setting", message, f"The settings are: {', '.join(_NAMES.values())}.")
    return name


def _value(row: Row, name: str, locale: str) -> str | float | None:
    """Read a setting; None where it is blank or unreadable, so that the default holds."""
    if name in _TEXTS:
        return _text(row, name)
    return row.take("Value", partial(_number, name=name, locale=locale))


def _text(row: Row, name: str) -> str | None:
    text = row.text("Value")
    if text and name == "timezone" and not is_zone(text):
        message = f"The time zone “{text}” is not known, so it is passed over."
        row.warn("Value", message, "Use a name such as Europe/Berlin.")
        return None
    if text and name == "locale" and not _LOCALE.fullmatch(text):
        message = f"The locale “{text}” is not known, so it is passed over."
        row.warn("Value", message, "Use a name such as en_US or de_DE.")
        return None
    return text or None


def is_zone(name: str) -> bool:
    """Tell whether a time zone is known by this name."""
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _number(cell: Cell, column: str, *, name: str, locale: str) -> Read[float]:
    """Read the number of a setting, whose unit people may have typed behind it."""
    bare = _UNIT.sub("", cell) if isinstance(cell, str) else cell
    number, finding = read_number(bare, column, locale)
    if bare != cell and finding is not None and number is not None:
        finding = None
    if number is None:
        return None, finding
    if name in _GAPS and 0 < number < 1:
        number *= 100
        finding = _was_read(name, cell, f"{number:g} points", f"{number:g}")
    elif name in _SHARES and 1 < number <= 100:
        finding = _was_read(name, cell, f"{number:g}%", f"{number:g}%")
        number /= 100
    if number < 0 or (name in _POSITIVE and number == 0) or (name in _SHARES and number > 1):
        message = f"{name} cannot be {read_text(cell)}, so the default holds."
        return None, Finding(Severity.ERROR, message, "Type another number.")
    return number, finding


def _was_read(name: str, cell: Cell, shown: str, typed: str) -> Finding:
    message = f"{name} {read_text(cell)} was read as {shown}."
    return Finding(Severity.WARNING, message, f"Type {typed}.")


def _report_order(settings: Settings, where: dict[str, Row]) -> None:
    """Report thresholds that cannot both be passed, because the lower lies above the higher."""
    for low, high in _RISING:
        row = where.get(low) or where.get(high)
        if row is not None and getattr(settings, low) > getattr(settings, high):
            row.warn(
                "Value",
                f"{low} {getattr(settings, low):g} lies above {high} {getattr(settings, high):g}.",
                f"Change {low} or {high}, so that {low} is the lower one.",
            )
