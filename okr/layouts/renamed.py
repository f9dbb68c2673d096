"""Tabs of the board's own that go by another name: their headers tell what they are."""

from collections.abc import Mapping
from dataclasses import replace

from okr.columns import (
    COLUMNS,
    KEY_RESULTS,
    LAYOUT,
    REQUIRED,
    Header,
    find_header,
    known_tab,
    letters,
    missing_columns,
    normalise,
)
from okr.layout import ColumnReading, Layout, Shape, TabReading
from okr.layouts.answers import answers_in
from okr.model import Cell, Problem, Severity
from okr.reading import Origin, Reading, Spot, Tab
from okr.tables import has_content, tab_problem


def bears_own_headers(name: str, header: Header) -> bool:
    """Tell whether headers are those of a known tab: two thirds of them, to the word."""
    own = sum(normalise(title) == normalise(column) for column, title in header.titles.items())
    return own * 3 >= len(COLUMNS[name]) * 2


def with_own_headers(reading: Reading) -> Reading | None:
    """Read the tabs with the board's own headers as those tabs; None where they are not both there.

    A tab is taken for the one whose headers it bears only where no tab has its title, and where no
    other bears the same.
    """
    found = {name: _found(name, reading) for name in REQUIRED}
    chosen = {name: one for name, one in found.items() if one is not None}
    if len(chosen) < len(REQUIRED) or any(
        known_tab(one.title) == LAYOUT for one in chosen.values()
    ):
        return None
    renamed = {name: tab for name, tab in chosen.items() if known_tab(tab.title) != name}
    kept = [tab for tab in reading.tabs if tab not in renamed.values()]
    layout = Layout(
        tuple(_tab_reading(name, tab, name in renamed) for name, tab in chosen.items()),
        (),
        answers_in(reading),
    )
    return replace(
        reading,
        tabs=(*(_under_own_name(name, tab) for name, tab in renamed.items()), *kept),
        layout=layout,
        sheet=reading.tabs,
        findings=tuple(_said(name, tab) for name, tab in renamed.items()),
    )


def _found(name: str, reading: Reading) -> Tab | None:
    """Find the tab of a title, else the one that bears the headers."""
    titled = [tab for tab in reading.tabs if known_tab(tab.title) == name]
    if titled:
        header = find_header(name, titled[0].rows)
        is_whole = header is not None and not missing_columns(name, header)
        return titled[0] if len(titled) == 1 and is_whole else None
    bearing = [tab for tab in reading.tabs if known_tab(tab.title) is None and _is_it(name, tab)]
    return bearing[0] if len(bearing) == 1 else None


def _is_it(name: str, tab: Tab) -> bool:
    header = find_header(name, tab.rows)
    return (
        header is not None and not missing_columns(name, header) and bears_own_headers(name, header)
    )


def _header(name: str, tab: Tab) -> Header:
    header = find_header(name, tab.rows)
    assert header is not None
    return header


def _title_column(name: str) -> str:
    return REQUIRED[name][-1]


def _under_own_name(name: str, tab: Tab) -> Tab:
    """Lay a tab out under the board's own name and headers, each cell with its place."""
    header = _header(name, tab)
    columns = [column for column in COLUMNS[name] if column in header.columns]
    places = [header.columns[column] for column in columns]
    rows: list[tuple[Cell, ...]] = [tuple(columns)]
    rows += [
        tuple([row[at] if at < len(row) else "" for at in places])
        for row in tab.rows[header.row + 1 :]
    ]
    where = {at: place for place, at in enumerate(places)}
    return Tab(
        name,
        rows,
        frozenset(
            (row - header.row, where[at])
            for row, at in tab.formulas_without_value
            if row > header.row and at in where
        ),
        is_hidden=tab.is_hidden,
        hidden_rows=frozenset(row - header.row for row in tab.hidden_rows if row > header.row),
        origin=_origin(tab, header, where, header.columns[_title_column(name)], len(rows)),
    )


def _origin(tab: Tab, header: Header, where: Mapping[int, int], title: int, count: int) -> Origin:
    numbers = range(1, count)
    return Origin(
        spots={
            (number, place): Spot(tab.title, number + header.row, at)
            for number in numbers
            for at, place in where.items()
        },
        shared=frozenset(),
        headers={(tab.title, header.columns[one]): said for one, said in header.titles.items()},
        lines={number: Spot(tab.title, number + header.row, title) for number in numbers},
    )


def _tab_reading(name: str, tab: Tab, is_renamed: bool) -> TabReading:
    header = _header(name, tab)
    reason = f"it has the headers of “{name}”, and no tab is called so"
    columns = tuple(
        ColumnReading(letters(at), header.titles[column], column, 1.0, "by its name")
        for column, at in sorted(header.columns.items(), key=lambda pair: pair[1])
    )
    titled = header.columns[_title_column(name)]
    rows = tab.rows[header.row + 1 :]
    count = sum(has_content(row[titled : titled + 1]) for row in rows)
    is_results = name == KEY_RESULTS
    return TabReading(
        tab.title,
        Shape.OWN,
        1.0,
        reason if is_renamed else "by its name",
        columns,
        0 if is_results else count,
        count if is_results else 0,
    )


def _said(name: str, tab: Tab) -> Problem:
    """Say that a tab is read under a name that is not its own."""
    return tab_problem(
        Severity.WARNING,
        tab.title,
        f"No tab is called “{name}”. “{tab.title}” has its headers, so it is read as that tab.",
        f"Rename “{tab.title}” to “{name}”: then rows can be added to it on the board, too.",
    )
