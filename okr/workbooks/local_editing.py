"""Edits and new rows in an .xlsx file that nobody else writes to meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from okr.columns import HISTORY, known_tab
from okr.model import Cell
from okr.reading import Reading
from okr.tables import Row, Table, find_tables
from okr.workbooks.editing import (
    DATES,
    NO_NEW_ROWS,
    TITLES,
    Found,
    as_saved_row,
    check_edit,
    check_row,
    edit_history,
    edit_in_history,
    last_lines,
    plan_edit,
    row_history,
    row_in_history,
)
from okr.workbooks.interface import CellEdit, EditDraft, RefusedError, RowDraft, SavedRow
from okr.workbooks.local_rows import LocalRows
from okr.workbooks.row_ids import added_row_ids
from okr.workbooks.xlsx_cells import LONGEST_TEXT, fitting
from okr.workbooks.xlsx_editing import Editor
from okr.workbooks.xlsx_styles import DAY_FORMAT, MOMENT_FORMAT, SHARE_FORMAT

FORMATS: Mapping[str, str] = {"Due": DAY_FORMAT, "Confidence": SHARE_FORMAT}
"""How numbers of a new row are shown."""


def edited_before(reading: Reading, draft: EditDraft) -> SavedRow | None:
    """Give an edit that has been saved already; None where it has not."""
    return edit_in_history(_sound(draft), _lines(reading))


def row_added_before(reading: Reading, draft: RowDraft) -> SavedRow | None:
    """Give a row that has been added already; None where it has not."""
    draft = _sound_row(draft)
    candidates = islice(added_row_ids(known_tab(draft.tab) or "", draft.operation), 5)
    row_id = row_in_history(draft, candidates, _lines(reading))
    return None if row_id is None else as_saved_row(draft, row_id, was_there=True)


def _lines(reading: Reading) -> list[Mapping[str, Cell]]:
    table = find_tables(reading, []).get(HISTORY)
    return last_lines(table.header, table.tab.rows) if table else []


def _sound(draft: EditDraft) -> EditDraft:
    """Take an edit as the file can hold it."""
    cells = tuple(replace(cell, wanted=_fitting(cell.wanted)) for cell in draft.cells)
    return check_edit(replace(draft, cells=cells), LONGEST_TEXT)


def _sound_row(draft: RowDraft) -> RowDraft:
    cells = tuple((column, _fitting(cell)) for column, cell in draft.cells)
    return check_row(replace(draft, cells=cells), LONGEST_TEXT)


def _fitting(cell: Cell) -> Cell:
    return fitting(cell) if isinstance(cell, str) else cell


class RowSaving:
    """One edit or new row on its way into a workbook."""

    def __init__(self, reading: Reading, editor: Editor) -> None:
        self._rows = LocalRows(reading, editor)

    def save(self, draft: EditDraft) -> SavedRow:
        """Gather in the editor what an edit changes.

        Raises:
            ConflictError: If a cell has been changed meanwhile or must not be written.
            RefusedError: If it cannot be saved; the editor is then of no use any more.
        """
        draft = _sound(draft)
        table = self._rows.table(known_tab(draft.row.tab) or "")
        row = self._rows.find(table, draft.row)
        edits = plan_edit(draft, lambda column: self._found(table, row, column))
        if not edits:
            return SavedRow(self._rows.own_id(table, row, draft.row), draft.row.tab, ())
        row, row_id, given = self._rows.named(table, draft.row)
        self._write(table, row, edits)
        for line in edit_history(draft, row_id, [*given, *edits]):
            self._rows.append(HISTORY, line, {"When": MOMENT_FORMAT})
        return SavedRow(row_id, draft.row.tab, edits)

    def _found(self, table: Table, row: Row, column: str) -> Found:
        place = table.columns.get(column)
        if place is None:
            where = row.address(TITLES[table.name]) if table.is_elsewhere else ""
            where = where or f"{table.tab.title}!{row.number + 1}"
            return Found("", where, self._rows.bar(table))
        where = row.address(column)
        return Found(row.cell(column), where, self._rows.obstacle(table, row.number, place))

    def _write(self, table: Table, row: Row, edits: tuple[CellEdit, ...]) -> None:
        places = self._rows.completed(table, [cell.column for cell in edits])
        dates = [cell for cell in edits if cell.column in DATES and isinstance(cell.wanted, float)]
        self._rows.put(
            table,
            row.number,
            {places[cell.column]: cell.wanted for cell in edits},
            {places[cell.column]: DAY_FORMAT for cell in dates},
        )

    def add(self, draft: RowDraft) -> SavedRow:
        """Gather in the editor what a new row changes.

        Raises:
            RefusedError: If it cannot be saved; the editor is then of no use any more.
        """
        draft = _sound_row(draft)
        name = known_tab(draft.tab) or ""
        table = self._rows.table(name)
        if table.is_elsewhere:
            raise RefusedError(NO_NEW_ROWS)
        if bar := self._rows.bar(table):
            raise RefusedError(
                f"Nothing was saved: a new row of “{table.tab.title}” {bar}. Unlock the tab in "
                "Excel or LibreOffice, then save again."
            )
        taken = self._rows.taken(table)
        row_id = next(one for one in added_row_ids(name, draft.operation) if one not in taken)
        formats = {
            column: FORMATS[column]
            for column, cell in draft.cells
            if column in FORMATS and isinstance(cell, float)
        }
        self._rows.append(name, (("ID", row_id), *draft.cells), formats, DATES)
        self._rows.append(HISTORY, row_history(draft, row_id), {"When": MOMENT_FORMAT})
        return as_saved_row(draft, row_id, was_there=False)
