"""The board's own record of changes, grouped by the row that changed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from okr import columns
from okr.cells import is_blank, read_id
from okr.columns import normalise
from okr.model import Change, CheckIn, KeyResult, Problem
from okr.parsing import parse_change
from okr.registers import Listed, rows_of
from okr.row_names import content_key
from okr.tables import Table
from okr.telling import BOARD, EXISTS


def list_changes(
    told: Sequence[Change],
    key_results: Listed[KeyResult],
    check_ins: Mapping[str, Sequence[CheckIn]],
) -> dict[str, tuple[Change, ...]]:
    """Group what ``_History`` says by the row it is about.

    What the cells of a row held when it vanished is no change of theirs. A cell that followed a
    check-in of another day is as old as the check-in says (see ``Change``).
    """
    ids, contents = key_results.register.ids, _Contents(key_results)
    gone = {_event(one) for one in told if one.column == EXISTS and is_blank(one.after)}
    grouped: dict[str, list[Change]] = {}
    for change in told:
        key: str | None = change.row_id
        if change.tab == columns.KEY_RESULTS:
            key = ids.get(change.row_id.casefold()) or contents.find(change.row_id)
        if key is not None and (change.column == EXISTS or _event(change) not in gone):
            grouped.setdefault(key, []).append(change)
    for key, ids_at in _dated_otherwise(told, grouped, check_ins).items():
        grouped[key] = _as_dated(sorted(grouped[key], key=_in_time), ids_at, check_ins[key])
    return {key: tuple(sorted(entries, key=_in_time)) for key, entries in grouped.items()}


def _in_time(change: Change) -> tuple[datetime, int]:
    return change.when, change.row


Came = Mapping[tuple[datetime, str], Collection[str]]
"""The IDs of check-ins of another day, by the moment at which they were saved, and by whom."""


def _dated_otherwise(
    told: Sequence[Change],
    grouped: Mapping[str, Sequence[Change]],
    check_ins: Mapping[str, Sequence[CheckIn]],
) -> dict[str, Came]:
    """Find for each key result the check-ins that the board saved on another day than theirs."""
    came: dict[tuple[datetime, str], set[str]] = {}
    for one in told:
        is_new = one.tab == columns.CHECK_INS and one.column == EXISTS and not is_blank(one.after)
        if is_new and one.source.casefold() == BOARD:
            came.setdefault((one.when, one.by), set()).add(one.row_id)
    if not came:
        return {}
    ids = set().union(*came.values())
    return {
        key: came for key in grouped if any(entry.id in ids for entry in check_ins.get(key, ()))
    }


def _as_dated(changes: Sequence[Change], came: Came, entries: Sequence[CheckIn]) -> list[Change]:
    """Date cells that followed a check-in as it is, unless they were changed in between as well."""
    found = [*changes]
    for place, one in enumerate(changes):
        ids = came.get((one.when, one.by), ())
        said = next((entry.when for entry in entries if entry.id in ids), None)
        is_mirror = one.column in ("Current", "Confidence") and one.source.casefold() == BOARD
        if said is not None and is_mirror and not _has_between(found, one, said):
            found[place] = replace(one, when=said, written=one.when)
    return found


def _has_between(changes: Sequence[Change], one: Change, said: datetime) -> bool:
    first, last = sorted((one.when, said))
    return any(
        other is not one and other.column == one.column and first <= other.when <= last
        for other in changes
    )


def _event(change: Change) -> tuple[datetime, str, str]:
    return change.when, change.tab, change.row_id


def read_changes(
    tables: Mapping[str, Table], locale: str, problems: list[Problem]
) -> Iterator[Change]:
    """Read the rows of ``_History``; their tabs and columns are given by the board's own names."""
    spellings = {normalise(name): name for tab in columns.COLUMNS.values() for name in tab}
    for row in rows_of(tables, columns.HISTORY, problems):
        change = parse_change(row, locale)
        if change is None:
            continue
        tab = columns.known_tab(change.tab) or change.tab
        column = spellings.get(normalise(change.column), change.column)
        yield replace(change, tab=tab, column=column)


class _Contents:
    """How key results without an ID are named in ``_History``: by what they say."""

    def __init__(self, key_results: Listed[KeyResult]) -> None:
        self._listed = key_results
        self._keys: dict[str, str] = {}

    def find(self, row_id: str) -> str | None:
        """Find the key result of such a name, also where it has been given an ID since."""
        if not row_id.startswith("~"):
            return None
        if not self._keys:
            for found in self._listed.found:
                one = found.entity
                self._keys[read_id(one.key)] = one.key
                name = content_key(columns.KEY_RESULTS, one.title, one.objective_text)
                self._keys.setdefault(read_id(name), one.key)
        return self._keys.get(row_id)
