"""As much of Drive as a Sheets client needs to make, list, see and delete spreadsheets."""

import time
from datetime import UTC, datetime

from tests.sheets_api.errors import invalid, unsupported
from tests.sheets_api.masks import Mask, everything, pick
from tests.sheets_api.state import Json, Spreadsheet
from tests.sheets_api.store import Store

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
LAG_SECONDS = 60.0  # how long Drive takes to notice a change; measured to be more than 14
FILE_FIELDS = ("kind", "id", "name", "mimeType", "createdTime", "modifiedTime")


def create(store: Store, _: Json, body: Json) -> Json:
    if body.get("mimeType", SPREADSHEET) != SPREADSHEET or set(body) - {
        "name",
        "mimeType",
        "parents",
    }:
        raise unsupported("making a Drive file that is not a plain spreadsheet")
    book = store.create(body.get("name") or "Untitled spreadsheet")
    return _shown(store, book, everything(FILE_FIELDS[:4]))


def listing(store: Store, options: Json, _: Json) -> Json:
    names = _file_fields(options.get("fields", "files(kind,id,name,mimeType)"))
    if SPREADSHEET not in options.get("q", SPREADSHEET):
        raise unsupported(f"the Drive query {options['q']!r}")
    books = [book for book in store.values() if _is_asked(book, options.get("q", ""))]
    return {"kind": "drive#fileList", "files": [_shown(store, book, names) for book in books]}


def _is_asked(book: Spreadsheet, query: str) -> bool:
    quote = query.partition("name = ")[2] or query.partition("name=")[2]
    return not quote or quote[1:].startswith(book.title + quote[0])


def _file_fields(fields: str) -> Mask:
    _, _, inner = fields.partition("files(")
    return {name.strip(): {} for name in inner.partition(")")[0].split(",") if name.strip()}


def get(store: Store, options: Json, _: Json) -> Json:
    book = store.find(options["fileId"])
    names = options.get("fields", "kind,id,name,mimeType").split(",")
    if unknown := set(names) - set(FILE_FIELDS):
        raise unsupported(f"the Drive fields {sorted(unknown)}")
    return _shown(store, book, everything(names))


def delete(store: Store, options: Json, _: Json) -> None:
    if not options["fileId"]:
        raise invalid("No file id")
    store.remove(options["fileId"])


def _shown(store: Store, book: Spreadsheet, names: Mask) -> Json:
    age = time.monotonic() - store.changed_at(book.id)
    modified = datetime.fromtimestamp(time.time() - max(age, LAG_SECONDS), UTC)
    stamp = modified.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    whole = {"kind": "drive#file", "id": book.id, "name": book.title, "mimeType": SPREADSHEET,
             "createdTime": stamp, "modifiedTime": stamp}  # fmt: skip
    return dict(pick(whole, names))
