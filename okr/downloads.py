"""Files to take along: quiet buttons, each of which makes its file only when somebody asks."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from okr.listings import Listing, as_csv
from okr.pictures.chart_files import FORMS, draw_chart, file_name
from okr.views.progress_blocks import Files
from okr.workbooks.xlsx_listing import as_xlsx

TABLES: dict[str, Callable[[Listing], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}


def draw_downloads(key: str, files: Files) -> None:
    """Offer charts as PNG and SVG, and the table behind them as CSV and XLSX.

    Args:
        key: Names the place of the buttons on its page.
        files: What there is to take along, and of which workbook and day it is.
    """
    offers = [
        (form, partial(draw_chart, one.spec, one.title, one.about, files.origin, form), one.title)
        for one in files.drawings
        for form in FORMS
    ]
    table = files.listing
    if table is not None:
        offers += [(form, partial(write, table), table.name) for form, write in TABLES.items()]
    with st.container(horizontal=True, gap="small", key=f"files-{key}"):
        for number, (form, make, name) in enumerate(offers):
            _offer(form.upper(), make, file_name((name,), form), f"file-{key}-{number}")


def _offer(label: str, make: Callable[[], bytes], name: str, key: str) -> None:
    """Draw one button; what it makes is made after the click, beside all page runs."""
    st.download_button(label, make, name, key=key, on_click="ignore", type="tertiary")
