"""All traffic is traffic that the published description of the API knows."""

from typing import Any

from tests.sheets_api import SheetsApi
from tests.sheets_api.published import journal_misfits, published
from tests.sheets_api.schema import KINDS, MESSAGES


def a_working_day(api: SheetsApi, client: Any) -> None:
    """Go through what the program does: read, check in, anchor, edit, arrange, throw away."""
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    place = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 4}
    anchor = {"metadataId": 9, "metadataKey": "okr.row", "metadataValue": "KR-3",
              "visibility": "DOCUMENT", "location": {"dimensionRange": row}}  # fmt: skip
    lookup = {"developerMetadataLookup": {"metadataId": 9}}
    cells = [{"userEnteredValue": {"numberValue": 46348},
              "userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}},
             {"userEnteredValue": {"stringValue": "=1"}, "note": "n"}]  # fmt: skip
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "done"}]}}
    api.human.edit("Key results!C2", "=1/0")
    api.human.protect("Check-ins!Z1")
    api.human.set_filter("Key results", "B", ["Win customers"])
    client.batch(
        {"createDeveloperMetadata": {"developerMetadata": anchor}},
        {"appendCells": {"sheetId": 7, "rows": [{"values": cells}], "fields": "*"}},
        {"setDataValidation": {"range": place, "rule": rule}},
        {"addSheet": {"properties": {"title": "New", "tabColorStyle": {"rgbColor": {"red": 1}}}}},
        {"addNamedRange": {"namedRange": {"name": "All", "range": place}}},
        {"addProtectedRange": {"protectedRange": {"range": place, "warningOnly": True}}},
        {"mergeCells": {"range": place | {"startColumnIndex": 20}, "mergeType": "MERGE_ROWS"}},
        {"insertDimension": {"range": row}},
        {"moveDimension": {"source": row, "destinationIndex": 9}},
        {"updateDimensionProperties": {"range": row, "properties": {"hiddenByUser": True},
                                       "fields": "hiddenByUser"}},
        includeSpreadsheetInResponse=True,
        responseIncludeGridData=True,
    )  # fmt: skip
    client.get(includeGridData=True)
    renders = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
    client.get("/values:batchGet", ranges=["'Key results'", "'Check-ins'!A1:Z9"], **renders)
    client.get("/developerMetadata/9")
    client.post("/developerMetadata:search", {"dataFilters": [lookup]})
    client.post("/values:batchGetByDataFilter", {"dataFilters": [lookup]})
    client.post(":getByDataFilter", {"dataFilters": [lookup], "includeGridData": True})
    body = {"valueInputOption": "RAW", "includeValuesInResponse": True,
            "data": [{"dataFilter": lookup, "values": [["x", None, 3]]}]}  # fmt: skip
    client.post("/values:batchUpdateByDataFilter", body)
    client.put("/values/A1", [["ID"]], includeValuesInResponse=True)
    client.post("/values/Check-ins:append", {"values": [[1]]}, valueInputOption="RAW")
    client.post("/values/Check-ins!A9:clear", {})
    client.post("/values:batchClear", {"ranges": ["Check-ins!A9"]})
    client.batch({"deleteDeveloperMetadata": {"dataFilter": lookup}}, {"clearBasicFilter": {}})


def test_a_working_day_is_spoken_in_google_s_own_words(api: SheetsApi, client: Any) -> None:
    a_working_day(api, client)
    assert [(e["path"], e["response"]) for e in api.journal if e["status"] != 200] == []
    assert journal_misfits(api.journal) == []


def test_what_google_does_not_know_is_named(api: SheetsApi, client: Any) -> None:
    client.batch({"appendCells": {"sheetId": 7, "rowz": [], "fields": "*"}})
    client.post("/values:batchGetByDataFilter", {"majorDimension": "DIAGONALS"})

    told = " ".join(journal_misfits(api.journal))

    assert "requests[0].appendCells.rowz?" in told
    assert "'DIAGONALS': no such value" in told


def test_the_server_knows_no_message_or_field_that_google_does_not() -> None:
    schemas = published()["schemas"]
    for kind in KINDS:
        assert kind in schemas["Request"]["properties"]
    for name, fields in MESSAGES.items():
        published_name = f"{name[0].upper()}{name[1:]}Request" if name in KINDS else name
        unknown = set(fields) - set(schemas[published_name].get("properties", {}))
        assert not unknown, f"{published_name} has no {sorted(unknown)}"
