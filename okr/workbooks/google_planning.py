"""Which row a change means, and what it would change there, from a fresh look at the cells."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from okr.cells import read_id
from okr.columns import KEY_RESULTS, OBJECTIVES, Header, address, known_tab
from okr.model import Cell
from okr.reading import Tab
from okr.tables import Table
from okr.workbooks.editing import ELSEWHERE, Found, plan_edit
from okr.workbooks.entries import same
from okr.workbooks.google_grid import Elsewhere, Grid, GridRow, Look
from okr.workbooks.interface import CellEdit, CheckInDraft, EditDraft, RefusedError, RowReference
from okr.workbooks.locating import locate, matching_rows
from okr.workbooks.row_ids import PREFIXES, new_row_id, row_ids
from okr.workbooks.typed_since import TYPED_SINCE

LONGEST_TEXT = 50_000
"""What one cell of a Google Sheet holds."""

MOST_IDS = 5
"""So many IDs that a row may be given are looked at, where somebody is just giving it one."""

_TWO = "It is not known which of two rows is {}."
CHANGED = "{} has been changed in the sheet meanwhile, and was left so."
_NEWER = "A newer check-in is there, so {} was left as it is."

_TELLING = {
    OBJECTIVES: ("Objective", "Team", "Owner", "Cycle"),
    KEY_RESULTS: ("Objective", "Key result", "Owner", "Target"),
}
"""The cells that the ID of a row without one follows from."""


@dataclass(frozen=True, slots=True)
class Target:
    """The row of an objective or key result, and the ID that it has or is to be given."""

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
    said: tuple[str, ...] = ()
    """The columns of which no newer check-in says anything."""
    when: datetime | None = None
    operation: str = ""
    saved: datetime | None = None
    """When the check-in was sent; soon after that only an old look is without its token."""
    written: datetime | None = None
    """That moment by the workbook's clock."""

    @property
    def edits(self) -> tuple[CellEdit, ...]:
        """Give the cells as ``_History`` tells of them."""
        return tuple(CellEdit(cell.name, cell.before, cell.after) for cell in self.cells)


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
    """Find the row that a reference means; one without an ID gets one that is not ``taken``.

    Raises:
        RefusedError: If it is not there, or not alone.
    """
    if look.elsewhere is not None:
        return _target_elsewhere(look, look.elsewhere)
    grid, header = headed(look, known_tab(reference.tab) or reference.tab)
    table = table_of(grid, header)
    found = locate(table, reference)
    row = grid.row(found.number)
    own = read_id(found.cell("ID"))
    if own:
        if reference.id is None:  # by its content; whether its ID is its own is not known yet
            locate(table, RowReference(reference.tab, own, ()))
        return Target(reference, row, own, is_new_id=False)
    return Target(reference, row, _given_id(table, grid, row, taken), is_new_id=True)


def _target_elsewhere(look: Look, there: Elsewhere) -> Target:
    """Find a row in a tab of another layout; the board gives it no ID."""
    grid, header = headed(look, there.name)
    found = locate(table_of(grid, header), there.reference)
    return Target(there.reference, grid.row(found.number), there.row_id, is_new_id=False)


def headed(look: Look, name: str) -> tuple[Grid, Header]:
    """Give a tab that must be there, with its headers.

    Raises:
        RefusedError: If it is not, or has none.
    """
    grid = look.grids.get(name)
    if grid is None or grid.header is None:
        raise RefusedError(
            f"Nothing was saved: the sheet has no tab “{name}” with headers any more. Give the tab "
            "and its headers their names back, then save again."
        )
    return grid, grid.header


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
    prefix, names = PREFIXES[grid.name], _TELLING[grid.name]
    present = {read_id(one.cell("ID")) for one in table.rows([])}
    content = " | ".join(read_id(row.cell(grid.column(name)).value) for name in names)
    own = set(islice(row_ids(prefix, content), MOST_IDS))  # an anchor left behind claims another
    if given := own & set(row.anchors.values()) - present:
        return max(given)
    return new_row_id(prefix, content, present | set(taken))


def plan_cells(draft: EditDraft, grid: Grid, row: GridRow) -> tuple[CellEdit, ...]:
    """Compare an edit with a row.

    Raises:
        ConflictError: If a cell is neither as seen nor as wanted.
        RefusedError: If a column is missing.
    """
    missing = [cell.column for cell in draft.cells if grid.column(cell.column) is None]
    if missing and grid.is_elsewhere:
        raise RefusedError(f"Nothing was saved: {' and '.join(missing)} {ELSEWHERE}.")
    if missing:
        number = grid.header.row + 1 if grid.header else 1
        raise RefusedError(
            f"Nothing was saved: “{grid.title}” has no column {' and no '.join(missing)}. Type "
            f"the header into row {number}, right of the others, then save again."
        )

    def find(name: str) -> Found:
        column = grid.column(name) or 0
        place = address(grid.title, row.number, column)
        return Found(row.cell(column).value, place, grid.obstacle(row.number, column))

    return plan_edit(draft, find)


def plan_mirror(
    look: Look,
    target: Target,
    draft: CheckInDraft,
    newer: Collection[str] = (),
    typed: Collection[str] = (),
) -> Mirror:
    """Decide which cells of the key result follow a check-in.

    ``newer`` are the columns of which a newer check-in says something, ``typed`` those that
    somebody has typed into since (see ``typed_since``).
    """
    grid = look.grids[KEY_RESULTS]
    cells: list[MirrorCell] = []
    remarks: list[str] = []
    if target.is_new_id:
        cells.append(MirrorCell("ID", grid.column("ID") or 0, "", target.id))
    said: list[str] = []
    for name, after in (("Current", draft.value), ("Confidence", draft.confidence)):
        column = grid.column(name)
        if after is not None and name in newer:
            remarks.append(_NEWER.format(name))
            continue
        if after is not None:
            said.append(name)
        if after is None or (column is None and name == "Confidence"):
            continue
        if column is None:
            remarks.append("There is no column Current that could follow.")
            continue
        before = target.row.cell(column).value
        obstacle = grid.obstacle(target.row.number, column)
        if obstacle:
            remarks.append(f"{name} {obstacle}, and was left as it is.")
        elif name in typed and not same(before, after):
            remarks.append(TYPED_SINCE.format(name))
        elif not same(before, after):
            cells.append(MirrorCell(name, column, before, after))
    return Mirror(
        target.reference,
        target.id,
        tuple(cells),
        " ".join(remarks),
        tuple(said),
        draft.when,
        written=draft.written or draft.when,
    )


def rebase(
    mirror: Mirror, grid: Grid, row: GridRow, older: Mapping[str, Collection[Cell]] | None = None
) -> Mirror:
    """Keep of a mirror what is still to be done: a cell that somebody has changed is theirs.

    ``older`` is what older check-ins say of each column: another process has mirrored that.
    """
    cells: list[MirrorCell] = []
    remarks = [mirror.remark] if mirror.remark else []
    for cell in mirror.cells:
        column = grid.column(cell.name)
        now = row.cell(column).value
        if column is None or same(now, cell.after):
            continue
        is_mirrored = any(same(now, one) for one in (older or {}).get(cell.name, ()))
        is_ours = same(now, cell.before) or is_mirrored
        if not is_ours or grid.obstacle(row.number, column):
            remarks.append(CHANGED.format(cell.name))
        else:
            cells.append(replace(cell, column=column))
    return replace(mirror, cells=tuple(cells), remark=" ".join(remarks))


def without(mirror: Mirror, newer: Collection[str]) -> Mirror:
    """Take out of a mirror the columns of which a newer check-in says something by now."""
    if not any(cell.name in newer for cell in mirror.cells):
        return mirror
    names = [cell.name for cell in mirror.cells if cell.name in newer]
    said = [mirror.remark, *(_NEWER.format(name) for name in names)]
    cells = tuple(cell for cell in mirror.cells if cell.name not in newer)
    return replace(mirror, cells=cells, remark=" ".join(filter(None, said)))


def mirrored(mirror: Mirror, table: Table) -> bool | None:
    """Tell whether its row holds all that a mirror says; None where that is not to be found now.

    Whether a cell that holds something else was changed by a person is found out then.
    """
    try:
        row = locate(table, reference_of(mirror, table))
    except RefusedError:
        return None
    return all(same(row.cell(cell.name), cell.after) for cell in mirror.cells)


def reference_of(mirror: Mirror, table: Table) -> RowReference:
    """Say how the row of a mirror is found again: by its ID, if it has that already.

    Raises:
        RefusedError: If it is to be given its ID, and one row has that while another says all that
            it said: the ID may have gone astray, or the row been copied and renamed.
    """
    by_id = RowReference(KEY_RESULTS, mirror.id, ())
    if all(cell.name != "ID" for cell in mirror.cells):
        return by_id
    named = {row.number for row in matching_rows(table, by_id)}
    alike = {row.number for row in matching_rows(table, mirror.reference)}
    if named and alike and not named & alike:
        raise RefusedError(_TWO.format(mirror.id))
    return by_id if named else mirror.reference
