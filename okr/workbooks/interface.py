"""What the board asks of a workbook, whichever home it lives in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from okr.model import Cell
from okr.reading import Reading
from okr.watching import SeenChange as SeenChange


class WorkbookError(Exception):
    """An action on the workbook failed; the text is a sentence for people, with the mend in it."""


class ReadError(WorkbookError):
    """The workbook could not be read: not found, not shared, not a workbook, out of reach."""


class RefusedError(WorkbookError):
    """Nothing was applied. What was typed is still in the form."""


class UnknownOutcomeError(WorkbookError):
    """It cannot be told whether the change was applied; the same operation may be tried again."""


@dataclass(frozen=True, slots=True)
class RowReference:
    """A row as the page saw it: by its ID, or by its content where it has none.

    ``content`` holds the cells that name the row (column to text), such as its title and objective.
    """

    tab: str
    id: str | None
    content: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CheckInDraft:
    """A check-in that is to be saved.

    ``operation`` is made when its form opens and kept through double clicks, so that the same draft
    is never saved twice. ``when`` is naive, in the workbook's time zone. A ``value`` of None leaves
    Current as it is. Booleans are the values of kind done. ``written`` is the moment of saving
    where the check-in is dated otherwise; None where that is ``when``.
    """

    operation: str
    key_result: RowReference
    value: Cell | None
    confidence: float | None
    note: str
    by: str
    when: datetime
    written: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedCheckIn:
    """What a saved check-in looks like in the sheet.

    ``cells`` are the cells of its row in the Check-ins tab, column to cell, as a reading would give
    them; ``is_mirrored`` tells whether Current and Confidence follow already. ``was_there`` tells
    that the operation had been saved before.
    """

    id: str
    key_result_id: str
    cells: tuple[tuple[str, Cell], ...]
    is_mirrored: bool
    was_there: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell of a row that a person changes: what the page saw there, what shall stand there."""

    column: str
    seen: Cell
    wanted: Cell


@dataclass(frozen=True, slots=True)
class EditDraft:
    """Cells of one row that are to be changed together; ``operation`` as for check-ins."""

    operation: str
    row: RowReference
    cells: tuple[CellEdit, ...]
    by: str
    when: datetime


@dataclass(frozen=True, slots=True)
class RowDraft:
    """A new row of Objectives or Key results, column to cell. The workbook gives it its ID."""

    operation: str
    tab: str
    cells: tuple[tuple[str, Cell], ...]
    by: str
    when: datetime


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What a person says of the layout of a sheet (see ``okr.layout.Question``).

    The same answer is never kept twice in a row, so that it needs no ID.
    """

    operation: str
    tab: str
    asked: str
    said: str
    by: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that somebody else has changed since the page saw it, or that must not be written.

    ``obstacle`` is "" where it was changed, else why it is not to be written (``holds a formula``).
    """

    column: str
    cell: str
    seen: Cell
    found: Cell
    wanted: Cell
    obstacle: str = ""


class ConflictError(RefusedError):
    """Nothing was written, because cells are not as the page saw them; the person chooses."""

    def __init__(self, sentence: str, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(sentence)
        self.conflicts = conflicts


@dataclass(frozen=True, slots=True)
class SavedRow:
    """What an edit or a new row left in the sheet: the row's ID, and each cell that was written.

    ``written`` holds what stood there before and what stands there now; a new row's cells were
    blank. An edit that found everything as wanted has written nothing.
    """

    row_id: str
    tab: str
    written: tuple[CellEdit, ...]
    was_there: bool = False
    remark: str = ""


class Workbook(Protocol):
    """A workbook in one of its homes. Its methods may be called from any thread."""

    @property
    def location(self) -> str:
        """The path or the web address, as people would open it."""

    def read(self) -> Reading:
        """Read all known tabs.

        Rows that have not changed since the reading before are the same objects as then; where
        nothing at all has changed, so is the reading's ``revision``.

        Raises:
            ReadError: If it cannot be read, with a sentence that says why and how to mend it.
        """

    def save_check_in(self, draft: CheckInDraft) -> SavedCheckIn:
        """Append a check-in, exactly once, and let Current and Confidence mirror it.

        Raises:
            RefusedError: If nothing was saved, with the reason.
            UnknownOutcomeError: If that cannot be told.
        """

    def save_edit(self, draft: EditDraft) -> SavedRow:
        """Change cells of one row, exactly once, each only if it is still as the page saw it.

        Raises:
            ConflictError: If a cell has been changed meanwhile or must not be written.
            RefusedError: If the row is gone or doubled; nothing was written.
            UnknownOutcomeError: If it cannot be told whether anything was.
        """

    def add_row(self, draft: RowDraft) -> SavedRow:
        """Append an objective or a key result, exactly once.

        Raises:
            RefusedError: If nothing was written.
            UnknownOutcomeError: If that cannot be told.
        """

    def save_answer(self, draft: AnswerDraft) -> bool:
        """Append an answer to the ``_Layout`` tab, which is added at first need.

        Tells whether it was written; where the last answer to the same says so already, it is not.

        Raises:
            RefusedError: If nothing was written.
            UnknownOutcomeError: If that cannot be told.
        """

    def record(self, changes: Sequence[SeenChange]) -> int:
        """Append changes that were seen in the sheet to ``_History``, those not yet there.

        Two processes that saw the same change record it once. Gives the number of rows appended.

        Raises:
            RefusedError: If nothing was written, as on a sheet that may only be read.
            UnknownOutcomeError: If that cannot be told.
        """

    def prepare(self) -> list[str]:
        """Add what is missing to the workbook, change nothing that is there, and say what was done.

        Raises:
            RefusedError: If nothing was written.
            UnknownOutcomeError: If that cannot be told.
        """
