"""Serve the chat page: on loopback unless told otherwise, without any call to another host."""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
import typer
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.gate.admission import Admission, is_loopback
from tastemaker.ui.gate.gate import Gate, Openings
from tastemaker.ui.gate.known_events import KnownEvents
from tastemaker.ui.gate.listener import listen, url_of
from tastemaker.ui.gate.rate import RateLimit
from tastemaker.ui.gate.running_server import RunningServer
from tastemaker.ui.views.brand import Brand
from tastemaker.ui.web.assets import style
from tastemaker.ui.web.page import PLAIN, UNBOUNDED, PageTurns, build_page
from tastemaker.ui.web.strings import LANGUAGES
from tastemaker.ui.web.theme import theme

__all__ = ["DEFAULT_HOST", "DEFAULT_PORT", "build_page", "launch", "serve"]

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 7860
TURNS_AT_ONCE = 8
OTHER_THREADS = 32
"""For all that the page does beside turns."""
REQUESTS_PER_SECOND, REQUESTS_AT_ONCE = 50.0, 400
"""Of one address: opening the page takes about a hundred, a turn two."""

PATHS = (
    "/$",
    "/config",
    "/assets/",
    "/static/",
    "/svelte/",
    "/theme.css$",
    "/favicon.ico$",
    "/robots.txt$",
    "/gradio_api/app_id",
    "/gradio_api/cancel$",
    "/gradio_api/component_server",
    "/gradio_api/heartbeat/",
    "/gradio_api/queue/data$",
    "/gradio_api/queue/join",
    "/gradio_api/reset",
    "/gradio_api/startup-events$",
    "/gradio_api/theme.css$",
)
"""All of Gradio's paths that the page uses; uploads, files, proxies, other ways to call and monitors are closed."""

CONTENT_SECURITY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: https: http:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self';"
    " form-action 'self'; frame-ancestors 'none'"
)
"""Gradio writes scripts into its page and makes functions of texts, so both are let; nothing from elsewhere is."""


def serve(
    tm: Tastemaker,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    person: str | None = None,
    *,
    no_auth: bool = False,
    language: str | None = None,
    brand: Brand = PLAIN,
    turns: PageTurns = UNBOUNDED,
) -> None:
    """Serve the page until interrupted; prints its URL once it answers. Arguments and errors as :func:`launch`."""
    server, url = launch(tm, host, port, person, no_auth=no_auth, language=language, brand=brand, turns=turns)
    typer.echo(url)
    server.wait()


def launch(
    tm: Tastemaker,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    person: str | None = None,
    *,
    no_auth: bool = False,
    language: str | None = None,
    brand: Brand = PLAIN,
    turns: PageTurns = UNBOUNDED,
) -> tuple[RunningServer, str]:
    """Start the page in the background: the server (``close()`` ends it) and its URL.

    Args:
        tm: what answers. Closing it is the caller's.
        host: address to listen on; others than loopback ask for the token that the URL ends in.
        port: the first port to try; the next free one is taken where it is in use.
        person: whose page it is: each tab begins with what is known of them. On loopback only.
        no_auth: let in everybody who reaches the address.
        brand: how the page presents itself.
        language: of the page, such as ``de``; each browser's own unless given.
        turns: how they are let in.

    Raises:
        ConfigError: no such language, port or address, no free port near it, or one person's page for others to reach.
        QueryError: a malformed person id.
    """
    if person and not is_loopback(host):
        raise ConfigError(
            f"the page of {person!r} on {host}: whoever opened it would be this person; serve it on {DEFAULT_HOST},"
            " or leave --person out"
        )
    if language is not None and language not in LANGUAGES:
        raise ConfigError(
            f"language {language!r}; choose one of {', '.join(LANGUAGES)}, or leave it to browsers"
        )
    admission = Admission.of(host, no_auth=no_auth)
    application = page_application(tm, admission, person, language, brand, turns)
    listener = listen(host, port)
    url = url_of(host, listener.getsockname()[1])
    server = RunningServer(application, listener)
    return server, f"{url}?token={admission.token}" if admission.token else url


def page_application(
    tm: Tastemaker,
    admission: Admission,
    person: str | None = None,
    language: str | None = None,
    brand: Brand = PLAIN,
    turns: PageTurns = UNBOUNDED,
) -> ASGIApp:
    """The page as an ASGI application behind its gate."""
    return gate_page(mount_page(tm, person, language, brand, turns), admission)


def gate_page(page: FastAPI, admission: Admission) -> ASGIApp:
    """A mounted page behind its gate."""
    limit = RateLimit(REQUESTS_PER_SECOND, REQUESTS_AT_ONCE)
    return Gate(page, admission, Openings(PATHS, CONTENT_SECURITY), limit)


def mount_page(
    tm: Tastemaker,
    person: str | None = None,
    language: str | None = None,
    brand: Brand = PLAIN,
    turns: PageTurns = UNBOUNDED,
) -> FastAPI:
    """The page alone, without a gate before it."""
    # After every event Gradio sums up all events so far with pandas, for a page that is off here: do not.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
    # Where no event loop runs, Gradio makes one for each of its locks and leaves them open.
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, _mount_page(tm, person, language, brand, turns)).result()


async def _mount_page(
    tm: Tastemaker, person: str | None, language: str | None, brand: Brand, turns: PageTurns
) -> FastAPI:
    page = build_page(tm, person, language, brand, turns.admit)
    # Threads of its own: turns that wait hold one each, and must not keep those that run from going on.
    page.max_threads = turns.most + OTHER_THREADS
    page.create_limiter()  # type: ignore[no-untyped-call]
    page.queue(default_concurrency_limit=TURNS_AT_ONCE, api_open=False)
    mounted: FastAPI = gr.mount_gradio_app(
        FastAPI(openapi_url=None),
        page,
        path="/",
        theme=theme(),
        css=style() + brand.style,
        footer_links=[],
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
    )
    mounted.add_middleware(
        KnownEvents, inputs={number: len(one.inputs) for number, one in page.fns.items() if one.fn}
    )
    for app in [mounted, *(route.app for route in mounted.routes if isinstance(route, Mount))]:
        if isinstance(app, FastAPI):
            app.add_exception_handler(RequestValidationError, _refuse_malformed)
    return mounted


async def _refuse_malformed(_: Request, __: Exception) -> JSONResponse:
    """FastAPI's own answer repeats what was sent, and fails where that is half a character."""
    return JSONResponse({"detail": "malformed request"}, 422)
