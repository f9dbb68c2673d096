"""One tab at a time: whether it holds OKRs, in which shape, and which rows they are."""

from collections.abc import Mapping

from okr.cells import is_error
from okr.layout import Shape
from okr.layouts.blocks import Said, marks_in, scan_blocks
from okr.layouts.contents import completed
from okr.layouts.flat import scan_flat, scan_key_results, scan_objectives
from okr.layouts.grid import Grid, grid_of
from okr.layouts.headings import Heading, find_headings
from okr.layouts.lines import Scan, is_empty, unread
from okr.layouts.marks import mark_of
from okr.layouts.spellings import BOTH, KEY_RESULT, OBJECTIVE, fold, words
from okr.reading import Tab

_ASIDE_TABS = words(
    """
    instructions;instruction;how to;howto;how to use;guide;guidelines;readme;read me;help;about;
    example;examples;sample;template;templates;legend;lists;lookups;dropdowns;data validation;
    notes;faq;glossary;definitions;scoring guide;okr guide;introduction;intro;tips;training;
    anleitung;hinweise;hilfe;beispiel;beispiele;vorlage;vorlagen;notizen;legende;glossar;
    instructions d utilisation;mode d emploi;exemple;exemples;modele;aide;instrucciones;ejemplo;
    ejemplos;plantilla;ayuda;notas;instrucoes;exemplo;exemplos;modelo;ajuda;archive;old;backup;
    copy
    """
)
_COPIES = words(
    """
    dashboard;summary;overview;scorecard;rollup;roll up;report;okr board;pivot;chart;charts;
    ubersicht;uebersicht;zusammenfassung;cockpit;synthese;tableau de bord;resumen;tablero;
    resumo;painel
    """
)


def is_aside(title: str) -> bool:
    """Tell whether a tab is by its name there to explain rather than to hold."""
    name = fold(title)
    return name in _ASIDE_TABS or any(
        name.startswith(f"{word} ") or name.endswith(f" {word}")
        for word in _ASIDE_TABS
        if len(word) > 5
    )


def is_copy_by_name(title: str) -> bool:
    """Tell whether a tab is by its name there to show what others hold."""
    name = f" {fold(title)} "
    return any(f" {word} " in name for word in _COPIES)


def scan_tab(tab: Tab, said: Mapping[int, str], read_as: str = "") -> Scan:
    """Find the OKRs of one tab.

    Args:
        tab: The tab.
        said: What people answered of single columns, by 0-based column.
        read_as: What they answered of the tab itself, "" where nothing.
    """
    grid = grid_of(tab)
    if read_as == "not read":
        return unread(grid, "so it was answered")
    if not any(map(grid.filled, range(len(grid.rows)))):
        return unread(grid, "it is empty")
    if tab.is_hidden and not read_as:
        return unread(grid, "it is hidden", 0.8)
    headings = _headings(grid, said)
    scan = _scan(grid, headings, said)
    _judge(scan)
    if read_as in ("okrs", "read") and scan.shape is not Shape.UNREAD:
        scan.confidence, scan.reason = 1.0, "so it was answered"
    elif is_aside(tab.title) and scan.shape is not Shape.UNREAD:
        scan.confidence, scan.reason = 0.3, "by its name it explains, and holds no OKRs of its own"
    return scan


def _headings(grid: Grid, said: Mapping[int, str]) -> dict[int, Heading]:
    found = find_headings(grid, said)
    stops = set(found)
    return {row: completed(grid, heading, stops) for row, heading in found.items()}


def _scan(grid: Grid, headings: dict[int, Heading], said: Mapping[int, str]) -> Scan:
    """Choose the shape that fits a tab."""
    flat = [one for one in headings.values() if one.has(OBJECTIVE, KEY_RESULT)]
    marks = marks_in(grid)
    objectives = [
        row for row, one in marks.items() if one.mark.is_objective and row not in headings
    ]
    results = [
        row for row, one in marks.items() if not one.mark.is_objective and row not in headings
    ]
    marks = {row: marks[row] for row in (*objectives, *results)}
    if flat and not _is_marked(flat[0], marks, objectives, results):
        return scan_flat(grid, flat)
    titled = [one for one in headings.values() if KEY_RESULT in one.places or BOTH in one.places]
    valued = [one for one in headings.values() if one.has_values and OBJECTIVE not in one.places]
    if objectives and (results or titled or valued):
        found = scan_blocks(grid, headings, dict(sorted(marks.items())), "marks", said)
        if found.key_results:
            return found
    both = [one for one in titled if BOTH in one.places]
    if both and both[0].has_values:
        return scan_blocks(grid, headings, {}, "values")
    if len(titled) >= 2:
        return scan_blocks(grid, headings, {}, "headings")
    if titled:
        return scan_key_results(grid, titled)
    named = [one for one in headings.values() if OBJECTIVE in one.places]
    if named:
        return scan_objectives(grid, named)
    if _is_wide(grid):
        return unread(grid, "its key results stand side by side, several in one row")
    return unread(
        grid,
        "it has no headers that the board knows"
        if not headings
        else "it holds neither objectives nor key results",
    )


def _is_wide(grid: Grid) -> bool:
    """Tell whether a row of headers names several key results: Key result 1, Key result 2."""
    for row in range(min(len(grid.rows), 30)):
        marks = [mark_of(grid.own(row, at)) for at in grid.filled(row)]
        if len({one.number for one in marks if one and not one.is_objective and one.number}) > 1:
            return True
    return False


def _is_marked(
    heading: Heading, marks: Mapping[int, Said], objectives: list[int], results: list[int]
) -> bool:
    """Tell whether marks in one column tell both kinds of rows, whatever its headers say."""
    columns = {marks[row].column for row in objectives} & {marks[row].column for row in results}
    return bool(columns) and len(objectives) >= 1 and len(results) >= 2


def _judge(scan: Scan) -> None:
    """Doubt what has nothing to count, and say what is empty."""
    if scan.shape is Shape.UNREAD:
        return
    if not scan.objectives and not scan.key_results:
        scan.shape, scan.reason = Shape.UNREAD, "it has headers, and nothing below them"
        return
    if scan.shape is Shape.OBJECTIVES:
        scan.confidence = min(scan.confidence, 0.8)
        return
    if not scan.key_results:
        scan.confidence, scan.reason = 0.4, "it has objectives, and no key results below them"
    elif not any(_counts(scan)):
        scan.confidence = min(scan.confidence, 0.55 if scan.shape is Shape.FLAT else 0.5)
        scan.reason += "; no column says how far they are"


def _counts(scan: Scan) -> list[bool]:
    roles = ("Target", "Current", "Progress", "Score", "Status", "Start", "Confidence")
    return [
        any(not is_empty(line.cells.get(role)) and not is_error(line.says(role)) for role in roles)
        for line in scan.key_results
    ]
