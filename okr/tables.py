"""A known tab with its headers found, and its rows cell by cell with the problems in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from okr.cells import Finding, is_blank, is_error, read_day, read_id, read_text
from okr.columns import (
    COLUMNS,
    DAYS,
    HISTORY,
    LAYOUT,
    REQUIRED,
    Header,
    address,
    find_header,
    known_tab,
    missing_columns,
    normalise,
)
from okr.making import maker
from okr.model import Cell, Place, Problem, Severity
from okr.reading import Reading, Spot, Tab

T = TypeVar("T")

MARKS = frozenset("#LlE \t\n\u00a0")
"""What the text of a broken formula can begin with; anything else needs no closer look."""

_SUSPECT = MARKS | {""}


def has_content(cells: Iterable[Cell]) -> bool:
    """Tell whether anything in a row can be seen."""
    for cell in cells:  # rather than ``any``: the first cell of nearly every row tells
        if cell != "" and not is_blank(cell):
            break
    else:
        return False
    return True


def is_plain_text(text: str) -> bool:
    """Tell whether a text is what it seems: all of it can be seen, and it is no broken formula."""
    return text.isprintable() and not (text[:1] in MARKS and is_error(text))


def are_plain_texts(cells: Sequence[Cell]) -> bool:
    """Tell at one look whether all cells of a column are plain texts; when in doubt, it says no."""
    try:
        text = "".join(cells)  # type: ignore[arg-type]
    except TypeError:
        return False
    if not text.isprintable() or "#" in text or "Err:" in text:
        return False
    return not (("..." in text or "…" in text) and "load" in text.lower())


@dataclass(frozen=True, slots=True)
class Table:
    """One known tab, its headers found; ``name`` is the board's word, ``tab.title`` the sheet's."""

    name: str
    tab: Tab
    header: Header
    columns: Mapping[str, int]

    def rows(self, problems: list[Problem]) -> Iterator["Row"]:
        """Give the rows below the headers that hold anything; their problems go into the list."""
        return self._holding(self.numbered(), problems)

    def chosen(self, numbers: Iterable[int], problems: list[Problem]) -> Iterator["Row"]:
        """Give those of some rows that hold anything; their problems go into the list."""
        rows = self.tab.rows
        some = ((number, rows[number] if number < len(rows) else ()) for number in numbers)
        return self._holding(some, problems)

    def _holding(
        self, numbered: Iterable[tuple[int, Sequence[Cell]]], problems: list[Problem]
    ) -> Iterator["Row"]:
        lacking, names = {row for row, _ in self.tab.formulas_without_value}, self._names()
        for number, cells in numbered:
            if number in lacking or has_content(cells):
                yield _row(self, number, dict(zip(names, cells, strict=False)), problems)

    def numbered(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Give all rows below the headers by number, also those that hold only formulas."""
        yield from enumerate(self.tab.rows[self.header.row + 1 :], self.header.row + 1)
        beyond = {row for row, _ in self.tab.formulas_without_value if row >= len(self.tab.rows)}
        yield from ((row, ()) for row in sorted(beyond))

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the rows stand in other tabs of the sheet, in a layout of its own."""
        return self.tab.origin is not None

    def row(self, number: int, problems: list[Problem]) -> "Row":
        """Give a row by its number, blank below the last one; its problems go into the list."""
        cells = self.tab.rows[number] if number < len(self.tab.rows) else ()
        return _row(self, number, dict(zip(self._names(), cells, strict=False)), problems)

    def _names(self) -> list[str]:
        """Name the column of each place, up to the last known one; "" where it is not known."""
        names = [""] * (1 + max(self.columns.values(), default=-1))
        for column, place in self.columns.items():
            names[place] = column
        return names


@dataclass(frozen=True, slots=True)
class Row:
    """One row as people left it: known column to cell, as far as the row goes.

    ``number`` is 0-based. What is read of the row may leave a problem.
    """

    table: Table
    number: int
    cells: Mapping[str, Cell]
    problems: list[Problem] = field(repr=False)

    def cell(self, column: str) -> Cell:
        """Give the cell of a column; blank where the row or the tab has none."""
        return self.cells.get(column, "")

    def text(self, column: str) -> str:
        """Give a cell as people see it; a broken formula is a problem and counts as blank."""
        cell = self.cells.get(column, "")
        if isinstance(cell, str) and cell[:1] in _SUSPECT:
            return self._suspect(column, cell, read_text)
        return read_text(cell)

    def id(self, column: str) -> str:
        """Give a cell as an ID: a text on one line."""
        cell = self.cells.get(column, "")
        if isinstance(cell, str) and cell[:1] in _SUSPECT:
            return self._suspect(column, cell, read_id)
        return read_id(cell)

    def _suspect(self, column: str, cell: str, read: Callable[[Cell], str]) -> str:
        """Read a text that is blank, or that begins as a broken formula may."""
        if cell == "":
            self._report_valueless(column)
            return ""
        if is_error(cell):
            message = f"{column} holds a broken formula: it gives {cell} instead of a text."
            self.error(column, message, "Mend the formula in this cell, or type the text over it.")
            return ""
        return read(cell)

    def take(self, column: str, read: Callable[[Cell, str], tuple[T, Finding | None]]) -> T | None:
        """Read a cell in the way that is given; what is found becomes a problem of this row."""
        cell = self.cells.get(column, "")
        if not cell and cell == "":
            self._report_valueless(column)
            return None
        value, found = read(cell, column if self.table.tab.origin is None else self.said(column))
        if found is not None:
            self._add(found.severity, column, found.message, found.remedy)
        return value

    def _report_valueless(self, column: str) -> None:
        if self.table.tab.formulas_without_value and self._lacks_value(column):
            self.warn(
                column,
                f"{column} holds a formula that the file holds no value for, so it is no data.",
                "Open the file once in Excel or LibreOffice, and save it there.",
            )

    def is_missing(self, column: str) -> bool:
        """Tell whether nobody has filled a cell, so that its default holds."""
        return is_blank(self.cell(column)) and not self._lacks_value(column)

    def is_unreadable(self, column: str) -> bool:
        """Tell whether a cell holds a formula that gives nothing; reading it reports that."""
        cell = self.cell(column)
        return is_error(cell) or (cell == "" and self._lacks_value(column))

    def _lacks_value(self, column: str) -> bool:
        lacking = self.table.tab.formulas_without_value
        return bool(lacking) and (self.number, self.table.columns.get(column, -1)) in lacking

    def place(self, column: str) -> Place:
        """Say where the row stands, by the cell of one of its columns."""
        if self.table.tab.origin is None:
            return _place(self.table.tab.title, self.number + 1, self.address(column))
        spot = self.spot(column)
        return _place(spot.tab, spot.row + 1, address(spot.tab, spot.row, spot.column))

    def address(self, column: str) -> str:
        """Name the cell of a column, as in ``Key results!C14``."""
        if self.table.tab.origin is None:
            return address(self.table.tab.title, self.number, self.table.columns.get(column, 0))
        spot = self.spot(column)
        return address(spot.tab, spot.row, spot.column)

    def spot(self, column: str) -> Spot:
        """Say where a cell truly stands; the cell that names the row where it stands nowhere."""
        place, origin = self.table.columns.get(column, 0), self.table.tab.origin
        if origin is None:
            return Spot(self.table.tab.title, self.number, place)
        found = origin.spots.get((self.number, place)) if column in self.table.columns else None
        # A row that vanished, and that is looked back on, stands nowhere in the sheet any more.
        gone = Spot(self.table.tab.title, self.number, place)
        return found or origin.lines.get(self.number, gone)

    def said(self, column: str) -> str:
        """Name a column as the sheet heads it."""
        origin, title = self.table.tab.origin, self.table.header.titles.get(column, column)
        if origin is None:
            return title
        spot = self.spot(column)
        return origin.headers.get((spot.tab, spot.column), title) or title

    @property
    def parent(self) -> int | None:
        """Give the number of the objective's row, where the sheet's layout says it."""
        origin = self.table.tab.origin
        return None if origin is None else origin.links.get(self.number)

    def error(self, column: str, message: str, remedy: str) -> None:
        """Note that a number which should count does not."""
        self._add(Severity.ERROR, column, message, remedy)

    def warn(self, column: str, message: str, remedy: str) -> None:
        """Note something else worth mending."""
        self._add(Severity.WARNING, column, message, remedy)

    def _add(self, severity: Severity, column: str, message: str, remedy: str) -> None:
        self.problems.append(self.problem(severity, column, message, remedy))

    def problem(self, severity: Severity, column: str, message: str, remedy: str) -> Problem:
        """Name a problem by the cell of a column, in the words of the sheet."""
        spot = self.spot(column)
        return Problem(
            severity=severity,
            tab=spot.tab,
            row=spot.row + 1,
            column=self.said(column),
            cell=self.address(column),
            value=read_day(self.cell(column)) if column in DAYS else read_text(self.cell(column)),
            message=message,
            remedy=remedy,
        )


_row, _place = maker(Row), maker(Place)


def find_tables(reading: Reading, problems: list[Problem]) -> dict[str, Table]:
    """Find the known tabs and their headers; what is missing or doubled is a problem."""
    tables: dict[str, Table] = {}
    chosen = _choose_tabs(reading.tabs, problems)
    for name, tab in chosen.items():
        if name == LAYOUT:
            continue
        header = find_header(name, tab.rows) if tab.origin is None else _own_words(tab)
        if header is None:
            _report_headless(name, tab, problems)
            continue
        table = Table(name, tab, header, header.columns)
        tables[name] = table
        _report_header(table, problems)
    for name in REQUIRED:
        if name not in chosen:
            problems.append(_tab_error(name, f"There is no tab “{name}”.", _how_to_add(name)))
    return tables


def _own_words(tab: Tab) -> Header:
    """Head a tab that was put together: its first row says the board's own words."""
    names = [str(cell) for cell in tab.rows[0]]
    return Header(0, {name: at for at, name in enumerate(names)}, {name: name for name in names})


def _choose_tabs(tabs: Sequence[Tab], problems: list[Problem]) -> dict[str, Tab]:
    """Take one tab for each known name; the one spelled as the board spells it comes first."""
    chosen: dict[str, Tab] = {}
    for tab in sorted(
        tabs, key=lambda tab: normalise(tab.title) != normalise(known_tab(tab.title) or "")
    ):
        name = known_tab(tab.title)
        if name is None:
            continue
        if name in chosen:
            message = (
                f"“{tab.title}” and “{chosen[name].title}” mean the same; only the latter is read."
            )
            remedy = "Move its rows into the other tab, or rename it."
            problems.append(tab_problem(Severity.WARNING, tab.title, message, remedy))
        else:
            chosen[name] = tab
    return chosen


def _report_headless(name: str, tab: Tab, problems: list[Problem]) -> None:
    """Say that a tab has no headers; an empty one matters only where it is required."""
    is_empty = not any(map(has_content, tab.rows))
    if is_empty and name not in REQUIRED:
        return
    what = "is empty" if is_empty else "has no row with at least two known headers"
    severity = Severity.ERROR if name in REQUIRED else Severity.WARNING
    known = ", ".join(COLUMNS[name])
    by_itself = ", or let “python -m okr init” write it" if is_empty else ""
    remedy = f"Give it a first row with headers, such as {known}{by_itself}."
    problems.append(
        tab_problem(severity, tab.title, f"“{tab.title}” {what}, so nothing in it is read.", remedy)
    )


def no_column(title: str, column: str) -> str:
    """Say that a column is missing without which no row of a tab counts."""
    return f"“{title}” has no column “{column}”."


def _report_header(table: Table, problems: list[Problem]) -> None:
    """Report required columns that are missing, and headers of one meaning."""
    title, row = table.tab.title, table.header.row
    for column in missing_columns(table.name, table.header):
        message = no_column(title, column)
        remedy = f"Add a header “{column}” in row {row + 1}, with its cells below."
        problems.append(tab_problem(Severity.ERROR, title, message, remedy))
    for place, column in table.header.doubled:
        found = read_text(table.tab.rows[row][place])
        taken = table.header.titles[column]
        problems.append(
            Problem(
                Severity.WARNING,
                title,
                row + 1,
                found,
                address(title, row, place),
                found,
                f"The headers “{taken}” and “{found}” mean the same; only “{taken}” is read.",
                "Rename or remove one of the two columns.",
            )
        )


def report_surprises(tables: Mapping[str, Table], problems: list[Problem]) -> None:
    """Report what people may not see: merged cells, and hidden rows and tabs that count."""
    for table in tables.values():
        if table.name == HISTORY:
            continue
        problems.extend(_merges(table))
        problems.extend(_hidden(table))


def _merges(table: Table) -> Iterator[Problem]:
    tab, known = table.tab, set(table.columns.values())
    for top, left, bottom, right in tab.merged:
        if bottom <= table.header.row or not known & set(range(left, right + 1)):
            continue
        cell = address(tab.title, top, left)
        value = tab.rows[top][left] if top < len(tab.rows) and left < len(tab.rows[top]) else ""
        yield Problem(
            Severity.WARNING,
            tab.title,
            top + 1,
            _title_at(table, left),
            cell,
            read_text(value),
            "This cell is merged with others; only the first of them holds the value.",
            "Unmerge it and fill each row, so that sorting and saving work.",
        )


def _title_at(table: Table, place: int) -> str:
    at = {where: column for column, where in table.columns.items()}
    return table.header.titles.get(at.get(place, ""), "")


def _hidden(table: Table) -> Iterator[Problem]:
    title = table.tab.title
    if table.tab.is_hidden:
        message, remedy = (
            f"The tab “{title}” is hidden, and counts.",
            "Show it, so that people see it.",
        )
        yield tab_problem(Severity.WARNING, title, message, remedy)
    hidden = table.tab.hidden_rows
    rows = [row for row in table.rows([]) if row.number in hidden] if hidden else []
    if rows:
        count = "1 row is hidden, and counts." if len(rows) == 1 else _several_hidden(rows)
        remedy = "Show what is hidden, or set its State to dropped if it shall not count."
        yield rows[0].problem(Severity.WARNING, _naming_column(table), count, remedy)


def _several_hidden(rows: Sequence[Row]) -> str:
    return f"{len(rows)} rows are hidden, and count; this is the first."


def _naming_column(table: Table) -> str:
    """Give the column that says what a row is about."""
    wanted = (*reversed(REQUIRED.get(table.name, ())), *COLUMNS[table.name])
    return next(column for column in wanted if column in table.columns)


_tab_cell = "{}!A1"


def tab_problem(severity: Severity, tab: str, message: str, remedy: str) -> Problem:
    """Name a problem of a tab as a whole."""
    return Problem(severity, tab, 0, "", _tab_cell.format(tab), "", message, remedy)


_tab_error = partial(tab_problem, Severity.ERROR)


def _how_to_add(name: str) -> str:
    required = " and ".join(f"“{column}”" for column in REQUIRED[name])
    headers = "header" if len(REQUIRED[name]) == 1 else "headers"
    own = f"Add a tab “{name}” whose first row has at least the {headers} {required}"
    return f"{own}, or let “python -m okr init” add it."
