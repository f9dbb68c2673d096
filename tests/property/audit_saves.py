"""What was saved: each check-in and each edit once, as it was typed, or told otherwise."""

from okr.cells import read_id
from okr.columns import CHECK_INS, KEY_RESULTS
from okr.workbooks.entries import check_in_cells
from okr.workbooks.interface import CheckInDraft, EditDraft
from okr.workbooks.row_ids import check_in_id
from tests.property.findings import (
    Audit,
    Write,
    are_alike,
    cannot_know,
    has_died,
    is_called_saved,
    operations_of,
    row_id_of,
    table_rows,
)
from tests.property.sheet import (
    is_unknown,
    row_key,
    rows_of,
    shown,
    spelt,
)
from tests.property.writers import Attempt, Operation

READING = 2
"""The requests of a reading: the tabs and their headers, and then the rows."""


def check_check_ins(found: Audit) -> None:
    rows = table_rows(found, CHECK_INS)
    for operation in operations_of(found, CheckInDraft):
        draft = operation.draft
        own = [row for row in rows if row.get("ID") == check_in_id(draft.operation)]
        check_presence(found, operation, len(own))
        if len(own) == 1:
            wanted = dict(check_in_cells(draft, str(own[0].get("Key result", ""))))
            ids = {row_id_of(operation), found.added.get(operation.name, "")}
            ids |= _other_names(found, operation)
            if own[0].get("Key result") not in ids and draft.key_result.id is not None:
                found.wrong(operation.name, "went to", own[0].get("Key result"))
            different = [
                name for name in wanted if not are_alike(name, own[0].get(name, ""), wanted[name])
            ]
            if different:
                found.wrong(operation.name, "is not as it was typed:", different, own[0])


def _other_names(found: Audit, operation: Operation) -> set[str]:
    """Give what the row that is meant was called in what was seen of it: its ID, or its title.

    By its title it is known where it has no ID, or the sheet is in a layout of its own, as it is
    while a header or a tab has a name that nobody knows, and until that is read again; there it is
    found by its title also if its ID has changed.
    """
    witness, names = found.world.witness, set()
    for attempt in operation.attempts:
        read, looked = seen_for(found, attempt)
        was_own_layout = any(is_own_layout(found, version) for version in read)
        for version in (*read, *looked):
            by_title = was_own_layout or is_own_layout(found, version)
            tab = witness.tab(version, KEY_RESULTS)
            title = spelt(tab).get("Key result") if tab else None
            for number, cells in rows_of(tab) if tab else []:
                keys = {row_key(cell.note) for cell in cells.values() if cell.note}
                own = read_id(shown(cells["ID"])) if "ID" in cells else ""
                if operation.row not in keys:
                    continue
                names.add(own)
                if tab and title is not None and (by_title or not own):
                    names.add(read_id(shown(tab.rows[number].cell(title))))
    return names


def is_own_layout(found: Audit, version: int) -> bool:
    """Tell whether a tab or a header has a name that nobody knows."""
    return any(map(is_unknown, found.world.witness.versions[version].tabs))


def seen_for(found: Audit, attempt: Attempt) -> tuple[list[int], list[int]]:
    """Give the versions from which a writer acts: those of its last reading, and of its looks."""
    log = found.world.witness.log
    before, since = (
        [one for one in part if one.actor == attempt.actor and one.kind == "saw"]
        for part in (log[: attempt.begin], log[attempt.begin : attempt.end])
    )
    read = [one.version for one in before if one.what == "read"]
    return read[-READING:], [one.version for one in since]


def check_presence(found: Audit, operation: Operation, count: int) -> None:
    outcome = operation.outcome
    found.figures[f"{operation.kind} {outcome}"] += 1
    if count > 1:
        found.wrong(operation.name, "is there", count, "times")
    if outcome == "saved" and count == 0:
        found.wrong(operation.name, "was said to be saved and is not there")
    if outcome == "refused" and count and cannot_know(operation):
        found.figures["refused by a process that could not know"] += 1
    elif outcome == "refused" and count:
        found.wrong(operation.name, "was refused and is there:", operation.last.said)
    if outcome in ("unknown", "killed"):
        found.wrong(operation.name, "never came to be known:", operation.last.said)
    _check_lies(found, operation)


def _check_lies(found: Audit, operation: Operation) -> None:
    """See that nothing was called not saved by a board that had said it might be."""
    unsure: set[str] = set()
    for attempt in operation.attempts:
        if attempt.outcome == "unknown":
            unsure.add(attempt.actor)
        is_told_no = attempt.outcome == "refused" and attempt.actor in unsure
        if is_told_no and is_called_saved(operation):
            found.wrong(operation.name, "was called not saved while it was:", attempt.said)


def check_edits(found: Audit) -> None:
    for operation in operations_of(found, EditDraft):
        own = [write for write in found.writes if write.operation is operation]
        outcome = operation.outcome
        found.figures[f"edit {outcome}"] += 1
        if outcome == "unknown" and operation.name in found.unseen:
            found.figures["edits that went to a row that nobody had seen"] += 1
        elif outcome in ("unknown", "killed"):
            found.wrong(operation.name, "never came to be known:", operation.last.said)
        cells = [write for write in own if write.column != "ID"]
        if outcome == "refused":
            cells = [write for write in cells if not is_overtaken(found, write)]
        if outcome == "refused" and cells and not cannot_know(operation):
            found.wrong(operation.name, "was refused and is there:", operation.last.said)
        if outcome == "saved":
            saved = [a.saved for a in operation.attempts if a.saved and not a.saved.remark]
            promised = {cell.column for one in saved for cell in one.written} - {"ID"}
            made = {write.column for write in cells}
            is_lost = any(has_died(found, actor) for actor in operation.actors)
            is_twin = is_lost or len({actor.partition(".")[0] for actor in operation.actors}) > 1
            if promised - made and not is_twin:
                found.wrong(operation.name, "was said to be saved and is not:", promised - made)
        for column in {write.column for write in cells}:
            tags = [write.tag for write in cells if write.column == column]
            if len(tags) > 1 and len(set(tags)) == 1:
                found.figures["edits written again after a move"] += 1
        _check_lies(found, operation)


def is_overtaken(found: Audit, write: Write) -> bool:
    """Tell whether a hand changed a cell again before its save came to an end.

    So there was nothing to be put back any more.
    """
    attempt = write.operation.last
    last = max(event.version for event in found.world.witness.log[: attempt.end])
    return any(write.version < version <= last for version in found.foreign.get(write.tag, []))
