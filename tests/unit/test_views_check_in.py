"""The check-in form: what it asks, how typed values are understood, and the history beside it."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from okr.model import KeyResult, Kind, Place
from okr.views import check_in, html
from okr.views.check_in import UnclearError, build_form, build_history, people_of, read_value
from okr.workbooks.drafting import draft_check_in
from okr.workbooks.interface import RefusedError
from tests.unit.boards import a_board, standing_of
from tests.unit.readings import a_check_in, a_key_result, a_tab, check_ins, serial


def measured_in(unit: str, kind: Kind = Kind.INCREASE) -> KeyResult:
    return KeyResult("KR-1", "KR-1", "Title", Place("Key results", 2, "C2"), unit=unit, kind=kind)


@pytest.mark.parametrize(
    ("typed", "unit", "understood"),
    [
        ("", "%", ""),
        ("  ", "", ""),
        ("45", "%", "45%"),
        ("45 %", "%", "45 %"),
        ("0.5%", "%", "0.5%"),
        ("0", "%", "0%"),
        ("1", "%", "1%"),
        ("12,5", "%", "12,5%"),
        ("−3", "points", "-3"),
        ("12 customers", "customers", "12"),
        ("€ 1.2 M", "€", "1200000"),
        ("1.2m", "€", "1200000"),
        ("35k", "users", "35000"),
        ("1,234", "users", "1,234"),
        ("soon", "users", "soon"),
        ("soon", "%", "soon"),
    ],
)
def test_a_value_is_understood_in_the_unit_of_its_key_result(
    typed: str, unit: str, understood: str
) -> None:
    assert read_value(typed, measured_in(unit)) == understood


@pytest.mark.parametrize(
    ("typed", "unit", "sentence"),
    [
        ("0.45", "%", "“0.45” may mean 0.45% or 45%. Type it with its % sign."),
        (
            "45%",
            "customers",
            "“45%” is a percentage, and this key result is measured in customers.",
        ),
        ("45%", "", "“45%” is a percentage, and this key result is not measured in percent."),
    ],
)
def test_what_may_mean_two_things_is_asked_back(typed: str, unit: str, sentence: str) -> None:
    with pytest.raises(UnclearError) as refused:
        read_value(typed, measured_in(unit))
    assert str(refused.value).startswith(sentence)


def test_done_or_not_is_a_choice() -> None:
    assert read_value("done", measured_in("", Kind.DONE)) == "TRUE"
    assert read_value("not done yet", measured_in("", Kind.DONE)) == "FALSE"


PEOPLE = {"ada@x.org": "Ada King", "leo@x.org": "Leo Santos", "lea@x.org": "Lea Sommer"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("leo@x.org", "leo@x.org"),
        ("Leo", "leo@x.org"),
        ("ada king", "ada@x.org"),
        ("Le", "Le"),
        ("Grace", "Grace"),
        ("", ""),
    ],
)
def test_a_typed_name_finds_its_person(typed: str, found: str) -> None:
    assert check_in.who(typed, PEOPLE) == found


def test_the_form_says_where_the_key_result_stands_and_offers_the_last_name() -> None:
    people = a_tab("People", [{"Email": "ada@example.com", "Name": "Ada King", "Team": ""}])
    board = a_board(None, None, people)
    form = build_form(standing_of(board), people_of(board.snapshot), "grace@example.com")

    assert (form.hint, form.placeholder) == ("Now 42 points, up to 45 points", "in points")
    assert form.people == {"ada@example.com": "Ada King", "grace@example.com": "grace@example.com"}
    assert form.signed_last == 1


@pytest.mark.parametrize(
    ("key", "field"), [("KR-7", "st-key-value-KR-7"), ("Win café 1", "st-key-value-Win-caf--1")]
)
def test_typing_begins_in_the_value_as_streamlit_names_its_field(key: str, field: str) -> None:
    standing = standing_of(a_board())
    named = replace(standing, key_result=replace(standing.key_result, key=key))
    assert build_form(named, {}).focus == field


def test_a_note_never_turns_the_words_beside_it() -> None:
    said = a_check_in(note="\u202etxet", value=42.0)
    board = a_board(None, None, check_ins(said))
    drawn = html.draw("check_in", build_history(standing_of(board), board), "history")
    assert "<bdi>“\u202etxet”</bdi>" in drawn


def test_the_history_is_listed_newest_first_under_its_curve() -> None:
    said = [
        a_check_in(id="C-1", when=serial(date(2026, 4, 20)), value=36.0, note="", confidence=0.8),
        a_check_in(id="C-2", when=serial(date(2026, 5, 18)), value=42.0),
    ]
    board = a_board(None, None, check_ins(*said))
    history = build_history(standing_of(board), board)

    assert [(one.day, one.value) for one in history.entries] == [
        ("18 May", "42 points"),
        ("20 Apr", "36 points"),
    ]
    assert history.entries[1].confidence == "high confidence"
    assert history.curve is not None
    assert history.curve.text == "2 values, from 36 points to 42 points"
    assert (history.curve.first, history.curve.last) == ("1 Apr", "30 Jun")
    assert "data:image/svg+xml" in html.draw("check_in", history, "history")


def test_without_a_check_in_the_history_says_so() -> None:
    board = a_board()

    history = build_history(standing_of(board), board)
    assert (history.curve, history.entries) == (None, ())
    assert history.empty


def test_long_histories_are_cut_and_counted() -> None:
    said = [
        a_check_in(id=f"C-{n}", when=serial(date(2026, 4, n)), value=float(n)) for n in range(1, 21)
    ]
    board = a_board(None, None, check_ins(*said))
    history = build_history(standing_of(board), board)

    assert (len(history.entries), history.rest) == (8, "and 12 earlier check-ins")


def test_a_key_result_is_found_on_the_page_of_its_team_alone() -> None:
    board = a_board()

    assert check_in.find_key_result(board, "KR-1", "Growth") is standing_of(board)
    assert check_in.find_key_result(board, "KR-1", "Care") is None
    assert check_in.find_key_result(board, "KR-1") is standing_of(board)
    assert check_in.find_key_result(board, "") is None


def test_what_was_saved_is_said_in_the_unit_of_the_key_result() -> None:
    board = a_board()

    assert (
        check_in.say_saved(board, "KR-1", "42", "high")
        == "Saved: 42 of 45 points, high confidence."
    )
    assert check_in.say_saved(board, "KR-1", "", "") == "Saved: the note."
    assert check_in.say_saved(board, "KR-GONE", "42", "") == "Saved: 42."


@pytest.mark.parametrize(
    ("is_read_only", "as_of", "begins"),
    [
        (True, None, "This board only shows"),
        (False, date(2026, 5, 1), "This page shows 1 May 2026"),
        (False, None, ""),
    ],
)
def test_a_closed_form_says_why(is_read_only: bool, as_of: date | None, begins: str) -> None:
    assert check_in.why_closed(is_read_only, as_of).startswith(begins)


def test_a_decrease_and_a_percentage_hint_in_their_own_words() -> None:
    row = a_key_result(kind="decrease", start=0.5, target=0.2, current=0.4, unit="%")
    board = a_board(None, [row])

    assert build_form(standing_of(board), people_of(board.snapshot)).hint == "Now 40%, down to 20%"


BAD = [
    *("NaN", "inf", "1e308", "1e999", "-1e308", "0x10", "1_000", "١٢", "½", "4E2", "--3", "%", "€"),
    *('=IMPORTXML("http://x","//a")', "+1", "@SUM(A1)", "'1", "\t=1+1", "#REF!", "TRUE", "1/2"),
    *(
        "\x00\x07\x1b[31m",
        "\u202eevil",
        "שלום",
        "🎉🎉",
        "a\r\nb",
        "9" * 400,
        "x" * 60_000,
        "\ud800",
    ),
]
TEXTS = st.one_of(st.sampled_from(BAD), st.text(), st.floats().map(str), st.integers().map(str))
NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
SNAPSHOT = a_board().snapshot


AROUND = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff \t\r\n\u00a0\u202f"
"""What nobody can see around a text is left out; within it, it joins letters and emoji."""


@example(value="1", belief="", note="=1+1\x00", by="ada", unit="%", kind=Kind.INCREASE)
@example(value="", belief="", note="x" * 60_000, by="ada", unit="", kind=Kind.INCREASE)
@given(
    value=TEXTS,
    belief=TEXTS,
    note=TEXTS,
    by=TEXTS,
    unit=st.sampled_from(["%", "€", "points", "", "orders a week", "("]),
    kind=st.sampled_from(Kind),
)
def test_whatever_is_typed_is_refused_in_a_sentence_or_stored_as_typed(
    value: str, belief: str, note: str, by: str, unit: str, kind: Kind
) -> None:
    one = KeyResult(
        *("KR-1", "KR-1", "Title", Place("Key results", 2, "C2")),
        **{"unit": unit, "kind": kind, "start": 0.1, "target": 0.9},  # type: ignore[arg-type]
    )
    try:
        draft = draft_check_in(
            SNAPSHOT,
            one,
            value=read_value(value, one),
            confidence=belief,
            note=note,
            by=by,
            operation="op-1",
            when=NOW,
        )
    except (RefusedError, UnclearError) as refused:
        assert str(refused).strip().endswith(".")
        return
    for number in (draft.value, draft.confidence):
        assert number is None or isinstance(number, bool) or math.isfinite(float(number))
    for typed, kept in ((note, draft.note), (by, draft.by)):
        assert "".join(kept.split()) == "".join(typed.strip().strip(AROUND).split())


def test_people_of_one_name_are_told_apart() -> None:
    people = [
        {"Email": f"sam{number}@example.com", "Name": "Sam Lee", "Team": ""} for number in (1, 2)
    ]
    snapshot = a_board(None, None, a_tab("People", people)).snapshot

    assert check_in.people_of(snapshot)["sam1@example.com"] == "Sam Lee (sam1@example.com)"
    assert len({*check_in.people_of(snapshot).values()}) == len(check_in.people_of(snapshot))


def test_a_remark_follows_what_was_saved() -> None:
    said = check_in.say_saved(a_board(), "KR-1", "42", "", "Current holds a formula.")

    assert said == "Saved: 42 of 45 points. Current holds a formula."
