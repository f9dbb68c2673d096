"""Numbers, units, dates and ages as people read them; a plain space stands for one that holds."""

from datetime import date, datetime

import pytest

from okr.model import Kind
from okr.views import formats

TODAY = date(2026, 11, 20)


def bare(text: str) -> str:
    return text.replace(formats.NBSP, " ")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0, "", "0"),
        (-0.0, "", "0"),
        (-0.04, "", "−0.04"),
        (12.0, "customers", "12 customers"),
        (12500, "", "12,500"),
        (4.35, "", "4.3"),
        (4.96, "hours", "5 hours"),
        (0.25, "h", "0.25 h"),
        (0.84, "%", "84%"),
        (1.25, "%", "125%"),
        (0.0005, "%", "0.05%"),
        (-0.25, "%", "−25%"),
        (1_200_000, "€", "€ 1.2 M"),
        (-1_200_000, "€", "−€ 1.2 M"),
        (950, "EUR", "EUR 950"),
        (2.5e9, "users", "2.5 B users"),
        (float("inf"), "", "no number"),
    ],
)
def test_a_quantity_is_short_and_carries_its_unit(value: float, unit: str, said: str) -> None:
    assert bare(formats.quantity(value, unit)) == said


@pytest.mark.parametrize(
    ("value", "target", "unit", "kind", "said"),
    [
        (1.2e6, 1.5e6, "€", Kind.INCREASE, "€ 1.2 M of € 1.5 M"),
        (9e5, 1.5e6, "€", Kind.INCREASE, "€ 0.9 M of € 1.5 M"),
        (0.84, 0.9, "%", Kind.INCREASE, "84% of 90%"),
        (12, 20, "customers", Kind.INCREASE, "12 of 20 customers"),
        (90, 20, "tickets", Kind.DECREASE, "90, down to 20 tickets"),
        (0.97, 0.95, "%", Kind.KEEP_ABOVE, "97%, at least 95%"),
        (3, 5, "days", Kind.KEEP_BELOW, "3, at most 5 days"),
        (1, None, "", Kind.DONE, "done"),
        (0, None, "", Kind.DONE, "not done yet"),
        (None, None, "", Kind.DONE, "no data"),
        (None, 20, "customers", Kind.INCREASE, "no data, of 20 customers"),
        (7, None, "", Kind.INCREASE, "7"),
        (4.46, 4.5, "", Kind.INCREASE, "4.46 of 4.5"),
    ],
)
def test_a_value_stands_beside_its_target(
    value: float | None, target: float | None, unit: str, kind: Kind, said: str
) -> None:
    assert bare(formats.value_of_target(value, target, unit, kind)) == said


@pytest.mark.parametrize(
    ("value", "before", "unit", "kind", "said"),
    [
        (15, 12, "customers", Kind.INCREASE, "+3"),
        (12, 15, "customers", Kind.INCREASE, "−3"),
        (0.84, 0.86, "%", Kind.INCREASE, "−2 pts"),
        (1.3e6, 1.2e6, "€", Kind.INCREASE, "+€ 100,000"),
        (0.3, 0.1 + 0.2, "", Kind.INCREASE, "0"),
        (None, 3, "", Kind.INCREASE, ""),
        (3, None, "", Kind.INCREASE, ""),
        (1, 0, "", Kind.DONE, ""),
    ],
)
def test_the_change_of_a_week_is_signed(
    value: float | None, before: float | None, unit: str, kind: Kind, said: str
) -> None:
    assert bare(formats.change(value, before, unit, kind)) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "no data"),
        (0, "0%"),
        (0.004, "under 1%"),
        (0.302, "30%"),
        (0.999, "99%"),
        (1, "100%"),
    ],
)
def test_a_score_is_never_rounded_to_all_or_nothing(share: float | None, said: str) -> None:
    assert formats.share(share) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [(TODAY, "today"), (date(2026, 11, 17), "3 d"), (date(2026, 11, 21), "today"), (None, "")],
)
def test_an_age_is_in_days(when: date | None, said: str) -> None:
    assert formats.age(when, TODAY) == said


def test_dates_name_their_year_where_it_is_another() -> None:
    assert formats.day(date(2026, 11, 3), TODAY) == "3 Nov"
    assert formats.day(date(2025, 11, 3), TODAY) == "3 Nov 2025"
    assert formats.full_day(TODAY) == "20 Nov 2026"
    assert formats.moment(datetime(2026, 11, 20, 9, 4)) == "20 Nov 2026, 09:04"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "B", "C", "D"], "A, B, C and 1 more"),
    ],
)
def test_a_listing_ends_before_it_grows_long(names: list[str], said: str) -> None:
    assert formats.listing(names) == said


def test_counts_and_points_agree_with_their_number() -> None:
    assert formats.count(1, "key result") == "1 key result"
    assert formats.count(1200, "key result") == "1,200 key results"
    assert formats.points(-1.2) == "1 point"
    assert formats.signed(-3.6) == "−4"
