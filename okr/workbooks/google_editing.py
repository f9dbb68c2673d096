"""Edits in a Google Sheet: cells, history and token in one atomic batch.

The batch holds the row in its place: see ``google_placing``. So ``_History`` never tells of what
was not done. It takes a turn, so that of two processes that looked at the same moment one has
to look again: see ``next_turn``. Where cells went to another row or column they are put right, and
the edit is made once more.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from okr.columns import CHECK_INS, HISTORY, known_tab
from okr.workbooks.editing import check_edit, edit_history, edit_in_history
from okr.workbooks.google_anchors import anchor_of, hold_columns, stray_anchors
from okr.workbooks.google_attempts import MovedError, attempted, harmless
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_earlier import Earlier, Way
from okr.workbooks.google_elsewhere import look_for
from okr.workbooks.google_failures import RequestFailedError
from okr.workbooks.google_grid import Grid, GridRow, Look
from okr.workbooks.google_growing import history_lines, mentioned_ids
from okr.workbooks.google_held_columns import as_shown, bare_tabs
from okr.workbooks.google_placing import Placer
from okr.workbooks.google_planning import LONGEST_TEXT, Target, find_target, plan_cells
from okr.workbooks.google_refresh import Known, Refresher
from okr.workbooks.google_retracting import Retracter
from okr.workbooks.google_sending import Sender
from okr.workbooks.google_sent import Seen, Sent
from okr.workbooks.google_writing import (
    Json,
    append_rows,
    create_token,
    delete_metadata,
    is_token_of,
    next_turn,
    old_tokens,
    with_turn,
)
from okr.workbooks.interface import (
    CellEdit,
    EditDraft,
    RefusedError,
    RowReference,
    SavedRow,
    UnknownOutcomeError,
)

T = TypeVar("T")

MOST_UNSURE = 100

_RESTLESS = "Nothing was saved: the row is being moved about in the sheet. Save again in a moment."
_ASTRAY = (
    "Nobody can tell whether the change is there: its row was changed and moved about just then. "
    "Look at the row in the sheet."
)


class EditSaver:
    """Saves edits, one at a time."""

    def __init__(
        self,
        calls: Calls,
        refresher: Refresher,
        placer: Placer,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._calls = calls
        self._refresher = refresher
        self._placer = placer
        self._now = now
        self._sleep = sleep
        self._sender = Sender(calls, now, sleep, "the change")
        self._retracter = Retracter(calls, refresher, self._sender, sleep)
        self._earlier = Earlier(placer, self._retracter)
        self._unsure: dict[str, Sent] = {}
        self._astray: dict[str, Way] = {}

    def save(self, draft: EditDraft) -> SavedRow:
        """Change cells of one row, unless they have changed or the operation is there already.

        Raises:
            ConflictError: If a cell has been changed meanwhile or must not be written.
            RefusedError: If nothing was written.
            RequestFailedError: If nothing was written, because of Google.
            UnknownOutcomeError: If that cannot be told.
        """
        draft = check_edit(draft, LONGEST_TEXT)
        way = Way(draft, draft.row)
        if (before := self._astray.pop(draft.operation, None)) is not None:
            way = replace(before, draft=draft, is_again=True)
        try:
            return self._save(way)
        finally:
            if (sent := self._unsure.get(draft.operation)) is not None:
                self._placer.doubt(sent)  # another process may be the one to be asked again

    def _save(self, way: Way) -> SavedRow:
        """Attempt it, and see that what is told of a failure is true of what stands there."""
        draft = way.draft
        try:
            return attempted(
                lambda _: self._attempt(way),
                self._refresher.forget_layout,
                self._sleep,
                _RESTLESS,
                way.note,
            )
        except (RefusedError, RequestFailedError) as error:
            if way.is_astray:
                if way.is_logged:  # its token is no proof that it is there
                    _keep(self._astray, draft.operation, way)
                raise UnknownOutcomeError(_ASTRAY) from error
            if way.is_logged and way.saved is not None:
                self._retracter.retract(draft, way.saved, way.tokens)
            elif way.is_lost:  # what was sent first may still arrive
                raise UnknownOutcomeError(self._sender.unknown) from error
            raise

    def _attempt(self, way: Way) -> SavedRow:
        """Look, compare, and write what is still to be written."""
        if way.saved is not None and self._earlier.ensure_told_right(way):
            return way.saved
        name = known_tab(way.draft.row.tab) or ""
        known, look = look_for(self._calls, self._refresher, way.reference, (name, HISTORY))
        if way.is_again:
            way.is_astray, way.is_again = self._earlier.is_astray(way, look.grids.get(name)), False
        if not way.is_logged and (there := self._logged_before(way, look, known)):
            return there
        try:
            target = find_target(look, way.reference, mentioned_ids(name, known.rows(CHECK_INS)))
        except RefusedError:
            if way.is_taken and way.saved is not None:
                return self._earlier.as_logged(way.saved, look, way.reference)
            raise
        grid, way.is_taken = look.grids[name], False
        try:
            edits = plan_cells(way.draft, grid, target.row)
        except RefusedError as refusal:
            if partly := self._earlier.partly(way, grid, target.row, refusal):
                return partly
            raise
        if not edits:
            row_id = "" if target.is_new_id else target.id
            return way.saved or SavedRow(row_id, way.draft.row.tab, ())
        return self._write_held(way, Sent(grid, target, anchor_of(target) or 0, edits), look, known)

    def _logged_before(self, way: Way, look: Look, known: Known) -> SavedRow | None:
        """Tell of an edit that an earlier sending has logged, maybe another process's."""
        if any(is_token_of(held, way.draft.operation) for held in look.tokens.values()):
            return self._was_there(way, look, known)
        before = edit_in_history(way.draft, history_lines(look, known.rows(HISTORY)))
        return self._earlier.as_logged(before, look, way.reference) if before else None

    def _write_held(self, way: Way, sent: Sent, look: Look, known: Known) -> SavedRow:
        """See that the row can be held in its place, give it an ID if it has none, and write."""
        grid = sent.grid
        sent, look = self._anchored(sent, look)
        if sent.target.is_new_id:
            epoch = self._now().timestamp()
            sent = self._named(way, sent, next_turn(look.tokens, epoch))
            look = replace(look, tokens=with_turn(look.tokens, epoch))
        edits = plan_cells(way.draft, _with(grid, sent.target.row), sent.target.row)
        if not edits:  # somebody was faster, who may have had the same operation
            raise MovedError
        return self._write(way, replace(sent, cells=edits), look, known)

    # --- its row

    def _anchored(self, sent: Sent, look: Look) -> tuple[Sent, Look]:
        """See that the row and the log have their anchors; that shows the row afresh."""
        bare = bare_tabs(look, (HISTORY,))
        if sent.is_anchored and not bare:
            return sent, look
        with harmless():
            reply = self._placer.make_anchors(sent, bare)
        anchored = sent.seen_in(reply)
        if anchored is None:
            raise MovedError
        return anchored, as_shown(look, bare, reply)

    def _named(self, way: Way, sent: Sent, turn: Sequence[Json]) -> Sent:
        """Give an ID to a row that has none, and see whose row got it."""
        row_id = sent.target.id
        cell = CellEdit("ID", "", row_id)
        naming = replace(sent, cells=(cell,))
        seen = self._placer.place(naming, turn)
        if seen is None:
            self._placer.see_to(naming)
            raise MovedError
        if not self._placer.ensure_right(naming, seen):
            raise MovedError
        way.given = (cell,)
        way.reference = RowReference(way.reference.tab, row_id, ())
        if not naming.is_laid_out(seen):  # it has its ID, but its other cells stand elsewhere
            raise MovedError
        return replace(sent, target=Target(way.reference, seen[0], row_id, is_new_id=False))

    # --- its cells

    def _write(self, way: Way, sent: Sent, look: Look, known: Known) -> SavedRow:
        """Send the batch, and see whose row it went to."""
        draft = way.draft
        saved = way.saved or SavedRow(sent.target.id, draft.row.tab, sent.cells)
        if way.is_logged:
            seen = self._placer.place(sent, next_turn(look.tokens, self._now().timestamp()))
        else:
            seen = self._log_and_place(way, sent, look, known)
        if seen is None:
            if way.is_logged and self._has_arrived(way, sent):
                return saved
            raise MovedError
        self._unsure.pop(draft.operation, None)
        way.is_logged, way.saved = True, saved
        if self._placer.ensure_right(sent, seen):
            return saved
        raise MovedError

    def _has_arrived(self, way: Way, sent: Sent) -> bool:
        """Tell whether a write whose answer was lost went right; what went elsewhere is put right.

        Raises:
            RequestFailedError: If nobody can tell.
        """
        try:
            return self._placer.see_to(sent)
        except RequestFailedError:
            way.is_astray = True
            raise

    def _log_and_place(self, way: Way, sent: Sent, look: Look, known: Known) -> Seen | None:
        """Send token, history and cells together; see ``Placer.place``.

        Raises:
            MovedError: If it is to be tried again, after another look.
            UnknownOutcomeError: If nobody can tell whether it was applied.
        """
        draft = way.draft
        token = self._sender.token(draft.operation, look.tokens)
        gids = [sheet.gid for sheet in known.layout.sheets]
        lines = edit_history(draft, sent.target.id, [*way.given, *sent.cells])
        history = append_rows(HISTORY, look.grids.get(HISTORY), lines, draft.operation, gids)
        others = [
            create_token(token),
            *next_turn(look.tokens, token.epoch),
            *delete_metadata(stray_anchors(sent.grid, sent.target)),
            *delete_metadata(old_tokens(look.tokens, self._now().timestamp())),
            *hold_columns(look.grids.get(HISTORY), ()),
            *history,
        ]
        if look.grids.get(HISTORY) is None:
            self._refresher.forget_layout()
        seen = self._placer.place(sent, others)
        way.tokens.append(token.id)
        if seen is None:
            _keep(self._unsure, draft.operation, sent)
            if not self._sender.arrives(token) and way.is_lost:
                raise UnknownOutcomeError(self._sender.unknown)
            way.is_lost = True
        return seen

    def _was_there(self, way: Way, look: Look, known: Known) -> SavedRow:
        """Tell of an edit whose token is in the sheet; see that it went to the right row."""
        draft, sent = way.draft, self._unsure.pop(way.draft.operation, None)
        told = edit_in_history(draft, history_lines(look, known.rows(HISTORY)))
        row_id = draft.row.id or (sent.target.id if sent else told.row_id if told else "")
        written = sent.cells if sent else told.written if told else draft.cells
        saved = SavedRow(row_id, draft.row.tab, written, was_there=not way.is_lost)
        if sent is None or self._is_proven(way, sent, look, saved):
            return self._earlier.as_logged(saved, look, way.reference)
        raise MovedError

    def _is_proven(self, way: Way, sent: Sent, look: Look, saved: SavedRow) -> bool:
        """Tell whether what is logged went where it was meant; from here on its token proves it no
        more, for what went elsewhere may not be put right at once.
        """
        way.is_logged, way.saved = True, replace(saved, was_there=False)
        way.reference = RowReference(way.draft.row.tab, sent.target.id, ())
        return self._earlier.ensure_went_right(sent, look.grids.get(sent.grid.name))


def _keep(kept: dict[str, T], operation: str, what: T) -> None:
    """Remember something of an operation; the oldest is forgotten before there is too much."""
    while len(kept) >= MOST_UNSURE:
        kept.pop(next(iter(kept)))
    kept[operation] = what


def _with(grid: Grid, row: GridRow) -> Grid:
    return replace(grid, rows={**grid.rows, row.number: row})
