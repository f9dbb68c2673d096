"""The week in Markdown: what changed, what is stale and whose, what needs help."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from okr.board import Board, KeyResultStanding, TeamStanding
from okr.changes import changes_of, rank
from okr.model import Status
from okr.pictures.choice import Choice
from okr.pictures.content import summarise
from okr.pictures.subjects import Subject, find_subject
from okr.pictures.trend import past_board
from okr.report import escape
from okr.views import formats
from okr.views.changes import Line, Teller, list_changes, undated_words, value
from okr.views.pieces import Names
from okr.views.summary import counted, freshness, net_words, score_words, when

WEEK = timedelta(days=7)
MOST = 12
"""How many lines a part has; what is left out is counted."""


def digest_of(board: Board, choice: Choice, base: str = "", since: date | None = None) -> str:
    """Write what happened up to the day of a board.

    Args:
        board: How everything stands.
        choice: Whom it is about.
        base: Where the board is on the web, "" for nowhere.
        since: The day to compare with; None is a week before.
    """
    before = past_board(board.snapshot, board.cycle, since or board.day - WEEK)
    query = {**choice.query, **({"cycle": board.cycle.name} if board.cycle else {})}
    link = f"{base}/status.png?{urlencode(query)}" if base else ""
    return build_digest(board, before, choice, link)


def as_message(digest: str) -> tuple[str, str]:
    """Part a digest into a title in plain text, and the rest in Markdown."""
    title, _, body = digest.partition("\n")
    return re.sub(r"\\(.)", r"\1", title.removeprefix("# ")), body.strip()


def build_digest(board: Board, before: Board, choice: Choice, link: str = "") -> str:
    """Write the week of the organisation, a team or a person.

    Args:
        board: How everything stands.
        before: How everything stood on the day to compare with, mostly a week ago.
        choice: Whom it is about.
        link: The address of the live picture, "" for none.

    Raises:
        PictureError: If the board does not have whom it is about.
    """
    subject = find_subject(board, choice)
    whole, then = subject.measure(board), subject.measure(before)
    week = _Week(board, subject, whole, then, before.day)
    parts = week.parts()
    lines = [f"# {escape(subject.title)}: {escape(when(board))}", "", *week.head()]
    for title, said in parts:
        lines += _part(title, said)
    if not any(said for _, said in parts):
        lines += ["", week.silence()]
    lines += ["", f"_{escape(' · '.join((*freshness(board, week.now), _origin(board))))}_"]
    if link:
        lines += ["", f"Live picture: {link}"]
    return "\n".join(lines) + "\n"


def _part(title: str, said: Sequence[str]) -> list[str]:
    if not said:
        return []
    rest = len(said) - MOST
    more = [f"- and {rest} more"] if rest > 0 else []
    return ["", f"## {title}", "", *(f"- {line}" for line in said[:MOST]), *more]


def _origin(board: Board) -> str:
    snapshot = board.snapshot
    return f"{snapshot.source.title}, revision {snapshot.revision[:8]}"


class _Week:
    """Says what changed of one subject between two days, and how it stands now."""

    def __init__(
        self, board: Board, subject: Subject, whole: TeamStanding, then: TeamStanding, since: date
    ) -> None:
        self._board = board
        self._subject = subject
        self._whole = whole
        self._score_then = then.score
        self._names = Names(board.snapshot)
        self._since = since
        self._is_week = since == board.day - WEEK
        self.now = counted(whole)
        self._changes = changes_of(then, whole, since, board.day)

    @property
    def span(self) -> str:
        """Say of what time this is."""
        return "this week" if self._is_week else f"since {self._day(self._since)}"

    def silence(self) -> str:
        """Say that there is nothing to tell; a value without a date may be of any age."""
        if not self.now:
            return "There is nothing to tell as long as no key result counts."
        if any(one.is_undated for one in self.now):
            return f"Nothing is known to have changed {self.span}: not every value has a date."
        return f"Nothing changed {self.span}, and nothing is old."

    def head(self) -> list[str]:
        """Sum the week up, with the score and what it was."""
        whole = self._whole
        lines = [f"**{escape(summarise(self._board, self._subject, whole))}**"]
        if not self._is_week:
            lines += ["", f"What changed since {escape(self._day(self._since))}."]
        if whole.score is not None:
            said = [f"Score {formats.share(whole.score)}", *score_words(whole), self._moved()]
            lines += ["", escape(" · ".join(filter(None, said)))]
        words = net_words(whole, self.now)
        return [*lines, *(["", escape(f"{words}.")] if words else [])]

    def _moved(self) -> str:
        score, then = self._whole.score, self._score_then
        if score is None or then is None:
            return ""
        moved = round(100 * score) - round(100 * then)
        ago = "a week ago" if self._is_week else f"on {self._day(self._since)}"
        undated = undated_words(self._changes)
        if undated:
            return f"{formats.share(then)} {ago}, {undated}"
        if not moved:
            return "unchanged in a week" if self._is_week else f"as {ago}"
        return f"{formats.points(moved)} {'more' if moved > 0 else 'less'} than {ago}"

    def _day(self, day: date) -> str:
        return formats.day(day, self._board.day)

    def parts(self) -> tuple[tuple[str, list[str]], ...]:
        """List what changed, sort by sort, then what stands badly whether it changed or not."""
        listed = list_changes(self._changes, self._board.snapshot)
        return (
            *((part.title, [self._written(line) for line in part.lines]) for part in listed),
            ("Needs help", self.needs_help()),
            ("Old values", self.stale()),
        )

    def needs_help(self) -> list[str]:
        """List what is behind: the worst status first, in it the farthest behind."""
        needy = (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK)
        bad = [one for one in self.now if one.status in needy]
        bad.sort(key=lambda one: (rank(one.status), -(one.gap or 0.0)))
        say = Teller(self._board.snapshot, self._board.day)
        return [self._written(say.line(one, f"{one.word}, {value(one)}", one.note)) for one in bad]

    def stale(self) -> list[str]:
        """List by owner what nobody has measured for long, or ever."""
        found: dict[str, list[str]] = {}
        for one in self.now:
            if (one.is_stale and one.status is not Status.ACHIEVED) or one.value is None:
                found.setdefault(self._owner(one) or "nobody", []).append(self._old(one))
        return [f"**{escape(who)}**: {'; '.join(what)}" for who, what in found.items()]

    def _old(self, one: KeyResultStanding) -> str:
        age = formats.age(one.updated_on, self._board.day) or "no value yet"
        return f"{escape(one.key_result.title)} ({age})"

    def _owner(self, one: KeyResultStanding) -> str:
        owner = one.key_result.owner or (one.objective.owner if one.objective else "")
        return self._names.of(owner)

    def _written(self, line: Line) -> str:
        team = line.team if line.team != self._subject.title else ""
        whose = ", ".join(filter(None, (team, line.owner)))
        said = f"**{escape(line.title)}** ({escape(whose)}): {escape(line.what)}"
        return f"{said}. “{escape(line.note)}”" if line.note else said
