"""Files to take along, by their addresses: charts as pictures, tables for a spreadsheet."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from okr import picture_route, shell
from okr.listings import Listing, as_csv
from okr.pictures.chart_files import draw_chart, file_name
from okr.views import progress
from okr.views.addresses import Address
from okr.views.files import (
    PICTURES,
    TABLES,
    Files,
    overview_files,
    sheet_health_files,
    team_files,
)
from okr.workbooks.interface import WorkbookError
from okr.workbooks.xlsx_listing import as_xlsx

TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

WRITERS: Mapping[str, Callable[[Listing], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}


async def file(request: Request) -> Response:
    """Answer with a file of a page, made for who asks."""
    if not picture_route.allowance.take():
        return PlainTextResponse(_TOO_MANY, 429, headers={"Retry-After": "5"})
    page, _, form = request.url.path.rpartition("/")[2].rpartition(".")
    return await asyncio.to_thread(_answer, page, form, dict(request.query_params))


def _answer(page: str, form: str, query: Mapping[str, str]) -> Response:
    try:
        visit = shell.visit_at(query)
    except WorkbookError as error:
        return PlainTextResponse(str(error), 503)
    if visit is None:
        return PlainTextResponse(_NOT_YET, 503)
    address = Address(page, {name: said for name, said in query.items() if name != "file"})
    found = _chosen(list(GIVERS[page](visit, address)), query.get("file", "0"))
    made = _make(found, form) if found else None
    if made is None:
        return PlainTextResponse(_NO_SUCH_FILE, 404)
    name, body = made
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers, media_type=TYPES[form])


def _chosen(given: Sequence[Files], number: str) -> Files | None:
    return given[int(number)] if number in map(str, range(len(given))) else None


def _make(found: Files, form: str) -> tuple[str, bytes] | None:
    """Make a file and its name; None where there is nothing of that form."""
    drawing = found.drawing
    if form in PICTURES and drawing is not None:
        about = f"{drawing.about} {drawing.names}".rstrip()
        body = draw_chart(drawing.spec, drawing.title, about, found.origin, form)
        return file_name((drawing.title,), form), body
    if form in TABLES and found.list_rows is not None:
        listing = found.list_rows()
        return file_name((listing.name,), form), WRITERS[form](listing)
    return None


def _of_progress(visit: shell.Visit, address: Address) -> Sequence[Files]:
    page = progress.build_progress(visit.board, visit.team, address, visit.history, visit.past)
    return [block.files for block in page.blocks]


GIVERS: Mapping[str, Callable[[shell.Visit, Address], Sequence[Files]]] = {
    "overview": lambda visit, _: overview_files(visit.board),
    "team": lambda visit, _: team_files(visit.board, visit.team),
    "sheet_health": lambda visit, address: sheet_health_files(visit.board, address),
    "progress": _of_progress,
}

_TOO_MANY = "Too many files were asked for at once. Try again in a few seconds."
_NOT_YET = "The workbook is being read for the first time. Try again in a few seconds."
_NO_SUCH_FILE = "There is no such chart or table. Open the page, and take it along from there."

ROUTES = [Route(f"/{page}.{form}", file) for page in GIVERS for form in TYPES]
