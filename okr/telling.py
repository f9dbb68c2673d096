"""What ``_History`` says last of a cell, so that nothing is told twice."""

import math
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple

from okr.cells import read_id, read_text
from okr.columns import known_tab
from okr.model import Cell
from okr.tables import Table

LONGEST_TOLD = 1_000
"""Characters of a text that are kept; what follows is cut off, and marked so."""

MOST_DIFFERENCE = 2 / (24 * 60)
"""Days by which the clocks of two machines may differ."""

BOARD = "board"
"""What Source says of a change that was made on the board."""

EXISTS = "ID"
"""The column under which a row is told to have appeared or vanished."""


class Spot(NamedTuple):
    """A cell as ``_History`` names it: by its tab, the ID of its row, and its column."""

    tab: str
    row_id: str
    column: str


@dataclass(frozen=True, slots=True)
class Word:
    """The last that was told of a cell: what it held then, and where and when that was told.

    ``row`` is the 0-based row of ``_History``, -1 for what is still to be written there. ``when``
    is a serial number, None where it cannot be read.
    """

    after: Cell
    row: int
    when: float | None
    is_board: bool


def told(cell: Cell) -> Cell:
    """Give a cell as it is told: texts trimmed, and cut where they are too long to read."""
    if not isinstance(cell, str):
        return cell
    text = read_text(cell)
    return text if len(text) <= LONGEST_TOLD else f"{text[: LONGEST_TOLD - 1]}…"


def is_same(one: Cell, other: Cell) -> bool:
    """Tell whether two cells hold the same: TRUE is not 1, and blanks around a text do not count.

    Numbers are the same where spreadsheets cannot tell them apart, which is in their 15th digit.
    """
    if one is other:
        return True
    if isinstance(one, str) or isinstance(other, str):
        return (
            isinstance(one, str) and isinstance(other, str) and read_text(one) == read_text(other)
        )
    if isinstance(one, bool) or isinstance(other, bool):
        return type(one) is type(other) and one == other
    return one == other or math.isclose(one, other, rel_tol=1e-14)


def last_words(table: Table | None, spots: Collection[Spot]) -> dict[Spot, Word]:
    """Find the last word on each of some cells, in the order in which ``_History`` was written.

    Whatever the board did to a row says, besides, that the row exists. Where somebody has sorted
    the tab, whether it does goes by When.
    """
    needed = {"Row ID", "Tab", "Column", "After"}
    if table is None or not spots or not needed <= set(table.columns):
        return {}
    ids = {spot.row_id for spot in spots}
    place = table.columns["Row ID"]
    words: dict[Spot, Word] = {}
    for number, cells in table.numbered():
        if place < len(cells) and cells[place] in ids:
            _hear(table, number, cells[place], spots, words)
    return words


class Begun(NamedTuple):
    """The first line of ``_History`` in which the board changed a cell, and what came before it."""

    when: Cell
    before: Cell
    told: tuple[Cell, ...]
    """What lines between told that the cell held."""


def first_writes(
    table: Table | None, spots: Collection[Spot], rows: Set[int]
) -> Mapping[Spot, Begun | None]:
    """Find how the board first changed each cell, in some 0-based ``rows`` of ``_History``."""
    if table is None:
        return {}
    told: dict[Spot, tuple[Cell, ...]] = {}
    found: dict[Spot, Begun | None] = {}
    for number in sorted(rows):
        row = table.row(number, [])
        tab = read_id(row.cell("Tab"))
        spot = Spot(known_tab(tab) or tab, str(row.cell("Row ID")), read_id(row.cell("Column")))
        if spot not in spots or spot in found:
            continue
        if read_id(row.cell("Source")).casefold() == BOARD:
            found[spot] = Begun(row.cell("When"), row.cell("Before"), told.get(spot, ()))
        else:
            told[spot] = (*told.get(spot, ()), row.cell("After"))
    return found


def _hear(
    table: Table, number: int, row_id: Cell, spots: Collection[Spot], words: dict[Spot, Word]
) -> None:
    """Take in one row of ``_History``."""
    row = table.row(number, [])
    tab, column = read_id(row.cell("Tab")), read_id(row.cell("Column"))
    tab = known_tab(tab) or tab
    is_board = read_id(row.cell("Source")).casefold() == BOARD
    when = row.cell("When")
    moment = when if isinstance(when, float) else None
    spot, existence = Spot(tab, str(row_id), column), Spot(tab, str(row_id), EXISTS)
    if is_board and existence in spots and not _is_past(words.get(existence), moment):
        words[existence] = Word(row_id, number, moment, is_board=True)
    if spot not in spots:
        return
    if is_board or column != EXISTS or not _is_past(words.get(spot), moment, row.cell("Before")):
        words[spot] = Word(row.cell("After"), number, moment, is_board)


def _is_past(word: Word | None, moment: float | None, before: Cell | None = None) -> bool:
    """Tell whether a line below another is the older one, as it may be once somebody has sorted.

    Of two lines of about one moment, that one comes later which begins where the other ends: the
    clocks of two machines may differ.
    """
    if word is None or word.when is None or moment is None or moment >= word.when:
        return False
    if before is None or word.when - moment > MOST_DIFFERENCE:
        return True
    return not is_same(told(before), told(word.after))
