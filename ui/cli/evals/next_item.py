"""``tastemaker eval next-item``: recommenders on everyone's last item."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.ui.cli.console import say
from tastemaker.ui.cli.evals.output import print_report, split_names
from tastemaker.ui.cli.options import (
    DEFAULT_EMBEDDING,
    BaselineOption,
    EmbeddingOption,
    JsonFileOption,
    LimitOption,
    NeededWorkspace,
    OutOption,
    QuietOption,
)
from tastemaker.ui.cli.set_options import read_settings
from tastemaker.ui.cli.shell_command import shell_command

SET_FORM = "SYSTEM.NAME=VALUE, such as --set sasrec.dropout=0.2"


def next_item(
    systems: Annotated[
        str | None,
        typer.Option(
            help="Recommenders, separated by commas; the first is the baseline. "
            "One+two is the weighted sum of both, the weight fitted on the validation items."
        ),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(
            help="Train and measure a frozen config: a name such as sasrec_ml1m, or a file. "
            "--systems are then what to compare it with; popularity by default."
        ),
    ] = None,
    workspace: NeededWorkspace = None,
    data_file: Annotated[Path | None, typer.Option(help="A published log instead of a workspace.")] = None,
    file_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="Of that log. sasrec, the default: `user item`; s3rec: `user item item ...`; "
            "recformer: JSON, with --items.",
        ),
    ] = None,
    items: Annotated[Path | None, typer.Option(help="Item texts, for --format recformer.")] = None,
    embedding: EmbeddingOption = DEFAULT_EMBEDDING,
    out: OutOption = None,
    json_file: JsonFileOption = None,
    baseline: BaselineOption = None,
    limit: LimitOption = None,
    seed: Annotated[
        int | None, typer.Option(help="Of training, sampling and intervals; 0, or the config's.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="A setting as SYSTEM.NAME=VALUE, such as ease.half_life=null; repeatable."
        ),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Where trained systems are kept; by default in the workspace.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Rank everyone's last item in the full catalogue; prints a table."""
    from tastemaker.evals import run_next_item

    report = run_next_item(
        None if systems is None else split_names(systems),
        workspace=workspace,
        data_file=data_file,
        file_format=file_format,
        items=items,
        embedding=embedding,
        config=config,
        settings=read_settings(settings or [], SET_FORM, least=2),
        cache=cache,
        baseline=baseline,
        limit=limit,
        seed=seed,
        out=out,
        progress=not quiet,
        command=shell_command(),
        say=say,
    )
    print_report(report, out, json_file)
