from collections.abc import Callable
from typing import Any

import pytest

from tests.sheets_api import SheetsApi

ACTS: list[tuple[str, Callable[[Any], Any], str, list[list[Any]]]] = [
    ("edit", lambda h: h.edit("Key results!C4", 5), "A4:C4", [["KR-2", "Ship weekly", 5]]),
    ("empty", lambda h: h.edit("Key results!A2", ""), "A2:C2", [["", "Cut churn", 7]]),
    ("formula", lambda h: h.edit("Key results!C2", "=IMPORT(1)", 9), "C2", [[9]]),
    ("clear", lambda h: h.clear("Key results!B2:C9"), "A1:C3",
     [["ID", "Key result", "Current"], ["KR-3"], ["KR-1"]]),
    ("insert", lambda h: h.insert_row("Key results", 2, ["KR-0"]), "A1:A3",
     [["ID"], ["KR-0"], ["KR-3"]]),
    ("delete", lambda h: h.delete_row("Key results", 2), "A1:A3", [["ID"], ["KR-1"], ["KR-2"]]),
    ("move", lambda h: h.move_row("Key results", 4, 2), "A2:A4", [["KR-2"], ["KR-3"], ["KR-1"]]),
    ("sort", lambda h: h.sort("Key results", "C"), "A2:A4", [["KR-3"], ["KR-1"], ["KR-2"]]),
    ("rename header", lambda h: h.rename_header("Key results", "Current", "Now"), "A1:C1",
     [["ID", "Key result", "Now"]]),
    ("insert column", lambda h: h.insert_column("Key results", "B", ["New"]), "A1:C1",
     [["ID", "New", "Key result"]]),
    ("delete column", lambda h: h.delete_column("Key results", "B"), "A1:C1", [["ID", "Current"]]),
    ("move column", lambda h: h.move_column("Key results", "C", "A"), "A1:C1",
     [["Current", "ID", "Key result"]]),
    ("merge", lambda h: h.merge("Key results!A1:B1"), "A1:C1", [["ID", "", "Current"]]),
]  # fmt: skip


@pytest.mark.parametrize(("_", "act", "cells", "values"), ACTS, ids=[name for name, *_ in ACTS])
def test_a_person_works_on_the_sheet(
    api: SheetsApi, client: Any, _: str, act: Callable[[Any], Any], cells: str, values: Any
) -> None:
    act(api.human)
    assert client.values(f"'Key results'!{cells}") == values


def test_a_person_renames_and_swaps_tabs(api: SheetsApi, client: Any) -> None:
    api.human.rename_tab("Key results", "O'Brien's")
    assert client.values("'O''Brien''s'!A1") == [["ID"]]
    message = client.get("/values/'Key results'!A1")["error"]["message"]
    assert message == "Unable to parse range: 'Key results'!A1"
    api.human.swap_tab_titles("O'Brien's", "Check-ins")
    assert client.values("'Check-ins'!A1") == [["ID"]]


def test_a_person_changes_locale_and_time_zone(api: SheetsApi, client: Any) -> None:
    api.human.edit("Key results!C2", 1.5)
    api.human.set_locale("de_DE")
    api.human.set_time_zone("Europe/Berlin")
    properties = client.get(fields="properties")["properties"]
    assert (properties["locale"], properties["timeZone"]) == ("de_DE", "Europe/Berlin")
    assert client.values("'Key results'!C2", "FORMATTED_VALUE") == [["1,5"]]


def test_a_person_hides_rows_that_are_still_read(api: SheetsApi, client: Any) -> None:
    api.human.hide_rows("Key results", 2, 3)
    assert len(client.values("'Key results'!A:A")) == 4
    api.human.hide_rows("Key results", 2, 3, hidden=False)
    lines = client.get(
        ranges=["'Key results'!A2:A3"], fields="sheets.data.rowMetadata.hiddenByUser"
    )
    assert lines["sheets"][0]["data"][0]["rowMetadata"] == [{}, {}]


def test_a_person_acts_right_before_a_write(api: SheetsApi, client: Any) -> None:
    api.human.before_apply(
        2, lambda: api.human.sort("Key results", "A"), method="PUT", path="/values/"
    )
    for _ in range(3):
        client.values("A1")  # counts for nothing: it is no PUT
    client.put("/values/C2", [[1]])
    assert api.values("Key results!A2:C2") == [["KR-3", "Cut churn", 1]]
    client.put("/values/C2", [[2]])
    assert api.values("Key results!A2:C2") == [["KR-1", "Win customers", 2]]


def test_a_person_acts_right_after_a_read(api: SheetsApi, client: Any) -> None:
    api.human.after_read(1, lambda: api.human.edit("Key results!C2", 8))
    assert [client.values("'Key results'!C2") for _ in range(2)] == [[[7]], [[8]]]


def test_an_act_comes_once(api: SheetsApi, client: Any) -> None:
    acts: list[int] = []
    api.human.before_apply(1, lambda: acts.append(1))
    client.values("A1")
    client.values("A1")
    assert acts == [1]


def test_an_old_version_stays_as_it_was(api: SheetsApi) -> None:
    before = api.spreadsheets["demo"]
    api.human.edit("Key results!A1", "changed")
    assert before.tabs[0].cell(0, 0).entered == "ID"
    assert api.spreadsheets["demo"].tabs[1] is before.tabs[1]
