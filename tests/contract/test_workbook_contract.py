"""What the board may expect of a workbook, whichever home it lives in.

A home is given as the tabs that it starts with. Everything is seen through the interface: a second
workbook over the same home tells what is really there. A further home needs one more `Home` and
its name in `HOMES`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS
from okr.looking_back import as_of
from okr.model import Cell, Snapshot
from okr.snapshot import build_snapshot
from okr.values import known_on
from okr.workbooks.drafting import draft_check_in
from okr.workbooks.interface import RefusedError, Workbook
from okr.workbooks.local import LocalWorkbook
from tests.contract.google_fixtures import COMPANY, WHEN, WHEN_SERIAL, draft, google_home

Tabs = Mapping[str, Sequence[Sequence[Cell]]]


@dataclass
class Home:
    """A workbook, how to open it a second time, and how a person types into it."""

    workbook: Workbook
    another: Callable[[], Workbook]
    edit: Callable[[str, str, Cell], None]

    def rows(self, tab: str) -> list[list[Cell]]:
        """Give a tab's rows as somebody else would read them, without blanks at their ends."""
        found = [one for one in self.another().read().tabs if one.title == tab]
        return [_trimmed(row) for one in found for row in one.rows]


def _trimmed(row: Sequence[Cell]) -> list[Cell]:
    cells = list(row)
    while cells and cells[-1] == "":
        cells.pop()
    return cells


@contextmanager
def in_google(tabs: Tabs, _: Path) -> Iterator[Home]:
    with google_home({title: [list(row) for row in rows] for title, rows in tabs.items()}) as home:
        yield Home(home.workbook, home.another, home.edit)


@contextmanager
def in_a_file(tabs: Tabs, folder: Path) -> Iterator[Home]:
    path = folder / "Acme OKRs.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tabs.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)

    def edit(tab: str, cell: str, value: Cell) -> None:
        there = openpyxl.load_workbook(path)
        there[tab][cell] = value
        there.save(path)

    yield Home(LocalWorkbook(path), lambda: LocalWorkbook(path), edit)


HOMES: dict[str, Callable[[Tabs, Path], AbstractContextManager[Home]]] = {
    "google": in_google,
    "file": in_a_file,
}

MakeHome = Callable[[Tabs], AbstractContextManager[Home]]


@pytest.fixture(params=HOMES)
def a_home(request: pytest.FixtureRequest, tmp_path: Path) -> MakeHome:
    make = HOMES[request.param]
    return lambda tabs: make(tabs, tmp_path)


@pytest.fixture
def workbook_home(a_home: MakeHome) -> Iterator[Home]:
    with a_home(COMPANY) as home:
        yield home


# ---------------------------------------------------------------- reading


def test_it_reads_what_people_typed(workbook_home: Home) -> None:
    rows = workbook_home.rows(KEY_RESULTS)

    assert rows[1] == ["KR-1", "O-1", "Cut churn", 8.0, 5.0, 7.0, 0.5]
    assert rows[3] == ["", "O-1", "Raise NPS", 32.0, 45.0, 33.0]
    assert all(not isinstance(cell, int) or isinstance(cell, bool) for cell in rows[1])


def test_it_names_its_tabs(workbook_home: Home) -> None:
    reading = workbook_home.workbook.read()

    assert [tab.title for tab in reading.tabs] == list(COMPANY)
    assert reading.source.title == "Acme OKRs"
    assert reading.read_at.tzinfo is not None


def test_the_revision_changes_with_the_content_alone(workbook_home: Home) -> None:
    first = workbook_home.workbook.read()
    again = workbook_home.workbook.read()
    workbook_home.edit(KEY_RESULTS, "F2", 6)
    edited = workbook_home.workbook.read()

    assert first.revision == again.revision != edited.revision


def test_rows_that_have_not_changed_are_the_same_objects(workbook_home: Home) -> None:
    before = {tab.title: tab.rows for tab in workbook_home.workbook.read().tabs}
    workbook_home.edit(KEY_RESULTS, "F2", 6)
    after = {tab.title: tab.rows for tab in workbook_home.workbook.read().tabs}

    assert after[KEY_RESULTS][1] != before[KEY_RESULTS][1]
    for tab, rows in before.items():
        for number, row in enumerate(rows):
            assert (tab, number) == (KEY_RESULTS, 1) or after[tab][number] is row


# ---------------------------------------------------------------- check-ins


def test_a_check_in_is_a_row_a_line_of_history_and_a_mirror(workbook_home: Home) -> None:
    saved = workbook_home.workbook.save_check_in(draft())

    when, *row = workbook_home.rows(CHECK_INS)[2]
    assert when == pytest.approx(WHEN_SERIAL, abs=1e-6)
    assert row == ["KR-1", 6.5, 0.7, "Better onboarding", "ada@example.com", saved.id]
    by = ["ada@example.com", "board"]
    assert [row[1:] for row in workbook_home.rows(HISTORY)[1:]] == [
        ["KR-1", KEY_RESULTS, "Current", 7.0, 6.5, *by],
        ["KR-1", KEY_RESULTS, "Confidence", 0.5, 0.7, *by],
    ]
    assert workbook_home.rows(KEY_RESULTS)[1][5:] == [6.5, 0.7]
    assert (saved.key_result_id, saved.is_mirrored, saved.was_there) == ("KR-1", True, False)


def test_a_check_in_of_an_earlier_day_is_told_when_it_was_written(workbook_home: Home) -> None:
    workbook = workbook_home.workbook
    written = replace(draft(), when=WHEN - timedelta(days=3), written=WHEN)
    saved = workbook.save_check_in(written)

    assert workbook_home.rows(CHECK_INS)[2][0] == pytest.approx(WHEN_SERIAL - 3, abs=1e-6)
    told = workbook_home.rows(HISTORY)[1:]
    assert [row[0] for row in told] == [pytest.approx(WHEN_SERIAL, abs=1e-6)] * 3
    assert [row[3:6] for row in told] == [
        ["Current", 7.0, 6.5],
        ["Confidence", 0.5, 0.7],
        ["ID", "", saved.id],
    ]


def test_a_check_in_of_an_earlier_day_is_known_only_since_it_was_written(
    workbook_home: Home,
) -> None:
    late = replace(draft(), when=WHEN - timedelta(days=3), written=WHEN)
    workbook_home.workbook.save_check_in(late)
    snapshot = build_snapshot(workbook_home.another().read())

    found = {day: _known(snapshot, day) for day in (WHEN - timedelta(days=1), WHEN)}
    assert [*found.values()] == [(7.0, date(2026, 5, 8)), (6.5, date(2026, 5, 17))]


def _known(snapshot: Snapshot, when: datetime) -> tuple[float | None, date | None]:
    """Give the value of the first key result as it was known on a day, and of when it was."""
    then = as_of(snapshot, when.date())
    one = then.key_results[0]
    of_it = then.check_ins.get(one.key, ()), then.changes.get(one.key, ())
    known = known_on(one, *of_it, when.date())
    return known.value, known.updated_on


def test_what_is_told_of_a_check_in_is_what_a_reading_gives(workbook_home: Home) -> None:
    saved = workbook_home.workbook.save_check_in(draft())

    headers, row = workbook_home.rows(CHECK_INS)[0], workbook_home.rows(CHECK_INS)[2]
    for column, cell in saved.cells:
        shown = row[headers.index(column)]
        assert shown == (pytest.approx(cell, abs=1e-6) if column == "When" else cell)


def test_the_same_operation_never_writes_twice(workbook_home: Home) -> None:
    first = workbook_home.workbook.save_check_in(draft())
    again = workbook_home.workbook.save_check_in(draft())
    elsewhere = workbook_home.another().save_check_in(draft())

    assert len(workbook_home.rows(CHECK_INS)) == 3
    assert [again.was_there, elsewhere.was_there] == [True, True]
    assert first.id == again.id == elsewhere.id


@pytest.mark.parametrize(
    ("newer", "shown", "held"),
    [
        pytest.param((8, None), (8, 0.7), "Current", id="value"),
        pytest.param((None, 0.2), (6.5, 0.2), "Confidence", id="confidence"),
        pytest.param((8, 0.2), (8, 0.2), "Current Confidence", id="both"),
        pytest.param((None, None), (6.5, 0.7), "", id="a note alone"),
    ],
)
def test_a_newer_check_in_holds_back_what_it_says_something_of(
    workbook_home: Home,
    newer: tuple[float | None, float | None],
    shown: tuple[float, float],
    held: str,
) -> None:
    workbook_home.workbook.save_check_in(draft("KR-1", *newer, operation="op-2"))

    saved = workbook_home.workbook.save_check_in(draft(when=WHEN - timedelta(days=2)))

    headers, row = workbook_home.rows(KEY_RESULTS)[:2]
    said = dict(zip(headers, row, strict=False))
    assert (said["Current"], said["Confidence"]) == shown
    kept = "A newer check-in is there, so {} was left as it is."
    assert saved.remark == " ".join(map(kept.format, held.split()))


def test_nothing_is_lost_when_several_save_at_once(workbook_home: Home) -> None:
    workbooks = [workbook_home.workbook, workbook_home.another()]
    drafts = [draft(operation=f"op-{n}", value=float(n)) for n in range(12)]

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(workbooks[n % 2].save_check_in, one) for n, one in enumerate(drafts)]
        saved = {job.result().id for job in jobs}

    rows = workbook_home.rows(CHECK_INS)[2:]
    assert {row[6] for row in rows} == saved
    assert sorted(float(row[2]) for row in rows) == [float(n) for n in range(12)]
    told = [row for row in workbook_home.rows(HISTORY)[1:] if row[3] in ("Current", "Value")]
    assert sorted(float(row[5]) for row in told) == [float(n) for n in range(12)]


@pytest.mark.parametrize("text", ["👩\u200d💻", "می\u200cخواهم", "\u2067שלום\u2069"])
def test_what_joins_and_turns_letters_is_kept(workbook_home: Home, text: str) -> None:
    snapshot = build_snapshot(workbook_home.workbook.read())
    said = {"value": "7", "confidence": "", "note": f"so {text} so", "by": "ada"}
    one, when = snapshot.key_results[0], snapshot.read_at
    workbook_home.workbook.save_check_in(
        draft_check_in(snapshot, one, operation="op", when=when, **said)
    )

    assert workbook_home.rows(CHECK_INS)[2][4] == f"so {text} so"


@pytest.mark.parametrize("text", ["=1+1", "@x", "007", "1/2"])
def test_what_people_type_is_never_a_formula(workbook_home: Home, text: str) -> None:
    workbook_home.workbook.save_check_in(draft(note=text))

    assert workbook_home.rows(CHECK_INS)[2][4] == text


def test_a_formula_in_current_is_kept(workbook_home: Home) -> None:
    workbook_home.edit(KEY_RESULTS, "F2", "=3+4")

    saved = workbook_home.workbook.save_check_in(draft())

    assert not saved.is_mirrored
    assert "Current holds a formula" in saved.remark
    assert workbook_home.rows(KEY_RESULTS)[1][5] != 6.5


def test_a_row_without_an_id_is_given_one(workbook_home: Home) -> None:
    saved = workbook_home.workbook.save_check_in(draft(None, 35, None, title="Raise NPS"))

    assert workbook_home.rows(KEY_RESULTS)[3][0] == saved.key_result_id
    assert workbook_home.rows(CHECK_INS)[2][1] == saved.key_result_id


def test_missing_tabs_are_added_at_first_need(a_home: MakeHome) -> None:
    with a_home({title: COMPANY[title] for title in ("Objectives", KEY_RESULTS)}) as home:
        home.workbook.save_check_in(draft())

        assert home.rows(CHECK_INS)[0] == COMPANY[CHECK_INS][0]
        assert home.rows(HISTORY)[0] == COMPANY[HISTORY][0]
        assert len(home.rows(CHECK_INS)) == 2


def test_columns_may_stand_in_any_order(a_home: MakeHome) -> None:
    tabs = {
        "Objectives": COMPANY["Objectives"],
        "KRs": [
            ["Actual", "Ours", "KR", "Objective", "Key"],
            [7, "mine", "Cut churn", "O-1", "KR-1"],
        ],
        "Updates": [["Comment", "Who", "Check-in ID", "Value", "KR", "Date", "Confidence"]],
    }
    with a_home(tabs) as home:
        saved = home.workbook.save_check_in(draft(confidence=None))

        row = home.rows("Updates")[1]
        assert row[:5] == ["Better onboarding", "ada@example.com", saved.id, 6.5, "KR-1"]
        assert home.rows("KRs")[1] == [6.5, "mine", "Cut churn", "O-1", "KR-1"]


@pytest.mark.parametrize(
    ("key_result", "title", "message"),
    [
        pytest.param("KR-404", "Cut churn", "KR-404 is not in “Key results” any more", id="gone"),
        pytest.param(None, "Long gone", "“Long gone” is not in “Key results”", id="no such title"),
    ],
)
def test_a_row_that_is_gone_is_a_refusal(
    workbook_home: Home, key_result: str | None, title: str, message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        workbook_home.workbook.save_check_in(draft(key_result, title=title))

    assert len(workbook_home.rows(CHECK_INS)) == 2


def test_a_doubled_id_is_a_refusal(workbook_home: Home) -> None:
    workbook_home.edit(KEY_RESULTS, "A3", "KR-1")

    with pytest.raises(RefusedError, match="KR-1 stands in “Key results” more than once"):
        workbook_home.workbook.save_check_in(draft())


def test_a_value_that_is_no_number_is_a_refusal(workbook_home: Home) -> None:
    with pytest.raises(RefusedError, match="Nothing was saved"):
        workbook_home.workbook.save_check_in(replace(draft(), value=float("nan")))
