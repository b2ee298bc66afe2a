"""``tastemaker eval simulate``: simulated users know what they want and not what it is called."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.shell_command import shell_command

if TYPE_CHECKING:
    from tastemaker.tools.workspace.workspace import Workspace

MIN_VALUES = {"--people": 1, "--turns": 1, "--repeats": 1, "-k": 1, "--workers": 1, "--history": 0}


def simulate(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", help="Folder that `tastemaker build` wrote.")
    ] = None,
    llm: Annotated[
        str, typer.Option(help="Of the agent: rules, local, http://host/v1#MODEL, or PROVIDER:MODEL.")
    ] = "rules",
    effort: Annotated[str, typer.Option(help="Of the agent: fast, balanced or thorough.")] = "balanced",
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
            help="plain, terse, chatty, contrary, changes-mind or other-words; may be repeated. [all]"
        ),
    ] = None,
    people: Annotated[
        int, typer.Option(help="People drawn from the log, each with their last item in mind.")
    ] = 50,
    turns: Annotated[int, typer.Option(help="Messages of a user at most.")] = 5,
    repeats: Annotated[int, typer.Option(help="Conversations about each wish, for pass^k.")] = 1,
    k: Annotated[int, typer.Option("-k", help="Items a turn.")] = 5,
    history: Annotated[int, typer.Option(help="Earlier items of a person that the agent is given.")] = 50,
    log: Annotated[
        Path | None,
        typer.Option(help="Keep the agent's feedback log in this folder, for `tastemaker eval replay`."),
    ] = None,
    explore_share: Annotated[
        float, typer.Option(help="Share of turns in which one item is drawn from the next ones.")
    ] = 0.0,
    explore_pool: Annotated[int, typer.Option(help="How many of the next ones take part in that draw.")] = 20,
    workers: Annotated[int, typer.Option(help="Conversations at the same time.")] = 1,
    ray: Annotated[
        str | None,
        typer.Option(help="Ask on a Ray cluster: its address, or local; --workers are its processes."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for runs and reports; a stopped run goes on there.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
    seed: Annotated[int, typer.Option(help="Of the draw, of users by rules and of intervals.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")] = False,
) -> None:
    """Let simulated users look for an item that they may not name; prints success per persona."""
    from tastemaker.evals.recipes import SimulationRecipe
    from tastemaker.evals.reports.run_report import as_json, write_reports
    from tastemaker.evals.runs.ray_runner import run_cases_on_ray
    from tastemaker.evals.runs.run_folder import RunFolder, run_head
    from tastemaker.evals.simulation import run
    from tastemaker.evals.simulation.leak_audit import LeakAudit
    from tastemaker.evals.simulation.personas import personas
    from tastemaker.evals.simulation.setup import agent_of, cast_of
    from tastemaker.prompts import file_hashes
    from tastemaker.retrieval.atomic_write import write_atomically
    from tastemaker.tools.workspace.workspace import Workspace, log_hash

    if ray and log:
        raise ConfigError(
            "--log is written where the agent runs: leave it out with --ray, or run without --ray"
        )
    if workspace is None:
        raise ConfigError("say where: --workspace W, a folder that `tastemaker build` wrote")
    given = (people, turns, repeats, k, workers, history)
    for (name, least), value in zip(MIN_VALUES.items(), given, strict=True):
        if value < least:
            raise ConfigError(f"{name} must be at least {least}, got {value}")
    chosen, users = personas(persona or []), list(dict.fromkeys(user or ["rules"]))
    opened = Workspace.open(workspace)
    catalog, taken = opened.catalog, opened.interactions
    audit = LeakAudit(catalog)
    searching = opened.retriever()
    cases = run.simulation_cases(
        run.people(taken, catalog, audit, people, seed, history, searching.groups), chosen, repeats
    )
    typer.echo(f"{len(cases):,} conversations of {len({c.group for c in cases}):,} people", err=True)
    data = {
        "name": opened.manifest.name,
        "sha256": log_hash(taken),
        "catalog": catalog.content_hash,
        "people": people,
        "personas": [one.name for one in chosen],
        "repeats": repeats,
    }
    with ExitStack() as held:
        place = out or Path(held.enter_context(tempfile.TemporaryDirectory()))
        tested = (
            None if ray else agent_of(opened, llm, effort, agent, k, held, log, (explore_share, explore_pool))
        )
        folders = []
        for name in users:
            parameters = _parameters(opened, llm, effort, agent) | {
                "explore_share": explore_share,
                "explore_pool": explore_pool,
                "user": name,
                "turns": turns,
                "k": k,
                "history": history,
            }
            prompts = file_hashes() if {llm, name} != {"rules"} else {}
            system = f"{agent or llm}, {name} users"
            head = run_head(
                run.KIND,
                system,
                data=data,
                parameters=parameters,
                prompts=prompts,
                seed=seed,
                command=shell_command(),
            )
            folders.append(place / _folder(f"{agent or f'{llm}-{effort}'}-with-{name}-users"))
            if tested is None:
                recipe = SimulationRecipe(workspace, llm, effort, agent, name, k, turns, seed)
                with RunFolder.open(folders[-1], head) as folder:
                    run_cases_on_ray(
                        folder,
                        cases,
                        recipe,
                        partial(run.failure_row, most_turns=turns),
                        ray or "",
                        workers=workers,
                        metric=run.METRIC,
                        progress=not quiet,
                    )
                continue
            run.run_simulation(
                cases,
                cast_of(catalog, audit, searching, name, seed),
                tested,
                folders[-1],
                head,
                turns,
                workers=workers,
                progress=not quiet,
            )
        if out:
            write_reports(out, folders, baseline=folders[0].name)
        if json_file:
            figures = json.dumps(as_json(folders, folders[0].name), indent=1)
            write_atomically(json_file, (figures + "\n").encode())
        _print(folders)
    if out:
        typer.echo(f"report: {out / 'report.html'}", err=True)


def _parameters(workspace: Workspace, llm: str, effort: str, agent: str | None) -> dict[str, Any]:
    if agent:
        return {"agent": agent}
    return {"llm": llm, "effort": effort, "recommender": workspace.manifest.recommender}


def _print(folders: list[Path]) -> None:
    from tastemaker.evals.reports.text_table import markdown_table
    from tastemaker.evals.runs.run_folder import read_run
    from tastemaker.evals.simulation.report import simulation_sections

    for section in simulation_sections({folder.name: read_run(folder)[1] for folder in folders}):
        typer.echo(section.text)
        if section.table:
            typer.echo(markdown_table(*section.table))
        typer.echo("")


def _folder(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-._" else "-" for c in name)
