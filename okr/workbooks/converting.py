"""The same OKRs in the board's own layout: what a snapshot says, as the rows of a new workbook."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import chain

from okr.cells import number_readings, read_id, read_text
from okr.columns import (
    CHECK_INS,
    CYCLES,
    HISTORY,
    KEY_RESULTS,
    OBJECTIVES,
    PEOPLE,
    SETTINGS,
    TEAMS,
)
from okr.layout import Shape
from okr.model import (
    Change,
    KeyResult,
    Kind,
    Objective,
    Settings,
    Severity,
    Snapshot,
)
from okr.workbooks.preparing import LAID_OUT
from okr.workbooks.row_ids import PREFIXES, new_row_id
from okr.workbooks.xlsx_cells import Value

Rows = list[list[Value]]
Cells = Mapping[str, Value]

_MOST_NAMED = 20


def as_tabs(snapshot: Snapshot) -> dict[str, Rows]:
    """Lay a snapshot out in the board's tabs; rows without an ID are given one."""
    ids = _ids(snapshot)
    rows: dict[str, Iterable[Cells]] = {
        OBJECTIVES: [_objective(one, ids, snapshot) for one in snapshot.objectives],
        KEY_RESULTS: [_key_result(one, ids) for one in snapshot.key_results],
        CHECK_INS: _check_ins(snapshot, ids),
        TEAMS: [
            {"Team": t.name, "Parent": t.parent, "Lead": t.lead, "Description": t.description}
            for t in snapshot.teams
        ],
        CYCLES: [
            {"Cycle": c.name, "Starts": c.starts, "Ends": c.ends, "State": _word(c.state)}
            for c in snapshot.cycles
        ],
        PEOPLE: [{"Email": p.email, "Name": p.name, "Team": p.team} for p in snapshot.people],
        SETTINGS: _settings(snapshot),
        HISTORY: list(_history(snapshot, ids)),
    }
    return {
        tab: [[*LAID_OUT[tab]], *([one.get(column) for column in LAID_OUT[tab]] for one in found)]
        for tab, found in rows.items()
    }


def _ids(snapshot: Snapshot) -> dict[str, str]:
    """Give each row its ID by its key: its own, else a new one."""
    found: dict[str, str] = {}
    entities: Sequence[tuple[str, Objective | KeyResult]] = [
        *((OBJECTIVES, one) for one in snapshot.objectives),
        *((KEY_RESULTS, one) for one in snapshot.key_results),
    ]
    taken = {one.id for _, one in entities if one.id}
    for tab, one in entities:
        found[one.key] = one.id or new_row_id(PREFIXES[tab], f"{one.key} {one.place.cell}", taken)
        taken.add(found[one.key])
    return found


def _objective(one: Objective, ids: Mapping[str, str], snapshot: Snapshot) -> Cells:
    is_of_all = one.team == snapshot.settings.organisation
    return {
        "ID": ids[one.key],
        "Cycle": one.cycle,
        "Team": "" if is_of_all else one.team,
        "Objective": one.title,
        "Owner": one.owner,
        "Supports": "; ".join(ids[key] for key in one.supports if key in ids),
        "Type": one.commitment.value,
        "Weight": one.weight,
        "State": one.state.value,
        "Roll-up": one.roll_up.value,
        "Grade": one.grade,
        "Closing note": one.closing_note,
    }


def _key_result(one: KeyResult, ids: Mapping[str, str]) -> Cells:
    return {
        "ID": ids[one.key],
        "Objective": ids.get(one.objective or "", one.objective_text),
        "Key result": one.title,
        "Owner": one.owner,
        "Kind": one.kind.value,
        "Start": one.start if one.has_start else None,
        "Target": one.target,
        "Current": _value(one.kind, one.current),
        "Unit": one.unit,
        "Weight": one.weight,
        "Due": one.due,
        "Confidence": one.confidence,
        "State": one.state.value,
        "Grade": one.grade,
        "Link": one.link,
        "Pace": "; ".join(f"{day.isoformat()}: {_spelled(value)}" for day, value in one.pace),
    }


def _spelled(value: float) -> str:
    """Spell a number so that it can mean one number alone, in every locale."""
    text = read_text(value)
    return f"{text}0" if len(number_readings(text)) > 1 else text


def _value(kind: Kind, value: float | None) -> Value:
    return bool(value) if kind is Kind.DONE and value is not None else value


def _word(state: object) -> Value:
    return getattr(state, "value", None)


def _check_ins(snapshot: Snapshot, ids: Mapping[str, str]) -> list[Cells]:
    """Lay out all check-ins as they were made."""
    kinds = {one.key: one.kind for one in snapshot.key_results}
    found: list[tuple[datetime, Cells]] = [
        (
            entry.when,
            {
                "When": entry.when,
                "Key result": ids[key],
                "Value": _value(kinds[key], entry.value),
                "Confidence": entry.confidence,
                "Note": entry.note,
                "By": entry.by,
                "ID": entry.id,
            },
        )
        for key, entries in snapshot.check_ins.items()
        for entry in entries
    ]
    return [cells for _, cells in sorted(found, key=lambda pair: pair[0])]


def _history(snapshot: Snapshot, ids: Mapping[str, str]) -> Iterable[Cells]:
    """Lay out what was recorded of each row, under the ID that it has now."""
    changes: Iterable[tuple[str, Change]] = chain.from_iterable(
        ((ids.get(key, key), one) for one in found) for key, found in snapshot.changes.items()
    )
    for row_id, one in sorted(changes, key=lambda pair: (pair[1].known, pair[1].row)):
        yield {
            "When": one.known,
            "Row ID": row_id,
            "Tab": one.tab,
            "Column": one.column,
            "Before": one.before,
            "After": one.after,
            "By": one.by,
            "Source": one.source,
        }


def _settings(snapshot: Snapshot) -> list[Cells]:
    """Write down every setting as it holds, so that the new workbook is read in the same way."""
    held = snapshot.settings
    zone = held.timezone or getattr(snapshot.read_at.tzinfo, "key", "")
    return [
        {"Setting": one.name, "Value": zone if one.name == "timezone" else getattr(held, one.name)}
        for one in fields(Settings)
    ]


# --- what is left behind --------------------------------------------------------------------------


def left_behind(snapshot: Snapshot) -> list[str]:
    """Say what the new workbook does not hold: tabs and columns not read, cells not understood."""
    return [*_tabs_left(snapshot), *_columns_left(snapshot), *_cells_left(snapshot)]


def _tabs_left(snapshot: Snapshot) -> Iterable[str]:
    layout = snapshot.layout
    if layout is not None:
        for one in layout.tabs:
            if one.shape is Shape.UNREAD:
                yield f"The tab “{one.title}” was not taken over: {one.reason}."
    for title in snapshot.unread:
        yield f"The tab “{title}” was not taken over: the board knows no tab of this name."


def _columns_left(snapshot: Snapshot) -> Iterable[str]:
    for tab in snapshot.layout.tabs if snapshot.layout else ():
        names = [f"“{one.header}”" for one in tab.columns if not one.taken_for and one.header]
        if names:
            yield f"Of “{tab.title}” these columns were not taken over: {', '.join(names)}."


def _cells_left(snapshot: Snapshot) -> Iterable[str]:
    unread = [one for one in snapshot.problems if one.severity is Severity.ERROR and one.value]
    for one in unread[:_MOST_NAMED]:
        yield f"{one.cell} “{read_id(one.value)}” was not taken over as it is: {one.message}"
    if len(unread) > _MOST_NAMED:
        yield f"And {len(unread) - _MOST_NAMED} more cells: run check to see them."
    yield "Formulas were taken over as the values that they had."
