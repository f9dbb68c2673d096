"""My five minutes and the forms in a real browser, by the keyboard alone, beside a clock."""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.board import Visit, serve, wait_until_ready, write_demo

pytestmark = pytest.mark.browser

PERSON, KEY = "Felix Ott", "KR-24A"
"""Who checks in, and for what first: in the first weeks of a quarter nothing is owed."""
WITHIN = 60.0


@pytest.fixture
def board(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A board of its own, for a test that writes to its workbook."""
    path = write_demo(tmp_path / "demo.xlsx", refresh_seconds=2.0)
    with serve(path) as url:
        yield url, path


def asked(page: Page) -> str:
    return page.locator(".row.is-open .c-title a").inner_text()


def number_of(page: Page) -> str:
    """Give a value that fits the key result that is asked for: its target, as a plain number."""
    text = page.locator(".row.is-open .c-value").inner_text()
    goal = text.rpartition(" of " if " of " in text else " to ")[2] or text
    return "".join(char for char in goal if char.isdigit() or char in ".%")


def test_five_check_ins_by_keyboard_in_under_a_minute(
    board: tuple[str, Path], visit: Visit
) -> None:
    url, path = board
    before = load_workbook(path, read_only=True)["Check-ins"].max_row
    page = visit(f"{url}/check_in?who={quote(PERSON)}&key_result={KEY}")
    titles: list[str] = []

    began = time.perf_counter()
    for number in range(1, 6):
        expect(page.locator("[data-testid=stForm] input").first).to_be_focused()
        titles.append(asked(page))
        page.keyboard.type(number_of(page))
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.locator("[data-testid=stForm] input").last.press_sequentially(f"Note {number}")
        page.keyboard.press("Enter")
        expect(page.locator(".changes li")).to_have_count(number)
    took = time.perf_counter() - began
    print(f"\nFive check-ins by keyboard: {took:.1f} s")

    assert took < WITHIN
    assert len(set(titles)) == 5
    sheet = load_workbook(path)["Check-ins"]
    rows = list(sheet.iter_rows(min_row=before + 1, values_only=True))
    assert [row[4] for row in rows] == [f"Note {number}" for number in range(1, 6)]


def test_the_address_and_the_browser_keep_who_somebody_is(board_url: str, visit: Visit) -> None:
    page = visit(f"{board_url}/check_in")
    expect(page.get_by_text("Choose your name above")).to_be_visible()
    person = page.get_by_role("combobox", name="I am")
    person.fill("Felix")
    person.press("Enter")
    expect(page.get_by_text("your 5 key results")).to_be_visible()
    assert "who=felix.ott" in page.url

    page.goto(f"{board_url}/check_in")
    expect(page.get_by_text("your 5 key results")).to_be_visible()
    expect(page).to_have_url(f"{board_url}/check_in?who=felix.ott%40larkfield.example")
    page.goto(f"{board_url}/team?team=Sales")
    page.get_by_role("link", name="Edit Welcome 1,200 visitors").click()
    expect(page.get_by_role("combobox", name="By")).to_have_value(PERSON)


def test_what_is_refused_keeps_the_focus_where_it_was(board_url: str, visit: Visit) -> None:
    page = visit(f"{board_url}/check_in?who={quote(PERSON)}&key_result={KEY}")
    field = page.get_by_label("Value", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("soon")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("is not a number")
    expect(field).to_be_focused()
    expect(field).to_have_value("soon")


def test_a_target_is_changed_and_taken_back_by_keyboard(
    board: tuple[str, Path], visit: Visit
) -> None:
    url, path = board
    page = visit(f"{url}/team?team=Sales")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.get_by_role("link", name="Edit Sign 60 offices").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Key result", exact=True)).to_be_focused()
    page.get_by_role("button", name="More fields").press("Enter")
    expect(page.get_by_label("Due", exact=True)).to_be_focused()
    owner = page.get_by_role("combobox", name="Owner")
    owner.focus()
    page.keyboard.type("Lena")
    expect(page.get_by_role("option", name="Lena Hofer")).to_be_visible()
    page.keyboard.press("Enter")
    expect(owner).to_have_value("Lena Hofer")
    target = page.get_by_label("Target", exact=True)
    target.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Target equals Start")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("70")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Target equals Start")).to_have_count(0)
    save = page.get_by_role("button", name="Save change")
    save.focus()
    box = save.bounding_box() or {}
    page.set_viewport_size({"width": 1280, "height": int(box["y"] + box["height"])})
    save.press("Enter")
    expect(page.get_by_text("By is empty.")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1280, "height": 800})
    wait_until_ready(page)
    by = page.get_by_role("combobox", name="By")
    by.focus()
    page.keyboard.type("Felix")
    expect(page.get_by_role("option", name="Felix Ott")).to_be_visible()
    page.keyboard.press("Enter")
    expect(by).to_have_value("Felix Ott")
    save.press("Enter")
    expect(page.get_by_text("Target 60 → 70")).to_be_focused()
    assert 70 in targets_in(path)

    assert "okr_who=felix.ott" in str(page.evaluate("document.cookie"))
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("Target 70 → 60")).to_be_focused()
    assert 70 not in targets_in(path)
    assert [text for text in said if "Content Security Policy" in text] == []


def targets_in(path: Path) -> set[object]:
    """Read the targets of the key results of that title, of which each cycle may have one."""
    headers, *rows = load_workbook(path)["Key results"].iter_rows(values_only=True)
    title, target = headers.index("Key result"), headers.index("Target")
    return {row[target] for row in rows if str(row[title]).startswith("Sign 60 offices")}


def test_an_open_form_fits_a_phone(board_url: str, visit: Visit) -> None:
    page = visit(f"{board_url}/check_in?who={quote(PERSON)}&key_result={KEY}")
    page.set_viewport_size({"width": 390, "height": 844})
    wait_until_ready(page)
    assert page.locator("[data-testid=stForm]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto(f"{board_url}/team?team=Sales&add=objective")
    wait_until_ready(page)
    assert page.get_by_role("textbox", name="Objective").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_another_day_goes_along_to_another_page_and_can_be_left(
    board_url: str, visit: Visit
) -> None:
    page = visit(f"{board_url}/team?team=Sales&as_of=2026-11-20")
    page.get_by_role("link", name="Overview", exact=True).first.click()
    page.wait_for_url(f"{board_url}/?as_of=2026-11-20**")
    expect(page.get_by_role("heading", name="Sales")).to_have_count(0)  # the page is turned
    expect(page.get_by_text("Shown as of 20 Nov 2026.")).to_have_count(1)
    expect(page.get_by_text("Shown as of 20 Nov 2026.")).to_be_visible()

    page.goto(f"{board_url}/")
    wait_until_ready(page)
    assert "as_of" not in page.url
