"""A board to test: its workbook, its server, and when a page of it is ready."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from okr.demo import build_demo
from okr.workbooks.xlsx_writing import write_workbook

ROOT = Path(__file__).parents[2]
STARTED_WITHIN = 60.0
READY_WITHIN = 30_000

READY = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.dataset.testConnectionState !== 'CONNECTED') return false;
  if (app.dataset.testScriptState !== 'notRunning' || !window.prerenderReady) return false;
  if (document.querySelector('[data-testid="stSkeleton"],[data-stale="true"]')) return false;
  if (document.fonts.status !== 'loaded') return false;
  if ([...document.images].some((image) => !image.complete)) return false;
  const size = document.body.scrollHeight + ':' + document.querySelectorAll('*').length;
  const now = performance.now();
  if (window.okrSize !== size) { window.okrSize = size; window.okrSince = now; return false; }
  return now - window.okrSince > 150;
}"""
"""The run has ended, nothing is loading, and the page has kept its size for a moment."""

Visit = Callable[[str], Page]


def wait_until_ready(page: Page) -> None:
    page.wait_for_function(READY, polling=50, timeout=READY_WITHIN)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def write_demo(path: Path, **settings: str | float) -> Path:
    """Write the demo workbook of today, with some of its settings changed."""
    tabs = build_demo(datetime.now(UTC).date())
    tabs["Settings"] = [[name, settings.get(str(name), value)] for name, value in tabs["Settings"]]
    write_workbook(path, tabs, replace=True)
    return path


@contextlib.contextmanager
def serve(
    workbook: Path | str,
    command: str = "uvicorn",
    app: str = "app:app",
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Serve the board on a free port, by uvicorn or by Streamlit's own command."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    arguments = {
        "uvicorn": ["uvicorn", app, "--host", "127.0.0.1", "--port", str(port)],
        "streamlit": ["streamlit", "run", "app.py", "--server.port", str(port)],
    }[command]
    environment = {**os.environ, "OKR_WORKBOOK": str(workbook), **(environment or {})}
    with open(log, "w+b") if log else tempfile.TemporaryFile() as output:
        server = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            if not is_up(server, url):
                output.seek(0)
                raise AssertionError(f"The server did not come up:\n{output.read().decode()}")
            yield url
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def is_up(server: subprocess.Popen[bytes], url: str) -> bool:
    """Wait until the board has read its workbook, or has something to say of why it could not."""
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=5).read()
            return True
        except urllib.error.HTTPError as error:
            if json.load(error)["status"] != "starting":
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


def strangers(asked: list[str], url: str) -> set[str]:
    """Find the servers that were asked beside the board's own."""
    hosts = {urlsplit(one).netloc for one in asked if not one.startswith(("data:", "blob:"))}
    return hosts - {urlsplit(url).netloc}


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("OKR_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
