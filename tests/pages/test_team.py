"""The Team page as Streamlit runs it, above all its check-in form."""

import pytest

from okr.reading import Reading
from tests.pages.conftest import Open, Opened
from tests.unit.readings import a_key_result, a_reading, a_tab, an_objective


def open_form(open_page: Open, **changes: str | float) -> Opened:
    reading = a_reading(
        None,
        [a_key_result(**changes)],
        a_tab("People", [{"Email": "ada@example.com", "Name": "Ada King", "Team": ""}]),
    )
    return open_page("team", reading=reading, team="Growth", key_result="KR-1")


def send(page: Opened, value: str = "43", by: str | None = "ada@example.com") -> Opened:
    page.app.text_input(key="value KR-1").set_value(value)
    page.app.selectbox(key="by KR-1").set_value(by)
    page.app.button[0].click()
    return page.run()


def test_the_page_shows_how_the_team_stands(open_page: Open) -> None:
    page = open_page("team", team="Growth")

    assert "The objective holds its pace." in page.html
    assert "key_result=KR-1" in page.html
    assert not page.app.text_input


def test_an_address_with_a_key_result_opens_its_form_beside_its_history(open_page: Open) -> None:
    page = open_form(open_page)

    assert [field.label for field in page.app.text_input] == ["Value"]
    assert "Now 42 points, up to 45 points" in page.html
    assert "No check-in yet" in page.html
    assert page.app.text_input[0].value == ""


def test_of_what_was_dropped_only_the_history_is_offered(open_page: Open) -> None:
    page = open_form(open_page, state="dropped")

    assert not page.app.text_input
    assert "This key result was dropped, so no check-in is asked for" in page.html
    assert "No check-in yet" in page.html
    del page.app.query_params["key_result"]
    assert ">History<" in page.run().html
    assert ">Check in<" not in page.html


def test_a_form_stays_open_when_its_row_is_dropped_meanwhile(open_page: Open) -> None:
    page = send(open_form(open_page), "soon")
    page.refresh(a_reading([an_objective(state="dropped")], None))
    assert page.run().app.text_input(key="value KR-1").value == "soon"

    del page.app.query_params["key_result"]
    page.run().app.query_params["key_result"] = "KR-1"
    assert "Its objective was dropped" in page.run().html
    assert not page.app.text_input


def test_a_saved_check_in_stands_in_its_row_at_once(open_page: Open) -> None:
    page = send(open_form(open_page))

    [draft] = page.workbook.saved
    assert (draft.key_result.id, draft.value, draft.by) == ("KR-1", 43.0, "ada@example.com")
    assert "Saved: 43 of 45 points." in page.html
    assert "43 of 45 points" in page.html
    assert "key_result" not in page.app.query_params
    assert not page.app.text_input


@pytest.mark.parametrize(
    ("value", "by", "sentence"),
    [
        ("soon", "ada@example.com", "is not a number"),
        ("45%", "ada@example.com", "is a percentage"),
        ("43", None, "By is empty"),
        ("", "ada@example.com", "There is nothing to save"),
    ],
)
def test_what_is_refused_stays_in_the_form(
    open_page: Open, value: str, by: str | None, sentence: str
) -> None:
    page = send(open_form(open_page), value, by)

    assert sentence in page.html
    assert page.app.text_input[0].value == value
    assert not page.workbook.saved
    assert sentence in page.refresh().html
    assert page.app.text_input[0].value == value


def test_who_has_signed_is_remembered_by_the_browser(open_page: Open) -> None:
    page = open_form(open_page)
    assert "data-by" not in page.html

    send(page, "soon")
    assert 'data-by="ada@example.com"' in page.html
    assert 'data-by="ada@example.com"' in send(page, "43").html


def test_what_was_in_the_way_goes_when_the_form_is_sent_again_or_closed(open_page: Open) -> None:
    page = send(open_form(open_page), "soon")
    assert "is not a number" not in send(page, "45%").html
    assert "is a percentage" in page.html

    del page.app.query_params["key_result"]
    page.run().app.query_params["key_result"] = "KR-1"
    assert "is a percentage" not in page.run().html
    assert "is a percentage" not in page.run().html
    assert page.app.text_input[0].value == ""


def test_a_refusal_of_the_workbook_is_shown_and_the_same_operation_tried_again(
    open_page: Open,
) -> None:
    page = open_form(open_page)
    operation = page.app.session_state["kept"]["operation KR-1"]
    page.workbook.refusal = "Nothing was saved: the file is open in Excel. Close it there."
    send(page)
    assert "the file is open in Excel" in page.html
    assert page.app.session_state["kept"]["operation KR-1"] == operation

    page.workbook.refusal = ""
    send(page)
    assert [draft.operation for draft in page.workbook.saved] == [operation]


def test_each_opened_form_has_an_operation_of_its_own(open_page: Open) -> None:
    page = open_form(open_page)
    first = page.app.session_state["kept"]["operation KR-1"]
    page.run()
    assert page.app.session_state["kept"]["operation KR-1"] == first
    send(page)
    page.app.query_params["key_result"] = "KR-1"
    page.run()

    assert page.app.session_state["kept"]["operation KR-1"] != first
    assert page.app.selectbox[0].value == "ada@example.com"


def test_done_or_not_is_chosen_and_not_typed(open_page: Open) -> None:
    page = open_form(open_page, kind="done", start="", target="", current="", unit="")

    assert not page.app.text_input
    assert [group.label for group in page.app.button_group] == ["Value", "Confidence"]


def test_a_board_that_only_shows_has_no_form(open_page: Open) -> None:
    page = open_page("team", read_only=True, team="Growth", key_result="KR-1")

    assert not page.app.text_input
    assert "This board only shows" in page.html
    assert "So far" in page.html


def type_in(page: Opened) -> Opened:
    """Fill the form, and send it with what is refused: only what was sent reaches the server."""
    page.app.text_area[0].set_value("Typed for minutes")
    return send(page, "soon")


def others(**changes: str | float) -> Reading:
    """Lay out the workbook without its first key result, but with what these make of it."""
    rows = [a_key_result(id="KR-2", key_result="Win customers")]
    first = [a_key_result(**changes)] if changes else []
    objectives = [an_objective(), an_objective(id="O-2", objective="Help is near", team="Care")]
    return a_reading(objectives, [*first, *rows])


def test_a_form_whose_row_has_gone_keeps_what_was_typed_until_it_is_back(open_page: Open) -> None:
    page = type_in(open_form(open_page))
    before = page.workbook.reading
    page.refresh(others())

    assert "“Raise activation” has gone from the sheet since the form opened" in page.html
    assert "What you typed is kept here: save it once the row is back." in page.html
    assert page.html.index("Win customers") < page.html.index("is kept here")
    assert "There is no objective" not in page.html
    page.refresh(before)
    assert "is kept here" not in page.html
    assert page.app.text_input[0].value == "soon"
    assert page.app.text_area[0].value == "Typed for minutes"
    assert "Saved: 43 of 45 points." in send(page).html


@pytest.mark.parametrize(
    ("changes", "where"),
    [({"objective": "O-2"}, "page of Care"), ({"objective": "O-9"}, "has no objective")],
)
def test_a_form_whose_row_has_moved_may_still_be_saved(
    open_page: Open, changes: dict[str, str], where: str
) -> None:
    page = type_in(open_form(open_page)).refresh(others(**changes))

    assert where in page.html
    assert "and may still be saved" in page.html
    assert page.app.text_area[0].value == "Typed for minutes"
    send(page)
    assert [draft.note for draft in page.workbook.saved] == ["Typed for minutes"]


def test_a_form_whose_row_has_gone_says_so_when_it_is_sent(open_page: Open) -> None:
    page = type_in(open_form(open_page)).refresh(others())
    page.workbook.refusal = "Nothing was saved: KR-1 is not in “Key results” any more."
    send(page)

    assert "is not in “Key results” any more" in page.refresh().html
    assert page.app.text_area[0].value == "Typed for minutes"


def test_a_form_whose_row_is_back_before_the_board_has_seen_it_is_saved(open_page: Open) -> None:
    page = send(type_in(open_form(open_page)).refresh(others()), "43")

    assert [draft.value for draft in page.workbook.saved] == [43.0]
    assert "Saved: 43." in page.html


@pytest.mark.parametrize("left_for", [{"key_result": ""}, {"cycle": "2026-Q1"}])
def test_a_form_whose_row_has_gone_opens_no_more_once_it_is_closed(
    open_page: Open, left_for: dict[str, str]
) -> None:
    page = type_in(open_form(open_page)).refresh(others())
    for name, choice in left_for.items():
        page.app.query_params[name] = choice
    assert not page.run().app.text_input

    page.app.query_params.update(key_result="KR-1", cycle="")
    assert not page.run().app.text_input


def test_an_unknown_key_result_opens_nothing(open_page: Open) -> None:
    page = open_page("team", team="Growth", key_result="KR-99")

    assert not page.app.text_input
    assert "Raise activation" in page.html


def test_the_page_keeps_within_its_messages(open_page: Open) -> None:
    page = open_form(open_page)

    elements = [*page.app.main]
    assert len(elements) < 30
