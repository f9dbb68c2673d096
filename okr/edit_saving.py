"""Saving what a form of a row was sent with, and choosing where somebody was there before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from okr import forms, shell
from okr.model import KeyResult, Objective
from okr.session import kept
from okr.views import html
from okr.views.edit_told import Choice
from okr.workbooks.drafting import new_operation
from okr.workbooks.editing import give_way, insist
from okr.workbooks.interface import (
    Conflict,
    ConflictError,
    EditDraft,
    RowDraft,
    SavedRow,
    UnknownOutcomeError,
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
class Change:
    """The last change of this session: what it wrote, and by whom.

    ``kept`` holds the cells that were left as somebody else wrote them, where nothing else was
    wanted: then nothing was written.
    """

    name: str
    saved: SavedRow
    entity: Entity
    by: str
    kept: tuple[Conflict, ...] = ()

    @property
    def key(self) -> str:
        """Name the row that was changed."""
        return self.saved.row_id or (self.entity.key if self.entity else "")


# --- two people, one cell -------------------------------------------------------------------------


class KeptError(Exception):
    """Nothing is left to be written, because all that stands in the sheet was chosen.

    ``conflicts`` are the cells that stay; ``draft`` is the edit that was given up.
    """

    def __init__(self, draft: EditDraft, conflicts: Iterable[Conflict]) -> None:
        super().__init__("All that stands in the sheet is kept.")
        self.draft = draft
        self.conflicts = tuple(conflicts)


def choose(said: str, found: Sequence[Choice], name: str) -> dict[str, str]:
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


def settle(draft: EditDraft, error: ConflictError, choice: Mapping[str, str]) -> EditDraft:
    """Take over what was chosen for each cell that two people have changed.

    Raises:
        KeptError: If nothing is left to be written.
    """
    mine = [one for one in error.conflicts if choice.get(one.column) == "mine"]
    theirs = [one for one in error.conflicts if choice.get(one.column) != "mine"]
    left = give_way(insist(draft, mine), theirs)
    if left is None:
        wanted = {cell.column for cell in draft.cells}
        raise KeptError(draft, [one for one in theirs if one.column in wanted])
    return left


# --- saving ---------------------------------------------------------------------------------------


def save(name: str, sent: object, make: Callable[[str], Draft]) -> SavedRow:
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


def note(saved: SavedRow, entity: Entity, by: str) -> NoReturn:
    """Remember the last change, close the form, and show the page with it."""
    _show(Change(new_operation(), saved, entity, by))


def note_kept(error: KeptError, entity: Entity) -> NoReturn:
    """Take for an answer that somebody keeps what stands in the sheet, and close the form."""
    draft = error.draft
    unwritten = SavedRow(draft.row.id or "", draft.row.tab, ())
    _show(Change(new_operation(), unwritten, entity, draft.by, error.conflicts))


def _show(change: Change) -> NoReturn:
    held = kept()
    held["change"] = change
    held.pop("saved", None)
    forms.close_forms()
    st.rerun()


def draw_anew() -> NoReturn:
    """Draw the form anew, and nothing else of the page where only the form was drawn."""
    context = get_script_run_ctx()
    is_alone = context is not None and bool(context.fragment_ids_this_run)
    st.rerun(scope="fragment" if is_alone else "app")
