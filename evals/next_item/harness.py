"""The whole next-item evaluation, from a workspace or a published log to a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tastemaker.evals.next_item.interaction_files import EvalData, LogFormat, read_log_file
from tastemaker.evals.next_item.recformer_files import read_recformer
from tastemaker.evals.next_item.report import NextItemReport
from tastemaker.evals.next_item.run import NextItemPlan, run_plan
from tastemaker.evals.runs.embedding_cache import RememberingEmbedder
from tastemaker.evals.runs.options import Say, say_nothing
from tastemaker.evals.runs.run_folder import folder_name
from tastemaker.recommenders.training.frozen_config import read_frozen_config
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.fetch.cache import cache_folder
from tastemaker.tools.workspace.embedding import DEFAULT_EMBEDDING, open_embedder
from tastemaker.tools.workspace.workspace import Workspace

NEEDS_DATA = "give either --workspace W, or --data-file FILE with --format sasrec, s3rec or recformer"


def run_next_item(
    systems: Sequence[str] | None = None,
    *,
    workspace: Path | str | None = None,
    data_file: Path | str | None = None,
    file_format: str | None = None,
    items: Path | str | None = None,
    embedding: str = DEFAULT_EMBEDDING,
    config: str | None = None,
    settings: Mapping[str, Mapping[str, object]] | None = None,
    cache: Path | str | None = None,
    baseline: str | None = None,
    limit: int | None = None,
    seed: int | None = None,
    out: Path | str | None = None,
    progress: bool = True,
    command: str = "",
    say: Say = say_nothing,
) -> NextItemReport:
    """Train recommenders without everyone's last item, and rank it in the full catalogue.

    >>> from tastemaker.evals import run_next_item
    >>> report = run_next_item(["popularity", "ease"], workspace="workspaces/ml-100k")  # doctest: +SKIP

    Args:
        systems: recommenders, the first is the baseline; ``one+two`` is the weighted sum of both, the weight
            fitted on the validation items. With a config: what to compare it with, popularity if None.
        workspace: folder that ``tastemaker build`` wrote.
        data_file: a published log instead of a workspace.
        file_format: of that log, of :class:`tastemaker.evals.next_item.interaction_files.LogFormat`; None means
            ``sasrec``, or the config's.
        items: item texts, for the format ``recformer``.
        embedding: embedding model of these texts; ``hashing`` needs none.
        config: a frozen config to train and measure: a name such as ``sasrec_ml1m``, or a file.
        settings: by system, values that differ from its defaults.
        cache: where trained systems are kept; None means the workspace, or the cache folder.
        baseline: compare with this one instead of the first.
        limit: ask only so many people, drawn at random; None means all.
        seed: of training, sampling and intervals; None means 0, or the config's.
        out: folder for a run of each system, like those of other evaluations; finished ones are read again.
        progress: show bars.
        command: what makes the report again, kept in it.
        say: is told what is going on.

    Raises:
        ConfigError: a system or option that is not possible, or neither or both of workspace and log.
        DataError: the log cannot be read, or a system can't be trained on it.
        WorkspaceError: no workspace there.
        TrainingInterrupted: stopped; the same call continues.
    """
    if config and (settings or file_format):
        raise ConfigError(
            "--config brings its own settings and format: leave out --set and --format, "
            "or copy the config's file, change the copy and give its path"
        )
    wanted = _from_config(config, systems) if config else _from_options(systems, settings or {})
    log = Path(data_file) if data_file is not None else None
    texts = Path(items) if items is not None else None
    data = _read_data(workspace, log, file_format or wanted.file_format, wanted.needs, texts, embedding)
    plan = NextItemPlan(
        wanted.systems,
        Path(cache) if cache else Path(workspace or cache_folder()) / "evals",
        baseline,
        limit,
        wanted.seed if seed is None else seed,
        wanted.settings,
    )
    place = Path(out) if out is not None else None
    report = run_plan(plan, data, out=place, command=command, progress=progress, say=say)
    folders = [place / folder_name(name) for name in wanted.systems] if place else []
    return NextItemReport(report | {"command": command}, folders)


@dataclass(frozen=True)
class _Wanted:
    systems: Sequence[str]
    settings: Mapping[str, Mapping[str, Any]]
    seed: int = 0
    file_format: str = LogFormat.SASREC
    needs: str = NEEDS_DATA


def _from_options(systems: Sequence[str] | None, settings: Mapping[str, Mapping[str, object]]) -> _Wanted:
    if systems is None:
        raise ConfigError("say what to measure: --systems popularity,ease,sasrec or --config sasrec_ml1m")
    return _Wanted(systems, settings)


def _from_config(config: str, systems: Sequence[str] | None) -> _Wanted:
    frozen = read_frozen_config(config)
    others = ["popularity"] if systems is None else list(systems)
    names = others if frozen.model in others else [*others, frozen.model]
    place = "--data-file FILE" if frozen.format else "--workspace W"
    return _Wanted(
        names,
        {frozen.model: frozen.settings},
        frozen.seed,
        frozen.format or LogFormat.SASREC,
        f"config {config} is about {frozen.data}: give it as {place}",
    )


def _read_data(
    workspace: Path | str | None,
    data_file: Path | None,
    file_format: str,
    needs: str,
    items: Path | None,
    embedding: str,
) -> EvalData:
    if (workspace is None) == (data_file is None):
        raise ConfigError(needs)
    if workspace is not None:
        opened = Workspace.open(workspace)
        return EvalData(opened.manifest.name, opened.catalog, opened.log, True, lambda: opened.embedder)
    if file_format not in list(LogFormat):
        raise ConfigError(f"no format {file_format!r}; allowed: {', '.join(LogFormat)}")
    if (file_format == LogFormat.RECFORMER) != (items is not None):
        raise ConfigError("--items FILE, the item texts, goes with --format recformer and only with it")
    if data_file and items:
        embedder = RememberingEmbedder(open_embedder(embedding))
        return read_recformer(data_file, items, lambda: embedder)
    return read_log_file(data_file or Path(), LogFormat(file_format))
