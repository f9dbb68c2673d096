"""Letting ``_History`` tell that an edit was not made after all."""

import logging
import secrets
from collections.abc import Callable, Sequence

from okr.columns import HISTORY
from okr.workbooks.editing import edit_history
from okr.workbooks.entries import Cells
from okr.workbooks.google_anchors import hold_columns
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_placing import MENDING_PAUSES
from okr.workbooks.google_refresh import Refresher
from okr.workbooks.google_sending import Sender
from okr.workbooks.google_writing import append_rows, create_token, delete_metadata
from okr.workbooks.interface import CellEdit, EditDraft, ReadError, RefusedError, SavedRow
from okr.workbooks.row_ids import token_id

_log = logging.getLogger(__name__)


class Retracter:
    """Appends the way back of what was logged and then refused. Not for two threads at once."""

    def __init__(
        self,
        calls: Calls,
        refresher: Refresher,
        sender: Sender,
        sleep: Callable[[float], None],
    ) -> None:
        self._calls = calls
        self._refresher = refresher
        self._sender = sender
        self._sleep = sleep

    def retract(self, draft: EditDraft, saved: SavedRow, tokens: Sequence[int]) -> None:
        """Let history tell that a change was not made after all, and free its operation."""
        back = [CellEdit(cell.column, cell.wanted, cell.seen) for cell in saved.written]
        lines = edit_history(draft, saved.row_id, back)
        once = f"back-{secrets.token_hex(6)}"  # so that an answer which is lost does no harm
        for pause in (0.0, *MENDING_PAUSES):
            if pause:
                self._sleep(pause)
            try:
                self._tell(lines, once, tokens)
            except RequestFailedError as failure:
                if failure.doubled == token_id(once):
                    return
                _log.warning("_History could not be told yet: %s", failure)
                if failure.trouble is Trouble.INVALID:
                    self._refresher.forget_layout()
            except (RefusedError, ReadError):
                break
            else:
                return
        _log.error("_History tells of a change of %s that was not made", saved.row_id)

    def _tell(self, lines: Sequence[Cells], once: str, tokens: Sequence[int]) -> None:
        known = self._refresher.known()
        look = self._calls.look(known.layout, known.rows, (HISTORY,))
        gids = [sheet.gid for sheet in known.layout.sheets]
        grid = look.grids.get(HISTORY)
        history = [*hold_columns(grid, ()), *append_rows(HISTORY, grid, lines, once, gids)]
        proof = create_token(self._sender.token(once, {}))
        self._calls.batch({"requests": [proof, *history, *delete_metadata(tokens)]})
