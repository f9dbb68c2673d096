"""One team: how its objectives stand, and the check-in of one of its key results."""

import streamlit as st

from okr import shell
from okr.board import KeyResultStanding
from okr.views import check_in, html, team
from okr.views.addresses import Address
from okr.workbooks.drafting import draft_check_in, new_operation
from okr.workbooks.interface import WorkbookError

visit = shell.load()
state = st.session_state
address = Address("team", st.query_params.to_dict())
open_key = address.query.get("key_result", "")
one = check_in.find_key_result(visit.board, open_key, visit.team)
closed = check_in.why_closed(visit.is_read_only, visit.as_of)
saved = state.pop("saved", None) if one else state.get("saved")


def draw_form(one: KeyResultStanding) -> None:
    """Ask for a check-in; what is refused stays in the form, and so does its operation."""
    form = check_in.build_form(one, visit.snapshot, state.get("by", ""))
    st.html(html.draw("check_in", form, "heading"))
    with st.form(f"check in {open_key}", border=False):
        if form.is_done_kind:
            value = st.segmented_control("Value", form.answers, key=f"value {open_key}") or ""
        else:
            value = st.text_input("Value", placeholder=form.placeholder, key=f"value {open_key}")
        belief = st.segmented_control("Confidence", form.beliefs, key=f"belief {open_key}") or ""
        note = st.text_area("Note", placeholder=form.note, key=f"note {open_key}", height=88)
        by = st.selectbox(
            "By",
            form.people,
            index=form.signed_last,
            format_func=lambda by: form.people.get(by, by),
            accept_new_options=True,
            placeholder="Your name or e-mail",
            key=f"by {open_key}",
        )
        is_sent = st.form_submit_button("Save check-in", type="primary")
    operation = f"operation {open_key}"
    if operation not in state or (state[operation] in state.get("done", ()) and not is_sent):
        state[operation] = new_operation()
    if is_sent:
        save(one, state[operation], value, belief, note, check_in.who(by or "", form.people))


def save(one: KeyResultStanding, key: str, value: str, belief: str, note: str, by: str) -> None:
    """Save a check-in, or say what is in the way."""
    typed = {"confidence": belief, "note": note, "by": by, "operation": key}
    snapshot, now = visit.snapshot, shell.now(visit.snapshot)
    try:
        text = check_in.read_value(value, one.key_result)
        draft = draft_check_in(snapshot, one.key_result, value=text, when=now, **typed)
        shell.live().save_check_in(draft)
    except (WorkbookError, check_in.UnclearError) as error:
        st.html(html.draw("check_in", str(error), "refused"))
        return
    state["done"] = {*state.get("done", ()), key}
    state["by"], state["saved"] = by, (open_key, value, belief)
    del st.query_params["key_result"]
    st.rerun()


above, below = visit.once(
    f"{address.name} {saved} {closed}",
    lambda: team.draw_team(visit.board, visit.team, address, saved[0] if saved else "", closed),
)
st.html(above)
if one is not None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.html(html.draw("check_in", closed, "remark")) if closed else draw_form(one)
    right.html(html.draw("check_in", check_in.build_history(one, visit.board), "history"))
elif saved:
    st.html(html.draw("check_in", check_in.say_saved(visit.board, *saved), "saved"))
st.html(below)
st.html(html.TURNING, unsafe_allow_javascript=True)
