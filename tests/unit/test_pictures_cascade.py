"""The picture of a cascade: on every page all stands inside, apart, and large enough to read."""

from functools import cache
from pathlib import Path

import pytest

from okr.__main__ import main
from okr.board import Board
from okr.pictures import look
from okr.pictures.cascade import build_cascade_content
from okr.pictures.choice import CANVASES, THEMES, Choice, PictureError, read_choice
from okr.pictures.content import Json, Origin
from okr.pictures.drawing import CASCADE, Draughtsman
from okr.pictures.legible import ZERO_WIDTH_SPACE, Reader
from okr.pictures.studio import Studio
from tests.unit.boards import a_board
from tests.unit.pictures import (
    BASE,
    colours,
    contrast,
    crowded,
    outside,
    overlaps,
    read_back,
    sizes,
)
from tests.unit.readings import a_key_result, an_objective, teams

TITLES = {
    "short": "Grow",
    "long": "Let newcomers find their way without asking anybody for help " * 5,
    "unbroken": "Donaudampfschiff" * 18,
    "wide": "MMMM WWWW " * 9,
    "hebrew": "שיפור שביעות הרצון של לקוחות חדשים עד סוף הרבעון",
    "cjk": "新しいお客様が迷わずに使い始められるようにする",
    "attack": '<script>x</script> #panic() #read("/etc/passwd") $x$ @ref =1+1 *b*',
}


@cache
def cartographer() -> Draughtsman:
    return Draughtsman(template=CASCADE)


def content_of(board: Board, **choice: object) -> Json:
    asked = Choice(picture="cascade", **choice)  # type: ignore[arg-type]
    return build_cascade_content(board, asked, Origin(BASE), Reader(cartographer().lacks))


def company(number: int, title: str = "Aim", each: int = 5) -> Board:
    """Build a company of some objectives, each with a few below it, some across teams."""
    rows = [an_objective(id="O-0", objective=f"{title} 0", team="Acme")]
    rows += [
        an_objective(
            id=f"O-{n}",
            objective=f"{title} {n}",
            team="Product" if n % 3 else "Sales",
            supports=f"O-{(n - 1) // each}" + (f"; O-{n - 2}" if n % 7 == 0 else ""),
        )
        for n in range(1, number)
    ]
    results = [
        a_key_result(id=f"KR-{n}", objective=f"O-{n}", current=(42.0, 33.0, 38.0, "")[n % 4])
        for n in range(number)
    ]
    return a_board(rows, results, teams(("Acme", ""), ("Product", "Acme"), ("Sales", "Acme")))


def holds(content: Json) -> str:
    """Assert what holds of every page; give all that is said on them."""
    paper = look.colours(str(content["theme"]))["paper"]
    pages = read_back(content, cartographer())
    assert len(pages) == content["total"]
    for number, page in enumerate(pages, 1):
        assert {"width": page.width, "height": page.height} == content["canvas"]
        assert outside(page) == []
        assert overlaps(page) == []
        assert crowded(page) == []
        assert min(sizes(page)) >= 14
        assert min(contrast(colour, paper) for colour in colours(page)) >= 4.5
        assert f"page {number} of {len(pages)}" in page.text
    return "\n".join(page.text for page in pages)


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_all_stands_inside_and_apart_for_every_title(title: str) -> None:
    holds(content_of(company(8, title, each=3), page=0))


@pytest.mark.parametrize("size", CANVASES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("number", [1, 20, 60])
def test_every_objective_stands_on_a_page(size: str, theme: str, number: int) -> None:
    said = holds(content_of(company(number), size=size, theme=theme, page=0))

    assert {f"O-{n} " for n in range(number)} == {
        f"O-{n} " for n in range(number) if f"O-{n} ·" in said
    }


def test_a_page_folds_what_does_not_fit_and_another_shows_it() -> None:
    content = content_of(company(60), page=0)
    [first, *others] = content["slides"]

    assert content["total"] > 1
    assert sum(one["hidden"] for one in first["cards"]) + len(first["cards"]) == 60
    assert others[0]["about"] == "what page 1 folds away"


def test_many_children_of_one_are_spread_over_pages() -> None:
    content = content_of(company(150, each=200), page=0)

    assert content["total"] > 3
    assert sum(len(one["cards"]) - 1 for one in content["slides"]) >= 149
    holds(content)


def test_a_page_is_drawn_alone_as_it_is_drawn_among_all() -> None:
    board = company(60)
    every, second = content_of(board, page=0), content_of(board, page=2)

    assert second["slides"] == [every["slides"][1]]
    assert second["total"] == every["total"]


def test_the_same_selection_as_on_the_page_is_drawn() -> None:
    focus = content_of(company(30), objective="O-2", page=0)
    keys = {one["title"] for slide in focus["slides"] for one in slide["cards"]}

    assert focus["title"] == "Aim 2"
    assert {"Aim 0", "Aim 2", "Aim 11"} <= keys
    assert "Aim 3" not in keys
    assert "focus=O-2" in focus["address"].replace(ZERO_WIDTH_SPACE, "")
    assert content_of(company(30), team="Sales")["title"] == "How the goals of Sales hang together"


@pytest.mark.parametrize("choice", [{"objective": "O-99"}, {"team": "Atlantis"}])
def test_what_is_not_there_is_refused_with_a_mend(choice: dict[str, str]) -> None:
    with pytest.raises(PictureError):
        content_of(company(3), **choice)
    with pytest.raises(PictureError, match="Type objectives"):
        content_of(a_board([], []))


def test_both_words_for_an_objective_are_read_from_an_address() -> None:
    assert read_choice({"focus": "O-2"}, "cascade").objective == "O-2"
    assert read_choice({"objective": "O-2"}, "cascade").objective == "O-2"


def test_the_studio_keeps_a_cascade_apart_from_a_status() -> None:
    studio, board = Studio(), company(8)
    origin = Origin()
    status = studio.draw(board, Choice(), origin, "svg")
    cascade = studio.draw(board, Choice(picture="cascade"), origin, "svg")

    assert status.body != cascade.body
    assert not cascade.is_refusal
    assert studio.draw(board, Choice(picture="cascade"), origin, "svg") is cascade


def test_the_command_writes_each_page(tmp_path: Path) -> None:
    workbook, out = tmp_path / "demo.xlsx", tmp_path / "cascade.png"
    assert main(["demo", str(workbook), "--teams", "6", "--key-results", "90"]) == 0

    assert main(["cascade", "--workbook", str(workbook), "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert main(["cascade", "--workbook", str(workbook), "-o", str(out), "--team", "X"]) == 1
