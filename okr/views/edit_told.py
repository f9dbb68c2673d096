"""Cells as people type them, and what is told of a change: what was in the way, what was saved."""

from collections.abc import Iterable
from dataclasses import dataclass

from okr.cells import read_text
from okr.model import Cell, KeyResult, Objective
from okr.scales import is_percent_among_shares
from okr.serials import day_of
from okr.workbooks.interface import CellEdit, Conflict, SavedRow

NUMBERS = ("Start", "Target", "Current")
"""The columns of a key result that share a scale."""

_LAST_SERIAL = 2_958_465


@dataclass(frozen=True, slots=True)
class Choice:
    """A cell that was changed by two people: what each of them wants, in words."""

    column: str
    cell: str
    seen: str
    theirs: str
    mine: str
    obstacle: str
    since: str


def spell(column: str, cell: Cell, entity: Objective | KeyResult | None = None) -> str:
    """Write a cell as a person would type it: a percentage with its sign, a day as 2026-12-24.

    ``entity`` is what the row holds; a number that is off its scale is written as it stands.
    """
    if not isinstance(cell, float):
        return read_text(cell)
    if column == "Due" and 0 < cell <= _LAST_SERIAL:
        return day_of(cell).isoformat()
    is_percent = column in ("Confidence", "Progress") and 0 <= cell <= 1
    if is_percent or (column in NUMBERS and _is_share_of(cell, entity)):
        return f"{cell * 100:.12g}%"
    return read_text(cell)


def _is_share_of(number: float, entity: Objective | KeyResult | None) -> bool:
    """Tell whether a number of a row is a fraction that people know as percent."""
    if not isinstance(entity, KeyResult) or not _is_share(entity):
        return False
    return not is_percent_among_shares((entity.start, entity.target), number)


def _is_share(one: KeyResult) -> bool:
    """Tell whether values are fractions that people know as percent."""
    return one.unit == "%" and not is_whole_percent(one)


def is_whole_percent(one: KeyResult) -> bool:
    """Tell whether a sheet counts percent as 45 and not as 0.45."""
    bounds = [abs(number) for number in (one.start, one.target) if number is not None]
    return one.unit == "%" and max(bounds, default=0.0) > 2


# --- two people, one cell -------------------------------------------------------------------------


def choices(
    conflicts: Iterable[Conflict],
    entity: Objective | KeyResult | None,
    since: str = "when this form opened",
) -> tuple[Choice, ...]:
    """Put both values of each cell in the way side by side; ``since`` says when it was seen."""
    return tuple(
        Choice(
            column=one.column,
            cell=one.cell,
            seen=_said(one.column, one.seen, entity),
            theirs=_said(one.column, one.found, entity),
            mine=_said(one.column, one.wanted, entity),
            obstacle=one.obstacle,
            since=since,
        )
        for one in conflicts
    )


def _said(column: str, cell: Cell, entity: Objective | KeyResult | None) -> str:
    """Write a cell on one short line; a blank one says so."""
    text = " ".join(spell(column, cell, entity).split())
    return (text if len(text) <= 80 else f"{text[:79]}…") or "blank"


# --- what was saved -------------------------------------------------------------------------------


def say_change(
    saved: SavedRow, entity: Objective | KeyResult | None, *, is_here: bool = True
) -> str:
    """Say what was written: ``Saved: Target 45 → 50.`` Away from its row, it is named."""
    added = next((one.wanted for one in saved.written if one.column == "ID"), "")
    if added:
        cells = {one.column: one.wanted for one in saved.written}
        title = cells.get("Key result") or cells.get("Objective", "")
        return _ended(f"Added: “{_said('', title, None)}” as {added}.", saved.remark)
    if not saved.written:
        return _ended("It stood so already: nothing was written.", saved.remark)
    parts = ", ".join(_moved(one, entity) for one in saved.written)
    where = "" if is_here or entity is None else f" in “{entity.title}”"
    return _ended(f"Saved{where}: {parts}.", saved.remark)


def say_kept(
    kept: Iterable[Conflict], entity: Objective | KeyResult | None, *, is_here: bool = True
) -> str:
    """Say which cells were left as somebody else wrote them; away from their row, it is named.

    ``Kept as it stands in the sheet: Target 75.``
    """
    parts = ", ".join(f"{one.column} {_said(one.column, one.found, entity)}" for one in kept)
    where = "" if is_here or entity is None else f" in “{entity.title}”"
    return f"Kept as it stands in the sheet{where}: {parts}."


def _ended(said: str, remark: str) -> str:
    return f"{said} {remark}" if remark else said


def _moved(one: CellEdit, entity: Objective | KeyResult | None) -> str:
    before = _said(one.column, one.seen, entity)
    return f"{one.column} {before} → {_said(one.column, one.wanted, entity)}"
