"""Google's own description of the API, and what of some traffic it does not know."""

import importlib.util
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

SCALARS: dict[str, Any] = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}


@cache
def published() -> Any:
    spec = importlib.util.find_spec("googleapiclient")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("google-api-python-client is not installed")
    folder = Path(spec.submodule_search_locations[0], "discovery_cache", "documents")
    return json.loads((folder / "sheets.v4.json").read_text(encoding="utf-8"))


def methods(resource: Any) -> Iterator[Any]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods(inner)


@cache
def patterns() -> list[tuple[re.Pattern[str], Any]]:
    """Give each published method with what its path looks like, the longest template first."""
    known = sorted(methods(published()), key=lambda method: len(method["path"]), reverse=True)
    return [
        (re.compile(re.sub(r"\\{(\w+)\\}", r"(.+)", re.escape("/" + one["path"]))), one)
        for one in known
    ]


def method_of(verb: str, path: str) -> Any:
    """Find the published method for a path: that with the longest template that fits."""
    return next(
        method
        for pattern, method in patterns()
        if verb == method["httpMethod"] and pattern.fullmatch(path)
    )


def misfits(schema: Any, value: Any) -> list[str]:
    """Name what of a JSON value a published schema does not know, each after its place in it.

    The place is put together on the way back: nearly all fits, and needs none.
    """
    schema = published()["schemas"][schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type")
    if value is None or kind == "any":
        return []
    if kind == "object" and isinstance(value, dict):
        return _of_object(schema, value)
    if kind == "array" and isinstance(value, list):
        items = schema["items"]
        return [f"[{n}]{wrong}" for n, one in enumerate(value) for wrong in misfits(items, one)]
    if "enum" in schema and value not in schema["enum"]:
        return [f" = {value!r}: no such value"]
    if kind in ("object", "array") or not isinstance(value, SCALARS[kind]):
        return [f" = {value!r}: not of type {kind}"]
    return []


def _of_object(schema: Any, value: dict[str, Any]) -> list[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    found = []
    for name, item in value.items():
        inner = properties.get(name) or others
        found += [f".{name}{wrong}" for wrong in (misfits(inner, item) if inner else ["?"])]
    return found


def entry_misfits(entry: Any) -> Iterator[str]:
    url = urlsplit(entry["path"])
    method = method_of(entry["method"], url.path)
    for name, _ in parse_qsl(url.query, keep_blank_values=True):
        if name not in method["parameters"] and name not in published()["parameters"]:
            yield f"query {name}"
    if entry["status"] == 200 and not entry.get("injected"):
        yield from (f"response{one}" for one in misfits(method["response"], entry["response"]))
    if "request" in method:
        yield from (f"request{one}" for one in misfits(method["request"], entry["request"]))


def journal_misfits(journal: Iterable[Any]) -> list[str]:
    """Name what of a journal the published description does not know.

    What did not go to the Sheets API, such as a key sent to a wrong place, is not described in it.
    """
    sheets = [entry for entry in journal if entry["path"].startswith("/v4/")]
    return [misfit for entry in sheets for misfit in entry_misfits(entry)]
