"""The API without its sockets: a request comes in, the right answer or a falsified one goes out."""

import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.sheets_api import workbook
from tests.sheets_api.batch import Batch
from tests.sheets_api.errors import ApiError, unsupported
from tests.sheets_api.faults import Answer, Faults, stale_seconds
from tests.sheets_api.human import Human
from tests.sheets_api.journal import Journal
from tests.sheets_api.masks import parse_mask, pick
from tests.sheets_api.quota import Quota
from tests.sheets_api.routes import DRIVE_ROUTES, Route, options_of, sheets_routes
from tests.sheets_api.schema import checked
from tests.sheets_api.state import Json
from tests.sheets_api.store import Store
from tests.sheets_api.tokens import Tokens

DEMO = "demo"


class Service:
    """All that the server knows and does."""

    def __init__(
        self, path: Path | None = None, journal: Path | None = None, keeps_journal: bool = True
    ) -> None:
        self.store = Store()
        self.tokens = Tokens()
        self.quota = Quota()
        self.faults = Faults()
        self.human = Human(self.store, DEMO)
        self.journal = Journal(journal, keeps_journal)
        self._path = path
        self._routes = sheets_routes(Batch(self.store.random).apply) + DRIVE_ROUTES
        self.load()

    def load(self) -> None:
        """Put the workbook, if one was given, in the place of what `demo` is now."""
        if self._path:
            self.store.put(workbook.load(self._path, DEMO))

    def reset(self) -> None:
        """Begin anew: the workbook as it was given, nothing waiting, nothing counted or noted."""
        self.faults.clear()
        self.human.clear_hooks()
        self.quota.reset()
        self.quota.limit()
        self.journal.clear()
        self.load()

    def respond(self, method: str, target: str, authorization: str | None, data: bytes) -> Answer:
        """Answer one request, and write it into the journal."""
        path = urlsplit(target).path
        if path == "/token":
            return Answer(*self.tokens.issue(data))
        if path.endswith("/allowedLocations"):  # asked by google-auth on the side; none apply
            return Answer(200, {"locations": [], "encodedLocations": "0x0"})
        asked = _parsed(data)
        faults = self.faults.hitting(method, target)
        for fault in faults:
            if fault.kind == "slow":
                time.sleep(fault.seconds)
        final = next((fault for fault in faults if fault.is_final), None)
        if final and not final.applied:
            answer = final.answer(is_read=method == "GET")
        else:
            answer = self._true_answer(method, target, authorization, asked, stale_seconds(faults))
            answer = final.answer(is_read=method == "GET") if final else answer
        self._note(method, target, asked, answer, is_injected=bool(final))
        return answer

    def _note(
        self, method: str, target: str, asked: Any, answer: Answer, is_injected: bool
    ) -> None:
        entry = {"method": method, "path": target, "request": asked}
        entry |= {"status": answer.status, "response": answer.body}
        self.journal.add(entry | ({"injected": True} if is_injected else {}))

    def _true_answer(
        self, method: str, target: str, authorization: str | None, asked: Any, age: float
    ) -> Answer:
        try:
            route, match = self._route(method, urlsplit(target).path)
            self.tokens.check(authorization, route.needs_write_scope)
            options = options_of(route, match, urlsplit(target).query)
            body = _checked_body(route, asked)
            if not route.is_drive:
                self.quota.count(is_read=not route.is_write)
            done = self._carry_out(route, options, body, age, (method, target))
            if route.response and options.get("fields"):
                done = pick(done, parse_mask(options["fields"], route.response))
            return Answer(200, done) if done is not None else Answer(204)
        except ApiError as error:
            return Answer(error.status, error.body())

    def _route(self, method: str, path: str) -> tuple[Route, re.Match[str]]:
        for route in self._routes:
            match = route.pattern.fullmatch(path)
            if match and route.verb == method:
                return route, match
        raise unsupported(f"{method} {path}")

    def _carry_out(
        self, route: Route, options: Json, body: Any, age: float, asked: tuple[str, str]
    ) -> Any:
        """Do what a request asks. A person's acts around it come in between nothing else."""
        with self.store.lock:
            self.human.run_hooks("before", *asked)
            if route.is_drive:
                return route.act(self.store, options, body or {})
            if route.is_write:
                with self.store.change(options["id"]) as draft:
                    return route.act(draft, options, body)
            book = self.store.find(options["id"], age)
            self.human.run_hooks("after", *asked)
        return route.act(book, options, body)  # a version never changes, so no lock is needed


def _parsed(data: bytes) -> Any:
    if not data:
        return None
    try:
        return json.loads(data)
    except ValueError:
        return data.decode(errors="replace")


def _checked_body(route: Route, asked: Any) -> Any:
    if route.is_drive:
        return asked
    if route.request is None:
        if asked is not None:
            raise unsupported(f"a body with {route.name}")
        return None
    if isinstance(asked, str):
        raise ApiError(400, "Invalid JSON payload received. Unexpected token.")
    where = "data" if route.request == "ValueRange" else ""
    return checked(route.request, asked or {}, where)
