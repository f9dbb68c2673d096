"""The status page in a real browser: the picture as it is seen, copied, printed and downloaded."""

import io
import urllib.request

import pypdfium2 as pdfium
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.board import Visit, wait_until_ready

pytestmark = pytest.mark.browser

PICTURE = ".okr.picture img"

PLAIN = """selector => {
  const image = document.querySelector(selector);
  const box = image.getBoundingClientRect();
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + 40);
  return [image.naturalWidth, image.naturalHeight, box.width, box.height, above === image];
}"""
"""The picture's own size, its size on the page, and whether a right click meets it."""

PAGES = ["", "team?team=Customer+Care", "status?team=Product", "sheet_health"]


@pytest.mark.parametrize(("size", "canvas"), [("slide", (1600, 900)), ("portrait", (1080, 1350))])
def test_the_picture_is_an_image_that_the_browser_can_copy(
    board_url: str, visit: Visit, size: str, canvas: tuple[int, int]
) -> None:
    page = visit(f"{board_url}/status?team=Customer+Care&size={size}")
    width, height, shown, tall, is_on_top = page.evaluate(PLAIN, PICTURE)

    assert width / height == pytest.approx(canvas[0] / canvas[1])
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


def test_choosing_a_theme_changes_the_picture_and_the_address(board_url: str, visit: Visit) -> None:
    page = visit(f"{board_url}/status?team=Product")
    before = page.locator(PICTURE).first.get_attribute("src")
    page.get_by_role("link", name="dark").click()
    page.wait_for_function("() => location.search.includes('theme=dark')")
    expect(page.locator(PICTURE).first).not_to_have_attribute("src", str(before), timeout=15_000)


@pytest.mark.parametrize(
    ("form", "begins"), [("PNG", b"\x89PNG"), ("PDF", b"%PDF"), ("SVG", b"<svg")]
)
def test_every_form_can_be_downloaded(
    board_url: str, visit: Visit, form: str, begins: bytes
) -> None:
    page = visit(f"{board_url}/status?team=Product")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=form, exact=True).click()

    assert waiting.value.suggested_filename.startswith("okr-product-")
    assert waiting.value.path().read_bytes().startswith(begins)


def test_the_page_calls_nothing_outside(board_url: str, visit: Visit) -> None:
    page = visit(f"{board_url}/status")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    wait_until_ready(page)

    local = (board_url, board_url.replace("http", "ws", 1), "data:", "blob:")
    assert asked
    assert [url for url in asked if not url.startswith(local)] == []


def test_the_live_link_of_the_page_leads_to_the_picture(board_url: str, visit: Visit) -> None:
    page = visit(f"{board_url}/status?team=Product")
    link = page.get_by_role("link", name="status.png").evaluate("link => link.href")
    with urllib.request.urlopen(link) as answer:
        picture = Image.open(io.BytesIO(answer.read()))

    assert link.startswith(f"{board_url}/status.png?team=Product")
    assert picture.size == (1600, 900)


def _letters(text: str) -> str:
    """Leave out blanks: in a PDF they are a matter of distance, and read differently."""
    return "".join(text.split())


@pytest.mark.parametrize("path", PAGES)
def test_print_gives_the_whole_page_without_chrome(board_url: str, visit: Visit, path: str) -> None:
    page = visit(f"{board_url}/{path}")
    headings = page.locator("h1, h2, h3").all_inner_texts()
    printed = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
    flat = _letters("".join(one.get_textpage().get_text_range() for one in printed))

    assert headings
    assert [one for one in headings if _letters(one) not in flat] == []
    assert _letters("Check-in Sheet health") not in flat


@pytest.mark.parametrize("path", PAGES)
def test_a_capture_of_the_full_page_is_as_tall_as_the_page(
    board_url: str, visit: Visit, path: str
) -> None:
    page = visit(f"{board_url}/{path}")
    main = "document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight"
    seen = page.viewport_size["height"] if page.viewport_size else 0
    page.wait_for_function(f"() => {main} > {seen}", timeout=15_000)  # each has more than a screen
    wait_until_ready(page)
    tall = page.evaluate(main)
    captured = Image.open(io.BytesIO(page.screenshot(full_page=True)))

    assert captured.height >= tall > seen
