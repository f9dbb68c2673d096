"""Page runs: server CPU against an empty page under the same server, messages, and a crowd."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import socket

from benchmarks.forms import addresses_of_forms
from benchmarks.measuring import Figure
from benchmarks.page_load import Cost, crowd, visit
from okr.demo import build_demo
from okr.workbooks.xlsx_writing import write_workbook

HOME = Path(__file__).parent.parent
PAGES = ("", "team", "cascade", "progress", "status", "check_in", "sheet_health")
RUNS = 60
ROUNDS = 3


@contextmanager
def served(app: str, workbook: Path) -> Iterator[tuple[str, int]]:
    """Serve an app on a free port; give its address and the process."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--log-level", "warning", "--no-access-log"],
        cwd=HOME,
        env={**os.environ, "OKR_WORKBOOK": str(workbook)},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address, process)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def _await(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).read()
            return
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None:
                raise RuntimeError("The server ended before it answered.") from None
            time.sleep(0.05)
    raise RuntimeError("The server did not answer within 30 seconds.")


def _workbooks(folder: Path) -> tuple[Path, Path]:
    """Write the demo, and a workbook of 500 objectives in one cycle."""
    today = datetime.now(UTC).date()
    demo, large = folder / "demo.xlsx", folder / "large.xlsx"
    write_workbook(demo, build_demo(today))
    write_workbook(large, build_demo(today, 1, 60, 2000, 8000))
    return demo, large


def _costs(address: str, pid: int, page: str) -> Cost:
    return asyncio.run(visit(address, pid, page, "", RUNS))


def measure() -> Iterator[Figure]:
    """Measure each page on the demo and on 500 objectives, in turn with the empty page."""
    with tempfile.TemporaryDirectory() as name:
        demo, large = _workbooks(Path(name))
        with (
            served("benchmarks.empty_app:app", demo) as empty,
            served("app:app", demo) as small,
            served("app:app", large) as big,
        ):
            for page in PAGES:
                yield from _page(page, empty, small, big)
            for name, page, query in addresses_of_forms(demo):
                yield from _form(name, page, query, empty, small)
            yield from _crowd(small)


def _page(
    page: str, empty: tuple[str, int], small: tuple[str, int], big: tuple[str, int]
) -> Iterator[Figure]:
    name = page or "overview"
    rounds = [
        [_costs(*at, where) for at, where in ((empty, ""), (small, page), (big, page))]
        for _ in range(ROUNDS)
    ]
    against = statistics.median(demo.cpu / none.cpu for none, demo, _ in rounds)
    grown = statistics.median(large.cpu / demo.cpu for _, demo, large in rounds)
    none, demo, large = rounds[-1]
    yield Figure(
        f"{name} / empty page", against, 4, f"{demo.cpu:.1f} ms against {none.cpu:.1f} ms CPU"
    )
    yield Figure(f"{name}: messages", demo.messages, 40, "")
    yield Figure(
        f"{name} with 500 objectives / demo",
        grown,
        2,
        f"{large.cpu:.1f} ms against {demo.cpu:.1f} ms CPU",
    )


def _form(
    name: str, page: str, query: str, empty: tuple[str, int], small: tuple[str, int]
) -> Iterator[Figure]:
    """Measure a page with an open form, and the part of it that a change of one field draws."""
    rounds = [
        (asyncio.run(visit(*empty, "", "", RUNS)), asyncio.run(visit(*small, page, query, RUNS)))
        for _ in range(ROUNDS)
    ]
    none, form = rounds[-1]
    against = statistics.median(form.cpu / none.cpu for none, form in rounds)
    detail = f"{form.cpu:.1f} ms against {none.cpu:.1f} ms CPU"
    yield Figure(f"{name} / empty page", against, 4, detail)
    yield Figure(f"{name}: messages", form.messages, 40, "")
    if "edit" in name or "added" in name:
        part = asyncio.run(visit(*small, page, query, RUNS, is_part=True))
        detail = f"{part.cpu:.1f} ms CPU, {part.messages} messages"
        yield Figure(f"{name}: one field changed / empty page", part.cpu / none.cpu, None, detail)


def _crowd(small: tuple[str, int]) -> Iterator[Figure]:
    alone = asyncio.run(crowd(*small, list(PAGES), 3, 2.0))
    hundred = asyncio.run(crowd(*small, list(PAGES), 100, 10.0))
    one, many = alone.percentile(0.95), hundred.percentile(0.95)
    detail = f"{many:.0f} ms against {one:.0f} ms"
    yield Figure("p95 of a page run, 100 sessions / alone", many / one, 4, detail)
