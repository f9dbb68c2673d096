"""Who supports whom: a matrix of teams, or a list where there are too many for one."""

from collections.abc import Sequence
from dataclasses import dataclass

from okr.gaps import Debt
from okr.supports import TeamLink
from okr.views import formats
from okr.views.addresses import Address

MOST_TEAMS = 16
"""A matrix of more teams than that cannot be read at once."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How often one team supports another, and the mean score of that work."""

    count: int
    score: str
    words: str
    is_upward: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One team that supports others."""

    team: str
    href: str
    cells: tuple[Cell | None, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Pair:
    """One team that supports another, in a list."""

    from_team: str
    to_team: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Across:
    """The matrix of teams; ``pairs`` instead where there are too many of them."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    answer: str
    silos: tuple[tuple[str, str], ...]


def build_across(debt: Debt, teams: Sequence[str], address: Address, team: str = "") -> Across:
    """Show who supports whom.

    Args:
        debt: Knows the links between teams, and the silos.
        teams: All teams, in the order of the tree.
        address: The open page.
        team: Shows the links of this team alone; "" shows all.
    """
    links = [one for one in debt.team_links if not team or team in (one.from_team, one.to_team)]
    froms = [one for one in teams if any(link.from_team == one for link in links)]
    tos = [one for one in teams if any(link.to_team == one for link in links)]
    by_pair = {(one.from_team, one.to_team): one for one in links}
    is_list = max(len(froms), len(tos)) > MOST_TEAMS
    silos = [one for one in debt.silos if not team or one == team]
    return Across(
        columns=() if is_list else tuple(tos),
        rows=()
        if is_list
        else tuple(
            Row(
                one,
                _to_team(address, one),
                tuple(_cell(by_pair.get((one, other))) for other in tos),
                sum(link.count for link in links if link.from_team == one),
            )
            for one in froms
        ),
        pairs=_pairs(links) if is_list else (),
        answer=_answer(links, silos),
        silos=tuple((one, _to_team(address, one)) for one in silos),
    )


def _to_team(address: Address, team: str) -> str:
    return address.here(team=team, view=None, focus=None, turned=None)


def _cell(link: TeamLink | None) -> Cell | None:
    if link is None:
        return None
    score = formats.share(link.score)
    number = formats.count(link.count, "objective")
    verb = "supports" if link.count == 1 else "support"
    words = f"{number} of {link.from_team} {verb} {link.to_team}, mean score {score}"
    return Cell(link.count, score, words, link.is_upward)


def _pairs(links: Sequence[TeamLink]) -> tuple[Pair, ...]:
    """List who supports whom across the lines of teams first, then the most."""
    ordered = sorted(links, key=lambda one: (one.is_upward, -one.count))
    cells = [(one, _cell(one)) for one in ordered]
    return tuple(Pair(one.from_team, one.to_team, cell) for one, cell in cells if cell)


def _answer(links: Sequence[TeamLink], silos: Sequence[str]) -> str:
    """Say how much support goes across, and who stands alone."""
    across = [one for one in links if not one.is_upward]
    number, total = sum(one.count for one in across), sum(one.count for one in links)
    of = f"{number} of {formats.count(total, 'link')} between teams"
    said = f"{of} {'goes' if number == 1 else 'go'} across, not up the line"
    if not links:
        said = "No team supports another yet"
    if not silos:
        return f"{said}; no team stands alone."
    return f"{said}; {formats.listing(silos)} {'stands' if len(silos) == 1 else 'stand'} alone."
