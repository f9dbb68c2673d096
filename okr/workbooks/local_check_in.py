"""What a check-in changes in an .xlsx file: a row more in two tabs, and the cells that follow."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from okr.cells import read_id
from okr.columns import CHECK_INS, COLUMNS, HISTORY, KEY_RESULTS, known_tab
from okr.model import Cell
from okr.reading import Reading
from okr.tables import Row, Table, find_tables
from okr.workbooks.google_ids import check_in_id, new_row_id
from okr.workbooks.google_planning import check_in_cells, history_cells, same
from okr.workbooks.interface import CheckInDraft, RefusedError, RowReference, SavedCheckIn
from okr.workbooks.locating import locate, matching_rows
from okr.workbooks.xlsx_cells import LONGEST_TEXT, fitting, length, serial
from okr.workbooks.xlsx_editing import Editor
from okr.workbooks.xlsx_styles import MOMENT_FORMAT, SHARE_FORMAT

Cells = tuple[tuple[str, Cell], ...]

_LEFT = "It had been saved before; Current holds another value, and was left as it is."


def saved_before(reading: Reading, draft: CheckInDraft) -> SavedCheckIn | None:
    """Give the check-in of a draft that has been saved already; None where it has not."""
    tables = find_tables(reading, [])
    table = tables.get(CHECK_INS)
    wanted = check_in_id(draft.operation)
    if table is None or "ID" not in table.columns:
        return None
    row = next((row for row in table.tab.rows if _at(row, table.columns["ID"]) == wanted), None)
    if row is None:
        return None
    cells = tuple((column, _at(row, place)) for column, place in table.columns.items())
    key_result = read_id(dict(cells).get("Key result", ""))
    is_mirrored = _is_mirrored(tables.get(KEY_RESULTS), key_result, dict(cells))
    remark = "" if is_mirrored else _LEFT
    return SavedCheckIn(wanted, key_result, cells, is_mirrored, True, remark)


def _at(row: Sequence[Cell], place: int) -> Cell:
    """Give a cell of a row, blank where the row ends before it."""
    return row[place] if place < len(row) else ""


def _is_mirrored(table: Table | None, key_result: str, said: Mapping[str, Cell]) -> bool:
    """Tell whether Current and Confidence say what a check-in says."""
    if table is None:
        return False
    found = matching_rows(table, RowReference(KEY_RESULTS, key_result, ()))
    pairs = (("Current", said.get("Value", "")), ("Confidence", said.get("Confidence", "")))
    return bool(found) and all(
        after == "" or same(found[0].cell(column), after) for column, after in pairs
    )


def check_draft(draft: CheckInDraft) -> CheckInDraft:
    """Refuse what no cell can hold; give the rest as a reading will give it back.

    Raises:
        RefusedError: If the value is not a number, or a text too long.
    """
    for number in (draft.value, draft.confidence):
        if isinstance(number, float) and not math.isfinite(number):
            raise RefusedError("Nothing was saved: that is not a number. Type one such as 1200.")
    for name, text in (("value", draft.value), ("note", draft.note), ("name", draft.by)):
        if isinstance(text, str) and length(text) > LONGEST_TEXT:
            raise RefusedError(
                f"Nothing was saved: the {name} has {len(text):,} characters, and a cell holds "
                f"{LONGEST_TEXT:,}. Shorten it, then save again."
            )
    return replace(
        draft,
        when=draft.when.replace(microsecond=0),
        note=fitting(draft.note),
        by=fitting(draft.by),
        value=fitting(draft.value) if isinstance(draft.value, str) else draft.value,
    )


class CheckInSaving:
    """One check-in on its way into a workbook that nobody else writes to meanwhile."""

    def __init__(self, reading: Reading, editor: Editor, draft: CheckInDraft) -> None:
        self._reading = reading
        self._editor = editor
        self._draft = check_draft(draft)
        self._tables = find_tables(reading, [])

    def save(self) -> SavedCheckIn:
        """Gather in the editor all that changes.

        Raises:
            RefusedError: If the check-in cannot be saved; the editor is then of no use any more.
        """
        table = self._tables.get(KEY_RESULTS)
        if table is None:
            raise RefusedError(
                f"Nothing was saved: the workbook has no tab “{KEY_RESULTS}” with headers. "
                "Give the tab and its headers their names back, then save again."
            )
        row = locate(table, self._draft.key_result)
        key_result = self._own_id(table, row) or self._given_id(table, row)
        cells = check_in_cells(self._draft, key_result)
        remarks = self._mirror(table, row, key_result)
        current = table.columns.get("Current")
        found = self._editor.find(table.tab.title, row.number, current or 0)
        formats: dict[str, int | str] = {"When": MOMENT_FORMAT, "Confidence": SHARE_FORMAT}
        if current is not None and found.style:
            formats["Value"] = found.style
        self._append(CHECK_INS, cells, formats)
        self._append(HISTORY, history_cells(self._draft), {"When": MOMENT_FORMAT})
        return SavedCheckIn(
            check_in_id(self._draft.operation),
            key_result,
            cells,
            is_mirrored=not remarks,
            remark=" ".join(remarks),
        )

    # The key result's row

    def _own_id(self, table: Table, row: Row) -> str:
        """Give the ID that a row has; it must be its own, also where the page saw none."""
        own = read_id(row.cell("ID"))
        if own and self._draft.key_result.id is None:
            locate(table, RowReference(KEY_RESULTS, own, ()))
        return own

    def _given_id(self, table: Table, row: Row) -> str:
        """Give an ID to a row that has none."""
        taken = {read_id(one.cell("ID")) for one in table.rows([])}
        content = " | ".join(text for _, text in self._draft.key_result.content)
        given = new_row_id("KR", content, taken)
        column = table.columns.get("ID")
        if column is None:
            column = _width(table)
            self._editor.put(table.tab.title, table.header.row, {column: "ID"})
        obstacle = self._obstacle(table, row.number, column)
        if obstacle:
            raise RefusedError(
                f"Nothing was saved: row {row.number + 1} of “{table.tab.title}” needs an ID, and "
                f"its ID cell {obstacle}. Type an ID such as KR-1 there, then save again."
            )
        self._editor.put(table.tab.title, row.number, {column: given})
        return given

    def _mirror(self, table: Table, row: Row, key_result: str) -> list[str]:
        """Let Current and Confidence follow; say of each that does not why."""
        if self._has_newer(key_result):
            return ["A newer check-in is there, so Current was left as it is."]
        remarks = []
        for name, after in (("Current", self._draft.value), ("Confidence", self._draft.confidence)):
            column = table.columns.get(name)
            if after is None or (column is None and name == "Confidence"):
                continue
            if column is None:
                remarks.append("There is no column Current that could follow.")
                continue
            obstacle = self._obstacle(table, row.number, column)
            if obstacle:
                remarks.append(f"{name} {obstacle}, and was left as it is.")
            elif not same(row.cell(name), after):
                self._editor.put(table.tab.title, row.number, {column: after})
        return remarks

    def _has_newer(self, key_result: str) -> bool:
        """Tell whether there is a check-in of a later moment that has come already."""
        table = self._tables.get(CHECK_INS)
        if table is None or not {"When", "Key result"} <= set(table.columns):
            return False
        when, of = table.columns["When"], table.columns["Key result"]
        moments = (_at(row, when) for row in table.tab.rows if _at(row, of) == key_result)
        this, now = serial(self._draft.when), serial(max(datetime.now(), self._draft.when))
        return any(isinstance(moment, float) and this < moment <= now for moment in moments)

    def _obstacle(self, table: Table, row: int, column: int) -> str:
        """Say why a cell must not be written to; "" where it may."""
        sheet = self._editor.sheet(table.tab.title)
        found = sheet.find(row, column)
        if found.is_error:
            return "holds an error"
        if found.has_formula or _is_within(row, column, sheet.arrays):
            return "holds a formula"
        if _is_within(row, column, table.tab.merged):
            return "is merged with others"
        return "is on a protected tab" if sheet.is_protected else ""

    # The new rows

    def _append(self, name: str, cells: Cells, formats: Mapping[str, int | str]) -> None:
        """Add a row below the last one with data, in a tab that is made where it is missing."""
        said = {column: cell for column, cell in cells if cell != ""}
        table = self._tables.get(name)
        if table is None:
            title, row = self._made_tab(name), 1
            places: Mapping[str, int] = {column: at for at, column in enumerate(COLUMNS[name])}
        else:
            title = table.tab.title
            places = self._completed(table, said)
            row = self._next_row(table, {places[column] for column in said})
        self._editor.append(
            title,
            row,
            {places[column]: cell for column, cell in said.items()},
            {places[column]: form for column, form in formats.items() if column in said},
            {places["When"]} if "When" in said else set(),
        )

    def _made_tab(self, name: str) -> str:
        """Add a tab with its headers, or give its headers to an empty one."""
        headers = list(COLUMNS[name])
        there = next((tab for tab in self._reading.tabs if known_tab(tab.title) == name), None)
        if there is None:
            self._editor.add_tab(name, headers)
            return name
        if any(cell != "" for row in there.rows for cell in row):
            raise RefusedError(
                f"Nothing was saved: “{there.title}” has no headers that the board knows. Write "
                f"{', '.join(headers)} into its first row, then save again."
            )
        self._editor.put(there.title, 0, dict(enumerate(headers)))
        return there.title

    def _completed(self, table: Table, said: Mapping[str, Cell]) -> Mapping[str, int]:
        """Give the places of the columns that a row needs; missing ones are added at the right."""
        missing = [column for column in said if column not in table.columns]
        first = _width(table)
        added = {column: first + at for at, column in enumerate(missing)}
        if added:
            headers = {at: column for column, at in added.items()}
            self._editor.put(table.tab.title, table.header.row, headers)
        return {**table.columns, **added}

    def _next_row(self, table: Table, columns: set[int]) -> int:
        """Find the first row below the data whose cells are free."""
        rows = table.tab.rows
        row = len(rows)
        while row > table.header.row + 1 and not any(cell != "" for cell in rows[row - 1]):
            row -= 1
        sheet = self._editor.sheet(table.tab.title)
        areas = (*sheet.arrays, *table.tab.merged)
        if any(
            sheet.find(row, column).has_formula or _is_within(row, column, areas)
            for column in columns
        ):
            bottoms = [bottom for _, _, bottom, _ in table.tab.merged]
            row = max([sheet.last_row, *bottoms]) + 1
        return row


def _width(table: Table) -> int:
    """Count the columns of a tab, up to the last one that holds anything."""
    return max(len(row) for row in table.tab.rows)


def _is_within(row: int, column: int, areas: tuple[tuple[int, int, int, int], ...]) -> bool:
    return any(
        top <= row <= bottom and left <= column <= right for top, left, bottom, right in areas
    )
