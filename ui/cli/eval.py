"""``tastemaker eval ...``: how good the parts are, measured."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.eval_compare import compare, report
from tastemaker.ui.cli.eval_dialogues import dialogues
from tastemaker.ui.cli.eval_judge import judge
from tastemaker.ui.cli.eval_replay import replay
from tastemaker.ui.cli.eval_simulate import simulate
from tastemaker.ui.cli.set_options import read_settings
from tastemaker.ui.cli.shell_command import shell_command

if TYPE_CHECKING:
    from tastemaker.evals.next_item.interaction_files import EvalData

SET_FORM = "SYSTEM.NAME=VALUE, such as --set sasrec.dropout=0.2"

eval_app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Measure how good the parts are.",
)


eval_app.command("dialogues")(dialogues)
eval_app.command("compare")(compare)
eval_app.command("report")(report)
eval_app.command("simulate")(simulate)
eval_app.command("replay")(replay)
eval_app.command("judge")(judge)


@eval_app.command("next-item")
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
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", help="Folder that `tastemaker build` wrote.")
    ] = None,
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
    embedding: Annotated[
        str, typer.Option(help="Embedding model of these texts; `hashing` needs none.")
    ] = "all-MiniLM-L6-v2",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
    baseline: Annotated[str | None, typer.Option(help="Compare with this one instead of the first.")] = None,
    limit: Annotated[int | None, typer.Option(help="Ask only so many people, drawn at random.")] = None,
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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")] = False,
) -> None:
    """Rank everyone's last item in the full catalogue; prints a table."""
    from tastemaker.evals.next_item.report import table
    from tastemaker.evals.next_item.run import NextItemPlan, run_next_item
    from tastemaker.retrieval.atomic_write import write_atomically

    if config and (settings or file_format):
        raise ConfigError(
            "--config brings its own settings and format: leave out --set and --format, "
            "or copy the config's file, change the copy and give its path"
        )
    asked = _from_config(config, systems) if config else _from_options(systems, settings or [])
    data = _data(workspace, data_file, file_format or asked.file_format, asked.needs, items, embedding)
    plan = NextItemPlan(
        asked.systems,
        cache or _runs_folder(workspace),
        baseline,
        limit,
        asked.seed if seed is None else seed,
        asked.settings,
    )
    figures = run_next_item(plan, data, progress=not quiet, say=lambda line: typer.echo(line, err=True))
    figures["command"] = shell_command()
    if json_file:
        write_atomically(json_file, (json.dumps(figures, indent=1) + "\n").encode())
    typer.echo(table(figures))


@dataclass(frozen=True)
class _Asked:
    systems: list[str]
    settings: dict[str, dict[str, Any]]
    seed: int = 0
    file_format: str = "sasrec"
    needs: str = "give either --workspace W, or --data-file FILE with --format sasrec, s3rec or recformer"


def _from_options(systems: str | None, settings: list[str]) -> _Asked:
    if systems is None:
        raise ConfigError("say what to measure: --systems popularity,ease,sasrec or --config sasrec_ml1m")
    return _Asked(_names(systems), read_settings(settings, SET_FORM, least=2))


def _from_config(config: str, systems: str | None) -> _Asked:
    from tastemaker.recommenders.training.frozen_config import read_frozen_config

    frozen = read_frozen_config(config)
    others = _names("popularity" if systems is None else systems)
    names = others if frozen.model in others else [*others, frozen.model]
    place = "--data-file FILE" if frozen.format else "--workspace W"
    return _Asked(
        names,
        {frozen.model: frozen.settings},
        frozen.seed,
        frozen.format or "sasrec",
        f"config {config} is about {frozen.data}: give it as {place}",
    )


def _names(systems: str) -> list[str]:
    return [name.strip() for name in systems.split(",") if name.strip()]


def _data(
    workspace: Path | None,
    data_file: Path | None,
    file_format: str,
    needs: str,
    items: Path | None,
    embedding: str,
) -> EvalData:
    from tastemaker.evals.next_item.interaction_files import EvalData, LogFormat, read_log_file
    from tastemaker.evals.next_item.recformer_files import read_recformer
    from tastemaker.evals.runs.embedding_cache import RememberingEmbedder
    from tastemaker.tools.workspace.embedding import open_embedder
    from tastemaker.tools.workspace.workspace import Workspace

    if (workspace is None) == (data_file is None):
        raise ConfigError(needs)
    if workspace is not None:
        opened = Workspace.open(workspace)
        return EvalData(
            opened.manifest.name, opened.catalog, opened.interactions, True, lambda: opened.embedder
        )
    if file_format not in list(LogFormat):
        raise ConfigError(f"no format {file_format!r}; allowed: {', '.join(LogFormat)}")
    if (file_format == LogFormat.RECFORMER) != (items is not None):
        raise ConfigError("--items FILE, the item texts, goes with --format recformer and only with it")
    if data_file and items:
        embedder = RememberingEmbedder(open_embedder(embedding))
        return read_recformer(data_file, items, lambda: embedder)
    return read_log_file(data_file or Path(), LogFormat(file_format))


def _runs_folder(workspace: Path | None) -> Path:
    from tastemaker.retrieval.fetch.cache import cache_folder

    return (workspace or cache_folder()) / "evals"
