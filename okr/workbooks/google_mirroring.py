"""Lets Current and Confidence follow a check-in that is saved, and remembers where they could not.

A mirror is written through the anchor of its row, and the reply shows whose row that was. Where it
was another one, what was overwritten there is put back, and the anchor is made anew.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from okr.columns import KEY_RESULTS
from okr.model import Cell
from okr.reading import Reading
from okr.tables import find_tables
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_grid import Grid, GridRow, Look
from okr.workbooks.google_planning import (
    Mirror,
    Target,
    find_target,
    is_row_of,
    mirrors_to_mend,
    naming_columns,
    rebase,
    reference_of,
    same,
)
from okr.workbooks.google_writing import (
    anchor_of,
    anchoring,
    batch,
    made_anchor,
    mirrored_row,
    put_back,
    row_after,
    stray_anchors,
)
from okr.workbooks.interface import RefusedError

MOST_OWED = 100
MOST_TRIES = 5

_LATER = "It is saved, but Google did not take the new Current yet; the board will try again."
_MOVED = "It is saved, but its row is being moved about; type the value into Current by hand."

_BARRED = "It is saved, but its row is protected; type the value into Current by hand."

_log = logging.getLogger(__name__)


class Mirrors:
    """Writes mirrors, and owes those that failed. Not for two threads at once."""

    def __init__(self, calls: Calls, look: Callable[[], Look]) -> None:
        self._calls = calls
        self._look = look
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
        self._forget(mirror.id)
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
        """Tell whether any mirror is still to be written."""
        return bool(self._owed)

    def mend(self, reading: Reading) -> None:
        """Write the mirrors that failed, where a reading shows that nobody has changed the cell."""
        table = find_tables(reading, []).get(KEY_RESULTS)
        due = mirrors_to_mend(self._owed, table) if table else []
        for operation in list(self._owed):
            mirror = self._owed.pop(operation)
            if operation in due and self._tries.get(operation, 0) < MOST_TRIES:
                self._mend(operation, mirror)
            else:
                self._tries.pop(operation, None)

    def _mend(self, operation: str, mirror: Mirror) -> None:
        self._tries[operation] = self._tries.get(operation, 0) + 1
        remark = self._try(operation, mirror, lambda: self._anew(mirror))
        _log.info("mirror of %s tried again: %s", mirror.id, remark or "done")

    def _try(self, operation: str, mirror: Mirror, act: Callable[[], str]) -> str:
        """Act, and owe the mirror if Google fails; a check-in that is saved stays saved."""
        try:
            remark = act()
        except RequestFailedError as failure:
            _log.warning("mirror of %s failed: %s", mirror.id, failure)
            if failure.trouble in (Trouble.INVALID, Trouble.FORBIDDEN):
                self._owed.pop(operation, None)
                return _BARRED
            _keep(self._owed, operation, mirror)
            return _LATER
        except RefusedError as refusal:
            _log.warning("mirror of %s given up: %s", mirror.id, refusal)
            return _MOVED
        self._owed.pop(operation, None)
        return remark

    def _forget(self, row_id: str) -> None:
        """Owe nothing more to a row that a newer check-in is about to write to."""
        self._owed = {one: mirror for one, mirror in self._owed.items() if mirror.id != row_id}

    def _first(self, mirror: Mirror, look: Look, target: Target, reply: dict[str, Any]) -> str:
        """Write right after the batch, whose reply shows what stands in the row's place."""
        grid = look.grids[KEY_RESULTS]
        anchor = anchor_of(target)
        row = row_after(reply, grid, target.row)
        if _is_row(mirror, grid, row):
            mirror = rebase(mirror, _with_row(grid, row), row)
        elif anchor is None:  # the row has moved away, so its new anchor marks another one
            return self._anew(mirror)
        anchor = made_anchor(reply) if anchor is None else anchor
        return self._anew(mirror) if anchor is None else self._write(mirror, look, anchor)

    def _anew(self, mirror: Mirror, is_last: bool = False) -> str:
        """Look for the row again, see to its anchor, and write."""
        look = self._look()
        grid = look.grids.get(KEY_RESULTS)
        target = find_target(look, reference_of(mirror))
        if grid is None or (target.id != mirror.id and not target.is_new_id):
            return _MOVED
        target = replace(target, id=mirror.id)
        mirror = rebase(mirror, grid, target.row)
        if not mirror.cells:
            return mirror.remark
        anchor = self._anchor(mirror, grid, target)
        return _MOVED if anchor is None else self._write(mirror, look, anchor, is_last)

    def _anchor(self, mirror: Mirror, grid: Grid, target: Target) -> int | None:
        """See that a row has its anchor and no other row has one for it; None if the row moved."""
        found = anchor_of(target)
        if found is not None and not stray_anchors(grid, target):
            return found
        reply = self._calls.batch(batch(anchoring(grid, target), grid, target.row))
        if not _is_row(mirror, grid, row_after(reply, grid, target.row)):
            return None
        return made_anchor(reply) if found is None else found

    def _write(self, mirror: Mirror, look: Look, anchor: int, is_last: bool = False) -> str:
        """Write through an anchor; put right what went to another row, and try once more."""
        if not mirror.cells:
            return mirror.remark
        header = look.grids[KEY_RESULTS].header
        if header is None:
            return _MOVED
        cells = [(cell.column, cell.after) for cell in mirror.cells]
        shown = mirrored_row(self._calls.write_row(anchor, cells, naming_columns(mirror, header)))
        if shown is not None and not is_row_of(mirror, header, shown):
            shown = self._calls.row(anchor)  # the reply may show less of the row than was asked for
        if shown is not None and is_row_of(mirror, header, shown):
            return mirror.remark
        if shown is not None:
            self._put_back(mirror, look, anchor, shown)
        return _MOVED if is_last else self._anew(mirror, is_last=True)

    def _put_back(self, mirror: Mirror, look: Look, anchor: int, now: Sequence[Cell]) -> None:
        """Give another row back what was overwritten, where it still holds what was written."""
        before = put_back(look, mirror, now)
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


def _keep(mirrors: dict[str, Mirror], operation: str, mirror: Mirror) -> None:
    """Remember a mirror; the oldest is forgotten before there are too many."""
    while len(mirrors) >= MOST_OWED:
        mirrors.pop(next(iter(mirrors)))
    mirrors[operation] = mirror
