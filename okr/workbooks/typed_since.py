"""Which cells of a key result somebody has typed over since the day of a check-in that comes late.

Such a cell is newer than the check-in, and stays: DESIGN gives the newest its place in Current.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from okr.cells import is_blank, read_id
from okr.columns import KEY_RESULTS, known_tab
from okr.model import Cell
from okr.reading import Reading
from okr.row_names import NAMING, content_key
from okr.tables import Row, find_tables
from okr.telling import BOARD, is_same, told
from okr.workbooks.entries import serial
from okr.workbooks.interface import CheckInDraft, RowReference
from okr.workbooks.locating import matching_rows

MIRRORED = ("Current", "Confidence")

TYPED_SINCE = "{} was changed in the sheet after the day of this check-in, and was left as it is."


def typed_since(
    draft: CheckInDraft,
    row_id: str,
    cells: Mapping[str, Cell],
    columns: Mapping[str, int],
    lines: Sequence[Sequence[Cell]],
    seen: Reading | None,
) -> frozenset[str]:
    """Name the cells that a hand changed after the moment of a check-in of an earlier day.

    A cell that is not as the last reading showed it, nor as ``_History`` tells last, was typed
    just now; one that is otherwise than it was after that moment was typed since, whoever looked.
    A blank cell holds nothing that could stay.

    Args:
        draft: The check-in; one of the day on which it is written is newer than any cell.
        row_id: The ID that its key result has or is given.
        cells: What Current and Confidence hold now.
        columns: Where the columns of ``_History`` stand.
        lines: The rows of ``_History``.
        seen: The last reading before this moment; None where there was none.
    """
    if draft.written is None or draft.written.date() <= draft.when.date():
        return frozenset()
    row = _row_in(seen, draft.key_result, row_id)
    told_of = _told_of(columns, lines, _names(row_id, row))
    since = serial(draft.when)
    return frozenset(
        name
        for name, cell in cells.items()
        if not is_blank(cell)
        and (
            any(word.is_by_hand and word.when > since for word in told_of[name])
            or _is_just_typed(cell, name, row, told_of[name][-1:], since)
        )
    )


@dataclass(frozen=True, slots=True)
class Word:
    """What a line of ``_History`` tells of a cell; ``is_by_hand`` where a hand filled it."""

    when: float
    before: Cell
    after: Cell
    is_by_hand: bool


def _row_in(seen: Reading | None, reference: RowReference, row_id: str) -> Row | None:
    """Find the key result in a reading; None where it is not there, or not alone."""
    table = find_tables(seen, []).get(KEY_RESULTS) if seen is not None else None
    if table is None:
        return None
    by_id = RowReference(KEY_RESULTS, row_id, ())
    found = matching_rows(table, by_id) or matching_rows(table, reference)
    return found[0] if len(found) == 1 else None


def _names(row_id: str, row: Row | None) -> set[str]:
    """Give the names under which ``_History`` may tell of a row: it may have had no ID then."""
    if row is None:
        return {row_id}
    said = content_key(KEY_RESULTS, *(row.cell(name) for name in NAMING[KEY_RESULTS]))
    return {row_id, read_id(said)}


def _told_of(
    columns: Mapping[str, int], lines: Sequence[Sequence[Cell]], names: set[str]
) -> Mapping[str, list[Word]]:
    """Gather what ``_History`` tells of each cell of a row, in its order."""
    words: dict[str, list[Word]] = {name: [] for name in MIRRORED}
    place = columns.get("Row ID", -1)
    for line in lines:
        if not 0 <= place < len(line) or line[place] not in names:
            continue
        said = {name: line[at] if at < len(line) else "" for name, at in columns.items()}
        column, when = read_id(said.get("Column", "")), said.get("When")
        before, after = said.get("Before", ""), said.get("After", "")
        is_of_it = known_tab(read_id(said.get("Tab", ""))) == KEY_RESULTS and column in words
        if not is_of_it or not isinstance(when, float):
            continue
        is_board = read_id(said.get("Source", "")).casefold() == BOARD
        is_by_hand = not is_board and not is_blank(after)
        words[column].append(Word(when, before, after, is_by_hand))
    return words


def _is_just_typed(
    cell: Cell, name: str, row: Row | None, last: Sequence[Word], since: float
) -> bool:
    """Tell whether a cell holds what neither its last word nor the last reading knows of.

    It may still be as it was before the last word: where Google did not take what is told there.
    """
    known = [one for word in last for one in (word.before, word.after)]
    if any(is_same(told(one), told(cell)) for one in known):
        return False
    is_unlike_reading = row is not None and not is_same(row.cell(name), cell)
    return is_unlike_reading or any(word.when > since for word in last)
