"""Progress through a cycle: will we make it?"""

import streamlit as st

from okr import downloads, shell
from okr.views import html, progress
from okr.views.addresses import Address

visit = shell.load()
address = Address("progress", st.query_params.to_dict())


def draw() -> tuple[progress.ProgressPage, str, list[tuple[str, str]]]:
    """Build the page and its words; charts and texts are shared by all who see the same."""
    page = progress.build_progress(visit.board, visit.team, address, visit.history, visit.past)
    around = [
        (html.draw("progress", block, "above"), html.draw("progress", block, "below"))
        for block in page.blocks
    ]
    return page, html.draw("progress", page, "head"), around


page, head, around = visit.once(address.name, draw)
st.html(head)
for number, (block, (above, below)) in enumerate(zip(page.blocks, around, strict=True)):
    if above:
        st.html(above)
    if len(block.drawings) > 1:
        for place, drawn in zip(st.columns(len(block.drawings)), block.drawings, strict=True):
            place.vega_lite_chart(drawn.spec)
    elif block.drawings:
        st.vega_lite_chart(block.drawings[0].spec)
    if below:
        st.html(below)
    downloads.draw_downloads(str(number), block.files, block.listing, page.origin)
st.html(html.TURNING, unsafe_allow_javascript=True)
