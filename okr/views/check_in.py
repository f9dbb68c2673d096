"""The check-in form of one key result, and the history that stands beside it."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from okr.board import Board, KeyResultStanding
from okr.cells import number_readings
from okr.model import CheckIn, KeyResult, Kind, Snapshot, State, Status
from okr.values import end_of, known_on
from okr.views import formats
from okr.views.pieces import Names

SHOWN_ENTRIES = 8

CONFIDENCES: Mapping[str, float] = {"high": 0.8, "medium": 0.5, "low": 0.2}
"""The words of the form, with the shares that they stand for (docs/rules.md, 1)."""

DONE_WORDS: Mapping[str, str] = {"done": "TRUE", "not done yet": "FALSE"}
"""The words of the form for what is either done or not, and what the sheet understands of them."""

NOTE = "What changed, and what comes next"

_Place = Callable[[float, float], tuple[float, float]]

_BETWEEN_NAMES = re.compile(r"[;,/&\n]|\s+and\s+|\s\+\s")

_TIMES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12}
_UNFIT_FOR_A_CLASS = re.compile(r"[^a-zA-Z0-9_-]")
_TIMES_AT_END = re.compile(r"(?<=[0-9\s])(k|mn|mio|m|bn|b|t)\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """What the form asks for, in the words and the unit of its key result.

    ``focus`` is the class of the field where typing begins, as Streamlit makes it of its key.
    """

    key: str
    title: str
    hint: str
    placeholder: str
    note: str
    is_done_kind: bool
    answers: tuple[str, ...]
    beliefs: tuple[str, ...]
    people: Mapping[str, str]
    signed_last: int | None
    focus: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One check-in as it is listed."""

    day: str
    value: str
    confidence: str
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The values over the days of the window, as paths on a field of 100 by 100.

    ``pace`` is the straight way from start to target; ``top`` and ``foot`` name the edges.
    """

    line: str
    dots: str
    pace: str
    top: str
    foot: str
    first: str
    last: str
    text: str


@dataclass(frozen=True, slots=True)
class History:
    """What was said of a key result so far, the newest first."""

    title: str
    curve: Curve | None
    entries: tuple[Entry, ...]
    rest: str
    empty: str


def why_closed(is_read_only: bool, as_of: date | None) -> str:
    """Say why nobody can check in here; "" where everybody can."""
    if is_read_only:
        return "This board only shows: check in by the sheet itself."
    if as_of is not None:
        return f"This page shows {formats.full_day(as_of)}: check in on the page of today."
    return ""


def why_not_asked(standing: KeyResultStanding) -> str:
    """Say why no check-in of a key result is asked for; "" where one is."""
    if standing.status is not Status.DROPPED:
        return ""
    is_own = standing.key_result.state is State.DROPPED
    what = "This key result" if is_own else "Its objective"
    return f"{what} was dropped, so no check-in is asked for. To go on, restore it under Edit."


def find_key_result(board: Board, key: str, team: str | None = None) -> KeyResultStanding | None:
    """Find a key result of the board by its key, also one of a longer cycle around it.

    Args:
        board: Everything computed of the cycle.
        key: The key as the address has it; "" finds nothing.
        team: Leave out what stands on the page of another team; None finds it anywhere.
    """
    above = [one for objective in board.enclosing for one in objective.key_results]
    own = [
        one
        for one in board.key_results
        if team is None
        or (one.objective is not None and (one.objective.team or board.top.team.name) == team)
    ]
    return next((one for one in (*own, *above) if key and one.key_result.key == key), None)


# --- the form -------------------------------------------------------------------------------------


def build_form(
    standing: KeyResultStanding, known: Mapping[str, str], signed_last: str = ""
) -> Form:
    """Ask for a value in the unit of the key result, and say where it stands now.

    Args:
        standing: The key result that is checked in.
        known: Who may sign, what By will hold to the name; see ``people_of``.
        signed_last: What By held the last time, to be offered again.
    """
    one = standing.key_result
    people = dict(known)
    if signed_last:
        people.setdefault(signed_last, signed_last)
    return Form(
        key=one.key,
        title=one.title,
        hint=_hint(standing),
        placeholder=f"in {one.unit}" if one.unit else "a number",
        note=NOTE,
        is_done_kind=one.kind is Kind.DONE,
        answers=tuple(DONE_WORDS),
        beliefs=tuple(CONFIDENCES),
        people=people,
        signed_last=list(people).index(signed_last) if signed_last else None,
        focus=f"st-key-value-{_UNFIT_FOR_A_CLASS.sub('-', one.key)}",
    )


def _hint(standing: KeyResultStanding) -> str:
    """Say what stands there now and where it should go: ``now 84%, up to 90%``."""
    one = standing.key_result
    if one.kind is Kind.DONE:
        now = formats.value_of_target(standing.value, None, "", Kind.DONE)
        return "No value yet" if standing.value is None else f"Now {now}"
    value, goal = standing.value, formats.goal(one.target, one.unit, one.kind)
    now = "No value yet" if value is None else f"Now {formats.quantity(value, one.unit)}"
    return f"{now}, {goal}" if goal else now


def people_of(snapshot: Snapshot) -> dict[str, str]:
    """List who may sign a check-in, what By will hold to the name: all people, and all owners."""
    names = Names(snapshot)
    people = {person.email or person.name: person.name for person in snapshot.people}
    known = {text.strip().casefold() for pair in people.items() for text in pair}
    owners = [one.owner.strip() for one in snapshot.objectives]
    owners += [one.owner.strip() for one in snapshot.key_results]
    for owner in filter(None, owners):
        if not all(one.casefold() in known for one in parted(owner)):
            people.setdefault(owner, names.of(owner))
    return distinct(dict(sorted(people.items(), key=lambda pair: pair[1].casefold())))


def parted(owner: str) -> tuple[str, ...]:
    """Part an owner cell that names several people."""
    return tuple(filter(None, (one.strip() for one in _BETWEEN_NAMES.split(owner))))


def distinct(options: Mapping[str, str]) -> dict[str, str]:
    """Tell options of one name apart by what they stand for; a picker knows them by their names."""
    count = Counter(options.values())
    return {one: f"{name} ({one})" if count[name] > 1 else name for one, name in options.items()}


def who(typed: str, people: Mapping[str, str]) -> str:
    """Find whom a typed name means: a person by name, or by the beginning of one name alone."""
    wanted = " ".join(typed.split()).casefold()
    if not wanted or typed in people:
        return typed
    begins = [by for by, name in people.items() if name.casefold().startswith(wanted)]
    exact = [by for by, name in people.items() if wanted in (by.casefold(), name.casefold())]
    return exact[0] if exact else begins[0] if len(begins) == 1 else typed


def say_saved(board: Board, key: str, value: str, confidence: str, remark: str = "") -> str:
    """Say what was saved, and what was remarked: ``Saved: 84% of 90%, high confidence.``

    The value is said as typed where the board does not show the key result at this moment.
    """
    parts = []
    standing = find_key_result(board, key)
    if value and standing is None:
        parts.append(value)
    elif standing is not None and value:
        one = standing.key_result
        parts.append(formats.value_of_target(standing.value, one.target, one.unit, one.kind))
    if confidence:
        parts.append(f"{confidence} confidence")
    said = f"Saved: {', '.join(parts) or 'the note'}."
    return f"{said} {remark}" if remark else said


class UnclearError(Exception):
    """What was typed does not fit; the text is a sentence for people, with the mend in it."""


def read_value(typed: str, key_result: KeyResult) -> str:
    """Put a typed value into words that the sheet understands, by the unit of its key result.

    Raises:
        UnclearError: If it does not fit the unit.
    """
    text = " ".join(typed.split()).replace(formats.MINUS, "-")
    if not text or key_result.kind is Kind.DONE:
        return DONE_WORDS.get(text, text)
    if key_result.unit == "%":
        return read_percent(text)
    if text.endswith("%"):
        unit = key_result.unit
        said = f"is measured in {unit}" if unit else "is not measured in percent"
        example = f"Type a plain number such as {_example(key_result)}."
        raise UnclearError(f"“{text}” is a percentage, and this key result {said}. {example}")
    return _take_off(text, key_result.unit)


def read_percent(text: str) -> str:
    """Add the sign to a percentage; a fraction without one may mean either, a word stays a word."""
    if text.endswith("%"):
        return text
    readings = number_readings(text)
    if any(0 < abs(number) <= 1 for number in readings.values()) and text != "1":
        number = next(iter(readings.values()))
        either = f"{formats.plain(number)}% or {formats.quantity(number, '%')}"
        raise UnclearError(f"“{text}” may mean {either}. Type it with its % sign.")
    return f"{text}%" if readings else text


def _take_off(text: str, unit: str) -> str:
    """Take the unit off a number, and write out a word such as M for million."""
    bare = text
    if unit and unit.casefold() in bare.casefold():
        at = bare.casefold().index(unit.casefold())
        bare = (bare[:at] + bare[at + len(unit) :]).strip()
    found = _TIMES_AT_END.search(bare)
    readings = number_readings(bare[: found.start()].strip()) if found else {}
    if found is None or len(readings) != 1:
        return bare
    number = next(iter(readings.values())) * _TIMES[found.group(1).casefold()]
    return f"{number:.12g}" if abs(number) < 1e12 else f"{number:.0f}"


def _example(key_result: KeyResult) -> str:
    target = key_result.target
    return "12" if target is None else f"{target:.12g}"


# --- the history ----------------------------------------------------------------------------------


def build_history(standing: KeyResultStanding, board: Board) -> History:
    """List what was said of a key result, the newest first, under the curve of its values."""
    snapshot, one = board.snapshot, standing.key_result
    names = Names(snapshot)
    last = end_of(board.day)
    entries = [entry for entry in snapshot.check_ins.get(one.key, ()) if entry.when <= last]
    shown = [_entry(entry, one, names, board.day) for entry in reversed(entries)][:SHOWN_ENTRIES]
    rest = len(entries) - len(shown)
    return History(
        title=one.title,
        curve=_curve(standing, board),
        entries=tuple(shown),
        rest=f"and {formats.count(rest, 'earlier check-in')}" if rest > 0 else "",
        empty="" if entries else "No check-in yet. The first one starts the history.",
    )


def _entry(entry: CheckIn, one: KeyResult, names: Names, today: date) -> Entry:
    return Entry(
        day=formats.day(entry.when.date(), today),
        value=_said_value(entry, one),
        confidence=_said_confidence(entry.confidence),
        note=entry.note,
        by=names.of(entry.by),
    )


def _said_value(entry: CheckIn, one: KeyResult) -> str:
    if entry.value is None:
        return ""
    if one.kind is Kind.DONE:
        return "done" if entry.value >= 1 else "not done yet"
    return formats.quantity(entry.value, one.unit)


def _said_confidence(confidence: float | None) -> str:
    """Say a confidence in the form's word where it is one, else as a share."""
    if confidence is None:
        return ""
    word = next((word for word, share in CONFIDENCES.items() if abs(share - confidence) < 1e-9), "")
    return f"{word or formats.share(confidence)} confidence"


def _curve(standing: KeyResultStanding, board: Board) -> Curve | None:
    """Draw the values over the window; two of them make a line."""
    one, snapshot = standing.key_result, board.snapshot
    if one.kind is Kind.DONE or standing.window is None:
        return None
    known = known_on(
        one,
        snapshot.check_ins.get(one.key, ()),
        snapshot.changes.get(one.key, ()),
        board.day,
        snapshot.settings.locale,
    )
    start, end = standing.window.start, standing.window.end
    spots = known.reports
    if len(spots) < 2:
        return None
    first, last = min(start.toordinal(), spots[0][0]), max(end.toordinal(), spots[-1][0])
    ends = [value for value in (one.start, one.target) if value is not None]
    values = [value for _, value in spots] + ends
    low, high = min(values), max(values)
    span, days = (high - low) or 1.0, (last - first) or 1

    def place(day: float, value: float) -> tuple[float, float]:
        return round(100 * (day - first) / days, 2), round(100 - 100 * (value - low) / span, 2)

    points = [place(day, value) for day, value in spots]
    return Curve(
        line=_path(points),
        dots="".join(f"M{x} {y}h0" for x, y in points),
        pace=_pace_path(standing, start, end, place),
        top=formats.quantity(high, one.unit),
        foot=formats.quantity(low, one.unit),
        first=formats.day(date.fromordinal(first), board.day),
        last=formats.day(date.fromordinal(last), board.day),
        text=_curve_text(spots, one),
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _pace_path(standing: KeyResultStanding, start: date, end: date, place: _Place) -> str:
    """Draw the straight way from start to target, or the bound that is to be kept."""
    one = standing.key_result
    if one.target is None:
        return ""
    if not one.kind.is_way or one.start is None:
        level = place(0, one.target)[1]
        return f"M0 {level}H100"
    goal = one.start + (one.target - one.start) * standing.pass_mark
    return _path([place(start.toordinal(), one.start), place(end.toordinal(), goal)])


def _curve_text(spots: Sequence[tuple[int, float]], one: KeyResult) -> str:
    (_, first), (_, last) = spots[0], spots[-1]
    return (
        f"{formats.count(len(spots), 'value')}, from {formats.quantity(first, one.unit)}"
        f" to {formats.quantity(last, one.unit)}"
    )
