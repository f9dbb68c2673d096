"""What holds of the numbers whatever a sheet says."""

import ast
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okr.assess import build_board
from okr.board import Board, KeyResultStanding, TeamStanding
from okr.model import (
    Commitment,
    KeyResult,
    Kind,
    Objective,
    RollUp,
    Settings,
    Snapshot,
    State,
    Status,
    Team,
)
from okr.report import as_json, as_markdown
from okr.status import WORST_FIRST
from tests.unit.snapshots import (
    QUARTER,
    SETTINGS,
    YEAR,
    a_change,
    a_check_in,
    a_fall,
    a_key_result,
    a_rise,
    a_snapshot,
    an_objective,
    stand,
)

ANY = settings(max_examples=60, deadline=None)
COMPANY = settings(ANY, max_examples=25, suppress_health_check=[HealthCheck.too_slow])

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SENSIBLE = st.one_of(
    st.integers(-1000, 1000).map(float), st.floats(-1e6, 1e6).map(lambda one: round(one, 4))
)
SHARES = st.floats(0, 1)
DAYS = st.dates(QUARTER.starts - timedelta(days=20), QUARTER.ends + timedelta(days=20))
COMMITMENTS = st.sampled_from(Commitment)

BETTER = {status: rank for rank, status in enumerate(WORST_FIRST)}


# --- one key result -------------------------------------------------------------------------------


@ANY
@given(SENSIBLE, SENSIBLE, DAYS, COMMITMENTS)
def test_more_is_never_worse(one: float, other: float, day: date, commitment: Commitment) -> None:
    home = an_objective(commitment=commitment)
    less, more = (
        stand(a_rise(current=current), day, objective=home) for current in sorted((one, other))
    )

    assert (less.progress or 0.0) <= (more.progress or 0.0)
    assert (less.score or 0.0) <= (more.score or 0.0)
    assert (less.gap or 0.0) >= (more.gap or 0.0)
    assert less.status is not None
    assert more.status is not None
    assert BETTER[less.status] <= BETTER[more.status]


@ANY
@given(SENSIBLE, SENSIBLE, SENSIBLE, DAYS, COMMITMENTS, st.lists(st.tuples(DAYS, SENSIBLE)))
def test_a_decrease_is_an_increase_seen_in_a_mirror(
    start: float,
    target: float,
    current: float,
    day: date,
    commitment: Commitment,
    said: list[tuple[date, float]],
) -> None:
    if start == target:
        return
    start, target = sorted((start, target))
    home = an_objective(commitment=commitment)
    rise = stand(
        a_rise(start=start, target=target, current=current),
        day,
        objective=home,
        check_ins=[a_check_in(when, value) for when, value in said],
    )
    fall = stand(
        a_fall(start=-start, target=-target, current=-current),
        day,
        objective=home,
        check_ins=[a_check_in(when, -value) for when, value in said],
    )

    for name in ("progress", "score", "expected", "gap", "status", "word", "is_stale"):
        assert getattr(rise, name) == getattr(fall, name), name
    assert (rise.pace.projected, rise.pace.ratio) == (fall.pace.projected, fall.pace.ratio)
    for name in ("required_rate", "achieved_rate"):
        up, down = getattr(rise.pace, name), getattr(fall.pace, name)
        assert (up is None and down is None) or up == -down, name


@ANY
@given(st.floats(-100, 200), DAYS, st.integers(-1000, 1000), st.sampled_from([0.5, 2.0, 10.0]))
def test_the_unit_that_people_count_in_does_not_matter(
    current: float, day: date, shift: int, scale: float
) -> None:
    plain = stand(a_rise(current=round(current, 3)), day)
    bounds = {"start": shift * scale, "target": (100 + shift) * scale}
    other = stand(a_rise(current=(round(current, 3) + shift) * scale, **bounds), day)

    assert plain.progress == other.progress
    assert plain.status is other.status


@ANY
@given(st.sampled_from(Kind), st.none() | FINITE, FINITE, FINITE, DAYS, COMMITMENTS)
def test_a_score_lies_within_0_and_1_and_is_progress_held_there(
    kind: Kind,
    current: float | None,
    start: float,
    target: float,
    day: date,
    commitment: Commitment,
) -> None:
    if kind is Kind.DONE and current is not None:
        current = float(current > 0)
    way = a_key_result(kind=kind, start=start, target=target, current=current)
    now = stand(way, day, objective=an_objective(commitment=commitment))

    assert (now.score is None) == (now.progress is None)
    if now.progress is not None:
        assert now.score == min(1.0, max(0.0, now.progress))
    assert now.expected is not None
    assert 0.0 <= now.expected <= 1.0


@ANY
@given(DAYS, DAYS)
def test_more_is_expected_every_day(one: date, other: date) -> None:
    earlier, later = sorted((one, other))

    assert (stand(a_rise(), earlier).expected or 0) <= (stand(a_rise(), later).expected or 0)


@ANY
@given(st.sampled_from(Kind), st.none() | st.floats(0, 200), DAYS, st.none() | SHARES)
def test_status_depends_on_nothing_but_its_arguments(
    kind: Kind, current: float | None, day: date, confidence: float | None
) -> None:
    """What a row is called, who owns it and where it stands changes no number."""
    one = a_rise(kind=kind, current=current, confidence=confidence)
    other = replace(one, title="Another", owner="bo@example.com", link="https://example.com/")

    first, second = stand(one, day), stand(other, day)

    assert replace(first, key_result=one, objective=None) == replace(
        second, key_result=one, objective=None
    )


NUMBERS = (
    *("alignment", "assess", "board", "explain", "figures", "findings", "pace", "scoring"),
    *("standings", "status", "teams", "values"),
)


@pytest.mark.parametrize("module", NUMBERS)
def test_today_is_an_argument_never_a_call(module: str) -> None:
    path = Path(__file__).parents[2] / "okr" / f"{module}.py"
    named = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
    }

    assert not named & {"today", "now", "utcnow", "time_ns", "monotonic", "environ", "random"}


# --- a whole company ------------------------------------------------------------------------------


@st.composite
def key_results(draw: st.DrawFn, home: str, number: int, values: Any) -> KeyResult:
    kind = draw(st.sampled_from(Kind))
    start, target, current = draw(values), draw(values), draw(st.none() | values)
    if kind is Kind.DONE and current is not None:
        current = float(current > 0)
    is_flat = kind in (Kind.INCREASE, Kind.DECREASE) and round(start, 9) == round(target, 9)
    return a_key_result(
        f"{home}.{number}",
        objective=draw(st.sampled_from([home, home, home, None])),
        kind=kind,
        start=start,
        target=target,
        current=current,
        unit=draw(st.sampled_from(["", "%"])),
        weight=draw(st.sampled_from([0.0, 1.0, 1.0, 2.5, 1e300, 1e-300])),
        due=draw(st.none() | DAYS),
        confidence=draw(st.none() | SHARES),
        state=draw(st.sampled_from(State)),
        undefined="target equals start" if is_flat else "",
    )


@st.composite
def snapshots(draw: st.DrawFn, values: Any = SENSIBLE) -> Snapshot:
    """Make up a company: teams, objectives that support each other in any way, key results."""
    sizes = st.integers(0, 3)
    keys = [f"O-{number}" for number in range(draw(sizes))]
    objectives: list[Objective] = []
    rows: list[KeyResult] = []
    for key in keys:
        rows += [draw(key_results(key, number, values)) for number in range(draw(sizes))]
    named = st.sampled_from([*keys, *(one.key for one in rows)]) if keys else st.nothing()
    for key in keys:
        objectives.append(
            an_objective(
                key,
                cycle=draw(st.sampled_from([QUARTER.name, QUARTER.name, YEAR.name, None])),
                team=draw(st.sampled_from(["Acme", "Growth", "Care", "Unlisted"])),
                supports=tuple(draw(st.lists(named, unique=True, max_size=2))),
                commitment=draw(COMMITMENTS),
                weight=draw(st.sampled_from([0.0, 1.0, 3.0])),
                state=draw(st.sampled_from(State)),
                roll_up=draw(st.sampled_from(RollUp)),
            )
        )
    moments = st.builds(datetime.combine, DAYS, st.times())
    check_ins = {
        one.key: [
            a_check_in(when, draw(st.none() | values), draw(st.none() | SHARES))
            for when in draw(st.lists(moments, max_size=4, unique=True))
        ]
        for one in rows
    }
    cells = st.one_of(values, st.sampled_from(["", "12,5", "soon", True, False]))
    changes = {
        one.key: sorted(
            (
                a_change(when, draw(cells), draw(cells))
                for when in draw(st.lists(moments, max_size=2))
            ),
            key=lambda change: (change.when, change.row),
        )
        for one in rows
    }
    return a_snapshot(
        objectives,
        rows,
        check_ins=check_ins,
        changes=changes,
        cycles=(QUARTER, YEAR),
        teams=(Team("Acme"), Team("Growth", "Acme"), Team("Care", "Growth")),
    )


def every_team(board: Board) -> Sequence[TeamStanding]:
    return (board.organisation, board.top, *board.teams)


@COMPANY
@given(snapshots(), DAYS, st.sampled_from([QUARTER, YEAR, None]))
def test_a_roll_up_lies_within_its_parts(snapshot: Snapshot, day: date, cycle: Any) -> None:
    board = build_board(snapshot, cycle, day)

    for objective in (*board.objectives, *board.enclosing):
        parts = [one.score or 0.0 for one in objective.key_results if one.is_counted]
        if objective.score is None:
            assert (objective.low, objective.high) == (0.0, 1.0)
        else:
            assert objective.low is not None and objective.high is not None
            assert 0.0 <= objective.low <= objective.score <= objective.high <= 1.0
            if objective.objective.roll_up is RollUp.KEY_RESULTS:
                assert min(parts) <= objective.score <= max(parts)
        assert 0 <= objective.with_data <= objective.counted
    for team in every_team(board):
        scores = [one.score or 0.0 for one in team.objectives if one.objective.is_counted]
        if team.score is not None:
            assert team.low is not None and team.high is not None
            assert 0.0 <= team.low <= team.score <= team.high <= 1.0
            assert min(scores) <= team.score <= max(scores)
        assert team.net is None or -100.0 <= team.net <= 100.0
        assert 0 <= team.with_data <= team.counted


def by_key(board: Board) -> dict[str, Any]:
    """Give all the numbers of a board by what they are about, whatever stands above what."""
    objectives = (*board.objectives, *board.enclosing)
    return {
        **{one.key_result.key: standing(one) for one in board.key_results},
        **{
            f"objective {one.objective.key}": (
                *(one.score, one.low, one.high, one.counted, one.with_data, one.status, one.word),
                *(one.unscorable, one.expected, sorted(one.children), sorted(one.parents)),
            )
            for one in objectives
        },
        **{
            f"team {place} {one.team.name}": (
                *(one.score, one.low, one.high, one.net, one.counts, one.counted, one.with_data),
                *(one.stale, one.expected),
            )
            for place, one in [
                ("whole", board.organisation),
                *(("own", team) for team in board.teams),
            ]
        },
    }


def standing(one: KeyResultStanding) -> tuple[Any, ...]:
    return (
        *(one.value, one.progress, one.score, one.expected, one.gap, one.status, one.word),
        *(one.is_stale, one.updated_on, one.confidence, one.weeks, one.pace, one.is_counted),
    )


@COMPANY
@given(snapshots(), DAYS, st.data())
def test_sorting_the_sheet_changes_no_number(
    snapshot: Snapshot, day: date, data: st.DataObject
) -> None:
    shuffled = replace(
        snapshot,
        objectives=tuple(data.draw(st.permutations(snapshot.objectives))),
        key_results=tuple(data.draw(st.permutations(snapshot.key_results))),
        teams=tuple(data.draw(st.permutations(snapshot.teams))),
        cycles=tuple(data.draw(st.permutations(snapshot.cycles))),
    )

    assert by_key(build_board(snapshot, QUARTER, day)) == by_key(
        build_board(shuffled, QUARTER, day)
    )


@COMPANY
@given(
    snapshots(FINITE),
    st.one_of(DAYS, st.dates()),
    st.sampled_from([QUARTER, YEAR, None]),
)
def test_no_finite_number_ever_raises(snapshot: Snapshot, day: date, cycle: Any) -> None:
    board = build_board(snapshot, cycle, day)

    assert json.loads(as_json(board))
    assert as_markdown(board)


@COMPANY
@given(snapshots(), DAYS)
def test_silence_is_never_green(snapshot: Snapshot, day: date) -> None:
    for one in build_board(snapshot, None, day).key_results:
        if one.value is None:
            assert one.status not in (Status.ON_TRACK, Status.ACHIEVED)
            assert (one.progress, one.score) == (None, None)


@COMPANY
@given(snapshots(), DAYS)
def test_tomorrows_check_ins_change_nothing_today(snapshot: Snapshot, day: date) -> None:
    last = datetime.combine(day, time.max)
    known = replace(
        snapshot,
        check_ins={
            key: tuple(one for one in said if one.when <= last)
            for key, said in snapshot.check_ins.items()
        },
    )

    assert by_key(build_board(snapshot, QUARTER, day)) == by_key(build_board(known, QUARTER, day))


@ANY
@given(
    st.floats(0, 100),
    DAYS,
    st.builds(
        Settings,
        gap_at_risk=st.floats(0, 50),
        gap_off_track=st.floats(0, 100),
        too_early=SHARES,
        pass_committed=SHARES,
        pass_aspirational=SHARES,
        confidence_high=SHARES,
        confidence_low=SHARES,
        organisation=st.just("Acme"),
    ),
    COMMITMENTS,
)
def test_any_thresholds_give_a_status_and_a_line(
    current: float, day: date, thresholds: Settings, commitment: Commitment
) -> None:
    home = an_objective(commitment=commitment)
    board = build_board(
        a_snapshot([home], [a_rise(current=current)], settings=thresholds), QUARTER, day
    )

    assert board.key_results[0].status in Status
    assert as_markdown(board)


def test_the_settings_of_these_tests_are_the_defaults() -> None:
    assert replace(SETTINGS, organisation="") == Settings()
