"""gspread's HTTP client, made patient with reads, careful with writes, and never in a hurry."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from okr.workbooks.google_account import SCOPES, SHEETS_ROOT, is_loopback
from okr.workbooks.google_failures import (
    RequestFailedError,
    Trouble,
    parse_reply,
    retry_after,
    trouble_of_status,
)
from okr.workbooks.interface import ReadError
from okr.workbooks.limiter import Limiter

TIMEOUT = (5.0, 30.0)
PATIENCE = 20.0
PER_MINUTE = 49
USER_AGENT = "okr-board (gzip)"  # without that word Google does not compress

Json = dict[str, Any]

_NEVER_SENT = (
    requests.ConnectTimeout,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
)


@dataclass(slots=True)
class Traffic:
    """What has been asked of Google so far, and how much of it twice."""

    reads: int = 0
    writes: int = 0
    retries: int = 0
    seconds_limited: float = 0.0


class SheetsClient(HTTPClient):
    """Sends one request at a time; tries a reading again for a while, a write only after 429."""

    def __init__(
        self,
        auth: Credentials,
        api_root: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(auth)
        self.set_timeout(TIMEOUT)
        self.session.headers["User-Agent"] = USER_AGENT
        if api_root is not None:
            self.session.mount(SHEETS_ROOT, _OtherRoot(api_root))
        self.traffic = Traffic()
        self._reads = Limiter(PER_MINUTE, clock, sleep)
        self._writes = Limiter(PER_MINUTE, clock, sleep)
        self._clock = clock
        self._sleep = sleep
        self._turn = threading.Lock()

    def read(self, url: str, params: Mapping[str, Any] | None = None) -> bytes:
        """Fetch a JSON reply, trying again while the trouble may pass.

        Raises:
            RequestFailedError: If it does not pass within the client's patience.
        """
        return self._patiently("get", url, params, None, self._reads)

    def write(self, url: str, body: Json, params: Mapping[str, Any] | None = None) -> Json:
        """Send a change once; only where Google had no time for it (429) again.

        Raises:
            RequestFailedError: If it failed, or nobody knows whether it did.
        """
        return parse_reply(self._patiently("post", url, params, body, self._writes))

    def _patiently(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        body: Json | None,
        limiter: Limiter,
    ) -> bytes:
        until = self._clock() + PATIENCE
        attempt = 0
        while True:
            try:
                return self._once(method, url, params, body, limiter)
            except RequestFailedError as failure:
                wait = max(_back_off(attempt), failure.retry_after)
                is_hopeful = self._may_repeat(failure.trouble, limiter)
                if not is_hopeful or self._clock() + wait > until:
                    raise
            self.traffic.retries += 1
            self._sleep(wait)
            attempt += 1

    def _may_repeat(self, trouble: Trouble, limiter: Limiter) -> bool:
        is_throttled = trouble is Trouble.THROTTLED
        return is_throttled or (limiter is self._reads and trouble.is_passing)

    def _once(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        body: Json | None,
        limiter: Limiter,
    ) -> bytes:
        self.traffic.seconds_limited += limiter.take()
        with self._turn:
            if limiter is self._reads:
                self.traffic.reads += 1
            else:
                self.traffic.writes += 1
            return self._send(method, url, params, body)

    def _send(
        self, method: str, url: str, params: Mapping[str, Any] | None, body: Json | None
    ) -> bytes:
        """Send one request and give the reply's bytes, or tell why there are none."""
        try:
            response = self.request(method, url, params=dict(params or {}), json=body)
        except APIError as error:
            raise _of_status(error) from error
        except TransportError as error:  # the token could not be fetched: nothing was sent
            raise RequestFailedError(Trouble.UNSENT, str(error)) from error
        except GoogleAuthError as error:
            raise RequestFailedError(Trouble.UNTRUSTED, str(error)) from error
        except requests.RequestException as error:
            raise _of_transport(error) from error
        if response.content.lstrip()[:1] != b"{":
            raise RequestFailedError(Trouble.GARBLED, "the reply is not JSON")
        return response.content


class _Account(Credentials):
    """A service account that asks only for tokens.

    google-auth would ask another Google service, in the background, where the account may be used
    from. Sheets does not need it, and a board on loopback or behind a firewall must not try.
    """

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


class _OtherRoot(HTTPAdapter):
    """Carries requests for Google's address to another one."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self._root = root
        self._is_loopback = is_loopback(urlsplit(root).hostname)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        """Send a request that is meant for Google to the other address."""
        request.url = self._root + (request.url or "").removeprefix(SHEETS_ROOT)
        if self._is_loopback:
            options["proxies"] = {}
        return super().send(request, *args, **options)


def connect(
    key: Mapping[str, Any],
    api_root: str | None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> SheetsClient:
    """Make a client for a service account.

    Raises:
        ReadError: If the key is damaged.
    """
    try:
        credentials = _Account.from_service_account_info(  # type: ignore[no-untyped-call]
            dict(key), scopes=list(SCOPES)
        )
    except ValueError:
        raise ReadError(
            "The service account's private key is damaged. Create a new JSON key in the Google "
            "Cloud console and configure it whole, with the line breaks of private_key."
        ) from None
    return SheetsClient(credentials, api_root, clock, sleep)


def _back_off(attempt: int) -> float:
    """Draw how long to wait before the next attempt: twice as long each time, never the same."""
    return min(8.0, 0.5 * 2.0**attempt) * random.uniform(0.5, 1.5)


def _of_status(error: APIError) -> RequestFailedError:
    message = str(error.error.get("message", ""))
    status = error.response.status_code
    wait = retry_after(error.response.headers.get("Retry-After"))
    return RequestFailedError(trouble_of_status(status, message), message, wait)


def _of_transport(error: requests.RequestException) -> RequestFailedError:
    """Tell a request that never left from one whose answer never came."""
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    is_unsent = isinstance(error, _NEVER_SENT) or isinstance(reason, NewConnectionError)
    if is_unsent:
        return RequestFailedError(Trouble.UNSENT, str(error))
    return RequestFailedError(Trouble.LOST, str(error))
