"""The objectives of a workbook: every row with a title, its references followed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from okr import columns
from okr.cells import read_id, read_text
from okr.columns import normalise
from okr.cycles import find_cycle, needs_dates, parse_cycle
from okr.making import maker
from okr.model import Cycle, Objective, Problem, Settings, Team
from okr.parsing import parse_objective, report_nameless
from okr.registers import Found, Listed, Register
from okr.tables import Row, Table

_found = maker(Found)


def list_objectives(
    tables: Mapping[str, Table],
    settings: Settings,
    teams: Sequence[Team],
    cycles: list[Cycle],
    problems: list[Problem],
) -> Listed[Objective]:
    """Read the objectives; cycles that only they name are added to the cycles."""
    spellings = {normalise(team.name): team.name for team in teams}
    spellings.setdefault(normalise(settings.organisation), settings.organisation)
    table = tables.get(columns.OBJECTIVES)
    if table is None:
        return Listed([], Register())
    register, found = Register(), []
    row_at = partial(table.row, problems=problems)
    names: dict[str, str | None] = {}
    for row in table.rows(problems):
        title = row.text("Objective")
        if not title:
            report_nameless(row, "Objective", ("ID", "Owner", "Team", "Supports"))
            continue
        key, own = register.identify(
            row, title, read_text(row.cell("Team")), read_id(row.cell("Cycle"))
        )
        one = parse_objective(row, key, own, settings.organisation, settings.locale)
        team = spellings.get(normalise(one.team))
        if team is None:
            team = spellings[normalise(one.team)] = one.team
            if teams:
                row.warn(
                    "Team",
                    f"The team “{one.team}” is not in the Teams tab; it is shown directly below "
                    f"{settings.organisation}.",
                    "Add it to the Teams tab, or correct its name here.",
                )
        cycle = _cycle_of(row, one.cycle, cycles, names)
        if (team, cycle) != (one.team, one.cycle):
            one = replace(one, team=team, cycle=cycle)
        found.append(_found(one, row.number, row_at))
    if cycles:
        _report_without_cycle(found)
    register.enter(found)
    return Listed(found, register)


def _cycle_of(
    row: Row, name: str | None, cycles: list[Cycle], names: dict[str, str | None]
) -> str | None:
    """Find the cycle that a row names, or read it from its name."""
    if name is None:
        return None
    if name not in names:
        cycle = find_cycle(cycles, name) or parse_cycle(name)
        if cycle is not None and all(cycle.name != known.name for known in cycles):
            cycles.append(cycle)
        names[name] = cycle.name if cycle else None
    if names[name] is None:
        finding = needs_dates(name)
        row.error("Cycle", finding.message, finding.remedy)
    return names[name]


def _report_without_cycle(found: Sequence[Found[Objective]]) -> None:
    for one in found:
        if one.entity.cycle is None and one.row.is_missing("Cycle"):
            one.row.warn(
                "Cycle",
                "The objective has no cycle, so nothing is expected of it and it counts in none.",
                "Type the name of its cycle.",
            )
