"""Rows and how references find them: by ID, else by exact title."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from okr.model import Problem
from okr.tables import Row, Table

E = TypeVar("E")


def rows_of(tables: Mapping[str, Table], name: str, problems: list[Problem]) -> Iterator[Row]:
    """Give the rows of a tab, none where the workbook has no such tab."""
    if name in tables:
        yield from tables[name].rows(problems)


def folded(text: str) -> str:
    """Reduce a text to what tells it from others: not case, nor runs of spaces."""
    return " ".join(text.split()).casefold()


@dataclass(slots=True)
class Register:
    """The rows of one kind by ID and by title, as references find them."""

    ids: dict[str, str] = field(default_factory=dict)
    spelled: set[str] = field(default_factory=set)
    """IDs as their own rows spell them: most references are just these."""
    _entered: Sequence["Found[Any]"] = ()
    """What has titles that are not sorted in yet; where all refer by ID, they never are."""
    _titles: dict[str, str] = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)
    _shared: set[str] = field(default_factory=set)
    """Titles that several rows have, both as written and folded."""
    _namesakes: dict[str, int] = field(default_factory=dict)

    def identify(self, row: Row, title: str, *content: str) -> tuple[str, str | None]:
        """Give a row its key and its own ID. Of doubled IDs the first row keeps it."""
        own = row.id("ID")
        is_own = bool(own) and own.casefold() not in self.ids
        if own and not is_own:
            row.error(
                "ID",
                f"The ID {own} is doubled: an earlier row has it, and every reference means that.",
                "Empty this cell; the board gives the row a new ID when it writes to it.",
            )
        key = own if is_own else self._by_content(row.table.name, title, *content)
        if is_own:
            self.ids[own.casefold()] = key
            self.spelled.add(key)
        return key, own if is_own else None

    def take(self, ids: Sequence[str]) -> None:
        """Note the IDs of rows that are known to share none."""
        self.ids.update(zip(map(str.casefold, ids), ids, strict=True))
        self.spelled.update(ids)

    def enter(self, found: Sequence["Found[Any]"]) -> None:
        """Note all that was found, in the order of the sheet, so that titles find it."""
        self._entered = found

    def _sort_in(self) -> None:
        """Note each title, as it is written and folded; of several alike the first is found."""
        for title, key in ((one.entity.title, one.entity.key) for one in self._entered):
            for known, spelling in ((self._titles, title), (self._folded, folded(title))):
                if known.setdefault(spelling, key) != key:
                    self._shared.add(spelling)
        self._entered = ()

    def _by_content(self, *content: str) -> str:
        """Name a row by what it says, numbered where several say the same."""
        name = "~" + " | ".join(map(folded, content))
        number = self._namesakes[name] = self._namesakes.get(name, 0) + 1
        return name if number == 1 else f"{name} ({number})"

    def find(self, reference: str) -> str | None:
        """Follow a reference: an ID, else an exact title, else one in another case."""
        if reference in self.spelled:
            return reference
        return self.ids.get(folded(reference)) or self.find_title(reference)

    def find_title(self, reference: str) -> str | None:
        """Follow a reference that is no ID."""
        self._sort_in()
        return self._titles.get(reference) or self._folded.get(folded(reference))

    def is_shared(self, reference: str) -> bool:
        """Tell whether a reference is a title that several rows have."""
        if reference in self.spelled or folded(reference) in self.ids:
            return False
        self._sort_in()
        return (reference if reference in self._titles else folded(reference)) in self._shared


@dataclass(frozen=True, slots=True)
class Found(Generic[E]):
    """An entity and the row it came from, for problems that show only when rows are linked.

    ``number`` is the row's, ``row_at`` gives a row by its number: of most it is never asked for.
    """

    entity: E
    number: int
    row_at: Callable[[int], Row]

    @property
    def row(self) -> Row:
        """Give the row, in which problems can be noted."""
        return self.row_at(self.number)


@dataclass(frozen=True, slots=True)
class Listed(Generic[E]):
    """The rows of one kind in the order of the sheet, and how references find them."""

    found: Sequence[Found[E]]
    register: Register


def warn_of_namesakes(row: Row, column: str, reference: str) -> None:
    """Report a reference by a title that several rows have."""
    row.warn(
        column,
        f"Several rows have the title “{reference}”; the first of them is meant here.",
        "Give the ID instead of the title.",
    )
