"""Workbooks for tests: sound rows to begin with; a test names only the cell that matters."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from okr.columns import COLUMNS
from okr.model import Cell, Problem, Snapshot, Source
from okr.reading import Reading, Tab
from okr.snapshot import build_snapshot

Cells = Mapping[str, Cell]

DAY = date(2026, 5, 20)
"""The day of most tests: day 49 of the 90 of 2026-Q2."""


def serial(day: date) -> float:
    """Give a day, or a moment, as the number that a sheet keeps."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    return (moment - datetime(1899, 12, 30)).total_seconds() / 86400


OBJECTIVE: Cells = {
    "ID": "O-1",
    "Cycle": "2026-Q2",
    "Team": "Growth",
    "Objective": "Newcomers feel at home",
    "Owner": "ada@example.com",
    "Supports": "",
    "Type": "committed",
    "Weight": "",
    "State": "active",
    "Roll-up": "",
    "Grade": "",
    "Closing note": "",
}
KEY_RESULT: Cells = {
    "ID": "KR-1",
    "Objective": "O-1",
    "Key result": "Raise activation",
    "Owner": "ada@example.com",
    "Kind": "increase",
    "Start": 32.0,
    "Target": 45.0,
    "Current": 42.0,
    "Unit": "points",
    "Weight": "",
    "Due": "",
    "Confidence": "",
    "State": "",
    "Grade": "",
    "Link": "",
    "Pace": "",
}
CHECK_IN: Cells = {
    "When": serial(date(2026, 5, 18)),
    "Key result": "KR-1",
    "Value": 42.0,
    "Confidence": 0.7,
    "Note": "The new tour helps.",
    "By": "ada@example.com",
    "ID": "C-1",
}
CHANGE: Cells = {
    "When": serial(date(2026, 5, 12)),
    "Row ID": "KR-1",
    "Tab": "Key results",
    "Column": "Current",
    "Before": 36.0,
    "After": 42.0,
    "By": "",
    "Source": "sheet",
}


def an_objective(**changes: Cell) -> Cells:
    """Build a sound objective; ``roll_up`` stands for Roll-up, and so on."""
    return {**OBJECTIVE, **_columns("Objectives", changes)}


def a_key_result(**changes: Cell) -> Cells:
    return {**KEY_RESULT, **_columns("Key results", changes)}


def a_check_in(**changes: Cell) -> Cells:
    return {**CHECK_IN, **_columns("Check-ins", changes)}


def a_change(**changes: Cell) -> Cells:
    return {**CHANGE, **_columns("_History", changes)}


def _columns(tab: str, changes: Cells) -> dict[str, Cell]:
    """Turn the names of arguments into those of columns; a column's own name is taken as it is."""
    plain = {column.lower().replace(" ", "_").replace("-", "_"): column for column in COLUMNS[tab]}
    return {plain.get(name, name): cell for name, cell in changes.items()}


def a_tab(title: str, rows: Sequence[Cells], **marks: object) -> Tab:
    """Lay rows out below the headers that they name, and these in the first row."""
    headers: list[Cell] = [*dict.fromkeys(name for row in rows for name in row)]
    cells = [[row.get(str(name), "") for name in headers] for row in rows]
    return Tab(title, [headers, *cells], **marks)  # type: ignore[arg-type]


def a_reading(
    objectives: Sequence[Cells] | None = None,
    key_results: Sequence[Cells] | None = None,
    *more: Tab,
    locale: str = "",
    timezone: str = "",
) -> Reading:
    """Build a workbook with one sound objective and key result, unless others are given."""
    tabs = (
        a_tab("Objectives", [an_objective()] if objectives is None else objectives),
        a_tab("Key results", [a_key_result()] if key_results is None else key_results),
        *more,
    )
    return a_workbook(*tabs, locale=locale, timezone=timezone)


def a_workbook(*tabs: Tab, locale: str = "", timezone: str = "") -> Reading:
    """Build a workbook of just these tabs."""
    read_at = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
    source = Source("Acme OKRs", "acme.xlsx")
    return Reading(source, read_at, "r1", tabs, locale, timezone)


def a_snapshot(
    objectives: Sequence[Cells] | None = None,
    key_results: Sequence[Cells] | None = None,
    *more: Tab,
    locale: str = "",
) -> Snapshot:
    """Understand a workbook built from rows."""
    return build_snapshot(a_reading(objectives, key_results, *more, locale=locale))


def check_ins(*rows: Cells) -> Tab:
    return a_tab("Check-ins", rows)


def history(*rows: Cells) -> Tab:
    return a_tab("_History", rows)


def settings(**values: Cell) -> Tab:
    return a_tab("Settings", [{"Setting": name, "Value": cell} for name, cell in values.items()])


def teams(*parents: tuple[str, str]) -> Tab:
    return a_tab("Teams", [{"Team": name, "Parent": above} for name, above in parents])


def cycles(*rows: tuple[Cell, Cell, Cell]) -> Tab:
    return a_tab("Cycles", [{"Cycle": a, "Starts": b, "Ends": c} for a, b, c in rows])


def said(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Reduce problems to what a table of tests names: how bad, and where."""
    return [(one.severity.value, one.cell) for one in problems]
