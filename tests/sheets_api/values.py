"""The values.* endpoints: plain cell values by A1 range."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from tests.sheets_api import coercion, formats, formulas
from tests.sheets_api.errors import invalid
from tests.sheets_api.protection import guard
from tests.sheets_api.ranges import (
    FAR,
    Area,
    beyond_grid,
    clamped,
    column_letters,
    echo,
    parse_range,
)
from tests.sheets_api.state import EMPTY, Box, Cell, Formula, Json, Row, Spreadsheet, Tab

RENDERS = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
DATE_RENDERS = ("SERIAL_NUMBER", "FORMATTED_STRING")


class Render(NamedTuple):
    """How values shall be given."""

    value: str = "FORMATTED_VALUE"
    date: str = "SERIAL_NUMBER"
    is_by_column: bool = False


def render_of(options: Json, prefix: str = "") -> Render:
    """Read the render options of a request, or of the reply that it asks for."""

    def option(name: str, known: tuple[str, ...], default: str) -> str:
        name = f"response{name[0].upper()}{name[1:]}" if prefix else name
        given = options.get(name) or default
        if given not in known:
            raise invalid(f"Invalid value at '{name}': {given!r}")
        return str(given)

    value = option("valueRenderOption", RENDERS, "FORMATTED_VALUE")
    date = option("dateTimeRenderOption", DATE_RENDERS, "SERIAL_NUMBER")
    return Render(value, date, is_by_column(options) if not prefix else False)


def is_by_column(options: Json) -> bool:
    major = options.get("majorDimension") or "ROWS"
    if major not in ("ROWS", "COLUMNS", "DIMENSION_UNSPECIFIED"):
        raise invalid(f"Invalid value at 'majorDimension': {major!r}")
    return bool(major == "COLUMNS")


# ---------------------------------------------------------------- reading


def value_range(book: Spreadsheet, area: Area, render: Render) -> Json:
    """Read an area as a ValueRange, trimmed of what is empty at its end."""
    tab, box, _ = clamped(area)
    show = _shower(book, tab, render)
    is_plain = render.value == "UNFORMATTED_VALUE" and render.date == "SERIAL_NUMBER"
    literal = {str, int, float, bool} if is_plain else set()  # shown as they are, and fast
    rows = [
        _trimmed([
            cell[0] if cell[0].__class__ in literal else show(cell)
            for cell in row.cells[box.left : box.right]
        ])
        for row in tab.rows[box.top : box.bottom]
    ]  # fmt: skip
    if render.is_by_column:
        rows = [_trimmed(column) for column in _transposed(rows)]
    while rows and not rows[-1]:
        rows.pop()
    answer: Json = {"range": echo(tab, box)}
    answer["majorDimension"] = "COLUMNS" if render.is_by_column else "ROWS"
    return answer | ({"values": rows} if rows else {})


def _shower(book: Spreadsheet, tab: Tab, render: Render) -> Callable[[Cell], Any]:
    def formatted(cell: Cell) -> str:
        value = formulas.effective(book, tab, cell)
        return formats.shown(value, _number_format(cell), book.locale)

    def unformatted(cell: Cell) -> Any:
        entered = cell.entered
        if entered is None:
            return ""
        is_date = render.date == "FORMATTED_STRING" and formats.is_date(_number_format(cell))
        value = formulas.effective(book, tab, cell)
        if is_date or not isinstance(value, str | int | float | bool):
            return formatted(cell)
        return value

    def formula(cell: Cell) -> Any:
        return cell.entered.text if isinstance(cell.entered, Formula) else unformatted(cell)

    return dict(zip(RENDERS, (formatted, unformatted, formula), strict=True))[render.value]


def _number_format(cell: Cell) -> Json | None:
    return cell.format.get("numberFormat") if cell.format else None


def _trimmed(values: list[Any]) -> list[Any]:
    while values and values[-1] == "" and isinstance(values[-1], str):
        values.pop()
    return values


def _transposed(rows: list[list[Any]]) -> list[list[Any]]:
    width = max(map(len, rows), default=0)
    return [[row[i] if i < len(row) else "" for row in rows] for i in range(width)]


def get(book: Spreadsheet, options: Json, _: object = None) -> Json:
    return value_range(book, parse_range(book, options["range"]), render_of(options))


def batch_get(book: Spreadsheet, options: Json, _: object = None) -> Json:
    render = render_of(options)
    areas = [parse_range(book, text) for text in options.get("ranges") or []]
    answer: Json = {"spreadsheetId": book.id}
    ranges = [value_range(book, area, render) for area in areas]
    return answer | ({"valueRanges": ranges} if ranges else {})


# ---------------------------------------------------------------- writing


class Written(NamedTuple):
    """What a write touched. Nulls are skipped: they touch nothing."""

    area: Area
    rows: frozenset[tuple[int, int]] = frozenset()
    columns: frozenset[tuple[int, int]] = frozenset()
    cells: int = 0


def write(draft: Spreadsheet, area: Area, body: Json, option: str) -> Written:
    """Write rows of values into an area; one cell is the corner of as much as is given.

    Raises:
        ApiError: If they do not fit, or a cell may not be written.
    """
    rows = body.get("values") or []
    if is_by_column(body):
        rows = _columns_as_rows(rows)
    tab = draft.edit(area.tab.sheet_id)
    width = max(map(len, rows), default=0)
    if not rows or not width:
        return Written(clamped(area)._replace(tab=tab))
    box = _target(tab, area, len(rows), width)
    guard(tab, box)
    covered = tab.covered(box)
    columns: set[int] = set()
    touched, count = set(), 0
    for offset, values in enumerate(rows):
        number = box.top + offset
        places = [i for i, value in enumerate(values) if value is not None]
        if places:
            touched.add((tab.sheet_id, number))
            columns.update(places)
            count += len(places)
            tab.rows[number] = _written_row(
                draft, tab.rows[number], values, box.left, option,
                {column for row, column in covered if row == number},
            )  # fmt: skip
    named = frozenset((tab.sheet_id, box.left + column) for column in columns)
    return Written(Area(tab, box), frozenset(touched), named, count)


def _columns_as_rows(columns: list[list[Any]]) -> list[list[Any]]:
    height = max(map(len, columns), default=0)
    return [[col[i] if i < len(col) else None for col in columns] for i in range(height)]


def _target(tab: Tab, area: Area, height: int, width: int) -> Box:
    box = area.box
    target = Box(box.top, box.left, box.top + height, box.left + width)
    if not area.is_cell:
        if target.bottom > box.bottom:
            raise _too_much(area, f"row [{box.bottom + 1}]")
        if target.right > box.right:
            raise _too_much(area, f"column [{column_letters(box.right)}]")
        if len(tab.rows) < box.bottom < FAR or len(tab.columns) < box.right < FAR:
            raise beyond_grid(tab, box)
    if target.bottom > len(tab.rows) or target.right > len(tab.columns):
        raise beyond_grid(tab, target)
    return target


def _too_much(area: Area, what: str) -> Exception:
    shown = echo(area.tab, clamped(area).box)
    return invalid(f"Requested writing within range [{shown}], but tried writing to {what}")


def _written_row(
    draft: Spreadsheet, row: Row, values: list[Any], left: int, option: str, covered: set[int]
) -> Row:
    cells = list(row.cells)
    cells += [EMPTY] * (left + len(values) - len(cells))
    for column, value in enumerate(values, start=left):
        if value is None or column in covered:
            continue
        where = f"values[{column - left}]"
        if option == "RAW":
            cells[column] = cells[column]._replace(entered=coercion.raw(value, where), result=None)
        else:
            cells[column] = _typed_cell(draft, cells[column], value, where)
    return row.with_cells(cells)


def _typed_cell(draft: Spreadsheet, cell: Cell, value: Any, where: str) -> Cell:
    entered, number_format = coercion.user_entered(value, where, draft.locale)
    formulas.check(draft, entered)
    if number_format and not _number_format(cell):
        cell = cell._replace(format={**(cell.format or {}), "numberFormat": number_format})
    return cell._replace(entered=entered, result=None)


def input_option(options: Json) -> str:
    option = options.get("valueInputOption") or ""
    if option not in ("RAW", "USER_ENTERED"):
        raise invalid("'valueInputOption' is required but not specified")
    return str(option)


def update_response(draft: Spreadsheet, written: Written, options: Json) -> Json:
    """Say what a write did, with the values as they now are if they were asked for."""
    answer: Json = {
        "spreadsheetId": draft.id, "updatedRange": echo(written.area.tab, written.area.box),
        "updatedRows": len(written.rows), "updatedColumns": len(written.columns),
        "updatedCells": written.cells,
    }  # fmt: skip
    if options.get("includeValuesInResponse"):
        answer["updatedData"] = value_range(draft, written.area, render_of(options, "response"))
    return {key: value for key, value in answer.items() if value != 0}


def totals(writes: Iterable[Written]) -> Json:
    rows = frozenset[tuple[int, int]]().union(*(w.rows for w in writes))
    columns = frozenset[tuple[int, int]]().union(*(w.columns for w in writes))
    answer = {
        "totalUpdatedRows": len(rows), "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(w.cells for w in writes),
        "totalUpdatedSheets": len({sheet_id for sheet_id, _ in rows}),
    }  # fmt: skip
    return {key: value for key, value in answer.items() if value}


def update(draft: Spreadsheet, options: Json, body: Json) -> Json:
    option = input_option(options)
    area = parse_range(draft, options["range"])
    if body.get("range") not in (None, options["range"]):
        raise invalid(f"Requested range {options['range']} is not the body's {body['range']}")
    return update_response(draft, write(draft, area, body, option), options)


def batch_update(draft: Spreadsheet, _: Json, body: Json) -> Json:
    option = input_option(body)
    writes = [
        write(draft, parse_range(draft, data.get("range", "")), data, option)
        for data in body.get("data") or []
    ]
    answer = {"spreadsheetId": draft.id} | totals(writes)
    return answer | {"responses": [update_response(draft, w, body) for w in writes]}


# ---------------------------------------------------------------- clearing


def _clear(draft: Spreadsheet, text: str) -> str:
    area = clamped(parse_range(draft, text))
    tab, box = draft.edit(area.tab.sheet_id), area.box
    guard(tab, box)
    for number in range(box.top, box.bottom):
        row = tab.rows[number]
        if row.cells[box.left : box.right]:
            cells = [
                cell._replace(entered=None, result=None) if box.left <= i < box.right else cell
                for i, cell in enumerate(row.cells)
            ]
            tab.rows[number] = row.with_cells(cells)
    return echo(tab, box)


def clear(draft: Spreadsheet, options: Json, _: Json) -> Json:
    return {"spreadsheetId": draft.id, "clearedRange": _clear(draft, options["range"])}


def batch_clear(draft: Spreadsheet, _: Json, body: Json) -> Json:
    ranges = [_clear(draft, text) for text in body.get("ranges") or []]
    return {"spreadsheetId": draft.id, "clearedRanges": ranges}
