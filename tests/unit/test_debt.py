"""Alignment debt: each kind of gap with what has it and what does not, and the health figure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from okr.board import Board
from okr.debt import find_debt
from okr.gaps import ADVICE, Effort, GapKind
from okr.metrics import metric_of
from okr.model import Cycle, KeyResult, Kind, Objective, RollUp, State, Team
from okr.report import as_object
from tests.unit import readings
from tests.unit.boards import a_board as a_board_of_cells
from tests.unit.snapshots import QUARTER, YEAR, a_board, a_key_result, an_objective

TEAMS = (Team("Acme"), Team("Product", "Acme"), Team("App", "Product"), Team("Sales", "Acme"))
BEFORE = Cycle("2026-Q1", date(2026, 1, 1), date(2026, 3, 31))

TOP = an_objective("O-1", team="", title="Grow")
PRODUCT = an_objective("O-2", team="Product", title="Build", supports=("O-1",))
APP = an_objective("O-3", team="App", title="Ship", supports=("O-2",))
SALES = an_objective("O-4", team="Sales", title="Sell", supports=("O-1",))
SOUND = (TOP, PRODUCT, APP, SALES)


def results_of(objectives: Sequence[Objective], each: int = 2) -> list[KeyResult]:
    return [
        a_key_result(f"{one.key}-{n}", objective=one.key, title=f"Number {one.key} {n}")
        for one in objectives
        for n in range(each)
    ]


def company(
    *changed: Objective, results: Sequence[KeyResult] | None = None, but: str = ""
) -> Board:
    """Build a company in which all hangs together, but for the objectives that are given."""
    new = {one.key: one for one in changed}
    rows = [*({one.key: one for one in SOUND} | new).values()]
    rows = [one for one in rows if one.key != but]
    key_results = results_of(rows) if results is None else results
    return a_board(rows, key_results, teams=TEAMS, cycles=(BEFORE, QUARTER, YEAR))


def gaps(board: Board) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind.value, one.keys) for one in find_debt(board).gaps]


def test_where_all_hangs_together_there_is_no_gap() -> None:
    debt = find_debt(company())

    assert debt.gaps == ()
    assert debt.arithmetic == "(3 + 2 + 3 + 4) / (3 + 2 + 3 + 4) = 12 / 12 = 100.0%"
    assert debt.health == 1


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param(replace(SALES, supports=()), ("orphan", ("O-4",)), id="supports nothing"),
        pytest.param(replace(APP, supports=("O-1",)), ("skip", ("O-3",)), id="past a level"),
        pytest.param(replace(SALES, supports=("O-4",)), ("loop", ("O-4",)), id="supports itself"),
    ],
)
def test_a_gap_is_found(changed: Objective, found: tuple[str, tuple[str, ...]]) -> None:
    assert gaps(company(changed)) == [found]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(replace(SALES, supports=(), state=State.DRAFT), id="a draft"),
        pytest.param(replace(SALES, supports=(), state=State.DROPPED), id="dropped"),
        pytest.param(replace(APP, supports=("O-1", "O-2")), id="the top beside the level above"),
        pytest.param(replace(APP, supports=("O-4", "O-2")), id="another team too"),
        pytest.param(replace(APP, supports=("O-2-1",)), id="a key result of the level above"),
    ],
)
def test_what_is_no_gap_is_not_nagged_about(changed: Objective) -> None:
    kinds = {kind for kind, _ in gaps(company(changed))}

    assert kinds <= {"no objective"}


@pytest.mark.parametrize(
    ("supports", "unsupported"),
    [
        pytest.param(("O-1",), [], id="an objective with all its key results"),
        pytest.param(("O-1-0",), ["O-1-1"], id="one key result alone"),
        pytest.param(("O-1-0", "O-1-1"), [], id="each by name"),
        pytest.param((), ["O-1-0", "O-1-1"], id="none"),
    ],
)
def test_a_promise_of_the_organisation_needs_somebody(
    supports: tuple[str, ...], unsupported: list[str]
) -> None:
    board = company(
        replace(PRODUCT, supports=supports), replace(SALES, supports=("O-2",)), but="O-3"
    )

    assert list(find_debt(board).keys(GapKind.UNSUPPORTED)) == unsupported


@pytest.mark.parametrize(
    ("state", "cycle", "kind"),
    [
        pytest.param(State.DROPPED, QUARTER, "dropped", id="given up"),
        pytest.param(State.ACTIVE, BEFORE, "apart", id="over before it began"),
        pytest.param(State.ACTIVE, YEAR, None, id="a year around it"),
    ],
)
def test_support_must_lead_to_what_is_alive(state: State, cycle: Cycle, kind: str | None) -> None:
    goal = replace(TOP, key="O-9", id="O-9", state=state, cycle=cycle.name)
    found = gaps(company(goal, replace(SALES, supports=("O-9",))))

    assert [one for one in found if "O-4" in one[1]] == ([(kind, ("O-4",))] if kind else [])


@pytest.mark.parametrize(
    ("number", "roll_up", "kind"),
    [
        (0, RollUp.KEY_RESULTS, "no key result"),
        (1, RollUp.KEY_RESULTS, "one key result"),
        (2, RollUp.KEY_RESULTS, None),
        (5, RollUp.KEY_RESULTS, None),
        (6, RollUp.KEY_RESULTS, "many key results"),
        (0, RollUp.CHILDREN, None),
        (1, RollUp.CHILDREN, None),
        (6, RollUp.CHILDREN, "many key results"),
    ],
)
def test_two_to_five_key_results_are_right(number: int, roll_up: RollUp, kind: str | None) -> None:
    rows = [*results_of((TOP, APP, SALES)), *results_of([PRODUCT], number)]
    board = company(replace(PRODUCT, roll_up=roll_up), results=rows)

    assert gaps(board) == ([(kind, ("O-2",))] if kind else [])


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Raise activation from 32% to 45%", "Increase the activation", True),
        ("Cut churn to 5%", "Reduce churn by 2 points", True),
        ("Answer within 24 hours", "Answer within 24 days", False),
        ("Win 6 hotels", "Win 8 hotels", False),
        ("Revenue in the north", "Revenue in the south", False),
        ("Raise 40%", "Cut 30%", False),
    ],
)
def test_the_same_metric_is_known_by_what_is_measured(one: str, other: str, is_same: bool) -> None:
    names = [metric_of(a_key_result(title=title)) for title in (one, other)]

    assert (names[0] == names[1] != "") is is_same
    assert metric_of(a_key_result(title=one, kind=Kind.DONE)) == ""


def test_two_who_claim_one_metric_are_named_together() -> None:
    rows = results_of(SOUND)
    rows[2] = replace(rows[2], title="Raise NPS to 50")
    rows[6] = replace(rows[6], title="Grow NPS from 30 to 40")
    debt = find_debt(company(results=rows))

    assert [(one.kind.value, one.keys) for one in debt.gaps] == [
        ("same metric", ("O-2-0", "O-4-0"))
    ]
    assert debt.gaps[0].what == "“Raise NPS to 50” is claimed 2 times: by Product and Sales."


def test_a_team_without_an_objective_is_asked_for_one() -> None:
    [gap] = find_debt(company(but="O-4")).gaps

    assert (gap.kind, gap.team, gap.add) == (GapKind.NO_OBJECTIVE, "Sales", "objective")


@pytest.mark.parametrize(
    ("owners", "is_gap"),
    [("aaaa", True), ("aaab", False), ("aaa ", True), ("    ", False)],
)
def test_what_rests_on_one_person_alone_is_said(owners: str, is_gap: bool) -> None:
    more = replace(SALES, key="O-5", id="O-5", title="Sell more", owner="a")
    sales = replace(SALES, owner="a" if owners.strip() else "")
    more = replace(more, owner=sales.owner)
    rows = results_of(SOUND[:3]) + [
        replace(one, owner=owner.strip())
        for one, owner in zip(results_of([sales, more]), owners, strict=True)
    ]
    kinds = [kind for kind, _ in gaps(company(sales, more, results=rows))]

    assert kinds == (["one person"] if is_gap else [])


def test_gaps_are_ranked_by_the_effort_to_mend() -> None:
    ranks = [list(Effort).index(ADVICE[kind].effort) for kind in GapKind]
    assert ranks == sorted(ranks)
    assert set(ADVICE) == set(GapKind)

    loose = [replace(SALES, supports=()), replace(APP, supports=("O-1",))]
    found = [kind for kind, _ in gaps(company(*loose, results=results_of(SOUND, 1)))]
    assert found[:2] == ["orphan", "skip"]
    assert set(found[2:]) == {"one key result"}


def test_each_gap_names_the_cell_to_mend_and_the_form_that_does() -> None:
    rows = [
        readings.an_objective(id="O-1", team=""),
        readings.an_objective(id="O-2", objective="Sell", team="Sales"),
        readings.an_objective(id="O-3", objective="Ship", team="App", supports="O-2"),
    ]
    results = [
        readings.a_key_result(id=f"KR-{n}", objective=f"O-{n // 2 + 1}", key_result=f"Number {n}")
        for n in range(4)
    ]
    tree = readings.teams(("Acme", ""), ("Sales", "Acme"), ("App", "Acme"))
    debt = find_debt(a_board_of_cells(rows, results, tree))
    orphan = next(one for one in debt.gaps if one.kind is GapKind.ORPHAN)
    empty = next(one for one in debt.gaps if one.kind is GapKind.NO_KEY_RESULT)

    assert (orphan.cells, orphan.edit, orphan.team) == (("Objectives!F3",), "O-2", "Sales")
    assert (empty.add, empty.edit, empty.team) == ("O-3", "", "App")


# --- across teams, and the report -----------------------------------------------------------------


def test_the_report_says_how_the_goals_hang_together() -> None:
    apart = an_objective("O-5", team="Elsewhere", title="Apart")
    loop = [
        an_objective("O-6", team="Sales", title="A", supports=("O-7",)),
        an_objective("O-7", team="Sales", title="B", supports=("O-6", "O-2")),
    ]
    told = as_object(company(apart, *loop, replace(APP, supports=("O-1",))))
    alignment = told["alignment"]

    assert alignment["orphans"] == ["O-5"]
    assert alignment["level_skips"] == ["O-3"]
    assert alignment["loops"] == [["O-6", "O-7"]]
    assert alignment["silos"] == ["Elsewhere"]
    assert {"from_team": "Sales", "to_team": "Product", "count": 1} in alignment["cross_team"]
    assert alignment["health"] == pytest.approx(
        eval(alignment["explanation"].split(" = ")[0])  # the printed sum must add up
    )
    by_id = {one["id"]: one for one in told["objectives"]}
    assert (by_id["O-1"]["children"], by_id["O-3"]["parents"]) == (["O-2", "O-3", "O-4"], ["O-1"])


def test_a_row_without_an_id_is_named_by_its_title() -> None:
    rows = [
        readings.an_objective(id="", objective="Grow", team=""),
        readings.an_objective(id="", objective="Sell", team="Sales"),
    ]
    tree = readings.teams(("Acme", ""), ("Sales", "Acme"))
    results = [readings.a_key_result(id="", objective="Grow", key_result="Revenue")]
    alignment = as_object(a_board_of_cells(rows, results, tree))["alignment"]

    assert alignment["orphans"] == ["Sell"]
    assert alignment["unsupported_key_results"] == ["Revenue"]


def test_an_empty_workbook_has_no_health() -> None:
    alignment = as_object(a_board([], []))["alignment"]

    assert (alignment["health"], alignment["gaps"]) == (None, [])
