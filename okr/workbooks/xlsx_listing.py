"""A table as an Excel file of its own, in which text is text, whatever it begins with."""

import re
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from okr.listings import Listing, Value

_NO_TITLE = re.compile(r"[\\/*?:\[\]]")
_MOST_LETTERS = 32_767
"""An Excel cell holds no more."""


def as_xlsx(listing: Listing) -> bytes:
    """Write a table as an Excel file: one sheet, its headers fixed in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_TITLE.sub(" ", listing.name)[:31].strip("' ") or "Table")
    sheet.freeze_panes = "A2"
    headers = [_cell(sheet, header) for header in listing.headers]
    for header in headers:
        header.font = Font(bold=True)
    sheet.append(headers)
    for row in listing.kept:
        sheet.append([_cell(sheet, value) for value in row])
    body = BytesIO()
    book.save(body)
    return body.getvalue()


def _cell(sheet: Any, value: Value) -> Cell:
    """Make a cell of the type of its value; text never becomes a formula or an error."""
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)  # type: ignore[arg-type]
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_MOST_LETTERS]
    cell.data_type = "s"
    return cell
