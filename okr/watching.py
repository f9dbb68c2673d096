"""What people changed in the sheet between two readings of it, so that typing leaves a history."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from okr.cells import read_id, read_moment, read_text
from okr.collector import unhurried
from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES, REQUIRED, missing_columns
from okr.model import Cell
from okr.reading import Reading
from okr.registers import folded
from okr.row_names import NAMING, WHOLE_CHECK_IN, content_key, numbered, whole_key
from okr.tables import Table, find_tables, has_content
from okr.telling import EXISTS, Begun, Spot, Word, first_writes, is_same, last_words, told

WATCHED: Mapping[str, tuple[str, ...]] = {
    OBJECTIVES: (
        *("Objective", "Cycle", "Team", "Owner", "Supports"),
        *("Type", "Weight", "State", "Roll-up", "Grade"),
    ),
    KEY_RESULTS: (
        *("Key result", "Objective", "Owner", "Kind", "Start", "Target", "Current", "Progress"),
        *("Unit", "Weight", "Due", "Pace", "Confidence", "State", "Grade"),
    ),
    CHECK_INS: WHOLE_CHECK_IN,
}
"""The columns that enter a number or name a thing, and those of a check-in."""

_TELLING = ("When", "Row ID", "Tab", "Column", "Before", "After")

_ALIKE = 1000
"""Rows with neither an ID nor a title in common are not searched through beyond this number."""


@dataclass(frozen=True, slots=True)
class SeenChange:
    """A change that the board saw in the sheet and shall record in ``_History``.

    ``when`` is naive, in the workbook's time zone, to the second. ``row_id`` is the ID of the row,
    or the key by which a snapshot knows a row without one. A row that appeared, or vanished,
    changes in its column ``ID``, from blank or to it; one that vanished also in every watched
    column that held something.
    """

    when: datetime
    row_id: str
    tab: str
    column: str
    before: Cell
    after: Cell

    @property
    def spot(self) -> Spot:
        """Name the cell."""
        return Spot(self.tab, self.row_id, self.column)


@unhurried
def seen_changes(
    before: Reading, after: Reading, when: datetime, waiting: Sequence[SeenChange] = ()
) -> list[SeenChange]:
    """Find what was changed by hand between two readings of one workbook.

    Rows are matched by their ID, else by their content, and columns by their meaning, so that
    sorting, inserting, renaming headers or tabs and moving columns are no changes. What
    ``_History`` tells already is left out, be it the board's own doing or seen by another process.

    A tab is compared only where both readings have it whole: with its required headers, and with
    rows. A tab that is missing, headless or empty where there were rows was most likely half
    loaded or is being rebuilt; see ``baseline``. Where a sheet of another layout is understood in
    another way than before, nobody has changed what it says.

    Args:
        before: The earlier reading.
        after: The later one.
        when: When the changes were seen; naive, in the workbook's time zone.
        waiting: What was seen before and is not in ``_History`` yet.
    """
    if _shape(before) != _shape(after):
        return []
    old, new = find_tables(before, []), find_tables(after, [])
    found = [
        replace(change, when=when)
        for name in WATCHED
        if is_whole(name, old.get(name)) and is_whole(name, new.get(name))
        for change in _changes_of(old[name], new[name], when, after.locale)
    ]
    if not found:
        return []
    return list(_untold(found, old.get(HISTORY), new.get(HISTORY), waiting))


def _shape(reading: Reading) -> object:
    """Sum up how a sheet of another layout was understood; None where its tabs stand as read."""
    layout = reading.layout
    if layout is None or not any(tab.origin for tab in reading.tabs):
        return None
    return sorted(layout.answers.items()), [(one.title, one.shape) for one in layout.tabs]


def baseline(before: Reading | None, after: Reading) -> Reading:
    """Give the reading that the next one is to be compared with.

    It is the later one, in which a tab that was not whole is kept as it was, so that nothing is
    lost when it comes back; as is one that has lost a watched column, for its header may have
    been misspelt for a moment. ``_History`` is kept along with them: it tells how old they are.
    """
    if before is None:
        return after
    old, new = find_tables(before, []), find_tables(after, [])
    held = [name for name in WATCHED if _is_held(name, old.get(name), new.get(name))]
    if not held:
        return after
    kept = [old[name].tab for name in (*held, HISTORY) if name in old]
    gone = {id(new[name].tab) for name in (*held, HISTORY) if name in new}
    titles = {tab.title for tab in kept}
    rest = [tab for tab in after.tabs if id(tab) not in gone and tab.title not in titles]
    return replace(after, tabs=(*kept, *rest))


def is_whole(name: str, table: Table | None) -> bool:
    """Tell whether a tab was read with the headers that it must have, and with rows."""
    return (
        table is not None
        and not missing_columns(name, table.header)
        and any(has_content(cells) for _, cells in table.numbered())
    )


def _is_held(name: str, old: Table | None, new: Table | None) -> bool:
    """Tell whether a tab shall be compared once more as it was before."""
    if old is None or not is_whole(name, old):
        return False
    if new is None or not is_whole(name, new):
        return True
    wanted = {EXISTS, *WATCHED[name]} if name in REQUIRED else set()
    return bool(wanted & old.columns.keys() - new.columns.keys())


# --- the rows of a tab ----------------------------------------------------------------------------


class Line(NamedTuple):
    """One row of a watched tab: its ID where that is its own, what it is known by, its cells."""

    id: str
    key: str
    number: int
    cells: Sequence[Cell]


class Sheet:
    """The rows of one watched tab, and where its columns stand."""

    def __init__(self, table: Table, numbers: Iterable[int]) -> None:
        self.table = table
        self.places = table.columns
        self._lacking = table.tab.formulas_without_value
        self._alike: Counter[str] = Counter()
        self.by_id: dict[str, Line] = {}
        self.nameless: list[Line] = []
        rows = table.tab.rows
        for number in numbers:
            self._take(number, rows[number])
        if table.name == CHECK_INS and self.nameless:
            self._tell_apart()

    def _take(self, number: int, cells: Sequence[Cell]) -> None:
        """Take in a row that has an ID or a title; of doubled IDs the first row keeps it."""
        own = read_id(self.cell(cells, EXISTS))
        title = self.cell(cells, NAMING[self.table.name][0])
        if not own and (title == "" or not read_text(title)):
            return
        if own and own.casefold() not in self.by_id:
            self.by_id[own.casefold()] = Line(own, own, number, cells)
        else:
            self.nameless.append(Line("", self._by_content(cells), number, cells))

    def _by_content(self, cells: Sequence[Cell]) -> str:
        """Name a row as the snapshot does: by what it says, numbered where several say the same."""
        name = self._said(cells)
        if self.table.name == CHECK_INS:  # only some of them are here: see ``_tell_apart``
            return name
        self._alike[name] += 1
        return numbered(name, self._alike[name])

    def _said(self, cells: Sequence[Cell]) -> str:
        naming = NAMING[self.table.name]
        return content_key(self.table.name, *(self.cell(cells, name) for name in naming))

    def _tell_apart(self) -> None:
        """Name check-ins of one day and one key result by all that they say.

        Their places would not do: sorting is no change, so nothing tells where a row stood.
        Those that say the very same can stand for one another; the changed ones come last.
        """
        taken = {line.number for line in self.nameless}
        rest = [row for row in self._of_the_same_days() if row[0] not in taken]
        shared = Counter(line.key for line in self.nameless)
        shared.update({key for _, cells in rest if (key := self._said(cells)) in shared})
        self._alike.update(
            self._says_all(cells)
            for _, cells in rest
            if shared[self._said(cells)] > 1 and not read_id(self.cell(cells, EXISTS))
        )
        for place, line in enumerate(self.nameless):
            if shared[line.key] > 1:
                name = self._says_all(line.cells)
                self._alike[name] += 1
                self.nameless[place] = line._replace(key=numbered(name, self._alike[name]))

    def _of_the_same_days(self) -> list[tuple[int, Sequence[Cell]]]:
        """List the rows, of the whole tab, whose When a check-in without an ID has too."""
        place = self.places.get("When", -1)
        days = {self.cell(line.cells, "When") for line in self.nameless}
        return [
            (number, cells)
            for number, cells in enumerate(self.table.tab.rows)
            if 0 <= place < len(cells) and cells[place] in days and number > self.table.header.row
        ]

    def _says_all(self, cells: Sequence[Cell]) -> str:
        return whole_key(*(self.cell(cells, name) for name in WHOLE_CHECK_IN))

    def cell(self, cells: Sequence[Cell], column: str) -> Cell:
        """Give a cell of a row; blank where the row ends before it, or the column is missing."""
        place = self.places.get(column, -1)
        return cells[place] if 0 <= place < len(cells) else ""

    def lacks_value(self, line: Line, column: str) -> bool:
        """Tell whether a cell holds a formula whose value the file does not hold."""
        return bool(self._lacking) and (line.number, self.places.get(column, -1)) in self._lacking


Pair = tuple[Line, Line]


def _changes_of(
    old_table: Table, new_table: Table, when: datetime, locale: str
) -> Iterator[SeenChange]:
    """Compare one tab with itself at a later time."""
    is_alike = old_table.columns == new_table.columns
    if is_alike and _is_same_tab(old_table, new_table):
        return
    if new_table.name == CHECK_INS:
        was, now = _unlike(old_table, new_table, is_alike)
        old, new = Sheet(old_table, was), Sheet(new_table, now)
    else:  # all of them, so that of doubled IDs the first row is known
        old, new = Sheet(old_table, _numbers(old_table)), Sheet(new_table, _numbers(new_table))
    pairs, vanished, appeared = _match(old, new)
    columns = _compared(old_table, new_table)
    judge = _judge(new, when, locale) if new_table.name == CHECK_INS else _always
    edits = _edits(old, new, pairs, columns, is_alike)
    yield from _of_vanished(old, vanished)
    yield from _in_order(new_table.name, edits, appeared, judge)


def _compared(old: Table, new: Table) -> list[str]:
    """List the watched columns that both have; of ``_History`` all of them.

    Progress counts only where it is all there is.
    """
    both = old.columns.keys() & new.columns.keys()
    if both & {"Start", "Target", "Current"}:
        both -= {"Progress"}
    return [name for name in WATCHED.get(new.name, sorted(both)) if name in both]


def _numbers(table: Table) -> range:
    return range(table.header.row + 1, len(table.tab.rows))


def _is_same_tab(old: Table, new: Table) -> bool:
    """Tell whether two tabs hold the very same below their headers."""
    before, after = old.tab.rows[old.header.row + 1 :], new.tab.rows[new.header.row + 1 :]
    return len(before) == len(after) and all(
        one is other or _are_equal(one, other) for one, other in zip(before, after, strict=True)
    )


def _are_equal(one: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """Tell whether two rows hold the very same; TRUE is not 1."""
    return one == other and list(map(type, one)) == list(map(type, other))


def _unlike(old: Table, new: Table, is_alike: bool) -> tuple[list[int], list[int]]:
    """List the rows of each table that the other does not have, wherever they stand.

    Of 100,000 check-ins nearly all are as they were, even where somebody has sorted them. Here
    alone TRUE counts as 1, which as the value of a check-in it is.
    """
    was, now = _numbers(old), _numbers(new)
    before, after = _as_tuples(old, new, was), _as_tuples(new, old, now)
    if is_alike:
        head = _count_same(zip(before, after, strict=False))
        tail = _count_same(zip(reversed(before[head:]), reversed(after[head:]), strict=False))
        was, now = was[head : len(was) - tail], now[head : len(now) - tail]
        before, after = before[head : len(before) - tail], after[head : len(after) - tail]
    old_ids, new_ids = list(map(id, before)), list(map(id, after))
    first = _left(was, before, old_ids, new_ids), _left(now, after, new_ids, old_ids)
    (was_left, before), (now_left, after) = first
    return _left(was_left, before, before, after)[0], _left(now_left, after, after, before)[0]


def _as_tuples(table: Table, other: Table, numbers: range) -> list[tuple[Cell, ...]]:
    """Give the rows of a table; where the columns stand otherwise in the other, in one order."""
    rows = table.tab.rows[numbers.start :]
    if table.columns == other.columns:
        return list(map(tuple, rows))
    places = [table.columns.get(name, -1) for name in (EXISTS, *_compared(table, other))]
    width = max(places) + 1
    padding = ("",) * (width + 1)
    pick = itemgetter(*places)
    return [pick((*cells[:width], *padding)) for cells in rows]


def _count_same(pairs: Iterable[tuple[Sequence[Cell], Sequence[Cell]]]) -> int:
    count = 0
    for one, other in pairs:
        if one is not other and one != other:
            break
        count += 1
    return count


def _left(
    numbers: Iterable[int],
    rows: Iterable[tuple[Cell, ...]],
    keys: Iterable[Hashable],
    others: Iterable[Hashable],
) -> tuple[list[int], list[tuple[Cell, ...]]]:
    """Give the rows, and their numbers, whose key is not among the others as often."""
    there = Counter(others)
    left: list[int] = []
    found: list[tuple[Cell, ...]] = []
    for number, cells, key in zip(numbers, rows, keys, strict=True):
        if there.get(key, 0) > 0:
            there[key] -= 1
        else:
            left.append(number)
            found.append(cells)
    return left, found


# --- which row is which ---------------------------------------------------------------------------


def _match(old: Sheet, new: Sheet) -> tuple[list[Pair], list[Line], list[Line]]:
    """Pair the rows of two readings; give besides what vanished and what appeared."""
    pairs = [(line, new.by_id[key]) for key, line in old.by_id.items() if key in new.by_id]
    vanished = [line for key, line in old.by_id.items() if key not in new.by_id] + old.nameless
    appeared = [line for key, line in new.by_id.items() if key not in old.by_id] + new.nameless
    if not vanished or not appeared:
        return pairs, vanished, appeared
    for key in _ways_to_know(old, new):
        found, vanished, appeared = _paired(vanished, appeared, *key)
        pairs += found
    return pairs, vanished, appeared


Know = Callable[[Line], Hashable]


def _ways_to_know(old: Sheet, new: Sheet) -> list[tuple[Know, Know, bool]]:
    """List how a row is known that has no ID, or another one than before, the surest first.

    All it says; its naming cells; all but one of these, where that leaves no doubt. A row without
    an ID may have been given one meanwhile.
    """
    name = new.table.name
    watched = _compared(old.table, new.table)
    naming = [column for column in NAMING[name] if column in watched]
    ways: list[tuple[Know, Know, bool]] = [
        (_says(old, watched), _says(new, watched), False),
        (_says(old, naming), _says(new, naming), False),
    ]
    if old.places == new.places:  # the same, only faster
        ways.insert(0, (_cells, _cells, False))
    for column in naming:
        others = [one for one in watched if one != column]
        ways.append((_says(old, others, True), _says(new, others), True))
    if name == CHECK_INS:  # one that is being typed in, cell by cell
        ways.append((_says(old, ["When"], True), _says(new, ["When"], True), True))
    return ways


def _says(sheet: Sheet, columns: Sequence[str], is_nameless: bool = False) -> Know:
    """Make a reader of what a row says in some columns; None where it is known by its ID."""

    def say(line: Line) -> Hashable:
        if is_nameless and line.id:
            return None
        return tuple(_plain(sheet.cell(line.cells, column)) for column in columns)

    return say


def _cells(line: Line) -> Hashable:
    return tuple(line.cells)


def _plain(cell: Cell) -> Hashable:
    """Reduce a cell to what tells it from others."""
    return folded(cell) if isinstance(cell, str) else (type(cell) is bool, cell)


def _paired(
    vanished: list[Line], appeared: list[Line], say_old: Know, say_new: Know, is_sure: bool
) -> tuple[list[Pair], list[Line], list[Line]]:
    """Pair rows that say the same; where it must be ``is_sure``, only those alone in saying it."""
    if not vanished or not appeared or (is_sure and len(vanished) + len(appeared) > _ALIKE):
        return [], vanished, appeared
    waiting: dict[Hashable, list[Line]] = {}
    for line in vanished:
        waiting.setdefault(say_old(line), []).append(line)
    coming: dict[Hashable, list[Line]] = {}
    for line in appeared:
        coming.setdefault(say_new(line), []).append(line)
    pairs = [
        pair
        for said, lines in coming.items()
        if said is not None and said in waiting
        if not is_sure or len(lines) == len(waiting[said]) == 1
        for pair in zip(waiting[said], lines, strict=False)
    ]
    done = {id(line) for line in chain.from_iterable(pairs)}
    left = [line for line in vanished if id(line) not in done]
    return pairs, left, [line for line in appeared if id(line) not in done]


# --- what changed in them -------------------------------------------------------------------------


class Edit(NamedTuple):
    """A cell that changed, and the row that it stands in now."""

    line: Line
    column: str
    before: Cell
    after: Cell


def _edits(
    old: Sheet, new: Sheet, pairs: Iterable[Pair], columns: Sequence[str], is_alike: bool
) -> Iterator[Edit]:
    """Compare the watched cells of rows, and the ID of one that has lost it or has another."""
    has_ids = EXISTS in old.places and EXISTS in new.places
    for was, now in pairs:
        if has_ids and was.id and was.id.casefold() != now.id.casefold():
            yield Edit(now, EXISTS, was.id, now.id)
        if is_alike and (was.cells is now.cells or _are_equal(was.cells, now.cells)):
            continue
        for column in columns:
            before, after = old.cell(was.cells, column), new.cell(now.cells, column)
            if before is after or (before == after and type(before) is type(after)):
                continue
            if is_same(before, after):
                continue
            if not (old.lacks_value(was, column) or new.lacks_value(now, column)):
                yield Edit(now, column, before, after)


Judge = Callable[[Line, str, Cell], bool]


def _always(line: Line, column: str, before: Cell) -> bool:
    return True


def _judge(new: Sheet, when: datetime, locale: str) -> Judge:
    """Leave out of the changed check-ins those that are just being typed in.

    A new row, or a cell that is filled, changes what was known of a past day only where it comes
    on a later day than it is dated.
    """

    def is_told(line: Line, column: str, before: Cell) -> bool:
        if before != "" and read_text(before):
            return True
        moment, _ = read_moment(new.cell(line.cells, "When"), "When", locale)
        return moment is not None and moment.date() < when.date()

    return is_told


def _of_vanished(old: Sheet, vanished: Sequence[Line]) -> Iterator[SeenChange]:
    """Tell of rows that vanished, and what they held, so that earlier days still have them."""
    tab = old.table.name
    for line in vanished:
        yield _seen(tab, line, EXISTS, line.key, "")
        for column in WATCHED[tab]:
            cell = old.cell(line.cells, column)
            if told(cell) != "":
                yield _seen(tab, line, column, cell, "")


def _in_order(
    tab: str, edits: Iterable[Edit], appeared: Sequence[Line], judge: Judge
) -> Iterator[SeenChange]:
    """Tell the changes in the order of the rows."""
    new = (Edit(line, EXISTS, "", line.key) for line in appeared)
    for edit in sorted(chain(edits, new), key=_number):
        if judge(edit.line, edit.column, edit.before):
            yield _seen(tab, edit.line, edit.column, edit.before, edit.after)


def _number(edit: Edit) -> int:
    return edit.line.number


def _seen(tab: str, line: Line, column: str, before: Cell, after: Cell) -> SeenChange:
    return SeenChange(datetime.min, read_id(line.key), tab, column, before, after)


# --- what is told already -------------------------------------------------------------------------


def _untold(
    found: Sequence[SeenChange],
    old: Table | None,
    new: Table | None,
    waiting: Sequence[SeenChange],
) -> Iterator[SeenChange]:
    """Leave out what ``_History`` tells already, and begin where its last new word ends."""
    spots = {change.spot for change in found}
    words = last_words(new, spots)
    words |= {
        one.spot: Word(one.after, -1, None, is_board=False) for one in waiting if one.spot in spots
    }
    added = _added(old, new)
    first = first_writes(new, spots, added)
    for change in found:
        word = words.get(change.spot)
        is_new = word is not None and (word.row < 0 or word.row in added)
        before, after = told(change.before), told(change.after)
        begun = first.get(change.spot)
        if begun is not None:
            yield from _written_over(change, begun)
        if word is not None and (is_new or word.is_board) and is_same(told(word.after), after):
            continue
        if word is not None and is_new:
            before = told(word.after)
        if not is_same(before, after):
            yield replace(change, before=before, after=after)


def _added(old: Table | None, new: Table | None) -> Set[int]:
    """Give the rows that ``_History`` did not have before, wherever they have been sorted to."""
    if new is None:
        return frozenset()
    if old is None:
        return frozenset(_numbers(new))
    was, now = _unlike(old, new, old.columns == new.columns)
    known = {_line(old, number) for number in was}
    return frozenset(number for number in now if _line(new, number) not in known)


def _line(history: Table, number: int) -> tuple[Cell, ...]:
    """Give what a line of ``_History`` tells, whoever has written beside it since."""
    cells = history.tab.rows[number]
    places = (history.columns.get(name, -1) for name in _TELLING)
    return tuple(cells[at] if 0 <= at < len(cells) else "" for at in places)


def _written_over(change: SeenChange, begun: Begun) -> Iterator[SeenChange]:
    """Tell what was typed, and then written over by the board before it was seen.

    The line that tells of the writing also tells what it found, a moment before.
    """
    before, found = told(change.before), told(begun.before)
    when, _ = read_moment(begun.when, "When", "")
    is_known = any(is_same(told(cell), found) for cell in (before, *begun.told))
    if change.column != EXISTS and when is not None and not is_known:
        yield replace(change, when=when - timedelta(seconds=1), before=before, after=found)
