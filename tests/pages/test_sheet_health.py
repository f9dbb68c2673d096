"""Sheet health as Streamlit runs it."""

from tests.pages.conftest import Open
from tests.unit.readings import a_key_result, a_reading

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
