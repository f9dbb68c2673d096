"""What a check-in would change, decided from a fresh look at the cells and nothing else."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from okr.cells import read_id
from okr.columns import CHECK_INS, KEY_RESULTS, Header
from okr.model import Cell
from okr.reading import Tab
from okr.tables import Table
from okr.workbooks.google_grid import Grid, GridRow, Look
from okr.workbooks.google_ids import check_in_id, new_row_id
from okr.workbooks.google_reading import typed
from okr.workbooks.interface import CheckInDraft, RefusedError, RowReference
from okr.workbooks.locating import locate

LONGEST_TEXT = 50_000
"""What one cell of a Google Sheet holds."""

_EPOCH = datetime(1899, 12, 30)

Rows = Sequence[Sequence[Cell]]
Cells = tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Target:
    """The row of a key result, and the ID that it has or is to be given."""

    reference: RowReference
    row: GridRow
    id: str
    is_new_id: bool


@dataclass(frozen=True, slots=True)
class MirrorCell:
    """One cell that shall follow a check-in: what stood there, and what shall stand there."""

    name: str
    column: int
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True)
class Mirror:
    """The cells of a key result that shall follow a check-in, and why others shall not."""

    reference: RowReference
    id: str
    cells: tuple[MirrorCell, ...]
    remark: str = ""


def serial(when: datetime) -> float:
    """Count the days since the epoch of spreadsheets."""
    return round((when - _EPOCH).total_seconds() / 86400, 9)


def check_draft(draft: CheckInDraft) -> None:
    """Refuse what no cell can hold.

    Raises:
        RefusedError: If the value is no number, or a text is too long.
    """
    if isinstance(draft.value, float) and not math.isfinite(draft.value):
        raise RefusedError("Nothing was saved: the value is not a number. Type one such as 1200.")
    for name, text in (("value", draft.value), ("note", draft.note), ("name", draft.by)):
        if isinstance(text, str) and len(text) > LONGEST_TEXT:
            raise RefusedError(
                f"Nothing was saved: the {name} has {len(text):,} characters, and a cell holds "
                f"{LONGEST_TEXT:,}. Shorten it, then save again."
            )


def find_target(look: Look, reference: RowReference, taken: Sequence[str] = ()) -> Target:
    """Find the row of a key result; one without an ID gets one that is not ``taken``.

    Raises:
        RefusedError: If it is not there, or not alone.
    """
    grid = look.grids.get(KEY_RESULTS)
    if grid is None or grid.header is None:
        raise RefusedError(
            f"Nothing was saved: the sheet has no tab “{KEY_RESULTS}” with headers any more. Give "
            "the tab and its headers their names back, then save again."
        )
    table = table_of(grid, grid.header)
    found = locate(table, reference)
    row = grid.row(found.number)
    own = read_id(found.cell("ID"))
    if own:
        if reference.id is None:  # by its content; whether its ID is its own is not known yet
            locate(table, RowReference(KEY_RESULTS, own, ()))
        return Target(reference, row, own, is_new_id=False)
    return Target(reference, row, _given_id(table, grid, row, taken), is_new_id=True)


def table_of(grid: Grid, header: Header) -> Table:
    """Present a tab's cells in the way that rows are found in."""
    return Table(grid.name, Tab(grid.title, grid.values), header, header.columns)


def _given_id(table: Table, grid: Grid, row: GridRow, taken: Sequence[str]) -> str:
    """Choose an ID for a row without one; where somebody is just giving it one, the same."""
    column = grid.column("ID")
    obstacle = "is missing" if column is None else grid.obstacle(row.number, column)
    if obstacle:
        raise RefusedError(
            f"Nothing was saved: row {row.number + 1} of “{grid.title}” needs an ID, and the cell "
            f"for it {obstacle}. See that there is a column “ID”, type an ID such as KR-1 into "
            "it, then save again."
        )
    present = {read_id(one.cell("ID")) for one in table.rows([])}
    if given := set(row.anchors.values()) - present:
        return max(given)
    names = ("Objective", "Key result", "Owner", "Target")
    content = " | ".join(read_id(row.cell(grid.column(name)).value) for name in names)
    return new_row_id("KR", content, present | set(taken))


def plan_mirror(look: Look, target: Target, draft: CheckInDraft, is_newest: bool) -> Mirror:
    """Decide which cells of the key result follow a check-in."""
    grid = look.grids[KEY_RESULTS]
    cells: list[MirrorCell] = []
    remarks: list[str] = []
    if target.is_new_id:
        cells.append(MirrorCell("ID", grid.column("ID") or 0, "", target.id))
    wanted: list[tuple[str, Cell | None]] = []
    if is_newest:
        wanted = [("Current", draft.value), ("Confidence", draft.confidence)]
    elif draft.value is not None or draft.confidence is not None:
        remarks.append("A newer check-in is there, so Current was left as it is.")
    for name, after in wanted:
        column = grid.column(name)
        if after is None or (column is None and name == "Confidence"):
            continue
        if column is None:
            remarks.append("There is no column Current that could follow.")
            continue
        before = target.row.cell(column).value
        obstacle = grid.obstacle(target.row.number, column)
        if obstacle:
            remarks.append(f"{name} {obstacle}, and was left as it is.")
        elif not same(before, after):
            cells.append(MirrorCell(name, column, before, after))
    return Mirror(target.reference, target.id, tuple(cells), " ".join(remarks))


def rebase(mirror: Mirror, grid: Grid, row: GridRow) -> Mirror:
    """Keep of a mirror what is still to be done: a cell that somebody has changed is theirs."""
    cells: list[MirrorCell] = []
    remarks = [mirror.remark] if mirror.remark else []
    for cell in mirror.cells:
        column = grid.column(cell.name)
        now = row.cell(column).value
        if column is None or same(now, cell.after):
            continue
        if not same(now, cell.before) or grid.obstacle(row.number, column):
            remarks.append(f"{cell.name} has been changed in the sheet meanwhile, and was left so.")
        else:
            cells.append(replace(cell, column=column))
    return replace(mirror, cells=tuple(cells), remark=" ".join(remarks))


def mirrors_to_mend(owed: Mapping[str, Mirror], table: Table) -> list[str]:
    """Name the operations whose mirror is still to be written, by what a reading shows.

    A cell that holds neither what stood there before the check-in nor what it said has been
    changed by somebody since: it is theirs.
    """
    return [operation for operation, mirror in owed.items() if _is_open(mirror, table)]


def _is_open(mirror: Mirror, table: Table) -> bool:
    try:
        row = locate(table, reference_of(mirror))
    except RefusedError:
        return False
    return any(same(row.cell(cell.name), cell.before) for cell in mirror.cells)


def reference_of(mirror: Mirror) -> RowReference:
    """Say how the row of a mirror is found again: by its ID, if it has that already."""
    is_named = all(cell.name != "ID" for cell in mirror.cells)
    return RowReference(KEY_RESULTS, mirror.id, ()) if is_named else mirror.reference


def same(one: Cell, other: Cell) -> bool:
    """Tell whether two cells hold the same; TRUE is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def is_row_of(mirror: Mirror, header: Header, values: Sequence[Cell]) -> bool:
    """Tell whether a row is the one that a mirror means.

    A row that is only now given its ID is known by its content, for its ID cell shows what was
    written there, whichever row it is.
    """
    cells = {name: values[at] if at < len(values) else "" for name, at in header.columns.items()}
    if all(cell.name != "ID" for cell in mirror.cells):
        return read_id(cells.get("ID", "")) == mirror.id
    content = mirror.reference.content
    return read_id(cells.get("ID", "")) in ("", mirror.id) and all(
        read_id(cells.get(name, "")) == read_id(text) for name, text in content
    )


def naming_columns(mirror: Mirror, header: Header) -> list[int]:
    """Give the columns that tell whose row it is; see ``is_row_of``."""
    names = ["ID"]
    if any(cell.name == "ID" for cell in mirror.cells):
        names += [name for name, _ in mirror.reference.content]
    return [header.columns[name] for name in names if name in header.columns]


def check_in_rows(look: Look, read: Rows) -> list[Sequence[Cell]]:
    """Give the rows of Check-ins: those as last read, then those that a fresh look found after."""
    grid = look.grids.get(CHECK_INS)
    fresh = grid.rows if grid else {}
    return [*read, *(fresh[number].values for number in sorted(fresh) if number >= len(read))]


def find_check_in(look: Look, rows: Rows, operation: str) -> Cells | None:
    """Find the row of an operation, column to cell; None where it is not there."""
    grid, wanted = look.grids.get(CHECK_INS), check_in_id(operation)
    column = grid.column("ID") if grid else None
    if grid is None or grid.header is None or column is None:
        return None
    for row in rows:
        if column < len(row) and row[column] == wanted:
            places = grid.header.columns.items()
            return tuple((name, row[at] if at < len(row) else "") for name, at in places)
    return None


def is_newest(look: Look, rows: Rows, key_result: str, when: datetime, now: datetime) -> bool:
    """Tell whether no check-in of a key result is of a later moment that has come already."""
    grid = look.grids.get(CHECK_INS)
    if grid is None or grid.column("When") is None or grid.column("Key result") is None:
        return True
    at, of = grid.column("When") or 0, grid.column("Key result") or 0
    later = (
        row[at]
        for row in rows
        if max(at, of) < len(row) and read_id(row[of]) == key_result and isinstance(row[at], float)
    )
    return not any(serial(when) < float(moment) <= serial(now) for moment in later)


def check_in_cells(draft: CheckInDraft, key_result: str) -> Cells:
    """Lay out the row of a check-in, as a reading would give it."""
    return (
        ("When", serial(draft.when)),
        ("Key result", key_result),
        ("Value", "" if draft.value is None else typed(draft.value)),
        ("Confidence", "" if draft.confidence is None else float(draft.confidence)),
        ("Note", draft.note),
        ("By", draft.by),
        ("ID", check_in_id(draft.operation)),
    )


def history_cells(draft: CheckInDraft) -> Cells:
    """Lay out the row of ``_History`` that tells of a check-in."""
    said = (("Value", draft.value), ("Confidence", draft.confidence), ("Note", draft.note))
    column, after = next((pair for pair in said if pair[1] is not None), ("Note", ""))
    return (
        ("When", serial(draft.when)),
        ("Row ID", check_in_id(draft.operation)),
        ("Tab", CHECK_INS),
        ("Column", column),
        ("Before", ""),
        ("After", "" if after is None else after),
        ("By", draft.by),
        ("Source", "board"),
    )
