"""Goalpost moves: from where to where a key result was first measured, and what has moved since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from okr.cells import is_blank, read_date, read_id, read_number
from okr.model import Cell, Change, KeyResult, Kind, Snapshot
from okr.parsing import NO_START, NO_TARGET, NO_WAY
from okr.telling import EXISTS
from okr.values import end_of

START, TARGET, DUE, PACE, WEIGHT = POSTS = ("Start", "Target", "Due", "Pace", "Weight")
"""The columns whose change moves the goalposts."""

Post = float | date | str | None


class Move(NamedTuple):
    """One goalpost that was moved.

    ``after`` is None where Due or Pace was emptied, ``before`` where Pace was blank: such a pace is
    even.
    """

    when: datetime
    column: str
    before: Post
    after: Post


@dataclass(frozen=True, slots=True)
class Goalposts:
    """What a key result was first measured by, and the moves since, in order of time."""

    start: float | None
    target: float | None
    due: date | None
    weight: float
    moves: tuple[Move, ...] = ()


def goalposts(
    snapshot: Snapshot, key_result: KeyResult, day: date, opens: date | None = None
) -> Goalposts:
    """Follow the goalposts of a key result through what ``_History`` says, up to a day.

    Typing into a blank cell is no move, and what cannot be read is passed over: a target of 45 that
    became ``#REF!`` and then 50 has moved from 45 to 50. A blank Pace alone says something, that
    the pace is even: checkpoints typed there once the key result is under way ask for something
    else than before, and are a move.

    Args:
        snapshot: For what was changed.
        key_result: As it stands now.
        day: The last day that counts.
        opens: The first day of its window; until then, and on the day on which its row came, a
            pace is set, not moved.
    """
    last, locale = end_of(day), snapshot.settings.locale
    changes = [one for one in snapshot.changes.get(key_result.key, ()) if one.when <= last]
    posts: dict[str, Post] = {
        START: key_result.start,
        TARGET: key_result.target,
        DUE: key_result.due,
        PACE: None,
        WEIGHT: key_result.weight,
    }
    moves: list[Move] = []
    for column in _measured(key_result.kind):
        found = list(_moves((one for one in changes if one.column == column), locale))
        if found:
            posts[column] = found[0].before
            moves += found
    since = max(opens or date.min, _came(changes))
    moves = [one for one in moves if not _is_set(one, since)]
    moves.sort(key=_when)
    return Goalposts(
        start=_number(posts[START]),
        target=_number(posts[TARGET]),
        due=_date(posts[DUE]),
        weight=_number(posts[WEIGHT]) or 0.0,
        moves=tuple(moves),
    )


def has_moved(changes: Sequence[Change]) -> bool:
    """Tell whether any of a row's changes is one of its goalposts."""
    return any(change.column in POSTS for change in changes)


def measured(key_result: KeyResult) -> KeyResult:
    """Say anew whether a key result can be scored, after its start or target was replaced."""
    start, target, kind = key_result.start, key_result.target, key_result.kind
    reason = ""
    if kind is Kind.DONE:
        return key_result
    if target is None:
        reason = NO_TARGET
    elif kind.is_way and start is None:
        reason = NO_START
    elif kind.is_way and round(start or 0.0, 9) == round(target, 9):
        reason = NO_WAY
    return replace(key_result, undefined=reason)


def _measured(kind: Kind) -> tuple[str, ...]:
    """Name the goalposts that a kind has: a thing to do has no start and no target."""
    return (DUE, WEIGHT) if kind is Kind.DONE else POSTS


def _moves(changes: Iterable[Change], locale: str) -> Iterable[Move]:
    """Follow one goalpost from the first number or date that it is known to have had."""
    held: Post = None
    for change in changes:
        if held is None:
            held = _read(change.column, change.before, locale)
        after = _read(change.column, change.after, locale)
        is_emptied = change.column == DUE and is_blank(change.after)
        if held is not None and after != held and (after is not None or is_emptied):
            yield Move(change.when, change.column, _filled(held), _filled(after))
        held = after if after is not None else held


def _filled(post: Post) -> Post:
    """Give what a cell held, None for a blank pace; a nought is a number like any other."""
    return None if post == "" else post


def _read(column: str, cell: Cell, locale: str) -> Post:
    """Read a cell that ``_History`` kept; None where it held nothing, or nothing readable.

    A blank Pace is an empty text.
    """
    if column == PACE:
        return read_id(cell)
    if is_blank(cell):
        return None
    return read_date(cell, "", locale)[0] if column == DUE else read_number(cell, "", locale)[0]


def _number(post: Post) -> float | None:
    return post if isinstance(post, float) else None


def _date(post: Post) -> date | None:
    return post if isinstance(post, date) else None


def _came(changes: Sequence[Change]) -> date:
    """Say on which day the row came, where that is the first that is told of it."""
    is_new = bool(changes) and changes[0].column == EXISTS
    return changes[0].when.date() if is_new else date.min


def _is_set(move: Move, until: date) -> bool:
    """Tell whether a pace was typed before there was one to move."""
    return move.column == PACE and move.before is None and move.when.date() <= until


def _when(move: Move) -> datetime:
    return move.when
