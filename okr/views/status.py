"""Status: a picture to take along, and the same content as text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from okr.board import Board
from okr.columns import normalise
from okr.views.pieces import Names

ALL_OBJECTIVES = "All objectives"
EVERYBODY = "Everybody"
SCALES: Mapping[str, float] = {"slide": 1.5, "portrait": 2.0}
"""Pixels of the shown picture to one of its canvas, so that it is crisp on a fine screen."""

_ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True, slots=True)
class StatusChoices:
    """What can be chosen beside team and cycle.

    ``meant`` mends what the address asks for; ``unknown`` are sentences on what cannot be mended.
    """

    objectives: tuple[str, ...]
    people: tuple[str, ...]
    has_below: bool
    meant: Mapping[str, str]
    unknown: tuple[str, ...] = ()


def build_choices(board: Board, team: str, query: Mapping[str, str]) -> StatusChoices:
    """List what a team has to choose from, by the names that an address has them by.

    An address may also name an objective by its ID, or a person by the e-mail address.
    """
    inside = _inside(board, team)
    is_any = "team" not in query
    listed = [one.objective for one in board.objectives if one.objective.is_counted]
    asked = normalise(query.get("objective", ""))
    found = next((one for one in listed if asked and normalise(one.id or "") == asked), None)
    names = Names(board.snapshot)
    own = [one for one in listed if (one.team or board.top.team.name) in inside]
    titles = [one.title for one in own]
    if is_any:
        titles += [one.title for one in listed if asked in (normalise(one.title), _key(one.id))]
    meant = {"objective": found.title} if found else {}
    person = query.get("person", "")
    if person and names.of(person) != person:
        meant["person"] = names.of(person)
    objectives = tuple(dict.fromkeys((ALL_OBJECTIVES, *titles)))
    people = tuple(dict.fromkeys((EVERYBODY, *sorted(_owners(board, inside, is_any, names)))))
    wanted = {**query, **meant}
    return StatusChoices(
        objectives=objectives,
        people=people,
        has_below=len(inside) > 1,
        meant=meant,
        unknown=tuple(
            f"{team} has no {label} “{wanted[label]}” here; this shows all instead."
            for label, known in (("objective", objectives), ("person", people))
            if wanted.get(label) and wanted[label] not in known
        ),
    )


def _key(id_: str | None) -> str:
    return normalise(id_) if id_ else " "


def _inside(board: Board, team: str) -> frozenset[str]:
    """Name a team and all teams below it."""
    found = {team}
    for one in board.teams:
        if one.team.parent in found:
            found.add(one.team.name)
    return frozenset(found)


def _owners(board: Board, inside: frozenset[str], is_any: bool, names: Names) -> set[str]:
    owners = {
        names.of(one.key_result.owner or objective.objective.owner)
        for objective in board.objectives
        if is_any or (objective.objective.team or board.top.team.name) in inside
        for one in objective.key_results
    }
    return owners - {""}


@dataclass(frozen=True, slots=True)
class LiveLinks:
    """Where the same picture is to be had: to download, each with a name, and for other pages."""

    downloads: tuple[tuple[str, str, str], ...]
    live: str


def live_links(
    choice: Mapping[str, str], query: Mapping[str, str], base: str, title: str, day: str
) -> LiveLinks:
    """Give the addresses of the live pictures that show the same.

    To download is what is shown; the live link is of the current day and cycle, unless the
    address asks for others.
    """
    kept = {name: query[name] for name in ("cycle", "as_of") if query.get(name)}
    asked = urlencode({**choice, **kept})
    tail = f"?{asked}" if asked else ""
    page = int(choice.get("page", "1"))
    forms = ("png", "svg", "pdf")
    return LiveLinks(
        tuple(
            (one.upper(), f"status.{one}{tail}", file_name(title, day, one, page)) for one in forms
        ),
        f"{base}/status.png{tail}" if base else f"status.png{tail}",
    )


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: its words, and the address that chooses it."""

    text: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Options:
    """Things of which one is chosen."""

    label: str
    options: tuple[Option, ...]


def build_options(
    query: Mapping[str, str],
    chosen: Mapping[str, str],
    known: Mapping[str, Sequence[str]],
    pages: int,
    has_below: bool,
    is_top: bool = False,
) -> tuple[Options, ...]:
    """Lay out as links what can be chosen of a picture; the first of each needs no word.

    Args:
        query: What the address of the page asks for.
        chosen: What is chosen, by its name in the address.
        known: The sizes and the themes.
        pages: How many pages there are.
        has_below: Tells whether there are teams below the chosen one.
        is_top: Tells that it is the top team, whose picture sums the whole company up.
    """
    numbers = [str(number + 1) for number in range(pages)]
    asked = {**known, "page": numbers if pages > 1 else ()}
    found = [
        Options(
            name.capitalize(),
            tuple(
                Option(
                    option,
                    _here(query, {"page": "", name: option if option != options[0] else ""}),
                    option == (chosen.get(name) or options[0]),
                )
                for option in options
            ),
        )
        for name, options in asked.items()
        if options
    ]
    if has_below:
        is_below = bool(chosen.get("below"))
        first = "whole company" if is_top else "this team"
        alone = Option(first, _here(query, {"page": "", "below": ""}), not is_below)
        with_all = Option("with those below", _here(query, {"page": "", "below": "true"}), is_below)
        found.insert(0, Options("Teams", (alone, with_all)))
    return tuple(found)


def _here(query: Mapping[str, str], changes: Mapping[str, str]) -> str:
    """Lead to the same page with other choices; a blank one is left out."""
    kept = {name: text for name, text in {**query, **changes}.items() if text}
    return f"status{'?' if kept else ''}{urlencode(kept)}"


def sound(query: Mapping[str, str], known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Take of an address what a picture can be drawn by; else the default holds."""
    page = query.get("page", "")
    is_sound = page.isascii() and page.isdecimal() and 1 <= int(page[:6]) <= 9999
    taken = {name: query.get(name, "") for name, options in known.items()}
    chosen = {name: text if text in known[name] else "" for name, text in taken.items()}
    below = "true" if query.get("below", "").casefold() in ("1", "true", "yes", "on") else ""
    return {**chosen, "page": page if is_sound else "", "below": below}


def file_name(title: str, day: str, form: str, page: int = 1) -> str:
    """Name a file for a picture: ``okr-customer-care-2026-11-20.png``."""
    words = re.findall(r"\w+", title.casefold())
    name = "-".join(words)[:60].strip("-") or "status"
    number = f"-{page}" if page > 1 and form != "pdf" else ""
    return f"okr-{name}-{day}{number}.{form}"


@dataclass(frozen=True, slots=True)
class Shown:
    """The picture as a page shows it: where it is, its size in pixels, and what it says."""

    address: str
    width: int
    height: int
    alternative: str


def show(content: Mapping[str, Any], address: str, size: str) -> Shown:
    """Show a picture of which the content is known, at an address."""
    canvas, scale = content["canvas"], SCALES[size]
    width, height = round(canvas["width"] * scale), round(canvas["height"] * scale)
    return Shown(address, width, height, alternative(content))


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What stands above the text: the choices, the picture, and links unless they are off."""

    options: tuple[Options, ...]
    picture: Shown
    links: LiveLinks | None


def readable(content: Any) -> Any:
    """Take a picture's content as text to read and to copy: as it was typed, unbroken."""
    if isinstance(content, str):
        return content.replace(_ZERO_WIDTH_SPACE, "")
    if isinstance(content, Mapping):
        return {name: readable(one) for name, one in content.items()}
    if isinstance(content, Sequence) and not isinstance(content, bytes):
        return [readable(one) for one in content]
    return content


def alternative(content: Mapping[str, Any]) -> str:
    """Say in a sentence what the picture shows, for whoever cannot see it."""
    said = (content["title"], content["when"], content["summary"], content["figure"])
    return (
        ". ".join(str(one).rstrip(".") for one in said if one) + ". The text below says the same."
    )
