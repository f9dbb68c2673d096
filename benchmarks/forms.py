"""Which forms are measured: of the demo, each as dear as that workbook has one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from okr.assess import build_board, choose_cycle
from okr.board import Board, KeyResultStanding
from okr.model import KeyResult, Objective
from okr.reading import Reading
from okr.snapshot import build_snapshot
from okr.views import check_in, edit, my_check_ins
from okr.workbooks.drafting import held_cells
from okr.workbooks.local import LocalWorkbook


def addresses_of_forms(workbook: Path) -> Iterator[tuple[str, str, str]]:
    """Give each form's name, the page that it opens on, and the rest of its address.

    Of key results and objectives those are taken of which most columns are filled, for they have
    most fields; of the people the one who has most to check in.
    """
    reading = LocalWorkbook(workbook).read()
    snapshot, day = build_snapshot(reading), datetime.now(UTC).date()
    board = build_board(snapshot, choose_cycle(snapshot, None, day), day)
    teams = {
        one.objective.key: one.objective.team or board.top.team.name for one in board.objectives
    }

    def fields(one: Objective | KeyResult) -> int:
        return _fields(reading, board, one)

    objective = max((one.objective for one in board.objectives), key=fields)
    held = {one.key_result.key: one for one in board.key_results if one.objective}
    widest = max(held.values(), key=lambda one: fields(one.key_result))
    # Of what was dropped no check-in is asked for: its page opens no form.
    open_ones = (one for one in held.values() if not check_in.why_not_asked(one))
    asked = max(open_ones, key=lambda one: fields(one.key_result))

    def of(one: KeyResultStanding, form: str) -> str:
        assert one.objective is not None
        return urlencode({"team": teams[one.objective.key], form: one.key_result.key})

    owners = {one.key_result.owner for one in board.key_results}
    who = max(sorted(owners), key=lambda one: len(my_check_ins.own_key_results(board, one)))
    yield "team, checking in", "team", of(asked, "key_result")
    yield "team, a key result edited", "team", of(widest, "edit")
    at = {"team": teams[objective.key]}
    yield "team, an objective edited", "team", urlencode({**at, "edit": objective.key})
    yield "team, a key result added", "team", urlencode({**at, "add": objective.key})
    yield "team, an objective added", "team", urlencode({**at, "add": edit.NEW_OBJECTIVE})
    yield "check_in of one person", "check_in", urlencode({"who": who})


def _fields(reading: Reading, board: Board, one: Objective | KeyResult) -> int:
    """Count the fields that a form opens with."""
    form = edit.build_edit(board.snapshot, one, held_cells(reading, one))
    return sum(not field.waits for field in form.fields)
