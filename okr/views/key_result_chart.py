"""One key result over its window: what was said, what is needed, and where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt

from okr.views import formats
from okr.views.charts import (
    Layer,
    Note,
    Spec,
    days,
    labelled,
    layered,
    milliseconds,
    rows,
    spread,
    tones,
)

HEIGHT = 440
APART = 0.055
"""The least distance of two labels, as a share of the height."""

BAND = (66, 34)
"""Where the band of confidence stands: its foot and its top, in pixels below the chart."""


@dataclass(frozen=True, slots=True)
class Report:
    """A value that was said or typed on a day; ``number`` is that of its note in the list."""

    number: int
    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Belief:
    """A confidence, and the days from which to which it was the newest."""

    since: date
    until: date
    confidence: float


@dataclass(frozen=True, slots=True)
class Ahead:
    """A way still to come: from where to where it leads, and the words for it.

    Its name stands at its end, or at its beginning where ``is_named_first``.
    """

    since: date
    until: date
    start: float
    end: float
    text: str
    tone: str
    dash: tuple[int, int]
    is_named_first: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A key result through its window, ready to draw.

    ``pace`` are the values that it should have on some days, empty where there is no pace;
    ``lines`` are values to be named across the whole window, such as the target. ``moves`` are
    goalposts moved on a day, in words. ``unit`` chooses how values are written.
    """

    starts: date
    ends: date
    today: date
    unit: str
    reports: tuple[Report, ...]
    pace: tuple[tuple[date, float], ...]
    lines: tuple[tuple[float, str], ...]
    ahead: tuple[Ahead, ...]
    moves: tuple[tuple[date, str], ...]
    beliefs: tuple[Belief, ...]

    @property
    def is_rising(self) -> bool:
        """Tell whether values should rise, so that there is room below the newer ones."""
        return not self.pace or self.pace[-1][1] >= self.pace[0][1]

    @property
    def domain(self) -> tuple[float, float]:
        """Give the lowest and the highest value to be seen, with a little air."""
        seen = [one.value for one in self.reports]
        seen += [value for _, value in self.pace] + [value for value, _ in self.lines]
        seen += [end for way in self.ahead for end in (way.start, way.end)]
        low, high = min(seen, default=0.0), max(seen, default=1.0)
        air = 0.08 * (high - low) or abs(high) * 0.1 or 1.0
        return low - air, high + air


def draw_course(course: Course) -> Spec:
    """Draw a key result; whatever is drawn is named beside it."""
    x, y = days(course.starts, course.ends), _values(course, "value")
    said = rows(({"day": one.day, "value": one.value} for one in course.reports), "won")
    base = alt.Chart(said).encode(x, y, tones())
    layers: list[Layer] = [*_lines(course, x), *_pace(course, x)]
    layers += [_ahead(course, way, x) for way in course.ahead]
    layers += [
        *_moves(course, x),
        *_silence(course, x),
        base.mark_line(strokeWidth=2.5),
        base.mark_point(filled=True, size=46, opacity=1),
        _numbers(course, x),
        *_names(course, x),
    ]
    chart = layered(*layers)
    if not course.beliefs:
        return chart
    return layered(chart, _band(course, x), resolve={"scale": {"y": "independent"}})


def _values(course: Course, field: str) -> alt.Y:
    """Lay out values in the unit of the key result."""
    low, high = course.domain
    axis = alt.Axis(format=_format(course), tickCount=5, title=None)
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=axis)


def _format(course: Course) -> str:
    if course.unit == "%":
        return ".2~%"
    return "~s" if max(map(abs, course.domain)) >= 1e6 else ",~f"


def _lines(course: Course, x: alt.X) -> list[Layer]:
    if not course.lines:
        return []
    data = rows(({"value": value} for value, _ in course.lines), "soft")
    rule = alt.Chart(data).mark_rule(strokeDash=[1, 3], strokeWidth=1.5)
    return [rule.encode(_values(course, "value"), tones())]


def _pace(course: Course, x: alt.X) -> list[Layer]:
    if not course.pace:
        return []
    data = rows(({"day": day, "value": value} for day, value in course.pace), "soft")
    way = alt.Chart(data).mark_line(strokeDash=[5, 4], strokeWidth=1.5)
    return [way.encode(x, _values(course, "value"), tones())]


def _silence(course: Course, x: alt.X) -> list[Layer]:
    """Draw the newest value on to today, faintly: it holds, but nobody has said so since."""
    until = min(course.today, course.ends)
    if not course.reports or course.reports[-1].day >= until:
        return []
    value = course.reports[-1].value
    ends = [{"day": course.reports[-1].day, "value": value}, {"day": until, "value": value}]
    line = alt.Chart(rows(ends, "won")).mark_line(strokeWidth=2, opacity=0.35)
    return [line.encode(x, _values(course, "value"), tones())]


def _ahead(course: Course, way: Ahead, x: alt.X) -> Layer:
    ends = [{"day": way.since, "value": way.start}, {"day": way.until, "value": way.end}]
    line = alt.Chart(rows(ends, way.tone)).mark_line(strokeDash=[*way.dash], strokeWidth=2)
    return line.encode(x, _values(course, "value"), tones())


def _moves(course: Course, x: alt.X) -> list[Layer]:
    """Mark the days on which a goalpost was moved, each with its words at the top."""
    if not course.moves:
        return []
    low, high = course.domain
    rule = alt.Chart(rows(({"day": day} for day, _ in course.moves), "ink"))
    marks: list[Layer] = [rule.mark_rule(strokeWidth=1, strokeDash=[2, 2]).encode(x, tones())]
    middle = course.starts + (course.ends - course.starts) / 2
    for number, (day, text) in enumerate(course.moves):
        step = (0.14 + 0.12 * (number % 4)) * (high - low)
        at = low + step if course.is_rising else high - step
        side = {"align": "right", "dx": -5} if day > middle else {"align": "left", "dx": 5}
        y = _values(course, "at")
        marks.append(labelled([Note(day, at, text)], x, y, lineBreak="\n", fontSize=12, **side))
    return marks


def _numbers(course: Course, x: alt.X) -> Spec:
    """Number the dots, as their notes are numbered beneath; of a crowd, not each."""
    shown: list[Report] = []
    gap = (course.ends - course.starts) / 24
    for one in reversed(course.reports):
        if one.number and (not shown or shown[-1].day - one.day >= gap):
            shown.append(one)
    notes = [Note(one.day, one.value, str(one.number), "soft") for one in shown]
    how = {"align": "center", "dx": 0, "dy": -13, "fontSize": 11}
    return labelled(notes, x, _values(course, "at"), **how)


def _names(course: Course, x: alt.X) -> list[Layer]:
    """Name the lines at their right end, none upon another."""
    low, high = course.domain
    named = [(value, text, "soft") for value, text in course.lines]
    named += [
        (way.end, way.text, way.tone) for way in course.ahead if way.text and not way.is_named_first
    ]
    apart = APART * (high - low)
    up = 0.6 * apart
    places = spread([value + up for value, _, _ in named], apart)
    notes = [
        Note(course.ends, min(place, high), text, name)
        for place, (_, text, name) in zip(places, named, strict=True)
    ]
    y = _values(course, "at")
    firsts = [
        Note(way.since, way.start, way.text, way.tone) for way in course.ahead if way.is_named_first
    ]
    below = 14 if course.is_rising else -14
    return [
        *([labelled(notes, x, y, align="right", dx=0)] if notes else []),
        *([labelled(firsts, x, y, align="center", dx=0, dy=below)] if firsts else []),
    ]


def _band(course: Course, x: alt.X) -> Spec:
    """Draw the stated confidence beneath, on a scale of its own, the figures within."""
    foot, top = (alt.ExprRef(expr=f"height + {place}") for place in BAND)
    scale = alt.Scale(domain=[0, 1], range=[foot, top], nice=False)
    narrow = (course.ends - course.starts) / 14
    data = [
        {
            "since": milliseconds(one.since),
            "until": milliseconds(one.until),
            "confidence": one.confidence,
            "text": formats.share(one.confidence) if one.until - one.since >= narrow else "",
            "floor": 0,
            "ink": "ink",
        }
        for one in _joined(course.beliefs)
    ]
    base = alt.Chart(rows(data, "quiet")).encode(
        days(course.starts, course.ends, "since", is_span=True)
    )
    y = alt.Y("confidence:Q", scale=scale, axis=None)
    bars = base.mark_bar(opacity=0.4).encode(alt.X2("until"), y, alt.Y2("floor"), tones())
    figures = base.mark_text(align="left", baseline="bottom", dx=3, dy=-2, fontSize=11)
    figures = figures.encode(alt.Y("floor:Q", scale=scale, axis=None), alt.Text("text:N"))
    name = alt.Chart(rows([{"text": "confidence", "ink": "soft"}]))
    label = name.mark_text(align="left", baseline="bottom", fontSize=11).encode(
        alt.Text("text:N"),
        tones("ink"),
        x=alt.value(0),
        y=alt.value(alt.ExprRef(expr=f"height + {BAND[0] + 15}")),
    )
    return layered(bars, figures.encode(tones("ink")), label)


def _joined(beliefs: Sequence[Belief]) -> list[Belief]:
    """Take what was stated again and again as one."""
    joined: list[Belief] = []
    for one in beliefs:
        if joined and joined[-1].confidence == one.confidence:
            joined[-1] = Belief(joined[-1].since, one.until, one.confidence)
        else:
            joined.append(one)
    return joined
