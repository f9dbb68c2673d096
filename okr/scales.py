"""Telling a fraction beside a percent, such as 0.45 and 45: one is a hundred times off."""

from collections.abc import Iterable, Iterator

from okr.model import Cell

UNITS = frozenset(("", "%"))
"""The units in which a fraction and a percent can be taken for each other."""

APART = 20
"""Numbers of one scale that lie further apart than this are rare; a slip puts them 100 apart."""


def on_the_scale_of(
    others: Iterable[float | None], number: float | None, unit: str
) -> float | None:
    """Say what a number would be on the scale of others, None where it seems to be on it already.

    Without a unit only a percent among fractions is a slip: a small number among large ones may
    well be meant.
    """
    if not number or unit not in UNITS:
        return None
    return next((meant for _, meant in slips(others, [number], unit)), None)


def is_on_one_scale(start: Cell, target: float, current: Cell, unit: Cell) -> bool:
    """Tell at a glance that none of three cells is off the scale of the others; in doubt, no.

    A glance is enough for nearly all key results: their numbers are all shares, or none is one.
    """
    if unit == "" and (target > 1 or target < -1):
        return True
    sizes = [abs(one) for one in (start, target, current) if one and type(one) is float]
    return not sizes or max(sizes) <= 1.5 or min(sizes) > 1


def slips(
    others: Iterable[float | None], numbers: Iterable[float | None], unit: str
) -> Iterator[tuple[int, float]]:
    """Find the numbers that are off the scale of others: their places, and what they would be."""
    sizes = [abs(one) for one in others if one] if unit in UNITS else []
    if not sizes:
        return
    whole = max(sizes)
    is_share = whole < 1 or (whole == 1 and (unit == "%" or min(sizes) < 1))
    if not is_share and not (unit == "%" and 1.5 < whole <= 200):
        return
    for place, number in enumerate(numbers):
        size = abs(number or 0.0)
        if is_share and 1.5 < size <= 200 and size >= APART * whole:
            yield place, (number or 0.0) / 100
        elif not is_share and 0 < size < 1 and whole >= APART * size:
            yield place, (number or 0.0) * 100


def is_percent_among_shares(others: Iterable[float | None], number: float) -> bool:
    """Tell whether a number such as 92.6 stands in its cell beside shares such as 0.95."""
    meant = on_the_scale_of(others, number, "%")
    return meant is not None and abs(meant) < abs(number)


def mixed_scales(column: str, number: float, meant: float) -> tuple[str, str]:
    """Give the message and the remedy for a number that stands on another scale than the rest.

    A share is asked for with its sign: so it means one thing in the sheet and in a form alike.
    """
    message = (
        f"{column} is {number:.12g} beside numbers of another scale: a fraction beside a percent."
    )
    is_share = abs(meant) < abs(number)
    typed = f"{number:.12g}%, with its sign," if is_share else f"{meant:.12g}"
    return message, f"Type {typed} if that is meant, so that all are on one scale."
