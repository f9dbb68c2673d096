"""How a value is shown in its cell: the number formats that the recordings and workbooks use."""

import re
from datetime import datetime, timedelta
from typing import Any

from tests.sheets_api.state import Failure, Json

_DAY_ZERO = datetime(1899, 12, 30)
# Decimal and grouping signs. A locale that is not here is shown as en_US.
_SIGNS = {"en": (".", ","), "de": (",", "."), "es": (",", "."), "it": (",", "."),
          "nl": (",", "."), "fr": (",", "\u202f"), "pt": (",", ".")}  # fmt: skip
_DATE_TOKEN = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|am/pm|[^a-z]", re.I)
_NUMBER = re.compile(r"(?P<before>[^0#]*)(?P<digits>#?,?##0|0)(?:\.(?P<decimals>0+))?(?P<after>.*)")
DEFAULT_PATTERNS = {
    "DATE": "yyyy-mm-dd", "TIME": "hh:mm:ss", "DATE_TIME": "yyyy-mm-dd hh:mm:ss",
    "PERCENT": "0.00%", "NUMBER": "#,##0.00",
}  # fmt: skip
DATES = {"DATE", "TIME", "DATE_TIME"}


def shown(value: Any, number_format: Json | None, locale: str) -> str:
    """Give the text that a person sees in the cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Failure):
        return value.sign
    if isinstance(value, str):
        return value
    kind = (number_format or {}).get("type", "")
    pattern = (number_format or {}).get("pattern") or DEFAULT_PATTERNS.get(kind, "")
    if kind in DATES:
        return _date(value, pattern)
    return _number(value, pattern, locale)


def is_date(number_format: Json | None) -> bool:
    return (number_format or {}).get("type") in DATES


def is_known(number_format: Json) -> bool:
    """Say whether this server can show a value in this format."""
    kind, pattern = number_format.get("type", ""), number_format.get("pattern")
    if kind == "TEXT" or (pattern is None and kind in DEFAULT_PATTERNS):
        return True
    if kind in DATES:
        return "".join(_DATE_TOKEN.findall(pattern or "")) == pattern
    return bool(pattern and _NUMBER.fullmatch(pattern.partition(";")[0]))


def _number(value: float, pattern: str, locale: str) -> str:
    point, group = _SIGNS.get(locale.partition("_")[0], _SIGNS["en"])
    match = _NUMBER.fullmatch(pattern.partition(";")[0])
    if not match:
        return _automatic(value).replace(".", point)
    value = value * 100 if "%" in pattern else value
    decimals = len(match["decimals"] or "")
    text = f"{abs(value):{',' if ',' in match['digits'] else ''}.{decimals}f}"
    text = text.translate({ord("."): point, ord(","): group})
    before, after = (re.sub(r"[\"\\]|\[\$([^\]-]*)[^\]]*\]", r"\1", match[name] or "")
                     for name in ("before", "after"))  # fmt: skip
    return f"{'-' if value < 0 else ''}{before}{text}{after}"


def _automatic(value: float) -> str:
    """Up to ten significant digits, as the sheet shows them when no format is set."""
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.10g}"


def _date(value: float, pattern: str) -> str:
    moment = _DAY_ZERO + timedelta(seconds=round(value * 86400))
    tokens = [token for token in _DATE_TOKEN.findall(pattern)]
    is_half_day = any(token.lower() == "am/pm" for token in tokens)
    pieces, after_hour = [], False
    for place, token in enumerate(tokens):
        low = token.lower()
        rest = "".join(tokens[place + 1 :]).lower()
        is_minute = low in ("m", "mm") and (after_hour or re.match(r"[^a-z]*s", rest))
        pieces.append(_piece(moment, low, bool(is_minute), is_half_day) or token)
        if low.isalpha():
            after_hour = low in ("h", "hh")
    return "".join(pieces)


def _piece(moment: datetime, token: str, is_minute: bool, is_half_day: bool) -> str:
    hour = (moment.hour % 12 or 12) if is_half_day else moment.hour
    number = moment.minute if is_minute else moment.month
    return {
        "yyyy": f"{moment.year}", "yy": f"{moment.year % 100:02}", "mmmm": f"{moment:%B}",
        "mmm": f"{moment:%b}", "mm": f"{number:02}", "m": f"{number}", "dddd": f"{moment:%A}",
        "ddd": f"{moment:%a}", "dd": f"{moment.day:02}", "d": f"{moment.day}",
        "hh": f"{hour:02}", "h": f"{hour}", "ss": f"{moment.second:02}", "s": f"{moment.second}",
        "am/pm": f"{moment:%p}",
    }.get(token, "")  # fmt: skip
