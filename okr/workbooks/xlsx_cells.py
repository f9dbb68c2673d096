"""Cells as .xlsx spells them: texts as texts, whatever they begin with, and numbers as numbers."""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from xml.sax.saxutils import escape

from okr.columns import letters
from okr.model import Cell

Value = Cell | date | datetime | None

EPOCH = datetime(1899, 12, 30)
LONGEST_TEXT = 32_767
"""What one cell of Excel holds, counted as Excel counts: in UTF-16 units."""

_DAY = timedelta(days=1)
_letters = cache(letters)
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no workbook can hold."""
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def serial(moment: datetime) -> float:
    """Give the number by which spreadsheets know a moment: days since 1899-12-30."""
    return round((moment - EPOCH) / _DAY, 9)


def fitting(text: str) -> str:
    """Leave out of a text what no workbook can hold, and end its lines in one way."""
    return UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def length(text: str) -> int:
    """Count a text as Excel does."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def number_of(value: Value) -> float | None:
    """Give the number that stands for a value; None for texts, booleans and blanks."""
    if isinstance(value, bool | str) or value is None:
        return None
    if isinstance(value, datetime):
        return serial(value)
    if isinstance(value, date):
        return float((value - EPOCH.date()).days)
    return float(value)


def cell_xml(row: int, column: int, value: Value, style: int = 0) -> str:
    """Spell one cell at a 0-based place; "" where there is nothing to say."""
    start = f'<c r="{_letters(column)}{row + 1}"' + (f' s="{style}"' if style else "")
    if value is None or value == "":
        return f"{start}/>" if style else ""
    if isinstance(value, bool):
        return f'{start} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        text = escape(_LOOKS_ESCAPED.sub("_x005F_", fitting(value)))
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    number = number_of(value)
    if number is None or not math.isfinite(number):
        return f"{start}/>" if style else ""
    return f"{start}><v>{_spelt(number)}</v></c>"


def _spelt(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def row_xml(row: int, cells: Mapping[int, Value], styles: Mapping[int, int]) -> str:
    """Spell one row, its cells by their 0-based columns."""
    spelt = (cell_xml(row, at, value, styles.get(at, 0)) for at, value in sorted(cells.items()))
    return f'<row r="{row + 1}">{"".join(spelt)}</row>'
