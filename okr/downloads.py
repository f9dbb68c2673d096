"""Files to take along: quiet buttons, each of which makes its file only when somebody asks."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from okr.listings import Listing, as_csv
from okr.pictures.chart_files import FORMS, draw_chart, file_name
from okr.views.drawings import Drawing
from okr.workbooks.xlsx_listing import as_xlsx

TABLES: dict[str, Callable[[Listing], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}


def draw_downloads(
    key: str, drawings: tuple[Drawing, ...], listing: Listing | None, origin: str
) -> None:
    """Offer charts as PNG and SVG, and the table behind them as CSV and XLSX.

    Args:
        key: Names the place of the buttons on its page.
        drawings: The charts; several that stand side by side are one after the other in the list.
        listing: The table; None offers none.
        origin: Of which workbook and day it is, to be written into each picture.
    """
    if not drawings and listing is None:
        return
    with st.container(horizontal=True, gap="small", key=f"files {key}"):
        for number, drawn in enumerate(drawings, 1):
            place = f" {number}" if len(drawings) > 1 else ""
            for form in FORMS:
                make = partial(draw_chart, drawn.spec, drawn.title, drawn.about, origin, form)
                _offer(f"{form.upper()}{place}", make, (drawn.title,), form, f"{key} {number}")
        if listing is not None:
            for form, write in TABLES.items():
                _offer(form.upper(), partial(write, listing), (listing.name,), form, key)


def _offer(
    label: str, make: Callable[[], bytes], named: tuple[str, ...], form: str, key: str
) -> None:
    """Draw one button; what it makes is made after the click, beside all page runs."""
    st.download_button(
        label,
        make,
        file_name(named, form),
        key=f"{form} {key}",
        on_click="ignore",
        type="tertiary",
    )
