"""Which form is open, and what of it outlives its run: what was in the way, the row it is about.

A page is drawn anew whenever the sheet changes. What is typed Streamlit keeps as long as the field
is drawn; what is kept here lives as long: a form that was closed meanwhile opens without it.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from okr import shell
from okr.session import kept
from okr.shell import Visit
from okr.views import check_in, edit, empties, team
from okr.views.addresses import Address


def find_visit(address: Address) -> Visit | None:
    """Give what the page shows on which the address opens a form; None where it opens none.

    Such a page has no pickers: with another team or cycle, what is typed would be gone.
    """
    asked = {name: key for name in team.FORMS if (key := address.query.get(name))}
    visit = shell.visit_at(address.query) if asked and address.page == "team" else None
    if visit is None or check_in.why_closed(visit.is_read_only, visit.as_of):
        return None
    if why_no_row(visit, address.query):
        return None
    if kept_row(address.query):
        return visit
    one = check_in.find_key_result(visit.board, asked.get("key_result", ""))
    if one is not None and check_in.why_not_asked(one):
        return None
    keys = visit.once("keys", lambda: team.keys_of(visit.board, visit.team))
    has_row = not keys.isdisjoint(asked.values()) or asked.get("add") == edit.NEW_OBJECTIVE
    return visit if has_row else None


def why_no_row(visit: Visit, query: Mapping[str, str]) -> str:
    """Say why the form that an address asks for could add no row; "" where it could.

    One that is open already stays, with what is typed in it: the tab may come back.
    """
    what = query.get("add", "")
    is_open = kept().get("form field", "") in {*st.session_state}
    return empties.why_no_row(visit.snapshot, what) if what and not is_open else ""


def in_the_way(form: str, field: str) -> str:
    """Give what was in the way when a form was sent last; "" where nothing was.

    Args:
        form: The name of the form.
        field: The key of a field of it that is not drawn yet in this run.
    """
    held = kept()
    held["form field"] = field
    if field not in st.session_state:
        held.pop("in the way", None)  # it was closed meanwhile
    about, said = held.get("in the way", ("", ""))
    return str(said) if about == form else ""


def note_in_the_way(form: str, said: str) -> None:
    """Note what is in the way of a form that was sent; "" for nothing."""
    kept()["in the way"] = (form, said)


def keep_row(choices: Mapping[str, str], row: object) -> None:
    """Note the row that the open form is about, for the time when the sheet has it no more.

    Args:
        choices: What the address chooses: with other choices the form is closed.
        row: As it was last seen; None where no form is open.
    """
    kept()["form row"] = (dict(choices), row)


def kept_row(choices: Mapping[str, str]) -> Any:
    """Give the row of the form that these choices opened, as it was last seen.

    Returns:
        What ``keep_row`` was given; None where no such form is open any more.
    """
    held = kept()
    known, row = held.get("form row", ({}, None))
    field = held.get("form field", "")
    return row if known == choices and field and field in st.session_state else None
