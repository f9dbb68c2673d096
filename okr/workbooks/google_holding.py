"""Whether Google lets anchors hold rows and columns in place, as far as has been seen."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

MOST_REFUSED = 3
"""So often is a batch refused because of one anchor at one place, before Google is asked why."""

_log = logging.getLogger(__name__)

Json = dict[str, Any]


class Holding:
    """Watches batches that are held in place: see ``google_anchors``.

    That a batch may take an entry away and make it anew is unproven on Google. Where batches are
    refused again and again and none has ever been held, ``probe`` asks for just that. Where Google
    refuses it, batches go without: cells that went elsewhere are put right after, and rows are
    appended under the headers as they were seen.
    """

    def __init__(self) -> None:
        self._refused: Counter[str] = Counter()
        self._works: bool | None = None

    def asked(self, body: Json) -> Json:
        """Give a batch as it is to be sent: not held where that is of no use."""
        if self._works is not False:
            return body
        held = {str(lookup["metadataId"]) for lookup in _held(body)}
        left = [one for one in body["requests"] if _number(one) not in held]
        return body | {"requests": left}

    def note_applied(self, body: Json) -> None:
        """Note that Google has applied a batch."""
        if self._works is None and any(True for _ in _held(body)):
            self._works = True

    def is_doubtful(self, body: Json, number: int | None) -> bool:
        """Tell whether to probe, after a batch was refused because of what has this number."""
        if self._works is not None:
            return False
        spots = [
            f"{number} {lookup['metadataLocation']}"
            for lookup in _held(body)
            if lookup["metadataId"] == number
        ]
        self._refused.update(spots)
        return any(self._refused[spot] >= MOST_REFUSED for spot in spots)

    def note_probed(self, works: bool) -> None:
        """Note what became of ``probe``."""
        self._works = works
        if not works:
            _log.error("Google does not let anchors hold rows in place; going without")


def probe(number: int) -> Json:
    """Ask for an entry to be made, taken away, made anew, and taken away, all in one batch."""
    entry = {
        "metadataId": number,
        "metadataKey": "okr.probe",
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    made = {"createDeveloperMetadata": {"developerMetadata": entry}}
    lookup = {"developerMetadataLookup": {"metadataId": number}}
    taken = {"deleteDeveloperMetadata": {"dataFilter": lookup}}
    return {"requests": [made, taken, made, taken]}


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
