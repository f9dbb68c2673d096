"""Parse and score of a reading, against ``json.loads`` of the same reply."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.measuring import Figure, side_by_side
from okr.assess import build_board, choose_cycle
from okr.columns import KEY_RESULTS, OBJECTIVES
from okr.demo import build_demo
from okr.layouts.detection import understood
from okr.model import Cell, Source
from okr.reading import Reading, Tab
from okr.serials import serial_of
from okr.snapshot import build_snapshot

DAY = date(2026, 11, 20)
SIZES = (1_000, 10_000, 50_000)


def reply(key_results: int) -> bytes:
    """Make the answer that Google would give to one ``values:batchGet`` of a demo of a size."""
    tabs = build_demo(DAY, 1, max(8, key_results // 50), key_results, 10 * key_results)
    ranges = [
        {"range": title, "values": [[_cell(cell) for cell in row] for row in rows]}
        for title, rows in tabs.items()
    ]
    return json.dumps({"valueRanges": ranges}).encode()


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, date):
        return serial_of(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def reading(content: dict[str, Any]) -> Reading:
    """Take a decoded answer for a reading."""
    tabs = tuple(Tab(one["range"], one["values"]) for one in content["valueRanges"])
    return Reading(Source("Benchmark", ""), datetime.now(UTC), "1", tabs)


def compute(content: dict[str, Any]) -> None:
    """Parse and score, from the decoded answer to the board."""
    snapshot = build_snapshot(reading(content))
    build_board(snapshot, choose_cycle(snapshot, None, DAY), DAY)


def measure() -> Iterator[Figure]:
    """Measure at each size; growth is the cost of a key result against that at the smallest."""
    smallest = 0.0
    for size in SIZES:
        ratio, ours, theirs, megabytes = _against_json(reply(size), 7 if size < 20_000 else 3)
        detail = f"{1000 * ours:.0f} ms against {1000 * theirs:.0f} ms ({megabytes:.1f} MB)"
        yield Figure(f"parse + score, {size:,} key results / json.loads", ratio, 5, detail)
        each = ours / size
        smallest = smallest or each
        if size != SIZES[0]:
            what = f"a key result at {size:,} / a key result at {SIZES[0]:,}"
            yield Figure(what, each / smallest, 1.5, f"{1e6 * each:.0f} µs each")
    yield from _looking_for_layouts(json.loads(reply(SIZES[0])))


def _looking_for_layouts(content: dict[str, Any]) -> Iterator[Figure]:
    """Measure what it costs to see that a workbook is in the board's layout, and not to be."""
    plain = reading(content)
    ratio, ours, theirs = side_by_side(
        lambda: [understood(plain) for _ in range(100)], lambda: compute(content), 7
    )
    detail = f"{10 * ours:.2f} ms against {1000 * theirs:.0f} ms"
    what = f"seeing the board's own layout, {SIZES[0]:,} key results / parse + score"
    yield Figure(what, ratio / 100, 0.1, detail)
    flat = replace(plain, tabs=(_as_one_tab(plain),))
    ratio, ours, theirs = side_by_side(lambda: understood(flat), lambda: build_snapshot(flat), 7)
    detail = f"{1000 * ours:.0f} ms of {1000 * theirs:.0f} ms"
    yield Figure(
        f"understanding one flat tab, {SIZES[0]:,} key results / its reading", ratio, None, detail
    )


def _as_one_tab(plain: Reading) -> Tab:
    """Lay the key results of a demo out as people do: in one tab, with their objectives."""
    tabs = {tab.title: tab.rows for tab in plain.tabs}
    titles = {row[0]: row[3] for row in tabs[OBJECTIVES]}
    rows = tabs[KEY_RESULTS]
    return Tab("Plan", [[titles.get(row[1], row[1]), *row[2:]] for row in rows])


def _against_json(sent: bytes, rounds: int) -> tuple[float, float, float, float]:
    """Measure one size; give the ratio, both medians in seconds, and the megabytes of the reply."""
    content = json.loads(sent)
    ratio, ours, theirs = side_by_side(lambda: compute(content), lambda: json.loads(sent), rounds)
    return ratio, ours, theirs, len(sent) / 1e6
