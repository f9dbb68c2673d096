"""How objectives and teams stand on many days at once: key results rolled up, as arrays.

The rules are those of ``scoring``, ``status``, ``standings`` and ``assess``; see ``day_tables``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from okr.alignment import Alignment
from okr.courses import Flags, Numbers, number_of
from okr.day_tables import (
    CODES,
    NO_STATUS,
    STATUSES,
    Codes,
    Days,
    KeyResultTables,
    Places,
    at_least,
    column,
    exact,
    flags_of,
)
from okr.figures import expected, window_of
from okr.model import KeyResult, Objective, RollUp, Snapshot, State, Status
from okr.status import WORST_FIRST

_RANKS = np.array([WORST_FIRST.index(one) if one in WORST_FIRST else 99 for one in STATUSES] + [99])
_BY_RANK = np.array([CODES[one] for one in WORST_FIRST])
_NO_DATA_RANK = WORST_FIRST.index(Status.NO_DATA)


@dataclass(frozen=True, slots=True)
class ObjectiveTables:
    """A row an objective, a column a day; ``counted`` holds on all of the days."""

    score: Numbers
    low: Numbers
    high: Numbers
    expected: Numbers
    pass_mark: Numbers
    status: Codes
    counted: Codes
    with_data: Codes


# --- sums of groups -------------------------------------------------------------------------------


class Groups:
    """Rows in groups; one of group -1 is left out."""

    def __init__(self, places: Places, count: int) -> None:
        self.places = places
        self.count = count
        order = np.argsort(places, kind="stable")
        order = order[places[order] >= 0]
        self._present, self._first = np.unique(places[order], return_index=True)
        is_in_order = len(order) == len(places) and bool((np.diff(order) == 1).all())
        self._order = slice(None) if is_in_order else order

    def sum(self, table: npt.NDArray[Any]) -> Numbers:
        """Add up the rows of each group; 0 for one without any."""
        return self._by(np.add, table, 0.0)

    def least(self, table: npt.NDArray[Any], empty: float) -> Numbers:
        """Take the least of the rows of each group."""
        return self._by(np.minimum, table, empty)

    def size(self) -> Codes:
        """Count the rows of each group."""
        return np.bincount(self.places[self.places >= 0], minlength=self.count)

    def total(self, numbers: Numbers) -> Numbers:
        """Add up a number a row."""
        inside = self.places >= 0
        total = np.bincount(self.places[inside], numbers[inside], minlength=self.count)
        return total.astype(np.float64)

    def _by(self, how: np.ufunc, table: npt.NDArray[Any], empty: float) -> Numbers:
        found = np.full((self.count, table.shape[1]), empty)
        if len(self._present):
            found[self._present] = how.reduceat(table[self._order], self._first, axis=0)
        return found


# --- objectives -----------------------------------------------------------------------------------


def roll_up_objectives(
    snapshot: Snapshot,
    alignment: Alignment,
    objectives: Sequence[Objective],
    homes: Places,
    key_results: Sequence[KeyResult],
    values: Numbers,
    tables: KeyResultTables,
    days: Days,
) -> ObjectiveTables:
    """Roll key results up into their objectives, and these into those that they support.

    Args:
        snapshot: For its settings and cycles.
        alignment: What supports what.
        objectives: All whose score is needed, in any order.
        homes: The place of each key result's objective among them, -1 for none.
        key_results: In the order of the tables.
        values: Of the key results.
        tables: How the key results stand.
        days: The days.
    """
    count, shape = len(objectives), (len(objectives), days.count)
    groups = Groups(np.where(tables.is_counted, homes, -1), count)
    mean = _mean(groups, np.array([one.weight for one in key_results]), tables.score)
    ranks, has_open = _worst(groups, tables.status)
    marks = column([snapshot.settings.pass_mark(one.commitment) for one in objectives])
    cycles = {one.name: one for one in snapshot.cycles}
    windows = [window_of(cycles.get(one.cycle or ""), None) for one in objectives]
    lines = {
        window: np.array([expected(window, day) for day in days.all()], dtype=np.float64)
        for window in set(windows)
    }
    result = ObjectiveTables(
        score=mean.score,
        low=mean.low,
        high=mean.high,
        expected=np.array([lines[window] for window in windows]).reshape(shape),
        pass_mark=np.broadcast_to(marks, shape),
        status=np.full(shape, NO_STATUS, dtype=np.int64),
        counted=groups.size(),
        with_data=groups.sum(~np.isnan(values) * 1.0).astype(np.int64),
    )
    ends = np.array([number_of(window.end) if window else _LAST for window in windows])
    everyone = np.arange(count)
    _judge(result, everyone, objectives, ranks, has_open, ends, days)
    places = {one.key: place for place, one in enumerate(objectives)}
    for key in alignment.children_first:
        place = places.get(key)
        if place is not None and objectives[place].roll_up is RollUp.CHILDREN:
            below = [places[one] for one in alignment.children.get(key, ())]
            below = [one for one in below if objectives[one].is_counted]
            _roll_up_children(result, place, below)
            worst = _worst_of_children(result.status[below])
            own = np.array([place])
            _judge(result, own, [objectives[place]], worst[0], worst[1], ends[own], days)
    return result


_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Mean:
    score: Numbers
    low: Numbers
    high: Numbers


def _mean(groups: Groups, weights: Numbers, score: Numbers, high: Numbers | None = None) -> _Mean:
    """Take the weighted mean of each group, and what is possible; without data, no score.

    In a group without any weight at all, every row weighs the same.
    """
    is_any = groups.count > 0 and len(weights) > 0  # all may be without an objective
    has_weight = groups.total(weights)[np.maximum(groups.places, 0)] > 0 if is_any else True
    weights = np.where(has_weight, weights, 1.0)
    whole = groups.total(weights)[:, None]
    column = weights[:, None]
    is_none = np.isnan(score)
    best = np.where(is_none, 1.0, score) if high is None else high
    with np.errstate(all="ignore"):
        low = exact(groups.sum(column * np.where(is_none, 0.0, score)) / whole)
        top = exact(groups.sum(column * best) / whole)
    has_data = groups.sum((~is_none & (column > 0)) * 1.0) > 0
    return _Mean(
        np.where(has_data, low, np.nan), np.where(has_data, low, 0.0), np.where(has_data, top, 1.0)
    )


def _worst(groups: Groups, status: Codes) -> tuple[Codes, Flags]:
    """Find the rank of the worst status of each group, 99 for none, and whether one has none."""
    ranks = groups.least(_RANKS[status], 99).astype(np.int64)
    is_none = status == NO_STATUS
    if not is_none.any():
        return ranks, np.zeros(ranks.shape, dtype=bool)
    return ranks, groups.sum(is_none * 1.0) > 0


def _worst_of_children(status: Codes) -> tuple[Codes, Flags]:
    if not len(status):
        empty = np.full(status.shape[1], 99, dtype=np.int64)
        return empty, np.zeros(status.shape[1], dtype=bool)
    return _RANKS[status].min(axis=0), (status == NO_STATUS).any(axis=0)


def _roll_up_children(result: ObjectiveTables, place: int, below: Sequence[int]) -> None:
    """Take the mean of the objectives that support one; their weights belong to their teams."""
    result.counted[place] = len(below)
    if not below:
        result.score[place], result.low[place], result.high[place] = np.nan, 0.0, 1.0
        result.with_data[place] = 0
        return
    score = result.score[below]
    result.with_data[place] = (~np.isnan(score)).sum(axis=0)
    has_data = ~np.isnan(score).all(axis=0)
    low, high = exact(result.low[below].mean(axis=0)), exact(result.high[below].mean(axis=0))
    result.score[place] = np.where(has_data, low, np.nan)
    result.low[place] = np.where(has_data, low, 0.0)
    result.high[place] = np.where(has_data, high, 1.0)


def _judge(
    result: ObjectiveTables,
    places: Places,
    objectives: Sequence[Objective],
    ranks: Codes,
    has_open: Flags,
    ends: Codes,
    days: Days,
) -> None:
    """Decide the status of some objectives on each day."""
    shape = (len(places), days.count)
    ranks, has_open = ranks.reshape(shape), has_open.reshape(shape)
    status = np.where(ranks < len(_BY_RANK), _BY_RANK[np.minimum(ranks, len(_BY_RANK) - 1)], -1)
    status[has_open & (ranks > _NO_DATA_RANK)] = NO_STATUS
    is_good = at_least(result.score[places], result.pass_mark[places])
    by_score = np.where(is_good, CODES[Status.ACHIEVED], CODES[Status.MISSED])
    status = np.where(days.numbers[None, :] > ends[:, None], by_score, status)
    status[result.counted[places] == 0] = CODES[Status.NO_DATA]
    status[flags_of(one.state is State.DROPPED for one in objectives)] = CODES[Status.DROPPED]
    result.status[places] = status


# --- teams ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamTables:
    """A row a team, a column a day; ``counts`` has a table for each status."""

    score: Numbers
    low: Numbers
    high: Numbers
    expected: Numbers
    net: Numbers
    counted: Codes
    with_data: Codes
    stale: Codes
    counts: tuple[Codes, ...]


def roll_up_teams(
    objectives: Sequence[Objective],
    teams: Places,
    count: int,
    tables: ObjectiveTables,
    homes: Places,
    values: Numbers,
    key_results: KeyResultTables,
) -> TeamTables:
    """Roll objectives up into teams, all but drafts, dropped ones and those of weight 0.

    Args:
        objectives: In the order of their tables.
        teams: The place of the team of each objective, -1 where it counts in none.
        count: How many teams there are.
        tables: How the objectives stand.
        homes: The place of each key result's objective among them, -1 for none.
        values: Of the key results.
        key_results: How they stand.
    """
    weights = np.array([one.weight for one in objectives], dtype=np.float64)
    groups = _team_groups(objectives, weights, teams, count)
    mean = _mean(groups, weights, tables.score, tables.high)
    has_cycle = ~np.isnan(tables.expected).any(axis=1)
    timely = Groups(np.where(has_cycle, groups.places, -1), count)
    pace = _mean(timely, weights, tables.expected * tables.pass_mark)
    own = groups.places[homes] if len(objectives) else homes
    own = np.where(homes >= 0, own, -1)
    counting = Groups(np.where(key_results.is_counted, own, -1), count)
    counted = counting.size()
    counts = _count_statuses(own, counting.places, count, key_results.status)
    good = counts[CODES[Status.ON_TRACK]] + counts[CODES[Status.ACHIEVED]]
    bad = counts[CODES[Status.OFF_TRACK]] + counts[CODES[Status.MISSED]]
    has_any = groups.size()[:, None] > 0
    with np.errstate(all="ignore"):
        net = exact(100 * (good - bad) / counted[:, None])
    return TeamTables(
        score=mean.score,
        low=np.where(has_any, mean.low, np.nan),
        high=np.where(has_any, mean.high, np.nan),
        expected=pace.score,
        net=np.where(counted[:, None] > 0, net, np.nan),
        counted=counted,
        with_data=counting.sum(~np.isnan(values) * 1.0).astype(np.int64),
        stale=counting.sum(key_results.is_stale * 1.0).astype(np.int64),
        counts=counts,
    )


def _team_groups(
    objectives: Sequence[Objective], weights: Numbers, teams: Places, count: int
) -> Groups:
    """Group what counts by team; where a team has any weight, what has none does not count."""
    is_counted = flags_of(one.is_counted for one in objectives)
    groups = Groups(np.where(is_counted, teams, -1), count)
    if not len(objectives):
        return groups
    has_weight = groups.total(weights)[np.maximum(groups.places, 0)] > 0
    return Groups(np.where(has_weight & (weights == 0), -1, groups.places), count)


def _count_statuses(own: Places, counting: Places, count: int, status: Codes) -> tuple[Codes, ...]:
    """Count by status the key results that count, and those that were dropped."""
    dropped = status == CODES[Status.DROPPED]
    teams = np.where(dropped, own[:, None], counting[:, None])
    days = np.arange(status.shape[1])
    spots = (teams * len(STATUSES) + status) * status.shape[1] + days
    spots = spots[(teams >= 0) & (status != NO_STATUS)]
    size = count * len(STATUSES) * status.shape[1]
    table = np.bincount(spots, minlength=size).reshape(count, len(STATUSES), -1)
    return tuple(table[:, code] for code in range(len(STATUSES)))
