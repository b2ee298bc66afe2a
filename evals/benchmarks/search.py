"""Hybrid search at 10,000 items beside plain Chroma: ``python -m tastemaker.evals.benchmarks.search``.

Made-up items with texts, tags and years. The peer asks Chroma for as many neighbours and then
goes through them in Python, which may leave nothing.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.constraints import satisfies
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.index.field_words import FieldWords
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.index.phrase_index import PhraseIndex
from tastemaker.retrieval.index.title_keys import TitleKeys
from tastemaker.retrieval.index.vector_index import VectorIndex
from tastemaker.retrieval.search.relevance import Ways
from tastemaker.retrieval.search.request import Search
from tastemaker.retrieval.search.retriever import DEPTH, Retriever
from tastemaker.retrieval.titles.near_duplicates import DuplicateGroups
from tastemaker.retrieval.titles.resolver import TitleResolver
from tastemaker.tools.workspace.embedding import DEFAULT_EMBEDDING, open_embedder

N_ITEMS = 10_000
N_QUERIES = 100
SIZE = 384
"""Length of the vectors, as MiniLM's."""
WHERE = "year between 1950 and 1990 and tags none of tag 1 alpha, tag 2 alpha"
SCHEMA = Schema(
    attributes=(
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="tags", kind=Kind.TAGS),
        Attribute(name="about", kind=Kind.TEXT),
    )
)


class Encoding:
    """Vectors of one embedder, at the cost of another as well: what a query costs with a real model."""

    def __init__(self, own: TextEmbedder, costly: TextEmbedder) -> None:
        self.name = own.name
        self._own = own
        self._costly = costly

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The first embedder's vectors, float32[n, d]."""
        return self._own.encode(texts)

    def encode_query(self, text: str) -> Vectors:
        """The first embedder's vector, float32[d], after the second has encoded the text too."""
        self._costly.encode_query(text)
        return self._own.encode_query(text)


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)  # as every command that serves people does
    rng = random.Random(0)  # noqa: S311 - made-up data
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(3, 9))) for _ in range(5000)]
    catalog = Catalog((_item(n, rng, words) for n in range(N_ITEMS)), SCHEMA)
    queries = [" ".join(rng.choices(words, k=10)) for _ in range(4 * N_QUERIES)]
    plain = HashingEmbedder(SIZE)
    with tempfile.TemporaryDirectory() as folder:
        ways = _ways(Path(folder), catalog, plain)
        costly = Encoding(plain, open_embedder(DEFAULT_EMBEDDING))
        slow = replace(ways, index=VectorIndex.open(Path(folder), catalog, costly))
        searched, encoded = _retriever(catalog, ways), _retriever(catalog, slow)
        rows = {
            "hybrid, two constraints": lambda text: searched.search(Search(text, where=WHERE)),
            "hybrid, no constraint": lambda text: searched.search(Search(text)),
            "two constraints, the query encoded by MiniLM": lambda text: encoded.search(
                Search(text, where=WHERE)
            ),
            "peer: Chroma, then Python": _peer(catalog, ways.index.vectors, plain),
        }
        times = {name: _milliseconds(call, queries[n::4]) for n, (name, call) in enumerate(rows.items())}
        ways.index.close()
        slow.index.close()
    peer = np.median(times["peer: Chroma, then Python"], axis=0)[0]
    sys.stdout.write(
        "| what | median ms | p95 ms | CPU median ms | CPU p95 ms | x peer |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
    )
    for name, found in times.items():
        (median, busy), (late, busy_late) = np.quantile(found, [0.5, 0.95], axis=0)
        sys.stdout.write(
            f"| {name} | {median:.1f} | {late:.1f} | {busy:.1f} | {busy_late:.1f} | {median / peer:.2f} |\n"
        )


def _item(number: int, rng: random.Random, words: Sequence[str]) -> Item:
    tags = tuple(f"tag {rng.randrange(200)} {rng.choice(('alpha', 'beta', 'gamma'))}" for _ in range(5))
    about = " ".join(rng.choices(words, k=25))
    title = " ".join(rng.choices(words, k=rng.randint(1, 5)))
    return Item(str(number), title, {"year": 1930 + number % 90, "tags": tags, "about": about})


def _ways(folder: Path, catalog: Catalog, embedder: TextEmbedder) -> Ways:
    index = VectorIndex.build(folder, catalog, item_texts(catalog), embedder, progress=False)
    phrases = PhraseIndex.build(folder, catalog, embedder, progress=False)
    lexical = LexicalIndex.build(folder, catalog, progress=False)
    fields, titles = FieldWords.of(catalog, lexical.vocabulary), TitleKeys.of(catalog)
    return Ways(index, phrases, lexical, fields=fields, titles=titles)


def _retriever(catalog: Catalog, ways: Ways) -> Retriever:
    resolver = TitleResolver(catalog)
    return Retriever(
        catalog, ways, lambda: np.zeros(len(catalog), np.int64), lambda: resolver, DuplicateGroups()
    )


def _peer(catalog: Catalog, vectors: Vectors, embedder: TextEmbedder) -> Callable[[str], object]:
    import chromadb

    collection = chromadb.EphemeralClient().create_collection(
        "peer", embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": DEPTH}}
    )
    for start in range(0, len(catalog), 1000):
        part = slice(start, start + 1000)
        collection.add(ids=list(catalog.ids[part]), embeddings=np.array(vectors[part]))
    wanted = parse_where(WHERE, catalog.schema)

    def query(text: str) -> list[str]:
        found = collection.query(
            query_embeddings=embedder.encode_query(text)[None], n_results=DEPTH, include=[]
        )
        return [item_id for item_id in found["ids"][0] if satisfies(catalog[item_id], wanted)][:10]

    return query


def _milliseconds(call: Callable[[str], object], queries: Sequence[str]) -> list[tuple[float, float]]:
    """Of each call, by the clock and of the processor, which others on the machine do not lengthen.

    A tenth of them warm up; no query comes twice, so that no cache helps.
    """
    warm, timed = queries[: len(queries) // 10], queries[len(queries) // 10 :]
    for text in warm:
        call(text)
    times = []
    for text in timed:
        started, busy = time.perf_counter(), time.process_time()
        call(text)
        times.append(((time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000))
    return times


if __name__ == "__main__":
    main()
