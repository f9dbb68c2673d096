"""What the cells of a column look like, where its header does not say what it is."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from okr.cells import is_blank, is_error, number_readings, read_text
from okr.cycles import parse_cycle
from okr.layouts.grid import Grid
from okr.layouts.headings import VALUES, Heading, Taken
from okr.layouts.measures import meaning_of
from okr.layouts.spellings import BOTH, KEY_RESULT, KEY_RESULT_ID, OBJECTIVE, STATUS, TITLE
from okr.model import Cell

_ID = re.compile(r"[A-Za-zÄÖÜäöü]{0,6}[\s_.\-#]?[0-9]{1,6}(?:[.\-][0-9A-Za-z]{1,4})*")
_OPAQUE = re.compile(r"[A-Za-z]{1,4}-[A-Za-z0-9]{2,8}")
_EMAIL = re.compile(r"\S+@\S+\.\S+")
_FEWEST, _MOST = 0.7, 400

Looks = Callable[[Cell], bool]


def looks_like_id(cell: Cell) -> bool:
    """Tell whether a cell holds a short name such as ``KR-12``, ``1.1`` or ``O3``."""
    text = read_text(cell)
    return bool(_ID.fullmatch(text) or _OPAQUE.fullmatch(text))


def _is_email(cell: Cell) -> bool:
    return isinstance(cell, str) and _EMAIL.fullmatch(cell.strip()) is not None


def _is_date(cell: Cell) -> bool:
    return isinstance(cell, float) and 40_000 < cell < 60_000 and cell.is_integer()


def _is_share(cell: Cell) -> bool:
    return isinstance(cell, str) and "%" in cell and bool(number_readings(cell))


def _is_status(cell: Cell) -> bool:
    return isinstance(cell, str) and meaning_of(cell) is not None


def _is_cycle(cell: Cell) -> bool:
    return isinstance(cell, str) and parse_cycle(cell.strip()) is not None


_KINDS: Sequence[tuple[str, Looks, str]] = (
    ("Owner", _is_email, "its cells are e-mail addresses"),
    (STATUS, _is_status, "its cells are words such as on track"),
    ("Cycle", _is_cycle, "its cells are periods such as Q4 2026"),
    ("Progress", _is_share, "its cells are percents"),
    ("Due", _is_date, "its cells are dates"),
)


def values_below(grid: Grid, row: int, column: int, stops: set[int]) -> list[Cell]:
    """Give what stands below a header, blanks and broken formulas left out."""
    found: list[Cell] = []
    for number in range(row + 1, min(len(grid.rows), row + _MOST)):
        if number in stops:
            break
        cell = grid.own(number, column)
        if cell != "" and not is_blank(cell) and not is_error(cell):
            found.append(cell)
    return found


def _mostly(cells: Sequence[Cell], looks: Looks) -> bool:
    return len(cells) > 0 and sum(map(looks, cells)) >= _FEWEST * len(cells)


def completed(grid: Grid, heading: Heading, stops: set[int]) -> Heading:
    """Take columns by what stands in them where their headers leave that open."""
    taken = dict(heading.taken)
    below = {at: values_below(grid, heading.row, at, stops) for at in range(grid.width())}
    _mend_ids(taken, below)
    for at, role, reason in _by_content(taken, below):
        header = read_text(grid.own(heading.row, at))
        taken[at] = Taken(role, header, 0.7, reason)
    if taken == heading.taken:
        return heading
    places: dict[str, int] = {}
    for at, one in sorted(taken.items(), key=lambda pair: (-pair[1].confidence, pair[0])):
        if one.role:
            places.setdefault(one.role, at)
    return replace(heading, places=places, taken=taken)


def _mend_ids(taken: dict[int, Taken], below: dict[int, list[Cell]]) -> None:
    """Take a column called Key result or Objective for what it holds, where that is IDs alone."""
    title = next((at for at, one in taken.items() if one.role == TITLE), None)
    for at, one in list(taken.items()):
        if (
            one.role == KEY_RESULT
            and title is not None
            and _mostly(below.get(at, []), looks_like_id)
        ):
            reason = "its cells are short names, and another column holds the titles"
            taken[at] = Taken(KEY_RESULT_ID, one.header, 0.8, reason)
            taken[title] = Taken(KEY_RESULT, taken[title].header, 0.8, "it stands beside the IDs")


def _by_content(
    taken: dict[int, Taken], below: dict[int, list[Cell]]
) -> Iterator[tuple[int, str, str]]:
    """Find what unnamed columns hold, where that leaves no doubt."""
    roles = {one.role for one in taken.values()}
    for at, cells in below.items():
        if not cells or taken.get(at, Taken("", "", 1.0, "its name is not known")).role:
            continue
        if at in taken and taken[at].reason != "its name is not known":
            continue
        for role, looks, reason in _KINDS:
            is_needless = role == "Progress" and roles & VALUES
            if role not in roles and not is_needless and _mostly(cells, looks):
                roles.add(role)
                yield at, role, reason
                break
    if (
        roles & {OBJECTIVE, KEY_RESULT}
        and not roles >= {OBJECTIVE, KEY_RESULT}
        and BOTH not in roles
    ):
        yield from _missing_title(taken, below, roles)


def _missing_title(
    taken: dict[int, Taken], below: dict[int, list[Cell]], roles: set[str]
) -> Iterator[tuple[int, str, str]]:
    """Find the titles of key results beside a column of objectives: the one with long texts."""
    if KEY_RESULT in roles or not roles & VALUES:
        return
    found = [
        at
        for at, cells in below.items()
        if (at not in taken or taken[at].reason == "its name is not known")
        and _mostly(cells, lambda cell: isinstance(cell, str) and len(cell.strip()) >= 12)
        and len(set(cells)) >= _FEWEST * len(cells)
    ]
    if len(found) == 1:
        yield found[0], KEY_RESULT, "its cells are the only long texts beside the objectives"


def is_id_column(cells: Sequence[Cell]) -> bool:
    """Tell whether cells are IDs: short names, each of them once."""
    return (
        bool(cells)
        and _mostly(cells, looks_like_id)
        and len(set(map(read_text, cells))) == len(cells)
    )
