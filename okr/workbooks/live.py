"""One shared snapshot of the workbook for every viewer, kept fresh while somebody looks."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from okr.model import Snapshot
from okr.reading import Reading
from okr.snapshot import build_snapshot
from okr.workbooks.hand_edits import HandEdits
from okr.workbooks.interface import (
    AnswerDraft,
    CheckInDraft,
    EditDraft,
    RowDraft,
    SavedCheckIn,
    SavedRow,
    Workbook,
    WorkbookError,
)
from okr.workbooks.keeping import keep_reading, kept_path, load_reading
from okr.workbooks.pending import (
    Pending,
    PendingRow,
    pending_row,
    still_open,
    with_next,
    with_pending,
)
from okr.workbooks.schedule import Schedule, refresh_seconds

_log = logging.getLogger(__name__)

T = TypeVar("T", SavedCheckIn, SavedRow)

Build = Callable[[Reading], Snapshot]
Every = float | Callable[[Snapshot | None], float]

PENDING_FOR = timedelta(seconds=60)
KEEP_EVERY = timedelta(seconds=60)

_BROKEN = "The workbook was not understood, which is a fault in the board. Its log says more."


@dataclass(frozen=True, slots=True)
class View:
    """What every viewer sees at one moment.

    ``read_at`` is when this content was first read, ``checked_at`` when the workbook last said that
    this is what it holds. ``failure`` is a sentence that says why it cannot be read now, "" where
    it can.
    """

    snapshot: Snapshot | None = None
    read_at: datetime | None = None
    checked_at: datetime | None = None
    failure: str = ""
    failing_since: datetime | None = None
    is_kept: bool = False
    """It was kept on disk by a process before this one, which has not reached the workbook yet."""
    unrecorded: str = ""
    """A sentence that says why hand edits are not recorded in the sheet; "" where they are."""
    reading: Reading | None = None
    """The cells that the snapshot was built from, for forms that change them."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What has happened since the start, for whoever watches over the board."""

    refreshes: int = 0
    failures: int = 0
    builds: int = 0


class LiveWorkbook:
    """The workbook as all viewers share it: one reading serves everybody, nobody waits for it."""

    def __init__(
        self,
        workbook: Workbook,
        build: Build = build_snapshot,
        *,
        every: Every = refresh_seconds,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        keep: Path | None = None,
        schedule: Schedule | None = None,
        records: bool = False,
    ) -> None:
        """Take a workbook, and how its readings become snapshots.

        Args:
            workbook: Where the OKRs live.
            build: Makes a snapshot of a reading; called only where something has changed.
            every: Seconds between two refreshes, or how they follow from the snapshot's settings.
            clock: Tells the moment, aware of its time zone.
            keep: The folder in which the last good reading outlives this process; None for nowhere.
            schedule: Says when to refresh; tests bring one without chance in it.
            records: Whether hand edits are recorded in the sheet, as the running board alone does.
        """
        self._workbook = workbook
        self._build = build
        self._every = every
        self._clock = clock
        self._kept_path = kept_path(keep, workbook.location) if keep else None
        self._schedule = schedule or Schedule()
        self._hand_edits = HandEdits(workbook, self._load_kept) if records else None
        self._view = View()
        self._counts = Counts()
        self._reading: Reading | None = None
        self._shown: Reading | None = None
        self._pending: tuple[Pending | PendingRow, ...] = ()
        self._kept_revision = ""
        self._kept_at: datetime | None = None
        self._is_started = False
        self._is_stopping = False
        self._starting = threading.Lock()
        self._refreshing = threading.Lock()
        self._changing = threading.RLock()
        self._saving = threading.Lock()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="okr-refresh", daemon=True)

    # What viewers call

    @property
    def location(self) -> str:
        """The path or the web address of the workbook."""
        return self._workbook.location

    @property
    def counts(self) -> Counts:
        """What has happened since the start."""
        return self._counts

    def view(self) -> View:
        """Give what is known, at once; only the very first look waits for the first reading.

        Whoever looks keeps the refreshes going. After a pause the first look asks for one, and
        still gets what was known before.
        """
        self.start()
        if self._schedule.look(self._clock()):
            self._wake.set()
        return self._view

    def save_check_in(self, draft: CheckInDraft) -> SavedCheckIn:
        """Save a check-in, and show it to everybody without waiting for the next refresh.

        Raises:
            RefusedError: If nothing was saved.
            UnknownOutcomeError: If that cannot be told.
        """
        return self._save(
            lambda: self._workbook.save_check_in(draft),
            lambda saved: Pending(draft.key_result, saved, self._clock()),
        )

    def save_edit(self, draft: EditDraft) -> SavedRow:
        """Change cells of one row, and show them to everybody at once.

        Raises:
            ConflictError: If a cell has been changed meanwhile or must not be written.
            RefusedError: If nothing was written.
            UnknownOutcomeError: If that cannot be told.
        """
        return self._save(
            lambda: self._workbook.save_edit(draft),
            lambda saved: pending_row(draft.row, saved, self._clock()),
        )

    def add_row(self, draft: RowDraft) -> SavedRow:
        """Append an objective or a key result, and show it to everybody at once.

        Raises:
            RefusedError: If nothing was written.
            UnknownOutcomeError: If that cannot be told.
        """
        return self._save(
            lambda: self._workbook.add_row(draft),
            lambda saved: pending_row(None, saved, self._clock()),
        )

    def save_answer(self, draft: AnswerDraft) -> None:
        """Keep what a person says of the sheet's layout, and read the sheet anew by it.

        Raises:
            RefusedError: If nothing was saved.
            UnknownOutcomeError: If that cannot be told.
        """
        with self._saving:
            try:
                self._workbook.save_answer(draft)
            finally:
                self.ask()
        self.refresh_once()

    def _save(self, save: Callable[[], T], pending: Callable[[T], Pending | PendingRow]) -> T:
        """Save when it is this thread's turn, and show what was saved on top of what was read."""
        with self._saving:
            try:
                saved = save()
            except WorkbookError:
                self.ask()  # what stands in the way shall be seen soon, or what was saved after all
                raise
            try:
                self._show(pending(saved))
            except Exception:  # it is saved, and the next refresh shows it
                _log.exception("What was saved could not be shown at once: %s", saved)
            self.ask()
        return saved

    # Its life

    def start(self) -> None:
        """Read the workbook once, else fall back on what was kept; refresh it from now on."""
        if self._is_started:
            return
        with self._starting:
            if not self._is_started:
                self.refresh_once()
                if self._view.snapshot is None:
                    self._fall_back()
                if self._hand_edits is not None and self._reading is not None:
                    self._hand_edits.begin(self._reading)
                self._schedule.look(self._clock())
                self._is_started = True
                self._thread.start()

    def stop(self) -> None:
        """End the refreshes, and keep what was read last."""
        self._is_stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)
        self._keep(is_last=True)

    def ask(self) -> None:
        """Ask for a refresh as soon as may be."""
        self._schedule.ask(self._clock())
        self._wake.set()

    def refresh_once(self) -> None:
        """Read the workbook now; whoever comes while that goes on waits for its end instead."""
        if not self._refreshing.acquire(blocking=False):
            with self._refreshing:
                return
        try:
            self._refresh()
        finally:
            self._refreshing.release()

    def _run(self) -> None:
        """Refresh when it is time, as long as somebody looks."""
        with self._refreshing:
            self._watch()
        self._keep()
        while not self._is_stopping:
            self._wake.wait(self._wait())
            self._wake.clear()
            if not self._is_stopping and self.is_due():
                self.refresh_once()
                self._keep()

    def is_due(self) -> bool:
        """Tell whether it is time for a refresh, and anybody there to see it."""
        wait = self._wait()
        return wait is not None and wait <= 0

    def _wait(self) -> float | None:
        return self._schedule.wait(self._clock(), self._interval())

    def _interval(self) -> float:
        every = self._every
        return max(1.0, every(self._view.snapshot) if callable(every) else every)

    # One refresh

    def _refresh(self) -> None:
        """Read, and take over what was read; a failure leaves everything as it was, but said."""
        self._schedule.begin()
        try:
            reading = self._workbook.read()
            with self._changing:
                self._take(reading)
        except WorkbookError as error:
            self._fail(str(error))
        except Exception:
            _log.exception("A refresh failed")
            self._fail(_BROKEN)
        else:
            if self._is_started:  # whoever looks first does not wait for this
                self._watch()

    def _take(self, reading: Reading) -> None:
        """Show a reading, together with what was saved and is not in it yet."""
        now = self._clock()
        fresh = [one for one in self._pending if now - one.since < PENDING_FOR]
        self._pending = still_open(reading, fresh)
        snapshot = self._snapshot(reading)
        self._reading = reading
        self._counts = replace(self._counts, refreshes=self._counts.refreshes + 1)
        unrecorded = self._view.unrecorded
        self._view = View(
            snapshot, snapshot.read_at, now, unrecorded=unrecorded, reading=self._shown
        )
        self._schedule.succeed(now, self._interval())

    def _snapshot(self, reading: Reading) -> Snapshot:
        """Build the snapshot of a reading, unless it is the one that is shown."""
        full = with_pending(reading, self._pending) if self._pending else reading
        self._shown = full
        shown = self._view.snapshot
        if shown is not None and shown.revision == full.revision:
            return shown
        self._counts = replace(self._counts, builds=self._counts.builds + 1)
        return self._build(full)

    def _show(self, pending: Pending | PendingRow) -> None:
        """Show what was saved just now, on top of what was read last."""
        with self._changing:
            self._pending = with_next(self._pending, pending)
            if self._reading is not None:
                snapshot = self._snapshot(self._reading)
                self._view = replace(self._view, snapshot=snapshot, reading=self._shown)

    def _fail(self, sentence: str) -> None:
        """Note that the workbook cannot be read; what was known stays."""
        now = self._clock()
        with self._changing:
            self._counts = replace(self._counts, failures=self._counts.failures + 1)
            since = self._view.failing_since or now
            self._view = replace(self._view, failure=sentence, failing_since=since)
            self._schedule.fail(now, self._interval())

    def _watch(self) -> None:
        """Record what people have changed by hand since the reading before."""
        edits, reading, snapshot = self._hand_edits, self._reading, self._view.snapshot
        if edits is None or reading is None or snapshot is None:
            return
        try:
            recorded = edits.see(reading, snapshot.read_at.tzinfo, self._clock())
        except Exception:  # pages go on, and the next reading is compared anew
            _log.exception("Hand edits could not be recorded")
            return
        with self._changing:
            self._view = replace(self._view, unrecorded=edits.remark)
        if recorded:
            self.ask()

    # What outlives the process

    def _load_kept(self) -> Reading | None:
        return load_reading(self._kept_path) if self._kept_path else None

    def _fall_back(self) -> None:
        """Show what the process before this one read last."""
        reading = self._load_kept()
        if reading is None:
            return
        with self._changing:
            try:
                snapshot = self._snapshot(reading)
            except Exception:
                _log.exception("The kept reading could not be understood")
                return
            self._reading, self._kept_revision = reading, reading.revision
            self._view = replace(
                self._view,
                snapshot=snapshot,
                reading=self._shown,
                read_at=snapshot.read_at,
                checked_at=reading.read_at,
                is_kept=True,
            )

    def _keep(self, is_last: bool = False) -> None:
        """Keep the reading, now and then, where it has changed.

        One whose changes are still to be recorded is not kept: the next process sees them again.
        """
        if self._hand_edits is not None and self._hand_edits.has_waiting:
            return
        reading, now = self._reading, self._clock()
        if reading is None or self._kept_path is None or reading.revision == self._kept_revision:
            return
        if self._kept_at is not None and not is_last and now - self._kept_at < KEEP_EVERY:
            return
        try:
            keep_reading(self._kept_path, reading)
        except (OSError, ValueError):
            _log.warning("The reading could not be kept in %s", self._kept_path, exc_info=True)
        self._kept_revision, self._kept_at = reading.revision, now
