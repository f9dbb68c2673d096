"""My five minutes as Streamlit runs it: who, what is owed, form after form, and the end."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from okr.workbooks.interface import CheckInDraft, SavedCheckIn, UnknownOutcomeError
from tests.pages.conftest import Open, Opened
from tests.unit.readings import a_check_in, a_key_result, a_reading, a_tab, check_ins, serial

ADA = "ada@example.com"
PEOPLE = a_tab(
    "People",
    [
        {"Email": ADA, "Name": "Ada King", "Team": ""},
        {"Email": "leo@example.com", "Name": "Leo Santos", "Team": ""},
    ],
)
UNKNOWN = "Google did not say whether the check-in was saved. Save it again."


def three(**changes: Any) -> list[Any]:
    """Lay out three key results of Ada: an old one, one without a value, one of this week."""
    return [
        a_key_result(**changes),
        a_key_result(id="KR-2", key_result="Win customers", owner="Ada King", current=""),
        a_key_result(id="KR-3", key_result="Answer calls", owner="Leo Santos; Ada King"),
        a_key_result(id="KR-4", key_result="Of somebody else", owner="Leo Santos"),
    ]


def open_mine(open_page: Open, rows: Sequence[Any] | None = None, **query: Any) -> Opened:
    said = [
        a_check_in(id="C-1", when=serial(date(2026, 4, 20))),
        a_check_in(id="C-3", key_result="KR-3", when=serial(date(2026, 5, 19))),
    ]
    reading = a_reading(None, three() if rows is None else rows, PEOPLE, check_ins(*said))
    return open_page("check_in", reading=reading, **{"who": ADA, **query})


def send(page: Opened, value: str = "43", note: str = "") -> Opened:
    page.app.text_input[0].set_value(value)
    page.app.text_input[1].set_value(note)
    press(page, "Save and next")
    return page


def press(page: Opened, label: str) -> Opened:
    next(button for button in page.app.button if button.label == label).click()
    return page.run()


def asked(page: Opened) -> str:
    """Name the key result whose form is open, "" where there is none."""
    _, _, rest = page.html.partition("is-open")
    return rest.partition("</a>")[0].rpartition(">")[2]


# --- who ------------------------------------------------------------------------------------------


def test_before_anybody_is_chosen_the_page_says_what_to_do(open_page: Open) -> None:
    page = open_page("check_in", reading=a_reading(None, three(), PEOPLE))

    assert "Choose your name above" in page.html
    assert not page.app.text_input
    assert page.app.selectbox[0].options == ["Ada King", "Leo Santos"]


def test_the_choice_stands_in_the_address(open_page: Open) -> None:
    page = open_page("check_in", reading=a_reading(None, three(), PEOPLE))
    page.app.selectbox[0].set_value(ADA)
    page.run()

    assert page.app.query_params["who"] == ADA
    assert "owes a value" in page.html
    assert f'data-who="{ADA}"' in page.html


@pytest.mark.parametrize("who", ["ADA@example.com", "Ada King", "ada"])
def test_a_name_may_be_spelled_as_people_do(open_page: Open, who: str) -> None:
    assert "Win customers" in open_mine(open_page, who=who).html


def test_somebody_unknown_is_asked_again(open_page: Open) -> None:
    page = open_mine(open_page, who="Zoe")

    assert "Choose your name above" in page.html


def test_a_link_of_somebody_else_does_not_change_who_signs(open_page: Open) -> None:
    """It shows what they owe; a name that is chosen here does change it."""
    page = open_page("check_in", reading=a_reading(None, three(), PEOPLE))
    page.app.selectbox[0].set_value(ADA)
    page.run()
    page.app.query_params["who"] = "leo@example.com"
    page.run()

    assert page.app.selectbox[0].value == "leo@example.com"
    assert page.app.session_state["kept"]["by"] == ADA
    page.app.selectbox[0].set_value(ADA)
    page.run()
    page.app.selectbox[0].set_value("leo@example.com")
    page.run()
    assert page.app.session_state["kept"]["by"] == "leo@example.com"


def test_who_owns_nothing_reads_what_will_stand_here(open_page: Open) -> None:
    page = open_mine(open_page, rows=[a_key_result(owner="Ada King")], who="leo@example.com")

    assert "No key result in 2026-Q2 has Leo Santos as its owner." in page.html


# --- one after the other --------------------------------------------------------------------------


def test_what_owes_a_value_is_asked_for_first(open_page: Open) -> None:
    page = open_mine(open_page)

    assert "2 of your 3 key results owe a value." in page.html
    assert asked(page) == "Win customers"
    assert "Of somebody else" not in page.html
    assert "No value yet; up to 45 points is aimed at." in page.html


def test_drafts_are_listed_and_never_asked_for(open_page: Open) -> None:
    draft = a_key_result(id="KR-5", key_result="Some day", current="", state="draft")
    page = open_mine(open_page, [*three(), draft])
    assert "2 of your 3 key results owe a value." in page.html
    assert "1 of 3" in page.html
    assert "Drafts" in page.html

    for _ in range(3):
        assert asked(page) not in ("", "Some day")
        press(page, "Skip")
    assert asked(page) == ""
    assert "Some day" in page.html


def test_saving_goes_to_the_next_with_empty_fields(open_page: Open) -> None:
    page = send(open_mine(open_page), "40", "Two more")

    [draft] = page.workbook.saved
    assert (draft.key_result.id, draft.value, draft.by) == ("KR-2", 40.0, ADA)
    assert draft.note == "Two more"
    assert asked(page) == "Raise activation"
    assert [field.value for field in page.app.text_input] == ["", ""]
    assert "Needs 0.51 a week until 30 Jun" in page.html
    assert "30 days ago" in page.html


def test_the_end_says_what_changed_and_what_is_still_owed(open_page: Open) -> None:
    page = send(open_mine(open_page), "45")
    page = press(page, "Skip")
    page = send(page, "43")

    assert not page.app.text_input
    assert "2 saved. 1 still owes a value." in page.html
    assert "1 key result skipped." in page.html
    assert "Still owed" in page.html
    said = " ".join(page.html.split())
    assert '<span class="was">no data</span>' in said
    assert "<b>45 points</b>" in said
    assert "<b>100%</b>" in said
    assert "achieved" in said
    assert len({draft.operation for draft in page.workbook.saved}) == 2


def test_a_skipped_one_may_be_opened_again(open_page: Open) -> None:
    page = press(open_mine(open_page), "Skip")
    page.app.query_params["key_result"] = "KR-2"
    page.run()

    assert asked(page) == "Win customers"


def test_one_may_finish_before_the_end(open_page: Open) -> None:
    page = open_mine(open_page, finish="1")

    assert not page.app.text_input
    assert "Still owed" in page.html


# --- what is in the way ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("soon", "is not a number"),
        ("45%", "is a percentage"),
        ("", "There is nothing to save"),
        ("=IMPORTXML(1)", "is not a number"),
        ("NaN", "is not a number"),
    ],
)
def test_what_is_refused_stays_in_the_form(open_page: Open, value: str, sentence: str) -> None:
    page = send(open_mine(open_page), value)

    assert sentence in page.html
    assert sentence in page.refresh().html
    assert page.app.text_input[0].value == value
    assert asked(page) == "Win customers"
    assert not page.workbook.saved


def test_what_was_in_the_way_of_one_is_not_said_of_the_next(open_page: Open) -> None:
    page = press(send(open_mine(open_page), "soon"), "Skip")

    assert asked(page) == "Raise activation"
    assert "is not a number" not in page.html


@pytest.mark.parametrize(
    "left", [three()[:1], [*three()[:1], {**three()[1], "Owner": "Leo Santos"}], []]
)
def test_a_form_whose_row_has_gone_keeps_what_was_typed_until_it_is_back(
    open_page: Open, left: list[Any]
) -> None:
    page = send(open_mine(open_page), "soon", "Typed for minutes")
    before = page.workbook.reading
    page.refresh(a_reading(None, left or three()[3:], PEOPLE))

    assert "“Win customers” is not among your key results any more" in page.html
    assert [field.value for field in page.app.text_input] == ["soon", "Typed for minutes"]
    page.refresh(before)
    assert "any more" not in page.html
    assert [field.value for field in page.app.text_input] == ["soon", "Typed for minutes"]
    assert asked(send(page, "40", "Typed for minutes")) == "Raise activation"


def test_a_form_whose_row_has_gone_may_be_skipped(open_page: Open) -> None:
    page = send(open_mine(open_page), "soon")
    page.refresh(a_reading(None, three()[:1], PEOPLE))

    press(page, "Skip")
    assert asked(page) == "Raise activation"
    assert "any more" not in page.html


def test_a_note_too_long_is_refused_and_stays(open_page: Open) -> None:
    page = send(open_mine(open_page), "40", "x" * 60_000)

    assert "60,000 characters" in page.html
    assert len(page.app.text_input[1].value) == 60_000


def test_an_unknown_outcome_sends_the_same_again_under_the_same_operation(open_page: Open) -> None:
    page, sent = unsure(open_page)

    assert UNKNOWN in page.refresh().html
    assert asked(page) == "Win customers"
    send(page, "40")
    assert sent[0] == sent[1]
    assert asked(page) == "Raise activation"


def test_what_was_changed_after_an_unknown_outcome_is_another_check_in(open_page: Open) -> None:
    page, sent = unsure(open_page)

    send(page, "41")
    assert sent[0] != sent[1]


def unsure(open_page: Open) -> tuple[Opened, list[str]]:
    """Save once where nobody can tell whether it was saved; note the operations from then on."""
    page, sent = open_mine(open_page), list[str]()
    save = page.workbook.save_check_in

    def save_it(draft: CheckInDraft) -> SavedCheckIn:
        sent.append(draft.operation)
        if len(sent) == 1:
            raise UnknownOutcomeError(UNKNOWN)
        return save(draft)

    page.workbook.save_check_in = save_it  # type: ignore[method-assign]
    return send(page, "40"), sent


def test_a_second_press_of_enter_saves_nothing_twice(open_page: Open) -> None:
    page = open_mine(open_page)
    form = page.app.text_input[0].key
    send(page, "40")
    page.run()

    assert [draft.key_result.id for draft in page.workbook.saved] == ["KR-2"]
    assert page.app.text_input[0].key != form


def test_a_remark_of_the_workbook_stands_beside_what_changed(open_page: Open) -> None:
    page = open_mine(open_page)
    save = page.workbook.save_check_in

    def save_it(draft: CheckInDraft) -> SavedCheckIn:
        saved = save(draft)
        object.__setattr__(saved, "remark", "Current holds a formula, and was left as it is.")
        return saved

    page.workbook.save_check_in = save_it  # type: ignore[method-assign]

    assert "Current holds a formula" in send(page, "40").html


# --- what else ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sentence"),
    [({"read_only": True}, "This board only shows"), ({"as_of": "2026-05-18"}, "18 May 2026")],
)
def test_a_closed_page_lists_and_says_why(
    open_page: Open, query: dict[str, Any], sentence: str
) -> None:
    page = open_mine(open_page, **query)

    assert sentence in page.html
    assert not page.app.text_input
    assert "So far" in page.html


def test_done_or_not_is_chosen(open_page: Open) -> None:
    row = a_key_result(kind="done", start="", target="", current="", unit="")
    page = open_mine(open_page, rows=[row])

    assert [group.label for group in page.app.button_group] == ["Value", "Confidence"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "![](http://x/y.png)", "שלום 🎉"])
def test_hostile_text_stays_text(open_page: Open, text: str) -> None:
    rows = [a_key_result(key_result=text, owner=text, unit=text, current="")]
    page = open_mine(open_page, rows=rows, who=text)
    send(page, "41", text)

    assert page.workbook.saved[0].note == text
    assert "<script>alert" not in page.html
    assert "1 saved." in page.html


def test_the_page_keeps_within_its_messages(open_page: Open) -> None:
    assert len([*open_mine(open_page).app.main]) < 28
