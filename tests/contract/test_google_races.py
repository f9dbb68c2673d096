"""Saving while somebody moves the rows, while Google answers badly, and more than once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS
from okr.workbooks.google_attempts import MOST_RENAMED
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.interface import RefusedError, UnknownOutcomeError
from okr.workbooks.row_ids import token_id
from tests.contract.google_fixtures import COMPANY, WHEN, GoogleHome, draft, google_home

LOOK, BATCH = "GET", "POST :batchUpdate"
OTHERS = [row for row in COMPANY[KEY_RESULTS][1:] if row[0] != "KR-1"]


def key_results(home: GoogleHome) -> dict[str, list[Any]]:
    """Give the rows of key results by their title, each as wide as the headers."""
    rows = home.rows(KEY_RESULTS)[1:]
    return {row[2]: row + [""] * (7 - len(row)) for row in rows if len(row) > 2}


def assert_others_untouched(home: GoogleHome) -> None:
    found = key_results(home)
    assert [found[str(row[2])] for row in OTHERS] == OTHERS


def sort(home: GoogleHome, anchors_follow: bool = True) -> Callable[[], None]:
    """Sort by Start, which puts KR-1 last of all."""
    return lambda: home.api.human.sort(
        KEY_RESULTS, "D", descending=True, anchors_follow=anchors_follow
    )


MOVES = [
    pytest.param(lambda home: sort(home), id="sorted"),
    pytest.param(lambda home: sort(home, anchors_follow=False), id="sorted, anchors left behind"),
    pytest.param(
        lambda home: lambda: home.api.human.insert_row(KEY_RESULTS, 2, ["KR-9", "O-1", "New"]),
        id="pushed down",
    ),
]


@pytest.mark.parametrize("is_first", [True, False], ids=["first anchor", "anchored before"])
@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("nth", [1, 2], ids=["before the row", "before the mirror"])
def test_a_row_that_moves_during_the_save_is_found_again(
    home: GoogleHome, move: Any, nth: int, is_first: bool
) -> None:
    if not is_first:
        home.workbook.save_check_in(draft(operation="op-0", value=6.8, confidence=0.5))
    home.api.human.before_apply(nth, move(home), method="POST", path=":batchUpdate")

    saved = home.workbook.save_check_in(draft())

    assert key_results(home)["Cut churn"][5:] == [6.5, 0.7]
    assert_others_untouched(home)
    assert saved.is_mirrored
    assert [row[6] for row in home.rows(CHECK_INS)].count(saved.id) == 1


@pytest.mark.parametrize("nth", [1, 2], ids=["before the row", "before the mirror"])
@pytest.mark.parametrize("move", MOVES)
def test_a_row_without_an_id_that_moves_is_found_again(
    home: GoogleHome, move: Any, nth: int
) -> None:
    home.api.human.before_apply(nth, move(home), method="POST", path=":batchUpdate")

    saved = home.workbook.save_check_in(draft(None, 35, 0.6, title="Raise NPS"))

    found = key_results(home)
    assert found["Raise NPS"] == [saved.key_result_id, "O-1", "Raise NPS", 32, 45, 35, 0.6]
    assert found["Cut churn"] == COMPANY[KEY_RESULTS][1]
    assert found["Answer within a day"] == COMPANY[KEY_RESULTS][2]


COLUMN_MOVES = [
    pytest.param(
        lambda human: human.insert_column(KEY_RESULTS, "B", ["Mood", "fine"]), id="a column before"
    ),
    pytest.param(lambda human: human.move_column(KEY_RESULTS, "F", "B"), id="Current moved"),
    pytest.param(lambda human: human.move_column(KEY_RESULTS, "G", "F"), id="two exchanged"),
    pytest.param(lambda human: human.move_column(KEY_RESULTS, "A", "E"), id="the IDs moved"),
]


@pytest.mark.parametrize("nth", [1, 2, 3], ids=["the row", "the mirror", "what mends it"])
@pytest.mark.parametrize("title", ["Cut churn", "Raise NPS"], ids=["an ID", "no ID"])
@pytest.mark.parametrize("move", COLUMN_MOVES)
def test_a_column_that_moves_during_the_save_is_found_again(
    home: GoogleHome, move: Callable[[Any], None], title: str, nth: int
) -> None:
    """However late it moves, no cell of another column keeps what was meant for Current."""
    home.workbook.read()
    home.api.human.before_apply(nth, lambda: move(home.api.human), path=":batchUpdate")

    own = "KR-1" if title == "Cut churn" else None
    saved = home.workbook.save_check_in(draft(own, 6.5, 0.7, title=title))

    headers, *rows = home.rows(KEY_RESULTS)
    for before in COMPANY[KEY_RESULTS][1:]:
        was = dict(zip(COMPANY[KEY_RESULTS][0], before, strict=True))
        if was["Key result"] == title:
            was |= {"ID": saved.key_result_id, "Current": 6.5, "Confidence": 0.7}
        [now] = [row for row in rows if was["Key result"] in row]
        padded = now + [""] * (len(headers) - len(now))
        shown = dict(zip(headers, padded, strict=True))
        assert {name: shown[name] for name in was} == was
    assert saved.is_mirrored


def test_an_anchor_that_a_sort_left_behind_is_made_anew(home: GoogleHome) -> None:
    home.workbook.save_check_in(draft(operation="op-0", value=6.8))
    sort(home, anchors_follow=False)()

    with home.counted() as asked:
        home.workbook.save_check_in(draft())

    assert key_results(home)["Cut churn"][5:] == [6.5, 0.7]
    assert_others_untouched(home)
    assert asked == [LOOK, BATCH, BATCH]
    anchors = [one for one in home.api.metadata() if one["metadataKey"] == "okr.row"]
    assert 3 in [one["location"]["dimensionRange"]["startIndex"] for one in anchors]


def test_headers_that_moved_down_are_found(home: GoogleHome) -> None:
    home.workbook.read()
    for tab in (KEY_RESULTS, CHECK_INS, HISTORY):
        home.api.human.insert_row(tab, 1, ["What we want to reach"])

    saved = home.workbook.save_check_in(draft())

    assert home.row(CHECK_INS, 4)[6] == saved.id
    assert home.row(HISTORY, 3)[1] == "KR-1"
    assert home.row(KEY_RESULTS, 3)[5:] == [6.5, 0.7]


def test_a_formula_that_was_overwritten_is_put_back(home: GoogleHome) -> None:
    home.edit(KEY_RESULTS, "F3", "=40+4")
    home.workbook.save_check_in(draft(operation="op-0", value=6.8))
    home.api.human.before_apply(
        2, sort(home, anchors_follow=False), method="POST", path=":batchUpdate"
    )

    home.workbook.save_check_in(draft())

    book = home.api.spreadsheets["demo"]
    tab = next(one for one in book.tabs if one.title == KEY_RESULTS)
    formulas = [
        tab.cell(row, 5).entered for row in range(1, 4) if tab.cell(row, 0).entered == "KR-2"
    ]
    assert [getattr(one, "text", one) for one in formulas] == ["=40+4"]
    assert key_results(home)["Cut churn"][5] == 6.5


def test_a_row_that_vanishes_does_not_undo_the_check_in(home: GoogleHome) -> None:
    home.api.human.before_apply(
        2, lambda: home.api.human.delete_row(KEY_RESULTS, 2), path=":batchUpdate"
    )

    saved = home.workbook.save_check_in(draft())

    assert not saved.is_mirrored
    assert home.row(CHECK_INS, 3)[6] == saved.id
    assert_others_untouched(home)


def test_a_hand_edit_during_the_save_is_kept(home: GoogleHome) -> None:
    home.api.human.before_apply(
        1, lambda: home.edit(KEY_RESULTS, "F2", 6.9), path="/demo:batchUpdate"
    )

    saved = home.workbook.save_check_in(draft())

    assert home.row(KEY_RESULTS, 2)[5:] == [6.9, 0.7]
    assert "Current has been changed in the sheet meanwhile" in saved.remark


# ---------------------------------------------------------------- exactly once


def ids(home: GoogleHome) -> list[str]:
    return [row[6] for row in home.rows(CHECK_INS)[2:]]


def test_a_double_click_writes_once(home: GoogleHome) -> None:
    first = home.workbook.save_check_in(draft())
    with home.counted() as asked:
        second = home.workbook.save_check_in(draft())

    assert ids(home) == [first.id]
    assert asked == [LOOK]
    assert (second.id, second.was_there, second.is_mirrored) == (first.id, True, True)
    assert second.cells == first.cells


def test_two_processes_write_once(home: GoogleHome) -> None:
    other = home.another()
    other.read()
    home.before_the_batch(lambda: other.save_check_in(draft()))

    saved = home.workbook.save_check_in(draft())

    assert ids(home) == [saved.id]
    assert (saved.was_there, saved.is_mirrored) == (True, True)
    assert len(home.rows(HISTORY)) == 3


def test_an_operation_is_known_when_its_token_is_gone(home: GoogleHome) -> None:
    first = home.workbook.save_check_in(draft())
    with home.api.service.store.change("demo") as book:
        book.metadata.clear()

    again = home.another().save_check_in(draft())

    assert ids(home) == [first.id]
    assert again.was_there
    assert again.cells == first.cells


LOST = [
    pytest.param({"kind": "status", "status": 503}, id="503"),
    pytest.param({"kind": "status", "status": 500}, id="500"),
    pytest.param({"kind": "html", "status": 502}, id="html 502"),
    pytest.param({"kind": "html", "status": 200}, id="html 200"),
    pytest.param({"kind": "reset"}, id="reset"),
    pytest.param({"kind": "hang", "seconds": 1.0}, id="timeout"),
]


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_looked_into(
    home: GoogleHome, fault: dict[str, Any], applied: bool
) -> None:
    home.workbook.read()
    home.wait_little_for_write()
    home.api.faults.add(**fault, applied=applied, path=r"demo:batchUpdate")

    with home.counted() as asked:
        saved = home.workbook.save_check_in(draft())

    assert ids(home) == [saved.id]
    assert len(home.rows(HISTORY)) == 3
    assert home.row(KEY_RESULTS, 2)[5:] == [6.5, 0.7]
    assert (saved.is_mirrored, saved.was_there) == (True, False)
    looked = [one for one in asked if "developerMetadata" in one]
    assert len(looked) == (1 if applied else 3)
    assert asked.count(BATCH) == (2 if applied else 3)  # with that of the mirror
    assert sum(home.time.slept) <= 6


def test_an_answer_that_is_never_found_is_unknown(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.faults.add("status", status=503, path="demo:batchUpdate", times=None)

    with pytest.raises(UnknownOutcomeError, match="will not be written twice"):
        home.workbook.save_check_in(draft())
    assert home.sent("appendCells")[:2] == home.sent("appendCells")[2:4]


def lose_the_answer(home: GoogleHome, *, applied: bool) -> None:
    """Let nobody know whether the next batch was applied."""
    home.api.faults.add("reset", applied=applied, path=":batchUpdate")
    home.api.faults.add("status", status=503, path="developerMetadata/", times=None)
    with pytest.raises(UnknownOutcomeError):
        home.workbook.save_check_in(draft())
    home.api.faults.clear()


def test_an_unknown_outcome_is_cleared_up_by_saving_again(home: GoogleHome) -> None:
    home.workbook.read()
    lose_the_answer(home, applied=True)

    saved = home.workbook.save_check_in(draft())

    assert ids(home) == [saved.id]
    assert (saved.was_there, saved.is_mirrored) == (True, True)
    assert home.row(KEY_RESULTS, 2)[5] == 6.5


def test_a_batch_that_arrives_late_is_not_doubled(home: GoogleHome) -> None:
    """The first batch is lost on its way, and applied only when the second is on its own."""
    home.workbook.read()
    other = home.another()
    other.read()
    home.api.faults.add("status", status=503, path="demo:batchUpdate")
    calls = home.workbook._saver._calls
    tokens = iter([None, None, None])

    def token(number: int) -> str | None:
        """Find nothing three times, after which the first batch arrives."""
        found = next(tokens, "arrived")
        if found == "arrived":
            return read(number)
        home.before_the_batch(lambda: other.save_check_in(draft()))
        return None

    read, calls.token = calls.token, token  # type: ignore[method-assign]

    saved = home.workbook.save_check_in(draft())

    assert ids(home) == [saved.id]


def test_a_write_is_tried_again_when_google_had_no_time(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.faults.add("status", status=429, path="demo:batchUpdate", times=2)

    saved = home.workbook.save_check_in(draft())

    assert ids(home) == [saved.id]
    assert home.workbook.requests["retries"] == 2


def test_a_write_that_google_never_has_time_for_is_refused(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.faults.add("status", status=429, path="demo:batchUpdate", times=None)

    with pytest.raises(RefusedError, match=r"Nothing was saved\. Google allows"):
        home.workbook.save_check_in(draft())
    assert sum(home.time.slept) <= 20


def test_the_number_of_a_token_may_be_taken(home: GoogleHome) -> None:
    home.workbook.read()
    taken = {
        "metadataId": token_id("op-1"),
        "metadataKey": "okr.row",
        "metadataValue": "KR-2",
        "visibility": "DOCUMENT",
        "location": {"spreadsheet": True},
    }
    body = {"requests": [{"createDeveloperMetadata": {"developerMetadata": taken}}]}
    home.workbook._saver._calls.batch(body)

    saved = home.workbook.save_check_in(draft())

    assert ids(home) == [saved.id]
    assert not saved.was_there


# ---------------------------------------------------------------- mirrors


def lose_the_mirror(home: GoogleHome, kind: Any, **fault: Any) -> None:
    """Let the batches after the next one go wrong."""
    home.api.human.before_apply(
        1, lambda: home.api.faults.add(kind, path=":batchUpdate", **fault), path=":batchUpdate"
    )


def test_a_mirror_that_fails_is_mended_at_the_next_reading(home: GoogleHome) -> None:
    home.workbook.read()
    lose_the_mirror(home, "status", status=503)
    saved = home.workbook.save_check_in(draft())
    assert not saved.is_mirrored
    assert "the board will try again" in saved.remark

    home.workbook.read()
    assert home.row(KEY_RESULTS, 2)[5:] == [6.5, 0.7]
    with home.counted() as asked:
        home.workbook.read()
    assert len(asked) == 1


def test_a_mirror_that_was_written_after_all_is_not_written_again(home: GoogleHome) -> None:
    home.workbook.read()
    lose_the_mirror(home, "reset", applied=True)
    home.workbook.save_check_in(draft())

    with home.counted() as asked:
        home.workbook.read()
        home.workbook.read()

    # One look tells whose row was written to, the next that nothing is left to be written.
    assert asked == ["GET /values:batchGet", LOOK, LOOK, "GET /values:batchGet"]
    assert home.row(KEY_RESULTS, 2)[5:] == [6.5, 0.7]


def test_mending_never_overwrites_a_hand_edit(home: GoogleHome) -> None:
    home.workbook.read()
    lose_the_mirror(home, "status", status=503)
    home.workbook.save_check_in(draft())
    home.edit(KEY_RESULTS, "F2", 6.2)

    home.workbook.read()

    assert home.row(KEY_RESULTS, 2)[5:] == [6.2, 0.7]


def test_an_older_check_in_that_has_not_seen_a_newer_one_leaves_its_mirror_owed(
    home: GoogleHome,
) -> None:
    """Google still shows the sheet as it was before the newer one."""
    home.workbook.read()
    lose_the_mirror(home, "status", status=503)
    later = WHEN + timedelta(hours=1)
    home.workbook.save_check_in(draft(operation="op-2", value=6.2, confidence=0.9, when=later))
    home.api.faults.clear()
    home.api.faults.add("stale", method="GET", seconds=30)
    home.workbook.save_check_in(draft(operation="op-1", value=6.5, confidence=0.4))
    home.api.faults.clear()

    home.workbook.read()

    assert home.row(KEY_RESULTS, 2)[5:] == [6.2, 0.9]


def test_a_look_from_before_the_check_in_is_not_taken_for_a_hand_edit(home: GoogleHome) -> None:
    """It shows what stood there before the last check-in was mirrored, which none has ever said."""
    home.workbook.read()
    home.workbook.save_check_in(draft("KR-2", 62, None, operation="op-1"))
    home.api.faults.add("reset", applied=True, path=":batchUpdate")

    def look_back() -> None:
        home.api.faults.add("stale", method="GET", path=r"demo\?", seconds=30)

    home.api.human.before_apply(1, look_back, path=":batchUpdate")
    home.workbook.save_check_in(draft("KR-2", 61, None, operation="op-2"))
    home.api.faults.clear()

    home.workbook.read()

    assert home.row(KEY_RESULTS, 3)[5] == 61


def save_while_typing(home: GoogleHome) -> None:
    """Save, and let the answer to the mirror be lost; somebody types 6.2 just before."""
    lose_the_mirror(home, "reset", applied=True)
    home.before_the_batch(lambda: home.edit(KEY_RESULTS, "F2", 6.2))
    home.workbook.save_check_in(draft())


def save_before_typing(home: GoogleHome) -> None:
    """Save, of which nobody knows; somebody types 6.2 just after."""
    lose_the_answer(home, applied=True)
    home.edit(KEY_RESULTS, "F2", 6.2)


def save_and_take_back(home: GoogleHome) -> None:
    """Save, and let somebody type 6.2 again, which stood there before."""
    home.workbook.save_check_in(draft())
    home.edit(KEY_RESULTS, "F2", 6.2)


@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize("first", [save_while_typing, save_before_typing, save_and_take_back])
def test_a_check_in_is_not_mirrored_anew_by_a_look_from_before_it(
    first: Callable[[GoogleHome], None], is_lost: bool
) -> None:
    """What was typed seems to have stood there when the same is saved once more."""
    tabs = {title: [[*row] for row in rows] for title, rows in COMPANY.items()}
    tabs[KEY_RESULTS][1][5] = 6.2
    with google_home(tabs) as home:
        home.edit(KEY_RESULTS, "F2", 6.9)
        home.workbook.read()
        first(home)
        home.api.faults.add("stale", method="GET", path=r"demo\?", seconds=3600, times=None)
        if is_lost:
            lose_the_answer(home, applied=False)
        else:
            home.workbook.save_check_in(draft())
            home.api.faults.clear()
        home.workbook.save_check_in(draft())
        home.workbook.read()

        assert home.row(KEY_RESULTS, 2)[5:] == [6.2, 0.7]


def test_the_look_that_shows_that_a_check_in_is_there_tells_of_its_row_too(
    home: GoogleHome,
) -> None:
    """One more might be older: from before somebody typed."""
    home.workbook.read()
    lose_the_answer(home, applied=True)
    home.edit(KEY_RESULTS, "F2", 6.2)

    with home.counted() as asked:
        saved = home.workbook.save_check_in(draft())

    assert asked == [LOOK, BATCH]
    assert home.row(KEY_RESULTS, 2)[5:] == [6.2, 0.7]
    assert "has been changed in the sheet" in saved.remark


def test_a_newer_check_in_that_a_sort_has_taken_up_is_seen(home: GoogleHome) -> None:
    """It stands among rows that were read before, and the last of these where it stood."""
    home.edit(CHECK_INS, "A3", 46162.6)
    home.edit(CHECK_INS, "B3", "KR-2")
    home.edit(CHECK_INS, "C3", 60)
    home.workbook.read()
    later = WHEN + timedelta(minutes=15)
    home.another().save_check_in(draft(operation="op-2", value=6.2, when=later))
    home.api.human.move_row(CHECK_INS, 4, 2)
    home.api.human.move_row(CHECK_INS, 4, 3)
    assert [row[1] for row in home.rows(CHECK_INS)[1:]] == ["KR-1", "KR-2", "KR-1"]
    home.workbook.save_check_in(draft(operation="op-1", value=6.5))

    assert home.row(KEY_RESULTS, 2)[5] == 6.2


def test_a_mirror_is_written_when_its_row_is_back(home: GoogleHome) -> None:
    home.workbook.read()
    lose_the_mirror(home, "status", status=503)
    home.workbook.save_check_in(draft())
    home.edit(KEY_RESULTS, "A2", "KR-I")
    for _ in range(8):
        home.workbook.read()
    assert home.row(KEY_RESULTS, 2)[5:] == [7, 0.5]

    home.edit(KEY_RESULTS, "A2", "KR-1")
    home.workbook.read()

    assert home.row(KEY_RESULTS, 2)[5:] == [6.5, 0.7]


def test_an_id_that_was_not_written_is_written_later(home: GoogleHome) -> None:
    home.workbook.read()
    lose_the_mirror(home, "status", status=503)
    saved = home.workbook.save_check_in(draft(None, 35, None, title="Raise NPS"))

    home.workbook.read()

    assert home.row(KEY_RESULTS, 4)[:1] == [saved.key_result_id]
    assert home.row(KEY_RESULTS, 4)[5] == 35


def test_a_mirror_is_not_tried_for_ever(home: GoogleHome) -> None:
    home.workbook.read()
    lose_the_mirror(home, "status", status=503, times=None)
    home.workbook.save_check_in(draft())
    for _ in range(8):
        home.workbook.read()
    with home.counted() as asked:
        home.workbook.read()

    assert asked == ["GET /values:batchGet"]


def test_a_newer_check_in_settles_an_older_mirror(home: GoogleHome) -> None:
    home.workbook.read()
    lose_the_mirror(home, "status", status=503)
    home.workbook.save_check_in(draft())
    home.workbook.save_check_in(draft(operation="op-2", value=6, when=WHEN.replace(minute=45)))

    home.workbook.read()

    assert home.row(KEY_RESULTS, 2)[5] == 6


@pytest.mark.parametrize(
    "words", ["Unable to parse range: 'Updates'!A1", "Range (A9) exceeds grid limits. Max rows: 8"]
)
def test_a_tab_that_never_comes_to_rest_is_told(
    home: GoogleHome, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    home.workbook.read()
    looks = list[str]()

    def refuse(*_: Any) -> None:
        looks.append(words)
        raise RequestFailedError(Trouble.INVALID, words)

    monkeypatch.setattr(home.workbook._saver._calls, "look", refuse)
    with pytest.raises(RefusedError, match="A tab is being renamed or shortened"):
        home.workbook.save_check_in(draft())
    assert len(looks) == MOST_RENAMED
