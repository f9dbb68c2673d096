"""The shell without a browser: what is shared, which day it is, and what a visit leads to."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from time import sleep
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from okr import shell
from okr.model import Cycle, Settings, Snapshot, Source, Team
from okr.workbooks.interface import ReadError
from okr.workbooks.live import LiveWorkbook, View
from tests.unit.boards import a_board
from tests.unit.readings import DAY, a_check_in, check_ins, serial

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
SNAPSHOT = Snapshot(
    source=Source("Acme OKRs", "acme.xlsx"),
    revision="r1",
    read_at=NOON,
    settings=Settings(organisation="Acme"),
    teams=(Team("Acme"), Team("Care", "Acme")),
    cycles=(
        Cycle("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        Cycle("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ),
)


@dataclass
class StillWorkbook:
    """A live workbook that stands still."""

    shown: View | Exception

    def view(self) -> View:
        if isinstance(self.shown, Exception):
            raise self.shown
        return self.shown

    def stop(self) -> None:
        pass


def put(shown: View | Exception, now: datetime = NOON) -> None:
    shell.install(cast(LiveWorkbook, StillWorkbook(shown)), clock=lambda: now)


@pytest.fixture(autouse=True)
def _nothing_remains(scanned_once: None) -> Iterator[None]:
    yield
    shell.install(None)


def a_page() -> None:
    """Show what a page is given; it runs as a script of its own."""
    import streamlit as st

    from okr import shell

    with shell.guard():
        visit = shell.load()
        cycle = visit.cycle.name if visit.cycle else "all"
        st.text(f"{visit.team} {cycle} {visit.day}")


def shown_for(**query: str) -> str:
    app = AppTest.from_function(a_page, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return " ".join(element.value for element in app.text)


class TestVisit:
    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            pytest.param({}, "Acme 2026-Q4 2026-11-22", id="the defaults"),
            pytest.param({"team": "Care"}, "Care 2026-Q4 2026-11-22", id="a team"),
            pytest.param({"cycle": "2026-Q3"}, "Acme 2026-Q3 2026-11-22", id="a cycle"),
            pytest.param({"cycle": "all"}, "Acme all 2026-11-22", id="all cycles"),
            pytest.param({"as_of": "2026-08-01"}, "Acme 2026-Q3 2026-08-01", id="another day"),
            pytest.param({"as_of": "2027-01-01"}, "Acme 2026-Q4 2026-11-22", id="a day to come"),
            pytest.param({"as_of": "0001-01-01"}, "Acme 2026-Q4 2026-11-22", id="before all"),
            pytest.param(
                {"team": "X", "cycle": "Y", "as_of": "Z"}, "Acme 2026-Q4 2026-11-22", id="unknown"
            ),
        ],
    )
    def test_the_address_leads_to_it(self, query: dict[str, str], shown: str) -> None:
        put(View(SNAPSHOT, NOON, NOON))

        assert shown_for(**query) == shown

    def test_the_day_is_that_of_the_workbooks_time_zone(self) -> None:
        put(View(SNAPSHOT, NOON, NOON), now=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))

        assert shown_for() == "Acme 2026-Q4 2026-11-23"

    def test_one_board_serves_everybody(self) -> None:
        put(View(SNAPSHOT, NOON, NOON))

        def look() -> None:
            import streamlit as st

            from okr import shell

            st.text(str(id(shell.load().board)))

        boards = [AppTest.from_function(look, default_timeout=30).run().text[0] for _ in range(2)]

        assert boards[0].value == boards[1].value


class TestFailures:
    def test_a_workbook_that_cannot_be_opened_says_so(self) -> None:
        put(ReadError("Share the sheet with bot@example.org."))

        app = AppTest.from_function(a_page, default_timeout=30).run()

        assert not app.exception
        assert "Share the sheet with bot@example.org." in body(app)

    def test_a_fault_shows_a_reference_and_nothing_else(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        put(ValueError("salary 4711"))

        app = AppTest.from_function(a_page, default_timeout=30).run()

        assert "This page could not be drawn." in body(app)
        assert "4711" not in body(app)
        assert "salary 4711" in caplog.text

    def test_without_a_snapshot_the_page_says_why(self) -> None:
        put(View(failure="There is no workbook at “x.xlsx”."))

        app = AppTest.from_function(a_page, default_timeout=30).run()

        assert "There is no workbook at “x.xlsx”." in body(app)
        assert not app.text


def body(app: AppTest) -> str:
    return " ".join(element.value for element in app.get("html"))


class TestHealth:
    def test_it_tells_age_and_counts(self) -> None:
        put(View(SNAPSHOT, NOON, NOON, failure="Google is away.", failing_since=NOON))

        health = shell.health()

        assert (health["status"], health["failure"]) == ("failing", "Google is away.")
        assert (health["revision"], health["workbook"]) == ("r1", "Acme OKRs")
        assert (health["age_seconds"], health["objectives"]) == (0.0, 0)

    def test_it_counts_the_problems_that_every_page_lists(self) -> None:
        later = check_ins(a_check_in(value=44, when=serial(DAY + timedelta(days=9))))
        board = a_board(None, None, later)
        noon = datetime.combine(DAY, time(12), board.snapshot.read_at.tzinfo)
        snapshot = replace(board.snapshot, revision="with a check-in that is yet to come")
        put(View(snapshot, noon, noon), now=noon)

        assert len(board.problems) > len(board.snapshot.problems)
        assert shell.health()["problems"] == len(board.problems)

    @pytest.mark.parametrize(
        ("shown", "status"), [(View(), "starting"), (ReadError("No such sheet."), "failing")]
    )
    def test_without_a_snapshot_there_is_no_revision(
        self, shown: View | Exception, status: str
    ) -> None:
        put(shown)

        health = shell.health()

        assert (health["status"], health["revision"]) == (status, None)


class TestShared:
    def test_what_many_ask_for_at_once_is_made_once(self) -> None:
        shared, made = shell.Shared(size=4), []

        def make() -> str:
            sleep(0.05)
            made.append("one")
            return "board"

        got: list[str] = []
        threads = [
            threading.Thread(target=lambda: got.append(shared.get(("r1", "a"), make)))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (got, made) == (["board"] * 8, ["one"])

    def test_a_failure_is_told_and_not_kept(self) -> None:
        shared = shell.Shared(size=4)

        with pytest.raises(ZeroDivisionError):
            shared.get(("r1",), lambda: 1 // 0)

        assert shared.get(("r1",), lambda: 2) == 2

    def test_it_keeps_the_newest_few(self) -> None:
        shared, made = shell.Shared(size=2), []

        for name in ("a", "b", "a", "c", "a", "b"):
            shared.get(("r1", name), lambda name=name: made.append(name))  # type: ignore[misc]

        assert made == ["a", "b", "c", "b"]

    def test_a_new_revision_lets_go_of_the_old(self) -> None:
        shared, made = shell.Shared(size=9), []

        for revision in ("r1", "r1", "r2", "r1"):
            key = (revision, "a")
            shared.get(key, lambda key=key: made.append(key[0]))  # type: ignore[misc]

        assert made == ["r1", "r2", "r1"]
