"""How far things are, however a sheet says it: numbers with units, shares, scores, words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from okr.cells import number_readings, read_number, read_text
from okr.layouts.spellings import fold
from okr.model import Cell

_QUANTITY = re.compile(
    r"(?P<before>(?:[$€£¥₹]|USD|EUR|GBP|CHF|R\$|US\$|kr|Fr\.?)?)\s*"
    r"(?P<number>[+\-\u2212]?(?:[0-9][0-9.,' \u00a0\u202f]*[0-9]|[0-9]))\s*"
    r"(?P<size>(?:k|K|m|M|b|B|bn|Bn|mn|Mn|mm|MM|Mio\.?|Mrd\.?|Tsd\.?|mil|million|billion|thousand"
    r"|Millionen|Tausend)?)(?![A-Za-z])\s*"
    r"(?P<unit>%|[$€£¥₹]|[^\W\d_][^\d]{0,24})?"
)
_SIZES = {
    **dict.fromkeys(("k", "tsd", "tsd.", "mil", "thousand", "tausend"), 1e3),
    **dict.fromkeys(("m", "mn", "mm", "mio", "mio.", "million", "millionen"), 1e6),
    **dict.fromkeys(("b", "bn", "mrd", "mrd.", "billion"), 1e9),
}

DONE, DROPPED, NOT_STARTED, DRAFT = "done", "dropped", "not started", "draft"
ON_TRACK, AT_RISK, OFF_TRACK, UNDER_WAY = "on track", "at risk", "off track", "under way"

_STATUS = {
    DONE: (
        "done;complete;completed;achieved;finished;closed;reached;met;success;delivered;100%;"
        "erledigt;fertig;abgeschlossen;erreicht;termine;atteint;fini;fait;acheve;hecho;completado;"
        "completo;terminado;logrado;cumplido;feito;concluido;alcancado;finalizado;atingido"
    ),
    ON_TRACK: (
        "on track;green;good;healthy;ok;on target;ahead;on plan;on schedule;gruen;grun;im plan;"
        "auf kurs;planmassig;en bonne voie;vert;dans les temps;en camino;verde;en curso y bien;"
        "no caminho;no prazo;em dia;en buen camino;encaminado;ontrack"
    ),
    AT_RISK: (
        "at risk;yellow;amber;orange;needs attention;attention;caution;some risk;risk;warning;slow;"
        "slipping;gelb;gefahrdet;risiko;kritisch;a risque;jaune;en riesgo;amarillo;em risco;"
        "amarelo;atencao;atencion;atrisk"
    ),
    OFF_TRACK: (
        "off track;red;behind;delayed;late;blocked;stuck;bad;critical;failing;missed;failed;rot;"
        "nicht im plan;verzogert;verspatet;im verzug;blockiert;en retard;rouge;bloque;atrasado;"
        "rojo;retrasado;bloqueado;vermelho;atrasada;fora do prazo;offtrack;not achieved;overdue"
    ),
    NOT_STARTED: (
        "not started;to do;todo;planned;open;new;backlog;pending;not yet started;upcoming;"
        "nicht begonnen;nicht gestartet;offen;geplant;non commence;pas commence;a faire;"
        "no iniciado;pendiente;sin empezar;por hacer;nao iniciado;pendente;a fazer;no empezado"
    ),
    UNDER_WAY: (
        "in progress;ongoing;doing;wip;started;active;working;under way;underway;in arbeit;laufend;"
        "begonnen;aktiv;en cours;en progreso;en curso;em andamento;em progresso;iniciado"
    ),
    DROPPED: (
        "dropped;cancelled;canceled;abandoned;stopped;obsolete;removed;deferred;postponed;on hold;"
        "paused;abgebrochen;gestrichen;gestoppt;verworfen;pausiert;verschoben;annule;abandonne;"
        "cancelado;abandonado;descartado;cancelada;suspendido;suspenso"
    ),
    DRAFT: "draft;proposed;entwurf;vorschlag;brouillon;borrador;rascunho",
}
_MEANINGS = {
    fold(word).replace(" ", ""): meaning
    for meaning, words in _STATUS.items()
    for word in words.split(";")
}
_SIGNS = {
    **dict.fromkeys("🟢💚😀🙂👍🍏", ON_TRACK),
    **dict.fromkeys("🟡🟠💛😐⚠🔶🔸🧡", AT_RISK),
    **dict.fromkeys("🔴❤😟🙁👎⛔🛑❌✗✘✖", OFF_TRACK),
    **dict.fromkeys("✅✔✓☑🏁🎉", DONE),
    **dict.fromkeys("⚪⚫🔘⬜☐◯○", NOT_STARTED),
    **dict.fromkeys("🔵🚧⏳🔄▶", UNDER_WAY),
}


def meaning_of(cell: Cell) -> str | None:
    """Understand a status however people put it: a word in five languages, or a coloured sign."""
    if not isinstance(cell, str) or len(cell) > 40:
        return None
    words = fold(cell).replace(" ", "")
    if words:
        return _MEANINGS.get(words)
    return next((_SIGNS[char] for char in cell if char in _SIGNS), None)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that was written with its unit, and how it was written."""

    number: float
    unit: str


def quantity_of(cell: Cell, locale: str) -> Quantity | None:
    """Read a text such as ``$20K``, ``1.2M`` or ``3 days``; None for a plain number or other words.

    A percent is left to the reader of numbers, who knows it.
    """
    if not isinstance(cell, str) or len(cell) > 48:
        return None
    text = cell.strip()
    if number_readings(text):
        return None
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return None
    before, size, unit = found["before"] or "", found["size"] or "", (found["unit"] or "").strip()
    if unit == "%" or (before and unit in "$€£¥₹" and unit and before != unit):
        return None
    if not (before or size or unit) or "/" in unit[:1]:
        return None
    number, _ = read_number(found["number"], "", locale)
    if number is None:
        return None
    return Quantity(number * _SIZES.get(size.lower(), 1.0), before or unit)


@dataclass(frozen=True, slots=True)
class Scale:
    """What 1 is in a column of shares: ``whole`` is 1, 10 or 100."""

    whole: float
    confidence: float
    reason: str

    @property
    def name(self) -> str:
        """Say the scale in words."""
        return f"0 to {self.whole:g}"


def scale_of(cells: Iterable[Cell], is_score: bool) -> Scale:
    """Find the scale of a column by its largest number; words and texts with % do not count."""
    numbers = [abs(cell) for cell in cells if type(cell) is float]
    numbers += [
        abs(value)
        for cell in cells
        if isinstance(cell, str) and "%" not in cell
        for value in [*number_readings(cell.strip()).values()][:1]
    ]
    top = max(numbers, default=0.0)
    if top <= 2 and not (top > 1.5 and is_score):
        is_plain = any(0 < number < 1 for number in numbers) or not numbers or top == 0
        reason = "its numbers lie between 0 and 1"
        return Scale(1, 0.95 if is_plain or top == 0 else 0.7, reason)
    if is_score and top <= 5:
        return Scale(10, 0.4, "its numbers could be of 5, of 10 or of 100")
    if is_score and top <= 10:
        return Scale(10, 0.6, "its numbers lie between 0 and 10")
    has_parts = any(0 < number < 1 for number in numbers)
    return Scale(
        100,
        0.6 if has_parts else 0.95,
        "its numbers reach beyond 10" if top > 10 else "its numbers reach beyond 2",
    )


def share_of(cell: Cell, scale: Scale) -> Cell:
    """Put a share on the scale from 0 to 1; words stay as they are, for the reader to name."""
    if type(cell) is float:
        return round(cell / scale.whole, 12)
    if isinstance(cell, str) and "%" not in cell:
        readings: Sequence[float] = [*number_readings(cell.strip()).values()]
        if len(readings) == 1:
            return round(readings[0] / scale.whole, 12)
    return cell


def spelled(quantity: Quantity) -> str:
    """Say a quantity as it was read."""
    return f"{read_text(quantity.number)} {quantity.unit}".strip()
