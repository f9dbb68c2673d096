"""What every page is put together from: marks, bars, links to cells, names of people."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from okr.board import KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.model import Snapshot, Source, State, Status
from okr.views import formats
from okr.views.tokens import LOOKS, ORDER


@dataclass(frozen=True, slots=True)
class Mark:
    """A status as it is drawn: shape, tone and word; hollow where the value is old."""

    shape: str
    tone: str
    word: str
    is_hollow: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in percent of its track: the fill, a hatched stretch up to ``high``, the pace mark.

    ``text`` says the same in words. ``is_over`` draws a notch at the end.
    """

    fill: float
    tone: str
    text: str
    high: float | None = None
    pace: float | None = None
    is_over: bool = False
    is_hollow: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many key results have a status: its mark, the number, and its share of a strip."""

    mark: Mark
    number: int
    percent: float


@dataclass(frozen=True, slots=True)
class CellLink:
    """A cell of the workbook by its name; ``href`` is "" where it has no address on the web."""

    name: str
    href: str


def mark(status: Status | None, word: str, is_stale: bool | None = False) -> Mark:
    """Choose the mark of a status."""
    look = LOOKS[status]
    return Mark(look.shape, look.tone, word, bool(is_stale))


def cell_link(source: Source, cell: str) -> CellLink:
    """Point at a cell; only web addresses become links."""
    href = source.link(cell)
    return CellLink(cell, href if href.startswith(("https://", "http://")) else "")


def key_result_bar(standing: KeyResultStanding) -> Bar:
    """Draw the way of a key result; where it cannot be measured, an empty track."""
    status = standing.status
    reached = standing.progress
    pace = _pace(standing)
    return Bar(
        fill=_percent(standing.score),
        tone=LOOKS[status].tone,
        text=_bar_text(reached, pace),
        pace=pace,
        is_over=reached is not None and reached > 1,
        is_hollow=bool(standing.is_stale) and status is not Status.DROPPED,
    )


def _pace(standing: KeyResultStanding) -> float | None:
    """Say where the pace mark stands; only what has a way and is under way has one."""
    if not standing.key_result.kind.is_way or standing.expected is None:
        return None
    if standing.status in (None, Status.DROPPED, Status.NOT_STARTED):
        return None
    return _percent(standing.expected * standing.pass_mark)


def _bar_text(reached: float | None, pace: float | None) -> str:
    parts = [f"progress {formats.share(reached)}" if reached is not None else "no data"]
    if pace is not None:
        parts.append(f"pace {formats.share(pace / 100)}")
    return ", ".join(parts)


def score_bar(standing: ObjectiveStanding | TeamStanding, tone: str, pass_mark: float = 1.0) -> Bar:
    """Draw a rolled-up score, hatched from what it is to what it could be."""
    low, high, pace = standing.low or 0.0, standing.high, standing.expected
    if isinstance(standing, ObjectiveStanding) and standing.objective.state is State.DROPPED:
        high = pace = None  # nothing is expected of it any more
    has_range = high is not None and high - low > 1e-9
    return Bar(
        fill=_percent(low),
        tone=tone,
        text=score_text(standing),
        high=_percent(high) if has_range else None,
        pace=_percent(pace * pass_mark) if pace else None,
    )


def score_text(standing: ObjectiveStanding | TeamStanding) -> str:
    """Say a score with its range: ``30%, could reach 63% (2 of 3 have data)``."""
    if standing.counted == 0 and standing.high is None:
        return "no key results that count"
    if standing.score is None:
        return "no data" if standing.counted == 0 else f"no data (0 of {standing.counted})"
    text = formats.share(standing.score)
    if standing.high is not None and standing.high - standing.score > 1e-9:
        has = "has" if standing.counted == 1 else "have"
        text += f", could reach {formats.share(standing.high)}"
        if standing.with_data < standing.counted:
            text += f" ({standing.with_data} of {standing.counted} {has} data)"
    return text


def tallies(standings: Sequence[KeyResultStanding]) -> tuple[Tally, ...]:
    """Count out the statuses that there are, what needs help first."""
    counts = Counter(standing.status for standing in standings)
    total = len(standings)
    return tuple(
        Tally(mark(status, status.value), counts[status], 100 * counts[status] / total)
        for status in ORDER
        if counts[status]
    )


def _percent(value: float | None) -> float:
    """Give a share in percent, held within the bar and short enough to print."""
    return round(100 * min(1.0, max(0.0, value or 0.0)), 1)


class Names:
    """The names of people by what an Owner or By cell holds: an address, or the name itself."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._names = {
            person.email.strip().casefold(): person.name.strip()
            for person in snapshot.people
            if person.email.strip() and person.name.strip()
        }

    def of(self, text: str) -> str:
        """Give the name; of an address that nobody is known by, what stands before the ``@``."""
        known = self._names.get(text.strip().casefold())
        return known or text.strip().split("@")[0]
