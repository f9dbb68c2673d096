"""From Google's replies to a reading: which ranges to ask for, and what has changed in them."""

import hashlib
import marshal
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from okr.columns import CHECK_INS, HISTORY, known_tab, normalise
from okr.model import Cell
from okr.reading import Tab

METADATA_FIELDS = (
    "spreadsheetId,properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,index,hidden,sheetType,gridProperties),merges)"
)
GROWING = (CHECK_INS, HISTORY)
LAST_COLUMN = "ZZZ"  # as far as Google's grids go; what lies beyond a tab's own end is cut off

Json = Mapping[str, Any]
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tab as the metadata describe it; ``known`` is the tab that the board takes it for.

    ``has_cells`` tells it from one that holds a chart or another object only.
    """

    gid: int
    title: str
    known: str | None
    is_hidden: bool
    merged: tuple[tuple[int, int, int, int], ...]
    has_cells: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """What the metadata say of the whole spreadsheet."""

    title: str
    locale: str
    timezone: str
    sheets: tuple[Sheet, ...]

    @property
    def known(self) -> tuple[Sheet, ...]:
        """Give the tabs that the board knows by their titles."""
        return tuple(sheet for sheet in self.sheets if sheet.known)

    def tab(self, name: str) -> Sheet | None:
        """Find the tab that stands for a known one; its own name beats its other spellings."""
        found = [sheet for sheet in self.sheets if sheet.known == name]
        own = [sheet for sheet in found if normalise(sheet.title) == normalise(name)]
        return next(iter(own or found), None)

    def naming(self, title: str, name: str) -> "Layout":
        """Let a tab be known by the board's word for what it holds, and no other tab."""
        sheets = (
            replace(one, known=name)
            if one.title == title
            else (replace(one, known=None) if one.known == name else one)
            for one in self.sheets
        )
        return replace(self, sheets=tuple(sheets))


def parse_layout(reply: Json) -> Layout:
    """Read the metadata; tabs that hold a chart or another object only are not known ones."""
    properties = reply.get("properties", {})
    return Layout(
        properties.get("title", ""),
        properties.get("locale", ""),
        properties.get("timeZone", ""),
        tuple(_sheet(sheet) for sheet in reply.get("sheets", ())),
    )


def _sheet(sheet: Json) -> Sheet:
    properties = sheet["properties"]
    title = properties.get("title", "")
    is_grid = properties.get("sheetType", "GRID") == "GRID" and "gridProperties" in properties
    return Sheet(
        properties.get("sheetId", 0),
        title,
        known_tab(title) if is_grid else None,
        bool(properties.get("hidden")),
        tuple(
            area(merge, properties.get("gridProperties", {})) for merge in sheet.get("merges", ())
        ),
        is_grid,
    )


def area(span: Json, grid: Json) -> tuple[int, int, int, int]:
    """Read a grid range as first row, first column, last row, last column, all included."""
    return (
        span.get("startRowIndex", 0),
        span.get("startColumnIndex", 0),
        span.get("endRowIndex", grid.get("rowCount", 1)) - 1,
        span.get("endColumnIndex", grid.get("columnCount", 1)) - 1,
    )


def quoted(title: str) -> str:
    """Write a tab's title so that no range can be mistaken for another thing."""
    return "'" + title.replace("'", "''") + "'"


@dataclass(slots=True, eq=False)
class Memory:
    """The rows of one tab as last read: their objects, how Google spelt them, and their digest.

    It never changes, and equals itself alone: where a tab has not changed, neither has its memory.
    """

    rows: tuple[tuple[Cell, ...], ...] = ()
    spelt: tuple[bytes, ...] = ()
    digest: Any = field(default_factory=lambda: hashlib.blake2b(digest_size=12))

    @property
    def is_growing(self) -> bool:
        """Tell whether there is a last row that a shorter reading can begin at."""
        return bool(self.rows)


def value_range(sheet: Sheet, memory: Memory | None) -> str:
    """Name the cells to ask for: all of a tab, or from its last known row on."""
    if memory is None or not memory.is_growing or sheet.known not in GROWING:
        return quoted(sheet.title)
    return f"{quoted(sheet.title)}!A{len(memory.rows)}:{LAST_COLUMN}"


def remember(values: Rows, before: Memory) -> Memory:
    """Take a tab that was read whole; rows that have not changed stay the same objects."""
    spelt = tuple(map(_spell, values))
    if spelt == before.spelt:
        return before
    objects = dict(zip(before.spelt, before.rows, strict=True))
    rows = tuple(
        objects[text] if text in objects else typed_row(row)
        for text, row in zip(spelt, values, strict=True)
    )
    return Memory(rows, spelt, _digest(spelt, Memory().digest))


def extend(values: Rows, before: Memory) -> Memory | None:
    """Take what was read from the last known row on; None where known rows stand elsewhere by now.

    Somebody who sorts them may leave the last one where it was. Where a row that came since has
    gone up among them, one of them has come down.
    """
    if not values or _spell(values[0]) != before.spelt[-1]:
        return None
    if len(values) == 1:
        return before
    spelt = tuple(map(_spell, values[1:]))
    if not {one for one, row in zip(spelt, values[1:], strict=True) if row}.isdisjoint(
        before.spelt
    ):
        return None
    rows = tuple(typed_row(row) for row in values[1:])
    digest = _digest(spelt, before.digest.copy())
    return Memory(before.rows + rows, before.spelt + spelt, digest)


def _spell(row: Any) -> bytes:
    """Write a row down, so that rows are equal where this is, and TRUE is not 1.

    The second format of marshal says the same of equal values every time, and takes a tenth of the
    time of ``repr``.
    """
    return marshal.dumps(row, 2)


def _digest(spelt: Sequence[bytes], digest: Any) -> Any:
    digest.update(b"".join(spelt))
    return digest


def typed_row(row: Sequence[Any]) -> tuple[Cell, ...]:
    """Take a row's cells as they are: the reply was parsed with all its numbers as floats."""
    return tuple(row) if None not in row else tuple(map(typed, row))


def typed(value: Any) -> Cell:
    """Take one value of Google's as a cell."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else str(value)
    return ""


def build_tab(sheet: Sheet, memory: Memory) -> Tab:
    """Put a tab together from its metadata and its rows."""
    return Tab(sheet.title, memory.rows, merged=sheet.merged, is_hidden=sheet.is_hidden)


def revision(layout: Layout, memories: Mapping[int, Memory]) -> str:
    """Sum up all that a reading says in a short word."""
    whole = hashlib.blake2b(repr(layout).encode("utf-8", "surrogatepass"), digest_size=8)
    for gid in sorted(memories):
        whole.update(f"{gid}:{memories[gid].digest.hexdigest()}\n".encode())
    return whole.hexdigest()
