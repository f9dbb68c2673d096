"""The course of many key results over many days at once: values, confidence, and their age."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from okr.cells import read_confidence, read_done, read_number
from okr.model import EPOCH, Cell, Change, CheckIn, KeyResult, Kind

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int64).min
"""Stands for the day of what has none."""

_SECONDS = 1_000_000
_DAY = 86_400 * _SECONDS
_EPOCH = date(1970, 1, 1)
_EPOCH_OF_SHEETS = (EPOCH.date() - _EPOCH).days * _DAY

_SECOND, _VALUE, _CONFIDENCE = (
    itemgetter(CheckIn._fields.index(name)) for name in ("second", "value", "confidence")
)
"""They take a check-in apart in half the time that its own names do; there are 100,000 of them."""


class Told(NamedTuple):
    """A key result, and all that was ever told of its values: check-ins and seen changes."""

    key_result: KeyResult
    check_ins: Sequence[CheckIn]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Courses:
    """Tables of a row a key result and a column a day.

    What is not known is NaN. ``updated`` is the day of the newest value or check-in, counted from
    1970, ``NEVER`` where nothing has a date. ``is_reported`` tells whether any value was ever
    reported on a known day. ``has_gap`` marks the rows whose cell was changed at moments that
    nobody saw.
    """

    values: Numbers
    confidences: Numbers
    updated: Whole
    is_reported: Flags
    has_gap: Flags

    def rows(self, numbers: Sequence[int], days: slice) -> "Courses":
        """Take some rows, and some of the days."""
        pick = np.asarray(numbers, dtype=np.intp)
        return Courses(
            values=self.values[pick, days],
            confidences=self.confidences[pick, days],
            updated=self.updated[pick, days],
            is_reported=self.is_reported[pick, days],
            has_gap=self.has_gap[pick],
        )

    def put(self, numbers: Sequence[int], others: "Courses") -> None:
        """Put the rows of others in the place of some."""
        self.values[numbers] = others.values
        self.confidences[numbers] = others.confidences
        self.updated[numbers] = others.updated
        self.is_reported[numbers] = others.is_reported
        self.has_gap[numbers] = others.has_gap


def number_of(day: date) -> int:
    """Count the days from 1970 to a day."""
    return (day - _EPOCH).days


def build_courses(
    told: Sequence[Told], first: date, count: int, locale: str, *, with_undated: bool = True
) -> Courses:
    """Follow key results over some days, as ``values.known_on`` does day by day.

    Args:
        told: What was told of each; its cells are those of the last day.
        first: The first of the days.
        count: How many days there are.
        locale: Decides how texts in cells are read.
        with_undated: Whether a cell that was not seen to change by then has a say where there are
            check-ins.
    """
    grid = _Grid(len(told), number_of(first), count)
    entries = _Entries(told)
    said, believed = entries.events(entries.values), entries.events(entries.confidences)
    spoken = grid.newest(entries.events())
    cells = _Cells(told, "Current", lambda one, cell: value_of(one.kind, cell, locale))
    marks = _Cells(told, "Confidence", lambda one, cell: read_confidence(cell, "")[0])
    if not with_undated:
        cells.forget([row for row, one in enumerate(told) if one.check_ins])
    newest = grid.newest(said)
    values, updated = _weigh(grid, newest, cells)
    confidences, _ = _weigh(grid, grid.newest(believed), marks)
    return Courses(
        values=values,
        confidences=confidences,
        updated=np.maximum(updated, spoken.days),
        is_reported=_is_reported(grid, newest, cells),
        has_gap=cells.gaps(len(told)),
    )


def value_of(kind: Kind, cell: Cell, locale: str) -> float | None:
    """Read a cell that ``_History`` kept, as the row of its key result is read."""
    read = read_done(cell, "") if kind is Kind.DONE else read_number(cell, "", locale)
    return read[0]


class _Events(NamedTuple):
    """Numbers that were told at moments, of rows; in order of row, then of time."""

    rows: Whole
    moments: Whole
    numbers: Numbers


def _moments(moments: Sequence[datetime]) -> Whole:
    """Count the microseconds from 1970 to each moment."""
    days = np.array([when.toordinal() for when in moments], dtype=np.int64) - _EPOCH.toordinal()
    clocks = [
        when.microsecond + 1_000_000 * (when.second + 60 * when.minute + 3600 * when.hour)
        for when in moments
    ]
    return days * _DAY + np.array(clocks, dtype=np.int64)


class _Entries:
    """All check-ins of all rows, taken apart once."""

    def __init__(self, told: Sequence[Told]) -> None:
        lengths = [len(one.check_ins) for one in told]
        entries = [entry for one in told for entry in one.check_ins]
        self._rows: Whole = np.repeat(np.arange(len(told)), lengths)
        seconds = np.fromiter(map(_SECOND, entries), dtype=np.int64, count=len(entries))
        self._moments: Whole = seconds * _SECONDS + _EPOCH_OF_SHEETS
        self.values: Numbers = np.array(list(map(_VALUE, entries)), dtype=np.float64)
        self.confidences: Numbers = np.array(list(map(_CONFIDENCE, entries)), dtype=np.float64)

    def events(self, numbers: Numbers | None = None) -> _Events:
        """Take the check-ins that say a number; all of them where it does not matter what."""
        if numbers is None:
            return _Events(self._rows, self._moments, self.values)
        is_said = ~np.isnan(numbers)
        return _Events(self._rows[is_said], self._moments[is_said], numbers[is_said])


class _Newest(NamedTuple):
    """For each row and day the newest event by then: which, its number, moment and day."""

    which: Whole
    numbers: Numbers
    moments: Whole
    days: Whole


class _Grid:
    """Rows and days."""

    def __init__(self, rows: int, first: int, count: int) -> None:
        self.shape = (rows, count)
        self._first = first

    def newest(self, events: _Events) -> _Newest:
        """Find the newest event of each row by the end of each day."""
        which = np.full(self.shape, -1, dtype=np.int64)
        if not len(events.rows):
            never = np.full(self.shape, NEVER)
            return _Newest(which, np.full(self.shape, np.nan), never, never)
        days = events.moments // _DAY
        at = np.maximum(days - self._first, 0)
        is_by_then = at < self.shape[1]
        numbers = np.arange(len(at))
        which[events.rows[is_by_then], at[is_by_then]] = numbers[is_by_then]  # the last one stays
        np.maximum.accumulate(which, axis=1, out=which)
        is_none = which < 0
        return _Newest(
            which,
            np.where(is_none, np.nan, events.numbers[which]),
            np.where(is_none, NEVER, events.moments[which]),
            np.where(is_none, NEVER, days[which]),
        )


class _Cells:
    """What a cell of each row held from each of its seen changes on, and before the first."""

    def __init__(
        self,
        told: Sequence[Told],
        column: str,
        read: Callable[[KeyResult, Cell], float | None],
    ) -> None:
        steps: list[tuple[int, datetime, float | None]] = []
        self.after: list[float | None] = []
        base: list[float | None] = []
        for row, one in enumerate(told):
            key_result = one.key_result
            now = key_result.current if column == "Current" else key_result.confidence
            if not one.changes:
                base.append(now)
                continue
            seen = [change for change in one.changes if change.column == column]
            found = [read(key_result, change.before) for change in seen]
            held = [*found[1:], now]
            steps += [(row, change.when, cell) for change, cell in zip(seen, held, strict=False)]
            self.after += [read(key_result, change.after) for change in seen]
            base.append(found[0] if found else now)
        self.base: Numbers = np.array(base, dtype=np.float64)
        self.steps = _Events(
            np.array([row for row, _, _ in steps], dtype=np.int64),
            _moments([when for _, when, _ in steps]),
            np.array([cell for _, _, cell in steps], dtype=np.float64),
        )

    def gaps(self, count: int) -> Flags:
        """Tell of each row whether its cell was ever found to hold what nobody had seen put in."""
        after = np.array(self.after, dtype=np.float64)
        held = self.steps.numbers
        is_gap = (after != held) & ~(np.isnan(after) & np.isnan(held))
        found = np.zeros(count, dtype=bool)
        found[self.steps.rows[is_gap]] = True
        return found

    def forget(self, rows: Iterable[int]) -> None:
        """Forget what cells held that nobody saw change."""
        self.base[list(rows)] = np.nan


def _weigh(grid: _Grid, newest: _Newest, cells: _Cells) -> tuple[Numbers, Whole]:
    """Take what was said, unless the cell was seen to change since; give the day of that change."""
    held = grid.newest(cells.steps)
    is_seen = held.which >= 0
    cell = np.where(is_seen, held.numbers, cells.base[:, None])
    is_said = (newest.which >= 0) & (~is_seen | np.isnan(cell) | (newest.moments >= held.moments))
    values = np.where(is_said, newest.numbers, cell)
    is_dated = is_seen & ~is_said & ~np.isnan(cell)
    return values, np.where(is_dated, held.days, NEVER)


def _is_reported(grid: _Grid, newest: _Newest, cells: _Cells) -> Flags:
    """Tell whether anything was ever reported on a known day: said, or seen in the cell."""
    steps = cells.steps
    kept = ~np.isnan(np.array(cells.after, dtype=np.float64)) | ~np.isnan(steps.numbers)
    seen = _Events(steps.rows[kept], steps.moments[kept], steps.numbers[kept])
    is_reported: Flags = (newest.which >= 0) | (grid.newest(seen).which >= 0)
    return is_reported
