"""How everything of one cycle stood on each of its days, as tables of numbers."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from okr.alignment import Alignment, align
from okr.collector import unhurried
from okr.courses import NEVER, Courses, Numbers, Told, build_courses
from okr.day_tables import (
    Days,
    KeyResultTables,
    Places,
    measure_key_results,
    measure_progress,
)
from okr.eras import Era, eras_of
from okr.figures import window_of
from okr.history_columns import (
    KEY_RESULT_COLUMNS,
    OBJECTIVE_COLUMNS,
    TEAM_COLUMNS,
    UNKNOWN,
    Columns,
    Names,
    by_day,
    days_of,
    objective_columns,
    team_columns,
)
from okr.model import Cycle, KeyResult, Objective, RollUp, Snapshot
from okr.roll_up_tables import roll_up_objectives, roll_up_teams
from okr.teams import team_tree


@dataclass(frozen=True, slots=True)
class History:
    """Every day of a cycle up to a day, and how everything stood at its end.

    Rows go by day, then in the order of the sheet. ``day`` is a timestamp at midnight, ``key``,
    ``team`` and ``status`` are categories; what is not known is NaN or NA, never 0. Shares and
    scores run from 0 to 1, ``gap`` and ``net`` are in points.

    ``key_results``: ``day, key, objective, value, progress, score, current_score, expected,
    pass_mark, gap, status, is_stale, confidence, is_counted, is_undated``; ``score`` is by the
    goalposts of that day, ``current_score`` by those that hold now. ``objective`` is the key of
    its objective on that day, NA where it had none.

    ``objectives``: ``day, key, team, score, low, high, expected, pass_mark, status, counted,
    with_data``.

    ``teams``: ``day, team, score, low, high, expected, net, counted, with_data, stale``, and for
    each status a column by its word that counts key results. ``organisation`` has the same columns
    for all objectives together. Their ``expected`` is scaled by the pass marks already.
    """

    cycle: Cycle
    days: tuple[date, ...]
    key_results: pd.DataFrame
    objectives: pd.DataFrame
    teams: pd.DataFrame
    organisation: pd.DataFrame


@unhurried
def build_history(
    snapshot: Snapshot, cycle: Cycle, day: date, *, with_undated: bool = True
) -> History:
    """Follow a cycle from its first day to a day, or to its last one.

    Each day is what ``build_board`` says of it, from what was known at its end. Before the first
    day of the cycle there is no row.

    Args:
        snapshot: What the workbook says now.
        cycle: The cycle.
        day: The last day that is wanted.
        with_undated: Whether a value that nobody dated counts before the first check-in, as on the
            board. Most often it repeats the newest check-in, and would let a curve begin at its
            end; False leaves it out where there are check-ins.
    """
    last = min(day, cycle.ends)
    days = tuple(
        cycle.starts + timedelta(days=number) for number in range((last - cycle.starts).days + 1)
    )
    names = _PartNames(Names(), Names(), Names(), Names())
    parts = _parts(snapshot, cycle, days, with_undated, names) if days else []
    return History(
        cycle=cycle,
        days=days,
        key_results=names.key_results.joined(
            [part.key_results for part in parts], KEY_RESULT_COLUMNS
        ),
        objectives=names.objectives.joined([part.objectives for part in parts], OBJECTIVE_COLUMNS),
        teams=names.teams.joined([part.teams for part in parts], TEAM_COLUMNS),
        organisation=names.organisation.joined([part.organisation for part in parts], TEAM_COLUMNS),
    )


class _PartNames(NamedTuple):
    """The names in each of the tables."""

    key_results: Names
    objectives: Names
    teams: Names
    organisation: Names


class _Part(NamedTuple):
    """The tables of one era."""

    key_results: Columns
    objectives: Columns
    teams: Columns
    organisation: Columns


def _parts(
    snapshot: Snapshot, cycle: Cycle, days: Sequence[date], with_undated: bool, names: _PartNames
) -> list[_Part]:
    parted = eras_of(snapshot, days[0], days[-1])
    casts = [_cast(era.snapshot, cycle) for era in parted.eras]
    wanted = parted.steady & {one.key for cast in casts for one in cast.key_results}
    follow = _Follow(parted.newest, wanted, cycle, days, with_undated, names)
    follow.measure(parted.eras, casts)
    return [follow.through(era, cast) for era, cast in zip(parted.eras, casts, strict=True)]


class _Cast(NamedTuple):
    """Who plays a part in a cycle: what is shown of it, and what is needed for that."""

    alignment: Alignment
    shown: Sequence[Objective]
    needed: Sequence[Objective]
    key_results: Sequence[KeyResult]


def _cast(snapshot: Snapshot, cycle: Cycle) -> _Cast:
    alignment = align(snapshot.objectives, snapshot.key_results)
    shown = [one for one in snapshot.objectives if one.cycle in (None, cycle.name)]
    needed = _with_children(shown, snapshot.objectives, alignment)
    keys = {None, *(one.key for one in needed)}
    listed = [one for one in snapshot.key_results if one.objective in keys]
    listed.sort(key=lambda one: (one.place.tab, one.place.row))
    return _Cast(alignment, shown, needed, listed)


class _Follow:
    """Follows a cycle era by era; values of key results that are steady are worked out once."""

    def __init__(
        self,
        newest: Snapshot,
        wanted: AbstractSet[str],
        cycle: Cycle,
        days: Sequence[date],
        with_undated: bool,
        names: _PartNames,
    ) -> None:
        self._names = names
        self._newest = {one.key: one for one in newest.key_results}
        self._homes = {one.key: one for one in newest.objectives}
        self._snapshot = newest
        self._cycle = cycle
        self._first = days[0]
        self._with_undated = with_undated
        told = [_told(newest, one) for one in newest.key_results if one.key in wanted]
        self._told = {one.key_result.key: one for one in told}
        self._places = {one.key_result.key: place for place, one in enumerate(told)}
        self._days = Days(days[0], len(days))
        self._courses = self._follow(told, self._days)
        self._versions: dict[tuple[int, int], int] = {}
        self._steady: dict[int, Told] = {}

    def _follow(self, told: Sequence[Told], days: Days) -> Courses:
        return build_courses(
            told,
            days.first,
            days.count,
            self._snapshot.settings.locale,
            with_undated=self._with_undated,
        )

    def measure(self, eras: Sequence[Era], casts: Sequence[_Cast]) -> None:
        """Work out steady key results once for all days, by each of the goalposts that they had.

        Most are the very same from era to era, and so are most objectives, so that this grows with
        what was changed, not with how often.
        """
        told: list[Told] = []
        owners: list[Objective | None] = []
        cycles: dict[str, Cycle] = {}
        for era, cast in zip(eras, casts, strict=True):
            cycles |= {one.name: one for one in era.snapshot.cycles}
            known = {one.key: one for one in cast.needed}
            for one in cast.key_results:
                owner = known.get(one.objective or "")
                if one.key in self._places and (id(one), id(owner)) not in self._versions:
                    self._versions[id(one), id(owner)] = len(told)
                    told.append(self._told_of(era.snapshot, one))
                    owners.append(owner)
        courses = self._courses.rows(
            [self._places[one.key_result.key] for one in told], slice(None)
        )
        self._tables = measure_key_results(
            self._snapshot, cycles, told, owners, courses, self._days
        )

    def through(self, era: Era, cast: _Cast) -> _Part:
        """Work out one era."""
        days = Days(era.first, (era.last - era.first).days + 1)
        snapshot, cycle = era.snapshot, self._cycle
        alignment, shown, needed, listed = cast
        places = {one.key: place for place, one in enumerate(needed)}
        told = [self._told_of(snapshot, one) for one in listed]
        courses = self._courses_of(told, days)
        homes = np.array([places.get(one.objective or "", -1) for one in listed], dtype=np.intp)
        owners = [needed[place] if place >= 0 else None for place in homes]
        tables = self._tables_of(snapshot, listed, told, owners, courses, days)
        objectives = roll_up_objectives(
            snapshot, alignment, needed, homes, listed, courses.values, tables, days
        )
        shown_keys = {one.key for one in shown}
        is_shown = np.array([one.key in shown_keys for one in needed], dtype=bool)
        rows = [place for place, one in enumerate(owners) if one is None or one.key in shown_keys]
        names = [team.name for team in team_tree(snapshot)]
        own = {name: place for place, name in enumerate(names)}
        teams = [
            own[one.team or snapshot.settings.organisation] if one.cycle == cycle.name else -1
            for one in needed
        ]
        everyone = [min(place, 0) for place in teams]
        rolled = partial(roll_up_teams, needed)
        more = (objectives, homes, courses.values, tables)
        return _Part(
            key_results=self._columns(listed, rows, courses, tables, days, told),
            objectives=objective_columns(
                self._names.objectives, needed, np.flatnonzero(is_shown), objectives, days
            ),
            teams=team_columns(
                self._names.teams, names, rolled(_places(teams), len(names), *more), days
            ),
            organisation=team_columns(
                self._names.organisation,
                [snapshot.settings.organisation],
                rolled(_places(everyone), 1, *more),
                days,
            ),
        )

    def _told_of(self, snapshot: Snapshot, one: KeyResult) -> Told:
        """Take what was told of a key result; where it is steady, all of it, and once."""
        whole = self._told.get(one.key)
        if whole is None:
            return _told(snapshot, one)
        known = self._steady.get(id(one))
        if known is None:
            current = whole.key_result.current
            told = one if one.current == current else replace(one, current=current)
            known = self._steady[id(one)] = whole._replace(key_result=told)
        return known

    def _courses_of(self, told: Sequence[Told], days: Days) -> Courses:
        """Take the values of steady key results from their course; follow the others anew."""
        start = (days.first - self._first).days
        keys = [one.key_result.key for one in told]
        if all(key in self._places for key in keys):
            numbers = [self._places[key] for key in keys]
            return self._courses.rows(numbers, slice(start, start + days.count))
        own = self._follow(told, days)
        steady = [place for place, key in enumerate(keys) if key in self._places]
        numbers = [self._places[keys[place]] for place in steady]
        own.put(steady, self._courses.rows(numbers, slice(start, start + days.count)))
        return own

    def _tables_of(
        self,
        snapshot: Snapshot,
        listed: Sequence[KeyResult],
        told: Sequence[Told],
        owners: Sequence[Objective | None],
        courses: Courses,
        days: Days,
    ) -> KeyResultTables:
        """Take what is worked out of steady key results; work out the others."""
        start = (days.first - self._first).days
        pairs = zip(listed, owners, strict=True)
        numbers = [self._versions.get((id(one), id(owner)), -1) for one, owner in pairs]
        others = [place for place, number in enumerate(numbers) if number < 0]
        cycles = {one.name: one for one in snapshot.cycles}
        own = measure_key_results(
            snapshot,
            cycles,
            [told[place] for place in others],
            [owners[place] for place in others],
            courses.rows(others, slice(None)),
            days,
        )
        if len(others) == len(numbers):
            return own
        span = slice(start, start + days.count)
        tables = self._tables.rows([max(0, number) for number in numbers], span)
        tables.put(others, own)
        return tables

    def _columns(
        self,
        listed: Sequence[KeyResult],
        rows: Sequence[int],
        courses: Courses,
        tables: KeyResultTables,
        days: Days,
        told: Sequence[Told],
    ) -> Columns:
        pick = np.asarray(rows, dtype=np.intp)
        values = courses.values
        is_dated = courses.updated != NEVER
        current = self._current_score(told, courses, tables, days)
        return {
            "day": days_of(days, len(rows)),
            "key": self._names.key_results.of("key", [listed[row].key for row in rows], days),
            "objective": self._names.key_results.of(
                "objective", [listed[row].objective for row in rows], days
            ),
            "value": by_day(values, pick),
            "progress": by_day(tables.progress, pick),
            "score": by_day(tables.score, pick),
            "current_score": by_day(current, pick),
            "expected": by_day(tables.expected, pick),
            "pass_mark": by_day(tables.pass_mark, pick),
            "gap": by_day(tables.gap, pick),
            "status": by_day(tables.status, pick),
            "is_stale": by_day(np.where(is_dated, tables.is_stale, UNKNOWN), pick),
            "confidence": by_day(courses.confidences, pick),
            "is_counted": np.tile(tables.is_counted[pick], days.count),
            "is_undated": by_day(~is_dated & ~np.isnan(values), pick),
        }

    def _current_score(
        self, told: Sequence[Told], courses: Courses, tables: KeyResultTables, days: Days
    ) -> Numbers:
        """Score the values of each day by the goalposts of now; unknown for what is gone since."""
        score = tables.score.copy()
        now = [self._newest.get(one.key_result.key) for one in told]
        gone = [row for row, one in enumerate(now) if one is None]
        score[gone] = np.nan
        moved = [
            row
            for row, one in enumerate(now)
            if one is not None and _posts(one) != _posts(told[row].key_result)
        ]
        if not moved:
            return score
        again = [told[row]._replace(key_result=now[row] or told[row].key_result) for row in moved]
        cycles = {one.name: one for one in self._snapshot.cycles}
        windows = []
        for one in again:
            home = self._homes.get(one.key_result.objective or "")
            cycle = cycles.get(home.cycle or "") if home else None
            windows.append(window_of(cycle, one.key_result.due))
        found = measure_progress(
            self._snapshot.settings.locale, again, windows,
            courses.rows(moved, slice(None)), days,
        )  # fmt: skip
        score[moved] = np.clip(found.share, 0.0, 1.0)
        return score


def _posts(one: KeyResult) -> tuple[object, ...]:
    """Give what a value is scored by."""
    return one.kind, one.start, one.target, one.due, one.undefined


def _told(snapshot: Snapshot, one: KeyResult) -> Told:
    return Told(one, snapshot.check_ins.get(one.key, ()), snapshot.changes.get(one.key, ()))


def _with_children(
    shown: Sequence[Objective], objectives: Sequence[Objective], alignment: Alignment
) -> list[Objective]:
    """Add to the objectives that are shown those that roll up into them."""
    known = {one.key: one for one in objectives}
    needed = {one.key: one for one in shown}
    open_ends = list(shown)
    while open_ends:
        one = open_ends.pop()
        if one.roll_up is RollUp.CHILDREN:
            for key in alignment.children.get(one.key, ()):
                if key not in needed:
                    needed[key] = known[key]
                    open_ends.append(known[key])
    return list(needed.values())


def _places(numbers: Sequence[int]) -> Places:
    return np.array(numbers, dtype=np.intp)
