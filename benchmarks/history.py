"""The history of a cycle: a hundred thousand check-ins within a second, and growing linearly."""

import json
from collections.abc import Iterator

from benchmarks.measuring import Figure, cpu_seconds
from benchmarks.reading import DAY, reading, reply
from okr.assess import choose_cycle
from okr.history import build_history
from okr.snapshot import build_snapshot

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 5
SECONDS = 1.0


def measure() -> Iterator[Figure]:
    """Measure a demo of each size on its last day; growth is the cost of a check-in."""
    smallest = 0.0
    for size in SIZES:
        seconds, rows = _seconds(size)
        detail = f"{1000 * seconds:.0f} ms for {rows:,} rows of key results"
        budget = SECONDS if size == SIZES[-1] else None
        yield Figure(f"history of {size:,} check-ins, in seconds", seconds, budget, detail)
        each = seconds / size
        smallest = smallest or each
        if size != SIZES[0]:
            what = f"a check-in at {size:,} / a check-in at {SIZES[0]:,}"
            yield Figure(what, each / smallest, 1.5, f"{1e6 * each:.1f} µs each")


def _seconds(check_ins: int) -> tuple[float, int]:
    """Give the median time of one size, and how many rows it makes."""
    snapshot = build_snapshot(reading(json.loads(reply(check_ins // 10))))
    cycle = choose_cycle(snapshot, None, DAY)
    if cycle is None:
        raise ValueError("The demo has no cycle.")
    rows = len(build_history(snapshot, cycle, cycle.ends).key_results)
    times = sorted(
        cpu_seconds(lambda: build_history(snapshot, cycle, cycle.ends)) for _ in range(ROUNDS)
    )
    return times[ROUNDS // 2], rows
