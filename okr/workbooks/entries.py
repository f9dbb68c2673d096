"""The rows that the board appends: check-ins and lines of history, as a reading would give them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from okr.columns import CHECK_INS, KEY_RESULTS
from okr.model import Cell
from okr.serials import serial_of
from okr.telling import BOARD, EXISTS
from okr.workbooks.interface import CellEdit, CheckInDraft
from okr.workbooks.row_ids import check_in_id

Cells = tuple[tuple[str, Cell], ...]


def serial(when: datetime) -> float:
    """Give the number by which spreadsheets know a moment."""
    return round(serial_of(when), 9)


def same(one: Cell, other: Cell) -> bool:
    """Tell whether two cells hold the same; TRUE is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def plain(value: Cell | None) -> Cell:
    """Take a value as a reading gives it: numbers as floats, and nothing as a blank."""
    if value is None:
        return ""
    return value if isinstance(value, bool | str) else float(value)


def check_in_cells(draft: CheckInDraft, key_result: str) -> Cells:
    """Lay out the row of a check-in."""
    return (
        ("When", serial(draft.when)),
        ("Key result", key_result),
        ("Value", plain(draft.value)),
        ("Confidence", plain(draft.confidence)),
        ("Note", draft.note),
        ("By", draft.by),
        ("ID", check_in_id(draft.operation)),
    )


def history_cells(when: datetime, row_id: str, tab: str, change: CellEdit, by: str) -> Cells:
    """Lay out the row of ``_History`` that tells of one changed cell."""
    return (
        ("When", serial(when)),
        ("Row ID", row_id),
        ("Tab", tab),
        ("Column", change.column),
        ("Before", change.seen),
        ("After", change.wanted),
        ("By", by),
        ("Source", BOARD),
    )


def check_in_history(
    draft: CheckInDraft, key_result: str, mirrored: Iterable[CellEdit]
) -> list[Cells]:
    """Lay out what ``_History`` tells of a check-in: the cells of its key result that follow it.

    It tells them at the moment of writing. Where the check-in is dated on another day, a row tells
    that it came then; where neither Current nor Confidence follows, a row names it by what it says.
    """
    changes, own = list(mirrored), check_in_id(draft.operation)
    when = draft.written or draft.when
    rows = [history_cells(when, key_result, KEY_RESULTS, one, draft.by) for one in changes]
    if when.date() != draft.when.date():
        rows.append(history_cells(when, own, CHECK_INS, CellEdit(EXISTS, "", own), draft.by))
    elif not {"Current", "Confidence"} & {one.column for one in changes}:
        rows.append(history_cells(when, own, CHECK_INS, _first_said(draft), draft.by))
    return rows


def _first_said(draft: CheckInDraft) -> CellEdit:
    """Name a check-in by the first thing that it says."""
    said = (("Value", draft.value), ("Confidence", draft.confidence), ("Note", draft.note))
    column, value = next((pair for pair in said if pair[1] is not None), ("Note", ""))
    return CellEdit(column, "", plain(value))


def is_line_of(line: Sequence[tuple[str, Cell]], row: Mapping[str, Cell]) -> bool:
    """Tell whether a row of ``_History`` says what a line does; moments to half a second."""
    return all(
        _is_moment(row.get(column, ""), cell)
        if column == "When"
        else same(row.get(column, ""), cell)
        for column, cell in line
    )


def _is_moment(cell: Cell, other: Cell) -> bool:
    if isinstance(cell, bool | str) or isinstance(other, bool | str):
        return cell == other
    return abs(cell - other) < 0.5 / 86400
