"""Whether history tells the true story."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from okr.cells import read_id
from okr.columns import KEY_RESULTS
from okr.workbooks.entries import serial
from okr.workbooks.interface import CheckInDraft, EditDraft, RowDraft
from tests.property.audit_saves import is_overtaken, is_own_layout, seen_for
from tests.property.findings import (
    Audit,
    are_equal,
    cannot_know,
    has_died,
    is_called_saved,
    reference_of,
    row_id_of,
    told_lines,
    wanted_cells,
)
from tests.property.sheet import (
    row_key,
    rows_of,
    shown,
)
from tests.property.writers import Operation


def check_history(found: Audit) -> None:
    lines = [line for line in told_lines(found) if line.get("Source") == "board"]
    by: dict[Any, list[dict[str, Any]]] = {}
    for line in lines:
        by.setdefault(line.get("By"), []).append(line)
    for operation in found.world.operations:
        told = by.pop(operation.by, [])
        if isinstance(operation.draft, CheckInDraft):
            _check_told_check_in(found, operation, told)
        elif isinstance(operation.draft, EditDraft):
            _check_told_edit(found, operation, told)
        elif isinstance(operation.draft, RowDraft):
            wanted = 1 if operation.outcome == "saved" else 0
            if len(told) != wanted and not cannot_know(operation):
                found.wrong("history tells", len(told), "times of the new row", operation.name)
    if by:
        found.wrong("history tells of what nobody did:", by)


def _check_told_check_in(found: Audit, operation: Operation, told: list[dict[str, Any]]) -> None:
    draft: Any = operation.draft
    if operation.outcome != "saved":
        if told and not cannot_know(operation):
            found.wrong("history tells of a check-in that was not saved:", operation.name, told)
        return
    if not told:
        found.wrong("history does not tell of", operation.name)
    columns = Counter((line["Tab"], line["Column"]) for line in told)
    if columns and max(columns.values()) > 1:
        found.wrong("history tells twice of", operation.name, told)
    wanted = dict(wanted_cells(operation))
    for line in told:
        if abs(line["When"] - serial(draft.when)) > 1e-6:
            found.wrong("history has another moment for", operation.name, line)
        if line["Tab"] == KEY_RESULTS and line["Column"] in wanted:
            if not are_equal(line["After"], wanted[line["Column"]]):
                found.wrong("history has another value for", operation.name, line)
            _check_before(found, operation, line)
            made = any(
                w.operation is operation and w.column == line["Column"] for w in found.writes
            )
            found.figures["mirrors told" if made else "mirrors told, and not made"] += 1


def _check_before(found: Audit, operation: Operation, line: Mapping[str, Any]) -> None:
    """See that history's Before is what a look showed of that cell."""
    values = _looked(found, operation, str(line["Column"]))
    if values and not any(are_equal(line.get("Before", ""), value) for value in values):
        found.wrong("history has another Before for", operation.name, line, values)


def _looked(found: Audit, operation: Operation, column: str) -> list[Any]:
    """Give all that the looks of an operation showed in a column of its row.

    In a layout of its own that may be any row that says what it did, though it has an ID.
    """
    witness, values = found.world.witness, []
    for attempt in operation.attempts:
        read, _ = seen_for(found, attempt)
        was_own_layout = any(is_own_layout(found, version) for version in read)
        for event in witness.log[attempt.begin : attempt.end]:
            if event.actor != attempt.actor or event.kind != "saw" or event.what != "look":
                continue
            tab = witness.tab(event.version, operation.tab)
            by_title = was_own_layout or is_own_layout(found, event.version)
            for _, cells in rows_of(tab) if tab else []:
                keys = {row_key(cell.note) for cell in cells.values() if cell.note}
                own = read_id(shown(cells["ID"])) if "ID" in cells else ""
                is_own = operation.row in keys or (own and own == row_id_of(operation))
                if is_own or ((by_title or not own) and _is_named(operation, cells)):
                    values.append(shown(cells[column]) if column in cells else "")
    return values


def _is_named(operation: Operation, cells: Mapping[str, Any]) -> bool:
    """Tell whether a row says what the operation's row did when it was drafted, as a copy does."""
    reference = reference_of(operation)
    said = dict(reference.content) if reference is not None else {}
    return bool(said) and all(
        name in cells and read_id(shown(cells[name])) == read_id(value)
        for name, value in said.items()
    )


def _check_told_edit(found: Audit, operation: Operation, told: list[dict[str, Any]]) -> None:
    draft: Any = operation.draft
    for cell in draft.cells:
        own = [line for line in told if line["Column"] == cell.column]
        forth = [
            x
            for x in own
            if are_equal(x["After"], cell.wanted) and are_equal(x["Before"], cell.seen)
        ]
        back = [
            x
            for x in own
            if are_equal(x["After"], cell.seen) and are_equal(x["Before"], cell.wanted)
        ]
        if len(forth) + len(back) != len(own):
            found.wrong("history has other values for", operation.name, own)
        is_taken_back = operation.outcome == "refused" and not cannot_know(operation)
        made = any(
            w.operation is operation
            and w.column == cell.column
            and not (is_taken_back and is_overtaken(found, w))
            for w in found.writes
        )
        is_unsure = operation.outcome == "saved" and not is_called_saved(operation)
        is_unsure = is_unsure or (operation.outcome == "unknown" and operation.name in found.unseen)
        if is_unsure or any(has_died(found, actor) for actor in operation.actors):
            continue  # what went astray stays logged until the process that knows is asked again
        if len(forth) - len(back) != made:
            found.wrong(
                "history tells", len(forth) - len(back), "times of", operation.name, cell.column,
                "which was made" if made else "which was not made", operation.outcome,
            )  # fmt: skip
    foreign = [line for line in told if line["Column"] not in {c.column for c in draft.cells}]
    if any(line["Column"] != "ID" for line in foreign):
        found.wrong("history tells of other columns for", operation.name, foreign)


def check_seen(found: Audit) -> None:
    """See that what was recorded of the hand is true, and told once."""
    last: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in told_lines(found):
        spot = (line.get("Row ID"), line.get("Tab"), line.get("Column"))
        if line.get("Source") == "sheet":
            found.figures["hand edits recorded"] += 1
            before = last.get(spot)
            is_alike = before is not None and all(
                are_equal(before.get(name, ""), line.get(name, ""))
                for name in ("Before", "After", "Source")
            )
            if is_alike:
                found.wrong("a hand edit was recorded twice:", line)
        last[spot] = line
