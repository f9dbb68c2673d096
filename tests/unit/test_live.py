"""One snapshot for everybody: who waits, what outlives a failure, and what is seen at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from okr.columns import CHECK_INS, COLUMNS, KEY_RESULTS
from okr.model import Cell, Settings, Snapshot, Source
from okr.reading import Reading, Tab
from okr.workbooks.interface import (
    CheckInDraft,
    ReadError,
    RefusedError,
    RowReference,
    SavedCheckIn,
    UnknownOutcomeError,
)
from okr.workbooks.keeping import kept_path
from okr.workbooks.live import LiveWorkbook
from okr.workbooks.pending import Pending, with_pending
from okr.workbooks.schedule import Schedule

START = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
KR_TAB = Tab(
    KEY_RESULTS,
    (
        ("ID", "Objective", "Key result", "Current", "Confidence"),
        ("KR-1", "O-1", "Cut churn", 0.08),
        ("", "O-1", "Ship it", False),
    ),
)
HEADERS = tuple(COLUMNS[CHECK_INS])
SAID: tuple[tuple[str, Cell], ...] = tuple(
    zip(HEADERS, (46162.5, "KR-1", 0.07, 0.8, "", "bo", "CI-1"), strict=True)
)
SAVED = SavedCheckIn("CI-1", "KR-1", SAID, is_mirrored=True)


def a_reading(revision: str = "1", *check_ins: tuple[Cell, ...]) -> Reading:
    tabs = (KR_TAB, Tab(CHECK_INS, (HEADERS, *check_ins))) if check_ins else (KR_TAB,)
    return Reading(Source("OKRs", "a.xlsx"), START, revision, tabs)


def a_draft(operation: str = "op-1") -> CheckInDraft:
    reference = RowReference(KEY_RESULTS, "KR-1", ())
    return CheckInDraft(operation, reference, 0.07, 0.8, "", "bo", START.replace(tzinfo=None))


@dataclass
class FakeWorkbook:
    """A workbook that says what a test wants, and counts how often it was asked."""

    says: Reading | Exception = field(default_factory=a_reading)
    saves: SavedCheckIn | Exception = SAVED
    reads: int = 0
    at_once: int = 0
    most_at_once: int = 0
    gate: threading.Event | None = None
    entered: threading.Event = field(default_factory=threading.Event)
    location: str = "a.xlsx"

    def read(self) -> Reading:
        self.reads += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.entered.set()
        try:
            return self._reading()
        finally:
            self.at_once -= 1

    def _reading(self) -> Reading:
        if self.gate is not None:
            assert self.gate.wait(10)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def save_check_in(self, draft: CheckInDraft) -> SavedCheckIn:
        if isinstance(self.saves, Exception):
            raise self.saves
        return self.saves


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class House:
    """A live workbook over a fake one, its clock, and the readings that were built."""

    workbook: FakeWorkbook
    clock: Clock
    live: LiveWorkbook
    built: list[Reading]


Make = Callable[..., House]


@pytest.fixture
def make() -> Iterator[Make]:
    """Make houses, and close them afterwards."""
    houses: list[House] = []

    def build_house(workbook: FakeWorkbook | None = None, keep: Path | None = None) -> House:
        built: list[Reading] = []

        def build(reading: Reading) -> Snapshot:
            built.append(reading)
            return Snapshot(reading.source, reading.revision, reading.read_at, Settings())

        workbook, clock = workbook or FakeWorkbook(), Clock()
        schedule = Schedule(spread=lambda _low, high: high)
        live = LiveWorkbook(workbook, build, every=15.0, clock=clock, keep=keep, schedule=schedule)
        houses.append(House(workbook, clock, live, built))
        return houses[-1]

    yield build_house
    for house in houses:
        if house.workbook.gate:
            house.workbook.gate.set()
        house.live.stop()


def revision(house: House) -> str | None:
    snapshot = house.live.view().snapshot
    return snapshot.revision if snapshot else None


def test_twenty_first_looks_are_one_reading(make: Make) -> None:
    house = make(FakeWorkbook(gate=threading.Event()))
    with ThreadPoolExecutor(20) as pool:
        looks = [pool.submit(revision, house) for _ in range(20)]
        assert house.workbook.entered.wait(10)
        assert house.workbook.gate is not None
        house.workbook.gate.set()
        assert {look.result(10) for look in looks} == {"1"}

    assert house.workbook.reads == 1


def test_refreshes_never_run_side_by_side(make: Make) -> None:
    house = make()
    house.live.start()
    with ThreadPoolExecutor(20) as pool:
        for refresh in [pool.submit(house.live.refresh_once) for _ in range(200)]:
            refresh.result(10)

    assert house.workbook.most_at_once == 1


def test_nobody_waits_for_a_slow_refresh(make: Make) -> None:
    house = make()
    house.live.start()
    house.workbook.gate, house.workbook.says = threading.Event(), a_reading("2")
    slow = threading.Thread(target=house.live.refresh_once)
    house.workbook.entered.clear()
    slow.start()
    assert house.workbook.entered.wait(10)

    assert revision(house) == "1"
    house.workbook.gate.set()
    slow.join(10)
    assert revision(house) == "2"


def test_a_reading_that_has_not_changed_is_not_built_again(make: Make) -> None:
    house = make()
    house.live.start()
    house.clock.move(15)
    house.live.refresh_once()

    assert len(house.built) == 1
    view = house.live.view()
    assert (view.read_at, view.checked_at) == (START, START + timedelta(seconds=15))


def test_a_failure_is_said_and_what_was_known_stays(make: Make) -> None:
    house = make()
    house.live.start()
    house.workbook.says = ReadError("Google does not answer.")
    house.clock.move(15)
    house.live.refresh_once()
    house.clock.move(15)
    house.live.refresh_once()

    view = house.live.view()
    assert view.snapshot is not None and view.snapshot.revision == "1"
    assert (view.failure, view.failing_since) == (
        "Google does not answer.",
        START + timedelta(seconds=15),
    )
    assert (view.checked_at, house.live.counts.failures) == (START, 2)

    house.workbook.says = a_reading("2")
    house.live.refresh_once()
    view = house.live.view()
    assert (view.failure, view.failing_since, revision(house)) == ("", None, "2")


def test_a_fault_of_the_board_is_a_failure_too(make: Make) -> None:
    house = make()
    house.live.start()
    house.workbook.says = ZeroDivisionError()
    house.live.refresh_once()

    assert "a fault in the board" in house.live.view().failure


def test_without_any_reading_there_is_a_failure_and_no_snapshot(make: Make) -> None:
    house = make(FakeWorkbook(says=ReadError("It is not shared.")))

    view = house.live.view()
    assert (view.snapshot, view.failure) == (None, "It is not shared.")


def test_a_refresh_is_due_only_while_somebody_looks(make: Make) -> None:
    house = make()
    house.live.start()
    assert not house.live.is_due()
    house.clock.move(15)
    assert house.live.is_due()
    house.clock.move(60)
    assert not house.live.is_due()


def test_after_a_pause_the_first_look_brings_a_refresh_and_does_not_wait(make: Make) -> None:
    house = make()
    house.live.start()
    house.clock.move(3600)
    house.workbook.says, house.workbook.gate = a_reading("2"), threading.Event()
    house.workbook.entered.clear()

    assert revision(house) == "1"
    assert house.workbook.entered.wait(10)


def test_what_was_read_outlives_the_process(make: Make, tmp_path: Path) -> None:
    reading = replace(a_reading("7", (46162.5, "KR-1", True, "", "a", "b", "c")), timezone="UTC")
    first = make(FakeWorkbook(says=reading), tmp_path)
    first.live.start()
    first.live.stop()
    second = make(FakeWorkbook(says=ReadError("Google is down.")), tmp_path)

    view = second.live.view()
    assert (view.is_kept, view.failure, view.checked_at) == (True, "Google is down.", START)
    assert second.built == [reading]
    assert type(second.built[0].tabs[1].rows[1][2]) is bool
    assert kept_path(tmp_path, "a.xlsx").stat().st_mode & 0o777 == 0o600


def test_a_kept_reading_that_cannot_be_used_is_passed_over(make: Make, tmp_path: Path) -> None:
    kept_path(tmp_path, "a.xlsx").write_bytes(b"no gzip")
    house = make(FakeWorkbook(says=ReadError("Google is down.")), tmp_path)

    assert house.live.view().snapshot is None


def test_a_check_in_is_seen_at_once_and_once(make: Make) -> None:
    house = make()
    house.live.start()
    saved = house.live.save_check_in(a_draft())

    assert revision(house) == "1+CI-1"
    [key_results, check_ins] = house.built[-1].tabs
    assert check_ins.rows == (HEADERS, tuple(cell for _, cell in SAID))
    assert key_results.rows[1] == ("KR-1", "O-1", "Cut churn", 0.07, 0.8)

    house.workbook.says = a_reading("2", tuple(cell for _, cell in saved.cells))
    house.live.refresh_once()
    assert revision(house) == "2"
    assert house.built[-1] == house.workbook.says


def test_a_reading_that_is_late_does_not_hide_a_check_in(make: Make) -> None:
    house = make()
    house.live.start()
    house.live.save_check_in(a_draft())
    house.workbook.says = a_reading("2")
    house.live.refresh_once()
    assert revision(house) == "2+CI-1"

    house.clock.move(61)
    house.live.refresh_once()
    assert revision(house) == "2"


@pytest.mark.parametrize("error", [RefusedError("No."), UnknownOutcomeError("Perhaps.")])
def test_what_was_not_saved_is_told_and_not_shown(make: Make, error: Exception) -> None:
    house = make(FakeWorkbook(saves=error))
    house.live.start()
    with pytest.raises(type(error)):
        house.live.save_check_in(a_draft())

    assert revision(house) == "1"


def test_waits_grow_while_it_fails_and_begin_anew_when_it_works() -> None:
    schedule = Schedule(spread=lambda _low, high: high)
    schedule.look(START)
    waits = []
    for _ in range(4):
        schedule.fail(START, 15.0)
        waits.append(schedule.wait(START, 15.0))
    schedule.succeed(START, 15.0)

    assert waits == [15.0, 30.0, 60.0, 60.0]
    assert schedule.wait(START, 15.0) == 15.0


def test_what_is_asked_for_while_a_refresh_goes_on_is_done_after_it() -> None:
    schedule = Schedule()
    schedule.look(START)
    schedule.begin()
    schedule.ask(START)
    schedule.succeed(START, 15.0)

    assert schedule.wait(START, 15.0) == 0.0


def test_a_clock_that_goes_back_does_not_stop_the_refreshes() -> None:
    schedule = Schedule()
    schedule.look(START)
    schedule.succeed(START, 15.0)

    assert schedule.wait(START - timedelta(hours=1), 15.0) == 0.0


def test_a_check_in_that_a_reading_holds_is_not_added_again() -> None:
    saved = SavedCheckIn("CI-1", "KR-1", SAID, is_mirrored=True)
    reading = a_reading("1", tuple(cell for _, cell in SAID))

    assert with_pending(reading, [Pending(a_draft().key_result, saved, START)]) is reading


def test_a_row_that_was_given_an_id_has_it_at_once() -> None:
    cells = tuple((name, "KR-9" if name == "Key result" else cell) for name, cell in SAID)
    saved = SavedCheckIn("CI-1", "KR-9", cells, is_mirrored=False)
    reference = RowReference(KEY_RESULTS, None, (("Key result", "Ship it"), ("Objective", "O-1")))
    reading = with_pending(a_reading(), [Pending(reference, saved, START)])

    assert reading.tabs[0].rows[2] == ("KR-9", "O-1", "Ship it", False)


def test_columns_in_another_order_are_kept_so() -> None:
    tab = Tab("Updates", (("ID", "By", "Mood", "KR"), ("CI-0", "al", "fine", "KR-1")))
    reading = replace(a_reading(), tabs=(KR_TAB, tab))
    saved = SavedCheckIn("CI-1", "KR-1", SAID, is_mirrored=True)

    shown = with_pending(reading, [Pending(a_draft().key_result, saved, START)])
    assert shown.tabs[1].rows[2] == ("CI-1", "bo", "", "KR-1")
