"""``tastemaker eval requests``: any system on natural requests with relevance lists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.evals.requests.system_names import SYSTEMS
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.console import say, write
from tastemaker.ui.cli.evals.output import print_report, run_options, split_names
from tastemaker.ui.cli.options import (
    DEFAULT_LLM,
    BaselineOption,
    EffortOption,
    JsonFileOption,
    LimitOption,
    LlmOption,
    NeededWorkspace,
    OutOption,
    QuietOption,
    SeedOption,
    WorkersOption,
)


def requests(
    data_file: Annotated[
        Path | None, typer.Option(help="Requests with relevance lists; --schema prints the format.")
    ] = None,
    workspace: NeededWorkspace = None,
    systems: Annotated[
        str,
        typer.Option(
            help=f"Of {', '.join(SYSTEMS)}; or files of answers, *.jsonl of id and items. Separated by commas."
        ),
    ] = ",".join(SYSTEMS),
    baseline: BaselineOption = None,
    llm: LlmOption = DEFAULT_LLM,
    effort: EffortOption = "balanced",
    words: Annotated[str, typer.Option(help="Of the agent's replies: model, or template.")] = "model",
    shown: Annotated[
        str,
        typer.Option(help="The list that a later message answers: own, or given, the one in the file."),
    ] = "own",
    limit: LimitOption = None,
    workers: WorkersOption = 2,
    answers: Annotated[
        Path | None,
        typer.Option(
            help="Keep the language model's answers in this file, so that no run asks the same twice; waiting "
            "times then say nothing."
        ),
    ] = None,
    judge: Annotated[
        Path | None,
        typer.Option(help="Write a web page on which items and sentences can be judged by hand."),
    ] = None,
    out: OutOption = None,
    json_file: JsonFileOption = None,
    seed: SeedOption = 0,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of the format.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Ask systems natural requests whose right answers are known; prints tables.

    A conversation is asked turn after turn in one session. --limit draws whole conversations.
    """
    from tastemaker.evals import run_requests
    from tastemaker.evals.requests.files import request_schema

    if schema:
        write(request_schema())
        return
    if data_file is None or workspace is None:
        raise ConfigError(
            "say what to measure on: --data-file FILE --workspace W (or --schema for the format)"
        )
    report = run_requests(
        data_file,
        workspace,
        split_names(systems),
        baseline=baseline,
        llm=llm,
        effort=effort,
        words=words,
        shown=shown,
        limit=limit,
        answers=answers,
        judge=judge,
        seed=seed,
        options=run_options(workers, None, out, quiet),
    )
    print_report(report, out, json_file)
    if judge:
        say(f"page to judge on: {judge}")
