"""Developer metadata, and the data filters that find it and what it marks."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from tests.sheets_api import values
from tests.sheets_api.errors import ApiError, invalid, unsupported
from tests.sheets_api.masks import everything, parse_mask
from tests.sheets_api.ranges import Area, box_within, clamped, parse_range, without_zero_id
from tests.sheets_api.state import Box, Json, Metadata, Spreadsheet, Tab

MAX_ID = 2**31 - 1
DIMENSIONS = {"ROW": "ROWS", "COLUMN": "COLUMNS"}
VISIBILITIES = ("DOCUMENT", "PROJECT")
DUPLICATE = (
    "Cannot add developer metadata with ID [{}] because developer metadata with that ID already "
    "exists."
)


class Place(NamedTuple):
    """Where an entry is: a spreadsheet, a tab, a row or a column."""

    type: str
    sheet_id: int | None = None
    line: int | None = None


# ---------------------------------------------------------------- entries


def shown(entry: Metadata) -> Json:
    location: Json = {"locationType": entry.type}
    if entry.type == "SPREADSHEET":
        location["spreadsheet"] = True
    elif entry.type == "SHEET":
        location["sheetId"] = entry.sheet_id
    else:
        assert entry.line is not None
        location["dimensionRange"] = without_zero_id({
            "sheetId": entry.sheet_id, "dimension": DIMENSIONS[entry.type],
            "startIndex": entry.line, "endIndex": entry.line + 1,
        })  # fmt: skip
    answer = {"metadataId": entry.id, "metadataKey": entry.key, "metadataValue": entry.value}
    answer |= {"location": location, "visibility": entry.visibility}
    return {key: value for key, value in answer.items() if value != ""}


def place_of(book: Spreadsheet, location: Json) -> Place:
    """Read a location; it names the spreadsheet, a tab, or exactly one row or column."""
    named = [key for key in ("spreadsheet", "sheetId", "dimensionRange") if key in location]
    if len(named) != 1:
        raise invalid("Developer metadata must have exactly one location.")
    if "spreadsheet" in location:
        return Place("SPREADSHEET")
    if "sheetId" in location:
        return Place("SHEET", book.tab(location["sheetId"]).sheet_id)
    lines = location["dimensionRange"]
    types = {dimension: type_ for type_, dimension in DIMENSIONS.items()}
    if lines.get("dimension") not in types:
        raise invalid("The dimension of the location must be ROWS or COLUMNS.")
    tab, start = book.tab(lines.get("sheetId", 0)), lines.get("startIndex", 0)
    if lines.get("endIndex") != start + 1:
        raise invalid("Developer metadata can be associated with exactly one row or column.")
    place = Place(types[lines["dimension"]], tab.sheet_id, start)
    if not 0 <= start < len(tab.rows if place.type == "ROW" else tab.columns):
        raise invalid(f"The location {lines} is outside of the grid.")
    return place


def create(draft: Spreadsheet, wanted: Json, new_id: int) -> Json:
    """Add an entry.

    Raises:
        ApiError: If its id is taken, or it lacks a key, a visibility or a location.
    """
    if not wanted.get("metadataKey"):
        raise invalid("Developer metadata must have a key.")
    if wanted.get("visibility") not in VISIBILITIES:
        raise invalid("Developer metadata must have a visibility.")
    metadata_id = wanted.get("metadataId", new_id)
    if not 0 < metadata_id <= MAX_ID:
        raise invalid(f"The ID [{metadata_id}] of developer metadata must be positive.")
    if metadata_id in draft.metadata:
        raise invalid(DUPLICATE.format(metadata_id))
    entry = Metadata(
        metadata_id, wanted["metadataKey"], wanted.get("metadataValue", ""),
        wanted["visibility"], *place_of(draft, wanted.get("location", {})),
    )  # fmt: skip
    draft.metadata[metadata_id] = entry
    return {"developerMetadata": shown(entry)}


def update(draft: Spreadsheet, filters: list[Json], wanted: Json, fields: str) -> Json:
    mask = parse_mask(fields, "DeveloperMetadata") or everything(wanted)
    if "metadataId" in mask:
        raise invalid("The ID of developer metadata cannot be changed.")
    found = {entry.id: entry for f in filters for entry in matching(draft, f)}
    changes: dict[str, Any] = {}
    if "metadataKey" in mask:
        changes["key"] = wanted.get("metadataKey") or _missing("a key")
    if "metadataValue" in mask:
        changes["value"] = wanted.get("metadataValue", "")
    if "visibility" in mask:
        changes["visibility"] = wanted.get("visibility") or _missing("a visibility")
    if "location" in mask:
        changes |= place_of(draft, wanted.get("location", {}))._asdict()
    new = [entry._replace(**changes) for entry in found.values()]
    draft.metadata |= {entry.id: entry for entry in new}
    return {"developerMetadata": [shown(entry) for entry in new]} if new else {}


def _missing(what: str) -> str:
    raise invalid(f"Developer metadata must have {what}.")


def delete(draft: Spreadsheet, data_filter: Json) -> Json:
    found = list(matching(draft, data_filter))
    for entry in found:
        del draft.metadata[entry.id]
    return {"deletedDeveloperMetadata": [shown(entry) for entry in found]} if found else {}


def get(book: Spreadsheet, options: Json, _: object = None) -> Json:
    entry = book.metadata.get(int(options["metadataId"]))
    if entry is None:
        raise ApiError(404, "Requested entity was not found.")
    return shown(entry)


def search(book: Spreadsheet, _: Json, body: Json) -> Json:
    filters = body.get("dataFilters") or []
    found: dict[int, list[Json]] = {}
    for data_filter in filters:
        for entry in matching(book, data_filter):
            found.setdefault(entry.id, []).append(data_filter)
    matched = [
        {"developerMetadata": shown(book.metadata[id_]), "dataFilters": hits}
        for id_, hits in found.items()
    ]
    return {"matchedDeveloperMetadata": matched} if matched else {}


# ---------------------------------------------------------------- filters


def matching(book: Spreadsheet, data_filter: Json) -> Iterable[Metadata]:
    """Find the entries that a filter selects, in the order of their making."""
    if len(data_filter) != 1:
        raise invalid("A data filter must have exactly one of its fields.")
    [(kind, what)] = data_filter.items()
    if kind == "developerMetadataLookup":
        _check_lookup(what)
        entries = list(book.metadata.values())
        if "metadataId" in what:
            entries = [e for e in [book.metadata.get(what["metadataId"])] if e]
        return [entry for entry in entries if _fits(book, entry, what)]
    area = _filtered_area(book, kind, what)
    return [e for e in book.metadata.values() if _intersects(book, e, area.tab, area.box)]


def _check_lookup(lookup: Json) -> None:
    strategy, type_ = lookup.get("locationMatchingStrategy"), lookup.get("locationType")
    if strategy and "metadataLocation" not in lookup:
        raise invalid("A location matching strategy needs a metadata location.")
    if strategy == "EXACT_LOCATION" and type_:
        raise invalid("The location type must be unspecified when matching an exact location.")
    is_spreadsheet = lookup.get("metadataLocation", {}).get("spreadsheet")
    is_intersecting = strategy == "INTERSECTING_LOCATION" or (
        "metadataLocation" in lookup and not strategy
    )
    if is_intersecting and (type_ == "SPREADSHEET" or is_spreadsheet):
        raise invalid("Spreadsheet metadata cannot intersect other locations.")


def _fits(book: Spreadsheet, entry: Metadata, lookup: Json) -> bool:
    pairs = [("metadataKey", entry.key), ("metadataValue", entry.value),
             ("visibility", entry.visibility), ("locationType", entry.type)]  # fmt: skip
    if any(name in lookup and lookup[name] != value for name, value in pairs):
        return False
    if "metadataLocation" not in lookup:
        return True
    place = place_of(book, lookup["metadataLocation"])
    if lookup.get("locationMatchingStrategy") == "EXACT_LOCATION":
        return place == Place(entry.type, entry.sheet_id, entry.line)
    assert place.sheet_id is not None
    return _intersects(book, entry, book.tab(place.sheet_id), _box(book.tab(place.sheet_id), place))


def _intersects(book: Spreadsheet, entry: Metadata, tab: Tab, box: Box) -> bool:
    if entry.sheet_id != tab.sheet_id:
        return False
    return _box(tab, Place(entry.type, entry.sheet_id, entry.line)).meets(box)


def _box(tab: Tab, place: Place) -> Box:
    whole = tab.box
    if place.type == "ROW" and place.line is not None:
        return whole._replace(top=place.line, bottom=place.line + 1)
    if place.type == "COLUMN" and place.line is not None:
        return whole._replace(left=place.line, right=place.line + 1)
    return whole


def _filtered_area(book: Spreadsheet, kind: str, what: Any) -> Area:
    if kind == "a1Range":
        return clamped(parse_range(book, what))
    tab = book.tab(what.get("sheetId", 0))
    return Area(tab, box_within(tab, what))


def areas(book: Spreadsheet, data_filter: Json) -> list[Area]:
    """Find what a filter selects of the cells: the rows, columns and tabs that entries mark."""
    if len(data_filter) == 1 and "developerMetadataLookup" not in data_filter:
        [(kind, what)] = data_filter.items()
        return [_filtered_area(book, kind, what)]
    found = list(matching(book, data_filter))
    if any(entry.sheet_id is None for entry in found):
        raise unsupported("cell values by the metadata of a whole spreadsheet")
    places = [Place(e.type, e.sheet_id, e.line) for e in found]
    tabs = [(book.tab(p.sheet_id or 0), p) for p in dict.fromkeys(places)]
    return [Area(tab, _box(tab, place)) for tab, place in tabs]


# ---------------------------------------------------------------- values by filter


def batch_get(book: Spreadsheet, _: Json, body: Json) -> Json:
    render = values.render_of(body)
    found: dict[tuple[int, Box], list[Json]] = {}
    for data_filter in body.get("dataFilters") or []:
        for area in areas(book, data_filter):
            found.setdefault((area.tab.sheet_id, area.box), []).append(data_filter)
    ranges = [
        {
            "valueRange": values.value_range(book, Area(book.tab(sheet_id), box), render),
            "dataFilters": filters,
        }
        for (sheet_id, box), filters in found.items()
    ]
    return {"spreadsheetId": book.id} | ({"valueRanges": ranges} if ranges else {})


def batch_update(draft: Spreadsheet, _: Json, body: Json) -> Json:
    """Write to every range that a filter matches; where none does, nothing is written."""
    option = values.input_option(body)
    writes = [
        (data["dataFilter"], values.write(draft, area, data, option))
        for data in body.get("data") or []
        for area in areas(draft, data.get("dataFilter", {}))
    ]
    answer = {"spreadsheetId": draft.id} | values.totals([written for _, written in writes])
    responses = []
    for data_filter, written in writes:
        response = values.update_response(draft, written, body)
        del response["spreadsheetId"]
        responses.append({"dataFilter": data_filter} | response)
    return answer | ({"responses": responses} if responses else {})
