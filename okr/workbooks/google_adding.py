"""New rows of objectives and key results in a Google Sheet, each exactly once."""

from collections.abc import Callable
from datetime import datetime
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
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_grid import Grid, Look
from okr.workbooks.google_moves import headers_of
from okr.workbooks.google_planning import (
    LONGEST_TEXT,
    headed,
    history_lines,
    mentioned_ids,
    table_of,
)
from okr.workbooks.google_refresh import Known, Refresher
from okr.workbooks.google_sending import Appender
from okr.workbooks.google_straightening import NewRow, Straightener
from okr.workbooks.google_writing import (
    append_rows,
    batch,
    create_token,
    delete_metadata,
    is_token_of,
    old_tokens,
)
from okr.workbooks.interface import RefusedError, RowDraft, SavedRow
from okr.workbooks.row_ids import added_row_ids

MOST_IDS = 5
"""So many IDs that an operation may have given its row are looked for."""


class RowAdder(Appender):
    """Appends rows, one at a time."""

    what = "the change"

    def __init__(
        self,
        calls: Calls,
        refresher: Refresher,
        straightener: Straightener,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        super().__init__(calls, refresher, now, sleep)
        self._straightener = straightener

    def add(self, draft: RowDraft) -> SavedRow:
        """Append a row, unless its operation is there already.

        Raises:
            RefusedError: If nothing was written.
            RequestFailedError: If nothing was written, because of Google.
            UnknownOutcomeError: If that cannot be told.
        """
        draft = check_row(draft, LONGEST_TEXT)
        try:
            return self._add(draft)
        except RequestFailedError as failure:
            if failure.trouble is not Trouble.INVALID:
                raise
        self._refresher.forget_layout()  # a tab has been renamed or shortened since
        return self._add(draft)

    def _add(self, draft: RowDraft) -> SavedRow:
        name = known_tab(draft.tab) or ""
        known = self._refresher.known()
        if any(tab.origin for tab in known.reading.tabs):
            raise RefusedError(NO_NEW_ROWS)
        look = self._calls.look(known.layout, known.rows, (name, HISTORY))
        grid, header = headed(look, name)
        taken = {read_id(row.cell("ID")) for row in table_of(grid, header).rows([])}
        before = _given_before(draft, name, look, known, taken)
        if before is not None:
            self._straightener.see_to(_new(draft, grid, before), None)
            return as_saved_row(draft, before, was_there=True)
        taken |= set(mentioned_ids(name, known.rows(CHECK_INS)))
        row_id = next(one for one in added_row_ids(name, draft.operation) if one not in taken)
        requests = self._requests(draft, name, row_id, look, known)
        reply, was_there = self._sender.append(
            draft.operation,
            look.tokens,
            lambda token: batch([create_token(token), *requests], grid, headers_of(grid)),
        )
        self._straightener.see_to(_new(draft, grid, row_id), reply)
        if look.grids.get(HISTORY) is None:
            self._refresher.forget_layout()
        return as_saved_row(draft, row_id, was_there)

    def _requests(
        self, draft: RowDraft, name: str, row_id: str, look: Look, known: Known
    ) -> list[dict[str, Any]]:
        """Ask for the row, its line of history, and the end of old tokens."""
        gids = [sheet.gid for sheet in known.layout.sheets]
        grid, line = look.grids[name], row_history(draft, row_id)
        history = look.grids.get(HISTORY)
        return [
            *append_rows(name, grid, [_new(draft, grid, row_id).cells], draft.operation, gids),
            *append_rows(HISTORY, history, [line], draft.operation, gids),
            *delete_metadata(old_tokens(look.tokens, self._now().timestamp())),
        ]


def _new(draft: RowDraft, grid: Grid, row_id: str) -> NewRow:
    return NewRow(grid, row_id, (("ID", row_id), *draft.cells))


def _given_before(
    draft: RowDraft, name: str, look: Look, known: Known, present: set[str]
) -> str | None:
    """Find the ID that the operation has given its row already; None where it is not there."""
    candidates = list(islice(added_row_ids(name, draft.operation), MOST_IDS))
    told = row_in_history(draft, candidates, history_lines(look, known.rows(HISTORY)))
    if told is None and any(is_token_of(held, draft.operation) for held in look.tokens.values()):
        return next((one for one in candidates if one in present), candidates[0])
    return told
