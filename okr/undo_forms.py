"""What was changed last, and taking it back."""

from collections.abc import Mapping

import streamlit as st

from okr import edit_saving, forms, open_forms, shell
from okr.edit_saving import Change
from okr.session import kept
from okr.shell import Visit
from okr.views import edit, edit_told, html
from okr.workbooks.editing import undo_of
from okr.workbooks.interface import ConflictError, EditDraft, WorkbookError


def draw_change(visit: Visit, change: Change, is_here: bool) -> None:
    """Say what was changed last, and offer to take it back."""
    said = _say(change, is_here)
    name = f"undo {change.name}"
    refusal = open_forms.in_the_way(name, name)
    conflict: ConflictError | None = kept().get(f"conflict {name}") if refusal else None
    with st.container(horizontal=True, vertical_alignment="center", key="change"):
        st.html(html.draw("check_in", said, "saved"), width="content")
        can_undo = bool(change.saved.written) and conflict is None
        is_undone = can_undo and st.button("Undo", type="tertiary", key=name)
    choice: dict[str, str] = {}
    if conflict:
        found = edit_told.choices(conflict.conflicts, change.entity, "when it was saved")
        choice = edit_saving.choose(edit.UNDO_IN_THE_WAY, found, name)
        is_undone = st.button("Undo", key=name)
    if is_undone:
        refusal = _undo(visit, change, conflict, choice)
        open_forms.note_in_the_way(name, refusal)
    forms.draw_refusal("" if refusal == edit.UNDO_IN_THE_WAY else refusal)


def _say(change: Change, is_here: bool) -> str:
    """Say what was written, or what was kept in its place."""
    if change.kept:
        return edit_told.say_kept(change.kept, change.entity, is_here=is_here)
    return edit_told.say_change(change.saved, change.entity, is_here=is_here)


def _undo(
    visit: Visit,
    change: Change,
    conflict: ConflictError | None,
    choice: Mapping[str, str],
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
        return edit_saving.settle(draft, conflict, choice)

    try:
        saved = edit_saving.save(name, choice, make)
    except edit_saving.KeptError as error:
        edit_saving.note_kept(error, change.entity)
    except ConflictError:
        open_forms.note_in_the_way(name, edit.UNDO_IN_THE_WAY)
        edit_saving.draw_anew()
    except WorkbookError as error:
        return str(error)
    edit_saving.note(saved, change.entity, change.by)
