"""From what a workbook says to how everything stands on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from okr import scoring
from okr.alignment import Alignment, align
from okr.board import Board, KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.collector import unhurried
from okr.cycles import find_cycle, pick_cycle
from okr.findings import dated_problems
from okr.model import Cycle, Objective, Problem, Snapshot, Status, Team
from okr.standings import Standings
from okr.teams import team_tree

ALL_CYCLES = "all"

WINS = (Status.ON_TRACK, Status.ACHIEVED)
LOSSES = (Status.OFF_TRACK, Status.MISSED)


class UnknownCycleError(Exception):
    """A cycle was asked for that the workbook does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        listed = ", ".join(known) or "none"
        super().__init__(f"There is no cycle “{name}” in this workbook. It has: {listed}.")


def choose_cycle(snapshot: Snapshot, name: str | None, day: date) -> Cycle | None:
    """Find the cycle asked for, or that of the day; None for all, or where there is none.

    Raises:
        UnknownCycleError: If the workbook has no cycle of that name.
    """
    if name is None:
        return pick_cycle(snapshot.cycles, day)
    if name == ALL_CYCLES:
        return None
    found = find_cycle(snapshot.cycles, name)
    if found is None:
        raise UnknownCycleError(name, (cycle.name for cycle in snapshot.cycles))
    return found


@unhurried
def build_board(
    snapshot: Snapshot, cycle: Cycle | None, day: date, today: date | None = None
) -> Board:
    """Compute how everything stands on a day.

    Args:
        snapshot: What the workbook says.
        cycle: The cycle to show; None shows every cycle.
        day: The day in question, in the workbook's time zone.
        today: The day on which the sheet itself is judged: what is dated after it lies in the
            future. Where one looks back, later check-ins are no slips; None takes ``day``.

    Returns:
        Rows in the order of the sheet. Rows without a cycle, and key results without an objective,
        are listed beside any cycle and count in none (where a workbook has cycles at all).
    """
    alignment = align(snapshot.objectives, snapshot.key_results)
    work = Standings(snapshot, alignment, day)
    shown = [one for one in snapshot.objectives if _is_shown(one, cycle)]
    above = _enclosing(snapshot, alignment, cycle, shown)
    standings = work.of({one.key for one in (*shown, *above)})
    listed = tuple(standings[one.key] for one in shown)
    counted = [one for one in listed if cycle is None or one.objective.cycle == cycle.name]
    organisation = snapshot.settings.organisation
    own: dict[str, list[ObjectiveStanding]] = defaultdict(list)
    for one in counted:
        own[one.objective.team or organisation].append(one)
    teams = tuple(roll_up_team(team, own.get(team.name, ())) for team in team_tree(snapshot))
    top = next(team for team in teams if team.team.name == organisation)
    whole = roll_up_team(Team(organisation), counted)
    orphans = [work.key_result(one) for one in snapshot.key_results if one.objective is None]
    dated = dated_problems(snapshot, today or day)
    return Board(
        snapshot=snapshot,
        cycle=cycle,
        day=day,
        organisation=whole,
        top=top,
        teams=teams,
        objectives=listed,
        key_results=_in_sheet_order(listed, orphans),
        enclosing=tuple(standings[one.key] for one in above),
        problems=tuple(sorted((*snapshot.problems, *dated), key=_severity)),
    )


def _severity(problem: Problem) -> str:
    return problem.severity.value


def _is_shown(objective: Objective, cycle: Cycle | None) -> bool:
    return cycle is None or objective.cycle is None or objective.cycle == cycle.name


def _enclosing(
    snapshot: Snapshot, alignment: Alignment, cycle: Cycle | None, shown: Sequence[Objective]
) -> list[Objective]:
    """Find the objectives of longer cycles that this cycle's objectives support."""
    if cycle is None:
        return []
    longer = {one.name for one in snapshot.cycles if one.encloses(cycle)}
    supported = {
        parent
        for one in shown
        if one.cycle == cycle.name
        for parent in alignment.parents.get(one.key, ())
    }
    return [one for one in snapshot.objectives if one.cycle in longer and one.key in supported]


def _in_sheet_order(
    listed: Sequence[ObjectiveStanding], orphans: Sequence[KeyResultStanding]
) -> tuple[KeyResultStanding, ...]:
    """List all key results as they stand in the sheet."""
    everyone = [one for objective in listed for one in objective.key_results]
    return tuple(sorted([*everyone, *orphans], key=_row))


def _row(standing: KeyResultStanding) -> tuple[str, int]:
    return standing.key_result.place.tab, standing.key_result.place.row


def roll_up_team(team: Team, objectives: Sequence[ObjectiveStanding]) -> TeamStanding:
    """Roll up the objectives of a team, all but drafts, dropped ones and those of weight 0."""
    counted = [one for one in objectives if one.objective.is_counted]
    counted = [one for one in counted if one.objective.weight] or counted
    parts = [
        scoring.Part(one.objective.weight, one.score, one.low or 0.0, one.high or 0.0)
        for one in counted
    ]
    due = [
        scoring.part(one.objective.weight, one.expected * one.pass_mark)
        for one in counted
        if one.expected is not None
    ]
    key_results = [one for objective in counted for one in objective.key_results]
    return stand_together(team, objectives, key_results, parts, due)


def stand_together(
    team: Team,
    objectives: Sequence[ObjectiveStanding],
    key_results: Sequence[KeyResultStanding],
    parts: Sequence[scoring.Part],
    due: Sequence[scoring.Part],
) -> TeamStanding:
    """Sum up some key results as those of one team.

    Args:
        team: Whose they are.
        objectives: The objectives that are listed with them.
        key_results: All of them, also those that do not count.
        parts: What the score is rolled up from.
        due: What the score should be by now is rolled up from: pass marks, by the calendar.
    """
    rolled = scoring.roll_up(parts)
    counting = [one for one in key_results if one.is_counted]
    dropped = [one for one in key_results if one.status is Status.DROPPED]
    statuses = [one.status for one in counting]
    counts = {status: statuses.count(status) for status in Status}
    return TeamStanding(
        team=team,
        objectives=tuple(objectives),
        score=rolled.score,
        low=rolled.low if parts else None,
        high=rolled.high if parts else None,
        expected=scoring.roll_up(due).score,
        net=_net(counts, len(counting)),
        counts={**counts, Status.DROPPED: len(dropped)},
        counted=len(counting),
        with_data=len([one for one in counting if one.value is not None]),
        stale=len([one for one in counting if one.is_stale]),
    )


def _net(counts: Mapping[Status, int], total: int) -> float | None:
    """Take, in points, the share on track or achieved less the share off track or missed.

    Shares are of all key results that count; None where there is none.
    """
    if not total:
        return None
    good, bad = (sum(counts[status] for status in side) for side in (WINS, LOSSES))
    return scoring.exact(100 * (good - bad) / total)
