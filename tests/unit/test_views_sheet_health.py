"""What must be mended: gathered, ordered, filtered, and never too much for a page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from okr.board import Board
from okr.model import Problem, Severity, Source
from okr.views import html
from okr.views.addresses import Address
from okr.views.sheet_health import SheetHealthPage, build_sheet_health
from tests.unit.boards import a_board

NOW = datetime(2026, 5, 20, 9, 33, tzinfo=UTC)


def a_problem(row: int = 5, **changes: object) -> Problem:
    sound = Problem(
        Severity.ERROR, "Key results", row, "Target", f"Key results!G{row}", "soon", "No.", "Mend."
    )
    return replace(sound, **changes)  # type: ignore[arg-type]


def board_with(*problems: Problem) -> Board:
    return replace(a_board(), problems=problems)


def page_of(*problems: Problem, **choices: str) -> SheetHealthPage:
    return build_sheet_health(board_with(*problems), Address("sheet_health", choices), now=NOW)


def test_one_mend_names_all_the_cells_that_ask_for_it() -> None:
    [group] = page_of(*(a_problem(row) for row in range(2, 22))).groups
    [finding] = group.findings

    assert [spot.cell.name for spot in finding.spots][:2] == ["Key results!G2", "Key results!G3"]
    assert (len(finding.spots), finding.rest, group.number) == (8, "and 12 more cells", 20)


WARNING = a_problem(severity=Severity.WARNING, tab="Teams", message="Hm.")


@pytest.mark.parametrize(
    ("choices", "shown"),
    [
        ({}, ["Key results", "Teams"]),
        ({"severity": "error"}, ["Key results"]),
        ({"severity": "warning"}, ["Teams"]),
        ({"tab": "Teams"}, ["Teams"]),
        ({"tab": "Teams", "severity": "error"}, []),
        ({"tab": "Nowhere"}, []),
    ],
)
def test_the_address_chooses_what_is_listed(choices: dict[str, str], shown: list[str]) -> None:
    page = page_of(a_problem(), WARNING, **choices)

    assert [group.tab for group in page.groups] == shown
    assert page.is_filtered_out is (not shown)


def test_a_filter_leads_to_itself_and_counts_what_it_would_show() -> None:
    page = page_of(a_problem(), WARNING, severity="error")

    assert [(one.text, one.number, one.is_chosen) for one in page.severities] == [
        ("all", 2, False),
        ("errors", 1, True),
        ("warnings", 1, False),
    ]
    assert page.severities[0].href == "sheet_health"
    assert page.tabs[1].href == "sheet_health?severity=error&tab=Key+results"


@pytest.mark.parametrize(
    ("problems", "answer"),
    [
        ([], "All is well: there is nothing to mend."),
        ([WARNING], "Every number counts. 1 warning is worth a look."),
        ([a_problem()], "1 error keeps a number from counting as it should."),
    ],
)
def test_the_answer_says_how_bad_it_is(problems: list[Problem], answer: str) -> None:
    assert page_of(*problems).answer == answer


def test_a_sound_sheet_says_what_was_checked() -> None:
    page = page_of()

    assert page.is_well
    assert page.more.startswith("Checked at every reading")


def test_cells_of_a_web_sheet_are_links_and_of_a_file_are_names() -> None:
    board = board_with(a_problem())
    source = Source("Acme", "https://docs.google.com/spreadsheets/d/x/edit", {"Key results": 7})
    online = replace(board, snapshot=replace(board.snapshot, source=source))

    def spot(of: Board) -> tuple[str, str]:
        page = build_sheet_health(of, Address("sheet_health"), now=NOW)
        cell = page.groups[0].findings[0].spots[0].cell
        return cell.name, cell.href

    assert spot(board) == ("Key results!G5", "")
    assert spot(online) == ("Key results!G5", f"{source.location}#gid=7&range=G5")


def test_an_address_that_is_none_never_becomes_a_link() -> None:
    board = board_with(a_problem())
    source = Source("Acme", "javascript:alert(1)", {"Key results": 7})
    odd = replace(board, snapshot=replace(board.snapshot, source=source))

    assert "javascript" not in html.draw(
        "sheet_health", build_sheet_health(odd, Address("sheet_health"), now=NOW)
    )


def test_the_connection_says_how_old_and_how_much() -> None:
    connection = page_of().connection

    assert (connection.age, connection.revision) == ("3 minutes ago", "r1")
    assert ("Key results", "1") in connection.rows


def test_a_failure_is_told_with_its_mend() -> None:
    board = board_with()
    page = build_sheet_health(
        board,
        Address("sheet_health"),
        now=NOW,
        checked_at=NOW - timedelta(hours=2),
        failure="Google is down. Wait.",
    )

    assert page.connection.age == "2 hours ago"
    assert "Google is down. Wait." in html.draw("sheet_health", page)


def test_thousands_of_problems_stay_one_small_block() -> None:
    problems = [a_problem(row, message=f"Row {row} is odd.") for row in range(2, 2002)]
    page = page_of(*problems)
    drawn = html.draw("sheet_health", page)

    assert len(drawn) < 200_000
    assert page.rest == "and 1,880 more mends: choose a tab above to see them"
    assert page.groups[0].number == 2000


def test_it_says_why_hand_edits_are_not_recorded() -> None:
    sentence = "Hand edits are not recorded: the sheet is shared with a@b.c as <Viewer>."
    page = build_sheet_health(
        board_with(), Address("sheet_health", {}), now=NOW, unrecorded=sentence
    )

    drawn = html.draw("sheet_health", page)
    assert "as &lt;Viewer&gt;." in drawn
    assert "not recorded" not in html.draw("sheet_health", page_of())
