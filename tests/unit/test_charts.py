"""Charts as data: what is drawn, in which order and tone, and that it is a chart at all."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import ValidationError

from okr.assess import build_board
from okr.board import Board
from okr.changes import changes_of
from okr.digest import digest_of
from okr.history import History, build_history
from okr.looking_back import as_of
from okr.model import Status
from okr.pictures.choice import Choice
from okr.views import progress
from okr.views.addresses import Address
from okr.views.changes import moved as line_of_move
from okr.views.charts import COLOURS, TONES, Spec, milliseconds, spread, themed, wrapped
from okr.views.course import build_course
from okr.views.drawings import (
    farthest_behind_first,
    outlook,
    pass_mark_of,
    score_drawing,
    score_finding,
    score_line,
    team_drawing,
    team_lines,
    teams_finding,
)
from okr.views.score_charts import ScoreLine, ScorePoint
from okr.views.status_charts import Slice, draw_mix, draw_scores
from okr.views.status_drawings import mix_drawing, rhythm_drawing, stances_drawing
from okr.views.two_scores import two_scores
from tests.unit.boards import a_board, standing_of
from tests.unit.readings import (
    DAY,
    a_change,
    a_check_in,
    a_key_result,
    an_objective,
    check_ins,
    history,
    serial,
)

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
STARTS, ENDS = date(2026, 4, 1), date(2026, 6, 30)
WEEK_AGO = DAY - timedelta(days=7)
ATTACK = "'+alert(1)+'<script>\"\\u0027\n${datum.x}"


def marks(spec: Spec) -> Iterator[Spec]:
    """Give each mark of a chart with the rows that it draws, from the bottom up."""
    for layer in spec["layer"]:
        below = {**layer, "data": layer.get("data", spec.get("data"))}
        yield from marks(below) if "layer" in layer else [below]


def drawn(spec: Spec, kind: str) -> list[Mapping[str, Any]]:
    """Give the rows of all marks of a kind."""
    return [
        row
        for mark in marks(spec)
        if mark["mark"]["type"] == kind
        for row in json.loads(mark["data"]["values"])
    ]


def texts(spec: Spec) -> set[str]:
    return {str(row.get("text", "")) for row in drawn(spec, "text")}


def said(day: date, value: float | str = "", **more: Any) -> dict[str, Any]:
    return a_check_in(when=serial(day), value=value, **more)


def followed(board: Board) -> History:
    assert board.cycle is not None
    return build_history(board.snapshot, board.cycle, board.day)


REPORTED = check_ins(
    said(date(2026, 4, 8), 33.0, confidence=0.9),
    said(date(2026, 4, 22), 36.0, confidence=0.9, note=ATTACK),
    said(date(2026, 5, 13), 39.0, confidence=0.5),
)


# --- what all charts share ------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_the_page_has_the_tones_in_their_order(theme: str) -> None:
    known = tomllib.loads(CONFIG.read_text("utf-8"))["theme"][theme]

    assert known["chartCategoricalColors"] == [getattr(COLOURS[tone], theme) for tone in TONES]


def every_spec() -> list[Spec]:
    return deepcopy(specs())


@cache
def specs() -> list[Spec]:
    rows = [an_objective(), an_objective(id="O-2", objective=ATTACK, team=ATTACK)]
    key_results = [
        a_key_result(unit=ATTACK),
        a_key_result(id="KR-2", objective="O-2", key_result=ATTACK, start=5.0, target=1.0),
    ]
    moved = history(
        a_change(when=serial(date(2026, 5, 4)), column="Target", before=40.0, after=45.0)
    )
    board = a_board(rows, key_results, REPORTED, moved)
    found = []
    for query in (
        {},
        {"view": "teams"},
        {"view": "status"},
        {"view": "confidence"},
        {"view": "rhythm"},
        {"objective": "O-2"},
        {"key_result": "KR-1"},
    ):
        page = progress.build_progress(
            board,
            board.top.team.name,
            Address("progress", query),
            lambda: followed(board),
            lambda day: a_board(rows, key_results, REPORTED, moved, day=day),
        )
        found += [one.spec for block in page.blocks for one in block.drawings]
    return found


def test_every_chart_is_one_by_the_rules_of_vega_lite() -> None:
    for spec in every_spec():
        assert spec["layer"]
        alt.LayerChart.validate({**spec, "width": 400})
        with pytest.raises(ValidationError):
            alt.LayerChart.validate({**spec, "width": 400, "layer": [{"mark": "nonsense"}]})


def test_no_text_of_the_sheet_gets_into_what_is_evaluated() -> None:
    def without_rows(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: without_rows(one) for key, one in node.items() if key != "values"}
        return [without_rows(one) for one in node] if isinstance(node, list) else node

    for spec in every_spec():
        bare = without_rows({key: one for key, one in spec.items() if key != "description"})
        for layer in marks(bare):
            layer.get("encoding", {}).get("y", {}).pop("sort", None)
        assert "alert" not in json.dumps(bare)


def test_rows_stand_where_streamlit_leaves_them_alone() -> None:
    for spec in every_spec():
        assert "data" not in spec
        assert "datasets" not in json.dumps(spec)


def test_a_picture_takes_its_colours_along() -> None:
    spec = themed(every_spec()[0], "dark", ["Found"], ["How"], 800)

    assert spec["config"]["background"] == COLOURS["paper"].dark
    assert spec["config"]["range"]["category"][TONES.index("won")] == COLOURS["won"].dark
    assert spec["title"]["text"] == ["Found"]


@settings(deadline=None)
@given(st.lists(st.floats(-10, 10), max_size=8), st.floats(0.01, 1))
def test_labels_are_kept_apart_and_in_order(places: list[float], apart: float) -> None:
    moved = spread(places, apart)
    order = sorted(range(len(places)), key=lambda at: places[at])
    ranked = [moved[at] for at in order]

    steps = [after - before for before, after in pairwise(ranked)]
    assert all(step >= 0.5 * apart for step in steps)
    if all(abs(a - b) >= apart for i, a in enumerate(places) for b in places[i + 1 :]):
        assert moved == pytest.approx(places)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Sales", ["Sales"]),
        ("Finance & People", ["Finance & People"]),
        ("Finance & People (7)", ["Finance & People", "(7)"]),
        ("Customer Success and Renewals Team", ["Customer Success", "and Renewals Team"]),
        ("X" * 40, ["X" * 17 + "…"]),
        (
            "One two three four five six seven eight nine",
            ["One two three four", "five six seven ei…"],
        ),
    ],
)
def test_names_beside_a_chart_take_two_lines_at_most(name: str, lines: list[str]) -> None:
    assert wrapped(name).split("\n") == lines


# --- scores ---------------------------------------------------------------------------------------


def line_of(board: Board) -> ScoreLine:
    frame = followed(board)
    mark = pass_mark_of(board.organisation.objectives)
    return score_line(frame, frame.organisation, "Growth", mark)


def test_the_pace_runs_on_to_the_pass_mark_on_the_last_day() -> None:
    rows = [an_objective(), an_objective(id="O-2", objective="More", type="aspirational")]
    spec = score_drawing(line_of(a_board(rows, None, REPORTED))).spec
    pace = [row for row in drawn(spec, "line") if "pace" in row]

    assert (pace[0]["day"], pace[0]["pace"]) == (milliseconds(STARTS), 0.0)
    assert (pace[-1]["day"], pace[-1]["pace"]) == (milliseconds(ENDS), 0.85)
    assert pace[-2]["day"] == milliseconds(DAY)


def test_score_pace_and_what_could_be_reached_are_named_where_they_end() -> None:
    rows = [a_key_result(), a_key_result(id="KR-2", key_result="Unmeasured", current="")]
    spec = score_drawing(line_of(a_board(None, rows, REPORTED))).spec

    assert texts(spec) == {"score 27%", "pace 54%", "could reach 77%", "success from 100%"}


@pytest.mark.parametrize(
    ("score", "pace", "day", "finding"),
    [
        (0.42, 0.54, DAY, "Care is 12 points behind pace"),
        (0.55, 0.54, DAY, "Care is 1 point ahead of pace"),
        (0.544, 0.541, DAY, "Care is right on pace"),
        (0.1, 0.0, STARTS, "Care scores 10%"),
        (0.5, 0.93, ENDS, "Care ended at 50%, 43 points short of success"),
        (0.93, 0.93, ENDS, "Care ended at 93%: a success"),
    ],
)
def test_the_title_is_the_finding(score: float, pace: float, day: date, finding: str) -> None:
    point = ScorePoint(day, score, score, pace)

    assert score_finding(ScoreLine("Care", STARTS, ENDS, (point,), 1.0), point) == finding


def straight(last: float, days: int) -> ScoreLine:
    points = tuple(
        ScorePoint(STARTS + timedelta(days=at), last * at / days, 1.0, at / 90)
        for at in range(days + 1)
    )
    return ScoreLine("Care", STARTS, ENDS, points, 0.9)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (straight(0.1, 8), "It is too early to say where that leads."),
        (straight(0.5, 45), "in the last 4 weeks, the score ends at 100%: enough for the 90%"),
        (straight(0.25, 45), "in the last 4 weeks, the score ends at 50%: short of the 90%"),
        (straight(0.2, 20), "in the last 3 weeks, the score ends at 90%: enough for"),
        (straight(0.5, 90), ""),
        (ScoreLine("Care", STARTS, ENDS, (), 0.9), ""),
    ],
)
def test_an_outlook_names_its_assumption(line: ScoreLine, sentence: str) -> None:
    assert sentence in outlook(line)
    assert bool(outlook(line)) is bool(sentence)


def test_teams_without_objectives_have_no_chart() -> None:
    board = a_board(
        [an_objective(), an_objective(id="O-2", objective="Draft", team="B", state="draft")]
    )

    assert [line.name for line in team_lines(board, followed(board))] == ["Growth"]


def test_the_team_that_is_farthest_behind_is_named() -> None:
    def line(name: str, score: float) -> ScoreLine:
        return ScoreLine(name, STARTS, ENDS, (ScorePoint(DAY, score, score, 0.5),), 1.0)

    lines = [line("Care", 0.4), line("Sales", 0.2), line("App", 0.6)]

    assert teams_finding(lines) == "2 of 3 teams are behind pace: Sales by 30 points"
    assert teams_finding(lines[2:]) == "The team keeps its pace"


def test_of_many_teams_those_farthest_behind_are_drawn_and_all_are_in_the_table() -> None:
    def line(name: str, score: float | None) -> ScoreLine:
        return ScoreLine(name, STARTS, ENDS, (ScorePoint(DAY, score, score, 0.5),), 1.0)

    lines = [line("App", 0.6), line("New", None), line("Care", 0.4), line("Even", 0.5)]
    ordered = farthest_behind_first([*lines, line("Sales", 0.2), line("Shop", 0.2)])
    assert [one.name for one in ordered] == ["Sales", "Shop", "Care", "New", "Even", "App"]

    few, every = team_drawing(ordered, 3), team_drawing(ordered)
    assert "App" in texts(every.spec)
    assert {"Sales", "Care"} <= texts(few.spec)
    assert "New" not in texts(few.spec)
    assert few.about.endswith("3 of 6 teams are drawn; the others are in the table.")
    assert few.listing == every.listing
    assert few.title == every.title == "3 of 6 teams are behind pace: Sales by 30 points"


# --- statuses -------------------------------------------------------------------------------------


def test_old_values_are_hollow_and_nothing_is_lost_in_a_stack() -> None:
    week = date(2026, 5, 17)
    spec = draw_mix([Slice(week, Status.ON_TRACK, 5, 2), Slice(week, Status.OFF_TRACK, 1, 0)])
    bars = {(row["status"], row["hollow"]): row["number"] for row in drawn(spec, "bar")}

    assert bars == {("on track", False): 3, ("on track", True): 2, ("off track", False): 1}
    assert texts(spec) >= {"5 on track, 2 old", "1 off track"}


def test_what_has_ended_is_said_to_have_ended() -> None:
    board = a_board(None, None, REPORTED, day=date(2026, 7, 5))
    mix = mix_drawing(followed(board), board.key_results, board.day)
    stances, _ = stances_drawing(board, board.key_results, Address("progress").here)

    assert mix.title == "0 of 1 key result achieved, 1 missed"
    assert stances.about.endswith("Cross: missed.")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0, 1), max_size=30))
def test_every_score_is_counted_once(scores: list[float]) -> None:
    assert sum(row["number"] for row in drawn(draw_scores(scores, 0.5), "bar")) == len(scores)


@pytest.mark.parametrize(
    ("value", "confidence", "named"),
    [(33.0, 0.9, True), (33.0, 0.5, False), (42.0, 0.2, True), (42.0, 0.9, False)],
)
def test_who_disagrees_with_the_numbers_is_numbered_and_listed(
    value: float, confidence: float, named: bool
) -> None:
    board = a_board(None, None, check_ins(said(DAY, value, confidence=confidence)))
    chart, listed = stances_drawing(board, board.key_results, Address("progress").here)

    assert [one.number for one in listed] == ([1] if named else [])
    assert {(one.team, one.href) for one in listed} <= {("Growth", "progress?key_result=KR-1")}
    assert {row["number"] for row in drawn(chart.spec, "point")} == {1 if named else 0}


def test_the_rhythm_counts_each_key_result_once_a_week() -> None:
    twice = check_ins(said(date(2026, 5, 5), 40.0), said(date(2026, 5, 6), 41.0), said(DAY, 42.0))
    chart = rhythm_drawing(a_board(None, None, twice))
    assert chart is not None
    weeks = {row[1]: row[2:] for row in chart.listing.rows}

    assert weeks[date(2026, 5, 10)] == (1, 1)
    assert weeks[date(2026, 5, 17)] == (0, 1)
    assert weeks[DAY] == (1, 1)
    assert chart.title == "0 of 1 key result updated in the week to 17 May"


def test_of_many_who_disagree_the_farthest_are_named_and_neighbours_share_a_text() -> None:
    rows = [
        a_key_result(id=f"KR-{at}", key_result=f"No {at}", current=33.0 + at / 20, confidence=0.9)
        for at in range(20)
    ]
    board = a_board(None, rows)
    chart, listed = stances_drawing(board, board.key_results, Address("progress").here)

    assert [one.title for one in listed] == [f"No {at}" for at in range(12)]
    assert "The 12 farthest apart are named" in chart.about
    assert {row["number"] for row in drawn(chart.spec, "text") if "number" in row} == {"1–12"}


# --- one key result -------------------------------------------------------------------------------


def test_a_key_result_is_drawn_with_its_numbers_its_moves_and_what_is_ahead() -> None:
    moved = history(
        a_change(when=serial(date(2026, 5, 4)), column="Target", before=40.0, after=45.0)
    )
    board = a_board(None, None, REPORTED, moved)
    view = build_course(board, standing_of(board))
    assert view.drawing is not None
    spec = view.drawing.spec

    assert [row["value"] for row in drawn(spec, "point")] == [33.0, 36.0, 39.0]
    assert texts(spec) >= {
        *("1", "2", "3"),
        "target\n45 points",
        "4 May: Target 40 → 45 points",
        "confidence",
    }
    assert {row["confidence"] for row in drawn(spec, "bar")} == {0.9, 0.5}
    at_the_end, within = (
        [mark for mark in marks(spec) if _is_text_at(mark, side)] for side in ("until", "since")
    )
    assert [json.loads(one["data"]["values"])[0]["text"] for one in at_the_end] == ["50%"]
    assert all("width" in one["transform"][0]["filter"] for one in within), "where it has room"
    assert [(one.number, one.note) for one in view.entries] == [
        (3, "The new tour helps."),
        (2, ATTACK),
        (1, "The new tour helps."),
    ]


def _is_text_at(mark: Mapping[str, Any], side: str) -> bool:
    place = mark["encoding"].get("x", {}).get("field")
    return bool(mark["mark"]["type"] == "text" and place == side)


@given(
    target=st.floats(20.0, 60.0),
    values=st.lists(st.floats(10.0, 70.0), min_size=1, max_size=5),
    kind=st.sampled_from(["committed", "aspirational"]),
)
@settings(max_examples=30, deadline=None)
def test_names_stand_beside_the_chart_and_never_upon_each_other(
    target: float, values: list[float], kind: str
) -> None:
    reports = [said(STARTS + timedelta(days=9 * at), one) for at, one in enumerate(values, 1)]
    board = a_board([an_objective(type=kind)], [a_key_result(target=target)], check_ins(*reports))
    view = build_course(board, standing_of(board))
    if view.drawing is None:
        return
    beside = [
        one
        for one in marks(view.drawing.spec)
        if one["mark"]["type"] == "text" and one["encoding"]["x"] == {"value": "width"}
    ]
    scale = beside[0]["encoding"]["y"]["scale"]
    low, high = scale["domain"]
    foot, top = int(scale["range"][0]["expr"].rpartition(" ")[2]), scale["range"][1]
    pixels = (view.drawing.spec["height"] - 26 - foot - top) / (high - low)
    places = sorted(row["at"] for row in json.loads(beside[-1]["data"]["values"]))

    assert all((after - one) * pixels > 34 for one, after in pairwise(places))
    assert places[-1] <= high + 1e-4


def test_each_moved_goalpost_is_named_in_the_chart_or_by_a_letter_that_is_told_above_it() -> None:
    days = [date(2026, 4, day) for day in (6, 8, 13, 20, 21, 22, 23, 24)] + [date(2026, 5, 4)]
    moved = history(
        *(
            a_change(when=serial(day), column="Target", before=36.0 + at, after=37.0 + at)
            for at, day in enumerate(days)
        )
    )
    board = a_board(None, None, REPORTED, moved)
    view = build_course(board, standing_of(board))
    assert view.drawing is not None
    named = texts(view.drawing.spec)

    assert {"a", "b", "20 Apr: Target 39 → 40 points"} < named
    assert "c" not in named
    assert view.drawing.about.endswith(
        "Goalposts moved before: a, 6 Apr: Target 36 → 37 points, 8 Apr: Target 37 → 38 points; "
        "b, 13 Apr: Target 38 → 39 points."
    )


OLD_PACE, NEW_PACE = "2026-05-01: 33; 2026-06-01: 34", "2026-05-01: 44; 2026-06-01: 44.5"


@pytest.mark.parametrize(
    ("old", "known", "words", "line"),
    [
        (OLD_PACE, OLD_PACE, "Pace changed", f"Pace changed from “{OLD_PACE}” to “{NEW_PACE}”"),
        ("", None, "Pace set", f"Pace changed from even to “{NEW_PACE}”"),
    ],
)
def test_a_changed_pace_is_a_moved_goalpost_wherever_one_is_told_of(
    old: str, known: str | None, words: str, line: str
) -> None:
    new = NEW_PACE
    moved = history(a_change(when=serial(date(2026, 5, 18)), column="Pace", before=old, after=new))
    row = [a_key_result(pace=new)]
    board, before = (a_board(None, row, REPORTED, moved, day=day) for day in (DAY, WEEK_AGO))
    past = build_board(as_of(board.snapshot, WEEK_AGO), before.cycle, WEEK_AGO)
    view = build_course(board, standing_of(board))
    assert view.drawing is not None

    assert f"18 May: {words}" in texts(view.drawing.spec)
    assert "Goalposts moved" in digest_of(board, Choice())
    [(_, move)] = changes_of(past.organisation, board.organisation, WEEK_AGO, DAY).goalposts
    assert (move.column, move.before, move.after) == ("Pace", known, new)
    assert line_of_move(move) == line
    assert standing_of(past).status is Status.ON_TRACK
    assert standing_of(board).status is Status.OFF_TRACK
    frame = followed(board).key_results
    assert frame["status"].tolist()[-1] == Status.OFF_TRACK.value
    assert frame["status"].tolist()[-1 - (DAY - WEEK_AGO).days] == Status.ON_TRACK.value


def test_both_scores_are_shown_where_the_goalposts_were_moved() -> None:
    moved = history(
        a_change(when=serial(date(2026, 5, 4)), column="Target", before=58.0, after=45.0)
    )
    board = a_board(None, None, REPORTED, moved)
    both = two_scores(followed(board), standing_of(board))
    assert both is not None

    assert both.title == "By the goalposts of now, its score on 3 May was 15 points higher"
    rows = {row[0]: row for row in both.listing.rows}
    assert rows[date(2026, 5, 3)] == (date(2026, 5, 3), 36.0, *approx(4 / 26, 4 / 13))
    assert rows[date(2026, 5, 4)] == (date(2026, 5, 4), 36.0, *approx(4 / 13, 4 / 13))
    steady = a_board(None, None, REPORTED)
    assert two_scores(followed(steady), standing_of(steady)) is None


def approx(*numbers: float) -> list[Any]:
    return [pytest.approx(one) for one in numbers]


def test_the_pace_of_an_aspiration_leads_to_its_pass_mark() -> None:
    board = a_board([an_objective(type="aspirational")], None, REPORTED)
    view = build_course(board, standing_of(board))
    assert view.drawing is not None

    assert "success from\n41.1 points" in texts(view.drawing.spec)
    assert (
        max(row["value"] for row in drawn(view.drawing.spec, "line") if row["tone"] == "soft")
        == 41.1
    )


def test_a_pace_of_its_own_is_drawn_through_its_checkpoints() -> None:
    board = a_board(None, [a_key_result(pace="2026-05-01: 34; 2026-06-01: 44")], REPORTED)
    view = build_course(board, standing_of(board))
    assert view.drawing is not None
    lines = drawn(view.drawing.spec, "line")
    pace = {row["day"]: row["value"] for row in lines if row["tone"] == "soft"}

    days = (date(2026, 5, 1), date(2026, 6, 1), ENDS)
    assert [pace[milliseconds(day)] for day in days] == [34.0, 44.0, 45.0]


@pytest.mark.parametrize(
    ("row", "finding", "has_chart"),
    [
        ({}, "At the rate of the last weeks it ends at 43.4 points, short of 45 points", True),
        ({"target": 41.0}, "At the rate of the last weeks it gets there by 8 Jun", True),
        ({"target": 39.0}, "Achieved: 39 of 39 points", True),
        ({"kind": "keep above", "target": 50.0}, "Off track: 39, at least 50 points", True),
        ({"target": ""}, "No outlook: cannot be scored", False),
    ],
)
def test_what_a_key_result_comes_to_is_said_first(
    row: Mapping[str, Any], finding: str, has_chart: bool
) -> None:
    board = a_board(None, [a_key_result(**row)], REPORTED)
    view = build_course(board, standing_of(board))

    assert view.finding == finding
    assert (view.drawing is not None) is has_chart


def test_without_a_value_there_is_no_outlook() -> None:
    board = a_board(None, [a_key_result(current="")])
    view = build_course(board, standing_of(board))

    assert (view.finding, view.drawing) == ("No value yet, so no outlook", None)


def test_the_projection_prints_what_it_assumes() -> None:
    board = a_board(None, None, REPORTED)
    sentences = build_course(board, standing_of(board)).sentences

    assert (
        "Projected: 99% of the way (53.8% / 54.4%), if it goes on as it did since 1 Apr."
        in sentences
    )


def test_there_is_no_projection_before_a_tenth_of_the_window() -> None:
    board = a_board(None, None, check_ins(said(date(2026, 4, 5), 33.0)), day=date(2026, 4, 8))
    sentences = build_course(board, standing_of(board)).sentences

    assert "No projection before 10% of the window is gone; 8% is." in sentences
