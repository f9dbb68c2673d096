"""What changed between two days: statuses, progress, goalposts, confidence, and what is new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from okr.board import KeyResultStanding, TeamStanding
from okr.goalposts import Move
from okr.model import Status
from okr.scoring import exact

NEEDIEST_FIRST = (
    Status.MISSED,
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.NO_DATA,
    Status.NOT_STARTED,
    Status.TOO_EARLY,
    Status.ON_TRACK,
    Status.ACHIEVED,
)
"""From what needs help first on; a status further down is a better one."""

DOUBT = 0.2
"""How far a confidence has to fall before anybody needs to hear of it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One key result on the later day, and on the earlier one; None where it was not there yet.

    ``moved`` is how far its progress came, in points; None where there is nothing to compare.
    """

    now: KeyResultStanding
    then: KeyResultStanding | None

    @property
    def is_first_dated(self) -> bool:
        """Tell whether it has its first value with a date, after one that nobody had dated.

        Such a cell may be of any age, or be the newest value itself: between the two, nothing can
        be said to have changed.
        """
        was_undated = self.then is not None and self.then.is_undated
        return was_undated and self.now.value is not None and not self.now.is_undated

    @property
    def is_out_of_time(self) -> bool:
        """Tell whether it has an undated value that the earlier day was not given.

        So it is on a past day before the first check-in, which the cell may repeat: then nothing
        has come, been won or been lost by it.
        """
        had_none = self.then is not None and self.then.value is None
        return had_none and self.now.is_undated

    @property
    def _is_first_word(self) -> bool:
        was_silent = self.then is not None and self.then.updated_on is None
        return was_silent and self.now.updated_on is not None

    @property
    def moved(self) -> float | None:
        """Say how many points its progress came between the two days."""
        then = self.then.progress if self.then else None
        if then is None or self.now.progress is None or self.is_first_dated:
            return None
        return exact(100 * (self.now.progress - then))

    @property
    def doubt(self) -> float:
        """Say how far the stated confidence fell, as a share; 0.0 where it did not.

        Nor where it stood in a cell beside no word with a date, and the first came since.
        """
        then = self.then.confidence if self.then else None
        if then is None or self.now.confidence is None or self._is_first_word:
            return 0.0
        return max(0.0, exact(then - self.now.confidence))


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed from the end of one day to the end of another, the later board's order kept.

    ``won`` was achieved, ``slipped`` has a worse status and ``recovered`` a better one, but for
    what has a value for the first time, or one with a date, which is ``first_data``. ``moved`` has
    other progress, the largest step first. ``new`` was not there before; ``dropped`` was given up,
    ``gone`` is no longer in the sheet. ``goalposts`` were moved; ``doubted`` has lost confidence,
    the most first. ``undated`` counts the values that have a date on one of the days alone, or
    count on one alone for want of it: the two scores are not of the same values.
    """

    since: date
    until: date
    won: tuple[Pair, ...]
    slipped: tuple[Pair, ...]
    recovered: tuple[Pair, ...]
    first_data: tuple[Pair, ...]
    moved: tuple[Pair, ...]
    new: tuple[Pair, ...]
    dropped: tuple[Pair, ...]
    gone: tuple[KeyResultStanding, ...]
    goalposts: tuple[tuple[Pair, Move], ...]
    doubted: tuple[Pair, ...]
    undated: int


def compare(
    then: Iterable[KeyResultStanding],
    now: Sequence[KeyResultStanding],
    since: date,
    until: date,
) -> Changes:
    """Compare the key results of two days.

    Args:
        then: How they stood at the end of ``since``.
        now: How they stand at the end of ``until``.
        since: The earlier day.
        until: The later day.
    """
    before = {one.key_result.key: one for one in then}
    here = {one.key_result.key for one in now}
    pairs = [Pair(one, before.get(one.key_result.key)) for one in now]
    alive = [pair for pair in pairs if pair.now.status is not Status.DROPPED]
    moved = [pair for pair in alive if pair.moved]
    doubted = [pair for pair in alive if pair.doubt >= DOUBT]
    return Changes(
        since=since,
        until=until,
        won=tuple(pair for pair in alive if _is_won(pair)),
        slipped=tuple(pair for pair in alive if _is_slipped(pair)),
        recovered=tuple(pair for pair in alive if _is_recovered(pair)),
        first_data=tuple(pair for pair in alive if _has_first_value(pair)),
        moved=tuple(sorted(moved, key=lambda pair: -abs(pair.moved or 0.0))),
        new=tuple(pair for pair in alive if pair.then is None),
        dropped=tuple(pair for pair in pairs if _was_dropped(pair)),
        gone=tuple(one for key, one in before.items() if key not in here),
        goalposts=tuple(_moves(pairs, since, until)),
        doubted=tuple(sorted(doubted, key=lambda pair: -pair.doubt)),
        undated=sum(pair.is_first_dated or pair.is_out_of_time for pair in alive),
    )


def changes_of(then: TeamStanding, whole: TeamStanding, since: date, until: date) -> Changes:
    """Compare what counts of a team, or of the organisation, and what was dropped of it."""
    return compare(_key_results(then), _key_results(whole), since, until)


def _key_results(whole: TeamStanding) -> list[KeyResultStanding]:
    return [
        one
        for objective in whole.objectives
        if objective.objective.is_counted or objective.status is Status.DROPPED
        for one in objective.key_results
        if one.is_counted or one.status is Status.DROPPED
    ]


def rank(status: Status | None) -> int:
    """Order statuses, the worst first; one that is unknown stands beside the best."""
    return next((at for at, one in enumerate(NEEDIEST_FIRST) if one is status), len(NEEDIEST_FIRST))


def _step(pair: Pair) -> int:
    """Say whether a status got better (above 0) or worse.

    What was not there did neither, nor what nobody had dated, nor does what changes by the
    calendar alone: that a window opens, or that it is no longer too early to say that all is well.
    """
    now, then = pair.now.status, pair.then.status if pair.then else None
    if (
        pair.is_first_dated
        or pair.is_out_of_time
        or then in (None, Status.DROPPED, Status.NOT_STARTED)
        or now is None
    ):
        return 0
    if then is Status.TOO_EARLY and now is Status.ON_TRACK:
        return 0
    return rank(now) - rank(then)


def _is_won(pair: Pair) -> bool:
    was = pair.then.status if pair.then else None
    is_now = pair.now.status is Status.ACHIEVED and not pair.is_out_of_time
    return is_now and was is not Status.ACHIEVED


def _is_slipped(pair: Pair) -> bool:
    return _step(pair) < 0 and not _has_first_value(pair)


def _is_recovered(pair: Pair) -> bool:
    return _step(pair) > 0 and not _is_won(pair) and not _has_first_value(pair)


def _has_first_value(pair: Pair) -> bool:
    had_none = pair.then is not None and pair.then.value is None
    has_one = pair.now.value is not None and not pair.is_out_of_time
    return pair.is_first_dated or (had_none and has_one)


def _was_dropped(pair: Pair) -> bool:
    was = pair.then.status if pair.then else None
    return pair.now.status is Status.DROPPED and pair.then is not None and was is not Status.DROPPED


def _moves(pairs: Iterable[Pair], since: date, until: date) -> Iterable[tuple[Pair, Move]]:
    for pair in pairs:
        for move in pair.now.moved:
            if since < move.when.date() <= until:
                yield pair, move
