"""The anchors of rows and columns, and batches that are refused where one of them has moved.

An anchor is developer metadata on a row or a column: it goes along where that goes. That of a row
holds the row's ID, so that a row can be told to have another's; that of a column says nothing, for
people may rename its header.
"""

from collections.abc import Collection
from typing import Any

from okr.cells import read_id
from okr.workbooks.google_grid import COLUMN_KEY, ROW_KEY, Grid
from okr.workbooks.google_planning import Target
from okr.workbooks.google_writing import delete_metadata

MOST_STRAYS = 3
MOST_ANCHORS = 1000

NAMELESS = "-"
"""What anchors say of columns, and of rows that have no ID."""

Json = dict[str, Any]


def anchoring(grid: Grid, target: Target, columns: Collection[int]) -> list[Json]:
    """Ask for the anchors that are lacking to hold a row in place.

    Those that claim other rows for its ID are taken away, if they are many.
    """
    worn = stray_anchors(grid, target) or _spare_anchors(grid, target)
    return delete_metadata(worn) + lacking(grid, target, columns)


def lacking(grid: Grid, target: Target, columns: Collection[int]) -> list[Json]:
    """Ask for the anchors that a row cannot be held without: see ``hold_row``, ``hold_columns``."""
    requests = anchoring_columns(grid, columns)
    if anchor_of(target) is None:
        requests.append(_made(_span(grid, "ROWS", target.row.number), ROW_KEY, target.id))
    below = grid.row(target.row.number + 1)
    if below.number < grid.height and not below.anchors:
        own = read_id(below.cell(grid.column("ID")).value) or NAMELESS
        requests.append(_made(_span(grid, "ROWS", below.number), ROW_KEY, own))
    return requests


def anchor_of(target: Target) -> int | None:
    """Find the anchor that a row has for its ID."""
    return min(
        (one for one, value in target.row.anchors.items() if value == target.id), default=None
    )


def stray_anchors(grid: Grid, target: Target) -> list[int]:
    """Find anchors that claim other rows for the ID of this one, if they are many.

    A few stay: one of them may be all that tells another process where a write of its own went, of
    which the answer was lost.
    """
    if target.id == NAMELESS:
        return []
    strays = [
        one
        for row in grid.rows.values()
        if row.number != target.row.number
        for one, value in row.anchors.items()
        if value == target.id
    ]
    return strays if len(strays) > MOST_STRAYS else []


def _spare_anchors(grid: Grid, target: Target) -> list[int]:
    """Find anchors of other rows to be taken away where a tab has very many.

    Google keeps only so many characters of them for a tab; a row that is written again gets its
    anchor anew.
    """
    number = target.row.number
    rows = [row for row in grid.rows.values() if row.number not in (number, number + 1)]
    others = sorted(one for row in rows for one in row.anchors)
    return others if len(others) > MOST_ANCHORS else []


def hold_row(grid: Grid, target: Target, anchor: int) -> list[Json]:
    """Let a batch be refused unless an anchor is still on the row where it was seen.

    So must be that of the row below: where a row is deleted, its anchor is gone, so that it would
    be made anew, and the row below comes in its place.
    """
    number = target.row.number
    held = _hold(_span(grid, "ROWS", number), ROW_KEY, target.id, anchor)
    below = grid.row(number + 1).anchors
    if below:
        own = min(below)
        held += _hold(_span(grid, "ROWS", number + 1), ROW_KEY, below[own], own)
    return held


# --- columns


def hold_columns(grid: Grid | None, columns: Collection[int]) -> list[Json]:
    """Let a batch be refused unless columns, and all that the board knows, stand as they did."""
    if grid is None:
        return []
    return [
        request
        for place in _held(grid, columns)
        if place in grid.anchors
        for request in _hold(
            _span(grid, "COLUMNS", place), COLUMN_KEY, NAMELESS, grid.anchors[place]
        )
    ]


def anchoring_columns(grid: Grid, columns: Collection[int]) -> list[Json]:
    """Ask for the anchors that columns still lack; see ``hold_columns``.

    One that comes to stand on another column than was meant does no harm: it is seen there by the
    next look.
    """
    return [
        _made(_span(grid, "COLUMNS", place), COLUMN_KEY, NAMELESS)
        for place in _held(grid, columns)
        if place not in grid.anchors
    ]


def _held(grid: Grid, columns: Collection[int]) -> list[int]:
    """Name the columns to be held: where one is deleted, that on its right comes in its place."""
    known = {*columns, *(grid.header.columns.values() if grid.header else ())}
    return sorted(at for at in {*known, max(known, default=-1) + 1} if at < grid.width)


def _hold(span: Json, key: str, value: str, anchor: int) -> list[Json]:
    """Take an anchor away where it was seen, and make it anew.

    Elsewhere it stays, and since no number is given twice, its second making is refused, and all
    that is in the batch with it.
    """
    lookup = {
        "metadataId": anchor,
        "metadataLocation": {"dimensionRange": span},
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    taken = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
    made = _made(span, key, value)
    made["createDeveloperMetadata"]["developerMetadata"]["metadataId"] = anchor
    return [taken, made]


def _made(span: Json, key: str, value: str) -> Json:
    entry = {
        "metadataKey": key,
        "metadataValue": value,
        "location": {"dimensionRange": span},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


def _span(grid: Grid, dimension: str, at: int) -> Json:
    return {"sheetId": grid.gid, "dimension": dimension, "startIndex": at, "endIndex": at + 1}
