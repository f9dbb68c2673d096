"""Roll-ups (docs/rules.md, 4): from key results to objectives, teams and the organisation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from okr.board import TeamStanding
from okr.explain import explain_objective
from okr.model import (
    Commitment,
    Cycle,
    KeyResult,
    Objective,
    RollUp,
    Settings,
    State,
    Status,
    Team,
)
from tests.unit.snapshots import (
    DAY,
    QUARTER,
    YEAR,
    a_board,
    a_bound,
    a_deed,
    a_rise,
    an_objective,
    roll,
)

AFTER = QUARTER.ends + timedelta(days=1)
BEFORE = QUARTER.starts - timedelta(days=1)


def rises(*currents: float | None, home: str = "O-1") -> list[KeyResult]:
    """Build one increase for each current value, from 0 to 100."""
    return [
        a_rise(f"{home} KR-{number}", objective=home, current=current)
        for number, current in enumerate(currents, 1)
    ]


UNDEFINED = a_rise("KR-U", undefined="there is no target", target=None, current=7.0)
DROPPED = a_rise("KR-D", state=State.DROPPED, current=7.0)


@pytest.mark.parametrize(
    ("key_results", "score", "high", "counted", "with_data"),
    [
        pytest.param(rises(20.0, 40.0), 0.3, 0.3, 2, 2, id="the mean"),
        pytest.param(rises(90.0, 0.0, None), 0.3, 0.633333333, 3, 2, id="30%, could reach 63%"),
        pytest.param(rises(130.0, 0.0), 0.5, 0.5, 2, 2, id="a runaway counts as 1"),
        pytest.param(rises(-80.0, 100.0), 0.5, 0.5, 2, 2, id="a loss counts as 0"),
        pytest.param(rises(None, None), None, 1.0, 2, 0, id="no data at all"),
        pytest.param([], None, 1.0, 0, 0, id="no key result"),
        pytest.param([UNDEFINED], None, 1.0, 0, 0, id="none that can be scored"),
        pytest.param([UNDEFINED, *rises(40.0)], 0.4, 0.4, 1, 1, id="undefined is left out"),
        pytest.param([DROPPED, *rises(40.0)], 0.4, 0.4, 1, 1, id="dropped is left out"),
        pytest.param(
            [a_rise("A", state=State.DRAFT, current=0.0), *rises(40.0)],
            0.2,
            0.2,
            2,
            2,
            id="a key result in draft counts",
        ),
        pytest.param(
            [a_rise("A", weight=3.0, current=80.0), a_rise("B", current=0.0)],
            0.6,
            0.6,
            2,
            2,
            id="by weight",
        ),
        pytest.param(
            [a_rise("A", weight=3.0), a_rise("B", current=100.0)],
            0.25,
            1.0,
            2,
            1,
            id="no data counts with its weight",
        ),
        pytest.param(
            [a_rise("A", weight=0.0, current=100.0), a_rise("B", current=40.0)],
            0.4,
            0.4,
            1,
            1,
            id="weight 0 does not count",
        ),
        pytest.param(
            [a_rise("A", weight=0.0, current=100.0), a_rise("B")],
            None,
            1.0,
            1,
            0,
            id="weight 0 is no data for the others",
        ),
        pytest.param(
            [a_rise("A", weight=0.0, current=100.0), a_rise("B", weight=0.0, current=40.0)],
            0.7,
            0.7,
            2,
            2,
            id="all weights 0 are equal weights",
        ),
        pytest.param(
            [a_rise("A", weight=0.0, current=40.0), replace(UNDEFINED, weight=5.0)],
            0.4,
            0.4,
            1,
            1,
            id="all that can be scored have weight 0",
        ),
        pytest.param(
            [a_rise("A", weight=1e-9, current=40.0), a_rise("B", weight=1e-9, current=60.0)],
            0.5,
            0.5,
            2,
            2,
            id="very small weights",
        ),
    ],
)
def test_the_score_of_an_objective(
    key_results: list[KeyResult], score: float | None, high: float, counted: int, with_data: int
) -> None:
    now = roll(key_results)

    assert (now.score, now.high) == (score, high)
    assert now.low == (score or 0.0)
    assert (now.counted, now.with_data) == (counted, with_data)


@pytest.mark.parametrize(
    ("key_results", "line"),
    [
        pytest.param(
            rises(90.0, 0.0, None),
            "30%, could reach 63% (2 of 3 have data) → off track: 1 of 3",
            id="coverage, as in the design",
        ),
        pytest.param(
            [*rises(90.0, 30.0), UNDEFINED],
            "60% (2 of 2 have data) · 1 of 3 cannot be scored → at risk: 1 of 2",
            id="left out, as in the design",
        ),
        pytest.param(rises(None), "no score (0 of 1 have data) → no data: 1 of 1", id="no data"),
        pytest.param([], "nothing to score → no data", id="no key result"),
        pytest.param(
            rises(99.8),
            "99.8% (1 of 1 have data) → on track: 1 of 1",
            id="what is not all of it is not printed as 100%",
        ),
    ],
)
def test_an_objective_prints_what_is_possible(key_results: list[KeyResult], line: str) -> None:
    assert explain_objective(roll(key_results)) == line


def test_a_pass_mark_that_is_just_missed_is_seen_to_be_missed() -> None:
    aspiring = an_objective(commitment=Commitment.ASPIRATIONAL)

    now = roll(rises(69.96), AFTER, objective=aspiring)

    assert explain_objective(now) == "69.96% (1 of 1 have data) → missed"


ACHIEVED, ON, RISK, OFF = 100.0, 54.0, 40.0, 10.0


@pytest.mark.parametrize(
    ("key_results", "word"),
    [
        pytest.param(rises(ACHIEVED, ACHIEVED), "achieved: 2 of 2", id="all achieved"),
        pytest.param(rises(ACHIEVED, ON), "on track: 1 of 2", id="on track before achieved"),
        pytest.param(rises(ON, None, ON), "no data: 1 of 3", id="silence is never green"),
        pytest.param(rises(ON, RISK, None), "at risk: 1 of 3", id="at risk before no data"),
        pytest.param(rises(OFF, RISK, OFF), "off track: 2 of 3", id="off track before at risk"),
        pytest.param([UNDEFINED, DROPPED, *rises(ON)], "on track: 1 of 1", id="what counts"),
        pytest.param(
            [a_rise("A", weight=0.0, current=OFF), *rises(ON)], "on track: 1 of 1", id="weight 0"
        ),
        pytest.param([UNDEFINED], "no data", id="none that counts"),
        pytest.param([DROPPED], "no data", id="all dropped"),
        pytest.param([], "no data", id="no key result"),
        pytest.param(
            [a_rise("A", due=date(2026, 5, 10), current=50.0), *rises(OFF)],
            "missed: 1 of 2",
            id="missed is the worst",
        ),
    ],
)
def test_the_status_of_an_objective_is_its_worst(key_results: list[KeyResult], word: str) -> None:
    now = roll(key_results)

    assert now.word == word
    assert now.status is not None
    assert word.startswith(now.status.value)


@pytest.mark.parametrize(
    ("currents", "day", "commitment", "word"),
    [
        pytest.param([50.0], BEFORE, Commitment.COMMITTED, "not started: 1 of 1", id="before"),
        pytest.param(
            [50.0], QUARTER.starts, Commitment.COMMITTED, "too early: 1 of 1", id="the first day"
        ),
        pytest.param(
            [95.0], QUARTER.ends, Commitment.COMMITTED, "on track: 1 of 1", id="the last day"
        ),
        pytest.param([100.0, 100.0], AFTER, Commitment.COMMITTED, "achieved", id="all of it"),
        pytest.param([100.0, 99.0], AFTER, Commitment.COMMITTED, "missed", id="nearly"),
        pytest.param([100.0, 40.0], AFTER, Commitment.ASPIRATIONAL, "achieved", id="exactly 70%"),
        pytest.param([100.0, 39.0], AFTER, Commitment.ASPIRATIONAL, "missed", id="less than 70%"),
        pytest.param([100.0, None], AFTER, Commitment.COMMITTED, "missed", id="no data is 0"),
        pytest.param([None], AFTER, Commitment.COMMITTED, "missed, never measured", id="never"),
        pytest.param([], AFTER, Commitment.COMMITTED, "no data", id="none that counts"),
    ],
)
def test_after_its_window_an_objective_is_judged_by_its_score(
    currents: list[float | None], day: date, commitment: Commitment, word: str
) -> None:
    assert roll(rises(*currents), day, objective=an_objective(commitment=commitment)).word == word


@pytest.mark.parametrize(
    ("currents", "status"),
    [
        pytest.param([100.0, 100.0], Status.ACHIEVED, id="all achieved"),
        pytest.param([100.0, None], Status.NO_DATA, id="one silent"),
        pytest.param([100.0, 50.0], None, id="one on its way"),
        pytest.param([50.0, None], Status.NO_DATA, id="silence outweighs what is not known"),
    ],
)
def test_an_objective_without_a_cycle_has_a_score_and_hardly_a_status(
    currents: list[float | None], status: Status | None
) -> None:
    now = roll(rises(*currents), objective=an_objective(cycle=None))

    assert now.status is status
    assert (now.expected, now.score is None) == (None, False)


# --- children -----------------------------------------------------------------------------------


PARENT = an_objective("P", roll_up=RollUp.CHILDREN, team="Acme")


def child(key: str, supports: str = "P", **changes: object) -> Objective:
    return an_objective(key, supports=(supports,), **changes)


def family(*children: Objective, more: Sequence[KeyResult] = ()) -> list[KeyResult]:
    """Give the first child 20%, the second 40%, and so on."""
    currents = [20.0 * number for number in range(1, len(children) + 1)]
    own = [rises(one, home=each.key)[0] for one, each in zip(currents, children, strict=True)]
    return [*own, *more]


@pytest.mark.parametrize(
    ("children", "score", "counted"),
    [
        pytest.param([child("A"), child("B")], 0.3, 2, id="the mean"),
        pytest.param([child("A", weight=9.0), child("B")], 0.3, 2, id="of equals"),
        pytest.param([child("A"), child("B", state=State.DRAFT)], 0.2, 1, id="not of drafts"),
        pytest.param([child("A"), child("B", state=State.DROPPED)], 0.2, 1, id="not of dropped"),
        pytest.param([child("A", "P KR"), child("B")], 0.3, 2, id="or of its key results'"),
        pytest.param(
            [an_objective("A", supports=("P", "P KR"))], 0.2, 1, id="each once, however it supports"
        ),
        pytest.param([], None, 0, id="nobody supports it"),
    ],
)
def test_an_objective_may_be_the_mean_of_what_supports_it(
    children: list[Objective], score: float | None, counted: int
) -> None:
    own = a_rise("P KR", objective="P", current=100.0)
    now = roll(family(*children, more=[own]), objective=PARENT)
    assert now.counted == 0  # alone, it has nothing below it

    board = a_board([PARENT, *children], family(*children, more=[own]))
    now = next(one for one in board.objectives if one.objective.key == "P")

    assert (now.score, now.counted, now.with_data) == (score, counted, counted)
    assert now.children == tuple(one.key for one in children)


def test_children_may_stand_before_or_after_and_in_other_cycles() -> None:
    year = replace(PARENT, cycle=YEAR.name)
    children = [child("A"), child("B")]
    for objectives in ([year, *children], [*children, year]):
        board = a_board(objectives, family(*children), cycles=(QUARTER, YEAR), cycle=YEAR)

        [now] = board.objectives
        assert (now.score, now.status) == (0.3, Status.OFF_TRACK)
        assert now.word == "off track: 1 of 2"


def test_a_child_without_data_counts_as_0_and_might_be_1() -> None:
    children = [child("A"), child("B")]
    board = a_board([PARENT, *children], rises(60.0, home="A"))

    now = board.objectives[0]

    assert (now.score, now.low, now.high) == (0.3, 0.3, 0.8)
    assert (now.counted, now.with_data) == (2, 1)


def test_roll_ups_go_through_many_levels() -> None:
    chain = [
        an_objective(f"L{level}", supports=(f"L{level - 1}",), roll_up=RollUp.CHILDREN)
        for level in range(1, 2000)
    ]
    top = replace(PARENT, key="L0", id="L0")
    last = an_objective("Last", supports=("L1999",))

    board = a_board([top, *chain, last], rises(25.0, home="Last"))

    assert {one.score for one in board.objectives} == {0.25}


def test_a_loop_is_cut_in_the_same_place_however_the_sheet_is_sorted() -> None:
    loop = [
        an_objective("A", supports=("B",)),
        an_objective("B", supports=("C",)),
        an_objective("C", supports=("A",), roll_up=RollUp.CHILDREN),
    ]
    key_results = [*rises(20.0, home="A"), *rises(40.0, home="B")]

    for order in permutations(loop):
        board = a_board(order, key_results)
        scores = {one.objective.key: one.score for one in board.objectives}
        assert scores == {"A": 0.2, "B": 0.4, "C": 0.4}


def test_the_worst_child_decides_even_beside_one_without_a_cycle() -> None:
    children = [child("A"), child("B", cycle=None)]
    board = a_board([PARENT, *children], [*rises(0.0, home="A"), *rises(50.0, home="B")])

    assert board.objectives[0].word == "off track: 1 of 2"


# --- teams and the organisation -----------------------------------------------------------------


GROWTH, CARE = Team("Growth", "Acme"), Team("Care", "Acme")


def company(
    *objectives: Objective, key_results: Sequence[KeyResult], **more: object
) -> dict[str, TeamStanding]:
    """Work out every team of a company by its name; ``*`` is the organisation as a whole."""
    board = a_board(objectives, key_results, teams=(Team("Acme"), GROWTH, CARE), **more)
    return {one.team.name: one for one in board.teams} | {"*": board.organisation}


def test_a_team_is_the_weighted_mean_of_its_own_objectives() -> None:
    now = company(
        an_objective("A", weight=3.0),
        an_objective("B"),
        an_objective("C", team="Care"),
        key_results=[*rises(80.0, home="A"), *rises(0.0, home="B"), *rises(10.0, home="C")],
    )

    assert (now["Growth"].score, now["Care"].score) == (0.6, 0.1)
    assert now["*"].score == 0.5
    assert now["Acme"].score is None


@pytest.mark.parametrize(
    ("other", "score", "high"),
    [
        pytest.param({"state": State.DRAFT}, 0.4, 0.4, id="drafts do not count"),
        pytest.param({"state": State.DROPPED}, 0.4, 0.4, id="dropped ones do not"),
        pytest.param({"state": State.DONE}, 0.7, 0.7, id="done ones do"),
        pytest.param({"weight": 0.0}, 0.4, 0.4, id="weight 0 does not"),
        pytest.param({"cycle": None}, 0.4, 0.4, id="without a cycle it counts in none"),
    ],
)
def test_which_objectives_count_in_a_team(
    other: dict[str, object], score: float, high: float
) -> None:
    now = company(
        an_objective("A"),
        an_objective("B", **other),
        key_results=[*rises(40.0, home="A"), *rises(100.0, home="B")],
    )

    for name in ("Growth", "*"):
        assert (now[name].score, now[name].high) == (score, high)


def test_an_objective_without_data_counts_as_0_in_its_team() -> None:
    now = company(an_objective("A"), an_objective("B"), key_results=rises(60.0, home="A"))

    assert (now["Growth"].score, now["Growth"].low, now["Growth"].high) == (0.3, 0.3, 0.8)


def test_a_team_with_no_data_at_all_has_no_score() -> None:
    now = company(
        an_objective("A"),
        an_objective("B", weight=0.0),
        key_results=[*rises(None, home="A"), *rises(50.0, home="B")],
    )

    assert (now["Growth"].score, now["Growth"].low, now["Growth"].high) == (None, 0.0, 1.0)
    assert (now["Care"].score, now["Care"].low, now["Care"].high) == (None, None, None)


def test_objectives_whose_weights_are_all_0_weigh_the_same() -> None:
    now = company(
        an_objective("A", weight=0.0),
        an_objective("B", weight=0.0),
        key_results=[*rises(20.0, home="A"), *rises(40.0, home="B")],
    )

    assert now["Growth"].score == 0.3
    assert now["Growth"].counted == 2


def test_the_score_of_the_top_team_stands_beside_that_of_the_organisation() -> None:
    board = a_board(
        [an_objective("A", team="Acme"), an_objective("B")],
        [*rises(80.0, home="A"), *rises(20.0, home="B")],
        teams=(Team("Acme"), GROWTH),
    )

    assert (board.organisation.score, board.top.score) == (0.5, 0.8)


@pytest.mark.parametrize(
    ("key_results", "net", "counted"),
    [
        pytest.param(rises(ACHIEVED, ON, OFF, OFF), 0.0, 4, id="as many up as down"),
        pytest.param(rises(ACHIEVED, ON, RISK, OFF), 25.0, 4, id="at risk is neither"),
        pytest.param(rises(ON, None), 50.0, 2, id="no data is neither, but counts"),
        pytest.param(rises(OFF), -100.0, 1, id="all down"),
        pytest.param([a_rise("A", due=date(2026, 5, 1), current=1.0)], -100.0, 1, id="missed"),
        pytest.param([*rises(ON), DROPPED, UNDEFINED], 100.0, 1, id="of what counts"),
        pytest.param([*rises(ON), a_rise("W", weight=0.0, current=OFF)], 100.0, 1, id="weight 0"),
        pytest.param([UNDEFINED], None, 0, id="of nothing"),
    ],
)
def test_the_net_figure_is_what_goes_well_less_what_goes_badly(
    key_results: list[KeyResult], net: float | None, counted: int
) -> None:
    now = a_board(None, key_results).organisation

    assert (now.net, now.counted) == (net, counted)
    good = now.counts[Status.ON_TRACK] + now.counts[Status.ACHIEVED]
    bad = now.counts[Status.OFF_TRACK] + now.counts[Status.MISSED]
    assert net is None or net == 100 * (good - bad) / counted


def test_key_results_are_counted_by_status() -> None:
    key_results = [
        *rises(ACHIEVED, ON, ON, RISK, OFF, None),
        a_bound("B", current=95.0),
        a_deed("D", current=0.0, confidence=0.1),
        DROPPED,
        UNDEFINED,
        a_rise("W", weight=0.0, current=OFF),
        a_rise("H", objective=None, current=OFF),
    ]

    counts = a_board(None, key_results).organisation.counts

    assert set(counts) == set(Status)
    assert {status.value: number for status, number in counts.items() if number} == {
        "achieved": 1,
        "on track": 3,
        "at risk": 1,
        "off track": 2,
        "no data": 1,
        "dropped": 1,
    }


def test_key_results_of_drafts_and_dropped_objectives_are_not_counted() -> None:
    board = a_board(
        [an_objective("A", state=State.DRAFT), an_objective("B", state=State.DROPPED)],
        [*rises(ON, home="A"), *rises(ON, home="B")],
    )

    assert sum(board.organisation.counts.values()) == 0
    assert (board.organisation.net, board.organisation.score) == (None, None)
    assert [one.status for one in board.key_results] == [Status.ON_TRACK, Status.DROPPED]


# --- what is listed, and where it counts ----------------------------------------------------------


def test_a_key_result_without_an_objective_is_listed_and_counts_nowhere() -> None:
    board = a_board(None, [*rises(20.0), a_rise("H", objective=None, current=100.0)])

    assert [one.key_result.key for one in board.key_results] == ["O-1 KR-1", "H"]
    assert (board.organisation.score, board.organisation.counted) == (0.2, 1)


def test_objectives_of_a_longer_cycle_are_shown_beside_it_in_scores_of_their_own() -> None:
    year, lonely = an_objective("Y", cycle=YEAR.name), an_objective("Z", cycle=YEAR.name)
    quarterly = an_objective("Q", supports=("Y",))
    key_results = [*rises(80.0, home="Y"), *rises(20.0, home="Q"), *rises(50.0, home="Z")]

    board = a_board([year, lonely, quarterly], key_results, cycles=(QUARTER, YEAR))

    assert [one.objective.key for one in board.objectives] == ["Q"]
    assert [(one.objective.key, one.score) for one in board.enclosing] == [("Y", 0.8)]
    assert board.organisation.score == 0.2
    assert [one.key_result.objective for one in board.key_results] == ["Q"]


def test_cycles_that_do_not_enclose_are_not_shown_beside() -> None:
    before = Cycle("2026-Q1", date(2026, 1, 1), date(2026, 3, 31))
    old, new = an_objective("Old", cycle=before.name), an_objective("New", supports=("Old",))

    board = a_board([old, new], rises(20.0, home="New"), cycles=(before, QUARTER))

    assert board.enclosing == ()


def test_all_cycles_at_once_count_every_objective() -> None:
    objectives = [
        an_objective("Y", cycle=YEAR.name),
        an_objective("Q"),
        an_objective("N", cycle=None),
    ]
    key_results = [*rises(90.0, home="Y"), *rises(30.0, home="Q"), *rises(30.0, home="N")]

    board = a_board(objectives, key_results, cycles=(QUARTER, YEAR), cycle=None)

    assert (board.organisation.score, board.organisation.counted) == (0.5, 3)


def test_a_sheet_without_cycles_has_scores_all_the_same() -> None:
    objective = an_objective(cycle=None)

    board = a_board([objective], rises(50.0), cycles=(), cycle=None)

    assert (board.organisation.score, board.organisation.net) == (0.5, 0.0)


def test_the_day_decides_and_nothing_else() -> None:
    assert [roll(rises(54.0), day).status for day in (BEFORE, QUARTER.starts, DAY, AFTER)] == [
        Status.NOT_STARTED,
        Status.TOO_EARLY,
        Status.ON_TRACK,
        Status.MISSED,
    ]


def test_an_empty_workbook_is_no_crash() -> None:
    board = a_board([], [], cycles=(), cycle=None, settings=Settings())

    assert (board.organisation.score, board.organisation.net, board.objectives) == (None, None, ())
