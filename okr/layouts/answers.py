"""What people answered of a sheet's layout: in its ``_Layout`` tab, or in the configuration."""

import re
from collections.abc import Mapping

from okr.cells import read_id
from okr.columns import LAYOUT, find_header, known_tab
from okr.layouts.spellings import fold, meanings
from okr.reading import Reading

_COLUMN = re.compile(r"column ([a-z]{1,2})")


def answers_in(reading: Reading) -> dict[tuple[str, str], str]:
    """Collect the answers by tab and by what was asked; the newest row of ``_Layout`` wins."""
    found = {(fold(one.tab), one.what.casefold()): one.said for one in reading.configured}
    tab = next((one for one in reading.tabs if known_tab(one.title) == LAYOUT), None)
    header = find_header(LAYOUT, tab.rows) if tab is not None else None
    if tab is None or header is None or not {"Tab", "Asked", "Read as"} <= header.columns.keys():
        return found
    places = [header.columns[name] for name in ("Tab", "Asked", "Read as")]
    for row in tab.rows[header.row + 1 :]:
        title, what, said = (read_id(row[at]) if at < len(row) else "" for at in places)
        if what and said:
            found[fold(title), what.casefold()] = _plain(said)
    return found


def _plain(said: str) -> str:
    return said.casefold() if said.casefold() in ("okrs", "not read") else said


def column_answers(title: str, answers: Mapping[tuple[str, str], str]) -> dict[int, str]:
    """Give what was answered of the columns of a tab, by their 0-based number."""
    found: dict[int, str] = {}
    for (tab, what), said in answers.items():
        named = _COLUMN.fullmatch(what)
        if tab != fold(title) or named is None:
            continue
        number = 0
        for letter in named[1]:
            number = number * 26 + ord(letter) - 96
        roles, _ = meanings(said)
        found[number - 1] = roles[0] if roles else "not read"
    return found
