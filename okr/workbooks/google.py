"""A workbook that lives in Google Sheets, reached with a service account."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from okr.layout import Answer
from okr.reading import Reading
from okr.watching import SeenChange
from okr.workbooks.google_account import check_api_root, load_key, location, spreadsheet_key
from okr.workbooks.google_adding import RowAdder
from okr.workbooks.google_answering import AnswerSaver
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_editing import EditSaver
from okr.workbooks.google_failures import (
    Account,
    RequestFailedError,
    as_read_error,
    as_refusal,
)
from okr.workbooks.google_mirroring import Mirrors
from okr.workbooks.google_placing import Placer
from okr.workbooks.google_preparing import Preparer
from okr.workbooks.google_recording import ChangeRecorder, as_unrecorded
from okr.workbooks.google_refresh import Refresher
from okr.workbooks.google_saving import CheckInSaver
from okr.workbooks.google_sending import Sender
from okr.workbooks.interface import (
    AnswerDraft,
    CheckInDraft,
    EditDraft,
    ReadError,
    RefusedError,
    RowDraft,
    SavedCheckIn,
    SavedRow,
    UnknownOutcomeError,
)
from okr.workbooks.preparing import as_preparing

if TYPE_CHECKING:  # gspread is slow to import, and a local workbook never needs it
    from okr.workbooks.google_client import SheetsClient

T = TypeVar("T")

MOST_UNSURE = 1000

_STILL_UNKNOWN = (
    "Google does not say either now whether it was saved. Save it again in a minute: it will not "
    "be written twice, and what you typed is still here."
)


def _is_barred(error: RequestFailedError | ReadError) -> bool:
    """Tell whether Google refused a save that was not found before because of a protection."""
    return isinstance(error, RequestFailedError) and "protected" in error.message


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
        answers: tuple[Answer, ...] = (),
    ) -> None:
        key = spreadsheet_key(address)
        self._location = location(key)
        self._credentials = credentials
        self._api_root = check_api_root(api_root) if api_root else None
        self._email = "the service account"
        self._clock, self._sleep = clock, sleep
        self._connecting, self._saving = threading.Lock(), threading.Lock()
        self._connected: SheetsClient | None = None
        self._unsure: list[str] = []
        calls = Calls(key, self._client, sleep)
        self._refresher = Refresher(calls, self._location, now, answers)
        placer = Placer(calls, self._refresher.look, now, sleep)
        self._mirrors = Mirrors(placer, lambda mirror: self._saver.look(mirror), now)
        self._saver = CheckInSaver(calls, self._refresher, self._mirrors, now, sleep)
        self._edits = EditSaver(calls, self._refresher, placer, now, sleep)
        self._adder = RowAdder(calls, self._refresher, now, sleep)
        self._answers = AnswerSaver(calls, self._refresher, now, sleep)
        self._preparer = Preparer(calls, self._refresher, now, sleep)
        self._recorder = ChangeRecorder(calls, self._refresher, now)
        self._sender = Sender(calls, now, sleep, "it")

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
        return self._save(draft.operation, lambda: self._saver.save(draft))

    def save_edit(self, draft: EditDraft) -> SavedRow:
        """Change cells of one row, exactly once, each only if it is still as the page saw it.

        Raises:
            ConflictError: If a cell has been changed meanwhile or must not be written.
            RefusedError: If nothing was written, with the reason.
            UnknownOutcomeError: If that cannot be told.
        """
        return self._save(draft.operation, lambda: self._edits.save(draft))

    def add_row(self, draft: RowDraft) -> SavedRow:
        """Append an objective or a key result, exactly once.

        Raises:
            RefusedError: If nothing was written, with the reason.
            UnknownOutcomeError: If that cannot be told.
        """
        return self._save(draft.operation, lambda: self._adder.add(draft))

    def save_answer(self, draft: AnswerDraft) -> bool:
        """Append an answer to the ``_Layout`` tab, which is added at first need.

        Raises:
            RefusedError: If nothing was written, with the reason.
            UnknownOutcomeError: If that cannot be told.
        """
        return self._save(draft.operation, lambda: self._answers.save(draft))

    def _save(self, operation: str, save: Callable[[], T]) -> T:
        """Save when it is this thread's turn.

        An operation whose outcome was unknown stays so until Google lets it be looked for.
        """
        with self._saving:
            try:
                return save()
            except UnknownOutcomeError:
                self._unsure = [*self._unsure, operation][-MOST_UNSURE:]
                raise
            except RefusedError as refusal:
                self._check_not_there(operation, refusal)
                raise
            except (RequestFailedError, ReadError) as error:
                if operation in self._unsure and not _is_barred(error):
                    raise UnknownOutcomeError(_STILL_UNKNOWN) from error
                if isinstance(error, ReadError):
                    raise RefusedError(f"Nothing was saved. {error}") from error
                raise as_refusal(error, self._account()) from error

    def _check_not_there(self, operation: str, refusal: RefusedError) -> None:
        """See that what was unknown and is refused now is not there: a look may lag behind."""
        if operation not in self._unsure:
            return
        if self._sender.arrives(self._sender.token(operation, {})):
            raise UnknownOutcomeError(_STILL_UNKNOWN) from refusal

    def prepare(self) -> list[str]:
        """Add what is missing to the sheet, change nothing that is there, and say what was done.

        Raises:
            RefusedError: If nothing was written.
            UnknownOutcomeError: If that cannot be told.
        """
        with self._saving:
            try:
                return self._preparer.prepare()
            except RequestFailedError as failure:
                raise as_preparing(as_refusal(failure, self._account())) from failure
            except ReadError as error:
                raise as_preparing(error) from error

    def record(self, changes: Sequence[SeenChange]) -> int:
        """Append changes that were seen in the sheet to ``_History``, those not yet there.

        Raises:
            RefusedError: If nothing was recorded; a ``MayNotRecordError`` where that may not be.
            UnknownOutcomeError: If that cannot be told.
        """
        with self._saving:
            try:
                return self._recorder.record(changes)
            except RequestFailedError as failure:
                raise as_unrecorded(failure, self._account()) from failure
            except ReadError as error:
                raise RefusedError(f"Nothing was recorded. {error}") from error

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
