"""Boards that live in processes of their own, as a second server or a script would."""

import multiprocessing
import threading
from multiprocessing.connection import Connection
from typing import Any

from okr.workbooks.google import GoogleWorkbook
from okr.workbooks.interface import ReadError, RefusedError, UnknownOutcomeError

ADDRESS = "https://docs.google.com/spreadsheets/d/demo/edit"
PATIENCE = 120.0
FAILURES = {"refused": RefusedError, "unknown": UnknownOutcomeError, "unread": ReadError}


def serve(pipe: Connection) -> None:
    """Do what the other end asks, with a board that is made anew when it says so."""
    import logging

    from tests.contract.google_fixtures import Time

    logging.disable(logging.CRITICAL)
    board: Any = None
    while (asked := pipe.recv()) is not None:
        what, *given = asked
        try:
            if what == "begin":
                key, url, actor = given
                time = Time()
                board = GoogleWorkbook(
                    ADDRESS, key, url, now=time.now, clock=time.clock, sleep=time.sleep
                )
                client = board._client()
                client.auth.token, client.auth.expiry = actor, None
                client.auth.refresh = lambda request: None
                pipe.send(("done", None))
            else:
                pipe.send(("done", getattr(board, what)(*given)))
        except UnknownOutcomeError as error:
            pipe.send(("unknown", str(error)))
        except RefusedError as error:
            pipe.send(("refused", str(error)))
        except ReadError as error:
            pipe.send(("unread", str(error)))


class Child:
    """A process that serves one board after another."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=serve, args=(other,), daemon=True)
        self._process.start()

    def ask(self, *what: Any) -> Any:
        with self._turn:
            self._pipe.send(what)
            if not self._pipe.poll(PATIENCE):  # else it would answer the next one's question
                self._process.kill()
                self._start()
                raise AssertionError(f"no answer to {what[0]}")
            told, value = self._pipe.recv()
        if told in FAILURES:
            raise FAILURES[told](value)
        return value

    def stop(self) -> None:
        self._pipe.send(None)
        self._process.join(5)


class RemoteBoard:
    """What a writer calls; the work is done in a child."""

    def __init__(self, child: Child, key: dict[str, str], url: str, actor: str) -> None:
        self._child = child
        child.ask("begin", key, url, actor)

    def save_check_in(self, draft: Any) -> Any:
        return self._child.ask("save_check_in", draft)

    def save_edit(self, draft: Any) -> Any:
        return self._child.ask("save_edit", draft)

    def add_row(self, draft: Any) -> Any:
        return self._child.ask("add_row", draft)

    def read(self) -> Any:
        return self._child.ask("read")

    def record(self, changes: Any) -> Any:
        return self._child.ask("record", changes)
