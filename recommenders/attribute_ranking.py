"""Ranking by an attribute: a recommender's scores, re-weighted by the value expected next.

ToolRec's idea (SIGIR 2024) of tools that rank by genre, by year, by director, without a
checkpoint per attribute: the next item's value is forecast from the history and the log.
"""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.recommenders.attribute_forecast import (
    AttributeForecast,
    fit_forecast,
    popularity_forecast,
)
from tastemaker.recommenders.data.array_types import Scores
from tastemaker.recommenders.data.attribute_values import attribute_values
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.standardised import standardise
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError


class AttributeRanker:
    """``score + weight * log-likelihood ratio`` of the item's value, summed over ``Query.weights``.

    The base's scores are brought to mean 0 and standard deviation 1 over the catalogue first,
    so that a weight means the same on top of any base: at 1, an item whose value is e times
    likelier than usual for this person gains one standard deviation. Negative weights look for
    the unexpected. Without weights the order is the base's.

    Args:
        base: any recommender over the catalogue's items.
        catalog: whose schema says what can be ranked by.
        log: what follows what is learned from it; without it only the history counts.
        seed: for the examples that choose each forecast's mixture.

    Raises:
        ConfigError: the base was trained on other items.
    """

    def __init__(
        self, base: Recommender, catalog: Catalog, log: Interactions | None = None, *, seed: int = 0
    ) -> None:
        if base.vocabulary.ids != catalog.ids:
            raise ConfigError(
                f"{base.name} ranks {len(base.vocabulary):,} items that are not this catalogue's "
                f"{len(catalog):,}; train it on this catalogue"
            )
        self.base, self._catalog, self._log, self._seed = base, catalog, log, seed
        self._forecasts: dict[str, AttributeForecast] = {}

    @property
    def name(self) -> str:
        """The base's name and a mark."""
        return f"{self.base.name}+attributes"

    @property
    def vocabulary(self) -> Vocabulary:
        """The base's."""
        return self.base.vocabulary

    def forecast(self, attribute: str) -> AttributeForecast:
        """The attribute's forecast, learned when first asked for and kept.

        Raises:
            QueryError: no such attribute, or one of free text.
        """
        if attribute not in self._forecasts:
            values = attribute_values(self._catalog, attribute)
            self._forecasts[attribute] = (
                popularity_forecast(values, self.base.popularity)
                if self._log is None
                else fit_forecast(values, self._log, self._seed)
            )
        return self._forecasts[attribute]

    def value_probabilities(self, query: Query, attribute: str) -> dict[str | float, float]:
        """Value -> probability that the next item has it; for numbers, by grid point."""
        forecast = self.forecast(attribute)
        shares = forecast.predict(self.base.read(query).rows).tolist()
        return dict(zip(forecast.values.labels, shares, strict=True))

    def scores(self, query: Query) -> Scores:
        """float32[n_items], aligned with the vocabulary.

        Raises:
            QueryError: a weight for an attribute that can't be ranked by.
        """
        scores: Scores = self.scores_batch([query])[0]
        return scores

    def scores_batch(self, queries: Sequence[Query]) -> Scores:
        """float32[len(queries), n_items]."""
        scores = standardise(self.base.scores_batch(queries))
        for row, query in enumerate(queries):
            if query.weights:
                rows = self.base.read(query).rows
                for attribute, weight in query.weights.items():
                    scores[row] += self.forecast(attribute).gains(rows, weight)
        return scores
