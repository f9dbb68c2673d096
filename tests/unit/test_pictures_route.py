"""The live picture over HTTP, without a server: the handler in an app of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from okr import picture_route, shell
from okr.pictures import studio as studios
from okr.pictures.settings import PictureSettings, read_settings
from okr.reading import Reading
from okr.workbooks.interface import ReadError
from okr.workbooks.live import LiveWorkbook
from tests.unit.readings import a_key_result, a_reading

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
PNG, SVG, PDF = b"\x89PNG", b"<svg", b"%PDF"


class Memory:
    """A workbook in memory, which may fail."""

    location = "memory"

    def __init__(self) -> None:
        self.reading: Reading | None = a_reading()

    def read(self) -> Reading:
        if self.reading is None:
            raise ReadError("Google has no answer.")
        return self.reading


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def ask(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    live = LiveWorkbook(memory, clock=lambda: NOW)  # type: ignore[arg-type]
    shell.install(live, lambda: NOW)
    monkeypatch.setattr(studios, "_studio", studios.Studio())
    monkeypatch.setattr(picture_route, "allowance", picture_route.Allowance())
    monkeypatch.setattr(picture_route, "_refusals", {})
    with TestClient(Starlette(routes=picture_route.ROUTES), "https://okr.example.com") as client:
        yield client
    live.stop()
    shell.install(None)


@pytest.mark.parametrize(
    ("form", "kind", "begins"),
    [
        ("png", "image/png", PNG),
        ("svg", "image/svg+xml", SVG),
        ("pdf", "application/pdf", PDF),
    ],
)
def test_every_form_has_its_address(ask: TestClient, form: str, kind: str, begins: bytes) -> None:
    answer = ask.get(f"/status.{form}?team=Growth&size=portrait&theme=dark")

    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.content.startswith(begins)
    assert answer.headers["cache-control"] == "private, no-cache"


def test_the_cascade_has_its_addresses_too(ask: TestClient) -> None:
    cascade, status = ask.get("/cascade.png?focus=O-1"), ask.get("/status.png?objective=O-1")

    assert (cascade.status_code, cascade.headers["content-type"]) == (200, "image/png")
    assert cascade.content.startswith(PNG)
    assert cascade.content != status.content
    assert cascade.headers["etag"] != status.headers["etag"]


def test_a_picture_that_is_still_current_is_not_sent_again(ask: TestClient) -> None:
    first = ask.get("/status.png")
    again = ask.get("/status.png", headers={"If-None-Match": first.headers["etag"]})
    weak = ask.get("/status.png", headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'})

    assert (again.status_code, again.content) == (304, b"")
    assert weak.status_code == 304
    assert again.headers["etag"] == first.headers["etag"]


def test_a_new_revision_is_a_new_picture(ask: TestClient, memory: Memory) -> None:
    first = ask.get("/status.png")
    memory.reading = Reading(
        **{**_fields(a_reading(None, [a_key_result(current=33.0)])), "revision": "r2"}
    )
    shell.live().refresh_once()
    second = ask.get("/status.png", headers={"If-None-Match": first.headers["etag"]})

    assert second.status_code == 200
    assert second.content != first.content


def _fields(reading: Reading) -> dict[str, object]:
    return {name: getattr(reading, name) for name in Reading.__dataclass_fields__}


@pytest.mark.parametrize(
    "query",
    [
        "team=Nobody",
        "objective=O-99",
        "person=nobody",
        "cycle=1999-Q1",
        "as_of=soon",
        "as_of=2199-01-01",
        "size=huge",
        "theme=pink",
        "page=x",
        "page=" + "9" * 5000,
        "team=%00%FF%0d%0aX-Evil:1",
        "team=" + "x" * 900,
        "team=" + "x" * 30_000,
        "as_of=" + "9" * 30_000,
        "cycle=" + "x" * 900,
    ],
)
def test_what_is_wrong_is_said_in_a_picture(ask: TestClient, query: str) -> None:
    answer = ask.get(f"/status.png?{query}")

    assert answer.status_code == 200
    assert answer.content.startswith(PNG)
    assert answer.content != ask.get("/status.png").content
    assert "x-evil" not in answer.headers


def test_before_the_first_reading_a_picture_says_so(ask: TestClient, memory: Memory) -> None:
    memory.reading = None
    answer = ask.get("/status.png")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.content.startswith(PNG)


def test_a_workbook_that_fails_later_is_said_in_the_picture(
    ask: TestClient, memory: Memory
) -> None:
    first = ask.get("/status.png")
    memory.reading = None
    shell.live().refresh_once()

    assert ask.get("/status.png").headers["etag"] != first.headers["etag"]


def test_too_many_new_pictures_are_put_off_and_known_ones_are_not(
    ask: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_route, "allowance", picture_route.Allowance(2, 0.001))
    known = [ask.get(f"/status.svg?page={page}") for page in (1, 2)]
    late = ask.get("/status.svg?page=3")

    assert [answer.status_code for answer in known] == [200, 200]
    assert (late.status_code, late.headers["retry-after"]) == (429, "5")
    assert late.content.startswith(SVG)
    assert ask.get("/status.svg?page=1").status_code == 200


def test_refusals_are_drawn_no_faster_than_pictures(
    ask: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_route, "allowance", picture_route.Allowance(2, 0.001))
    asked = [ask.get(f"/status.svg?size={number}") for number in (1, 2, 3, 1, 4)]

    assert [answer.status_code for answer in asked] == [200, 200, 429, 200, 429]
    assert asked[2].content == asked[4].content


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_picture_is_only_ever_asked_for(ask: TestClient, method: str) -> None:
    assert ask.request(method, "/status.png").status_code == 405


def test_a_head_alone_has_no_body(ask: TestClient) -> None:
    whole, head = ask.get("/status.svg"), ask.head("/status.svg")

    assert head.content == b""
    for name in ("etag", "content-length", "content-type", "cache-control"):
        assert head.headers[name] == whole.headers[name]


def test_it_shows_the_day_that_is_asked_for(ask: TestClient) -> None:
    today, then = ask.get("/status.svg"), ask.get("/status.svg?as_of=2026-04-15")
    same = ask.get("/status.svg?as_of=2026-05-20")

    assert then.headers["etag"] != today.headers["etag"]
    assert then.content != today.content
    assert same.content == today.content


def test_one_setting_switches_it_off(ask: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_route, "settings", lambda: PictureSettings(is_live=False))

    assert ask.get("/status.png").status_code == 404


def _drawn_by_a_page(form: str = "png") -> studios.Picture:
    from okr.pictures.choice import Choice
    from okr.pictures.content import Origin
    from tests.unit.boards import a_board

    return studios.studio().draw(a_board(), Choice(), Origin(), form, 1.5)


def test_what_a_page_shows_costs_its_viewers_nothing_and_is_kept_by_browsers(
    ask: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_route, "allowance", picture_route.Allowance(0, 0))
    monkeypatch.setattr(picture_route, "settings", lambda: PictureSettings(is_live=False))
    drawn = _drawn_by_a_page()
    answers = [ask.get(f"/picture/{drawn.name}/okr-acme.png") for _ in range(3)]

    assert {answer.content for answer in answers} == {drawn.body}
    assert answers[0].headers["content-type"] == "image/png"
    assert "immutable" in answers[0].headers["cache-control"]


@pytest.mark.parametrize("name", ["0" * 24, "%00", "x" * 3000])
def test_an_old_address_of_a_page_says_where_the_live_one_is(ask: TestClient, name: str) -> None:
    _drawn_by_a_page()
    answer = ask.get(f"/picture/{name}/status.png")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.content.startswith(PNG)


def test_only_images_go_out_by_the_name_that_a_page_knows(ask: TestClient) -> None:
    answer = ask.get(f"/picture/{_drawn_by_a_page('svg').name}/status.svg")

    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(PNG)


@pytest.mark.parametrize("said", ["0", "false", "No", "off"])
def test_the_setting_reads_as_people_write_it(said: str, tmp_path: object) -> None:
    assert not read_settings({"OKR_LIVE_PICTURES": said}).is_live
    assert read_settings({}).is_live


def test_settings_come_from_the_secrets_and_the_environment_wins(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "secrets.toml"
    path.write_text(
        '[okr]\naddress = "https://a.example/"\nfonts = "~/fonts"\nlive_pictures = false\n'
        '[digest]\nchannels = ["json://x"]\n'
    )

    known = read_settings({}, path)
    assert (known.address, known.is_live, known.channels) == (
        "https://a.example",
        False,
        ("json://x",),
    )
    assert known.fonts == Path("~/fonts").expanduser()
    assert read_settings({"OKR_ADDRESS": "https://b.example"}, path).address == "https://b.example"


def test_the_same_picture_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = studios.Studio()
    drawn: list[object] = []

    def count(make: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            drawn.append(arguments)
            return make(*arguments)

        return counted

    monkeypatch.setattr(studios.Studio, "_drawn", count(studios.Studio._drawn))
    from okr.pictures.choice import Choice
    from okr.pictures.content import Origin
    from tests.unit.boards import a_board

    board = a_board()
    order = studios.order_of(board.snapshot, board.cycle, board.day, Choice(), Origin())
    asked: list[Future[studios.Picture]] = [made.picture(order, lambda: board) for _ in range(5)]

    assert len({one.result().body for one in asked}) == 1
    assert len(drawn) == 1


def test_what_is_kept_has_a_bound() -> None:
    from okr.pictures.choice import Choice
    from okr.pictures.content import Origin
    from tests.unit.boards import a_board

    board, made = a_board(), studios.Studio(most_bytes=150_000)
    orders = [
        studios.order_of(board.snapshot, board.cycle, board.day, Choice(page=n), Origin(), "svg")
        for n in range(1, 6)
    ]
    for order in orders:
        made.picture(order, lambda: board).result()

    assert made.known(orders[0].name) is None
    assert made.known(orders[-1].name) is not None
