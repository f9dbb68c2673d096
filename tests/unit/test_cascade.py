"""How goals hang together: hand-made graphs with what they must give, and laws for any other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okr.alignment import align
from okr.board import Board, ObjectiveStanding
from okr.cascade import build_cascade, keys_around, keys_of_team
from okr.contribution import contribution_to
from okr.debt import find_debt
from okr.levels import Level, Levels
from okr.model import Cycle, KeyResult, Objective, Person, RollUp, State, Team
from okr.supports import Tie
from tests.unit.snapshots import (
    QUARTER,
    YEAR,
    a_board,
    a_key_result,
    a_snapshot,
    an_objective,
)

TEAMS = (
    Team("Acme"),
    Team("Product", "Acme"),
    Team("App", "Product"),
    Team("Platform", "Product"),
    Team("Sales", "Acme"),
)
LATER = Cycle("2026-Q3", date(2026, 7, 1), date(2026, 9, 30))


def graph(
    supports: Mapping[str, str], scores: Mapping[str, float] | None = None, **changes: object
) -> tuple[list[Objective], list[KeyResult]]:
    """Draw a graph: key to the keys that it supports, with a key result for each known score.

    What has no score of its own is the mean of what supports it.
    """
    known = scores or {}
    objectives = [
        an_objective(
            key,
            title=f"Objective {key}",
            team="",
            supports=tuple(named.split()),
            roll_up=RollUp.KEY_RESULTS if key in known else RollUp.CHILDREN,
            **changes,
        )
        for key, named in supports.items()
    ]
    results = [
        a_key_result(f"{key}-KR", objective=key, current=100 * score)
        for key, score in known.items()
    ]
    return objectives, results


def standings(board: Board) -> Mapping[str, ObjectiveStanding]:
    return {one.objective.key: one for one in board.objectives}


@pytest.mark.parametrize(
    ("supports", "scores", "loops", "expected"),
    [
        pytest.param(
            {"A": "", "B": "A", "C": "A", "D": "B C"},
            {"D": 0.4},
            [],
            {"A": 0.4, "B": 0.4, "C": 0.4, "D": 0.4},
            id="diamond",
        ),
        pytest.param(
            {"A": "", "B": "A", "C": "A", "D": "B C"},
            {"C": 0.8, "D": 0.4},
            [],
            {"A": 0.6, "B": 0.4, "C": 0.8},
            id="diamond with a score halfway",
        ),
        pytest.param({"A": "A"}, {"A": 0.3}, [("A",)], {"A": 0.3}, id="loop of 1"),
        pytest.param({"A": "A-KR"}, {"A": 0.3}, [("A",)], {"A": 0.3}, id="its own key result"),
        pytest.param(
            {"A": "B", "B": "A"}, {"A": 0.5}, [("A", "B")], {"A": 0.5, "B": 0.5}, id="loop of 2"
        ),
        pytest.param(
            {"A": "B", "B": "C", "C": "D", "D": "E", "E": "A", "F": "E"},
            {"A": 0.2, "F": 0.6},
            [("A", "B", "C", "D", "E")],
            {"B": 0.2, "C": 0.2, "D": 0.2, "E": 0.4},
            id="loop of 5",
        ),
        pytest.param(
            {"L00": ""} | {f"L{n:02}": f"L{n - 1:02}" for n in range(1, 12)},
            {"L11": 0.7},
            [],
            {"L00": 0.7, "L06": 0.7},
            id="chain of 12",
        ),
        pytest.param(
            {"A": "", "B": "", "C": "", "D": "A B C", "E": "C"},
            {"D": 0.9, "E": 0.1},
            [],
            {"A": 0.9, "B": 0.9, "C": 0.5},
            id="3 parents",
        ),
        pytest.param(
            {"A": "", "B": "A-KR", "C": "A-KR A"},
            {"A": 0.1, "B": 0.5, "C": 0.7},
            [],
            {"A": 0.1},
            id="a key result is no roll-up of what supports it",
        ),
        pytest.param(
            {"A": "", "K": "A", "B": "K-KR"},
            {"K": 0.3, "B": 0.5},
            [],
            {"A": 0.3, "K": 0.3},
            id="key-result parent",
        ),
    ],
)
def test_graphs_drawn_by_hand(
    supports: Mapping[str, str],
    scores: Mapping[str, float],
    loops: Sequence[tuple[str, ...]],
    expected: Mapping[str, float],
) -> None:
    board = a_board(*graph(supports, scores))
    found = standings(board)

    assert list(board.alignment.loops) == loops
    assert find_debt(board).loops == tuple(loops)
    assert {key: found[key].score for key in expected} == pytest.approx(expected)
    assert sorted(build_cascade(board).nodes) == sorted(supports)


def test_a_year_is_the_mean_of_the_quarter_that_supports_it() -> None:
    year = an_objective("Y", cycle=YEAR.name, team="", roll_up=RollUp.CHILDREN)
    quarterly = [an_objective(key, supports=("Y",)) for key in ("A", "B")]
    results = [a_key_result(f"{key}-KR", objective=key, current=50.0) for key in ("A", "B")]
    board = a_board([year, *quarterly], results, cycles=(QUARTER, YEAR))

    assert [one.score for one in board.enclosing] == [0.5]
    assert build_cascade(board).nodes["Y"].below == ("A", "B")
    assert find_debt(board).gaps[0].kind.value != "apart"


def test_an_objective_hangs_below_the_nearest_of_its_own_line() -> None:
    objectives = [
        an_objective("O-1", team=""),
        an_objective("O-2", team="Product", supports=("O-1",)),
        an_objective("O-3", team="Sales", supports=("O-1",)),
        an_objective("O-4", team="App", supports=("O-1", "O-3", "O-2")),
        an_objective("O-5", team="Platform", supports=("O-3",)),
    ]
    cascade = build_cascade(a_board(objectives, [], teams=TEAMS))
    app, platform = cascade.nodes["O-4"], cascade.nodes["O-5"]

    assert (app.above, app.tie, app.depth) == ("O-2", Tie.CONTRIBUTES, 2)
    assert app.also == (("O-1", Tie.CONTRIBUTES), ("O-3", Tie.ACROSS))
    assert (platform.above, platform.tie) == ("O-3", Tie.ACROSS)
    assert cascade.roots == ("O-1",)
    assert cascade.beneath("O-1") == 4


def test_without_supports_an_objective_stands_under_the_team_above_its_own() -> None:
    objectives = [
        an_objective("O-1", team=""),
        an_objective("O-2", team="Product"),
        an_objective("O-3", team="App"),
        an_objective("O-4", team="App", supports=("O-3",)),
    ]
    cascade = build_cascade(a_board(objectives, [], teams=TEAMS))

    assert cascade.roots == ("O-1", "@Acme")
    assert cascade.nodes["@Acme"].below == ("O-2", "@Product")
    assert cascade.nodes["@Product"].below == ("O-3",)
    assert cascade.nodes["O-3"].tie is Tie.UNLINKED
    assert cascade.nodes["O-4"].above == "O-3"


def test_around_an_objective_is_all_above_and_below_and_nothing_beside() -> None:
    objectives, results = graph({"A": "", "B": "A", "C": "A", "D": "B", "E": "D", "F": "C"})
    board = a_board(objectives, results)

    assert keys_around(board, ["B"]) == {"A", "B", "D", "E"}
    assert keys_around(board, ["nobody"]) == frozenset()


def test_a_team_stands_with_all_teams_below_it() -> None:
    objectives = [an_objective(f"O-{n}", team=one.name) for n, one in enumerate(TEAMS)]
    board = a_board(objectives, [], teams=TEAMS)

    assert keys_of_team(board, "Product") == ("O-1", "O-2", "O-3")


def test_levels_follow_from_the_tree_of_teams_and_from_the_people() -> None:
    snapshot = replace(
        a_snapshot([an_objective(team="ada@example.com")], [], teams=TEAMS),
        people=(Person("ada@example.com", "Ada King", "App"),),
    )
    levels = Levels(snapshot)
    named = ("", "Product", "App", "ada@example.com")

    assert [levels.level(one) for one in named] == [
        Level.ORGANISATION,
        Level.DEPARTMENT,
        Level.TEAM,
        Level.PERSON,
    ]
    assert levels.line("ada@example.com") == ("ada@example.com", "App", "Product", "Acme")
    assert levels.steps_up("App", "") == 2
    assert levels.steps_up("App", "Sales") is None


# --- what holds an objective back -----------------------------------------------------------------


def test_a_contribution_says_who_is_behind_and_what_it_would_bring() -> None:
    supports = {"A": "", "B": "A", "C": "A", "D": "A"}
    board = a_board(*graph(supports, {"B": 49 / 90 - 0.3, "C": 49 / 90 - 0.1, "D": 0.9}))
    found = contribution_to(standings(board)["A"], board)
    by_key = {one.standing.objective.key: one for one in found.supports}

    assert [*by_key] == ["B", "C", "D"]
    assert [one.share for one in found.supports] == pytest.approx([0.75, 0.25, 0.0])
    assert by_key["B"].lift == pytest.approx(0.1)
    assert found.what_if == pytest.approx((found.standing.score or 0.0) + 0.4 / 3)


def test_where_the_score_is_its_own_nobody_below_lifts_it() -> None:
    board = a_board(*graph({"A": "", "B": "A"}, {"A": 0.5, "B": 0.1}))
    found = contribution_to(standings(board)["A"], board)

    assert (found.what_if, found.supports[0].lift, found.supports[0].share) == (None, None, 1.0)


def test_what_is_dropped_or_drafted_carries_nothing() -> None:
    objectives, results = graph({"A": "", "B": "A", "C": "A"}, {"B": 0.1})
    objectives[2] = replace(objectives[2], state=State.DROPPED)
    board = a_board(objectives, results)

    assert [
        one.standing.objective.key for one in contribution_to(standings(board)["A"], board).supports
    ] == ["B"]


# --- laws -----------------------------------------------------------------------------------------

ANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEYS = [f"O-{n}" for n in range(9)]
NAMES = st.sampled_from([*KEYS, *(f"{key}-KR" for key in KEYS), "nobody"])
WHOSE = st.sampled_from(["", "Acme", "Product", "App", "Platform", "Sales", "Elsewhere"])


@st.composite
def companies(draw: st.DrawFn) -> tuple[list[Objective], list[KeyResult]]:
    """Draw any sheet of Supports: nonsense, loops, other cycles, dropped ones, doubled links."""
    objectives = [
        an_objective(
            key,
            team=draw(WHOSE),
            supports=tuple(draw(st.lists(NAMES, max_size=4))),
            roll_up=draw(st.sampled_from(RollUp)),
            state=draw(st.sampled_from(State)),
            cycle=draw(st.sampled_from([QUARTER.name, YEAR.name, LATER.name, None])),
        )
        for key in KEYS[: draw(st.integers(0, len(KEYS)))]
    ]
    results = [
        a_key_result(f"{key}-KR", objective=draw(st.sampled_from([*KEYS, None])), current=40.0)
        for key in KEYS[: draw(st.integers(0, len(KEYS)))]
    ]
    return objectives, results


@settings(ANY, max_examples=60)
@given(companies(), st.booleans(), st.sampled_from([QUARTER, YEAR, None]))
def test_any_sheet_of_supports_ends_in_a_forest_without_lost_or_doubled_objectives(
    company: tuple[list[Objective], list[KeyResult]], has_teams: bool, cycle: Cycle | None
) -> None:
    cycles = (QUARTER, YEAR, LATER)
    board = a_board(*company, cycle=cycle, cycles=cycles, teams=TEAMS)
    cascade = build_cascade(board, has_teams=has_teams)
    shown = [one.objective.key for one in (*board.objectives, *board.enclosing)]
    walked = [node for root in cascade.roots for node in cascade.within(root)]

    assert sorted(one.key for one in walked if one.standing) == sorted(shown)
    assert [one.key for one in walked] == list(cascade.nodes)
    for node in walked:
        assert [cascade.nodes[key].above for key in node.below] == [node.key] * len(node.below)
    debt = find_debt(board)
    assert debt.health is None or 0 <= debt.health <= 1
    assert all(0 <= one.held <= one.of for one in debt.parts)
    for one in board.objectives:
        assert contribution_to(one, board).behind >= 0


@settings(ANY, max_examples=25)
@given(companies(), st.randoms(use_true_random=False))
def test_sorting_the_sheet_changes_neither_the_loops_nor_the_debt(
    company: tuple[list[Objective], list[KeyResult]], rng: object
) -> None:
    objectives, results = company
    shuffled = [*objectives]
    rng.shuffle(shuffled)  # type: ignore[attr-defined]

    assert align(objectives, results).loops == align(shuffled, results).loops
    first, second = (
        find_debt(a_board(rows, results, cycles=(QUARTER, YEAR, LATER), teams=TEAMS))
        for rows in (objectives, shuffled)
    )
    assert sorted(one.what for one in first.gaps) == sorted(one.what for one in second.gaps)
    assert first.arithmetic == second.arithmetic


def test_thousands_of_objectives_are_each_shown_once() -> None:
    objectives = [
        an_objective(f"O-{n}", team=f"Team {n % 200}", supports=(f"O-{n // 3}",) if n else ())
        for n in range(4000)
    ]
    results = [a_key_result(f"KR-{n}", objective=f"O-{n}") for n in range(4000)]
    board = a_board(objectives, results)

    cascade = build_cascade(board)

    assert len(align(objectives, results).children_first) == 4000
    shown = [node.key for node in cascade.nodes.values() if node.standing]
    assert sorted(shown) == sorted(one.objective.key for one in board.objectives)
    assert find_debt(board).loops == ()
