"""Recommenders that know items by what they are: texts or attributes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

from tastemaker.recommenders.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.item_content import ItemContent, ItemTable
from tastemaker.recommenders.settings import checked_settings
from tastemaker.recommenders.vocabulary import Vocabulary
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.interactions import Interactions


class ContentRecommender(EncoderRecommender):
    """An encoder model over a table made from the catalogue; a subclass says which."""

    needs: ClassVar[str]
    """What it reads of an item, in words."""

    @classmethod
    @abstractmethod
    def item_table(cls, content: ItemContent) -> ItemTable:
        """The items as this model is composed over them."""

    @classmethod
    def fit(
        cls,
        vocabulary: Vocabulary,  # noqa: ARG003 - ids are not enough
        interactions: Interactions,  # noqa: ARG003
        checkpoint: Path,  # noqa: ARG003
        *,
        seed: int = 0,  # noqa: ARG003
        progress: bool = False,  # noqa: ARG003
        settings: Mapping[str, object] | None = None,  # noqa: ARG003
    ) -> Self:
        """Not from ids alone; see :meth:`fit_content`."""
        raise ConfigError(
            f"{cls.name} reads {cls.needs}; train it with a catalogue, through train() or fit_content()"
        )

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
        """Train on the log and the catalogue; see :func:`train_next_item`."""
        own, table = checked_settings(cls.config_class, cls.name, settings), cls.item_table(content)
        return cls._trained(own, content.vocabulary, table, interactions, checkpoint, seed, progress)
