"""A font of a few letters, made in a test from Source Sans: its family, and what it can draw."""

import struct
from collections.abc import Sequence
from pathlib import Path

import font_source_sans_pro  # type: ignore[import-untyped]

SOURCE = Path(font_source_sans_pro.__file__).parent / "files" / "SourceSansPro-Regular.ttf"
A_GLYPH = 40
"""Any glyph that has ink: a test looks whether something is drawn, not what."""


def write_font(path: Path, family: str, letters: str) -> Path:
    """Write a font of a family that has just these letters."""
    tables = _tables(SOURCE.read_bytes())
    tables = {tag: body for tag, body in tables.items() if tag not in (b"GSUB", b"GPOS", b"DSIG")}
    tables |= {b"cmap": _letters(sorted(map(ord, letters))), b"name": _names(family)}
    path.write_bytes(_font(tables))
    return path


def _tables(font: bytes) -> dict[bytes, bytes]:
    (number,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4s3I", font, 12 + 16 * at) for at in range(number))
    return {tag: font[start : start + length] for tag, _, start, length in records}


def _letters(codes: Sequence[int]) -> bytes:
    """A table of letters in format 12: one group of one letter each, all with the same glyph."""
    groups = b"".join(struct.pack(">3I", code, code, A_GLYPH) for code in codes)
    body = struct.pack(">2H3I", 12, 0, 16 + len(groups), 0, len(codes)) + groups
    return struct.pack(">4HI", 0, 1, 3, 10, 12) + body


def _names(family: str) -> bytes:
    said = {1: family, 2: "Regular", 4: family, 6: family.replace(" ", "")}
    texts = [text.encode("utf-16-be") for text in said.values()]
    starts = [sum(map(len, texts[:at])) for at in range(len(texts))]
    records = b"".join(
        struct.pack(">6H", 3, 1, 0x409, number, len(text), start)
        for number, text, start in zip(said, texts, starts, strict=True)
    )
    return struct.pack(">3H", 0, len(said), 6 + len(records)) + records + b"".join(texts)


def _font(tables: dict[bytes, bytes]) -> bytes:
    start = 12 + 16 * len(tables)
    records, bodies = b"", b""
    for tag, body in sorted(tables.items()):
        records += struct.pack(">4s3I", tag, 0, start + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    return struct.pack(">I4H", 0x00010000, len(tables), 0, 0, 0) + records + bodies
