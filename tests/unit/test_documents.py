"""What README and docs/ say holds: commands run as typed, tables are whole, links lead."""

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from okr.__main__ import main
from okr.columns import COLUMNS
from okr.demo import build_demo
from okr.model import Settings
from okr.screens import TITLES
from okr.workbooks import opening
from okr.workbooks.xlsx_writing import write_workbook
from tests.unit.test_demo import TODAY

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@cache
def said(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def section(path: str, heading: str) -> str:
    """Give what stands under a heading, up to the next of its kind."""
    return said(path).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def commands() -> list[list[str]]:
    """Read the commands of the README's block, without what a shell does about them."""
    block = section("README.md", "In a terminal").partition("```sh\n")[2].partition("```")[0]
    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    return [words[3:] for words in lines if words[:3] == ["python", "-m", "okr"]]


# --- commands -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.xlsx"
    write_workbook(path, build_demo(TODAY))
    return path


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path) -> Iterator[Path]:
    """Stand in a folder of one's own with the demo, whatever this machine has configured."""
    shutil.copy(demo, tmp_path / "demo.xlsx")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OKR_WORKBOOK", str(tmp_path / "demo.xlsx"))
    read = opening.read_configuration
    monkeypatch.setattr(
        opening,
        "read_configuration",
        lambda workbook=None: read(None, tmp_path / "secrets.toml", workbook=workbook),
    )
    yield tmp_path


def test_each_command_of_the_readme_runs_on_the_demo_one_after_the_other(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {" ".join(words): main(words) for words in commands()}

    assert len(found) == 9
    refused = [command for command, status in found.items() if status]
    assert refused == ["check"], capsys.readouterr().err
    assert {path.name for path in at_home.iterdir()} >= {"care.png", "care.pdf", "new.xlsx"}


def test_the_readme_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    known = re.findall(r"^    ([a-z-]+)\s", capsys.readouterr().out, re.MULTILINE)

    assert {words[0] for words in commands()} == {*known}


# --- tables ---------------------------------------------------------------------------------------


def rows(path: str, heading: str) -> list[list[str]]:
    """Read the tables of a section, without what sets their words off."""
    lines = [line for line in section(path, heading).splitlines() if line.startswith("| ")]
    return [[cell.strip(" `*") for cell in line.strip("|").split("|")] for line in lines]


def test_the_readme_lists_the_pages_in_the_order_of_the_navigation() -> None:
    assert [row[0] for row in rows("README.md", "The pages")[1:]] == [*TITLES.values()]


def test_the_readme_lists_the_tabs_and_their_columns() -> None:
    listed = {row[0]: row[1].partition(" (")[0] for row in rows("README.md", "The sheet")[1:]}

    for tab, columns in COLUMNS.items():
        names = [name.strip(" *") for name in listed[tab].split(",")]
        assert [one for one in columns if one != "Progress"] == names, tab


def test_every_setting_is_listed_with_its_default() -> None:
    lines = [line for line in said("docs/settings.md").splitlines() if line.startswith("| `")]
    cells = [[cell.strip(" `*") for cell in line.split("|")] for line in lines]
    listed = {cell[1]: cell[2] for cell in cells}

    def as_told(default: float | str) -> float | str:
        return default or "(blank)"

    def read(text: str) -> float | str:
        if text.endswith("%"):
            return float(text[:-1]) / 100
        return float(text) if re.fullmatch(r"[\d.]+", text) else text

    assert {name: read(text) for name, text in listed.items()} == {
        one.name: as_told(one.default)  # type: ignore[arg-type]
        for one in fields(Settings)
    }


# --- links, and the picture -----------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files_and_headings_that_are_there(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", document.read_text("utf-8"))
    for name, anchor in links:
        target = document.parent / name if name else document
        assert target.is_file(), name
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in [one.lower().replace(" ", "-") for one in headings]


def test_the_picture_shows_the_board_of_today() -> None:
    """It tells which pages it shows; where it shows others: ``make picture``."""
    with Image.open(ROOT / "docs" / "overview.png") as picture:
        assert picture.info["Navigation"].split(", ") == [*TITLES.values()]
