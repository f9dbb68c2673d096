"""Tables to take along: what a chart or a page shows, as rows, and as CSV that is safe to open."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

Value = str | float | int | bool | date | None
"""One cell: text, a number, a day; None is blank."""

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is taken for a formula by a spreadsheet that opens a CSV file."""

MOST_ROWS = 100_000
"""No file has more; a longer table is cut, and says so in its last row."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table: its name, which becomes that of a file, its headers, and its rows."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def kept(self) -> Sequence[tuple[Value, ...]]:
        """Give the rows that go into a file."""
        if len(self.rows) <= MOST_ROWS:
            return self.rows
        missing = len(self.rows) - MOST_ROWS
        return (*self.rows[:MOST_ROWS], (f"and {missing} more rows",))


def as_csv(listing: Listing) -> bytes:
    """Write a table as CSV, in UTF-8 with the mark that Excel knows it by.

    Text that a spreadsheet would take for a formula is prefixed with an apostrophe. Numbers stay
    numbers, negative ones too.
    """
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_safe(header) for header in listing.headers])
    writer.writerows([_safe(value) for value in row] for row in listing.kept)
    return text.getvalue().encode("utf-8-sig")


def _safe(value: Value) -> str | float | int:
    """Write one cell so that nothing in it is evaluated."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        shown = value.replace("\x00", "")
        return f"'{shown}" if shown.startswith(RISKY) else shown
    return value
