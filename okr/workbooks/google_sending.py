"""Sending a batch exactly once: its token tells whether it has been applied."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from okr.workbooks.google_attempts import MovedError, attempted
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError
from okr.workbooks.google_refresh import Refresher
from okr.workbooks.google_writing import Token, is_token_of
from okr.workbooks.interface import RefusedError, UnknownOutcomeError
from okr.workbooks.row_ids import token_id

PAUSES = (0.5, 1.5, 3.0)
"""Seconds before each look for a token, after an answer that never came."""

MOST_TOKENS = 5

Json = dict[str, Any]
T = TypeVar("T")


class Sender:
    """Sends batches that carry the token of their operation. Not for two threads at once."""

    def __init__(
        self, calls: Calls, now: Callable[[], datetime], sleep: Callable[[float], None], what: str
    ) -> None:
        """Take what the batches are about, for sentences: ``the check-in``."""
        self._calls = calls
        self._now = now
        self._sleep = sleep
        self.unknown = (
            f"Google did not say whether {what} was saved. Save it again: it will not be written "
            "twice, and what you typed is still here."
        )

    def token(self, operation: str, taken: Mapping[int, str]) -> Token:
        """Choose the token of an operation, of those numbers that are not taken.

        Raises:
            RefusedError: If all of them are.
        """
        for attempt in range(MOST_TOKENS):
            number = token_id(operation, attempt)
            if number not in taken:
                return Token(number, operation, self._now().timestamp())
        raise RefusedError("Nothing was saved: no free place for its token. Save again.")

    def append(
        self, operation: str, taken: Mapping[int, str], body: Callable[[Token], Json]
    ) -> tuple[Json | None, bool]:
        """Send a batch that only adds, once, the same one again where its answer is lost.

        Gives Google's reply, or None if that was lost, and whether the operation was there before.

        Raises:
            RequestFailedError: If it was refused.
            UnknownOutcomeError: If nobody can tell.
        """
        taken = dict(taken)
        for _ in range(MOST_TOKENS):
            token = self.token(operation, taken)
            try:
                return self._send(body(token), token), False
            except RequestFailedError as failure:
                if failure.doubled != token.id:  # or a column has moved, and nothing was written
                    raise
                if self._is_own(token):
                    return None, True
                taken[token.id] = ""
        raise RefusedError("Nothing was saved: no free place for its token. Save again.")

    def _send(self, body: Json, token: Token) -> Json | None:
        """Send a batch; where its answer is lost, find out before it is sent again.

        Raises:
            RequestFailedError: If it was refused; ``is_unsure`` where that was the second time.
            UnknownOutcomeError: If nobody can tell.
        """
        try:
            return self._calls.batch(body)
        except RequestFailedError as failure:
            if not failure.trouble.is_unknown:
                raise
        if self.arrives(token):
            return None
        try:
            return self._calls.batch(body)
        except RequestFailedError as failure:
            if failure.doubled not in (None, token.id):
                failure.is_unsure = True
                raise
            is_there = self.arrives(token) if failure.doubled is None else self._is_own(token)
            if is_there:
                return None
        raise UnknownOutcomeError(self.unknown)

    def arrives(self, token: Token) -> bool:
        """Look for a token a few times, for Google may still be at work on the batch.

        Raises:
            UnknownOutcomeError: If Google does not let it be looked for.
        """
        for pause in PAUSES:
            self._sleep(pause)
            if self.holds(token):
                return True
        return False

    def _is_own(self, token: Token) -> bool:
        """Tell whether a token that Google says is there is of its operation, not of another.

        Raises:
            UnknownOutcomeError: If Google does not show it, as a reading that lags behind.
        """
        for pause in (0.0, *PAUSES):
            if pause:
                self._sleep(pause)
            held = self._held(token)
            if held is not None:
                return is_token_of(held, token.operation)
        raise UnknownOutcomeError(self.unknown)

    def holds(self, token: Token) -> bool:
        """Tell whether the token of an operation is in the sheet.

        Raises:
            UnknownOutcomeError: If Google does not let it be looked for.
        """
        held = self._held(token)
        return held is not None and is_token_of(held, token.operation)

    def _held(self, token: Token) -> str | None:
        try:
            return self._calls.token(token.id)
        except RequestFailedError as failure:
            raise UnknownOutcomeError(self.unknown) from failure


class Appender:
    """Whoever appends to a sheet, each batch exactly once; ``what`` names it in sentences."""

    what = "it"
    unknown = ""
    """What is said where nobody can tell; "" for what is said of any save."""

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
        self._sender = Sender(calls, now, sleep, self.what)
        self._sender.unknown = self.unknown or self._sender.unknown

    def _attempted(self, attempt: Callable[[bool], T], restless: str) -> T:
        """Attempt a write until it goes through; see ``attempted``.

        Raises:
            RefusedError: If nothing was written.
            RequestFailedError: If nothing was written, because of Google.
            UnknownOutcomeError: If what was sent first may still arrive.
        """
        unsure: list[MovedError] = []

        def note(moved: MovedError) -> None:
            if moved.is_unsure:
                unsure.append(moved)

        try:
            return attempted(attempt, self._refresher.forget_layout, self._sleep, restless, note)
        except (RefusedError, RequestFailedError) as error:
            if unsure:
                raise UnknownOutcomeError(self._sender.unknown) from error
            raise
