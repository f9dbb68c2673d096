"""Progress through a cycle: will we make it?"""

import streamlit as st

from okr import shell
from okr.views import progress, progress_blocks
from okr.views.addresses import Address

visit = shell.load()
address = Address("progress", st.query_params.to_dict())


def draw() -> list[progress_blocks.Step]:
    """Build the page, step by step; charts and texts are shared by all who see the same."""
    page = progress.build_progress(visit.board, visit.team, address, visit.history, visit.past)
    return progress_blocks.steps(page)


for step in visit.once(address.name, draw):
    if step.text:
        st.html(step.text)
    for drawn in step.drawings:
        st.vega_lite_chart(drawn.spec)
