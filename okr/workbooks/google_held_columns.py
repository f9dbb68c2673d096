"""Seeing that the columns of tabs have the anchors that hold them in place."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from okr.workbooks.google_anchors import anchoring_columns
from okr.workbooks.google_attempts import MovedError
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError
from okr.workbooks.google_grid import Grid, Look
from okr.workbooks.google_moves import headers_of
from okr.workbooks.google_replies import headers_after
from okr.workbooks.google_writing import batch


def with_anchors(calls: Calls, look: Look, names: Collection[str]) -> Look:
    """Give the look with an anchor on every known column of some tabs, as ``hold_columns`` needs.

    Where some are lacking that takes one request, whose reply shows the headers afresh.

    Raises:
        MovedError: If a column has moved since the look, or nobody knows.
        RequestFailedError: If Google refuses it.
    """
    found = (look.grids.get(name) for name in names)
    bare = [grid for grid in found if grid is not None and anchoring_columns(grid, ())]
    if not bare:
        return look
    try:
        reply = calls.batch(_making(bare))
    except RequestFailedError as failure:
        if failure.trouble.is_unknown:  # an anchor changes nothing that people see
            raise MovedError(failure) from failure
        raise
    return replace(look, grids={**look.grids, **{one.name: _anchored(one, reply) for one in bare}})


def _making(grids: Collection[Grid]) -> dict[str, Any]:
    """Ask for all anchors that are lacking, and to be shown the headers."""
    bodies = [batch(anchoring_columns(grid, ()), grid, headers_of(grid).number) for grid in grids]
    several = ("requests", "responseRanges")
    return bodies[0] | {key: [one for body in bodies for one in body[key]] for key in several}


def _anchored(grid: Grid, reply: dict[str, Any]) -> Grid:
    before, headers = headers_of(grid), headers_after(reply, grid)
    if any(headers.cell(at).value != before.cell(at).value for at in headers.columns):
        raise MovedError
    return replace(grid, anchors=headers.columns)
