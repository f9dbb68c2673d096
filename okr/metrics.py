"""What a key result measures, apart from how far it goes: to find those that measure the same."""

import re

from okr.model import KeyResult, Kind

_AMOUNT = re.compile(
    r"\b(?:from|to|by|of|at least|at most|under|over|above|below|within)\s+"
    r"[^\w\s]?\d[\d.,]*\s*(?:%|k\b|m\b|percent\b|points?\b|pts\b)?",
)
_SHARE = re.compile(r"\d[\d.,]*\s*%")
_WORD = re.compile(r"\w+")

_MOVE = re.compile(
    r"(?:raise|increase|grow|improve|lift|boost|reach|achieve|hit|get|cut|reduce|decrease|lower|"
    r"drop|shrink|halve|double|triple|keep|hold|maintain|bring)\b"
)
_FILLER = re.compile(r"the|an?|our|all|its|their|to|from|by|of|at")


def metric_of(key_result: KeyResult) -> str:
    """Name what is measured: the title without the move, the amounts, and the words between.

    ``Raise activation from 32% to 45%`` and ``Increase the activation`` have the same name. It is
    "" where nothing is left of the title, and for what is done or not.
    """
    if key_result.kind is Kind.DONE:
        return ""
    text = _SHARE.sub(" ", _AMOUNT.sub(" ", key_result.title.casefold().strip()))
    words = _WORD.findall(_MOVE.sub(" ", text, count=1) if _MOVE.match(text) else text)
    return " ".join(word for word in words if not _FILLER.fullmatch(word))
