"""The last good reading on disk, so that a restart has something to show while Google is away."""

import gzip
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from okr.layouts.detection import understood
from okr.model import Source
from okr.reading import Reading, Tab

_log = logging.getLogger(__name__)
_VERSION = 1


def kept_path(folder: Path, location: str) -> Path:
    """Name the file that keeps the reading of one workbook."""
    return folder / f"{hashlib.sha256(location.encode()).hexdigest()[:16]}.json.gz"


def keep_reading(path: Path, reading: Reading) -> None:
    """Keep a reading, for its owner's eyes alone; half of one is never found there."""
    content = gzip.compress(json.dumps(_plain(reading)).encode(), compresslevel=1)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=path.name, suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def load_reading(path: Path) -> Reading | None:
    """Load the kept reading; None where there is none, or none that can be used."""
    try:
        return _reading(json.loads(gzip.decompress(path.read_bytes())))
    except FileNotFoundError:
        return None
    except Exception:  # whatever lies there, the board starts
        _log.warning("The kept reading could not be used: %s", path, exc_info=True)
        return None


def _plain(reading: Reading) -> dict[str, Any]:
    """Write a reading in the terms of JSON, which keeps texts, numbers and booleans apart."""
    return {
        "version": _VERSION,
        "title": reading.source.title,
        "location": reading.source.location,
        "gids": dict(reading.source.gids),
        "read_at": reading.read_at.isoformat(),
        "zone": getattr(reading.read_at.tzinfo, "key", ""),
        "revision": reading.revision,
        "locale": reading.locale,
        "timezone": reading.timezone,
        "is_own": reading.layout is None,
        "tabs": [_plain_tab(tab) for tab in reading.sheet or reading.tabs],
    }


def _plain_tab(tab: Tab) -> dict[str, Any]:
    return {
        "title": tab.title,
        "rows": tab.rows,
        "formulas_without_value": sorted(tab.formulas_without_value),
        "merged": tab.merged,
        "is_hidden": tab.is_hidden,
        "hidden_rows": sorted(tab.hidden_rows),
    }


def _reading(kept: Mapping[str, Any]) -> Reading:
    """Read what ``_plain`` wrote."""
    if kept["version"] != _VERSION:
        raise ValueError(f"it is of version {kept['version']}")
    read_at = datetime.fromisoformat(kept["read_at"])
    plain = Reading(
        Source(kept["title"], kept["location"], kept["gids"]),
        read_at.astimezone(ZoneInfo(kept["zone"])) if kept["zone"] else read_at,
        kept["revision"],
        tuple(_tab(tab) for tab in kept["tabs"]),
        kept["locale"],
        kept["timezone"],
    )
    return plain if kept.get("is_own", True) else understood(plain)


def _tab(kept: Mapping[str, Any]) -> Tab:
    return Tab(
        kept["title"],
        tuple(map(tuple, kept["rows"])),
        frozenset((row, column) for row, column in kept["formulas_without_value"]),
        tuple((top, left, bottom, right) for top, left, bottom, right in kept["merged"]),
        kept["is_hidden"],
        frozenset(kept["hidden_rows"]),
    )
