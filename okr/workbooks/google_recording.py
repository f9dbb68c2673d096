"""Recording hand edits in a Google Sheet: one look, one atomic batch, once among all processes."""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from okr.columns import HISTORY, find_header
from okr.reading import Tab
from okr.tables import Table
from okr.watching import SeenChange
from okr.workbooks.google_anchors import hold_columns
from okr.workbooks.google_attempts import MovedError
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import Account, RequestFailedError, Trouble, sentence
from okr.workbooks.google_grid import Look
from okr.workbooks.google_growing import are_rows_moved
from okr.workbooks.google_held_columns import with_anchors
from okr.workbooks.google_looks import OPERATION_KEY, TAIL
from okr.workbooks.google_refresh import Known, Refresher
from okr.workbooks.google_writing import (
    Token,
    append_rows,
    create_token,
    delete_metadata,
    old_tokens,
)
from okr.workbooks.interface import RefusedError, UnknownOutcomeError
from okr.workbooks.recording import MayNotRecordError, line_of, state_of, untold
from okr.workbooks.row_ids import token_id

ATTEMPTS = 3
MOST_TOKENS = 20

LONGEST_LAG = 120.0
"""Seconds for which Google may go on showing a sheet as it was before a change."""

TOKEN_FIELDS = "developerMetadata(metadataId,metadataKey,metadataValue)"


class ChangeRecorder:
    """Appends seen changes to ``_History``. Not for two threads at once.

    Who records puts a token of what was recorded before into the batch. Of two processes that both
    record on top of the same, Google refuses the second one's token; it then reads what the first
    one told, and tells the rest. An answer that is lost needs no search: the changes are kept and
    sent again, and either ``_History`` tells them by then, or the token is refused.
    """

    def __init__(self, calls: Calls, refresher: Refresher, now: Callable[[], datetime]) -> None:
        self._calls = calls
        self._refresher = refresher
        self._now = now

    def record(self, changes: Sequence[SeenChange]) -> int:
        """Append what is not told yet, and give the number of rows.

        Raises:
            RefusedError: If nothing was recorded.
            RequestFailedError: If nothing was recorded, because of Google.
            UnknownOutcomeError: If that cannot be told.
        """
        if not changes:
            return 0
        try:
            return self._record(changes, may_lack=False)
        except RequestFailedError as failure:
            if failure.trouble is not Trouble.INVALID or "protected" in failure.message:
                raise
        self._refresher.forget_layout()  # a tab has been renamed, added or shortened since
        return self._record(changes, may_lack=True)

    def _record(self, changes: Sequence[SeenChange], *, may_lack: bool) -> int:
        taken: set[int] = set()
        refusal = _BUSY
        for _ in range(ATTEMPTS):
            known = self._refresher.known()
            look = self._look(known)
            if _reaches_beyond(known, look) or _are_moved(known, look):
                self._refresher.refresh()
                continue
            history = _history(known, look)
            rest = untold(changes, history)
            if not rest:
                return 0
            try:
                look = with_anchors(self._calls, look, (HISTORY,), may_lack=may_lack)
            except MovedError as moved:
                if moved.failure is not None:
                    raise moved.failure from moved
                refusal = _RESTLESS
                self._refresher.refresh()
                continue
            state = state_of(history)
            number = _free_number(state, look.tokens, taken, self._now().timestamp())
            if number is not None:
                if self._send(number, state, known, look, rest):
                    return len(rest)
                if self._is_foreign(number):
                    taken.add(number)
            self._refresher.refresh()
        raise RefusedError(refusal)

    def _look(self, known: Known) -> Look:
        """See afresh how ``_History`` ends, and which tokens there are."""
        if known.layout.tab(HISTORY) is not None:
            return self._calls.look(known.layout, known.rows, (HISTORY,))
        reply = self._calls.metadata(TOKEN_FIELDS)
        entries = reply.get("developerMetadata", ())
        return Look(
            {
                entry["metadataId"]: entry.get("metadataValue", "")
                for entry in entries
                if entry.get("metadataKey") == OPERATION_KEY
            },
            {},
        )

    def _send(
        self, number: int, state: str, known: Known, look: Look, changes: Sequence[SeenChange]
    ) -> bool:
        """Send the batch; tell that another process was first by False."""
        operation = f"{_name(state)}-{secrets.token_hex(4)}"
        now = self._now().timestamp()
        gids = [sheet.gid for sheet in known.layout.sheets]
        grid, lines = look.grids.get(HISTORY), [line_of(one) for one in changes]
        rows = [*hold_columns(grid, ()), *append_rows(HISTORY, grid, lines, operation, gids)]
        requests: list[dict[str, Any]] = [create_token(Token(number, operation, now)), *rows]
        requests += delete_metadata(old_tokens(look.tokens, now))
        try:
            self._calls.batch({"requests": requests})
        except RequestFailedError as failure:
            if failure.trouble.is_unknown:
                raise UnknownOutcomeError(_UNKNOWN) from failure
            if failure.doubled is not None:
                return False
            raise
        if HISTORY not in look.grids:
            self._refresher.forget_layout()
        return True

    def _is_foreign(self, number: int) -> bool:
        """Tell whether a number that Google refused belongs to something else than a recording."""
        held = self._calls.token(number)
        return held is not None and not held.partition("@")[2].startswith(_KIND)


_KIND = "seen-"
_BUSY = "Nothing was recorded: another process was recording at the same time."
_RESTLESS = f"Nothing was recorded: columns of “{HISTORY}” are being moved about."
_UNKNOWN = "Google did not say whether the hand edits were recorded."


def as_unrecorded(failure: RequestFailedError, account: Account) -> RefusedError:
    """Turn a failed request into what the workbook's users know."""
    if failure.trouble is Trouble.FORBIDDEN:
        return MayNotRecordError(
            f"Hand edits are not recorded: the sheet is shared with {account.email} as Viewer. "
            f"Share it with {account.email} as Editor."
        )
    if failure.trouble is Trouble.INVALID and "protected" in failure.message:
        return MayNotRecordError(
            f"Hand edits are not recorded: the tab “{HISTORY}” is protected against "
            f"{account.email}. In Google Sheets choose Data, Protected sheets and ranges, and add "
            "it as an editor."
        )
    return RefusedError(f"Nothing was recorded. {sentence(failure, account)}")


def _name(state: str) -> str:
    return f"{_KIND}{state}"


def _free_number(
    state: str, tokens: Mapping[int, str], taken: Collection[int], now: float
) -> int | None:
    """Choose the number of the token; None where somebody has just recorded on top of this.

    What was recorded long ago and is not to be seen was taken out of ``_History`` by hand: the next
    number serves.
    """
    for attempt in range(MOST_TOKENS):
        number = token_id(_name(state), attempt)
        held = tokens.get(number)
        if held is None and number not in taken:
            return number
        epoch, _, operation = (held or "").partition("@")
        is_late = epoch.isdigit() and now - int(epoch) <= LONGEST_LAG
        if operation.startswith(_name(state)) and is_late:
            return None
    return None


def _reaches_beyond(known: Known, look: Look) -> bool:
    """Tell whether more may have been appended since the last reading than a look shows."""
    grid = look.grids.get(HISTORY)
    last = grid.last if grid else -1
    return last + 1 >= max(1, len(known.rows(HISTORY))) + TAIL


def _are_moved(known: Known, look: Look) -> bool:
    """Tell whether somebody has sorted ``_History`` since the last reading."""
    grid = look.grids.get(HISTORY)
    return grid is not None and are_rows_moved(grid, known.rows(HISTORY))


def _history(known: Known, look: Look) -> Table | None:
    """Put together what was read of ``_History``, and what a fresh look found after it."""
    sheet, grid = known.layout.tab(HISTORY), look.grids.get(HISTORY)
    if sheet is None or grid is None:
        return None
    read = list(known.rows(HISTORY))
    rows = [*read, *(grid.row(number).values for number in range(len(read), grid.last + 1))]
    header = find_header(HISTORY, rows)
    if header is None:
        return None
    return Table(HISTORY, Tab(sheet.title, rows), header, header.columns)
