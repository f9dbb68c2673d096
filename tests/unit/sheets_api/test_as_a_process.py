"""The server as a process of its own, driven through its control paths."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("server")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Key results"
    sheet.append(["ID", "Current"])
    sheet.append(["KR-1", 7])
    book.save(folder / "Company.xlsx")
    return folder


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    files = ["--workbook", str(folder / "Company.xlsx"), "--journal", str(folder / "journal.jsonl")]
    command = [sys.executable, "-m", "tests.sheets_api", "--port", "0", *files]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("listening on http://127.0.0.1:")
        yield said.split()[-1]
        process.terminate()


def read(url: str, cells: str) -> Any:
    path = f"{url}/v4/spreadsheets/demo/values/{cells}"
    return requests.get(path, headers={"Authorization": "Bearer x"}, timeout=5).json()


def control(url: str, name: str, body: Any) -> Any:
    return requests.post(f"{url}/_test/{name}", json=body, timeout=5).json()


def test_it_serves_the_workbook_and_writes_its_journal(url: str, folder: Path) -> None:
    assert read(url, "A1:B2")["values"] == [["ID", "Current"], ["KR-1", "7"]]
    entry = json.loads((folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (entry["method"], entry["path"]) == ("GET", "/v4/spreadsheets/demo/values/A1:B2")
    assert (entry["request"], entry["status"]) == (None, 200)
    assert entry["response"]["range"] == "'Key results'!A1:B2"


def test_it_is_controlled_over_http(url: str) -> None:
    control(url, "faults", {"kind": "status", "status": 429, "retry_after": 3})
    assert read(url, "B2")["error"]["code"] == 429
    control(url, "human", {"do": "edit", "cell": "Key results!B2", "value": 8})
    assert read(url, "B2")["values"] == [["8"]]
    later = {"do": "edit", "cell": "Key results!B2", "value": 9, "when": {"after_read": 1}}
    control(url, "human", later)
    assert [read(url, "B2")["values"] for _ in range(2)] == [[["8"]], [["9"]]]
    assert requests.get(f"{url}/_test/quota", timeout=5).json()["reads"] >= 3
    control(url, "reset", {})
    shown = requests.get(f"{url}/_test/values?range=Key results!B2", timeout=5).json()
    assert shown["values"] == [[7]]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nothing", {}),
        ("human", {"do": "fly"}),
        ("human", {"do": "edit", "row": 1}),
        ("faults", {"kind": "earthquake"}),
        ("faults", {"kind": "status", "colour": "red"}),
    ],
)
def test_a_control_that_makes_no_sense_is_refused(url: str, name: str, body: Any) -> None:
    assert control(url, name, body)["error"]["code"] == 400
