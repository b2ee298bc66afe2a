"""The one contract of every recommender: a query in, scores over the vocabulary out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.item_content import ItemContent
from tastemaker.recommenders.data.query import Query, Scored
from tastemaker.recommenders.data.resolved_query import ResolvedQuery, read
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.saved_model import SavedModel, read_model, write_model
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.index.embedder import TextEmbedder
from tastemaker.retrieval.top_k import top_k


class Recommender(ABC):
    """Scores every item of its vocabulary for one query, or for many.

    A model fills in :meth:`score_resolved_queries`, :meth:`config`, :meth:`arrays` and
    :meth:`from_arrays`; the rest is the same for all.

    Attributes:
        name: the model's name in the registry and in ``config.json``.
        uses: fields of a query that this model looks at; others that are set get a note.
        fallback: what answers when the model can't tell anything from the query.
        record: how the training went, as JSON values; kept in ``config.json``.
        embedder: turns a query's text into a vector, for the models that use it.
    """

    name: ClassVar[str]
    uses: ClassVar[frozenset[str]] = frozenset({"history"})
    fallback: ClassVar[str] = "popularity"

    def __init__(self, vocabulary: Vocabulary, popularity: npt.ArrayLike) -> None:
        self.vocabulary = vocabulary
        self.popularity: Scores = np.asarray(popularity, np.float32)  # [n_items], interactions per item
        self.record: Mapping[str, object] = {}
        self.embedder: TextEmbedder | None = None

    @abstractmethod
    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items], for readings that :meth:`can_serve` let through."""

    @property
    @abstractmethod
    def config(self) -> Mapping[str, object]:
        """Everything but the arrays that is needed to load the model, as JSON values."""

    @abstractmethod
    def arrays(self) -> Arrays:
        """The model's arrays by name, without ``popularity``."""

    @classmethod
    @abstractmethod
    def from_arrays(
        cls, config: Mapping[str, object], vocabulary: Vocabulary, popularity: Scores, arrays: Arrays
    ) -> Self:
        """The model out of what :attr:`config` and :meth:`arrays` gave."""

    @classmethod
    @abstractmethod
    def fit(
        cls,
        vocabulary: Vocabulary,
        interactions: Interactions,
        checkpoint: Path,
        *,
        seed: int = 0,
        progress: bool = False,
        settings: Mapping[str, object] | None = None,
    ) -> Self:
        """A model trained on a log whose item rows are the vocabulary's.

        Args:
            vocabulary: the ids that the model will know.
            interactions: the log.
            checkpoint: where a long training keeps what it has done so far.
            seed: equal seeds, data and settings give an equal model on one machine.
            progress: show a bar.
            settings: values of the model's config that differ from its defaults.

        Raises:
            ConfigError: a setting that this model does not have, or a value it can't take.
            DataError: too few interactions for this model.
        """

    @classmethod
    def fit_content(
        cls,
        content: ItemContent,
        interactions: Interactions,
        checkpoint: Path,
        *,
        seed: int = 0,
        progress: bool = False,
        settings: Mapping[str, object] | None = None,
    ) -> Self:
        """Like :meth:`fit`, with all that is known of the items; most models only look at their ids."""
        return cls.fit(
            content.vocabulary, interactions, checkpoint, seed=seed, progress=progress, settings=settings
        )

    def unservable(self, catalog: Catalog) -> tuple[str, ...]:
        """Ids of a catalogue that this model does not rank, since they are not in its vocabulary."""
        return tuple(id_ for id_ in catalog.ids if id_ not in self.vocabulary)

    def with_items(self, content: ItemContent) -> Recommender:  # noqa: ARG002 - ids tell nothing of a new item
        """The model for a catalogue that grew, without training; a model of ids stays as it is.

        What it can't rank then, :meth:`unservable` tells.
        """
        return self

    def attach(self, embedder: TextEmbedder | None) -> None:
        """Take an embedder for the wishes in words; models that don't use it keep it unread."""
        self.embedder = embedder

    def can_serve(self, resolved: ResolvedQuery) -> bool:
        """Whether the model itself can answer; if not, the fallback does."""
        return len(resolved.rows) > 0

    def read(self, query: Query) -> ResolvedQuery:
        """How this model understands a query; ``.notes`` says what it skipped or fell back to."""
        resolved = read(query, self.vocabulary)
        asked = {
            "text": query.text,
            "weights": query.weights,
            "shown": query.shown,
            "aim": query.aim is not None,
            "context": query.context,
        }
        ignored = tuple(name for name, value in asked.items() if value and name not in self.uses)
        fallback = None if self.can_serve(resolved) else self.fallback
        return replace(resolved, fallback=fallback, ignored=ignored)

    def scores(self, query: Query) -> Scores:
        """float32[n_items], aligned with the vocabulary; higher is better."""
        scores: Scores = self._score([self.read(query)])[0]
        return scores

    def scores_batch(self, queries: Sequence[Query]) -> Scores:
        """float32[len(queries), n_items]: row i is ``scores(queries[i])`` up to rounding."""
        return self._score([self.read(query) for query in queries])

    def top(self, query: Query, k: int, *, exclude_history: bool = True) -> list[Scored]:
        """The k best items that the query allows, the best first; fewer where fewer are allowed.

        Raises:
            QueryError: k is no positive whole number.
        """
        return self.top_batch([query], k, exclude_history=exclude_history)[0]

    def top_batch(
        self, queries: Sequence[Query], k: int, *, exclude_history: bool = True
    ) -> list[list[Scored]]:
        """:meth:`top` for many queries at once."""
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
            raise QueryError(f"k must be a whole number of at least 1, got {k!r}")
        found = self.best([self.read(query) for query in queries], int(k), exclude_history)
        return [
            [Scored(self.vocabulary.id(row), score) for row, score in zip(rows, scores, strict=True)]
            for rows, scores in ((rows.tolist(), scores.tolist()) for rows, scores in found)
        ]

    def best(
        self, resolved_queries: Sequence[ResolvedQuery], k: int, exclude_history: bool
    ) -> list[tuple[npt.NDArray[np.int64], Scores]]:
        """Rows and scores of the k best items that each reading allows, the best first, ties by row.

        A model with a quicker way than scoring everything may take it here.
        """
        return [
            self._best_of(own, resolved, k, exclude_history)
            for own, resolved in zip(self._score(resolved_queries), resolved_queries, strict=True)
        ]

    def excluded_rows(self, resolved: ResolvedQuery, exclude_history: bool) -> npt.NDArray[np.int64]:
        """Rows that must not be returned, in no order; some may come twice."""
        excluded, _ = self.vocabulary.known_rows(resolved.query.exclude)
        return np.concatenate([excluded, resolved.rows]) if exclude_history else excluded

    def save(self, folder: Path) -> None:
        """Write model.safetensors, config.json and vocabulary.json, all or nothing.

        Raises:
            WorkspaceError: the folder holds something other than a recommender.
        """
        arrays = {**self.arrays(), "popularity": self.popularity}
        write_model(folder, SavedModel(self.name, self.config, self.vocabulary, arrays, self.record))

    @classmethod
    def load(cls, folder: Path, vocabulary: Vocabulary | None = None) -> Self:
        """Read a saved model of this class.

        Args:
            folder: where :meth:`save` wrote.
            vocabulary: the ids that the model must have been trained on, where that matters.

        Raises:
            WorkspaceError: a missing, broken or foreign file, or another vocabulary.
        """
        return cls.from_saved(read_model(folder, name=cls.name, vocabulary=vocabulary))

    @classmethod
    def from_saved(cls, saved: SavedModel) -> Self:
        """The model out of a folder already read."""
        arrays = dict(saved.arrays)
        popularity = np.asarray(arrays.pop("popularity"), np.float32)
        model = cls.from_arrays(saved.config, saved.vocabulary, popularity, arrays)
        model.record = saved.record
        return model

    def _score(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        served = [place for place, resolved in enumerate(resolved_queries) if resolved.fallback is None]
        if served and len(served) == len(resolved_queries):
            return self.score_resolved_queries(resolved_queries)
        scores = np.tile(self.popularity, (len(resolved_queries), 1))
        if served:
            scores[served] = self.score_resolved_queries([resolved_queries[place] for place in served])
        return scores

    def _best_of(
        self, scores: Scores, resolved: ResolvedQuery, k: int, exclude_history: bool
    ) -> tuple[npt.NDArray[np.int64], Scores]:
        allowed = scores.copy()
        allowed[self.excluded_rows(resolved, exclude_history)] = -np.inf
        if resolved.query.include is None:
            best = top_k(allowed, k)
        else:
            rows = np.sort(self.vocabulary.known_rows(resolved.query.include)[0])
            best = rows[top_k(allowed[rows], k)]
        return best, scores[best]
