"""The person who works on the sheet by hand while the program runs.

Rows are numbered as people see them, from 1; columns go by their letters; cells by A1 names that
hold the tab's title.
"""

import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from tests.sheets_api import arranging, coercion, protection, references, structure, tabs
from tests.sheets_api.errors import invalid
from tests.sheets_api.ranges import (
    Area,
    clamped,
    column_index,
    grid_range,
    parse_range,
    without_zero_id,
)
from tests.sheets_api.state import EMPTY, FAILURES, Json, Row, Spreadsheet, Tab
from tests.sheets_api.store import Store

Act = Callable[[], Any]


@dataclass
class Hook:
    """Something that a person does around the n-th request that fits."""

    moment: str
    n: int
    act: Act
    method: str | None = None
    path: str | None = None
    seen: int = 0

    def is_due(self, moment: str, method: str, target: str) -> bool:
        fits = self.moment == moment and (not self.method or self.method.upper() == method)
        if not fits or (self.path and not re.search(self.path, target)):
            return False
        self.seen += 1
        return self.seen == self.n


class Human:
    """A person's controls over one spreadsheet. They ask nobody, and no protection holds them."""

    def __init__(self, store: Store, spreadsheet_id: str = "demo") -> None:
        self._store = store
        self._id = spreadsheet_id
        self._hooks: list[Hook] = []
        self._lock = threading.Lock()

    # ------------------------------------------------------------ when

    def before_apply(
        self, n: int, act: Act, method: str | None = None, path: str | None = None
    ) -> None:
        """Act right before the n-th fitting request from now on is carried out."""
        self._add(Hook("before", n, act, method, path))

    def after_read(
        self, n: int, act: Act, method: str | None = None, path: str | None = None
    ) -> None:
        """Act right after the n-th fitting read from now on, before anything else comes in."""
        self._add(Hook("after", n, act, method, path))

    def _add(self, hook: Hook) -> None:
        with self._lock:
            self._hooks.append(hook)

    def run_hooks(self, moment: str, method: str, target: str) -> None:
        with self._lock:
            due = [hook for hook in self._hooks if hook.is_due(moment, method, target)]
            self._hooks = [hook for hook in self._hooks if hook not in due]
        for hook in due:
            hook.act()

    def clear_hooks(self) -> None:
        with self._lock:
            self._hooks.clear()

    # ------------------------------------------------------------ cells

    def edit(self, cell: str, value: Any, result: Any = None) -> None:
        """Put a value into a cell: text with = is a formula, `#REF!` an error, None nothing."""
        with self._change() as draft:
            if result is not None and isinstance(value, str):
                draft.results[value] = _effective(result)
            tab, row, column = _cell(draft, cell)
            tab.put(row, column, coercion.a_cell(value, result, tab.cell(row, column)))

    def clear(self, cells: str) -> None:
        """Empty all cells of a range. Formats and notes stay."""
        with self._change() as draft:
            area = _area(draft, cells)
            for row in range(area.box.top, area.box.bottom):
                for column in range(area.box.left, area.box.right):
                    old = area.tab.cell(row, column)
                    if old != EMPTY:
                        area.tab.put(row, column, old._replace(entered=None, result=None))

    def set_result(self, formula: str, result: Any) -> None:
        """Say what a formula comes to that the evaluator does not know."""
        with self._change() as draft:
            draft.results[formula] = _effective(result)

    def format(self, cells: str, kind: str, pattern: str | None = None) -> None:
        """Give cells a number format, such as PERCENT or DATE."""
        shape = {"type": kind} | ({"pattern": pattern} if pattern else {})
        with self._change() as draft:
            area = _area(draft, cells)
            for row in range(area.box.top, area.box.bottom):
                for column in range(area.box.left, area.box.right):
                    old = area.tab.cell(row, column)
                    new = {**(old.format or {}), "numberFormat": shape}
                    area.tab.put(row, column, old._replace(format=new))

    def rename_header(self, tab: str, old: str, new: str, row: int = 1) -> None:
        with self._change() as draft:
            there = _tab(draft, tab)
            for column, cell in enumerate(there.rows[row - 1].cells):
                if cell.entered == old:
                    there.put(row - 1, column, cell._replace(entered=new or None))
                    return
            raise invalid(f"{tab} has no header {old!r} in row {row}")

    # ------------------------------------------------------------ rows and columns

    def insert_row(self, tab: str, before: int, values: list[Any] | None = None) -> None:
        with self._change() as draft:
            there = _tab(draft, tab)
            structure.insert_lines(draft, there, "ROWS", before - 1, 1)
            cells = [coercion.a_cell(value) for value in values or []]
            there.rows[before - 1] = Row().with_cells(cells)

    def delete_row(self, tab: str, row: int) -> None:
        with self._change() as draft:
            structure.delete_lines(draft, _tab(draft, tab), "ROWS", row - 1, row)

    def move_row(self, tab: str, row: int, before: int) -> None:
        with self._change() as draft:
            structure.move_lines(draft, _tab(draft, tab), "ROWS", row - 1, row, before - 1)

    def copy_row(self, tab: str, row: int, before: int) -> None:
        """Copy a row, with its ID, and insert the copy. An anchor is not copied with it."""
        with self._change() as draft:
            there = _tab(draft, tab)
            copied = there.rows[row - 1]
            structure.insert_lines(draft, there, "ROWS", before - 1, 1)
            there.rows[before - 1] = references.follow_row(draft, copied, row - 1, before - 1)

    def insert_column(self, tab: str, before: str, values: list[Any] | None = None) -> None:
        with self._change() as draft:
            there, column = _tab(draft, tab), column_index(before)
            structure.insert_lines(draft, there, "COLUMNS", column, 1)
            for row, value in enumerate(values or []):
                there.put(row, column, coercion.a_cell(value))

    def delete_column(self, tab: str, column: str) -> None:
        with self._change() as draft:
            place = column_index(column)
            structure.delete_lines(draft, _tab(draft, tab), "COLUMNS", place, place + 1)

    def move_column(self, tab: str, column: str, before: str) -> None:
        with self._change() as draft:
            place, to = column_index(column), column_index(before)
            structure.move_lines(draft, _tab(draft, tab), "COLUMNS", place, place + 1, to)

    def sort(
        self, tab: str, column: str, descending: bool = False, header_rows: int = 1,
        anchors_follow: bool = True,
    ) -> None:  # fmt: skip
        """Sort a tab below its header. Whether anchors follow a person's sort is unmeasured."""
        with self._change() as draft:
            there = _tab(draft, tab)
            box = there.box._replace(top=header_rows, bottom=max(header_rows, there.rows_used()))
            specs = [(column_index(column), descending)]
            arranging.sort(draft, there, box, specs, anchors_follow)

    def hide_rows(self, tab: str, first: int, last: int | None = None, hidden: bool = True) -> None:
        with self._change() as draft:
            there = _tab(draft, tab)
            for number in range(first - 1, last or first):
                there.rows[number] = there.rows[number]._replace(hidden_by_user=hidden)

    def set_filter(self, tab: str, column: str, hide: list[str]) -> None:
        """Filter a tab: rows that show one of these texts in the column are hidden."""
        with self._change() as draft:
            there = _tab(draft, tab)
            box = there.box._replace(bottom=max(1, there.rows_used()))
            spec = {"columnIndex": column_index(column), "filterCriteria": {"hiddenValues": hide}}
            there.basic_filter = {
                "range": grid_range(there.sheet_id, box),
                "filterSpecs": [spec],
            }
            arranging.apply_filter(draft, there)

    def clear_filter(self, tab: str) -> None:
        with self._change() as draft:
            there = _tab(draft, tab)
            there.basic_filter = None
            arranging.apply_filter(draft, there)

    # ------------------------------------------------------------ over the grid

    def make_table(self, cells: str, types: dict[int, str]) -> None:
        """Turn a range into a native table, with types such as DROPDOWN for some of its columns."""
        with self._change() as draft:
            area = _area(draft, cells)
            columns = [{"columnIndex": at, "columnType": kind} for at, kind in types.items()]
            place = without_zero_id(grid_range(area.tab.sheet_id, area.box))
            area.tab.tables = [*area.tab.tables, {"range": place, "columnProperties": columns}]

    def merge(self, cells: str) -> None:
        with self._change() as draft:
            area = _area(draft, cells)
            arranging.merge(area.tab, area.box, [area.box])

    def unmerge(self, cells: str) -> None:
        with self._change() as draft:
            area = _area(draft, cells)
            area.tab.merges = [m for m in area.tab.merges if not m.meets(area.box)]

    def protect(self, cells: str, warning_only: bool = False) -> int:
        """Protect a range from the service account; give the id of the protection."""
        with self._change() as draft:
            area = _area(draft, cells)
            wanted: Json = {"range": grid_range(area.tab.sheet_id, area.box)}
            if warning_only:
                wanted["warningOnly"] = True
            new_id = self._store.random.randrange(1, 2**31)
            protection.add(draft, wanted, keeps_out=not warning_only, new_id=new_id)
            return new_id

    def unprotect(self, protected_id: int) -> None:
        with self._change() as draft:
            tab, place = protection.find(draft, protected_id)
            del tab.protected[place]

    def rename_tab(self, tab: str, title: str) -> None:
        with self._change() as draft:
            tabs.rename(draft, _tab(draft, tab), title)

    def swap_tab_titles(self, one: str, other: str) -> None:
        with self._change() as draft:
            first, second = _tab(draft, one), _tab(draft, other)
            first.title, second.title = second.title, first.title

    def add_tab(self, title: str, rows: list[list[Any]] | None = None) -> None:
        with self._change() as draft:
            tabs.add_sheet(draft, {"properties": {"title": title}}, self._store.random)
            there = _tab(draft, title)
            for number, values in enumerate(rows or []):
                there.grow(number + 1, len(values))
                there.rows[number] = Row().with_cells([coercion.a_cell(v) for v in values])

    def delete_tab(self, tab: str) -> None:
        with self._change() as draft:
            tabs.delete_sheet(draft, _tab(draft, tab).sheet_id)

    def set_locale(self, locale: str) -> None:
        with self._change() as draft:
            draft.locale = locale

    def set_time_zone(self, time_zone: str) -> None:
        with self._change() as draft:
            draft.time_zone = time_zone

    def _change(self) -> AbstractContextManager[Spreadsheet]:
        return self._store.change(self._id)


ACTS = [
    name for name, what in vars(Human).items()
    if callable(what) and not name.startswith("_")
    and name not in ("before_apply", "after_read", "run_hooks", "clear_hooks")
]  # fmt: skip


def _tab(draft: Spreadsheet, title: str) -> Tab:
    tab = draft.titled(title)
    if tab is None:
        raise invalid(f"There is no tab {title!r}")
    return draft.edit(tab.sheet_id)


def _area(draft: Spreadsheet, cells: str) -> Area:
    title, _, inner = cells.rpartition("!")
    if title and not title.startswith("'"):
        cells = "'" + title.replace("'", "''") + "'!" + inner
    area = clamped(parse_range(draft, cells))
    return area._replace(tab=draft.edit(area.tab.sheet_id))


def _cell(draft: Spreadsheet, cell: str) -> tuple[Tab, int, int]:
    area = _area(draft, cell)
    return area.tab, area.box.top, area.box.left


def _effective(result: Any) -> Any:
    return FAILURES.get(result, result) if isinstance(result, str) else result
