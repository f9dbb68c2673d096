"""What must hold after a run, whatever happened in it; and what it cost."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from okr.cells import read_id
from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.workbooks.entries import check_in_cells, same, serial
from okr.workbooks.interface import CheckInDraft, EditDraft, RowDraft
from okr.workbooks.row_ids import check_in_id
from tests.property.sheet import (
    HAND,
    NAMES,
    Event,
    Place,
    header_of,
    name_of,
    row_key,
    rows_of,
    shown,
)
from tests.property.world import World
from tests.property.writers import Operation
from tests.sheets_api.state import Formula, Tab


@dataclass(frozen=True, slots=True)
class Write:
    """A cell that a writer changed, and meant to change."""

    event: int
    version: int
    operation: Operation
    column: str
    tag: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Debt:
    """A cell that a writer changed and did not mean to; it must be put back."""

    event: int
    version: int
    actor: str
    original: Any
    written: Any
    told: str


@dataclass(slots=True)
class Audit:
    """What was found: the wrongs, in sentences, and the figures."""

    world: World
    wrongs: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    writes: list[Write] = field(default_factory=list)
    debts: dict[str, Debt] = field(default_factory=dict)
    mirrored: dict[str, list[int]] = field(default_factory=dict)
    paid: dict[str, list[Debt]] = field(default_factory=dict)
    foreign: dict[str, list[int]] = field(default_factory=dict)
    """For each cell the versions in which it was changed by hand, or by an edit."""
    appended: dict[tuple[int, str], tuple[str, int]] = field(default_factory=dict)
    straightened: dict[tuple[int, str], int] = field(default_factory=dict)
    """For each new row the version in which its cells were put under their headers."""
    added: dict[str, str] = field(default_factory=dict)

    def wrong(self, *words: Any) -> None:
        self.wrongs.append(" ".join(map(str, words)))


def audit(world: World) -> Audit:
    """Look at everything that happened, and at what stands there now."""
    found = Audit(world)
    _walk(found)
    _check_debts(found)
    _check_check_ins(found)
    _check_rows(found)
    _check_edits(found)
    _check_history(found)
    _check_seen(found)
    _check_mirrors(found)
    _count(found)
    return found


# --- every change, one after another


def _walk(found: Audit) -> None:
    witness = found.world.witness
    for at, event in enumerate(witness.log):
        if event.kind == "did" and event.version > 0:
            changes = list(_changes(found, event.version))
            if event.actor == HAND:
                _note_hand(found, event, changes)
            else:
                _judge(found, at, event, changes)


Change = tuple[str, Place | None, Place | None]


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
            if not (is_same and _equal(shown(one.cell), shown(other.cell))):  # type: ignore[union-attr]
                yield tag, one, other


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, Formula) or isinstance(other, Formula):
        return bool(one == other)
    return same(one, other)


def _note_hand(found: Audit, event: Event, changes: list[Change]) -> None:
    for tag, was, _ in changes:
        if was is None:
            continue
        found.foreign.setdefault(tag, []).append(event.version)
        if found.debts.pop(tag, None):
            found.figures["debts overtaken by hand"] += 1


def _judge(found: Audit, at: int, event: Event, changes: list[Change]) -> None:
    """See whether a writer changed what it meant to, and nothing else."""
    _check_frame(found, event)
    fresh: dict[tuple[int, str], list[Place]] = {}
    blank = _blank_rows(found, event.version - 1)
    for tag, was, now in changes:
        if was is not None and now is not None and row_key(tag) in blank:
            was = None
        if now is None:
            found.wrong(event.actor, "took away a cell:", tag, was)
        elif was is None:
            if shown(now.cell) != "":
                fresh.setdefault((now.gid, row_key(tag)), []).append(now)
        else:
            _judge_cell(found, at, event, tag, was, now)
    for (gid, key), places in fresh.items():
        tab = next(t for t in found.world.witness.versions[event.version].tabs if t.sheet_id == gid)
        if name_of(tab) not in NAMES.values():
            found.wrong(event.actor, "wrote to a tab that is not the board's:", tab.title)
        if name_of(tab) in (OBJECTIVES, KEY_RESULTS) and not _is_added(found, event, places):
            _owe_blank(found, at, event, places)
            continue
        found.appended[gid, key] = (event.actor, event.version)


def _blank_rows(found: Audit, version: int) -> set[str]:
    """Find the rows of which nothing is left but their identity."""
    rows: dict[str, bool] = {}
    for tag, place in found.world.witness.cells(version).items():
        rows[row_key(tag)] = rows.get(row_key(tag), True) and shown(place.cell) == ""
    return {key for key, is_blank in rows.items() if is_blank}


def _is_added(found: Audit, event: Event, places: list[Place]) -> bool:
    """Tell whether a row that was blank before is one that somebody wanted to add."""
    texts = {shown(place.cell) for place in places if isinstance(shown(place.cell), str)}
    return any(
        event.actor in operation.actors
        and any(value in texts for _, value in operation.draft.cells)
        for operation in _of(found, RowDraft)
    )


def _owe_blank(found: Audit, at: int, event: Event, places: list[Place]) -> None:
    """Note that blank cells were written to, which were nobody's."""
    for place in places:
        tag, new = place.cell.note or "", shown(place.cell)
        told = f"{event.actor} wrote {new!r} into a blank row, {_where(found, event.version, tag)}"
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


def _judge_cell(found: Audit, at: int, event: Event, tag: str, was: Place, now: Place) -> None:
    old, new = shown(was.cell), shown(now.cell)
    owed = found.debts.get(tag)
    if owed is not None and owed.actor == event.actor and _equal(owed.original, new):
        found.paid.setdefault(tag, []).append(found.debts.pop(tag))
        found.figures["put back"] += 1
        return
    if _is_straightened(found, event, tag, was, new):
        return
    meant = _meant(found, event, tag, was, new)
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
        found.paid.setdefault(tag, []).append(debt)
        found.figures["wrong writes of two processes to one cell"] += 1
        return
    if debt is not None:
        found.paid.setdefault(tag, []).append(debt)
        if _equal(debt.original, new):
            found.figures["put back"] += 1
            return
        if _was_unseen(found, debt, tag):
            found.figures["put back without a hand edit that nobody could see"] += 1
            return
        found.wrong(event.actor, f"put back {new!r} for {debt.original!r}:", debt.told)
        return
    last = max(_last(found, tag), *found.mirrored.get(tag, []), 0)
    is_raced = last > _last_view(found, event.actor, at)
    if is_raced and _is_given_id(found, event, tag, was, new):
        found.figures["IDs typed and given in the same instant"] += 1
        return
    if _is_undone(found, event, tag, was, new):
        return
    told = f"{event.actor} wrote {new!r} over {old!r} in {_where(found, event.version - 1, tag)}"
    if is_raced and _held_before(found, tag, new, event.version):
        found.figures["put back over a hand edit of the same instant"] += 1
        return
    found.debts[tag] = Debt(at, event.version, event.actor, old, new, told)
    found.figures["wrong cells written"] += 1


def _is_straightened(found: Audit, event: Event, tag: str, was: Place, new: Any) -> bool:
    """Tell whether a cell of a new row was put under its header, or taken from a wrong one."""
    spot = was.gid, row_key(tag)
    actor, _ = found.appended.get(spot, ("", 0))
    held = shown(was.cell)
    for operation in _of(found, RowDraft):
        saved = [attempt.saved.row_id for attempt in operation.attempts if attempt.saved]
        sent = [value for _, value in operation.draft.cells] + saved
        is_own = actor in operation.actors and event.actor in operation.actors
        if is_own and all(one == "" or any(_equal(one, x) for x in sent) for one in (held, new)):
            found.straightened[spot] = event.version
            found.figures["cells of new rows put under their headers"] += 1
            return True
    return False


def _is_undone(found: Audit, event: Event, tag: str, was: Place, new: Any) -> bool:
    """Take back a write to a row that has lost its ID meanwhile, so that nobody can tell whose."""
    own = [
        write
        for write in found.writes
        if write.tag == tag
        and event.actor in write.operation.actors
        and _equal(write.after, shown(was.cell))
        and _equal(write.before, new)
    ]
    if not own:
        return False
    if _id_at(found, event.version - 1, was) != _row_id(own[-1].operation):
        told = "taken back from a row that lost its ID"
    elif _is_wanted_elsewhere(found, own[-1]):
        told = "taken back from a row in which the same was wanted"
    else:
        return False
    found.writes.remove(own[-1])
    found.figures[told] += 1
    return True


def _is_wanted_elsewhere(found: Audit, write: Write) -> bool:
    """Tell whether somebody wanted the very same in another row: that went astray, not this."""
    return any(
        operation.row != write.operation.row
        and write.operation.actors & operation.actors
        and any(
            name == write.column and same(value, write.after) for name, value in _wanted(operation)
        )
        for operation in found.world.operations
    )


def _id_at(found: Audit, version: int, place: Place) -> str:
    """Say which ID stands in the row of a cell."""
    tabs = found.world.witness.versions[version].tabs
    tab = next(tab for tab in tabs if tab.sheet_id == place.gid)
    header = header_of(tab)
    at = header.columns.get("ID") if header else None
    return "" if at is None else read_id(shown(tab.rows[place.row].cell(at)))


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
            and _reference(operation) is not None
            and _reference(operation).id is None
            for operation in found.world.operations
        )
    )


def _where(found: Audit, version: int, tag: str) -> str:
    place = found.world.witness.cell(version, tag)
    if place is None:
        return tag
    tab = next(t for t in found.world.witness.versions[version].tabs if t.sheet_id == place.gid)
    row = [shown(cell) for cell in tab.rows[place.row].cells]
    return f"{tab.title} row {place.row + 1} column {place.column + 1} ({tag}; {row})"


def _meant(
    found: Audit, event: Event, tag: str, was: Place, new: Any
) -> tuple[Operation, str] | None:
    """Find the operation that wanted just this in just this cell."""
    world = found.world
    tab = next(t for t in world.witness.versions[event.version - 1].tabs if t.sheet_id == was.gid)
    header = header_of(tab)
    if header is None or was.row <= header.row:
        return None
    columns = {place: name for name, place in header.columns.items()}
    column = columns.get(was.column) or _renamed(found, event, tab, header.row, was.column)
    if column is None:
        return None
    id_column = header.columns.get("ID")
    own = read_id(shown(tab.rows[was.row].cell(id_column))) if id_column is not None else ""
    for operation in world.operations:
        if event.actor not in operation.actors or operation.tab != name_of(tab):
            continue
        reference = _reference(operation)
        if reference is None:
            continue
        is_own = row_key(tag) == operation.row or (own and own == _row_id(operation))
        if not is_own and not _is_copy(found, event, operation, tab, was.row):
            continue
        if any(name == column and same(value, new) for name, value in _wanted(operation)):
            return operation, column
        is_blank = shown(was.cell) == "" and isinstance(new, str)
        if column == "ID" and is_blank and new.startswith(("KR-", "O-")):
            found.added[operation.name] = new
            return operation, column
    return None


def _renamed(found: Audit, event: Event, tab: Tab, row: int, column: int) -> str | None:
    """Find what a column was called when a writer looked last, where it lost its name since."""
    tag = tab.rows[row].cell(column).note
    version = max(
        (
            one.version
            for one in found.world.witness.log[: found.world.witness.log.index(event)]
            if one.actor == event.actor and _shows(one) == "look"
        ),
        default=0,
    )
    before = found.world.witness.tab(version, name_of(tab))
    header = header_of(before) if before else None
    if before is None or header is None:
        return None
    names = {before.rows[header.row].cell(at).note: name for name, at in header.columns.items()}
    return names.get(tag)


def _is_copy(found: Audit, event: Event, operation: Operation, tab: Tab, row: int) -> bool:
    """Tell whether a row without an ID says all that the row says which an operation means."""
    reference, header = _reference(operation), header_of(tab)
    if reference.id is not None or header is None:
        return False
    cells = {name: shown(tab.rows[row].cell(at)) for name, at in header.columns.items()}
    is_nameless = cells.get("ID", "") in ("", _row_id(operation))
    return is_nameless and all(
        read_id(cells.get(name, "")) == read_id(text) for name, text in reference.content
    )


def _reference(operation: Operation) -> Any:
    if isinstance(operation.draft, CheckInDraft):
        return operation.draft.key_result
    return operation.draft.row if isinstance(operation.draft, EditDraft) else None


def _row_id(operation: Operation) -> str:
    """Say which ID the row has that an operation means, or was given."""
    reference = _reference(operation)
    if reference is not None and reference.id:
        return read_id(reference.id)
    for attempt in operation.attempts:
        for name in ("key_result_id", "row_id"):
            if attempt.saved is not None and getattr(attempt.saved, name, ""):
                return read_id(getattr(attempt.saved, name))
    return ""


def _wanted(operation: Operation) -> list[tuple[str, Cell]]:
    draft = operation.draft
    if isinstance(draft, CheckInDraft):
        pairs = (("Current", draft.value), ("Confidence", draft.confidence))
        return [(name, value) for name, value in pairs if value is not None]
    if isinstance(draft, EditDraft):
        return [(cell.column, cell.wanted) for cell in draft.cells]
    return []


def _last(found: Audit, tag: str) -> int:
    """Give the version in which a cell was changed last by somebody else than a mirror."""
    return max(found.foreign.get(tag, [0]))


def _last_view(found: Audit, actor: str, at: int, looks_only: bool = False) -> int:
    """Give the latest version of which a writer was shown cells before an event."""
    kinds = ("look",) if looks_only else ("look", "row")
    versions = [
        event.version
        for event in found.world.witness.log[:at]
        if event.actor == actor and not event.is_blind and _shows(event) in kinds
    ]
    return max(versions, default=0)


def _shows(event: Event) -> str:
    if event.kind == "saw":
        return event.what
    return "row"


def _check_seen_before(found: Audit, event: Event, write: Write) -> None:
    """See that nothing was overwritten of which the writer could know that somebody changed it."""
    draft = write.operation.draft
    if isinstance(draft, EditDraft) and write.column != "ID":
        cell = next(cell for cell in draft.cells if cell.column == write.column)
        if _equal(write.before, cell.seen) or _equal(write.before, cell.wanted):
            return
        expected = cell.seen
    else:
        if write.column == "ID" and write.before == "":
            return
        expected = "" if write.column == "ID" else None
    view = _last_view(found, event.actor, write.event)
    others = found.mirrored.get(write.tag, []) if isinstance(draft, EditDraft) else []
    if (last := max(_last(found, write.tag), *others, 0)) > view:
        if any(one.tag == write.tag and one.version == last for one in found.writes):
            found.wrong(
                event.actor, f"wrote {write.after!r} over what another process had just written:",
                _where(found, event.version, write.tag),
            )  # fmt: skip
        found.figures["hand edits overtaken within one request"] += 1
        return
    if expected is None:
        _check_mirror_saw(found, event, write, view)
        return
    found.wrong(
        event.actor, f"wrote {write.after!r} over {write.before!r}, where {expected!r} was seen:",
        _where(found, event.version, write.tag),
    )  # fmt: skip


def _check_mirror_saw(found: Audit, event: Event, write: Write, view: int) -> None:
    """See that a mirror did not overwrite what a hand had typed after the check-in's look."""
    if isinstance(write.before, Formula):
        found.wrong(event.actor, "overwrote a formula:", _where(found, event.version, write.tag))
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
    if looks and looks[0] < _last(found, write.tag) <= view and not _is_board_s(found, write):
        before = {_text(found, version, write.tag) for version in looks}
        if len(looks) > 1 and repr(write.before) in before and _is_planned(found, write):
            return
        found.wrong(
            event.actor, f"mirrored {write.after!r} over {write.before!r}, typed since:",
            _where(found, event.version, write.tag),
        )  # fmt: skip


def _text(found: Audit, version: int, tag: str) -> str:
    place = found.world.witness.cell(version, tag)
    return repr(shown(place.cell)) if place else ""


def _is_planned(found: Audit, write: Write) -> bool:
    """Tell whether history says that this is what stood there: the plan was made afresh."""
    lines = [line for line in _lines(found) if line.get("By") == write.operation.by]
    return any(
        line.get("Column") == write.column and same(line.get("Before", ""), write.before)
        for line in lines
    )


def _is_board_s(found: Audit, write: Write) -> bool:
    """Tell whether what stood there was a mirror of another check-in."""
    return any(
        one.tag == write.tag and _equal(one.after, write.before)
        and isinstance(one.operation.draft, CheckInDraft)
        for one in found.writes
    )  # fmt: skip


def _is_shut(found: Audit, debt: Debt, tag: str) -> bool:
    """Tell whether a hand protected the tab that a cell is in, so that it cannot be put back."""
    place = found.world.witness.cell(-1, tag)
    tabs = found.world.witness.versions[-1].tabs
    return any(place and tab.sheet_id == place.gid and tab.protected for tab in tabs)


def _came_since_the_look(found: Audit, debt: Debt, tag: str) -> bool:
    """Tell whether a row was not there yet, or blank, when a writer looked last."""
    view = _last_view(found, debt.actor, debt.event, looks_only=True)
    seen = {row_key(one) for one in found.world.witness.cells(view)}
    return row_key(tag) not in seen or row_key(tag) in _blank_rows(found, view)


def _was_unseen(found: Audit, debt: Debt, tag: str) -> bool:
    """Tell whether a hand edited a cell after the last look before it was wrongly written."""
    changed = found.foreign.get(tag, []) + found.mirrored.get(tag, [])
    typed = [version for version in changed if version < debt.version]
    return max(typed, default=0) > _last_view(found, debt.actor, debt.event, looks_only=True)


def _held_before(found: Audit, tag: str, value: Any, version: int) -> bool:
    cells = (found.world.witness.cell(n, tag) for n in range(version))
    return any(place is not None and _equal(shown(place.cell), value) for place in cells)


def _check_debts(found: Audit) -> None:
    for tag, debt in found.debts.items():
        if _is_lost(found, debt.actor):
            found.figures["wrong cells of a process that ended"] += 1
        elif _is_shut(found, debt, tag):
            found.figures["wrong cells that were protected since"] += 1
        elif _came_since_the_look(found, debt, tag):
            found.figures["wrong cells in a row that nobody had seen"] += 1
        elif found.world.witness.cell(-1, tag) is not None:
            found.wrong("never put back:", debt.told)


# --- what was saved


def _table(found: Audit, name: str, version: int = -1) -> list[dict[str, Any]]:
    """Give the rows of all tabs of a name, column to what was entered."""
    return [
        {column: shown(cell) for column, cell in cells.items()}
        for tab in found.world.witness.versions[version].tabs
        if name_of(tab) == name
        for _, cells in rows_of(tab)
    ]


def _lines(found: Audit) -> list[dict[str, Any]]:
    return _table(found, HISTORY)


def _check_check_ins(found: Audit) -> None:
    rows = _table(found, CHECK_INS)
    for operation in _of(found, CheckInDraft):
        draft = operation.draft
        own = [row for row in rows if row.get("ID") == check_in_id(draft.operation)]
        _check_presence(found, operation, len(own))
        if len(own) == 1:
            wanted = dict(check_in_cells(draft, str(own[0].get("Key result", ""))))
            ids = {_row_id(operation), found.added.get(operation.name, "")}
            ids |= _other_names(found, operation)
            if own[0].get("Key result") not in ids and draft.key_result.id is not None:
                found.wrong(operation.name, "went to", own[0].get("Key result"))
            different = [
                name for name in wanted if not _alike(name, own[0].get(name, ""), wanted[name])
            ]
            if different:
                found.wrong(operation.name, "is not as it was typed:", different, own[0])


def _other_names(found: Audit, operation: Operation) -> set[str]:
    """Give what the row that is meant was called in the looks at it: its ID, or its title.

    By its title it is known where it has no ID, or the sheet is in a layout of its own, as it is
    while one of its headers is misspelt; there it is found by its title also if its ID has changed.
    """
    witness, names = found.world.witness, set()
    for attempt in operation.attempts:
        for event in witness.log[attempt.begin : attempt.end]:
            if event.actor != attempt.actor or event.kind != "saw":
                continue
            tab = witness.tab(event.version, KEY_RESULTS)
            for _, cells in rows_of(tab) if tab else []:
                keys = {row_key(cell.note) for cell in cells.values() if cell.note}
                own = read_id(shown(cells["ID"])) if "ID" in cells else ""
                if operation.row in keys and (own or "Key result" in cells):
                    names.add(own or read_id(shown(cells["Key result"])))
    return names


def _alike(name: str, one: Any, other: Any) -> bool:
    if name == "When" and isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1e-6
    return _equal(one, other)


def _of(found: Audit, kind: type) -> Iterator[Any]:
    return (one for one in found.world.operations if isinstance(one.draft, kind))


def _check_presence(found: Audit, operation: Operation, count: int) -> None:
    outcome = operation.outcome
    found.figures[f"{operation.kind} {outcome}"] += 1
    if count > 1:
        found.wrong(operation.name, "is there", count, "times")
    if outcome == "saved" and count == 0:
        found.wrong(operation.name, "was said to be saved and is not there")
    if outcome == "refused" and count and _cannot_know(operation):
        found.figures["refused by a process that could not know"] += 1
    elif outcome == "refused" and count:
        found.wrong(operation.name, "was refused and is there:", operation.attempts[-1].said)
    if outcome in ("unknown", "killed"):
        found.wrong(operation.name, "never came to be known:", operation.attempts[-1].said)
    _check_lies(found, operation)


def _cannot_know(operation: Operation) -> bool:
    """Tell whether another process had tried before, and this one was not let look."""
    last = operation.attempts[-1]
    earlier = [a.actor for a in operation.attempts if a.outcome in ("unknown", "killed")]
    return bool(earlier) and last.actor not in earlier


def _check_lies(found: Audit, operation: Operation) -> None:
    """See that nothing was called not saved by a board that had said it might be."""
    unsure: set[str] = set()
    for attempt in operation.attempts:
        if attempt.outcome == "unknown":
            unsure.add(attempt.actor)
        is_told_no = attempt.outcome == "refused" and attempt.actor in unsure
        if is_told_no and operation.outcome == "saved":
            found.wrong(operation.name, "was called not saved while it was:", attempt.said)


def _check_rows(found: Audit) -> None:
    for operation in _of(found, RowDraft):
        draft: RowDraft = operation.draft
        title = "Key result" if draft.tab == KEY_RESULTS else "Objective"
        wanted = dict(draft.cells)[title]
        blank = _blank_rows(found, -1)  # what went into a row that slid up, and was taken back
        all_tags = {
            key: version
            for (gid, key), (actor, version) in found.appended.items()
            if NAMES.get(gid) == draft.tab and actor in operation.actors
        }
        own = [
            key
            for key, version in all_tags.items()
            if wanted in _row_at(found, draft.tab, version, key).values() and key not in blank
        ]
        _check_presence(found, operation, len(own))
        for key in own:
            gid = next(gid for gid, name in NAMES.items() if name == draft.tab)
            version = found.straightened.get((gid, key), all_tags[key])
            cells = _row_at(found, draft.tab, version, key)
            is_barred = _is_merged(found, operation) or _is_shut_off(found, draft.tab)
            if operation.outcome != "saved" or is_barred or _is_taken_over(found, operation, key):
                found.figures["new rows that a hand took over, or whose process ended"] += 1
                continue
            different = [
                name
                for name, value in draft.cells
                if not _alike(name, cells.get(name, cells.get(f"?{value}", "")), value)
            ]
            if different:
                found.wrong(operation.name, "is not as it was typed:", different, cells)
            if operation.outcome == "saved":
                saved = [a.saved.row_id for a in operation.attempts if a.saved is not None]
                if set(saved) != {cells.get("ID", cells.get(f"?{saved[0]}"))}:
                    found.wrong(operation.name, "has the ID", cells.get("ID"), "and not", saved)


def _is_shut_off(found: Audit, name: str) -> bool:
    """Tell whether a hand has protected cells of a tab."""
    tab = found.world.witness.tab(-1, name)
    return tab is not None and bool(tab.protected)


def _is_taken_over(found: Audit, operation: Operation, key: str) -> bool:
    """Tell whether a hand has deleted a new row since, or changed it while it was being saved."""
    log = found.world.witness.log[: operation.attempts[-1].end]
    version = max(event.version for event in log)
    changed = [n for tag, at in found.foreign.items() if row_key(tag) == key for n in at]
    there = {row_key(tag) for tag in found.world.witness.cells(-1)}
    return key not in there or any(n <= version for n in changed)


def _row_at(found: Audit, name: str, version: int, key: str) -> Mapping[str, Any]:
    """Give a row by column; a cell whose header has just been misspelt goes by what it holds."""
    tab = found.world.witness.tab(version, name)
    for number, cells in rows_of(tab) if tab else []:
        if tab and any(cell.note and row_key(cell.note) == key for cell in cells.values()):
            held = {f"?{shown(cell)}": shown(cell) for cell in tab.rows[number].cells}
            return held | {column: shown(cell) for column, cell in cells.items()}
    return {}


def _check_edits(found: Audit) -> None:
    for operation in _of(found, EditDraft):
        own = [write for write in found.writes if write.operation is operation]
        outcome = operation.outcome
        found.figures[f"edit {outcome}"] += 1
        if outcome in ("unknown", "killed"):
            found.wrong(operation.name, "never came to be known:", operation.attempts[-1].said)
        cells = [write for write in own if write.column != "ID"]
        if outcome == "refused":
            cells = [write for write in cells if not _is_overtaken(found, write)]
        if outcome == "refused" and cells and not _cannot_know(operation):
            found.wrong(operation.name, "was refused and is there:", operation.attempts[-1].said)
        if outcome == "saved":
            saved = [a.saved for a in operation.attempts if a.saved is not None]
            promised = {cell.column for one in saved for cell in one.written} - {"ID"}
            made = {write.column for write in cells}
            is_lost = any(_is_lost(found, actor) for actor in operation.actors)
            is_twin = is_lost or len({actor.partition(".")[0] for actor in operation.actors}) > 1
            if promised - made and not is_twin and not _is_merged(found, operation):
                found.wrong(operation.name, "was said to be saved and is not:", promised - made)
        for column in {write.column for write in cells}:
            tags = [write.tag for write in cells if write.column == column]
            if len(tags) > 1 and len(set(tags)) == 1:
                found.figures["edits written again after a move"] += 1
        _check_lies(found, operation)


def _is_overtaken(found: Audit, write: Write) -> bool:
    """Tell whether a hand changed a cell again before its save came to an end.

    So there was nothing to be put back any more.
    """
    attempt = write.operation.attempts[-1]
    last = max(event.version for event in found.world.witness.log[: attempt.end])
    return any(write.version < version <= last for version in found.foreign.get(write.tag, []))


def _is_merged(found: Audit, operation: Operation) -> bool:
    """Tell whether a hand merged cells while an edit was saved: what lies under them is lost."""
    witness = found.world.witness
    last = max(attempt.end for attempt in operation.attempts)
    tabs = [witness.tab(event.version, operation.tab) for event in witness.log[:last]]
    return any(tab is not None and bool(tab.merges) for tab in tabs)


# --- the story that history tells


def _check_history(found: Audit) -> None:
    lines = [line for line in _lines(found) if line.get("Source") == "board"]
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
            if len(told) != wanted and not _cannot_know(operation):
                found.wrong("history tells", len(told), "times of the new row", operation.name)
    if by:
        found.wrong("history tells of what nobody did:", by)


def _check_told_check_in(found: Audit, operation: Operation, told: list[dict[str, Any]]) -> None:
    draft: Any = operation.draft
    if operation.outcome != "saved":
        if told and not _cannot_know(operation):
            found.wrong("history tells of a check-in that was not saved:", operation.name, told)
        return
    if not told:
        found.wrong("history does not tell of", operation.name)
    columns = Counter((line["Tab"], line["Column"]) for line in told)
    if columns and max(columns.values()) > 1:
        found.wrong("history tells twice of", operation.name, told)
    wanted = dict(_wanted(operation))
    for line in told:
        if abs(line["When"] - serial(draft.when)) > 1e-6:
            found.wrong("history has another moment for", operation.name, line)
        if line["Tab"] == KEY_RESULTS and line["Column"] in wanted:
            if not _equal(line["After"], wanted[line["Column"]]):
                found.wrong("history has another value for", operation.name, line)
            _check_before(found, operation, line)
            made = any(
                w.operation is operation and w.column == line["Column"] for w in found.writes
            )
            found.figures["mirrors told" if made else "mirrors told, and not made"] += 1


def _check_before(found: Audit, operation: Operation, line: Mapping[str, Any]) -> None:
    """See that history's Before is what a look showed of that cell."""
    values = _looked(found, operation, str(line["Column"]))
    if values and not any(_equal(line.get("Before", ""), value) for value in values):
        found.wrong("history has another Before for", operation.name, line, values)


def _looked(found: Audit, operation: Operation, column: str) -> list[Any]:
    """Give all that the looks of an operation showed in a column of its row."""
    witness, values = found.world.witness, []
    for attempt in operation.attempts:
        for event in witness.log[attempt.begin : attempt.end]:
            if event.actor != attempt.actor or event.kind != "saw" or event.what != "look":
                continue
            tab = witness.tab(event.version, operation.tab)
            for _, cells in rows_of(tab) if tab else []:
                keys = {row_key(cell.note) for cell in cells.values() if cell.note}
                own = read_id(shown(cells["ID"])) if "ID" in cells else ""
                if operation.row in keys or (own and own == _row_id(operation)):
                    values.append(shown(cells[column]) if column in cells else "")
    return values


def _check_told_edit(found: Audit, operation: Operation, told: list[dict[str, Any]]) -> None:
    draft: Any = operation.draft
    for cell in draft.cells:
        own = [line for line in told if line["Column"] == cell.column]
        forth = [
            x for x in own if _equal(x["After"], cell.wanted) and _equal(x["Before"], cell.seen)
        ]
        back = [
            x for x in own if _equal(x["After"], cell.seen) and _equal(x["Before"], cell.wanted)
        ]
        if len(forth) + len(back) != len(own):
            found.wrong("history has other values for", operation.name, own)
        made = any(
            w.operation is operation
            and w.column == cell.column
            and not (operation.outcome == "refused" and _is_overtaken(found, w))
            for w in found.writes
        )
        if any(_is_lost(found, actor) for actor in operation.actors):
            continue
        if len(forth) - len(back) != made and not _is_merged(found, operation):
            found.wrong(
                "history tells", len(forth) - len(back), "times of", operation.name, cell.column,
                "which was made" if made else "which was not made", operation.outcome,
            )  # fmt: skip
    foreign = [line for line in told if line["Column"] not in {c.column for c in draft.cells}]
    if any(line["Column"] != "ID" for line in foreign):
        found.wrong("history tells of other columns for", operation.name, foreign)


def _check_seen(found: Audit) -> None:
    """See that what was recorded of the hand is true, and told once."""
    last: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in _lines(found):
        spot = (line.get("Row ID"), line.get("Tab"), line.get("Column"))
        if line.get("Source") == "sheet":
            found.figures["hand edits recorded"] += 1
            before = last.get(spot)
            is_alike = before is not None and all(
                _equal(before.get(name, ""), line.get(name, ""))
                for name in ("Before", "After", "Source")
            )
            if is_alike:
                found.wrong("a hand edit was recorded twice:", line)
        last[spot] = line


# --- mirrors


def _check_mirrors(found: Audit) -> None:
    """See that Current and Confidence follow the newest check-in of each key result.

    That goes by the ID: a row that was copied and then deleted lives on in its copy.
    """
    rows: dict[str, list[Operation]] = {}
    there = {row.get("ID") for row in _table(found, CHECK_INS)}
    for operation in _of(found, CheckInDraft):
        if operation.outcome == "saved" or check_in_id(operation.draft.operation) in there:
            rows.setdefault(_row_id(operation) or operation.row, []).append(operation)
    for operations in rows.values():
        for column in ("Current", "Confidence"):
            saying = [one for one in operations if column in dict(_wanted(one))]
            if saying:
                _check_mirror(found, max(saying, key=lambda one: one.draft.when), column)  # type: ignore[union-attr]


def _check_mirror(found: Audit, operation: Operation, column: str) -> None:
    witness = found.world.witness
    wanted = dict(_wanted(operation))[column]
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
    is_held = _equal(shown(place.cell), wanted)
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
    if any(_is_lost(found, attempt.actor) for attempt in operation.attempts):
        found.figures["mirrors lost with a process"] += 1
        return
    if _is_board_s_cell(found, tag, place):
        found.figures["mirrors lost to another process in the same instant"] += 1
        return
    if any(debt.event > since for debt in found.paid.get(tag, [])):
        found.figures["mirrors left because another's wrong write stood there"] += 1
        return
    if not _can_be_found(found, operation, since):
        found.figures["mirrors without their row"] += 1
        return
    said = [attempt.saved.remark for attempt in operation.attempts if attempt.saved is not None]
    found.wrong(
        f"the mirror of {operation.name} does not hold: {shown(place.cell)!r}, not {wanted!r};",
        "said", said,
    )  # fmt: skip


def _is_board_s_cell(found: Audit, tag: str, place: Place) -> bool:
    """Tell whether another process's older check-in was mirrored after the newest one."""
    value = shown(place.cell)
    return any(
        one.tag == tag and _equal(one.after, value)
        and isinstance(one.operation.draft, CheckInDraft)
        and _last_view(found, found.world.witness.log[one.event].actor, one.event) < one.version - 1
        for one in found.writes
    )  # fmt: skip


def _tag_of(found: Audit, operation: Operation, column: str) -> str | None:
    """Find the cell that an operation's mirror should have been written to."""
    tab = found.world.witness.tab(-1, KEY_RESULTS)
    for _, cells in rows_of(tab) if tab else []:
        if column in cells and any(
            cell.note and row_key(cell.note) == operation.row for cell in cells.values()
        ):
            return cells[column].note
    return None


def _is_lost(found: Audit, actor: str) -> bool:
    """Tell whether a process had ended before the peace in which all boards read once."""
    return all(writer.actor != actor for writer in found.world.writers)


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
    witness, own = found.world.witness, _row_id(operation)
    for version in range(since, len(witness.versions)):
        tab = witness.tab(version, KEY_RESULTS)
        if tab is None or tab.title.startswith("Mislaid"):
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


# --- figures


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
