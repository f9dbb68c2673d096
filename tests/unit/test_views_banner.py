"""The sentences above each page."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from okr.assess import build_board
from okr.board import Board
from okr.model import Problem, Settings, Severity, Snapshot, Source, Team
from okr.views import banner, html
from okr.views.addresses import Address

SHEET = "https://docs.google.com/spreadsheets/d/abc/edit"
CHECKED = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
HERE = Address("team", {"team": "Care"})


def a_board(location: str = SHEET, counted: int = 3, with_data: int = 2, errors: int = 0) -> Board:
    snapshot = Snapshot(
        source=Source("Acme <OKRs>", location),
        revision="r1",
        read_at=datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Europe/Berlin")),
        settings=Settings(organisation="Acme"),
        teams=(Team("Acme"),),
    )
    board = build_board(snapshot, None, date(2026, 11, 22))
    whole = replace(board.organisation, counted=counted, with_data=with_data)
    problem = Problem(Severity.ERROR, "Key results", 2, "Target", "C2", "", "No.", "Mend it.")
    return replace(board, organisation=whole, problems=(problem,) * errors)


@pytest.mark.parametrize(
    ("counted", "with_data", "words"),
    [
        (3, 2, "2 of 3 key results have a value"),
        (3, 3, "all 3 key results have a value"),
        (1, 0, "0 of 1 key result has a value"),
        (1, 1, "the one key result has a value"),
        (0, 0, "no key results that count"),
    ],
)
def test_it_says_how_complete_the_board_is(counted: int, with_data: int, words: str) -> None:
    said = banner.build(a_board(counted=counted, with_data=with_data), HERE, CHECKED)

    assert said.completeness == words


def test_it_says_as_of_when_and_from_where_in_the_workbooks_own_time() -> None:
    said = banner.build(a_board(errors=2), HERE, CHECKED)

    assert (said.moment, said.workbook, said.href) == ("22 Nov 2026, 14:05", "Acme <OKRs>", SHEET)
    assert (said.problems, said.mending) == ("2 errors", "sheet_health?team=Care")
    assert said.notices == ()


def test_only_web_addresses_become_links() -> None:
    assert banner.build(a_board("acme.xlsx"), HERE, CHECKED).href == ""
    assert banner.build(a_board("javascript:alert(1)"), HERE, CHECKED).href == ""


@pytest.mark.parametrize(
    ("location", "since", "sentence"),
    [
        (SHEET, CHECKED, "Google has not answered since 14:05; this is what it said then."),
        (
            "acme.xlsx",
            datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
            "The workbook's file has not answered since 24 Nov 2026, 07:30; "
            "this is what it said on 22 Nov 2026, 14:05.",
        ),
    ],
)
def test_an_outage_says_since_when(location: str, since: datetime, sentence: str) -> None:
    said = banner.build(a_board(location), HERE, CHECKED, "It is away.", since)

    assert [(notice.title, notice.text) for notice in said.notices] == [(sentence, "It is away.")]


def test_the_demo_and_another_day_are_said() -> None:
    said = banner.build(a_board(), HERE, CHECKED, is_demo=True, as_of=date(2026, 11, 1))
    assert (said.said, banner.build(a_board(), HERE, CHECKED).said) == ("Read", "As of")

    assert [notice.title for notice in said.notices] == [
        "Shown as of 1 Nov 2026.",
        "This is a made-up company.",
    ]


def test_who_looks_back_is_led_back_to_today() -> None:
    here = Address("team", {"team": "Care", "as_of": "2026-11-01"})
    said = banner.build(a_board(), here, CHECKED, as_of=date(2026, 11, 1))

    assert [notice.href for notice in said.notices] == ["team?team=Care"]
    assert '<a href="team?team=Care" data-turn>Back to today</a>' in html.draw(
        "banner", said, "line"
    )


def test_a_day_to_come_is_said_to_be_one() -> None:
    assert banner.not_yet(date(2027, 1, 1)).title == "1 Jan 2027 has not come yet."


def test_what_comes_from_the_sheet_or_the_address_is_escaped() -> None:
    remark = banner.unknown("Team", "<img src=x>", "Acme")

    drawn = html.draw("banner", banner.build(a_board(), HERE, CHECKED, remarks=[remark]), "line")

    assert "<img" not in drawn
    assert "&lt;img src=x&gt;" in drawn
    assert "Acme &lt;OKRs&gt;" in drawn


def test_the_ways_to_the_pages_take_along_what_was_chosen() -> None:
    ways = banner.ways({"overview": "Overview", "team": "Team", "status": "Status"}, HERE)
    drawn = html.draw("banner", ways, "ways")

    assert [(way.title, way.href, way.is_here) for way in ways] == [
        ("Overview", "./?team=Care", False),
        ("Team", "team?team=Care", True),
        ("Status", "status?team=Care", False),
    ]
    assert drawn.count('aria-current="page"') == 1


def test_the_day_is_chosen_among_those_up_to_today() -> None:
    picker = banner.DayPicker(date(2026, 11, 10), date(2026, 11, 22))
    drawn = html.draw("banner", picker, "day")

    assert 'value="2026-11-10" max="2026-11-22"' in drawn
    assert 'data-today="2026-11-22"' in drawn
