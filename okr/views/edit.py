"""The form of an objective or a key result: what each field asks."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from okr.board import Board, KeyResultStanding, ObjectiveStanding
from okr.cells import number_readings
from okr.columns import KEY_RESULTS, OBJECTIVES
from okr.cycles import cycle_for_new
from okr.model import (
    Cell,
    Commitment,
    Cycle,
    KeyResult,
    Kind,
    Objective,
    Problem,
    RollUp,
    Severity,
    Snapshot,
    State,
)
from okr.parsing import split_references
from okr.views import formats
from okr.views.check_in import UnclearError, distinct, people_of, read_percent
from okr.views.edit_told import NUMBERS, is_whole_percent, spell

NEW_OBJECTIVE = "objective"
"""What ``add`` says in the address for a new objective; for a key result, its objective's key."""

NO_CYCLE = "– (none)"
"""What a blank Cycle is called: a list that begins with a name could not be emptied without it."""

SEPARATOR = "; "
"""What parts the references in a Supports cell."""

STILL_UNCLEAR = "Nothing was saved: mend what is listed above first."
"""What is said where a number may mean two things."""

IN_THE_WAY = (
    "Nothing was saved: somebody has changed this row since the form opened. "
    "Choose for each cell what shall stand there, then save again."
)
"""What is said above the cells that two people have changed."""

UNDO_IN_THE_WAY = (
    "Nothing was taken back: somebody has changed this row since. "
    "Choose for each cell what shall stand there, then undo again."
)
"""What is said above the cells that somebody has changed since they were saved."""


class Ask(StrEnum):
    """How a field asks.

    For a line, for lines; for one word of a list, for a name that may be new, for several of them.
    """

    LINE = "line"
    LINES = "lines"
    CHOICE = "choice"
    NAME = "name"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. ``text`` is what the sheet holds, as people would type it.

    ``options`` maps what a cell may hold to the words for it. What is seldom changed waits until
    somebody asks for it: most changes are of the others. A State that is not active never waits.
    """

    column: str
    ask: Ask
    text: str
    width: int
    options: Mapping[str, str]
    hint: str = ""

    @property
    def waits(self) -> bool:
        """Tell whether it is left out until somebody asks for all fields."""
        is_state = self.column == "State" and self.text not in ("", State.ACTIVE)
        return self.column in _SELDOM and not is_state

    @property
    def told(self) -> str:
        """Say what it holds where it waits, if that is short and plain; else only its name.

        The words on a button may be marked up, and what a sheet holds is never markup.
        """
        is_plain = all(one.isalnum() or one in PLAIN for one in self.text)
        is_told = is_plain and len(self.text) <= LONGEST_TOLD
        return f"{self.column} {self.text}" if is_told else self.column


@dataclass(frozen=True, slots=True)
class Form:
    """A form to draw: what it is about, and its fields."""

    name: str
    tab: str
    title: str
    hint: str
    act: str
    fields: tuple[Field, ...]
    is_new: bool
    is_dropped: bool = False
    is_whole_percent: bool = False
    focus: str = ""

    @property
    def more(self) -> str:
        """Word the button for the fields that wait; those that hold something are told on it."""
        filled = [
            one.told for one in self.fields if one.waits and one.text not in ("", State.ACTIVE)
        ]
        return f"More fields: {', '.join([*filled, '…'])}" if filled else "More fields"

    def changed(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Take from what was typed the columns that do not say what they said.

        A new row takes all that is filled, once anything was typed that the form did not offer.
        """
        before = {field.column: field.text for field in self.fields}
        changed = {name: text for name, text in typed.items() if text != before.get(name, "")}
        if self.is_new and changed:
            return {name: text for name, text in typed.items() if text}
        return changed


@dataclass(frozen=True, slots=True)
class Mend:
    """What is to be mended in a field before it counts as it is meant."""

    text: str
    is_error: bool


def why_closed(is_read_only: bool, as_of: date | None) -> str:
    """Say why nothing can be changed here; "" where it can."""
    if is_read_only:
        return "This board only shows: change it in the sheet itself."
    if as_of is not None:
        return f"This page shows {formats.full_day(as_of)}: change it on the page of today."
    return ""


# --- what the address asks for --------------------------------------------------------------------


def find_entity(board: Board, key: str) -> Objective | KeyResult | None:
    """Find what is to be edited by its key, in the cycle or around it."""
    found = find_objective(board, key)
    if found is not None:
        return found.objective
    above = [one for objective in board.enclosing for one in objective.key_results]
    standings: Iterable[KeyResultStanding] = (*board.key_results, *above)
    return next((one.key_result for one in standings if key and one.key_result.key == key), None)


def find_objective(board: Board, key: str) -> ObjectiveStanding | None:
    """Find an objective by its key, in the cycle or around it."""
    shown = (*board.objectives, *board.enclosing)
    return next((one for one in shown if key and one.objective.key == key), None)


def home_of(entity: Objective | KeyResult) -> str:
    """Name the objective that a key result belongs to; "" where there is none."""
    return (entity.objective or "") if isinstance(entity, KeyResult) else ""


LONGEST_TOLD = 16
"""So many characters of a field that waits are told on the button that asks for it."""

PLAIN = frozenset(" .,%-")

_SELDOM = frozenset(
    {
        *("Due", "Pace", "Weight", "Confidence", "State", "Grade", "Progress", "Link"),
        *("Roll-up", "Closing note"),
    }
)


# --- the fields -----------------------------------------------------------------------------------


def build_edit(snapshot: Snapshot, entity: Objective | KeyResult, held: Mapping[str, Cell]) -> Form:
    """Ask for changes of a row, each field filled with what the sheet holds.

    Args:
        snapshot: Knows people, teams, cycles and what may be supported.
        entity: The objective or key result of the row.
        held: The cells of the row, column to cell.
    """
    texts = {column: spell(column, cell, entity) for column, cell in held.items()}
    if isinstance(entity, KeyResult):
        fields = _key_result_fields(snapshot, texts)
        tab, what = KEY_RESULTS, "key result"
    else:
        fields = _objective_fields(snapshot, texts, entity.key)
        tab, what = OBJECTIVES, "objective"
    return Form(
        name=entity.key,
        tab=tab,
        title=f"Edit this {what}",
        hint="Only what you change here is written to the sheet.",
        act="Save change",
        fields=_shown(snapshot, tab, fields),
        is_new=False,
        is_dropped=entity.state is State.DROPPED,
        is_whole_percent=isinstance(entity, KeyResult) and is_whole_percent(entity),
    )


def build_new_objective(snapshot: Snapshot, team: str, shown: Cycle | None, day: date) -> Form:
    """Ask for a new objective of a team, in the cycle that is shown, else in that of the day."""
    organisation = snapshot.settings.organisation
    cycle = cycle_for_new(snapshot.cycles, shown, day)
    texts = {"Team": "" if team == organisation else team, "Cycle": cycle}
    return Form(
        name=NEW_OBJECTIVE,
        tab=OBJECTIVES,
        title="Add an objective",
        hint="It becomes a row at the end of its tab; the board gives it an ID.",
        act="Add objective",
        fields=_shown(snapshot, OBJECTIVES, _objective_fields(snapshot, texts, "")),
        is_new=True,
    )


def build_new_key_result(snapshot: Snapshot, objective: Objective) -> Form:
    """Ask for a new key result of an objective."""
    texts = {"Objective": objective.id or objective.title, "Owner": objective.owner}
    return Form(
        name=f"add {objective.key}",
        tab=KEY_RESULTS,
        title="Add a key result",
        hint=f"It stands under “{objective.title}”; the board gives it an ID.",
        act="Add key result",
        fields=_shown(snapshot, KEY_RESULTS, _key_result_fields(snapshot, texts)),
        is_new=True,
    )


def _shown(snapshot: Snapshot, tab: str, fields: Sequence[Field]) -> tuple[Field, ...]:
    """Leave out what the sheet has no column for."""
    known = snapshot.tabs.get(tab)
    return tuple(one for one in fields if known is None or one.column in known.letters)


def _key_result_fields(snapshot: Snapshot, texts: Mapping[str, str]) -> list[Field]:
    people, objectives = people_of(snapshot), _objectives(snapshot)
    line, choice, name = Ask.LINE, Ask.CHOICE, Ask.NAME
    return [
        _field(texts, "Key result", line, 560, hint="A number that shows success"),
        _field(texts, "Objective", name, 368, objectives),
        _field(texts, "Owner", name, 240, people),
        _field(texts, "Kind", choice, 176, _words(Kind, "by start and target")),
        _field(texts, "Start", line, 128, hint="0"),
        _field(texts, "Target", line, 128),
        _field(texts, "Current", line, 128),
        _field(texts, "Unit", line, 128, hint="%, €, customers"),
        _field(texts, "Due", line, 144, hint="end of the cycle"),
        _field(texts, "Pace", line, 368, hint="even, or 2026-11-01: 40; 2026-12-01: 80"),
        _field(texts, "Weight", line, 96, hint="1"),
        _field(texts, "Confidence", line, 120, hint="0% to 100%"),
        _field(texts, "State", choice, 144, _words(State, "active")),
        _field(texts, "Grade", line, 96, hint="0.0 to 1.0"),
        _field(texts, "Progress", line, 112, hint="45%"),
        _field(texts, "Link", line, 384),
    ]


def _objective_fields(snapshot: Snapshot, texts: Mapping[str, str], key: str) -> list[Field]:
    people = people_of(snapshot)
    organisation = snapshot.settings.organisation
    teams = {one.team: one.team for one in snapshot.objectives if one.team}
    teams |= {team.name: team.name for team in snapshot.teams} | {organisation: organisation}
    cycles = {"": NO_CYCLE, **{cycle.name: cycle.name for cycle in snapshot.cycles}}
    return [
        _field(texts, "Objective", Ask.LINE, 528, hint="What shall be achieved, in words"),
        _field(texts, "Team", Ask.NAME, 240, teams, hint=organisation),
        _field(texts, "Owner", Ask.NAME, 240, people),
        _field(texts, "Cycle", Ask.NAME, 144, cycles),
        _field(texts, "Supports", Ask.NAMES, 560, _objectives(snapshot, but=key)),
        _field(texts, "Type", Ask.CHOICE, 176, _words(Commitment, "committed")),
        _field(texts, "Roll-up", Ask.CHOICE, 176, _words(RollUp, "key results")),
        _field(texts, "Weight", Ask.LINE, 96, hint="1"),
        _field(texts, "State", Ask.CHOICE, 128, _words(State, "active")),
        _field(texts, "Closing note", Ask.LINES, 560, hint="What was learned"),
        _field(texts, "Grade", Ask.LINE, 96, hint="0.0 to 1.0"),
    ]


def _field(
    texts: Mapping[str, str],
    column: str,
    ask: Ask,
    width: int,
    options: Mapping[str, str] | None = None,
    hint: str = "",
) -> Field:
    """Make a field; what stands there is always among its options."""
    text = texts.get(column, "")
    known = dict(options or {})
    if ask is Ask.NAMES:
        names = [_same_word(one, known) for one in split_references(text)]
        text = SEPARATOR.join(names)
        known = {**known, **{one: known.get(one, one) for one in names}}
    elif options is not None:
        text = _same_word(text, known)
        # What people know a cell's text as, it stands for: a name for the address of its person.
        same = [one for one, words in known.items() if words == text and one != text]
        known = {one: words for one, words in known.items() if one not in same}
        known = {**({} if text in known else {text: text}), **known}
    return Field(column, ask, text, width, distinct(known), hint)


def _same_word(text: str, options: Mapping[str, str]) -> str:
    """Find the option that is the same word, however it is written."""
    bare = text.strip().casefold()
    return next((one for one in options if one.casefold() == bare), text)


def _words(words: type[StrEnum], blank: str) -> dict[str, str]:
    """List the words of a choice; blank stands for its default."""
    return {"": f"– ({blank})", **{word.value: word.value for word in words}}


def _objectives(snapshot: Snapshot, but: str = "") -> dict[str, str]:
    """List the objectives by what refers to them: their ID, else their title."""
    return {
        one.id or one.title: f"{one.title} · {one.cycle or 'no cycle'}"
        for one in reversed(snapshot.objectives)
        if one.key != but and one.state is not State.DROPPED
    }


# --- cells as people type them --------------------------------------------------------------------


def signed(form: Form, changed: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """Add the sign to numbers of a key result in percent, as the check-in form does."""
    out = dict(changed)
    for column in _in_percent(form, changed, typed):
        with suppress(UnclearError):
            out[column] = read_percent(changed[column])
    return out


def unclear(form: Form, changed: Mapping[str, str], typed: Mapping[str, str]) -> tuple[str, ...]:
    """Say which numbers in percent may mean two things."""
    said = []
    for column in _in_percent(form, changed, typed):
        try:
            read_percent(changed[column])
        except UnclearError as error:
            said.append(f"{column}: {error}")
    return tuple(said)


def _in_percent(form: Form, changed: Mapping[str, str], typed: Mapping[str, str]) -> Iterable[str]:
    """Name the changed columns that count in percent, as fractions."""
    if form.tab == KEY_RESULTS and typed.get("Unit") == "%" and not form.is_whole_percent:
        numbers = (one for one in NUMBERS if one in changed)
        yield from (one for one in numbers if number_readings(changed[one].rstrip("% ")))


def mends(unclear: Iterable[str], found: Iterable[Problem]) -> tuple[Mend, ...]:
    """List what is to be mended in a form, what keeps it from being saved first."""
    asked = [Mend(one, True) for one in unclear]
    told = [Mend(f"{one.message} {one.remedy}", one.severity is Severity.ERROR) for one in found]
    return (*asked, *told)
