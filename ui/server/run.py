"""Serve an application until it is told to stop; turns that run are finished first."""

from __future__ import annotations

from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from tastemaker.agent import Tastemaker
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen, url_of
from tastemaker.ui.server.application import application
from tastemaker.ui.server.settings import ServerSettings

DEFAULT_PORT = 8000
GRACE_SECONDS = 30
MAX_CONNECTIONS = 1024


def serve(
    tm: Tastemaker,
    admission: Admission,
    settings: ServerSettings,
    host: str,
    port: int,
    tell: Callable[[str], None],
) -> None:
    """Serve until SIGTERM or an interruption; ``tell`` is given the URL once the port is taken.

    Raises:
        ConfigError: no such port or address, or no free port near it.
    """
    listener = listen(host, port)
    url = url_of(host, listener.getsockname()[1])
    tell(f"{url}?token={admission.token}" if admission.token else url)
    config = server_config(application(tm, admission, settings), settings)
    uvicorn.Server(config).run(sockets=[listener])


def server_config(app: ASGIApp, settings: ServerSettings) -> uvicorn.Config:
    """How uvicorn serves an application of ours."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=75,  # longer than proxies keep theirs, so that none is closed under a request
        ws="none",
        root_path=settings.root_path,
    )
