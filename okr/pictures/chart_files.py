"""Charts as files: PNG and SVG, drawn here and nowhere else, with nothing asked of any network."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from textwrap import wrap
from threading import Lock
from typing import Any

import font_source_sans_pro  # type: ignore[import-untyped]
import vl_convert

from okr.views.charts import Spec, themed

FORMS = ("png", "svg")
WIDTH = 1100
"""Pixels of the chart itself; a PNG has twice as many, for fine screens."""

LETTERS = 96
"""How many letters of a title fit on a line of that width."""

_one_at_a_time = Lock()
"""The converter is one engine; two who draw at once would only wait for each other inside it."""


def draw_chart(
    spec: Spec, title: str, about: str, origin: str, form: str, theme: str = "light"
) -> bytes:
    """Draw a chart as a file that stands for itself: with its finding, and where it is from.

    Args:
        spec: What ``okr.views.charts.as_spec`` made.
        title: The finding.
        about: How to read it.
        origin: Of which workbook and day it is.
        form: ``png`` or ``svg``.
        theme: ``light`` or ``dark``.
    """
    _load_fonts()
    lines = [*wrap(about, round(1.4 * LETTERS)), origin]
    ready = themed(spec, theme, wrap(title, LETTERS), lines, WIDTH)
    with _one_at_a_time:
        return _converted(ready, form)


def _converted(spec: dict[str, Any], form: str) -> bytes:
    if form == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]).encode()


@cache
def _load_fonts() -> None:
    vl_convert.register_font_directory(str(Path(font_source_sans_pro.__file__).parent / "files"))


def file_name(parts: Sequence[str], form: str) -> str:
    """Name a file after what it shows: letters and digits, joined by hyphens."""
    plain = "-".join(parts).casefold()
    kept = "".join(one if one.isalnum() else " " for one in plain)
    return f"{'-'.join(kept.split())[:80] or 'okr'}.{form}"
