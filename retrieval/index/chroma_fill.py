"""Make a Chroma collection hold exactly a catalogue's items, embedding only what is new.

Each item carries a hash of its text and attributes, so a fill that was interrupted goes on where
it stopped, and one of a changed catalogue touches only what changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.index.chroma_filters import to_metadata
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.index.vector_cache import VectorCache

BATCH = 256
PAGE = 2_000
"""Ids asked for at once. Pages by id take 0.03 ms an item at any size; pages by offset grow with it."""
_HASH = "h"


@dataclass(frozen=True)
class FillCounts:
    """What a fill had to do: texts through the model, and items whose vector was there already."""

    embedded: int
    kept: int


def fill(
    collection: Any,
    catalog: Catalog,
    texts: Sequence[str],
    embedder: TextEmbedder,
    kept: VectorCache,
    show: bool,
) -> FillCounts:
    """Delete, add and change items until the collection is the catalogue."""
    stored = _read_hashes(collection)
    wanted = [_content_hash(catalog, row, text) for row, text in enumerate(texts)]
    current = dict(zip(catalog.ids, wanted, strict=True))
    stale = [item_id for item_id, digest in stored.items() if current.get(item_id) != digest]
    for ids in _pages(stale, BATCH):
        collection.delete(ids=ids)
    todo = [row for row, item_id in enumerate(catalog.ids) if stored.get(item_id) != wanted[row]]
    todo.sort(key=lambda row: -len(texts[row]))  # texts of one length in a batch: less padding
    embedded = 0
    with tqdm(total=len(catalog), initial=len(catalog) - len(todo), desc="texts", disable=not show) as bar:
        for rows in _pages(todo, BATCH):
            vectors, n_new = kept.embed_missing([texts[row] for row in rows], embedder)
            collection.add(
                ids=[catalog.at(row).id for row in rows],
                embeddings=vectors,
                metadatas=[
                    {**to_metadata(catalog.at(row), catalog.schema), _HASH: wanted[row]} for row in rows
                ],
            )
            embedded += n_new
            bar.update(len(rows))
    return FillCounts(embedded, len(catalog) - embedded)


def read_vectors(collection: Any, catalog: Catalog) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
    """The vectors of a filled collection, page by page, with their rows."""
    for ids in _pages(catalog.ids, PAGE):
        page = collection.get(ids=list(ids), include=["embeddings"])
        yield catalog.rows(page["ids"]), np.asarray(page["embeddings"], dtype=np.float32)


def _read_hashes(collection: Any) -> dict[str, str]:
    hashes: dict[str, str] = {}
    for ids in _pages(collection.get(include=[])["ids"], PAGE):
        page = collection.get(ids=list(ids), include=["metadatas"])
        hashes |= {i: str(m[_HASH]) for i, m in zip(page["ids"], page["metadatas"], strict=True)}
    return hashes


def _content_hash(catalog: Catalog, row: int, text: str) -> str:
    content = json.dumps([text, to_metadata(catalog.at(row), catalog.schema)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _pages(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (values[start : start + size] for start in range(0, len(values), size))
