"""Asking for a fresh look at the cells before a write, and reading what is answered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from okr.columns import find_header
from okr.model import Cell
from okr.workbooks.google_grid import (
    COLUMN_KEY,
    EMPTY,
    ENDLESS,
    ROW_KEY,
    Grid,
    GridCell,
    GridRow,
    Look,
)
from okr.workbooks.google_reading import GROWING, LAST_COLUMN, Layout, area, quoted, typed

OPERATION_KEY = "okr.op"
TAIL = 50
"""Rows after the last known one that are looked at for what came since."""

_ENTRY = "developerMetadata(metadataId,metadataKey,metadataValue)"
_CELLS = "rowData(values(userEnteredValue,effectiveValue,userEnteredFormat(numberFormat)))"
_PROTECTED = "protectedRanges(range,unprotectedRanges,warningOnly,requestingUserCanEdit)"
LOOK_FIELDS = (
    f"{_ENTRY},sheets(properties(sheetId,gridProperties(rowCount,columnCount)),merges,{_PROTECTED},"
    f"data(startRow,startColumn,rowMetadata({_ENTRY}),columnMetadata({_ENTRY}),{_CELLS}))"
)

ERRORS = {
    **{"NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "NAME": "#NAME?", "N_A": "#N/A"},
    "LOADING": "Loading...",
}
"""How Google spells errors in values, where that is not their name between # and !."""

Json = Mapping[str, Any]


def look_ranges(
    layout: Layout, rows: Mapping[str, Sequence[Sequence[Cell]]], tabs: Collection[str]
) -> list[str]:
    """Name what must be seen before a change: of a tab that grows, only where its row will go.

    ``rows`` are those of each known tab as last read.
    """
    ranges: list[str] = []
    for name in tabs:
        sheet = layout.tab(name)
        if sheet is None:
            continue
        title = quoted(sheet.title)
        if name not in GROWING:
            ranges.append(title)
            continue
        header = find_header(name, rows.get(name, ()))
        last = max(1, len(rows.get(name, ())))
        if header and header.row + 1 < last:
            ranges.append(f"{title}!A{header.row + 1}:{LAST_COLUMN}{header.row + 1}")
            ranges.append(f"{title}!A{last}:{LAST_COLUMN}{last + TAIL}")
        else:
            ranges.append(f"{title}!A1:{LAST_COLUMN}{last + TAIL}")
    return ranges


def parse_look(reply: Json, layout: Layout, tabs: Collection[str]) -> Look:
    """Read what a fresh look was answered."""
    sheets = {
        sheet.gid: (name, sheet.title) for name in tabs if (sheet := layout.tab(name)) is not None
    }
    tokens = {
        entry["metadataId"]: entry.get("metadataValue", "")
        for entry in reply.get("developerMetadata", ())
        if entry.get("metadataKey") == OPERATION_KEY
    }
    grids: dict[str, Grid] = {}
    for sheet in reply.get("sheets", ()):
        gid = sheet.get("properties", {}).get("sheetId", 0)
        if gid in sheets:
            name, title = sheets[gid]
            grids[name] = replace(parse_grid(name, gid, title, sheet), tokens=tokens)
    return Look(tokens, grids)


def parse_grid(name: str, gid: int, title: str, sheet: Json) -> Grid:
    """Read one tab; the parts of it that were asked for may lie apart."""
    rows: dict[int, GridRow] = {}
    size = sheet.get("properties", {}).get("gridProperties", {})
    for part in sheet.get("data", ()):
        rows |= {row.number: row for row in parse_rows(part)}
    last = max(rows, default=-1)
    header = find_header(name, [rows[n].values if n in rows else () for n in range(last + 1)])
    return Grid(
        name,
        gid,
        title,
        header,
        rows,
        tuple(area(merge, ENDLESS) for merge in sheet.get("merges", ())),
        tuple(
            protection
            for protection in sheet.get("protectedRanges", ())
            if not protection.get("warningOnly") and not protection.get("requestingUserCanEdit")
        ),
        anchors={
            place: anchor
            for part in sheet.get("data", ())
            for place, anchor in parse_columns(part).items()
        },
        height=size.get("rowCount", 0),
        width=size.get("columnCount", 0),
    )


def parse_columns(part: Json) -> dict[int, int]:
    """Read the anchors of columns, place to number; of several on one column the lowest."""
    left = part.get("startColumn", 0)
    found: dict[int, int] = {}
    for place, column in enumerate(part.get("columnMetadata", ()), left):
        entries = column.get("developerMetadata", ())
        numbers = [one["metadataId"] for one in entries if one.get("metadataKey") == COLUMN_KEY]
        if numbers:
            found[place] = min(numbers)
    return found


def parse_rows(part: Json) -> Iterable[GridRow]:
    """Read one part of a tab."""
    top, left = part.get("startRow", 0), part.get("startColumn", 0)
    data, metadata = part.get("rowData", ()), part.get("rowMetadata", ())
    for at in range(max(len(data), len(metadata))):
        cells = data[at].get("values", ()) if at < len(data) else ()
        entries = metadata[at].get("developerMetadata", ()) if at < len(metadata) else ()
        if cells or entries:
            anchors = {
                entry["metadataId"]: entry.get("metadataValue", "")
                for entry in entries
                if entry.get("metadataKey") == ROW_KEY
            }
            yield GridRow(top + at, (EMPTY,) * left + tuple(map(_cell, cells)), anchors)


def _cell(data: Json) -> GridCell:
    if not data:
        return EMPTY
    entered, shown = data.get("userEnteredValue"), data.get("effectiveValue") or {}
    formula = (entered or {}).get("formulaValue", "")
    is_error = "errorValue" in shown
    return GridCell(
        _shown(shown),
        formula,
        bool(formula) or (bool(shown) and not entered),
        is_error,
        data.get("userEnteredFormat", {}).get("numberFormat"),
    )


def _shown(value: Json) -> Cell:
    for kind in ("stringValue", "numberValue", "boolValue"):
        if kind in value:
            return typed(value[kind])
    if "errorValue" not in value:
        return ""
    kind = str(value["errorValue"].get("type", "ERROR"))
    return ERRORS.get(kind, f"#{kind}!")
