"""Colours that everybody can read, and marks for every status."""

import itertools

import pytest

from okr.model import Status
from okr.views import html, tokens
from okr.views.tokens import GROUNDS, LOOKS, ORDER, SHAPES, TEXTS, Colour

LEAST = {"paper": 5.0, "raised": 5.0, "track": 4.3}


def luminance(colour: str) -> float:
    """Take the relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("text", "ground", "scheme"), list(itertools.product(TEXTS, LEAST, ["light", "dark"]))
)
def test_every_text_colour_can_be_read(text: str, ground: str, scheme: str) -> None:
    written, behind = getattr(TEXTS[text], scheme), getattr(GROUNDS[ground], scheme)

    assert contrast(written, behind) >= LEAST[ground]


def test_every_status_has_a_look_of_known_parts() -> None:
    assert set(LOOKS) == {*Status, None}
    assert {look.tone for look in LOOKS.values()} <= set(TEXTS)
    assert {look.shape for look in LOOKS.values()} == set(SHAPES)


def test_statuses_of_one_colour_differ_in_shape() -> None:
    known = [look for status, look in LOOKS.items() if status is not None]

    assert len({(look.tone, look.shape) for look in known}) == len(known)


def test_every_status_is_counted_out() -> None:
    assert sorted(ORDER) == sorted(Status)


@pytest.mark.parametrize("shape", ["circle", "triangle", "square", "cross", "check", "half"])
def test_a_stale_mark_is_drawn_hollow(shape: str) -> None:
    assert tokens.svg(shape) != tokens.svg(shape, is_hollow=True)


def test_colours_follow_the_scheme_of_the_page() -> None:
    assert Colour("#fff", "#000").css == "light-dark(#fff, #000)"


def test_the_style_sheet_holds_every_token_and_mark() -> None:
    style = html.style()

    assert all(f"--{name}:light-dark(" in style for name in (*GROUNDS, *TEXTS))
    assert all(f".m-{shape}{{" in style for shape in SHAPES)
    assert style.count("{") == style.count("}")
    assert "<" not in style


def test_blocks_that_are_joined_are_still_drawn_as_they_are() -> None:
    indented = html.Block("  <p>one</p>") + html.Block("\n  <p>two</p>")
    assert indented._repr_html_() == "  <p>one</p>\n  <p>two</p>"
    assert type(indented._repr_html_()) is str
