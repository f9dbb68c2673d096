"""The teams of a company, as a tree from the organisation down."""

from collections.abc import Mapping, Sequence

from okr.columns import normalise
from okr.model import Settings, Snapshot, Team


def organisation_of(settings: Settings, teams: Sequence[Team], workbook: str) -> str:
    """Name the organisation: as Settings say, else the team above all others, else the workbook."""
    if settings.organisation:
        same = [t.name for t in teams if normalise(t.name) == normalise(settings.organisation)]
        return same[0] if same else settings.organisation
    tops = [team.name for team in teams if team.parent is None]
    if len(tops) == 1 and len(teams) > 1:
        return tops[0]
    return workbook or "Organisation"


def team_tree(snapshot: Snapshot) -> tuple[Team, ...]:
    """List the organisation and every team below it, each after the team above it.

    Teams that only objectives name stand directly below the organisation; a loop of parents is cut.
    """
    organisation = snapshot.settings.organisation
    teams = {organisation: Team(organisation)} | {team.name: team for team in snapshot.teams}
    for objective in snapshot.objectives:
        if objective.team and objective.team not in teams:
            teams[objective.team] = Team(objective.team, organisation)
    parents = {name: _parent(name, teams, organisation) for name in teams}
    below: dict[str | None, list[str]] = {}
    for name, parent in parents.items():
        below.setdefault(parent, []).append(name)
    ordered: list[Team] = []
    open_ends = [organisation]
    while open_ends:
        name = open_ends.pop()
        team = teams[name]
        ordered.append(Team(name, parents[name], team.lead, team.description))
        open_ends.extend(reversed(below.get(name, [])))
    return tuple(ordered)


def _parent(name: str, teams: Mapping[str, Team], organisation: str) -> str | None:
    """Find the team above one; the organisation where there is none, or where the way up loops."""
    if name == organisation:
        return None
    parent = teams[name].parent
    if parent is None or parent not in teams:
        return organisation
    seen = {name}
    above: str | None = parent
    while above is not None and above != organisation:
        if above in seen or above not in teams:
            return organisation
        seen.add(above)
        above = teams[above].parent
    return parent
