"""What an earlier attempt at an edit has left in the sheet, told by a fresh look."""

from dataclasses import dataclass, field, replace

from okr.columns import known_tab
from okr.workbooks.entries import same
from okr.workbooks.google_attempts import MovedError
from okr.workbooks.google_giving_back import is_anywhere
from okr.workbooks.google_grid import Grid, GridRow, Look
from okr.workbooks.google_placing import Placer, found_in
from okr.workbooks.google_planning import find_target
from okr.workbooks.google_retracting import Retracter
from okr.workbooks.google_sent import Seen, Sent, holds
from okr.workbooks.interface import CellEdit, EditDraft, RefusedError, RowReference, SavedRow

_NOT_SEEN = (
    "It was logged before, but it does not stand there now: somebody has changed the row since, or "
    "it never arrived. Look at the row in the sheet."
)


@dataclass(slots=True)
class Way:
    """How far an edit has come, from one attempt to the next."""

    draft: EditDraft
    reference: RowReference
    given: tuple[CellEdit, ...] = ()
    is_lost: bool = False
    is_logged: bool = False
    is_astray: bool = False
    is_taken: bool = False
    """Some of it stands in the row that was meant, as far as was seen."""
    is_again: bool = False
    """It was astray when it was asked for before, and nobody has looked since."""
    untold: tuple[Sent, Seen] | None = None
    tokens: list[int] = field(default_factory=list)
    saved: SavedRow | None = None

    def note(self, moved: MovedError) -> None:
        """Take in that rows or columns have moved, and what is known of it."""
        self.is_astray = self.is_astray or moved.is_astray
        self.is_taken = self.is_taken or moved.is_taken
        self.untold = moved.untold or self.untold


class Earlier:
    """Tells what an earlier attempt has left, and sees that it went right. One thread at a time."""

    def __init__(self, placer: Placer, retracter: Retracter) -> None:
        self._placer = placer
        self._retracter = retracter

    def partly(self, way: Way, grid: Grid, row: GridRow, refusal: RefusedError) -> SavedRow | None:
        """Tell what an earlier attempt has written, where the rest must not be written any more.

        ``_History`` then tells that the rest was not made. None if nothing of it stands there.
        """
        saved = way.saved
        if not way.is_logged or saved is None:
            return None
        stands = {
            cell.column: same(row.cell(grid.column(cell.column)).value, cell.wanted)
            for cell in saved.written
        }
        if not any(stands.values()):
            return None
        written = tuple(cell for cell in saved.written if stands[cell.column])
        missing = tuple(cell for cell in saved.written if not stands[cell.column])
        self._retracter.retract(way.draft, replace(saved, written=missing), ())
        reason = str(refusal).removeprefix("Nothing was saved: ")
        return replace(saved, written=written, remark=f"The rest was not saved: {reason}")

    def as_logged(self, saved: SavedRow, look: Look, reference: RowReference) -> SavedRow:
        """Say of what an earlier attempt, maybe of another process, has logged if it stands there.

        It is not written again: somebody may have taken it back.
        """
        if saved.row_id:
            reference = RowReference(reference.tab, saved.row_id, ())
        try:
            target = find_target(look, reference)
        except RefusedError:
            return replace(saved, remark=_NOT_SEEN)
        grid = look.grids[known_tab(reference.tab) or reference.tab]
        stands = [
            same(target.row.cell(grid.column(cell.column)).value, cell.wanted)
            for cell in saved.written
        ]
        return saved if all(stands) else replace(saved, remark=_NOT_SEEN)

    def ensure_told_right(self, way: Way) -> bool:
        """Tell whether what was sent to a row that could not be told went to the right one."""
        if way.untold is None:
            return False
        try:
            is_right = self._placer.ensure_right(*way.untold)
        except MovedError as moved:
            way.untold = moved.untold
            return False
        way.untold = None
        return is_right

    def is_astray(self, way: Way, grid: Grid | None) -> bool:
        """Tell by a fresh look whether what was sent still stands in a row that nobody can tell.

        Where it does not, nothing of it is there: people have typed over the row, or deleted it.
        """
        if way.untold is not None and grid is not None and not is_anywhere(*way.untold, grid):
            self._placer.doubt(way.untold[0])  # the look may be an old one
            way.untold = None
        return way.untold is not None

    def ensure_went_right(self, sent: Sent, grid: Grid | None) -> bool:
        """Tell by a fresh look whether cells went where they were meant, and put them right."""
        if grid is None:
            return True
        if self._placer.mend_beside(sent, grid):
            return False
        if holds(sent, grid):
            return True
        sent, seen = found_in(sent, grid)
        if seen is None or not (sent.is_where(seen) or sent.held_by(seen)):
            # Its anchor is gone, or on a row that was not written to: only its own row can tell.
            return not holds(sent, grid, is_before=True)
        return self._placer.ensure_right(sent, seen, now=grid)
