"""A workbook that lives in Google Sheets, reached with a service account."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from okr.reading import Reading
from okr.workbooks.google_account import check_api_root, load_key, location, spreadsheet_key
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import (
    Account,
    RequestFailedError,
    as_read_error,
    as_refusal,
)
from okr.workbooks.google_mirroring import Mirrors
from okr.workbooks.google_refresh import Refresher
from okr.workbooks.google_saving import CheckInSaver
from okr.workbooks.interface import CheckInDraft, ReadError, RefusedError, SavedCheckIn

if TYPE_CHECKING:  # gspread is slow to import, and a local workbook never needs it
    from okr.workbooks.google_client import SheetsClient


def _now() -> datetime:
    return datetime.now(UTC)


class GoogleWorkbook:
    """The ``Workbook`` protocol over a Google Sheet that people go on editing by hand.

    ``credentials`` are a service account's key, as a file or as its fields. ``api_root`` is another
    address of the Sheets API, for tests. Nothing is asked of Google before the first reading.
    """

    def __init__(
        self,
        address: str,
        credentials: Mapping[str, Any] | str | Path,
        api_root: str | None = None,
        *,
        now: Callable[[], datetime] = _now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        key = spreadsheet_key(address)
        self._location = location(key)
        self._credentials = credentials
        self._api_root = check_api_root(api_root) if api_root else None
        self._email = "the service account"
        self._clock, self._sleep = clock, sleep
        self._connecting, self._saving = threading.Lock(), threading.Lock()
        self._connected: SheetsClient | None = None
        calls = Calls(key, self._client)
        self._refresher = Refresher(calls, self._location, now)
        self._mirrors = Mirrors(calls, lambda: self._saver.look())
        self._saver = CheckInSaver(calls, self._refresher, self._mirrors, now, sleep)

    @property
    def location(self) -> str:
        """The web address of the sheet."""
        return self._location

    @property
    def requests(self) -> Mapping[str, float]:
        """Count what has been asked of Google so far: reads, writes, retries, seconds held back."""
        traffic = self._connected.traffic if self._connected else None
        if traffic is None:
            return {}
        return {
            "reads": traffic.reads,
            "writes": traffic.writes,
            "retries": traffic.retries,
            "seconds_limited": traffic.seconds_limited,
        }

    def read(self) -> Reading:
        """Read all known tabs, by one request once the first is done.

        Raises:
            ReadError: If it cannot be read, with a sentence that says why and how to mend it.
        """
        try:
            reading = self._refresher.refresh()
        except RequestFailedError as failure:
            raise as_read_error(failure, self._account()) from failure
        self.mend_mirrors(reading)
        return reading

    def save_check_in(self, draft: CheckInDraft) -> SavedCheckIn:
        """Append a check-in, exactly once, and let Current and Confidence mirror it.

        Raises:
            RefusedError: If nothing was saved, with the reason.
            UnknownOutcomeError: If that cannot be told.
        """
        with self._saving:
            try:
                return self._saver.save(draft)
            except RequestFailedError as failure:
                raise as_refusal(failure, self._account()) from failure
            except ReadError as error:
                raise RefusedError(f"Nothing was saved. {error}") from error

    def mend_mirrors(self, reading: Reading) -> None:
        """Let Current follow check-ins whose mirror had failed; nothing is asked where none had."""
        if not self._mirrors.has_owed() or not self._saving.acquire(blocking=False):
            return
        try:
            self._mirrors.mend(reading)
        finally:
            self._saving.release()

    def _account(self) -> Account:
        return Account(self._email, self._location)

    def _client(self) -> "SheetsClient":
        """Give the client, which is made when it is first needed."""
        with self._connecting:
            if self._connected is None:
                from okr.workbooks.google_client import connect

                key = load_key(self._credentials)
                self._email = str(key["client_email"])
                self._connected = connect(key, self._api_root, self._clock, self._sleep)
            return self._connected
