"""One reading serves everybody: what viewers cost Google, by the journal of the test server."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence

import pytest

from benchmarks.page_load import Visitor
from tests.browser.board import serve, write_demo
from tests.contract.google_fixtures import account
from tests.sheets_api import SheetsApi

PAGES = ("", "team", "sheet_health", "", "team")
WATCHED = 3.0
SHEET = "https://docs.google.com/spreadsheets/d/demo/edit"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SheetsApi, str]]:
    """A board on a Google Sheet that is read every second, and the journal of that sheet."""
    folder = tmp_path_factory.mktemp("google")
    workbook = write_demo(folder / "demo.xlsx", refresh_seconds=1.0)
    with SheetsApi(workbook) as api:
        key = folder / "key.json"
        key.write_text(json.dumps(account(api.url)))
        environment = {"GOOGLE_APPLICATION_CREDENTIALS": str(key), "OKR_SHEETS_API": api.url}
        with serve(SHEET, environment=environment) as url:
            yield api, url


def reads(api: SheetsApi) -> int:
    return sum(entry["method"] == "GET" for entry in list(api.journal))


async def watch(url: str, sessions: int) -> None:
    """Let sessions open five pages each, and run them again and again for some seconds."""
    visitors = [Visitor(url) for _ in range(sessions)]
    await asyncio.gather(*(visitor.open() for visitor in visitors))
    until = time.monotonic() + WATCHED
    while time.monotonic() < until:
        for page in PAGES:
            await asyncio.gather(*(open_page(visitor, page) for visitor in visitors))
        await asyncio.sleep(0.2)
    await asyncio.gather(*(visitor.close() for visitor in visitors))


async def open_page(visitor: Visitor, page: str) -> None:
    visitor.page = page
    await visitor.run()


def reads_while_watched(company: tuple[SheetsApi, str], sessions: int) -> tuple[int, float]:
    """Count the reads, and the seconds for which somebody looked."""
    api, url = company
    before, started = reads(api), time.monotonic()
    asyncio.run(watch(url, sessions))
    return reads(api) - before, time.monotonic() - started


@pytest.mark.parametrize("sessions", [1, 20])
def test_reads_follow_the_clock_and_not_the_viewers(
    company: tuple[SheetsApi, str], sessions: int
) -> None:
    """The sheet is read once a second, whoever looks: twenty sessions cost what one costs."""
    asked, seconds = reads_while_watched(company, sessions)

    assert 1 <= asked <= seconds + 2


def test_a_refresh_is_one_request_for_all_tabs(company: tuple[SheetsApi, str]) -> None:
    api, url = company
    before = len(api.journal)
    asyncio.run(watch(url, 1))
    asked: Sequence[str] = [entry["path"] for entry in list(api.journal)[before:]]

    assert asked
    assert all("/values:batchGet" in path for path in asked)


def test_nobody_looking_asks_for_nothing(company: tuple[SheetsApi, str]) -> None:
    api, _ = company
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        before = len(api.journal)
        time.sleep(3.5)
        if len(api.journal) == before:
            return
    raise AssertionError("The sheet is still read though nobody has looked for 30 seconds.")
