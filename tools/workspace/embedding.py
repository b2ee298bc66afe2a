"""Which model embeds the texts: one that we fetch, a folder, one of the hub, or none."""

from __future__ import annotations

from pathlib import Path

from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.fetch.model_files import EMBEDDING_MODELS, embedding_model, embedding_model_names
from tastemaker.retrieval.index.embedder import Embedder, TextEmbedder
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder

DEFAULT_EMBEDDING = "all-MiniLM-L6-v2"
HASHING_EMBEDDING = "hashing"


def resolve_embedding(name: str) -> str:
    """The name as a workspace keeps it: a folder by its absolute path.

    Raises:
        ConfigError: no such model.
    """
    if name == HASHING_EMBEDDING or name in EMBEDDING_MODELS:
        return name
    if Path(name).is_dir():
        return str(Path(name).resolve())
    if Path(name).is_absolute() or name.startswith(".") or name.count("/") != 1:
        known = nearest_of(name, [*embedding_model_names(), HASHING_EMBEDDING])
        raise ConfigError(
            f"no embedding model {name!r}; {known}, a folder with a sentence-transformers model,"
            " or OWNER/NAME on the hub"
        )
    return name


def open_embedder(name: str) -> TextEmbedder:
    """An embedder by its settled name; fetched if need be, loaded when first used.

    ``hashing`` needs no model; other names are our own pinned models, a folder, or OWNER/NAME on the hub.

    Raises:
        ConfigError: no such model, such as a folder that has been moved.
        SourceError: no source of a pinned model works.
    """
    name = resolve_embedding(name)
    if name == HASHING_EMBEDDING:
        return HashingEmbedder()
    if name in EMBEDDING_MODELS:
        return Embedder(embedding_model(name), name)
    return Embedder(Path(name) if Path(name).is_dir() else name)
