"""Everything computed, in one shape: keys may be added, never renamed."""

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr.assess import build_board, choose_cycle
from okr.model import Cell
from okr.report import as_json, as_markdown, escape
from tests.unit.readings import (
    DAY,
    a_check_in,
    a_key_result,
    a_snapshot,
    a_tab,
    an_objective,
    check_ins,
    teams,
)

WHOLE = "as_of cycle organisation teams objectives key_results problems"
ORGANISATION = "score net counts"
KEY_RESULT = (
    "id cell cycle objective title owner kind start target current progress score expected gap "
    "status stale confidence updated_on projected required_rate achieved_rate weight grade undated "
    "explanation"
)
OBJECTIVE = (
    "id cell cycle grade title team owner type supports score low high counted with_data status "
    "explanation"
)
TEAM = "team parent score net counts"
PROBLEM = "severity tab row column cell value message remedy"
STATUSES = {
    *("dropped", "achieved", "missed", "not started", "no data"),
    *("on track", "at risk", "off track", "too early"),
}

Json = dict[str, Any]


def report(
    *tabs: Any, objectives: Any = None, key_results: Any = None, cycle: str | None = None
) -> Json:
    """Read back the report of a workbook built from rows."""
    snapshot = a_snapshot(objectives, key_results, *tabs)
    board = build_board(snapshot, choose_cycle(snapshot, cycle, DAY), DAY)
    whole: Json = json.loads(as_json(board))
    return whole


def markdown(*tabs: Any, objectives: Any = None, key_results: Any = None) -> str:
    snapshot = a_snapshot(objectives, key_results, *tabs)
    return as_markdown(build_board(snapshot, choose_cycle(snapshot, None, DAY), DAY))


def test_every_key_is_there() -> None:
    whole = report(key_results=[a_key_result(), a_key_result(id="KR-2", objective="O-9")])

    assert set(WHOLE.split()) <= set(whole)
    for keys, things in (
        (ORGANISATION, [whole["organisation"]]),
        (KEY_RESULT, whole["key_results"]),
        (OBJECTIVE, whole["objectives"]),
        (TEAM, whole["teams"]),
        (PROBLEM, whole["problems"]),
    ):
        assert things
        for thing in things:
            assert set(keys.split()) <= set(thing)


def test_hints_stand_beside_the_problems_with_the_strength_of_each_team() -> None:
    whole = report(objectives=[an_objective(objective="Growth")])

    assert [(one["check"], one["id"], one["cell"]) for one in whole["hints"]] == [
        ("length", "O-1", "Objectives!D2"),
        ("key results", "O-1", "Objectives!D2"),
    ]
    assert {"team": "Growth", "share": 0.5, "sound": 1, "rows": 2} in whole["strength"]


def test_the_figures_of_a_key_result() -> None:
    [one] = report(check_ins(a_check_in()))["key_results"]

    assert one | {"explanation": ""} == one | {
        "id": "KR-1",
        "cell": "Key results!C2",
        "cycle": "2026-Q2",
        "objective": "O-1",
        "title": "Raise activation",
        "owner": "ada@example.com",
        "kind": "increase",
        "start": 32,
        "target": 45,
        "current": 42,
        "progress": pytest.approx(10 / 13),
        "score": pytest.approx(10 / 13),
        "expected": pytest.approx(49 / 90),
        "gap": pytest.approx(100 * (49 / 90 - 10 / 13)),
        "status": "on track",
        "stale": False,
        "confidence": 0.7,
        "updated_on": "2026-05-18",
        "weight": 1,
        "grade": None,
        "undated": False,
        "explanation": "",
    }


@pytest.mark.parametrize(
    ("kind", "grade", "colour"),
    [
        ("committed", 0.7, "amber"),
        ("aspirational", 0.7, "green"),
        ("aspirational", 0.1, "red"),
        ("committed", "", None),
    ],
)
def test_a_grade_says_how_good_it_is(kind: str, grade: Cell, colour: str | None) -> None:
    whole = report(
        objectives=[an_objective(type=kind, grade=grade)], key_results=[a_key_result(grade=grade)]
    )

    assert whole["objectives"][0]["grade_colour"] == colour
    assert whole["key_results"][0]["grade_colour"] == colour


def test_the_figures_of_an_objective_a_team_and_the_organisation() -> None:
    whole = report()
    [objective] = whole["objectives"]
    top, team = whole["teams"]
    score = pytest.approx(10 / 13)

    assert (whole["as_of"], whole["cycle"]) == ("2026-05-20", "2026-Q2")
    assert (objective["id"], objective["cell"]) == ("O-1", "Objectives!D2")
    assert (objective["type"], objective["team"]) == ("committed", "Growth")
    assert (objective["score"], objective["low"], objective["high"]) == (score, score, score)
    assert (objective["counted"], objective["with_data"]) == (1, 1)
    assert (team["team"], team["parent"], team["score"]) == ("Growth", "Acme OKRs", score)
    assert (top["team"], top["parent"]) == ("Acme OKRs", None)
    assert whole["organisation"]["score"] == score
    assert whole["organisation"]["net"] == 100
    assert set(whole["organisation"]["counts"]) == STATUSES
    assert sum(whole["organisation"]["counts"].values()) == 1


@pytest.mark.parametrize(
    ("changes", "nulls"),
    [
        pytest.param({"current": ""}, "current progress score gap updated_on stale", id="no data"),
        pytest.param({"target": ""}, "target progress score gap status", id="no target"),
        pytest.param({"target": 32.0}, "progress score gap status projected", id="no way"),
        pytest.param({"current": "soon"}, "current progress score gap", id="unreadable"),
        pytest.param({"confidence": "?"}, "confidence", id="no belief"),
        pytest.param({"kind": "done", "current": True}, "start target", id="done"),
        pytest.param({"kind": "keep above"}, "projected required_rate achieved_rate", id="keep"),
        pytest.param({"objective": "O-9"}, "objective cycle expected gap status", id="homeless"),
        pytest.param({"id": ""}, "id", id="no ID"),
        pytest.param({}, "updated_on stale grade", id="undated"),
    ],
)
def test_what_is_missing_is_null(changes: dict[str, Cell], nulls: str) -> None:
    [one] = report(key_results=[a_key_result(**changes)])["key_results"]

    assert {key: one[key] for key in nulls.split()} == dict.fromkeys(nulls.split())


def test_a_value_that_nobody_dated_says_so() -> None:
    [one] = report()["key_results"]

    assert (one["undated"], one["current"]) == (True, 42)


def test_references_are_ids_else_titles_and_never_keys_of_the_inside() -> None:
    objectives = [
        an_objective(supports="Be first; KR-2; O-3"),
        an_objective(id="", objective="Be first"),
        an_objective(id="O-3", objective="Be best"),
    ]
    key_results = [
        a_key_result(objective="Be first"),
        a_key_result(id="KR-2", objective="O-3"),
        a_key_result(id="KR-3"),
    ]
    whole = report(objectives=objectives, key_results=key_results)

    assert whole["objectives"][0]["supports"] == ["Be first", "KR-2", "O-3"]
    assert [one["objective"] for one in whole["key_results"]] == ["Be first", "O-3", "O-1"]
    assert "~" not in json.dumps(whole)


OBJECTIVES = [
    an_objective(),
    an_objective(id="O-2", objective="Be first", cycle="2026-Q1"),
    an_objective(id="O-3", objective="Be kind", cycle=""),
]
KEY_RESULTS = [
    a_key_result(),
    a_key_result(id="KR-2", objective="O-2"),
    a_key_result(id="KR-3", objective="O-3"),
    a_key_result(id="KR-4", objective="O-9"),
]


@pytest.mark.parametrize(
    ("cycle", "name", "objectives", "key_results", "counted"),
    [
        pytest.param(None, "2026-Q2", "O-1 O-3", "KR-1 KR-3 KR-4", 1, id="of the day"),
        pytest.param("2026-Q1", "2026-Q1", "O-2 O-3", "KR-2 KR-3 KR-4", 1, id="by name"),
        pytest.param("q1 2026", "2026-Q1", "O-2 O-3", "KR-2 KR-3 KR-4", 1, id="spelled freely"),
        pytest.param("all", "all", "O-1 O-2 O-3", "KR-1 KR-2 KR-3 KR-4", 3, id="all"),
    ],
)
def test_a_report_is_of_one_cycle_or_of_all(
    cycle: str | None, name: str, objectives: str, key_results: str, counted: int
) -> None:
    whole = report(objectives=OBJECTIVES, key_results=KEY_RESULTS, cycle=cycle)

    assert whole["cycle"] == name
    assert [one["id"] for one in whole["objectives"]] == objectives.split()
    assert [one["id"] for one in whole["key_results"]] == key_results.split()
    assert whole["organisation"]["counted"] == counted


@pytest.mark.parametrize(("current", "status"), [(42.0, None), (45.0, "achieved"), ("", "no data")])
def test_without_a_cycle_nothing_is_expected(current: Cell, status: str | None) -> None:
    whole = report(objectives=[an_objective(cycle="")], key_results=[a_key_result(current=current)])
    [one] = whole["key_results"]

    assert (one["cycle"], one["expected"], one["gap"], one["status"]) == (None, None, None, status)
    assert whole["cycle"] is None


def test_a_workbook_with_nothing_in_it_has_a_report() -> None:
    whole = report(objectives=[], key_results=[])

    assert whole["objectives"] == whole["key_results"] == []
    assert whole["organisation"]["score"] is None
    assert {one["severity"] for one in whole["problems"]} == {"error"}


def test_problems_come_with_errors_first() -> None:
    rows = [
        a_key_result(confidence="?"),
        a_key_result(id="KR-2", key_result="Keep them", target="soon"),
    ]

    assert [one["severity"] for one in report(key_results=rows)["problems"]] == ["error", "warning"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {name: st.floats() for name in ("start", "target", "current", "weight")}
        ),
        min_size=1,
        max_size=3,
    )
)
def test_no_number_is_ever_printed_as_nan_or_infinity(rows: list[dict[str, float]]) -> None:
    snapshot = a_snapshot(None, [a_key_result(kind="", **row) for row in rows])
    board = build_board(snapshot, snapshot.cycles[0], DAY)

    json.loads(as_json(board), parse_constant=lambda name: pytest.fail(name))
    figures, _, _ = as_markdown(board).partition("## To mend")
    assert not re.search(r"\b(nan|inf)%?\b", figures)


# --- Markdown -------------------------------------------------------------------------------------


def test_markdown_says_what_of_when_and_how_complete() -> None:
    text = markdown(check_ins(a_check_in()))

    assert text.startswith("# Acme OKRs: 2026-Q2\n")
    for part in ("20 May 2026", "1 of 1 key results have data", "## Newcomers feel at home"):
        assert part in text
    assert "(42 − 32) / (45 − 32) = 76.9%" in text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("plain words, 45%", "plain words, 45%"),
        ("*bold* _lean_", r"\*bold\* \_lean\_"),
        ("a | b", r"a \| b"),
        ("[here](https://example.com)", r"\[here\](https://example.com)"),
        ("<b>loud</b>", r"\<b\>loud\</b\>"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("`code`", r"\`code\`"),
        ("# no heading", r"\# no heading"),
        ("two\nlines", "two lines"),
        ("two\r\n\r\nparagraphs", "two paragraphs"),
        (r"back\slash", r"back\\slash"),
    ],
)
def test_what_people_typed_is_not_taken_for_markdown(typed: str, printed: str) -> None:
    assert escape(typed) == printed


@pytest.mark.parametrize("typed", ["a | b", "<script>", "*x*", "line\n# heading", "`a`"])
def test_every_text_of_the_sheet_is_escaped(typed: str) -> None:
    objectives = [an_objective(objective=typed, team=typed, owner=typed)]
    key_results = [
        a_key_result(key_result=typed, owner=typed, objective="O-1", target=typed),
        a_key_result(id="KR-2", key_result=typed, objective=typed * 2),
    ]
    people = a_tab("Teams", [{"Team": typed, "Parent": typed * 2, "Lead": typed}])
    text = markdown(people, objectives=objectives, key_results=key_results)

    assert not re.search(r"(?<!\\)[<`]|^# h|(?<!\\)\*x", text, re.MULTILINE)
    for line in text.splitlines():
        if line.startswith("| ") and "---" not in line:
            assert len(re.findall(r"(?<!\\)\|", line)) == 6


def test_a_text_that_begins_like_a_list_stays_a_text() -> None:
    text = markdown(teams(("- Growth", "")), objectives=[an_objective(team="- Growth")])

    assert not re.search(r"^- Growth", text, re.MULTILINE)


def test_markdown_lists_what_has_no_objective_and_what_to_mend() -> None:
    text = markdown(key_results=[a_key_result(objective="O-9")])

    assert "## Without an objective" in text
    assert "error at Key results!B2" in text


def test_a_report_is_the_same_for_the_same_workbook_and_day() -> None:
    snapshot = a_snapshot(None, None, check_ins(a_check_in()))
    boards = [build_board(snapshot, snapshot.cycles[0], date(2026, 5, 20)) for _ in range(2)]

    assert len({as_json(board) for board in boards}) == 1
