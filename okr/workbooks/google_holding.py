"""Whether Google lets anchors hold rows and columns in place, as far as has been seen."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

MOST_IN_VAIN = 5
"""So often is an anchor refused where each look shows it, before it is thought never to hold."""

_log = logging.getLogger(__name__)

Json = dict[str, Any]


class Holding:
    """Watches batches that are held in place: see ``google_anchors``.

    That a batch may take an entry away and make it anew is unproven on Google. Where it never has
    and is refused again and again, batches go without: what went elsewhere is put right after.
    """

    def __init__(self) -> None:
        self._refused: Counter[str] = Counter()
        self._is_proven = False

    def asked(self, body: Json) -> Json:
        """Give a batch as it is to be sent: not held where that is of no use."""
        if self._is_proven or max(self._refused.values(), default=0) < MOST_IN_VAIN:
            return body
        held = {str(lookup["metadataId"]) for lookup in _held(body)}
        left = [one for one in body["requests"] if _number(one) not in held]
        return body | {"requests": left}

    def note_applied(self, body: Json) -> None:
        """Note that Google has applied a batch."""
        self._is_proven = self._is_proven or any(True for _ in _held(body))

    def note_refused(self, body: Json, number: int | None) -> None:
        """Note that Google has refused one, because what has this number is there already."""
        for lookup in _held(body):
            if lookup["metadataId"] == number:
                spot = f"{number} {lookup['metadataLocation']}"
                self._refused[spot] += 1
                if self._refused[spot] == MOST_IN_VAIN and not self._is_proven:
                    _log.error("Google does not let anchors hold rows in place; going without")


def _held(body: Json) -> Iterable[Mapping[str, Any]]:
    """Find what is taken away only where it was seen."""
    lookups = (_lookup(request) for request in body["requests"])
    return (lookup for lookup in lookups if "metadataLocation" in lookup)


def _lookup(request: Json) -> Mapping[str, Any]:
    taken = request.get("deleteDeveloperMetadata", {}).get("dataFilter", {})
    found: Mapping[str, Any] = taken.get("developerMetadataLookup", {})
    return found


def _number(request: Json) -> str:
    """Give the number of the entry that a request takes away or makes; "" where it does neither."""
    made = request.get("createDeveloperMetadata", {}).get("developerMetadata", {})
    return str((made or _lookup(request)).get("metadataId", ""))
