"""Where that stands which an address asks for, when the page of the team does not show it."""

from dataclasses import dataclass, replace

from okr.board import Board
from okr.views.addresses import Address
from okr.views.edit import NEW_OBJECTIVE
from okr.views.team import Link, TeamPage, team_of


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Why the page does not open what its address asks for, and where that is.

    ``more`` says what becomes of the form where it was open before, and ``close`` closes it.
    """

    sentence: str
    link: Link | None = None
    more: str = ""
    close: Link | None = None


def find_elsewhere(page: TeamPage, board: Board, address: Address) -> Elsewhere | None:
    """Say where that stands which the address asks for and this page does not show."""
    query = address.query
    choice = next((one for one in ("edit", "key_result", "add") if query.get(one)), "")
    key = query.get(choice, "")
    if not key or key in page.keys or (choice == "add" and key == NEW_OBJECTIVE):
        return None
    snapshot = board.snapshot
    objectives = {one.key: one for one in snapshot.objectives}
    key_result = next((one for one in snapshot.key_results if one.key == key), None)
    objective = objectives.get(key_result.objective or "" if key_result else key)
    if key_result is not None and objective is None:
        return Elsewhere(
            f"“{key_result.title}” has no objective, so it stands on no team's page.",
            Link("Sheet health says how to mend that.", address.to("sheet_health")),
        )
    if objective is None:
        return Elsewhere(f"There is no objective or key result “{key}” in this workbook.")
    title = key_result.title if key_result else objective.title
    team = team_of(objective, board)
    cycle = f" in {objective.cycle}" if objective.cycle else ""
    href = address.to("team", team=team, cycle=objective.cycle, **{choice: key})
    return Elsewhere(f"“{title}” stands on the page of {team}{cycle}.", Link("Go there.", href))


def stays_open(away: Elsewhere, title: str, address: Address) -> Elsewhere:
    """Say in the place of an open form that its row has left the page, and that it stays open."""
    close = Link("Close the form.", address.without_form)
    if away.link is not None:
        kept = "What you typed is kept here, and may still be saved."
        return replace(away, more=kept, close=close)
    gone = f"“{title}” has gone from the sheet since the form opened, or its ID has."
    return Elsewhere(
        gone, more="What you typed is kept here: save it once the row is back.", close=close
    )
