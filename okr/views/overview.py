"""Overview: who needs help?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from okr.board import Board, KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.columns import KEY_RESULTS
from okr.history import History
from okr.model import RollUp, Status
from okr.snapshot import takes_new_rows
from okr.views import formats, pieces
from okr.views.addresses import Address
from okr.views.ahead import look_ahead
from okr.views.empties import lack_of_key_results, lack_of_objectives
from okr.views.files import Offer, offers, overview_files
from okr.views.legend import Meaning, meanings
from okr.views.pieces import Bar, Tally
from okr.views.rows import KeyResultRow, RowMaker, fresh_count, is_old, maker
from okr.views.summary import (
    Empty,
    counted,
    freshness,
    is_behind,
    net_words,
    pace_words,
    score_words,
    when,
)

SHOWN_FIRST = 10
SHOWN_WINS = 6
LATELY = 14
MOST_IDLE = 3
"""So many teams without objectives of the cycle stand in the table; more are folded into a line."""

IDLE = "objectives in this cycle"
MANY_TEAMS = 15
"""Where more stand in the table, what needs attention comes before it."""

_WORST = (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK, Status.NO_DATA)


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One team in the table of teams, indented by its depth in the tree."""

    name: str
    role: str
    href: str
    depth: int
    bar: Bar
    score: str
    pace: str
    tallies: tuple[Tally, ...]
    net: str
    stale: str
    fresh: str
    remark: str


@dataclass(frozen=True, slots=True)
class BareLine:
    """An objective without a key result; ``add`` leads to the form for its first one, or is ""."""

    title: str
    team: str
    owner: str
    add: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Everything that the Overview shows.

    ``idle`` are teams without objectives of the cycle that the table leaves out, ``bare``
    objectives without a key result.
    """

    title: str
    when: str
    answer: str
    more: str
    ahead: str
    bar: Bar
    score: str
    score_words: tuple[str, ...]
    net_words: str
    tallies: tuple[Tally, ...]
    teams: tuple[TeamLine, ...]
    idle: tuple[TeamLine, ...]
    idle_words: str
    has_many_teams: bool
    legend: str
    first: tuple[KeyResultRow, ...]
    first_rest: str
    bare: tuple[BareLine, ...]
    won: tuple[KeyResultRow, ...]
    won_rest: str
    fresh: tuple[str, ...]
    empty: Empty | None = None
    meanings: tuple[Meaning, ...] = ()
    offers: tuple[Offer, ...] = ()


def build_overview(
    board: Board, address: Address, history: Callable[[], History] | None = None
) -> OverviewPage:
    """Answer who needs help, and show what the answer rests on.

    Args:
        board: Everything computed of the cycle.
        address: The open page and its choices.
        history: Gives the days of the cycle; None looks neither back nor ahead.
    """
    whole = board.organisation
    standings = counted(whole)
    make = maker(board, address)
    needing = _needing(standings, board.day)
    won = _won(standings, board.day)
    teams, idle = _team_lines(board, address)
    return OverviewPage(
        title=whole.team.name,
        when=when(board),
        answer=_answer(board, standings),
        more=_more(board, standings),
        ahead=_ahead(board, history),
        bar=pieces.score_bar(whole, "ink"),
        score=formats.share(whole.score),
        score_words=score_words(whole),
        net_words=net_words(whole, standings),
        tallies=pieces.tallies(standings),
        teams=teams,
        idle=idle,
        idle_words=_idle_words(len(idle)),
        has_many_teams=len(teams) > MANY_TEAMS,
        legend=_legend(board),
        first=_rows(make, needing[:SHOWN_FIRST]),
        first_rest=_rest(len(needing) - SHOWN_FIRST, "on the pages of their teams"),
        bare=tuple(_bare_line(one, board, make) for one in _bare(board)),
        won=_rows(make, won[:SHOWN_WINS]),
        won_rest=_rest(len(won) - SHOWN_WINS),
        fresh=freshness(board, standings),
        empty=_empty(board, address),
        meanings=meanings(board.snapshot.settings),
        offers=offers(address, "overview", overview_files(board)),
    )


def _rows(make: RowMaker, standings: Sequence[KeyResultStanding]) -> tuple[KeyResultRow, ...]:
    return tuple(make.row(standing) for standing in standings)


def _rest(number: int, where: str = "") -> str:
    said = f"and {formats.plain(number, 0)} more" if number > 0 else ""
    return f"{said}, {where}" if said and where else said


# --- the answer -------------------------------------------------------------------------------


def _answer(board: Board, standings: Sequence[KeyResultStanding]) -> str:
    """Sum the page up in one sentence."""
    total = len(standings)
    if not total:
        lack = lack_of_key_results(board, Address()) if board.snapshot.objectives else None
        return lack.sentence if lack else "No key result counts yet."
    cycle = board.cycle
    if cycle is not None and board.day < cycle.starts:
        return f"Nothing is due yet: {cycle.name} starts on {formats.day(cycle.starts, board.day)}."
    if cycle is not None and board.day > cycle.ends:
        return _closing(cycle.name, standings)
    if not any(standing.value is not None for standing in standings):
        none = f"none of {formats.plain(total, 0)} key results has a value"
        return f"Nobody can tell yet: {'the only key result has no value' if total == 1 else none}."
    behind = [standing for standing in standings if is_behind(standing)]
    risky = [standing for standing in standings if standing.status is Status.AT_RISK]
    if behind:
        return f"{_who(board, behind)}: {_of(behind, total)} off track."
    if risky:
        who = _who(board, risky, "watching")
        return f"Nobody is off track. {who}: {_of(risky, total)} at risk."
    if any(standing.status is Status.NO_DATA for standing in standings):
        return "Nobody is known to be behind, but not every key result has a value."
    unknown = [standing for standing in standings if standing.status is None]
    if unknown:
        return _unknown(unknown, total)
    if _bare(board):
        return f"Nobody is known to be behind: {_all(total)} on track, achieved or too early."
    return f"Nobody needs help: {_all(total)} on track, achieved or too early to tell."


def _unknown(unknown: Sequence[KeyResultStanding], total: int) -> str:
    """Say that key results have no status, and why; that is not known to be good news."""
    is_timeless = all(one.window is None for one in unknown)
    why = "no cycle says by when" if is_timeless else "they cannot be scored, or have no cycle"
    if len(unknown) < total:
        have = f"{len(unknown)} of {formats.count(total, 'key result')}"
        has = "has" if len(unknown) == 1 else "have"
        return f"Nobody is known to be behind, but {have} {has} no status: {why}."
    if total == 1:
        why = "no cycle says by when" if is_timeless else "it cannot be scored"
        return f"Nobody can tell: the only key result has no status, for {why}."
    return (
        f"Nobody can tell: none of {formats.plain(total, 0)} key results has a status, for {why}."
    )


def _ahead(board: Board, history: Callable[[], History] | None) -> str:
    """Say how the score moved and where it leads, within the days of one cycle."""
    cycle = board.cycle
    if history is None or cycle is None or not cycle.starts <= board.day < cycle.ends:
        return ""
    return look_ahead(board, history()) if board.organisation.score is not None else ""


def _closing(name: str, standings: Sequence[KeyResultStanding]) -> str:
    won = sum(standing.status is Status.ACHIEVED for standing in standings)
    return f"{name} is over: {won} of {formats.count(len(standings), 'key result')} achieved."


def _who(board: Board, standings: Sequence[KeyResultStanding], verb: str = "help") -> str:
    """Name the teams that these key results belong to, the one with most of them first."""
    found: dict[str, int] = {}
    for standing in standings:
        team = (standing.objective.team if standing.objective else "") or board.top.team.name
        found[team] = found.get(team, 0) + 1
    teams = sorted(found, key=lambda team: -found[team])
    need = "needs" if len(teams) == 1 else "need"
    return f"{formats.listing(teams)} {need} {verb}"


def _of(some: Sequence[object], total: int) -> str:
    is_one = len(some) == 1
    return f"{len(some)} of {formats.count(total, 'key result')} {'is' if is_one else 'are'}"


def _all(total: int) -> str:
    many = f"all {formats.plain(total, 0)} key results are"
    return "the only key result is" if total == 1 else many


def _more(board: Board, standings: Sequence[KeyResultStanding]) -> str:
    """Say what the sentence above leaves out, so that silence is never taken for green."""
    lack = lack_of_key_results(board, Address())
    if lack is not None:
        return lack.mend
    today, bare = board.day, len(_bare(board))
    parts = [
        (sum(one.status is Status.AT_RISK for one in standings), "at risk", "at risk"),
        (sum(one.value is None for one in standings), "without a value", "without a value"),
        (sum(is_old(one, today) for one in standings), "with an old value", "with old values"),
        (sum(map(_is_open, standings)), "without a status", "without a status"),
        (bare, "objective without a key result", "objectives without a key result"),
    ]
    said = [f"{number} {one if number == 1 else many}" for number, one, many in parts if number]
    if said:
        return f"Also {formats.listing(said, len(said))}."
    undated = sum(one.is_undated for one in standings)
    if undated:
        which = "none" if undated == len(standings) else f"not each ({undated} undated)"
        return f"Every value is there, but {which} has a date: nobody can tell how old it is."
    return "Every value is there and up to date." if standings else ""


def _is_open(standing: KeyResultStanding) -> bool:
    """Tell whether a key result has a value, and yet nothing says how it stands."""
    return standing.status is None and standing.value is not None


# --- the teams --------------------------------------------------------------------------------


def _team_lines(
    board: Board, address: Address
) -> tuple[tuple[TeamLine, ...], tuple[TeamLine, ...]]:
    """Make a line of each team, those of the table and those that are folded away."""
    above = {one.team.parent for one in board.teams}
    depths: dict[str | None, int] = {None: -1}
    leading = _leading(board)
    lines: list[TeamLine] = []
    idle: list[TeamLine] = []
    for standing in board.teams:
        depth = depths.get(standing.team.parent, -1) + 1
        depths[standing.team.name] = depth
        line = _team_line(standing, depth, standing.team.name in above, board, address)
        (lines if standing.team.name in leading else idle).append(line)
    return tuple(lines), tuple(idle)


def _leading(board: Board) -> frozenset[str]:
    """Name the teams that have objectives of the cycle, and those above them; all if nearly so."""
    found: set[str] = set()
    above = {one.team.name: one.team.parent for one in board.teams}
    for standing in board.teams:
        name: str | None = standing.team.name if standing.objectives else None
        while name in above and name not in found:
            found.add(name)
            name = above[name]
    is_nearly_all = not found or len(above) - len(found) <= MOST_IDLE
    return frozenset(above if is_nearly_all else found)


def _idle_words(number: int) -> str:
    return f"{formats.count(number, 'more team')} without {IDLE}" if number else ""


def _legend(board: Board) -> str:
    """Say what the short headings of the table mean."""
    settings = board.snapshot.settings
    old = formats.plain(settings.check_in_every + settings.grace)
    every = formats.plain(settings.check_in_every)
    own = "Each row is of the team's own objectives, without those of the teams below it. "
    return (own if len(board.teams) > 1 else "") + (
        "Net: the share on track or achieved less the share off track or missed, in points."
        f" Old: values older than {old} days. Updated: within {every} days."
    )


def _team_line(
    standing: TeamStanding, depth: int, has_below: bool, board: Board, address: Address
) -> TeamLine:
    own = counted(standing)
    every = board.snapshot.settings.check_in_every
    tallies = pieces.tallies(own)
    return TeamLine(
        name=standing.team.name,
        role="its own objectives" if has_below else "",
        href=address.to("team", team=standing.team.name),
        depth=depth,
        bar=pieces.score_bar(standing, _tone(standing)),
        score=formats.share(standing.score) if own else "",
        pace=pace_words(standing),
        tallies=tallies,
        net=formats.signed(standing.net) if standing.net is not None else "",
        stale=str(sum(is_old(one, board.day) for one in own)) if own else "",
        fresh=f"{fresh_count(own, board.day, every)} of {len(own)}" if own else "",
        remark="" if own else _lacking(standing),
    )


def _lacking(standing: TeamStanding) -> str:
    """Say what a team lacks that has nothing to count."""
    if not standing.objectives:
        return f"no {IDLE}"
    return "no key result that counts"


def _tone(standing: TeamStanding) -> str:
    """Colour a team's bar by its distance from pace; it is a score, so no status colour but ink."""
    return "ink" if standing.score is not None else "quiet"


# --- what needs attention, what was won, how fresh ---------------------------------------------


def _needing(standings: Sequence[KeyResultStanding], today: date) -> list[KeyResultStanding]:
    """Rank what needs attention: by severity, then weight, then gap."""
    return sorted(
        (one for one in standings if one.status in _WORST or _is_due(one, today)),
        key=lambda one: (_severity(one), -one.key_result.weight, -(one.gap or 0.0)),
    )


def _bare(board: Board) -> list[ObjectiveStanding]:
    """Find the objectives that nothing measures, so that they count as 0; none once all is over."""
    if board.cycle is not None and board.day > board.cycle.ends:
        return []
    return [
        one
        for one in board.organisation.objectives
        if one.objective.is_counted
        and not one.key_results
        and not (one.objective.roll_up is RollUp.CHILDREN and one.children)
    ]


def _bare_line(standing: ObjectiveStanding, board: Board, make: RowMaker) -> BareLine:
    """Lead to the form that adds a key result to an objective."""
    one = standing.objective
    team = one.team or board.top.team.name
    can_add = make.address.has_forms and takes_new_rows(board.snapshot, KEY_RESULTS)
    add = make.address.to("team", team=team, add=one.key) if can_add else ""
    return BareLine(one.title, team, make.names.of(one.owner), add)


def _is_due(standing: KeyResultStanding, today: date) -> bool:
    return is_old(standing, today) and standing.status is not Status.ACHIEVED


def _severity(standing: KeyResultStanding) -> int:
    """Number the severity; an old value comes after everything that is known to be behind."""
    order = (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK, None, Status.NO_DATA)
    status = standing.status
    return order.index(status if status in _WORST else None)


def _won(standings: Sequence[KeyResultStanding], today: date) -> list[KeyResultStanding]:
    """Find what was achieved by a value of the last two weeks, the newest first."""
    return sorted(
        (
            one
            for one in standings
            if one.status is Status.ACHIEVED
            and one.updated_on is not None
            and (today - one.updated_on).days <= LATELY
        ),
        key=lambda one: (-(one.updated_on or today).toordinal(), -one.key_result.weight),
    )


def _empty(board: Board, address: Address) -> Empty | None:
    """Say what is missing where there is nothing to sum up."""
    if board.organisation.objectives:
        return None
    title = "Here the whole company will stand at a glance"
    lack = lack_of_objectives(board, address, title)
    if lack is not None:
        return lack
    name = board.cycle.name if board.cycle else "any cycle"
    return Empty(
        f"Here {name} will stand at a glance",
        f"No objective is set for {name} yet.",
        f"Type “{name}” into the Cycle column of an objective, or choose another cycle above.",
    )
