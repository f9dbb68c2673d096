"""The workbook as it was known at the end of an earlier day: what ``_History`` tells is undone."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from okr.cells import is_blank, read_id
from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES
from okr.history_rows import read_changes
from okr.model import Cell, Change, Snapshot
from okr.reading import Reading, Tab
from okr.row_names import NAMING, WHOLE_CHECK_IN, beginnings_of, content_key, readings_of, whole_key
from okr.snapshot import build_snapshot
from okr.tables import Table, find_tables
from okr.telling import BOARD, EXISTS
from okr.values import end_of

TOLD_OF = (OBJECTIVES, KEY_RESULTS, CHECK_INS)
"""The tabs whose changes ``_History`` tells; the others are always as they stand now."""


def as_of(snapshot: Snapshot, day: date) -> Snapshot:
    """Give a workbook as it was known at the end of a day, in its own time zone.

    All that ``_History`` tells of later moments is undone in the rows as they were read, and these
    are understood anew, so that nothing known later can show through: cells hold what they held,
    rows that came later are not there, rows that went since are. Check-ins dated after the day
    stay: they do not count by then. It keeps its revision, for it is the same reading.

    Where nothing was changed after the day, and where the snapshot was not built from a reading,
    it is the very snapshot that was given.
    """
    reading, until = snapshot.reading, snapshot.changed_until
    if reading is None or until is None or until <= end_of(day):
        return snapshot
    return build_snapshot(Past(snapshot).on(day))


def without_repeats(snapshot: Snapshot) -> Snapshot:
    """Leave out what Current cells hold beside check-ins, to compare a day with a later one.

    A cell that was never seen to change most often repeats the newest check-in, and says nothing
    of the days before the first.
    """
    return replace(
        snapshot,
        key_results=tuple(
            replace(one, current=None)
            if snapshot.check_ins.get(one.key) and not snapshot.changes.get(one.key)
            else one
            for one in snapshot.key_results
        ),
    )


class Past:
    """The earlier days of one reading."""

    def __init__(self, snapshot: Snapshot) -> None:
        if snapshot.reading is None:
            raise ValueError("The snapshot was not built from a reading.")
        self._reading = snapshot.reading
        self._zone = snapshot.read_at.tzinfo
        self._tables = find_tables(self._reading, [])
        told = read_changes(self._tables, snapshot.settings.locale, [])
        self.changes = sorted(told, key=_in_time)
        """All that ``_History`` tells, in order of time."""
        self._rows: dict[str, _Rows] = {}

    def on(self, day: date) -> Reading:
        """Give the reading with all undone that was changed after a day."""
        later = self.changes[bisect_right(self.changes, end_of(day), key=_when) :]
        if not later:
            return self._reading
        tabs = {id(self._reading_tab(HISTORY)): _without(self._tables[HISTORY].tab, later)}
        given = _given_ids(later)
        for name in TOLD_OF:
            mine = [change for change in later if change.tab == name]
            if mine and name in self._tables:
                tabs[id(self._tables[name].tab)] = _rewound(self._rows_of(name), mine, given)
        evening = datetime.combine(day + timedelta(days=1), datetime.min.time(), self._zone)
        return replace(
            self._reading,
            tabs=tuple(tabs.get(id(tab), tab) for tab in self._reading.tabs),
            read_at=min(self._reading.read_at, evening - timedelta(seconds=1)),
        )

    def _rows_of(self, name: str) -> "_Rows":
        """Give the rows of a tab to be rewound; they are looked through once for all days."""
        if name not in self._rows:
            self._rows[name] = _Rows(self._tables[name])
        return self._rows[name].copy()

    def _reading_tab(self, name: str) -> Tab:
        return self._tables[name].tab


def _when(change: Change) -> datetime:
    return change.when


def _in_time(change: Change) -> tuple[datetime, int]:
    return change.when, change.row


def _without(tab: Tab, changes: Iterable[Change]) -> Tab:
    """Empty the rows of ``_History`` that tell of changes; no row moves up."""
    rows = list(tab.rows)
    for change in changes:
        rows[change.row - 1] = ()
    return replace(tab, rows=rows)


Event = tuple[datetime, str, str]
"""The moment of a change, its tab, and the ID of its row."""


def _given_ids(changes: Sequence[Change]) -> set[Event]:
    """Find where the board gave an ID to a row that was there before, and did not add one.

    It does so only when it writes something else too: to that row, or a check-in of it.
    """
    board = [change for change in changes if change.source.casefold() == BOARD]
    others = {
        (change.when, change.by, change.row_id if change.tab != CHECK_INS else "")
        for change in board
        if change.column != EXISTS or change.tab == CHECK_INS
    }
    return {
        _event(change)
        for change in board
        if change.column == EXISTS
        and change.tab != CHECK_INS
        and (
            (change.when, change.by, change.row_id) in others
            or (change.when, change.by, "") in others
        )
    }


def _event(change: Change) -> Event:
    return change.when, change.tab, change.row_id


def _rewound(rows: "_Rows", changes: Sequence[Change], given: set[Event]) -> Tab:
    """Undo the changes of one tab, the newest first."""
    for event, group in _events(changes):
        rows.undo(group, event in given)
    return rows.as_tab()


def _events(changes: Sequence[Change]) -> Iterator[tuple[Event, list[Change]]]:
    """Give what was changed in a row at one moment, from the newest change back."""
    for _, moment in groupby(reversed(changes), key=_when):
        events: dict[Event, list[Change]] = {}
        for change in moment:
            events.setdefault(_event(change), []).append(change)
        yield from events.items()


class _Rows:
    """The rows of a tab on their way back, and what each is known by at that moment."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows: list[Sequence[Cell]] = list(table.tab.rows)
        self._first = table.header.row + 1
        self._ids: dict[str, list[int]] = {}
        self._contents: dict[str, list[int]] | None = None  # only where rows are known by it
        self._moved: set[int] = set()
        self._given: dict[str, int] = {}
        for number in range(self._first, len(self._rows)):
            self._know(number)

    def copy(self) -> "_Rows":
        """Give the same rows once more, to be rewound apart from these."""
        other = copy(self)
        other._rows = list(self._rows)
        other._ids = {own: list(numbers) for own, numbers in self._ids.items()}
        other._moved = set(self._moved)
        other._given = dict(self._given)
        return other

    def as_tab(self) -> Tab:
        """Give the tab with the rows as they are now."""
        tab = self._table.tab
        if tab.origin is None or not self._moved:
            return replace(tab, rows=self._rows)
        links = {at: to for at, to in tab.origin.links.items() if at not in self._moved}
        return replace(tab, rows=self._rows, origin=replace(tab.origin, links=links))

    def undo(self, changes: Sequence[Change], is_given: bool) -> None:
        """Undo what was changed in one row at one moment, the last change first."""
        existence = next((one for one in changes if one.column == EXISTS), None)
        if existence is not None and is_blank(existence.after):
            self._restore(changes)
            return
        number = self._find(changes[0].row_id)
        if number is None:
            return
        self._forget(number)
        if existence is not None and is_blank(existence.before) and not is_given:
            self._rows[number] = ()
            return
        if existence is not None and is_given:
            self._given[changes[0].row_id.casefold()] = number
        self._rows[number] = self._with(self._rows[number], changes)
        if any(change.column == "Objective" for change in changes):
            self._moved.add(number)  # in another layout its place no longer tells whose it is
        self._know(number)

    def _restore(self, changes: Sequence[Change]) -> None:
        """Bring back a row that has vanished, below all others."""
        if self._find(changes[0].row_id) is not None:
            return
        self._rows.append(self._with((), changes))
        self._know(len(self._rows) - 1)

    def _with(self, cells: Sequence[Cell], changes: Iterable[Change]) -> Sequence[Cell]:
        """Put into a row what its cells held before."""
        row = list(cells)
        for change in changes:
            place = self._table.columns.get(change.column)
            if place is None:
                continue
            row.extend([""] * (place + 1 - len(row)))
            is_name = change.column == EXISTS and str(change.before).startswith("~")
            row[place] = "" if is_name else change.before
        return row

    # Which row is which

    def _find(self, row_id: str) -> int | None:
        """Find the row of an ID, of doubled ones the first; else one by what it says.

        A row that has been given an ID by hand since is still known by what it says. One that the
        board gave an ID is known by it a moment before too: what was typed there and then written
        over is told under it.
        """
        if not row_id.startswith("~"):
            own = row_id.casefold()
            return next(iter(self._ids.get(own, ())), self._given.get(own))
        for name, place in readings_of(row_id):
            there = self._saying(name)
            nameless = [number for number in there if not self._owns_id(number)]
            if place < len(nameless):
                return nameless[place]
            if place < len(there):
                return there[place]
        return None

    def _saying(self, name: str) -> Sequence[int]:
        """List the rows that a name fits; one of a whole check-in, those that say all of it."""
        contents = self._known_contents()
        if name in contents or self._table.name != CHECK_INS:
            return contents.get(name, ())
        alike = (number for one in beginnings_of(name) for number in contents.get(one, ()))
        return [number for number in alike if self._whole_name(number) == name]

    def _whole_name(self, number: int) -> str:
        return whole_key(*(self._cell(number, column) for column in WHOLE_CHECK_IN))

    def _cell(self, number: int, column: str) -> Cell:
        place = self._table.columns.get(column, -1)
        cells = self._rows[number]
        return cells[place] if 0 <= place < len(cells) else ""

    def _id(self, number: int) -> str:
        return read_id(self._cell(number, EXISTS)).casefold()

    def _owns_id(self, number: int) -> bool:
        own = self._id(number)
        return bool(own) and self._ids[own][0] == number

    def _name(self, number: int) -> str:
        name = self._table.name
        said = content_key(name, *(self._cell(number, column) for column in NAMING[name]))
        return read_id(said)  # as ``_History`` has it, where a blank at the end is lost

    def _known_contents(self) -> dict[str, list[int]]:
        """List the rows by what they say, once it is asked for."""
        if self._contents is None:
            self._contents = {}
            for number in range(self._first, len(self._rows)):
                if self._rows[number]:
                    self._contents.setdefault(self._name(number), []).append(number)
        return self._contents

    def _know(self, number: int) -> None:
        if own := self._id(number):
            insort(self._ids.setdefault(own, []), number)
        if self._contents is not None and self._rows[number]:
            insort(self._contents.setdefault(self._name(number), []), number)

    def _forget(self, number: int) -> None:
        if own := self._id(number):
            self._ids[own].remove(number)
        if self._contents is not None:
            self._contents[self._name(number)].remove(number)
