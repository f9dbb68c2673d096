"""A workbook that lives in an .xlsx file on this machine."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from okr.model import Source
from okr.reading import Reading
from okr.workbooks.interface import CheckInDraft, ReadError, RefusedError, SavedCheckIn
from okr.workbooks.local_check_in import CheckInSaving, saved_before
from okr.workbooks.xlsx_cells import Value
from okr.workbooks.xlsx_editing import Editor
from okr.workbooks.xlsx_file import Stamp, XlsxFile
from okr.workbooks.xlsx_package import DamagedError
from okr.workbooks.xlsx_reading import read_tabs

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class LocalWorkbook:
    """The `Workbook` protocol over an .xlsx file that people go on opening in Excel."""

    def __init__(self, path: Path | str) -> None:
        self._file = XlsxFile(Path(path))
        self._reading = threading.Lock()
        self._saving = threading.Lock()
        self._last: tuple[Stamp, Reading] | None = None

    @property
    def location(self) -> str:
        """The path of the file."""
        return str(self._file.path)

    def read(self) -> Reading:
        """Read the file, unless it is still the one that was read last."""
        with self._reading:
            stamp = self._file.stamp()
            if self._last is None or self._last[0] != stamp:
                self._last = (stamp, self._understood(self._file.read()))
            return self._last[1]

    def save_check_in(self, draft: CheckInDraft) -> SavedCheckIn:
        """Append a check-in, exactly once, and let Current and Confidence mirror it."""
        with self._saving, self._file.turn():
            try:
                return self._save(draft)
            except ReadError as error:
                raise RefusedError(f"Nothing was saved: {error}") from error
            except DamagedError as error:
                name = self._file.path.name
                raise RefusedError(
                    f"Nothing was saved: “{name}” cannot be added to: {error}. Open it in Excel or "
                    "LibreOffice and save it there, then save here again."
                ) from error

    def _save(self, draft: CheckInDraft) -> SavedCheckIn:
        """Look at the file anew, decide what changes, and replace it; the caller has the turn."""
        seen = self._file.stamp()
        content = self._file.read()
        with self._reading:
            reading = self._understood(content)
        before = saved_before(reading, draft)
        if before is not None:
            return before
        self._file.refuse_if_held()
        editor = Editor(content)
        saved = CheckInSaving(reading, editor, draft).save()
        self._file.replace(editor.content(), seen)
        return saved

    def _understood(self, content: bytes) -> Reading:
        """Turn the bytes of the file into a reading; equal bytes give the same one."""
        revision = hashlib.sha256(content).hexdigest()[:16]
        before = self._last[1] if self._last else None
        if before is not None and before.revision == revision:
            return before
        path = self._file.path
        _refuse_foreign(f"“{path.name}”", content)
        try:
            tabs = read_tabs(content, before.tabs if before else ())
        except DamagedError as error:
            raise ReadError(
                f"“{path.name}” could not be read: {error}. Open it in Excel or LibreOffice, "
                "save it as .xlsx, or put an earlier copy in its place."
            ) from error
        return Reading(Source(path.stem, str(path)), datetime.now(UTC), revision, tabs)


def create(
    path: Path | str,
    tabs: Mapping[str, Sequence[Sequence[Value]]],
    *,
    formats: Mapping[str, str] | None = None,
    replace: bool = False,
) -> LocalWorkbook:
    """Write a new workbook as ``xlsx_writing.write_workbook`` does, and open it.

    Raises:
        RefusedError: If the file is there already and ``replace`` is not set, or cannot be written.
    """
    from okr.workbooks.xlsx_writing import write_workbook  # openpyxl is slow to import

    write_workbook(path, tabs, formats=formats, replace=replace)
    return LocalWorkbook(path)


def _refuse_foreign(name: str, content: bytes) -> None:
    """Tell other kinds of files from damaged workbooks, so that the sentence fits."""
    if not content:
        raise ReadError(f"{name} is empty. Put the workbook in its place.")
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise ReadError(
            f"{name} is protected by a password. Open it in Excel or LibreOffice, and save it "
            "without one."
        )
    if content.startswith(_OLE):
        raise ReadError(f"{name} is an old .xls file. Open it in Excel and save it as .xlsx.")
    if content.startswith(_ZIP) and b"opendocument.spreadsheet" in content[:200]:
        raise ReadError(
            f"{name} is an OpenDocument file. Open it in LibreOffice and save it as .xlsx."
        )
    if not content.startswith(_ZIP):
        raise ReadError(f"{name} is not an .xlsx workbook. Name a file saved as .xlsx.")
