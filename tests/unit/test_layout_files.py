"""Sheets that people really keep, each with what a reader should get out of it."""

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from okr.assess import build_board
from okr.report import as_json
from okr.snapshot import build_snapshot
from okr.workbooks.local import LocalWorkbook

SHEETS = Path(__file__).parents[1] / "layouts"
NAMES = sorted(path.stem for path in SHEETS.glob("*.xlsx"))

Item = dict[str, Any]


@cache
def expected(name: str) -> Item:
    return dict(json.loads((SHEETS / f"{name}.expected.json").read_text(encoding="utf-8")))


@cache
def reported(name: str) -> Item:
    snapshot = build_snapshot(LocalWorkbook(SHEETS / f"{name}.xlsx").read())
    board = build_board(snapshot, None, date.fromisoformat(expected(name)["as_of"]))
    return dict(json.loads(as_json(board)))


def accepted(item: Item, field: str) -> list[Any]:
    """List the answers that are right for a field."""
    more = item.get(f"{field}s_accepted") or item.get("accept", {}).get(field)
    return list(more) if more else [item[field]]


def is_close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < 1e-5


def by_cell(items: list[Item]) -> dict[str, Item]:
    return {item["cell"]: item for item in items}


@pytest.mark.parametrize("name", NAMES)
def test_the_objectives_are_those_of_the_sheet(name: str) -> None:
    found, wanted = by_cell(reported(name)["objectives"]), expected(name)["objectives"]

    assert sorted(found) == sorted(item["cell"] for item in wanted)
    for item in wanted:
        one = found[item["cell"]]
        assert one["title"] in accepted(item, "title")
        for field in {"id", "team", "owner", "cycle", "weight"} & item.keys():
            assert one[field] in accepted(item, field), (item["cell"], field)


@pytest.mark.parametrize("name", NAMES)
def test_the_key_results_stand_below_their_objectives(name: str) -> None:
    found, wanted = by_cell(reported(name)["key_results"]), expected(name)["key_results"]
    aims = {item["key"]: item for item in expected(name)["objectives"]}

    assert sorted({*found} - {*expected(name)["may_also_appear"]}) == sorted(by_cell(wanted))
    for item in wanted:
        one = found[item["cell"]]
        assert one["title"] in accepted(item, "title")
        assert one["owner"] == item.get("owner", one["owner"])
        if item["objective"] is not None:
            aim = aims[item["objective"]]
            assert one["objective"] in (aim.get("id"), *accepted(aim, "title"))


def numbers(name: str) -> Iterator[tuple[Item, Item, str]]:
    found = by_cell(reported(name)["key_results"])
    for item in expected(name)["key_results"]:
        fields = ["progress"]
        if item["progress_basis"] == "values":
            fields += ["start", "target", "current"]
        yield from ((item, found[item["cell"]], field) for field in fields)


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_are_those_of_the_sheet(name: str) -> None:
    for item, one, field in numbers(name):
        right = accepted(item, field)
        if field == "start" and None in right:
            right.append(0)
        assert any(is_close(one[field], answer) for answer in right), (item["cell"], field)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wrong_is_named_and_nothing_else_is(name: str) -> None:
    problems, wanted = reported(name)["problems"], expected(name)["problems"]
    named = {item["cell"] for item in problems}
    alarms = {item["cell"] for item in problems if item["severity"] == "error"}

    assert {item["cell"] for item in wanted if item["required"]} <= named
    assert alarms <= {item["cell"] for item in wanted}
