"""What all charts are made of: colours that follow the page, axes, direct labels, the way out."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import altair as alt

from okr.views import formats
from okr.views.tokens import GROUNDS, TEXTS, Colour

Spec = dict[str, Any]
"""A Vega-Lite chart as plain data: what reaches a page, made once and kept."""

Layer = Any
"""A chart of Altair, whose methods say nothing of their types, or what was put together of some."""

Where = Any
"""A place along a side of the chart: a field laid out on a scale, or pixels."""

COLOURS: Final[Mapping[str, Colour]] = {**TEXTS, **GROUNDS}
TONES: Final = tuple(COLOURS)
"""Each tone is a category, in this order. The page's theme holds their colours in the same order
(``chartCategoricalColors`` in ``.streamlit/config.toml``), so that a chart turns dark by itself."""

LABEL = 13
"""Pixels of the type on a chart."""

HALO = 4
"""Pixels of paper around a label, so that no line runs through its letters."""


@dataclass(frozen=True, slots=True)
class Note:
    """A direct label: a text at a place of the chart, in a tone."""

    day: date
    at: float
    text: str
    tone: str = "ink"


def tone_scale() -> alt.Scale:
    """Map tones to the colours of the theme that the chart is shown in."""
    return alt.Scale(domain=list(TONES), range="category")


def tones(field: str = "tone") -> alt.Color:
    """Paint each mark in the tone that its row names."""
    return alt.Color(f"{field}:N", scale=tone_scale(), legend=None)


def edges(field: str = "edge") -> alt.Stroke:
    """Draw the edge of each mark in the tone that its row names."""
    return alt.Stroke(f"{field}:N", scale=tone_scale(), legend=None)


def rows(values: Iterable[Mapping[str, Any]], tone: str = "") -> alt.InlineData:
    """Put rows into a chart: days as numbers, all of them short enough to send to everybody.

    A ``tone`` is that of all rows: the scale of colours asks for one in each. They travel as one
    text to the browser, which reads it: whoever looks into a chart on the way, Altair when it is
    made and Streamlit in each page run, then has the fewer parts to look at.
    """
    more = {"tone": tone} if tone else {}
    plain = [{name: _plain(value) for name, value in row.items()} | more for row in values]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return alt.InlineData(values=text, format=alt.JsonDataFormat(type="json"))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return milliseconds(value)
    return round(value, 5) if isinstance(value, float) else value


def days(first: date, last: date, field: str = "day", is_span: bool = False) -> alt.X:
    """Lay out the days of a window, in UTC so that no time zone moves them.

    A mark that spans days takes its window from the other layers: with a second field, a domain
    that is given would not be understood as days.
    """
    window = [_date_time(first), _date_time(last)]
    scale = alt.Scale(type="utc") if is_span else alt.Scale(type="utc", domain=window)
    axis = alt.Axis(
        format="%-d %b",
        grid=False,
        domain=True,
        tickCount=alt.ExprRef(expr="width < 360 ? 3 : 6"),
        labelFlush=True,
    )
    return alt.X(f"{field}:T", scale=scale, axis=axis, title=None)


def _date_time(day: date) -> alt.DateTime:
    """Spell the end of a domain out: of a number, the browser's interpreter makes no day."""
    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)


def milliseconds(day: date) -> int:
    """Give a day as a chart counts time; as text, the second end of a span is not understood."""
    return (day - date(1970, 1, 1)).days * 86_400_000


def shares(field: str, top: float = 1.0) -> alt.Y:
    """Lay out shares from nothing to all, in percent."""
    axis = alt.Axis(format="%", tickCount=5, title=None)
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=axis)


def labelled(notes: Sequence[Note], x: Where, y: Where, **mark: Any) -> Spec:
    """Write labels beside what they name; ``x`` and ``y`` read ``day`` and ``at``."""
    data = rows(
        {"day": one.day, "at": one.at, "text": one.text, "tone": one.tone, "edge": "paper"}
        for one in notes
    )
    how = {"align": "left", "baseline": "middle", "dx": 8, "fontSize": LABEL, **mark}
    base = alt.Chart(data).encode(alt.Text("text:N"), x=x, y=y)
    halo = base.mark_text(**how, strokeWidth=HALO, strokeJoin="round")
    halo = halo.encode(tones("edge"), edges())
    return layered(halo, base.mark_text(**how, fontWeight=600).encode(tones()))


def layered(*layers: Layer, **more: Any) -> Spec:
    """Draw charts one upon the other, the first at the bottom; rows that all share go along once.

    Altair would copy each layer again and again to put them together, which takes most of the time
    that a chart takes.
    """
    plain = [_plain_layer(one) for one in layers]
    shared = plain[0].get("data")
    if shared is not None and all(one.get("data") == shared for one in plain):
        more["data"] = shared
        plain = [{name: one[name] for name in one if name != "data"} for one in plain]
    return {"layer": plain, **more}


def _plain_layer(layer: Layer) -> Spec:
    """Turn one layer into plain data, its rows in it."""
    if isinstance(layer, dict):
        return layer
    spec = layer.to_dict(validate=False)
    known = spec.pop("datasets", {})
    spec["data"] = {"values": known[spec["data"].pop("name")], **spec["data"]}
    return {name: part for name, part in spec.items() if name not in ("$schema", "config")}


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Move labels away from each other, as little as it takes, their order kept.

    Args:
        places: Where each would stand best.
        apart: The least distance between two of them.
    """
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = [places[at] for at in order]
    for _ in range(4 * len(moved)):
        for low in range(len(moved) - 1):
            missing = apart - (moved[low + 1] - moved[low])
            if missing > 1e-9:
                moved[low] -= missing / 2
                moved[low + 1] += missing / 2
    found = list(places)
    for at, place in zip(order, moved, strict=True):
        found[at] = place
    return found


def as_spec(chart: Spec, height: int, about: str) -> Spec:
    """Make a chart ready to be sent, as wide as the page has room.

    Args:
        chart: What ``layered`` put together.
        height: Pixels, axes included.
        about: What it shows, in words, for those who hear it.
    """
    if "data" in chart:
        chart = {"layer": [chart]}  # what stands at the top, Streamlit makes a table each time
    _scale_once(chart, set())
    size = {"width": "container", "height": height, "description": about}
    return {"$schema": alt.SCHEMA_URL, **chart, **size, "config": CONFIG}


def _scale_once(node: Any, met: set[str]) -> None:
    """Leave the scale of colours to the first layer that has it; the others share it anyway."""
    for layer in node.get("layer", ()):
        for channel in ("color", "stroke"):
            if channel in layer.get("encoding", {}):
                encoding = layer["encoding"][channel]
                if channel in met:
                    encoding = {name: encoding[name] for name in encoding if name != "scale"}
                    layer["encoding"] = {**layer["encoding"], channel: encoding}
                met.add(channel)
        _scale_once(layer, met)


CONFIG: Final[Spec] = {
    "axis": {
        "labelFontSize": LABEL,
        "labelPadding": 6,
        "labelLimit": 0,
        "labelFlush": False,
        "titleFontSize": LABEL,
        "ticks": False,
        "domain": False,
    },
    "text": {"fontSize": LABEL},
    "view": {"stroke": None},
    "mark": {"tooltip": None},
}
"""What holds for every chart, whatever the theme."""


def themed(spec: Spec, theme: str, title: Sequence[str], about: Sequence[str], width: int) -> Spec:
    """Let a chart stand alone, as a picture: with its title, a width and the colours of a theme.

    Args:
        spec: What ``as_spec`` made.
        theme: ``light`` or ``dark``.
        title: The finding, in lines.
        about: How to read it, in lines.
        width: Pixels.
    """
    colour = {name: getattr(one, theme) for name, one in COLOURS.items()}
    axis = {
        "labelColor": colour["soft"],
        "titleColor": colour["soft"],
        "gridColor": colour["line"],
        "domainColor": colour["line"],
        "titleFontWeight": 400,
    }
    config = {
        **spec["config"],
        "axis": {**spec["config"]["axis"], **axis},
        "axisDiscrete": {"grid": False},
        "axisXPoint": {"grid": False},
        "range": {"category": list(colour.values())},
        "background": colour["paper"],
        "font": FONT,
    }
    heading = {
        "text": list(title),
        "subtitle": list(about),
        "anchor": "start",
        "align": "left",
        "frame": "bounds",
        "color": colour["ink"],
        "subtitleColor": colour["soft"],
        "fontSize": 20,
        "fontWeight": 600,
        "subtitleFontSize": 14,
        "lineHeight": 26,
        "subtitleLineHeight": 20,
        "offset": 16,
        "subtitlePadding": 6,
    }
    alone = {"title": heading, "config": config, "padding": 24}
    return {**spec, **alone, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}}


FONT = "Source Sans Pro"
"""The family of pictures; pages have their own."""


def brief(text: str, most: int = 40) -> str:
    """Shorten a text that has to fit beside a mark; the whole of it stands in the table."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def wrapped(text: str, most: int = 18) -> str:
    """Break a name into at most two lines for the side of a chart."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    kept = lines if len(lines) <= 2 else [lines[0], " ".join(lines[1:])]
    return "\n".join(brief(line, most) for line in kept)


def short_day(when: date) -> str:
    """Write the day of a label."""
    return formats.day(when)
