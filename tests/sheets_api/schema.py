"""The messages that this server understands, field by field, and the check of a request's JSON.

A field is written `name:type`; a type is str (where none is written), int, num, bool, any, rows
(lists of cell values), another message, or any of these in square brackets for a list.
"""

import json
import re
from typing import Any

from tests.sheets_api.errors import bad_field

_FIELDS = """
Spreadsheet spreadsheetId spreadsheetUrl properties:SpreadsheetProperties sheets:[Sheet]
  namedRanges:[NamedRange] developerMetadata:[DeveloperMetadata] dataSources:any
SpreadsheetProperties title locale timeZone autoRecalc
Sheet properties:SheetProperties data:[GridData] merges:[GridRange] basicFilter:BasicFilter
  protectedRanges:[ProtectedRange] developerMetadata:[DeveloperMetadata] conditionalFormats:any
  charts:any filterViews:any bandedRanges:any rowGroups:any columnGroups:any slicers:any tables:any
SheetProperties sheetId:int title index:int sheetType gridProperties:GridProperties hidden:bool
  tabColor:Color tabColorStyle:ColorStyle
GridProperties rowCount:int columnCount:int frozenRowCount:int frozenColumnCount:int
Color red:num green:num blue:num alpha:num
ColorStyle rgbColor:Color
GridData startRow:int startColumn:int rowData:[RowData] rowMetadata:[DimensionProperties]
  columnMetadata:[DimensionProperties]
DimensionProperties hiddenByUser:bool hiddenByFilter:bool pixelSize:int
  developerMetadata:[DeveloperMetadata]
RowData values:[CellData]
CellData userEnteredValue:ExtendedValue effectiveValue:ExtendedValue formattedValue note
  userEnteredFormat:CellFormat dataValidation:DataValidationRule
ExtendedValue numberValue:num stringValue boolValue:bool formulaValue errorValue:ErrorValue
ErrorValue type message
CellFormat numberFormat:NumberFormat backgroundColor:any backgroundColorStyle:any borders:any
  padding:any horizontalAlignment verticalAlignment wrapStrategy textDirection textFormat:any
  hyperlinkDisplayType textRotation:any
NumberFormat type pattern
DataValidationRule condition:BooleanCondition inputMessage strict:bool showCustomUi:bool
BooleanCondition type values:[ConditionValue]
ConditionValue userEnteredValue relativeDate
GridRange sheetId:int startRowIndex:int endRowIndex:int startColumnIndex:int endColumnIndex:int
GridCoordinate sheetId:int rowIndex:int columnIndex:int
DimensionRange sheetId:int dimension startIndex:int endIndex:int
NamedRange namedRangeId name range:GridRange
ProtectedRange protectedRangeId:int range:GridRange description warningOnly:bool
  requestingUserCanEdit:bool editors:Editors namedRangeId unprotectedRanges:[GridRange]
Editors users:[str] groups:[str] domainUsersCanEdit:bool
BasicFilter range:GridRange sortSpecs:[SortSpec] criteria:any filterSpecs:[FilterSpec]
FilterSpec columnIndex:int filterCriteria:FilterCriteria
FilterCriteria hiddenValues:[str]
SortSpec dimensionIndex:int sortOrder
DeveloperMetadata metadataId:int metadataKey metadataValue visibility
  location:DeveloperMetadataLocation
DeveloperMetadataLocation locationType spreadsheet:bool sheetId:int dimensionRange:DimensionRange
DeveloperMetadataLookup locationType metadataLocation:DeveloperMetadataLocation
  locationMatchingStrategy metadataId:int metadataKey metadataValue visibility
DataFilter developerMetadataLookup:DeveloperMetadataLookup a1Range gridRange:GridRange
MatchedDeveloperMetadata developerMetadata:DeveloperMetadata dataFilters:[DataFilter]
SearchDeveloperMetadataRequest dataFilters:[DataFilter]
SearchDeveloperMetadataResponse matchedDeveloperMetadata:[MatchedDeveloperMetadata]
GetSpreadsheetByDataFilterRequest dataFilters:[DataFilter] includeGridData:bool
ValueRange range majorDimension values:rows
DataFilterValueRange dataFilter:DataFilter majorDimension values:rows
MatchedValueRange valueRange:ValueRange dataFilters:[DataFilter]
BatchGetValuesResponse spreadsheetId valueRanges:[ValueRange]
BatchGetValuesByDataFilterRequest dataFilters:[DataFilter] majorDimension valueRenderOption
  dateTimeRenderOption
BatchGetValuesByDataFilterResponse spreadsheetId valueRanges:[MatchedValueRange]
UpdateValuesResponse spreadsheetId updatedRange updatedRows:int updatedColumns:int updatedCells:int
  updatedData:ValueRange
AppendValuesResponse spreadsheetId tableRange updates:UpdateValuesResponse
ClearValuesRequest
ClearValuesResponse spreadsheetId clearedRange
BatchClearValuesRequest ranges:[str]
BatchClearValuesResponse spreadsheetId clearedRanges:[str]
BatchUpdateValuesRequest valueInputOption data:[ValueRange] includeValuesInResponse:bool
  responseValueRenderOption responseDateTimeRenderOption
BatchUpdateValuesResponse spreadsheetId totalUpdatedRows:int totalUpdatedColumns:int
  totalUpdatedCells:int totalUpdatedSheets:int responses:[UpdateValuesResponse]
BatchUpdateValuesByDataFilterRequest valueInputOption data:[DataFilterValueRange]
  includeValuesInResponse:bool responseValueRenderOption responseDateTimeRenderOption
UpdateValuesByDataFilterResponse dataFilter:DataFilter updatedRange updatedRows:int
  updatedColumns:int updatedCells:int updatedData:ValueRange
BatchUpdateValuesByDataFilterResponse spreadsheetId totalUpdatedRows:int totalUpdatedColumns:int
  totalUpdatedCells:int totalUpdatedSheets:int responses:[UpdateValuesByDataFilterResponse]
BatchUpdateSpreadsheetRequest requests:[Request] includeSpreadsheetInResponse:bool
  responseRanges:[str] responseIncludeGridData:bool
BatchUpdateSpreadsheetResponse spreadsheetId replies:any updatedSpreadsheet:Spreadsheet
addSheet properties:SheetProperties
deleteSheet sheetId:int
updateSheetProperties properties:SheetProperties fields
updateSpreadsheetProperties properties:SpreadsheetProperties fields
updateCells rows:[RowData] fields start:GridCoordinate range:GridRange
appendCells sheetId:int rows:[RowData] fields
repeatCell range:GridRange cell:CellData fields
insertDimension range:DimensionRange inheritFromBefore:bool
deleteDimension range:DimensionRange
moveDimension source:DimensionRange destinationIndex:int
appendDimension sheetId:int dimension length:int
updateDimensionProperties range:DimensionRange properties:DimensionProperties fields
sortRange range:GridRange sortSpecs:[SortSpec]
mergeCells range:GridRange mergeType
unmergeCells range:GridRange
setBasicFilter filter:BasicFilter
clearBasicFilter sheetId:int
setDataValidation range:GridRange rule:DataValidationRule
addProtectedRange protectedRange:ProtectedRange
updateProtectedRange protectedRange:ProtectedRange fields
deleteProtectedRange protectedRangeId:int
addNamedRange namedRange:NamedRange
updateNamedRange namedRange:NamedRange fields
deleteNamedRange namedRangeId
createDeveloperMetadata developerMetadata:DeveloperMetadata
updateDeveloperMetadata dataFilters:[DataFilter] developerMetadata:DeveloperMetadata fields
deleteDeveloperMetadata dataFilter:DataFilter
"""


def _messages(text: str) -> dict[str, dict[str, str]]:
    messages: dict[str, dict[str, str]] = {}
    for line in text.strip().replace("\n  ", " ").split("\n"):
        name, *fields = line.split()
        split = (field.partition(":") for field in fields)
        messages[name] = {field: kind or "str" for field, _, kind in split}
    return messages


MESSAGES = _messages(_FIELDS)
KINDS = [name for name in MESSAGES if name[0].islower()]  # of requests in a batchUpdate
MESSAGES["Request"] = {kind: kind for kind in KINDS}

_TYPE_NAMES = {"str": "TYPE_STRING", "int": "TYPE_INT32", "num": "TYPE_DOUBLE", "bool": "TYPE_BOOL"}


def checked(message: str, value: Any, where: str = "") -> dict[str, Any]:
    """Check a request's JSON against a message; give it without its nulls, which mean unset.

    Raises:
        ApiError: If it names an unknown field or a value is of another type.
    """
    if not isinstance(value, dict):
        raise bad_field(where, f"Invalid JSON payload received. {_shown(value)} is not an object.")
    fields, new = MESSAGES[message], {}
    for name, item in value.items():
        if name not in fields:
            raise _unknown(name, where)
        if item is not None:
            new[name] = _checked(fields[name], item, f"{where}.{name}" if where else name)
    return new


def _checked(kind: str, value: Any, where: str) -> Any:
    if kind == "any":
        return value
    if kind == "rows":
        return _checked_rows(value, where)
    if kind.startswith("["):
        if not isinstance(value, list):
            raise _mismatch(where, kind, value)
        return [_checked(kind[1:-1], item, f"{where}[{i}]") for i, item in enumerate(value)]
    if kind in MESSAGES:
        return checked(kind, value, where)
    return _checked_scalar(kind, value, where)


def _checked_scalar(kind: str, value: Any, where: str) -> Any:
    if kind == "str" and isinstance(value, str):
        return value
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind in ("int", "num") and not isinstance(value, bool):
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
            value = int(value)  # JSON of protocol buffers allows it
        if kind == "num" and isinstance(value, int | float):
            return value
        if isinstance(value, int | float) and value == int(value) and abs(value) < 2**31:
            return int(value)
    raise _mismatch(where, kind, value)


def _checked_rows(value: Any, where: str) -> list[list[Any]]:
    lists = [(where, value)]
    if isinstance(value, list):
        lists = [(f"{where}[{i}]", row) for i, row in enumerate(value)]
    for place, row in lists:
        if not isinstance(row, list):
            raise _mismatch(place, "type.googleapis.com/google.protobuf.ListValue", row)
    return list(value)


def _unknown(name: str, where: str) -> Exception:
    at = f" at '{_snake(where)}'" if where else ""
    return bad_field(
        _snake(where),
        f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'
        " (Or this test server does not support it.)",
    )


def _mismatch(where: str, kind: str, value: Any) -> Exception:
    name, field = _TYPE_NAMES.get(kind, kind), _snake(where)
    return bad_field(field, f"Invalid value at '{field}' ({name}), {_shown(value)}")


def _snake(where: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m[1].lower(), where)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:100]
