"""Sheet health: what must I mend?"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from okr import columns
from okr.board import Board
from okr.columns import normalise
from okr.model import KeyResult, Objective, Problem, Severity, Snapshot
from okr.serials import day_of
from okr.snapshot import has_no_okrs
from okr.views import formats, pieces
from okr.views.addresses import Address
from okr.views.empties import lack_of_objectives
from okr.views.files import Offer, choose_problems, offers, sheet_health_files
from okr.views.pieces import CellLink, Mark
from okr.views.read_as import ReadAs, build_read_as
from okr.views.summary import Empty

SHOWN_FINDINGS = 120
SHOWN_CELLS = 8
SHOWN_VALUE = 60

_DAYS = {"due", "when", "starts", "ends"}
"""Columns in which a sheet keeps a day as a number."""

_SERIAL = re.compile(r"[2-7][0-9]{4}")

_MARKS = {
    Severity.ERROR: Mark("square", "bad", "error"),
    Severity.WARNING: Mark("triangle", "warn", "warning"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell that needs mending, what stands in it, and the title of its row where it has one."""

    cell: CellLink
    value: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mend, and all the cells that ask for it."""

    mark: Mark
    mend: str
    reason: str
    column: str
    spots: tuple[Spot, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one tab."""

    tab: str
    number: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter: its words, how many it shows, and where it leads."""

    text: str
    number: int
    href: str
    is_chosen: bool
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the numbers come from, and how old they are."""

    workbook: CellLink
    revision: str
    read_at: str
    age: str
    failure: str
    unrecorded: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SheetHealthPage:
    """Everything that Sheet health shows."""

    title: str
    answer: str
    more: str
    severities: tuple[Choice, ...]
    tabs: tuple[Choice, ...]
    groups: tuple[Group, ...]
    rest: str
    read_as: ReadAs
    connection: Connection
    is_well: bool
    is_filtered_out: bool
    offers: tuple[Offer, ...]


def build_sheet_health(
    board: Board,
    address: Address,
    *,
    now: datetime,
    checked_at: datetime | None = None,
    failure: str = "",
    unrecorded: str = "",
) -> SheetHealthPage:
    """List what is to be mended in the sheet, errors first, and say how the sheet was reached.

    Args:
        board: Holds the problems of the snapshot and of the day.
        address: Its ``severity`` and ``tab`` choose what is listed.
        now: The moment, to tell ages by.
        checked_at: When the workbook was last looked at with success; its reading where None.
        failure: Why the last look failed, "" where it did not.
        unrecorded: Why hand edits are not recorded in the sheet, "" where they are.
    """
    severity, tab = address.query.get("severity", ""), address.query.get("tab", "")
    of_severity = [one for one in board.problems if not severity or one.severity == severity]
    of_tab = [one for one in board.problems if not tab or one.tab == tab]
    chosen = choose_problems(board, address)
    findings = _findings(chosen, board.snapshot)
    shown = findings[:SHOWN_FINDINGS]
    rest = len(findings) - len(shown)
    lack = _nothing_to_read(board, address)
    return SheetHealthPage(
        title="Sheet health",
        answer=lack.sentence if lack else _answer(board.problems),
        more=lack.mend if lack else _more(board.problems),
        severities=_severities(of_tab, severity, address),
        tabs=_tabs(board.problems, of_severity, tab, address),
        groups=_groups(shown, findings),
        rest=_rest(rest),
        read_as=build_read_as(board.snapshot),
        connection=_connection(board.snapshot, now, checked_at, failure, unrecorded),
        is_well=not board.problems,
        is_filtered_out=bool(board.problems) and not chosen,
        offers=offers(address, "sheet_health", sheet_health_files(board, address)),
    )


def _rest(number: int) -> str:
    if not number:
        return ""
    return f"and {formats.count(number, 'more mend')}: choose a tab above to see them"


# --- the answer -----------------------------------------------------------------------------------


def _nothing_to_read(board: Board, address: Address) -> Empty | None:
    """Say that there are no OKRs to check yet; None where the findings say what is missing."""
    is_said = bool(board.problems) and not has_no_okrs(board.snapshot)
    return None if is_said else lack_of_objectives(board, address)


def _answer(problems: Sequence[Problem]) -> str:
    """Say in one sentence how much there is to mend."""
    errors = sum(one.severity is Severity.ERROR for one in problems)
    warnings = len(problems) - errors
    if not problems:
        return "All is well: there is nothing to mend."
    if not errors:
        said = formats.count(warnings, "warning")
        return f"Every number counts. {said} {'is' if warnings == 1 else 'are'} worth a look."
    keeps = "keeps" if errors == 1 else "keep"
    return f"{formats.count(errors, 'error')} {keeps} a number from counting as it should."


def _more(problems: Sequence[Problem]) -> str:
    """Say where to begin, and what may wait."""
    errors = [one for one in problems if one.severity is Severity.ERROR]
    warnings = len(problems) - len(errors)
    if not problems:
        return (
            "Checked at every reading: numbers, dates and words in each cell, IDs and what refers"
            " to them, weights, cycles, broken formulas, and what stands twice."
        )
    if not errors:
        return "A warning says how a cell was understood, or what may be an oversight."
    tabs = formats.listing(f"“{tab}”" for tab in dict.fromkeys(one.tab for one in errors))
    waiting = f" {formats.count(warnings, 'warning')} can wait." if warnings else ""
    return f"Begin in {tabs}; the board shows each mend at its next reading.{waiting}"


# --- the filters ----------------------------------------------------------------------------------


def _severities(problems: Sequence[Problem], chosen: str, address: Address) -> tuple[Choice, ...]:
    choices = [Choice("all", len(problems), address.here(severity=None), not chosen)]
    for severity, word in ((Severity.ERROR, "errors"), (Severity.WARNING, "warnings")):
        number = sum(one.severity is severity for one in problems)
        href = address.here(severity=severity.value)
        choices.append(Choice(word, number, href, chosen == severity, _MARKS[severity]))
    return tuple(choices)


def _tabs(
    everything: Sequence[Problem], problems: Sequence[Problem], chosen: str, address: Address
) -> tuple[Choice, ...]:
    numbers = dict.fromkeys((one.tab for one in everything), 0)
    for one in problems:
        numbers[one.tab] += 1
    every = Choice("every tab", len(problems), address.here(tab=None), not chosen)
    rest = (
        Choice(tab, number, address.here(tab=tab), chosen == tab) for tab, number in numbers.items()
    )
    return (every, *rest) if len(numbers) > 1 else ()


# --- the findings ---------------------------------------------------------------------------------


def _findings(problems: Iterable[Problem], snapshot: Snapshot) -> list[tuple[str, Finding, int]]:
    """Gather the cells that ask for the same mend for the same reason, in the order of severity.

    Returns:
        For each its tab, the finding, and how many cells it names.
    """
    gathered: dict[tuple[Severity, str, str, str, str], list[Problem]] = {}
    for one in problems:
        key = (one.severity, one.tab, one.column, one.remedy, one.message)
        gathered.setdefault(key, []).append(one)
    titles = _titles(snapshot)
    return [
        (tab, _finding(severity, column, mend, reason, alike, snapshot, titles), len(alike))
        for (severity, tab, column, mend, reason), alike in gathered.items()
    ]


def _finding(
    severity: Severity,
    column: str,
    mend: str,
    reason: str,
    alike: Sequence[Problem],
    snapshot: Snapshot,
    titles: Mapping[tuple[str, int], str],
) -> Finding:
    spots = tuple(
        Spot(
            pieces.cell_link(snapshot.source, one.cell),
            _shown(one),
            titles.get((one.tab, one.row), ""),
        )
        for one in alike[:SHOWN_CELLS]
    )
    rest = len(alike) - len(spots)
    return Finding(
        mark=_MARKS[severity],
        mend=mend,
        reason=reason,
        column=column,
        spots=spots,
        rest=f"and {formats.count(rest, 'more cell')}" if rest else "",
    )


def _titles(snapshot: Snapshot) -> Mapping[tuple[str, int], str]:
    """Name what stands in each row, by its tab and number."""
    rows: tuple[Objective | KeyResult, ...] = (*snapshot.objectives, *snapshot.key_results)
    return {(one.place.tab, one.place.row): one.title for one in rows}


def _shown(problem: Problem) -> str:
    """Show what a cell holds; a day that a sheet keeps as a number is shown as a day."""
    is_day = normalise(problem.column) in _DAYS and _SERIAL.fullmatch(problem.value)
    return day_of(float(problem.value)).isoformat() if is_day else _short(problem.value)


def _short(value: str) -> str:
    return value if len(value) <= SHOWN_VALUE else f"{value[: SHOWN_VALUE - 1]}…"


def _groups(
    shown: Sequence[tuple[str, Finding, int]], findings: Sequence[tuple[str, Finding, int]]
) -> tuple[Group, ...]:
    """Group the findings by tab, the tab of the first error first."""
    numbers: dict[str, int] = {}
    for tab, _, number in findings:
        numbers[tab] = numbers.get(tab, 0) + number
    return tuple(
        Group(tab, numbers[tab], tuple(finding for its, finding, _ in shown if its == tab))
        for tab in dict.fromkeys(tab for tab, _, _ in shown)
    )


# --- the connection -------------------------------------------------------------------------------


def _connection(
    snapshot: Snapshot,
    now: datetime,
    checked_at: datetime | None,
    failure: str,
    unrecorded: str,
) -> Connection:
    source = snapshot.source
    is_web = source.location.startswith(("https://", "http://"))
    seen = (checked_at or snapshot.read_at).astimezone(snapshot.read_at.tzinfo)
    return Connection(
        workbook=CellLink(source.title or "the workbook", source.location if is_web else ""),
        revision=snapshot.revision,
        read_at=formats.moment(seen),
        age=_age((now - seen).total_seconds()),
        failure=failure,
        unrecorded=unrecorded,
        rows=tuple((tab, formats.plain(number, 0)) for tab, number in _rows(snapshot).items()),
    )


def _age(seconds: float) -> str:
    """Say how long ago something was: ``12 seconds ago``, ``3 minutes ago``."""
    whole = max(0, int(seconds))
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if whole >= size:
            return f"{formats.count(whole // size, word)} ago"
    return f"{formats.count(whole, 'second')} ago" if whole > 5 else "just now"


def _rows(snapshot: Snapshot) -> Mapping[str, int]:
    return {
        columns.OBJECTIVES: len(snapshot.objectives),
        columns.KEY_RESULTS: len(snapshot.key_results),
        columns.CHECK_INS: sum(len(entries) for entries in snapshot.check_ins.values()),
        columns.TEAMS: len(snapshot.teams),
        columns.CYCLES: len(snapshot.cycles),
        columns.PEOPLE: len(snapshot.people),
    }
