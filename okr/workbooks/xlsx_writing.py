"""A new .xlsx workbook from plain rows, laid out as people like to find it."""

import io
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook as Book
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from okr import columns
from okr.workbooks.interface import RefusedError
from okr.workbooks.local_preparing import NUMBER_FORMATS
from okr.workbooks.preparing import CHOICES, FORMS
from okr.workbooks.xlsx_cells import LONGEST_TEXT, Value, fitting, row_xml
from okr.workbooks.xlsx_package import Package
from okr.workbooks.xlsx_sheet import SheetPart
from okr.workbooks.xlsx_styles import DAY_FORMAT, MOMENT_FORMAT, Styles

_STYLES = "xl/styles.xml"

_WIDTHS: Mapping[str, int] = {
    "Objective": 46,
    "Key result": 46,
    "Supports": 20,
    "Closing note": 46,
    "Note": 60,
    "Owner": 26,
    "By": 26,
    "Lead": 26,
    "Email": 28,
    "Name": 22,
    "Team": 22,
    "Parent": 22,
    "Description": 46,
    "Link": 32,
    "Setting": 20,
    "Value": 20,
    "When": 18,
}
_WIDTH = 13


def write_workbook(
    path: Path | str,
    tabs: Mapping[str, Sequence[Sequence[Value]]],
    *,
    formats: Mapping[str, str] | None = None,
    replace: bool = False,
) -> None:
    """Write a new workbook: each tab with its headers in the first of its rows.

    ``formats`` gives number formats such as ``0%`` to single cells (``Key results!F3``) or to whole
    columns below their headers (``Key results!F``). Dates have a format of their own. Texts are
    written as texts, also those that begin with ``=``.

    Raises:
        RefusedError: If the file is there already and ``replace`` is not set, or cannot be written.
    """
    path = Path(path)
    if not replace and path.exists():
        raise RefusedError(f"“{path}” is there already. Name another file, or remove it first.")
    content = _filled(_laid_out(tabs), tabs, formats or {})
    try:
        _put_in_place(content, path, replace)
    except OSError as error:
        raise RefusedError(f"“{path}” could not be written: {error.strerror or error}.") from error


def _laid_out(tabs: Mapping[str, Sequence[Sequence[Value]]]) -> bytes:
    """Write the workbook with nothing but its headers, which is where its looks come from."""
    book = Book()
    book.remove(book.worksheets[0])
    for title, rows in tabs.items():
        _lay_out(book.create_sheet(title), rows[0] if rows else ())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lay_out(sheet: Worksheet, headers: Sequence[Value]) -> None:
    """Write one tab's headers, bold and frozen, and let list columns offer their words."""
    sheet.freeze_panes = "A2"
    for place, header in enumerate(headers):
        letters = columns.letters(place)
        cell = sheet.cell(1, place + 1, str(header))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EDEFF2")
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[letters].width = _WIDTHS.get(str(header), _WIDTH)
        form = FORMS.get((sheet.title, str(header)))
        if form:  # for what people will type: a cell that is written has a format of its own
            sheet.column_dimensions[letters].number_format = NUMBER_FORMATS[form]
        words = CHOICES.get((sheet.title, str(header)))
        if words:
            sheet.add_data_validation(_drop_down(words, letters))


def _drop_down(words: Sequence[str], letters: str) -> DataValidation:
    """Offer the words of a list column; another word is let in, since reading names it anyway."""
    rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    rule.showErrorMessage = False
    rule.add(f"{letters}2:{letters}1048576")
    return rule


def _filled(
    content: bytes, tabs: Mapping[str, Sequence[Sequence[Value]]], formats: Mapping[str, str]
) -> bytes:
    """Put the rows below the headers; through openpyxl it would take ten times as long."""
    package = Package(content)
    styles = Styles(package.read(_STYLES))
    parts: dict[str, bytes] = {}
    for sheet in package.sheets:
        rows = tabs[sheet.title][1:]
        painter = _Painter(sheet.title, formats, styles)
        part = SheetPart(package.read(sheet.part))
        part.extend("".join(painter.paint(rows)), len(rows), max(map(len, rows), default=1))
        parts[sheet.part] = part.content
    return package.rewritten(parts | {_STYLES: styles.content()})


class _Painter:
    """Spells the rows of one tab with their formats."""

    def __init__(self, title: str, formats: Mapping[str, str], styles: Styles) -> None:
        self._styles = styles
        self._formats = {
            cell.rpartition("!")[2]: form
            for cell, form in formats.items()
            if cell.rpartition("!")[0] == title
        }

    def paint(self, rows: Sequence[Sequence[Value]]) -> Iterator[str]:
        """Spell rows from the second one of the tab on."""
        for number, row in enumerate(rows, start=1):
            cells = {place: _fitting(value) for place, value in enumerate(row)}
            yield row_xml(number, cells, dict(self._row_styles(number, row)))

    def _row_styles(self, number: int, row: Sequence[Value]) -> Iterator[tuple[int, int]]:
        for place, value in enumerate(row):
            form = self._asked(number, place) if self._formats else ""
            if not form and isinstance(value, date):
                form = MOMENT_FORMAT if isinstance(value, datetime) else DAY_FORMAT
            if form:
                yield place, self._styles.with_format(form)

    def _asked(self, number: int, place: int) -> str:
        letters = columns.letters(place)
        return self._formats.get(f"{letters}{number + 1}") or self._formats.get(letters, "")


def _fitting(value: Value) -> Value:
    return fitting(value)[:LONGEST_TEXT] if isinstance(value, str) else value


def _put_in_place(content: bytes, path: Path, is_replacing: bool) -> None:
    """Put the whole file in its place at once, so that nobody ever finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
        if path.exists() and not is_replacing:
            raise RefusedError(f"“{path}” is there already. Name another file.")
        os.replace(name, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
