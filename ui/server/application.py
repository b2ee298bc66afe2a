"""The server as one ASGI application: REST, OpenAI's protocol, MCP, health, figures, the widget and the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp

from tastemaker.agent import Tastemaker
from tastemaker.agent.mcp_server import mcp_server
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.gate import Gate, Openings
from tastemaker.ui.gate.rate import RateLimit
from tastemaker.ui.server import catalog_routes, conversation_routes, event_routes, health_routes
from tastemaker.ui.server.client_agent import ClientAgent, admit
from tastemaker.ui.server.client_keys import ClientKeys
from tastemaker.ui.server.counted import Counted
from tastemaker.ui.server.errors import RESPONSES, answer_errors
from tastemaker.ui.server.metrics import Metrics
from tastemaker.ui.server.openai_routes import openai_router
from tastemaker.ui.server.public_files import PublicFiles, ServerAndPage
from tastemaker.ui.server.sessions import ClientSessions
from tastemaker.ui.server.settings import ServerSettings
from tastemaker.ui.server.state import ServerState
from tastemaker.ui.server.turn_slots import TurnSlots
from tastemaker.ui.web.page import PageTurns
from tastemaker.ui.web.server import gate_page, mount_page

CONTENT_SECURITY = "default-src 'none'; frame-ancestors 'none'"
WIDGET = Path(__file__).parent / "widget.js"


def application(tm: Tastemaker, admission: Admission, settings: ServerSettings) -> ASGIApp:
    """Everything behind its gate; closing ``tm`` is the caller's.

    From the outside in: other sites' pages (CORS) and the public files, the gate (host, origin, size, rate),
    the clients' keys, the routes. The page has a gate of its own, and is left out where clients have keys: a
    browser that opens it has none.
    """
    load = settings.load(has_model=tm.model is not None)
    slots = TurnSlots(load)
    turns = PageTurns(slots.hold, load.most)
    page = mount_page(tm, turns=turns) if settings.page and not settings.keys else None
    gated: ASGIApp = Gate(
        ClientKeys(rest_application(tm, settings, page, slots), settings.keys),
        admission,
        Openings(content_security=CONTENT_SECURITY),
        RateLimit(settings.per_second, settings.burst),
    )
    if page is not None:
        gated = ServerAndPage(gated, gate_page(page, admission))
    outside: ASGIApp = PublicFiles(gated, {"/widget.js": (WIDGET, "text/javascript; charset=utf-8")})
    if settings.origins:
        outside = CORSMiddleware(
            outside,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            max_age=600,
        )
    return outside


def rest_application(
    tm: Tastemaker, settings: ServerSettings, page: FastAPI | None = None, slots: TurnSlots | None = None
) -> FastAPI:
    """The routes alone, without a gate before them; ``page`` is started and ended with them, and shares ``slots``."""
    slots = slots or TurnSlots(settings.load(has_model=tm.model is not None))
    mcp = mcp_server(ClientAgent(tm), partial(admit, slots))
    mcp_routes = mcp.streamable_http_app(
        stateless_http=True,
        # The gate has looked at host and origin already, and knows more names than this would.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    ).routes
    server = ServerState(tm, settings, slots, ClientSessions(tm), Metrics(slots))

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(mcp.session_manager.run())
            if page is not None:
                await stack.enter_async_context(page.router.lifespan_context(page))
            server.ready = True
            yield
            server.ready = False

    app = FastAPI(
        title=f"Tastemaker: {tm.workspace.manifest.name}",
        version=version("tastemaker"),
        description="A conversational recommender: items that exist, conditions that hold, reasons that are checked.",
        servers=[{"url": settings.root_path or "/"}],
        lifespan=run,
        responses=RESPONSES,
        docs_url=None,
        redoc_url=None,
    )
    app.state.server = server
    answer_errors(app)
    app.add_middleware(Counted, server=server)
    for router in (
        conversation_routes.router,
        catalog_routes.router,
        event_routes.router,
        health_routes.router,
    ):
        app.include_router(router)
    app.include_router(openai_router())
    app.router.routes.extend(mcp_routes)
    return app
