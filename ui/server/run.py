"""Serve an application until it is told to stop; turns that run are finished first."""

from __future__ import annotations

from collections.abc import Callable

import uvicorn

from tastemaker.agent import Tastemaker
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen, url_of
from tastemaker.ui.gate.uvicorn_config import uvicorn_config
from tastemaker.ui.server.application import application
from tastemaker.ui.server.settings import ServerSettings

DEFAULT_PORT = 8000


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
    config = uvicorn_config(application(tm, admission, settings), settings.root_path)
    uvicorn.Server(config).run(sockets=[listener])
