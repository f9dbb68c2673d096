"""What a person typed into a field of an objective or key result, in the words of Sheet health."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from okr.cells import (
    Finding,
    Read,
    number_readings,
    read_choice,
    read_confidence,
    read_done,
    read_id,
    read_text,
)
from okr.checkpoints import read_pace
from okr.columns import KEY_RESULTS, OBJECTIVES, Header, normalise
from okr.cross_checks import Whole, report_rows
from okr.cycles import find_cycle, needs_dates, parse_cycle
from okr.model import (
    Cell,
    Commitment,
    KeyResult,
    Kind,
    Objective,
    Problem,
    RollUp,
    Severity,
    Snapshot,
    State,
)
from okr.parsing import parse_key_result, parse_objective, readers, split_references
from okr.reading import Tab
from okr.registers import Found, Listed, Register, folded
from okr.serials import serial_of
from okr.tables import Row, Table
from okr.workbooks.editing import EDITABLE, TITLES
from okr.workbooks.entries import same
from okr.workbooks.xlsx_cells import UNFIT

LONGEST_TEXT = 10_000
"""Characters of a text; both homes could hold more, no reader would."""

WORDS: Mapping[tuple[str, str], type[StrEnum]] = {
    (OBJECTIVES, "Type"): Commitment,
    (OBJECTIVES, "State"): State,
    (OBJECTIVES, "Roll-up"): RollUp,
    (KEY_RESULTS, "Kind"): Kind,
    (KEY_RESULTS, "State"): State,
}
"""The words of the columns that take one of a list."""

_LINE_BREAK = re.compile("\r\n?|\x0b|\x0c")
_LONG = frozenset({"Closing note"})
_HOMELESS = "Type the ID of its objective, or the objective's exact title."

Understood = tuple[Cell | None, Finding | None]
"""The cell that is to be written, None where nobody knows it; and what there is to say of it."""


@dataclass(frozen=True, slots=True)
class About:
    """What the fields are about: a tab, the entity of a row that is there, and its cells."""

    snapshot: Snapshot
    tab: str
    entity: Objective | KeyResult | None
    held: Mapping[str, Cell]
    kind: Kind | None = None

    @property
    def locale(self) -> str:
        """Name the locale that decides how numbers and dates are read."""
        return self.snapshot.settings.locale


def about(
    snapshot: Snapshot,
    tab: str,
    typed: Mapping[str, str],
    entity: Objective | KeyResult | None = None,
    held: Mapping[str, Cell] | None = None,
) -> About:
    """Say what fields are about; the Kind that is typed says how its numbers are read."""
    kind = entity.kind if isinstance(entity, KeyResult) else None
    if "Kind" in typed:
        word = read_choice(typed["Kind"], "Kind", [one.value for one in Kind])[0]
        kind = Kind(word) if word else None
    return About(snapshot, tab, entity, held or {}, kind)


def understand(what: About, column: str, text: str) -> Understood:
    """Understand what was typed for a column; "" empties the cell."""
    if not read_text(text):
        return _blank(what, column)
    words = WORDS.get((what.tab, column))
    if words is not None:
        return _of(*read_choice(text, column, [one.value for one in words]))
    special = _SPECIAL.get((what.tab, column)) or _NUMBERS.get(column)
    return special(what, column, text) if special else clean(text, column, column in _LONG)


def _blank(what: About, column: str) -> Understood:
    if column == TITLES[what.tab]:
        return None, _error(f"{column} is empty.", "Give it a title.")
    if (what.tab, column) == (KEY_RESULTS, "Objective"):
        message = "It names no objective, so the key result counts nowhere."
        return None, _error(message, _HOMELESS)
    return "", None


def clean(text: str, column: str, is_long: bool = False) -> Understood:
    """Take a text as it was typed; what no workbook can hold is an error."""
    kept = read_text(line_breaks(text))
    if unfit := find_unfit(kept, column):
        return None, unfit
    kept = kept if is_long else " ".join(kept.split())
    if len(kept) > LONGEST_TEXT:
        message = f"{column} has {len(kept):,} characters; {LONGEST_TEXT:,} fit."
        return None, _error(message, "Shorten it.")
    return kept, None


def line_breaks(text: str) -> str:
    """Give all line breaks in one way, also those that Word and PowerPoint paste."""
    return _LINE_BREAK.sub("\n", text)


def find_unfit(text: str, column: str) -> Finding | None:
    """Find a character that no workbook can hold; None where there is none."""
    found = UNFIT.search(text)
    if found is None:
        return None
    message = f"{column} has a character that no workbook can hold (U+{ord(found[0]):04X})."
    return _error(message, f"Nobody can see it. Type {column} anew, or paste it as plain text.")


def read_belief(text: str) -> Read[float]:
    """Read a typed confidence; unlike a cell's, one that cannot be read is not passed over."""
    share, finding = read_confidence(text, "Confidence")
    if share is None and finding is not None:
        finding = replace(finding, message=f"Confidence “{text.strip()}” cannot be read.")
    return share, finding


def _error(message: str, remedy: str) -> Finding:
    return Finding(Severity.ERROR, message, remedy)


def _of(value: Cell | None, finding: Finding | None) -> Understood:
    """Take what a reader gives; what is only a remark on text among numbers is none here."""
    if value is None:
        return None, finding
    return value, finding if finding and finding.severity is Severity.ERROR else None


def _number(what: About, column: str, text: str) -> Understood:
    if what.kind is Kind.DONE and column in ("Target", "Current"):
        done, finding = read_done(text, column)
        return (None if done is None else bool(done)), finding
    number, finding = _of(*readers(what.locale).number(text, column))
    if number is not None and len(number_readings(text)) > 1:
        said = f"{column} “{text.strip()}” is read as {read_text(number)} (locale {what.locale})."
        finding = Finding(Severity.WARNING, said, "Leave out what parts the thousands.")
    return number, finding


def _weight(what: About, column: str, text: str) -> Understood:
    weight, finding = readers(what.locale).weight(text, column)
    is_wrong = finding is not None and finding.severity is Severity.ERROR
    return (None, finding) if is_wrong else (weight, None)


def _grade(what: About, column: str, text: str) -> Understood:
    return _of(*readers(what.locale).grade(text, column))


def _share(what: About, column: str, text: str) -> Understood:
    return _of(*readers(what.locale).share(text, column))


def _confidence(what: About, column: str, text: str) -> Understood:
    return _of(*read_belief(text))


def _day(what: About, column: str, text: str) -> Understood:
    day, finding = readers(what.locale).day(text, column)
    if day is None:
        return None, finding
    is_guess = finding is not None and not text.strip()[:4].isdecimal()
    said = f"{column} “{text.strip()}” is read as {day.isoformat()} (locale {what.locale})."
    remark = Finding(Severity.WARNING, said, "Type it as year-month-day to leave no doubt.")
    return serial_of(day), remark if is_guess else None


def _pace(what: About, column: str, text: str) -> Understood:
    """Take a pace as it was typed, if its checkpoints can be read."""
    kept, finding = clean(text, column)
    if kept is None:
        return None, finding
    _, wrong = read_pace(kept, column, what.locale, None)  # its way is looked at with the row
    is_wrong = wrong is not None and wrong.severity is Severity.ERROR
    return (None, wrong) if is_wrong else (kept, None)


def _cycle(what: About, column: str, text: str) -> Understood:
    name = read_id(text)
    known = find_cycle(what.snapshot.cycles, name)
    if known is not None:
        return known.name, None
    return (name, None) if parse_cycle(name) else (None, needs_dates(name))


def _team(what: About, column: str, text: str) -> Understood:
    name = read_id(text)
    teams = [team.name for team in what.snapshot.teams]
    organisation = what.snapshot.settings.organisation
    known = next((one for one in (*teams, organisation) if normalise(one) == normalise(name)), "")
    if known or not teams:
        return known or name, None
    message = (
        f"The team “{name}” is not in the Teams tab; it is shown directly below {organisation}."
    )
    return name, Finding(
        Severity.WARNING, message, "Add it to the Teams tab, or correct its name here."
    )


def _objective(what: About, column: str, text: str) -> Understood:
    """Follow the reference of a key result to its objective."""
    reference = read_id(text)
    found = _referred(what.snapshot.objectives, reference)
    if not found:
        message = f"There is no objective “{reference}”, so the key result counts nowhere."
        return None, _error(message, _HOMELESS)
    return _reference(found[0], len(found))


def _supports(what: About, column: str, text: str) -> Understood:
    """Follow the references of an objective; those that stood there already may stay."""
    kept = {folded(one) for one in split_references(read_text(what.held.get(column, "")))}
    named: list[str] = []
    finding: Finding | None = None
    for reference in split_references(text):
        found: Sequence[Objective | KeyResult] = (
            _referred(what.snapshot.objectives, reference)
        ) or _referred(what.snapshot.key_results, reference)
        if found and what.entity is not None and found[0].key == what.entity.key:
            message = "The objective supports itself, which counts for nothing."
            return None, _error(message, "Name the objective above it, or empty the field.")
        if found:
            name, remark = _reference(found[0], len(found))
            named.append(str(name))
            finding = finding or remark
        elif folded(reference) in kept:
            named.append(reference)
        else:
            message = f"There is no objective or key result “{reference}” to support."
            return None, _error(message, "Type the ID or the exact title of what it supports.")
    return "; ".join(dict.fromkeys(named)), finding


def _referred(
    entities: Sequence[Objective] | Sequence[KeyResult], reference: str
) -> list[Objective | KeyResult]:
    """Find what a reference means: an ID, else an exact title, else one in another case."""
    ways: tuple[Callable[[Objective | KeyResult], bool], ...] = (
        lambda one: folded(one.id or "") == folded(reference),
        lambda one: one.title == reference,
        lambda one: folded(one.title) == folded(reference),
    )
    return next((found for way in ways if (found := [one for one in entities if way(one)])), [])


def _reference(one: Objective | KeyResult, count: int) -> Understood:
    """Refer to a row by its ID, else by its title."""
    if one.id is not None and count == 1:
        return one.id, None
    if count == 1:
        return one.title, None
    message = f"Several rows have the title “{one.title}”; the first of them is meant here."
    remark = Finding(Severity.WARNING, message, "Give the ID instead of the title.")
    return one.id or one.title, remark


_Reader = Callable[[About, str, str], Understood]

_NUMBERS: Mapping[str, _Reader] = {
    "Start": _number,
    "Target": _number,
    "Current": _number,
    "Progress": _share,
    "Weight": _weight,
    "Grade": _grade,
    "Due": _day,
    "Confidence": _confidence,
}
_SPECIAL: Mapping[tuple[str, str], _Reader] = {
    (OBJECTIVES, "Cycle"): _cycle,
    (OBJECTIVES, "Team"): _team,
    (OBJECTIVES, "Supports"): _supports,
    (KEY_RESULTS, "Objective"): _objective,
    (KEY_RESULTS, "Pace"): _pace,
}


# --- a form as it is filled ----------------------------------------------------------------------


def check(what: About, typed: Mapping[str, str]) -> list[Problem]:
    """Find all that Sheet health would say of a row once these fields are saved.

    What cannot be read, and so cannot be saved, comes first.
    """
    cells, found = dict(what.held), list[Problem]()
    for column, text in typed.items():
        if column not in EDITABLE[what.tab]:
            continue
        cell, finding = understand(what, column, text)
        cells[column] = "" if cell is None else cell
        if finding is not None:
            severity = Severity.ERROR if cell is None else finding.severity
            found.append(_problem(what, column, text, replace(finding, severity=severity)))
    named = {one.column for one in found}
    found += [one for one in _of_whole_row(what, cells) if one.column not in named]
    return sorted(found, key=lambda one: one.severity is not Severity.ERROR)


def _problem(what: About, column: str, text: str, finding: Finding) -> Problem:
    shown = " ".join(text.split())
    return Problem(
        finding.severity, what.tab, 0, column, "", shown, finding.message, finding.remedy
    )


def _of_whole_row(what: About, cells: Mapping[str, Cell]) -> list[Problem]:
    """Read the row as it will stand; titles and references have been looked into already.

    It is read under the headers of the sheet, and told by the names of the columns.
    """
    row = _row(what, cells)
    names = {title: name for name, title in row.table.header.titles.items()}
    if what.tab == OBJECTIVES:
        parse_objective(row, "", None, what.snapshot.settings.organisation, what.locale)
    else:
        key_result = parse_key_result(row, "", None, None, what.locale)
        _check_due(what, key_result, row, str(cells.get("Objective", "")))
    return [
        replace(one, row=0, cell="", column=names.get(one.column, one.column))
        for one in row.problems
    ]


def _row(what: About, cells: Mapping[str, Cell]) -> Row:
    """Make a row of a tab that has the columns of the sheet, and those that are filled here."""
    known = what.snapshot.tabs.get(what.tab)
    names = dict.fromkeys([*(known.letters if known else EDITABLE[what.tab]), *cells])
    places = {name: place for place, name in enumerate(names)}
    values = tuple(cells.get(name, "") for name in names)
    tab = Tab(what.tab, (tuple(names), values))
    titles = known.headers if known else {}
    header = Header(0, places, {name: titles.get(name, name) for name in names})
    return Table(what.tab, tab, header, places).row(1, [])


def _check_due(what: About, key_result: KeyResult, row: Row, reference: str) -> None:
    """Compare Due and Pace with the cycle of the objective, as a whole sheet is checked."""
    found = _referred(what.snapshot.objectives, read_id(reference))
    is_dated = key_result.due is not None or key_result.pace
    if not is_dated or not found or not isinstance(found[0], Objective):
        return
    own = replace(key_result, objective=found[0].key)
    other, mine = replace(row, problems=[]), replace(row, problems=(said := list[Problem]()))
    sheet = Whole(
        Listed([Found(found[0], 0, lambda _: other)], Register()),
        Listed([Found(own, 0, lambda _: mine)], Register()),
        {},
        what.snapshot.cycles,
        what.snapshot.settings,
    )
    report_rows(sheet)
    dated = (row.said("Due"), row.said("Pace"))
    row.problems.extend(one for one in said if one.column in dated)


def is_unchanged(held: Cell, cell: Cell) -> bool:
    """Tell whether a field says what its cell holds already."""
    if isinstance(held, str) and isinstance(cell, str):
        return read_text(held) == cell
    return same(held, cell)
