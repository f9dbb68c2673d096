"""The check-ins of a workbook, grouped by key result: 100,000 of them in a fifth of a second."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import compress
from math import isfinite
from operator import attrgetter
from typing import Any, NamedTuple

from okr import columns
from okr.cells import read_id
from okr.model import Cell, CheckIn, KeyResult, Kind, Problem
from okr.parsing import parse_check_in
from okr.plain_columns import columns_of, odd_moments, odd_shares, odd_texts
from okr.registers import Listed, warn_of_namesakes
from okr.tables import Row, Table, has_content

_make = partial(tuple.__new__, CheckIn)  # as CheckIn._make, without its count of the fields
_second = attrgetter("second")
_DONE = Kind.DONE
_NAMES = ("Key result", "When", "Value", "Confidence", "Note", "By", "ID")


class _Home(NamedTuple):
    """Where the check-ins of a reference belong, and as what their values come."""

    key: str | None
    value: type[float]
    entries: list[CheckIn]


def list_check_ins(
    tables: Mapping[str, Table],
    key_results: Listed[KeyResult],
    locale: str,
    problems: list[Problem],
) -> dict[str, tuple[CheckIn, ...]]:
    """Group the check-ins by key result, each group by When, then row."""
    table = tables.get(columns.CHECK_INS)
    if table is None or "Key result" not in table.columns:
        return {}
    reader = _Reader(table, key_results, locale)
    reader.read()
    problems.extend(sorted(reader.problems, key=attrgetter("row")))
    return {
        key: tuple(sorted(found, key=_second)) for key, found in reader.grouped.items() if found
    }


class _Reader:
    """Reads a tab in columns, and the odd rows in it cell by cell (see ``plain_columns``)."""

    def __init__(self, table: Table, key_results: Listed[KeyResult], locale: str) -> None:
        self.grouped: dict[str, list[CheckIn]] = {}
        self.problems: list[Problem] = []
        self._table, self._locale = table, locale
        self._first = table.header.row + 1
        self._lacking = {row for row, _ in table.tab.formulas_without_value}
        self._kinds = {one.entity.key: one.entity.kind for one in key_results.found}
        self._register = key_results.register

    def read(self) -> None:
        """Read all rows, and keep the check-ins of each key result in the order of their rows."""
        references, *cells = columns_of(self._table, _NAMES)
        homes = self._homes(references)
        odd = self._odd(homes, references, cells)
        numbers = range(self._first + 1, self._first + 1 + len(references))
        plain = [references, *cells, numbers]
        if odd:
            kept = [number not in odd for number in range(len(references))]
            plain = [list(compress(column, kept)) for column in plain]
        entries = {reference: home.entries for reference, home in homes.items()}
        for reference, entry in zip(plain[0], _make_all(*plain[1:]), strict=True):
            entries[reference].append(entry)
        for number in sorted(odd):
            reference = references[number] if number < len(references) else ""
            self._read_with_care(number, homes[reference].key if reference in homes else None)
        for found in self.grouped.values() if odd else ():
            found.sort(key=attrgetter("row"))

    def _homes(self, references: Sequence[Cell]) -> dict[Cell, _Home]:
        """Find where the check-ins of each reference belong."""
        return {one: self._home(one, references) for one in dict.fromkeys(references)}

    def _home(self, reference: Cell, references: Sequence[Cell]) -> _Home:
        is_own = reference in self._register.spelled
        name = str(reference) if is_own else read_id(reference)
        key = self._register.find(name)
        if key is None:
            return _Home(None, float, [])
        if self._register.is_shared(name):
            warn_of_namesakes(self._row(references.index(reference)), "Key result", name)
        value = bool if self._kinds[key] is _DONE else float
        return _Home(key, value, self.grouped.setdefault(key, []))

    def _odd(
        self,
        homes: Mapping[Cell, _Home],
        references: Sequence[Cell],
        cells: Sequence[Sequence[Any]],
    ) -> set[int]:
        """Find the rows that are to be read with care, counted from the first below the headers."""
        when, value, belief, note, by, own = cells
        types = {reference: home.value for reference, home in homes.items()}
        lost = {reference for reference, home in homes.items() if home.key is None}
        return {row - self._first for row in self._lacking if row >= self._first}.union(
            (number for number, one in enumerate(references) if one in lost) if lost else (),
            odd_moments(when),
            _odd_values(value, [types[reference] for reference in references]),
            odd_shares(belief),
            odd_texts(note),
            odd_texts(by),
            odd_texts(own, is_id=True),
        )

    def _read_with_care(self, number: int, key: str | None) -> None:
        """Read a row cell by cell; one of an unknown key result is reported."""
        at, rows = number + self._first, self._table.tab.rows
        if at not in self._lacking and not has_content(rows[at]):
            return
        row = self._row(number)
        if key is None:
            _report_unknown_key_result(row)
            return
        entry = parse_check_in(row, self._kinds[key], self._locale)
        if entry is not None:
            self.grouped[key].append(entry)

    def _row(self, number: int) -> Row:
        return self._table.row(self._first + number, self.problems)


def _make_all(
    when: Sequence[float],
    value: Sequence[float],
    belief: Sequence[float | str],
    note: Sequence[str],
    by: Sequence[str],
    own: Sequence[str],
    numbers: Sequence[int],
) -> Iterator[CheckIn]:
    """Make the check-ins of rows in which nothing is odd."""
    confidence = [None if one == "" else one for one in belief]
    texts = (map(str.strip, column) for column in (note, by))
    return map(
        _make,
        zip(
            [round(serial * 86400) for serial in when],  # as ``second_of``, without the calls
            map(float, value),
            confidence,
            *texts,
            numbers,
            map(str.strip, own),
            strict=True,
        ),
    )


def _odd_values(cells: Sequence[Any], types: Sequence[type[float]]) -> Iterator[int]:
    """Find what is not of the type that its key result asks for, or not finite."""
    if list(map(type, cells)) == types and isfinite(sum(cells)):
        return
    for number, (cell, kind) in enumerate(zip(cells, types, strict=True)):
        if type(cell) is not kind or not isfinite(cell):
            yield number


def _report_unknown_key_result(row: Row) -> None:
    """Report a check-in that names no known key result; a broken formula is reported as such."""
    reference = row.id("Key result")
    if row.is_unreadable("Key result"):
        return
    what = f"There is no key result “{reference}”" if reference else "It names no key result"
    row.error(
        "Key result",
        f"{what}, so the check-in counts nowhere.",
        "Type the ID of its key result, or the key result's exact title.",
    )
