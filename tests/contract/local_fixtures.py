"""Workbooks as offices make them: with charts, tables, formulas that have values, and comments."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from okr.model import Cell
from okr.reading import Reading
from okr.workbooks.interface import CheckInDraft, RowReference

NOON = datetime(2026, 5, 20, 12, 0)

KEY_RESULTS = [
    ["Key result", "Objective", "ID", "Our own", "Current", "Confidence", "Target", "Kind"],
    ["Cut churn", "O-1", "KR-1", "kept", 0.08, 0.5, 0.05, "decrease"],
    ["Win customers", "O-1", "KR-2", "kept", "=40+2", 0.5, 60, "increase"],
    ["Ship it", "O-1", None, "kept", False, None, True, "done"],
    ["Merged one", "O-1", "KR-4", None, 7, None, 9, "increase"],
    ["Broken one", "O-1", "KR-5", None, "=1/0", None, 9, "increase"],
]
CHECK_INS = [
    ["ID", "When", "Key result", "Value", "Confidence", "Note", "By"],
    ["CI-OLD", datetime(2026, 5, 13, 9, 0), "KR-1", 0.09, 0.5, "a start", "anna@example.com"],
]


def rich_workbook(path: Path) -> Path:
    """Make a workbook with most of what people put into theirs."""
    book = Workbook()
    objectives = book.worksheets[0]
    objectives.title = "Objectives"
    for row in (["ID", "Objective"], ["O-1", "Win the market"], ["O-2", "=CONCAT(A2)"]):
        objectives.append(row)
    key_results = book.create_sheet("Key results")
    for cells in KEY_RESULTS:
        key_results.append(cells)
    key_results["E2"].number_format = "0.0%"
    key_results["E2"].fill = PatternFill("solid", fgColor="FFEE99")
    key_results.merge_cells("E5:F5")
    key_results["A2"].comment = Comment("Ask Anna", "Bo")
    rule = DataValidation(type="list", formula1='"increase,decrease,done"')
    rule.add("H2:H99")
    key_results.add_data_validation(rule)
    key_results.conditional_formatting.add(
        "E2:E9", CellIsRule(operator="lessThan", formula=["0"], fill=PatternFill(bgColor="FF0000"))
    )
    key_results.freeze_panes = "B2"
    check_ins = book.create_sheet("Check-ins")
    for cells in CHECK_INS:
        check_ins.append(cells)
    check_ins.add_table(Table(displayName="Updates", ref="A1:G2"))
    private = book.create_sheet("Marketing plan")
    private.append(["a", 1])
    chart = BarChart()
    chart.add_data(Reference(private, min_col=2, min_row=1, max_row=1))
    private.add_chart(chart, "D4")
    book.defined_names["Budget"] = DefinedName("Budget", attr_text="'Marketing plan'!$B$1")
    book.save(path)
    edit_part(path, "xl/worksheets/sheet2.xml", _calculate)
    return path


def _calculate(part: str) -> str:
    """Put in the values that a spreadsheet program would have calculated."""
    part = re.sub(r"(<f>40\+2</f>)<v\s*/>|(<f>40\+2</f>)<v></v>", r"<f>40+2</f><v>42</v>", part)
    return re.sub(
        r'<c r="E6"( s="\d+")?><f>1/0</f><v\s*(/>|></v>)',
        r'<c r="E6" t="e"><f>1/0</f><v>#DIV/0!</v>',
        part,
    )


def edit_part(path: Path, name: str, edit: Callable[[str], str]) -> None:
    """Change one part of a file, as another program might write it."""
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            target.writestr(
                info, edit(content.decode()).encode() if info.filename == name else content
            )
    path.write_bytes(changed.getvalue())


def parts(path: Path) -> dict[str, bytes]:
    """Unpack a file."""
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def rows(path: Path, tab: str) -> list[list[Any]]:
    """Read a tab through another library than the board's, with formulas as formulas."""
    sheet = load_workbook(path)[tab]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def tab_rows(reading: Reading, title: str) -> list[list[Cell]]:
    [tab] = [tab for tab in reading.tabs if tab.title == title]
    return [list(row) for row in tab.rows]


def a_draft(key_result: str | None = "KR-1", **changes: Any) -> CheckInDraft:
    """Draft a sound check-in; a test names only what matters to it."""
    content = changes.pop("content", ())
    return CheckInDraft(
        **{
            "operation": "op-1",
            "key_result": RowReference("Key results", key_result, content),
            "value": 0.07,
            "confidence": 0.8,
            "note": "=1+1 is text",
            "by": "bo@example.com",
            "when": NOON,
            **changes,
        }
    )


def a_day(day: int) -> date:
    return date(2026, 5, day)
