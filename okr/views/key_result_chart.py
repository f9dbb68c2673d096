"""One key result over its window: what was said, what is needed, and where it leads."""

from typing import Any

import altair as alt

from okr.views import formats
from okr.views.charts import Layer, Spec, days, layered, milliseconds, rows, tones
from okr.views.course_labels import moves_above, names_beside, numbers, reach_beneath
from okr.views.course_plan import BAND, Ahead, Course, joined, values

ROOM = 30
"""Pixels that a figure of confidence needs within its band."""

SIDES = ("since", "until")


def draw_course(course: Course) -> Spec:
    """Draw a key result; whatever is drawn is named beside it."""
    x, y = days(course.starts, course.ends), values(course, "value")
    said = rows(({"day": one.day, "value": one.value} for one in course.reports), "won")
    base = alt.Chart(said).encode(x, y, tones())
    layers: list[Layer] = [*_lines(course, x), *_pace(course, x)]
    layers += [_ahead(course, way, x) for way in course.ahead]
    layers += [
        *moves_above(course, x),
        *reach_beneath(course, x),
        *_silence(course, x),
        *_arrivals(course, x),
        base.mark_line(strokeWidth=2.5),
        base.mark_point(filled=True, size=46, opacity=1),
        numbers(course, x),
        *names_beside(course),
    ]
    chart = layered(*layers)
    if not course.beliefs:
        return chart
    return layered(chart, _band(course, x), resolve={"scale": {"y": "independent"}})


def _arrivals(course: Course, x: alt.X) -> list[Layer]:
    """Mark where a way reaches its goal before the last day."""
    there = [way for way in course.ahead if way.text and way.until < course.ends]
    if not there:
        return []
    data = [{"day": way.until, "value": way.end, "tone": way.tone} for way in there]
    dot = alt.Chart(rows(data)).mark_point(size=60, strokeWidth=2, opacity=1)
    return [dot.encode(x, values(course, "value"), tones())]


def _lines(course: Course, x: alt.X) -> list[Layer]:
    if not course.lines:
        return []
    data = rows(({"value": value} for value, _ in course.lines), "soft")
    rule = alt.Chart(data).mark_rule(strokeDash=[1, 3], strokeWidth=1.5)
    return [rule.encode(values(course, "value"), tones())]


def _pace(course: Course, x: alt.X) -> list[Layer]:
    if not course.pace:
        return []
    data = rows(({"day": day, "value": value} for day, value in course.pace), "soft")
    way = alt.Chart(data).mark_line(strokeDash=[5, 4], strokeWidth=1.5)
    return [way.encode(x, values(course, "value"), tones())]


def _silence(course: Course, x: alt.X) -> list[Layer]:
    """Draw the newest value on to today, faintly: it holds, but nobody has said so since."""
    until = min(course.today, course.ends)
    if not course.reports or course.reports[-1].day >= until:
        return []
    value = course.reports[-1].value
    ends = [{"day": course.reports[-1].day, "value": value}, {"day": until, "value": value}]
    line = alt.Chart(rows(ends, "won")).mark_line(strokeWidth=2, opacity=0.35)
    return [line.encode(x, values(course, "value"), tones())]


def _ahead(course: Course, way: Ahead, x: alt.X) -> Layer:
    ends = [{"day": way.since, "value": way.start}, {"day": way.until, "value": way.end}]
    line = alt.Chart(rows(ends, way.tone)).mark_line(strokeDash=[*way.dash], strokeWidth=2)
    return line.encode(x, values(course, "value"), tones())


def _band(course: Course, x: alt.X) -> Spec:
    """Draw the stated confidence beneath, on a scale of its own, the newest figure at its end.

    Of the others those are written within that have the room.
    """
    foot, top = (alt.ExprRef(expr=f"height + {place}") for place in BAND)
    scale = alt.Scale(domain=[0, 1], range=[foot, top], nice=False)
    beliefs = joined(course.beliefs)
    data = [
        {
            "since": milliseconds(one.since),
            "until": milliseconds(one.until),
            "confidence": one.confidence,
            "text": formats.share(one.confidence),
            "floor": 0,
            "ink": "ink",
        }
        for one in beliefs
    ]
    x_of = {name: days(course.starts, course.ends, name, is_span=True) for name in SIDES}
    base = alt.Chart(rows(data, "quiet")).encode(x_of["since"])
    y = alt.Y("confidence:Q", scale=scale, axis=None)
    bars = base.mark_bar(opacity=0.4).encode(alt.X2("until"), y, alt.Y2("floor"), tones())
    earlier, newest = (alt.Chart(rows(some)) for some in (data[:-1], data[-1:]))
    way = milliseconds(course.ends) - milliseconds(course.starts)
    has_room = f"(datum.until - datum.since) * width >= {ROOM * way}"
    how: dict[str, Any] = {"align": "left", "baseline": "bottom", "dx": 3, "dy": -2, "fontSize": 11}
    above = (alt.Y("floor:Q", scale=scale, axis=None), alt.Text("text:N"), tones("ink"))
    figures = earlier.transform_filter(has_room).mark_text(**how)
    last = newest.mark_text(**how, fontWeight=600)
    name = alt.Chart(rows([{"text": "confidence", "ink": "soft"}]))
    label = name.mark_text(align="left", baseline="bottom", fontSize=11).encode(
        alt.Text("text:N"),
        tones("ink"),
        x=alt.value(0),
        y=alt.value(alt.ExprRef(expr=f"height + {BAND[0] + 15}")),
    )
    figures, last = figures.encode(x_of["since"], *above), last.encode(x_of["until"], *above)
    return layered(bars, figures, last, label)
