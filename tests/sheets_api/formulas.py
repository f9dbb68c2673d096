"""A very small evaluator: plain arithmetic, comparison, references, SUM, AVERAGE, MIN and MAX.

A formula that it does not know shows the result that it was stored with (see `Cell.result`): what
a workbook has cached, or what a test has set.
"""

import operator
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from tests.sheets_api.coercion import plain
from tests.sheets_api.errors import unsupported
from tests.sheets_api.ranges import column_index
from tests.sheets_api.state import (
    FAILURES,
    Cell,
    Effective,
    Entered,
    Failure,
    Formula,
    Spreadsheet,
    Tab,
)

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?%?) | (?P<text>"(?:[^"]|"")*")
    | (?P<ref>(?:(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!)?
        \$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?(?![\w(]))
    | (?P<name>[A-Za-z]+)(?=\s*\() | (?P<error>\#[A-Z0-9/]+[!?]?)
    | (?P<sign>[-+*/^&(),]) )""",
    re.VERBOSE,
)
_REF = re.compile(r"(?:(.+)!)?\$?([A-Za-z]+)\$?(\d+)(?::\$?([A-Za-z]+)\$?(\d+))?")
_DEPTH = 60
_CIRCULAR = Failure("REF", "#REF!", "Circular dependency detected.")
Node = tuple[Any, ...]


class _Fails(Exception):
    """The formula shows an error."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.sign)
        self.failure = failure


def effective(book: Spreadsheet, tab: Tab, cell: Cell, depth: int = 0) -> Effective:
    """Give what a cell shows: its value, or what its formula comes to."""
    entered = cell.entered
    if not isinstance(entered, Formula):
        return entered
    node = parsed(entered.text)
    if node is None:
        return book.results.get(entered.text, cell.result)
    if depth > _DEPTH:
        return _CIRCULAR
    try:
        value = _value(book, tab, node, depth)
    except _Fails as failed:
        return failed.failure
    return 0 if value is None else value


def check(book: Spreadsheet, entered: Entered) -> None:
    """Refuse a formula that has no result: neither the evaluator's nor one set by a test."""
    if not isinstance(entered, Formula) or parsed(entered.text) is not None:
        return
    if entered.text not in book.results:
        raise unsupported(f"the formula {entered.text!r} (see Human.set_result)")


@lru_cache(maxsize=10_000)
def parsed(text: str) -> Node | None:
    """Parse a formula; None if the evaluator does not know all of it."""
    tokens = list(_tokens(text[1:]))
    if not tokens or tokens[-1][0] == "unknown":
        return None
    try:
        node, rest = _expression(tokens, 0, 0)
    except (IndexError, KeyError):
        return None
    return node if rest == len(tokens) else None


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if not match:
            yield "unknown", text[place:]
            return
        kind = str(match.lastgroup)
        yield kind, match[kind]
        place = match.end()


_BINDS = {"&": 1, "+": 2, "-": 2, "*": 3, "/": 3, "^": 4}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
}
_FUNCTIONS = {"SUM", "AVERAGE", "MIN", "MAX"}


def _expression(tokens: list[tuple[str, str]], at: int, binding: int) -> tuple[Node, int]:
    left, at = _operand(tokens, at)
    while at < len(tokens) and _BINDS.get(tokens[at][1], 0) > binding:
        sign = tokens[at][1]
        right, at = _expression(tokens, at + 1, _BINDS[sign])
        left = ("operation", sign, left, right)
    return left, at


def _operand(tokens: list[tuple[str, str]], at: int) -> tuple[Node, int]:
    kind, text = tokens[at]
    if kind == "sign" and text in "+-":
        inner, at = _expression(tokens, at + 1, 4)  # -2^2 is 4 in a sheet
        return ("operation", text, ("value", 0), inner), at
    if kind == "sign" and text == "(":
        inner, at = _expression(tokens, at + 1, 0)
        if tokens[at][1] != ")":
            raise KeyError(text)
        return inner, at + 1
    if kind == "number":
        share = text.endswith("%")
        return ("value", plain(float(text.rstrip("%")) / (100 if share else 1))), at + 1
    if kind == "text":
        return ("value", text[1:-1].replace('""', '"')), at + 1
    if kind == "error":
        return ("value", FAILURES[text]), at + 1
    if kind == "ref":
        return ("reference", text), at + 1
    if kind == "name" and text.upper() in _FUNCTIONS:
        return _call(text.upper(), tokens, at + 2)
    raise KeyError(text)


def _call(name: str, tokens: list[tuple[str, str]], at: int) -> tuple[Node, int]:
    arguments = []
    while True:
        node, at = _expression(tokens, at, 0)
        arguments.append(node)
        sign = tokens[at][1]
        at += 1
        if sign == ")":
            return ("call", name, arguments), at
        if sign != ",":
            raise KeyError(sign)


def _value(book: Spreadsheet, tab: Tab, node: Node, depth: int) -> Effective:
    kind = node[0]
    if kind == "value":
        return _sound(node[1])
    if kind == "reference":
        values = list(_referred(book, tab, node[1], depth))
        if len(values) > 1:
            raise _Fails(FAILURES["#VALUE!"])
        return _sound(values[0])
    if kind == "call":
        return _called(node[1], list(_arguments(book, tab, node[2], depth)))
    _, sign, left, right = node
    return _operated(sign, _value(book, tab, left, depth), _value(book, tab, right, depth))


def _sound(value: Effective) -> Effective:
    if isinstance(value, Failure):
        raise _Fails(value)
    return value


def _arguments(book: Spreadsheet, tab: Tab, nodes: list[Node], depth: int) -> Iterator[float]:
    for node in nodes:
        is_range = node[0] == "reference"
        values = (
            _referred(book, tab, node[1], depth) if is_range else [_value(book, tab, node, depth)]
        )
        for value in values:
            _sound(value)
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield value


def _called(name: str, numbers: list[float]) -> float:
    if name == "AVERAGE" and not numbers:
        raise _Fails(FAILURES["#DIV/0!"])
    if name == "MIN":
        return min(numbers, default=0)
    if name == "MAX":
        return max(numbers, default=0)
    return plain(sum(numbers) / (len(numbers) if name == "AVERAGE" else 1))


def _operated(sign: str, left: Effective, right: Effective) -> Effective:
    if sign == "&":
        return "".join("" if v is None else str(v) for v in (left, right))
    one, other = _number(left), _number(right)
    if sign == "/" and other == 0:
        raise _Fails(FAILURES["#DIV/0!"])
    try:
        return plain(_ARITHMETIC[sign](one, other))
    except (OverflowError, ZeroDivisionError):
        raise _Fails(FAILURES["#NUM!"]) from None


def _number(value: Effective) -> float:
    if isinstance(value, str):
        raise _Fails(FAILURES["#VALUE!"])
    return float(value) if isinstance(value, float) else int(value or 0)  # type: ignore[arg-type]


def _referred(book: Spreadsheet, tab: Tab, reference: str, depth: int) -> Iterator[Effective]:
    match = _REF.fullmatch(reference)
    assert match
    title = match[1].strip("'").replace("''", "'") if match[1] else None
    there = book.titled(title) if title else tab
    if there is None:
        raise _Fails(FAILURES["#REF!"])
    left, top = column_index(match[2]), int(match[3]) - 1
    right = column_index(match[4]) if match[4] else left
    bottom = int(match[5]) - 1 if match[5] else top
    for row in range(top, min(bottom, max(top, len(there.rows) - 1)) + 1):
        for column in range(left, right + 1):
            yield effective(book, there, there.cell(row, column), depth + 1)
