"""Where a build's data comes from: a known data set, or the person's own files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.datasets import movies
from tastemaker.retrieval.datasets.registry import fetch_dataset
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.ingest.interactions_file import read_interactions
from tastemaker.retrieval.ingest.items_file import read_items
from tastemaker.retrieval.ingest.overrides import read_overrides

Data = tuple[Catalog, Interactions, dict[str, Any]]
Say = Callable[[str], None]


def fetch_data(name: str, path: Path | None, progress: bool) -> Data:
    """A data set by name; see :func:`tastemaker.retrieval.datasets.registry.fetch_dataset` for errors."""
    if name == movies.NAME:
        if path is None:
            raise ConfigError(
                "movies is read from files on this machine: give --path FOLDER with msrd/items.jsonl and"
                " ml-latest-small/ (ratings.csv, links.csv)"
            )
        catalog, log = movies.read_movies(path)
        return catalog, log, {"data": name, "attribution": movies.ATTRIBUTION}
    dataset = fetch_dataset(name, path, progress)
    return dataset.catalog, dataset.interactions, {"data": name}


def own_files(
    items: Path | None, interactions: Path | None, overrides: Path | None, skip_bad_rows: bool, say: Say
) -> Data:
    """A person's own catalogue and log; prints what was inferred from them.

    Raises:
        ConfigError: one of the two files is not given.
        DataError: something in a file is wrong.
    """
    if items is None or interactions is None:
        missing = "--items" if items is None else "--interactions"
        raise ConfigError(f"{missing} FILE is missing; give both, or --data NAME for a known data set")
    said = read_overrides(overrides) if overrides else None
    loaded = read_items(items, said, skip_bad_rows)
    say(str(loaded.inference))
    log = read_interactions(interactions, loaded.catalog, said, skip_bad_rows)
    say(str(log.inference))
    for file, n_rejected in ((items, loaded.n_rejected), (interactions, log.n_rejected)):
        if n_rejected:
            say(f"left out {n_rejected:,} bad rows of {file}, with reasons in {file}.rejected.jsonl")
    report = {"items": items.name, "interactions": interactions.name}
    return loaded.catalog, log.interactions, report
