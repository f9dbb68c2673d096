"""Keeping what a person answered of a sheet's layout: a row more in its ``_Layout`` tab."""

from okr.columns import LAYOUT
from okr.workbooks.answering import answer_cells, is_answered
from okr.workbooks.google_sending import Appender
from okr.workbooks.google_writing import append_rows, create_token, delete_metadata, old_tokens
from okr.workbooks.interface import AnswerDraft


class AnswerSaver(Appender):
    """Appends answers, one at a time, each in one batch with the token of its operation."""

    what = "the answer"

    def save(self, draft: AnswerDraft) -> bool:
        """Append an answer, and tell so; False where the sheet says so already.

        Raises:
            RequestFailedError: If nothing was written, because of Google.
            UnknownOutcomeError: If that cannot be told.
        """
        known = self._refresher.known()
        if is_answered(known.reading, draft):
            return False
        look = self._calls.look(known.layout, known.rows, (LAYOUT,))
        gids = [sheet.gid for sheet in known.layout.sheets]
        grid, line = look.grids.get(LAYOUT), answer_cells(draft)
        requests = [
            *append_rows(LAYOUT, grid, [line], draft.operation, gids),
            *delete_metadata(old_tokens(look.tokens, self._now().timestamp())),
        ]
        _, was_there = self._sender.append(
            draft.operation,
            look.tokens,
            lambda token: {"requests": [create_token(token), *requests]},
        )
        self._refresher.forget_layout()
        return not was_there
