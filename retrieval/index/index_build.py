"""Make a text index, or bring one up to date: Chroma first, then the matrix, then the card."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.index.chroma_client import ChromaPlace, close
from tastemaker.retrieval.index.chroma_fill import FillCounts, fill, read_vectors
from tastemaker.retrieval.index.embedder import TextEmbedder
from tastemaker.retrieval.index.embedder_fingerprint import ModelMark
from tastemaker.retrieval.index.index_files import (
    IndexCard,
    read_card,
    read_vector_cache,
    write_card,
    write_matrix,
)
from tastemaker.retrieval.index.vector_cache import VectorCache, text_hashes

if TYPE_CHECKING:
    from chromadb.api.client import Client


def build_index(
    place: ChromaPlace,
    catalog: Catalog,
    texts: Sequence[str],
    embedder: TextEmbedder,
    label: str,
    progress: bool,
) -> FillCounts:
    """Embed what is new, store it, and finish the card; may be interrupted anywhere and run again.

    Raises:
        WorkspaceError: the store cannot be used.
    """
    folder, model = place.folder, ModelMark.of(embedder)
    folder.mkdir(parents=True, exist_ok=True)
    old = read_card(folder)
    goes_on = old is not None and not old.model.difference(model)
    card = old if old and goes_on else _new_card(model, label)
    kept = read_vector_cache(folder) if goes_on else VectorCache.none()
    with place.errors(), _open(place, begun=old is not None) as client:
        write_card(folder, card)
        collection = _collection(client, card.collection, old.collection if old and not goes_on else None)
        collection.modify(metadata={"content_hash": ""})
        filled = fill(collection, catalog, texts, embedder, kept, progress)
        write_card(folder, card.model_copy(update={"content_hash": ""}))
        shape = (len(catalog), len(model.probe))
        write_matrix(folder, read_vectors(collection, catalog), shape, text_hashes(texts))
        collection.modify(metadata={"content_hash": catalog.stated_hash})
    write_card(folder, card.model_copy(update={"content_hash": catalog.stated_hash, "items": len(catalog)}))
    return filled


def _new_card(model: ModelMark, label: str) -> IndexCard:
    """A card whose collection has a name of its own, also on a server that others use."""
    words = re.sub(r"[^a-z0-9]+", "-", label.lower())[:40].strip("-") or "items"
    probe = tuple(float(number) for number in model.probe)
    return IndexCard(collection=f"{words}-{uuid.uuid4().hex[:12]}", embedder=model.name, probe=probe)


@contextmanager
def _open(place: ChromaPlace, begun: bool) -> Iterator[Client]:
    client = place.client() if place.url else _own_client(place, begun)
    try:
        if place.url:
            shutil.rmtree(place.folder / "chroma", ignore_errors=True)
        yield client
    finally:
        close(client)


def _own_client(place: ChromaPlace, begun: bool) -> Client:
    """The folder's store; one that cannot be read, or is no index of ours, is begun again."""
    from chromadb.errors import ChromaError

    if begun:
        with suppress(ChromaError):
            return place.client()
    shutil.rmtree(place.folder / "chroma", ignore_errors=True)
    return place.client()


def _collection(client: Client, name: str, replaced: str | None) -> Any:
    """The collection to fill; one that it replaces is deleted."""
    from chromadb.errors import NotFoundError

    if replaced:
        with suppress(NotFoundError):
            client.delete_collection(replaced)
    return client.get_or_create_collection(
        name, embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 200}}
    )
