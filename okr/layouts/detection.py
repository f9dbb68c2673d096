"""Any OKR sheet as the board's own tabs: what was taken for what, and what is to be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from okr.cells import read_id
from okr.columns import (
    CHECK_INS,
    CYCLES,
    HISTORY,
    LAYOUT,
    PEOPLE,
    REQUIRED,
    SETTINGS,
    TEAMS,
    find_header,
    known_tab,
    letters,
    missing_columns,
)
from okr.layout import UNSURE, ColumnReading, Layout, Question, Shape, TabReading
from okr.layouts.answers import answers_in, column_answers
from okr.layouts.canonical import Context, put_together
from okr.layouts.contexts import contexts_of
from okr.layouts.headings import VALUES
from okr.layouts.joining import are_references, join, set_copies_aside
from okr.layouts.lines import Scan
from okr.layouts.measuring import Measuring, measuring_of
from okr.layouts.renamed import bears_own_headers, with_own_headers
from okr.layouts.scanning import scan_tab
from okr.layouts.spellings import ASIDE, SCORE, STATUS, fold
from okr.model import Problem
from okr.reading import Reading, Tab

DEFAULT_LOCALE = "en_US"
_OWN = (CHECK_INS, HISTORY, SETTINGS, PEOPLE, TEAMS, CYCLES, LAYOUT)


def is_own_layout(tabs: Sequence[Tab]) -> bool:
    """Tell whether a workbook has the board's two required tabs, with all that these must have.

    One that has nearly all of the board's own headers is such a tab too: it has lost one of them.
    """
    found = {
        name: tab for tab in reversed(tabs) for name in REQUIRED if known_tab(tab.title) == name
    }
    return len(found) == len(REQUIRED) and all(
        (header := find_header(name, tab.rows)) is not None
        and (not missing_columns(name, header) or bears_own_headers(name, header))
        for name, tab in found.items()
    )


def understood(reading: Reading) -> Reading:
    """Put the tabs of a sheet together as the board's own, where it is kept in another way.

    In the board's own layout the reading stays as it is. So it does where nothing is found that
    could be read with confidence: then the layout says why, and what is to be asked.
    """
    if reading.layout is not None or is_own_layout(reading.tabs):
        return reading
    renamed = with_own_headers(reading)
    if renamed is not None:
        return renamed
    answers = answers_in(reading)
    own, others = _parted(reading.tabs)
    scans = [_scan(tab, answers) for tab in others]
    join(scans)
    set_copies_aside(scans)
    questions: list[Question] = []
    chosen = _chosen(scans, answers, questions)
    if not _is_enough(chosen, others):
        unread = tuple(_tab_reading(scan, False) for scan in scans)
        layout = Layout(unread, tuple(questions), answers)
        return replace(reading, layout=layout, sheet=reading.tabs) if others else reading
    return _put_together(reading, own, scans, chosen, answers, questions)


def _parted(tabs: Sequence[Tab]) -> tuple[list[Tab], list[Tab]]:
    """Part the tabs that are the board's own beside the OKRs from all others."""
    own: list[Tab] = []
    others: list[Tab] = []
    for tab in tabs:
        (own if _is_own(tab) else others).append(tab)
    return own, others


def _is_own(tab: Tab) -> bool:
    name = known_tab(tab.title)
    if name not in _OWN:
        return False
    if name in (HISTORY, LAYOUT):
        return True
    header = find_header(name, tab.rows)
    if header is None or missing_columns(name, header):
        return False
    return name in (CHECK_INS, SETTINGS) or scan_tab(tab, {}).shape in (
        Shape.UNREAD,
        Shape.OBJECTIVES,
    )


def _scan(tab: Tab, answers: Mapping[tuple[str, str], str]) -> Scan:
    said = column_answers(tab.title, answers)
    return scan_tab(tab, said, answers.get((fold(tab.title), "read as"), ""))


def _chosen(
    scans: Sequence[Scan], answers: Mapping[tuple[str, str], str], questions: list[Question]
) -> list[Scan]:
    """Choose the tabs that are read; what is too unsure is asked."""
    chosen: list[Scan] = []
    for scan in scans:
        if scan.shape is Shape.UNREAD:
            continue
        if scan.shape is Shape.FLAT and are_references(scan.objectives):
            scan.confidence = min(scan.confidence, 0.4)
            scan.reason = "its objectives are names such as O-1 that no other tab explains"
        if scan.confidence < UNSURE:
            asked = f"Does “{scan.title}” hold OKRs? It is not read, because {scan.reason}."
            questions.append(Question(scan.title, "read as", asked, ("OKRs", "not read")))
        else:
            chosen.append(scan)
    linked = {id(line.objective) for scan in chosen for line in scan.key_results}
    return [one for one in chosen if one.key_results or _stands_alone(one, linked, chosen)]


def _stands_alone(scan: Scan, linked: set[int], chosen: Sequence[Scan]) -> bool:
    """Tell whether a tab of objectives alone is read: as others refer to it, or by its name."""
    if any(id(line) in linked for line in scan.objectives):
        return True
    is_named = any(word in fold(scan.title) for word in ("objective", "okr", "ziele", "objetivo"))
    if is_named and scan.confidence >= UNSURE:
        return True
    scan.reason = "it has a column for objectives, and no key result belongs to any"
    return False


def _is_enough(chosen: Sequence[Scan], others: Sequence[Tab]) -> bool:
    """Tell whether what was found is the OKRs of the workbook, and not a part of the board's own.

    Where both of the board's tabs are there, and one has lost a column, half of them would be
    read as something else.
    """
    if not any(line.objective for scan in chosen for line in scan.key_results):
        return False
    required = [tab.title for tab in others if known_tab(tab.title) in REQUIRED]
    names = {known_tab(title) for title in required}
    titles = {scan.title for scan in chosen}
    return len(names) < len(REQUIRED) or all(title in titles for title in required)


def _put_together(
    reading: Reading,
    own: Sequence[Tab],
    scans: Sequence[Scan],
    chosen: Sequence[Scan],
    answers: dict[tuple[str, str], str],
    questions: list[Question],
) -> Reading:
    locale = _locale(reading, own)
    for scan in chosen:
        _ask_columns(scan, questions)
    measurings = {at: _measuring(one, locale, answers, questions) for at, one in enumerate(chosen)}
    contexts: dict[int, Context] = contexts_of(
        chosen, reading.source.title, reading.read_at.year, answers, questions
    )
    tabs = put_together(chosen, measurings, contexts)
    findings: tuple[Problem, ...] = tuple(
        problem for what in measurings.values() for problem in what.problems
    )
    read = {id(scan) for scan in chosen}
    by_scan = {id(what.scan): what for what in measurings.values()}
    layout = Layout(
        tuple(_tab_reading(scan, id(scan) in read, by_scan.get(id(scan))) for scan in scans),
        tuple(questions),
        answers,
    )
    return replace(
        reading, tabs=(*tabs, *own), layout=layout, sheet=reading.tabs, findings=findings
    )


def _ask_columns(scan: Scan, questions: list[Question]) -> None:
    """Ask what the numbers of a tab are, where no header says it."""
    if not scan.key_results or scan.roles() & {*VALUES, STATUS} - {"Start", "Target"}:
        return
    for column in range(scan.grid.width()):
        cells = [scan.grid.own(line.row, column) for line in scan.key_results]
        numbers = sum(type(cell) is float for cell in cells)
        if numbers * 2 > len(cells) and not (column in scan.taken and scan.taken[column].role):
            header = scan.taken[column].header if column in scan.taken else ""
            why = f"“{header}” does not say it" if header else "No header says it"
            name = letters(column)
            asked = f"What are the numbers in column {name} of “{scan.title}”? {why}."
            choices = ("Start", "Target", "Current", "Progress", "not read")
            questions.append(Question(scan.title, f"column {name}", asked, choices))


def _measuring(
    scan: Scan,
    locale: str,
    answers: Mapping[tuple[str, str], str],
    questions: list[Question],
) -> Measuring:
    """Find how a tab measures; a scale that could be two is asked."""
    answered: dict[str, float] = {}
    for role in ("Progress", SCORE):
        said = answers.get((fold(scan.title), f"scale of {role.casefold()}"), "")
        digits = said.rpartition(" ")[2]
        if digits in ("1", "10", "100"):
            answered[role] = float(digits)
    what = measuring_of(scan, locale, answered)
    for role, scale in what.scales.items():
        if scale.confidence < UNSURE and role == what.share:
            asked = f"Which scale has {role} in “{scan.title}”? {scale.reason.capitalize()}."
            choices = ("0 to 10", "0 to 100", "0 to 1")
            name = f"scale of {role.casefold()}"
            questions.append(Question(scan.title, name, asked, choices))
    return what


def _locale(reading: Reading, own: Sequence[Tab]) -> str:
    """Find the locale that decides between two readings of a number."""
    for tab in own:
        if known_tab(tab.title) == SETTINGS:
            for row in tab.rows:
                if len(row) > 1 and read_id(row[0]).casefold() == "locale" and row[1]:
                    return read_id(row[1])
    return reading.locale or DEFAULT_LOCALE


def _tab_reading(scan: Scan, is_read: bool, what: Measuring | None = None) -> TabReading:
    """Tell what a tab was taken for."""
    if not is_read:
        return TabReading(scan.title, Shape.UNREAD, scan.confidence, scan.reason)
    columns = tuple(
        _column_reading(at, scan, what)
        for at in sorted(scan.taken)
        if scan.taken[at].header or scan.taken[at].role
    )
    return TabReading(
        scan.title,
        scan.shape,
        scan.confidence,
        scan.reason,
        columns,
        len(scan.objectives),
        len(scan.key_results),
    )


def _column_reading(at: int, scan: Scan, what: Measuring | None) -> ColumnReading:
    taken = scan.taken[at]
    role = "" if taken.role == ASIDE else taken.role
    reason = taken.reason if role else (taken.reason if not taken.role else "known, and not needed")
    if what is not None and role:
        reason += _use_of(role, what)
    return ColumnReading(letters(at), taken.header, role, taken.confidence, reason)


def _use_of(role: str, what: Measuring) -> str:
    """Say what a column of shares or words counts for, which its name alone does not tell."""
    has_way = {"Target", "Current"} <= what.scan.roles()
    if role in what.scales:
        scale = what.scales[role].name
        return "; only where a row has no target" if has_way else f"; on a scale from {scale}"
    if role == STATUS:
        return "; its words say how the owner sees it, and done is done"
    return ""
