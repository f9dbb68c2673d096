"""The check-ins of a workbook, grouped by key result: 100,000 of them in a second."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import repeat, zip_longest
from typing import Any

from okr import columns
from okr.cells import FIRST_SERIAL, LAST_SERIAL, moment_of, read_id
from okr.model import Cell, CheckIn, KeyResult, Kind, Problem
from okr.parsing import parse_check_in
from okr.registers import Listed, Register, warn_of_namesakes
from okr.tables import MARKS, Row, Table, has_content, is_plain_text

_make = CheckIn._make
_NAMES = ("Key result", "When", "Value", "Confidence", "Note", "By", "ID")


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
    kinds = {one.entity.key: one.entity.kind for one in key_results.found}
    reader = _Reader(table, kinds, key_results.register, locale, problems)
    for number, cells in enumerate(_columns(table), table.header.row + 1):
        reader.read(number, cells)
    for number in sorted(row for row in reader.lacking if row >= len(table.tab.rows)):
        reader.read_with_care(number, None)
    return {
        key: tuple(sorted(found, key=_moment)) for key, found in reader.grouped.items() if found
    }


class _Reader:
    """Reads one row after the other and puts each where it belongs.

    Of 100,000 check-ins nearly all need no thought: their numbers are numbers and their texts
    plain. These are read in one go; any other row is read with all care.
    """

    def __init__(
        self,
        table: Table,
        kinds: Mapping[str, Kind],
        register: Register,
        locale: str,
        problems: list[Problem],
    ) -> None:
        self.grouped: dict[str, list[CheckIn]] = {}
        self.lacking = {row for row, _ in table.tab.formulas_without_value}
        self._table, self._kinds, self._register = table, kinds, register
        self._locale, self._problems = locale, problems
        self._homes: dict[Cell, tuple[str | None, type[float], list[CheckIn]]] = {}

    def read(self, number: int, cells: tuple[Any, ...]) -> None:
        """Read the known cells of a row; ``number`` is 0-based."""
        reference, when, value, belief, note, by, own = cells
        home = self._homes.get(reference)
        if home is None:
            home = self._homes[reference] = self._home(number, reference)
        key, kind_of_value, entries = home
        if (
            key is not None
            and type(when) is float
            and FIRST_SERIAL <= when <= LAST_SERIAL
            and type(value) is kind_of_value
            and -1e300 < value < 1e300
            and type(note) is type(by) is type(own) is str
            and (belief == "" or (type(belief) is float and 0 <= belief <= 1))
            and f"{note}{by}{own}".isprintable()
            and number not in self.lacking
            and _are_plain(note, by, own)
        ):
            confidence = None if belief == "" else belief
            texts = (note.strip(), by.strip(), number + 1, own.strip())
            entries.append(_make((moment_of(when), float(value), confidence, *texts)))
        else:
            self.read_with_care(number, key)

    def read_with_care(self, number: int, key: str | None) -> None:
        """Read a row cell by cell; one of an unknown key result is reported."""
        row = self._row(number)
        if number not in self.lacking and not has_content(row.cells):
            return
        if key is None:
            _report_unknown_key_result(row)
            return
        entry = parse_check_in(row, self._kinds[key], self._locale)
        if entry is not None:
            self.grouped[key].append(entry)

    def _home(self, number: int, reference: Cell) -> tuple[str | None, type[float], list[CheckIn]]:
        """Find where the check-ins of a reference belong, and as what their values come."""
        key = None if reference == "" else _find(self._row(number), self._register)
        if key is None:
            return None, float, []
        value = bool if self._kinds[key] is Kind.DONE else float
        return key, value, self.grouped.setdefault(key, [])

    def _row(self, number: int) -> Row:
        rows = self._table.tab.rows
        return Row(self._table, number, rows[number] if number < len(rows) else (), self._problems)


def _moment(entry: CheckIn) -> datetime:
    """Order check-ins by When; the sort is stable, so rows of one moment keep their order."""
    return entry.when


def _columns(table: Table) -> Iterator[tuple[Any, ...]]:
    """Give the known cells of every row below the headers, blank where a row ends before them."""
    rows = table.tab.rows[table.header.row + 1 :]
    turned = list(zip_longest(*rows, fillvalue=""))
    places = (table.columns.get(name, len(turned)) for name in _NAMES)
    return zip(
        *(turned[at] if at < len(turned) else repeat("", len(rows)) for at in places), strict=True
    )


def _are_plain(note: str, by: str, own: str) -> bool:
    """Tell whether printable texts are what they seem: none is a broken formula."""
    if "  " in own:
        return False
    return MARKS.isdisjoint((note[:1], by[:1], own[:1])) or all(map(is_plain_text, (note, by, own)))


def _find(row: Row, register: Register) -> str | None:
    """Follow the reference of a check-in; one by a title of several key results is reported."""
    reference = read_id(row.cell("Key result"))
    key = register.find(reference)
    if key is not None and register.is_shared(reference):
        warn_of_namesakes(row, "Key result", reference)
    return key


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
