"""The headers that every answer carries, and the one inline script that they allow."""

import base64
import hashlib

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from okr import serving
from okr.pictures.settings import PictureSettings
from okr.serving import KnownHosts, WithoutMetrics, content_policy, security_headers


def script_sources(policy: str) -> list[str]:
    [rule] = [rule for rule in policy.split("; ") if rule.startswith("script-src ")]
    return rule.split(" ")[1:]


def test_only_streamlits_own_inline_script_is_allowed() -> None:
    script = "\n window.ready = false\n"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    policy = content_policy(f"<head><script>{script}</script></head>")

    assert script_sources(policy) == ["'self'", "'wasm-unsafe-eval'", f"'sha256-{digest}'"]


def test_nothing_may_come_from_anywhere_else() -> None:
    policy = security_headers()["Content-Security-Policy"]

    for rule in policy.split("; "):
        name, *sources = rule.split(" ")
        assert not [source for source in sources if "*" in source or "http" in source], name
    assert "'unsafe-inline'" not in script_sources(policy)
    assert "'unsafe-eval'" not in script_sources(policy)


# --- the names that the board answers to ----------------------------------------------------------


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A server that knows its public address, behind the check of names."""

    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    told = PictureSettings(address="https://OKR.example.com")
    monkeypatch.setattr(serving, "settings", lambda: told)
    monkeypatch.setenv("OKR_HOST", "board.intern.example")
    monkeypatch.setattr(serving.socket, "gethostname", lambda: "Machine.intern.example")
    routes = [Route("/", lambda _: PlainTextResponse("here")), WebSocketRoute("/talk", talk)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(KnownHosts)]))


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8501",
        "127.0.0.1:8501",
        "10.1.2.3",
        "[::1]:8501",
        "okr",
        "okr.example.com",
        "OKR.Example.com.:443",
        "board.intern.example",
        "machine.intern.example:8501",
    ],
)
def test_the_board_answers_to_its_own_names(known: TestClient, host: str) -> None:
    assert known.get("/", headers={"Host": host}).text == "here"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8501",
        "okr.example.com.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:80:80",
        "127.0.0.1@evil.example",
    ],
)
def test_a_name_that_a_stranger_led_here_is_refused(known: TestClient, host: str) -> None:
    answer = known.get("/", headers={"Host": host})

    assert answer.status_code == 403
    assert "OKR_ADDRESS" in answer.text
    with (
        pytest.raises(WebSocketDisconnect),
        known.websocket_connect("/talk", headers={"Host": host}) as talk,
    ):
        talk.receive_text()


def test_a_websocket_by_an_own_name_is_let_through(known: TestClient) -> None:
    with known.websocket_connect("/talk", headers={"Host": "okr.example.com"}) as talk:
        assert talk.receive_text() == "hello"


# --- what Streamlit counts ------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "status"), [("", 404), ("0", 404), ("1", 200), ("true", 200)])
def test_what_streamlit_counts_is_told_only_where_somebody_asked_for_it(
    monkeypatch: pytest.MonkeyPatch, said: str, status: int
) -> None:
    monkeypatch.setenv("OKR_METRICS", said)
    routes = [
        Route(path, lambda _: PlainTextResponse("here"))
        for path in ("/_stcore/metrics", "/_stcore/health")
    ]
    server = TestClient(Starlette(routes=routes, middleware=[Middleware(WithoutMetrics)]))

    assert server.get("/_stcore/metrics").status_code == status
    assert server.get("/_stcore/metrics/").status_code == status
    assert server.get("/_stcore/health").text == "here"
