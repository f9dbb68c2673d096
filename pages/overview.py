"""All teams of one cycle, and who of them needs help."""

import streamlit as st

from okr import shell
from okr.views import html, overview
from okr.views.addresses import Address

visit = shell.load()
has_forms = not (visit.is_read_only or visit.as_of)
address = Address("", st.query_params.to_dict(), has_forms)


def draw() -> str:
    """Draw the page."""
    return html.draw("overview", overview.build_overview(visit.board, address, visit.history))


st.html(visit.once(f"overview {address.name}", draw))
