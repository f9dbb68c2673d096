"""A workbook that lives in an .xlsx file on this machine."""

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from okr.columns import LAYOUT
from okr.layout import Answer
from okr.layouts.detection import understood
from okr.model import Source
from okr.reading import Reading
from okr.watching import SeenChange
from okr.workbooks.answering import answer_cells, is_answered
from okr.workbooks.interface import (
    AnswerDraft,
    CheckInDraft,
    EditDraft,
    ReadError,
    RefusedError,
    RowDraft,
    SavedCheckIn,
    SavedRow,
)
from okr.workbooks.local_check_in import CheckInSaving, saved_before
from okr.workbooks.local_editing import RowSaving, edited_before, row_added_before
from okr.workbooks.local_preparing import carry_out, make_new, plan_file
from okr.workbooks.local_recording import append_changes, untold_in
from okr.workbooks.local_rows import LocalRows
from okr.workbooks.preparing import as_preparing
from okr.workbooks.xlsx_cells import Value
from okr.workbooks.xlsx_editing import Editor
from okr.workbooks.xlsx_file import Stamp, XlsxFile
from okr.workbooks.xlsx_package import DamagedError
from okr.workbooks.xlsx_reading import read_tabs
from okr.workbooks.xlsx_styles import MOMENT_FORMAT

T = TypeVar("T")

_MOST_REMEMBERED = 1_000
"""Operations of edits that this process remembers, beside what ``_History`` tells of them."""

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class LocalWorkbook:
    """The `Workbook` protocol over an .xlsx file that people go on opening in Excel."""

    def __init__(self, path: Path | str, answers: tuple[Answer, ...] = ()) -> None:
        """Take the path, and what is configured of the layout of a sheet of its own."""
        self._answers = answers
        self._file = XlsxFile(Path(path))
        self._reading = threading.Lock()
        self._saving = threading.Lock()
        self._last: tuple[Stamp, Reading] | None = None
        self._done: dict[str, SavedRow] = {}

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
        seen = self._last[1] if self._last else None
        return self._save(
            lambda reading: saved_before(reading, draft),
            lambda reading, editor: CheckInSaving(reading, editor, draft, seen).save(),
        )

    def save_edit(self, draft: EditDraft) -> SavedRow:
        """Change cells of one row, exactly once, each only if it is still as the page saw it."""
        return self._save_row(
            draft.operation,
            lambda reading: edited_before(reading, draft),
            lambda reading, editor: RowSaving(reading, editor).save(draft),
        )

    def add_row(self, draft: RowDraft) -> SavedRow:
        """Append an objective or a key result, exactly once."""
        return self._save_row(
            draft.operation,
            lambda reading: row_added_before(reading, draft),
            lambda reading, editor: RowSaving(reading, editor).add(draft),
        )

    def save_answer(self, draft: AnswerDraft) -> bool:
        """Append an answer to the ``_Layout`` tab, which is added at first need."""

        def append(reading: Reading, editor: Editor) -> bool:
            rows = LocalRows(reading, editor)
            rows.append(LAYOUT, answer_cells(draft), {"When": MOMENT_FORMAT})
            return True

        return self._save(lambda reading: False if is_answered(reading, draft) else None, append)

    def _save_row(
        self,
        operation: str,
        before: Callable[[Reading], SavedRow | None],
        change: Callable[[Reading, Editor], SavedRow],
    ) -> SavedRow:
        """Save an edit or a new row, and remember its operation."""

        def known(reading: Reading) -> SavedRow | None:
            done = self._done.get(operation)
            return replace(done, was_there=True) if done else before(reading)

        saved = self._save(known, change)
        self._done[operation] = saved
        while len(self._done) > _MOST_REMEMBERED:
            self._done.pop(next(iter(self._done)))
        return saved

    def _save(
        self, before: Callable[[Reading], T | None], change: Callable[[Reading, Editor], T]
    ) -> T:
        """Change the file when it is this thread's turn."""
        with self._saving, self._file.turn():
            try:
                return self._changed(before, change)
            except ReadError as error:
                raise RefusedError(f"Nothing was saved: {error}") from error
            except DamagedError as error:
                name = self._file.path.name
                raise RefusedError(
                    f"Nothing was saved: “{name}” cannot be added to: {error}. Open it in Excel or "
                    "LibreOffice and save it there, then save here again."
                ) from error

    def _changed(
        self, before: Callable[[Reading], T | None], change: Callable[[Reading, Editor], T]
    ) -> T:
        """Look at the file anew, decide what changes, and replace it; the caller has the turn."""
        seen = self._file.stamp()
        content = self._file.read()
        with self._reading:
            reading = self._understood(content)
        there = before(reading)
        if there is not None:
            return there
        self._file.refuse_if_held()
        editor = Editor(content)
        saved = change(reading, editor)
        if editor.is_changed:
            self._file.replace(editor.content(), seen)
        return saved

    def prepare(self) -> list[str]:
        """Add what is missing to the file, change nothing that is there, and say what was done.

        A file that is not there yet is made.

        Raises:
            RefusedError: If nothing was written.
        """
        if not self._file.path.exists():
            return make_new(self._file.path)
        try:
            return self._save(
                lambda _: None,
                lambda reading, editor: carry_out(plan_file(reading, editor), editor),
            )
        except RefusedError as error:
            raise as_preparing(error) from error

    def record(self, changes: Sequence[SeenChange]) -> int:
        """Append changes that were seen in the file to ``_History``, those not yet there.

        Raises:
            RefusedError: If nothing was recorded.
        """
        if not changes:
            return 0
        with self._saving, self._file.turn():
            try:
                return self._record(changes)
            except (ReadError, DamagedError) as error:
                raise RefusedError(f"Nothing was recorded: {error}") from error

    def _record(self, changes: Sequence[SeenChange]) -> int:
        """Look at the file anew, and add what it does not tell yet; the caller has the turn."""
        seen = self._file.stamp()
        content = self._file.read()
        with self._reading:
            reading = self._understood(content)
        rest = untold_in(reading, changes)
        if rest:
            self._file.refuse_if_held()
            editor = Editor(content)
            append_changes(reading, editor, rest)
            self._file.replace(editor.content(), seen)
        return len(rest)

    def _understood(self, content: bytes) -> Reading:
        """Turn the bytes of the file into a reading; equal bytes give the same one."""
        revision = hashlib.sha256(content).hexdigest()[:16]
        before = self._last[1] if self._last else None
        if before is not None and before.revision == revision:
            return before
        path = self._file.path
        _refuse_foreign(f"“{path.name}”", content)
        try:
            tabs = read_tabs(content, before.sheet or before.tabs if before else ())
        except DamagedError as error:
            raise ReadError(
                f"“{path.name}” could not be read: {error}. Open it in Excel or LibreOffice, "
                "save it as .xlsx, or put an earlier copy in its place."
            ) from error
        source, now = Source(path.stem, str(path)), datetime.now(UTC)
        return understood(Reading(source, now, revision, tabs, configured=self._answers))


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
