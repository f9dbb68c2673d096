"""The parts of an .xlsx file: which of them holds which tab, and the file with some replaced."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
MOST_BYTES = 1 << 30
"""What all parts may hold when unpacked: far more than a workbook of OKRs ever does."""


_UNREADABLE = (
    KeyError,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)


class DamagedError(Exception):
    """The file is not an .xlsx workbook, or not a whole one; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tab of the workbook and the part that holds its cells."""

    title: str
    part: str


def parse_part(content: bytes) -> etree._Element:
    """Parse one part; nothing outside of it is ever loaded."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedError("a part of it is not readable") from error


def print_part(root: etree._Element) -> bytes:
    """Write a part as Excel does: with its declaration, and without added white space."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def local_name(element: etree._Element) -> str:
    """Give the name of an element without its namespace, which strict workbooks change."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class Package:
    """An .xlsx file in memory."""

    def __init__(self, content: bytes) -> None:
        """Open the file.

        Raises:
            DamagedError: If it is not a whole zip file with a workbook in it.
        """
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise DamagedError("it is cut short") from error
        self.names = frozenset(self._zip.namelist())
        if sum(part.file_size for part in self._zip.infolist()) > MOST_BYTES:
            raise DamagedError("it holds more than 1 GB")

    def read(self, name: str) -> bytes:
        """Unpack one part."""
        try:
            return self._zip.read(name)
        except _UNREADABLE as error:
            raise DamagedError(f"its part {name} is missing or broken") from error

    @cached_property
    def workbook_part(self) -> str:
        """Find the part that lists the tabs."""
        for target, kind in self.targets("").values():
            if kind.endswith("/officeDocument"):
                return target
        raise DamagedError("it holds no workbook")

    @cached_property
    def workbook(self) -> etree._Element:
        """Parse the part that lists the tabs."""
        return parse_part(self.read(self.workbook_part))

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """List the tabs, in their order; charts on a page of their own are not among them."""
        targets = self.targets(self.workbook_part)
        found = []
        for sheet in self.workbook.iterfind("{*}sheets/{*}sheet"):
            reference = next(
                (str(value) for name, value in sheet.items() if str(name).endswith("}id")), ""
            )
            target, kind = targets.get(reference, ("", ""))
            if kind.endswith("/worksheet"):
                found.append(Sheet(str(sheet.get("name", "")), target))
        return tuple(found)

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Map the relationships of a part to the parts that they name, and to their kinds."""
        name = relationships_part(part)
        if name not in self.names:
            return {}
        folder = posixpath.dirname(part)
        return {
            str(link.get("Id")): (
                posixpath.normpath(posixpath.join("/", folder, str(link.get("Target")))).lstrip(
                    "/"
                ),
                str(link.get("Type")),
            )
            for link in parse_part(self.read(name)).iterfind("{*}Relationship")
            if link.get("TargetMode") != "External"
        }

    def rewritten(self, parts: Mapping[str, bytes]) -> bytes:
        """Build the file with some parts replaced or added, and all others as they were."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for info in self._zip.infolist():
                target.writestr(info, parts.get(info.filename) or self._zip.read(info))
            for name, content in parts.items():
                if name not in self.names:
                    target.writestr(name, content)
        return out.getvalue()


def relationships_part(part: str) -> str:
    """Name the part that holds the relationships of another; of the whole file for ``""``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
