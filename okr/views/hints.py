"""Hints on the craft of OKRs: quiet lines under an objective, and how a team keeps to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from okr.board import ObjectiveStanding
from okr.coaching import Hint, Quality, hints_of_key_result, hints_of_objective
from okr.columns import OBJECTIVES
from okr.craft import is_over
from okr.model import KeyResult, Kind, Place, Snapshot, State
from okr.views import formats


@dataclass(frozen=True, slots=True)
class HintLine:
    """A hint, the titles of the key results that it is about (none: the objective), and why."""

    text: str
    about: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of a team: how often it holds, and where it does not, a weak and a strong example.

    ``weak`` is "" where nothing is to be mended.
    """

    asks: str
    held: str
    reason: str
    weak: str
    strong: str


@dataclass(frozen=True, slots=True)
class Craft:
    """How well the OKRs of a team are written, with the arithmetic, check by check."""

    share: str
    sentence: str
    hints: tuple[HintLine, ...]
    checks: tuple[CheckLine, ...]


def lines_of(standing: ObjectiveStanding, quality: Quality) -> tuple[HintLine, ...]:
    """List the hints of an objective, then those of its key results, the same advice once."""
    own = quality.objectives.get(standing.objective.key, ())
    theirs = (
        hint
        for one in standing.key_results
        for hint in quality.key_results.get(one.key_result.key, ())
    )
    return (*_lines(own, is_own=True), *_lines(theirs))


def _lines(hints: Iterable[Hint], *, is_own: bool = False) -> Iterable[HintLine]:
    """Put hints that say the same into one line."""
    grouped: dict[str, list[Hint]] = {}
    for hint in hints:
        grouped.setdefault(hint.text, []).append(hint)
    for text, same in grouped.items():
        about = () if is_own else tuple(hint.about for hint in same)
        yield HintLine(text, about, same[0].check.reason)


def craft_of(team: str, quality: Quality) -> Craft | None:
    """Sum up how well the OKRs of a team are written; None where none is in work."""
    strength = quality.strengths.get(team)
    if strength is None or strength.share is None:
        return None
    checks = tuple(
        CheckLine(
            asks=check.asked(quality.settings),
            held=f"{held} of {asked}",
            reason=check.reason,
            weak=check.weak if held < asked else "",
            strong=check.strong,
        )
        for check, held, asked in sorted(strength.parts, key=_is_held)
    )
    rows = formats.count(strength.rows, "objective or key result", "objectives and key results")
    return Craft(
        share=formats.share(strength.share),
        sentence=f"{strength.sound} of {rows} {'gives' if strength.sound == 1 else 'give'} no hint",
        hints=tuple(_lines(quality.teams.get(team, ()), is_own=True)),
        checks=checks,
    )


def _is_held(part: tuple[object, int, int]) -> bool:
    """Sort what is to be mended first."""
    return part[1] == part[2]


@dataclass(frozen=True, slots=True)
class TypedHint:
    """A hint on what is being typed, with a weak and a strong example."""

    text: str
    weak: str
    strong: str


def hints_on_typed(
    snapshot: Snapshot, day: date, tab: str, typed: Mapping[str, str]
) -> tuple[TypedHint, ...]:
    """Give the hints on a form as it is filled; an empty title and what is over get none.

    Args:
        snapshot: Knows the thresholds, and the cycles that are over.
        day: The day that is shown.
        tab: Where the row belongs, Objectives or Key results.
        typed: What stands in each field; a column that the sheet does not have is not among them.
    """
    if typed.get("State") in (State.DONE, State.DROPPED) or _is_over(snapshot, day, typed):
        return ()
    if tab == OBJECTIVES:
        found = hints_of_objective(typed.get("Objective", ""), snapshot.settings)
    else:
        measure = _measure_typed(typed)
        found = hints_of_key_result(typed.get("Key result", ""), measure, snapshot.settings)
    return tuple(TypedHint(one.text, one.check.weak, one.check.strong) for one in found)


def _is_over(snapshot: Snapshot, day: date, typed: Mapping[str, str]) -> bool:
    """Tell whether the cycle of what is typed is over; a key result has that of its objective."""
    named = typed.get("Cycle")
    if "Key result" in typed:
        above = typed.get("Objective", "")
        named = next((one.cycle for one in snapshot.objectives if above in (one.id, one.title)), "")
    return any(one.name == named and is_over(one, day) for one in snapshot.cycles)


def _measure_typed(typed: Mapping[str, str]) -> KeyResult | None:
    """Say how a key result will be measured; None where too little was typed to tell."""
    kind = next((one for one in Kind if one.value == typed.get("Kind")), None)
    if kind is not Kind.DONE and not typed.get("Target", "").strip():
        return None
    return KeyResult(
        key="",
        id=None,
        title=typed.get("Key result", ""),
        place=Place("", 0, ""),
        kind=kind or Kind.INCREASE,
        unit=typed.get("Unit", ""),
        has_start=bool(typed.get("Start", "0").strip()),
    )
