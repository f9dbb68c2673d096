"""What somebody is told who sees the board for the first time."""

from datetime import UTC, datetime

from okr.model import Settings
from okr.views import html
from okr.views.addresses import Address
from okr.views.legend import meanings
from okr.views.overview import build_overview
from okr.views.sheet_health import build_sheet_health
from tests.unit.boards import a_board
from tests.unit.readings import a_key_result, a_tab, an_objective, serial


def test_each_mark_is_explained_by_the_thresholds_of_the_workbook() -> None:
    said = {
        one.mark.word if one.mark else one.word: one.text
        for one in meanings(Settings(gap_at_risk=8, gap_off_track=20, grace=0, too_early=0.2))
    }

    assert said["on track"] == "at most 8 points behind pace"
    assert said["at risk"] == "more than 8, at most 20 points behind pace"
    assert said["off track"] == "more than 20 points behind pace"
    assert said["too early"] == "less than 20% of the time has passed"
    assert said["hollow"] == "the same status, by a value older than 7 days"


def test_the_overview_folds_how_to_read_it() -> None:
    body = html.draw("overview", build_overview(a_board(), Address()))

    assert "<summary>How to read this page</summary>" in body


def test_the_organisation_is_told_from_its_own_objectives() -> None:
    teams = build_overview(a_board(), Address()).teams
    assert [(line.name, line.role) for line in teams] == [
        ("Acme OKRs", "its own objectives"),
        ("Growth", ""),
    ]

    alone = a_board([an_objective(team="")])
    assert [line.role for line in build_overview(alone, Address()).teams] == [""]


def test_a_finding_names_what_stands_in_its_row_and_writes_days_as_days() -> None:
    board = a_board(
        None,
        [a_key_result(Due=serial(datetime(2026, 8, 1)))],
        a_tab("Teams", [{"Team": "Growth", "Parent": "Nowhere", "Lead": "", "Description": ""}]),
    )
    page = build_sheet_health(board, Address("sheet_health"), now=datetime.now(UTC))
    spots = {
        spot.cell.name.partition("!")[0]: (spot.value, spot.title)
        for group in page.groups
        for finding in group.findings
        for spot in finding.spots
    }

    assert spots["Key results"] == ("2026-08-01", "Raise activation")
    assert spots["Teams"] == ("Nowhere", "")
