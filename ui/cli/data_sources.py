"""Where a build's data comes from: a known data set, or the person's own files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tastemaker.evals.requests.case import link
from tastemaker.evals.requests.files import read_requests
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.datasets import movies
from tastemaker.retrieval.datasets.registry import fetch_dataset
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.ingest.feedback import with_opinions
from tastemaker.retrieval.ingest.interactions_file import read_interactions
from tastemaker.retrieval.ingest.items_file import read_items
from tastemaker.retrieval.ingest.overrides import Overrides
from tastemaker.retrieval.judged.judged_requests import JudgedRequest

Data = tuple[Catalog, Interactions | None, dict[str, Any]]
Say = Callable[[str], None]


def fetch_data(name: str, path: Path | None, progress: bool, say: Say) -> Data:
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
    log, rule = with_opinions(dataset.interactions)
    if rule:
        say(rule)
    return dataset.catalog, log, {"data": name}


def own_files(
    items: Path | None,
    interactions: Path | None,
    said: Overrides,
    skip_bad_rows: bool,
    say: Say,
    progress: bool = False,
) -> Data:
    """A person's own catalogue, and log if there is one; prints what was inferred from them.

    Raises:
        ConfigError: no catalogue is given.
        DataError: something in a file is wrong.
    """
    if items is None:
        raise ConfigError("--items FILE is missing; give a catalogue, or --data NAME for a known data set")
    loaded = read_items(items, said, skip_bad_rows, log=interactions)
    say(str(loaded.inference))
    _say_left_out(items, loaded.n_rejected, say)
    if interactions is None:
        say("no log of interactions: popularity is unknown, items are ranked by what they are about")
        return loaded.catalog, None, {"items": items.name}
    log = read_interactions(interactions, loaded.catalog, said, skip_bad_rows, progress=progress)
    say(str(log))
    _say_left_out(interactions, log.n_rejected, say)
    return loaded.catalog, log.interactions, {"items": items.name, "interactions": interactions.name}


def _say_left_out(file: Path, n_rejected: int, say: Say) -> None:
    if n_rejected:
        say(f"left out {n_rejected:,} bad rows of {file}, with reasons in {file}.rejected.jsonl")


def own_judgements(path: Path, catalog: Catalog, say: Say) -> tuple[JudgedRequest, ...]:
    """A person's own judged requests; prints what of them the catalogue does not have.

    A later message of a conversation is one wish together with those before it.

    Raises:
        DataError: the file is wrong, or names no item of the catalogue.
    """
    cases, lost = link(read_requests(path), catalog)
    if lost:
        say(f"{path}: {lost:,} of the items named are not in the catalogue, and left out")
    return tuple(
        JudgedRequest(("; ".join((*case.earlier, case.message)),), case.fits, case.arguable)
        for case in cases
        if case.fits
    )
