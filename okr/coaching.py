"""What a coach would raise on a board, row by row, and how strong the OKRs of each team are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from okr import craft
from okr.board import Board, KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.columns import OBJECTIVES
from okr.craft import Case, Verdict
from okr.model import KeyResult, Settings, Snapshot, State, Status
from okr.quality import CHECKS, About, Check

_BY_ABOUT = {about: [one for one in CHECKS if one.about is about] for about in About}


@dataclass(frozen=True, slots=True)
class Hint:
    """A piece of advice: the check that raised it, its sentence, and the title that it is about."""

    check: Check
    about: str
    text: str


Answer = tuple[Check, Verdict]


@dataclass(frozen=True, slots=True)
class Strength:
    """How well the OKRs of a team are written: of so many objectives and key results in work, so
    many gave no hint.

    ``parts`` has each check that applies somewhere, with how often it holds and how often it was
    asked; those of the team as a whole are among them.
    """

    sound: int
    rows: int
    parts: tuple[tuple[Check, int, int], ...] = ()

    @property
    def share(self) -> float | None:
        """Give the share that is sound; None where nothing is in work."""
        return self.sound / self.rows if self.rows else None


@dataclass(frozen=True, slots=True)
class Quality:
    """The hints of a board: by the key of an objective or key result.

    ``teams`` has those of each team by its name, ``strengths`` a figure for each team;
    ``settings`` are the thresholds that were used.
    """

    settings: Settings

    objectives: Mapping[str, tuple[Hint, ...]]
    key_results: Mapping[str, tuple[Hint, ...]]
    teams: Mapping[str, tuple[Hint, ...]]
    strengths: Mapping[str, Strength]


def assess_quality(board: Board) -> Quality:
    """Ask everything of all objectives, key results and teams of a board, once each."""
    asking = _Asking(board)
    for standing in (*board.objectives, *board.enclosing):
        asking.ask_objective(standing)
    teams = {one.team.name: asking.ask_team(one) for one in board.teams}
    return Quality(
        settings=board.snapshot.settings,
        objectives=_hints(asking.objectives),
        key_results=_hints(asking.key_results),
        teams=_hints(teams),
        strengths={
            one.team.name: _strength(asking.of_team(one), teams[one.team.name])
            for one in board.teams
        },
    )


def hints_of_objective(title: str, settings: Settings) -> tuple[Hint, ...]:
    """Give the hints of an objective that is just being typed; "" as a title gets none."""
    return _typed(About.OBJECTIVE, Case(settings, title)) if title.strip() else ()


def hints_of_key_result(
    title: str, measure: KeyResult | None, settings: Settings
) -> tuple[Hint, ...]:
    """Give the hints of a key result that is just being typed.

    Args:
        title: As typed; "" gets no hints.
        measure: How it is measured; None where that cannot be told yet.
        settings: Of the workbook.
    """
    if not title.strip():
        return ()
    return _typed(About.KEY_RESULT, Case(settings, title, key_result=measure))


def _typed(about: About, case: Case) -> tuple[Hint, ...]:
    checks = [check for check in _BY_ABOUT[about] if check.is_typed]
    return _hints({"": (case.title, _answers(checks, case))}).get("", ())


Answered = tuple[str, Sequence[Answer]]
"""A title, and what was answered of it."""


class _Asking:
    """Asks the checks of a board, and keeps the answers by the key of each row."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._settings = board.snapshot.settings
        self._reported = _rows_with_a_cycle_to_mend(board.snapshot)
        self.objectives: dict[str, Answered] = {}
        self.key_results: dict[str, Answered] = {}

    def ask_objective(self, standing: ObjectiveStanding) -> None:
        """Ask an objective and its key results, unless nothing is to be mended in them any more."""
        one = standing.objective
        if not craft.is_in_work(one.state) or craft.is_over(standing.cycle, self._board.day):
            return
        siblings = tuple(
            part for part in standing.key_results if part.key_result.state is not State.DROPPED
        )
        case = Case(
            self._settings,
            one.title,
            one.owner,
            objective=standing,
            siblings=siblings,
            day=self._board.day,
            is_reported=one.place.row in self._reported,
        )
        self.objectives[one.key] = one.title, _answers(_BY_ABOUT[About.OBJECTIVE], case)
        for part in siblings:
            if craft.is_in_work(part.key_result.state) and part.status is not Status.ACHIEVED:
                self._ask_key_result(part, siblings)

    def _ask_key_result(
        self, standing: KeyResultStanding, siblings: tuple[KeyResultStanding, ...]
    ) -> None:
        one = standing.key_result
        case = Case(self._settings, one.title, one.owner, one, siblings=siblings)
        self.key_results[one.key] = one.title, _answers(_BY_ABOUT[About.KEY_RESULT], case)

    def ask_team(self, standing: TeamStanding) -> Answered:
        """Ask what only shows over all objectives of a team."""
        name = standing.team.name
        case = Case(self._settings, name, team=standing, day=self._board.day)
        return name, _answers(_BY_ABOUT[About.TEAM], case)

    def of_team(self, standing: TeamStanding) -> Iterable[Answered]:
        """Collect what was answered of a team's own objectives and of their key results.

        An objective without a key result is not yet well made, whatever its words: where they give
        no hint, it is left out.
        """
        for objective in standing.objectives:
            keys = (one.key_result.key for one in objective.key_results)
            asked = [self.objectives.get(objective.objective.key), *map(self.key_results.get, keys)]
            answered = [one for one in asked if one is not None]
            if objective.key_results or objective.children or _gives_a_hint(answered):
                yield from answered


def _gives_a_hint(answered: Iterable[Answered]) -> bool:
    return any(said for _, answers in answered for _, said in answers)


def _rows_with_a_cycle_to_mend(snapshot: Snapshot) -> set[int]:
    """Number the rows of objectives of whose Cycle cell Sheet health says something."""
    tab = snapshot.tabs.get(OBJECTIVES)
    if tab is None:
        return set()
    header = tab.headers.get("Cycle", "Cycle")
    return {one.row for one in snapshot.problems if one.tab == tab.title and one.column == header}


def _answers(checks: Iterable[Check], case: Case) -> list[Answer]:
    """Ask one row its checks, but for those that do not apply or that another one answers."""
    raised: set[str] = set()
    answers: list[Answer] = []
    for check in checks:
        said = None if check.unless & raised else check.judge(case)
        if said is not None:
            answers.append((check, said))
        if said:
            raised.add(check.name)
    return answers


def _hints(answered: Mapping[str, Answered]) -> dict[str, tuple[Hint, ...]]:
    """Take the advice from the answers; rows without any are left out."""
    made = {
        key: tuple(Hint(check, title, said) for check, said in answers if said)
        for key, (title, answers) in answered.items()
    }
    return {key: hints for key, hints in made.items() if hints}


def _strength(rows: Iterable[Answered], team: Answered) -> Strength:
    """Count the rows that gave no hint, and by check how often it holds."""
    asked, held = Counter[str](), Counter[str]()
    answered = [answers for _, answers in rows]
    for answers in (*answered, team[1]):
        asked.update(check.name for check, _ in answers)
        held.update(check.name for check, said in answers if not said)
    return Strength(
        sound=sum(not any(said for _, said in answers) for answers in answered),
        rows=len(answered),
        parts=tuple(
            (check, held[check.name], asked[check.name]) for check in CHECKS if asked[check.name]
        ),
    )
