"""One key result in full: its course as a chart, its outlook in sentences, all that was said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from okr.board import Board, KeyResultStanding
from okr.figures import expected_on
from okr.goalposts import PACE, START, TARGET, Move, Post
from okr.listings import Listing
from okr.model import Kind, Settings
from okr.reach import Reach, reach_of
from okr.values import UNDATED, known_on
from okr.views import formats
from okr.views.course_plan import Ahead, Belief, Course, Report
from okr.views.drawings import Drawing, drawing
from okr.views.key_result_chart import draw_course
from okr.views.outlook import carry_on, find, outlook, short_quantity
from okr.views.pieces import Names

BASELINE = timedelta(days=14)
"""How long before its window a first value is still drawn."""

TYPED = "typed into the sheet"


class Said(NamedTuple):
    """A check-in, or a value that was typed into the sheet; numbered from the oldest on."""

    number: int
    when: datetime
    value: float | None
    confidence: float | None
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of what was said, as it is printed."""

    number: int
    day: str
    value: str
    confidence: str
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class CourseView:
    """A key result in full; ``drawing`` is None where there is nothing to draw."""

    finding: str
    drawing: Drawing | None
    sentences: tuple[str, ...]
    entries: tuple[Entry, ...]


def build_course(board: Board, standing: KeyResultStanding) -> CourseView:
    """Follow a key result through its window, and say where that leads."""
    snapshot = board.snapshot
    said = _said(board, standing)
    reach = reach_of(snapshot, standing, board.day)
    finding = find(standing, board.day)
    names = Names(snapshot)
    return CourseView(
        finding=finding,
        drawing=_drawing(board, standing, said, reach, finding),
        sentences=tuple(outlook(standing, reach, board.day, snapshot.settings)),
        entries=tuple(
            Entry(
                number=entry.number,
                day=formats.day(entry.when, board.day),
                value="" if entry.value is None else _value(standing, entry.value),
                confidence=_confidence(entry.confidence),
                note=entry.note,
                by=names.of(entry.by),
            )
            for entry in reversed(said)
            if entry.value is not None or entry.confidence is not None or entry.note
        ),
    )


def _confidence(confidence: float | None) -> str:
    return "" if confidence is None else f"confidence {formats.share(confidence)}"


def _value(standing: KeyResultStanding, value: float) -> str:
    one = standing.key_result
    if one.kind is Kind.DONE:
        return "done" if value >= 1 else "not done yet"
    return formats.quantity(value, one.unit)


def _said(board: Board, standing: KeyResultStanding) -> list[Said]:
    """Collect what was said or typed by the day, the oldest first."""
    one, snapshot = standing.key_result, board.snapshot
    changes = snapshot.changes.get(one.key, ())
    known = known_on(one, snapshot.check_ins.get(one.key, ()), changes, board.day)
    found = [
        (entry.when, entry.value, entry.confidence, entry.note, entry.by)
        for entry in known.check_ins
    ]
    found += [
        (moment, value, None, TYPED, "")
        for moment, value in known.steps
        if moment != UNDATED and value is not None
    ]
    found.sort(key=lambda entry: entry[0])
    return [Said(number, *entry) for number, entry in enumerate(found, 1)]


# --- the chart ----------------------------------------------------------------------------------


def _drawing(
    board: Board,
    standing: KeyResultStanding,
    said: Sequence[Said],
    reach: Reach | None,
    finding: str,
) -> Drawing | None:
    """Draw the course; a thing to do has no values between, so that its confidence is drawn."""
    one, window = standing.key_result, standing.window
    if window is None or one.undefined:
        return None
    is_done_kind = one.kind is Kind.DONE
    reports = _reports(said, is_done_kind, window.start - BASELINE, window.end)
    if not reports:
        return None
    course = Course(
        starts=min(window.start, reports[0].day),
        ends=window.end,
        today=board.day,
        unit="%" if is_done_kind else one.unit,
        reports=reports,
        pace=_pace(standing),
        lines=_lines(standing, board.snapshot.settings, reach),
        ahead=tuple(_ahead(standing, reach, board.day)),
        moves=_moves(standing, min(window.start, reports[0].day), window.end),
        beliefs=() if is_done_kind else _beliefs(said, board.day, window.start, window.end),
    )
    if reach is not None:
        course = replace(course, reach=_in_reach(standing, reach, board.day))
    listing = Listing(
        one.title,
        ("Number", "When", "Value", "Confidence", "Note", "By"),
        tuple(tuple(entry) for entry in said),
    )
    about = _about(standing) + _earlier(course)
    return drawing("course", finding, about, draw_course(course), course.height, listing)


def _earlier(course: Course) -> str:
    """Tell what the letters in the chart stand for."""
    said = "; ".join(f"{one.letter}, {', '.join(one.texts)}" for one in course.lettered_moves)
    return f" Goalposts moved before: {said}." if said else ""


def _about(standing: KeyResultStanding) -> str:
    one = standing.key_result
    if one.kind is Kind.DONE:
        return "It is done or not, so this shows how sure its owner was of it."
    unit = "percent" if one.unit == "%" else one.unit
    said = f"Value in {unit}. " if unit else ""
    said += "Each number stands for an entry in the list of its values."
    if not one.kind.is_way:
        return said
    said += " Dashed: the pace from start to target."
    return said + " Dotted: the rate that is needed from now on." if standing.pace.ratio else said


def _reports(
    said: Sequence[Said], is_done_kind: bool, first: date, last: date
) -> tuple[Report, ...]:
    """Take the last value of each day; of a thing to do, what was believed."""
    by_day: dict[date, Report] = {}
    for entry in said:
        value = entry.confidence if is_done_kind else entry.value
        day = entry.when.date()
        if value is not None and first <= day <= last:
            by_day[day] = Report(entry.number, day, value)
    return tuple(by_day[day] for day in sorted(by_day))


def _pace(standing: KeyResultStanding) -> tuple[tuple[date, float], ...]:
    """Say which value is due on the days of the window: a week apart, and at its checkpoints."""
    one, window = standing.key_result, standing.window
    if not one.kind.is_way or window is None or one.start is None or one.target is None:
        return ()
    way = (one.target - one.start) * standing.pass_mark
    length = (window.end - window.start).days
    days = {window.start + timedelta(days=gone) for gone in range(0, length, 7)} | {window.end}
    days |= {point.day for point in one.pace if window.start < point.day < window.end}
    return tuple(
        (day, one.start + way * (expected_on(one, window, day) or 0.0)) for day in sorted(days)
    )


def _lines(
    standing: KeyResultStanding, settings: Settings, reach: Reach | None
) -> tuple[tuple[float, str], ...]:
    """Name the values that decide: the target, or the bounds between which a status lies."""
    one = standing.key_result
    if one.kind is Kind.DONE:
        high, low = settings.confidence_high, settings.confidence_low
        return (
            (high, f"on track from\n{formats.share(high)}"),
            (low, f"off track below\n{formats.share(low)}"),
        )
    if one.target is None:
        return ()
    target = short_quantity(one.target, one.unit)
    if not one.kind.is_way:
        return (
            (one.target, f"{'at least' if one.kind is Kind.KEEP_ABOVE else 'at most'}\n{target}"),
        )
    named = (one.target, f"target\n{target}")
    if reach is None or round(reach.goal, 9) == round(one.target, 9):
        return (named,)
    return (named, (reach.goal, f"success from\n{short_quantity(reach.goal, one.unit)}"))


def _moves(standing: KeyResultStanding, first: date, last: date) -> tuple[tuple[date, str], ...]:
    """Name the goalposts that were moved within the days that are drawn."""
    unit = standing.key_result.unit
    return tuple(
        (move.when.date(), f"{formats.day(move.when)}: {_move(move, unit)}")
        for move in standing.moved
        if first <= move.when.date() <= last
    )


def _move(move: Move, unit: str) -> str:
    """Say in a few words what was moved, for there is room for few."""
    if move.column == PACE:
        return "Pace set" if not move.before else "Pace changed" if move.after else "Pace emptied"
    before, after = (
        _post(post, unit if move.column in (START, TARGET) else "") for post in move[2:]
    )
    if unit != "%":
        before = before.removesuffix(f" {unit}")
    return f"{move.column} {before} → {after}"


def _post(post: Post, unit: str) -> str:
    if isinstance(post, float):
        return short_quantity(post, unit)
    return formats.day(post) if isinstance(post, date) else "blank"


def _beliefs(said: Sequence[Said], day: date, first: date, last: date) -> tuple[Belief, ...]:
    """Let each stated confidence hold until the next one, the newest until today."""
    stated = [(entry.when.date(), entry.confidence) for entry in said]
    known = [(when, one) for when, one in stated if one is not None and when <= last]
    ends = [*(when for when, _ in known[1:]), min(day, last)][: len(known)]
    return tuple(
        Belief(max(when, first), until, one)
        for (when, one), until in zip(known, ends, strict=True)
        if until > max(when, first)
    )


# --- what is ahead ------------------------------------------------------------------------------


def _ahead(standing: KeyResultStanding, reach: Reach | None, day: date) -> list[Ahead]:
    """Draw on from today: what is needed, what the newest rate gives, how long there is time."""
    window, value, pace = standing.window, standing.value, standing.pace
    if reach is None or reach.is_met or window is None or value is None or day >= window.end:
        return []
    if day < window.start:
        return []
    ways = [Ahead(day, window.end, value, reach.goal, "", "ink", (2, 3))]
    carried = carry_on(standing, reach.goal, day)
    if carried is not None:
        until, end, words = carried
        ways.append(Ahead(day, until, value, end, words, "won", (6, 4)))
    last = _in_reach(standing, reach, day)
    if last is not None:
        ways.append(Ahead(last[0], window.end, value, reach.goal, "", "soft", (1, 2)))
    return ways if pace.required_rate is not None else []


def _in_reach(
    standing: KeyResultStanding, reach: Reach, day: date
) -> tuple[date, float, str] | None:
    """Say until when there is time, at the best rate so far; None where nothing is to be drawn."""
    last, window, value = reach.last_day, standing.window, standing.value
    if reach.is_met or last is None or window is None or value is None:
        return None
    if standing.pace.required_rate is None or not window.start <= day < last < window.end:
        return None
    return last, value, f"in reach until {formats.day(last)}"
