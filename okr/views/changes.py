"""What changed between two days, in lines to read: the same on the page and in the digest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from okr.board import KeyResultStanding
from okr.changes import Changes, Pair
from okr.goalposts import PACE, START, TARGET, Move, Post
from okr.model import Snapshot
from okr.views import formats
from okr.views.pieces import Mark, Names, mark

FARTHEST = 5
"""How many of the largest steps are named."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change of one key result: whose it is, and what happened to it."""

    key: str
    title: str
    team: str
    owner: str
    what: str
    mark: Mark
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of one sort; ``of`` is how many there were where not all are listed, else 0."""

    title: str
    lines: tuple[Line, ...]
    of: int = 0


def list_changes(changes: Changes, snapshot: Snapshot) -> tuple[Part, ...]:
    """Say what changed, sort by sort; sorts of which nothing happened are left out."""
    say = Teller(snapshot, changes.until)
    parts = (
        ("Won", map(say.arrival, changes.won)),
        ("Slipped", map(say.change, changes.slipped)),
        ("Recovered", map(say.change, changes.recovered)),
        ("First values", map(say.first, changes.first_data)),
        ("Largest steps", map(say.step, _worth_a_line(changes.moved)[:FARTHEST])),
        ("Less confident", map(say.doubt, changes.doubted)),
        ("Goalposts moved", (say.goalpost(pair, move) for pair, move in changes.goalposts)),
        ("New", map(say.arrival, changes.new)),
        ("Dropped", (say.line(pair.now, "given up") for pair in changes.dropped)),
        ("Taken out of the sheet", (say.line(one, "was there before") for one in changes.gone)),
    )
    steps = len(_worth_a_line(changes.moved))
    listed = (
        Part(title, tuple(lines), steps if title == "Largest steps" else 0)
        for title, lines in parts
    )
    return tuple(part for part in listed if part.lines)


def _worth_a_line(moved: Iterable[Pair]) -> list[Pair]:
    """Choose the steps that are worth a line: of at least a point."""
    return [pair for pair in moved if round(abs(pair.moved or 0.0)) >= 1]


def words_of_changes(
    parts: Iterable[Part], standings: Sequence[KeyResultStanding], since: date, until: date
) -> str:
    """Say how many key results were updated after a day, and how many of all are listed."""
    updated = sum(one.updated_on is not None and one.updated_on > since for one in standings)
    listed = len({line.key for part in parts for line in part.lines})
    span = f"since {formats.day(since, until)}"
    if not updated and not listed:
        return f"Nothing changed {span}."
    were = "was" if len(standings) == 1 else "were"
    said = f"{updated} of {formats.count(len(standings), 'key result')} {were} updated {span}"
    return f"{said}; {listed or 'none'} {'is' if listed < 2 else 'are'} worth a line."


def undated_words(changes: Changes) -> str:
    """Say why the scores of the two days are not to be subtracted; "" where they are."""
    if not changes.undated:
        return ""
    have = "has" if changes.undated == 1 else "have"
    return f"but {formats.count(changes.undated, 'value')} {have} no date on one of the two days"


class Teller:
    """Says in a line what happened to a key result."""

    def __init__(self, snapshot: Snapshot, day: date) -> None:
        self._names = Names(snapshot)
        self._day = day

    def line(self, one: KeyResultStanding, what: str, note: str = "") -> Line:
        """Put a change beside the title, the team and the owner that it belongs to."""
        owner = one.key_result.owner or (one.objective.owner if one.objective else "")
        return Line(
            key=one.key_result.key,
            title=one.key_result.title,
            team=one.objective.team if one.objective else "",
            owner=self._names.of(owner),
            what=what,
            mark=mark(one.status, one.word, one.is_stale),
            note=note,
        )

    def arrival(self, pair: Pair) -> Line:
        """Say what there is now."""
        return self.line(pair.now, value(pair.now))

    def change(self, pair: Pair) -> Line:
        """Say from which status to which, with the note that may explain it."""
        was = f"{pair.then.word} → " if pair.then else ""
        return self.line(pair.now, f"{was}{pair.now.word}, {value(pair.now)}", pair.now.note)

    def first(self, pair: Pair) -> Line:
        """Say what the first value is, or the first that somebody dated."""
        if not pair.is_first_dated:
            return self.change(pair)
        what = f"{pair.now.word}, {value(pair.now)}: the first value with a date"
        return self.line(pair.now, what, pair.now.note)

    def step(self, pair: Pair) -> Line:
        """Say how far progress came."""
        moved, reached = pair.moved or 0.0, formats.share(pair.now.progress)
        what = f"{formats.signed(moved)} points, to {reached}: {value(pair.now)}"
        return self.line(pair.now, what)

    def doubt(self, pair: Pair) -> Line:
        """Say how far confidence fell."""
        then = pair.then.confidence if pair.then else None
        what = f"confidence {formats.share(then)} → {formats.share(pair.now.confidence)}"
        return self.line(pair.now, what, pair.now.note)

    def goalpost(self, pair: Pair, move: Move) -> Line:
        """Say what was moved, when, and from where to where."""
        what = f"{moved(move, pair.now.key_result.unit)} on {formats.day(move.when, self._day)}"
        return self.line(pair.now, what)


def value(one: KeyResultStanding) -> str:
    """Write where a key result stands and where it should."""
    kept = one.key_result
    return formats.value_of_target(one.value, kept.target, kept.unit, kept.kind)


def moved(move: Move, unit: str = "") -> str:
    """Say from where to where a goalpost was moved."""
    if move.column == PACE:
        before, after = (f"“{post}”" if post else "even" for post in move[2:])
        return f"Pace changed from {before} to {after}"
    unit = unit if move.column in (START, TARGET) else ""
    return f"{move.column} changed from {_post(move.before, unit)} to {_post(move.after, unit)}"


def _post(post: Post, unit: str) -> str:
    if isinstance(post, float):
        return formats.quantity(post, unit)
    if isinstance(post, date):
        return formats.full_day(post)
    return "blank"
