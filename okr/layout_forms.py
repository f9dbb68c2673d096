"""Asking what only people know of a sheet's layout, and keeping their answers."""

from collections.abc import Mapping, Sequence

import streamlit as st

from okr import forms, open_forms, shell
from okr.layout import Question
from okr.shell import Visit
from okr.views import check_in
from okr.workbooks.interface import AnswerDraft, UnknownOutcomeError, WorkbookError

MOST_ASKED = 8


def ask(visit: Visit, questions: Sequence[Question]) -> None:
    """Ask what is open, all at once; each answer is kept in the ``_Layout`` tab."""
    closed = check_in.why_closed(visit.is_read_only, None)
    if not questions:
        return
    if closed:
        st.caption("Writing is turned off: answer under [okr.layout] in .streamlit/secrets.toml.")
        return
    people = forms.people_of(visit)
    signed = forms.remembered()
    refusal = open_forms.in_the_way("layout", "by layout")
    with st.form("layout"):
        said = {at: _choose(at, one) for at, one in enumerate(questions[:MOST_ASKED])}
        index = list(people).index(signed) if signed in people else None
        by = forms.pick_by(people, index, "layout", width=288)
        is_sent = st.form_submit_button("Keep these answers", type="primary")
    if is_sent:
        refusal = _keep(visit, questions, {at: one for at, one in said.items() if one}, by)
        open_forms.note_in_the_way("layout", refusal)
        if not refusal:
            st.rerun()
    forms.draw_refusal(refusal)


def _choose(at: int, question: Question) -> str:
    """Ask one question; where the choices do not hold the answer, it may be typed."""
    return (
        st.selectbox(
            question.asked,
            question.choices,
            index=None,
            accept_new_options=question.what in ("cycle", "team", "year"),
            placeholder="Choose",
            key=f"layout {at} {question.tab} {question.what}",
        )
        or ""
    )


def _keep(visit: Visit, questions: Sequence[Question], said: Mapping[int, str], by: str) -> str:
    """Keep the answers; give what is in the way, "" when they are kept."""
    if not said:
        return "Nothing is answered yet. Choose at least one answer."
    if not by:
        return "Nothing was saved: nobody has signed. Choose your name."
    for at, answer in said.items():
        slot = f"operation layout {at}"
        draft = AnswerDraft(
            operation=forms.begin(slot, is_sent=False),
            tab=questions[at].tab,
            asked=questions[at].what,
            said=answer,
            by=by,
            when=shell.now(visit.snapshot).replace(tzinfo=None, microsecond=0),
        )
        try:
            shell.live().save_answer(draft)
        except WorkbookError as error:
            if not isinstance(error, UnknownOutcomeError):
                forms.finish(slot)
            return str(error)
        forms.finish(slot)
    return ""
