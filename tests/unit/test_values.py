"""Whose number is current (docs/rules.md, 2): check-ins, the Current cell, what was seen of it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from okr.model import Change, CheckIn, Kind
from okr.values import Known, known_on
from tests.unit.snapshots import (
    DAY,
    SETTINGS,
    a_bound,
    a_change,
    a_check_in,
    a_deed,
    a_rise,
    stand,
)

APRIL, MAY = date(2026, 4, 10), date(2026, 5, 1)


def known(
    current: float | None = None,
    check_ins: tuple[CheckIn, ...] = (),
    changes: tuple[Change, ...] = (),
    day: date = DAY,
) -> Known:
    return known_on(a_rise(current=current), check_ins, changes, day)


NOON = datetime(2026, 5, 10, 12)


@pytest.mark.parametrize(
    ("current", "check_ins", "value", "updated"),
    [
        pytest.param(None, [], None, None, id="nothing was ever said"),
        pytest.param(42.0, [], 42.0, None, id="the cell alone, undated"),
        pytest.param(0.0, [], 0.0, None, id="zero is a value"),
        pytest.param(99.0, [(MAY, 42.0)], 42.0, MAY, id="an unseen cell is older than a check-in"),
        pytest.param(None, [(APRIL, 1.0), (MAY, 2.0)], 2.0, MAY, id="the latest check-in"),
        pytest.param(
            None, [(NOON, 1.0), (NOON, 2.0)], 2.0, NOON, id="of one moment, the later row"
        ),
        pytest.param(None, [(MAY, 2.0), (DAY, None)], 2.0, DAY, id="a check-in without a value"),
        pytest.param(7.0, [(MAY, None)], 7.0, MAY, id="a check-in that leaves the cell be"),
        pytest.param(
            None, [(datetime(2026, 5, 20, 23, 59), 5.0)], 5.0, DAY, id="late on the day itself"
        ),
        pytest.param(
            None,
            [(MAY, 2.0), (datetime(2026, 5, 21, 0, 0), 5.0)],
            2.0,
            MAY,
            id="the day after does not count",
        ),
        pytest.param(
            9.0, [(date(2026, 5, 21), 5.0)], 9.0, None, id="before its first check-in, the cell"
        ),
    ],
)
def test_the_newest_value_of_the_day_counts(
    current: float | None,
    check_ins: list[tuple[date, float | None]],
    value: float | None,
    updated: date | None,
) -> None:
    now = stand(
        a_rise(current=current),
        check_ins=[a_check_in(when, said) for when, said in check_ins],
    )

    assert now.value == value
    assert now.updated_on == (updated.date() if isinstance(updated, datetime) else updated)
    assert now.is_undated == (value is not None and updated is None)
    assert (now.is_stale is None) == (updated is None)


SAID_10_APRIL = (a_check_in(APRIL, 10.0),)
SAID_DAY = (a_check_in(DAY, 10.0),)


@pytest.mark.parametrize(
    ("current", "check_ins", "changes", "value", "updated"),
    [
        pytest.param(30.0, SAID_10_APRIL, [(MAY, 20.0, 30.0)], 30.0, MAY, id="cell is newer"),
        pytest.param(30.0, SAID_DAY, [(MAY, 20.0, 30.0)], 10.0, DAY, id="check-in is newer"),
        pytest.param(30.0, (), [(MAY, "", 30.0)], 30.0, MAY, id="a first value typed"),
        pytest.param("", (), [(MAY, 30.0, "")], None, None, id="a cell emptied is no data"),
        pytest.param("", SAID_10_APRIL, [(MAY, 30.0, "")], 10.0, APRIL, id="emptied: the check-in"),
        pytest.param(
            40.0,
            SAID_10_APRIL,
            [(MAY, 30.0, ""), (DAY, "", 40.0)],
            40.0,
            DAY,
            id="emptied and filled",
        ),
        pytest.param(
            45.0, (), [(MAY, 20.0, 30.0)], 45.0, MAY, id="changed again while nobody watched"
        ),
        pytest.param(
            20.0,
            (),
            [(date(2026, 5, 25), 20.0, 30.0)],
            20.0,
            None,
            id="before its first seen change it held what was found there",
        ),
        pytest.param(
            30.0,
            SAID_10_APRIL,
            [(date(2026, 5, 25), 20.0, 30.0)],
            10.0,
            APRIL,
            id="a change after the day does not count",
        ),
        pytest.param(30.0, (), [(MAY, 20.0, "30,0")], 30.0, MAY, id="a number typed as text"),
        pytest.param(None, (), [(MAY, 20.0, "soon")], None, None, id="what cannot be read"),
    ],
)
def test_a_cell_that_was_seen_to_change_is_as_good_as_a_check_in(
    current: float | str | None,
    check_ins: tuple[CheckIn, ...],
    changes: list[tuple[date, float | str, float | str]],
    value: float | None,
    updated: date | None,
) -> None:
    now = stand(
        a_rise(current=current or None),
        check_ins=check_ins,
        changes=[a_change(*change) for change in changes],
    )

    assert (now.value, now.updated_on) == (value, updated)


def test_of_one_moment_the_check_in_wins_over_its_mirror() -> None:
    mirrored = a_change(NOON, 1.0, 2.0)

    assert known(2.0, (a_check_in(NOON, 3.0),), (mirrored,)).value == 3.0


@pytest.mark.parametrize("column", ["Target", "Weight", "Confidence", "Key result"])
def test_changes_of_other_columns_say_nothing_of_the_value(column: str) -> None:
    now = known(42.0, (), (a_change(MAY, 1.0, 2.0, column),))

    assert (now.value, now.is_undated, now.updated_on) == (42.0, True, None)


@pytest.mark.parametrize(("locale", "value"), [("de_DE", 1234.0), ("en_US", 1.234)])
def test_a_kept_text_is_read_as_the_workbook_reads_it(locale: str, value: float) -> None:
    changes = [a_change(APRIL, "", "1.234"), a_change(MAY, "1.234", 5.0)]
    settings = replace(SETTINGS, locale=locale)

    now = stand(a_rise(current=5.0), date(2026, 4, 20), changes=changes, settings=settings)

    assert now.value == value


def test_a_box_that_was_seen_ticked_is_done_from_that_day_on() -> None:
    deed = a_deed(current=1.0)
    ticked = [a_change(MAY, False, True)]

    assert stand(deed, changes=ticked).value == 1.0
    assert stand(deed, MAY - timedelta(days=1), changes=ticked).value == 0.0


@pytest.mark.parametrize(
    ("cell", "check_ins", "changes", "confidence"),
    [
        pytest.param(None, [], [], None, id="nobody said"),
        pytest.param(0.4, [], [], 0.4, id="the cell"),
        pytest.param(0.4, [(APRIL, 0.7)], [], 0.7, id="a check-in"),
        pytest.param(0.4, [(APRIL, 0.7), (MAY, None)], [], 0.7, id="the last one that says so"),
        pytest.param(0.4, [(APRIL, 0.7)], [(MAY, 0.7, 0.4)], 0.4, id="a cell changed since"),
        pytest.param(0.4, [(DAY, 0.7)], [(MAY, 0.7, 0.4)], 0.7, id="a cell changed before"),
        pytest.param("", [(APRIL, 0.7)], [(MAY, 0.7, "")], 0.7, id="a cell emptied since"),
        pytest.param(0.8, [], [(date(2026, 5, 25), 0.2, 0.8)], 0.2, id="changed after the day"),
    ],
)
def test_the_newest_confidence_counts(
    cell: float | str | None,
    check_ins: list[tuple[date, float | None]],
    changes: list[tuple[date, float | str, float | str]],
    confidence: float | None,
) -> None:
    now = stand(
        a_rise(confidence=cell or None, current=1.0),
        check_ins=[a_check_in(when, 1.0, said) for when, said in check_ins],
        changes=[a_change(*change, column="Confidence") for change in changes],
    )

    assert now.confidence == confidence


def test_values_of_earlier_days() -> None:
    now = known(None, (a_check_in(APRIL, 10.0), a_check_in(MAY, 20.0)))

    assert now.value_on(APRIL - timedelta(days=1)) is None
    assert now.value_on(APRIL) == 10.0
    assert now.value_on(MAY - timedelta(days=1)) == 10.0
    assert now.value_on(MAY) == 20.0


def test_earlier_days_remember_a_cell_that_was_emptied_since() -> None:
    changes = (a_change(APRIL, "", 10.0), a_change(MAY, 10.0, ""))
    now = known(None, (), changes)

    assert now.value is None
    assert now.value_on(APRIL) == 10.0
    assert now.value_on(MAY) is None


@pytest.mark.parametrize("day", [APRIL, date(2026, 4, 20), MAY, date(2026, 5, 8), DAY])
def test_a_day_looks_the_same_from_itself_and_from_later(day: date) -> None:
    check_ins = (a_check_in(APRIL, 10.0), a_check_in(date(2026, 5, 8), 25.0))
    changes = (a_change(APRIL, "", 5.0), a_change(MAY, 5.0, 20.0), a_change(DAY, 20.0, ""))

    from_later = known(None, check_ins, changes, date(2026, 6, 30)).value_on(day)

    assert known(None, check_ins, changes, day).value == from_later


def test_a_value_typed_into_the_cell_is_a_check_in_in_all_but_name() -> None:
    changes = [a_change(date(2026, 4, 7), 91.0, 80.0), a_change(date(2026, 4, 14), 80.0, 95.0)]

    weeks = stand(a_bound(current=95.0), changes=changes).weeks

    assert weeks is not None
    assert (weeks.met, weeks.reported) == (1, 2)


def test_a_cell_emptied_by_accident_loses_no_week_that_was_reported() -> None:
    changes = [
        a_change(date(2026, 4, 7), "", 95.0),
        a_change(date(2026, 4, 14), 95.0, ""),
        a_change(date(2026, 4, 21), "", 96.0),
    ]

    weeks = stand(a_bound(current=96.0), changes=changes).weeks

    assert weeks is not None
    assert (weeks.met, weeks.reported) == (2, 2)


def test_the_newest_check_in_speaks_for_the_key_result() -> None:
    said = [
        a_check_in(APRIL, 1.0, note="First."),
        a_check_in(MAY, None, note="Back from leave.", by="bo@example.com"),
        a_check_in(date(2026, 6, 1), 9.0, note="Not yet."),
    ]

    now = stand(a_rise(), check_ins=said)

    assert (now.note, now.noted_by, now.value) == ("Back from leave.", "bo@example.com", 1.0)


def test_the_value_a_week_ago_stands_beside_the_newest() -> None:
    said = [a_check_in(date(2026, 5, 13), 20.0), a_check_in(date(2026, 5, 14), 30.0)]

    now = stand(a_rise(), check_ins=said)

    assert (now.value, now.value_week_ago) == (30.0, 20.0)


def test_a_kind_does_not_change_whose_number_counts() -> None:
    for kind in Kind:
        now = stand(a_rise(kind=kind, current=0.0), check_ins=[a_check_in(MAY, 1.0)])
        assert now.value == 1.0
