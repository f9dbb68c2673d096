"""What lies around the cells of an .xlsx tab: frozen rows, drop-downs and the looks of columns.

Each is added as bytes in the place where the schema wants it; what is there stays as it was.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from okr.columns import letters
from okr.workbooks.xlsx_package import DamagedError, local_name, parse_part
from okr.workbooks.xlsx_reading import column_number
from okr.workbooks.xlsx_sheet import Area, SheetPart, parse_area

LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
NEW_WIDTH = 16

_ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter"),
)
"""The parts of a tab up to those that matter here, in the order that the schema wants."""

_OPENING = re.compile(rb"<((?:\w+:)?)worksheet\b[^>]*>")
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*>")
_PLACE = re.compile(rb"""\sr=["']([A-Z]+)(\d+)["']""")
_STYLE = re.compile(rb"""\ss=["'](\d+)["']""")
_COLUMNS = re.compile(r"\$?([A-Z]+)(?::\$?([A-Z]+))?$")


class Surroundings:
    """Looks at all of a tab but its cells, and adds to it."""

    def __init__(self, sheet: SheetPart) -> None:
        self._sheet = sheet
        opening = _OPENING.search(sheet.content)
        self._prefix = opening[1].decode() if opening else ""
        self._root = parse_part(self._without_cells())

    @property
    def is_frozen(self) -> bool:
        """Tell whether the tab is parted into panes already, or shown as pages, which have none."""
        views = self._root.findall("{*}sheetViews/{*}sheetView")
        return any(view.find("{*}pane") is not None or view.get("view") for view in views)

    def offering(self, first_row: int) -> Iterator[int]:
        """Name the columns that have a rule for what may be typed, in this row or below."""
        for element in self._root.iter():
            if local_name(element) != "dataValidation":
                continue
            said = [
                element.get("sqref", ""),
                *(part.text or "" for part in element.iter("{*}sqref")),
            ]
            for reference in " ".join(said).split():
                _, left, bottom, right = _area(reference)
                if bottom >= first_row:
                    yield from range(left, right + 1)

    def styles(self) -> Iterator[tuple[int, int]]:
        """Name the columns that have a style of their own, each with that."""
        for column in self._root.iterfind("{*}cols/{*}col"):
            first, last = int(column.get("min", "1")), int(column.get("max", "1"))
            yield from ((at - 1, int(column.get("style", "0"))) for at in range(first, last + 1))

    def cell_styles(self, first_row: int) -> Iterator[tuple[int, int]]:
        """Name the styles of cells in this row and below, each with its column."""
        found: set[tuple[bytes, bytes]] = set()
        for cell in _CELL.finditer(self._sheet.content):
            place, style = _PLACE.search(cell[0]), _STYLE.search(cell[0])
            if place and style and int(place[2]) > first_row:
                found.add((place[1], style[1]))
        yield from ((column_number(column) - 1, int(style)) for column, style in found)

    def freeze(self, rows: int) -> None:
        """Keep the first rows in sight, in the first view of a tab that is not parted yet."""
        pane = (
            f'<pane ySplit="{rows}" topLeftCell="A{rows + 1}" '
            'activePane="bottomLeft" state="frozen"/>'
        )
        views = self._root.find("{*}sheetViews")
        if views is None or not len(views):
            view = f'<sheetView workbookViewId="0">{pane}</sheetView>'
            self._put("sheetViews", self._prefixed(f"<sheetViews>{view}</sheetViews>"))
            return
        views[0].insert(0, parse_part(self._bound(self._prefixed(pane)))[0])
        for selection in views[0].iterfind("{*}selection"):
            if selection.get("pane") is None:
                selection.set("pane", "bottomLeft")
        self._put("sheetViews", self._printed(views))

    def offer(self, rules: Sequence[tuple[int, int, Sequence[str]]]) -> None:
        """Let columns offer words, each from a row on; another word is let in all the same."""
        written = "".join(map(_rule, rules))
        there = self._root.find("{*}dataValidations")
        if there is None:
            whole = f'<dataValidations count="{len(rules)}">{written}</dataValidations>'
            self._put("dataValidations", self._prefixed(whole))
            return
        added = parse_part(self._bound(self._prefixed(written)))
        there.extend(list(added))
        there.set("count", str(len(there)))
        self._put("dataValidations", self._printed(there))

    def style_columns(self, styles: Mapping[int, int]) -> None:
        """Give whole columns a style, which holds for the cells that are not written yet."""
        there = self._root.find("{*}cols")
        kept = [dict(column.attrib) for column in there] if there is not None else []
        for place, style in styles.items():
            kept = [part for one in kept for part in _parted(one, place + 1)]
            own = [one for one in kept if one["min"] == one["max"] == str(place + 1)]
            if not own:
                own = [{"min": str(place + 1), "max": str(place + 1)}]
                own[0] |= {"width": str(NEW_WIDTH), "customWidth": "1"}
                kept += own
            own[0]["style"] = str(style)
        kept.sort(key=lambda one: int(one["min"]))
        written = "".join(f"<col {_attributes(one)}/>" for one in kept)
        self._put("cols", self._prefixed(f"<cols>{written}</cols>"))

    # Bytes

    def _put(self, name: str, xml: str) -> None:
        """Put an element in the place of the one of its name, or where the schema wants it."""
        parts = list(self._outline())
        same = [(start, end) for one, start, end in parts if one == name]
        earlier = set(_ORDER[: _ORDER.index(name)])
        before = [end for one, _, end in parts if one in earlier]
        start, end = same[0] if same else (max(before, default=self._first()),) * 2
        content = self._sheet.content
        self._sheet.content = content[:start] + xml.encode() + content[end:]
        self._root = parse_part(self._without_cells())

    def _first(self) -> int:
        opening = _OPENING.search(self._sheet.content)
        if opening is None:
            raise DamagedError("a tab of it is written in a way that the board cannot add to")
        return opening.end()

    def _cut(self) -> tuple[int, int]:
        """Find the cells of the tab: from the opening of their element to its end."""
        content, prefix = self._sheet.content, self._prefix.encode()
        opening = re.search(rb"<%ssheetData\b[^>]*>" % prefix, content)
        closing = b"</%ssheetData>" % prefix
        end = content.rfind(closing)
        if opening is None or end < 0:
            raise DamagedError("a tab of it is written in a way that the board cannot add to")
        return opening.end(), end

    def _without_cells(self) -> bytes:
        start, end = self._cut()
        return self._sheet.content[:start] + self._sheet.content[end:]

    def _outline(self) -> Iterator[tuple[str, int, int]]:
        """Name the parts of the tab, each with where its bytes begin and end."""
        start, end = self._cut()
        for name, first, last in outline(self._without_cells()):
            yield (
                name,
                first if first < start else first + end - start,
                last if last <= start else last + end - start,
            )

    def _prefixed(self, xml: str) -> str:
        return re.sub(r"<(/?)(?=[a-zA-Z])", rf"<\g<1>{self._prefix}", xml)

    def _bound(self, xml: str) -> bytes:
        """Wrap XML in the opening of its tab, so that its names are known."""
        opening = _OPENING.search(self._sheet.content)
        head = opening[0].decode() if opening else ""
        return f"{head}{xml}</{self._prefix}worksheet>".encode()

    def _printed(self, element: etree._Element) -> str:
        """Write an element without the declarations that its tab has made already."""
        xml = etree.tostring(element, encoding="unicode", with_tail=False)
        head, mark, rest = xml.partition(">")
        opening = _OPENING.search(self._sheet.content)
        declared = re.findall(r"""\sxmlns(?::[\w.-]+)?="[^"]*\"""", (opening or [b""])[0].decode())
        for one in declared:
            head = head.replace(one, "")
        return head + mark + rest


def outline(content: bytes) -> Iterator[tuple[str, int, int]]:
    """Name the elements right below the first one, each with where its bytes begin and end."""
    found: list[tuple[str, int, int]] = []
    open_elements: list[tuple[str, int]] = []
    parser = expat.ParserCreate()

    def close(name: str) -> None:
        opened, start = open_elements.pop()
        if len(open_elements) == 1:
            found.append((opened.rpartition(":")[2], start, _end(content, parser.CurrentByteIndex)))

    parser.StartElementHandler = lambda name, _: open_elements.append(
        (name, parser.CurrentByteIndex)
    )
    parser.EndElementHandler = close
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise DamagedError("a tab of it is not readable") from error
    yield from found


def _end(content: bytes, at: int) -> int:
    """Find the end of an element: of its closing tag, or right here where it closes itself."""
    return content.index(b">", at) + 1 if content.startswith(b"</", at) else at


def _parted(column: dict[str, str], place: int) -> Iterator[dict[str, str]]:
    """Part the looks of several columns, so that one of them can look different."""
    first, last = int(column["min"]), int(column["max"])
    if not first <= place <= last:
        yield column
        return
    for start, end in ((first, place - 1), (place, place), (place + 1, last)):
        if start <= end:
            yield column | {"min": str(start), "max": str(end)}


def _attributes(values: Mapping[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())


def _rule(rule: tuple[int, int, Sequence[str]]) -> str:
    """Spell a drop-down; reading names another word anyway, so Excel need not stop it."""
    place, row, words = rule
    column = letters(place)
    offered = escape(",".join(words)).replace('"', '""')
    return (
        '<dataValidation type="list" allowBlank="1" '
        f'sqref="{column}{row + 1}:{column}{LAST_ROW + 1}">'
        f'<formula1>"{offered}"</formula1></dataValidation>'
    )


def _area(reference: str) -> Area:
    """Read an area, also one of whole columns."""
    columns = _COLUMNS.match(reference)
    if columns is None:
        return parse_area(reference)
    first, last = columns[1], columns[2] or columns[1]
    left, right = column_number(first.encode()) - 1, column_number(last.encode()) - 1
    return 0, left, LAST_ROW, right
