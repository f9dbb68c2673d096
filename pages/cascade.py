"""How every team's goals carry the company's: a map, an outline, a matrix, and what is missing."""

import streamlit as st

from okr import shell
from okr.debt import find_debt
from okr.pictures.settings import settings
from okr.views import cascade
from okr.views.addresses import Address

visit = shell.load()
board = visit.board
has_forms = not (visit.is_read_only or visit.as_of)
address = Address("cascade", st.query_params.to_dict(), has_forms)
debt = visit.once("alignment debt", lambda: find_debt(board))
find = st.session_state.get("find") or address.query.get("find", "")


def draw() -> tuple[str, str]:
    """Draw the page, once for all who look at the same."""
    page = cascade.build_cascade_page(
        board,
        visit.team,
        address,
        find=find,
        has_pictures=settings().is_live,
        debt=debt,
    )
    return cascade.draw_cascade(page)


above, below = visit.once(f"{address.name} {find}", draw)
st.html(above)
if address.query.get("view") == "outline":
    st.text_input(
        "Find",
        key="find",
        bind="query-params",
        placeholder="Find a word, a team, a person, a status",
        label_visibility="collapsed",
        width=360,
    )
st.html(below)
