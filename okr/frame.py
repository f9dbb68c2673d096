"""The frame around every page: navigation, pickers in the address, the origin of the numbers."""

import streamlit as st

from okr import open_forms, shell
from okr.screens import list_screens
from okr.views import banner, html
from okr.views.addresses import Address

WITHOUT_TEAM = ("overview", "check_in", "sheet_health")
"""They show all teams, so they have no picker of one. Which was chosen is remembered meanwhile."""


def keep_day(page: str) -> None:
    """Let the next page show the day that this one shows; on the same page it can be taken away."""
    asked, last = st.query_params.get("as_of"), st.session_state.get("day")
    if asked is None and last is not None and last[0] != page:
        asked = st.query_params["as_of"] = last[1]
    st.session_state["day"] = (page, asked) if asked else None


pages = list_screens()
page = st.navigation(list(pages.values()), position="top")
name = next(name for name, listed in pages.items() if listed.title == page.title)

with shell.guard():
    keep_day(name)
    address = Address(name, st.query_params.to_dict())
    titles = {name: one.title for name, one in pages.items()}
    ways = html.draw("banner", banner.ways(titles, address), "ways")
    visit = open_forms.find_visit(address)
    if visit is not None:
        st.html(ways + html.draw("banner", address.without_form, "open_form"))
        shell.put_pickers_away()
        shell.show_banner(visit, name)
    else:
        st.html(ways)
        with st.container(horizontal=True, vertical_alignment="top", gap="small"):
            shell.show_pickers(name, name not in WITHOUT_TEAM)
            visit = shell.load()
            shell.show_banner(visit, name)
    with shell.visiting(visit):
        page.run()
