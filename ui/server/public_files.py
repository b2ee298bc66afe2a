"""A few files that any site's page may load."""

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
