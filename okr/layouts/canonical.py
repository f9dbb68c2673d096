"""The rows that were found, put together as the board's own two tabs, each cell with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from okr.cells import read_id
from okr.columns import COLUMNS, KEY_RESULTS, OBJECTIVES, normalise
from okr.layouts.contents import is_id_column
from okr.layouts.lines import Held, Line, Scan, is_empty
from okr.layouts.measuring import Measuring, measured
from okr.layouts.spellings import ID, KEY_RESULT_ID, OBJECTIVE_ID, OBJECTIVE_OWNER
from okr.model import Cell, Commitment, Kind
from okr.reading import Origin, Spot, Tab

_WORDS = {
    "Kind": {normalise(one.value) for one in Kind},
    "Type": {normalise(one.value) for one in Commitment},
}
_PLAIN = ("Owner", "Weight", "Due", "Link", "Grade")


@dataclass(slots=True)
class Context:
    """What a whole tab says of its rows: their cycle and their team, and where that stands."""

    cycle: Held | None = None
    team: Held | None = None
    cycles: Mapping[str, str] = field(default_factory=dict)
    """What a cell such as ``Q4`` means, where the year is known from elsewhere."""


@dataclass(slots=True)
class _Row:
    line: Line
    cells: dict[str, Held]
    parent: int | None = None


def put_together(
    scans: Sequence[Scan], measurings: Mapping[int, Measuring], contexts: Mapping[int, Context]
) -> tuple[Tab, Tab]:
    """Make the tabs Objectives and Key results from what was found in others.

    ``measurings`` and ``contexts`` are by the place of each tab in ``scans``.
    """
    objectives: list[_Row] = []
    places: dict[int, int] = {}
    for at, scan in enumerate(scans):
        ids = _objective_ids(scan)
        for line in scan.objectives:
            places[id(line)] = len(objectives) + 1
            objectives.append(_Row(line, _objective_cells(line, contexts[at], ids)))
    results: list[_Row] = []
    for at, scan in enumerate(scans):
        ids = _result_ids(scan)
        for line in scan.key_results:
            parent = places.get(id(line.objective)) if line.objective is not None else None
            results.append(_Row(line, _result_cells(line, measurings[at], ids), parent))
    _drop_shared_ids(objectives)
    _drop_shared_ids(results)
    headers = {(one.title, at): taken.header for one in scans for at, taken in one.taken.items()}
    return _tab(OBJECTIVES, objectives, headers), _tab(KEY_RESULTS, results, headers)


# --- the cells of a row ---------------------------------------------------------------------------


def _objective_ids(scan: Scan) -> dict[int, Held]:
    """Give each objective's own ID, by the row that it was found as."""
    found: dict[int, Held] = {}
    for line in scan.objectives:
        held = line.cells.get(OBJECTIVE_ID) or line.cells.get(ID)
        if held is not None and not is_empty(held):
            found[id(line)] = held
    if found or not scan.key_results or OBJECTIVE_ID in scan.roles():
        return found
    return _ids_of_groups(scan)


def _ids_of_groups(scan: Scan) -> dict[int, Held]:
    """Take a column of IDs that says the same in all rows of an objective for the objective's."""
    said: dict[int, list[Held]] = {}
    for line in scan.key_results:
        held = line.cells.get(ID)
        if line.objective is None or held is None:
            return {}
        if not is_empty(held):
            said.setdefault(id(line.objective), []).append(held)
    own = {key: {read_id(one.cell) for one in helds} for key, helds in said.items()}
    names = [next(iter(one)) for one in own.values() if len(one) == 1]
    is_theirs = len(names) == len(own) == len(set(names)) and any(
        len(helds) > 1 for helds in said.values()
    )
    return {key: helds[0] for key, helds in said.items()} if is_theirs else {}


def _result_ids(scan: Scan) -> dict[int, Held]:
    """Give each key result's own ID, where a column holds such."""
    for role in (KEY_RESULT_ID, ID):
        found = {
            id(line): line.cells[role]
            for line in scan.key_results
            if role in line.cells and not is_empty(line.cells[role])
        }
        if found and (role == KEY_RESULT_ID or not _ids_of_groups(scan)):
            cells = [held.cell for held in found.values()]
            if role == KEY_RESULT_ID and _restarts(cells):
                return {}
            return found if role == ID or is_id_column(cells) or not _restarts(cells) else {}
    return {}


def _restarts(cells: Sequence[Cell]) -> bool:
    """Tell whether names are numbers that begin anew with each objective, and so name nothing."""
    return len({read_id(cell) for cell in cells}) * 2 <= len(cells)


def _objective_cells(line: Line, context: Context, ids: Mapping[int, Held]) -> dict[str, Held]:
    cells = {"Objective": line.title}
    if id(line) in ids:
        cells["ID"] = ids[id(line)]
    owner = line.cells.get(OBJECTIVE_OWNER) or line.cells.get("Owner")
    if owner is not None:
        cells["Owner"] = owner
    for role in ("Team", "Cycle", "Supports", "Weight", "Grade", "Type"):
        if role in line.cells and _is_known_word(role, line.cells[role]):
            cells[role] = line.cells[role]
    if is_empty(cells.get("Team")) and context.team is not None:
        cells["Team"] = context.team
    cells |= _cycle(cells.get("Cycle"), context)
    return cells


def _cycle(held: Held | None, context: Context) -> dict[str, Held]:
    """Say which cycle an objective belongs to; one whose year nobody knows is left open."""
    if held is None or is_empty(held):
        return {} if context.cycle is None else {"Cycle": context.cycle}
    said = read_id(held.cell)
    if said in context.cycles:
        return {"Cycle": Held(context.cycles[said], held.place, True)}
    return {"Cycle": held}


def _is_known_word(role: str, held: Held) -> bool:
    """Tell whether a word is one of the board's, in the columns that take only such."""
    words = _WORDS.get(role)
    return words is None or (isinstance(held.cell, str) and normalise(held.cell) in words)


def _result_cells(line: Line, what: Measuring, ids: Mapping[int, Held]) -> dict[str, Held]:
    cells = {"Key result": line.title}
    if id(line) in ids:
        cells["ID"] = ids[id(line)]
    if line.objective is not None:
        place = line.objective.title
        is_here = line.objective.grid is line.grid
        said = Held(line.objective.text, place.place if is_here else None, True)
        cells["Objective"] = line.reference or said
    elif line.reference is not None:
        cells["Objective"] = line.reference
    for role in _PLAIN:
        if role in line.cells:
            cells[role] = line.cells[role]
    cells |= {
        role: held
        for role, held in measured(what, line).items()
        if role != "Kind" or _is_known_word(role, held)
    }
    return cells


def _drop_shared_ids(rows: Sequence[_Row]) -> None:
    """Take IDs that begin anew in each tab for none; one doubled within its own tab is kept."""
    first: dict[str, str] = {}
    tabs: set[str] = set()
    for row in rows:
        held = row.cells.get("ID")
        if held is None or is_empty(held):
            continue
        name, tab = read_id(held.cell).casefold(), row.line.grid.tab.title
        if first.setdefault(name, tab) != tab:
            tabs |= {tab, first[name]}
    for row in rows:
        if row.line.grid.tab.title in tabs:
            row.cells.pop("ID", None)


# --- the tab --------------------------------------------------------------------------------------


def _tab(name: str, rows: Sequence[_Row], headers: Mapping[tuple[str, int], str]) -> Tab:
    """Lay rows out as the board does, with those columns alone that any of them has."""
    used = {
        role for row in rows for role, held in row.cells.items() if held.place or held.cell != ""
    }
    if name == KEY_RESULTS:
        used |= {"Objective"}
    columns = [column for column in COLUMNS[name] if column in used]
    laid: list[tuple[Cell, ...]] = [tuple(columns)]
    spots: dict[tuple[int, int], Spot] = {}
    shared: set[tuple[int, int]] = set()
    lacking: set[tuple[int, int]] = set()
    for number, row in enumerate(rows, 1):
        laid.append(tuple(row.cells[one].cell if one in row.cells else "" for one in columns))
        for place, column in enumerate(columns):
            held = row.cells.get(column)
            if held is None or held.place is None:
                shared.add((number, place))
                continue
            spots[number, place] = Spot(row.line.grid.tab.title, *held.place)
            if held.is_shared:
                shared.add((number, place))
            if held.lacks_value:
                lacking.add((number, place))
    origin = Origin(
        spots,
        frozenset(shared),
        headers,
        {number: _spot(row) for number, row in enumerate(rows, 1)},
        {number: row.parent for number, row in enumerate(rows, 1) if row.parent is not None},
    )
    hidden = frozenset(
        n for n, row in enumerate(rows, 1) if row.line.row in row.line.grid.tab.hidden_rows
    )
    return Tab(name, laid, frozenset(lacking), hidden_rows=hidden, origin=origin)


def _spot(row: _Row) -> Spot:
    return Spot(row.line.grid.tab.title, *(row.line.title.place or (row.line.row, 0)))
