"""What a person owes: whose key results they are, in which order and pace, and what changed."""

from datetime import date

import pytest

from okr.board import Board
from okr.model import Cell
from okr.reading import Tab
from okr.views import my_check_ins
from okr.views.addresses import Address
from okr.views.my_check_ins import (
    Sitting,
    asked_for,
    begin,
    build_my_check_ins,
    go_on,
    own_key_results,
    say_last,
    say_need,
)
from tests.unit.boards import a_board, standing_of
from tests.unit.readings import (
    DAY,
    Cells,
    a_check_in,
    a_key_result,
    a_tab,
    an_objective,
    check_ins,
    serial,
)

ADA = "ada@example.com"
PEOPLE = a_tab("People", [{"Email": ADA, "Name": "Ada King", "Team": ""}])
HERE = Address("check_in", {"who": ADA})


def board_with(*rows: Cells, said: tuple[Cells, ...] = (), more: tuple[Tab, ...] = ()) -> Board:
    tabs = (PEOPLE, check_ins(*said)) if said else (PEOPLE,)
    return a_board(None, rows or None, *tabs, *more)


def own(board: Board, who: str = ADA) -> list[str]:
    return [one.key_result.key for one in own_key_results(board, who)]


@pytest.mark.parametrize(
    "owner",
    [
        *("ada@example.com", "ADA@EXAMPLE.COM ", "Ada King", "ada  king", "Leo Santos; Ada King"),
        *("Leo & Ada King", "Leo Santos and ada@example.com", "Leo/Ada King", "Leo\nAda King"),
    ],
)
def test_an_owner_cell_names_a_person_in_many_ways(owner: str) -> None:
    assert own(board_with(a_key_result(owner=owner))) == ["KR-1"]
    assert own(board_with(a_key_result(owner=owner)), "Ada King") == ["KR-1"]


@pytest.mark.parametrize("owner", ["", "Ada", "Adam King", "Ada Kingston", "Leo Santos"])
def test_nobody_is_asked_for_what_another_owns(owner: str) -> None:
    assert own(board_with(a_key_result(owner=owner))) == []


def test_an_owner_whom_people_do_not_know_still_owns() -> None:
    assert own(board_with(a_key_result(owner="Zoe")), "Zoe") == ["KR-1"]


def test_what_is_owed_comes_first_the_longest_silent_before_the_others() -> None:
    rows = [a_key_result(id=f"KR-{n}", key_result=f"No {n}") for n in (1, 2, 3)]
    said = tuple(
        a_check_in(id=f"C-{n}", key_result=f"KR-{n}", when=serial(date(2026, 5, day)))
        for n, day in ((1, 19), (2, 2), (3, 18))
    )
    empty = a_key_result(id="KR-4", key_result="No 4", current="")

    assert own(board_with(*rows, empty, said=said)) == ["KR-4", "KR-2", "KR-3", "KR-1"]


def test_what_was_dropped_is_not_asked_for() -> None:
    rows = [
        a_key_result(state="dropped"),
        a_key_result(id="KR-2", key_result="Other", objective="O-2"),
    ]
    objectives = [an_objective(), an_objective(id="O-2", objective="Gone", state="dropped")]

    assert own(a_board(objectives, rows, PEOPLE)) == []


DRAFTS = [
    a_key_result(id="KR-2", key_result="Planned", current="", state="draft"),
    a_key_result(id="KR-3", key_result="Of a plan", current="", objective="O-2"),
]
"""Two drafts without a value, the second by its objective, beside ``KR-1``."""


def board_of_drafts(*rows: Cells) -> Board:
    objectives = [an_objective(), an_objective(id="O-2", objective="A plan", state="draft")]
    return a_board(objectives, [*DRAFTS, *rows], PEOPLE)


@pytest.mark.parametrize(
    ("rows", "order", "answer"),
    [
        ([a_key_result(current="")], ("KR-1",), "Your one key result owes a value."),
        ([a_key_result()], ("KR-1",), "You owe nothing: your one key result is up to date."),
        ([], (), "You owe nothing: your 2 key results are drafts."),
    ],
)
def test_a_draft_is_neither_owed_nor_asked_for(
    rows: list[Cells], order: tuple[str, ...], answer: str
) -> None:
    board = board_of_drafts(*rows)
    sitting = begin(board, ADA)
    page = build_my_check_ins(board, HERE, sitting)

    assert sitting.order == order
    assert page.answer == answer
    assert page.lists[-1].title == "Drafts"
    assert [row.title for row in page.lists[-1].rows] == ["Planned", "Of a plan"]
    asked = asked_for(sitting.skip("KR-1"), board, HERE)
    assert asked is None


def test_one_draft_alone_is_said_so() -> None:
    board = a_board(None, [DRAFTS[0]], PEOPLE)

    said = build_my_check_ins(board, HERE, begin(board, ADA)).answer
    assert said == "You owe nothing: your one key result is a draft."


def test_a_draft_opens_from_its_list() -> None:
    board = board_of_drafts(a_key_result(current=""))
    sitting = begin(board, ADA)
    wanted = asked_for(sitting, board, Address("check_in", {"who": ADA, "key_result": "KR-3"}))

    assert wanted is not None
    assert wanted.key_result.key == "KR-3"
    assert build_my_check_ins(board, HERE, sitting.save(wanted)).answer == (
        "1 saved. 1 still owes a value."
    )


def test_key_results_of_a_longer_cycle_are_asked_for_too() -> None:
    objectives = [
        an_objective(supports="O-9"),
        an_objective(id="O-9", objective="Be loved", cycle="2026", team=""),
    ]
    rows = [a_key_result(), a_key_result(id="KR-9", key_result="Of the year", objective="O-9")]

    assert sorted(own(a_board(objectives, rows, PEOPLE))) == ["KR-1", "KR-9"]


@pytest.mark.parametrize(
    ("changes", "day", "is_owed"),
    [
        pytest.param({"current": ""}, DAY, True, id="no data"),
        pytest.param({}, DAY, False, id="undated is not old"),
        pytest.param({"current": ""}, date(2026, 3, 1), False, id="before it starts"),
    ],
)
def test_a_value_is_owed_or_not(changes: dict[str, Cell], day: date, is_owed: bool) -> None:
    board = a_board(None, [a_key_result(**changes)], day=day)

    assert my_check_ins.is_owed(standing_of(board), day) is is_owed


# --- the pace -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "values", "sentence"),
    [
        ({}, (36.0, 42.0), "Needs 0.51 a week until 30 Jun, did 1.5."),
        ({"unit": "€", "target": 4500.0}, (36.0, 42.0), "Needs € 761.1 a week"),
        (
            {"unit": "%", "start": 0.5, "target": 0.9, "current": 0.6},
            (0.55, 0.6),
            "Needs 5.1 pts a week until 30 Jun, did 1.2 pts.",
        ),
        (
            {"kind": "decrease", "start": 50.0, "target": 32.0},
            (46.0, 42.0),
            "Needs −1.7 a week until 30 Jun, did −1.",
        ),
        (
            {"kind": "decrease", "start": 40.0, "target": 32.0},
            (39.0, 42.0),
            "Needs −1.7 a week until 30 Jun, did +0.75.",
        ),
        ({"target": 41.0}, (36.0, 42.0), "It is where it should be on 30 Jun."),
        ({"kind": "keep above", "target": 40.0}, (36.0, 42.0), ""),
    ],
)
def test_it_says_the_pace_that_is_needed_beside_the_one_that_was(
    changes: dict[str, Cell], values: tuple[float, float], sentence: str
) -> None:
    said = tuple(
        a_check_in(id=f"C-{value}", when=serial(day), value=value)
        for value, day in zip(values, (date(2026, 4, 22), date(2026, 5, 18)), strict=True)
    )
    board = board_with(a_key_result(**changes), said=said)

    need = say_need(standing_of(board), board.day).replace("\u00a0", " ")
    assert need.startswith(sentence) if sentence else need == ""


def test_after_its_window_no_pace_is_asked_for() -> None:
    board = a_board(day=date(2026, 7, 3))

    assert say_need(standing_of(board), board.day) == "Its time ended on 30 Jun."


def test_the_last_value_is_said_with_its_age() -> None:
    board = board_with(said=(a_check_in(when=serial(date(2026, 5, 14))),))

    assert say_last(standing_of(board), board.day) == "Last 42 of 45 points, 6 days ago."
    assert say_last(standing_of(a_board()), DAY) == "Last 42 of 45 points, undated."


# --- the sitting ----------------------------------------------------------------------------------


def a_sitting(*order: str) -> Sitting:
    return Sitting(ADA, "2026-Q2", order)


def test_a_saved_or_skipped_one_does_not_wait_any_more() -> None:
    board = a_board()
    sitting = a_sitting("KR-2", "KR-1", "KR-3").skip("KR-2").save(standing_of(board))

    assert sitting.waiting == ("KR-3",)
    assert sitting.save(standing_of(board)).before == sitting.before


def test_another_person_or_cycle_begins_anew() -> None:
    board = board_with()
    sitting = begin(board, ADA).skip("KR-1")

    assert go_on(sitting, board, ADA) == sitting
    assert go_on(sitting, board, "Zoe").order == ()
    assert go_on(None, board, ADA) == begin(board, ADA)


def test_a_key_result_that_came_or_went_meanwhile_is_noticed() -> None:
    rows = [a_key_result(), a_key_result(id="KR-2", key_result="New", current="")]

    assert go_on(a_sitting("KR-9", "KR-1"), board_with(*rows), ADA).order == ("KR-1", "KR-2")


def test_the_address_may_ask_for_one() -> None:
    rows = [a_key_result(), a_key_result(id="KR-2", key_result="New", current="")]
    board = board_with(*rows)
    sitting = begin(board, ADA)

    def key(**query: str) -> str:
        one = asked_for(sitting, board, Address("check_in", query))
        return one.key_result.key if one else ""

    assert (key(), key(key_result="KR-1"), key(key_result="KR-9")) == ("KR-2", "KR-1", "KR-2")
    assert key(finish="1") == ""


def test_who_owes_nothing_is_asked_only_when_they_begin() -> None:
    board = board_with(a_key_result(), a_key_result(id="KR-2", key_result="Other"))
    sitting = begin(board, ADA)

    assert asked_for(sitting, board, HERE) is None
    wanted = asked_for(sitting, board, Address("check_in", {"key_result": "KR-2"}))
    assert wanted is not None
    assert wanted.key_result.key == "KR-2"
    assert asked_for(sitting.save(wanted), board, HERE) is not None


def test_what_cannot_be_scored_is_not_up_to_date() -> None:
    board = board_with(a_key_result(), a_key_result(id="KR-2", key_result="Aimless", target=""))
    page = build_my_check_ins(board, HERE, begin(board, ADA))

    assert [one.title for one in page.lists] == ["Cannot be scored", "Up to date"]
    assert page.answer.startswith("You owe no value, but 1 of your 2 key results cannot be scored")


@pytest.mark.parametrize(
    ("rows", "mend"),
    [
        ([a_key_result()], "Choose your name above"),
        ([a_key_result(owner="")], "Type names into the Owner column"),
    ],
)
def test_before_a_name_is_chosen_the_page_says_where_names_come_from(
    rows: list[Cells], mend: str
) -> None:
    page = build_my_check_ins(a_board([an_objective(owner="")], rows), HERE, None)

    assert page.empty is not None
    assert page.empty.mend.startswith(mend)


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        (("",), "Your one key result owes a value."),
        (("", ""), "All 2 of your key results owe a value."),
        (("", 42.0, 42.0), "1 of your 3 key results owes a value."),
        (("", "", 42.0), "2 of your 3 key results owe a value."),
        ((42.0,), "You owe nothing: your one key result is up to date."),
        ((42.0, 42.0), "You owe nothing: your 2 key results are up to date."),
    ],
)
def test_the_page_answers_what_is_owed(values: tuple[Cell, ...], answer: str) -> None:
    rows = [
        a_key_result(id=f"KR-{n}", key_result=f"No {n}", current=value)
        for n, value in enumerate(values)
    ]
    board = board_with(*rows)

    assert build_my_check_ins(board, HERE, begin(board, ADA)).answer == answer


def test_the_change_stands_before_and_after() -> None:
    before = board_with(a_key_result(current=33.0))
    sitting = begin(before, ADA).save(standing_of(before))
    page = build_my_check_ins(board_with(a_key_result(current=45.0)), HERE, sitting)

    [changed] = page.changed
    assert changed.values == ("33 points", "45 points")
    assert changed.shares == ("8%", "100%")
    assert [mark.word for mark in changed.marks] == ["off track", "achieved"]
    assert page.answer == "1 saved. Nothing is owed any more."


def test_links_lead_back_to_this_page() -> None:
    rows = [a_key_result(), a_key_result(id="KR-2", key_result="New", current="")]
    board = board_with(*rows)
    sitting = begin(board, ADA)
    page = build_my_check_ins(board, HERE, sitting, asked_for(sitting, board, HERE))

    assert page.asked is not None
    assert (page.asked.title, page.asked.act) == ("New", "")
    [listed] = page.lists
    assert (listed.title, [row.title for row in listed.rows]) == (
        "Up to date",
        ["Raise activation"],
    )
    assert listed.rows[0].check_in == "check_in?who=ada%40example.com&key_result=KR-1"
