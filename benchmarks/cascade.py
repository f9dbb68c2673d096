"""The cascade: thousands of objectives linked, searched for gaps and laid out within a second."""

import json
from collections.abc import Iterator

from benchmarks.measuring import Figure, cpu_seconds
from benchmarks.reading import DAY, reading, reply
from okr.alignment import align
from okr.assess import build_board
from okr.board import Board
from okr.cascade import build_cascade
from okr.debt import find_debt
from okr.snapshot import build_snapshot

KEY_RESULTS = 10_000
ROUNDS = 5
SECONDS = 1.0


def measure() -> Iterator[Figure]:
    """Measure a company of ten thousand key results, all of its cycles at once."""
    board = build_board(build_snapshot(reading(json.loads(reply(KEY_RESULTS)))), None, DAY)
    seconds = sorted(cpu_seconds(lambda: _work_out(board)) for _ in range(ROUNDS))[ROUNDS // 2]
    count = len(board.objectives)
    detail = f"{1000 * seconds:.0f} ms"
    yield Figure(f"cascade of {count:,} objectives, in seconds", seconds, SECONDS, detail)


def _work_out(board: Board) -> None:
    align(board.snapshot.objectives, board.snapshot.key_results)
    find_debt(board)
    build_cascade(board)
