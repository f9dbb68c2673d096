"""Take the picture of the Overview that the README shows: ``make picture``; needs a Chromium.

It is the same for the same code: day, seed, window and fonts are fixed. The names in the navigation
are written into the file too, so that a test can tell when it shows the board of another time.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, sync_playwright

from tests.browser.board import find_chromium, serve, wait_until_ready
from tests.browser.conftest import FLAGS

PICTURE = Path(__file__).parent / "overview.png"
WINDOW = {"width": 1360, "height": 900}
NAVIGATION = "Navigation"


def main() -> int:
    """Take the picture.

    Returns:
        0, or 1 where there is no Chromium.
    """
    chromium = find_chromium()
    if chromium is None:
        print("There is no Chromium here. On Debian and Ubuntu: apt-get install chromium")
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "demo.xlsx", app="docs.still:app") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        take(browser, url)
        browser.close()
    print(f"Took {PICTURE}.")
    return 0


def take(browser: Browser, url: str) -> None:
    """Open the Overview, and keep what is seen of it."""
    page = browser.new_page(
        viewport=WINDOW,
        locale="en-GB",
        timezone_id="UTC",
        color_scheme="light",
        reduced_motion="reduce",
    )
    page.goto(url)
    wait_until_ready(page)
    names = page.locator("nav a, header a").all_inner_texts()
    said = PngInfo()
    said.add_text(NAVIGATION, ", ".join(dict.fromkeys(filter(None, map(str.strip, names)))))
    seen = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    seen.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
        PICTURE, pnginfo=said, optimize=True
    )


if __name__ == "__main__":
    sys.exit(main())
