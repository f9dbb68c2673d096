"""Team: how do we stand?"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from okr.board import Board, ObjectiveStanding, TeamStanding
from okr.coaching import Quality
from okr.model import Commitment, Objective, State, Status
from okr.status import NO_CYCLE
from okr.views import formats, html, pieces
from okr.views.addresses import Address
from okr.views.edit import NEW_OBJECTIVE
from okr.views.empties import lack_of_key_results, lack_of_objectives, why_no_row
from okr.views.files import Offer, offers, team_files
from okr.views.hints import Craft, HintLine, craft_of, lines_of
from okr.views.legend import Meaning, meanings
from okr.views.pieces import Bar, CellLink, Mark, Tally
from okr.views.rows import HISTORY, KeyResultRow, RowMaker, maker
from okr.views.summary import (
    Empty,
    counted,
    freshness,
    is_behind,
    net_words,
    score_words,
    when,
)

FORMS = ("edit", "add", "key_result")
"""What opens a form on this page, as the address calls it."""


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
    edit: str = ""
    edit_act: str = ""
    add: str = ""
    is_adding: bool = False
    is_open: bool = False
    is_rest: bool = False
    hints: tuple[HintLine, ...] = ()


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
    add: str = ""
    is_adding: bool = False
    empty: Empty | None = None
    craft: Craft | None = None
    meanings: tuple[Meaning, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """Name all objectives and key results on the page."""
        blocks = [block for part in self.parts for block in part.blocks]
        rows = [row.key for block in blocks for row in block.rows]
        return frozenset((*rows, *(block.key for block in blocks)))


def build_team(
    board: Board,
    team: str,
    address: Address,
    *,
    open_key: str = "",
    act: str = "Check in",
    has_edits: bool = False,
    quality: Quality | None = None,
) -> TeamPage:
    """Show how a team stands: its objectives, and the key results that they rest on.

    Args:
        board: Everything computed of the cycle.
        team: The name of the team; one that is not known shows the organisation's own.
        address: The open page and its choices.
        open_key: The key of the key result whose check-in form is open.
        act: The word that leads from a row to its form, or to its history alone.
        has_edits: Whether rows lead to the forms that change them.
        quality: The hints of the board; None shows none.
    """
    standing = next((one for one in board.teams if one.team.name == team), board.top)
    own = counted(standing)
    edit_key = address.query.get("edit", "")
    make = maker(board, address, open_key=open_key, act=act, edit_key=edit_key, has_edits=has_edits)
    blocks = _Blocks(board, make, quality)
    parts = tuple(part for part in _parts(board, standing, blocks) if part.blocks)
    return TeamPage(
        title=standing.team.name,
        above=_above(standing, address),
        lead=make.names.of(standing.team.lead),
        description=standing.team.description,
        when=when(board),
        answer=_unmeasured(board) or _answer(standing, board),
        bar=pieces.score_bar(standing, "ink"),
        score=formats.share(standing.score),
        score_words=(*score_words(standing), *_whose(board, standing)),
        net_words=net_words(standing, own),
        tallies=pieces.tallies(own),
        fresh=freshness(board, own),
        below=_below(board, standing, address),
        parts=parts,
        has_rows=any(block.rows for part in parts for block in part.blocks),
        add=add_link(board, make, NEW_OBJECTIVE),
        is_adding=address.query.get("add") == NEW_OBJECTIVE,
        empty=_empty(board, standing, address),
        craft=craft_of(standing.team.name, quality) if quality else None,
        meanings=meanings(board.snapshot.settings),
        offers=offers(address, "team", team_files(board, team)),
    )


def keys_of(board: Board, team: str) -> frozenset[str]:
    """Name all objectives and key results that the page of a team shows."""
    standing = next((one for one in board.teams if one.team.name == team), board.top)
    around = (*_enclosing(board, standing), *_without_cycle(board, standing))
    shown = (*standing.objectives, *around)
    rows = (row.key_result.key for one in shown for row in one.key_results)
    return frozenset((*rows, *(one.objective.key for one in shown)))


def draw_team(
    board: Board,
    team: str,
    address: Address,
    saved_key: str = "",
    closed: str = "",
    quality: Quality | None = None,
    home: str = "",
) -> tuple[TeamPage, html.Block, html.Block]:
    """Draw the page in two parts: up to the row of the open form, and what follows it.

    Args:
        board: Everything computed of the cycle.
        team: The name of the team.
        address: The open page; its ``key_result`` or ``edit`` names the row whose form is open, its
            ``add`` the objective that gets a key result.
        saved_key: What was saved just now.
        closed: Why nobody can check in or change anything, "" where everybody can.
        quality: The hints of the board; None shows none.
        home: The objective at whose end the form stands, where its own row has gone.
    """
    query = address.query
    page = build_team(
        board,
        team,
        address,
        open_key=query.get("key_result", ""),
        act=HISTORY if closed else "Check in",
        has_edits=not closed,
        quality=quality,
    )
    key = query.get("edit") or query.get("key_result") or saved_key
    end = home or query.get("add", "")
    above, below = split_at_form(page, end or key, is_after=bool(end))
    rest = html.draw("team", below, "rest") if below else html.Block()
    return page, html.draw("team", above, "whole"), rest + html.draw("team", page, "footer")


def split_at_form(
    page: TeamPage, key: str, *, is_after: bool = False
) -> tuple[TeamPage, tuple[Part, ...]]:
    """Part a page where a form is open: below the row of a key, below the head of an objective.

    Args:
        page: All of the page.
        key: The key of a key result or objective.
        is_after: Part it after the last key result of the objective instead.

    Returns:
        The page up to there, and what follows it; all of the page where it has no such row.
    """
    for at, part in enumerate(page.parts):
        for number, block in enumerate(part.blocks):
            rows = _rows_above(block, key, is_after)
            if rows is not None:
                above, below = _split(block, rows)
                head = replace(part, blocks=(*part.blocks[:number], above))
                rest = replace(part, title="", blocks=(below, *part.blocks[number + 1 :]))
                return replace(page, parts=(*page.parts[:at], head)), (rest, *page.parts[at + 1 :])
    return page, ()


def _rows_above(block: ObjectiveBlock, key: str, is_after: bool) -> int | None:
    """Count the rows of a block that stand above the form; None where it is not in this block."""
    if block.key == key:
        return len(block.rows) if is_after else 0
    keys = [row.key for row in block.rows]
    return keys.index(key) + 1 if key in keys and not is_after else None


def _split(block: ObjectiveBlock, row: int) -> tuple[ObjectiveBlock, ObjectiveBlock]:
    rest = replace(block, rows=block.rows[row:], is_rest=True)
    return replace(block, rows=block.rows[:row], add=""), rest


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
        if one.objective.key in supported or team_of(one.objective, board) == team
    ]


def _without_cycle(board: Board, standing: TeamStanding) -> list[ObjectiveStanding]:
    """Choose this team's objectives that a workbook with cycles gives none."""
    known = {one.objective.key for one in standing.objectives}
    return [
        one
        for one in board.objectives
        if one.objective.key not in known and team_of(one.objective, board) == standing.team.name
    ]


def team_of(objective: Objective, board: Board) -> str:
    """Name the team on whose page an objective stands."""
    return objective.team or board.top.team.name


def _with_cycle(standing: ObjectiveStanding) -> str:
    return f"Cycle {standing.objective.cycle}"


def add_link(board: Board, make: RowMaker, what: str) -> str:
    """Lead to the form that adds something, or away from it; "" where nothing may be added."""
    is_open = make.address.query.get("add") == what
    can_add = make.has_edits and not why_no_row(board.snapshot, what)
    return make.to(add=None if is_open else what) if can_add else ""


class _Blocks:
    """Makes the blocks of a page; knows whom each objective supports."""

    def __init__(self, board: Board, make: RowMaker, quality: Quality | None) -> None:
        self._quality = quality
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
        is_adding = self._make.address.query.get("add") == objective.key
        may_grow = is_adding or objective.state is not State.DROPPED
        add = add_link(self._board, self._make, objective.key) if may_grow else ""
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
            remark=remark or _remark(standing, bool(add)),
            closing_note=objective.closing_note,
            cell=pieces.cell_link(self._board.snapshot.source, objective.place.cell),
            rows=tuple(self._make.row(one) for one in standing.key_results),
            edit=self._make.to_edit(objective.key),
            edit_act=self._make.edit_act(objective.key),
            add=add,
            is_adding=is_adding,
            is_open=self._make.edit_key == objective.key,
            hints=lines_of(standing, self._quality) if self._quality else (),
        )

    def _supports(self, standing: ObjectiveStanding) -> tuple[Link, ...]:
        above = [self._objectives[key] for key in standing.parents if key in self._objectives]
        return tuple(
            Link(one.title, self._make.address.to("team", team=team_of(one, self._board)))
            for one in above
        )


def _type(objective: Objective) -> str:
    is_aspirational = objective.commitment is Commitment.ASPIRATIONAL
    weight = "" if objective.weight == 1 else f", weight {formats.plain(objective.weight)}"
    return f"{'aspirational' if is_aspirational else 'committed'}{weight}"


def _remark(standing: ObjectiveStanding, can_add: bool) -> str:
    """Say what keeps key results, or all of them, out of the score."""
    if standing.unscorable:
        total = len(standing.key_results)
        return f"{standing.unscorable} of {total} cannot be scored"
    if not standing.key_results and not standing.children:
        where = "below" if can_add else "in the “Key results” tab"
        return f"No key result yet: add one {where}"
    if standing.objective.roll_up.value == "children":
        number = formats.count(len(standing.children), "objective")
        return f"The score is that of the {number} below it"
    return ""


# --- the answer -----------------------------------------------------------------------------------


def _unmeasured(board: Board) -> str:
    """Say why no team has a key result, and how it gets one; "" where one has."""
    lack = lack_of_key_results(board, Address())
    return f"{lack.sentence} {lack.mend}" if lack is not None else ""


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
    if standing.status is None:
        return standing.word.replace(NO_CYCLE, "without a cycle")
    return standing.status.value


def _whose(board: Board, standing: TeamStanding) -> tuple[str, ...]:
    """Say that a team above others shows its own objectives, and how all of the company stands."""
    name, whole = standing.team.name, board.organisation
    if standing.score is None or all(one.team.parent != name for one in board.teams):
        return ()
    own = "its own objectives"
    return (
        f"{own}; all of {name}: {formats.share(whole.score)}" if standing is board.top else own,
    )


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


def _empty(board: Board, standing: TeamStanding, address: Address) -> Empty | None:
    """Say what is missing where a team has nothing to show."""
    if standing.objectives or _enclosing(board, standing) or _without_cycle(board, standing):
        return None
    team = standing.team.name
    title = f"Here the objectives of {team} will stand"
    lack = lack_of_objectives(board, address, title)
    if lack is not None:
        return lack
    if board.cycle is None:
        return Empty(
            title,
            f"{team} has no objectives yet.",
            f"Type one into the “Objectives” tab, with “{team}” in its Team column.",
        )
    return Empty(
        title,
        f"{team} has set none for {board.cycle.name}.",
        f"Type one into the “Objectives” tab, with “{team}” as its Team and “{board.cycle.name}”"
        " as its Cycle, or choose another team or cycle above.",
    )
