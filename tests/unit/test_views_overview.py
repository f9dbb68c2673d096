"""Who needs help: the sentence, the ranking, the wins, and the empty states."""

from collections.abc import Sequence
from datetime import date

import pytest

from okr.assess import build_board
from okr.board import Board
from okr.history import build_history
from okr.model import Cell
from okr.reading import Tab
from okr.snapshot import build_snapshot
from okr.views import html
from okr.views.addresses import Address
from okr.views.overview import OverviewPage, build_overview
from tests.unit.boards import a_board, board_of
from tests.unit.readings import (
    DAY,
    Cells,
    a_check_in,
    a_key_result,
    a_snapshot,
    a_workbook,
    an_objective,
    check_ins,
    cycles,
    serial,
    teams,
)

TWO_TEAMS = [an_objective(), an_objective(id="O-2", objective="Costs fall", team="Care")]


def page_of(board: Board) -> OverviewPage:
    return build_overview(board, Address())


def kr(number: int, current: Cell, **changes: Cell) -> Cells:
    """Build a key result from 0 to 100; on the day of the tests it should stand at 54."""
    way: Cells = {"start": 0.0, "target": 100.0, "current": current}
    return a_key_result(id=f"KR-{number}", key_result=f"Key result {number}", **way, **changes)


def overview(*rows: Cells, tabs: Sequence[Tab] = (), day: date = DAY) -> OverviewPage:
    """Show key results of Growth, and the objective of Care where one of them is its."""
    is_of_both = any(row.get("Objective") == "O-2" for row in rows)
    return page_of(a_board(TWO_TEAMS if is_of_both else TWO_TEAMS[:1], rows, *tabs, day=day))


def test_the_answer_names_who_needs_help() -> None:
    page = overview(kr(1, 60.0), kr(2, 5.0, objective="O-2"), kr(3, 40.0, objective="O-2"))

    assert page.answer == "Care needs help: 1 of 3 key results is off track."
    assert page.more == "Also 1 at risk."


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ([60.0], "Nobody needs help: the only key result is on track, achieved or too early"),
        ([60.0, 70.0], "Nobody needs help: all 2 key results are on track"),
        ([""], "Nobody can tell yet: the only key result has no value."),
        (["", ""], "Nobody can tell yet: none of 2 key results has a value."),
        ([60.0, ""], "Nobody is known to be behind, but not every key result has a value."),
        (
            [60.0, 40.0],
            "Nobody is off track. Growth needs watching: 1 of 2 key results is at",
        ),
    ],
)
def test_silence_is_never_good_news(values: list[float | str], answer: str) -> None:
    page = overview(*(kr(number, value) for number, value in enumerate(values, 1)))

    assert page.answer.startswith(answer)


@pytest.mark.parametrize(
    ("rows", "answer", "more"),
    [
        pytest.param(
            [kr(1, 60.0, objective="O-3")],
            "Nobody can tell: the only key result has no status, for no cycle says by when.",
            "Also 1 without a status.",
            id="no cycle",
        ),
        pytest.param(
            [kr(1, 60.0, objective="O-3"), kr(2, 60.0, objective="O-3")],
            "Nobody can tell: none of 2 key results has a status, for no cycle says by when.",
            "Also 2 without a status.",
            id="none has",
        ),
        pytest.param(
            [kr(1, 60.0), kr(2, 60.0, objective="O-3")],
            "Nobody is known to be behind, but 1 of 2 key results has no status: no cycle says",
            "Also 1 without a status.",
            id="one has",
        ),
        pytest.param(
            [kr(1, 60.0)],
            "Nobody needs help: the only key result is on track",
            "Every value is there, but none has a date: nobody can tell how old it is.",
            id="undated",
        ),
    ],
)
def test_what_has_no_status_or_no_date_is_no_good_news(
    rows: list[Cells], answer: str, more: str
) -> None:
    named = {row["Objective"] for row in rows}
    goals = [*TWO_TEAMS, an_objective(id="O-3", objective="Some day", cycle="")]
    goals = [one for one in goals if one["ID"] in named]
    page = page_of(build_board(a_snapshot(goals, rows), None, DAY))

    assert page.answer.startswith(answer)
    assert page.more == more


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (date(2026, 3, 1), "Nothing is due yet: 2026-Q2 starts on 1 Apr."),
        (date(2026, 7, 5), "2026-Q2 is over: 1 of 2 key results achieved."),
    ],
)
def test_before_and_after_its_cycle_a_page_says_so(day: date, answer: str) -> None:
    assert overview(kr(1, 100.0), kr(2, 10.0), day=day).answer.startswith(answer)


def test_an_objective_that_nothing_measures_is_no_good_news_either() -> None:
    page = page_of(a_board(TWO_TEAMS, [kr(1, 60.0)]))

    assert page.answer.startswith("Nobody is known to be behind:")
    assert page.more == "Also 1 objective without a key result."
    [line] = page.bare
    assert (line.title, line.team, line.add) == ("Costs fall", "Care", "team?team=Care&add=O-2")
    drawn = html.draw("overview", page)
    assert "Add a key result" in drawn
    assert "Nothing: no key result is behind" not in drawn


@pytest.mark.parametrize(
    ("objective", "day"),
    [
        pytest.param({"state": "draft"}, DAY, id="a draft"),
        pytest.param({"roll_up": "children"}, DAY, id="its score is that of those below"),
        pytest.param({}, date(2026, 7, 5), id="all is over"),
    ],
)
def test_of_some_objectives_no_key_result_is_asked(objective: Cells, day: date) -> None:
    below = an_objective(supports="O-2")
    other = an_objective(id="O-2", objective="Costs fall", team="Care", **objective)
    board = a_board([below, other], None, day=day)

    assert page_of(board).bare == ()


def test_each_team_above_others_says_whose_objectives_its_row_sums_up() -> None:
    tree = teams(("Acme", ""), ("Care", "Acme"), ("Growth", "Care"))
    page = overview(kr(1, 60.0), tabs=[tree])

    assert [team.role for team in page.teams] == ["its own objectives", "its own objectives", ""]
    assert "without those of the teams below" in page.legend


@pytest.mark.parametrize(
    ("said", "day", "ahead"),
    [
        (
            [(8, 20.0), (20, 60.0)],
            DAY,
            "40 points more than a week ago. If it goes on as in the last 4 weeks, the score ends",
        ),
        ([(4, 60.0), (20, 60.0)], DAY, "The score is as it was a week ago. If it goes on"),
        ([(20, 60.0)], DAY, ""),
        ([(4, 20.0), (8, 60.0)], date(2026, 4, 8), ""),
        ([(8, 20.0), (20, 60.0)], date(2026, 7, 5), ""),
    ],
)
def test_one_line_says_what_a_week_brought_and_where_it_leads(
    said: list[tuple[int, float]], day: date, ahead: str
) -> None:
    month = 4 if day.month == 4 else 5
    entries = [
        a_check_in(id=f"C-{at}", when=serial(date(2026, month, at)), value=value)
        for at, value in said
    ]
    if day == DAY and len(said) > 1:
        entries.insert(0, a_check_in(id="C-0", when=serial(date(2026, 4, 2)), value=10.0))
    board = a_board(None, [kr(1, "")], check_ins(*entries), day=day)
    assert board.cycle is not None
    known = build_history(board.snapshot, board.cycle, day, with_undated=False)
    page = build_overview(board, Address(), lambda: known)

    assert page.ahead.startswith(ahead)
    assert bool(page.ahead) == bool(ahead)
    assert page.ahead in html.draw("overview", page)


def test_what_needs_attention_is_ranked_by_severity_then_weight_then_gap() -> None:
    page = overview(
        kr(1, ""),
        kr(2, 35.0),
        kr(3, 20.0),
        kr(4, 10.0),
        kr(5, 25.0, weight=3.0),
        kr(6, 90.0),
    )

    assert [row.key for row in page.first] == ["KR-5", "KR-4", "KR-3", "KR-2", "KR-1"]


def test_an_old_value_needs_attention_and_is_drawn_hollow() -> None:
    old = a_check_in(when=serial(date(2026, 4, 20)), value=60.0)
    page = overview(kr(1, 60.0), tabs=[check_ins(old)])

    [row] = page.first
    assert (row.mark.word, row.mark.is_hollow, row.age) == ("on track", True, "30 d")
    assert "30 days without a new value" in row.remarks
    assert page.more == "Also 1 with an old value."


def test_a_win_is_shown_for_two_weeks() -> None:
    won = [
        a_check_in(id="C-1", key_result="KR-1", when=serial(date(2026, 5, 18)), value=100.0),
        a_check_in(id="C-2", key_result="KR-2", when=serial(date(2026, 5, 1)), value=100.0),
    ]
    page = overview(kr(1, 100.0), kr(2, 100.0), tabs=[check_ins(*won)])

    assert [row.key for row in page.won] == ["KR-1"]


def test_teams_stand_in_the_order_of_their_tree() -> None:
    page = overview(kr(1, 60.0), tabs=[teams(("Acme", ""), ("Care", "Acme"), ("Growth", "Care"))])

    depths = [(team.name, team.depth) for team in page.teams]
    assert depths == [("Acme", 0), ("Care", 1), ("Growth", 2)]
    assert page.teams[0].remark == "no objectives in this cycle"


def test_the_printed_counts_add_up() -> None:
    page = overview(kr(1, 60.0), kr(2, 5.0), kr(3, ""), kr(4, 60.0, weight=0.0))

    assert {tally.mark.word: tally.number for tally in page.tallies} == {
        "off track": 1,
        "no data": 1,
        "on track": 1,
    }
    assert page.net_words == "1 of 3 on track or achieved, less 1 off track or missed: net 0 points"
    assert page.score_words[-1].startswith("could reach")


def test_freshness_says_how_complete_the_numbers_are() -> None:
    page = overview(kr(1, 60.0), kr(2, ""), tabs=[check_ins(a_check_in(value=60.0))])

    assert page.fresh == (
        "1 of 2 key results updated within 7 days",
        "oldest value 2 d",
        "1 without a value",
    )


@pytest.mark.parametrize(
    ("objectives", "sentence"),
    [
        ([], "“Objectives” is empty, so nothing in it is read."),
        ([an_objective(cycle="2026-Q1")], "No objective is set for 2026-Q2 yet."),
    ],
)
def test_an_empty_page_says_what_will_stand_there(objectives: list[Cells], sentence: str) -> None:
    spring = cycles(("2026-Q2", serial(date(2026, 4, 1)), serial(date(2026, 6, 30))))
    page = page_of(a_board(objectives, [], spring))

    assert page.empty is not None
    assert page.empty.sentence == sentence
    assert page.empty.mend in html.draw("overview", page)


@pytest.mark.parametrize(
    ("number", "listed", "words"),
    [(3, 6, ""), (4, 3, "4 more teams without objectives in this cycle")],
    ids=["few", "many"],
)
def test_many_teams_without_objectives_are_folded(number: int, listed: int, words: str) -> None:
    tree = [("Acme", ""), ("Sell", "Acme"), ("Care", "Sell")]
    bare = [(f"Bare {n}", "Sell") for n in range(number)]
    own = an_objective(id="O-1", team="Care")
    board = a_board([own], [a_key_result(objective="O-1")], teams(*tree, *bare))
    page = build_overview(board, Address())

    assert len(page.teams) == listed
    assert [line.name for line in page.teams[:3]] == ["Acme", "Sell", "Care"]
    assert (page.idle_words, len(page.idle)) == (words, 3 + number - listed)


def test_what_needs_attention_comes_before_a_long_table_of_teams() -> None:
    tree = [("Acme", ""), *((f"Team {n}", "Acme") for n in range(16))]
    rows = [an_objective(id=f"O-{n}", objective=f"Goal {n}", team=f"Team {n}") for n in range(16)]
    long = build_overview(a_board(rows, [], teams(*tree)), Address())
    short = build_overview(a_board(rows[:12], [], teams(*tree)), Address())

    for page, is_first in ((long, True), (short, False)):
        drawn = html.draw("overview", page)
        assert (drawn.index("What needs attention") < drawn.index(">Teams<")) is is_first


def test_a_workbook_without_okrs_is_not_told_to_type_into_a_tab_that_is_not_there() -> None:
    page = page_of(board_of(build_snapshot(a_workbook(Tab("Budget", [["Rent", 900.0]])))))

    assert page.empty is not None
    assert page.empty.sentence == "No tab of “Acme OKRs” could be read as OKRs."
    assert "Sheet health" in page.empty.act and "init" in page.empty.mend
