"""Pictures for tests: drawn from small workbooks, and read back by where each letter stands."""

import re
from collections import defaultdict
from ctypes import c_double, c_uint
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from okr.board import Board
from okr.pictures.choice import Choice
from okr.pictures.content import Json, Origin, build_content
from okr.pictures.drawing import Draughtsman
from okr.pictures.legible import ZERO_WIDTH_SPACE, Reader
from okr.pictures.trend import PastBoards
from tests.unit.boards import a_board
from tests.unit.readings import a_check_in, a_key_result, an_objective, check_ins

BASE = "https://okr.example.com"
LIGATED = "ft"
"""Letters that a font joins to the next: such two share one box."""

NARROWEST = 0.4
"""Points by which two letters may touch and still stand side by side."""


class Letter(NamedTuple):
    """A letter where it stands: the box of its ink, its base line, its size and colour."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    base: float
    size: float
    colour: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a picture: its size, its text, and its letters, from the bottom left."""

    width: float
    height: float
    text: str
    letters: list[Letter]


@cache
def draughtsman() -> Draughtsman:
    return Draughtsman()


def content_of(board: Board, base: str = BASE, **choice: Any) -> Json:
    reader = Reader(draughtsman().lacks)
    return build_content(board, Choice(**choice), Origin(base), PastBoards(), reader)


def draw(content: Json, form: str = "png") -> list[bytes]:
    return draughtsman().draw(content, form)


def read_back(content: Json, by: Draughtsman | None = None) -> list[Page]:
    """Draw every page as a PDF, and say what stands where."""
    [body] = (by or draughtsman()).draw({**content, "page": 0}, "pdf")
    document = pdfium.PdfDocument(body)
    try:
        return [_page(page) for page in document]
    finally:
        document.close()


def _page(page: pdfium.PdfPage) -> Page:
    text = page.get_textpage()
    letters = [one for at in range(text.count_chars()) if (one := _letter(text, at))]
    said = text.get_text_range().replace(ZERO_WIDTH_SPACE, "").replace("\u00a0", " ")
    return Page(*page.get_size(), re.sub(r"\s*\r?\n", "\n", said), letters)


def _letter(text: pdfium.PdfTextPage, at: int) -> Letter | None:
    letter = chr(raw.FPDFText_GetUnicode(text.raw, at))
    left, bottom, right, top = text.get_charbox(at)
    if not letter.strip() or letter == ZERO_WIDTH_SPACE or right - left < 0.05:
        return None
    x, base = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(text.raw, at, x, base)
    red, green, blue, alpha = (c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(text.raw, at, red, green, blue, alpha)
    colour = f"#{red.value:02x}{green.value:02x}{blue.value:02x}"
    size = raw.FPDFText_GetFontSize(text.raw, at)
    return Letter(letter, left, bottom, right, top, base.value, round(size, 1), colour)


def words_of(page: Page) -> list[tuple[float, float, float, float]]:
    """Find the boxes of words: the ink of letters of one size side by side on one line."""
    lines: dict[tuple[float, float], list[Letter]] = defaultdict(list)
    for letter in page.letters:
        lines[round(letter.base), letter.size].append(letter)
    boxes: list[tuple[float, float, float, float]] = []
    for (_, size), letters in lines.items():
        word: list[Letter] = []
        for letter in sorted(letters, key=lambda one: one.left):
            if word and letter.left - max(one.right for one in word) > 0.16 * size:
                boxes.append(_around(word))
                word = []
            word.append(letter)
        boxes.append(_around(word))
    return boxes


def _around(word: list[Letter]) -> tuple[float, float, float, float]:
    return (
        min(one.left for one in word),
        min(one.bottom for one in word),
        max(one.right for one in word),
        max(one.top for one in word),
    )


def overlaps(page: Page) -> list[Any]:
    """Name pairs of words of which one stands on the other."""
    boxes = sorted(words_of(page))
    found = []
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            if other[0] >= one[2] - NARROWEST:
                break
            if min(one[3], other[3]) - max(one[1], other[1]) > NARROWEST:
                found.append((one, other))
    return found


def crowded(page: Page) -> list[str]:
    """Name letters that stand on another of the same line, which no word could tell apart."""
    lines: dict[int, list[Letter]] = defaultdict(list)
    for letter in page.letters:
        if letter.text.isascii() and letter.text.isalnum():
            lines[round(letter.base)].append(letter)
    found = []
    for letters in lines.values():
        letters.sort(key=lambda one: one.left)
        found += [
            one.text + other.text
            for one, other in pairwise(letters)
            if one.right - other.left > 0.12 * one.size and one.text not in LIGATED
        ]
    return found


def outside(page: Page, margin: float = 20.0) -> list[str]:
    """Name letters that reach out of the canvas, or far into its margin."""
    return [
        one.text
        for one in page.letters
        if one.left < margin
        or one.right > page.width - margin
        or one.bottom < margin
        or one.top > page.height - margin
    ]


def sizes(page: Page) -> set[float]:
    return {one.size for one in page.letters}


def colours(page: Page) -> set[str]:
    return {one.colour for one in page.letters}


def contrast(one: str, other: str) -> float:
    """Compute the contrast of two colours, as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part, 16) / 255 for part in re.findall("[0-9a-f]{2}", colour)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def crowd(
    objectives: int,
    key_results: int,
    title: str = "Raise activation",
    note: str = "The new tour helps.",
    owner: str = "ada@example.com",
) -> Board:
    """Build the board of one team with many objectives, all texts the same but for a number."""
    rows = [
        an_objective(id=f"O-{n}", objective=f"{title} O{n}", owner=owner)
        for n in range(1, objectives + 1)
    ]
    below = [
        a_key_result(
            id=f"KR-{n}-{m}",
            objective=f"O-{n}",
            key_result=f"{title} K{n}.{m}",
            current=("", 33.0, 37.0, 46.0)[m % 4],
            owner=owner,
        )
        for n in range(1, objectives + 1)
        for m in range(1, key_results + 1)
    ]
    said = [
        a_check_in(key_result=f"KR-{n}-1", value=34.0, note=note, id=f"C-{n}", by=owner)
        for n in range(1, objectives + 1)
        if key_results
    ]
    return a_board(rows, below, *([check_ins(*said)] if said else []))
