"""Lets Current and Confidence follow a check-in that is saved, and remembers where they could not.

A mirror is written to its row as it is held in place, and takes a turn, as an edit does: see
``google_placing``. Where the row or a column has moved, or another process was faster, it is looked
for again.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from okr.cells import read_id
from okr.columns import CHECK_INS, KEY_RESULTS
from okr.model import Cell
from okr.reading import Reading
from okr.tables import find_tables
from okr.workbooks.google_anchors import anchor_of
from okr.workbooks.google_attempts import MovedError
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_grid import Grid, GridRow, Look
from okr.workbooks.google_placing import Placer
from okr.workbooks.google_planning import (
    CHANGED,
    Mirror,
    Target,
    find_target,
    headed,
    mirrored,
    rebase,
    reference_of,
    table_of,
    without,
)
from okr.workbooks.google_sent import Sent
from okr.workbooks.google_writing import TOKENS_LIVE, is_token_of, next_turn
from okr.workbooks.interface import RefusedError
from okr.workbooks.row_ids import check_in_id

MOST_OWED = 100
MOST_MENDS = 5
MOST_TRIES = 3

_LATER = "It is saved, but Google did not take the new Current yet; the board will try again."
_MOVED = "It is saved, but its row is being moved about; the board will try again."

_BARRED = "It is saved, but its row is protected; type the value into Current by hand."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A fresh look, and what other check-ins say of the row of a mirror by then.

    ``older`` are the values of each column that older ones say, ``newer`` the columns of which a
    newer one says something.
    """

    look: Look
    older: Mapping[str, Collection[Cell]]
    newer: Collection[str] = ()


class Mirrors:
    """Writes mirrors, and owes those that failed. Not for two threads at once."""

    def __init__(
        self, placer: Placer, look: Callable[[Mirror], Fresh], now: Callable[[], datetime]
    ) -> None:
        """Take how to look afresh at the row of a mirror."""
        self._placer = placer
        self._look = look
        self._now = now
        self._owed: dict[str, Mirror] = {}
        self._tries: dict[str, int] = {}
        self._unsure: dict[str, Mirror] = {}
        self._followed: dict[str, Mirror] = {}

    def follow(
        self,
        operation: str,
        mirror: Mirror,
        look: Look,
        target: Target,
        reply: dict[str, Any] | None,
        *,
        was_there: bool = False,
    ) -> str:
        """Write the mirror of a check-in that the reply says is saved; tell what is not mirrored.

        ``reply`` is None where Google's own was lost: then the row is looked for anew. With
        ``was_there`` the look was from before the check-in, and an earlier plan counts.
        """
        earlier = self._planned(operation) if was_there else None
        mirror = earlier or self._as_sent(operation, mirror)
        self._forget(mirror)
        self._unsure.pop(operation, None)
        _keep(self._followed, operation, mirror)
        if not mirror.cells:
            return mirror.remark
        if reply is None:
            return self._try(operation, mirror, lambda: self._anew(mirror))
        return self._try(operation, mirror, lambda: self._first(mirror, look, target, reply))

    def note_unsure(self, operation: str, mirror: Mirror) -> None:
        """Keep the mirror of a check-in of which nobody knows yet whether it is saved.

        Of one that is saved, or may be, what stood there at the first plan counts: what was planned
        since may go by an old look.
        """
        if operation in self._followed:
            return
        first = self._unsure.get(operation)
        mirror = _by_first(mirror, first) if first else mirror
        _keep(self._unsure, operation, self._as_sent(operation, mirror))

    def _planned(self, operation: str) -> Mirror | None:
        """Give what an earlier attempt has planned and is still to be written; None if none has."""
        done = self._followed.get(operation)
        left = replace(done, cells=()) if done else None
        return self._unsure.get(operation) or self._owed.get(operation) or left

    def _as_sent(self, operation: str, mirror: Mirror) -> Mirror:
        return replace(mirror, operation=operation, saved=self._now())

    def settle(self, operation: str, seen: Callable[[Mirror], Fresh]) -> str | None:
        """Write what an operation that is saved after all still owes; None if nothing is known.

        It goes by what has just been ``seen``, for another look may be an older one.
        """
        mirror = self._unsure.pop(operation, None) or self._owed.get(operation)
        if mirror is None:
            return None
        return self._try(operation, mirror, lambda: self._anew(mirror, seen=seen(mirror)))

    def has_owed(self) -> bool:
        """Tell whether any mirror is still to be written, or may be."""
        return bool(self._owed or self._unsure) or self._placer.has_doubts()

    def mend(self, reading: Reading) -> None:
        """Write the mirrors that failed, where a reading shows that nobody has changed the cell."""
        table = find_tables(reading, []).get(KEY_RESULTS)
        doubted = [one for one, it in self._owed.items() if self._placer.has_doubts(it.id)]
        self._placer.settle()
        self._own_up(reading)
        for operation, mirror in list(self._owed.items()):
            holds = mirrored(mirror, table) if table else None
            if operation in doubted:
                holds = False  # the reading is from before what went astray was put right
            if holds is None:
                continue  # its row may come back
            self._owed.pop(operation)
            if not holds and self._tries.get(operation, 0) < MOST_MENDS:
                self._mend(operation, mirror)
            else:
                self._tries.pop(operation, None)

    def _mend(self, operation: str, mirror: Mirror) -> None:
        if self._placer.has_doubts(mirror.id):
            _keep(self._owed, operation, mirror)  # first it must be known what was overwritten
            return
        self._tries[operation] = self._tries.get(operation, 0) + 1
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
        if remark in (_MOVED, _LATER):
            _keep(self._owed, operation, mirror)
        return remark

    def _forget(self, newer: Mirror) -> None:
        """Owe a row nothing more of which a newer check-in says something."""
        for operation, mirror in list(self._owed.items()):
            if mirror.id == newer.id and not _is_later(mirror, newer):
                cells = tuple(cell for cell in mirror.cells if cell.name not in newer.said)
                self._owed[operation] = replace(mirror, cells=cells)

    def _own_up(self, reading: Reading) -> None:
        """Owe the mirrors of check-ins of which a reading shows that they are saved after all."""
        table = find_tables(reading, []).get(CHECK_INS) if self._unsure else None
        there = {read_id(row.cell("ID")) for row in table.rows([])} if table else set()
        for operation in list(self._unsure):
            if check_in_id(operation) in there:
                _keep(self._owed, operation, self._unsure.pop(operation))

    def _first(self, mirror: Mirror, look: Look, target: Target, reply: dict[str, Any]) -> str:
        """Write right after the batch, whose reply shows what stands in the row's place."""
        grid = look.grids[KEY_RESULTS]
        sent = Sent(grid, target, anchor_of(target) or 0, mirror.edits).seen_in(reply)
        if sent is None:  # the row or a column has moved, and nobody has seen what is there now
            return self._anew(mirror)
        left = rebase(mirror, _with(grid, sent.target.row), sent.target.row)
        if left.remark != mirror.remark:  # by a person, or by another process's check-in
            return self._anew(mirror)
        return self._write(left, sent, look)

    def _anew(self, mirror: Mirror, tries: int = MOST_TRIES, seen: Fresh | None = None) -> str:
        """Look for the row again unless it was just ``seen``, see to its anchor, and write.

        Not while it is open what an earlier write has left in the row, nor by an old look, in which
        what has been mirrored since seems to be a person's.
        """
        if self._placer.has_doubts(mirror.id):
            return _LATER
        if not tries:
            return _MOVED
        fresh = seen or self._look(mirror)
        if self._is_old(fresh.look, mirror):
            return _LATER
        look, mirror = fresh.look, without(mirror, fresh.newer)
        grid, header = headed(look, KEY_RESULTS)
        target = find_target(look, reference_of(mirror, table_of(grid, header)))
        if target.id != mirror.id and not target.is_new_id:
            return _MOVED
        target = replace(target, id=mirror.id)
        left = rebase(mirror, grid, target.row, fresh.older)
        if not left.cells:
            return left.remark
        sent = Sent(grid, target, anchor_of(target) or 0, left.edits)
        if sent.is_anchored:
            return self._write(left, sent, look, tries)
        anchored = self._placer.make_anchor(sent)
        if anchored is None:
            return self._anew(mirror, tries - 1)
        row = anchored.target.row
        still = rebase(left, _with(grid, row), row, fresh.older)
        if still.remark != left.remark:  # by a person, or by another process's check-in
            return self._anew(mirror, tries - 1)
        return self._write(still, anchored, look, tries)

    def _is_old(self, look: Look, mirror: Mirror) -> bool:
        """Tell whether a look is from before the check-in: its token is not there."""
        if mirror.saved is None or (self._now() - mirror.saved).total_seconds() > TOKENS_LIVE / 2:
            return False
        return not any(is_token_of(held, mirror.operation) for held in look.tokens.values())

    def _write(self, mirror: Mirror, sent: Sent, look: Look, tries: int = MOST_TRIES) -> str:
        """Write where the row was just seen; look for it again where that was not the place."""
        if not mirror.cells:
            return mirror.remark
        sent = replace(sent, cells=mirror.edits)
        try:
            seen = self._placer.place(sent, next_turn(look.tokens, self._now().timestamp()))
            if seen is not None and self._placer.ensure_right(sent, seen):
                return mirror.remark
        except MovedError as moved:
            if moved.untold is None:
                return self._anew(mirror, tries - 1)
            seen = None
        if seen is None:
            self._placer.doubt(sent)
            return _LATER
        return self._anew(mirror, tries - 1)


def _is_later(one: Mirror, other: Mirror) -> bool:
    """Tell whether a check-in is of a later moment than another, which may not have seen it."""
    return one.when is not None and other.when is not None and one.when > other.when


def _by_first(mirror: Mirror, first: Mirror) -> Mirror:
    """Plan a mirror by what stood there when it was first planned."""
    before = {cell.name: cell.before for cell in first.cells} | {"ID": ""}
    cells = [
        replace(cell, before=before[cell.name]) for cell in mirror.cells if cell.name in before
    ]
    remarks = [CHANGED.format(cell.name) for cell in mirror.cells if cell.name not in before]
    return replace(
        mirror, cells=tuple(cells), remark=" ".join(filter(None, [mirror.remark, *remarks]))
    )


def _with(grid: Grid, row: GridRow) -> Grid:
    return replace(grid, rows={**grid.rows, row.number: row})


def _keep(mirrors: dict[str, Mirror], operation: str, mirror: Mirror) -> None:
    """Remember a mirror; the oldest is forgotten before there are too many."""
    while len(mirrors) >= MOST_OWED:
        mirrors.pop(next(iter(mirrors)))
    mirrors[operation] = mirror
