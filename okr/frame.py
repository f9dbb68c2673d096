"""The frame around every page: navigation, pickers in the address, the origin of the numbers."""

import streamlit as st

from okr import open_forms, shell
from okr.screens import list_screens
from okr.session import kept
from okr.views import banner, html
from okr.views.addresses import Address

WITHOUT_TEAM = ("overview", "check_in", "sheet_health")
"""They show all teams, so they have no picker of one. Which was chosen is remembered meanwhile."""


def find_address(page: str) -> Address:
    """Give the address of the page, which shows the day that the page before it showed.

    On the same page the day can be taken away.
    """
    query, held = st.query_params.to_dict(), kept()
    last = held.get("day")
    if "as_of" not in query and last is not None and last[0] != page:
        query["as_of"] = st.query_params["as_of"] = last[1]
    asked = query.get("as_of")
    held["day"] = (page, asked) if asked else None
    return Address(page, query)


pages = list_screens()
page = st.navigation(list(pages.values()), position="top")
name = next(name for name, listed in pages.items() if listed.title == page.title)

with shell.guard():
    address = find_address(name)
    titles = {name: one.title for name, one in pages.items()}
    ways = html.draw_again("banner", banner.ways(titles, address), "ways")
    visit = open_forms.find_visit(address)
    if visit is not None:
        shell.put_pickers_away(address.query)
        above = ways + html.draw_again("banner", address.without_form, "open_form")
        shell.show_banner(visit, address, above)
    else:
        st.html(ways)
        with st.container(horizontal=True, vertical_alignment="top", gap="small"):
            shell.show_pickers(name, name not in WITHOUT_TEAM)
            visit = shell.load()
            shell.show_banner(visit, Address(name, st.query_params.to_dict()))
    with shell.visiting(visit):
        page.run()
