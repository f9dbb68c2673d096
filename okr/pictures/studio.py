"""Where pictures are made, one at a time on a thread of their own, and kept for the next to ask."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from okr.assess import build_board, choose_cycle
from okr.board import Board
from okr.model import Cycle, Snapshot
from okr.pictures.cascade import build_cascade_content
from okr.pictures.choice import Choice, PictureError
from okr.pictures.content import Json, Origin, build_content, build_refusal
from okr.pictures.drawing import CASCADE, Draughtsman, template_version
from okr.pictures.legible import Reader
from okr.pictures.settings import settings
from okr.pictures.trend import PastBoards

MOST_BYTES = 96_000_000
MOST_BOARDS = 4


@dataclass(frozen=True, slots=True)
class Order:
    """All that a picture follows from: equal orders give equal bytes.

    ``revision`` and ``read_at`` name the reading of the workbook.
    """

    revision: str
    read_at: str
    cycle: str
    day: date
    choice: Choice
    origin: Origin
    form: str = "png"
    scale: float = 1.0

    @property
    def name(self) -> str:
        """Name the bytes that this order gives, without drawing them."""
        said = f"{template_version()} {self!r}"
        return hashlib.sha256(said.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture: its bytes, what it shows as data, and how many pages there are in all.

    ``name`` is that of its order. ``is_refusal`` tells that it says what is wrong instead of what
    was asked for.
    """

    body: bytes
    content: Json
    pages: int
    is_refusal: bool = False
    name: str = ""


def order_of(
    snapshot: Snapshot,
    cycle: Cycle | None,
    day: date,
    choice: Choice,
    origin: Origin,
    form: str = "png",
    scale: float = 1.0,
) -> Order:
    """Put together what a picture of a snapshot follows from."""
    name = cycle.name if cycle else ""
    read_at = snapshot.read_at.isoformat()
    return Order(snapshot.revision, read_at, name, day, choice, origin, form, scale)


@dataclass
class Studio:
    """Draws pictures and keeps the newest of them, up to a number of bytes."""

    font_folder: Path | None = None
    most_bytes: int = MOST_BYTES
    _kept: OrderedDict[str, Picture] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _under_way: dict[Order, Future[Picture]] = field(default_factory=dict)
    _boards: OrderedDict[tuple[str, str, date], Board] = field(default_factory=OrderedDict)
    _past: PastBoards = field(default_factory=PastBoards)
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="okr-pictures")

    @cached_property
    def _draughtsman(self) -> Draughtsman:
        return Draughtsman(self.font_folder)

    @cached_property
    def _cartographer(self) -> Draughtsman:
        return Draughtsman(self.font_folder, CASCADE)

    def warm_up(self) -> None:
        """Load the fonts, so that the first to ask does not wait for them."""
        self._thread.submit(lambda: self._draughtsman)

    def known(self, name: str) -> Picture | None:
        """Give a picture that is there already, by the name of its order."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def picture(self, order: Order, make_board: Callable[[], Board]) -> "Future[Picture]":
        """Give a picture, drawing it if nobody did before; the same order is drawn once."""
        known = self.known(order.name)
        if known is not None:
            done: Future[Picture] = Future()
            done.set_result(known)
            return done
        with self._lock:
            if order not in self._under_way:
                self._under_way[order] = self._thread.submit(self._make, order, make_board)
            return self._under_way[order]

    def draw(
        self, board: Board, choice: Choice, origin: Origin, form: str, scale: float = 1.0
    ) -> Picture:
        """Draw a board that is at hand, and wait for it."""
        order = order_of(board.snapshot, board.cycle, board.day, choice, origin, form, scale)
        return self.picture(order, lambda: board).result()

    def body(self, board: Board, choice: Choice, origin: Origin, form: str) -> bytes:
        """Draw a board that is at hand, for its bytes alone."""
        return self.draw(board, choice, origin, form).body

    def refusal(self, error: PictureError, choice: Choice, form: str) -> "Future[Picture]":
        """Draw the picture that says what is wrong; it is not kept."""
        return self._thread.submit(self._refuse, error, choice, form)

    def _make(self, order: Order, make_board: Callable[[], Board]) -> Picture:
        try:
            made = replace(self._drawn(order, make_board), name=order.name)
            self._keep(made)
            return made
        finally:
            with self._lock:
                self._under_way.pop(order, None)

    def _drawn(self, order: Order, make_board: Callable[[], Board]) -> Picture:
        choice, by = order.choice, self._draughtsman
        reader = Reader(by.lacks)
        try:
            board = self._board(order, make_board)
            if choice.picture == "cascade":
                by = self._cartographer
                content = build_cascade_content(board, choice, order.origin, reader)
            else:
                content = build_content(board, choice, order.origin, self._past, reader)
        except PictureError as error:
            return self._refuse(error, choice, order.form)
        return self._put_down(by, content, order.form, order.scale)

    def _refuse(self, error: PictureError, choice: Choice, form: str) -> Picture:
        content = build_refusal(error, choice, Reader(self._draughtsman.lacks))
        return self._put_down(self._draughtsman, content, form, 1.0, is_refusal=True)

    def _put_down(
        self, by: Draughtsman, content: Json, form: str, scale: float, is_refusal: bool = False
    ) -> Picture:
        data: dict[str, Any] = {**content, "page": 0} if form == "pdf" else content
        drawn = by.draw(data, form, scale)
        return Picture(drawn[0], content, by.count_pages(), is_refusal)

    def _board(self, order: Order, make_board: Callable[[], Board]) -> Board:
        """Build a board once for all pictures of it."""
        key = (order.revision, order.cycle, order.day)
        board = self._boards.get(key) or make_board()
        self._boards[key] = board
        while len(self._boards) > MOST_BOARDS:
            self._boards.popitem(last=False)
        return board

    def _keep(self, made: Picture) -> None:
        with self._lock:
            self._kept[made.name] = made
            self._bytes += len(made.body)
            while self._bytes > self.most_bytes and len(self._kept) > 1:
                _, old = self._kept.popitem(last=False)
                self._bytes -= len(old.body)


def make_board(snapshot: Snapshot, cycle: str | None, day: date) -> Callable[[], Board]:
    """Promise the board of a cycle that is known to be there."""
    return lambda: build_board(snapshot, choose_cycle(snapshot, cycle, day), day)


_studio: Studio | None = None
_opening = Lock()


def studio() -> Studio:
    """Give the one studio of this process."""
    global _studio
    with _opening:
        if _studio is None:
            _studio = Studio(settings().fonts)
        return _studio
