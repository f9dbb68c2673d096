"""The board's own record of changes, grouped by the row that changed."""

from collections.abc import Mapping
from dataclasses import replace

from okr import columns
from okr.columns import normalise
from okr.model import Change, KeyResult, Problem
from okr.parsing import parse_change
from okr.registers import Listed, rows_of
from okr.tables import Table
from okr.watching import content_key


def list_changes(
    tables: Mapping[str, Table],
    key_results: Listed[KeyResult],
    locale: str,
    problems: list[Problem],
) -> dict[str, tuple[Change, ...]]:
    """Group what ``_History`` says by the row it is about."""
    ids, contents = key_results.register.ids, _Contents(key_results)
    spellings = {normalise(name): name for tab in columns.COLUMNS.values() for name in tab}
    grouped: dict[str, list[Change]] = {}
    for row in rows_of(tables, columns.HISTORY, problems):
        change = parse_change(row, locale)
        if change is None:
            continue
        tab = columns.known_tab(change.tab) or change.tab
        column = spellings.get(normalise(change.column), change.column)
        is_key_result = tab == columns.KEY_RESULTS
        key: str | None = change.row_id
        if is_key_result:
            key = ids.get(change.row_id.casefold()) or contents.find(change.row_id)
        if key is not None:
            grouped.setdefault(key, []).append(replace(change, tab=tab, column=column))
    return {
        key: tuple(sorted(entries, key=lambda one: (one.when, one.row)))
        for key, entries in grouped.items()
    }


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
                self._keys[one.key] = one.key
                name = content_key(columns.KEY_RESULTS, one.title, one.objective_text)
                self._keys.setdefault(name, one.key)
        return self._keys.get(row_id)
