"""The objectives and key results of a workbook: every row with a title, its references followed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from okr import columns
from okr.cells import read_id, read_text
from okr.columns import normalise
from okr.cycles import find_cycle, needs_dates, parse_cycle
from okr.making import maker
from okr.model import Cycle, KeyResult, Objective, Problem, Settings, Team
from okr.parsing import parse_key_result, parse_objective, report_nameless
from okr.registers import Found, Listed, Register, rows_of, warn_of_namesakes
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
    register, found = Register(), []
    names: dict[str, str | None] = {}
    for row in rows_of(tables, columns.OBJECTIVES, problems):
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
        found.append(_found(one, row))
    if cycles:
        _report_without_cycle(found)
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
        if one.row.is_missing("Cycle"):
            one.row.warn(
                "Cycle",
                "The objective has no cycle, so nothing is expected of it and it counts in none.",
                "Type the name of its cycle.",
            )


def list_key_results(
    tables: Mapping[str, Table], objectives: Listed[Objective], locale: str, problems: list[Problem]
) -> Listed[KeyResult]:
    """Read the key results and follow their Objective cells."""
    register, found = Register(), []
    by_row = {one.row.number: one.entity.key for one in objectives.found}
    for row in rows_of(tables, columns.KEY_RESULTS, problems):
        title = row.text("Key result")
        if not title:
            report_nameless(row, "Key result", ("ID", "Start", "Target", "Current", "Owner"))
            continue
        reference = row.id("Objective")
        key, own = register.identify(row, title, reference)
        objective = objectives.register.find(reference) if reference else None
        if row.parent in by_row:
            objective = by_row[row.parent]
        elif objective is None:
            _report_homeless(row, reference)
        elif objectives.register.is_shared(reference):
            warn_of_namesakes(row, "Objective", reference)
        found.append(_found(parse_key_result(row, key, own, objective, locale), row))
    return Listed(found, register)


def _report_homeless(row: Row, reference: str) -> None:
    """Report a key result that counts nowhere; a missing column has been reported for all."""
    if row.is_unreadable("Objective") or "Objective" not in row.table.columns:
        return
    what = f"There is no objective “{reference}”" if reference else "It names no objective"
    row.error(
        "Objective",
        f"{what}, so the key result counts nowhere.",
        "Type the ID of its objective, or the objective's exact title.",
    )
