"""Is the test server like Google? The same questions to both, and a table of the differences.

For somebody with real credentials and a scratch sheet. It makes no spreadsheet of its own: share an
empty one with the service account as Editor, then::

    python -m tests.live_conformance "https://docs.google.com/spreadsheets/d/…/edit" --key KEY.json

It asks what `tests/sheets_api/LEDGER.md` marks as unproven. A sheet that holds anything is refused,
unless it carries this script's own tab from an earlier run. It stays below 60 reads and 60 writes a
minute, so it takes about seven minutes. To try the rule about protected ranges too, let a person
protect cell Z1 of the tab “okr-board conformance” against the service account, and run it again.

It has never been run against Google where it was written: nobody there had credentials. What it
expects of Google may be wrong, and so may be the test server; that is what it is for.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import requests

from okr.workbooks.google_account import SHEETS_ROOT, check_api_root, load_key, spreadsheet_key
from okr.workbooks.google_client import connect
from okr.workbooks.interface import ReadError
from tests.sheets_api import SheetsApi

MARKER = "okr-board conformance"
SCRATCH = "okr scratch"
KEY = "okr.conformance"
PAUSE = 1.25
"""Seconds between two reads, and between two writes: 48 a minute of each."""

NOT_TRIED = "not tried"
SEED: list[list[Any]] = [
    ["ID", "Name", "Value"],
    ["c", "Carol", 3],
    ["a", "Ada", 1],
    ["b", "Bo", 2],
]

Json = dict[str, Any]
Seen = dict[str, Any]


class NotScratchError(Exception):
    """The sheet holds something that is not this script's own."""


@dataclass(frozen=True)
class Answer:
    """A status and a body; the message of a refusal, "" where there is none."""

    status: int
    body: Json

    @property
    def message(self) -> str:
        return str(self.body.get("error", {}).get("message", ""))

    @property
    def refusal(self) -> Seen:
        """Give what there is to compare of a refusal; its wording is compared apart."""
        return {"status": self.status, "wording": self.message}


@dataclass
class Ground:
    """A spreadsheet to try things on, and a fresh tab in it for each rule.

    ``by_hand`` does what a person would do to the marker's tab, where there is nobody to ask.
    """

    session: Any
    url: str
    pause: float = 0.0
    by_hand: Callable[[], None] | None = None
    gid: int = 0
    title: str = ""
    _numbers: Any = field(default_factory=lambda: count(1_000_001))
    _last: dict[bool, float] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Answer:
        """Send one request, not too soon after the last; too many requests are waited for."""
        is_write = method != "GET" and not path.endswith(("batchGetByDataFilter", ":search"))
        for _ in range(4):
            self._wait(is_write)
            reply = self.session.request(
                method, self.url + path, json=body, params=query or None, timeout=60
            )
            if reply.status_code != 429:
                break
            time.sleep(30 if self.pause else 0)
        try:
            return Answer(reply.status_code, reply.json())
        except ValueError:
            return Answer(reply.status_code, {"error": {"message": "the reply is not JSON"}})

    def _wait(self, is_write: bool) -> None:
        since = time.monotonic() - self._last.get(is_write, -self.pause)
        time.sleep(max(0.0, self.pause - since))
        self._last[is_write] = time.monotonic()

    def get(self, path: str = "", **query: Any) -> Json:
        return self.ask("GET", path, **query).body

    def post(self, path: str, body: Json) -> Answer:
        return self.ask("POST", path, body)

    def batch(self, *wanted: Json, **options: Any) -> Answer:
        return self.post(":batchUpdate", {"requests": list(wanted)} | options)

    def values(self, cells: str = "A1:H60", **query: Any) -> list[list[Any]]:
        """Read values as they are."""
        query = {"valueRenderOption": "UNFORMATTED_VALUE"} | query
        found = self.get(f"/values/'{self.title}'!{cells}", **query)
        values: list[list[Any]] = found.get("values", [])
        return values

    def column(self) -> list[Any]:
        """Read the first column below its header."""
        return [row[0] if row else "" for row in self.values()[1:]]

    def cell(self, cells: str, fields: str) -> Json:
        """Read what the grid says of one cell."""
        mask = f"sheets.data.rowData.values({fields})"
        sheets = self.get(ranges=[f"'{self.title}'!{cells}"], fields=mask).get("sheets", [{}])
        rows = sheets[0].get("data", [{}])[0].get("rowData", [{}])
        found: Json = (rows or [{}])[0].get("values", [{}])[0]
        return found

    def tab(self, fields: str) -> Json:
        """Read what is said of the fresh tab."""
        sheets = self.get(fields=f"sheets(properties,{fields})").get("sheets", [])
        return next(one for one in sheets if one["properties"].get("sheetId", 0) == self.gid)

    # Requests

    def number(self) -> int:
        """Give a number for a tab or an entry that nothing else has."""
        return int(next(self._numbers))

    def range(self, top: int, bottom: int, left: int, right: int) -> Json:
        rows = {"startRowIndex": top, "endRowIndex": bottom}
        return {"sheetId": self.gid, **rows, "startColumnIndex": left, "endColumnIndex": right}

    def lines(self, start: int, end: int, dimension: str = "ROWS") -> Json:
        place = {"dimension": dimension, "startIndex": start, "endIndex": end}
        return {"sheetId": self.gid, **place}

    def append(self, *values: Any) -> Json:
        rows = [{"values": [typed(value) for value in values]}]
        return {"appendCells": {"sheetId": self.gid, "rows": rows, "fields": "userEnteredValue"}}

    def put(self, row: int, column: int, *rows: list[Any]) -> Json:
        cells = [{"values": [typed(value) for value in values]} for values in rows]
        start = {"sheetId": self.gid, "rowIndex": row, "columnIndex": column}
        return {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}}

    def entry(self, location: Json, value: str = "x", number: int | None = None) -> Json:
        """Ask for an entry of developer metadata."""
        made = {"metadataId": number or self.number(), "metadataKey": KEY, "metadataValue": value}
        made |= {"location": location, "visibility": "DOCUMENT"}
        return {"createDeveloperMetadata": {"developerMetadata": made}}

    def anchor(self, row: int) -> tuple[int, Json]:
        number = self.number()
        return number, self.entry({"dimensionRange": self.lines(row, row + 1)}, number=number)

    def anchored(self, number: int) -> Any:
        """Read the first cell of the row that an entry marks; None where it marks none."""
        body = {"dataFilters": [by_id(number)], "valueRenderOption": "UNFORMATTED_VALUE"}
        found = self.post("/values:batchGetByDataFilter", body).body.get("valueRanges", [])
        rows = found[0].get("valueRange", {}).get("values", [[""]]) if found else [[None]]
        return rows[0][0] if rows and rows[0] else ""

    def marked_columns(self) -> list[int]:
        """Read which columns bear an entry, as a reading of cells shows it."""
        mask = "sheets.data.columnMetadata(developerMetadata(metadataKey))"
        sheets = self.get(ranges=[f"'{self.title}'!A1:H1"], fields=mask).get("sheets", [{}])
        columns = sheets[0].get("data", [{}])[0].get("columnMetadata", [])
        return [place for place, one in enumerate(columns) if one.get("developerMetadata")]

    def grid(self, **properties: int) -> Json:
        fields = ",".join(f"gridProperties.{name}" for name in properties)
        said = {"sheetId": self.gid, "gridProperties": properties}
        return {"updateSheetProperties": {"properties": said, "fields": fields}}


def typed(value: Any) -> Json:
    """Type a cell, as the board does."""
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    kind = "formulaValue" if value.startswith("=") and value != "=1+1" else "stringValue"
    return {"userEnteredValue": {kind: value}}


def by_id(number: int) -> Json:
    return {"developerMetadataLookup": {"metadataId": number}}


Rule = Callable[[Ground], Seen]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    def keep(ask: Rule) -> Rule:
        RULES[name] = ask
        return ask

    return keep


# --- Batches --------------------------------------------------------------------------------------


@rule("an entry's id that exists refuses the whole batch")
def _doubled_id(ground: Ground) -> Seen:
    token = ground.entry({"spreadsheet": True}, number=ground.number())
    first = ground.batch(token)
    second = ground.batch(ground.append("lost"), token)
    return {"first": first.status, **second.refusal, "rows": ground.column()}


@rule("one bad request refuses the whole batch")
def _atomic(ground: Ground) -> Seen:
    refused = ground.batch(ground.append("lost"), {"deleteSheet": {"sheetId": 999_999_999}})
    return {**refused.refusal, "rows": ground.column()}


@rule("appended cells: hidden rows, filters, formats and drop-downs below, a full grid")
def _appending(ground: Ground) -> Seen:
    hide = {"range": ground.lines(2, 4), "properties": {"hiddenByUser": True}}
    ground.batch({"updateDimensionProperties": hide | {"fields": "hiddenByUser"}})
    ground.batch(ground.append("below hidden"))
    hidden = ground.column()
    spec = {"columnIndex": 0, "filterCriteria": {"hiddenValues": ["c"]}}
    filtered = {"range": ground.range(0, 5, 0, 3), "filterSpecs": [spec]}
    ground.batch({"setBasicFilter": {"filter": filtered}}, ground.append("below filtered"))
    with_filter = ground.column()
    shape = {"userEnteredFormat": {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}}
    looks = {"range": ground.range(1, 60, 3, 4), "cell": shape}
    words = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "one"}]}
    offered = {"range": ground.range(1, 60, 4, 5), "rule": {"condition": words}}
    ground.batch(
        {"repeatCell": looks | {"fields": "userEnteredFormat.numberFormat"}},
        {"setDataValidation": offered},
        ground.append("below formats"),
    )
    formatted = ground.column()
    ground.batch(ground.put(59, 0, ["last"]), ground.append("beyond"))
    return {
        "hidden rows": hidden,
        "with a filter": with_filter,
        "below formats and drop-downs": formatted,
        "beyond the grid": ground.values("A60:A61"),
    }


@rule("updated cells clear a range, and nothing from a corner on")
def _clearing(ground: Ground) -> Seen:
    new = [{"values": [typed("new")]}]
    whole = {"range": ground.range(1, 3, 1, 3), "rows": new, "fields": "userEnteredValue"}
    ground.batch({"updateCells": whole}, ground.put(3, 1, ["corner"]))
    return {"rows": ground.values("A2:C4")}


@rule("writes keep format, note and drop-down, and ask no drop-down")
def _keeping(ground: Ground) -> Seen:
    shape = {"note": "n", "userEnteredFormat": {"numberFormat": {"type": "PERCENT"}}}
    words = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "one"}]}
    said = {"condition": words, "strict": True, "showCustomUi": True}
    place = ground.range(1, 2, 2, 3)
    ground.batch(
        {"repeatCell": {"range": place, "cell": shape, "fields": "note,userEnteredFormat"}},
        {"setDataValidation": {"range": place, "rule": said}},
    )
    wrote = ground.batch(ground.put(1, 2, [7]))
    fields = "userEnteredValue,note,userEnteredFormat.numberFormat,dataValidation"
    return {"status": wrote.status, "cell": ground.cell("C2", fields)}


@rule("a reply can hold the new state")
def _state(ground: Ground) -> Seen:
    options = {"includeSpreadsheetInResponse": True, "responseRanges": [f"'{ground.title}'!A5:B5"]}
    body = {"requests": [ground.append("new", 1)], **options}
    fields = "updatedSpreadsheet(sheets(data(startRow,rowData(values(effectiveValue)))))"
    return {"reply": ground.ask("POST", ":batchUpdate", body, fields=fields).body}


@rule("a tab's id may be chosen; ids and titles that exist are refused")
def _tabs(ground: Ground) -> Seen:
    same_id = {"properties": {"sheetId": ground.gid, "title": f"{SCRATCH} other"}}
    same_title = {"properties": {"title": ground.title.upper()}}
    refused = ground.batch({"addSheet": same_id})
    titled = ground.batch({"addSheet": same_title})
    return {
        **refused.refusal,
        "title status": titled.status,
        "title wording": titled.message,
        "gid": ground.tab("merges")["properties"].get("sheetId"),
    }


@rule("frozen rows, drop-downs and warnings are read back")
def _laid_over(ground: Ground) -> Seen:
    words = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "one"}]}
    lax = {"condition": words, "strict": False, "showCustomUi": True}
    span = {"sheetId": ground.gid, "startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": 1}
    guard = {"range": span, "description": "IDs", "warningOnly": True}
    made = ground.batch(
        ground.grid(frozenRowCount=1),
        {"setDataValidation": {"range": ground.range(1, 60, 1, 2), "rule": lax}},
        {"addProtectedRange": {"protectedRange": guard}},
    )
    fields = "protectedRanges(range,description,warningOnly,requestingUserCanEdit)"
    seen = ground.tab(fields)
    return {
        "status": made.status,
        "frozen": seen["properties"]["gridProperties"].get("frozenRowCount"),
        "guard": seen.get("protectedRanges"),
        "rule": ground.cell("B2", "dataValidation"),
        "writes in spite of it": ground.batch(ground.put(1, 0, ["z"])).status,
    }


@rule("rows that cannot be frozen")
def _frozen(ground: Ground) -> Seen:
    merge = {"range": ground.range(0, 2, 0, 1), "mergeType": "MERGE_ALL"}
    ground.batch({"mergeCells": merge})
    cut = ground.batch(ground.grid(frozenRowCount=1))
    whole = ground.batch(ground.grid(frozenRowCount=60))
    return {**cut.refusal, "all status": whole.status, "all wording": whole.message}


@rule("an inserted column looks like its neighbour")
def _inserted(ground: Ground) -> Seen:
    shape = {"userEnteredFormat": {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}}
    looks = {"range": ground.range(1, 60, 2, 3), "cell": shape}
    ground.batch({"repeatCell": looks | {"fields": "userEnteredFormat.numberFormat"}})
    line = {"range": ground.lines(2, 3, "COLUMNS"), "inheritFromBefore": False}
    ground.batch({"insertDimension": line}, ground.put(1, 2, [1]))
    end = ground.batch({"insertDimension": {"range": ground.lines(9, 10, "COLUMNS")}})
    seen = ground.cell("C2", "userEnteredFormat.numberFormat")
    return {"format": seen, **end.refusal, "row": ground.values("A2:D2")}


@rule("what a person protects refuses a batch")
def _protected(ground: Ground) -> Seen:
    fields = "sheets(properties(sheetId,title),protectedRanges(range,requestingUserCanEdit))"
    sheets = ground.get(fields=fields).get("sheets", [])
    marker = next(one for one in sheets if one["properties"]["title"] == MARKER)
    barred = [p for p in marker.get("protectedRanges", []) if not p.get("requestingUserCanEdit")]
    if not barred:
        return {"status": NOT_TRIED, "wording": NOT_TRIED, "rows": NOT_TRIED}
    place = barred[0]["range"]
    corner = {
        "sheetId": marker["properties"].get("sheetId", 0),
        "rowIndex": place.get("startRowIndex", 0),
        "columnIndex": place.get("startColumnIndex", 0),
    }
    rows = [{"values": [typed("x")]}]
    wrote = {"updateCells": {"start": corner, "rows": rows, "fields": "userEnteredValue"}}
    refused = ground.batch(ground.append("lost"), wrote)
    return {**refused.refusal, "rows": ground.column()}


# --- Developer metadata ---------------------------------------------------------------------------


@rule("a row's anchor follows its row, and vanishes with it")
def _anchors(ground: Ground) -> Seen:
    number, anchor = ground.anchor(1)  # the row of c
    ground.batch(anchor)
    seen: Seen = {"at first": ground.anchored(number)}
    by_name = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    sort = {"range": ground.range(2, 6, 0, 8), "sortSpecs": by_name}
    few = {
        "range": ground.range(2, 5, 0, 2),
        "sortSpecs": [by_name[0] | {"sortOrder": "DESCENDING"}],
    }
    steps: dict[str, Json] = {
        "row inserted above": {"insertDimension": {"range": ground.lines(1, 2)}},
        "sorted": {"sortRange": sort},
        "some columns sorted": {"sortRange": few},
        "moved": {"moveDimension": {"source": ground.lines(2, 3), "destinationIndex": 5}},
        "row deleted above": {"deleteDimension": {"range": ground.lines(1, 2)}},
    }
    for name, request in steps.items():
        ground.batch(request)
        seen[name] = [ground.anchored(number), ground.column()]
    place = ground.column().index("c") + 1
    ground.batch({"deleteDimension": {"range": ground.lines(place, place + 1)}})
    gone = ground.ask("GET", f"/developerMetadata/{number}")
    return seen | {"deleted": gone.status}


@rule("a column's anchor follows its column, vanishes with it, and is shown with it")
def _column_anchors(ground: Ground) -> Seen:
    number = ground.number()
    made = ground.entry({"dimensionRange": ground.lines(1, 2, "COLUMNS")}, number=number)
    seen: Seen = {}
    steps: dict[str, Json] = {
        "made": made,
        "column inserted before": {"insertDimension": {"range": ground.lines(0, 1, "COLUMNS")}},
        "moved": {
            "moveDimension": {"source": ground.lines(2, 3, "COLUMNS"), "destinationIndex": 5}
        },
        "passed by another": {
            "moveDimension": {"source": ground.lines(0, 1, "COLUMNS"), "destinationIndex": 7}
        },
        "column deleted before": {"deleteDimension": {"range": ground.lines(0, 1, "COLUMNS")}},
    }
    for name, request in steps.items():
        ground.batch(request)
        seen[name] = ground.marked_columns()
    place = ground.marked_columns()[0]
    ground.batch({"deleteDimension": {"range": ground.lines(place, place + 1, "COLUMNS")}})
    return seen | {"deleted": ground.ask("GET", f"/developerMetadata/{number}").status}


@rule("one batch may delete an entry and make it anew with its id, where it is, not elsewhere")
def _held(ground: Ground) -> Seen:
    """Rows and columns are held in place by this: see `google_anchors` in okr/workbooks."""
    number, anchor = ground.anchor(2)
    ground.batch(anchor)

    def hold(row: int, name: str) -> Answer:
        _, made = ground.anchor(row)
        entry = made["createDeveloperMetadata"]["developerMetadata"] | {"metadataId": number}
        lookup = {
            "metadataId": number,
            "metadataLocation": entry["location"],
            "locationMatchingStrategy": "EXACT_LOCATION",
        }
        taken = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
        again = {"createDeveloperMetadata": {"developerMetadata": entry}}
        return ground.batch(taken, again, ground.append(name))

    there, elsewhere = hold(2, "held"), hold(3, "lost")
    return {
        "where it is": there.refusal,
        "elsewhere": elsewhere.refusal,
        "it is": ground.anchored(number),
        "rows": ground.column(),
    }


@rule("a write through a filter: nulls, blanks, no match, two matches")
def _filters(ground: Ground) -> Seen:
    number, anchor = ground.anchor(1)
    _, second = ground.anchor(2)
    ground.batch(anchor, second)

    def write(filters: Json, row: list[Any]) -> Json:
        part = {"dataFilter": filters, "majorDimension": "ROWS", "values": [row]}
        body = {"valueInputOption": "RAW", "data": [part], "includeValuesInResponse": True}
        body["responseValueRenderOption"] = "UNFORMATTED_VALUE"
        answer = self_free(ground.post("/values:batchUpdateByDataFilter", body).body)
        return {name: answer.get(name) for name in ("totalUpdatedCells", "responses")}

    lookup = {"developerMetadataLookup": {"metadataKey": KEY, "locationType": "ROW"}}
    seen = {
        "null and blank": write(by_id(number), [None, "", "=1+1"]),
        "no match": write(by_id(888_888_888), ["x"]),
        "two matches": write(lookup, [None, "both"]),
        "rows": ground.values("A2:C3"),
        "read without a match": ground.anchored(888_888_888),
    }
    missing = {"deleteDeveloperMetadata": {"dataFilter": by_id(888_888_888)}}
    deleted = ground.batch(missing)
    return seen | {"delete without a match": [deleted.status, deleted.body.get("replies")]}


def self_free(answer: Json) -> Json:
    """Leave out of an answer where it was written and through what: only what was is compared."""
    for one in answer.get("responses", []):
        for name in ("dataFilter", "updatedRange"):
            one.pop(name, None)
        one.get("updatedData", {}).pop("range", None)
    return answer


@rule("entries: one line, one place, a key; unknown ids; lookups that contradict themselves")
def _entries(ground: Ground) -> Seen:
    two = ground.batch(ground.entry({"dimensionRange": ground.lines(1, 3)}))
    unknown = ground.ask("GET", "/developerMetadata/777777777")
    place = {"metadataLocation": {"spreadsheet": True}}
    lookup = place | {"locationMatchingStrategy": "INTERSECTING_LOCATION"}
    filters = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    crossed = ground.post("/developerMetadata:search", filters)
    number = ground.number()
    ground.batch(ground.entry({"sheetId": ground.gid}, number=number))
    both = {"dataFilters": [by_id(number), {"developerMetadataLookup": {"metadataKey": KEY}}]}
    found = ground.post("/developerMetadata:search", both).body.get("matchedDeveloperMetadata", [])
    own = [one for one in found if one["developerMetadata"]["metadataId"] == number]
    return {
        "two rows": two.status,
        "two rows wording": two.message,
        "unknown": unknown.status,
        "unknown wording": unknown.message,
        "crossed": crossed.status,
        "crossed wording": crossed.message,
        "found by two filters": [len(own), len(own[0].get("dataFilters", [])) if own else 0],
    }


@rule("a tab's entries go with the tab")
def _tab_entries(ground: Ground) -> Seen:
    gid, number = ground.number(), ground.number()
    added = {"addSheet": {"properties": {"sheetId": gid, "title": f"{SCRATCH} gone"}}}
    ground.batch(added, ground.entry({"sheetId": gid}, number=number))
    before = ground.ask("GET", f"/developerMetadata/{number}").status
    ground.batch({"deleteSheet": {"sheetId": gid}})
    return {"before": before, "after": ground.ask("GET", f"/developerMetadata/{number}").status}


@rule("how much an entry may hold")
def _entry_size(ground: Ground) -> Seen:
    sizes = (100, 1_000, 10_000, 25_000)
    seen: Seen = {}
    for size in sizes:
        number = ground.number()
        made = ground.batch(ground.entry({"spreadsheet": True}, "x" * size, number))
        ground.batch({"deleteDeveloperMetadata": {"dataFilter": by_id(number)}})
        seen[f"{size} characters"] = made.status
    return seen


# --- Values and rows ------------------------------------------------------------------------------


@rule("a read right after a write shows it")
def _stale(ground: Ground) -> Seen:
    late = 0
    for number in range(10):
        ground.batch(ground.put(1, 2, [100 + number]))
        late += ground.values("C2") != [[100 + number]]
    return {"late of 10": late}


@rule("typed cells stay what they are; a blank text empties")
def _typing(ground: Ground) -> Seen:
    ground.batch(ground.put(1, 0, ["=1+1", "", "007"], [True, 0, 1.5]))
    long = ground.batch(ground.put(6, 0, ["x" * 50_000]))
    too_long = ground.batch(ground.put(7, 0, ["x" * 50_001]))
    kept = ground.cell("A2", "userEnteredValue")
    seen = {"row": ground.values("A2:C3"), "kept": kept, "50000": long.status}
    return seen | {"50001": too_long.status, "50001 wording": too_long.message}


@rule("errors are signs in values, and errors in the grid")
def _errors(ground: Ground) -> Seen:
    ground.batch(ground.put(1, 0, ["=1/0", "#REF!"]))
    seen = ground.cell("A2", "effectiveValue(errorValue(type))")
    return {"values": ground.values("A2:B2"), "grid": seen}


@rule("ranges: one that starts beyond the grid, one that ends there, a write beyond it")
def _ranges(ground: Ground) -> Seen:
    beyond = ground.ask("GET", f"/values/'{ground.title}'!Z99:AA100")
    over = ground.ask("GET", f"/values/'{ground.title}'!A1:ZZ999")
    path = f"/values/'{ground.title}'!A99"
    wrote = ground.ask("PUT", path, {"values": [["x"]]}, valueInputOption="RAW")
    return {
        "read beyond": beyond.status,
        "beyond wording": beyond.message.replace(ground.title, "T"),
        "cut off": over.body.get("range", "").replace(ground.title, "T"),
        "write beyond": wrote.status,
        "write wording": wrote.message.replace(ground.title, "T"),
    }


@rule("what is written under a merge is lost")
def _merged(ground: Ground) -> Seen:
    merge = {"range": ground.range(1, 2, 0, 3), "mergeType": "MERGE_ALL"}
    ground.batch({"mergeCells": merge})
    wrote = ground.batch(ground.put(1, 0, ["top", "lost", "lost"]))
    return {"status": wrote.status, "row": ground.values("A2:C2")}


@rule("sorting: kinds and blanks, hidden rows, merges over rows")
def _sorting(ground: Ground) -> Seen:
    mixed: list[list[Any]] = [["b"], [None], [True], [2], ["A"], [False], [10], [None], ["c"]]
    ground.batch(ground.put(1, 0, *mixed))
    seen: Seen = {}

    def sort(order: str) -> Answer:
        specs = [{"dimensionIndex": 0, "sortOrder": order}]
        return ground.batch({"sortRange": {"range": ground.range(1, 10, 0, 8), "sortSpecs": specs}})

    for order in ("ASCENDING", "DESCENDING"):
        sort(order)
        seen[order.lower()] = ground.column()
    hide = {"range": ground.lines(1, 2), "properties": {"hiddenByUser": True}}
    ground.batch({"updateDimensionProperties": hide | {"fields": "hiddenByUser"}})
    sort("ASCENDING")
    seen["with the first row hidden"] = ground.column()
    merge = {"range": ground.range(2, 4, 5, 6), "mergeType": "MERGE_ALL"}
    ground.batch({"mergeCells": merge})
    refused = sort("ASCENDING")
    return seen | refused.refusal


# --- Running --------------------------------------------------------------------------------------


def claim(ground: Ground) -> None:
    """Make sure that the sheet may be written over, and clear what an earlier run left.

    Raises:
        NotScratchError: If it holds anything that is not this script's own.
    """
    answer = ground.ask("GET", "", fields="sheets(properties(sheetId,title))")
    if answer.status != 200:
        raise NotScratchError(f"The sheet cannot be read: {answer.status} {answer.message}")
    tabs = {one["properties"]["title"]: one["properties"] for one in answer.body["sheets"]}
    if MARKER not in tabs:
        _claim_empty(ground, list(tabs))
        return
    left = [one.get("sheetId", 0) for title, one in tabs.items() if title.startswith(SCRATCH)]
    _clear(ground, left)


def _clear(ground: Ground, gids: list[int]) -> None:
    """Remove tabs, and all entries of this script's own; the one must not keep the other back."""
    if gids:
        ground.batch(*({"deleteSheet": {"sheetId": gid}} for gid in gids))
    lookup = {"developerMetadataLookup": {"metadataKey": KEY}}
    ground.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})


def _claim_empty(ground: Ground, titles: list[str]) -> None:
    ground.title = titles[0]
    if len(titles) > 1 or ground.ask("GET", f"/values/'{_quoted(titles[0])}'").body.get("values"):
        raise NotScratchError(
            f"The sheet has tabs or cells of its own ({', '.join(titles[:5])}). Give the address "
            "of a new, empty sheet: this script writes all over it."
        )
    made = ground.batch({"addSheet": {"properties": {"title": MARKER}}})
    if made.status != 200:
        raise NotScratchError(f"The sheet cannot be written to: {made.status} {made.message}")


def _quoted(title: str) -> str:
    return title.replace("'", "''")


def run(ground: Ground, tell: Callable[[str], None] = lambda _: None) -> dict[str, Seen]:
    """Try every rule on a fresh tab; clean up after each."""
    claim(ground)
    if ground.by_hand is not None:
        ground.by_hand()
    seen: dict[str, Seen] = {}
    for name, ask in RULES.items():
        tell(name)
        ground.gid = ground.number()
        ground.title = f"{SCRATCH} {ground.gid}"
        shape = {"rowCount": 60, "columnCount": 8}
        properties = {"sheetId": ground.gid, "title": ground.title, "gridProperties": shape}
        ground.batch({"addSheet": {"properties": properties}}, ground.put(0, 0, *SEED))
        try:
            seen[name] = ask(ground)
        except (requests.RequestException, KeyError, IndexError, ValueError, TypeError) as error:
            seen[name] = {"failed": repr(error)[:200]}
        _clear(ground, [ground.gid])
    return seen


@dataclass(frozen=True)
class Difference:
    """One thing that the two have answered differently."""

    rule: str
    what: str
    live: Any
    local: Any


def compare(live: Mapping[str, Seen], local: Mapping[str, Seen]) -> list[Difference]:
    """Find what differs; what one of them has not tried does not."""
    found = []
    for name in RULES:
        one, other = live.get(name, {}), local.get(name, {})
        for what in dict.fromkeys([*one, *other]):
            pair = one.get(what), other.get(what)
            if pair[0] != pair[1] and NOT_TRIED not in pair:
                found.append(Difference(name, what, *pair))
    return found


def table(live: Mapping[str, Seen], local: Mapping[str, Seen]) -> str:
    """Lay out the differences, and count what was asked."""
    lines = []
    for name in RULES:
        own = [one for one in compare(live, local) if one.rule == name]
        untried = NOT_TRIED in live.get(name, {}).values()
        lines.append(f"{'differs' if own else NOT_TRIED if untried else 'alike':10} {name}")
        for one in own:
            lines += [f"{'':12}{one.what}", f"{'':14}Google       {one.live}"]
            lines += [f"{'':14}test server  {one.local}"]
    asked = sum(len(one) for one in live.values())
    differences = len(compare(live, local))
    lines.append(f"{len(RULES)} rules, {asked} answers, {differences} different")
    return "\n".join(lines)


def on_test_server(api: SheetsApi) -> Ground:
    """Make the test server's scratch sheet the ground."""
    from tests.sheets_api.state import Spreadsheet, Tab

    api.put(Spreadsheet("demo", "Scratch", [Tab(0, "Sheet1")]))
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = "Bearer for-tests"

    def protect() -> None:
        api.human.protect(f"{MARKER}!Z1")

    return Ground(session, f"{api.url}/v4/spreadsheets/demo", by_hand=protect)


def at_google(address: str, key_file: str, root: str = SHEETS_ROOT) -> Ground:
    """Make a scratch sheet of Google's the ground."""
    client = connect(load_key(key_file), None if root == SHEETS_ROOT else check_api_root(root))
    url = f"{SHEETS_ROOT}/v4/spreadsheets/{spreadsheet_key(address)}"
    return Ground(client.session, url, PAUSE)


def main(arguments: list[str] | None = None) -> int:
    """Ask both, and print what differs.

    Returns:
        0 if nothing does, 1 if anything, 2 if the sheet is no scratch sheet.
    """
    words = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="tests.live_conformance", description=__doc__, formatter_class=words
    )
    parser.add_argument("address", metavar="SHEET", help="the address of an empty scratch sheet")
    parser.add_argument("--key", default=os.environ.get("GOOGLE_APPLICATION_CREDENTIALS", ""))
    parser.add_argument("--root", default=SHEETS_ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        live = at_google(options.address, options.key, options.root)
        seen = run(live, lambda name: print(f"… {name}", file=sys.stderr, flush=True))
    except (NotScratchError, ReadError) as error:
        print(error, file=sys.stderr)
        return 2
    with SheetsApi() as api:
        local = run(on_test_server(api))
    print(table(seen, local))
    return 1 if compare(seen, local) else 0


if __name__ == "__main__":
    sys.exit(main())
