"""Field masks: `a.b`, `a/b`, `a(b,c)`. A mask is a tree of names; an empty tree means all of it."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from tests.sheets_api.errors import bad_field
from tests.sheets_api.schema import MESSAGES

Mask = dict[str, "Mask"]


@lru_cache(maxsize=1000)
def parse_mask(text: str, message: str, where: str = "fields") -> Mask:
    """Read a mask that speaks of a message; `*` is all of it. Whoever gets one leaves it as it is.

    Raises:
        ApiError: If it is empty, its brackets do not pair, or it names what is not there.
    """
    tree: Mask = {}
    if text.count("(") != text.count(")") or not text.strip():
        raise bad_field(where, f"Invalid field mask {text!r} at '{where}'")
    for path in _paths(text):
        if path == ["*"]:
            return {}
        _check(path, message, where)
        _add(tree, path[:-1] if path[-1] == "*" else path)
    return tree


def _paths(text: str) -> Iterator[list[str]]:
    for item in _items(text):
        head, bracket, inner = item.partition("(")
        start = head.replace("/", ".").split(".")
        if bracket:
            yield from (start + rest for rest in _paths(inner.strip().removesuffix(")")))
        else:
            yield start


def _items(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, sign in enumerate(text + ","):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            yield text[start:place].strip()
            start = place + 1


def _check(path: list[str], message: str, where: str) -> None:
    kind = message
    for name in path:
        if name == "*" or kind == "any":
            return
        fields = MESSAGES.get(kind, {})
        if name not in fields:
            raise bad_field(
                where,
                f"Error expanding '{where}' parameter. Cannot find matching fields for path "
                f"'{'.'.join(path)}'. (Or this test server does not support it.)",
            )
        kind = fields[name].strip("[]")


def _add(tree: Mask, path: list[str]) -> None:
    for place, name in enumerate(path):
        is_last = place == len(path) - 1
        if name in tree and not tree[name]:
            return  # all of it is wanted already
        tree[name] = {} if is_last else tree.get(name, {})
        tree = tree[name]


def pick(value: Any, mask: Mask) -> Any:
    """Keep of an answer what a mask asks for. A message on the way stays, even when empty."""
    if not mask:
        return value
    if isinstance(value, list):
        return [pick(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: pick(item, mask[name]) for name, item in value.items() if name in mask}


def everything(names: Iterable[str]) -> Mask:
    """Make a mask that asks for all of each of these fields."""
    return {name: {} for name in names}


def child(mask: Mask, name: str) -> Mask | None:
    """Give what a mask asks of a field: None if nothing."""
    return {} if not mask else mask.get(name)


def merged(target: Any, source: Any, mask: Mask) -> Any:
    """Put into a message what a mask names of another. What the other lacks is taken out."""
    if not mask:
        return source
    new = dict(target or {})
    for name, inner in mask.items():
        has_it = isinstance(source, dict) and name in source
        value = merged(new.get(name), source[name] if has_it else None, inner)
        if value is None or (inner and value == {}):
            new.pop(name, None)
        else:
            new[name] = value
    return new
