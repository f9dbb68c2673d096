"""Problems that show only when the rows of several tabs are put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from okr.figures import window_of
from okr.model import CheckIn, Cycle, KeyResult, Objective, Problem, RollUp, Settings, State
from okr.registers import Found, Listed
from okr.scales import UNITS, mixed_scales, slips
from okr.serials import last_second
from okr.tables import Table


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a workbook says, as far as its parts can contradict each other."""

    objectives: Listed[Objective]
    key_results: Listed[KeyResult]
    children: Mapping[str, Sequence[str]]
    cycles: Sequence[Cycle]
    settings: Settings


def report_rows(whole: Whole) -> None:
    """Report objectives without parts, weights that sum to 0, and a Due outside the cycle."""
    below = _below(whole.key_results)
    periods = {cycle.name: cycle for cycle in whole.cycles}
    for found in whole.objectives.found:
        own = below.get(found.entity.key, [])
        _report_empty(found, own, whole.children.get(found.entity.key, ()))
        _report_weightless(own, "this objective's key results")
        cycle = periods.get(found.entity.cycle or "")
        if cycle is not None:
            for one in own:
                _report_due(one, cycle)
                _report_pace(one, cycle)
    for team, theirs in _by_team(whole.objectives).items():
        _report_weightless(theirs, f"the objectives of {team}")


def _below(key_results: Listed[KeyResult]) -> dict[str, list[Found[KeyResult]]]:
    below: dict[str, list[Found[KeyResult]]] = {}
    for one in key_results.found:
        if one.entity.objective is not None:
            below.setdefault(one.entity.objective, []).append(one)
    return below


def _by_team(objectives: Listed[Objective]) -> dict[str, list[Found[Objective]]]:
    """Group the objectives that count together: those of one team in one cycle."""
    groups: dict[tuple[str, str], list[Found[Objective]]] = {}
    for one in objectives.found:
        if one.entity.is_counted and one.entity.cycle is not None:
            groups.setdefault((one.entity.team, one.entity.cycle), []).append(one)
    return {f"{team} in {cycle}": group for (team, cycle), group in groups.items()}


def _report_empty(
    found: Found[Objective], own: Sequence[Found[KeyResult]], children: Sequence[str]
) -> None:
    """Report an objective that nothing is rolled up into."""
    if not found.entity.is_counted:
        return
    if found.entity.roll_up is RollUp.CHILDREN and not children:
        found.row.warn(
            "Roll-up",
            "The score comes from the objectives that support this one, and none does.",
            "Name this objective in the Supports cell of another, or choose key results.",
        )
    elif found.entity.roll_up is RollUp.KEY_RESULTS and not own:
        found.row.warn(
            "Objective",
            "The objective has no key result, so it counts as 0.",
            "Add a row to Key results that names it, or set its State to draft.",
        )


def _report_weightless(
    rows: Sequence[Found[KeyResult]] | Sequence[Found[Objective]], whose: str
) -> None:
    weightless = None
    for one in rows:
        if not _is_able(one.entity):
            continue
        if one.entity.weight:
            return
        weightless = weightless or one
    if weightless is not None:
        weightless.row.warn(
            "Weight",
            f"The weights of {whose} sum to 0, so they weigh the same.",
            "Give at least one of them a weight above 0.",
        )


def _is_able(entity: KeyResult | Objective) -> bool:
    """Tell whether a row would count if it had a weight."""
    if isinstance(entity, Objective):
        return entity.is_counted
    return not entity.undefined and entity.state is not State.DROPPED


def _report_due(found: Found[KeyResult], cycle: Cycle) -> None:
    """Report a Due that lies outside the cycle; on or before its start, the cycle's end is used."""
    due = found.entity.due
    if due is None or cycle.starts < due <= cycle.ends:
        return
    if due <= cycle.starts:
        found.row.error(
            "Due",
            f"Due {due.isoformat()} is not after the start of {cycle.name} on "
            f"{cycle.starts.isoformat()}; the end of the cycle is used.",
            "Type a day within the cycle, or empty the cell.",
        )
    else:
        found.row.warn(
            "Due",
            f"Due {due.isoformat()} lies after the end of {cycle.name} on "
            f"{cycle.ends.isoformat()}.",
            "Type a day within the cycle, or move the objective to a longer one.",
        )


def _report_pace(found: Found[KeyResult], cycle: Cycle) -> None:
    """Report checkpoints outside of the window, and one that asks for less on its last day."""
    one = found.entity
    window = window_of(cycle, one.due) if one.pace else None
    if window is None:
        return
    for checkpoint in one.pace:
        if window.start < checkpoint.day < window.end:
            continue
        if checkpoint == (window.end, one.target):
            continue
        found.row.error(
            "Pace",
            f"The checkpoint of {checkpoint.day.isoformat()} is not between "
            f"{window.start.isoformat()} and {window.end.isoformat()}, so it does not count.",
            "Give it a day between the two, or take it out: the start and the target are there.",
        )
        return


# --- check-ins against what they are about --------------------------------------------------------


def report_check_ins(
    whole: Whole,
    table: Table | None,
    check_ins: Mapping[str, Sequence[CheckIn]],
    problems: list[Problem],
) -> None:
    """Report check-ins far outside the cycle of their key result, and those on another scale."""
    if table is None:
        return
    periods = {cycle.name: cycle for cycle in whole.cycles}
    cycles = {one.entity.key: one.entity.cycle for one in whole.objectives.found}
    spans: dict[tuple[str, date | None], tuple[int, int]] = {}
    for found in whole.key_results.found:
        entries = check_ins.get(found.entity.key)
        if not entries:
            continue
        cycle = periods.get(cycles.get(found.entity.objective or "") or "")
        if cycle is not None:
            due = found.entity.due
            if (cycle.name, due) not in spans:
                spans[cycle.name, due] = _span(cycle, due, whole.settings)
            astray = _outside(entries, *spans[cycle.name, due])
            _report_astray(astray, cycle, table, problems)
        _report_scales(found.entity, entries, table, problems)


def _span(cycle: Cycle, due: date | None, settings: Settings) -> tuple[int, int]:
    """Give the first and last second at which check-ins are to be expected.

    The one that opens a cycle and the one that closes it often lie just outside; they are as much
    as a late check-in off.
    """
    leeway = timedelta(days=min(settings.check_in_every + settings.grace, 366))
    last = cycle.ends if due is None else max(due, cycle.ends)
    first = cycle.starts - min(leeway, cycle.starts - date.min)
    last += min(leeway, date.max - last)
    return last_second(first) - 86399, last_second(last)


def _outside(entries: Sequence[CheckIn], first: int, last: int) -> Sequence[CheckIn]:
    """Give the check-ins before one second or after another; they are ordered by When."""
    if first <= entries[0].second and entries[-1].second <= last:
        return ()
    return [entry for entry in entries if not first <= entry.second <= last]


def _report_astray(
    astray: Sequence[CheckIn], cycle: Cycle, table: Table, problems: list[Problem]
) -> None:
    """Report check-ins outside the cycle, once for a key result: it may have moved as a whole."""
    if not astray:
        return
    first = min(astray, key=_place)
    others = "" if len(astray) == 1 else f" So are {len(astray) - 1} more of its key result."
    table.row(first.row - 1, problems).warn(
        "When",
        f"The check-in is dated {first.when.date().isoformat()}, outside of {cycle.name}, which "
        f"runs from {cycle.starts.isoformat()} to {cycle.ends.isoformat()}.{others}",
        "Correct the date if it is a slip, or the cycle of its objective.",
    )


def _place(entry: CheckIn) -> int:
    return entry.row


def _report_scales(
    key_result: KeyResult, entries: Sequence[CheckIn], table: Table, problems: list[Problem]
) -> None:
    """Report checked-in values that are a fraction beside a percent, or the other way round."""
    if key_result.unit not in UNITS:
        return
    bounds, values = (key_result.start, key_result.target), (entry.value for entry in entries)
    for place, meant in slips(bounds, values, key_result.unit):
        row = table.row(entries[place].row - 1, problems)
        row.warn("Value", *mixed_scales("Value", entries[place].value or 0.0, meant))
