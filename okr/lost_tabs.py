"""Tabs that are not required and are gone, though something tells of them."""

from collections.abc import Iterator, Mapping

from okr.columns import CHECK_INS, CYCLES, HISTORY, PEOPLE, SETTINGS, TEAMS, known_tab, normalise
from okr.mentions import told_check_ins, told_rows
from okr.model import Problem, Severity
from okr.reading import Reading
from okr.tables import Table, tab_problem

_OTHERS = (CHECK_INS, CYCLES, TEAMS, PEOPLE, SETTINGS)
_LONGEST_MARK = 8
"""Letters that people add to the name of a tab that they set aside, as in ``Check-ins old``."""


def lost_tabs(reading: Reading, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Name the tabs that are not required, are gone, and that something tells of."""
    titles = list(dict.fromkeys((*(tab.title for tab in reading.tabs), *reading.source.gids)))
    there = {known_tab(title) for title in titles}
    unread = [title for title in titles if known_tab(title) is None]
    for name in _OTHERS:
        if name in there or reading.layout is not None:
            continue
        like = next((title for title in unread if _is_like(title, name)), None)
        count = _told(tables, name)
        if like is not None or count:
            yield _said_of_tab(name, like, count)


def _told(tables: Mapping[str, Table], name: str) -> int:
    """Count the rows of a tab that ``_History`` tells of."""
    written = told_check_ins(tables) if name == CHECK_INS else 0
    return max(len(told_rows(tables, name)), written)


def _is_like(title: str, name: str) -> bool:
    """Tell whether a title is that of a known tab with a few letters put before or behind it."""
    bare, known = normalise(title), normalise(name)
    is_marked = bare.startswith(known) or bare.endswith(known)
    return is_marked and 0 < len(bare) - len(known) <= _LONGEST_MARK


def _said_of_tab(name: str, like: str | None, count: int) -> Problem:
    told = f"There is no tab “{name}”"
    if count:
        rows = "1 row" if count == 1 else f"{count:,} rows"
        told += f", though “{HISTORY}” tells of {rows} in it, which count no more"
    if like is not None:
        told += f"; “{like}” is not read, for the board knows no tab of this name"
    mend = f"If it has another name by now, rename it to “{name}”."
    if like is not None:
        mend = f"If “{like}” is that tab, rename it to “{name}”."
    if name == CHECK_INS:
        mend += " Else the next check-in begins a new tab."
    severity = Severity.ERROR if count or name == CHECK_INS else Severity.WARNING
    return tab_problem(severity, like or name, f"{told}.", mend)
