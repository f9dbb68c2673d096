"""The requests that the board makes to Google, one method each. Nothing is decided here."""

import secrets
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from okr.model import Cell
from okr.workbooks.google_account import SHEETS_ROOT
from okr.workbooks.google_failures import RequestFailedError, Trouble, parse_reply
from okr.workbooks.google_grid import CHECKED_IN, Look
from okr.workbooks.google_holding import Holding, probe
from okr.workbooks.google_looks import LOOK_FIELDS, look_ranges, parse_look
from okr.workbooks.google_reading import GROWING, Layout
from okr.workbooks.google_writing import BATCH_FIELDS, last_turn, turn_taken
from okr.workbooks.row_ids import token_id

if TYPE_CHECKING:  # gspread is slow to import, and a local workbook never needs it
    from okr.workbooks.google_client import SheetsClient

RENDERED = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}

LAGS = (0.5, 1.5, 3.0)
"""Seconds before an old look is asked for again."""

Json = dict[str, Any]


class Calls:
    """One spreadsheet of Google's, request by request. All raise ``RequestFailedError``."""

    def __init__(
        self, key: str, client: Callable[[], "SheetsClient"], sleep: Callable[[float], None]
    ) -> None:
        self._url = f"{SHEETS_ROOT}/v4/spreadsheets/{key}"
        self._client = client
        self._sleep = sleep
        self._holding = Holding()
        self._turn = 0

    def metadata(self, fields: str, ranges: Sequence[str] = ()) -> Json:
        """Ask for what is known of the spreadsheet besides its values, or of ranges of it."""
        params = {"fields": fields, **({"ranges": list(ranges)} if ranges else {})}
        return parse_reply(self._client().read(self._url, params))

    def values(self, ranges: Sequence[str]) -> bytes:
        """Ask for the values of ranges, as they come."""
        params = {"ranges": list(ranges), **RENDERED}
        return self._client().read(f"{self._url}/values:batchGet", params)

    def look(
        self,
        layout: Layout,
        rows: Callable[[str], Sequence[Sequence[Cell]]],
        tabs: Collection[str] = CHECKED_IN,
    ) -> Look:
        """Ask for the cells of tabs that are to change, with their formulas, anchors and bars.

        Google may show a sheet as it was some seconds ago: a look that lacks the last turn that was
        seen, or taken, is older than that, and is asked for again a few times.
        """
        known = {name: rows(name) for name in GROWING}
        params = {"ranges": look_ranges(layout, known, tabs), "fields": LOOK_FIELDS}
        for pause in (*LAGS, 0.0):
            reply = parse_reply(self._client().read(self._url, params))
            look = parse_look(reply, layout, tabs)
            if last_turn(look.tokens) >= self._turn:
                break
            self._sleep(pause)
        self._turn = last_turn(look.tokens)
        return look

    def token(self, token_id: int) -> str | None:
        """Ask what an operation's token holds; None where there is no such token."""
        try:
            url = f"{self._url}/developerMetadata/{token_id}"
            return str(parse_reply(self._client().read(url)).get("metadataValue", ""))
        except RequestFailedError as failure:
            if failure.trouble is not Trouble.NOT_FOUND:
                raise
            return None

    def batch(self, body: Json) -> Json:
        """Send an atomic batch."""
        body = self._holding.asked(body)
        try:
            reply = self._send(body)
        except RequestFailedError as failure:
            if self._holding.is_doubtful(body, failure.doubled):
                self._probe()
            raise
        self._holding.note_applied(body)
        self._turn = max(self._turn, turn_taken(body))
        return reply

    def _send(self, body: Json) -> Json:
        return self._client().write(f"{self._url}:batchUpdate", body, {"fields": BATCH_FIELDS})

    def _probe(self) -> None:
        """Find out whether Google lets rows be held in place at all."""
        try:
            self._send(probe(token_id(f"probe {secrets.token_hex(6)}")))
        except RequestFailedError as failure:
            if failure.doubled is not None:
                self._holding.note_probed(works=False)
        else:
            self._holding.note_probed(works=True)
