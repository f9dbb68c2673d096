"""What can be missing between goals: each kind of gap, its mend, and the health in spite of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from okr.supports import Link, TeamLink


class Effort(StrEnum):
    """What it takes to mend a gap, the least first."""

    CELL = "one cell"
    TALK = "a word with another team"
    WORDS = "some writing"
    PLAN = "a change of plan"


@dataclass(frozen=True, slots=True)
class Advice:
    """What all gaps of a kind have in common: the mend, and why it matters."""

    title: str
    effort: Effort
    mend: str
    why: str


class GapKind(StrEnum):
    """What can be missing between goals; in the order of the effort, then of the harm."""

    LOOP = "loop"
    DROPPED = "dropped"
    APART = "apart"
    ORPHAN = "orphan"
    SKIP = "skip"
    SAME_METRIC = "same metric"
    UNSUPPORTED = "unsupported"
    NO_KEY_RESULT = "no key result"
    ONE_KEY_RESULT = "one key result"
    MANY_KEY_RESULTS = "many key results"
    NO_OBJECTIVE = "no objective"
    ONE_PERSON = "one person"


ADVICE: Mapping[GapKind, Advice] = {
    GapKind.LOOP: Advice(
        "Support that leads back to where it came from",
        Effort.CELL,
        "Take one of the objectives out of its Supports cell.",
        "Where each waits for the other, nobody can say what the work is for. "
        "The board does not follow the last link.",
    ),
    GapKind.DROPPED: Advice(
        "Support for what was dropped",
        Effort.CELL,
        "Name in Supports what it serves now, or drop it too.",
        "Work goes on for a goal that the company has given up.",
    ),
    GapKind.APART: Advice(
        "Support into a cycle that shares no day",
        Effort.CELL,
        "Name in Supports an objective of a cycle that overlaps.",
        "What is over, or has not begun, cannot be helped now.",
    ),
    GapKind.ORPHAN: Advice(
        "Objectives that support nothing",
        Effort.CELL,
        "Name in Supports the objective that it serves, or ask whether it is needed.",
        "Nobody above can count on it, and it falls behind unseen.",
    ),
    GapKind.SKIP: Advice(
        "Support that skips a level",
        Effort.TALK,
        "Agree with the team between, and support an objective of theirs.",
        "The team between neither plans for this work nor sees it.",
    ),
    GapKind.SAME_METRIC: Advice(
        "Two key results that claim the same metric",
        Effort.TALK,
        "Agree whose number it is; let the others measure their own part of it.",
        "The same move is counted more than once, and nobody is sure to cause it.",
    ),
    GapKind.UNSUPPORTED: Advice(
        "Key results of the organisation that nobody supports",
        Effort.WORDS,
        "Ask a team for an objective that supports it, or name its ID in one that does.",
        "The company has promised a number that no team works on.",
    ),
    GapKind.NO_KEY_RESULT: Advice(
        "Objectives without a key result",
        Effort.WORDS,
        "Add the key results that show when it is reached, three to five as a rule.",
        "Without a number nobody can say how far it has come; it counts as 0.",
    ),
    GapKind.ONE_KEY_RESULT: Advice(
        "Objectives with a single key result",
        Effort.WORDS,
        "Add a second number, best one that keeps the first honest.",
        "One number is easily reached at the cost of all that it does not measure.",
    ),
    GapKind.MANY_KEY_RESULTS: Advice(
        "Objectives with too many key results",
        Effort.WORDS,
        "Keep those that matter most; drop the others or part the objective.",
        "Who measures everything has chosen nothing.",
    ),
    GapKind.NO_OBJECTIVE: Advice(
        "Teams without an objective in this cycle",
        Effort.PLAN,
        "Set one, or two, with the team.",
        "Nobody can see what the team works for.",
    ),
    GapKind.ONE_PERSON: Advice(
        "Everything rests on one person",
        Effort.PLAN,
        "Give some of the key results other owners.",
        "When that person is away, all of it stops.",
    ),
}
"""The advice for each kind, in the order in which gaps are ranked."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to mend between goals.

    ``keys`` are those of the objectives or key results that it is about, ``cells`` where to mend
    it in the sheet, the most telling first. ``edit`` is the key of the row whose form mends it;
    ``add`` that of the objective that lacks a key result, or ``objective`` for a team that lacks
    one. Both are "" where no form mends it. ``team`` is whose it is.
    """

    kind: GapKind
    what: str
    team: str
    keys: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    edit: str = ""
    add: str = ""

    @property
    def advice(self) -> Advice:
        """The mend, the reason and the effort."""
        return ADVICE[self.kind]


@dataclass(frozen=True, slots=True)
class Held:
    """One part of the health figure: how many of some things hold. ``words`` say which."""

    held: int
    of: int
    words: str


@dataclass(frozen=True, slots=True)
class Debt:
    """All gaps of a board, the least effort first, and how healthy it is in spite of them.

    ``health`` is the share, from 0 to 1, of all that can hold; None where there is nothing.
    """

    gaps: tuple[Gap, ...]
    parts: tuple[Held, ...]
    loops: tuple[tuple[str, ...], ...]
    links: tuple[Link, ...]
    team_links: tuple[TeamLink, ...]
    silos: tuple[str, ...]

    @property
    def health(self) -> float | None:
        """Divide what holds by what there is."""
        whole = sum(one.of for one in self.parts)
        return sum(one.held for one in self.parts) / whole if whole else None

    @property
    def arithmetic(self) -> str:
        """Print the health so that it adds up: ``(19 + 8 + 30 + 11) / (23 + 9 + 32 + 12) = …``."""
        if self.health is None:
            return "there is nothing to hang together yet"
        held = " + ".join(str(one.held) for one in self.parts)
        whole = " + ".join(str(one.of) for one in self.parts)
        sums = sum(one.held for one in self.parts), sum(one.of for one in self.parts)
        quotient = f"{sums[0]} / {sums[1]} = {100 * self.health:.1f}%"
        return quotient if len(self.parts) == 1 else f"({held}) / ({whole}) = {quotient}"

    def keys(self, kind: GapKind) -> tuple[str, ...]:
        """Name what the gaps of a kind are about."""
        return tuple(key for one in self.gaps if one.kind is kind for key in one.keys)
