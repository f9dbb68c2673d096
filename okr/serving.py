"""What the server does around the pages: a warm start, its health, and the security headers."""

import asyncio
import base64
import gc
import hashlib
import importlib
import logging
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from okr import shell
from okr.views import html

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


def content_policy(index_html: str, *allowed: str) -> str:
    """Write the policy that lets a page load nothing but what this server itself sends.

    Text from the sheet ends up in places that read Markdown and HTML. Whatever it says there, no
    browser asks another machine for anything. Streamlit's one inline script is named by its hash,
    and so are those that are allowed beside it.
    """
    inline = [_hash(script) for script in _INLINE_SCRIPT.findall(index_html)]
    scripts = " ".join(f"'{hash_}'" for hash_ in (*inline, *allowed))
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
        "Content-Security-Policy": content_policy(index.read_text("utf-8"), html.LINKS_HASH),
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
