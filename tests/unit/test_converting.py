"""Converting: any readable OKR sheet in the board's own layout, saying the same."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from okr.__main__ import DONE, REFUSED, main
from okr.assess import build_board
from okr.columns import REQUIRED
from okr.demo import build_demo
from okr.report import as_json
from okr.snapshot import build_snapshot
from okr.workbooks.local import LocalWorkbook, create

SHEETS = Path(__file__).parents[1] / "layouts"
DAY = date(2026, 11, 20)
SAME = {
    "key_results": (
        *("title", "owner", "kind", "start", "target", "current", "progress", "score", "expected"),
        *("gap", "status", "stale", "confidence", "projected", "weight", "grade"),
    ),
    "objectives": (
        *("title", "team", "owner", "type", "score", "low", "high", "counted", "with_data"),
        *("status", "cycle", "grade"),
    ),
    "teams": ("team", "parent", "score", "net", "counts"),
}


def report(path: Path) -> dict[str, Any]:
    snapshot = build_snapshot(LocalWorkbook(path).read())
    return dict(json.loads(as_json(build_board(snapshot, None, DAY))))


def said(found: dict[str, Any]) -> dict[str, Any]:
    """Give what a report says that must not change; the cells and IDs are others."""
    rows = {
        kind: sorted(json.dumps({name: one[name] for name in names}) for one in found[kind])
        for kind, names in SAME.items()
    }
    return {**rows, "organisation": found["organisation"]}


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    create(tmp_path / "demo.xlsx", build_demo(DAY))
    return tmp_path / "demo.xlsx"


def convert(source: Path, new: Path) -> int:
    return main(["convert", str(source), "-o", str(new)])


@pytest.mark.parametrize("name", sorted(path.stem for path in SHEETS.glob("*.xlsx")))
def test_the_new_workbook_says_the_same(name: str, tmp_path: Path) -> None:
    source, new = SHEETS / f"{name}.xlsx", tmp_path / "new.xlsx"

    assert convert(source, new) == DONE
    assert said(report(new)) == said(report(source))
    assert build_snapshot(LocalWorkbook(new).read()).layout is None


def test_a_workbook_in_the_boards_layout_says_the_same_with_its_history(
    demo: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.xlsx"

    assert convert(demo, new) == DONE
    assert said(report(new)) == said(report(demo))


def test_every_row_has_an_id_and_references_lead_to_it(tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    convert(SHEETS / "merged_base_target.xlsx", new)
    found = build_snapshot(LocalWorkbook(new).read())

    ids = {one.id for one in (*found.objectives, *found.key_results)}
    assert None not in ids
    assert len(ids) == len(found.objectives) + len(found.key_results)
    assert {one.objective for one in found.key_results} <= ids
    assert {*found.tabs} >= {*REQUIRED}


def test_it_says_what_it_could_not_take_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    convert(SHEETS / "objective_blocks.xlsx", tmp_path / "blocks.xlsx")
    convert(SHEETS / "merged_base_target.xlsx", tmp_path / "merged.xlsx")
    told = capsys.readouterr().out

    assert "OKR Tracker!D20 “n/a” was not taken over as it is" in told
    assert "The tab “Q4 Projects” was not taken over" in told
    assert "“Progress Bar”" in told


def test_a_file_that_is_there_is_not_written_over(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = demo.read_bytes()

    assert convert(SHEETS / "flat_progress.xlsx", demo) == REFUSED
    assert demo.read_bytes() == before
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["new.ods", "new"])
def test_only_a_workbook_is_written(name: str, tmp_path: Path) -> None:
    assert convert(SHEETS / "flat_progress.xlsx", tmp_path / name) == REFUSED
    assert not (tmp_path / name).exists()


def test_a_sheet_without_okrs_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "canteen.xlsx"
    create(source, {"Canteen": [["Mon", "Tue"], ["Soup", "Stew"]]})

    assert convert(source, tmp_path / "new.xlsx") == REFUSED
    assert "no OKRs were found" in capsys.readouterr().err
