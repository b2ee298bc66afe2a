"""``tastemaker eval replay``: our own logged sessions under another model, prompt or configuration."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.shell_command import shell_command


def replay(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", help="Folder that `tastemaker build` wrote.")
    ] = None,
    log: Annotated[
        Path | None, typer.Option(help="Folder of the feedback log; the one in the workspace by default.")
    ] = None,
    llm: Annotated[
        list[str] | None,
        typer.Option(help="rules, local, http://host/v1#MODEL, or PROVIDER:MODEL; may be repeated. [rules]"),
    ] = None,
    effort: Annotated[str, typer.Option(help="fast, balanced or thorough.")] = "balanced",
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
    limit: Annotated[int | None, typer.Option(help="Only so many turns, drawn at random.")] = None,
    workers: Annotated[int, typer.Option(help="Turns at the same time.")] = 1,
    ray: Annotated[
        str | None,
        typer.Option(help="Ask on a Ray cluster: its address, or local; --workers are its processes."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for runs and reports; a stopped run goes on there.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
    seed: Annotated[int, typer.Option(help="Of the draw and of intervals.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")] = False,
) -> None:
    """Hold logged turns again from the state they began with: hits, agreement, changes, off-policy estimates."""
    from tastemaker.agent import Tastemaker
    from tastemaker.agent.llm.open_models import open_models
    from tastemaker.evals.next_item.questions import sample
    from tastemaker.evals.recipes import ReplayRecipe
    from tastemaker.evals.replay import run
    from tastemaker.evals.replay.log import read_log
    from tastemaker.evals.reports.run_report import as_json, write_reports
    from tastemaker.evals.runs.ray_runner import run_cases_on_ray
    from tastemaker.evals.runs.run_folder import RunFolder, run_head
    from tastemaker.prompts import file_hashes, instead
    from tastemaker.retrieval.atomic_write import write_atomically
    from tastemaker.tools.workspace.workspace import Workspace

    if workspace is None:
        raise ConfigError("say where: --workspace W, a folder that `tastemaker build` wrote")
    if reward not in run.HITS:
        raise ConfigError(f"no reward {reward!r}; {nearest_of(reward, list(run.HITS))}")
    for name, value in (("--workers", workers), ("--limit", limit)):
        if value is not None and value < 1:
            raise ConfigError(f"{name} must be at least 1, got {value}")
    opened = Workspace.open(workspace)
    turns = sample(read_log(log or workspace / "feedback"), limit, seed)
    typer.echo(f"{len(turns):,} turns of {len({one.group for one in turns}):,} sessions", err=True)
    data = {"name": opened.manifest.name, "catalog": opened.catalog.content_hash,
            "sha256": _hash_of([one.id + one.message for one in turns]), "turns": len(turns)}  # fmt: skip
    with ExitStack() as held:
        place = out or Path(held.enter_context(tempfile.TemporaryDirectory()))
        if prompts:
            try:
                held.enter_context(instead(prompts))
            except FileNotFoundError as error:
                raise ConfigError(f"--prompts: {error}") from error
        shelf, folders = opened.shelf(recommender), []
        for model in dict.fromkeys(llm or ["rules"]):
            parameters: dict[str, Any] = {
                "llm": model, "effort": effort, "recommender": shelf.recommender.name, "reward": reward,
                "supported_only": supported_only,
            }  # fmt: skip
            head = run_head(run.KIND, model, data=data, parameters=parameters, prompts=file_hashes(),
                            seed=seed, command=shell_command())  # fmt: skip
            home = Path(held.enter_context(tempfile.TemporaryDirectory()))
            folders.append(place / _folder("-".join([model, effort, shelf.recommender.name])))
            if ray:
                recipe = ReplayRecipe(workspace, model, effort, recommender, prompts)
                with RunFolder.open(folders[-1], head) as folder:
                    run_cases_on_ray(
                        folder, turns, recipe, partial(run.missed, catalog=opened.catalog), ray, workers=workers,
                        metric=run.METRIC, progress=not quiet,
                    )  # fmt: skip
                continue
            with Tastemaker(opened, open_models(model), effort, shelf=shelf, home=home) as tm:
                run.run_replay(turns, tm, folders[-1], head, workers=workers, progress=not quiet)
        if out:
            write_reports(out, folders, baseline=folders[0].name)
        if json_file:
            figures = json.dumps(as_json(folders, folders[0].name), indent=1)
            write_atomically(json_file, (figures + "\n").encode())
        _print(folders, reward, supported_only, seed)
    if out:
        typer.echo(f"report: {out / 'report.html'}", err=True)


def _print(folders: list[Path], reward: str, supported_only: bool, seed: int) -> None:
    from tastemaker.evals.replay.report import replay_sections
    from tastemaker.evals.reports.run_report import figure
    from tastemaker.evals.reports.summary import mean_of, metric_names
    from tastemaker.evals.reports.text_table import markdown_table
    from tastemaker.evals.runs.run_folder import read_run

    rows = {folder.name: read_run(folder)[1] for folder in folders}
    names = metric_names([row for held in rows.values() for row in held])
    means = [
        (name, f"{len(held):,}", *(figure(mean_of(held, one, seed)) for one in names))
        for name, held in rows.items()
    ]
    typer.echo(markdown_table(("system", "turns", *names), means))
    for section in replay_sections(rows, reward, supported_only=supported_only, seed=seed):
        typer.echo("\n" + section.text)
        if section.table:
            typer.echo(markdown_table(*section.table))


def _hash_of(parts: list[str]) -> str:
    import hashlib

    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _folder(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-._" else "-" for c in name)
