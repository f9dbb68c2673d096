"""IDs that nobody, and no spreadsheet, can take for anything else."""

import re

import pytest

from okr.workbooks.row_ids import ALPHABET, check_in_id, new_row_id, tab_gid, token_id


@pytest.mark.parametrize("seed", range(300))
def test_an_id_is_never_a_number_a_date_or_a_word(seed: int) -> None:
    code = new_row_id("KR", f"row {seed}", ()).removeprefix("KR-")

    assert re.fullmatch(f"[{ALPHABET}]{{4}}", code)
    assert not code.isdigit()
    assert not set(code) & set("AEIOU01L")


def test_an_operation_has_one_id() -> None:
    assert check_in_id("op-1") == check_in_id("op-1") != check_in_id("op-2")


def test_an_id_that_is_taken_is_not_given_again() -> None:
    first = new_row_id("KR", "Cut churn", ())

    assert new_row_id("KR", "Cut churn", {first}) != first
    assert new_row_id("KR", "Cut churn", ()) == first


def test_the_number_of_a_token_is_one_that_google_takes() -> None:
    numbers = {token_id("op-1", attempt) for attempt in range(5)}

    assert len(numbers) == 5
    assert all(0 < number < 2**31 for number in numbers)


def test_a_tab_gets_a_number_of_its_own() -> None:
    first = tab_gid("op-1", "Check-ins", ())

    assert tab_gid("op-1", "Check-ins", [first]) != first
