"""The frame around a page with an open form: nothing in it throws away what is being typed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from okr import shell
from okr.workbooks.live import LiveWorkbook
from okr.workbooks.opening import Configuration
from tests.pages.conftest import NOW, ROOT, MemoryWorkbook
from tests.unit.readings import a_key_result, a_reading, an_objective

OPENING = ({"edit": "KR-1"}, {"edit": "O-1"}, {"key_result": "KR-1"}, {"add": "O-1"})
GROWTH = {"team": "Growth", "cycle": "2026-Q2"}

Frame = Callable[..., AppTest]


@pytest.fixture
def frame(scanned_once: None) -> Iterator[Frame]:
    """Open the board on the Team page, as a browser does."""
    objectives = [an_objective(), an_objective(id="O-2", objective="Help", team="Care")]
    dropped = a_key_result(id="KR-2", key_result="Given up", state="dropped")
    reading = a_reading(objectives, [a_key_result(), dropped])
    live = LiveWorkbook(MemoryWorkbook(replace(reading, revision="frame")), clock=lambda: NOW)

    def open_it(read_only: bool = False, **query: str) -> AppTest:
        shell.install(live, lambda: NOW, Configuration("x", None, None, read_only))
        app = AppTest.from_file(str(ROOT / "okr" / "frame.py"), default_timeout=15)
        for name, value in {**GROWTH, **query}.items():
            app.query_params[name] = value
        app.switch_page(str(ROOT / "pages" / "team.py"))
        return app.run()

    yield open_it
    live.stop()
    shell.install(None)


def pickers(app: AppTest) -> list[str]:
    assert not app.exception
    return [box.label for box in app.selectbox if box.key in shell.PICKED]


def said(app: AppTest) -> str:
    return " ".join(block.proto.body for block in app.get("html"))


@pytest.mark.parametrize("opening", [*OPENING, {"add": "objective"}])
def test_an_open_form_has_no_pickers_above_it_and_a_way_out(
    frame: Frame, opening: dict[str, str]
) -> None:
    app = frame(**opening)

    assert pickers(app) == []
    assert 'A form is open. <a href="team?cycle=2026-Q2&amp;team=Growth" data-turn>' in said(app)
    assert {name: app.session_state[name] for name in shell.PICKED} == GROWTH


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"edit": "KR-99"},
        {"edit": "O-2"},
        {"key_result": "KR-2"},
        {"edit": "KR-1", "as_of": "2026-05-01"},
        {"edit": "KR-1", "read_only": True},
    ],
)
def test_where_no_form_is_open_there_are_pickers(frame: Frame, query: dict[str, str]) -> None:
    app = frame(**query)

    assert pickers(app) == ["Cycle", "Team"]
    assert "A form is open" not in said(app)
