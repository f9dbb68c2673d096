"""The look of a picture: the board's own colours, and the sizes of type on a canvas."""

from collections.abc import Mapping

from okr.views.tokens import GROUNDS, TEXTS

SIZES: Mapping[str, int] = {"figure": 60, "title": 40, "objective": 25, "body": 19, "secondary": 17}
"""The five sizes of type, in pixels of the canvas."""


def colours(theme: str) -> dict[str, str]:
    """Give every colour of a theme by its name."""
    return {name: getattr(colour, theme) for name, colour in {**GROUNDS, **TEXTS}.items()}
