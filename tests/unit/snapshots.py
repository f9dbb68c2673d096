"""Snapshots for tests of the numbers: sound entities, so that a test names only what matters.

Where `readings` builds workbooks from cells, these are what a workbook means, whoever read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from okr.assess import build_board
from okr.board import Board, KeyResultStanding, ObjectiveStanding, Window
from okr.model import (
    EPOCH,
    Cell,
    Change,
    CheckIn,
    Cycle,
    KeyResult,
    Kind,
    Objective,
    Place,
    Settings,
    Snapshot,
    Source,
    Team,
)

DAY = date(2026, 5, 20)
"""The day of most tests: day 49 of the 90 of 2026-Q2."""

QUARTER = Cycle("2026-Q2", date(2026, 4, 1), date(2026, 6, 30))
YEAR = Cycle("2026", date(2026, 1, 1), date(2026, 12, 31))
WINDOW = Window(QUARTER.starts, QUARTER.ends)
SETTINGS = Settings(organisation="Acme")

OBJECTIVE = Objective(
    key="O-1",
    id="O-1",
    title="Newcomers feel at home",
    place=Place("Objectives", 2, "Objectives!D2"),
    cycle=QUARTER.name,
    team="Growth",
)
KEY_RESULT = KeyResult(
    key="KR-1",
    id="KR-1",
    title="Raise activation",
    place=Place("Key results", 2, "Key results!C2"),
    objective="O-1",
    kind=Kind.INCREASE,
    start=0.0,
    target=100.0,
)

_rows = count(2)


def an_objective(key: str = "O-1", **changes: Any) -> Objective:
    return replace(OBJECTIVE, key=key, id=key, **changes)


def a_key_result(key: str = "KR-1", **changes: Any) -> KeyResult:
    row = next(_rows)
    place = Place("Key results", row, f"Key results!C{row}")
    return replace(KEY_RESULT, **({"key": key, "id": key, "place": place} | changes))


def a_rise(key: str = "KR-1", **changes: Any) -> KeyResult:
    """Build an increase from 0 to 100."""
    return a_key_result(key, **changes)


def a_fall(key: str = "KR-1", **changes: Any) -> KeyResult:
    """Build a decrease from 100 to 0."""
    way = {"kind": Kind.DECREASE, "start": 100.0, "target": 0.0}
    return a_key_result(key, **(way | changes))


def a_bound(key: str = "KR-1", **changes: Any) -> KeyResult:
    """Build a key result that keeps above 90."""
    bound = {"kind": Kind.KEEP_ABOVE, "start": None, "target": 90.0}
    return a_key_result(key, **(bound | changes))


def a_deed(key: str = "KR-1", **changes: Any) -> KeyResult:
    """Build a key result that is done or not."""
    deed = {"kind": Kind.DONE, "start": None, "target": None}
    return a_key_result(key, **(deed | changes))


def moment(day: date | datetime) -> datetime:
    """Give a moment as it is, and a day as its noon."""
    return day if isinstance(day, datetime) else datetime.combine(day, time(12))


def a_check_in(
    when: date | datetime,
    value: float | None = None,
    confidence: float | None = None,
    **changes: Any,
) -> CheckIn:
    second = (moment(when) - EPOCH) // timedelta(seconds=1)
    said = CheckIn(second, value, confidence, "", "ada@example.com", next(_rows))
    return said._replace(**changes)


def a_change(
    when: date | datetime, before: Cell, after: Cell, column: str = "Current", key: str = "KR-1"
) -> Change:
    by, source = "", "sheet"
    return Change(moment(when), key, "Key results", column, before, after, by, source, next(_rows))


def a_snapshot(
    objectives: Sequence[Objective] | None = None,
    key_results: Sequence[KeyResult] | None = None,
    *,
    check_ins: Mapping[str, Sequence[CheckIn]] | None = None,
    changes: Mapping[str, Sequence[Change]] | None = None,
    cycles: Sequence[Cycle] = (QUARTER,),
    teams: Sequence[Team] = (),
    settings: Settings = SETTINGS,
) -> Snapshot:
    """Build a snapshot of one sound objective and key result, unless others are given."""
    said = {key: tuple(sorted(all_, key=_in_time)) for key, all_ in (check_ins or {}).items()}
    return Snapshot(
        source=Source("Acme OKRs", "acme.xlsx"),
        revision="1",
        read_at=datetime(2026, 5, 20, 9, tzinfo=UTC),
        settings=settings,
        objectives=(OBJECTIVE,) if objectives is None else tuple(objectives),
        key_results=(KEY_RESULT,) if key_results is None else tuple(key_results),
        check_ins=said,
        changes={key: tuple(all_) for key, all_ in (changes or {}).items()},
        teams=tuple(teams),
        cycles=tuple(cycles),
    )


def _in_time(entry: CheckIn) -> tuple[datetime, int]:
    return entry.when, entry.row


def a_board(
    objectives: Sequence[Objective] | None = None,
    key_results: Sequence[KeyResult] | None = None,
    *,
    day: date = DAY,
    cycle: Cycle | None = QUARTER,
    **more: Any,
) -> Board:
    return build_board(a_snapshot(objectives, key_results, **more), cycle, day)


def stand(
    key_result: KeyResult,
    day: date = DAY,
    *,
    objective: Objective = OBJECTIVE,
    check_ins: Sequence[CheckIn] = (),
    changes: Sequence[Change] = (),
    **more: Any,
) -> KeyResultStanding:
    """Find out how one key result stands on a day."""
    key = key_result.key
    board = a_board(
        [objective],
        [key_result],
        day=day,
        check_ins={key: check_ins},
        changes={key: changes},
        **more,
    )
    return board.key_results[0]


def roll(
    key_results: Sequence[KeyResult],
    day: date = DAY,
    *,
    objective: Objective = OBJECTIVE,
    **more: Any,
) -> ObjectiveStanding:
    """Find out how the objective of some key results stands on a day."""
    board = a_board([objective], key_results, day=day, **more)
    return next(one for one in board.objectives if one.objective.key == objective.key)
