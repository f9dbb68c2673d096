"""The commands as whole processes, against Python importing pandas."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measuring import Figure

HOME = Path(__file__).parent.parent
OKR = (sys.executable, "-m", "okr")


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=HOME, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def measure() -> Iterator[Figure]:
    """Measure ``report`` on the demo and on a workbook of 10,000 key results."""
    with tempfile.TemporaryDirectory() as name:
        demo, large = Path(name) / "demo.xlsx", Path(name) / "large.xlsx"
        _seconds([*OKR, "demo", str(demo)])
        report = [*OKR, "report", "--format", "json", "--workbook"]
        pandas = [sys.executable, "-c", "import pandas"]
        _seconds([*report, str(demo)])
        pairs = [(_seconds([*report, str(demo)]), _seconds(pandas)) for _ in range(7)]
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
        yield Figure(
            "report on the demo / import pandas", ratio, 2, f"{ours:.2f} s against {theirs:.2f} s"
        )
        size = ["--teams", "200", "--key-results", "10000", "--check-ins", "100000"]
        written = _seconds([*OKR, "demo", str(large), *size])
        read = _seconds([*report, str(large)])
        detail = f"report {read:.1f} s, demo {written:.1f} s"
        yield Figure("report, 10,000 key results and 100,000 check-ins: seconds", read, 10, detail)
