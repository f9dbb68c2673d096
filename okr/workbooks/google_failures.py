"""What went wrong with a request to Google, and the sentence that says so to people."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from okr.workbooks.interface import ReadError, RefusedError


class Trouble(StrEnum):
    """The kinds of failure; all but LOST and GARBLED and SERVER mean that nothing was applied."""

    THROTTLED = "throttled"
    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    DISABLED = "disabled"
    NOT_FOUND = "not found"
    UNTRUSTED = "untrusted"
    UNSENT = "unsent"
    LOST = "lost"
    GARBLED = "garbled"
    SERVER = "server"

    @property
    def is_unknown(self) -> bool:
        """Tell whether a write may have been applied all the same."""
        return self in (Trouble.LOST, Trouble.GARBLED, Trouble.SERVER)

    @property
    def is_passing(self) -> bool:
        """Tell whether the same reading may well succeed a moment later."""
        return self.is_unknown or self in (Trouble.THROTTLED, Trouble.UNSENT)


class RequestFailedError(Exception):
    """A request failed; ``message`` is Google's own word, for logs and for telling cases apart."""

    def __init__(self, trouble: Trouble, message: str = "", retry_after: float = 0.0) -> None:
        super().__init__(f"{trouble}: {message}")
        self.trouble = trouble
        self.message = message
        self.retry_after = retry_after
        self.is_unsure = False
        """The same had been sent before, its answer was lost, and it may still arrive."""

    @property
    def doubled(self) -> int | None:
        """Give the number of a token or an anchor that Google refused because it is there."""
        found = _DOUBLED.search(self.message) if self.trouble is Trouble.INVALID else None
        return int(found[1]) if found else None

    @property
    def is_of_layout(self) -> bool:
        """Tell whether a range is not there: its tab was renamed or shortened since it was read."""
        is_said = any(words in self.message for words in _NO_RANGE)
        return is_said and self.trouble is Trouble.INVALID


_NO_RANGE = ("Unable to parse range", "exceeds grid limits")
_DOUBLED = re.compile(r"metadata with ID \[?(\d+)\]? because developer metadata with that ID")


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the sheet must be shared with, and where the sheet is."""

    email: str
    location: str


def trouble_of_status(status: int, message: str) -> Trouble:
    """Sort an HTTP status that is not a success."""
    if status == 429:
        return Trouble.THROTTLED
    if status == 401:
        return Trouble.UNTRUSTED
    if status == 404:
        return Trouble.NOT_FOUND
    if status == 403:
        is_disabled = "has not been used in project" in message or "is disabled" in message
        return Trouble.DISABLED if is_disabled else Trouble.FORBIDDEN
    if status >= 500 or status == 408:
        return Trouble.SERVER
    return Trouble.INVALID


def retry_after(header: str | None, now: datetime | None = None) -> float:
    """Read a Retry-After header, given in seconds or as a date; 0 where there is none."""
    if not header:
        return 0.0
    if header.strip().isdigit():
        return float(header)
    try:
        then = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())


def parse_reply(content: bytes, has_cells: bool = False) -> dict[str, Any]:
    """Read a JSON reply; the numbers of cells are floats, also whole ones.

    Raises:
        RequestFailedError: If it is none.
    """
    try:
        reply = json.loads(content, parse_int=float if has_cells else None)
    except ValueError as error:
        raise RequestFailedError(Trouble.GARBLED, "the reply is cut short") from error
    if not isinstance(reply, dict):
        raise RequestFailedError(Trouble.GARBLED, "the reply is not an object")
    return reply


def sentence(failure: RequestFailedError, account: Account) -> str:
    """Say what happened and how to mend it."""
    match failure.trouble:
        case Trouble.FORBIDDEN:
            return (
                f"Google does not let the board into the sheet at {account.location}. "
                f"Share it with {account.email} as Editor."
            )
        case Trouble.DISABLED:
            return (
                "The Google Sheets API is not switched on for the service account's project. "
                f"Enable it in the Google Cloud console of the project of {account.email}."
            )
        case Trouble.NOT_FOUND:
            return (
                f"There is no sheet at {account.location}. Check the address in the board's "
                "configuration, and that the sheet is not in the bin."
            )
        case Trouble.UNTRUSTED:
            return (
                f"Google does not accept the key of {account.email}. Check that the clock of "
                "this computer is right, and that the key has not been deleted."
            )
        case Trouble.THROTTLED:
            return "Google allows the board no more requests at the moment. Try again in a minute."
        case Trouble.UNSENT:
            return "Google Sheets cannot be reached. Check the network connection."
        case Trouble.LOST:
            return "Google Sheets did not answer in time. Try again in a minute."
        case Trouble.INVALID if failure.is_of_layout:
            return "A tab is being renamed or shortened in the sheet. Try again in a moment."
        case Trouble.INVALID:
            return _invalid(failure.message, account)
        case _:
            return "Google Sheets is out of order at the moment. Try again in a minute."


def _invalid(message: str, account: Account) -> str:
    """Say why Google calls a request invalid, where people can do something about it."""
    if "not supported for this document" in message:
        return (
            f"What lies at {account.location} is an Excel file in Google Drive. Open it there, "
            "choose File, then Save as Google Sheets, and configure the new address."
        )
    if "protected" in message:
        return (
            f"A cell or a tab is protected against {account.email}. In Google Sheets choose "
            "Data, Protected sheets and ranges, and add it as an editor."
        )
    return f"Google did not accept the request: {message[:200]}"


def as_read_error(failure: RequestFailedError, account: Account) -> ReadError:
    """Turn a failed request of a reading into what the workbook's users know."""
    return ReadError(sentence(failure, account))


def as_refusal(failure: RequestFailedError, account: Account) -> RefusedError:
    """Turn a failed request of a save into what the workbook's users know."""
    if failure.trouble is Trouble.FORBIDDEN:
        return RefusedError(
            f"Nothing was saved: {account.email} may not write to the sheet. Share the sheet with "
            f"{account.email} as Editor, then save again."
        )
    return RefusedError(f"Nothing was saved. {sentence(failure, account)}")
