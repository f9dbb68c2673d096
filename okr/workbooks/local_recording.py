"""Recording hand edits in an .xlsx file: rows more in ``_History``, and nothing else."""

from collections.abc import Sequence

from okr.columns import HISTORY
from okr.reading import Reading
from okr.tables import find_tables
from okr.watching import SeenChange
from okr.workbooks.local_rows import LocalRows
from okr.workbooks.recording import line_of, untold
from okr.workbooks.xlsx_editing import Editor
from okr.workbooks.xlsx_styles import MOMENT_FORMAT


def untold_in(reading: Reading, changes: Sequence[SeenChange]) -> list[SeenChange]:
    """Leave out the changes that a workbook's ``_History`` tells already."""
    return untold(changes, find_tables(reading, []).get(HISTORY))


def append_changes(reading: Reading, editor: Editor, changes: Sequence[SeenChange]) -> None:
    """Gather in the editor the rows that tell of changes.

    Raises:
        RefusedError: If ``_History`` has no headers and is not empty.
    """
    rows = LocalRows(reading, editor)
    for change in changes:
        rows.append(HISTORY, line_of(change), {"When": MOMENT_FORMAT})
