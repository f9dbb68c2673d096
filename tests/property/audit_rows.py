"""New rows: each there once, with its cells under their headers."""

from collections.abc import Mapping
from typing import Any

from okr.columns import KEY_RESULTS
from okr.workbooks.interface import RowDraft
from tests.property.audit_saves import check_presence
from tests.property.findings import Audit, are_alike, blank_rows, is_merged, operations_of
from tests.property.sheet import (
    NAMES,
    row_key,
    rows_of,
    shown,
)
from tests.property.writers import Operation


def check_rows(found: Audit) -> None:
    for operation in operations_of(found, RowDraft):
        draft: RowDraft = operation.draft
        title = "Key result" if draft.tab == KEY_RESULTS else "Objective"
        wanted = dict(draft.cells)[title]
        blank = blank_rows(found, -1)  # what went into a row that slid up, and was taken back
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
        check_presence(found, operation, len(own))
        for key in own:
            cells = _row_at(found, draft.tab, all_tags[key], key)
            is_barred = is_merged(found, operation) or _is_shut_off(found, draft.tab)
            if operation.outcome != "saved" or is_barred or _is_taken_over(found, operation, key):
                found.figures["new rows that a hand took over, or whose process ended"] += 1
                continue
            different = [
                name
                for name, value in draft.cells
                if not are_alike(name, cells.get(name, cells.get(f"?{value}", "")), value)
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
    log = found.world.witness.log[: operation.last.end]
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
