"""What a workbook said on an earlier day: all that was recorded since is undone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from okr.assess import build_board
from okr.looking_back import as_of
from okr.model import Cell, KeyResult, Objective, Snapshot
from okr.reading import Tab
from okr.snapshot import build_snapshot
from tests.unit.readings import (
    DAY,
    Cells,
    a_change,
    a_check_in,
    a_key_result,
    a_snapshot,
    a_workbook,
    an_objective,
    check_ins,
    history,
    serial,
)

THEN, WHEN = date(2026, 5, 1), datetime(2026, 5, 11, 12)


def change(column: str, before: Cell, after: Cell, **more: Cell) -> Cells:
    return a_change(**{"when": serial(WHEN), "column": column, "before": before, "after": after}
                    | more)  # fmt: skip


def of_objective(column: str, before: Cell, after: Cell, **more: Cell) -> Cells:
    return change(column, before, after, **{"row_id": "O-1", "tab": "Objectives"} | more)


def then(
    changes: Sequence[Cells],
    day: date = THEN,
    objectives: Sequence[Cells] | None = None,
    key_results: Sequence[Cells] | None = None,
    said: Sequence[Cells] = (),
) -> Snapshot:
    tabs = [history(*changes), *([check_ins(*said)] if said else [])]
    return as_of(a_snapshot(objectives, key_results, *tabs), day)


KEY_RESULT_CHANGES: list[tuple[str, Cell, str, Any]] = [
    ("Key result", "Raise retention", "title", "Raise retention"),
    ("Owner", "bo", "owner", "bo"),
    ("Kind", "keep above", "kind", "keep above"),
    ("Start", 20.0, "start", 20.0),
    ("Target", 60.0, "target", 60.0),
    ("Target", "", "undefined", "there is no target"),
    ("Target", 32.0, "undefined", "target equals start"),
    ("Current", 33.0, "current", 33.0),
    ("Current", "#REF!", "current", None),
    ("Unit", "%", "unit", "%"),
    ("Weight", 3.0, "weight", 3.0),
    ("Due", serial(date(2026, 6, 1)), "due", date(2026, 6, 1)),
    ("Confidence", "high", "confidence", 0.8),
    ("State", "dropped", "state", "dropped"),
    ("Objective", "O-9", "objective", None),
    ("Grade", 0.7, "grade", 0.7),
]


@pytest.mark.parametrize(("column", "before", "field", "value"), KEY_RESULT_CHANGES)
def test_a_key_result_is_as_it_was(column: str, before: Cell, field: str, value: Any) -> None:
    snapshot = then([change(column, before, "whatever came of it")])

    assert getattr(snapshot.key_results[0], field) == value


OBJECTIVE_CHANGES: list[tuple[str, Cell, str, Any]] = [
    ("Objective", "Newcomers stay", "title", "Newcomers stay"),
    ("Team", "Care", "team", "Care"),
    ("Cycle", "2026-Q1", "cycle", "2026-Q1"),
    ("Type", "aspirational", "commitment", "aspirational"),
    ("Weight", 0.0, "weight", 0.0),
    ("State", "draft", "state", "draft"),
    ("Roll-up", "children", "roll_up", "children"),
    ("Supports", "O-2", "supports", ("O-2",)),
]


@pytest.mark.parametrize(("column", "before", "field", "value"), OBJECTIVE_CHANGES)
def test_an_objective_is_as_it_was(column: str, before: Cell, field: str, value: Any) -> None:
    rows = [an_objective(), an_objective(ID="O-2", objective="Another")]
    snapshot = then([of_objective(column, before, "")], objectives=rows)

    assert getattr(snapshot.objectives[0], field) == value


@pytest.mark.parametrize(
    ("day", "target"), [(10, 60.0), (11, 45.0), (12, 45.0)], ids=["before", "on the day", "after"]
)
def test_the_end_of_the_day_decides(day: int, target: float) -> None:
    snapshot = then([change("Target", 60.0, 45.0)], date(2026, 5, day))

    assert snapshot.key_results[0].target == target


def test_of_several_changes_the_first_that_came_later_tells() -> None:
    changes = [
        change("Target", cell, after, when=serial(date(2026, 5, day)))
        for day, cell, after in ((4, 60.0, 50.0), (8, 50.0, 40.0), (12, 40.0, 45.0))
    ]

    targets = [then(changes, date(2026, 5, day)).key_results[0].target for day in (3, 7, 11, 12)]
    assert targets == [60.0, 50.0, 40.0, 45.0]


def keys(snapshot: Snapshot) -> list[str | None]:
    entities: tuple[KeyResult | Objective, ...] = (*snapshot.objectives, *snapshot.key_results)
    return [one.id or one.title for one in entities]


def test_a_row_that_came_later_is_not_there() -> None:
    rows = [a_key_result(), a_key_result(ID="KR-2", key_result="Later")]
    snapshot = then([change("ID", "", "KR-2", row_id="KR-2")], key_results=rows)

    assert keys(snapshot) == ["O-1", "KR-1"]
    assert snapshot.key_results[0].place.row == 2


def test_a_row_that_has_vanished_is_there_with_what_it_held() -> None:
    held = {"Key result": "Cut churn", "Objective": "O-1", "Start": 8.0, "Target": 5.0}
    gone = [change("ID", "KR-2", "", row_id="KR-2")]
    gone += [change(column, cell, "", row_id="KR-2") for column, cell in held.items()]
    said = a_check_in(key_result="KR-2", when=serial(date(2026, 4, 20)), value=6.0)
    snapshot = then(gone, said=[said])

    assert keys(snapshot) == ["O-1", "KR-1", "KR-2"]
    board = build_board(snapshot, None, THEN)
    assert [one.value for one in board.key_results] == [42.0, 6.0]


def test_a_row_that_vanished_and_came_back_was_not_changed() -> None:
    """Somebody cut it and pasted it elsewhere, and the board looked in between."""
    held = {"Key result": "Raise activation", "Current": 42.0, "Due": 46203.0, "Target": 45.0}
    cut = [change("ID", "KR-1", ""), *(change(name, cell, "") for name, cell in held.items())]
    back = change("ID", "", "KR-1", when=serial(datetime(2026, 5, 11, 12, 1)))
    snapshot = a_snapshot(None, None, history(*cut, back))

    standing = build_board(snapshot, None, DAY).key_results[0]
    assert (standing.value, standing.is_undated, standing.moved) == (42.0, True, ())
    assert as_of(snapshot, THEN).key_results[0].current == 42.0


def test_a_row_that_was_given_an_id_was_there_without_one() -> None:
    given = [
        change("ID", "", "KR-1", source="board", by="ada"),
        change("Current", 36.0, 42.0, source="board", by="ada"),
    ]
    snapshot = then(given)

    assert (snapshot.key_results[0].id, snapshot.key_results[0].current) == (None, 36.0)
    assert keys(then(given[:1])) == ["O-1"]


def test_an_id_that_was_changed_is_the_old_one() -> None:
    assert keys(then([change("ID", "KR-7", "KR-1")])) == ["O-1", "KR-7"]


def test_rows_without_an_id_are_known_by_what_they_said_at_the_time() -> None:
    first, second = datetime(2026, 5, 11, 12), datetime(2026, 5, 12, 12)
    changes = [
        change(
            "Key result", "Rise", "Climb", when=serial(first), row_id="~key results | climb | o-1"
        ),
        change("Target", 60.0, 50.0, when=serial(first), row_id="~key results | climb | o-1"),
        change(
            "Key result", "Climb", "Soar", when=serial(second), row_id="~key results | soar | o-1"
        ),
    ]
    rows = [a_key_result(ID="", key_result="Soar")]
    snapshot = then(changes, key_results=rows)

    assert (snapshot.key_results[0].title, snapshot.key_results[0].target) == ("Rise", 60.0)


def test_a_row_without_an_id_is_known_where_what_names_it_is_blank() -> None:
    emptied = of_objective("Cycle", "2026-Q2", "", row_id="~objectives | soar | growth |")
    rows = [an_objective(ID="", objective="Soar", cycle="")]

    assert then([emptied], objectives=rows).objectives[0].cycle == "2026-Q2"


def test_a_check_in_that_came_late_was_not_known() -> None:
    said = [
        a_check_in(when=serial(date(2026, 4, 20)), value=33.0),
        a_check_in(when=serial(date(2026, 4, 30)), value=44.0, ID="C-2"),
    ]
    late = change("ID", "", "C-2", row_id="C-2", tab="Check-ins")

    values = [
        build_board(then([late], day, said=said), None, day).key_results[0].value
        for day in (THEN, WHEN.date())
    ]
    assert values == [33.0, 44.0]


def test_a_check_in_that_was_corrected_or_deleted_said_what_it_said() -> None:
    said = [a_check_in(when=serial(date(2026, 4, 20)), value=33.0)]
    corrected = change("Value", 39.0, 33.0, row_id="C-1", tab="Check-ins")
    cells = {"When": serial(date(2026, 4, 30)), "Key result": "KR-1", "Value": 40.0}
    deleted = [change("ID", "C-2", "", row_id="C-2", tab="Check-ins")]
    deleted += [change(n, cell, "", row_id="C-2", tab="Check-ins") for n, cell in cells.items()]

    values = [one.value for one in then([corrected], said=said).check_ins["KR-1"]]
    assert values == [39.0]
    values = [one.value for one in then([corrected, *deleted], said=said).check_ins["KR-1"]]
    assert values == [39.0, 40.0]


def test_what_is_told_of_later_days_is_not_known() -> None:
    snapshot = a_snapshot(None, None, history(change("Target", 60.0, 45.0)))

    assert as_of(snapshot, THEN).changes == {}
    assert as_of(as_of(snapshot, THEN), THEN) == as_of(snapshot, THEN)
    assert as_of(snapshot, DAY) is snapshot
    assert as_of(snapshot, THEN).revision == snapshot.revision
    assert as_of(snapshot, THEN).read_at.date() == THEN


# ---------------------------------------------------------------- a sheet in a layout of its own

FOREIGN: list[list[Cell]] = [
    ["Objective", "Key result", "Target", "Current"],
    ["Win", "Cut churn", 5.0, 7.0],
    ["", "Raise NPS", 45.0, 33.0],
    ["Last", "Sell more", 20.0, 5.0],
]


def foreign_then(*changes: Cells, rows: list[list[Cell]] | None = None) -> Snapshot:
    tabs = Tab("Plan", FOREIGN if rows is None else rows), history(*changes)
    return as_of(build_snapshot(a_workbook(*tabs)), THEN)


def of_row(column: str, before: Cell, after: Cell, name: str) -> Cells:
    return change(
        column, before, after, row_id=f"~key results | {name}".casefold(), tab="Key results"
    )


def told_of(snapshot: Snapshot) -> dict[str, tuple[str | None, float | None, float | None]]:
    titles = {one.key: one.title for one in snapshot.objectives}
    return {
        one.title: (titles.get(one.objective or ""), one.target, one.current)
        for one in snapshot.key_results
    }


def test_cells_of_another_layout_are_as_they_were() -> None:
    found = foreign_then(of_row("Target", 50.0, 45.0, "Raise NPS | Win"))

    assert told_of(found) == {
        "Cut churn": ("Win", 5.0, 7.0),
        "Raise NPS": ("Win", 50.0, 33.0),
        "Sell more": ("Last", 20.0, 5.0),
    }


def test_a_row_of_another_layout_that_came_later_or_went_is_told_of() -> None:
    gone = "~key results | hire | last"
    found = foreign_then(
        of_row("ID", "", "~key results | cut churn | win", "Cut churn | Win"),
        *(
            of_row(column, before, "", "Hire | Last")
            for column, before in {
                **{"ID": gone, "Objective": "Last", "Key result": "Hire"},
                **{"Target": 9.0, "Current": 2.0},
            }.items()
        ),
    )

    assert told_of(found) == {
        "Raise NPS": ("Win", 45.0, 33.0),
        "Sell more": ("Last", 20.0, 5.0),
        "Hire": ("Last", 9.0, 2.0),
    }
    build_board(found, None, THEN)


def test_a_key_result_that_was_moved_to_another_objective_belonged_to_the_first() -> None:
    named = [["ID", *FOREIGN[0]], *([f"K{at}", *row] for at, row in enumerate(FOREIGN[1:]))]
    moved = change("Objective", "Last", "Win", row_id="K1", tab="Key results")

    assert told_of(foreign_then(moved, rows=named))["Raise NPS"] == ("Last", 45.0, 33.0)
