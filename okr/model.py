"""The OKR vocabulary as plain, frozen data: what a workbook says, before anything is computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from okr.reading import Reading

from okr.layout import Layout

Cell = str | float | bool
"""One cell as it was read: text, number (dates as serial numbers), or boolean; blank is ``""``."""


class Status(StrEnum):
    """The computed state of a key result or an objective, in the words that people read."""

    DROPPED = "dropped"
    ACHIEVED = "achieved"
    MISSED = "missed"
    NOT_STARTED = "not started"
    NO_DATA = "no data"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    OFF_TRACK = "off track"
    TOO_EARLY = "too early"


class Kind(StrEnum):
    """How a key result is measured."""

    INCREASE = "increase"
    DECREASE = "decrease"
    KEEP_ABOVE = "keep above"
    KEEP_BELOW = "keep below"
    DONE = "done"

    @property
    def is_keep(self) -> bool:
        """Tell whether the target is a bound to hold rather than an end to reach."""
        return self in _KEEPS

    @property
    def is_way(self) -> bool:
        """Tell whether there is a way from start to target, so that pace means something."""
        return self in _WAYS


_KEEPS = (Kind.KEEP_ABOVE, Kind.KEEP_BELOW)
_WAYS = (Kind.INCREASE, Kind.DECREASE)


class Commitment(StrEnum):
    """What counts as success: all of a committed objective, most of an aspirational one."""

    COMMITTED = "committed"
    ASPIRATIONAL = "aspirational"


_ASPIRATIONAL = Commitment.ASPIRATIONAL


class State(StrEnum):
    """What people say of a row's life, as opposed to the computed status."""

    DRAFT = "draft"
    ACTIVE = "active"
    DONE = "done"
    DROPPED = "dropped"


_UNCOUNTED = (State.DRAFT, State.DROPPED)


class RollUp(StrEnum):
    """Where the score of an objective comes from."""

    KEY_RESULTS = "key results"
    CHILDREN = "children"


class CycleState(StrEnum):
    """What people say of a cycle's life."""

    PLANNING = "planning"
    ACTIVE = "active"
    CLOSED = "closed"


class Severity(StrEnum):
    """Error: a number that should count does not. Warning: everything else worth mending."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should mend in the sheet, named by its cell.

    ``row`` is 1-based as people see it; 0 stands for the tab as a whole. ``column`` is the header
    as the sheet spells it, ``cell`` the address such as ``Key results!C14``, ``value`` what stands
    there.
    """

    severity: Severity
    tab: str
    row: int
    column: str
    cell: str
    value: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its tab and 1-based number, and the address of its title cell."""

    tab: str
    row: int
    cell: str


@dataclass(frozen=True, slots=True)
class Objective:
    """What a team wants to achieve.

    ``key`` names the row within one snapshot: its ID where that is its own, else its content.
    ``id`` is None where the row has none, or one that an earlier row already holds.
    ``cycle`` is the name of a known cycle or None; ``supports`` holds keys of objectives and key
    results.
    """

    key: str
    id: str | None
    title: str
    place: Place
    cycle: str | None = None
    team: str = ""
    owner: str = ""
    supports: tuple[str, ...] = ()
    commitment: Commitment = Commitment.COMMITTED
    weight: float = 1.0
    state: State = State.ACTIVE
    roll_up: RollUp = RollUp.KEY_RESULTS
    grade: float | None = None
    closing_note: str = ""

    @property
    def is_counted(self) -> bool:
        """Tell whether it counts in the score of its team: all do but drafts and dropped ones."""
        return self.state not in _UNCOUNTED


class Checkpoint(NamedTuple):
    """What a key result shall have reached by the end of a day, in its own unit."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class KeyResult:
    """A measurable sign that its objective is being reached.

    ``objective`` is the key of its objective, None where the sheet's reference finds none
    (``objective_text`` keeps what it says). ``undefined`` says why it cannot be scored, "" where
    it can; ``has_start`` whether its start was given, where the sheet asks for one. ``current`` is
    what the Current cell holds, which is not always the newest value (see ``values``). For kind
    done, ``current`` is 1.0 or 0.0. ``unit`` may be ``%``: values are fractions then.
    ``pace`` holds the checkpoints on the way, in order; without any it is even.
    """

    key: str
    id: str | None
    title: str
    place: Place
    objective: str | None = None
    objective_text: str = ""
    owner: str = ""
    kind: Kind = Kind.INCREASE
    start: float | None = None
    target: float | None = None
    current: float | None = None
    unit: str = ""
    weight: float = 1.0
    due: date | None = None
    confidence: float | None = None
    state: State = State.ACTIVE
    grade: float | None = None
    link: str = ""
    undefined: str = ""
    has_start: bool = True
    pace: tuple[Checkpoint, ...] = ()


EPOCH = datetime(1899, 12, 30)
"""The moment 0 of every spreadsheet."""


class CheckIn(NamedTuple):
    """A dated update of a key result. ``value`` or ``confidence`` may be missing, not ``when``.

    ``second`` is when, in seconds since ``EPOCH`` by the workbook's clock: what most check-ins are
    asked is only which of them came first. A tuple rather than a dataclass: a workbook holds
    100,000 of them, and this is made four times as fast.
    """

    second: int
    value: float | None
    confidence: float | None
    note: str
    by: str
    row: int
    id: str = ""

    @property
    def when(self) -> datetime:
        """Give the moment by the workbook's clock."""
        return EPOCH + timedelta(0, self.second)


@dataclass(frozen=True, slots=True)
class Change:
    """One recorded change of a cell, from ``_History``. Cells are kept as read."""

    when: datetime
    row_id: str
    tab: str
    column: str
    before: Cell
    after: Cell
    by: str
    source: str
    row: int


@dataclass(frozen=True, slots=True)
class Team:
    """A team and the team above it; ``parent`` is None at the top."""

    name: str
    parent: str | None = None
    lead: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Cycle:
    """The period that OKRs are set for: first and last day, both included."""

    name: str
    starts: date
    ends: date
    state: CycleState | None = None

    def contains(self, day: date) -> bool:
        """Tell whether a day lies in the cycle, its first and last day included."""
        return self.starts <= day <= self.ends

    def encloses(self, other: "Cycle") -> bool:
        """Tell whether another, shorter cycle lies within this one."""
        return (
            self.starts <= other.starts
            and other.ends <= self.ends
            and (self.starts, self.ends) != (other.starts, other.ends)
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who owns or updates; ``email`` is what By and Owner may hold instead of the name."""

    email: str
    name: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The thresholds and habits of a company, each with its default (docs/settings.md).

    Gaps are in points, shares from 0 to 1, times in days or seconds. From ``key_results_least`` on
    they say what well written OKRs keep to (see ``okr.quality``), and change no figure: how many
    key results an objective should have, how many objectives a team, how many words an objective's
    title and how many days its cycle; the largest share of its objective's weight for one of three
    or more key results; the confidence above which, and the share of the cycle by which, goals that
    are all as good as reached were too safe.
    """

    organisation: str = ""
    gap_at_risk: float = 10.0
    gap_off_track: float = 25.0
    too_early: float = 0.1
    check_in_every: float = 7.0
    grace: float = 3.0
    pass_committed: float = 1.0
    pass_aspirational: float = 0.7
    grade_green: float = 0.7
    grade_amber: float = 0.4
    confidence_high: float = 0.7
    confidence_low: float = 0.4
    timezone: str = ""
    locale: str = "en_US"
    refresh_seconds: float = 15.0
    key_results_least: float = 3.0
    key_results_most: float = 5.0
    objectives_most: float = 5.0
    words_least: float = 4.0
    words_most: float = 18.0
    days_most: float = 366.0
    weight_most: float = 0.6
    safe_confidence: float = 0.9
    safe_by: float = 0.5

    def pass_mark(self, commitment: Commitment) -> float:
        """Give the share of an objective that counts as success."""
        if commitment is _ASPIRATIONAL:
            return self.pass_aspirational
        return self.pass_committed


@dataclass(frozen=True, slots=True)
class Source:
    """Which workbook a reading came from, and how to point a person at one of its cells.

    ``gids`` maps the title of a tab to Google's number for it; empty for a file.
    """

    title: str
    location: str
    gids: Mapping[str, int] = field(default_factory=dict)

    def link(self, cell: str) -> str:
        """Build the web address of a cell such as ``Key results!C14``; "" where it has none."""
        tab, _, address = cell.rpartition("!")
        if tab not in self.gids:
            return ""
        return f"{self.location}#gid={self.gids[tab]}&range={address}"


@dataclass(frozen=True, slots=True)
class TabColumns:
    """Where the columns of a known tab stand: its title, and each column's letters and header.

    In a sheet of another layout each row has cells of its own, by its key and the column.
    """

    title: str
    letters: Mapping[str, str]
    headers: Mapping[str, str]
    cells: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def cell(self, column: str, row: int) -> str:
        """Name the cell of a column in a 1-based row, as in ``Key results!H14``."""
        return f"{self.title}!{self.letters.get(column, 'A')}{row}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading of the whole workbook, with all its problems. Nothing in it depends on the day.

    ``check_ins`` and ``changes`` are grouped by the key of the key result (changes of other rows:
    by their ID), each ordered by When, then row. ``read_at`` is aware, in the workbook's time zone.
    ``tabs`` says, for each known tab that was read, where its columns stand; ``unread`` names the
    tabs that are not. ``reading`` is what it was built from, and ``changed_until`` the newest
    moment that ``_History`` tells of, None where it tells of none. ``layout`` is None where the
    workbook is in the board's own layout.
    """

    source: Source
    revision: str
    read_at: datetime
    settings: Settings
    objectives: tuple[Objective, ...] = ()
    key_results: tuple[KeyResult, ...] = ()
    check_ins: Mapping[str, tuple[CheckIn, ...]] = field(default_factory=dict)
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    teams: tuple[Team, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    people: tuple[Person, ...] = ()
    problems: tuple[Problem, ...] = ()
    tabs: Mapping[str, TabColumns] = field(default_factory=dict)
    reading: "Reading | None" = field(default=None, repr=False, compare=False)
    changed_until: datetime | None = None
    unread: tuple[str, ...] = ()
    layout: Layout | None = None
