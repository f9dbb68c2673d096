"""The demo workbook: a believable company, the same for the same seed and day, of any size."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, partial
from operator import itemgetter
from random import Random

from okr import columns
from okr.demo_company import (
    LAST_CYCLE,
    ORGANISATION,
    PEOPLE,
    TEAMS,
    THIS_CYCLE,
    Measure,
    PlannedKeyResult,
    PlannedObjective,
    Shape,
)
from okr.model import Cell, Commitment, Cycle, CycleState, Kind, Settings, State, Team

Value = Cell | date | datetime | None
Row = list[Value]
Cells = dict[str, Value]

_EMAILS = {person.name: person.email for person in PEOPLE}
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_FLUID_UNITS = ("days", "hours", "minutes")
_ALPHABET = "23456789BCDFGHJKMNPQRTVW"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]

_Moment = tuple[datetime, int, float]
"""When a check-in is made, in which week of its cycle, and how many days after its start."""

_Course = Callable[[float], tuple[float | bool, float]]
"""Gives the value after a share of the cycle, and how far that is ahead of pace."""

_SHAPES: Mapping[Shape, Callable[[float, float], float]] = {
    Shape.STEADY: lambda share, reach: reach * share,
    Shape.NOISY: lambda share, reach: reach * share,
    Shape.STEPS: lambda share, reach: reach * math.floor(5 * share + 0.55) / 5,
    Shape.EARLY: lambda share, reach: reach * (1 - (1 - share) ** 2.2),
    Shape.LATE: lambda share, reach: reach * share**1.6,
    Shape.STALLED: lambda share, reach: min(1.1 * share, reach),
    Shape.SLIPPING: lambda share, reach: -reach * share,
}
"""Progress after a share of the cycle, for a course with this reach."""


@dataclass(frozen=True, slots=True)
class _Story:
    """One key result in its cycle: its row, and its check-ins from the oldest on."""

    id: str
    plan: PlannedKeyResult
    cells: Cells
    check_ins: list[Row]


@dataclass(frozen=True, slots=True)
class _Aim:
    """One planned objective in its cycle, with the IDs of its key results."""

    plan: PlannedObjective
    cycle: Cycle
    key_results: Sequence[tuple[str, PlannedKeyResult]]


def build_demo(
    today: date,
    seed: int = 1,
    teams: int | None = None,
    key_results: int | None = None,
    check_ins: int | None = None,
) -> dict[str, list[Row]]:
    """Build the rows of a demo workbook, headers first, as a person would have left them on a day.

    With no size given it is the hand-written company, with a few deliberate mistakes to find.
    With any size it is a company made from the same material with exactly as many key results,
    check-ins, and teams that have no other below them: the departments and regions above come on
    top. Nothing in it is dated today or later, but due dates.

    Raises:
        ValueError: If a size is negative, or there would be check-ins without a key result.
    """
    if teams is None and key_results is None and check_ins is None:
        return _hand_written(today, seed)
    wanted = 100 if key_results is None else key_results
    return _of_size(
        today,
        seed,
        8 if teams is None else teams,
        wanted,
        10 * wanted if check_ins is None else check_ins,
    )


# --- The hand-written company ---------------------------------------------------------------------


def _hand_written(today: date, seed: int) -> dict[str, list[Row]]:
    """Tell the story of Larkfield up to yesterday, then make the mistakes that people make."""
    last, this = _quarters(today)
    aims = [_numbered(plan, last) for plan in LAST_CYCLE]
    aims += [_numbered(plan, this) for plan in THIS_CYCLE]
    objectives: dict[str, Cells] = {}
    stories: dict[str, _Story] = {}
    for aim in aims:
        told = []
        for identity, plan in aim.key_results:
            rng = Random(f"{seed} {identity}")  # its own, so that the past stays as days go by
            moments = _weekly(plan, aim.cycle, today, rng)
            told.append(_tell(identity, plan, aim, moments, rng))
        stories |= {story.id: story for story in told}
        objectives[aim.plan.id] = _objective_cells(aim, told, Random(f"{seed} {aim.plan.id}"))
    check_ins = [row for story in stories.values() for row in story.check_ins]
    history = _move_goalposts(stories, this, today)
    _set_paces(stories, this)
    check_ins += _make_mistakes(objectives, stories, this, today)
    tabs = _workbook(objectives.values(), stories.values(), check_ins, TEAMS, (last, this))
    return tabs | {columns.HISTORY: [[*_headers(columns.HISTORY)], *history]}


def _numbered(plan: PlannedObjective, cycle: Cycle) -> _Aim:
    """Give key results the number of their objective and a letter: KR-12A, KR-12B, …"""
    number = plan.id.removeprefix("O-")
    letters = (columns.letters(place) for place in range(len(plan.key_results)))
    ids = [f"KR-{number}{letter}" for letter in letters]
    return _Aim(plan, cycle, list(zip(ids, plan.key_results, strict=True)))


def _weekly(plan: PlannedKeyResult, cycle: Cycle, today: date, rng: Random) -> Iterable[_Moment]:
    """Choose when people check in: on their weekday, at their hour, some late, some not at all."""
    weekday = rng.choice((0, 0, 0, 0, 1, 2, 4, 4, 4))
    first = cycle.starts + timedelta(days=(weekday - cycle.starts.weekday()) % 7)
    newest = min(_finished(plan, cycle), today - plan.silent * _WEEK - _DAY)
    skipped: _Moment | None = None
    for week in range(0 if _has_baseline(plan, rng) else 1, 14):
        late = 0 if week == 0 or rng.random() < 0.85 else 3 if weekday == 4 else rng.choice((1, 2))
        day = min(first + timedelta(days=7 * (week - 1) + late), cycle.ends)
        hour = rng.choice((13, 14, 15, 16, 16, 17) if weekday == 4 else (8, 9, 9, 10, 11))
        when = datetime.combine(day, time(hour, rng.randrange(60)))
        is_skipped = rng.random() < 0.1 and week not in plan.notes
        if day > newest:
            break
        skipped = (when, week, (day - cycle.starts).days + 0.5)
        if not is_skipped:
            yield skipped
            skipped = None
    if skipped is not None:
        yield skipped


def _has_baseline(plan: PlannedKeyResult, rng: Random) -> bool:
    """Tell whether somebody checks in with the start value in the week before the cycle."""
    kind = plan.measure.kind
    return kind.is_keep or 0 in plan.notes or (kind is not Kind.DONE and rng.random() < 0.6)


def _finished(plan: PlannedKeyResult, cycle: Cycle) -> date:
    """Give the last day on which anybody checks in: what is done or dropped is left alone."""
    if plan.state is State.DROPPED:
        return cycle.starts + max(plan.notes, default=1) * _WEEK
    if plan.measure.kind is Kind.DONE and plan.measure.reach <= 1:
        length = ((_due(plan, cycle) or cycle.ends) - cycle.starts).days + 1
        return cycle.starts + timedelta(days=math.ceil(plan.measure.reach * length) + 7)
    return cycle.ends


def _make_mistakes(
    objectives: Mapping[str, Cells], stories: Mapping[str, _Story], cycle: Cycle, today: date
) -> list[Row]:
    """Put into the sheet what Sheet health is there to find; return the check-ins that do so."""
    key_results = {identity: story.cells for identity, story in stories.items()}
    key_results["KR-17B"]["Current"] = "12,5"
    key_results["KR-19B"]["Due"] = cycle.ends + timedelta(days=18)
    key_results["KR-24A"]["Current"] = _number(key_results["KR-24A"]["Current"]) + 2
    key_results["KR-25A"]["Current"] = round(100 * _number(key_results["KR-25A"]["Current"]), 1)
    key_results["KR-27C"]["ID"] = "KR-27B"
    key_results["KR-28D"]["Current"] = "#N/A"
    key_results["KR-31D"]["ID"] = None
    objectives["O-21"]["Type"] = "stretch"
    objectives["O-23"]["Supports"] = "O-22; O-99"
    return [*_slip_of_the_finger(stories["KR-26A"]), *_lost_check_in(cycle, today)]


def _number(value: Value) -> float:
    """Take a number cell as a number."""
    assert isinstance(value, float), value
    return value


def _slip_of_the_finger(story: _Story) -> list[Row]:
    """Type one zero too many, minutes before the fourth check-in, whose note puts it right."""
    if len(story.check_ins) < 4:
        return []
    right = story.check_ins[3]
    wrong = list(right)
    when = right[0]
    assert isinstance(when, datetime)
    wrong[0] = when - timedelta(minutes=11)
    wrong[2] = 10 * _number(right[2])
    wrong[4] = None
    right[4] = "One zero too many just now. This is the right number."
    return [wrong]


def _lost_check_in(cycle: Cycle, today: date) -> list[Row]:
    """Check in for a key result that no tab knows."""
    day = max(cycle.starts - 5 * _DAY, today - 16 * _DAY)
    note = "Counted at the fair. Is this the right line?"
    when = datetime.combine(day, time(18, 42))
    return [[when, "KR-88", 23.0, 0.6, note, _EMAILS["Felix Ott"], None]]


def _move_goalposts(stories: Mapping[str, _Story], cycle: Cycle, today: date) -> list[Row]:
    """Change two targets on their day, as the board would have seen and recorded it."""
    moves = (
        (24, "KR-20A", 12000.0, "Priya Nair"),
        (38, "KR-31A", 360.0, "Rosa Klein"),
    )
    rows: list[Row] = []
    for days, identity, before, who in moves:
        cells = stories[identity].cells
        when = datetime.combine(cycle.starts + timedelta(days=days), time(11, 17))
        if when.date() < today:
            change = ("Target", before, cells["Target"], _EMAILS[who], "sheet")
            rows.append([when, identity, columns.KEY_RESULTS, *change])
        else:
            cells["Target"] = before
    return rows


def _set_paces(stories: Mapping[str, _Story], cycle: Cycle) -> None:
    """Give two key results that cannot move evenly checkpoints of their own."""
    paces = {"KR-18C": ((31, 8), (61, 26)), "KR-33B": ((31, 20), (61, 60))}
    for identity, points in paces.items():
        told = [f"{cycle.starts + timedelta(days=days)}: {value}" for days, value in points]
        stories[identity].cells["Pace"] = "; ".join(told)


# --- A company of any size ------------------------------------------------------------------------


def _of_size(
    today: date, seed: int, teams: int, key_results: int, check_ins: int
) -> dict[str, list[Row]]:
    """Build a company of this size from the hand-written aims, numbered."""
    if min(teams, key_results, check_ins) < 0:
        raise ValueError("The number of teams, key results and check-ins must not be negative.")
    if check_ins and not key_results:
        raise ValueError(
            "Check-ins need at least one key result. Ask for some, or for no check-ins."
        )
    last, this = _quarters(today)
    tree = _tree(teams)
    aims = _numbered_aims(tree, key_results, last, this)
    measured = sum(plan.is_measured for aim in aims for _, plan in aim.key_results)
    each, more = divmod(check_ins, measured) if measured else (0, 0)
    objectives: list[Cells] = []
    stories: list[_Story] = []
    for aim in aims:
        rng = Random(f"{seed} {aim.plan.id}")
        told = []
        for identity, plan in aim.key_results:
            count = each + (more > 0) if plan.is_measured else 0
            more -= plan.is_measured
            moments = _evenly(count, plan, aim.cycle, today, rng)
            told.append(_tell(identity, plan, aim, moments, rng))
        stories += told
        objectives.append(_objective_cells(aim, told, rng))
    rows = [row for story in stories for row in story.check_ins]
    return _workbook(objectives, stories, rows, tree, (last, this))


def _tree(count: int) -> list[Team]:
    """Grow the tree of teams: three rounds of the eight teams share departments, later a region."""
    top, *others = TEAMS
    departments = [team for team in others if team.parent == ORGANISATION]
    bases = [team for team in others if team.parent != ORGANISATION]
    leaves: list[Team] = []
    above: dict[str, Team] = {}
    for place in range(count):
        turn, base = place // len(bases), bases[place % len(bases)]
        group = turn // 3
        region = f"Region {group + 1}" if count > 3 * len(bases) else ORGANISATION
        if region != ORGANISATION:
            above.setdefault(region, Team(region, ORGANISATION, top.lead, top.description))
        [department] = [team for team in departments if team.name == base.parent]
        parent = _count_name(department.name, group + 1)
        above.setdefault(parent, replace(department, name=parent, parent=region))
        leaves.append(replace(base, name=_count_name(base.name, turn + 1), parent=parent))
    return [top, *sorted(above.values(), key=lambda team: team.parent != ORGANISATION), *leaves]


def _count_name(name: str, number: int) -> str:
    """Number all but the first of a name."""
    return name if number == 1 else f"{name} {number}"


def _numbered_aims(tree: Sequence[Team], key_results: int, last: Cycle, this: Cycle) -> list[_Aim]:
    """Deal objectives of up to three key results to the teams in turn, some of them closed."""
    parents = {team.name: team.parent for team in tree}
    newest: dict[tuple[str, str], str] = {}
    uses: Counter[str] = Counter()
    aims: list[_Aim] = []
    for place in range(math.ceil(key_results / 3)):
        turn, seat = divmod(place, len(tree))
        team, is_closed = tree[seat].name, (turn + seat) % 4 == 3
        cycle = last if is_closed else this
        pool = _templates(team, is_closed)
        template = pool[turn % len(pool)]
        uses[template.id] += 1
        plan = replace(
            template,
            id=f"O-{place + 1}",
            team=team,
            title=_count_name(template.title, uses[template.id]),
            supports=_supported(team, cycle.name, parents, newest),
        )
        if place % 7 == 6 and aims[-1].cycle is cycle:
            plan = replace(plan, supports=_also(plan.supports, aims[-1].plan.id))
        newest[team, cycle.name] = plan.id
        numbers = range(3 * place, min(3 * place + 3, key_results))
        ids = [f"KR-{_opaque(number)}" for number in numbers]
        aims.append(_Aim(plan, cycle, list(zip(ids, template.key_results, strict=False))))
    return aims


def _also(supports: str, other: str) -> str:
    """Support one more, once."""
    return "; ".join(dict.fromkeys(filter(None, (supports, other))))


@cache
def _templates(team: str, is_closed: bool) -> list[PlannedObjective]:
    """Find the hand-written objectives that suit a team by its name, else the organisation's."""
    plans = [
        plan
        for plan in (LAST_CYCLE if is_closed else THIS_CYCLE)
        if len(plan.key_results) >= 3 and plan.state is None and plan.team
    ]
    base = team.rstrip("0123456789 ")
    return [plan for plan in plans if plan.team == base] or [
        plan for plan in plans if plan.team == ORGANISATION
    ]


def _supported(
    team: str,
    cycle: str,
    parents: Mapping[str, str | None],
    newest: Mapping[tuple[str, str], str],
) -> str:
    """Name the newest objective of the nearest team above that has one in the cycle."""
    above = parents[team]
    while above is not None and (above, cycle) not in newest:
        above = parents[above]
    return "" if above is None else newest[above, cycle]


def _evenly(
    count: int, plan: PlannedKeyResult, cycle: Cycle, today: date, rng: Random
) -> Iterable[_Moment]:
    """Spread a given number of check-ins, a week apart where there is room, else closer."""
    start = datetime.combine(cycle.starts - _WEEK, time())
    days = (min(today, cycle.ends + _DAY) - cycle.starts).days + 6
    days -= 7 * plan.silent if days > 7 * plan.silent + 7 else 0
    newest = days * 1440 + rng.randrange(8 * 60, 17 * 60) - 1440 * rng.randrange(min(5, days))
    step = min(7 * 1440, (newest - 8 * 60) / max(count, 1))
    for place in range(count - 1, -1, -1):
        minutes = newest - int(place * step)
        when = start + timedelta(minutes=minutes)
        yield when, minutes // (7 * 1440), minutes / 1440 - 7


# --- What a row holds -----------------------------------------------------------------------------


def _quarters(today: date) -> tuple[Cycle, Cycle]:
    """Give the quarter before that of today, closed, and the quarter of today."""
    this = _quarter(today)
    last = _quarter(this.starts - _DAY)
    return replace(last, state=CycleState.CLOSED), this


def _quarter(day: date) -> Cycle:
    """Give the calendar quarter of a day."""
    number = (day.month - 1) // 3 + 1
    starts = day.replace(month=3 * number - 2, day=1)
    ends = (starts + timedelta(days=95)).replace(day=1) - _DAY
    return Cycle(f"{day.year}-Q{number}", starts, ends, CycleState.ACTIVE)


def _tell(
    identity: str, plan: PlannedKeyResult, aim: _Aim, moments: Iterable[_Moment], rng: Random
) -> _Story:
    """Write the check-ins of a key result, and its row as they leave it."""
    measure, due = plan.measure, _due(plan, aim.cycle)
    owner = _owner(plan.owner, rng)
    kind = None if measure.kind.is_way and rng.random() < 0.2 else measure.kind
    rows = _check_in_rows(identity, plan, aim, due or aim.cycle.ends, moments, rng)
    check_ins = list(rows) if plan.is_measured else []
    newest = check_ins[-1] if check_ins else None
    cells: Cells = {
        "ID": identity,
        "Objective": aim.plan.id,
        "Key result": plan.title,
        "Owner": owner,
        "Kind": kind,
        "Start": None if measure.kind.is_keep else measure.start,
        "Target": measure.target,
        "Current": newest[2] if newest else _before_check_ins(plan),
        "Unit": measure.unit or None,
        "Weight": plan.weight,
        "Due": due,
        "Pace": None,
        "Confidence": newest[3] if newest else _first_confidence(plan),
        "State": plan.state,
        "Grade": _grade(measure, newest[2] if newest else None, aim.cycle),
        "Link": plan.link or None,
    }
    return _Story(identity, plan, cells, check_ins)


def _owner(name: str, rng: Random) -> str:
    """Name an owner, now and then by e-mail."""
    return _EMAILS[name] if rng.random() < 0.12 else name


def _check_in_rows(
    identity: str,
    plan: PlannedKeyResult,
    aim: _Aim,
    due: date,
    moments: Iterable[_Moment],
    rng: Random,
) -> Iterable[Row]:
    """Write one row a moment: the value on its course, the belief that goes with it, and a note."""
    notes, by = dict(plan.notes), _EMAILS[plan.owner]
    length = (due - aim.cycle.starts).days + 1
    pass_mark = 0.7 if aim.plan.commitment is Commitment.ASPIRATIONAL else 1.0
    course = _course(plan.measure, pass_mark, rng)
    usual = 0.66 + plan.mood
    believes = plan.measure.kind is Kind.DONE or rng.random() < 0.88
    for when, week, days in moments:
        value, ahead = course(0.0 if days < 0 else 1.0 if days > length else days / length)
        belief = usual + 1.1 * ahead + 0.16 * rng.random()
        confidence = round(min(1.0, max(0.1, belief)), 1) if believes else None
        yield [when, identity, value, confidence, notes.pop(week, None), by, None]


def _course(measure: Measure, pass_mark: float, rng: Random) -> _Course:
    """Choose how values go; a course gives the value at a share of the cycle, and how far ahead."""
    if measure.kind is Kind.DONE:
        return partial(_doing, measure)
    if measure.kind.is_keep:
        return partial(_keeping, measure, _decimals(measure), rng)
    return _moving(measure, pass_mark, rng)


def _doing(measure: Measure, share: float) -> tuple[bool, float]:
    """Do it at once, when its time has come."""
    if share >= measure.reach:
        return True, 1.0
    return False, (0.15 if measure.reach <= 1 else -0.6) * share


def _keeping(measure: Measure, decimals: int, rng: Random, share: float) -> tuple[float, float]:
    """Swing around the usual level, or drift from there past the bound."""
    usual, bound = measure.start or 0.0, measure.target or 0.0
    drift = 2.2 * share if measure.shape is Shape.SLIPPING else 0.0
    swing = (0.85 if measure.shape is Shape.NOISY else 0.4) * min(1.0, 9 * share)
    value = round(usual + (bound - usual) * (drift + swing * rng.gauss(0, 1)), decimals)
    value = min(value, 1.0) if measure.unit == "%" else value
    return value, 0.05 if _is_met(measure, value) else -0.3


def _is_met(measure: Measure, value: float) -> bool:
    """Tell whether a value keeps to its bound."""
    bound = measure.target or 0.0
    return value >= bound if measure.kind is Kind.KEEP_ABOVE else value <= bound


def _moving(measure: Measure, pass_mark: float, rng: Random) -> _Course:
    """Move from start to target along a shape; what is counted from 0 never falls."""
    start, reach, random = measure.start or 0.0, measure.reach, rng.random
    way = (measure.target or 0.0) - start
    shape, decimals = _SHAPES[measure.shape], _decimals(measure)
    most = 1.0 if measure.unit == "%" else float(measure.at_most or math.inf)
    swing = 0.18 if measure.shape is Shape.NOISY else 0.04
    least = 0.0

    def move(share: float) -> tuple[float, float]:
        nonlocal least
        noise = swing * min(1.0, 4 * share) * (random() - 0.5)
        progress = shape(share, reach) + noise
        value = round(min(most, max(least, start + way * progress)), decimals)
        if start == 0:
            least = value
        return value, progress - share * pass_mark

    return move


@cache
def _decimals(measure: Measure) -> int:
    """Tell to how many decimals people write such a value."""
    start, target = measure.start or 0.0, measure.target or 0.0
    if max(abs(start), abs(target)) >= 100_000:
        return -2
    known = max(len(f"{value:g}".partition(".")[2]) for value in (start, target))
    if measure.unit == "%":
        return max(3, known)
    return max(known, 1) if measure.unit in _FLUID_UNITS else known


def _due(plan: PlannedKeyResult, cycle: Cycle) -> date | None:
    """Give a key result's own due date: the end of a week of the cycle."""
    return None if plan.due is None else cycle.starts + plan.due * _WEEK - _DAY


def _before_check_ins(plan: PlannedKeyResult) -> Value:
    """Give what Current holds before the first check-in."""
    if not plan.is_measured or plan.measure.kind.is_keep:
        return None
    return False if plan.measure.kind is Kind.DONE else plan.measure.start


def _first_confidence(plan: PlannedKeyResult) -> float | None:
    """Give the belief that stands in the sheet before the first check-in."""
    if plan.is_measured and plan.measure.kind is Kind.DONE:
        return round(0.7 + plan.mood, 1)
    return None


def _grade(measure: Measure, value: Value, cycle: Cycle) -> float | None:
    """Grade a key result by its last value once its cycle is closed."""
    if cycle.state is not CycleState.CLOSED or not isinstance(value, float | bool):
        return None
    if measure.kind is Kind.DONE:
        return float(value)
    if measure.kind.is_keep:
        return 1.0 if _is_met(measure, value) else 0.5
    start, target = measure.start or 0.0, measure.target or 0.0
    return round(min(1.0, max(0.0, (value - start) / (target - start))), 1)


def _objective_cells(aim: _Aim, told: Sequence[_Story], rng: Random) -> Cells:
    """Write the row of an objective; a closed one is graded by its key results."""
    plan, is_closed = aim.plan, aim.cycle.state is CycleState.CLOSED
    grades = [grade for story in told if isinstance(grade := story.cells["Grade"], float)]
    return {
        "ID": plan.id,
        "Cycle": aim.cycle.name,
        "Team": plan.team or None,
        "Objective": plan.title,
        "Owner": _owner(plan.owner, rng),
        "Supports": plan.supports or None,
        "Type": plan.commitment,
        "Weight": plan.weight,
        "State": plan.state or (State.DONE if is_closed else State.ACTIVE),
        "Roll-up": plan.roll_up,
        "Grade": round(sum(grades) / len(grades), 1) if grades else None,
        "Closing note": plan.closing_note or None,
    }


# --- The tabs -------------------------------------------------------------------------------------


def _workbook(
    objectives: Iterable[Cells],
    stories: Iterable[_Story],
    check_ins: list[Row],
    teams: Sequence[Team],
    cycles: Sequence[Cycle],
) -> dict[str, list[Row]]:
    """Lay everything out in the board's own tabs and columns."""
    key_results = (story.cells for story in stories)
    return {
        tab: [[*_headers(tab)], *rows]
        for tab, rows in (
            (columns.OBJECTIVES, _laid_out(columns.OBJECTIVES, objectives)),
            (columns.KEY_RESULTS, _laid_out(columns.KEY_RESULTS, key_results)),
            (columns.CHECK_INS, _in_order(check_ins)),
            (columns.TEAMS, [[t.name, t.parent, t.lead, t.description] for t in teams]),
            (columns.CYCLES, [[c.name, c.starts, c.ends, _plain(c.state)] for c in cycles]),
            (columns.PEOPLE, [[p.email, p.name, p.team] for p in PEOPLE]),
            (columns.SETTINGS, _settings()),
        )
    }


def _headers(tab: str) -> list[str]:
    """Name the columns of a tab; Progress is for sheets without values."""
    return [column for column in columns.COLUMNS[tab] if column != "Progress"]


def _laid_out(tab: str, rows: Iterable[Cells]) -> list[Row]:
    """Put cells into the order of their tab's columns."""
    headers = _headers(tab)
    return [[_plain(cells[column]) for column in headers] for cells in rows]


def _plain(value: Value) -> Value:
    """Write words of the vocabulary and whole numbers as a sheet would hold them."""
    if isinstance(value, StrEnum):
        return value.value
    return float(value) if type(value) is int else value


def _in_order(check_ins: list[Row]) -> list[Row]:
    """Sort check-ins as they were made; most went through a form, which gave them an ID."""
    check_ins.sort(key=itemgetter(0))
    for number, row in enumerate(check_ins):
        row[6] = None if number % 9 == 4 else f"CI-{_opaque(number)}"
    return check_ins


def _settings() -> list[Row]:
    """Show every setting, so that people find it; thresholds stand at their defaults."""
    chosen: Mapping[str, Value] = {
        "organisation": ORGANISATION,
        "timezone": "Europe/Berlin",
        "locale": "en_GB",
    }
    defaults = Settings()
    return [
        [setting.name, chosen.get(setting.name, getattr(defaults, setting.name))]
        for setting in fields(Settings)
    ]


def _opaque(number: int) -> str:
    """Spell a number as six letters and digits that look like nothing else, each its own way."""
    first, rest = divmod((number * 100_544_351 + 9_119_337) % 24**6, 24**4)
    middle, last = divmod(rest, 24**2)
    return _PAIRS[first] + _PAIRS[middle] + _PAIRS[last]
