"""The score of a key result by the goalposts of each day, and by those that hold now."""

from datetime import date
from typing import NamedTuple

import altair as alt

from okr.board import KeyResultStanding
from okr.history import History
from okr.listings import Listing
from okr.views import formats
from okr.views.charts import Note, Spec, days, labelled, layered, rows, shares, spread, tones
from okr.views.drawings import Drawing, drawing, known

HEIGHT = 260
APART = 0.2
"""The least distance of the two names, of two lines each, as a share of the height."""

ABOUT = "Blue: by the goalposts that held on each day. Grey: the same values by those of now."
HEADERS = ("Day", "Value", "Score", "Score by the goalposts of now")


class Scores(NamedTuple):
    """What a key result had at the end of a day, and its score by either goalposts."""

    day: date
    value: float | None
    then: float | None
    now: float | None


def two_scores(history: History, standing: KeyResultStanding) -> Drawing | None:
    """Draw both scores; None where they never differ by as much as can be seen."""
    frame = history.key_results
    frame = frame[frame["key"] == standing.key_result.key]
    columns = (frame["day"], frame["value"], frame["score"], frame["current_score"])
    found = [
        Scores(day.date(), known(value), known(then), known(now))
        for day, value, then, now in zip(*columns, strict=True)
    ]
    both = [one for one in found if one.then is not None and one.now is not None]
    apart = [one for one in both if abs(_gap(one)) >= 0.005]
    if not apart:
        return None
    listing = Listing(f"Scores of {standing.key_result.title}", HEADERS, tuple(found))
    chart = _draw(history, both)
    return drawing("two scores", _title(apart[-1]), ABOUT, chart, HEIGHT, listing)


def _gap(one: Scores) -> float:
    return (one.now or 0.0) - (one.then or 0.0)


def _title(last: Scores) -> str:
    """Say what the moved goalposts did to the score on the newest day on which they did."""
    side = "higher" if _gap(last) > 0 else "lower"
    by = formats.points(100 * _gap(last))
    return f"By the goalposts of now, its score on {formats.day(last.day)} was {by} {side}"


def _draw(history: History, both: list[Scores]) -> Spec:
    x, y = days(history.cycle.starts, history.cycle.ends), shares("at")
    layers = []
    for field, tone, width in (("now", "soft", 1.5), ("then", "won", 2.5)):
        data = rows(({"day": one.day, "at": getattr(one, field)} for one in both), tone)
        layers.append(alt.Chart(data).mark_line(strokeWidth=width).encode(x, y, tones()))
    last = both[-1]
    places = spread([last.then or 0.0, last.now or 0.0], APART)
    words = ("by the goalposts\nof each day", "won"), ("by the goalposts\nof now", "soft")
    notes = [
        Note(last.day, min(0.92, max(0.08, place)), text, tone)
        for place, (text, tone) in zip(places, words, strict=True)
    ]
    names = labelled(notes, alt.value("width"), y, dx=10, dy=-8, lineBreak="\n", lineHeight=16)
    return layered(*layers, names)
