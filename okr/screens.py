"""The screens of the board, as Streamlit's navigation knows them."""

from copy import copy
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

PAGES = Path(__file__).parent.parent / "pages"
TITLES = {
    "overview": "Overview",
    "team": "Team",
    "cascade": "Cascade",
    "progress": "Progress",
    "status": "Status",
    "check_in": "Check-in",
    "sheet_health": "Sheet health",
}
"""The screens in the order of the navigation; a screen without a file is left out."""


def list_screens() -> dict[str, StreamlitPage]:
    """Give the screens by name for one run, which notes on them what it shows."""
    return {name: copy(found) for name, found in _find_screens().items()}


@cache
def _find_screens() -> dict[str, StreamlitPage]:
    """Find the screens once: Streamlit looks up its file whenever a page is made."""
    return {
        name: st.Page(
            PAGES / f"{name}.py",
            title=title,
            url_path="" if name == "overview" else name,
            default=name == "overview",
        )
        for name, title in TITLES.items()
        if (PAGES / f"{name}.py").is_file()
    }
