"""Reading a Google Sheet: what is asked, how often, and what comes of it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from okr.columns import CHECK_INS, KEY_RESULTS, OBJECTIVES
from okr.reading import Reading, Tab
from okr.workbooks import google_refresh
from okr.workbooks.google import GoogleWorkbook
from okr.workbooks.interface import ReadError
from tests.contract.google_fixtures import (
    COMPANY,
    EMAIL,
    GoogleHome,
    account,
    google_home,
)

GET = "GET /values:batchGet"


def tab(reading: Reading, title: str) -> Tab:
    [found] = [one for one in reading.tabs if one.title == title]
    return found


def test_cells_come_with_their_types(home: GoogleHome) -> None:
    home.edit(KEY_RESULTS, "H1", "Due")
    home.edit(KEY_RESULTS, "H2", 46203)
    home.edit(KEY_RESULTS, "H3", True)
    home.edit(KEY_RESULTS, "H4", "#N/A")

    rows = tab(home.workbook.read(), KEY_RESULTS).rows

    assert rows[1] == ("KR-1", "O-1", "Cut churn", 8.0, 5.0, 7.0, 0.5, 46203.0)
    assert isinstance(rows[1][3], float)
    assert rows[2][5:] == ("", "", True)
    assert rows[3][7] == "#N/A"


def test_the_reading_says_where_it_comes_from(home: GoogleHome) -> None:
    reading = home.workbook.read()

    assert reading.source.title == "Acme OKRs"
    assert reading.source.link("Key results!C2") == (
        "https://docs.google.com/spreadsheets/d/demo/edit#gid=1&range=C2"
    )
    assert reading.source.gids[OBJECTIVES] == 0
    assert (reading.locale, reading.timezone) == ("en_US", "Etc/GMT")
    assert reading.read_at == home.time.now()


def test_a_refresh_is_one_request(home: GoogleHome) -> None:
    with home.counted() as first:
        home.workbook.read()
    with home.counted() as second:
        home.workbook.read()

    assert first == ["GET", GET]
    assert second == [GET]


def test_a_reply_that_has_not_changed_is_not_parsed_again(
    home: GoogleHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.workbook.read()
    first = home.workbook.read()

    def parse(*_: Any, **__: Any) -> Any:
        raise AssertionError("the reply was parsed again")

    monkeypatch.setattr(google_refresh, "parse_reply", parse)
    home.time.seconds += 15
    again = home.workbook.read()

    assert again.revision == first.revision
    assert again.tabs is first.tabs
    assert (again.read_at - first.read_at).total_seconds() == 15


def test_rows_that_have_not_changed_are_the_same_objects(home: GoogleHome) -> None:
    before = tab(home.workbook.read(), KEY_RESULTS).rows
    home.api.human.insert_row(KEY_RESULTS, 2, ["KR-9", "O-1", "New", 0, 1])

    after = tab(home.workbook.read(), KEY_RESULTS).rows

    assert [row is old for row, old in zip(after[2:], before[1:], strict=True)] == [True] * 3
    assert after[1][0] == "KR-9"


def test_true_is_not_one(home: GoogleHome) -> None:
    home.edit(KEY_RESULTS, "F3", 1)
    home.workbook.read()
    home.edit(KEY_RESULTS, "F3", True)

    assert tab(home.workbook.read(), KEY_RESULTS).rows[2][5] is True


def test_the_revision_follows_the_content(home: GoogleHome) -> None:
    first = home.workbook.read()
    home.edit(KEY_RESULTS, "F2", 6)
    second = home.workbook.read()
    home.edit(KEY_RESULTS, "F2", 7)
    third = home.workbook.read()

    assert first.revision == third.revision != second.revision


def test_check_ins_are_read_from_the_last_known_row_on(home: GoogleHome) -> None:
    home.workbook.read()
    home.edit(CHECK_INS, "A3", 46160)

    grown = home.workbook.read()

    assert f"'{CHECK_INS}'!A2:ZZZ" in home.asked()
    assert f"'{KEY_RESULTS}'" in home.asked()
    assert len(tab(grown, CHECK_INS).rows) == 3
    home.workbook.read()
    assert f"'{CHECK_INS}'!A3:ZZZ" in home.asked()


def test_a_growing_tab_has_the_revision_of_one_read_whole(home: GoogleHome) -> None:
    home.workbook.read()
    home.edit(CHECK_INS, "A3", 46160)

    assert home.workbook.read().revision == home.another().read().revision


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda human: human.delete_row(CHECK_INS, 2), id="deleted"),
        pytest.param(lambda human: human.edit(f"'{CHECK_INS}'!E2", "mended"), id="edited"),
        pytest.param(lambda human: human.insert_row(CHECK_INS, 2, [46140]), id="pushed down"),
    ],
)
def test_a_last_check_in_that_is_not_as_it_was_is_noticed_at_once(
    home: GoogleHome, act: Any
) -> None:
    home.workbook.read()
    act(home.api.human)

    rows = tab(home.workbook.read(), CHECK_INS).rows

    fresh = tab(home.another().read(), CHECK_INS).rows
    assert list(rows) == list(fresh)


def test_a_check_in_that_a_sort_has_taken_up_is_read(home: GoogleHome) -> None:
    """It stands among those that were read before, and the last of these where it stood."""
    home.edit(CHECK_INS, "A3", 46160)
    home.workbook.read()
    home.edit(CHECK_INS, "A4", 46170)
    home.api.human.move_row(CHECK_INS, 4, 2)
    home.api.human.move_row(CHECK_INS, 4, 3)

    rows = tab(home.workbook.read(), CHECK_INS).rows
    assert [row[0] for row in rows[1:]] == [46170, 46160, 46150.5]


def test_everything_is_read_whole_every_ten_minutes(home: GoogleHome) -> None:
    home.edit(CHECK_INS, "A3", 46160)
    home.workbook.read()
    home.edit(CHECK_INS, "E2", "mended afterwards")
    assert tab(home.workbook.read(), CHECK_INS).rows[1][4] == "steady"

    home.time.seconds += 600
    with home.counted() as asked:
        rows = tab(home.workbook.read(), CHECK_INS).rows

    assert rows[1][4] == "mended afterwards"
    assert asked == ["GET", GET]


def test_a_renamed_tab_is_found_again(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.human.rename_tab(KEY_RESULTS, "KRs")

    with home.counted() as asked:
        reading = home.workbook.read()

    assert tab(reading, "KRs").rows[1][0] == "KR-1"
    assert asked == [GET, "GET", GET]


def test_a_deleted_tab_is_gone(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.human.delete_tab(CHECK_INS)

    assert CHECK_INS not in [one.title for one in home.workbook.read().tabs]


def test_a_tab_that_has_become_shorter_is_read_anew(home: GoogleHome) -> None:
    for row in range(3, 100):
        home.edit(CHECK_INS, f"A{row}", 46160)
    home.workbook.read()
    for _ in range(98):
        home.api.human.delete_row(CHECK_INS, 3)

    assert len(tab(home.workbook.read(), CHECK_INS).rows) == 2


def test_odd_tabs_do_no_harm() -> None:
    odd = {"O'Brien! A1:B2": [["x", 1]], **COMPANY, "Teams": [], "Cycles": [[], ["Cycle"]]}
    with google_home(odd) as home:
        reading = home.workbook.read()

    assert [one.title for one in reading.tabs] == [*COMPANY, "Teams", "Cycles"]
    assert list(tab(reading, "Teams").rows) == []
    assert list(tab(reading, "Cycles").rows) == [(), ("Cycle",)]


def test_merges_and_hidden_tabs_are_told(home: GoogleHome) -> None:
    home.api.human.merge(f"'{KEY_RESULTS}'!B2:B3")

    assert tab(home.workbook.read(), KEY_RESULTS).merged == ((1, 1, 2, 1),)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        pytest.param({"kind": "status", "status": 403}, f"Share it with {EMAIL}", id="403"),
        pytest.param({"kind": "status", "status": 404}, "There is no sheet at", id="404"),
        pytest.param({"kind": "status", "status": 429}, "no more requests", id="429"),
        pytest.param({"kind": "status", "status": 503}, "out of order", id="503"),
        pytest.param({"kind": "html", "status": 502}, "out of order", id="html 502"),
        pytest.param({"kind": "html", "status": 200}, "out of order", id="html 200"),
        pytest.param({"kind": "reset"}, "did not answer in time", id="reset"),
    ],
)
def test_a_reading_that_fails_says_how_to_mend_it(
    home: GoogleHome, fault: dict[str, Any], message: str
) -> None:
    home.api.faults.add(**fault, times=None)

    with pytest.raises(ReadError, match=message):
        home.workbook.read()

    assert sum(home.time.slept) <= 20


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 503}, {"kind": "html", "status": 200}, {"kind": "reset"}]
)
def test_a_reading_is_tried_again(home: GoogleHome, fault: dict[str, Any]) -> None:
    home.api.faults.add(**fault, times=2)

    assert home.workbook.read().tabs
    assert home.workbook.requests["retries"] == 2


def test_google_is_given_the_time_it_asks_for(home: GoogleHome) -> None:
    home.api.faults.add("status", status=429, retry_after=12)

    home.workbook.read()

    assert home.time.slept == [12.0]


def test_a_token_that_has_expired_is_fetched_anew(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.service.tokens.revoke_all()

    assert home.workbook.read().tabs


def test_only_the_spreadsheets_scope_is_asked_for(home: GoogleHome) -> None:
    home.workbook.read()

    [scopes] = home.api.service.tokens._scopes.values()
    assert scopes == ["https://www.googleapis.com/auth/spreadsheets"]


def test_a_refused_key_points_at_the_clock(home: GoogleHome) -> None:
    key = account(home.api.url) | {"token_uri": f"{home.api.url}/elsewhere"}
    workbook = GoogleWorkbook("demo", key, home.api.url)

    with pytest.raises(ReadError, match=f"does not accept the key of {EMAIL}.*clock"):
        workbook.read()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "There is no key file at", id="missing"),
        pytest.param("not json", "is not JSON", id="garbage"),
        pytest.param("{}", "lacks client_email, private_key, token_uri", id="another JSON file"),
    ],
)
def test_a_key_file_that_is_none_is_named(
    tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "key.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(ReadError, match=message):
        GoogleWorkbook("demo", path).read()


def test_a_damaged_private_key_is_told() -> None:
    key = account("http://127.0.0.1:9") | {"private_key": "-----BEGIN PRIVATE KEY-----"}

    with pytest.raises(ReadError, match="private key is damaged"):
        GoogleWorkbook("demo", key).read()


@pytest.mark.parametrize("root", ["http://sheets.example.com", "ftp://127.0.0.1", "127.0.0.1:80"])
def test_a_token_is_never_sent_in_the_clear(root: str) -> None:
    with pytest.raises(ReadError, match="OKR_SHEETS_API is"):
        GoogleWorkbook("demo", {}, root)


@pytest.mark.parametrize(
    "root", ["https://sheets.example.com", "http://localhost:1", "http://[::1]:1"]
)
def test_another_address_of_the_api_may_be_given(root: str) -> None:
    address = GoogleWorkbook("demo", {}, root).location

    assert address == "https://docs.google.com/spreadsheets/d/demo/edit", "people open it as ever"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/sheet",
        "https://docs.google.com/spreadsheets/d/e/2PACX-1/pubhtml",
        "our okrs.xlsx",
        "",
    ],
)
def test_an_address_that_is_no_sheet_is_refused(address: str) -> None:
    with pytest.raises(ReadError, match="not the address of a Google Sheet"):
        GoogleWorkbook(address, {})


def test_a_local_workbook_never_waits_for_gspread() -> None:
    code = "import sys, okr.workbooks.google; print({'gspread', 'requests'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_nobody_answers(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.stop()
    home.workbook._client().session.close()

    with pytest.raises(ReadError, match=r"cannot be reached|did not answer"):
        home.workbook.read()
    home.api.stop = lambda: None  # type: ignore[method-assign]
