"""Style sheet and script reach every browser with the page, each in one file."""

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from okr import style_route
from okr.views import html

BROWSER = {"Accept": "text/html,*/*", "Accept-Encoding": "gzip", "If-None-Match": '"held"'}


def page(request: object) -> HTMLResponse:
    return HTMLResponse(style_route.index(), headers={"ETag": '"held"'})


@pytest.fixture(scope="module")
def client() -> TestClient:
    """Serve Streamlit's page as Streamlit does, packed for browsers, below what is tested."""
    routes = [
        Route("/team", page),
        Route("/other", lambda _: HTMLResponse("<p>Other</p>")),
        Route("/text", lambda _: PlainTextResponse("<div id=root>")),
        *style_route.ROUTES,
    ]
    dressed = [Middleware(style_route.Dressed), Middleware(GZipMiddleware, minimum_size=10)]
    return TestClient(Starlette(routes=routes, middleware=dressed))


def linked(text: str, ending: str = "css") -> str:
    found = re.search(rf'(?:href|src)="\./(s[a-z]+/okr-[0-9a-f]{{16}}\.{ending})"', text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("headers", [BROWSER, {**BROWSER, "Range": "bytes=0-9"}])
def test_the_page_links_the_style_sheet(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.get("/team", headers=headers)

    assert answer.status_code == 200
    assert answer.text.index(linked(answer.text)) < answer.text.index('<div id="root">')
    assert "ETag" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_the_sheet_is_kept_for_good_under_its_own_name_alone(client: TestClient) -> None:
    own = client.get(linked(client.get("/team", headers=BROWSER).text))
    old = client.get("/style/okr-0123456789abcdef.css")

    assert own.headers["Content-Type"].startswith("text/css")
    assert "immutable" in own.headers["Cache-Control"]
    assert html.style() in own.text
    assert (old.text, old.headers["Cache-Control"]) == (own.text, "no-cache")


def test_the_script_comes_as_a_file_and_runs_once_the_page_is_there(client: TestClient) -> None:
    page = client.get("/team", headers=BROWSER).text
    script = client.get(linked(page, "js"))

    assert f'<script defer src="./{linked(page, "js")}"></script>' in page
    assert script.text == html.script()
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in script.headers["Cache-Control"]


@pytest.mark.parametrize(("path", "text"), [("/other", "<p>Other</p>"), ("/text", "<div id=root>")])
def test_nothing_else_is_touched(client: TestClient, path: str, text: str) -> None:
    assert client.get(path, headers=BROWSER).text == text
