"""Approximate neighbours from Chroma, and what to do while the store is away.

A person who chats is better served by a slower answer than by none: when the store fails, the
search says so in the log, answers None, and leaves the store alone for a while.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.index.chroma_client import ChromaPlace, close
from tastemaker.retrieval.index.chroma_filters import to_chroma_where
from tastemaker.retrieval.index.embedder import Vectors

if TYPE_CHECKING:
    from chromadb.api.client import Client

REST = 5.0
"""Seconds for which a store that failed is not asked again."""

log = logging.getLogger(__name__)


class ChromaSearch:
    """The collection of one catalogue, opened when first needed and again after a failure."""

    def __init__(self, place: ChromaPlace, collection: str, catalog: Catalog) -> None:
        self._place = place
        self._name = collection
        self._catalog = catalog
        self._client: Client | None = None
        self._collection: Any = None
        self._rest_until = 0.0

    def nearest(
        self, vector: Vectors, k: int, constraints: Sequence[Condition]
    ) -> npt.NDArray[np.int64] | None:
        """Rows of about the k nearest that pass what Chroma can check of the constraints; None if it failed.

        Raises:
            QueryError: a bad constraint.
        """
        where: Any = to_chroma_where(constraints, self._catalog.schema)
        if time.monotonic() < self._rest_until:
            return None
        try:
            with self._place.errors():
                answer = self.current().query(
                    query_embeddings=vector[None],
                    n_results=min(k, len(self._catalog)),
                    where=where,
                    include=[],
                )
        except WorkspaceError as error:
            log.warning("%s; until then the search reads all vectors", error)
            self._rest_until = time.monotonic() + REST
            self.close()
            return None
        # Another process may have put new items in; ours are still those of our catalogue.
        return self._catalog.rows(found for found in answer["ids"][0] if found in self._catalog)

    def collection(self) -> Any:
        """The collection itself.

        Raises:
            WorkspaceError: the store doesn't answer, or hasn't got it.
        """
        if self._collection is None:
            with self._place.errors():
                self._client = self._client or self._place.client()
                self._collection = self._client.get_collection(self._name, embedding_function=None)
        return self._collection

    def check_file(self) -> None:
        """A first look at the store's file, without Chroma.

        Raises:
            WorkspaceError: it is missing, or no database.
        """
        file = self._place.folder / "chroma" / "chroma.sqlite3"
        try:
            address = f"{file.resolve().as_uri()}?immutable=1"
            with closing(sqlite3.connect(address, uri=True)) as database:
                sound = database.execute("SELECT count(*) FROM collections").fetchone()[0] > 0
        except sqlite3.Error:
            sound = False
        if not sound:
            raise WorkspaceError(
                f"the text index {self._place} cannot be used: no database in it; run `tastemaker build` again"
            )

    def current(self) -> Any:
        """The collection, if it is of our catalogue; raises likewise where it is not."""
        collection = self.collection()
        if (collection.metadata or {}).get("content_hash") != self._catalog.stated_hash:
            raise WorkspaceError(
                f"collection {self._name!r} {self._place} is of another catalogue, or not finished;"
                " run `tastemaker build` again"
            )
        return collection

    def close(self) -> None:
        """Let go of the store; it is opened again when needed."""
        if self._client is not None:
            close(self._client)
        self._client = self._collection = None
