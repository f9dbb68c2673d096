"""Anchors hold rows and columns in place: where one has moved, nothing is written at all."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.watching import SeenChange
from okr.workbooks.google_anchors import MOST_ANCHORS, anchoring
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_grid import Grid, GridRow
from okr.workbooks.google_planning import Target
from okr.workbooks.interface import (
    CellEdit,
    ConflictError,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
    UnknownOutcomeError,
)
from tests.contract.google_fixtures import COMPANY, WHEN, GoogleHome, draft, google_home

BY = "ada@example.com"
HEADERS: list[Cell] = ["ID", "Objective", "Key result", "Start", "Current", "Ours", "Target"]
ROWS: list[list[Cell]] = [
    ["KR-1", "O-1", "Cut churn", 8, 7, "a", 5],
    ["KR-2", "O-1", "Answer within a day", 40, 50, "b", 90],
    ["KR-3", "O-1", "Raise NPS", 32, 33, "c", 45],
]
TABS: dict[str, list[list[Cell]]] = {
    OBJECTIVES: COMPANY[OBJECTIVES],
    KEY_RESULTS: [HEADERS, *ROWS],
    CHECK_INS: COMPANY[CHECK_INS],
    HISTORY: COMPANY[HISTORY],
}
NEW = (("Objective", "O-1"), ("Key result", "Win"), ("Start", 0.0), ("Target", 9.0))

LAG = 60.0
"""Seconds by which Google lags behind."""

Move = Callable[[Any], Any]
COLUMNS = [
    pytest.param(lambda human: human.insert_column(KEY_RESULTS, "B", ["Mood"]), id="one came"),
    pytest.param(lambda human: human.move_column(KEY_RESULTS, "G", "B"), id="its column moved"),
    pytest.param(lambda human: human.move_column(KEY_RESULTS, "A", "E"), id="the IDs moved"),
    pytest.param(lambda human: human.delete_column(KEY_RESULTS, "F"), id="one before it went"),
    pytest.param(lambda human: human.delete_column(KEY_RESULTS, "G"), id="its column went"),
    pytest.param(lambda human: human.delete_column(KEY_RESULTS, "E"), id="Current went"),
]
LINES = [
    pytest.param(lambda human: human.delete_row(KEY_RESULTS, 2), id="the row went"),
    pytest.param(lambda human: human.insert_row(KEY_RESULTS, 2), id="a row came"),
    pytest.param(lambda human: human.move_row(KEY_RESULTS, 2, 5), id="the row moved"),
    pytest.param(lambda human: human.sort(KEY_RESULTS, "D", descending=True), id="sorted"),
]


@pytest.fixture
def new() -> Iterator[GoogleHome]:
    """A sheet to which no board has ever written."""
    tabs = {title: [[*row] for row in rows] for title, rows in TABS.items()}
    with google_home(tabs, is_new=True) as made:
        yield made


@pytest.fixture
def home() -> Iterator[GoogleHome]:
    with google_home({title: [[*row] for row in rows] for title, rows in TABS.items()}) as made:
        yield made


def watched(home: GoogleHome, move: Move | None = None, nth: int = 1) -> list[dict[str, Any]]:
    """Act before one batch, or before each if ``nth`` is 0; collect what stands after each."""
    calls, states = home.workbook._edits._calls, list[dict[str, Any]]()
    send, number = calls.batch, iter(range(1, 100))

    def act_and_send(body: dict[str, Any]) -> dict[str, Any]:
        if move is not None and nth in (0, next(number)):
            move(home.api.human)
        try:
            return send(body)
        finally:
            states.append(by_title(home))

    calls.batch = act_and_send  # type: ignore[method-assign]
    return states


def by_title(home: GoogleHome) -> dict[str, dict[str, Any]]:
    headers, *rows = home.rows(KEY_RESULTS)
    width = max(map(len, [headers, *rows]))
    padded = [row + [""] * (width - len(row)) for row in [headers, *rows]]
    named = [dict(zip(padded[0], row, strict=True)) for row in padded[1:] if any(row)]
    return {row["Key result"]: row for row in named}


def assert_only(states: list[dict[str, Any]], title: str, **wanted: Cell) -> None:
    """See that at no time any cell held but what it had, or what was wanted there."""
    assert states
    for state in states:
        for row in ROWS:
            was = dict(zip(map(str, HEADERS), row, strict=True))
            now = state.get(str(was["Key result"]))
            for name, cell in (now or {}).items():
                allowed = [was.get(name, "")]
                allowed += [wanted[name]] if was["Key result"] == title and name in wanted else []
                assert cell in allowed, (name, state)


def an_edit(operation: str = "op-1", before: Cell = 5.0, wanted: Cell = 4.0) -> EditDraft:
    row = RowReference(KEY_RESULTS, "KR-1", (("Key result", "Cut churn"),))
    return EditDraft(operation, row, (CellEdit("Target", before, wanted),), BY, WHEN)


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("move", [*COLUMNS, *LINES])
def test_an_edit_is_never_written_elsewhere(home: GoogleHome, move: Move, nth: int) -> None:
    states = watched(home, move, nth)
    with suppress(RefusedError):
        home.workbook.save_edit(an_edit())

    assert_only(states, "Cut churn", Target=4)
    row = by_title(home).get("Cut churn", {})
    assert row.get("Target", 4) == 4


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("move", [*COLUMNS, *LINES])
def test_current_is_never_written_elsewhere(home: GoogleHome, move: Move, nth: int) -> None:
    states = watched(home, move, nth)
    home.workbook.save_check_in(draft("KR-1", 6.5, None))
    home.workbook.read()

    assert_only(states, "Cut churn", Current=6.5)
    row = by_title(home).get("Cut churn", {})
    assert row.get("Current", 6.5) == 6.5


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("move", COLUMNS)
def test_a_new_row_always_stands_under_its_headers(home: GoogleHome, move: Move, nth: int) -> None:
    states = watched(home, move, nth)
    with suppress(RefusedError):
        home.workbook.add_row(RowDraft("op-1", KEY_RESULTS, NEW, BY, WHEN))

    assert_only(states, "")
    added = [state["Win"] for state in states if "Win" in state]
    for row in added:
        assert {name: row[name] for name, _ in NEW if name in row} == dict(NEW)
    assert bool(added) == ("Target" in states[-1]["Cut churn"])


def test_where_columns_never_rest_a_new_row_is_refused(home: GoogleHome) -> None:
    states = watched(home, lambda human: human.move_column(KEY_RESULTS, "A", "C"), nth=0)
    with pytest.raises(RefusedError, match="columns are being moved about"):
        home.workbook.add_row(RowDraft("op-1", KEY_RESULTS, NEW, BY, WHEN))

    assert not any("Win" in state for state in states)
    assert len(home.rows(HISTORY)) == len(COMPANY[HISTORY])


def test_columns_get_their_anchors_once(new: GoogleHome) -> None:
    """A column that the board does not know needs none."""
    counts, home = [], new
    home.workbook.read()
    for number in range(4):
        if number == 2:
            home.api.human.insert_column(KEY_RESULTS, "G", ["Mood"])
        with home.counted() as asked:
            home.workbook.save_edit(an_edit(f"op-{number}", 5.0 - number, 4.0 - number))
        counts.append(len(asked))
    assert counts == [3, 2, 2, 2]

    anchors = [one for one in home.api.metadata() if one["metadataKey"] == "okr.column"]
    places = [str(one["location"]) for one in anchors]
    assert len(places) == len(set(places)) == len(HEADERS) + len(COMPANY[HISTORY][0]) + 1


def test_a_row_at_the_end_of_the_tab_is_held_too(home: GoogleHome) -> None:
    """There is no row below it that could take its place, nor a column beside it."""
    home.api.human.delete_row(KEY_RESULTS, 4)
    book = home.api.spreadsheets["demo"]
    tab = next(one for one in book.tabs if one.title == KEY_RESULTS)
    del tab.rows[3:], tab.columns[len(HEADERS) :]
    row = RowReference(KEY_RESULTS, "KR-2", (("Key result", "Answer within a day"),))
    home.workbook.save_edit(EditDraft("op-1", row, (CellEdit("Target", 90.0, 80.0),), BY, WHEN))

    assert by_title(home)["Answer within a day"]["Target"] == 80


def refuse_to_hold(home: GoogleHome) -> None:
    """Let Google take no entry away and make it anew in one batch."""
    client = home.workbook._client()
    send = client.write

    def look_and_send(url: str, body: dict[str, Any], params: Any) -> dict[str, Any]:
        taken: set[int] = set()
        for request in body["requests"]:
            made = request.get("createDeveloperMetadata", {}).get("developerMetadata", {})
            if (number := made.get("metadataId", 0)) in taken:
                raise RequestFailedError(
                    Trouble.INVALID,
                    f"Cannot add developer metadata with ID [{number}] because developer metadata "
                    "with that ID already exists.",
                )
            lookup = request.get("deleteDeveloperMetadata", {}).get("dataFilter", {})
            taken.add(lookup.get("developerMetadataLookup", {}).get("metadataId", -1))
        return send(url, body, params)

    client.write = look_and_send  # type: ignore[method-assign]


def test_where_google_never_lets_a_row_be_held_it_is_written_all_the_same(
    home: GoogleHome, caplog: pytest.LogCaptureFixture
) -> None:
    """That it does is unproven; the reply still tells whether it was the right row."""
    refuse_to_hold(home)
    home.workbook.save_edit(an_edit())
    home.workbook.add_row(RowDraft("op-2", KEY_RESULTS, NEW, BY, WHEN))

    assert by_title(home)["Cut churn"]["Target"] == 4
    assert by_title(home)["Win"]["Target"] == 9
    assert "does not let anchors hold" in caplog.text
    with home.counted() as asked:
        home.workbook.save_edit(an_edit("op-3", 4.0, 3.0))
    assert len(asked) == 2


def test_rows_that_move_again_and_again_go_on_being_held(home: GoogleHome) -> None:
    """Once a batch was held in place, a refusal always means that something has moved."""
    home.workbook.save_edit(an_edit("op-0", 5.0, 6.0))
    refuse_to_hold(home)
    with pytest.raises(RefusedError, match="being moved about"):
        home.workbook.save_edit(an_edit("op-1", 6.0, 4.0))

    assert by_title(home)["Cut churn"]["Target"] == 6


LOG_MOVES = [
    pytest.param(lambda human, tab: human.insert_column(tab, "B", ["Mood"]), id="one came"),
    pytest.param(lambda human, tab: human.move_column(tab, "A", "D"), id="one moved"),
    pytest.param(lambda human, tab: human.move_column(tab, "G", "B"), id="one moved back"),
]


def lines_of(home: GoogleHome, tab: str) -> list[dict[str, Any]]:
    headers, *rows = home.rows(tab)
    return [dict(zip(headers, row + [""] * len(headers), strict=False)) for row in rows]


@pytest.mark.parametrize("tab", [CHECK_INS, HISTORY])
@pytest.mark.parametrize("move", LOG_MOVES)
def test_a_check_in_always_stands_under_its_headers(
    home: GoogleHome, move: Callable[[Any, str], Any], tab: str
) -> None:
    home.workbook.save_check_in(draft("KR-2", 60.0, None))
    home.before_the_batch(lambda: move(home.api.human, tab))
    home.workbook.save_check_in(draft("KR-1", 6.5, None, operation="op-2"))

    last, line = lines_of(home, CHECK_INS)[-1], lines_of(home, HISTORY)[-1]
    assert (last["Key result"], last["Value"], last["By"]) == ("KR-1", 6.5, BY)
    assert (line["Row ID"], line["Column"], line["After"]) == ("KR-1", "Current", 6.5)
    assert len(lines_of(home, CHECK_INS)) == len(COMPANY[CHECK_INS]) - 1 + 2


@pytest.mark.parametrize("move", LOG_MOVES)
def test_history_always_stands_under_its_headers(
    home: GoogleHome, move: Callable[[Any, str], Any]
) -> None:
    """Of an edit, and of what people have typed."""
    home.workbook.save_edit(an_edit("op-0", 5.0, 6.0))
    home.before_the_batch(lambda: move(home.api.human, HISTORY))
    home.workbook.save_edit(an_edit("op-1", 6.0, 7.0))
    home.before_the_batch(lambda: move(home.api.human, HISTORY))
    change = SeenChange(WHEN, "KR-2", KEY_RESULTS, "Target", 90.0, 80.0)
    assert home.workbook.record([change]) == 1

    told = [(line["Row ID"], line["Before"], line["After"]) for line in lines_of(home, HISTORY)]
    assert told == [("KR-1", 5, 6), ("KR-1", 6, 7), ("KR-2", 90, 80)]


def save_first(home: GoogleHome, act: str) -> None:
    """Write to a sheet for the first time."""
    if act == "check in":
        home.workbook.save_check_in(draft("KR-1", 6.5, None))
    elif act == "edit":
        home.workbook.save_edit(an_edit())
    elif act == "edit without an ID":
        row = replace(an_edit().row, id=None)
        home.workbook.save_edit(replace(an_edit(), row=row))
    elif act == "add":
        home.workbook.add_row(RowDraft("op-1", KEY_RESULTS, NEW, BY, WHEN))
    else:
        change = SeenChange(WHEN, "KR-1", KEY_RESULTS, "Target", 5.0, 4.0)
        assert home.workbook.record([change]) == 1


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("move", LOG_MOVES)
@pytest.mark.parametrize("act", ["check in", "edit", "add", "record"])
def test_what_is_appended_for_the_first_time_stands_under_its_headers(
    new: GoogleHome, act: str, move: Callable[[Any, str], Any], nth: int
) -> None:
    watched(new, lambda human: [move(human, tab) for tab in (CHECK_INS, HISTORY)], nth)
    save_first(new, act)

    told = [(line["Row ID"], line["Tab"], line["Column"]) for line in lines_of(new, HISTORY)]
    column = {"check in": "Current", "add": "ID"}.get(act, "Target")
    assert [one[1:] for one in told] == [(KEY_RESULTS, column)]
    assert act == "add" or told[0][0] == "KR-1"
    said = [(line["Key result"], line["Value"], line["By"]) for line in lines_of(new, CHECK_INS)]
    assert said[1:] == ([("KR-1", 6.5, BY)] if act == "check in" else [])


def test_a_tab_that_is_renamed_twice_is_not_taken_for_one_that_holds_no_more_anchors(
    new: GoogleHome,
) -> None:
    """Without them the check-in would go under other headers, for a column is moved then, too."""
    human = new.api.human
    acts = [
        lambda: human.rename_tab(CHECK_INS, "Updates"),
        lambda: human.rename_tab("Updates", CHECK_INS),
        lambda: human.move_column(CHECK_INS, "B", "G"),
    ]
    for nth, act in enumerate(acts, start=1):
        human.before_apply(nth, act, path=":batchUpdate")
    save_first(new, "check in")

    said = [(line["Key result"], line["Value"], line["By"]) for line in lines_of(new, CHECK_INS)]
    assert said[1:] == [("KR-1", 6.5, BY)]


@pytest.mark.parametrize(
    ("act", "first"),
    [("check in", 4), ("edit", 3), ("edit without an ID", 4), ("add", 3), ("record", 3)],
)
def test_the_first_write_to_a_sheet_is_at_most_one_request_more(
    new: GoogleHome, act: str, first: int
) -> None:
    if act == "edit without an ID":
        new.edit(KEY_RESULTS, "A2", None)
    new.workbook.read()
    with new.counted() as asked:
        save_first(new, act)

    assert len(asked) == first


def test_what_was_typed_before_the_log_has_its_anchors_is_a_conflict(home: GoogleHome) -> None:
    """The row has its own already; a column of the log came since."""
    home.workbook.save_edit(an_edit("op-0", 5.0, 6.0))
    home.api.human.insert_column(HISTORY, "B")
    home.edit(HISTORY, "B1", "Row ID")
    home.edit(HISTORY, "C1", "Mood")
    home.workbook.read()
    watched(home, lambda _: home.edit(KEY_RESULTS, "G2", 99))
    with pytest.raises(ConflictError):
        home.workbook.save_edit(an_edit("op-1", 6.0, 7.0))

    assert by_title(home)["Cut churn"]["Target"] == 99


@pytest.mark.parametrize("is_before", [True, False], ids=["before the look", "after it"])
@pytest.mark.parametrize("renamed", [KEY_RESULTS, CHECK_INS])
def test_a_first_check_in_is_held_though_a_tab_was_renamed_just_then(
    new: GoogleHome, renamed: str, is_before: bool
) -> None:
    """So that Google refuses to show its headers."""
    other = {KEY_RESULTS: "KRs", CHECK_INS: "Updates"}[renamed]
    tab = other if renamed == CHECK_INS else CHECK_INS

    def meddle() -> None:
        if not is_before:
            new.api.human.rename_tab(renamed, other)
        new.api.human.insert_column(tab, "B", ["Mood"])

    new.workbook.read()
    if is_before:
        new.api.human.rename_tab(renamed, other)
    new.before_the_batch(meddle)
    new.workbook.save_check_in(draft("KR-1", 6.5, None))

    last = lines_of(new, tab)[-1]
    assert (last["Key result"], last["Value"]) == ("KR-1", 6.5)


@pytest.mark.parametrize("act", ["check in", "add", "record"])
def test_where_google_takes_no_more_anchors_it_is_written_without(
    new: GoogleHome, act: str
) -> None:
    client = new.workbook._client()
    write = client.write

    def refuse(url: str, body: dict[str, Any], params: Any) -> dict[str, Any]:
        if "okr.column" in str(body) or "okr.row" in str(body):
            raise RequestFailedError(Trouble.INVALID, "The limit of metadata is reached.")
        return write(url, body, params)

    client.write = refuse  # type: ignore[method-assign]
    save_first(new, act)

    assert len(lines_of(new, HISTORY)) == 1


def test_where_columns_never_rest_a_check_in_is_refused(home: GoogleHome) -> None:
    """Under wrong headers it would be lost to all who read it."""
    home.workbook.save_check_in(draft("KR-2", 60.0, None))
    watched(home, lambda human: human.move_column(CHECK_INS, "A", "C"), nth=0)
    with pytest.raises(RefusedError, match="being moved about"):
        home.workbook.save_check_in(draft("KR-1", 6.5, None, operation="op-2"))

    assert len(lines_of(home, CHECK_INS)) == len(COMPANY[CHECK_INS]) - 1 + 1
    assert [line["Row ID"] for line in lines_of(home, HISTORY)] == ["KR-2"]


@pytest.mark.parametrize("act", ["edit", "add", "check in"])
@pytest.mark.parametrize("ending", ["the columns never rest", "Google allows no more"])
def test_what_may_still_arrive_is_never_called_refused(
    home: GoogleHome, act: str, ending: str
) -> None:
    """The first answer is lost, and what is sent again meets columns that have moved."""
    home.workbook.save_edit(an_edit("op-0", 5.0, 6.0))
    home.workbook.save_check_in(draft("KR-2", 60.0, None, operation="op-1"))
    home.api.faults.add("reset", path="demo:batchUpdate")
    moves = iter(range(1, 100))

    def move(human: Any) -> None:
        for tab in (KEY_RESULTS, CHECK_INS, HISTORY):
            human.insert_column(tab, "A", ["Mood"])
        if ending == "Google allows no more" and next(moves) == 2:
            home.api.faults.add("status", status=429, method="GET", times=None)

    watched(home, move, nth=0)
    with pytest.raises(UnknownOutcomeError, match="did not say whether"):
        if act == "edit":
            home.workbook.save_edit(an_edit("op-2", 6.0, 4.0))
        elif act == "add":
            home.workbook.add_row(RowDraft("op-2", KEY_RESULTS, NEW, BY, WHEN))
        else:
            home.workbook.save_check_in(draft("KR-1", 6.5, None, operation="op-2"))


@pytest.mark.parametrize("act", ["edit", "add", "check in"])
def test_old_looks_never_let_a_board_go_without_holding(home: GoogleHome, act: str) -> None:
    """It has just been started, so that no batch has shown yet that Google lets rows be held."""
    home.workbook.save_edit(an_edit("op-0", 5.0, 6.0))
    home.workbook.save_check_in(draft("KR-2", 60.0, None, operation="op-1"))
    fresh = home.another()
    fresh.read()
    old, find = home.api.spreadsheets["demo"], home.api.service.store.find
    for tab in (KEY_RESULTS, CHECK_INS, HISTORY):
        home.api.human.insert_column(tab, "A", ["Mood"])
    home.api.human.insert_row(KEY_RESULTS, 2, ["", "KR-9", "O-1", "New", 1, 1, "x", 6])
    home.api.service.store.find = (  # type: ignore[method-assign]
        lambda name, age=0.0: old if age else find(name)
    )
    home.api.faults.add("stale", method="GET", seconds=LAG, times=None)
    before = [home.rows(tab) for tab in (KEY_RESULTS, CHECK_INS, HISTORY)]
    with pytest.raises(RefusedError, match="being moved about"):
        if act == "edit":
            fresh.save_edit(an_edit("op-2", 6.0, 4.0))
        elif act == "add":
            fresh.add_row(RowDraft("op-2", KEY_RESULTS, NEW, BY, WHEN))
        else:
            fresh.save_check_in(draft("KR-1", 6.5, None, operation="op-2"))

    assert [home.rows(tab) for tab in (KEY_RESULTS, CHECK_INS, HISTORY)] == before


def test_a_check_in_is_saved_where_google_takes_no_more_anchors(home: GoogleHome) -> None:
    client = home.workbook._client()
    send = client.write

    def refuse_anchors(url: str, body: dict[str, Any], params: Any) -> dict[str, Any]:
        if "okr.row" in str(body):
            raise RequestFailedError(Trouble.INVALID, "The limit of developer metadata is reached.")
        return send(url, body, params)

    client.write = refuse_anchors  # type: ignore[method-assign]
    saved = home.workbook.save_check_in(draft("KR-1", 6.5, None))

    assert not saved.is_mirrored
    assert lines_of(home, CHECK_INS)[-1]["Value"] == 6.5


def test_of_very_many_anchors_some_are_taken_away() -> None:
    rows = {
        number: GridRow(number, anchors={100 + number: "-"}) for number in range(MOST_ANCHORS + 5)
    }
    grid = Grid(KEY_RESULTS, 1, "Key results", None, rows, height=2000)
    target = Target(RowReference(KEY_RESULTS, "KR-1", ()), GridRow(3), "KR-1", is_new_id=False)
    taken = [one for one in anchoring(grid, target, ()) if "deleteDeveloperMetadata" in one]
    numbers = {str(one).partition("'metadataId': ")[2].strip("}") for one in taken}

    assert 0 < len(taken) <= 20
    assert numbers.isdisjoint({"103", "104"})
    few = replace(grid, rows=dict(list(rows.items())[:MOST_ANCHORS]))
    assert not any("deleteDeveloperMetadata" in one for one in anchoring(few, target, ()))
