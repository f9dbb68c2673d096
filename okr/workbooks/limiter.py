"""How often the board may ask: at most so many requests in any minute."""

import threading
import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0


class Limiter:
    """Lets requests through until a minute has had its share, then makes the next one wait.

    The share holds for every stretch of sixty seconds, not only for those that begin with the
    clock's minute, because nobody outside Google knows when its minutes begin.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._sleep = sleep
        self._taken: deque[float] = deque()
        self._turn = threading.Lock()

    def take(self) -> float:
        """Wait until one more request is allowed, and count it; give the seconds waited."""
        with self._turn:
            waited = 0.0
            while (wait := self._wait()) > 0:
                self._sleep(wait)
                waited += wait
            self._taken.append(self._clock())
            return waited

    def _wait(self) -> float:
        """Measure how long the minute still lacks room; forget what lies before it."""
        now = self._clock()
        while self._taken and now - self._taken[0] >= MINUTE:
            self._taken.popleft()
        if len(self._taken) < self._per_minute:
            return 0.0
        return self._taken[0] + MINUTE - now
