"""The XML of one tab, changed row by row: what is not written to stays the bytes that it was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from okr.columns import letters
from okr.workbooks.xlsx_cells import Value, cell_xml, row_xml
from okr.workbooks.xlsx_package import DamagedError, local_name, parse_part
from okr.workbooks.xlsx_reading import column_number

_OPENING = re.compile(rb"<((?:\w+:)?)worksheet\b[^>]*>")
_ROW_NUMBER = re.compile(rb"""\sr=["'](\d+)["']""")
_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s[^>]*?ref=["']([^"']*)["']""")
_DECLARATION = re.compile(rb"""\s(xmlns(?::[\w.-]+)?)=["']([^"']*)["']""")
_ARRAY = re.compile(rb"""<(?:\w+:)?f\s[^>]*?t=["'](?:array|dataTable)["'][^>]*>""")
_REFERENCE = re.compile(rb"""\sref=["']([^"']*)["']""")
_AREA = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$")

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, 0-based and included."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a cell's XML tells beyond its value."""

    style: int = 0
    has_formula: bool = False
    is_error: bool = False


class SheetPart:
    """The part of a workbook that holds one tab."""

    def __init__(self, content: bytes) -> None:
        """Take the part as it is.

        Raises:
            DamagedError: If it has no rows in a form that the board can add to.
        """
        opening = _OPENING.search(content)
        if opening is None:
            raise DamagedError("a tab of it is written in a way that the board cannot add to")
        self.content = content
        self._prefix = opening[1]
        self._opening = opening[0]
        self._declared = frozenset(_DECLARATION.findall(opening[0]))
        self._open_up()

    def _open_up(self) -> None:
        """Give a tab without any row a place for rows."""
        empty = re.search(rb"<%ssheetData\s*/>" % self._prefix, self.content)
        if empty is not None:
            data = b"<%ssheetData></%ssheetData>" % (self._prefix, self._prefix)
            self.content = self.content[: empty.start()] + data + self.content[empty.end() :]

    @property
    def is_protected(self) -> bool:
        """Tell whether people have locked the tab."""
        found = re.search(rb"<%ssheetProtection\b[^>]*>" % self._prefix, self.content)
        return found is not None and re.search(rb"""\ssheet=["'](1|true)""", found[0]) is not None

    @property
    def arrays(self) -> tuple[Area, ...]:
        """List the areas that one formula fills."""
        if b"array" not in self.content and b"dataTable" not in self.content:
            return ()
        references = (_REFERENCE.search(match[0]) for match in _ARRAY.finditer(self.content))
        return tuple(parse_area(found[1].decode()) for found in references if found)

    @property
    def last_row(self) -> int:
        """Give the 0-based number of the last row that is written at all, -1 if none is."""
        end = len(self.content)
        start = self.content.rfind(b"<%srow " % self._prefix)
        return self._number(start, end) - 1 if start >= 0 else -1

    def find(self, row: int, column: int) -> Found:
        """Tell what the XML says of a cell."""
        start, end, is_there = self._span(row)
        if not is_there:
            return Found()
        cell = _cell(self._parse(self.content[start:end]), row, column)
        if cell is None:
            return Found()
        has_formula = any(local_name(part) == "f" for part in cell)
        return Found(int(cell.get("s", "0")), has_formula, cell.get("t") == "e")

    def write(
        self, row: int, cells: Mapping[int, Value], styles: Mapping[int, int] | None = None
    ) -> None:
        """Put values into cells of a row, by 0-based columns; a cell keeps the style it has."""
        start, end, is_there = self._span(row)
        if is_there:
            fresh = self._rewritten(self.content[start:end], row, cells, styles or {})
        else:
            fresh = self._prefixed(row_xml(row, cells, styles or {}))
        self.content = b"".join((self.content[:start], fresh, self.content[end:]))
        self._stretch(row, max(cells, default=0))

    def extend(self, rows: str, count: int, width: int) -> None:
        """Put many rows at once below the only one."""
        end = self.content.rfind(b"</%ssheetData>" % self._prefix)
        self.content = b"".join((self.content[:end], rows.encode(), self.content[end:]))
        self._stretch(count, max(0, width - 1))

    def _span(self, row: int) -> tuple[int, int, bool]:
        """Find where a row stands in the bytes, or where it would stand, looking from the end."""
        data_end = self.content.rfind(b"</%ssheetData>" % self._prefix)
        if data_end < 0:
            raise DamagedError("a tab of it is written in a way that the board cannot add to")
        end, tag = data_end, b"<%srow" % self._prefix
        while True:
            start = self.content.rfind(tag, 0, end)
            if start < 0:
                return self._first(end), self._first(end), False
            number = self._number(start, end)
            if number == row + 1:
                return start, end, True
            if number < row + 1:
                return end, end, False
            end = start

    def _first(self, end: int) -> int:
        """Find where the first row would stand."""
        opening = re.search(rb"<%ssheetData\b[^>]*>" % self._prefix, self.content[:end])
        return opening.end() if opening else end

    def _number(self, start: int, end: int) -> int:
        found = _ROW_NUMBER.search(self.content, start, self.content.index(b">", start, end))
        if found is None:
            raise DamagedError("its rows are not numbered; save it once in Excel or LibreOffice")
        return int(found[1])

    def _parse(self, row: bytes) -> etree._Element:
        """Parse one row with the names that its tab declares."""
        return parse_part(self._opening + row + b"</%sworksheet>" % self._prefix)[0]

    def _prefixed(self, xml: str) -> bytes:
        """Spell new XML with the prefix that the part uses."""
        prefix = self._prefix.decode()
        return re.sub(r"<(/?)(?=[a-z])", rf"<\g<1>{prefix}", xml).encode()

    def _rewritten(
        self, old: bytes, row: int, cells: Mapping[int, Value], styles: Mapping[int, int]
    ) -> bytes:
        """Build a row with some of its cells replaced or added."""
        element = self._parse(old)
        for column, value in cells.items():
            cell = _cell(element, row, column)
            kept = int(cell.get("s", "0")) if cell is not None else 0
            xml = cell_xml(row, column, value, kept or styles.get(column, 0))
            fresh = self._parse(self._prefixed(xml)) if xml else None
            _put(element, cell, fresh, column)
        element.attrib.pop("spans", "")
        element.tail = None
        head, mark, rest = etree.tostring(element, encoding="utf-8").partition(b">")
        return _DECLARATION.sub(self._undeclared, head) + mark + rest

    def _undeclared(self, declaration: re.Match[bytes]) -> bytes:
        """Leave out of a row what its tab declares already."""
        return b"" if declaration.groups() in self._declared else declaration[0]

    def _stretch(self, row: int, column: int) -> None:
        """Let the size that the tab declares take in a cell."""
        declared = _DIMENSION.search(self.content)
        if declared is None:
            return
        top, left, bottom, right = parse_area(declared[1].decode())
        area = (min(top, row), left, max(bottom, row), max(right, column))
        if area != (top, left, bottom, right):
            start, end = declared.span(1)
            self.content = self.content[:start] + print_area(area).encode() + self.content[end:]


def _cell(row: etree._Element, number: int, column: int) -> etree._Element | None:
    address = f"{letters(column)}{number + 1}"
    return next((cell for cell in row if cell.get("r") == address), None)


def _put(
    row: etree._Element,
    old: etree._Element | None,
    fresh: etree._Element | None,
    column: int,
) -> None:
    """Put a cell into its row in the place of another, or where its column comes."""
    if old is not None and fresh is not None:
        row.replace(old, fresh)
    elif old is not None:
        row.remove(old)
    elif fresh is not None:
        later = (place for place, cell in enumerate(row) if _column(cell) > column)
        row.insert(next(later, len(row)), fresh)


def _column(cell: etree._Element) -> int:
    found = _AREA.match(cell.get("r", ""))
    return column_number(found[1].encode()) - 1 if found else -1


def parse_area(reference: str) -> Area:
    """Read an area such as ``A1:G12``.

    Raises:
        DamagedError: If it is not one.
    """
    found = _AREA.match(reference)
    if found is None:
        raise DamagedError(f"the area {reference} in it cannot be read")
    left, top, right, bottom = found.groups()
    first, last = column_number(left.encode()), column_number((right or left).encode())
    return int(top) - 1, first - 1, int(bottom or top) - 1, last - 1


def print_area(area: Area) -> str:
    """Spell an area as workbooks do."""
    top, left, bottom, right = area
    return f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
