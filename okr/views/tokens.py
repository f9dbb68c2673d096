"""The colours, sizes and marks of the board, in one place for pages, charts and pictures."""

from collections.abc import Mapping
from dataclasses import dataclass

from okr.changes import NEEDIEST_FIRST
from okr.model import Status


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour on a light and on a dark page."""

    light: str
    dark: str

    @property
    def css(self) -> str:
        """Write it so that the browser chooses by the page's own colour scheme."""
        return f"light-dark({self.light}, {self.dark})"


GROUNDS: Mapping[str, Colour] = {
    "paper": Colour("#ffffff", "#0e1420"),
    "raised": Colour("#f8fafc", "#161e2e"),
    "line": Colour("#d5dbe3", "#2c3749"),
    "track": Colour("#e6eaf0", "#253044"),
}
"""What stands behind text, and the rules and empty bars between."""

TEXTS: Mapping[str, Colour] = {
    "ink": Colour("#0f1728", "#f2f5f9"),
    "soft": Colour("#475467", "#a9b4c4"),
    "good": Colour("#0b7a4b", "#4fd39a"),
    "warn": Colour("#a15b00", "#f5b14c"),
    "bad": Colour("#b42318", "#ff8a7a"),
    "won": Colour("#175cd3", "#84b6ff"),
    "quiet": Colour("#5d6b7e", "#9aa7b8"),
}
"""What is written and filled; every one of them can be read on paper, on raised and on track."""

SIZES: Mapping[str, int] = {"title": 32, "objective": 20, "body": 16, "secondary": 14, "figure": 40}
"""The five sizes of type, in pixels."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is drawn: its colour, a name in ``TEXTS``, and its shape, one in ``SHAPES``."""

    tone: str
    shape: str


LOOKS: Mapping[Status | None, Look] = {
    Status.ON_TRACK: Look("good", "circle"),
    Status.AT_RISK: Look("warn", "triangle"),
    Status.OFF_TRACK: Look("bad", "square"),
    Status.MISSED: Look("bad", "cross"),
    Status.ACHIEVED: Look("won", "check"),
    Status.NO_DATA: Look("quiet", "ring"),
    Status.TOO_EARLY: Look("quiet", "half"),
    Status.NOT_STARTED: Look("quiet", "dashed"),
    Status.DROPPED: Look("quiet", "dash"),
    None: Look("quiet", "ring"),
}
"""The look of every status; None stands for what cannot be scored."""

ORDER: tuple[Status, ...] = (*NEEDIEST_FIRST, Status.DROPPED)
"""The order in which statuses are counted out: what needs help first."""

_HEAVY = 'fill="none" stroke="#000" stroke-width="2"'
_LINE = 'fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round" stroke-width'
_CROSS = "M3.5 3.5l9 9M12.5 3.5l-9 9"
_CHECK = "M2.5 8.5l4 4 7-8.5"


def _outlined(path: str) -> str:
    """Draw a stroke as its outline, by cutting a thinner stroke out of it."""
    return (
        '<mask id="m"><rect width="16" height="16" fill="#fff"/>'
        f'<path d="{path}" {_LINE}="1.6"/></mask>'
        f'<path d="{path}" {_LINE}="4.2" mask="url(#m)"/>'
    )


SHAPES: Mapping[str, tuple[str, str]] = {
    "circle": ('<circle cx="8" cy="8" r="6"/>', f'<circle cx="8" cy="8" r="5" {_HEAVY}/>'),
    "triangle": (
        '<path d="M8 1.5 15 14H1Z"/>',
        f'<path d="M8 3.8 13.2 13H2.8Z" stroke-linejoin="round" {_HEAVY}/>',
    ),
    "square": (
        '<rect x="2" y="2" width="12" height="12"/>',
        f'<rect x="3" y="3" width="10" height="10" {_HEAVY}/>',
    ),
    "cross": (f'<path d="{_CROSS}" {_LINE}="3"/>', _outlined(_CROSS)),
    "check": (f'<path d="{_CHECK}" {_LINE}="3"/>', _outlined(_CHECK)),
    "ring": ('<circle cx="8" cy="8" r="5" fill="none" stroke="#000" stroke-width="1.3"/>',) * 2,
    "half": (
        '<circle cx="8" cy="8" r="5.3" fill="none" stroke="#000" stroke-width="1.3"/>'
        '<path d="M8 2.7a5.3 5.3 0 0 0 0 10.6Z"/>',
        '<path d="M8 2.7v10.6" stroke="#000" stroke-width="1.3"/>'
        '<circle cx="8" cy="8" r="5.3" fill="none" stroke="#000" stroke-width="1.3"/>',
    ),
    "dashed": (
        '<circle cx="8" cy="8" r="5.4" fill="none" stroke="#000" stroke-width="1.6"'
        ' stroke-dasharray="2.6 1.64"/>',
    )
    * 2,
    "dash": ('<path d="M3 8h10" stroke="#000" stroke-width="2.4"/>',) * 2,
}
"""Each mark as SVG on a field of 16 by 16, filled and hollow. Hollow says that the value is old."""


def svg(shape: str, is_hollow: bool = False) -> str:
    """Draw one mark as a picture of its own, in black."""
    drawing = SHAPES[shape][is_hollow]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{drawing}</svg>'
