"""What follows a row when rows are inserted, deleted, moved, sorted; and what stays."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sheets_api import SheetsApi

ROWS = {"sheetId": 0, "dimension": "ROWS"}
COLUMNS = {"sheetId": 0, "dimension": "COLUMNS"}
WHOLE = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 4}


def anchored(row: int, metadata_id: int, value: str = "") -> dict[str, Any]:
    """Ask for an anchor on a row, numbered from 0."""
    lines = ROWS | {"startIndex": row, "endIndex": row + 1}
    entry = {"metadataId": metadata_id, "metadataKey": "okr.row", "metadataValue": value,
             "visibility": "DOCUMENT", "location": {"dimensionRange": lines}}  # fmt: skip
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def lookup(metadata_id: int) -> dict[str, Any]:
    return {"developerMetadataLookup": {"metadataId": metadata_id}}


def ids(api: SheetsApi) -> list[Any]:
    return [row[0] if row else "" for row in api.values("Key results!A2:A9")]


SHIFTS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("insert above", {"insertDimension": {"range": ROWS | {"startIndex": 1, "endIndex": 3}}},
     ["", "", "KR-3", "KR-1", "KR-2"]),
    ("insert below", {"insertDimension": {"range": ROWS | {"startIndex": 3, "endIndex": 4}}},
     ["KR-3", "KR-1", "", "KR-2"]),
    ("delete above", {"deleteDimension": {"range": ROWS | {"startIndex": 1, "endIndex": 2}}},
     ["KR-1", "KR-2"]),
    ("move it down", {"moveDimension": {"source": ROWS | {"startIndex": 2, "endIndex": 3},
                                        "destinationIndex": 4}}, ["KR-3", "KR-2", "KR-1"]),
    ("move it up", {"moveDimension": {"source": ROWS | {"startIndex": 2, "endIndex": 3},
                                      "destinationIndex": 1}}, ["KR-1", "KR-3", "KR-2"]),
    ("move another past it", {"moveDimension": {"source": ROWS | {"startIndex": 3, "endIndex": 4},
                                                "destinationIndex": 1}}, ["KR-2", "KR-3", "KR-1"]),
    ("sort", {"sortRange": {"range": WHOLE, "sortSpecs": [{"sortOrder": "ASCENDING"}]}},
     ["KR-1", "KR-2", "KR-3"]),
    ("sort downwards", {"sortRange": {"range": WHOLE, "sortSpecs": [
        {"dimensionIndex": 2, "sortOrder": "DESCENDING"}]}}, ["KR-1", "KR-3", "KR-2"]),
]  # fmt: skip


@pytest.mark.parametrize(("_", "change", "order"), SHIFTS, ids=[name for name, *_ in SHIFTS])
def test_an_anchor_follows_its_row(
    api: SheetsApi, client: Any, _: str, change: dict[str, Any], order: list[str]
) -> None:
    client.batch(anchored(2, 11, "KR-1"))
    assert "replies" in client.batch(change)
    assert ids(api) == order

    answer = client.post("/values:batchGetByDataFilter", {"dataFilters": [lookup(11)]})

    [found] = answer["valueRanges"]
    assert found["valueRange"]["values"] == [["KR-1", "Win customers", "120"]]
    assert found["dataFilters"] == [lookup(11)]


COLUMN_SHIFTS: list[tuple[str, dict[str, Any], list[int]]] = [
    ("inserted before", {"insertDimension": {"range": COLUMNS | {"startIndex": 0, "endIndex": 2}}},
     [3]),
    ("deleted before", {"deleteDimension": {"range": COLUMNS | {"startIndex": 0, "endIndex": 1}}},
     [0]),
    ("moved", {"moveDimension": {"source": COLUMNS | {"startIndex": 1, "endIndex": 2},
                                 "destinationIndex": 4}}, [3]),
    ("passed", {"moveDimension": {"source": COLUMNS | {"startIndex": 3, "endIndex": 4},
                                  "destinationIndex": 0}}, [2]),
    ("deleted", {"deleteDimension": {"range": COLUMNS | {"startIndex": 1, "endIndex": 2}}}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("_", "change", "places"), COLUMN_SHIFTS, ids=[name for name, *_ in COLUMN_SHIFTS]
)
def test_a_column_s_anchor_follows_its_column(
    api: SheetsApi, client: Any, _: str, change: dict[str, Any], places: list[int]
) -> None:
    location = {"dimensionRange": COLUMNS | {"startIndex": 1, "endIndex": 2}}
    entry = {"metadataKey": "okr.column", "metadataId": 11, "location": location}
    made = {"developerMetadata": entry | {"visibility": "DOCUMENT"}}
    client.batch({"createDeveloperMetadata": made})
    client.batch(change)

    found = [one["location"]["dimensionRange"] for one in api.metadata()]
    assert [one.get("startIndex", 0) for one in found] == places


def test_an_anchor_vanishes_with_its_row(api: SheetsApi, client: Any) -> None:
    client.batch(anchored(2, 11), anchored(3, 12))
    client.batch({"deleteDimension": {"range": ROWS | {"startIndex": 2, "endIndex": 3}}})
    assert [entry["metadataId"] for entry in api.metadata()] == [12]
    answer = client.post("/values:batchGetByDataFilter", {"dataFilters": [lookup(11)]})
    assert answer == {"spreadsheetId": "demo"}


@pytest.mark.parametrize("follow", [True, False])
def test_a_person_s_sort_takes_anchors_along_or_not(
    api: SheetsApi, client: Any, follow: bool
) -> None:
    client.batch(anchored(2, 11))
    api.human.sort("Key results", "A", anchors_follow=follow)
    [entry] = api.metadata()
    row = 1 if follow else 2
    assert entry["location"]["dimensionRange"]["startIndex"] == row
    assert ids(api)[row - 1] == ("KR-1" if follow else "KR-2")


def test_a_copied_row_has_the_id_and_no_anchor(api: SheetsApi, client: Any) -> None:
    client.batch(anchored(2, 11))
    api.human.copy_row("Key results", 3, before=2)
    assert ids(api) == ["KR-1", "KR-3", "KR-1", "KR-2"]
    assert [e["location"]["dimensionRange"]["startIndex"] for e in api.metadata()] == [3]


def test_an_anchored_row_is_written_wherever_it_now_is(api: SheetsApi, client: Any) -> None:
    client.batch(anchored(2, 11))
    api.human.sort("Key results", "A")
    body = {
        "valueInputOption": "RAW",
        "includeValuesInResponse": True,
        "responseValueRenderOption": "UNFORMATTED_VALUE",
        "data": [{"dataFilter": lookup(11), "values": [[None, None, 150]]}],
    }
    answer = client.post("/values:batchUpdateByDataFilter", body)
    [response] = answer["responses"]
    assert response["updatedData"]["values"] == [["KR-1", "Win customers", 150]]
    assert (response["updatedRange"], answer["totalUpdatedCells"]) == ("'Key results'!A2:C2", 1)
    assert api.values("Key results!C2:C4") == [[150], [], [7]]


def test_a_filter_that_matches_nothing_writes_nothing(api: SheetsApi, client: Any) -> None:
    body = {"valueInputOption": "RAW", "data": [{"dataFilter": lookup(1), "values": [[1]]}]}
    assert client.post("/values:batchUpdateByDataFilter", body) == {"spreadsheetId": "demo"}


def test_a_filter_that_matches_twice_writes_twice(api: SheetsApi, client: Any) -> None:
    client.batch(anchored(1, 11), anchored(3, 12))
    by_key = {"developerMetadataLookup": {"metadataKey": "okr.row"}}
    body = {"valueInputOption": "RAW", "data": [{"dataFilter": by_key, "values": [["same"]]}]}
    assert client.post("/values:batchUpdateByDataFilter", body)["totalUpdatedRows"] == 2
    assert ids(api) == ["same", "KR-1", "same"]


@pytest.mark.parametrize(
    "hide",
    [
        lambda api: api.human.hide_rows("Key results", 3),
        lambda api: api.human.set_filter("Key results", "B", ["Win customers"]),
    ],
    ids=["by a person", "by a filter"],
)
def test_hidden_rows_stay_put_in_a_sort(
    api: SheetsApi, client: Any, hide: Callable[[SheetsApi], None]
) -> None:
    hide(api)
    client.batch({"sortRange": {"range": WHOLE, "sortSpecs": [{"sortOrder": "ASCENDING"}]}})
    assert ids(api) == ["KR-2", "KR-1", "KR-3"]
    fields = "sheets.data.rowMetadata(hiddenByUser,hiddenByFilter)"
    answer = client.get(ranges=["'Key results'!A2:A4"], fields=fields)
    hidden = [bool(line) for line in answer["sheets"][0]["data"][0]["rowMetadata"]]
    assert hidden == [False, True, False]


def test_numbers_come_before_text_and_blanks_last_both_ways(api: SheetsApi, client: Any) -> None:
    for row, value in enumerate(["b", 3, None, "A", True, 20], start=2):
        api.human.edit(f"Check-ins!A{row}", value)
    place = {"sheetId": 7, "startRowIndex": 1, "endRowIndex": 7}
    for order, expected in [
        ("ASCENDING", [3, 20, "A", "b", True]),
        ("DESCENDING", [True, "b", "A", 20, 3]),
    ]:
        client.batch({"sortRange": {"range": place, "sortSpecs": [{"sortOrder": order}]}})
        assert [row[0] for row in api.values("Check-ins!A2:A9")] == expected


def test_a_merge_over_rows_refuses_a_sort(api: SheetsApi, client: Any) -> None:
    api.human.merge("Key results!B2:B3")
    answer = client.batch({"sortRange": {"range": WHOLE, "sortSpecs": [{}]}})
    assert answer["error"]["code"] == 400


def test_merging_keeps_the_first_cell_alone(api: SheetsApi) -> None:
    api.human.merge("Key results!A2:B3")
    assert api.values("Key results!A2:C3") == [["KR-3", "", 7], ["", "", 120]]


def test_formulas_follow_the_cells_that_they_name(api: SheetsApi) -> None:
    api.human.edit("Key results!D2", "=C2*2")
    api.human.edit("Check-ins!A2", "='Key results'!C2+SUM('Key results'!C2:C3)")
    api.human.insert_row("Key results", before=2)
    assert api.values("Key results!D3") == [[14]]
    assert api.values("Check-ins!A2") == [[134]]
    api.human.sort("Key results", "A", descending=True)
    assert api.values("Key results!A2:D2") == [["KR-3", "Cut churn", 7, 14]]
    api.human.delete_row("Key results", 2)
    assert api.values("Check-ins!A2") != [[134]]
