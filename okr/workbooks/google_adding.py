"""New rows of objectives and key results in a Google Sheet, each exactly once."""

from itertools import islice
from typing import Any

from okr.cells import read_id
from okr.columns import CHECK_INS, HISTORY, known_tab
from okr.workbooks.editing import (
    NO_NEW_ROWS,
    as_saved_row,
    check_row,
    row_history,
    row_in_history,
)
from okr.workbooks.google_anchors import hold_columns
from okr.workbooks.google_attempts import MovedError
from okr.workbooks.google_failures import RequestFailedError
from okr.workbooks.google_grid import Look
from okr.workbooks.google_growing import history_lines, mentioned_ids
from okr.workbooks.google_held_columns import with_anchors
from okr.workbooks.google_planning import LONGEST_TEXT, headed, table_of
from okr.workbooks.google_refresh import Known
from okr.workbooks.google_sending import Appender
from okr.workbooks.google_writing import (
    append_rows,
    create_token,
    delete_metadata,
    is_token_of,
    old_tokens,
)
from okr.workbooks.interface import RefusedError, RowDraft, SavedRow
from okr.workbooks.row_ids import added_row_ids

MOST_IDS = 5
"""So many IDs that an operation may have given its row are looked for."""

Json = dict[str, Any]

_RESTLESS = "Nothing was saved: columns are being moved about in the sheet. Save again in a moment."


class RowAdder(Appender):
    """Appends rows, one at a time."""

    what = "the change"

    def add(self, draft: RowDraft) -> SavedRow:
        """Append a row, unless its operation is there already.

        Raises:
            RefusedError: If nothing was written.
            RequestFailedError: If nothing was written, because of Google.
            UnknownOutcomeError: If that cannot be told.
        """
        draft = check_row(draft, LONGEST_TEXT)
        return self._attempted(lambda is_refused: self._add(draft, may_lack=is_refused), _RESTLESS)

    def _add(self, draft: RowDraft, *, may_lack: bool) -> SavedRow:
        name = known_tab(draft.tab) or ""
        known = self._refresher.known()
        if _is_own_layout(known):
            self._refresher.forget_layout()  # a tab may have its name back by now
            known = self._refresher.known()
        if _is_own_layout(known):
            raise RefusedError(NO_NEW_ROWS)
        look = self._calls.look(known.layout, known.rows, (name, HISTORY))
        grid, header = headed(look, name)
        taken = {read_id(row.cell("ID")) for row in table_of(grid, header).rows([])}
        before = _given_before(draft, name, look, known, taken)
        if before is not None:
            return as_saved_row(draft, before, was_there=True)
        taken |= set(mentioned_ids(name, known.rows(CHECK_INS)))
        row_id = next(one for one in added_row_ids(name, draft.operation) if one not in taken)
        look = with_anchors(self._calls, look, (name, HISTORY), may_lack=may_lack)
        requests = self._requests(draft, name, row_id, look, known)
        was_there = self._append(draft, look, requests)
        if look.grids.get(HISTORY) is None:
            self._refresher.forget_layout()
        return as_saved_row(draft, row_id, was_there)

    def _append(self, draft: RowDraft, look: Look, requests: list[Json]) -> bool:
        """Send the batch, and tell whether its operation was there before.

        Raises:
            MovedError: If a column has moved, so that nothing was written.
        """
        try:
            _, was_there = self._sender.append(
                draft.operation,
                look.tokens,
                lambda token: {"requests": [create_token(token), *requests]},
            )
        except RequestFailedError as failure:
            if failure.doubled is None:
                raise
            raise MovedError(is_unsure=failure.is_unsure) from failure
        return was_there

    def _requests(
        self, draft: RowDraft, name: str, row_id: str, look: Look, known: Known
    ) -> list[Json]:
        """Ask for the row, its line of history, and the end of old tokens."""
        gids = [sheet.gid for sheet in known.layout.sheets]
        grid, history = look.grids[name], look.grids.get(HISTORY)
        line = row_history(draft, row_id)
        return [
            *hold_columns(grid, ()),
            *append_rows(name, grid, [(("ID", row_id), *draft.cells)], draft.operation, gids),
            *hold_columns(history, ()),
            *append_rows(HISTORY, history, [line], draft.operation, gids),
            *delete_metadata(old_tokens(look.tokens, self._now().timestamp())),
        ]


def _is_own_layout(known: Known) -> bool:
    return any(tab.origin for tab in known.reading.tabs)


def _given_before(
    draft: RowDraft, name: str, look: Look, known: Known, present: set[str]
) -> str | None:
    """Find the ID that the operation has given its row already; None where it is not there."""
    candidates = list(islice(added_row_ids(name, draft.operation), MOST_IDS))
    told = row_in_history(draft, candidates, history_lines(look, known.rows(HISTORY)))
    if told is None and any(is_token_of(held, draft.operation) for held in look.tokens.values()):
        return next((one for one in candidates if one in present), candidates[0])
    return told
