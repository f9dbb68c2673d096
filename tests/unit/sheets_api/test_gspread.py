"""The client that the program uses, with the sign-in that it uses, against the server."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import gspread
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from requests.adapters import HTTPAdapter

from tests.sheets_api import SheetsApi

READ_ONLY = "https://www.googleapis.com/auth/spreadsheets.readonly"
READ_WRITE = "https://www.googleapis.com/auth/spreadsheets"


class ToLoopback(HTTPAdapter):
    """Sends what is meant for Google to the server."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def send(self, request: Any, *args: Any, **options: Any) -> requests.Response:
        url = urlsplit(request.url)
        request.url = self._base + url.path + (f"?{url.query}" if url.query else "")
        return super().send(request, *args, **options)


@pytest.fixture(scope="module")
def key() -> str:
    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return pair.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def signed_in(api: SheetsApi, key: str, scope: str = READ_WRITE) -> gspread.Client:
    account = {
        "type": "service_account",
        "client_email": "board@example.com",
        "private_key": key,
        "private_key_id": "1",
        "token_uri": api.url + "/token",
    }
    credentials = Credentials.from_service_account_info(account, scopes=[scope])
    sign_in = requests.Session()  # google-auth asks Google more than for tokens alone
    session = AuthorizedSession(credentials, auth_request=Request(sign_in))
    for each in (sign_in, session):
        each.mount("https://", ToLoopback(api.url))
    client = gspread.Client(auth=credentials, session=session)
    client.set_timeout(5)
    return client


@pytest.fixture
def book(api: SheetsApi, key: str) -> Iterator[gspread.Spreadsheet]:
    client = signed_in(api, key)
    yield client.open_by_key("demo")
    client.http_client.session.close()


def test_reading(book: gspread.Spreadsheet) -> None:
    tab = book.worksheet("Key results")
    assert tab.get_all_records() == [
        {"ID": "KR-3", "Key result": "Cut churn", "Current": 7},
        {"ID": "KR-1", "Key result": "Win customers", "Current": 120},
        {"ID": "KR-2", "Key result": "Ship weekly", "Current": ""},
    ]
    assert tab.find("KR-1").address == "A3"
    assert [tab.title for tab in book.worksheets()] == ["Key results", "Check-ins"]


def test_writing(api: SheetsApi, book: gspread.Spreadsheet) -> None:
    tab = book.worksheet("Key results")
    tab.append_row(["KR-4", None, 3], table_range="A1", insert_data_option="INSERT_ROWS")
    tab.update_cell(2, 3, 8)
    tab.batch_update([{"range": "B4", "values": [["Ship daily"]]}])
    assert api.values("Key results!A2:C5") == [
        ["KR-3", "Cut churn", 8],
        ["KR-1", "Win customers", 120],
        ["KR-2", "Ship daily"],
        ["KR-4", "", 3],
    ]


def test_structure(api: SheetsApi, book: gspread.Spreadsheet) -> None:
    added = book.add_worksheet("New", rows=3, cols=2)
    added.update([["a", "b"]])
    added.insert_row(["first"], 1)
    assert api.values("New!A1:B2") == [["first"], ["a", "b"]]
    added.delete_rows(1)
    book.del_worksheet(added)
    assert [tab.title for tab in api.spreadsheets["demo"].tabs] == ["Key results", "Check-ins"]


def test_an_expired_token_is_renewed_once(api: SheetsApi, book: gspread.Spreadsheet) -> None:
    tokens = api.service.tokens
    issued = tokens.issued
    tokens.revoke_all()
    assert book.worksheet("Key results").acell("A1").value == "ID"
    assert tokens.issued == issued + 1


def test_a_reader_s_token_reads_and_cannot_write(api: SheetsApi, key: str) -> None:
    book = signed_in(api, key, READ_ONLY).open_by_key("demo")
    assert book.sheet1.acell("A1").value == "ID"
    with pytest.raises(gspread.exceptions.APIError, match="insufficient authentication scopes"):
        book.sheet1.update_acell("A1", "x")
    url = "https://sheets.googleapis.com/v4/spreadsheets/demo/developerMetadata:search"
    with pytest.raises(gspread.exceptions.APIError, match="insufficient authentication scopes"):
        book.client.request("post", url, json={"dataFilters": []})


@pytest.mark.parametrize(
    ("status", "failure"), [(403, PermissionError), (404, gspread.SpreadsheetNotFound)]
)
def test_a_share_that_was_withdrawn(
    api: SheetsApi, key: str, status: int, failure: type[Exception]
) -> None:
    api.faults.add("status", status=status)
    with pytest.raises(failure):
        signed_in(api, key).open_by_key("demo")


def test_an_unknown_spreadsheet(api: SheetsApi, key: str) -> None:
    with pytest.raises(gspread.SpreadsheetNotFound):
        signed_in(api, key).open_by_key("elsewhere")


def test_spreadsheets_are_made_listed_and_deleted(api: SheetsApi, key: str) -> None:
    client = signed_in(api, key, "https://www.googleapis.com/auth/drive")
    made = client.create("Scratch")
    assert made.sheet1.row_count == 1000
    assert {file["name"] for file in client.list_spreadsheet_files()} == {"OKRs", "Scratch"}
    client.del_spreadsheet(made.id)
    assert list(api.spreadsheets) == ["demo"]
