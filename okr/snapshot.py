"""From a reading to a snapshot: all tabs understood, references followed, problems named."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from okr import columns
from okr.check_in_rows import list_check_ins
from okr.collector import unhurried
from okr.columns import known_tab
from okr.company import read_cycles, read_people, read_teams
from okr.cross_checks import Whole, report_check_ins, report_rows
from okr.goals import list_objectives
from okr.history_rows import list_changes, read_changes
from okr.key_result_rows import list_key_results
from okr.layouts.detection import understood
from okr.linking import link_supports
from okr.losses import fold_losses
from okr.model import KeyResult, Problem, Settings, Severity, Snapshot, TabColumns
from okr.reading import Reading
from okr.registers import Listed, rows_of
from okr.setting_rows import is_zone, read_settings
from okr.tables import Table, find_tables, report_surprises
from okr.teams import organisation_of

DEFAULT_LOCALE = "en_US"


@unhurried
def build_snapshot(reading: Reading) -> Snapshot:
    """Understand a whole workbook.

    Nothing is left out in silence: whatever cannot be read, matched or scored is a problem of
    the snapshot, and the rest goes on. Nothing here depends on the day.
    """
    reading = understood(reading)
    problems: list[Problem] = [*reading.findings]
    tables = find_tables(reading, problems)
    rows = rows_of(tables, columns.SETTINGS, problems)
    settings = read_settings(rows, reading.locale or DEFAULT_LOCALE)
    cycles = read_cycles(tables, settings.locale, problems)
    teams = read_teams(tables, problems)
    people = read_people(tables, problems)
    organisation = organisation_of(settings, teams, reading.source.title)
    settings = replace(settings, organisation=organisation)
    objectives = list_objectives(tables, settings, teams, cycles, problems)
    key_results = list_key_results(tables, objectives, settings.locale, problems)
    linked, alignment = link_supports(objectives, key_results, cycles)
    check_ins = list_check_ins(tables, key_results, settings.locale, problems)
    told = list(read_changes(tables, settings.locale, problems))
    whole = Whole(objectives, key_results, alignment.children, cycles, settings)
    report_rows(whole)
    report_check_ins(whole, tables.get(columns.CHECK_INS), check_ins, problems)
    report_surprises(tables, problems)
    return Snapshot(
        source=reading.source,
        revision=reading.revision,
        read_at=reading.read_at.astimezone(_zone(settings, reading, problems)),
        settings=settings,
        objectives=linked,
        key_results=tuple(one.entity for one in key_results.found),
        check_ins=check_ins,
        changes=list_changes(told, key_results, check_ins),
        teams=teams,
        cycles=tuple(cycles),
        people=people,
        problems=tuple(fold_losses(reading, tables, problems)),
        tabs={name: _columns_of(table) for name, table in tables.items()}
        | _elsewhere(tables, key_results),
        reading=reading,
        changed_until=max((change.when for change in told), default=None),
        unread=_unread(reading, tables),
        layout=reading.layout,
    )


def has_no_okrs(snapshot: Snapshot) -> bool:
    """Tell whether no tab could be read as OKRs, nor is one there to type them into."""
    tabs = snapshot.reading.tabs if snapshot.reading is not None else ()
    titles = {known_tab(tab.title) for tab in tabs}
    is_ready = any(name in titles for name in columns.REQUIRED)
    return not is_ready and not snapshot.objectives and not snapshot.key_results


def takes_new_rows(snapshot: Snapshot, name: str) -> bool:
    """Tell whether the board may add a row to a required tab: not to a sheet in its own layout."""
    there = snapshot.tabs.get(name)
    tabs = snapshot.reading.tabs if snapshot.reading is not None else ()
    is_elsewhere = any(tab.origin is not None for tab in tabs)
    required = columns.REQUIRED[name]
    return there is not None and not is_elsewhere and all(one in there.headers for one in required)


def _columns_of(table: Table) -> TabColumns:
    places = {column: columns.letters(place) for column, place in table.columns.items()}
    return TabColumns(table.tab.title, places, table.header.titles)


def _elsewhere(
    tables: Mapping[str, Table], key_results: Listed[KeyResult]
) -> dict[str, TabColumns]:
    """Say where each Current stands, where rows stand in tabs of another layout."""
    table = tables.get(columns.KEY_RESULTS)
    if table is None or not table.is_elsewhere:
        return {}
    cells = {(one.entity.key, "Current"): one.row.address("Current") for one in key_results.found}
    return {columns.KEY_RESULTS: replace(_columns_of(table), cells=cells)}


def _unread(reading: Reading, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Name the tabs of which nothing is read; the layout tells of those of a sheet of its own."""
    read = {table.tab.title for table in tables.values()}
    if reading.layout is not None:
        read |= {one.title for one in reading.layout.tabs}
    titles = dict.fromkeys((*(tab.title for tab in reading.tabs), *reading.source.gids))
    return tuple(one for one in titles if one not in read and known_tab(one) != columns.LAYOUT)


def _zone(settings: Settings, reading: Reading, problems: list[Problem]) -> ZoneInfo:
    """Find the time zone in which the workbook's days begin: Settings, Google's, else UTC."""
    name = settings.timezone or reading.timezone
    if not name:
        return ZoneInfo("UTC")
    if is_zone(name):
        return ZoneInfo(name)
    problems.append(_unknown_zone(name))
    return ZoneInfo("UTC")


def _unknown_zone(name: str) -> Problem:
    return Problem(
        severity=Severity.WARNING,
        tab=columns.SETTINGS,
        row=0,
        column="",
        cell=f"{columns.SETTINGS}!A1",
        value=name,
        message=f"The workbook's time zone “{name}” is not known, so its days begin as in UTC.",
        remedy="Add a setting timezone to the Settings tab, such as Europe/Berlin.",
    )
