"""What the words of a title tell: how many there are, the amounts in them, whether it is a task.

Titles come in any language. What cannot be told from one is left open, never guessed: the verbs of
tasks are known in English, German, French, Spanish and Portuguese, and words are counted only where
spaces part them.
"""

import re
import unicodedata
from itertools import pairwise

from okr.task_words import (
    AIMS,
    COUNTED,
    ENDINGS,
    FIRSTS,
    GENITIVES,
    LEADS,
    MEASURES,
    NAMES,
    NOUNS,
    OPEN_ENDINGS,
    OPEN_TASKS,
    PHRASES,
    SUFFIXES,
    TASKS,
    TERMS,
)

_UNPARTED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
"""Letters of scripts that part no words, or that say in one what others say in three (Korean)."""

_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f]?\d+)*")
_UNIT = re.compile(r"\s?[%€£]|[a-zA-Z]*")
_LETTERS = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"20[1-4]\d")
_JOINT = re.compile(r"\s(?:and|und|et|y|e|&|\+)\s", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre)\b", re.IGNORECASE)
_EDGES = " \t\n.,;:!?…\"'“”„«»()[]{}*–—-"


def count_words(title: str) -> int | None:
    """Count the words; None where the script does not part them by spaces."""
    if not title.isascii() and _UNPARTED.search(title):
        return None
    return sum(any(map(str.isalnum, word)) for word in title.split())


def amounts(title: str) -> list[str]:
    """Find the numbers that say how much: not those of names, ranks and years (M2, 1st, 2027)."""
    return [
        f"{found.group()}{_UNIT.match(title, found.end())[0]}"  # type: ignore[index]
        for found in _NUMBER.finditer(title)
        if _is_amount(found)
    ]


def _is_amount(found: re.Match[str]) -> bool:
    before, after = found.string[: found.start()], found.string[found.end() :]
    if _is_cased(before[-1:]) or before.endswith(("#", "/")) or after.startswith("/"):
        return False
    if before.endswith(("-", "‑")) and _is_cased(before[-2:-1]):
        return False  # COVID-19
    letters = _LETTERS.match(after)
    if letters and _is_cased(letters.group()[0]) and letters.group().casefold() not in SUFFIXES:
        return False  # 5G, 3D, 1st
    if after[:1] in ("-", "‑") and _is_cased(after[1:2]):
        return False  # a five-star stay, written with a 5
    if after.startswith(". ") and _is_cased(after[2:3]):
        return False  # 1. Wahl
    is_bare = not after.lstrip().startswith(("%", "€", "$", "£"))
    if is_bare and _YEAR.fullmatch(found.group()) and before[-1:] not in "€$£":
        return False
    return not (before.endswith(" ") and before.split()[-1:] and before.split()[-1] in NAMES)


def _is_cased(letter: str) -> bool:
    """Tell a letter of a script that has capitals, in which a name runs on into its number."""
    return letter.lower() != letter.upper()


def has_two_amounts(title: str) -> bool:
    """Tell whether two amounts are joined, as in “500 users and 20 partners”."""
    parts = _JOINT.split(title)
    if len(parts) < 2 or _BETWEEN.search(title):
        return False
    holding = [bool(amounts(part)) for part in parts]
    if sum(holding) < 2:
        return False
    return not any(
        left.rstrip(_EDGES + "%")[-1:].isdigit() and right.lstrip(_EDGES)[:1].isdigit()
        for left, right in pairwise(parts)
    )


def task(title: str) -> str:
    """Give the words that make a title something to do rather than to reach; "" without.

    They are given as they are written: “Launch”, “Mise en place”, or “einführen” at the end.
    """
    words = title.split()
    while words and _bare(words[0]) in LEADS:
        del words[0]
    if len(words) < 2:
        return ""
    found = _task_at_start(words) or _task_at_end(words)
    return "" if found and not TERMS.isdisjoint(map(_bare, words)) else found


def _task_at_start(words: list[str]) -> str:
    first, second = _bare(words[0]), _bare(words[1])
    if first in FIRSTS:
        plain = tuple(map(_bare, words[:3]))
        for phrase in PHRASES:
            if plain[: len(phrase)] == phrase:
                return " ".join(words[: len(phrase)])
    if second in MEASURES or second == "every":
        return ""  # Release cycle time; Release every day
    is_task = (
        first in TASKS
        or (first in OPEN_TASKS and _names_no_aim(words))
        or (first in NOUNS and _is_genitive(second))
        or (first in COUNTED and second.isdigit())  # Hold 10 workshops, not: Hold churn below 5%
    )
    return words[0].strip(_EDGES) if is_task else ""


def _names_no_aim(words: list[str]) -> bool:
    return AIMS.isdisjoint(map(_bare, words))


def _is_genitive(word: str) -> bool:
    return word in GENITIVES or word.startswith(("d'", "d’"))


def _task_at_end(words: list[str]) -> str:
    """Find the verb that closes a German title: “Neues CRM einführen”."""
    last = _bare(words[-1])
    is_task = last in ENDINGS or (last in OPEN_ENDINGS and _names_no_aim(words))
    return words[-1].strip(_EDGES) if is_task else ""


def _bare(word: str) -> str:
    """Write a word as people in a hurry type it: no capitals, no accents, nothing around it."""
    plain = word.strip(_EDGES).casefold()
    if plain.isascii():
        return plain
    parted = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
