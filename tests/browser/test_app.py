"""The board as it is served: addresses, headers, health, failures, and what it never asks for."""

import http.server
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from okr.demo import build_demo
from okr.workbooks.xlsx_writing import write_workbook
from tests.browser.board import Visit, serve, strangers, wait_until_ready, write_demo

pytestmark = pytest.mark.browser

PAGES = ["", "team?team=%3Cimg%20src%3Dx%3E", "team?cycle=all", "cascade", "sheet_health"]
"""The first team is asked for by a name that nobody has, so its page says so and shows the first.
"""


def answer(url: str) -> tuple[int, dict[str, str], str]:
    """Ask for an address; give the status, the headers in lower case, and the text."""
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:
            headers = {name.lower(): value for name, value in reply.headers.items()}
            return reply.status, headers, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, {}, error.read().decode()


def query(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def picked(page: Page, label: str) -> str:
    return page.get_by_role("combobox", name=label).input_value()


def quarters() -> tuple[str, str]:
    """Name the two cycles of the demo: the quarter before that of today, and that of today."""
    day = datetime.now(UTC).date()
    number = 4 * day.year + (day.month - 1) // 3
    last, this = ((n // 4, n % 4 + 1) for n in (number - 1, number))
    return f"{last[0]}-Q{last[1]}", f"{this[0]}-Q{this[1]}"


LAST, THIS = quarters()


class TestAddresses:
    def test_the_very_first_visit_may_be_a_deep_link(self, tmp_path: Path, visit: Visit) -> None:
        with serve(write_demo(tmp_path / "demo.xlsx")) as url:
            page = visit(f"{url}/team?team=Platform&cycle={LAST}")

            expect(page.get_by_role("link", name="Sheet health").first).to_be_visible()
            assert (picked(page, "Team"), picked(page, "Cycle")) == ("Platform", LAST)
            expect(page.get_by_role("heading", name="Platform").first).to_be_visible()

    def test_choices_survive_a_change_of_page(self, board_url: str, visit: Visit) -> None:
        page = visit(f"{board_url}/team?team=Platform&cycle={LAST}")

        page.get_by_role("link", name="Overview", exact=True).first.click()
        page.wait_for_url(f"{board_url}/?cycle={LAST}")
        wait_until_ready(page)
        page.get_by_role("link", name="Team", exact=True).first.click()
        page.wait_for_url(f"{board_url}/team?*team=Platform")

        wait_until_ready(page)
        assert query(page) == {"cycle": LAST, "team": "Platform"}
        assert (picked(page, "Team"), picked(page, "Cycle")) == ("Platform", LAST)

    def test_choices_stay_in_the_address_while_a_form_takes_the_place_of_their_pickers(
        self, board_url: str, visit: Visit
    ) -> None:
        page = visit(f"{board_url}/team?team=Platform&cycle={LAST}")

        page.get_by_role("link", name="Check in").first.click()
        page.wait_for_url("**key_result=**")
        expect(page.get_by_label("Value", exact=True)).to_be_visible()
        expect(page.get_by_role("combobox", name="Team")).to_be_hidden()
        wait_until_ready(page)
        assert query(page).items() >= {"cycle": LAST, "team": "Platform"}.items()
        page.get_by_role("link", name="Close it").click()
        expect(page.get_by_role("combobox", name="Team")).to_be_visible()

        wait_until_ready(page)
        assert query(page) == {"cycle": LAST, "team": "Platform"}
        assert (picked(page, "Team"), picked(page, "Cycle")) == ("Platform", LAST)

    def test_on_a_phone_all_pages_are_in_sight_and_leave_the_page_its_width(
        self, board_url: str, visit: Visit
    ) -> None:
        page = visit(f"{board_url}/team?cycle={LAST}")
        page.set_viewport_size({"width": 390, "height": 800})

        page.get_by_role("navigation", name="Pages").get_by_text("Sheet health").click()
        page.wait_for_url(f"{board_url}/sheet_health?cycle={LAST}")

        wait_until_ready(page)
        box = page.get_by_test_id("stMain").bounding_box()
        assert box is not None
        assert (box["x"], box["width"]) == (0, 390)
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_hidden()

    def test_the_address_names_what_is_chosen_and_not_what_is_there_by_default(
        self, board_url: str, visit: Visit
    ) -> None:
        page = visit(f"{board_url}/team")
        assert (picked(page, "Team"), picked(page, "Cycle")) == ("Larkfield", THIS)
        assert query(page) == {}

        page.get_by_role("combobox", name="Team").click()
        page.get_by_role("option", name="Platform", exact=True).click()
        page.wait_for_url("**/team?team=Platform")
        page.get_by_role("combobox", name="Cycle").click()
        page.get_by_role("option", name="all", exact=True).click()
        page.wait_for_url("**cycle=all**")

        wait_until_ready(page)
        colleague = visit(page.url)
        assert (picked(colleague, "Team"), picked(colleague, "Cycle")) == ("Platform", "all")

    def test_what_nobody_knows_is_said_and_the_default_shown(
        self, board_url: str, visit: Visit
    ) -> None:
        page = visit(f"{board_url}/team?team=Atlantis&cycle=1999-Q1&as_of=someday")

        for sentence in (
            "There is no team “Atlantis” in this workbook.",
            "There is no cycle “1999-Q1” in this workbook.",
            "“someday” is not a day.",
        ):
            expect(page.get_by_text(sentence)).to_be_visible()
        assert (picked(page, "Team"), picked(page, "Cycle")) == ("Larkfield", THIS)

    def test_a_choice_may_be_spelled_as_people_do(self, board_url: str, visit: Visit) -> None:
        year, quarter = LAST.split("-")

        page = visit(f"{board_url}/team?team=platform&cycle={quarter}+{year}")

        assert query(page) == {"team": "Platform", "cycle": LAST}
        assert (picked(page, "Team"), picked(page, "Cycle")) == ("Platform", LAST)


def test_another_day_is_said(board_url: str, visit: Visit) -> None:
    page = visit(f"{board_url}/?as_of={datetime.now().year - 1}-11-20")

    expect(page.get_by_text(f"Shown as of 20 Nov {datetime.now().year - 1}.")).to_be_visible()


class TestFreshness:
    def test_an_open_page_follows_the_sheet_keeps_what_is_typed_in_it_and_outlives_an_outage(
        self, tmp_path: Path, visit: Visit
    ) -> None:
        path = write_demo(tmp_path / "demo.xlsx", refresh_seconds=1.0)
        with serve(path) as url:
            page = visit(f"{url}/team")
            page.evaluate("window.notReloaded = true")
            page.get_by_role("link", name="Check in").first.click()
            page.get_by_label("Note").fill("Half a sen")

            book = load_workbook(path)
            for row in book["Objectives"].iter_rows(min_row=2):
                row[3].value = f"Renamed {row[0].value}"
            book.save(path)

            expect(page.get_by_text("Renamed O-").first).to_be_visible(timeout=15_000)
            wait_until_ready(page)
            assert page.get_by_label("Note").input_value() == "Half a sen"

            path.rename(tmp_path / "gone.xlsx")

            expect(page.get_by_text("has been unreadable since")).to_be_visible(timeout=20_000)
            assert "have a value" in page.locator(".frame-line").inner_text()
            assert answer(f"{url}/healthz")[0] == 200
            assert page.evaluate("window.notReloaded")


class TestHealth:
    def test_it_says_how_old_the_snapshot_is_and_what_is_in_it(self, board_url: str) -> None:
        status, headers, text = answer(f"{board_url}/healthz")
        health = json.loads(text)

        assert (status, headers["content-type"]) == (200, "application/json")
        assert health["status"] == "ok"
        assert health["workbook"] == "demo"
        assert health["age_seconds"] >= 0
        assert health["revision"]
        assert health["failure"] is None
        assert health["objectives"] > 30
        assert health["key_results"] >= 100
        assert health["problems"] > 0

    def test_without_a_snapshot_it_is_503_and_the_page_says_why(
        self, tmp_path: Path, visit: Visit
    ) -> None:
        with serve(tmp_path / "missing.xlsx") as url:
            status, _, text = answer(f"{url}/healthz")
            page = visit(f"{url}/team")

            assert status == 503
            assert "missing.xlsx" in json.loads(text)["failure"]
            expect(page.get_by_role("heading", name="cannot be read")).to_be_visible()
            expect(page.get_by_text("missing.xlsx")).to_be_visible()

            write_demo(tmp_path / "missing.xlsx")
            expect(page.locator(".frame-line")).to_be_visible(timeout=40_000)
            assert answer(f"{url}/healthz")[0] == 200


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/team?team=Platform", "/healthz", "/_stcore/health"])
    def test_every_answer_carries_them(self, board_url: str, path: str) -> None:
        _, headers, _ = answer(board_url + path)

        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
        assert "frame-ancestors 'self'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["referrer-policy"] == "same-origin"


class Listener:
    """A second server on loopback that nobody should ever ask for anything."""

    def __init__(self) -> None:
        heard: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard.append(self.path)
                self.send_response(404)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.heard = heard
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def hostile(url: str, where: str) -> str:
    """Write what a browser would act on, if any part of it were taken for more than text."""
    spot = f"{url}/{where}"
    return (
        f"![]({spot}-md.png) <img src={spot}-img.png> <script>fetch('{spot}-script')</script> "
        f'"><svg onload="fetch(\'{spot}-svg\')"> <style>@import "{spot}-css";</style> '
        f"<link rel=stylesheet href={spot}-link> "
        f"<iframe src={spot}-frame></iframe> $\\href{{{spot}}}x$"
    )


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[str]:
    """A board on a workbook in which every text that is shown is hostile."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.xlsx"
    tabs = build_demo(datetime.now(UTC).date())
    spoiled = {
        "Objectives": ("Objective", "Owner", "Closing note", "Supports"),
        "Key results": ("Key result", "Owner", "Unit", "Due"),
        "Check-ins": ("Note", "By"),
        "People": ("Name",),
        "Teams": ("Lead", "Description"),
    }
    for tab, names in spoiled.items():
        headers = tabs[tab][0]
        for name in names:
            place = headers.index(name)
            for number, row in enumerate(tabs[tab][1:]):
                row[place] = f"{hostile(listener.url, f'{tab}-{name}'.replace(' ', '-'))} {number}"
    tabs["Teams"].append([hostile(listener.url, "team"), "Larkfield", "", ""])
    tabs["Cycles"].append([hostile(listener.url, "cycle"), "soon", "later", ""])
    tabs["Settings"].append([hostile(listener.url, "setting"), hostile(listener.url, "value")])
    tabs["Objectives"][1][tabs["Objectives"][0].index("Team")] = hostile(listener.url, "team")
    write_workbook(path, tabs, replace=True)
    with serve(path) as url:
        yield url


class TestNothingCallsOut:
    @pytest.mark.parametrize("name", PAGES)
    def test_text_from_the_sheet_makes_no_request(
        self, hostile_url: str, listener: Listener, browser: Browser, name: str
    ) -> None:
        context = browser.new_context()
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(f"{hostile_url}/{name}")
        wait_until_ready(page)
        if name.startswith("team"):
            page.get_by_role("combobox", name="Team").click()
            expect(page.get_by_role("option").first).to_be_visible()
        text = page.locator("body").inner_text()
        context.close()

        assert "<img src=" in text, "The hostile text is not on the page, so this proves nothing."
        assert listener.heard == []
        assert strangers(asked, hostile_url) == set()

    def test_the_policy_holds_where_escaping_failed(
        self, board_url: str, listener: Listener, browser: Browser
    ) -> None:
        shout = f"new Image().src = '{listener.url}/leak.png'; void 0"
        for is_guarded in (True, False):
            context = browser.new_context(bypass_csp=not is_guarded)
            page = context.new_page()
            page.goto(board_url)
            wait_until_ready(page)
            page.evaluate(shout)
            page.wait_for_timeout(500)
            context.close()

            assert listener.heard == ([] if is_guarded else ["/leak.png"])
        listener.heard.clear()


class TestFailures:
    def test_an_error_page_says_what_to_do_and_nothing_of_the_inside(
        self, workbook: Path, tmp_path: Path, visit: Visit
    ) -> None:
        log = tmp_path / "log"
        with serve(workbook, app="tests.browser.failing:app", log=log) as url:
            page = visit(f"{url}/team")
            text = page.locator("body").inner_text()

        assert "This page could not be drawn." in text
        assert "Reload the page." in text
        for secret in ("4711", "ValueError", "Traceback", "failing.py"):
            assert secret not in text
        reference = text.partition("explains: ")[2][:6]
        assert f"reference {reference}" in log.read_text()
        assert "ValueError: salary of Jo: 4711" in log.read_text()


class TestStreamlitRun:
    def test_streamlits_own_command_serves_the_same_board(
        self, workbook: Path, visit: Visit
    ) -> None:
        with serve(workbook, "streamlit") as url:
            assert answer(f"{url}/healthz")[0] == 200
            assert "content-security-policy" in answer(url)[1]
            page = visit(f"{url}/team?team=Platform")

            assert picked(page, "Team") == "Platform"
            assert "have a value" in page.locator(".frame-line").inner_text()
