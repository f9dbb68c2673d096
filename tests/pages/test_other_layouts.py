"""Every page of a sheet in a layout of its own, today and on an earlier day."""

import pytest

from okr.columns import KEY_RESULTS
from okr.model import Cell
from okr.reading import Tab
from tests.pages.conftest import Open
from tests.unit.readings import Cells, a_change, a_check_in, a_workbook, check_ins, history

PLAN: list[list[Cell]] = [
    ["Quarter", "Objective", "Key result", "Who", "Base", "Target", "Actual"],
    ["Q2 2026", "Win", "Cut churn", "Ada", 8.0, 5.0, 7.0],
    ["Q2 2026", "Win", "Raise NPS", "Bo", 32.0, 45.0, 33.0],
    ["Q2 2026", "Last", "Sell more", "Cy", 0.0, 20.0, 5.0],
]
GONE = "~key results | hire | last"


def told(name: str, column: str, before: Cell, after: Cell) -> Cells:
    more = {"row_id": f"~key results | {name}", "tab": KEY_RESULTS, "column": column}
    return a_change(before=before, after=after, **more)


LATER = history(
    told("raise nps | win", "Target", 50.0, 45.0),
    told("cut churn | win", "ID", "", "~key results | cut churn | win"),
    *(
        told("hire | last", column, before, "")
        for column, before in {
            **{"ID": GONE, "Objective": "Last", "Key result": "Hire", "Owner": "Zoe"},
            **{"Start": 0.0, "Target": 9.0, "Current": 2.0},
        }.items()
    ),
)
PAGES = ("overview", "status", "progress", "cascade", "team", "check_in", "sheet_health")


@pytest.mark.parametrize("day", ["", "2026-05-01"], ids=["today", "earlier"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_it(open_page: Open, page: str, day: str) -> None:
    said = check_ins(a_check_in(key_result="Sell more", value=5.0))
    reading = a_workbook(Tab("Plan", PLAN), said, LATER)
    shown = open_page(page, reading=reading, **({"as_of": day} if day else {}))

    assert shown.html
    if page == "overview":
        assert ("Hire" in shown.html, "Cut churn" in shown.html) == (bool(day), not day)
