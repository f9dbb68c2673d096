"""What an edit would change: cell by cell, from what the page saw and what stands there now."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from okr.cells import read_day, read_id, read_text
from okr.columns import COLUMNS, KEY_RESULTS, OBJECTIVES, Header, known_tab
from okr.model import Cell, State
from okr.telling import BOARD
from okr.workbooks.entries import Cells, history_cells, is_line_of, plain, same
from okr.workbooks.interface import (
    CellEdit,
    Conflict,
    ConflictError,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
    SavedRow,
)

EDITABLE: Mapping[str, tuple[str, ...]] = {
    name: tuple(column for column in COLUMNS[name] if column != "ID")
    for name in (OBJECTIVES, KEY_RESULTS)
}
"""The columns that people may change on the board; the workbook itself gives the IDs."""

TITLES = {OBJECTIVES: "Objective", KEY_RESULTS: "Key result"}
"""The column of a tab without which a row of it is nothing."""

DATES = frozenset({"Due"})
"""Columns whose numbers are days."""

MOST_REMEMBERED = 2_000
"""Rows of ``_History`` that are searched for an operation, from the last one up."""

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Found:
    """One cell as it stands now: what it holds, where, and what keeps it from being written."""

    value: Cell
    address: str
    obstacle: str = ""


# --- before anything is written ------------------------------------------------------------------


def check_edit(draft: EditDraft, longest: int) -> EditDraft:
    """Refuse what no cell can hold or nobody may change; give the rest as a reading gives it.

    Raises:
        RefusedError: If a column is not one that people change, or a value fits no cell.
    """
    _check(draft.row.tab, [cell.column for cell in draft.cells])
    cells = [
        replace(cell, seen=plain(cell.seen), wanted=_fitting(cell.column, cell.wanted, longest))
        for cell in draft.cells
    ]
    if not cells:
        raise RefusedError("There is nothing to save. Change something first.")
    title = TITLES[known_tab(draft.row.tab) or ""]
    if any(cell.column == title and not read_text(cell.wanted) for cell in cells):
        raise RefusedError(f"Nothing was saved: {title} is empty. Give it a title.")
    return replace(draft, cells=tuple(cells))


ELSEWHERE = "does not stand in the sheet for this row alone, or not in these words"
"""Why a cell of another layout is not written: it was drawn from a heading, a merge or a word."""

NO_NEW_ROWS = (
    "Nothing was saved: this sheet is in a layout of its own, and only people know where a new row "
    "belongs in it. Add it in the sheet; the board shows it at its next reading."
)


def check_row(draft: RowDraft, longest: int) -> RowDraft:
    """Refuse a new row that no tab can take; give the rest as a reading gives it.

    Raises:
        RefusedError: If it has no title, or a value fits no cell.
    """
    _check(draft.tab, [column for column, _ in draft.cells])
    cells = tuple((column, _fitting(column, cell, longest)) for column, cell in draft.cells)
    title = TITLES[known_tab(draft.tab) or ""]
    if not read_text(dict(cells).get(title, "")):
        raise RefusedError(f"Nothing was saved: {title} is empty. Give it a title.")
    return replace(draft, cells=tuple(pair for pair in cells if pair[1] != ""))


def _check(tab: str, columns: Sequence[str]) -> None:
    known = EDITABLE.get(known_tab(tab) or "", ())
    foreign = [column for column in columns if column not in known]
    if not known or foreign:
        what = f"“{foreign[0]}” in “{tab}”" if known else f"“{tab}”"
        raise RefusedError(
            f"Nothing was saved: the board does not change {what}. Change it in the sheet."
        )
    if len({*columns}) < len(columns):
        raise RefusedError("Nothing was saved: a column is named twice. Reload the page.")


def _fitting(column: str, value: Cell, longest: int) -> Cell:
    """Take a value as a cell can hold it."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > longest:
            raise RefusedError(
                f"Nothing was saved: {column} has {len(text):,} characters, and a cell holds "
                f"{longest:,}. Shorten it, then save again."
            )
        return text
    if not isinstance(value, bool) and not math.isfinite(value):
        raise RefusedError(f"Nothing was saved: {column} is not a number. Type one such as 1200.")
    return plain(value)


# --- cell by cell --------------------------------------------------------------------------------


def plan_edit(draft: EditDraft, find: Callable[[str], Found]) -> tuple[CellEdit, ...]:
    """Compare what the page saw with what stands there now, and give the cells to be written.

    Still as seen: it is written. Already as wanted: there is nothing to do. Anything else, and a
    cell that must not be written, is a conflict, and then none of the cells is written.

    Raises:
        ConflictError: With all cells that are in the way.
    """
    edits: list[CellEdit] = []
    conflicts: list[Conflict] = []
    for cell in draft.cells:
        found = find(cell.column)
        if same(found.value, cell.wanted):
            continue
        if found.obstacle or not same(found.value, cell.seen):
            conflicts.append(
                Conflict(
                    cell.column, found.address, cell.seen, found.value, cell.wanted, found.obstacle
                )
            )
        else:
            edits.append(cell)
    if conflicts:
        raise ConflictError(_told(conflicts), tuple(conflicts))
    return tuple(edits)


def _told(conflicts: Sequence[Conflict]) -> str:
    """Say of each cell in the way what it holds, and what can be done."""
    parts = [_what(one) for one in conflicts]
    mend = (
        "Reload the page to see what stands there, or choose your own value again."
        if all(not one.obstacle for one in conflicts)
        else "Change it in the sheet."
    )
    return f"Nothing was saved: {'; '.join(parts)}. {mend}"


def _what(one: Conflict) -> str:
    if one.obstacle:
        return f"{one.column} in {one.cell} {one.obstacle}"
    return (
        f"{one.column} in {one.cell} has been changed meanwhile, from {_shown(one, one.seen)} to "
        f"{_shown(one, one.found)}, and you want {_shown(one, one.wanted)}"
    )


def _shown(one: Conflict, cell: Cell) -> str:
    """Show a cell within a sentence; a number in Due is a day."""
    if one.column == "Due" and not isinstance(cell, str):
        return read_day(cell)
    text = " ".join(read_text(cell).split())
    if not text:
        return "blank"
    short = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return f"“{short}”" if isinstance(cell, str) else short


def insist(draft: EditDraft, conflicts: Iterable[Conflict]) -> EditDraft:
    """Draft an edit again for a person who has seen what stands there, and wants their own."""
    found = {one.column: one.found for one in conflicts if not one.obstacle}
    cells = [replace(cell, seen=found.get(cell.column, cell.seen)) for cell in draft.cells]
    return replace(draft, cells=tuple(cells))


def give_way(draft: EditDraft, conflicts: Iterable[Conflict]) -> EditDraft | None:
    """Draft an edit again without the cells in the way; None where nothing is left of it."""
    others = {one.column for one in conflicts}
    cells = tuple(cell for cell in draft.cells if cell.column not in others)
    return replace(draft, cells=cells) if cells else None


def undo_of(saved: SavedRow, *, operation: str, by: str, when: datetime) -> EditDraft:
    """Draft the edit that takes a saved one back, as long as nobody has changed its cells since.

    A row that was added is not taken away, which the board never does: it is dropped.

    Raises:
        RefusedError: If there is nothing to take back.
    """
    if not saved.written:
        raise RefusedError("There is nothing to take back: that change wrote nothing.")
    reference = RowReference(saved.tab, saved.row_id, ())
    if any(cell.column == "ID" for cell in saved.written):
        state = next((cell.wanted for cell in saved.written if cell.column == "State"), "")
        cells: tuple[CellEdit, ...] = (CellEdit("State", state, State.DROPPED.value),)
    else:
        cells = tuple(CellEdit(cell.column, cell.wanted, cell.seen) for cell in saved.written)
    return EditDraft(operation, reference, cells, by, when)


# --- what history tells --------------------------------------------------------------------------


def edit_history(draft: EditDraft, row_id: str, written: Iterable[CellEdit]) -> list[Cells]:
    """Lay out what ``_History`` tells of an edit: a row for each cell."""
    tab = known_tab(draft.row.tab) or draft.row.tab
    return [history_cells(draft.when, row_id, tab, cell, draft.by) for cell in written]


def row_history(draft: RowDraft, row_id: str) -> Cells:
    """Lay out what ``_History`` tells of a new row."""
    tab = known_tab(draft.tab) or draft.tab
    return history_cells(draft.when, row_id, tab, CellEdit("ID", "", row_id), draft.by)


def as_saved_row(draft: RowDraft, row_id: str, was_there: bool) -> SavedRow:
    """Tell of a new row: all its cells were blank before."""
    cells = (("ID", row_id), *draft.cells)
    written = tuple(CellEdit(column, "", cell) for column, cell in cells)
    return SavedRow(row_id, draft.tab, written, was_there)


def last_lines(header: Header | None, rows: Sequence[Sequence[Cell]]) -> list[Mapping[str, Cell]]:
    """Give the last rows of ``_History``, column to cell."""
    if header is None:
        return []
    first = max(header.row + 1, len(rows) - MOST_REMEMBERED)
    return [
        {name: row[at] if at < len(row) else "" for name, at in header.columns.items()}
        for row in rows[first:]
    ]


def edit_in_history(draft: EditDraft, lines: Sequence[Mapping[str, Cell]]) -> SavedRow | None:
    """Find an edit that has been saved before, by what ``_History`` tells of its moment.

    A change that was taken back at the very same moment does not count.
    """
    lines = [line for line in lines if _is_by(line, draft.by)]
    tab = known_tab(draft.row.tab) or draft.row.tab
    own = read_id(draft.row.id) if draft.row.id is not None else None
    written: list[CellEdit] = []
    row_id = ""
    for cell in draft.cells:
        there = [one for one in lines if own is None or read_id(one.get("Row ID", "")) == own]
        forth = _find(there, draft, tab, cell)
        back = _find(there, draft, tab, CellEdit(cell.column, cell.wanted, cell.seen))
        if len(forth) > len(back):
            written.append(cell)
            row_id = read_id(forth[-1].get("Row ID", ""))
    return SavedRow(row_id, draft.row.tab, tuple(written), was_there=True) if written else None


def _find(
    lines: Sequence[Mapping[str, Cell]], draft: EditDraft, tab: str, cell: CellEdit
) -> list[Mapping[str, Cell]]:
    """Find the rows of ``_History`` that tell of one cell of an edit, whichever row it was in."""
    told = history_cells(draft.when, "", tab, cell, draft.by)
    wanted = tuple(pair for pair in told if pair[0] != "Row ID")
    return [line for line in lines if is_line_of(wanted, line)]


def _is_by(line: Mapping[str, Cell], by: str) -> bool:
    return line.get("By") == by and line.get("Source") == BOARD


def row_in_history(
    draft: RowDraft, candidates: Iterable[str], lines: Sequence[Mapping[str, Cell]]
) -> str | None:
    """Find the ID of a row that has been added before; ``candidates`` follow from its operation."""
    tab = known_tab(draft.tab) or draft.tab
    told = [line for line in lines if _is_by(line, draft.by) and line.get("Tab") == tab]
    given = {read_id(line.get("Row ID", "")) for line in told if line.get("Column") == "ID"}
    return next((one for one in candidates if one in given), None)
