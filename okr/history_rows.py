"""The board's own record of changes, grouped by the row that changed."""

from collections.abc import Mapping
from dataclasses import replace

from okr import columns
from okr.columns import normalise
from okr.model import Change, KeyResult, Problem
from okr.parsing import parse_change
from okr.registers import Listed, rows_of
from okr.tables import Table


def list_changes(
    tables: Mapping[str, Table],
    key_results: Listed[KeyResult],
    locale: str,
    problems: list[Problem],
) -> dict[str, tuple[Change, ...]]:
    """Group what ``_History`` says by the row it is about."""
    keys = key_results.register.ids
    spellings = {normalise(name): name for tab in columns.COLUMNS.values() for name in tab}
    grouped: dict[str, list[Change]] = {}
    for row in rows_of(tables, columns.HISTORY, problems):
        change = parse_change(row, locale)
        if change is None:
            continue
        tab = columns.known_tab(change.tab) or change.tab
        column = spellings.get(normalise(change.column), change.column)
        is_key_result = tab == columns.KEY_RESULTS
        key = keys.get(change.row_id.casefold()) if is_key_result else change.row_id
        if key is not None:
            grouped.setdefault(key, []).append(replace(change, tab=tab, column=column))
    return {
        key: tuple(sorted(entries, key=lambda one: (one.when, one.row)))
        for key, entries in grouped.items()
    }
