"""The words with which rows begin: ``Objective 1: …``, ``KR 1.1 …``, ``Team:``, ``Total``."""

import re
from dataclasses import dataclass
from functools import lru_cache

from okr.cells import read_text
from okr.cycles import parse_cycle
from okr.layouts.spellings import fold, words
from okr.model import Cell

_OBJECTIVES = r"objectives?|objectifs?|objetivos?|ziele?|goals?|obj|o|zielsetzung|quartalsziel"
_KEY_RESULTS = (
    r"key\s?-?\s?results?|krs?|schl(?:ü|u|ue)sselergebnis(?:se)?|schl(?:ü|u|ue)sselresultate?|"
    r"r(?:é|e)sultats?\s+cl(?:é|e)s?|resultados?[\s-]+(?:clave|chave)s?|rc"
)
_NUMBER = r"[#№]?\s?(?:no\.?|nr\.?|n°)?\s?(?P<number>[0-9]{1,3}(?:[.\-/][0-9]{1,3}){0,3}[a-z]?)"
_BREAK = r"\s*(?:[:.)\]|]|\s[-–—]|[-–—](?=\s)|(?<=[0-9a-z])(?=\s|$))\s*"


def _pattern(words: str) -> re.Pattern[str]:
    numbered = rf"(?:{words})\s?-?\s?{_NUMBER}{_BREAK}"
    named = rf"(?:{words})\s*:\s*"
    return re.compile(rf"[\[(]?(?:{numbered}|{named})(?P<rest>.*)", re.IGNORECASE | re.DOTALL)


_OBJECTIVE, _KEY_RESULT = _pattern(_OBJECTIVES), _pattern(_KEY_RESULTS)
_ALONE = {
    "objective": "o",
    "objectives": "o",
    "objectif": "o",
    "objetivo": "o",
    "ziel": "o",
    "o": "o",
    "obj": "o",
    "goal": "o",
    "key result": "k",
    "keyresult": "k",
    "kr": "k",
    "schlusselergebnis": "k",
    "schluesselergebnis": "k",
    "resultat cle": "k",
    "resultado clave": "k",
    "resultado chave": "k",
}
"""Words that say what a row is where they stand alone in their cell."""

_TOTALS = words(
    """
    total;totals;sum;grand total;subtotal;average;avg;mean;overall;overall progress;
    overall score;summe;gesamt;insgesamt;durchschnitt;mittelwert;zwischensumme;
    gesamtfortschritt;moyenne;somme;total general;sous total;promedio;media;suma;soma;score;
    final score;objective score;objective progress;progress;average progress;team score
    """
)
_LISTS = "☐☑☒✓✔✗✘•◦▪▫‣⁃●○-–*→"

_FACTS = {
    "team": "Team",
    "department": "Team",
    "abteilung": "Team",
    "bereich": "Team",
    "equipe": "Team",
    "equipo": "Team",
    "group": "Team",
    "period": "Cycle",
    "quarter": "Cycle",
    "cycle": "Cycle",
    "timeframe": "Cycle",
    "time frame": "Cycle",
    "okr cycle": "Cycle",
    "quartal": "Cycle",
    "zeitraum": "Cycle",
    "zyklus": "Cycle",
    "trimestre": "Cycle",
    "ciclo": "Cycle",
    "periode": "Cycle",
    "periodo": "Cycle",
    "owner": "Owner",
    "lead": "Owner",
    "responsible": "Owner",
    "objective owner": "Owner",
    "verantwortlich": "Owner",
    "responsable": "Owner",
    "responsavel": "Owner",
    "weight": "Weight",
    "gewicht": "Weight",
    "gewichtung": "Weight",
    "poids": "Weight",
    "peso": "Weight",
}
"""What a line such as ``Team: Platform`` says, by its first word."""

_SIGNS = re.compile(r"^[^\w\[(#]+")
"""Bullets and emoji before the first word."""

_PERIOD = re.compile(
    r"(?i)(?<![\w])((?:q[1-4]|h[12])[\s\-/_.,']*(?:20)?[0-9]{2}|20[0-9]{2}[\s\-/_.]*(?:q[1-4]|h[12]))(?!\w)"
)
_PART = re.compile(
    r"(?i)(?<!\w)(?:q(?:uartal|uarter)?\s?[1-4]|[1-4]\.?\s?q(?:uartal|uarter)?|t[1-4]|h[12])(?!\w)"
)
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell says of its row: whether it begins an objective, its number, and its title."""

    is_objective: bool
    number: str
    rest: str


@lru_cache(maxsize=8192)
def _read_mark(text: str) -> Mark | None:
    for pattern, is_objective in ((_KEY_RESULT, False), (_OBJECTIVE, True)):
        if found := pattern.fullmatch(text):
            rest = found["rest"].strip()
            inner = _KEY_RESULT.fullmatch(rest) if is_objective else None  # as in O1.KR2: …
            if inner is not None:
                return Mark(False, inner["number"] or "", inner["rest"].strip())
            return Mark(is_objective, found["number"] or "", rest)
    alone = _ALONE.get(fold(text))
    return Mark(alone == "o", "", "") if alone else None


def mark_of(cell: Cell) -> Mark | None:
    """Read the mark at the beginning of a cell, None where it has none."""
    text = _SIGNS.sub("", read_text(cell)) if isinstance(cell, str) else ""
    return _read_mark(text) if text and len(text) <= 500 else None


def is_total(text: str) -> bool:
    """Tell whether a row sums up those above it."""
    return fold(text) in _TOTALS or (fold(text.partition(":")[0]) in _TOTALS and ":" in text)


def is_listed(text: str) -> bool:
    """Tell whether a text is an item of a list of things to do, or the head of one."""
    return text[:1] in _LISTS or text.endswith(":")


def fact_of(name: Cell, value: Cell) -> tuple[str, Cell] | None:
    """Read a line that says something of all below it: in two cells, or in one around a colon."""
    if not isinstance(name, str):
        return None
    said, colon, rest = name.partition(":")
    column = _FACTS.get(fold(said))
    if column is None:
        return None
    if colon and rest.strip() and value == "":
        return column, rest.strip()
    return (column, value) if value != "" and not rest.strip() else None


def period_in(text: str) -> str:
    """Find a period with its year within a text such as ``Marketing OKRs – Q4 2026``."""
    whole = " ".join(text.split())
    if parse_cycle(whole):
        return whole
    found = _PERIOD.search(whole)
    return found[1] if found and parse_cycle(found[1]) else ""


def part_in(text: str) -> str:
    """Find a quarter or a half without its year, as in a tab called ``Q4`` or ``OKR Q4``."""
    found = _PART.search(" ".join(text.split()))
    if found is None:
        return ""
    digits = re.sub(r"[^0-9]", "", found[0])
    return ("H" if found[0].lower().startswith("h") else "Q") + digits


def year_in(text: str) -> str:
    """Find the one year that a text names."""
    found = set(_YEAR.findall(text))
    return found.pop() if len(found) == 1 else ""
