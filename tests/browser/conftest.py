"""A real server and a real Chromium: what the browser tests stand on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.board import Visit, find_chromium, serve, wait_until_ready, write_demo

LEFT_OUT = [
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "OmniboxPopupWebUI"),
    "WebUIContentsPreloadManager",
    *("HttpsUpgrades", "MediaRouter", "OptimizationHints", "NetworkTimeServiceQuerying"),
    *("AimEnabled", "PreconnectToSearch", "LensOverlay", "PaintHolding"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
]
"""What a browser would begin on its own. The first two lines are pages for its address bar, which
nobody sees here and each new window loads: a third of all a visit costs. The rest Playwright leaves
out too, but Chromium heeds only one such list, the last."""

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    f"--disable-features={','.join(LEFT_OUT)}",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium. Without one a test is skipped; in CI it fails, so that nobody misses it.

    It ends with its module: while Playwright runs, no other test can run an event loop.
    """
    path = find_chromium()
    if path is None:
        reason = "There is no Chromium here. On Debian and Ubuntu: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workbook that ``board_url`` serves, read anew each second."""
    return write_demo(tmp_path_factory.mktemp("board") / "demo.xlsx", refresh_seconds=1.0)


@pytest.fixture(scope="session")
def board_url(workbook: Path) -> Iterator[str]:
    """The address of a board on the demo workbook, shared by all browser tests."""
    with serve(workbook) as url:
        yield url


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open an address in a window of its own, and wait until the page is ready."""
    contexts = []

    def open_page(url: str) -> Page:
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        wait_until_ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
