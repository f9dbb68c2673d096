"""Web addresses in cells: what is one, and which columns ask for one."""

import re

from okr.cells import Finding, Read, is_blank, is_error, read_text
from okr.columns import normalise
from okr.model import Cell, Severity

_ADDRESS = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_HEADERS = frozenset({"link", "url", "lien", "enlace"})


def is_address(cell: Cell) -> bool:
    """Tell whether a cell begins with an address that a browser opens: http or https."""
    return isinstance(cell, str) and _ADDRESS.match(cell.strip()) is not None


def asks_for_address(header: str) -> bool:
    """Tell whether a header asks for an address; a Source may be named in any words."""
    return normalise(header) in _HEADERS


def read_link(cell: Cell, column: str) -> Read[str]:
    """Read a link as it stands; what is no address of the web is worth a warning."""
    text = read_text(cell)
    if is_blank(cell) or is_error(cell) or is_address(text):
        return text, None
    message = f"{column} is no web address, so it leads nowhere."
    remedy = "Type an address such as https://example.com/report, or empty the cell."
    return text, Finding(Severity.WARNING, message, remedy)
