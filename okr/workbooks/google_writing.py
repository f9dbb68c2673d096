"""The bodies of the requests that write: one atomic batch for a check-in, one for its mirror."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okr.columns import COLUMNS, KEY_RESULTS, Header
from okr.model import Cell
from okr.workbooks.google_grid import (
    OPERATION_KEY,
    ROW_KEY,
    Grid,
    GridRow,
    Look,
    parse_rows,
)
from okr.workbooks.google_ids import tab_gid
from okr.workbooks.google_planning import Mirror, Target
from okr.workbooks.google_reading import LAST_COLUMN, quoted, typed
from okr.workbooks.interface import RefusedError

TOKENS_LIVE = 3600.0
MOST_DELETED = 20
DAY_AND_TIME = {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"}
APPENDED = "userEnteredValue,userEnteredFormat.numberFormat"
BATCH_FIELDS = (
    "replies(createDeveloperMetadata(developerMetadata(metadataId,metadataKey))),"
    "updatedSpreadsheet(sheets(properties(sheetId),"
    "data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue)))))"
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Token:
    """The proof of one operation: its number, which Google takes once, and what it holds."""

    id: int
    operation: str
    epoch: float

    @property
    def value(self) -> str:
        """Spell what the token holds."""
        return f"{self.epoch:.0f}@{self.operation}"


def is_token_of(value: str, operation: str) -> bool:
    """Tell whether what a token holds is of an operation."""
    return value.partition("@")[2] == operation


def create_token(token: Token) -> Json:
    """Ask for a token; a second one of its number is refused, and the whole batch with it."""
    entry = {
        "metadataId": token.id,
        "metadataKey": OPERATION_KEY,
        "metadataValue": token.value,
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def create_anchor(grid: Grid, row: GridRow, row_id: str) -> Json:
    """Ask for an anchor on a row, where it was last seen; if it is there is checked after."""
    rows = {"dimension": "ROWS", "startIndex": row.number, "endIndex": row.number + 1}
    entry = {
        "metadataKey": ROW_KEY,
        "metadataValue": row_id,
        "location": {"dimensionRange": {"sheetId": grid.gid, **rows}},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def by_id(metadata_id: int) -> Json:
    """Select what one entry of developer metadata marks."""
    return {"developerMetadataLookup": {"metadataId": metadata_id}}


def delete_metadata(ids: Iterable[int]) -> list[Json]:
    """Ask for entries to be deleted, a few at a time."""
    few = list(ids)[:MOST_DELETED]
    return [{"deleteDeveloperMetadata": {"dataFilter": by_id(one)}} for one in few]


def anchor_of(target: Target) -> int | None:
    """Find the anchor that a row has for its ID."""
    return min(
        (one for one, value in target.row.anchors.items() if value == target.id), default=None
    )


def stray_anchors(grid: Grid, target: Target) -> list[int]:
    """Find anchors that claim other rows for the ID of this one."""
    return [
        one
        for row in grid.rows.values()
        if row.number != target.row.number
        for one, value in row.anchors.items()
        if value == target.id
    ]


def anchoring(grid: Grid, target: Target) -> list[Json]:
    """Ask for a row's anchor where it has none, and for the end of those on wrong rows."""
    requests = delete_metadata(stray_anchors(grid, target))
    if anchor_of(target) is None:
        requests.append(create_anchor(grid, target.row, target.id))
    return requests


def old_tokens(tokens: Mapping[int, str], now: float) -> list[int]:
    """Find tokens that have done their duty: no form is open for an hour."""
    ages = {one: value.partition("@")[0] for one, value in tokens.items()}
    return [one for one, age in ages.items() if age.isdigit() and now - int(age) > TOKENS_LIVE]


def append_row(
    name: str, grid: Grid | None, cells: Sequence[tuple[str, Cell]], seed: str, gids: Sequence[int]
) -> list[Json]:
    """Ask for a row at the end of a tab; the tab and its headers are added at first need.

    Raises:
        RefusedError: If the tab has no place for what the row says.
    """
    if grid is not None and grid.header is not None:
        return [_append(grid.gid, [_laid_out(cells, grid.header, _landing(grid))])]
    if grid is not None and not grid.is_blank:
        raise RefusedError(
            f"Nothing was saved: “{grid.title}” has no row of headers. Give it a first row such "
            f"as {', '.join(COLUMNS[name])}, then save again."
        )
    header = Header(0, {column: at for at, column in enumerate(COLUMNS[name])}, {})
    rows = [_row([_cell(column) for column in COLUMNS[name]]), _laid_out(cells, header, GridRow(0))]
    if grid is not None:
        return [_append(grid.gid, rows)]
    gid = tab_gid(seed, name, gids)
    shape = {"frozenRowCount": 1, "rowCount": 1000, "columnCount": len(COLUMNS[name])}
    properties = {"sheetId": gid, "title": name, "gridProperties": shape}
    return [{"addSheet": {"properties": properties}}, _append(gid, rows)]


def _append(gid: int, rows: list[Json]) -> Json:
    return {"appendCells": {"sheetId": gid, "rows": rows, "fields": APPENDED}}


def _landing(grid: Grid) -> GridRow:
    """Find the row that will take what is appended: its cells may have been formatted already."""
    used = [row.number for row in grid.rows.values() if any(cell != "" for cell in row.values)]
    return grid.row(max(used, default=-1) + 1)


def _laid_out(cells: Sequence[tuple[str, Cell]], header: Header, landing: GridRow) -> Json:
    """Put cells where the columns stand; formats that wait there are kept."""
    said = dict(cells)
    lacking = [name for name, cell in cells if cell != "" and name not in header.columns]
    if lacking and "Key result" in said:
        raise RefusedError(
            f"Nothing was saved: the tab of check-ins has no column {' and no '.join(lacking)}. "
            "Add the header to its row of headers, then save again."
        )
    names = {place: name for name, place in header.columns.items()}
    row: list[Json] = []
    for place in range(max(header.columns.values()) + 1):
        name = names.get(place, "")
        kept = landing.cell(place).number_format
        row.append(_cell(said.get(name, ""), DAY_AND_TIME if name == "When" and not kept else kept))
    return _row(row)


def _row(cells: list[Json]) -> Json:
    return {"values": cells}


def _cell(value: Cell, number_format: Mapping[str, Any] | None = None) -> Json:
    """Type a cell, so that nothing which people enter is ever taken for a formula."""
    cell: Json = {}
    if isinstance(value, bool):
        cell["userEnteredValue"] = {"boolValue": value}
    elif isinstance(value, str):
        if value:
            cell["userEnteredValue"] = {"stringValue": value}
    else:
        cell["userEnteredValue"] = {"numberValue": value}
    if number_format:
        cell["userEnteredFormat"] = {"numberFormat": dict(number_format)}
    return cell


def batch(requests: Sequence[Json], grid: Grid, row: GridRow) -> Json:
    """Put requests into one atomic batch; its reply shows what stands in a row's place after it."""
    place = f"{quoted(grid.title)}!A{row.number + 1}:{LAST_COLUMN}{row.number + 1}"
    return {
        "requests": list(requests),
        "includeSpreadsheetInResponse": True,
        "responseRanges": [place],
    }


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


def mirror_write(
    anchor: int, cells: Sequence[tuple[int, Cell]], shown: Sequence[int], option: str
) -> Json:
    """Ask for cells of the row that an anchor marks; the reply shows what lies between them too.

    What is null is left as it is.
    """
    said = dict(cells)
    row: list[Cell | None] = [said.get(place) for place in range(max([*said, *shown]) + 1)]
    return {
        "valueInputOption": option,
        "data": [{"dataFilter": by_id(anchor), "majorDimension": "ROWS", "values": [row]}],
        "includeValuesInResponse": True,
        "responseValueRenderOption": "UNFORMATTED_VALUE",
        "responseDateTimeRenderOption": "SERIAL_NUMBER",
    }


def mirrored_row(reply: Mapping[str, Any]) -> tuple[Cell, ...] | None:
    """Read the row that was written to; None where the anchor marks none any more."""
    for response in reply.get("responses", ()):
        rows = response.get("updatedData", {}).get("values", ())
        return tuple(typed(value) for value in rows[0]) if rows else ()
    return None


def put_back(look: Look, mirror: Mirror, shown: Sequence[Cell]) -> GridRow | None:
    """Find how a wrongly written row looked before; None where that cannot be told for certain."""
    grid = look.grids[KEY_RESULTS]
    written = {cell.column for cell in mirror.cells}
    width = max(len(shown), *(len(row.cells) for row in grid.rows.values()))

    def rest(values: Sequence[Cell]) -> list[str]:
        padded = [*values, *[""] * (width - len(values))]
        return [repr(value) for at, value in enumerate(padded) if at not in written]

    first = grid.header.row + 1 if grid.header else 0
    rows = [row for row in grid.rows.values() if row.number >= first]
    found = [row for row in rows if rest(row.values) == rest(shown)]
    return found[0] if len(found) == 1 else None
