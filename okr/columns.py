"""The tabs and columns of a workbook, and the spellings under which people know them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from okr.model import Cell

OBJECTIVES = "Objectives"
KEY_RESULTS = "Key results"
CHECK_INS = "Check-ins"
TEAMS = "Teams"
CYCLES = "Cycles"
PEOPLE = "People"
SETTINGS = "Settings"
HISTORY = "_History"
LAYOUT = "_Layout"

COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    OBJECTIVES: {
        "ID": ("Objective ID", "Key", "Ref"),
        "Cycle": ("Quarter", "Period", "Timeframe"),
        "Team": ("Department", "Group"),
        "Objective": ("Objective title", "Title", "Goal", "Name"),
        "Owner": ("Objective owner", "Responsible", "Lead"),
        "Supports": (
            *("Supports objective", "Aligned to", "Aligns to", "Parent", "Contributes to"),
            *("Parent ID", "Parent objective"),
        ),
        "Type": ("Commitment",),
        "Weight": (),
        "State": ("Objective state",),
        "Roll-up": ("Scoring",),
        "Grade": ("Final score",),
        "Closing note": ("Retrospective", "Learnings"),
    },
    KEY_RESULTS: {
        "ID": ("Key result ID", "KR ID", "Key", "Ref"),
        "Objective": ("Objective ID", "Objective title", "Parent objective"),
        "Key result": ("KR", "Key result title", "Title", "Name", "Metric"),
        "Owner": ("Responsible", "Key result owner", "KR owner"),
        "Kind": ("Direction", "Measure"),
        "Start": ("Baseline", "Base", "Initial", "From", "Start value"),
        "Target": ("To", "Target value"),
        "Current": ("Actual", "Now", "Current value"),
        "Progress": ("Progress %", "% complete", "Percent complete"),
        "Unit": ("Units",),
        "Weight": (),
        "Due": ("Due date", "Deadline"),
        "Confidence": (),
        "State": ("Key result state",),
        "Grade": ("Final score",),
        "Link": ("URL", "Source"),
        "Pace": ("Checkpoints",),
    },
    CHECK_INS: {
        "When": ("Date", "Timestamp"),
        "Key result": ("KR", "Key result ID", "KR ID"),
        "Value": ("Current", "Actual", "New value"),
        "Confidence": (),
        "Note": ("Comment", "Notes", "Comments"),
        "By": ("Who", "Author", "Email"),
        "ID": ("Check-in ID",),
    },
    TEAMS: {
        "Team": ("Name",),
        "Parent": ("Parent team", "Reports to", "Part of"),
        "Lead": ("Team lead", "Owner"),
        "Description": ("About",),
    },
    CYCLES: {
        "Cycle": ("Name", "Quarter", "Period"),
        "Starts": ("Start", "Start date", "From", "Begins"),
        "Ends": ("End", "End date", "To"),
        "State": (),
    },
    PEOPLE: {
        "Email": ("E-mail", "Mail"),
        "Name": ("Person",),
        "Team": ("Department",),
    },
    SETTINGS: {
        "Setting": ("Name", "Key"),
        "Value": (),
    },
    HISTORY: {
        "When": (),
        "Row ID": (),
        "Tab": (),
        "Column": (),
        "Before": (),
        "After": (),
        "By": (),
        "Source": (),
    },
}
"""For each tab its columns in the order in which the board lays them out, with other spellings."""

ANSWERS = ("Tab", "Asked", "Read as", "By", "When")
"""The columns of ``_Layout``, which is there only once somebody has answered a question."""

DAYS = frozenset(("When", "Due", "Starts", "Ends"))
"""The columns in which a number is a day, or a moment."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    OBJECTIVES: ("Objective",),
    KEY_RESULTS: ("Objective", "Key result"),
}
"""The tabs that a workbook must have, with the columns that these must have."""

_ESSENTIAL: Mapping[str, tuple[str, ...]] = {
    **REQUIRED,
    CHECK_INS: ("When", "Key result"),
    TEAMS: ("Team",),
    CYCLES: ("Cycle",),
    SETTINGS: ("Setting", "Value"),
}
"""The columns without which no row of a tab counts."""

_TAB_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    OBJECTIVES: ("Objective", "Goals"),
    KEY_RESULTS: ("Key result", "KRs", "KR"),
    CHECK_INS: ("Check-in", "Updates"),
    TEAMS: ("Team",),
    CYCLES: ("Cycle", "Quarters", "Periods"),
    PEOPLE: ("Person", "Members"),
    SETTINGS: ("Setting", "Config"),
    HISTORY: (),
    LAYOUT: (),
}

_IGNORED = re.compile(r"[\s_\-\u00a0\u200b\ufeff]+")


@lru_cache(maxsize=4096, typed=True)
def normalise(name: object) -> str:
    """Reduce a tab's or column's name to what counts: not case, spaces, ``_`` or ``-``."""
    return _IGNORED.sub("", str(name)).casefold()


_TABS = {
    normalise(spelling): tab
    for tab, others in _TAB_SPELLINGS.items()
    for spelling in (tab, *others)
}


def known_tab(title: str) -> str | None:
    """Give the tab that a title stands for, None where the board knows no such tab."""
    return _TABS.get(normalise(title))


def _spellings(tab: str) -> dict[str, str]:
    """Map every accepted spelling of a tab's columns to the column."""
    return {
        normalise(spelling): column
        for column, others in COLUMNS[tab].items()
        for spelling in (*others, column)
    } | {normalise(column): column for column in COLUMNS[tab]}


_COLUMNS = {tab: _spellings(tab) for tab in COLUMNS} | {
    LAYOUT: {normalise(column): column for column in ANSWERS}
}


def laid_out(tab: str) -> tuple[str, ...]:
    """Give the columns of a known tab in the order in which the board lays them out."""
    return ANSWERS if tab == LAYOUT else tuple(COLUMNS[tab])


@dataclass(frozen=True, slots=True)
class Header:
    """Where a tab's columns stand: the 0-based row of the headers, and each known column's place.

    ``doubled`` holds the places of further headers that mean a column that is already taken.
    """

    row: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    doubled: tuple[tuple[int, str], ...] = ()


def find_header(tab: str, rows: Sequence[Sequence[Cell]]) -> Header | None:
    """Find the headers: the first row that holds at least two known ones."""
    for number, cells in enumerate(rows):
        header = _read_header(tab, number, cells)
        if len(header.columns) >= 2:
            return header
    return None


def _read_header(tab: str, number: int, cells: Sequence[Cell]) -> Header:
    """Match a row's cells with the tab's columns; a column's own name beats its other spellings."""
    spellings = dict(_COLUMNS[tab])
    names = [normalise(cell) if isinstance(cell, str) else "" for cell in cells]
    if tab == KEY_RESULTS and "objective" in {spellings.get(name, "").lower() for name in names}:
        spellings["goal"] = "Target"
    columns: dict[str, int] = {}
    doubled: list[tuple[int, str]] = []
    for place in sorted(
        range(len(names)), key=lambda at: names[at] != normalise(spellings.get(names[at], "-"))
    ):
        column = spellings.get(names[place])
        if column is None:
            continue
        if column in columns:
            doubled.append((place, column))
        else:
            columns[column] = place
    titles = {column: str(cells[place]).strip() for column, place in columns.items()}
    return Header(number, columns, titles, tuple(sorted(doubled)))


def missing_columns(tab: str, header: Header) -> tuple[str, ...]:
    """Name the columns that the headers lack, and without which no row counts."""
    return tuple(name for name in _ESSENTIAL.get(tab, ()) if name not in header.columns)


@cache
def letters(column: int) -> str:
    """Name a 0-based column as spreadsheets do: A, B, …, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(tab: str, row: int, column: int) -> str:
    """Name a cell by its tab, 0-based row and 0-based column, as in ``Key results!C14``."""
    return f"{tab}!{letters(column)}{row + 1}"
