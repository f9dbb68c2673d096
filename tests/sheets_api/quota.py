"""How many reads and writes came in, and the limits on them if a test sets any."""

import threading
import time
from collections import deque

from tests.sheets_api.errors import quota_error

MINUTE = 60.0


class Quota:
    """Counts requests that got as far as being counted: those refused by a fault are not."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: dict[bool, deque[float]] = {True: deque(), False: deque()}
        self._limits: dict[bool, int | None] = {True: None, False: None}
        self.reads = 0
        self.writes = 0

    def limit(self, reads: int | None = None, writes: int | None = None) -> None:
        """Set how many a minute are let through; None lets all through."""
        with self._lock:
            self._limits = {True: reads, False: writes}

    def count(self, is_read: bool) -> None:
        """Count a request.

        Raises:
            ApiError: 429, if the minute's requests are used up.
        """
        with self._lock:
            recent, limit = self._fresh(is_read), self._limits[is_read]
            if limit is not None and len(recent) >= limit:
                raise quota_error(is_read)
            recent.append(time.monotonic())
            self.reads += is_read
            self.writes += not is_read

    def last_minute(self) -> dict[str, int]:
        with self._lock:
            return {"reads": len(self._fresh(True)), "writes": len(self._fresh(False))}

    def reset(self) -> None:
        with self._lock:
            self._recent = {True: deque(), False: deque()}
            self.reads = self.writes = 0

    def _fresh(self, is_read: bool) -> deque[float]:
        recent, start = self._recent[is_read], time.monotonic() - MINUTE
        while recent and recent[0] < start:
            recent.popleft()
        return recent
