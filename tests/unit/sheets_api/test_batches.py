from typing import Any

import pytest

from tests.sheets_api import SheetsApi

GRID = "'Key results'"
ROWS = {"sheetId": 0, "dimension": "ROWS"}


def number(value: float) -> dict[str, Any]:
    return {"userEnteredValue": {"numberValue": value}}


def text(value: str) -> dict[str, Any]:
    return {"userEnteredValue": {"stringValue": value}}


def appended(*cells: dict[str, Any], sheet_id: int = 0) -> dict[str, Any]:
    rows = [{"values": list(cells)}]
    return {"appendCells": {"sheetId": sheet_id, "rows": rows, "fields": "userEnteredValue"}}


REFUSED = [
    ({"appendCells": {"sheetId": 99, "rows": [], "fields": "*"}}, "No grid with id: 99"),
    ({"appendCells": {"sheetId": 0, "rows": []}}, "At least one field must be listed"),
    ({"deleteSheet": {"sheetId": 99}}, "No grid with id: 99"),
    ({"addSheet": {"properties": {"title": "KEY RESULTS"}}}, "already exists. Please enter"),
    ({"addSheet": {"properties": {"sheetId": 7}}}, "A sheet with ID 7 already exists."),
    ({"deleteDimension": {"range": ROWS | {"startIndex": 0}}}, "You can't delete all the rows"),
    ({"insertDimension": {"range": ROWS | {"startIndex": 5000, "endIndex": 5001}}}, "less than"),
    ({"insertDimension": {}}, "Must specify 'range'."),
    ({"repeatCell": {"range": {"sheetId": 0, "endRowIndex": 1001}, "cell": {}, "fields": "note"}},
     "exceeds grid limits. Max rows: 1000, max columns: 26"),
    ({"updateCells": {"range": {"sheetId": 0, "endRowIndex": 1}, "fields": "note",
                      "rows": [{}, {}]}},
     "Attempting to write row: 1, beyond the last requested row of: 0"),
    ({"updateCells": {"start": {}, "fields": "effectiveValue", "rows": [{"values": [{}]}]}},
     "read-only"),
    ({"addTable": {}}, 'Unknown name "addTable" at \'requests[1]\': Cannot find field.'),
    ({"appendCells": {"tableId": "1", "fields": "*"}},
     'Unknown name "tableId" at \'requests[1].append_cells\': Cannot find field.'),
    ({"appendCells": {"sheetId": "one", "fields": "*"}},
     "Invalid value at 'requests[1].append_cells.sheet_id' (TYPE_INT32), \"one\""),
    (
        {"setBasicFilter": {"filter": {"criteria": {"0": {"condition": {"type": "BLANK"}}}}}},
        'Unknown name "condition"',
    ),
    (
        {"addSheet": {"properties": {"gridProperties": {"rowCount": 2_000_000}}}},
        "above the limit of 10000000 cells",
    ),
    (
        {"repeatCell": {"range": {"sheetId": 0}, "fields": "userEnteredFormat", "cell": {
            "userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "??/??"}}}}},
        "Unsupported by this test server: the number format",
    ),
    ({}, "Invalid requests[1]: exactly one kind of request"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "message"), REFUSED)
def test_one_bad_request_refuses_the_whole_batch(
    api: SheetsApi, client: Any, request_: dict[str, Any], message: str
) -> None:
    before = api.spreadsheets["demo"]
    answer = client.batch(appended(text("KR-9")), request_)
    assert answer["error"]["code"] == 400
    assert message in answer["error"]["message"]
    assert api.spreadsheets["demo"] is before
    assert len(api.values("Key results!A:A")) == 4


def test_a_refusal_names_the_place_and_the_kind(client: Any) -> None:
    answer = client.batch(appended(text("KR-9")), {"deleteSheet": {"sheetId": 99}})
    message = "Invalid requests[1].deleteSheet: No grid with id: 99"
    assert answer["error"] == {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}


def test_appended_cells_land_below_the_last_row_with_a_value(api: SheetsApi, client: Any) -> None:
    api.human.edit("Key results!F9", "note to self")
    api.human.format("Key results!A20", "DATE")
    client.batch(appended(text("=1+1"), {}, number(0)))
    assert api.values("Key results!A10:C10") == [["=1+1", "", 0]]


def test_appending_grows_the_grid(api: SheetsApi, client: Any) -> None:
    api.human.edit("Check-ins!A1000", "last")
    client.batch(appended(number(1), sheet_id=7), appended(number(2), sheet_id=7))
    assert api.values("Check-ins!A1001:A1002") == [[1], [2]]
    assert len(api.spreadsheets["demo"].tabs[1].rows) == 1002


def test_updating_a_range_clears_what_it_is_not_given(api: SheetsApi, client: Any) -> None:
    place = {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 3}
    rows = [{"values": [text("new")]}]
    client.batch({"updateCells": {"range": place, "rows": rows, "fields": "userEnteredValue"}})
    assert api.values("Key results!A2:C4")[:2] == [["KR-3", "new"], ["KR-1"]]


def test_updating_from_a_corner_leaves_the_rest(api: SheetsApi, client: Any) -> None:
    corner = {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}
    rows = [{"values": [text("new")]}]
    client.batch({"updateCells": {"start": corner, "rows": rows, "fields": "userEnteredValue"}})
    assert api.values("Key results!A2:C2") == [["KR-3", "new", 7]]


def test_values_keep_format_note_and_validation(api: SheetsApi, client: Any) -> None:
    place = {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 2, "endColumnIndex": 3}
    rule = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "0"}]}}
    cell = {"note": "weekly", "userEnteredFormat": {"numberFormat": {"type": "PERCENT"}}}
    client.batch(
        {"setDataValidation": {"range": place, "rule": rule}},
        {"repeatCell": {"range": place, "cell": cell, "fields": "note,userEnteredFormat"}},
        {"updateCells": {"range": place, "rows": [{"values": [number(-1)]}],
                         "fields": "userEnteredValue"}},
    )  # fmt: skip
    answer = client.get(ranges=[f"{GRID}!C2"], fields="sheets.data.rowData.values")
    [found] = answer["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert found == cell | {
        "userEnteredValue": {"numberValue": -1},
        "effectiveValue": {"numberValue": -1},
        "formattedValue": "-100.00%",
        "dataValidation": rule,
    }


def test_the_reply_can_hold_the_new_state_cut_to_a_mask(client: Any) -> None:
    body = {
        "requests": [appended(text("KR-9"), {}, number(1))],
        "includeSpreadsheetInResponse": True,
        "responseRanges": [f"{GRID}!A5:C5"],
    }
    fields = "updatedSpreadsheet(sheets(properties(sheetId),data(startRow,rowData(values("
    answer = client.post(":batchUpdate", body, fields=fields + "effectiveValue)))))")
    cells = [
        {"effectiveValue": {"stringValue": "KR-9"}},
        {},
        {"effectiveValue": {"numberValue": 1}},
    ]
    data = [{"startRow": 4, "rowData": [{"values": cells}]}]
    assert answer == {
        "updatedSpreadsheet": {"sheets": [{"properties": {"sheetId": 0}, "data": data}]}
    }


def test_a_grid_read_tells_an_error_from_typed_text(api: SheetsApi, client: Any) -> None:
    api.human.edit("Key results!C2", "#REF!")
    api.human.edit("Key results!C3", "=1/0")
    answer = client.get(
        ranges=[f"{GRID}!C2:C3"], fields="sheets.data.rowData.values.effectiveValue"
    )
    rows = answer["sheets"][0]["data"][0]["rowData"]
    kinds = [row["values"][0]["effectiveValue"]["errorValue"]["type"] for row in rows]
    assert kinds == ["REF", "DIVIDE_BY_ZERO"]


def test_without_a_mask_cells_come_only_with_grid_data(client: Any) -> None:
    bare = client.get(ranges=[f"{GRID}!A1"])
    assert [sheet.keys() for sheet in bare["sheets"]] == [{"properties"}]
    full = client.get(ranges=[f"{GRID}!A1"], includeGridData=True)
    [data] = full["sheets"][0]["data"]
    assert data["rowData"][0]["values"][0]["formattedValue"] == "ID"
    assert (len(data["rowMetadata"]), len(data["columnMetadata"])) == (1, 1)


def test_a_tab_with_a_chosen_id(api: SheetsApi, client: Any) -> None:
    grid = {"rowCount": 5, "columnCount": 2}
    wanted = {"sheetId": 42, "title": "_History", "gridProperties": grid}
    answer = client.batch({"addSheet": {"properties": wanted}}, appended(number(1), sheet_id=42))
    properties = wanted | {"index": 2, "sheetType": "GRID"}
    assert answer["replies"] == [{"addSheet": {"properties": properties}}, {}]
    assert api.values("_History!A1") == [[1]]


def test_what_is_laid_over_a_tab_is_read_back(api: SheetsApi, client: Any) -> None:
    column = {"startRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 2}
    words = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "one"}]}
    rule = {"condition": words, "strict": False, "showCustomUi": True}
    grid = {"properties": {"gridProperties": {"frozenRowCount": 1}}}
    guard = {"range": {"startColumnIndex": 0, "endColumnIndex": 1}, "warningOnly": True}
    client.batch(
        {"updateSheetProperties": grid | {"fields": "gridProperties.frozenRowCount"}},
        {"setDataValidation": {"range": column, "rule": rule}},
        {"addProtectedRange": {"protectedRange": guard}},
    )
    fields = "sheets(properties(gridProperties),protectedRanges,data(rowData(values"
    answer = client.get(ranges=[f"{GRID}!B2"], fields=fields + "(dataValidation))))")
    [sheet] = answer["sheets"]
    assert sheet["properties"]["gridProperties"]["frozenRowCount"] == 1
    [protected] = sheet["protectedRanges"]
    assert protected["range"] == guard["range"]
    assert (protected["warningOnly"], protected["requestingUserCanEdit"]) == (True, True)
    [cell] = sheet["data"][0]["rowData"][0]["values"]
    assert cell["dataValidation"] == {"condition": words, "showCustomUi": True}


@pytest.mark.parametrize("rule", [{"strict": True}, {"condition": {"type": "ONE_OF_LIST"}}])
def test_a_rule_that_offers_nothing_is_refused(client: Any, rule: dict[str, Any]) -> None:
    answer = client.batch({"setDataValidation": {"range": {}, "rule": rule}})
    assert answer["error"]["code"] == 400


def test_rows_that_hold_part_of_a_merge_are_not_frozen(api: SheetsApi, client: Any) -> None:
    api.human.merge("Key results!A1:A2")
    properties = {"gridProperties": {"frozenRowCount": 1}}
    fields = "gridProperties.frozenRowCount"
    answer = client.batch({"updateSheetProperties": {"properties": properties, "fields": fields}})
    assert "only part of a merged cell" in answer["error"]["message"]


def test_a_person_s_table_is_shown(api: SheetsApi, client: Any) -> None:
    api.human.make_table("Key results!A1:C4", {1: "DROPDOWN"})
    [sheet, _] = client.get(fields="sheets.tables(range,columnProperties)")["sheets"]
    assert sheet["tables"][0]["columnProperties"] == [{"columnIndex": 1, "columnType": "DROPDOWN"}]


def test_the_service_account_s_own_protection_does_not_keep_it_out(client: Any) -> None:
    wanted = {"range": {"sheetId": 0}, "warningOnly": True}
    answer = client.batch({"addProtectedRange": {"protectedRange": wanted}})
    stored = answer["replies"][0]["addProtectedRange"]["protectedRange"]
    assert stored["requestingUserCanEdit"] is True
    assert "replies" in client.batch(appended(number(1)))
    protected_id = stored["protectedRangeId"]
    client.batch({"deleteProtectedRange": {"protectedRangeId": protected_id}})
    assert client.get(fields="sheets.protectedRanges") == {"sheets": [{}, {}]}


def test_a_person_s_protection_refuses_a_batch_from_its_middle(api: SheetsApi, client: Any) -> None:
    api.human.protect("Check-ins!A:B")
    answer = client.batch(appended(text("KR-9")), appended(number(1), sheet_id=7))
    assert "protected cell" in answer["error"]["message"]
    assert len(api.values("Key results!A:A")) == 4
    [protected] = client.get(fields="sheets.protectedRanges")["sheets"][1]["protectedRanges"]
    assert "requestingUserCanEdit" not in protected


def test_named_ranges_and_filters_move_with_the_rows(client: Any) -> None:
    place = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 0,
             "endColumnIndex": 3}  # fmt: skip
    client.batch(
        {"addNamedRange": {"namedRange": {"name": "All", "range": place}}},
        {"setBasicFilter": {"filter": {"range": place}}},
        {"insertDimension": {"range": ROWS | {"startIndex": 0, "endIndex": 2}}},
        {"deleteDimension": {"range": ROWS | {"startIndex": 4, "endIndex": 5}}},
    )
    moved = {"startRowIndex": 3, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 3}
    answer = client.get(fields="namedRanges.range,sheets.basicFilter")
    assert answer["namedRanges"] == [{"range": moved}]
    assert answer["sheets"][0]["basicFilter"]["range"] == moved
    assert client.values("All") == [["KR-3", "Cut churn", 7], ["KR-2", "Ship weekly"]]
