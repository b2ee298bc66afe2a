"""Recommenders that turn a history into one vector and score it against a cached item matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
import torch
from pydantic import ValidationError
from torch import Tensor

from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.packed_arrays import pack, unpack
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.sequences import Sequences, pad
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.training.fit import train_next_item
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.recommenders.training.run_records import training_record
from tastemaker.recommenders.training.settings import check_settings, one_line
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.index.int8_scan import Int8Scan
from tastemaker.retrieval.top_k import top_k

SCANNED = 50_000
"""From so many items on, the best are found by a look at int8 copies of the vectors: quicker from there."""
FROZEN = "frozen/"
"""What the names of untrained arrays begin with in a model's file."""


class EncoderRecommender(Recommender):
    """A trained :class:`SequenceModel` behind the recommender's contract.

    A subclass only names its frozen config, which says how the parts are put together.
    """

    config_class: ClassVar[type[ModelConfig]]

    def __init__(
        self,
        vocabulary: Vocabulary,
        popularity: Scores,
        model: SequenceModel,
        settings: ModelConfig,
        table: ItemTable,
    ) -> None:
        super().__init__(vocabulary, popularity)
        self.table = table
        self.model = model.eval().requires_grad_(False)
        self.settings = settings
        self._items = model.items.matrix().detach()  # [n_items, d], once for all queries

    @classmethod
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
        """Train on the log; see :func:`train_next_item`."""
        own, table = check_settings(cls.config_class, cls.name, settings), ItemTable(len(vocabulary))
        return cls._train(own, vocabulary, table, interactions, checkpoint, seed, progress)

    @classmethod
    def _train(
        cls,
        settings: ModelConfig,
        vocabulary: Vocabulary,
        table: ItemTable,
        interactions: Interactions,
        checkpoint: Path,
        seed: int,
        progress: bool,
    ) -> Self:
        model, run = train_next_item(
            settings, vocabulary, table, interactions, checkpoint, seed=seed, progress=progress
        )
        popularity = interactions.counts(len(vocabulary)).astype(np.float32)
        trained = cls(vocabulary, popularity, model, settings, table)
        trained.record = training_record(run)
        return trained

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items]: last states times the item matrix, or as the model scores them."""
        with torch.inference_mode():
            scores: Scores = self.model.score(self.states(resolved_queries), self._items).numpy()
        return scores

    def best(
        self, resolved_queries: Sequence[ResolvedQuery], k: int, exclude_history: bool
    ) -> list[tuple[npt.NDArray[np.int64], Scores]]:
        """As in every recommender; in large catalogues by :class:`Int8Scan`, whose docstring says what it may miss."""
        if len(self.vocabulary) < SCANNED or not self.model.linear:
            return super().best(resolved_queries, k, exclude_history)
        return [
            super(EncoderRecommender, self).best([resolved], k, exclude_history)[0]
            if resolved.fallback
            else self._top_by_scan(resolved, k, self.excluded_rows(resolved, exclude_history))
            for resolved in resolved_queries
        ]

    def _top_by_scan(
        self, resolved: ResolvedQuery, k: int, banned: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], Scores]:
        with torch.inference_mode():
            state = self.states([resolved])[0]
            if resolved.query.include is None:
                return self._scan.top(state, k, banned)
            rows = np.setdiff1d(self.vocabulary.known_rows(resolved.query.include)[0], banned)
            scores: Scores = (self._items[torch.from_numpy(rows)] @ state).numpy()
        best = top_k(scores, k)
        return rows[best], scores[best]

    @cached_property
    def _scan(self) -> Int8Scan:
        return Int8Scan(self._items)

    def states(self, resolved_queries: Sequence[ResolvedQuery]) -> Tensor:
        """The vectors that the readings' histories end in, float32[len(readings), d]."""
        return self.model.last(self._sequences(resolved_queries))

    def _sequences(self, resolved_queries: Sequence[ResolvedQuery]) -> Sequences:
        rows, times = [r.rows for r in resolved_queries], [r.timestamps for r in resolved_queries]
        now = [r.query.now for r in resolved_queries]
        return pad(rows, times, self.model.encoder.max_length, now)

    @property
    def config(self) -> Mapping[str, object]:
        """The frozen config as JSON values."""
        return self.settings.model_dump(mode="json")

    def arrays(self) -> Arrays:
        """The model's parameters, and what is frozen; without the zeros of a sparse training."""
        frozen = {FROZEN + name: tensor for name, tensor in self.table.frozen.items()}
        arrays = {name: tensor.numpy() for name, tensor in (self.model.state_dict() | frozen).items()}
        return arrays if self.settings.training.density == 1 else pack(arrays)

    @classmethod
    def from_arrays(
        cls, config: Mapping[str, object], vocabulary: Vocabulary, popularity: Scores, arrays: Arrays
    ) -> Self:
        """Compose the model and fill in its parameters.

        Raises:
            WorkspaceError: the config or the arrays are not those of this model.
        """
        try:
            settings = cls.config_class.model_validate(config)
            tensors = {name: torch.from_numpy(array) for name, array in unpack(arrays).items()}
            frozen = {
                name.removeprefix(FROZEN): tensors.pop(name) for name in [*tensors] if name.startswith(FROZEN)
            }
            table = ItemTable(len(vocabulary), frozen)
            model = settings.compose(table)
            model.load_state_dict(tensors, assign=True)  # no second copy
        except (ValidationError, RuntimeError, KeyError) as error:
            raise WorkspaceError(
                f"the saved {cls.name} does not fit this version ({one_line(error)}); train it again"
            ) from error
        return cls(vocabulary, popularity, model, settings, table)
