"""An .xlsx file with a few cells and rows more, and every other part of it as it was."""

import posixpath
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import count

from lxml import etree

from okr.workbooks.xlsx_cells import Value, row_xml
from okr.workbooks.xlsx_package import (
    RELATIONSHIPS,
    DamagedError,
    Package,
    local_name,
    parse_part,
    print_part,
    relationships_part,
)
from okr.workbooks.xlsx_sheet import Area, Found, SheetPart, parse_area, print_area
from okr.workbooks.xlsx_styles import Styles

_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TYPES = "[Content_Types].xml"
_NEW_TAB = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="{space}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
    '<cols><col min="1" max="8" width="18" customWidth="1"/></cols>'
    "<sheetData>{row}</sheetData></worksheet>"
)
_BEFORE_CALCULATION = frozenset(
    (
        *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews"),
        *("sheets", "functionGroups", "externalReferences", "definedNames"),
    )
)
_BEFORE_1904 = 1462
"""Days between the first days that the two ways of counting dates begin with."""


class Editor:
    """Changes to one workbook, gathered until ``content`` builds the file anew."""

    def __init__(self, content: bytes) -> None:
        """Take the file apart.

        Raises:
            DamagedError: If it is not a whole workbook.
        """
        self._package = Package(content)
        self._parts = {sheet.title: sheet.part for sheet in self._package.sheets}
        self._sheets: dict[str, SheetPart] = {}
        self._new: dict[str, bytes] = {}
        self.is_changed = False
        self._styles_part = self._find_styles()
        self._styles = Styles(self._package.read(self._styles_part)) if self._styles_part else None

    def sheet(self, title: str) -> SheetPart:
        """Give the XML of a tab, to look at or to write to."""
        if title not in self._sheets:
            part = self._parts[title]
            content = self._new.pop(part, None) or self._package.read(part)
            self._sheets[title] = SheetPart(content)
        return self._sheets[title]

    def find(self, title: str, row: int, column: int) -> Found:
        """Tell what the XML says of a cell."""
        return self.sheet(title).find(row, column)

    @property
    def titles(self) -> tuple[str, ...]:
        """List the titles of all tabs, also of those that hold a chart and no cells."""
        sheets = self._package.workbook.iterfind("{*}sheets/{*}sheet")
        return tuple(str(sheet.get("name", "")) for sheet in sheets)

    @property
    def is_structure_locked(self) -> bool:
        """Tell whether people have locked which tabs there are."""
        lock = self._package.workbook.find("{*}workbookProtection")
        return lock is not None and lock.get("lockStructure") in ("1", "true")

    def style(self, form: str) -> int:
        """Give the number of a plain style with a number format; 0 where the file has no styles."""
        return self._style(form)

    def has_number_format(self, style: int) -> bool:
        """Tell whether a style shows numbers in a way of its own."""
        return self._styles is not None and self._styles.has_number_format(style)

    def put(
        self,
        title: str,
        row: int,
        cells: Mapping[int, Value],
        formats: Mapping[int, int | str] | None = None,
        dates: AbstractSet[int] = frozenset(),
    ) -> None:
        """Put values into cells of a row, by 0-based columns; see ``append`` for the rest.

        A format is given only to cells that have none.
        """
        self.is_changed = True
        styles = {column: self._style(form) for column, form in (formats or {}).items()}
        self.sheet(title).write(row, self._counted(cells, dates), styles)

    def append(
        self,
        title: str,
        row: int,
        cells: Mapping[int, Value],
        formats: Mapping[int, int | str],
        dates: AbstractSet[int],
    ) -> None:
        """Put a new row below the others, and let a table that ends there grow by it.

        ``formats`` gives cells the number format that is spelled out, or that another style has.
        ``dates`` are the columns whose numbers are moments, which some workbooks count from 1904.
        """
        self.is_changed = True
        styles = {column: self._style(form) for column, form in formats.items()}
        self.sheet(title).write(row, self._counted(cells, dates), styles)
        self._grow_tables(title, row, max(cells))

    def _counted(self, cells: Mapping[int, Value], dates: AbstractSet[int]) -> Mapping[int, Value]:
        """Count the moments among cells as this workbook counts them."""
        return {
            column: value - self._days_less
            if column in dates and isinstance(value, float)
            else value
            for column, value in cells.items()
        }

    def add_tab(self, title: str, headers: Sequence[str]) -> None:
        """Add a tab after the others, with its headers in bold."""
        taken = self._package.names | set(self._parts.values())
        names = (f"xl/worksheets/sheet{number}.xml" for number in count(1))
        part = next(name for name in names if name not in taken)
        bold = self._styles.with_format("General", is_bold=True) if self._styles else 0
        places = range(len(headers))
        row = row_xml(0, dict(enumerate(headers)), dict.fromkeys(places, bold))
        space = etree.QName(self._package.workbook).namespace
        self._new[part] = _NEW_TAB.format(space=space, row=row).encode()
        self._parts[title] = part
        self._register(title, part)

    def content(self) -> bytes:
        """Build the file, which its program shall calculate anew when it opens it."""
        workbook = self._package.workbook
        calculation = workbook.find("{*}calcPr")
        if calculation is None:
            calculation = _insert_calculation(workbook)
        calculation.set("fullCalcOnLoad", "1")
        parts = self._new | {self._package.workbook_part: print_part(workbook)}
        parts |= {self._parts[title]: sheet.content for title, sheet in self._sheets.items()}
        if self._styles is not None and self._styles.is_changed:
            parts[self._styles_part] = self._styles.content()
        return self._package.rewritten(parts)

    def _find_styles(self) -> str:
        targets = self._package.targets(self._package.workbook_part).values()
        return next((part for part, kind in targets if kind.endswith("/styles")), "")

    def _style(self, form: int | str) -> int:
        if self._styles is None:
            return 0
        return self._styles.like(form) if isinstance(form, int) else self._styles.with_format(form)

    @property
    def _days_less(self) -> int:
        """Give the days by which the dates of this workbook are counted lower than is usual."""
        properties = self._package.workbook.find("{*}workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        return _BEFORE_1904 if is_1904 else 0

    def _grow_tables(self, title: str, row: int, last_column: int) -> None:
        """Let the tables that end just above a new row take it in."""
        for part, kind in self._package.targets(self._parts[title]).values():
            if not kind.endswith("/table"):
                continue
            table = parse_part(self._new.get(part) or self._package.read(part))
            top, left, bottom, right = parse_area(table.get("ref", ""))
            has_totals = table.get("totalsRowCount", "0") != "0"
            if bottom + 1 == row and left <= last_column and not has_totals:
                _set_area(table, (top, left, row, right))
                self._new[part] = print_part(table)

    def _register(self, title: str, part: str) -> None:
        """Name a new tab in all the places where the workbook lists its tabs."""
        workbook, main = self._package.workbook, self._package.workbook_part
        sheets = workbook.find("{*}sheets")
        if sheets is None or not len(sheets):
            raise DamagedError("it has no tab")
        links_part = relationships_part(main)
        links = parse_part(self._new.get(links_part) or self._package.read(links_part))
        taken = {link.get("Id") for link in links}
        reference = next(name for name in map("rId{}".format, count(1)) if name not in taken)
        kind = next(
            str(link.get("Type")) for link in links if str(link.get("Type")).endswith("/worksheet")
        )
        target = posixpath.relpath(part, posixpath.dirname(main) or ".")
        attributes = {"Id": reference, "Type": kind, "Target": target}
        etree.SubElement(links, f"{{{RELATIONSHIPS}}}Relationship", attributes)
        self._new[links_part] = print_part(links)
        _list_tab(sheets, title, reference)
        self._list_type(part)

    def _list_type(self, part: str) -> None:
        types = parse_part(self._new.get(_TYPES) or self._package.read(_TYPES))
        space = etree.QName(types).namespace
        attributes = {"PartName": f"/{part}", "ContentType": _WORKSHEET}
        etree.SubElement(types, f"{{{space}}}Override", attributes)
        self._new[_TYPES] = print_part(types)


def _set_area(table: etree._Element, area: Area) -> None:
    """Let a table, and the filter in its headers, reach over an area."""
    table.set("ref", print_area(area))
    filtered = table.find("{*}autoFilter")
    if filtered is not None:
        filtered.set("ref", print_area(area))


def _list_tab(sheets: etree._Element, title: str, reference: str) -> None:
    """Put a tab at the end of the workbook's list."""
    last = sheets[-1]
    link = next(str(name) for name in last.keys() if str(name).endswith("}id"))  # noqa: SIM118
    taken = {str(sheet.get("sheetId")) for sheet in sheets}
    number = next(number for number in map(str, count(len(taken) + 1)) if number not in taken)
    attributes = {"name": title, "sheetId": number, link: reference}
    etree.SubElement(sheets, str(last.tag), attributes)


def _insert_calculation(workbook: etree._Element) -> etree._Element:
    """Add the element that tells how to calculate, where the schema wants it to stand."""
    calculation = workbook.makeelement(f"{{{etree.QName(workbook).namespace}}}calcPr")
    earlier = [
        place for place, part in enumerate(workbook) if local_name(part) in _BEFORE_CALCULATION
    ]
    workbook.insert(max(earlier, default=-1) + 1, calculation)
    return calculation
