"""One request a refresh: what has been read so far, and the few cells to ask for next."""

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from okr.layout import Answer
from okr.layouts.detection import is_own_layout, understood
from okr.model import Cell, Source
from okr.reading import Reading, Tab
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError, Trouble, parse_reply
from okr.workbooks.google_grid import Grid, as_headed
from okr.workbooks.google_reading import (
    METADATA_FIELDS,
    Layout,
    Memory,
    Rows,
    Sheet,
    build_tab,
    extend,
    parse_layout,
    remember,
    revision,
    value_range,
)

WHOLE_EVERY = timedelta(minutes=10)
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Known:
    """All that has been read: the layout, each tab's rows by its gid, and what they make."""

    layout: Layout
    memories: Mapping[int, Memory]
    whole_at: datetime
    reading: Reading

    def rows(self, name: str) -> Sequence[Sequence[Cell]]:
        """Give the rows of a known tab; none where there is no such tab."""
        sheet = self.layout.tab(name)
        return self.memories[sheet.gid].rows if sheet else ()


class Refresher:
    """Reads a spreadsheet again and again, each time as little of it as will do."""

    def __init__(
        self,
        calls: Calls,
        location: str,
        now: Callable[[], datetime],
        answers: tuple[Answer, ...] = (),
    ) -> None:
        """Take where the sheet is, and what is configured of a layout of its own."""
        self._answers = answers
        self._calls = calls
        self._location = location
        self._now = now
        self._turn = threading.RLock()
        self._known: Known | None = None
        self._is_stale = True
        self._last_reply: tuple[tuple[str, ...], bytes] = ((), b"")

    def known(self) -> Known:
        """Give what the last refresh found; refresh first where that is missing or too old."""
        with self._turn:
            known = self._known
            if known is None or self._is_due(known):
                self.refresh()
            assert self._known is not None
            return self._known

    def look(self, before: Grid) -> Grid | None:
        """See a tab afresh, with its formulas, anchors and bars; None if it is not there.

        Raises:
            RequestFailedError: If Google does not show it.
        """
        try:
            return self._look(before)
        except RequestFailedError as failure:
            if failure.trouble is not Trouble.INVALID:
                raise
        self.forget_layout()  # a tab has been renamed or shortened since
        return self._look(before)

    def _look(self, before: Grid) -> Grid | None:
        """See the very tab of before, whatever it is called by now."""
        known, name = self.known(), before.name
        layout, there = known.layout, known.layout.tab(before.name)
        if there is None or there.gid != before.gid:
            titles = (sheet.title for sheet in layout.sheets if sheet.gid == before.gid)
            layout = layout.naming(next(titles, before.title), name)
        grid = self._calls.look(layout, known.rows, (name,)).grids.get(name)
        return None if grid is None else as_headed(grid, before)

    def forget_layout(self) -> None:
        """Read everything anew next time, because a tab has been added or renamed."""
        self._is_stale = True

    def refresh(self) -> Reading:
        """Ask for what may have changed, and put it together with what has not.

        Raises:
            RequestFailedError: If Google does not answer, or not with a reading.
        """
        with self._turn:
            for attempt in range(ATTEMPTS):
                try:
                    self._known = self._refreshed()
                    self._is_stale = False
                    return self._known.reading
                except RequestFailedError as failure:
                    if failure.trouble is not Trouble.INVALID or attempt == ATTEMPTS - 1:
                        raise
                    self._is_stale = True  # a tab is gone, or has become shorter
            raise AssertionError("unreachable")

    def _is_due(self, known: Known) -> bool:
        return self._is_stale or self._now() - known.whole_at >= WHOLE_EVERY

    def _refreshed(self) -> Known:
        before, now = self._known, self._now()
        if before is None or self._is_due(before):
            layout = self._layout()
            whole = self._all(layout, before.memories if before else {})
            return self._put_together(before, layout, whole, now, now)
        sheets = [one for one in before.layout.sheets if one.gid in before.memories]
        memories = self._grown(sheets, before.memories)
        return self._put_together(before, before.layout, memories, before.whole_at, now)

    def _put_together(
        self,
        before: Known | None,
        layout: Layout,
        memories: Mapping[int, Memory],
        whole_at: datetime,
        now: datetime,
    ) -> Known:
        """Make a reading; where nothing has changed, the one before with a new time."""
        read_at = now.astimezone(_zone(layout.timezone))
        if before and before.layout == layout and before.memories == memories:
            reading = replace(before.reading, read_at=read_at)
            return Known(layout, before.memories, whole_at, reading)
        gids = {sheet.title: sheet.gid for sheet in layout.sheets}
        plain = Reading(
            Source(layout.title, self._location, gids),
            read_at,
            revision(layout, memories),
            _tabs(layout, memories),
            layout.locale,
            layout.timezone,
            configured=self._answers,
        )
        return Known(layout, memories, whole_at, understood(plain))

    def _layout(self) -> Layout:
        return parse_layout(self._calls.metadata(METADATA_FIELDS))

    def _all(self, layout: Layout, old: Mapping[int, Memory]) -> dict[int, Memory]:
        """Read the known tabs, and all others where these are not in the board's own layout."""
        memories = self._whole(layout.known, old)
        if is_own_layout(_tabs(layout, memories)):
            return memories
        others = [one for one in layout.sheets if one.has_cells and one.gid not in memories]
        return memories | self._whole(others, old)

    def _whole(self, sheets: Sequence[Sheet], old: Mapping[int, Memory]) -> dict[int, Memory]:
        """Read tabs from their first row to their last."""
        replies = self._values(tuple(value_range(sheet, None) for sheet in sheets))
        return {
            sheet.gid: remember(rows, old.get(sheet.gid, Memory()))
            for sheet, rows in zip(sheets, replies or (), strict=True)
        }

    def _grown(self, sheets: Sequence[Sheet], old: Mapping[int, Memory]) -> Mapping[int, Memory]:
        """Read tabs again, those that only grow from their last known row on."""
        ranges = tuple(value_range(sheet, old[sheet.gid]) for sheet in sheets)
        replies = self._values(ranges, is_repeated=True)
        if replies is None:
            return old
        new: dict[int, Memory] = {}
        lost: list[Sheet] = []
        for sheet, asked, rows in zip(sheets, ranges, replies, strict=True):
            memory = old[sheet.gid]
            is_whole = asked == value_range(sheet, None)
            grown = remember(rows, memory) if is_whole else extend(rows, memory)
            if grown is None:
                lost.append(sheet)
            else:
                new[sheet.gid] = grown
        return new | self._whole(lost, old) if lost else new

    def _values(self, ranges: tuple[str, ...], is_repeated: bool = False) -> list[Rows] | None:
        """Fetch the values of ranges; None where the reply is, byte for byte, the last one."""
        if not ranges:
            return []
        content = self._calls.values(ranges)
        reply = (ranges, hashlib.blake2b(content).digest())
        if is_repeated and reply == self._last_reply:
            return None
        found = parse_reply(content, has_cells=True).get("valueRanges", [])
        if len(found) != len(ranges):
            raise RequestFailedError(Trouble.GARBLED, "the reply lacks a range")
        self._last_reply = reply
        return [part.get("values", []) for part in found]


def _tabs(layout: Layout, memories: Mapping[int, Memory]) -> tuple[Tab, ...]:
    """Put together the tabs that were read, in their order."""
    read = (sheet for sheet in layout.sheets if sheet.gid in memories)
    return tuple(build_tab(sheet, memories[sheet.gid]) for sheet in read)


def _zone(name: str) -> ZoneInfo:
    """Find the workbook's time zone; UTC where Python knows no such zone."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
