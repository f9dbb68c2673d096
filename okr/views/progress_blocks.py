"""What the page of progress is put together from: findings with their charts, lists and files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from okr.board import Board, KeyResultStanding, TeamStanding
from okr.listings import Listing
from okr.views import formats, html
from okr.views.changes import Part
from okr.views.course import Entry
from okr.views.drawings import Drawing
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

    ``files`` are the charts to take along, ``listing`` is the table.
    """

    title: str
    about: str
    drawings: tuple[Drawing, ...] = ()
    sentences: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    named: tuple[Doubtful, ...] = ()
    needs: tuple[Need, ...] = ()
    parts: tuple[Part, ...] = ()
    files: tuple[Drawing, ...] = ()
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """What can be taken along: charts, a table, and of which workbook and day they are."""

    drawings: tuple[Drawing, ...]
    listing: Listing | None
    origin: str


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Everything that the page shows in one view; ``origin`` says of what its files are."""

    title: str
    when: str
    answer: str
    more: str
    tabs: tuple[Tab, ...]
    days: tuple[Tab, ...]
    blocks: tuple[Block, ...]
    to_files: tuple[Tab, ...]
    back: Tab | None
    origin: str
    empty: Empty | None = None
    act: Tab | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A text, the charts below it side by side, and the files that are offered after them."""

    text: str
    drawings: tuple[Drawing, ...] = ()
    files: Files | None = None


def steps(page: ProgressPage, open_files: str) -> list[Step]:
    """Lay a page out in as few steps as there are charts, for each costs the server.

    Args:
        page: What to lay out.
        open_files: The number of the block whose files are offered, "" for none: their buttons
            are dear, so that they are drawn for those who ask.
    """
    laid: list[Step] = []
    text: str = html.draw("progress", page, "head")
    for number, (block, link) in enumerate(zip(page.blocks, page.to_files, strict=True)):
        text += html.draw("progress", block, "above")
        if block.drawings:
            laid.append(Step(text, block.drawings))
            text = html.Block()
        text += html.draw("progress", block, "below") + html.draw("progress", link, "download")
        if str(number) == open_files:
            laid.append(Step(text, files=Files(block.files, block.listing, page.origin)))
            text = html.Block()
    return [*laid, *([Step(text)] if text else [])]


def of_drawing(drawn: Drawing, title: str | None = None, named: tuple[Doubtful, ...] = ()) -> Block:
    """Show one chart under its finding, unless that stands at the head of the page."""
    title = drawn.title if title is None else title
    return Block(title, drawn.about, (drawn,), named=named, files=(drawn,), listing=drawn.listing)


def of_needs(needs: Sequence[Need], standings: Sequence[KeyResultStanding], board: Board) -> Block:
    """Put what is needed beneath a chart, those that need the most first."""
    if not needs:
        about = "No key result has a way to go now; their figures are in the table to take along."
        return Block("", about, listing=needs_listing(standings, board))
    title = "What the key results still need"
    shown = tuple(needs)
    rest = len(standings) - len(shown)
    about = "Rates are in the unit of the key result, a week. The last four weeks are measured."
    about += f" {rest} more {'is' if rest == 1 else 'are'} in the table to take along." * (rest > 0)
    return Block(title, about, needs=shown, listing=needs_listing(standings, board))


def changes_listing(parts: Sequence[Part]) -> Listing:
    """Put what changed into a table to take along."""
    headers = ("Sort", "Key result", "Team", "Owner", "What changed", "Note")
    rows = tuple(
        (part.title, line.title, line.team, line.owner, line.what, line.note)
        for part in parts
        for line in part.lines
    )
    return Listing("What changed", headers, rows)


def words_of_move(then: TeamStanding, whole: TeamStanding, since: date, day: date) -> str:
    """Say what became of the score between the two days."""
    if then.score is None or whole.score is None:
        return ""
    was, is_now = round(100 * then.score), round(100 * whole.score)
    if was == is_now:
        return f"The score is {formats.share(whole.score)}, as on {formats.day(since, day)}."
    went = "rose" if is_now > was else "fell"
    return f"The score {went} from {formats.share(then.score)} to {formats.share(whole.score)}."
