"""All runs below a folder as pages: a list, and a report of those that are chosen, on this machine alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from tastemaker.evals.browse.browser import Browser
from tastemaker.evals.reports.html_page import page_style
from tastemaker.evals.reports.run_report import browse, page_of
from tastemaker.evals.run_reports import read_report
from tastemaker.retrieval.errors import TastemakerError
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.gate import Gate, Openings
from tastemaker.ui.viewer.library import Library, stamp

LOOPBACK = "127.0.0.1"
KEPT = 4
"""Pages that are kept, the latest: one of many cases takes seconds to make."""
PIECE_BYTES = 3_000_000
"""Of cases that a page fetches at a time, once it has more of them."""
CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Each page narrows this to the one program that it knows by its hash."""


@dataclass(frozen=True)
class MadePage:
    """A report and the pieces of its cases."""

    html: str
    browser: Browser | None


class Pages:
    """Reports of chosen runs, made once for as long as the runs stay as they are."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._made: OrderedDict[str, MadePage] = OrderedDict()
        self._making = threading.Lock()

    def page(self, names: list[str], baseline: str | None) -> MadePage:
        """The report of runs by their names.

        Raises:
            TastemakerError: runs that are not there, of different kinds, or that cannot be read.
        """
        paths = self.library.find(names)
        key = stamp(paths, baseline)
        with self._making:
            if key not in self._made:
                self._made[key] = _make(paths, baseline, key)
                while len(self._made) > KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(key)
            return self._made[key]

    def piece(self, key: str, name: str) -> bytes | None:
        """A file of cases of a page that is kept."""
        made = self._made.get(key)
        return made.browser.files.get(name) if made and made.browser else None


def viewer(root: Path) -> Gate:
    """The runs below a folder, behind a gate that answers to this machine's own names only."""
    pages = Pages(Library(root))
    routes = [
        Route("/", partial(_list, pages)),
        Route("/report", partial(_report, pages)),
        Route("/cases/{key}/{name}", partial(_piece, pages)),
    ]
    admission = Admission.of(LOOPBACK, no_auth=True, token="")
    return Gate(Starlette(routes=routes), admission, Openings(content_security=CONTENT_SECURITY))


def _make(paths: list[Path], baseline: str | None, key: str) -> MadePage:
    report = read_report(paths, baseline)
    browser = browse(report.runs, f"/cases/{key}", PIECE_BYTES)
    return MadePage(page_of(report.runs, list(report.sections()), browser), browser)


def _list(pages: Pages, request: Request) -> Response:  # noqa: ARG001  as routes are called
    groups = pages.library.groups()
    return HTMLResponse(
        _environment()
        .get_template("index.html.j2")
        .render(root=str(pages.library.root), groups=groups, style=page_style())
    )


def _report(pages: Pages, request: Request) -> Response:
    names = request.query_params.getlist("run")
    if not names:
        return PlainTextResponse("choose one run or more in the list\n", 400)
    try:
        made = pages.page(names, request.query_params.get("baseline") or None)
    except TastemakerError as error:
        return PlainTextResponse(f"{error}\n", 400)
    return HTMLResponse(made.html)


def _piece(pages: Pages, request: Request) -> Response:
    content = pages.piece(request.path_params["key"], request.path_params["name"])
    if content is None:
        return PlainTextResponse("these cases are no longer kept; load the page again\n", 404)
    return Response(content, media_type="text/javascript")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
