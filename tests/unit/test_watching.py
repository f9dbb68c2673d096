"""What counts as a change made by hand, what does not, and what is told already."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr.cells import read_text
from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.reading import Reading, Tab
from okr.snapshot import build_snapshot
from okr.tables import find_tables
from okr.telling import LONGEST_TOLD
from okr.watching import WATCHED, SeenChange, baseline, seen_changes
from okr.workbooks.recording import untold
from tests.unit.readings import (
    Cells,
    a_change,
    a_check_in,
    a_key_result,
    a_reading,
    a_tab,
    a_workbook,
    an_objective,
    serial,
)

WHEN = datetime(2026, 5, 20, 9, 30)
TWO: Sequence[Cells] = (a_key_result(), a_key_result(ID="KR-2", key_result="Cut churn"))


def told(changes: Sequence[SeenChange]) -> list[tuple[Cell, ...]]:
    return [(one.row_id, one.column, one.before, one.after) for one in changes]


def compared(before: Reading, after: Reading, *waiting: SeenChange) -> list[tuple[Cell, ...]]:
    return told(seen_changes(before, after, WHEN, waiting))


def with_history(reading: Reading, *rows: Cells) -> Reading:
    return replace(reading, tabs=(*reading.tabs, a_tab(HISTORY, [a_change(), *rows])))


# --- what is a change -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "after"),
    [
        ("Current", 43.0),
        ("Current", ""),
        ("Current", "#REF!"),
        ("Current", True),
        ("Target", "50"),
        ("Due", 46200.0),
        ("Objective", "O-2"),
        ("Key result", "Raise it"),
        ("State", "dropped"),
        ("Confidence", 0.5),
    ],
)
def test_an_edited_cell_is_a_change(column: str, after: Cell) -> None:
    before = a_reading(key_results=TWO)
    edited = [TWO[0], {**TWO[1], column: after}]

    changes = seen_changes(before, a_reading(key_results=edited), WHEN)

    expected = SeenChange(WHEN, "KR-2", KEY_RESULTS, column, TWO[1][column], after)
    assert changes == [expected]


def test_an_edited_objective_is_a_change() -> None:
    before = a_reading([an_objective()])
    after = a_reading([an_objective(cycle="2026-Q3", roll_up="children")])

    assert compared(before, after) == [
        ("O-1", "Cycle", "2026-Q2", "2026-Q3"),
        ("O-1", "Roll-up", "", "children"),
    ]


@pytest.mark.parametrize("column", ["Link", "Our own"])
def test_a_column_that_is_not_watched_leaves_no_trace(column: str) -> None:
    before = a_reading(key_results=[{**a_key_result(), column: "a"}])

    assert compared(before, a_reading(key_results=[{**a_key_result(), column: "b"}])) == []


def test_true_is_not_one_and_blanks_around_a_text_are_nothing() -> None:
    before = a_reading(key_results=[a_key_result(current=1.0, key_result="Ship it")])
    after = a_reading(key_results=[a_key_result(current=True, key_result=" Ship it\u00a0")])

    assert compared(before, after) == [("KR-1", "Current", 1.0, True)]


def test_noise_in_the_last_digit_of_a_formula_is_nothing() -> None:
    before = a_reading(key_results=[a_key_result(current=0.3)])

    assert compared(before, a_reading(key_results=[a_key_result(current=0.1 + 0.2)])) == []


def test_a_formula_that_the_file_holds_no_value_for_says_nothing() -> None:
    before = a_reading()
    columns = [*a_key_result()]
    spot = (1, columns.index("Current"))
    tab = a_tab(KEY_RESULTS, [a_key_result(current="")], formulas_without_value=frozenset({spot}))

    assert compared(before, replace(before, tabs=(before.tabs[0], tab))) == []


def test_a_row_that_appears_is_one_change() -> None:
    before, after = a_reading(key_results=TWO[:1]), a_reading(key_results=TWO)

    assert compared(before, after) == [("KR-2", "ID", "", "KR-2")]


def test_a_row_that_vanishes_leaves_what_it_held() -> None:
    """Days before would otherwise be shown without it."""
    before, after = a_reading(key_results=TWO), a_reading(key_results=TWO[:1])
    held = [
        ("KR-2", name, TWO[1][name], "") for name in WATCHED[KEY_RESULTS] if TWO[1].get(name, "")
    ]

    assert compared(before, after) == [("KR-2", "ID", "KR-2", ""), *held]


def test_a_long_text_is_cut() -> None:
    [change] = seen_changes(
        a_reading(), a_reading(key_results=[a_key_result(key_result="x" * 60_000)]), WHEN
    )

    assert isinstance(change.after, str)
    assert (len(change.after), change.after[-2:]) == (LONGEST_TOLD, "x…")


# --- rows without an ID, and other IDs ------------------------------------------------------------


def test_a_row_without_an_id_goes_by_the_key_that_the_snapshot_has_for_it() -> None:
    before = a_reading(key_results=[a_key_result(ID="", key_result="Raise  NPS")])
    after = a_reading(key_results=[a_key_result(ID="", key_result="Raise  NPS", current=43.0)])

    [change] = seen_changes(before, after, WHEN)
    snapshot = build_snapshot(with_history(after, _line(change)))

    assert change.row_id == snapshot.key_results[0].key
    assert [one.after for one in snapshot.changes[change.row_id]] == [43.0]


def test_a_row_keeps_its_history_when_it_is_given_an_id() -> None:
    nameless = a_reading(key_results=[a_key_result(ID="", current=43.0)])
    [change] = seen_changes(a_reading(key_results=[a_key_result(ID="")]), nameless, WHEN)
    named = a_reading(key_results=[a_key_result(ID="KR-9", current=43.0)])

    assert compared(nameless, named) == []
    snapshot = build_snapshot(with_history(named, _line(change)))
    assert [one.after for one in snapshot.changes["KR-9"]] == [43.0]


@pytest.mark.parametrize("column", ["Key result", "Objective"])
def test_a_row_without_an_id_is_known_though_it_is_named_anew(column: str) -> None:
    before = [a_key_result(ID="", start=1.0), a_key_result(ID="", key_result="Other", start=2.0)]
    after = [before[1], {**before[0], column: "New"}]

    [change] = seen_changes(a_reading(key_results=before), a_reading(key_results=after), WHEN)

    assert (change.column, change.before, change.after) == (column, before[0][column], "New")


def test_an_id_that_was_changed_by_hand_is_one_change() -> None:
    after = a_reading(key_results=[a_key_result(ID="KR-7")])

    assert compared(a_reading(), after) == [("KR-7", "ID", "KR-1", "KR-7")]


def test_of_doubled_ids_the_first_row_keeps_it() -> None:
    double = a_key_result(key_result="Copied", current=1.0)
    before = a_reading(key_results=[a_key_result(), double])
    after = a_reading(key_results=[a_key_result(), {**double, "Current": 2.0}])

    assert compared(before, after) == [("~key results | copied | o-1", "Current", 1.0, 2.0)]


def test_rows_that_say_the_same_may_be_sorted() -> None:
    twins = [a_key_result(ID="", current=1.0), a_key_result(ID="", current=2.0)]

    assert compared(a_reading(key_results=twins), a_reading(key_results=twins[::-1])) == []


# --- check-ins ------------------------------------------------------------------------------------

OLD = a_check_in(ID="C-0", when=serial(date(2026, 5, 1)))


def with_check_ins(*rows: Cells) -> Reading:
    return a_reading(None, None, a_tab(CHECK_INS, [OLD, *rows]))


@pytest.mark.parametrize(
    ("rows", "changes"),
    [
        pytest.param([a_check_in(when=serial(date(2026, 5, 20)))], [], id="of today"),
        pytest.param(
            [a_check_in(when=serial(datetime(2026, 5, 19, 23)))],
            [("C-1", "ID", "", "C-1")],
            id="of the evening before",
        ),
        pytest.param(
            [a_check_in(when=serial(date(2026, 5, 18)))], [("C-1", "ID", "", "C-1")], id="late"
        ),
        pytest.param(
            [a_check_in(ID="", when=serial(date(2026, 5, 18)))],
            [("~check-ins | 46160 | kr-1", "ID", "", "~check-ins | 46160 | kr-1")],
            id="late, without an ID",
        ),
        pytest.param([a_check_in(when="soon")], [], id="without a date"),
    ],
)
def test_a_check_in_that_turns_up_late_is_told(
    rows: list[Cells], changes: list[tuple[Cell, ...]]
) -> None:
    assert compared(with_check_ins(), with_check_ins(*rows)) == changes


def test_a_check_in_that_was_edited_or_deleted_is_told() -> None:
    deleted = {name: cell for name, cell in a_check_in(value=1.0).items() if name != "ID"}
    before = with_check_ins(a_check_in(), a_check_in(ID="", value=1.0))
    after = with_check_ins(a_check_in(value=40.0, note=""))
    whole = "~check-ins | 46160 | kr-1 | 1 | 0.7 | the new tour helps. | ada@example.com"

    assert compared(before, after) == [
        (whole, "ID", whole, ""),
        *((whole, name, cell, "") for name, cell in deleted.items()),
        ("C-1", "Value", 42.0, 40.0),
        ("C-1", "Note", "The new tour helps.", ""),
    ]


def test_a_check_in_that_is_being_typed_in_is_not_told() -> None:
    today = serial(date(2026, 5, 20))
    steps: list[dict[str, Cell]] = [{"When": today}, {"Key result": "KR-1"}, {"Value": 3.0}]
    row: dict[str, Cell] = dict.fromkeys(OLD, "")
    before = with_check_ins()
    for step in steps:
        row |= step
        after = with_check_ins(dict(row))
        assert compared(before, after) == []
        before = after


def test_what_the_board_appended_is_not_told_again() -> None:
    line = a_change(row_id="C-1", tab=CHECK_INS, column="Value", before="", source="board")
    after = with_history(with_check_ins(a_check_in()), line)

    assert compared(with_check_ins(), after) == []


# --- what is told already -------------------------------------------------------------------------


def _line(change: SeenChange, **more: Cell) -> Cells:
    return a_change(
        when=serial(change.when),
        row_id=change.row_id,
        tab=change.tab,
        column=change.column,
        before=change.before,
        after=change.after,
        **more,
    )


def of_current(value: float) -> Reading:
    return a_reading(key_results=[a_key_result(current=value)])


def a_line(before: float, after: float, source: str) -> Cells:
    return a_change(before=before, after=after, source=source)


TOLD = [
    pytest.param(["board 1 2"], ["board 1 2"], [], id="by the board, before its cell"),
    pytest.param([], ["board 1 2"], [], id="by the board"),
    pytest.param([], ["sheet 1 2"], [], id="by another process"),
    pytest.param([], ["sheet 1 5", "sheet 5 2"], [], id="by another process in two steps"),
    pytest.param(["sheet 1 2"], ["sheet 1 2"], [(1.0, 2.0)], id="long ago"),
    pytest.param(["sheet 2 1"], ["sheet 2 1"], [(1.0, 2.0)], id="another change"),
    pytest.param([], ["sheet 1 5"], [(5.0, 2.0)], id="half of it"),
    pytest.param([], ["board 1 5"], [(5.0, 2.0)], id="half of it, by the board"),
]


@pytest.mark.parametrize(("then", "now", "changes"), TOLD)
def test_history_has_the_last_word(
    then: list[str], now: list[str], changes: list[tuple[float, float]]
) -> None:
    def lines(said: list[str]) -> list[Cells]:
        parts = [one.split() for one in said]
        return [a_line(float(before), float(after), who) for who, before, after in parts]

    before = with_history(of_current(1.0), *lines(then))
    after = with_history(of_current(2.0), *lines(now))

    assert [(one.before, one.after) for one in seen_changes(before, after, WHEN)] == changes


def test_what_the_board_wrote_over_before_it_was_seen_is_told() -> None:
    """Somebody typed 5, and a check-in of 2 came before the next look; its line found the 5."""
    written = a_line(5.0, 2.0, "board")
    moment = serial(datetime(2026, 5, 12))

    [change] = seen_changes(of_current(1.0), with_history(of_current(2.0), written), WHEN)

    assert (change.before, change.after) == (1.0, 5.0)
    assert serial(change.when) < moment <= serial(change.when) + 2 / 86400


@pytest.mark.parametrize("is_moved", [False, True], ids=["rows", "rows and columns"])
def test_a_line_that_was_sorted_below_a_newer_one_is_no_new_line(is_moved: bool) -> None:
    """What the board found long ago was not typed just now, wherever its line stands by now."""
    old, other = a_line(9.0, 1.0, "board"), a_change(row_id="KR-9", source="board")
    before = with_history(of_current(1.0), old)
    after = with_history(of_current(2.0), other, old)
    if is_moved:
        history = after.tabs[-1]
        turned = replace(history, rows=[tuple(reversed(cells)) for cells in history.rows])
        after = replace(after, tabs=(*after.tabs[:-1], turned))

    assert compared(before, after) == [("KR-1", "Current", 1.0, 2.0)]


VANISHED = a_change(column="ID", before="KR-1", after="", when=serial(date(2026, 5, 19)))
WRITTEN = a_line(9.0, 1.0, "board")


@pytest.mark.parametrize(
    ("lines", "is_known"),
    [
        ((WRITTEN, VANISHED), True),
        ((VANISHED, WRITTEN), True),  # sorted by Column, downwards
        ((VANISHED, {**VANISHED, "Before": "", "After": "KR-1", "When": WRITTEN["When"]}), True),
        ((VANISHED, {**VANISHED, "Before": "", "After": "KR-1"}), False),
        ((VANISHED, {**WRITTEN, "When": serial(date(2026, 5, 20))}), False),
    ],
)
def test_what_was_told_last_goes_by_when_where_history_was_sorted(
    lines: Sequence[Cells], is_known: bool
) -> None:
    """The row is told to have vanished; an older line below it does not say that it is back."""
    history = find_tables(with_history(a_reading(), *lines), [])[HISTORY]
    change = SeenChange(datetime(2026, 5, 19), "KR-1", KEY_RESULTS, "ID", "KR-1", "")

    assert untold([change], history) == ([] if is_known else [change])


def _with_notes(reading: Reading, *notes: Cell) -> Reading:
    """Write beside the lines of history, in a column that the board does not know."""
    history = reading.tabs[-1]
    rows = [(*row, note) for row, note in zip(history.rows, ("Age", *notes), strict=True)]
    return replace(reading, tabs=(*reading.tabs[:-1], replace(history, rows=rows)))


@pytest.mark.parametrize(
    ("then", "now", "by"),
    [
        pytest.param((50.0, 9.0), (50.1, 9.1), "ada", id="a helper column is worked out anew"),
        pytest.param(("", ""), ("", "a typo"), "ada", id="a note beside one"),
        pytest.param(("", ""), ("", ""), "ada@example.com", id="By is replaced"),
    ],
)
def test_a_line_that_somebody_wrote_beside_is_no_new_line(
    then: tuple[Cell, ...], now: tuple[Cell, ...], by: str
) -> None:
    line = a_change(before=9.0, after=1.0, source="board", by="ada")
    before = _with_notes(with_history(of_current(1.0), line), *then)
    after = _with_notes(with_history(of_current(2.0), line | {"By": by}), *now)

    assert compared(before, after) == [("KR-1", "Current", 1.0, 2.0)]


def test_a_row_that_the_board_named_anew_as_it_gave_it_an_id_has_not_vanished() -> None:
    before = a_reading(key_results=[a_key_result(ID="")])
    after = a_reading(key_results=[a_key_result(key_result="Rise")])
    given = a_change(column="ID", before="", after="KR-1", source="board")
    named = a_change(column="Key result", before="Raise activation", after="Rise", source="board")

    assert compared(with_history(before), with_history(after, given, named)) == []


def test_what_still_waits_to_be_recorded_is_not_seen_twice() -> None:
    [first] = seen_changes(of_current(1.0), of_current(2.0), WHEN)

    assert compared(of_current(1.0), of_current(2.0), first) == []
    assert compared(of_current(1.0), of_current(3.0), first) == [("KR-1", "Current", 2.0, 3.0)]


# --- readings that are not whole ------------------------------------------------------------------

EMPTY = Tab(KEY_RESULTS, [[*a_key_result()]])
BROKEN = [
    pytest.param([], id="no such tab"),
    pytest.param([Tab(KEY_RESULTS, [])], id="nothing in it"),
    pytest.param([EMPTY], id="no rows"),
    pytest.param([Tab(KEY_RESULTS, [["Loading..."]])], id="no headers"),
    pytest.param(
        [Tab(KEY_RESULTS, [["ID", "Objective", "Current"], ["KR-1", "O-1", 5.0]])],
        id="a required header is missing",
    ),
]


@pytest.mark.parametrize("tabs", BROKEN)
def test_a_tab_that_is_not_whole_says_nothing_and_is_waited_for(tabs: list[Tab]) -> None:
    before = a_reading(key_results=TWO)
    broken = replace(before, tabs=(before.tabs[0], *tabs))
    mended = a_reading(key_results=[TWO[0], {**TWO[1], "Target": 60.0}])

    assert compared(before, broken) == []
    assert compared(broken, before) == []
    kept = baseline(before, broken)
    assert compared(kept, mended) == [("KR-2", "Target", 45.0, 60.0)]
    assert baseline(kept, mended) is mended


def test_the_other_tabs_are_watched_meanwhile() -> None:
    before = a_reading()
    after = a_workbook(a_tab(OBJECTIVES, [an_objective(owner="bo")]), EMPTY)

    assert compared(before, after) == [("O-1", "Owner", "ada@example.com", "bo")]


def test_edits_below_a_misspelt_header_are_seen_when_it_is_mended() -> None:
    before = a_reading(key_results=TWO)
    misspelt = [
        {"Curent" if name == "Current" else name: c for name, c in row.items()} for row in TWO
    ]
    edited = [{**TWO[0], "Target": 50.0}, {**TWO[1], "Current": 41.0}]
    misspelt[0]["Target"] = 50.0

    [change] = seen_changes(before, a_reading(key_results=misspelt), WHEN)
    kept = baseline(before, a_reading(key_results=misspelt))
    meanwhile = with_history(a_reading(key_results=misspelt), _line(change))
    assert compared(kept, meanwhile) == []
    kept = baseline(kept, meanwhile)
    assert compared(kept, meanwhile) == []
    later = with_history(a_reading(key_results=edited), _line(change))

    assert change.column == "Target"
    assert compared(kept, later) == [("KR-2", "Current", 42.0, 41.0)]


# --- whatever the rows ----------------------------------------------------------------------------

COLUMNS = ["ID", *(name for name in WATCHED[KEY_RESULTS] if name != "Progress")]
TEXTS = st.text("abcXYZ 12é=+", min_size=1, max_size=8).map(lambda text: f"t{text.strip()}")
NUMBERS = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
CELLS = st.one_of(TEXTS, NUMBERS, st.booleans(), st.just(""))


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Cell]]:
    """Make rows with IDs of their own or none, and titles of their own."""
    count = draw(st.integers(1, 8))
    rows: list[dict[str, Cell]] = []
    for number in range(count):
        row: dict[str, Cell] = {name: draw(CELLS) for name in COLUMNS}
        row["ID"] = draw(st.sampled_from([f"KR-{number}", ""]))
        row["Key result"] = f"{draw(TEXTS)} {number}"
        rows.append(row)
    return rows


def reading_of(rows: Sequence[Cells], columns: Sequence[str], **changes: Any) -> Reading:
    laid_out = [[row[name] for name in columns] for row in rows]
    headers: list[Cell] = [changes.get(name, name) for name in columns]
    tab = Tab(changes.get("title", KEY_RESULTS), [[""], headers, *laid_out])
    return a_workbook(a_tab(OBJECTIVES, [an_objective()]), tab)


@settings(max_examples=100, deadline=None)
@given(st.data(), tables())
def test_moving_rows_columns_and_names_about_is_no_change(
    data: st.DataObject, rows: list[dict[str, Cell]]
) -> None:
    columns = [*COLUMNS, "Grade"]
    full = [{**row, "Grade": ""} for row in rows]
    before = reading_of(full, columns)
    shuffled = data.draw(st.permutations(full))
    blank = dict.fromkeys(columns, "")
    spread = [
        one for row in shuffled for one in ([blank, row] if data.draw(st.booleans()) else [row])
    ]
    after = reading_of(
        spread,
        data.draw(st.permutations(columns)),
        Current="Actual",
        title="KRs",
        Start="BASE-LINE",
    )

    assert seen_changes(before, after, WHEN) == []


@settings(max_examples=150, deadline=None)
@given(st.data(), tables())
def test_each_edited_cell_is_one_change(data: st.DataObject, rows: list[dict[str, Cell]]) -> None:
    number = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from([one for one in COLUMNS if one != "ID"]))
    old = rows[number][column]
    text = column == "Key result"
    new = data.draw(TEXTS.map(lambda one: f"{one} new") if text else CELLS)
    if type(new) is type(old) and read_text(new) == read_text(old):
        return
    if (new, old) in (("", ""),) or (isinstance(new, str) and isinstance(old, str) and new == old):
        return
    edited = [*rows[:number], {**rows[number], column: new}, *rows[number + 1 :]]
    shuffled = data.draw(st.permutations(edited))

    changes = seen_changes(reading_of(rows, COLUMNS), reading_of(shuffled, COLUMNS), WHEN)

    assert [(one.column, one.before, one.after) for one in changes] == [
        (column, read_text(old) if isinstance(old, str) else old, new)
    ]
    assert rows[number]["ID"] in ("", changes[0].row_id)
