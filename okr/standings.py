"""How each key result and each objective of a snapshot stands on a day."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from okr import goalposts, scoring, status
from okr.alignment import Alignment
from okr.board import KeyResultStanding, ObjectiveStanding, Window
from okr.figures import Figures, expected, figures_of, leg_of, window_of
from okr.making import maker
from okr.model import Cycle, KeyResult, Objective, RollUp, Snapshot, State, Status
from okr.pace import pace_of
from okr.values import Known, known_on

_standing, _objective_standing = maker(KeyResultStanding), maker(ObjectiveStanding)

_GIVEN_UP, _DROPPED, _CHILDREN = State.DROPPED, Status.DROPPED, RollUp.CHILDREN

WEEK = timedelta(days=7)
NO_OBJECTIVE = "no objective"


class Parts(NamedTuple):
    """What an objective is rolled up from: key results, or the objectives that support it."""

    scores: Sequence[scoring.Part]
    statuses: Sequence[Status | None]
    with_data: int


class Standings:
    """Works out each objective and key result of a snapshot once, whoever asks for it."""

    def __init__(self, snapshot: Snapshot, alignment: Alignment, day: date) -> None:
        self._snapshot = snapshot
        self._alignment = alignment
        self._day = day
        self._week_ago = max(day, date.min + WEEK) - WEEK
        self._cycles = {cycle.name: cycle for cycle in snapshot.cycles}
        self._windows: dict[tuple[str | None, date | None], Window | None] = {}
        self._objectives = {one.key: one for one in snapshot.objectives}
        self._below: dict[str, list[KeyResult]] = defaultdict(list)
        for one in snapshot.key_results:
            if one.objective is not None:
                self._below[one.objective].append(one)

    def of(self, wanted: Collection[str]) -> dict[str, ObjectiveStanding]:
        """Work out the wanted objectives, by key, and those below them that they roll up."""
        needed = self._needed(wanted)
        done: dict[str, ObjectiveStanding] = {}
        for key in self._alignment.children_first:
            if key in needed:
                done[key] = self._objective(self._objectives[key], done)
        return done

    def _needed(self, wanted: Collection[str]) -> set[str]:
        """Add to the wanted objectives all that roll up into them."""
        needed: set[str] = set()
        open_ends = list(wanted)
        while open_ends:
            key = open_ends.pop()
            if key in needed:
                continue
            needed.add(key)
            if self._objectives[key].roll_up is _CHILDREN:
                open_ends.extend(self._alignment.children.get(key, ()))
        return needed

    def _objective(
        self, objective: Objective, done: Mapping[str, ObjectiveStanding]
    ) -> ObjectiveStanding:
        """Roll up one objective; those that support it are done."""
        cycle = self._cycles.get(objective.cycle or "")
        window = self._window(cycle, None)
        key_results = _with_equal_weights(
            tuple([self.key_result(one, objective) for one in self._below.get(objective.key, ())])
        )
        children = self._alignment.children.get(objective.key, ())
        if objective.roll_up is _CHILDREN:
            parts = _of_children([done[key] for key in children])
        else:
            parts = _of_key_results(key_results)
        rolled = scoring.roll_up(parts.scores)
        pass_mark = self._snapshot.settings.pass_mark(objective.commitment)
        state, word = status.objective_status(
            parts.statuses, score=rolled.score, pass_mark=pass_mark, window=window, day=self._day
        )
        if objective.state is _GIVEN_UP:
            state, word = Status.DROPPED, Status.DROPPED.value
        return _objective_standing(  # in the order of the fields, as below
            objective,
            cycle,
            key_results,
            children,
            self._alignment.parents.get(objective.key, ()),
            rolled.score,
            rolled.low,
            rolled.high,
            len(parts.scores),
            parts.with_data,
            len([one for one in key_results if _is_unscorable(one)]),
            expected(window, self._day),
            pass_mark,
            state,
            word,
        )

    def key_result(
        self, key_result: KeyResult, objective: Objective | None = None
    ) -> KeyResultStanding:
        """Work out one key result, within its objective where it has one."""
        snapshot, day = self._snapshot, self._day
        changes = snapshot.changes.get(key_result.key, ())
        has_moved = bool(changes) and goalposts.has_moved(changes)
        check_ins = snapshot.check_ins.get(key_result.key, ())
        known = known_on(key_result, check_ins, changes, day, snapshot.settings.locale)
        cycle, pass_mark = None, snapshot.settings.pass_committed
        if objective is not None:
            cycle = self._cycles.get(objective.cycle or "")
            pass_mark = snapshot.settings.pass_mark(objective.commitment)
        window = self._window(cycle, key_result.due)
        figures = figures_of(key_result, known, window, pass_mark, day)
        state, word = self._status(key_result, objective, figures)
        updated_on = known.updated_on
        newest = known.check_ins[-1] if known.check_ins else None
        is_counted = (
            objective is not None
            and state is not _DROPPED
            and not key_result.undefined
            and key_result.weight != 0
        )
        standing = _standing(  # in the order of the fields: by name it takes three times as long
            key_result,
            objective,
            cycle,
            window,
            is_counted,
            known.value,
            known.value_on(self._week_ago),
            figures.progress,
            figures.score,
            figures.expected,
            pass_mark,
            figures.gap,
            state,
            word,
            status.is_stale(updated_on, day, snapshot.settings),
            updated_on,
            known.is_undated,
            known.confidence,
            status.disagreement(state, known.confidence, snapshot.settings),
            newest.note if newest else "",
            newest.by if newest else "",
            figures.weeks,
            partial(pace_of, key_result, figures, known, snapshot.settings),
            None,
            None,
            (),
            leg_of(key_result, window, day),
            day,
        )
        return self._against_first(standing, known) if has_moved else standing

    def _window(self, cycle: Cycle | None, due: date | None) -> Window | None:
        """Give the window of a key result; most have that of their whole cycle."""
        key = (cycle.name if cycle else None, due)
        if key not in self._windows:
            self._windows[key] = window_of(cycle, due)
        return self._windows[key]

    def _against_first(self, standing: KeyResultStanding, known: Known) -> KeyResultStanding:
        """Measure a key result against its first start and target too."""
        one = standing.key_result
        opens = standing.window.start if standing.window else None
        posts = goalposts.goalposts(self._snapshot, one, self._day, opens)
        if (posts.start, posts.target) == (one.start, one.target):
            return replace(standing, moved=posts.moves)
        first = goalposts.measured(replace(one, start=posts.start, target=posts.target))
        figures = figures_of(first, known, standing.window, standing.pass_mark, self._day)
        return replace(
            standing,
            first_progress=figures.progress,
            first_score=figures.score,
            moved=posts.moves,
        )

    def _status(
        self, key_result: KeyResult, objective: Objective | None, figures: Figures
    ) -> tuple[Status | None, str]:
        """Decide the status; what belongs to a dropped objective is dropped, to none has none."""
        is_dropped = key_result.state is _GIVEN_UP or (
            objective is not None and objective.state is _GIVEN_UP
        )
        if objective is None and not is_dropped and not key_result.undefined:
            return None, NO_OBJECTIVE
        return status.key_result_status(key_result, figures, is_dropped, self._snapshot.settings)


def _of_key_results(key_results: Sequence[KeyResultStanding]) -> Parts:
    """Take what counts of an objective's own key results."""
    counted = [one for one in key_results if one.is_counted]
    return Parts(
        scores=[scoring.part(one.key_result.weight, one.score) for one in counted],
        statuses=[one.status for one in counted],
        with_data=len([one for one in counted if one.value is not None]),
    )


def _of_children(children: Sequence[ObjectiveStanding]) -> Parts:
    """Take what counts of the objectives that support one; their weights belong to their teams."""
    counted = [one for one in children if one.objective.is_counted]
    return Parts(
        scores=[scoring.Part(1.0, one.score, one.low or 0.0, one.high or 0.0) for one in counted],
        statuses=[one.status for one in counted],
        with_data=sum(one.score is not None for one in counted),
    )


def _is_unscorable(standing: KeyResultStanding) -> bool:
    return bool(standing.key_result.undefined) and standing.status is not _DROPPED


def _with_equal_weights(
    key_results: tuple[KeyResultStanding, ...],
) -> tuple[KeyResultStanding, ...]:
    """Let every key result of an objective count where all their weights are 0 (rule 4)."""
    able = [
        one for one in key_results if not one.key_result.undefined and one.status is not _DROPPED
    ]
    if not able or [one for one in able if one.key_result.weight]:
        return key_results
    chosen = {id(one) for one in able}
    return tuple(replace(one, is_counted=True) if id(one) in chosen else one for one in key_results)
