"""One server for all of these tests; each begins with the same small spreadsheet."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.sheets_api import SheetsApi
from tests.sheets_api.coercion import a_cell
from tests.sheets_api.state import Row, Spreadsheet, Tab

KEY_RESULTS = [
    ["ID", "Key result", "Current"],
    ["KR-3", "Cut churn", 7],
    ["KR-1", "Win customers", 120],
    ["KR-2", "Ship weekly", None],
]


class Client:
    """Plain requests to the server, about the spreadsheet `demo`."""

    def __init__(self, url: str) -> None:
        self.base = f"{url}/v4/spreadsheets/demo"
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Bearer for-tests"

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        return self.session.request(
            method, self.base + path, json=body, params=query or None, timeout=5
        )

    def get(self, path: str = "", **query: Any) -> Any:
        return self.ask("GET", path, **query).json()

    def post(self, path: str, body: Any, **query: Any) -> Any:
        return self.ask("POST", path, body, **query).json()

    def put(self, path: str, values: list[list[Any]], option: str = "RAW", **query: Any) -> Any:
        return self.ask("PUT", path, {"values": values}, valueInputOption=option, **query).json()

    def batch(self, *wanted: dict[str, Any], **options: Any) -> Any:
        return self.post(":batchUpdate", {"requests": list(wanted)} | options)

    def values(self, cells: str, render: str = "UNFORMATTED_VALUE") -> Any:
        return self.get(f"/values/{cells}", valueRenderOption=render).get("values", [])


def a_spreadsheet() -> Spreadsheet:
    tabs = [Tab(0, "Key results"), Tab(7, "Check-ins")]
    for number, values in enumerate(KEY_RESULTS):
        tabs[0].rows[number] = Row().with_cells([a_cell(value) for value in values])
    tabs[1].rows[0] = Row().with_cells([a_cell("When"), a_cell("Value")])
    return Spreadsheet("demo", "OKRs", tabs)


@pytest.fixture(scope="session")
def _server() -> Iterator[SheetsApi]:
    with SheetsApi() as api:
        yield api


@pytest.fixture
def api(_server: SheetsApi) -> SheetsApi:
    _server.reset()
    _server.put(a_spreadsheet())
    return _server


@pytest.fixture
def client(api: SheetsApi) -> Iterator[Client]:
    client = Client(api.url)
    yield client
    client.session.close()
