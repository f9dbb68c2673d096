"""The pages run on a workbook that a test lays out, at a moment that it chooses."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from okr import shell
from okr.reading import Reading, Tab
from okr.workbooks.interface import AnswerDraft, CheckInDraft, RefusedError, SavedCheckIn
from okr.workbooks.live import LiveWorkbook
from okr.workbooks.opening import Configuration
from tests.unit.readings import a_reading, serial

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


class MemoryWorkbook:
    """A workbook that keeps what is saved in memory, and refuses when it is told to."""

    location = "memory"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.saved: list[CheckInDraft] = []
        self.answers: list[AnswerDraft] = []
        self.refusal = ""

    def read(self) -> Reading:
        return self.reading

    def save_check_in(self, draft: CheckInDraft) -> SavedCheckIn:
        if self.refusal:
            raise RefusedError(self.refusal)
        was_there = draft.operation in {one.operation for one in self.saved}
        self.saved.append(draft)
        key = draft.key_result.id or ""
        cells = (
            ("When", serial(draft.when)),
            ("Key result", key),
            ("Value", "" if draft.value is None else draft.value),
            ("Confidence", "" if draft.confidence is None else draft.confidence),
            ("Note", draft.note),
            ("By", draft.by),
            ("ID", f"C-{draft.operation}"),
        )
        return SavedCheckIn(f"C-{draft.operation}", key, cells, False, was_there)

    def save_answer(self, draft: AnswerDraft) -> bool:
        if self.refusal:
            raise RefusedError(self.refusal)
        self.answers.append(draft)
        return True


class Opened:
    """A page of the board under test, with the workbook that it shows."""

    def __init__(self, app: AppTest, workbook: MemoryWorkbook) -> None:
        self.app = app
        self.workbook = workbook

    @property
    def html(self) -> str:
        """All blocks of HTML on the page."""
        return "\n".join(block.proto.body for block in self.app.get("html"))

    def run(self) -> "Opened":
        self.app.run()
        assert not self.app.exception
        return self

    def refresh(self, reading: Reading | None = None) -> "Opened":
        """Draw the page anew as when somebody has changed the sheet, to this where it is given."""
        changed = reading or self.workbook.reading
        self.workbook.reading = replace(changed, revision=f"r{next(_numbers)}")
        shell.live().refresh_once()
        return self.run()


Open = Callable[..., Opened]

_numbers = count()
"""No two workbooks have one revision: the shell keeps what it drew by it."""


@pytest.fixture
def open_page(scanned_once: None) -> Iterator[Open]:
    """Open a page by its name, with the choices of its address."""
    opened: list[LiveWorkbook] = []

    def open_it(
        page: str,
        *tabs: Tab,
        reading: Reading | None = None,
        read_only: bool = False,
        now: datetime = NOW,
        **query: str,
    ) -> Opened:
        known = reading or a_reading(None, None, *tabs)
        workbook = MemoryWorkbook(replace(known, revision=f"r{next(_numbers)}"))
        live = LiveWorkbook(workbook, clock=lambda: now)
        opened.append(live)
        shell.install(
            live, lambda: now + timedelta(minutes=3), Configuration("x", None, None, read_only)
        )
        app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=15)
        for name, value in query.items():
            app.query_params[name] = value
        return Opened(app, workbook).run()

    yield open_it
    for live in opened:
        live.stop()
    shell.install(None)
