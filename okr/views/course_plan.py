"""What the chart of one key result is drawn from, and where its parts stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from string import ascii_lowercase
from typing import Any, Final, NamedTuple

import altair as alt

HEIGHT: Final = 440
BAND: Final = (66, 34)
"""Where the band of confidence stands: its foot and its top, in pixels below the chart."""

ROW: Final = 18
"""Pixels of a line of text above the chart."""

MOST_MOVES: Final = 6
"""So many moved goalposts are named above the chart, the newest."""

CROWD: Final = 1 / 24
"""Numbers that would be nearer to each other than this share of the window are left out, and moved
goalposts share a letter."""

_AXIS = 26
_AIR = 20
_FOOT = 10
_REACH = 26


@dataclass(frozen=True, slots=True)
class Report:
    """A value that was said or typed on a day; ``number`` is that of its note in the list."""

    number: int
    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Belief:
    """A confidence, and the days from which to which it was the newest."""

    since: date
    until: date
    confidence: float


@dataclass(frozen=True, slots=True)
class Ahead:
    """A way still to come: from where to where it leads, and the words for it, "" for none."""

    since: date
    until: date
    start: float
    end: float
    text: str
    tone: str
    dash: tuple[int, int]


class Lettered(NamedTuple):
    """Moved goalposts that the chart has no room to name, and the letter that stands for them."""

    letter: str
    days: tuple[date, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A key result through its window, ready to draw.

    ``pace`` are the values that it should have on some days, empty where there is no pace;
    ``lines`` are values to be named across the whole window, such as the target. ``moves`` are
    goalposts moved on a day, in words. ``reach`` is the last day on which the goal is in reach,
    with the value that it starts from and the words. ``unit`` chooses how values are written.
    """

    starts: date
    ends: date
    today: date
    unit: str
    reports: tuple[Report, ...]
    pace: tuple[tuple[date, float], ...]
    lines: tuple[tuple[float, str], ...]
    ahead: tuple[Ahead, ...]
    moves: tuple[tuple[date, str], ...]
    beliefs: tuple[Belief, ...]
    reach: tuple[date, float, str] | None = None

    @property
    def domain(self) -> tuple[float, float]:
        """Give the lowest and the highest value to be seen, with a little air."""
        seen = [one.value for one in self.reports]
        seen += [value for _, value in self.pace] + [value for value, _ in self.lines]
        seen += [end for way in self.ahead for end in (way.start, way.end)]
        low, high = min(seen, default=0.0), max(seen, default=1.0)
        air = 0.04 * (high - low) or abs(high) * 0.1 or 1.0
        return low - air, high + air

    @property
    def named_moves(self) -> tuple[tuple[date, str], ...]:
        """Give the moved goalposts that there is room to name."""
        return self.moves[-MOST_MOVES:]

    @property
    def lettered_moves(self) -> tuple[Lettered, ...]:
        """Give the moved goalposts before those: the days near to each other share a letter."""
        found: list[Lettered] = []
        for day, text in self.moves[:-MOST_MOVES]:
            if found and day - found[-1].days[0] < (self.ends - self.starts) * CROWD:
                last = found.pop()
                found.append(Lettered(last.letter, (*last.days, day), (*last.texts, text)))
            else:
                found.append(Lettered(ascii_lowercase[len(found)], (day,), (text,)))
        return tuple(found)

    @property
    def top(self) -> int:
        """Say how many pixels above the values are kept free for words."""
        return _AIR + ROW * (len(self.named_moves) + bool(self.lettered_moves))

    @property
    def foot(self) -> int:
        """Say how many pixels below the values are kept free for words."""
        return _FOOT if self.reach is None else _REACH

    @property
    def height(self) -> int:
        """Say how high the chart has to be: words above make it higher, not its lines flatter."""
        return HEIGHT + self.top - _AIR

    @property
    def pixel(self) -> float:
        """Say how much of a value one pixel is."""
        low, high = self.domain
        below = BAND[0] - 20 if self.beliefs else 0
        return (high - low) / (self.height - _AXIS - below - self.top - self.foot)

    def share(self, day: date) -> float:
        """Say how much of the window is gone on a day, from 0 to 1."""
        return (day - self.starts) / (self.ends - self.starts)


def values(course: Course, field: str) -> alt.Y:
    """Lay out values in the unit of the key result, between the words above and below."""
    low, high = course.domain
    span: list[Any] = [alt.ExprRef(expr=f"height - {course.foot}"), course.top]
    axis = alt.Axis(format=_format(course), tickCount=5, title=None)
    scale = alt.Scale(domain=[low, high], range=span, nice=False)
    return alt.Y(f"{field}:Q", scale=scale, axis=axis)


def _format(course: Course) -> str:
    if course.unit == "%":
        return ".2~%"
    return "~s" if max(map(abs, course.domain)) >= 1e6 else ",~f"


def joined(beliefs: Sequence[Belief]) -> list[Belief]:
    """Take what was stated again and again as one."""
    found: list[Belief] = []
    for one in beliefs:
        if found and found[-1].confidence == one.confidence:
            found[-1] = Belief(found[-1].since, one.until, one.confidence)
        else:
            found.append(one)
    return found
