"""What a check-in changes in an .xlsx file: a row more in two tabs, and the cells that follow."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from okr.cells import read_id
from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS
from okr.model import Cell
from okr.reading import Reading
from okr.tables import Row, Table, find_tables
from okr.workbooks.entries import check_in_cells, check_in_history, plain, same
from okr.workbooks.interface import (
    CellEdit,
    CheckInDraft,
    RefusedError,
    RowReference,
    SavedCheckIn,
)
from okr.workbooks.local_rows import LocalRows, at
from okr.workbooks.locating import matching_rows, reference_name
from okr.workbooks.other_check_ins import names_of, newer_columns
from okr.workbooks.row_ids import check_in_id
from okr.workbooks.typed_since import MIRRORED, TYPED_SINCE, typed_since
from okr.workbooks.xlsx_cells import LONGEST_TEXT, fitting, length
from okr.workbooks.xlsx_editing import Editor
from okr.workbooks.xlsx_styles import MOMENT_FORMAT, SHARE_FORMAT

_NEWER = "A newer check-in is there, so {} was left as it is."
_LEFT = "It had been saved before; Current holds another value, and was left as it is."


def saved_before(reading: Reading, draft: CheckInDraft) -> SavedCheckIn | None:
    """Give the check-in of a draft that has been saved already; None where it has not."""
    tables = find_tables(reading, [])
    table = tables.get(CHECK_INS)
    wanted = check_in_id(draft.operation)
    if table is None or "ID" not in table.columns:
        return None
    row = next((row for row in table.tab.rows if at(row, table.columns["ID"]) == wanted), None)
    if row is None:
        return None
    cells = tuple((column, at(row, place)) for column, place in table.columns.items())
    key_result = read_id(dict(cells).get("Key result", ""))
    is_mirrored = _is_mirrored(tables.get(KEY_RESULTS), key_result, dict(cells))
    remark = "" if is_mirrored else _LEFT
    return SavedCheckIn(wanted, key_result, cells, is_mirrored, True, remark)


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

    def __init__(
        self, reading: Reading, editor: Editor, draft: CheckInDraft, seen: Reading | None = None
    ) -> None:
        """Take the file as it is, and as this process had read it before."""
        self._seen = seen
        self._rows = LocalRows(reading, editor)
        self._draft = check_draft(draft)

    def save(self) -> SavedCheckIn:
        """Gather in the editor all that changes.

        Raises:
            RefusedError: If the check-in cannot be saved; the editor is then of no use any more.
        """
        table = self._rows.table(KEY_RESULTS)
        row, row_id, given = self._rows.named(table, self._draft.key_result)
        key_result = reference_name(table, row) if row_id.startswith("~") else row_id
        cells = check_in_cells(self._draft, key_result)
        mirrored, remarks = self._mirror(table, row, key_result, row_id)
        formats: dict[str, int | str] = {"When": MOMENT_FORMAT, "Confidence": SHARE_FORMAT}
        style = self._rows.style(table, row.number, "Current")
        if style:
            formats["Value"] = style
        self._rows.append(CHECK_INS, cells, formats)
        for line in check_in_history(self._draft, row_id, [*given, *mirrored]):
            self._rows.append(HISTORY, line, {"When": MOMENT_FORMAT})
        return SavedCheckIn(
            check_in_id(self._draft.operation),
            key_result,
            cells,
            is_mirrored=not remarks,
            remark=" ".join(remarks),
        )

    def _mirror(
        self, table: Table, row: Row, key_result: str, row_id: str
    ) -> tuple[list[CellEdit], list[str]]:
        """Let Current and Confidence follow; say of each that does not why."""
        mirrored: list[CellEdit] = []
        remarks: list[str] = []
        newer = self._newer_columns(key_result, row)
        typed = self._typed_since(row, row_id)
        for name, after in (("Current", self._draft.value), ("Confidence", self._draft.confidence)):
            column = table.columns.get(name)
            if after is not None and name in newer:
                remarks.append(_NEWER.format(name))
                continue
            if after is None or (column is None and name == "Confidence"):
                continue
            if column is None:
                remarks.append("There is no column Current that could follow.")
                continue
            obstacle = self._rows.obstacle(table, row.number, column)
            if obstacle:
                remarks.append(f"{name} {obstacle}, and was left as it is.")
            elif name in typed and not same(row.cell(name), after):
                remarks.append(TYPED_SINCE.format(name))
            elif not same(row.cell(name), after):
                self._rows.put(table, row.number, {column: after})
                mirrored.append(CellEdit(name, row.cell(name), plain(after)))
        return mirrored, remarks

    def _typed_since(self, row: Row, row_id: str) -> frozenset[str]:
        """Name the cells that somebody has changed since the day of the check-in."""
        told = self._rows.tables.get(HISTORY)
        columns, lines = (told.columns, told.tab.rows) if told else ({}, ())
        cells = {name: row.cell(name) for name in MIRRORED}
        return typed_since(self._draft, row_id, cells, columns, lines, self._seen)

    def _newer_columns(self, key_result: str, row: Row) -> frozenset[str]:
        """Name the columns of which a check-in of a later moment, come already, says something.

        By the workbook's clock, that is, by which this one is written; it may be ahead of here.
        """
        table = self._rows.tables.get(CHECK_INS)
        if table is None:
            return frozenset()
        title = read_id(row.cell("Key result"))
        names = names_of(self._rows.tables.get(KEY_RESULTS), key_result, title)
        now = max(datetime.now(), self._draft.written or self._draft.when)
        return newer_columns(table.columns, table.tab.rows, names, self._draft.when, now)
