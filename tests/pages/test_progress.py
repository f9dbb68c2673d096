"""The page of progress as Streamlit runs it."""

import json
import re
from datetime import UTC, date, datetime

import pytest

from tests.pages.conftest import Open, Opened
from tests.unit.readings import (
    Cells,
    a_check_in,
    a_key_result,
    a_reading,
    a_workbook,
    an_objective,
    check_ins,
    serial,
)

ROWS = [an_objective(), an_objective(id="O-2", objective="Sell more", team="Sales")]
BELOW = [a_key_result(), a_key_result(id="KR-2", objective="O-2", key_result="Close deals")]
SAID = check_ins(
    a_check_in(when=serial(date(2026, 4, 15)), value=35.0),
    a_check_in(when=serial(date(2026, 5, 14)), value=38.0, note="A new tour."),
)
ATTACK = "<script>alert(1)</script> ![](http://x.y) =1+1"


def charts(page: Opened) -> list[dict[str, object]]:
    return [json.loads(one.proto.spec) for one in page.app.get("vega_lite_chart")]


@pytest.mark.parametrize(
    ("query", "said", "number"),
    [
        ({}, "Acme OKRs is 8 points ahead of pace.", 1),
        ({"team": "Growth"}, "Growth is 8 points behind pace.", 1),
        ({"objective": "O-2"}, "It is 23 points ahead of pace.", 1),
        ({"key_result": "KR-1"}, "At the rate of the last weeks it ends at 42.4 points", 1),
        ({"key_result": "KR-1"}, 'href="team?team=Growth&amp;key_result=KR-1">Check in</a>', 1),
        ({}, "<h1>Acme OKRs, all teams</h1>", 1),
        ({"view": "teams"}, "1 of 2 teams is behind pace: Growth by 8 points.", 1),
        ({"view": "status"}, "2 of 2 key results on track or achieved", 2),
        ({"view": "confidence"}, "Confidence and pace agree for all 1.", 1),
        ({"view": "rhythm"}, "1 of 2 key results updated in the week to 17 May", 2),
        (
            {"view": "changes"},
            "1 of 2 key results were updated since 13 May; 1 is worth a line.",
            0,
        ),
        ({"view": "changes", "since": "2026-04-10"}, "updated since 10 Apr", 0),
        ({"view": "nonsense"}, "Acme OKRs is 8 points ahead of pace.", 1),
        (
            {"view": "changes", "since": "soon"},
            "1 of 2 key results were updated since 13 May; 1 is worth a line.",
            0,
        ),
        ({"key_result": "KR-99"}, "There is no key result “KR-99” in this cycle.", 1),
        ({"cycle": "all"}, "Choose one cycle above.", 0),
        ({"as_of": "2026-03-01", "cycle": "2026-Q2"}, "2026-Q2 starts on 1 Apr 2026.", 0),
    ],
)
def test_the_address_chooses_what_is_shown(
    open_page: Open, query: dict[str, str], said: str, number: int
) -> None:
    page = open_page("progress", reading=a_reading(ROWS, BELOW, SAID), **query)

    assert said in page.html
    assert len(charts(page)) == number


@pytest.mark.parametrize(
    ("objectives", "key_results", "said"),
    [
        ([an_objective(cycle="")], [a_key_result()], "into the Cycle column of an objective."),
        ([an_objective()], [a_key_result(current="")], "None of its key results has a value yet."),
        ([an_objective()], [], "“Key results” is empty, so nothing in it is read."),
    ],
)
def test_where_there_is_nothing_to_follow_the_page_says_what_comes_first(
    open_page: Open, objectives: list[Cells], key_results: list[Cells], said: str
) -> None:
    page = open_page("progress", reading=a_reading(objectives, key_results))

    assert said in page.html
    assert charts(page) == []


def test_an_objective_without_a_value_has_no_chart_of_its_pace_alone(open_page: Open) -> None:
    rows = [*BELOW[:1], a_key_result(id="KR-2", objective="O-2", key_result="Deals", current="")]
    page = open_page("progress", reading=a_reading(ROWS, rows, SAID), objective="O-2")

    assert "Here the course of Sell more will stand" in page.html
    assert charts(page) == []


def test_a_cycle_that_is_over_says_how_it_ended(open_page: Open) -> None:
    later = datetime(2026, 7, 20, 9, tzinfo=UTC)
    reading = a_reading(ROWS, BELOW, SAID)
    page = open_page("progress", reading=reading, now=later, cycle="2026-Q2")

    assert "short of success" in page.html
    assert len(charts(page)) == 1


@pytest.mark.parametrize("view", ["score", "teams", "status", "confidence", "rhythm", "changes"])
def test_an_empty_workbook_says_what_to_do(open_page: Open, view: str) -> None:
    page = open_page("progress", reading=a_workbook(), view=view)

    assert "will stand" in page.html
    assert charts(page) == []


@pytest.mark.parametrize("view", ["score", "teams", "status", "confidence", "rhythm", "changes"])
def test_the_first_day_of_a_cycle_has_its_page(open_page: Open, view: str) -> None:
    reading = a_reading(ROWS, BELOW)

    assert "<h1>" in open_page("progress", reading=reading, view=view, as_of="2026-04-01").html


def test_every_note_is_printed_with_the_number_of_its_dot(open_page: Open) -> None:
    page = open_page("progress", reading=a_reading(ROWS, BELOW, SAID), key_result="KR-1")

    assert "“A new tour.”" in page.html
    assert '<span class="day">2</span>' in page.html


def test_text_from_the_sheet_is_escaped(open_page: Open) -> None:
    rows = [an_objective(objective=ATTACK, team=ATTACK)]
    reading = a_reading(rows, [a_key_result(key_result=ATTACK, unit=ATTACK)], SAID)
    for query in ({}, {"view": "changes"}, {"key_result": "KR-1"}, {"objective": "O-1"}):
        page = open_page("progress", reading=reading, **query)

        assert "<script>alert" not in page.html
        assert "&lt;script&gt;" in page.html


@pytest.mark.parametrize("view", ["score", "teams", "status", "confidence", "rhythm", "changes"])
def test_each_chart_and_table_can_be_taken_along(open_page: Open, view: str) -> None:
    page = open_page("progress", reading=a_reading(ROWS, BELOW, SAID), view=view)

    forms = re.findall(rf'href="progress\.(\w+)\?view={view}&amp;file=0"', page.html)
    assert forms == ["csv", "xlsx"] if view == "changes" else ["png", "svg", "csv", "xlsx"]


def test_the_page_stays_cheap(open_page: Open) -> None:
    rows = [a_key_result(id=f"KR-{n}", key_result=f"No {n}") for n in range(60)]
    page = open_page("progress", reading=a_reading(None, rows, SAID), view="status")

    assert len(page.app.main.children) < 20
