"""Read as: what the board took each tab and column for, how sure it is, and what it asks."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from okr.columns import REQUIRED
from okr.layout import ColumnReading, Question, Shape, TabReading, sureness
from okr.model import Snapshot, TabColumns
from okr.views import formats


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column: where it stands, what it was taken for, how sure that is, and why."""

    letters: str
    header: str
    taken_for: str
    sure: str
    reason: str


@dataclass(frozen=True, slots=True)
class TabLine:
    """One tab: what it was taken for, how sure that is, and why."""

    title: str
    taken_for: str
    sure: str
    reason: str
    holds: str
    columns: tuple[ColumnLine, ...]
    is_read: bool


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What stands under Read as: folded where the layout is the board's own."""

    summary: str
    tabs: tuple[TabLine, ...]
    is_own: bool
    questions: tuple[Question, ...]

    @property
    def asks(self) -> str:
        """Say that questions wait; "" where there are none."""
        if not self.questions:
            return ""
        waits = "waits" if len(self.questions) == 1 else "wait"
        return f"{formats.count(len(self.questions), 'question')} about the layout {waits} below."


def build_read_as(snapshot: Snapshot) -> ReadAs:
    """Tell what each tab and column of a workbook was taken for."""
    layout = snapshot.layout
    if layout is None:
        tabs = tuple(_own_tab(name, one) for name, one in snapshot.tabs.items())
        unread = tuple(map(_unread_tab, snapshot.unread))
        return ReadAs(_own_summary(tabs, unread), (*tabs, *unread), True, ())
    is_understood = any(one.shape is not Shape.UNREAD for one in layout.tabs)
    by_name = {
        one.title: _own_tab(name, one)
        for name, one in snapshot.tabs.items()
        if not (is_understood and name in REQUIRED)
    }
    lines = {one.title: _tab(one) for one in layout.tabs} | by_name
    told = tuple(_told_once(lines.values()))
    return ReadAs(_summary(layout.tabs, _ready(snapshot)), told, False, layout.questions)


def _told_once(lines: Iterable[TabLine]) -> Iterator[TabLine]:
    """Tell of columns once where several tabs have the same ones, such as a tab a team."""
    known: dict[tuple[ColumnLine, ...], str] = {}
    for line in lines:
        first = known.setdefault(line.columns, line.title)
        if line.columns and first != line.title:
            line = replace(line, columns=(), reason=f"{line.reason}; its columns as in “{first}”")
        yield line


def _own_summary(tabs: Sequence[TabLine], unread: Sequence[TabLine]) -> str:
    said = f"The board's own layout: {formats.count(len(tabs), 'tab')} read by name"
    return f"{said}, {len(unread)} left alone." if unread else f"{said}."


def _ready(snapshot: Snapshot) -> tuple[str, ...]:
    """Name the required tabs that are there by their names, with all that these must have."""
    tabs = {name: snapshot.tabs[name] for name in REQUIRED if name in snapshot.tabs}
    return tuple(
        one.title for name, one in tabs.items() if all(it in one.headers for it in REQUIRED[name])
    )


def _summary(tabs: Sequence[TabReading], by_name: Collection[str]) -> str:
    """Say how much of a sheet was understood; ``by_name`` are the tabs of the board's own names."""
    read = [one for one in tabs if one.shape is not Shape.UNREAD]
    if not read and by_name:
        others = sum(one.title not in by_name for one in tabs)
        said = f"{formats.count(len(by_name), 'tab')} read by name"
        return f"{said}, {others} left alone." if others else f"{said}."
    if not read:
        return "No tab could be read as OKRs."
    objectives = sum(one.objectives for one in read)
    results = sum(one.key_results for one in read)
    return (
        f"A layout of its own: {formats.count(objectives, 'objective')} and "
        f"{formats.count(results, 'key result')} in {len(read)} of "
        f"{formats.count(len(tabs), 'tab')}."
    )


def _own_tab(name: str, there: TabColumns) -> TabLine:
    columns = tuple(
        ColumnLine(there.letters[column], there.headers[column], column, "sure", "by its name")
        for column in there.letters
    )
    return TabLine(there.title, name, "sure", "by its name", "", columns, True)


def _unread_tab(title: str) -> TabLine:
    return TabLine(
        title, Shape.UNREAD.value, "", "the board knows no tab of this name", "", (), False
    )


def _tab(one: TabReading) -> TabLine:
    is_read = one.shape is not Shape.UNREAD
    counts = [formats.count(one.objectives, "objective")] if one.objectives else []
    counts += [formats.count(one.key_results, "key result")] if one.key_results else []
    return TabLine(
        one.title,
        one.shape.value,
        sureness(one.confidence) if is_read else "",
        one.reason,
        formats.listing(counts) if counts else "",
        tuple(map(_column, one.columns)) if is_read else (),
        is_read,
    )


def _column(one: ColumnReading) -> ColumnLine:
    sure = sureness(one.confidence) if one.taken_for else ""
    return ColumnLine(one.letters, one.header, one.taken_for or "not read", sure, one.reason)


def as_lines(snapshot: Snapshot) -> list[str]:
    """Say the same for a terminal; nothing in the board's own layout."""
    if snapshot.layout is None:
        return []
    page = build_read_as(snapshot)
    lines = [page.summary]
    for tab in page.tabs:
        sure = f" ({tab.sure})" if tab.sure else ""
        lines.append(f"read as: “{tab.title}”: {tab.taken_for}{sure}, because {tab.reason}")
        lines += [
            f"  {one.letters} “{one.header}”: {one.taken_for}"
            f"{f' ({one.sure})' if one.sure else ''}, {one.reason}"
            for one in tab.columns
        ]
    lines += [f"asked: {one.asked} ({' / '.join(one.choices)})" for one in page.questions]
    return lines
