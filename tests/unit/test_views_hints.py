"""The hints as the Team page and the form show them."""

import re
from collections.abc import Mapping
from datetime import date

import pytest

from okr.coaching import assess_quality
from okr.columns import KEY_RESULTS, OBJECTIVES
from okr.views.addresses import Address
from okr.views.hints import craft_of, hints_on_typed
from okr.views.team import TeamPage, build_team, draw_team
from tests.unit.boards import a_board
from tests.unit.readings import DAY, a_key_result, a_snapshot, an_objective

TITLES = ("Publish the guides", "Publish the films", "Raise activation")


def a_page(*titles: str, **objective: str) -> TeamPage:
    rows = [
        a_key_result(id=f"KR-{number}", key_result=title)
        for number, title in enumerate(titles or TITLES, 1)
    ]
    board = a_board([an_objective(**objective)], rows)
    return build_team(board, "Growth", Address("team"), quality=assess_quality(board))


def test_the_same_advice_stands_once_with_all_that_it_is_about() -> None:
    [block] = a_page(objective="Newcomers", owner="Ada").parts[0].blocks

    assert [(line.about, line.text[:20]) for line in block.hints] == [
        ((), "1 word leaves open w"),
        (TITLES[:2], "“Publish” is somethi"),
    ]


def test_the_strength_prints_arithmetic_that_adds_up() -> None:
    craft = a_page().craft

    assert craft is not None
    assert craft.share == "50%"
    assert craft.sentence == "2 of 4 objectives and key results give no hint"
    first, *others = craft.checks
    assert (first.asks, first.held) == (
        "A key result counts what changes, not what is done",
        "1 of 3",
    )
    assert first.weak
    assert not any(line.weak for line in others)
    assert "An objective has 3 to 5 key results" in [line.asks for line in others]


def test_a_team_without_anything_in_work_has_no_strength() -> None:
    board = a_board([an_objective(state="dropped")])

    assert craft_of("Growth", assess_quality(board)) is None
    assert craft_of("Nobody", assess_quality(board)) is None


def test_hints_are_folded_and_those_without_any_show_nothing() -> None:
    board = a_board([an_objective(objective="Growth")])
    _, above, below = draw_team(board, "Growth", Address("team"), quality=assess_quality(board))
    assert re.search(r"<details class=\"fold hints\"><summary>2 hints", above)
    assert "Strength of these OKRs: <b>50%</b> · 1 of 2" in below
    assert "<details open" not in above + below

    _, above, below = draw_team(board, "Growth", Address("team"))
    assert "hint" not in (above + below).lower()


@pytest.mark.parametrize(
    ("tab", "typed", "start"),
    [
        (OBJECTIVES, {"Objective": ""}, ""),
        (OBJECTIVES, {"Objective": "Grow by 20% in the north"}, "“20%” is a number"),
        (KEY_RESULTS, {"Key result": "Raise readers", "Target": ""}, ""),
        (
            KEY_RESULTS,
            {"Key result": "Raise readers", "Target": "5", "Start": ""},
            "Start is empty",
        ),
        (KEY_RESULTS, {"Key result": "Raise readers", "Target": "5", "Start": "0"}, ""),
        (KEY_RESULTS, {"Key result": "Raise readers", "Target": "5"}, ""),
        (KEY_RESULTS, {"Key result": "Find a buyer", "Kind": "done"}, "Done or not shows"),
        (
            KEY_RESULTS,
            {"Key result": "Keep it up", "Kind": "keep above", "Target": "5", "Start": ""},
            "",
        ),
    ],
)
def test_a_form_hints_at_what_is_typed(tab: str, typed: Mapping[str, str], start: str) -> None:
    hints = hints_on_typed(a_snapshot(), DAY, tab, typed)

    assert len(hints) == bool(start)
    assert all(hint.text.startswith(start) and hint.weak and hint.strong for hint in hints)


@pytest.mark.parametrize(
    ("tab", "typed", "day", "number"),
    [
        (OBJECTIVES, {"Objective": "Growth", "State": "done"}, DAY, 0),
        (OBJECTIVES, {"Objective": "Growth", "State": "dropped"}, DAY, 0),
        (OBJECTIVES, {"Objective": "Growth", "Cycle": "2026-Q2"}, DAY, 1),
        (OBJECTIVES, {"Objective": "Growth", "Cycle": "2026-Q2"}, date(2026, 7, 1), 0),
        (KEY_RESULTS, {"Key result": "Publish guides", "Objective": "O-1"}, DAY, 1),
        (KEY_RESULTS, {"Key result": "Publish guides", "Objective": "O-1"}, date(2026, 7, 1), 0),
    ],
)
def test_a_form_of_what_is_over_gives_no_hints(
    tab: str, typed: Mapping[str, str], day: date, number: int
) -> None:
    assert len(hints_on_typed(a_snapshot(), day, tab, typed)) == number
