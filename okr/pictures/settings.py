"""What the board has been told of its pictures, in the secrets file or in the environment."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from okr.workbooks.opening import SECRETS

_NO = frozenset(("0", "false", "no", "off"))


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """How pictures are made and given out.

    ``address`` is where people reach the board, "" to take it from each request. ``fonts`` is a
    folder of fonts for what Source Sans lacks. ``channels`` are what Apprise calls URLs.
    """

    address: str = ""
    fonts: Path | None = None
    is_live: bool = True
    channels: tuple[str, ...] = ()


def read_settings(
    environ: Mapping[str, str] | None = None, secrets_path: Path = SECRETS
) -> PictureSettings:
    """Read what is configured; what is missing or cannot be read has its default.

    The secrets file has ``address``, ``fonts`` and ``live_pictures`` under ``[okr]``, and
    ``channels`` under ``[digest]``. The environment has OKR_ADDRESS, OKR_FONTS, OKR_LIVE_PICTURES,
    and OKR_CHANNELS, parted by spaces.
    """
    environ = os.environ if environ is None else environ
    secrets = _secrets(secrets_path)
    okr, digest = _section(secrets, "okr"), _section(secrets, "digest")
    fonts = environ.get("OKR_FONTS", "").strip() or _text(okr, "fonts")
    live = environ.get("OKR_LIVE_PICTURES", "").strip() or str(okr.get("live_pictures", True))
    channels = environ.get("OKR_CHANNELS", "").split() or digest.get("channels", [])
    return PictureSettings(
        address=(environ.get("OKR_ADDRESS", "").strip() or _text(okr, "address")).rstrip("/"),
        fonts=Path(fonts).expanduser() if fonts else None,
        is_live=live.casefold() not in _NO,
        channels=tuple(one for one in channels if isinstance(one, str) and one),
    )


@cache
def settings() -> PictureSettings:
    """Give the settings that this process started with."""
    return read_settings()


def _secrets(path: Path) -> Mapping[str, Any]:
    """Load the secrets file; whoever opens the workbook says what is wrong with it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _section(secrets: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = secrets.get(name, {})
    return section if isinstance(section, Mapping) else {}


def _text(section: Mapping[str, Any], name: str) -> str:
    text = section.get(name, "")
    return text.strip() if isinstance(text, str) else ""
