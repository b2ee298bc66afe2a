"""``tastemaker eval replay``: our own logged sessions under another model, prompt or configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.evals.output import print_report, run_options
from tastemaker.ui.cli.options import (
    MODELS,
    EffortOption,
    JsonFileOption,
    LimitOption,
    NeededWorkspace,
    OutOption,
    QuietOption,
    RayOption,
    SeedOption,
    WorkersOption,
)


def replay(
    workspace: NeededWorkspace = None,
    log: Annotated[
        Path | None, typer.Option(help="Folder of the feedback log; the one in the workspace by default.")
    ] = None,
    llm: Annotated[list[str] | None, typer.Option(help=f"{MODELS}; may be repeated. [rules]")] = None,
    effort: EffortOption = "balanced",
    recommender: Annotated[
        str | None, typer.Option(help="Another recommender of the workspace (tastemaker train).")
    ] = None,
    prompts: Annotated[
        Path | None, typer.Option(help="Folder of prompts that take the place of those of the same names.")
    ] = None,
    reward: Annotated[
        str, typer.Option(help="What counts in estimates: chosen, liked or opened.")
    ] = "chosen",
    supported_only: Annotated[
        bool,
        typer.Option(
            "--supported-only", help="Estimate from the turns that the log could have shown as replayed."
        ),
    ] = False,
    limit: LimitOption = None,
    workers: WorkersOption = 2,
    ray: RayOption = None,
    out: OutOption = None,
    json_file: JsonFileOption = None,
    seed: SeedOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Hold logged turns again from the state they began with: hits, agreement, changes, off-policy estimates."""
    from tastemaker.evals import run_replay

    if workspace is None:
        raise ConfigError("say where: --workspace W, a folder that `tastemaker build` wrote")
    report = run_replay(
        workspace,
        log=log,
        llms=llm or ("rules",),
        effort=effort,
        recommender=recommender,
        prompts=prompts,
        reward=reward,
        supported_only=supported_only,
        limit=limit,
        seed=seed,
        options=run_options(workers, ray, out, quiet),
    )
    print_report(report, out, json_file)
