"""Text from the sheet made fit to be set: no hidden marks, no endless words, no letters unknown."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LONGEST = 24
"""A run of letters longer than this may be broken anywhere, so that it fits its column."""

ZERO_WIDTH_SPACE = "\u200b"

_RUN = re.compile(rf"[^\s{ZERO_WIDTH_SPACE}]{{{LONGEST + 1},}}")
_PLAIN = frozenset(map(chr, range(0x20, 0x7F)))
_FAMILIAR = re.compile(r"(?: ?[!-~¡-¬®-ɏ–—‘’“”…→−€])* ?")
"""Texts in which there is nothing to leave out, told apart without looking at each letter."""

_JOINING = frozenset("\u200c\u200d")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@dataclass(slots=True)
class Reader:
    """Makes texts legible, and notes which letters no font here has.

    ``lacks`` tells which of some letters no font has.
    """

    lacks: Callable[[frozenset[str]], frozenset[str]]
    missing: set[str] = field(default_factory=set)

    def clean(self, data: Any) -> Any:
        """Make every text in plain data legible."""
        unknown = self.lacks(frozenset("".join(texts_in(data))) - _PLAIN)
        return self._cleaned(data, unknown)

    def _cleaned(self, data: Any, unknown: frozenset[str]) -> Any:
        if isinstance(data, str):
            return self._text(data, unknown)
        if isinstance(data, dict):
            return {name: self._cleaned(one, unknown) for name, one in data.items()}
        if isinstance(data, list | tuple):
            return [self._cleaned(one, unknown) for one in data]
        return data

    def _text(self, text: str, unknown: frozenset[str]) -> str:
        if text.isascii() and text.isprintable() and not _RUN.search(text):
            return text
        shown = visible(text)
        if unknown.intersection(shown):
            self.missing.update(unknown.intersection(shown))
            shown = _described(shown, unknown)
        return _RUN.sub(_broken, shown)


def visible(text: str) -> str:
    """Leave out what does not show, or turns the order of letters round; join broken lines."""
    if _FAMILIAR.fullmatch(text):
        return text.strip()
    kept = (
        " " if letter.isspace() and letter != "\u00a0" else letter
        for letter in text
        if letter.isspace() or letter in _JOINING or unicodedata.category(letter) not in _INVISIBLE
    )
    return re.sub(" {2,}", " ", "".join(kept)).strip()


def kind_of(letter: str) -> str:
    """Name what a letter is of: its script, or what a symbol shows."""
    name = unicodedata.name(letter, "")
    if unicodedata.category(letter).startswith("L"):
        return "Chinese" if name.startswith("CJK") else name.split(" ")[0].capitalize()
    return name.lower() or "symbol"


def texts_in(data: Any) -> list[str]:
    """List every text in plain data."""
    if isinstance(data, str):
        return [data]
    inner = data.values() if isinstance(data, dict) else data
    if not isinstance(data, dict | list | tuple):
        return []
    return [text for one in inner for text in texts_in(one)]


def _described(text: str, unknown: frozenset[str]) -> str:
    """Put in the place of letters that no font has what they are."""
    pattern = f"[{re.escape(''.join(sorted(unknown)))}{''.join(_JOINING)}\ufe0f]+"

    def name(found: re.Match[str]) -> str:
        kinds = dict.fromkeys(kind_of(letter) for letter in found[0] if letter in unknown)
        return f"[{', '.join(kinds)}]" if kinds else found[0]

    return re.sub(pattern, name, text)


def _broken(found: re.Match[str]) -> str:
    return ZERO_WIDTH_SPACE.join(found[0])
