"""Where Streamlit meets the rest: the live workbook, the clock, the choices, the catch-all."""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import cache, partial
from threading import Lock
from typing import Any, Final, NoReturn, TypeVar

import streamlit as st
from streamlit.runtime.state.session_state_proxy import get_session_state

from okr.assess import ALL_CYCLES, UnknownCycleError, build_board, choose_cycle
from okr.board import Board
from okr.columns import normalise
from okr.cycles import find_cycle
from okr.history import History, build_history
from okr.looking_back import as_of, without_repeats
from okr.model import Cycle, Problem, Snapshot
from okr.session import kept
from okr.teams import team_tree
from okr.views import banner, formats, html
from okr.views.addresses import Address
from okr.workbooks.interface import WorkbookError
from okr.workbooks.live import LiveWorkbook, View
from okr.workbooks.opening import (
    DEMO,
    Configuration,
    open_workbook,
    read_configuration,
)

T = TypeVar("T")
Key = tuple[Hashable, ...]

_log = logging.getLogger(__name__)

KEPT: Final = DEMO.parent
"""Where the last good reading of a workbook outlives the process."""

PICKED: Final = ("cycle", "team")
"""What pickers choose, as the address calls it."""

_FIRST_YEAR: Final = 1900
"""Nobody looks back further; days long before would be beyond the clock in some time zones."""

_LEAST_WAIT: Final = 2.0
"""Seconds between two looks of an open page at the live workbook, whatever the settings say."""


class Shared:
    """What is computed once and shown to everybody: some results of the newest revision.

    Results are shared between sessions and must not be changed.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._results: OrderedDict[Key, Future[Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, make: Callable[[], T]) -> T:
        """Give the result kept under a key; the first to ask makes it, the others wait for it.

        A key begins with the revision of the workbook. A new one lets go of all results before it,
        for nobody asks for them any more.
        """
        with self._lock:
            known = self._results.get(key)
            result: Future[T] = known or Future()
            self._results[key] = result
            if known is None:
                self._let_go(key)
            else:
                self._results.move_to_end(key)
        if known is None:
            self._fulfil(key, result, make)
        return result.result()

    def _let_go(self, newest: Key) -> None:
        """Let go of what is of another revision than the newest; else of what is too much."""
        past = [known for known in self._results if known[0] != newest[0]]
        for old in past or list(self._results)[: -self._size]:
            del self._results[old]

    def _fulfil(self, key: Key, result: Future[T], make: Callable[[], T]) -> None:
        """Make a result; a failure is told to those who wait for it, and not kept."""
        try:
            result.set_result(make())
        except BaseException as error:
            with self._lock:
                self._results.pop(key, None)
            result.set_exception(error)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one run of a page shows: the board, and the choices that led to it.

    ``team`` is the name of a team of the board, of the organisation where none was chosen.
    ``day`` is the day shown: ``as_of`` where the address asks for one, else ``today``. ``key`` is
    equal where the board is.
    """

    view: View
    board: Board
    team: str
    day: date
    today: date
    as_of: date | None
    is_demo: bool
    is_read_only: bool
    key: Key

    @property
    def snapshot(self) -> Snapshot:
        """The reading that the board was computed from."""
        return self.board.snapshot

    @property
    def cycle(self) -> Cycle | None:
        """The chosen cycle; None for all of them, or where the workbook has none."""
        return self.board.cycle

    def history(self) -> History:
        """Follow the cycle that is shown up to the day; worked out once for everybody.

        A value that nobody dated is left out of the days before the first check-in, as in the
        curve of a status picture: it would let the score begin at its end.

        Raises:
            ValueError: If no one cycle is shown.
        """
        if self.cycle is None:
            raise ValueError("A history is of one cycle.")
        snapshot, cycle, day = self.snapshot, self.cycle, self.day
        return _histories.get(
            self.key, lambda: build_history(snapshot, cycle, day, with_undated=False)
        )

    def past(self, day: date) -> Board:
        """Give the same cycle as it was known to stand at the end of an earlier day, to compare.

        As in the history, a value that nobody dated is left out of the days before the first
        check-in.
        """
        snapshot, cycle = known_on(self.snapshot, day), self.cycle
        key = (snapshot.revision, cycle and cycle.name, day, "to compare")
        return _boards.get(
            key, lambda: build_board(without_repeats(snapshot), cycle, day, self.today)
        )

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Make something of this board and team once, for all sessions that show the same."""
        return _drawings.get((*self.key, self.team, name), make)

    def once_a_board(self, name: str, make: Callable[[], T]) -> T:
        """Make something of this board once, for all teams and sessions that show it."""
        return _drawings.get((*self.key, None, name), make)


_snapshots = Shared(size=8)
_boards = Shared(size=12)
_drawings = Shared(size=96)
_histories = Shared(size=4)
_opening = Lock()
_live: LiveWorkbook | None = None
_configuration: Configuration | None = None
_clock: Callable[[], datetime] = partial(datetime.now, UTC)
_visit: ContextVar[Visit | None] = ContextVar("visit", default=None)


# The live workbook, and the clock


def live() -> LiveWorkbook:
    """Give the one live workbook of this process; the first to ask opens it.

    Raises:
        WorkbookError: If what is configured names no workbook, with the mend.
    """
    global _live, _configuration
    with _opening:
        if _live is None:
            _configuration = read_configuration()
            workbook = open_workbook(_configuration)
            keep = None if _configuration.is_demo else KEPT
            _live = LiveWorkbook(workbook, keep=keep, records=not _configuration.is_read_only)
        return _live


def install(
    workbook: LiveWorkbook | None,
    clock: Callable[[], datetime] | None = None,
    configuration: Configuration | None = None,
) -> None:
    """Put another live workbook and clock in place, as tests do; None: what is configured."""
    global _live, _clock, _configuration
    with _opening:
        _live, _configuration = workbook, configuration
        _clock = clock or partial(datetime.now, UTC)


def close() -> None:
    """Stop the live workbook, if there is one."""
    global _live
    with _opening:
        if _live is not None:
            _live.stop()
        _live = None


def warm_up() -> None:
    """Open the workbook and compute its board, so that no visitor waits for them."""
    try:
        snapshot = live().view().snapshot
        if snapshot is not None:
            day = today(snapshot)
            _board(snapshot, choose_cycle(snapshot, None, day), day, day)
    except Exception:
        _log.exception("The workbook could not be opened yet.")


def now(snapshot: Snapshot | None) -> datetime:
    """Give the moment in the time zone of the workbook; without one, in the machine's."""
    zone: tzinfo | None = snapshot.read_at.tzinfo if snapshot else None
    return _clock().astimezone(zone)


def today(snapshot: Snapshot | None) -> date:
    """Give the day in the time zone of the workbook."""
    return now(snapshot).date()


def health() -> dict[str, Any]:
    """Say how the board is: the age of its snapshot in seconds, and how much is in it."""
    try:
        view = live().view()
    except WorkbookError as error:
        return {"status": "failing", "revision": None, "failure": str(error)}
    snapshot = view.snapshot
    status = "failing" if view.failure else "ok" if snapshot else "starting"
    health: dict[str, Any] = {"status": status, "revision": None, "failure": view.failure or None}
    if snapshot is not None:
        read_at = view.checked_at or snapshot.read_at
        health |= {
            "revision": snapshot.revision,
            "workbook": snapshot.source.title,
            "read_at": read_at.isoformat(),
            "age_seconds": round((_clock() - read_at).total_seconds(), 1),
            "objectives": len(snapshot.objectives),
            "key_results": len(snapshot.key_results),
            "problems": len(_problems_now(snapshot)),
        }
    return health


def _problems_now(snapshot: Snapshot) -> tuple[Problem, ...]:
    """List what every page and ``check`` list today, by the board that the pages share."""
    day = today(snapshot)
    return _board(snapshot, choose_cycle(snapshot, None, day), day, day).problems


# What a page shows


def load() -> Visit:
    """Give a page what it shows; where there is nothing to show yet, say so and end the run."""
    visit = _visit.get()
    if visit is not None:
        return visit
    view = live().view()
    if view.snapshot is None:
        _wait_for_first(view)
    return _visit_of(view, view.snapshot, _chosen)


def visit_at(query: Mapping[str, str]) -> Visit | None:
    """Give what an address alone asks for, whatever pickers held; None before the first reading.

    That is what a route serves, and what a page shows on which no pickers are drawn.

    Raises:
        WorkbookError: If what is configured names no workbook, with the mend.
    """
    view = live().view()
    return None if view.snapshot is None else _visit_of(view, view.snapshot, query.get)


def _visit_of(view: View, snapshot: Snapshot, chosen: Callable[[str], str | None]) -> Visit:
    """Put together what the choices in the address, or in the pickers, lead to."""
    now_day = today(snapshot)
    earlier = _asked_day(chosen("as_of"), now_day)[0]
    day = earlier or now_day
    snapshot = known_on(snapshot, day)
    try:
        cycle = choose_cycle(snapshot, chosen("cycle"), day)
    except UnknownCycleError:
        cycle = choose_cycle(snapshot, None, day)
    board = _board(snapshot, cycle, day, now_day)
    teams = [team.team.name for team in board.teams]
    team = chosen("team")
    return Visit(
        view=view,
        board=board,
        team=team if team in teams else board.top.team.name,
        day=day,
        today=now_day,
        as_of=earlier,
        is_demo=bool(_configuration and _configuration.is_demo),
        is_read_only=bool(_configuration and _configuration.is_read_only),
        key=(snapshot.revision, cycle and cycle.name, day),
    )


def known_on(snapshot: Snapshot, day: date) -> Snapshot:
    """Give the workbook as it was known at the end of a day; worked out once for everybody."""
    if day >= today(snapshot):
        return snapshot
    return _snapshots.get((snapshot.revision, day), lambda: as_of(snapshot, day))


def _board(snapshot: Snapshot, cycle: Cycle | None, day: date, now_day: date) -> Board:
    """Compute a board once for everybody."""
    key = (snapshot.revision, cycle and cycle.name, day)
    return _boards.get(key, lambda: build_board(snapshot, cycle, day, now_day))


def _chosen(key: str) -> str | None:
    """Give the choice made in a picker; before there is one, that of the address."""
    choice = st.session_state.get(key) or st.query_params.get(key)
    return str(choice) if choice else None


def _asked_day(asked: str | None, now_day: date) -> tuple[date | None, banner.Notice | None]:
    """Give the earlier day that is asked for; None for today, or where a remark says why not."""
    if not asked:
        return None, None
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None, banner.not_a_day(asked)
    if day.year < _FIRST_YEAR:
        return None, banner.not_a_day(asked)
    if day > now_day:
        return None, banner.not_yet(day)
    return (day if day < now_day else None), None


# The frame around it


@contextmanager
def visiting(visit: Visit) -> Iterator[None]:
    """Let the page that the frame runs show just what the frame shows."""
    token = _visit.set(visit)
    try:
        yield
    finally:
        _visit.reset(token)


def show_pickers(page: str, has_team: bool) -> None:
    """Draw the pickers of cycle, team and day; in the address stands what is not the default."""
    snapshot = live().view().snapshot
    if snapshot is None:
        return
    asked, remark = _asked_day(st.query_params.get("as_of"), today(snapshot))
    day = asked or today(snapshot)
    snapshot = known_on(snapshot, day)
    default = choose_cycle(snapshot, None, day)
    _remark(page, "as_of", remark)
    if default is not None:
        names = [cycle.name for cycle in _newest_first(snapshot)]
        _pick(page, "Cycle", [*names, ALL_CYCLES], default.name, 130, _same_cycle(snapshot))
    if has_team:
        teams = [team.name for team in team_tree(snapshot)]
        _pick(page, "Team", teams, snapshot.settings.organisation, 210, _same_name(teams))
    _say("day", banner.DayPicker(day, today(snapshot)))


def put_pickers_away(query: Mapping[str, str]) -> None:
    """Keep the choices in the address, whose query is given, while their pickers are not drawn.

    Streamlit takes a choice out of the address when its picker goes, unless they are parted first.
    What the pickers held follows the address, so that they come back with it.
    """
    with get_session_state().query_params() as params:
        bound = [params.get_binding_for_param(name) for name in PICKED]
        for binding in filter(None, bound):
            params.unbind_widget(binding.widget_id)
    for name in PICKED:
        if asked := query.get(name):
            st.session_state[name] = asked
        elif name in st.session_state:
            del st.session_state[name]


def _newest_first(snapshot: Snapshot) -> list[Cycle]:
    return sorted(snapshot.cycles, key=lambda cycle: (cycle.starts, cycle.ends), reverse=True)


def _same_cycle(snapshot: Snapshot) -> Callable[[str], str | None]:
    def find(asked: str) -> str | None:
        cycle = find_cycle(snapshot.cycles, asked)
        return cycle.name if cycle else None

    return find


def _same_name(names: Sequence[str]) -> Callable[[str], str | None]:
    def find(asked: str) -> str | None:
        return next((name for name in names if normalise(name) == normalise(asked)), None)

    return find


def _pick(
    page: str,
    label: str,
    options: Sequence[str],
    default: str,
    width: int,
    find: Callable[[str], str | None],
) -> None:
    """Draw one picker; what the address asks for and nobody knows becomes a remark."""
    key = label.lower()
    asked = st.query_params.get(key)
    if asked and asked not in options:
        meant = find(asked)
        if meant and key not in st.session_state:
            st.query_params[key] = meant  # the picker then finds it as if it had been asked for
            st.rerun()
        elif not meant:
            _remark(page, key, banner.unknown(label, asked, default))
    st.selectbox(
        label,
        options,
        index=options.index(default),
        key=key,
        bind="query-params",
        width=width,
        label_visibility="collapsed",
        on_change=_forget_remark,
        args=(key,),
    )


def _remark(page: str, about: str, notice: banner.Notice | None) -> None:
    """Note what a page has to say of its address, until another page is opened."""
    if notice is not None:
        kept()[f"remark {about}"] = (page, notice)


def _forget_remark(about: str) -> None:
    kept().pop(f"remark {about}", None)


def _remarks(page: str) -> tuple[banner.Notice, ...]:
    held = kept()
    noted = [held.get(f"remark {about}") for about in ("as_of", "cycle", "team")]
    return tuple(said[1] for said in noted if said is not None and said[0] == page)


def show_banner(visit: Visit, address: Address, above: html.Block | None = None) -> None:
    """Say as of when, from which workbook and how complete; keep that, and the page, up to date.

    Each open page looks at the live workbook now and then, which asks Google nothing. Only where
    something has changed is the page drawn anew; what is half typed in a form stays.

    Args:
        visit: What the page shows.
        address: The page that is open.
        above: What stands above that line and is drawn with it: one message less.
    """
    said = banner.build(
        visit.board,
        address,
        visit.view.checked_at or visit.snapshot.read_at,
        visit.view.failure,
        visit.view.failing_since,
        is_demo=visit.is_demo,
        as_of=visit.as_of,
        remarks=_remarks(address.page),
    )
    shown = _state(visit.view, visit.today)
    _keeping_fresh(_pause(visit.snapshot))(said, shown, above or html.Block())


@cache
def _keeping_fresh(pause: float) -> Callable[[banner.Banner, Key, html.Block], None]:
    """Let the banner be drawn anew every so many seconds."""
    return st.fragment(run_every=pause)(_keep_fresh)


def _keep_fresh(said: banner.Banner, shown: Key, above: html.Block) -> None:
    """Draw the banner. It is kept while the page is open, so it takes no more than it draws."""
    view = live().view()
    if _state(view, today(view.snapshot)) != shown:
        st.rerun(scope="app")
    if view.snapshot and view.checked_at:
        checked_at = view.checked_at.astimezone(view.snapshot.read_at.tzinfo)
        said = replace(said, moment=formats.moment(checked_at))
    st.html(above + html.draw_again("banner", said, "line"))


def _say(part: str, said: object) -> None:
    """Draw a part of the frame."""
    st.html(html.draw("banner", said, part))


def _state(view: View, day: date) -> Key:
    """Name what a page shows: pages that would show the same have equal names."""
    return view.snapshot and view.snapshot.revision, bool(view.failure), day


def _pause(snapshot: Snapshot | None) -> float:
    return max(_LEAST_WAIT, snapshot.settings.refresh_seconds if snapshot else _LEAST_WAIT)


def _wait_for_first(view: View) -> NoReturn:
    """Say why there is nothing to show yet, look again by itself, and end the run."""

    def look() -> None:
        if live().view().snapshot is not None:
            st.rerun(scope="app")

    _say("alone", banner.waiting(view.failure))
    st.fragment(run_every=_LEAST_WAIT)(look)()
    st.stop()


# The one catch-all


@contextmanager
def guard() -> Iterator[None]:
    """Turn whatever fails in a page into a sentence; the trace goes to the log alone."""
    try:
        yield
    except Exception as error:
        show_failure(error)


def show_failure(error: Exception) -> bool:
    """Say what happened and what to do, with nothing of the inside; the log has the rest.

    Returns:
        True, so that Streamlit does not show the error in its own way.
    """
    if isinstance(error, WorkbookError):
        _log.warning("%s", error)
        _say("alone", banner.refused(str(error)))
        return True
    reference = secrets.token_hex(3)
    _log.error("A page failed (reference %s)", reference, exc_info=error)
    _say("alone", banner.broken(reference))
    return True
