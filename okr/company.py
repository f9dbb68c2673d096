"""The company around its OKRs: the cycles, teams and people that have tabs of their own."""

from collections.abc import Mapping
from dataclasses import replace

from okr import columns
from okr.columns import normalise
from okr.model import Cycle, Person, Problem, Team
from okr.parsing import parse_cycle_row, parse_person, parse_team
from okr.registers import rows_of
from okr.tables import Row, Table


def read_cycles(tables: Mapping[str, Table], locale: str, problems: list[Problem]) -> list[Cycle]:
    """Read the Cycles tab; of two cycles of one name the first counts."""
    cycles: list[Cycle] = []
    for row in rows_of(tables, columns.CYCLES, problems):
        cycle = parse_cycle_row(row, locale)
        if cycle is None:
            continue
        if any(normalise(cycle.name) == normalise(other.name) for other in cycles):
            row.warn("Cycle", f"The cycle {cycle.name} is listed twice.", "Remove one of the rows.")
        else:
            cycles.append(cycle)
    return cycles


def read_teams(tables: Mapping[str, Table], problems: list[Problem]) -> tuple[Team, ...]:
    """Read the Teams tab, its parents spelled as the teams themselves are."""
    found: dict[str, tuple[Team, Row]] = {}
    for row in rows_of(tables, columns.TEAMS, problems):
        team = parse_team(row)
        if team is None:
            continue
        if normalise(team.name) in found:
            row.warn("Team", f"The team {team.name} is listed twice.", "Remove one of the rows.")
        else:
            found[normalise(team.name)] = (team, row)
    return tuple(_with_parent(team, row, found) for team, row in found.values())


def _with_parent(team: Team, row: Row, found: dict[str, tuple[Team, Row]]) -> Team:
    """Follow the Parent of a team; report one that is unknown, or that leads back to the team."""
    if team.parent is None:
        return team
    if normalise(team.parent) not in found:
        row.warn(
            "Parent",
            f"There is no team “{team.parent}”; {team.name} is shown directly below the "
            "organisation.",
            "Add that team, or name another as the parent.",
        )
        return replace(team, parent=None)
    above, seen = normalise(team.parent), set[str]()
    while above in found and above not in seen:
        seen.add(above)
        above = normalise(found[above][0].parent or "")
    if normalise(team.name) in seen:
        row.warn(
            "Parent",
            f"The parents of {team.name} lead back to it; it is shown directly below the "
            "organisation.",
            "Give one of the teams in this loop another parent.",
        )
        return replace(team, parent=None)
    return replace(team, parent=found[normalise(team.parent)][0].name)


def read_people(tables: Mapping[str, Table], problems: list[Problem]) -> tuple[Person, ...]:
    """Read the People tab."""
    rows = rows_of(tables, columns.PEOPLE, problems)
    return tuple(person for person in map(parse_person, rows) if person is not None)
