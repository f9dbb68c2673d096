"""One .xlsx file on disk: read whole, replaced whole, and never while somebody has it open."""

import io
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from okr.workbooks.interface import ReadError, RefusedError

LONGEST_TURN = 30.0
"""Seconds to wait for another process of the board that is saving."""

Stamp = tuple[int, int, int, int]
"""What tells one state of the file from another without reading it."""


@dataclass(frozen=True, slots=True)
class XlsxFile:
    """A path, with sentences for all that can be wrong with what lies there."""

    path: Path

    def stamp(self) -> Stamp:
        """Tell one state of the file from another.

        Raises:
            ReadError: If it is not there.
        """
        try:
            found = os.stat(self.path)
        except OSError as error:
            raise self._unreadable(error) from error
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns

    def read(self) -> bytes:
        """Read all bytes of the file.

        Raises:
            ReadError: If it is not there, or not to be read.
        """
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> ReadError:
        """Say why the file cannot be opened at all."""
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return ReadError(f"There is no file “{self.path}”. Check the path of the workbook.")
        if isinstance(error, IsADirectoryError):
            return ReadError(f"“{self.path}” is a folder. Name the .xlsx file in it.")
        if isinstance(error, PermissionError):
            return ReadError(
                f"The board may not read “{self.path}”. Give its user the right to read the file."
            )
        return ReadError(f"“{self.path}” could not be read: {error.strerror or error}.")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the right to write, which one thread of one process has at a time.

        Raises:
            RefusedError: If it is not to be had.
        """
        real = self.path.resolve()
        lock = FileLock(real.parent / f".{real.name}.lock", timeout=LONGEST_TURN)
        try:
            lock.acquire()
        except Timeout as error:
            raise RefusedError(
                f"Nothing was saved: another process has been saving to “{self.path.name}” for "
                f"{LONGEST_TURN:.0f} seconds. Save again in a minute."
            ) from error
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            yield
        finally:
            lock.release()

    def refuse_if_held(self) -> None:
        """Refuse to write while an office program has the file open, or where nobody may write.

        Raises:
            RefusedError: With who holds it.
        """
        name = self.path.name
        for real in {self.path.absolute(), self.path.resolve()}:
            for program, mark in (
                ("LibreOffice", f".~lock.{real.name}#"),
                ("Excel", f"~${real.name}"),
            ):
                if os.path.lexists(real.parent / mark):
                    raise RefusedError(_held(name, program, mark))
        if not os.stat(self.path).st_mode & 0o222 or not os.access(self.path, os.W_OK):
            raise RefusedError(
                f"Nothing was saved: “{name}” is read-only. Give the board's user the right to "
                "write to it, then save again."
            )

    def replace(self, content: bytes, seen: Stamp) -> None:
        """Put new content in the file's place at once, if it is still as it was seen.

        Raises:
            RefusedError: If it is not, or cannot be written; then nothing has changed.
        """
        if _is_signed(content):
            raise RefusedError(_signed(self.path.name))
        real = self.path.resolve()
        try:
            number, name = tempfile.mkstemp(prefix=f".{real.name}.", suffix=".tmp", dir=real.parent)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
                _take_rights(file.fileno(), os.stat(real))
                file.flush()
                os.fsync(file.fileno())
            self._refuse_if_changed(seen)
            os.replace(name, real)
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
        _settle(real.parent)

    def _refuse_if_changed(self, seen: Stamp) -> None:
        self.refuse_if_held()
        if self.stamp() != seen:
            raise RefusedError(
                f"Nothing was saved: “{self.path.name}” was changed by another program at this "
                "very moment. Save again."
            )

    def _unwritable(self, error: OSError) -> RefusedError:
        """Say why the file cannot be written."""
        return RefusedError(
            f"Nothing was saved: “{self.path}” could not be written "
            f"({error.strerror or error}). Give the board's user the right to write to the file "
            "and its folder, and room on the disk, then save again."
        )


def _take_rights(number: int, before: os.stat_result) -> None:
    """Give a new file the rights of the one that it replaces, and its owner where that may be."""
    os.fchmod(number, stat.S_IMODE(before.st_mode))
    with suppress(PermissionError):
        os.fchown(number, before.st_uid, before.st_gid)


def _settle(folder: Path) -> None:
    """See to it that a renaming outlives a power cut, where the system offers that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _is_signed(content: bytes) -> bool:
    """Tell whether a file carries a digital signature, which no longer fits after any change."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return any(part.startswith("_xmlsignatures/") for part in package.namelist())


def _signed(name: str) -> str:
    return (
        f"Nothing was saved: “{name}” carries a digital signature, which any change would break. "
        "Remove the signature in Excel or LibreOffice, then save again; or sign a copy instead."
    )


def _held(name: str, program: str, mark: str) -> str:
    return (
        f"Nothing was saved: “{name}” is open in {program}. Save and close it there, then save "
        f"here again. If it is open nowhere, a crash has left “{mark}” beside it: remove that file."
    )
