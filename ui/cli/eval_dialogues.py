"""``tastemaker eval dialogues``: any system on logged conversations."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.shell_command import shell_command

if TYPE_CHECKING:
    from tastemaker.evals.dialogues.llm_options import Asks

SYSTEMS = (
    "copy",
    "popularity",
    "log-popularity",
    "lexical",
    "dense",
    "rank",
    "conversation",
    "agent",
    "model",
)
DEFAULT_SYSTEMS = "copy,popularity,lexical,dense,rank,conversation,agent"
LLM_SYSTEMS = ("agent", "model")
MANY_CASES = 400
"""Fewer are asked sooner than processes start."""


def dialogues(
    data_file: Annotated[
        Path | None, typer.Option(help="Logged conversations; several formats are read.")
    ] = None,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", help="Folder that `tastemaker build` wrote.")
    ] = None,
    systems: Annotated[
        str,
        typer.Option(
            help=f"Of {', '.join(SYSTEMS)}; module:function for a Python callable; http://host/v1#MODEL for "
            "an endpoint with tools. Separated by commas."
        ),
    ] = DEFAULT_SYSTEMS,
    baseline: Annotated[
        str | None, typer.Option(help="Compare with this one; the first unless given.")
    ] = None,
    llm: Annotated[
        str, typer.Option(help="For agent and model: rules, local, http://host/v1#MODEL, or PROVIDER:MODEL.")
    ] = "rules",
    effort: Annotated[str, typer.Option(help="Of the agent: fast, balanced or thorough.")] = "balanced",
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
    file_format: Annotated[
        str | None,
        typer.Option(
            "--format", help="tastemaker, processed, redial, ids, inspired or opendialkg; told by the file."
        ),
    ] = None,
    ids: Annotated[
        Path | None, typer.Option(help="For --format ids: JSON of numbers and titles, or entity2id.json.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(help="Only so many cases, of whole conversations drawn at random.")
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            help=f"Cases asked at the same time; of {MANY_CASES} cases and more, turns by rules in so many processes."
        ),
    ] = 2,
    answers: Annotated[
        Path | None,
        typer.Option(
            help="Keep the language model's answers in this file, so that no run asks the same twice; waiting "
            "times then say nothing."
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(help="Ask on a Ray cluster: its address, or local; --workers are its processes."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for runs and reports; a stopped run goes on there.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
    seed: Annotated[int, typer.Option(help="Of samples, fitting and intervals.")] = 0,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of our own format.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")] = False,
) -> None:
    """Ask systems what they would recommend at each moment of logged conversations; prints a table."""
    from tastemaker.agent.llm.open_models import RULES
    from tastemaker.evals.dialogues.case import Names, link
    from tastemaker.evals.dialogues.files import own_schema, read_dialogues
    from tastemaker.evals.dialogues.llm_options import Asks
    from tastemaker.evals.dialogues.open_system import system_of
    from tastemaker.evals.dialogues.sample import sample
    from tastemaker.evals.dialogues.system import Folds
    from tastemaker.evals.reports.run_report import as_json, table, write_reports
    from tastemaker.evals.runs.run_folder import RunFolder, file_sha256, run_head
    from tastemaker.retrieval.atomic_write import write_atomically
    from tastemaker.tools.workspace.workspace import Workspace

    if schema:
        typer.echo(own_schema())
        return
    if data_file is None or workspace is None:
        raise ConfigError(
            "say what to measure on: --data-file FILE --workspace W (or --schema for our own format)"
        )
    asks = Asks(llm, effort, words, learned, answers)
    names = _check([name.strip() for name in systems.split(",") if name.strip()], baseline, workers, limit)
    _possible(names, llm)
    opened = Workspace.open(workspace)
    catalog = opened.catalog
    cases = link(read_dialogues(data_file, file_format, ids), Names(catalog))
    asked = sample(cases, limit, seed)
    gold, outside = sum(len(c.gold) + len(c.outside) for c in asked), sum(len(c.outside) for c in asked)
    typer.echo(
        f"{len(asked):,} cases of {len({c.group for c in asked}):,} conversations; {gold:,} items to find, "
        f"{outside:,} of them outside the catalogue",
        err=True,
    )
    from tastemaker.evals.dialogues.run import (
        KIND,
        METRIC,
        Rows,
        Slices,
        learn_in,
        run_dialogues,
        run_dialogues_in,
    )
    from tastemaker.evals.recipes import DialogueRecipe
    from tastemaker.evals.runs.ray_runner import run_cases_on_ray
    from tastemaker.evals.runs.worker_processes import processes

    data = {
        "name": data_file.name,
        "sha256": file_sha256(data_file),
        "cases": len(asked),
        "limit": limit,
        "catalog": catalog.content_hash,
    }
    with ExitStack() as held, ExitStack() as working:
        place = out or Path(held.enter_context(tempfile.TemporaryDirectory()))
        pool = shared = None
        if workers > 1 and not ray and len(asked) >= MANY_CASES and "agent" in names and llm == RULES:
            shared = Path(held.enter_context(tempfile.TemporaryDirectory()))
        folds = Folds(opened.tool_context(), cases, seed, progress=not quiet, place=shared)
        recipe = DialogueRecipe(workspace, data_file, file_format, ids, "agent", asks, seed, limit, shared)
        if shared:
            pool = working.enter_context(processes(recipe, workers))
            if learned:
                learn_in(pool, folds, progress=not quiet)
        for name in names:
            parameters = _parameters(name, asks)
            parameters["recommender"] = opened.manifest.recommender
            head = run_head(
                KIND,
                name,
                data=data,
                parameters=parameters,
                prompts=_prompts(name),
                seed=seed,
                command=shell_command(),
            )
            if ray:
                rows = Rows(Names(catalog), Slices.of(asked, catalog))
                with RunFolder.open(place / _folder(name), head) as run:
                    run_cases_on_ray(
                        run,
                        asked,
                        replace(recipe, name=name),
                        rows.miss_row,
                        ray,
                        workers=workers,
                        metric=METRIC,
                        progress=not quiet,
                    )
                continue
            if pool and name == "agent":
                run_dialogues_in(pool, asked, place / _folder(name), head, progress=not quiet)
                working.close()  # each process holds a gigabyte and a half
                continue
            run_dialogues(
                asked,
                catalog,
                system_of(name, opened, folds, asks, held),
                place / _folder(name),
                head,
                workers=workers,
                progress=not quiet,
            )
        runs, first = [place / _folder(name) for name in names], _folder(baseline or names[0])
        if out:
            write_reports(out, runs, baseline=first)
        if json_file:
            figures = as_json(runs, first)
            write_atomically(json_file, (json.dumps(figures, indent=1) + "\n").encode())
        typer.echo(table(runs, first))
    if out:
        typer.echo(f"report: {out / 'report.html'}", err=True)


def _check(names: list[str], baseline: str | None, workers: int, limit: int | None) -> list[str]:
    if not names or len(set(names)) < len(names):
        raise ConfigError(f"name one or more different systems, got {', '.join(names) or 'none'}")
    for name in names:
        if name not in SYSTEMS and ":" not in name:
            raise ConfigError(
                f"no system {name!r}; {nearest_of(name, list(SYSTEMS))}, module:function or a URL"
            )
    if baseline and baseline not in names:
        raise ConfigError(f"baseline {baseline!r} is not among the systems; {nearest_of(baseline, names)}")
    for name, value in (("--workers", workers), ("--limit", limit)):
        if value is not None and value < 1:
            raise ConfigError(f"{name} must be at least 1, got {value}")
    return names


def _possible(names: list[str], llm: str) -> None:
    """Fail now for a system that cannot be had, rather than once the ones before it have run for hours."""
    from tastemaker.agent.llm.open_models import RULES
    from tastemaker.evals.dialogues.external_system import load_callable, model_of
    from tastemaker.evals.dialogues.open_system import NO_MODEL

    for name in names:
        if name == "model" and llm == RULES:
            raise ConfigError(NO_MODEL)
        if name.startswith(("http://", "https://")):
            model_of(name)
        elif name not in SYSTEMS:
            load_callable(name)


def _parameters(name: str, asks: Asks) -> dict[str, Any]:
    answers = {"answers": asks.answers.name} if asks.answers else {}
    if name == "agent":
        return {
            "llm": asks.llm,
            "effort": asks.effort,
            "words": asks.words,
            "learned": asks.learned,
            **answers,
        }
    return {"llm": asks.llm, **answers} if name == "model" else {}


def _prompts(name: str) -> dict[str, str]:
    from tastemaker.prompts import file_hashes

    return file_hashes() if name in LLM_SYSTEMS or name.startswith(("http://", "https://")) else {}


def _folder(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-._" else "-" for c in name)
