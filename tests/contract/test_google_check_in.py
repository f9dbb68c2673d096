"""Saving a check-in to a Google Sheet: what is written, where, and what is left alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS
from okr.workbooks.interface import RefusedError
from tests.contract.google_fixtures import COMPANY, EMAIL, WHEN, WHEN_SERIAL, GoogleHome, draft
from tests.contract.google_fixtures import google_home as a_home

LOOK, BATCH = "GET", "POST :batchUpdate"


def test_a_check_in_is_a_row_a_line_of_history_and_a_mirror(home: GoogleHome) -> None:
    saved = home.workbook.save_check_in(draft())

    row = home.row(CHECK_INS, 3)
    assert row[0] == pytest.approx(WHEN_SERIAL)
    assert row[1:] == ["KR-1", 6.5, 0.7, "Better onboarding", "ada@example.com", saved.id]
    by = ["ada@example.com", "board"]
    assert [row[1:] for row in home.rows(HISTORY)[1:]] == [
        ["KR-1", KEY_RESULTS, "Current", 7, 6.5, *by],
        ["KR-1", KEY_RESULTS, "Confidence", 0.5, 0.7, *by],
    ]
    assert home.row(KEY_RESULTS, 2)[5:] == [6.5, 0.7]
    assert (saved.is_mirrored, saved.was_there, saved.remark) == (True, False, "")
    assert saved.key_result_id == "KR-1"


def test_what_is_told_of_it_is_what_a_reading_gives(home: GoogleHome) -> None:
    saved = home.workbook.save_check_in(draft())

    [tab] = [one for one in home.workbook.read().tabs if one.title == CHECK_INS]
    assert tuple(zip(COMPANY[CHECK_INS][0], tab.rows[2], strict=True)) == saved.cells


def test_a_check_in_is_three_requests(home: GoogleHome) -> None:
    home.workbook.read()
    with home.counted() as first:
        home.workbook.save_check_in(draft())
    with home.counted() as second:
        home.workbook.save_check_in(draft(operation="op-2", value=6))

    assert first == [LOOK, BATCH, BATCH]
    assert second == [LOOK, BATCH, BATCH]


def test_a_check_in_that_changes_nothing_in_its_row_is_two(home: GoogleHome) -> None:
    home.workbook.read()
    with home.counted() as asked:
        saved = home.workbook.save_check_in(draft(value=None, confidence=None))

    assert asked == [LOOK, BATCH]
    assert saved.is_mirrored
    assert home.row(HISTORY, 2)[3:6] == ["Note", "", "Better onboarding"]


def test_a_row_and_the_one_below_have_one_anchor_each(home: GoogleHome) -> None:
    home.workbook.save_check_in(draft())
    home.workbook.save_check_in(draft(operation="op-2", value=6))

    anchors = [one for one in home.api.metadata() if one["metadataKey"] == "okr.row"]
    assert [one["metadataValue"] for one in anchors] == ["KR-1", "KR-2"]


def test_the_day_is_shown_as_one(home: GoogleHome) -> None:
    home.workbook.save_check_in(draft())

    book = home.api.spreadsheets["demo"]
    cell = next(tab for tab in book.tabs if tab.title == CHECK_INS).cell(2, 0)
    assert cell.format == {"numberFormat": {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"}}


def test_formats_that_people_made_are_kept(home: GoogleHome) -> None:
    home.api.human.format(f"'{CHECK_INS}'!A2:A20", "DATE", "d mmm")
    home.api.human.format(f"'{CHECK_INS}'!C2:C20", "NUMBER", "0.00")

    home.workbook.save_check_in(draft())

    tab = next(t for t in home.api.spreadsheets["demo"].tabs if t.title == CHECK_INS)
    shapes = [(tab.cell(2, at).format or {}).get("numberFormat") for at in (0, 2)]
    assert shapes == [{"type": "DATE", "pattern": "d mmm"}, {"type": "NUMBER", "pattern": "0.00"}]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "1/2", "007", "TRUE", "'quoted"])
def test_what_people_type_stays_text(home: GoogleHome, text: str) -> None:
    home.workbook.save_check_in(draft(note=text, value=text))

    assert home.row(CHECK_INS, 3)[2] == text
    assert home.row(CHECK_INS, 3)[4] == text
    assert home.row(KEY_RESULTS, 2)[5] == text


def test_done_is_a_boolean(home: GoogleHome) -> None:
    home.workbook.save_check_in(draft(value=True))

    assert home.row(CHECK_INS, 3)[2] is True
    assert home.row(KEY_RESULTS, 2)[5] is True


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param("=6+1", "Current holds a formula", id="formula"),
        pytest.param("#REF!", "Current shows an error", id="error"),
    ],
)
def test_a_computed_current_is_left_alone(home: GoogleHome, value: str, words: str) -> None:
    home.edit(KEY_RESULTS, "F2", value)
    before = home.row(KEY_RESULTS, 2)[5]

    saved = home.workbook.save_check_in(draft())

    assert home.row(KEY_RESULTS, 2)[5:] == [before, 0.7]
    assert not saved.is_mirrored
    assert words in saved.remark


def test_a_merged_current_is_left_alone(home: GoogleHome) -> None:
    home.api.human.merge(f"'{KEY_RESULTS}'!F2:F3")

    assert "is merged" in home.workbook.save_check_in(draft()).remark
    assert home.row(KEY_RESULTS, 2)[5] == 7


def test_a_protected_current_is_left_alone(home: GoogleHome) -> None:
    home.api.human.protect(f"'{KEY_RESULTS}'!F1:F9")

    saved = home.workbook.save_check_in(draft(confidence=None))

    assert saved.remark == "Current is protected, and was left as it is."
    assert home.row(KEY_RESULTS, 2)[5:] == [7, 0.5]


def test_a_row_that_google_bars_is_left_alone(home: GoogleHome) -> None:
    """Somebody protects the cell right after the board has looked."""
    home.api.human.before_apply(
        2, lambda: home.api.human.protect(f"'{KEY_RESULTS}'!F1:F9"), path=":batchUpdate"
    )

    saved = home.workbook.save_check_in(draft())

    assert "its row is protected" in saved.remark
    assert home.row(CHECK_INS, 3)[6] == saved.id
    with home.counted() as asked:
        home.workbook.read()
    assert asked == ["GET /values:batchGet"]


def test_a_newer_check_in_keeps_its_place_in_current(home: GoogleHome) -> None:
    home.workbook.save_check_in(draft())
    older = draft(operation="op-2", value=9, when=WHEN - timedelta(days=2))

    saved = home.workbook.save_check_in(older)

    assert home.row(KEY_RESULTS, 2)[5] == 6.5
    assert "newer check-in" in saved.remark


def test_the_newest_is_told_by_the_clock_of_the_workbook(home: GoogleHome) -> None:
    """Settings name a zone that is ahead of the spreadsheet's."""
    ahead = WHEN + timedelta(hours=14)
    home.workbook.save_check_in(draft(value=9, when=ahead))
    late = draft(operation="op-2", when=ahead - timedelta(days=2))

    saved = home.workbook.save_check_in(replace(late, written=ahead + timedelta(minutes=1)))

    assert home.row(KEY_RESULTS, 2)[5] == 9
    assert "newer check-in" in saved.remark


def test_columns_may_stand_in_any_order() -> None:
    tabs = {
        "Objectives": COMPANY["Objectives"],
        "KRs": [
            ["Our key results of this quarter"],
            ["Actual", "Notes of ours", "KR", "Objective", "Key"],
            [7, "mine", "Cut churn", "O-1", "KR-1"],
        ],
        "Updates": [
            ["Comment", "ours", "Who", "Check-in ID", "Value", "KR", "Date", "Confidence"],
        ],
    }
    with a_home(tabs) as home:
        saved = home.workbook.save_check_in(draft(confidence=None))

        row = home.row("Updates", 2)
        assert row[:6] == ["Better onboarding", "", "ada@example.com", saved.id, 6.5, "KR-1"]
        assert home.row("KRs", 3) == [6.5, "mine", "Cut churn", "O-1", "KR-1"]


def test_missing_tabs_are_added_at_first_need() -> None:
    tabs = {title: COMPANY[title] for title in ("Objectives", KEY_RESULTS)}
    with a_home(tabs) as home:
        home.workbook.read()
        with home.counted() as asked:
            home.workbook.save_check_in(draft())

        assert home.rows(CHECK_INS)[0] == COMPANY[CHECK_INS][0]
        assert home.rows(HISTORY)[0] == COMPANY[HISTORY][0]
        assert home.row(CHECK_INS, 2)[1] == "KR-1"
        assert asked == [LOOK, BATCH, BATCH]
        assert CHECK_INS in [tab.title for tab in home.workbook.read().tabs]


def test_an_empty_tab_is_given_headers() -> None:
    with a_home({**COMPANY, CHECK_INS: []}) as home:
        home.workbook.save_check_in(draft())

        assert home.rows(CHECK_INS)[0] == COMPANY[CHECK_INS][0]
        assert len(home.rows(CHECK_INS)) == 2


def test_a_tab_that_somebody_has_just_added_is_used() -> None:
    tabs = {title: COMPANY[title] for title in ("Objectives", KEY_RESULTS)}
    with a_home(tabs) as home:
        home.workbook.read()
        home.api.human.add_tab(CHECK_INS, COMPANY[CHECK_INS])

        home.workbook.save_check_in(draft())

        assert len(home.rows(CHECK_INS)) == 3


def test_a_renamed_tab_is_found(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.human.rename_tab(KEY_RESULTS, "KRs")

    home.workbook.save_check_in(draft())

    assert home.row("KRs", 2)[5] == 6.5


def test_columns_that_have_moved_since_the_reading_are_found(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.human.move_column(KEY_RESULTS, "F", "A")
    home.api.human.insert_column(CHECK_INS, "A", ["Mood"])

    home.workbook.save_check_in(draft())

    assert home.row(KEY_RESULTS, 2)[:2] == [6.5, "KR-1"]
    assert home.row(CHECK_INS, 3)[2] == "KR-1"


@pytest.mark.parametrize("column", ["ID", "Note"])
def test_check_ins_without_a_needed_column_are_refused(home: GoogleHome, column: str) -> None:
    home.api.human.rename_header(CHECK_INS, column, "Whatever")

    with pytest.raises(RefusedError, match=f"no column {column}"):
        home.workbook.save_check_in(draft())

    assert len(home.rows(CHECK_INS)) == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"value": float("nan")}, "not a number", id="nan"),
        pytest.param({"note": "x" * 50_001}, "the note has 50,001 characters", id="too long"),
        pytest.param(
            {"key_result": "KR-404"}, "KR-404 is not in “Key results” any more", id="gone"
        ),
        pytest.param(
            {"key_result": None, "title": "Long gone"}, "“Long gone” is not in", id="no such title"
        ),
    ],
)
def test_what_cannot_be_saved_is_refused(
    home: GoogleHome, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        home.workbook.save_check_in(draft(**changes))

    assert len(home.rows(CHECK_INS)) == 2


def test_a_doubled_id_is_refused(home: GoogleHome) -> None:
    home.api.human.copy_row(KEY_RESULTS, 2, 4)

    with pytest.raises(RefusedError, match="KR-1 stands in “Key results” more than once"):
        home.workbook.save_check_in(draft())


def test_a_row_without_an_id_is_given_one(home: GoogleHome) -> None:
    home.workbook.read()
    with home.counted() as asked:
        saved = home.workbook.save_check_in(draft(None, 35, None, title="Raise NPS"))

    assert saved.key_result_id.startswith("KR-") and len(saved.key_result_id) == 7
    assert home.row(KEY_RESULTS, 4) == [saved.key_result_id, "O-1", "Raise NPS", 32, 45, 35]
    assert home.row(CHECK_INS, 3)[1] == saved.key_result_id
    assert asked == [LOOK, BATCH, BATCH]


def test_a_row_that_got_its_id_meanwhile_keeps_it(home: GoogleHome) -> None:
    home.edit(KEY_RESULTS, "A4", "KR-3")

    saved = home.workbook.save_check_in(draft(None, 35, None, title="Raise NPS"))

    assert saved.key_result_id == "KR-3"


def test_two_who_save_to_a_row_without_an_id_give_it_the_same(home: GoogleHome) -> None:
    other = home.another()
    other.read()
    second = draft(None, 36, None, title="Raise NPS", operation="op-2")
    ids: list[str] = []
    home.before_the_batch(lambda: ids.append(other.save_check_in(second).key_result_id))
    first = home.workbook.save_check_in(draft(None, 35, None, title="Raise NPS"))

    assert ids == [first.key_result_id]
    assert [row[1] for row in home.rows(CHECK_INS)[2:]] == [first.key_result_id] * 2
    assert home.row(KEY_RESULTS, 4)[0] == first.key_result_id


def test_a_share_that_is_for_viewing_only_is_told(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.faults.add("status", status=403, path=":batchUpdate", times=None)

    with pytest.raises(RefusedError, match=f"Nothing was saved: {EMAIL} may not write"):
        home.workbook.save_check_in(draft())


def test_a_share_that_is_gone_is_told(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.faults.add("status", status=403, times=None)

    with pytest.raises(RefusedError, match=f"Nothing was saved.*{EMAIL} as Editor"):
        home.workbook.save_check_in(draft())


def test_a_key_that_is_missing_is_a_refusal(home: GoogleHome) -> None:
    home.workbook._credentials = {}

    with pytest.raises(RefusedError, match=r"Nothing was saved\. The service account's key lacks"):
        home.workbook.save_check_in(draft())


def test_old_tokens_are_cleared_away(home: GoogleHome) -> None:
    home.workbook.save_check_in(draft())
    home.time.seconds += 3700
    home.workbook.save_check_in(draft(operation="op-2", value=6))

    tokens = [one for one in home.api.metadata() if one["metadataKey"] == "okr.op"]
    assert [one["metadataValue"].partition("@")[2] for one in tokens] == ["op-2", "turn 2"]
