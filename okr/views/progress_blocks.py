"""What the page of progress is put together from: findings with their charts, lists and files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from okr.board import Board, KeyResultStanding, TeamStanding
from okr.changes import Changes
from okr.listings import Listing
from okr.views import formats, html
from okr.views.changes import Part, undated_words
from okr.views.course import Entry
from okr.views.drawings import Drawing
from okr.views.files import Files, Offer, origin
from okr.views.needs import Need, needs_listing
from okr.views.status_drawings import Doubtful
from okr.views.summary import Empty


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to another view of the page."""

    text: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A finding with what shows it: charts side by side, and what stands beneath them.

    ``files`` are its chart and its table, to take along.
    """

    title: str
    about: str
    files: Files
    drawings: tuple[Drawing, ...] = ()
    sentences: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    named: tuple[Doubtful, ...] = ()
    needs: tuple[Need, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Everything that the page shows in one view, and for each block the files of it."""

    title: str
    when: str
    answer: str
    more: str
    tabs: tuple[Tab, ...]
    days: tuple[Tab, ...]
    blocks: tuple[Block, ...]
    offers: tuple[Offer, ...]
    back: Tab | None
    empty: Empty | None = None
    act: Tab | None = None
    which: tuple[Tab, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A text, and the charts below it side by side."""

    text: str
    drawings: tuple[Drawing, ...] = ()


def steps(page: ProgressPage) -> list[Step]:
    """Lay a page out in as few steps as there are charts, for each costs the server."""
    laid: list[Step] = []
    text: str = html.draw("progress", page, "head")
    for block, offered in zip(page.blocks, page.offers, strict=True):
        text += html.draw("progress", block, "above")
        if block.drawings:
            laid.append(Step(text, block.drawings))
            text = html.Block()
        text += html.draw("progress", block, "below") + html.draw("progress", (offered,), "take")
    return [*laid, *([Step(text)] if text else [])]


def of_drawing(
    drawn: Drawing, board: Board, title: str | None = None, named: tuple[Doubtful, ...] = ()
) -> Block:
    """Show one chart under its finding, unless that stands at the head of the page."""
    title = drawn.title if title is None else title
    files = files_of(drawn, board)
    return Block(title, drawn.about, files, (drawn,), named=named)


def files_of(drawn: Drawing | None, board: Board) -> Files:
    """Let a chart be taken along, with the table behind it."""
    listing = drawn.listing if drawn else None
    return Files(drawn, (lambda: listing) if listing else None, origin(board))


def of_whom(block: Block, title: str) -> Block:
    """Let the files of a block say of whom they are: a picture leaves the page and its title."""
    origin = f"{title} · {block.files.origin}"
    return replace(block, files=replace(block.files, origin=origin))


def of_needs(needs: Sequence[Need], standings: Sequence[KeyResultStanding], board: Board) -> Block:
    """Put what is needed beneath a chart, those that need the most first."""
    files = Files(None, partial(needs_listing, standings, board), origin(board))
    if not needs:
        about = "No key result has a way to go now; their figures are in the table to download."
        return Block("", about, files)
    title = "What the key results still need"
    shown = tuple(needs)
    rest = len(standings) - len(shown)
    about = "Rates are in the unit of the key result, a week. The last four weeks are measured."
    about += f" {rest} more {'is' if rest == 1 else 'are'} in the table to download." * (rest > 0)
    return Block(title, about, files, needs=shown)


def changes_listing(parts: Sequence[Part]) -> Listing:
    """Put what changed into a table to take along."""
    headers = ("Sort", "Key result", "Team", "Owner", "What changed", "Note")
    rows = tuple(
        (part.title, line.title, line.team, line.owner, line.what, line.note)
        for part in parts
        for line in part.lines
    )
    return Listing("What changed", headers, rows)


def words_of_move(then: TeamStanding, whole: TeamStanding, changes: Changes) -> str:
    """Say what became of the score between the two days; where they cannot be compared, both."""
    since, day = changes.since, changes.until
    if then.score is None or whole.score is None:
        return ""
    was, is_now = round(100 * then.score), round(100 * whole.score)
    undated = undated_words(changes)
    if undated:
        was_then = f"on {formats.day(since, day)} it was {formats.share(then.score)}, {undated}"
        return f"The score is {formats.share(whole.score)}; {was_then}."
    if was == is_now:
        return f"The score is {formats.share(whole.score)}, as on {formats.day(since, day)}."
    went = "rose" if is_now > was else "fell"
    return f"The score {went} from {formats.share(then.score)} to {formats.share(whole.score)}."
