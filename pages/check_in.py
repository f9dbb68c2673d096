"""My five minutes: what one person owes, asked for one by one."""

import streamlit as st

from okr import forms, shell
from okr.views import check_in, html, my_check_ins, summary
from okr.views.addresses import Address

visit = shell.load()
address = Address("check_in", st.query_params.to_dict())
closed = check_in.why_closed(visit.is_read_only, visit.as_of)

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.html(html.draw("my_check_ins", summary.when(visit.board), "head"))
    who = forms.pick_who(visit)
sitting = forms.take_up(visit, who) if who else None
asked, stays = forms.asked_for(visit, sitting, address) if sitting else (None, "")
key = asked.key_result.key if asked else ""
above, beside, below = visit.once(
    f"{address.name} {sitting.name if sitting else ''} {key} {closed}",
    lambda: my_check_ins.draw_my_check_ins(visit.board, address, sitting, asked, closed),
)

if sitting is None or asked is None:
    st.html(above)
elif closed:
    st.html(above + html.draw("check_in", closed, "remark") + beside + below)
else:
    if stays:
        above += html.draw("check_in", stays, "refused")
    forms.ask_next(visit, asked, sitting, address, above, beside)
    st.html(below)
