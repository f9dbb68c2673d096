"""The cascade as a forest: each objective once, below what it supports first."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from okr.board import Board, ObjectiveStanding
from okr.levels import Level, Levels
from okr.model import Objective
from okr.supports import Tie


@dataclass(frozen=True, slots=True)
class Node:
    """One place in the forest: an objective, or a team under which unlinked objectives stand.

    ``standing`` is None for a team. ``above`` is the key of the node above, None for a root;
    ``tie`` says how it hangs there. ``also`` are the keys of further objectives that it supports,
    shown or not, each with the way it does.
    """

    key: str
    team: str
    standing: ObjectiveStanding | None
    above: str | None
    below: tuple[str, ...]
    depth: int
    tie: Tie
    also: tuple[tuple[str, Tie], ...] = ()


@dataclass(frozen=True, slots=True)
class Cascade:
    """The nodes by key, each after the one above it and before its next sibling."""

    nodes: Mapping[str, Node]
    roots: tuple[str, ...]

    def within(self, key: str) -> Iterator[Node]:
        """List a node and all below it, in order."""
        open_ends = [key]
        while open_ends:
            node = self.nodes[open_ends.pop()]
            yield node
            open_ends.extend(reversed(node.below))

    def beneath(self, key: str) -> int:
        """Count the objectives below a node."""
        return sum(one.standing is not None and one.key != key for one in self.within(key))


def build_cascade(
    board: Board, keys: Collection[str] | None = None, *, has_teams: bool = True
) -> Cascade:
    """Hang every objective of a board, or those of some keys, below what it supports.

    Of several that it supports, it hangs below the nearest one on its own line of teams, else
    below the first that is named; the others are kept in ``also``, as is what a team supports
    below itself. An objective that supports
    nothing stands under the team above its own where ``has_teams``, and on its own otherwise.
    """
    return _Forest(board, keys, has_teams).grown()


def keys_around(board: Board, keys: Iterable[str]) -> frozenset[str]:
    """Add to some objectives all that they support and all that supports them, however far."""
    shown = {one.objective.key: one for one in (*board.objectives, *board.enclosing)}
    start = [key for key in keys if key in shown]
    up = _closure(start, {key: one.parents for key, one in shown.items()})
    down = _closure(start, {key: one.children for key, one in shown.items()})
    return frozenset((up | down) & shown.keys())


def keys_of_team(board: Board, team: str) -> tuple[str, ...]:
    """Name the objectives of a team and of all teams below it."""
    levels = Levels(board.snapshot)
    shown = (*board.objectives, *board.enclosing)
    return tuple(
        one.objective.key for one in shown if levels.steps_up(one.objective.team, team) is not None
    )


def _closure(start: Iterable[str], links: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    open_ends = list(start)
    while open_ends:
        key = open_ends.pop()
        if key not in found:
            found.add(key)
            open_ends.extend(links.get(key, ()))
    return found


class _Forest:
    """Grows the forest of a board."""

    def __init__(self, board: Board, keys: Collection[str] | None, has_teams: bool) -> None:
        self._levels = Levels(board.snapshot)
        self._known: Mapping[str, Objective] = {one.key: one for one in board.snapshot.objectives}
        shown = [
            one
            for one in (*board.enclosing, *board.objectives)
            if keys is None or one.objective.key in keys
        ]
        shown.sort(key=lambda one: self._levels.rank(one.objective.team))
        self._shown = {one.objective.key: one for one in shown}
        self._above: dict[str, str | None] = {}
        self._ties: dict[str, Tie] = {}
        for one in shown:
            self._hang(one)
        self._teams = self._hang_under_teams() if has_teams else {}

    def _hang(self, standing: ObjectiveStanding) -> None:
        """Choose what an objective stands below; never something of a team below its own."""
        own = standing.objective
        above = [
            key for key in standing.parents if key in self._shown and not self._is_down(own, key)
        ]
        first = min(above, key=lambda key: self._distance(own, key), default=None)
        self._above[own.key] = first
        self._ties[own.key] = self._tie(own, first) if first else Tie.TOP

    def _is_down(self, own: Objective, key: str) -> bool:
        """Tell whether another objective is of a team below one's own."""
        return bool(self._levels.steps_up(self._known[key].team, own.team))

    def _distance(self, own: Objective, key: str) -> int:
        """Count the steps up to another objective; across the line is farther than along it."""
        steps = self._levels.steps_up(own.team, self._known[key].team)
        return len(self._known) if steps is None else steps

    def _tie(self, own: Objective, key: str) -> Tie:
        is_across = self._levels.steps_up(own.team, self._known[key].team) is None
        return Tie.ACROSS if is_across else Tie.CONTRIBUTES

    def _hang_under_teams(self) -> dict[str, str]:
        """Put what supports nothing under the team above its own; name each such team by key."""
        unlinked = [
            one.objective
            for one in self._shown.values()
            if not one.parents and self._levels.level(one.objective.team) is not Level.ORGANISATION
        ]
        names = dict.fromkeys(self._team_above(one) for one in unlinked)
        keys = {name: self._free_key(name) for name in names}
        for one in unlinked:
            self._above[one.key] = keys[self._team_above(one)]
            self._ties[one.key] = Tie.UNLINKED
        for name, key in keys.items():
            higher = [keys[one] for one in self._levels.line(name)[1:] if one in keys]
            self._above[key] = higher[0] if higher else None
            self._ties[key] = Tie.CONTRIBUTES if higher else Tie.TOP
        return {key: name for name, key in keys.items()}

    def _team_above(self, objective: Objective) -> str:
        return self._levels.above(objective.team) or self._levels.organisation

    def _free_key(self, name: str) -> str:
        """Give a team a key that no objective has."""
        key = f"@{name}"
        while key in self._shown:
            key = f"@{key}"
        return key

    def grown(self) -> Cascade:
        """Put the nodes in order, each after the one above it."""
        below: dict[str | None, list[str]] = {}
        for key, above in self._above.items():
            below.setdefault(above, []).append(key)
        nodes: dict[str, Node] = {}
        open_ends = [*reversed(below.get(None, ()))]
        while open_ends:
            key = open_ends.pop()
            nodes[key] = self._node(key, tuple(below.get(key, ())), nodes)
            open_ends.extend(reversed(nodes[key].below))
        return Cascade(nodes, tuple(below.get(None, ())))

    def _node(self, key: str, below: tuple[str, ...], nodes: Mapping[str, Node]) -> Node:
        above, standing = self._above[key], self._shown.get(key)
        team = standing.objective.team if standing else self._teams[key]
        return Node(
            key=key,
            team=self._levels.team_of(team),
            standing=standing,
            above=above,
            below=below,
            depth=nodes[above].depth + 1 if above else 0,
            tie=self._ties[key],
            also=self._also(standing, above) if standing else (),
        )

    def _also(self, standing: ObjectiveStanding, above: str | None) -> tuple[tuple[str, Tie], ...]:
        """Name what else an objective supports, beside what it stands below."""
        own = standing.objective
        others = (key for key in standing.parents if key != above and key in self._known)
        return tuple((key, self._tie(own, key)) for key in others)
