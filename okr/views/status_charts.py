"""How key results are spread out: by status and week, by score, by confidence and pace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from okr.model import Status
from okr.views.charts import (
    HALO,
    LABEL,
    Layer,
    Spec,
    edges,
    layered,
    rows,
    short_day,
    spread,
    tones,
)
from okr.views.tokens import LOOKS

MIX = (
    Status.ACHIEVED,
    Status.ON_TRACK,
    Status.AT_RISK,
    Status.OFF_TRACK,
    Status.MISSED,
    Status.NO_DATA,
    Status.TOO_EARLY,
    Status.NOT_STARTED,
)
"""The statuses from the foot of a stack to its top: what is well first, what is unknown last."""

SHAPES: Mapping[str, str] = {
    "circle": "circle",
    "triangle": "triangle-up",
    "square": "square",
    "cross": "cross",
    "check": "diamond",
    "ring": "circle",
    "half": "circle",
    "dashed": "circle",
    "dash": "stroke",
}
"""The marks of the board in the shapes that a chart knows."""

FAINT: Mapping[Status, float] = {Status.TOO_EARLY: 0.45, Status.NOT_STARTED: 0.25}
"""How strongly the greys are filled, so that they can be told from no data."""


@dataclass(frozen=True, slots=True)
class Slice:
    """How many key results had a status at the end of a week; ``stale`` of them by old values."""

    week: date
    status: Status
    number: int
    stale: int


def draw_mix(slices: Sequence[Slice]) -> Spec:
    """Stack the statuses of each week, numbers within and words beside the newest.

    What is known by old values alone is drawn hollow, as everywhere on the board.
    """
    weeks = sorted({one.week for one in slices})
    blocks, words = _blocks(slices, weeks)
    top = max((float(str(one["high"])) for one in blocks), default=1.0)
    x = alt.X(
        "week:O",
        sort=[short_day(week) for week in weeks],
        axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True),
        scale=alt.Scale(paddingInner=0.12, paddingOuter=0.05),
    )
    y = alt.Y("low:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=None)
    base = alt.Chart(rows(blocks)).encode(x, tones())
    solid = base.transform_filter("!datum.hollow").mark_bar(strokeWidth=1)
    hollow = base.transform_filter("datum.hollow").mark_bar(fillOpacity=0.12, strokeWidth=1.5)
    figures = alt.Chart(rows(blocks)).transform_filter(
        "(datum.high - datum.low) * (height - 30) > 14 * datum.top"
    )
    figures = figures.transform_calculate(middle="(datum.low + datum.high) / 2")
    middle = alt.Y("middle:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=None)
    text = figures.mark_text(baseline="middle", fontSize=12, fontWeight=600)
    names = alt.Chart(rows(words)).mark_text(align="left", baseline="middle", fontWeight=600)
    fill = alt.FillOpacity("fill:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None)
    stacks = layered(
        solid.encode(y, alt.Y2("high"), edges(), fill),
        hollow.encode(y, alt.Y2("high"), edges("tone")),
        text.encode(x, middle, alt.Text("number:Q", format=","), tones("ink")),
    )
    beside = names.encode(
        alt.Y("at:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=None),
        alt.Text("text:N"),
        tones(),
        x=alt.value(alt.ExprRef(expr="width + 8")),
    )
    return layered(stacks, beside)


def _blocks(
    slices: Sequence[Slice], weeks: Sequence[date]
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Stack the slices of each week; name those of the newest, none upon another."""
    known = {(one.week, one.status): one for one in slices}
    totals = {week: sum(one.number for one in slices if one.week == week) for week in weeks}
    top = max(totals.values(), default=1)
    blocks: list[dict[str, object]] = []
    named: list[tuple[float, str, str]] = []
    for week in weeks:
        foot = 0
        for status in MIX:
            one = known.get((week, status))
            if one is None or not one.number:
                continue
            tone = LOOKS[status].tone
            for number, is_old in ((one.number - one.stale, False), (one.stale, True)):
                if number:
                    blocks.append(_block(week, status, foot, number, is_old, top, tone))
                    foot += number
            if week == weeks[-1]:
                old = f", {one.stale} old" if one.stale else ""
                named.append((foot - one.number / 2, f"{one.number} {status.value}{old}", tone))
    places = spread([place for place, _, _ in named], 0.055 * top)
    return blocks, [
        {"at": place, "text": text, "tone": tone}
        for place, (_, text, tone) in zip(places, named, strict=True)
    ]


def _block(
    week: date, status: Status, foot: int, number: int, is_old: bool, top: int, tone: str
) -> dict[str, object]:
    return {
        "week": short_day(week),
        "status": status.value,
        "low": foot,
        "high": foot + number,
        "number": number,
        "top": top,
        "hollow": is_old,
        "fill": FAINT.get(status, 1.0),
        "tone": tone,
        "edge": "paper",
        "ink": "ink" if is_old or status in FAINT else "paper",
    }


# --- scores -------------------------------------------------------------------------------------


def draw_scores(scores: Sequence[float], pace: float | None) -> Spec:
    """Count scores by tenths, each bar with its number, and show where the pace is."""
    counts = [0] * 10
    for score in scores:
        counts[min(9, int(round(score, 9) * 10))] += 1
    top = max(counts) * 1.3 or 1.0
    data = [
        {"low": 10 * at, "high": 10 * at + 10, "number": number, "floor": 0}
        for at, number in enumerate(counts)
    ]
    axis = alt.Axis(
        title=None, values=[0, 20, 40, 60, 80, 100], labelExpr="datum.value + '%'", grid=False
    )
    x = alt.X("low:Q", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)
    y = alt.Y("number:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=None)
    base = alt.Chart(rows([one | {"edge": "paper"} for one in data], "won"))
    bars = base.mark_bar(strokeWidth=2, opacity=0.75).encode(
        x, alt.X2("high"), y, alt.Y2("floor"), tones(), edges()
    )
    known = (one | {"edge": "paper"} for one in data if one["number"])
    figures = alt.Chart(rows(known, "ink"))
    figures = figures.transform_calculate(middle="datum.low + 5")
    middle = alt.X("middle:Q", scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)
    figures = figures.encode(middle, y, alt.Text("number:Q", format=","))
    halo = figures.mark_text(dy=-9, strokeWidth=HALO, strokeJoin="round")
    text = layered(
        halo.encode(tones("edge"), edges()),
        figures.mark_text(dy=-9, fontWeight=600).encode(tones()),
    )
    if pace is None:
        return layered(bars, text)
    mark = alt.Chart(rows([{"low": 100 * pace, "text": f"pace {round(100 * pace)}%"}], "ink"))
    rule = mark.mark_rule(strokeDash=[5, 4], strokeWidth=1.5).encode(x, tones())
    name = mark.mark_text(align="left", baseline="top", dx=6, fontWeight=600)
    return layered(bars, rule, text, name.encode(x, alt.Text("text:N"), tones(), y=alt.value(0)))


# --- confidence against pace --------------------------------------------------------------------


FAR = 50
"""Points of pace beyond which a mark stands at the edge."""

WIDE, TALL = 8, 0.03
"""Points of pace, and share of confidence, within which two numbers would stand on each other."""


@dataclass(frozen=True, slots=True)
class Stance:
    """A key result by what its owner says and what its numbers say.

    ``ahead`` is in points of pace; ``number`` is that in the list beneath, 0 where the two agree.
    """

    number: int
    ahead: float
    confidence: float
    status: Status


def draw_stances(stances: Sequence[Stance], low: float, high: float) -> Spec:
    """Draw confidence against pace; the two corners in which they disagree are named.

    Args:
        stances: All key results that have both.
        low: Below it a confidence is low.
        high: From it on a confidence is high.
    """
    data = [
        {
            "ahead": max(-FAR, min(FAR, one.ahead)),
            "confidence": one.confidence,
            "number": one.number,
            "tone": LOOKS[one.status].tone,
            "shape": SHAPES[LOOKS[one.status].shape],
            "ink": "ink",
        }
        for one in stances
    ]
    corners = [
        {"left": -FAR, "right": -10, "foot": high, "top": 1.0},
        {"left": 0, "right": FAR, "foot": 0.0, "top": low},
    ]
    x_scale, y_scale = alt.Scale(domain=[-FAR, FAR]), alt.Scale(domain=[0, 1])
    expr = (
        "datum.value == 0 ? 'on pace' : (datum.value < 0 ? '−' : '+') + abs(datum.value)"
        f" + (datum.value == {-FAR} ? ' or less' : datum.value == {FAR} ? ' or more' : '')"
    )
    axis = alt.Axis(title=None, values=[-50, -25, 0, 25, 50], labelExpr=expr, grid=False)
    x = alt.X("ahead:Q", scale=x_scale, axis=axis)
    shares_axis = alt.Axis(format="%", title=None, tickCount=5)
    y = alt.Y("confidence:Q", scale=y_scale, axis=shares_axis)
    ground = alt.Chart(rows(corners, "track")).mark_rect(opacity=0.6)
    shape = alt.Shape(
        "shape:N",
        scale=alt.Scale(domain=[*set(SHAPES.values())], range=[*set(SHAPES.values())]),
        legend=None,
    )
    dots = alt.Chart(rows(data)).mark_point(size=80, filled=True, opacity=0.8)
    middle = alt.Chart(rows([{"ahead": 0}], "soft")).mark_rule(strokeDash=[5, 4])
    return layered(
        ground.encode(
            alt.X("left:Q", scale=x_scale, axis=axis),
            alt.X2("right"),
            alt.Y("foot:Q", scale=y_scale, axis=shares_axis),
            alt.Y2("top"),
            tones(),
        ),
        middle.encode(x, tones()),
        dots.encode(x, y, tones(), shape),
        _corner("confident, but behind", "left", 4, 6),
        _corner("ahead, but doubtful", "right", -4, -6),
        alt.Chart(rows(_joined([one for one in data if one["number"]])))
        .mark_text(align="left", dx=7, dy=-7, fontSize=12, fontWeight=600)
        .encode(x, y, alt.Text("number:N"), tones("ink")),
    )


def _joined(data: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let marks that stand side by side share one text of all their numbers, right of the last."""
    groups: list[list[dict[str, Any]]] = []
    for one in sorted(data, key=lambda one: (one["confidence"], one["ahead"])):
        last = groups[-1][-1] if groups else None
        is_near = last is not None and one["confidence"] - last["confidence"] < TALL
        if is_near and last is not None and one["ahead"] - last["ahead"] < WIDE:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [
        {**group[-1], "number": _runs(sorted(one["number"] for one in group))} for group in groups
    ]


def _runs(numbers: Sequence[int]) -> str:
    """Write numbers in order, those that follow each other as from and to: ``1–4, 7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _corner(text: str, side: str, dx: int, dy: int) -> Layer:
    """Name a corner in which confidence and pace disagree."""
    is_left = side == "left"
    mark = alt.Chart(rows([{"text": text}], "soft")).mark_text(
        align="left" if is_left else "right",
        baseline="top" if is_left else "bottom",
        dx=dx,
        dy=dy,
        fontSize=LABEL,
    )
    return mark.encode(
        alt.Text("text:N"),
        tones(),
        x=alt.value(0 if is_left else "width"),
        y=alt.value(0 if is_left else "height"),
    )
