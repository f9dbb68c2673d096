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


def method_of(verb: str, path: str) -> Any:
    """Find the published method for a path: that with the longest template that fits."""
    fitting = []
    for method in methods(published()):
        pattern = re.sub(r"\\{(\w+)\\}", r"(.+)", re.escape("/" + method["path"]))
        if verb == method["httpMethod"] and re.fullmatch(pattern, path):
            fitting.append(method)
    return max(fitting, key=lambda method: len(method["path"]))


def misfits(schema: Any, value: Any, where: str) -> Iterator[str]:
    """Name what of a JSON value a published schema does not know."""
    schema = published()["schemas"][schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type")
    if value is None or kind == "any":
        return
    if kind == "object" and isinstance(value, dict):
        for name, item in value.items():
            inner = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            yield from misfits(inner, item, f"{where}.{name}") if inner else [f"{where}.{name}?"]
    elif kind == "array" and isinstance(value, list):
        for place, item in enumerate(value):
            yield from misfits(schema["items"], item, f"{where}[{place}]")
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where} = {value!r}: no such value"
    elif kind in ("object", "array") or not isinstance(value, SCALARS[kind]):
        yield f"{where} = {value!r}: not of type {kind}"


def entry_misfits(entry: Any) -> Iterator[str]:
    url = urlsplit(entry["path"])
    method = method_of(entry["method"], url.path)
    for name, _ in parse_qsl(url.query, keep_blank_values=True):
        if name not in method["parameters"] and name not in published()["parameters"]:
            yield f"query {name}"
    if entry["status"] == 200 and not entry.get("injected"):
        yield from misfits(method["response"], entry["response"], "response")
    if "request" in method:
        yield from misfits(method["request"], entry["request"], "request")


def journal_misfits(journal: Iterable[Any]) -> list[str]:
    """Name what of a journal the published description does not know.

    What did not go to the Sheets API, such as a key sent to a wrong place, is not described in it.
    """
    sheets = [entry for entry in journal if entry["path"].startswith("/v4/")]
    return [misfit for entry in sheets for misfit in entry_misfits(entry)]
