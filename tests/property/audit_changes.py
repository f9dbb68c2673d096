"""Every change of a run, one after another: what each did to the sheet."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from okr.columns import KEY_RESULTS, OBJECTIVES
from okr.workbooks.interface import RowDraft
from tests.property.audit_cells import judge_cell
from tests.property.findings import (
    Audit,
    Change,
    Debt,
    are_equal,
    blank_rows,
    operations_of,
    where_is,
)
from tests.property.sheet import (
    HAND,
    NAMES,
    Event,
    Place,
    name_of,
    row_key,
    shown,
)
from tests.sheets_api.state import Tab


def walk(found: Audit) -> None:
    witness = found.world.witness
    for at, event in enumerate(witness.log):
        if event.kind == "did" and event.version > 0:
            changes = list(_changes(found, event.version))
            if event.actor == HAND:
                _note_hand(found, event, changes)
            else:
                _judge(found, at, event, changes)


def _changes(found: Audit, version: int) -> Iterator[Change]:
    """Compare a version with the one before it: the cells that hold something else."""
    witness = found.world.witness
    before, after = witness.versions[version - 1], witness.versions[version]
    old = {tab.sheet_id: tab for tab in before.tabs}
    new = {tab.sheet_id: tab for tab in after.tabs}
    for gid in old.keys() | new.keys():
        if old.get(gid) is new.get(gid):
            continue
        was = witness.cells_of(old[gid]) if gid in old else {}
        now = witness.cells_of(new[gid]) if gid in new else {}
        for tag in was.keys() | now.keys():
            one, other = was.get(tag), now.get(tag)
            is_same = one is not None and other is not None
            if not (is_same and are_equal(shown(one.cell), shown(other.cell))):  # type: ignore[union-attr]
                yield tag, one, other


def _note_hand(found: Audit, event: Event, changes: list[Change]) -> None:
    for tag, was, _ in changes:
        if was is None:
            continue
        found.foreign.setdefault(tag, []).append(event.version)
        if debt := found.debts.pop(tag, None):
            found.paid.setdefault(tag, []).append(replace(debt, until=event.version))
            found.figures["debts overtaken by hand"] += 1


def _judge(found: Audit, at: int, event: Event, changes: list[Change]) -> None:
    """See whether a writer changed what it meant to, and nothing else."""
    _check_frame(found, event)
    fresh: dict[tuple[int, str], list[Place]] = {}
    blank = blank_rows(found, event.version - 1)
    for tag, was, now in changes:
        if was is not None and now is not None and row_key(tag) in blank:
            was = None
        if now is None:
            found.wrong(event.actor, "took away a cell:", tag, was)
        elif was is None:
            if shown(now.cell) != "":
                fresh.setdefault((now.gid, row_key(tag)), []).append(now)
        else:
            judge_cell(found, at, event, tag, was, now)
    for (gid, key), places in fresh.items():
        tab = next(t for t in found.world.witness.versions[event.version].tabs if t.sheet_id == gid)
        if name_of(tab) not in NAMES.values():
            found.wrong(event.actor, "wrote to a tab that is not the board's:", tab.title)
        if name_of(tab) in (OBJECTIVES, KEY_RESULTS) and not _is_added(found, event, places):
            _owe_blank(found, at, event, places)
            continue
        found.appended[gid, key] = (event.actor, event.version)


def _is_added(found: Audit, event: Event, places: list[Place]) -> bool:
    """Tell whether a row that was blank before is one that somebody wanted to add."""
    texts = {shown(place.cell) for place in places if isinstance(shown(place.cell), str)}
    return any(
        event.actor in operation.actors
        and any(value in texts for _, value in operation.draft.cells)
        for operation in operations_of(found, RowDraft)
    )


def _owe_blank(found: Audit, at: int, event: Event, places: list[Place]) -> None:
    """Note that blank cells were written to, which were nobody's."""
    for place in places:
        tag, new = place.cell.note or "", shown(place.cell)
        told = (
            f"{event.actor} wrote {new!r} into a blank row, {where_is(found, event.version, tag)}"
        )
        found.debts[tag] = Debt(at, event.version, event.actor, "", new, told)
        found.figures["wrong cells written"] += 1


def _check_frame(found: Audit, event: Event) -> None:
    """See that what lies around the cells is as it was."""
    witness = found.world.witness
    after = {tab.sheet_id: tab for tab in witness.versions[event.version].tabs}
    for tab in witness.versions[event.version - 1].tabs:
        now = after.get(tab.sheet_id)
        if now is None:
            found.wrong(event.actor, "took a tab away:", tab.title)
        elif now is not tab and _frame(tab) != _frame(now):
            found.wrong(event.actor, "changed more than cells of", tab.title)


def _frame(tab: Tab) -> tuple[Any, ...]:
    hidden = [(n, r[1:]) for n, r in enumerate(tab.rows) if r.hidden_by_user or r.hidden_by_filter]
    return tab.title, tab.merges, tab.basic_filter, tab.protected, tab.hidden, hidden
