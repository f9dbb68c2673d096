"""From sheet rows to the model. A bad cell becomes a problem, never an exception."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from typing import NamedTuple, TypeVar

from okr.cells import (
    Finding,
    Read,
    is_error,
    read_choice,
    read_confidence,
    read_date,
    read_done,
    read_id,
    read_moment,
    read_number,
    read_text,
    read_weight,
)
from okr.checkpoints import Way, pace_reader
from okr.cycles import cycle_text, needs_dates, parse_cycle
from okr.links import asks_for_address, read_link
from okr.making import maker
from okr.model import (
    EPOCH,
    Cell,
    Change,
    CheckIn,
    Commitment,
    Cycle,
    CycleState,
    KeyResult,
    Kind,
    Objective,
    Person,
    RollUp,
    Severity,
    State,
    Team,
)
from okr.scales import UNITS, mixed_scales, on_the_scale_of
from okr.tables import Row, Table

Word = TypeVar("Word", bound=StrEnum)

_objective, _key_result = maker(Objective), maker(KeyResult)

SECOND = timedelta(seconds=1)

NO_TARGET = "there is no target"
NO_START = "there is no start"
NO_WAY = "target equals start"


@dataclass(frozen=True, slots=True)
class Readers:
    """The ways to read a cell that depend on the workbook's locale."""

    number: Callable[[Cell, str], Read[float]]
    grade: Callable[[Cell, str], Read[float]]
    share: Callable[[Cell, str], Read[float]]
    weight: Callable[[Cell, str], tuple[float, Finding | None]]
    day: Callable[[Cell, str], Read[date]]
    moment: Callable[[Cell, str], Read[datetime]]


@cache
def readers(locale: str) -> Readers:
    """Make the readers for a locale such as ``de_DE``."""
    return Readers(
        number=lambda cell, column: read_number(cell, column, locale),
        grade=lambda cell, column: _grade(cell, column, locale),
        share=lambda cell, column: _share(cell, column, locale),
        weight=lambda cell, column: read_weight(cell, column, locale),
        day=lambda cell, column: read_date(cell, column, locale),
        moment=lambda cell, column: read_moment(cell, column, locale),
    )


def choice(row: Row, column: str, words: type[Word]) -> Word | None:
    """Read one of a list of words; None where the cell is blank or holds another word."""
    cell = row.cell(column)
    plain: Word | None = _plain_words(words).get(cell) if cell and isinstance(cell, str) else None
    if plain is not None:
        return plain
    found = row.take(column, _choosing(words))
    return None if found is None else words(found)


@cache
def _choosing(words: type[Word]) -> Callable[[Cell, str], Read[str]]:
    """Make the reader of a list of words."""
    return partial(read_choice, choices=[word.value for word in words])


@cache
def _plain_words(words: type[Word]) -> Mapping[str, Word]:
    """Map the words of a list as the board itself writes them, which needs no thought."""
    return {word.value: word for word in words}


def weight_of(row: Row, read: Readers) -> float:
    """Read the weight of a row; blank is 1."""
    weight = row.take("Weight", read.weight)
    return 1.0 if weight is None else weight


_A_GRADE = "Type a grade from 0.0 to 1.0, such as 0.7."


def _grade(cell: Cell, column: str, locale: str) -> Read[float]:
    """Read a final grade, which lies from 0.0 to 1.0."""
    grade, finding = read_number(cell, column, locale)
    if grade is None:
        is_word = finding is not None and not is_error(cell)  # a broken formula has its own mend
        return None, replace(finding, remedy=_A_GRADE) if finding and is_word else finding
    if 0 <= grade <= 1:
        return grade, finding
    message = f"{column} {read_text(cell)} is not within 0.0 and 1.0, so it is left out."
    return None, Finding(Severity.WARNING, message, _A_GRADE)


def _share(cell: Cell, column: str, locale: str) -> Read[float]:
    """Read a progress; one above 2 is a percentage that lacks its sign."""
    share, finding = read_number(cell, column, locale)
    if share is None or not 2 < share <= 200:
        return share, finding
    message = f"{column} {read_text(cell)} was read as {share:g}%."
    return share / 100, Finding(Severity.WARNING, message, f"Type {share:g}%.")


# --- objectives -----------------------------------------------------------------------------


def parse_objective(row: Row, key: str, own_id: str | None, team: str, locale: str) -> Objective:
    """Read an objective. Its cycle and what it supports are still as the sheet names them."""
    read = readers(locale)
    return _objective(  # in the order of the fields: by name it takes three times as long
        key,
        own_id,
        row.text("Objective"),
        row.place("Objective"),
        cycle_name(row) or None,
        row.id("Team") or team,
        row.text("Owner"),
        split_references(row.text("Supports")),
        choice(row, "Type", Commitment) or Commitment.COMMITTED,
        weight_of(row, read),
        choice(row, "State", State) or State.ACTIVE,
        choice(row, "Roll-up", RollUp) or RollUp.KEY_RESULTS,
        row.take("Grade", read.grade),
        row.text("Closing note"),
    )


def cycle_name(row: Row) -> str:
    """Read the name of a cycle, also where the sheet took it for a number or a date."""
    return cycle_text(row.cell("Cycle")) if row.text("Cycle") else ""


def split_references(text: str) -> tuple[str, ...]:
    """Part a Supports cell at ``;`` and line breaks."""
    if not text:
        return ()
    parts = (read_id(part) for line in text.splitlines() for part in line.split(";"))
    return tuple(part for part in parts if part)


# --- key results ----------------------------------------------------------------------------


class Measure(NamedTuple):
    """How a key result is measured, and why it cannot be scored where it cannot."""

    kind: Kind
    start: float | None
    target: float | None
    current: float | None
    undefined: str = ""


def parse_key_result(
    row: Row, key: str, own_id: str | None, objective: str | None, locale: str
) -> KeyResult:
    """Read a key result, with every problem in its row; what cannot be read is None."""
    read = readers(locale)
    measure = _measure(row, read)
    unit = row.text("Unit") or ("%" if has_only_progress(row.table) else "")
    _report_mixed_scales(row, measure, unit)
    pace = row.take("Pace", pace_reader(locale, _way(measure)))
    return _key_result(  # in the order of the fields: by name it takes three times as long
        key,
        own_id,
        row.text("Key result"),
        row.place("Key result"),
        objective,
        read_id(row.cell("Objective")),
        row.text("Owner"),
        measure.kind,
        measure.start,
        measure.target,
        measure.current,
        unit,
        weight_of(row, read),
        row.take("Due", read.day),
        row.take("Confidence", read_confidence),
        choice(row, "State", State) or State.ACTIVE,
        row.take("Grade", read.grade),
        _link(row),
        measure.undefined,
        "Start" not in row.table.columns or not row.is_missing("Start"),
        pace or (),
    )


def _link(row: Row) -> str:
    """Read where the numbers of a key result come from."""
    text = row.text("Link")
    if text and asks_for_address(row.said("Link")):
        row.take("Link", read_link)
    return text


def _way(measure: Measure) -> Way | None:
    """Give the way of what can be scored and has one."""
    if measure.undefined or not measure.kind.is_way:
        return None
    if measure.start is None or measure.target is None:
        return None
    return Way(measure.start, measure.target)


def _measure(row: Row, read: Readers) -> Measure:
    """Read Kind, Start, Target and Current, which only together say how to measure."""
    if has_only_progress(row.table):
        return Measure(Kind.INCREASE, 0.0, 1.0, row.take("Progress", read.share))
    kind = choice(row, "Kind", Kind)
    if kind is Kind.DONE or (kind is None and _is_yes_or_no(row)):
        return Measure(Kind.DONE, None, None, row.take("Current", read_done))
    start = row.take("Start", read.number)
    target = row.take("Target", read.number)
    current = row.take("Current", read.number)
    if kind is not None and kind.is_keep:
        return Measure(kind, start, target, current, _undefined_target(row, target))
    if kind is None:
        kind = Kind.DECREASE if target is not None and (start or 0.0) > target else Kind.INCREASE
    if kind is Kind.INCREASE and row.is_missing("Start"):
        start = 0.0
    return Measure(kind, start, target, current, _undefined_way(row, kind, start, target))


def has_only_progress(table: Table) -> bool:
    """Tell whether the sheet says how far key results are, and not from where to where."""
    columns = table.columns.keys()
    return "Progress" in columns and not columns & {"Start", "Target", "Current"}


def _is_yes_or_no(row: Row) -> bool:
    """Tell whether a row without a Kind is a thing to do, by the checkbox in it."""
    if row.is_missing("Target"):
        return read_text(row.cell("Current")).upper() in ("TRUE", "FALSE")
    return isinstance(row.cell("Target"), bool)


def _undefined_target(row: Row, target: float | None) -> str:
    """Say that there is no target; one that cannot be read has been reported already."""
    if target is not None:
        return ""
    if row.is_missing("Target"):
        row.error(
            "Target",
            "There is no target, so the key result cannot be scored.",
            "Type the number to reach.",
        )
    return NO_TARGET


def _undefined_way(row: Row, kind: Kind, start: float | None, target: float | None) -> str:
    """Say why there is no way from start to target, and report a Kind that points the other way."""
    missing = _undefined_target(row, target)
    if start is None:
        if row.is_missing("Start"):
            row.error(
                "Start",
                "There is no start, so a decrease cannot be scored.",
                "Type the value that it began with.",
            )
        return missing or NO_START
    if target is None:
        return missing
    if round(start, 9) == round(target, 9):
        row.error(
            "Target",
            "Target equals Start, so there is no way to measure; the key result is not scored.",
            "Change Start or Target, so that they differ.",
        )
        return NO_WAY
    if (target > start) != (kind is Kind.INCREASE):
        row.warn(
            "Kind",
            f"Kind says {kind.value}, but the way from {start:g} to {target:g} goes the other way.",
            "Change Kind, or swap Start and Target.",
        )
    return ""


def _report_mixed_scales(row: Row, measure: Measure, unit: str) -> None:
    """Report a fraction beside a percent, such as 0.45 and 45, in the cell that is off."""
    if measure.kind is Kind.DONE or unit not in UNITS:
        return
    for column, number, others in (
        ("Start", measure.start, (measure.target,)),
        ("Current", measure.current, (measure.start, measure.target)),
    ):
        meant = on_the_scale_of(others, number, unit)
        if meant is not None:
            row.warn(column, *mixed_scales(column, number or 0.0, meant))
            return


# --- check-ins and history ------------------------------------------------------------------


def parse_check_in(row: Row, kind: Kind, locale: str) -> CheckIn | None:
    """Read a check-in; None where it has no readable date, without which it counts nowhere."""
    read = readers(locale)
    when = row.take("When", read.moment)
    if when is None:
        if row.is_missing("When") and "When" in row.table.columns:
            row.error(
                "When",
                "The check-in has no date, so it does not count.",
                "Type the day on which the value was so.",
            )
        return None
    value = row.take("Value", read_done if kind is Kind.DONE else read.number)
    return CheckIn(
        second=(when - EPOCH) // SECOND,
        value=value,
        confidence=row.take("Confidence", read_confidence),
        note=row.text("Note"),
        by=row.text("By"),
        row=row.number + 1,
        id=row.id("ID"),
    )


def parse_change(row: Row, locale: str) -> Change | None:
    """Read a row of ``_History``; None where it lacks its moment or what it is about."""
    when = row.take("When", readers(locale).moment)
    row_id = row.id("Row ID")
    if when is None or not row_id:
        return None
    return Change(
        when=when,
        row_id=row_id,
        tab=row.text("Tab"),
        column=row.text("Column"),
        before=row.cell("Before"),
        after=row.cell("After"),
        by=row.text("By"),
        source=row.text("Source"),
        row=row.number + 1,
    )


# --- the small tabs -------------------------------------------------------------------------


def report_nameless(row: Row, column: str, telling: tuple[str, ...]) -> None:
    """Report a row that says something about a thing which it does not name."""
    if column not in row.table.columns or row.is_unreadable(column):
        return  # that has been reported already
    if not all(map(row.is_missing, telling)):
        what = f"The row has no {column.lower()}, so it is not read."
        row.warn(column, what, "Type it, or empty the row.")


def parse_team(row: Row) -> Team | None:
    """Read a team; None where the row names none."""
    name = row.id("Team")
    if not name:
        report_nameless(row, "Team", ("Parent", "Lead", "Description"))
        return None
    return Team(name, row.id("Parent") or None, row.text("Lead"), row.text("Description"))


def parse_person(row: Row) -> Person | None:
    """Read a person; None where the row names none."""
    email, name = row.id("Email"), row.id("Name")
    return Person(email, name or email, row.id("Team")) if email or name else None


def parse_cycle_row(row: Row, locale: str) -> Cycle | None:
    """Read a cycle; what its dates do not say, its name may. None where neither does."""
    name = cycle_name(row)
    if not name:
        report_nameless(row, "Cycle", ("Starts", "Ends"))
        return None
    read = readers(locale)
    starts, ends = row.take("Starts", read.day), row.take("Ends", read.day)
    state = choice(row, "State", CycleState)
    by_name = parse_cycle(name)
    if starts is not None and ends is not None and ends <= starts:
        row.error(
            "Ends",
            f"The cycle {name} ends on or before the day on which it starts.",
            "Type its last day, which lies after the first.",
        )
        starts = ends = None
    if by_name is not None:
        starts, ends = starts or by_name.starts, ends or by_name.ends
    if starts is None or ends is None or ends <= starts:
        finding = needs_dates(name)
        row.error("Cycle", finding.message, finding.remedy)
        return None
    return Cycle(name, starts, ends, state)
