"""Saving a check-in exactly once: one look, one atomic batch, and its mirror."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from okr.cells import read_id
from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS
from okr.model import Cell
from okr.registers import folded
from okr.workbooks.entries import Cells, check_in_cells, check_in_history
from okr.workbooks.google_anchors import anchoring, hold_columns
from okr.workbooks.google_attempts import MovedError
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_elsewhere import look_for
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_grid import Look
from okr.workbooks.google_growing import Rows, are_rows_moved, find_check_in, grown_rows
from okr.workbooks.google_held_columns import with_anchors
from okr.workbooks.google_mirroring import Fresh, Mirrors
from okr.workbooks.google_placing import asking
from okr.workbooks.google_planning import (
    Mirror,
    Target,
    check_draft,
    find_target,
    plan_mirror,
    table_of,
)
from okr.workbooks.google_refresh import Known, Refresher
from okr.workbooks.google_sending import Appender
from okr.workbooks.google_writing import (
    append_rows,
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
from okr.workbooks.other_check_ins import names_of, newer_columns, older_values
from okr.workbooks.row_ids import PREFIXES, check_in_id
from okr.workbooks.typed_since import MIRRORED, typed_since


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be sent for a check-in, and what it was decided from."""

    look: Look
    target: Target
    mirror: Mirror
    cells: Cells
    requests: list[dict[str, Any]]
    adds_tab: bool


class CheckInSaver(Appender):
    """Saves check-ins, one at a time."""

    what = "the check-in"

    def __init__(
        self,
        calls: Calls,
        refresher: Refresher,
        mirrors: Mirrors,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        super().__init__(calls, refresher, now, sleep)
        self._mirrors = mirrors

    def look(self, mirror: Mirror) -> Fresh:
        """See afresh what a check-in touches, and what others say of its key result."""
        try:
            return self._look(mirror)
        except RequestFailedError as failure:
            if failure.trouble is not Trouble.INVALID:
                raise
        self._refresher.forget_layout()
        return self._look(mirror)

    def _look(self, mirror: Mirror) -> Fresh:
        known, look = look_for(self._calls, self._refresher, mirror.reference)
        if _has_moved(known, look):
            raise RequestFailedError(Trouble.INVALID, _MOVED)
        return self._fresh(mirror, known, look)

    def _fresh(self, mirror: Mirror, known: Known, look: Look) -> Fresh:
        """Find in a look what other check-ins say of the key result of a mirror."""
        rows = grown_rows(look, CHECK_INS, known.rows(CHECK_INS))
        when, columns = mirror.when, _columns(look, CHECK_INS)
        if when is None:
            return Fresh(look, {})
        names = _names(look, mirror.id, dict(mirror.reference.content).get("Key result", ""))
        now = self._local_now(known, mirror.written or when)
        own = check_in_id(mirror.operation)
        newer = newer_columns(columns, rows, names, when, now, own)
        return Fresh(look, older_values(columns, rows, names, when, own), newer)

    def _local_now(self, known: Known, written: datetime) -> datetime:
        """Tell the time where the workbook is, by whose clock a check-in was ``written``.

        That of Settings may be ahead of the spreadsheet's own.
        """
        now = self._now().astimezone(known.reading.read_at.tzinfo).replace(tzinfo=None)
        return max(now, written)

    def save(self, draft: CheckInDraft) -> SavedCheckIn:
        """Append a check-in unless its operation is there already.

        Raises:
            RefusedError: If nothing was saved.
            RequestFailedError: If nothing was saved, because of Google.
            UnknownOutcomeError: If that cannot be told.
        """
        check_draft(draft)
        return self._attempted(
            lambda is_refused: self._save_once(draft, has_anchors=not is_refused), _RESTLESS
        )

    def _save_once(self, draft: CheckInDraft, *, has_anchors: bool) -> SavedCheckIn:
        """Save a check-in; without ``has_anchors`` nothing needs any, if Google refuses them.

        Raises:
            MovedError: If rows or columns have moved, so that nothing was written.
        """
        known, look = look_for(self._calls, self._refresher, draft.key_result)
        if _has_moved(known, look):
            self._refresher.forget_layout()
            raise MovedError
        rows = grown_rows(look, CHECK_INS, known.rows(CHECK_INS))
        there = find_check_in(look, rows, draft.operation)
        if there or any(is_token_of(held, draft.operation) for held in look.tokens.values()):
            return self._was_there(draft, known, look, there)
        look = with_anchors(self._calls, look, (CHECK_INS, HISTORY), may_lack=not has_anchors)
        plan = self._plan(draft, known, look, rows, has_anchors=has_anchors)
        reply, was_there = self._apply(draft, plan)
        if plan.adds_tab:
            self._refresher.forget_layout()
        remark = self._mirrors.follow(
            draft.operation, plan.mirror, look, plan.target, reply, was_there=was_there
        )
        return _saved(plan.cells, remark, was_there)

    def _plan(
        self, draft: CheckInDraft, known: Known, look: Look, rows: Rows, *, has_anchors: bool
    ) -> Plan:
        """Decide all that is to be written."""
        target = find_target(look, draft.key_result, _mentioned(look, rows))
        name = _known_as(look, target.id)
        title = read_id(target.row.cell(look.grids[KEY_RESULTS].column("Key result")).value)
        columns = _columns(look, CHECK_INS)
        names = _names(look, target.id, title) | _given_names(look, target)
        now = self._local_now(known, draft.written or draft.when)
        newer = newer_columns(columns, rows, names, draft.when, now)
        typed = _typed_since(draft, known, look, target)
        mirror = plan_mirror(look, target, draft, newer, typed)
        cells = check_in_cells(draft, name)
        gids = [sheet.gid for sheet in known.layout.sheets]
        history = check_in_history(draft, target.id, mirror.edits)
        logs = [look.grids.get(CHECK_INS), look.grids.get(HISTORY)]
        requests = [
            *(request for grid in logs for request in hold_columns(grid, ())),
            *append_rows(CHECK_INS, look.grids.get(CHECK_INS), [cells], draft.operation, gids),
            *append_rows(HISTORY, look.grids.get(HISTORY), history, draft.operation, gids),
        ]
        if mirror.cells and has_anchors:
            places = {cell.column for cell in mirror.cells}
            requests += anchoring(look.grids[KEY_RESULTS], target, places)
        requests += delete_metadata(old_tokens(look.tokens, self._now().timestamp()))
        adds_tab = any("addSheet" in request for request in requests)
        return Plan(look, target, mirror, cells, requests, adds_tab)

    def _apply(self, draft: CheckInDraft, plan: Plan) -> tuple[dict[str, Any] | None, bool]:
        """Send the batch; give its reply, or None if that was lost, and whether it was there."""
        grid = plan.look.grids[KEY_RESULTS]
        try:
            return self._sender.append(
                draft.operation,
                plan.look.tokens,
                lambda token: asking(grid, plan.target.row, [create_token(token), *plan.requests]),
            )
        except UnknownOutcomeError:
            self._mirrors.note_unsure(draft.operation, plan.mirror)
            raise
        except RequestFailedError as failure:
            if failure.doubled is None:
                raise
            if failure.is_unsure:
                self._mirrors.note_unsure(draft.operation, plan.mirror)
            self._refresher.forget_layout()
            raise MovedError(is_unsure=failure.is_unsure) from failure

    def _was_there(
        self, draft: CheckInDraft, known: Known, look: Look, there: Cells | None
    ) -> SavedCheckIn:
        """Tell of a check-in that an earlier attempt has saved; only its mirror may be owed."""
        settled = self._mirrors.settle(
            draft.operation, lambda mirror: self._fresh(mirror, known, look)
        )
        reference = draft.key_result
        if there:
            reference = RowReference(KEY_RESULTS, str(dict(there)["Key result"]), ())
        try:
            target = find_target(look, reference)
        except RefusedError:
            return _saved(there or check_in_cells(draft, reference.id or ""), _LEFT, True)
        remark = settled
        if remark is None:
            mirror = plan_mirror(look, target, draft)
            remark = _LEFT if mirror.cells else mirror.remark
        name = _known_as(look, target.id)
        return _saved(there or check_in_cells(draft, name), remark, True)


def _typed_since(draft: CheckInDraft, known: Known, look: Look, target: Target) -> frozenset[str]:
    """Name the cells that somebody has changed since the day of the check-in."""
    grid, columns = look.grids[KEY_RESULTS], _columns(look, HISTORY)
    lines = grown_rows(look, HISTORY, known.rows(HISTORY))
    places = [(name, grid.column(name)) for name in MIRRORED]
    cells = {name: target.row.cell(at).value for name, at in places if at is not None}
    return typed_since(draft, target.id, cells, columns, lines, known.reading)


def _columns(look: Look, name: str) -> Mapping[str, int]:
    grid = look.grids.get(name)
    return grid.header.columns if grid and grid.header else {}


def _names(look: Look, row_id: str, title: str) -> frozenset[str]:
    """Say by which words check-ins may mean a key result."""
    grid = look.grids.get(KEY_RESULTS)
    table = table_of(grid, grid.header) if grid and grid.header else None
    return names_of(table, _known_as(look, row_id), title)


def _given_names(look: Look, target: Target) -> frozenset[str]:
    """Find the ID that another process has given a row since its layout of its own was read."""
    if look.elsewhere is None:
        return frozenset()
    said = (read_id(value) for value in target.row.values)
    return frozenset(folded(one) for one in said if one.startswith(f"{PREFIXES[KEY_RESULTS]}-"))


def _known_as(look: Look, row_id: str) -> str:
    """Say how check-ins know a key result: by its ID, else, in another layout, by its title."""
    return row_id if look.elsewhere is None else look.elsewhere.known_as


_MOVED = "the check-ins are being sorted or moved about"
_RESTLESS = (
    "Nothing was saved: rows or columns are being moved about in the sheet. Save again in a moment."
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
    """Tell whether headers or rows of check-ins stand elsewhere than when they were read."""
    grid = look.grids.get(CHECK_INS)
    return grid is not None and are_rows_moved(grid, known.rows(CHECK_INS))


def _mentioned(look: Look, rows: Rows) -> list[str]:
    """Give the IDs that check-ins speak of, so that no row without one is given theirs."""
    grid = look.grids.get(CHECK_INS)
    column = grid.column("Key result") if grid else None
    if column is None:
        return []
    return [str(row[column]) for row in rows if column < len(row)]
