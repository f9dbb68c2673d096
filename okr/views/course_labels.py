"""The words on the chart of one key result: each beside what it names, none upon another."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from okr.views.charts import HALO, Layer, Note, Spec, Where, labelled, layered, rows, spread, tones
from okr.views.charts import edges as paper_edges
from okr.views.course_plan import CROWD, ROW, Course, Report, values

APART = 36
"""The least distance of two names beside the chart, of two lines each, in pixels."""

LINE = 16
"""Pixels from one line of a name to the next; the first stands half of that above the middle."""

FLIP = 0.62
"""Words above the chart stand right of their day, and left of it beyond this share of the window:
on the right there is room for them above the names, on the left above the axis."""

CLOSE = 26
"""Pixels within which a number above its dot would stand upon the pace."""


def names_beside(course: Course) -> list[Layer]:
    """Name the lines right of the chart, where nothing is drawn."""
    named = [(value, text, "soft") for value, text in course.lines]
    named += [(way.end, way.text, way.tone) for way in course.ahead if way.text]
    if not named:
        return []
    apart = APART * course.pixel
    places = _below(spread([value for value, _, _ in named], apart), apart, course.domain[1])
    notes = [
        Note(course.ends, place, text, name)
        for place, (_, text, name) in zip(places, named, strict=True)
    ]
    x = alt.value("width")
    lines = {"lineBreak": "\n", "lineHeight": LINE}
    return [labelled(notes, x, values(course, "at"), dx=10, dy=-LINE / 2, **lines)]


def _below(places: Sequence[float], apart: float, high: float) -> list[float]:
    """Push names down that would stand above the chart, and those beneath with them."""
    found = list(places)
    for at in sorted(range(len(found)), key=lambda at: -found[at]):
        found[at] = min(found[at], high)
        high = found[at] - apart
    return found


def moves_above(course: Course, x: alt.X) -> list[Layer]:
    """Mark the days on which a goalpost was moved, each with its words in a row of its own.

    A line goes up to its words only. Words that stand left of their day are the higher the later
    it is, the others the higher the earlier, so that few lines pass through words. Those that there
    is no room for have a letter in the row below, which is told beside the chart.
    """
    left = [move for move in course.named_moves if course.share(move[0]) > FLIP]
    right = [move for move in course.named_moves if course.share(move[0]) <= FLIP]
    ordered = [*reversed(left), *right]
    data = [
        {"day": day, "text": text, "row": ROW * (0.5 + number), "ink": "ink", "edge": "paper"}
        for number, (day, text) in enumerate(ordered)
    ]
    if not data:
        return []
    letters = [
        {**data[0], "day": day, "text": text, "row": ROW * (0.5 + len(ordered))}
        for one in course.lettered_moves
        for day, text in zip(one.days, one.letter.ljust(len(one.days)), strict=True)
    ]
    at = alt.value(alt.ExprRef(expr="datum.row"))
    foot = alt.value(alt.ExprRef(expr="height"))
    below = [{**row, "row": ROW * (1 + len(ordered))} for row in letters]
    highest = {row["day"]: row for row in reversed([*data, *below])}
    rule = alt.Chart(rows(highest.values())).mark_rule(strokeWidth=1, strokeDash=[2, 2])
    said = [
        _words(data[from_:to], x, at, align=align, dx=dx)
        for from_, to, align, dx in (
            (0, len(left), "right", -6),
            (len(left), len(ordered), "left", 6),
        )
        if to > from_
    ]
    said += [_words(letters, x, at, align="center")] * bool(letters)
    return [rule.encode(x, tones("ink"), y=at, y2=foot), *said]


def _words(data: Sequence[dict[str, Any]], x: Where, y: Where, **mark: Any) -> Spec:
    """Write words whose place is in their rows, on a ground that no line is seen through."""
    base = alt.Chart(rows(data)).encode(alt.Text("text:N"), x=x, y=y)
    how: dict[str, Any] = {"baseline": "middle", "fontSize": 12, **mark}
    halo = base.mark_text(**how, strokeWidth=HALO, strokeJoin="round")
    text = base.mark_text(**how, fontWeight=600)
    return layered(halo.encode(tones("edge"), paper_edges()), text.encode(tones("ink")))


def reach_beneath(course: Course, x: alt.X) -> list[Layer]:
    """Name the last day in reach at the foot of the chart, with a line down to it."""
    if course.reach is None:
        return []
    day, value, text = course.reach
    data = [{"day": day, "value": value, "text": text, "tone": "soft"}]
    rule = alt.Chart(rows(data)).mark_rule(strokeWidth=1.5, strokeDash=[1, 3])
    foot = alt.value(alt.ExprRef(expr="height"))
    is_late = course.share(day) > FLIP
    how: dict[str, Any] = {"align": "right", "dx": -6} if is_late else {"align": "left", "dx": 6}
    y = alt.value(alt.ExprRef(expr="height - 12"))
    return [
        rule.encode(x, values(course, "value"), tones(), y2=foot),
        labelled([Note(day, value, text, "soft")], x, y, fontSize=12, **how),
    ]


def numbers(course: Course, x: alt.X) -> Spec:
    """Number the dots, as their notes are numbered beneath; of a crowd, not each."""
    shown: list[Report] = []
    gap = (course.ends - course.starts) * CROWD
    for one in reversed(course.reports):
        if one.number and (not shown or shown[-1].day - one.day >= gap):
            shown.append(one)
    data: list[dict[str, Any]] = []
    for one in shown:
        dx, dy = _side(course, course.reports.index(one))
        place = {"day": one.day, "at": one.value, "dx": dx, "dy": dy}
        data.append({**place, "text": str(one.number), "ink": "soft", "edge": "paper"})
    aside = {name: alt.ExprRef(expr=f"datum.{name}") for name in ("dx", "dy")}
    return _words(data, x, values(course, "at"), align="center", fontSize=11, **aside)


def _side(course: Course, at: int) -> tuple[int, int]:
    """Choose where a number stands clear of the line, and of the pace: pixels right and down."""
    reports = course.reports
    value = reports[at].value
    came = value - reports[max(0, at - 1)].value
    goes = reports[min(len(reports) - 1, at + 1)].value - value
    is_valley, is_peak = came < 0 < goes, goes < 0 < came
    aside = 0 if is_valley or is_peak or came + goes == 0 else 5 if came + goes > 0 else -5
    pace = _pace_on(course, reports[at].day)
    is_near = pace is not None and 0 <= pace - value < CLOSE * course.pixel
    return (aside, 14) if is_valley or (is_near and not is_peak) else (-aside, -13)


def _pace_on(course: Course, day: date) -> float | None:
    """Give the pace on a day, None where there is none."""
    for (first, low), (last, high) in zip(course.pace, course.pace[1:], strict=False):
        if first <= day <= last and first < last:
            return low + (high - low) * ((day - first) / (last - first))
    return None
