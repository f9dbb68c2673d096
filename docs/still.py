"""The board at one moment that never passes, on the demo workbook of its day: for its picture.

The demo is written to the file that OKR_WORKBOOK names.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app import app
from okr import shell
from okr.demo import build_demo
from okr.reading import Reading
from okr.workbooks.live import LiveWorkbook
from okr.workbooks.local import LocalWorkbook
from okr.workbooks.opening import Configuration
from okr.workbooks.xlsx_writing import write_workbook

MOMENT = datetime(2026, 11, 22, 8, 12, tzinfo=UTC)
SEED = 1


class StillWorkbook(LocalWorkbook):
    """A file that was read at that moment, whenever it is read."""

    def read(self) -> Reading:
        """Read the file."""
        return replace(super().read(), read_at=MOMENT)


path = Path(os.environ["OKR_WORKBOOK"])
write_workbook(path, build_demo(MOMENT.date(), SEED))
shell.install(
    LiveWorkbook(StillWorkbook(path), clock=lambda: MOMENT), lambda: MOMENT, Configuration()
)

__all__ = ["app"]
