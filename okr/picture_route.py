"""The live pictures: the current status and cascade by their address, for wikis and slides."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from okr import shell
from okr.assess import UnknownCycleError, choose_cycle
from okr.board import Board
from okr.model import Snapshot
from okr.pictures.choice import FORMS, PICTURES, Choice, PictureError, read_choice
from okr.pictures.content import Origin
from okr.pictures.settings import settings
from okr.pictures.studio import Order, make_board, order_of, studio
from okr.workbooks.interface import WorkbookError
from okr.workbooks.live import View

TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}

_AFTER_A_WHILE = 5
"""Seconds after which to ask again for a picture that could not be drawn now."""


@dataclass(slots=True)
class Allowance:
    """How many new pictures may be asked for: some at once, then so many a second."""

    at_once: float = 40.0
    a_second: float = 4.0
    _left: float = field(default=-1.0)
    _since: float = field(default=0.0)

    def take(self) -> bool:
        """Take one; False where none is left for now."""
        now = time.monotonic()
        left = self.at_once if self._left < 0 else self._left
        self._left = min(self.at_once, left + (now - self._since) * self.a_second)
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


allowance = Allowance()


async def picture(request: Request) -> Response:
    """Answer with the picture that the address names, or with one that says what is wrong."""
    if not settings().is_live:
        return PlainTextResponse("Live pictures are switched off for this board.", 404)
    named, _, form = request.url.path.rpartition("/")[2].rpartition(".")
    base = settings().address or str(request.base_url).rstrip("/")
    choice = Choice()
    try:
        choice = read_choice(request.query_params, named)
        view = await asyncio.to_thread(_view)
        assert view.snapshot is not None
        order, board = _order(request, view, view.snapshot, choice, base, form)
    except PictureError as error:
        return await _refuse(error, choice, form)
    if _etag(order.name) in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=_headers(order.name, _CURRENT))
    drawn = studio().known(order.name)
    if drawn is None:
        if not allowance.take():
            return await _refuse(_TOO_MANY, choice, form, 429)
        drawn = await asyncio.wrap_future(studio().picture(order, board))
    return Response(drawn.body, headers=_headers(order.name, _CURRENT), media_type=TYPES[form])


async def shown(request: Request) -> Response:
    """Answer with a picture that a page shows, by its name: it is drawn already, and costs nobody.

    The same name is always the same picture, so a browser that has it need not ask again.
    """
    name = request.path_params["name"]
    known = studio().known(name)
    if known is None or not known.body.startswith(_PNG):
        return await _refuse(_NOT_KEPT, Choice(), "png")
    return Response(known.body, headers=_headers(name, _FOR_GOOD), media_type=TYPES["png"])


_PNG = b"\x89PNG"
_CURRENT = "private, no-cache"
"""Let a browser keep the picture, and ask at each load whether it still is the current one."""

_FOR_GOOD = "private, max-age=31536000, immutable"

_NOT_KEPT = PictureError(
    "This picture is no longer kept",
    "Its address was made for one look at the page Status.",
    "For other pages, take the live link that stands below the picture there.",
)

_TOO_MANY = PictureError(
    "Too many new pictures at once",
    "The board draws them one after the other, and others were asked for first.",
    "Load this address again in a few seconds.",
)


def _view() -> View:
    """Look at the live workbook.

    Raises:
        PictureError: If there is nothing to draw yet.
    """
    try:
        view = shell.live().view()
    except WorkbookError as error:
        raise PictureError("The workbook cannot be opened", str(error), "") from error
    if view.snapshot is None:
        raise PictureError(
            "There is no data yet",
            view.failure or "The workbook is being read for the first time.",
            "This picture shows it as soon as it is there.",
        )
    return view


def _order(
    request: Request, view: View, snapshot: Snapshot, choice: Choice, base: str, form: str
) -> tuple[Order, Callable[[], Board]]:
    """Put together what the picture follows from.

    Raises:
        PictureError: If the address asks for a day or a cycle that there is not.
    """
    today = shell.today(snapshot)
    day = _day(request.query_params.get("as_of", ""), today) or today
    snapshot = shell.known_on(snapshot, day)
    try:
        cycle = choose_cycle(snapshot, request.query_params.get("cycle") or None, day)
    except UnknownCycleError as error:
        raise PictureError(
            "There is no such cycle", str(error), "Write one of them as cycle."
        ) from error
    origin = Origin(base, view.failing_since if view.failure else None)
    name = cycle.name if cycle else "all"
    return order_of(snapshot, cycle, day, choice, origin, form), make_board(snapshot, name, day)


def _day(asked: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(asked) if asked else None
        if day is not None and day > today:
            raise PictureError(
                f"{asked} has not come yet",
                "The address asks for a day to come.",
                "Write an earlier day as as_of, or leave it out for today.",
            )
        return day
    except ValueError:
        raise PictureError(
            f"“{asked}” is not a day",
            "The address asks for a day that cannot be read.",
            "Write as_of as 2026-11-20, or leave it out for today.",
        ) from None


def _headers(name: str, keeping: str) -> dict[str, str]:
    return {"ETag": _etag(name), "Cache-Control": keeping}


def _etag(name: str) -> str:
    return f'"{name}"'


async def _refuse(error: PictureError, choice: Choice, form: str, status: int = 200) -> Response:
    """Say in a picture what is wrong: where an image is expected, nobody sees an error page.

    A new one is paid for like any other picture, but for the one that says to come back later.
    """
    asked = (error.title, str(error), choice.size, choice.theme, form)
    body = _refusals.get(asked)
    if body is None:
        if status != 429 and not allowance.take():
            return await _refuse(_TOO_MANY, choice, form, 429)
        drawn = await asyncio.wrap_future(studio().refusal(error, choice, form))
        if len(_refusals) >= _MOST_REFUSALS:
            _refusals.clear()
        body = _refusals[asked] = drawn.body
    headers = {"Cache-Control": "no-store"}
    if status == 429:
        headers["Retry-After"] = str(_AFTER_A_WHILE)
    return Response(body, status, headers, TYPES[form])


_MOST_REFUSALS = 64
_refusals: dict[tuple[str, ...], bytes] = {}


ROUTES = [
    *(Route(f"/{name}.{form}", picture) for name in PICTURES for form in FORMS),
    Route("/picture/{name}/{file}", shown),
]
