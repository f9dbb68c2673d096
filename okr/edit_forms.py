"""The forms that change the sheet: objectives and key results edited, added, dropped, restored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from okr import edit_saving, forms, open_forms, shell
from okr.columns import OBJECTIVES
from okr.model import Cell, KeyResult, Objective, Problem, State
from okr.session import kept
from okr.shell import Visit
from okr.views import check_in, edit, edit_told, hints, html
from okr.views.edit import Ask, Field, Form
from okr.workbooks.drafting import (
    check_fields,
    draft_edit,
    draft_key_result,
    draft_objective,
    held_cells,
    new_operation,
)
from okr.workbooks.interface import (
    ConflictError,
    RefusedError,
    WorkbookError,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened form, and what its row held then: a save is compared with that, not with later.

    ``name`` names its fields, so that each opens with what the sheet holds.
    """

    about: str
    name: str
    form: Form
    entity: edit_saving.Entity
    held: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Sent:
    """What stands in a form: the changed columns, who signs, and what was chosen for each cell.

    ``unclear`` says which of its numbers may mean two things.
    """

    changed: Mapping[str, str]
    by: str
    choice: Mapping[str, str]
    unclear: Sequence[str]


# --- opening --------------------------------------------------------------------------------------


Made = tuple[Form, edit_saving.Entity, Mapping[str, Cell]]


def open_form(about: str, make: Callable[[], Made]) -> Opened:
    """Open a form, or go on with the one that is open."""
    opened: Opened | None = kept().get("editing")
    if opened is None or opened.about != about:
        name = new_operation()
        form, entity, held = make()
        focus = _class_of(form.fields[0], name) if form.fields else ""
        opened = kept()["editing"] = Opened(about, name, replace(form, focus=focus), entity, held)
    return opened


def _class_of(field: Field, name: str) -> str:
    """Give the class by which the browser finds a field, as Streamlit makes it of its key."""
    return f"st-key-{field.column.replace(' ', '-')}-{name}"


def draw_edit(visit: Visit, entity: Objective | KeyResult, above: html.Block) -> None:
    """Ask for changes of an objective or key result, below what the page draws above the form."""

    def make() -> Made:
        held = _held(visit, entity)
        return edit.build_edit(visit.snapshot, entity, held), entity, held

    try:
        opened = open_form(f"edit {entity.key}", make)
    except WorkbookError as error:
        st.html(above + html.draw("check_in", str(error), "refused"))
        return
    _ask(visit, opened, above)


def _held(visit: Visit, entity: Objective | KeyResult) -> Mapping[str, Cell]:
    """Give the cells that the row holds in the reading that the page shows."""
    reading = visit.view.reading
    return held_cells(reading, entity) if reading else {}


def draw_add(visit: Visit, objective: Objective | None, above: html.Block) -> None:
    """Ask for a new key result of an objective; without one, for a new objective."""

    def make() -> Made:
        if objective is not None:
            return edit.build_new_key_result(visit.snapshot, objective), None, {}
        shown, day = visit.cycle, visit.day
        return edit.build_new_objective(visit.snapshot, visit.team, shown, day), None, {}

    about = f"add {objective.key}" if objective else f"add to {visit.team}"
    _ask(visit, open_form(about, make), above)


# --- asking ---------------------------------------------------------------------------------------


def _ask(visit: Visit, opened: Opened, above: html.Block) -> None:
    """Draw the form; a change of one field draws its fields anew, and nothing else of the page.

    The style sheet sets the fields side by side: a container for them would be one more message.
    """
    st.html(above + html.draw("edit", opened.form, "heading"))
    _draw(visit, opened)


@st.fragment
def _draw(visit: Visit, opened: Opened) -> None:
    form, name, held = opened.form, opened.name, kept()
    before = refusal = open_forms.in_the_way(name, f"by {name}")
    people = dict(forms.people_of(visit))
    signed = check_in.who(forms.remembered(), people)
    people.update({signed: people.get(signed, signed)} if signed else {})
    drawn = [field for field in form.fields if f"all {name}" in held or not field.waits]
    typed = {field.column: _draw_field(field, name) for field in drawn}
    by = forms.pick_by(people, _index(people, signed), name, width=288)
    changed = form.changed(typed)
    unclear = edit.unclear(form, changed, typed)
    wanted = edit.signed(form, changed, typed)
    listed = edit.mends(unclear, _check(visit, opened, wanted)) if changed else ()
    late = next((one for one in drawn if one.waits), None)  # the first that somebody asked for
    _say_findings(visit, form, typed, listed, _class_of(late, name) if late else "")
    conflict = held.get(f"conflict {name}")
    found = edit_told.choices(conflict.conflicts, opened.entity) if conflict else ()
    choice = edit_saving.choose(edit.IN_THE_WAY, found, name) if conflict else {}
    is_sent = st.button(form.act, type="primary", key=f"send {name}")
    turned = _draw_turn(form, name)
    if len(drawn) < len(form.fields):
        st.button(
            form.more, type="tertiary", key=f"more {name}", on_click=_ask_for_all, args=(name,)
        )
    if is_sent or turned:
        held[f"turned {name}"] = turned
    sent = Sent({**wanted, **held.get(f"turned {name}", {})}, by, choice, unclear)
    said = {one.text for one in listed}
    if is_sent or turned:
        refusal = _send(visit, opened, sent)
        held[f"to mend {name}"] = refusal == _to_mend(visit, opened, sent)
    elif refusal and held.get(f"to mend {name}"):
        now = _to_mend(visit, opened, sent)
        refusal = now if now == refusal or now in said else ""
    if refusal != before:
        open_forms.note_in_the_way(name, refusal)
    forms.draw_refusal(edit.STILL_UNCLEAR if refusal in said else refusal)


def _say_findings(
    visit: Visit, form: Form, typed: Mapping[str, str], listed: Sequence[edit.Mend], focus: str
) -> None:
    """Say in one block what is to be mended in what was typed, and what might be worded better.

    It also says where typing goes on, if that is not at the first field.
    """
    said = html.draw("edit", focus, "focus") if focus else html.Block()
    if listed:
        said += html.draw("edit", listed, "findings")
    advice = hints.hints_on_typed(visit.snapshot, visit.day, form.tab, typed)
    if advice:
        said += html.draw("edit", advice, "hints")
    if said:
        st.html(said)


def _ask_for_all(name: str) -> None:
    """Draw all fields of a form from now on: those that are seldom filled as well."""
    kept()[f"all {name}"] = True


def _check(visit: Visit, opened: Opened, changed: Mapping[str, str]) -> Sequence[Problem]:
    """Find what Sheet health would say of the row."""
    snapshot, tab = visit.snapshot, opened.form.tab
    return check_fields(snapshot, tab, changed, entity=opened.entity, held=opened.held)


def _index(people: Mapping[str, str], signed: str) -> int | None:
    """Say where somebody stands in the list."""
    return list(people).index(signed) if signed in people else None


def _draw_field(field: Field, name: str) -> str:
    """Draw one field, and give what stands in it."""
    key, label = f"{field.column} {name}", field.column
    if field.ask is Ask.LINE:
        hint = field.hint or None
        return st.text_input(label, field.text, placeholder=hint, key=key, width=field.width)
    if field.ask is Ask.LINES:
        return st.text_area(label, field.text, key=key, width=field.width, height=88)
    options = list(field.options)
    if field.ask is Ask.NAMES:
        chosen = st.multiselect(
            label,
            options,
            [one for one in field.text.split(edit.SEPARATOR) if one],
            format_func=lambda one: field.options.get(one, one),
            accept_new_options=True,
            placeholder="Objectives or key results",
            key=key,
            width=field.width,
        )
        return edit.SEPARATOR.join(chosen)
    chosen_one = st.selectbox(
        label,
        options,
        options.index(field.text) if field.text in options else None,
        format_func=lambda one: field.options.get(one, one),
        accept_new_options=field.ask is Ask.NAME,
        placeholder=field.hint or "–",
        key=key,
        width=field.width,
    )
    return chosen_one or ""


def _draw_turn(form: Form, name: str) -> Mapping[str, str]:
    """Offer to drop what is not dropped, and to restore what is; give the State to be written.

    What is restored gets a blank one, which is active: most rows never had another.
    """
    if form.is_new or not any(field.column == "State" for field in form.fields):
        return {}
    label = "Restore" if form.is_dropped else "Drop"
    state = "" if form.is_dropped else State.DROPPED.value
    return {"State": state} if st.button(label, key=f"turn {name}") else {}


# --- saving ---------------------------------------------------------------------------------------


def _send(visit: Visit, opened: Opened, sent: Sent) -> str:
    """Save what was changed, and close the form; give what is in the way, and all stays in it."""
    forms.remember(sent.by)
    try:
        saved = edit_saving.save(opened.name, sent, lambda one: _draft(visit, opened, sent, one))
    except ConflictError:
        open_forms.note_in_the_way(opened.name, "")
        edit_saving.draw_anew()
    except edit_saving.KeptError as error:
        kept().pop("editing", None)
        edit_saving.note_kept(error, opened.entity)
    except WorkbookError as error:
        return str(error)
    kept().pop("editing", None)
    edit_saving.note(saved, opened.entity if not opened.form.is_new else None, sent.by)


def _to_mend(visit: Visit, opened: Opened, sent: Sent) -> str:
    """Say what in a form keeps it from being saved, whatever the sheet holds; "" for nothing."""
    try:
        _draft(visit, opened, sent, opened.name)
    except RefusedError as error:
        return str(error)
    except edit_saving.KeptError:
        return ""
    return ""


def _draft(visit: Visit, opened: Opened, sent: Sent, operation: str) -> edit_saving.Draft:
    """Understand what was typed, compared with what the row held when the form opened.

    Raises:
        RefusedError: If something is to be mended first, or nothing was changed.
        KeptError: If nothing is left to be written of what was changed.
    """
    if sent.unclear:
        raise RefusedError(sent.unclear[0])
    snapshot, form, changed = visit.snapshot, opened.form, sent.changed
    how: dict[str, Any] = {"by": sent.by, "operation": operation, "when": shell.now(snapshot)}
    if not form.is_new and opened.entity is not None:
        draft = draft_edit(snapshot, opened.entity, changed, held=opened.held, **how)
        conflict = kept().get(f"conflict {opened.name}")
        if conflict is None:
            return draft
        return edit_saving.settle(draft, conflict, sent.choice)
    if form.tab == OBJECTIVES:
        return draft_objective(snapshot, changed, **how)
    return draft_key_result(snapshot, changed, **how)
