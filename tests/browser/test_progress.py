"""Charts as a browser draws them: all of them, in both themes, with nothing asked of elsewhere."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.board import wait_until_ready

pytestmark = pytest.mark.browser

VIEWS = {
    "": 1,
    "?view=teams": 1,
    "?view=status": 2,
    "?view=confidence": 1,
    "?view=rhythm": 2,
    "?key_result=KR-20A": 2,
    "?key_result=KR-12C": 1,
}
"""Each view, and how many charts it has."""

DRAWN = '[data-testid="stVegaLiteChart"] svg.marks'
FILLS = f"""() => [...document.querySelectorAll('{DRAWN} text')]
    .map(one => getComputedStyle(one).fill).join()"""


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def test_every_chart_is_drawn_without_a_complaint_or_a_call(board_url: str, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type != "log" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request",
        lambda one: (
            said.append(one.url) if not one.url.startswith((board_url, "data:", "blob:")) else None
        ),
    )
    for query, number in VIEWS.items():
        page.goto(f"{board_url}/progress{query}")
        wait_until_ready(page)
        page.wait_for_function(f"() => document.querySelectorAll('{DRAWN}').length == {number}")
        first = page.locator(f"{DRAWN} .mark-text text").first
        assert first.text_content()
        is_wide = "document.documentElement.scrollWidth > innerWidth"
        assert not page.evaluate(is_wide), query
        clipped = page.evaluate(
            f"""() => [...document.querySelectorAll('{DRAWN}')].flatMap(chart => {{
                const box = chart.getBoundingClientRect();
                return [...chart.querySelectorAll('text')].filter(one => {{
                    const it = one.getBoundingClientRect();
                    return it.width && (it.left < box.left - 1 || it.right > box.right + 1);
                }}).map(one => one.textContent);
            }})"""
        )
        assert clipped == [], query

        lines = page.locator(f"{DRAWN} .mark-line path")
        widths = [lines.nth(at).bounding_box() for at in range(lines.count())]
        assert not widths or max(box["width"] for box in widths if box) > 100, query

    # Streamlit asks below a deep link for what it then finds at the root.
    assert [one for one in said if "404" not in one] == []


def test_a_chart_follows_the_theme_without_a_run(board_url: str, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{board_url}/progress")
    wait_until_ready(page)
    light = page.evaluate(FILLS)

    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => ({FILLS})() != before && ({FILLS})().length > 0", arg=light)


def test_the_day_beside_the_pickers_leads_back_in_time_and_to_today(
    board_url: str, page: Page
) -> None:
    page.goto(f"{board_url}/progress?view=teams")
    wait_until_ready(page)
    day = page.locator(".day-pick input")
    today = day.input_value()
    week_ago = (date.fromisoformat(today) - timedelta(days=7)).isoformat()

    day.fill(week_ago)
    page.wait_for_url(f"**/progress?view=teams&as_of={week_ago}")
    page.get_by_text("Shown as of").wait_for()
    assert day.input_value() == week_ago
    day.fill(today)
    page.wait_for_url("**/progress?view=teams")
