"""The HTTP server: sockets, the control paths, and a handle on all of it for tests."""

import json
import socket
import struct
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.sheets_api import controls
from tests.sheets_api.errors import error_body
from tests.sheets_api.faults import Answer, Faults
from tests.sheets_api.human import Human
from tests.sheets_api.journal import Entry
from tests.sheets_api.metadata import shown
from tests.sheets_api.quota import Quota
from tests.sheets_api.ranges import parse_range
from tests.sheets_api.service import DEMO, Service
from tests.sheets_api.state import Json, Spreadsheet
from tests.sheets_api.values import Render, value_range


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, service: Service) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.service = service
        self.is_stopping = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ESF"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def _handle(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if self.path.startswith(controls.PREFIX):
                answer = controls.respond(self.server.service, self.command, self.path, data)
            else:
                answer = self.server.service.respond(
                    self.command, self.path, self.headers.get("Authorization"), data
                )
        except Exception as failure:  # a fault of this server's own must be told from Google's
            answer = Answer(500, error_body(500, f"The test server failed: {failure!r}"))
            self.server.service.journal.add({
                "method": self.command, "path": self.path, "status": 500, "failure": repr(failure),
            })  # fmt: skip
        self._send(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _handle

    def _send(self, answer: Answer) -> None:
        if answer.ending:
            self._break_off(answer)
            return
        text = answer.body if answer.is_html else _json(answer.body)
        data = text.encode()
        self.send_response(answer.status)
        kind = "text/html" if answer.is_html else "application/json"
        self.send_header("Content-Type", f"{kind}; charset=UTF-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def _break_off(self, answer: Answer) -> None:
        """Reset the connection, at once or after leaving the client waiting."""
        if answer.ending == "hang":
            self.server.is_stopping.wait(answer.seconds or 3600)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """The journal tells more."""


def _json(body: Any) -> str:
    return "" if body is None else json.dumps(body, ensure_ascii=False)


class SheetsApi:
    """A Sheets API on loopback, to be used as a context manager.

    `url` is where it listens, `spreadsheets` are the current versions by id, `journal` is what was
    asked and answered; `faults`, `human` and `quota` are the controls.
    """

    def __init__(
        self, workbook: Path | str | None = None, journal: Path | str | None = None, port: int = 0,
        keeps_journal: bool = True,
    ) -> None:  # fmt: skip
        self.service = Service(
            Path(workbook) if workbook else None, Path(journal) if journal else None, keeps_journal
        )
        self._server = _Server(port, self.service)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def spreadsheets(self) -> Mapping[str, Spreadsheet]:
        return self.service.store

    @property
    def journal(self) -> list[Entry]:
        return self.service.journal.entries

    @property
    def faults(self) -> Faults:
        return self.service.faults

    @property
    def human(self) -> Human:
        return self.service.human

    @property
    def quota(self) -> Quota:
        return self.service.quota

    def put(self, book: Spreadsheet) -> None:
        """Add a spreadsheet, or put one in the place of another."""
        self.service.store.put(book)

    def values(self, cells: str, spreadsheet_id: str = DEMO) -> list[list[Any]]:
        """Read cells past the API: nothing is counted or journaled."""
        book = self.spreadsheets[spreadsheet_id]
        answer = value_range(book, parse_range(book, cells), Render("UNFORMATTED_VALUE"))
        return list(answer.get("values", []))

    def metadata(self, spreadsheet_id: str = DEMO) -> list[Json]:
        """List all developer metadata, past the API."""
        return [shown(entry) for entry in self.spreadsheets[spreadsheet_id].metadata.values()]

    def reset(self) -> None:
        """Begin anew, as after the start."""
        self.service.reset()

    def start(self) -> "SheetsApi":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.is_stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.service.journal.close()

    def __enter__(self) -> "SheetsApi":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.stop()
