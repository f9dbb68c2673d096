"""Whatever people type into the sheet stays text: in every field, on every page."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from okr.assess import build_board
from okr.board import Board
from okr.coaching import assess_quality
from okr.model import Cell, Problem, Severity
from okr.snapshot import build_snapshot
from okr.views import edit, edit_told, html, my_check_ins
from okr.views.addresses import Address
from okr.views.check_in import build_form, build_history, people_of
from okr.views.elsewhere import find_elsewhere
from okr.views.my_check_ins import build_my_check_ins, build_question
from okr.views.overview import build_overview
from okr.views.sheet_health import build_sheet_health
from okr.views.team import build_team, draw_team
from okr.workbooks.interface import Conflict
from tests.unit.boards import a_board, standing_of
from tests.unit.foreign_sheets import tab
from tests.unit.readings import (
    a_check_in,
    a_key_result,
    a_tab,
    a_workbook,
    an_objective,
    check_ins,
    serial,
)

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![](http://evil.example/x.png)",
    "{{ 7*7 }}{% raw %}",
    "\" onmouseover='alert(1)' x=\"",
    "</style><style>*{display:none}",
    "</li></ul><h1>big</h1>",
]
ALLOWED = {
    "bdi",
    *("article", "header", "section", "footer", "nav", "div", "p", "h1", "h2", "h3"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
    *("span", "i", "b", "a", "code", "details", "summary"),
}


class Reader(HTMLParser):
    """Collects the elements and attributes of a page, and sees that what opens is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def nasty_board(text: str) -> Board:
    """Build a board with the same text in every field that a person fills."""
    objective = an_objective(team=text, objective=text, owner=text, closing_note=text)
    above = an_objective(id="O-2", objective=f"above {text}", cycle="2026", team=text)
    rows = [
        a_key_result(key_result=text, owner=text, unit=text, current=33.0, objective="O-1"),
        a_key_result(id="KR-2", key_result=f"{text} 2", owner=text, unit=text, current=50.0),
    ]
    notes = [
        a_check_in(
            note=text, by=text, when=serial(date(2026, 5, day)), id=f"C-{day}", key_result=kr
        )
        for kr in ("KR-1", "KR-2")
        for day in (11, 18)
    ]
    tree = a_tab("Teams", [{"Team": text, "Parent": "", "Lead": text, "Description": text}])
    people = a_tab("People", [{"Email": text, "Name": text, "Team": text}])
    board = a_board([objective | {"Supports": "O-2"}, above], rows, check_ins(*notes), tree, people)
    problem = Problem(Severity.ERROR, text, 3, text, f"{text}!A3", text, text, text)
    object.__setattr__(board, "problems", (problem,))
    return board


def team_page(board: Board, team: str, address: Address) -> str:
    """Draw a Team page with all its hints."""
    return "".join(draw_team(board, team, address, quality=assess_quality(board))[1:])


def foreign_board(text: str) -> Board:
    """Build a board from a sheet of another layout, with the text in its tabs and headers."""
    heads: list[Cell] = ["Objective", "Key result", "Target", "Current", text]
    tabs = tab(text, [heads, [text, text, 5.0, 3.0, text]]), tab(f"{text} too", [[text, text]])
    return build_board(build_snapshot(a_workbook(*tabs)), None, date(2026, 5, 20))


def drawn(board: Board, text: str) -> dict[str, str]:
    query = {"team": text, "cycle": text, "key_result": "KR-1", "severity": "", "as_of": text}
    one = standing_of(board)
    health = build_sheet_health(board, Address("sheet_health"), now=datetime.now(UTC), failure=text)
    return {
        "overview": html.draw("overview", build_overview(board, Address("", query))),
        "team": team_page(board, board.teams[-1].team.name, Address("team", query)),
        "health": html.draw("sheet_health", health),
        "read as": html.draw(
            "sheet_health",
            build_sheet_health(foreign_board(text), Address("sheet_health"), now=datetime.now(UTC)),
        ),
        "history": html.draw("check_in", build_history(one, board), "history"),
        "heading": html.draw("check_in", build_form(one, people_of(board.snapshot)), "heading"),
        "refused": html.draw("check_in", text, "refused"),
        "saved": html.draw("check_in", text, "saved"),
        **drawn_forms(board, text, query),
    }


def drawn_forms(board: Board, text: str, query: dict[str, str]) -> dict[str, str]:
    """Draw My five minutes, and what the forms say around their fields."""
    address = Address("check_in", query | {"who": text})
    one = standing_of(board)
    sitting = my_check_ins.begin(board, text).save(one, text)
    asked = my_check_ins.asked_for(sitting, board, address)
    mine = build_my_check_ins(board, address, sitting, asked, closed=text)
    question = build_question(one, sitting, address, board.day, "st-key-value-1")
    conflict = Conflict(text, text, text, text, text, text)
    away = Address("team", {"edit": text, "team": "Nobody"})
    page = build_team(board, "Nobody", away)
    return {
        "mine": html.draw("my_check_ins", mine, "answer"),
        "mine below": html.draw("my_check_ins", mine, "rest"),
        "question": html.draw("my_check_ins", question, "heading"),
        "edit": html.draw("edit", edit.build_edit(board.snapshot, one.key_result, {}), "heading"),
        "mends": html.draw("edit", edit.mends([text], board.problems), "findings"),
        "conflict": html.draw("edit", edit_told.choices([conflict], one.key_result), "conflicts"),
        "elsewhere": html.draw("team", find_elsewhere(page, board, away), "elsewhere"),
    }


OWN_LINK = re.compile(
    r"((team|sheet_health|check_in|\./)|(overview|team|sheet_health)\.(csv|xlsx))(\?|$)"
)
"""Where links lead: to pages of the board, and to their tables."""


@pytest.mark.parametrize("text", NASTY)
def test_sheet_text_never_becomes_markup(text: str) -> None:
    for page, body in drawn(nasty_board(text), text).items():
        reader = Reader()
        reader.feed(body)
        reader.close()
        assert not reader.open, page
        assert set(reader.tags) <= ALLOWED, page
        assert not [name for name, _ in reader.attributes if name.startswith("on")], page
        links = [value for name, value in reader.attributes if name in ("href", "src")]
        assert all(OWN_LINK.match(link) for link in links), page


@pytest.mark.parametrize("text", NASTY)
def test_sheet_text_is_shown_as_it_was_typed(text: str) -> None:
    pages = drawn(nasty_board(text), text)
    for page in ("overview", "team", "health", "history", "mine", "mends", "conflict", "elsewhere"):
        reader = Reader()
        reader.feed(pages[page])
        assert " ".join(text.split()) in " ".join(reader.text.split()), page


def test_no_style_of_a_page_holds_text_of_the_sheet() -> None:
    board = nasty_board(NASTY[5])
    reader = Reader()
    for body in drawn(board, NASTY[5]).values():
        reader.feed(body)
    styles = [value for name, value in reader.attributes if name == "style"]

    assert styles
    assert all(re.fullmatch(r"(left|width|--path):[^<>]+", style) for style in styles)


def test_pages_are_written_in_one_language_with_headings_in_order() -> None:
    board = a_board()
    for body in (
        html.draw("overview", build_overview(board, Address())),
        team_page(board, "Growth", Address("team")),
    ):
        levels = [int(level) for level in re.findall(r"<h([1-6])", body)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert 'lang="en"' in body


def test_every_bar_says_in_words_what_it_shows() -> None:
    body = team_page(a_board(), "Growth", Address("team"))

    bars = re.findall(r'<span class="bar[^>]*>', body)
    assert bars
    assert all('role="img" aria-label="' in bar for bar in bars)
