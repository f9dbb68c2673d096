"""Google away for an hour, and back: pages go on, forms keep what was typed, nothing is doubled."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS
from okr.model import KeyResult
from okr.workbooks.drafting import draft_check_in, new_operation
from okr.workbooks.interface import (
    CellEdit,
    CheckInDraft,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
    UnknownOutcomeError,
)
from okr.workbooks.live import LiveWorkbook, View
from okr.workbooks.schedule import Schedule
from tests.contract.google_fixtures import WHEN, GoogleHome

HOUR = 3600.0
BY = "ada@example.com"
BROKEN = [
    pytest.param({"kind": "status", "status": 503}, id="503"),
    pytest.param({"kind": "status", "status": 429}, id="429"),
    pytest.param({"kind": "reset"}, id="reset"),
    pytest.param({"kind": "html", "status": 200}, id="a page where JSON belongs"),
]


@dataclass
class House:
    """A board that looks at a sheet; its clock moves only when a test, or a wait, says so."""

    home: GoogleHome
    keep: Path
    live: LiveWorkbook

    def see(self) -> View:
        """Look as a page does, and let a refresh that is due have its turn."""
        view = self.live.view()
        if self.live.is_due():
            self.live.refresh_once()
        return view if view.snapshot is None else self.live.view()

    def wait(self, seconds: float, every: float = 30.0) -> list[View]:
        """Let time go by while somebody looks."""
        until, views = self.home.time.seconds + seconds, []
        while self.home.time.seconds < until:
            self.home.time.seconds += every
            views.append(self.see())
        return views

    def restart(self) -> None:
        """Be a process that starts anew; the one before is gone."""
        self.live._keep(is_last=True)
        self.home.workbook = self.home.another()
        self.live = a_board(self.home, self.keep)

    def ids(self) -> list[str]:
        return [row[6] for row in self.home.rows(CHECK_INS)[2:]]

    def told(self, by: str = BY) -> list[tuple[str, Any, Any]]:
        """Give what history tells of somebody: column, before, after."""
        lines = [row + [""] * (8 - len(row)) for row in self.home.rows(HISTORY)[1:]]
        return [(line[3], line[4], line[5]) for line in lines if line[6] == by]


def a_board(home: GoogleHome, keep: Path) -> LiveWorkbook:
    live = LiveWorkbook(
        home.workbook,
        clock=home.time.now,
        keep=keep,
        schedule=Schedule(spread=lambda low, high: high),
        records=True,
    )
    live._thread = threading.Thread(target=lambda: None)  # the test refreshes when it is time
    return live


@pytest.fixture
def house(home: GoogleHome, tmp_path: Path) -> House:
    house = House(home, tmp_path, a_board(home, tmp_path))
    house.wait(90)
    return house


def a_draft(house: House, value: str = "6.5", operation: str | None = None) -> CheckInDraft:
    """Draft a check-in from what the page shows, as the form does."""
    snapshot = house.live.view().snapshot
    assert snapshot is not None
    [key_result] = [one for one in snapshot.key_results if one.id == "KR-1"]
    return draft_check_in(
        snapshot,
        key_result,
        value=value,
        confidence="0.7",
        note="Better onboarding",
        by=BY,
        operation=operation or new_operation(),
        when=house.home.time.now(),
    )


def key_result(view: View, row_id: str = "KR-1") -> KeyResult:
    assert view.snapshot is not None
    return next(one for one in view.snapshot.key_results if one.id == row_id)


def current(house: House) -> Any:
    return next(row[5] for row in house.home.rows(KEY_RESULTS) if row[0] == "KR-1")


@pytest.mark.parametrize("fault", BROKEN)
def test_an_hour_without_google(house: House, fault: dict[str, Any]) -> None:
    before = house.see()
    lost_at = house.home.time.now()
    house.home.api.faults.add(**fault, times=None)

    typed = a_draft(house)
    with pytest.raises(RefusedError, match="Nothing was saved"):
        house.live.save_check_in(typed)
    views = house.wait(60) + house.wait(HOUR, every=300)

    assert all(view.snapshot is before.snapshot for view in views)
    assert all(view.failure for view in views[1:])
    assert views[-1].failing_since is not None
    assert (views[-1].failing_since - lost_at).total_seconds() < 120
    assert views[-1].checked_at == before.checked_at
    assert house.ids() == []
    with pytest.raises(RefusedError):
        house.live.save_check_in(typed)

    house.home.api.faults.clear()
    house.wait(90)
    view = house.see()
    assert (view.failure, view.failing_since) == ("", None)
    saved = house.live.save_check_in(typed)
    again = house.live.save_check_in(typed)

    assert house.ids() == [saved.id]
    assert (saved.was_there, again.was_there) == (False, True)
    assert current(house) == 6.5
    assert house.told() == [("Current", 7, 6.5), ("Confidence", 0.5, 0.7)]
    house.wait(60)
    assert key_result(house.see()).current == 6.5


def cut_off(house: House, applied: bool) -> None:
    """Lose the answer to the next batch, and with it Google."""
    faults = house.home.api.faults
    faults.add("reset", applied=applied, path="demo:batchUpdate")
    faults.add("status", status=503, path="developerMetadata/", times=None)
    faults.add("status", status=503, path="values|demo\\?|demo:batchUpdate", nth=3, times=None)


@pytest.mark.parametrize("is_restarted", [False, True], ids=["same process", "restarted"])
@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_what_was_cut_off_is_there_once_when_google_is_back(
    house: House, applied: bool, is_restarted: bool
) -> None:
    typed = a_draft(house)
    cut_off(house, applied)
    with pytest.raises(UnknownOutcomeError, match="will not be written twice"):
        house.live.save_check_in(typed)
    house.wait(HOUR / 2, every=300)
    if is_restarted:
        house.restart()
        assert house.see().snapshot is not None
    else:
        with pytest.raises(UnknownOutcomeError, match="not be written twice"):
            house.live.save_check_in(typed)
    house.wait(HOUR / 2, every=300)

    house.home.api.faults.clear()
    house.wait(90)
    saved = house.live.save_check_in(typed)

    assert house.ids() == [saved.id]
    assert saved.was_there == applied
    assert [line[0] for line in house.told()] == ["Current", "Confidence"]
    house.wait(60)
    if not (applied and is_restarted):  # who started anew cannot tell whose the old value is
        assert current(house) == 6.5


def test_a_mirror_that_nobody_asks_for_again_is_made_all_the_same(house: House) -> None:
    typed = a_draft(house)
    cut_off(house, applied=True)
    with pytest.raises(UnknownOutcomeError):
        house.live.save_check_in(typed)
    house.wait(HOUR, every=300)

    house.home.api.faults.clear()
    house.wait(90)

    assert len(house.ids()) == 1
    assert current(house) == 6.5


def an_edit(house: House) -> Callable[[], Any]:
    reference = RowReference(KEY_RESULTS, "KR-1", ())
    edit = EditDraft("op-edit", reference, (CellEdit("Target", 5.0, 4.0),), BY, WHEN)
    return lambda: house.live.save_edit(edit)


def a_new_row(house: House) -> Callable[[], Any]:
    cells = (("Objective", "O-1"), ("Key result", "Win back 20"), ("Target", 20.0))
    row = RowDraft("op-row", KEY_RESULTS, cells, BY, WHEN)
    return lambda: house.live.add_row(row)


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize(
    ("make", "title", "line"),
    [
        pytest.param(an_edit, "Cut churn", ("Target", 5, 4), id="edit"),
        pytest.param(a_new_row, "Win back 20", ("ID", "", ""), id="row"),
    ],
)
def test_edits_and_new_rows_outlive_it_too(
    house: House, applied: bool, make: Any, title: str, line: tuple[str, Any, Any]
) -> None:
    save = make(house)
    if title == "Cut churn":  # its first anchor, so that the batch is the next write of all
        house.live.save_check_in(a_draft(house, "7"))
    cut_off(house, applied)
    with pytest.raises((UnknownOutcomeError, RefusedError)):
        save()
    house.wait(HOUR, every=300)
    house.home.api.faults.clear()
    house.wait(90)

    first, second = save(), save()

    assert first.row_id == second.row_id
    rows = [row for row in house.home.rows(KEY_RESULTS) if row[2:3] == [title]]
    assert [row[4] for row in rows] == [4 if title == "Cut churn" else 20]
    told = [one for one in house.told() if one[0] == line[0]]
    assert len(told) == 1
    assert title != "Cut churn" or told == [line]


def test_what_people_typed_meanwhile_is_seen_and_told_once(house: House) -> None:
    house.home.api.faults.add("status", status=503, times=None)
    house.wait(HOUR / 2, every=300)
    house.home.edit(KEY_RESULTS, "F2", 6.2)
    house.wait(HOUR / 2, every=300)

    house.home.api.faults.clear()
    house.wait(90)

    assert key_result(house.see()).current == 6.2
    assert current(house) == 6.2
    lines = [row for row in house.home.rows(HISTORY)[1:] if row[7] == "sheet"]
    assert [(row[1], row[3], row[4], row[5]) for row in lines] == [("KR-1", "Current", 7, 6.2)]


def test_who_starts_while_google_is_away_sees_what_was_known(house: House) -> None:
    before = house.see()
    house.home.api.faults.add("status", status=503, times=None)
    house.wait(HOUR / 2, every=300)
    house.restart()

    view = house.see()
    assert view.snapshot is not None and before.snapshot is not None
    assert view.is_kept and view.failure
    assert view.snapshot.key_results == before.snapshot.key_results

    house.home.api.faults.clear()
    house.wait(90)
    assert not house.see().is_kept
    assert house.see().failure == ""
