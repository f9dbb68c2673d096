"""When to read the workbook again: often while somebody looks, more rarely in trouble."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import uniform

from okr.model import Settings, Snapshot

LONGEST_WAIT = 60.0
"""Seconds between two attempts, however often they have failed."""
LOOKED_LATELY = 3.0
"""For so many refresh times after a look somebody is thought to be there."""


@dataclass(slots=True)
class Schedule:
    """The times of the last look and of the next refresh. Intervals are in seconds.

    ``spread`` draws the jitter of the waits after a failure.
    """

    spread: Callable[[float, float], float] = uniform
    _looked_at: datetime | None = field(default=None, init=False)
    _due_at: datetime | None = field(default=None, init=False)
    _failures: int = field(default=0, init=False)
    _is_asked: bool = field(default=False, init=False)

    def look(self, now: datetime) -> bool:
        """Note that somebody looks; tell whether a refresh is overdue."""
        self._looked_at = now
        return self._due_at is not None and now >= self._due_at

    def ask(self, now: datetime) -> None:
        """Ask for a refresh at once; one that is under way does not count."""
        self._is_asked, self._due_at = True, now

    def begin(self) -> None:
        """Note that a refresh begins, which answers whatever was asked before."""
        self._is_asked = False

    def succeed(self, now: datetime, interval: float) -> None:
        """Set the next refresh after one that went well."""
        self._failures = 0
        self._due_at = now if self._is_asked else now + timedelta(seconds=interval)

    def fail(self, now: datetime, interval: float) -> None:
        """Set the next attempt after one that failed, each time later, and never quite in step."""
        longest = max(LONGEST_WAIT, interval)
        wait = min(longest, interval * 2.0 ** min(self._failures, 8))
        self._failures += 1
        self._due_at = now + timedelta(seconds=wait * self.spread(0.75, 1.0))

    def wait(self, now: datetime, interval: float) -> float | None:
        """Give the seconds until the next refresh; None where nobody has looked lately."""
        looked_at, due_at = self._looked_at, self._due_at
        if looked_at is None or due_at is None:
            return None
        if (now - looked_at).total_seconds() > LOOKED_LATELY * interval:
            return None
        wait = (due_at - now).total_seconds()
        has_clock_gone_back = wait > max(LONGEST_WAIT, interval)
        return 0.0 if has_clock_gone_back else max(0.0, wait)


def refresh_seconds(snapshot: Snapshot | None) -> float:
    """Give the seconds between two refreshes as the workbook's Settings say them."""
    settings = snapshot.settings if snapshot else Settings()
    return settings.refresh_seconds
