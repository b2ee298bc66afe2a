"""``tastemaker eval simulate``: simulated users know what they want and not what it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.evals.output import print_report, run_options
from tastemaker.ui.cli.options import (
    DEFAULT_LLM,
    EffortOption,
    ItemsPerTurn,
    JsonFileOption,
    LlmOption,
    NeededWorkspace,
    OutOption,
    PoolOption,
    QuietOption,
    RayOption,
    SeedOption,
    ShareOption,
    WorkersOption,
)


def simulate(
    workspace: NeededWorkspace = None,
    llm: LlmOption = DEFAULT_LLM,
    effort: EffortOption = "balanced",
    agent: Annotated[
        str | None,
        typer.Option(
            help='MODULE:FUNCTION of another agent: answer({"messages", "history", "k"}) -> '
            '{"items": [ids], "text": ..., "question": ...}.'
        ),
    ] = None,
    user: Annotated[
        list[str] | None,
        typer.Option(help="Who plays the users: rules, or a model as for --llm; may be repeated. [rules]"),
    ] = None,
    persona: Annotated[
        list[str] | None,
        typer.Option(
            help="plain, terse, chatty, contrary, changes-mind or other-words; at --level hard feeling, choosy, "
            "wavering or impatient; may be repeated. [all]"
        ),
    ] = None,
    level: Annotated[
        str,
        typer.Option(
            help="easy: people read attributes out. hard: they say in everyday words how it should feel, turn near "
            "misses down, change their minds, and leave when nothing comes near."
        ),
    ] = "easy",
    people: Annotated[
        int, typer.Option(help="People drawn from the log, each with their last item in mind.")
    ] = 50,
    turns: Annotated[int, typer.Option(help="Messages of a user at most.")] = 5,
    repeats: Annotated[int, typer.Option(help="Conversations about each wish, for pass^k.")] = 1,
    k: ItemsPerTurn = 5,
    history: Annotated[int, typer.Option(help="Earlier items of a person that the agent is given.")] = 50,
    log: Annotated[
        Path | None,
        typer.Option(help="Keep the agent's feedback log in this folder, for `tastemaker eval replay`."),
    ] = None,
    explore_share: ShareOption = 0.0,
    explore_pool: PoolOption = 20,
    workers: WorkersOption = 2,
    ray: RayOption = None,
    out: OutOption = None,
    json_file: JsonFileOption = None,
    seed: SeedOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Let simulated users look for an item that they may not name; prints success per persona."""
    from tastemaker.evals import run_simulation

    if workspace is None:
        raise ConfigError("say where: --workspace W, a folder that `tastemaker build` wrote")
    report = run_simulation(
        workspace,
        llm=llm,
        effort=effort,
        agent=agent,
        users=user or ("rules",),
        personas=persona or (),
        level=level,
        people=people,
        turns=turns,
        repeats=repeats,
        k=k,
        history=history,
        log=log,
        explore_share=explore_share,
        explore_pool=explore_pool,
        seed=seed,
        options=run_options(workers, ray, out, quiet),
    )
    print_report(report, out, json_file)
