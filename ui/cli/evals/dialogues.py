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
        typer.Option(help="The agent gets what was learned from conversations."),
    ] = True,
    learn_from: Annotated[
        Path | None,
        typer.Option(
            help="Learn from this file of logged conversations, in place of what the workspace learned."
        ),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(help="Learn from the other folds of the scored file, such as 5, by conversation."),
    ] = None,
    time_split: Annotated[
        float | None,
        typer.Option(
            help="Learn from this share of the file, the earliest conversations; score the later ones."
        ),
    ] = None,
    allow_leaks: Annotated[
        bool,
        typer.Option("--allow-leaks", help="Score conversations that were learned from; the report says so."),
    ] = False,
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

    The agent and `conversation` rank by what `tastemaker learn` taught the workspace, unless --learn-from, --folds or
    --time-split say what to learn from. A run stops where it would score what was learned from.
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
        learn_from=learn_from,
        folds=folds,
        time_split=time_split,
        allow_leaks=allow_leaks,
        file_format=file_format,
        ids=ids,
        limit=limit,
        answers=answers,
        seed=seed,
        options=run_options(workers, ray, out, quiet),
    )
    print_report(report, out, json_file)
