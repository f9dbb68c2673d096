"""One interleaving: who acts when, what goes wrong, and what everybody was told, from one seed."""

import json
import random as chance
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import requests

from okr.columns import CHECK_INS, HISTORY, KEY_RESULTS, OBJECTIVES
from okr.model import Cell
from okr.workbooks.google import GoogleWorkbook
from okr.workbooks.google_account import SHEETS_ROOT
from okr.workbooks.google_client import SheetsClient, connect
from tests.contract.google_fixtures import Time, a_spreadsheet, account
from tests.property.hand import Hand
from tests.property.remote import ADDRESS, Child, RemoteBoard
from tests.property.sheet import LATE, Witness
from tests.property.writers import KilledError, Operation, Writer, perform
from tests.sheets_api.faults import Fault

HANG = 0.03
NEW = 0.3
"""The share of sheets to which no board has ever written."""
PATIENCE = 20.0

BOARD: dict[str, list[list[Cell]]] = {
    OBJECTIVES: [
        ["ID", "Cycle", "Team", "Objective", "Owner", "Ours"],
        ["O-1", "2026-Q2", "Growth", "Customers stay", "ada", "a"],
        ["O-2", "2026-Q2", "Growth", "Customers come", "", "b"],
        ["", "2026-Q2", "Care", "Customers smile", "bo", "c"],
    ],
    KEY_RESULTS: [
        ["ID", "Objective", "Key result", "Start", "Target", "Current", "Confidence", "Owner",
         "Weight", "Due", "Ours"],
        ["KR-1", "O-1", "Cut churn", 8, 5, 7, 0.5, "ada", 1, 46200, "k"],
        ["KR-2", "O-1", "Answer within a day", 40, 90, "", "", "", "", "", "l"],
        ["", "O-1", "Raise NPS", 32, 45, 33, "", "bo", 2, "", "m"],
        ["KR-4", "O-2", "Win 20", 0, 20, 3, 0.4, "", "", 46190, "n"],
    ],
    CHECK_INS: [
        ["When", "Key result", "Value", "Confidence", "Note", "By", "ID"],
        [46150.5, "KR-1", 7, 0.5, "steady", "ada@example.com", "CI-OLD"],
    ],
    HISTORY: [["When", "Row ID", "Tab", "Column", "Before", "After", "By", "Source"]],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How much happens in a run."""

    writers: int = 3
    operations: int = 2
    hand: float = 0.35
    faults: tuple[float, ...] = (0.0, 0.0, 0.1, 0.25, 0.5)
    is_gentle: bool = False
    kinds: tuple[str, ...] = ("check-in",) * 6 + ("edit",) * 4 + ("row", "read", "watch")
    threads: float = 0.0
    has_kills: bool = True
    sorts_only: bool = False
    has_watchers: bool = True
    moves_columns: bool = False
    leaves_often: bool = False
    """Sorts leave the anchors of rows behind more than once during one save, or while it is owed.

    Whether any sort of a person's does so is not known.
    """
    stale_edits: bool = False
    """Answers of an edit's looks may be old, too."""


@dataclass(slots=True)
class Baton:
    """Lets one thread run at a time, each from one request to the next."""

    _back: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def hand_to(self, writer: Writer) -> None:
        writer.go.release()
        assert self._back.acquire(timeout=30), f"{writer.name} never came back"

    def give_back(self, writer: Writer, is_last: bool = False) -> None:
        self._back.release()
        if not is_last:
            writer.go.acquire()


@cache
def _account() -> Any:
    """Read the key once: that takes longer than all else of making a board."""
    return connect(account("http://127.0.0.1:9"), None).auth


class World:
    """A sheet, those who save to it, a hand, and chance.

    With ``children`` the boards live in processes of their own.
    """

    def __init__(
        self, witness: Witness, seed: int, size: Size | None = None, children: Sequence[Child] = ()
    ) -> None:
        size = size or Size()
        self.witness = witness
        self.seed = seed
        self.size = size
        self.random = Random(seed)
        chance.seed(seed)
        self.time = Time()
        self.story: list[str] = []
        is_new = Random(f"new {seed}").random() < NEW
        witness.begin(a_spreadsheet(BOARD, is_new=is_new), seed)
        self._key = account(witness.api.url)
        self.hand = Hand(witness, Random(f"{seed}/hand"), size.is_gentle, size.moves_columns)
        self.hand.may_leave = self._may_leave
        self.fault_rate = self.random.choice(size.faults)
        self.children = children
        self.is_threaded = self.random.random() < size.threads or bool(children)
        self.baton = None if self.is_threaded else Baton()
        self._late: list[tuple[str, dict[str, Any]]] = []
        self._outage = 0
        self._clients: dict[str, Any] = {}
        self.operations: list[Operation] = []
        self.writers = [self._writer(f"w{n}") for n in range(1, self._count() + 1)]

    def _count(self) -> int:
        most = self.size.writers
        return self.random.randint(1, min(most, len(self.children)) if self.children else most)

    def _writer(self, name: str) -> Writer:
        writer = Writer(name, Random(f"{self.seed}/{name}"), self._board)
        for _ in range(self.random.randint(1, self.size.operations)):
            shared = [one for one in self.operations if one.kind in ("check-in", "edit", "row")]
            if shared and self.random.random() < 0.08:  # a double click, in two processes
                writer.operations.append(self.random.choice(shared))
                continue
            kind = self.random.choice(self.size.kinds)
            if kind == "watch" and (not self.size.has_watchers or self.children):
                kind = "read"
            tab = KEY_RESULTS
            if kind in ("edit", "row") and self.random.random() < 0.25:
                tab = OBJECTIVES
            operation = Operation(100 + len(self.operations), kind, tab)
            self.operations.append(operation)
            writer.operations.append(operation)
        return writer

    # --- a board, whose every request passes here

    def _board(self, writer: Writer) -> Any:
        if self.children:
            child = self.children[int(writer.name[1:]) - 1]
            return RemoteBoard(child, self._key, self.witness.api.url, writer.actor)
        clock, sleep = self.time.clock, self.time.sleep
        board = GoogleWorkbook(
            ADDRESS, self._key, self.witness.api.url, now=self.time.now, clock=clock, sleep=sleep
        )
        client = SheetsClient(copy(_account()), self.witness.api.url, clock, sleep)
        client.auth.token, client.auth.expiry = writer.actor, None
        client.session.trust_env = False  # looking for proxies takes a tenth of the time
        board._connected = client
        client.auth.refresh = lambda request: None  # who asks shall be known also after a 401
        client.request = self._asking(writer, client, client.request)  # type: ignore[method-assign]
        return board

    def _asking(self, writer: Writer, client: Any, send: Callable[..., Any]) -> Callable[..., Any]:
        def ask(method: str, endpoint: str, **options: Any) -> Any:
            writer.pending = (method.upper(), endpoint)
            writer.is_appending = "appendCells" in str(options.get("json", ""))
            if self.baton:
                self.baton.give_back(writer)
            else:
                writer.plan = self._plan(writer, writer.random)
            plan, writer.plan = writer.plan, None
            if plan == "kill":
                raise KilledError
            if plan == "late":
                self._late.append((writer.actor, {"method": method, "url": endpoint, **options}))
                raise requests.ReadTimeout("late")
            if isinstance(plan, Fault):
                self.witness.faults.setdefault(writer.actor, []).append(plan)
                if plan.kind == "hang":
                    client.set_timeout((5.0, HANG))
            writer.sent += 1
            try:
                return send(method, endpoint, **options)
            finally:
                self.witness.wait_for(writer.actor, writer.sent)
                writer.sent = self.witness.served[writer.actor]  # after a 401 it is asked again
                client.set_timeout((5.0, 20.0))
                if plan == "kill after":
                    raise KilledError

        return ask

    # --- what goes wrong

    def _plan(self, writer: Writer, random: Random) -> Any:
        """Choose what goes wrong with the request that is waiting."""
        method, path = writer.pending or ("", "")
        if self._outage:
            self._outage -= 1
        elif random.random() >= self.fault_rate:
            return None
        elif random.random() < 0.05:
            self._outage = random.randint(5, 25)
        is_write = method == "POST" and "batchGetByDataFilter" not in path
        kinds = ["429", "503", "reset", "html", "hang", "401", "403", "slow"]
        kinds += ["late", "kill", "kill after"] if is_write else ["stale", "stale"]
        kind = random.choice(kinds)
        if kind.startswith("kill") and (not self.size.has_kills or random.random() < 0.5):
            kind = "503"
        if kind.startswith("kill"):
            return kind
        if kind == "late":
            return kind if self._is_append(writer) else None
        if kind == "stale":
            is_barred = writer.kind == "watch" or (
                writer.kind == "edit" and not self.size.stale_edits
            )
            return None if is_barred else Fault("stale", seconds=random.randint(1, 4))
        applied = is_write and random.random() < 0.6
        if kind == "html":
            return Fault("html", status=random.choice([200, 502]), applied=applied)
        if kind == "hang":
            return Fault("hang", seconds=2 * HANG, applied=applied)
        if kind == "slow":
            return Fault("slow", seconds=0.001)
        if kind == "reset":
            return Fault("reset", applied=applied)
        if kind == "403" and random.random() < 0.7:
            kind = "500"
        return Fault("status", status=int(kind), applied=applied and int(kind) >= 500)

    def _drawn(self, actor: str, method: str, target: str) -> Fault | None:
        """Choose what goes wrong with the request of another process."""
        if self.random.random() >= self.fault_rate:
            return None
        is_write = method == "POST" and "batchGetByDataFilter" not in target
        applied = is_write and self.random.random() < 0.6
        kind = self.random.choice(["429", "500", "503", "reset", "html"])
        if kind == "html":
            return Fault("html", status=502, applied=applied)
        if kind == "reset":
            return Fault("reset", applied=applied)
        return Fault("status", status=int(kind), applied=applied and kind != "429")

    def _is_append(self, writer: Writer) -> bool:
        """Tell whether a batch that arrives late would only add, and be known by its token."""
        operation = writer.operations[0] if writer.operations else None
        return (
            writer.is_appending and operation is not None and operation.kind in ("check-in", "row")
        )

    def deliver(self, actor: str | None = None) -> None:
        """Let requests arrive of which nobody has heard since."""
        late, self._late = self._late, []
        for who, options in late:
            if actor is not None and who != actor:
                self._late.append((who, options))
                continue
            self.tell("late", who)
            url = options.pop("url").replace(SHEETS_ROOT, self.witness.api.url)
            headers = {"Authorization": f"Bearer {who}{LATE}"}
            requests.request(url=url, headers=headers, timeout=10, **options)

    # --- the run

    def _may_leave(self) -> bool:
        """Tell whether a sort may leave anchors behind: once in any save, until nothing is owed."""
        if not self.size.leaves_often and any(writer.is_left for writer in self.writers):
            return False
        for writer in self.writers:
            writer.is_left = writer.is_saving
        return True

    def tell(self, *words: Any) -> None:
        self.story.append(f"{len(self.witness.log):4} " + " ".join(map(str, words)))

    def play(self) -> "World":
        """Let everything happen, then let all unknown outcomes be cleared up in peace."""
        threads = [
            threading.Thread(target=self._live, args=(writer,), daemon=True)
            for writer in self.writers
        ]
        if self.children:
            self.witness.draw = self._drawn
        for thread in threads:
            thread.start()
        if self.baton:
            self._take_turns()
        else:
            self._meddle(threads)
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive(), "a writer never came to an end"
        for writer in self.writers:
            if writer.failure is not None:
                raise writer.failure
        self._settle()
        return self

    def _take_turns(self) -> None:
        assert self.baton is not None
        living = list(self.writers)
        while living:
            self.time.seconds += self.random.choice([0.1, 0.4, 2.0, 30.0])
            if self.random.random() < 0.02 and not any(one.is_saving for one in self.writers):
                self.time.seconds += self.random.choice([700.0, 4000.0])
            while self.random.random() < self.size.hand:
                self._act()
            if self._late and self.random.random() < 0.3:
                self.deliver()
            writer = self.random.choice(living)
            if writer.pending:
                writer.plan = self._plan(writer, self.random)
                path = writer.pending[1].removeprefix(f"{SHEETS_ROOT}/v4/spreadsheets/demo")
                self.tell(writer.actor, writer.pending[0], path, _plan_told(writer.plan))
            self.baton.hand_to(writer)
            if writer.has_ended:
                living.remove(writer)

    def _act(self) -> None:
        done = self.hand.sort() if self.size.sorts_only else self.hand.act()
        if not done.startswith("nothing"):
            self.tell("hand", done)

    def _meddle(self, threads: list[threading.Thread]) -> None:
        """Let the hand act while the others save in earnest at the same time."""
        for writer in self.writers:
            writer.go.release()
        while any(thread.is_alive() for thread in threads):
            if self.random.random() < self.size.hand:
                with self.witness.api.service.store.lock:
                    self._act()
            self.time.seconds += 0.2
            threads[0].join(0.003)
            self.deliver()

    def _live(self, writer: Writer) -> None:
        """Do one thing after another; try again what nobody knows the outcome of."""
        writer.go.acquire()
        try:
            while writer.operations:
                operation = writer.operations[0]
                for _ in range(3):
                    writer.kind = operation.kind
                    writer.is_saving, was_left = True, writer.is_left
                    attempt = perform(self.witness, writer, operation)
                    is_owing = attempt.outcome == "unknown" or bool(
                        getattr(attempt.saved, "remark", "")
                    )
                    writer.is_saving = False
                    writer.is_left = was_left or (writer.is_left and is_owing)
                    self.deliver(attempt.actor)
                    self.tell(
                        writer.name, operation.name, operation.kind, attempt.outcome, attempt.said
                    )
                    is_open = attempt.outcome in ("unknown", "killed")
                    if not is_open or writer.random.random() < 0.3:
                        break
                    if attempt.outcome == "unknown" and writer.random.random() < 0.4:
                        writer.restart()
                writer.operations.pop(0)
        except BaseException as failure:
            writer.failure = failure
        finally:
            writer.has_ended, writer.pending = True, None
            if self.baton:
                self.baton.give_back(writer, is_last=True)

    # --- afterwards, in peace

    def _settle(self) -> None:
        """Clear up what nobody knows, and let every board read once and watchers twice."""
        self.deliver()
        self.baton, self.fault_rate, self._outage, self.witness.draw = None, 0.0, 0, None
        self.witness.faults.clear()
        self.hand.mend()
        self.tell("peace")
        self.time.seconds += 120
        for operation in self.operations:
            if operation.outcome in ("unknown", "killed") and operation.draft is not None:
                writer = self.random.choice(self.writers)
                if self.random.random() < 0.5:
                    writer.restart()
                attempt = perform(self.witness, writer, operation)
                self.tell(writer.actor, operation.name, "again", attempt.outcome, attempt.said)
        self.quiet_from = len(self.witness.versions) - 1
        for writer in self.writers:
            if writer.workbook is not None:
                perform(self.witness, writer, Operation(0, "read"))
        self.read_once = len(self.witness.versions) - 1
        for _ in range(2):
            for writer in self.writers:
                if writer.edits is not None:
                    with suppress(KilledError):
                        perform(self.witness, writer, Operation(0, "watch"))

    def retold(self) -> str:
        """Tell the whole story, so that somebody can see what happened."""
        return json.dumps(self.seed) + "\n" + "\n".join(self.story)


def _plan_told(plan: Any) -> str:
    if not isinstance(plan, Fault):
        return str(plan or "")
    applied = " applied" if plan.applied else ""
    return f"[{plan.kind} {plan.status if plan.kind == 'status' else ''}{applied}]"
