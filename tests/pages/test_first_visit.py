"""Every page of a workbook that is no OKR sheet: what it lacks, and how it gets it."""

from typing import Any

import pytest

from okr.reading import Tab
from tests.pages.conftest import Open
from tests.unit.readings import a_key_result, a_reading, a_workbook, an_objective

PAGES = ("overview", "status", "progress", "cascade", "team", "check_in", "sheet_health")
BUDGET = a_workbook(Tab("Budget", [["Rent", 900.0]]))
HEADERS = a_workbook(
    Tab("Objectives", [["ID", "Objective", "Owner"]]),
    Tab("Key results", [["ID", "Objective", "Key result"]]),
)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_the_command_that_makes_the_tabs(open_page: Open, page: str) -> None:
    assert "python -m okr init" in open_page(page, reading=BUDGET).html


def test_nothing_is_offered_that_no_tab_could_take(open_page: Open) -> None:
    assert "add=objective" in open_page("team", reading=HEADERS).html
    assert "add=objective" not in open_page("team", reading=BUDGET).html
    asked = open_page("team", reading=BUDGET, add="objective")
    assert "There is no tab “Objectives”." in asked.html
    assert not asked.app.text_input


@pytest.mark.parametrize(
    ("query", "is_offered"),
    [({}, True), ({"read_only": True}, False), ({"as_of": "2026-05-19"}, False)],
)
def test_the_overview_offers_forms_only_where_something_may_be_written(
    open_page: Open, query: dict[str, Any], is_offered: bool
) -> None:
    for reading in (HEADERS, a_reading([an_objective()], [a_key_result(objective="")])):
        assert ("add=" in open_page("overview", reading=reading, **query).html) is is_offered
