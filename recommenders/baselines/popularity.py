"""Popularity: what most people took. The baseline, and the fallback of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.recommender import Recommender
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError


class Popularity(Recommender):
    """Scores an item by how many interactions it has, whatever the history."""

    name: ClassVar[str] = "popularity"

    @classmethod
    def fit(
        cls,
        vocabulary: Vocabulary,
        interactions: Interactions,
        checkpoint: Path,  # noqa: ARG003 - done in one go
        *,
        seed: int = 0,  # noqa: ARG003 - nothing random
        progress: bool = False,  # noqa: ARG003 - nothing to wait for
        settings: Mapping[str, object] | None = None,
    ) -> Self:
        """Count the log."""
        if settings:
            raise ConfigError(f"{cls.name} has no settings, got {', '.join(settings)}")
        return cls(vocabulary, interactions.counts(len(vocabulary)))

    def can_serve(self, resolved: ResolvedQuery) -> bool:  # noqa: ARG002 - needs no history
        """Always: nothing of the query is needed."""
        return True

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items], every row the same."""
        return np.tile(self.popularity, (len(resolved_queries), 1))

    @property
    def config(self) -> Mapping[str, object]:
        """Nothing to configure."""
        return {}

    def arrays(self) -> Arrays:
        """Nothing but the counts, which every model keeps."""
        return {}

    @classmethod
    def from_arrays(
        cls,
        config: Mapping[str, object],  # noqa: ARG003 - nothing to configure
        vocabulary: Vocabulary,
        popularity: Scores,
        arrays: Arrays,  # noqa: ARG003 - none
    ) -> Self:
        """The model out of its counts."""
        return cls(vocabulary, popularity)
