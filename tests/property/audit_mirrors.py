"""Whether Current and Confidence follow the newest check-in."""

from collections import Counter
from typing import Any

from okr.cells import read_id
from okr.columns import CHECK_INS, KEY_RESULTS
from okr.workbooks.interface import CheckInDraft
from okr.workbooks.row_ids import check_in_id
from tests.property.findings import (
    Audit,
    are_equal,
    has_died,
    last_view,
    operations_of,
    row_id_of,
    table_rows,
    wanted_cells,
)
from tests.property.sheet import (
    MISLAID,
    Place,
    row_key,
    rows_of,
    shown,
)
from tests.property.writers import Operation
from tests.sheets_api.state import Formula


def check_mirrors(found: Audit) -> None:
    """See that Current and Confidence follow the newest check-in of each key result.

    That goes by the ID: a row that was copied and then deleted lives on in its copy. In a layout of
    its own a row without an ID is known by its title.
    """
    rows: dict[str, list[Operation]] = {}
    there = {row.get("ID"): row.get("Key result") for row in table_rows(found, CHECK_INS)}
    titled = _titled(found)
    for operation in operations_of(found, CheckInDraft):
        own = check_in_id(operation.draft.operation)
        if operation.outcome == "saved" or own in there:
            key = row_id_of(operation) or read_id(there.get(own) or "") or operation.row
            rows.setdefault(titled.get(key, key), []).append(operation)
    for operations in rows.values():
        for column in ("Current", "Confidence"):
            saying = [one for one in operations if column in dict(wanted_cells(one))]
            if saying:
                _check_mirror(found, _newest(found, saying), column)


def _newest(found: Audit, operations: list[Operation]) -> Operation:
    """Choose the newest check-in: by its moment, then by its row."""
    rows = [row.get("ID") for row in table_rows(found, CHECK_INS)]

    def age(operation: Operation) -> tuple[Any, int]:
        own = check_in_id(operation.draft.operation)  # type: ignore[union-attr]
        return operation.draft.when, rows.index(own) if own in rows else -1  # type: ignore[union-attr]

    return max(operations, key=age)


def _titled(found: Audit) -> dict[str, str]:
    """Give the IDs of the key results whose titles no other has."""
    rows = [
        (read_id(row.get("Key result")), row.get("ID")) for row in table_rows(found, KEY_RESULTS)
    ]
    titles = Counter(title for title, _ in rows)
    return {title: read_id(own) for title, own in rows if own and titles[title] == 1}


def _check_mirror(found: Audit, operation: Operation, column: str) -> None:
    witness = found.world.witness
    wanted = dict(wanted_cells(operation))[column]
    own = [w for w in found.writes if w.operation is operation and w.column == column]
    tag = own[0].tag if own else _tag_of(found, operation, column)
    place = witness.cell(-1, tag) if tag else None
    if tag is None or place is None:
        return
    if operation.outcome != "saved":
        return
    found.figures["mirrors due"] += 1
    seen = [
        event.version
        for attempt in operation.attempts
        for event in witness.log[attempt.begin : attempt.end]
        if event.actor == attempt.actor and event.kind == "saw" and event.what == "look"
    ]
    since = min(seen, default=0)
    is_held = are_equal(shown(place.cell), wanted)
    if is_held:
        at_once = any(
            attempt.saved is not None and attempt.saved.is_mirrored
            for attempt in operation.attempts
        )
        found.figures["mirrors held at once" if at_once else "mirrors held after a refresh"] += 1
        return
    if any(version > since for version in found.foreign.get(tag, [])):
        found.figures["mirrors left to the hand"] += 1
        return
    if isinstance(shown(place.cell), Formula) or _is_barred(found, place, since):
        found.figures["mirrors barred"] += 1
        return
    if any(has_died(found, attempt.actor) for attempt in operation.attempts):
        found.figures["mirrors lost with a process"] += 1
        return
    if _is_board_s_cell(found, tag, place):
        found.figures["mirrors lost to another process in the same instant"] += 1
        return
    if _is_newer_s_cell(found, operation, tag, place):
        found.figures["mirrors left to a later check-in of the row's former ID"] += 1
        return
    if _was_overwritten(found, tag, since):
        found.figures["mirrors left because another's wrong write stood there"] += 1
        return
    if not _can_be_found(found, operation, since):
        found.figures["mirrors without their row"] += 1
        return
    found.figures["mirrors not held"] += 1
    said = [attempt.saved.remark for attempt in operation.attempts if attempt.saved is not None]
    found.wrong(
        f"the mirror of {operation.name} does not hold: {shown(place.cell)!r}, not {wanted!r};",
        "said", said,
    )  # fmt: skip


def _was_overwritten(found: Audit, tag: str, since: int) -> bool:
    """Tell whether another's wrong write stood in a cell, which looks like a hand's.

    It stands there still where the process has ended that knew of it; who else answers for it is
    told by its debt.
    """
    return tag in found.debts or any(debt.until > since for debt in found.paid.get(tag, []))


def _is_board_s_cell(found: Audit, tag: str, place: Place) -> bool:
    """Tell whether another process's older check-in was mirrored after the newest one."""
    value = shown(place.cell)
    return any(
        one.tag == tag and are_equal(one.after, value)
        and isinstance(one.operation.draft, CheckInDraft)
        and last_view(found, found.world.witness.log[one.event].actor, one.event) < one.version - 1
        for one in found.writes
    )  # fmt: skip


def _is_newer_s_cell(found: Audit, operation: Operation, tag: str, place: Place) -> bool:
    """Tell whether a later check-in of the same row, which had another ID then, stands there."""
    value, draft = shown(place.cell), operation.draft
    return any(
        one.tag == tag
        and are_equal(one.after, value)
        and isinstance(draft, CheckInDraft)
        and isinstance(one.operation.draft, CheckInDraft)
        and one.operation.row == operation.row
        and one.operation.draft.when > draft.when
        for one in found.writes
    )


def _tag_of(found: Audit, operation: Operation, column: str) -> str | None:
    """Find the cell that an operation's mirror should have been written to."""
    tab = found.world.witness.tab(-1, KEY_RESULTS)
    for _, cells in rows_of(tab) if tab else []:
        if column in cells and any(
            cell.note and row_key(cell.note) == operation.row for cell in cells.values()
        ):
            return cells[column].note
    return None


def _is_barred(found: Audit, place: Place, since: int) -> bool:
    """Tell whether the cell, or one beside it, was merged or protected, or held a formula."""
    witness = found.world.witness
    tag = place.cell.note or ""
    for version in range(since, len(witness.versions)):
        there = witness.cell(version, tag)
        tab = witness.tab(version, KEY_RESULTS)
        if there is None or tab is None:
            return True
        if isinstance(shown(there.cell), Formula) or tab.protected or tab.merges:
            return True
    return False


def _can_be_found(found: Audit, operation: Operation, since: int) -> bool:
    """Tell whether the row could be found by its ID, and its columns by their headers, always."""
    witness, own = found.world.witness, row_id_of(operation)
    for version in range(since, len(witness.versions)):
        tab = witness.tab(version, KEY_RESULTS)
        if tab is None or tab.title.startswith(MISLAID):
            return False
        rows = [cells for _, cells in rows_of(tab)]
        if not rows or any(name not in rows[0] for name in ("ID", "Current", "Confidence")):
            return False
        keys = [
            next((row_key(c.note) for c in cells.values() if c.note), "")
            for cells in rows
            if read_id(shown(cells["ID"])) == own
        ]
        if len(keys) > 1 or (keys and keys[0] != operation.row):
            return False
        if not keys and version >= found.world.quiet_from:
            return False
    return True
