import pytest

from tests.sheets_api.errors import ApiError
from tests.sheets_api.masks import merged, parse_mask, pick
from tests.sheets_api.ranges import clamped, echo, parse_range, quoted
from tests.sheets_api.state import Spreadsheet, Tab


def a_book(title: str = "Sheet1") -> Spreadsheet:
    return Spreadsheet("demo", "t", [Tab(0, title), Tab(1, "O'Brien: A1!x"), Tab(2, "D3")])


@pytest.mark.parametrize(
    ("asked", "echoed"),
    [
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("'Sheet1'!B2", "Sheet1!B2"),
        ("B2:C3", "Sheet1!B2:C3"),
        ("Sheet1!D4:A1", "Sheet1!A1:D4"),
        ("Sheet1!A:B", "Sheet1!A1:B1000"),
        ("Sheet1!A5:B", "Sheet1!A5:B1000"),
        ("Sheet1!2:3", "Sheet1!A2:Z3"),
        ("Sheet1!A2:2", "Sheet1!A2:Z2"),
        ("Sheet1!$A$1:AZ2000", "Sheet1!A1:Z1000"),
        ("D3", "Sheet1!D3"),
        ("'D3'", "'D3'!A1:Z1000"),
        ("'O''Brien: A1!x'!A1", "'O''Brien: A1!x'!A1"),
    ],
)
def test_a_range_is_read_and_echoed(asked: str, echoed: str) -> None:
    area = clamped(parse_range(a_book(), asked))
    assert echo(area.tab, area.box) == echoed


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("Nowhere!A1", "Unable to parse range: Nowhere!A1"),
        ("Nowhere", "Unable to parse range: Nowhere"),
        ("Sheet1!what?", "Unable to parse range: Sheet1!what?"),
        (
            "Sheet1!ZZ1",
            "Range (Sheet1!ZZ1) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        (
            "A1001:B1002",
            "Range (Sheet1!A1001:B1002) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
    ],
)
def test_a_range_that_leads_nowhere_is_refused(asked: str, message: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_range(a_book(), asked)
    assert (refused.value.status, refused.value.message) == (400, message)


def test_a_name_goes_before_a_tab_of_that_title() -> None:
    book = a_book("Data")
    place = {"sheetId": 1, "startRowIndex": 0, "endRowIndex": 1}
    book.named_ranges = [{"name": "Data", "namedRangeId": "1", "range": place}]
    assert parse_range(book, "Data").tab.sheet_id == 1
    assert parse_range(book, "'Data'").tab.sheet_id == 0


@pytest.mark.parametrize(
    ("title", "shown"),
    [("Sheet1", "Sheet1"), ("D3", "'D3'"), ("R1C1", "'R1C1'"), ("Check-ins", "'Check-ins'")],
)
def test_a_title_is_quoted_where_it_must_be(title: str, shown: str) -> None:
    assert quoted(title) == shown


@pytest.mark.parametrize(
    "text",
    [
        "sheets(properties(sheetId,title),merges),namedRanges",
        "sheets/properties/sheetId,sheets/properties/title,sheets.merges,namedRanges",
        "sheets(properties.sheetId,properties/title,merges), namedRanges",
    ],
)
def test_a_mask_is_the_same_in_every_spelling(text: str) -> None:
    tree = {"sheets": {"properties": {"sheetId": {}, "title": {}}, "merges": {}}, "namedRanges": {}}
    assert parse_mask(text, "Spreadsheet") == tree


@pytest.mark.parametrize("text", ["sheets(properties", "sheets.colour", "", "sheets.data.rows"])
def test_a_mask_that_names_what_is_not_there_is_refused(text: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_mask(text, "Spreadsheet")
    assert refused.value.status == 400


def test_a_wider_mask_swallows_a_narrower() -> None:
    assert parse_mask("sheets.merges,sheets", "Spreadsheet") == {"sheets": {}}
    assert parse_mask("sheets,sheets.merges", "Spreadsheet") == {"sheets": {}}


def test_picking_keeps_messages_that_are_left_empty() -> None:
    value = {"sheets": [{"properties": {"title": "A"}}], "spreadsheetId": "x"}
    mask = parse_mask("sheets.properties.hidden", "Spreadsheet")
    assert pick(value, mask) == {"sheets": [{"properties": {}}]}


def test_what_a_mask_names_and_the_source_lacks_is_taken_out() -> None:
    mask = parse_mask("numberFormat,textFormat.bold", "CellFormat")
    old = {"numberFormat": {"type": "DATE"}, "textFormat": {"bold": True, "italic": True}}
    assert merged(old, {"textFormat": {}}, mask) == {"textFormat": {"italic": True}}
