"""Writing cells of one row of people's, held in its place; what went elsewhere is put right.

A batch names the row and its columns by their places, and holds them there: see
``google_anchors``. So nothing is written where one of them has moved, and nothing is half written.
The reply shows the row's ID and the headers. Where a sort has left the anchor behind, so that it
held another row in place, or a column was cut and pasted, those cells get back what they had. That
takes a turn, as what people save does: see ``next_turn``. So it never undoes what another process
has written there since the look.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from okr.workbooks.google_anchors import anchoring, hold_columns, hold_row
from okr.workbooks.google_attempts import MovedError
from okr.workbooks.google_before import how_it_looked
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError
from okr.workbooks.google_giving_back import beside, giving_back, is_anywhere
from okr.workbooks.google_grid import Grid, GridRow
from okr.workbooks.google_held_columns import also_anchoring
from okr.workbooks.google_moves import headers_of
from okr.workbooks.google_replies import headers_after, row_after
from okr.workbooks.google_sent import Seen, Sent, holds, is_copied, marked
from okr.workbooks.google_writing import (
    batch,
    next_turn,
    number_format,
    write_cell,
    write_formula,
)
from okr.workbooks.interface import ReadError

MENDING_PAUSES = (0.5, 1.5, 3.0)
"""Seconds before each further try to put cells right."""

ENOUGH_LOOKS = 3
"""So many looks that find nothing of what was sent end the matter; two may be old ones."""

MOST_DOUBTS = 20
MOST_TRIES = 5

_log = logging.getLogger(__name__)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A write of which nobody knows whose row it went to, or one that is still to be put right.

    ``wrong`` is what was seen of the wrong row, and how it was before.
    """

    sent: Sent
    wrong: tuple[Seen, GridRow] | None = None
    tries: int = 0


class Placer:
    """Writes cells into rows that their anchors hold in place. Not for two threads at once."""

    def __init__(
        self,
        calls: Calls,
        look: Callable[[Grid], Grid | None],
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        """Take how to look at a tab afresh."""
        self._calls = calls
        self._look = look
        self._now = now
        self._sleep = sleep
        self._doubts: list[_Doubt] = []

    def make_anchor(self, sent: Sent) -> Sent | None:
        """Give a row its anchor, and see the row afresh; None if the row or its columns moved.

        Anchors for the same ID on other rows are taken away, if there are many.

        Raises:
            RequestFailedError: If Google refused it, or nobody knows.
        """
        return sent.seen_in(self.make_anchors(sent))

    def make_anchors(self, sent: Sent, bare: Collection[Grid] = ()) -> Json:
        """Give a row its anchor, and the columns of other tabs theirs; give the reply.

        Raises:
            RequestFailedError: If Google refused it, or nobody knows.
        """
        requests = anchoring(sent.grid, sent.target, sent.columns)
        body = asking(sent.grid, sent.target.row, requests)
        return self._calls.batch(also_anchoring(body, bare))

    def place(self, sent: Sent, others: Sequence[Json]) -> Seen | None:
        """Write cells into the row that their anchor holds in place, and send other requests along.

        Gives the row and the headers as they are then; None if nobody knows whether it was done.

        Raises:
            MovedError: If the row was not there, so that nothing was written.
            RequestFailedError: If it was refused.
        """
        grid, row = sent.grid, sent.target.row
        held = hold_row(grid, sent.target, sent.anchor) + hold_columns(grid, sent.columns)
        try:
            reply = self._calls.batch(asking(grid, row, [*others, *held, *_written(sent)]))
        except RequestFailedError as failure:
            if failure.trouble.is_unknown:
                return None
            if failure.doubled is not None:  # it has moved, or another process was faster
                raise MovedError from failure
            raise
        return row_after(reply, grid, row), headers_after(reply, grid)

    def ensure_right(
        self,
        sent: Sent,
        seen: Seen,
        pauses: Sequence[float] = MENDING_PAUSES,
        now: Grid | None = None,
    ) -> bool:
        """Tell whether cells went where they were meant; what they went to instead is put right.

        ``now`` is the later look that has shown the row, if it was not the reply.

        Raises:
            MovedError: If that row cannot be told, as it has been changed itself, or not put right;
                or if some of its cells took what was sent, and others were merged just then.
        """
        if not sent.is_headed(seen[1]):
            seen = self._headed(sent, seen)
        if sent.is_where(seen):
            return _is_taken(sent, seen, now)
        if not sent.held_by(seen):
            return False
        before = self._before(sent, seen)
        if before is None:
            _log.error("the row that was written to for %s cannot be told", sent.target.id)
            raise MovedError(is_astray=True, untold=(sent, seen))
        if sent.is_own(seen, before):
            return _is_taken(sent, seen, now)
        if not self._put_right(sent, seen, before, pauses):
            self._keep(_Doubt(sent, (seen, before)))
            raise MovedError(is_astray=True)
        return False

    def _headed(self, sent: Sent, seen: Seen) -> Seen:
        """See the headers afresh, because rows were inserted above them when the row was seen.

        Raises:
            MovedError: If they cannot be seen now.
        """
        try:
            grid = self._look(sent.grid)
        except (RequestFailedError, ReadError) as failure:
            self.doubt(sent)
            raise MovedError(is_astray=True, untold=(sent, seen)) from failure
        return seen if grid is None else (seen[0], headers_of(grid))

    def see_to(self, sent: Sent) -> bool:
        """After an answer that never came, see whose row was written to, and put it right.

        Tells whether all of it went where it was meant.

        Raises:
            RequestFailedError: If Google does not let it be looked at; it is seen to later.
        """
        self._sleep(MENDING_PAUSES[0])
        try:
            grid = self._look(sent.grid)
        except RequestFailedError:
            self.doubt(sent)
            raise
        if grid is None or self.mend_beside(sent, grid):
            return False
        if holds(sent, grid):
            return True
        sent, seen = found_in(sent, grid)
        if seen is not None:
            self.ensure_right(sent, seen, now=grid)
        return False

    def mend_beside(self, sent: Sent, grid: Grid) -> bool:
        """Tell whether cells went to columns that had moved; they are put right, soon or later."""
        found = beside(sent, grid)
        if found is None:
            return False
        if not self._put_right(*found, MENDING_PAUSES):
            self._keep(_Doubt(found[0], found[1:]))
        return True

    # --- what nobody knows yet

    def doubt(self, sent: Sent) -> None:
        """Remember a write of which nobody knows whose row it went to."""
        self._keep(_Doubt(sent))

    def _keep(self, doubt: _Doubt) -> None:
        self._doubts = [*self._doubts, doubt][-MOST_DOUBTS:]

    def has_doubts(self, row_id: str = "") -> bool:
        """Tell whether there is such a write, to a row or to any."""
        return any(row_id in ("", doubt.sent.target.id) for doubt in self._doubts)

    def settle(self) -> None:
        """Look at each such write again, and put right what was wrong."""
        doubts, self._doubts = self._doubts, []
        for doubt in doubts:
            if not self._settle(doubt) and doubt.tries < MOST_TRIES:
                self._keep(replace(doubt, tries=doubt.tries + 1))

    def _settle(self, doubt: _Doubt) -> bool:
        sent, wrong = doubt.sent, doubt.wrong
        if wrong is None:
            try:
                grid = self._look(sent.grid)
            except (RequestFailedError, ReadError) as failure:
                _log.warning("what became of a write is not known yet: %s", failure)
                return False
            if grid is None:
                return True
            if (found := beside(sent, grid)) is not None:
                return self._put_right(*found, MENDING_PAUSES[:2])
            sent, seen = found_in(sent, grid)
            if seen is None or holds(sent, grid):
                return True
            if sent.is_where(seen) or not sent.held_by(seen):
                return True
            before = how_it_looked(sent, seen, grid)
            if before is None or sent.is_own(seen, before):
                return True
            is_right = self._put_right(sent, seen, before, MENDING_PAUSES[:2])
            return is_right and not is_copied(sent, seen, grid)
        return self._put_right(sent, *wrong, MENDING_PAUSES[:2])

    # --- what went wrong

    def _before(self, sent: Sent, seen: Seen) -> GridRow | None:
        """Say how a wrongly written row looked; if two may be it, by which of them still stands."""
        before = how_it_looked(sent, seen)
        if before is not None:
            return before
        try:
            now = self._look(sent.grid)
        except (RequestFailedError, ReadError) as failure:
            _log.warning("rows that are alike could not be told apart: %s", failure)
            return None
        return None if now is None else how_it_looked(sent, seen, now)

    def _put_right(self, sent: Sent, seen: Seen, before: GridRow, pauses: Sequence[float]) -> bool:
        """Give cells that were not meant back what they had; tell whether they have it.

        That nothing of what was sent is there any more is as good: the answer to an earlier try may
        have been lost, or somebody has typed over it.
        """
        without = 0
        for pause in (0.0, *pauses):
            if pause:
                self._sleep(pause)
            try:
                grid = self._look(sent.grid)
                if grid is not None and not is_anywhere(sent, seen, grid):
                    without += 1
                    is_done = without == ENOUGH_LOOKS
                else:
                    is_done = grid is not None and self._give_back(sent, seen, before, grid)
            except (RequestFailedError, ReadError, MovedError) as failure:
                _log.warning("what was overwritten could not be put back yet: %s", failure)
                continue
            if is_done:
                _log.warning("rows were moved while %s was saved; now put right", sent.target.id)
                return True
        _log.error("cells were overwritten and not put right yet: %s", before.values)
        return False

    def _give_back(self, sent: Sent, seen: Seen, before: GridRow, grid: Grid) -> bool:
        """Write what stood in cells before, held in place too; tell whether it is done."""
        back = giving_back(sent, seen, before, grid)
        if back is None or not back.cells:
            return back is not None
        free = back.uncovered()
        if not free.cells:
            return False
        is_all, back = len(free.cells) == len(back.cells), free
        anchored = back if back.is_anchored else self.make_anchor(back)
        if anchored is None:
            return False
        anchored = anchored.still()
        if not anchored.cells:
            return False  # typed over since, or another row that is alike: a fresh look tells
        placed = self.place(anchored, next_turn(grid.tokens, self._now().timestamp()))
        if placed is None:
            self.doubt(anchored)  # it may itself have gone astray
            return False
        # Where columns have moved again, one without a header cannot be told by the reply; and
        # cells may have been merged just then.
        is_right = self.ensure_right(anchored, placed, pauses=())
        is_held = anchored.is_laid_out(placed) and anchored.is_held(placed)
        return is_right and is_held and is_all


def _is_taken(sent: Sent, seen: Seen, now: Grid | None) -> bool:
    """Tell whether the row that was meant took what was sent, and no cell was merged just then.

    Raises:
        MovedError: If some of its cells took it, and others did not.
    """
    is_lost = sent.is_lost(seen, now)
    if is_lost and sent.held_by(seen):
        raise MovedError(is_taken=True)
    return not is_lost


def found_in(sent: Sent, grid: Grid) -> tuple[Sent, Seen | None]:
    """Find the row that is held in place for what was sent, laid out as the columns stand by now.

    Where they have moved, it shows by what it holds whether that was before or after the write; if
    not, it was after, for a batch holds its columns in place.
    """
    seen = marked(sent, grid)
    moved = sent.under(headers_of(grid))
    is_moved = seen is not None and moved.held_by(seen) >= sent.held_by(seen)
    return (moved if is_moved else sent), seen


def asking(grid: Grid, row: GridRow, requests: Sequence[Json]) -> Json:
    """Put requests into a batch whose reply shows the headers, a row and the next after it."""
    next_row = [row.number + 1] if row.number + 1 < grid.height else []
    return batch(requests, grid, headers_of(grid).number, row.number, *next_row)


def _written(sent: Sent) -> list[Json]:
    """Ask for each cell by its place; numbers that are moments get a format where none is."""
    grid, number = sent.grid, sent.target.row.number
    requests: list[Json] = []
    for cell in sent.cells:
        place = sent.column(cell)
        if formula := sent.formulas.get(cell.column):  # the very text that stood there
            requests.append(write_formula(grid, number, place, formula))
            continue
        is_formatted = grid.row(number).cell(place).number_format
        shape = None if is_formatted else number_format(cell.column, cell.wanted)
        requests.append(
            write_cell(grid, number, place, cell.wanted, dict(shape) if shape else None)
        )
    return requests
