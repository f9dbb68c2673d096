"""What an audit finds, and what its parts ask of the world that they look at."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from okr.cells import read_id
from okr.columns import HISTORY
from okr.model import Cell
from okr.workbooks.entries import same
from okr.workbooks.interface import CheckInDraft, EditDraft, SavedRow
from tests.property.sheet import (
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
from tests.sheets_api.state import Formula


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
    until: int = 0
    """The version in which it was put back."""


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
    """For each new row who appended it, and in which version."""
    added: dict[str, str] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    """The operations of which something went, just as it came, into a row that nobody had seen."""

    def wrong(self, *words: Any) -> None:
        self.wrongs.append(" ".join(map(str, words)))


Change = tuple[str, Place | None, Place | None]


def are_equal(one: Any, other: Any) -> bool:
    if isinstance(one, Formula) or isinstance(other, Formula):
        return bool(one == other)
    return same(one, other)


def blank_rows(found: Audit, version: int) -> set[str]:
    """Find the rows of which nothing is left but their identity."""
    rows: dict[str, bool] = {}
    for tag, place in found.world.witness.cells(version).items():
        rows[row_key(tag)] = rows.get(row_key(tag), True) and shown(place.cell) == ""
    return {key for key, is_blank in rows.items() if is_blank}


def id_at(found: Audit, version: int, place: Place) -> str:
    """Say which ID stands in the row of a cell."""
    tabs = found.world.witness.versions[version].tabs
    tab = next(tab for tab in tabs if tab.sheet_id == place.gid)
    header = header_of(tab)
    at = header.columns.get("ID") if header else None
    return "" if at is None else read_id(shown(tab.rows[place.row].cell(at)))


def where_is(found: Audit, version: int, tag: str) -> str:
    place = found.world.witness.cell(version, tag)
    if place is None:
        return tag
    tab = next(t for t in found.world.witness.versions[version].tabs if t.sheet_id == place.gid)
    row = [shown(cell) for cell in tab.rows[place.row].cells]
    return f"{tab.title} row {place.row + 1} column {place.column + 1} ({tag}; {row})"


def reference_of(operation: Operation) -> Any:
    if isinstance(operation.draft, CheckInDraft):
        return operation.draft.key_result
    return operation.draft.row if isinstance(operation.draft, EditDraft) else None


def row_id_of(operation: Operation) -> str:
    """Say which ID the row has that an operation means, or was given."""
    reference = reference_of(operation)
    if reference is not None and reference.id:
        return read_id(reference.id)
    for attempt in operation.attempts:
        for name in ("key_result_id", "row_id"):
            if attempt.saved is not None and getattr(attempt.saved, name, ""):
                return read_id(getattr(attempt.saved, name))
    return ""


def wanted_cells(operation: Operation) -> list[tuple[str, Cell]]:
    draft = operation.draft
    if isinstance(draft, CheckInDraft):
        pairs = (("Current", draft.value), ("Confidence", draft.confidence))
        return [(name, value) for name, value in pairs if value is not None]
    if isinstance(draft, EditDraft):
        return [(cell.column, cell.wanted) for cell in draft.cells]
    return []


def is_under_way(operation: Operation, actor: str, at: int) -> bool:
    """Tell whether somebody was saving an operation when an event came about."""
    return any(one.actor == actor and one.begin <= at < one.end for one in operation.attempts)


def last_change(found: Audit, tag: str) -> int:
    """Give the version in which a cell was changed last by somebody else than a mirror."""
    return max(found.foreign.get(tag, [0]))


def last_view(found: Audit, actor: str, at: int) -> int:
    """Give the latest version of which a writer was shown cells before an event."""
    return max(_views(found, actor, at, "look", "row"), default=0)


def last_look(found: Audit, actor: str, at: int) -> int:
    """Give the version that a writer's last look before an event has shown."""
    return next(reversed(_views(found, actor, at, "look")), 0)


def _views(found: Audit, actor: str, at: int, *kinds: str) -> list[int]:
    return [
        event.version
        for event in found.world.witness.log[:at]
        if event.actor == actor and not event.is_blind and shows(event) in kinds
    ]


def shows(event: Event) -> str:
    if event.kind == "saw":
        return event.what
    return "row"


def text_at(found: Audit, version: int, tag: str) -> str:
    place = found.world.witness.cell(version, tag)
    return repr(shown(place.cell)) if place else ""


def table_rows(found: Audit, name: str, version: int = -1) -> list[dict[str, Any]]:
    """Give the rows of all tabs of a name, column to what was entered."""
    return [
        {column: shown(cell) for column, cell in cells.items()}
        for tab in found.world.witness.versions[version].tabs
        if name_of(tab) == name
        for _, cells in rows_of(tab)
    ]


def told_lines(found: Audit) -> list[dict[str, Any]]:
    return table_rows(found, HISTORY)


def are_alike(name: str, one: Any, other: Any) -> bool:
    if name == "When" and isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1e-6
    return are_equal(one, other)


def operations_of(found: Audit, kind: type) -> Iterator[Any]:
    return (one for one in found.world.operations if isinstance(one.draft, kind))


def cannot_know(operation: Operation) -> bool:
    """Tell whether another process had tried before, and this one was not let look."""
    last = operation.last
    earlier = [a.actor for a in operation.attempts if a.outcome in ("unknown", "killed")]
    return bool(earlier) and last.actor not in earlier


def is_called_saved(operation: Operation) -> bool:
    """Tell whether anybody was told that it is saved; a remark on an edit says that it may not."""
    told = [attempt.saved for attempt in operation.attempts if attempt.outcome == "saved"]
    return any(not (isinstance(one, SavedRow) and one.remark) for one in told)


def is_merged(found: Audit, operation: Operation) -> bool:
    """Tell whether a hand merged cells while an edit was saved: what lies under them is lost."""
    witness = found.world.witness
    last = max(attempt.end for attempt in operation.attempts)
    tabs = [witness.tab(event.version, operation.tab) for event in witness.log[:last]]
    return any(tab is not None and bool(tab.merges) for tab in tabs)


def has_died(found: Audit, actor: str) -> bool:
    """Tell whether a process had ended before the peace in which all boards read once."""
    return all(writer.actor != actor for writer in found.world.writers)
