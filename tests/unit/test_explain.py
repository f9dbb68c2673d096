"""The printed arithmetic (docs/rules.md, 5): what is printed adds up as printed, and shows why."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr.board import KeyResultStanding
from okr.explain import explain_key_result, percent, plain
from okr.model import CheckIn, Commitment, Cycle, KeyResult, Kind, Settings, State, Status
from tests.unit.snapshots import (
    DAY,
    QUARTER,
    SETTINGS,
    a_bound,
    a_check_in,
    a_deed,
    a_fall,
    a_key_result,
    a_rise,
    an_objective,
    stand,
)

BEFORE = QUARTER.starts - timedelta(days=1)
AFTER = QUARTER.ends + timedelta(days=1)
ASPIRATIONAL = an_objective(commitment=Commitment.ASPIRATIONAL)


def explain(standing: KeyResultStanding, thresholds: Settings = SETTINGS) -> str:
    return explain_key_result(standing, thresholds)


def test_the_line_of_the_design() -> None:
    now = stand(a_rise(start=32.0, target=45.0, current=42.0))

    assert explain(now) == (
        "(42 − 32) / (45 − 32) = 76.9% · day 49 of 90 expects 54.4% · 22.5 points ahead → on track"
    )


def test_the_line_of_the_design_for_an_aspirational_objective() -> None:
    now = stand(a_rise(start=32.0, target=45.0, current=42.0), objective=ASPIRATIONAL)

    assert explain(now) == (
        "(42 − 32) / (45 − 32) = 76.9% · day 49 of 90 expects 70% of 54.4% = 38.1%"
        " · 38.8 points ahead → on track"
    )


@pytest.mark.parametrize("number", range(9, 91))
def test_an_aspirational_line_adds_up_with_one_decimal(number: int) -> None:
    day = QUARTER.starts + timedelta(days=number)
    now = stand(a_rise(current=1.0), day, objective=ASPIRATIONAL)

    assert re.fullmatch(
        r"\(1 − 0\) / \(100 − 0\) = 1.0% · day \d+ of 90 expects 70% of \d+\.\d% = \d+\.\d%.*",
        explain(now),
    )


def test_the_weeks_of_the_design() -> None:
    weeks = [DAY - timedelta(weeks=number) for number in range(10)]
    longer = Cycle("Long", date(2026, 2, 23), date(2026, 6, 30))
    said = [a_check_in(day, 80.0 if number == 4 else 95.0) for number, day in enumerate(weeks)]
    home = an_objective(cycle="Long")

    now = stand(a_bound(), objective=home, check_ins=said, cycles=(longer,), cycle=longer)

    assert explain(now) == (
        "met in 9 of 10 weeks reported, 13 elapsed · now 95, at least 90 asked → on track"
    )


@pytest.mark.parametrize(
    ("key_result", "day", "line"),
    [
        pytest.param(
            a_rise(current=54.0),
            DAY,
            "(54 − 0) / (100 − 0) = 54.0% · day 49 of 90 expects 54.4% · 0.4 points behind"
            " → on track",
            id="behind, within the margin",
        ),
        pytest.param(
            a_rise(current=125.0),
            DAY,
            "(125 − 0) / (100 − 0) = 125.0% → achieved",
            id="beyond the target",
        ),
        pytest.param(
            a_rise(current=-25.0),
            DAY,
            "((−25) − 0) / (100 − 0) = −25.0% · day 49 of 90 expects 54.4% · 79.4 points behind"
            " → off track",
            id="below the start",
        ),
        pytest.param(
            a_fall(start=0.08, target=0.05, current=0.07, unit="%"),
            DAY,
            "(7% − 8%) / (5% − 8%) = 33.3% · day 49 of 90 expects 54.4% · 21.1 points behind"
            " → at risk",
            id="percent, without the noise of binary fractions",
        ),
        pytest.param(
            a_rise(current=1.0),
            date(2026, 4, 5),
            "(1 − 0) / (100 − 0) = 1.0% · day 4 of 90 expects 4.4%, judged from 10% on → too early",
            id="too early",
        ),
        pytest.param(
            a_rise(current=5.0),
            BEFORE,
            "(5 − 0) / (100 − 0) = 5.0% · starts on 1 Apr → not started",
            id="not started",
        ),
        pytest.param(
            a_rise(), BEFORE, "no value yet · starts on 1 Apr → not started", id="neither"
        ),
        pytest.param(
            a_rise(), DAY, "no value yet · day 49 of 90 expects 54.4% → no data", id="no data"
        ),
        pytest.param(a_rise(), AFTER, "no value until 30 Jun → missed, never measured", id="never"),
        pytest.param(
            a_rise(current=90.0),
            AFTER,
            "(90 − 0) / (100 − 0) = 90.0% · over since 30 Jun · asks 100% → missed",
            id="missed",
        ),
        pytest.param(
            a_rise(current=90.0, due=date(2026, 5, 10)),
            DAY,
            "(90 − 0) / (100 − 0) = 90.0% · over since 10 May · asks 100% → missed",
            id="missed at its own Due",
        ),
        pytest.param(
            a_rise(current=5.0, state=State.DROPPED),
            DAY,
            "(5 − 0) / (100 − 0) = 5.0% → dropped",
            id="dropped",
        ),
        pytest.param(
            a_rise(state=State.DROPPED), DAY, "no value yet → dropped", id="dropped early"
        ),
        pytest.param(
            a_rise(undefined="target equals start"),
            DAY,
            "cannot be scored: target equals start",
            id="cannot be scored",
        ),
        pytest.param(
            a_bound(current=95.0), DAY, "met · now 95, at least 90 asked → on track", id="a bound"
        ),
        pytest.param(
            a_bound(current=80.0),
            DAY,
            "not met · now 80, at least 90 asked → off track",
            id="a bound that does not hold",
        ),
        pytest.param(
            a_bound(kind=Kind.KEEP_BELOW, target=-2.0, current=-3.0),
            DAY,
            "met · now (−3), at most (−2) asked → on track",
            id="a bound below zero",
        ),
        pytest.param(
            a_bound(current=80.0),
            AFTER,
            "not met · over since 30 Jun · asks 100% → missed",
            id="a bound, after",
        ),
        pytest.param(a_deed(current=1.0), DAY, "done → achieved", id="done"),
        pytest.param(
            a_deed(current=0.0, confidence=0.7),
            DAY,
            "not done yet · confidence 70% → on track",
            id="believed",
        ),
        pytest.param(
            a_deed(current=0.0, confidence=0.698),
            DAY,
            "not done yet · confidence 69.8% → at risk",
            id="believed a little less: the threshold is seen",
        ),
        pytest.param(
            a_deed(current=0.0), DAY, "not done yet · no confidence given → no data", id="silent"
        ),
    ],
)
def test_every_status_says_how_it_came_about(key_result: KeyResult, day: date, line: str) -> None:
    assert explain(stand(key_result, day)) == line


@pytest.mark.parametrize(
    ("key_result", "line"),
    [
        pytest.param(
            a_rise(current=5.0),
            "(5 − 0) / (100 − 0) = 5.0% · no cycle, so nothing is expected",
            id="on its way",
        ),
        pytest.param(
            a_rise(current=100.0), "(100 − 0) / (100 − 0) = 100.0% → achieved", id="achieved"
        ),
        pytest.param(a_rise(), "no value yet → no data", id="no value"),
        pytest.param(a_rise(state=State.DROPPED), "no value yet → dropped", id="dropped"),
    ],
)
def test_without_a_cycle_nothing_is_expected(key_result: KeyResult, line: str) -> None:
    assert explain(stand(key_result, objective=an_objective(cycle=None))) == line


def test_a_key_result_without_an_objective_says_so() -> None:
    line = explain(stand(a_rise(objective=None, current=5.0)))

    assert line == "(5 − 0) / (100 − 0) = 5.0% · its objective is not found, so it counts nowhere"


def weekly(count: int) -> list[CheckIn]:
    return [a_check_in(date(2026, 4, 6) + timedelta(weeks=week), 95.0) for week in range(count)]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        pytest.param(
            weekly(6),
            "met in 6 of 6 weeks reported, 14 elapsed · over since 30 Jun,"
            " fewer than half the weeks reported → no data",
            id="too few",
        ),
        pytest.param(
            [a_check_in(AFTER, 95.0)],
            "none of 14 weeks reported · over since 30 Jun → no data",
            id="none",
        ),
        pytest.param(
            weekly(13),
            "met in 13 of 13 weeks reported, 14 elapsed · over since 30 Jun · asks 100% → achieved",
            id="enough",
        ),
    ],
)
def test_a_bound_after_its_window_says_how_it_was_watched(said: list[CheckIn], line: str) -> None:
    assert explain(stand(a_bound(), AFTER, check_ins=said)) == line


@pytest.mark.parametrize(
    ("current", "shown"),
    [
        pytest.param(
            44.44,
            "44.440% · day 49 of 90 expects 54.444% · 10.004 points behind",
            id="just over 10",
        ),
        pytest.param(
            44.4, "44.40% · day 49 of 90 expects 54.44% · 10.04 points behind", id="over 10"
        ),
        pytest.param(
            29.4, "29.40% · day 49 of 90 expects 54.44% · 25.04 points behind", id="over 25"
        ),
        pytest.param(
            99.96, "99.96% · day 49 of 90 expects 54.44% · 45.52 points ahead", id="to 100%"
        ),
    ],
)
def test_it_takes_as_many_decimals_as_it_needs(current: float, shown: str) -> None:
    assert f"= {shown} →" in explain(stand(a_rise(current=current)))


def test_too_early_is_not_printed_as_ten_percent() -> None:
    long = Cycle("Long", date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=1003))
    home = an_objective(cycle="Long")
    day = long.starts + timedelta(days=100)

    now = stand(a_rise(current=1.0), day, objective=home, cycles=(long,), cycle=long)

    assert "expects 9.97%, judged from 10% on → too early" in explain(now)


def test_a_pass_mark_is_printed_in_full() -> None:
    odd = replace(SETTINGS, pass_aspirational=0.675)
    now = stand(a_rise(current=67.4), AFTER, objective=ASPIRATIONAL, settings=odd)

    assert explain(now, odd) == (
        "(67.4 − 0) / (100 − 0) = 67.4% · over since 30 Jun · asks 67.5% → missed"
    )


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (42.0, "42"),
        (0.1 + 0.2, "0.3"),
        (-1.5, "−1.5"),
        (0.0, "0"),
        (1200000.0, "1,200,000"),
        (1e15, "1,000,000,000,000,000"),
        (1e-7, "0.0000001"),
        (1e300, "1e300"),
        (1.5e-200, "1.5e−200"),
    ],
)
def test_numbers_are_printed_as_people_type_them(number: float, printed: str) -> None:
    assert plain(number) == printed


@pytest.mark.parametrize(
    ("share", "decimals", "printed"),
    [
        (0.125, 0, "13%"),
        (0.0005, 1, "0.1%"),
        (0.345, 0, "35%"),
        (-0.0001, 1, "0.0%"),
        (-0.5, 1, "−50.0%"),
        (0.285, 0, "29%"),
    ],
)
def test_halves_are_rounded_up_as_people_do(share: float, decimals: int, printed: str) -> None:
    assert percent(share, decimals) == printed


# --- what is printed adds up as printed -----------------------------------------------------------


NUMBER = r"\(?(−?[0-9.,]+(?:e−?[0-9]+)?)(%?)\)?"
REACHED = re.compile(rf"\({NUMBER} − {NUMBER}\) / \({NUMBER} − {NUMBER}\) = (−?[0-9.]+)%")
EXPECTS = re.compile(r"day ([0-9]+) of ([0-9]+) expects ([0-9.]+)%(?: of ([0-9.]+)% = ([0-9.]+)%)?")
DISTANCE = re.compile(r"([0-9.]+) points? (behind|ahead)|(on pace)")


def exactly(text: str) -> Fraction:
    return Fraction(text.replace("−", "-").replace(",", ""))


def half_of_the_last_place(text: str) -> Fraction:
    """Give how far a printed figure may lie from what it stands for."""
    return Fraction(1, 2 * 10 ** len(text.partition(".")[2])) + Fraction(1, 10**6)


def rounded(number: Fraction, like: str) -> Fraction:
    """Round a number to as many decimals as a printed figure has."""
    step = Decimal(1).scaleb(-len(like.partition(".")[2]))
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return Fraction(exact.quantize(step, ROUND_HALF_UP))


def check_progress(line: str) -> Fraction:
    """Recompute progress from the values printed; give it as printed, in points."""
    found = REACHED.search(line)
    assert found, line
    now, _, first, _, last, _, again, _, printed = found.groups()
    assert first == again
    recomputed = (exactly(now) - exactly(first)) / (exactly(last) - exactly(first)) * 100
    assert abs(recomputed - exactly(printed)) <= half_of_the_last_place(printed), line
    return exactly(printed)


def check_expected(line: str) -> Fraction:
    """Recompute what is expected from the days printed; give it as printed, in points."""
    found = EXPECTS.search(line)
    assert found, line
    day, length, first, of, product = found.groups()
    expected = of or first
    recomputed = Fraction(int(day), int(length)) * 100
    assert abs(recomputed - exactly(expected)) <= half_of_the_last_place(expected), line
    if product is None:
        return exactly(first)
    assert rounded(exactly(first) * exactly(of) / 100, product) == exactly(product), line
    return exactly(product)


def check_distance(line: str) -> Fraction:
    """Give the gap as printed: behind is positive."""
    found = DISTANCE.search(line)
    assert found, line
    points, side, _ = found.groups()
    return exactly(points) * (1 if side == "behind" else -1) if points else Fraction(0)


WORDS = {
    Status.ON_TRACK: lambda gap: gap <= 10,
    Status.AT_RISK: lambda gap: 10 < gap <= 25,
    Status.OFF_TRACK: lambda gap: gap > 25,
}

MEASURES = st.one_of(
    st.integers(-10_000, 10_000).map(float),
    st.decimals(-1000, 1000, places=2).map(float),
    st.decimals(0, 1, places=4).map(float),
    st.floats(-1e15, 1e15).filter(lambda number: abs(number) > 1e-9 or number == 0),
)


@settings(max_examples=200, deadline=None)
@given(
    start=MEASURES,
    target=MEASURES,
    current=MEASURES,
    unit=st.sampled_from(["", "%", "€"]),
    number=st.integers(0, 90),
    commitment=st.sampled_from(Commitment),
)
def test_the_printed_line_adds_up_as_printed(
    start: float, target: float, current: float, unit: str, number: int, commitment: Commitment
) -> None:
    if abs(target - start) <= 1e-9 * max(1.0, abs(start)) or abs(current - start) > 1e9 * abs(
        target - start
    ):
        return
    kind = Kind.INCREASE if target > start else Kind.DECREASE
    way = a_key_result(kind=kind, start=start, target=target, current=current, unit=unit)
    home = an_objective(commitment=commitment)
    now = stand(way, QUARTER.starts + timedelta(days=number), objective=home)

    line = explain(now)

    reached = check_progress(line)
    assert (reached >= 100) == (now.status is Status.ACHIEVED), line
    if now.status is Status.ACHIEVED:
        return
    asked = check_expected(line)
    if now.status is Status.TOO_EARLY:
        return
    gap = check_distance(line)
    assert gap == asked - reached, line
    assert now.status in WORDS, line
    assert WORDS[now.status](gap), line


@settings(max_examples=200, deadline=None)
@given(
    gap=st.sampled_from([10, 25]),
    nudge=st.integers(-3000, 3000),
    number=st.integers(9, 90),
    commitment=st.sampled_from(Commitment),
)
def test_a_threshold_is_seen_to_be_passed(
    gap: int, nudge: int, number: int, commitment: Commitment
) -> None:
    """A gap some hundred-thousandths of a point beside a threshold is printed beside it."""
    home = an_objective(commitment=commitment)
    mark = Fraction(7, 10) if commitment is Commitment.ASPIRATIONAL else Fraction(1)
    current = float(Fraction(number, 90) * mark * 100 - gap + Fraction(nudge, 10**5))
    now = stand(a_rise(current=current), QUARTER.starts + timedelta(days=number), objective=home)

    line = explain(now)

    assert now.status in WORDS, line
    assert WORDS[now.status](check_distance(line)), line
    assert check_distance(line) == check_expected(line) - check_progress(line), line


@settings(deadline=None)
@given(
    current=st.floats(allow_nan=False, allow_infinity=False),
    start=st.floats(allow_nan=False, allow_infinity=False),
    target=st.floats(allow_nan=False, allow_infinity=False),
    day=st.dates(date(2026, 3, 1), date(2026, 8, 1)),
    kind=st.sampled_from(Kind),
)
def test_no_number_is_too_odd_to_be_explained(
    current: float, start: float, target: float, day: date, kind: Kind
) -> None:
    now = stand(a_rise(kind=kind, start=start, target=target, current=current), day)

    assert explain(now)
