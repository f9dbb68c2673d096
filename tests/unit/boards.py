"""Boards for tests of the views: workbooks built from rows, assessed on a day."""

from collections.abc import Sequence
from datetime import date

from okr.assess import build_board
from okr.board import Board, KeyResultStanding
from okr.cycles import pick_cycle
from okr.model import Snapshot
from okr.reading import Tab
from tests.unit.readings import DAY, Cells, a_snapshot


def a_board(
    objectives: Sequence[Cells] | None = None,
    key_results: Sequence[Cells] | None = None,
    *more: Tab,
    day: date = DAY,
) -> Board:
    """Build the board of one sound objective and key result, unless others are given."""
    return board_of(a_snapshot(objectives, key_results, *more), day)


def board_of(snapshot: Snapshot, day: date = DAY) -> Board:
    return build_board(snapshot, pick_cycle(snapshot.cycles, day), day)


def standing_of(board: Board, key: str = "KR-1") -> KeyResultStanding:
    return next(one for one in board.key_results if one.key_result.key == key)
