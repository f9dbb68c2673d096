"""How often Google is asked, by a clock that only the tests move."""

from okr.workbooks.google_client import PER_MINUTE
from okr.workbooks.limiter import Limiter
from tests.contract.google_fixtures import GoogleHome, Time


def test_a_minute_has_its_share_and_no_more() -> None:
    time = Time()
    limiter = Limiter(3, time.clock, time.sleep)
    taken = []
    for _ in range(7):
        limiter.take()
        taken.append(time.seconds)

    assert taken == [0, 0, 0, 60, 60, 60, 120]


def test_the_share_holds_for_every_stretch_of_a_minute() -> None:
    time = Time()
    limiter = Limiter(2, time.clock, time.sleep)
    taken = []
    for pause in (0, 50, 1, 1, 58, 1):
        time.seconds += pause
        limiter.take()
        taken.append(time.seconds)

    assert all(later - sooner >= 60 for sooner, later in zip(taken, taken[2:], strict=False))


def test_nobody_waits_below_the_share() -> None:
    time = Time()
    limiter = Limiter(2, time.clock, time.sleep)

    assert [limiter.take() for _ in range(2)] == [0, 0]


def test_a_waiting_read_is_counted(home: GoogleHome) -> None:
    for _ in range(PER_MINUTE + 1):
        home.workbook.read()

    assert home.workbook.requests["reads"] == PER_MINUTE + 2
    assert home.workbook.requests["seconds_limited"] == 60
