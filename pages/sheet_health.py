"""What is to be mended in the sheet, and how the board reaches it."""

import streamlit as st

from okr import layout_forms, shell
from okr.views import html, sheet_health
from okr.views.addresses import Address

visit = shell.load()
view = visit.view
page = sheet_health.build_sheet_health(
    visit.board,
    Address("sheet_health", st.query_params.to_dict()),
    now=shell.now(visit.snapshot),
    checked_at=view.checked_at,
    failure=view.failure,
    unrecorded=view.unrecorded,
)

st.html(html.draw("sheet_health", page))
layout_forms.ask(visit, page.read_as.questions)
