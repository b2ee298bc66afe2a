"""Which application a path belongs to: a few files that any site's page may load, the server, the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OPEN_TO_ALL = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "max-age=3600",
}


class PublicFiles:
    """Answers whole paths with files; all else goes to ``app``.

    Args:
        app: what is behind it.
        files: path -> file and media type.
    """

    def __init__(self, app: ASGIApp, files: Mapping[str, tuple[Path, str]]) -> None:
        self._app = app
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI says."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"] in self._files:
            file, kind = self._files[scope["path"]]
            await FileResponse(file, headers=OPEN_TO_ALL, media_type=kind)(scope, receive, send)
            return
        await self._app(scope, receive, send)


OF_THE_SERVER = ("/v1/", "/mcp", "/healthz", "/readyz", "/metrics", "/openapi.json")


class ServerAndPage:
    """The server's own paths go to it, all others to the page.

    Args:
        server: told of the beginning and the end as well.
        page: the chat page.
    """

    def __init__(self, server: ASGIApp, page: ASGIApp) -> None:
        self._server = server
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI says."""
        own = scope["type"] == "lifespan" or scope["path"].startswith(OF_THE_SERVER)
        await (self._server if own else self._page)(scope, receive, send)
