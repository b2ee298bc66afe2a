"""``tastemaker prune``: old conversations go, their records are compressed."""

from __future__ import annotations

from typing import Annotated

import typer

from tastemaker.ui.cli.console import write
from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.cli.options import (
    DEFAULT_WORKSPACE,
    HomeOption,
    LogOption,
    SessionsOption,
    WorkspaceOption,
)


def prune(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    sessions: SessionsOption = None,
    home: HomeOption = None,
    log: LogOption = None,
    days: Annotated[
        float | None, typer.Option(help="Remove conversations that nobody went on with for so many days.")
    ] = None,
    megabytes: Annotated[
        float | None, typer.Option(help="Keep at most so much of traces and feedback, the latest of it.")
    ] = None,
    compress_days: Annotated[
        float | None, typer.Option(help="Compress records that nobody added to for so many days.")
    ] = None,
) -> None:
    """Remove and compress what is due: by these options, or by retention.toml in the workspace."""
    from pydantic import ValidationError

    from tastemaker.agent.memory.retention import Retention
    from tastemaker.retrieval.errors import ConfigError

    said = {"days": days, "megabytes": megabytes, "compress_days": compress_days}
    given = {name: value for name, value in said.items() if value is not None}
    try:
        keep = Retention(**given) if given else None
    except ValidationError as error:
        raise ConfigError(
            f"--{error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}; give a number from 0 on"
        ) from error
    with open_agent(workspace, "rules", "fast", sessions=sessions, home=home, log=log) as tm:
        done = tm.prune(keep)
    write(
        f"removed {done.removed:,} conversations, compressed {done.compressed:,} records;"
        f" records take {done.bytes_after / 2**20:,.1f} MB, before {done.bytes_before / 2**20:,.1f} MB"
    )
