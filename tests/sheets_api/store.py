"""All spreadsheets of the server, with the versions that each has gone through."""

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random

from tests.sheets_api.errors import ApiError
from tests.sheets_api.state import Spreadsheet, Tab

KEPT_VERSIONS = 100


class Store(Mapping[str, Spreadsheet]):
    """Spreadsheets by id. A version never changes: `change` puts a new one in its place."""

    def __init__(self, seed: int = 0) -> None:
        self.lock = threading.RLock()
        self.random = Random(seed)
        self._versions: dict[str, deque[tuple[float, Spreadsheet]]] = {}

    def __getitem__(self, spreadsheet_id: str) -> Spreadsheet:
        return self._versions[spreadsheet_id][-1][1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._versions)

    def __len__(self) -> int:
        return len(self._versions)

    def put(self, book: Spreadsheet) -> None:
        versions = self._versions.setdefault(book.id, deque(maxlen=KEPT_VERSIONS))
        versions.append((time.monotonic(), book))

    def create(self, title: str) -> Spreadsheet:
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        with self.lock:
            spreadsheet_id = "".join(self.random.choices(letters, k=44))
            self.put(Spreadsheet(spreadsheet_id, title, [Tab(0, "Sheet1")]))
            return self[spreadsheet_id]

    def remove(self, spreadsheet_id: str) -> None:
        with self.lock:
            self.find(spreadsheet_id)
            del self._versions[spreadsheet_id]

    def find(self, spreadsheet_id: str, age: float = 0.0) -> Spreadsheet:
        """Give a spreadsheet as it is, or as it was some seconds ago.

        Raises:
            ApiError: 404, if there is none.
        """
        with self.lock:
            versions = self._versions.get(spreadsheet_id)
            if not versions:
                raise ApiError(404, "Requested entity was not found.")
            then = time.monotonic() - age
            old = [book for at, book in versions if at <= then]
            return old[-1] if old else versions[0][1]

    @contextmanager
    def change(self, spreadsheet_id: str) -> Iterator[Spreadsheet]:
        """Give a draft to change. It becomes the new version unless the block raises."""
        with self.lock:
            draft = self.find(spreadsheet_id).draft()
            yield draft
            self.put(draft)

    def changed_at(self, spreadsheet_id: str) -> float:
        return self._versions[spreadsheet_id][-1][0]
