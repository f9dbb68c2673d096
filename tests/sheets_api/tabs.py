"""Tabs and the spreadsheet itself: added, removed, renamed, resized; named ranges."""

from random import Random
from typing import Any

from tests.sheets_api import structure
from tests.sheets_api.errors import invalid, unsupported
from tests.sheets_api.masks import everything, merged, parse_mask
from tests.sheets_api.ranges import box_within
from tests.sheets_api.reading import sheet_properties
from tests.sheets_api.state import (
    BLANK_ROW,
    COLUMN_COUNT,
    PLAIN_COLUMN,
    ROW_COUNT,
    Json,
    Spreadsheet,
    Tab,
)

MAX_TABS = 200
FROZEN = ("frozenRowCount", "frozenColumnCount")


def add_sheet(draft: Spreadsheet, request: Json, random: Random) -> Json:
    wanted = request.get("properties", {})
    grid = wanted.get("gridProperties", {})
    if wanted.get("sheetType", "GRID") != "GRID":
        raise unsupported(f"a sheet of type {wanted['sheetType']}")
    taken = {tab.sheet_id for tab in draft.tabs}
    sheet_id = wanted.get("sheetId")
    if sheet_id is None:
        sheet_id = random.randrange(1, 2**31)
    if sheet_id < 0:
        raise invalid("The sheet ID must not be negative.")
    if sheet_id in taken:
        raise invalid(f"A sheet with ID {sheet_id} already exists.")
    if len(draft.tabs) >= MAX_TABS:
        raise invalid(f"This action would increase the number of sheets above {MAX_TABS}.")
    title = wanted.get("title") or _free_title(draft)
    check_title(draft, title)
    rows, columns = grid.get("rowCount", ROW_COUNT), grid.get("columnCount", COLUMN_COUNT)
    if rows < 1 or columns < 1:
        raise invalid("The grid must have at least one row and one column.")
    structure.check_room(draft, None, rows, columns)
    tab = Tab(sheet_id, title, [BLANK_ROW] * rows, [PLAIN_COLUMN] * columns)
    tab.frozen = {name: grid[name] for name in FROZEN if grid.get(name)}
    tab.hidden, tab.tab_color = wanted.get("hidden", False), _colour(wanted)
    draft.add(tab, wanted.get("index"))
    return {"properties": sheet_properties(tab, draft.tabs.index(tab))}


def _free_title(draft: Spreadsheet) -> str:
    number = len(draft.tabs) + 1
    while draft.titled(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


def check_title(draft: Spreadsheet, title: str) -> None:
    """Refuse a title that another tab has; case does not count."""
    if any(tab.title.casefold() == title.casefold() for tab in draft.tabs):
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _colour(properties: Json) -> Json | None:
    style: Any = properties.get("tabColorStyle", {}).get("rgbColor")
    return style or properties.get("tabColor")


def delete_sheet(draft: Spreadsheet, sheet_id: int) -> None:
    tab = draft.tab(sheet_id)
    if not any(not other.hidden for other in draft.tabs if other is not tab):
        raise invalid("You can't remove all the visible sheets in a document.")
    draft.tabs.remove(tab)
    draft.metadata = {k: e for k, e in draft.metadata.items() if e.sheet_id != sheet_id}
    draft.named_ranges = [n for n in draft.named_ranges if n["range"]["sheetId"] != sheet_id]


def update_sheet_properties(draft: Spreadsheet, request: Json) -> None:
    wanted = request.get("properties", {})
    tab = draft.edit(wanted.get("sheetId", 0))
    mask = parse_mask(request.get("fields", ""), "SheetProperties") or everything(wanted)
    if unknown := set(mask) - {
        "title",
        "index",
        "hidden",
        "gridProperties",
        "tabColor",
        "tabColorStyle",
        "sheetId",
    }:
        raise unsupported(f"updating sheet properties {sorted(unknown)}")
    if "title" in mask and wanted.get("title") != tab.title:
        rename(draft, tab, wanted.get("title", ""))
    if "hidden" in mask:
        _hide(draft, tab, wanted.get("hidden", False))
    if mask.keys() & {"tabColor", "tabColorStyle"}:
        tab.tab_color = _colour(wanted)
    if "gridProperties" in mask:
        _resize(draft, tab, wanted.get("gridProperties", {}), mask["gridProperties"])
    if "index" in mask:
        _move(draft, tab, wanted.get("index", 0))


def rename(draft: Spreadsheet, tab: Tab, title: str) -> None:
    others = draft.draft()
    others.tabs = [other for other in draft.tabs if other is not tab]
    if not title:
        raise invalid("The sheet name cannot be empty.")
    check_title(others, title)
    tab.title = title


def _hide(draft: Spreadsheet, tab: Tab, is_hidden: bool) -> None:
    if is_hidden and all(other.hidden for other in draft.tabs if other is not tab):
        raise invalid("You can't hide all the sheets in a document.")
    tab.hidden = is_hidden


def _resize(draft: Spreadsheet, tab: Tab, wanted: Json, mask: Json) -> None:
    old = sheet_properties(tab, 0)["gridProperties"]
    new = merged(old, wanted, mask or everything(wanted))
    rows, columns = new.get("rowCount", 0), new.get("columnCount", 0)
    if rows < 1 or columns < 1:
        raise invalid("The grid must keep at least one row and one column.")
    if rows < len(tab.rows):
        structure.delete_lines(draft, tab, "ROWS", rows, len(tab.rows))
    if columns < len(tab.columns):
        structure.delete_lines(draft, tab, "COLUMNS", columns, len(tab.columns))
    structure.check_room(draft, tab, rows, columns)
    tab.grow(rows, columns)
    tab.frozen = {name: new[name] for name in FROZEN if new.get(name)}
    if tab.frozen.get("frozenRowCount", 0) >= rows:
        raise invalid("You can't freeze all visible rows on the sheet.")
    if tab.frozen.get("frozenColumnCount", 0) >= columns:
        raise invalid("You can't freeze all visible columns on the sheet.")
    if any(merge.top < tab.frozen.get("frozenRowCount", 0) < merge.bottom for merge in tab.merges):
        raise invalid("You can't freeze rows which contain only part of a merged cell.")


def _move(draft: Spreadsheet, tab: Tab, index: int) -> None:
    """Move a tab before the one that now stands at an index."""
    if not 0 <= index <= len(draft.tabs):
        raise invalid(f"The index {index} is outside of the {len(draft.tabs)} sheets.")
    place = draft.tabs.index(tab)
    if index not in (place, place + 1):
        draft.tabs.remove(tab)
        draft.tabs.insert(index - (index > place), tab)


def update_spreadsheet_properties(draft: Spreadsheet, request: Json) -> None:
    wanted = request.get("properties", {})
    mask = parse_mask(request.get("fields", ""), "SpreadsheetProperties")
    mask = mask or everything(wanted)
    names = {"title": "title", "locale": "locale", "timeZone": "time_zone"}
    if set(mask) - set(names):
        raise unsupported(f"updating spreadsheet properties {sorted(set(mask) - set(names))}")
    for name in mask:
        if not wanted.get(name):
            raise invalid(f"The {name} cannot be empty.")
        setattr(draft, names[name], wanted[name])


# ---------------------------------------------------------------- named ranges


def add_named_range(draft: Spreadsheet, named: Json, new_id: str) -> Json:
    tab = draft.tab(named.get("range", {}).get("sheetId", 0))
    box_within(tab, named.get("range", {}))
    if not named.get("name"):
        raise invalid("A named range must have a name.")
    if any(other["name"] == named["name"] for other in draft.named_ranges):
        raise invalid(f"A named range with the name {named['name']} already exists.")
    place = {"sheetId": tab.sheet_id} | named["range"]
    stored = {"namedRangeId": new_id} | named | {"range": place}
    draft.named_ranges = [*draft.named_ranges, stored]
    return stored


def update_named_range(draft: Spreadsheet, named: Json, fields: str) -> None:
    mask = parse_mask(fields, "NamedRange") or everything(named)
    place = _named_place(draft, named.get("namedRangeId", ""))
    new = merged(draft.named_ranges[place], named, mask)
    new["range"].setdefault("sheetId", 0)
    draft.named_ranges[place] = new


def delete_named_range(draft: Spreadsheet, named_range_id: str) -> None:
    del draft.named_ranges[_named_place(draft, named_range_id)]


def _named_place(draft: Spreadsheet, named_range_id: str) -> int:
    for place, named in enumerate(draft.named_ranges):
        if named["namedRangeId"] == named_range_id:
            return place
    raise invalid(f"No named range with ID: {named_range_id}")
