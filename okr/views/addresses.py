"""Where links lead: the pages of the board, their choices in the query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

KEPT = ("cycle", "team", "as_of", "embed", "embed_options")
"""The choices that a link takes along from page to page."""


@dataclass(frozen=True, slots=True)
class Address:
    """The page that is open and the choices made on it.

    ``has_forms`` tells whether its links may lead to forms: not where nothing may be written.
    """

    page: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    has_forms: bool = True

    @property
    def name(self) -> str:
        """Name it, the same for the same page, choices and links."""
        way = "?" if self.has_forms else " without forms?"
        return f"{self.page}{way}{urlencode(sorted(self.query.items()))}"

    def to(self, page: str, **choices: str | None) -> str:
        """Lead to a page, the kept choices going along; None leaves a choice out.

        The address is relative, so that it holds behind any proxy.
        """
        return self.to_each((page,), **choices)[0]

    def to_each(self, pages: Iterable[str], **choices: str | None) -> tuple[str, ...]:
        """Lead to each of several pages, as ``to`` does to one."""
        kept = {name: self.query[name] for name in KEPT if self.query.get(name)}
        chosen = {**kept, **choices}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return tuple(f"{page or './'}{'?' if query else ''}{query}" for page in pages)

    @property
    def without_form(self) -> str:
        """Lead to the same page without the form that is open."""
        return self.here(key_result=None, edit=None, add=None)

    def here(self, **choices: str | None) -> str:
        """Lead to the same page with other choices; None leaves a choice out."""
        return self.to(self.page, **{**self.query, **choices})
