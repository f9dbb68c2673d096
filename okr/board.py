"""Everything computed of one cycle on one day: how each key result, objective and team stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from okr.alignment import Alignment
from okr.goalposts import Move
from okr.model import Cycle, KeyResult, Objective, Problem, Snapshot, Status, Team


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a key result has: from the start of its cycle to Due, or the cycle's end."""

    start: date
    end: date


class Leg(NamedTuple):
    """A part of a pace: from one share of the way on one day evenly to another on a later one."""

    first: date
    low: float
    last: date
    high: float


@dataclass(frozen=True, slots=True)
class Weeks:
    """How a keep kind held its bound, in ISO weeks; ``elapsed`` is None without a window."""

    met: int
    reported: int
    elapsed: int | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a key result moves and would have to move, per week in its own unit.

    ``ratio`` is achieved over required. All are None where pace means nothing (rule 7).
    """

    projected: float | None = None
    required_rate: float | None = None
    achieved_rate: float | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class KeyResultStanding:
    """How a key result stands on the day.

    ``value`` is the newest value of the day (rule 2), ``value_week_ago`` that of seven days
    before. ``progress`` is raw, ``score`` within 0 to 1, ``expected`` the share of the window
    gone, ``gap`` in points.
    ``word`` is what is printed for the status, also where ``status`` is None (``cannot be
    scored``). ``is_stale`` and ``updated_on`` are None without a dated value; ``note`` is the
    newest check-in's. ``disagreement`` is "" or the flag of the two needles. ``moved`` are its
    goalpost moves by then; ``first_progress`` and ``first_score`` are measured against the first
    start and target, None where these are those of the day. ``leg`` is the part of its own pace
    that it is on, None where the pace is even, and ``day`` the day in question. ``work_out_pace``
    gives its pace, which only those who ask for it wait for.
    """

    key_result: KeyResult
    objective: Objective | None
    cycle: Cycle | None
    window: Window | None
    is_counted: bool
    value: float | None
    value_week_ago: float | None
    progress: float | None
    score: float | None
    expected: float | None
    pass_mark: float
    gap: float | None
    status: Status | None
    word: str
    is_stale: bool | None
    updated_on: date | None
    is_undated: bool
    confidence: float | None
    disagreement: str
    note: str
    noted_by: str
    weeks: Weeks | None
    work_out_pace: Callable[[], Pace] = field(repr=False, compare=False)
    first_progress: float | None = None
    first_score: float | None = None
    moved: tuple[Move, ...] = ()
    leg: Leg | None = None
    day: date | None = None

    @property
    def pace(self) -> Pace:
        """Work out how fast it moves and would have to move."""
        return self.work_out_pace()


@dataclass(frozen=True, slots=True)
class ObjectiveStanding:
    """How an objective stands on the day.

    ``score`` is None with no data at all; ``low`` and ``high`` are the score with what is missing
    at 0 and at 1. ``counted`` key results count, ``with_data`` of them have a value,
    ``unscorable`` cannot be scored. ``word`` is the status with its count, such as ``off track: 1
    of 3``.
    """

    objective: Objective
    cycle: Cycle | None
    key_results: tuple[KeyResultStanding, ...]
    children: tuple[str, ...]
    parents: tuple[str, ...]
    score: float | None
    low: float | None
    high: float | None
    counted: int
    with_data: int
    unscorable: int
    expected: float | None
    pass_mark: float
    status: Status | None
    word: str


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """How a team, or the organisation, stands on the day.

    ``counts`` has every status; ``net`` is, in points, the share of key results on track or
    achieved less the share off track or missed; None without any. ``stale`` counts the key
    results whose value is old, ``with_data`` those that have one, ``counted`` those that count.
    """

    team: Team
    objectives: tuple[ObjectiveStanding, ...]
    score: float | None
    low: float | None
    high: float | None
    expected: float | None
    net: float | None
    counts: Mapping[Status, int]
    counted: int
    with_data: int
    stale: int


@dataclass(frozen=True, slots=True)
class Board:
    """All standings of one cycle (None: of every cycle, or of a sheet without cycles) on one day.

    ``organisation`` is over all objectives; ``top`` is the top team's own. ``enclosing`` holds the
    objectives of longer cycles around this one that are supported from it (rule 1).
    ``problems`` are the snapshot's and those that depend on the day, errors first. ``alignment``
    links all objectives of the workbook, also those that are not listed here.
    """

    snapshot: Snapshot
    cycle: Cycle | None
    day: date
    organisation: TeamStanding
    top: TeamStanding
    teams: tuple[TeamStanding, ...]
    objectives: tuple[ObjectiveStanding, ...]
    key_results: tuple[KeyResultStanding, ...]
    enclosing: tuple[ObjectiveStanding, ...] = ()
    problems: tuple[Problem, ...] = field(default_factory=tuple)
    alignment: Alignment = field(default_factory=Alignment)
