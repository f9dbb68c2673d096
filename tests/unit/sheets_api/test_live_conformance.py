"""The script for the owner of real credentials, tried on the test server in both roles."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import live_conformance
from tests.contract.google_fixtures import a_spreadsheet, account
from tests.live_conformance import MARKER, NOT_TRIED, RULES, Ground, compare, on_test_server, table
from tests.sheets_api import SheetsApi
from tests.sheets_api.state import Spreadsheet, Tab


def titles(api: SheetsApi) -> list[str]:
    return [tab.title for tab in api.spreadsheets["demo"].tabs]


def test_the_test_server_is_like_itself() -> None:
    with SheetsApi() as api, SheetsApi() as other:
        seen = live_conformance.run(on_test_server(api))
        again = live_conformance.run(on_test_server(other))

        assert compare(seen, again) == []
        assert [name for name, one in seen.items() if "failed" in one] == []
        assert titles(api) == ["Sheet1", MARKER]
        assert api.metadata() == []
        writes = sum(entry["method"] != "GET" for entry in api.journal)
        assert writes * live_conformance.PAUSE < 10 * 60
    assert 60 / live_conformance.PAUSE < 60


def test_a_difference_is_told() -> None:
    name = next(iter(RULES))
    seen = {name: {"status": 200, "rows": NOT_TRIED}}
    other = {name: {"status": 400, "rows": []}}

    assert [(one.rule, one.what, one.live) for one in compare(seen, other)] == [
        (name, "status", 200)
    ]
    told = table(seen, other)
    assert f"differs    {name}" in told and "Google       200" in told
    assert told.endswith("2 answers, 1 different")


def a_scratch_sheet(api: SheetsApi, folder: Path, tabs: Any) -> list[str]:
    """Put up a sheet, and give the arguments that name it as Google's."""
    api.put(tabs)
    key = folder / "key.json"
    key.write_text(json.dumps(account(api.url)))
    return ["demo", "--key", str(key), "--root", api.url]


@pytest.fixture
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_conformance, "PAUSE", 0.0)


@pytest.mark.usefixtures("_in_a_hurry")
def test_it_runs_as_a_command_and_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SheetsApi() as api:
        arguments = a_scratch_sheet(api, tmp_path, Spreadsheet("demo", "S", [Tab(0, "Sheet1")]))
        assert live_conformance.main(arguments) == 0
        api.human.add_tab("okr scratch left over")
        assert live_conformance.main(arguments) == 0
        assert titles(api) == ["Sheet1", MARKER]
    told = capsys.readouterr()
    assert f"{NOT_TRIED}  what a person protects refuses a batch" in told.out
    assert "PRIVATE" not in told.out + told.err


@pytest.mark.usefixtures("_in_a_hurry")
def test_a_sheet_that_holds_anything_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SheetsApi() as api:
        book = a_spreadsheet({"Budget": [["a"]]})
        assert live_conformance.main(a_scratch_sheet(api, tmp_path, book)) == 2
        two = Spreadsheet("demo", "S", [Tab(0, "One"), Tab(1, "Two")])
        assert live_conformance.main(a_scratch_sheet(api, tmp_path, two)) == 2
        assert [entry["method"] for entry in api.journal if entry["method"] != "GET"] == []
    assert "this script writes all over it" in capsys.readouterr().err


def test_it_waits_between_writes_and_between_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(live_conformance.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(live_conformance.time, "sleep", sleep)
    with SheetsApi() as api:
        ground: Ground = on_test_server(api)
        ground.pause = 1.25
        for _ in range(49):
            ground.batch(ground.append("x"))
            ground.get()
    assert now[0] >= 48 * 1.25
