"""An ASGI application served in the background on a socket that is bound before anything is started."""

from __future__ import annotations

import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from tastemaker.retrieval.errors import ConfigError

START_SECONDS = 120.0
"""A machine under load takes long to start a thread and to import what is behind it."""
STOP_SECONDS = 20.0
POLL_SECONDS = 0.01
MAX_CONNECTIONS = 512


class RunningServer:
    """Serves ``app`` until it is closed.

    Args:
        app: what to serve.
        listener: a bound socket; it belongs to the server from here on.

    Raises:
        ConfigError: it did not start.
    """

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self._listener = listener
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, daemon=True, name="tastemaker-server"
        )
        self._thread.start()
        latest = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > latest:
                address = listener.getsockname()[:2]
                self.close()
                raise ConfigError(
                    f"the server on {address} did not start within {START_SECONDS:g} s;"
                    " run the same command again, or look at the log above"
                )
            time.sleep(POLL_SECONDS)

    def wait(self) -> None:
        """Until it ends, or the process is interrupted."""
        try:
            while self._thread.is_alive():
                self._thread.join(1.0)
        except (KeyboardInterrupt, OSError):
            self.close()

    def close(self) -> None:
        """Stop it and free its port."""
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
