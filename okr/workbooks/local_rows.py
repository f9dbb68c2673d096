"""The rows of an .xlsx file that the board finds, names, writes to and adds."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from okr.cells import read_id
from okr.columns import LAYOUT, find_header, known_tab, laid_out
from okr.model import Cell
from okr.reading import Reading
from okr.row_names import NAMING, content_key
from okr.tables import Row, Table, find_tables
from okr.workbooks.editing import ELSEWHERE
from okr.workbooks.entries import Cells
from okr.workbooks.interface import CellEdit, RefusedError, RowReference
from okr.workbooks.locating import locate
from okr.workbooks.row_ids import PREFIXES, new_row_id
from okr.workbooks.xlsx_editing import Editor


def at(row: Sequence[Cell], place: int) -> Cell:
    """Give a cell of a row, blank where the row ends before it."""
    return row[place] if place < len(row) else ""


class LocalRows:
    """The rows of one workbook, in the editor that gathers what changes in them."""

    def __init__(self, reading: Reading, editor: Editor) -> None:
        self._reading = reading
        self._editor = editor
        self._below: dict[str, int] = {}
        self._made: dict[str, str] = {}
        self.tables = find_tables(reading, []) | _answers_in(reading)
        self._sheet = {tab.title: tab for tab in reading.sheet}

    def table(self, name: str) -> Table:
        """Give a tab that must be there.

        Raises:
            RefusedError: If it is not.
        """
        table = self.tables.get(name)
        if table is None:
            raise RefusedError(
                f"Nothing was saved: the workbook has no tab “{name}” with headers. Give the tab "
                "and its headers their names back, then save again."
            )
        return table

    def find(self, table: Table, reference: RowReference) -> Row:
        """Find the row that a reference means.

        Raises:
            RefusedError: If it is not there, or not alone.
        """
        return locate(table, reference)

    def own_id(self, table: Table, row: Row, reference: RowReference) -> str:
        """Give the ID that a row has; it must be its own, also where the page saw none."""
        own = read_id(row.cell("ID"))
        if not own and table.is_elsewhere:
            return content_key(table.name, *(row.cell(name) for name in NAMING[table.name]))
        if own and reference.id is None:
            locate(table, RowReference(reference.tab, own, ()))
        return own

    def named(self, table: Table, reference: RowReference) -> tuple[Row, str, tuple[CellEdit, ...]]:
        """Find a row and its ID; one without is given one, which the last part tells of.

        Raises:
            RefusedError: If it is not there, not alone, or cannot be given an ID.
        """
        row = self.find(table, reference)
        if own := self.own_id(table, row, reference):
            return row, own, ()
        given = self._given_id(table, row, reference)
        return row, given, (CellEdit("ID", "", given),)

    def _given_id(self, table: Table, row: Row, reference: RowReference) -> str:
        """Give an ID to a row that has none."""
        content = " | ".join(text for _, text in reference.content)
        given = new_row_id(PREFIXES[table.name], content, self.taken(table))
        column = self.completed(table, ["ID"])["ID"]
        obstacle = self.obstacle(table, row.number, column)
        if obstacle:
            raise RefusedError(
                f"Nothing was saved: row {row.number + 1} of “{table.tab.title}” needs an ID, and "
                f"its ID cell {obstacle}. Type an ID such as KR-1 there, then save again."
            )
        self.put(table, row.number, {column: given})
        return given

    def taken(self, table: Table) -> set[str]:
        """List the IDs of a tab."""
        return {read_id(row.cell("ID")) for row in table.rows([])}

    def put(
        self,
        table: Table,
        row: int,
        cells: Mapping[int, Cell],
        formats: Mapping[int, str] | None = None,
    ) -> None:
        """Put values into cells of a row; those with a format are moments."""
        if not table.is_elsewhere:
            self._editor.put(table.tab.title, row, cells, formats or {}, set(formats or {}))
            return
        for place, cell in cells.items():
            tab, at, column = self._place(table, row, place)
            form = {column: (formats or {})[place]} if place in (formats or {}) else {}
            self._editor.put(tab, at, {column: cell}, form, set(form))

    def _place(self, table: Table, row: int, column: int) -> tuple[str, int, int]:
        """Say where a cell truly stands: the title of its tab, its row and its column."""
        origin = table.tab.origin
        if origin is None:
            return table.tab.title, row, column
        spot = origin.spots.get((row, column)) or origin.lines[row]
        return spot.tab, spot.row, spot.column

    def style(self, table: Table, row: int, column: str) -> int:
        """Give the number of the style of a cell; 0 where it is plain or not there."""
        place = table.columns.get(column)
        return 0 if place is None else self._editor.find(*self._place(table, row, place)).style

    def obstacle(self, table: Table, row: int, column: int) -> str:
        """Say why a cell must not be written to; "" where it may."""
        if table.tab.origin is not None and (row, column) in table.tab.origin.shared:
            return ELSEWHERE
        tab, row, column = self._place(table, row, column)
        sheet = self._editor.sheet(tab)
        found = sheet.find(row, column)
        if found.is_error:
            return "holds an error"
        if found.has_formula or _is_within(row, column, sheet.arrays):
            return "holds a formula"
        merged = self._sheet[tab].merged if table.is_elsewhere else table.tab.merged
        if _is_within(row, column, merged):
            return "is merged with others"
        return "is on a protected tab" if sheet.is_protected else ""

    def bar(self, table: Table) -> str:
        """Say what keeps all cells of a tab from being written to."""
        if table.is_elsewhere:
            return "has no cell in the sheet, which is in a layout of its own"
        is_protected = self._editor.sheet(table.tab.title).is_protected
        return "is on a protected tab" if is_protected else ""

    # New rows

    def append(
        self,
        name: str,
        cells: Cells,
        formats: Mapping[str, int | str],
        dates: AbstractSet[str] = frozenset({"When"}),
    ) -> None:
        """Add a row below the last one with data, in a tab that is made where it is missing."""
        said = {column: cell for column, cell in cells if cell != ""}
        table = self.tables.get(name)
        if table is None:
            title = self._made_tab(name)
            places: Mapping[str, int] = {
                column: place for place, column in enumerate(laid_out(name))
            }
            row = self._below.get(name, 1)
        else:
            title = table.tab.title
            places = self.completed(table, said)
            row = self._below.get(name) or self._next_row(table, {places[one] for one in said})
        self._below[name] = row + 1
        self._editor.append(
            title,
            row,
            {places[column]: cell for column, cell in said.items()},
            {places[column]: form for column, form in formats.items() if column in said},
            {places[column] for column in dates if column in said},
        )

    def _made_tab(self, name: str) -> str:
        """Add a tab with its headers, or give its headers to an empty one."""
        if name not in self._made:
            self._made[name] = self._make_tab(name)
        return self._made[name]

    def _make_tab(self, name: str) -> str:
        headers = list(laid_out(name))
        there = next((tab for tab in self._reading.tabs if known_tab(tab.title) == name), None)
        if there is None:
            self._editor.add_tab(name, headers)
            return name
        if any(cell != "" for row in there.rows for cell in row):
            raise RefusedError(
                f"Nothing was saved: “{there.title}” has no headers that the board knows. Write "
                f"{', '.join(headers)} into its first row, then save again."
            )
        self._editor.put(there.title, 0, dict(enumerate(headers)))
        return there.title

    def completed(self, table: Table, needed: Iterable[str]) -> Mapping[str, int]:
        """Give the places of the columns of a tab; those missing are added at the right."""
        missing = [column for column in needed if column not in table.columns]
        if not missing:
            return table.columns
        if table.is_elsewhere:
            raise RefusedError(
                f"Nothing was saved: the sheet has no column for {missing[0]}, and the board adds "
                "none to a sheet in a layout of its own. Add it there, then save again."
            )
        first = max(len(row) for row in table.tab.rows)
        added = {column: first + place for place, column in enumerate(missing)}
        headers = {place: column for column, place in added.items()}
        self._editor.put(table.tab.title, table.header.row, headers)
        wider = replace(table, columns={**table.columns, **added})
        self.tables[table.name] = wider
        return wider.columns

    def _next_row(self, table: Table, columns: AbstractSet[int]) -> int:
        """Find the first row below the data whose cells are free."""
        rows = table.tab.rows
        row = len(rows)
        while row > table.header.row + 1 and not any(cell != "" for cell in rows[row - 1]):
            row -= 1
        sheet = self._editor.sheet(table.tab.title)
        areas = (*sheet.arrays, *table.tab.merged)
        if any(
            sheet.find(row, column).has_formula or _is_within(row, column, areas)
            for column in columns
        ):
            bottoms = [bottom for _, _, bottom, _ in table.tab.merged]
            row = max([sheet.last_row, *bottoms]) + 1
        return row


def _answers_in(reading: Reading) -> dict[str, Table]:
    """Find the tab that keeps what people answered of the layout; none where there is none."""
    for tab in reading.tabs:
        header = find_header(LAYOUT, tab.rows) if known_tab(tab.title) == LAYOUT else None
        if header is not None:
            return {LAYOUT: Table(LAYOUT, tab, header, header.columns)}
    return {}


def _is_within(row: int, column: int, areas: tuple[tuple[int, int, int, int], ...]) -> bool:
    return any(
        top <= row <= bottom and left <= column <= right for top, left, bottom, right in areas
    )
