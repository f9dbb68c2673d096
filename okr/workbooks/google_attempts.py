"""Trying again what could not be written because rows, columns or tabs were just being moved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import uniform
from typing import TypeVar

from okr.workbooks.google_failures import RequestFailedError, Trouble
from okr.workbooks.google_sent import Seen, Sent
from okr.workbooks.interface import RefusedError

MOST_ATTEMPTS = 8
MOST_RENAMED = 4
"""So often a tab may be renamed or shortened during one save."""

T = TypeVar("T")


class MovedError(Exception):
    """The row is not where it was seen, or nobody knows; ``failure`` is Google's, if it failed.

    ``is_astray``: cells were written to a row that nobody can tell, and stay as they are for now.
    ``is_taken``: the row that was meant took some of them, and not all.
    ``is_unsure``: what was sent had been sent before, and that may still arrive.
    ``untold`` is what was sent then, and that row, so that another look may tell.
    """

    def __init__(
        self,
        failure: RequestFailedError | None = None,
        *,
        is_astray: bool = False,
        is_taken: bool = False,
        is_unsure: bool = False,
        untold: tuple[Sent, Seen] | None = None,
    ) -> None:
        super().__init__("the row has moved")
        self.failure = failure
        self.is_astray = is_astray or is_taken
        self.is_taken = is_taken
        self.is_unsure = is_unsure
        self.untold = untold


@contextmanager
def harmless() -> Iterator[None]:
    """Take a lost answer for a move: an anchor that was made changes nothing that people see.

    Raises:
        MovedError: If Google did not answer.
    """
    try:
        yield
    except RequestFailedError as failure:
        if failure.trouble.is_unknown:
            raise MovedError(failure) from failure
        raise


def attempted(
    attempt: Callable[[bool], T],
    forget_layout: Callable[[], None],
    sleep: Callable[[float], None],
    restless: str,
    note: Callable[[MovedError], None] | None = None,
) -> T:
    """Attempt a write until it goes through, and a little later each time.

    Args:
        attempt: Looks, and writes. Takes whether Google has refused it once, for another reason
            than that a tab has been renamed or shortened since the layout was read.
        forget_layout: Lets the layout be read again.
        sleep: Waits for some seconds.
        restless: What to say where things never come to rest.
        note: Takes each move that was met.

    Raises:
        RefusedError: If rows or columns never come to rest.
        RequestFailedError: If Google refuses it, for the second time, or tabs never come to rest.
    """
    failure: RequestFailedError | None = None
    is_refused, renamed = False, 0
    for number in range(MOST_ATTEMPTS):
        if number > 1:  # somebody is very busy with the same sheet
            sleep(uniform(0.1, 0.3) * number)
        try:
            return attempt(is_refused)
        except MovedError as moved:
            failure = moved.failure
            if note is not None:
                note(moved)
        except RequestFailedError as refused:
            renamed += refused.is_of_layout
            if renamed == MOST_RENAMED:
                raise
            if not refused.is_of_layout:
                if refused.trouble is not Trouble.INVALID or is_refused:
                    raise
                is_refused = True
            failure = None
            forget_layout()
    raise failure or RefusedError(restless)
