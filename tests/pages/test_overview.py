"""The Overview as Streamlit runs it."""

from tests.pages.conftest import Open
from tests.unit.readings import a_reading, a_workbook


def test_the_overview_answers_who_needs_help(open_page: Open) -> None:
    page = open_page("overview")

    assert "Nobody needs help" in page.html
    assert "What needs attention first" in page.html
    assert len(page.app.get("html")) == 1


def test_it_shows_the_day_that_the_address_asks_for(open_page: Open) -> None:
    assert "5 May 2026" in open_page("overview", as_of="2026-05-05").html


def test_instead_of_a_day_to_come_it_shows_today(open_page: Open) -> None:
    assert "20 May 2026" in open_page("overview", as_of="2199-01-01").html


def test_without_objectives_it_says_what_to_do(open_page: Open) -> None:
    assert (
        "Give it a first row with headers" in open_page("overview", reading=a_reading([], [])).html
    )


def test_an_empty_workbook_is_a_page_and_no_trace(open_page: Open) -> None:
    page = open_page("overview", reading=a_workbook())

    assert "The workbook “Acme OKRs” is empty." in page.html
