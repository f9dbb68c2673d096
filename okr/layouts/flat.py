"""Tabs with a key result a row: its objective stands beside it, above it, or in another tab."""

from collections.abc import Iterator
from itertools import pairwise

from okr.cells import is_blank, is_error
from okr.layout import Shape
from okr.layouts.grid import Grid
from okr.layouts.headings import VALUES, Heading
from okr.layouts.lines import OBJECTIVE_LEVEL, Held, Line, Scan, cells_of, hold, is_empty
from okr.layouts.marks import fact_of, is_total, period_in
from okr.layouts.spellings import KEY_RESULT, OBJECTIVE, OBJECTIVE_ID
from okr.registers import folded

_LONGEST_NAME = 4
"""Words that the name of a team may have; an objective is rarely put in so few."""

NOT_CELLS = {OBJECTIVE, KEY_RESULT}


def rows_below(grid: Grid, heading: Heading, stops: set[int]) -> Iterator[int]:
    """Give the rows below a heading that hold anything, up to where another table begins."""
    number = heading.row + 1
    while number < len(grid.rows) and number not in stops:
        if grid.filled(number):
            yield number
        number += 1


def scan_flat(grid: Grid, headings: list[Heading]) -> Scan:
    """Read the tables that have a column of objectives and one of key results."""
    scan = Scan(grid, Shape.FLAT, 1.0, "it has columns for objectives and for key results")
    stops = {heading.row for heading in headings}
    scan.facts = _facts_above(grid, headings[0].row)
    for heading in headings:
        if heading.has(OBJECTIVE, KEY_RESULT):
            scan.headings.append(heading)
            scan.taken = dict(heading.taken) | scan.taken
            _read_table(scan, heading, stops)
    return scan


def _facts_above(grid: Grid, end: int) -> dict[str, Held]:
    """Read lines such as ``Team: Platform`` above a table."""
    found: dict[str, Held] = {}
    for row in range(end):
        filled = grid.filled(row)
        if not filled or len(filled) > 2:
            continue
        beside = grid.own(row, filled[1]) if len(filled) > 1 else ""
        fact = fact_of(grid.own(row, filled[0]), beside)
        if fact is not None and fact[0] in ("Team", "Cycle"):
            found.setdefault(fact[0], Held(fact[1], (row, filled[-1]), True))
    return found


def _read_table(scan: Scan, heading: Heading, stops: set[int]) -> None:
    """Read one table; an objective holds until another stands in its column."""
    grid, above = scan.grid, dict[tuple[str, ...], Line]()
    sections = _sections(grid, heading, stops)
    section: dict[str, Held] = {}
    current: Line | None = None
    last: dict[str, Held] = {}
    waiting: list[Line] = []
    was_gap, previous = False, heading.row
    for row in rows_below(grid, heading, stops):
        was_gap, previous = row > previous + 1, row
        said, title = (
            hold(grid, row, heading.places[OBJECTIVE]),
            grid.text(row, heading.places[KEY_RESULT]),
        )
        result = hold(grid, row, heading.places[KEY_RESULT])
        if row in sections:
            section, current, last = sections[row], None, {}
            continue
        is_merged_row = result.place == said.place and not is_empty(result)
        if (
            is_merged_row
            or is_total(title)
            or (not title and is_total(grid.text(row, heading.places[OBJECTIVE])))
        ):
            continue
        if _is_remark(grid, row, heading, was_gap):
            break
        own = _objective_cells(grid, row, heading, last, is_new=not is_empty(said))
        own |= {role: held for role, held in section.items() if is_empty(own.get(role))}
        if not is_empty(said):
            key = (
                folded(str(said.cell)),
                *(folded(str(own[one].cell)) for one in ("Team", "Cycle") if one in own),
            )
            if current is None or key not in above or above[key] is not current:
                current = above.get(key) or _begin(scan, row, said, own)
                above[key] = current
        last |= {role: held for role, held in own.items() if not is_empty(held)}
        if is_blank(result.cell) or is_error(result.cell):
            if not is_empty(said) and current is not None and current.row == row:
                waiting.append(current)
            continue
        line = Line(grid, row, result, _key_result_cells(grid, row, heading), current)
        scan.key_results.append(line)
    _drop_remarks(scan, waiting)


def _sections(grid: Grid, heading: Heading, stops: set[int]) -> dict[int, dict[str, Held]]:
    """Find the rows that part a table: a period, or the name of a team, alone above objectives."""
    rows = list(rows_below(grid, heading, stops))
    found: dict[int, dict[str, Held]] = {}
    names = 0
    for row, below in pairwise(rows):
        filled = grid.filled(row)
        text = grid.text(row, filled[0])
        goes_on = all(grid.text(below, heading.places[one]) for one in (OBJECTIVE, KEY_RESULT))
        if len(filled) > 1 or not text or not goes_on or filled[0] == heading.places[KEY_RESULT]:
            continue
        held = Held(text, (row, filled[0]), True)
        if period_in(text) == text.strip():
            found[row] = {"Cycle": held}
        elif len(text.split()) <= _LONGEST_NAME and text != grid.text(below, filled[0]):
            names += 1
            found[row] = {"Team": held}
    return found if names != 1 else {row: one for row, one in found.items() if "Cycle" in one}


def _is_remark(grid: Grid, row: int, heading: Heading, was_gap: bool) -> bool:
    """Tell whether a row after a gap begins something else: one text alone, with nothing below."""
    if not was_gap or len(grid.filled(row)) > 1:
        return False
    at = grid.filled(row)[0]
    if at == heading.places[KEY_RESULT]:
        return False
    if at == heading.places[OBJECTIVE]:
        below = next(
            (one for one in range(row + 1, min(row + 4, len(grid.rows))) if grid.filled(one)), None
        )
        return (
            below is None
            or not grid.text(below, heading.places[KEY_RESULT])
            or bool(grid.text(below, heading.places[OBJECTIVE]))
        )
    return at not in heading.taken or heading.taken[at].role == ""


def _objective_cells(
    grid: Grid, row: int, heading: Heading, last: dict[str, Held], is_new: bool
) -> dict[str, Held]:
    """Take what a row says of its objective; a blank below another row means the same as there."""
    found = cells_of(grid, row, heading, OBJECTIVE_LEVEL)
    for role, held in found.items():
        if is_empty(held) and role in last and (not is_new or role in ("Team", "Cycle")):
            found[role] = Held(last[role].cell, last[role].place, True)
    return found


def _begin(scan: Scan, row: int, said: Held, own: dict[str, Held]) -> Line:
    """Begin an objective."""
    line = Line(
        scan.grid, row, said, {role: held for role, held in own.items() if not is_empty(held)}
    )
    scan.objectives.append(line)
    return line


def _key_result_cells(grid: Grid, row: int, heading: Heading) -> dict[str, Held]:
    roles = [
        role for role in heading.places if role not in NOT_CELLS and role not in OBJECTIVE_LEVEL
    ]
    return cells_of(grid, row, heading, roles)


def _drop_remarks(scan: Scan, waiting: list[Line]) -> None:
    """Drop objectives below the last key result that nothing stands beside: they are remarks."""
    last = max((line.row for line in scan.key_results), default=-1)
    parents = {id(line.objective) for line in scan.key_results}
    for line in waiting:
        if id(line) not in parents and line.row > last and len(scan.grid.filled(line.row)) == 1:
            scan.objectives.remove(line)


# --- tabs that hold one kind of row --------------------------------------------------------------


def scan_objectives(grid: Grid, headings: list[Heading]) -> Scan:
    """Read a table with an objective a row."""
    scan = Scan(
        grid, Shape.OBJECTIVES, 0.9, "it has a column for objectives and none for key results"
    )
    heading = next(one for one in headings if one.has(OBJECTIVE))
    scan.headings, scan.taken = [heading], dict(heading.taken)
    for row in rows_below(grid, heading, {one.row for one in headings}):
        title = hold(grid, row, heading.places[OBJECTIVE])
        if is_blank(title.cell) or not isinstance(title.cell, str) or is_total(title.cell):
            continue
        roles = [role for role in heading.places if role not in (*NOT_CELLS, *VALUES)]
        scan.objectives.append(Line(grid, row, title, cells_of(grid, row, heading, roles)))
    return scan


def scan_key_results(grid: Grid, headings: list[Heading]) -> Scan:
    """Read a table with a key result a row, whose objective stands elsewhere."""
    reason = "it has a column for key results and none for objectives"
    scan = Scan(grid, Shape.KEY_RESULTS, 0.9, reason)
    heading = next(one for one in headings if one.has(KEY_RESULT))
    scan.headings, scan.taken = [heading], dict(heading.taken)
    for row in rows_below(grid, heading, {one.row for one in headings}):
        title = hold(grid, row, heading.places[KEY_RESULT])
        if is_blank(title.cell) or is_error(title.cell) or is_total(str(title.cell)):
            continue
        roles = [role for role in heading.places if role not in NOT_CELLS]
        line = Line(grid, row, title, cells_of(grid, row, heading, roles))
        if heading.has(OBJECTIVE_ID):
            line.reference = line.cells.pop(OBJECTIVE_ID)
        elif heading.has(OBJECTIVE):
            line.reference = hold(grid, row, heading.places[OBJECTIVE])
        scan.key_results.append(line)
    return scan
