"""The craft of OKRs as checks: what a good coach would ask, why, and a weak and a strong example.

Hints are advice and never problems: they change no figure, and nothing has to be done about them.
One subject is raised once: a check is silent where Sheet health names the matter already, or where
another check of the same row (``unless``) says more. Dropped and done rows and cycles that are over
get none. The thresholds are settings: ``key_results_least`` 3, ``key_results_most`` 5,
``objectives_most`` 5 (a team and cycle), ``words_least`` 4, ``words_most`` 18, ``days_most`` 366,
``weight_most`` 0.6, ``safe_confidence`` 0.9, ``safe_by`` 0.5.
"""

from dataclasses import dataclass
from enum import StrEnum

from okr import craft
from okr.craft import Judge
from okr.model import Settings


class About(StrEnum):
    """What a check looks at."""

    OBJECTIVE = "objective"
    KEY_RESULT = "key result"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Check:
    """One question of a coach.

    ``asks`` says what holds where all is well, its thresholds in braces; ``unless`` names checks
    of the same row that say more. ``is_typed``: whether it can be answered
    while somebody types, before there is a row.
    """

    name: str
    about: About
    asks: str
    reason: str
    weak: str
    strong: str
    judge: Judge
    unless: frozenset[str] = frozenset()
    is_typed: bool = False

    def asked(self, settings: Settings) -> str:
        """Say what the check asks for, with the thresholds of a workbook."""
        return self.asks.format(settings=settings)


_O, _KR = About.OBJECTIVE, About.KEY_RESULT

CHECKS: tuple[Check, ...] = (
    Check(
        "words",
        _O,
        "An objective is said in words, not in numbers",
        "People remember a sentence; its numbers belong to the key results, where they can move.",
        "Increase revenue by 20%",
        "Win customers who come back",
        craft.in_words,
        is_typed=True,
    ),
    Check(
        "change",
        _O,
        "An objective says what shall be different, not what shall be made",
        "A thing can be finished on time and change nothing.",
        "Launch the new app",
        "Make the app worth opening each morning",
        craft.a_change,
        is_typed=True,
    ),
    Check(
        "length",
        _O,
        "An objective is long enough to mean something, short enough to be remembered",
        "A catchword means something else to everybody; a paragraph is read once.",
        "Growth",
        "Grow in offices without losing the kitchen",
        craft.in_a_breath,
        frozenset({"change"}),
        is_typed=True,
    ),
    Check(
        "owner",
        _O,
        "An objective has one owner",
        "What belongs to everybody is looked after by nobody.",
        "Owner: Ada & Ben",
        "Owner: Ada",
        craft.one_owner,
    ),
    Check(
        "time",
        _O,
        "An objective ends within {settings.days_most:g} days",
        "What is far off can always wait until next week.",
        "Cycle: 2026 to 2029",
        "Cycle: 2026-Q4, the next step of the way to 2029",
        craft.within_a_year,
    ),
    Check(
        "key results",
        _O,
        "An objective has {settings.key_results_least:g} to {settings.key_results_most:g} "
        "key results",
        "One or two can be reached beside the point; more than five are not kept in mind.",
        "Customers love us: NPS",
        "Customers love us: NPS, second orders, recommendations",
        craft.a_few_key_results,
    ),
    Check(
        "weights",
        _O,
        "No key result decides the score alone",
        "Where one has most of the weight, work on the others does not show.",
        "Weights 8, 1 and 1",
        "Weights 2, 1 and 1",
        craft.fair_weights,
    ),
    Check(
        "more than keeping",
        _O,
        "At least one key result shows a change",
        "To keep things as they are is daily business; an objective is for what shall change.",
        "Keep 99.9% uptime; keep complaints below 10",
        "Keep 99.9% uptime; bring complaints from 10 to 4",
        craft.some_change,
    ),
    Check(
        "stretch",
        _O,
        "Some of it is in doubt in the first half of the cycle",
        "What is as good as reached by half time would have been reached without the objective.",
        "All key results at 95% confidence in week 2",
        "Confidence from 40% to 80%: enough to try, not enough to rest",
        craft.a_stretch,
        frozenset({"more than keeping"}),
    ),
    Check(
        "outcome",
        _KR,
        "A key result counts what changes, not what is done",
        "Work that is done and helps nobody would count as success.",
        "Publish 12 repair guides",
        "Raise repairs that owners finish themselves from 34% to 50%",
        craft.an_outcome,
        is_typed=True,
    ),
    Check(
        "start and target",
        _KR,
        "A key result moves from a start to a target",
        "Only a number on its way shows in time that help is needed.",
        "Improve satisfaction: done or not",
        "Raise satisfaction from 4.1 to 4.6 of 5",
        craft.a_way,
        frozenset({"outcome"}),
        is_typed=True,
    ),
    Check(
        "one number",
        _KR,
        "A key result follows one number",
        "Of two numbers in one row, one is reported and the other forgotten.",
        "Reach 500 users and 20 partners",
        "Reach 500 users",
        craft.one_number,
        is_typed=True,
    ),
    Check(
        "reporter",
        _KR,
        "A key result has one owner, as those beside it have",
        "A number that nobody reports is old within a week.",
        "Owner: (empty)",
        "Owner: Ben",
        craft.its_owner,
    ),
    Check(
        "focus",
        About.TEAM,
        "A team has at most {settings.objectives_most:g} objectives at a time",
        "Whoever has ten priorities has none.",
        "Nine objectives in one quarter",
        "The three that matter most; the others wait as drafts",
        craft.a_few_objectives,
    ),
)
"""All checks, in the order in which a coach would raise them."""
