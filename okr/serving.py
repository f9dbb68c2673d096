"""What the server does around the pages: a warm start, its health, its names, the headers."""

import asyncio
import base64
import gc
import hashlib
import importlib
import ipaddress
import logging
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from okr import shell
from okr.pictures.settings import settings

_HEAVY = (
    "altair",
    "pandas",
    "streamlit.elements.arrow",
    "streamlit.elements.vega_charts",
)
"""Imported before the first visitor comes, who would otherwise wait for them."""

_PATIENCE = 10.0
"""Seconds that the start waits for the first reading; after that, pages say that it goes on."""

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Load what pages need, read the workbook, and keep it live until the server ends.

    All that is loaded by then stays: frozen, it is not walked by each later garbage collection.
    """
    log_to(sys.stderr)
    for name in _HEAVY:
        importlib.import_module(name)
    warming = asyncio.create_task(asyncio.to_thread(shell.warm_up))
    await asyncio.wait({warming}, timeout=_PATIENCE)
    gc.collect()
    gc.freeze()
    try:
        yield {}
    finally:
        await asyncio.to_thread(shell.close)


def log_to(stream: Any) -> None:
    """Write what the board logs, traces included, to a stream: never to a page."""
    log = logging.getLogger("okr")
    if not log.handlers:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        log.propagate = False


async def healthz(_request: Request) -> JSONResponse:
    """Say whether there is a snapshot, how old it is, and how much is in it."""
    try:
        health = await asyncio.wait_for(asyncio.to_thread(shell.health), timeout=2.0)
    except TimeoutError:  # the first reading is still under way
        health = {"status": "starting", "revision": None, "failure": None}
    return JSONResponse(
        health, 200 if health["revision"] else 503, headers={"Cache-Control": "no-store"}
    )


def content_policy(index_html: str) -> str:
    """Write the policy that lets a page load nothing but what this server itself sends.

    Text from the sheet ends up in places that read Markdown and HTML. Whatever it says there, no
    browser asks another machine for anything. Streamlit's one inline script is named by its hash.
    """
    inline = [_hash(script) for script in _INLINE_SCRIPT.findall(index_html)]
    scripts = " ".join(f"'{hash_}'" for hash_ in inline)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


def _hash(script: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def security_headers() -> dict[str, str]:
    """Build the headers that every answer carries."""
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    return {
        "Content-Security-Policy": content_policy(index.read_text("utf-8")),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "same-origin",
        "X-DNS-Prefetch-Control": "off",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


class SecurityHeaders:
    """Add the security headers to every HTTP answer, Streamlit's own included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; websockets pass through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class KnownHosts:
    """Answer only to names that are the board's own, websockets included.

    A stranger's website may let its name lead to this machine; a browser then takes the board for
    a part of that website, and lets it read all that is here. Such a name has a dot in it. So the
    board answers to addresses in numbers, to names without a dot, and to names that it was told of.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked of the board, and refuse what is asked of another name."""
        host = _name(Headers(scope=scope).get("host", "")) if "headers" in scope else ""
        if is_own(host):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse(_NOT_OURS, 403)(scope, receive, send)


class WithoutMetrics:
    """Keep to itself what Streamlit counts of sessions and caches, unless OKR_METRICS is set.

    Everybody who reaches the board could read it, and each reading walks all that is kept.
    """

    PATH = "/_stcore/metrics"

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._is_open = os.environ.get("OKR_METRICS", "").casefold() in ("1", "true", "yes", "on")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as if there were nothing there; all else is passed on."""
        if self._is_open or not scope.get("path", "").rstrip("/").endswith(self.PATH):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse("Not Found", 404)(scope, receive, send)


_NOT_OURS = (
    "This board does not know the name in the address. Whoever runs it puts the address that "
    "people use into OKR_ADDRESS, or as address under [okr] in .streamlit/secrets.toml."
)


def is_own(host: str) -> bool:
    """Tell whether a host, in lower case and without its port, is one that the board answers to."""
    if "." not in host or host.endswith(".localhost"):
        return True
    told = (urlsplit(settings().address).hostname, os.environ.get("OKR_HOST"), socket.gethostname())
    return host in {name.casefold() for name in told if name} or _is_number(host)


def _name(host: str) -> str:
    """Take the name out of a Host header: ``Okr.Example.com.:8501`` is ``okr.example.com``."""
    return re.sub(r":\d*$", "", host.strip()).casefold().removesuffix(".")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
        return True
    except ValueError:
        return False
