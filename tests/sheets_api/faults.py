"""Answers that go wrong on purpose: throttled, broken, late, lost after the change was made."""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from tests.sheets_api.errors import ApiError, error_body, quota_error
from tests.sheets_api.tokens import UNAUTHENTICATED

Kind = Literal["status", "html", "reset", "hang", "slow", "stale"]
KINDS = ("status", "html", "reset", "hang", "slow", "stale")
MESSAGES = {
    401: UNAUTHENTICATED,
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    500: "Internal error encountered.",
    502: "Bad gateway.",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}
HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body>Temporary error.</body></html>"


class Answer(NamedTuple):
    """What is sent back. `ending` says if the connection is reset or left hanging instead."""

    status: int
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    is_html: bool = False
    ending: Literal["", "reset", "hang"] = ""
    seconds: float = 0.0


@dataclass
class Fault:
    """One thing to go wrong.

    `applied` says if the change is made all the same; `nth` counts the requests that fit from the
    moment the fault was added; `times` is how many in a row it hits, None for all that follow.
    """

    kind: Kind
    status: int = 503
    applied: bool = False
    seconds: float = 0.0
    retry_after: int | None = None
    method: str | None = None
    path: str | None = None
    nth: int = 1
    times: int | None = 1
    hits: int = 0
    _seen: int = 0

    def takes(self, method: str, target: str) -> bool:
        """Count a request; say if the fault hits it."""
        if self.method and self.method.upper() != method:
            return False
        if self.path and not re.search(self.path, target):
            return False
        self._seen += 1
        is_hit = self._seen >= self.nth and (self.times is None or self.hits < self.times)
        self.hits += is_hit
        return is_hit

    @property
    def is_final(self) -> bool:
        """Whether it puts an answer of its own in the place of the true one."""
        return self.kind in ("status", "html", "reset", "hang")

    def answer(self, is_read: bool) -> Answer:
        if self.kind == "html":
            return Answer(self.status, HTML, is_html=True)
        if self.kind == "reset":
            return Answer(0, ending="reset")
        if self.kind == "hang":
            return Answer(0, ending="hang", seconds=self.seconds)
        if self.status == 429:
            wait = (("Retry-After", str(self.retry_after)),) if self.retry_after is not None else ()
            return Answer(429, quota_error(is_read).body(), wait)
        message = MESSAGES.get(self.status, f"Injected status {self.status}.")
        return Answer(self.status, error_body(self.status, message))


class Faults:
    """The faults that are waiting for requests to hit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.waiting: list[Fault] = []

    def add(self, kind: Kind, **options: Any) -> Fault:
        """Add a fault; see `Fault` for what it can be told."""
        if kind not in KINDS:
            raise ApiError(400, f"Unknown kind of fault {kind!r}; known are {', '.join(KINDS)}")
        fault = Fault(kind, **options)
        with self._lock:
            self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self.waiting.clear()

    def hitting(self, method: str, target: str) -> list[Fault]:
        """Give the faults that hit a request. Only one of them may replace its answer."""
        with self._lock:
            hits: list[Fault] = []
            for fault in self.waiting:
                has_final = any(hit.is_final for hit in hits)
                if not (fault.is_final and has_final) and fault.takes(method, target):
                    hits.append(fault)
            return hits


def stale_seconds(faults: Iterable[Fault]) -> float:
    return max((fault.seconds for fault in faults if fault.kind == "stale"), default=0.0)
