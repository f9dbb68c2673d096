"""How the board's own records name a row that has no ID: by what it says."""

from collections.abc import Iterator, Mapping

from okr.cells import is_error, read_id
from okr.columns import CHECK_INS, KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.registers import folded

NAMING: Mapping[str, tuple[str, ...]] = {
    OBJECTIVES: ("Objective", "Team", "Cycle"),
    KEY_RESULTS: ("Key result", "Objective"),
    CHECK_INS: ("When", "Key result"),
}
"""The columns whose cells together know a row that has no ID; the first of them is its title."""

WHOLE_CHECK_IN = (*NAMING[CHECK_INS], "Value", "Confidence", "Note", "By")
"""All that a check-in says. Several of one day and one key result are told apart by it."""

_PART = " | "
_LONGEST = 200
"""Characters of a name; notes can be long."""


def content_key(tab: str, *naming: Cell) -> str:
    """Name a row by its tab and the cells that name it, as snapshots do (see ``registers``)."""
    texts = ("" if is_error(cell) else folded(read_id(cell)) for cell in naming)
    return "~" + _PART.join((folded(tab), *texts))


def whole_key(*cells: Cell) -> str:
    """Name a check-in by all that it says, so that sorting the sheet does not change its name."""
    return read_id(content_key(CHECK_INS, *cells)[:_LONGEST])


def numbered(name: str, number: int) -> str:
    """Name the second of several rows that say the same, and those after it, by number."""
    return name if number == 1 else f"{name} ({number})"


def readings_of(row_id: str) -> Iterator[tuple[str, int]]:
    """Read the name of a row without an ID: what it says, and the how many-eth to say so.

    The second is 0 for the first row. A name that ends in a number can be meant in two ways.
    """
    yield row_id, 0
    name, _, number = row_id.removesuffix(")").rpartition(" (")
    if row_id.endswith(")") and number.isdecimal():
        yield name, int(number) - 1


def beginnings_of(name: str) -> Iterator[str]:
    """Give what a name may begin with: that of a whole check-in begins with its shorter name."""
    parts = name.split(_PART)
    return (_PART.join(parts[:count]).rstrip() for count in range(len(parts), 1, -1))


def key_results_named_by(row_id: str) -> Iterator[str]:
    """Give the key results that a check-in of this name may be of, in lower case."""
    for name, _ in readings_of(row_id):
        said = name.split(_PART)[2:]
        yield from (_PART.join(said[:count]) for count in range(1, len(said) + 1))
