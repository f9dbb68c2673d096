"""Bearer tokens: given for a service account's claim, and asked of every request."""

import base64
import json
import threading
from typing import Any
from urllib.parse import parse_qs

from tests.sheets_api.errors import ApiError

WRITE_SCOPES = ("/auth/spreadsheets", "/auth/drive", "/auth/drive.file")
UNAUTHENTICATED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
    "or other valid authentication credential."
)
TOO_NARROW = "Request had insufficient authentication scopes."


class Tokens:
    """The tokens given out, each with its scopes. A token from elsewhere is taken to have all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scopes: dict[str, list[str]] = {}
        self._revoked: set[str] = set()
        self.issued = 0

    def issue(self, form: bytes) -> tuple[int, dict[str, Any]]:
        """Answer a token request. The claim is read; its signature is not checked."""
        fields = parse_qs(form.decode())
        try:
            claim = _claim(fields["assertion"][0])
        except (KeyError, ValueError, IndexError):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT."}
        with self._lock:
            self.issued += 1
            token = f"token-{self.issued}"
            self._scopes[token] = str(claim.get("scope", "")).split()
        return 200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def check(self, authorization: str | None, needs_write: bool) -> None:
        """Refuse a request without a good token.

        Raises:
            ApiError: 401 without one, 403 if its scopes do not reach so far.
        """
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token or token in self._revoked:
            raise ApiError(401, UNAUTHENTICATED)
        scopes = self._scopes.get(token)
        if scopes is not None and needs_write and not any(s.endswith(WRITE_SCOPES) for s in scopes):
            reason = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            }
            raise ApiError(403, TOO_NARROW, [reason])

    def revoke_all(self) -> None:
        with self._lock:
            self._revoked |= set(self._scopes)


def _claim(assertion: str) -> dict[str, Any]:
    payload = assertion.split(".")[1]
    claim = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if not isinstance(claim, dict):
        raise ValueError("a claim is an object")
    return claim
