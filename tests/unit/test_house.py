"""The rules of the house, held by reading the code: who imports what, how large a page is."""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CORE = {"babel"}
TIME_SERIES = CORE | {"numpy", "pandas"}
VIEWS = CORE | {"altair", "jinja2", "pandas"}
PICTURES = CORE | {"font_source_sans_pro", "segno", "typst", "vl_convert"}
WORKBOOKS = CORE | {
    "filelock",
    "google",
    "gspread",
    "lxml",
    "openpyxl",
    "python_calamine",
    "requests",
    "urllib3",  # the retries and time limits of requests are its
}
SHELL = {"streamlit", "starlette"}

KNOWS_STREAMLIT = (
    "okr/edit_forms.py",
    "okr/edit_saving.py",
    "okr/file_route.py",
    "okr/forms.py",
    "okr/frame.py",
    "okr/layout_forms.py",
    "okr/open_forms.py",
    "okr/picture_route.py",
    "okr/serving.py",
    "okr/screens.py",
    "okr/session.py",
    "okr/shell.py",
    "okr/style_route.py",
    "okr/undo_forms.py",
)
"""Beside app.py and the pages, these are where Streamlit meets the rest."""

POSTS = ("okr/posting.py",)
"""Only this knows how a company's channels are reached."""

SPEAKS = ("okr/digest.py",)
"""Beside the commands, this says what the pages say, so that it knows the views."""

KNOWS_PANDAS = (
    "okr/courses.py",
    "okr/history_columns.py",
    "okr/day_tables.py",
    "okr/history.py",
    "okr/kept_weeks.py",
    "okr/roll_up_tables.py",
)
"""Time series are data frames, worked out in arrays; nothing else in the core needs them."""

LONGEST = 500
"""So many lines has a module at most: one purpose, read at one go."""

LONG = (
    "okr/cells.py",
    "okr/demo.py",
    "okr/shell.py",
    "okr/watching.py",
)
"""These are longer, and shall not grow beyond ``LONGER`` before they are parted."""

LONGER = 650
MATERIAL = ("okr/demo_company.py",)
"""The story of the demo company: the longer the better."""

VAGUE = {"common", "data2", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


def sources(*places: str) -> list[str]:
    """List the Python files of folders, and files, by their path from the root."""
    found = [
        path
        for place in places
        for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    return sorted(str(path.relative_to(ROOT)) for path in found)


@cache
def text(source: str) -> str:
    return (ROOT / source).read_text(encoding="utf-8")


@cache
def imports(source: str) -> tuple[str, ...]:
    """Name every module that a source imports, wherever in it that stands."""
    return tuple(_imports(ast.parse(text(source))))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno} imports by dots: write the name out"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def foreign(source: str) -> set[str]:
    """Name the packages that a source takes from neither the board nor the standard library."""
    tops = {name.partition(".")[0] for name in imports(source)}
    return tops - {"okr"} - sys.stdlib_module_names


def allowed(source: str) -> set[str]:
    """Name the packages that a source in this place may take."""
    if source in KNOWS_STREAMLIT:
        return SHELL
    if source in KNOWS_PANDAS:
        return TIME_SERIES
    if source in POSTS:
        return {"apprise"}
    if source.startswith("pages/"):
        return {"streamlit"}
    places = {"okr/workbooks/": WORKBOOKS, "okr/views/": VIEWS, "okr/pictures/": PICTURES}
    return next((known for place, known in places.items() if source.startswith(place)), CORE)


def is_core(source: str) -> bool:
    is_inner = source.count("/") == 1 or source.startswith("okr/layouts/")
    return is_inner and source not in (*KNOWS_STREAMLIT, *SPEAKS, "okr/__main__.py")


def offenders(places: Iterable[str], find: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    """Say what is wrong with each source that something is wrong with."""
    found = {source: sorted(find(source)) for source in places}
    return {source: wrong for source, wrong in found.items() if wrong}


def test_a_module_imports_only_what_its_place_allows() -> None:
    def too_much(source: str) -> set[str]:
        return foreign(source) - allowed(source)

    assert offenders(sources("okr", "pages"), too_much) == {}


def test_the_core_leaves_reading_writing_and_drawing_to_the_edge() -> None:
    edge = ("okr.workbooks", "okr.views", "okr.pictures")

    def reached(source: str) -> list[str]:
        return [name for name in imports(source) if name.startswith(edge)]

    assert offenders(filter(is_core, sources("okr")), reached) == {}


def test_nobody_below_knows_the_shell_nor_anybody_the_tests() -> None:
    above = {"app", "pages", "okr.frame", "okr.serving", "okr.shell"}

    def reached(source: str) -> list[str]:
        shown = [] if source in KNOWS_STREAMLIT else above & {*imports(source)}
        return [*shown, *(name for name in imports(source) if name.partition(".")[0] == "tests")]

    assert offenders(sources("okr"), reached) == {}


def test_a_page_has_at_most_80_lines() -> None:
    def length(source: str) -> list[str]:
        lines = len(text(source).splitlines())
        return [f"{lines} lines"] if lines > 80 else []

    assert offenders(sources("pages"), length) == {}


def test_a_module_is_not_too_long_to_be_read_at_once() -> None:
    def length(source: str) -> list[str]:
        lines = len(text(source).splitlines())
        return [f"{lines} lines"] if lines > (LONGER if source in LONG else LONGEST) else []

    assert offenders([one for one in sources("okr") if one not in MATERIAL], length) == {}


def test_a_document_that_is_named_is_there_and_a_rule_too() -> None:
    rules = re.findall(r"^## (\d+)\. ", (ROOT / "docs/rules.md").read_text("utf-8"), re.MULTILINE)
    folders = (ROOT, *(ROOT / name for name in ("benchmarks", "docs", "tests/sheets_api")))
    documents = {path.name for folder in folders for path in folder.glob("*.md")}

    def missing(source: str) -> Iterator[str]:
        named = re.findall(r"\b(\w+\.md)\b", text(source))
        yield from (name for name in named if name not in documents)
        numbers = re.findall(r"\brules? (\d+)\b|docs/rules\.md, (\d+)", text(source))
        yield from (f"rule {a or b}" for a, b in numbers if (a or b) not in rules)
        yield from re.findall(r"\b(?:DESIGN|STYLE|LOOK|SHEETS|STREAMLIT) \d", text(source))

    places = sources("app.py", "okr", "pages", "benchmarks", "docs", "tests")
    assert offenders(places, missing) == {}


def test_raw_html_comes_from_the_views_alone() -> None:
    signs = ("unsafe_allow_html", "<div", "<span", "<p>", "<table", "<a ")

    def raw(source: str) -> list[str]:
        in_views = source.startswith("okr/views/")
        return [] if in_views else [sign for sign in signs if sign in text(source)]

    assert offenders(sources("okr", "pages"), raw) == {}


def test_modules_have_names_that_say_something() -> None:
    def vague(source: str) -> set[str]:
        return VAGUE & {*Path(source).with_suffix("").parts}

    assert offenders(sources("app.py", "okr", "pages", "benchmarks", "tests"), vague) == {}


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    def silent(source: str) -> list[str]:
        first = (ast.get_docstring(ast.parse(text(source))) or "").partition("\n")[0]
        return [] if first.endswith((".", "?", ":")) else [first or "no docstring"]

    assert offenders(sources("app.py", "okr", "pages"), silent) == {}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned(file: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if line and not line.startswith(("#", "-r "))]

    assert [line for line in named if line.count("==") != 1] == []
    assert named == sorted(named, key=str.casefold)
