"""What every page says of a workbook that is no OKR sheet, or not one yet."""

import pytest

from okr.columns import KEY_RESULTS, OBJECTIVES
from okr.reading import Tab
from okr.snapshot import build_snapshot
from okr.views.addresses import Address
from okr.views.edit import NEW_OBJECTIVE
from okr.views.empties import lack_of_key_results, lack_of_objectives, why_no_row
from tests.unit.boards import board_of
from tests.unit.readings import a_workbook

EMPTY = (Tab("Sheet1", []),)
BUDGET = (Tab("Budget", [["Rent", 900.0]]),)
O_HEADERS = ["ID", "Objective", "Owner"]
KR_HEADERS = ["ID", "Objective", "Key result", "Target"]
BARE = (Tab(OBJECTIVES, [O_HEADERS]), Tab(KEY_RESULTS, [KR_HEADERS]))
WITH_ONE = (Tab(OBJECTIVES, [O_HEADERS, ["O-1", "Win", "Ada"]]), Tab(KEY_RESULTS, [KR_HEADERS]))
ALONE = (Tab(OBJECTIVES, [O_HEADERS, ["O-1", "Win", "Ada"]]),)
MISSPELT = (
    Tab(OBJECTIVES, [["Idd", "Objektive"], ["O-1", "Win"]]),
    Tab(KEY_RESULTS, [["ID", "Objectve", "Key reslt", "Owner"], ["KR-1", "O-1", "Sell", "Ada"]]),
)
ELSEWHERE = (
    Tab(
        "Plan",
        [
            ["Quarter", "Objective", "Key result", "Who", "Base", "Target", "Actual"],
            ["Q2 2026", "Win", "Cut churn", "Ada", 8.0, 5.0, 7.0],
            ["Q2 2026", "Win", "Raise NPS", "Bo", 32.0, 45.0, 33.0],
            ["Q2 2026", "Last", "Sell more", "Cy", 0.0, 20.0, 5.0],
        ],
    ),
)


@pytest.mark.parametrize(
    ("tabs", "objectives", "key_results"),
    [
        pytest.param(EMPTY, ("is empty", "okr init"), ("is empty", "okr init"), id="empty"),
        pytest.param(
            BUDGET,
            ("No tab of", "okr init", "OKR_WORKBOOK", "Sheet health"),
            ("No tab of", "okr init"),
            id="no OKRs",
        ),
        pytest.param(
            BARE,
            ("has no objectives yet", "“Objectives” tab", "Or add it here."),
            ("has no key results yet", "“Key results” tab"),
            id="headers alone",
        ),
        pytest.param(
            (Tab(OBJECTIVES, []), Tab(KEY_RESULTS, [])),
            ("“Objectives” is empty", "headers, such as ID", "okr init"),
            ("“Key results” is empty", "headers, such as ID", "okr init"),
            id="empty tabs",
        ),
        pytest.param(WITH_ONE, None, ("no key results yet", "“Key results” tab"), id="objectives"),
        pytest.param(ALONE, None, ("There is no tab “Key results”", "okr init"), id="one tab"),
        pytest.param(
            MISSPELT,
            ("“Objectives” has no row with at least two known headers", "such as ID", "mend"),
            ("“Objectve” is not known", "rename the header in Key results!B1", "mend"),
            id="misspelt headers",
        ),
        pytest.param(ELSEWHERE, None, None, id="a layout of its own"),
    ],
)
def test_what_a_workbook_lacks_is_said_with_where_and_how(
    tabs: tuple[Tab, ...], objectives: tuple[str, ...] | None, key_results: tuple[str, ...] | None
) -> None:
    board = board_of(build_snapshot(a_workbook(*tabs)))
    for lack, words in (
        (lack_of_objectives(board, Address(), "Here"), objectives),
        (lack_of_key_results(board, Address(), "Here"), key_results),
    ):
        said = f"{lack.title} {lack.sentence} {lack.mend} {lack.act}" if lack else None
        assert (said is None) is (words is None)
        assert all(word in (said or "") for word in words or ())


@pytest.mark.parametrize(
    ("tabs", "objective", "key_result"),
    [
        pytest.param(EMPTY, "There is no tab “Objectives”.", "There is no tab", id="empty"),
        pytest.param(BARE, "", "", id="headers alone"),
        pytest.param(ALONE, "", "There is no tab “Key results”.", id="one tab"),
        pytest.param(MISSPELT, "two known headers", "is not known", id="misspelt headers"),
        pytest.param(ELSEWHERE, "layout of its own", "layout of its own", id="another layout"),
    ],
)
def test_why_no_row_can_be_added_is_said_before_anything_is_typed(
    tabs: tuple[Tab, ...], objective: str, key_result: str
) -> None:
    snapshot = build_snapshot(a_workbook(*tabs))
    for what, words in ((NEW_OBJECTIVE, objective), ("O-1", key_result)):
        said = why_no_row(snapshot, what)
        assert words in said and bool(said) is bool(words)
