"""Style sheet and script as files, linked from the page that Streamlit serves to every browser.

Sent with each page run instead, their 45 kB would be searched, packed and sent at every click.
"""

import hashlib
from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from okr.views import banner, html

_WAYS = (b"if-none-match", b"if-modified-since", b"accept-encoding", b"range")
"""Headers by which a browser asks for less than the page as it is."""


@cache
def sheet() -> tuple[str, bytes]:
    """Give the name of the style sheet, which changes with its content, and the content."""
    content = f"{html.style()}{banner.STYLE}".encode()
    return _named(content, "css"), content


@cache
def script() -> tuple[str, bytes]:
    """Give the name of the script, which changes with its content, and the content."""
    content = html.script().encode()
    return _named(content, "js"), content


def _named(content: bytes, ending: str) -> str:
    return f"okr-{hashlib.sha256(content).hexdigest()[:16]}.{ending}"


async def answer_style(request: Request) -> Response:
    """Send the style sheet."""
    return _answer(request, sheet(), "text/css")


async def answer_script(request: Request) -> Response:
    """Send the script."""
    return _answer(request, script(), "text/javascript")


def _answer(request: Request, file: tuple[str, bytes], media_type: str) -> Response:
    """Send a file; under its own name a browser keeps it for good."""
    name, content = file
    is_own = request.path_params["name"] == name
    keep = "public, max-age=31536000, immutable" if is_own else "no-cache"
    return Response(content, media_type=media_type, headers={"Cache-Control": keep})


ROUTES = (Route("/style/{name}", answer_style), Route("/script/{name}", answer_script))


def index() -> bytes:
    """Read the page that Streamlit serves under every address of the board."""
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()


class Dressed:
    """Serve Streamlit's page with the links to style sheet and script, and all else as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._bare = index()
        style_at, script_at = f"./style/{sheet()[0]}", f"./script/{script()[0]}"
        self._page = html.dressed(self._bare.decode(), style_at, script_at).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; the page is sent whole, whatever version a browser holds."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        started: list[Message] = []

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_html(message):
                started.append(message)
                return
            if started:
                start = started.pop()
                if message.get("body") == self._bare:
                    _rename(start, len(self._page))
                    message = {**message, "body": self._page}
                await send(start)
            await send(message)

        await self._app(_asking_plainly(scope), receive, send_dressed)


def _is_html(message: Message) -> bool:
    return MutableHeaders(scope=message).get("content-type", "").startswith("text/html")


def _rename(start: Message, size: int) -> None:
    """Take away what names Streamlit's own version of the page."""
    headers = MutableHeaders(scope=start)
    for name in ("etag", "last-modified"):
        del headers[name]
    headers["content-length"] = str(size)


def _asking_plainly(scope: Scope) -> Scope:
    """Ask for a page whole and unpacked, whatever version a browser holds: it may lack the link."""
    headers = scope["headers"]
    if not any(name == b"accept" and b"text/html" in value for name, value in headers):
        return scope
    return {**scope, "headers": [one for one in headers if one[0] not in _WAYS]}
