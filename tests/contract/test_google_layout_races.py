"""A sheet in a layout of its own whose rows and columns move while the board writes to it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS
from okr.model import Cell
from okr.snapshot import build_snapshot
from okr.workbooks.drafting import draft_edit, held_cells, reference_to
from okr.workbooks.interface import CheckInDraft, EditDraft, RefusedError, RowDraft
from tests.contract.google_fixtures import WHEN, GoogleHome, draft, google_home

BY = "ada@example.com"
PLAN: list[list[Cell]] = [
    ["Goal", "Key result", "Who", "Base", "Target", "Actual", "Comment"],
    ["Win", "Cut churn", "Ada", 8, 5, 7, "a"],
    ["Win", "Raise NPS", "Bo", 32, 45, 33, "b"],
    ["Last", "Answer within a day", "Cy", 40, 90, 50, "c"],
    ["Last", "Sell more", "Di", 1, 20, 5, "d"],
]


@pytest.fixture
def home() -> Iterator[GoogleHome]:
    with google_home({"Plan": [[*row] for row in PLAN]}) as made:
        yield made


def sort(home: GoogleHome, anchors_follow: bool = True) -> Callable[[], None]:
    return lambda: home.api.human.sort("Plan", "D", descending=True, anchors_follow=anchors_follow)


Move = Callable[[GoogleHome], Callable[[], None]]
ROW_MOVES = [
    pytest.param(lambda home: sort(home), id="sorted"),
    pytest.param(lambda home: sort(home, anchors_follow=False), id="sorted, anchors left behind"),
    pytest.param(
        lambda home: lambda: home.api.human.insert_row("Plan", 2, ["Win", "New", "", 0, 9, 1]),
        id="pushed down",
    ),
    pytest.param(lambda home: lambda: home.api.human.move_row("Plan", 2, 6), id="moved"),
]
COLUMN_MOVES = [
    pytest.param(
        lambda home: lambda: home.api.human.insert_column("Plan", "B", ["Mood", "fine"]),
        id="a column before it",
    ),
    pytest.param(
        lambda home: lambda: home.api.human.move_column("Plan", "E", "B"), id="its column moved"
    ),
]


def an_edit(home: GoogleHome, title: str = "Cut churn", **typed: str) -> EditDraft:
    reading = home.workbook.read()
    snapshot = build_snapshot(reading)
    entity = next(one for one in snapshot.key_results if one.title == title)
    return draft_edit(
        snapshot,
        entity,
        typed or {"Target": "4"},
        held=held_cells(reading, entity),
        by=BY,
        operation="op-1",
        when=WHEN.astimezone(),
    )


def a_check_in(home: GoogleHome, title: str = "Cut churn") -> CheckInDraft:
    snapshot = build_snapshot(home.workbook.read())
    entity = next(one for one in snapshot.key_results if one.title == title)
    return CheckInDraft("op-1", reference_to(snapshot, entity), 6.0, None, "", BY, WHEN)


def found(home: GoogleHome, tab: str = "Plan") -> dict[str, dict[str, Any]]:
    """Give the rows by their titles, each as its cells under the headers as they stand."""
    headers, *rows = home.rows(tab)
    padded = [row + [""] * (len(headers) - len(row)) for row in rows]
    named = [dict(zip(headers, row, strict=True)) for row in padded if any(row)]
    return {row["Key result"]: row for row in named}


def assert_changed(home: GoogleHome, title: str, **cells: Any) -> None:
    """See that cells of one row changed, and nothing else."""
    now = found(home)
    for row in PLAN[1:]:
        was = dict(zip(map(str, PLAN[0]), row, strict=True))
        wanted = was | cells if was["Key result"] == title else was
        one = now[str(was["Key result"])]
        assert {name: one.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("move", [*ROW_MOVES, *COLUMN_MOVES])
def test_an_edit_goes_to_its_own_row_or_nowhere(home: GoogleHome, move: Move, nth: int) -> None:
    edit = an_edit(home)
    home.api.human.before_apply(nth, move(home), method="POST", path="batchUpdate")
    try:
        home.workbook.save_edit(edit)
    except RefusedError:
        assert_changed(home, "Cut churn")
        return

    assert_changed(home, "Cut churn", Target=4)
    assert [row[3:6] for row in home.rows(HISTORY)[1:]] == [["Target", 5, 4]]


@pytest.mark.parametrize("move", ROW_MOVES)
def test_an_edit_of_a_row_that_moved_is_made(home: GoogleHome, move: Move) -> None:
    edit = an_edit(home)
    home.api.human.before_apply(2, move(home), method="POST", path="batchUpdate")
    home.workbook.save_edit(edit)

    assert_changed(home, "Cut churn", Target=4)


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("move", [*ROW_MOVES, *COLUMN_MOVES])
def test_current_follows_in_its_own_row_or_nowhere(home: GoogleHome, move: Move, nth: int) -> None:
    draft = a_check_in(home)
    home.api.human.before_apply(nth, move(home), method="POST", path="batchUpdate")
    saved = home.workbook.save_check_in(draft)

    assert_changed(home, "Cut churn", **({"Actual": 6} if saved.is_mirrored else {}))
    assert len(home.rows(CHECK_INS)) == 2


@pytest.mark.parametrize("move", COLUMN_MOVES)
def test_columns_that_moved_since_the_last_reading_are_read_anew(
    home: GoogleHome, move: Move
) -> None:
    edit, draft = an_edit(home), a_check_in(home, "Raise NPS")
    move(home)()
    home.workbook.save_edit(edit)
    home.workbook.save_check_in(replace(draft, operation="op-2"))

    now = found(home)
    assert now["Cut churn"]["Target"] == 4
    assert now["Raise NPS"]["Actual"] == 6


def test_what_went_to_another_row_is_put_back_in_a_tab_of_another_title(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(home, Target="6"))
    edit = replace(an_edit(home), operation="op-2")

    calls = home.workbook._edits._calls
    send = calls.batch

    def sort_and_rename(body: dict[str, Any]) -> dict[str, Any]:
        calls.batch = send  # type: ignore[method-assign]
        sort(home, anchors_follow=False)()
        reply = send(body)
        home.api.human.rename_tab("Plan", "The plan")
        return reply

    calls.batch = sort_and_rename  # type: ignore[method-assign]
    with suppress(RefusedError):
        home.workbook.save_edit(edit)
    home.workbook.read()

    now = found(home, "The plan")
    assert {title: row["Target"] for title, row in now.items() if title != "Cut churn"} == {
        **{"Raise NPS": 45, "Answer within a day": 90, "Sell more": 20}
    }


def test_a_title_is_changed_in_its_own_row(home: GoogleHome) -> None:
    edit = an_edit(home, "Raise NPS", **{"Key result": "Raise the NPS"})
    home.api.human.before_apply(
        2, sort(home, anchors_follow=False), method="POST", path="batchUpdate"
    )
    home.workbook.save_edit(edit)

    titles = [row["Comment"] + row["Key result"] for row in found(home).values()]
    assert sorted(titles) == [
        *("aCut churn", "bRaise the NPS"),
        *("cAnswer within a day", "dSell more"),
    ]


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("applied", [True, False])
def test_an_answer_that_is_lost_leaves_one_change(
    home: GoogleHome, nth: int, applied: bool
) -> None:
    edit = an_edit(home)
    home.api.faults.add("reset", applied=applied, path="demo:batchUpdate", nth=nth)
    home.workbook.save_edit(edit)

    assert_changed(home, "Cut churn", Target=4)
    assert len(home.rows(HISTORY)) == 2


def test_a_tab_without_headers_is_written_where_its_cells_are_the_rows_own() -> None:
    lines: list[list[Cell]] = [
        ["Objective 1: Win"],
        ["KR1: Cut churn", 8, 5, 7],
        ["KR2: Raise NPS", 32, 45, 33],
    ]
    with google_home({"Tracker": lines}) as home:
        saved = home.workbook.save_check_in(a_check_in(home))
        now = [row[:4] for row in home.rows("Tracker")]

        assert now[1][:3] == ["KR1: Cut churn", 8, 5]
        assert now[1][3] == (6 if saved.is_mirrored else 7)
        assert now[2] == lines[2]
        home.workbook.save_edit(an_edit(home, "Raise NPS", **{"Key result": "NPS up"}))


def test_a_sheet_that_is_in_the_board_s_layout_again_is_read_anew() -> None:
    """A row came with it, which the last reading does not know."""
    with google_home() as home:
        home.api.human.rename_tab(KEY_RESULTS, "Mislaid")
        home.workbook.read()
        home.api.human.rename_tab("Mislaid", KEY_RESULTS)
        home.api.human.insert_row(KEY_RESULTS, 3, ["KR-9", "O-1", "Win", 0, 9, 1])
        home.workbook.save_check_in(draft("KR-9", 6.5, None, title="Win"))

        assert home.rows(CHECK_INS)[-1][1:3] == ["KR-9", 6.5]
        assert home.row(KEY_RESULTS, 3)[5] == 6.5


def test_a_row_is_added_to_a_sheet_that_is_in_the_board_s_layout_again() -> None:
    """The last reading is from before that."""
    with google_home() as home:
        home.api.human.rename_tab(KEY_RESULTS, "Mislaid")
        home.workbook.read()
        cells: tuple[tuple[str, Cell], ...] = (("Objective", "O-1"), ("Key result", "Win more"))
        added = RowDraft("add-1", KEY_RESULTS, cells, "ada@example.com", WHEN)
        with pytest.raises(RefusedError, match="layout of its own"):
            home.workbook.add_row(added)
        home.api.human.rename_tab("Mislaid", KEY_RESULTS)
        home.workbook.add_row(added)

        assert home.rows(KEY_RESULTS)[-1][1:] == ["O-1", "Win more"]
