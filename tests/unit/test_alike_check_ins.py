"""Check-ins typed without IDs that share their day and key result are told apart on any day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.looking_back import as_of
from okr.model import Cell, Snapshot
from okr.reading import Reading, Tab
from okr.row_names import key_results_named_by
from okr.serials import serial_of
from okr.snapshot import build_snapshot
from okr.watching import seen_changes
from tests.unit.readings import a_change, a_reading, history

FIRST = date(2026, 5, 11)
DATED = serial_of(date(2026, 5, 4))
HEADERS: list[Cell] = ["When", "Key result", "Value", "Confidence", "Note", "By", "ID"]
OLD: list[Cell] = [serial_of(date(2026, 4, 20)), "KR-1", 30.0, "", "", "", "CI-OLD"]

Rows = list[list[Cell]]


def typed(value: Cell, note: str = "", own: str = "") -> list[Cell]:
    return [DATED, "KR-1", value, "", note, "", own]


def read(day: date, rows: Rows, told: Sequence[dict[str, Cell]]) -> Reading:
    tabs = Tab("Check-ins", [HEADERS, OLD, *rows]), history(a_change(), *told)
    return replace(a_reading(None, None, *tabs), read_at=at_noon(day))


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12)).astimezone()


def live(days: Sequence[Rows]) -> Snapshot:
    """Let the board look once a day, and give what it knows at the end."""
    told: list[dict[str, Cell]] = []
    before = read(FIRST, [], told)
    for number, rows in enumerate(days, 1):
        day = FIRST + timedelta(days=number)
        after = read(day, rows, told)
        told += [
            a_change(when=serial_of(one.when), row_id=one.row_id, tab=one.tab,
                     column=one.column, before=one.before, after=one.after, source="sheet", by="")
            for one in seen_changes(before, after, datetime.combine(day, time(12)))
        ]  # fmt: skip
        before = read(day, rows, told)
    return build_snapshot(before)


def said(snapshot: Snapshot) -> list[tuple[float | None, str]]:
    entries = snapshot.check_ins.get("KR-1", ())
    return sorted((one.value, one.note) for one in entries if one.id != "CI-OLD")


def expected(rows: Rows) -> list[tuple[Cell, Cell]]:
    return sorted((row[2], row[4]) for row in rows)


A, B, C = typed(41.0), typed(52.0), typed(63.0, "so")


@pytest.mark.parametrize(
    "days",
    [
        pytest.param([[A], [A, B]], id="typed below"),
        pytest.param([[A], [B, A]], id="typed above"),
        pytest.param([[A], [A, B], [B, A]], id="sorted since"),
        pytest.param([[A], [A, B], [typed(42.0), B]], id="the first was edited"),
        pytest.param([[A], [A, B], [A, typed(42.0)], [typed(42.0), A]], id="edited and sorted"),
        pytest.param([[A], [A, B], [B]], id="the first went"),
        pytest.param([[A, B], [A]], id="the second went"),
        pytest.param([[A, B, C], [C], [B, C]], id="one came back"),
        pytest.param([[A], [A, A], [A]], id="one of two that say the same went"),
        pytest.param([[A], [A, A], [B, A]], id="one of two that say the same was edited"),
        pytest.param([[A], [A, typed(41.0, own="CI-9")]], id="one has an ID"),
        pytest.param([[A], [A, B], [typed(41.0, own="CI-9"), B]], id="given an ID"),
        pytest.param([[A], [A, typed(41.0, "n" * 900)]], id="a long note"),
    ],
)
def test_each_day_has_the_check_ins_that_were_there(days: list[Rows]) -> None:
    snapshot = live(days)

    for number, rows in enumerate(days, 1):
        assert said(as_of(snapshot, FIRST + timedelta(days=number))) == expected(rows), number


@given(st.data())
def test_whatever_is_typed_edited_deleted_or_sorted(data: st.DataObject) -> None:
    rows: Rows = []
    days = []
    for _ in range(data.draw(st.integers(1, 5), label="days")):
        rows = [*rows] if rows and data.draw(st.booleans(), label="keep") else [*rows, typed(1.0)]
        for place in range(len(rows)):
            if data.draw(st.integers(0, 2), label="edit") == 0:
                rows[place] = typed(float(data.draw(st.integers(1, 3), label="value")))
        if len(rows) > 1 and data.draw(st.booleans(), label="delete"):
            rows.pop(data.draw(st.integers(0, len(rows) - 1), label="which"))
        rows = data.draw(st.permutations(rows), label="sort")
        days.append(rows)
    snapshot = live(days)

    for number, there in enumerate(days, 1):
        assert said(as_of(snapshot, FIRST + timedelta(days=number))) == expected(there), number


def test_a_history_that_numbers_them_is_still_understood() -> None:
    """So an earlier version of the board told of two that were seen at once."""
    told = [
        a_change(when=serial_of(datetime(2026, 5, 13, 12)), tab="Check-ins", column="ID", before="",
                 row_id=name, after=name, source="sheet")
        for name in ("~check-ins | 46146 | kr-1", "~check-ins | 46146 | kr-1 (2)")
    ]  # fmt: skip
    snapshot = build_snapshot(read(date(2026, 5, 14), [A, B], told))

    assert said(as_of(snapshot, date(2026, 5, 12))) == []


@pytest.mark.parametrize(
    ("name", "key_result"),
    [
        ("~check-ins | 46146 | kr-1", "kr-1"),
        ("~check-ins | 46146 | kr-1 (2)", "kr-1"),
        ("~check-ins | 46146 | kr-1 | 52 | 0.4 | so | ada", "kr-1"),
        ("~check-ins | 46146 | sign up | pay | 52 | | |", "sign up | pay"),
    ],
)
def test_a_name_tells_whose_check_in_it_is(name: str, key_result: str) -> None:
    assert key_result in set(key_results_named_by(name))
