from typing import Any

import pytest

from tests.sheets_api import SheetsApi

GRID = "'Key results'"


def test_an_answer_is_trimmed_and_an_empty_one_has_no_values(api: SheetsApi, client: Any) -> None:
    api.human.edit("Key results!E7", 0)
    answer = client.get(f"/values/{GRID}!A4:F9", valueRenderOption="UNFORMATTED_VALUE")
    assert answer["values"] == [["KR-2", "Ship weekly"], [], [], ["", "", "", "", 0]]
    assert client.get(f"/values/{GRID}!A10:B12") == {
        "range": "'Key results'!A10:B12",
        "majorDimension": "ROWS",
    }


@pytest.mark.parametrize(
    ("render", "date_render", "values"),
    [
        ("FORMATTED_VALUE", "SERIAL_NUMBER", ["2", "2026-11-22", "TRUE", "#REF!"]),
        ("UNFORMATTED_VALUE", "SERIAL_NUMBER", [2, 46348, True, "#REF!"]),
        ("UNFORMATTED_VALUE", "FORMATTED_STRING", [2, "2026-11-22", True, "#REF!"]),
        ("FORMULA", "SERIAL_NUMBER", ["=1+1", 46348, True, "=#REF!"]),
    ],
)
def test_values_are_rendered_as_asked(
    api: SheetsApi, client: Any, render: str, date_render: str, values: list[Any]
) -> None:
    for cell, value in [("A9", "=1+1"), ("B9", 46348), ("C9", True), ("D9", "#REF!")]:
        api.human.edit(f"Key results!{cell}", value)
    api.human.format("Key results!B9", "DATE", "yyyy-mm-dd")
    options = {"valueRenderOption": render, "dateTimeRenderOption": date_render}
    answer = client.get("/values:batchGet", ranges=[f"{GRID}!A9:D9"], **options)
    assert answer["valueRanges"][0]["values"] == [values]


def test_columns_first(client: Any) -> None:
    answer = client.get(f"/values/{GRID}!A1:C4", majorDimension="COLUMNS")
    assert answer["values"][2] == ["Current", "7", "120"]


def test_null_skips_a_cell_and_empty_text_clears_it(api: SheetsApi, client: Any) -> None:
    answer = client.put(f"/values/{GRID}!A2:C2", [[None, "", 8]])
    assert (answer["updatedCells"], answer["updatedColumns"]) == (2, 2)
    assert api.values("Key results!A2:C2") == [["KR-3", "", 8]]


def test_a_shorter_write_leaves_the_old_tail(api: SheetsApi, client: Any) -> None:
    client.put(f"/values/{GRID}!A1:C4", [["x"]])
    assert api.values("Key results!A1:B2") == [["x", "Key result"], ["KR-3", "Cut churn"]]


@pytest.mark.parametrize(
    ("cells", "values", "message"),
    [
        ("A1:B1", [["a"], ["b"]], "Requested writing within range ['Key results'!A1:B1], but tried "
         "writing to row [2]"),
        ("A1:B1", [["a", "b", "c"]], "Requested writing within range ['Key results'!A1:B1], but "
         "tried writing to column [C]"),
        ("A1000", [["a"], ["b"]], "Range ('Key results'!A1000:A1001) exceeds grid limits. "
         "Max rows: 1000, max columns: 26"),
        ("A1:AB1", [["a"]], "Range ('Key results'!A1:AB1) exceeds grid limits. Max rows: 1000, max "
         "columns: 26"),
        ("A1", [[{"a": 1}]], "Invalid values[0]: struct_value"),
    ],
)  # fmt: skip
def test_a_write_that_does_not_fit_is_refused(
    api: SheetsApi, client: Any, cells: str, values: list[Any], message: str
) -> None:
    before = api.spreadsheets["demo"]
    answer = client.put(f"/values/{GRID}!{cells}", values)
    assert (answer["error"]["code"], answer["error"]["message"]) == (400, message)
    assert api.spreadsheets["demo"] is before


def test_raw_text_is_never_evaluated_and_keeps_the_format(api: SheetsApi, client: Any) -> None:
    api.human.format("Key results!C2", "PERCENT", "0%")
    client.put(f"/values/{GRID}!C2:D2", [[0.5, "=1+1"]])
    assert client.values(f"{GRID}!C2:D2", "FORMATTED_VALUE") == [["50%", "=1+1"]]


def test_a_write_gives_back_what_now_stands_there(api: SheetsApi, client: Any) -> None:
    answer = client.put(
        f"/values/{GRID}!C2:C3", [["=2*4"], [None]], "USER_ENTERED",
        includeValuesInResponse=True, responseValueRenderOption="UNFORMATTED_VALUE",
    )  # fmt: skip
    assert answer["updatedData"]["values"] == [[8], [120]]


def test_what_is_written_under_a_merge_is_lost(api: SheetsApi, client: Any) -> None:
    api.human.merge("Key results!A2:B2")
    client.put(f"/values/{GRID}!A2:C2", [["top", "lost", 1]])
    assert api.values("Key results!A2:C2") == [["top", "", 1]]


def test_a_person_s_protection_keeps_the_program_out(api: SheetsApi, client: Any) -> None:
    protected = api.human.protect("Key results!C:C")
    answer = client.put(f"/values/{GRID}!C2", [[1]])
    assert answer["error"]["message"].startswith("You are trying to edit a protected cell")
    assert "updatedCells" in client.put(f"/values/{GRID}!B2", [["x"]])
    api.human.unprotect(protected)
    assert "updatedCells" in client.put(f"/values/{GRID}!C2", [[1]])


@pytest.mark.parametrize(
    ("cells", "table", "lands"),
    [
        (f"{GRID}!A1", "'Key results'!A1:C4", "'Key results'!A5:B5"),
        (GRID, "'Key results'!E1:E2", "'Key results'!E3:F3"),
        (f"{GRID}!H9", None, "'Key results'!H9:I9"),
    ],
)
def test_append_finds_the_last_table_that_its_range_touches(
    api: SheetsApi, client: Any, cells: str, table: str | None, lands: str
) -> None:
    api.human.edit("Key results!E1", "notes")
    api.human.edit("Key results!E2", "more")
    answer = client.post(
        f"/values/{cells}:append", {"values": [["a", "b"]]}, valueInputOption="RAW"
    )
    assert (answer.get("tableRange"), answer["updates"]["updatedRange"]) == (table, lands)


@pytest.mark.parametrize(("option", "below"), [("OVERWRITE", "new"), ("INSERT_ROWS", "totals")])
def test_append_overwrites_or_inserts(
    api: SheetsApi, client: Any, option: str, below: str
) -> None:  # fmt: skip
    api.human.edit("Key results!E5", "totals")
    client.post(
        f"/values/{GRID}!A1:append", {"values": [["a", "b", "c", "d", "new"]]},
        valueInputOption="RAW", insertDataOption=option,
    )  # fmt: skip
    assert api.values("Key results!A5:E6")[0][4] == "new"
    assert (api.values("Key results!E6") == [["totals"]]) == (below == "totals")


def test_append_where_rows_are_hidden_is_refused_as_unmeasured(api: SheetsApi, client: Any) -> None:
    api.human.hide_rows("Key results", 2)
    answer = client.post(f"/values/{GRID}:append", {"values": [[1]]}, valueInputOption="RAW")
    assert "hidden rows: unmeasured" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/values:batchUpdate", {"data": []}, "'valueInputOption' is required"),
        ("/values:batchUpdate", {"valueInputOption": "RAW", "x": 1}, 'Unknown name "x"'),
        ("/values:batchGetByDataFilter", {"dataFilters": [{}]}, "exactly one of its fields"),
        ("/values:batchClearByDataFilter", {}, "Unsupported by this test server: POST"),
        ("/sheets/0:copyTo", {}, "Unsupported by this test server: POST"),
    ],
)
def test_what_is_unknown_is_refused_by_name(
    client: Any, path: str, body: Any, message: str
) -> None:
    answer = client.post(path, body)
    assert answer["error"]["code"] == 400
    assert message in answer["error"]["message"]


def test_an_unknown_query_parameter_is_refused(client: Any) -> None:
    assert 'Unknown name "colour"' in client.get("", colour="red")["error"]["message"]


def test_a_mask_cuts_the_answer(client: Any) -> None:
    answer = client.get("/values:batchGet", ranges=[f"{GRID}!A1"], fields="valueRanges(values)")
    assert answer == {"valueRanges": [{"values": [["ID"]]}]}
