"""What a workbook lacks of the board's layout: a plan as data, which either home carries out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from okr.columns import (
    CHECK_INS,
    COLUMNS,
    CYCLES,
    HISTORY,
    KEY_RESULTS,
    OBJECTIVES,
    REQUIRED,
    SETTINGS,
    Header,
    find_header,
    known_tab,
    normalise,
)
from okr.model import Cell, Commitment, CycleState, Kind, RollUp, Settings, State
from okr.reading import Reading
from okr.workbooks.interface import RefusedError

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, 0-based and included."""

CHOICES: Mapping[tuple[str, str], Sequence[str]] = {
    (OBJECTIVES, "Type"): tuple(Commitment),
    (OBJECTIVES, "State"): tuple(State),
    (OBJECTIVES, "Roll-up"): tuple(RollUp),
    (KEY_RESULTS, "Kind"): tuple(Kind),
    (KEY_RESULTS, "State"): tuple(State),
    (CYCLES, "State"): tuple(CycleState),
}
"""The words that a list column takes, by tab and column."""


class Form(StrEnum):
    """What a column's numbers mean, and so how they are shown."""

    DAY = "dates"
    MOMENT = "dates with their time"
    SHARE = "percent"


FORMS: Mapping[tuple[str, str], Form] = {
    (KEY_RESULTS, "Due"): Form.DAY,
    (KEY_RESULTS, "Confidence"): Form.SHARE,
    (CHECK_INS, "When"): Form.MOMENT,
    (CHECK_INS, "Confidence"): Form.SHARE,
    (CYCLES, "Starts"): Form.DAY,
    (CYCLES, "Ends"): Form.DAY,
    (HISTORY, "When"): Form.MOMENT,
}
"""The columns whose numbers are shown in one way; a value is shown as people format it."""

LAID_OUT: Mapping[str, tuple[str, ...]] = {
    tab: tuple(column for column in columns if column != "Progress")
    for tab, columns in COLUMNS.items()
}
"""The columns that the board lays out; Progress is for sheets that have nothing else."""

_WAY = {"Start", "Target", "Current"}
"""A tab that has only Progress is read by that; any of these columns would say otherwise."""

_GUARDED = (OBJECTIVES, KEY_RESULTS, CHECK_INS)
_DEEPEST_HEADER = 10
"""Rows that may be frozen: more would leave no room to scroll in."""

_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class FoundTab:
    """A known tab as it stands. Places are 0-based columns.

    ``offering``, ``formatted`` and ``guarded`` are the columns in which any cell below the headers
    has a drop-down, a number format or a protection already. ``barred`` are areas that the board
    may not write to; ``is_barred`` that it may write nowhere. ``frozen`` counts frozen rows.
    """

    name: str
    title: str
    rows: Sequence[Sequence[Cell]]
    header: Header | None
    merged: Sequence[Area] = ()
    frozen: int = 0
    offering: Collection[int] = ()
    formatted: Collection[int] = ()
    guarded: Collection[int] = ()
    barred: Sequence[Area] = ()
    is_barred: bool = False

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing stands in the tab."""
        return not any(cell != "" for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is to be given something: its place and its header."""

    place: int
    header: str


@dataclass(frozen=True, slots=True)
class TabPlan:
    """What one tab is to be given; what is empty or 0 is left as it is.

    ``headers`` stand side by side in ``header_row``. A tab that is new or blank gets them as its
    first row; ``rows`` go below. ``guards`` are columns that shall warn before a change.
    """

    name: str
    title: str
    is_new: bool = False
    is_blank: bool = False
    header_row: int = 0
    headers: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    frozen: int = 0
    choices: tuple[tuple[Column, tuple[str, ...]], ...] = ()
    forms: tuple[tuple[Column, Form], ...] = ()
    guards: tuple[Column, ...] = ()
    guards_all: bool = False

    @property
    def does_anything(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(
            self.is_new or self.headers or self.rows or self.frozen or self.choices
            or self.forms or self.guards or self.guards_all
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workbook is to be given, and sentences about what had to be left alone."""

    tabs: tuple[TabPlan, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def does_anything(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(self.tabs)


# --- What is missing ------------------------------------------------------------------------------


def choose(titles: Sequence[str]) -> dict[str, str]:
    """Take one tab for each known one, as a reading does: the board's own spelling comes first."""
    chosen: dict[str, str] = {}
    for title in sorted(titles, key=lambda one: normalise(one) != normalise(known_tab(one) or "")):
        name = known_tab(title)
        if name is not None and name in COLUMNS:
            chosen.setdefault(name, title)
    return chosen


def plan_workbook(
    found: Mapping[str, FoundTab],
    taken: Collection[str] = (),
    *,
    can_guard: bool = True,
    can_add: bool = True,
) -> Plan:
    """Find what is missing.

    ``taken`` are the titles of all tabs, also of those that are charts. ``can_guard`` tells whether
    the home knows a protection that only warns, ``can_add`` whether tabs may be added to it.
    """
    plans: list[TabPlan] = []
    left: list[str] = []
    titles = {title.casefold() for title in taken}
    for name in COLUMNS:
        tab = found.get(name)
        if tab is not None:
            plan = _plan_tab(tab, left)
        elif name.casefold() in titles:
            left.append(f"“{name}” is not a tab of cells, so nothing was added to it. Rename it.")
            continue
        elif not can_add:
            left.append(f"The tab “{name}” was not added: the file's structure is locked.")
            continue
        else:
            plan = new_tab(name)
        if not can_guard:
            plan = replace(plan, guards=(), guards_all=False)
        if plan.does_anything:
            plans.append(plan)
    return Plan(tuple(plans), tuple(left))


def new_tab(name: str) -> TabPlan:
    """Lay out a tab that is not there yet."""
    return _fresh(name, name, is_new=True)


def _plan_tab(tab: FoundTab, left: list[str]) -> TabPlan:
    """Find what a tab lacks; what cannot be placed in it is left, and said."""
    if tab.is_barred:
        left.append(f"“{tab.title}” is protected against the board, so it was left alone.")
        return TabPlan(tab.name, tab.title)
    if tab.header is None and tab.is_blank:
        return _fresh(tab.name, tab.title, is_new=False)
    if tab.header is None:
        known = ", ".join(LAID_OUT[tab.name])
        left.append(
            f"“{tab.title}” was left alone: no row of it holds two headers that the board knows. "
            f"Give it a row with headers, such as {known}."
        )
        return TabPlan(tab.name, tab.title)
    return _completed(tab, tab.header, left)


def _fresh(name: str, title: str, *, is_new: bool) -> TabPlan:
    """Lay out a tab in which nothing stands."""
    columns = {header: Column(at, header) for at, header in enumerate(LAID_OUT[name])}
    return TabPlan(
        name,
        title,
        is_new=is_new,
        is_blank=True,
        headers=tuple(columns.values()),
        rows=default_settings() if name == SETTINGS else (),
        frozen=1,
        choices=tuple(
            (columns[column], tuple(words))
            for (tab, column), words in CHOICES.items()
            if tab == name
        ),
        forms=tuple(
            (columns[column], form) for (tab, column), form in FORMS.items() if tab == name
        ),
        guards=(columns["ID"],) if name in _GUARDED else (),
        guards_all=name == HISTORY,
    )


def default_settings() -> tuple[tuple[Cell, ...], ...]:
    """List every setting. The locale stays blank: a sheet has one of its own, which shall hold."""
    defaults = Settings()
    names = [one.name for one in fields(Settings)]
    return tuple((name, "" if name == "locale" else getattr(defaults, name)) for name in names)


def _completed(tab: FoundTab, header: Header, left: list[str]) -> TabPlan:
    """Find what a tab with headers lacks."""
    added = _added_headers(tab, header, left)
    placed = {name: Column(at, header.titles[name]) for name, at in header.columns.items()}
    placed |= {column.header: column for column in added}
    has_rows = any(cell != "" for row in tab.rows[header.row + 1 :] for cell in row)
    is_fit_for_rows = tab.name == SETTINGS and not has_rows and {"Setting", "Value"} <= {*placed}
    fitting = [name for name, column in placed.items() if not _is_barred(tab, header, column)]
    guards_all = tab.name == HISTORY and not tab.guarded
    return TabPlan(
        tab.name,
        tab.title,
        header_row=header.row,
        headers=added,
        rows=_settings_at(placed) if is_fit_for_rows else (),
        frozen=header.row + 1 if _may_freeze(tab, header) else 0,
        choices=tuple(
            (placed[name], _words(tab, header, placed[name].place, CHOICES[tab.name, name]))
            for name in fitting
            if (tab.name, name) in CHOICES and placed[name].place not in tab.offering
        ),
        forms=tuple(
            (placed[name], FORMS[tab.name, name])
            for name in fitting
            if (tab.name, name) in FORMS and _may_format(tab, header, placed[name].place)
        ),
        guards=tuple(
            placed[name]
            for name in fitting
            if name == "ID" and tab.name in _GUARDED and placed[name].place not in tab.guarded
        ),
        guards_all=guards_all and len(fitting) == len(placed),
    )


def _added_headers(tab: FoundTab, header: Header, left: list[str]) -> tuple[Column, ...]:
    """Choose the headers to add, and the first blank columns right of the others for them."""
    missing = _missing(tab, header)
    end = _end(tab.rows[header.row])
    place = _free_place(tab, end, len(missing))
    added = tuple(Column(at, name) for at, name in enumerate(missing, start=place))
    if any(_is_barred(tab, header, column) for column in added):
        left.append(
            f"The headers {_listed(missing)} were not added to “{tab.title}”: the cells right of "
            "its headers are protected against the board."
        )
        return ()
    return added


def _missing(tab: FoundTab, header: Header) -> list[str]:
    """Name the headers to add, one after another: each may give another column its meaning."""
    row = list(tab.rows[header.row])
    has_only_progress = "Progress" in header.columns and not {*header.columns} & _WAY
    missing: list[str] = []
    for name in LAID_OUT[tab.name]:
        known = find_header(tab.name, [row])
        there = known.columns if known else {}
        if name not in there and not (has_only_progress and name in _WAY):
            missing.append(name)
            row.append(name)
    return missing


def _end(row: Sequence[Cell]) -> int:
    """Count a row's cells up to the last one that holds anything."""
    return max((at + 1 for at, cell in enumerate(row) if cell != ""), default=0)


def _free_place(tab: FoundTab, first: int, count: int) -> int:
    """Find so many columns side by side in which nothing stands and no merge lies."""
    used = {at for row in tab.rows for at, cell in enumerate(row) if at >= first and cell != ""}
    used |= {at for _, left, _, right in tab.merged for at in range(left, right + 1)}
    place = first
    while blocked := [at for at in range(place, place + count) if at in used]:
        place = blocked[-1] + 1
    return place


def _may_freeze(tab: FoundTab, header: Header) -> bool:
    """Tell whether the headers may be frozen: nothing is yet, and no merged cell would be cut."""
    is_cut = any(top <= header.row < bottom for top, _, bottom, _ in tab.merged)
    return not tab.frozen and not is_cut and header.row < _DEEPEST_HEADER


def _may_format(tab: FoundTab, header: Header, place: int) -> bool:
    """Tell whether a column may be given a format: it has none, and no number that people see."""
    cells = _column(tab, header, place)
    has_number = any(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)
    return place not in tab.formatted and not has_number


def _words(tab: FoundTab, header: Header, place: int, words: Sequence[str]) -> tuple[str, ...]:
    """Spell the words of a list column as people have spelled them there, so that none is wrong."""
    spelled: dict[str, str] = {}
    for cell in _column(tab, header, place):
        if isinstance(cell, str) and cell.isprintable() and len(cell) <= _LONGEST_WORD:
            spelled.setdefault(normalise(cell), cell.strip())
    return tuple(spelled.get(normalise(word), str(word)) for word in words)


def _column(tab: FoundTab, header: Header, place: int) -> Iterator[Cell]:
    """Give the cells of a column below its header."""
    return (row[place] for row in tab.rows[header.row + 1 :] if place < len(row))


def _is_barred(tab: FoundTab, header: Header, column: Column) -> bool:
    """Tell whether any cell of a column, from its header down, may not be written to."""
    return any(
        left <= column.place <= right and bottom >= header.row
        for _, left, bottom, right in tab.barred
    )


def _settings_at(placed: Mapping[str, Column]) -> tuple[tuple[Cell, ...], ...]:
    """Put the settings into the columns that a tab has for them."""
    setting, value = placed["Setting"].place, placed["Value"].place

    def laid_out(name: Cell, cell: Cell) -> tuple[Cell, ...]:
        row: list[Cell] = [""] * (max(setting, value) + 1)
        row[setting], row[value] = name, cell
        return tuple(row)

    return tuple(laid_out(name, cell) for name, cell in default_settings())


# --- What was done --------------------------------------------------------------------------------


def describe(plan: Plan, remarks: Sequence[str] = ()) -> list[str]:
    """Say what a plan has done to a workbook, one sentence each; what was left comes last."""
    done = [sentence for tab in plan.tabs for sentence in _describe_tab(tab)]
    if not done:
        return [*plan.left, "Nothing else was missing." if plan.left else "Nothing was missing."]
    return [*done, *remarks, *plan.left]


def _describe_tab(tab: TabPlan) -> Iterator[str]:
    title = f"“{tab.title}”"
    if tab.is_blank:
        done = f"Added the tab {title}" if tab.is_new else f"Gave {title} its headers"
        yield done + (", with every setting at its default." if tab.rows else ".")
        return
    if tab.headers:
        word = "column" if len(tab.headers) == 1 else "columns"
        yield f"Added to {title} the {word} {_headers(tab.headers)}."
    if tab.rows:
        yield f"Listed every setting in {title}, at its default."
    if tab.frozen:
        yield f"Froze the headers of {title}."
    if tab.choices:
        word = "a drop-down" if len(tab.choices) == 1 else "drop-downs"
        yield f"Gave {_headers([column for column, _ in tab.choices])} in {title} {word}."
    for form in Form:
        columns = [column for column, one in tab.forms if one is form]
        if columns:
            yield f"{_headers(columns)} in {title} will show {form.value}."
    if tab.guards or tab.guards_all:
        what = title if tab.guards_all else f"{_headers(tab.guards)} in {title}"
        yield f"A change to {what} now warns first."


def _headers(columns: Sequence[Column]) -> str:
    return _listed([column.header for column in columns])


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def as_preparing(error: Exception) -> RefusedError:
    """Say of a refusal, or of a failed reading, that it kept a workbook from being prepared."""
    sentence = str(error)
    if sentence.startswith("Nothing was saved"):
        sentence = sentence.replace("Nothing was saved", "Nothing was added", 1)
        for again in ("then save again", "then save here again"):
            sentence = sentence.replace(again, "then run init again")
        return RefusedError(sentence)
    return RefusedError(f"Nothing was added: {sentence}")


def refuse_other_layout(reading: Reading) -> None:
    """Leave a sheet alone whose OKRs stand in tabs of another layout: the board reads them as such.

    Raises:
        RefusedError: If it is such a sheet.
    """
    read = {spot.tab for tab in reading.tabs if tab.origin for spot in tab.origin.lines.values()}
    foreign = sorted(title for title in read if known_tab(title) not in REQUIRED)
    if foreign:
        raise RefusedError(
            f"Nothing was added: the OKRs stand in “{foreign[0]}”, in a layout of its own, and the "
            "board reads them there. To have them in the board's own layout, run convert."
        )
