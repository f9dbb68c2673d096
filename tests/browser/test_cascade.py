"""The cascade in a real browser: every card whole, nothing out of reach, nothing that axe minds."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.board import Visit, wait_until_ready

pytestmark = pytest.mark.browser

CLIPPED = """() => [...document.querySelectorAll('.card')]
  .filter((card) => card.scrollHeight > card.clientHeight + 1
    || card.scrollWidth > card.clientWidth + 1)
  .map((card) => card.innerText)"""

OVERLAPPING = """() => {
  const boxes = [...document.querySelectorAll('.card')].map((card) => card.getBoundingClientRect());
  return boxes.filter((one, at) => boxes.slice(at + 1).some((other) =>
    one.left < other.right - 1 && other.left < one.right - 1
    && one.top < other.bottom - 1 && other.top < one.bottom - 1)).length;
}"""


def findings(page: Page) -> list[tuple[str, str]]:
    """Name what axe finds serious in what this page draws."""
    found: dict[str, Any] = Axe().run(page, ".okr.cascade").response
    return [
        (one["id"], node["html"][:200])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def test_axe_has_nothing_serious_to_say_of_any_view(board_url: str, visit: Visit) -> None:
    page = visit(f"{board_url}/cascade?focus=O-12")
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []

    for view, shown in (("Outline", ".outline"), ("Across teams", ".matrix"), ("Gaps", ".gap")):
        page.locator(".choices").get_by_role("link", name=view).click()
        expect(page.locator(shown).first).to_be_visible()
        wait_until_ready(page)
        assert findings(page) == [], view


def test_every_card_is_whole_at_every_width(browser: Browser, board_url: str) -> None:
    context = browser.new_context(viewport={"width": 1600, "height": 900})
    page = context.new_page()
    page.goto(f"{board_url}/cascade")
    for width in (1600, 1280, 1080, 390):
        page.set_viewport_size({"width": width, "height": 900})
        wait_until_ready(page)

        assert page.evaluate(CLIPPED) == [], width
        assert page.evaluate(OVERLAPPING) == 0, width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_keyboard_reaches_every_card_and_opens_it(board_url: str, visit: Visit) -> None:
    page = visit(f"{board_url}/cascade?levels=1")
    page.locator(".okr.cascade a").first.focus()
    cards = page.locator(".card .turn")
    reached = set()
    for _ in range(30):
        reached.add(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))
        page.keyboard.press("Tab")
    assert (
        len([one for one in reached if one.startswith("Show the") and " below " in one])
        == cards.count()
        > 0
    )

    cards.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**turned=**")
    wait_until_ready(page)
    expect(page.locator(".card").nth(4)).to_be_visible()


def test_a_click_on_a_card_brings_it_into_focus_and_stays_in_the_session(
    board_url: str, visit: Visit
) -> None:
    page = visit(f"{board_url}/cascade")
    page.evaluate("window.stayed = true")
    page.locator(".card-title").nth(1).click()
    page.wait_for_url("**focus=**")
    expect(page.locator(".in-focus h2")).to_be_visible()
    assert page.evaluate("window.stayed")

    page.get_by_role("link", name="Show all").first.click()
    expect(page.locator(".in-focus")).to_have_count(0)
