"""The person who works on the sheet while others save: every act that moves or changes cells."""

from collections.abc import Callable
from random import Random
from typing import Any

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES, letters
from tests.property.sheet import MISLAID, MISSPELT, NAMES, Witness, header_of, name_of, rows_of
from tests.sheets_api.errors import ApiError
from tests.sheets_api.human import Human
from tests.sheets_api.state import Tab

OTHER_TITLES = {OBJECTIVES: "Goals", KEY_RESULTS: "KRs", CHECK_INS: "Updates"}
OTHER_HEADERS = {
    KEY_RESULTS: {
        "Current": "Actual",
        "Target": "Target value",
        "Start": "Baseline",
        "ID": "KR ID",
    },
    OBJECTIVES: {"Team": "Department", "Objective": "Goal", "ID": "Ref"},
    CHECK_INS: {"Value": "Actual", "Note": "Comment", "When": "Timestamp"},
}
NUMBERS = ("Start", "Target", "Current", "Confidence", "Weight", "Due")
COLUMNS = {
    KEY_RESULTS: ("Key result", "Start", "Target", "Current", "Current", "Confidence", "Owner",
                  "Weight", "Due", "Ours"),
    OBJECTIVES: ("Objective", "Team", "Owner", "Ours"),
}  # fmt: skip

Act = Callable[[Tab], str]


class Hand:
    """Does one thing after another, as a seed tells it."""

    def __init__(
        self, witness: Witness, random: Random, is_gentle: bool = False, moves_columns: bool = False
    ) -> None:
        self._witness = witness
        self._human: Human = witness.api.human
        self._random = random
        self._count = 0
        self.may_leave: Callable[[], bool] = lambda: True
        self.has_copied_or_cleared_ids = False
        often: list[tuple[Act, int]] = [
            (self._edit, 10), (self._sort, 8), (self._insert_row, 4), (self._delete_row, 2),
            (self._move_row, 3), (self._rename_header, 2), (self._rename_tab, 1),
            (self._hide, 2), (self._filter, 2), (self._clear_filter, 2),
        ]  # fmt: skip
        rarely: list[tuple[Act, int]] = [
            (self._formula, 2), (self._copy_row, 1), (self._type_id, 1),
            (self._insert_above, 1), (self._merge, 1), (self._protect, 1),
            (self._misspell, 1), (self._sort_log, 1),
        ]  # fmt: skip
        columns: list[tuple[Act, int]] = [
            (self._insert_column, 2), (self._move_column, 2), (self._move_log_column, 2),
        ]  # fmt: skip
        self._acts = often + rarely * (not is_gentle) + columns * moves_columns

    def act(self) -> str:
        """Do one thing, and say what."""
        acts, weights = zip(*self._acts, strict=True)
        act = self._random.choices(acts, weights)[0]
        name = self._random.choice([KEY_RESULTS] * 4 + [OBJECTIVES])
        tab = self._witness.tab(-1, name)
        if tab is None:
            return "nothing"
        self._count += 1
        try:
            return self._do(act, tab)
        except ApiError as error:
            return f"nothing: {error}"[:60]

    def _do(self, act: Act, tab: Tab) -> str:
        with self._witness.by_hand(act.__name__.strip("_")):
            return act(tab) or "nothing"

    def sort(self) -> str:
        """Sort the key results, and nothing else."""
        tab = self._witness.tab(-1, KEY_RESULTS)
        assert tab is not None
        with self._witness.by_hand("sort"):
            return self._sort(tab)

    def mend(self) -> None:
        """Give tabs and headers that were misspelt their names back."""
        with self._witness.by_hand("mend"):
            for tab in self._witness.versions[-1].tabs:
                name = NAMES.get(tab.sheet_id)
                if name and tab.title.startswith(MISLAID):
                    self._human.rename_tab(tab.title, name)
            for tab in self._witness.versions[-1].tabs:
                for number, row in enumerate(tab.rows[:20]):
                    for cell in row.cells:
                        if isinstance(cell.entered, str) and cell.entered.startswith(MISSPELT):
                            right = cell.entered.removeprefix(MISSPELT)
                            self._human.rename_header(tab.title, cell.entered, right, number + 1)

    # --- where

    def _row(self, tab: Tab) -> int | None:
        numbers = [number for number, _ in rows_of(tab)]
        return self._random.choice(numbers) + 1 if numbers else None

    def _spot(self, tab: Tab, column: str) -> str | None:
        header, row = header_of(tab), self._row(tab)
        if header is None or row is None:
            return None
        place = header.columns.get(column)
        if place is None:
            values = [cell.entered for cell in tab.rows[header.row].cells]
            place = values.index(column) if column in values else None
        return None if place is None else f"'{tab.title}'!{letters(place)}{row}"

    # --- cells

    def _edit(self, tab: Tab) -> str:
        column = self._random.choice(COLUMNS[name_of(tab)])
        spot = self._spot(tab, column)
        if spot is None:
            return ""
        number = 1_000_000 + self._count
        value: Any = number if column in NUMBERS else f"hand {number}"
        if self._random.random() < 0.1:
            value = None
        self._human.edit(spot, value)
        return f"edit {spot} {value}"

    def _formula(self, tab: Tab) -> str:
        spot = self._spot(tab, self._random.choice(["Current", "Target", "Confidence"]))
        if spot is None:
            return ""
        value = self._random.choice([f"=40+{self._count}", "#REF!", "#N/A"])
        self._human.edit(spot, value)
        return f"edit {spot} {value}"

    def _type_id(self, tab: Tab) -> str:
        spot = self._spot(tab, "ID")
        if spot is None:
            return ""
        self.has_copied_or_cleared_ids = True
        value = self._random.choice([None, f"X-{self._count}"])
        self._human.edit(spot, value)
        return f"edit {spot} {value}"

    # --- rows

    def _sort(self, tab: Tab) -> str:
        header = header_of(tab)
        if header is None:
            return ""
        place = self._random.randrange(max(header.columns.values()) + 1)
        down, follow = self._random.random() < 0.5, self._random.random() < 0.5
        follow = follow or not self.may_leave()
        self._human.sort(tab.title, letters(place), down, header.row + 1, follow)
        return f"sort {tab.title} by {letters(place)}{' down' * down}{' anchors' * follow}"

    def _insert_row(self, tab: Tab) -> str:
        row, header = self._row(tab), header_of(tab)
        if row is None or header is None:
            return ""
        values: list[Any] = []
        if self._random.random() < 0.6:
            said = {
                "ID": f"N-{self._count}",
                "Objective": "O-1",
                "Key result": f"New {self._count}",
            }
            if self._random.random() < 0.5:
                del said["ID"]
            values = [""] * (max(header.columns.values()) + 1)
            for column, value in said.items():
                if column in header.columns:
                    values[header.columns[column]] = value
        self._human.insert_row(tab.title, row, values)
        return f"insert {tab.title} {row} {values}"

    def _delete_row(self, tab: Tab) -> str:
        row = self._row(tab)
        if row is None or len(rows_of(tab)) < 3:
            return ""
        self._human.delete_row(tab.title, row)
        return f"delete {tab.title} {row}"

    def _move_row(self, tab: Tab) -> str:
        row, before = self._row(tab), self._row(tab)
        if row is None or before is None or before in (row, row + 1):
            return ""
        self._human.move_row(tab.title, row, before)
        return f"move {tab.title} {row} before {before}"

    def _copy_row(self, tab: Tab) -> str:
        row, before = self._row(tab), self._row(tab)
        if row is None or before is None:
            return ""
        self.has_copied_or_cleared_ids = True
        self._witness.copied = (tab.title, before - 1)
        self._human.copy_row(tab.title, row, before)
        return f"copy {tab.title} {row} before {before}"

    def _insert_above(self, tab: Tab) -> str:
        self._human.insert_row(tab.title, 1, [f"Above {self._count}"])
        return f"insert above {tab.title}"

    def _hide(self, tab: Tab) -> str:
        row = self._row(tab)
        if row is None:
            return ""
        is_hidden = self._random.random() < 0.7
        self._human.hide_rows(tab.title, row, hidden=is_hidden)
        return f"hide {tab.title} {row} {is_hidden}"

    def _filter(self, tab: Tab) -> str:
        if (header_of(tab) or Any) is Any:
            return ""
        self._human.set_filter(tab.title, "A", ["KR-1", "N-1", ""][: self._random.randint(1, 3)])
        return f"filter {tab.title}"

    def _clear_filter(self, tab: Tab) -> str:
        if tab.basic_filter is None:
            return ""
        self._human.clear_filter(tab.title)
        return f"clear filter {tab.title}"

    def _sort_log(self, tab: Tab) -> str:
        name = self._random.choice([CHECK_INS, HISTORY])
        log = self._witness.tab(-1, name)
        return "" if log is None else self._sort(log)

    # --- columns and names

    def _insert_column(self, tab: Tab) -> str:
        header = header_of(tab)
        if header is None or max(header.columns.values()) > 20:
            return ""
        before = letters(self._random.randrange(max(header.columns.values()) + 1))
        self._human.insert_column(tab.title, before)
        return f"insert column {tab.title} {before}"

    def _move_column(self, tab: Tab) -> str:
        header = header_of(tab)
        if header is None:
            return ""
        column, before = (self._random.randrange(max(header.columns.values()) + 1) for _ in "ab")
        if before in (column, column + 1):
            return ""
        self._human.move_column(tab.title, letters(column), letters(before))
        return f"move column {tab.title} {letters(column)} before {letters(before)}"

    def _move_log_column(self, tab: Tab) -> str:
        name = self._random.choice([CHECK_INS, HISTORY])
        act = self._random.choice([self._insert_column, self._move_column])
        log = self._witness.tab(-1, name)
        return "" if log is None else act(log)

    def _rename_header(self, tab: Tab) -> str:
        name = self._random.choice(list(OTHER_HEADERS))
        there, header = self._witness.tab(-1, name), None
        if there is not None:
            header = header_of(there)
        column, other = self._random.choice(list(OTHER_HEADERS[name].items()))
        if there is None or header is None or column not in header.titles:
            return ""
        old = header.titles[column]
        new = other if old == column else column
        self._human.rename_header(there.title, old, new, header.row + 1)
        return f"rename header {there.title} {old} {new}"

    def _misspell(self, tab: Tab) -> str:
        header = header_of(tab)
        if header is None:
            return ""
        if self._random.random() < 0.2:
            self._human.rename_tab(tab.title, f"{MISLAID}{self._count}")
            return f"mislay {tab.title}"
        old = self._random.choice(list(header.titles.values()))
        self._human.rename_header(tab.title, old, f"{MISSPELT}{old}", header.row + 1)
        return f"misspell {tab.title} {old}"

    def _rename_tab(self, tab: Tab) -> str:
        name = self._random.choice(list(OTHER_TITLES))
        there = self._witness.tab(-1, name)
        if there is None:
            return ""
        new = OTHER_TITLES[name] if there.title == name else name
        self._human.rename_tab(there.title, new)
        return f"rename tab {name} to {new}"

    def _merge(self, tab: Tab) -> str:
        spot = self._spot(tab, self._random.choice(["Current", "Target"]))
        if spot is None or tab.merges:
            return ""
        title, _, cell = spot.rpartition("!")
        column, row = cell.rstrip("0123456789"), cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        cells = f"{title}!{cell}:{letters(ord(column) - 64)}{row}"
        self._human.merge(cells)
        return f"merge {cells}"

    def _protect(self, tab: Tab) -> str:
        spot = self._spot(tab, self._random.choice(["Current", "Target"]))
        if spot is None or tab.protected:
            return ""
        self._human.protect(spot)
        return f"protect {spot}"
