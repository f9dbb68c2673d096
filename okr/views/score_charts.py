"""Scores over time against their pace: one in full, teams side by side, teams by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import altair as alt

from okr.views import formats
from okr.views.charts import (
    Layer,
    Note,
    Spec,
    days,
    edges,
    labelled,
    layered,
    rows,
    shares,
    short_day,
    spread,
    tones,
    wrapped,
)

HEIGHT = 380
APART = 0.06
"""The least distance of two labels, as a share of the height."""

CLEAR = 0.045
"""As a share of the height, how far words stand below a line so as not to be crossed by it."""

LOW = 0.03
"""Below it, as a share of the height, words would stand upon the axis."""


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """How a score stood at the end of a day; all are shares, ``pace`` scaled by the pass mark."""

    day: date
    score: float | None
    high: float | None
    pace: float | None


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A score through its cycle.

    ``mark`` is what the pace reaches on the last day: the pass mark, weighted over all that
    counts. ``tone`` is that of how it stands, ``word`` the words for it.
    """

    name: str
    starts: date
    ends: date
    points: tuple[ScorePoint, ...]
    mark: float | None
    tone: str = "soft"
    word: str = ""

    @property
    def last(self) -> ScorePoint | None:
        """Give the newest point that has a score."""
        return next((one for one in reversed(self.points) if one.score is not None), None)


def draw_score(line: ScoreLine) -> Spec:
    """Draw a score against the pace that it needs, each named where it ends."""
    x = days(line.starts, line.ends)
    scored = [one for one in line.points if one.score is not None]
    data = rows(({"day": one.day, "score": one.score, "high": one.high} for one in scored), "won")
    base = alt.Chart(data).encode(x)
    y = shares("score")
    layers: list[Layer] = [
        base.mark_area(opacity=0.12).encode(y, alt.Y2("high"), tones()),
        _pace(line, x),
        base.mark_line(strokeWidth=2.5).encode(y, tones()),
    ]
    if line.mark is not None:
        layers.append(_pass_mark(line, line.mark, x))
    last = line.last
    if last is not None:
        dot = alt.Chart(rows([{"day": last.day, "score": last.score}], "won"))
        layers.append(dot.mark_point(size=70, filled=True, opacity=1).encode(x, y, tones()))
        layers.append(labelled(_ends(last), x, shares("at")))
    return layered(*layers)


def _pace(line: ScoreLine, x: alt.X) -> Layer:
    """Draw where the score should be, on to the end of the cycle."""
    way = [{"day": one.day, "pace": one.pace} for one in line.points if one.pace is not None]
    if line.mark is not None:
        way.append({"day": line.ends, "pace": line.mark})
    chart = alt.Chart(rows(way, "soft")).mark_line(strokeDash=[5, 4], strokeWidth=1.5)
    return chart.encode(x, shares("pace"), tones())


def _pass_mark(line: ScoreLine, mark: float, x: alt.X) -> Spec:
    """Draw what counts as success on the last day, and name it there."""
    rule = alt.Chart(rows([{"mark": mark}], "soft")).mark_rule(strokeDash=[1, 3], strokeWidth=1.5)
    text = f"success from {formats.share(mark)}"
    note = [Note(line.ends, mark, text, "soft")]
    name = labelled(note, x, shares("at"), align="right", dx=0, dy=-9)
    return layered(rule.encode(shares("mark"), tones()), name)


def _ends(last: ScorePoint) -> list[Note]:
    """Name score, pace and what could be reached where they end, none upon another."""
    known = [(last.score, f"score {formats.share(last.score)}", "won")]
    if last.pace is not None:
        known.append((last.pace, f"pace {formats.share(last.pace)}", "soft"))
    if last.high is not None and last.score is not None and last.high - last.score > 0.005:
        known.append((last.high, f"could reach {formats.share(last.high)}", "won"))
    places = spread([max(LOW, place or 0.0) for place, _, _ in known], APART)
    if last.pace is not None:
        places[1] = _off_the_line(places[1], [*places[:1], *places[2:]])
    return [
        Note(last.day, place, text, name)
        for place, (_, text, name) in zip(places, known, strict=True)
    ]


def _off_the_line(place: float, others: Sequence[float]) -> float:
    """Put words below the pace, which goes on to rise through what stands at its height.

    Where something else is named there, or the axis, they stay upon it.
    """
    lower = place - CLEAR
    is_free = lower >= LOW and all(abs(lower - one) >= APART for one in others)
    return lower if is_free else place


# --- teams one below the other ------------------------------------------------------------------


ROW = 96
"""Pixels of the small chart of one team."""

STRAIGHT = 0.004
"""How far a pace may be from a straight line and be drawn as one: less than a pixel."""

TOP, FOOT = 0.36, 0.92
"""Where within a row a full score and an empty one lie."""


def draw_teams(lines: Sequence[ScoreLine]) -> Spec:
    """Draw small charts one below the other, all on one scale, each under its own name."""
    first, last = lines[0].starts, lines[0].ends
    x = days(first, last)
    scores, paces, bounds, names, ends = [], [], [], [], []
    for row, line in enumerate(lines):
        names.append(
            {
                "at": row + 0.14,
                "text": line.name,
                "word": line.word,
                "tone": line.tone,
                "ink": "ink",
            }
        )
        bounds += [{"at": row + TOP}, {"at": row + FOOT}]
        for one in _thinned(line.points):
            if one.score is not None:
                scores.append({"day": one.day, "team": row, "at": _place(row, one.score)})
        paces += [{"day": day, "team": row, "at": _place(row, pace)} for day, pace in _bends(line)]
        if line.last is not None and line.last.score is not None:
            ends.append({"day": line.last.day, "at": _place(row, line.last.score)})
    y = alt.Y("at:Q", scale=alt.Scale(domain=[len(lines), 0], nice=False), axis=None)
    title = alt.Chart(rows(names)).encode(y)
    left = title.mark_text(align="left", baseline="middle", fontWeight=600, fontSize=14)
    right = title.mark_text(align="right", baseline="middle", fontWeight=600)
    paced = alt.Chart(rows(paces, "soft")).mark_line(strokeDash=[4, 3], strokeWidth=1.2)
    scored = alt.Chart(rows(scores, "won")).mark_line(strokeWidth=2)
    return layered(
        alt.Chart(rows(bounds, "line")).mark_rule(strokeWidth=1).encode(y, tones()),
        paced.encode(x, y, tones(), alt.Detail("team:N")),
        scored.encode(x, y, tones(), alt.Detail("team:N")),
        alt.Chart(rows(ends, "won"))
        .mark_point(size=40, filled=True, opacity=1)
        .encode(x, y, tones()),
        left.encode(alt.Text("text:N"), tones("ink"), x=alt.value(0)),
        right.encode(alt.Text("word:N"), tones(), x=alt.value("width")),
    )


def _thinned(points: Sequence[ScorePoint]) -> list[ScorePoint]:
    """Keep every third day and the newest: a small chart shows no more."""
    newest = len(points) - 1
    return [one for at, one in enumerate(points) if (newest - at) % 3 == 0 or at == 0]


def _bends(line: ScoreLine) -> list[tuple[date, float]]:
    """Give the pace where it bends, and its ends: what lies between is a straight line."""
    way = [(one.day, one.pace) for one in line.points if one.pace is not None]
    if line.mark is not None and (not way or way[-1][0] < line.ends):
        way.append((line.ends, line.mark))
    kept = way[:1]
    for (day, pace), (after, then) in pairwise(way[1:]):
        since, was = kept[-1]
        straight = was + (then - was) * ((day - since) / (after - since))
        if abs(straight - pace) > STRAIGHT:
            kept.append((day, pace))
    return [*kept, *way[1:][-1:]]


def _place(row: int, share: float) -> float:
    return round(row + FOOT - (FOOT - TOP) * share, 3)


# --- teams by week ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tile:
    """One team in one week: what is printed, and the tone beneath; ``depth`` is from 0 to 1."""

    team: str
    week: date
    text: str
    tone: str
    depth: float


TILE = 30
"""Pixels of a row of tiles."""


NAME = 22
"""Letters of a line beside the tiles: a row has the height of one, and barely that of two."""


def draw_tiles(tiles: Sequence[Tile], teams: Sequence[str], weeks: Sequence[date]) -> Spec:
    """Draw teams by weeks, the number in each tile, so that no colour has to be read.

    On a narrow page the oldest weeks are left out.
    """
    newest = {week: age for age, week in enumerate(reversed(weeks))}
    data = rows(
        {
            "team": wrapped(one.team, NAME),
            "week": short_day(one.week),
            "age": newest[one.week],
            "text": one.text,
            "tone": one.tone,
            "depth": one.depth,
            "ink": "ink",
            "edge": "paper",
        }
        for one in tiles
    )
    x = alt.X(
        "week:O",
        sort=[short_day(week) for week in weeks],
        axis=alt.Axis(title=None, orient="top", labelAngle=0, labelOverlap=True),
    )
    y = alt.Y(
        "team:N",
        sort=[wrapped(team, NAME) for team in teams],
        axis=alt.Axis(
            title=None,
            labelExpr="split(datum.label, '\\n')",
            labelLineHeight=14,
            labelOverlap=False,
        ),
    )
    base = alt.Chart(data).transform_filter("datum.age < max(5, floor(width / 34))").encode(x, y)
    depth = alt.Opacity("depth:Q", scale=alt.Scale(domain=[0, 1], range=[0, 0.55]), legend=None)
    return layered(
        base.mark_rect(strokeWidth=2).encode(tones(), edges(), depth),
        base.mark_text(baseline="middle").encode(alt.Text("text:N"), tones("ink")),
    )
