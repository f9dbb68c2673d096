"""Finding a row again by what it says, never by where it once stood."""

from okr.cells import read_id, read_text
from okr.row_names import NAMING, content_key
from okr.tables import Row, Table
from okr.workbooks.interface import RefusedError, RowReference


def matching_rows(table: Table, reference: RowReference) -> list[Row]:
    """Give the rows that a reference fits: by its ID, or by its content where it has none."""
    rows = list(table.rows([]))
    if reference.id is not None and reference.id.startswith("~"):
        names = NAMING.get(table.name, ())
        return [r for r in rows if content_key(table.name, *map(r.cell, names)) == reference.id]
    if reference.id is not None:
        wanted = read_id(reference.id)
        return [row for row in rows if read_id(row.cell("ID")) == wanted]
    return [row for row in rows if _says(row, reference.content)]


def _says(row: Row, content: tuple[tuple[str, str], ...]) -> bool:
    """Tell whether a row says what a reference remembers of it, however it is spaced."""
    return bool(content) and all(
        _bare(read_text(row.cell(column))) == _bare(text) for column, text in content
    )


def _bare(text: str) -> str:
    return " ".join(text.split())


def locate(table: Table, reference: RowReference) -> Row:
    """Find the one row that a reference means.

    Raises:
        RefusedError: If there is none any more, or more than one.
    """
    found = matching_rows(table, reference)
    if len(found) == 1:
        return found[0]
    name, title = _name(reference), table.tab.title
    if not found:
        raise RefusedError(
            f"Nothing was saved: {name} is not in “{title}” any more. "
            "Put the row or its ID back, then save again."
        )
    rows = " and ".join(str(row.number + 1) for row in found[:3])
    mend = "an ID of its own" if reference.id else "an ID, or a title of its own"
    raise RefusedError(
        f"Nothing was saved: {name} stands in “{title}” more than once, in rows {rows}. "
        f"Give each row {mend}, then save again."
    )


def reference_name(table: Table, row: Row) -> str:
    """Give the words by which check-ins know a key result without an ID: its title.

    Raises:
        RefusedError: If others have the same title.
    """
    title = read_id(row.cell("Key result"))
    alike = [one for one in table.rows([]) if _bare(read_id(one.cell("Key result"))) == title]
    if len(alike) > 1:
        where = " and ".join(one.address("Key result") for one in alike[:3])
        raise RefusedError(
            f"Nothing was saved: several key results are called “{title}”, in {where}. Give each a "
            "title of its own, or an ID in a column ID, then save again."
        )
    return title


def _name(reference: RowReference) -> str:
    """Name a row as people know it."""
    if reference.id is not None:
        return reference.id
    texts = dict(reference.content)
    title = texts.get("Key result") or texts.get("Objective") or next(iter(texts.values()), "")
    return f"“{title}”"
