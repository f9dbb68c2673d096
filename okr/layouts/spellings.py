"""The words that people head their columns with, in English and four other languages."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

OBJECTIVE, KEY_RESULT = "Objective", "Key result"
OBJECTIVE_ID, KEY_RESULT_ID, ID = "Objective ID", "Key result ID", "ID"
OBJECTIVE_OWNER = "Objective owner"
BOTH, TITLE, STATUS, SCORE = "OKR", "Title", "Status", "Score"
ASIDE = "not read"
"""A column that is known, and says nothing that the board reads."""

_WORDS: Mapping[str, str] = {
    OBJECTIVE: (
        "o;objective;objectives;objective title;objective name;objective text;"
        "objective description;team objective;company objective;quarterly objective;"
        "okr objective;the objective;obj;ziel;ziele;objective ziel;zielsetzung;oberziel;"
        "quartalsziel;teamziel;unternehmensziel;objectif;objectifs;objectif strategique;"
        "intitule de l objectif;objetivo;objetivos;objetivo estrategico;objetivo do time;"
        "objetivo de equipo"
    ),
    KEY_RESULT: (
        "key result;key results;kr;krs;key result title;key result name;"
        "key result description;kr title;kr name;kr description;keyresult;measurable result;"
        "measurable key result;schlusselergebnis;schlusselergebnisse;schluesselergebnis;"
        "schluesselergebnisse;schlusselresultat;schlusselresultate;ergebnis kr;kernergebnis;"
        "kernergebnisse;messgrosse;resultat cle;resultats cles;resultat clef;resultats clefs;"
        "rc;resultado clave;resultados clave;resultados claves;resultado chave;"
        "resultados chave;resultados chaves"
    ),
    BOTH: (
        "okr;okrs;objective key result;objectives key results;objective and key results;"
        "objectives and key results;objective kr;objective or key result;"
        "objective key results;ziele und schlusselergebnisse;ziel schlusselergebnis;"
        "objectif resultat cle;objetivo resultado clave;objetivo resultado chave;"
        "objective krs;objectives krs;o kr"
    ),
    TITLE: (
        "title;name;description;what;text;item;statement;titel;bezeichnung;beschreibung;"
        "titre;nom;intitule;libelle;titulo;nombre;descripcion;nome;descricao"
    ),
    OBJECTIVE_ID: (
        "objective id;objectiveid;objective number;objective no;objective nr;objective key;"
        "obj id;objective ref;objective code;o id;oid;goal id;belongs to;ziel id;"
        "ziel nr;zielnummer;ziel nummer;id objectif;objectif id;numero objectif;id objetivo;"
        "objetivo id;id do objetivo;id del objetivo;objective reference;objective link;"
        "linked objective;for objective;o ref;ziel ref"
    ),
    KEY_RESULT_ID: (
        "key result id;kr id;krid;kr number;kr no;kr nr;kr key;key result no;"
        "key result number;kr code;kr ref;id kr;id rc"
    ),
    ID: "id;key;ref;code;identifier;kennung;schlussel;identifiant;identificador;codigo",
    "Owner": (
        "owner;owners;kr owner;key result owner;responsible;responsible person;dri;assignee;"
        "assigned to;accountable;lead;who;person;driver;champion;verantwortlich;"
        "verantwortliche;verantwortlicher;verantwortliche r;verantwortung;zustandig;"
        "zustandige;besitzer;eigentumer;wer;responsable;proprietaire;porteur;pilote;qui;"
        "dueno;encargado;propietario;quien;responsavel;dono;dona;quem"
    ),
    OBJECTIVE_OWNER: "objective owner;objective lead;owner of objective;zielverantwortlicher",
    "Team": (
        "team;teams;department;dept;group;squad;unit name;function;area;division;"
        "business unit;tribe;abteilung;bereich;gruppe;equipe;departement;service;equipo;"
        "departamento;area responsable;time;setor"
    ),
    "Cycle": (
        "cycle;quarter;period;timeframe;time frame;qtr;okr cycle;okr period;quartal;zeitraum;"
        "zyklus;periode;trimestre;cycle okr;ciclo;periodo"
    ),
    "Start": (
        "start;start value;baseline;base;base value;baseline value;initial;initial value;"
        "from;starting value;starting point;begin;beginning;was;startwert;ausgangswert;basis;"
        "basiswert;anfangswert;von;ausgangslage;depart;valeur initiale;valeur de depart;"
        "base de depart;reference;inicio;valor inicial;linea base;linea de base;valor base;"
        "punto de partida;linha de base;valor de partida;ponto de partida"
    ),
    "Target": (
        "target;target value;to;goal value;aim;planned;plan;end value;goal target;kr target;"
        "desired;zielwert;soll;sollwert;zielgrosse;bis;planwert;cible;valeur cible;"
        "valeur visee;a atteindre;but;meta;valor objetivo;valor meta;valor alvo;alvo;"
        "valor esperado"
    ),
    "Current": (
        "current;current value;actual;actual value;now;actuals;latest;latest value;today;"
        "to date;current status value;current result;achieved value;reached;so far;ist;"
        "istwert;ist wert;aktuell;aktueller wert;aktueller stand;derzeit;stand;actuel;"
        "valeur actuelle;realise;en cours;a date;valor actual;realizado;real;atual;"
        "valor atual;valor real;hoje"
    ),
    "Progress": (
        "progress;progress percent;percent progress;% complete;percent complete;% done;"
        "percent done;kr progress;key result progress;completion;completion %;"
        "completion rate;complete;% progress;progress %;% completion;% achieved;achievement;"
        "attainment;done %;%;percentage;fortschritt;fortschritt %;% fortschritt;"
        "zielerreichung;erreicht;erreichungsgrad;zielerreichungsgrad;umsetzungsgrad;"
        "avancement;progression;progres;taux d avancement;% avancement;% d avancement;avance;"
        "progreso;% avance;porcentaje;cumplimiento;% cumplimiento;progresso;% progresso;"
        "andamento;percentual;% concluido;conclusao;% de conclusao"
    ),
    SCORE: (
        "score;kr score;rating;okr score;current score;points;bewertung;punkte;note finale;"
        "notation;puntuacion;puntaje;calificacion;pontuacao;nota"
    ),
    "Grade": "grade;final score;final grade;abschlussbewertung;endbewertung",
    STATUS: (
        "done;is done;done y n;finished;completed;erledigt;fertig;abgeschlossen;fait;hecho;feito;"
        "status;state;rag;rag status;health;on track;traffic light;kr status;status text;"
        "ampel;ampelstatus;zustand;statut;etat;estado;semaforo;situacao;farol"
    ),
    "Confidence": (
        "confidence;confidence level;confidence score;confidence %;zuversicht;konfidenz;"
        "vertrauen;confiance;niveau de confiance;confianza;confianca"
    ),
    "Unit": (
        "unit;units;uom;unit of measure;measurement unit;einheit;masseinheit;unite;"
        "unite de mesure;unidad;unidade;unidad de medida"
    ),
    "Weight": (
        "weight;weighting;weight %;kr weight;gewicht;gewichtung;poids;ponderation;peso;"
        "ponderacion;ponderacao"
    ),
    "Due": (
        "due;due date;deadline;target date;end date;by when;due by;finish date;frist;fallig;"
        "fallig am;falligkeit;termin;enddatum;bis wann;zieldatum;echeance;date limite;"
        "date d echeance;date de fin;fecha limite;vencimiento;plazo;fecha de entrega;"
        "fecha fin;prazo;data limite;data de entrega;data fim"
    ),
    "Kind": "kind;direction;measure type;richtung;sens;direccion;direcao",
    "Type": "type;commitment;okr type;typ;art;tipo",
    "Supports": (
        "supports;aligned to;aligns to;aligned with;contributes to;parent;parent okr;"
        "alignment;supports objective;company okr;zahlt ein auf;ubergeordnetes ziel;"
        "unterstutzt;contribue a;objectif parent;alineado a;contribuye a;objetivo superior;"
        "alinhado a;contribui para"
    ),
    "Link": "link;url;source;data source;evidence;quelle;datenquelle;lien;enlace;fuente;fonte",
    ASIDE: (
        "notes;note;comment;comments;remarks;initiative;initiatives;action;actions;"
        "next steps;tasks;progress bar;bar;sparkline;trend;chart;variance;gap;delta;"
        "objective progress;overall;overall progress;objective score;overall score;weighted;"
        "weighted score;last update;last updated;updated;start date;level;category;priority;"
        "#;no;nr;number;num;pillar;theme;key results count;count;blocker;blockers;risks;"
        "update;check in;week;date;metric;measure;kpi;kommentar;kommentare;bemerkung;"
        "bemerkungen;notiz;notizen;massnahmen;massnahme;initiativen;gesamt;balken;ebene;"
        "prioritat;datum;commentaire;commentaires;remarques;actions;niveau;comentario;"
        "comentarios;notas;iniciativas;acciones;observaciones;observacoes;acoes;nivel;"
        "how measured;formula;helper;calc;weight x score;startdatum;zuletzt aktualisiert"
    ),
}

_DOUBTFUL: Mapping[str, tuple[str, ...]] = {
    "goal": (OBJECTIVE, "Target"),
    "goals": (OBJECTIVE, "Target"),
    "ziel": (OBJECTIVE, "Target"),
    "objetivo": (OBJECTIVE, "Target"),
    "objectif": (OBJECTIVE, "Target"),
    "metas": (OBJECTIVE, "Target"),
    "company objective": (OBJECTIVE, "Supports"),
    "parent objective": (OBJECTIVE, "Supports"),
    "unternehmensziel": (OBJECTIVE, "Supports"),
    "metric": (KEY_RESULT, ASIDE),
    "measure": (KEY_RESULT, ASIDE),
    "kpi": (KEY_RESULT, ASIDE),
    "kennzahl": (KEY_RESULT, ASIDE),
    "messgrosse": (KEY_RESULT, ASIDE),
    "indicator": (KEY_RESULT, ASIDE),
    "indikator": (KEY_RESULT, ASIDE),
    "indicateur": (KEY_RESULT, ASIDE),
    "indicador": (KEY_RESULT, ASIDE),
    "metrik": (KEY_RESULT, ASIDE),
    "result": ("Current", KEY_RESULT),
    "results": ("Current", KEY_RESULT),
    "ergebnis": ("Current", KEY_RESULT),
    "ergebnisse": (KEY_RESULT, "Current"),
    "resultat": ("Current", KEY_RESULT),
    "resultado": ("Current", KEY_RESULT),
    "value": ("Current",),
    "wert": ("Current",),
    "valeur": ("Current",),
    "valor": ("Current",),
    "actual": ("Current",),
    "final": ("Target", ASIDE),
    "end": ("Target", "Due"),
    "fin": ("Target", "Due"),
    "reference": ("Start", ASIDE),
    "by": ("Owner", "Due"),
    "parent id": (OBJECTIVE_ID, "Supports"),
    "parent objective id": (OBJECTIVE_ID, "Supports"),
}
"""Words that mean one thing beside some columns and another beside others, the likelier first."""

_MARKS = re.compile(r"[^\w%#]+|_")
_ASIDES = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ENDINGS = re.compile(r"\s(?:statement|text|title|name|description|details?|in words)$")
_DATES = re.compile(
    r"\b(?:as of|per|stand|am|al|au|q[1-4]|[hq]?[0-9]{2,4}|[0-9]{1,2}[./-][0-9]{1,2}"
    r"(?:[./-][0-9]{2,4})?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b"
)


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """Reduce a header to its bare words: no case, accents, punctuation or signs."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(_MARKS.sub(" ", bare).split())


def words(text: str) -> frozenset[str]:
    """Read a list of words, parted by ``;``, as they are compared."""
    return frozenset(fold(word) for word in text.split(";"))


def _joined(name: str) -> str:
    return name.replace(" ", "")


_MEANINGS: dict[str, tuple[str, ...]] = {
    _joined(fold(word)): (role,) for role, words in _WORDS.items() for word in words.split(";")
} | {_joined(fold(word)): roles for word, roles in _DOUBTFUL.items()}


@lru_cache(maxsize=8192)
def meanings(header: str) -> tuple[tuple[str, ...], float]:
    """Give what a header may mean, the likelier first, and how sure its words make that.

    Remarks in brackets, dates and plurals are passed over where the rest is a known word.
    """
    if not header.strip() or len(header) > 80:
        return (), 0.0
    whole = fold(header)
    if found := _MEANINGS.get(_joined(whole)):
        return found, 1.0
    bare = fold(_ASIDES.sub(" ", header))
    undated = " ".join(_DATES.sub(" ", bare).split())
    for said in (bare, undated, _ENDINGS.sub("", undated), whole.removesuffix("s")):
        if said and (found := _MEANINGS.get(_joined(said))):
            return found, 0.9
    return (), 0.0
