"""Files to take along over HTTP, without a server: the routes in an app of their own."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook
from starlette.applications import Starlette
from starlette.testclient import TestClient

from okr import file_route, picture_route, shell
from okr.digest import digest_of
from okr.pictures.choice import Choice
from okr.reading import Reading
from okr.workbooks.live import LiveWorkbook
from tests.unit.readings import (
    a_check_in,
    a_key_result,
    a_reading,
    an_objective,
    check_ins,
    serial,
)

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
FORMULA = "=HYPERLINK(1)"
REACHED = {"id": "KR-4", "key_result": "Answer sooner", "current": 45}
"""Its cell holds what came later than its first check-in."""


class Memory:
    """A workbook in memory."""

    location = "memory"

    def read(self) -> Reading:
        objectives = [an_objective(), an_objective(id="O-2", team="Care", objective="Care more")]
        rows = [a_key_result(key_result=FORMULA), a_key_result(id="KR-2", objective="O-2")]
        rows += [a_key_result(id="KR-3", target="soon"), a_key_result(**REACHED)]
        first = a_check_in(when=serial(date(2026, 5, 18)), key_result="KR-4", value=33)
        return a_reading(objectives, rows, check_ins(first))


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    live = LiveWorkbook(Memory(), clock=lambda: NOW)  # type: ignore[arg-type]
    shell.install(live, lambda: NOW)
    monkeypatch.setattr(picture_route, "allowance", picture_route.Allowance())
    with TestClient(Starlette(routes=file_route.ROUTES), "https://okr.example.com") as client:
        yield client
    live.stop()
    shell.install(None)


def table(ask: TestClient, address: str) -> list[dict[str, str]]:
    answer = ask.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, file_route.TYPES["csv"])
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_each_page_gives_its_tables(ask: TestClient) -> None:
    assert {"Growth", "Care"} < {row["Team"] for row in table(ask, "/overview.csv")}
    assert len(table(ask, "/overview.csv?file=1")) == 4
    assert {row["Team"] for row in table(ask, "/team.csv?team=Care")} == {"Care"}
    assert {row["Cell"] for row in table(ask, "/sheet_health.csv")} >= {"Key results!G4"}
    assert {row["Cell"] for row in table(ask, "/sheet_health.csv?severity=warning")} == {
        "Key results!H5"
    }
    assert len(table(ask, "/progress.csv?file=1")) == 3


def test_what_was_typed_is_never_a_formula(ask: TestClient) -> None:
    assert f"'{FORMULA}" in {row["Key result"] for row in table(ask, "/overview.csv?file=1")}
    answer = ask.get("/overview.xlsx?file=1")
    [sheet] = load_workbook(io.BytesIO(answer.content)).worksheets
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert "key-results" in answer.headers["content-disposition"]


def test_a_chart_is_given_as_a_picture(ask: TestClient) -> None:
    answer = ask.get("/progress.svg?view=teams")

    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert b"Care" in answer.content


def test_a_picture_says_whose_it_is_and_what_its_numbers_are(ask: TestClient) -> None:
    """It leaves the page, whose title and list do not go along."""
    of_one = ask.get("/progress.svg?key_result=KR-4").text
    assert "Answer sooner · " in of_one
    of_all = ask.get("/progress.svg?view=confidence").text
    assert "1: Answer sooner (Growth)" in of_all


def test_page_and_digest_compare_no_day_with_what_came_after_it(ask: TestClient) -> None:
    """The cell says that it was achieved before its first check-in, but may be of today."""
    [row] = [
        row
        for row in table(ask, "/progress.csv?view=changes")
        if row["Key result"] == "Answer sooner"
    ]
    assert (row["Sort"], row["What changed"]) == (
        "First values",
        "no data → off track, 33 of 45 points",
    )
    visit = shell.visit_at({})
    assert visit is not None
    assert row["What changed"] in digest_of(visit.board, Choice())


@pytest.mark.parametrize(
    "address",
    ["/overview.png", "/team.csv?file=7", "/team.csv?file=-1", "/progress.png?file=1"],
)
def test_what_there_is_not_is_said(ask: TestClient, address: str) -> None:
    answer = ask.get(address)

    assert answer.status_code == 404
    assert "Open the page" in answer.text


def test_who_asks_for_too_much_is_told_to_wait(ask: TestClient) -> None:
    picture_route.allowance.take()
    picture_route.allowance.at_once = picture_route.allowance.a_second = 0.0

    assert ask.get("/team.csv").status_code == 429
