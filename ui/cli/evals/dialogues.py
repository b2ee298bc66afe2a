"""``tastemaker eval dialogues``: any system on logged conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.evals.dialogues.system_names import DEFAULT_SYSTEMS, SYSTEMS
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.console import write
from tastemaker.ui.cli.evals.output import print_report, run_options, split_names
from tastemaker.ui.cli.options import (
    DEFAULT_LLM,
    BaselineOption,
    DialogueFormat,
    EffortOption,
    IdsOption,
    JsonFileOption,
    LimitOption,
    LlmOption,
    NeededWorkspace,
    OutOption,
    QuietOption,
    RayOption,
    SeedOption,
    WorkersOption,
)


def dialogues(
    data_file: Annotated[
        Path | None, typer.Option(help="Logged conversations; several formats are read.")
    ] = None,
    workspace: NeededWorkspace = None,
    systems: Annotated[
        str,
        typer.Option(
            help=f"Of {', '.join(SYSTEMS)}; "
            "module:function for a Python callable; http://host/v1#MODEL for an endpoint with tools. "
            "Separated by commas."
        ),
    ] = ",".join(DEFAULT_SYSTEMS),
    baseline: BaselineOption = None,
    llm: LlmOption = DEFAULT_LLM,
    effort: EffortOption = "balanced",
    words: Annotated[
        str,
        typer.Option(help="Of the agent's replies: model, or template, which is faster and ranks the same."),
    ] = "model",
    learned: Annotated[
        bool,
        typer.Option(
            help="The agent gets a conversation ranker that learned from the other folds' conversations."
        ),
    ] = True,
    file_format: DialogueFormat = None,
    ids: IdsOption = None,
    limit: LimitOption = None,
    workers: WorkersOption = 2,
    answers: Annotated[
        Path | None,
        typer.Option(
            help="Keep the language model's answers in this file, so that no run asks the same twice; waiting "
            "times then say nothing."
        ),
    ] = None,
    ray: RayOption = None,
    out: OutOption = None,
    json_file: JsonFileOption = None,
    seed: SeedOption = 0,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of our own format.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Ask systems what they would recommend at each moment of logged conversations; prints a table.

    --limit draws whole conversations. Of 400 cases and more, turns by rules are asked in --workers processes.
    """
    from tastemaker.evals import run_dialogues
    from tastemaker.evals.dialogues.files import own_schema

    if schema:
        write(own_schema())
        return
    if data_file is None or workspace is None:
        raise ConfigError(
            "say what to measure on: --data-file FILE --workspace W (or --schema for our own format)"
        )
    report = run_dialogues(
        data_file,
        workspace,
        split_names(systems),
        baseline=baseline,
        llm=llm,
        effort=effort,
        words=words,
        learned=learned,
        file_format=file_format,
        ids=ids,
        limit=limit,
        answers=answers,
        seed=seed,
        options=run_options(workers, ray, out, quiet),
    )
    print_report(report, out, json_file)
