"""The columns of a history: laid out era by era as plain numbers, and joined to tables at the end.

Each table costs pandas the same however few rows it has, so there is one in all, not one an era.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from okr.day_tables import Days, Places
from okr.model import Objective, Status
from okr.roll_up_tables import ObjectiveTables, TeamTables

STATUSES = tuple(status.value for status in Status)
"""The words of the columns that count key results by status."""

KEY_RESULT_COLUMNS = (
    *("day", "key", "objective", "value", "progress", "score", "current_score", "expected"),
    *("pass_mark", "gap", "status", "is_stale", "confidence", "is_counted", "is_undated"),
)
OBJECTIVE_COLUMNS = (
    *("day", "key", "team", "score", "low", "high", "expected", "pass_mark", "status"),
    *("counted", "with_data"),
)
TEAM_COLUMNS = (
    *("day", "team", "score", "low", "high", "expected", "net", "counted", "with_data", "stale"),
    *STATUSES,
)

Column = npt.NDArray[Any]
Columns = Mapping[str, Column]
"""The columns of some days, by name. Names and statuses are numbers here, days too, from 1970."""

UNKNOWN = -1
"""Stands for a name that there is none of, and for what may hold or not and is not known."""


class Names:
    """Numbers names as they appear, for each column its own."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, int]] = {}

    def of(self, column: str, names: Sequence[str | None], days: Days) -> Column:
        """Give the numbers of names, the same on each of the days; ``UNKNOWN`` for none."""
        known = self._known.setdefault(column, {})
        codes = [known.setdefault(name, len(known)) if name else UNKNOWN for name in names]
        return np.tile(np.array(codes, dtype=np.int64), days.count)

    def joined(self, parts: Sequence[Columns], columns: Sequence[str]) -> pd.DataFrame:
        """Put eras one after the other, as one table."""
        if not parts:
            return pd.DataFrame({column: [] for column in columns})
        whole = {column: _one(part[column] for part in parts) for column in columns}
        return pd.DataFrame({column: self._told(column, whole[column]) for column in columns})

    def _told(self, column: str, numbers: Column) -> Any:
        """Say what the numbers of a column stand for."""
        if column == "day":
            return numbers.astype("datetime64[D]").astype("datetime64[s]")
        if column == "status":
            return pd.Categorical.from_codes(numbers, pd.Index(STATUSES))
        if column == "is_stale":
            return pd.arrays.BooleanArray(numbers > 0, numbers == UNKNOWN)
        if column in self._known:
            return pd.Categorical.from_codes(numbers, pd.Index(list(self._known[column])))
        return numbers


def _one(parts: Iterable[Column]) -> Column:
    """Join what stands one below the other; what is whole stays as it is."""
    first, *others = parts
    return np.concatenate([first, *others]) if others else first


def by_day(table: Column, rows: Places) -> Column:
    """Lay a table of rows and days out as one column, day by day."""
    return np.ascontiguousarray(table[rows].T).ravel()


def days_of(days: Days, count: int) -> Column:
    """Number the days of so many rows a day."""
    return np.repeat(days.numbers, count)


def objective_columns(
    names: Names,
    objectives: Sequence[Objective],
    rows: Places,
    tables: ObjectiveTables,
    days: Days,
) -> Columns:
    """Lay out some rows of the tables of objectives."""
    listed = [objectives[row] for row in rows]
    return {
        "day": days_of(days, len(rows)),
        "key": names.of("key", [one.key for one in listed], days),
        "team": names.of("team", [one.team for one in listed], days),
        "score": by_day(tables.score, rows),
        "low": by_day(tables.low, rows),
        "high": by_day(tables.high, rows),
        "expected": by_day(tables.expected, rows),
        "pass_mark": by_day(tables.pass_mark, rows),
        "status": by_day(tables.status, rows),
        "counted": np.tile(tables.counted[rows], days.count),
        "with_data": by_day(tables.with_data, rows),
    }


def team_columns(names: Names, teams: Sequence[str], tables: TeamTables, days: Days) -> Columns:
    """Lay out the tables of teams."""
    rows = np.arange(len(teams))
    columns = {
        "day": days_of(days, len(teams)),
        "team": names.of("team", teams, days),
        "score": by_day(tables.score, rows),
        "low": by_day(tables.low, rows),
        "high": by_day(tables.high, rows),
        "expected": by_day(tables.expected, rows),
        "net": by_day(tables.net, rows),
        "counted": np.tile(tables.counted, days.count),
        "with_data": by_day(tables.with_data, rows),
        "stale": by_day(tables.stale, rows),
    }
    counts = {
        word: by_day(table, rows) for word, table in zip(STATUSES, tables.counts, strict=True)
    }
    return {**columns, **counts}
