"""Several processes that serve one address: each opens the agent itself, all share the sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen, url_of
from tastemaker.ui.gate.uvicorn_config import uvicorn_config
from tastemaker.ui.server.settings import ServerSettings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from tastemaker.agent import Tastemaker


@dataclass(frozen=True)
class Worker:
    """Makes the application in a process of its own; only what it is made of travels there.

    Attributes:
        agent: arguments of :func:`~tastemaker.ui.cli.open_agent.open_agent`.
        admission, settings: of the application.
        json_logs: whether it writes them.
    """

    agent: Mapping[str, Any]
    admission: Admission
    settings: ServerSettings
    json_logs: bool

    def __call__(self) -> ASGIApp:
        """The application, whose agent is closed when it ends."""
        from tastemaker.ui.server.application import application
        from tastemaker.ui.server.observation import export_spans, log_json

        export_spans()
        if self.json_logs:
            log_json()
        tm = open_agent(**self.agent)
        return ClosingApplication(application(tm, self.admission, self.settings), tm)


class ClosingApplication:
    """Closes its agent when the server ends."""

    def __init__(self, inside: ASGIApp, tm: Tastemaker) -> None:
        self._inside, self._tm = inside, tm

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the application inside."""
        try:
            await self._inside(scope, receive, send)
        finally:
            if scope["type"] == "lifespan":
                self._tm.close()


class Workers(Multiprocess):
    """Replaces a process that has ended, at once.

    uvicorn's own also asks each for a sign of life and kills who is silent: on a busy machine that is whoever still
    imports, and while it waits for one that was killed it looks after nobody.
    """

    def keep_subprocess_alive(self) -> None:
        """Start another for each that has ended; one that could not start ends all."""
        for place, process in enumerate(self.processes):
            if self.should_exit.is_set() or process.process.is_alive():
                continue
            process.kill()
            process.join()
            if process.exitcode == STARTUP_FAILURE:
                self.should_exit.set()
                return
            fresh = Process(self.config, self.sockets)
            fresh.start()
            self.processes[place] = fresh


def serve_with_workers(
    worker: Worker, workers: int, host: str, port: int, tell: Callable[[str], None]
) -> None:
    """Serve until SIGTERM or an interruption; a process that dies is replaced.

    Args:
        worker: makes what each process serves.
        workers: processes.
        host, port: as for one process.
        tell: is given the URL once the port is taken.

    Raises:
        ConfigError: no such port or address, or no free port near it.
    """
    listener = listen(host, port)
    url = url_of(host, listener.getsockname()[1])
    tell(f"{url}?token={worker.admission.token}" if worker.admission.token else url)
    config = uvicorn_config(
        worker,
        worker.settings.root_path,
        factory=True,
        workers=workers,
    )
    Workers(config, sockets=[listener]).run()
