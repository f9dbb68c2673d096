"""The Cascade page as Streamlit runs it: its views, its search, and what it leads to."""

import pytest

from okr.reading import Reading
from tests.pages.conftest import Open
from tests.unit.readings import a_key_result, a_reading, an_objective, teams


def company() -> Reading:
    return a_reading(
        [
            an_objective(id="O-1", objective="Grow", team="Acme"),
            an_objective(id="O-2", objective="Sell", team="Sales", supports="O-1"),
            an_objective(id="O-3", objective="Sing", team="Sales"),
        ],
        [a_key_result(objective="O-1")],
        teams(("Acme", ""), ("Sales", "Acme"), ("App", "Acme")),
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, 'class="map"'),
        ({"view": "outline"}, 'class="outline"'),
        ({"view": "across"}, 'class="matrix"'),
        ({"view": "gaps"}, "Objectives that support nothing"),
        ({"focus": "O-1"}, "1 objective supports it"),
        ({"team": "Sales"}, "Cascade of Sales"),
        ({"view": "nonsense", "focus": "O-77", "levels": "-1"}, "There is no objective “O-77”"),
    ],
)
def test_each_view_is_a_matter_of_the_address(
    open_page: Open, query: dict[str, str], shown: str
) -> None:
    page = open_page("cascade", reading=company(), **query)

    assert shown in page.html
    assert "Alignment health" in page.html
    assert len([*page.app.main]) < 8


def test_the_outline_is_searched_where_it_stands(open_page: Open) -> None:
    page = open_page("cascade", reading=company(), view="outline")
    page.app.text_input(key="find").set_value("sing")
    page.run()

    assert "1 of 3 objectives" in page.html
    assert ">Sell<" not in page.html


def test_a_board_that_only_shows_has_no_forms_to_lead_to(open_page: Open) -> None:
    asked = {"reading": company(), "view": "gaps"}

    assert "edit=O-3" in open_page("cascade", **asked).html
    assert "edit=O-3" not in open_page("cascade", **asked, read_only=True).html
