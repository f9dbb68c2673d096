"""Short, opaque IDs that can never be read as a number, a date or 4E2."""

import hashlib
from collections.abc import Container, Iterator
from itertools import count

from okr.columns import KEY_RESULTS, OBJECTIVES

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, so no words and no 4E2; no 0, 1, I, L, O
TOKEN_IDS = 2**31 - 1
PREFIXES = {OBJECTIVES: "O", KEY_RESULTS: "KR"}
"""What the IDs of a tab begin with."""


def check_in_id(operation: str) -> str:
    """Name the check-in of an operation, the same each time, so that its row proves that it is."""
    return "CI-" + _code(f"check-in {operation}", 8)


def new_row_id(prefix: str, content: str, taken: Container[str]) -> str:
    """Make an ID for a row that has none.

    It follows from the row's content, so that two people who save to the same row at once give it
    the same one; where another row holds that already, the next.
    """
    return next(one for one in row_ids(prefix, content) if one not in taken)


def row_ids(prefix: str, content: str) -> Iterator[str]:
    """Give the IDs that a row may be given, the first choice first."""
    for attempt in count():
        code = _code(f"{content} {attempt}", 4)
        if not code.isdigit():
            yield f"{prefix}-{code}"


def added_row_ids(tab: str, operation: str) -> Iterator[str]:
    """Give the IDs that a row which is added may be given; they follow from its operation."""
    return row_ids(PREFIXES[tab], f"row {operation}")


def token_id(operation: str, attempt: int = 0) -> int:
    """Choose the number of an operation's token; each further attempt gives the next."""
    first = int.from_bytes(_hash(f"token {operation}")[:4]) % TOKEN_IDS
    return (first + attempt) % TOKEN_IDS + 1


def tab_gid(operation: str, title: str, taken: Container[int]) -> int:
    """Choose the number of a tab that is to be added."""
    for attempt in count():
        found = token_id(f"tab {title} {operation}", attempt)
        if found not in taken:
            return found
    raise AssertionError("unreachable")


def _code(seed: str, length: int) -> str:
    number = int.from_bytes(_hash(seed))
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def _hash(seed: str) -> bytes:
    return hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()
