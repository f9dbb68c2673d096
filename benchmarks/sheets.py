"""What the board asks of Google, counted at the test server; what a refresh without news costs."""

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figure, side_by_side
from okr.demo import build_demo
from okr.model import KeyResult
from okr.snapshot import build_snapshot
from okr.workbooks.drafting import draft_check_in, new_operation
from okr.workbooks.google import GoogleWorkbook
from okr.workbooks.live import LiveWorkbook
from okr.workbooks.xlsx_writing import write_workbook
from tests.contract.google_fixtures import account
from tests.sheets_api import SheetsApi

SHEET = "https://docs.google.com/spreadsheets/d/demo/edit"


def measure() -> Iterator[Figure]:
    """Count requests by kind of act, then measure a refresh whose reply has not changed."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "demo.xlsx"
        write_workbook(path, build_demo(datetime.now(UTC).date()))
        with SheetsApi(path) as api:
            workbook = GoogleWorkbook(SHEET, account(api.url), api.url)
            live = LiveWorkbook(workbook)
            live.start()
            yield from _reading(api, live)
            yield from _check_ins(api, workbook)
            live.stop()
        yield _unchanged(Path(name))


def _asked(api: SheetsApi, since: int) -> int:
    return len([entry for entry in api.journal[since:] if "/v4/" in entry["path"]])


def _reading(api: SheetsApi, live: LiveWorkbook) -> Iterator[Figure]:
    before = len(api.journal)
    live.refresh_once()
    yield Figure("Sheets requests a refresh", _asked(api, before), 1, "")
    before = len(api.journal)
    for _ in range(1000):
        live.view()
    yield Figure("Sheets requests for 1,000 page views", _asked(api, before), 0, "")


def _check_ins(api: SheetsApi, workbook: GoogleWorkbook) -> Iterator[Figure]:
    snapshot = build_snapshot(workbook.read())
    chosen = next(one for one in snapshot.key_results if one.id and one.kind.is_way)
    for what, budget in (("first check-in on a row", 4), ("next check-in on it", 3)):
        before = len(api.journal)
        workbook.save_check_in(_draft(snapshot, chosen))
        yield Figure(f"Sheets requests: {what}", _asked(api, before), budget, "")


def _draft(snapshot: Any, key_result: KeyResult) -> Any:
    return draft_check_in(
        snapshot,
        key_result,
        value="12",
        confidence="",
        note="measured",
        by="bench@example.com",
        operation=new_operation(),
        when=datetime.now(UTC),
    )


def _unchanged(folder: Path) -> Figure:
    """Compare a refresh without news with asking for the same reply and decoding it.

    The test server runs in a process of its own, so that only the board's side is counted.
    """
    large = folder / "large.xlsx"
    write_workbook(large, build_demo(datetime.now(UTC).date(), 1, 60, 5000, 10_000))
    command = [sys.executable, "-m", "tests.sheets_api", "--port", "0", "--workbook", str(large)]
    with subprocess.Popen(
        [*command, "--keep-journal"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[-1]
        workbook = GoogleWorkbook(SHEET, account(url), url)
        workbook.read()
        workbook.read()
        asked = json.loads(_fetch(f"{url}/_test/journal?since=0"))
        path = [one["path"] for one in _entries(asked) if "values:batchGet" in one["path"]][-1]
        ratio, ours, theirs = side_by_side(
            workbook.read, lambda: json.loads(_fetch(url + path)), rounds=15
        )
        server.terminate()
    detail = f"{1000 * ours:.1f} ms against {1000 * theirs:.1f} ms, each with its request"
    return Figure("a refresh without news / json.loads of its reply", ratio, 1.2, detail)


def _entries(asked: Any) -> list[Any]:
    return list(asked if isinstance(asked, list) else asked["entries"])


def _fetch(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Authorization": "Bearer benchmark"})
    with urllib.request.urlopen(request) as answer:
        return bytes(answer.read())
