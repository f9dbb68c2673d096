"""Status pictures: warm and cold, from the cache under load, and what they cost the pages."""

import asyncio
import json
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from benchmarks.measuring import Figure, cpu_seconds
from benchmarks.page_load import visit
from benchmarks.pages import served
from benchmarks.reading import reading, reply
from okr.assess import build_board, choose_cycle
from okr.board import Board
from okr.demo import build_demo
from okr.pictures.choice import Choice
from okr.pictures.content import Origin, build_content
from okr.pictures.drawing import Draughtsman
from okr.pictures.legible import Reader
from okr.pictures.trend import PastBoards
from okr.snapshot import build_snapshot
from okr.workbooks.xlsx_writing import write_workbook

DAY = date(2026, 11, 20)
ROUNDS = 9
ADDRESSES = 20
A_SECOND = 50
SECONDS = 6
RUNS = 60


def _board(key_results: int) -> Board:
    snapshot = build_snapshot(reading(json.loads(reply(key_results))))
    return build_board(snapshot, choose_cycle(snapshot, None, DAY), DAY)


def measure() -> Iterator[Figure]:
    """Measure the drawing, then the serving."""
    yield from _drawing(_board(90))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "demo.xlsx"
        write_workbook(path, build_demo(datetime.now(UTC).date()))
        large = Path(name) / "large.xlsx"
        write_workbook(large, build_demo(datetime.now(UTC).date(), 1, 60, 2000, 8000))
        with served("app:app", path) as small:
            yield from _serving(*small)
            with served("benchmarks.empty_app:app", path) as empty, served("app:app", large) as big:
                yield from _page(empty, small, big)


def _drawing(board: Board) -> Iterator[Figure]:
    """Draw in a warm process: a picture of each team for the first time, and one after a change."""
    started = time.perf_counter()
    draughtsman, past = Draughtsman(), PastBoards()
    _draw(draughtsman, past, board, Choice(), "png", "0")
    cold = time.perf_counter() - started
    yield Figure("first status picture of a process: milliseconds", 1000 * cold, 1500, "")
    names = [one.team.name for one in board.teams if one.counted][1:]
    for form in ("png", "svg", "pdf"):
        times = [
            cpu_seconds(partial(_draw, draughtsman, past, board, Choice(team=name), form, form))
            for name in names
        ]
        yield _drawn(f"team as {form}, never drawn before", form, times)
    for form in ("png", "svg", "pdf"):
        times = [
            cpu_seconds(partial(_draw, draughtsman, past, board, Choice(), form, f"{form}{number}"))
            for number in range(ROUNDS)
        ]
        yield _drawn(f"organisation as {form}, after a change", form, times)


def _drawn(what: str, form: str, times: list[float]) -> Figure:
    detail = f"from {1000 * min(times):.0f} to {1000 * max(times):.0f}"
    budget = 100 if form == "png" else None
    return Figure(f"{what}: processor ms", 1000 * statistics.median(times), budget, detail)


def _draw(
    draughtsman: Draughtsman, past: PastBoards, board: Board, choice: Choice, form: str, mark: str
) -> None:
    """Draw with another revision and one other value, as after somebody's check-in."""
    origin = Origin("https://okr.example.com")
    reader = Reader(draughtsman.lacks)
    shown = build_content(board, choice, origin, past, reader)
    shown["stamp"][0] += f" {mark}"
    for block in shown["groups"][0]["blocks"][:1] if shown["groups"] else ():
        for row in block["rows"][:1]:
            row["value"] += f" {mark}"
    draughtsman.draw(shown, form)


def _serving(address: str, pid: int) -> Iterator[Figure]:
    """Ask for known pictures at a steady rate, and run pages meanwhile."""
    addresses = [
        f"{address}/status.png?size={size}&theme={theme}&team={quote(team)}"
        for size in ("slide", "portrait")
        for theme in ("light", "dark")
        for team in ("Product", "Sales", "Marketing", "Platform", "Operations")
    ][:ADDRESSES]
    for one in addresses:
        _fetch(one)
    alone = _page_runs(address, pid)
    with ThreadPoolExecutor(16) as crowd:
        started = time.perf_counter()
        asked = [
            crowd.submit(_at, started + number / A_SECOND, addresses[number % ADDRESSES])
            for number in range(A_SECOND * SECONDS)
        ]
        beside = _page_runs(address, pid)
        times = sorted(one.result() for one in asked)
    p95 = 1000 * times[int(0.95 * len(times))]
    yield Figure(
        f"{A_SECOND} known pictures a second over {ADDRESSES} addresses: p95, ms", p95, 50, ""
    )
    ratio = statistics.median(beside) / statistics.median(alone)
    detail = f"{statistics.median(beside):.1f} ms against {statistics.median(alone):.1f} ms"
    yield Figure("a page run beside them / alone", ratio, 1.5, detail)
    with ThreadPoolExecutor(1) as other:
        new = other.submit(_new_pictures, address)
        drawing = _page_runs(address, pid)
        new.result()
    ratio = statistics.median(drawing) / statistics.median(alone)
    detail = f"{statistics.median(drawing):.1f} ms against {statistics.median(alone):.1f} ms"
    yield Figure("a page run while new pictures are drawn / alone", ratio, 3, detail)


def _fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return bytes(answer.read())


def _at(moment: float, address: str) -> float:
    time.sleep(max(0.0, moment - time.perf_counter()))
    started = time.perf_counter()
    _fetch(address)
    return time.perf_counter() - started


def _new_pictures(address: str) -> None:
    for number in range(2, 32):
        _fetch(f"{address}/status.png?page={number}&team=Machines")


def _page_runs(address: str, pid: int) -> tuple[float, ...]:
    return asyncio.run(visit(address, pid, "team", "", RUNS)).times


def _page(empty: tuple[str, int], small: tuple[str, int], big: tuple[str, int]) -> Iterator[Figure]:
    """Run the status page in turn with an empty one, and on 500 objectives."""
    rounds = [
        [
            asyncio.run(visit(*at, page, "", RUNS))
            for at, page in ((empty, ""), (small, "status"), (big, "status"))
        ]
        for _ in range(3)
    ]
    none, demo, large = rounds[-1]
    ratio = statistics.median(two.cpu / one.cpu for one, two, _ in rounds)
    yield Figure(
        "status / empty page", ratio, 4, f"{demo.cpu:.1f} ms against {none.cpu:.1f} ms CPU"
    )
    yield Figure("status: messages", demo.messages, 40, "")
    ratio = statistics.median(three.cpu / two.cpu for _, two, three in rounds)
    detail = f"{large.cpu:.1f} ms against {demo.cpu:.1f} ms CPU"
    yield Figure("status with 500 objectives / demo", ratio, 2, detail)
