"""The status page as Streamlit runs it."""

import re

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from okr.pictures import settings as choices
from tests.pages.conftest import Open
from tests.unit.readings import a_key_result, a_reading, a_workbook, an_objective, teams

ROWS = [an_objective(), an_objective(id="O-2", objective="Sell more", team="Sales")]
BELOW = [a_key_result(), a_key_result(id="KR-2", objective="O-2", key_result="Close deals")]


def test_it_shows_a_picture_and_says_the_same_in_text(open_page: Open) -> None:
    page = open_page("status", team="Growth")

    file = "[0-9a-f]{24}/okr-growth-2026-05-20.png"
    assert re.search(f'<img src="picture/{file}" width="2400" height="1350"', page.html)
    assert 'alt="Growth. 2026-Q2' in page.html
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


@pytest.mark.parametrize(
    ("query", "first"), [({}, "whole company"), ({"team": "Growth"}, "this team")]
)
def test_the_picture_of_the_top_team_is_one_of_everybody(
    open_page: Open, query: dict[str, str], first: str
) -> None:
    reading = a_reading(
        ROWS, BELOW, teams(("Acme OKRs", ""), ("Growth", "Acme OKRs"), ("Sales", "Growth"))
    )

    assert f">{first}</a>" in open_page("status", reading=reading, **query).html


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

    assert "The workbook “Acme OKRs” is empty." in page.html


def test_text_from_the_sheet_is_escaped(open_page: Open) -> None:
    rows = [a_key_result(key_result="<script>alert(1)</script> ![](http://x.y)")]
    page = open_page("status", team="Growth", reading=a_reading(None, rows))

    assert "<script>alert" not in page.html
    assert "&lt;script&gt;" in page.html


def test_without_live_links_the_files_are_still_there(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_links = open_page("status", team="Growth")
    monkeypatch.setattr(choices, "settings", lambda: choices.PictureSettings(is_live=False))
    page = open_page("status", team="Growth")

    assert "Live link" in with_links.html
    assert "Live link" not in page.html
    assert '<img src="picture/' in page.html
    assert [one.proto.label for one in page.app.get("download_button")] == [
        "Download PNG",
        "Download SVG",
        "Download PDF",
    ]


def test_the_page_stays_cheap(open_page: Open) -> None:
    many = [a_key_result(id=f"KR-{n}", key_result=f"No {n}") for n in range(60)]
    page = open_page("status", team="Growth", reading=a_reading(None, many))

    assert len(page.app.main.children) < 40


def test_blocks_go_to_the_browser_as_they_stand_also_when_joined() -> None:
    def script() -> None:
        import streamlit as st

        from okr.views import html

        st.html("  <i>before</i>\n" + html.draw("status", ("<b>",), "unknown") + "\n  <i>after</i>")

    [block] = AppTest.from_function(script).run().get("html")

    assert block.proto.body.startswith("  <i>before</i>\n<p")
    assert "&lt;b&gt;" in block.proto.body
    assert block.proto.body.endswith("</p>\n  <i>after</i>")


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
