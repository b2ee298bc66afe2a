"""Counts requests, gives each an id, and writes a line about it."""

from __future__ import annotations

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tastemaker.agent.request_id import with_request_id
from tastemaker.ui.server.client_agent import client
from tastemaker.ui.server.state import ServerState

logger = logging.getLogger("tastemaker.requests")


class Counted:
    """ASGI middleware of its own: Starlette's for functions sends each event of a stream through a queue more."""

    def __init__(self, app: ASGIApp, server: ServerState) -> None:
        self._app, self._server = app, server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request is counted when its answer begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        client.set(str(scope.get("state", {}).get("client", "")))
        with with_request_id(Headers(scope=scope).get("X-Request-Id")) as known:

            async def counting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    MutableHeaders(scope=message)["X-Request-Id"] = known
                    self._count(scope, message["status"], known, time.perf_counter() - started)
                await send(message)

            await self._app(scope, receive, counting)

    def _count(self, scope: Scope, status: int, request: str, seconds: float) -> None:
        path = str(getattr(scope.get("route"), "path", "other"))
        self._server.metrics.requests.labels(path, scope["method"], str(status)).inc()
        fields = {
            "event": "request",
            "request": request,
            "method": scope["method"],
            "route": path,
            "status": status,
            "seconds": round(seconds, 4),
        }
        logger.info("request %s", request, extra={"fields": fields})
