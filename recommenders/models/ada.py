"""Ada-Retrieval over a trained encoder: the list is made page by page, each knowing what was shown before.

Li et al., "Ada-Retrieval: An Adaptive Multi-Round Retrieval Paradigm for Sequential
Recommendations" (AAAI 2024). The encoder stays as it was trained; the adapters learn from the
same log, by pages from which the item that came next is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal, Self, cast

import numpy as np
import numpy.typing as npt
import torch
from pydantic import Field, ValidationError, model_validator
from torch import Tensor

from tastemaker.recommenders.data.array_types import Scores
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.layers.ada_rounds import AdaModel, one_ranking
from tastemaker.recommenders.losses.ada_loss import AdaLoss
from tastemaker.recommenders.models.bert4rec import BERT4Rec
from tastemaker.recommenders.models.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.models.hstu import HSTU
from tastemaker.recommenders.models.sasrec import SASRec
from tastemaker.recommenders.models.tim4rec import TiM4Rec
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.training.fit import train_next_item
from tastemaker.recommenders.training.model_config import ModelConfig, TrainingConfig
from tastemaker.recommenders.training.run_records import training_record
from tastemaker.recommenders.training.settings import check_settings, one_line
from tastemaker.retrieval.catalog.interactions import Interactions

BASES: Mapping[str, type[EncoderRecommender]] = {
    kind.name: kind for kind in (SASRec, BERT4Rec, HSTU, TiM4Rec)
}
MAX_SHOWN = 50
"""So many of the latest shown items are looked at."""


class AdaConfig(ModelConfig):
    """The encoder, the rounds, and how the adapters are trained.

    Attributes:
        base: the encoder's recommender.
        base_settings: its settings, its training's included.
        rounds: pages of a list, the last of which goes on to the end.
        page: items per page.
    """

    base: Literal["sasrec", "bert4rec", "hstu", "tim4rec"] = "sasrec"
    base_settings: Mapping[str, object] = Field(default_factory=dict)
    rounds: int = Field(default=3, ge=2)
    page: int = Field(default=4, ge=1)
    training: TrainingConfig = TrainingConfig(epochs=40, patience=6)

    @model_validator(mode="after")
    def _can_build_base(self) -> AdaConfig:
        try:
            self.base_config()
        except ValidationError as error:
            raise ValueError(f"settings of {self.base}: {one_line(error)}") from error
        return self

    def base_config(self) -> ModelConfig:
        """The encoder's own config."""
        return BASES[self.base].config_class.model_validate(self.base_settings)

    def compose(self, table: ItemTable) -> AdaModel:
        """The encoder, untrained, under untrained adapters."""
        return AdaModel(self.base_config().compose(table), self.rounds, self.page)

    def objective(self, counts: Tensor) -> AdaLoss:  # noqa: ARG002 - over the whole catalogue
        """Softmax in every round after the first."""
        return AdaLoss()


class Ada(EncoderRecommender):
    """A frozen encoder in rounds; of what a query says was shown, or of its own first pages."""

    name: ClassVar[str] = "ada"
    uses: ClassVar[frozenset[str]] = frozenset({"history", "shown"})
    config_class: ClassVar[type[ModelConfig]] = AdaConfig

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
        """Train the encoder, then the adapters.

        A run stopped while the adapters are trained makes the encoder again, then goes on where it was.
        """
        own = cast(AdaConfig, check_settings(cls.config_class, cls.name, settings))
        first = checkpoint.with_name(f"base.{checkpoint.name}")
        base = BASES[own.base].fit(
            vocabulary, interactions, first, seed=seed, progress=progress, settings=own.base_settings
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            start = AdaModel(base.model, own.rounds, own.page)
        table = ItemTable(len(vocabulary))
        model, run = train_next_item(
            own, vocabulary, table, interactions, checkpoint, seed=seed, progress=progress, start=start
        )
        trained = cls(vocabulary, base.popularity, model, own, table)
        seconds = round(run.seconds + float(str(base.record["seconds"])), 3)
        trained.record = {**training_record(run), "seconds": seconds, "base": base.record}
        return trained

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items]: one round where the query says what was shown, else all rounds."""
        found = np.empty((len(resolved_queries), len(self.vocabulary)), np.float32)
        places: dict[bool, list[int]] = {True: [], False: []}
        shown = [
            self.vocabulary.known_rows(resolved.query.shown)[0][-MAX_SHOWN:] for resolved in resolved_queries
        ]
        for place, rows in enumerate(shown):
            places[len(rows) > 0].append(place)
        with torch.inference_mode():
            if own := places[False]:
                found[own] = self._in_rounds([resolved_queries[place] for place in own]).numpy()
            for place in places[True]:
                found[place] = self._after(resolved_queries[place], torch.from_numpy(shown[place])).numpy()
        return found

    def best(
        self, resolved_queries: Sequence[ResolvedQuery], k: int, exclude_history: bool
    ) -> list[tuple[npt.NDArray[np.int64], Scores]]:
        """By a full ranking: rounds have no one vector to scan with."""
        return Recommender.best(self, resolved_queries, k, exclude_history)

    def _in_rounds(self, resolved_queries: Sequence[ResolvedQuery]) -> Tensor:
        model = cast(AdaModel, self.model)
        longest = max(len(resolved.rows) for resolved in resolved_queries)
        closed = np.stack([np.resize(resolved.rows, longest) for resolved in resolved_queries])
        rows = torch.from_numpy(closed)
        return one_ranking(list(model.rounds(self._sequences(resolved_queries), rows)), rows)

    def _after(self, resolved: ResolvedQuery, shown: Tensor) -> Tensor:
        """float32[n_items] once a page was shown; what was on it comes last."""
        model, sequences = cast(AdaModel, self.model), self._sequences([resolved])
        scores = (model.after(sequences, shown[None], [model.last(sequences)]) @ self._items.T)[0]
        scores[shown] = scores.min() - 1
        return scores
