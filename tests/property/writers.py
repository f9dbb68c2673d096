"""Those who save: what each wants, what it saw before, and what it was told in the end."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from okr.cells import read_id
from okr.columns import KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.workbooks.hand_edits import HandEdits
from okr.workbooks.interface import (
    CellEdit,
    CheckInDraft,
    EditDraft,
    ReadError,
    RefusedError,
    RowDraft,
    RowReference,
    UnknownOutcomeError,
)
from tests.property.sheet import Witness, row_key, rows_of, shown
from tests.sheets_api.state import Formula

WHEN = datetime(2026, 5, 20, 8, 0)
EDITED = {
    KEY_RESULTS: ("Target", "Target", "Current", "Owner", "Weight", "Due", "Key result", "Start"),
    OBJECTIVES: ("Objective", "Team", "Owner"),
}
TEXTS = ("Owner", "Key result", "Objective", "Team")

Draft = CheckInDraft | EditDraft | RowDraft


_drafting = threading.Lock()


class KilledError(BaseException):
    """The process ends here and now."""


@dataclass(slots=True)
class Attempt:
    """One time that somebody tried to save: from which event to which, and what came of it."""

    actor: str
    begin: int
    end: int = -1
    outcome: str = ""
    said: str = ""
    saved: Any = None
    before: int = 0
    requests: int = 0


@dataclass(slots=True)
class Operation:
    """One thing that is to be saved, once."""

    number: int
    kind: str
    tab: str = KEY_RESULTS
    draft: Draft | None = None
    row: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def by(self) -> str:
        return f"op{self.number}@example.com"

    @property
    def name(self) -> str:
        return f"op{self.number}"

    @property
    def outcome(self) -> str:
        """Say what became of it: a save that was told once is one."""
        if any(attempt.outcome == "saved" for attempt in self.attempts):
            return "saved"
        return self.last.outcome if self.attempts else ""

    @property
    def last(self) -> Attempt:
        """Give the attempt that came to its end last, of whichever process."""
        return max(self.attempts, key=lambda attempt: attempt.end)

    @property
    def actors(self) -> set[str]:
        return {attempt.actor for attempt in self.attempts}


@dataclass(slots=True, eq=False)
class Writer:
    """Somebody with a board of their own, what they have still to do, and their thread."""

    name: str
    random: Random
    make: Callable[["Writer"], Any]
    operations: list[Operation] = field(default_factory=list)
    life: int = 1
    workbook: Any = None
    edits: HandEdits | None = None
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    pending: tuple[str, str] | None = None
    plan: Any = None
    is_appending: bool = False
    sent: int = 0
    kind: str = ""
    is_saving: bool = False
    is_left: bool = False
    """A sort has left the anchors of rows behind while this writer was saving."""
    has_ended: bool = False
    failure: BaseException | None = None
    lives: set[str] = field(default_factory=set)

    @property
    def actor(self) -> str:
        return f"{self.name}.{self.life}"

    def board(self) -> Any:
        if self.workbook is None:
            self.workbook = self.make(self)
            self.lives.add(self.actor)
        return self.workbook

    def restart(self) -> None:
        """Be another process from now on, which knows nothing."""
        self.life += 1
        self.sent = 0
        self.workbook, self.edits = None, None


def perform(witness: Witness, writer: Writer, operation: Operation) -> Attempt:
    """Try to save once, and note what was told."""
    if operation.kind in ("read", "watch"):
        return _look(witness, writer, operation)
    with _drafting:
        if operation.draft is None:
            operation.draft = _draft(witness, writer.random, operation)
    draft = operation.draft
    board = writer.board()
    attempt = Attempt(writer.actor, len(witness.log), before=witness.asked.get(writer.actor, 0))
    operation.attempts.append(attempt)
    save: Any = {"check-in": board.save_check_in, "edit": board.save_edit, "row": board.add_row}
    try:
        attempt.saved = save[operation.kind](draft)
        attempt.outcome = "saved"
    except UnknownOutcomeError as error:
        attempt.outcome, attempt.said = "unknown", str(error)
    except RefusedError as error:
        attempt.outcome, attempt.said = "refused", str(error)
    except KilledError:
        attempt.outcome = "killed"
        writer.restart()
    attempt.end = len(witness.log)
    attempt.requests = witness.asked.get(attempt.actor, 0) - attempt.before
    return attempt


def _look(witness: Witness, writer: Writer, operation: Operation) -> Attempt:
    """Read the sheet, and record what the hand has changed where that is one's task."""
    attempt = Attempt(writer.actor, len(witness.log), outcome="read")
    try:
        board = writer.board()
        reading = board.read()
        if operation.kind == "watch":
            writer.edits = writer.edits or HandEdits(board, lambda: None)
            writer.edits.see(reading, reading.read_at.tzinfo, reading.read_at)
    except ReadError as error:
        attempt.outcome, attempt.said = "unread", str(error)
    except KilledError:
        attempt.outcome = "killed"
        writer.restart()
    attempt.end = len(witness.log)
    return attempt


# --- what a page would draft


def _draft(witness: Witness, random: Random, operation: Operation) -> Draft:
    """Draft what a page would that has read the sheet a little while ago."""
    number, by = operation.number, operation.by
    when = WHEN + timedelta(seconds=random.randrange(3500))
    if operation.kind == "row":
        cells: list[tuple[str, Cell]] = [("Objective", "O-1"), ("Key result", f"Added {number}")]
        if operation.tab == OBJECTIVES:
            cells = [("Objective", f"=Added {number}"), ("Team", "Growth")]
        elif random.random() < 0.5:
            cells += [("Target", number + 0.5), ("Due", 46200.0)]
        return RowDraft(f"add-{number}", operation.tab, tuple(cells), by, when)
    latest = len(witness.versions) - 1
    version = max(0, latest - random.choice([0, 0, 0, 1, 3, 10]))
    tag, reference, seen = _some_row(witness, random, operation.tab, version)
    operation.row = tag
    if operation.kind == "check-in":
        value = random.choice([number + 0.25] * 6 + [None, True])
        confidence = random.choice([round(number / 10_000, 4)] * 2 + [None])
        note = random.choice([f"note {number}", f"=1+{number}", "", f"two\nlines {number} 🎯"])
        return CheckInDraft(f"check-{number}", reference, value, confidence, note, by, when)
    columns = random.sample(list(dict.fromkeys(EDITED[operation.tab])), random.choice([1, 1, 2, 3]))
    edits = []
    for column in columns:
        wanted: Cell = float(number * 10) + len(edits)
        if column in TEXTS:
            wanted = random.choice([f"text {number}", f"=T({number})", f"+{number}"]) + column
        edits.append(CellEdit(column, seen.get(column, ""), wanted))
    return EditDraft(f"edit-{number}", reference, tuple(edits), by, when)


def _some_row(
    witness: Witness, random: Random, name: str, version: int
) -> tuple[str, RowReference, dict[str, Cell]]:
    tab = witness.tab(version, name)
    rows = rows_of(tab) if tab else []
    title = "Key result" if name == KEY_RESULTS else "Objective"
    known = [cells for _, cells in rows if "ID" in cells and shown(cells["ID"]) == "KR-1"]
    rows = [(number, cells) for number, cells in rows if title in cells and shown(cells[title])]
    if not rows or tab is None:
        tags = [cell.note for cells in known for cell in cells.values() if cell.note]
        return (
            row_key(tags[0]) if tags else "",
            RowReference(name, "KR-1", (("Key result", "Cut churn"),)),
            {},
        )
    _, cells = random.choice(rows)
    seen = {column: shown(cell) for column, cell in cells.items()}
    seen = {column: "" if isinstance(cell, Formula) else cell for column, cell in seen.items()}
    own = read_id(seen.get("ID", ""))
    names = ("Key result", "Objective") if name == KEY_RESULTS else ("Objective", "Team")
    content = tuple((column, read_id(seen.get(column, ""))) for column in names)
    tag = next(cell.note for cell in cells.values() if cell.note)
    return row_key(tag), RowReference(tab.title, own or None, content), seen
