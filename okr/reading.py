"""A workbook as it was read: the tabs and their cells, before anything is understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from okr.layout import Answer, Layout
from okr.model import Cell, Problem, Source


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the sheet: the title of its tab, its 0-based row and column."""

    tab: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the cells of a tab truly stand that was put together from a sheet of another kind.

    Rows and places are 0-based in the tab that was put together. ``spots`` holds the cells that the
    sheet has; ``shared`` those of them that the sheet does not hold for this row alone, or not in
    these words, so that they are never written through it. ``headers`` are the sheet's own words
    for a column, by tab and column. ``links`` leads from the row of a key result to that of its
    objective.
    """

    spots: Mapping[tuple[int, int], Spot]
    shared: frozenset[tuple[int, int]]
    headers: Mapping[tuple[str, int], str]
    lines: Mapping[int, Spot]
    """For each row the cell that names it."""
    links: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab, from its first row and column on.

    ``rows`` may be ragged and leave out what is empty at its ends; numbers are floats, dates serial
    numbers (days since 1899-12-30), blanks ``""``, error cells their text such as ``#REF!``.
    The sets name cells by 0-based (row, column). ``origin`` is None where all this stands in the
    sheet just so.
    """

    title: str
    rows: Sequence[Sequence[Cell]]
    formulas_without_value: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged areas: first row, first column, last row, last column, 0-based and included."""
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All tabs of a workbook at one moment.

    ``revision`` is a short digest of the content: equal revisions mean equal content.
    ``locale`` and ``timezone`` are the workbook's own (Google says them), "" where it has none.
    ``layout`` is None in the board's own layout, and before anybody has looked for another; else
    ``tabs`` begins with those that were put together, ``sheet`` holds the tabs as they stand, and
    ``findings`` what was found on the way. ``configured`` answers the board's questions where no
    ``_Layout`` tab may be written.
    """

    source: Source
    read_at: datetime
    revision: str
    tabs: tuple[Tab, ...] = field(default_factory=tuple)
    locale: str = ""
    timezone: str = ""
    layout: Layout | None = None
    sheet: tuple[Tab, ...] = ()
    findings: tuple[Problem, ...] = ()
    configured: tuple[Answer, ...] = ()
