"""What went astray is put right without harm to others, and told apart by another look."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES, letters
from okr.model import Cell
from okr.workbooks.google_failures import RequestFailedError, Trouble
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

HEADERS: list[Cell] = ["ID", "Objective", "Key result", "Start", "Target", "Current", "Ours"]
KR_1: list[Cell] = ["KR-1", "O-1", "Cut churn", 8, 5, 7, "a"]
KR_2: list[Cell] = ["KR-2", "O-1", "Answer within a day", 40, 90, 50, "b"]
RAISE: list[Cell] = ["", "O-1", "Raise NPS", 32, 45, 33, "c"]
TABS: dict[str, list[list[Cell]]] = {
    OBJECTIVES: COMPANY[OBJECTIVES],
    KEY_RESULTS: [HEADERS, KR_1, KR_2, RAISE],
    CHECK_INS: COMPANY[CHECK_INS],
    HISTORY: COMPANY[HISTORY],
}
LOST = RequestFailedError(Trouble.LOST, "no answer")


@pytest.fixture
def home() -> Iterator[GoogleHome]:
    with google_home({title: [[*row] for row in rows] for title, rows in TABS.items()}) as made:
        yield made


def an_edit(row: list[Cell], operation: str = "op-1", **wanted: Cell) -> EditDraft:
    seen = dict(zip(HEADERS, row, strict=True))
    cells = tuple(CellEdit(name, seen[name], value) for name, value in wanted.items())
    reference = RowReference(KEY_RESULTS, str(row[0]), ())
    return EditDraft(operation, reference, cells, "ada@example.com", WHEN)


def at_each_batch(home: GoogleHome, *acts: Callable[[], None] | None, lost: int = 0) -> None:
    """Act before each next batch in turn; the answer to the one numbered ``lost`` is lost."""
    calls = home.workbook._edits._calls
    send, left = calls.batch, list(acts)

    def act_and_send(body: dict[str, Any]) -> dict[str, Any]:
        number = len(acts) - len(left) + 1
        if left and (act := left.pop(0)) is not None:
            act()
        reply = send(body)
        if number == lost:
            raise LOST
        return reply

    calls.batch = act_and_send  # type: ignore[method-assign]


def sort_and_leave_anchors(home: GoogleHome) -> None:
    home.api.human.sort(KEY_RESULTS, "D", descending=True, anchors_follow=False)


def fail() -> None:
    raise RequestFailedError(Trouble.UNSENT, "no way")


def move_cells(home: GoogleHome, order: str) -> None:
    """Cut all cells and paste them in another order, which leaves the columns where they are."""
    for number, row in enumerate(home.rows(KEY_RESULTS), start=1):
        cells = [*row, *[""] * (len(HEADERS) - len(row))]
        moved = [cells[ord(one) - ord("A")] if one != "-" else "" for one in order]
        for at, value in enumerate(moved):
            home.edit(KEY_RESULTS, f"{letters(at)}{number}", None if value == "" else value)


def under_headers(home: GoogleHome, first: int = 0) -> dict[str, dict[str, Any]]:
    headers, *rows = home.rows(KEY_RESULTS)[first:]
    return {row["Key result"]: row for row in (dict(zip(headers, one)) for one in rows)}  # noqa: B905


def test_what_another_process_wrote_since_the_look_is_not_undone(home: GoogleHome) -> None:
    """Target goes to a wrong column and Current to the right one; both are put back."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    def write_too() -> None:
        other = an_edit([*KR_1[:5], 6.5, *KR_1[6:]], "op-2", Current=9.5)
        home.another().save_edit(other)

    at_each_batch(home, lambda: move_cells(home, "ABDECFG"), write_too)
    with pytest.raises(ConflictError):
        home.workbook.save_edit(an_edit(KR_1, Target=4.0, Current=6.5))

    row = under_headers(home)["Cut churn"]
    assert (row["Target"], row["Current"]) == (5, 9.5)


def test_what_was_typed_before_a_put_back_s_anchor_is_made_is_not_undone(home: GoogleHome) -> None:
    """The wrong row has none; while it gets one, somebody types into the cell."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    def type_there() -> None:
        row = [one[2] for one in home.rows(KEY_RESULTS)].index("Answer within a day") + 1
        assert home.row(KEY_RESULTS, row)[5] == 6.5
        home.edit(KEY_RESULTS, f"F{row}", 55)

    at_each_batch(home, lambda: sort_and_leave_anchors(home), type_there)
    home.workbook.save_edit(an_edit(KR_1, Current=6.5))

    current = {title: row["Current"] for title, row in under_headers(home).items()}
    assert current == {"Cut churn": 6.5, "Answer within a day": 55, "Raise NPS": 33}


def test_a_row_that_slid_into_a_deleted_one_s_place_is_told_from_it(home: GoogleHome) -> None:
    """It has no ID, its title is written over, and somebody has just typed into it."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    def slide() -> None:
        home.api.human.delete_row(KEY_RESULTS, 2)
        home.api.human.sort(KEY_RESULTS, "D")
        for cell in ("D2", "E2", "G2"):
            home.edit(KEY_RESULTS, cell, 99)

    at_each_batch(home, slide)
    with pytest.raises(RefusedError):
        home.workbook.save_edit(an_edit(KR_1, **{"Key result": "Keep them"}))
    home.workbook.read()

    assert [row[2] for row in home.rows(KEY_RESULTS)[1:]] == ["Raise NPS", "Answer within a day"]


def test_a_copy_in_its_place_does_not_stand_for_a_wrong_row_that_is_put_right(
    home: GoogleHome,
) -> None:
    """While the wrong row gets its anchor, somebody puts what it was before where it stands."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    def put_a_copy_there() -> None:
        row = [one[2] for one in home.rows(KEY_RESULTS)].index("Answer within a day") + 1
        assert home.row(KEY_RESULTS, row)[5] == 6.5
        home.api.human.insert_row(KEY_RESULTS, row, KR_2)

    at_each_batch(home, lambda: sort_and_leave_anchors(home), put_a_copy_there)
    home.workbook.save_edit(an_edit(KR_1, Current=6.5))

    said = [(row[0], row[5]) for row in home.rows(KEY_RESULTS)[1:]]
    assert sorted(said) == [("", 33), ("KR-1", 6.5), ("KR-2", 50), ("KR-2", 50)]


def test_a_row_put_in_its_place_is_not_taken_for_it_by_its_objective(home: GoogleHome) -> None:
    """It takes the title; that both say O-1, as all rows do, does not make it the row of before."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    def put_another_there() -> None:
        home.api.human.insert_row(KEY_RESULTS, 2, ["N-15", "O-1", "New"])
        home.api.human.delete_row(KEY_RESULTS, 3)

    at_each_batch(home, put_another_there)
    with pytest.raises((RefusedError, UnknownOutcomeError)):
        home.workbook.save_edit(an_edit(KR_1, **{"Key result": "Keep them"}))


def test_headers_that_were_pushed_down_are_looked_for(home: GoogleHome) -> None:
    """The row stands where it stood, and in the place of the headers stands something else."""
    home.workbook.save_edit(an_edit(KR_2, "op-0", Start=41.0))

    def push() -> None:
        home.api.human.insert_row(KEY_RESULTS, 1, ["Above"])
        home.api.human.move_row(KEY_RESULTS, 4, 3)
        home.api.human.move_column(KEY_RESULTS, "E", "D")

    at_each_batch(home, push)
    home.workbook.save_edit(an_edit(KR_2, Target=91.0))

    rows = under_headers(home, first=1)
    assert rows["Answer within a day"] == dict(zip(HEADERS, KR_2, strict=True)) | {
        **{"Start": 41, "Target": 91}
    }


def test_an_edit_whose_second_write_may_have_arrived_is_not_called_refused(
    home: GoogleHome,
) -> None:
    """The first went to a column that had moved, and was put right."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))
    placer = home.workbook._edits._placer
    look = placer._look

    def stop_looking() -> None:
        def fail(grid: Any) -> None:
            raise LOST

        placer._look = fail  # type: ignore[assignment]

    at_each_batch(
        home,
        lambda: move_cells(home, "AEBCDFG"),
        None,
        stop_looking,
        lost=3,
    )
    with pytest.raises(UnknownOutcomeError):
        home.workbook.save_edit(an_edit(KR_1, Target=4.0))
    placer._look = look

    assert home.workbook.save_edit(an_edit(KR_1, Target=4.0)).remark == ""
    assert under_headers(home)["Cut churn"]["Target"] == 4
    assert [line[4:6] for line in home.rows(HISTORY) if line[3] == "Target"] == [[5, 4]]


def test_an_id_that_went_to_a_wrong_row_is_found_though_its_anchor_is_elsewhere(
    home: GoogleHome,
) -> None:
    def sort(column: str) -> None:
        home.api.human.sort(KEY_RESULTS, column, descending=True, anchors_follow=False)

    at_each_batch(home, None, lambda: sort("D"), lost=2)
    home.workbook.save_check_in(draft(None, 34.5, None, title="Raise NPS"))
    sort("A")
    home.workbook.read()

    named = {title: row["ID"] for title, row in under_headers(home).items()}
    assert named["Cut churn"] == "KR-1"
    assert named["Answer within a day"] == "KR-2"
    assert named["Raise NPS"].startswith("KR-")
    assert under_headers(home)["Raise NPS"]["Current"] == 34.5


def test_an_id_that_went_to_a_wrong_row_leads_no_other_check_in_there(home: GoogleHome) -> None:
    """Another process looks before, and is about to give the same row the same ID."""
    other = home.another()
    at_each_batch(
        home,
        None,
        lambda: home.api.human.sort(KEY_RESULTS, "D", descending=True, anchors_follow=False),
        lost=2,
    )
    send = other._saver._calls.batch

    def send_later(body: dict[str, Any]) -> dict[str, Any]:
        other._saver._calls.batch = send  # type: ignore[method-assign]
        home.workbook.save_check_in(draft(None, 34.5, None, title="Raise NPS"))
        return send(body)

    other._saver._calls.batch = send_later  # type: ignore[method-assign]
    later = WHEN + timedelta(minutes=1)
    other.save_check_in(draft(None, 35.5, None, title="Raise NPS", operation="op-2", when=later))
    home.workbook.read()
    other.read()

    rows = under_headers(home)
    named = {title: (row["ID"], row["Current"]) for title, row in rows.items()}
    assert named["Cut churn"] == ("KR-1", 7)
    assert named["Answer within a day"] == ("KR-2", 50)
    assert named["Raise NPS"] == (home.rows(CHECK_INS)[-1][1], 35.5)


def test_a_row_that_was_copied_and_renamed_gives_nobody_its_id(home: GoogleHome) -> None:
    """A mirror that was to give the ID is owed; the row was given it otherwise meanwhile."""

    at_each_batch(home, None, fail)
    saved = home.workbook.save_check_in(draft(None, 34.5, None, title="Raise NPS"))
    home.edit(KEY_RESULTS, "A4", saved.key_result_id)
    home.api.human.insert_row(KEY_RESULTS, 5, RAISE)
    home.edit(KEY_RESULTS, "C4", "Delight them")
    home.workbook.read()
    home.workbook.read()

    ids = [row[0] for row in home.rows(KEY_RESULTS)[1:] if row[0]]
    assert len(ids) == len(set(ids))


def test_what_went_astray_is_put_right_in_a_tab_that_nobody_knows_by_its_name(
    home: GoogleHome,
) -> None:
    """It is given another title before the board looks at it again, and keeps that."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))
    placer = home.workbook._edits._placer
    look = placer._look

    def rename_and_look(grid: Any) -> Any:
        placer._look = look
        home.api.human.rename_tab(KEY_RESULTS, "Elsewhere")
        return look(grid)

    def sort() -> None:
        sort_and_leave_anchors(home)
        placer._look = rename_and_look

    at_each_batch(home, sort)
    home.workbook.save_edit(an_edit(KR_1, Target=4.0))

    assert placer._look is look
    targets = {row[0]: row[4] for row in home.rows("Elsewhere")[1:]}
    assert targets == {"KR-1": 4, "KR-2": 90, "": 45}


def test_in_a_layout_of_its_own_a_new_id_is_looked_for_before_its_title(home: GoogleHome) -> None:
    """The row was copied and given an ID of its own since the last reading; its title is alike."""
    home.api.human.rename_tab(OBJECTIVES, "Elsewhere")
    home.workbook.read()
    home.api.human.copy_row(KEY_RESULTS, 3, 4)
    home.edit(KEY_RESULTS, "A4", "X-13")
    content = (("Key result", "Answer within a day"), ("Objective", "O-1"))
    there = RowReference(KEY_RESULTS, "X-13", content)
    home.workbook.save_check_in(replace(draft(None, 60.0, None), key_result=there))
    home.workbook.read()

    assert home.rows(CHECK_INS)[-1][1:3] == ["X-13", 60.0]
    assert {row[0]: row[5] for row in home.rows(KEY_RESULTS)[2:4]} == {"KR-2": 50, "X-13": 60.0}


def test_a_copy_with_the_id_does_not_stand_for_the_row_that_was_written_to(
    home: GoogleHome,
) -> None:
    """The answer was lost; before it is looked into, the wrong row is copied and loses its ID."""

    at_each_batch(home, None, lambda: sort_and_leave_anchors(home), lost=2)
    home.workbook.save_check_in(draft(None, 34.5, None, title="Raise NPS"))
    wrong = next(
        at for at, row in enumerate(home.rows(KEY_RESULTS), 1) if row[0] and row[5] == 34.5
    )
    title = home.row(KEY_RESULTS, wrong)[2]
    home.api.human.copy_row(KEY_RESULTS, wrong, 5)
    home.edit(KEY_RESULTS, f"A{wrong}", None)
    home.edit(KEY_RESULTS, "C5", "Delight them")
    home.edit(KEY_RESULTS, "F5", None)
    home.workbook.read()
    home.workbook.read()

    assert under_headers(home)[title]["Current"] == {"Cut churn": 7, KR_2[2]: 50}[title]


def test_of_two_check_ins_of_one_second_the_lower_one_is_newer(home: GoogleHome) -> None:
    """The mirror of the upper one fails, and is tried again after the lower one's."""

    home.workbook.save_check_in(draft("KR-1", 7.5, None, when=WHEN - timedelta(days=1)))
    other = home.another()
    other.read()
    at_each_batch(home, None, fail)
    home.workbook.save_check_in(draft("KR-1", 6.5, None, operation="op-2"))
    other.save_check_in(draft("KR-1", 6.0, None, operation="op-3"))
    home.workbook.read()

    assert [line[2] for line in home.rows(CHECK_INS)[-2:]] == [6.5, 6.0]
    assert under_headers(home)["Cut churn"]["Current"] == 6.0


def test_a_check_in_that_arrives_after_all_is_followed(home: GoogleHome) -> None:
    """Its answer was lost, and what was sent again met a column that had moved."""
    home.workbook.save_check_in(draft("KR-2", 60.0, None, operation="op-0"))
    home.workbook.read()
    calls = home.workbook._saver._calls
    send, bodies = calls.batch, list[dict[str, Any]]()

    def lose_and_move(body: dict[str, Any]) -> dict[str, Any]:
        bodies.append(body)
        if len(bodies) == 1:
            raise LOST
        home.api.human.insert_column(CHECK_INS, "A", ["Mood"])
        home.api.faults.add("status", status=429, method="GET", times=None)
        return send(body)

    calls.batch = lose_and_move  # type: ignore[method-assign]
    with pytest.raises(UnknownOutcomeError):
        home.workbook.save_check_in(draft("KR-1", 6.5, None))
    calls.batch = send  # type: ignore[method-assign]
    home.api.faults.clear()
    home.api.human.delete_column(CHECK_INS, "A")
    send(bodies[0])
    home.time.sleep(30.0)
    home.workbook.read()
    home.workbook.read()

    assert home.rows(CHECK_INS)[-1][1:3] == ["KR-1", 6.5]
    assert under_headers(home)["Cut churn"]["Current"] == 6.5


def test_what_went_astray_unseen_is_put_right_though_another_process_is_asked(
    home: GoogleHome,
) -> None:
    """The answer was lost, and so was the look that was to tell where it went."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    def sort() -> None:
        sort_and_leave_anchors(home)
        home.api.faults.add("status", status=503, method="GET", path="ranges=", times=None)

    at_each_batch(home, sort, lost=1)
    edit = an_edit(KR_1, Target=4.0)
    with pytest.raises(UnknownOutcomeError):
        home.workbook.save_edit(edit)
    home.api.faults.clear()
    assert home.another().save_edit(edit).remark
    home.time.sleep(30.0)
    home.workbook.read()

    assert {title: row["Target"] for title, row in under_headers(home).items()} == {
        "Cut churn": 5,
        "Answer within a day": 90,
        "Raise NPS": 45,
    }


def test_what_another_process_wrote_alike_is_not_taken_back() -> None:
    """A mirror never arrived; the same value stands there all the same, in a row without its ID."""
    with google_home() as home:
        home.workbook.save_check_in(draft("KR-1", 6.0, 0.6, operation="op-0"))
        other = home.another()

        def lose() -> None:
            later = WHEN + timedelta(minutes=1)
            other.save_check_in(draft("KR-1", 6.5, 0.9, operation="op-2", when=later))
            raise LOST

        at_each_batch(home, None, lose)
        home.workbook.save_check_in(draft("KR-1", 6.5, 0.7))
        home.api.human.insert_column(KEY_RESULTS, "G", [])
        home.edit(KEY_RESULTS, "A2", None)
        home.edit(KEY_RESULTS, "D2", 9)
        home.workbook.read()

        assert home.row(KEY_RESULTS, 2) == ["", "O-1", "Cut churn", 9, 5, 6.5, "", 0.9]


def test_a_put_back_whose_answer_is_lost_ends_the_matter(home: GoogleHome) -> None:
    """No row holds any more what was sent; the mirror is written then."""
    at_each_batch(home, None, lambda: move_cells(home, "AFBCDEG"), None, lost=3)
    home.workbook.save_check_in(draft("KR-1", 6.5, None))
    home.workbook.read()

    assert under_headers(home)["Cut churn"] == dict(zip(HEADERS, KR_1, strict=True)) | {
        "Current": 6.5
    }
    assert not home.workbook._mirrors.has_owed()


def test_a_put_back_that_goes_astray_itself_is_put_right(home: GoogleHome) -> None:
    """Columns move twice, and the answer is lost at the second time."""
    at_each_batch(
        home,
        None,
        lambda: move_cells(home, "AFBCDEG"),
        lambda: move_cells(home, "A-BCDEFG"),
        lost=3,
    )
    home.workbook.save_check_in(draft("KR-1", 6.5, None))
    home.workbook.read()

    as_it_was = dict(zip(HEADERS, KR_1, strict=True)) | {"": "", "Current": 6.5}
    assert under_headers(home)["Cut churn"] == as_it_was


def test_columns_that_move_after_a_lost_answer_hide_no_wrong_row(home: GoogleHome) -> None:
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    at_each_batch(home, None, lambda: sort_and_leave_anchors(home), lost=2)
    home.workbook.save_check_in(draft("KR-1", 6.5, None))
    home.api.human.move_column(KEY_RESULTS, "F", "B")
    home.workbook.read()

    current = {title: row["Current"] for title, row in under_headers(home).items()}
    assert current == {"Cut churn": 6.5, "Answer within a day": 50, "Raise NPS": 33}


def lose_a_mirror_to_another_row(home: GoogleHome) -> None:
    """Let what is meant for KR-1 go to KR-2, and its answer be lost."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    at_each_batch(home, None, lambda: sort_and_leave_anchors(home), lost=2)
    home.workbook.save_check_in(draft("KR-1", 6.5, None))
    assert under_headers(home)["Answer within a day"]["Current"] == 6.5


def test_another_process_does_not_take_away_what_tells_the_wrong_row(home: GoogleHome) -> None:
    lose_a_mirror_to_another_row(home)
    later = WHEN + timedelta(hours=1)
    home.another().save_check_in(draft("KR-1", 6.2, None, operation="op-2", when=later))
    home.workbook.read()

    current = {title: row["Current"] for title, row in under_headers(home).items()}
    assert current == {"Cut churn": 6.2, "Answer within a day": 50, "Raise NPS": 33}


def test_a_wrong_row_that_was_typed_over_is_the_one_that_stands_no_more(home: GoogleHome) -> None:
    lose_a_mirror_to_another_row(home)
    for cell, value in {"A2": "X-9", "C2": "Else", "D2": 41, "E2": 91}.items():
        home.edit(KEY_RESULTS, cell, value)
    home.workbook.read()

    current = {title: row["Current"] for title, row in under_headers(home).items()}
    assert current == {"Cut churn": 6.5, "Else": 50, "Raise NPS": 33}


def test_cells_that_went_one_column_along_are_all_put_right() -> None:
    """What was meant for Confidence stands in Current, for which another cell was meant."""
    headers: list[Cell] = ["ID", "Objective", "Key result", "Target", "Current", "Confidence"]
    row: list[Cell] = ["KR-1", "O-1", "Cut churn", 5, 7, 0.5]
    with google_home({**TABS, KEY_RESULTS: [headers, row]}) as home:
        at_each_batch(home, None, lambda: move_cells(home, "A-BCDEF"), lost=2)
        home.workbook.save_check_in(draft("KR-1", 6.5, 0.7))
        home.workbook.read()

        assert under_headers(home)["Cut churn"] == dict(zip(headers, row, strict=True)) | {
            **{"": "", "Current": 6.5, "Confidence": 0.7}
        }


def sort_and_bring_under_a_merge(home: GoogleHome, merged: str) -> None:
    """Let the next edit go to another row, and bring that under merged cells right after."""

    def bring() -> None:
        home.api.human.merge(f"'{KEY_RESULTS}'!{merged}")
        home.edit(KEY_RESULTS, "D3", 99)
        home.api.human.sort(KEY_RESULTS, "D", descending=True)

    at_each_batch(home, lambda: sort_and_leave_anchors(home), bring)


@pytest.mark.parametrize("merged", ["E3:F3", "F3:G3"])
@pytest.mark.parametrize("was", ["", 50, "=40+10"])
def test_a_put_back_that_a_merge_swallows_is_done_again(
    home: GoogleHome, was: Cell, merged: str
) -> None:
    """As the wrong row is to get back its Current, a sort has brought it under merged cells.

    The first of these takes it at once.
    """
    home.edit(KEY_RESULTS, "F3", was or None)
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    sort_and_bring_under_a_merge(home, merged)
    home.workbook.save_edit(an_edit(KR_1, Current=6.5))
    before = 50 if was else ""
    at_once = 6.5 if merged == "E3:F3" else before
    assert under_headers(home)["Answer within a day"]["Current"] == at_once
    home.api.human.unmerge(f"'{KEY_RESULTS}'!{merged}")
    home.workbook.read()

    assert under_headers(home)["Answer within a day"]["Current"] == before


def test_what_is_not_under_a_merge_is_put_back_at_once(home: GoogleHome) -> None:
    """Target is the first of the merged cells, and Current lies under it."""
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    sort_and_bring_under_a_merge(home, "E3:F3")
    home.workbook.save_edit(an_edit(KR_1, Target=4.0, Current=6.5))
    row = under_headers(home)["Answer within a day"]
    assert (row["Target"], row["Current"]) == (90, 6.5)
    home.api.human.unmerge(f"'{KEY_RESULTS}'!E3:F3")
    home.workbook.read()

    row = under_headers(home)["Answer within a day"]
    assert (row["Target"], row["Current"]) == (90, 50)


def test_a_wrong_row_that_is_deleted_is_not_looked_for_in_others_that_hold_the_same(
    home: GoogleHome,
) -> None:
    """So the mirror of the check-in is made as soon as its row comes to rest."""
    home.edit(KEY_RESULTS, "F4", 6.5)
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))
    home.workbook.save_edit(an_edit(["", *RAISE[1:5], 6.5, "c"], "op-9", Start=33.0))

    def delete() -> None:
        titles = [row[2] for row in home.rows(KEY_RESULTS)]
        home.api.human.delete_row(KEY_RESULTS, titles.index("Answer within a day") + 1)

    at_each_batch(home, None, lambda: sort_and_leave_anchors(home), delete)
    home.workbook.save_check_in(draft(value=6.5, confidence=None))
    home.workbook.read()

    current = {title: row["Current"] for title, row in under_headers(home).items()}
    assert current == {"Cut churn": 6.5, "Raise NPS": 6.5}


@pytest.mark.parametrize("doomed", [1, 2])
def test_a_new_row_is_not_taken_for_a_deleted_one_that_was_changed(
    home: GoogleHome, doomed: int
) -> None:
    """It stands where a blank row was put right, of which the answer was lost."""
    home.edit(KEY_RESULTS, "E4", 90)
    for _ in range(3):
        home.api.human.insert_row(KEY_RESULTS, 2)
    home.workbook.save_edit(an_edit(KR_1, "op-0", Start=9.0))

    def sort() -> None:
        home.api.human.sort(KEY_RESULTS, "D", anchors_follow=False)

    at_each_batch(home, sort, None, None, lost=3)
    home.workbook.save_edit(an_edit(KR_1, Target=4.0))
    cells: tuple[tuple[str, Cell], ...] = (("Objective", "O-1"), ("Key result", "Win more"))
    home.workbook.add_row(RowDraft("add-1", KEY_RESULTS, cells, "ada@example.com", WHEN))
    for number in (4, 3)[:doomed]:
        home.api.human.delete_row(KEY_RESULTS, number)
    home.workbook.read()

    titles = {title: row.get("Target", "") for title, row in under_headers(home).items()}
    assert (titles["Cut churn"], titles["Win more"]) == (4, "")
