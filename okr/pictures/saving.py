"""A picture as a file, or as several where it has several pages."""

from dataclasses import replace
from pathlib import Path

from okr.board import Board
from okr.pictures.cascade import build_cascade_content
from okr.pictures.choice import FORMS, Choice, PictureError
from okr.pictures.content import Origin, build_content
from okr.pictures.drawing import CASCADE, TEMPLATE, Draughtsman
from okr.pictures.legible import Reader
from okr.pictures.settings import PictureSettings
from okr.pictures.trend import PastBoards


def save_picture(
    board: Board, choice: Choice, path: Path, settings: PictureSettings, scale: float = 1.0
) -> list[Path]:
    """Draw what is chosen into a file whose ending says the form.

    Args:
        board: What it shows.
        choice: Of whom, and how; page 0 asks for every page.
        path: Where to; further pages of a PNG or SVG go beside it, as in ``status-2.png``.
        settings: The address of the board, and its fonts.
        scale: How many pixels of a PNG there are to one of the canvas.

    Raises:
        PictureError: If it cannot be drawn, or not be written there.
    """
    form = path.suffix.removeprefix(".").casefold()
    if form not in FORMS:
        raise PictureError(
            "Unknown form",
            f"“{path.name}” does not say what kind of picture it is.",
            "Let its name end in .png, .svg or .pdf.",
        )
    is_cascade = choice.picture == "cascade"
    draughtsman = Draughtsman(settings.fonts, CASCADE if is_cascade else TEMPLATE)
    reader = Reader(draughtsman.lacks)
    wanted = replace(choice, page=0) if form == "pdf" else choice
    origin = Origin(settings.address)
    if is_cascade:
        content = build_cascade_content(board, wanted, origin, reader)
    else:
        content = build_content(board, wanted, origin, PastBoards(), reader)
    pages = draughtsman.draw(content, form, scale)
    if choice.page > draughtsman.count_pages():
        raise PictureError(
            "No such page",
            f"There is no page {choice.page}: the picture has {draughtsman.count_pages()}.",
            "Choose one of them with --page, or leave it out for all.",
        )
    return [_write(_numbered(path, at), page) for at, page in enumerate(pages, 1)]


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_stem(f"{path.stem}-{number}")


def _write(path: Path, body: bytes) -> Path:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise PictureError(
            "Not written",
            f"“{path}” could not be written: {error.strerror}.",
            "Name a file in a folder that is there and that you may write to.",
        ) from error
    return path
