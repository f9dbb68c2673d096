"""Hand edits are told once in ``_History``: in either home, by many processes, whatever fails."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from okr.assess import build_board
from okr.columns import CHECK_INS, COLUMNS, HISTORY, KEY_RESULTS, find_header
from okr.cycles import find_cycle
from okr.model import Cell
from okr.reading import Tab
from okr.snapshot import build_snapshot
from okr.tables import Table
from okr.watching import SeenChange, seen_changes
from okr.workbooks.hand_edits import HandEdits
from okr.workbooks.interface import (
    CellEdit,
    CheckInDraft,
    EditDraft,
    RefusedError,
    RowDraft,
    RowReference,
    UnknownOutcomeError,
    Workbook,
)
from okr.workbooks.recording import MayNotRecordError, state_of
from tests.contract.google_fixtures import COMPANY, EMAIL, GoogleHome, draft, google_home
from tests.contract.test_workbook_contract import HOMES, Home, MakeHome

WHEN = datetime(2026, 5, 20, 9, 30)
LOOK, BATCH = "GET", "POST :batchUpdate"


def a_change(
    before: Cell = 7.0, after: Cell = 6.0, *, row_id: str = "KR-1", hours: float = 0
) -> SeenChange:
    when = WHEN + timedelta(hours=hours)
    return SeenChange(when, row_id, KEY_RESULTS, "Current", before, after)


def lines(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Give what ``_History`` tells of the sheet, without the moments."""
    return [list(row[1:]) for row in rows[1:] if row[-1] == "sheet"]


@pytest.fixture(params=HOMES)
def make_home(request: pytest.FixtureRequest, tmp_path: Path) -> MakeHome:
    make = HOMES[request.param]
    return lambda tabs: make(tabs, tmp_path)


@pytest.fixture
def either(make_home: MakeHome) -> Iterator[Home]:
    with make_home(COMPANY) as made:
        yield made


# --- either home ----------------------------------------------------------------------------------


def test_a_change_is_one_line_of_history(either: Home) -> None:
    assert either.workbook.record([a_change()]) == 1

    [headers, line] = either.rows(HISTORY)
    assert headers == list(COLUMNS[HISTORY])
    assert line[0] == pytest.approx(46162 + 9.5 / 24, abs=1e-6)
    assert line[1:] == ["KR-1", KEY_RESULTS, "Current", 7.0, 6.0, "", "sheet"]


def test_nothing_to_record_changes_nothing(either: Home) -> None:
    before = either.workbook.read().revision

    assert either.workbook.record([]) == 0
    assert either.workbook.read().revision == before


def test_the_same_change_is_recorded_once_and_made_again_once_more(either: Home) -> None:
    there, back, again = a_change(), a_change(6.0, 7.0, hours=1), a_change(hours=2)
    other = either.another()

    counts = [
        either.workbook.record([there]),
        other.record([there]),
        either.workbook.record([there]),
    ]
    counts += [other.record([back, back]), either.workbook.record([again]), other.record([again])]

    assert counts == [1, 0, 0, 1, 1, 0]
    assert [line[3:5] for line in lines(either.rows(HISTORY))] == [[7, 6], [6, 7], [7, 6]]


def test_there_and_back_at_once_are_two_changes(either: Home) -> None:
    both = [a_change(), a_change(6.0, 7.0, hours=0.1)]

    assert either.workbook.record(both) == 2
    assert either.another().record(both[1:]) == 0


def test_a_word_of_long_ago_does_not_silence_a_change_to_the_same(either: Home) -> None:
    """Between the two the cell was changed while no board was there to see it."""
    either.workbook.record([a_change(7.0, 6.0)])

    assert either.workbook.record([a_change(5.0, 6.0, hours=3)]) == 1


def test_what_is_told_in_part_is_completed(either: Home) -> None:
    either.another().record([a_change()])

    assert either.workbook.record([a_change(), a_change(row_id="KR-2")]) == 1
    assert [line[0] for line in lines(either.rows(HISTORY))] == ["KR-1", "KR-2"]


def test_the_tab_is_made_at_first_need(make_home: MakeHome) -> None:
    tabs = {name: rows for name, rows in COMPANY.items() if name != HISTORY}
    with make_home(tabs) as home:
        home.workbook.read()

        assert home.workbook.record([a_change(), a_change(row_id="KR-2")]) == 2
        assert home.workbook.record([a_change(6.0, 5.0, hours=1)]) == 1
        assert home.rows(HISTORY)[0] == list(COLUMNS[HISTORY])
        assert len(lines(home.rows(HISTORY))) == 3


@pytest.mark.parametrize(
    "text", ["=1+1", '=IMPORTXML("x")', "+1", "@x", "007", "#REF!", "é🎉\u202e"]
)
def test_what_is_told_is_never_evaluated(either: Home, text: str) -> None:
    either.workbook.record([a_change(text, text + "?")])

    assert lines(either.rows(HISTORY))[0][3:5] == [text, text + "?"]


def test_columns_of_history_may_stand_in_any_order(make_home: MakeHome) -> None:
    headers: list[Cell] = [
        "Source",
        "After",
        "Ours",
        *[n for n in COLUMNS[HISTORY] if n[0] not in "AS"],
    ]
    with make_home({**COMPANY, HISTORY: [["Kept by the board"], headers]}) as home:
        home.workbook.record([a_change()])
        assert home.another().record([a_change()]) == 0

        row = dict(zip(headers, home.rows(HISTORY)[2], strict=False))
        assert (row["Row ID"], row["Before"], row["After"], row["Source"]) == (
            "KR-1",
            7,
            6,
            "sheet",
        )


def test_many_changes_are_told_by_many_processes_once(either: Home) -> None:
    changes = [a_change(row_id=f"KR-{n}") for n in range(40)]
    workbooks = [either.workbook, either.another(), either.another()]

    def record(number: int) -> int:
        part = changes[number : number + 20]
        for _ in range(10):
            try:
                return workbooks[number % 3].record(part)
            except RefusedError:
                continue
        raise AssertionError("it was refused ten times")

    with ThreadPoolExecutor(6) as pool:
        counts = list(pool.map(record, range(0, 21)))

    assert sum(counts) == 40
    assert sorted(line[0] for line in lines(either.rows(HISTORY))) == sorted(
        change.row_id for change in changes
    )


# --- what the watching of either home comes to ----------------------------------------------------


@dataclass
class Process:
    """A running board: its workbook, and the hand edits that it has seen."""

    workbook: Workbook
    edits: HandEdits

    def refresh(self, when: datetime = WHEN) -> int:
        reading = replace(self.workbook.read(), read_at=when.replace(tzinfo=UTC))
        return self.edits.see(reading, UTC, when.replace(tzinfo=UTC))


def a_process(workbook: Workbook) -> Process:
    process = Process(workbook, HandEdits(workbook, lambda: None))
    process.edits.begin(workbook.read())
    process.refresh()
    return process


def test_two_boards_tell_a_hand_edit_once(either: Home) -> None:
    one, other = a_process(either.workbook), a_process(either.another())
    either.edit(KEY_RESULTS, "F2", 6.0)

    counts = [one.refresh(), other.refresh(), one.refresh(), other.refresh()]
    either.edit(KEY_RESULTS, "F2", 5.5)
    counts += [other.refresh(), one.refresh()]

    assert counts == [1, 0, 0, 0, 1, 0]
    assert [line[3:5] for line in lines(either.rows(HISTORY))] == [[7, 6], [6, 5.5]]


def test_what_the_board_writes_is_not_told_as_a_hand_edit(either: Home) -> None:
    one, other = a_process(either.workbook), a_process(either.another())

    either.workbook.save_check_in(draft())
    either.workbook.save_check_in(draft(None, 35, 0.6, title="Raise NPS", operation="op-2"))
    row = RowReference(KEY_RESULTS, "KR-2", ())
    cells = (CellEdit("Target", 90.0, 95.0), CellEdit("Key result", "Answer within a day", "New"))
    either.workbook.save_edit(EditDraft("op-3", row, cells, "ada@example.com", WHEN))
    new = (("Key result", "Newest"), ("Objective", "O-1"), ("Target", 3.0))
    either.workbook.add_row(RowDraft("op-4", KEY_RESULTS, new, "ada@example.com", WHEN))

    assert [one.refresh(), other.refresh(), one.refresh()] == [0, 0, 0]
    assert lines(either.rows(HISTORY)) == []


def test_typing_over_a_check_in_is_told(either: Home) -> None:
    one = a_process(either.workbook)
    either.workbook.save_check_in(draft())
    one.refresh()
    either.edit(KEY_RESULTS, "F2", 7.0)

    assert one.refresh() == 1
    assert lines(either.rows(HISTORY))[0][:5] == ["KR-1", KEY_RESULTS, "Current", 6.5, 7.0]


EARLIER = replace(draft(), when=WHEN - timedelta(days=3), written=WHEN)
KEPT = "Current was changed in the sheet after the day of this check-in, and was left as it is."


@pytest.mark.parametrize(
    ("days_ago", "typed", "current"),
    [
        pytest.param(2, 6.0, 6.0, id="typed since"),
        pytest.param(4, 6.0, 6.5, id="typed before"),
        pytest.param(2, "", 6.5, id="emptied since"),
        pytest.param(2, 6.5, 6.5, id="typed the same"),
    ],
)
def test_what_was_typed_after_the_day_of_a_check_in_stays(
    either: Home, days_ago: int, typed: Cell, current: Cell
) -> None:
    one = a_process(either.workbook)
    either.edit(KEY_RESULTS, "F2", typed)
    assert one.refresh(WHEN - timedelta(days=days_ago)) == 1

    saved = either.another().save_check_in(EARLIER)

    assert either.rows(KEY_RESULTS)[1][5:] == [current, 0.7]
    assert saved.remark == (KEPT if current == 6.0 else "")
    assert saved.is_mirrored == (current != 6.0)
    assert one.refresh() == 0


def test_what_was_typed_into_a_row_without_an_id_stays(either: Home) -> None:
    one = a_process(either.workbook)
    either.edit(KEY_RESULTS, "F4", 34.0)
    one.refresh(WHEN - timedelta(days=2))
    late = draft(None, 40.0, None, title="Raise NPS", when=WHEN - timedelta(days=3))

    saved = either.workbook.save_check_in(replace(late, written=WHEN))

    assert either.rows(KEY_RESULTS)[3][5] == 34.0
    assert saved.remark == KEPT


@pytest.mark.parametrize(
    ("check_in", "current"),
    [pytest.param(EARLIER, 6.0, id="of an earlier day"), pytest.param(draft(), 6.5, id="of today")],
)
def test_what_has_just_been_typed_is_newer_than_an_earlier_day(
    either: Home, check_in: CheckInDraft, current: float
) -> None:
    """The board has not recorded it yet, and tells of it at its next look."""
    one = a_process(either.workbook)
    either.edit(KEY_RESULTS, "F2", 6.0)

    saved = either.workbook.save_check_in(check_in)

    assert either.rows(KEY_RESULTS)[1][5] == current
    assert saved.remark == (KEPT if current == 6.0 else "")
    assert one.refresh() == 1
    told = next(line for line in lines(either.rows(HISTORY)) if line[2] == "Current")
    assert told[3:5] == [7, 6]


def test_what_was_typed_over_what_the_board_wrote_since_stays(either: Home) -> None:
    """No board was running when it was typed, but it came after what is told of the cell."""
    either.workbook.save_check_in(EARLIER)
    either.edit(KEY_RESULTS, "F2", 6.0)
    later = replace(EARLIER, operation="op-2", value=5.5, when=WHEN - timedelta(days=1))

    assert either.another().save_check_in(later).remark == KEPT
    assert either.rows(KEY_RESULTS)[1][5] == 6.0


def test_two_check_ins_of_earlier_days_follow_one_another(either: Home) -> None:
    """What the board itself has written since its last look is nobody's hand."""
    a_process(either.workbook)
    either.workbook.save_check_in(EARLIER)
    later = replace(EARLIER, operation="op-2", value=5.5, when=WHEN - timedelta(days=1))

    assert either.workbook.save_check_in(later).is_mirrored
    assert either.rows(KEY_RESULTS)[1][5] == 5.5


def test_a_board_that_was_down_tells_what_happened_meanwhile(either: Home) -> None:
    kept = either.workbook.read()
    either.edit(KEY_RESULTS, "F2", 6.0)
    workbook = either.another()
    edits = HandEdits(workbook, lambda: kept)
    edits.begin(workbook.read())

    assert edits.see(workbook.read(), UTC, WHEN.replace(tzinfo=UTC)) == 1
    again = HandEdits(workbook, lambda: kept)
    again.begin(workbook.read())
    assert again.see(workbook.read(), UTC, WHEN.replace(tzinfo=UTC)) == 0


def test_a_past_day_says_what_was_known_on_it(either: Home) -> None:
    """Reports of past days are those of the days themselves, once all has been typed over."""
    process = a_process(either.workbook)
    known: dict[date, Any] = {}

    def known_on(day: date) -> Any:
        snapshot = build_snapshot(process.workbook.read())
        board = build_board(snapshot, find_cycle(snapshot.cycles, "2026-Q2"), day)
        return [
            (one.key_result.title, one.value, one.key_result.target) for one in board.key_results
        ]

    edits: list[tuple[str, Cell]] = [("F3", 50), ("E3", 95), ("F3", 60), ("E3", 92), ("F3", 61)]
    for number, (cell, value) in enumerate(edits):
        noon = WHEN + timedelta(days=number)
        known[noon.date() - timedelta(days=1)] = known_on(noon.date() - timedelta(days=1))
        either.edit(KEY_RESULTS, cell, value)
        assert process.refresh(noon) == 1

    assert {day: known_on(day) for day in known} == known
    assert len({repr(one) for one in known.values()}) == 5


# --- Google ---------------------------------------------------------------------------------------


def told(home: GoogleHome) -> list[list[Any]]:
    return lines(home.rows(HISTORY))


def test_a_recording_is_two_requests_and_one_that_is_told_already_is_one(home: GoogleHome) -> None:
    home.workbook.read()
    with home.counted() as asked:
        home.workbook.record([a_change(row_id=f"KR-{n}") for n in range(40)])
    with home.counted() as again:
        home.workbook.record([a_change(row_id=f"KR-{n}") for n in range(40)])
    with home.counted() as nothing:
        home.workbook.record([])

    assert (asked, again, nothing) == ([LOOK, BATCH], [LOOK], [])
    assert len(told(home)) == 40


def test_a_first_recording_is_two_requests(home: GoogleHome) -> None:
    home.api.human.delete_tab(HISTORY)
    home.workbook.read()
    with home.counted() as asked:
        home.workbook.record([a_change()])

    assert asked == [LOOK, BATCH]


FAULTS = [
    pytest.param({"kind": "status", "status": 503}, id="503"),
    pytest.param({"kind": "html", "status": 502}, id="html 502"),
    pytest.param({"kind": "html", "status": 200}, id="html 200"),
    pytest.param({"kind": "reset"}, id="reset"),
    pytest.param({"kind": "hang", "seconds": 1.0}, id="timeout"),
]


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_lost_answer_is_not_told_twice_and_not_lost(
    home: GoogleHome, fault: dict[str, Any], applied: bool
) -> None:
    home.workbook.read()
    home.wait_little_for_write()
    home.api.faults.add(**fault, applied=applied, path=r"demo:batchUpdate")

    with home.counted() as asked, pytest.raises(UnknownOutcomeError):
        home.workbook.record([a_change()])

    assert asked == [LOOK, BATCH]
    assert home.workbook.record([a_change()]) == (0 if applied else 1)
    assert len(told(home)) == 1


def test_a_batch_that_arrives_late_is_not_told_twice(home: GoogleHome) -> None:
    """The first batch is lost on its way, and applied when the second has been sent."""
    home.workbook.read()
    calls = home.workbook._recorder._calls
    bodies: list[dict[str, Any]] = []
    send = calls.batch

    def keep(body: dict[str, Any]) -> dict[str, Any]:
        bodies.append(body)
        return send(body)

    calls.batch = keep  # type: ignore[method-assign]
    home.api.faults.add("status", status=503, path=r"demo:batchUpdate")
    with pytest.raises(UnknownOutcomeError):
        home.workbook.record([a_change()])
    home.before_the_batch(lambda: send(bodies[0]))

    assert home.workbook.record([a_change()]) == 0
    assert len(told(home)) == 1


def test_throttled_and_refused_changes_are_told_later(home: GoogleHome) -> None:
    home.workbook.read()
    home.api.faults.add("status", status=429, path="demo:batchUpdate", times=None)
    with pytest.raises(RefusedError, match="Nothing was recorded"):
        home.workbook.record([a_change()])
    home.api.faults.clear()

    assert home.workbook.record([a_change()]) == 1


def test_two_processes_that_record_at_the_same_moment_tell_it_once(home: GoogleHome) -> None:
    other = home.another()
    other.read()
    home.workbook.read()
    home.before_the_batch(lambda: other.record([a_change(), a_change(row_id="KR-2")]))

    assert home.workbook.record([a_change(), a_change(row_id="KR-3")]) == 1
    assert [line[0] for line in told(home)] == ["KR-1", "KR-2", "KR-3"]


def test_a_check_in_that_slips_in_between_makes_no_difference(home: GoogleHome) -> None:
    """The two processes look at different rows, though at the same story of the sheet."""
    other = home.another()
    other.read()

    def act() -> None:
        other.save_check_in(draft("KR-2", 50.0, title="Answer within a day"))
        other.record([a_change()])

    home.workbook.read()
    home.before_the_batch(act)

    assert home.workbook.record([a_change()]) == 0
    assert len(told(home)) == 1


def test_more_than_a_look_shows_is_read_first(home: GoogleHome) -> None:
    home.workbook.read()
    many = [a_change(row_id=f"KR-{number}") for number in range(120)]
    home.another().record(many)

    assert home.workbook.record(many[100:]) == 0
    assert len(told(home)) == 120


def test_cells_that_only_bear_a_format_end_nothing(make_home: MakeHome) -> None:
    """As ``init`` formats the whole of When."""
    with make_home({KEY_RESULTS: COMPANY[KEY_RESULTS]}) as home:
        home.workbook.prepare()
        home.workbook.read()
        assert home.workbook.record([a_change()]) == 1
        home.workbook.read()
        assert home.workbook.record([a_change(row_id="KR-2")]) == 1


def test_an_error_beside_the_last_line_stops_nothing(home: GoogleHome) -> None:
    """Readings and looks spell it differently, and the column is a person's."""
    home.workbook.record([a_change(row_id="KR-2")])
    home.edit(HISTORY, "J2", "#DIV/0!")
    home.edit(CHECK_INS, "I2", "#N/A")
    home.edit(CHECK_INS, "D2", "#DIV/0!")
    home.workbook.read()

    assert home.workbook.record([a_change()]) == 1
    assert home.workbook.save_check_in(draft(operation="op-1")).key_result_id == "KR-1"


def test_two_processes_sum_up_the_same_history_alike() -> None:
    """One knows a line by its values, the other by a look that shows a blank cell at its end."""
    headers = [str(one) for one in COMPANY[HISTORY][0] if one not in ("By", "Source")]
    titles: list[Cell] = [*headers, "Source", "By"]
    line: list[Cell] = [46162.5, "KR-1", KEY_RESULTS, "Current", 7.0, 6.0, "sheet"]
    header = find_header(HISTORY, [titles])
    assert header is not None
    short, long = (
        Table(HISTORY, Tab(HISTORY, [titles, row]), header, header.columns)
        for row in (line, [*line, ""])
    )
    assert state_of(short) == state_of(long)


def test_a_sort_between_two_looks_lets_nothing_be_told_twice(home: GoogleHome) -> None:
    """Each of two processes thinks that it is the first to record on top of what stands there."""
    home.workbook.record([a_change(row_id="KR-2"), a_change(row_id="KR-3")])
    other = home.another()
    other.read()

    def sort_and_record() -> None:
        home.api.human.sort(HISTORY, "B", descending=True)
        other.record([a_change()])

    home.before_the_batch(sort_and_record)
    assert home.workbook.record([a_change()]) == 0
    assert sorted(line[0] for line in told(home)) == ["KR-1", "KR-2", "KR-3"]


def test_what_a_sort_has_taken_up_is_not_told_again(home: GoogleHome) -> None:
    """It stands among lines that were read before, and the last of these where it stood."""
    home.workbook.record([a_change(row_id="KR-2"), a_change(row_id="KR-3")])
    home.workbook.read()
    home.another().record([a_change()])
    home.api.human.move_row(HISTORY, 4, 2)
    home.api.human.move_row(HISTORY, 3, 5)
    assert [line[0] for line in told(home)] == ["KR-1", "KR-3", "KR-2"]

    assert home.workbook.record([a_change()]) == 0
    assert len(told(home)) == 3


def test_a_late_view_of_history_is_not_recorded_upon(home: GoogleHome) -> None:
    """Google still shows the sheet as it was before another process recorded in it."""
    home.workbook.read()
    home.another().record([a_change()])
    home.api.faults.add("stale", seconds=30, times=None)
    with pytest.raises(RefusedError, match="another process"):
        home.workbook.record([a_change()])
    home.api.faults.clear()

    assert home.workbook.record([a_change()]) == 0
    assert len(told(home)) == 1


MOVES: list[Any] = [
    pytest.param(lambda api: api.human.sort(KEY_RESULTS, "D", descending=True), id="sorted"),
    pytest.param(
        lambda api: api.human.insert_row(KEY_RESULTS, 2, ["KR-9", "O-1", "x"]), id="pushed"
    ),
    pytest.param(lambda api: api.human.insert_row(HISTORY, 1, ["Ours"]), id="history moved down"),
    pytest.param(lambda api: api.human.rename_tab(KEY_RESULTS, "KRs"), id="renamed"),
]


@pytest.mark.parametrize("move", MOVES)
def test_a_sheet_that_is_rearranged_meanwhile_is_told_of_once(
    home: GoogleHome, move: Callable[[Any], None]
) -> None:
    one, other = a_process(home.workbook), a_process(home.another())
    home.edit(KEY_RESULTS, "F2", 6.0)
    home.api.human.before_apply(1, lambda: move(home.api), path="demo:batchUpdate")

    counts = [one.refresh(), other.refresh(), one.refresh(), other.refresh()]

    reading = home.another().read()
    changes = build_snapshot(reading).changes["KR-1"]
    assert [(one.column, one.before, one.after) for one in changes] == [("Current", 7.0, 6.0)]
    assert sum(counts) <= 2  # a row that was pushed in is a change of its own


@pytest.mark.parametrize("act", ["columns moved", "lines deleted"])
def test_what_people_do_to_history_holds_nothing_up_for_ever(home: GoogleHome, act: str) -> None:
    one = a_process(home.workbook)
    home.edit(KEY_RESULTS, "F2", 6.0)
    if act == "columns moved":  # between the look and the batch, whose line then says nothing
        move = partial(home.api.human.move_column, HISTORY, "H", "A")
        home.api.human.before_apply(1, move, path="demo:batchUpdate")
    one.refresh()
    if act == "lines deleted":
        home.api.human.delete_row(HISTORY, 2)
    home.edit(KEY_RESULTS, "F2", 5.0)
    one.refresh(WHEN + timedelta(minutes=1))
    home.time.seconds += 180
    one.refresh(WHEN + timedelta(minutes=4))

    changes = build_snapshot(home.another().read()).changes["KR-1"]
    assert [(change.before, change.after) for change in changes][-1] == (6.0, 5.0)


@pytest.mark.parametrize(
    ("bar", "sentence"),
    [
        (
            lambda home: home.api.faults.add("status", status=403, method="POST", times=None),
            f"Hand edits are not recorded: the sheet is shared with {EMAIL} as Viewer",
        ),
        (
            lambda home: home.api.human.protect(f"'{HISTORY}'!A1:H100"),
            "Hand edits are not recorded: the tab “_History” is protected",
        ),
    ],
    ids=["read-only", "protected"],
)
def test_a_sheet_that_may_only_be_read_says_so(
    home: GoogleHome, bar: Callable[[GoogleHome], None], sentence: str
) -> None:
    home.workbook.read()
    bar(home)

    with pytest.raises(MayNotRecordError, match=sentence):
        home.workbook.record([a_change()])
    assert told(home) == []


def test_old_tokens_are_cleared_away(home: GoogleHome) -> None:
    for hour in range(4):
        home.workbook.record([a_change(float(hour), float(hour) + 1, hours=hour)])
        home.time.seconds += 3700

    assert len([one for one in home.api.metadata() if one["metadataKey"] == "okr.op"]) == 1


# --- a file ---------------------------------------------------------------------------------------


@contextmanager
def held(path: Path) -> Iterator[None]:
    mark = path.parent / f".~lock.{path.name}#"
    mark.touch()
    yield
    mark.unlink()


def test_a_file_that_is_open_in_an_office_program_is_left_alone(tmp_path: Path) -> None:
    with HOMES["file"](COMPANY, tmp_path) as home:
        with held(tmp_path / "Acme OKRs.xlsx"), pytest.raises(RefusedError):
            home.workbook.record([a_change()])

        assert lines(home.rows(HISTORY)) == []
        assert home.workbook.record([a_change()]) == 1


def test_recording_leaves_everything_else_in_the_file_alone(tmp_path: Path) -> None:
    with HOMES["file"](COMPANY, tmp_path) as home:
        before = {name: home.rows(name) for name in COMPANY if name != HISTORY}
        home.workbook.record([a_change()])

        assert {name: home.rows(name) for name in before} == before


def test_an_edited_check_in_is_told(either: Home) -> None:
    one = a_process(either.workbook)
    either.edit(CHECK_INS, "C2", 6.9)

    assert one.refresh() == 1
    assert lines(either.rows(HISTORY))[0][:5] == ["CI-OLD", CHECK_INS, "Value", 7.0, 6.9]


def test_seen_changes_of_one_home_are_those_of_the_other(tmp_path: Path) -> None:
    def changes_in(home: Home) -> list[SeenChange]:
        before = home.workbook.read()
        home.edit(KEY_RESULTS, "F2", 6.0)
        home.edit(KEY_RESULTS, "C4", "Raise it")
        return seen_changes(before, home.workbook.read(), WHEN)

    with google_home() as google:
        seen = changes_in(Home(google.workbook, google.another, google.edit))
    with HOMES["file"](COMPANY, tmp_path) as home:
        assert changes_in(home) == seen
    assert [one.column for one in seen] == ["Current", "Key result"]
