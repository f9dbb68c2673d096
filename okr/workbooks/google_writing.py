"""The bodies of the requests that write: rows that are appended, cells, anchors and tokens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okr.columns import CHECK_INS, HISTORY, Header, laid_out
from okr.model import Cell
from okr.workbooks.google_grid import Grid, GridRow
from okr.workbooks.google_looks import OPERATION_KEY
from okr.workbooks.google_reading import LAST_COLUMN, quoted
from okr.workbooks.interface import RefusedError
from okr.workbooks.row_ids import tab_gid, token_id

TOKENS_LIVE = 3600.0
MOST_DELETED = 20
TURN = "@turn "
TURNS_KEPT = 10
DAY_AND_TIME = {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"}
DAY = {"type": "DATE", "pattern": "yyyy-mm-dd"}
FORMATS: Mapping[str, Mapping[str, Any]] = {"When": DAY_AND_TIME, "Due": DAY}
"""How numbers are shown that are moments, where nobody has said so yet."""
APPENDED = "userEnteredValue,userEnteredFormat.numberFormat"
_ENTRY = "developerMetadata(metadataId,metadataKey,metadataValue)"
BATCH_FIELDS = (
    "updatedSpreadsheet(sheets(properties(sheetId),"
    f"data(startRow,startColumn,rowMetadata({_ENTRY}),columnMetadata({_ENTRY}),"
    "rowData(values(userEnteredValue,effectiveValue)))))"
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


def by_id(metadata_id: int) -> Json:
    """Select what one entry of developer metadata marks."""
    return {"developerMetadataLookup": {"metadataId": metadata_id}}


def delete_metadata(ids: Iterable[int]) -> list[Json]:
    """Ask for entries to be deleted, a few at a time."""
    few = list(ids)[:MOST_DELETED]
    return [{"deleteDeveloperMetadata": {"dataFilter": by_id(one)}} for one in few]


def write_cell(grid: Grid, row: int, column: int, value: Cell, shape: Json | None) -> Json:
    """Ask for one cell by its place, which only a batch that holds the row in place may do."""
    fields = "userEnteredValue" + (",userEnteredFormat.numberFormat" if shape else "")
    start = {"sheetId": grid.gid, "rowIndex": row, "columnIndex": column}
    rows = [_row([typed_cell(value, shape)])]
    return {"updateCells": {"start": start, "rows": rows, "fields": fields}}


def write_formula(grid: Grid, row: int, column: int, formula: str) -> Json:
    """Ask for a formula that a person had typed to be put back; see ``write_cell``."""
    start = {"sheetId": grid.gid, "rowIndex": row, "columnIndex": column}
    rows = [_row([{"userEnteredValue": {"formulaValue": formula}}])]
    return {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}


def next_turn(tokens: Mapping[int, str], epoch: float) -> list[Json]:
    """Let a batch be refused if another one has taken its turn since these tokens were seen.

    The turns are counted; the number of each follows from its count, and is given only once. Those
    just before stay, so that one who has not looked for a while does not find their turn free.
    """
    past, turn = _turns(tokens), last_turn(tokens) + 1
    worn = [one for count, one in past.items() if count <= turn - TURNS_KEPT]
    return [create_token(_turn(turn, epoch)), *delete_metadata(worn)]


def with_turn(tokens: Mapping[int, str], epoch: float) -> Mapping[int, str]:
    """Give tokens as they are when that turn has been taken."""
    taken = _turn(last_turn(tokens) + 1, epoch)
    return {**tokens, taken.id: taken.value}


def last_turn(tokens: Mapping[int, str]) -> int:
    """Give the count of the last turn that was taken; 0 where none was."""
    return max(_turns(tokens), default=0)


def turn_taken(body: Json) -> int:
    """Give the count of the turn that a batch takes; 0 where it takes none."""
    made = [one.get("createDeveloperMetadata", {}) for one in body["requests"]]
    entries = [one.get("developerMetadata", {}) for one in made]
    return last_turn({at: one.get("metadataValue", "") for at, one in enumerate(entries)})


def _turns(tokens: Mapping[int, str]) -> dict[int, int]:
    """Find the turns that were taken: the count of each, and its token."""
    counted = {one: value.rpartition(TURN)[2] for one, value in tokens.items() if TURN in value}
    return {int(count): one for one, count in counted.items() if count.isdecimal()}


def _turn(count: int, epoch: float) -> Token:
    return Token(token_id(f"turn {count}"), f"{TURN[1:]}{count}", epoch)


def old_tokens(tokens: Mapping[int, str], now: float) -> list[int]:
    """Find tokens that have done their duty: no form is open for an hour."""
    ages = {one: value.partition("@")[0] for one, value in tokens.items()}
    return [one for one, age in ages.items() if age.isdigit() and now - int(age) > TOKENS_LIVE]


def append_rows(
    name: str,
    grid: Grid | None,
    rows: Sequence[Sequence[tuple[str, Cell]]],
    seed: str,
    gids: Sequence[int],
) -> list[Json]:
    """Ask for rows at the end of a tab; the tab and its headers are added at first need.

    Raises:
        RefusedError: If the tab has no place for what the row says.
    """
    if grid is not None and grid.header is not None:
        _refuse_lacking(grid, grid.header, rows)
        first = _landing(grid)
        return [
            _append(
                grid.gid,
                [_laid_out(one, grid.header, grid.row(first + at)) for at, one in enumerate(rows)],
            )
        ]
    if grid is not None and not grid.is_blank:
        raise RefusedError(
            f"Nothing was saved: “{grid.title}” has no row of headers. Give it a first row such "
            f"as {', '.join(laid_out(name))}, then save again."
        )
    header = Header(0, {column: at for at, column in enumerate(laid_out(name))}, {})
    lines = [_laid_out(one, header, GridRow(0)) for one in rows]
    lines.insert(0, _row([typed_cell(column) for column in laid_out(name)]))
    if grid is not None:
        return [_append(grid.gid, lines)]
    gid = tab_gid(seed, name, gids)
    shape = {"frozenRowCount": 1, "rowCount": 1000, "columnCount": len(laid_out(name))}
    properties = {"sheetId": gid, "title": name, "gridProperties": shape}
    return [{"addSheet": {"properties": properties}}, _append(gid, lines)]


def _append(gid: int, rows: list[Json]) -> Json:
    return {"appendCells": {"sheetId": gid, "rows": rows, "fields": APPENDED}}


def _landing(grid: Grid) -> int:
    """Find the row that will take what is appended: its cells may have been formatted already."""
    return grid.last + 1


def _refuse_lacking(grid: Grid, header: Header, rows: Sequence[Sequence[tuple[str, Cell]]]) -> None:
    """Refuse a row that a tab has no place for; a history that lacks a column just says less."""
    if grid.name == HISTORY:
        return
    said = {name: None for row in rows for name, cell in row if cell != ""}
    lacking = [name for name in said if name not in header.columns]
    if lacking:
        tab = "the tab of check-ins" if grid.name == CHECK_INS else f"“{grid.title}”"
        raise RefusedError(
            f"Nothing was saved: {tab} has no column {' and no '.join(lacking)}. "
            "Add the header to its row of headers, then save again."
        )


def _laid_out(cells: Sequence[tuple[str, Cell]], header: Header, landing: GridRow) -> Json:
    """Put cells where the columns stand; formats that wait there are kept."""
    said = dict(cells)
    names = {place: name for name, place in header.columns.items()}
    row: list[Json] = []
    for place in range(max(header.columns.values()) + 1):
        name = names.get(place, "")
        value, kept = said.get(name, ""), landing.cell(place).number_format
        row.append(typed_cell(value, kept or number_format(name, value)))
    return _row(row)


def _row(cells: list[Json]) -> Json:
    return {"values": cells}


def number_format(column: str, value: Cell) -> Mapping[str, Any] | None:
    """Give the format without which a number in a column says nothing to people."""
    return None if isinstance(value, bool | str) else FORMATS.get(column)


def typed_cell(value: Cell, shape: Mapping[str, Any] | None = None) -> Json:
    """Type a cell, so that nothing which people enter is ever taken for a formula."""
    cell: Json = {}
    if isinstance(value, bool):
        cell["userEnteredValue"] = {"boolValue": value}
    elif isinstance(value, str):
        if value:
            cell["userEnteredValue"] = {"stringValue": value}
    else:
        cell["userEnteredValue"] = {"numberValue": value}
    if shape:
        cell["userEnteredFormat"] = {"numberFormat": dict(shape)}
    return cell


def batch(requests: Sequence[Json], grid: Grid, *rows: int) -> Json:
    """Put requests into one atomic batch; its reply shows what stands in rows after it."""
    title = quoted(grid.title)
    return {
        "requests": list(requests),
        "includeSpreadsheetInResponse": True,
        "responseRanges": [f"{title}!A{row + 1}:{LAST_COLUMN}{row + 1}" for row in rows],
    }
