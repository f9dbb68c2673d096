"""values.append: find the table that a range speaks of and write below it."""

from tests.sheets_api import structure, values
from tests.sheets_api.errors import invalid, unsupported
from tests.sheets_api.ranges import Area, clamped, echo, parse_range
from tests.sheets_api.state import Box, Json, Spreadsheet, Tab


def append(draft: Spreadsheet, options: Json, body: Json) -> Json:
    """Write rows below the last table that the range touches, or at its start if there is none."""
    option = values.input_option(options)
    insert = options.get("insertDataOption") or "OVERWRITE"
    if insert not in ("OVERWRITE", "INSERT_ROWS"):
        raise invalid(f"Invalid value at 'insert_data_option': {insert!r}")
    area = clamped(parse_range(draft, options["range"]))
    if any(row.hidden_by_user or row.hidden_by_filter for row in area.tab.rows):
        raise unsupported("values.append on a tab with hidden rows: unmeasured")
    if values.is_by_column(body):
        raise unsupported("values.append by columns")
    table = _last_table(area.tab, area.box)
    top, left = (table.bottom, table.left) if table else area.box[:2]
    rows = body.get("values") or []
    tab = draft.edit(area.tab.sheet_id)
    _make_room(draft, tab, Box(top, left, top + len(rows), left + max(map(len, rows), default=0)),
               is_inserting=insert == "INSERT_ROWS" and table is not None)  # fmt: skip
    corner = Area(tab, Box(top, left, top + 1, left + 1), is_cell=True)
    written = values.write(draft, corner, body, option)
    answer: Json = {"spreadsheetId": draft.id}
    if table:
        answer["tableRange"] = echo(tab, table)
    return answer | {"updates": values.update_response(draft, written, options)}


def _make_room(draft: Spreadsheet, tab: Tab, box: Box, is_inserting: bool) -> None:
    if is_inserting and box.top < len(tab.rows) and box.bottom > box.top:
        structure.insert_lines(draft, tab, "ROWS", box.top, box.bottom - box.top)
    tab.grow(row_count=box.bottom)
    if box.right > len(tab.columns):
        raise unsupported("values.append of rows wider than the grid")


def _last_table(tab: Tab, box: Box) -> Box | None:
    tables = [table for table in tables_of(tab) if table.meets(box)]
    return max(tables, default=None)


def tables_of(tab: Tab) -> list[Box]:
    """Find the blocks of cells that touch, at the corners too, each grown to a box."""
    boxes: list[Box] = []
    for number, row in enumerate(tab.rows):
        for column, cell in enumerate(row.cells):
            if cell.entered is not None:
                boxes = _joined(boxes, Box(number, column, number + 1, column + 1))
    return boxes


def _joined(boxes: list[Box], new: Box) -> list[Box]:
    """Add a box to others, making one of all that touch it."""
    while True:
        near = new._replace(
            top=new.top - 1, left=new.left - 1, bottom=new.bottom + 1, right=new.right + 1
        )
        touching = [box for box in boxes if box.meets(near)]
        if not touching:
            return [*boxes, new]
        boxes = [box for box in boxes if box not in touching]
        parts = [new, *touching]
        new = Box(min(p.top for p in parts), min(p.left for p in parts),
                  max(p.bottom for p in parts), max(p.right for p in parts))  # fmt: skip
