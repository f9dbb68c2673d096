"""The rows of a tab that head its columns, and what each column is taken for by its name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from okr.cells import is_blank, is_error, number_readings
from okr.layouts.grid import Grid
from okr.layouts.spellings import ASIDE, BOTH, KEY_RESULT, OBJECTIVE, TITLE, fold, meanings
from okr.model import Cell

VALUES = frozenset({"Start", "Target", "Current", "Progress", "Score"})
_TITLES = frozenset({OBJECTIVE, KEY_RESULT, BOTH, TITLE})
_LONGEST = 60
DEEPEST = 400
"""Rows beyond this are not searched for further headers, unless one was found before."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a column was taken for, how sure that is, and why."""

    role: str
    header: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A row of headers: for each role its column, and what was taken for what."""

    row: int
    places: Mapping[str, int]
    taken: Mapping[int, Taken]

    def has(self, *roles: str) -> bool:
        """Tell whether all of some roles have a column."""
        return all(role in self.places for role in roles)

    @property
    def has_values(self) -> bool:
        """Tell whether any column says how far things are."""
        return bool(VALUES & self.places.keys())


def find_headings(grid: Grid, said: Mapping[int, str]) -> dict[int, Heading]:
    """Find the rows that head columns; ``said`` is what people answered of single columns."""
    found: dict[int, Heading] = {}
    for number, cells in enumerate(grid.rows):
        if number > DEEPEST and not found:
            break
        if len(cells) < 1 or not any(isinstance(cell, str) and cell for cell in cells):
            continue
        heading = read_heading(number, cells, said, partial(_below, grid, number))
        if heading is not None:
            found[number] = heading
    return _joined(found)


def _joined(found: dict[int, Heading]) -> dict[int, Heading]:
    """Take two rows of headers for one, where the upper holds titles and the lower only values."""
    for row, lower in list(found.items()):
        upper = found.get(row - 1)
        is_below = upper is not None and upper.places.keys() & _TITLES
        if upper is None or not is_below or lower.places.keys() & _TITLES:
            continue
        hidden = set(lower.taken) | {at for at, one in upper.taken.items() if one.role in VALUES}
        kept = {at: one for at, one in upper.taken.items() if at not in hidden}
        places = {role: at for role, at in upper.places.items() if at in kept} | dict(lower.places)
        found[row] = Heading(row, places, dict(sorted({**kept, **lower.taken}.items())))
        del found[row - 1]
    return found


def _below(grid: Grid, row: int, column: int) -> list[Cell]:
    """Give the first few cells below a header."""
    found = (grid.own(at, column) for at in range(row + 1, min(row + 40, len(grid.rows))))
    return list(islice((cell for cell in found if not is_blank(cell)), 6))


def read_heading(
    number: int,
    cells: Sequence[Cell],
    said: Mapping[int, str],
    below: Callable[[int], Sequence[Cell]],
) -> Heading | None:
    """Read a row as headers; None where it is none. ``below`` gives some cells of a column."""
    filled = {at: cell for at, cell in enumerate(cells) if not is_blank(cell)}
    words = {
        at: cell.strip()
        for at, cell in filled.items()
        if isinstance(cell, str) and len(cell.strip()) <= _LONGEST
    }
    if len(words) < 2 or len(words) < len(filled) * 0.7:
        return None
    meant = {at: meanings(word) for at, word in words.items()}
    known = {at: roles for at, (roles, _) in meant.items() if roles}
    telling = {roles[0] for roles in known.values()} - {ASIDE}
    if not _is_heading(telling, len(known), len(words)):
        return None
    taken = _resolve(words, meant, below)
    for at, role in said.items():
        if at in words:
            taken[at] = Taken(role, words[at], 1.0, "as answered")
    places: dict[str, int] = {}
    for at in sorted(taken, key=lambda one: (-taken[one].confidence, one)):
        role = taken[at].role
        if role not in ("", ASIDE):
            places.setdefault(role, at)
    for at, one in taken.items():
        if places.get(one.role, at) != at:
            taken[at] = Taken("", one.header, 1.0, f"means the same as “{words[places[one.role]]}”")
    return Heading(number, places, taken)


def _is_heading(telling: set[str], known: int, words: int) -> bool:
    """Tell whether a row heads columns, by how many of its words do so elsewhere."""
    values = telling & VALUES
    if len(telling) >= 2 and (telling & _TITLES or len(values) >= 2):
        return known >= min(3, words) or known * 2 >= words
    return len(telling) == 1 and bool(telling & _TITLES) and known >= 2 and known * 2 >= words


def _resolve(
    words: Mapping[int, str],
    meant: Mapping[int, tuple[tuple[str, ...], float]],
    below: Callable[[int], Sequence[Cell]],
) -> dict[int, Taken]:
    """Choose for each word one meaning: where it may have several, one that no other has."""
    taken: dict[int, Taken] = {}
    for at, (roles, confidence) in meant.items():
        if len(roles) == 1:
            taken[at] = Taken(roles[0], words[at], confidence, "by its name")
        elif not roles:
            taken[at] = Taken("", words[at], 1.0, "its name is not known")
    roles_taken = {one.role for one in taken.values()}
    for at, (roles, confidence) in meant.items():
        if len(roles) < 2:
            continue
        fitting = [one for one in roles if _fits(one, below(at))]
        role = next((one for one in fitting if one not in roles_taken or one == ASIDE), ASIDE)
        roles_taken.add(role)
        sure = confidence if role == roles[0] else 0.85 * confidence
        reason = "by its name" if role == roles[0] else "by its name, beside the other columns"
        taken[at] = Taken(role, words[at], sure, reason)
    _give_title(taken, words)
    return dict(sorted(taken.items()))


def _fits(role: str, cells: Sequence[Cell]) -> bool:
    """Tell whether cells can be of a role: a title is no number, and a value has a digit in it."""
    words = [cell for cell in cells if isinstance(cell, str) and not is_error(cell)]
    if role in _TITLES:
        return not cells or len([one for one in words if not number_readings(one)]) * 2 > len(cells)
    if role in VALUES:
        plain = [one for one in words if not any(map(str.isdigit, one))]
        return not cells or len(plain) * 2 <= len(cells)
    return True


def _give_title(taken: dict[int, Taken], words: Mapping[int, str]) -> None:
    """Say what a column called Title or Name is the title of."""
    roles = {one.role for one in taken.values()}
    at = next((at for at, one in taken.items() if one.role == TITLE), None)
    if at is None:
        return
    if KEY_RESULT in roles or BOTH in roles:
        role = TITLE
    else:
        role = KEY_RESULT if roles & VALUES or OBJECTIVE in roles else OBJECTIVE
    is_plain = fold(words[at]) in ("title", "name", "titel")
    taken[at] = Taken(role, words[at], 0.85 if is_plain else 0.75, "by its name and the others")


def answered_heading(said: Mapping[int, str]) -> Heading:
    """Make the headers of a tab that has none from what people answered of its columns."""
    taken = {at: Taken(role, "", 1.0, "as answered") for at, role in said.items()}
    places = {one.role: at for at, one in reversed(taken.items()) if one.role != ASIDE}
    return Heading(-1, places, taken)
