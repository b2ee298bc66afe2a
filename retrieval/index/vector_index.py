"""Find items by the meaning of their texts, under exact constraints.

Chroma is the store of record: items, attributes, vectors. Beside it the same vectors lie as one
float32 matrix in row order. A search goes through the matrix, except without constraints in a
large catalogue, where Chroma's approximate index is quicker (measured, see LOG.md). Either
way the scores are exact cosines, every result has passed the constraints' mask, and a store that
does not answer is replaced by the matrix.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import QueryError, WorkspaceError
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import mask
from tastemaker.retrieval.index.chroma_client import ChromaPlace
from tastemaker.retrieval.index.chroma_search import ChromaSearch
from tastemaker.retrieval.index.embedder import QueryBatcher, TextEmbedder, Vectors
from tastemaker.retrieval.index.embedder_fingerprint import ModelMark
from tastemaker.retrieval.index.index_build import build_index
from tastemaker.retrieval.index.index_files import IndexCard, read_card, read_matrix
from tastemaker.retrieval.index.vector_matrix import Rows, Scores, VectorMatrix
from tastemaker.retrieval.unwritable import is_full

if TYPE_CHECKING:
    from types import TracebackType

MAX_QUERY_CHARS = 2_000
"""A wish longer than this is cut: the model reads no further anyway."""
EXACT_ROWS = 100_000
"""With at most this many allowed items the matrix is searched instead of Chroma."""
EXACT_FILTERED_ROWS = 5_000_000
"""The same under constraints, which Chroma checks item by item in SQLite: 1.5 ms for a thousand items."""
MAX_FROM_CHROMA = 50
"""Chroma looks at 200 candidates, so a longer list would miss too many."""
ANSWER_SECONDS = 5.0
"""How long a search waits for a Chroma server before it goes on without."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: ``(item id, cosine)`` from best to worst, and the path it took.

    ``scan`` is a first look in int8; ``exact`` computed the cosine of every allowed item.
    """

    pairs: tuple[tuple[str, float], ...]
    path: Literal["chroma", "scan", "exact"]


class VectorIndex:
    """The text index of one catalogue; made by :meth:`build`, opened by :meth:`open`.

    Args:
        catalog: the items.
        embedder: turns wishes into vectors.
        vectors: of the items' texts, float32[n_items, d].
        store: the same vectors in Chroma; None to search the matrix always.
    """

    def __init__(
        self, catalog: Catalog, embedder: TextEmbedder, vectors: Vectors, store: ChromaSearch | None = None
    ) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._matrix = VectorMatrix(vectors)
        self.store = store
        self.exact_rows = EXACT_ROWS
        self.exact_filtered_rows = EXACT_FILTERED_ROWS

    @classmethod
    def build(
        cls,
        folder: Path,
        catalog: Catalog,
        texts: Sequence[str],
        embedder: TextEmbedder,
        progress: bool = True,
        *,
        store: str | None = None,
        label: str = "items",
        say: Callable[[str], None] = lambda _: None,
    ) -> VectorIndex:
        """Embed the texts and store them; run again after an interruption, it goes on where it stopped.

        In the folder of an earlier index made by the same model, only new and changed texts are embedded.

        Args:
            folder: where the index goes; nothing in it depends on the folder's place or name.
            catalog: the items, for ids and filterable attributes.
            texts: one per row of the catalogue.
            embedder: makes the vectors.
            progress: show a bar on standard error.
            store: ``http://host:port`` of a `chroma run` server; Chroma's files lie in the folder if left out.
            label: begins the name of the collection on a server, so that a person knows whose it is.
            say: is told how many texts were embedded and how many kept.

        Raises:
            WorkspaceError: the store could not be written.
        """
        place = ChromaPlace(folder, store)
        filled = build_index(place, catalog, texts, embedder, label, progress)
        say(f"item texts: {filled.embedded:,} embedded, {filled.kept:,} kept")
        return cls.open(folder, catalog, embedder, store)

    @classmethod
    def open(
        cls, folder: Path, catalog: Catalog, embedder: TextEmbedder, store: str | None = None
    ) -> VectorIndex:
        """Open a finished index. A server that does not answer is tried again later, and does not stop this.

        Raises:
            ConfigError: ``store`` is no URL.
            WorkspaceError: there is none, it is unfinished or broken, or it is of another catalogue or
                embedding model.
        """
        card = read_card(folder)
        if card is None or not card.content_hash:
            raise WorkspaceError(
                f"no finished text index in {folder} that this version reads; run `tastemaker build` again"
            )
        _check_belonging(card, catalog, embedder, folder)
        vectors = read_matrix(folder, len(catalog))
        if store is None and not os.access(folder, os.W_OK):  # Chroma writes into what it only reads
            log.info("%s may only be read; the search reads all vectors", folder)
            return cls(catalog, embedder, vectors)
        search = ChromaSearch(ChromaPlace(folder, store, ANSWER_SECONDS), card.collection, catalog)
        if store is None and len(catalog) <= EXACT_ROWS:
            search.check_file()  # the store is never asked, and Chroma takes a second to import
        else:
            with _soft(soft=store is not None):
                search.collection()
        return cls(catalog, embedder, vectors, search)

    @property
    def catalog(self) -> Catalog:
        """The items."""
        return self._catalog

    @property
    def vectors(self) -> Vectors:
        """Unit vectors of all items, float32[n_items, d], read-only, in row order."""
        return self._matrix.vectors

    @property
    def encoder(self) -> str:
        """The embedding model's name."""
        return self._embedder.name

    def embed(self, text: str) -> Vectors:
        """The unit vector that :meth:`search` looks for, float32[d]; raises likewise."""
        return self._vector_of(text)

    def prepare(self, texts: Sequence[str]) -> None:
        """Make the vectors of texts that :meth:`embed` will be asked for, at once where the embedder can."""
        if len(texts) > 1 and isinstance(self._embedder, QueryBatcher):
            self._embedder.encode_queries([_cut(text) for text in texts])

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        """As :meth:`embed` for several texts at once, which is faster, float32[n, d]."""
        return self._embedder.encode([_cut(text) for text in texts])

    def search(
        self,
        query: str | Vectors,
        k: int,
        constraints: Sequence[Condition] = (),
        exclude: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        """The k items closest to a text or a vector, as ``(item id, cosine)``, the best first.

        Args:
            query: free text (cut at ``MAX_QUERY_CHARS`` characters) or a vector, float32[d].
            k: how many; fewer come back only where fewer are allowed.
            constraints: every result meets all of them.
            exclude: item ids to leave out; unknown ones are no matter.

        Raises:
            QueryError: an empty wish, a vector of the wrong shape, ``k`` below 1, or a bad constraint.
        """
        return list(self.find(query, k, constraints, exclude).pairs)

    def similar(
        self, item_id: str, k: int, constraints: Sequence[Condition] = (), exclude: Collection[str] = ()
    ) -> list[tuple[str, float]]:
        """The k items whose texts are closest to one item's, without itself; raises like :meth:`search`."""
        vector = self.vectors[self._catalog.row(item_id)]
        return self.search(np.asarray(vector), k, constraints, {*exclude, item_id})

    def find(
        self,
        query: str | Vectors,
        k: int,
        constraints: Sequence[Condition] = (),
        exclude: Collection[str] = (),
    ) -> Found:
        """As :meth:`search`, saying also which path the search took."""
        if k < 1:
            raise QueryError(f"k is {k}; ask for at least one item")
        vector = self._vector_of(query)
        excluded = self._catalog.rows(item_id for item_id in exclude if item_id in self._catalog)
        keep = mask(self._catalog, constraints)
        keep[excluded] = False
        n_kept, deep = int(np.count_nonzero(keep)), k + len(excluded)
        most = self.exact_filtered_rows if constraints else self.exact_rows
        if self.store and n_kept > most and deep <= MAX_FROM_CHROMA:
            rows = self.store.nearest(vector, deep, constraints)
            if rows is not None and np.count_nonzero(keep[rows]) >= min(k, n_kept):
                return Found(self._pairs(*self._matrix.rank(rows[keep[rows]], vector, k)), "chroma")
        rows, scores, path = self._matrix.top(vector, k, keep)
        return Found(self._pairs(rows, scores), path)

    def close(self) -> None:
        """Let go of the store."""
        if self.store:
            self.store.close()

    def __enter__(self) -> VectorIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _vector_of(self, query: str | Vectors) -> Vectors:
        if isinstance(query, str):
            return self._embedder.encode_query(_cut(query))
        vector = np.asarray(query, dtype=np.float32)
        size = self.vectors.shape[1]
        norm = np.linalg.norm(vector)
        if vector.shape != (size,) or not np.isfinite(norm) or norm == 0:
            raise QueryError(f"a query vector is float32[{size}], finite and not zero; got {vector.shape}")
        return np.asarray(vector / norm, dtype=np.float32)

    def _pairs(self, rows: Rows, scores: Scores) -> tuple[tuple[str, float], ...]:
        return tuple(
            (self._catalog.at(int(row)).id, float(score)) for row, score in zip(rows, scores, strict=True)
        )


@contextmanager
def _soft(soft: bool) -> Iterator[None]:
    try:
        yield
    except WorkspaceError as error:
        if not soft and not is_full(error.__cause__):  # Chroma writes when it opens
            raise
        log.warning("%s; until then the search reads all vectors", error)


def _check_belonging(card: IndexCard, catalog: Catalog, embedder: TextEmbedder, folder: Path) -> None:
    again = "run `tastemaker build` again"
    models = card.model.difference(ModelMark.of(embedder))
    if models:
        raise WorkspaceError(
            f"the text index in {folder} was made with {models}; {again} or choose that embedding model"
        )
    if card.content_hash != catalog.stated_hash:
        counts = f"{card.items:,} items then, {len(catalog):,} now"
        raise WorkspaceError(f"the text index in {folder} is of another catalogue ({counts}); {again}")


def _cut(text: str) -> str:
    short = " ".join(text[:MAX_QUERY_CHARS].split())
    if not short:
        raise QueryError("the wish is empty; write what the item should be about")
    return short
