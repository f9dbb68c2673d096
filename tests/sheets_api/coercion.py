"""From what a request says of a cell to what the cell holds: RAW, USER_ENTERED and typed."""

import math
import re
from datetime import date
from typing import Any

from tests.sheets_api.errors import invalid, unsupported
from tests.sheets_api.state import FAILURES, MAX_TEXT, Cell, Entered, Formula, Json, Literal

EPOCH = date(1899, 12, 30)
ISO_FORMAT = {"type": "DATE", "pattern": "yyyy-mm-dd"}
PERCENT_FORMATS = {
    0: {"type": "PERCENT", "pattern": "0%"},
    2: {"type": "PERCENT", "pattern": "0.00%"},
}
# A word that may begin a date, so that what follows it cannot be taken for text.
_DATE_WORD = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)", re.I
)
_POINT_LOCALES = ("en_US", "en_GB")


def plain(number: float | int) -> float | int:
    """Give a number as Google's JSON shows it: whole numbers without a fraction."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return int(number)
    return number


def raw(value: Any, where: str) -> Literal | None:
    """Take a JSON value as it is. An empty text empties the cell.

    Raises:
        ApiError: If it is a list or an object, or a text longer than a cell may hold.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and math.isfinite(value):
        return plain(value)
    if isinstance(value, str):
        return text(value) or None
    raise invalid(f"Invalid {where}: {_kind(value)}")


def _kind(value: Any) -> str:
    return "list_value" if isinstance(value, list) else "struct_value"


def text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise invalid(
            f"Your input contains more than the maximum of {MAX_TEXT} characters in a single cell."
        )
    return value


def user_entered(value: Any, where: str, locale: str) -> tuple[Entered, Json | None]:
    """Read a JSON value as if a person had typed it; give it with the number format it brings.

    Raises:
        ApiError: If no recording says what Google makes of it.
    """
    literal = raw(value, where)
    if not isinstance(literal, str):
        return literal, None
    if literal.startswith("=") and len(literal) > 1:
        return Formula(literal), None
    if literal.startswith("'"):
        return literal[1:] or None, None
    return _typed_text(literal, locale)


def _typed_text(literal: str, locale: str) -> tuple[Entered, Json | None]:
    typed = literal.strip()
    if typed.upper() in ("TRUE", "FALSE"):
        return typed.upper() == "TRUE", None
    if re.fullmatch(r"[+-]?\d{1,15}", typed):
        return int(typed), None
    if match := re.fullmatch(r"\d{4}-\d\d-\d\d", typed):
        return serial(match[0]), ISO_FORMAT
    if locale in _POINT_LOCALES:
        if re.fullmatch(r"[+-]?\d{1,15}\.\d{1,15}", typed):
            return plain(float(typed)), None
        if match := re.fullmatch(r"(-?\d{1,12}(\.\d\d)?)%", typed):
            return plain(float(match[1]) / 100), PERCENT_FORMATS[2 if match[2] else 0]
    if _is_text(typed):
        return literal, None
    raise unsupported(f"USER_ENTERED {literal!r} in {locale}: no recording shows what it becomes")


def _is_text(typed: str) -> bool:
    if "_" in typed:
        return True
    if typed[:1] in "+-@":
        return False
    if not re.search(r"\d", typed):
        return True
    return typed[:1].isalpha() and not _DATE_WORD.match(typed)


def serial(iso: str) -> int:
    """Count the days from Google's day zero."""
    try:
        return (date.fromisoformat(iso) - EPOCH).days
    except ValueError:
        raise unsupported(f"USER_ENTERED {iso!r}: no such day") from None


def typed(value: Json) -> Entered:
    """Read an ExtendedValue as what is entered.

    Raises:
        ApiError: If it holds more than one value.
    """
    if len(value) > 1:
        raise invalid(f"An ExtendedValue holds one value, not {sorted(value)}")
    if not value:
        return None
    [(kind, item)] = value.items()
    if kind == "numberValue":
        return plain(item)
    if kind == "stringValue":
        return text(item) or None
    if kind == "formulaValue":
        if not item.startswith("="):
            raise invalid("formulaValue must start with '='")
        return Formula(item)
    if kind == "errorValue":
        raise unsupported("writing an errorValue (Google: the field is read-only)")
    return bool(item)


def as_extended(value: Any) -> Json | None:
    """Give a value as an ExtendedValue, None for nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, Formula):
        return {"formulaValue": value.text}
    message = {"message": value.message} if value.message else {}
    return {"errorValue": {"type": value.type} | message}


def a_cell(value: Any, result: Any = None, old: Cell | None = None) -> Cell:
    """Make a cell of a plain value: text that starts with = is a formula, #REF! is an error."""
    entered: Entered = value
    if isinstance(value, str) and value.startswith("="):
        entered = Formula(value)
        result = FAILURES.get(result, result) if isinstance(result, str) else result
    elif isinstance(value, str) and value in FAILURES:
        entered, result = Formula(f"={value}"), FAILURES[value]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        entered = plain(value)
    old = old or Cell()
    return old._replace(entered=None if entered == "" else entered, result=result)
