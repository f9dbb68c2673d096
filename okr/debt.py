"""Alignment debt: where the goals of a cycle do not hang together, ranked by the effort to mend."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from okr.board import Board, KeyResultStanding, ObjectiveStanding
from okr.columns import OBJECTIVES
from okr.gaps import Debt, Gap, GapKind, Held
from okr.levels import Level, Levels
from okr.metrics import metric_of
from okr.model import Cycle, KeyResult, Objective, RollUp, State
from okr.supports import Link, counted_of, links_of, silos, team_links

FEWEST_KEY_RESULTS = 2

SHARED_LOAD = 4
"""From so many key results on, a team is asked to share them out among its people."""

MOST_NAMES = 3
"""A sentence names no more teams than that."""

_IN_SUPPORTS = (GapKind.LOOP, GapKind.DROPPED, GapKind.APART, GapKind.ORPHAN, GapKind.SKIP)
"""These are mended in a Supports cell."""


def find_debt(board: Board) -> Debt:
    """Find what does not hang together on a board."""
    return _Search(board).debt()


class _Search:
    """Looks a board through, kind by kind; what several kinds need is worked out once."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._levels = Levels(board.snapshot)
        self._links = links_of(board, self._levels)
        self._counted = counted_of(board)
        self._known = {one.key: one for one in board.snapshot.objectives}
        self._cycles = {one.name: one for one in board.snapshot.cycles}
        self._people = {
            person.email.strip().casefold(): person.name.strip()
            for person in board.snapshot.people
            if person.email.strip() and person.name.strip()
        }

    def debt(self) -> Debt:
        """Gather the gaps, the parts of the health that there are, and the links of teams."""
        between = team_links(self._links, self._levels)
        gaps = [gap for search in self._searches() for gap in search]
        return Debt(
            gaps=tuple(sorted(gaps, key=lambda gap: _RANKS[gap.kind])),
            parts=tuple(one for one in self._parts(gaps) if one.of),
            loops=self._loops,
            links=self._links,
            team_links=between,
            silos=silos(self._board, between, self._levels),
        )

    def _searches(self) -> Iterable[Iterator[Gap]]:
        return (
            self._find_loops(),
            self._find_dead_ends(),
            self._find_orphans(),
            self._find_skips(),
            self._find_shared_metrics(),
            self._find_unsupported(),
            self._find_counts(),
            self._find_idle_teams(),
            self._find_overloads(),
        )

    # --- links ------------------------------------------------------------------------------------

    @cached_property
    def _loops(self) -> tuple[tuple[str, ...], ...]:
        """The loops in which an objective of this board takes part."""
        shown = {one.objective.key for one in self._counted}
        return tuple(one for one in self._board.alignment.loops if shown.intersection(one))

    def _find_loops(self) -> Iterator[Gap]:
        for loop in self._loops:
            rows = [self._known[key] for key in loop]
            trail = " → ".join(_name(one) for one in (*rows, rows[0]))
            what = (
                f"“{rows[0].title}” supports itself" if len(rows) == 1 else f"In a circle: {trail}"
            )
            yield self._gap(GapKind.LOOP, f"{what}.", *reversed(rows))

    def _find_dead_ends(self) -> Iterator[Gap]:
        """Find support for what was dropped, or is of another time."""
        for link in self._links:
            child, parent = link.child.objective, link.parent
            if parent.state is State.DROPPED:
                what = f"{_said(child)} supports {_said(parent)}, which was dropped."
                yield self._gap(GapKind.DROPPED, what, child)
            elif self._is_apart(child, parent):
                what = (
                    f"{_said(child)} of {child.cycle} supports {_said(parent)} of {parent.cycle}."
                )
                yield self._gap(GapKind.APART, what, child)

    def _is_dead_end(self, link: Link) -> bool:
        return link.parent.state is State.DROPPED or self._is_apart(
            link.child.objective, link.parent
        )

    def _is_apart(self, child: Objective, parent: Objective) -> bool:
        own, other = self._cycles.get(child.cycle or ""), self._cycles.get(parent.cycle or "")
        return own is not None and other is not None and not _overlap(own, other)

    def _find_orphans(self) -> Iterator[Gap]:
        """Find what supports nothing; whoever is part of a loop has named something."""
        looped = {key for loop in self._loops for key in loop}
        for one in self._below_top:
            if not one.parents and one.objective.key not in looped:
                what = f"{_said(one.objective)} of {one.objective.team} supports nothing."
                yield self._gap(GapKind.ORPHAN, what, one.objective)

    @cached_property
    def _below_top(self) -> tuple[ObjectiveStanding, ...]:
        return tuple(
            one
            for one in self._counted
            if self._levels.level(one.objective.team) is not Level.ORGANISATION
        )

    def _find_skips(self) -> Iterator[Gap]:
        """Find objectives whose every link up the own line leads past the team above."""
        for child, links in self._upward.items():
            steps = [one.steps for one in links if one.steps is not None]
            if steps and min(steps) > 1:
                between = self._levels.above(links[0].child.objective.team)
                parent = min(links, key=lambda one: one.steps or 0).parent
                what = (
                    f"{_said(links[0].child.objective)} of {links[0].child.objective.team} supports"
                    f" {_said(parent)} of {self._levels.team_of(parent.team)}, past {between}."
                )
                yield self._gap(GapKind.SKIP, what, self._known[child])

    @cached_property
    def _upward(self) -> Mapping[str, Sequence[Link]]:
        """The links of each objective that lead up its own line of teams, to what is alive."""
        found: dict[str, list[Link]] = defaultdict(list)
        for link in self._links:
            if link.steps is not None and not self._is_dead_end(link):
                found[link.child.objective.key].append(link)
        return found

    # --- key results ------------------------------------------------------------------------------

    def _find_shared_metrics(self) -> Iterator[Gap]:
        groups: dict[str, list[KeyResultStanding]] = defaultdict(list)
        for one in self._counted:
            for result in one.key_results:
                metric = metric_of(result.key_result) if result.is_counted else ""
                if metric:
                    groups[metric].append(result)
        for group in groups.values():
            if len(group) > 1:
                group.sort(key=_key)  # whichever way the sheet is sorted
                rows = [one.key_result for one in group]
                owners = _listing(self._levels.team_of(_team(one)) for one in group)
                what = f"“{rows[0].title}” is claimed {len(group)} times: by {owners}."
                yield self._gap(GapKind.SAME_METRIC, what, *rows, team=_team(group[0]))

    def _find_unsupported(self) -> Iterator[Gap]:
        for one in self._promises:
            if one.key not in self._served:
                yield self._gap(
                    GapKind.UNSUPPORTED,
                    f"Nobody supports “{one.title}”{f' ({one.id})' if one.id else ''}.",
                    one,
                    is_editable=False,
                )

    @cached_property
    def _promises(self) -> tuple[KeyResult, ...]:
        """The key results of the organisation that count, of this cycle and of longer ones."""
        shown = (*self._counted, *(one for one in self._board.enclosing if _counts(one)))
        return tuple(
            result.key_result
            for one in shown
            if self._levels.level(one.objective.team) is Level.ORGANISATION
            for result in one.key_results
            if result.is_counted
        )

    @cached_property
    def _served(self) -> set[str]:
        """The key results that somebody supports, by name or through their whole objective."""
        below: dict[str, list[str]] = defaultdict(list)
        for one in self._board.snapshot.key_results:
            below[one.objective or ""].append(one.key)
        named = {
            key
            for one in self._supporters
            for key in one.supports
            if key != one.key and key not in below[one.key]
        }
        whole = {result for key in named if key in self._known for result in below[key]}
        return named | whole

    @cached_property
    def _supporters(self) -> list[Objective]:
        """All objectives that work in the days of this board, in whichever cycle."""
        cycle = self._board.cycle
        return [
            one
            for one in self._board.snapshot.objectives
            if one.is_counted
            and (cycle is None or _overlap(self._cycles.get(one.cycle or "", cycle), cycle))
        ]

    def _find_counts(self) -> Iterator[Gap]:
        """Find objectives with no key result, a single one, or too many."""
        most = self._board.snapshot.settings.key_results_most
        for one in self._counted:
            number = sum(two.key_result.state is not State.DROPPED for two in one.key_results)
            is_rolled_up = one.objective.roll_up is RollUp.CHILDREN
            kind = _kind_of_count(number, most)
            if kind is None or (is_rolled_up and number < FEWEST_KEY_RESULTS):
                continue
            has = f"has {number} key results" if number > 1 else f"has {kind.value}"
            what = f"{_said(one.objective)} {has}."
            yield self._gap(kind, what, one.objective, is_adding=number < FEWEST_KEY_RESULTS)

    # --- teams and people -------------------------------------------------------------------------

    def _find_idle_teams(self) -> Iterator[Gap]:
        cycle = f" in {self._board.cycle.name}" if self._board.cycle else ""
        for name in self._idle:
            what = f"{name} has no objective{cycle}."
            yield Gap(GapKind.NO_OBJECTIVE, what, name, add="objective")

    @cached_property
    def _idle(self) -> tuple[str, ...]:
        active = {self._levels.team_of(one.objective.team) for one in self._counted}
        return tuple(name for name in self._teams if active and name not in active)

    @cached_property
    def _teams(self) -> tuple[str, ...]:
        names = (one.team.name for one in self._board.teams)
        return tuple(one for one in names if self._levels.level(one) is not Level.PERSON)

    def _find_overloads(self) -> Iterator[Gap]:
        """Find teams of several objectives whose key results have a single owner."""
        groups: dict[str, list[ObjectiveStanding]] = defaultdict(list)
        for one in self._counted:
            groups[self._levels.team_of(one.objective.team)].append(one)
        for team, objectives in groups.items():
            owners = Counter(owner for one in objectives for owner in self._owners(one))
            if (
                len(objectives) > 1
                and len(owners) == 1
                and owners.total() >= SHARED_LOAD
                and self._levels.level(team) is not Level.PERSON
            ):
                [(owner, number)] = owners.items()
                rows = [one.key_result for two in objectives for one in two.key_results]
                if owner:
                    what = f"All {number} key results of {team} are {owner}'s."
                    yield self._gap(GapKind.ONE_PERSON, what, *rows, team=team, is_editable=False)

    def _owners(self, objective: ObjectiveStanding) -> list[str]:
        """Name the owner of each key result that counts; a blank one is the objective's."""
        texts = [
            (one.key_result.owner or objective.objective.owner).strip()
            for one in objective.key_results
            if one.is_counted
        ]
        return [self._people.get(text.casefold(), text) for text in texts]

    # --- the health figure ------------------------------------------------------------------------

    def _parts(self, gaps: Sequence[Gap]) -> Iterator[Held]:
        kinds = Counter(one.kind for one in gaps)
        below, promises, teams = len(self._below_top), len(self._promises), len(self._teams)
        yield Held(
            below - kinds[GapKind.ORPHAN], below, "objectives below the top support something"
        )
        yield Held(
            promises - kinds[GapKind.UNSUPPORTED],
            promises,
            "key results of the organisation are supported",
        )
        wrong = sum(kinds[one] for one in (GapKind.DROPPED, GapKind.APART, GapKind.SKIP))
        links = len(self._links) + len(self._loops)
        words = "links are sound: no circle, no level skipped, nothing dropped or of another time"
        yield Held(links - wrong - len(self._loops), links, words)
        yield Held(teams - len(self._idle), teams if below else 0, "teams have an objective")

    # --- what a gap is made of --------------------------------------------------------------------

    def _gap(
        self,
        kind: GapKind,
        what: str,
        *rows: Objective | KeyResult,
        team: str | None = None,
        is_editable: bool = True,
        is_adding: bool = False,
    ) -> Gap:
        """Make a gap of some rows; the form of the first mends it."""
        first = rows[0]
        named = first.team if isinstance(first, Objective) else team or ""
        return Gap(
            kind=kind,
            what=what,
            team=self._levels.team_of(named),
            keys=tuple(one.key for one in rows),
            cells=tuple(self._cell(one, kind) for one in rows),
            edit=first.key if is_editable and not is_adding else "",
            add=first.key if is_adding else "",
        )

    def _cell(self, row: Objective | KeyResult, kind: GapKind) -> str:
        """Name the cell to mend: Supports where a link is wrong, else the title."""
        columns = self._board.snapshot.tabs.get(OBJECTIVES)
        if kind in _IN_SUPPORTS and columns is not None and "Supports" in columns.letters:
            return columns.cell("Supports", row.place.row)
        return row.place.cell


_RANKS = {kind: rank for rank, kind in enumerate(GapKind)}


def _kind_of_count(number: int, most: float) -> GapKind | None:
    if number > most:
        return GapKind.MANY_KEY_RESULTS
    return {0: GapKind.NO_KEY_RESULT, 1: GapKind.ONE_KEY_RESULT}.get(number)


def _counts(standing: ObjectiveStanding) -> bool:
    return standing.objective.is_counted


def _key(standing: KeyResultStanding) -> str:
    return standing.key_result.key


def _team(standing: KeyResultStanding) -> str:
    return standing.objective.team if standing.objective else ""


def _overlap(one: Cycle, other: Cycle) -> bool:
    """Tell whether two cycles share a day."""
    return one.starts <= other.ends and other.starts <= one.ends


def _name(objective: Objective) -> str:
    return objective.id or f"“{objective.title}”"


def _said(objective: Objective) -> str:
    return f"“{objective.title}”{f' ({objective.id})' if objective.id else ''}"


def _listing(names: Iterable[str]) -> str:
    *first, last = dict.fromkeys(names)
    if len(first) >= MOST_NAMES:
        return f"{', '.join(first[:MOST_NAMES])} and {len(first) + 1 - MOST_NAMES} more"
    return f"{', '.join(first)} and {last}" if first else last
