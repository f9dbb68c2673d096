"""How each check of the craft judges: a sentence of advice, "" where all is well, None for neither.

None means that a check does not apply, that it cannot tell, or that Sheet health names the matter
already: an objective without a key result, a cycle, a key result without a target.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from okr.board import KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.model import Cycle, CycleState, KeyResult, Kind, RollUp, Settings, State, Status
from okr.wording import amounts, count_words, has_two_amounts, task

Verdict = str | None


class Case(NamedTuple):
    """What a check looks at: a row as it stands, or as somebody is just typing it.

    ``siblings`` are the key results of the objective that were not dropped. ``is_reported`` says
    that Sheet health names its Cycle cell. What is being typed has no standing.
    """

    settings: Settings
    title: str
    owner: str = ""
    key_result: KeyResult | None = None
    objective: ObjectiveStanding | None = None
    siblings: tuple[KeyResultStanding, ...] = ()
    team: TeamStanding | None = None
    day: date | None = None
    is_reported: bool = False


Judge = Callable[[Case], Verdict]


# --- the words of an objective --------------------------------------------------------------------


def in_words(case: Case) -> Verdict:
    """Ask that an objective is said in words."""
    found = amounts(case.title)
    if not found:
        return ""
    return (
        f"“{found[0]}” is a number: say in words what shall be different, and let a key result "
        "count it."
    )


def in_a_breath(case: Case) -> Verdict:
    """Ask that an objective is neither a catchword nor a paragraph."""
    words, settings = count_words(case.title), case.settings
    if words is None:
        return None
    if words < settings.words_least:
        said = _count(words, "word")
        verb = "leaves" if words == 1 else "leave"
        return f"{said} {verb} open what shall be different: say it, and for whom."
    if words > settings.words_most:
        return f"{words} words are hard to remember: say it in {settings.words_most:g} or fewer."
    return ""


def a_change(case: Case) -> Verdict:
    """Ask that an objective names what shall be different, and not what shall be made."""
    done = task(case.title)
    return f"“{done}” is something to do: say what shall be different by then." if done else ""


# --- an objective in the sheet --------------------------------------------------------------------


def one_owner(case: Case) -> Verdict:
    """Ask that one person answers for an objective."""
    if not case.owner:
        return "Nobody owns it yet: name the one person who answers for it."
    return _one_name(case.owner)


_PARTED = re.compile(r"[;/+\n]|\s(?:&|and|und|et|y|e)\s|,.*,|@.*,.*@", re.IGNORECASE)
"""What parts the names of several people; one comma may part the names of one (King, Ada)."""


def _one_name(owner: str) -> str:
    if not _PARTED.search(owner):
        return ""
    return f"“{' '.join(owner.split())}” are several: name the one person who answers for it."


def within_a_year(case: Case) -> Verdict:
    """Ask that an objective ends while people still remember why.

    Where others of the workbook have a cycle, to have none is a problem already.
    """
    standing, most = case.objective, case.settings.days_most
    if standing is None or case.is_reported:
        return None
    dues = [one.key_result.due for one in case.siblings]
    cycle = standing.cycle
    if cycle is None:
        is_dated = bool(dues) and all(dues)
        return "" if is_dated else "Nothing says when it ends: name its cycle, such as 2026-Q4."
    days = (cycle.ends - cycle.starts).days + 1
    if days <= most or (dues and all(due and (due - cycle.starts).days < most for due in dues)):
        return ""
    return (
        f"{cycle.name} runs for {days} days: choose a shorter cycle, or give each key result a Due "
        f"within {most:g} days."
    )


def a_few_key_results(case: Case) -> Verdict:
    """Ask for three to five key results; none at all is a problem already, or a draft."""
    number, settings = len(case.siblings), case.settings
    is_rolled_up = (
        case.objective is not None and case.objective.objective.roll_up is RollUp.CHILDREN
    )
    least, most = settings.key_results_least, settings.key_results_most
    if number == 0 or (is_rolled_up and number <= most):
        return None
    if number < least:
        shows = "shows" if number == 1 else "show"
        return (
            f"{_count(number, 'key result')} rarely {shows} all of it: ask what else would be "
            f"different, and aim for {least:g} to {most:g}."
        )
    if number > most:
        return (
            f"{number} key results split the attention: keep the {most:g} that show best "
            "whether it is reached."
        )
    return ""


def fair_weights(case: Case) -> Verdict:
    """Ask that no one of three or more key results decides alone; weights of 0 are a problem."""
    weights = [one.key_result.weight for one in case.siblings if one.key_result.weight > 0]
    if len(weights) < 3:
        return None
    largest = max(weights) / sum(weights)
    if round(largest, 9) <= case.settings.weight_most:
        return ""
    heavy = max(case.siblings, key=lambda one: one.key_result.weight).key_result.title
    return (
        f"“{heavy}” has {_percent(largest)} of the weight, so the others hardly count: even the "
        "weights out, or make it an objective of its own."
    )


def some_change(case: Case) -> Verdict:
    """Ask that at least one key result shows a change, and not only what shall stay."""
    if not case.siblings:
        return None
    if not all(one.key_result.kind.is_keep for one in case.siblings):
        return ""
    return "Its key results only hold what is there: add one that shows what shall change."


def a_stretch(case: Case) -> Verdict:
    """Ask that not everything is as good as reached by the middle of the cycle."""
    standing, day, settings = case.objective, case.day, case.settings
    if standing is None or standing.cycle is None or day is None or not case.siblings:
        return None
    cycle = standing.cycle
    middle = cycle.starts + (cycle.ends - cycle.starts) * min(settings.safe_by, 1.0)
    reached = [one.status is Status.ACHIEVED for one in case.siblings]
    number = _count(len(reached), "key result")
    if all(reached) and (day <= middle or _last_told(case) <= middle):
        return f"All of it ({number}) was reached by {_day(middle)}: aim further next time."
    if day > middle:
        return None
    if not any(reached) and all(one.confidence is None for one in case.siblings):
        return None
    safe = settings.safe_confidence
    sure = [(one.confidence or 0.0) > safe for one in case.siblings]
    if all(map(max, reached, sure)):
        return (
            f"Confidence stands above {_percent(safe)} on all of it ({number}) in the first half: "
            "aim further, so that some of it is in doubt."
        )
    return ""


def _last_told(case: Case) -> date:
    """Give the day of the newest value; without a date, none is early."""
    return max((one.updated_on or date.max for one in case.siblings), default=date.max)


# --- key results ----------------------------------------------------------------------------------


def an_outcome(case: Case) -> Verdict:
    """Ask that a key result counts what a task brings about, and not the task."""
    done = task(case.title)
    if not done:
        return ""
    if case.key_result is not None and case.key_result.unit == "%" and "%" in case.title:
        return None  # a share of what is done may be a promise kept, or a task in percent
    return f"“{done}” is something to do: count what shall be different by it."


def a_way(case: Case) -> Verdict:
    """Ask for a number that moves from a start to a target; no target is a problem already."""
    one = case.key_result
    if one is None or one.undefined:
        return None
    if one.kind is Kind.DONE:
        return (
            "Done or not shows nothing on the way: name a number that moves from a start to a "
            "target."
        )
    if one.kind is Kind.INCREASE and not one.has_start:
        return "Start is empty, so it counts from 0: type where it stood, also where that is 0."
    return ""


def one_number(case: Case) -> Verdict:
    """Ask that a key result measures one thing."""
    if not has_two_amounts(case.title):
        return ""
    return "It names two amounts and can follow only one: make it two key results."


def its_owner(case: Case) -> Verdict:
    """Ask for the owner of a key result where its siblings have theirs, and for one alone."""
    if case.owner:
        return _one_name(case.owner)
    if not any(one.key_result.owner for one in case.siblings):
        return None  # the owner of the objective answers for all of them
    return "Nobody owns it, while others of its objective have owners: name the one who reports it."


# --- teams ----------------------------------------------------------------------------------------


def a_few_objectives(case: Case) -> Verdict:
    """Ask for no more objectives in a cycle than a team can keep in mind."""
    if case.team is None or case.day is None:
        return None
    numbers: dict[str, int] = {}
    for one in case.team.objectives:
        if one.objective.is_counted and not is_over(one.cycle, case.day):
            cycle = one.objective.cycle or ""
            numbers[cycle] = numbers.get(cycle, 0) + 1
    most = case.settings.objectives_most
    over = {cycle: number for cycle, number in numbers.items() if number > most}
    if not over:
        return "" if numbers else None
    cycle, number = max(over.items(), key=lambda item: item[1])
    where = f" in {cycle}" if cycle else ""
    return (
        f"{number} objectives{where} split the attention: keep the {most:g} that matter most, "
        "and make the others drafts for later."
    )


# --- words ----------------------------------------------------------------------------------------


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _day(when: date) -> str:
    return f"{when:%-d %B}"


# --- what is judged at all ------------------------------------------------------------------------


def is_over(cycle: Cycle | None, day: date) -> bool:
    """Tell whether a cycle was closed, or its last day has passed; nothing in it can be mended."""
    return cycle is not None and (cycle.state is CycleState.CLOSED or day > cycle.ends)


def is_in_work(state: State) -> bool:
    """Tell whether there is still something to mend in a row."""
    return state in (State.DRAFT, State.ACTIVE)
