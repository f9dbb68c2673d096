"""What holds of every page: what it says, calls and prints, and that a phone and a capture hold it.

Each page is opened once, with open eyes; the tests then look at what was seen.
"""

import io
from dataclasses import dataclass
from datetime import datetime

import pypdfium2 as pdfium
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext

from tests.browser.board import strangers, wait_until_ready

pytestmark = pytest.mark.browser

PAGES = ["", "team?team=Customer+Care", "cascade", "status?team=Product", "sheet_health"]
SCREEN = {"width": 1280, "height": 800}
MAIN = "document.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect()"


@dataclass(frozen=True, slots=True)
class Look:
    """What one visit of a page showed, said, asked for and gave away."""

    line: str
    headings: list[str]
    console: list[str]
    asked: list[str]
    bottom: float
    height: int
    captured: int
    printed: str
    width_on_a_phone: int


@pytest.fixture(scope="module")
def looks(board_url: str, browser: Browser) -> dict[str, Look]:
    """Open each page in a tab of one window, so that the scripts are loaded once."""
    context = browser.new_context(viewport=SCREEN, locale="en-GB", reduced_motion="reduce")
    seen = {name: look_at(f"{board_url}/{name}", context) for name in PAGES}
    context.close()
    return seen


def look_at(url: str, context: BrowserContext) -> Look:
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    wait_until_ready(page)
    page.wait_for_function(f"() => {MAIN}.bottom > {SCREEN['height']}")  # each has more than that
    wait_until_ready(page)
    line = page.locator(".frame-line").inner_text()
    headings = page.locator("h1, h2, h3").all_inner_texts()
    bottom = page.evaluate(f"{MAIN}.bottom")
    height = page.evaluate("document.documentElement.scrollHeight")
    captured = Image.open(io.BytesIO(page.screenshot(full_page=True))).height
    printed = text_of(page.pdf(prefer_css_page_size=True))
    page.set_viewport_size({"width": 390, "height": 800})
    wait_until_ready(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    return Look(line, headings, said, asked, bottom, height, captured, printed, width)


def text_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf))


def letters(text: str) -> str:
    """Leave out blanks: in a PDF they are a matter of distance, and read differently."""
    return "".join(text.split())


@pytest.mark.parametrize("name", PAGES)
def test_it_says_as_of_when_from_where_and_how_complete(looks: dict[str, Look], name: str) -> None:
    line = looks[name].line

    assert f"{datetime.now().year}, " in line
    assert "from demo" in line
    assert "have a value" in line
    assert "errors" in line


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_a_phone(looks: dict[str, Look], name: str) -> None:
    assert looks[name].width_on_a_phone <= 390


@pytest.mark.parametrize("name", PAGES)
def test_it_does_not_break_its_own_policy(looks: dict[str, Look], name: str) -> None:
    assert [text for text in looks[name].console if "Content Security Policy" in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_it_asks_its_own_server_alone(looks: dict[str, Look], board_url: str, name: str) -> None:
    assert len(looks[name].asked) > 20
    assert strangers(looks[name].asked, board_url) == set()


@pytest.mark.parametrize("name", PAGES)
def test_print_gives_the_whole_page_without_chrome(looks: dict[str, Look], name: str) -> None:
    printed = letters(looks[name].printed)

    assert looks[name].headings
    assert [one for one in looks[name].headings if letters(one) not in printed] == []
    assert letters("Check-in Sheet health") not in printed


@pytest.mark.parametrize("name", PAGES)
def test_a_capture_of_the_full_page_holds_the_full_page(looks: dict[str, Look], name: str) -> None:
    look = looks[name]

    assert look.captured >= look.bottom > SCREEN["height"]
    assert look.height >= look.bottom
