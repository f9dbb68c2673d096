"""What the frame says above each page: as of when, from which workbook, and how complete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from okr.board import Board
from okr.model import Problem, Severity, Source
from okr.views import formats
from okr.views.addresses import Address

STYLE = (Path(__file__).parent / "templates" / "frame.css").read_text(encoding="utf-8")
"""How the frame looks, on the screen, in a capture of the full page, and in print."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence of its own line; its tone is a name in ``tokens.TEXTS``.

    ``href`` leads to what ``link`` says, both "" where there is nothing to go to.
    """

    title: str
    text: str
    tone: str = "soft"
    link: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class DayPicker:
    """The day that the board is shown as of, to be chosen among those up to today."""

    day: date
    today: date


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a page, for narrow screens, where Streamlit hides its own behind an icon."""

    title: str
    href: str
    is_here: bool


def ways(titles: Mapping[str, str], address: Address) -> tuple[Way, ...]:
    """Lead to each page, by its name and title; what was chosen goes along.

    The overview is the page without a name in its address.
    """
    there = address.to_each("" if name == "overview" else name for name in titles)
    return tuple(
        Way(title, href, name == address.page)
        for (name, title), href in zip(titles.items(), there, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Banner:
    """The line above a page. ``href`` is "" where the workbook has no address on the web.

    ``mending`` leads to the page that lists the problems. ``said`` is what stands before the
    moment: where one looks back, that is when the workbook was read, and not of when the page is.
    """

    said: str
    moment: str
    workbook: str
    href: str
    completeness: str
    problems: str
    mending: str
    notices: tuple[Notice, ...] = ()


def build(
    board: Board,
    address: Address,
    checked_at: datetime,
    failure: str = "",
    failing_since: datetime | None = None,
    *,
    is_demo: bool = False,
    as_of: date | None = None,
    remarks: Sequence[Notice] = (),
) -> Banner:
    """Say where the numbers of a board come from.

    Args:
        board: What the page shows.
        address: The page that is open.
        checked_at: When the workbook last said that this is what it holds.
        failure: Why it cannot be read now, "" where it can.
        failing_since: Since when that is so.
        is_demo: Tells that nobody has named a workbook yet.
        as_of: The day in the past that the page shows; None for today.
        remarks: What the page has to say of its address.
    """
    source = board.snapshot.source
    zone = board.snapshot.read_at.tzinfo
    notices = list(remarks)
    if failure:
        since = (failing_since or checked_at).astimezone(zone)
        notices.append(_outage(source, since, checked_at.astimezone(zone), failure))
    if as_of is not None:
        notices.append(_other_day(as_of, address))
    if is_demo:
        notices.append(_DEMO)
    return Banner(
        said="As of" if as_of is None else "Read",
        moment=formats.moment(checked_at.astimezone(zone)),
        workbook=source.title or source.location,
        href=source.location if source.location.startswith("https://") else "",
        completeness=_completeness(board),
        problems=_problems(board.problems),
        mending=address.to("sheet_health"),
        notices=tuple(notices),
    )


_DEMO = Notice(
    "This is a made-up company.",
    "Your own takes five steps: they stand in the README, under “Your own sheet”.",
)


def _outage(source: Source, since: datetime, then: datetime, failure: str) -> Notice:
    what = "The sheet" if source.location.startswith("https://") else "The workbook's file"
    said = (
        "this is what it said then"
        if since.date() == then.date()
        else (f"this is what it said on {formats.moment(then)}")
    )
    clock = f"{since:%H:%M}" if since.date() == then.date() else formats.moment(since)
    return Notice(f"{what} has been unreadable since {clock}; {said}.", failure, "warn")


def _other_day(day: date, address: Address) -> Notice:
    """Say that one looks back, what that leaves out, and the way back to today."""
    text = "What became known later is left out, and nothing can be changed here."
    title = f"Shown as of {formats.full_day(day)}."
    return Notice(title, text, "warn", "Back to today", address.here(as_of=None))


def _completeness(board: Board) -> str:
    """Say how many of the key results that count have a value."""
    counted, with_data = board.organisation.counted, board.organisation.with_data
    if counted == 0:
        return "no key results that count"
    if counted == with_data == 1:
        return "the one key result has a value"
    have = "has" if counted == 1 else "have"
    if counted == with_data:
        return f"all {formats.count(counted, 'key result')} {have} a value"
    return f"{formats.plain(with_data)} of {formats.count(counted, 'key result')} {have} a value"


def _problems(problems: tuple[Problem, ...]) -> str:
    """Count what is to be mended; "" where there is nothing."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    said = [formats.count(errors, "error")] if errors else []
    said += [formats.count(warnings, "warning")] if warnings else []
    return " and ".join(said)


def unknown(label: str, asked: str, shown: str) -> Notice:
    """Say that the address asks for what the workbook does not have."""
    return Notice(
        f"There is no {label.lower()} “{asked}” in this workbook.",
        f"This page shows {shown} instead. Choose another above.",
        "warn",
    )


def not_a_day(asked: str) -> Notice:
    """Say that the address asks for a day that cannot be read."""
    return Notice(
        f"“{asked}” is not a day.",
        "This page shows today. Write as_of as 2026-11-20 in the address.",
        "warn",
    )


def not_yet(day: date) -> Notice:
    """Say that the address asks for a day that has not come."""
    return Notice(
        f"{formats.full_day(day)} has not come yet.",
        "This page shows today. Write a day before today as as_of in the address.",
        "warn",
    )


def waiting(failure: str) -> Notice:
    """Say why there is nothing to show yet; "" stands for the first reading still under way."""
    if failure:
        return Notice(
            "The workbook cannot be read.",
            f"{failure} This page tries again by itself.",
            "bad",
        )
    return Notice("The workbook is being read for the first time.", "This page opens by itself.")


def refused(sentence: str) -> Notice:
    """Say what a failed action said of itself."""
    return Notice("That did not work.", sentence, "bad")


def broken(reference: str) -> Notice:
    """Say that the board itself failed, in a way that somebody can follow up."""
    return Notice(
        "This page could not be drawn.",
        "The fault is in the board, not in your sheet, which is as you left it. Reload the page. "
        "If it happens again, tell the person who runs the board this reference, which its log "
        f"explains: {reference}.",
        "bad",
    )
