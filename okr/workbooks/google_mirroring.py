"""Lets Current and Confidence follow a check-in that is saved, and remembers where they could not.

A mirror is written through the anchor of its row, and the reply shows whose row that was. Where it
was another one, what was overwritten there is put back, and the anchor is made anew.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from okr.cells import read_id
from okr.columns import CHECK_INS, KEY_RESULTS, Header
from okr.model import Cell
from okr.reading import Reading
from okr.tables import Table, find_tables
from okr.workbooks.entries import same
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_grid import Grid, GridRow, Look
from okr.workbooks.google_planning import (
    Mirror,
    Target,
    find_target,
    headed,
    is_open,
    is_row_of,
    mirrors_to_mend,
    naming_columns,
    rebase,
    reference_of,
    table_of,
)
from okr.workbooks.google_writing import (
    anchor_of,
    anchoring,
    batch,
    made_anchor,
    mirrored_row,
    row_after,
    row_before,
    stray_anchors,
)
from okr.workbooks.interface import RefusedError
from okr.workbooks.row_ids import check_in_id

MOST_OWED = 100
MOST_TRIES = 5
MOST_DOUBTS = 20

_LATER = "It is saved, but Google did not take the new Current yet; the board will try again."
_MOVED = "It is saved, but its row is being moved about; the board will try again."

_BARRED = "It is saved, but its row is protected; type the value into Current by hand."

_log = logging.getLogger(__name__)

Seen = tuple[Look, Mapping[str, Collection[Cell]]]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A mirror of which nobody knows whose row it went to: its answer, or the mend, was lost."""

    mirror: Mirror
    look: Look
    anchor: int
    tries: int = 0


class Mirrors:
    """Writes mirrors, and owes those that failed. Not for two threads at once."""

    def __init__(self, calls: Calls, look: Callable[[Mirror], Seen]) -> None:
        """Take how to look afresh: at the cells, and at what older check-ins say of a row."""
        self._calls = calls
        self._look = look
        self._doubts: list[_Doubt] = []
        self._owed: dict[str, Mirror] = {}
        self._tries: dict[str, int] = {}
        self._unsure: dict[str, Mirror] = {}

    def follow(
        self,
        operation: str,
        mirror: Mirror,
        look: Look,
        target: Target,
        reply: dict[str, Any] | None,
    ) -> str:
        """Write the mirror of a check-in that the reply says is saved; tell what is not mirrored.

        ``reply`` is None where Google's own was lost: then the row is looked for anew.
        """
        self._forget(mirror)
        self._unsure.pop(operation, None)
        if not mirror.cells:
            return mirror.remark
        if reply is None:
            return self._try(operation, mirror, lambda: self._anew(mirror))
        return self._try(operation, mirror, lambda: self._first(mirror, look, target, reply))

    def note_unsure(self, operation: str, mirror: Mirror) -> None:
        """Keep the mirror of a check-in of which nobody knows yet whether it is saved."""
        _keep(self._unsure, operation, mirror)

    def settle(self, operation: str) -> str | None:
        """Write what an operation that is saved after all still owes; None if nothing is known."""
        mirror = self._unsure.pop(operation, None) or self._owed.get(operation)
        if mirror is None:
            return None
        return self._try(operation, mirror, lambda: self._anew(mirror))

    def has_owed(self) -> bool:
        """Tell whether any mirror is still to be written, or may be."""
        return bool(self._owed or self._doubts or self._unsure)

    def mend(self, reading: Reading) -> None:
        """Write the mirrors that failed, where a reading shows that nobody has changed the cell."""
        table = find_tables(reading, []).get(KEY_RESULTS)
        self._clear_doubts(table)
        self._own_up(reading)
        due = mirrors_to_mend(self._owed, table) if table else []
        for operation in list(self._owed):
            mirror = self._owed.pop(operation)
            if operation in due and self._tries.get(operation, 0) < MOST_TRIES:
                self._mend(operation, mirror)
            else:
                self._tries.pop(operation, None)

    def _mend(self, operation: str, mirror: Mirror) -> None:
        self._tries[operation] = self._tries.get(operation, 0) + 1
        if any(doubt.mirror.id == mirror.id for doubt in self._doubts):
            _keep(self._owed, operation, mirror)  # first it must be known what was overwritten
            return
        remark = self._try(operation, mirror, lambda: self._anew(mirror))
        _log.info("mirror of %s tried again: %s", mirror.id, remark or "done")

    def _try(self, operation: str, mirror: Mirror, act: Callable[[], str]) -> str:
        """Act, and owe the mirror if Google fails; a check-in that is saved stays saved."""
        try:
            remark = act()
        except RequestFailedError as failure:
            _log.warning("mirror of %s failed: %s", mirror.id, failure)
            if failure.trouble is Trouble.INVALID and "protected" in failure.message:
                self._owed.pop(operation, None)
                return _BARRED
            _keep(self._owed, operation, mirror)
            return _LATER
        except RefusedError as refusal:
            _log.warning("mirror of %s put off: %s", mirror.id, refusal)
            remark = _MOVED
        self._owed.pop(operation, None)
        if remark == _MOVED:
            _keep(self._owed, operation, mirror)
        return remark

    def _forget(self, newer: Mirror) -> None:
        """Owe a row nothing more of which a newer check-in says something."""
        for operation, mirror in list(self._owed.items()):
            if mirror.id == newer.id:
                cells = tuple(cell for cell in mirror.cells if cell.name not in newer.said)
                self._owed[operation] = replace(mirror, cells=cells)

    def _own_up(self, reading: Reading) -> None:
        """Owe the mirrors of check-ins of which a reading shows that they are saved after all."""
        table = find_tables(reading, []).get(CHECK_INS) if self._unsure else None
        there = {read_id(row.cell("ID")) for row in table.rows([])} if table else set()
        for operation in list(self._unsure):
            if check_in_id(operation) in there:
                _keep(self._owed, operation, self._unsure.pop(operation))

    def _clear_doubts(self, table: Table | None) -> None:
        """See whose row was written to where the answer was lost, and put right what was wrong."""
        doubts, self._doubts = self._doubts, []
        for doubt in doubts:
            if table is not None and not is_open(doubt.mirror, table):
                continue  # it went where it was meant to go
            try:
                self._settle_doubt(doubt)
            except RequestFailedError as failure:
                _log.warning("what became of a mirror is not known yet: %s", failure)
                if doubt.tries < MOST_TRIES:
                    self._doubt(replace(doubt, tries=doubt.tries + 1))

    def _settle_doubt(self, doubt: _Doubt) -> None:
        now = self._calls.row(doubt.anchor)
        header = doubt.look.grids[KEY_RESULTS].header
        if now is not None and header is not None and not is_row_of(doubt.mirror, header, now):
            self._put_back(doubt.mirror, doubt.look, doubt.anchor, now)

    def _doubt(self, doubt: _Doubt) -> None:
        self._doubts = [*self._doubts, doubt][-MOST_DOUBTS:]

    def _first(self, mirror: Mirror, look: Look, target: Target, reply: dict[str, Any]) -> str:
        """Write right after the batch, whose reply shows what stands in the row's place."""
        grid = look.grids[KEY_RESULTS]
        anchor = anchor_of(target)
        row = row_after(reply, grid, target.row)
        if _is_row(mirror, grid, row):
            left = rebase(mirror, _with_row(grid, row), row)
            if left.remark != mirror.remark:  # by a person, or by another process's check-in
                return self._anew(mirror)
            mirror = left
        else:  # the row has moved away, and nobody has seen what it holds now
            return self._anew(mirror)
        anchor = made_anchor(reply) if anchor is None else anchor
        return self._anew(mirror) if anchor is None else self._write(mirror, look, anchor)

    def _anew(self, mirror: Mirror, is_last: bool = False) -> str:
        """Look for the row again, see to its anchor, and write."""
        look, older = self._look(mirror)
        grid, header = headed(look, KEY_RESULTS)
        target = find_target(look, reference_of(mirror, table_of(grid, header)))
        if target.id != mirror.id and not target.is_new_id:
            return _MOVED
        target = replace(target, id=mirror.id)
        mirror = rebase(mirror, grid, target.row, older)
        if not mirror.cells:
            return mirror.remark
        anchor, row = self._anchor(mirror, grid, target)
        if anchor is None:
            return _MOVED
        mirror = rebase(mirror, _with_row(grid, row), row, older)
        return self._write(mirror, look, anchor, is_last)

    def _anchor(self, mirror: Mirror, grid: Grid, target: Target) -> tuple[int | None, GridRow]:
        """See that a row has its anchor and no other row has one for it; None if the row moved.

        Gives the row as it was seen last, too.
        """
        found = anchor_of(target)
        if found is not None and not stray_anchors(grid, target):
            return found, target.row
        reply = self._calls.batch(batch(anchoring(grid, target), grid, target.row))
        row = row_after(reply, grid, target.row)
        if not _is_row(mirror, grid, row):
            return None, row
        return made_anchor(reply) if found is None else found, row

    def _write(self, mirror: Mirror, look: Look, anchor: int, is_last: bool = False) -> str:
        """Write through an anchor; put right what went to another row, and try once more."""
        if not mirror.cells:
            return mirror.remark
        header = look.grids[KEY_RESULTS].header
        if header is None:
            return _MOVED
        try:
            is_done = self._write_and_see(mirror, look, anchor, header)
        except RequestFailedError as failure:
            if failure.trouble.is_passing:
                self._doubt(_Doubt(mirror, look, anchor))
            raise
        if is_done:
            return mirror.remark
        return _MOVED if is_last else self._anew(mirror, is_last=True)

    def _write_and_see(self, mirror: Mirror, look: Look, anchor: int, header: Header) -> bool:
        """Write, and tell whether it went to the right row; what went to another is put back."""
        cells = [(cell.column, cell.after) for cell in mirror.cells]
        naming = naming_columns(mirror, header)
        width = max([*header.columns.values(), *map(len, _rows(look))])
        shown = mirrored_row(self._calls.write_row(anchor, cells, [*naming, width - 1]))
        if shown is not None and len(shown) <= max(naming, default=0):
            shown = self._calls.row(anchor)  # the reply may show less of the row than was asked for
        if shown is None or is_row_of(mirror, header, shown):
            return shown is not None
        self._put_back(mirror, look, anchor, shown)
        return False

    def _put_back(self, mirror: Mirror, look: Look, anchor: int, now: Sequence[Cell]) -> None:
        """Give another row back what was overwritten, where it still holds what was written."""
        written = {cell.column for cell in mirror.cells}
        before = row_before(look.grids[KEY_RESULTS], written, now)
        if before is None:
            _log.error("a row that is not %s was written to and cannot be told: %s", mirror.id, now)
            return
        mine = [c for c in mirror.cells if c.column < len(now) and same(now[c.column], c.after)]
        old = [(cell.column, before.cell(cell.column)) for cell in mine]
        plain = [(column, cell.value) for column, cell in old if not cell.formula]
        formulas = [(column, cell.formula) for column, cell in old if cell.formula]
        if plain:
            self._calls.write_row(anchor, plain)
        if formulas:  # the very text that stood there, so nothing that people typed is parsed
            self._calls.write_row(anchor, formulas, option="USER_ENTERED")
        _log.warning("a row was moved while %s was saved; its cells were put back", mirror.id)


def _is_row(mirror: Mirror, grid: Grid, row: GridRow) -> bool:
    return grid.header is not None and is_row_of(mirror, grid.header, row.values)


def _with_row(grid: Grid, row: GridRow) -> Grid:
    return replace(grid, rows={**grid.rows, row.number: row})


def _rows(look: Look) -> Iterable[Sequence[Cell]]:
    return (row.values for row in look.grids[KEY_RESULTS].rows.values())


def _keep(mirrors: dict[str, Mirror], operation: str, mirror: Mirror) -> None:
    """Remember a mirror; the oldest is forgotten before there are too many."""
    while len(mirrors) >= MOST_OWED:
        mirrors.pop(next(iter(mirrors)))
    mirrors[operation] = mirror
