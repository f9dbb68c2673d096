"""How key results, objectives and teams stand on many days at once, as arrays of rows and days.

The rules are those of ``figures``, ``status``, ``standings`` and ``assess``, which decide for one
day; a test holds both to each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from okr import scoring
from okr.alignment import Alignment
from okr.board import Window
from okr.courses import NEVER, Courses, Flags, Numbers, Told, number_of
from okr.figures import expected, expected_on, window_of
from okr.kept_weeks import kept_weeks
from okr.model import Cycle, KeyResult, Kind, Objective, RollUp, Settings, Snapshot, State, Status
from okr.status import WORST_FIRST

STATUSES = tuple(Status)
NO_STATUS = -1
"""The code of what has no status; others are places in ``STATUSES``."""

Codes = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]

_CODES = {status: code for code, status in enumerate(STATUSES)}
_RANKS = np.array([WORST_FIRST.index(one) if one in WORST_FIRST else 99 for one in STATUSES] + [99])
_BY_RANK = np.array([_CODES[one] for one in WORST_FIRST])
_NO_DATA_RANK = WORST_FIRST.index(Status.NO_DATA)


@dataclass(frozen=True, slots=True)
class Days:
    """Some days in a row, counted from 1970."""

    first: date
    count: int

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The number of each day."""
        return np.arange(self.count, dtype=np.int64) + number_of(self.first)

    def all(self) -> list[date]:
        """List the days."""
        return [self.first + timedelta(days=number) for number in range(self.count)]


@dataclass(frozen=True, slots=True)
class KeyResultTables:
    """A row a key result, a column a day; ``is_counted`` holds on all of the days."""

    progress: Numbers
    score: Numbers
    expected: Numbers
    pass_mark: Numbers
    gap: Numbers
    status: Codes
    is_stale: Flags
    is_counted: Flags


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


def exact(numbers: Numbers) -> Numbers:
    """Round to nine decimals, as ``scoring.exact`` does."""
    return np.round(numbers, 9)


def _at_least(numbers: Numbers, marks: Numbers | float) -> Flags:
    """Compare as ``scoring.at_least`` does; what is not known is not at least anything."""
    apart = numbers - marks
    near = (apart >= -1e-8) & (exact(numbers) >= np.round(marks, 9))
    at_least: Flags = (apart > 1e-8) | near
    return at_least


# --- key results ----------------------------------------------------------------------------------


def measure_key_results(
    snapshot: Snapshot,
    cycles: Mapping[str, Cycle],
    told: Sequence[Told],
    homes: Sequence[Objective | None],
    courses: Courses,
    days: Days,
) -> KeyResultTables:
    """Work out key results on some days, each by the goalposts that it has in the snapshot.

    Args:
        snapshot: For its settings and cycles.
        cycles: By their names.
        told: The key results, and what was told of each.
        homes: The objective of each.
        courses: Their values, in the same order.
        days: The days, on all of which everything else is the same.
    """
    key_results = [one.key_result for one in told]
    windows = [
        window_of(cycles.get(home.cycle or "") if home is not None else None, one.due)
        for one, home in zip(key_results, homes, strict=True)
    ]
    marks = _column([_pass_mark(snapshot.settings, home) for home in homes])
    expects = _expected(key_results, windows, days)
    progress = measure_progress(snapshot.settings.locale, told, windows, courses, days)
    has_weeks = progress.weeks_reported >= 0
    is_undefined = np.array([bool(one.undefined) for one in key_results])[:, None]
    expects = np.where(is_undefined, np.nan, expects)
    gap = np.round(100 * (expects * marks - progress.share), 6) + 0.0
    too_few = has_weeks & (progress.weeks_reported * 2 < progress.weeks_elapsed)
    status = _statuses(
        snapshot.settings, key_results, homes, windows, courses, progress.share, expects, gap,
        marks, too_few, days,
    )  # fmt: skip
    ages = days.numbers[None, :] - np.where(courses.updated == NEVER, 0, courses.updated)
    is_stale = ages > snapshot.settings.check_in_every + snapshot.settings.grace
    return KeyResultTables(
        progress=progress.share,
        score=np.clip(progress.share, 0.0, 1.0),
        expected=expects,
        pass_mark=np.broadcast_to(marks, expects.shape),
        gap=gap,
        status=status,
        is_stale=is_stale & (courses.updated != NEVER),
        is_counted=_counted(key_results, homes),
    )


def _column(numbers: Sequence[float | None]) -> Numbers:
    return np.array(numbers, dtype=np.float64).reshape(-1, 1)


def _pass_mark(settings: Settings, home: Objective | None) -> float:
    return settings.pass_committed if home is None else settings.pass_mark(home.commitment)


def _expected(
    key_results: Sequence[KeyResult], windows: Sequence[Window | None], days: Days
) -> Numbers:
    """Say where progress should be on each day; the same windows have the same line."""
    lines: dict[tuple[Window | None, object], Numbers] = {}
    rows = []
    for one, window in zip(key_results, windows, strict=True):
        key = (window, (one.pace, one.start, one.target) if one.pace else None)
        if key not in lines:
            lines[key] = np.array(
                [expected_on(one, window, day) for day in days.all()], dtype=np.float64
            )
        rows.append(lines[key])
    return np.array(rows).reshape(len(rows), days.count)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far key results have come; the weeks are those of keep kinds, -1 where none count."""

    share: Numbers
    weeks_reported: Codes
    weeks_elapsed: Codes


def measure_progress(
    locale: str,
    told: Sequence[Told],
    windows: Sequence[Window | None],
    courses: Courses,
    days: Days,
) -> Progress:
    """Measure key results by their start, target and kind, as ``scoring.progress`` does."""
    key_results = [one.key_result for one in told]
    values = courses.values
    start = _column([one.start for one in key_results])
    target = _column([one.target for one in key_results])
    with np.errstate(all="ignore"):
        share = exact(np.clip((values - start) / (target - start), *_FARTHEST))
    is_deed = np.array([one.kind is Kind.DONE for one in key_results])[:, None]
    share = np.where(is_deed, np.where(_at_least(values, 1.0), 1.0, 0.0), share)
    every_day = days.all()
    reported = np.full(values.shape, -1, dtype=np.int64)
    elapsed = np.zeros(values.shape, dtype=np.int64)
    for row, one in enumerate(told):
        if one.key_result.kind.is_keep:
            share[row] = _met(one.key_result, values[row])
            if not one.key_result.undefined:
                weeks = kept_weeks(
                    one, windows[row], courses.is_reported[row], bool(courses.has_gap[row]),
                    every_day, locale,
                )  # fmt: skip
                reported[row], elapsed[row] = weeks.reported, weeks.elapsed
                has_any = weeks.reported > 0
                share[row, has_any] = exact(weeks.met[has_any] / weeks.reported[has_any])
    share[np.isnan(values)] = np.nan
    share[[row for row, one in enumerate(key_results) if one.undefined]] = np.nan
    return Progress(share, reported, elapsed)


_FARTHEST = (-scoring.FARTHEST, scoring.FARTHEST)


def _met(key_result: KeyResult, values: Numbers) -> Numbers:
    """Tell for each value whether it keeps to the bound, as 1 or 0."""
    target = key_result.target or 0.0
    if key_result.kind is Kind.KEEP_BELOW:
        return np.where(_at_least(np.full(values.shape, target), values), 1.0, 0.0)
    return np.where(_at_least(values, target), 1.0, 0.0)


def _statuses(
    settings: Settings,
    key_results: Sequence[KeyResult],
    homes: Sequence[Objective | None],
    windows: Sequence[Window | None],
    courses: Courses,
    progress: Numbers,
    expects: Numbers,
    gap: Numbers,
    marks: Numbers,
    too_few: Flags,
    days: Days,
) -> Codes:
    """Decide the status of each key result on each day: the first rule of DESIGN 5.3 that matches.

    The rules are laid one over the other from the last to the first.
    """
    numbers = days.numbers[None, :]
    kinds = np.array([[one.kind.is_keep, one.kind is Kind.DONE] for one in key_results], dtype=bool)
    is_keep, is_deed = kinds.reshape(-1, 2)[:, :1], kinds.reshape(-1, 2)[:, 1:]
    has_window = np.array([one is not None for one in windows], dtype=bool)[:, None]
    starts = np.array([number_of(one.start) if one else 0 for one in windows])[:, None]
    ends = np.array([number_of(one.end) if one else 0 for one in windows])[:, None]
    is_over, is_before = has_window & (numbers > ends), has_window & (numbers < starts)
    has_none = np.isnan(courses.values)
    status = np.full(gap.shape, _CODES[Status.OFF_TRACK], dtype=np.int64)

    def lay(when: npt.NDArray[np.bool_], what: Status | None) -> None:
        code = NO_STATUS if what is None else _CODES[what]
        np.copyto(status, code, where=np.broadcast_to(when, status.shape))

    lay(gap <= settings.gap_off_track, Status.AT_RISK)
    lay(gap <= settings.gap_at_risk, Status.ON_TRACK)
    lay(~_at_least(np.nan_to_num(expects), settings.too_early), Status.TOO_EARLY)
    believed = courses.confidences
    lay(is_deed, Status.AT_RISK)
    lay(is_deed & ~_at_least(believed, settings.confidence_low), Status.OFF_TRACK)
    lay(is_deed & _at_least(believed, settings.confidence_high), Status.ON_TRACK)
    lay(is_deed & np.isnan(believed), Status.NO_DATA)
    lay(is_keep, Status.OFF_TRACK)
    for row, one in enumerate(key_results):
        if one.kind.is_keep:
            status[row, _met(one, courses.values[row]) > 0] = _CODES[Status.ON_TRACK]
    lay(~has_window, None)
    lay(has_none, Status.NO_DATA)
    lay(is_before, Status.NOT_STARTED)
    score = np.clip(progress, 0.0, 1.0)
    lay(is_over, Status.MISSED)
    lay(is_over & _at_least(score, marks), Status.ACHIEVED)
    lay(is_over & too_few & ~has_none, Status.NO_DATA)
    lay(~is_keep & _at_least(progress, 1.0), Status.ACHIEVED)
    pairs = zip(key_results, homes, strict=True)
    lay(_flags(bool(one.undefined) or home is None for one, home in pairs)[:, None], None)
    lay(_dropped(key_results, homes)[:, None], Status.DROPPED)
    return status


def _dropped(key_results: Sequence[KeyResult], homes: Sequence[Objective | None]) -> Flags:
    pairs = zip(key_results, homes, strict=True)
    return _flags(
        one.state is State.DROPPED or (home is not None and home.state is State.DROPPED)
        for one, home in pairs
    )


def _flags(told: Iterable[bool]) -> Flags:
    return np.fromiter(told, dtype=bool)


def _counted(key_results: Sequence[KeyResult], homes: Sequence[Objective | None]) -> Flags:
    """Tell which key results count; where none of an objective has a weight, all of them do."""
    is_able = ~_dropped(key_results, homes)
    is_able &= np.array([not one.undefined for one in key_results], dtype=bool)
    is_able &= np.array([home is not None for home in homes], dtype=bool)
    weighing = {
        home.key
        for one, home, able in zip(key_results, homes, is_able, strict=True)
        if able and home is not None and one.weight
    }
    has_weight = np.array(
        [
            bool(one.weight) or (home is not None and home.key not in weighing)
            for one, home in zip(key_results, homes, strict=True)
        ],
        dtype=bool,
    )
    is_counted: Flags = is_able & has_weight
    return is_counted


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
    marks = _column([snapshot.settings.pass_mark(one.commitment) for one in objectives])
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
    has_weight = groups.total(weights)[np.maximum(groups.places, 0)] > 0 if len(weights) else True
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
    is_good = _at_least(result.score[places], result.pass_mark[places])
    by_score = np.where(is_good, _CODES[Status.ACHIEVED], _CODES[Status.MISSED])
    status = np.where(days.numbers[None, :] > ends[:, None], by_score, status)
    status[result.counted[places] == 0] = _CODES[Status.NO_DATA]
    status[_flags(one.state is State.DROPPED for one in objectives)] = _CODES[Status.DROPPED]
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
    good = counts[_CODES[Status.ON_TRACK]] + counts[_CODES[Status.ACHIEVED]]
    bad = counts[_CODES[Status.OFF_TRACK]] + counts[_CODES[Status.MISSED]]
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
    is_counted = _flags(one.is_counted for one in objectives)
    groups = Groups(np.where(is_counted, teams, -1), count)
    if not len(objectives):
        return groups
    has_weight = groups.total(weights)[np.maximum(groups.places, 0)] > 0
    return Groups(np.where(has_weight & (weights == 0), -1, groups.places), count)


def _count_statuses(own: Places, counting: Places, count: int, status: Codes) -> tuple[Codes, ...]:
    """Count by status the key results that count, and those that were dropped."""
    dropped = status == _CODES[Status.DROPPED]
    teams = np.where(dropped, own[:, None], counting[:, None])
    days = np.arange(status.shape[1])
    spots = (teams * len(STATUSES) + status) * status.shape[1] + days
    spots = spots[(teams >= 0) & (status != NO_STATUS)]
    size = count * len(STATUSES) * status.shape[1]
    table = np.bincount(spots, minlength=size).reshape(count, len(STATUSES), -1)
    return tuple(table[:, code] for code in range(len(STATUSES)))
