"""The forms that change the sheet: objectives and key results edited, added, dropped, restored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from okr import forms, open_forms, shell
from okr.columns import OBJECTIVES
from okr.model import Cell, KeyResult, Objective, Problem, State
from okr.session import kept
from okr.shell import Visit
from okr.views import check_in, edit, hints, html
from okr.views.edit import Ask, Choice, Field, Form
from okr.workbooks.drafting import (
    check_fields,
    draft_edit,
    draft_key_result,
    draft_objective,
    held_cells,
    new_operation,
)
from okr.workbooks.editing import give_way, insist, undo_of
from okr.workbooks.interface import (
    ConflictError,
    EditDraft,
    RefusedError,
    RowDraft,
    SavedRow,
    UnknownOutcomeError,
    WorkbookError,
)

_CHOICES = {"theirs": "Keep what stands there", "mine": "Write mine"}
_CHOICES_OF_MANY = {
    "theirs": "Keep all that stands there",
    "mine": "Write all of mine",
    "each": "Choose for each",
}

Draft = EditDraft | RowDraft
Entity = Objective | KeyResult | None


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened form, and what its row held then: a save is compared with that, not with later.

    ``name`` names its fields, so that each opens with what the sheet holds.
    """

    about: str
    name: str
    form: Form
    entity: Entity
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


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of this session: what it wrote, and by whom."""

    name: str
    saved: SavedRow
    entity: Entity
    by: str

    @property
    def key(self) -> str:
        """Name the row that was changed."""
        return self.saved.row_id or (self.entity.key if self.entity else "")


# --- opening --------------------------------------------------------------------------------------


Made = tuple[Form, Entity, Mapping[str, Cell]]


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
        cycle = visit.cycle.name if visit.cycle else ""
        return edit.build_new_objective(visit.snapshot, visit.team, cycle), None, {}

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
    found = edit.choices(conflict.conflicts, opened.entity) if conflict else ()
    choice = _choose(edit.IN_THE_WAY, found, name) if conflict else {}
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


def _draw_anew() -> NoReturn:
    """Draw the form anew, and nothing else of the page where only the form was drawn."""
    context = get_script_run_ctx()
    is_alone = context is not None and bool(context.fragment_ids_this_run)
    st.rerun(scope="fragment" if is_alone else "app")


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


def _choose(said: str, found: Sequence[Choice], name: str) -> dict[str, str]:
    """Show what stands there beside what is wanted, and ask for each cell which it shall be."""
    st.html(html.draw("check_in", said, "refused") + html.draw("edit", found, "conflicts"))
    mine = _choose_mine([one.column for one in found if not one.obstacle], name)
    return {one.column: "mine" if one.column in mine else "theirs" for one in found}


def _choose_mine(columns: Sequence[str], name: str) -> Sequence[str]:
    """Ask which cells shall be written all the same: all, none, or each by its name."""
    if not columns:
        return ()
    words = _CHOICES if len(columns) == 1 else _CHOICES_OF_MANY
    side = st.radio(
        columns[0] if len(columns) == 1 else f"These {len(columns)} cells",
        list(words),
        format_func=lambda side: words[side],
        horizontal=True,
        key=f"choice {' '.join(columns)} {name}",
    )
    if side != "each":
        return columns if side == "mine" else ()
    asked = "Write mine for these; the others keep what stands there"
    return st.pills(asked, columns, selection_mode="multi", key=f"mine {' '.join(columns)} {name}")


# --- saving ---------------------------------------------------------------------------------------


def _send(visit: Visit, opened: Opened, sent: Sent) -> str:
    """Save what was changed, and close the form; give what is in the way, and all stays in it."""
    forms.remember(sent.by)
    try:
        saved = _save(opened.name, sent, lambda one: _draft(visit, opened, sent, one))
    except ConflictError:
        open_forms.note_in_the_way(opened.name, "")
        _draw_anew()
    except WorkbookError as error:
        return str(error)
    kept().pop("editing", None)
    _note(saved, opened.entity if not opened.form.is_new else None, sent.by)


def _save(name: str, sent: object, make: Callable[[str], Draft]) -> SavedRow:
    """Save what was sent from a form, under its operation.

    Where nobody can tell whether it was saved, the same may be sent again under the same operation.
    What has been changed meanwhile is another change, and gets an operation of its own.
    """
    held, slot = kept(), f"operation {name}"
    forms.begin(slot)
    unsure = held.get(f"unsure {slot}")
    if unsure is not None and unsure[0] == sent:
        draft = unsure[1]
    else:
        if unsure is not None:
            held[slot] = new_operation()
        draft = make(held[slot])
    live = shell.live()
    try:
        saved = live.add_row(draft) if isinstance(draft, RowDraft) else live.save_edit(draft)
    except ConflictError as error:
        held[f"conflict {name}"] = error
        raise
    except UnknownOutcomeError:
        held[f"unsure {slot}"] = (sent, draft)
        raise
    forms.finish(slot)
    return saved


def _to_mend(visit: Visit, opened: Opened, sent: Sent) -> str:
    """Say what in a form keeps it from being saved, whatever the sheet holds; "" for nothing."""
    try:
        _draft(visit, opened, sent, opened.name)
    except RefusedError as error:
        return str(error)
    return ""


def _draft(visit: Visit, opened: Opened, sent: Sent, operation: str) -> Draft:
    """Understand what was typed, compared with what the row held when the form opened.

    Raises:
        RefusedError: If something is to be mended first, or nothing is left to be written.
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
        return _settled(draft, conflict, sent.choice, edit.NOTHING_LEFT)
    if form.tab == OBJECTIVES:
        return draft_objective(snapshot, changed, **how)
    return draft_key_result(snapshot, changed, **how)


def _settled(
    draft: EditDraft, error: ConflictError, choice: Mapping[str, str], nothing_left: str
) -> EditDraft:
    """Take over what was chosen for each cell that two people have changed.

    Raises:
        RefusedError: If nothing is left to be written, in these words.
    """
    mine = [one for one in error.conflicts if choice.get(one.column) == "mine"]
    theirs = [one for one in error.conflicts if choice.get(one.column) != "mine"]
    left = give_way(insist(draft, mine), theirs)
    if left is None:
        raise RefusedError(nothing_left)
    return left


def _note(saved: SavedRow, entity: Entity, by: str) -> NoReturn:
    """Remember the last change, close the form, and show the page with it."""
    held = kept()
    held["change"] = Change(new_operation(), saved, entity, by)
    held.pop("saved", None)
    forms.close_forms()
    st.rerun()


# --- the last change, and its undoing -----------------------------------------------------------


def draw_change(visit: Visit, change: Change, is_here: bool) -> None:
    """Say what was changed last, and offer to take it back."""
    said = edit.say_change(change.saved, change.entity, is_here=is_here)
    name = f"undo {change.name}"
    refusal = open_forms.in_the_way(name, name)
    conflict: ConflictError | None = kept().get(f"conflict {name}") if refusal else None
    with st.container(horizontal=True, vertical_alignment="center", key="change"):
        st.html(html.draw("check_in", said, "saved"), width="content")
        can_undo = bool(change.saved.written) and conflict is None
        is_undone = can_undo and st.button("Undo", type="tertiary", key=name)
    choice: dict[str, str] = {}
    if conflict:
        found = edit.choices(conflict.conflicts, change.entity, "when it was saved")
        choice = _choose(edit.UNDO_IN_THE_WAY, found, name)
        is_undone = st.button("Undo", key=name)
    if is_undone:
        refusal = _undo(visit, change, conflict, choice)
        open_forms.note_in_the_way(name, refusal)
    forms.draw_refusal("" if refusal == edit.UNDO_IN_THE_WAY else refusal)


def _undo(
    visit: Visit, change: Change, conflict: ConflictError | None, choice: Mapping[str, str]
) -> str:
    """Take a change back, where somebody has changed its cells since as was chosen for each.

    Gives what is in the way; where nothing is, the page is drawn anew.
    """
    name, when = f"undo {change.name}", shell.now(visit.snapshot)

    def make(operation: str) -> EditDraft:
        moment = when.replace(tzinfo=None, microsecond=0)
        draft = undo_of(change.saved, operation=operation, by=change.by, when=moment)
        if conflict is None:
            return draft
        return _settled(draft, conflict, choice, edit.NOTHING_TAKEN_BACK)

    try:
        saved = _save(name, choice, make)
    except ConflictError:
        open_forms.note_in_the_way(name, edit.UNDO_IN_THE_WAY)
        _draw_anew()
    except WorkbookError as error:
        return str(error)
    _note(saved, change.entity, change.by)
