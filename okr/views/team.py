"""Team: how do we stand?"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from okr.board import Board, ObjectiveStanding, TeamStanding
from okr.model import Commitment, Objective, State, Status
from okr.views import formats, html, pieces
from okr.views.addresses import Address
from okr.views.pieces import Bar, CellLink, Mark, Tally
from okr.views.rows import KeyResultRow, RowMaker, maker
from okr.views.summary import (
    Empty,
    counted,
    freshness,
    is_behind,
    net_words,
    score_words,
    when,
)


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class ObjectiveBlock:
    """One objective with its key results; ``is_rest`` marks rows alone, below an open form."""

    key: str
    title: str
    owner: str
    type: str
    mark: Mark
    bar: Bar
    score: str
    words: str
    supports: tuple[Link, ...]
    remark: str
    closing_note: str
    cell: CellLink
    rows: tuple[KeyResultRow, ...]
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Objectives that belong together; the first part of a page needs no title."""

    title: str
    sentence: str
    blocks: tuple[ObjectiveBlock, ...]
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Everything that the Team page shows."""

    title: str
    above: Link | None
    lead: str
    description: str
    when: str
    answer: str
    bar: Bar
    score: str
    score_words: tuple[str, ...]
    net_words: str
    tallies: tuple[Tally, ...]
    fresh: tuple[str, ...]
    below: tuple[Link, ...]
    parts: tuple[Part, ...]
    has_rows: bool
    empty: Empty | None = None


def build_team(
    board: Board, team: str, address: Address, *, open_key: str = "", act: str = "Check in"
) -> TeamPage:
    """Show how a team stands: its objectives, and the key results that they rest on.

    Args:
        board: Everything computed of the cycle.
        team: The name of the team; one that is not known shows the organisation's own.
        address: The open page and its choices.
        open_key: The key of the key result whose check-in form is open.
        act: The word that leads from a row to its form, or to its history alone.
    """
    standing = next((one for one in board.teams if one.team.name == team), board.top)
    own = counted(standing)
    make = maker(board, address, open_key=open_key, act=act)
    blocks = _Blocks(board, make)
    parts = tuple(part for part in _parts(board, standing, blocks) if part.blocks)
    return TeamPage(
        title=standing.team.name,
        above=_above(standing, address),
        lead=make.names.of(standing.team.lead),
        description=standing.team.description,
        when=when(board),
        answer=_answer(standing, board),
        bar=pieces.score_bar(standing, "ink"),
        score=formats.share(standing.score),
        score_words=score_words(standing),
        net_words=net_words(standing, own),
        tallies=pieces.tallies(own),
        fresh=freshness(board, own),
        below=_below(board, standing, address),
        parts=parts,
        has_rows=any(block.rows for part in parts for block in part.blocks),
        empty=_empty(board, standing),
    )


def draw_team(
    board: Board, team: str, address: Address, saved_key: str = "", closed: str = ""
) -> tuple[str, str]:
    """Draw the page in two parts: up to the row of the open form, and what follows it.

    Args:
        board: Everything computed of the cycle.
        team: The name of the team.
        address: The open page; its ``key_result`` names the row whose form is open.
        saved_key: The key result that was checked in just now.
        closed: Why nobody can check in, "" where everybody can.
    """
    key = address.query.get("key_result", "")
    act = "History" if closed else "Check in"
    page = build_team(board, team, address, open_key=key, act=act)
    above, below = split_at_form(page, key or saved_key)
    rest = html.draw("team", below, "rest") if below else ""
    return html.draw("team", above, "whole"), rest + html.draw("team", page, "footer")


def split_at_form(page: TeamPage, key: str) -> tuple[TeamPage, tuple[Part, ...]]:
    """Part a page below the row that is checked in, so that its form can stand there.

    Returns:
        The page up to the row, and what follows it; all of the page where it has no such row.
    """
    for at, part in enumerate(page.parts):
        for number, block in enumerate(part.blocks):
            keys = [row.key for row in block.rows]
            if key in keys:
                above, below = _split(block, keys.index(key) + 1)
                head = replace(part, blocks=(*part.blocks[:number], above))
                rest = replace(part, title="", blocks=(below, *part.blocks[number + 1 :]))
                return replace(page, parts=(*page.parts[:at], head)), (rest, *page.parts[at + 1 :])
    return page, ()


def _split(block: ObjectiveBlock, row: int) -> tuple[ObjectiveBlock, ObjectiveBlock]:
    rest = replace(block, rows=block.rows[row:], is_rest=True)
    return replace(block, rows=block.rows[:row]), rest


# --- the parts of the page ----------------------------------------------------------------------


def _parts(board: Board, standing: TeamStanding, blocks: "_Blocks") -> Iterable[Part]:
    """Part the objectives of a team: what counts, what is around it, and quietly what does not."""
    counts = [one for one in standing.objectives if one.objective.is_counted]
    yield Part("", "", blocks.of(counts))
    yield Part(
        "From longer cycles",
        "They run on beyond this cycle and have scores of their own.",
        blocks.of(_enclosing(board, standing), _with_cycle),
    )
    yield Part(
        "Without a cycle",
        "They count nowhere until the sheet names a cycle for them.",
        blocks.of(_without_cycle(board, standing)),
    )
    yield Part(
        "Drafts",
        "They do not count yet.",
        blocks.of(_in_state(standing, State.DRAFT)),
        is_quiet=True,
    )
    yield Part(
        "Dropped",
        "They do not count any more.",
        blocks.of(_in_state(standing, State.DROPPED)),
        is_quiet=True,
    )


def _in_state(standing: TeamStanding, state: State) -> list[ObjectiveStanding]:
    return [one for one in standing.objectives if one.objective.state is state]


def _enclosing(board: Board, standing: TeamStanding) -> list[ObjectiveStanding]:
    """Choose the objectives of longer cycles that are this team's own or that it supports."""
    supported = {key for one in standing.objectives for key in one.parents}
    team = standing.team.name
    return [
        one
        for one in board.enclosing
        if one.objective.key in supported or _team_of(one.objective, board) == team
    ]


def _without_cycle(board: Board, standing: TeamStanding) -> list[ObjectiveStanding]:
    """Choose this team's objectives that a workbook with cycles gives none."""
    known = {one.objective.key for one in standing.objectives}
    return [
        one
        for one in board.objectives
        if one.objective.key not in known and _team_of(one.objective, board) == standing.team.name
    ]


def _team_of(objective: Objective, board: Board) -> str:
    return objective.team or board.top.team.name


def _with_cycle(standing: ObjectiveStanding) -> str:
    return f"Cycle {standing.objective.cycle}"


class _Blocks:
    """Makes the blocks of a page; knows whom each objective supports."""

    def __init__(self, board: Board, make: RowMaker) -> None:
        self._board = board
        self._make = make
        self._objectives = {one.key: one for one in board.snapshot.objectives}

    def of(
        self,
        standings: Sequence[ObjectiveStanding],
        remark: Callable[[ObjectiveStanding], str] = lambda _: "",
    ) -> tuple[ObjectiveBlock, ...]:
        """Make a block of each objective."""
        return tuple(self._block(one, remark(one)) for one in standings)

    def _block(self, standing: ObjectiveStanding, remark: str) -> ObjectiveBlock:
        objective = standing.objective
        made = pieces.mark(standing.status, standing.word)
        score, _, words = pieces.score_text(standing).partition(", ")
        return ObjectiveBlock(
            key=objective.key,
            title=objective.title,
            owner=self._make.names.of(objective.owner),
            type=_type(objective),
            mark=made,
            bar=pieces.score_bar(standing, made.tone, standing.pass_mark),
            score="" if standing.score is None else score,
            words=words,
            supports=self._supports(standing),
            remark=remark or _remark(standing),
            closing_note=objective.closing_note,
            cell=pieces.cell_link(self._board.snapshot.source, objective.place.cell),
            rows=tuple(self._make.row(one) for one in standing.key_results),
        )

    def _supports(self, standing: ObjectiveStanding) -> tuple[Link, ...]:
        above = [self._objectives[key] for key in standing.parents if key in self._objectives]
        return tuple(
            Link(one.title, self._make.address.to("team", team=_team_of(one, self._board)))
            for one in above
        )


def _type(objective: Objective) -> str:
    is_aspirational = objective.commitment is Commitment.ASPIRATIONAL
    weight = "" if objective.weight == 1 else f", weight {formats.plain(objective.weight)}"
    return f"{'aspirational' if is_aspirational else 'committed'}{weight}"


def _remark(standing: ObjectiveStanding) -> str:
    """Say what keeps key results, or all of them, out of the score."""
    if standing.unscorable:
        total = len(standing.key_results)
        return f"{standing.unscorable} of {total} cannot be scored"
    if not standing.key_results and not standing.children:
        return "No key result yet: add one in the “Key results” tab"
    if standing.objective.roll_up.value == "children":
        number = formats.count(len(standing.children), "objective")
        return f"The score is that of the {number} below it"
    return ""


# --- the answer -----------------------------------------------------------------------------------


def _answer(standing: TeamStanding, board: Board) -> str:
    """Sum a team up in one sentence: how many objectives hold, and which one needs help."""
    objectives = [one for one in standing.objectives if one.objective.is_counted]
    if not objectives:
        return "No objective counts in this cycle yet."
    good = (Status.ON_TRACK, Status.ACHIEVED)
    held = sum(one.status in good for one in objectives)
    total = len(objectives)
    if board.cycle is not None and board.day > board.cycle.ends:
        return (
            f"{board.cycle.name} is over: {held} of {formats.count(total, 'objective')} achieved."
        )
    if held == total:
        all_hold = f"All {total} objectives hold pace."
        return "The objective holds its pace." if total == 1 else all_hold
    if total == 1:
        is_early = objectives[0].status is Status.TOO_EARLY
        return "Too early to tell." if is_early else f"The objective is {_state(objectives[0])}."
    first = f"{held} of {total} objectives {'holds' if held == 1 else 'hold'} pace"
    bad = sorted(
        (one for one in objectives if one.status in (Status.MISSED, Status.OFF_TRACK)),
        key=lambda one: -sum(is_behind(part) for part in one.key_results),
    )
    if bad:
        return f"{first}; “{bad[0].objective.title}” needs help first."
    rest = Counter(_state(one) for one in objectives if one.status not in good)
    return f"{first}; {formats.listing(f'{number} {state}' for state, number in rest.items())}."


def _state(standing: ObjectiveStanding) -> str:
    """Say the status of an objective within a sentence."""
    if standing.status is Status.NO_DATA:
        return "without data"
    return standing.status.value if standing.status else standing.word


def _above(standing: TeamStanding, address: Address) -> Link | None:
    parent = standing.team.parent
    return Link(parent, address.to("team", team=parent)) if parent else None


def _below(board: Board, standing: TeamStanding, address: Address) -> tuple[Link, ...]:
    """Lead to the teams directly below, each with its score."""
    return tuple(
        Link(one.team.name, address.to("team", team=one.team.name))
        for one in board.teams
        if one.team.parent == standing.team.name
    )


def _empty(board: Board, standing: TeamStanding) -> Empty | None:
    """Say what is missing where a team has nothing to show."""
    if standing.objectives or _enclosing(board, standing) or _without_cycle(board, standing):
        return None
    team = standing.team.name
    if board.cycle is None:
        return Empty(
            f"Here the objectives of {team} will stand",
            f"{team} has no objectives yet.",
            f"Type one into the “Objectives” tab, with “{team}” in its Team column.",
        )
    return Empty(
        f"Here the objectives of {team} will stand",
        f"{team} has set none for {board.cycle.name}.",
        f"Type one into the “Objectives” tab, with “{team}” as its Team and “{board.cycle.name}”"
        " as its Cycle, or choose another team or cycle above.",
    )
