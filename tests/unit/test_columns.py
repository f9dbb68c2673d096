"""Headers as people write them: any order, any accepted spelling, below any title."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.columns import COLUMNS, address, find_header, known_tab, letters, normalise
from okr.model import Cell


def found(tab: str, *rows: list[Cell]) -> dict[str, str]:
    """Give each column that was found with the header that it was found under."""
    header = find_header(tab, rows)
    assert header is not None
    return {column: str(rows[header.row][place]) for column, place in header.columns.items()}


@pytest.mark.parametrize("tab", COLUMNS)
@pytest.mark.parametrize(
    "respell",
    [
        pytest.param(str, id="as the board writes it"),
        pytest.param(str.upper, id="upper case"),
        pytest.param(str.lower, id="lower case"),
        pytest.param(lambda name: name.replace(" ", "_"), id="underscores"),
        pytest.param(lambda name: name.replace(" ", "-"), id="hyphens"),
        pytest.param(lambda name: name.replace(" ", "").replace("-", ""), id="run together"),
        pytest.param(lambda name: f"  {name.replace(' ', '   ')} ", id="spaces"),
        pytest.param(lambda name: name.replace(" ", "\n"), id="line breaks"),
        pytest.param(lambda name: name.replace(" ", "\u00a0"), id="no-break spaces"),
    ],
)
def test_case_spaces_underscores_and_hyphens_do_not_count(tab: str, respell: object) -> None:
    assert callable(respell)
    headers: list[Cell] = [respell(column) for column in COLUMNS[tab]]

    assert [*found(tab, headers)] == [*COLUMNS[tab]]
    assert known_tab(respell(tab)) == tab


@pytest.mark.parametrize(
    ("tab", "header", "column"),
    [
        *(("Key results", one, "Start") for one in ("Baseline", "Base", "Initial", "From")),
        *(("Key results", one, "Target") for one in ("Goal", "To")),
        *(("Key results", one, "Current") for one in ("Actual", "Now")),
        ("Key results", "KR", "Key result"),
        ("Check-ins", "KR", "Key result"),
        ("Key results", "baseline ", "Start"),
        ("Key results", "key-result", "Key result"),
        ("Objectives", "roll up", "Roll-up"),
    ],
)
def test_a_column_is_known_by_each_accepted_spelling(tab: str, header: str, column: str) -> None:
    assert found(tab, ["ID", "Objective", header])[column] == header


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        pytest.param(
            ["Objective", "KR", "Goal"],
            {"Objective": "Objective", "Key result": "KR", "Target": "Goal"},
            id="beside Objective, Goal is the target",
        ),
        pytest.param(
            ["Objective ID", "KR", "Goal"],
            {"Objective": "Objective ID", "Key result": "KR", "Target": "Goal"},
            id="also when Objective is spelled otherwise",
        ),
        pytest.param(
            ["Goal", "KR", "Objective"],
            {"Objective": "Objective", "Key result": "KR", "Target": "Goal"},
            id="in any order",
        ),
    ],
)
def test_goal_means_target_where_an_objective_stands_beside_it(
    headers: list[Cell], columns: dict[str, str]
) -> None:
    assert found("Key results", headers) == columns


def test_goal_is_no_target_where_no_objective_stands_beside_it() -> None:
    assert "Target" not in found("Key results", ["KR", "Goal", "Current"])


def test_in_the_tab_of_objectives_goal_is_the_objective() -> None:
    assert found("Objectives", ["Goal", "Owner"]) == {"Objective": "Goal", "Owner": "Owner"}


@given(st.permutations([*COLUMNS["Key results"]]))
def test_columns_may_stand_in_any_order(order: list[str]) -> None:
    header = find_header("Key results", [order])

    assert header is not None
    assert {column: order[place] for column, place in header.columns.items()} == {
        column: column for column in COLUMNS["Key results"]
    }


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        pytest.param([["ID", "Objective"]], 0, id="first row"),
        pytest.param([["Our goals for spring"], [], ["ID", "Objective"]], 2, id="below a title"),
        pytest.param([["Objective"], ["ID", "Objective"]], 1, id="below one known word"),
        pytest.param([["", "", "ID", "", "Objective"]], 0, id="further right"),
        pytest.param([[2026.0, True], ["ID", "Objective"]], 1, id="below numbers"),
        pytest.param([["ID", "Objective"], ["Team", "Owner"]], 0, id="the first of two"),
        pytest.param([["Mood", "ID", "Colour", "Objective"]], 0, id="among unknown ones"),
        pytest.param([], None, id="nothing"),
        pytest.param([[], ["", ""]], None, id="blank rows"),
        pytest.param([["Objective"], ["Objective"]], None, id="never two in one row"),
        pytest.param([["Mood", "Colour"]], None, id="only unknown ones"),
    ],
)
def test_headers_are_in_the_first_row_that_holds_two_known_ones(
    rows: list[list[Cell]], row: int | None
) -> None:
    header = find_header("Objectives", rows)

    assert (None if header is None else header.row) == row


@pytest.mark.parametrize(
    ("headers", "taken", "doubled"),
    [
        pytest.param(["Start", "Key result", "Start"], "Start", [(2, "Start")], id="one name"),
        pytest.param(["Start", "Key result", "Base"], "Start", [(2, "Start")], id="one meaning"),
        pytest.param(["Base", "Key result", "Start"], "Start", [(0, "Start")], id="own name wins"),
        pytest.param(["Base", "Key result", "From"], "Base", [(2, "Start")], id="first wins"),
        pytest.param(
            ["From", "KR", "Start", "Base"], "Start", [(0, "Start"), (3, "Start")], id="three"
        ),
    ],
)
def test_of_headers_of_one_meaning_one_is_read_and_the_others_are_named(
    headers: list[Cell], taken: str, doubled: list[tuple[int, str]]
) -> None:
    header = find_header("Key results", [headers])

    assert header is not None
    assert header.titles["Start"] == taken
    assert [*header.doubled] == doubled


@pytest.mark.parametrize("tab", COLUMNS)
def test_no_spelling_means_two_columns_of_a_tab(tab: str) -> None:
    spellings = [{normalise(one) for one in (name, *more)} for name, more in COLUMNS[tab].items()]

    assert len(set(chain(*spellings))) == sum(map(len, spellings))


@pytest.mark.parametrize("title", ["Notes", "", "Objectives 2025", "Copy of Key results"])
def test_other_tabs_are_left_alone(title: str) -> None:
    assert known_tab(title) is None


@pytest.mark.parametrize(
    ("column", "name"),
    [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")],
)
def test_cells_are_named_as_spreadsheets_name_them(column: int, name: str) -> None:
    assert letters(column) == name
    assert address("Key results", 13, column) == f"Key results!{name}14"
