"""Which sheet, whose key, and which address of the Sheets API: what configuration says, checked."""

import ipaddress
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from okr.workbooks.interface import ReadError

SHEETS_ROOT = "https://sheets.googleapis.com"
SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)

_IN_ADDRESS = re.compile(r"/spreadsheets/(?:u/\d+/)?d/(?!e/)([A-Za-z0-9_-]+)")
_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NEEDED = ("client_email", "private_key", "token_uri")


def spreadsheet_key(address: str) -> str:
    """Take the key out of a sheet's web address; a key alone is one.

    Raises:
        ReadError: If it is neither.
    """
    found = _IN_ADDRESS.search(address) or _KEY.fullmatch(address.strip())
    if found is None:
        raise ReadError(
            f"“{address}” is not the address of a Google Sheet. Open the sheet in a browser and "
            "copy its address: it looks like https://docs.google.com/spreadsheets/d/…/edit."
        )
    return found.group(found.lastindex or 0)


def location(key: str) -> str:
    """Build the address under which people open a sheet."""
    return f"https://docs.google.com/spreadsheets/d/{key}/edit"


def load_key(credentials: Mapping[str, Any] | str | Path) -> Mapping[str, Any]:
    """Read a service account's key, given as a file or as its fields.

    Raises:
        ReadError: If there is none, or it is not the key of a service account.
    """
    fields = credentials if isinstance(credentials, Mapping) else _load_file(Path(credentials))
    missing = [name for name in _NEEDED if not fields.get(name)]
    if missing:
        raise ReadError(
            f"The service account's key lacks {', '.join(missing)}. Create a new JSON key in the "
            "Google Cloud console and configure it whole."
        )
    return fields


def _load_file(path: Path) -> Mapping[str, Any]:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReadError(
            f"There is no key file at {path}. Download the service account's JSON key and set "
            "GOOGLE_APPLICATION_CREDENTIALS to its path."
        ) from None
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise ReadError(
            f"The key file {path} cannot be read: {reason}. Let the board's user read it."
        ) from None
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise ReadError(
            f"The key file {path} is not JSON. Download the service account's JSON key anew."
        )
    return fields


def check_api_root(root: str) -> str:
    """Give another address of the Sheets API without its last slash, if a token may be sent there.

    Raises:
        ReadError: If it is neither https nor this very computer.
    """
    parts = urlsplit(root.strip())
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    if not parts.hostname or not is_safe:
        raise ReadError(
            f"OKR_SHEETS_API is “{root}”, and the board would send its key's token there. Use an "
            "https address, or http on this computer only, such as http://127.0.0.1:8999."
        )
    return root.strip().rstrip("/")


def is_loopback(host: str | None) -> bool:
    """Tell whether a host is this very computer."""
    if host is None or host == "localhost":
        return host is not None
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
