"""The value cells of a key result, put into the words of the board: start, target, current."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from okr.cells import is_blank, is_error, number_readings, read_done, read_text
from okr.columns import address
from okr.layout import UNSURE
from okr.layouts.lines import Held, Line, Scan, is_empty
from okr.layouts.measures import (
    AT_RISK,
    DONE,
    DRAFT,
    DROPPED,
    OFF_TRACK,
    ON_TRACK,
    Quantity,
    Scale,
    meaning_of,
    quantity_of,
    scale_of,
    share_of,
    spelled,
)
from okr.layouts.spellings import SCORE, STATUS, fold
from okr.model import Cell, Problem, Severity

VALUES = ("Start", "Target", "Current")
FILLED_IN_DONE = Held("done", None, True)


@dataclass(slots=True)
class Measuring:
    """How one tab says how far things are, and what was noted on the way."""

    scan: Scan
    locale: str
    scales: Mapping[str, Scale]
    problems: list[Problem] = field(default_factory=list)

    @property
    def share(self) -> str:
        """Name the column of shares, "" where there is none."""
        return next((role for role in ("Progress", SCORE) if role in self.scales), "")


def measuring_of(scan: Scan, locale: str, answered: Mapping[str, float]) -> Measuring:
    """Find the scales of a tab; ``answered`` are those that people have settled, by role."""
    scales: dict[str, Scale] = {}
    roles = scan.roles()
    if STATUS in roles and not roles & {*VALUES, "Progress", SCORE}:
        _take_numbers_for_progress(scan)
        roles = roles | {role for line in scan.key_results for role in line.cells}
    for role in ("Progress", SCORE):
        if role in roles or any(role in line.cells for line in scan.key_results):
            scale = scale_of([line.says(role) for line in scan.key_results], role == SCORE)
            if role in answered:
                scale = Scale(answered[role], 1.0, "as answered")
            scales[role] = scale
    return Measuring(scan, locale, scales)


def _take_numbers_for_progress(scan: Scan) -> None:
    """Take a status that is a number, where nothing else is, for progress."""
    cells = [line.says(STATUS) for line in scan.key_results if not is_blank(line.says(STATUS))]
    if cells and sum(type(cell) is float for cell in cells) * 2 > len(cells):
        for line in scan.key_results:
            if STATUS in line.cells:
                line.cells["Progress"] = line.cells.pop(STATUS)


def measured(what: Measuring, line: Line) -> dict[str, Held]:
    """Give the cells of a key result that say how far it is."""
    cells = _by(what, line)
    status = line.cells.get(STATUS)
    meaning = meaning_of(status.cell) if status is not None else None
    if "Confidence" in line.cells:
        cells["Confidence"] = line.cells["Confidence"]
    elif status is not None and meaning in (ON_TRACK, AT_RISK, OFF_TRACK):
        cells["Confidence"] = Held(meaning, status.place, True)
    if status is not None and meaning in (DROPPED, DRAFT):
        cells["State"] = Held(meaning, status.place, True)
    return cells


def _by(what: Measuring, line: Line) -> dict[str, Held]:
    """Choose what a key result is measured by: its values, its share, or its word."""
    roles = what.scan.roles()
    has_way = "Target" in roles and "Current" in roles
    has_target = not is_empty(line.cells.get("Target"))
    share = line.cells.get(what.share)
    if what.share and share is not None and not (has_way and has_target):
        is_told = not is_empty(share) or not roles & {*VALUES}
        if is_told and (
            not has_way or (is_empty(line.cells.get("Current")) and not is_error(share.cell))
        ):
            return _as_share(what, line, share)
    has_any = any(not is_empty(line.cells.get(role)) for role in VALUES)
    status = line.cells.get(STATUS)
    is_word = status is not None and _is_word(status.cell)
    if roles & {*VALUES} and (has_any or not is_word):
        return _as_values(what, line)
    return _as_word(line)


def _is_word(cell: Cell) -> bool:
    """Tell whether a status says how things stand: a known word, a sign, or a checkbox."""
    return isinstance(cell, bool) or meaning_of(cell) is not None


def _is_yes_or_no(cell: Cell) -> bool:
    """Tell whether a cell of a column of shares says done or not done."""
    if isinstance(cell, str):
        is_word = not is_blank(cell) and not number_readings(cell)
        return is_word and read_done(cell, "")[1] is None
    return isinstance(cell, bool)


def _as_share(what: Measuring, line: Line, share: Held) -> dict[str, Held]:
    """Put a share as a way from 0 to 1 (rule 3); one whose scale nobody knows is left open."""
    if _is_yes_or_no(share.cell):
        return {"Kind": FILLED_IN_DONE, "Current": replace(share, is_shared=True)}
    scale = what.scales[what.share]
    if scale.whole == 100 and type(share.cell) is float and 0 < share.cell < 1:
        what.problems.append(_is_fraction(what.scan, share))
    cell = share_of(share.cell, scale) if scale.confidence >= UNSURE else ""
    return {
        "Start": Held(0.0, None, True),
        "Target": Held(1.0, None, True),
        "Current": Held(cell, share.place, True, share.lacks_value),
        "Unit": Held("%", None, True),
    }


def _as_word(line: Line) -> dict[str, Held]:
    """Put a word: done is done; any other says how its owner sees it, and is no number."""
    status = line.cells.get(STATUS)
    current = Held("", status.place if status else None, True)
    if status is not None and isinstance(status.cell, bool):
        current = replace(status, is_shared=True)
    elif status is not None and meaning_of(status.cell) == DONE:
        current = Held(True, status.place, True)
    return {"Kind": FILLED_IN_DONE, "Current": current}


def _as_values(what: Measuring, line: Line) -> dict[str, Held]:
    """Take start, target and current; of a number with its unit the number, and say so."""
    cells = {role: line.cells[role] for role in VALUES if role in line.cells}
    read = {
        role: quantity
        for role, held in cells.items()
        if (quantity := quantity_of(held.cell, what.locale)) is not None
    }
    units = {fold(one.unit).removesuffix("s") for one in read.values() if one.unit}
    if len(units) > 1:
        read = {}
    for role, quantity in read.items():
        held = cells[role]
        what.problems.append(_was_read(what.scan, role, held, quantity))
        cells[role] = Held(quantity.number, held.place, True)
    is_share = any(isinstance(held.cell, str) and "%" in held.cell for held in cells.values())
    unit = next((one.unit for one in read.values() if one.unit), "%" if is_share else "")
    if unit and is_empty(line.cells.get("Unit")):
        cells["Unit"] = Held(unit, None, True)
    elif "Unit" in line.cells:
        cells["Unit"] = line.cells["Unit"]
    if "Kind" in line.cells:
        cells["Kind"] = line.cells["Kind"]
    return cells


def _is_fraction(scan: Scan, held: Held) -> Problem:
    """Say that a fraction stands among percents."""
    shown = f"{read_text(held.cell)}%"
    return _problem(
        scan,
        "Progress",
        held,
        f"{read_text(held.cell)} stands among numbers up to 100, so it was read as {shown}.",
        "Type it on the scale of the others.",
    )


def _was_read(scan: Scan, role: str, held: Held, quantity: Quantity) -> Problem:
    """Say which number a text was read as, and where its unit went."""
    number = read_text(quantity.number)
    unit = f", and “{quantity.unit}” in a column Unit" if quantity.unit else ""
    return _problem(
        scan,
        role,
        held,
        f"{role} “{read_text(held.cell)}” is text; it was read as {spelled(quantity)}.",
        f"Type {number} in this cell{unit}.",
    )


def _problem(scan: Scan, role: str, held: Held, message: str, remedy: str) -> Problem:
    row, column = held.place or (0, 0)
    taken = scan.taken.get(column)
    return Problem(
        severity=Severity.WARNING,
        tab=scan.title,
        row=row + 1,
        column=taken.header if taken else role,
        cell=address(scan.title, row, column),
        value=read_text(held.cell),
        message=message,
        remedy=remedy,
    )
