"""What was lost with a header or a tab that is not known any more, said once and in its place.

A header that somebody renames takes its column away from the board, and hundreds of cells that lean
on it go wrong with it. It is never guessed what became of it: the column is read again only once
its header is known again.
"""

from collections.abc import Mapping, Sequence

from okr.columns import KEY_RESULTS, OBJECTIVES, address
from okr.lost_columns import Loss, lost_columns
from okr.lost_tabs import lost_tabs
from okr.mentions import parts_of
from okr.model import Problem, Severity
from okr.reading import Reading
from okr.registers import folded
from okr.tables import Table, no_column

_WEIGHTY = frozenset(
    (
        *("ID", "Objective", "Key result", "Cycle", "When", "Due", "Starts", "Ends"),
        *("Start", "Target", "Current", "Value", "Weight", "Grade"),
    )
)
"""The columns without which a number that should count does not."""

_NO_HOME = ("The objective has no key result", "belongs to no objective")
_NO_CHILD = "The score comes from the objectives that support this one, and none does."
_NO_WAY = ("Pace counts only between", "sum to 0, so they weigh the same")
_CONSEQUENCES: Mapping[tuple[str, str], tuple[str, ...]] = {
    (OBJECTIVES, "ID"): (*_NO_HOME, _NO_CHILD),
    (OBJECTIVES, "Objective"): (*_NO_HOME, _NO_CHILD),
    (OBJECTIVES, "Supports"): (_NO_CHILD,),
    (KEY_RESULTS, "Objective"): _NO_HOME,
    (KEY_RESULTS, "Key result"): _NO_HOME,
    (KEY_RESULTS, "Start"): _NO_WAY,
    (KEY_RESULTS, "Target"): _NO_WAY,
}
"""What is said of other cells only because a column is not there, by the words it is said in."""


def fold_losses(
    reading: Reading, tables: Mapping[str, Table], problems: Sequence[Problem]
) -> list[Problem]:
    """Say once of each column and tab what was lost, in the place of all that follows from it."""
    found = list(problems)
    said = []
    for loss in (loss for table in tables.values() for loss in lost_columns(table, tables)):
        first = no_column(loss.table.tab.title, loss.column)
        found = [one for one in found if one.message != first]
        kept = [one for one in found if not _follows(one, loss)]
        said.append(_said(loss, len(found) - len(kept)))
        found = kept
    return [*said, *lost_tabs(reading, tables), *found]


def _said(loss: Loss, count: int) -> Problem:
    """Name what was lost at the header that is not known."""
    title, row = loss.table.tab.title, loss.table.header.row
    cell = address(title, row, loss.place)
    reason = loss.reason[:1].upper() + loss.reason[1:]
    also = {0: "", 1: " One other finding that comes of it is left out."}.get(
        count, f" {count:,} other findings that come of it are left out."
    )
    return Problem(
        Severity.ERROR if loss.column in _WEIGHTY else Severity.WARNING,
        title,
        row + 1,
        loss.header,
        cell,
        loss.header,
        f"No column of “{title}” is called “{loss.column}”, and “{loss.header}” is not known, so "
        f"it is not read. {reason}.{also}",
        f"If “{loss.header}” is that column, rename the header in {cell} to “{loss.column}”.",
    )


def _follows(problem: Problem, loss: Loss) -> bool:
    """Tell whether a problem is there only because a column was lost."""
    title, message = loss.table.tab.title, problem.message
    if problem.tab == title and problem.column == loss.column:
        return problem.row > loss.table.header.row + 1
    if any(words in message for words in _CONSEQUENCES.get((loss.table.name, loss.column), ())):
        return True
    return loss.is_naming and any(folded(one) in loss.names for one in parts_of(problem.value))
