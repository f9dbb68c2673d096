"""The score of a subject against pace, week by week: the small curve of a picture."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock

from okr.assess import build_board
from okr.board import Board
from okr.looking_back import as_of, without_repeats
from okr.model import Cycle, Snapshot
from okr.pictures.subjects import Measure

WEEK = timedelta(days=7)

Point = tuple[float, float]
"""A share of the cycle, and the score or the pace after it."""


@dataclass(frozen=True, slots=True)
class Trend:
    """The way of a score through its cycle, and the pace from its first day to its last."""

    score: tuple[Point, ...]
    pace: tuple[Point, ...]


class PastBoards:
    """Boards of past days, built once for each revision, for all pictures that look back."""

    def __init__(self, size: int = 48) -> None:
        self._size = size
        self._boards: OrderedDict[tuple[str, str, date], Board] = OrderedDict()
        self._revision = ""
        self._lock = Lock()

    def on(self, snapshot: Snapshot, cycle: Cycle, day: date) -> Board:
        """Give the board of a cycle as it was known on a day."""
        key = (snapshot.source.location, cycle.name, day)
        with self._lock:
            if self._revision != snapshot.revision:
                self._boards.clear()
                self._revision = snapshot.revision
            known = self._boards.get(key)
        board = known or past_board(snapshot, cycle, day)
        with self._lock:
            if self._revision == snapshot.revision:
                self._boards[key] = board
                while len(self._boards) > self._size:
                    self._boards.popitem(last=False)
        return board


def past_board(snapshot: Snapshot, cycle: Cycle | None, day: date) -> Board:
    """Build the board of an earlier day, leaving out what Current cells hold beside check-ins."""
    return build_board(without_repeats(as_of(snapshot, day)), cycle, day)


def build_trend(board: Board, measure: Measure, past: PastBoards) -> Trend | None:
    """Follow a score from the start of its cycle; None before there is a way to draw."""
    cycle = board.cycle
    if cycle is None or cycle.ends <= cycle.starts or board.day <= cycle.starts:
        return None
    length = (cycle.ends - cycle.starts).days
    today = min(board.day, cycle.ends)
    score: list[Point] = []
    pace: list[Point] = []
    for day in _days(cycle, today):
        known = board if day == board.day else past.on(board.snapshot, cycle, day)
        whole = measure(known)
        share = (day - cycle.starts).days / length
        if whole.score is not None and day <= today:
            score.append((share, whole.score))
        if whole.expected is not None:
            pace.append((share, whole.expected))
    return Trend(tuple(score), tuple(pace)) if score else None


def _days(cycle: Cycle, today: date) -> list[date]:
    """List the first day, one day a week from then, the day in question, and the last day."""
    weeks = range((today - cycle.starts).days // 7 + 1)
    return sorted({cycle.starts + number * WEEK for number in weeks} | {today, cycle.ends})
