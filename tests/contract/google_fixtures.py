"""A Google Sheet on loopback, a service account for it, and a clock that nobody waits for."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from unittest import mock
from urllib.parse import unquote

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.crypt import RSASigner

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.workbooks.google import GoogleWorkbook
from okr.workbooks.google_anchors import NAMELESS
from okr.workbooks.google_grid import COLUMN_KEY
from okr.workbooks.interface import CheckInDraft, RowReference
from tests.sheets_api import coercion
from tests.sheets_api.published import journal_misfits
from tests.sheets_api.server import SheetsApi
from tests.sheets_api.state import BLANK_ROW, Metadata, Row, Spreadsheet, Tab

EMAIL = "board@example.iam.gserviceaccount.com"
START = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
WHEN = datetime(2026, 5, 20, 8, 30)
WHEN_SERIAL = 46162 + 8.5 / 24
FIRST_ANCHOR = 7_000_000

Rows = Sequence[Sequence[Cell]]

COMPANY: dict[str, list[list[Cell]]] = {
    OBJECTIVES: [
        ["ID", "Cycle", "Team", "Objective"],
        ["O-1", "2026-Q2", "Growth", "Customers stay"],
    ],
    KEY_RESULTS: [
        ["ID", "Objective", "Key result", "Start", "Target", "Current", "Confidence"],
        ["KR-1", "O-1", "Cut churn", 8, 5, 7, 0.5],
        ["KR-2", "O-1", "Answer within a day", 40, 90, "", ""],
        ["", "O-1", "Raise NPS", 32, 45, 33, ""],
    ],
    CHECK_INS: [
        ["When", "Key result", "Value", "Confidence", "Note", "By", "ID"],
        [46150.5, "KR-1", 7, 0.5, "steady", "ada@example.com", "CI-OLD"],
    ],
    HISTORY: [["When", "Row ID", "Tab", "Column", "Before", "After", "By", "Source"]],
}


@cache
def private_key() -> str:
    """Make one key for the whole run: making one takes its time."""
    key = rsa.generate_private_key(
        public_exponent=65537, key_size=1024
    )  # small, because every workbook checks it
    encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, shape, serialization.NoEncryption()).decode()


_signer = cache(RSASigner.from_string)


@contextmanager
def short_ways() -> Iterator[None]:
    """Check each key once, and ask nobody for the way to loopback.

    The two take a fifth of a test: each board checks its key, and each request looks through the
    environment for proxies and through the home directory for passwords.
    """
    with (
        mock.patch.object(RSASigner, "from_string", _signer),
        mock.patch("requests.sessions.get_environ_proxies", return_value={}),
        mock.patch("requests.sessions.get_netrc_auth", return_value=None),
    ):
        yield


def account(url: str) -> dict[str, str]:
    return {
        "type": "service_account",
        "client_email": EMAIL,
        "private_key": private_key(),
        "token_uri": f"{url}/token",
    }


def a_tab(gid: int, title: str, rows: Rows) -> Tab:
    filled = [Row().with_cells([coercion.a_cell(value) for value in row]) for row in rows]
    return Tab(gid, title, filled + [BLANK_ROW] * (100 - len(filled)))


def a_spreadsheet(tabs: dict[str, list[list[Cell]]], *, is_new: bool = False) -> Spreadsheet:
    """Make a spreadsheet; unless it is new to the board, its logs have been written to before."""
    made = [a_tab(gid, title, rows) for gid, (title, rows) in enumerate(tabs.items())]
    anchors = [
        Metadata(FIRST_ANCHOR + 100 * tab.sheet_id + at, COLUMN_KEY, NAMELESS, "DOCUMENT", "COLUMN",
                 tab.sheet_id, at)
        for tab in made
        if tab.title in (CHECK_INS, HISTORY) and not is_new
        for at in range(len(tabs[tab.title][0]) + 1 if tabs[tab.title] else 0)
    ]  # fmt: skip
    metadata = {one.id: one for one in anchors}
    return Spreadsheet("demo", "Acme OKRs", made, time_zone="Etc/GMT", metadata=metadata)


@dataclass
class Time:
    """A clock that moves only when somebody sleeps, or a test says so."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


@dataclass
class GoogleHome:
    """A workbook in Google Sheets, the sheet behind it, and the time."""

    api: SheetsApi
    workbook: GoogleWorkbook
    time: Time

    def rows(self, tab: str) -> list[list[Any]]:
        """Give a tab's rows as they stand, past the board."""
        title = tab.replace("'", "''")
        return self.api.values(f"'{title}'")

    def row(self, tab: str, number: int) -> list[Any]:
        return self.rows(tab)[number - 1]

    def edit(self, tab: str, cell: str, value: Any) -> None:
        """Type into a cell as a person would."""
        self.api.human.edit(f"'{tab}'!{cell}", value)

    def another(self) -> GoogleWorkbook:
        """Give what another process would use for the same sheet."""
        return a_workbook(self.api, self.time)

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """Collect the requests of a block, each as its method and what it asks for."""
        before = len(self.api.journal)
        asked: list[str] = []
        yield asked
        for entry in self.api.journal[before:]:
            path = unquote(entry["path"]).removeprefix("/v4/spreadsheets/demo")
            asked.append(f"{entry['method']} {path.partition('?')[0]}".strip())

    def before_the_batch(self, act: Callable[[], Any]) -> None:
        """Act once, right before the next batch is sent."""
        calls = self.workbook._saver._calls
        send = calls.batch

        def act_and_send(body: dict[str, Any]) -> dict[str, Any]:
            calls.batch = send  # type: ignore[method-assign]
            act()
            return send(body)

        calls.batch = act_and_send  # type: ignore[method-assign]

    def wait_little_for_write(self, nth: int = 1) -> None:
        """Let the board wait but a moment for the answer to its nth write from here.

        It waits long for all others, which a busy machine may be slow to answer.
        """
        client = self.workbook._client()
        write, patient, number = client.write, client.timeout, count(1)

        def write_and_wait(*sent: Any, **more: Any) -> Any:
            client.set_timeout((5.0, 0.3) if next(number) == nth else patient)
            try:
                return write(*sent, **more)
            finally:
                client.set_timeout(patient)

        client.write = write_and_wait  # type: ignore[method-assign]

    def asked(self) -> list[str]:
        """Give the ranges of the last reading of values."""
        paths = [unquote(entry["path"]) for entry in self.api.journal]
        last = [path for path in paths if "values:batchGet?" in path][-1]
        parts = last.partition("?")[2].split("&")
        return [p.removeprefix("ranges=").replace("+", " ") for p in parts if "ranges=" in p]

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """Give all requests of a kind that were sent in batches."""
        batches = [e["request"] for e in self.api.journal if e["path"].count(":batchUpdate?")]
        return [one[kind] for body in batches for one in body["requests"] if kind in one]


def a_workbook(api: SheetsApi, time: Time) -> GoogleWorkbook:
    key = json.loads(json.dumps(account(api.url)))
    return GoogleWorkbook(
        "https://docs.google.com/spreadsheets/d/demo/edit#gid=0",
        key,
        api.url,
        now=time.now,
        clock=time.clock,
        sleep=time.sleep,
    )


@contextmanager
def google_home(
    tabs: dict[str, list[list[Cell]]] | None = None, *, is_new: bool = False
) -> Iterator[GoogleHome]:
    """Put a workbook's tabs into a Google Sheet, and see that all that is said is Google's own."""
    time = Time()
    with short_ways(), SheetsApi() as api:
        api.put(a_spreadsheet(COMPANY if tabs is None else tabs, is_new=is_new))
        yield GoogleHome(api, a_workbook(api, time), time)
        assert journal_misfits(api.journal) == []


def draft(
    key_result: str | None = "KR-1",
    value: Cell | None = 6.5,
    confidence: float | None = 0.7,
    *,
    operation: str = "op-1",
    title: str = "Cut churn",
    note: str = "Better onboarding",
    when: datetime = WHEN,
) -> CheckInDraft:
    content = (("Objective", "O-1"), ("Key result", title))
    reference = RowReference(KEY_RESULTS, key_result, content)
    return CheckInDraft(operation, reference, value, confidence, note, "ada@example.com", when)
