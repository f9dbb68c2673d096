"""A workbook as it was read: the tabs and their cells, before anything is understood."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from okr.model import Cell, Source


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab, from its first row and column on.

    ``rows`` may be ragged and leave out what is empty at its ends; numbers are floats, dates serial
    numbers (days since 1899-12-30), blanks ``""``, error cells their text such as ``#REF!``.
    The sets name cells by 0-based (row, column).
    """

    title: str
    rows: Sequence[Sequence[Cell]]
    formulas_without_value: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged areas: first row, first column, last row, last column, 0-based and included."""
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """All tabs of a workbook at one moment.

    ``revision`` is a short digest of the content: equal revisions mean equal content.
    ``locale`` and ``timezone`` are the workbook's own (Google says them), "" where it has none.
    """

    source: Source
    read_at: datetime
    revision: str
    tabs: tuple[Tab, ...] = field(default_factory=tuple)
    locale: str = ""
    timezone: str = ""
