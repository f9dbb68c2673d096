"""Tabs that belong together: key results find their objectives, and copies are set aside."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from okr.cells import is_error, read_id
from okr.layout import Shape
from okr.layouts.contents import looks_like_id
from okr.layouts.lines import Held, Line, Scan, hold
from okr.layouts.marks import part_in, period_in
from okr.layouts.scanning import is_copy_by_name
from okr.layouts.spellings import ID, KEY_RESULT, OBJECTIVE, OBJECTIVE_ID
from okr.registers import folded

_FEWEST = 0.5
_ALIKE = 0.6


def join(scans: list[Scan]) -> None:
    """Lead the key results of one tab to the objectives of another, by whatever column does it."""
    registers = [scan for scan in scans if scan.shape is Shape.OBJECTIVES]
    own = [one for one in registers if not (is_copy_by_name(one.title) or _computes(one))]
    for scan in scans:
        if scan.shape in (Shape.KEY_RESULTS, Shape.FLAT):
            found = _best(scan, own)
            if found is None and scan.shape is Shape.KEY_RESULTS:
                found = _best(scan, registers)
            if found is not None:
                _link(scan, *found)
    for scan in scans:
        if scan.shape is Shape.KEY_RESULTS and not any(line.objective for line in scan.key_results):
            scan.confidence = min(scan.confidence, 0.45)
            scan.reason += ", and none says to which objective it belongs"


@dataclass(frozen=True, slots=True)
class _Names:
    """How the objectives of a register may be named, by the cells of one of its columns."""

    lines: Mapping[str, Line]
    column: int | None = None


def _names(register: Scan) -> Iterator[_Names]:
    """Give the columns that name the objectives of a register, its IDs before its titles."""
    title = register.headings[0].places[OBJECTIVE]
    for column in range(register.grid.width()):
        said = [_said(register, line, column) for line in register.objectives]
        filled = [one for one in said if one]
        is_sure = len(set(filled)) == len(filled) and len(filled) * 2 > len(said)
        if column != title and is_sure and all(map(looks_like_id, filled)):
            pairs = zip(said, register.objectives, strict=True)
            yield _Names({name: line for name, line in pairs if name}, column)
    yield _Names({folded(line.text): line for line in reversed(register.objectives)})


def _best(scan: Scan, registers: Sequence[Scan]) -> tuple[int, _Names, float] | None:
    """Find the column of a tab whose cells name the objectives of a register most often."""
    title = scan.headings[0].places[KEY_RESULT]
    best: tuple[int, _Names, float] | None = None
    for register in registers:
        for names in _names(register):
            for column in range(scan.grid.width()):
                share = _share(scan, column, names.lines) if column != title else 0.0
                if share >= _FEWEST and (best is None or share > best[2]):
                    best = (column, names, share)
    return best


def _share(scan: Scan, column: int, names: Mapping[str, Line]) -> float:
    said = [_said(scan, line, column) for line in scan.key_results]
    filled = [one for one in said if one]
    known = [one for one in filled if one in names]
    if len(filled) < len(said) * _FEWEST or (len(set(known)) < 2 and len(names) > 2):
        return 0.0
    return len(known) / len(filled) if filled else 0.0


def _said(scan: Scan, line: Line, column: int) -> str:
    cell = scan.grid.cell(line.row, column)
    return "" if is_error(cell) else folded(read_id(cell))


def _link(scan: Scan, column: int, names: _Names, share: float) -> None:
    """Follow the references of a tab; its own objectives, if it had any, were references."""
    header = scan.headings[0].taken.get(column)
    word = f"“{header.header}”" if header and header.header else "a column"
    scan.shape, scan.objectives = Shape.KEY_RESULTS, []
    scan.confidence = 0.95 if share > 0.8 else 0.8
    scan.reason = f"{word} names objectives of another tab"
    last: Held | None = None
    for line in scan.key_results:
        if header is not None:
            line.cells.pop(header.role, None)
        held = hold(scan.grid, line.row, column)
        if held.cell == "" and last is not None and scan.taken.get(column) is not None:
            held = Held(last.cell, last.place, True)
        last = held
        line.reference = held
        line.objective = names.lines.get(folded(read_id(held.cell)))
    for line in names.lines.values():
        if names.column is not None:
            line.cells[ID] = hold(line.grid, line.row, names.column)
    if header is not None and header.role in ("", OBJECTIVE_ID, OBJECTIVE, "Supports"):
        scan.taken[column] = replace(
            header,
            role=OBJECTIVE,
            confidence=0.95,
            reason="its cells name objectives of another tab",
        )


# --- copies ---------------------------------------------------------------------------------------


def set_copies_aside(scans: Sequence[Scan]) -> None:
    """Leave unread the tabs that repeat what others hold, such as dashboards and logs."""
    chosen = sorted(
        (one for one in scans if one.shape is not Shape.UNREAD), key=_wealth, reverse=True
    )
    kept: list[Scan] = []
    for scan in chosen:
        other = next((one for one in kept if _repeats(scan, one)), None)
        if other is None:
            kept.append(scan)
        else:
            scan.shape, scan.confidence = Shape.UNREAD, 0.85
            scan.reason = f"it repeats what “{other.title}” holds"


def _wealth(scan: Scan) -> tuple[float, ...]:
    """Say how much a tab holds of its own, so that the fullest of several alike is kept."""
    roles = scan.roles()
    values = len(roles & {"Start", "Target", "Current"})
    is_used = any(
        line.objective and line.objective.grid is not line.grid for line in scan.key_results
    )
    return (
        not is_copy_by_name(scan.title),
        bool(scan.key_results),
        scan.confidence >= 0.5,
        is_used,
        values,
        len(roles),
        len(scan.key_results),
    )


def _repeats(scan: Scan, other: Scan) -> bool:
    """Tell whether most of what one tab holds stands in another one too."""
    if scan.key_results:
        own = _titles(scan.key_results)
        there = _titles(other.key_results)
        if scan.objectives and other.objectives:  # two teams may well measure the same
            aims = _overlap(_titles(scan.objectives), _titles(other.objectives))
            if aims < _ALIKE:
                return False
        return _overlap(own, there) >= _ALIKE and not _are_of_two_times(scan, other)
    if any(line.objective in scan.objectives for line in other.key_results):
        return False  # its key results stand there
    own, there = _titles(scan.objectives), _titles(other.objectives)
    return bool(other.key_results or is_copy_by_name(scan.title) or _computes(scan)) and (
        _overlap(own, there) >= _ALIKE and not _are_of_two_times(scan, other)
    )


def _computes(scan: Scan) -> bool:
    return bool(scan.roles() & {"Progress", "Score", "Status"}) and ID not in scan.roles()


def _titles(lines: Iterable[Line]) -> list[str]:
    return [folded(line.text) for line in lines]


def _overlap(own: Sequence[str], there: Sequence[str]) -> float:
    known = set(there)
    return sum(one in known for one in own) / len(own) if own else 0.0


def _are_of_two_times(scan: Scan, other: Scan) -> bool:
    """Tell whether two tabs speak of two periods, by their names or by what stands in them."""
    first, second = _time_of(scan), _time_of(other)
    return bool(first and second and first != second)


def _time_of(scan: Scan) -> str:
    said = {read_id(line.says("Cycle")) for line in (*scan.objectives, *scan.key_results)} - {""}
    if said:
        return ";".join(sorted(map(folded, said)))
    fact = scan.facts.get("Cycle")
    named = period_in(scan.title) or part_in(scan.title)
    return folded(read_id(fact.cell)) if fact else folded(named)


def are_references(lines: Sequence[Line]) -> bool:
    """Tell whether what was taken for titles of objectives are IDs of rows that are nowhere."""
    return bool(lines) and sum(looks_like_id(line.text) for line in lines) > len(lines) / 2
