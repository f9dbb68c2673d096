"""Putting the cells of a new row under their headers, where columns were moved as it was sent.

A row is appended in the order in which the columns were seen. The reply shows the headers as they
stand then; where they do not stand as they were seen, or the reply is lost, the row is looked for
by its ID, and its cells are moved by a batch that holds it in place: see ``google_placing``.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okr.cells import read_id
from okr.model import Cell
from okr.row_names import NAMING
from okr.workbooks.entries import Cells, same
from okr.workbooks.google_failures import RequestFailedError
from okr.workbooks.google_grid import Grid, GridRow
from okr.workbooks.google_moves import at_place, headers_of
from okr.workbooks.google_placing import MENDING_PAUSES, MovedError, Placer
from okr.workbooks.google_planning import Target
from okr.workbooks.google_replies import row_after
from okr.workbooks.google_sent import Sent
from okr.workbooks.google_writing import anchor_of
from okr.workbooks.interface import CellEdit, ReadError, RowReference

MOST_OWED = 20
MOST_TRIES = 5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that was appended to a tab: its ID, and all its cells, that of the ID among them."""

    grid: Grid
    id: str
    cells: Cells
    tries: int = 0


class Straightener:
    """Sees that new rows stand as they should. Not for two threads at once."""

    def __init__(
        self,
        placer: Placer,
        look: Callable[[Grid], Grid | None],
        sleep: Callable[[float], None],
    ) -> None:
        """Take how to look at a tab afresh."""
        self._placer = placer
        self._look = look
        self._sleep = sleep
        self._owed: list[NewRow] = []

    def see_to(self, new: NewRow, reply: Mapping[str, Any] | None) -> None:
        """Look whether a new row stands under its headers, if its reply does not say so."""
        if reply is not None and _is_laid_out(new, reply):
            return
        for pause in (0.0, *MENDING_PAUSES):
            if pause:
                self._sleep(pause)
            if self._is_straight(new, is_fresh=reply is not None):
                return
        self._owe(new)

    def has_owed(self) -> bool:
        """Tell whether the cells of any new row may still stand under wrong headers."""
        return bool(self._owed)

    def settle(self) -> None:
        """Try again what could not be put under its headers yet."""
        owed, self._owed = self._owed, []
        for new in owed:
            if not self._is_straight(new):
                self._owe(new)

    def _owe(self, new: NewRow) -> None:
        if new.tries < MOST_TRIES:
            again = NewRow(new.grid, new.id, new.cells, new.tries + 1)
            self._owed = [*self._owed, again][-MOST_OWED:]

    def _is_straight(self, new: NewRow, *, is_fresh: bool = False) -> bool:
        """Look at a new row, and move what stands under wrong headers; tell if all is right.

        One that ``is_fresh`` was there a moment ago: a look without it is likely an old one.
        """
        try:
            grid = self._look(new.grid)
            row = _find(grid, new.id) if grid else None
            if grid is None or row is None:  # somebody has deleted it, or doubled it
                return grid is not None and not is_fresh
            edits = astray(grid, row, new.cells)
            if not edits and not _has_columns(grid, new.cells):
                return False  # a header may be missing only for a moment
            return not edits or self._move(grid, row, new, edits)
        except (RequestFailedError, ReadError, MovedError) as failure:
            _log.warning(
                "the cells of %s could not be put under their headers: %s", new.id, failure
            )
            return False

    def _move(self, grid: Grid, row: GridRow, new: NewRow, edits: Mapping[int, Cell]) -> bool:
        """Write each cell where it belongs; tell if that went to the row that was meant."""
        target = Target(_reference(grid, new), row, new.id, is_new_id=False)
        bare: Sent | None = Sent(grid, target, anchor_of(target) or 0, ())
        if bare and not bare.anchor:
            bare = self._placer.make_anchor(bare)
        if bare is None:
            return False
        names = {place: name for name, place in grid.header.columns.items()} if grid.header else {}
        cells = {names.get(place, str(place)): (place, wanted) for place, wanted in edits.items()}
        sent = Sent(
            grid,
            bare.target,
            bare.anchor,
            tuple(
                CellEdit(name, row.cell(place).value, wanted)
                for name, (place, wanted) in cells.items()
            ),
            {name: place for name, (place, _) in cells.items()},
        )
        seen = self._placer.place(sent, [])
        if seen is None:
            self._placer.see_to(sent)
            return False
        return self._placer.is_right(sent, seen)


def _has_columns(grid: Grid, cells: Cells) -> bool:
    """Tell whether all that a row says has its header."""
    return all(grid.column(name) is not None for name, value in cells if value != "")


def _is_laid_out(new: NewRow, reply: Mapping[str, Any]) -> bool:
    """Tell whether a reply shows the very headers under which the row was laid out."""
    before = headers_of(new.grid).values
    now = row_after(reply, new.grid, headers_of(new.grid)).values
    places = new.grid.header.columns if new.grid.header else {}
    return all(
        at_place(before, places[name]) == at_place(now, places[name])
        for name, _ in new.cells
        if name in places
    )


def _find(grid: Grid, row_id: str) -> GridRow | None:
    """Find the row that holds an ID, under whichever header."""
    first = grid.header.row if grid.header else 0
    rows = [
        row
        for row in grid.rows.values()
        if row.number > first and any(read_id(value) == row_id for value in row.values)
    ]
    return rows[0] if len(rows) == 1 else None


def _reference(grid: Grid, new: NewRow) -> RowReference:
    """Say what names the row once it stands as it should."""
    said = dict(new.cells)
    content = tuple((name, read_id(said.get(name, ""))) for name in NAMING[grid.name])
    return RowReference(grid.name, new.id, content)


def astray(grid: Grid, row: GridRow, cells: Sequence[tuple[str, Cell]]) -> dict[int, Cell]:
    """Say what each cell of a new row should hold, of those that are to be changed.

    A cell is changed only if it holds, or lacks, something of the row that stands under a wrong
    header; what people have typed since is theirs. Nothing is if some cell cannot take what belongs
    there, so that nothing is lost.
    """
    places = grid.header.columns if grid.header else {}
    wanted = {places[name]: value for name, value in cells if name in places and value != ""}

    def is_free(place: int) -> bool:
        return not grid.obstacle(row.number, place)

    def is_sent(value: Cell) -> bool:
        return value != "" and any(same(value, one) for one in wanted.values())

    def takes(place: int) -> bool:
        value = row.cell(place).value
        return same(value, wanted[place]) or (is_free(place) and (value == "" or is_sent(value)))

    if not all(takes(place) for place in wanted):
        return {}
    wrong = [
        place
        for place, value in enumerate(row.values)
        if is_sent(value) and not same(value, wanted.get(place, "")) and is_free(place)
    ]
    held = [row.cell(place).value for place in wrong]
    lacking = [
        place
        for place, value in wanted.items()
        if row.cell(place).value == "" and any(same(value, one) for one in held) and is_free(place)
    ]
    return {place: wanted.get(place, "") for place in [*wrong, *lacking]}
