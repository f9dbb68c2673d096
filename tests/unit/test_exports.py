"""Files to take along are opened again: tables as a spreadsheet would, pictures as a browser."""

import csv
import io
import struct
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from okr.listings import MOST_ROWS, Listing, as_csv
from okr.pictures.chart_files import draw_chart, file_name
from okr.views.charts import Spec, as_spec
from okr.views.score_charts import ScoreLine, ScorePoint, draw_score
from okr.workbooks.xlsx_listing import as_xlsx
from tests.unit.readings import DAY

EVIL = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0"]


def listing(*rows: tuple[Any, ...], name: str = "Scores") -> Listing:
    return Listing(name, ("Title", "Value"), rows)


def read_csv(made: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def read_xlsx(made: bytes) -> tuple[str, list[list[Any]], list[list[str]]]:
    [sheet] = load_workbook(io.BytesIO(made)).worksheets
    cells = [list(row) for row in sheet.iter_rows()]
    values = [[cell.value for cell in row] for row in cells]
    return sheet.title, values, [[cell.data_type for cell in row] for row in cells]


@pytest.mark.parametrize("text", EVIL)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    made = listing((text, 1.0))

    assert read_csv(as_csv(made))[1] == [f"'{text}", "1.0"]
    _, values, types = read_xlsx(as_xlsx(made))
    assert types[1] == ["s", "n"]
    assert str(values[1][0]).strip() == text.strip()


@pytest.mark.parametrize(
    ("value", "in_csv", "in_xlsx"),
    [
        (-1.5, "-1.5", -1.5),
        (0.1, "0.1", 0.1),
        (12, "12", 12),
        (None, "", None),
        (True, "yes", True),
        (date(2026, 5, 20), "2026-05-20", datetime(2026, 5, 20)),
        (datetime(2026, 5, 20, 9, 30), "2026-05-20 09:30", datetime(2026, 5, 20, 9, 30)),
        ('a, "b"\nc', 'a, "b"\nc', 'a, "b"\nc'),
        ("#REF!", "#REF!", "#REF!"),
        ("a\x00\x07b", "a\x07b", "ab"),
    ],
)
def test_what_is_not_a_formula_is_kept(value: Any, in_csv: str, in_xlsx: Any) -> None:
    made = listing(("Title", value))

    assert read_csv(as_csv(made))[1] == ["Title", in_csv]
    assert read_xlsx(as_xlsx(made))[1][1] == ["Title", in_xlsx]


def test_headers_and_the_name_of_the_sheet_are_safe_too() -> None:
    made = Listing("=Scores: of [A/B]*? and a name that is much too long", ("=1+1",), ())

    assert read_csv(as_csv(made)) == [["'=1+1"]]
    title, values, types = read_xlsx(as_xlsx(made))
    assert (values[0], types[0]) == (["=1+1"], ["s"])
    assert len(title) <= 31


def test_a_table_without_an_end_is_cut_and_says_so() -> None:
    made = Listing("Much", ("Number",), tuple((number,) for number in range(MOST_ROWS + 5)))

    assert len(made.kept) == MOST_ROWS + 1
    assert made.kept[-1] == ("and 5 more rows",)


# --- pictures -------------------------------------------------------------------------------------


def a_spec(name: str = "Care") -> Spec:
    points = tuple(ScorePoint(day, 0.4, 0.5, 0.5) for day in (date(2026, 4, 1), DAY))
    line = ScoreLine(name, date(2026, 4, 1), date(2026, 6, 30), points, 1.0)
    return as_spec(draw_score(line), 300, "about")


def test_a_png_is_large_enough_for_a_slide() -> None:
    made = draw_chart(a_spec(), "Care is behind", "How to read it.", "Acme", "png")

    assert made.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", made[16:24])
    assert 2200 <= width <= 2400
    assert 600 <= height <= 1000


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_svg_says_what_it_shows_and_asks_for_nothing(theme: str) -> None:
    title = '<script>alert(1)</script> & "quotes" ![](http://x.y/z.png)'
    made = draw_chart(a_spec(), title, "How to read it.", "Acme · 20 May", "svg", theme).decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in made
    assert "<script" not in made
    assert "Acme · 20 May" in made
    assert "score 40%" in made
    assert "href" not in made and "<image" not in made and "url(http" not in made


def test_nothing_is_fetched_from_anywhere() -> None:
    spec = {**a_spec(), "layer": [{"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "bar"}]}

    with pytest.raises(ValueError, match=r"(?i)not allowed|denied|external"):
        draw_chart(spec, "Both", "", "Acme", "svg")


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Care is 12 points behind pace",), "care-is-12-points-behind-pace.png"),
        (("../../etc/passwd\x00", "<b>"), "etc-passwd-b.png"),
        (("Ünïcode 数",), "ünïcode-数.png"),
        (("///",), "okr.png"),
    ],
)
def test_files_have_plain_names(parts: tuple[str, ...], name: str) -> None:
    assert file_name(parts, "png") == name
