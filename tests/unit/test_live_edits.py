"""What was saved is seen at once by everybody, and no longer than the sheet agrees."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from okr.columns import KEY_RESULTS
from okr.model import Cell, Settings, Snapshot, Source
from okr.reading import Reading, Tab
from okr.workbooks.interface import (
    CellEdit,
    CheckInDraft,
    Conflict,
    ConflictError,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
    SavedCheckIn,
    SavedRow,
    UnknownOutcomeError,
)
from okr.workbooks.live import LiveWorkbook
from okr.workbooks.pending import pending_row, with_pending
from okr.workbooks.schedule import Schedule

START = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
HEADERS = ("ID", "Objective", "Key result", "Target", "State")
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("KR-1", "O-1", "Cut churn", 5.0),
    ("", "O-1", "Raise NPS", 45.0),
)


def a_reading(revision: str = "1", *rows: tuple[Cell, ...]) -> Reading:
    tab = Tab("KRs", (HEADERS, *(rows or ROWS)))
    return Reading(Source("OKRs", "a.xlsx"), START, revision, (tab,))


def a_saved(*cells: tuple[str, Cell, Cell], row: str = "KR-1") -> SavedRow:
    return SavedRow(row, "KRs", tuple(CellEdit(*cell) for cell in cells))


def an_edit(row: str | None = "KR-1", title: str = "Cut churn") -> EditDraft:
    reference = RowReference("KRs", row, (("Key result", title), ("Objective", "O-1")))
    return EditDraft("op", reference, (), "bo", START.replace(tzinfo=None))


NEW = RowDraft("op", "KRs", (("Key result", "New"),), "bo", START.replace(tzinfo=None))
ADDED = a_saved(("ID", "", "KR-9"), ("Key result", "", "New"), ("Target", "", 9.0), row="KR-9")


@dataclass
class FakeWorkbook:
    """A workbook that saves what a test wants."""

    says: Reading = field(default_factory=a_reading)
    saves: SavedRow | Exception = field(default_factory=lambda: a_saved(("Target", 5.0, 4.0)))
    location: str = "a.xlsx"

    def read(self) -> Reading:
        return self.says

    def save_check_in(self, draft: CheckInDraft) -> SavedCheckIn:
        raise AssertionError

    def save_edit(self, draft: EditDraft) -> SavedRow:
        if isinstance(self.saves, Exception):
            raise self.saves
        return self.saves

    def add_row(self, draft: RowDraft) -> SavedRow:
        return self.save_edit(an_edit())


@dataclass
class House:
    workbook: FakeWorkbook
    live: LiveWorkbook
    moment: list[datetime]

    def rows(self) -> list[tuple[Cell, ...]]:
        reading = self.live.view().reading
        assert reading is not None
        return [tuple(row) for row in reading.tabs[0].rows[1:]]

    def revision(self) -> str:
        snapshot = self.live.view().snapshot
        assert snapshot is not None
        return snapshot.revision

    def refresh(self, reading: Reading, seconds: float = 1) -> None:
        self.moment[0] += timedelta(seconds=seconds)
        self.workbook.says = reading
        self.live.refresh_once()


@pytest.fixture
def house() -> House:
    def build(reading: Reading) -> Snapshot:
        return Snapshot(reading.source, reading.revision, reading.read_at, Settings())

    workbook, moment = FakeWorkbook(), [START]
    schedule = Schedule(spread=lambda _low, high: high)
    live = LiveWorkbook(  # nobody starts its thread
        workbook,  # type: ignore[arg-type]
        build,
        every=15.0,
        clock=lambda: moment[0],
        schedule=schedule,
    )
    live._is_started = True
    live.refresh_once()
    return House(workbook, live, moment)


def test_an_edit_is_seen_at_once_until_a_reading_shows_it(house: House) -> None:
    house.live.save_edit(an_edit())
    assert house.rows()[0] == ("KR-1", "O-1", "Cut churn", 4.0)
    assert house.revision().startswith("1+KR-1.")

    house.refresh(a_reading("1"))  # a reading that is late
    assert house.rows()[0][3] == 4.0
    house.refresh(a_reading("2", ("KR-1", "O-1", "Cut churn", 4.0), ROWS[1]))
    assert house.revision() == "2"
    house.refresh(a_reading("3"))  # somebody has put it back
    assert (house.revision(), house.rows()[0][3]) == ("3", 5.0)


def test_what_others_typed_since_is_seen(house: House) -> None:
    house.live.save_edit(an_edit())
    house.refresh(a_reading("2", ("KR-1", "O-1", "Cut churn", 3.0), ROWS[1]))

    assert (house.revision(), house.rows()[0][3]) == ("2", 3.0)


def test_a_late_reading_hides_an_edit_for_a_minute_at_most(house: House) -> None:
    house.live.save_edit(an_edit())
    house.refresh(a_reading("1"), seconds=61)

    assert (house.revision(), house.rows()[0][3]) == ("1", 5.0)


def test_of_two_edits_of_one_cell_the_last_is_seen(house: House) -> None:
    house.live.save_edit(an_edit())
    house.workbook.saves = a_saved(("Target", 4.0, 3.0), ("State", "", "draft"))
    house.live.save_edit(an_edit())
    assert house.rows()[0] == ("KR-1", "O-1", "Cut churn", 3.0, "draft")

    house.refresh(a_reading("1"))
    assert house.rows()[0][3:] == (3.0, "draft")
    house.workbook.saves = a_saved(("Target", 3.0, 5.0))
    house.live.save_edit(an_edit())
    house.refresh(a_reading("4", ("KR-1", "O-1", "Cut churn", 5.0, "draft"), ROWS[1]))
    assert (house.revision(), house.rows()[0][3]) == ("4", 5.0)


def test_a_row_that_was_given_an_id_has_it_at_once(house: House) -> None:
    house.workbook.saves = a_saved(("Target", 45.0, 50.0), row="KR-7")
    house.live.save_edit(an_edit(None, "Raise NPS"))

    assert house.rows()[1] == ("KR-7", "O-1", "Raise NPS", 50.0)


def test_a_new_row_is_seen_at_once_and_once(house: House) -> None:
    house.workbook.saves = ADDED
    house.live.add_row(NEW)
    assert house.rows()[2] == ("KR-9", "", "New", 9.0)

    house.workbook.saves = a_saved(("Target", 9.0, 8.0), row="KR-9")
    house.live.save_edit(an_edit("KR-9"))
    assert house.rows()[2][3] == 8.0
    house.refresh(a_reading("1"))
    assert house.rows()[2][3] == 8.0
    house.refresh(a_reading("2", *ROWS, ("KR-9", "", "New", 8.0)))
    assert (house.revision(), len(house.rows())) == ("2", 3)
    house.refresh(a_reading("3"))  # somebody has deleted it
    assert len(house.rows()) == 2


@pytest.mark.parametrize(
    "error",
    [
        RefusedError("No."),
        UnknownOutcomeError("Perhaps."),
        ConflictError("Both.", (Conflict("Target", "KRs!D2", 5.0, 6.0, 4.0),)),
    ],
)
def test_what_was_not_saved_is_told_and_looked_at_soon(house: House, error: Exception) -> None:
    house.workbook.saves = error
    house.live.view()
    with pytest.raises(type(error)):
        house.live.save_edit(an_edit())

    assert house.revision() == "1"
    assert house.live.is_due()


def test_a_reading_without_the_row_stays_as_it_is() -> None:
    one = pending_row(an_edit("KR-404").row, a_saved(("Target", 5.0, 4.0), row="KR-404"), START)
    other = replace(a_reading(), tabs=())

    assert with_pending(a_reading(), [one]) == a_reading()
    assert with_pending(other, [one]) is other
    assert KEY_RESULTS not in {tab.title for tab in other.tabs}
