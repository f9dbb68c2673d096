"""The headers that every answer carries, and the one inline script that they allow."""

import base64
import hashlib

from okr.serving import content_policy, security_headers
from okr.views import html


def script_sources(policy: str) -> list[str]:
    [rule] = [rule for rule in policy.split("; ") if rule.startswith("script-src ")]
    return rule.split(" ")[1:]


def test_only_streamlits_own_inline_script_is_allowed_beside_those_named() -> None:
    script = "\n window.ready = false\n"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    policy = content_policy(f"<head><script>{script}</script></head>", "sha256-ours")

    assert script_sources(policy) == [
        "'self'",
        "'wasm-unsafe-eval'",
        f"'sha256-{digest}'",
        "'sha256-ours'",
    ]


def test_nothing_may_come_from_anywhere_else() -> None:
    policy = security_headers()["Content-Security-Policy"]

    for rule in policy.split("; "):
        name, *sources = rule.split(" ")
        assert not [source for source in sources if "*" in source or "http" in source], name
    assert "'unsafe-inline'" not in script_sources(policy)
    assert "'unsafe-eval'" not in script_sources(policy)


def test_the_script_of_the_links_is_allowed() -> None:
    sources = script_sources(security_headers()["Content-Security-Policy"])

    assert f"'{html.LINKS_HASH}'" in sources
