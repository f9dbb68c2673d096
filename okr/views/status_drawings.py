"""Charts of how key results are spread out, each with its finding and its table."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from okr.board import Board, KeyResultStanding
from okr.history import History
from okr.listings import Listing
from okr.model import Snapshot, Status
from okr.scoring import at_least
from okr.views import formats, score_charts
from okr.views.drawings import Drawing, drawing, weekly
from okr.views.score_charts import Tile
from okr.views.status_charts import (
    MIX,
    Slice,
    Stance,
    draw_mix,
    draw_scores,
    draw_stances,
)

BEHIND = 10
"""Points behind pace from which confidence is out of place."""

MARKS = {
    Status.ON_TRACK: "circle",
    Status.AT_RISK: "triangle",
    Status.OFF_TRACK: "square",
    Status.ACHIEVED: "diamond",
    Status.MISSED: "cross",
}
"""What the marks of a chart are called."""

NAMED = 12
"""So many key results are named whose confidence is out of place; a third may be too doubtful."""


def mix_drawing(history: History, standings: Sequence[KeyResultStanding], day: date) -> Drawing:
    """Draw how many key results had which status at the end of each week.

    Args:
        history: The cycle day by day.
        standings: Those that count, as they stand on the day.
        day: The day; after the cycle it is said how they ended.
    """
    keys = frozenset(one.key_result.key for one in standings)
    frame = history.key_results
    frame = frame[frame["key"].isin(keys) & frame["is_counted"].fillna(False).astype(bool)]
    frame = frame.assign(old=frame["is_stale"].fillna(False).astype(bool))
    weeks = weekly(history.days)
    days = pd.to_datetime(pd.Series(weeks))
    grouped = frame[frame["day"].isin(days)].groupby(["day", "status"], observed=True)["old"]
    counts = grouped.agg(["size", "sum"])
    slices = [
        Slice(day.date(), Status(status), int(number), int(stale))
        for (day, status), number, stale in zip(
            counts.index, counts["size"], counts["sum"], strict=True
        )
        if Status(status) in MIX
    ]
    table = tuple((one.week, one.status.value, one.number, one.stale) for one in slices)
    headers = ("Week to", "Status", "Key results", "By old values")
    listing = Listing("Statuses by week", headers, table)
    title, about = mix_finding(slices, weeks), _about_mix(slices, weeks)
    if day > history.cycle.ends:
        title = _end_finding(standings)
        about += " What was open on the last day is achieved or missed since."
    return drawing("mix", title, about, draw_mix(slices), 400, listing)


def _about_mix(slices: Sequence[Slice], weeks: Sequence[date]) -> str:
    about = "Key results that count, at the end of each week; hollow: by a value that is old."
    now = {one.status for one in slices if one.week == weeks[-1]}
    past = [one for one in slices if one.status not in now]
    for status in dict.fromkeys(one.status for one in past):
        most = max((one for one in past if one.status is status), key=lambda one: one.number)
        about += f" In the week to {formats.day(most.week)}, {most.number} {_was(status, most)}."
    return about


def _was(status: Status, most: Slice) -> str:
    if status is Status.NO_DATA:
        return "had no data"
    return f"{'was' if most.number == 1 else 'were'} {status.value}"


def mix_finding(slices: Sequence[Slice], weeks: Sequence[date]) -> str:
    """Say how many are on track now, and how many were four weeks ago."""
    now, then = weeks[-1], weeks[max(0, len(weeks) - 5)]
    good = (Status.ON_TRACK, Status.ACHIEVED)

    def count(week: date) -> tuple[int, int]:
        there = [one for one in slices if one.week == week]
        held = sum(one.number for one in there if one.status in good)
        return held, sum(one.number for one in there)

    held, total = count(now)
    said = f"{formats.plain(held, 0)} of {formats.count(total, 'key result')} on track or achieved"
    if then == now:
        return said
    before, all_then = count(then)
    counts = f"{formats.plain(before, 0)} of {formats.plain(all_then, 0)}"
    return f"{said}; on {formats.day(then)}, {counts}"


def _end_finding(standings: Sequence[KeyResultStanding]) -> str:
    """Say how a cycle ended."""
    counts = Counter(one.status for one in standings)
    total = formats.count(len(standings), "key result")
    parts = [f"{formats.plain(counts[Status.ACHIEVED], 0)} of {total} achieved"]
    parts += [
        f"{formats.plain(counts[status], 0)} {word}"
        for status, word in ((Status.MISSED, "missed"), (Status.NO_DATA, "without data"))
        if counts[status]
    ]
    return ", ".join(parts)


def scores_drawing(standings: Sequence[KeyResultStanding], pace: float | None) -> Drawing:
    """Draw how the scores of key results are spread."""
    scored = [(one, one.score) for one in standings if one.score is not None]
    scores = [score for _, score in scored]
    low = sum(score < 0.3 for score in scores)
    total = formats.count(len(scores), "key result")
    title = f"{low} of {total} below 30%" if scores else "No key result has a score yet"
    missing = len(standings) - len(scores)
    about = "Key results by their score, in steps of ten points."
    about += f" {missing} without a value {'is' if missing == 1 else 'are'} left out." * (
        missing > 0
    )
    table = tuple((one.key_result.title, score) for one, score in scored)
    listing = Listing("Scores of key results", ("Key result", "Score"), table)
    return drawing("scores", title, about, draw_scores(scores, pace), 320, listing)


# --- confidence ---------------------------------------------------------------------------------


class Doubtful(NamedTuple):
    """A key result whose owner and whose numbers disagree; numbered as in the chart."""

    number: int
    title: str
    href: str
    team: str
    words: str


def stances_drawing(
    board: Board, standings: Sequence[KeyResultStanding], to: Callable[..., str]
) -> tuple[Drawing, tuple[Doubtful, ...]]:
    """Draw confidence against pace, and list those that are over- or under-confident.

    Args:
        board: The board that they stand on.
        standings: Those to choose from.
        to: Leads to the page with other choices.
    """
    settings = board.snapshot.settings
    known = [
        one
        for one in standings
        if one.key_result.kind.is_way
        and one.gap is not None
        and one.confidence is not None
        and one.status not in (None, Status.TOO_EARLY, Status.NOT_STARTED)
    ]
    over = [
        one
        for one in known
        if (one.gap or 0.0) > BEHIND and at_least(one.confidence or 0.0, settings.confidence_high)
    ]
    under = [
        one
        for one in known
        if (one.gap or 0.0) <= 0 and not at_least(one.confidence or 0.0, settings.confidence_low)
    ]
    over.sort(key=lambda one: -(one.gap or 0.0))
    under.sort(key=lambda one: one.gap or 0.0)
    few = under[: max(NAMED // 3, NAMED - len(over))]
    doubtful = (*over[: NAMED - len(few)], *few)
    unnamed = len(over) + len(under) - len(doubtful)
    named = tuple(
        Doubtful(
            number,
            one.key_result.title,
            to(view=None, key_result=one.key_result.key),
            one.objective.team if one.objective else "",
            _stance_words(one),
        )
        for number, one in enumerate(doubtful, 1)
    )
    numbers = {one.key_result.key: number for number, one in enumerate(doubtful, 1)}
    stances = [
        Stance(
            numbers.get(one.key_result.key, 0),
            -(one.gap or 0.0),
            one.confidence or 0.0,
            one.status or Status.NO_DATA,
        )
        for one in known
    ]
    table = tuple(
        (one.key_result.title, -(one.gap or 0.0), one.confidence, one.word) for one in known
    )
    headers = ("Key result", "Points ahead of pace", "Confidence", "Status")
    there = {one.status for one in stances}
    marks = "; ".join(f"{name}: {one.value}" for one, name in MARKS.items() if one in there)
    about = "Up: how sure owners are. To the right: points ahead of pace."
    about += f" {marks.capitalize()}." if marks else ""
    if unnamed:
        about += f" The {len(doubtful)} farthest apart are named; the others are in the table."
    chart = draw_stances(stances, settings.confidence_low, settings.confidence_high)
    title = _stances_finding(len(over), len(under), len(known))
    listing = Listing("Confidence and pace", headers, table)
    drawn = drawing("confidence", title, about, chart, 400, listing)
    return replace(drawn, names=_names(named)), named


def _names(named: Sequence[Doubtful]) -> str:
    """Say which key result each number in the chart is."""
    said = (f"{one.number}: {one.title}{f' ({one.team})' * bool(one.team)}" for one in named)
    return f"{'; '.join(said)}." if named else ""


def _stance_words(one: KeyResultStanding) -> str:
    behind = one.gap or 0.0
    side = "behind" if behind > 0 else "ahead"
    return f"confidence {formats.share(one.confidence)}, {formats.points(behind)} {side}"


def _stances_finding(over: int, under: int, total: int) -> str:
    if not total:
        return "Nobody has stated a confidence that could be compared"
    if not over and not under:
        return f"Confidence and pace agree for all {total}"
    parts = []
    if over:
        parts.append(f"{over} more confident than the numbers")
    if under:
        parts.append(f"{under} less confident than the numbers")
    return f"{' and '.join(parts)}, of {total} that have a confidence and a pace"


# --- rhythm -------------------------------------------------------------------------------------


def rhythm_drawing(board: Board) -> Drawing | None:
    """Draw by team and week how many of its key results were updated."""
    cycle, snapshot = board.cycle, board.snapshot
    if cycle is None:
        return None
    last = min(board.day, cycle.ends)
    days = [cycle.starts + timedelta(days=at) for at in range((last - cycle.starts).days + 1)]
    weeks = weekly(days)
    if not weeks:
        return None
    teams = {
        team.team.name: [
            one.key_result.key
            for objective in team.objectives
            if objective.objective.is_counted
            for one in objective.key_results
            if one.is_counted
        ]
        for team in board.teams
    }
    teams = {name: keys for name, keys in teams.items() if keys}
    tiles: list[Tile] = []
    table: list[tuple[str, date, int, int]] = []
    for name, keys in teams.items():
        updated = [_updates(snapshot, key) for key in keys]
        for week in weeks:
            first = max(week - timedelta(days=week.weekday()), cycle.starts)
            number = sum(any(first <= day <= week for day in days_of) for days_of in updated)
            is_over = week.weekday() == 6 or week == cycle.ends
            tiles.append(_rhythm_tile(name, week, number, number / len(keys), is_over))
            table.append((name, week, number, len(keys)))
    labels = {name: f"{name} ({len(keys)})" for name, keys in teams.items()}
    named = [Tile(labels[one.team], one.week, one.text, one.tone, one.depth) for one in tiles]
    headers = ("Team", "Week to", "Updated", "Key results")
    about = "Key results updated in each week, by a check-in or in the sheet; in brackets all."
    chart = score_charts.draw_tiles(named, list(labels.values()), weeks)
    height = score_charts.TILE * len(labels) + 34
    listing = Listing("Key results updated by team and week", headers, tuple(table))
    return drawing("rhythm", rhythm_finding(table, weeks), about, chart, height, listing)


def _rhythm_tile(team: str, week: date, number: int, share: float, is_over: bool) -> Tile:
    """Judge a week by the share that was updated; one that still runs is not judged."""
    tone = "good" if share >= 0.8 else "warn" if share >= 0.4 else "bad"
    depth = 0.25 + 0.75 * abs(share - 0.5)
    return Tile(team, week, str(number), tone if is_over else "quiet", depth if is_over else 0.2)


def _updates(snapshot: Snapshot, key: str) -> list[date]:
    """List the days on which somebody said or typed a value, or how sure they are."""
    said = [entry.when.date() for entry in snapshot.check_ins.get(key, ())]
    typed = [
        change.when.date()
        for change in snapshot.changes.get(key, ())
        if change.column in ("Current", "Confidence")
    ]
    return said + typed


def rhythm_finding(table: Sequence[tuple[str, date, int, int]], weeks: Sequence[date]) -> str:
    """Say how many were updated in the last whole week, and who was the quietest."""
    whole = [week for week in weeks if week.weekday() == 6] or list(weeks)
    week = whole[-1]
    there = [
        (number / total, team, number, total) for team, day, number, total in table if day == week
    ]
    number = sum(updated for _, _, updated, _ in there)
    total = formats.count(sum(all_of for _, _, _, all_of in there), "key result")
    said = f"{formats.plain(number, 0)} of {total} updated in the week to {formats.day(week)}"
    quiet = min(there, default=None)
    if quiet is None or quiet[0] > 0.5 or len(there) == 1:
        return said
    return f"{said}; {quiet[1]} {quiet[2]} of {quiet[3]}"
