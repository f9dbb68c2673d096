"""From what a person typed to what can be saved, or a sentence that says why not."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from okr.cells import Read, read_done, read_number, read_text
from okr.columns import KEY_RESULTS, OBJECTIVES
from okr.model import Cell, Cycle, KeyResult, Kind, Objective, Problem, Severity, Snapshot
from okr.reading import Reading
from okr.registers import folded
from okr.tables import Table, find_tables
from okr.telling import is_same
from okr.workbooks.editing import EDITABLE, TITLES
from okr.workbooks.entries import plain
from okr.workbooks.fields import (
    about,
    check,
    find_unfit,
    is_unchanged,
    line_breaks,
    read_belief,
    understand,
)
from okr.workbooks.interface import (
    CellEdit,
    CheckInDraft,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
    SavedCheckIn,
)
from okr.workbooks.locating import locate

LONGEST_NOTE = 10_000
"""Characters of a note; both homes could hold more, no reader would."""


def new_operation() -> str:
    """Make an operation ID: opaque, and never made twice."""
    return secrets.token_hex(12)


def find_key_result(snapshot: Snapshot, reference: str, cycle: Cycle | None = None) -> KeyResult:
    """Find a key result by its ID, else by its exact title; in one cycle alone, or in all.

    Raises:
        RefusedError: If there is none, or more than one of that title.
    """
    wanted = " ".join(reference.split()).casefold()
    homes = {one.key for one in snapshot.objectives if cycle and one.cycle == cycle.name}
    known = [one for one in snapshot.key_results if cycle is None or one.objective in homes]
    by_id = [one for one in known if (one.id or "").casefold() == wanted]
    found = by_id or [one for one in known if " ".join(one.title.split()).casefold() == wanted]
    if not found:
        where = f"{cycle.name} of {snapshot.source.title}" if cycle else snapshot.source.title
        raise RefusedError(
            f"There is no key result “{reference}” in {where}. Give its ID, or its exact title."
        )
    if len(found) > 1:
        cells = ", ".join(one.place.cell for one in found)
        raise RefusedError(
            f"“{reference}” is the title of several key results: {cells}. Give an ID."
        )
    return found[0]


def draft_check_in(
    snapshot: Snapshot,
    key_result: KeyResult,
    *,
    value: str,
    confidence: str,
    note: str,
    by: str,
    operation: str,
    when: datetime,
    written: datetime | None = None,
) -> CheckInDraft:
    """Understand a typed check-in.

    Args:
        snapshot: The workbook as the page saw it; its locale decides how numbers are read.
        key_result: The one that is updated.
        value: As typed; "" leaves the value as it is. ``45%`` is 0.45.
        confidence: As typed, in any of the forms that the sheet takes; "" gives none.
        note: Any text; it is stored as typed.
        by: Who says so.
        operation: Made when the form opened.
        when: The moment, aware; it is written in the workbook's time zone.
        written: The moment of saving, where the check-in is dated otherwise.

    Raises:
        RefusedError: If something cannot be understood, with the mend.
    """
    number = _value(key_result, value, snapshot.settings.locale)
    belief = _understood(read_belief(confidence))
    note, by = _text(note, "Note"), _text(by, "By")
    if number is None and belief is None and not note:
        raise RefusedError("There is nothing to save. Type a value, a confidence or a note.")
    if not by:
        raise RefusedError("By is empty. Say who checks in, by e-mail or name.")
    is_done_kind = key_result.kind is Kind.DONE and number is not None
    return CheckInDraft(
        operation=operation,
        key_result=reference_to(snapshot, key_result),
        value=bool(number) if is_done_kind else number,
        confidence=belief,
        note=note,
        by=by,
        when=_moment(snapshot, when),
        written=None if written is None else _moment(snapshot, written),
    )


def refuse_another(key_result: KeyResult, draft: CheckInDraft, saved: SavedCheckIn) -> None:
    """Refuse a check-in whose operation has saved another one before: it is not in the sheet.

    Raises:
        RefusedError: If what was saved is of another key result, or says other numbers.
    """
    if not saved.was_there:
        return
    held, names = dict(saved.cells), {folded(key_result.id or ""), folded(key_result.title)}
    numbers = {"Value": draft.value, "Confidence": draft.confidence}
    is_same_one = folded(saved.key_result_id) in names and all(
        is_same(held[name], plain(number)) for name, number in numbers.items() if name in held
    )
    if not is_same_one:
        value = read_text(held.get("Value", ""))
        said = f"{saved.key_result_id}{f', with value {value}' if value else ''}"
        raise RefusedError(
            f"Nothing was saved: the operation “{draft.operation}” has saved another check-in "
            f"before, of {said}. Give each check-in an operation of its own."
        )


def reference_to(
    snapshot: Snapshot,
    entity: KeyResult | Objective,
    held: Mapping[str, Cell] | None = None,
) -> RowReference:
    """Name the row of an objective or key result as the page saw it."""
    if isinstance(entity, KeyResult):
        named = (("Key result", entity.title), ("Objective", entity.objective_text))
        return RowReference(_title(snapshot, KEY_RESULTS), entity.id, named)
    others = ((name, read_text((held or {}).get(name, ""))) for name in ("Team", "Cycle"))
    content = (("Objective", entity.title), *(pair for pair in others if pair[1]))
    return RowReference(_title(snapshot, OBJECTIVES), entity.id, content)


def _title(snapshot: Snapshot, name: str) -> str:
    tab = snapshot.tabs.get(name)
    return tab.title if tab else name


def _moment(snapshot: Snapshot, when: datetime) -> datetime:
    """Give an aware moment by the workbook's clock."""
    return when.astimezone(snapshot.read_at.tzinfo).replace(tzinfo=None, microsecond=0)


# --- edits and new rows --------------------------------------------------------------------------


def held_cells(reading: Reading, entity: Objective | KeyResult) -> dict[str, Cell]:
    """Give the cells of a row as they were read, for a form to open with and to compare with.

    Args:
        reading: The one that the snapshot was built from: ``view.reading``.
        entity: The objective or key result of the row.

    Raises:
        RefusedError: If it is not in that reading, or not alone.
    """
    name = KEY_RESULTS if isinstance(entity, KeyResult) else OBJECTIVES
    table = find_tables(reading, []).get(name)
    if table is None:
        raise RefusedError(f"There is no tab “{name}” any more. Reload the page.")
    at = _row_of(table, entity)
    row = table.row(at, []) if table.header.row < at < len(table.tab.rows) else None
    if row is None or row.text(TITLES[name]) != entity.title:
        row = locate(table, RowReference(name, entity.id, ((TITLES[name], entity.title),)))
    return {column: row.cell(column) for column in table.columns}


def _row_of(table: Table, entity: Objective | KeyResult) -> int:
    """Give the number of the row that an entity was read from."""
    if table.tab.origin is None:
        return entity.place.row - 1
    title = TITLES[table.name]
    rows = (row for row in table.rows([]) if row.place(title) == entity.place)
    return next((row.number for row in rows), 0)


def draft_edit(
    snapshot: Snapshot,
    entity: Objective | KeyResult,
    typed: Mapping[str, str],
    *,
    held: Mapping[str, Cell],
    by: str,
    operation: str,
    when: datetime,
) -> EditDraft:
    """Understand what was typed into the form of a row.

    Args:
        snapshot: The workbook as the page sees it; its locale decides how numbers are read.
        entity: The objective or key result, as it was when the form opened.
        typed: Column to text; a column that is not named, or says what it said, stays as it is.
        held: The cells of the row when the form opened, which the save compares with.
        by: Who changes it.
        operation: Made when the form opened.
        when: The moment, aware.

    Raises:
        RefusedError: If something cannot be understood, or nothing was changed.
    """
    tab = KEY_RESULTS if isinstance(entity, KeyResult) else OBJECTIVES
    cells = _understood_cells(snapshot, tab, typed, entity, held)
    edits = tuple(
        CellEdit(column, held.get(column, ""), cell)
        for column, cell in cells.items()
        if not is_unchanged(held.get(column, ""), cell)
    )
    if not edits:
        raise RefusedError("There is nothing to save. Change something first.")
    reference = reference_to(snapshot, entity, held)
    return EditDraft(operation, reference, edits, _by(by), _moment(snapshot, when))


def draft_objective(
    snapshot: Snapshot, typed: Mapping[str, str], *, by: str, operation: str, when: datetime
) -> RowDraft:
    """Understand what was typed into the form of a new objective; see ``draft_edit``.

    Raises:
        RefusedError: If something cannot be understood, or it has no title.
    """
    return _draft_row(snapshot, OBJECTIVES, typed, by, operation, when)


def draft_key_result(
    snapshot: Snapshot, typed: Mapping[str, str], *, by: str, operation: str, when: datetime
) -> RowDraft:
    """Understand what was typed into the form of a new key result; see ``draft_edit``.

    Raises:
        RefusedError: If something cannot be understood, or it has no title or objective.
    """
    return _draft_row(snapshot, KEY_RESULTS, typed, by, operation, when)


def _draft_row(
    snapshot: Snapshot,
    tab: str,
    typed: Mapping[str, str],
    by: str,
    operation: str,
    when: datetime,
) -> RowDraft:
    required = {TITLES[tab]: "", **({"Objective": ""} if tab == KEY_RESULTS else {})}
    cells = _understood_cells(snapshot, tab, {**required, **typed})
    filled = tuple(pair for pair in cells.items() if pair[1] != "")
    name = _title(snapshot, tab)
    return RowDraft(operation, name, filled, _by(by), _moment(snapshot, when))


def _understood_cells(
    snapshot: Snapshot,
    tab: str,
    typed: Mapping[str, str],
    entity: Objective | KeyResult | None = None,
    held: Mapping[str, Cell] | None = None,
) -> dict[str, Cell]:
    """Understand each field, or refuse the first that cannot be, in the words of Sheet health."""
    what = about(snapshot, tab, typed, entity, held)
    cells: dict[str, Cell] = {}
    for column, text in typed.items():
        if column not in EDITABLE[tab]:
            raise RefusedError(f"The board does not change “{column}”. Change it in the sheet.")
        cell, finding = understand(what, column, text)
        if cell is None:
            said = f"{finding.message} {finding.remedy}" if finding else f"{column} is not clear."
            raise RefusedError(said)
        cells[column] = cell
    return cells


def _by(typed: str) -> str:
    by = _text(typed, "By")
    if not by:
        raise RefusedError("By is empty. Say who changes this, by e-mail or name.")
    return by


def check_fields(
    snapshot: Snapshot,
    tab: str,
    typed: Mapping[str, str],
    *,
    entity: Objective | KeyResult | None = None,
    held: Mapping[str, Cell] | None = None,
) -> list[Problem]:
    """Find what Sheet health would say of a row once these fields are saved, errors first.

    ``tab`` is Objectives or Key results by the board's own name; without an entity the row is a new
    one. A problem names its column; it has no row and no cell yet.
    """
    return check(about(snapshot, tab, typed, entity, held), typed)


def _value(key_result: KeyResult, typed: str, locale: str) -> float | None:
    """Read a typed value on the scale of its key result."""
    if not typed.strip():
        return None
    if key_result.kind is Kind.DONE:
        return _understood(read_done(typed, "Value"))
    number = _understood(read_number(typed, "Value", locale))
    bounds = [abs(one) for one in (key_result.start, key_result.target) if one]
    is_percent = key_result.unit == "%" and bounds
    if is_percent and max(bounds) > 2 and typed.strip().endswith("%"):
        raise RefusedError(
            f"Value {typed.strip()} was not saved: this key result counts in whole percents. "
            f"Type {typed.strip().rstrip('%').rstrip()}, without the sign."
        )
    is_share = is_percent and max(bounds) <= 1
    if number is not None and is_share and abs(number) > 2 * max(1.0, *bounds):
        raise RefusedError(
            f"Value {typed.strip()} was not saved: this key result is a share. "
            f"Type {typed.strip().rstrip('%')}% if that is meant."
        )
    return number


def _understood(read: Read[float]) -> float | None:
    """Take what was read; what cannot be read is refused in the words of Sheet health."""
    number, finding = read
    if finding is not None and (number is None or finding.severity is Severity.ERROR):
        raise RefusedError(f"{finding.message} {finding.remedy}")
    return number


def _text(typed: str, field: str) -> str:
    """Take a text as it was typed, or refuse what no workbook can hold."""
    text = read_text(line_breaks(typed))
    if unfit := find_unfit(text, field):
        raise RefusedError(f"{unfit.message} {unfit.remedy}")
    if len(text) > LONGEST_NOTE:
        raise RefusedError(
            f"{field} has {len(text):,} characters; {LONGEST_NOTE:,} fit. Shorten it."
        )
    return text
