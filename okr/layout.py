"""What the board took a sheet for: each tab, each column, how sure it is, and what it must ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SURE, LIKELY, UNSURE = 0.9, 0.6, 0.5
"""From the first a reading is called sure, from the second likely; below the last it is asked."""


class Shape(StrEnum):
    """How a tab holds OKRs, in the words that people read."""

    FLAT = "a key result a row, its objective beside it"
    BLOCKS = "objectives as headings, key results below them"
    OBJECTIVES = "an objective a row"
    KEY_RESULTS = "a key result a row, its objective in another tab"
    OWN = "the board's own tab"
    UNREAD = "not read"


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What one column was taken for, and why; ``taken_for`` is "" where it is not read."""

    letters: str
    header: str
    taken_for: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class TabReading:
    """What one tab was taken for, and why. ``objectives`` and ``key_results`` count its rows."""

    title: str
    shape: Shape
    confidence: float
    reason: str
    columns: tuple[ColumnReading, ...] = ()
    objectives: int = 0
    key_results: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A reading that only a person can settle, answered once in the ``_Layout`` tab.

    ``what`` names what is asked of the tab (``read as``, ``cycle``, ``team``, ``year``, or
    ``column C``); ``choices`` are the answers offered; ``assumed`` is what holds until
    then, "" where nothing does.
    """

    tab: str
    what: str
    asked: str
    choices: tuple[str, ...]
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of a tab, or of one of its columns."""

    tab: str
    what: str
    said: str


@dataclass(frozen=True, slots=True)
class Layout:
    """All that was taken for something in a sheet that is not in the board's own layout."""

    tabs: tuple[TabReading, ...] = ()
    questions: tuple[Question, ...] = ()
    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)


def sureness(confidence: float) -> str:
    """Put a confidence into a word."""
    if confidence >= SURE:
        return "sure"
    return "likely" if confidence >= LIKELY else "a guess"
