"""How everything of one cycle stood on each of its days, as tables of numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from okr.assess import build_board
from okr.board import Board, KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.model import Cycle, Snapshot, Status

STATUSES = tuple(status.value for status in Status)
"""The words of the columns that count key results by status."""


@dataclass(frozen=True, slots=True)
class History:
    """Every day of a cycle up to a day, and how everything stood at its end.

    Rows go by day, then in the order of the sheet. ``day`` is a timestamp at midnight, ``key``,
    ``team`` and ``status`` are categories; what is not known is NaN or NA, never 0. Shares and
    scores run from 0 to 1, ``gap`` and ``net`` are in points.

    ``key_results``: ``day, key, objective, value, progress, score, current_score, expected,
    pass_mark, gap, status, is_stale, confidence, is_counted, is_undated``; ``score`` is by the
    goalposts of that day, ``current_score`` by those that hold now. ``objective`` is the key of
    its objective on that day, NA where it had none.

    ``objectives``: ``day, key, team, score, low, high, expected, pass_mark, status, counted,
    with_data``.

    ``teams``: ``day, team, score, low, high, expected, net, counted, with_data, stale``, and for
    each status a column by its word that counts key results. ``organisation`` has the same columns
    for all objectives together. Their ``expected`` is scaled by the pass marks already.
    """

    cycle: Cycle
    days: tuple[date, ...]
    key_results: pd.DataFrame
    objectives: pd.DataFrame
    teams: pd.DataFrame
    organisation: pd.DataFrame


def build_history(snapshot: Snapshot, cycle: Cycle, day: date) -> History:
    """Follow a cycle from its first day to a day, or to its last one.

    Each day is what ``build_board`` says of it from what was known at its end. Before the first
    day of the cycle there is no row.
    """
    days = _days(cycle, day)
    boards = [build_board(snapshot, cycle, one) for one in days]
    return History(
        cycle=cycle,
        days=days,
        key_results=_frame(_key_result(b, one) for b in boards for one in b.key_results),
        objectives=_frame(_objective(b, one) for b in boards for one in b.objectives),
        teams=_frame(_team(b, one) for b in boards for one in b.teams),
        organisation=_frame(_team(b, b.organisation) for b in boards),
    )


def _days(cycle: Cycle, day: date) -> tuple[date, ...]:
    last = min(day, cycle.ends)
    count = (last - cycle.starts).days + 1
    return tuple(cycle.starts + timedelta(days=number) for number in range(max(0, count)))


def _frame(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def _key_result(board: Board, one: KeyResultStanding) -> dict[str, Any]:
    return {
        "day": pd.Timestamp(board.day),
        "key": one.key_result.key,
        "objective": one.key_result.objective,
        "value": one.value,
        "progress": one.progress,
        "score": one.score,
        "current_score": one.score,
        "expected": one.expected,
        "pass_mark": one.pass_mark,
        "gap": one.gap,
        "status": one.status.value if one.status else None,
        "is_stale": one.is_stale,
        "confidence": one.confidence,
        "is_counted": one.is_counted,
        "is_undated": one.is_undated,
    }


def _objective(board: Board, one: ObjectiveStanding) -> dict[str, Any]:
    return {
        "day": pd.Timestamp(board.day),
        "key": one.objective.key,
        "team": one.objective.team,
        "score": one.score,
        "low": one.low,
        "high": one.high,
        "expected": one.expected,
        "pass_mark": one.pass_mark,
        "status": one.status.value if one.status else None,
        "counted": one.counted,
        "with_data": one.with_data,
    }


def _team(board: Board, one: TeamStanding) -> dict[str, Any]:
    counts = {status.value: count for status, count in one.counts.items()}
    return {
        "day": pd.Timestamp(board.day),
        "team": one.team.name,
        "score": one.score,
        "low": one.low,
        "high": one.high,
        "expected": one.expected,
        "net": one.net,
        "counted": one.counted,
        "with_data": one.with_data,
        "stale": one.stale,
        **counts,
    }


def weekly(days: Iterable[date]) -> Iterator[date]:
    """Give the last of the days in each ISO week."""
    last: date | None = None
    for one in days:
        if last is not None and one.isocalendar()[:2] != last.isocalendar()[:2]:
            yield last
        last = one
    if last is not None:
        yield last
