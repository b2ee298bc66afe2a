"""Two recommenders as one: the weighted sum of their scores, with the weight fitted on held-out items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.data.array_types import Scores
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.standardised import standardise
from tastemaker.recommenders.training.target_rank import mean_ndcg, target_rank
from tastemaker.retrieval.errors import ConfigError, DataError

STEPS = 20
BATCH = 256


@dataclass(frozen=True)
class Fused:
    """``(1 - share) * first + share * second``, each brought to mean 0 and deviation 1 over the catalogue.

    Attributes:
        first, second: models of the same vocabulary.
        share: weight of the second, 0 to 1.

    Raises:
        ConfigError: two vocabularies, or a share outside of 0 to 1.
    """

    first: Recommender
    second: Recommender
    share: float

    def __post_init__(self) -> None:
        if self.first.vocabulary.ids != self.second.vocabulary.ids:
            raise ConfigError(
                f"{self.first.name} and {self.second.name} rank different items; train both on one catalogue"
            )
        if not 0 <= self.share <= 1:
            raise ConfigError(f"the share of the second model must be 0 to 1, got {self.share}")

    @classmethod
    def fit(cls, first: Recommender, second: Recommender, asked: Sequence[tuple[Query, str]]) -> Fused:
        """With the share whose NDCG@10 is best for these queries and the items that came next.

        They must be no test items. Items of the history are left out of the rankings.

        Raises:
            DataError: nothing was asked.
        """
        if not asked:
            raise DataError("no held-out items to fit the share on; hold out some more of the log")
        shares = np.linspace(0, 1, STEPS + 1)
        parts = (asked[start : start + BATCH] for start in range(0, len(asked), BATCH))
        ranks = np.array([row for part in parts for row in _ranks(first, second, part, shares)], np.int64)
        quality = [mean_ndcg(own) for own in ranks.reshape(-1, len(shares)).T] if len(ranks) else [0.0]
        return cls(first, second, float(shares[int(np.argmax(quality))]))

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.first.name}+{self.second.name}"

    @property
    def vocabulary(self) -> Vocabulary:
        """That of both."""
        return self.first.vocabulary

    @property
    def config(self) -> Mapping[str, object]:
        """The parts and the share, as JSON values."""
        return {"first": self.first.name, "second": self.second.name, "share": self.share}

    @property
    def record(self) -> Mapping[str, object]:
        """How the training of the parts went."""
        return {model.name: dict(model.record) for model in (self.first, self.second)}

    def scores(self, query: Query) -> Scores:
        """float32[n_items], aligned with the vocabulary."""
        scores: Scores = self.scores_batch([query])[0]
        return scores

    def scores_batch(self, queries: Sequence[Query]) -> Scores:
        """float32[len(queries), n_items]."""
        first, second = (standardise(model.scores_batch(queries)) for model in (self.first, self.second))
        mixture: Scores = (1 - np.float32(self.share)) * first + np.float32(self.share) * second
        return mixture


def _ranks(
    first: Recommender,
    second: Recommender,
    asked: Sequence[tuple[Query, str]],
    shares: npt.NDArray[np.float64],
) -> Iterator[list[int]]:
    """For each target that the models know, its rank under each share."""
    queries = [query for query, _ in asked]
    one, two = standardise(first.scores_batch(queries)), standardise(second.scores_batch(queries))
    for place, (query, target) in enumerate(asked):
        row, seen = first.vocabulary.row(target), first.read(query).rows
        if row is not None:  # an unknown target counts against every share alike
            weights = shares.astype(np.float32)
            mixtures = ((1 - w) * one[place] + w * two[place] for w in weights)
            yield [target_rank(mixture, row, seen) for mixture in mixtures]
