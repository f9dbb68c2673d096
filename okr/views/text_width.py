"""How much room text takes before anybody has drawn it: generous, so that nothing is cut off."""

import unicodedata
from functools import lru_cache

_WIDTHS = (
    ("ijlI|", 0.28),
    (".,:;!-'()[]/{}f ·’‘", 0.34),
    ("tr", 0.37),
    ("s?z*“”", 0.44),
    ('c"xyvJLY', 0.50),
    ("eakFg", 0.53),
    ("bdhnopqu–ESTVXZA", 0.56),
    ("CDBKPRG", 0.63),
    ("HNOQU&", 0.67),
    ("wMWm%@…—", 0.86),
)
"""Letters of Source Sans by their width in ems, semibold; each group by its widest."""

_OTHER = 0.56
_WIDE = 1.0
_NARROWEST = {letter: width for letters, width in _WIDTHS for letter in letters}


@lru_cache(maxsize=4096)
def width_of(text: str, size: float) -> float:
    """Estimate how wide a text is in a size of type, in the same unit."""
    return size * sum(map(_letter, text))


def _letter(letter: str) -> float:
    known = _NARROWEST.get(letter)
    if known is not None:
        return known
    if letter.isascii():
        return _OTHER
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER + 0.1


@lru_cache(maxsize=8192)
def count_lines(text: str, size: float, width: float) -> int:
    """Estimate over how many lines a text is wrapped; a word longer than a line is broken."""
    lines, used, space = 1, 0.0, size * 0.22
    for word in text.split():
        taken = width_of(word, size)
        if used and used + space + taken > width:
            lines, used = lines + 1, 0.0
        while taken > width:
            lines, taken = lines + 1, taken - width
        used += taken + (space if used else 0.0)
    return lines
