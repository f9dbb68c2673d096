"""Preparing an .xlsx file: what it lacks of the board's layout is added, nothing else changes."""

from collections.abc import Mapping
from pathlib import Path

from okr.columns import find_header
from okr.model import Cell
from okr.reading import Reading, Tab
from okr.workbooks.interface import RefusedError
from okr.workbooks.preparing import (
    LAID_OUT,
    Form,
    FoundTab,
    Plan,
    TabPlan,
    choose,
    describe,
    new_tab,
    plan_workbook,
    refuse_other_layout,
)
from okr.workbooks.xlsx_editing import Editor
from okr.workbooks.xlsx_layout import Surroundings
from okr.workbooks.xlsx_styles import DAY_FORMAT, MOMENT_FORMAT, SHARE_FORMAT

NUMBER_FORMATS: Mapping[Form, str] = {
    Form.DAY: DAY_FORMAT,
    Form.MOMENT: MOMENT_FORMAT,
    Form.SHARE: SHARE_FORMAT,
}

_UNGUARDED = "Files know no protection that only warns, so IDs and “_History” have none."


def plan_file(reading: Reading, editor: Editor) -> Plan:
    """Find what a file lacks."""
    refuse_other_layout(reading)
    tabs = {tab.title: tab for tab in reading.sheet or reading.tabs}
    chosen = choose(list(tabs))
    found = {name: _found(name, tabs[title], editor) for name, title in chosen.items()}
    can_add = not editor.is_structure_locked
    return plan_workbook(found, editor.titles, can_guard=False, can_add=can_add)


def _found(name: str, tab: Tab, editor: Editor) -> FoundTab:
    """See how one tab stands; a formula without a value stands there too."""
    sheet = editor.sheet(tab.title)
    rows = [list(row) for row in tab.rows]
    for row, column in tab.formulas_without_value:
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = "="
    header = find_header(name, tab.rows)
    first = header.row + 1 if header else 0
    around = Surroundings(sheet)
    styled = (*around.styles(), *around.cell_styles(first))
    return FoundTab(
        name,
        tab.title,
        rows,
        header,
        tab.merged,
        int(around.is_frozen),
        frozenset(around.offering(first)),
        frozenset(column for column, style in styled if editor.has_number_format(style)),
        is_barred=sheet.is_protected,
    )


def carry_out(plan: Plan, editor: Editor) -> list[str]:
    """Gather in the editor all that a plan adds; say what that is."""
    editor.is_changed = editor.is_changed or plan.does_anything
    for tab in plan.tabs:
        if tab.is_new:
            editor.add_tab(tab.title, [column.header for column in tab.headers])
        elif tab.headers:
            _put_headers(tab, editor)
        _put_rows(tab, editor)
        _put_rules(tab, editor)
    return describe(plan, [_UNGUARDED])


def _put_headers(tab: TabPlan, editor: Editor) -> None:
    """Type headers, with the looks of the one that stands left of them."""
    sheet = editor.sheet(tab.title)
    first = tab.headers[0].place
    style = sheet.find(tab.header_row, first - 1).style if first else 0
    cells = {column.place: column.header for column in tab.headers}
    sheet.write(tab.header_row, cells, dict.fromkeys(cells, style))


def _put_rows(tab: TabPlan, editor: Editor) -> None:
    for number, row in enumerate(tab.rows, start=tab.header_row + 1):
        cells: dict[int, Cell] = {at: cell for at, cell in enumerate(row) if cell != ""}
        editor.put(tab.title, number, cells)


def _put_rules(tab: TabPlan, editor: Editor) -> None:
    """Freeze, offer words, and format."""
    around = Surroundings(editor.sheet(tab.title))
    if tab.frozen and not around.is_frozen:
        around.freeze(tab.frozen)
    if tab.choices:
        below = tab.header_row + 1
        around.offer([(column.place, below, words) for column, words in tab.choices])
    if tab.forms:
        styles = {column.place: editor.style(NUMBER_FORMATS[form]) for column, form in tab.forms}
        around.style_columns({place: style for place, style in styles.items() if style})


def make_new(path: Path) -> list[str]:
    """Write a new file that holds nothing but the board's layout.

    Raises:
        RefusedError: If it is not to be an .xlsx file, or cannot be written.
    """
    from okr.workbooks.xlsx_writing import write_workbook  # openpyxl is slow to import

    if path.suffix.lower() != ".xlsx":
        raise RefusedError(f"There is no file “{path}”. Name a new one that ends in .xlsx.")
    plans = [new_tab(name) for name in LAID_OUT]
    tabs = {one.title: [[column.header for column in one.headers], *one.rows] for one in plans}
    write_workbook(path, tabs)
    *others, last = (f"“{one.title}”" for one in plans)
    return [f"Made “{path.name}” with the tabs {', '.join(others)} and {last}.", _UNGUARDED]
