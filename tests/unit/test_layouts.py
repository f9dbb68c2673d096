"""OKRs that people keep in layouts of their own: read as they are, and nothing guessed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr.layout import Shape
from okr.layouts.detection import understood
from okr.model import Cell, Snapshot
from okr.reading import Reading, Tab
from okr.snapshot import build_snapshot
from okr.views.read_as import as_lines
from okr.watching import seen_changes
from tests.unit.foreign_sheets import (
    COMPANY,
    LANGUAGES,
    Aim,
    Rows,
    beside,
    blocks,
    flat,
    keyed,
    merges,
    okrs,
    tab,
    told,
    values,
)
from tests.unit.readings import a_reading, a_workbook

HEADS: list[Cell] = ["Objective", "Key result", "Owner", "Start", "Target", "Current"]


def read(*tabs: Tab) -> Snapshot:
    return build_snapshot(a_workbook(*tabs))


def errors(found: Snapshot) -> list[str]:
    return [f"{one.cell}: {one.message}" for one in found.problems if one.severity == "error"]


def below(row: Callable[[int, Aim], list[Cell]], *heads: list[Cell]) -> Rows:
    """Lay out each objective in a row of its own, its key results in the rows below."""
    rows: Rows = [*heads]
    for number, aim in enumerate(COMPANY, 1):
        rows.append(row(number, aim))
        rows += [["", one.title, *values(one)] for one in aim.results]
    return rows


def labelled(label: Callable[[int, int], list[Cell]], heads: list[Cell]) -> Rows:
    """Lay out a row a key result, with something before it and its objective."""
    rows: Rows = [[*heads, *HEADS]]
    for n, aim in enumerate(COMPANY, 1):
        rows += [
            [*label(n, k), aim.title, one.title, *values(one)]
            for k, one in enumerate(aim.results, 1)
        ]
    return rows


def spread(rows: Rows) -> Rows:
    """Put an empty column after each, and an empty row."""
    return [wide for row in rows for wide in ([cell for one in row for cell in (one, "")], [])]


def with_keys(key: str, reference: str) -> list[Tab]:
    ours, theirs = keyed(COMPANY, key, reference)
    return [tab("Goals list", ours), tab("Measures", theirs)]


PLAIN = flat(COMPANY)
BLANK = flat(COMPANY, below="blank")
SUMMARY: Rows = [["Objective", "Score", "Owner"], *([aim.title, 0.5, "x"] for aim in COMPANY)]
COPY: Rows = [
    ["Objective", "Key result", "Progress"],
    *([aim.title, one.title, 0.4] for aim in COMPANY for one in aim.results),
]
LOG: Rows = [
    ["Date", "KR", "Value", "Comment"],
    *([46000.0 + week, one.title, 3.0, "x"] for week in range(3) for one in COMPANY[0].results),
    *([46000.0 + week, one.title, 3.0, "x"] for week in range(3) for one in COMPANY[1].results),
]
GUIDE: Rows = [
    ["How to write OKRs"],
    ["Objective: what you want to achieve"],
    ["Key Result: how you know"],
    ["Objective 1: Delight customers"],
    ["KR1: a rating from 3 to 5"],
]

SHEETS: dict[str, list[Tab]] = {
    **{f"flat, {name}": [tab("Plan", flat(COMPANY, words))] for name, words in LANGUAGES.items()},
    **{
        f"blank below, {name}": [tab("Plan", flat(COMPANY, words, "blank"))]
        for name, words in LANGUAGES.items()
    },
    **{
        f"blocks, {name}": [tab("Plan", blocks(COMPANY, words=words))]
        for name, words in LANGUAGES.items()
    },
    "merged": [tab("Plan", BLANK, merged=merges(COMPANY))],
    "a title above": [tab("Plan", [["Marketing OKRs – Q4 2026"], [], *PLAIN])],
    "groups of headers above": [tab("Plan", [["", "", "", "Values"], *PLAIN])],
    "facts above": [tab("Plan", [["Team:", "Platform"], ["Quarter:", "Q4 2026"], [], *PLAIN])],
    "facts above blocks": [
        tab("Plan", [["Team: Platform"], ["Quarter: Q4 2026"], *blocks(COMPANY)])
    ],
    "a total below": [tab("Plan", [*BLANK, ["Total", "", "", 171.0, 1152.0, 678.0]])],
    "notes below": [tab("Plan", [*BLANK, [], ["Note: update every Friday"], ["Ask Kim for help"]])],
    "a legend below": [
        tab("Plan", [*PLAIN, [], ["Scoring"], ["Score", "Meaning"], ["0.7-1.0", "green"]])
    ],
    "blank rows and columns": [tab("Plan", spread(BLANK))],
    "a blank column before": [tab("Plan", [["", *row] for row in PLAIN])],
    "words with remarks": [
        tab(
            "Plan",
            [
                [
                    "🎯 Objective\n(what)",
                    "Key Results (KRs)",
                    "Owner(s)",
                    "Start (Jan)",
                    "Target (Dec)",
                    "Current (as of 11/20)",
                ],
                *PLAIN[1:],
            ],
        )
    ],
    "short words": [tab("Plan", [["O", "KR", "DRI", "Base", "To", "Now"], *PLAIN[1:]])],
    "statements": [
        tab("Plan", [["Objective statement", "Key result statement", *HEADS[2:]], *PLAIN[1:]])
    ],
    "objectives in rows of their own": [
        tab("Plan", below(lambda _, aim: [aim.title, "", "Kim"], HEADS))
    ],
    "objectives in a column of their own": [
        tab("Plan", below(lambda n, aim: [f"Objective {n}: {aim.title}"], ["", "", *HEADS[2:]]))
    ],
    "teams above their tables": [
        tab("OKRs", [["Marketing"], *flat(COMPANY[:1]), [], ["Sales"], *flat(COMPANY[1:])])
    ],
    "teams among the rows": [
        tab(
            "OKRs",
            [HEADS, ["Growth"], *flat(COMPANY[:1])[1:], ["Platform"], *flat(COMPANY[1:])[1:]],
        )
    ],
    "numbers before": [tab("OKRs", labelled(lambda n, k: [float(n), f"{n}.{k}"], ["#", "#"]))],
    "IDs of objectives": [tab("OKRs", labelled(lambda n, _: [f"O{n}"], ["ID"]))],
    "IDs of key results": [tab("OKRs", labelled(lambda n, k: [f"KR-{n}{k}"], ["ID"]))],
    "names of key results beside them": [
        tab(
            "OKRs",
            [
                ["Objective", "Key Result", "Description", *HEADS[2:]],
                *(
                    [aim.title, f"KR{k}", one.title, *values(one)]
                    for aim in COMPANY
                    for k, one in enumerate(aim.results, 1)
                ),
            ],
        )
    ],
    **{
        f"keyed by {key}, {reference}": with_keys(key, reference)
        for key, reference in (
            *(("ID", "Objective"), ("Code", "Parent"), ("Key", "Belongs to")),
            *(("Nr", "Zu Ziel"), ("Objective ID", "Objective ID"), ("ref", "obj")),
        )
    },
    **{
        f"blocks headed {headed}, {objective} / {result}": [
            tab("Tracker", blocks(COMPANY, objective, result, headed))
        ]
        for headed in ("each", "once")
        for objective, result in (
            ("O{n} {title}", "KR {n}.{k} {title}"),
            ("O{n}: {title}", "{title}"),
            ("Ziel {n}: {title}", "KR {k}: {title}"),
            ("Ziel {n} - {title}", "Schlüsselergebnis {k}: {title}"),
            ("Objective: {title}", "Key Result {k}: {title}"),
            ("OBJECTIVE #{n} – {title}", "KR #{k} – {title}"),
            ("Objectif {n} : {title}", "RC{k} : {title}"),
            ("🎯 Objective {n}: {title}", "• KR{k}: {title}"),
        )
    },
    **{
        f"labels such as {label(1, 0)} and {label(1, 1)}": [tab("Tracker", beside(COMPANY, label))]
        for label in (
            lambda n, k: f"KR{n}.{k}" if k else f"O{n}",
            lambda n, k: f"{n}.{k}" if k else f"{n}",
            lambda n, k: float(f"{n}.{k}") if k else float(n),
            lambda n, k: "Key Result" if k else "Objective",
            lambda n, k: "KR" if k else "O",
        )
    },
    "told apart by their values": [
        tab(
            "Sheet1",
            [
                ["OKR", *HEADS[2:]],
                *(
                    row
                    for aim in COMPANY
                    for row in ([aim.title], *([one.title, *values(one)] for one in aim.results))
                ),
            ],
        )
    ],
    "a title above each table": [tab("Sheet1", blocks(COMPANY, "{title}", "{title}"))],
    "headers in two rows": [
        tab(
            "Plan",
            [["Objective", "Key Result", "Owner", "Values"], ["", "", "", *HEADS[3:]], *PLAIN[1:]],
        )
    ],
    "initiatives among them": [
        tab(
            "Plan",
            [
                row
                for one in beside(COMPANY, lambda n, k: "Key Result" if k else "Objective")
                for row in (one, ["Initiative", "Do this thing first", "Kim"])
            ],
        )
    ],
    "the company's objective beside the team's": [
        tab(
            "Plan",
            [
                ["Company Objective", "Team Objective", *HEADS[1:]],
                *(["", *row] for row in PLAIN[1:]),
            ],
        )
    ],
    "a tab a team": [
        *(tab("Platform", flat(COMPANY[:1])), tab("Growth", flat(COMPANY[1:]))),
        tab("Instructions", GUIDE),
    ],
    "a tab a quarter": [tab("Q3 2026", flat(COMPANY[:1])), tab("Q4 2026", flat(COMPANY[1:]))],
    "with a dashboard": [tab("Plan", PLAIN), tab("Dashboard", SUMMARY), tab("Status", COPY)],
    "with a dashboard before": [tab("View", SUMMARY), tab("Status", COPY), tab("Plan", PLAIN)],
    "with a log": [tab("Weekly", LOG), tab("Plan", PLAIN)],
    "with a guide": [tab("Read me first", GUIDE), tab("Plan", PLAIN)],
    "the board's titles, other headers": [
        tab(
            "Objectives",
            [
                ["Nr", "Beschreibung", "Verantwortlich"],
                *([f"O{n}", aim.title, "Kim"] for n, aim in enumerate(COMPANY, 1)),
            ],
        ),
        tab(
            "Key Results",
            [
                ["Ziel-Nr", "Schlüsselergebnis", "Wer", "Basis", "Zielwert", "Ist"],
                *(
                    [f"O{n}", one.title, *values(one)]
                    for n, aim in enumerate(COMPANY, 1)
                    for one in aim.results
                ),
            ],
        ),
    ],
}


@pytest.mark.parametrize("name", SHEETS)
def test_the_same_okrs_are_read_from_a_sheet_of_any_shape(name: str) -> None:
    found = read(*SHEETS[name])

    assert okrs(found) == told(COMPANY)
    assert errors(found) == []


@pytest.mark.parametrize("name", SHEETS)
def test_each_row_says_where_it_truly_stands(name: str) -> None:
    found = read(*SHEETS[name])
    cells = {
        (one.title, row + 1): cell
        for one in SHEETS[name]
        for row, cells in enumerate(one.rows)
        for cell in [" | ".join(map(str, cells))]
    }

    for one in (*found.objectives, *found.key_results):
        assert one.title in cells[one.place.tab, one.place.row]


# --- what tabs and their titles say ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("tabs", "expected"),
    [
        pytest.param(
            [tab("Platform", flat(COMPANY[:1])), tab("Growth Q4 2026", flat(COMPANY[1:2]))],
            {("Platform", None), ("Growth", "Q4 2026")},
            id="tabs named for teams",
        ),
        pytest.param(
            [tab("Q3 2026", flat(COMPANY[:1])), tab("2026-Q4", flat(COMPANY[1:2]))],
            {("", "Q3 2026"), ("", "2026-Q4")},
            id="tabs named for quarters",
        ),
        pytest.param(
            [tab("Plan", [["Team:", "Platform"], ["Period", "Q4 2026"], [], *flat(COMPANY[:1])])],
            {("Platform", "Q4 2026")},
            id="facts above a flat table",
        ),
        pytest.param(
            [tab("Plan", [["Team:", "Platform"], ["Period", "Q4 2026"], *blocks(COMPANY[:1])])],
            {("Platform", "Q4 2026")},
            id="facts above blocks",
        ),
        pytest.param(
            [tab("Plan", [["Marketing OKRs – Q4 2026"], *flat(COMPANY[:1])])],
            {("", "Q4 2026")},
            id="a title with its period",
        ),
        pytest.param(
            [
                tab(
                    "OKRs",
                    [HEADS, ["Growth"], *flat(COMPANY[:1])[1:], ["Core"], *flat(COMPANY[1:2])[1:]],
                )
            ],
            {("Growth", None), ("Core", None)},
            id="teams among the rows",
        ),
    ],
)
def test_team_and_cycle_are_read_from_names_and_titles(
    tabs: list[Tab], expected: set[tuple[str, str | None]]
) -> None:
    found = read(*tabs)
    plain = found.settings.organisation

    teams = {(one.team if one.team != plain else "", one.cycle) for one in found.objectives}
    assert teams == expected


def test_a_quarter_without_its_year_is_asked_and_not_guessed() -> None:
    tabs = [tab("Q3", flat(COMPANY[:1])), tab("Q4", flat(COMPANY[1:]))]
    found = read(*tabs)

    assert {one.cycle for one in found.objectives} == {None}
    assert found.layout is not None
    [question] = found.layout.questions
    assert (question.tab, question.what, "2026" in question.choices) == ("", "year", True)

    answers = tab("_Layout", [["Tab", "Asked", "Read as"], ["", "year", "2026"]], is_hidden=True)
    assert {one.cycle for one in read(*tabs, answers).objectives} == {"Q3 2026", "Q4 2026"}


# --- values ---------------------------------------------------------------------------------------

Measure = tuple[str, float | None, float | None, float | None, str]


def measured(heads: Sequence[str], *cells: Cell) -> tuple[Measure, Snapshot]:
    """Read a key result whose value cells are given."""
    rows: Rows = [["Objective", "Key result", *heads], ["Be great", "Grow the base", *cells]]
    found = read(tab("Plan", rows))
    [one] = found.key_results
    return (one.kind.value, one.start, one.target, one.current, one.unit), found


@pytest.mark.parametrize(
    ("heads", "cells", "expected"),
    [
        (["Target", "Current"], [10.0, 5.0], ("increase", 0, 10, 5, "")),
        (["Progress"], [0.4], ("increase", 0, 1, 0.4, "%")),
        (["% complete"], [40.0], ("increase", 0, 1, 0.4, "%")),
        (["Fortschritt"], ["45 %"], ("increase", 0, 1, 0.45, "%")),
        (["Progress"], [""], ("increase", 0, 1, None, "%")),
        (["Score"], [0.7], ("increase", 0, 1, 0.7, "%")),
        (["Score"], [7.0], ("increase", 0, 1, 0.7, "%")),
        (["Status"], ["✅ Done"], ("done", None, None, 1, "")),
        (["Status"], ["On track"], ("done", None, None, None, "")),
        (["Status"], [0.4], ("increase", 0, 1, 0.4, "%")),
        (["Erledigt"], [False], ("done", None, None, 0, "")),
        (["Base", "Target", "Current"], ["$5K", "$20K", "$12K"], ("increase", 5e3, 2e4, 12e3, "$")),
        (
            ["Base", "Target", "Current"],
            ["3 days", "1 day", "2 days"],
            ("decrease", 3, 1, 2, "days"),
        ),
        (["Target", "Current"], ["1.2M", "800k"], ("increase", 0, 1.2e6, 8e5, "")),
        (["Target", "Current"], ["45 %", "20%"], ("increase", 0, 0.45, 0.2, "%")),
        (["Target", "Progress"], ["20K users", 0.2], ("increase", 0, 1, 0.2, "%")),
    ],
)
def test_values_are_read_however_a_sheet_gives_them(
    heads: list[str], cells: list[Cell], expected: Measure
) -> None:
    measure, found = measured(heads, *cells)

    assert measure == expected
    assert errors(found) == []


@pytest.mark.parametrize(
    ("head", "cell", "value"),
    [
        ("Target", "$20K", "20000 $"),
        ("Current", "12 partners", "12 partners"),
        ("Current", "45 %", "0.45"),
    ],
)
def test_a_text_that_is_read_as_a_number_is_named_with_its_value(
    head: str, cell: str, value: str
) -> None:
    heads = ["Target", "Current"]
    _, found = measured(heads, *[cell if one == head else 1.0 for one in heads])

    [problem] = found.problems
    assert (problem.severity, problem.column, problem.value) == ("warning", head, cell)
    assert value in problem.message


def test_a_status_is_how_the_owner_sees_it_and_silence_is_not_green() -> None:
    rows: Rows = [["Objective", "Key result", "RAG"]]
    rows += [["Be great", f"Do {sign}", sign] for sign in ("🟢", "🟡 slow", "Behind", "⚪", "")]
    found = read(tab("Plan", rows))

    assert [one.confidence for one in found.key_results] == [0.8, 0.5, 0.2, None, None]
    assert {one.current for one in found.key_results} == {None}


def test_units_that_differ_are_not_compared() -> None:
    _, found = measured(["Target", "Current"], "2 weeks", "5 days")

    assert found.key_results[0].target is None
    assert [one.column for one in found.problems] == ["Target", "Current"]


def test_a_scale_that_could_be_two_is_asked() -> None:
    measure, found = measured(["Score"], 4.0)

    assert measure[3] is None
    assert found.layout is not None
    assert [one.what for one in found.layout.questions] == ["scale of score"]


# --- what is not read -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["with a dashboard", "with a log", "with a guide", "a tab a team"])
def test_a_tab_that_is_not_read_is_named_with_its_reason(name: str) -> None:
    found = read(*SHEETS[name])
    used = {one.place.tab for one in found.key_results}

    assert found.layout is not None
    for one in found.layout.tabs:
        assert (one.shape is Shape.UNREAD) == (one.title not in used)
        assert one.reason


@pytest.mark.parametrize(
    "tabs",
    [
        pytest.param([tab("Canteen", [["Mon", "Tue"], ["Soup", "Stew"]])], id="something else"),
        pytest.param([tab("Guide", GUIDE)], id="a guide"),
        pytest.param(
            [tab("Projects", [["Project", "Owner", "Status"], ["Pay", "Kim", "x"]])], id="projects"
        ),
        pytest.param([tab("Plan", [HEADS])], id="headers alone"),
        pytest.param([tab("Plan", PLAIN, is_hidden=True)], id="a hidden tab"),
        pytest.param(
            [tab("KR", [["Objective", "KR"], ["O-1", "Grow"], ["O-2", "Cut"]])], id="IDs of nothing"
        ),
    ],
)
def test_what_cannot_be_read_with_confidence_is_left_and_named(tabs: list[Tab]) -> None:
    found = read(*tabs)

    assert found.objectives == ()
    assert found.layout is not None
    assert [(one.title, one.shape) for one in found.layout.tabs] == [(tabs[0].title, Shape.UNREAD)]
    assert [one.severity for one in found.problems] != []


def test_the_boards_own_layout_is_not_looked_into() -> None:
    found = build_snapshot(a_reading())

    assert found.layout is None


@pytest.mark.parametrize(("answer", "count"), [("not read", 2), ("OKRs", 3)])
def test_an_answer_settles_whether_a_tab_is_read(answer: str, count: int) -> None:
    answers = tab("_Layout", [["Tab", "Asked", "Read as"], ["Template", "read as", answer]])
    found = read(tab("Plan", flat(COMPANY[:2])), tab("Template", flat(COMPANY[2:])), answers)

    assert len(found.objectives) == count


def test_answers_say_what_columns_without_headers_hold() -> None:
    rows = blocks(COMPANY, headed="never")
    plain = read(tab("Plan", rows))
    assert plain.layout is not None
    asked = [one.what for one in plain.layout.questions]
    assert asked == ["column C", "column D", "column E"]

    said = zip((*asked, "column B"), ("Start", "Target", "Current", "Owner"), strict=True)
    answers = tab("_Layout", [["Tab", "Asked", "Read as"], *(["Plan", *one] for one in said)])
    assert okrs(read(tab("Plan", rows), answers)) == told(COMPANY)


# --- laws -----------------------------------------------------------------------------------------

SPELLINGS = st.sampled_from(list(LANGUAGES.values()))
BELOW = st.sampled_from(["repeated", "blank"])


@settings(max_examples=60, deadline=None)
@given(data=st.data(), words=SPELLINGS, below=BELOW)
def test_order_gaps_titles_and_spellings_do_not_matter(data: Any, words: Any, below: str) -> None:
    rows = flat(COMPANY, words, below)
    order = data.draw(st.permutations(range(6)))
    gaps = data.draw(st.lists(st.integers(0, 6), max_size=3))
    rows = [[row[at] for at in order] for row in rows]
    for gap in gaps:
        rows = [[*row[:gap], "", *row[gap:]] for row in rows]
    for at in data.draw(st.lists(st.integers(1, len(rows)), max_size=4)):
        rows.insert(at, [])
    rows = [
        *([[one]] if (one := data.draw(st.sampled_from(["", "OKRs", "Our plan"]))) else []),
        *rows,
    ]

    found = read(tab("Plan", rows))

    assert okrs(found) == told(COMPANY)
    assert errors(found) == []


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.lists(
            st.one_of(
                st.sampled_from(
                    [
                        "",
                        "Objective",
                        "Key result",
                        "Target",
                        "Current",
                        "Progress",
                        "KR1: x y z",
                        "Objective 1: Win",
                        "O1",
                        "Total",
                        "Team:",
                        "#REF!",
                        "🟢",
                        "40%",
                        "Status",
                    ]
                ),
                st.floats(allow_nan=False, allow_infinity=False),
                st.booleans(),
                st.text(max_size=12),
            ),
            max_size=6,
        ),
        max_size=12,
    )
)
def test_no_sheet_stops_the_reading(rows: Rows) -> None:
    plain: Reading = a_workbook(tab("Plan", rows), tab("Q4", rows[::-1]))
    found = build_snapshot(replace(plain, revision="x"))

    places = {one.place.cell for one in found.key_results}
    assert len(places) == len(found.key_results)
    assert all(one.cell for one in found.problems)


# --- typing in such a sheet, and saying how it was read -------------------------------------------


def test_what_people_type_in_such_a_sheet_is_a_change_like_any_other() -> None:
    rows = flat(COMPANY, below="blank")
    typed = [list(row) for row in rows]
    typed[2][5] = 4.6
    before, after = (understood(a_workbook(tab("Plan", one))) for one in (rows, typed))

    [change] = seen_changes(before, after, datetime(2026, 5, 20, 9))
    assert (change.tab, change.column, change.before, change.after) == (
        "Key results",
        "Current",
        4.3,
        4.6,
    )


def test_an_answer_that_changes_the_reading_is_no_change_of_the_sheet() -> None:
    tabs = [tab("Q3", flat(COMPANY[:1])), tab("Q4", flat(COMPANY[1:]))]
    answers = tab("_Layout", [["Tab", "Asked", "Read as"], ["", "year", "2026"]])
    before, after = (understood(a_workbook(*one)) for one in (tabs, [*tabs, answers]))

    assert seen_changes(before, after, datetime(2026, 5, 20, 9)) == []


def test_a_sheet_is_understood_once() -> None:
    once = understood(a_workbook(*SHEETS["merged"]))

    assert understood(once) is once


def test_the_command_says_what_was_read_as_what() -> None:
    lines = as_lines(read(*SHEETS["with a dashboard"], tab("Q4", [["Soup"]])))
    told_lines = "\n".join(lines)

    assert "“Plan”: a key result a row, its objective beside it (sure)" in told_lines
    assert "D “Start”: Start (sure), by its name" in told_lines
    assert "“Dashboard”: not read, because it repeats what “Plan” holds" in told_lines
    assert as_lines(build_snapshot(a_reading())) == []
