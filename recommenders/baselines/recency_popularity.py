"""Recency-weighted popularity: what most people took lately, as of the time of the request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field

from tastemaker.recommenders.baselines.closed_form import ClosedForm, ClosedFormConfig
from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.retrieval.catalog.interactions import Interactions

DAY = 86_400.0
NEGLIGIBLE = 30
"""Half-lives after which an interaction is not looked at: it counts a billionth."""


class RecencyPopularityConfig(ClosedFormConfig):
    """Its one setting, chosen on MovieLens-100K's validation items.

    Attributes:
        half_life_days: after so many days an interaction counts half.
    """

    half_life_days: float = Field(default=7.0, gt=0)


class RecencyPopularity(ClosedForm):
    """Scores an item by its interactions up to ``now``, the later ones counting more."""

    name: ClassVar[str] = "recency-popularity"
    config_class: ClassVar[type[ClosedFormConfig]] = RecencyPopularityConfig

    def __init__(
        self, vocabulary: Vocabulary, popularity: Scores, arrays: Arrays, settings: RecencyPopularityConfig
    ) -> None:
        super().__init__(vocabulary, popularity, arrays, settings)
        self._items, self._times = arrays["items"], arrays["times"]  # [n_interactions], ascending in time
        self._half_life = settings.half_life_days * DAY

    @classmethod
    def learn(
        cls,
        settings: RecencyPopularityConfig,  # noqa: ARG003 - used when asked
        log: Interactions,
        n_items: int,  # noqa: ARG003
        progress: bool,  # noqa: ARG003
    ) -> Arrays:
        """The log by time."""
        order = np.argsort(log.timestamp, kind="stable")
        return {"items": log.item[order], "times": log.timestamp[order]}

    def can_serve(self, resolved: ResolvedQuery) -> bool:
        """Whether anything had happened by ``now``."""
        window = self._window(resolved)
        return bool(window.stop > window.start)

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items]: decayed counts."""
        scores = np.empty((len(resolved_queries), len(self.vocabulary)), np.float32)
        for place, resolved in enumerate(resolved_queries):
            window = self._window(resolved)
            ages = self._times[window.stop - 1] - self._times[window]
            weights = np.exp2(-ages / self._half_life)
            scores[place] = np.bincount(self._items[window], weights, minlength=len(self.vocabulary))
        return scores

    def _window(self, resolved: ResolvedQuery) -> slice:
        now = resolved.query.now
        end = len(self._times) if now is None else int(np.searchsorted(self._times, now, side="right"))
        if not end:
            return slice(0, 0)
        oldest = self._times[end - 1] - NEGLIGIBLE * self._half_life
        return slice(int(np.searchsorted(self._times, oldest)), end)
