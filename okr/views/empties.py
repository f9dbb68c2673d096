"""What a workbook lacks before a page has something to show: what, where, and how to mend it."""

from okr.board import Board
from okr.columns import KEY_RESULTS, OBJECTIVES, REQUIRED, known_tab
from okr.model import Severity, Snapshot
from okr.snapshot import has_no_okrs, takes_new_rows
from okr.tables import has_content
from okr.views.addresses import Address
from okr.views.edit import NEW_OBJECTIVE
from okr.views.summary import Empty

INIT = "python -m okr init"
"""The command that adds to a workbook what it lacks."""

_WRONG_ONE = "If you meant another workbook, name it in OKR_WORKBOOK or in .streamlit/secrets.toml."
_OUTSIDE = (
    "This sheet is in a layout of its own, and only people know where a new row belongs in it. "
    "Add it in the sheet; the board shows it at its next reading."
)


def lack_of_objectives(board: Board, address: Address, title: str = "") -> Empty | None:
    """Say why a workbook shows no objective in any cycle; None where it has one.

    Args:
        board: Everything computed of the cycle.
        address: The open page and its choices.
        title: The words for what will stand on the page.
    """
    snapshot = board.snapshot
    if snapshot.objectives:
        return None
    unread = _no_okrs(snapshot, address, title) or _unread(snapshot, OBJECTIVES, address, title)
    if unread is not None:
        return unread
    can_add = address.has_forms and takes_new_rows(snapshot, OBJECTIVES)
    return Empty(
        title,
        "The workbook has no objectives yet.",
        f"Type the first one into the “{OBJECTIVES}” tab; the board shows it within the minute.",
        "Or add it here." if can_add else "",
        address.to("team", add=NEW_OBJECTIVE) if can_add else "",
    )


def lack_of_key_results(board: Board, address: Address, title: str = "") -> Empty | None:
    """Say why a workbook shows no key result in any cycle; None where it has one."""
    snapshot = board.snapshot
    if snapshot.key_results:
        return None
    unread = _no_okrs(snapshot, address, title) or _unread(snapshot, KEY_RESULTS, address, title)
    if unread is not None:
        return unread
    return Empty(
        title,
        "The workbook has no key results yet.",
        f"Type the first one into the “{KEY_RESULTS}” tab, with the ID or the title of its "
        "objective in the Objective column.",
    )


def why_no_row(snapshot: Snapshot, what: str) -> str:
    """Say why nothing can be added to the sheet here; "" where it can.

    Args:
        snapshot: The reading that the page shows.
        what: ``objective`` for a new objective, else the objective that gets a key result.
    """
    name = OBJECTIVES if what == NEW_OBJECTIVE else KEY_RESULTS
    if takes_new_rows(snapshot, name):
        return ""
    lack = _unread(snapshot, name, Address(), "")
    return f"{lack.sentence} {lack.mend}" if lack else _OUTSIDE


def _no_okrs(snapshot: Snapshot, address: Address, title: str) -> Empty | None:
    """Say that a workbook holds something else, or nothing; and how it gets the board's tabs."""
    if not has_no_okrs(snapshot):
        return None
    tabs = snapshot.reading.tabs if snapshot.reading is not None else ()
    adds = f"“{INIT}” adds the board's own tabs to it and changes nothing that is there."
    if not any(has_content(row) for tab in tabs for row in tab.rows):
        return Empty(
            title, f"The workbook “{snapshot.source.title}” is empty.", f"{adds} {_WRONG_ONE}"
        )
    return Empty(
        title,
        f"No tab of “{snapshot.source.title}” could be read as OKRs.",
        f"{adds} {_WRONG_ONE}",
        "Sheet health says what each tab was read as.",
        address.to("sheet_health"),
    )


def _unread(snapshot: Snapshot, name: str, address: Address, title: str) -> Empty | None:
    """Say why a required tab is not read, in the words of Sheet health."""
    there = snapshot.tabs.get(name)
    if there is not None and all(column in there.headers for column in REQUIRED[name]):
        return None
    for one in snapshot.problems:
        if one.severity is Severity.ERROR and known_tab(one.tab) == name:
            href = address.to("sheet_health")
            return Empty(title, one.message, one.remedy, "Sheet health lists what to mend.", href)
    return None
