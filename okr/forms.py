"""The forms that save: what they ask, and what becomes of what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

import streamlit as st

from okr import open_forms, shell
from okr.board import KeyResultStanding
from okr.session import kept
from okr.shell import Visit
from okr.views import check_in, html, my_check_ins
from okr.views.addresses import Address
from okr.views.my_check_ins import Sitting
from okr.workbooks.drafting import draft_check_in, new_operation
from okr.workbooks.interface import UnknownOutcomeError, WorkbookError

COOKIE = "okr_who"
"""Where the browser remembers who somebody is; links.js writes it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a check-in form."""

    value: str
    confidence: str
    note: str
    by: str


# --- who it is ------------------------------------------------------------------------------------


def remembered() -> str:
    """Give whom this session, or else this browser, remembers; "" where neither does."""
    return str(kept().get("by") or unquote(st.context.cookies.to_dict().get(COOKIE, "")))


def remember(by: str) -> None:
    """Remember who has signed, also what could not be saved."""
    if by.strip():
        kept()["by"] = by


def signature() -> html.Block:
    """Tell the browser who has signed in this session, so that it remembers that beyond."""
    by = kept().get("by")
    return html.draw("check_in", by, "signature") if by else html.Block()


def people_of(visit: Visit) -> Mapping[str, str]:
    """List who may sign or own, made once for all sessions."""
    return visit.once("people", lambda: check_in.people_of(visit.snapshot))


def pick_who(visit: Visit) -> str:
    """Ask who it is that checks in; the address and the browser keep the answer."""
    people = people_of(visit)
    asked = check_in.who(st.query_params.get("who") or remembered(), people)
    known = asked if asked in people else ""
    chosen = st.selectbox(
        "I am",
        people,
        index=list(people).index(known) if known else None,
        format_func=lambda by: people.get(by, by),
        placeholder="Choose your name",
        key=f"who {known}",
        width=280,
    )
    if chosen and chosen != known:
        close_forms()
        kept()["by"] = st.query_params["who"] = chosen
        st.rerun()
    if known and not remembered():  # a link that somebody sent does not change who signs here
        kept()["by"] = known
    return known


def close_forms() -> None:
    """Take out of the address what opens a form, and leave all else, such as what pickers keep."""
    for name in ("key_result", "edit", "add", "finish"):
        if name in st.query_params:
            del st.query_params[name]


# --- the check-in ---------------------------------------------------------------------------------


def draw_check_in(
    visit: Visit, one: KeyResultStanding, above: html.Block, history: html.Block
) -> None:
    """Ask for the check-in of a key result on the page of its team, beside its history.

    Args:
        visit: What the page shows.
        one: The key result.
        above: What the page draws above the form, in one block with the heading of the form.
        history: What was said of the key result so far.
    """
    key = one.key_result.key
    form = check_in.build_form(one, people_of(visit), remembered())
    refusal = open_forms.in_the_way(key, f"note {key}")
    st.html(above + html.draw("check_in", form, "heading"))
    with st.container(horizontal=True, gap="large", key="beside"):
        with st.form(f"check in {key}", border=False):
            value, belief = _value(form, key), _belief(form, key)
            note = st.text_area("Note", placeholder=form.note, key=f"note {key}", height=88)
            by = pick_by(form.people, form.signed_last, key)
            is_sent = st.form_submit_button("Save check-in", type="primary")
        st.html(history)
    begin(f"operation {key}", is_sent)
    if is_sent:
        typed = Typed(value, belief, note, by)
        refusal = save_check_in(visit, one, typed, f"operation {key}")
        open_forms.note_in_the_way(key, refusal)
        if not refusal:
            held = kept()
            held["saved"] = (key, value, belief, held.pop("remark", ""))
            close_forms()
            st.rerun()
    draw_refusal(refusal)


def draw_refusal(said: str) -> None:
    """Say below a form what was in the way when it was sent, until it is sent again or closed."""
    if said:
        st.html(html.draw("check_in", said, "refused"))


def _value(form: check_in.Form, name: str) -> str:
    if form.is_done_kind:
        return st.segmented_control("Value", form.answers, key=f"value {name}") or ""
    return st.text_input("Value", placeholder=form.placeholder, key=f"value {name}")


def _belief(form: check_in.Form, name: str) -> str:
    return st.segmented_control("Confidence", form.beliefs, key=f"belief {name}") or ""


def pick_by(
    people: Mapping[str, str],
    index: int | None,
    name: str,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """Ask who signs; a name may be typed that nobody knows yet."""
    by = st.selectbox(
        "By",
        people,
        index=index,
        format_func=lambda by: people.get(by, by),
        accept_new_options=True,
        placeholder="Your name or e-mail",
        key=f"by {name}",
        width=width,
    )
    return check_in.who(by or "", people)


def begin(slot: str, is_sent: bool = True) -> str:
    """Give the operation of a form: made when it opens, and kept until it is done."""
    held = kept()
    if slot not in held or (held[slot] in held.get("done", ()) and not is_sent):
        held[slot] = new_operation()
    return str(held[slot])


def finish(slot: str) -> None:
    """Note that the operation of a form is done: sent once more, it is not saved again."""
    held = kept()
    held["done"] = {*held.get("done", ()), held[slot]}
    held.pop(f"unsure {slot}", None)


def save_check_in(visit: Visit, one: KeyResultStanding, typed: Typed, slot: str) -> str:
    """Save a check-in under the operation of its form; give what is in the way, "" when saved.

    Where nobody can tell whether it was saved, the same may be sent again under the same operation.
    What has been changed meanwhile is another check-in, and gets an operation of its own.
    """
    remember(typed.by)
    before, draft = kept().get(f"unsure {slot}", (typed, None))
    if before != typed:
        kept()[slot], draft = new_operation(), None
    try:
        draft = draft or draft_check_in(
            visit.snapshot,
            one.key_result,
            value=check_in.read_value(typed.value, one.key_result),
            confidence=typed.confidence,
            note=typed.note,
            by=typed.by,
            operation=kept()[slot],
            when=shell.now(visit.snapshot),
        )
        saved = shell.live().save_check_in(draft)
    except (WorkbookError, check_in.UnclearError) as error:
        if isinstance(error, UnknownOutcomeError):
            kept()[f"unsure {slot}"] = (typed, draft)
        return str(error)
    finish(slot)
    kept()["remark"] = saved.remark
    return ""


# --- my five minutes ------------------------------------------------------------------------------


def take_up(visit: Visit, who: str) -> Sitting:
    """Go on with the sitting of a person."""
    held = kept()
    held["sitting"] = sitting = my_check_ins.go_on(held.get("sitting"), visit.board, who)
    return sitting


def asked_for(
    visit: Visit, sitting: Sitting, address: Address
) -> tuple[KeyResultStanding | None, str]:
    """Find the key result to ask for; the one whose form is open stays, though its row has gone.

    Returns:
        The key result, None at the end; and, where it stays so, the sentence that says it.
    """
    choices = {**address.query, "who": sitting.who, "cycle": sitting.cycle}
    kept: KeyResultStanding | None = open_forms.kept_row(choices)
    key = kept.key_result.key if kept else address.query.get("key_result", "")
    asked = my_check_ins.asked_for(
        sitting, visit.board, Address(address.page, {**address.query, "key_result": key})
    )
    if kept is not None and (asked is None or asked.key_result.key != key):
        return kept, my_check_ins.stays_open(kept)
    open_forms.keep_row(choices, asked)
    return asked, ""


def ask_next(
    visit: Visit,
    one: KeyResultStanding,
    sitting: Sitting,
    address: Address,
    above: html.Block,
    history: html.Block,
) -> None:
    """Ask for one key result of several, as ``draw_check_in``: Enter saves and goes to the next."""
    name = _open_form(f"{sitting.who} {one.key_result.key}")
    form = check_in.build_form(one, people_of(visit))
    focus = f"st-key-value-{name}"
    question = my_check_ins.build_question(one, sitting, address, visit.day, focus)
    refusal = open_forms.in_the_way(name, f"note {name}")
    st.html(above + html.draw("my_check_ins", question, "heading"))
    with st.container(horizontal=True, gap="large", key="beside-sitting"):
        with st.form(f"check in {name}", border=False):
            value, belief = _value(form, name), _belief(form, name)
            note = st.text_input("Note", placeholder=form.note, key=f"note {name}")
            is_sent = st.form_submit_button("Save and next", type="primary")
            is_skipped = st.form_submit_button("Skip")
        st.html(history)
    if is_skipped:
        _go_on(sitting.skip(one.key_result.key))
    if is_sent:
        begin(f"operation {name}")
        typed = Typed(value, belief, note, sitting.who)
        refusal = save_check_in(visit, one, typed, f"operation {name}")
        open_forms.note_in_the_way(name, refusal)
        if not refusal:
            _go_on(sitting.save(one, kept().pop("remark", "")))
    draw_refusal(refusal)


def _open_form(about: str) -> str:
    """Name the fields of a form by when it was opened, so that each opens empty."""
    held = kept()
    if held.get("opened", ("", ""))[0] != about:
        held["opened"] = (about, new_operation())
    return str(held["opened"][1])


def _go_on(sitting: Sitting) -> None:
    """Close the form, and ask for the next."""
    kept()["sitting"] = sitting
    open_forms.keep_row({}, None)
    kept().pop("opened", None)
    close_forms()
    st.rerun()
