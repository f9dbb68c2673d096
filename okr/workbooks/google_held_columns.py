"""Seeing that the columns of tabs have the anchors that hold them in place."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from okr.workbooks.google_anchors import anchoring_columns
from okr.workbooks.google_attempts import MovedError, harmless
from okr.workbooks.google_calls import Calls
from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_grid import Grid, Look
from okr.workbooks.google_moves import headers_of
from okr.workbooks.google_replies import headers_after
from okr.workbooks.google_writing import batch

_log = logging.getLogger(__name__)

Json = dict[str, Any]


def with_anchors(
    calls: Calls, look: Look, names: Collection[str], *, may_lack: bool = False
) -> Look:
    """Give the look with an anchor on every known column of some tabs, as ``hold_columns`` needs.

    Where some are lacking that takes one request, whose reply shows the headers afresh. With
    ``may_lack`` the look stays as it is where Google refuses that, for it keeps only so many, but
    not where a tab was renamed, for then columns may move as well.

    Raises:
        MovedError: If a column has moved since the look, or nobody knows.
        RequestFailedError: If Google refuses it, or cannot be asked.
    """
    bare = bare_tabs(look, names)
    if not bare:
        return look
    try:
        with harmless():
            reply = calls.batch(also_anchoring(batch([], bare[0]), bare))
    except RequestFailedError as failure:
        is_full = failure.trouble is Trouble.INVALID and not failure.is_of_layout
        if not is_full or not may_lack:
            raise
        _log.warning("columns get no anchors: %s", failure)
        return look
    return as_shown(look, bare, reply)


def bare_tabs(look: Look, names: Collection[str]) -> list[Grid]:
    """Find the tabs with headers of which a column lacks its anchor."""
    found = (look.grids.get(name) for name in names)
    return [one for one in found if one and one.header and anchoring_columns(one, ())]


def also_anchoring(body: Json, bare: Collection[Grid]) -> Json:
    """Ask in a batch for the anchors that columns lack too, and to be shown their headers."""
    bodies = [batch(anchoring_columns(one, ()), one, headers_of(one).number) for one in bare]
    several = ("requests", "responseRanges")
    return body | {key: [one for it in (body, *bodies) for one in it[key]] for key in several}


def as_shown(look: Look, bare: Collection[Grid], reply: Mapping[str, Any]) -> Look:
    """Take the anchors of columns as the reply shows them.

    Raises:
        MovedError: If a column has moved.
    """
    anchored = {one.name: _anchored(one, reply) for one in bare}
    return replace(look, grids={**look.grids, **anchored})


def _anchored(grid: Grid, reply: Mapping[str, Any]) -> Grid:
    before, headers = headers_of(grid), headers_after(reply, grid)
    if any(headers.cell(at).value != before.cell(at).value for at in headers.columns):
        raise MovedError
    return replace(grid, anchors=headers.columns)
