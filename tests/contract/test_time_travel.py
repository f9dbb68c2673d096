"""Looking back at any day shows what the board showed on that day, whatever has happened since."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from okr.assess import build_board, choose_cycle
from okr.cells import read_id
from okr.columns import CHECK_INS, COLUMNS, KEY_RESULTS, OBJECTIVES, letters
from okr.looking_back import as_of
from okr.model import Cell, Snapshot
from okr.reading import Reading
from okr.report import as_object
from okr.serials import serial_of
from okr.snapshot import build_snapshot
from okr.tables import Table, find_tables
from okr.workbooks.hand_edits import HandEdits
from okr.workbooks.interface import (
    CellEdit,
    CheckInDraft,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
    Workbook,
)
from tests.contract.google_fixtures import google_home
from tests.contract.test_workbook_contract import in_a_file

FIRST = date(2026, 4, 1)
CYCLE = "2026-Q2"
BY = "ada@example.com"


def company() -> dict[str, list[list[Cell]]]:
    """A company with rows of every kind, with and without IDs, before anybody has done anything."""
    objectives: list[list[Cell]] = [
        ["ID", "Cycle", "Team", "Objective", "Supports", "Type", "Weight", "State", "Roll-up"],
        ["O-1", CYCLE, "Acme", "Customers stay", "", "", "", "", "children"],
        ["O-2", CYCLE, "Growth", "Newcomers feel at home", "O-1", "aspirational", 2.0, "", ""],
        ["O-3", CYCLE, "Care", "Nobody waits", "O-1", "", "", "", ""],
        ["", CYCLE, "Care", "Answers help", "", "", "", "", ""],
    ]
    key_results: list[list[Cell]] = [
        ["ID", "Objective", "Key result", "Owner", "Kind", "Start", "Target", "Current", "Weight",
         "Due", "Confidence", "State", "Grade", "Pace"],
        ["KR-1", "O-2", "Raise activation", "ada", "increase", 0.0, 100.0, "", "", "", "", ""],
        ["KR-2", "O-2", "Cut churn", "bo", "decrease", 8.0, 5.0, 7.5, 2.0, "", 0.5, ""],
        ["KR-3", "O-3", "Answer within a day", "bo", "keep above", "", 90.0, 88.0, "", "", "", ""],
        ["KR-4", "O-3", "Ship the guide", "cy", "done", "", "", False, "", "", 0.6, ""],
        ["", "Answers help", "Raise the mark", "cy", "", 3.0, 5.0, 3.5, "", "", "", ""],
        ["", "O-2", "Grow the forum", "cy", "", 0.0, 50.0, "", "", "", "", ""],
    ]  # fmt: skip
    check_ins: list[list[Cell]] = [
        ["When", "Key result", "Value", "Confidence", "Note", "By", "ID"],
        [serial_of(date(2026, 3, 30)), "KR-3", 91.0, "", "", "bo", "CI-OLD"],
    ]
    teams: list[list[Cell]] = [
        ["Team", "Parent"],
        ["Acme", ""],
        ["Growth", "Acme"],
        ["Care", "Acme"],
    ]
    return {
        OBJECTIVES: objectives,
        KEY_RESULTS: key_results,
        CHECK_INS: check_ins,
        "Teams": teams,
        "Cycles": [["Cycle", "State"], [CYCLE, ""], ["2026-Q3", ""]],
        "_History": [[*COLUMNS["_History"]]],
    }


@dataclass
class Story:
    """A company that is told day by day: what people did, and what the board then showed."""

    random: Random
    workbook: Workbook
    type_into: Callable[[str, str, Cell], None]
    edits: HandEdits = field(init=False)
    told: list[str] = field(default_factory=list)
    shown: dict[date, Any] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        self.edits = HandEdits(self.workbook, lambda: None)

    def live(self, day: date, acts: int) -> None:
        """Let people do some things on a day, and the board look in between and in the evening."""
        self.now = datetime.combine(day, time(8))
        for _ in range(acts):
            self.now += timedelta(minutes=self.random.randint(1, 200))
            act = self.random.choice(ACTS)
            try:
                what = act(self)
            except RefusedError as error:
                what = f"refused: {error}"
            self.told.append(f"{self.now} {act.__name__.strip('_')}: {what}")
            if self.random.random() < 0.7:
                self.look()
        self.now = datetime.combine(day, time(23, 30))
        self.look()
        self.shown[day] = report(build_snapshot(self.read()), day)

    def read(self) -> Reading:
        return replace(self.workbook.read(), read_at=self.now.replace(tzinfo=UTC))

    def look(self) -> None:
        self.edits.see(self.read(), UTC, self.now.replace(tzinfo=UTC))

    def table(self, name: str) -> Table:
        return find_tables(self.read(), [])[name]

    def operation(self) -> str:
        self.count += 1
        return f"op-{self.count}"

    # What the board does

    def check_in(self, days: int = 0) -> str:
        table, number = self._some_row(KEY_RESULTS)
        row = table.row(number, [])
        is_deed = isinstance(row.cell("Current"), bool)
        value: Cell | None = (
            self.random.random() < 0.3 if is_deed else self._value(row.cell("Key result"))
        )
        if self.random.random() < 0.2:
            value = None
        confidence = self.random.choice([None, 0.2, 0.5, 0.9])
        draft = CheckInDraft(
            self.operation(), self._reference(table, number), value, confidence, "so", BY, self.now
        )
        if days:
            draft = replace(draft, when=self.now - timedelta(days=days), written=self.now)
        self.workbook.save_check_in(draft)
        return f"{row.cell('Key result')} {value} {confidence} of {days} days ago"

    def check_in_of_another_day(self) -> str:
        return self.check_in(self.random.choice([1, 3, 9, 20, -2]))

    def edit(self) -> str:
        name = self.random.choice([OBJECTIVES, KEY_RESULTS, KEY_RESULTS])
        table, number = self._some_row(name)
        column, wanted = self._change(name)
        seen = table.row(number, []).cell(column)
        cells = (CellEdit(column, seen, wanted),)
        self.workbook.save_edit(
            EditDraft(self.operation(), self._reference(table, number), cells, BY, self.now)
        )
        return f"{name} {number + 1} {column}: {seen} to {wanted}"

    def add(self) -> str:
        if self.random.random() < 0.3:
            cells: dict[str, Cell] = {
                "Objective": f"New aim {self.count}",
                "Cycle": CYCLE,
                "Team": "Care",
            }
            name = OBJECTIVES
        else:
            aim = self.random.choice(["O-1", "O-2", "O-3", "Answers help"])
            cells = {"Key result": f"New result {self.count}", "Objective": aim, "Target": 10.0}
            name = KEY_RESULTS
        saved = self.workbook.add_row(
            RowDraft(self.operation(), name, (*cells.items(),), BY, self.now)
        )
        return f"{name} {saved.row_id}"

    # What people type into the sheet

    def type_over(self) -> str:
        name = self.random.choice([OBJECTIVES, KEY_RESULTS, KEY_RESULTS, KEY_RESULTS])
        table, number = self._some_row(name)
        column, wanted = self._change(name)
        if name == KEY_RESULTS and self.random.random() < 0.5:
            column, wanted = "Current", self._value("")
        before = table.row(number, []).cell(column)
        self._type(table, number, column, wanted)
        return f"{name} {number + 1} {column}: {before} to {wanted}"

    def type_check_in(self) -> str:
        table, key_results = self.table(CHECK_INS), self.table(KEY_RESULTS)
        row = key_results.row(self._some_row(KEY_RESULTS)[1], [])
        number = max((n for n, _ in table.numbered() if _has_any(table, n)), default=0) + 1
        days = self.random.choice([0, 0, 1, 2, 6])
        when = serial_of(self.now.date() - timedelta(days=days))
        reference = row.id("ID") or row.text("Key result")
        self._type(table, number, "When", when)
        self._type(table, number, "Key result", reference)
        self._type(table, number, "Value", self._value(row.cell("Key result")))
        return f"{reference} of {days} days ago"

    def change_check_in(self) -> str:
        table, number = self._some_row(CHECK_INS)
        column = self.random.choice(["Value", "When", "Confidence"])
        wanted: Cell = 0.4 if column == "Confidence" else self._value("")
        if column == "When":
            wanted = serial_of(self.now.date() - timedelta(days=self.random.randint(0, 9)))
        self._type(table, number, column, wanted)
        return f"{number + 1} {column} to {wanted}"

    def empty_row(self) -> str:
        """Empty a row; not the last one of its tab, which the board takes for half a reading."""
        name = self.random.choice([OBJECTIVES, KEY_RESULTS, CHECK_INS])
        table, number = self._some_row(name)
        if len([1 for other, _ in table.numbered() if _has_any(table, other)]) < 2:
            raise RefusedError("it is the last row")
        for column in table.columns:
            self._type(table, number, column, "")
        return f"{name} {number + 1}"

    def swap_rows(self) -> str:
        name = self.random.choice([OBJECTIVES, KEY_RESULTS, CHECK_INS])
        table, one = self._some_row(name)
        other = self._some_row(name)[1]
        rows = table.row(one, []), table.row(other, [])
        for column in table.columns:
            self._type(table, one, column, rows[1].cell(column))
            self._type(table, other, column, rows[0].cell(column))
        return f"{name} {one + 1} and {other + 1}"

    # How

    def _type(self, table: Table, number: int, column: str, wanted: Cell) -> None:
        row = table.row(number, []) if number < len(table.tab.rows) else None
        if row is None or row.cell(column) != wanted or type(row.cell(column)) is not type(wanted):
            cell = f"{letters(table.columns[column])}{number + 1}"
            self.type_into(table.tab.title, cell, wanted)

    def _some_row(self, name: str) -> tuple[Table, int]:
        table = self.table(name)
        rows = [number for number, _ in table.numbered() if _has_any(table, number)]
        if not rows:
            raise RefusedError("there is no row")
        return table, self.random.choice(rows)

    def _value(self, cell: Cell) -> Cell:
        return float(self.random.randint(0, 110))

    def _change(self, name: str) -> tuple[str, Cell]:
        choices: dict[str, list[Cell]]
        if name == OBJECTIVES:
            choices = {
                "Objective": [f"Another aim {self.count}"],
                "Team": ["Growth", "Care", "New"],
                "Weight": [1.0, 2.0, 0.0, ""],
                "State": ["dropped", "", "draft", "active"],
                "Type": ["aspirational", "committed", ""],
                "Supports": ["O-1", "O-2", "", "KR-1"],
                "Roll-up": ["children", ""],
                "Cycle": [CYCLE, CYCLE, "2026-Q3", ""],
            }
        else:
            choices = {
                "Key result": [f"Another result {self.count}"],
                "Objective": ["O-1", "O-2", "O-3", "Answers help"],
                "Owner": ["ada", "bo", ""],
                "Kind": ["", "increase", "decrease", "keep above", "keep below", "done"],
                "Start": [0.0, 10.0, ""],
                "Target": [90.0, 100.0, 50.0, ""],
                "Weight": [1.0, 2.0, 0.0, ""],
                "Due": [serial_of(date(2026, 6, 1)), serial_of(date(2026, 4, 20)), ""],
                "Confidence": [0.1, 0.5, 0.9, ""],
                "State": ["dropped", "", "active"],
                "Grade": [0.7, ""],
                "Pace": ["2026-04-20: 12; 2026-05-20: 40", "2026-05-01: 30", "soon", ""],
            }
        self.count += 1
        column = self.random.choice([*choices])
        return column, self.random.choice(choices[column])

    def _reference(self, table: Table, number: int) -> RowReference:
        row = table.row(number, [])
        naming = ("Key result", "Objective") if table.name == KEY_RESULTS else ("Objective", "Team")
        content = tuple((name, row.text(name)) for name in naming if row.text(name))
        return RowReference(table.name, row.id("ID") or None, content)


def _has_any(table: Table, number: int) -> bool:
    return any(read_id(cell) for cell in table.tab.rows[number])


ACTS: Sequence[Callable[[Story], str]] = (
    *[Story.check_in] * 4,
    *[Story.check_in_of_another_day] * 2,
    *[Story.edit] * 4,
    Story.add,
    *[Story.type_over] * 5,
    *[Story.type_check_in] * 2,
    Story.change_check_in,
    Story.empty_row,
    Story.swap_rows,
)

LEFT_OUT = ("cell", "cells", "problems", "revision", "workbook")


def report(snapshot: Snapshot, day: date) -> Any:
    """Give the report of a day, but for where things stand in the sheet."""
    snapshot = as_of(snapshot, day)
    return _plain(as_object(build_board(snapshot, choose_cycle(snapshot, CYCLE, day), day)))


def _plain(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _plain(one) for name, one in said.items() if name not in LEFT_OUT}
    if isinstance(said, list):
        return sorted((_plain(one) for one in said), key=repr)
    return said


@contextmanager
def in_file(folder: Path) -> Iterator[tuple[Workbook, Callable[[str, str, Cell], None]]]:
    with in_a_file(company(), folder) as home:
        path = folder / "Acme OKRs.xlsx"

        def type_into(tab: str, cell: str, value: Cell) -> None:
            book = openpyxl.load_workbook(path)
            book[tab][cell] = None if value == "" and not isinstance(value, bool) else value
            book.save(path)

        yield home.workbook, type_into


def compare(story: Story) -> None:
    final = build_snapshot(story.read())
    for day, shown in story.shown.items():
        then = report(final, day)
        assert then == shown, f"{day}\n" + "\n".join(story.told)


@pytest.mark.parametrize("seed", [43])
def test_each_day_of_a_file_can_be_seen_again(seed: int, tmp_path: Path) -> None:
    with in_file(tmp_path) as (workbook, type_into):
        story = Story(Random(seed), workbook, type_into)
        story.now = datetime.combine(FIRST, time(7))
        story.look()
        for number in range(16):
            story.live(FIRST + timedelta(days=number * 3), 4)
        compare(story)


@pytest.mark.parametrize("seed", [3, 7, 8, 54])
def test_each_day_of_a_google_sheet_can_be_seen_again(seed: int) -> None:
    with google_home(company()) as home:
        story = Story(Random(seed), home.workbook, home.edit)
        story.now = datetime.combine(FIRST, time(7))
        story.look()
        for number in range(8):
            story.live(FIRST + timedelta(days=number * 4), 3)
        compare(story)
