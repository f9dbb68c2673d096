"""Sorting, filtering, hiding and merging: how a tab is arranged."""

from typing import Any

from tests.sheets_api import formats, formulas, references
from tests.sheets_api.errors import invalid, unsupported
from tests.sheets_api.masks import parse_mask
from tests.sheets_api.protection import guard
from tests.sheets_api.ranges import box_of, box_within
from tests.sheets_api.schema import checked
from tests.sheets_api.state import Box, Cell, Failure, Json, Row, Spreadsheet, Tab
from tests.sheets_api.structure import lines_of, move_anchors, permutation

# ---------------------------------------------------------------- sorting


def sort_range(draft: Spreadsheet, request: Json) -> None:
    tab = draft.edit(request["range"].get("sheetId", 0))
    box = box_within(tab, request["range"])
    guard(tab, box)
    specs = [
        (spec.get("dimensionIndex", 0), spec.get("sortOrder") == "DESCENDING")
        for spec in request.get("sortSpecs") or []
    ]
    if not specs:
        raise invalid("Must specify at least one sort spec.")
    if any(not box.left <= column < box.right for column, _ in specs):
        raise invalid("A sort spec's dimensionIndex must lie within the range.")
    sort(draft, tab, box, specs)


def sort(
    draft: Spreadsheet, tab: Tab, box: Box, specs: list[tuple[int, bool]],
    anchors_follow: bool = True,
) -> None:  # fmt: skip
    """Sort the rows of a box. Hidden rows stay; the others change places around them.

    Raises:
        ApiError: If a merge in the box spans rows.
    """
    if any(m.meets(box) and m.bottom - m.top > 1 for m in tab.merges):
        raise invalid("You can't sort a range with vertical merges.")
    places = [
        number
        for number in range(box.top, box.bottom)
        if not (tab.rows[number].hidden_by_user or tab.rows[number].hidden_by_filter)
    ]
    order = places[:]
    for column, is_descending in reversed(specs):
        order = _sorted(draft, tab, order, column, is_descending)
    old = {number: tab.rows[number] for number in places}
    for place, source in zip(places, order, strict=True):
        moved = references.follow_row(draft, old[source], source, place)
        tab.rows[place] = _with_part_of(old[place], moved, box)
    if anchors_follow:
        moves = {source: place for place, source in zip(places, order, strict=True)}
        move_anchors(draft, tab, "ROWS", permutation(moves))


def _sorted(
    draft: Spreadsheet, tab: Tab, order: list[int], column: int, is_descending: bool
) -> list[int]:
    values = {n: formulas.effective(draft, tab, tab.cell(n, column)) for n in order}
    blank = [number for number in order if values[number] is None]
    full = [number for number in order if values[number] is not None]
    full.sort(key=lambda number: _sort_key(values[number]), reverse=is_descending)
    return full + blank


def _sort_key(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, int | float):
        return 0, value
    if isinstance(value, Failure):
        return 3, value.sign
    return 1, str(value).casefold()


def _with_part_of(row: Row, source: Row, box: Box) -> Row:
    """Give a row the cells that another has within a box."""
    width = max(len(row.cells), len(source.cells))
    cells = [
        (source if box.left <= column < box.right else row).cell(column) for column in range(width)
    ]
    return row.with_cells(cells)


# ---------------------------------------------------------------- filtering and hiding


def set_basic_filter(draft: Spreadsheet, request: Json) -> None:
    wanted = request.get("filter", {})
    if wanted.get("sortSpecs"):
        raise unsupported("a basic filter that sorts")
    place = wanted.get("range", {})
    tab = draft.edit(place.get("sheetId", 0))
    tab.basic_filter = wanted | {"range": {"sheetId": tab.sheet_id} | _bounded(tab, place)}
    apply_filter(draft, tab)


def _bounded(tab: Tab, place: Json) -> Json:
    box = box_within(tab, place)
    names = ("startRowIndex", "startColumnIndex", "endRowIndex", "endColumnIndex")
    return dict(zip(names, box, strict=True))


def clear_basic_filter(draft: Spreadsheet, request: Json) -> None:
    tab = draft.edit(request.get("sheetId", 0))
    tab.basic_filter = None
    apply_filter(draft, tab)


def apply_filter(draft: Spreadsheet, tab: Tab) -> None:
    """Hide the rows below the filter's header whose shown text is among the hidden values."""
    hidden = _hidden_values(tab.basic_filter or {})
    box = box_of(tab, tab.basic_filter["range"]) if tab.basic_filter else None
    for number, row in enumerate(tab.rows):
        is_within = box is not None and box.top < number < box.bottom
        is_hidden = is_within and any(
            _text(draft, tab, row.cell(column)) in texts for column, texts in hidden.items()
        )
        if row.hidden_by_filter != is_hidden:
            tab.rows[number] = row._replace(hidden_by_filter=is_hidden)


def _hidden_values(basic_filter: Json) -> dict[int, list[str]]:
    """Give the texts that a filter hides, by column; Google takes them in two spellings."""
    specs = [
        (spec.get("columnIndex", 0), spec.get("filterCriteria", {}))
        for spec in basic_filter.get("filterSpecs", [])
    ]
    criteria = basic_filter.get("criteria", {})
    if not isinstance(criteria, dict) or not all(key.isdecimal() for key in criteria):
        raise invalid("The criteria of a filter go by column numbers.")
    specs += [(int(key), checked("FilterCriteria", value)) for key, value in criteria.items()]
    return {column: criterion.get("hiddenValues", []) for column, criterion in specs}


def _text(draft: Spreadsheet, tab: Tab, cell: Cell) -> str:
    number_format = (cell.format or {}).get("numberFormat")
    return formats.shown(formulas.effective(draft, tab, cell), number_format, draft.locale)


def update_dimension_properties(draft: Spreadsheet, request: Json) -> None:
    tab, dimension, start, end = lines_of(draft, request["range"])
    mask = parse_mask(request.get("fields", ""), "DimensionProperties")
    names = {"hiddenByUser": "hidden_by_user", "pixelSize": "pixel_size"}
    if not mask or set(mask) - set(names):
        raise unsupported(f"updating dimension properties {sorted(mask) or '*'}")
    given = request.get("properties", {})
    changes = {names[name]: given.get(name, False) for name in mask}
    lines: list[Any] = tab.rows if dimension == "ROWS" else tab.columns
    if end > len(lines):
        raise invalid(f"endIndex[{end}] is after the last of {len(lines)} {dimension.lower()}.")
    for number in range(start, end):
        lines[number] = lines[number]._replace(**changes)


# ---------------------------------------------------------------- merging


def merge_cells(draft: Spreadsheet, request: Json) -> None:
    tab = draft.edit(request["range"].get("sheetId", 0))
    box = box_within(tab, request["range"])
    guard(tab, box)
    kind = request.get("mergeType")
    if kind == "MERGE_ALL":
        parts = [box]
    elif kind == "MERGE_ROWS":
        parts = [box._replace(top=n, bottom=n + 1) for n in range(box.top, box.bottom)]
    elif kind == "MERGE_COLUMNS":
        parts = [box._replace(left=n, right=n + 1) for n in range(box.left, box.right)]
    else:
        raise invalid("Must specify a merge type.")
    merge(tab, box, parts)


def merge(tab: Tab, box: Box, parts: list[Box]) -> None:
    """Merge cells: of each part only its first cell keeps what it holds."""
    _drop_merges(tab, box)
    tab.merges += [p for p in parts if (p.bottom - p.top) * (p.right - p.left) > 1]
    for row, column in tab.covered(box):
        if tab.cell(row, column).entered is not None:
            tab.put(row, column, tab.cell(row, column)._replace(entered=None, result=None))


def unmerge_cells(draft: Spreadsheet, request: Json) -> None:
    tab = draft.edit(request["range"].get("sheetId", 0))
    box = box_within(tab, request["range"])
    guard(tab, box)
    _drop_merges(tab, box)


def _drop_merges(tab: Tab, box: Box) -> None:
    for old in tab.merges:
        is_inside = box.top <= old.top and old.bottom <= box.bottom
        if old.meets(box) and not (is_inside and box.left <= old.left and old.right <= box.right):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    tab.merges = [old for old in tab.merges if not old.meets(box)]
