"""The key results of a workbook: most are read in columns, the odd ones row by row."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import compress, repeat
from operator import attrgetter
from typing import Any, NamedTuple

from okr import columns
from okr.cells import is_blank, read_id, read_text
from okr.making import maker
from okr.model import Cell, KeyResult, Kind, Objective, Place, Problem, State
from okr.parsing import has_only_progress, parse_key_result, report_nameless
from okr.plain_columns import (
    columns_of,
    odd_days,
    odd_links,
    odd_numbers,
    odd_shares,
    odd_texts,
    odd_weights,
    odd_words,
)
from okr.registers import Found, Listed, Register, warn_of_namesakes
from okr.scales import UNITS, is_on_one_scale
from okr.serials import day_of
from okr.tables import Row, Table

_found, _key_result, _place = maker(Found), maker(KeyResult), maker(Place)

_KINDS: Mapping[Cell, Kind | None] = {"": None, **{kind.value: kind for kind in Kind}}
_STATES: Mapping[str, State] = {"": State.ACTIVE, **{state.value: state for state in State}}
_INCREASE, _DECREASE, _DONE = Kind.INCREASE, Kind.DECREASE, Kind.DONE
_KEEPS = frozenset(kind for kind in Kind if kind.is_keep)

CLOSE = 1e-8
"""Start and target that are no further apart are looked at with care: they may be equal."""


class _Columns(NamedTuple):
    """The cells below the headers, column by column."""

    id: Sequence[Any]
    objective: Sequence[Any]
    title: Sequence[Any]
    owner: Sequence[Any]
    kind: Sequence[Any]
    start: Sequence[Any]
    target: Sequence[Any]
    current: Sequence[Any]
    unit: Sequence[Any]
    weight: Sequence[Any]
    due: Sequence[Any]
    confidence: Sequence[Any]
    state: Sequence[Any]
    grade: Sequence[Any]
    link: Sequence[Any]
    pace: Sequence[Any]


_NAMES = (
    *("ID", "Objective", "Key result", "Owner", "Kind", "Start", "Target", "Current", "Unit"),
    *("Weight", "Due", "Confidence", "State", "Grade", "Link", "Pace"),
)


def list_key_results(
    tables: Mapping[str, Table], objectives: Listed[Objective], locale: str, problems: list[Problem]
) -> Listed[KeyResult]:
    """Read the key results and follow their Objective cells."""
    table = tables.get(columns.KEY_RESULTS)
    if table is None:
        return Listed([], Register())
    return _Reader(table, objectives, locale, problems).read()


class _Reader:
    """Reads a tab in columns, and the odd rows in it cell by cell (see ``plain_columns``)."""

    def __init__(
        self, table: Table, objectives: Listed[Objective], locale: str, problems: list[Problem]
    ) -> None:
        self._table, self._objectives, self._locale = table, objectives, locale
        self._problems = problems
        self._register = Register()
        self._row_at = partial(table.row, problems=problems)
        self._first = table.header.row + 1
        self._by_row = {one.number: one.entity.key for one in objectives.found}

    def read(self) -> Listed[KeyResult]:
        """Read all rows, in the order of the sheet."""
        if self._table.is_elsewhere or has_only_progress(self._table):
            rows = self._table.rows(self._problems)
            found = list(self._all_with_care(rows))
        else:
            found = self._in_columns(_Columns(*columns_of(self._table, _NAMES)))
        self._register.enter(found)
        return Listed(found, self._register)

    def _in_columns(self, cells: _Columns) -> list[Found[KeyResult]]:
        kinds = list(_kinds(cells))
        odd = self._odd(cells, kinds)
        numbers: Sequence[int] = range(self._first, self._first + len(kinds))
        plain, kept = cells, numbers
        if odd:
            is_plain = [number not in odd for number in numbers]
            plain = _Columns(*(list(compress(column, is_plain)) for column in cells))
            kinds, kept = list(compress(kinds, is_plain)), list(compress(numbers, is_plain))
        found = [
            _found(one, number, self._row_at)
            for one, number in zip(self._make_all(plain, kinds, kept), kept, strict=True)
        ]
        self._register.take([one.entity.key for one in found])
        if odd:
            found += self._all_with_care(self._table.chosen(sorted(odd), self._problems))
            found.sort(key=attrgetter("number"))
        return found

    def _odd(self, cells: _Columns, kinds: Sequence[Kind | None]) -> set[int]:
        """Find the rows that are to be read with care, by their numbers in the tab."""
        odd = set(odd_texts(cells.id, is_id=True)).union(
            odd_texts(cells.title),
            (number for number, title in enumerate(cells.title) if is_blank(title)),
            odd_texts(cells.owner),
            odd_texts(cells.unit),
            odd_texts(cells.link),
            odd_links(cells.link),
            (number for number, kind in enumerate(kinds) if kind is None),
            odd_numbers(cells.start),
            odd_numbers(cells.target),
            odd_numbers(cells.current),
            odd_weights(cells.weight),
            odd_days(cells.due),
            odd_shares(cells.confidence),
            odd_words(cells.state, _STATES),
            odd_shares(cells.grade),
            (number for number, pace in enumerate(cells.pace) if pace != ""),
            odd_words(cells.objective, self._objectives.register.spelled),
        )
        odd.update(_doubled(cells.id, odd))
        lacking = {row for row, _ in self._table.tab.formulas_without_value if row >= self._first}
        return {number + self._first for number in odd} | lacking

    def _make_all(
        self, cells: _Columns, kinds: Sequence[Kind | None], numbers: Sequence[int]
    ) -> Iterator[KeyResult]:
        """Make the key results of rows in which nothing is odd."""
        days = {cell: None if cell == "" else day_of(cell) for cell in set(cells.due)}
        own = [text.strip() for text in cells.id]
        has_start = "Start" in self._table.columns
        return map(
            _key_result,  # in the order of the fields
            own,
            own,
            map(str.strip, cells.title),
            self._places(numbers),
            cells.objective,
            cells.objective,
            map(str.strip, cells.owner),
            kinds,
            _given(cells.start, None),
            _given(cells.target, None),
            _given(cells.current, None),
            map(str.strip, cells.unit),
            _given(cells.weight, 1.0),
            map(days.__getitem__, cells.due),
            _given(cells.confidence, None),
            map(_STATES.__getitem__, cells.state),
            _given(cells.grade, None),
            map(str.strip, cells.link),
            repeat(""),
            [not has_start or start != "" for start in cells.start],
        )

    def _places(self, numbers: Sequence[int]) -> Iterator[Place]:
        """Say where rows stand, as ``Row.place`` does of one."""
        title = self._table.tab.title
        before = columns.address(title, 0, self._table.columns.get("Key result", 0))[:-1]
        return (_place(title, number + 1, f"{before}{number + 1}") for number in numbers)

    # --- the odd rows -----------------------------------------------------------------------------

    def _all_with_care(self, rows: Iterable[Row]) -> Iterator[Found[KeyResult]]:
        """Read rows cell by cell, and report what is wrong in them."""
        for row in rows:
            title = row.text("Key result")
            if title:
                yield _found(self._read_with_care(row, title), row.number, self._row_at)
            else:
                given = ("ID", "Start", "Target", "Current", "Owner")
                report_nameless(row, "Key result", given)

    def _read_with_care(self, row: Row, title: str) -> KeyResult:
        reference = row.id("Objective")
        key, own = self._register.identify(row, title, reference)
        register = self._objectives.register
        objective = register.find(reference) if reference else None
        if row.parent in self._by_row:
            objective = self._by_row[row.parent]
        elif objective is None:
            _report_homeless(row, reference)
        elif register.is_shared(reference):
            warn_of_namesakes(row, "Objective", reference)
        return parse_key_result(row, key, own, objective, self._locale)


def _given(cells: Sequence[Any], default: float | None) -> list[float | None]:
    """Give numbers as they are, and the default for what is blank."""
    return [default if cell == "" else cell for cell in cells]


def _doubled(cells: Sequence[Any], odd: Collection[int]) -> Iterator[int]:
    """Find the rows that have no ID, or one that another row has too."""
    own = [
        read_id(cell).casefold() if number in odd else cell.strip().casefold()
        for number, cell in enumerate(cells)
    ]
    count = Counter(own)
    return (number for number, one in enumerate(own) if not one or count[one] > 1)


def _kinds(cells: _Columns) -> Iterator[Kind | None]:
    """Give the kind of each row, None where Kind, Start, Target and Unit leave a question open.

    What is a thing to do, has no start or no way, or goes another way than its kind says, is left
    to ``parse_key_result``, which knows what to make of it.
    """
    is_scaled = {unit: read_text(unit) in UNITS for unit in set(cells.unit)}
    for word, start, target, current, unit in zip(
        cells.kind, cells.start, cells.target, cells.current, cells.unit, strict=True
    ):
        kind = _kind(word, start, target)
        if kind and is_scaled[unit] and not is_on_one_scale(start, target, current, unit):
            kind = None
        yield kind


def _kind(word: Cell, start: Cell, target: Cell) -> Kind | None:
    """Give the kind of a row by its word, or else by its way; None where that is not plain."""
    if type(target) is not float:
        return None
    kind = _KINDS.get(word, _DONE)
    if type(start) is not float:
        return kind if start == "" and kind in _KEEPS else None
    if kind in _KEEPS:
        return kind
    way = target - start
    if kind is _DONE or -CLOSE < way < CLOSE:
        return None
    ahead = _INCREASE if way > 0 else _DECREASE
    return ahead if kind is None or kind is ahead else None


def _report_homeless(row: Row, reference: str) -> None:
    """Report a key result that counts nowhere; a missing column has been reported for all."""
    if row.is_unreadable("Objective") or "Objective" not in row.table.columns:
        return
    what = f"There is no objective “{reference}”" if reference else "It names no objective"
    row.error(
        "Objective",
        f"{what}, so the key result counts nowhere.",
        "Type the ID of its objective, or the objective's exact title.",
    )
