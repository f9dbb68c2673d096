"""The history of a cycle is, day by day, what the board says of that day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from okr.assess import build_board
from okr.board import Board, KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.cells import serial_of
from okr.columns import COLUMNS, HISTORY, KEY_RESULTS, OBJECTIVES
from okr.cycles import pick_cycle
from okr.demo import build_demo
from okr.history import History, build_history
from okr.model import Cell, Commitment, KeyResult, Kind, RollUp, Snapshot, Source, State
from okr.pictures.trend import past_board
from okr.reading import Reading, Tab
from okr.snapshot import build_snapshot
from tests.unit.snapshots import (
    QUARTER,
    YEAR,
    a_check_in,
    a_key_result,
    a_snapshot,
    an_objective,
)

Row = dict[str, Any]


def known(value: Any) -> Any:
    """Turn what a table says of the unknown into None; let the ninth decimal be what it may."""
    if value is pd.NA or value is None or value != value:
        return None
    return pytest.approx(value, abs=2e-9) if isinstance(value, float) else value


def plain_cell(cell: Any) -> Any:
    return None if known(cell) is None else cell


def rows_of(frame: pd.DataFrame, day: date, name: str) -> dict[str, Row]:
    there = frame[frame["day"] == pd.Timestamp(day)].drop(columns="day")
    return {
        str(row[name]): {str(column): plain_cell(cell) for column, cell in row.items()}
        for row in there.to_dict("records")
    }


def of_key_result(one: KeyResultStanding) -> Row:
    return {
        "key": one.key_result.key,
        "objective": one.key_result.objective,
        "value": one.value,
        "progress": one.progress,
        "score": one.score,
        "expected": one.expected,
        "pass_mark": one.pass_mark,
        "gap": one.gap,
        "status": one.status and one.status.value,
        "is_stale": one.is_stale,
        "confidence": one.confidence,
        "is_counted": one.is_counted,
        "is_undated": one.is_undated,
    }


def of_objective(one: ObjectiveStanding) -> Row:
    return {
        "key": one.objective.key,
        "team": one.objective.team or None,
        "score": one.score,
        "low": one.low,
        "high": one.high,
        "expected": one.expected,
        "pass_mark": one.pass_mark,
        "status": one.status and one.status.value,
        "counted": one.counted,
        "with_data": one.with_data,
    }


def of_team(one: TeamStanding) -> Row:
    return {
        "team": one.team.name,
        "score": one.score,
        "low": one.low,
        "high": one.high,
        "expected": one.expected,
        "net": one.net,
        "counted": one.counted,
        "with_data": one.with_data,
        "stale": one.stale,
        **{status.value: count for status, count in one.counts.items()},
    }


def plain(rows: Iterator[Row], name: str) -> dict[str, Row]:
    return {row[name]: {key: known(cell) for key, cell in row.items()} for row in rows}


def assert_same(told: History, board: Board) -> None:
    day = board.day
    found = rows_of(told.key_results.drop(columns="current_score"), day, "key")
    assert found == plain(map(of_key_result, board.key_results), "key")
    assert rows_of(told.objectives, day, "key") == plain(map(of_objective, board.objectives), "key")
    assert rows_of(told.teams, day, "team") == plain(map(of_team, board.teams), "team")
    assert rows_of(told.organisation, day, "team") == plain(
        map(of_team, [board.organisation]), "team"
    )


def assert_lawful(snapshot: Snapshot, day: date, every: int = 1) -> None:
    cycle = pick_cycle(snapshot.cycles, day)
    assert cycle is not None
    told = build_history(snapshot, cycle, day)
    is_untouched = snapshot.changed_until is None
    curve = build_history(snapshot, cycle, day, with_undated=False) if is_untouched else None
    assert told.days[0] == cycle.starts
    for one in (*told.days[::every], told.days[-1]):
        assert_same(told, build_board(snapshot, cycle, one))
        if curve is not None:
            assert_same(curve, past_board(snapshot, cycle, one))


# --- demo workbooks that people have gone on with -------------------------------------------------

DAY = date(2026, 11, 20)


def a_demo(seed: int, random: Random, is_small: bool) -> Snapshot:
    """Take a demo workbook, and let people have changed it in the weeks before."""
    tabs = build_demo(DAY, seed, 3, 40, 400) if is_small else build_demo(DAY, seed)
    read = {title: [list(map(_cell, row)) for row in rows] for title, rows in tabs.items()}
    history = read.setdefault(HISTORY, [[*COLUMNS[HISTORY]]])
    for number in range(25):
        when = datetime(2026, 10, 1, 9) + timedelta(hours=random.randint(0, 24 * 50))
        history += [_hand_edit(random, read, when, number)]
    return build_snapshot(
        Reading(
            Source("Demo", ""),
            datetime.fromisoformat("2026-11-20T09:00:00+00:00"),
            "1",
            tuple(Tab(title, rows) for title, rows in read.items()),
        )
    )


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, date):
        return serial_of(value)
    return float(value) if type(value) is int else value


BEFORE: dict[str, list[Cell]] = {
    "Current": [0.0, 5.0, "", 1e4],
    "Confidence": [0.2, 0.9, ""],
    "Target": [10.0, 100.0, ""],
    "Start": [0.0, 3.0],
    "Weight": [0.0, 1.0, 3.0, ""],
    "Due": [serial_of(date(2026, 11, 10)), ""],
    "Pace": ["2026-10-20: 5; 2026-11-10: 8", "2026-11-01: 0.3", ""],
    "Kind": ["keep above", "keep below", "done", "increase", ""],
    "State": ["dropped", "", "draft"],
    "Roll-up": ["children", ""],
    "Type": ["aspirational", ""],
    "Team": ["Growth", "Elsewhere"],
    "Supports": ["O-12", ""],
}


def _hand_edit(
    random: Random, tabs: dict[str, list[list[Cell]]], when: datetime, number: int
) -> list[Cell]:
    """Tell of a cell that held something else, or a row that was not there."""
    name = random.choice([KEY_RESULTS, KEY_RESULTS, OBJECTIVES])
    headers = [str(cell) for cell in tabs[name][0]]
    row = random.choice([row for row in tabs[name][1:] if row[headers.index("ID")]])
    own = str(row[headers.index("ID")])
    if number % 8 == 7:
        return [serial_of(when), own, name, "ID", "", own, "", "sheet"]
    column = random.choice([one for one in headers if one in BEFORE])
    after = row[headers.index(column)]
    before = random.choice(BEFORE[column])
    return [serial_of(when), own, name, column, before, after, "", "sheet"]


@pytest.mark.parametrize("seed", range(2))
def test_every_day_of_a_demo_is_what_the_board_says_of_it(seed: int) -> None:
    random = Random(seed)
    assert_lawful(a_demo(seed, random, is_small=seed > 0), DAY, every=9)


def test_a_demo_that_nobody_has_touched_is_told_in_one_go() -> None:
    tabs = build_demo(DAY, 5, 3, 40, 400)
    rows = {title: [list(map(_cell, row)) for row in rows] for title, rows in tabs.items()}
    read_at = datetime.fromisoformat("2026-11-20T09:00:00+00:00")
    tabs_read = tuple(Tab(title, row) for title, row in rows.items())
    snapshot = build_snapshot(Reading(Source("Demo", ""), read_at, "1", tabs_read))

    assert_lawful(snapshot, DAY, every=12)
    after = pick_cycle(snapshot.cycles, DAY)
    assert after is not None
    assert build_history(snapshot, after, after.starts - timedelta(days=1)).days == ()


# --- any key result, on any day -------------------------------------------------------------------

EDGES = [QUARTER.starts + timedelta(days=days) for days in (0, 9, 27, 63, 90, 91)]
"""Here 0%, 10%, 30%, 70% and 100% of the quarter have passed; then it is over."""

VALUES = [0.0, 1.0, 20.0, 30.0, 45.0, 70.0, 99.99, 100.0, 120.0, -5.0]
SHARES = [0.0, 0.1, 0.39, 0.4, 0.5, 0.7, 0.8 - 0.1, 1.0]
"""So few that thresholds are met exactly."""

WAYS = {Kind.DECREASE: (100.0, 0.0), Kind.INCREASE: (0.0, 100.0), Kind.DONE: (None, None)}


def any_day(random: Random) -> date:
    return QUARTER.starts + timedelta(days=random.randint(-9, 99))


def any_key_result(random: Random, key: str) -> KeyResult:
    kind = random.choice([*Kind])
    start, target = WAYS.get(kind, (None, 45.0))
    current = random.choice([None, *VALUES])
    if kind is Kind.DONE and current is not None:
        current = float(current > 50)
    return a_key_result(
        key,
        objective=random.choice([*("O-1", "O-2", "O-3", "O-4") * 3, None]),
        kind=kind,
        start=start,
        target=target,
        current=current,
        weight=random.choice([0.0, 1.0, 1.0, 2.0]),
        due=any_day(random) if random.random() < 0.2 else None,
        confidence=random.choice([None, *SHARES]),
        state=random.choice([*[State.ACTIVE] * 9, State.DROPPED]),
        undefined=random.choice([*[""] * 9, "There is no target."]),
    )


def any_snapshot(random: Random, size: int) -> Snapshot:
    """Make up key results under four objectives that nobody has edited, most with a check-in."""
    rows = [any_key_result(random, f"KR-{number}") for number in range(size)]
    objectives = [
        an_objective(
            f"O-{number}",
            cycle=random.choice([*[QUARTER.name] * 4, YEAR.name, None]),
            commitment=random.choice([*Commitment]),
            state=random.choice([*[State.ACTIVE] * 4, *State]),
            roll_up=random.choice([*RollUp]),
            supports=("O-1",) if number > 1 else (),
        )
        for number in range(1, 5)
    ]
    said = {
        one.key: [
            a_check_in(
                any_day(random), random.choice([None, *VALUES]), random.choice([None, *SHARES])
            )
            for _ in range(random.randint(0, 3))
        ]
        for one in rows
    }
    return a_snapshot(objectives, rows, check_ins=said, cycles=(QUARTER, YEAR))


UNSHRUNK = [Phase.explicit, Phase.reuse, Phase.generate]
"""A seed tells nothing by being smaller."""


@settings(max_examples=20, deadline=None, phases=UNSHRUNK)
@given(st.integers(0, 2**32), st.integers(0, 60))
def test_both_ways_to_judge_a_day_follow_the_same_rules(seed: int, size: int) -> None:
    """One is written for a day, the other for all of them at once: what one says, both say."""
    random = Random(seed)
    snapshot = any_snapshot(random, size)
    days = {*EDGES, any_day(random)}
    told = build_history(snapshot, QUARTER, max(days))
    for day in days & {*told.days}:
        assert_same(told, build_board(snapshot, QUARTER, day))
