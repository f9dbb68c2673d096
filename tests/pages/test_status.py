"""The status page as Streamlit runs it."""

import pytest
from streamlit.runtime.context import ContextProxy

from tests.pages.conftest import Open
from tests.unit.readings import a_key_result, a_reading, a_workbook, an_objective, teams

ROWS = [an_objective(), an_objective(id="O-2", objective="Sell more", team="Sales")]
BELOW = [a_key_result(), a_key_result(id="KR-2", objective="O-2", key_result="Close deals")]


def test_it_shows_a_picture_and_says_the_same_in_text(open_page: Open) -> None:
    page = open_page("status", team="Growth")

    [picture] = page.app.get("image")
    assert picture.proto.imgs[0].alt.startswith("Growth. 2026-Q2")
    assert "Raise activation: 42 of 45 points" in page.html
    assert "on track" in page.html


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ({}, "Acme OKRs"),
        ({"team": "Sales"}, "Sales"),
        ({"objective": "Sell more"}, "Sell more"),
        ({"objective": "O-2"}, "Sell more"),
        ({"person": "ada"}, "ada"),
        ({"person": "ada@example.com"}, "ada"),
        ({"team": "Growth", "below": "1"}, "Growth"),
    ],
)
def test_the_address_says_whom_it_is_of(open_page: Open, query: dict[str, str], title: str) -> None:
    reading = a_reading(ROWS, BELOW, teams(("Sales", "Growth")))

    assert f"<h2>{title}, as text</h2>" in open_page("status", reading=reading, **query).html


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 30])
def test_any_page_number_gives_a_picture(open_page: Open, page: str) -> None:
    opened = open_page("status")
    opened.app.query_params["page"] = page

    assert "as text" in opened.run().html


@pytest.mark.parametrize("name", ["objective", "person"])
def test_what_the_address_names_and_nobody_knows_is_said(open_page: Open, name: str) -> None:
    page = open_page("status", **{name: "<b>nowhere</b>"})

    assert f"Acme OKRs has no {name} “&lt;b&gt;nowhere&lt;/b&gt;” here" in page.html
    assert "Acme OKRs, as text" in page.html


def test_an_empty_workbook_is_a_picture_too(open_page: Open) -> None:
    page = open_page("status", reading=a_workbook())

    assert "The workbook has no objectives yet." in page.html


def test_text_from_the_sheet_is_escaped(open_page: Open) -> None:
    rows = [a_key_result(key_result="<script>alert(1)</script> ![](http://x.y)")]
    page = open_page("status", team="Growth", reading=a_reading(None, rows))

    assert "<script>alert" not in page.html
    assert "&lt;script&gt;" in page.html


def test_the_page_stays_cheap(open_page: Open) -> None:
    many = [a_key_result(id=f"KR-{n}", key_result=f"No {n}") for n in range(60)]
    page = open_page("status", team="Growth", reading=a_reading(None, many))

    assert len(page.app.main.children) < 40


PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"
DESK = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"


@pytest.mark.parametrize(
    ("browser", "query", "shown", "other"),
    [
        (DESK, {}, "slide", "size=portrait"),
        (PHONE, {}, "portrait", "size=slide"),
        (PHONE, {"size": "slide"}, "slide", ""),
        (DESK, {"size": "portrait"}, "portrait", ""),
    ],
)
def test_a_phone_begins_with_the_tall_picture(
    open_page: Open,
    monkeypatch: pytest.MonkeyPatch,
    browser: str,
    query: dict[str, str],
    shown: str,
    other: str,
) -> None:
    monkeypatch.setattr(ContextProxy, "headers", {"User-Agent": browser})

    html = open_page("status", **query).html

    assert f'aria-current="true">{shown}</a>' in html
    assert ("&amp;size=portrait" in html) is (shown == "portrait")
    assert f'href="status{"?" if other else ""}{other}"' in html
