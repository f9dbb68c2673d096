"""From a history to charts: each with its finding in words, and the table behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

import pandas as pd

from okr import scoring
from okr.board import Board, ObjectiveStanding
from okr.history import History
from okr.listings import Listing
from okr.views import formats, score_charts
from okr.views.charts import Spec, as_spec
from okr.views.score_charts import ScoreLine, ScorePoint, Tile

TOO_EARLY = "It is too early to say where that leads."

LOOK_BACK = 28
"""Days whose rate is carried on to the end of the cycle."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart, ready for a page and for a file.

    ``title`` is the finding and ``about`` says how to read it; ``listing`` holds what it shows.
    ``names`` are what its numbers stand for, for a picture that has no list beneath.
    """

    name: str
    title: str
    about: str
    spec: Spec
    listing: Listing
    names: str = ""


def drawing(
    name: str,
    title: str,
    about: str,
    chart: Spec,
    height: int,
    listing: Listing,
) -> Drawing:
    """Put a chart together with its words and its table."""
    return Drawing(name, title, about, as_spec(chart, height, f"{title}. {about}"), listing)


def weekly(days: Iterable[date]) -> list[date]:
    """Choose the last of the days in each week, which runs from Monday to Sunday."""
    last = {(one - timedelta(days=one.weekday())): one for one in days}
    return list(last.values())


# --- one score over time ------------------------------------------------------------------------


def score_line(
    history: History, frame: pd.DataFrame, name: str, mark: float | None, by: float = 1.0
) -> ScoreLine:
    """Take one score through its cycle from the rows of a history.

    Args:
        history: What the frame is from.
        frame: Rows of one team, the organisation or one objective, by day.
        name: Whose score it is.
        mark: The score that is a success on the last day.
        by: What ``expected`` is scaled by to be the pace of the score.
    """
    columns = (frame["day"], frame["score"], frame["high"], frame["expected"])
    points = tuple(
        ScorePoint(day.date(), known(score), known(high), _scaled(known(pace), by))
        for day, score, high, pace in zip(*columns, strict=True)
    )
    line = ScoreLine(name, history.cycle.starts, history.cycle.ends, points, mark)
    tone, word = stand(line.last)
    return ScoreLine(name, line.starts, line.ends, points, mark, tone, word)


def known(value: Any) -> float | None:
    """Take a number of a frame; None where there is none."""
    return None if value is None or pd.isna(value) else float(value)


def _scaled(pace: float | None, by: float) -> float | None:
    return None if pace is None else pace * by


def stand(point: ScorePoint | None) -> tuple[str, str]:
    """Say how a score stands to its pace: a tone, and words such as ``42%, 12 behind``."""
    if point is None or point.score is None:
        return "quiet", "no data"
    score = formats.share(point.score)
    if not point.pace:
        return "soft", score
    behind = whole_points(point.pace) - whole_points(point.score)
    if behind == 0:
        return "good", f"{score}, on pace"
    tone = "good" if behind <= 10 else "warn" if behind <= 25 else "bad"
    return tone, f"{score}, {abs(behind)} {'behind' if behind > 0 else 'ahead'}"


def whole_points(share: float) -> int:
    """Round a share to points, as it is printed."""
    return round(100 * share)


def pass_mark_of(objectives: Iterable[ObjectiveStanding]) -> float | None:
    """Weigh the pass marks of what counts: the pace of their score on the last day."""
    counted = [one for one in objectives if one.objective.is_counted and one.expected is not None]
    parts = [scoring.part(one.objective.weight, one.pass_mark) for one in counted]
    return scoring.roll_up(parts).score if parts else None


def score_drawing(line: ScoreLine) -> Drawing:
    """Draw one score against its pace."""
    title = f"{line.name}: no score yet"
    if line.last is not None and line.last.score is not None:
        title = score_finding(line, line.last)
    about = "Score in blue, with what it could reach if what has no data were all done. "
    about += "Dashed: the pace, up to the score that is a success."
    headers = ("Day", "Score", "Could reach", "Pace")
    table = tuple((one.day, one.score, one.high, one.pace) for one in line.points)
    listing = Listing(f"Score of {line.name}", headers, table)
    chart = score_charts.draw_score(line)
    return drawing("score", title, about, chart, score_charts.HEIGHT, listing)


def score_finding(line: ScoreLine, last: ScorePoint) -> str:
    """Say how far a score is from its pace, or after the last day from success."""
    name = line.name
    if last.score is None or not last.pace:
        return f"{name} scores {formats.share(last.score)}"
    behind = whole_points(last.pace) - whole_points(last.score)
    if last.day >= line.ends:
        ended = f"{name} ended at {formats.share(last.score)}"
        short = f"{ended}, {formats.points(behind)} short of success"
        return short if behind > 0 else f"{ended}: a success"
    if behind == 0:
        return f"{name} is right on pace"
    side = "behind" if behind > 0 else "ahead of"
    return f"{name} is {formats.points(behind)} {side} pace"


def outlook(line: ScoreLine) -> str:
    """Carry the score of the last four weeks on to the end; "" before it means anything.

    The assumption is part of the sentence.
    """
    last = line.last
    if last is None or last.score is None or line.mark is None or last.day >= line.ends:
        return ""
    first = max(line.starts, last.day - timedelta(days=LOOK_BACK))
    since, before = next(
        (one.day, one.score) for one in line.points if one.day >= first and one.score is not None
    )
    length, gone = (line.ends - line.starts).days, (last.day - line.starts).days
    if (last.day - since).days < 14 or gone < 0.1 * length:
        return TOO_EARLY
    rate = (last.score - before) / (last.day - since).days
    end = max(0.0, min(1.0, last.score + rate * (line.ends - last.day).days))
    weeks = formats.count(round((last.day - since).days / 7), "week")
    reached = "enough" if scoring.at_least(end, line.mark) else "short"
    return (
        f"If it goes on as in the last {weeks}, the score ends at {formats.share(end)}: "
        f"{reached}{' for' if reached == 'enough' else ' of'} the {formats.share(line.mark)} "
        "that is a success."
    )


# --- teams --------------------------------------------------------------------------------------


def team_lines(board: Board, history: History) -> list[ScoreLine]:
    """Take the score of each team that has objectives through the cycle, in the board's order."""
    frames = dict(tuple(history.teams.groupby("team", sort=False, observed=True)))
    return [
        score_line(history, frames[team.team.name], team.team.name, pass_mark_of(team.objectives))
        for team in board.teams
        if team.team.name in frames and any(one.objective.is_counted for one in team.objectives)
    ]


TEAMS = 20
"""So many teams are drawn at first: more would be a page of which nobody sees the end."""


def farthest_behind_first(lines: Sequence[ScoreLine]) -> list[ScoreLine]:
    """Order teams by how far they are behind their pace; without a score is worse than on pace."""

    def place(line: ScoreLine) -> float:
        behind = _behind(line)
        return -0.5 if behind is None else -behind

    return sorted(lines, key=place)


def _behind(line: ScoreLine) -> int | None:
    """Say how many points a score is behind its pace on its last day."""
    ahead = _ahead(line.last)
    return None if ahead is None or not (line.last and line.last.pace) else -ahead


def team_drawing(lines: Sequence[ScoreLine], most: int | None = None) -> Drawing:
    """Draw the teams one below the other, all on one scale.

    Args:
        lines: The teams in their order.
        most: How many of them are drawn, from the first; None for all. All are in the table.
    """
    title, about, shown = teams_finding(lines), TEAMS_ABOUT, lines[:most]
    if len(shown) < len(lines):
        about += f" {len(shown)} of {len(lines)} teams are drawn; the others are in the table."
    table = tuple(
        (line.name, one.day, one.score, one.pace) for line in lines for one in line.points
    )
    listing = Listing("Scores of teams", ("Team", "Day", "Score", "Pace"), table)
    height = score_charts.ROW * len(shown) + 44
    return drawing("teams", title, about, score_charts.draw_teams(shown), height, listing)


TEAMS_ABOUT = (
    "One scale for all, from 0% to 100%. Blue: the score; dashed: its pace. Beside each name "
    "the score, and the points it is ahead or behind; those farthest behind stand first."
)


def teams_finding(lines: Sequence[ScoreLine]) -> str:
    """Say how many teams are behind their pace, and which most."""
    behind = [(points, line.name) for line in lines if (points := _behind(line)) is not None]
    late = [(points, name) for points, name in behind if points > 0]
    total = formats.count(len(lines), "team")
    if not behind:
        has_score = any(line.last for line in lines)
        return "It has only begun: no pace yet" if has_score else "No team has a score yet"
    if not late:
        return f"All {total} are on pace or ahead" if len(lines) > 1 else "The team keeps its pace"
    points, name = max(late, key=itemgetter(0))
    verb = "is" if len(late) == 1 else "are"
    is_over = any(line.last and line.last.day >= line.ends for line in lines)
    said = "ended short of success" if is_over else f"{verb} behind pace"
    return f"{len(late)} of {total} {said}: {name} by {formats.points(points)}"


def gap_tiles(history: History, lines: Sequence[ScoreLine]) -> Drawing:
    """Draw by team and week how many points each score was ahead of its pace, or behind."""
    weeks = weekly(history.days)
    tiles = []
    for line in lines:
        by_day = {one.day: one for one in line.points}
        tiles += [_gap_tile(line.name, week, by_day.get(week)) for week in weeks]
    about = "Points ahead of pace (+) or behind it (−) at the end of each week and on the last day."
    headers = ("Team", "Week to", "Points ahead")
    table = tuple((one.team, one.week, one.text) for one in tiles)
    names = [line.name for line in lines]
    chart = score_charts.draw_tiles(tiles, names, weeks)
    height = score_charts.TILE * len(names) + 34
    listing = Listing("Points ahead by team and week", headers, table)
    return drawing("weeks", weeks_finding(lines, weeks), about, chart, height, listing)


def _gap_tile(team: str, week: date, point: ScorePoint | None) -> Tile:
    if point is None or point.score is None or point.pace is None:
        return Tile(team, week, "–", "quiet", 0.0)
    ahead = whole_points(point.score) - whole_points(point.pace)
    tone = "good" if ahead >= -10 else "warn" if ahead >= -25 else "bad"
    return Tile(team, week, formats.signed(ahead), tone, min(1.0, 0.2 + abs(ahead) / 40))


def weeks_finding(lines: Sequence[ScoreLine], weeks: Sequence[date]) -> str:
    """Say which team lost most against its pace within the last four weeks."""
    if len(weeks) < 2:
        return "The first week: nothing to compare yet"
    then, now = weeks[max(0, len(weeks) - 5)], weeks[-1]
    moves = []
    for line in lines:
        by_day = {one.day: one for one in line.points}
        gaps = [_ahead(by_day.get(day)) for day in (then, now)]
        if gaps[0] is not None and gaps[1] is not None:
            moves.append((gaps[1] - gaps[0], line.name))
    span = f"since {formats.day(then)}"
    if not moves or min(moves)[0] >= 0:
        return f"No team lost ground against its pace {span}"
    points, name = min(moves)
    if len(moves) == 1:
        return f"{name} lost {formats.points(points)} against its pace {span}"
    return f"{name} lost the most against its pace: {formats.points(points)} {span}"


def _ahead(point: ScorePoint | None) -> int | None:
    if point is None or point.score is None or point.pace is None:
        return None
    return whole_points(point.score) - whole_points(point.pace)
