"""The Pace column: dated checkpoints on the way of a key result, such as ``2026-11-01: 40``."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from okr.cells import Finding, Read, is_error, number_readings, read_date, read_number, read_text
from okr.model import Cell, Checkpoint, Severity

EXAMPLE = "2026-11-01: 40; 2026-12-01: 80"

_BETWEEN = re.compile(r"[;\n]")


class Way(NamedTuple):
    """From where to where a key result goes."""

    start: float
    target: float


def pace_reader(
    locale: str, way: Way | None
) -> Callable[[Cell, str], Read[tuple[Checkpoint, ...]]]:
    """Make the reader of a Pace cell for a locale and a way; see ``read_pace``."""
    return partial(read_pace, locale=locale, way=way)


def read_pace(
    cell: Cell, column: str, locale: str, way: Way | None
) -> Read[tuple[Checkpoint, ...]]:
    """Read the checkpoints of a Pace cell, parted by ``;`` or line breaks.

    Dates and numbers are read as elsewhere. Checkpoints stand in the order of time, and lead from
    the start to the target without a step back. Where one is not so, none counts: half a pace
    would expect what nobody meant.

    Args:
        cell: The cell.
        column: Its name, for what there is to say of it.
        locale: Decides how dates and numbers are read where they can mean two.
        way: From where to where the key result goes; None where that cannot be told, or where it
            has no way, as a thing to do and a bound to keep have none.

    Returns:
        None where the cell cannot be read or contradicts itself.
    """
    text = read_text(cell)
    if not text:
        return None, None
    if is_error(cell):
        return None, _error(f"{column} holds a broken formula: it gives {text}.", "Mend it.")
    found: list[Checkpoint] = []
    remark: Finding | None = None
    for part in filter(None, (one.strip() for one in _BETWEEN.split(text))):
        checkpoint, said = _read_one(part, column, locale)
        if checkpoint is None:
            return None, said
        found.append(checkpoint)
        remark = remark or said
    if way is None:
        message = f"{column} counts only between a start and a target, so it is left out here."
        return None, Finding(Severity.WARNING, message, "Empty this cell.")
    wrong = _contradiction(found, column, way)
    return (None, wrong) if wrong else (tuple(found) or None, remark)


def _read_one(part: str, column: str, locale: str) -> tuple[Checkpoint | None, Finding | None]:
    """Read a date and a value, parted by a colon."""
    when, colon, what = (text.strip() for text in part.rpartition(":"))
    day, of_day = read_date(when, column, locale) if colon else (None, None)
    value, _ = read_number(what, column, locale)
    if day is None or value is None:
        message = f"{column} “{part}” is not a date and a value, so the pace is taken for even."
        return None, _error(message, f"Type it such as {EXAMPLE}.")
    is_guess = len(number_readings(what)) > 1
    if is_guess or (of_day is not None and not when[:4].isdecimal()):
        message = f"{column} “{part}” was read as {day.isoformat()}: {value:g}."
        return Checkpoint(day, value), Finding(Severity.WARNING, message, f"Type {day}: {value:g}.")
    return Checkpoint(day, value), None


def _contradiction(found: Sequence[Checkpoint], column: str, way: Way) -> Finding | None:
    """Find the first checkpoint that is out of order, or off the way."""
    direction = way.target - way.start
    low, high = sorted(way)
    before: Checkpoint | None = None
    for one in found:
        what = f"{column} asks for {one.value:g} by {one.day.isoformat()}"
        if not low <= one.value <= high:
            return _error(
                f"{what}, which is not between Start {way.start:g} and Target {way.target:g}, so "
                "the pace is taken for even.",
                "Correct that checkpoint, or move Start or Target.",
            )
        if before is not None and one.day <= before.day:
            return _error(
                f"{what} after a checkpoint of {before.day.isoformat()}, so the pace is taken for "
                "even.",
                "Put the checkpoints in the order of their dates, each date once.",
            )
        is_step_back = before is not None and (one.value - before.value) * direction < 0
        if before is not None and is_step_back:
            return _error(
                f"{what} after {before.value:g}, a step back from the target, so the pace is "
                "taken for even.",
                "Correct one of the two values.",
            )
        before = one
    return None


def _error(message: str, remedy: str) -> Finding:
    return Finding(Severity.ERROR, message, remedy)
