"""Which cells of a new row are moved, where columns were moved as it was sent."""

import pytest

from okr.columns import KEY_RESULTS, Header
from okr.model import Cell
from okr.workbooks.google_grid import Grid, GridCell, GridRow
from okr.workbooks.google_straightening import astray

NAMES = ("ID", "Objective", "Key result", "Target", "Due")
SENT: tuple[tuple[str, Cell], ...] = (
    ("ID", "KR-7Q2M"),
    ("Objective", "O-1"),
    ("Key result", "Win"),
    ("Target", 5.0),
)
RIGHT: tuple[Cell, ...] = ("KR-7Q2M", "O-1", "Win", 5.0, "")


@pytest.mark.parametrize(
    ("holds", "changes"),
    [
        pytest.param(RIGHT, {}, id="as it should be"),
        pytest.param(
            ("O-1", "KR-7Q2M", "Win", 5.0, ""), {0: "KR-7Q2M", 1: "O-1"}, id="two changed about"
        ),
        pytest.param(("KR-7Q2M", "O-1", "Win", "", 5.0), {3: 5.0, 4: ""}, id="one column on"),
        pytest.param(
            ("KR-7Q2M", "O-1", "Won", 5.0, 46200.0), {}, id="a person has gone on with it"
        ),
        pytest.param(("KR-7Q2M", "O-1", "Win", 7.0, 5.0), {}, id="a person has typed there since"),
    ],
)
def test_only_what_stands_under_a_wrong_header_is_moved(
    holds: tuple[Cell, ...], changes: dict[int, Cell]
) -> None:
    row = GridRow(1, tuple(GridCell(value) for value in holds))
    header = Header(0, {name: at for at, name in enumerate(NAMES)}, {})
    grid = Grid(KEY_RESULTS, 1, KEY_RESULTS, header, {1: row})

    assert astray(grid, row, SENT) == changes
