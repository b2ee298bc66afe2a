"""Find items by the meaning of their texts, under exact constraints.

The folder holds Chroma's store and, beside it, the same vectors as one float32 matrix
in row order. A search takes one of two paths: Chroma's approximate index with the
constraints pushed down, or, where few items are allowed or Chroma came back short, the
matrix product over exactly the allowed rows. Either way the scores are exact cosines
and every result has passed the constraints' mask.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.chroma_filters import Metadata, to_chroma_where, to_metadata
from tastemaker.retrieval.constraints import Constraint, Mask, mask
from tastemaker.retrieval.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.errors import QueryError, WorkspaceError

if TYPE_CHECKING:
    from types import TracebackType

    from chromadb.api.client import Client

COLLECTION = "items"
MATRIX = "vectors.npy"
BATCH = 256
WISH_CHARS = 2_000
"""A wish longer than this is cut: the model reads no further anyway."""
EXACT_ROWS = 1_000
"""With at most this many allowed items the matrix product is taken instead of Chroma."""
EXACT_FILTERED_ROWS = 20_000
"""The same under constraints: at 10,000 items Chroma took 68 ms to filter, the product 16."""
MOST_EXCLUDED = 500
"""With more exclusions than this Chroma would have to return too much."""
_HASH = "h"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: ``(item id, cosine)`` from best to worst, and the path it took."""

    pairs: tuple[tuple[str, float], ...]
    path: Literal["chroma", "exact"]


class VectorIndex:
    """The text index of one catalogue; made by :meth:`build`, opened by :meth:`open`."""

    def __init__(self, client: Client, catalog: Catalog, embedder: TextEmbedder, vectors: Vectors) -> None:
        self._client = client
        self._collection = client.get_collection(COLLECTION, embedding_function=None)
        self._catalog = catalog
        self._embedder = embedder
        self._vectors = vectors
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
    ) -> VectorIndex:
        """Embed the texts and store them; run again after an interruption, it goes on where it stopped.

        Args:
            folder: where the index goes; nothing in it depends on the folder's place or name.
            catalog: the items, for ids and filterable attributes.
            texts: one per row of the catalogue.
            embedder: makes the vectors.
            progress: show a bar on standard error.

        Raises:
            WorkspaceError: the store could not be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with _store_errors(folder), _client(folder) as client:
            collection = _fresh_or_begun(client, embedder.name)
            _fill(collection, catalog, texts, embedder, progress)
            _write_matrix(folder / MATRIX, collection, catalog)
            collection.modify(metadata=_belonging(catalog, embedder))
        return cls.open(folder, catalog, embedder)

    @classmethod
    def open(cls, folder: Path, catalog: Catalog, embedder: TextEmbedder) -> VectorIndex:
        """Open a finished index.

        Raises:
            WorkspaceError: there is none, it is unfinished or broken, or it is of another catalogue or
                embedding model.
        """
        if not (folder / "chroma" / "chroma.sqlite3").exists() or not (folder / MATRIX).exists():
            raise WorkspaceError(f"no finished text index in {folder}; run `tastemaker build` again")
        with _store_errors(folder):
            client = _open_client(folder)
            try:
                found = client.get_collection(COLLECTION, embedding_function=None).metadata or {}
                _check_belonging(found, _belonging(catalog, embedder), folder)
                return cls(client, catalog, embedder, _read_matrix(folder / MATRIX, len(catalog)))
            except BaseException:
                client.close()
                raise

    @property
    def vectors(self) -> Vectors:
        """Unit vectors of all items, float32[n_items, d], read-only, in row order."""
        return self._vectors

    def embed(self, text: str) -> Vectors:
        """The unit vector that :meth:`search` looks for, float32[d]; raises likewise."""
        return self._vector_of(text)

    def search(
        self,
        wish: str | Vectors,
        k: int,
        constraints: Sequence[Constraint] = (),
        exclude: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        """The k items closest to a text or a vector, as ``(item id, cosine)``, the best first.

        Args:
            wish: free text (cut at ``WISH_CHARS`` characters) or a vector, float32[d].
            k: how many; fewer come back only where fewer are allowed.
            constraints: every result meets all of them.
            exclude: item ids to leave out; unknown ones are no matter.

        Raises:
            QueryError: an empty wish, a vector of the wrong shape, ``k`` below 1, or a bad constraint.
        """
        return list(self.find(wish, k, constraints, exclude).pairs)

    def similar(
        self, item_id: str, k: int, constraints: Sequence[Constraint] = (), exclude: Collection[str] = ()
    ) -> list[tuple[str, float]]:
        """The k items whose texts are closest to one item's, without itself; raises like :meth:`search`."""
        vector = self._vectors[self._catalog.row(item_id)]
        return self.search(np.asarray(vector), k, constraints, {*exclude, item_id})

    def find(
        self,
        wish: str | Vectors,
        k: int,
        constraints: Sequence[Constraint] = (),
        exclude: Collection[str] = (),
    ) -> Found:
        """As :meth:`search`, saying also which path the search took."""
        if k < 1:
            raise QueryError(f"k is {k}; ask for at least one item")
        vector = self._vector_of(wish)
        excluded = self._catalog.rows(item_id for item_id in exclude if item_id in self._catalog)
        allowed = mask(self._catalog, constraints)
        allowed[excluded] = False
        n_wanted = min(k, int(allowed.sum()))
        few = self.exact_filtered_rows if constraints else self.exact_rows
        if allowed.sum() > max(few, n_wanted) and len(excluded) <= MOST_EXCLUDED:
            rows = self._nearest(vector, k + len(excluded), constraints, allowed)
            if len(rows) >= n_wanted:
                return Found(self._ranked(rows, vector, k), "chroma")
        return Found(self._ranked(np.flatnonzero(allowed), vector, k), "exact")

    def close(self) -> None:
        """Let go of the store's files; the index is of no use afterwards."""
        self._client.close()

    def __enter__(self) -> VectorIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _size(self) -> int:
        return int(self._vectors.shape[1])

    def _vector_of(self, wish: str | Vectors) -> Vectors:
        if isinstance(wish, str):
            text = " ".join(wish[:WISH_CHARS].split())
            if not text:
                raise QueryError("the wish is empty; write what the item should be about")
            return self._embedder.encode_query(text)
        vector = np.asarray(wish, dtype=np.float32)
        norm = np.linalg.norm(vector)
        if vector.shape != (self._size,) or not np.isfinite(norm) or norm == 0:
            raise QueryError(
                f"a query vector is float32[{self._size}], finite and not zero; got {vector.shape}"
            )
        return np.asarray(vector / norm, dtype=np.float32)

    def _nearest(
        self, vector: Vectors, k: int, constraints: Sequence[Constraint], allowed: Mask
    ) -> npt.NDArray[np.int64]:
        """Allowed rows among Chroma's k nearest."""
        where: Any = to_chroma_where(constraints, self._catalog.schema)
        answer = self._collection.query(
            query_embeddings=vector[None], n_results=min(k, len(self._catalog)), where=where, include=[]
        )
        rows = self._catalog.rows(answer["ids"][0])
        return rows[allowed[rows]]

    def _ranked(self, rows: npt.NDArray[np.int64], vector: Vectors, k: int) -> tuple[tuple[str, float], ...]:
        """The k rows with the highest cosines, ties in row order."""
        rows = np.sort(rows)
        everything = len(rows) == len(self._vectors)
        scores = (self._vectors if everything else self._vectors[rows]) @ vector
        order = np.argsort(-scores, kind="stable")[:k]
        return tuple((self._catalog.at(int(rows[at])).id, float(scores[at])) for at in order)


def _open_client(folder: Path) -> Client:
    # Chroma takes a second to import, and only searching needs it.
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(str(folder / "chroma"), settings)  # type: ignore[return-value]


@contextmanager
def _client(folder: Path) -> Iterator[Client]:
    client = _open_client(folder)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _store_errors(folder: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, OSError) as error:
        raise WorkspaceError(
            f"the text index in {folder} cannot be used: {error}; run `tastemaker build` again"
        ) from error


def _fresh_or_begun(client: Client, embedder_name: str) -> Any:
    """The collection to fill: one that the same embedder began, or a new one."""
    names = [collection.name for collection in client.list_collections()]
    if COLLECTION in names:
        begun = client.get_collection(COLLECTION, embedding_function=None)
        if (begun.metadata or {}).get("embedder") == embedder_name:
            return begun
        client.delete_collection(COLLECTION)
    return client.create_collection(
        COLLECTION,
        embedding_function=None,
        metadata={"embedder": embedder_name},
        configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
    )


def _fill(
    collection: Any, catalog: Catalog, texts: Sequence[str], embedder: TextEmbedder, show: bool
) -> None:
    """Make the collection hold exactly the catalogue's items; what it holds already is not embedded again."""
    stored = _stored_hashes(collection)
    metadatas = [
        _hashed(to_metadata(item, catalog.schema), text) for item, text in zip(catalog, texts, strict=True)
    ]
    wanted = {item_id: str(m[_HASH]) for item_id, m in zip(catalog.ids, metadatas, strict=True)}
    stale = [item_id for item_id, digest in stored.items() if wanted.get(item_id) != digest]
    for start in range(0, len(stale), BATCH):
        collection.delete(ids=stale[start : start + BATCH])
    todo = [row for row, item_id in enumerate(catalog.ids) if stored.get(item_id) != wanted[item_id]]
    with tqdm(total=len(catalog), initial=len(catalog) - len(todo), desc="texts", disable=not show) as bar:
        for start in range(0, len(todo), BATCH):
            rows = todo[start : start + BATCH]
            collection.add(
                ids=[catalog.at(row).id for row in rows],
                embeddings=embedder.encode([texts[row] for row in rows]),
                metadatas=[metadatas[row] for row in rows],
            )
            bar.update(len(rows))


def _stored_hashes(collection: Any) -> dict[str, str]:
    hashes: dict[str, str] = {}
    for start in range(0, collection.count(), BATCH):
        page = collection.get(limit=BATCH, offset=start, include=["metadatas"])
        hashes |= {i: str(m[_HASH]) for i, m in zip(page["ids"], page["metadatas"], strict=True)}
    return hashes


def _hashed(metadata: Metadata, text: str) -> Metadata:
    content = json.dumps([text, metadata], sort_keys=True)
    return {**metadata, _HASH: hashlib.sha256(content.encode()).hexdigest()[:32]}


def _write_matrix(path: Path, collection: Any, catalog: Catalog) -> None:
    vectors: Vectors = np.empty((0, 0), dtype=np.float32)
    for start in range(0, len(catalog), BATCH):
        page = collection.get(ids=list(catalog.ids[start : start + BATCH]), include=["embeddings"])
        found = np.asarray(page["embeddings"], dtype=np.float32)
        if not vectors.size:
            vectors = np.empty((len(catalog), found.shape[1]), dtype=np.float32)
        vectors[catalog.rows(page["ids"])] = found
    part = path.with_suffix(".part.npy")
    np.save(part, vectors, allow_pickle=False)
    part.replace(path)


def _read_matrix(path: Path, n_items: int) -> Vectors:
    try:
        vectors: Vectors = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        raise WorkspaceError(
            f"{path} is no matrix of vectors ({error}); run `tastemaker build` again"
        ) from error
    if vectors.ndim != 2 or len(vectors) != n_items or vectors.dtype != np.float32:
        shape = f"{vectors.dtype}{list(vectors.shape)}"
        raise WorkspaceError(f"{path} holds {shape}, not {n_items} vectors; run `tastemaker build` again")
    return vectors


def _belonging(catalog: Catalog, embedder: TextEmbedder) -> dict[str, str | int]:
    return {"embedder": embedder.name, "content_hash": catalog.content_hash, "items": len(catalog)}


def _check_belonging(found: dict[str, Any], wanted: dict[str, str | int], folder: Path) -> None:
    again = "run `tastemaker build` again"
    if "content_hash" not in found:
        raise WorkspaceError(f"the text index in {folder} was not finished; {again}")
    if found["embedder"] != wanted["embedder"]:
        models = f"made with {found['embedder']!r}, not {wanted['embedder']!r}"
        raise WorkspaceError(
            f"the text index in {folder} was {models}; {again} or choose that embedding model"
        )
    if found["content_hash"] != wanted["content_hash"]:
        counts = f"{found['items']:,} items then, {wanted['items']:,} now"
        raise WorkspaceError(f"the text index in {folder} is of another catalogue ({counts}); {again}")
