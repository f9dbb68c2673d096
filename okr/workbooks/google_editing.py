"""Edits and new rows in a Google Sheet: cells, history and token in one atomic batch.

The batch names the row by its place, and holds it there: see ``hold_in_place``. So nothing is
written where the row has moved, nothing is half written, and ``_History`` never tells of a change
that was not made. It takes a turn, so that of two processes that looked at the same moment one has
to look again: see ``next_turn``. The reply shows the row's ID and the headers. Where a sort has
left the anchor behind, so that it held another row in place, or columns were moved, those cells get
back what they had, and the edit is made once more.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from random import uniform
from typing import Any

from okr.cells import read_id
from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, address, find_header, known_tab
from okr.model import Cell
from okr.workbooks.editing import (
    ELSEWHERE,
    NO_NEW_ROWS,
    Found,
    as_saved_row,
    check_edit,
    check_row,
    edit_history,
    edit_in_history,
    last_lines,
    plan_edit,
    row_history,
    row_in_history,
)
from okr.workbooks.entries import Cells, same
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_elsewhere import look_for
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_grid import EMPTY, Grid, GridRow, Look
from okr.workbooks.google_planning import (
    LONGEST_TEXT,
    Target,
    find_target,
    grown_rows,
    headed,
    table_of,
)
from okr.workbooks.google_refresh import Known, Refresher
from okr.workbooks.google_sending import Sender
from okr.workbooks.google_writing import (
    anchor_of,
    anchoring,
    append_rows,
    batch,
    create_token,
    delete_metadata,
    hold_in_place,
    is_token_of,
    made_anchor,
    next_turn,
    number_format,
    old_tokens,
    row_after,
    row_before,
    stray_anchors,
    write_cell,
)
from okr.workbooks.interface import (
    CellEdit,
    EditDraft,
    ReadError,
    RefusedError,
    RowDraft,
    RowReference,
    SavedRow,
    UnknownOutcomeError,
)
from okr.workbooks.row_ids import added_row_ids

MOST_ATTEMPTS = 8
MOST_UNSURE = 100
MENDING_PAUSES = (0.5, 1.5, 3.0)

_RESTLESS = "Nothing was saved: the row is being moved about in the sheet. Save again in a moment."

_log = logging.getLogger(__name__)

Json = dict[str, Any]
Seen = tuple[GridRow, GridRow]
"""A row and the headers of its tab, as a reply shows them."""


class _MovedError(Exception):
    """The row is not where it was seen, or nobody knows; ``failure`` is Google's, if it failed."""

    def __init__(self, failure: RequestFailedError | None = None) -> None:
        super().__init__("the row has moved")
        self.failure = failure


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent to a row: how the tab looked before, the row, its anchor, and its cells."""

    grid: Grid
    target: Target
    anchor: int
    cells: tuple[CellEdit, ...]

    def column(self, cell: CellEdit) -> int:
        """Give the place of a cell's column, which was looked up before it was sent."""
        return self.grid.column(cell.column) or 0

    @property
    def headers(self) -> GridRow:
        """Give the row of headers as it was before."""
        return _headers(self.grid)

    def has_columns(self, headers: Sequence[Cell]) -> bool:
        """Tell whether the columns written to, and that of the ID, are where they were.

        A header that was only renamed has not moved.
        """
        places = {self.column(cell) for cell in self.cells} | {self.grid.column("ID") or 0}
        before = self.headers.values
        return not any(
            _has_moved(_at(before, at), _at(headers, at), before, headers) for at in places
        )

    def row_under(self, headers: Sequence[Cell]) -> GridRow:
        """Lay the row out as it would stand under headers that have been moved about."""
        before, row = self.headers.values, self.target.row
        cells = [
            row.cell(before.index(header)) if header != "" and header in before else EMPTY
            for header in headers
        ]
        return GridRow(row.number, tuple(cells))

    def is_in(self, values: Sequence[Cell]) -> bool:
        """Tell whether a row is the one that was meant.

        A row that is only now given its ID is known by its content, for its ID cell shows what was
        written there, whichever row it is.
        """
        shown = {
            name: values[at] if at < len(values) else ""
            for name, at in (self.grid.header.columns if self.grid.header else {}).items()
        }
        own = read_id(shown.get("ID", ""))
        if not self.target.is_new_id:
            return own == self.target.id or self._is_else(values)
        content = self.target.reference.content
        return own in ("", self.target.id) and all(
            read_id(shown.get(name, "")) == read_id(text) for name, text in content
        )

    def _is_else(self, values: Sequence[Cell]) -> bool:
        """Tell whether a row that has lost its ID says all else that the row said."""
        written = {self.column(cell) for cell in self.cells} | {self.grid.column("ID") or 0}
        width = max(len(values), len(self.target.row.cells))
        pairs = [
            (_at(values, at), self.target.row.cell(at).value)
            for at in range(width)
            if at not in written
        ]
        return any(one != "" for one, _ in pairs) and all(same(*pair) for pair in pairs)


@dataclass(slots=True)
class _Way:
    """How far an edit has come, from one attempt to the next."""

    draft: EditDraft
    reference: RowReference
    given: tuple[CellEdit, ...] = ()
    is_lost: bool = False
    is_logged: bool = False
    tokens: list[int] = field(default_factory=list)
    saved: SavedRow | None = None


class RowSaver:
    """Saves edits and new rows, one at a time."""

    def __init__(
        self,
        calls: Calls,
        refresher: Refresher,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._calls = calls
        self._refresher = refresher
        self._now = now
        self._sleep = sleep
        self._sender = Sender(calls, now, sleep, "the change")
        self._unsure: dict[str, _Sent] = {}

    # --- an edit

    def save(self, draft: EditDraft) -> SavedRow:
        """Change cells of one row, unless they have changed or the operation is there already.

        Raises:
            ConflictError: If a cell has been changed meanwhile or must not be written.
            RefusedError: If nothing was written.
            RequestFailedError: If nothing was written, because of Google.
            UnknownOutcomeError: If that cannot be told.
        """
        draft = check_edit(draft, LONGEST_TEXT)
        way = _Way(draft, draft.row)
        try:
            return self._try(way)
        except (RefusedError, RequestFailedError) as error:
            if way.is_logged:
                self._take_back(way)
            elif way.is_lost:  # what was sent first may still arrive
                raise UnknownOutcomeError(self._sender.unknown) from error
            raise

    def _try(self, way: _Way) -> SavedRow:
        failure: RequestFailedError | None = None
        is_anew = False
        for attempt in range(MOST_ATTEMPTS):
            if attempt > 1:  # somebody is very busy with the same sheet
                self._sleep(uniform(0.1, 0.3) * attempt)
            try:
                return self._attempt(way)
            except _MovedError as moved:
                failure = moved.failure
            except RequestFailedError as refused:
                if refused.trouble is not Trouble.INVALID or is_anew:
                    raise
                is_anew = True
                self._refresher.forget_layout()  # a tab has been renamed or shortened since
        raise failure or RefusedError(_RESTLESS)

    def _attempt(self, way: _Way) -> SavedRow:
        """Look, compare, and write what is still to be written."""
        draft, name = way.draft, known_tab(way.draft.row.tab) or ""
        known, look = self._look(name, way.reference)
        if not way.is_logged and self._is_there(look, draft.operation):
            return self._was_there(way, look, known)
        if not way.is_logged and (before := edit_in_history(draft, self._lines(look, known))):
            return before
        target = find_target(look, way.reference, _mentioned(known, name))
        grid = look.grids[name]
        edits = _plan(draft, grid, target.row)
        if not edits:
            return way.saved or SavedRow("" if target.is_new_id else target.id, draft.row.tab, ())
        target, anchor = self._anchored(grid, target, edits)
        if target.is_new_id:
            target = self._named(way, grid, target, anchor)
        edits = _plan(draft, _with(grid, target.row), target.row)
        if not edits:  # somebody was faster, who may have had the same operation
            raise _MovedError
        sent = _Sent(grid, target, anchor, edits)
        return self._write(way, sent, look, known)

    def _look(self, name: str, reference: RowReference | None = None) -> tuple[Known, Look]:
        known = self._refresher.known()
        if reference is not None:
            return known, look_for(self._calls, known, reference, (name, HISTORY))
        return known, self._calls.look(known.layout, known.rows, (name, HISTORY))

    def _is_there(self, look: Look, operation: str) -> bool:
        return any(is_token_of(held, operation) for held in look.tokens.values())

    def _lines(self, look: Look, known: Known) -> Sequence[Any]:
        """Give the last rows of ``_History`` as they are now."""
        grid = look.grids.get(HISTORY)
        return last_lines(
            grid.header if grid else None, grown_rows(look, HISTORY, known.rows(HISTORY))
        )

    # --- its row

    def _anchored(
        self, grid: Grid, target: Target, edits: tuple[CellEdit, ...]
    ) -> tuple[Target, int]:
        """See that a row has its anchor; the reply to its making shows the row afresh."""
        anchor = anchor_of(target)
        if anchor is not None:
            return target, anchor
        try:
            body = batch(anchoring(grid, target), grid, target.row, _headers(grid))
            reply = self._calls.batch(body)
        except RequestFailedError as failure:
            if failure.trouble.is_unknown:  # an anchor changes nothing that people see
                raise _MovedError(failure) from failure
            raise
        row, anchor = row_after(reply, grid, target.row), made_anchor(reply)
        meant = _Sent(grid, target, 0, edits)
        headers = row_after(reply, grid, meant.headers).values
        if anchor is None or not (meant.has_columns(headers) and meant.is_in(row.values)):
            raise _MovedError
        return replace(target, row=row), anchor

    def _named(self, way: _Way, grid: Grid, target: Target, anchor: int) -> Target:
        """Give an ID to a row that has none, and see whose row got it."""
        cell = CellEdit("ID", "", target.id)
        sent = _Sent(grid, target, anchor, (cell,))
        seen = self._place(sent, [])
        if seen is None:
            self._see_to(sent)
            raise _MovedError
        if not self._is_right(sent, seen):
            raise _MovedError
        row = seen[0]
        way.given = (cell,)
        way.reference = RowReference(way.reference.tab, target.id, ())
        return Target(way.reference, row, target.id, is_new_id=False)

    def _place(self, sent: _Sent, others: Sequence[Json]) -> Seen | None:
        """Write cells into the row that their anchor holds in place.

        Gives the row and the headers as they are then; None if nobody knows whether it was done.

        Raises:
            _MovedError: If the row was not there, so that nothing was written.
            RequestFailedError: If it was refused.
        """
        grid, row = sent.grid, sent.target.row
        requests = [*others, *hold_in_place(grid, row.number, sent.target.id, sent.anchor)]
        for cell in sent.cells:
            place = sent.column(cell)
            is_formatted = grid.row(row.number).cell(place).number_format
            shape = None if is_formatted else number_format(cell.column, cell.wanted)
            requests.append(
                write_cell(grid, row.number, place, cell.wanted, dict(shape) if shape else None)
            )
        try:
            reply = self._calls.batch(batch(requests, grid, row, sent.headers))
            return row_after(reply, grid, row), row_after(reply, grid, sent.headers)
        except RequestFailedError as failure:
            if failure.trouble.is_unknown:
                return None
            if failure.is_doubled_token:  # the row has moved, or another process was faster
                raise _MovedError from failure
            raise

    # --- its cells

    def _write(self, way: _Way, sent: _Sent, look: Look, known: Known) -> SavedRow:
        """Send the batch, and see whose row it went to."""
        draft = way.draft
        saved = way.saved or SavedRow(sent.target.id, draft.row.tab, sent.cells)
        if way.is_logged:
            seen = self._place(sent, next_turn(look.tokens, self._now().timestamp()))
        else:
            seen = self._log_and_place(way, sent, look, known)
        if seen is None:
            if way.is_logged:
                self._see_to(sent)
            raise _MovedError
        self._unsure.pop(draft.operation, None)
        way.is_logged, way.saved = True, saved
        if self._is_right(sent, seen):
            return saved
        raise _MovedError

    def _log_and_place(self, way: _Way, sent: _Sent, look: Look, known: Known) -> Seen | None:
        """Send token, history and cells together; see ``_place``.

        Raises:
            _MovedError: If it is to be tried again, after another look.
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
            *history,
        ]
        if look.grids.get(HISTORY) is None:
            self._refresher.forget_layout()
        seen = self._place(sent, others)
        way.tokens.append(token.id)
        if seen is None:
            self._keep_unsure(draft.operation, sent)
            if not self._sender.arrives(token) and way.is_lost:
                raise UnknownOutcomeError(self._sender.unknown)
            way.is_lost = True
        return seen

    def _keep_unsure(self, operation: str, sent: _Sent) -> None:
        while len(self._unsure) >= MOST_UNSURE:
            self._unsure.pop(next(iter(self._unsure)))
        self._unsure[operation] = sent

    def _was_there(self, way: _Way, look: Look, known: Known) -> SavedRow:
        """Tell of an edit whose token is in the sheet; see that it went to the right row."""
        draft, sent = way.draft, self._unsure.pop(way.draft.operation, None)
        told = edit_in_history(draft, self._lines(look, known))
        row_id = draft.row.id or (sent.target.id if sent else told.row_id if told else "")
        written = sent.cells if sent else told.written if told else draft.cells
        saved = SavedRow(row_id, draft.row.tab, written, was_there=not way.is_lost)
        grid = look.grids.get(sent.grid.name) if sent else None
        row = _marked(grid, sent.anchor) if sent else None
        if sent and grid and _holds(sent, grid):
            return saved
        if row is None:  # its anchor is gone, so only the row that was meant can tell
            is_right = not (sent and grid and _holds(sent, grid, is_before=True))
        else:
            is_right = not (sent and grid) or self._is_right(sent, (row, _headers(grid)))
        if sent and not is_right:
            way.is_logged, way.saved = True, replace(saved, was_there=False)
            way.reference = RowReference(draft.row.tab, sent.target.id, ())
            raise _MovedError
        return saved

    # --- what went wrong

    def _is_right(self, sent: _Sent, seen: Seen) -> bool:
        """Tell whether cells went where they were meant; what they went to instead is put right."""
        row, headers = seen
        if not sent.has_columns(headers.values):
            self._put_right(sent, sent.row_under(headers.values), row.values)
            return False
        if sent.is_in(row.values):
            return True
        written = {sent.column(cell) for cell in sent.cells}
        self._put_right(sent, row_before(sent.grid, written, row.values), row.values)
        return False

    def _see_to(self, sent: _Sent) -> None:
        """After an answer that never came, see whose row was written to, and put it right."""
        self._sleep(MENDING_PAUSES[0])
        _, look = self._look(sent.grid.name, sent.target.reference)
        grid = look.grids.get(sent.grid.name)
        row = _marked(grid, sent.anchor)
        if grid is not None and row is not None:
            self._is_right(sent, (row, _headers(grid)))

    def _put_right(self, sent: _Sent, before: GridRow | None, shown: Sequence[Cell]) -> None:
        """Give cells that were not meant back what they had, if they hold what was written."""
        if before is None:
            _log.error("a row that is not %s was written to and cannot be told", sent.target.id)
            return
        for pause in (0.0, *MENDING_PAUSES):
            if pause:
                self._sleep(pause)
            try:
                self._give_back(sent, before, shown)
            except RequestFailedError as failure:
                _log.warning("what was overwritten could not be put back yet: %s", failure)
                continue
            _log.warning("rows were moved while %s was saved; they were put right", sent.target.id)
            return
        _log.error("cells were overwritten and could not be put right: %s", before.values)

    def _give_back(self, sent: _Sent, before: GridRow, shown: Sequence[Cell]) -> None:
        mine = [
            sent.column(cell)
            for cell in sent.cells
            if same(_at(shown, sent.column(cell)), cell.wanted)
        ]
        old = [(column, before.cell(column)) for column in mine]
        plain = [(column, cell.value) for column, cell in old if not cell.formula]
        formulas = [(column, cell.formula) for column, cell in old if cell.formula]
        if plain:
            self._calls.write_row(sent.anchor, plain)
        if formulas:  # the very text that stood there, so nothing that people typed is parsed
            self._calls.write_row(sent.anchor, formulas, option="USER_ENTERED")

    def _take_back(self, way: _Way) -> None:
        """Let history tell that a change was not made after all, and free its operation."""
        saved = way.saved
        if saved is None:
            return
        back = [CellEdit(cell.column, cell.wanted, cell.seen) for cell in saved.written]
        lines = edit_history(way.draft, saved.row_id, back)
        once = f"back-{secrets.token_hex(6)}"  # so that an answer which is lost does no harm
        for pause in (0.0, *MENDING_PAUSES):
            if pause:
                self._sleep(pause)
            try:
                self._tell_back(lines, once, way.tokens)
            except RequestFailedError as failure:
                if failure.is_doubled_token:
                    return
                _log.warning("_History could not be told yet: %s", failure)
                if failure.trouble is Trouble.INVALID:
                    self._refresher.forget_layout()
            except (RefusedError, ReadError):
                break
            else:
                return
        _log.error("_History tells of a change of %s that was not made", saved.row_id)

    def _tell_back(self, lines: Sequence[Cells], once: str, tokens: Sequence[int]) -> None:
        known = self._refresher.known()
        look = self._calls.look(known.layout, known.rows, (HISTORY,))
        gids = [sheet.gid for sheet in known.layout.sheets]
        history = append_rows(HISTORY, look.grids.get(HISTORY), lines, once, gids)
        proof = create_token(self._sender.token(once, {}))
        self._calls.batch({"requests": [proof, *history, *delete_metadata(tokens)]})

    # --- a new row

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
        self._refresher.forget_layout()
        return self._add(draft)

    def _add(self, draft: RowDraft) -> SavedRow:
        name = known_tab(draft.tab) or ""
        if any(tab.origin for tab in self._refresher.known().reading.tabs):
            raise RefusedError(NO_NEW_ROWS)
        known, look = self._look(name)
        grid, header = headed(look, name)
        taken = {read_id(row.cell("ID")) for row in table_of(grid, header).rows([])}
        lines = self._lines(look, known)
        before = row_in_history(draft, islice(added_row_ids(name, draft.operation), 5), lines)
        if before is None and self._is_there(look, draft.operation):
            candidates = list(islice(added_row_ids(name, draft.operation), 5))
            before = next((one for one in candidates if one in taken), candidates[0])
        if before is not None:
            return as_saved_row(draft, before, was_there=True)
        taken |= set(_mentioned(known, name))
        row_id = next(one for one in added_row_ids(name, draft.operation) if one not in taken)
        gids = [sheet.gid for sheet in known.layout.sheets]
        requests = [
            *append_rows(name, grid, [(("ID", row_id), *draft.cells)], draft.operation, gids),
            *append_rows(
                HISTORY,
                look.grids.get(HISTORY),
                [row_history(draft, row_id)],
                draft.operation,
                gids,
            ),
            *delete_metadata(old_tokens(look.tokens, self._now().timestamp())),
        ]
        _, was_there = self._sender.append(
            draft.operation,
            look.tokens,
            lambda token: batch([create_token(token), *requests], grid, GridRow(0)),
        )
        if look.grids.get(HISTORY) is None:
            self._refresher.forget_layout()
        return as_saved_row(draft, row_id, was_there)


def _plan(draft: EditDraft, grid: Grid, row: GridRow) -> tuple[CellEdit, ...]:
    """Compare an edit with a row.

    Raises:
        ConflictError: If a cell is neither as seen nor as wanted.
        RefusedError: If a column is missing.
    """
    missing = [cell.column for cell in draft.cells if grid.column(cell.column) is None]
    if missing and grid.is_elsewhere:
        raise RefusedError(f"Nothing was saved: {' and '.join(missing)} {ELSEWHERE}.")
    if missing:
        number = grid.header.row + 1 if grid.header else 1
        raise RefusedError(
            f"Nothing was saved: “{grid.title}” has no column {' and no '.join(missing)}. Type "
            f"the header into row {number}, right of the others, then save again."
        )

    def find(name: str) -> Found:
        column = grid.column(name) or 0
        place = address(grid.title, row.number, column)
        return Found(row.cell(column).value, place, grid.obstacle(row.number, column))

    return plan_edit(draft, find)


def _with(grid: Grid, row: GridRow) -> Grid:
    return replace(grid, rows={**grid.rows, row.number: row})


def _has_moved(old: Cell, new: Cell, before: Sequence[Cell], headers: Sequence[Cell]) -> bool:
    return old != new and (old in headers or (new != "" and new in before))


def _headers(grid: Grid) -> GridRow:
    return grid.row(grid.header.row if grid.header else 0)


def _marked(grid: Grid | None, anchor: int) -> GridRow | None:
    """Find the row that an anchor is on."""
    rows = grid.rows.values() if grid else ()
    return next((row for row in rows if anchor in row.anchors), None)


def _holds(sent: _Sent, grid: Grid, is_before: bool = False) -> bool:
    """Tell whether the row that was meant holds all that was sent, wherever it stands by now.

    With ``is_before``: whether it still holds all that was seen there.
    """
    own = grid.column("ID")
    places = [
        (grid.column(cell.column), cell.seen if is_before else cell.wanted) for cell in sent.cells
    ]
    rows = [row for row in grid.rows.values() if read_id(row.cell(own).value) == sent.target.id]
    return len(rows) == 1 and all(
        at is not None and same(rows[0].cell(at).value, wanted) for at, wanted in places
    )


def _at(values: Sequence[Cell], column: int) -> Cell:
    return values[column] if column < len(values) else ""


def _mentioned(known: Known, name: str) -> list[str]:
    """Give the IDs that check-ins speak of, so that no row without one is given theirs."""
    if name != KEY_RESULTS:
        return []
    rows = known.rows(CHECK_INS)
    header = find_header(CHECK_INS, rows)
    column = header.columns.get("Key result") if header else None
    return [] if column is None else [str(row[column]) for row in rows if column < len(row)]
