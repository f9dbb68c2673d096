"""The status page in a real browser: the picture as it is seen, copied and downloaded."""

import io
import urllib.request

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from okr.pictures.choice import CANVASES
from tests.browser.board import Visit, wait_until_ready

pytestmark = pytest.mark.browser

PICTURE = ".okr.picture img"

PLAIN = """selector => {
  scrollTo(0, 0);
  const image = document.querySelector(selector);
  const box = image.getBoundingClientRect();
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + 40);
  return [image.naturalWidth, image.naturalHeight, box.width, box.height, above === image];
}"""
"""The picture's own size, its size on the page, and whether a right click meets it."""


def test_the_picture_is_an_image_that_the_browser_can_copy_in_every_size_and_theme(
    board_url: str, visit: Visit
) -> None:
    page = visit(f"{board_url}/status?team=Product")
    assert_copyable(page, "slide")

    choose(page, "size", "portrait")
    assert_copyable(page, "portrait")
    choose(page, "theme", "dark")
    assert_copyable(page, "portrait")


def choose(page: Page, name: str, option: str) -> None:
    """Click on an option beneath the picture, and wait until address and picture follow."""
    before = page.locator(PICTURE).first.get_attribute("src")
    page.get_by_role("link", name=option).click()
    page.wait_for_url(f"**{name}={option}**")
    expect(page.locator(PICTURE).first).not_to_have_attribute("src", str(before), timeout=15_000)
    wait_until_ready(page)


def assert_copyable(page: Page, size: str) -> None:
    width, height, shown, tall, is_on_top = page.evaluate(PLAIN, PICTURE)
    across, down = CANVASES[size]

    assert width / height == pytest.approx(across / down)
    assert width >= 1.9 * shown
    assert shown / tall == pytest.approx(width / height, rel=0.01)
    assert 1000 < shown <= 1200
    assert is_on_top


def test_every_choice_stands_in_the_address(board_url: str, visit: Visit) -> None:
    asked = "team=Commercial&below=true&size=portrait&theme=dark&page=2"
    page = visit(f"{board_url}/status?{asked}")

    for part in asked.split("&"):
        assert part in page.url
    assert page.get_by_text("Commercial, as text").is_visible()


def test_every_form_can_be_downloaded_and_the_live_link_leads_to_the_picture(
    board_url: str, visit: Visit
) -> None:
    page = visit(f"{board_url}/status?team=Product")
    for form, begins in (("PNG", b"\x89PNG"), ("PDF", b"%PDF"), ("SVG", b"<svg")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=form, exact=True).click()

        assert waiting.value.suggested_filename.startswith("okr-product-")
        assert waiting.value.path().read_bytes().startswith(begins)

    link = page.get_by_role("link", name="status.png").evaluate("link => link.href")
    with urllib.request.urlopen(link) as answer:
        picture = Image.open(io.BytesIO(answer.read()))

    assert link.startswith(f"{board_url}/status.png?team=Product")
    assert picture.size == (1600, 900)
