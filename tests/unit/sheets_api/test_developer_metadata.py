from typing import Any

import pytest

from tests.sheets_api import SheetsApi

SPREADSHEET = {"spreadsheet": True}
ROW = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}
COLUMN = {"dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}


def created(metadata_id: int | None, location: dict[str, Any] = SPREADSHEET, **changes: Any) -> Any:
    entry = {"metadataKey": "okr.op", "metadataValue": "op-1", "visibility": "DOCUMENT",
             "location": location}  # fmt: skip
    if metadata_id is not None:
        entry["metadataId"] = metadata_id
    entry = {name: value for name, value in (entry | changes).items() if value is not None}
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def an_append(value: str) -> Any:
    rows = [{"values": [{"userEnteredValue": {"stringValue": value}}]}]
    return {"appendCells": {"sheetId": 7, "rows": rows, "fields": "userEnteredValue"}}


def test_an_id_that_exists_refuses_the_whole_batch(api: SheetsApi, client: Any) -> None:
    assert "replies" in client.batch(created(5), an_append("first"))
    answer = client.batch(an_append("second"), created(5), an_append("third"))
    assert answer["error"]["code"] == 400
    assert answer["error"]["message"].endswith(
        "Cannot add developer metadata with ID [5] because developer metadata with that ID already "
        "exists."
    )
    assert api.values("Check-ins!A2:A9") == [["first"]]


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (SPREADSHEET, {"locationType": "SPREADSHEET", "spreadsheet": True}),
        ({"sheetId": 0}, {"locationType": "SHEET", "sheetId": 0}),
        (ROW, {"locationType": "ROW", "dimensionRange": {
            "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}),
        (COLUMN, {"locationType": "COLUMN", "dimensionRange": {
            "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}),
    ],
)  # fmt: skip
def test_an_entry_says_where_it_is(client: Any, location: Any, shown: Any) -> None:
    answer = client.batch(created(5, location))
    entry = answer["replies"][0]["createDeveloperMetadata"]["developerMetadata"]
    assert entry == {"metadataId": 5, "metadataKey": "okr.op", "metadataValue": "op-1",
                     "visibility": "DOCUMENT", "location": shown}  # fmt: skip
    assert client.get("/developerMetadata/5") == entry


def test_a_reading_shows_the_anchors_of_columns(client: Any) -> None:
    """Also the reply to a batch; each column of the range has its entry, marked or not."""
    entry = "developerMetadata(metadataId)"
    shown = f"sheets.data(columnMetadata({entry}))"
    answer = client.batch(
        created(5, COLUMN),
        includeSpreadsheetInResponse=True,
        responseIncludeGridData=True,
        responseRanges=["Key results!A1:D1"],
    )
    read = client.get("", ranges="Key results!A1:D1", fields=shown)

    marked = {"developerMetadata": [{"metadataId": 5}]}
    assert read["sheets"][0]["data"][0]["columnMetadata"] == [{}, {}, marked, {}]
    columns = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["columnMetadata"]
    assert [one.get("developerMetadata", [{}])[0].get("metadataId") for one in columns] == [
        *(None, None, 5, None)
    ]


def test_an_id_is_given_where_none_is_chosen(client: Any) -> None:
    replies = client.batch(created(None), created(None))["replies"]
    found = {r["createDeveloperMetadata"]["developerMetadata"]["metadataId"] for r in replies}
    assert len(found) == 2


@pytest.mark.parametrize(
    "bad",
    [
        created(5, metadataKey=None),
        created(5, visibility=None),
        created(5, location=None),
        created(0),
        created(5, {"sheetId": 99}),
        created(5, {"dimensionRange": {"dimension": "ROWS", "startIndex": 1, "endIndex": 3}}),
        created(5, {"dimensionRange": {"dimension": "ROWS", "startIndex": 1000, "endIndex": 1001}}),
    ],
    ids=["no key", "no visibility", "no place", "no id", "no tab", "two rows", "no such row"],
)
def test_an_entry_that_lacks_something_is_refused(api: SheetsApi, client: Any, bad: Any) -> None:
    assert client.batch(bad)["error"]["code"] == 400
    assert api.metadata() == []


def test_one_batch_deletes_an_entry_and_makes_it_anew(api: SheetsApi, client: Any) -> None:
    """Where it is; elsewhere the batch is refused whole."""
    second = {"dimensionRange": ROW["dimensionRange"] | {"startIndex": 2, "endIndex": 3}}

    def hold(place: Any) -> list[Any]:
        lookup = {
            "metadataId": 5,
            "metadataLocation": place,
            "locationMatchingStrategy": "EXACT_LOCATION",
        }
        delete = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
        return [delete, created(5, place)]

    client.batch(created(5, ROW))
    assert "error" not in client.batch(*hold(ROW))
    before = api.metadata()
    assert "with that ID" in client.batch(created(6), *hold(second))["error"]["message"]
    assert api.metadata() == before


def test_an_unknown_id_is_not_found(client: Any) -> None:
    response = client.ask("GET", "/developerMetadata/404")
    assert (response.status_code, response.json()["error"]["status"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("data_filter", "found"),
    [
        ({"developerMetadataLookup": {}}, [1, 2, 3, 4]),
        ({"developerMetadataLookup": {"metadataId": 3}}, [3]),
        ({"developerMetadataLookup": {"metadataKey": "okr.row"}}, [2, 3]),
        ({"developerMetadataLookup": {"metadataValue": "KR-1"}}, [3]),
        ({"developerMetadataLookup": {"locationType": "COLUMN"}}, [4]),
        ({"developerMetadataLookup": {"locationType": "SPREADSHEET"}}, [1]),
        ({"developerMetadataLookup": {"metadataLocation": {"sheetId": 0},
          "locationMatchingStrategy": "EXACT_LOCATION"}}, []),
        ({"developerMetadataLookup": {"metadataLocation": {"sheetId": 0}}}, [2, 3, 4]),
        ({"developerMetadataLookup": {"metadataLocation": ROW}}, [2, 4]),
        ({"a1Range": "'Key results'!A2:B2"}, [2]),
        ({"gridRange": {"sheetId": 7}}, []),
    ],
)  # fmt: skip
def test_lookups(client: Any, data_filter: Any, found: list[int]) -> None:
    second = {"dimensionRange": ROW["dimensionRange"] | {"startIndex": 2, "endIndex": 3}}
    client.batch(
        created(1),
        created(2, ROW, metadataKey="okr.row", metadataValue="KR-3"),
        created(3, second, metadataKey="okr.row", metadataValue="KR-1"),
        created(4, COLUMN, metadataKey="okr.column"),
    )
    answer = client.post("/developerMetadata:search", {"dataFilters": [data_filter, data_filter]})
    matched = answer.get("matchedDeveloperMetadata", [])
    assert [m["developerMetadata"]["metadataId"] for m in matched] == found
    assert all(m["dataFilters"] == [data_filter, data_filter] for m in matched)


@pytest.mark.parametrize(
    "lookup",
    [
        {"locationType": "SPREADSHEET", "locationMatchingStrategy": "INTERSECTING_LOCATION",
         "metadataLocation": {"sheetId": 0}},
        {"locationMatchingStrategy": "EXACT_LOCATION"},
        {"locationMatchingStrategy": "EXACT_LOCATION", "locationType": "ROW",
         "metadataLocation": {"sheetId": 0}},
    ],
)  # fmt: skip
def test_a_lookup_that_contradicts_itself_is_refused(client: Any, lookup: Any) -> None:
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    assert client.post("/developerMetadata:search", body)["error"]["code"] == 400


def test_entries_are_changed_and_deleted_by_filter(api: SheetsApi, client: Any) -> None:
    client.batch(created(1), created(2, ROW))
    by_id = {"developerMetadataLookup": {"metadataId": 2}}
    change = {"metadataValue": "new", "location": {"sheetId": 7}}
    answer = client.batch(
        {"updateDeveloperMetadata": {"dataFilters": [by_id], "developerMetadata": change,
                                     "fields": "metadataValue,location"}},
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 1}}}},
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 9}}}},
    )  # fmt: skip
    updated, deleted, nothing = (next(iter(reply.values())) for reply in answer["replies"])
    assert [entry["metadataValue"] for entry in updated["developerMetadata"]] == ["new"]
    assert [entry["metadataId"] for entry in deleted["deletedDeveloperMetadata"]] == [1]
    assert nothing == {}
    assert [entry["location"] for entry in api.metadata()] == [
        {"locationType": "SHEET", "sheetId": 7}
    ]


def test_entries_show_where_they_belong_in_the_spreadsheet(client: Any) -> None:
    client.batch(created(1), created(2, {"sheetId": 7}), created(3, ROW))
    mask = "developerMetadata.metadataId,sheets(developerMetadata.metadataId,data.rowMetadata"
    answer = client.get(
        fields=mask + ".developerMetadata.metadataId)",
        ranges=["'Key results'!A1:A2", "Check-ins!A1"],
    )
    assert answer["developerMetadata"] == [{"metadataId": 1}]
    first, second = answer["sheets"]
    assert first["data"][0]["rowMetadata"] == [{}, {"developerMetadata": [{"metadataId": 3}]}]
    assert second["developerMetadata"] == [{"metadataId": 2}]


def test_a_tab_s_metadata_goes_with_the_tab(api: SheetsApi, client: Any) -> None:
    client.batch(created(1), created(2, {"sheetId": 7}), created(3, ROW))
    api.human.delete_tab("Check-ins")
    assert [entry["metadataId"] for entry in api.metadata()] == [1, 3]


def test_a_spreadsheet_by_filter(client: Any) -> None:
    client.batch(created(3, ROW))
    body = {"dataFilters": [{"developerMetadataLookup": {"metadataId": 3}}]}
    fields = "sheets.data(startRow,rowData.values.formattedValue)"
    answer = client.post(":getByDataFilter", body, fields=fields)
    [sheet] = answer["sheets"]
    assert sheet["data"][0]["startRow"] == 1
    assert sheet["data"][0]["rowData"][0]["values"][0] == {"formattedValue": "KR-3"}
