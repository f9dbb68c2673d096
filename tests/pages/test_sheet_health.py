"""Sheet health as Streamlit runs it."""

import pytest

from tests.pages.conftest import Open
from tests.unit.foreign_sheets import COMPANY, flat, tab
from tests.unit.readings import a_key_result, a_reading, a_workbook

QUARTERS = a_workbook(
    tab("Q3", flat(COMPANY[:1])), tab("Q4", flat(COMPANY[1:])), tab("Canteen", [["Soup", "Stew"]])
)
BROKEN = a_key_result(target="soon")


def test_problems_are_listed_with_their_mend(open_page: Open) -> None:
    page = open_page("sheet_health", reading=a_reading(None, [BROKEN]))

    assert "Key results!" in page.html
    assert "soon" in page.html


def test_the_address_filters(open_page: Open) -> None:
    page = open_page("sheet_health", reading=a_reading(None, [BROKEN]), tab="Teams")

    assert "Nothing here" in page.html


def test_the_page_stays_cheap(open_page: Open) -> None:
    rows = [a_key_result(id=f"KR-{n}", key_result=f"No {n}", target="soon") for n in range(500)]
    page = open_page("sheet_health", reading=a_reading(None, rows))

    assert len(page.app.get("html")) == 1
    assert len(page.html) < 150_000


def test_what_a_sheet_of_its_own_layout_was_read_as_stands_open(open_page: Open) -> None:
    page = open_page("sheet_health", reading=QUARTERS)

    assert "<details open>" in page.html
    assert "3 objectives and 6 key results" in " ".join(page.html.split())
    assert "Canteen" in page.html
    assert "its columns as in “Q3”" in page.html


def test_the_boards_own_layout_is_folded_and_asks_nothing(open_page: Open) -> None:
    page = open_page("sheet_health", reading=a_reading())

    assert "<details>" in page.html
    assert not page.app.selectbox


def test_an_answer_is_kept_as_it_was_chosen(open_page: Open) -> None:
    page = open_page("sheet_health", reading=QUARTERS)
    page.app.selectbox[0].set_value("2026")
    page.app.selectbox[1].set_value("Lena")
    page.app.button[0].click()
    page.run()

    [answer] = page.workbook.answers
    assert (answer.tab, answer.asked, answer.said) == ("", "year", "2026")
    assert answer.by == "Lena"


@pytest.mark.parametrize(("year", "said"), [(None, "Nothing is answered"), ("2026", "signed")])
def test_an_answer_that_lacks_something_says_so(
    open_page: Open, year: str | None, said: str
) -> None:
    page = open_page("sheet_health", reading=QUARTERS)
    page.app.selectbox[0].set_value(year)
    page.app.button[0].click()
    page.run()

    assert said in page.html
    assert page.workbook.answers == []


def test_where_writing_is_off_the_configuration_answers(open_page: Open) -> None:
    page = open_page("sheet_health", reading=QUARTERS, read_only=True)

    assert not page.app.selectbox
    assert "[okr.layout]" in page.app.caption[0].value
