"""A key result as one row, the same on every page that lists key results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from okr.board import Board, KeyResultStanding
from okr.explain import explain_key_result
from okr.model import Kind, Settings, Source, Status
from okr.views import formats, pieces
from okr.views.addresses import Address
from okr.views.pieces import Bar, CellLink, Mark, Names

HISTORY = "History"
"""The word that leads from a row to what was said of it, where no check-in is asked for."""


@dataclass(frozen=True, slots=True)
class KeyResultRow:
    """One key result, ready to draw: its columns, and what stands beneath the title.

    ``remarks`` are short facts that a reader must not miss, such as the two needles.
    """

    key: str
    title: str
    href: str
    team: str
    bar: Bar
    value: str
    change: str
    mark: Mark
    owner: str
    age: str
    arithmetic: str
    remarks: tuple[str, ...]
    note: str
    noted_by: str
    cell: CellLink
    check_in: str
    act: str
    edit: str = ""
    edit_act: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class RowMaker:
    """What all rows of a page have in common.

    ``open_key`` names the row whose check-in is open, ``edit_key`` the one that is edited; ``act``
    leads to a check-in, "" where none may.
    """

    settings: Settings
    source: Source
    names: Names
    address: Address
    day: date
    open_key: str = ""
    act: str = ""
    edit_key: str = ""
    has_edits: bool = False

    def row(self, standing: KeyResultStanding, page: str = "team") -> KeyResultRow:
        """Make the row of one key result; its title leads to it on the page of its team."""
        one = standing.key_result
        team = standing.objective.team if standing.objective else ""
        is_open, is_edited = self.open_key == one.key, self.edit_key == one.key
        act = HISTORY if self.act and standing.status is Status.DROPPED else self.act
        return KeyResultRow(
            key=one.key,
            title=one.title,
            href=self.address.to(page, team=team or None, key_result=one.key),
            team=team,
            bar=pieces.key_result_bar(standing),
            value=_value(standing),
            change=formats.change(standing.value, standing.value_week_ago, one.unit, one.kind),
            mark=pieces.mark(standing.status, standing.word, _is_hollow(standing)),
            owner=self.names.of(one.owner),
            age=_age(standing, self.day),
            arithmetic=explain_key_result(standing, self.settings) + _weight(standing),
            remarks=_remarks(standing, self.day),
            note=standing.note,
            noted_by=self.names.of(standing.noted_by),
            cell=pieces.cell_link(self.source, one.place.cell),
            check_in=self.to(key_result=None if is_open else one.key) if self.act else "",
            act="Close" if is_open else act,
            edit=self.to_edit(one.key),
            edit_act=self.edit_act(one.key),
            is_open=is_open or is_edited,
        )

    def to(self, **form: str | None) -> str:
        """Lead to the same page with one form open, or none."""
        return self.address.here(**{"key_result": None, "edit": None, "add": None, **form})

    def to_edit(self, key: str) -> str:
        """Lead to the form that edits a row, or away from it; "" where nothing may be edited."""
        if not self.has_edits:
            return ""
        return self.to(edit=None if self.edit_key == key else key)

    def edit_act(self, key: str) -> str:
        """Give the word that leads to the form of a row, or away from it."""
        return "Close" if self.edit_key == key else "Edit"


def maker(
    board: Board,
    address: Address,
    *,
    open_key: str = "",
    act: str = "",
    edit_key: str = "",
    has_edits: bool = False,
) -> RowMaker:
    """Collect what the rows of a page have in common."""
    snapshot = board.snapshot
    return RowMaker(
        snapshot.settings,
        snapshot.source,
        Names(snapshot),
        address,
        board.day,
        open_key,
        act,
        edit_key,
        has_edits,
    )


def _value(standing: KeyResultStanding) -> str:
    one = standing.key_result
    return formats.value_of_target(standing.value, one.target, one.unit, one.kind)


def _age(standing: KeyResultStanding, today: date) -> str:
    if standing.updated_on is not None:
        return formats.age(standing.updated_on, today)
    return "undated" if standing.is_undated else ""


def _remarks(standing: KeyResultStanding, today: date) -> tuple[str, ...]:
    """Collect the facts that stand beside the arithmetic."""
    return tuple(filter(None, (remark(standing, today) for remark in _REMARKS)))


def _needles(standing: KeyResultStanding, _: date) -> str:
    return f"Owner {standing.disagreement}" if standing.disagreement else ""


def _old(standing: KeyResultStanding, today: date) -> str:
    if standing.updated_on is None or not is_old(standing, today):
        return ""
    days = (today - standing.updated_on).days
    return f"{formats.count(days, 'day')} without a new value"


def _undated(standing: KeyResultStanding, _: date) -> str:
    return "Nobody dated this value" if standing.is_undated else ""


def _below(standing: KeyResultStanding, _: date) -> str:
    if not standing.key_result.kind.is_way or (standing.progress or 0.0) >= 0:
        return ""
    is_rising = standing.key_result.kind is Kind.INCREASE
    return "Below its start" if is_rising else "Above its start"


def _uncounted(standing: KeyResultStanding, _: date) -> str:
    is_out = standing.key_result.weight == 0 and standing.status is not Status.DROPPED
    return "Not counted: weight 0" if is_out else ""


def _weight(standing: KeyResultStanding) -> str:
    """Say at the end of the arithmetic how much it counts, where that is not as usual."""
    weight = standing.key_result.weight
    if weight in (0, 1) or standing.status is Status.DROPPED:
        return ""
    return f" · weight {formats.plain(weight)}"


_REMARKS = (_needles, _old, _undated, _below, _uncounted)


def is_old(standing: KeyResultStanding, today: date) -> bool:
    """Tell whether a newer value is due: it is stale, its window open, and it was not dropped."""
    is_over = standing.window is not None and today > standing.window.end
    return _is_hollow(standing) and not is_over


def _is_hollow(standing: KeyResultStanding) -> bool:
    """Tell whether an old value is drawn as such; of what was dropped, none is asked for."""
    return bool(standing.is_stale) and standing.status is not Status.DROPPED


def is_fresh(standing: KeyResultStanding, today: date, every: float) -> bool:
    """Tell whether a key result was updated as lately as people agreed."""
    return standing.updated_on is not None and (today - standing.updated_on).days <= every


def fresh_count(standings: Sequence[KeyResultStanding], today: date, every: float) -> int:
    """Count the key results that were updated as lately as people agreed."""
    return sum(is_fresh(standing, today, every) for standing in standings)
