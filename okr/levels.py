"""The levels of a company: who stands above whom, from the organisation down to a person."""

from collections.abc import Mapping
from enum import StrEnum

from okr.columns import normalise
from okr.model import Snapshot
from okr.teams import team_tree


class Level(StrEnum):
    """What an objective is one of, by whose it is."""

    ORGANISATION = "organisation"
    DEPARTMENT = "department"
    TEAM = "team"
    PERSON = "person"


class Levels:
    """Knows the teams of a workbook as lines from the organisation down.

    A department is a team with teams below it. Where the Team of an objective is somebody of the
    People tab and no team, it is that person's, one step below the team of the person.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.organisation = snapshot.settings.organisation
        tree = team_tree(snapshot)
        self._persons = _persons(snapshot)
        above = {one.name: one.parent for one in tree}
        homes = {
            name: home for name, home in self._persons.items() if name in above and home in above
        }
        self._above: Mapping[str, str | None] = above | homes
        self._is_above = {parent for parent in above.values() if parent is not None}
        self._ranks = {one.name: rank for rank, one in enumerate(tree)}
        self._lines: dict[str, tuple[str, ...]] = {}

    def team_of(self, name: str) -> str:
        """Name the team that a Team cell means; a blank one means the organisation."""
        return name or self.organisation

    def above(self, team: str) -> str | None:
        """Name the team directly above one; None above the organisation."""
        return self._above.get(self.team_of(team))

    def line(self, team: str) -> tuple[str, ...]:
        """Name a team and all teams above it, up to the organisation."""
        name = self.team_of(team)
        if name not in self._lines:
            found = [name]
            while (parent := self._above.get(found[-1])) is not None and parent not in found:
                found.append(parent)
            self._lines[name] = tuple(found)
        return self._lines[name]

    def steps_up(self, team: str, other: str) -> int | None:
        """Count the steps from a team up to another: 0 to itself, None where it is not above."""
        line, goal = self.line(team), self.team_of(other)
        return line.index(goal) if goal in line else None

    def level(self, team: str) -> Level:
        """Tell on which level a team stands."""
        name = self.team_of(team)
        if name == self.organisation:
            return Level.ORGANISATION
        if name in self._persons:
            return Level.PERSON
        return Level.DEPARTMENT if name in self._is_above else Level.TEAM

    def rank(self, team: str) -> int:
        """Give the place of a team in the order of the tree, each after the team above it."""
        return self._ranks.get(self.team_of(team), len(self._ranks))


def _persons(snapshot: Snapshot) -> dict[str, str]:
    """Name the people whose name or address stands in a Team cell, each with the team above."""
    teams = {normalise(team.name) for team in snapshot.teams}
    known = {
        normalise(text): person.team
        for person in snapshot.people
        for text in (person.name, person.email)
        if text.strip()
    }
    asked = {one.team for one in snapshot.objectives if one.team}
    return {
        name: known[normalise(name)]
        for name in asked
        if normalise(name) not in teams and normalise(name) in known
    }
