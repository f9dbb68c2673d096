import time
from typing import Any

import pytest
import requests

from tests.sheets_api import SheetsApi

APPEND = {
    "requests": [
        {
            "appendCells": {
                "sheetId": 7,
                "rows": [{"values": [{"userEnteredValue": {"numberValue": 1}}]}],
                "fields": "userEnteredValue",
            }
        }
    ]
}


def appended(api: SheetsApi) -> int:
    return len(api.values("Check-ins!A2:A99"))


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_a_refusal_applies_nothing_and_passes(api: SheetsApi, client: Any, status: int) -> None:
    api.faults.add("status", status=status)
    response = client.ask("POST", ":batchUpdate", APPEND)
    assert response.status_code == response.json()["error"]["code"] == status
    assert appended(api) == 0
    assert client.ask("POST", ":batchUpdate", APPEND).status_code == 200
    assert [entry.get("injected", False) for entry in api.journal] == [True, False]


def test_too_many_requests_n_times_with_and_without_a_time_to_wait(
    api: SheetsApi, client: Any
) -> None:
    api.faults.add("status", status=429, times=2)
    api.faults.add("status", status=429, retry_after=7, nth=1)
    responses = [client.ask("GET", "/values/A1") for _ in range(4)]
    assert [r.status_code for r in responses] == [429, 429, 429, 200]
    assert [r.headers.get("Retry-After") for r in responses] == [None, None, "7", None]
    error = responses[0].json()["error"]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert "'Read requests per minute per user'" in error["message"]
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_error_after_the_change_was_made(api: SheetsApi, client: Any, status: int) -> None:
    api.faults.add("status", status=status, applied=True)
    assert client.ask("POST", ":batchUpdate", APPEND).status_code == status
    assert appended(api) == 1


@pytest.mark.parametrize(("applied", "count"), [(False, 0), (True, 1)])
def test_a_connection_that_breaks(
    api: SheetsApi, client: Any, applied: bool, count: int
) -> None:  # fmt: skip
    api.faults.add("reset", applied=applied)
    with pytest.raises(requests.ConnectionError):
        client.ask("POST", ":batchUpdate", APPEND)
    assert appended(api) == count


def test_an_answer_that_never_comes(api: SheetsApi, client: Any) -> None:
    api.faults.add("hang", applied=True, seconds=0.5)
    with pytest.raises(requests.Timeout):
        client.session.post(client.base + ":batchUpdate", json=APPEND, timeout=0.1)
    assert appended(api) == 1


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_where_json_belongs(api: SheetsApi, client: Any, status: int) -> None:
    api.faults.add("html", status=status, applied=True)
    response = client.ask("POST", ":batchUpdate", APPEND)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert response.text.startswith("<!DOCTYPE html>")
    assert appended(api) == 1


def test_a_slow_answer_is_a_true_one(api: SheetsApi, client: Any) -> None:
    api.faults.add("slow", seconds=0.1)
    start = time.monotonic()
    assert client.values("A1") == [["ID"]]
    assert time.monotonic() - start >= 0.1


def test_a_read_may_lag_behind_a_write(api: SheetsApi, client: Any) -> None:
    fault = api.faults.add("stale", seconds=60, times=None, method="GET")
    client.put("/values/A1", [["new"]])
    assert client.values("A1") == [["ID"]]
    fault.seconds = 0.0
    assert client.values("A1") == [["new"]]


def test_a_fault_can_be_aimed(api: SheetsApi, client: Any) -> None:
    fault = api.faults.add("status", status=500, method="POST", path=":batchUpdate", nth=2)
    asked = [("GET", "/values/A1"), ("POST", ":batchUpdate"), ("PUT", "/values/A9"),
             ("POST", ":batchUpdate"), ("POST", ":batchUpdate")]  # fmt: skip
    bodies = {"GET": None, "POST": APPEND, "PUT": {"values": []}}
    queries = {"PUT": {"valueInputOption": "RAW"}}
    answers = [client.ask(m, p, bodies[m], **queries.get(m, {})).status_code for m, p in asked]
    assert answers == [200, 200, 200, 500, 200]
    assert fault.hits == 1


def test_a_fault_can_last(api: SheetsApi, client: Any) -> None:
    api.faults.add("status", status=503, times=None)
    assert {client.ask("GET", "").status_code for _ in range(3)} == {503}
    api.faults.clear()
    assert client.ask("GET", "").status_code == 200


def test_limits_are_off_until_they_are_set(api: SheetsApi, client: Any) -> None:
    for _ in range(3):
        client.values("A1")
    client.batch(*APPEND["requests"])
    assert (api.quota.reads, api.quota.writes) == (3, 1)
    assert api.quota.last_minute() == {"reads": 3, "writes": 1}

    api.quota.limit(reads=4)

    answers = [client.ask("GET", "/values/A1").status_code for _ in range(2)]
    assert answers == [200, 429]
    assert "replies" in client.batch(*APPEND["requests"])


def test_a_request_needs_a_token(client: Any) -> None:
    del client.session.headers["Authorization"]
    response = client.ask("GET", "")
    assert (response.status_code, response.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
