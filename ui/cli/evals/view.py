"""``tastemaker eval view``: all runs of a folder in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.retrieval.errors import DataError
from tastemaker.ui.cli.console import say, write

DEFAULT_PORT = 7870


def view(
    runs: Annotated[Path, typer.Argument(help="A folder with runs in it or below it, or a run itself.")],
    port: Annotated[
        int, typer.Option(help="Port; the next free one is taken if it is in use.")
    ] = DEFAULT_PORT,
) -> None:
    """Show all runs below a folder in the browser: reports, and every case with filters; prints the address.

    Only this machine reaches it. Ctrl-C ends it.
    """
    from tastemaker.ui.gate.listener import listen, url_of
    from tastemaker.ui.gate.running_server import RunningServer
    from tastemaker.ui.viewer.application import LOOPBACK, viewer

    if not runs.is_dir():
        raise DataError("no such folder; give what `tastemaker eval ... --out` wrote", runs)
    listener = listen(LOOPBACK, port)
    with RunningServer(viewer(runs.resolve()), listener) as server:
        write(url_of(LOOPBACK, listener.getsockname()[1]))
        say("Ctrl-C ends it")
        server.wait()
