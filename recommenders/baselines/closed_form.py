"""Recommenders that are made in one go, by counting or in closed form, with no training loop."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.training.settings import check_settings, one_line
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import WorkspaceError


class ClosedFormConfig(BaseModel):
    """Base of the settings: frozen, and no setting that the model does not have."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ClosedForm(Recommender):
    """A recommender that is its settings and the arrays that :meth:`learn` gives.

    A subclass names its settings and fills in :meth:`learn` and ``score_resolved_queries``.
    """

    config_class: ClassVar[type[ClosedFormConfig]]

    def __init__(
        self, vocabulary: Vocabulary, popularity: Scores, arrays: Arrays, settings: ClosedFormConfig
    ) -> None:
        super().__init__(vocabulary, popularity)
        self.settings: Any = settings
        self._arrays = arrays

    @classmethod
    @abstractmethod
    def learn(cls, settings: Any, log: Interactions, n_items: int, progress: bool) -> Arrays:
        """The model's arrays out of a log whose rows are below ``n_items``."""

    @classmethod
    def fit(
        cls,
        vocabulary: Vocabulary,
        interactions: Interactions,
        checkpoint: Path,  # noqa: ARG003 - done in one go
        *,
        seed: int = 0,  # noqa: ARG003 - nothing random
        progress: bool = False,
        settings: Mapping[str, object] | None = None,
    ) -> Self:
        """Count the log."""
        own = check_settings(cls.config_class, cls.name, settings)
        popularity = interactions.counts(len(vocabulary)).astype(np.float32)
        return cls(vocabulary, popularity, cls.learn(own, interactions, len(vocabulary), progress), own)

    @property
    def config(self) -> Mapping[str, object]:
        """The frozen settings as JSON values."""
        values: Mapping[str, object] = self.settings.model_dump(mode="json")
        return values

    def arrays(self) -> Arrays:
        """What :meth:`learn` gave."""
        return self._arrays

    @classmethod
    def from_arrays(
        cls, config: Mapping[str, object], vocabulary: Vocabulary, popularity: Scores, arrays: Arrays
    ) -> Self:
        """The model out of what was saved.

        Raises:
            WorkspaceError: the config or the arrays are not those of this model.
        """
        try:
            return cls(vocabulary, popularity, arrays, cls.config_class.model_validate(config))
        except (ValidationError, KeyError, ValueError) as error:
            raise WorkspaceError(
                f"the saved {cls.name} does not fit this version ({one_line(error)}); train it again"
            ) from error
