"""What is to be appended to ``_History`` of the changes that were seen in the sheet."""

import hashlib
from collections.abc import Sequence

from okr.cells import read_id
from okr.model import Cell
from okr.tables import Table
from okr.telling import Word, is_same, last_words, told
from okr.watching import SeenChange
from okr.workbooks.entries import Cells, serial
from okr.workbooks.interface import RefusedError

SHEET = "sheet"
"""What Source says of a change that was made in the sheet."""

MOST_AT_ONCE = 500
"""Changes that are recorded in one batch; the others wait for the next."""

_LATELY = 1 / 24
"""Days before a change within which the same one, told by another process, is this very one."""


class MayNotRecordError(RefusedError):
    """The sheet may only be read, or ``_History`` may not be written to; the text says so."""


def untold(changes: Sequence[SeenChange], history: Table | None) -> list[SeenChange]:
    """Leave out the changes that ``_History`` tells already.

    It does where its last word on the cell is what the cell was seen to hold, and the board wrote
    it, or a process that saw it at about that time. The same change made again later is told again.
    """
    words = last_words(history, {change.spot for change in changes})
    rest: list[SeenChange] = []
    for change in changes:
        word = words.get(change.spot)
        if word is not None and _is_told(change, word):
            continue
        rest.append(change)
        words[change.spot] = Word(change.after, -1, serial(change.when), is_board=False)
    return rest


def _is_told(change: SeenChange, word: Word) -> bool:
    if not is_same(told(word.after), told(change.after)):
        return False
    return word.is_board or word.when is None or word.when >= serial(change.when) - _LATELY


def line_of(change: SeenChange) -> Cells:
    """Lay out the row of ``_History`` that tells of a change."""
    return (
        ("When", serial(change.when)),
        ("Row ID", str(told(change.row_id))),
        ("Tab", change.tab),
        ("Column", change.column),
        ("Before", told(change.before)),
        ("After", told(change.after)),
        ("By", ""),
        ("Source", SHEET),
    )


def state_of(history: Table | None) -> str:
    """Sum up what has been recorded of the sheet so far, in whatever order it stands.

    Two processes that are about to record on top of the same get the same word, also if somebody
    sorts the tab between their looks; once one of them has recorded, it is another. What the board
    itself appends meanwhile makes no difference.
    """
    lines = [] if history is None else [cells for _, cells in history.numbered()]
    places = {} if history is None else history.columns
    source, when = places.get("Source", -1), places.get("When", -1)
    if source >= 0:
        lines = [one for one in lines if source < len(one) and read_id(one[source]) == SHEET]
    moments = [_moment(cells, when) for cells in lines]
    newest = max(moments, default=0.0)
    last = [cells for cells, moment in zip(lines, moments, strict=True) if moment == newest]
    order = [at for _, at in sorted(places.items())]
    said = sorted(repr([one[at] if at < len(one) else "" for at in order]) for one in last)
    whole = repr((len(lines), said)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(whole, digest_size=6).hexdigest()


def _moment(cells: Sequence[Cell], when: int) -> float:
    cell = cells[when] if 0 <= when < len(cells) else 0.0
    return cell if isinstance(cell, float) else 0.0
