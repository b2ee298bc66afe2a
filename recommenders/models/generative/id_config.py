"""What the configs of all models over semantic ids have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.models.generative.behaviour import Behaviour
from tastemaker.recommenders.models.sequence_model_config import EncoderConfig
from tastemaker.recommenders.semantic_ids.item_vectors import Source, item_vectors
from tastemaker.recommenders.semantic_ids.semantic_ids import SemanticIds
from tastemaker.recommenders.semantic_ids.tokenizer import Vectors
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError


class IdConfig(EncoderConfig):
    """Sizes, and how ids come about.

    Attributes:
        source: what ids are cut from: ``interactions``, ``text``, ``both``, or ``graph``, texts that
            are spread over the interactions.
        behaviour: how the log becomes vectors: ``latent`` or, where most items are rare, ``ordered``, which a
            SASRec learns first, or ``diffused``, which costs seconds.
        text_share: for ``both``, weight of texts beside behaviour.
        directions: widths of behaviour and of texts before they are cut.
        tokenizer: what cuts them.
        levels: codes per id.
        codes: values per level.
    """

    source: Source = Source.BOTH
    behaviour: Behaviour = Behaviour.LATENT
    text_share: float = Field(default=0.5, ge=0)
    directions: int = Field(default=32, ge=1)
    tokenizer: Literal["residual-kmeans", "product", "finite-scalar", "rq-vae"] = "residual-kmeans"
    levels: int = Field(default=4, ge=1)
    codes: int = Field(default=64, ge=2, le=15_360)

    def centres(self, table: ItemTable) -> Tensor:
        """What codes stand for as vectors to start from, see :meth:`SemanticIds.unit_centres`.

        Raises:
            ConfigError: they are wider than the model.
        """
        start = torch.from_numpy(SemanticIds.read(self.tokenizer, table.frozen).unit_centres())
        if start.shape[2] > self.size:
            raise ConfigError(
                f"codes stand for vectors of width {start.shape[2]}, which size={self.size} cannot hold: "
                "raise size, lower directions, or set start=random"
            )
        return start

    @property
    def keeps_vectors(self) -> bool:
        """Whether the model reads the vectors beside the ids that are cut from them."""
        return False

    def ids(
        self, content: ItemContent, log: Interactions, seed: int, checkpoint: Path, progress: bool
    ) -> tuple[SemanticIds, Vectors]:
        """Ids of the items from this log alone, and the vectors that they are cut from.

        Args:
            content: the items.
            log: only what the model may learn from.
            seed: of all that is drawn.
            checkpoint, progress: see :meth:`Behaviour.vectors`.
        """
        texts = content.text_vectors() if self.source.reads_texts else None
        behaviour = np.zeros((len(content.catalog), 0), np.float32)
        if self.source.reads_behaviour:
            behaviour = self.behaviour.vectors(
                log, content.vocabulary, self.directions, seed, checkpoint, progress
            )
        vectors, of_texts = item_vectors(self.source, behaviour, log, self.directions, self.text_share, texts)
        fitted = SemanticIds.fit(self.tokenizer, vectors, self.levels, self.codes, seed, of_texts)
        return fitted, vectors
