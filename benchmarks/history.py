"""The history of a cycle: a hundred thousand check-ins within a second, and growing linearly."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from benchmarks.measuring import Figure, cpu_seconds
from benchmarks.reading import DAY, reading, reply
from okr.assess import choose_cycle
from okr.columns import COLUMNS, HISTORY, KEY_RESULTS
from okr.history import build_history
from okr.model import Snapshot
from okr.serials import serial_of
from okr.snapshot import build_snapshot

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 5
SECONDS = 1.0
EDITED = 1_500
"""Key results of the workbook whose rows people go on changing."""

EDITS = (50, 200)
"""How many changes of goalposts, weights and states there are on the days of its cycle."""


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
    yield from _edited()


def _edited() -> Iterator[Figure]:
    """Measure a workbook whose rows were changed on many days, against the same untouched."""
    content = json.loads(reply(EDITED))
    plain = _time(build_snapshot(reading(content)))[0]
    for number in EDITS:
        seconds, _ = _time(build_snapshot(reading(_with_edits(content, number))))
        what = f"history of {EDITED:,} key results with {number} changed rows / untouched"
        detail = f"{1000 * seconds:.0f} ms against {1000 * plain:.0f} ms"
        yield Figure(what, seconds / plain, None, detail)


def _with_edits(content: dict[str, Any], number: int) -> dict[str, Any]:
    """Let people have changed rows of key results, each one cell, on all days of the cycle."""
    ranges = list(content["valueRanges"])
    rows = next(one["values"] for one in ranges if one["range"] == KEY_RESULTS)
    heads, listed = rows[0], rows[1:]
    told: list[list[Any]] = [[*COLUMNS[HISTORY]]]
    for at in range(number):
        row = listed[at * len(listed) // number]
        column, before = (("Target", 77.0), ("Weight", 3.0), ("State", "draft"))[at % 3]
        when = serial_of(DAY - timedelta(days=1 + at % 50)) + 0.5
        after = row[heads.index(column)]
        told.append([when, row[heads.index("ID")], KEY_RESULTS, column, before, after, "", "sheet"])
    kept = [one for one in ranges if one["range"] != HISTORY]
    return {"valueRanges": [*kept, {"range": HISTORY, "values": told}]}


def _seconds(check_ins: int) -> tuple[float, int]:
    """Give the median time of one size, and how many rows it makes."""
    return _time(build_snapshot(reading(json.loads(reply(check_ins // 10)))))


def _time(snapshot: Snapshot) -> tuple[float, int]:
    cycle = choose_cycle(snapshot, None, DAY)
    if cycle is None:
        raise ValueError("The demo has no cycle.")
    rows = len(build_history(snapshot, cycle, cycle.ends).key_results)
    times = sorted(
        cpu_seconds(lambda: build_history(snapshot, cycle, cycle.ends)) for _ in range(ROUNDS)
    )
    return times[ROUNDS // 2], rows
