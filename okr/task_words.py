"""The words that tell a task from a change, in five languages, without capitals and accents.

English, German, French, Spanish and Portuguese; other languages have no words here and are left in
peace. A word that may as well begin a good aim stands among the open ones, or not at all.
"""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TASKS = _words(
    # English
    "launch relaunch release implement deploy migrate publish install refactor rewrite redesign "
    "prepare document upgrade integrate complete finish finalise finalize hire recruit organise "
    "organize conduct introduce translate write draft train "
    # French
    "lancer implementer implanter deployer migrer publier rediger recruter embaucher finaliser "
    "terminer achever refondre traduire organiser "
    # Spanish
    "lanzar implementar desplegar migrar publicar redactar escribir organizar contratar reclutar "
    "finalizar terminar completar instalar redisenar traducir realizar "
    # Portuguese
    "lancar implantar redigir escrever recrutar concluir redesenhar traduzir"
)
"""Verbs that begin a task, whatever follows."""

OPEN_TASKS = _words(
    "build create develop deliver ship design define establish "
    "creer construire developper livrer concevoir batir "
    "crear construir desarrollar entregar disenar definir "
    "criar desenvolver projetar"
)
"""Verbs that begin a task, unless the title names an aim: “Build a website”, “Build trust”."""

COUNTED = _words(
    "run hold host attend visit send call test interview make do give "
    "tenir envoyer animer hacer enviar visitar fazer"
)
"""Verbs that begin a task where a count follows: “Hold 10 workshops”."""

ENDINGS = _words(
    "einfuhren einfuehren launchen relaunchen implementieren veroffentlichen veroeffentlichen "
    "migrieren ausrollen fertigstellen umsetzen erstellen installieren einrichten durchfuhren "
    "durchfuehren programmieren releasen dokumentieren rekrutieren organisieren ubersetzen "
    "uebersetzen"
)
"""German verbs that close a task."""

OPEN_ENDINGS = frozenset(("bauen", "aufbauen", "entwickeln"))
"""German verbs that close a task, unless the title names an aim."""

NOUNS = _words(
    "implementation launch introduction einfuhrung einfuehrung umsetzung implementierung "
    "erstellung veroffentlichung veroeffentlichung fertigstellung durchfuhrung durchfuehrung "
    "lancement deploiement lanzamiento implementacion lancamento implementacao"
)
"""Nouns that begin a task where a genitive follows: “Einführung des CRM”."""

GENITIVES = _words("of des der eines einer von vom du de del do da dos das")

PHRASES = (
    ("roll", "out"),
    ("set", "up"),
    ("put", "in", "place"),
    ("go", "live"),
    ("mettre", "en", "place"),
    ("mise", "en", "place"),
    ("mettre", "en", "œuvre"),
    ("mise", "en", "œuvre"),
    ("mettre", "en", "oeuvre"),
    ("mise", "en", "oeuvre"),
    ("poner", "en", "marcha"),
    ("puesta", "en", "marcha"),
    ("colocar", "em", "producao"),
)
"""Several words that begin a task."""

FIRSTS = frozenset(phrase[0] for phrase in PHRASES)

LEADS = _words("to we will we'll wir please successfully finally fully nous vamos zu bitte")
"""Words before the one that counts."""

AIMS = _words(
    # what follows is described by what it does for somebody
    "that who which so until qui que dont quien quem sich to "
    # what is built is no thing
    "trust loyalty culture confidence reputation community experience experiences demand habit "
    "habits momentum brand love team teams relationship relationships awareness business value "
    "delight joy growth advantage company workplace place future "
    "vertrauen loyalitat kultur erlebnis gemeinschaft nachfrage marke begeisterung bewusstsein "
    "wert arbeitgeber beziehung beziehungen "
    "confiance fidelite communaute demande marque valeur equipe "
    "confianza lealtad fidelidad cultura experiencia comunidad comunidade demanda marca valor "
    "equipo confianca lealdade equipa"
)
"""Words by which even a title that begins with “Build” names an aim."""

MEASURES = _words(
    "time times cycle cycles rate rates frequency date dates quality cost costs coverage delay "
    "delays notes success readiness failures errors speed score scores backlog"
)
"""Words after a noun that looks like a verb: “Release cycle from 10 to 3 days”."""

TERMS = _words("within innerhalb binnen")
"""Words of a promise on time: “Ship 85% of orders within 7 days” measures how well, not whether."""

SUFFIXES = _words(
    "k m mm mn mio mrd bn b x pp pt pts h hrs min mins s d t kg km eur usd gbp chf days hours "
    "tage stunden jours heures dias horas"
)
"""Letters right behind a number that leave it an amount: 20k, 3x."""

NAMES = frozenset(("ISO", "SOC", "WCAG", "PCI", "DIN", "EN", "IEC", "NIS", "IFRS", "Euro", "Web"))
"""Words before a number that belongs to a name: ISO 27001."""
