"""What must hold after a run, whatever happened in it; and what it cost."""

from okr.cells import read_id
from okr.columns import CHECK_INS
from okr.row_names import NAMING
from tests.property.audit_changes import walk
from tests.property.audit_history import check_history, check_seen
from tests.property.audit_mirrors import check_mirrors
from tests.property.audit_rows import check_rows
from tests.property.audit_saves import check_check_ins, check_edits
from tests.property.findings import (
    Audit,
    Debt,
    blank_rows,
    has_died,
    id_at,
    is_under_way,
    last_change,
    last_look,
    shows,
    table_rows,
)
from tests.property.sheet import (
    HAND,
    header_of,
    name_of,
    row_key,
    rows_of,
    shown,
)
from tests.property.world import World


def audit(world: World) -> Audit:
    """Look at everything that happened, and at what stands there now."""
    found = Audit(world)
    walk(found)
    _check_debts(found)
    check_check_ins(found)
    check_rows(found)
    check_edits(found)
    check_history(found)
    check_seen(found)
    check_mirrors(found)
    _count(found)
    return found


def _is_shut(found: Audit, tag: str) -> bool:
    """Tell whether a hand protected the tab that a cell is in, or merged cells over it.

    So it cannot be put back.
    """
    place = found.world.witness.cell(-1, tag)
    tab = next(
        (t for t in found.world.witness.versions[-1].tabs if place and t.sheet_id == place.gid),
        None,
    )
    if place is None or tab is None:
        return False
    spot = place.row, place.column
    return bool(tab.protected) or any(spot in tab.covered(merge) for merge in tab.merges)


def _came_since_the_look(found: Audit, debt: Debt, tag: str) -> bool:
    """Tell whether a row was not there yet, or blank, when a writer looked last."""
    view = last_look(found, debt.actor, debt.event)
    seen = {row_key(one) for one in found.world.witness.cells(view)}
    return row_key(tag) not in seen or row_key(tag) in blank_rows(found, view)


def _is_doubled(found: Audit, tag: str) -> bool:
    """Tell whether another row has the ID of the row of a cell, so that nobody can tell which."""
    place = found.world.witness.cell(-1, tag)
    if place is None or not (own := id_at(found, -1, place)):
        return False
    tab = next(t for t in found.world.witness.versions[-1].tabs if t.sheet_id == place.gid)
    ids = [read_id(shown(cells["ID"])) for _, cells in rows_of(tab) if "ID" in cells]
    return ids.count(own) > 1


def _is_untraceable(found: Audit, debt: Debt, tag: str) -> bool:
    """Tell whether the answer was lost, and then another process took away the row's anchor.

    When the writer looked again it could not tell this from a batch that never arrived.
    """
    witness = found.world.witness
    place = witness.cell(debt.version, tag)
    if place is None or not witness.log[debt.event].is_blind:
        return False
    anchors = {
        entry.id
        for entry in witness.versions[debt.version].metadata.values()
        if (entry.type, entry.sheet_id, entry.line) == ("ROW", place.gid, place.row)
    }
    for event in witness.log[debt.event + 1 :]:
        if event.actor == debt.actor and shows(event) == "look":
            return False
        if event.kind == "did" and not anchors & witness.versions[event.version].metadata.keys():
            return bool(anchors) and event.actor != debt.actor
    return False


def _is_unrecognisable(found: Audit, debt: Debt, tag: str) -> bool:
    """Tell whether a row without an ID was given another title by hand since it was looked at.

    It may have slid into the place of a row that was deleted, so that it took what was meant for
    that: then nothing says any more which row of the look it was. The writer is told so.
    """
    view = last_look(found, debt.actor, debt.event)
    place = found.world.witness.cell(-1, tag)
    if place is None or id_at(found, -1, place):
        return False
    tab = next(t for t in found.world.witness.versions[-1].tabs if t.sheet_id == place.gid)
    cells = dict(rows_of(tab)).get(place.row, {})
    titles = [cells[name].note or "" for name in NAMING.get(name_of(tab), ())[:1] if name in cells]
    return any(last_change(found, title) > view for title in titles)


def _is_one_of_two(found: Audit, debt: Debt, tag: str) -> bool:
    """Tell whether a board's new ID stands in one of two rows that the last look showed alike.

    They differed in their IDs alone, so nobody can tell which it had. Nothing goes by the new one.
    """
    witness, view = found.world.witness, last_look(found, debt.actor, debt.event)
    place = witness.cell(view, tag)
    if place is None or not str(debt.written).startswith(("KR-", "O-")):
        return False
    tab = next(t for t in witness.versions[view].tabs if t.sheet_id == place.gid)
    header = header_of(tab)
    if header is None or header.columns.get("ID") != place.column:
        return False
    rest = [
        [repr(shown(cell)) for name, cell in cells.items() if name != "ID"]
        for _, cells in sorted(rows_of(tab), key=lambda row: row[0] != place.row)
    ]
    is_used = any(row.get("Key result") == debt.written for row in table_rows(found, CHECK_INS))
    return rest[0] in rest[1:] and not is_used


def _saved_by(found: Audit, debt: Debt) -> set[str]:
    """Name the operation that a writer was saving when it wrote what it did not mean to."""
    under_way = (one for one in found.world.operations if is_under_way(one, debt.actor, debt.event))
    return {one.name for one in under_way}


def _check_debts(found: Audit) -> None:
    for tag, debt in found.debts.items():
        if has_died(found, debt.actor):
            found.figures["wrong cells of a process that ended"] += 1
        elif _came_since_the_look(found, debt, tag):
            found.figures["wrong cells in a row that nobody had seen"] += 1
            found.unseen |= _saved_by(found, debt)
        elif _is_shut(found, tag):
            found.figures["wrong cells that were protected or merged since"] += 1
        elif _is_untraceable(found, debt, tag):
            found.figures["wrong cells whose anchor another process took away"] += 1
        elif _is_unrecognisable(found, debt, tag):
            found.figures["wrong cells in a row without an ID that was renamed since"] += 1
        elif _is_one_of_two(found, debt, tag):
            found.figures["IDs in one of two rows that were alike"] += 1
        elif _is_doubled(found, tag):
            found.figures["wrong cells in a row that a hand has copied since"] += 1
        elif found.world.witness.cell(-1, tag) is not None:
            found.wrong("never put back:", debt.told)


def _count(found: Audit) -> None:
    world = found.world
    found.figures["runs"] += 1
    found.figures["requests"] += sum(world.witness.asked.values())
    found.figures["acts of the hand"] += sum(event.actor == HAND for event in world.witness.log) - 1
    found.figures["retries of operations"] += sum(
        max(0, len(one.attempts) - 1) for one in world.operations
    )
    for operation in world.operations:
        for attempt in operation.attempts:
            if attempt.outcome in ("unknown", "killed"):
                found.figures[f"attempts {attempt.outcome}"] += 1
