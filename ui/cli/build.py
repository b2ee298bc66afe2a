"""``tastemaker build`` and ``tastemaker train``: a workspace, and what ranks in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.console import draw, draw_table, say
from tastemaker.ui.cli.options import (
    DEFAULT_EMBEDDING,
    DEFAULT_WORKSPACE,
    EmbeddingOption,
    QuietOption,
    SeedOption,
    WorkspaceOption,
)
from tastemaker.ui.cli.set_options import read_settings

if TYPE_CHECKING:
    from tastemaker.recommenders import Recommender


def build(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    items: Annotated[
        Path | None, typer.Option(help="Catalogue: CSV, TSV, JSON Lines, Parquet or Excel.")
    ] = None,
    interactions: Annotated[
        Path | None, typer.Option(help="Interaction log: the same formats; may be left out.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(help="A known data set: ml-100k, ml-1m, ml-latest-small, or movies (with --path)."),
    ] = None,
    path: Annotated[
        Path | None, typer.Option(help="Where that data set already lies on this machine.")
    ] = None,
    overrides: Annotated[Path | None, typer.Option(help="TOML that overrides what is inferred.")] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of both files, such as latin-1; found out if left out.")
    ] = None,
    delimiter: Annotated[str | None, typer.Option(help="Of both CSV files: one character, or tab.")] = None,
    skip_bad_rows: Annotated[bool, typer.Option(help="Leave bad rows out and write them to a file.")] = False,
    recommender: Annotated[str, typer.Option(help="See `tastemaker train --list`.")] = "sasrec",
    embedding: EmbeddingOption = DEFAULT_EMBEDDING,
    store: Annotated[
        str | None,
        typer.Option(
            envvar="TASTEMAKER_STORE",
            help="http://host:port of a `chroma run` server for the index; a folder of the workspace if left out.",
        ),
    ] = None,
    seed: SeedOption = 0,
    keep_models: Annotated[
        bool,
        typer.Option(
            help="Train nothing: keep the workspace's recommenders, for a catalogue that grew since."
        ),
    ] = False,
    judged: Annotated[
        Path | None,
        typer.Option(
            help="Requests with the items that fit them, as `tastemaker eval requests` reads: the ranking learns from "
            "them."
        ),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Index a catalogue and train a recommender on its log: writes a workspace."""
    from tastemaker.retrieval.datasets.asks import shipped_asks
    from tastemaker.retrieval.datasets.judged import read_shipped_judgements
    from tastemaker.retrieval.ingest.overrides import said_in
    from tastemaker.tools.workspace.build import build_workspace
    from tastemaker.ui.cli.data_sources import fetch_data, own_files, own_judgements

    if bool(data) == bool(items or interactions):
        raise ConfigError(
            "give either --data NAME, or --items FILE and, if there is one, --interactions FILE"
        )
    if data:
        catalog, log, report = fetch_data(data, path, not quiet, say)
    else:
        said = said_in(overrides, encoding, delimiter)
        catalog, log, report = own_files(items, interactions, said, skip_bad_rows, say, not quiet)
    build_workspace(
        workspace,
        catalog,
        log,
        recommender=recommender,
        embedding=embedding,
        store=store,
        seed=seed,
        keep_models=keep_models,
        report=report,
        asks=shipped_asks(data) if data else None,
        judged=(
            *(read_shipped_judgements(data) if data else ()),
            *(own_judgements(judged, catalog, say) if judged else ()),
        ),
        progress=not quiet,
        say=say,
    )


def train(
    model: Annotated[str | None, typer.Option(help="Which recommender.")] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    list_models: Annotated[bool, typer.Option("--list", help="List the recommenders.")] = False,
    seed: SeedOption = 0,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting as NAME=VALUE, such as training.epochs=20; repeatable."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Train one more recommender in a workspace and make it the one that serves."""
    from tastemaker.recommenders import RECOMMENDERS
    from tastemaker.tools.workspace.build import add_recommender
    from tastemaker.tools.workspace.workspace import Workspace

    if list_models or not model:
        rows = [(name, _first_line(kind)) for name, kind in RECOMMENDERS.items()]
        width = max(map(len, RECOMMENDERS))
        draw(draw_table(("model", "is"), rows), "\n".join(f"{name:{width}}  {line}" for name, line in rows))
        return
    add_recommender(
        Workspace.open(workspace),
        model,
        seed=seed,
        settings=read_settings(settings or [], "NAME=VALUE, such as --set dropout=0.3"),
        progress=not quiet,
        say=say,
    )


def _first_line(kind: type[Recommender]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]
