"""Status, window, gap, staleness and the two needles (docs/rules.md, 5 and 6), row by row."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from okr.figures import expected, gap, window_of
from okr.model import Commitment, Cycle, KeyResult, Kind, Settings, State, Status
from okr.status import grade_colour
from tests.unit.snapshots import (
    DAY,
    QUARTER,
    SETTINGS,
    a_bound,
    a_check_in,
    a_deed,
    a_fall,
    a_rise,
    an_objective,
    stand,
)

BEFORE = QUARTER.starts - timedelta(days=1)
AFTER = QUARTER.ends + timedelta(days=1)
HUNDRED_DAYS = Cycle("Hundred", date(2026, 1, 1), date(2026, 4, 11))
ASPIRATIONAL = an_objective(commitment=Commitment.ASPIRATIONAL)


def on_day(number: int, cycle: Cycle = HUNDRED_DAYS) -> date:
    return cycle.starts + timedelta(days=number)


def judge(
    key_result: KeyResult, number: int, commitment: Commitment = Commitment.COMMITTED
) -> Status | None:
    """Judge a key result on a day of a window of a hundred, so that days are percent."""
    home = an_objective(cycle=HUNDRED_DAYS.name, commitment=commitment)
    cycles = {"cycles": (HUNDRED_DAYS,), "cycle": HUNDRED_DAYS}
    return stand(key_result, on_day(number), objective=home, **cycles).status


@pytest.mark.parametrize(
    ("cycle", "due", "day", "share"),
    [
        pytest.param(QUARTER, None, DAY, 49 / 90, id="20 May of 1 April to 30 June"),
        pytest.param(QUARTER, None, QUARTER.starts, 0.0, id="the first day"),
        pytest.param(QUARTER, None, QUARTER.ends, 1.0, id="the last day"),
        pytest.param(QUARTER, None, BEFORE, 0.0, id="the day before"),
        pytest.param(QUARTER, None, AFTER, 1.0, id="the day after"),
        pytest.param(QUARTER, None, date(2030, 1, 1), 1.0, id="long after"),
        pytest.param(QUARTER, date(2026, 5, 31), DAY, 49 / 60, id="Due inside"),
        pytest.param(QUARTER, date(2026, 5, 20), DAY, 1.0, id="Due on the day"),
        pytest.param(QUARTER, date(2026, 7, 10), DAY, 49 / 100, id="Due after the cycle"),
        pytest.param(QUARTER, QUARTER.ends, DAY, 49 / 90, id="Due at the end"),
        pytest.param(QUARTER, QUARTER.starts, DAY, 49 / 90, id="Due on the start: the cycle's end"),
        pytest.param(QUARTER, date(2020, 1, 1), DAY, 49 / 90, id="Due long before: the same"),
        pytest.param(QUARTER, date(2026, 4, 2), QUARTER.starts, 0.0, id="a window of a day"),
        pytest.param(QUARTER, date(2026, 4, 2), date(2026, 4, 2), 1.0, id="and its end"),
        pytest.param(
            Cycle("Leap", date(2028, 1, 1), date(2028, 3, 31)),
            None,
            date(2028, 2, 29),
            59 / 90,
            id="29 February counts in a leap year",
        ),
        pytest.param(
            Cycle("Common", date(2027, 1, 1), date(2027, 3, 31)),
            None,
            date(2027, 3, 1),
            59 / 89,
            id="and is not there in others",
        ),
        pytest.param(
            Cycle("2028", date(2028, 1, 1), date(2028, 12, 31)),
            date(2028, 2, 29),
            date(2028, 2, 29),
            1.0,
            id="Due on 29 February",
        ),
    ],
)
def test_expected_is_the_share_of_the_window_that_is_gone(
    cycle: Cycle, due: date | None, day: date, share: float
) -> None:
    assert expected(window_of(cycle, due), day) == pytest.approx(share, abs=1e-12)

    home = an_objective(cycle=cycle.name)
    shown = stand(a_rise(due=due, current=1.0), day, objective=home, cycles=(cycle,), cycle=cycle)
    assert shown.expected == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize(
    ("share", "pass_mark", "progress", "points"),
    [
        pytest.param(0.8, 1.0, 0.7, 10.0, id="0.8 − 0.7 is ten points"),
        pytest.param(0.35, 1.0, 0.1, 25.0, id="0.35 − 0.1 is twenty-five"),
        pytest.param(0.3, 1.0, 0.3, 0.0, id="on pace"),
        pytest.param(0.5, 1.0, 0.75, -25.0, id="ahead is negative"),
        pytest.param(0.5, 0.7, 0.35, 0.0, id="an aspirational one is asked for 70%"),
        pytest.param(0.5, 1.0, -0.25, 75.0, id="below the start counts in full"),
        pytest.param(0.5, 1.0, 1.25, -75.0, id="and beyond the target"),
        pytest.param(1 / 3, 1.0, 0.0, 33.333333, id="six decimals"),
        pytest.param(None, 1.0, 0.5, None, id="nothing expected"),
        pytest.param(0.5, 1.0, None, None, id="nothing known"),
    ],
)
def test_the_gap_is_in_points_behind_pace(
    share: float | None, pass_mark: float, progress: float | None, points: float | None
) -> None:
    assert gap(share, pass_mark, progress) == points


@pytest.mark.parametrize(
    ("current", "day", "status"),
    [
        pytest.param(50, 50, Status.ON_TRACK, id="on pace"),
        pytest.param(99, 50, Status.ON_TRACK, id="far ahead"),
        pytest.param(40, 50, Status.ON_TRACK, id="a gap of exactly 10"),
        pytest.param(70, 80, Status.ON_TRACK, id="80% − 70%"),
        pytest.param(39.99999, 50, Status.AT_RISK, id="a hair more than 10"),
        pytest.param(39.9999999, 50, Status.ON_TRACK, id="less than six decimals show"),
        pytest.param(25, 50, Status.AT_RISK, id="a gap of exactly 25"),
        pytest.param(10, 35, Status.AT_RISK, id="35% − 10%"),
        pytest.param(24.99999, 50, Status.OFF_TRACK, id="a hair more than 25"),
        pytest.param(0, 50, Status.OFF_TRACK, id="nothing moved"),
        pytest.param(-500, 50, Status.OFF_TRACK, id="far below the start"),
        pytest.param(0, 10, Status.ON_TRACK, id="expected exactly 10% is not too early"),
        pytest.param(0, 9, Status.TOO_EARLY, id="before 10% it is too early"),
        pytest.param(-500, 9, Status.TOO_EARLY, id="too early even far behind"),
        pytest.param(99, 0, Status.TOO_EARLY, id="the first day"),
        pytest.param(99, 100, Status.ON_TRACK, id="the last day is still within"),
        pytest.param(89.9, 100, Status.AT_RISK, id="at risk on the last day"),
        pytest.param(99, 101, Status.MISSED, id="the day after it is missed"),
        pytest.param(100, 101, Status.ACHIEVED, id="or achieved"),
        pytest.param(50, -1, Status.NOT_STARTED, id="the day before"),
        pytest.param(0, -1, Status.NOT_STARTED, id="not started at zero"),
        pytest.param(100, -1, Status.ACHIEVED, id="achieved before it began"),
        pytest.param(100, 0, Status.ACHIEVED, id="achieved on the first day"),
        pytest.param(100, 50, Status.ACHIEVED, id="achieved within"),
        pytest.param(130, 50, Status.ACHIEVED, id="beyond the target"),
        pytest.param(99.9999999, 50, Status.ON_TRACK, id="a hair below the target"),
        pytest.param(99.99999999999, 50, Status.ACHIEVED, id="at the target to nine decimals"),
        pytest.param(None, -1, Status.NOT_STARTED, id="no value before"),
        pytest.param(None, 5, Status.NO_DATA, id="no value: not too early but no data"),
        pytest.param(None, 50, Status.NO_DATA, id="no value within"),
        pytest.param(None, 101, Status.MISSED, id="no value after"),
    ],
)
@pytest.mark.parametrize("is_rising", [True, False], ids=["increase", "decrease"])
def test_the_status_of_a_committed_way(
    current: float | None, day: int, status: Status, is_rising: bool
) -> None:
    if is_rising:
        assert judge(a_rise(current=current), day) is status
    else:
        mirrored = None if current is None else 100.0 - current
        assert judge(a_fall(current=mirrored), day) is status


@pytest.mark.parametrize(
    ("current", "day", "status"),
    [
        pytest.param(35, 50, Status.ON_TRACK, id="70% of what the day asks"),
        pytest.param(25, 50, Status.ON_TRACK, id="a gap of exactly 10"),
        pytest.param(24, 50, Status.AT_RISK, id="more than 10"),
        pytest.param(10, 50, Status.AT_RISK, id="a gap of exactly 25"),
        pytest.param(9, 50, Status.OFF_TRACK, id="more than 25"),
        pytest.param(70, 100, Status.ON_TRACK, id="the pass mark on the last day is not the end"),
        pytest.param(70, 101, Status.ACHIEVED, id="the pass mark at the close"),
        pytest.param(69.9, 101, Status.MISSED, id="below it"),
        pytest.param(100, 50, Status.ACHIEVED, id="all of it, within"),
        pytest.param(0, 9, Status.TOO_EARLY, id="too early by the calendar"),
        pytest.param(0, 10, Status.ON_TRACK, id="and no longer"),
    ],
)
def test_the_status_of_an_aspirational_way(current: float, day: int, status: Status) -> None:
    assert judge(a_rise(current=current), day, Commitment.ASPIRATIONAL) is status


def test_the_pass_mark_of_floats_that_people_mean() -> None:
    """8.7 − 8 is 0.7 to people, also at the close."""
    way = a_rise(start=0.0, target=1.0, current=8.7 - 8)
    assert (way.current or 0.0) < 0.7

    assert judge(way, 101, Commitment.ASPIRATIONAL) is Status.ACHIEVED


def test_achieved_is_not_latched() -> None:
    said = [a_check_in(date(2026, 4, 20), 100.0), a_check_in(date(2026, 5, 18), 55.0)]

    assert stand(a_rise(), date(2026, 4, 21), check_ins=said).status is Status.ACHIEVED
    assert stand(a_rise(), check_ins=said).status is Status.ON_TRACK


def test_what_came_after_the_window_still_counts_by_the_value_of_the_day() -> None:
    said = [a_check_in(QUARTER.ends, 80.0), a_check_in(date(2026, 7, 10), 100.0)]

    assert stand(a_rise(), AFTER, check_ins=said).status is Status.MISSED
    assert stand(a_rise(), date(2026, 7, 10), check_ins=said).status is Status.ACHIEVED


@pytest.mark.parametrize(
    ("key_result", "day", "word"),
    [
        pytest.param(a_rise(), AFTER, "missed, never measured", id="a way"),
        pytest.param(a_bound(), AFTER, "missed, never measured", id="a bound"),
        pytest.param(a_deed(), AFTER, "missed, never measured", id="a deed"),
        pytest.param(a_rise(current=10.0), AFTER, "missed", id="measured"),
        pytest.param(a_rise(), QUARTER.ends, "no data", id="the last day"),
    ],
)
def test_what_was_never_measured_says_so(key_result: KeyResult, day: date, word: str) -> None:
    assert stand(key_result, day).word == word


def weekly(values: list[float], first: date = date(2026, 4, 6)) -> list[tuple[date, float]]:
    return [(first + timedelta(weeks=week), value) for week, value in enumerate(values)]


@pytest.mark.parametrize(
    ("reports", "day", "status"),
    [
        pytest.param(weekly([80, 80, 95]), DAY, Status.ON_TRACK, id="met by the latest value"),
        pytest.param(weekly([95, 95, 80]), DAY, Status.OFF_TRACK, id="not met by the latest"),
        pytest.param(weekly([95]), DAY, Status.ON_TRACK, id="few weeks do not matter within"),
        pytest.param(weekly([95]), QUARTER.ends, Status.ON_TRACK, id="nor on the last day"),
        pytest.param(weekly([95]), QUARTER.starts, Status.NO_DATA, id="not reported yet"),
        pytest.param(weekly([95] * 13), BEFORE, Status.NOT_STARTED, id="before"),
        pytest.param(weekly([95] * 13), AFTER, Status.ACHIEVED, id="after: every week"),
        pytest.param(weekly([95] * 7), AFTER, Status.ACHIEVED, id="after: half of 14 weeks"),
        pytest.param(weekly([95] * 6), AFTER, Status.NO_DATA, id="after: fewer than half"),
        pytest.param(weekly([80] * 6), AFTER, Status.NO_DATA, id="after: few, and not met"),
        pytest.param(weekly([95] * 12 + [80]), AFTER, Status.MISSED, id="after: all but one"),
        pytest.param([(AFTER, 95.0)], AFTER, Status.NO_DATA, id="after: reported only then"),
    ],
)
def test_the_status_of_a_bound(
    reports: list[tuple[date, float]], day: date, status: Status
) -> None:
    said = [a_check_in(when, value) for when, value in reports]

    assert stand(a_bound(), day, check_ins=said).status is status


@pytest.mark.parametrize(
    ("met", "status"), [(7, Status.ACHIEVED), (6, Status.MISSED)], ids=["70%", "60%"]
)
def test_a_bound_of_an_aspirational_objective_passes_at_70_percent(
    met: int, status: Status
) -> None:
    said = [a_check_in(*one) for one in weekly([95.0] * met + [80.0] * (10 - met))]

    assert stand(a_bound(), AFTER, objective=ASPIRATIONAL, check_ins=said).status is status


@pytest.mark.parametrize(
    ("current", "day", "status"),
    [
        pytest.param(90, DAY, Status.ON_TRACK, id="met"),
        pytest.param(89, DAY, Status.OFF_TRACK, id="not met"),
        pytest.param(90, QUARTER.starts, Status.ON_TRACK, id="it is never too early for a bound"),
        pytest.param(90, AFTER, Status.ACHIEVED, id="met at the close"),
        pytest.param(89, AFTER, Status.MISSED, id="not met at the close"),
        pytest.param(90, BEFORE, Status.NOT_STARTED, id="met before is not achieved"),
    ],
)
def test_the_status_of_a_bound_without_check_ins(current: float, day: date, status: Status) -> None:
    assert stand(a_bound(current=current), day).status is status


@pytest.mark.parametrize(
    ("current", "confidence", "day", "status"),
    [
        pytest.param(1.0, None, DAY, Status.ACHIEVED, id="done"),
        pytest.param(1.0, 0.1, BEFORE, Status.ACHIEVED, id="done before"),
        pytest.param(1.0, None, AFTER, Status.ACHIEVED, id="done, after"),
        pytest.param(0.0, 0.9, AFTER, Status.MISSED, id="not done, after"),
        pytest.param(0.0, 0.9, BEFORE, Status.NOT_STARTED, id="not done, before"),
        pytest.param(0.0, 0.7, DAY, Status.ON_TRACK, id="exactly 0.7"),
        pytest.param(0.0, 8.7 - 8, DAY, Status.ON_TRACK, id="8.7 − 8, which is 0.7 to people"),
        pytest.param(0.0, 0.69, DAY, Status.AT_RISK, id="less than 0.7"),
        pytest.param(0.0, 0.4, DAY, Status.AT_RISK, id="exactly 0.4"),
        pytest.param(0.0, 2.4 - 2, DAY, Status.AT_RISK, id="2.4 − 2, which is 0.4 to people"),
        pytest.param(0.0, 0.39, DAY, Status.OFF_TRACK, id="less than 0.4"),
        pytest.param(0.0, 0.0, DAY, Status.OFF_TRACK, id="no hope"),
        pytest.param(0.0, None, DAY, Status.NO_DATA, id="nobody says"),
        pytest.param(0.0, 0.9, QUARTER.starts, Status.ON_TRACK, id="never too early"),
        pytest.param(None, 0.9, DAY, Status.NO_DATA, id="no value, whatever is believed"),
    ],
)
def test_the_status_of_a_deed(
    current: float | None, confidence: float | None, day: date, status: Status
) -> None:
    assert stand(a_deed(current=current, confidence=confidence), day).status is status


@pytest.mark.parametrize("day", [BEFORE, DAY, AFTER], ids=["before", "within", "after"])
@pytest.mark.parametrize(
    "key_result",
    [
        pytest.param(a_rise(state=State.DROPPED), id="no value"),
        pytest.param(a_rise(state=State.DROPPED, current=100.0), id="at its target"),
        pytest.param(a_rise(state=State.DROPPED, undefined="there is no target"), id="undefined"),
    ],
)
def test_dropped_comes_first(key_result: KeyResult, day: date) -> None:
    now = stand(key_result, day)

    assert (now.status, now.word, now.is_counted) == (Status.DROPPED, "dropped", False)


def test_what_belongs_to_a_dropped_objective_is_dropped_with_it() -> None:
    assert stand(a_rise(), objective=an_objective(state=State.DROPPED)).status is Status.DROPPED


def test_a_draft_is_judged_like_any_other() -> None:
    draft = a_rise(state=State.DRAFT, current=54.0)

    assert stand(draft).status is Status.ON_TRACK


@pytest.mark.parametrize(
    ("key_result", "status", "word"),
    [
        pytest.param(a_rise(current=100.0), Status.ACHIEVED, "achieved", id="achieved"),
        pytest.param(a_deed(current=1.0), Status.ACHIEVED, "achieved", id="done"),
        pytest.param(a_rise(), Status.NO_DATA, "no data", id="no value"),
        pytest.param(a_bound(), Status.NO_DATA, "no data", id="a bound without value"),
        pytest.param(a_rise(current=50.0), None, "no cycle", id="on its way"),
        pytest.param(a_bound(current=95.0), None, "no cycle", id="a bound that is met"),
        pytest.param(a_deed(current=0.0, confidence=0.9), None, "no cycle", id="not done"),
        pytest.param(a_rise(state=State.DROPPED), Status.DROPPED, "dropped", id="dropped"),
    ],
)
@pytest.mark.parametrize("due", [None, date(2026, 5, 1)], ids=["no due", "due"])
def test_without_a_cycle_nothing_is_expected(
    key_result: KeyResult, status: Status | None, word: str, due: date | None
) -> None:
    now = stand(replace(key_result, due=due), objective=an_objective(cycle=None))

    assert (now.expected, now.gap, now.window) == (None, None, None)
    assert (now.status, now.word) == (status, word)


@pytest.mark.parametrize(
    ("age", "is_stale"), [(0, False), (9, False), (10, False), (11, True), (400, True)]
)
def test_a_value_is_old_after_the_week_and_its_grace(age: int, is_stale: bool) -> None:
    now = stand(a_rise(), check_ins=[a_check_in(DAY - timedelta(days=age), 54.0)])

    assert (now.is_stale, now.status) == (is_stale, Status.ON_TRACK if age < 40 else now.status)


def test_a_check_in_that_only_states_confidence_keeps_a_value_fresh() -> None:
    said = [a_check_in(date(2026, 4, 10), 54.0), a_check_in(DAY, None, 0.8)]

    assert stand(a_rise(), check_ins=said).is_stale is False


def test_how_often_people_check_in_is_theirs_to_say() -> None:
    monthly = replace(SETTINGS, check_in_every=30.0, grace=0.0)
    said = [a_check_in(DAY - timedelta(days=30), 54.0)]

    assert stand(a_rise(), check_ins=said, settings=monthly).is_stale is False
    assert stand(a_rise(), DAY + timedelta(1), check_ins=said, settings=monthly).is_stale is True


@pytest.mark.parametrize(
    ("current", "confidence", "flag"),
    [
        pytest.param(10.0, 0.7, "says high confidence, is off track", id="off track, sure"),
        pytest.param(10.0, 0.69, "", id="off track, not so sure"),
        pytest.param(54.0, 0.39, "says low confidence, is on track", id="on track, doubtful"),
        pytest.param(54.0, 0.4, "", id="on track, exactly 0.4"),
        pytest.param(40.0, 0.9, "", id="at risk"),
        pytest.param(10.0, None, "", id="off track, silent"),
        pytest.param(54.0, 0.9, "", id="of one mind"),
        pytest.param(10.0, 0.1, "", id="of one dark mind"),
    ],
)
def test_the_two_needles_disagree_aloud(
    current: float, confidence: float | None, flag: str
) -> None:
    assert stand(a_rise(current=current, confidence=confidence)).disagreement == flag


@pytest.mark.parametrize(
    ("changes", "current", "day", "status"),
    [
        pytest.param({"gap_at_risk": 5.0}, 44.0, 50, Status.AT_RISK, id="gap_at_risk"),
        pytest.param({"gap_off_track": 15.0}, 34.0, 50, Status.OFF_TRACK, id="gap_off_track"),
        pytest.param({"too_early": 0.2}, 0.0, 19, Status.TOO_EARLY, id="too_early"),
        pytest.param({"too_early": 0.0}, 0.0, 0, Status.ON_TRACK, id="never too early"),
        pytest.param({"pass_committed": 0.9}, 90.0, 101, Status.ACHIEVED, id="pass_committed"),
        pytest.param({"pass_committed": 0.5}, 15.0, 50, Status.ON_TRACK, id="asks half"),
    ],
)
def test_a_company_sets_its_own_thresholds(
    changes: dict[str, float], current: float, day: int, status: Status
) -> None:
    settings = replace(SETTINGS, **changes)
    home = an_objective(cycle=HUNDRED_DAYS.name)
    cycles = {"cycles": (HUNDRED_DAYS,), "cycle": HUNDRED_DAYS, "settings": settings}

    assert stand(a_rise(current=current), on_day(day), objective=home, **cycles).status is status


def test_the_thresholds_are_those_of_the_design() -> None:
    settings = Settings()

    assert (settings.gap_at_risk, settings.gap_off_track, settings.too_early) == (10, 25, 0.1)
    assert (settings.check_in_every, settings.grace) == (7, 3)
    assert (settings.pass_committed, settings.pass_aspirational) == (1.0, 0.7)
    assert (settings.confidence_high, settings.confidence_low) == (0.7, 0.4)


def test_every_kind_is_judged_on_every_day() -> None:
    for kind in Kind:
        for number in (-2, -1, 0, 1, 9, 10, 50, 99, 100, 101, 102):
            for current in (None, 0.0, 1.0, 50.0):
                assert judge(a_rise(kind=kind, current=current), number) in Status


@pytest.mark.parametrize(
    ("grade", "aspirational", "committed"),
    [
        pytest.param(1.0, "green", "green", id="all of it"),
        pytest.param(0.99, "green", "amber", id="nearly all"),
        pytest.param(0.7, "green", "amber", id="exactly 0.7"),
        pytest.param(8.7 - 8, "green", "amber", id="8.7 − 8, which is 0.7 to people"),
        pytest.param(0.69, "amber", "red", id="less than 0.7"),
        pytest.param(0.4, "amber", "red", id="exactly 0.4"),
        pytest.param(0.39, "red", "red", id="less than 0.4"),
        pytest.param(0.0, "red", "red", id="nothing"),
    ],
)
def test_the_colour_of_a_grade(grade: float, aspirational: str, committed: str) -> None:
    assert grade_colour(grade, Commitment.ASPIRATIONAL, SETTINGS) == aspirational
    assert grade_colour(grade, Commitment.COMMITTED, SETTINGS) == committed
