"""Tabs with objectives as headings and their key results in the rows below them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from okr.cells import is_blank, is_error, read_text
from okr.layout import Shape
from okr.layouts.contents import looks_like_id
from okr.layouts.grid import Grid
from okr.layouts.headings import VALUES, Heading, answered_heading
from okr.layouts.lines import OBJECTIVE_LEVEL, Held, Line, Scan, cells_of, hold, is_empty
from okr.layouts.marks import Mark, fact_of, is_listed, is_total, mark_of
from okr.layouts.spellings import BOTH, KEY_RESULT, OBJECTIVE, TITLE

_TITLES = (BOTH, KEY_RESULT, OBJECTIVE, TITLE)


@dataclass(frozen=True, slots=True)
class Said:
    """The mark of a row, the column of its mark, and its title."""

    mark: Mark
    column: int
    title: Held


def marks_in(grid: Grid) -> dict[int, Said]:
    """Read the marks of all rows: ``Objective 1: …`` in a cell, or ``O1`` with the title beside."""
    found: dict[int, Said] = {}
    for row in range(len(grid.rows)):
        said = _mark_in(grid, row)
        if said is not None:
            found[row] = said
    return found or _outline(grid)


def _mark_in(grid: Grid, row: int) -> Said | None:
    """Read the mark in the first two texts of a row."""
    for column in grid.filled(row)[:2]:
        mark = mark_of(grid.own(row, column))
        if mark is None:
            continue
        title = _titled(grid, row, column, mark)
        if title is not None:
            return Said(mark, column, title)
    return None


def _titled(grid: Grid, row: int, column: int, mark: Mark) -> Held | None:
    """Find the title that a mark stands before: in its own cell, else in the next text."""
    if mark.rest:
        return Held(mark.rest, (row, column), is_shared=True)
    for at in range(column + 1, min(column + 5, len(grid.rows[row]))):
        cell = grid.own(row, at)
        if is_blank(cell):
            continue
        is_title = (
            isinstance(cell, str)
            and not is_error(cell)
            and len(cell.strip()) > 3
            and not looks_like_id(cell)
        )
        return hold(grid, row, at) if is_title else None
    return None


def _outline(grid: Grid) -> dict[int, Said]:
    """Read rows that are numbered 1, 1.1, 1.2, 2 in their first cell, with a text beside it."""
    found: dict[int, Said] = {}
    whole = ""
    for row in range(len(grid.rows)):
        filled = grid.filled(row)
        if len(filled) < 2:
            continue
        number = read_text(grid.own(row, filled[0])).rstrip(".)")
        title = grid.own(row, filled[1])
        if not isinstance(title, str) or len(title.strip()) < 4 or is_error(title):
            continue
        head, dot, rest = number.partition(".")
        if not head.isdecimal() or (dot and not rest.isdecimal()):
            continue
        if dot and head != whole:
            return {}
        whole = head
        found[row] = Said(Mark(not dot, number, ""), filled[0], hold(grid, row, filled[1]))
    below = sum(not said.mark.is_objective for said in found.values())
    return found if below >= len(found) - below >= 1 else {}


@dataclass(slots=True)
class _State:
    """Where the walk through a tab stands."""

    heading: Heading | None = None
    objective: Line | None = None
    is_open: bool = False
    is_headed: bool = False
    """Whether headers stand below the objective, so that any text below them is a key result."""
    facts: dict[str, Held] = field(default_factory=dict)
    numbered: dict[str, Line] = field(default_factory=dict)
    labels: int | None = None
    """The column whose words say of each row what it is, where they stand alone in it."""
    weights: Heading | None = None
    """The heading of a table that weighs the objectives by their numbers."""


def scan_blocks(
    grid: Grid,
    headings: dict[int, Heading],
    marks: dict[int, Said],
    how: str,
    said: Mapping[int, str] | None = None,
) -> Scan:
    """Walk through a tab from top to bottom.

    Args:
        grid: The tab.
        headings: Its rows of headers.
        marks: The rows whose first word says what they are.
        how: ``marks`` where these tell objectives; ``headings`` where the one text above each
            row of headers does; ``values`` where a row without any value is an objective.
        said: What people answered of single columns, where no headers say it.
    """
    scan = Scan(grid, Shape.BLOCKS, _SURE[how], _WHY[how])
    state = _State(labels=_label_column(marks))
    if not headings and said:
        state.heading = answered_heading(said)
        scan.headings, scan.taken = [state.heading], dict(state.heading.taken)
    for row in range(len(grid.rows)):
        filled = grid.filled(row)
        if not filled:
            state.is_open = state.is_open and how == "values"
        elif row in headings:
            _take_heading(scan, state, headings[row], how)
        elif row in marks:
            _take_marked(scan, state, row, marks[row])
        else:
            _take_plain(scan, state, row, filled, headings, how)
    scan.facts = state.facts
    return scan


_SURE = {"marks": 0.95, "headings": 0.7, "values": 0.65}
_WHY = {
    "marks": "its rows begin with words such as Objective 1 and KR 1",
    "headings": "a title stands above each table of key results",
    "values": "rows without any value are followed by rows with values",
}


def _label_column(marks: Mapping[int, Said]) -> int | None:
    """Find the column of marks that stand alone in their cells, such as a column Type."""
    columns = [said.column for said in marks.values() if not said.mark.rest]
    found = max(set(columns), key=columns.count) if columns else None
    return found if found is not None and columns.count(found) * 2 > len(marks) else None


def _take_heading(scan: Scan, state: _State, heading: Heading, how: str) -> None:
    """Let the columns be those of this heading, where it heads key results."""
    is_ours = bool(heading.places.keys() & {KEY_RESULT, BOTH, TITLE}) or (
        heading.has_values
        and (OBJECTIVE not in heading.places or (how == "marks" and not state.objective))
    )
    state.weights = None if is_ours or "Weight" not in heading.places else heading
    state.is_open = is_ours and not (OBJECTIVE in heading.places and how == "headings")
    if not is_ours:
        state.objective, state.heading = None, None
        return
    state.heading, state.is_headed = heading, state.objective is not None
    scan.headings.append(heading)
    scan.taken = dict(heading.taken) | scan.taken


def _take_marked(scan: Scan, state: _State, row: int, said: Said) -> None:
    """Take a row that says what it is."""
    if said.mark.is_objective:
        _begin(scan, state, row, said.title)
        state.is_open, state.is_headed = state.heading is not None, False
        if state.objective is not None and said.mark.number:
            state.numbered.setdefault(said.mark.number, state.objective)
        beside = _beside(scan.grid, row, said)
        if beside is not None:
            _add(scan, state, row, beside)
    else:
        _add(scan, state, row, said.title)


def _beside(grid: Grid, row: int, said: Said) -> Held | None:
    """Find a key result in the row of its objective, which says so by a mark of its own."""
    for column in grid.filled(row):
        mark = mark_of(grid.own(row, column)) if column > said.column else None
        if mark is not None and not mark.is_objective:
            return _titled(grid, row, column, mark)
    return None


def _take_plain(
    scan: Scan, state: _State, row: int, filled: list[int], headings: dict[int, Heading], how: str
) -> None:
    """Take a row without a mark: a fact, the title of what follows, a key result, or nothing."""
    grid = scan.grid
    text = grid.text(row, filled[0])
    if state.weights is not None:
        _take_weight(grid, state, row, text, state.weights)
    fact = fact_of(grid.own(row, filled[0]), grid.own(row, filled[1]) if len(filled) > 1 else "")
    if fact is not None and len(filled) <= 2:
        _take_fact(state, row, filled, *fact)
        return
    if how == "headings" and len(filled) == 1 and text and _heads_table(grid, row, headings):
        _begin(scan, state, row, hold(grid, row, filled[0]))
        return
    if state.labels is not None and grid.text(row, state.labels):
        return  # an initiative, or whatever else people keep there
    if not text or is_total(text) or is_listed(text):
        state.is_open = state.is_open and not (len(filled) == 1 and text.endswith(":"))
        return
    place = _title_place(state.heading, filled[0])
    is_ours = state.is_open and (state.is_headed or len(filled) > 1 or how != "marks")
    if not is_ours or place is None or not grid.text(row, place):
        state.is_open = False
        return
    if how == "values" and not _has_value(grid, row, state.heading):
        _begin(scan, state, row, hold(grid, row, place))
    elif state.objective is not None or how == "values":
        _add(scan, state, row, hold(grid, row, place))


def _take_weight(grid: Grid, state: _State, row: int, text: str, heading: Heading) -> None:
    """Take the weight of an objective from a table that names it by its number."""
    mark = mark_of(text)
    line = state.numbered.get(mark.number) if mark is not None and mark.is_objective else None
    held = hold(grid, row, heading.places["Weight"])
    if line is not None and type(held.cell) is float:
        line.cells.setdefault("Weight", Held(held.cell, held.place, True))


def _heads_table(grid: Grid, row: int, headings: dict[int, Heading]) -> bool:
    """Tell whether the next row with anything in it heads a table of key results."""
    below = next(
        (one for one in range(row + 1, min(row + 4, len(grid.rows))) if grid.filled(one)), -1
    )
    return below in headings and KEY_RESULT in headings[below].places


def _title_place(heading: Heading | None, first: int) -> int | None:
    """Give the column of titles; the first that is filled where the headers name none."""
    if heading is None:
        return None
    if not heading.places.keys() & {*_TITLES}:
        return first if first not in heading.taken or not heading.taken[first].role else None
    return next(
        (
            heading.places[role]
            for role in (BOTH, KEY_RESULT, TITLE, OBJECTIVE)
            if role in heading.places
        ),
        None,
    )


def _has_value(grid: Grid, row: int, heading: Heading | None) -> bool:
    places = heading.places if heading else {}
    return any(not is_empty(hold(grid, row, places[role])) for role in VALUES if role in places)


def _take_fact(state: _State, row: int, filled: list[int], column: str, value: object) -> None:
    """Note a fact of the objective that has just begun, else of all that follows."""
    place = (row, filled[-1])
    held = Held(value if isinstance(value, str | float | bool) else "", place, len(filled) == 1)
    if state.objective is not None and column in ("Owner", "Team", "Weight", "Cycle"):
        state.objective.cells.setdefault(column, held)
    elif column in ("Team", "Cycle"):
        state.facts[column] = held


def _begin(scan: Scan, state: _State, row: int, title: Held) -> None:
    """Begin an objective; what stands beside it under the headings is its own."""
    roles = ("Owner", "Weight", "ID", "Grade", "Due", *OBJECTIVE_LEVEL)
    cells = cells_of(scan.grid, row, state.heading, roles)
    plain = {
        role: held
        for role, held in cells.items()
        if not is_empty(held)
        and held.place != title.place
        and held.place
        and held.place[0] == row
        and not (isinstance(held.cell, str) and mark_of(held.cell))
    }
    state.objective = Line(scan.grid, row, title, plain)
    for role, held in state.facts.items():
        plain.setdefault(role, Held(held.cell, held.place, True))
    scan.objectives.append(state.objective)


def _add(scan: Scan, state: _State, row: int, title: Held) -> None:
    """Add a key result to the objective above it."""
    roles = [role for role in state.heading.places if role not in _TITLES] if state.heading else []
    cells = cells_of(
        scan.grid, row, state.heading, [one for one in roles if one not in OBJECTIVE_LEVEL]
    )
    cells = {role: held for role, held in cells.items() if held.place != title.place}
    scan.key_results.append(Line(scan.grid, row, title, cells, state.objective))
