"""OKRs laid out in the many ways in which people keep them, for tests that read them back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from okr.model import Cell, Snapshot
from okr.reading import Tab

Rows = list[list[Cell]]


@dataclass(frozen=True)
class Result:
    """A key result as the sheets below say it."""

    title: str
    start: float = 0.0
    target: float = 100.0
    current: float | None = 40.0
    owner: str = "Ines"


@dataclass(frozen=True)
class Aim:
    """An objective as the sheets below say it."""

    title: str
    results: tuple[Result, ...]
    team: str = ""
    cycle: str = ""
    owner: str = ""


COMPANY = (
    Aim(
        "Win the weekend baker",
        (
            Result("Recipe kits sold each weekend", 120, 900, 540, "Lena"),
            Result("Average rating of the kits", 3, 5, 4.3, "Marek"),
        ),
    ),
    Aim(
        "Halve the time to restock",
        (
            Result("Days from order to shelf", 9, 4, 6, "Sade"),
            Result("Suppliers on the shared forecast", 2, 12, None, "Lena"),
            Result("Orders out of the house within a day", 50, 95, 78, "Wei"),
        ),
    ),
    Aim("Open the northern warehouse", (Result("Racks built and inspected", 0, 40, 10, "Wei"),)),
)
"""Three objectives with six key results, one of them without a value."""


@dataclass(frozen=True)
class Words:
    """How a sheet heads its columns."""

    objective: str = "Objective"
    result: str = "Key result"
    owner: str = "Owner"
    start: str = "Start"
    target: str = "Target"
    current: str = "Current"
    more: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> list[Cell]:
        return [self.owner, self.start, self.target, self.current]


LANGUAGES = {
    "English": Words(),
    "English, other words": Words("Objectives", "KR", "DRI", "Baseline", "Goal", "Actual"),
    "German": Words(
        "Ziel", "Schlüsselergebnis", "Verantwortlich", "Ausgangswert", "Zielwert", "Ist"
    ),
    "German, soll und ist": Words("Objective", "Key Results", "Wer", "Startwert", "Soll", "Ist"),
    "French": Words(
        "Objectif", "Résultat clé", "Responsable", "Valeur initiale", "Cible", "Valeur actuelle"
    ),
    "Spanish": Words(
        "Objetivo", "Resultado clave", "Responsable", "Línea base", "Meta", "Valor actual"
    ),
    "Portuguese": Words(
        "Objetivo", "Resultado-chave", "Responsável", "Linha de base", "Meta", "Valor atual"
    ),
}


def blank(number: float | None) -> Cell:
    return "" if number is None else float(number)


def values(result: Result) -> list[Cell]:
    return [result.owner, float(result.start), float(result.target), blank(result.current)]


def flat(aims: Sequence[Aim], words: Words = LANGUAGES["English"], below: str = "repeated") -> Rows:
    """Lay out a row a key result; ``below`` says what stands below the first of an objective."""
    rows: Rows = [[words.objective, words.result, *words.values]]
    for aim in aims:
        for at, result in enumerate(aim.results):
            title = aim.title if at == 0 or below == "repeated" else ""
            rows.append([title, result.title, *values(result)])
    return rows


def merges(aims: Sequence[Aim], first: int = 1) -> tuple[tuple[int, int, int, int], ...]:
    """Merge the cell of each objective over the rows of its key results."""
    found, row = [], first
    for aim in aims:
        if len(aim.results) > 1:
            found.append((row, 0, row + len(aim.results) - 1, 0))
        row += len(aim.results)
    return tuple(found)


def keyed(aims: Sequence[Aim], key: str, reference: str) -> tuple[Rows, Rows]:
    """Lay out a tab of objectives and one of key results that name them by a key."""
    ours: Rows = [[key, "Title", "Lead"]]
    theirs: Rows = [["Metric", reference, "Owner", "From", "To", "Now"]]
    for number, aim in enumerate(aims, 1):
        ours.append([f"{number:03d}-OBJ", aim.title, "Kim"])
        theirs += [[one.title, f"{number:03d}-OBJ", *values(one)] for one in aim.results]
    return ours, theirs


def blocks(
    aims: Sequence[Aim],
    objective: str = "Objective {n}: {title}",
    result: str = "KR{k}: {title}",
    headed: str = "each",
    words: Words = LANGUAGES["English"],
) -> Rows:
    """Lay out each objective as a heading above its key results.

    ``headed`` says where the headers of the columns stand: below ``each`` objective, or ``once``.
    """
    heads: list[Cell] = [words.result, *words.values]
    rows: Rows = [heads] if headed == "once" else []
    for n, aim in enumerate(aims, 1):
        rows.append([objective.format(n=n, title=aim.title)])
        if headed == "each":
            rows.append(heads)
        for k, one in enumerate(aim.results, 1):
            rows.append([result.format(n=n, k=k, title=one.title), *values(one)])
        rows.append([])
    return rows


def beside(aims: Sequence[Aim], number: Callable[[int, int], Cell]) -> Rows:
    """Lay out rows that a column of labels tells apart, such as O1 and KR1.1."""
    rows: Rows = [["No", "Title", "Owner", "Start", "Target", "Current"]]
    for n, aim in enumerate(aims, 1):
        rows.append([number(n, 0), aim.title, "Kim"])
        rows += [[number(n, k), one.title, *values(one)] for k, one in enumerate(aim.results, 1)]
    return rows


def okrs(snapshot: Snapshot) -> list[tuple[str, list[tuple[str, str, object, object, object]]]]:
    """Give what was read, in the terms of ``told``."""
    below: dict[str | None, list[tuple[str, str, object, object, object]]] = {}
    for one in snapshot.key_results:
        said = (one.title, one.owner, one.start, one.target, one.current)
        below.setdefault(one.objective, []).append(said)
    return sorted((one.title, sorted(below.get(one.key, []))) for one in snapshot.objectives)


def told(aims: Sequence[Aim]) -> list[tuple[str, list[tuple[str, str, object, object, object]]]]:
    """Give what must be read of the sheets above."""
    return sorted(
        (
            aim.title,
            sorted(
                (one.title, one.owner, one.start, one.target, one.current) for one in aim.results
            ),
        )
        for aim in aims
    )


def tab(title: str, rows: Rows, **more: object) -> Tab:
    return Tab(title, [tuple(row) for row in rows], **more)  # type: ignore[arg-type]
