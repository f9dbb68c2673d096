"""The week in Markdown: what changed, what is stale and whose, what needs help."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from okr.board import Board, KeyResultStanding, TeamStanding
from okr.model import Change, Status
from okr.pictures.choice import Choice
from okr.pictures.content import summarise
from okr.pictures.subjects import Subject, find_subject
from okr.pictures.trend import past_board
from okr.report import escape
from okr.views import formats
from okr.views.pieces import Names
from okr.views.summary import counted, freshness, net_words, score_words, when
from okr.views.tokens import ORDER

WEEK = timedelta(days=7)
MOST = 12
"""How many lines a part has; what is left out is counted."""

GOALPOSTS = ("Start", "Target", "Weight", "Due")


def digest_of(board: Board, choice: Choice, base: str = "") -> str:
    """Write the week up to the day of a board; ``base`` is where the board is on the web."""
    before = past_board(board.snapshot, board.cycle, board.day - WEEK)
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
        before: How everything stood a week ago.
        choice: Whom it is about.
        link: The address of the live picture, "" for none.

    Raises:
        PictureError: If the board does not have whom it is about.
    """
    subject = find_subject(board, choice)
    whole, then = subject.measure(board), subject.measure(before)
    week = _Week(board, subject, whole, then)
    parts = (
        ("Won", week.wins()),
        ("Slipped", week.slips()),
        ("Other changes of status", week.flips()),
        ("Goalposts moved", week.moves()),
        ("Needs help", week.needs_help()),
        ("Old values", week.stale()),
    )
    lines = [f"# {escape(subject.title)}: {escape(when(board))}", "", *week.head()]
    for title, said in parts:
        lines += _part(title, said)
    if not any(said for _, said in parts):
        lines += ["", "Nothing changed this week, and nothing is old."]
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
    """Compares the standings of one subject with those of a week ago."""

    def __init__(
        self, board: Board, subject: Subject, whole: TeamStanding, then: TeamStanding
    ) -> None:
        self._board = board
        self._subject = subject
        self._whole = whole
        self._score_then = then.score
        self._then = {one.key_result.key: one for one in counted(then)}
        self._names = Names(board.snapshot)
        self.now = counted(whole)

    def head(self) -> list[str]:
        """Sum the week up, with the score and what it was."""
        whole = self._whole
        lines = [f"**{escape(summarise(self._board, self._subject, whole))}**"]
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
        if not moved:
            return "unchanged in a week"
        return f"{formats.points(moved)} {'more' if moved > 0 else 'less'} than a week ago"

    def wins(self) -> list[str]:
        """List what was achieved this week."""
        return [
            self._line(one, self._value(one))
            for one in self.now
            if one.status is Status.ACHIEVED and self._was(one) is not Status.ACHIEVED
        ]

    def slips(self) -> list[str]:
        """List what stands worse than a week ago."""
        return [self._change(one) for one in self.now if _rank(one.status) < _rank(self._was(one))]

    def flips(self) -> list[str]:
        """List what stands better, or is known for the first time."""
        return [
            self._change(one)
            for one in self.now
            if one.status is not Status.ACHIEVED and _rank(one.status) > _rank(self._was(one))
        ]

    def moves(self) -> list[str]:
        """List what was changed of starts, targets, weights and dates."""
        since = self._board.day - WEEK
        return [
            self._line(one, _said(change))
            for one in self.now
            for change in self._board.snapshot.changes.get(one.key_result.key, ())
            if change.column in GOALPOSTS and since < change.when.date() <= self._board.day
        ]

    def needs_help(self) -> list[str]:
        """List what is behind: the worst status first, in it the farthest behind."""
        needy = (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK)
        bad = [one for one in self.now if one.status in needy]
        bad.sort(key=lambda one: (_rank(one.status), -(one.gap or 0.0)))
        return [self._line(one, f"{one.word}, {self._value(one)}", one.note) for one in bad]

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

    def _was(self, one: KeyResultStanding) -> Status | None:
        then = self._then.get(one.key_result.key)
        return then.status if then else None

    def _change(self, one: KeyResultStanding) -> str:
        then = self._then.get(one.key_result.key)
        was = f"{then.word} → " if then else ""
        return self._line(one, f"{was}{one.word}, {self._value(one)}", one.note)

    def _value(self, one: KeyResultStanding) -> str:
        kept = one.key_result
        return formats.value_of_target(one.value, kept.target, kept.unit, kept.kind)

    def _owner(self, one: KeyResultStanding) -> str:
        owner = one.key_result.owner or (one.objective.owner if one.objective else "")
        return self._names.of(owner)

    def _line(self, one: KeyResultStanding, what: str, note: str = "") -> str:
        team = one.objective.team if one.objective else ""
        team = team if team != self._subject.title else ""
        whose = ", ".join(filter(None, (team, self._owner(one))))
        said = f"**{escape(one.key_result.title)}** ({escape(whose)}): {escape(what)}"
        return f"{said}. “{escape(note)}”" if note else said


def _rank(status: Status | None) -> int:
    """Order statuses from what needs help first on; what is unknown changes nothing."""
    order: Iterable[Status] = ORDER
    return next((number for number, one in enumerate(order) if one is status), len(ORDER))


def _said(change: Change) -> str:
    before, after = (_cell(cell) for cell in (change.before, change.after))
    return f"{change.column} changed from {before} to {after}"


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return formats.plain(cell)
    return str(cell) or "blank"
