"""From configuration to a workbook: which one, with whose key, or the demo where there is none."""

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from okr.layout import Answer
from okr.workbooks.google_account import spreadsheet_key
from okr.workbooks.interface import ReadError, Workbook
from okr.workbooks.local import LocalWorkbook

PROJECT = Path(__file__).parents[2]
SECRETS = PROJECT / ".streamlit" / "secrets.toml"
DEMO = PROJECT / ".okr" / "demo.xlsx"
DEMO_LASTS = timedelta(days=7)

_SHEET_KEY = re.compile(r"[A-Za-z0-9_-]{44}")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the board has been told of its workbook.

    ``workbook`` is a web address, a sheet's key or a path; None where nothing is configured, which
    is the demo. ``credentials`` are a service account's key, as its fields or as its file.
    """

    workbook: str | None = None
    credentials: Mapping[str, Any] | Path | None = None
    sheets_api: str | None = None
    is_read_only: bool = False
    answers: tuple[Answer, ...] = ()
    """What is said of the sheet's layout, where no ``_Layout`` tab may be written."""

    @property
    def is_demo(self) -> bool:
        """Tell whether nobody has named a workbook."""
        return self.workbook is None


def read_configuration(
    environ: Mapping[str, str] | None = None,
    secrets_path: Path = SECRETS,
    *,
    workbook: str | None = None,
) -> Configuration:
    """Read what is configured: in the secrets file, and above it in the environment.

    A ``workbook`` that is named outright is above both.

    A relative path of a workbook counts from the project's folder in the secrets file, and from
    the working directory in the environment.

    Raises:
        ReadError: If the secrets file is broken.
    """
    environ = os.environ if environ is None else environ
    secrets = _secrets(secrets_path)
    okr = _section(secrets, "okr", secrets_path)
    key_file = environ.get("GOOGLE_APPLICATION_CREDENTIALS", "").strip()
    return Configuration(
        workbook or environ.get("OKR_WORKBOOK", "").strip() or _workbook(okr, secrets_path),
        Path(key_file) if key_file else _section(secrets, "gcp_service_account", secrets_path),
        environ.get("OKR_SHEETS_API", "").strip() or None,
        _is_read_only(okr, secrets_path),
        tuple(_answers(_section(okr, "layout", secrets_path))),
    )


def _secrets(path: Path) -> Mapping[str, Any]:
    """Load the secrets file; without one there are no secrets."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReadError(f"“{path}” is not valid TOML: {error}. Mend that line.") from error
    except OSError as error:
        raise ReadError(f"“{path}” could not be read: {error.strerror}.") from error


def _section(secrets: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    section = secrets.get(name, {})
    if not isinstance(section, Mapping):
        raise ReadError(
            f"In “{path}”, {name} is not a section. Write [{name}] on a line of its own."
        )
    return section


def _workbook(okr: Mapping[str, Any], path: Path) -> str | None:
    """Take the workbook's name from its section; blank counts as none."""
    workbook = okr.get("workbook", "")
    if not isinstance(workbook, str):
        raise ReadError(f"In “{path}”, workbook is not a text. Put its address or path in quotes.")
    workbook = workbook.strip()
    if not workbook or is_google(workbook):
        return workbook or None
    return str(path.absolute().parent.parent / Path(workbook).expanduser())


def _is_read_only(okr: Mapping[str, Any], path: Path) -> bool:
    is_read_only = okr.get("read_only", False)
    if not isinstance(is_read_only, bool):
        raise ReadError(f"In “{path}”, read_only is neither true nor false. Write one of them.")
    return is_read_only


def _answers(section: Mapping[str, Any]) -> Iterator[Answer]:
    """Read what is said of the whole sheet, and of single tabs in sections of their own."""
    for name, said in section.items():
        if isinstance(said, Mapping):
            yield from (Answer(name, what, str(value)) for what, value in said.items())
        else:
            yield Answer("", name, str(said))


def is_google(workbook: str) -> bool:
    """Tell whether a workbook is named by a web address or by the bare key of a Google Sheet."""
    return "://" in workbook or _SHEET_KEY.fullmatch(workbook) is not None


def make_demo_workbook(path: Path) -> None:
    """Write the demo workbook of today."""
    from okr.demo import build_demo
    from okr.workbooks.xlsx_writing import write_workbook

    write_workbook(path, build_demo(datetime.now(UTC).date()), replace=True)


def open_workbook(
    configuration: Configuration,
    make_demo: Callable[[Path], None] = make_demo_workbook,
    demo: Path = DEMO,
) -> Workbook:
    """Open the configured workbook, or the demo where none is.

    Raises:
        ReadError: If the configuration cannot lead to a workbook, with what to mend in it.
    """
    workbook = configuration.workbook
    if workbook is None:
        _provide_demo(demo, make_demo)
        return LocalWorkbook(demo)
    if not is_google(workbook):
        return LocalWorkbook(Path(workbook).expanduser(), configuration.answers)
    spreadsheet_key(workbook)
    if not configuration.credentials:
        raise ReadError(
            "A Google Sheet is configured, but no service account that may open it. Put the fields "
            "of its key file into .streamlit/secrets.toml under [gcp_service_account], or its path "
            "into GOOGLE_APPLICATION_CREDENTIALS."
        )
    from okr.workbooks.google import GoogleWorkbook

    return GoogleWorkbook(
        workbook,
        configuration.credentials,
        configuration.sheets_api,
        answers=configuration.answers,
    )


def _provide_demo(path: Path, make_demo: Callable[[Path], None]) -> None:
    """Make the demo where it is missing, and anew where it is old and still as it was made."""
    seal = path.with_suffix(".made")
    try:
        if path.exists() and not _is_worn_out(path, seal):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        make_demo(path)
        seal.write_text(_digest(path), encoding="ascii")
    except OSError as error:
        raise ReadError(
            f"The demo workbook could not be made at “{path}”: {error.strerror}. Give the board's "
            "user the right to write there, or configure a workbook."
        ) from error


def _is_worn_out(path: Path, seal: Path) -> bool:
    """Tell whether a demo is a week old, and nobody has ever saved to it."""
    made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if datetime.now(UTC) - made < DEMO_LASTS or not seal.exists():
        return False
    return seal.read_text(encoding="ascii") == _digest(path)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
