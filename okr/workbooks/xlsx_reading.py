"""From the bytes of an .xlsx file to tabs, with all that the fast reader leaves unsaid."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

import python_calamine as calamine
from lxml import etree

from okr.columns import known_tab
from okr.layouts.detection import is_own_layout
from okr.model import Cell
from okr.reading import Tab
from okr.workbooks.xlsx_cells import EPOCH, serial
from okr.workbooks.xlsx_package import DamagedError, Package, local_name

Spot = tuple[int, int]
"""A cell by its 0-based row and column."""

_DAY = timedelta(days=1)
MOST_CELLS = 20_000_000
"""The fast reader holds the whole rectangle around a tab's cells, so it is asked for no more."""

_FIRST_SURE_DAY = datetime(1900, 3, 1)  # before it spreadsheets count a day that never was
_TELLS = (b"<f", b":f>", b":f ", b't="e"', b"t='e'", b"hidden=")
"""Only a tab whose XML holds one of these has formulas, errors or hidden rows."""

_FAR_COLUMN = re.compile(rb' r="([A-Z]{2,})\d')
_ROW_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_ADDRESS = re.compile(r"([A-Z]+)\d+$")


@dataclass(slots=True)
class _Unsaid:
    """What only the XML of a tab tells."""

    errors: dict[Spot, str] = field(default_factory=dict)
    numbers: dict[Spot, float] = field(default_factory=dict)
    formulas_without_value: set[Spot] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)


def read_tabs(content: bytes, before: tuple[Tab, ...] = ()) -> tuple[Tab, ...]:
    """Read all tabs; in the board's own layout only the titles of those that it does not know.

    Rows that are as in ``before`` are the same objects as there.

    Raises:
        DamagedError: If the file cannot be understood.
    """
    package = Package(content)
    parts = {sheet.title: sheet.part for sheet in package.sheets}
    old = {tab.title: tab for tab in before}
    try:
        workbook = calamine.load_workbook(io.BytesIO(content))
        sheets = [sheet for sheet in workbook.sheets_metadata if sheet.name in parts]

        def read(sheet: calamine.SheetMetadata) -> Tab:
            return _read_tab(workbook, sheet, package.read(parts[sheet.name]), old.get(sheet.name))

        known = {sheet.name: read(sheet) for sheet in sheets if known_tab(sheet.name)}
        is_own = is_own_layout(tuple(known.values()))
        return tuple(
            known.get(sheet.name)
            or (Tab(sheet.name, (), is_hidden=_is_hidden(sheet)) if is_own else read(sheet))
            for sheet in sheets
        )
    except calamine.PasswordError as error:
        raise DamagedError("it is protected by a password") from error
    except (calamine.CalamineError, etree.XMLSyntaxError) as error:
        raise DamagedError("a part of it is not readable") from error


def _is_hidden(sheet: calamine.SheetMetadata) -> bool:
    return sheet.visible != calamine.SheetVisibleEnum.Visible


def _read_tab(
    workbook: calamine.CalamineWorkbook,
    sheet: calamine.SheetMetadata,
    part: bytes,
    before: Tab | None,
) -> Tab:
    """Read one tab, and look into its XML only where that can tell more."""
    _refuse_sprawl(sheet.name, part)
    values = workbook.get_sheet_by_name(sheet.name)
    doubtful: set[Spot] = set()
    rows = [
        _read_row(number, row, doubtful)
        for number, row in enumerate(values.to_python(skip_empty_area=False))
    ]
    unsaid = _Unsaid()
    if doubtful or any(tell in part for tell in _TELLS):
        unsaid = _scan(part, doubtful)
    _put(rows, unsaid.errors)
    _put(rows, unsaid.numbers)
    return Tab(
        sheet.name,
        tuple(_kept(rows, before.rows)) if before else tuple(rows),
        frozenset(unsaid.formulas_without_value),
        tuple((*first, *last) for first, last in values.merged_cell_ranges or ()),
        _is_hidden(sheet),
        frozenset(unsaid.hidden_rows),
    )


def _refuse_sprawl(title: str, part: bytes) -> None:
    """Refuse a tab whose cells lie so far apart that the rectangle around them fills the memory."""
    number = _ROW_NUMBER.search(part, max(part.rfind(b"<row "), part.rfind(b":row "), 0))
    far = max(set(_FAR_COLUMN.findall(part)), key=column_number, default=b"Z")
    if number is not None and int(number[1]) * column_number(far) > MOST_CELLS:
        raise DamagedError(
            f"the cells of “{title}” reach to {far.decode()}{number[1].decode()}, which is "
            "more than the board can hold; delete the rows and columns beyond the data"
        )


def column_number(letters: bytes) -> int:
    """Count a column's letters out: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read_row(number: int, values: Sequence[object], doubtful: set[Spot]) -> tuple[Cell, ...]:
    """Turn one row into cells, without the blanks at its end; note dates whose number is unsure."""
    last = len(values)
    while last and values[last - 1] == "":
        last -= 1
    cells = values[:last]
    if _PLAIN.issuperset(map(type, cells)):
        return tuple(cells)  # type: ignore[arg-type]
    return tuple(
        [
            value if type(value) in _PLAIN else _serial(value, (number, place), doubtful)  # type: ignore[misc]
            for place, value in enumerate(cells)
        ]
    )


_PLAIN = frozenset((str, float, bool))


def _serial(value: object, spot: Spot, doubtful: set[Spot]) -> float:
    """Turn a date or a time back into the number that the cell holds."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
    elif isinstance(value, time):
        moment = datetime.combine(EPOCH, value)
    elif isinstance(value, timedelta):
        return value / _DAY
    elif isinstance(value, int):
        return float(value)
    else:
        raise DamagedError(f"it holds a value of an unknown kind: {type(value).__name__}")
    if moment < _FIRST_SURE_DAY:
        doubtful.add(spot)
    return serial(moment)


def _put(rows: list[tuple[Cell, ...]], cells: Mapping[Spot, Cell]) -> None:
    """Put cells into rows, which grow where they must."""
    for (row, column), cell in sorted(cells.items()):
        while len(rows) <= row:
            rows.append(())
        values = list(rows[row])
        values.extend([""] * (column + 1 - len(values)))
        values[column] = cell
        rows[row] = tuple(values)


def _kept(
    rows: Sequence[Sequence[Cell]], before: Sequence[Sequence[Cell]]
) -> Iterator[Sequence[Cell]]:
    """Hand out each row, as the very object that it was before where nothing in it has changed."""
    for row, old in zip_longest(rows, before[: len(rows)], fillvalue=()):
        yield old if row == old and list(map(type, row)) == list(map(type, old)) else row


def _scan(part: bytes, doubtful: AbstractSet[Spot]) -> _Unsaid:
    """Walk through the XML of a tab, row by row, so that a long one costs little memory."""
    unsaid = _Unsaid()
    number = -1
    walk = etree.iterparse(
        io.BytesIO(part), tag="{*}row", resolve_entities=False, no_network=True, huge_tree=True
    )
    for _, row in walk:
        number = int(row.get("r", number + 2)) - 1
        if row.get("hidden") in ("1", "true"):
            unsaid.hidden_rows.add(number)
        _scan_row(number, row, doubtful, unsaid)
        row.clear()
        while row.getprevious() is not None:
            del row.getparent()[0]
    return unsaid


def _scan_row(
    number: int, row: etree._Element, doubtful: AbstractSet[Spot], unsaid: _Unsaid
) -> None:
    """Note of one row its errors, its formulas without a value, and the numbers asked for."""
    for cell in row:
        kind = cell.get("t", "n")
        if kind == "e":
            unsaid.errors[_spot(number, cell)] = cell.findtext("{*}v") or "#N/A"
        elif kind == "n" and (doubtful or (len(cell) and local_name(cell[0]) == "f")):
            value, spot = cell.findtext("{*}v"), _spot(number, cell)
            if spot in doubtful and value:
                unsaid.numbers[spot] = float(value)
            elif not value and cell.find("{*}f") is not None:
                unsaid.formulas_without_value.add(spot)


def _spot(row: int, cell: etree._Element) -> Spot:
    """Tell where a cell stands: by its address, else by its place in the row."""
    name = _ADDRESS.match(cell.get("r", ""))
    if name is not None:
        return row, column_number(name[1].encode()) - 1
    return row, sum(1 for _ in cell.itersiblings(preceding=True))
