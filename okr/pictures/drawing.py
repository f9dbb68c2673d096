"""From data to a picture: the one place that calls Typst."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import font_source_sans_pro  # type: ignore[import-untyped]
import typst

from okr.pictures.legible import texts_in

FAMILY = "Source Sans Pro"
TEMPLATE = Path(__file__).with_name("status.typ")
CASCADE = Path(__file__).with_name("cascade.typ")
LETTERS = Path(__file__).with_name("letters.typ")
PIXELS = 72.0
"""Dots in an inch at which one point is one pixel."""

WEIGHTS = (400, 600, 700)
"""The weights of type that pictures are set in."""

PLAIN = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0·“”‘’–—−…→€£×°äöüßéèàçñ"
"""Letters whose widths add up to no less than the width of a text of them."""

NO_LETTER = "\U0010fffd"
"""A letter of nobody's: what a font draws for it, it draws for all that it lacks."""


class Draughtsman:
    """Draws one picture after the other. It is not to be shared between threads."""

    def __init__(self, font_folder: Path | None = None, template: Path = TEMPLATE) -> None:
        """Load the template and the fonts.

        Args:
            font_folder: Holds fonts for what Source Sans lacks; it goes before the machine's own.
            template: What is drawn: a status, or a cascade.
        """
        folders = [str(Path(font_source_sans_pro.__file__).parent / "files")]
        if font_folder is not None:
            folders.append(str(font_folder))
        fonts = typst.Fonts(font_paths=folders)
        own = sorted({one.family for one in fonts.fonts() if _is_inside(one.path, font_folder)})
        self.families = [FAMILY, *own]
        self._status = typst.Compiler(str(template), root=str(template.parent), font_paths=fonts)
        self._letters = typst.Compiler(str(LETTERS), root=str(LETTERS.parent), font_paths=fonts)
        self._known: dict[str, bool] = {}
        self._blank = ""

    def draw(self, data: Mapping[str, Any], form: str, scale: float = 1.0) -> list[bytes]:
        """Draw the pages that data describe; a PDF is one file of them all.

        Args:
            data: What ``content.build_content`` makes.
            form: ``png``, ``svg`` or ``pdf``.
            scale: How many pixels of a PNG there are to one of the canvas.
        """
        drawn = self._status.compile(
            format=form,  # type: ignore[arg-type]
            ppi=PIXELS * scale,
            sys_inputs={"data": self._input(data)},
            timestamp=0,
        )
        return _pages(drawn)

    def _input(self, data: Mapping[str, Any]) -> str:
        """Add the fonts, and how wide texts are at most, so that few need to be measured."""
        texts = frozenset(texts_in({name: one for name, one in data.items() if name != "qr"}))
        widths = {text: width for text in texts if (width := self._width(text)) is not None}
        more = {"fonts": self.families, "widths": widths}
        return json.dumps({**data, **more}, ensure_ascii=False, sort_keys=True)

    def _width(self, text: str) -> float | None:
        """Say how many ems a text takes at most; None where its letters do not just add up."""
        try:
            return round(sum(map(self._widths.__getitem__, text)), 3)
        except KeyError:
            return None

    @cached_property
    def _widths(self) -> Mapping[str, float]:
        """How wide each plain letter is at most, in ems: measured once."""
        self._drawn(list(PLAIN), WEIGHTS)
        widths = json.loads(self._letters.query("<widths>", field="value", one=True))
        return dict(zip(PLAIN, widths, strict=True))

    def count_pages(self) -> int:
        """Say how many pages there are to what was drawn last, also where one alone was drawn."""
        return int(json.loads(self._status.query("<pages>", field="value", one=True)))

    def lacks(self, letters: frozenset[str]) -> frozenset[str]:
        """Tell which letters no font here has, by looking whether they are drawn as nobody's is."""
        new = sorted(letters - self._known.keys())
        if new:
            blank, *drawn = self._drawn([NO_LETTER, *new])
            self._known |= {one: image != blank for one, image in zip(new, drawn, strict=True)}
        return frozenset(one for one in letters if not self._known[one])

    def _drawn(self, letters: list[str], weights: Sequence[int] = ()) -> list[bytes]:
        given = {"letters": letters, "fonts": self.families, "weights": weights}
        inputs = {name: json.dumps(one) for name, one in given.items()}
        return _pages(self._letters.compile(format="svg", sys_inputs=inputs))


@cache
def template_version() -> str:
    """Name the templates and the program that draws them: a change of any changes pictures."""
    written = TEMPLATE.read_bytes() + CASCADE.read_bytes()
    digest = hashlib.sha256(written).hexdigest()[:12]
    return f"{digest} {version('typst')}"


def _is_inside(path: str | None, folder: Path | None) -> bool:
    return path is not None and folder is not None and Path(path).is_relative_to(folder)


def _pages(drawn: object) -> list[bytes]:
    if isinstance(drawn, bytes):
        return [drawn]
    assert isinstance(drawn, list)
    return drawn
