"""Edits while somebody moves rows and columns, while Google answers badly, and more than once."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from okr.columns import HISTORY, KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.workbooks.google_anchors import MOST_STRAYS
from okr.workbooks.google_writing import delete_metadata
from okr.workbooks.interface import (
    CellEdit,
    ConflictError,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
    UnknownOutcomeError,
)
from tests.contract.google_fixtures import COMPANY, EMAIL, WHEN, GoogleHome, google_home

LOOK, BATCH = "GET", "POST :batchUpdate"
BY = "ada@example.com"
HEADERS: list[Cell] = ["ID", "Objective", "Key result", "Start", "Target", "Current", "Ours"]
ROWS: list[list[Cell]] = [
    ["KR-1", "O-1", "Cut churn", 8, 5, 7, "a"],
    ["KR-2", "O-1", "Answer within a day", 40, 90, 50, "b"],
    ["", "O-1", "Raise NPS", 32, 45, 33, "c"],
    ["KR-4", "O-1", "Ship it", 0, 1, "", "d"],
]
TABS: dict[str, list[list[Cell]]] = {
    OBJECTIVES: COMPANY[OBJECTIVES],
    KEY_RESULTS: [HEADERS, *ROWS],
    HISTORY: COMPANY[HISTORY],
}
TITLES = {"KR-1": "Cut churn", None: "Raise NPS"}


@pytest.fixture
def home() -> Iterator[GoogleHome]:
    with google_home({title: [[*row] for row in rows] for title, rows in TABS.items()}) as made:
        yield made


def an_edit(row: str | None = "KR-1", operation: str = "op-1", **cells: Any) -> EditDraft:
    content = (("Key result", TITLES[row]), ("Objective", "O-1"))
    seen = dict(zip(HEADERS, ROWS[0 if row else 2], strict=True))
    edits = (cells or {"Target": 4}).items()
    return EditDraft(
        operation,
        RowReference(KEY_RESULTS, row, content),
        tuple(CellEdit(name, seen[name], wanted) for name, wanted in edits),
        BY,
        WHEN,
    )


def by_title(home: GoogleHome) -> dict[str, dict[str, Any]]:
    """Give the rows by their titles, each as its cells under the headers as they stand."""
    headers, *rows = home.rows(KEY_RESULTS)
    width = len(headers)
    padded = [row + [""] * (width - len(row)) for row in rows]
    named = [dict(zip(headers, row, strict=True)) for row in padded if any(row)]
    return {row["Key result"]: row for row in named}


def told(home: GoogleHome) -> list[list[Any]]:
    return [row[1:6] for row in home.rows(HISTORY)[1:]]


def assert_edited(home: GoogleHome, title: str, **cells: Any) -> None:
    """See that one row is edited, and every other as it was."""
    found = by_title(home)
    for row in ROWS:
        was = dict(zip(HEADERS, row, strict=True))
        now = found[str(was["Key result"])]
        wanted = was | cells if was["Key result"] == title else was
        if wanted["Key result"] == title and not was["ID"]:
            wanted["ID"] = now["ID"]
        assert {name: now.get(name) for name in wanted} == wanted


def sort(home: GoogleHome, anchors_follow: bool = True) -> Callable[[], None]:
    return lambda: home.api.human.sort(
        KEY_RESULTS, "D", descending=True, anchors_follow=anchors_follow
    )


Move = Callable[[GoogleHome], Callable[[], None]]
MOVES = [
    pytest.param(lambda home: sort(home), id="sorted"),
    pytest.param(lambda home: sort(home, anchors_follow=False), id="sorted, anchors left behind"),
    pytest.param(
        lambda home: lambda: home.api.human.insert_row(KEY_RESULTS, 2, ["KR-9", "O-1", "New"]),
        id="pushed down",
    ),
    pytest.param(
        lambda home: lambda: home.api.human.move_row(KEY_RESULTS, 2, 6), id="moved to the end"
    ),
    pytest.param(
        lambda home: lambda: home.api.human.insert_column(KEY_RESULTS, "B", ["Mood", "fine"]),
        id="a column before it",
    ),
    pytest.param(
        lambda home: lambda: home.api.human.move_column(KEY_RESULTS, "E", "B"),
        id="its column moved",
    ),
    pytest.param(
        lambda home: lambda: home.api.human.move_column(KEY_RESULTS, "A", "D"),
        id="the IDs moved",
    ),
    pytest.param(
        lambda home: lambda: home.api.human.delete_column(KEY_RESULTS, "G"),
        id="a foreign column gone",
    ),
]


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("row", ["KR-1", None], ids=["an ID", "no ID"])
@pytest.mark.parametrize("move", MOVES)
def test_whatever_moves_between_two_requests_the_edit_goes_where_it_was_meant(
    home: GoogleHome, move: Move, row: str | None, nth: int
) -> None:
    home.workbook.read()
    home.api.human.before_apply(nth, move(home), method="POST", path="batchUpdate")

    saved = home.workbook.save_edit(an_edit(row, Target=4, Current=6))

    title = TITLES[row]
    found = by_title(home)
    assert (found[title]["Target"], found[title]["Current"]) == (4, 6)
    assert found[title]["ID"] == saved.row_id
    for other in ROWS:
        was = dict(zip(HEADERS, other, strict=True))
        now = found[str(was["Key result"])]
        if was["Key result"] != title:
            assert {name: now.get(name, was[name]) for name in was} == was
    changes = [line for line in told(home) if line[2] != "ID"]
    before = an_edit(row, Target=4, Current=6).cells
    assert changes == [
        [saved.row_id, KEY_RESULTS, cell.column, cell.seen, cell.wanted] for cell in before
    ]


@pytest.mark.parametrize("move", MOVES)
def test_a_row_that_is_anchored_is_found_where_it_went(home: GoogleHome, move: Move) -> None:
    home.workbook.save_edit(an_edit(operation="op-0", Current=6.5))
    home.api.human.before_apply(1, move(home), method="POST", path="batchUpdate")

    home.workbook.save_edit(an_edit(Target=4))

    found = by_title(home)
    assert found["Cut churn"]["Target"] == 4
    assert [row["Target"] for title, row in found.items() if title in ("Ship it", "Raise NPS")]
    assert found["Answer within a day"]["Target"] == 90


def test_an_edit_is_two_requests_and_one_more_for_a_first_anchor(home: GoogleHome) -> None:
    home.workbook.read()
    with home.counted() as first:
        home.workbook.save_edit(an_edit(Target=4))
    with home.counted() as second:
        home.workbook.save_edit(an_edit(operation="op-2", Current=6))
    with home.counted() as nameless:
        home.workbook.save_edit(an_edit(None, operation="op-3", Current=34))
    with home.counted() as added:
        home.workbook.add_row(a_row())

    assert first == [LOOK, BATCH, BATCH]
    assert second == [LOOK, BATCH]
    assert nameless == [LOOK, BATCH, BATCH, BATCH]
    assert added == [LOOK, BATCH]


def test_an_older_look_than_the_last_is_asked_for_again(home: GoogleHome) -> None:
    """It lacks the turn that the board has taken, and would show a conflict that is none."""
    home.workbook.save_edit(an_edit(operation="op-0", Target=6))
    home.api.faults.add("stale", method="GET", seconds=3600)
    edit = an_edit()
    cells = (CellEdit("Target", 6.0, 4.0),)
    with home.counted() as asked:
        home.workbook.save_edit(EditDraft(edit.operation, edit.row, cells, BY, WHEN))

    assert asked == [LOOK, LOOK, BATCH]
    assert by_title(home)["Cut churn"]["Target"] == 4


def test_a_sheet_that_lost_its_turns_is_waited_for_once(home: GoogleHome) -> None:
    """As one of which somebody has taken away all metadata."""
    home.workbook.save_edit(an_edit(operation="op-0", Target=6))
    home.api.spreadsheets["demo"].metadata.clear()
    edit = an_edit()
    counts = []
    for number in (1, 2):
        cells = (CellEdit("Target", 7.0 - number, 6.0 - number),)
        with home.counted() as asked:
            home.workbook.save_edit(EditDraft(f"op-{number}", edit.row, cells, BY, WHEN))
        counts.append(asked.count(LOOK))

    assert counts == [4, 1]


def test_a_refused_edit_is_one_request(home: GoogleHome) -> None:
    home.workbook.read()
    home.edit(KEY_RESULTS, "E2", 6)
    with home.counted() as asked, pytest.raises(ConflictError):
        home.workbook.save_edit(an_edit())

    assert asked == [LOOK]


def test_a_row_and_the_one_below_keep_one_anchor_each(home: GoogleHome) -> None:
    for number in range(3):
        edit = an_edit(operation=f"op-{number}", Target=4 - number)
        cells = (CellEdit("Target", float(5 - number), float(4 - number)),)
        home.workbook.save_edit(EditDraft(edit.operation, edit.row, cells, BY, WHEN))

    anchors = [one for one in home.api.metadata() if one["metadataKey"] == "okr.row"]
    assert sorted(one["metadataValue"] for one in anchors) == ["KR-1", "KR-2"]


def test_an_anchor_that_a_sort_left_behind_is_made_anew(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(operation="op-0", Current=6))
    sort(home, anchors_follow=False)()

    home.workbook.save_edit(an_edit(Target=4))

    assert_edited(home, "Cut churn", Target=4, Current=6)
    assert 3 in _anchored_rows(home)


def test_anchors_that_sorts_leave_behind_stay_few(home: GoogleHome) -> None:
    """One may be all that tells a process where a write of its own went, so they go late."""
    found = []
    for number in range(8):
        edit = an_edit(operation=f"op-{number}")
        cells = (CellEdit("Target", 5.0 + number, 6.0 + number),)
        home.workbook.save_edit(EditDraft(edit.operation, edit.row, cells, BY, WHEN))
        home.api.human.insert_row(KEY_RESULTS, 6 + number, ["", "O-1", f"New {number}", 9 + number])
        sort(home, anchors_follow=False)()
        found.append(len(_anchored_rows(home)))

    assert max(found) == 1 + MOST_STRAYS


def _anchored_rows(home: GoogleHome) -> list[int]:
    anchors = [one for one in home.api.metadata() if one["metadataValue"] == "KR-1"]
    return [one["location"]["dimensionRange"]["startIndex"] for one in anchors]


def test_a_row_that_vanishes_is_a_refusal_and_no_history(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(operation="op-0", Current=6))
    home.api.human.before_apply(
        1, lambda: home.api.human.delete_row(KEY_RESULTS, 2), method="POST", path="batchUpdate"
    )
    with pytest.raises(RefusedError, match="KR-1 is not in “Key results” any more"):
        home.workbook.save_edit(an_edit(Target=4))

    found = by_title(home)
    assert {title: row["Target"] for title, row in found.items()} == {
        **{"Answer within a day": 90, "Raise NPS": 45, "Ship it": 1}
    }
    after = [line for line in told(home) if line[2] == "Target"]
    assert [line[3:] for line in after] in ([], [[5, 4], [4, 5]])


def test_a_last_row_that_vanishes_leaves_nothing_behind(home: GoogleHome) -> None:
    reference = RowReference(KEY_RESULTS, "KR-4", ())
    for operation, seen, wanted in (("op-0", 1, 2), ("op-1", 2, 3)):
        if operation == "op-1":
            home.api.human.before_apply(
                1, lambda: home.api.human.delete_row(KEY_RESULTS, 5), path="batchUpdate"
            )
        cells = (CellEdit("Target", float(seen), float(wanted)),)
        edit = EditDraft(operation, reference, cells, BY, WHEN)
        if operation == "op-0":
            home.workbook.save_edit(edit)
    with pytest.raises(RefusedError):
        home.workbook.save_edit(edit)

    assert len(home.rows(KEY_RESULTS)) == 4


def test_a_refused_operation_can_be_saved_again(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(operation="op-0", Current=6))

    def away() -> None:
        home.api.human.delete_row(KEY_RESULTS, 2)

    home.api.human.before_apply(1, away, method="POST", path="batchUpdate")
    with pytest.raises(RefusedError):
        home.workbook.save_edit(an_edit(Target=4))
    home.api.human.insert_row(KEY_RESULTS, 2, [*ROWS[0]])

    saved = home.workbook.save_edit(an_edit(Target=4))
    assert not saved.was_there
    assert by_title(home)["Cut churn"]["Target"] == 4


def retype_just_then(home: GoogleHome, cells: Mapping[str, Cell]) -> None:
    """Let somebody type over the first row in the moment in which it is written to."""

    def retype() -> None:
        for place, value in cells.items():
            home.edit(KEY_RESULTS, place, value)

    home.workbook.save_edit(an_edit(operation="op-0", Current=6.5))
    home.api.human.before_apply(1, retype, path=":batchUpdate")


def test_a_row_that_gets_another_id_and_title_just_then_is_known_by_the_rest(
    home: GoogleHome,
) -> None:
    retype_just_then(home, {"A2": "X-1", "C2": "Keep them"})

    assert home.workbook.save_edit(an_edit(Target=4)).row_id == "KR-1"
    assert by_title(home)["Keep them"]["Target"] == 4
    assert [line[3:] for line in told(home)][-1] == [5, 4]


def test_a_row_that_gets_another_id_just_then_is_not_called_refused(home: GoogleHome) -> None:
    """Nobody can tell it any more, and it holds what was sent."""
    retype_just_then(home, {"A2": "X-1", "B2": "O-9", "C2": "Keep them", "D2": 9})

    with pytest.raises(UnknownOutcomeError, match="Look at the row in the sheet"):
        home.workbook.save_edit(an_edit(Target=4))
    assert by_title(home)["Keep them"]["Target"] == 4
    assert [line[3:] for line in told(home)][-1] == [5, 4]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda home: home.api.human.delete_row(KEY_RESULTS, 2), "KR-1 is not in"),
        (lambda home: home.edit(KEY_RESULTS, "E2", 5), "KR-1 is not in"),
        (lambda home: home.edit(KEY_RESULTS, "F2", 8), "Look at the row in the sheet"),
    ],
)
def test_what_nobody_could_tell_is_known_once_nothing_of_it_stands_there(
    home: GoogleHome, act: Callable[[GoogleHome], object], said: str
) -> None:
    retype_just_then(home, {"A2": "X-1", "B2": "O-9", "C2": "Keep them", "D2": 9})
    with pytest.raises(UnknownOutcomeError):
        home.workbook.save_edit(an_edit(Target=4))
    act(home)
    is_known = said.startswith("KR-1")

    with pytest.raises(RefusedError if is_known else UnknownOutcomeError, match=said):
        home.workbook.save_edit(an_edit(Target=4))
    assert [line[3:] for line in told(home)][-1] == ([4, 5] if is_known else [5, 4])


def test_what_went_to_another_row_is_put_back_though_its_anchor_is_gone(home: GoogleHome) -> None:
    """Another process takes away an anchor that claims the wrong row, before that is put right."""
    home.workbook.save_edit(an_edit(operation="op-0", Current=6.5))
    home.api.human.before_apply(1, sort(home, anchors_follow=False), path=":batchUpdate")
    placer, other = home.workbook._edits._placer, home.another()
    look = placer._look

    def look_after_another(name: str) -> Any:
        anchors = [one for one in home.api.metadata() if one["metadataKey"] == "okr.row"]
        requests = delete_metadata([one["metadataId"] for one in anchors])
        other._saver._calls.batch({"requests": requests})
        placer._look = look
        return look(name)

    placer._look = look_after_another

    home.workbook.save_edit(an_edit(Target=4))

    assert placer._look is look
    assert_edited(home, "Cut churn", Target=4, Current=6.5)


@pytest.mark.parametrize("nth", [1, 2])
def test_a_header_may_be_renamed_meanwhile(home: GoogleHome, nth: int) -> None:
    home.workbook.read()
    home.api.human.before_apply(
        nth,
        lambda: home.api.human.rename_header(KEY_RESULTS, "Target", "Goal value"),
        method="POST",
        path="batchUpdate",
    )
    home.workbook.save_edit(an_edit(Current=6))

    assert by_title(home)["Cut churn"]["Current"] == 6
    assert by_title(home)["Cut churn"]["Goal value"] == 5


def test_a_tab_may_be_renamed_before_the_edit(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.human.rename_tab(KEY_RESULTS, "KRs")

    home.workbook.save_edit(an_edit())

    assert home.rows("KRs")[1][4] == 4


def test_a_hand_edit_before_the_first_anchor_is_a_conflict(home: GoogleHome) -> None:
    home.api.human.before_apply(
        1, lambda: home.edit(KEY_RESULTS, "E2", 6), method="POST", path="batchUpdate"
    )
    with pytest.raises(ConflictError, match="from 5 to 6"):
        home.workbook.save_edit(an_edit())

    assert home.row(KEY_RESULTS, 2)[4] == 6
    assert told(home) == []


@pytest.mark.parametrize(
    ("act", "words"),
    [
        pytest.param(lambda home: home.edit(KEY_RESULTS, "E2", "#REF!"), "an error", id="error"),
        pytest.param(
            lambda home: home.api.human.merge(f"'{KEY_RESULTS}'!E2:E3"), "merged", id="merged"
        ),
        pytest.param(
            lambda home: home.api.human.protect(f"'{KEY_RESULTS}'!E1:E9"),
            "protected",
            id="protected",
        ),
    ],
)
def test_a_barred_cell_is_a_conflict(
    home: GoogleHome, act: Callable[[GoogleHome], None], words: str
) -> None:
    act(home)
    with pytest.raises(ConflictError, match=words) as caught:
        home.workbook.save_edit(an_edit())

    assert words in caught.value.conflicts[0].obstacle


def test_a_missing_column_is_named(home: GoogleHome) -> None:
    edit = EditDraft(
        "op-1",
        RowReference(KEY_RESULTS, "KR-1", ()),
        (CellEdit("State", "", "dropped"),),
        BY,
        WHEN,
    )
    with pytest.raises(RefusedError, match=r"has no column State\. Type the header into row 1"):
        home.workbook.save_edit(edit)


def test_a_day_is_shown_as_one_and_a_format_that_people_made_is_kept(home: GoogleHome) -> None:
    home.edit(KEY_RESULTS, "H1", "Due")
    home.api.human.format(f"'{KEY_RESULTS}'!E2", "NUMBER", "0.00")
    edit = EditDraft(
        "op-1",
        RowReference(KEY_RESULTS, "KR-1", ()),
        (CellEdit("Due", "", 46203.0), CellEdit("Target", 5.0, 4.0)),
        BY,
        WHEN,
    )
    home.workbook.save_edit(edit)

    tab = next(t for t in home.api.spreadsheets["demo"].tabs if t.title == KEY_RESULTS)
    shapes = [(tab.cell(1, at).format or {}).get("numberFormat") for at in (7, 4)]
    assert shapes == [
        {"type": "DATE", "pattern": "yyyy-mm-dd"},
        {"type": "NUMBER", "pattern": "0.00"},
    ]


# ---------------------------------------------------------------- exactly once


def test_a_double_click_writes_once(home: GoogleHome) -> None:
    first = home.workbook.save_edit(an_edit())
    home.edit(KEY_RESULTS, "E2", 5)
    with home.counted() as asked:
        second = home.workbook.save_edit(an_edit())

    assert home.row(KEY_RESULTS, 2)[4] == 5
    assert asked == [LOOK]
    assert (second.was_there, second.written) == (True, first.written)


def test_two_processes_write_once(home: GoogleHome) -> None:
    other = home.another()
    other.read()
    home.before_the_batch(lambda: other.save_edit(an_edit()))

    saved = home.workbook.save_edit(an_edit())

    assert saved.was_there
    assert len(told(home)) == 1


def test_of_two_processes_that_looked_at_once_one_is_told(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(operation="op-0", Current=6))
    other = home.another()
    other.read()
    home.before_the_batch(lambda: other.save_edit(an_edit(operation="op-2", Target=3)))

    with pytest.raises(ConflictError, match="from 5 to 3"):
        home.workbook.save_edit(an_edit(Target=4))
    assert home.row(KEY_RESULTS, 2)[4] == 3


def test_an_operation_is_known_when_its_token_is_gone(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit())
    with home.api.service.store.change("demo") as book:
        book.metadata.clear()
    home.edit(KEY_RESULTS, "E2", 5)

    again = home.another().save_edit(an_edit())

    assert again.was_there
    assert home.row(KEY_RESULTS, 2)[4] == 5


LOST = [
    pytest.param({"kind": "status", "status": 503}, id="503"),
    pytest.param({"kind": "status", "status": 500}, id="500"),
    pytest.param({"kind": "html", "status": 502}, id="html 502"),
    pytest.param({"kind": "html", "status": 200}, id="html 200"),
    pytest.param({"kind": "reset"}, id="reset"),
    pytest.param({"kind": "hang", "seconds": 1.0}, id="timeout"),
]


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("row", ["KR-1", None], ids=["an ID", "no ID"])
@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_looked_into(
    home: GoogleHome, fault: dict[str, Any], applied: bool, row: str | None, nth: int
) -> None:
    home.workbook.read()
    home.wait_little_for_write(nth)
    home.api.faults.add(**fault, applied=applied, path="demo:batchUpdate", nth=nth)

    saved = home.workbook.save_edit(an_edit(row, Target=4))

    assert_edited(home, TITLES[row], Target=4)
    assert not saved.was_there
    [line] = [one for one in told(home) if one[2] == "Target"]
    assert line == [saved.row_id, KEY_RESULTS, "Target", saved.written[0].seen, 4]


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize("move", MOVES)
def test_a_lost_answer_while_things_move_is_put_right(
    home: GoogleHome, move: Move, applied: bool
) -> None:
    home.workbook.save_edit(an_edit(operation="op-0", Current=6))
    home.api.human.before_apply(1, move(home), method="POST", path="demo:batchUpdate")
    home.api.faults.add("reset", applied=applied, path="demo:batchUpdate")

    home.workbook.save_edit(an_edit(Target=4))

    found = by_title(home)
    targets = {title: row["Target"] for title, row in found.items() if title != "New"}
    assert targets == {"Cut churn": 4, "Answer within a day": 90, "Raise NPS": 45, "Ship it": 1}
    assert [line[3:] for line in told(home) if line[2] == "Target"] == [[5, 4]]


def test_an_answer_that_is_never_found_is_unknown(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(operation="op-0", Current=6))
    home.api.faults.add("status", status=503, path="demo:batchUpdate", times=None)
    with pytest.raises(UnknownOutcomeError, match="whether the change was saved"):
        home.workbook.save_edit(an_edit())
    home.api.faults.clear()

    saved = home.workbook.save_edit(an_edit())
    assert not saved.was_there
    assert home.row(KEY_RESULTS, 2)[4] == 4


def test_an_unknown_outcome_is_cleared_up_by_saving_again(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(operation="op-0", Current=6))
    home.api.faults.add("reset", applied=True, path="demo:batchUpdate")
    home.api.faults.add("status", status=503, path="developerMetadata/", times=None)
    with pytest.raises(UnknownOutcomeError):
        home.workbook.save_edit(an_edit())
    home.api.faults.clear()
    home.edit(KEY_RESULTS, "E2", 3)

    saved = home.workbook.save_edit(an_edit())

    assert saved.was_there
    assert home.row(KEY_RESULTS, 2)[4] == 3
    assert len([line for line in told(home) if line[2] == "Target"]) == 1


def test_after_a_lost_answer_a_conflict_is_still_unknown(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(operation="op-0", Current=6))
    home.api.faults.add("reset", applied=False, path="demo:batchUpdate")
    home.api.human.before_apply(
        1, lambda: home.edit(KEY_RESULTS, "E2", 6), path="developerMetadata/"
    )
    with pytest.raises(UnknownOutcomeError):
        home.workbook.save_edit(an_edit())
    with pytest.raises(ConflictError):
        home.workbook.save_edit(an_edit())
    assert home.row(KEY_RESULTS, 2)[4] == 6


def test_a_write_is_tried_again_when_google_had_no_time(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.faults.add("status", status=429, path="demo:batchUpdate", times=2)
    home.workbook.save_edit(an_edit())

    assert_edited(home, "Cut churn", Target=4)


def test_a_write_that_google_never_has_time_for_is_refused(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.faults.add("status", status=429, path="demo:batchUpdate", times=None)
    with pytest.raises(RefusedError, match=r"Nothing was saved\. Google allows"):
        home.workbook.save_edit(an_edit())


def test_a_share_that_is_for_viewing_only_is_told(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.faults.add("status", status=403, path=":batchUpdate", times=None)
    with pytest.raises(RefusedError, match=f"Nothing was saved: {EMAIL} may not write"):
        home.workbook.save_edit(an_edit())


# ---------------------------------------------------------------- new rows


def a_row(operation: str = "op-9", title: str = "New one") -> RowDraft:
    cells = (("Objective", "O-1"), ("Key result", title), ("Target", 9.0))
    return RowDraft(operation, KEY_RESULTS, cells, BY, WHEN)


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize("fault", LOST)
def test_a_new_row_is_there_once_whatever_google_answers(
    home: GoogleHome, fault: dict[str, Any], applied: bool
) -> None:
    home.workbook.read()
    home.wait_little_for_write()
    home.api.faults.add(**fault, applied=applied, path="demo:batchUpdate")

    saved = home.workbook.add_row(a_row())

    assert [row[0] for row in home.rows(KEY_RESULTS)[5:]] == [saved.row_id]
    assert told(home) == [[saved.row_id, KEY_RESULTS, "ID", "", saved.row_id]]
    assert home.sent("appendCells")[:2] == home.sent("appendCells")[-2:]


def test_two_processes_add_a_row_once(home: GoogleHome) -> None:
    other = home.another()
    other.read()
    home.before_the_batch(lambda: other.add_row(a_row()))

    saved = home.workbook.add_row(a_row())

    assert saved.was_there
    assert [row[0] for row in home.rows(KEY_RESULTS)[5:]] == [saved.row_id]


@pytest.mark.parametrize("move", MOVES)
def test_a_new_row_disturbs_nothing_that_moves(home: GoogleHome, move: Move) -> None:
    home.workbook.read()
    home.api.human.before_apply(1, sort(home), method="POST", path="demo:batchUpdate")
    home.workbook.add_row(a_row())

    found = by_title(home)
    for row in ROWS:
        was = dict(zip(HEADERS, row, strict=True))
        assert found[str(was["Key result"])] == was
    assert found["New one"]["Target"] == 9
