"""What the replies to writes show: the rows as they are then, and what stood in them before."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from okr.cells import read_id
from okr.columns import Header
from okr.model import Cell
from okr.row_names import NAMING
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


NOTHING = GridRow(-1)
"""What stands in a row that nobody has written to, as below the last one."""


def rows_before(grid: Grid, written: Collection[int], shown: Sequence[Cell]) -> list[GridRow]:
    """Find how a wrongly written row may have looked before.

    ``written`` are the columns that were written to; all others still say which row it is. Where
    these are blank it may have been a row that held nothing.
    """
    width = max(len(shown), *(len(row.cells) for row in grid.rows.values()))

    def rest(values: Sequence[Cell]) -> list[str]:
        padded = [*values, *[""] * (width - len(values))]
        return [repr(value) for at, value in enumerate(padded) if at not in written]

    first = grid.header.row if grid.header else 0
    rows = [row for row in grid.rows.values() if row.number >= first]
    remains = rest(shown)
    found = [row for row in rows if rest(row.values) == remains]
    if remains == rest(()):
        return [*found, NOTHING]
    if not found and grid.header:  # somebody has changed it since; it may still be known
        own = _of_name(grid.header, rows, written, shown, ["ID"])
        near = own or _all_but_one(rows, remains, rest)
        found = near or _of_name(grid.header, rows, written, shown, NAMING[grid.name])
    return found


def _all_but_one(
    rows: Sequence[GridRow], remains: Sequence[str], rest: Callable[[Sequence[Cell]], list[str]]
) -> list[GridRow]:
    """Find the rows of which one cell alone differs from what remains, if two that are said agree.

    Somebody has typed over one cell since, if only that of the ID.
    """
    blank = repr("")

    def is_near(row: GridRow) -> bool:
        pairs = list(zip(rest(row.values), remains, strict=True))
        agreeing = [one for one, other in pairs if one == other != blank]
        return sum(one != other for one, other in pairs) == 1 and len(agreeing) > 1

    return [row for row in rows if is_near(row)]


def only_one(rows: Sequence[GridRow], written: Collection[int]) -> GridRow | None:
    """Give the row of which all hold the same where was written; None where they do not."""
    held = {tuple(repr(row.cell(at)) for at in sorted(written)) for row in rows}
    return rows[0] if len(held) == 1 else None


def _of_name(
    header: Header,
    rows: Sequence[GridRow],
    written: Collection[int],
    shown: Sequence[Cell],
    names: Sequence[str],
) -> list[GridRow]:
    """Find the rows that say the same in some columns, as far as these were not written to."""
    kept = [name for name in names if header.columns.get(name) not in written]

    def says(values: Sequence[Cell]) -> list[str]:
        places = [header.columns[name] for name in kept if name in header.columns]
        return [read_id(values[at]) if at < len(values) else "" for at in places]

    wanted = says(shown)
    return [row for row in rows if any(wanted) and says(row.values) == wanted]
