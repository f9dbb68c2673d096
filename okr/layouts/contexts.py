"""What a tab says by its name and its title rows: the cycle and the team of all its objectives."""

from collections.abc import Iterable, Sequence

from okr.cells import read_id
from okr.cycles import parse_cycle
from okr.layout import Question, Shape
from okr.layouts.canonical import Context
from okr.layouts.lines import Held, Scan
from okr.layouts.marks import part_in, period_in, year_in
from okr.layouts.spellings import fold, words

_PLAIN_NAMES = words(
    """
    okr;okrs;goals;goal;objectives;objective;key results;key result;krs;sheet;sheet1;sheet 1;
    tracker;okr tracker;okr tracking;data;main;plan;list;table;current;company;company okrs;
    tabelle1;tabelle;blatt1;feuille 1;feuil1;hoja 1;hoja1;planilha1;pagina1;ziele;objetivos;
    objectifs;metas;okr sheet;okr list;okr data;team okrs;all;all okrs;overview;export
    """
)
_YEARLY = words(
    """
    year;yearly;annual;jahr;jahres;jahresziele;annuel;annuels;anual;anuais;anuales;jahrlich;long;
    strategy;strategic;strategie;fy
    """
)
_FILLERS = words(
    """
    okr;okrs;goals;objectives;ziele;tracker;the;for;of;und;and;metas;
    objetivos;objectifs
    """
)


def contexts_of(
    scans: Sequence[Scan],
    title: str,
    year_read: int,
    answers: dict[tuple[str, str], str],
    questions: list[Question],
) -> dict[int, Context]:
    """Find the cycle and the team of each tab; what only a person knows becomes a question.

    Args:
        scans: The tabs that are read.
        title: The title of the workbook.
        year_read: The year in which it was read, to offer years around it.
        answers: What people have answered, by tab and what was asked.
        questions: Grows by what is to be asked.
    """
    year = answers.get(("", "year"), "") or _year(scans, title)
    named = _teams(scans)
    found: dict[int, Context] = {}
    unknown: dict[str, str] = {}
    for at, scan in enumerate(scans):
        cycle = _cycle(scan, title, year, answers, unknown)
        team = answers.get((fold(scan.title), "team")) or named.get(at, "")
        held = Held(team, None, True) if team else None
        fact = scan.facts.get("Team")
        found[at] = Context(cycle, held if fact is None else fact)
        found[at].cycles = _parts(scan, year, unknown)
    if unknown:
        questions.append(_ask_year(sorted(set(unknown.values())), year_read))
    return found


def _year(scans: Sequence[Scan], title: str) -> str:
    """Find the one year that the workbook and its tabs speak of; "" where there are several."""
    years = {year_in(text) for text in (title, *(scan.title for scan in scans), *_titles(scans))}
    years -= {""}
    return years.pop() if len(years) == 1 else ""


def _titles(scans: Iterable[Scan]) -> Iterable[str]:
    """Give the texts that stand above the first table of each tab."""
    for scan in scans:
        for row in range(_first_row(scan)):
            yield from (scan.grid.text(row, at) for at in scan.grid.filled(row)[:3])


def _first_row(scan: Scan) -> int:
    rows = [heading.row for heading in scan.headings]
    rows += [line.row for line in (*scan.objectives[:1], *scan.key_results[:1])]
    return min(min(rows, default=0), 30)


def _cycle(
    scan: Scan,
    title: str,
    year: str,
    answers: dict[tuple[str, str], str],
    unknown: dict[str, str],
) -> Held | None:
    """Find the cycle of a tab: as answered, in its title rows, in its name, in the workbook's."""
    answered = answers.get((fold(scan.title), "cycle"))
    if answered:
        return Held(answered, None, True)
    fact = scan.facts.get("Cycle")
    if fact is not None:
        said = period_in(read_id(fact.cell)) or read_id(fact.cell)
        return Held(said, fact.place, True)
    if _has_cycles(scan):
        return None
    above = {period_in(text) for text in _titles([scan])} - {""}
    for name in (period_in(scan.title), above.pop() if len(above) == 1 else "", period_in(title)):
        if name:
            return Held(name, None, True)
    part = part_in(scan.title) or ("year" if _is_yearly(scan.title) else "")
    if not part:
        return None
    if year:
        return Held(year if part == "year" else f"{part} {year}", None, True)
    unknown[scan.title] = scan.title if part == "year" else part
    return None


def _has_cycles(scan: Scan) -> bool:
    return any("Cycle" in line.cells for line in scan.objectives)


def _ask_year(names: Sequence[str], year: int) -> Question:
    years = tuple(str(one) for one in (year, year - 1, year + 1))
    are = "is" if len(names) == 1 else "are"
    listed = ", ".join(f"“{name}”" for name in names)
    asked = f"The sheet does not say the year. Of which year {are} {listed}?"
    return Question("", "year", asked, years)


def _is_yearly(title: str) -> bool:
    return any(word in _YEARLY for word in fold(title).split())


def _parts(scan: Scan, year: str, unknown: dict[str, str]) -> dict[str, str]:
    """Say what quarters without their year mean; those whose year nobody says are left open."""
    said = {read_id(line.says("Cycle")) for line in scan.objectives} - {""}
    parts = {one: part_in(one) for one in said if parse_cycle(one) is None and part_in(one)}
    if not year:
        unknown |= {one: one for one in parts}
        return dict.fromkeys(parts, "")
    return {one: f"{part} {year}" for one, part in parts.items()}


def _teams(scans: Sequence[Scan]) -> dict[int, str]:
    """Take the names of tabs for teams, where several tabs of one shape are named for such."""
    names: dict[int, str] = {}
    for at, scan in enumerate(scans):
        if any("Team" in line.cells for line in scan.objectives) or "Team" in scan.facts:
            continue
        if scan.shape is Shape.KEY_RESULTS or _is_yearly(scan.title):
            continue
        name = _bare(scan.title)
        if name and fold(scan.title) not in _PLAIN_NAMES and fold(name) not in _PLAIN_NAMES:
            names[at] = name
    return names if len(set(names.values())) >= 2 else {}


def _bare(title: str) -> str:
    """Take a tab's name without the words OKR and the period in it."""
    period = period_in(title)
    rest = title.replace(period, " ") if period else title
    words = [
        word for word in rest.replace("_", " ").split() if fold(word) and fold(word) not in _FILLERS
    ]
    words = [word for word in words if not part_in(word) and not year_in(word)]
    return " ".join(words).strip(" -–—:|")
