"""The gaps of a cascade, the least effort to mend first, each with the cell and the form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from okr.board import Board
from okr.gaps import Advice, Debt, Gap, GapKind
from okr.views import formats, pieces
from okr.views.addresses import Address
from okr.views.pieces import CellLink

SHOWN_SPOTS = 12
"""So many gaps of one kind are listed; those behind them follow once these are mended."""


@dataclass(frozen=True, slots=True)
class GapSpot:
    """One gap: what is so, the cells to mend, and where a form mends it, "" where none does."""

    what: str
    cells: tuple[CellLink, ...]
    mend_href: str
    mend_words: str


@dataclass(frozen=True, slots=True)
class GapGroup:
    """All gaps of a kind: the mend and the reason, the effort, then each of them."""

    title: str
    effort: str
    mend: str
    why: str
    number: int
    spots: tuple[GapSpot, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class GapList:
    """All gaps of a selection, and a sentence that sums them up."""

    answer: str
    groups: tuple[GapGroup, ...]


def build_gaps(board: Board, gaps: Sequence[Gap], address: Address) -> GapList:
    """List gaps by kind, in their rank.

    Args:
        board: Knows where cells are on the web.
        gaps: What is to be listed.
        address: The open page.
    """
    groups: dict[GapKind, list[Gap]] = {}
    for one in gaps:
        groups.setdefault(one.kind, []).append(one)
    return GapList(
        summary(gaps),
        tuple(_group(board, kind[0].advice, kind, address) for kind in groups.values()),
    )


def gaps_among(debt: Debt, keys: frozenset[str] | None, teams: frozenset[str]) -> list[Gap]:
    """Choose the gaps that touch some objectives or teams; None chooses all."""
    if keys is None:
        return list(debt.gaps)
    return [
        one
        for one in debt.gaps
        if keys.intersection(one.keys) or (one.kind is GapKind.NO_OBJECTIVE and one.team in teams)
    ]


def summary(gaps: Iterable[Gap]) -> str:
    """Count gaps by what they take to mend: ``3 gaps: 2 take one cell, 1 takes some writing``."""
    efforts: dict[str, int] = {}
    for one in gaps:
        efforts[one.advice.effort.value] = efforts.get(one.advice.effort.value, 0) + 1
    if not efforts:
        return "Nothing is missing between these goals."
    if len(efforts) == 1:
        [(effort, number)] = efforts.items()
        each = "it" if number == 1 else "each"
        return f"{formats.count(number, 'gap')} to mend; {each} takes {effort}."
    said = [
        f"{number} {'takes' if number == 1 else 'take'} {effort}"
        for effort, number in efforts.items()
    ]
    return f"{formats.count(sum(efforts.values()), 'gap')} to mend: {formats.listing(said, 4)}."


def _group(board: Board, advice: Advice, gaps: Sequence[Gap], address: Address) -> GapGroup:
    rest = len(gaps) - SHOWN_SPOTS
    return GapGroup(
        title=advice.title,
        effort=advice.effort.value,
        mend=advice.mend,
        why=advice.why,
        number=len(gaps),
        spots=tuple(_spot(board, one, address) for one in gaps[:SHOWN_SPOTS]),
        rest=f"and {formats.plain(rest, 0)} more" if rest > 0 else "",
    )


def _spot(board: Board, gap: Gap, address: Address) -> GapSpot:
    source = board.snapshot.source
    href, words = _form(gap, address) if address.has_forms else ("", "")
    return GapSpot(
        what=gap.what,
        cells=tuple(pieces.cell_link(source, cell) for cell in gap.cells[:3]),
        mend_href=href,
        mend_words=words,
    )


def _form(gap: Gap, address: Address) -> tuple[str, str]:
    """Lead to the form on the page of the team that mends a gap."""
    if gap.edit:
        return address.to("team", team=gap.team, edit=gap.edit), "Edit"
    if gap.add:
        words = "Add an objective" if gap.add == "objective" else "Add a key result"
        return address.to("team", team=gap.team, add=gap.add), words
    return "", ""
