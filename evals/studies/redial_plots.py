"""Plots as queries over ReDial's films.

``python -m tastemaker.evals.studies.redial_plots --data ../shared/data/redial``

Each film's plot, with its title's words and its people's names removed, must find the film
among texts that hold its title and all other fields, but no plot.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tastemaker.evals.metrics.bootstrap import bootstrap
from tastemaker.evals.metrics.rank_metrics import hit_rate, reciprocal_rank
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.index.phrase_index import PhraseIndex
from tastemaker.retrieval.index.vector_index import VectorIndex
from tastemaker.retrieval.search.fusion import fuse
from tastemaker.retrieval.search.relevance import Ways
from tastemaker.retrieval.text.normalise import split_year
from tastemaker.retrieval.text.tokens import tokens
from tastemaker.tools.workspace.embedding import DEFAULT_EMBEDDING, open_embedder

PEOPLE = ("director", "writer", "star")
SCHEMA = Schema(
    attributes=(
        Attribute(name="year", kind=Kind.NUMBER),
        *(Attribute(name=name, kind=Kind.TAGS) for name in ("genre", *PEOPLE)),
    )
)
DEEPEST = 100


def main(arguments: Sequence[str] | None = None) -> None:
    """Print hit rates and the mean reciprocal rank for each way of searching and for their fusion."""
    parser = argparse.ArgumentParser(description="Find films by their plots, which are not indexed.")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds id2info.json")
    parser.add_argument("--embedding", default=DEFAULT_EMBEDDING)
    parser.add_argument("--most", type=int, default=1000, help="how many plots, evenly picked")
    chosen = parser.parse_args(arguments)
    films = json.loads((chosen.data / "id2info.json").read_text(encoding="utf-8"))
    catalog = Catalog((_item(film_id, film) for film_id, film in films.items()), SCHEMA)
    plots = [(row, _without_names(film)) for row, film in enumerate(films.values())]
    plots = [(row, plot) for row, plot in plots if plot]
    plots = plots[:: max(1, len(plots) // chosen.most)]
    with tempfile.TemporaryDirectory() as folder:
        ways = _ways(Path(folder), catalog, chosen.embedding)
        ranks = np.array([list(_ranks(ways, row, plot)) for row, plot in plots])
        ways.index.close()
    sys.stdout.write(f"{len(plots):,} plots, {len(catalog):,} films\n")
    for name, column in zip(("meaning", "phrase", "words", "hybrid"), ranks.T, strict=True):
        values = (
            hit_rate(column, 1),
            hit_rate(column, 5),
            hit_rate(column, 10),
            reciprocal_rank(column, DEEPEST),
        )
        found = [bootstrap(value) for value in values]
        shown = "  ".join(f"{one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]" for one in found)
        sys.stdout.write(f"{name:8} hit@1, hit@5, hit@10, MRR@{DEEPEST}: {shown}\n")


def _item(film_id: str, film: Mapping[str, Any]) -> Item:
    _, year = split_year(film["name"])
    lists = {name: tuple(dict.fromkeys(film.get(name) or ())) for name in ("genre", *PEOPLE)}
    known = {name: values for name, values in lists.items() if values}
    return Item(film_id, film["name"], {**({"year": year} if year else {}), **known})


def _without_names(film: Mapping[str, Any]) -> str:
    """The plot without the words of the title and of the people's names."""
    names = [split_year(film["name"])[0], *(name for field in PEOPLE for name in film.get(field) or ())]
    named = set(tokens(" ".join(names)))
    return " ".join(word for word in (film.get("plot") or "").split() if named.isdisjoint(tokens(word)))


def _ways(folder: Path, catalog: Catalog, embedding: str) -> Ways:
    embedder = open_embedder(embedding)
    return Ways(
        VectorIndex.build(folder, catalog, item_texts(catalog), embedder),
        PhraseIndex.build(folder, catalog, embedder),
        LexicalIndex.build(folder, catalog),
    )


def _ranks(ways: Ways, row: int, plot: str) -> Iterator[int]:
    """The film's rank by meaning, by phrase, by words and by their fusion; of equal scores it comes last."""
    query_vectors = ways.embed_query(plot)
    columns = {"meaning": np.asarray(ways.index.vectors @ ways.index.embed(plot)), **query_vectors.columns}
    for scores in (*columns.values(), fuse(columns, ways.weights)):
        yield int((scores >= scores[row]).sum())


if __name__ == "__main__":
    main()
