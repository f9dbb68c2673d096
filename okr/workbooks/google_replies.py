"""What the replies to writes show: the anchors that were made, and the rows as they are then."""

from collections.abc import Mapping
from typing import Any

from okr.workbooks.google_grid import ROW_KEY, Grid, GridRow, parse_rows


def made_anchor(reply: Mapping[str, Any]) -> int | None:
    """Find the number that Google gave to the anchor of a batch."""
    for one in reply.get("replies", ()):
        entry = one.get("createDeveloperMetadata", {}).get("developerMetadata", {})
        if entry.get("metadataKey") == ROW_KEY:
            return int(entry["metadataId"])
    return None


def row_after(reply: Mapping[str, Any], grid: Grid, row: GridRow) -> GridRow:
    """Read what stands in a row's place after a batch."""
    for sheet in reply.get("updatedSpreadsheet", {}).get("sheets", ()):
        if sheet.get("properties", {}).get("sheetId", 0) == grid.gid:
            for part in sheet.get("data", ()):
                for found in parse_rows(part):
                    if found.number == row.number:
                        return found
    return GridRow(row.number)
