"""The sheet as a witness: every cell keeps its identity, and every change its author.

A cell carries its identity in its note, which neither the board nor a sort takes from it, so that
what happened to it can be told however rows and columns were moved.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES, Header, find_header, known_tab
from tests.sheets_api import SheetsApi
from tests.sheets_api.faults import Answer, Fault
from tests.sheets_api.state import Cell, Formula, Row, Spreadsheet, Tab

HAND = "hand"
LATE = "~"
"""Marks a request that arrives after whoever sent it has given it up."""
MISLAID = "Mislaid "
MISSPELT = "Misspelt "
"""What a hand types before a header, so that nobody knows it."""
NAMES = {0: OBJECTIVES, 1: KEY_RESULTS, 2: CHECK_INS, 3: HISTORY}
"""The tabs by their numbers, which outlive every renaming."""

_WRITES = re.compile(r":batchUpdate(\?|$)|batchUpdateByDataFilter")


class Place(NamedTuple):
    """Where a cell stands in one version, and what it is."""

    gid: int
    row: int
    column: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody did, or saw: the number of the version after it, or seen by it."""

    actor: str
    kind: str
    version: int
    what: str = ""
    is_blind: bool = False
    """The answer never reached whoever asked."""


def row_key(tag: str) -> str:
    """Name the row that a cell was born in."""
    return tag.partition(":")[0]


class Witness:
    """Stands in a test server, and remembers each version of its sheet."""

    def __init__(self, api: SheetsApi) -> None:
        self.api = api
        self.log: list[Event] = []
        self.versions: list[Spreadsheet] = []
        self.copied: tuple[str, int] | None = None
        self.faults: dict[str, list[Fault]] = {}
        self.draw: Callable[[str, str, str], Fault | None] | None = None
        self.served: dict[str, int] = {}
        self.asked: dict[str, int] = {}
        self._said = threading.local()
        self._cells: dict[int, dict[str, Place]] = {}
        self._serial = 0
        self._quiet = threading.Condition()
        self._put, self._respond = api.service.store.put, api.service.respond
        api.service.store.put = self.put  # type: ignore[method-assign]
        api.service.store.find = self._find  # type: ignore[method-assign]
        api.service.respond = self.respond  # type: ignore[method-assign]
        api.service.faults.hitting = self._hitting  # type: ignore[method-assign]

    def begin(self, book: Spreadsheet, seed: int) -> None:
        """Forget everything, and begin with a sheet."""
        self.api.reset()
        self.api.service.store.random.seed(seed)
        for kept in (self.log, self.versions, self.faults, self.served, self._cells, self.asked):
            kept.clear()
        self._serial, self.copied, self.draw = 0, None, None
        self.api.put(book)

    # --- what comes in

    def respond(self, method: str, target: str, authorization: str | None, data: bytes) -> Answer:
        actor = (authorization or "").removeprefix("Bearer ")
        is_late, actor = actor.endswith(LATE), actor.removesuffix(LATE)
        self._said.actor, self._said.is_blind, self._said.is_late = actor, is_late, is_late
        self._said.path = target
        is_write = method == "POST" and bool(_WRITES.search(target))
        self._said.is_write = is_write
        self.asked[actor] = self.asked.get(actor, 0) + 1
        try:
            return self._respond(method, target, authorization, data)
        finally:
            self._said.actor = ""
            with self._quiet:
                if not is_late:
                    self.served[actor] = self.served.get(actor, 0) + 1
                self._quiet.notify_all()

    def wait_for(self, actor: str, count: int) -> None:
        """Wait until so many requests of somebody have been carried out, answered or not."""
        with self._quiet:
            assert self._quiet.wait_for(lambda: self.served.get(actor, 0) >= count, 10)

    def _hitting(self, method: str, target: str) -> list[Fault]:
        if self._said.is_late:
            return []
        armed = self.faults.get(self._said.actor)
        fault = armed.pop(0) if armed else None
        if fault is None and self.draw is not None:
            fault = self.draw(self._said.actor, method, target)
        if fault is None:
            return []
        self._said.is_blind = fault.is_final
        return [fault]

    def _find(self, spreadsheet_id: str, age: float = 0.0) -> Spreadsheet:
        """Give the sheet as it is; the age of a stale answer is counted in versions here."""
        with self.api.service.store.lock:
            number = max(0, len(self.versions) - 1 - int(age))
            actor = getattr(self._said, "actor", "")
            if actor and not self._said.is_write and not self._said.is_blind:
                what = "look" if "rowMetadata" in self._said.path else "read"
                self.log.append(Event(actor, "saw", number, what))
            return self.versions[number]

    def put(self, book: Spreadsheet) -> None:
        with self.api.service.store.lock:
            before = self.versions[-1] if self.versions else None
            self._tag(book, before)
            self._put(book)
            self.versions.append(book)
            actor = getattr(self._said, "actor", "")
            what = getattr(self._said, "what", "") if not actor else self._said.path
            is_blind = bool(actor) and self._said.is_blind
            self.log.append(Event(actor or HAND, "did", len(self.versions) - 1, what, is_blind))

    @contextmanager
    def by_hand(self, what: str) -> Iterator[None]:
        """Say what a person is about to do."""
        self._said.what = what
        try:
            yield
        finally:
            self._said.what = ""

    # --- identities

    def _tag(self, book: Spreadsheet, before: Spreadsheet | None) -> None:
        old = {id(tab) for tab in before.tabs} if before else set()
        for tab in book.tabs:
            if id(tab) not in old:
                self._tag_tab(tab)
        self.copied = None

    def _tag_tab(self, tab: Tab) -> None:
        width = max((len(row.cells) for row in tab.rows), default=0)
        for number, row in enumerate(tab.rows):
            if not row.cells:
                continue
            if self.copied == (tab.title, number):
                row = row._replace(cells=tuple(cell._replace(note=None) for cell in row.cells))
            notes = [cell.note for cell in row.cells if cell.note]
            if len(notes) == width or not (notes or row.has_data()):
                continue
            key = row_key(notes[0]) if notes else f"r{self._next()}"
            cells = [*row.cells, *[Cell()] * (width - len(row.cells))]
            tab.rows[number] = Row(
                tuple(c if c.note else c._replace(note=f"{key}:{self._next()}") for c in cells),
                *row[1:],
            )

    def _next(self) -> int:
        self._serial += 1
        return self._serial

    # --- what it knows

    def cells_of(self, tab: Tab) -> dict[str, Place]:
        """Find all cells of a tab by their identity."""
        found = self._cells.get(id(tab))
        if found is None:
            found = self._cells[id(tab)] = {
                cell.note: Place(tab.sheet_id, at, place, cell)
                for at, row in enumerate(tab.rows)
                for place, cell in enumerate(row.cells)
                if cell.note
            }
        return found

    def cells(self, version: int) -> dict[str, Place]:
        """Find all cells of a version."""
        return {
            tag: place
            for tab in self.versions[version].tabs
            for tag, place in self.cells_of(tab).items()
        }

    def cell(self, version: int, tag: str) -> Place | None:
        for tab in self.versions[version].tabs:
            if (found := self.cells_of(tab).get(tag)) is not None:
                return found
        return None

    def tab(self, version: int, name: str) -> Tab | None:
        """Find the tab that is, or was at the start, a known one."""
        return next((t for t in self.versions[version].tabs if name_of(t) == name), None)


def name_of(tab: Tab) -> str:
    return NAMES.get(tab.sheet_id) or known_tab(tab.title) or tab.title


def shown(cell: Cell) -> Any:
    """Give what was entered into a cell, numbers as floats; a formula stays one."""
    entered = cell.entered
    if entered is None:
        return ""
    return entered if isinstance(entered, bool | str | Formula) else float(entered)


def values_of(row: Row) -> list[Any]:
    return [shown(cell) for cell in row.cells]


def header_of(tab: Tab) -> Header | None:
    """Find a tab's headers as the board would."""
    return find_header(name_of(tab), [values_of(row) for row in tab.rows[:40]])


def is_unknown(tab: Tab) -> bool:
    """Tell whether its name or a header is one that nobody knows: it is in a layout of its own."""
    return tab.title.startswith(MISLAID) or any(
        isinstance(cell.entered, str) and cell.entered.startswith(MISSPELT)
        for row in tab.rows[:40]
        for cell in row.cells
    )


def spelt(tab: Tab) -> dict[str, int]:
    """Find the columns as if a hand had misspelt none: such a column is the one that it was."""
    header = header_of(tab)
    if header is None:
        return {}
    headers = [
        one.removeprefix(MISSPELT) if isinstance(one, str) else one
        for one in values_of(tab.rows[header.row])
    ]
    found = find_header(name_of(tab), [headers])
    return dict(found.columns) if found else {}


def rows_of(tab: Tab) -> list[tuple[int, dict[str, Cell]]]:
    """Give the rows below the headers that hold anything, column to cell."""
    header = header_of(tab)
    if header is None:
        return []
    return [
        (number, {name: row.cell(at) for name, at in header.columns.items()})
        for number, row in enumerate(tab.rows)
        if number > header.row and row.has_data()
    ]
