"""How key results stand on many days at once, as arrays of rows and days.

The rules are those of ``figures``, ``status``, ``standings`` and ``assess``, which decide for one
day; a test holds both to each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from okr import scoring
from okr.board import Window
from okr.courses import NEVER, Courses, Flags, Numbers, Told, number_of
from okr.figures import expected_on, window_of
from okr.kept_weeks import kept_weeks
from okr.model import Cycle, KeyResult, Kind, Objective, Settings, Snapshot, State, Status

STATUSES = tuple(Status)
NO_STATUS = -1
"""The code of what has no status; others are places in ``STATUSES``."""

Codes = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]

CODES = {status: code for code, status in enumerate(STATUSES)}


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

    def rows(self, numbers: Sequence[int], days: slice) -> "KeyResultTables":
        """Take some rows, and some of the days."""
        pick = np.asarray(numbers, dtype=np.intp)
        daily = {name: getattr(self, name)[pick, days] for name in _DAILY}
        return KeyResultTables(**daily, is_counted=self.is_counted[pick])

    def put(self, numbers: Sequence[int], others: "KeyResultTables") -> None:
        """Put the rows of others in the place of some."""
        for name in (*_DAILY, "is_counted"):
            getattr(self, name)[numbers] = getattr(others, name)


_DAILY = ("progress", "score", "expected", "pass_mark", "gap", "status", "is_stale")
"""The tables that have a column a day."""


def exact(numbers: Numbers) -> Numbers:
    """Round to nine decimals, as ``scoring.exact`` does."""
    return np.round(numbers, 9)


def at_least(numbers: Numbers, marks: Numbers | float) -> Flags:
    """Compare as ``scoring.at_least`` does; what is not known is not at least anything."""
    apart = numbers - marks
    near = (apart >= -1e-8) & (exact(numbers) >= np.round(marks, 9))
    found: Flags = (apart > 1e-8) | near
    return found


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
    marks = column([_pass_mark(snapshot.settings, home) for home in homes])
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


def column(numbers: Sequence[float | None]) -> Numbers:
    """Lay out a number a row, to be held against tables of rows and days."""
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
    start = column([one.start for one in key_results])
    target = column([one.target for one in key_results])
    with np.errstate(all="ignore"):
        share = exact(np.clip((values - start) / (target - start), *_FARTHEST))
    is_deed = np.array([one.kind is Kind.DONE for one in key_results])[:, None]
    share = np.where(is_deed, np.where(at_least(values, 1.0), 1.0, 0.0), share)
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
        return np.where(at_least(np.full(values.shape, target), values), 1.0, 0.0)
    return np.where(at_least(values, target), 1.0, 0.0)


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
    """Decide the status of each key result on each day: the first of rule 5 that matches.

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
    status = np.full(gap.shape, CODES[Status.OFF_TRACK], dtype=np.int64)

    def lay(when: npt.NDArray[np.bool_], what: Status | None) -> None:
        code = NO_STATUS if what is None else CODES[what]
        np.copyto(status, code, where=np.broadcast_to(when, status.shape))

    lay(gap <= settings.gap_off_track, Status.AT_RISK)
    lay(gap <= settings.gap_at_risk, Status.ON_TRACK)
    lay(~at_least(np.nan_to_num(expects), settings.too_early), Status.TOO_EARLY)
    believed = courses.confidences
    lay(is_deed, Status.AT_RISK)
    lay(is_deed & ~at_least(believed, settings.confidence_low), Status.OFF_TRACK)
    lay(is_deed & at_least(believed, settings.confidence_high), Status.ON_TRACK)
    lay(is_deed & np.isnan(believed), Status.NO_DATA)
    lay(is_keep, Status.OFF_TRACK)
    for row, one in enumerate(key_results):
        if one.kind.is_keep:
            status[row, _met(one, courses.values[row]) > 0] = CODES[Status.ON_TRACK]
    lay(~has_window, None)
    lay(has_none, Status.NO_DATA)
    lay(is_before, Status.NOT_STARTED)
    score = np.clip(progress, 0.0, 1.0)
    lay(is_over, Status.MISSED)
    lay(is_over & at_least(score, marks), Status.ACHIEVED)
    lay(is_over & too_few & ~has_none, Status.NO_DATA)
    lay(~is_keep & at_least(progress, 1.0), Status.ACHIEVED)
    pairs = zip(key_results, homes, strict=True)
    lay(flags_of(bool(one.undefined) or home is None for one, home in pairs)[:, None], None)
    lay(_dropped(key_results, homes)[:, None], Status.DROPPED)
    return status


def _dropped(key_results: Sequence[KeyResult], homes: Sequence[Objective | None]) -> Flags:
    pairs = zip(key_results, homes, strict=True)
    return flags_of(
        one.state is State.DROPPED or (home is not None and home.state is State.DROPPED)
        for one, home in pairs
    )


def flags_of(told: Iterable[bool]) -> Flags:
    """Gather what holds or not of each row."""
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
