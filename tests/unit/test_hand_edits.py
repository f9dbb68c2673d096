"""The running board tells hand edits while it refreshes, and keeps those that it could not tell."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from okr.columns import KEY_RESULTS
from okr.model import Cell
from okr.reading import Reading
from okr.snapshot import build_snapshot
from okr.watching import SeenChange
from okr.workbooks.hand_edits import MOST_FAILURES
from okr.workbooks.interface import ReadError, RefusedError, UnknownOutcomeError, WorkbookError
from okr.workbooks.keeping import keep_reading, kept_path, load_reading
from okr.workbooks.live import LiveWorkbook
from okr.workbooks.recording import MOST_AT_ONCE, MayNotRecordError
from okr.workbooks.schedule import Schedule
from tests.unit.readings import a_key_result, a_workbook
from tests.unit.readings import a_reading as a_whole_reading

START = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)


def holding(current: Cell, seconds: float = 0, **more: Cell) -> Reading:
    """Read a workbook whose only key result holds a value."""
    reading = a_whole_reading(key_results=[a_key_result(current=current, **more)])
    read_at = START + timedelta(seconds=seconds)
    return replace(reading, revision=f"r{current}{more}", read_at=read_at, timezone="Asia/Tokyo")


@dataclass
class FakeWorkbook:
    """A workbook that says what a test wants, and remembers what it was told to record."""

    says: Reading | Exception = field(default_factory=lambda: holding(1.0))
    fails: WorkbookError | None = None
    recorded: list[SeenChange] = field(default_factory=list)
    attempts: int = 0
    location: str = "a.xlsx"

    def read(self) -> Reading:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def record(self, changes: Sequence[SeenChange]) -> int:
        self.attempts += 1
        if self.fails is not None:
            raise self.fails
        self.recorded += changes
        return len(changes)

    @property
    def told(self) -> list[tuple[Cell, Cell]]:
        return [(one.before, one.after) for one in self.recorded]


@dataclass
class House:
    workbook: FakeWorkbook
    live: LiveWorkbook
    now: datetime = START

    def see(self, current: Cell, seconds: float = 15) -> None:
        """Let somebody type a value, and the board refresh."""
        self.now += timedelta(seconds=seconds)
        self.workbook.says = holding(current, (self.now - START).total_seconds())
        self.live.refresh_once()


Make = Callable[..., House]


@pytest.fixture
def make() -> Iterator[Make]:
    houses: list[House] = []

    def build(
        workbook: FakeWorkbook | None = None, keep: Path | None = None, records: bool = True
    ) -> House:
        workbook = workbook or FakeWorkbook()
        house: House
        live = LiveWorkbook(
            workbook,  # type: ignore[arg-type]
            build_snapshot,
            every=3600.0,
            clock=lambda: house.now,
            keep=keep,
            schedule=Schedule(spread=lambda _low, high: high),
            records=records,
        )
        house = House(workbook, live)
        houses.append(house)
        live.start()
        return house

    yield build
    for house in houses:
        house.live.stop()


def test_a_hand_edit_is_told_with_when_it_was_seen(make: Make) -> None:
    house = make()
    house.see(2.0)

    moment = datetime(2026, 5, 20, 18, 0, 15)  # in Tokyo, where the workbook is
    expected = SeenChange(moment, "KR-1", KEY_RESULTS, "Current", 1.0, 2.0)
    assert house.workbook.recorded == [expected]
    assert house.live.view().unrecorded == ""


def test_a_refresh_without_a_change_asks_for_nothing(make: Make) -> None:
    house = make()
    house.see(1.0)
    house.see(1.0)

    assert house.workbook.attempts == 0


def test_a_board_that_may_not_write_and_a_command_tell_nothing(make: Make) -> None:
    house = make(records=False)
    house.see(2.0)

    assert house.workbook.attempts == 0


@pytest.mark.parametrize("failure", [RefusedError("Busy."), UnknownOutcomeError("Perhaps.")])
def test_what_could_not_be_told_is_told_at_the_next_refresh(
    make: Make, failure: WorkbookError
) -> None:
    house = make(FakeWorkbook(fails=failure))
    house.see(2.0)
    house.see(3.0)
    assert "2 hand edits wait" in house.live.view().unrecorded
    house.workbook.fails = None
    house.see(3.0)
    house.see(3.0)

    assert house.workbook.told == [(1.0, 2.0), (2.0, 3.0)]
    assert house.workbook.recorded[0].when.second == 15
    assert house.live.view().unrecorded == ""


def test_a_reading_that_fails_tries_to_write_nothing(make: Make) -> None:
    house = make(FakeWorkbook(fails=RefusedError("Busy.")))
    house.see(2.0)
    house.workbook.says = ReadError("Google is down.")
    house.live.refresh_once()

    assert house.workbook.attempts == 1


def test_a_sheet_that_may_only_be_read_is_left_alone_for_a_while(make: Make) -> None:
    house = make(FakeWorkbook(fails=MayNotRecordError("It is shared as Viewer.")))
    house.see(2.0)
    house.see(3.0)
    assert house.live.view().unrecorded == "It is shared as Viewer."
    assert house.workbook.attempts == 1

    house.workbook.fails = None
    house.see(4.0, seconds=500)
    assert house.workbook.attempts == 1
    house.see(4.0, seconds=200)
    assert house.workbook.told == [(1.0, 2.0), (2.0, 3.0), (3.0, 4.0)]
    assert house.live.view().unrecorded == ""


def test_what_fails_again_and_again_is_tried_more_rarely(make: Make) -> None:
    house = make(FakeWorkbook(fails=RefusedError("No.")))
    for number in range(20):
        house.see(float(number + 2))

    assert house.workbook.attempts == MOST_FAILURES
    house.workbook.fails = None
    house.see(22.0, seconds=700)
    assert len(house.workbook.recorded) == 21


def test_a_fault_of_the_comparison_does_not_stop_the_refreshes(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make()
    with monkeypatch.context() as patch:
        patch.setattr("okr.workbooks.hand_edits.seen_changes", lambda *_: 1 / 0)
        house.see(2.0)
    house.see(3.0)

    assert house.live.view().failure == ""
    assert house.workbook.told == [(1.0, 3.0)]


def test_what_changed_while_the_board_was_down_is_told_at_its_start(
    make: Make, tmp_path: Path
) -> None:
    keep_reading(kept_path(tmp_path, "a.xlsx"), holding(1.0))
    house = make(FakeWorkbook(says=holding(2.0, 3600)), tmp_path)
    house.live.refresh_once()

    assert house.workbook.told == [(1.0, 2.0)]
    assert house.workbook.recorded[0].when == datetime(2026, 5, 20, 19, 0)


def test_what_changed_while_both_were_down_is_told_when_the_sheet_is_back(
    make: Make, tmp_path: Path
) -> None:
    keep_reading(kept_path(tmp_path, "a.xlsx"), holding(1.0))
    house = make(FakeWorkbook(says=ReadError("Google is down.")), tmp_path)
    house.see(2.0)
    house.live.refresh_once()

    assert house.workbook.told == [(1.0, 2.0)]


def test_a_reading_is_kept_only_once_its_changes_are_told(make: Make, tmp_path: Path) -> None:
    path = kept_path(tmp_path, "a.xlsx")
    first = make(FakeWorkbook(fails=RefusedError("Busy.")), tmp_path)
    first.live.refresh_once()
    first.live._keep(is_last=True)
    first.see(2.0, seconds=100)
    first.live.stop()
    kept = load_reading(path)
    assert kept is not None and kept.revision == holding(1.0).revision

    second = make(FakeWorkbook(says=holding(2.0)), tmp_path)
    second.live.refresh_once()
    assert second.workbook.told == [(1.0, 2.0)]


def test_many_changes_are_told_in_parts(make: Make) -> None:
    def rows(value: float) -> Reading:
        many = [a_key_result(ID=f"KR-{n}", current=value) for n in range(MOST_AT_ONCE + 1)]
        return replace(a_whole_reading(key_results=many), revision=str(value))

    house = make(FakeWorkbook(says=rows(1.0)))
    house.workbook.says = rows(2.0)
    house.live.refresh_once()
    house.live.refresh_once()

    assert house.workbook.attempts == 2
    assert len({one.row_id for one in house.workbook.recorded}) == MOST_AT_ONCE + 1


def test_a_tab_that_is_half_loaded_is_waited_for(make: Make) -> None:
    house = make()
    house.workbook.says = replace(a_workbook(*holding(1.0).tabs[:1]), revision="half")
    house.live.refresh_once()
    house.see(2.0)

    assert house.workbook.told == [(1.0, 2.0)]
