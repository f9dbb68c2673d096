"""How a row looked before it was wrongly written to, as far as its tab was seen before."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from okr.cells import read_id
from okr.columns import Header
from okr.model import Cell
from okr.row_names import NAMING
from okr.workbooks.entries import same
from okr.workbooks.google_grid import Grid, GridRow
from okr.workbooks.google_moves import WIDEST, headers_of, laid_out_under, moves_of
from okr.workbooks.google_sent import Seen, Sent, is_meant

NOTHING = GridRow(-1)
"""What stands in a row that nobody has written to, as below the last one."""


def how_it_looked(sent: Sent, seen: Seen, now: Grid | None = None) -> GridRow | None:
    """Say how what was written to looked before; None where that cannot be told for certain.

    Of rows that are alike but for what was written, those that still stand in the tab ``now``
    cannot be the one; where people have changed the row beyond that, it is the only one that
    stands there no more. The row that was meant may be the one, too, if it has lost its ID or
    was sent another name, and stands there no more.
    """
    if not _are_columns_known(sent, seen[1]):
        return None
    then, own = _then(sent, seen), sent.target.row.number
    rows: Sequence[GridRow] = _rows_before(then, sent.columns, seen[0].values)
    if _may_be_own(sent, seen):
        if now is None:
            return None
        rows = [row for row in rows if row.number != own]
        if not any(is_meant(sent, now, row, is_before=True) for row in now.rows.values()):
            rows = [then.row(own), *rows]
    if now is not None:
        rows = _without_standing(rows, seen[1], now) if rows else _gone(sent, seen, then, now)
    return _only_one(rows, sent.columns)


def _gone(sent: Sent, seen: Seen, then: Grid, now: Grid) -> Sequence[GridRow]:
    """Find the rows that stand in a tab no more; none if the one that was meant may be it.

    None either if all are unlike what is seen, which is a new row then.
    """
    rows, own = _gone_rows(then, now), sent.target.row.number
    if any(row.number == own and not _is_unlike(sent, seen, row) for row in rows):
        return ()
    others = [row for row in rows if row.number != own]
    return () if all(_is_unlike(sent, seen, row) for row in others) else others


def _is_unlike(sent: Sent, seen: Seen, row: GridRow) -> bool:
    """Tell whether nobody could have made what is seen of a row so quickly.

    Of what it said, and was not written to, more than two thirds would be something else by now.
    """
    places = [at for at, value in enumerate(row.values) if value != "" and at not in sent.columns]
    kept = sum(same(row.cell(at).value, seen[0].cell(at).value) for at in places)
    return 3 * kept < len(places)


def _are_columns_known(sent: Sent, headers: GridRow) -> bool:
    """Tell whether each column that was written to can be told, or is one without a header."""
    known = set(moves_of(headers_of(sent.grid), headers).values())
    return all(at in known or headers.cell(at).value == "" for at in sent.columns)


def _then(sent: Sent, seen: Seen) -> Grid:
    """Give the tab as it was seen last before, laid out as its columns stand by now."""
    fresh = {sent.target.row.number: sent.target.row}
    grid = replace(sent.grid, rows={**sent.grid.rows, **fresh})
    return laid_out_under(grid, seen[1])


def _may_be_own(sent: Sent, seen: Seen) -> bool:
    """Tell whether a row that does not show its ID may be the one that was meant."""
    values = sent.laid_back(seen)
    own = sent.own_id(values)
    is_another = own != "" and any(sent.own_id(row.values) == own for row in sent.others)
    is_sure = is_another or sent.is_in(values)
    return not is_sure and sent.says_else(values, sent.target.row)


def _without_standing(rows: Sequence[GridRow], headers: GridRow, now: Grid) -> Sequence[GridRow]:
    """Leave out rows that stand in a tab just as they were, each once.

    A blank row never goes, so it can be the one only if all others stand.
    """
    moves = moves_of(headers, headers_of(now))
    left = [row for row in rows if row is not NOTHING]
    for stands in now.rows.values():
        places = [(at, to) for at, to in moves.items() if at < WIDEST and to < WIDEST]
        same_row = (
            row
            for row in left
            if all(same(row.cell(at).value, stands.cell(to).value) for at, to in places)
        )
        if (gone := next(same_row, None)) is not None:
            left.remove(gone)
    return left or [row for row in rows if row is NOTHING]


def _gone_rows(then: Grid, now: Grid) -> list[GridRow]:
    """Find the rows of which neither the ID nor, without one, what names them is in a tab now."""
    standing = {name for row in now.rows.values() for name in _names(now, row)}
    rows = [row for row in then.rows.values() if then.header and row.number > then.header.row]
    return [row for row in rows if (names := _names(then, row)) and names[0] not in standing]


def _names(grid: Grid, row: GridRow) -> list[tuple[str, ...]]:
    """Say what names a row: its ID, if it has one, and what else does."""
    own = read_id(row.cell(grid.column("ID")).value)
    said = tuple(read_id(row.cell(grid.column(name)).value) for name in NAMING[grid.name])
    return [name for name in ((own,), said) if any(name)]


def _rows_before(grid: Grid, written: Collection[int], shown: Sequence[Cell]) -> list[GridRow]:
    """Find how a wrongly written row may have looked before.

    ``written`` are the columns that were written to; all others still say which row it is. Where
    these are blank it may have been a row that held nothing.
    """
    width = max(len(shown), *(len(row.cells) for row in grid.rows.values()))

    def rest(values: Sequence[Cell]) -> list[str]:
        padded = [*values, *[""] * (width - len(values))]
        return [repr(value) for at, value in enumerate(padded) if at not in written]

    first = grid.header.row if grid.header else 0
    rows = [row for row in grid.rows.values() if row.number >= first]
    remains = rest(shown)
    found = [row for row in rows if rest(row.values) == remains]
    if remains == rest(()):
        return [*found, NOTHING]
    if not found and grid.header:  # somebody has changed it since; it may still be known
        own = _of_name(grid.header, rows, written, shown, ["ID"])
        near = own or _nearly_alike(rows, remains, rest)
        title = grid.header.columns.get(NAMING[grid.name][0])
        if near or title in written:  # what else names it, many rows have in common
            return near
        found = _of_name(grid.header, rows, written, shown, NAMING[grid.name])
    return found


def _nearly_alike(
    rows: Sequence[GridRow], remains: Sequence[str], rest: Callable[[Sequence[Cell]], list[str]]
) -> list[GridRow]:
    """Find the rows of which somebody may have changed a few cells since, if only the ID's.

    Twice as many cells as differ must agree and say something.
    """
    blank = repr("")

    def is_near(row: GridRow) -> bool:
        pairs = list(zip(rest(row.values), remains, strict=True))
        differing = sum(one != other for one, other in pairs)
        return 2 * differing <= sum(one == other != blank for one, other in pairs)

    return [row for row in rows if is_near(row)]


def _only_one(rows: Sequence[GridRow], written: Collection[int]) -> GridRow | None:
    """Give the row of which all hold the same where was written; None where they do not."""
    held = {tuple(repr(row.cell(at)) for at in sorted(written)) for row in rows}
    return rows[0] if len(held) == 1 else None


def _of_name(
    header: Header,
    rows: Sequence[GridRow],
    written: Collection[int],
    shown: Sequence[Cell],
    names: Sequence[str],
) -> list[GridRow]:
    """Find the rows that say the same in some columns, as far as these were not written to."""
    kept = [name for name in names if header.columns.get(name) not in written]

    def says(values: Sequence[Cell]) -> list[str]:
        places = [header.columns[name] for name in kept if name in header.columns]
        return [read_id(values[at]) if at < len(values) else "" for at in places]

    wanted = says(shown)
    return [row for row in rows if any(wanted) and says(row.values) == wanted]
