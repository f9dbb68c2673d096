"""`python -m tests.sheets_api --port P [--workbook FILE.xlsx] [--journal FILE.jsonl]`."""

import argparse
import gc
import signal
import threading
from pathlib import Path

from tests.sheets_api.server import SheetsApi


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="tests.sheets_api")
    add = parser.add_argument
    add("--port", type=int, required=True, help="0 picks a free port")
    add("--workbook", type=Path, help="an .xlsx file that becomes the spreadsheet `demo`")
    add("--journal", type=Path, help="write what is asked and answered here, one JSON a line")
    add("--keep-journal", action="store_true", help="keep it in memory too, for /_test/journal")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    with SheetsApi(
        options.workbook, options.journal, options.port, keeps_journal=options.keep_journal
    ) as api:
        gc.collect()
        gc.freeze()  # a large workbook is not to be looked through again and again
        print(f"listening on {api.url}", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
