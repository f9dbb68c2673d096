"""The sentences that sum a team, a cycle or a whole company up, the same on every page."""

from collections.abc import Sequence
from dataclasses import dataclass

from okr.board import Board, KeyResultStanding, TeamStanding
from okr.model import Status
from okr.views import formats, pieces
from okr.views.rows import fresh_count


@dataclass(frozen=True, slots=True)
class Empty:
    """What will stand on a page that has nothing to show yet, and the one thing to do.

    ``href`` leads to where the board itself can do it, by the words of ``act``.
    """

    title: str
    sentence: str
    mend: str
    act: str = ""
    href: str = ""


def when(board: Board) -> str:
    """Say of which cycle and day a page is, and how far the cycle has gone."""
    parts = [board.cycle.name if board.cycle else "All cycles", formats.full_day(board.day)]
    if board.cycle is not None:
        length = (board.cycle.ends - board.cycle.starts).days
        number = (board.day - board.cycle.starts).days
        if number < 0:
            parts.append(f"starts on {formats.day(board.cycle.starts, board.day)}")
        elif number > length:
            parts.append(f"ended on {formats.day(board.cycle.ends, board.day)}")
        else:
            parts.append(f"day {number} of {length}")
    return " · ".join(parts)


def counted(team: TeamStanding) -> list[KeyResultStanding]:
    """Collect the key results that count in a team."""
    return [
        standing
        for objective in team.objectives
        if objective.objective.is_counted
        for standing in objective.key_results
        if standing.is_counted
    ]


def is_behind(standing: KeyResultStanding) -> bool:
    """Tell whether a key result is known to be behind."""
    return standing.status in (Status.OFF_TRACK, Status.MISSED)


def score_words(standing: TeamStanding) -> tuple[str, ...]:
    """Put a score beside its pace, and say what it could reach."""
    _, _, reach = pieces.score_text(standing).partition(", ")
    return tuple(filter(None, (pace_words(standing), reach)))


def pace_words(standing: TeamStanding) -> str:
    """Say where the score should be by now, and how far it is from there."""
    if standing.score is None or not standing.expected:
        return ""
    pace, score = round(standing.expected * 100), round(standing.score * 100)
    if pace == score:
        return f"pace {pace}%, right on it"
    side = "behind" if score < pace else "ahead"
    return f"pace {pace}%, {formats.points(pace - score)} {side}"


def net_words(whole: TeamStanding, standings: Sequence[KeyResultStanding]) -> str:
    """Explain the net figure by the two numbers that it is made of."""
    if whole.net is None:
        return ""
    good = sum(one.status in (Status.ON_TRACK, Status.ACHIEVED) for one in standings)
    bad = sum(is_behind(one) for one in standings)
    return (
        f"{good} of {len(standings)} on track or achieved, less {bad} off track or missed:"
        f" net {formats.signed(whole.net)} points"
    )


def freshness(board: Board, standings: Sequence[KeyResultStanding]) -> tuple[str, ...]:
    """Say how complete and how old the numbers are, in a few short sentences."""
    if not standings:
        return ()
    every = board.snapshot.settings.check_in_every
    dated = [one.updated_on for one in standings if one.updated_on is not None]
    fresh = fresh_count(standings, board.day, every)
    total = formats.count(len(standings), "key result")
    days = formats.count(int(every), "day")
    parts = [f"{fresh} of {total} updated within {days}"]
    if dated:
        parts.append(f"oldest value {formats.age(min(dated), board.day)}")
    parts += [
        f"{number} {word}"
        for number, word in (
            (sum(one.is_undated for one in standings), "undated"),
            (sum(one.value is None for one in standings), "without a value"),
        )
        if number
    ]
    return tuple(parts)
