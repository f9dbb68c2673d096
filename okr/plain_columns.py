"""Telling at one look which cells of a column are anything but plain.

Of 100,000 rows nearly all need no thought: their numbers are numbers, their texts plain and their
words those of the board. To look at a column as a whole tells that in no time; what is left is odd,
and read cell by cell with all care. When in doubt, a cell is odd.
"""

import sys
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from math import isfinite
from typing import Any

from okr.links import is_address
from okr.model import Cell
from okr.serials import FIRST_SERIAL, LAST_SERIAL
from okr.tables import Table, are_plain_texts, is_plain_text

_NUMBER_OR_BLANK = frozenset((float, str))


def columns_of(table: Table, names: Sequence[str]) -> list[Sequence[Any]]:
    """Give some columns below the headers, blank where a row ends before them."""
    rows = table.tab.rows[table.header.row + 1 :]
    turned = list(zip_longest(*rows, fillvalue=""))
    blank = [""] * len(rows)
    places = (table.columns.get(name, len(turned)) for name in names)
    return [turned[at] if at < len(turned) else blank for at in places]


def odd_moments(cells: Sequence[Any]) -> Iterator[int]:
    """Find what is no serial number of a moment."""
    is_finite = set(map(type, cells)) == {float} and isfinite(sum(cells))
    if is_finite and min(cells) >= FIRST_SERIAL and max(cells) <= LAST_SERIAL:
        return
    for number, cell in enumerate(cells):
        if type(cell) is not float or not FIRST_SERIAL <= cell <= LAST_SERIAL:
            yield number


def odd_days(cells: Sequence[Any]) -> Iterator[int]:
    """Find what is neither blank nor the serial number of a day; different days are few."""
    return _odd_within(cells, FIRST_SERIAL, LAST_SERIAL)


def odd_shares(cells: Sequence[Any]) -> Iterator[int]:
    """Find what is neither blank nor a number from 0 to 1; different ones are few."""
    return _odd_within(cells, 0.0, 1.0)


def odd_numbers(cells: Sequence[Any]) -> Iterator[int]:
    """Find what is neither blank nor a finite number."""
    return _odd_within(cells, -sys.float_info.max, sys.float_info.max)


def odd_weights(cells: Sequence[Any]) -> Iterator[int]:
    """Find what is neither blank nor a finite number that is not negative."""
    return _odd_within(cells, 0.0, sys.float_info.max)


def odd_words(cells: Sequence[Any], known: Collection[str]) -> Iterator[int]:
    """Find what is none of the known words, to the letter."""
    odd = {cell for cell in set(cells) if cell not in known}
    return (number for number, cell in enumerate(cells) if cell in odd) if odd else iter(())


def odd_links(cells: Sequence[Any]) -> Iterator[int]:
    """Find what is neither blank nor a web address."""
    odd = {cell for cell in set(cells) if cell != "" and not is_address(cell)}
    return (number for number, cell in enumerate(cells) if cell in odd) if odd else iter(())


def _odd_within(cells: Sequence[Any], low: float, high: float) -> Iterator[int]:
    def is_plain(cell: Cell) -> bool:
        return cell == "" or (type(cell) is float and low <= cell <= high)

    if set(map(type, cells)) <= _NUMBER_OR_BLANK and all(map(is_plain, set(cells))):
        return
    for number, cell in enumerate(cells):
        if not is_plain(cell):
            yield number


def odd_texts(cells: Sequence[Any], is_id: bool = False) -> Iterator[int]:
    """Find what is no text, or not what it seems, or as an ID not single-spaced."""
    if are_plain_texts(cells) and not (is_id and "  " in "".join(cells)):
        return
    for number, cell in enumerate(cells):
        is_plain = isinstance(cell, str) and is_plain_text(cell)
        if not is_plain or (is_id and "  " in cell):
            yield number
