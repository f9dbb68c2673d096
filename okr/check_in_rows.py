"""The check-ins of a workbook, grouped by key result: 100,000 of them in a second."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from okr import columns
from okr.cells import FIRST_SERIAL, LAST_SERIAL, moment_of, read_id
from okr.model import Cell, CheckIn, KeyResult, Kind, Problem
from okr.parsing import parse_check_in
from okr.registers import Listed, Register, warn_of_namesakes
from okr.tables import Row, Table, has_content, is_plain_text


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
    grouped: dict[str, list[CheckIn]] = {}
    keys: dict[object, str | None] = {"": None}
    quick = _quick_reader(table)
    place = table.columns["Key result"]
    lacking = {row for row, _ in table.tab.formulas_without_value}
    for number, cells in table.numbered():
        reference = cells[place] if place < len(cells) else ""
        if reference not in keys:
            keys[reference] = _find(Row(table, number, cells, problems), key_results.register)
        key = keys[reference]
        is_plain = key is not None and kinds[key] is not Kind.DONE and number not in lacking
        entry = quick(cells, number) if is_plain else None
        if entry is None and (number in lacking or has_content(cells)):
            entry = _with_care(Row(table, number, cells, problems), kinds, key, locale)
        if entry is not None and key is not None:
            grouped.setdefault(key, []).append(entry)
    return {key: tuple(_in_time(entries)) for key, entries in grouped.items()}


def _with_care(row: Row, kinds: Mapping[str, Kind], key: str | None, locale: str) -> CheckIn | None:
    """Read a check-in cell by cell; one of an unknown key result is reported."""
    if key is None:
        _report_unknown_key_result(row)
        return None
    return parse_check_in(row, kinds[key], locale)


def _in_time(entries: list[CheckIn]) -> list[CheckIn]:
    """Order check-ins by When; the sort is stable, so rows of one moment keep their order."""
    entries.sort(key=_moment)
    return entries


def _moment(entry: CheckIn) -> datetime:
    return entry.when


def _quick_reader(table: Table) -> Callable[[Sequence[Cell], int], CheckIn | None]:
    """Make a reader for the rows that need no thought: plain numbers and plain texts.

    It gives None where any cell is anything else; that row is then read with all care. Of
    100,000 check-ins nearly all are plain, and this is three times as fast.
    """
    width = max(table.columns.values(), default=0) + 1
    when_at, value_at, confidence_at, note_at, by_at, id_at = (
        table.columns.get(name, width)
        for name in ("When", "Value", "Confidence", "Note", "By", "ID")
    )
    padding = ("",) * (width + 1)

    def read(cells: Sequence[Cell], number: int) -> CheckIn | None:
        if len(cells) <= width:
            cells = [*cells, *padding]
        when, value, belief = cells[when_at], cells[value_at], cells[confidence_at]
        if type(when) is not float or not FIRST_SERIAL <= when <= LAST_SERIAL:
            return None
        if type(value) is not float or not -1e300 < value < 1e300:
            return None
        confidence = belief if type(belief) is float and 0 <= belief <= 1 else None
        if confidence is None and belief != "":
            return None
        note, by, own = cells[note_at], cells[by_at], cells[id_at]
        if type(note) is not str or type(by) is not str or type(own) is not str:
            return None
        if not (is_plain_text(note) and is_plain_text(by) and is_plain_text(own)):
            return None
        own = " ".join(own.split())
        return CheckIn(
            moment_of(when), value, confidence, note.strip(), by.strip(), number + 1, own
        )

    return read


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
