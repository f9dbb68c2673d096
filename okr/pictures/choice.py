"""Which picture is asked for: of what, on which canvas, and which page of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

FORMS = ("png", "svg", "pdf")
PICTURES = ("status", "cascade")
THEMES = ("light", "dark")


LONGEST = 1000
"""How many characters an address may say of one choice."""


class Canvas(NamedTuple):
    """The size of a picture in pixels."""

    width: int
    height: int


CANVASES: Mapping[str, Canvas] = {"slide": Canvas(1600, 900), "portrait": Canvas(1080, 1350)}

_YES = frozenset(("1", "true", "yes", "on"))


class PictureError(Exception):
    """A picture that cannot be drawn as it was asked for: what is wrong, and the mend."""

    def __init__(self, title: str, sentence: str, mend: str) -> None:
        super().__init__(f"{title}. {sentence} {mend}")
        self.title = title
        self.sentence = sentence
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody asks for; blank stands for the organisation.

    An objective or a person goes before a team. ``below`` takes in the teams below the team.
    ``page`` counts from 1; 0 stands for all pages. ``picture`` is what is drawn: how somebody
    stands, or the cascade around them.
    """

    team: str = ""
    below: bool = False
    objective: str = ""
    person: str = ""
    size: str = "slide"
    theme: str = "light"
    page: int = 1
    picture: str = "status"

    @property
    def canvas(self) -> Canvas:
        """The size in pixels."""
        return CANVASES[self.size]

    @property
    def query(self) -> dict[str, str]:
        """The choice as an address spells it; what is the default is left out."""
        said = {
            "team": self.team,
            "below": "true" if self.below else "",
            "objective": self.objective,
            "person": self.person,
            "size": "" if self.size == "slide" else self.size,
            "theme": "" if self.theme == "light" else self.theme,
            "page": "" if self.page <= 1 else str(self.page),
        }
        return {name: text for name, text in said.items() if text}

    @property
    def page_query(self) -> dict[str, str]:
        """The choice as the address of the page spells it that shows the same."""
        asked = replace(self, size="slide", theme="light", page=1).query
        if self.picture == "cascade" and self.objective:
            asked["focus"] = asked.pop("objective")
        return asked


def read_choice(query: Mapping[str, str], picture: str = "status") -> Choice:
    """Read a choice from the query of an address.

    The page of the cascade calls an objective ``focus``; both words are understood.

    Raises:
        PictureError: If it asks for a size, a theme or a page that there is not, or at length.
    """
    said = {name: text.strip() for name, text in query.items()}
    if any(len(text) > LONGEST for text in said.values()):
        raise PictureError(
            "The address is too long",
            f"A choice in it has more than {LONGEST} characters.",
            "Name an objective by its ID, or shorten what the address asks for.",
        )
    return Choice(
        team=said.get("team", ""),
        below=said.get("below", "").casefold() in _YES,
        objective=said.get("objective", "") or said.get("focus", ""),
        person=said.get("person", ""),
        size=_one_of("size", said.get("size", ""), tuple(CANVASES)),
        theme=_one_of("theme", said.get("theme", ""), THEMES),
        page=_page(said.get("page", "")),
        picture=picture,
    )


def _one_of(name: str, asked: str, known: tuple[str, ...]) -> str:
    if not asked:
        return known[0]
    if asked.casefold() in known:
        return asked.casefold()
    raise PictureError(
        f"There is no {name} “{asked}”",
        f"The address asks for the {name} “{asked}”.",
        f"Write {name}={known[0]} or {name}={known[1]} in it.",
    )


def _page(asked: str) -> int:
    if not asked:
        return 1
    if asked.isascii() and asked.isdecimal() and 1 <= int(asked[:6]) <= 9999:
        return int(asked[:6])
    raise PictureError(
        f"There is no page “{asked}”",
        f"The address asks for page “{asked}”.",
        "Write a number, such as page=2, or leave it out for the first page.",
    )
