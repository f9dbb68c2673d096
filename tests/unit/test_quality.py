"""The craft of OKRs: what a coach would raise, and what he would not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from okr.board import Board
from okr.coaching import Quality, assess_quality, hints_of_key_result, hints_of_objective
from okr.model import Cycle, CycleState, KeyResult, Kind, RollUp, Settings, State
from okr.quality import CHECKS, About
from tests.unit import boards, readings
from tests.unit.snapshots import (
    QUARTER,
    SETTINGS,
    a_board,
    a_bound,
    a_check_in,
    a_deed,
    a_rise,
    an_objective,
)

EARLY = date(2026, 4, 20)
"""A day of the first half of the quarter."""

Changes = Mapping[str, Any]


def three(*changes: Changes, make: Any = a_rise) -> list[KeyResult]:
    """Build three sound key results, or as many as are changed."""
    wanted = changes or ({}, {}, {})
    return [
        make(f"KR-{number}", **{"title": "Raise activation", **one})
        for number, one in enumerate(wanted, 1)
    ]


def assess(
    objective: Changes = {},  # noqa: B006
    key_results: Sequence[KeyResult] | None = None,
    **more: Any,
) -> Quality:
    sound = {"title": "Newcomers feel at home with us", "owner": "Ada"}
    parts = three() if key_results is None else key_results
    return assess_quality(a_board([an_objective(**{**sound, **objective})], parts, **more))


def raised(quality: Quality) -> list[str]:
    """Name the checks that gave hints, in the order of the rows."""
    everywhere = (quality.objectives, quality.key_results, quality.teams)
    return [hint.check.name for some in everywhere for hints in some.values() for hint in hints]


def with_confidence(*beliefs: float | None) -> dict[str, Any]:
    told = {
        f"KR-{number}": [a_check_in(date(2026, 4, 18), 10.0, belief)]
        for number, belief in enumerate(beliefs, 1)
    }
    return {"check_ins": told, "day": EARLY}


def reached_on(day: date) -> dict[str, Any]:
    told = {f"KR-{number}": [a_check_in(day, 100.0)] for number in (1, 2, 3)}
    return {"check_ins": told}


LONG = Cycle("2026 to 2029", date(2026, 1, 1), date(2029, 12, 31))


def test_sound_okrs_give_no_hint() -> None:
    assert raised(assess()) == []


# --- objectives -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Increase the revenue by 20%", ["words"]),
        ("Launch the new app for all", ["change"]),
        ("Launch app", ["change"]),
        ("Growth", ["length"]),
        (" ".join(["word"] * 19), ["length"]),
        ("Launch the app in 20 countries", ["words", "change"]),
        ("Grow in offices without losing the kitchen", []),
        (" ".join(["word"] * 18), []),
        ("Be loved by guests", []),
        ("Bring the M2 to the line on time", []),
        ("顧客に愛される", []),
    ],
)
def test_the_title_of_an_objective(title: str, names: list[str]) -> None:
    assert raised(assess({"title": title})) == names
    assert [hint.check.name for hint in hints_of_objective(title, SETTINGS)] == names


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        ("", ["owner"]),
        ("Ada & Ben", ["owner"]),
        ("ada@example.com; ben@example.com", ["owner"]),
        ("ada@example.com, ben@example.com", ["owner"]),
        ("Ada und Ben", ["owner"]),
        ("Ada", []),
        ("King, Ada", []),
        ("ada@example.com", []),
        ("R&D", []),
    ],
)
def test_an_objective_has_one_owner(owner: str, names: list[str]) -> None:
    assert raised(assess({"owner": owner})) == names


@pytest.mark.parametrize(
    ("number", "names"),
    [(1, True), (2, True), (3, False), (5, False), (6, True)],
)
def test_an_objective_has_three_to_five_key_results(number: int, names: bool) -> None:
    found = raised(assess({}, three(*[{}] * number)))

    assert found == ["key results"] * names


def test_no_key_result_at_all_is_left_to_sheet_health() -> None:
    assert raised(assess({}, [])) == []


def test_dropped_key_results_do_not_count() -> None:
    parts = three({}, {}, {"state": State.DROPPED})

    assert raised(assess({}, parts)) == ["key results"]


def test_an_objective_that_rolls_up_children_needs_no_key_results_of_its_own() -> None:
    assert raised(assess({"roll_up": RollUp.CHILDREN}, three({}))) == []
    assert raised(assess({"roll_up": RollUp.CHILDREN}, three(*[{}] * 6))) == ["key results"]


@pytest.mark.parametrize(
    ("weights", "names"),
    [
        ((8, 1, 1), ["weights"]),
        ((2, 1, 1), []),
        ((3, 1, 1), []),
        ((1, 1, 1), []),
        ((5, 0, 0), []),
        ((0, 0, 0), []),
    ],
)
def test_no_key_result_decides_alone(weights: tuple[float, ...], names: list[str]) -> None:
    assert raised(assess({}, three(*({"weight": one} for one in weights)))) == names


def test_key_results_that_only_hold_what_is_there_show_no_change() -> None:
    assert raised(assess({}, three({}, {}, {}, make=a_bound))) == ["more than keeping"]
    assert raised(assess({}, [*three({}, {}, make=a_bound), a_rise("KR-3")])) == []


@pytest.mark.parametrize(
    ("how", "names"),
    [
        pytest.param(with_confidence(0.95, 0.95, 0.92), ["stretch"], id="all sure"),
        pytest.param(with_confidence(0.95, 0.95, 0.9), [], id="one in doubt"),
        pytest.param(with_confidence(0.95, 0.95, None), [], id="one says nothing"),
        pytest.param(with_confidence(None, None, None), [], id="nobody says anything"),
        pytest.param(
            with_confidence(1.0, 1.0, 1.0) | {"day": date(2026, 6, 20)}, [], id="sure at the end"
        ),
        pytest.param(
            reached_on(date(2026, 4, 18)) | {"day": EARLY}, ["stretch"], id="reached in week 3"
        ),
        pytest.param(reached_on(date(2026, 4, 18)), ["stretch"], id="reached long ago"),
        pytest.param(
            reached_on(date(2026, 6, 10)) | {"day": date(2026, 6, 20)}, [], id="reached late"
        ),
    ],
)
def test_some_of_it_is_in_doubt_at_half_time(how: dict[str, Any], names: list[str]) -> None:
    assert raised(assess({}, three(), **how)) == names


def test_all_keeping_and_all_sure_is_raised_once() -> None:
    found = raised(assess({}, three({}, {}, {}, make=a_bound), **with_confidence(1.0, 1.0, 1.0)))

    assert found == ["more than keeping"]


@pytest.mark.parametrize(
    ("due", "names"),
    [
        (None, ["time"]),
        (date(2026, 9, 30), []),
        (date(2028, 9, 30), ["time"]),
    ],
)
def test_an_objective_ends_within_a_year(due: date | None, names: list[str]) -> None:
    parts = three(*[{"due": due}] * 3)
    found = assess({"cycle": LONG.name}, parts, cycles=(LONG,), cycle=LONG)

    assert raised(found) == names


@pytest.mark.parametrize(
    ("cycles", "names"),
    [
        pytest.param(["", ""], ["time", "time"], id="nobody names a cycle"),
        pytest.param(["", "2026-Q2"], [], id="a problem already"),
        pytest.param(["FY26", "FY26"], [], id="a cycle that cannot be read"),
    ],
)
def test_what_never_ends_is_raised_unless_sheet_health_does(
    cycles: list[str], names: list[str]
) -> None:
    rows = [
        readings.an_objective(ID=f"O-{number}", Cycle=name) for number, name in enumerate(cycles, 1)
    ]
    found = assess_quality(boards.a_board(rows, []))

    assert [name for name in raised(found) if name == "time"] == names


# --- key results ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        pytest.param({"title": "Publish 12 repair guides"}, ["outcome"], id="a task"),
        pytest.param({"title": "Publish guides", "has_start": False}, ["outcome"], id="said once"),
        pytest.param({"title": "Raise readers a week"}, [], id="an outcome"),
        pytest.param(
            {"title": "Ship 85% of orders", "unit": "%"}, [], id="a share of what is done"
        ),
        pytest.param({"has_start": False}, ["start and target"], id="no start"),
        pytest.param(
            {"undefined": "there is no target", "target": None}, [], id="no target is a problem"
        ),
        pytest.param({"title": "Reach 500 users and 20 partners"}, ["one number"], id="two"),
        pytest.param({"state": State.DONE, "has_start": False}, [], id="done"),
        pytest.param({"state": State.DROPPED, "has_start": False}, [], id="dropped"),
    ],
)
def test_key_results(changes: Changes, names: list[str]) -> None:
    assert raised(assess({}, three(changes, {}, {}, {}))) == names


@pytest.mark.parametrize(
    ("owners", "number"),
    [
        (("", "", ""), 0),
        (("Ben", "Cem", "Ada"), 0),
        (("Ben", "", ""), 2),
        (("Ben", "Cem; Ada", "Ada"), 1),
    ],
)
def test_each_key_result_has_one_owner_or_none_has(owners: tuple[str, ...], number: int) -> None:
    found = raised(assess({}, three(*({"owner": one} for one in owners))))

    assert found == ["reporter"] * number


def test_done_or_not_shows_nothing_on_the_way_unless_it_is_a_task() -> None:
    found = assess({}, [a_deed("KR-1", title="A second buyer"), *three()[1:]])
    assert raised(found) == ["start and target"]

    found = assess({}, [a_deed("KR-1", title="Publish the guides"), *three()[1:]])
    assert raised(found) == ["outcome"]


def test_what_was_reached_gets_no_advice() -> None:
    parts = [a_deed("KR-1", title="A second buyer", current=1.0), *three()[1:]]

    assert raised(assess({}, parts)) == []


def test_a_start_counts_as_given_where_the_sheet_does_not_ask_for_one() -> None:
    def hints(key_results: list[readings.Cells]) -> list[str]:
        return raised(assess_quality(boards.a_board(None, key_results)))

    row = readings.a_key_result(Start="")
    assert "start and target" in hints([row])
    assert "start and target" not in hints([readings.a_key_result(Start=0.0)])
    without = {name: cell for name, cell in row.items() if name != "Start"}
    assert "start and target" not in hints([without])


@pytest.mark.parametrize(
    ("title", "measure", "names"),
    [
        ("", None, []),
        ("Publish 12 guides", None, ["outcome"]),
        ("Raise readers", None, []),
        ("Raise readers", a_rise(has_start=False), ["start and target"]),
        ("Raise readers", a_deed(), ["start and target"]),
        ("Raise readers", a_rise(), []),
    ],
)
def test_a_key_result_while_it_is_typed(
    title: str, measure: KeyResult | None, names: list[str]
) -> None:
    assert [hint.check.name for hint in hints_of_key_result(title, measure, SETTINGS)] == names


# --- teams ----------------------------------------------------------------------------------------


def many(number: int, **changes: Any) -> Board:
    sound = {"title": "Newcomers feel at home with us", "owner": "Ada"}
    objectives = [an_objective(f"O-{one}", **{**sound, **changes}) for one in range(number)]
    parts = [
        a_rise(f"KR-{one.key}-{part}", objective=one.key) for one in objectives for part in range(3)
    ]
    return a_board(objectives, parts)


@pytest.mark.parametrize(
    ("number", "changes", "names"),
    [
        (5, {}, []),
        (6, {}, ["focus"]),
        (6, {"state": State.DRAFT}, []),
        (6, {"state": State.DONE}, ["focus"]),
    ],
)
def test_a_team_has_few_objectives_at_a_time(
    number: int, changes: dict[str, Any], names: list[str]
) -> None:
    assert raised(assess_quality(many(number, **changes))) == names


# --- what is asked at all -------------------------------------------------------------------------

POOR = {"title": "Launch", "owner": ""}


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        pytest.param({"state": State.DROPPED}, {}, id="dropped"),
        pytest.param({"state": State.DONE}, {}, id="done"),
        pytest.param({}, {"day": date(2026, 7, 1)}, id="past"),
        pytest.param(
            {}, {"cycles": (replace(QUARTER, state=CycleState.CLOSED),)}, id="closed by hand"
        ),
    ],
)
def test_what_is_over_gets_no_hints(changes: Changes, more: dict[str, Any]) -> None:
    cycle = more.get("cycles", (QUARTER,))[0]
    quality = assess({**POOR, **changes}, three({"has_start": False}), cycle=cycle, **more)

    assert raised(quality) == []
    assert quality.strengths["Growth"].share is None


def test_a_draft_is_just_where_hints_help() -> None:
    assert "owner" in raised(assess({**POOR, "state": State.DRAFT}))


@pytest.mark.parametrize(
    ("settings", "objective", "parts"),
    [
        ({"key_results_least": 2.0}, {}, three({}, {})),
        ({"key_results_most": 6.0}, {}, three(*[{}] * 6)),
        ({"words_least": 1.0}, {"title": "Growth"}, three()),
        ({"words_most": 19.0}, {"title": " ".join(["word"] * 19)}, three()),
        ({"weight_most": 0.8}, {}, three({"weight": 8.0}, {}, {})),
    ],
)
def test_the_thresholds_are_settings(
    settings: dict[str, float], objective: Changes, parts: list[KeyResult]
) -> None:
    assert len(raised(assess(objective, parts))) == 1
    assert raised(assess(objective, parts, settings=replace(SETTINGS, **settings))) == []


@pytest.mark.parametrize(
    ("objective", "figure"),
    [
        pytest.param({}, None, id="no hint is no praise"),
        pytest.param({"Owner": ""}, 0.0, id="a hint still counts"),
    ],
)
def test_an_objective_without_a_key_result_is_never_sound(
    objective: dict[str, str], figure: float | None
) -> None:
    board = boards.a_board([readings.an_objective(**objective)], [])

    assert assess_quality(board).strengths["Growth"].share == figure


def test_the_figure_of_a_team_adds_up() -> None:
    quality = assess({"owner": ""}, three({"title": "Publish guides"}, {}, {}))
    strength = quality.strengths["Growth"]

    assert (strength.sound, strength.rows, strength.share) == (2, 4, 0.5)
    parts = {check.name: (held, asked) for check, held, asked in strength.parts}
    assert parts["owner"] == (0, 1)
    assert parts["outcome"] == (2, 3)
    assert parts["start and target"] == (2, 2)  # of the task, its outcome is asked first
    assert "reporter" not in parts


def test_each_check_has_its_own_name_reason_and_pair_of_examples() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS) == 14
    assert len({check.reason for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        assert check.weak != check.strong
        assert "{" not in check.asked(Settings())


@pytest.mark.parametrize("check", [one for one in CHECKS if one.is_typed], ids=lambda one: one.name)
def test_the_examples_are_what_they_say(check: Any) -> None:
    def names(title: str) -> list[str]:
        if check.about is About.OBJECTIVE:
            return [hint.check.name for hint in hints_of_objective(title, Settings())]
        measure = a_deed() if title.endswith("done or not") else a_rise()
        return [hint.check.name for hint in hints_of_key_result(title, measure, Settings())]

    assert check.name in names(check.weak)
    assert names(check.strong) == []


def test_hints_never_enter_the_problems() -> None:
    board = a_board([an_objective(**POOR)], three({"has_start": False}))

    assert raised(assess_quality(board))
    assert board.problems == ()


def test_no_hint_is_about_what_sheet_health_names() -> None:
    """A row of nothing but gaps: each gap is named once, by a problem or by a hint."""
    board = boards.a_board(
        [readings.an_objective(Cycle="", Owner=""), readings.an_objective(ID="O-2")],
        [readings.a_key_result(Start="", Target="", Current="", Owner="")],
    )
    problems = {problem.column for problem in board.problems}

    assert {"Cycle", "Target"} <= problems
    hints = assess_quality(board).objectives["O-1"]
    assert sorted(hint.check.name for hint in hints) == ["key results", "owner"]


def test_kinds_that_keep_need_no_start() -> None:
    assert raised(assess({}, [a_bound("KR-1", kind=Kind.KEEP_BELOW), *three()[1:]])) == []
