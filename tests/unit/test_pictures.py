"""The screenshot contract: what holds of every picture, over sizes, themes, languages, amounts."""

import io
import re
from itertools import combinations
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops, ImageFilter

from okr.assess import roll_up_team
from okr.model import Status
from okr.pictures import look
from okr.pictures.choice import CANVASES, THEMES, Choice, PictureError
from okr.pictures.content import Origin, build_content, build_refusal
from okr.pictures.drawing import Draughtsman
from okr.pictures.legible import Reader
from okr.pictures.subjects import find_subject
from okr.pictures.trend import PastBoards
from okr.views import overview, team
from okr.views.addresses import Address
from okr.views.tokens import LOOKS
from tests.unit.boards import a_board
from tests.unit.fonts import write_font
from tests.unit.pictures import (
    BASE,
    Page,
    colours,
    content_of,
    contrast,
    crowd,
    crowded,
    draughtsman,
    draw,
    outside,
    overlaps,
    read_back,
    sizes,
)
from tests.unit.readings import a_key_result, an_objective, cycles, teams

LONG = "Let newcomers find their way without asking anybody for help "
ATTACK = (
    '<script>alert(1)</script> #panic() #read("/etc/passwd") $x$ @ref ![](http://x.y/z) =1+1 *b*'
)
TITLES = {
    "five": "Speed",
    "short": "Raise activation",
    "300": (LONG * 6)[:300],
    "unbroken": "Donaudampfschiff" * 18,
    "hebrew": "שיפור שביעות הרצון של לקוחות חדשים (NPS) עד סוף הרבעון",
    "arabic": "تحسين رضا العملاء الجدد قبل نهاية الربع",
    "cjk": "新しいお客様が迷わずに使い始められるようにする",
    "emoji": "Ship 🚀 on time 🎉👩‍💻",
    "attack": ATTACK,
}
AMOUNTS = [(0, 0), (1, 0), (1, 1), (2, 3), (3, 4), (12, 12)]


def holds(content: dict[str, object]) -> None:
    """Assert what holds of every page of every picture."""
    paper = look.colours(str(content["theme"]))["paper"]
    canvas = content["canvas"]
    pages = read_back(content)
    for number, page in enumerate(pages, 1):
        assert {"width": page.width, "height": page.height} == canvas
        assert outside(page) == []
        assert overlaps(page) == []
        assert crowded(page) == []
        assert min(sizes(page)) >= 14
        assert min(contrast(colour, paper) for colour in colours(page)) >= 4.5
        assert f"page {number} of {len(pages)}" in page.text


@pytest.mark.parametrize("size", CANVASES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_the_contract_holds_for_every_title(size: str, theme: str, title: str) -> None:
    board = crowd(2, 3, title, note=title, owner=title[:60])

    holds(content_of(board, team="Growth", size=size, theme=theme))


@pytest.mark.parametrize("size", CANVASES)
@pytest.mark.parametrize(("objectives", "key_results"), AMOUNTS)
def test_the_contract_holds_for_every_amount(size: str, objectives: int, key_results: int) -> None:
    board = crowd(objectives, key_results)

    holds(content_of(board, team="Growth" if objectives else "", size=size))


@pytest.mark.parametrize("size", CANVASES)
def test_the_contract_holds_for_the_organisation_and_long_names(size: str) -> None:
    named = (("A team with " + LONG * 3).strip(), "Sales", "Machines", "Care")
    rows = [an_objective(id=f"O-{n}", team=name) for n, name in enumerate(named)]
    below = [a_key_result(id=f"KR-{n}", objective=f"O-{n}") for n in range(len(named))]
    board = a_board(rows, below, teams(("Sales", named[0]), ("Machines", "Sales")))

    holds(content_of(board, size=size))
    holds(content_of(board, size=size, below=True))


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", CANVASES)
def test_an_objective_is_never_parted_from_its_first_key_result(size: str) -> None:
    pages = read_back(content_of(crowd(12, 5, note=""), team="Growth", size=size))

    heads = {number: set(re.findall(r"\bO(\d+)\b", page.text)) for number, page in enumerate(pages)}
    firsts = {
        number: {n for n, m in re.findall(r"\bK(\d+)\.(\d+)\b", page.text) if m == "1"}
        for number, page in enumerate(pages)
    }
    assert len(pages) > 2
    for number, listed in firsts.items():
        assert listed <= heads[number]
    assert set().union(*firsts.values()) == {str(n) for n in range(1, 13)}


def test_what_goes_on_overleaf_says_of_which_objective_it_is() -> None:
    pages = read_back(content_of(crowd(1, 12), team="Growth", size="slide"))

    assert len(pages) == 2
    assert "Raise activation O1" in pages[1].text
    assert "continued" in pages[1].text


def test_every_key_result_is_on_exactly_one_page() -> None:
    pages = read_back(content_of(crowd(12, 12, note=""), team="Growth"))
    body = "\n".join(page.text.partition("Key result ")[2] for page in pages)

    found = re.findall(r"K(\d+\.\d+) ", body)
    assert sorted(found) == sorted(f"{n}.{m}" for n in range(1, 13) for m in range(1, 13))


def test_one_page_alone_is_the_same_as_among_all() -> None:
    content = content_of(crowd(6, 4), team="Growth")

    everything = draw({**content, "page": 0})
    assert draughtsman().count_pages() == len(everything)
    assert draw({**content, "page": 2}) == [everything[1]]
    assert draw({**content, "page": 999}) == [everything[-1]]


# --- the same data, the same bytes ----------------------------------------------------------------


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_data_gives_the_same_bytes(form: str) -> None:
    content = content_of(crowd(2, 3), team="Growth")

    assert draw(content, form) == Draughtsman().draw(content, form)


def test_a_png_has_the_size_of_its_canvas() -> None:
    for size, canvas in CANVASES.items():
        [body] = draw(content_of(crowd(1, 1), team="Growth", size=size))
        width, height = (int.from_bytes(body[at : at + 4], "big") for at in (16, 20))
        assert (width, height) == canvas


# --- what it says ---------------------------------------------------------------------------------


def test_a_picture_shows_what_it_rests_on() -> None:
    [page] = read_back(content_of(crowd(1, 3), team="Growth"))

    for said in (
        "Growth",
        "2026-Q2 · 20 May 2026",
        "As of 20 May 2026 · Acme OKRs · revision r1 · read at 09:30",
        "oldest value 2 d",
        "https://okr.example.com/status?team=Growth&cycle=2026-Q2",
        "“The new tour helps.”",
        "off track",
        "achieved",
        "day 49 of 90 expects 54.4%",
        "34 of 45 points",
        "net",
    ):
        assert said in page.text


def test_the_sentence_is_that_of_the_pages() -> None:
    board = crowd(2, 3)
    page = team.build_team(board, "Growth", Address("team"))
    whole = overview.build_overview(board, Address(""))

    assert content_of(board, team="Growth")["summary"] == page.answer
    assert content_of(board)["summary"] == whole.answer


def test_a_long_title_does_not_hide_the_end_of_the_sentence() -> None:
    content = content_of(crowd(2, 3, TITLES["300"]), team="Growth")

    assert content["summary"].endswith("…” needs help first.")
    assert any("needs help first." in page.text for page in read_back(content))


def test_without_objectives_it_says_what_to_do() -> None:
    [page] = read_back(content_of(a_board([], [])))

    assert "“Objectives” is empty, so nothing in it is read." in page.text
    assert "Give it a first row with headers" in page.text


def test_every_status_has_a_shape_of_its_own_and_its_word_beside_it() -> None:
    shapes = [LOOKS[status].shape for status in Status]
    content = content_of(crowd(1, 4), team="Growth")

    assert len({*shapes}) == len(shapes)
    for row in content["groups"][0]["blocks"][0]["rows"]:
        assert row["mark"]["word"] in set(map(str, Status))


def test_an_old_value_is_drawn_hollow_with_its_age() -> None:
    board = a_board(day=a_board().day.replace(month=6, day=29))
    content = content_of(crowd(1, 1), team="Growth")

    assert not content["groups"][0]["blocks"][0]["rows"][0]["mark"]["is_hollow"]
    assert content_of(board, team="Growth")["groups"]


def test_objectives_roll_up_as_the_board_rolls_up_their_team() -> None:
    board = crowd(5, 4)

    for standing in (board.organisation, *board.teams):
        assert roll_up_team(standing.team, standing.objectives) == standing


@pytest.mark.parametrize(
    ("choice", "title"),
    [
        (Choice(), "Acme OKRs"),
        (Choice(team="growth"), "Growth"),
        (Choice(objective="O-2"), "Raise activation O2"),
        (Choice(objective="raise activation o1"), "Raise activation O1"),
        (Choice(person="ada@example.com"), "ada"),
    ],
)
def test_a_picture_is_of_whom_the_choice_names(choice: Choice, title: str) -> None:
    assert find_subject(crowd(2, 2), choice).title == title


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(team="Gr0wth"), "There is no team “Gr0wth”"),
        (Choice(objective="O-99"), "There is no objective “O-99”"),
        (Choice(person="bob@example.com"), "bob@example.com owns no key result here"),
    ],
)
def test_what_is_not_there_is_said_in_a_picture(choice: Choice, said: str) -> None:
    with pytest.raises(PictureError) as refused:
        find_subject(crowd(2, 2), choice)

    content = build_refusal(refused.value, choice, Reader(draughtsman().lacks))
    [page] = read_back(content)
    assert said in page.text
    assert said in str(refused.value)
    assert overlaps(page) == []


def test_a_person_has_only_their_own_key_results() -> None:
    rows = [a_key_result(), a_key_result(id="KR-2", key_result="Of Bob", owner="bob@example.com")]
    content = content_of(a_board(None, rows), person="bob@example.com")

    [block] = content["groups"][0]["blocks"]
    assert [row["title"] for row in block["rows"]] == ["Of Bob"]
    assert content["tallies"][0]["number"] == 1


def test_without_an_address_there_is_no_code() -> None:
    content = content_of(crowd(1, 1), base="", team="Growth")

    assert content["qr"] is None
    holds(content)


def test_the_curve_runs_from_the_first_day_to_the_day() -> None:
    trend = content_of(crowd(1, 3), team="Growth")["trend"]

    assert trend["score"][-1][0] == pytest.approx(49 / 90, abs=1e-3)
    assert trend["pace"][-1] == [1.0, 1.0]
    assert (trend["first"], trend["last"]) == ("1 Apr", "30 Jun")


def test_without_a_cycle_there_is_no_curve() -> None:
    board = a_board([an_objective(cycle="")])

    content = content_of(board, team="Growth")
    assert content["trend"] is None
    holds(content)


def test_before_its_cycle_nothing_is_due() -> None:
    later = cycles(("2027-Q1", "2027-01-01", "2027-03-31"))
    board = a_board([an_objective(cycle="2027-Q1")], None, later)

    holds(content_of(board, team="Growth"))


# --- text from the sheet stays text ---------------------------------------------------------------


def test_nothing_from_the_sheet_is_evaluated() -> None:
    board = crowd(1, 2, ATTACK, note=ATTACK, owner=ATTACK)
    content = content_of(board, team="Growth")

    text = re.sub(r"\s", "", "".join(page.text for page in read_back(content)))
    assert text.count(re.sub(r"\s", "", "#panic()")) >= 3
    assert "<script>alert(1)</script>" in text
    [svg] = draw(content, "svg")
    assert b"<script" not in svg
    assert b"http://x.y" not in svg


@pytest.mark.parametrize("size", CANVASES)
def test_a_png_shows_the_very_letters_of_the_text_and_nothing_made_of_them(size: str) -> None:
    board = crowd(1, 2, ATTACK, note=ATTACK, owner=ATTACK)
    content = content_of(board, team="Growth", size=size)
    [sheet] = pdfium.PdfDocument(draw({**content, "page": 0}, "pdf")[0])
    seen = _ink(Image.open(io.BytesIO(draw(content, "png")[0])))
    typed = _ink(sheet.render(scale=1).to_pil())
    evaluated = content_of(crowd(1, 2, ATTACK.replace("*b*", "b")), team="Growth", size=size)
    other = _ink(Image.open(io.BytesIO(draw(evaluated, "png")[0])))

    [page] = read_back(content)
    assert re.sub(r"\s", "", page.text).count(re.sub(r"\s", "", ATTACK)) >= 4
    assert _apart(seen, typed) < 300
    assert _apart(other, typed) > 1000  # so little as two stars taken for bold would be noticed


def _ink(picture: Image.Image) -> Image.Image:
    return picture.convert("L").point(lambda grey: 255 if grey < 140 else 0)


def _apart(one: Image.Image, other: Image.Image) -> int:
    """Count the dark pixels of each of two pictures that have none of the other nearby."""
    beyond = (
        ImageChops.subtract(left, right.filter(ImageFilter.MaxFilter(5)))
        for left, right in ((one, other), (other, one))
    )
    return sum(picture.histogram()[255] for picture in beyond)


def test_what_the_fonts_lack_is_said() -> None:
    content = content_of(crowd(1, 1, "Ship \U0010d00d\ue000 𓀀𓀁 now"), team="Growth")

    assert "[Egyptian]" in content["groups"][0]["blocks"][0]["title"]
    assert "fonts here lack 2" in " ".join(content["stamp"]).replace("\u00a0", " ")


def test_marks_that_turn_text_round_are_left_out() -> None:
    content = content_of(crowd(1, 1, "Safe\u202etxt.exe\u0007 end\n next"), team="Growth")

    assert content["groups"][0]["blocks"][0]["title"] == "Safetxt.exe end next O1"


def test_an_endless_word_may_be_broken() -> None:
    content = content_of(crowd(1, 1, "x" * 300), team="Growth")

    holds(content)


def test_a_workbook_that_cannot_be_read_now_is_said() -> None:
    board = crowd(1, 1)
    origin = Origin("", failing_since=board.snapshot.read_at)
    content = build_content(
        board, Choice(team="Growth"), origin, PastBoards(), Reader(draughtsman().lacks)
    )

    assert "has been unreadable since 20 May 2026, 09:30" in content["stamp"][1]


def test_a_font_folder_adds_letters_and_what_it_lacks_too_is_still_said(tmp_path: Path) -> None:
    write_font(tmp_path / "tiny.ttf", "Tiny Han", "新しい")
    equipped = Draughtsman(tmp_path)
    board = crowd(1, 1, "新しいお客")

    [without] = [content_of(board, team="Growth")["groups"][0]["blocks"][0]["title"]]
    content = build_content(
        board, Choice(team="Growth"), Origin(BASE), PastBoards(), Reader(equipped.lacks)
    )

    assert without == "[Chinese, Hiragana] O1"
    assert content["groups"][0]["blocks"][0]["title"] == "新しい[Hiragana, Chinese] O1"
    assert "lack 2" in " ".join(content["stamp"]).replace("\u00a0", " ")
    assert equipped.draw(content, "svg") != draughtsman().draw(content, "svg")
    holds(content)


# --- what makes it fast changes nothing -----------------------------------------------------------


class Measuring(Draughtsman):
    """Trusts no sum of letters: every text is laid out to see how tall it gets."""

    def _width(self, text: str) -> None:
        return None


@pytest.fixture(scope="module")
def measuring() -> Measuring:
    return Measuring()


@pytest.mark.parametrize("size", CANVASES)
@pytest.mark.parametrize("title", ["short", "attack"])
def test_heights_that_are_added_up_are_those_that_are_measured(
    measuring: Measuring, size: str, title: str
) -> None:
    board = crowd(2, 4, TITLES[title], note=TITLES[title])
    for choice in ({}, {"team": "Growth"}):
        content = {**content_of(board, size=size, **choice), "page": 0}

        assert draw(content, "svg") == measuring.draw(content, "svg")


# --- no page without need -------------------------------------------------------------------------


@pytest.mark.parametrize("size", CANVASES)
def test_a_team_without_a_key_result_takes_one_page_beside_many_others(size: str) -> None:
    names = [f"Team {number}" for number in range(12)]
    rows = [an_objective(id=f"O-{name}", team=name) for name in names]
    rows.append(an_objective(id="O-alone", team="Legal", objective="Understand our contracts"))
    below = [a_key_result(id=f"KR-{name}", objective=f"O-{name}") for name in names]
    high = (("Team 0", "Acme OKRs"), ("Legal", "Acme OKRs"))
    tree = teams(*high, *((name, "Team 0") for name in names[1:]))

    [page] = read_back(content_of(a_board(rows, below, tree), team="Legal", size=size))

    assert "How the teams stand" in page.text
    assert ("Team 11" in page.text) is (size == "portrait")
    assert overlaps(page) == []


def test_an_objective_stays_whole_where_that_takes_no_more_pages() -> None:
    pages = read_back(content_of(crowd(2, 5), team="Growth", size="portrait"))

    assert len(pages) == 2
    assert "K1.5" in pages[0].text
    assert "O2" not in pages[0].text.partition("Progress and pace")[2]
    assert "continued" not in pages[1].text


def test_what_fills_a_page_is_the_way_of_the_score() -> None:
    [page] = read_back(content_of(crowd(1, 1), team="Growth"))

    assert "The score is 39 points behind pace" in page.text


# --- in grey --------------------------------------------------------------------------------------


def test_in_grey_each_status_has_a_mark_of_its_own_beside_its_word() -> None:
    content = content_of(crowd(1, len(Status)), team="Growth", base="")
    rows = content["groups"][0]["blocks"][0]["rows"]
    for row, status in zip(rows, Status, strict=True):
        look = LOOKS[status]
        row["mark"] |= {"shape": look.shape, "tone": look.tone, "word": str(status)}
        row.update(arithmetic="", remarks="", note="")
    [page] = read_back(content)
    image = Image.open(io.BytesIO(draughtsman().draw(content, "png", 2.0)[0])).convert("L")

    marks = {str(status): _mark_before(page, image, str(status)) for status in Status}
    for (one, left), (other, right) in combinations(marks.items(), 2):
        apart = [pixel for pixel in ImageChops.difference(left, right).tobytes() if pixel > 60]
        assert len(apart) > 12, f"{one} looks like {other}"


def _mark_before(page: Page, image: Image.Image, word: str) -> Image.Image:
    """Cut out the mark that stands before a word in the column of statuses."""
    text = "".join(letter.text for letter in page.letters)
    first = page.letters[text.rindex(word.replace(" ", ""))]
    left, bottom = 2 * (first.left - 24), 2 * (page.height - first.base + 3)
    return image.crop((round(left), round(bottom - 36), round(left + 40), round(bottom)))
