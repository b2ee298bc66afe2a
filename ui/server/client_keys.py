"""ASGI middleware that asks for a key and tells whose it is."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from tastemaker.ui.server.errors import problem

OPEN = ("/healthz", "/readyz", "/widget.js", "/docs", "/openapi.json")
"""Paths that tell nothing of anybody."""


class ClientKeys:
    """Lets requests with a known key through, with ``state["client"]`` set; without keys, all.

    Args:
        app: what is behind it.
        keys: key -> client.
    """

    def __init__(self, app: ASGIApp, keys: Mapping[str, str]) -> None:
        self._app = app
        # By their hashes: how long a comparison takes then tells nothing of a key.
        self._clients = {_digest(key): client for key, client in keys.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI says."""
        if scope["type"] == "http" and self._clients and scope["path"] not in OPEN:
            client = self._client(Headers(scope=scope).get("authorization", ""))
            if client is None:
                refusal = problem(
                    401,
                    "send Authorization: Bearer KEY, one of this server's keys",
                    "NoKey",
                    {"WWW-Authenticate": "Bearer"},
                )
                await refusal(scope, receive, send)
                return
            scope.setdefault("state", {})["client"] = client
        await self._app(scope, receive, send)

    def _client(self, header: str) -> str | None:
        kind, _, key = header.partition(" ")
        if kind.casefold() != "bearer":
            return None
        shown = _digest(key.strip())
        return next(
            (client for known, client in self._clients.items() if hmac.compare_digest(known, shown)), None
        )


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
