"""What was asked and answered: one JSON object a line, and the same in memory."""

import json
import threading
from pathlib import Path
from typing import Any, TextIO

Entry = dict[str, Any]


class Journal:
    """Keeps entries in memory, in a file, or both."""

    def __init__(self, path: Path | None = None, is_kept: bool = True) -> None:
        self._lock = threading.Lock()
        self._file: TextIO | None = path.open("w", encoding="utf-8") if path else None
        self._is_kept = is_kept
        self.entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        with self._lock:
            if self._is_kept:
                self.entries.append(entry)
            if self._file:
                self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                self._file.flush()

    def clear(self) -> None:
        with self._lock:
            self.entries.clear()

    def close(self) -> None:
        if self._file:
            self._file.close()
