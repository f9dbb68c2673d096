"""Files to take along: the charts and tables of a page, and the addresses that make them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from okr.board import Board, TeamStanding
from okr.listings import Listing
from okr.model import Problem, Status
from okr.views.addresses import Address
from okr.views.drawings import Drawing
from okr.views.needs import needs_listing
from okr.views.summary import when

PICTURES = ("png", "svg")
TABLES = ("csv", "xlsx")

KEY_RESULTS = "key results"
"""What a table of key results is called where a page has several."""


@dataclass(frozen=True, slots=True)
class Files:
    """A chart to take along, and the table behind it, or either of them.

    ``list_rows`` makes the table, for who asks. ``what`` names the two on a page that has several,
    ``origin`` says of which workbook and day they are.
    """

    drawing: Drawing | None
    list_rows: Callable[[], Listing] | None
    origin: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class FileLink:
    """Where a file is to be had, and its form in capitals."""

    form: str
    href: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The forms in which something can be taken along; ``what`` is as in ``Files``."""

    what: str
    links: tuple[FileLink, ...]


def origin(board: Board) -> str:
    """Say of which workbook, cycle and day something is."""
    return f"{board.snapshot.source.title} · {when(board)}"


def offers(address: Address, page: str, files: Sequence[Files]) -> tuple[Offer, ...]:
    """Offer the files of a page in all of their forms, by plain links: none is made unasked.

    Args:
        address: The open page; its choices go along.
        page: The name of the page, with which the names of its files begin.
        files: What there is on it, in order.
    """
    return tuple(_offer(address, page, number, one) for number, one in enumerate(files))


def _offer(address: Address, page: str, number: int, files: Files) -> Offer:
    forms = (PICTURES if files.drawing else ()) + (TABLES if files.list_rows else ())
    choices = {**address.query, "file": str(number)}
    links = (FileLink(form.upper(), address.to(f"{page}.{form}", **choices)) for form in forms)
    return Offer(files.what, tuple(links))


def overview_files(board: Board) -> tuple[Files, ...]:
    """Give the tables of the overview: the teams, and all key results."""
    return (
        Files(None, partial(_teams, board), origin(board), "teams"),
        Files(None, partial(needs_listing, board.key_results, board), origin(board), KEY_RESULTS),
    )


def team_files(board: Board, team: str) -> tuple[Files, ...]:
    """Give the table of one team: its key results, those of drafts too."""
    whole = next((one for one in board.teams if one.team.name == team), board.top)
    standings = [one for objective in whole.objectives for one in objective.key_results]
    return (Files(None, partial(needs_listing, standings, board), origin(board), KEY_RESULTS),)


def sheet_health_files(board: Board, address: Address) -> tuple[Files, ...]:
    """Give the table of what is to be mended, as it is chosen on the page."""
    chosen = choose_problems(board, address)
    return (Files(None, partial(_problems, chosen), origin(board), "findings"),)


def choose_problems(board: Board, address: Address) -> list[Problem]:
    """Choose what is to be mended as ``severity`` and ``tab`` in the address ask."""
    severity, tab = address.query.get("severity", ""), address.query.get("tab", "")
    return [
        one
        for one in board.problems
        if (not severity or one.severity == severity) and (not tab or one.tab == tab)
    ]


def _teams(board: Board) -> Listing:
    headers = (
        "Team", "Part of", "Score", "Could reach", "Expected", "Net", "Key results", "With a value",
        "Old", *(status.value for status in Status),
    )  # fmt: skip
    return Listing("Teams", headers, tuple(_team(one) for one in board.teams))


def _team(one: TeamStanding) -> tuple[str | float | int | None, ...]:
    counts = (one.counts.get(status, 0) for status in Status)
    figures = (one.score, one.high, one.expected, one.net, one.counted, one.with_data, one.stale)
    return (one.team.name, one.team.parent or "", *figures, *counts)


def _problems(problems: list[Problem]) -> Listing:
    headers = ("Severity", "Tab", "Row", "Column", "Cell", "Value", "What to do", "Why")
    rows = (
        (one.severity.value, one.tab, one.row, one.column, one.cell, one.value, one.remedy,
         one.message)
        for one in problems
    )  # fmt: skip
    return Listing("To mend in the sheet", headers, tuple(rows))
