"""How a team stands: its objectives, their rows, what is around them, and where the form opens."""

from collections.abc import Sequence
from datetime import date

import pytest

from okr.board import Board
from okr.model import Cell
from okr.reading import Tab
from okr.views.addresses import Address
from okr.views.rows import KeyResultRow
from okr.views.team import TeamPage, build_team, draw_team, keys_of, split_at_form
from tests.unit.boards import a_board
from tests.unit.readings import (
    DAY,
    Cells,
    a_check_in,
    a_key_result,
    an_objective,
    check_ins,
    serial,
    teams,
)


def page_of(board: Board, team: str = "Growth", **choices: str) -> TeamPage:
    return build_team(board, team, Address("team", {"team": team, **choices}))


def team_page(
    *rows: Cells,
    objectives: Sequence[Cells] | None = None,
    tabs: Sequence[Tab] = (),
    team: str = "Growth",
    day: date = DAY,
) -> TeamPage:
    return page_of(a_board(objectives, rows or None, *tabs, day=day), team)


@pytest.mark.parametrize(
    ("team", "said"),
    [
        ("Acme", ["its own objectives; all of Acme: 47%"]),
        ("Care", ["its own objectives"]),
        ("Growth", []),
    ],
)
def test_a_team_above_others_says_whose_objectives_its_score_is_of(
    team: str, said: list[str]
) -> None:
    objectives = [
        an_objective(id=name, objective=f"Of {name}", team=name)
        for name in ("Acme", "Care", "Growth")
    ]
    rows = [
        a_key_result(id=f"K-{at}", key_result=f"No {at}", objective=name, start=0.0, current=value)
        for at, (name, value) in enumerate((("Acme", 36.0), ("Care", 9.0), ("Growth", 18.0)))
    ]
    tree = teams(("Acme", ""), ("Care", "Acme"), ("Growth", "Care"))
    page = team_page(*rows, objectives=objectives, tabs=[tree], team=team)

    assert [one for one in page.score_words if "own objectives" in one] == said


def only_row(**changes: Cell) -> KeyResultRow:
    return team_page(a_key_result(**changes)).parts[0].blocks[0].rows[0]


def test_a_row_carries_all_that_a_screenshot_needs() -> None:
    page = team_page(tabs=[check_ins(a_check_in(note="The tour helps."))])
    [row] = page.parts[0].blocks[0].rows

    assert (row.title, row.value, row.owner, row.age) == (
        "Raise activation",
        "42 of 45 points",
        "ada",
        "2 d",
    )
    assert (row.mark.shape, row.mark.word) == ("circle", "on track")
    assert row.arithmetic.startswith("(42 − 32) / (45 − 32) = 76.9%")
    assert (row.note, row.noted_by) == ("The tour helps.", "ada")
    assert row.cell.name.startswith("Key results!")
    assert row.bar.fill == pytest.approx(76.9)
    assert row.bar.pace == pytest.approx(54.4)
    assert row.bar.text == "progress 77%, pace 54%"


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({}, "Nobody dated this value"),
        ({"current": 20.0}, "Below its start"),
        ({"kind": "decrease", "start": 45.0, "target": 32.0, "current": 60.0}, "Above its start"),
        ({"weight": 0.0}, "Not counted: weight 0"),
        ({"current": 33.0, "confidence": 0.9}, "Owner says high confidence, is off track"),
    ],
)
def test_what_a_reader_must_not_miss_stands_beside_the_arithmetic(
    changes: dict[str, Cell], remark: str
) -> None:
    assert remark in only_row(**changes).remarks


@pytest.mark.parametrize(("weight", "end"), [(2.0, "→ on track · weight 2"), (1.0, "→ on track")])
def test_a_weight_is_no_warning_and_stands_in_the_arithmetic(weight: float, end: str) -> None:
    assert only_row(weight=weight).arithmetic.endswith(end)


def test_below_its_start_a_bar_is_empty_and_beyond_its_target_notched() -> None:
    assert only_row(current=20.0).bar.fill == 0
    beyond = only_row(current=60.0).bar
    assert (beyond.fill, beyond.is_over) == (100, True)


def test_a_bound_to_keep_has_no_pace() -> None:
    assert only_row(kind="keep above", start="", target=40.0).bar.pace is None


def test_an_objective_shows_its_score_and_what_it_could_reach() -> None:
    page = team_page(a_key_result(), a_key_result(id="KR-2", key_result="Other", current=""))
    [block] = page.parts[0].blocks

    assert (block.score, block.words) == ("38%", "could reach 88% (1 of 2 have data)")
    assert block.bar.high == pytest.approx(88.5)
    assert block.mark.word == "no data: 1 of 2"


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ([42.0, 42.0], "All 2 objectives hold pace."),
        ([42.0, 33.0], "1 of 2 objectives holds pace; “Costs fall” needs help first."),
        ([42.0, ""], "1 of 2 objectives holds pace; 1 without data."),
        ([42.0, 37.0], "1 of 2 objectives holds pace; 1 at risk."),
    ],
)
def test_the_answer_counts_what_holds(values: list[Cell], answer: str) -> None:
    page = team_page(
        *(
            a_key_result(id=f"KR-{n}", objective=f"O-{n}", current=v)
            for n, v in enumerate(values, 1)
        ),
        objectives=[an_objective(), an_objective(id="O-2", objective="Costs fall")],
    )

    assert page.answer == answer


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (date(2026, 4, 3), "Too early to tell."),
        (date(2026, 7, 3), "2026-Q2 is over: 0 of 1 objective achieved."),
    ],
)
def test_early_and_late_the_answer_claims_no_more_than_is_known(day: date, answer: str) -> None:
    assert team_page(day=day).answer == answer


def test_after_its_window_no_new_value_is_asked_for() -> None:
    page = team_page(tabs=[check_ins(a_check_in())], day=date(2026, 7, 30))

    assert page.parts[0].blocks[0].rows[0].remarks == ()


def test_drafts_and_dropped_ones_stand_quietly_at_the_end() -> None:
    board = a_board(
        [
            an_objective(id="O-3", objective="Given up", state="dropped"),
            an_objective(id="O-2", objective="An idea", state="draft"),
            an_objective(),
        ]
    )
    page = build_team(board, "Growth", Address("team", {}), has_edits=True)

    shown = [(part.title, part.is_quiet, len(part.blocks)) for part in page.parts]
    assert shown == [("", False, 1), ("Drafts", True, 1), ("Dropped", True, 1)]
    assert [bool(part.blocks[0].add) for part in page.parts] == [True, True, False]


def test_longer_cycles_and_missing_ones_have_parts_of_their_own() -> None:
    page = team_page(
        objectives=[
            an_objective(supports="O-9"),
            an_objective(id="O-9", objective="Be loved", cycle="2026", team=""),
            an_objective(id="O-8", objective="Some day", cycle=""),
        ]
    )

    assert [(part.title, part.blocks[0].title) for part in page.parts] == [
        ("", "Newcomers feel at home"),
        ("From longer cycles", "Be loved"),
        ("Without a cycle", "Some day"),
    ]
    assert page.parts[0].blocks[0].supports[0].text == "Be loved"


def test_the_rows_of_a_page_are_known_without_drawing_it() -> None:
    board = a_board(
        [
            an_objective(supports="O-9"),
            an_objective(id="O-2", objective="An idea", state="draft"),
            an_objective(id="O-3", objective="Given up", state="dropped"),
            an_objective(id="O-4", objective="Of others", team="Care"),
            an_objective(id="O-8", objective="Some day", cycle=""),
            an_objective(id="O-9", objective="Be loved", cycle="2026", team=""),
        ],
        [
            a_key_result(id=f"KR-{at}", key_result=f"No {at}", objective=f"O-{at}")
            for at in (1, 3, 4, 8, 9)
        ],
    )

    for team in ("Acme", "Growth", "Care", "Atlantis"):
        assert keys_of(board, team) == page_of(board, team).keys
    assert {"O-2", "KR-3", "KR-8", "KR-9"} < keys_of(board, "Growth")


def test_the_page_parts_below_the_row_whose_form_is_open() -> None:
    rows = [a_key_result(id=f"KR-{n}", key_result=f"Key result {n}") for n in (1, 2, 3)]
    page = team_page(*rows)
    above, below = split_at_form(page, "KR-2")

    assert [row.key for row in above.parts[0].blocks[0].rows] == ["KR-1", "KR-2"]
    assert [row.key for row in below[0].blocks[0].rows] == ["KR-3"]
    assert below[0].blocks[0].is_rest
    assert split_at_form(page, "KR-9") == (page, ())


def test_every_row_is_drawn_once_wherever_the_form_stands() -> None:
    rows = [a_key_result(id=f"KR-{n}", key_result=f"Key result {n}") for n in (1, 2, 3)]
    board = a_board(None, rows)
    for key in ("", "KR-1", "KR-3"):
        address = Address("team", {"key_result": key} if key else {})
        drawn = "".join(draw_team(board, "Growth", address)[1:])
        assert all(drawn.count(f">Key result {n}</span>") == 1 for n in (1, 2, 3))
        assert drawn.count("is-open") == bool(key)


def test_a_row_leads_to_its_form_and_back() -> None:
    address = Address("team", {"team": "Growth", "cycle": "2026-Q2", "key_result": "KR-1"})
    page = build_team(a_board(), "Growth", address, open_key="KR-1")
    [row] = page.parts[0].blocks[0].rows

    assert (row.act, row.check_in) == ("Close", "team?cycle=2026-Q2&team=Growth")
    closed = build_team(a_board(), "Growth", Address("team", {"cycle": "2026-Q2"}))
    [row] = closed.parts[0].blocks[0].rows
    assert (row.act, row.check_in) == ("Check in", "team?cycle=2026-Q2&key_result=KR-1")


def test_a_team_without_objectives_says_the_one_thing_to_do() -> None:
    page = team_page(tabs=[teams(("Care", ""), ("Growth", ""))], team="Care")

    assert page.empty is not None
    assert page.empty.sentence == "Care has set none for 2026-Q2."
    assert "“Care” as its Team" in page.empty.mend


def test_teams_lead_up_and_down_the_tree() -> None:
    tree = teams(("Acme", ""), ("Growth", "Acme"), ("Care", "Growth"))
    page = team_page(tabs=[tree])

    assert page.above is not None
    assert (page.above.text, page.above.href) == ("Acme", "team?team=Acme")
    assert [link.text for link in page.below] == ["Care"]


def test_a_stale_row_shows_its_age() -> None:
    page = team_page(tabs=[check_ins(a_check_in(when=serial(date(2026, 5, 1))))])
    [row] = page.parts[0].blocks[0].rows

    assert (row.mark.is_hollow, row.bar.is_hollow, row.age) == (True, True, "19 d")
