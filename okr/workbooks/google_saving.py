"""Saving a check-in exactly once: one look, one atomic batch, and its mirror."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, find_header
from okr.model import Cell
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_grid import Look
from okr.workbooks.google_ids import token_id
from okr.workbooks.google_mirroring import Mirrors
from okr.workbooks.google_planning import (
    Cells,
    Mirror,
    Rows,
    Target,
    check_draft,
    check_in_cells,
    check_in_rows,
    find_check_in,
    find_target,
    history_cells,
    is_newest,
    plan_mirror,
)
from okr.workbooks.google_refresh import Known, Refresher
from okr.workbooks.google_writing import (
    Token,
    anchoring,
    append_row,
    batch,
    create_token,
    delete_metadata,
    is_token_of,
    old_tokens,
)
from okr.workbooks.interface import (
    CheckInDraft,
    RefusedError,
    RowReference,
    SavedCheckIn,
    UnknownOutcomeError,
)

PAUSES = (0.5, 1.5, 3.0)
"""Seconds before each look for a token, after an answer that never came."""

MOST_TOKENS = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be sent for a check-in, and what it was decided from."""

    look: Look
    target: Target
    mirror: Mirror
    cells: Cells
    requests: list[dict[str, Any]]
    adds_tab: bool


class CheckInSaver:
    """Saves check-ins, one at a time."""

    def __init__(
        self,
        calls: Calls,
        refresher: Refresher,
        mirrors: Mirrors,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._calls = calls
        self._refresher = refresher
        self._mirrors = mirrors
        self._now = now
        self._sleep = sleep

    def look(self) -> Look:
        """See afresh what a check-in touches."""
        known = self._refresher.known()
        return self._calls.look(known.layout, known.rows)

    def save(self, draft: CheckInDraft) -> SavedCheckIn:
        """Append a check-in unless its operation is there already.

        Raises:
            RefusedError: If nothing was saved.
            RequestFailedError: If nothing was saved, because of Google.
            UnknownOutcomeError: If that cannot be told.
        """
        check_draft(draft)
        try:
            return self._save_once(draft)
        except RequestFailedError as failure:
            if failure.trouble is not Trouble.INVALID:
                raise
        self._refresher.forget_layout()  # a tab has been renamed, added or shortened since
        return self._save_once(draft)

    def _save_once(self, draft: CheckInDraft) -> SavedCheckIn:
        known = self._refresher.known()
        look = self._calls.look(known.layout, known.rows)
        if _has_moved(known, look):
            raise RequestFailedError(Trouble.INVALID, "the headers have moved")
        rows = check_in_rows(look, known.rows(CHECK_INS))
        there = find_check_in(look, rows, draft.operation)
        if there or any(is_token_of(held, draft.operation) for held in look.tokens.values()):
            return self._was_there(draft, look, rows, there)
        plan = self._plan(draft, known, look, rows)
        reply, was_there = self._apply(draft, plan)
        if plan.adds_tab:
            self._refresher.forget_layout()
        remark = self._mirrors.follow(draft.operation, plan.mirror, look, plan.target, reply)
        return _saved(plan.cells, remark, was_there)

    def _plan(self, draft: CheckInDraft, known: Known, look: Look, rows: Rows) -> Plan:
        """Decide all that is to be written."""
        target = find_target(look, draft.key_result, _mentioned(look, rows))
        local_now = self._now().astimezone(known.reading.read_at.tzinfo).replace(tzinfo=None)
        newest = is_newest(look, rows, target.id, draft.when, local_now)
        mirror = plan_mirror(look, target, draft, newest)
        cells = check_in_cells(draft, target.id)
        gids = [sheet.gid for sheet in known.layout.sheets]
        appended = (
            append_row(CHECK_INS, look.grids.get(CHECK_INS), cells, draft.operation, gids),
            append_row(
                HISTORY, look.grids.get(HISTORY), history_cells(draft), draft.operation, gids
            ),
        )
        requests = [one for part in appended for one in part]
        if mirror.cells:
            requests += anchoring(look.grids[KEY_RESULTS], target)
        requests += delete_metadata(old_tokens(look.tokens, self._now().timestamp()))
        adds_tab = any("addSheet" in request for request in requests)
        return Plan(look, target, mirror, cells, requests, adds_tab)

    def _apply(self, draft: CheckInDraft, plan: Plan) -> tuple[dict[str, Any] | None, bool]:
        """Send the batch; give its reply, or None if that was lost, and whether it was there."""
        for attempt in range(MOST_TOKENS):
            number = token_id(draft.operation, attempt)
            if number in plan.look.tokens:
                continue
            token = Token(number, draft.operation, self._now().timestamp())
            body = batch(
                [create_token(token), *plan.requests],
                plan.look.grids[KEY_RESULTS],
                plan.target.row,
            )
            try:
                return self._send(body, token), False
            except RequestFailedError as failure:
                if not failure.is_doubled_token:
                    raise
                if self._holds(token):
                    return None, True
            except UnknownOutcomeError:
                self._mirrors.note_unsure(draft.operation, plan.mirror)
                raise
        raise RefusedError("Nothing was saved: no free place for its token. Save again.")

    def _send(self, body: dict[str, Any], token: Token) -> dict[str, Any] | None:
        """Send a batch; where its answer is lost, find out before it is sent again.

        Raises:
            RequestFailedError: If it was refused.
            UnknownOutcomeError: If nobody can tell.
        """
        try:
            return self._calls.batch(body)
        except RequestFailedError as failure:
            if not failure.trouble.is_unknown:
                raise
        if self._arrives(token):
            return None
        try:
            return self._calls.batch(body)
        except RequestFailedError as failure:
            is_there = self._holds(token) if failure.is_doubled_token else self._arrives(token)
            if is_there:
                return None
        raise UnknownOutcomeError(_UNKNOWN)

    def _arrives(self, token: Token) -> bool:
        """Look for a token a few times, for Google may still be at work on the batch."""
        for pause in PAUSES:
            self._sleep(pause)
            if self._holds(token):
                return True
        return False

    def _holds(self, token: Token) -> bool:
        """Tell whether the token of an operation is in the sheet."""
        try:
            held = self._calls.token(token.id)
        except RequestFailedError as failure:
            raise UnknownOutcomeError(_UNKNOWN) from failure
        return held is not None and is_token_of(held, token.operation)

    def _was_there(
        self, draft: CheckInDraft, look: Look, rows: Rows, there: Cells | None
    ) -> SavedCheckIn:
        """Tell of a check-in that an earlier attempt has saved; only its mirror may be owed."""
        settled = self._mirrors.settle(draft.operation)
        reference = draft.key_result
        if there:
            reference = RowReference(KEY_RESULTS, str(dict(there)["Key result"]), ())
        try:
            target = find_target(look, reference)
        except RefusedError:
            return _saved(there or check_in_cells(draft, reference.id or ""), _LEFT, True)
        remark = settled
        if remark is None:
            mirror = plan_mirror(look, target, draft, is_newest=True)
            remark = _LEFT if mirror.cells else mirror.remark
        return _saved(there or check_in_cells(draft, target.id), remark, True)


_UNKNOWN = (
    "Google did not say whether the check-in was saved. Save it again: it will not be written "
    "twice, and what you typed is still here."
)
_LEFT = "It had been saved before; Current holds another value by now, and was left as it is."


def _saved(cells: Cells, remark: str, was_there: bool) -> SavedCheckIn:
    said: dict[str, Cell] = dict(cells)
    return SavedCheckIn(
        id=str(said["ID"]),
        key_result_id=str(said["Key result"]),
        cells=cells,
        is_mirrored=not remark,
        was_there=was_there,
        remark=remark,
    )


def _has_moved(known: Known, look: Look) -> bool:
    """Tell whether the headers of check-ins stand elsewhere than in the rows that were read."""
    then, grid = find_header(CHECK_INS, known.rows(CHECK_INS)), look.grids.get(CHECK_INS)
    if then is None or grid is None:
        return False
    return grid.header is None or grid.header.columns != then.columns


def _mentioned(look: Look, rows: Rows) -> list[str]:
    """Give the IDs that check-ins speak of, so that no row without one is given theirs."""
    grid = look.grids.get(CHECK_INS)
    column = grid.column("Key result") if grid else None
    if column is None:
        return []
    return [str(row[column]) for row in rows if column < len(row)]
