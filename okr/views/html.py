"""The only source of raw HTML: templates that escape whatever comes from the sheet."""

import re
from collections.abc import Hashable
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from okr.views.tokens import GROUNDS, SHAPES, SIZES, TEXTS, svg

_TEMPLATES = Path(__file__).parent / "templates"

_SAFE = " =/:"

_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
"""Line breaks that nobody sees."""

_AROUND_LINES = re.compile(r"\s*\n\s*")

_templates = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


_STROKES = {
    "pace": 'stroke-width="1.5" stroke-dasharray="4 4"',
    "line": 'stroke-width="2" stroke-linejoin="round"',
    "dots": 'stroke-width="6" stroke-linecap="round"',
}


def _stroke(path: str, name: str) -> str:
    """Write a line of a curve as the style of the element that shows it; see ``_marks``.

    The room around the field of 100 by 100, for dots on its edges, is the same in board.css.
    """
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -8 104 116" '
        'preserveAspectRatio="none">'
        f'<path d="{path}" fill="none" stroke="#000" vector-effect="non-scaling-stroke" '
        f"{_STROKES[name]}/></svg>"
    )
    return f'--path:url("data:image/svg+xml,{quote(drawing, safe=_SAFE)}")'


_LINES = {
    "solid": 'stroke-width="1.5"',
    "dashed": 'stroke-width="1.5" stroke-dasharray="6 4"',
    "dotted": 'stroke-width="1.5" stroke-dasharray="1.5 3.5"',
}


def _lines(path: str, width: float, height: float, kind: str) -> str:
    """Write the lines of a drawing as the style of the element that shows them; see ``_marks``."""
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}">'
        f'<path d="{path}" fill="none" stroke="#000" stroke-linejoin="round" {_LINES[kind]}/></svg>'
    )
    return f'--path:url("data:image/svg+xml,{quote(drawing, safe=_SAFE)}")'


_templates.filters["stroke"] = _stroke
_templates.filters["lines"] = _lines


class Block(str):
    """HTML that goes to a browser as it stands, alone or joined to more.

    Of any other text, Streamlit looks at every line for how far it is indented, at each page run.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)

    def __add__(self, other: str) -> "Block":
        return Block(str(self) + other)

    def __radd__(self, other: str) -> "Block":
        return Block(other + str(self))


def draw(template: str, page: object, part: str = "") -> Block:
    """Fill a template with a view-model; every text in it is escaped.

    Args:
        template: The name of the template, without its ending.
        page: The view-model, known to the template as ``page``.
        part: The name of a macro of the template, to draw that part of the page alone.
    """
    found = _templates.get_template(f"{template}.html")
    drawn = str(getattr(found.module, part)(page)) if part else found.render(page=page)
    return Block(_BETWEEN_TAGS.sub("> <", drawn.strip()))


@lru_cache(maxsize=256)
def draw_again(template: str, page: Hashable, part: str) -> Block:
    """Draw a part as ``draw`` does; what many runs draw alike is kept, by its view-model."""
    return draw(template, page, part)


@cache
def style() -> str:
    """Build the style sheet: tokens, marks, then the rules that use them."""
    rules = (_TEMPLATES / name for name in ("board.css", "cascade.css"))
    written = "\n".join(one.read_text(encoding="utf-8") for one in rules)
    return _AROUND_LINES.sub(" ", f".okr{{{_variables()}}}\n{_marks()}\n{written}")


@cache
def script() -> str:
    """Give the script, the same for everybody: links turn the page without loading it anew.

    Without it they are plain links and work as such.
    """
    return (_TEMPLATES / "links.js").read_text(encoding="utf-8").strip()


def dressed(page: str, style_at: str, script_at: str) -> str:
    """Link style sheet and script from Streamlit's page, below all of its rules: ours decide.

    A browser draws the page once it has the sheet: nobody sees it without. The script listens to
    the whole document, so it outlives whatever Streamlit draws anew.
    """
    root = '<div id="root">'
    links = f'<link rel="stylesheet" href="{style_at}"><script defer src="{script_at}"></script>'
    page = page.replace("<title>Streamlit</title>", "<title>OKR Board</title>", 1)
    return page.replace(root, f"{links}{root}", 1)


def _variables() -> str:
    colours = {name: colour.css for name, colour in {**GROUNDS, **TEXTS}.items()}
    sizes = {f"size-{name}": f"{size}px" for name, size in SIZES.items()}
    return "".join(f"--{name}:{value};" for name, value in {**colours, **sizes}.items())


def _marks() -> str:
    """Draw the marks as masks, which take the colour of the text; st.html drops ``<svg>``."""
    return "\n".join(
        f".okr .m-{shape}{'.hollow' if is_hollow else ''}"
        f'{{--mark:url("data:image/svg+xml,{quote(svg(shape, is_hollow), safe=_SAFE)}")}}'
        for shape in SHAPES
        for is_hollow in (False, True)
    )
