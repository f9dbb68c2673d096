"""What a picture shows, as plain data: the same view-models as the pages, and what they rest on."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from okr.board import Board, TeamStanding
from okr.model import State
from okr.pictures import trend
from okr.pictures.address_code import qr_code
from okr.pictures.choice import Choice, PictureError
from okr.pictures.legible import Reader, kind_of
from okr.pictures.look import SIZES, colours
from okr.pictures.subjects import Subject, find_subject
from okr.views import formats, overview, team
from okr.views.addresses import Address
from okr.views.pieces import Bar, Mark, Tally
from okr.views.rows import KeyResultRow
from okr.views.summary import counted, freshness, score_words, when

Json = dict[str, Any]

NAMED = 3
"""How many key results a line names at most."""

SHORT_REVISION = 8

STRAIGHT = 0.004
"""How far a point may lie from a straight line and still be taken for one on it."""

LONGEST_QUOTE = 56
"""How many characters of a title a sentence may have."""

LABEL_SHIFT = 15
"""Pixels that the label of the score keeps away from the line of the pace."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a picture needs to know beside the board.

    ``base`` is the address of the board on the web, "" where nobody knows it; ``failing_since``
    is set while the workbook cannot be read.
    """

    base: str = ""
    failing_since: datetime | None = None


def build_content(
    board: Board, choice: Choice, origin: Origin, past: trend.PastBoards, reader: Reader
) -> Json:
    """Collect what a picture shows.

    Raises:
        PictureError: If the board does not have what is asked for.
    """
    subject = find_subject(board, choice)
    whole = subject.measure(board)
    page = overview.build_overview(_narrowed(board, subject, whole), Address("status"))
    groups = _groups(board, subject)
    way = trend.build_trend(board, subject.measure, past)
    address = address_of(board, choice, origin)
    shown: Json = {
        **frame_of(choice),
        "title": subject.title,
        "when": " · ".join(filter(None, (when(board), subject.about))),
        "summary": _brief(_summary(board, subject, whole, page.answer)),
        "figure": formats.share(whole.score) if whole.counted else "",
        "figure_words": _figure_words(whole),
        "trend": _trend(way, whole, board) if whole.counted else None,
        "tallies": [_tally(one) for one in page.tallies],
        "net_words": page.net_words,
        **_highlights("help", page.first, page.first_rest, subject),
        **_highlights("won", page.won, page.won_rest, subject),
        "teams": _teams(page) if subject.is_wide and whole.objectives else [],
        "groups": groups,
        "others": _others(board, subject, whole),
        "empty": None if groups or whole.objectives else _empty(board, subject, page),
        "address": address,
    }
    cleaned: Json = reader.clean(shown | {"stamp": stamp_of(board, whole, origin)})
    said = [*cleaned["stamp"], *lacking(reader.missing)]
    return {
        **cleaned,
        "qr": qr_code(address),
        "stamp": [unbroken(line) for line in said],
    }


def build_refusal(error: PictureError, choice: Choice, reader: Reader) -> Json:
    """Make the picture that says what is wrong, in the place of the one that was asked for."""
    said = {
        "title": "OKR Board",
        "empty": {"title": error.title, "sentence": error.sentence, "mend": error.mend},
    }
    return {**blank_of(choice), **reader.clean(said)}


def frame_of(choice: Choice) -> Json:
    """Say on which canvas, and in which colours and sizes, a picture is drawn."""
    return {
        "canvas": choice.canvas._asdict(),
        "theme": choice.theme,
        "colours": colours(choice.theme),
        "sizes": dict(SIZES),
        "page": choice.page,
    }


def blank_of(choice: Choice) -> Json:
    """Make a picture that shows nothing yet, whatever its template asks for."""
    texts = ("when", "summary", "figure", "net_words", "address")
    lists = ("figure_words", "tallies", "help", "won", "teams", "groups", "others", "stamp")
    nothing = {"trend": None, "qr": None, "help_rest": 0, "won_rest": 0}
    return {
        **frame_of(choice),
        **dict.fromkeys(texts, ""),
        **{name: [] for name in lists},
        **nothing,
    }


def _narrowed(board: Board, subject: Subject, whole: TeamStanding) -> Board:
    """Reduce a board to one subject, so that what sums a company up sums that subject up."""
    inside = tuple(one for one in board.teams if one.team.name in subject.teams)
    is_all = whole is board.organisation
    return replace(board, organisation=whole, teams=board.teams if is_all else inside)


def summarise(board: Board, subject: Subject, whole: TeamStanding) -> str:
    """Say in one sentence how a subject stands, in the words of the pages."""
    page = overview.build_overview(_narrowed(board, subject, whole), Address("status"))
    return _summary(board, subject, whole, page.answer)


def _brief(sentence: str) -> str:
    """Cut long titles within a sentence short, so that its end is not what gets lost."""
    return re.sub(f"“([^”]{{{LONGEST_QUOTE}}})[^”]+”", "“\\1…”", sentence)


def _summary(board: Board, subject: Subject, whole: TeamStanding, answer: str) -> str:
    """Say the sentence that the pages say of the same."""
    if subject.answer is not None:
        return subject.answer(whole)
    if subject.is_wide:
        return answer
    return team.build_team(board, whole.team.name, Address("team")).answer


def _figure_words(whole: TeamStanding) -> list[str]:
    """Put a score beside its pace, and say what it could reach and on how much it rests."""
    said = score_words(whole) if whole.counted else ()
    return [part.rstrip(")") for words in said for part in words.split(" (")]


# --- rows -----------------------------------------------------------------------------------------


def _groups(board: Board, subject: Subject) -> list[Json]:
    """List the objectives with their key results, by team where there are several."""
    found: list[Json] = []
    for name in subject.teams:
        blocks = [
            _block(block, subject, name)
            for part in team.build_team(board, name, Address("team")).parts
            if not part.is_quiet
            for block in part.blocks
            if subject.keys is None or block.key in subject.keys
        ]
        if blocks:
            found.append({"title": _heading(name, subject), "sentence": "", "blocks": blocks})
    if subject.keys is not None and found:
        return [{**found[0], "blocks": [block for group in found for block in group["blocks"]]}]
    return found


def _heading(name: str, subject: Subject) -> str:
    """Name the team of a group, where it is not plain from the title of the picture."""
    if name == subject.title:
        return "Own objectives" if subject.is_wide else ""
    return name if len(subject.teams) > 1 and subject.keys is None else ""


def _block(block: team.ObjectiveBlock, subject: Subject, team_name: str) -> Json:
    whose = team_name if len(subject.teams) > 1 and subject.keys is not None else ""
    about = [whose, block.type, block.owner and f"led by {block.owner}", block.words, block.remark]
    rows = [one for one in block.rows if subject.keys is None or one.key in subject.keys]
    return {
        "title": block.title,
        "words": " · ".join(filter(None, (*about, _supports(block)))),
        "mark": _plain(block.mark),
        "score": block.score,
        "note": f"“{block.closing_note}”" if block.closing_note else "",
        "rows": [_row(one) for one in rows],
    }


def _supports(block: team.ObjectiveBlock) -> str:
    return (
        f"supports {formats.listing(link.text for link in block.supports)}"
        if block.supports
        else ""
    )


def _row(row: KeyResultRow) -> Json:
    by = f" {row.noted_by}" if row.noted_by and row.noted_by != row.owner else ""
    return {
        "title": row.title,
        "bar": _plain(row.bar),
        "value": row.value,
        "is_known": not row.value.startswith("no data"),
        "change": row.change,
        "mark": _plain(row.mark),
        "owner": row.owner,
        "age": row.age,
        "arithmetic": row.arithmetic.rpartition(" → ")[0] or row.arithmetic,
        "remarks": " · ".join(row.remarks),
        "note": f"“{row.note}”{by}" if row.note else "",
    }


def _plain(piece: Bar | Mark) -> Json:
    return {one.name: getattr(piece, one.name) for one in fields(piece)}


def _tally(tally: Tally) -> Json:
    return {**_plain(tally.mark), "number": tally.number}


def _highlights(name: str, rows: Sequence[KeyResultRow], rest: str, subject: Subject) -> Json:
    """Name the first of some key results, and say how many more there are."""
    named = [_named(one, subject) for one in rows[:NAMED]]
    beyond = re.sub(r"[^0-9]", "", rest)
    return {name: named, f"{name}_rest": len(rows) - len(named) + int(beyond or 0)}


def _named(row: KeyResultRow, subject: Subject) -> Json:
    """Name a key result in a line: whose it is where that is not plain, and where it stands."""
    team_name = row.team if len(subject.teams) > 1 or subject.is_wide else ""
    return {
        "mark": _plain(row.mark),
        "text": row.title,
        "more": ", ".join(filter(None, (team_name, row.mark.word))),
    }


def _others(board: Board, subject: Subject, whole: TeamStanding) -> list[Json]:
    """List all teams where there is hardly anything to say of the one, so that no page is empty."""
    if whole.counted or subject.is_wide or not board.organisation.counted:
        return []
    return _teams(overview.build_overview(board, Address("status")))


def _teams(page: overview.OverviewPage) -> list[Json]:
    """List the teams; one line counts those that have nothing to show."""
    top = min((line.depth for line in page.teams), default=0)
    listed: list[Json] = [
        {
            "name": line.name,
            "depth": min(line.depth - top, 4),
            "bar": _plain(line.bar),
            "score": line.score,
            "pace": line.pace.partition(", ")[2] or line.pace,
            "net": line.net,
            "tallies": [_tally(one) for one in line.tallies],
            "old": line.stale,
            "remark": line.remark,
        }
        for line in page.teams
    ]
    if page.idle:
        texts = dict.fromkeys(("score", "pace", "net", "old"), "")
        named = {"name": formats.count(len(page.idle), "more team"), "remark": page.idle[0].remark}
        listed.append({**texts, **named, "depth": 0, "bar": None, "tallies": []})
    return listed


# --- the curve ------------------------------------------------------------------------------------


def _trend(way: trend.Trend | None, whole: TeamStanding, board: Board) -> Json | None:
    """Put a curve into words and points; its title is what it finds."""
    cycle = board.cycle
    if way is None or cycle is None:
        return None
    end = way.pace[-1][1] if way.pace else None
    return {
        "score": [[_short(x), _short(y)] for x, y in way.score],
        "pace": [[_short(x), _short(y)] for x, y in _bends(way.pace)],
        "first": formats.day(cycle.starts),
        "last": formats.day(cycle.ends),
        "title": _finding(whole),
        "now": formats.share(whole.score),
        "end": formats.share(end),
        "shift": -LABEL_SHIFT
        if end and (whole.score or 0) > (whole.expected or 0)
        else LABEL_SHIFT,
    }


def _bends(points: Sequence[trend.Point]) -> list[trend.Point]:
    """Leave out the points on a straight way between their neighbours."""
    kept = list(points[:1])
    for here, after in pairwise(points[1:]):
        (x, y), (x1, y1) = kept[-1], after
        straight = y + (y1 - y) * (here[0] - x) / (x1 - x)
        if abs(here[1] - straight) > STRAIGHT:
            kept.append(here)
    return [*kept, *points[1:][-1:]]


def _short(number: float) -> float:
    return round(number, 4)


def _finding(whole: TeamStanding) -> str:
    said = " ".join(score_words(whole)[:1]).partition(", ")[2]
    if said.endswith("behind"):
        return f"The score is {said} pace"
    return f"The score is {said} of pace" if said.endswith("ahead") else "Score and pace"


# --- what it rests on -----------------------------------------------------------------------------


def address_of(board: Board, choice: Choice, origin: Origin) -> str:
    """Give the address of the page that shows the same."""
    if not origin.base:
        return ""
    query = choice.page_query
    if board.cycle is not None:
        query["cycle"] = board.cycle.name
    page = choice.picture
    return f"{origin.base.rstrip('/')}/{Address(page).to(page, **query)}"


def stamp_of(board: Board, whole: TeamStanding, origin: Origin) -> list[str]:
    """Say of when the numbers are, where they come from, and how complete they are."""
    snapshot = board.snapshot
    read = snapshot.read_at
    source = snapshot.source.title or "workbook"
    said = [
        f"As of {formats.full_day(board.day)}",
        source,
        f"revision {snapshot.revision[:SHORT_REVISION]}",
        f"read at {read:%H:%M}" if read.date() == board.day else f"read {formats.moment(read)}",
        *freshness(board, counted(whole)),
        *_left_out(whole),
    ]
    lines = [" · ".join(said)]
    if origin.failing_since is not None:
        since = origin.failing_since.astimezone(read.tzinfo)
        lines.append(f"The workbook has been unreadable since {formats.moment(since)}.")
    return lines


def unbroken(text: str) -> str:
    """Keep a number and its unit on one line."""
    return re.sub(r"(\d) (d|days?|key results?|characters?)\b", "\\1\u00a0\\2", text)


def _left_out(whole: TeamStanding) -> list[str]:
    states = Counter(one.objective.state for one in whole.objectives)
    said = [
        formats.count(states[state], word)
        for state, word in ((State.DRAFT, "draft"), (State.DROPPED, "dropped objective"))
        if states[state]
    ]
    return [f"not shown: {formats.listing(said)}"] if said else []


def lacking(missing: set[str]) -> list[str]:
    """Say which letters of the sheet the fonts lack."""
    if not missing:
        return []
    kinds = formats.listing(sorted({kind_of(one) for one in missing}))
    number = formats.count(len(missing), "character")
    return [f"The fonts here lack {number} ({kinds}); the names in brackets stand for them."]


def _empty(board: Board, subject: Subject, page: overview.OverviewPage) -> Mapping[str, str]:
    """Say what will stand here, and the one thing to do."""
    alone = team.build_team(board, subject.title, Address("team"))
    empty = page.empty if subject.is_wide else alone.empty
    if empty is None:
        return {"title": "Nothing to show yet", "sentence": alone.answer, "mend": ""}
    mend = empty.mend.partition(", or choose another")
    return {
        "title": empty.title,
        "sentence": empty.sentence,
        "mend": f"{mend[0]}." if mend[1] else empty.mend,
    }
