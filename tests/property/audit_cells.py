"""Cells that a writer changed: whether that was meant, owed, or wrong."""

from dataclasses import replace
from typing import Any

from okr.cells import read_id
from okr.workbooks.entries import same
from okr.workbooks.interface import CheckInDraft, EditDraft
from tests.property.findings import (
    Audit,
    Debt,
    Write,
    are_equal,
    id_at,
    is_under_way,
    last_change,
    last_look,
    last_view,
    reference_of,
    row_id_of,
    text_at,
    told_lines,
    wanted_cells,
    where_is,
)
from tests.property.sheet import (
    Event,
    Place,
    header_of,
    name_of,
    row_key,
    shown,
    spelt,
)
from tests.property.writers import Operation
from tests.sheets_api.state import Cell, Formula, Tab


def judge_cell(found: Audit, at: int, event: Event, tag: str, was: Place, now: Place) -> None:
    old, new = shown(was.cell), shown(now.cell)
    owed = found.debts.get(tag)
    told = _put_back(found, owed, tag, new) if owed and owed.actor == event.actor else ""
    if told:
        settled = replace(found.debts.pop(tag), until=event.version)
        found.paid.setdefault(tag, []).append(settled)
        found.figures[told] += 1
        return
    meant = _meant(found, at, event, tag, was, new)
    if meant is not None:
        operation, column = meant
        write = Write(at, event.version, operation, column, tag, old, new)
        found.debts.pop(tag, None)
        _check_seen_before(found, event, write)
        found.writes.append(write)
        found.mirrored.setdefault(tag, []).append(event.version)
        if isinstance(operation.draft, EditDraft):
            found.foreign.setdefault(tag, []).append(event.version)
        return
    debt = found.debts.pop(tag, None)
    if debt is not None and debt.actor != event.actor:
        found.paid.setdefault(tag, []).append(replace(debt, until=event.version))
        found.figures["wrong writes of two processes to one cell"] += 1
        return
    if debt is not None:
        found.paid.setdefault(tag, []).append(replace(debt, until=event.version))
        if _was_unseen(found, debt, tag):
            found.figures["put back without a hand edit that nobody could see"] += 1
            return
        found.debts[tag] = debt  # what counts is what stands there in the end
        found.figures["put back wrongly at first"] += 1
        return
    if _is_copied_debt(found, event.actor, old, new):
        found.figures["put back in a row that was copied from a wrong one"] += 1
        return
    last = max(last_change(found, tag), *found.mirrored.get(tag, []), 0)
    is_raced = last > last_view(found, event.actor, at)
    if is_raced and _is_given_id(found, event, tag, was, new):
        found.figures["IDs typed and given in the same instant"] += 1
        return
    if _is_undone(found, event, tag, was, new):
        return
    told = f"{event.actor} wrote {new!r} over {old!r} in {where_is(found, event.version - 1, tag)}"
    if is_raced and _held_before(found, tag, new, event.version):
        found.figures["put back over a hand edit of the same instant"] += 1
        return
    found.debts[tag] = Debt(at, event.version, event.actor, old, new, told)
    found.figures["wrong cells written"] += 1


def _put_back(found: Audit, debt: Debt, tag: str, new: Any) -> str:
    """Say how a wrong write was taken back: to what stood there, or what was last seen there."""
    if are_equal(debt.original, new):
        return "put back"
    seen = found.world.witness.cell(last_look(found, debt.actor, debt.event), tag)
    if seen is not None and are_equal(shown(seen.cell), new) and _was_unseen(found, debt, tag):
        return "put back without a hand edit that nobody could see"
    return ""


def _is_copied_debt(found: Audit, actor: str, old: Any, new: Any) -> bool:
    """Tell whether a cell that a hand has copied from a wrongly written one is put right too."""
    owed = [*found.debts.values(), *(debt for paid in found.paid.values() for debt in paid)]
    return any(
        debt.actor == actor and are_equal(debt.written, old) and are_equal(debt.original, new)
        for debt in owed
    )


def _is_undone(found: Audit, event: Event, tag: str, was: Place, new: Any) -> bool:
    """Take back a write to a row that has lost its ID meanwhile, so that nobody can tell whose."""
    own = [
        write
        for write in found.writes
        if write.tag == tag
        and event.actor in write.operation.actors
        and are_equal(write.after, shown(was.cell))
        and are_equal(write.before, new)
    ]
    if not own:
        return False
    if id_at(found, event.version - 1, was) != row_id_of(own[-1].operation):
        told = "taken back from a row that lost its ID"
    elif _is_wanted_elsewhere(found, own[-1]):
        told = "taken back from a row in which the same was wanted"
    elif _went_partly_wrong(found, own[-1], event.actor):
        told = "taken back with cells of the same batch that went wrong"
    else:
        return False
    found.writes.remove(own[-1])
    found.figures[told] += 1
    return True


def _went_partly_wrong(found: Audit, write: Write, actor: str) -> bool:
    """Tell whether other cells of the same batch went to wrong columns."""
    owed = [*found.debts.values(), *(debt for paid in found.paid.values() for debt in paid)]
    return any(debt.version == write.version and debt.actor == actor for debt in owed)


def _is_wanted_elsewhere(found: Audit, write: Write) -> bool:
    """Tell whether somebody wanted the very same in another row: that went astray, not this."""
    return any(
        operation.row != write.operation.row
        and write.operation.actors & operation.actors
        and any(
            name == write.column and same(value, write.after)
            for name, value in wanted_cells(operation)
        )
        for operation in found.world.operations
    )


def _is_given_id(found: Audit, event: Event, tag: str, was: Place, new: Any) -> bool:
    """Tell whether a writer gave an ID to a row that had none when it was looked at."""
    tabs = found.world.witness.versions[event.version].tabs
    tab = next(tab for tab in tabs if tab.sheet_id == was.gid)
    header = header_of(tab)
    is_id = header is not None and header.columns.get("ID") == was.column
    return (
        is_id
        and isinstance(new, str)
        and new.startswith(("KR-", "O-"))
        and any(
            event.actor in operation.actors
            and operation.row == row_key(tag)
            and reference_of(operation) is not None
            and reference_of(operation).id is None
            for operation in found.world.operations
        )
    )


def _meant(
    found: Audit, at: int, event: Event, tag: str, was: Place, new: Any
) -> tuple[Operation, str] | None:
    """Find the operation that wanted just this in just this cell; of two, the one under way."""
    world = found.world
    tab = next(t for t in world.witness.versions[event.version - 1].tabs if t.sheet_id == was.gid)
    header = header_of(tab)
    if header is None or was.row <= header.row:
        return None
    places = {**spelt(tab), **header.columns}
    column = next((name for name, place in places.items() if place == was.column), None)
    if column is None:
        return None
    id_cell = tab.rows[was.row].cell(places["ID"]) if "ID" in places else Cell()
    own = read_id(shown(id_cell)) or read_id(_seen(found, event.actor, at, id_cell))
    known = _seen(found, event.actor, at, was.cell)
    by_time = sorted(world.operations, key=lambda one: not is_under_way(one, event.actor, at))
    for operation in by_time:
        if not _has_begun(operation, event.actor, at) or operation.tab != name_of(tab):
            continue
        reference = reference_of(operation)
        is_over = isinstance(operation.draft, EditDraft) and not is_under_way(
            operation, event.actor, at
        )  # what an edit wrote may come again only as what is put back
        is_late = isinstance(known, Formula) and not is_under_way(
            operation, event.actor, at
        )  # no mirror is tried again over a formula that is known: this was wanted elsewhere
        if reference is None or is_over or is_late:
            continue
        is_own = row_key(tag) == operation.row or (own and own == row_id_of(operation))
        if not is_own and not _is_copy(found, at, event, operation, tab, was.row):
            continue
        if any(name == column and same(value, new) for name, value in wanted_cells(operation)):
            return operation, column
        is_blank = known == "" and isinstance(new, str)
        if column == "ID" and is_blank and new.startswith(("KR-", "O-")):
            found.added[operation.name] = new
            return operation, column
    return None


def _has_begun(operation: Operation, actor: str, at: int) -> bool:
    """Tell whether somebody had tried to save an operation by then, be it over or not."""
    return any(one.actor == actor and one.begin <= at for one in operation.attempts)


def _seen(found: Audit, actor: str, at: int, cell: Cell) -> Any:
    """Give what a writer knew of a cell: not what a hand has typed there since its last view."""
    tag, view = cell.note or "", last_view(found, actor, at)
    then = found.world.witness.cell(view, tag) if last_change(found, tag) > view else None
    return shown(then.cell if then else cell)


def _is_copy(found: Audit, at: int, event: Event, operation: Operation, tab: Tab, row: int) -> bool:
    """Tell whether a row without an ID says all that the row says which an operation means.

    An ID that a hand has typed since the writer's last view is not known of.
    """
    reference, header = reference_of(operation), header_of(tab)
    if reference.id is not None or header is None:
        return False
    cells = {name: shown(tab.rows[row].cell(place)) for name, place in header.columns.items()}
    if "ID" in header.columns:
        cells["ID"] = _seen(found, event.actor, at, tab.rows[row].cell(header.columns["ID"]))
    is_nameless = cells.get("ID", "") in ("", row_id_of(operation))
    return is_nameless and all(
        read_id(cells.get(name, "")) == read_id(text) for name, text in reference.content
    )


def _check_seen_before(found: Audit, event: Event, write: Write) -> None:
    """See that nothing was overwritten of which the writer could know that somebody changed it."""
    draft = write.operation.draft
    if isinstance(draft, EditDraft) and write.column != "ID":
        cell = next(cell for cell in draft.cells if cell.column == write.column)
        if are_equal(write.before, cell.seen) or are_equal(write.before, cell.wanted):
            return
        expected = cell.seen
    else:
        if write.column == "ID" and write.before == "":
            return
        expected = "" if write.column == "ID" else None
    view = last_view(found, event.actor, write.event)
    others = found.mirrored.get(write.tag, []) if isinstance(draft, EditDraft) else []
    if (last := max(last_change(found, write.tag), *others, 0)) > view:
        if any(one.tag == write.tag and one.version == last for one in found.writes):
            found.wrong(
                event.actor, f"wrote {write.after!r} over what another process had just written:",
                where_is(found, event.version, write.tag),
            )  # fmt: skip
        found.figures["hand edits overtaken within one request"] += 1
        return
    if expected is None:
        _check_mirror_saw(found, event, write, view)
        return
    found.wrong(
        event.actor, f"wrote {write.after!r} over {write.before!r}, where {expected!r} was seen:",
        where_is(found, event.version, write.tag),
    )  # fmt: skip


def _check_mirror_saw(found: Audit, event: Event, write: Write, view: int) -> None:
    """See that a mirror did not overwrite what a hand had typed after the check-in's look."""
    if isinstance(write.before, Formula):
        found.wrong(event.actor, "overwrote a formula:", where_is(found, event.version, write.tag))
        return
    first = min(
        (a.begin for a in write.operation.attempts if a.actor == event.actor),
        default=0,
    )
    looks = [
        e.version
        for e in found.world.witness.log[first : write.event]
        if e.actor == event.actor and e.kind == "saw" and e.what == "look" and not e.is_blind
    ]
    if looks and looks[0] < last_change(found, write.tag) <= view and not _is_board_s(found, write):
        before = {text_at(found, version, write.tag) for version in looks}
        if repr(write.before) == text_at(found, looks[0], write.tag):
            return  # typed, and taken back again: it holds what was looked at
        if len(looks) > 1 and repr(write.before) in before and _is_planned(found, write):
            return
        found.wrong(
            event.actor, f"mirrored {write.after!r} over {write.before!r}, typed since:",
            where_is(found, event.version, write.tag),
        )  # fmt: skip


def _is_planned(found: Audit, write: Write) -> bool:
    """Tell whether history says that this is what stood there: the plan was made afresh."""
    lines = [line for line in told_lines(found) if line.get("By") == write.operation.by]
    return any(
        line.get("Column") == write.column and same(line.get("Before", ""), write.before)
        for line in lines
    )


def _is_board_s(found: Audit, write: Write) -> bool:
    """Tell whether what stood there was a mirror of another check-in."""
    return any(
        one.tag == write.tag and are_equal(one.after, write.before)
        and isinstance(one.operation.draft, CheckInDraft)
        for one in found.writes
    )  # fmt: skip


def _was_unseen(found: Audit, debt: Debt, tag: str) -> bool:
    """Tell whether a hand edited a cell after the last look before it was wrongly written.

    That look may show an older sheet than one before it did; where nobody has taken a turn between
    the two, nothing tells so.
    """
    changed = found.foreign.get(tag, []) + found.mirrored.get(tag, [])
    typed = [version for version in changed if version < debt.version]
    return max(typed, default=0) > last_look(found, debt.actor, debt.event)


def _held_before(found: Audit, tag: str, value: Any, version: int) -> bool:
    """Tell whether a cell held a value once; before there was anything in it, it was blank."""
    places = [found.world.witness.cell(n, tag) for n in range(version)]
    held = [shown(place.cell) if place is not None else "" for place in places]
    return any(are_equal(one, value) for one in held)
