"""Telling a fraction beside a percent, such as 0.45 and 45: one is a hundred times off."""

from collections.abc import Iterable

_UNITS = frozenset(("", "%"))

APART = 20
"""Numbers of one scale that lie further apart than this are rare; a slip puts them 100 apart."""


def on_the_scale_of(
    others: Iterable[float | None], number: float | None, unit: str
) -> float | None:
    """Say what a number would be on the scale of others, None where it seems to be on it already.

    Without a unit only a percent among fractions is a slip: a small number among large ones may
    well be meant.
    """
    if not number or unit not in _UNITS:
        return None
    sizes = [abs(one) for one in others if one]
    if not sizes:
        return None
    size, whole = abs(number), max(sizes)
    if 1.5 < size <= 200 and size >= APART * whole:
        is_share = whole < 1 or (whole == 1 and (unit == "%" or min(sizes) < 1))
        return number / 100 if is_share else None
    if unit == "%" and size < 1 and 1.5 < whole <= 200 and whole >= APART * size:
        return number * 100
    return None


def mixed_scales(column: str, number: float, meant: float) -> tuple[str, str]:
    """Give the message and the remedy for a number that stands on another scale than the rest."""
    message = (
        f"{column} is {number:g} beside numbers of another scale: a fraction beside a percent."
    )
    return message, f"Type {meant:g} if that is meant, so that all are on one scale."
