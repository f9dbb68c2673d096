"""The hand edits that one running board has seen: compared, recorded, and kept until they are."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from okr.reading import Reading
from okr.watching import SeenChange, baseline, seen_changes
from okr.workbooks.interface import Workbook, WorkbookError
from okr.workbooks.recording import MOST_AT_ONCE, MayNotRecordError

PAUSE = timedelta(minutes=10)
"""How long a sheet that may not be written to is left alone."""

MOST_FAILURES = 5
"""So many times in a row it is tried at each refresh; then it is left alone for a while too."""

MOST_WAITING = 20_000

_log = logging.getLogger(__name__)


class HandEdits:
    """Watches the readings of one workbook, one after another. Not for two threads at once."""

    def __init__(self, workbook: Workbook, load_kept: Callable[[], Reading | None]) -> None:
        """Take a workbook, and how to load the last reading of the process before this one."""
        self._workbook = workbook
        self._load_kept = load_kept
        self._first: Reading | None = None
        self._before: Reading | None = None
        self._revision = ""
        self._waiting: list[SeenChange] = []
        self._failures = 0
        self._quiet_until: datetime | None = None
        self._refusal = ""

    @property
    def remark(self) -> str:
        """Say what is not recorded; "" where all is."""
        if self._refusal or not self._waiting:
            return self._refusal
        count = len(self._waiting)
        what = "1 hand edit waits" if count == 1 else f"{count} hand edits wait"
        return f"{what} to be recorded in the sheet; the board keeps trying."

    @property
    def has_waiting(self) -> bool:
        """Tell whether a change would be lost if this process ended, and the next knew of nothing.

        What may not be recorded at all is not waited for.
        """
        return bool(self._waiting) and not self._refusal

    def begin(self, reading: Reading) -> None:
        """Note the first reading of this process, which ``see`` compares when there is time."""
        self._first = reading

    def see(self, reading: Reading, zone: tzinfo | None, now: datetime) -> int:
        """Compare a reading with the one before, and record what people changed.

        Gives the number of rows recorded. A failure keeps the changes for the next time.
        """
        if self._first is not None:
            self._before, first, self._first = self._load_kept(), self._first, None
            self._compare(first, zone)
        if reading.revision != self._revision:
            self._compare(reading, zone)
        if not self._waiting or (self._quiet_until is not None and now < self._quiet_until):
            return 0
        return self._record(now)

    def _compare(self, reading: Reading, zone: tzinfo | None) -> None:
        self._revision = reading.revision
        if self._before is not None and self._before.revision != reading.revision:
            when = reading.read_at.astimezone(zone).replace(tzinfo=None, microsecond=0)
            self._waiting += seen_changes(self._before, reading, when, self._waiting)
            if len(self._waiting) > MOST_WAITING:
                _log.error("%d hand edits could not be recorded", len(self._waiting) - MOST_WAITING)
                del self._waiting[:-MOST_WAITING]
        self._before = baseline(self._before, reading)

    def _record(self, now: datetime) -> int:
        part = self._waiting[:MOST_AT_ONCE]
        try:
            count = self._workbook.record(part)
        except WorkbookError as error:
            self._fail(error, now)
            return 0
        del self._waiting[: len(part)]
        self._failures, self._quiet_until, self._refusal = 0, None, ""
        return count

    def _fail(self, error: WorkbookError, now: datetime) -> None:
        """Keep the changes, and choose when to try again."""
        _log.warning("%d hand edits are not recorded yet: %s", len(self._waiting), error)
        self._failures += 1
        may_not = isinstance(error, MayNotRecordError)
        self._refusal = str(error) if may_not else ""
        is_hopeless = may_not or self._failures >= MOST_FAILURES
        self._quiet_until = now + PAUSE if is_hopeless else None
