"""A small Google Sheets API (v4) on loopback, to test against. Its state is in memory.

As a process of its own::

    python -m tests.sheets_api --port P [--workbook FILE.xlsx] [--journal FILE.jsonl]

It prints ``listening on http://127.0.0.1:P`` (0 picks a port). The workbook is the spreadsheet
``demo``. Tokens come from ``POST /token``; any other bearer token is taken too. In a test::

    with SheetsApi(workbook=path) as api:
        api.url, api.spreadsheets["demo"], api.journal, api.values("Key results!A1:C5")
        api.faults.add("status", status=503, applied=True, method="POST", path=":batchUpdate")
        api.human.before_apply(2, lambda: api.human.sort("Key results", "C"))

**Faults** (`faults.Fault`): kinds ``status`` (401, 403, 404, 429, 5xx), ``html``, ``reset``,
``hang``, ``slow``, ``stale``. Each takes ``status``, ``applied`` (is the change made even so?),
``seconds``, ``retry_after``, ``method``, ``path`` (a regular expression, searched in path and
query), ``nth`` (of the fitting requests from now on) and ``times`` (None: all that follow).

**The person** (`human.Human`): edit, clear, sort, insert, delete, move, copy, rename, hide, filter,
merge, protect, locale and time zone; ``before_apply`` and ``after_read`` place an act around the
n-th fitting request, with nothing in between.

**Control paths**, the same for a process, with JSON bodies; they are not journaled or counted:

- ``POST /_test/faults`` ``{"kind": "status", "status": 429, "times": 2}``; ``GET``; ``DELETE``
- ``POST /_test/human`` ``{"do": "edit", "cell": "Key results!C4", "value": 7}``, and with ``"when":
  {"before_apply": 1, "path": ":batchUpdate"}`` later
- ``GET /_test/values?range=Key results!A1:C5``; ``GET /_test/metadata``
- ``GET /_test/quota``; ``POST`` ``{"reads": 60, "writes": 60}`` sets limits; ``DELETE`` resets
- ``GET /_test/journal?since=0`` (with ``--keep-journal``); ``DELETE``
- ``POST /_test/revoke_tokens``; ``POST /_test/reset`` starts anew with the workbook

What is not modelled is refused with a 400 that names it. LEDGER.md lists the rules that no
recording of Google's answers covers, with their evidence.
"""

from tests.sheets_api.server import SheetsApi

__all__ = ["SheetsApi"]
