"""The board's own record of changes, grouped by the row that changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from okr import columns
from okr.cells import is_blank, read_id
from okr.columns import normalise
from okr.model import Change, KeyResult, Problem
from okr.parsing import parse_change
from okr.registers import Listed, rows_of
from okr.tables import Table
from okr.telling import EXISTS
from okr.watching import content_key


def list_changes(
    told: Sequence[Change], key_results: Listed[KeyResult]
) -> dict[str, tuple[Change, ...]]:
    """Group what ``_History`` says by the row it is about.

    What the cells of a row held when it vanished is no change of theirs.
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
    return {
        key: tuple(sorted(entries, key=lambda one: (one.when, one.row)))
        for key, entries in grouped.items()
    }


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
