"""Recommenders that know items by what they are: texts or attributes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.layers.text_items import TEXT_VECTORS
from tastemaker.recommenders.models.encoder_recommender import EncoderRecommender
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.recommenders.training.settings import check_settings
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.index.embedder import TextEmbedder


class ContentRecommender(EncoderRecommender):
    """An encoder model over a table made from the catalogue; a subclass says which."""

    needs: ClassVar[str]
    """What it reads of an item, in words."""

    @classmethod
    @abstractmethod
    def item_table(
        cls,
        content: ItemContent,
        interactions: Interactions,
        settings: ModelConfig,
        seed: int,
        checkpoint: Path,
        progress: bool,
    ) -> ItemTable:
        """The items as a model of these settings is composed over them; some are told apart by the log as well.

        Args:
            content: the catalogue.
            interactions: the log, of which only the trainable part may be looked at.
            settings: of the model.
            seed: of all that is drawn.
            checkpoint: of the training that follows; what is trained for the table keeps its own beside it.
            progress: show a bar where something is trained.
        """

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
        own = check_settings(cls.config_class, cls.name, settings)
        table = cls.item_table(content, interactions, own, seed, checkpoint, progress)
        return cls._train(own, content.vocabulary, table, interactions, checkpoint, seed, progress)

    @property
    def reads_texts(self) -> bool:
        """Whether item texts are among what it reads."""
        return TEXT_VECTORS in self.table.frozen

    def attach(self, embedder: TextEmbedder | None) -> None:
        """Take an embedder for item texts, and for wishes in words.

        Raises:
            ConfigError: its vectors are not those that the model was trained on.
        """
        self.embedder = embedder
        if embedder is None or not self.reads_texts:
            return
        known = self.record.get("embedder", embedder.name)
        if embedder.name != known:
            raise ConfigError(
                f"this {self.name} was trained on text vectors of {known!r}, not of {embedder.name!r}; "
                "pass that embedder or train again"
            )
        self.record = {**self.record, "embedder": embedder.name}

    @abstractmethod
    def extend_table(self, content: ItemContent) -> ItemTable:
        """The items of another catalogue as this trained model can be composed over them."""

    def with_items(self, content: ItemContent) -> Self:
        """The same model over another catalogue, without training; new items are ranked by their content.

        Raises:
            ConfigError: the content lacks what the model reads, such as an embedder.
        """
        vocabulary, table = content.vocabulary, self.extend_table(content)
        model = self.settings.compose(table)
        model.load_state_dict(self.extend_parameters(vocabulary))
        grown = type(self)(vocabulary, self._move(self.popularity, vocabulary), model, self.settings, table)
        grown.record, grown.embedder = self.record, self.embedder
        return grown

    def extend_parameters(self, vocabulary: Vocabulary) -> Mapping[str, Tensor]:  # noqa: ARG002 - none is per item
        """The trained parameters, for a model over another vocabulary."""
        return self.model.state_dict()

    def extend_vectors(self, content: ItemContent) -> Tensor:
        """Text vectors of another catalogue's items; known items keep theirs, only new texts are embedded.

        Raises:
            ConfigError: no embedder, or another than the one of the training.
        """
        self.attach(content.embedder)
        vectors = self._move(self.table.frozen[TEXT_VECTORS].numpy(), content.vocabulary)
        new = [row for row, id_ in enumerate(content.vocabulary.ids) if id_ not in self.vocabulary]
        if new:
            vectors[new] = content.text_vectors(new)
        return torch.from_numpy(vectors)

    def _move(self, rows: npt.NDArray[np.float32], vocabulary: Vocabulary) -> npt.NDArray[np.float32]:
        """Values per item of the own vocabulary, put in the order of another; 0 where an item is new."""
        moved = np.zeros((len(vocabulary), *rows.shape[1:]), np.float32)
        for new, id_ in enumerate(vocabulary.ids):
            if (old := self.vocabulary.row(id_)) is not None:
                moved[new] = rows[old]
        return moved
