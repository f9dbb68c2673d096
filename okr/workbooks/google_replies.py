"""What the replies to writes show: rows and headers as they are then, with their anchors."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from okr.workbooks.google_grid import Grid, GridRow
from okr.workbooks.google_looks import parse_columns, parse_rows
from okr.workbooks.google_moves import headers_of


def row_after(reply: Mapping[str, Any], grid: Grid, row: GridRow) -> GridRow:
    """Read what stands in a row's place after a batch."""
    rows = (found for part in _parts(reply, grid) for found in parse_rows(part))
    return next((found for found in rows if found.number == row.number), GridRow(row.number))


def headers_after(reply: Mapping[str, Any], grid: Grid) -> GridRow:
    """Read what stands in the place of the headers after a batch, and the columns' anchors."""
    row = row_after(reply, grid, headers_of(grid))
    anchors = [parse_columns(part) for part in _parts(reply, grid)]
    return replace(row, columns=anchors[0] if anchors else {})


def _parts(reply: Mapping[str, Any], grid: Grid) -> list[Mapping[str, Any]]:
    sheets = reply.get("updatedSpreadsheet", {}).get("sheets", ())
    own = [one for one in sheets if one.get("properties", {}).get("sheetId", 0) == grid.gid]
    return [part for sheet in own for part in sheet.get("data", ())]
