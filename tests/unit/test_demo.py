"""The demo workbook keeps its promises on any day, for any seed, at any size."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from okr.columns import COLUMNS, HISTORY
from okr.demo import Row, build_demo
from okr.demo_company import ORGANISATION

DAYS = [
    pytest.param(date(2026, 11, 22), id="middle of a quarter"),
    pytest.param(date(2026, 10, 1), id="first day of a quarter"),
    pytest.param(date(2026, 10, 5), id="first week"),
    pytest.param(date(2026, 12, 31), id="last day of a quarter and a year"),
    pytest.param(date(2027, 1, 1), id="first day of a year"),
    pytest.param(date(2028, 2, 29), id="leap day"),
    pytest.param(date(2028, 3, 31), id="last day of a leap quarter"),
]
TODAY = date(2026, 11, 22)
SIZES = [(1, 1, 1), (0, 3, 7), (8, 100, 0), (3, 40, 999), (25, 10, 55), (64, 500, 5003), (5, 0, 0)]
BIG = (200, 10_000, 100_000)

Demo = dict[str, list[Row]]


@cache
def big_demo() -> Demo:
    """Build the biggest one once for all tests, for it takes seconds."""
    return build_demo(TODAY, 1, *BIG)


def records(demo: Demo, tab: str) -> list[dict[str, Any]]:
    """Read a tab as one mapping a row."""
    headers, *rows = demo[tab]
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


def words(cell: object) -> list[str]:
    """Part a cell that may hold several references."""
    return [word.strip() for word in str(cell or "").split(";") if word.strip()]


def dated_cells(demo: Demo) -> Iterator[date]:
    """Find every day in the workbook on which something has happened."""
    for tab in ("Check-ins", HISTORY):
        yield from (row["When"].date() for row in records(demo, tab))


def as_text(demo: Demo) -> str:
    return json.dumps(demo, default=str)


def test_tabs_and_columns_stand_as_the_board_lays_them_out() -> None:
    demo = build_demo(TODAY)

    assert set(demo) == set(COLUMNS)
    for tab, rows in demo.items():
        assert rows[0] == [column for column in COLUMNS[tab] if column != "Progress"]
        assert all(len(row) == len(rows[0]) for row in rows)


def test_it_is_a_company_of_the_size_that_was_promised() -> None:
    demo = build_demo(TODAY)
    parents = {row["Team"]: row["Parent"] for row in records(demo, "Teams")}
    departments = {team for team, parent in parents.items() if parent == ORGANISATION}

    assert [team for team, parent in parents.items() if parent is None] == [ORGANISATION]
    assert len(departments) == 3
    assert sum(parent in departments for parent in parents.values()) == 8
    assert 28 <= len(records(demo, "Objectives")) <= 36
    assert 95 <= len(records(demo, "Key results")) <= 110
    assert len({row["Note"] for row in records(demo, "Check-ins")}) > 120


@pytest.mark.parametrize("today", DAYS)
def test_the_cycles_are_the_quarter_of_today_and_the_one_before(today: date) -> None:
    last, this = records(build_demo(today), "Cycles")

    assert this["Starts"] <= today <= this["Ends"]
    assert last["Ends"] + timedelta(days=1) == this["Starts"]
    assert (last["State"], this["State"]) == ("closed", "active")
    assert this["Cycle"] == f"{today.year}-Q{(today.month + 2) // 3}"


@pytest.mark.parametrize("today", DAYS)
def test_every_kind_type_state_and_roll_up_is_there(today: date) -> None:
    demo = build_demo(today)
    objectives, key_results = records(demo, "Objectives"), records(demo, "Key results")
    kinds = {row["Kind"] for row in key_results}

    assert kinds == {None, "increase", "decrease", "keep above", "keep below", "done"}
    assert {row["State"] for row in objectives} == {"draft", "active", "done", "dropped"}
    assert {row["State"] for row in key_results} >= {"draft", "dropped"}
    assert {row["Type"] for row in objectives} == {None, "committed", "aspirational", "stretch"}
    assert {row["Roll-up"] for row in objectives} == {None, "children"}
    assert {row["Weight"] for row in objectives + key_results} == {None, 0.0, 1.0, 2.0}


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("sizes", [(), (12, 90, 700)], ids=["hand-written", "sized"])
def test_nothing_has_happened_today_or_later(today: date, sizes: tuple[int, ...]) -> None:
    demo = build_demo(today, 1, *sizes)
    happened = list(dated_cells(demo)) if not sizes else check_in_days(demo)
    [last, _] = records(demo, "Cycles")

    assert max(happened) < today
    assert min(happened) >= last["Starts"] - timedelta(days=7)
    assert max(happened) >= today - timedelta(days=10)


def check_in_days(demo: Demo) -> list[date]:
    return [row["When"].date() for row in records(demo, "Check-ins")]


def test_the_past_stays_the_same_as_the_days_go_by() -> None:
    before, after = build_demo(TODAY), build_demo(TODAY + timedelta(days=9))
    settled = datetime.combine(TODAY - timedelta(days=9), datetime.min.time())
    lost_or_silent = {"KR-88", "KR-24B", "KR-25C", "KR-30D"}

    def told(demo: Demo) -> set[tuple[object, ...]]:
        rows = records(demo, "Check-ins")
        return {
            (row["When"], row["Key result"], row["Value"], row["Note"])
            for row in rows
            if row["When"] < settled and row["Key result"] not in lost_or_silent
        }

    assert told(before) >= told(after), "only a week that was made up for may be gone"
    assert len(told(before) - told(after)) <= 12


@pytest.mark.parametrize("today", DAYS)
def test_the_check_ins_stand_in_the_order_in_which_they_were_made(today: date) -> None:
    when = [row["When"] for row in records(build_demo(today), "Check-ins")]

    assert when == sorted(when)


@pytest.mark.parametrize("sizes", [(), BIG], ids=["hand-written", "big"])
def test_ids_are_unique_but_for_the_deliberate_double(sizes: tuple[int, ...]) -> None:
    demo = big_demo() if sizes else build_demo(TODAY, 1)
    ids = Counter(
        row["ID"]
        for tab in ("Objectives", "Key results", "Check-ins")
        for row in records(demo, tab)
        if row["ID"] is not None
    )

    assert [name for name, count in ids.items() if count > 1] == ([] if sizes else ["KR-27B"])
    assert all(re.fullmatch(r"(O|KR|CI)-[0-9A-Z]+", name) for name in ids)


@pytest.mark.parametrize("sizes", [(), (30, 400, 0)], ids=["hand-written", "sized"])
def test_references_resolve_but_for_the_deliberate_ones(sizes: tuple[int, ...]) -> None:
    demo = build_demo(TODAY, 1, *sizes)
    objectives = {row["ID"] for row in records(demo, "Objectives")}
    key_results = {row["ID"] for row in records(demo, "Key results")}
    supported = {name for row in records(demo, "Objectives") for name in words(row["Supports"])}
    measured = {row["Key result"] for row in records(demo, "Check-ins")}

    assert supported - objectives - key_results == (set() if sizes else {"O-99"})
    assert measured - key_results == (set() if sizes else {"KR-88"})
    assert {row["Objective"] for row in records(demo, "Key results")} <= objectives


def test_supports_lead_up_across_and_to_a_key_result() -> None:
    demo = build_demo(TODAY)
    teams = {row["ID"]: row["Team"] for row in records(demo, "Objectives")}
    parents = {row["Team"]: row["Parent"] for row in records(demo, "Teams")}
    links = [
        (row["Team"], name)
        for row in records(demo, "Objectives")
        for name in words(row["Supports"])
    ]
    across = [
        link
        for link in links
        if link[1] in teams and teams[link[1]] not in (link[0], parents[link[0]], None)
    ]

    assert len(links) > 25
    assert len(across) > 5
    assert any(name.startswith("KR-") for _, name in links)


@pytest.mark.parametrize("today", DAYS)
def test_current_mirrors_the_newest_check_in_but_for_two(today: date) -> None:
    demo = build_demo(today)
    newest = {row["Key result"]: row["Value"] for row in records(demo, "Check-ins")}
    first = {row["ID"]: row["Current"] for row in reversed(records(demo, "Key results"))}
    apart = {name for name, value in newest.items() if name in first and first[name] != value}

    assert apart == {"KR-24A", "KR-25A"}


@pytest.mark.parametrize("today", DAYS)
def test_the_deliberate_mistakes_are_there_every_day(today: date) -> None:
    demo = build_demo(today)
    rows = {row["Key result"]: row for row in records(demo, "Key results")}
    with_key_results = {row["Objective"] for row in rows.values()}
    childless = [
        row["ID"]
        for row in records(demo, "Objectives")
        if row["ID"] not in with_key_results and row["Roll-up"] != "children"
    ]
    [_, cycle] = records(demo, "Cycles")

    assert rows["Cut days from order to delivery from 13 to 11"]["Current"] == "12,5"
    assert rows["Bring callers who give up from 14% to 8%"]["Current"] == "#N/A"
    assert [row["ID"] for row in rows.values() if row["Unit"] == "%" and is_whole(row)] == [
        "KR-25A"
    ]
    assert [row["ID"] for row in rows.values() if row["Due"] and row["Due"] > cycle["Ends"]] == [
        "KR-19B"
    ]
    assert [row["ID"] for row in rows.values() if row["Start"] == row["Target"] is not None] == [
        "KR-26D"
    ]
    assert childless == ["O-36"]


def is_whole(row: dict[str, Any]) -> bool:
    """Tell whether a percentage is typed as 45 and not as 0.45."""
    return isinstance(row["Current"], float) and row["Current"] > 1.5


def in_work(demo: Demo) -> list[dict[str, Any]]:
    """Give the key results of this cycle whose objectives are at work."""
    _, this = records(demo, "Cycles")
    current = {
        row["ID"]
        for row in records(demo, "Objectives")
        if row["Cycle"] == this["Cycle"] and row["State"] == "active"
    }
    return [row for row in records(demo, "Key results") if row["Objective"] in current]


def ages_of_old_values(demo: Demo, today: date) -> list[int]:
    """Give the age in days of each value that is older than ten, of key results at work."""
    newest = {row["Key result"]: row["When"].date() for row in records(demo, "Check-ins")}
    ages = [
        (today - newest.get(row["ID"], today)).days
        for row in in_work(demo)
        if row["State"] is None and row["Kind"] != "done"
    ]
    return [age for age in ages if age > 10]


@pytest.mark.parametrize("today", DAYS)
def test_some_key_results_have_no_data_and_few_are_stale(today: date) -> None:
    demo = build_demo(today)

    assert 2 <= sum(row["Current"] is None for row in in_work(demo)) <= 5
    assert len(ages_of_old_values(demo, today)) <= 4


@pytest.mark.parametrize("today", [DAYS[0], DAYS[3], *DAYS[5:]])
def test_from_the_middle_of_a_quarter_on_some_are_stale_for_a_month_at_most(today: date) -> None:
    ages = ages_of_old_values(build_demo(today), today)

    assert len(ages) >= 2
    assert max(ages) <= 38


def test_the_closed_cycle_is_graded_and_closed_with_a_note() -> None:
    demo = build_demo(TODAY)
    last, _ = records(demo, "Cycles")
    closed = [row for row in records(demo, "Objectives") if row["Cycle"] == last["Cycle"]]
    ids = {row["ID"] for row in closed}
    grades = [row["Grade"] for row in records(demo, "Key results") if row["Objective"] in ids]

    assert all(row["Closing note"] and 0 <= row["Grade"] <= 1 for row in closed)
    assert grades.count(None) == 1, "the one that was never measured"
    assert {0.0, 1.0} < set(grades)


@pytest.mark.parametrize("today", DAYS)
def test_percentages_are_fractions_and_no_count_is_below_zero(today: date) -> None:
    demo = build_demo(today)
    units = {row["ID"]: row["Unit"] for row in records(demo, "Key results")}
    for row in records(demo, "Check-ins"):
        assert row["Value"] >= 0, row
        if units.get(row["Key result"]) == "%":
            assert row["Value"] <= 1, row


def test_people_who_own_or_check_in_are_in_the_people_tab() -> None:
    demo = build_demo(TODAY)
    people = records(demo, "People")
    names = {row["Name"] for row in people} | {row["Email"] for row in people}
    owners = [row["Owner"] for tab in ("Objectives", "Key results") for row in records(demo, tab)]

    assert set(owners) <= names
    assert any("@" in owner for owner in owners)
    assert {row["By"] for row in records(demo, "Check-ins")} <= {row["Email"] for row in people}
    assert {row["Lead"] for row in records(demo, "Teams")} <= names
    assert {row["Team"] for row in people} == {row["Team"] for row in records(demo, "Teams")}


def test_moved_goalposts_are_recorded_once_their_day_has_come() -> None:
    early, late = build_demo(date(2026, 10, 2)), build_demo(TODAY)
    targets = [
        {row["ID"]: row["Target"] for row in records(demo, "Key results")} for demo in (early, late)
    ]

    assert records(early, HISTORY) == []
    for move in records(late, HISTORY):
        assert move["Before"] == targets[0][move["Row ID"]]
        assert move["After"] == targets[1][move["Row ID"]]


@pytest.mark.parametrize("sizes", [(), (20, 300, 2000)], ids=["hand-written", "sized"])
def test_the_same_seed_and_day_give_the_same_workbook(sizes: tuple[int, ...]) -> None:
    assert build_demo(TODAY, 7, *sizes) == build_demo(TODAY, 7, *sizes)
    assert build_demo(TODAY, 7, *sizes) != build_demo(TODAY, 8, *sizes)


def test_another_process_builds_the_same_workbook() -> None:
    program = (
        "import datetime, json; from okr.demo import build_demo;"
        "print(json.dumps(build_demo(datetime.date(2026, 11, 22)), default=str))"
    )
    for hash_seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == as_text(build_demo(TODAY))


@pytest.mark.parametrize(("teams", "key_results", "check_ins"), [*SIZES, BIG])
def test_sizes_are_exactly_as_asked(teams: int, key_results: int, check_ins: int) -> None:
    sizes = (teams, key_results, check_ins)
    demo = big_demo() if sizes == BIG else build_demo(TODAY, 1, *sizes)
    parents = [row["Parent"] for row in records(demo, "Teams")]
    leaves = [row["Team"] for row in records(demo, "Teams") if row["Team"] not in parents]

    assert len(leaves) == max(teams, 1)
    assert len(records(demo, "Key results")) == key_results
    assert len(records(demo, "Check-ins")) == check_ins


@pytest.mark.parametrize("size", ["teams", "key_results", "check_ins"])
def test_one_size_alone_is_enough(size: str) -> None:
    demo = build_demo(TODAY, 1, **{size: 50})
    tab = {"teams": "Teams", "key_results": "Key results", "check_ins": "Check-ins"}[size]

    assert len(records(demo, tab)) >= 50
    assert all(len(rows) > 10 for name, rows in demo.items() if name not in ("Cycles",))


def test_a_big_company_is_a_tree_in_which_all_teams_have_aims_in_both_cycles() -> None:
    demo = big_demo()
    parents = {row["Team"]: row["Parent"] for row in records(demo, "Teams")}
    objectives = records(demo, "Objectives")

    assert len(parents) == len(records(demo, "Teams"))
    assert all(parent in parents for parent in parents.values() if parent is not None)
    assert {(row["Team"], row["Cycle"]) for row in objectives} == {
        (team, cycle["Cycle"]) for team in parents for cycle in records(demo, "Cycles")
    }
    assert len({(row["Cycle"], row["Objective"]) for row in objectives}) == len(objectives)


@pytest.mark.parametrize("sizes", [(-1, 1, 1), (1, -1, 0), (1, 1, -1), (1, 0, 1)])
def test_sizes_that_cannot_be_are_refused_with_a_sentence(sizes: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        build_demo(TODAY, 1, *sizes)
