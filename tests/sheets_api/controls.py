"""The control paths under `/_test/`, for tests that drive the server as a process of its own."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sheets_api.errors import ApiError, error_body, unsupported
from tests.sheets_api.faults import Answer
from tests.sheets_api.human import ACTS
from tests.sheets_api.metadata import shown
from tests.sheets_api.ranges import parse_range
from tests.sheets_api.service import DEMO, Service
from tests.sheets_api.state import Json
from tests.sheets_api.values import Render, value_range

PREFIX = "/_test/"
WHEN = ("before_apply", "after_read")


def respond(service: Service, method: str, target: str, data: bytes) -> Answer:
    """Carry out a control request; see the package's docstring for what there is."""
    url = urlsplit(target)
    query = {name: given[-1] for name, given in parse_qs(url.query).items()}
    act = _ACTS.get((method, url.path.removeprefix(PREFIX)))
    try:
        if act is None:
            raise unsupported(f"{method} {url.path}")
        return Answer(200, act(service, query, json.loads(data) if data else {}))
    except ApiError as error:
        return Answer(error.status, error.body())
    except (TypeError, ValueError, KeyError) as error:
        return Answer(400, error_body(400, f"A bad control request: {error!r}"))


def _add_fault(service: Service, _: Json, body: Json) -> Json:
    return _fault(service.faults.add(**body))


def _fault(fault: Any) -> Json:
    return {name: value for name, value in asdict(fault).items() if not name.startswith("_")}


def _list_faults(service: Service, *_: Json) -> Json:
    return {"faults": [_fault(fault) for fault in service.faults.waiting]}


def _clear_faults(service: Service, *_: Json) -> Json:
    service.faults.clear()
    return {}


def _do_by_hand(service: Service, _: Json, body: Json) -> Json:
    name, when = body.pop("do", None), body.pop("when", None)
    if name not in ACTS:
        raise unsupported(f"the human act {name!r}; known are {', '.join(ACTS)}")
    act: Callable[[], Any] = partial(getattr(service.human, name), **body)
    if when is None:
        return {"result": act()}
    [moment] = [key for key in when if key in WHEN]
    fitting = {key: value for key, value in when.items() if key not in WHEN}
    getattr(service.human, moment)(when[moment], act, **fitting)
    return {}


def _journal(service: Service, query: Json, _: Json) -> Json:
    return {"entries": service.journal.entries[int(query.get("since", 0)) :]}


def _clear_journal(service: Service, *_: Json) -> Json:
    service.journal.clear()
    return {}


def _quota(service: Service, *_: Json) -> Json:
    counts = {"reads": service.quota.reads, "writes": service.quota.writes}
    return counts | {"last_minute": service.quota.last_minute()}


def _limit(service: Service, _: Json, body: Json) -> Json:
    service.quota.limit(**body)
    return {}


def _reset_quota(service: Service, *_: Json) -> Json:
    service.quota.reset()
    return {}


def _values(service: Service, query: Json, _: Json) -> Json:
    book = service.store.find(query.get("spreadsheet", DEMO))
    area = parse_range(book, query["range"])
    return value_range(book, area, Render(query.get("render", "UNFORMATTED_VALUE")))


def _metadata(service: Service, query: Json, _: Json) -> Json:
    book = service.store.find(query.get("spreadsheet", DEMO))
    return {"developerMetadata": [shown(entry) for entry in book.metadata.values()]}


def _reset(service: Service, *_: Json) -> Json:
    service.reset()
    return {}


def _revoke_tokens(service: Service, *_: Json) -> Json:
    service.tokens.revoke_all()
    return {}


_ACTS: dict[tuple[str, str], Callable[[Service, Json, Json], Json]] = {
    ("POST", "faults"): _add_fault,
    ("GET", "faults"): _list_faults,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "human"): _do_by_hand,
    ("GET", "journal"): _journal,
    ("DELETE", "journal"): _clear_journal,
    ("GET", "quota"): _quota,
    ("POST", "quota"): _limit,
    ("DELETE", "quota"): _reset_quota,
    ("GET", "values"): _values,
    ("GET", "metadata"): _metadata,
    ("POST", "reset"): _reset,
    ("POST", "revoke_tokens"): _revoke_tokens,
}
