"""Page runs without a browser: Streamlit's websocket protocol, as a browser speaks it."""

import asyncio
import time
from dataclasses import dataclass, field

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass(frozen=True, slots=True)
class Run:
    """One page run: its seconds until the script had finished, its messages and bytes."""

    seconds: float
    messages: int
    received: int


@dataclass(slots=True)
class Visitor:
    """One open page; it remembers which messages it holds, as a browser does."""

    address: str
    page: str = ""
    query: str = ""
    hashes: set[str] = field(default_factory=set)
    fragment: str = ""
    _socket: "websockets.ClientConnection | None" = None

    async def open(self) -> None:
        """Open the websocket of a session."""
        address = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await websockets.connect(
            address, subprotocols=["streamlit"], max_size=None, ping_interval=None, compression=None
        )

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()

    async def run(self, is_part: bool = False) -> Run:
        """Ask for one run of the page, and read until its script has finished.

        Args:
            is_part: Run the last fragment of the page alone, as a change in an open form does.
        """
        assert self._socket is not None
        started, messages, received = time.perf_counter(), 0, 0
        await self._socket.send(self._request(self.fragment if is_part else ""))
        while True:
            sent = await self._socket.recv()
            message = ForwardMsg.FromString(sent)
            messages, received = messages + 1, received + len(sent)
            if message.metadata.cacheable and message.hash:
                self.hashes.add(message.hash)
            self.fragment = message.delta.fragment_id or self.fragment
            if message.WhichOneof("type") == "script_finished":
                return Run(time.perf_counter() - started, messages, received)

    def _request(self, fragment: str) -> bytes:
        request = BackMsg()
        request.rerun_script.query_string = self.query
        request.rerun_script.page_name = self.page
        request.rerun_script.fragment_id = fragment
        request.rerun_script.context_info.timezone = "UTC"
        request.rerun_script.context_info.locale = "en-GB"
        request.rerun_script.cached_message_hashes.extend(self.hashes)
        return bytes(request.SerializeToString())


@dataclass(frozen=True, slots=True)
class Cost:
    """What page runs cost the server: processor milliseconds and messages a run, times in ms."""

    cpu: float
    messages: int
    times: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """Give the time that a share of the runs kept below."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def cpu_of(pid: int) -> float:
    """Give the processor seconds that a process has used."""
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


async def visit(
    address: str, pid: int, page: str, query: str, runs: int, is_part: bool = False
) -> Cost:
    """Run one page again and again in one session, or its last fragment alone."""
    visitor = Visitor(address, page, query)
    await visitor.open()
    for _ in range(3):
        await visitor.run()
    before = cpu_of(pid)
    done = [await visitor.run(is_part) for _ in range(runs)]
    used = cpu_of(pid) - before
    await visitor.close()
    times = tuple(1000 * one.seconds for one in done)
    return Cost(1000 * used / runs, done[-1].messages, times)


async def crowd(address: str, pid: int, pages: list[str], sessions: int, every: float) -> Cost:
    """Let many sessions run a page every so many seconds, for three rounds, spread out evenly."""
    visitors = [Visitor(address, pages[number % len(pages)]) for number in range(sessions)]
    for visitor in visitors:
        await visitor.open()
        await visitor.run()
    before = cpu_of(pid)

    async def browse(number: int, visitor: Visitor) -> list[Run]:
        await asyncio.sleep(every * number / sessions)
        done = []
        for _ in range(3):
            started = time.perf_counter()
            done.append(await visitor.run())
            await asyncio.sleep(max(0.0, every - (time.perf_counter() - started)))
        return done

    found = await asyncio.gather(*(browse(*one) for one in enumerate(visitors)))
    used = cpu_of(pid) - before
    runs = [one for done in found for one in done]
    await asyncio.gather(*(visitor.close() for visitor in visitors))
    return Cost(1000 * used / len(runs), 0, tuple(1000 * one.seconds for one in runs))
