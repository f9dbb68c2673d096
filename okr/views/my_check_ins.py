"""My five minutes: what do I owe?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from okr.board import Board, KeyResultStanding
from okr.model import Kind, Snapshot, State, Status
from okr.views import formats, html, pieces
from okr.views.addresses import Address
from okr.views.check_in import build_history, parted, people_of
from okr.views.empties import lack_of_key_results
from okr.views.pieces import Mark, Names
from okr.views.rows import KeyResultRow, RowMaker, is_old, maker
from okr.views.summary import Empty


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one person has done on this page so far.

    ``order`` names the key results as they are asked for; it stays the same when a saved one is no
    longer owed. ``before`` says how each saved one stood, the last saved first; ``remarks`` what
    the workbook had to say of the saving, by key.
    """

    who: str
    cycle: str
    order: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    before: tuple[KeyResultStanding, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Name those that are neither saved nor skipped."""
        gone = {*self.skipped, *(one.key_result.key for one in self.before)}
        return tuple(key for key in self.order if key not in gone)

    @property
    def name(self) -> str:
        """Name it, the same where the page would show the same."""
        before = [(one.key_result.key, *_shown(one)) for one in self.before]
        return f"{self.who!r} {self.order} {self.skipped} {before} {self.remarks}"

    def skip(self, key: str) -> "Sitting":
        """Leave one out for now."""
        return replace(self, skipped=(*(one for one in self.skipped if one != key), key))

    def save(self, standing: KeyResultStanding, remark: str = "") -> "Sitting":
        """Note that one was saved; of several times, how it stood before the first is kept."""
        key = standing.key_result.key
        first = next((one for one in self.before if one.key_result.key == key), standing)
        rest = tuple(one for one in self.before if one.key_result.key != key)
        skipped = tuple(one for one in self.skipped if one != key)
        remarks = tuple({**dict(self.remarks), key: remark}.items())
        return replace(self, before=(first, *rest), skipped=skipped, remarks=remarks)


@dataclass(frozen=True, slots=True)
class Changed:
    """What a check-in brought: value, progress and status, before and after."""

    title: str
    href: str
    values: tuple[str, str]
    shares: tuple[str, str]
    marks: tuple[Mark, Mark]
    remark: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Key results that belong together on this page."""

    title: str
    rows: tuple[KeyResultRow, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What stands above the form of the key result that is asked for.

    ``focus`` names the field that takes what is typed next; ``need`` and ``last`` are sentences.
    ``finish`` leads to the end before all are asked for.
    """

    focus: str
    place: str
    need: str
    last: str
    finish: str


@dataclass(frozen=True, slots=True)
class MyCheckIns:
    """Everything that the page shows.

    ``asked`` is the key result whose form is open, None where there is nothing more to ask.
    """

    who: str
    answer: str
    more: str
    asked: KeyResultRow | None
    changed: tuple[Changed, ...]
    lists: tuple[Listed, ...]
    empty: Empty | None = None


# --- whose they are, and in which order -----------------------------------------------------------


def own_key_results(board: Board, who: str) -> list[KeyResultStanding]:
    """Find the key results of one person in the cycle, those that owe a value first.

    An owner cell may hold the person's name or address, alone or among others. What was dropped is
    left out. Of those that owe one, the longest silent come first; so do they of the others.
    Drafts come last.
    """
    names = identities(board.snapshot, who)
    above = [one for objective in board.enclosing for one in objective.key_results]
    own = {
        one.key_result.key: one
        for one in (*board.key_results, *above)
        if is_owner(one.key_result.owner, names) and not _is_dropped(one)
    }

    def rank(one: KeyResultStanding) -> tuple[bool, bool, date]:
        return is_draft(one), not is_owed(one, board.day), _said_on(one)

    return sorted(own.values(), key=rank)


def identities(snapshot: Snapshot, who: str) -> frozenset[str]:
    """Collect what an owner cell may call a person."""
    wanted = _bare(who)
    names = {wanted}
    for person in snapshot.people:
        pair = {_bare(person.email), _bare(person.name)} - {""}
        if wanted in pair:
            names |= pair
    return frozenset(names - {""})


@lru_cache(maxsize=4096)
def is_owner(owner: str, names: frozenset[str]) -> bool:
    """Tell whether an owner cell names a person, alone or among others."""
    return _bare(owner) in names or any(_bare(part) in names for part in parted(owner))


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()


def _is_dropped(standing: KeyResultStanding) -> bool:
    return standing.status is Status.DROPPED or _is_said(State.DROPPED, standing)


def is_draft(standing: KeyResultStanding) -> bool:
    """Tell whether a key result or its objective is a draft: no value is asked for yet."""
    return _is_said(State.DRAFT, standing)


def _is_said(state: State, standing: KeyResultStanding) -> bool:
    """Tell whether the sheet says this of a key result or of its objective."""
    objective = standing.objective
    return standing.key_result.state is state or (
        objective is not None and objective.state is state
    )


def is_owed(standing: KeyResultStanding, day: date) -> bool:
    """Tell whether a value is due: there is none, or it is old and its window still open."""
    if standing.status is Status.NOT_STARTED or is_draft(standing):
        return False
    return standing.value is None or is_old(standing, day)


def _said_on(standing: KeyResultStanding) -> date:
    return standing.updated_on or date.min


def begin(board: Board, who: str) -> Sitting:
    """Begin with all key results of a person but drafts, which open only from their list."""
    cycle = board.cycle.name if board.cycle else ""
    asked = (one for one in own_key_results(board, who) if not is_draft(one))
    return Sitting(who, cycle, tuple(one.key_result.key for one in asked))


def go_on(sitting: Sitting | None, board: Board, who: str) -> Sitting:
    """Go on with a sitting; another person or cycle begins anew, and a new key result is added."""
    fresh = begin(board, who)
    if sitting is None or (sitting.who, sitting.cycle) != (fresh.who, fresh.cycle):
        return fresh
    still = tuple(key for key in sitting.order if key in fresh.order)
    added = tuple(key for key in fresh.order if key not in sitting.order)
    return replace(sitting, order=(*still, *added))


def asked_for(sitting: Sitting, board: Board, address: Address) -> KeyResultStanding | None:
    """Find the key result to ask for: the one in the address, else the next that waits.

    Who owes nothing is asked for nothing, until they begin by themselves.
    """
    if address.query.get("finish"):
        return None
    key = address.query.get("key_result", "")
    own = {one.key_result.key: one for one in own_key_results(board, sitting.who)}
    is_begun = bool(sitting.before or sitting.skipped)
    is_owing = any(is_owed(one, board.day) for one in own.values())
    waiting = sitting.waiting if is_begun or is_owing else ()
    return own.get(key) or next((own[key] for key in waiting if key in own), None)


def stays_open(standing: KeyResultStanding) -> str:
    """Say that an open form stays, though its key result is not among those of the person."""
    return (
        f"“{standing.key_result.title}” is not among your key results any more: its row has gone "
        "from the sheet, or its ID, owner, state or objective was changed. What you typed is kept "
        "here: save it once the row is back, or skip it."
    )


# --- the page -------------------------------------------------------------------------------------


def build_my_check_ins(
    board: Board,
    address: Address,
    sitting: Sitting | None,
    asked: KeyResultStanding | None = None,
    *,
    closed: str = "",
) -> MyCheckIns:
    """Show what a person owes, what is asked for now, and what the sitting has changed so far.

    Args:
        board: Everything computed of the cycle.
        address: The open page and its choices.
        sitting: What was done so far; None while nobody has said who they are.
        asked: The key result whose form is open.
        closed: Why nobody can check in, "" where everybody can.
    """
    lack = lack_of_key_results(board, address, "Here your key results will stand")
    if sitting is None:
        empty = lack or (_WHO if people_of(board.snapshot) else _NOBODY)
        return MyCheckIns("", "", "", None, (), (), empty=empty)
    own = own_key_results(board, sitting.who)
    make = maker(board, address, act="" if closed else "Check in")
    key = asked.key_result.key if asked else ""
    return MyCheckIns(
        who=sitting.who,
        answer=_answer(own, sitting, board.day) if own else "",
        more=closed or _more(sitting, asked, board.day),
        asked=_asked_row(asked, make) if asked else None,
        changed=tuple(_changes(sitting, own, address, board.day)),
        lists=tuple(_lists(own, sitting, key, make)),
        empty=None if own else lack or _nothing(board, sitting.who),
    )


def draw_my_check_ins(
    board: Board,
    address: Address,
    sitting: Sitting | None,
    asked: KeyResultStanding | None,
    closed: str = "",
) -> tuple[html.Block, html.Block, html.Block]:
    """Draw what stands above the form, beside it and below it; see ``build_my_check_ins``."""
    page = build_my_check_ins(board, address, sitting, asked, closed=closed)
    answer = html.draw("my_check_ins", page, "answer")
    if asked is None:
        return answer, html.Block(), html.Block()
    beside = html.draw("check_in", build_history(asked, board), "history")
    return answer, beside, html.draw("my_check_ins", page, "rest")


def _asked_row(standing: KeyResultStanding, make: RowMaker) -> KeyResultRow:
    return replace(make.row(standing), is_open=True, check_in="", act="")


def _place(sitting: Sitting, key: str) -> str:
    """Say how far the sitting has come: ``2 of 6``."""
    if key not in sitting.waiting or len(sitting.order) < 2:
        return ""
    done = len(sitting.order) - len(sitting.waiting)
    return f"{done + 1} of {len(sitting.order)}"


def _lists(
    own: Sequence[KeyResultStanding], sitting: Sitting, open_key: str, make: RowMaker
) -> Iterable[Listed]:
    """List what is not asked for at the moment: what is to come, or at the end what is left."""
    saved = {one.key_result.key for one in sitting.before}
    rest = [one for one in own if one.key_result.key not in {*saved, open_key}]
    parts: dict[str, list[KeyResultStanding]] = {title: [] for title in _PARTS}
    for one in rest:
        parts[_part(one, make.day)].append(one)
    for title, standings in parts.items():
        if standings:
            yield Listed(title, tuple(_row(one, make) for one in standings))


_PARTS = ("Still owed", "Cannot be scored", "Up to date", "Drafts")


def _part(standing: KeyResultStanding, day: date) -> str:
    """Name the list that a key result belongs to."""
    owed, unscored, fresh, drafts = _PARTS
    if is_draft(standing):
        return drafts
    if is_owed(standing, day):
        return owed
    return unscored if standing.key_result.undefined else fresh


def _row(standing: KeyResultStanding, make: RowMaker) -> KeyResultRow:
    row = make.row(standing)
    key = standing.key_result.key
    return replace(row, check_in=make.address.here(key_result=key, finish=None)) if row.act else row


# --- its sentences --------------------------------------------------------------------------------


_WHO = Empty(
    "Here your key results will stand",
    "The board does not know yet who you are.",
    "Choose your name above: what you own then comes up one by one, what is due first."
    " This browser remembers your name.",
)


_NOBODY = Empty(
    "Here your key results will stand",
    "The workbook names nobody yet.",
    "Type names into the Owner column of the “Key results” tab, or into a “People” tab: they can"
    " then be chosen above.",
)


def _nothing(board: Board, who: str) -> Empty:
    name = Names(board.snapshot).of(who)
    cycle = f" in {board.cycle.name}" if board.cycle else ""
    return Empty(
        f"Here the key results of {name} will stand",
        f"No key result{cycle} has {name} as its owner.",
        f"Type “{name}” into the Owner column of the “Key results” tab, or choose another name or"
        " cycle above.",
    )


def _answer(own: Sequence[KeyResultStanding], sitting: Sitting, day: date) -> str:
    """Say what is owed, and what was saved in this sitting; drafts are not among them."""
    due = [one for one in own if not is_draft(one)]
    owed, total, saved = sum(is_owed(one, day) for one in due), len(due), len(sitting.before)
    if saved:
        owe = "owes" if owed == 1 else "owe"
        left = f"{owed} still {owe} a value." if owed else "Nothing is owed any more."
        return f"{saved} saved. {left}"
    if not owed:
        return _owe_nothing(due) if due else _own_drafts(len(own))
    if total == 1:
        return "Your one key result owes a value."
    if owed == total:
        return f"All {total} of your key results owe a value."
    return f"{owed} of your {total} key results {'owes' if owed == 1 else 'owe'} a value."


def _owe_nothing(own: Sequence[KeyResultStanding]) -> str:
    """Say that all is up to date, but for what the sheet keeps from being scored."""
    total, unscored = len(own), sum(bool(one.key_result.undefined) for one in own)
    if not unscored:
        is_one = "key result is" if total == 1 else f"{total} key results are"
        return f"You owe nothing: your {'one ' if total == 1 else ''}{is_one} up to date."
    of = "your one key result" if total == 1 else f"{unscored} of your {total} key results"
    return f"You owe no value, but {of} cannot be scored: the sheet needs a mend."


def _own_drafts(total: int) -> str:
    what = (
        "your one key result is a draft" if total == 1 else f"your {total} key results are drafts"
    )
    return f"You owe nothing: {what}."


def _more(sitting: Sitting, asked: KeyResultStanding | None, day: date) -> str:
    """Say what may be left: those that are not owed, and those that were skipped."""
    if asked is not None:
        is_owing = is_owed(asked, day)
        return "" if is_owing else "You may still add to any of them, or finish here."
    number = len(sitting.skipped)
    return f"{formats.count(number, 'key result')} skipped." if number else ""


def build_question(
    standing: KeyResultStanding, sitting: Sitting, address: Address, day: date, focus: str
) -> Question:
    """Say what one key result needs, and what was said of it last."""
    return Question(
        focus=focus,
        place=_place(sitting, standing.key_result.key),
        need=say_need(standing, day),
        last=say_last(standing, day),
        finish=address.here(key_result=None, finish="1"),
    )


def say_need(standing: KeyResultStanding, day: date) -> str:
    """Say what pace is needed and what it was: ``Needs 2.4 a week until 31 Dec, did 1.1.``"""
    one, pace, window = standing.key_result, standing.pace, standing.window
    if window is None or not one.kind.is_way:
        return ""
    if day > window.end:
        return f"Its time ended on {formats.day(window.end, day)}."
    if pace.required_rate is None:
        return ""
    end = formats.day(window.end, day)
    if pace.required_rate == 0:
        return f"It is where it should be on {end}."
    did = "" if pace.achieved_rate is None else f", did {_rate(pace.achieved_rate, standing)}"
    return f"Needs {_rate(pace.required_rate, standing)} a week until {end}{did}."


def _rate(rate: float, standing: KeyResultStanding) -> str:
    """Write a movement in a week; where a number should rise, a plus says nothing."""
    one = standing.key_result
    signed = formats.change(rate, 0.0, one.unit, one.kind)
    return signed.removeprefix("+") if one.kind is Kind.INCREASE else signed


def say_last(standing: KeyResultStanding, day: date) -> str:
    """Say the last value and how old it is: ``Last 42 of 45 points, 6 days ago.``"""
    one = standing.key_result
    if standing.value is None:
        aim = formats.goal(one.target, one.unit, one.kind)
        return (
            f"No value yet; {aim} is aimed at."
            if aim and one.kind is not Kind.DONE
            else "No value yet."
        )
    value = formats.value_of_target(standing.value, one.target, one.unit, one.kind)
    if standing.updated_on is None:
        return f"Last {value}, undated."
    return f"Last {value}, {formats.days_ago(standing.updated_on, day)}."


def _changes(
    sitting: Sitting, own: Sequence[KeyResultStanding], address: Address, day: date
) -> Iterable[Changed]:
    """Put how each saved key result stands beside how it stood."""
    now = {one.key_result.key: one for one in own}
    for before in sitting.before:
        after = now.get(before.key_result.key)
        if after is not None:
            one = after.key_result
            yield Changed(
                title=one.title,
                href=address.here(key_result=one.key, finish=None),
                values=(_value(before), _value(after)),
                shares=(formats.share(before.progress), formats.share(after.progress)),
                marks=(_mark(before), _mark(after)),
                remark=dict(sitting.remarks).get(one.key, ""),
            )


def _value(standing: KeyResultStanding) -> str:
    one = standing.key_result
    if one.kind is Kind.DONE or standing.value is None:
        return formats.value_of_target(standing.value, None, one.unit, one.kind)
    return formats.quantity(standing.value, one.unit)


def _shown(standing: KeyResultStanding) -> tuple[object, ...]:
    """Collect what is shown of how a key result stood."""
    return standing.value, standing.progress, standing.status, standing.word, standing.is_stale


def _mark(standing: KeyResultStanding) -> Mark:
    return pieces.mark(standing.status, standing.word, standing.is_stale)
