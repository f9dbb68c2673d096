"""The formats of an .xlsx file: those that are there are found, and others added after them."""

from copy import copy
from itertools import count

from lxml import etree

from okr.workbooks.xlsx_package import DamagedError, parse_part, print_part

DAY_FORMAT = "yyyy-mm-dd"
MOMENT_FORMAT = "yyyy-mm-dd hh:mm"
SHARE_FORMAT = "0%"

_BUILT_IN = {"General": 0, "0": 1, "0.00": 2, SHARE_FORMAT: 9, "0.00%": 10}
_FIRST_OWN = 164


class Styles:
    """The part of a workbook that holds its formats. Nothing in it is changed, only added to."""

    def __init__(self, part: bytes) -> None:
        self._root = parse_part(part)
        self._known: dict[tuple[int, bool], int] = {}
        self.is_changed = False

    def content(self) -> bytes:
        """Give the part as it is by now."""
        return print_part(self._root)

    def with_format(self, code: str, is_bold: bool = False) -> int:
        """Give the number of a plain style of a number format, made where there is none."""
        return self._style(self._format(code), is_bold)

    def like(self, style: int) -> int:
        """Give the number of a plain style with the number format of another one."""
        styles = self._root.find("{*}cellXfs")
        if styles is None or not 0 <= style < len(styles):
            return 0
        return self._style(int(styles[style].get("numFmtId", "0")), is_bold=False)

    def has_number_format(self, style: int) -> bool:
        """Tell whether a style shows numbers in a way of its own."""
        styles = self._root.find("{*}cellXfs")
        if styles is None or not 0 <= style < len(styles):
            return False
        return styles[style].get("numFmtId", "0") != "0"

    def _format(self, code: str) -> int:
        """Find the number of a number format, or add the format."""
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        formats = self._section("numFmts")
        for known in formats:
            if known.get("formatCode") == code:
                return int(known.get("numFmtId", "0"))
        taken = {int(known.get("numFmtId", "0")) for known in formats}
        number = next(one for one in count(_FIRST_OWN) if one not in taken)
        self._add(formats, "numFmt", numFmtId=str(number), formatCode=code)
        return number

    def _style(self, number_format: int, is_bold: bool) -> int:
        """Find a style that is plain but for its number format, or add it."""
        key = (number_format, is_bold)
        if key not in self._known:
            self._known[key] = self._found_style(*key)
        return self._known[key]

    def _found_style(self, number_format: int, is_bold: bool) -> int:
        font = self._bold_font() if is_bold else 0
        styles = self._section("cellXfs")
        for place, style in enumerate(styles):
            if _is_plain(style, number_format, font):
                return place
        self._add(
            styles,
            "xf",
            numFmtId=str(number_format),
            fontId=str(font),
            fillId="0",
            borderId="0",
            xfId="0",
            applyNumberFormat="1",
            **({"applyFont": "1"} if is_bold else {}),
        )
        return len(styles) - 1

    def _bold_font(self) -> int:
        """Add a bold twin of the workbook's first font."""
        fonts = self._section("fonts")
        font = self._add(fonts, "font")
        font.append(font.makeelement(self._tag("b")))
        for part in fonts[0] if len(fonts) > 1 else ():
            if part.tag != self._tag("b"):
                font.append(copy(part))
        return len(fonts) - 1

    def _tag(self, name: str) -> str:
        return f"{{{etree.QName(self._root).namespace}}}{name}"

    def _section(self, name: str) -> etree._Element:
        """Find a section of the part; the one of number formats may be missing, and comes first."""
        section = self._root.find(self._tag(name))
        if section is None and name != "numFmts":
            raise DamagedError("its formats are written in a way that the board cannot add to")
        if section is None:
            section = self._root.makeelement(self._tag(name))
            self._root.insert(0, section)
        return section

    def _add(self, section: etree._Element, name: str, **attributes: str) -> etree._Element:
        """Add an element at the end of a section, which counts its elements."""
        self.is_changed = True
        added = etree.SubElement(section, self._tag(name), attributes)
        section.set("count", str(len(section)))
        return added


def _is_plain(style: etree._Element, number_format: int, font: int) -> bool:
    """Tell whether a style says nothing but a number format and a font."""
    wanted = {"numFmtId": number_format, "fontId": font, "fillId": 0, "borderId": 0, "xfId": 0}
    return not (len(style) or style.get("quotePrefix")) and all(
        int(style.get(name, "0")) == wanted[name] for name in wanted
    )
