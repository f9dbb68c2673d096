"""Progress: will we make it?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from okr.board import Board, KeyResultStanding, ObjectiveStanding, TeamStanding
from okr.changes import changes_of
from okr.history import History
from okr.views import formats
from okr.views.addresses import Address
from okr.views.changes import list_changes, words_of_changes
from okr.views.check_in import find_key_result
from okr.views.course import build_course
from okr.views.drawings import (
    TEAMS,
    Drawing,
    farthest_behind_first,
    gap_tiles,
    outlook,
    pass_mark_of,
    score_drawing,
    score_line,
    team_drawing,
    team_lines,
)
from okr.views.empties import lack_of_key_results, lack_of_objectives
from okr.views.files import Files, offers, origin
from okr.views.needs import list_needs
from okr.views.progress_blocks import (
    Block,
    ProgressPage,
    Tab,
    changes_listing,
    files_of,
    of_drawing,
    of_needs,
    of_whom,
    words_of_move,
)
from okr.views.status_drawings import (
    mix_drawing,
    rhythm_drawing,
    scores_drawing,
    stances_drawing,
)
from okr.views.summary import Empty, counted, when
from okr.views.two_scores import two_scores

VIEWS: Final[Mapping[str, str]] = {
    "score": "Score",
    "teams": "Teams",
    "status": "Status",
    "confidence": "Confidence",
    "rhythm": "Week by week",
    "changes": "What changed",
}
"""What the page can show, by the word in its address; the first is the default."""

WEEK = timedelta(days=7)


def build_progress(
    board: Board,
    team: str,
    address: Address,
    history: Callable[[], History],
    past: Callable[[date], Board],
) -> ProgressPage:
    """Show how the scores of a team, or of everybody, came to be and where they lead.

    Args:
        board: Everything computed of the cycle.
        team: The name of the team; that of the organisation shows everybody.
        address: The open page; ``view``, ``objective``, ``key_result`` and ``since`` choose.
        history: Gives the history of the board; asked only where it is needed.
        past: Gives the board of an earlier day, as it was known then.
    """
    query = address.query
    view = query.get("view", "") if query.get("view") in VIEWS else next(iter(VIEWS))
    whole = _whole(board, team)
    standing = find_key_result(board, query.get("key_result", ""))
    objective = next(
        (one for one in board.objectives if one.objective.key == query.get("objective")), None
    )
    page = _Page(board, whole, address, view)
    if view == "score":
        page = replace(page, notice=_unknown(query, standing, objective))
    empty = _empty(board, whole, address) or (
        _silence(whole, whole.team.name, whole.team.name, address) if view == "score" else None
    )
    if view == "score" and standing is not None:
        return page.of_key_result(standing, history)
    if empty is not None:
        return page.put_together("", (), empty=empty)
    if view == "score" and objective is not None:
        return page.of_objective(objective, history())
    if view == "changes":
        return page.of_changes(past)
    if view == "confidence":
        return page.of_confidence()
    made = {"teams": page.of_teams, "status": page.of_status, "rhythm": page.of_rhythm}
    return made.get(view, page.of_score)(history())


def _unknown(
    query: Mapping[str, str],
    standing: KeyResultStanding | None,
    objective: ObjectiveStanding | None,
) -> str:
    """Say what the address asks for and this cycle does not have."""
    for name, found in (("key_result", standing), ("objective", objective)):
        if query.get(name):
            what = name.replace("_", " ")
            return "" if found else f"There is no {what} “{query[name]}” in this cycle."
    return ""


def _whole(board: Board, team: str) -> TeamStanding:
    """Choose whose score it is; the top team stands for everybody, as in the pickers."""
    if team == board.top.team.name:
        return board.organisation
    return next((one for one in board.teams if one.team.name == team), board.organisation)


def _empty(board: Board, whole: TeamStanding, address: Address) -> Empty | None:
    """Say what is missing where there is no course to follow yet."""
    title = "Here the course of one cycle will stand"
    lack = lack_of_objectives(board, address, title) or lack_of_key_results(board, address, title)
    if lack is not None:
        return lack
    name = whole.team.name
    if not board.snapshot.cycles:
        return Empty(
            title,
            "The workbook names no cycle yet.",
            "Type one, such as 2026-Q4, into the Cycle column of an objective.",
        )
    if board.cycle is None:
        return Empty(
            title,
            "A course runs from the first day of a cycle to its last.",
            "Choose one cycle above.",
        )
    if not any(one.objective.is_counted for one in whole.objectives):
        return Empty(
            f"Here the course of {name} will stand",
            f"{name} has no objective that counts in {board.cycle.name}.",
            "Type one into the “Objectives” tab, or choose another team or cycle above.",
        )
    if board.day < board.cycle.starts:
        return Empty(
            "Here the course of the cycle will stand",
            f"{board.cycle.name} starts on {formats.full_day(board.cycle.starts)}.",
            "The first check-in of its first day begins the course.",
        )
    return None


def _silence(
    whole: TeamStanding | ObjectiveStanding, name: str, team: str, address: Address
) -> Empty | None:
    """Say that there is no score to follow yet: no key result, or none with a value."""
    if whole.score is not None:
        return None
    lacks = "None of its key results has a value yet." if whole.counted else "It has no key result."
    mend = "The first check-in begins the course." if whole.counted else "Add one first."
    href = address.to("team", team=team)
    return Empty(f"Here the course of {name} will stand", lacks, mend, "Go to the team.", href)


@dataclass(frozen=True, slots=True)
class _Page:
    """Puts one view of the page together."""

    board: Board
    whole: TeamStanding
    address: Address
    view: str
    notice: str = ""

    def put_together(
        self,
        answer: str,
        blocks: Sequence[Block],
        more: str = "",
        title: str = "",
        back: Tab | None = None,
        days: tuple[Tab, ...] = (),
        empty: Empty | None = None,
        act: Tab | None = None,
        which: tuple[Tab, ...] = (),
    ) -> ProgressPage:
        """Add what each view has: its title, the way to the others, and where it is from."""
        board, title = self.board, title or self._name
        blocks = [of_whom(block, title) for block in blocks]
        return ProgressPage(
            title=title,
            when=when(board),
            answer=answer,
            more=" ".join(filter(None, (self.notice, more))),
            tabs=tuple(
                Tab(text, self._to(view=None if view == "score" else view), view == self.view)
                for view, text in VIEWS.items()
            ),
            days=days,
            blocks=tuple(blocks),
            offers=offers(self.address, "progress", [block.files for block in blocks]),
            back=back,
            empty=empty,
            act=act,
            which=which,
        )

    def _of(self, drawn: Drawing, title: str | None = None) -> Block:
        return of_drawing(drawn, self.board, title)

    def _to(self, **choices: str | None) -> str:
        return self.address.to("progress", **choices)

    def of_score(self, history: History) -> ProgressPage:
        """Show the score against its pace, and what the key results still need."""
        whole, board = self.whole, self.board
        is_all = whole is board.organisation
        frame = history.organisation if is_all else history.teams
        frame = frame if is_all else frame[frame["team"] == whole.team.name]
        line = score_line(history, frame, whole.team.name, pass_mark_of(whole.objectives))
        drawn = score_drawing(line)
        standings = counted(whole)
        needs = list_needs(standings, board, self._to)
        return self.put_together(
            f"{drawn.title}.",
            (self._of(drawn, ""), of_needs(needs, standings, board)),
            more=outlook(line),
        )

    def of_objective(self, objective: ObjectiveStanding, history: History) -> ProgressPage:
        """Show the score of one objective, and what its key results still need."""
        title, back = objective.objective.title, Tab(self.whole.team.name, self._to(), False)
        team = objective.objective.team or self.board.top.team.name
        empty = _silence(objective, title, team, self.address)
        if empty is not None:
            return self.put_together("", (), title=title, back=back, empty=empty)
        frame = history.objectives
        frame = frame[frame["key"] == objective.objective.key]
        mark = objective.pass_mark
        line = score_line(history, frame, title, mark, by=mark)
        drawn = score_drawing(line)
        needs = list_needs(objective.key_results, self.board, self._to)
        return self.put_together(
            f"{drawn.title.replace(title, 'It', 1)}.",
            (self._of(drawn, ""), of_needs(needs, objective.key_results, self.board)),
            more=outlook(line),
            title=title,
            back=back,
        )

    def of_key_result(
        self, standing: KeyResultStanding, history: Callable[[], History]
    ) -> ProgressPage:
        """Show one key result in full, and what its moved goalposts did to its score."""
        view = build_course(self.board, standing)
        objective = standing.objective
        back = Tab(objective.title, self._to(objective=objective.key), False) if objective else None
        drawn = (view.drawing,) if view.drawing else ()
        about = view.drawing.about if view.drawing else ""
        files = files_of(view.drawing, self.board)
        block = Block("", about, files, drawn, view.sentences, view.entries)
        can_compare = bool(standing.moved) and self.board.cycle is not None
        both = two_scores(history(), standing) if can_compare else None
        blocks = (block, self._of(both)) if both else (block,)
        title, act = standing.key_result.title, self._to_check_in(standing)
        return self.put_together(f"{view.finding}.", blocks, title=title, back=back, act=act)

    def _to_check_in(self, standing: KeyResultStanding) -> Tab | None:
        """Lead to the check-in on the page of the team; what has no objective stands on none.

        On a past day there is none to make.
        """
        if standing.objective is None or self.address.query.get("as_of"):
            return None
        team = standing.objective.team or self.board.top.team.name
        href = self.address.to("team", team=team, key_result=standing.key_result.key)
        return Tab("Check in", href, False)

    def of_teams(self, history: History) -> ProgressPage:
        """Show the teams one below the other; of many, those farthest behind."""
        lines = farthest_behind_first(team_lines(self.board, history))
        is_all = self.address.query.get("teams") == "all"
        drawn = team_drawing(lines, None if is_all else TEAMS)
        blocks = (self._of(drawn, ""),)
        which: tuple[Tab, ...] = ()
        if len(lines) > TEAMS:
            few, every = self._to(view="teams"), self._to(view="teams", teams="all")
            first = Tab(f"the {TEAMS} farthest behind", few, not is_all)
            which = (first, Tab(f"all {len(lines)} teams", every, is_all))
        return self.put_together(f"{drawn.title}.", blocks, title=self._everybody, which=which)

    @property
    def _everybody(self) -> str:
        name = self.board.organisation.team.name
        return f"{name}, all teams" if len(self.board.teams) > 1 else name

    @property
    def _name(self) -> str:
        is_all = self.whole is self.board.organisation
        return self._everybody if is_all else self.whole.team.name

    def of_status(self, history: History) -> ProgressPage:
        """Show how key results are spread by status and by score."""
        standings = counted(self.whole)
        mix = mix_drawing(history, standings, self.board.day)
        scores = scores_drawing(standings, self.whole.expected)
        return self.put_together(f"{mix.title}.", (self._of(mix, ""), self._of(scores)))

    def of_confidence(self) -> ProgressPage:
        """Show who is more confident, or less, than the numbers."""
        stances, named = stances_drawing(self.board, counted(self.whole), self._to)
        block = of_drawing(stances, self.board, "", named)
        return self.put_together(f"{stances.title}.", (block,))

    def of_rhythm(self, history: History) -> ProgressPage:
        """Show week by week who updates how often, and who gains or loses ground."""
        tiles = self._of(gap_tiles(history, team_lines(self.board, history)))
        drawn = rhythm_drawing(self.board)
        if drawn is None:
            return self.put_together(f"{tiles.title}.", (tiles,), title=self._everybody)
        blocks = (self._of(drawn, ""), tiles)
        return self.put_together(f"{drawn.title}.", blocks, title=self._everybody)

    def of_changes(self, past: Callable[[date], Board]) -> ProgressPage:
        """Show what changed since another day, a week ago unless the address names one."""
        board, week = self.board, self.board.day - WEEK
        since = _day(self.address.query.get("since", ""))
        since = since if since is not None and since < board.day else week
        then = _whole(past(since), self.whole.team.name)
        changes = changes_of(then, self.whole, since, board.day)
        parts = list_changes(changes, board.snapshot)
        answer = words_of_changes(parts, counted(self.whole), since, board.day)
        gone = (board.day - since).days
        spans = ((1, "yesterday"), (7, "a week"), (14, "two weeks"), (28, "four weeks"))
        days = tuple(
            Tab(
                text,
                self._since(board.day - timedelta(days=back)),
                back == gone,
            )
            for back, text in spans
        )
        files = Files(None, partial(changes_listing, parts), origin(board))
        return self.put_together(
            answer,
            (Block("", "", files, parts=parts),) if parts else (),
            more=words_of_move(then, self.whole, changes),
            days=days,
        )

    def _since(self, day: date) -> str:
        return self._to(view="changes", since=day.isoformat())


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        return None
